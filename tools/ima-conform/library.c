// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * library.c - the functions the library answers alone, and what it says about the plugin.
 */
#include <string.h>
#include <wchar.h>

#include "check.h"
#include "shared/cleanup.h"

static const IMA_OID nothing;

static void check_memory(struct run *run)
{
	IMA_STATUS status = CALL(run, IMA_FreeMemory, nothing, NULL);

	check(run, FN_IMA_FreeMemory, RULE_REPEAT, status == IMA_STATUS_SUCCESS, nothing,
	      "releasing NULL answered %s", IMAX_StatusName(status));
}

static void check_generated_name(struct run *run)
{
	IMA_NODE_NAME first, second;

	wmemset(first, L'x', ARRAY_SIZE(first));
	if (IMA_ERROR(CALL(run, IMA_GenerateNodeName, nothing, first)) ||
	    IMA_ERROR(CALL(run, IMA_GenerateNodeName, nothing, second)))
		return;
	check(run, FN_IMA_GenerateNodeName, RULE_TEXT,
	      wcsnlen(first, ARRAY_SIZE(first)) < ARRAY_SIZE(first) &&
		      !wcsncmp(first, L"iqn.", 4),
	      nothing, "the name is not an iqn");
	check(run, FN_IMA_GenerateNodeName, RULE_STABLE, !wcscmp(first, second), nothing,
	      "the second name differs from the first");
}

static void check_properties(struct run *run)
{
	IMA_LIBRARY_PROPERTIES props;

	if (IMA_ERROR(CALL(run, IMA_GetLibraryProperties, nothing, &props)))
		return;
	check(run, FN_IMA_GetLibraryProperties, RULE_COHERENT,
	      props.supportedImaVersion == 1, nothing, "supportedImaVersion is %lu",
	      props.supportedImaVersion);
}

static void check_owner(struct run *run, IMA_OID oid)
{
	IMA_OBJECT_TYPE type = IMA_OBJECT_TYPE_UNKNOWN;
	IMA_OID plugin = { 0 };

	CALL(run, IMA_GetObjectType, oid, oid, &type);
	check(run, FN_IMA_GetObjectType, RULE_COHERENT, type == oid.objectType, oid,
	      "its type is said to be %s", object_type_name(type));
	CALL(run, IMA_GetAssociatedPluginOid, oid, oid, &plugin);
	check(run, FN_IMA_GetAssociatedPluginOid, RULE_COHERENT,
	      same_object(plugin, run->plugin), oid, "its plugin is said to be %s",
	      object_text(plugin));
}

static void check_shared_node(struct run *run)
{
	static const IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMA_OID oid = { 0 };

	CALL(run, IMA_GetSharedNodeOid, nothing, &oid);
	check(run, FN_IMA_GetSharedNodeOid, RULE_COHERENT, same_object(oid, shared),
	      nothing, "it is %s", object_text(oid));
}

static void check_plugins(struct run *run)
{
	IMA_OID_LIST *list = NULL;
	bool found = false;

	if (IMA_ERROR(CALL(run, IMA_GetPluginOidList, nothing, &list)))
		return;
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		found |= same_object(list->oids[i], run->plugin);
	check(run, FN_IMA_GetPluginOidList, RULE_LIST_MEMBER, found, nothing,
	      "%s is not in the list", object_text(run->plugin));
	IMA_FreeMemory(list);
}

void check_library(struct run *run)
{
	check_memory(run);
	check_generated_name(run);
	check_properties(run);
	check_shared_node(run);
	check_plugins(run);
	for (IMA_OBJECT_TYPE type = 1; type < OBJECT_TYPES; type++)
		for (size_t i = 0; i < sample_count(run, type); i++)
			check_owner(run, run->objects[type].oid[i]);
}
