// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * linux-listing.c - the time to list, through the library, every session of a machine with what
 * was negotiated, its connections, and every logical unit; the start of the library included.
 * Prints milliseconds, sessions, LUs. listing-libopeniscsiusr.c is its counterpart.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ima.h"

static unsigned int sessions, lus;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void need(unsigned long status, const char *what)
{
	if (IMA_SUCCESS(status))
		return;
	fprintf(stderr, "linux-listing: %s: %#lx\n", what, status);
	exit(1);
}

static void read_session(IMA_OID oid)
{
	IMA_SESSION_PROPERTIES session;
	IMA_CONNECTION_PROPERTIES connection;
	IMA_OID_LIST *connections;

	need(IMA_GetSessionProperties(oid, &session), "session");
	need(IMA_GetConnectionOidList(oid, &connections), "connections");
	for (IMA_UINT i = 0; i < connections->oidCount; i++)
		need(IMA_GetConnectionProperties(connections->oids[i], &connection),
		     "connection");
	IMA_FreeMemory(connections);
	sessions++;
}

static void read_target(IMA_OID oid)
{
	IMA_TARGET_PROPERTIES target;
	IMA_OID_LIST *list;

	need(IMA_GetTargetProperties(oid, &target), "target");
	need(IMA_GetSessionOidList(oid, &list), "sessions");
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		read_session(list->oids[i]);
	IMA_FreeMemory(list);
}

static void read_lus(IMA_OID lhba)
{
	IMA_LU_PROPERTIES lu;
	IMA_OID_LIST *list;

	need(IMA_GetLuOidList(lhba, &list), "LUs");
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		need(IMA_GetLuProperties(list->oids[i], &lu), "LU");
	lus += list->oidCount;
	IMA_FreeMemory(list);
}

int main(void)
{
	double start = now();
	IMA_OID_LIST *lhbas, *targets;

	need(IMA_GetLhbaOidList(&lhbas), "LHBAs");
	for (IMA_UINT i = 0; i < lhbas->oidCount; i++) {
		need(IMA_GetTargetOidList(lhbas->oids[i], &targets), "targets");
		for (IMA_UINT j = 0; j < targets->oidCount; j++)
			read_target(targets->oids[j]);
		IMA_FreeMemory(targets);
		read_lus(lhbas->oids[i]);
	}
	IMA_FreeMemory(lhbas);
	printf("%.2f %u %u\n", now() - start, sessions, lus);
	return 0;
}
