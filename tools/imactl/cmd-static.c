// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-static.c - statically configured targets.
 */
#include "commands.h"

#include <stdlib.h>
#include <strings.h>

#include "address.h"
#include "doc.h"
#include "find.h"
#include "keeper.h"
#include "output.h"
#include "shared/iscsi-name.h"
#include "shared/utf8.h"

#define WHAT "static targets"

/* An entry as it is configured. */
struct entry {
	const struct keeper *keeper;
	IMA_OID oid;
	IMA_STATIC_DISCOVERY_TARGET target;
};

struct entries {
	const struct wanted *wanted;
	struct entry *list;
	size_t count;
};

static void entries_free(struct entries *entries)
{
	free(entries->list);
}
#define _cleanup_entries_ _cleanup_(entries_free)

/* What was typed. */
struct wanted {
	const char *name;
	IMA_STATIC_DISCOVERY_TARGET entry;
	bool has_address;
	char *text; /* of the entry, for messages; kept */
};

static int parse(struct context *c, struct wanted *wanted)
{
	const char *why = "is no UTF-8";

	wanted->name = arg(c, 0);
	if (iscsi_name_check(wanted->name, &why) ||
	    utf8_to_wide(wanted->name, wanted->entry.targetName, IMA_NODE_NAME_LEN) < 0)
		return refused(c, EXIT_USAGE, "the target name \"%s\" %s", wanted->name,
			       why);
	wanted->has_address = arg(c, 1);
	if (!wanted->has_address)
		return EXIT_DONE;
	why = address_parse(arg(c, 1), &wanted->entry.targetAddress);
	if (why)
		return refused(c, EXIT_USAGE, "the address \"%s\" %s", arg(c, 1), why);
	wanted->text = address_text(&wanted->entry.targetAddress);
	keep(c, wanted->text);
	return EXIT_DONE;
}

static bool is_wanted(const IMA_STATIC_DISCOVERY_TARGET *entry,
		      const struct wanted *wanted)
{
	_cleanup_free_ char *name = text_of_wide(entry->targetName, IMA_NODE_NAME_LEN);

	return !strcasecmp(name, wanted->name) &&
	       (!wanted->has_address ||
		address_equal(&entry->targetAddress, &wanted->entry.targetAddress));
}

/* Adds an entry if it is wanted; NULL: any is. */
static int collect_one(struct context *c, const struct keeper *keeper, IMA_OID oid,
		       void *user)
{
	struct entries *entries = user;
	IMA_STATIC_DISCOVERY_TARGET_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetStaticDiscoveryTargetProperties, oid, &props);

	if (IMA_ERROR(status) && status != IMA_ERROR_OBJECT_NOT_FOUND)
		warn_failed(c, status, NULL, "cannot read a static target of %s",
			    keeper->object->name);
	if (IMA_ERROR(status) ||
	    (entries->wanted && !is_wanted(&props.staticTarget, entries->wanted)))
		return EXIT_DONE;
	entries->list = reallocarray(entries->list, entries->count + 1,
				     sizeof(*entries->list));
	if (!entries->list)
		out_of_memory();
	entries->list[entries->count++] = (struct entry){ keeper, oid,
							  props.staticTarget };
	return EXIT_DONE;
}

static int collect(struct context *c, const struct keeper *keeper,
		   const struct wanted *wanted, struct entries *entries)
{
	entries->wanted = wanted;
	return keeper_each(c, keeper, IMA_GetStaticDiscoveryTargetOidList, WHAT,
			   collect_one, entries);
}

static int collect_all(struct context *c, const struct wanted *wanted,
		       struct entries *entries)
{
	entries->wanted = wanted;
	return keepers_each(c, IMA_GetStaticDiscoveryTargetOidList, WHAT, collect_one,
			    entries);
}

static struct json_object *entry_document(const struct entry *entry)
{
	struct json_object *doc = doc_new();

