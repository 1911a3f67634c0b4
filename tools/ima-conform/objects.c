// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * objects.c - finds every object of the plugin, from the lists that need no object down to the
 * logical units. LUs that are not exposed are found by asking the targets for their LUNs.
 *
 * At most OBJECTS_MAX objects of a type are kept: what holds for so many holds for the rest.
 */
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scsi.h"
#include "shared/cleanup.h"

#define OBJECTS_MAX 2048

static int add(struct objects *objects, IMA_OID oid)
{
	IMA_OID *grown;

	if ((objects->count & (objects->count - 1)) == 0) {
		size_t room = objects->count ? objects->count * 2 : 1;

		grown = realloc(objects->oid, room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		objects->oid = grown;
	}
	objects->oid[objects->count++] = oid;
	return 0;
}

/* The LU lists of a target and of its LHBA overlap, and so do those of PHBA and LNP. */
static int add_new(struct run *run, IMA_OID oid)
{
	if (oid.ownerId != run->plugin.ownerId ||
	    (unsigned int)oid.objectType >= OBJECT_TYPES)
		return 0;
	if (run->objects[oid.objectType].count >= OBJECTS_MAX ||
	    object_is_known(run, oid))
		return 0;
	return add(&run->objects[oid.objectType], oid);
}

static int add_list(struct run *run, IMA_STATUS status, IMA_OID_LIST *list)
{
	int err = 0;

	if (IMA_ERROR(status) || !list)
		return 0; /* the checks of lists say what is wrong with it */
	for (IMA_UINT i = 0; i < list->oidCount && !err; i++)
		err = add_new(run, list->oids[i]);
	IMA_FreeMemory(list);
	return err;
}

typedef IMA_STATUS (*list_all)(IMA_OID_LIST **);
typedef IMA_STATUS (*list_of)(IMA_OID, IMA_OID_LIST **);

static int collect_all(struct run *run, list_all function)
{
	IMA_OID_LIST *list = NULL;
	IMA_STATUS status = function(&list);

	return add_list(run, status, list);
}

static int collect_of(struct run *run, IMA_OBJECT_TYPE parent, list_of function)
{
	int err = 0;

	for (size_t i = 0; i < run->objects[parent].count && !err; i++) {
		IMA_OID_LIST *list = NULL;
		IMA_STATUS status = function(run->objects[parent].oid[i], &list);

		err = add_list(run, status, list);
	}
	return err;
}

static int collect_hidden_lus(struct run *run)
{
	size_t targets = sample_count(run, IMA_OBJECT_TYPE_TARGET);
	int err = 0;

	for (size_t i = 0; i < targets && !err; i++) {
		IMA_OID target = run->objects[IMA_OBJECT_TYPE_TARGET].oid[i];
		struct luns luns;

		if (!scsi_luns(target, &luns))
			continue;
		for (size_t k = 0; k < luns.count && !err; k++) {
			IMA_OID lu;

			if (IMA_SUCCESS(IMA_GetLuOid(target, luns.lun[k], &lu)))
				err = add_new(run, lu);
		}
	}
	return err;
}

int objects_collect(struct run *run)
{
	static const struct {
		IMA_OBJECT_TYPE parent; /* unknown: of nothing */
		list_all all;
		list_of of;
	} steps[] = {
		{ 0, IMA_GetLhbaOidList, NULL },
		{ 0, IMA_GetPhbaOidList, NULL },
		{ 0, IMA_GetLnpOidList, NULL },
		{ 0, IMA_GetNonSharedNodeOidList, NULL },
		{ IMA_OBJECT_TYPE_PHBA, NULL, IMA_GetPnpOidList },
		{ IMA_OBJECT_TYPE_LNP, NULL, IMA_GetPnpOidList },
		{ IMA_OBJECT_TYPE_LNP, NULL, IMA_GetNetworkPortalOidList },
		{ IMA_OBJECT_TYPE_LHBA, NULL, IMA_GetTargetOidList },
		{ IMA_OBJECT_TYPE_LNP, NULL, IMA_GetTargetOidList },
		{ IMA_OBJECT_TYPE_LHBA, NULL, IMA_GetDiscoveryAddressOidList },
		{ IMA_OBJECT_TYPE_PNP, NULL, IMA_GetDiscoveryAddressOidList },
		{ IMA_OBJECT_TYPE_LHBA, NULL, IMA_GetStaticDiscoveryTargetOidList },
		{ IMA_OBJECT_TYPE_PNP, NULL, IMA_GetStaticDiscoveryTargetOidList },
		{ IMA_OBJECT_TYPE_TARGET, NULL, IMA_GetLuOidList },
	};
	int err = add_new(run, run->plugin);

	for (size_t i = 0; i < ARRAY_SIZE(steps) && !err; i++)
		err = steps[i].all ? collect_all(run, steps[i].all)
				   : collect_of(run, steps[i].parent, steps[i].of);
	return err ? err : collect_hidden_lus(run);
}

void objects_free(struct run *run)
{
	for (size_t i = 0; i < OBJECT_TYPES; i++)
		free(run->objects[i].oid);
	memset(run->objects, 0, sizeof(run->objects));
}
