// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * discovery.c - SendTargets addresses, iSNS servers, static targets, and discovery itself.
 *
 * open-iscsi has one list of addresses and servers for all interfaces: every LHBA shows it.
 * Discovery only adds records: what a record says is never overwritten, and what is not found any
 * more stays until somebody removes it.
 */
#include "linux.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "found.h"
#include "plugin-support/address.h"
#include "plugin-support/field.h"
#include "probe.h"
#include "shared/iscsi-name.h"

/* A copy of where to ask. */
struct ask {
	char type[8]; /* "st" or "isns" */
	struct probe at;
	char portal[PORTAL_HOST + 16]; /* as iscsiadm wants it */
	bool answered;
	size_t first, count; /* of the names it told */
};

static void ask_of(const char *type, const struct portal *portal, struct ask *ask)
{
	*ask = (struct ask){ .at = { .port = portal->port, .tpgt = PORTAL_NO_TPGT } };
	snprintf(ask->type, sizeof(ask->type), "%s", type);
	snprintf(ask->at.host, sizeof(ask->at.host), "%s", portal->host);
	portal_format(&(struct portal){ portal->host, portal->port, PORTAL_NO_TPGT },
		      ask->portal, sizeof(ask->portal));
}

static void forget(void)
{
	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
}

static IMA_STATUS run_source(const struct ask *ask, const char *operation,
			     const char *what)
{
	struct args args = { 0 };
	IMA_STATUS status;

	args_add_all(&args,
		     (const char *const[]){ "-m", "discoverydb", "-t", ask->type, "-p",
					    ask->portal, "-o", operation, NULL });
	status = iscsiadm_run(&plugin.world, &args, NULL, NULL, NULL, "%s %s", what,
			      ask->portal);
	forget();
	return status;
}

/* --- SendTargets addresses ------------------------------------------------------------------- */

static IMA_STATUS list_of_lhba(IMA_OID oid, const struct array *objects, size_t owner,
			       IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	const void *lhba;
	IMA_STATUS status;
	int err = 0;

	lhba = find_object(oid, FRESH_ENOUGH, &status);
	if (!lhba)
		return status;
	for_each_item(struct item, item, objects) {
		const void *of;

		memcpy(&of, (const char *)item + owner, sizeof(of));
		if (!err && of == lhba)
			err = oid_list_add(&list, item->object->oid);
	}
	if (!err)
		err = oid_list_end(&list, ppList);
	return status_from_errno(err);
}

/* PNPs have no addresses of their own: open-iscsi keeps them for the whole machine. */
static IMA_STATUS refuse_pnp(IMA_OID oid)
{
	return oid.objectType == IMA_OBJECT_TYPE_PNP ? IMA_ERROR_NOT_SUPPORTED
						     : IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetDiscoveryAddressOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	IMA_STATUS status = refuse_pnp(oid);
	int err;

	*ppList = NULL;
	if (IMA_ERROR(status))
		return status;
	LOCKED(&plugin.lock);
	err = source_refresh(&plugin.source, FRESH);
	if (err)
		return refresh_failed(err);
	return list_of_lhba(oid, &plugin.source.model->addresses,
			    offsetof(struct discovery_address, lhba), ppList);
}

static int fill_address(const struct portal *portal, IMA_TARGET_ADDRESS *to)
{
	struct address address = { .port = portal->port };

	if (strlen(portal->host) >= sizeof(address.host))
		return -ENAMETOOLONG;
	memcpy(address.host, portal->host, strlen(portal->host) + 1);
	return address_to_ima(&address, to);
}

IMA_STATUS IMA_GetDiscoveryAddressProperties(IMA_OID discoveryAddressOid,
					     IMA_DISCOVERY_ADDRESS_PROPERTIES *pProps)
{
	const struct discovery_address *a;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	a = find_object(discoveryAddressOid, FRESH_ENOUGH, &status);
	if (!a)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedNodeOid = node_oid(a->lhba);
	pProps->associatedLhbaOid = a->lhba->item.object->oid;
	return status_from_errno(
		fill_address(&a->source->portal, &pProps->discoveryAddress));
}

