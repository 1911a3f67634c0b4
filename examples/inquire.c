// SPDX-License-Identifier: 0BSD
/*
 * Sends INQUIRY to every logical unit of every target and prints who made it.
 *
 * The logical units come from REPORT LUNS, so they need not be exposed to the operating
 * system. The function that asks, IMA_GetLuOid, takes the 8 bytes of the answer as they are.
 */
#include <ima-ext.h>
#include <ima.h>
#include <locale.h>
#include <stdio.h>

enum { LUN_BYTES = 8, LIST_BYTES = LUN_BYTES * (1 + 256), INQUIRY_BYTES = 36 };

static int complain(const char *what, const IMA_WCHAR *target)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error) };

	IMAX_GetLastError(&error);
	fprintf(stderr, "%s of %ls: %s\n", what, target, error.text);
	return 1;
}

/* Vendor, product and revision are bytes 8 to 35 of the answer (SPC, standard INQUIRY data). */
static int inquire(const IMA_WCHAR *target, IMA_OID lu)
{
	IMA_LU_PROPERTIES props;
	IMA_BYTE data[INQUIRY_BYTES];
	IMA_UINT length = sizeof(data);

	if (IMA_ERROR(IMA_GetLuProperties(lu, &props)))
		return complain("properties", target);
	if (IMA_ERROR(IMA_LuInquiry(lu, IMA_FALSE, IMA_FALSE, 0, data, &length, NULL,
				    NULL)))
		return complain("INQUIRY", target);
	if (length < sizeof(data))
		return 1;
	printf("%ls %llu %.8s %.16s %.4s\n", target, props.targetLun,
	       (const char *)data + 8, (const char *)data + 16, (const char *)data + 32);
	return 0;
}

static int inquire_all(IMA_OID target)
{
	IMA_TARGET_PROPERTIES props;
	IMA_BYTE list[LIST_BYTES];
	IMA_UINT length = sizeof(list);
	IMA_OID lu;
	int failed = 0;

	if (IMA_ERROR(IMA_GetTargetProperties(target, &props)))
		return 1;
	if (IMA_ERROR(IMA_LuReportLuns(target, IMA_FALSE, 0, list, &length, NULL, NULL)))
		return complain("REPORT LUNS", props.name);
	for (IMA_UINT at = LUN_BYTES; at + LUN_BYTES <= length; at += LUN_BYTES) {
		if (IMA_ERROR(IMA_GetLuOid(target, &list[at], &lu)))
			failed |= complain("a logical unit", props.name);
		else
			failed |= inquire(props.name, lu);
	}
	return failed;
}

int main(void)
{
	IMA_OID_LIST *lhbas, *targets;
	int failed = 0;

	setlocale(LC_ALL, "");
	if (IMA_ERROR(IMA_GetLhbaOidList(&lhbas)))
		return 1;
	for (IMA_UINT i = 0; i < lhbas->oidCount; i++) {
		if (IMA_ERROR(IMA_GetTargetOidList(lhbas->oids[i], &targets)))
			continue;
		for (IMA_UINT j = 0; j < targets->oidCount; j++)
			failed |= inquire_all(targets->oids[j]);
		IMA_FreeMemory(targets);
	}
	IMA_FreeMemory(lhbas);
	return failed;
}
