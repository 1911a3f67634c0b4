// SPDX-License-Identifier: LGPL-2.1-or-later
/* calls-back.c - calls the library from inside its calls and while it is loaded. */
#define BAD_NO_INITIALIZE
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

static IMA_UINT count_while_loading = 99;

static IMA_UINT count_lhbas(void)
{
	IMA_OID_LIST *list;
	IMA_UINT count;

	if (IMA_GetLhbaOidList(&list))
		return 98;
	count = list->oidCount;
	(IMA_FreeMemory)(list);
	return count;
}

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	owner = ownerId;
	count_while_loading = count_lhbas();
	return IMA_STATUS_SUCCESS;
}

static void on_property(IMA_OID oid)
{
	(void)oid;
}

IMA_STATUS IMA_RemoveStaleData(IMA_OID lhbaOid)
{
	if (lhbaOid.objectSequenceNumber == 2)
		return IMA_SetNodeAlias(oid_of(IMA_OBJECT_TYPE_UNKNOWN, 0), NULL);
	if (count_lhbas() != 2)
		return IMA_ERROR_UNKNOWN_ERROR;
	IMA_RegisterForObjectPropertyChanges(on_property);
	return IMA_DeregisterForObjectPropertyChanges(on_property);
}

/* The library is telling us: another change would wait for this one. */
IMA_STATUS IMA_SetNodeAlias(IMA_OID nodeOid, const IMA_WCHAR *newAlias)
{
	IMA_STATUS status = IMA_SetNodeName(nodeOid, newAlias);

	return status == IMA_ERROR_SYNC_TIMEOUT ? IMA_STATUS_REBOOT_NECESSARY
						: IMA_ERROR_UNKNOWN_ERROR;
}

int bad_control(int what)
{
	(void)what;
	return (int)count_while_loading;
}
