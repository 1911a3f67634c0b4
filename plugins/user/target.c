// SPDX-License-Identifier: LGPL-2.1-or-later
/* target.c - targets as the store knows them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plugin-support/field.h"
#include "resolve.h"
#include "user.h"

IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	const struct vector *targets = &user.state.targets;
	VISIT visit = visit_begin();
	int err;

	*ppList = NULL;
	if (visit.status)
		return visit.status;
	if (!is_lhba(oid))
		return not_found(oid);
	err = oid_list_reserve(&list, targets->count);
	for (size_t i = 0; !err && i < targets->count; i++)
		err = oid_list_add(&list,
				   ((struct target *)targets->items[i])->object->oid);
	return status_from_errno(err ? err : oid_list_end(&list, ppList));
}

IMA_STATUS IMA_GetTargetProperties(IMA_OID targetOid, IMA_TARGET_PROPERTIES *pProps)
{
	VISIT visit = visit_begin();
	const struct target *target;

	if (visit.status)
		return visit.status;
	target = target_by_oid(targetOid);
	if (!target)
		return not_found(targetOid);
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedNodeOid = shared_node;
	pProps->associatedLhbaOid = user.lhba->oid;
	FIELD_SET(pProps->name, target->object->key);
	FIELD_SET_CUT(pProps->alias, target->alias);
	pProps->discoveryMethodFlags = target->methods;
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS copy_portals(IMA_OID oid, struct address **portals, size_t *count)
{
	VISIT visit = visit_begin();
	const struct target *target;

	if (visit.status)
		return visit.status;
	target = target_by_oid(oid);
	if (!target)
		return not_found(oid);
	*portals = calloc(target->portal_count ? target->portal_count : 1,
			  sizeof(**portals));
	if (!*portals)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	for (size_t i = 0; i < target->portal_count; i++)
		(*portals)[i] = target->portals[i].address;
	*count = target->portal_count;
	return IMA_STATUS_SUCCESS;
}

/* Portals that are known by name are looked up; one whose name has no address is left out. */
IMA_STATUS IMA_GetAddressKeys(IMA_OID targetOid, IMA_ADDRESS_KEYS **ppKeys)
{
	struct address_key_list _cleanup_(address_key_list_drop) keys = { 0 };
	struct address _cleanup_free_ *portals = NULL;
	size_t count = 0;
	IMA_STATUS status = copy_portals(targetOid, &portals, &count);
	int err;

	*ppKeys = NULL;
	if (status)
		return status;
	err = resolve_keys(portals, count, &keys);
	return status_from_errno(err ? err : address_key_list_end(&keys, ppKeys));
}
