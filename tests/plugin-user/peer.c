// SPDX-License-Identifier: LGPL-2.1-or-later
#include "peer.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandbox.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"

const char *stub_path(const char *file)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("STUB_FOLDER"), file);
	return path;
}

void give_order(const char *name, const char *text)
{
	assert_int_equal(atomic_file_write(stub_path(name), text, strlen(text), 0600), 0);
}

void end_order(const char *name)
{
	unlink(stub_path(name));
}

bool is_ordered(const char *name)
{
	return !access(stub_path(name), F_OK);
}

void report(const char *lines)
{
	give_order("targets", lines);
}

unsigned int log_count(const char *line)
{
	char _cleanup_free_ *text = NULL;
	char wanted[512];
	unsigned int count = 0;
	size_t size;

	assert_int_equal(atomic_file_read(stub_path("log"), 16 << 20, &text, &size), 0);
	snprintf(wanted, sizeof(wanted), "\n%s\n", line);
	for (const char *at = text; (at = strstr(at, wanted)); at++)
		count++;
	return count;
}

bool is_logged(const char *line)
{
	return log_count(line) > 0;
}

int prepare(void **state)
{
	static const char *const orders[] = { "down",	  "refuse", "luns",
					      "cut",	  "async",  "attention",
					      "nonsense", "chap",   "mute" };

	for (size_t i = 0; i < ARRAY_SIZE(orders); i++)
		end_order(orders[i]);
	give_order("log", "\n");
	report(NAME "\n");
	assert_ok(IMAX_SetDeadline(0));
	return reset(state);
}

IMA_OID stub(const char *portal)
{
	add_static(NAME, getenv(portal));
	return find_target(NAME);
}

IMA_STATUS inquire(IMA_OID oid)
{
	IMA_BYTE data[36];
	IMA_UINT length = sizeof(data);

	return IMA_LuInquiry(oid, IMA_FALSE, IMA_FALSE, 0, data, &length, NULL, NULL);
}

IMA_OID lu(IMA_OID target, IMA_UINT64 lun)
{
	IMA_OID oid;

	assert_ok(IMA_GetLuOid(target, lun, &oid));
	return oid;
}

static unsigned int count(IMA_STATUS (*get)(IMA_OID, IMA_OID_LIST **), IMA_OID oid)
{
	IMA_OID_LIST *list;
	unsigned int n;

	assert_ok(get(oid, &list));
	n = (unsigned int)list->oidCount;
	assert_ok(IMA_FreeMemory(list));
	return n;
}

unsigned int count_sessions(IMA_OID oid)
{
	return count(IMA_GetSessionOidList, oid);
}

unsigned int count_connections(IMA_OID session)
{
	return count(IMA_GetConnectionOidList, session);
}

unsigned int count_lus(IMA_OID oid)
{
	return count(IMA_GetLuOidList, oid);
}
