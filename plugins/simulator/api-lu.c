// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-lu.c - logical units: found, exposed, counted.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "alloc.h"
#include "login.h"
#include "lu.h"
#include "plugin-support/field.h"
#include "plugin-support/lists.h"
#include "plugin-support/status.h"
#include "shared/cleanup.h"
#include "sim.h"

/* --- finding -------------------------------------------------------------------------------- */

static struct object *find_lu(struct model *model, struct found *found, uint64_t lun)
{
	struct object *object = object_find(model, KIND_FOUND_LU, &found->object, lun,
					    "");
	struct login_error error;

	if (object || found->scanned ||
	    login_check(model, found, &error) != IMA_STATUS_SUCCESS)
		return object;
	found_scan(model, found);
	return object_find(model, KIND_FOUND_LU, &found->object, lun, "");
}

static IMA_STATUS get_oid(struct model *model, struct found *found, uint64_t lun,
			  IMA_OID *oid)
{
	const struct object *lu = find_lu(model, found, lun);

	if (!lu)
		return fails(IMA_ERROR_OBJECT_NOT_FOUND, "%s has no LU with LUN %llu",
			     found->object.identity->name, (unsigned long long)lun);
	*oid = oid_of(lu);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLuOid(IMA_OID targetOid, IMA_UINT64 lun, IMA_OID *pluOid)
{
	return CALL(IMA_GetLuOid, targetOid, TARGET,
		    get_oid(call.model, (struct found *)call.object, lun, pluOid));
}

static bool is_exposed(const struct object *object)
{
	return ((const struct found_lu *)object)->now.exposed;
}

static size_t count_lus(const struct object *lhba)
{
	size_t count = 0;

	for_each(found, &lhba->children[2])
		count += found->children[0].count;
	return count;
}

static IMA_STATUS list_of_lhba(const struct object *lhba, IMA_OID_LIST **list)
{
	struct oid_list _cleanup_(oid_list_drop) oids = { 0 };
	int err = allocation_fails() ? -ENOMEM : oid_list_reserve(&oids, count_lus(lhba));

	for_each(found, &lhba->children[2])
		for_each(lu, &found->children[0])
			if (!err && is_exposed(lu))
				err = oid_list_add(&oids, oid_of(lu));
	return status_from_errno(err ? err : oid_list_end(&oids, list));
}

static IMA_STATUS list_lus(const struct object *object, IMA_OID_LIST **list)
{
	if (object_kind(object) == KIND_LHBA)
		return list_of_lhba(object, list);
	return list_objects(&object->children[0], is_exposed, list);
}

IMA_STATUS IMA_GetLuOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetLuOidList, oid, LHBA | TARGET, list_lus(call.object, ppList));
}

