// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-node.c - the shared node, as far as this plugin has it, and nodes of its own.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "plugin-support/field.h"
#include "shared/iscsi-name.h"
#include "shared/utf8.h"
#include "sim.h"

#define WIDE_MAX 65536 /* a text that is longer is not terminated */

static IMA_STATUS get_properties(const struct node *node, IMA_NODE_PROPERTIES *properties)
{
	memset(properties, 0, sizeof(*properties));
	properties->runningInInitiatorMode = node->now.initiator;
	properties->runningInTargetMode = node->now.target;
	properties->nameValid = node->now.name[0] != 0;
	FIELD_SET(properties->name, node->now.name);
	properties->aliasValid = node->now.alias[0] != 0;
	FIELD_SET(properties->alias, node->now.alias);
	properties->nameAndAliasSettable = node->now.settable;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetNodeProperties(IMA_OID nodeOid, IMA_NODE_PROPERTIES *pProps)
{
	return CALL(IMA_GetNodeProperties, nodeOid, NODE,
		    get_properties((struct node *)call.object, pProps));
}

/* Wide text into UTF-8 of at most size - 1 bytes; the rest of out is zeros. */
static IMA_STATUS take_text(const IMA_WCHAR *wide, char *out, size_t size)
{
	int n;

	memset(out, 0, size);
	n = utf8_from_wide(wide, WIDE_MAX, out, size);
	if (n == -ENAMETOOLONG)
		return fails(IMA_ERROR_NAME_TOO_LONG,
			     "the name has more than %zu bytes in UTF-8", size - 1);
	return n < 0 ? fails(IMA_ERROR_INVALID_PARAMETER, "the name is not Unicode")
		     : IMA_STATUS_SUCCESS;
}

static IMA_STATUS check_settable(const struct node *node)
{
	if (node->now.settable)
		return IMA_STATUS_SUCCESS;
	return fails(IMA_ERROR_NOT_SUPPORTED,
		     "name and alias of this node cannot be set");
}

static IMA_STATUS set_name(struct model *model, struct node *node, const IMA_WCHAR *wide)
{
	bool later = node->now.reboot & REBOOT_NAME;
	IMA_STATUS status = check_settable(node);
	const char *why;
	char name[224];

	if (status == IMA_STATUS_SUCCESS)
		status = take_text(wide, name, sizeof(name));
	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (iscsi_name_check(name, &why) < 0)
		return fails(IMA_ERROR_INVALID_PARAMETER, "'%s' %s", name, why);
	object_store_at(model, &node->object, offsetof(struct node_values, name), name,
			later);
	return done(later);
}

IMA_STATUS IMA_SetNodeName(IMA_OID nodeOid, const IMA_WCHAR *newName)
{
	return CALL(IMA_SetNodeName, nodeOid, NODE,
		    set_name(call.model, (struct node *)call.object, newName));
}

static IMA_STATUS set_alias(struct model *model, struct node *node, const IMA_WCHAR *wide)
{
	bool later = node->now.reboot & REBOOT_ALIAS;
	IMA_STATUS status = check_settable(node);
	char alias[256];

	if (status == IMA_STATUS_SUCCESS)
		status = take_text(wide ? wide : L"", alias, sizeof(alias));
	if (status != IMA_STATUS_SUCCESS)
		return status;
	object_store_at(model, &node->object, offsetof(struct node_values, alias), alias,
			later);
	return done(later);
}

IMA_STATUS IMA_SetNodeAlias(IMA_OID nodeOid, const IMA_WCHAR *newAlias)
{
	return CALL(IMA_SetNodeAlias, nodeOid, NODE,
		    set_alias(call.model, (struct node *)call.object, newAlias));
}

static bool is_own(const struct object *object)
{
	return strcmp(object->identity->name, "shared") != 0;
}

IMA_STATUS IMA_GetNonSharedNodeOidList(IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetNonSharedNodeOidList, NO_OID, 0,
		    list_objects(&call.model->roots[KIND_NODE], is_own, ppList));
}
