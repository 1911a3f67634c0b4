// SPDX-License-Identifier: LGPL-2.1-or-later
/* fires.c - raises events where it should not. */
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

static IMA_OBJECT_PROPERTY_FN on_property;
static IMA_OBJECT_VISIBILITY_FN on_visibility;

/* While it is being registered. */
IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	on_property = pClientFn;
	on_property(oid_of(IMA_OBJECT_TYPE_LHBA, 100));
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_RegisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	on_visibility = pClientFn;
	return IMA_STATUS_SUCCESS;
}

/* After it was deregistered: it ignores that. */
IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	pClientFn(oid_of(IMA_OBJECT_TYPE_LHBA, 101));
	return IMA_STATUS_SUCCESS;
}

/* From inside a call. */
IMA_STATUS IMA_ExposeLu(IMA_OID luOid)
{
	if (on_visibility)
		on_visibility(77, luOid);
	if (on_property)
		on_property(luOid);
	return IMA_STATUS_SUCCESS;
}

/* From outside, with the owner id as it is asked for. */
int bad_control(int what)
{
	IMA_OID oid = { IMA_OBJECT_TYPE_LHBA, (IMA_UINT32)what, 102 };

	if (on_property)
		on_property(oid);
	return on_property != NULL;
}
