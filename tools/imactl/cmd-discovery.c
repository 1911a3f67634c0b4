// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-discovery.c - discovery methods, discovery addresses, and discovering now.
 */
#include "commands.h"

#include <string.h>
#include <strings.h>

#include "address.h"
#include "command.h"
#include "doc.h"
#include "documents.h"
#include "find.h"
#include "keeper.h"
#include "output.h"

/* --- methods ------------------------------------------------------------------------- */

static const struct {
	const char *name;
	IMA_ISNS_DISCOVERY_METHOD method;
} isns_methods[] = {
	{ "static", IMA_ISNS_DISCOVERY_METHOD_STATIC },
	{ "dhcp", IMA_ISNS_DISCOVERY_METHOD_DHCP },
	{ "slp", IMA_ISNS_DISCOVERY_METHOD_SLP },
};

static const char *isns_method_text(IMA_ISNS_DISCOVERY_METHOD method)
{
	for (size_t i = 0; i < ARRAY_SIZE(isns_methods); i++)
		if (isns_methods[i].method == method)
			return isns_methods[i].name;
	return NULL;
}

/* A method: where its state is in the properties, and how it is switched. */
struct method {
	const char *name;
	size_t settable, enabled; /* offsets */
	IMA_STATUS (*set)(IMA_OID oid, IMA_BOOL enable);
};

static const struct method methods[] = {
	{ "sendtargets", offsetof(IMA_DISCOVERY_PROPERTIES, sendTargetsDiscoverySettable),
	  offsetof(IMA_DISCOVERY_PROPERTIES, sendTargetsDiscoveryEnabled),
	  IMA_SetSendTargetsDiscovery },
	{ "static", offsetof(IMA_DISCOVERY_PROPERTIES, staticDiscoverySettable),
	  offsetof(IMA_DISCOVERY_PROPERTIES, staticDiscoveryEnabled),
	  IMA_SetStaticDiscovery },
	{ "isns", offsetof(IMA_DISCOVERY_PROPERTIES, iSnsDiscoverySettable),
	  offsetof(IMA_DISCOVERY_PROPERTIES, iSnsDiscoveryEnabled), NULL },
	{ "slp", offsetof(IMA_DISCOVERY_PROPERTIES, slpDiscoverySettable),
	  offsetof(IMA_DISCOVERY_PROPERTIES, slpDiscoveryEnabled), IMA_SetSlpDiscovery },
};

static IMA_XBOOL state_at(const IMA_DISCOVERY_PROPERTIES *props, size_t offset)
{
	IMA_XBOOL value;

	memcpy(&value, (const char *)props + offset, sizeof(value));
	return value;
}

static struct json_object *method_document(const struct object *hba, const char *kind,
					   const struct method *method,
					   const IMA_DISCOVERY_PROPERTIES *props)
{
	bool isns = !method->set;
	bool on = state_at(props, method->enabled) == IMA_TRUE;
	struct json_object *doc = doc_new();

	doc_text(doc, kind, hba->name);
	doc_text(doc, "method", method->name);
	doc_xbool(doc, "enabled", state_at(props, method->enabled));
	doc_bool(doc, "settable", state_at(props, method->settable) == IMA_TRUE);
	doc_text(doc, "isnsMethod",
		 isns && on ? isns_method_text(props->iSnsDiscoveryMethod) : NULL);
	if (isns && on && props->iSnsDiscoveryMethod == IMA_ISNS_DISCOVERY_METHOD_STATIC)
		doc_add(doc, "isnsServer", host_document(&props->iSnsHost));
	else
		doc_null(doc, "isnsServer");
	return doc;
}

/* isns and slp are nouns too, for those who look for them: of one method each. */
static bool is_about_all(const struct context *c)
{
	return !strcmp(c->command->noun, "discovery");
}

static bool is_shown(const struct context *c, const struct method *method)
{
	return is_about_all(c) || !strcmp(c->command->noun, method->name);
}

