// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-discovery.c - discovery methods, discovery addresses, and discovering now.
 */
#include "commands.h"

#include <string.h>
#include <strings.h>

#include "address.h"
#include "doc.h"
#include "documents.h"
#include "find.h"
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

static int methods_of(struct context *c, const struct object *hba, const char *kind,
		      struct json_object *data)
{
	IMA_DISCOVERY_PROPERTIES props;
	IMA_STATUS status = CALL(c, IMA_GetDiscoveryProperties, hba->oid, &props);

	if (IMA_ERROR(status))
		return failed(c, status, hba->name,
			      "cannot read the discovery methods of %s", hba->name);
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
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
			       "--isns-server goes with --isns-method static");
	why = host_parse(server, &change->isns_server);
	change->has_server = true;
	return why ? refused(c, EXIT_USAGE, "the iSNS server \"%s\" %s", server, why)
		   : EXIT_DONE;
}

static int isns_options(struct context *c, struct change *change)
{
	const char *method = c->option[OPT_ISNS_METHOD];
	const char *server = c->option[OPT_ISNS_SERVER];
	int err = EXIT_DONE;

	if ((method || server) && (change->method->set || !change->enable))
		return refused(
			c, EXIT_USAGE,
			"--isns-method and --isns-server go with \"enable isns\" only");
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

static int switch_method(struct context *c, bool enable)
{
	struct change change = { .enable = enable, .method = method_called(arg(c, 0)) };
	const char *word = enable ? "enabled" : "disabled";
	IMA_STATUS status;
	int err;

	if (!change.method)
		return refused(
			c, EXIT_USAGE,
			"\"%s\" is no discovery method: sendtargets, static, isns or slp",
			arg(c, 0));
	err = isns_options(c, &change);
	if (!err)
		err = change_object(c, &change);
	if (err)
		return err;
	if (is_so_already(c, &change))
		return output_change(c, false, IMA_STATUS_SUCCESS, change.name,
				     "%s: %s discovery is %s already", change.name,
				     change.method->name, word);
	status = apply(c, &change);
	if (IMA_ERROR(status))
		return failed(c, status, change.name, "cannot %s %s discovery of %s",
			      enable ? "enable" : "disable", change.method->name,
			      change.name);
	return output_change(c, true, status, change.name, "%s: %s discovery is %s",
			     change.name, change.method->name, word);
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

static int parse_argument(struct context *c, int place, IMA_TARGET_ADDRESS *address)
{
	const char *why = address_parse(arg(c, place), address);

	if (why)
		return refused(c, EXIT_USAGE, "the address \"%s\" %s", arg(c, place),
			       why);
	return EXIT_DONE;
}

static int each_address(struct context *c, const struct object *lhba,
			int (*each)(struct context *c, const struct object *lhba,
				    IMA_OID oid, const IMA_TARGET_ADDRESS *address,
				    void *data),
			void *data)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, IMA_GetDiscoveryAddressOidList, lhba->oid, &list);
	int err = EXIT_DONE;

	if (IMA_ERROR(status))
		return failed(c, status, lhba->name,
			      "cannot list the discovery addresses of %s", lhba->name);
	for (IMA_UINT i = 0; !err && i < list->oidCount; i++) {
		IMA_DISCOVERY_ADDRESS_PROPERTIES props;

		status = CALL(c, IMA_GetDiscoveryAddressProperties, list->oids[i],
			      &props);
		if (IMA_SUCCESS(status))
			err = each(c, lhba, list->oids[i], &props.discoveryAddress, data);
		else if (status != IMA_ERROR_OBJECT_NOT_FOUND)
			warn_failed(c, status, NULL,
				    "cannot read a discovery address of %s", lhba->name);
	}
	return err;
}

static int push_address(struct context *c, const struct object *lhba, IMA_OID oid,
			const IMA_TARGET_ADDRESS *address, void *data)
{
	struct json_object *doc = address_document(address);

	(void)c, (void)oid;
	doc_text(doc, "lhba", lhba->name);
	doc_push(data, doc);
	return EXIT_DONE;
}

