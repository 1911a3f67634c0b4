// SPDX-License-Identifier: LGPL-2.1-or-later
/* ends.c - writes down how it ends, in the folder of IMA_STATE_DIR. */
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

#include <stdio.h>
#include <unistd.h>

static void note(const char *what)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/ended", getenv("IMA_STATE_DIR"));
	file = fopen(path, "a");
	if (file) {
		fprintf(file, "%s ", what);
		fclose(file);
	}
}

IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	(void)pClientFn;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	(void)pClientFn;
	note("deregistered");
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_RemoveStaleData(IMA_OID lhbaOid)
{
	if (lhbaOid.objectSequenceNumber == 2)
		exit(0);
	note("entered");
	pause();
	return IMA_STATUS_SUCCESS;
}

void Terminate(void)
{
	note("terminated");
}

__attribute__((destructor)) static void unmapped(void)
{
	note("destroyed");
}
