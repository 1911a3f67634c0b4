// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lhba.c - LHBAs (open-iscsi's interfaces) and nodes.
 */
#include "linux.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "config-file.h"
#include "initiator-file.h"
#include "iscsid.h"
#include "plugin-support/field.h"
#include "record.h"
#include "shared/iscsi-name.h"

static int fill_list(const struct array *items, struct oid_list *list)
{
	int err = oid_list_reserve(list, items->count);

	/* Every object begins with its item. */
	for_each_item(struct item, item, items)
		if (!err)
			err = oid_list_add(list, item->object->oid);
	return err;
}

static IMA_STATUS list_all(size_t offset, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	int err;

	*ppList = NULL;
	LOCKED(&plugin.lock);
	err = source_refresh(&plugin.source, FRESH);
	if (err)
		return refresh_failed(err);
	err = fill_list(
		(const struct array *)(const void *)((const char *)plugin.source.model +
						     offset),
		&list);
	if (!err)
		err = oid_list_end(&list, ppList);
	return status_from_errno(err);
}

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	return list_all(offsetof(struct model, lhbas), ppList);
}

IMA_STATUS IMA_GetNonSharedNodeOidList(IMA_OID_LIST **ppList)
{
	return list_all(offsetof(struct model, nodes), ppList);
}

bool lhba_is_bound(const struct lhba *lhba)
{
	const struct db_iface *r = lhba->record;

	return r && ((r->transport && strcmp(r->transport, "tcp")) || r->netdev ||
		     r->hwaddress || r->ipaddress);
}

/* Software initiators have a SCSI host per session: none of them is the LHBA's. */
IMA_STATUS IMA_GetLhbaProperties(IMA_OID lhbaOid, IMA_LHBA_PROPERTIES *pProps)
{
	const struct lhba *lhba;
	IMA_STATUS status;
	char host[256] = "";

	{
		LOCKED(&plugin.lock);
		lhba = find_object(lhbaOid, FRESH_ENOUGH, &status);
		if (!lhba)
			return status;
		ports_host_of(&plugin.world, lhba->record, host, sizeof(host));
		/* What people know an interface by; nothing else tells one from another. */
		if (!*host && strcmp(lhba->name, "default"))
			snprintf(host, sizeof(host), "%s", lhba->name);
	}
	memset(pProps, 0, sizeof(*pProps));
	FIELD_SET_CUT(pProps->osDeviceName, host);
	pProps->luExposingSupported = IMA_TRUE;
	pProps->initiatorAuthMethodsSettable = IMA_TRUE;
	return IMA_STATUS_SUCCESS;
}

/* --- Nodes ----------------------------------------------------------------------------------- */

static void fill_node(IMA_NODE_PROPERTIES *props, const char *name, const char *alias,
		      bool settable)
{
	memset(props, 0, sizeof(*props));
	props->runningInInitiatorMode = IMA_TRUE;
	props->nameValid = name && !FIELD_SET(props->name, name) ? IMA_TRUE : IMA_FALSE;
	props->aliasValid = alias && !FIELD_SET(props->alias, alias) ? IMA_TRUE
								     : IMA_FALSE;
	props->nameAndAliasSettable = settable ? IMA_TRUE : IMA_FALSE;
}

static bool is_available(void)
{
	LOCKED(&plugin.lock);
	return !source_refresh(&plugin.source, FRESH_ENOUGH) && plugin.source.available;
}

static IMA_STATUS get_shared_node(IMA_NODE_PROPERTIES *props)
{
	struct record _cleanup_record_ record = { 0 };
	int _cleanup_close_ config = world_config(&plugin.world);
	int err;

	if (!is_available())
		return IMA_ERROR_NOT_SUPPORTED;
	err = config < 0 ? config : record_read(config, INITIATOR_FILE, &record);
	if (err && err != -ENOENT)
		return host_fail(status_from_errno(err), IMAX_LAYER_OS, -err,
				 "cannot read " INITIATOR_FILE);
	fill_node(props, record_get(&record, INITIATOR_NAME),
		  record_get(&record, INITIATOR_ALIAS), plugin.world.privileged);
	return IMA_STATUS_SUCCESS;
}

