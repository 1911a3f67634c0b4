// SPDX-License-Identifier: LGPL-2.1-or-later
/* absurd-count.c - returns lists that cannot be as long as they say. */
#define BAD_FREES
#include "bad.h"

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	*ppList = make_list(IMA_OBJECT_TYPE_LHBA, 1);
	(*ppList)->oidCount = ~0UL;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = make_list(IMA_OBJECT_TYPE_TARGET, 1);
	(*ppList)->oidCount = 1UL << (60 - oid.objectSequenceNumber);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetAddressKeys(IMA_OID targetOid, IMA_ADDRESS_KEYS **ppKeys)
{
	(void)targetOid;
	*ppKeys = calloc(1, sizeof(**ppKeys));
	(*ppKeys)->addressKeyCount = ~0UL / sizeof(IMA_ADDRESS_KEY) + 1;
	return IMA_STATUS_SUCCESS;
}
