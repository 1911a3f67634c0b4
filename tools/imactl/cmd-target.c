// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-target.c - targets: list, show.
 */
#include "commands.h"

#include "address.h"
#include "doc.h"
#include "documents.h"
#include "find.h"
#include "output.h"

static const struct {
	IMA_TARGET_DISCOVERY_METHOD flag;
	const char *name;
} flags[] = {
	{ IMA_TARGET_DISCOVERY_METHOD_STATIC, "static" },
	{ IMA_TARGET_DISCOVERY_METHOD_SLP, "slp" },
	{ IMA_TARGET_DISCOVERY_METHOD_ISNS, "isns" },
	{ IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS, "sendtargets" },
};

static struct json_object *flags_document(IMA_UINT32 value)
{
	struct json_object *array = doc_array();

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (value & (IMA_UINT32)flags[i].flag)
			doc_push(array, doc_string(flags[i].name));
	return array;
}

struct json_object *portals_document(struct context *c, const struct target *target)
{
	_cleanup_ima_ IMA_ADDRESS_KEYS *keys = NULL;
	IMA_STATUS status = CALL(c, IMA_GetAddressKeys, target->oid, &keys);
	struct json_object *array;

	if (IMA_ERROR(status)) {
		warn_failed(c, status, target->name, "cannot read the portals of %s",
			    target->name);
		return NULL;
	}
	array = doc_array();
	for (IMA_UINT i = 0; i < keys->addressKeyCount; i++)
		doc_push(array, key_document(&keys->addressKeys[i]));
	return array;
}

/* An LHBA without any session need not be asked for each of a thousand targets. */
static bool is_without_sessions(struct context *c, const struct object *lhba)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;

	if (c->asked_for_sessions != lhba) {
		c->asked_for_sessions = lhba;
		c->has_sessions = CALL(c, IMA_GetSessionOidList, lhba->oid, &list) ||
				  list->oidCount;
	}
	return !c->has_sessions;
}

/* Null if the initiator does not tell. */
static void count_sessions(struct context *c, struct json_object *doc,
			   const struct target *target)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;

	if (is_without_sessions(c, target->lhba))
		doc_number(doc, "sessions", 0);
	else if (CALL(c, IMA_GetSessionOidList, target->oid, &list))
		doc_null(doc, "sessions");
	else
		doc_number(doc, "sessions", list->oidCount);
}

struct json_object *target_document(struct context *c, const struct target *target)
{
	const IMA_TARGET_PROPERTIES *props = &target->properties;
	struct json_object *doc = doc_new();

	doc_text(doc, "name", target->name);
	doc_wide(doc, "alias", props->alias, IMA_NODE_ALIAS_LEN);
	doc_text(doc, "lhba", target->lhba->name);
	doc_text(doc, "plugin", target->lhba->plugin);
	doc_add(doc, "portals", portals_document(c, target));
	doc_add(doc, "discoveryMethods", flags_document(props->discoveryMethodFlags));
	count_sessions(c, doc, target);
	doc_bool(doc, "sendTargetsDiscoveryEnabled",
		 props->sendTargetsDiscoveryEnabled == IMA_TRUE);
	doc_bool(doc, "sendTargetsDiscoverySettable",
		 props->sendTargetsDiscoverySettable == IMA_TRUE);
	return doc;
}

const struct column target_columns[] = {
	{ "NAME", "name", NULL, 0, NULL },
	{ "PORTALS", "portals", format_address, 0, NULL },
	{ "DISCOVERED BY", "discoveryMethods", NULL, 0, NULL },
	{ "SESSIONS", "sessions", NULL, COLUMN_RIGHT, NULL },
	{ "LHBA", "lhba", NULL, 0, NULL },
	{ "ALIAS", "alias", NULL, 0, NULL },
};
const size_t target_columns_count = ARRAY_SIZE(target_columns);

static const struct view list_view = VIEW(
	LAYOUT_TABLE, "target-list", target_columns,
	.empty = "no target is known: imactl discovery add ADDRESS, then "
		 "discovery run");

static int push_target(struct context *c, const struct target *target, void *data)
{
	output_row(c, &list_view, data, target_document(c, target));
	return EXIT_DONE;
}

int target_list(struct context *c)
{
	struct json_object *data = doc_array();
	int err = targets_each(c, push_target, data);

	if (!err)
		return output_document(c, &list_view, data);
	json_object_put(data);
	return err;
}

