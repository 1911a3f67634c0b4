// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin.c - life of the plugin, its properties, its memory, its events.
 */
#include "linux.h"

#include <errno.h>
#include <string.h>

#include "listener.h"
#include "plugin-support/plugin-info.h"
#include "recent-record.h"
#include "ring.h"
#include "statistics.h"

struct plugin plugin = { .lock = PTHREAD_MUTEX_INITIALIZER };

IMA_STATUS IMAX_SetHost(const IMAX_HOST *pHost)
{
	host_set(pHost);
	return IMA_STATUS_SUCCESS;
}

static int open_all(IMA_UINT32 owner)
{
	int err = world_open(&plugin.world, NULL);

	if (err)
		return err;
	err = object_table_new(owner, &plugin.table);
	if (!err)
		err = notifier_new(&plugin.notifier);
	if (!err)
		err = source_open(&plugin.source, &plugin.world, plugin.table,
				  plugin.notifier);
	return err;
}

static void close_all(void)
{
	ports_close(&plugin.ports);
	source_close(&plugin.source);
	notifier_free(plugin.notifier);
	object_table_free(plugin.table);
	world_close(&plugin.world);
	plugin.notifier = NULL;
	plugin.table = NULL;
}

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	int err;

	plugin.owner = ownerId;
	err = open_all(ownerId);
	if (err)
		close_all();
	return status_from_errno(err);
}

void Terminate(void)
{
	listener_stop();
	statistics_forget();
	recent_record_forget();
	ring_close();
	close_all();
	host_set(NULL);
}

IMA_STATUS IMA_FreeMemory(void *pMemory)
{
	return list_free(pMemory);
}

IMA_STATUS IMA_GetPluginProperties(IMA_OID pluginOid, IMA_PLUGIN_PROPERTIES *pProps)
{
	if (pluginOid.objectSequenceNumber)
		return IMA_ERROR_OBJECT_NOT_FOUND;
	plugin_info(pProps);
	return IMA_STATUS_SUCCESS;
}

/* --- Objects --------------------------------------------------------------------------------- */

IMA_STATUS refresh_failed(int err)
{
	return host_fail(
		status_from_errno(err), IMAX_LAYER_OS, -err,
		"cannot read the state of the kernel's initiator or of open-iscsi's "
		"database");
}

/* err: what became of the refresh */
static void *find_refreshed(IMA_OID oid, int err, IMA_STATUS *status)
{
	void *item;

	if (err) {
		*status = refresh_failed(err);
		return NULL;
	}
	item = source_find(&plugin.source, oid);
	*status = item ? IMA_STATUS_SUCCESS : IMA_ERROR_OBJECT_NOT_FOUND;
	return item;
}

void *find_object(IMA_OID oid, enum freshness freshness, IMA_STATUS *status)
{
	return find_refreshed(oid, source_refresh(&plugin.source, freshness), status);
}

void *find_object_since(IMA_OID oid, uint64_t since, IMA_STATUS *status)
{
	return find_refreshed(oid, source_refresh_since(&plugin.source, since), status);
}

IMA_OID node_oid(const struct lhba *lhba)
{
	IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };

	return lhba->node ? lhba->node->item.object->oid : shared;
}

void target_id_of(const struct target *target, struct target_id *id)
{
	snprintf(id->iface, sizeof(id->iface), "%s", target->lhba->name);
	snprintf(id->name, sizeof(id->name), "%s", target->name);
	id->oid = target->item.object->oid;
}

IMA_STATUS find_target_id(IMA_OID oid, struct target_id *id)
{
	struct target *target;
	IMA_STATUS status;

	/* What a target is called does not change. */
	LOCKED(&plugin.lock);
	target = find_object(oid, FRESH_ENOUGH, &status);
	if (target)
		target_id_of(target, id);
	return status;
}

/* --- Events ------------------------------------------------------------------------------------ */

static IMA_STATUS start_events(int err)
{
	return status_from_errno(err ? err : listener_start());
}

IMA_STATUS IMA_RegisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	return start_events(notifier_on_visibility(plugin.notifier, pClientFn));
}

IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	return start_events(notifier_on_property(plugin.notifier, pClientFn));
}

IMA_STATUS IMA_DeregisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	(void)pClientFn;
	return status_from_errno(notifier_on_visibility(plugin.notifier, NULL));
}

IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	(void)pClientFn;
	return status_from_errno(notifier_on_property(plugin.notifier, NULL));
}
