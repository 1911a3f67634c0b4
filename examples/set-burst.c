// SPDX-License-Identifier: 0BSD
/*
 * set-burst BYTES - the MaxBurstLength that every initiator offers at its next logins.
 *
 * Shows how a login key says what it accepts, and how a failed call explains itself.
 */
#include <errno.h>
#include <ima-ext.h>
#include <ima.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static int complain(void)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error) };

	IMAX_GetLastError(&error);
	fprintf(stderr, "%s: %s: %s\n", error.call, IMAX_StatusName(error.status),
		error.text);
	return 1;
}

static int set_burst(IMA_OID lhba, IMA_UINT bytes)
{
	IMA_MIN_MAX_VALUE burst;

	if (IMA_ERROR(IMA_GetMaxBurstLengthProperties(lhba, &burst)))
		return complain();
	if (!burst.settable) {
		printf("this initiator has no MaxBurstLength to set\n");
		return 0;
	}
	if (IMA_ERROR(IMA_SetMaxBurstLength(lhba, bytes))) {
		fprintf(stderr, "it takes %u to %u in steps of %u\n", burst.minimumValue,
			burst.maximumValue, burst.incrementValue);
		return complain();
	}
	printf("MaxBurstLength %u -> %lu\n", burst.currentValue, bytes);
	return 0;
}

int main(int argc, char **argv)
{
	IMA_OID_LIST *lhbas;
	unsigned long bytes;
	char *end = NULL;
	int failed = 0;

	setlocale(LC_ALL, "");
	errno = 0;
	bytes = argc == 2 ? strtoul(argv[1], &end, 0) : 0;
	if (argc != 2 || errno || end == argv[1] || *end) {
		fprintf(stderr, "usage: set-burst BYTES\n");
		return 2;
	}
	if (IMA_ERROR(IMA_GetLhbaOidList(&lhbas)))
		return complain();
	for (IMA_UINT i = 0; i < lhbas->oidCount; i++)
		failed |= set_burst(lhbas->oids[i], bytes);
	IMA_FreeMemory(lhbas);
	return failed;
}