/* The OID of an address if the LHBA has it. */
static IMA_STATUS find_address(IMA_OID lhba_oid, const struct portal *portal,
			       IMA_OID *oid)
{
	const void *lhba;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	lhba = find_object(lhba_oid, FRESH, &status);
	if (!lhba)
		return status;
	for_each_item(struct discovery_address, a, &plugin.source.model->addresses)
		if (a->lhba == lhba && portal_same_place(&a->source->portal, portal)) {
			*oid = a->item.object->oid;
			return IMA_STATUS_SUCCESS;
		}
	return IMA_ERROR_UNKNOWN_ERROR;
}

static IMA_STATUS not_a_portal(int err)
{
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 err == -ENODATA
				 ? "the address is empty"
				 : "the address is not HOST, HOST:PORT or [IPV6]:PORT");
}

IMA_STATUS IMA_AddDiscoveryAddress(IMA_OID oid, const IMA_TARGET_ADDRESS discoveryAddress,
				   IMA_OID *pDiscoveryAddressOid)
{
	struct address address;
	struct portal portal;
	IMA_STATUS status = refuse_pnp(oid);
	struct ask ask;
	int err;

	if (IMA_ERROR(status))
		return status;
	err = address_from_ima(&discoveryAddress, &address);
	if (err)
		return not_a_portal(err);
	portal = (struct portal){ address.host, address.port, PORTAL_NO_TPGT };
	status = find_address(oid, &portal, pDiscoveryAddressOid);
	if (status != IMA_ERROR_UNKNOWN_ERROR)
		return status;
	ask_of("st", &portal, &ask);
	status = run_source(&ask, "new", "add the discovery address");
	if (IMA_ERROR(status))
		return status;
	return find_address(oid, &portal, pDiscoveryAddressOid);
}

/* --- In use? ---------------------------------------------------------------------------------- */

static bool has_exposed_lu(const struct target *t)
{
	for (size_t i = 0; i < t->lu_count; i++)
		if (t->lus[i]->path_count)
			return true;
	return false;
}

/* Links of a source begin with the name of the target they lead to. */
static bool is_link_to(const char *link, const char *target)
{
	size_t n = strlen(target);

	return !strncmp(link, target, n) && link[n] == ',';
}

