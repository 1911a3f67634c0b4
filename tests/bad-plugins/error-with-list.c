// SPDX-License-Identifier: LGPL-2.1-or-later
/* error-with-list.c - fails but leaves something in the pointer. */
#include "bad.h"

static int freed;

IMA_STATUS IMA_FreeMemory(void *pMemory)
{
	freed += pMemory != NULL;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = (IMA_OID_LIST *)16;
	return oid.objectSequenceNumber == 1 ? IMA_ERROR_OBJECT_NOT_FOUND
					     : IMA_ERROR_TARGET_TIMEOUT;
}

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	*ppList = (IMA_OID_LIST *)16;
	return IMA_ERROR_INSUFFICIENT_MEMORY;
}

int bad_control(int what)
{
	(void)what;
	return freed;
}