static int methods_of(struct context *c, const struct object *hba, const char *kind,
		      struct json_object *data)
{
	IMA_DISCOVERY_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetDiscoveryProperties, hba->oid, &props);

	if (IMA_ERROR(status))
		return failed(c, status, hba->name,
			      "cannot read the discovery methods of %s", hba->name);
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (is_shown(c, &methods[i]))
			doc_push(data, method_document(hba, kind, &methods[i], &props));
	return EXIT_DONE;
}

static int methods_of_lhbas(struct context *c, struct json_object *data)
{
	const struct object **lhbas;
	size_t count;
	int err = lhbas_get(c, &lhbas, &count);

	for (size_t i = 0; !err && i < count; i++)
		err = methods_of(c, lhbas[i], "lhba", data);
	return err;
}

int discovery_show(struct context *c)
{
	static const struct column lhba_columns[] = {
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "METHOD", "method", NULL, 0, NULL },
		{ "ENABLED", "enabled", NULL, 0, NULL },
		{ "SETTABLE", "settable", NULL, 0, NULL },
		{ "ISNS METHOD", "isnsMethod", NULL, 0, NULL },
		{ "ISNS SERVER", "isnsServer", NULL, 0, NULL },
	};
	static const struct column phba_columns[] = {
		{ "PHBA", "phba", NULL, 0, NULL },
		{ "METHOD", "method", NULL, 0, NULL },
		{ "ENABLED", "enabled", NULL, 0, NULL },
		{ "SETTABLE", "settable", NULL, 0, NULL },
		{ "ISNS METHOD", "isnsMethod", NULL, 0, NULL },
		{ "ISNS SERVER", "isnsServer", NULL, 0, NULL },
	};
	static const struct view lhba_view = VIEW(LAYOUT_TABLE, "discovery-show",
						  lhba_columns);
	static const struct view phba_view = VIEW(LAYOUT_TABLE, "discovery-show",
						  phba_columns);
	struct json_object *data = doc_array();
	const struct object *phba;
	int err;

	if (given(c, OPT_PHBA)) {
		err = object_get(c, IMA_OBJECT_TYPE_PHBA, c->option[OPT_PHBA], &phba);
		if (!err)
			err = methods_of(c, phba, "phba", data);
	} else {
		err = methods_of_lhbas(c, data);
	}
	if (!err)
		return output_document(c, given(c, OPT_PHBA) ? &phba_view : &lhba_view,
				       data);
	json_object_put(data);
	return err;
}

static const struct method *method_called(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (!strcasecmp(methods[i].name, name))
			return &methods[i];
	return NULL;
}

/* What a switch is about: an HBA and its method. */
struct change {
	IMA_OID oid;
	const char *name;
	const struct method *method;
	bool enable;
	IMA_ISNS_DISCOVERY_METHOD isns_method;
	IMA_HOST_ID isns_server;
	bool has_server;
};

static int isns_method(struct context *c, const char *name,
		       IMA_ISNS_DISCOVERY_METHOD *method)
{
	for (size_t i = 0; i < ARRAY_SIZE(isns_methods); i++)
		if (!strcasecmp(isns_methods[i].name, name)) {
			*method = isns_methods[i].method;
			return EXIT_DONE;
		}
	return refused(c, EXIT_USAGE,
		       "\"%s\" is no way to find an iSNS server: static, dhcp or slp",
		       name);
}

static int isns_server(struct context *c, const char *server, struct change *change)
{
	const char *why;

	if (change->isns_method != IMA_ISNS_DISCOVERY_METHOD_STATIC)
		return refused(c, EXIT_USAGE,
			       "a server goes with --isns-method static: otherwise it is "
			       "found");
	why = isns_server_parse(server, &change->isns_server);
	change->has_server = true;
	return why ? refused(c, EXIT_USAGE, "the iSNS server \"%s\" %s", server, why)
		   : EXIT_DONE;
}