/* Removing a source removes the records it found. */
static IMA_STATUS refuse_if_exposed(const char *folder, const struct portal *portal)
{
	struct names _cleanup_names_ links = { 0 };
	int _cleanup_close_ root = world_database(&plugin.world);
	char path[PORTAL_HOST + 32];

	snprintf(path, sizeof(path), "%s/%s,%u", folder, portal->host, portal->port);
	if (root < 0 || names_read(root, path, &links))
		return IMA_STATUS_SUCCESS;
	for_each_item(struct target, t, &plugin.source.model->targets)
		for (size_t i = 0; has_exposed_lu(t) && i < links.count; i++)
			if (is_link_to(links.list[i].text, t->name))
				return host_fail(
					IMA_ERROR_LU_EXPOSED, IMAX_LAYER_PLUGIN, 0,
					"the target %s was found there and has LUs; "
					"log out first",
					t->name);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_RemoveDiscoveryAddress(IMA_OID discoveryAddressOid)
{
	const struct discovery_address *a;
	IMA_STATUS status;
	struct ask ask;

	{
		LOCKED(&plugin.lock);
		a = find_object(discoveryAddressOid, FRESH, &status);
		if (!a)
			return status;
		ask_of("st", &a->source->portal, &ask);
		status = refuse_if_exposed("send_targets", &a->source->portal);
	}
	if (IMA_ERROR(status))
		return status;
	return run_source(&ask, "delete", "remove the discovery address");
}

/* --- Switches and iSNS -------------------------------------------------------------------------- */

#define ISNS_PORT 3205

static IMA_STATUS fill_server(const struct portal *portal, IMA_HOST_ID *to)
{
	struct address server = { .port = portal->port };
	int length = snprintf(server.host, sizeof(server.host), "%s", portal->host);

	if (length >= (int)sizeof(server.host))
		return IMA_ERROR_UNEXPECTED_OS_ERROR;
	return status_from_errno(server_to_ima(&server, ISNS_PORT, to));
}

/* SendTargets and static discovery have no switch: they are done when somebody asks for them. */
IMA_STATUS IMA_GetDiscoveryProperties(IMA_OID oid, IMA_DISCOVERY_PROPERTIES *pProps)
{
	const struct nodedb *db = &plugin.source.db;
	IMA_STATUS status;
	bool lhba = oid.objectType == IMA_OBJECT_TYPE_LHBA;

	LOCKED(&plugin.lock);
	if (lhba)
		find_object(oid, FRESH_ENOUGH, &status);
	else
		find_adapter(oid, &status);
	if (IMA_ERROR(status))
		return status;
	memset(pProps, 0, sizeof(*pProps));
	if (!lhba)
		return IMA_STATUS_SUCCESS;
	pProps->iSnsDiscoverySettable = IMA_TRUE;
	pProps->iSnsDiscoveryEnabled = db->isns_count ? IMA_TRUE : IMA_FALSE;
	pProps->staticDiscoveryEnabled = IMA_TRUE;
	pProps->sendTargetsDiscoveryEnabled = IMA_TRUE;
	if (!db->isns_count)
		return IMA_STATUS_SUCCESS;
	pProps->iSnsDiscoveryMethod = IMA_ISNS_DISCOVERY_METHOD_STATIC;
	return fill_server(&db->isns[0].portal, &pProps->iSnsHost);
}

/* What is always on can be switched on. */
static IMA_STATUS set_fixed(IMA_OID oid, IMA_BOOL enable, IMA_BOOL fixed)
{
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	if (oid.objectType == IMA_OBJECT_TYPE_PHBA)
		find_adapter(oid, &status);
	else
		find_object(oid, FRESH_ENOUGH, &status);
	if (oid.objectType != IMA_OBJECT_TYPE_LHBA)
		fixed = IMA_FALSE;
	if (IMA_ERROR(status) || enable == fixed)
		return status;
	return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			 "open-iscsi has no switch for this kind of discovery");
}

IMA_STATUS IMA_SetSendTargetsDiscovery(IMA_OID oid, IMA_BOOL enableSendTargetsDiscovery)
{
	return set_fixed(oid, enableSendTargetsDiscovery, IMA_TRUE);
}

IMA_STATUS IMA_SetStaticDiscovery(IMA_OID oid, IMA_BOOL enableStaticDiscovery)
{
	return set_fixed(oid, enableStaticDiscovery, IMA_TRUE);
}

IMA_STATUS IMA_SetSlpDiscovery(IMA_OID oid, IMA_BOOL enableSlpDiscovery)
{
	return set_fixed(oid, enableSlpDiscovery, IMA_FALSE);
}

static bool is_same_server(const struct portal *a, const struct portal *b)
{
	return a->port == b->port && !strcmp(a->host, b->host);
}

/* The servers there are now, except one. */
static IMA_STATUS collect_servers(IMA_OID oid, const struct portal *except,
				  struct array *asks, bool *found)
{
	const struct nodedb *db = &plugin.source.db;
	IMA_STATUS status;

