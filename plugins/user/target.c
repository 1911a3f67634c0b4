// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * target.c - targets as the store knows them, and statistics, which are not collected.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plugin-support/field.h"
#include "resolve.h"
#include "sessions.h"
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

/* Whether a target or LU exists, and whether it is exposed. */
static IMA_STATUS find_device(IMA_OID oid, bool *is_exposed)
{
	VISIT visit = visit_begin();
	const struct lu *lu = NULL;
	time_t since;

	if (visit.status)
		return visit.status;
	if (oid.objectType == IMA_OBJECT_TYPE_LU)
		lu = object_table_data(user.objects, oid);
	if (!lu && !target_by_oid(oid))
		return not_found(oid);
	*is_exposed = lu ? sessions_exposes(lu->target->oid, lu->lun, &since)
			 : sessions_has(oid);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetStatisticsProperties(IMA_OID oid, IMA_STATISTICS_PROPERTIES *pProps)
{
	bool is_exposed;
	IMA_STATUS status = find_device(oid, &is_exposed);

	if (!status)
		memset(pProps, 0, sizeof(*pProps));
	return status;
}

IMA_STATUS IMA_SetStatisticsCollection(IMA_OID oid, IMA_BOOL enableStatisticsCollection)
{
	bool is_exposed;
	IMA_STATUS status = find_device(oid, &is_exposed);

	(void)enableStatisticsCollection;
	return status ? status
		      : host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				  "this initiator does not collect statistics");
}

static IMA_STATUS not_collected(void)
{
	return host_fail(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED, IMAX_LAYER_PLUGIN, 0,
			 "this initiator does not collect statistics");
}

IMA_STATUS IMA_GetDeviceStatistics(IMA_OID oid, IMA_DEVICE_STATISTICS *pStats)
{
	bool is_exposed;
	IMA_STATUS status = find_device(oid, &is_exposed);

	(void)pStats;
	if (status)
		return status;
	if (!is_exposed)
		return host_fail(IMA_ERROR_LU_NOT_EXPOSED, IMAX_LAYER_PLUGIN, 0,
				 "this process is not logged in to the target");
	return not_collected();
}

IMA_STATUS IMA_GetTargetErrorStatistics(IMA_OID targetOid,
					IMA_TARGET_ERROR_STATISTICS *pStats)
{
	bool is_exposed;
	IMA_STATUS status = find_device(targetOid, &is_exposed);

	(void)pStats;
	return status ? status : not_collected();
}