/* Whether an OID stands for the shared node; else name is that of a node of its own. */
static IMA_STATUS classify_node(IMA_OID oid, bool *shared, char *name, size_t size)
{
	const struct node *node = NULL;
	const struct lhba *lhba;
	IMA_STATUS status;

	*shared = oid.ownerId == 0 && oid.objectSequenceNumber == 0;
	if (*shared)
		return IMA_STATUS_SUCCESS;
	LOCKED(&plugin.lock);
	node = find_object(oid, FRESH_ENOUGH, &status);
	if (!node) {
		/* Existing clients name the node of an LHBA by the LHBA's number. */
		oid.objectType = IMA_OBJECT_TYPE_LHBA;
		lhba = find_object(oid, FRESH_ENOUGH, &status);
		if (!lhba)
			return status;
		node = lhba->node;
	}
	*shared = !node;
	snprintf(name, size, "%s", node ? node->name : "");
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetNodeProperties(IMA_OID nodeOid, IMA_NODE_PROPERTIES *pProps)
{
	char name[256];
	bool shared;
	IMA_STATUS status = classify_node(nodeOid, &shared, name, sizeof(name));

	if (IMA_ERROR(status))
		return status;
	if (shared)
		return get_shared_node(pProps);
	fill_node(pProps, name, NULL, false);
	return IMA_STATUS_SUCCESS;
}

static bool has_value(const char *key, const char *value)
{
	struct record _cleanup_record_ record = { 0 };
	int _cleanup_close_ config = world_config(&plugin.world);
	const char *now;

	if (config < 0 || record_read(config, INITIATOR_FILE, &record))
		return false;
	now = record_get(&record, key);
	return now && value ? !strcmp(now, value) : !now && !value;
}

static IMA_STATUS set_shared_value(const char *key, const char *value)
{
	struct record_change change = { key, value };
	bool same = has_value(key, value);
	/* The text may have to be put right all the same. */
	IMA_STATUS status = config_file_edit_initiator(&plugin.world, &change);

	/* iscsid reads the name once, when it starts. */
	if (IMA_ERROR(status) || same || !iscsid_runs(&plugin.world))
		return status;
	host_log(IMAX_LOG_INFO, "%s is used once iscsid has been started again", key);
	return IMA_STATUS_REBOOT_NECESSARY;
}

static IMA_STATUS set_node_value(IMA_OID oid, const char *key, const char *value)
{
	char name[256];
	bool shared;
	IMA_STATUS status = classify_node(oid, &shared, name, sizeof(name));

	if (IMA_ERROR(status))
		return status;
	if (!shared)
		return host_fail(
			IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			"the node %s belongs to an interface of open-iscsi, which has "
			"no alias; change its iface.initiatorname with iscsiadm",
			name);
	if (!is_available())
		return IMA_ERROR_NOT_SUPPORTED;
	return set_shared_value(key, value);
}

IMA_STATUS IMA_SetNodeName(IMA_OID nodeOid, const IMA_WCHAR *newName)
{
	char name[ISCSI_NAME_MAX + 1];
	const char *why;
	int n = field_get(newName, IMA_NODE_NAME_LEN, name, sizeof(name));

	if (n < 0)
		return status_from_errno(n);
	if (iscsi_name_check(name, &why))
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "the name %s %s", name, why);
	return set_node_value(nodeOid, INITIATOR_NAME, name);
}

IMA_STATUS IMA_SetNodeAlias(IMA_OID nodeOid, const IMA_WCHAR *newAlias)
{
	char alias[256] = "";
	int n = newAlias ? field_get(newAlias, IMA_NODE_ALIAS_LEN, alias, sizeof(alias))
			 : 0;

	if (n < 0)
		return status_from_errno(n);
	if (strpbrk(alias, "\r\n"))
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "an alias has one line");
	return set_node_value(nodeOid, INITIATOR_ALIAS, *alias ? alias : NULL);
}