	*found = false;
	LOCKED(&plugin.lock);
	if (!find_object(oid, FRESH, &status))
		return status;
	for (size_t i = 0; i < db->isns_count; i++) {
		struct ask *ask;

		if (except && is_same_server(&db->isns[i].portal, except)) {
			*found = true;
			continue;
		}
		ask = array_add(asks, sizeof(*ask));
		if (!ask)
			return IMA_ERROR_INSUFFICIENT_MEMORY;
		ask_of("isns", &db->isns[i].portal, ask);
		status = refuse_if_exposed("isns", &db->isns[i].portal);
		if (IMA_ERROR(status))
			return status;
	}
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS remove_servers(const struct array *asks)
{
	const struct ask *list = asks->data;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	for (size_t i = 0; i < asks->count && !IMA_ERROR(status); i++)
		status = run_source(&list[i], "delete", "remove the iSNS server");
	return status;
}

/* One server at a time, as the API has it: the new one replaces the others. */
static IMA_STATUS set_server(IMA_OID oid, const struct address *server)
{
	struct array _cleanup_(array_free) others = { 0 };
	struct portal portal = { server->host, server->port, PORTAL_NO_TPGT };
	struct ask ask;
	bool found;
	IMA_STATUS status = collect_servers(oid, &portal, &others, &found);

	if (!IMA_ERROR(status))
		status = remove_servers(&others);
	if (IMA_ERROR(status) || found)
		return status;
	ask_of("isns", &portal, &ask);
	return run_source(&ask, "new", "add the iSNS server");
}

static IMA_STATUS enable_isns(IMA_OID oid, const IMA_HOST_ID *host)
{
	struct address server;
	int err = server_from_ima(host, ISNS_PORT, &server);

	if (!err)
		return set_server(oid, &server);
	if (err != -ENODATA)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "the iSNS server is no host");
	/* An empty host keeps the server that is configured. */
	LOCKED(&plugin.lock);
	if (plugin.source.db.isns_count)
		return IMA_STATUS_SUCCESS;
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "no iSNS server is given, and none is configured");
}

IMA_STATUS IMA_SetIsnsDiscovery(IMA_OID oid, IMA_BOOL enableIsnsDiscovery,
				IMA_ISNS_DISCOVERY_METHOD discoveryMethod,
				const IMA_HOST_ID *iSnsHost)
{
	struct array _cleanup_(array_free) servers = { 0 };
	IMA_STATUS status;
	bool found;

	{
		LOCKED(&plugin.lock);
		if (oid.objectType == IMA_OBJECT_TYPE_PHBA)
			return find_adapter(oid, &status) ? IMA_ERROR_NOT_SUPPORTED
							  : status;
		if (!find_object(oid, FRESH, &status))
			return status;
	}
	if (enableIsnsDiscovery) {
		if (discoveryMethod != IMA_ISNS_DISCOVERY_METHOD_STATIC)
			return host_fail(
				IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				"open-iscsi does not look for iSNS servers with DHCP "
				"or SLP");
		return enable_isns(oid, iSnsHost);
	}
	status = collect_servers(oid, NULL, &servers, &found);
	return IMA_ERROR(status) ? status : remove_servers(&servers);
}

/* --- Static targets ------------------------------------------------------------------------------- */

IMA_STATUS IMA_GetStaticDiscoveryTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	IMA_STATUS status = refuse_pnp(oid);
	const struct lhba *lhba;
	int err = 0;

	*ppList = NULL;
	if (IMA_ERROR(status))
		return status;
	LOCKED(&plugin.lock);
	lhba = find_object(oid, FRESH, &status);
	if (!lhba)
		return status;
	for_each_item(struct static_target, s, &plugin.source.model->static_targets)
		if (!err && s->target->lhba == lhba)
			err = oid_list_add(&list, s->item.object->oid);
	if (!err)
		err = oid_list_end(&list, ppList);
	return status_from_errno(err);
}

IMA_STATUS
IMA_GetStaticDiscoveryTargetProperties(IMA_OID staticDiscoveryTargetOid,
				       IMA_STATIC_DISCOVERY_TARGET_PROPERTIES *pProps)
{
	const struct static_target *s;
	IMA_STATUS status;
	int err;

	LOCKED(&plugin.lock);
	s = find_object(staticDiscoveryTargetOid, FRESH_ENOUGH, &status);
	if (!s)
		return status;
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedNodeOid = node_oid(s->target->lhba);
	pProps->associatedLhbaOid = s->target->lhba->item.object->oid;
	err = FIELD_SET(pProps->staticTarget.targetName, s->target->name);
	if (!err)
		err = fill_address(&s->node->portal, &pProps->staticTarget.targetAddress);
	return status_from_errno(err);
}