	doc_wide(doc, "target", entry->target.targetName, IMA_NODE_NAME_LEN);
	doc_add(doc, "address", address_document(&entry->target.targetAddress));
	keeper_document(doc, entry->keeper);
	return doc;
}

int static_list(struct context *c)
{
	static const struct column columns[] = {
		{ "TARGET", "target", NULL, 0, NULL },
		{ "ADDRESS", "address", format_address, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "PORT", "pnp", NULL, 0, NULL },
	};
	static const struct view view = VIEW(
		LAYOUT_TABLE, "static-list", columns,
		.empty = "there is no static target: imactl static add TARGET ADDRESS");
	struct entries _cleanup_entries_ entries = { 0 };
	struct json_object *data;
	int err = collect_all(c, NULL, &entries);

	if (err)
		return err;
	data = doc_array();
	for (size_t i = 0; i < entries.count; i++)
		doc_push(data, entry_document(&entries.list[i]));
	return output_document(c, &view, data);
}

int static_add(struct context *c)
{
	struct entries _cleanup_entries_ entries = { 0 };
	struct wanted wanted = { 0 };
	const struct keeper *keeper;
	const char *name;
	IMA_STATUS status;
	int err = parse(c, &wanted);

	if (!err)
		err = keeper_get(c, IMA_GetStaticDiscoveryTargetOidList, WHAT, &keeper);
	if (!err)
		err = collect(c, keeper, &wanted, &entries);
	if (err)
		return err;
	name = keeper->object->name;
	if (entries.count)
		return output_change(c, false, IMA_STATUS_SUCCESS, wanted.name,
				     "%s at %s is a static target of %s already",
				     wanted.name, wanted.text, name);
	status = CALL(c, IMA_AddStaticDiscoveryTarget, keeper->object->oid, wanted.entry,
		      NULL);
	if (IMA_ERROR(status))
		return failed(c, status, wanted.name,
			      "cannot add the static target %s at %s", wanted.name,
			      wanted.text);
	return output_change(c, true, status, wanted.name,
			     "%s at %s is now a static target of %s", wanted.name,
			     wanted.text, name);
}

static int remove_entries(struct context *c, const struct wanted *wanted,
			  const struct entries *entries)
{
	const char *name = entries->list[0].keeper->object->name;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	for (size_t i = 0; i < entries->count; i++) {
		IMA_STATUS one = CALL(c, IMA_RemoveStaticDiscoveryTarget,
				      entries->list[i].oid);

		if (IMA_ERROR(one))
			return failed(c, one, wanted->name,
				      "cannot remove the static target %s of %s",
				      wanted->name, name);
		if (one)
			status = one;
	}
	return output_change(c, true, status, wanted->name,
			     "%s%s%s is no longer a static target of %s", wanted->name,
			     wanted->text ? " at " : "", wanted->text ? wanted->text : "",
			     name);
}

/* Entries of several keepers are not removed by accident. */
static int check_one_keeper(struct context *c, const struct wanted *wanted,
			    const struct entries *entries)
{
	for (size_t i = 1; i < entries->count; i++)
		if (entries->list[i].keeper != entries->list[0].keeper)
			return refused(
				c, EXIT_USAGE,
				"%s is a static target of %s and of %s: choose with "
				"--lhba or --pnp",
				wanted->name, entries->list[0].keeper->object->name,
				entries->list[i].keeper->object->name);
	return EXIT_DONE;
}

int static_remove(struct context *c)
{
	struct entries _cleanup_entries_ entries = { 0 };
	struct wanted wanted = { 0 };
	int err = parse(c, &wanted);

	if (!err)
		err = collect_all(c, &wanted, &entries);
	if (!err && !entries.count)
		return output_change(c, false, IMA_STATUS_SUCCESS, wanted.name,
				     "%s%s%s is no static target: nothing to remove",
				     wanted.name, wanted.text ? " at " : "",
				     wanted.text ? wanted.text : "");
	if (!err)
		err = check_one_keeper(c, &wanted, &entries);
	return err ? err : remove_entries(c, &wanted, &entries);
}
