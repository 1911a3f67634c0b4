// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * node.c - the node this initiator is: the shared one. It keeps the name it was told, and says
 * so; a login before that uses the name the library would make up.
 */
#include "node.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "events.h"
#include "plugin-support/field.h"
#include "shared/iscsi-name.h"
#include "shared/node-name.h"
#include "user.h"

/* Existing clients turn the OID of an LHBA into one of a node: it is that of our node too. */
static bool is_node(IMA_OID oid)
{
	return oid_equal(oid, shared_node) ||
	       (oid.objectType == IMA_OBJECT_TYPE_NODE &&
		oid.ownerId == user.lhba->oid.ownerId &&
		oid.objectSequenceNumber == user.lhba->oid.objectSequenceNumber);
}

int node_name(char name[ISCSI_NAME_MAX + 1])
{
	if (!user.state.name[0])
		return node_name_generate(NULL, name);
	snprintf(name, ISCSI_NAME_MAX + 1, "%s", user.state.name);
	return 0;
}

IMA_STATUS IMA_GetNodeProperties(IMA_OID nodeOid, IMA_NODE_PROPERTIES *pProps)
{
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	if (!is_node(nodeOid))
		return not_found(nodeOid);
	memset(pProps, 0, sizeof(*pProps));
	pProps->runningInInitiatorMode = IMA_TRUE;
	pProps->nameAndAliasSettable = IMA_TRUE;
	pProps->nameValid = user.state.name[0] ? IMA_TRUE : IMA_FALSE;
	FIELD_SET_CUT(pProps->name, user.state.name);
	pProps->aliasValid = user.state.alias[0] ? IMA_TRUE : IMA_FALSE;
	FIELD_SET_CUT(pProps->alias, user.state.alias);
	return IMA_STATUS_SUCCESS;
}

static int write_setting(const char *name, const char *value)
{
	return *value ? store_run(user.store, STORE_SET_SETTING, "tt", name, value)
		      : store_run(user.store, STORE_REMOVE_SETTING, "t", name);
}

/* text is the member of user.state that has the current value. */
static IMA_STATUS change(IMA_OID oid, const char *setting, const char *value,
			 const char *text)
{
	VISIT visit = visit_begin_change();
	IMA_STATUS status;
	int err;

	if (visit.status)
		return visit.status;
	if (!strcmp(text, value))
		return IMA_STATUS_SUCCESS;
	err = write_setting(setting, value);
	if (err)
		return visit_fail(err);
	status = visit_commit(&visit, true);
	/* The library tells about the shared node itself. */
	if (!status && !oid_equal(oid, shared_node))
		events_changed(oid);
	return status;
}

static bool is_known(const char *value, const char *text)
{
	VISIT visit = visit_begin();

	return !visit.status && !strcmp(text, value);
}

static IMA_STATUS set(IMA_OID oid, const char *setting, const char *value,
		      const char *text)
{
	return is_known(value, text) ? IMA_STATUS_SUCCESS
				     : change(oid, setting, value, text);
}

IMA_STATUS IMA_SetNodeName(IMA_OID nodeOid, const IMA_WCHAR *newName)
{
	char name[ISCSI_NAME_MAX + 1];
	const char *why = "is not valid Unicode text";
	int n, err;

	if (!is_node(nodeOid))
		return not_found(nodeOid);
	n = field_get(newName, IMA_NODE_NAME_LEN, name, sizeof(name));
	if (n == -ENAMETOOLONG)
		return host_fail(IMA_ERROR_NAME_TOO_LONG, IMAX_LAYER_PLUGIN, 0,
				 "an iSCSI name has at most %d bytes", ISCSI_NAME_MAX);
	err = n < 0 ? n : iscsi_name_check(name, &why);
	if (err)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "the node name %s", why);
	return set(nodeOid, "node-name", name, user.state.name);
}

IMA_STATUS IMA_SetNodeAlias(IMA_OID nodeOid, const IMA_WCHAR *newAlias)
{
	char alias[ISCSI_ALIAS_MAX + 1] = "";
	int n = 0;

	if (!is_node(nodeOid))
		return not_found(nodeOid);
	if (newAlias)
		n = field_get(newAlias, IMA_NODE_ALIAS_LEN, alias, sizeof(alias));
	if (n == -ENAMETOOLONG)
		return host_fail(IMA_ERROR_NAME_TOO_LONG, IMAX_LAYER_PLUGIN, 0,
				 "an alias has at most %d bytes", ISCSI_ALIAS_MAX);
	if (n < 0)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "the alias is not valid Unicode text");
	return set(nodeOid, "node-alias", alias, user.state.alias);
}
