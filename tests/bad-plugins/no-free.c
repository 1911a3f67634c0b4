// SPDX-License-Identifier: LGPL-2.1-or-later
/* no-free.c - returns lists in static memory and has no IMA_FreeMemory. */
#include "bad.h"

static IMA_OID_LIST list;

static IMA_STATUS give(IMA_OID_LIST **ppList)
{
	list.oidCount = 1;
	list.oids[0] = oid_of(IMA_OBJECT_TYPE_LHBA, 1);
	*ppList = &list;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	return give(ppList);
}

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	(void)oid;
	return give(ppList);
}