/* Who is to be added: copied, because commands run without the lock. */
struct addition {
	char iface[256], name[256];
	struct address address;
};

/* A record that discovery made before stays one of discovery: it is there already. */
static IMA_STATUS find_static(IMA_OID lhba_oid, const struct addition *a, bool any_method,
			      IMA_OID *oid)
{
	struct portal portal = { a->address.host, a->address.port, PORTAL_NO_TPGT };
	const void *lhba;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	lhba = find_object(lhba_oid, FRESH, &status);
	if (!lhba)
		return status;
	for_each_item(struct static_target, s, &plugin.source.model->static_targets)
		if (s->target->lhba == lhba && !strcmp(s->target->name, a->name) &&
		    portal_same_place(&s->node->portal, &portal)) {
			*oid = s->item.object->oid;
			return IMA_STATUS_SUCCESS;
		}
	if (any_method)
		return host_fail(
			IMA_ERROR_UNKNOWN_ERROR, IMAX_LAYER_PLUGIN, 0,
			"discovery has found %s there before; as long as that record "
			"exists open-iscsi does not take another",
			a->name);
	return IMA_ERROR_UNKNOWN_ERROR;
}

static IMA_STATUS check_addition(IMA_OID oid, const IMA_STATIC_DISCOVERY_TARGET *target,
				 struct addition *a)
{
	const struct lhba *lhba;
	IMA_STATUS status;
	const char *why;
	int n;

	{
		LOCKED(&plugin.lock);
		lhba = find_object(oid, FRESH, &status);
		if (!lhba)
			return status;
		snprintf(a->iface, sizeof(a->iface), "%s", lhba->name);
	}
	n = FIELD_GET(target->targetName, a->name);
	if (n <= 0)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "the target has no usable name");
	if (iscsi_name_check(a->name, &why))
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "the name %s %s", a->name, why);
	n = address_from_ima(&target->targetAddress, &a->address);
	return n ? not_a_portal(n) : IMA_STATUS_SUCCESS;
}

/* The tag is not known before login; a wrong one would make the login fail. */
static IMA_STATUS add_node_record(const struct addition *a)
{
	struct portal portal = { a->address.host, a->address.port, PORTAL_NO_TPGT };
	char text[PORTAL_HOST + 16];
	struct args args = { 0 };
	IMA_STATUS status;

	portal_format(&portal, text, sizeof(text));
	args_add_all(&args,
		     (const char *const[]){ "-m", "node", "-T", a->name, "-p", text, "-I",
					    a->iface, "-o", "new", NULL });
	status = iscsiadm_run(&plugin.world, &args, NULL, NULL, NULL,
			      "add the target %s at %s", a->name, text);
	forget();
	return status;
}

IMA_STATUS
IMA_AddStaticDiscoveryTarget(IMA_OID oid,
			     const IMA_STATIC_DISCOVERY_TARGET staticDiscoveryTarget,
			     IMA_OID *pStaticDiscoveryTargetOid)
{
	struct addition addition;
	IMA_STATUS status = refuse_pnp(oid);

	if (!IMA_ERROR(status))
		status = check_addition(oid, &staticDiscoveryTarget, &addition);
	if (IMA_ERROR(status))
		return status;
	status = find_static(oid, &addition, false, pStaticDiscoveryTargetOid);
	if (status != IMA_ERROR_UNKNOWN_ERROR)
		return status;
	status = add_node_record(&addition);
	if (IMA_ERROR(status))
		return status;
	return find_static(oid, &addition, true, pStaticDiscoveryTargetOid);
}