static IMA_STATUS get_properties(const struct found_lu *lu, IMA_LU_PROPERTIES *p)
{
	uint64_t lun = lu->object.identity->number;
	char name[64];

	memset(p, 0, sizeof(*p));
	p->associatedTargetOid = oid_of(lu->object.parent);
	p->targetLun = lun;
	p->exposedToOs = lu->now.exposed;
	if (!lu->now.exposed)
		return IMA_STATUS_SUCCESS;
	time_fill(lu->now.time_exposed, &p->timeExposedToOs);
	p->osDeviceNameValid = lu_device_name(lu, name, sizeof(name));
	if (p->osDeviceNameValid)
		FIELD_SET(p->osDeviceName, name);
	p->osParallelIdsValid = lu_lhba(lu)->now.parallel_ids && lun <= UINT32_MAX;
	if (!p->osParallelIdsValid)
		return IMA_STATUS_SUCCESS;
	p->osTargetId = ((const struct found *)lu->object.parent)->os_target_id;
	p->osLun = (IMA_UINT32)lun;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLuProperties(IMA_OID luOid, IMA_LU_PROPERTIES *pProps)
{
	return CALL(IMA_GetLuProperties, luOid, LU,
		    get_properties((struct found_lu *)call.object, pProps));
}

/* --- exposing ------------------------------------------------------------------------------- */

static IMA_STATUS check_exposing(const struct found_lu *lu)
{
	if (lu_lhba(lu)->now.lu_exposing)
		return IMA_STATUS_SUCCESS;
	return fails(IMA_ERROR_NOT_SUPPORTED, "the LHBA exposes LUs by itself");
}

static IMA_STATUS login_for(struct model *model, struct found *found)
{
	struct login_error error;
	IMA_STATUS status = found_login(model, found, true, &error);

	if (status != IMA_STATUS_SUCCESS)
		return login_fails(status, &error);
	object_store(model, found, struct found_values, login, true, false);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS expose(struct model *model, struct found_lu *lu)
{
	bool later = lu_lhba(lu)->now.reboot & REBOOT_EXPOSING;
	IMA_STATUS status = check_exposing(lu);

	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (lu->now.exposed)
		return fails(IMA_ERROR_LU_EXPOSED, "the LU is exposed already");
	status = login_for(model, (struct found *)lu->object.parent);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	lu_expose(model, lu, later);
	return done(later);
}

IMA_STATUS IMA_ExposeLu(IMA_OID luOid)
{
	return CALL(IMA_ExposeLu, luOid, LU,
		    expose(call.model, (struct found_lu *)call.object));
}

static IMA_STATUS unexpose(struct model *model, struct found_lu *lu)
{
	bool later = lu_lhba(lu)->now.reboot & REBOOT_EXPOSING;
	IMA_STATUS status = check_exposing(lu);

	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (!lu->now.exposed)
		return fails(IMA_ERROR_LU_NOT_EXPOSED, "the LU is not exposed");
	if (lu->now.in_use)
		return fails(IMA_ERROR_LU_IN_USE, "the operating system uses the LU");
	lu_unexpose(model, lu, later);
	return done(later);
}

IMA_STATUS IMA_UnexposeLu(IMA_OID luOid)
{
	return CALL(IMA_UnexposeLu, luOid, LU,
		    unexpose(call.model, (struct found_lu *)call.object));
}

/* --- statistics ------------------------------------------------------------------------------ */

static bool any_exposed(const struct object *found)
{
	for_each(lu, &found->children[0])
		if (is_exposed(lu))
			return true;
	return false;
}

static IMA_STATUS get_counters(const struct object *object,
			       IMA_DEVICE_STATISTICS *statistics)
{
	bool is_lu = object_kind(object) == KIND_FOUND_LU;
	bool exposed = is_lu ? is_exposed(object) : any_exposed(object);
	bool collecting = is_lu ? lu_is_collecting((const struct found_lu *)object)
				: found_is_collecting((const struct found *)object);

	if (!exposed)
		return fails(IMA_ERROR_LU_NOT_EXPOSED, "there is no exposed LU");
	if (!collecting)
		return fails(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED,
			     "statistics are not collected");
	if (is_lu)
		*statistics = ((const struct found_lu *)object)->counters;
	else
		found_counters((const struct found *)object, statistics);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetDeviceStatistics(IMA_OID oid, IMA_DEVICE_STATISTICS *pStats)
{
	return CALL(IMA_GetDeviceStatistics, oid, TARGET | LU,
		    get_counters(call.object, pStats));
}

/* The rule and the switch of a PNP's PHBA, a target or an LU. */
static uint32_t statistics_of(const struct object *object, bool *collecting)
{
	const struct object *parent = object->parent;

	switch (object_kind(object)) {
	case KIND_PNP:
		*collecting = ((const struct phba *)parent)->now.collecting;
		return ((const struct phba *)parent)->now.statistics;
	case KIND_PHBA:
		*collecting = ((const struct phba *)object)->now.collecting;
		return ((const struct phba *)object)->now.statistics;
	case KIND_FOUND:
		*collecting = ((const struct found *)object)->now.collecting;
		return ((const struct lhba *)parent)->now.statistics;
	default:
		*collecting = ((const struct found_lu *)object)->now.collecting;
		return ((const struct lhba *)parent->parent)->now.statistics;
	}
}

static IMA_STATUS get_statistics(const struct object *object,
				 IMA_STATISTICS_PROPERTIES *p)
{
	bool collecting;
	uint32_t mode = statistics_of(object, &collecting);

	if (mode == STATISTICS_ABSENT)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "there are no statistics of this object");
	memset(p, 0, sizeof(*p));
	p->statisticsCollectionSettable = mode == STATISTICS_SWITCHABLE;
	p->statisticsCollectionEnabled = statistics_are_on(mode, collecting);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetStatisticsProperties(IMA_OID oid, IMA_STATISTICS_PROPERTIES *pProps)
{
	return CALL(IMA_GetStatisticsProperties, oid, TARGET | LU | PNP,
		    get_statistics(call.object, pProps));
}

/* Counters begin at zero when they are switched on. */
static void switch_lu(struct model *model, struct found_lu *lu, bool enable, bool later)
{
	if (enable && !later && !lu->now.collecting)
		memset(&lu->counters, 0, sizeof(lu->counters));
	object_store(model, lu, struct found_lu_values, collecting, enable, later);
}

static void switch_found(struct model *model, struct found *found, bool enable,
			 bool later)
{
	if (enable && !later && !found->now.collecting)
		memset(found->errors, 0, sizeof(found->errors));
	object_store(model, found, struct found_values, collecting, enable, later);
	for_each(lu, &found->object.children[0])
		switch_lu(model, (struct found_lu *)lu, enable, later);
}

static void switch_phba(struct model *model, struct phba *phba, bool enable, bool later)
{
	bool changes = !later && phba->now.collecting != enable;

	object_store(model, phba, struct phba_values, collecting, enable, later);
	if (!changes)
		return;
	for_each(object, &phba->object.children[0]) {
		struct pnp *pnp = (struct pnp *)object;

		if (enable)
			memset(&pnp->counters, 0, sizeof(pnp->counters));
		object_changed(model, object);
	}
}

static uint32_t reboot_of(const struct object *object)
{
	const struct object *lhba = object;

	if (object_kind(object) == KIND_PHBA)
		return ((const struct phba *)object)->now.reboot;
	while (object_kind(lhba) != KIND_LHBA)
		lhba = lhba->parent;
	return ((const struct lhba *)lhba)->now.reboot;
}

static IMA_STATUS set_statistics(struct model *model, struct object *object, bool enable)
{
	bool later = reboot_of(object) & REBOOT_STATISTICS;
	bool collecting;

	if (statistics_of(object, &collecting) != STATISTICS_SWITCHABLE)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "statistics of this object cannot be switched");
	if (object_kind(object) == KIND_PHBA)
		switch_phba(model, (struct phba *)object, enable, later);
	else if (object_kind(object) == KIND_FOUND)
		switch_found(model, (struct found *)object, enable, later);
	else
		switch_lu(model, (struct found_lu *)object, enable, later);
	return done(later);
}

IMA_STATUS IMA_SetStatisticsCollection(IMA_OID oid, IMA_BOOL enableStatisticsCollection)
{
	return CALL(IMA_SetStatisticsCollection, oid, PHBA | TARGET | LU,
		    set_statistics(call.model, call.object, enableStatisticsCollection));
}
