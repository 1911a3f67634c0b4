// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * dispatch-plugin.c - a plugin that does next to nothing, to measure the way to it; one call
 * sleeps for a second.
 */
#define IMA_API __attribute__((visibility("default")))
#include "ima-plugin.h"

#include <stdlib.h>
#include <time.h>

static IMA_UINT32 owner;

IMA_API IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	owner = ownerId;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_FreeMemory(void *pMemory)
{
	free(pMemory);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	IMA_OID_LIST *list = calloc(1, sizeof(*list));

	if (!list)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	list->oidCount = 1;
	list->oids[0] = (IMA_OID){ IMA_OBJECT_TYPE_LHBA, owner, 1 };
	*ppList = list;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetNetworkPortStatus(IMA_OID portOid, IMA_NETWORK_PORT_STATUS *pStatus)
{
	*pStatus = (IMA_NETWORK_PORT_STATUS)portOid.objectSequenceNumber;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_RemoveStaleData(IMA_OID lhbaOid)
{
	static const struct timespec second = { 1, 0 };

	(void)lhbaOid;
	nanosleep(&second, NULL);
	return IMA_STATUS_SUCCESS;
}