static int isns_options(struct context *c, struct change *change)
{
	const char *method = c->option[OPT_ISNS_METHOD];
	const char *server = is_about_all(c) ? c->option[OPT_ISNS_SERVER] : arg(c, 0);
	int err = EXIT_DONE;

	if ((method || server) && change->method->set)
		return refused(c, EXIT_USAGE,
			       "--isns-method and --isns-server go with isns only");
	if (method)
		err = isns_method(c, method, &change->isns_method);
	if (!err && server)
		err = isns_server(c, server, change);
	return err;
}

/* The HBA or target the options choose. */
static int change_object(struct context *c, struct change *change)
{
	const struct object *hba;
	struct target target;
	int err;

	if (given(c, OPT_TARGET)) {
		if (change->method->set != IMA_SetSendTargetsDiscovery)
			return refused(c, EXIT_USAGE,
				       "--target goes with sendtargets only");
		err = target_get(c, c->option[OPT_TARGET], &target);
		change->oid = target.oid;
		change->name = err ? NULL : target.name;
		return err;
	}
	if (given(c, OPT_PHBA))
		err = object_get(c, IMA_OBJECT_TYPE_PHBA, c->option[OPT_PHBA], &hba);
	else
		err = lhba_get(c, &hba);
	if (!err) {
		change->oid = hba->oid;
		change->name = hba->name;
	}
	return err;
}

/* Is the method as wanted? With an iSNS server given the question is left to the initiator. */
static bool is_so_already(struct context *c, const struct change *change)
{
	IMA_DISCOVERY_PROPERTIES props;
	IMA_TARGET_PROPERTIES target;

	if (given(c, OPT_ISNS_METHOD) || change->has_server)
		return false;
	if (given(c, OPT_TARGET))
		return !CALL(c, IMA_GetTargetProperties, change->oid, &target) &&
		       (target.sendTargetsDiscoveryEnabled == IMA_TRUE) == change->enable;
	return !CALL(c, IMA_GetDiscoveryProperties, change->oid, &props) &&
	       state_at(&props, change->method->enabled) == (IMA_XBOOL)change->enable;
}

static IMA_STATUS apply(struct context *c, const struct change *change)
{
	if (change->method->set)
		return CALL(c, change->method->set, change->oid, change->enable);
	return CALL(c, IMA_SetIsnsDiscovery, change->oid, change->enable,
		    change->isns_method, &change->isns_server);
}

static int change_apply(struct context *c, const struct change *change)
{
	bool was = is_so_already(c, change);
	IMA_STATUS status = apply(c, change);

	if (IMA_ERROR(status) && !was)
		return failed(c, status, change->name, "cannot %s %s discovery of %s",
			      change->enable ? "enable" : "disable", change->method->name,
			      change->name);
	return output_change(
		c, !was, IMA_ERROR(status) ? IMA_STATUS_SUCCESS : status, change->name,
		"%s: %s discovery is %s%s", change->name, change->method->name,
		change->enable ? "enabled" : "disabled", was ? " already" : "");
}

static int switch_method(struct context *c, bool enable)
{
	const char *name = is_about_all(c) ? arg(c, 0) : c->command->noun;
	struct change change = { .enable = enable, .method = method_called(name) };
	int err;

	if (!change.method)
		return refused(
			c, EXIT_USAGE,
			"\"%s\" is no discovery method: sendtargets, static, isns or slp",
			name);
	err = isns_options(c, &change);
	if (!err)
		err = change_object(c, &change);
	return err ? err : change_apply(c, &change);
}

int discovery_enable(struct context *c)
{
	return switch_method(c, true);
}

int discovery_disable(struct context *c)
{
	return switch_method(c, false);
}

/* --- addresses ------------------------------------------------------------------------ */

#define WHAT "discovery addresses"

/* An address as it is configured. */
struct entry {
	const struct keeper *keeper;
	IMA_OID oid;
	IMA_TARGET_ADDRESS address;
};

struct entries {
	const IMA_TARGET_ADDRESS *wanted;
	struct entry *list;
	size_t count;
};

static int parse_address(struct context *c, const char *text, IMA_TARGET_ADDRESS *address)
{
	const char *why = address_parse(text, address);

	if (why)
		return refused(c, EXIT_USAGE, "the address \"%s\" %s", text, why);
	return EXIT_DONE;
}