int discovery_list(struct context *c)
{
	static const struct column columns[] = {
		{ "ADDRESS", "", format_address, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
	};
	static const struct view view = VIEW(
		LAYOUT_TABLE, "discovery-list", columns,
		.empty = "there is no discovery address: imactl discovery add ADDRESS");
	struct json_object *data = doc_array();
	const struct object **lhbas;
	size_t count;
	int err = lhbas_get(c, &lhbas, &count);

	for (size_t i = 0; !err && i < count; i++) {
		err = each_address(c, lhbas[i], push_address, data);
		if (err == EXIT_NOT_SUPPORTED && count > 1)
			err = c->failure.exit = EXIT_DONE;
	}
	if (!err)
		return output_document(c, &view, data);
	json_object_put(data);
	return err;
}

struct match {
	const IMA_TARGET_ADDRESS *address;
	IMA_OID oid;
	bool found;
};

static int match_address(struct context *c, const struct object *lhba, IMA_OID oid,
			 const IMA_TARGET_ADDRESS *address, void *data)
{
	struct match *match = data;

	(void)c, (void)lhba;
	if (match->found || !address_equal(address, match->address))
		return EXIT_DONE;
	match->found = true;
	match->oid = oid;
	return EXIT_DONE;
}

int discovery_add(struct context *c)
{
	IMA_TARGET_ADDRESS address;
	struct match match = { .address = &address };
	_cleanup_free_ char *text = NULL;
	const struct object *lhba;
	IMA_STATUS status;
	int err = parse_argument(c, 0, &address);

	if (!err)
		err = lhba_get(c, &lhba);
	if (!err)
		err = each_address(c, lhba, match_address, &match);
	if (err)
		return err;
	text = address_text(&address);
	if (match.found)
		return output_change(c, false, IMA_STATUS_SUCCESS, text,
				     "%s is a discovery address of %s already", text,
				     lhba->name);
	status = CALL(c, IMA_AddDiscoveryAddress, lhba->oid, address, NULL);
	if (IMA_ERROR(status))
		return failed(c, status, text,
			      "cannot add the discovery address %s to %s", text,
			      lhba->name);
	return output_change(c, true, status, text, "%s is now a discovery address of %s",
			     text, lhba->name);
}

int discovery_remove(struct context *c)
{
	IMA_TARGET_ADDRESS address;
	struct match match = { .address = &address };
	_cleanup_free_ char *text = NULL;
	const struct object *lhba;
	IMA_STATUS status;
	int err = parse_argument(c, 0, &address);

	if (!err)
		err = lhba_get(c, &lhba);
	if (!err)
		err = each_address(c, lhba, match_address, &match);
	if (err)
		return err;
	text = address_text(&address);
	if (!match.found)
		return output_change(
			c, false, IMA_STATUS_SUCCESS, text,
			"%s is no discovery address of %s: nothing to remove", text,
			lhba->name);
	status = CALL(c, IMA_RemoveDiscoveryAddress, match.oid);
	if (IMA_ERROR(status))
		return failed(c, status, text,
			      "cannot remove the discovery address %s of %s", text,
			      lhba->name);
	return output_change(c, true, status, text,
			     "%s is no longer a discovery address of %s", text,
			     lhba->name);
}

/* --- discovering now ------------------------------------------------------------------- */

static int push_found(struct context *c, IMA_OID oid, struct json_object *data)
{
	struct target target;

	if (target_read(c, oid, &target)) {
		c->failure.exit = EXIT_DONE; /* gone already */
		return EXIT_DONE;
	}
	doc_push(data, target_document(c, &target));
	return EXIT_DONE;
}

static int discover(struct context *c, IMA_OID oid, const char *name,
		    struct json_object *data)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, IMAX_DiscoverTargets, oid, &list);
	int err = EXIT_DONE;

	if (IMA_ERROR(status))
		return failed(c, status, name, "discovery through %s found nothing",
			      name);
	for (IMA_UINT i = 0; !err && i < list->oidCount; i++)
		err = push_found(c, list->oids[i], data);
	return err;
}

/* Through one discovery address, configured before. */
static int discover_address(struct context *c, struct json_object *data)
{
	IMA_TARGET_ADDRESS address;
	struct match match = { .address = &address };
	const struct object *lhba;
	int err = parse_argument(c, 0, &address);

	if (!err)
		err = lhba_get(c, &lhba);
	if (!err)
		err = each_address(c, lhba, match_address, &match);
	if (err)
		return err;
	if (!match.found)
		return not_found(
			c, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, arg(c, 0),
			"%s is no discovery address of %s: imactl discovery add %s "
			"makes it one",
			arg(c, 0), lhba->name, arg(c, 0));
	return discover(c, match.oid, arg(c, 0), data);
}

static int discover_lhbas(struct context *c, struct json_object *data)
{
	const struct object **lhbas;
	size_t count;
	int err = lhbas_get(c, &lhbas, &count);

	for (size_t i = 0; !err && i < count; i++) {
		err = discover(c, lhbas[i]->oid, lhbas[i]->name, data);
		if (err == EXIT_NOT_SUPPORTED && count > 1)
			err = c->failure.exit = EXIT_DONE;
	}
	return err;
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
