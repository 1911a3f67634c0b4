// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * node.c - the nodes of the plugin: names and aliases.
 */
#include <string.h>
#include <wchar.h>

#include "settings.h"
#include "shared/cleanup.h"

static const IMA_OID shared_node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

/* Text that is one character too long, or much too long. */
static void fill(wchar_t *text, size_t count)
{
	wmemset(text, L'a', count - 1);
	wmemcpy(text, L"iqn.2026-01.org.example:", wcslen(L"iqn.2026-01.org.example:"));
	text[count - 1] = 0;
}

static void check_name_refused(struct run *run, IMA_OID node, const wchar_t *name,
			       IMA_STATUS expected, const char *what)
{
	IMA_STATUS status = CALL(run, IMA_SetNodeName, node, node, name);

	check(run, FN_IMA_SetNodeName, RULE_RANGE, status == expected, node,
	      "%s answered %s, not %s", what, IMAX_StatusName(status),
	      IMAX_StatusName(expected));
}

static void check_refusals(struct run *run, IMA_OID node)
{
	wchar_t name[226], alias[258];
	IMA_STATUS status;

	fill(name, 225);
	fill(alias, 257);
	check_name_refused(run, node, name, IMA_ERROR_NAME_TOO_LONG,
			   "a name of 224 bytes");
	check_name_refused(run, node, L"", IMA_ERROR_INVALID_PARAMETER, "an empty name");
	check_name_refused(run, node, L"no iscsi name", IMA_ERROR_INVALID_PARAMETER,
			   "a name that is no iSCSI name");
	status = CALL(run, IMA_SetNodeAlias, node, node, alias);
	check(run, FN_IMA_SetNodeAlias, RULE_RANGE, status == IMA_ERROR_NAME_TOO_LONG,
	      node, "an alias of 256 bytes answered %s", IMAX_StatusName(status));
}

static void check_name_set(struct run *run, IMA_OID node, const IMA_NODE_PROPERTIES *was)
{
	static const wchar_t name[] = L"iqn.2026-01.org.example:conformance";
	IMA_NODE_PROPERTIES is;
	IMA_STATUS status = CALL(run, IMA_SetNodeName, node, node, name);

	check(run, FN_IMA_SetNodeName, RULE_SETS, IMA_SUCCESS(status), node,
	      "answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(IMA_GetNodeProperties(node, &is)))
		check(run, FN_IMA_SetNodeName, RULE_SETS,
		      is.nameValid && !wcscmp(is.name, name), node,
		      "the name that was set is not the name it has");
	if (was->nameValid)
		IMA_SetNodeName(node, was->name);
}

static void check_alias_set(struct run *run, IMA_OID node, const IMA_NODE_PROPERTIES *was)
{
	static const wchar_t alias[] = L"conformance";
	IMA_NODE_PROPERTIES is;
	IMA_STATUS status = CALL(run, IMA_SetNodeAlias, node, node, alias);

	check(run, FN_IMA_SetNodeAlias, RULE_SETS, IMA_SUCCESS(status), node,
	      "answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(IMA_GetNodeProperties(node, &is)))
		check(run, FN_IMA_SetNodeAlias, RULE_SETS,
		      is.aliasValid && !wcscmp(is.alias, alias), node,
		      "the alias that was set is not the alias it has");
	status = CALL(run, IMA_SetNodeAlias, node, node, NULL);
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(IMA_GetNodeProperties(node, &is)))
		check(run, FN_IMA_SetNodeAlias, RULE_SETS, !is.aliasValid, node,
		      "NULL did not delete the alias");
	if (was->aliasValid)
		IMA_SetNodeAlias(node, was->alias);
}

static void check_fixed(struct run *run, IMA_OID node, const IMA_NODE_PROPERTIES *was)
{
	IMA_STATUS status = CALL(run, IMA_SetNodeAlias, node, node, L"conformance");

	check(run, FN_IMA_SetNodeAlias, RULE_NOT_SETTABLE,
	      status == IMA_ERROR_NOT_SUPPORTED, node, "answered %s",
	      IMAX_StatusName(status));
	if (!was->nameValid)
		return;
	status = CALL(run, IMA_SetNodeName, node, node, was->name);
	check(run, FN_IMA_SetNodeName, RULE_NOT_SETTABLE,
	      status == IMA_ERROR_NOT_SUPPORTED, node, "answered %s",
	      IMAX_StatusName(status));
}

static void check_node_settings(struct run *run, IMA_OID node)
{
	IMA_NODE_PROPERTIES was;

	if (IMA_ERROR(IMA_GetNodeProperties(node, &was)))
		return;
	check_refusals(run, node);
	if (!was.nameAndAliasSettable) {
		check_fixed(run, node, &was);
		return;
	}
	if (!run->options.destructive) {
		unchecked(run, FN_IMA_SetNodeName, RULE_SETS, "needs --destructive");
		unchecked(run, FN_IMA_SetNodeAlias, RULE_SETS, "needs --destructive");
		return;
	}
	check_name_set(run, node, &was);
	check_alias_set(run, node, &was);
}

void check_node(struct run *run)
{
	IMA_OID unknown = unknown_object(run, IMA_OBJECT_TYPE_NODE);
	IMA_NODE_PROPERTIES props;
	IMA_STATUS status = CALL(run, IMA_GetNodeProperties, shared_node, shared_node,
				 &props);

	check(run, FN_IMA_GetNodeProperties, RULE_COHERENT, status == IMA_STATUS_SUCCESS,
	      shared_node, "the shared node answered %s", IMAX_StatusName(status));
	status = CALL(run, IMA_SetNodeName, unknown, unknown,
		      L"iqn.2026-01.org.example:x");
	check_unknown(run, FN_IMA_SetNodeName, unknown, status);
	status = CALL(run, IMA_SetNodeAlias, unknown, unknown, L"x");
	check_unknown(run, FN_IMA_SetNodeAlias, unknown, status);
	check_node_settings(run, shared_node);
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_NODE); i++)
		check_node_settings(run, run->objects[IMA_OBJECT_TYPE_NODE].oid[i]);
}

/* --- As settings that last: the alias, and the name --- */

static enum function_index node_function(size_t which)
{
	return which ? FN_IMA_SetNodeName : FN_IMA_SetNodeAlias;
}

static void put_text(struct setting_value *value, const wchar_t *text)
{
	value->size = (wcsnlen(text, IMA_NODE_ALIAS_LEN - 1) + 1) * sizeof(*text);
	memset(value->bytes, 0, sizeof(value->bytes));
	memcpy(value->bytes, text, value->size);
}

static bool node_read(size_t which, IMA_OID node, struct setting_value *value)
{
	IMA_NODE_PROPERTIES props;

	if (IMA_ERROR(IMA_GetNodeProperties(node, &props)))
		return false;
	put_text(value, which ? props.name : props.alias);
	return which ? props.nameValid : true;
}

static bool node_alter(size_t which, IMA_OID node, struct setting_value *value)
{
	(void)node;
	put_text(value, which ? L"iqn.2026-01.org.example:conformance.lasting"
			      : L"conformance, lasting");
	return true;
}

static IMA_STATUS node_set(size_t which, IMA_OID node, const struct setting_value *value)
{
	wchar_t text[IMA_NODE_ALIAS_LEN];

	memcpy(text, value->bytes, sizeof(text));
	return which ? IMA_SetNodeName(node, text) : IMA_SetNodeAlias(node, text);
}

const struct settings node_settings = { 2, node_function, node_read, node_alter,
					node_set };