/* Adds an address that is the same portal as wanted; NULL: any. */
static int collect_one(struct context *c, const struct keeper *keeper, IMA_OID oid,
		       void *user)
{
	struct entries *entries = user;
	IMA_DISCOVERY_ADDRESS_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetDiscoveryAddressProperties, oid, &props);

	if (IMA_ERROR(status) && status != IMA_ERROR_OBJECT_NOT_FOUND)
		warn_failed(c, status, NULL, "cannot read a discovery address of %s",
			    keeper->object->name);
	if (IMA_ERROR(status) ||
	    (entries->wanted && !address_equal(&props.discoveryAddress, entries->wanted)))
		return EXIT_DONE;
	entries->list = reallocarray(entries->list, entries->count + 1,
				     sizeof(*entries->list));
	if (!entries->list)
		out_of_memory();
	entries->list[entries->count++] = (struct entry){ keeper, oid,
							  props.discoveryAddress };
	return EXIT_DONE;
}

static int collect(struct context *c, const struct keeper *keeper,
		   const IMA_TARGET_ADDRESS *wanted, struct entries *entries)
{
	entries->wanted = wanted;
	return keeper_each(c, keeper, IMA_GetDiscoveryAddressOidList, WHAT, collect_one,
			   entries);
}

static int collect_all(struct context *c, const IMA_TARGET_ADDRESS *wanted,
		       struct entries *entries)
{
	entries->wanted = wanted;
	return keepers_each(c, IMA_GetDiscoveryAddressOidList, WHAT, collect_one,
			    entries);
}

static void entries_free(struct entries *entries)
{
	free(entries->list);
}
#define _cleanup_entries_ _cleanup_(entries_free)

int discovery_list(struct context *c)
{
	static const struct column columns[] = {
		{ "ADDRESS", "", format_address, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "PORT", "pnp", NULL, 0, NULL },
	};
	static const struct view view = VIEW(
		LAYOUT_TABLE, "discovery-list", columns,
		.empty = "there is no discovery address: imactl discovery add ADDRESS");
	struct entries _cleanup_entries_ entries = { 0 };
	struct json_object *data;
	int err = collect_all(c, NULL, &entries);

	if (err)
		return err;
	data = doc_array();
	for (size_t i = 0; i < entries.count; i++) {
		struct json_object *doc = address_document(&entries.list[i].address);

		keeper_document(doc, entries.list[i].keeper);
		doc_push(data, doc);
	}
	return output_document(c, &view, data);
}

int discovery_add(struct context *c)
{
	struct entries _cleanup_entries_ entries = { 0 };
	_cleanup_free_ char *text = NULL;
	const struct keeper *keeper;
	IMA_TARGET_ADDRESS address;
	const char *name;
	IMA_STATUS status;
	int err = parse_address(c, arg(c, 0), &address);

	if (!err)
		err = keeper_get(c, IMA_GetDiscoveryAddressOidList, WHAT, &keeper);
	if (!err)
		err = collect(c, keeper, &address, &entries);
	if (err)
		return err;
	text = address_text(&address);
	name = keeper->object->name;
	if (entries.count)
		return output_change(c, false, IMA_STATUS_SUCCESS, text,
				     "%s is a discovery address of %s already", text,
				     name);
	status = CALL(c, IMA_AddDiscoveryAddress, keeper->object->oid, address, NULL);
	if (IMA_ERROR(status))
		return failed(c, status, text,
			      "cannot add the discovery address %s to %s", text, name);
	return output_change(c, true, status, text, "%s is now a discovery address of %s",
			     text, name);
}

static int remove_entry(struct context *c, const struct entry *entry, const char *text)
{
	const char *name = entry->keeper->object->name;
	IMA_STATUS status = CALL(c, IMA_RemoveDiscoveryAddress, entry->oid);

	if (IMA_ERROR(status))
		return failed(c, status, text,
			      "cannot remove the discovery address %s of %s", text, name);
	return output_change(c, true, status, text,
			     "%s is no longer a discovery address of %s", text, name);
}

