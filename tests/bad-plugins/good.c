// SPDX-License-Identifier: LGPL-2.1-or-later
/* good.c - a plugin that behaves: one LHBA, events on demand. */
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

static IMA_OBJECT_PROPERTY_FN on_property;

IMA_STATUS IMA_GetLhbaProperties(IMA_OID lhbaOid, IMA_LHBA_PROPERTIES *pProps)
{
	if (lhbaOid.objectSequenceNumber != 1)
		return IMA_ERROR_OBJECT_NOT_FOUND;
	memset(pProps, 0, sizeof(*pProps));
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = make_list(IMA_OBJECT_TYPE_TARGET, oid.objectSequenceNumber);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	on_property = pClientFn;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	on_property = pClientFn ? NULL : on_property;
	return IMA_STATUS_SUCCESS;
}

int bad_control(int what)
{
	if (on_property)
		on_property(oid_of(IMA_OBJECT_TYPE_LHBA, (IMA_UINT64)what));
	return 0;
}