/* --- show ------------------------------------------------------------------------------ */

static void add_node(struct context *c, struct json_object *doc, IMA_OID oid)
{
	IMA_NODE_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetNodeProperties, oid, &props)))
		doc_null(doc, "node");
	else
		doc_wide(doc, "node", props.name, IMA_NODE_NAME_LEN);
}

static int show_document(struct context *c, const struct target *target,
			 struct json_object *doc)
{
	struct json_object *part = NULL;
	int err = params_document(c, target->lhba, target, &part);

	add_node(c, doc, target->properties.associatedNodeOid);
	doc_add(doc, "params", part);
	if (err || !given(c, OPT_LUS))
		return err;
	part = NULL;
	err = lus_document(c, target, false, &part);
	doc_add(doc, "lus", part);
	return err;
}

int target_show(struct context *c)
{
	static const struct column columns[] = {
		{ "Name", "name", NULL, 0, NULL },
		{ "Alias", "alias", NULL, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "Node", "node", NULL, 0, NULL },
		{ "Portals", "portals", format_address, 0, NULL },
		{ "Discovered by", "discoveryMethods", NULL, 0, NULL },
		{ "SendTargets through this target", "sendTargetsDiscoveryEnabled", NULL,
		  0, NULL },
		{ "Sessions", "sessions", NULL, 0, NULL },
		{ "Login keys", "params", NULL, 0, &params_view },
		{ "Logical units", "lus", NULL, 0, &lus_view },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "target-show", columns);
	struct target target;
	struct json_object *doc;
	int err = target_get(c, arg(c, 0), &target);

	if (err)
		return err;
	doc = target_document(c, &target);
	err = show_document(c, &target, doc);
	if (!err)
		return output_document(c, &view, doc);
	json_object_put(doc);
	return err;
}

/* --- rescan ------------------------------------------------------------------------------ */

struct rescan {
	size_t found, appeared, gone;
};

static bool has_oid(const IMA_OID_LIST *list, IMA_OID oid)
{
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		if (oid_equal(list->oids[i], oid))
			return true;
	return false;
}

/* How many of list are not in the other one. */
static size_t missing(const IMA_OID_LIST *list, const IMA_OID_LIST *other)
{
	size_t n = 0;

	for (IMA_UINT i = 0; i < list->oidCount; i++)
		n += !has_oid(other, list->oids[i]);
	return n;
}

/* A target, or all of an LHBA. */
static int rescan_one(struct context *c, IMA_OID oid, const char *name,
		      struct rescan *rescan)
{
	_cleanup_ima_ IMA_OID_LIST *before = NULL, *after = NULL;
	IMA_STATUS status = CALL(c, IMA_GetLuOidList, oid, &before);

	if (!IMA_ERROR(status))
		status = CALL(c, IMAX_RescanTarget, oid);
	if (IMA_ERROR(status))
		return failed(c, status, name, "cannot ask %s for its logical units",
			      name);
	status = CALL(c, IMA_GetLuOidList, oid, &after);
	if (IMA_ERROR(status))
		return failed(c, status, name, "cannot list the logical units of %s",
			      name);
	rescan->found += after->oidCount;
	rescan->appeared += missing(after, before);
	rescan->gone += missing(before, after);
	return EXIT_DONE;
}

static int rescan_lhbas(struct context *c, struct rescan *rescan)
{
	const struct object **lhbas;
	size_t count;
	int err = lhbas_get(c, &lhbas, &count);

	for (size_t i = 0; !err && i < count; i++)
		err = rescan_one(c, lhbas[i]->oid, lhbas[i]->name, rescan);
	return err;
}

int target_rescan(struct context *c)
{
	struct rescan rescan = { 0 };
	struct target target = { 0 };
	int err;

	if (arg(c, 0)) {
		err = target_get(c, arg(c, 0), &target);
		if (!err)
			err = rescan_one(c, target.oid, target.name, &rescan);
	} else {
		err = rescan_lhbas(c, &rescan);
	}
	if (err)
		return err;
	return output_change(c, rescan.appeared || rescan.gone, IMA_STATUS_SUCCESS,
			     target.name,
			     "%s asked: logical units exposed %zu, new %zu, gone %zu",
			     target.name ? target.name : "all targets", rescan.found,
			     rescan.appeared, rescan.gone);
}
