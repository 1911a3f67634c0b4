// SPDX-License-Identifier: LGPL-2.1-or-later
/* node-plugin.c - a plugin with a node that says what it is told to. */
#include "node-plugin.h"

#include "ima-plugin.h"

struct node_plugin node_plugin = { .takes_over = 1 };

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	(void)ownerId;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetNodeProperties(IMA_OID nodeOid, IMA_NODE_PROPERTIES *pProps)
{
	node_plugin.oid = nodeOid;
	if (!IMA_ERROR(node_plugin.get_status))
		*pProps = node_plugin.answer;
	return node_plugin.get_status;
}

IMA_STATUS IMA_SetNodeName(IMA_OID nodeOid, const IMA_WCHAR *newName)
{
	node_plugin.oid = nodeOid;
	node_plugin.names++;
	wcsncpy(node_plugin.name, newName, IMA_NODE_ALIAS_LEN - 1);
	if (node_plugin.takes_over && !IMA_ERROR(node_plugin.set_status)) {
		node_plugin.answer.nameValid = IMA_TRUE;
		wcsncpy(node_plugin.answer.name, newName, IMA_NODE_NAME_LEN - 1);
	}
	return node_plugin.set_status;
}

IMA_STATUS IMA_SetNodeAlias(IMA_OID nodeOid, const IMA_WCHAR *newAlias)
{
	node_plugin.oid = nodeOid;
	node_plugin.aliases++;
	node_plugin.alias_was_null = !newAlias;
	wcsncpy(node_plugin.alias, newAlias ? newAlias : L"", IMA_NODE_ALIAS_LEN - 1);
	if (node_plugin.takes_over && !IMA_ERROR(node_plugin.set_status)) {
		node_plugin.answer.aliasValid = newAlias != NULL;
		wcsncpy(node_plugin.answer.alias, newAlias ? newAlias : L"",
			IMA_NODE_ALIAS_LEN - 1);
	}
	return node_plugin.set_status;
}
