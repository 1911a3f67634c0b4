/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bad.h - what the misbehaving plugins share: an owner id and lists.
 */
#ifndef TESTS_BAD_H
#define TESTS_BAD_H

#include <stdlib.h>
#include <string.h>

#include "ima-plugin.h"

/* Tells a plugin to do something from outside of a call; not every plugin has it. */
int bad_control(int what);

static IMA_UINT32 owner __attribute__((unused));

#ifndef BAD_NO_INITIALIZE
IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	owner = ownerId;
	return IMA_STATUS_SUCCESS;
}
#endif

static inline IMA_OID oid_of(IMA_OBJECT_TYPE type, IMA_UINT64 number)
{
	IMA_OID oid = { type, owner, number };

	return oid;
}

/* A list of objects 1 to count. */
static inline IMA_OID_LIST *make_list(IMA_OBJECT_TYPE type, IMA_UINT count)
{
	IMA_OID_LIST *list = calloc(1, sizeof(*list) + count * sizeof(IMA_OID));

	list->oidCount = count;
	for (IMA_UINT i = 0; i < count; i++)
		list->oids[i] = oid_of(type, i + 1);
	return list;
}

#ifdef BAD_FREES
IMA_STATUS IMA_FreeMemory(void *pMemory)
{
	free(pMemory);
	return IMA_STATUS_SUCCESS;
}
#endif

#ifdef BAD_LISTS_LHBA
IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	*ppList = make_list(IMA_OBJECT_TYPE_LHBA, 1);
	return IMA_STATUS_SUCCESS;
}
#endif

#endif