static int several_keepers(struct context *c, const char *text,
			   const struct entries *entries)
{
	return refused(c, EXIT_USAGE,
		       "%s is a discovery address of %s and of %s: choose with --lhba or "
		       "--pnp",
		       text, entries->list[0].keeper->object->name,
		       entries->list[1].keeper->object->name);
}

int discovery_remove(struct context *c)
{
	struct entries _cleanup_entries_ entries = { 0 };
	_cleanup_free_ char *text = NULL;
	IMA_TARGET_ADDRESS address;
	int err = parse_address(c, arg(c, 0), &address);

	if (!err)
		err = collect_all(c, &address, &entries);
	if (err)
		return err;
	text = address_text(&address);
	if (!entries.count)
		return output_change(c, false, IMA_STATUS_SUCCESS, text,
				     "%s is no discovery address: nothing to remove",
				     text);
	if (entries.count > 1)
		return several_keepers(c, text, &entries);
	return remove_entry(c, &entries.list[0], text);
}

static int no_such_address(struct context *c, const char *typed)
{
	return not_found(
		c, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, typed,
		"%s is no discovery address: imactl discovery add %s makes it one", typed,
		typed);
}

int discovery_address_get(struct context *c, const char *typed, IMA_OID *oid,
			  const char **name, const struct keeper **keeper)
{
	struct entries _cleanup_entries_ entries = { 0 };
	IMA_TARGET_ADDRESS address;
	int err = parse_address(c, typed, &address);

	if (!err)
		err = collect_all(c, &address, &entries);
	if (err)
		return err;
	if (!entries.count)
		return no_such_address(c, typed);
	*name = keep_text(c, address_text(&address));
	if (entries.count > 1)
		return several_keepers(c, *name, &entries);
	*oid = entries.list[0].oid;
	*keeper = entries.list[0].keeper;
	return EXIT_DONE;
}

/* --- discovering now ------------------------------------------------------------------- */

static void push_found(struct context *c, IMA_OID oid, struct json_object *data)
{
	struct target target;

	if (target_read(c, oid, &target))
		failure_to_warning(c);
	else
		doc_push(data, target_document(c, &target));
}

static int discover(struct context *c, IMA_OID oid, const char *name,
		    struct json_object *data)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, IMAX_DiscoverTargets, oid, &list);

	if (IMA_ERROR(status))
		return failed(c, status, name, "discovery through %s found nothing",
			      name);
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		push_found(c, list->oids[i], data);
	return EXIT_DONE;
}

/* Through one discovery address, configured before. */
static int discover_address(struct context *c, struct json_object *data)
{
	struct entries _cleanup_entries_ entries = { 0 };
	IMA_TARGET_ADDRESS address;
	int err = parse_address(c, arg(c, 0), &address);

	if (!err)
		err = collect_all(c, &address, &entries);
	if (err)
		return err;
	if (!entries.count)
		return no_such_address(c, arg(c, 0));
	for (size_t i = 0; !err && i < entries.count; i++)
		err = discover(c, entries.list[i].oid, arg(c, 0), data);
	return err;
}

/* Every LHBA asked for; one of several that fails is a warning. */
static int discover_lhbas(struct context *c, struct json_object *data)
{
	const struct object **lhbas;
	size_t count, good = 0;
	int err = lhbas_get(c, &lhbas, &count);

	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		err = discover(c, lhbas[i]->oid, lhbas[i]->name, data);
		if (err && (good || i + 1 < count))
			failure_to_warning(c);
		good += !err;
	}
	return good ? EXIT_DONE : err;
}

int discovery_run(struct context *c)
{
	const struct view view = { .schema = "discovery-run",
				   .layout = LAYOUT_TABLE,
				   .columns = target_columns,
				   .ncolumns = target_columns_count,
				   .empty = "no target was found" };
	struct json_object *data = doc_array();
	int err = arg(c, 0) ? discover_address(c, data) : discover_lhbas(c, data);

	if (!err)
		return output_document(c, &view, data);
	json_object_put(data);
	return err;
}
