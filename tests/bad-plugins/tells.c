// SPDX-License-Identifier: LGPL-2.1-or-later
/* tells.c - gives reasons that are true, false, too long and out of place. */
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

static const IMAX_HOST *host;

IMA_STATUS IMAX_SetHost(const IMAX_HOST *pHost)
{
	host = pHost;
	return IMA_STATUS_SUCCESS;
}

static void tell(const char *text)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error), .layer = IMAX_LAYER_ISCSI };

	strncat(error.text, text, sizeof(error.text) - 1);
	error.loginStatusValid = IMA_TRUE;
	error.loginStatusClass = 2;
	error.loginStatusDetail = 3;
	host->SetLastError(&error);
}

static void tell_rubbish(void)
{
	IMAX_LAST_ERROR error;

	memset(&error, 0x7f, sizeof(error));
	error.size = sizeof(error);
	error.senseLength = 100000;
	host->SetLastError(&error);
	host->SetLastError(NULL);
	error.size = 3;
	host->SetLastError(&error);
}

IMA_STATUS IMA_ExposeLu(IMA_OID luOid)
{
	tell("the reason");
	return luOid.objectSequenceNumber;
}

IMA_STATUS IMA_UnexposeLu(IMA_OID luOid)
{
	tell_rubbish();
	return luOid.objectSequenceNumber;
}

/* The reason of the inner call is not that of the outer one. */
IMA_STATUS IMA_RemoveStaleData(IMA_OID lhbaOid)
{
	IMA_PHBA_STATUS status;

	tell("the outer reason");
	IMA_GetPhbaStatus(lhbaOid, &status);
	return IMA_ERROR_UNKNOWN_ERROR;
}

IMA_STATUS IMA_GetPhbaOidList(IMA_OID_LIST **ppList)
{
	(void)ppList;
	tell("no PHBA can be reached");
	return IMA_ERROR_UNEXPECTED_OS_ERROR;
}

/* The deadline as a status: 1 if it is the same inside a nested call and in the future. */
IMA_STATUS IMA_RemoveDiscoveryAddress(IMA_OID discoveryAddressOid)
{
	static IMA_UINT64 outer;
	IMA_UINT64 deadline = host->GetDeadline();

	if (discoveryAddressOid.objectSequenceNumber == 2)
		return deadline == outer ? IMA_STATUS_REBOOT_NECESSARY
					 : IMA_ERROR_UNKNOWN_ERROR;
	outer = deadline;
	return (IMA_RemoveDiscoveryAddress)(oid_of(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, 2));
}

/* Milliseconds to the deadline, rounded up, as the stale data of the LHBA. */
IMA_STATUS IMA_GetLhbaProperties(IMA_OID lhbaOid, IMA_LHBA_PROPERTIES *pProps)
{
	IMA_UINT64 deadline = host->GetDeadline();
	struct timespec now;

	(void)lhbaOid;
	memset(pProps, 0, sizeof(*pProps));
	clock_gettime(CLOCK_MONOTONIC, &now);
	pProps->staleDataSize = (deadline - (IMA_UINT64)now.tv_sec * 1000000000U -
				 (IMA_UINT64)now.tv_nsec + 999999) /
				1000000;
	host->Log(IMAX_LOG_INFO, "asked for properties");
	return IMA_STATUS_SUCCESS;
}

int bad_control(int what)
{
	(void)what;
	tell("outside of any call");
	return host->GetDeadline() > 0 && host->stateDirectory[0] == '/';
}
