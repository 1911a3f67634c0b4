// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-static.c - statically configured targets.
 */
#include "commands.h"

#include <string.h>
#include <strings.h>

#include "address.h"
#include "doc.h"
#include "find.h"
#include "output.h"
#include "shared/iscsi-name.h"
#include "shared/utf8.h"

typedef int (*each_fn)(struct context *c, const struct object *lhba, IMA_OID oid,
		       const IMA_STATIC_DISCOVERY_TARGET *entry, void *data);

static int each_static(struct context *c, const struct object *lhba, each_fn each,
		       void *data)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, IMA_GetStaticDiscoveryTargetOidList, lhba->oid,
				 &list);
	int err = EXIT_DONE;

	if (IMA_ERROR(status))
		return failed(c, status, lhba->name,
			      "cannot list the static targets of %s", lhba->name);
	for (IMA_UINT i = 0; !err && i < list->oidCount; i++) {
		IMA_STATIC_DISCOVERY_TARGET_PROPERTIES props;

		status = CALL(c, IMA_GetStaticDiscoveryTargetProperties, list->oids[i],
			      &props);
		if (IMA_SUCCESS(status))
			err = each(c, lhba, list->oids[i], &props.staticTarget, data);
		else if (status != IMA_ERROR_OBJECT_NOT_FOUND)
			warn_failed(c, status, NULL, "cannot read a static target of %s",
				    lhba->name);
	}
	return err;
}

static int push_static(struct context *c, const struct object *lhba, IMA_OID oid,
		       const IMA_STATIC_DISCOVERY_TARGET *entry, void *data)
{
	struct json_object *doc = doc_new();

	(void)c, (void)oid;
	doc_wide(doc, "target", entry->targetName, IMA_NODE_NAME_LEN);
	doc_add(doc, "address", address_document(&entry->targetAddress));
	doc_text(doc, "lhba", lhba->name);
	doc_push(data, doc);
	return EXIT_DONE;
}

int static_list(struct context *c)
{
	static const struct column columns[] = {
		{ "TARGET", "target", NULL, 0, NULL },
		{ "ADDRESS", "address", format_address, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
	};
	static const struct view view = VIEW(
		LAYOUT_TABLE, "static-list", columns,
		.empty = "there is no static target: imactl static add TARGET ADDRESS");
	struct json_object *data = doc_array();
	const struct object **lhbas;
	size_t count;
	int err = lhbas_get(c, &lhbas, &count);

	for (size_t i = 0; !err && i < count; i++) {
		err = each_static(c, lhbas[i], push_static, data);
		if (err == EXIT_NOT_SUPPORTED && count > 1)
			err = c->failure.exit = EXIT_DONE;
	}
	if (!err)
		return output_document(c, &view, data);
	json_object_put(data);
	return err;
}

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

/* The entries that are what was typed. */
struct matches {
	const struct wanted *wanted;
	IMA_OID *oids;
	size_t count;
};

static int match_static(struct context *c, const struct object *lhba, IMA_OID oid,
			const IMA_STATIC_DISCOVERY_TARGET *entry, void *data)
{
	struct matches *matches = data;

	(void)c, (void)lhba;
	if (!is_wanted(entry, matches->wanted))
		return EXIT_DONE;
	matches->oids = reallocarray(matches->oids, matches->count + 1, sizeof(IMA_OID));
	if (!matches->oids)
		out_of_memory();
	matches->oids[matches->count++] = oid;
	return EXIT_DONE;
}

static int find_wanted(struct context *c, struct wanted *wanted,
		       const struct object **lhba, struct matches *matches)
{
	int err = parse(c, wanted);

	matches->wanted = wanted;
	if (!err)
		err = lhba_get(c, lhba);
	if (!err)
		err = each_static(c, *lhba, match_static, matches);
	return err;
}

int static_add(struct context *c)
{
	struct wanted wanted = { 0 };
	struct matches matches = { 0 };
	const struct object *lhba;
	IMA_STATUS status;
	int err = find_wanted(c, &wanted, &lhba, &matches);

	free(matches.oids);
	if (err)
		return err;
	if (matches.count)
		return output_change(c, false, IMA_STATUS_SUCCESS, wanted.name,
				     "%s at %s is a static target of %s already",
				     wanted.name, wanted.text, lhba->name);
	status = CALL(c, IMA_AddStaticDiscoveryTarget, lhba->oid, wanted.entry, NULL);
	if (IMA_ERROR(status))
		return failed(c, status, wanted.name,
			      "cannot add the static target %s at %s", wanted.name,
			      wanted.text);
	return output_change(c, true, status, wanted.name,
			     "%s at %s is now a static target of %s", wanted.name,
			     wanted.text, lhba->name);
}

static int remove_all(struct context *c, const struct wanted *wanted,
		      const struct object *lhba, const struct matches *matches)
{
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	for (size_t i = 0; i < matches->count; i++) {
		IMA_STATUS one = CALL(c, IMA_RemoveStaticDiscoveryTarget,
				      matches->oids[i]);

		if (IMA_ERROR(one))
			return failed(c, one, wanted->name,
				      "cannot remove the static target %s of %s",
				      wanted->name, lhba->name);
		if (one)
			status = one;
	}
	return output_change(c, true, status, wanted->name,
			     "%s%s%s is no longer a static target of %s", wanted->name,
			     wanted->text ? " at " : "", wanted->text ? wanted->text : "",
			     lhba->name);
}

int static_remove(struct context *c)
{
	struct wanted wanted = { 0 };
	struct matches matches = { 0 };
	const struct object *lhba;
	int err = find_wanted(c, &wanted, &lhba, &matches);

	if (!err && !matches.count)
		err = output_change(c, false, IMA_STATUS_SUCCESS, wanted.name,
				    "%s is no static target of %s: nothing to remove",
				    wanted.name, lhba->name);
	else if (!err)
		err = remove_all(c, &wanted, lhba, &matches);
	free(matches.oids);
	return err;
}
