// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lu.c - logical units: lists and properties.
 */
#include "linux.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "plugin-support/field.h"

static int add_lus(struct oid_list *list, const struct target *t)
{
	int err = 0;

	for (size_t i = 0; i < t->lu_count && !err; i++)
		if (t->lus[i]->path_count)
			err = oid_list_add(list, t->lus[i]->item.object->oid);
	return err;
}

IMA_STATUS IMA_GetLuOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	return list_of_targets(oid, add_lus, ppList);
}

/* Of several paths the first whose device works; if none does, the first. */
static const struct sys_lu *best_path(const struct lu *lu)
{
	char path[128], state[32];

	for (size_t i = 0; i < lu->path_count && lu->path_count > 1; i++)
		if (!lu_attr_path(&lu->paths[i]->at, "state", path, sizeof(path)) &&
		    attr_read(plugin.world.sysfs, path, state, sizeof(state)) > 0 &&
		    !strcmp(state, "running"))
			return lu->paths[i];
	return lu->paths[0];
}

static void fill_device(IMA_LU_PROPERTIES *props, const struct sys_lu *path)
{
	char name[80] = "/dev/";

	if (path->device)
		snprintf(name + 5, sizeof(name) - 5, "%s", path->device);
	else if (lu_generic(plugin.world.sysfs, &path->at, name + 5, sizeof(name) - 5))
		return;
	/* A name that does not fit is not cut: it would be that of another device. */
	props->osDeviceNameValid = FIELD_SET(props->osDeviceName, name) ? IMA_FALSE
									: IMA_TRUE;
}

IMA_STATUS IMA_GetLuProperties(IMA_OID luOid, IMA_LU_PROPERTIES *pProps)
{
	const struct sys_lu *path;
	const struct lu *lu;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	lu = find_object(luOid, FRESH_ENOUGH, &status);
	if (!lu)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedTargetOid = lu->target->item.object->oid;
	pProps->targetLun = lu->lun;
	if (!lu->path_count)
		return IMA_STATUS_SUCCESS;
	path = best_path(lu);
	pProps->exposedToOs = IMA_TRUE;
	fill_device(pProps, path);
	if (path->at.lun > UINT32_MAX)
		return IMA_STATUS_SUCCESS;
	pProps->osParallelIdsValid = IMA_TRUE;
	pProps->osBusNumber = path->at.channel;
	pProps->osTargetId = path->at.id;
	pProps->osLun = (IMA_UINT32)path->at.lun;
	return IMA_STATUS_SUCCESS;
}
