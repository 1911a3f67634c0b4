// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-node.c - iSCSI nodes: the shared one and those of single plugins.
 */
#include "commands.h"

#include <string.h>
#include <strings.h>
#include <wchar.h>

#include "doc.h"
#include "find.h"
#include "output.h"
#include "shared/iscsi-name.h"
#include "shared/utf8.h"

static int node_read(struct context *c, const struct object *node,
		     IMA_NODE_PROPERTIES *props, bool *consistent)
{
	IMA_STATUS status = CALL(c, IMA_GetNodeProperties, node->oid, props);

	*consistent = status != IMA_STATUS_INCONSISTENT_NODE_PROPERTIES;
	if (IMA_ERROR(status))
		return failed(c, status, node->name,
			      "cannot read the properties of node %s", node->name);
	return EXIT_DONE;
}

static bool is_shared(IMA_OID oid)
{
	IMA_OID shared;

	return IMA_SUCCESS(IMA_GetSharedNodeOid(&shared)) && oid_equal(shared, oid);
}

static int node_document(struct context *c, const struct object *node,
			 struct json_object **out)
{
	IMA_NODE_PROPERTIES props;
	struct json_object *doc;
	bool consistent;
	int err = node_read(c, node, &props, &consistent);

	if (err)
		return err;
	*out = doc = doc_new();
	doc_number(doc, "number", node->number);
	doc_wide(doc, "name", props.name, props.nameValid ? IMA_NODE_NAME_LEN : 0);
	doc_wide(doc, "alias", props.alias, props.aliasValid ? IMA_NODE_ALIAS_LEN : 0);
	doc_bool(doc, "shared", is_shared(node->oid));
	doc_text(doc, "plugin", node->plugin);
	doc_bool(doc, "runningInInitiatorMode", props.runningInInitiatorMode == IMA_TRUE);
	doc_bool(doc, "runningInTargetMode", props.runningInTargetMode == IMA_TRUE);
	doc_bool(doc, "nameAndAliasSettable", props.nameAndAliasSettable == IMA_TRUE);
	doc_bool(doc, "consistent", consistent);
	if (!consistent)
		warn(c, "a plugin uses another name or alias than the shared node has");
	return EXIT_DONE;
}

/* The node --node or the argument names, the shared one without. */
static int node_get(struct context *c, const char *name, const struct object **node)
{
	const struct objects *nodes;
	int err;

	if (name && strcasecmp(name, "shared"))
		return object_get(c, IMA_OBJECT_TYPE_NODE, name, node);
	err = objects_get(c, IMA_OBJECT_TYPE_NODE, &nodes);
	if (err)
		return err;
	for (size_t i = 0; i < nodes->count; i++)
		if (is_shared(nodes->list[i].oid)) {
			*node = &nodes->list[i];
			return EXIT_DONE;
		}
	return not_found(c, IMA_OBJECT_TYPE_NODE, "shared", "there is no shared node");
}

int node_list(struct context *c)
{
	static const struct column columns[] = {
		{ "NAME", "name", NULL, 0, NULL },
		{ "ALIAS", "alias", NULL, 0, NULL },
		{ "SHARED", "shared", NULL, 0, NULL },
		{ "PLUGIN", "plugin", NULL, 0, NULL },
		{ "INITIATOR", "runningInInitiatorMode", NULL, 0, NULL },
		{ "TARGET", "runningInTargetMode", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "node-list", columns);
	const struct objects *nodes;
	struct json_object *data;
	int err = objects_get(c, IMA_OBJECT_TYPE_NODE, &nodes);

	if (err)
		return err;
	data = doc_array();
	for (size_t i = 0; i < nodes->count; i++) {
		struct json_object *doc;

		err = node_document(c, &nodes->list[i], &doc);
		if (err) {
			json_object_put(data);
			return err;
		}
		doc_push(data, doc);
	}
	return output_document(c, &view, data);
}

int node_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Name", "name", NULL, 0, NULL },
		{ "Alias", "alias", NULL, 0, NULL },
		{ "Shared", "shared", NULL, 0, NULL },
		{ "Plugin", "plugin", NULL, 0, NULL },
		{ "Running in initiator mode", "runningInInitiatorMode", NULL, 0, NULL },
		{ "Running in target mode", "runningInTargetMode", NULL, 0, NULL },
		{ "Name and alias can be set", "nameAndAliasSettable", NULL, 0, NULL },
		{ "All plugins agree", "consistent", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "node-show", columns);
	const struct object *node;
	struct json_object *doc;
	int err = node_get(c, arg(c, 0), &node);

	if (!err)
		err = node_document(c, node, &doc);
	return err ? err : output_document(c, &view, doc);
}