IMA_STATUS IMA_RemoveStaticDiscoveryTarget(IMA_OID staticDiscoveryTargetOid)
{
	const struct static_target *s;
	char portal[PORTAL_HOST + 16];
	struct args args = { 0 };
	struct target_id id;
	IMA_STATUS status;

	{
		LOCKED(&plugin.lock);
		s = find_object(staticDiscoveryTargetOid, FRESH, &status);
		if (!s)
			return status;
		if (has_exposed_lu(s->target))
			return host_fail(IMA_ERROR_LU_EXPOSED, IMAX_LAYER_PLUGIN, 0,
					 "the target %s has LUs; log out first",
					 s->target->name);
		target_id_of(s->target, &id);
		portal_format(&s->node->portal, portal, sizeof(portal));
	}
	args_add_all(&args,
		     (const char *const[]){ "-m", "node", "-T", id.name, "-p", portal,
					    "-I", id.iface, "-o", "delete", NULL });
	status = iscsiadm_run(&plugin.world, &args, NULL, NULL, NULL,
			      "remove the target %s", id.name);
	forget();
	return status;
}

/* --- Discovery ------------------------------------------------------------------------------------- */

/* What a discovery is about, and how it went. */
struct run {
	char iface[256];
	bool bound;	    /* to something only iscsid can connect through */
	struct array asks;  /* struct ask */
	struct array names; /* char *: targets that were found */
	IMA_STATUS worst;
	size_t answered;
};

static void free_run(struct run *run)
{
	char **names = run->names.data;

	for (size_t i = 0; i < run->names.count; i++)
		free(names[i]);
	array_free(&run->names);
	array_free(&run->asks);
}

static int add_ask(struct run *run, const char *type, const struct db_source *source)
{
	struct ask *ask = array_add(&run->asks, sizeof(*ask));

	if (!ask)
		return -ENOMEM;
	ask_of(type, &source->portal, ask);
	return 0;
}

static int collect_asks(struct run *run, const struct discovery_address *address)
{
	const struct nodedb *db = &plugin.source.db;
	int err = 0;

	if (address)
		return add_ask(run, "st", address->source);
	for (size_t i = 0; i < db->send_targets_count && !err; i++)
		err = add_ask(run, "st", &db->send_targets[i]);
	for (size_t i = 0; i < db->isns_count && !err; i++)
		err = add_ask(run, "isns", &db->isns[i]);
	return err;
}

static IMA_STATUS begin_run(struct run *run, IMA_OID oid)
{
	const struct discovery_address *address = NULL;
	const struct lhba *lhba;
	IMA_STATUS status;
	void *object;

	LOCKED(&plugin.lock);
	object = find_object(oid, FRESH, &status);
	if (!object)
		return status;
	if (oid.objectType == IMA_OBJECT_TYPE_DISCOVERY_ADDRESS)
		address = object;
	lhba = address ? address->lhba : object;
	snprintf(run->iface, sizeof(run->iface), "%s", lhba->name);
	run->bound = lhba_is_bound(lhba);
	return status_from_errno(collect_asks(run, address));
}

/* "127.0.0.1:3260,1 iqn.2024-01.test:t1" */
static int take_names(struct run *run, char *text)
{
	for (char *line; (line = strsep(&text, "\n")) != NULL;) {
		char *blank = strchr(line, ' '), *name;

		if (!blank || !blank[1])
			continue;
		name = strndup(blank + 1, strcspn(blank + 1, " "));
		if (!name || array_add_pointer(&run->names, name)) {
			free(name);
			return -ENOMEM;
		}
	}
	return 0;
}

static IMA_STATUS no_answer(const struct ask *ask)
{
	return host_fail(IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT, -ask->at.result,
			 "nobody answers at %s", ask->portal);
}

