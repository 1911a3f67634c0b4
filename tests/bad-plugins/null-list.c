// SPDX-License-Identifier: LGPL-2.1-or-later
/* null-list.c - succeeds without a list. */
#include "bad.h"

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	(void)oid;
	*ppList = NULL;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetAddressKeys(IMA_OID targetOid, IMA_ADDRESS_KEYS **ppKeys)
{
	(void)targetOid;
	(void)ppKeys;
	return IMA_STATUS_SUCCESS;
}