static int parse_name(struct context *c, const char *name, IMA_NODE_NAME wide)
{
	const char *why = "is no UTF-8";

	if (iscsi_name_check(name, &why) ||
	    utf8_to_wide(name, wide, IMA_NODE_NAME_LEN) < 0)
		return refused(c, EXIT_USAGE, "the name \"%s\" %s", name, why);
	return EXIT_DONE;
}

int node_set_name(struct context *c)
{
	const char *name = arg(c, 0);
	IMA_NODE_PROPERTIES props;
	const struct object *node;
	IMA_NODE_NAME wide;
	IMA_STATUS status;
	bool consistent, was;
	int err = parse_name(c, name, wide);

	if (!err)
		err = node_get(c, c->option[OPT_NODE], &node);
	if (!err)
		err = node_read(c, node, &props, &consistent);
	if (err)
		return err;
	was = props.nameValid && consistent && !wcscmp(props.name, wide);
	status = CALL(c, IMA_SetNodeName, node->oid, wide);
	if (IMA_ERROR(status) && !was)
		return failed(c, status, node->name, "cannot set the name %s", name);
	return output_change(c, !was, IMA_ERROR(status) ? IMA_STATUS_SUCCESS : status,
			     name, "the name is %s%s", name, was ? " already" : "");
}

static bool has_alias(const IMA_NODE_PROPERTIES *props, const IMA_WCHAR *alias)
{
	return !wcscmp(props->aliasValid ? props->alias : L"", alias);
}

static const char *again_of(const char *text)
{
	return *text ? " already" : " anyway";
}

/* An empty alias clears it; text is the alias in UTF-8. */
static int change_alias(struct context *c, const char *text, const IMA_WCHAR *alias)
{
	char *is = *text ? text_format("the alias is \"%s\"", text)
			 : text_format("there is no alias");
	const struct object *node;
	IMA_NODE_PROPERTIES props;
	IMA_STATUS status;
	bool consistent, was;
	int err = node_get(c, c->option[OPT_NODE], &node);

	keep(c, is);
	if (!err)
		err = node_read(c, node, &props, &consistent);
	if (err)
		return err;
	was = consistent && has_alias(&props, alias);
	status = CALL(c, IMA_SetNodeAlias, node->oid, *text ? alias : NULL);
	if (IMA_ERROR(status) && !was)
		return failed(c, status, node->name, "cannot change the alias");
	return output_change(c, !was, IMA_ERROR(status) ? IMA_STATUS_SUCCESS : status,
			     node->name, "%s%s", is, was ? again_of(text) : "");
}

int node_set_alias(struct context *c)
{
	const char *alias = arg(c, 0);
	IMA_NODE_ALIAS wide;

	if (!*alias)
		return refused(c, EXIT_USAGE,
			       "the alias is empty: clear-alias removes it");
	if (strlen(alias) >= IMA_NODE_ALIAS_LEN)
		return refused(c, EXIT_USAGE, "the alias is longer than %d bytes",
			       IMA_NODE_ALIAS_LEN - 1);
	if (utf8_to_wide(alias, wide, IMA_NODE_ALIAS_LEN) < 0)
		return refused(c, EXIT_USAGE, "the alias is no UTF-8");
	for (size_t i = 0; wide[i]; i++)
		if (wide[i] < 0x20 || wide[i] == 0x7f)
			return refused(c, EXIT_USAGE,
				       "the alias has a control character");
	return change_alias(c, alias, wide);
}

int node_clear_alias(struct context *c)
{
	return change_alias(c, "", L"");
}

int node_generate_name(struct context *c)
{
	static const struct view view = { .schema = "node-generate-name",
					  .layout = LAYOUT_TEXT };
	IMA_NODE_NAME name;
	IMA_STATUS status = CALL(c, IMA_GenerateNodeName, name);
	_cleanup_free_ char *text = NULL;
	struct json_object *doc;

	if (IMA_ERROR(status))
		return failed(c, status, NULL, "cannot generate a name");
	text = text_of_wide(name, IMA_NODE_NAME_LEN);
	doc = doc_new();
	doc_text(doc, "name", text);
	doc_text(doc, "text", text);
	return output_document(c, &view, doc);
}
