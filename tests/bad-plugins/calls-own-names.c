// SPDX-License-Identifier: LGPL-2.1-or-later
/* calls-own-names.c - calls names it exports itself, and lands in the library. */
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

IMA_STATUS IMA_GetLnpProperties(IMA_OID lnpOid, IMA_LNP_PROPERTIES *pProps)
{
	memset(pProps, (int)lnpOid.objectSequenceNumber, sizeof(*pProps));
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLhbaProperties(IMA_OID lhbaOid, IMA_LHBA_PROPERTIES *pProps)
{
	IMA_LNP_PROPERTIES lnp;
	IMA_OID_LIST *list;

	memset(pProps, 0, sizeof(*pProps));
	if (IMA_GetLnpProperties(
		    oid_of(IMA_OBJECT_TYPE_LNP, lhbaOid.objectSequenceNumber), &lnp) ||
	    IMA_GetLhbaOidList(&list))
		return IMA_ERROR_UNKNOWN_ERROR;
	pProps->staleDataSize = lnp.macAddress[0] + list->oidCount;
	return IMA_FreeMemory(list);
}