static IMA_STATUS ask_one(struct run *run, struct ask *ask)
{
	static const int fine[] = { ISCSIADM_NOTHING_FOUND, -1 };
	struct child_output _cleanup_output_ output = { 0 };
	struct args args = { .on_timeout = IMA_ERROR_TARGET_TIMEOUT };
	IMA_STATUS status;

	if (!run->bound && ask->at.result)
		return no_answer(ask);
	args_add_all(&args, (const char *const[]){ "-m", "discoverydb", "-t", ask->type,
						   "-p", ask->portal, "-I", run->iface,
						   "-o", "new", "-D", NULL });
	status = iscsiadm_run(&plugin.world, &args, fine, &output, NULL,
			      "discover targets at %s", ask->portal);
	if (IMA_ERROR(status))
		return status;
	ask->first = run->names.count;
	status = status_from_errno(take_names(run, output.text));
	ask->count = run->names.count - ask->first;
	ask->answered = !IMA_ERROR(status);
	return status;
}

static void probe_all(struct run *run)
{
	struct ask *asks = run->asks.data;
	_cleanup_free_ struct probe *probes = calloc(run->asks.count + 1,
						     sizeof(*probes));

	if (run->bound || !probes)
		return;
	for (size_t i = 0; i < run->asks.count; i++)
		probes[i] = asks[i].at;
	probe_portals(probes, run->asks.count, host_deadline());
	for (size_t i = 0; i < run->asks.count; i++)
		asks[i].at = probes[i];
}

static uint8_t method_of(const struct ask *ask)
{
	return strcmp(ask->type, "isns") ? IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS
					 : IMA_TARGET_DISCOVERY_METHOD_ISNS;
}

static int remember_ask(const struct run *run, const struct ask *ask)
{
	const struct portal at = { ask->at.host, ask->at.port, PORTAL_NO_TPGT };
	char *const *names = run->names.data;
	_cleanup_free_ char *text = NULL;
	int err;

	{
		LOCKED(&plugin.lock);
		err = source_refresh(&plugin.source, FRESH);
		if (!err)
			text = found_unsaid(&plugin.source.db, method_of(ask), run->iface,
					    ask->count ? names + ask->first : NULL,
					    ask->count);
	}
	if (err)
		return err;
	return text ? found_save(method_of(ask), &at, run->iface, text) : -ENOMEM;
}

/* The discovery itself was done; what found which target twice is not worth an error. */
static void remember(const struct run *run)
{
	const struct ask *asks = run->asks.data;
	int err = 0;

	for (size_t i = 0; i < run->asks.count && !err; i++)
		if (asks[i].answered)
			err = remember_ask(run, &asks[i]);
	if (err)
		host_log(IMAX_LOG_WARNING,
			 "cannot remember what found which target: error %d", -err);
}

static void ask_all(struct run *run)
{
	struct ask *asks = run->asks.data;

	probe_all(run);
	for (size_t i = 0; i < run->asks.count; i++) {
		IMA_STATUS status = ask_one(run, &asks[i]);

		if (IMA_ERROR(status))
			run->worst = status;
		else
			run->answered++;
	}
	forget();
	remember(run);
	forget();
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool was_found(const struct run *run, const char *name)
{
	return run->names.count && bsearch(&name, run->names.data, run->names.count,
					   sizeof(name), compare_texts);
}

static IMA_STATUS list_found(struct run *run, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	int err;

	if (run->names.count)
		qsort(run->names.data, run->names.count, sizeof(char *), compare_texts);
	LOCKED(&plugin.lock);
	err = source_refresh(&plugin.source, FRESH);
	if (err)
		return refresh_failed(err);
	for_each_item(struct target, t, &plugin.source.model->targets)
		if (!err && !strcmp(t->lhba->name, run->iface) && was_found(run, t->name))
			err = oid_list_add(&list, t->item.object->oid);
	if (!err)
		err = oid_list_end(&list, ppList);
	return status_from_errno(err);
}

IMA_STATUS IMAX_DiscoverTargets(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct run _cleanup_(free_run) run = { 0 };
	IMA_STATUS status;

	*ppList = NULL;
	status = begin_run(&run, oid);
	if (IMA_ERROR(status))
		return status;
	ask_all(&run);
	if (run.asks.count && !run.answered)
		return run.worst;
	return list_found(&run, ppList);
}
