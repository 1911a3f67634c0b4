// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-discovery.c - discovery methods, discovery addresses, static targets.
 *
 * The settings are those of an LHBA or a PHBA, the lists those of an LHBA or of the PNPs of
 * a PHBA.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "network.h"
#include "plugin-support/address.h"
#include "plugin-support/field.h"
#include "plugin-support/lists.h"
#include "plugin-support/status.h"
#include "shared/iscsi-name.h"
#include "sim.h"

#define ISNS_PORT 3205

/* --- the settings ------------------------------------------------------------------------ */

static struct discovery_settings *settings_of(struct object *holder, bool later)
{
	struct lhba *lhba = (struct lhba *)holder;
	struct phba *phba = (struct phba *)holder;

	if (object_kind(holder) == KIND_LHBA)
		return later ? &lhba->next.discovery : &lhba->now.discovery;
	return later ? &phba->next.discovery : &phba->now.discovery;
}

static bool needs_reboot(const struct object *holder)
{
	return (object_kind(holder) == KIND_LHBA
			? ((const struct lhba *)holder)->now.reboot
			: ((const struct phba *)holder)->now.reboot) &
	       REBOOT_DISCOVERY;
}

static void store_setting(struct model *model, struct object *holder, size_t offset,
			  const void *value, bool later)
{
	size_t base = object_kind(holder) == KIND_LHBA
			      ? offsetof(struct lhba_values, discovery)
			      : offsetof(struct phba_values, discovery);

	object_store_at(model, holder, base + offset, value, later);
}

/* One row per method: where its settings are. */
struct method {
	uint32_t supports, flag;
	size_t settable, enabled;
};
#define METHOD(supports, flag, field)                                                  \
	{                                                                              \
		supports, flag, offsetof(struct discovery_settings, field##_settable), \
			offsetof(struct discovery_settings, field)                     \
	}
#define static_method_settable static_settable
static const struct method methods[] = {
	METHOD(SUPPORTS_ISNS, IMA_TARGET_DISCOVERY_METHOD_ISNS, isns),
	METHOD(SUPPORTS_SLP, IMA_TARGET_DISCOVERY_METHOD_SLP, slp),
	METHOD(SUPPORTS_STATIC, IMA_TARGET_DISCOVERY_METHOD_STATIC, static_method),
	METHOD(SUPPORTS_SENDTARGETS, IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS,
	       sendtargets),
};
enum { METHOD_ISNS, METHOD_SLP, METHOD_STATIC, METHOD_SENDTARGETS, N_METHODS };

static uint32_t method_enabled(const struct method *method,
			       const struct discovery_settings *settings)
{
	uint32_t value;

	if (!(settings->supported & method->supports))
		return IMA_FALSE;
	memcpy(&value, (const char *)settings + method->enabled, sizeof(value));
	return value;
}

static bool method_settable(const struct method *method,
			    const struct discovery_settings *settings)
{
	return settings->supported & method->supports &&
	       *(const bool *)((const char *)settings + method->settable);
}

static void fill_isns(struct model *model, struct object *holder,
		      IMA_DISCOVERY_PROPERTIES *p)
{
	const struct discovery_settings *settings = settings_of(holder, false);
	struct address server;

	if (p->iSnsDiscoveryEnabled != IMA_TRUE)
		return;
	p->iSnsDiscoveryMethod = (IMA_ISNS_DISCOVERY_METHOD)settings->isns_method;
	isns_server(model, holder, &server);
	if (server.host[0])
		server_to_ima(&server, ISNS_PORT, &p->iSnsHost);
}

static IMA_STATUS get_properties(struct model *model, struct object *holder,
				 IMA_DISCOVERY_PROPERTIES *p)
{
	const struct discovery_settings *s = settings_of(holder, false);

	memset(p, 0, sizeof(*p));
	p->iSnsDiscoverySettable = method_settable(&methods[METHOD_ISNS], s);
	p->iSnsDiscoveryEnabled = method_enabled(&methods[METHOD_ISNS], s);
	p->slpDiscoverySettable = method_settable(&methods[METHOD_SLP], s);
	p->slpDiscoveryEnabled = method_enabled(&methods[METHOD_SLP], s);
	p->staticDiscoverySettable = method_settable(&methods[METHOD_STATIC], s);
	p->staticDiscoveryEnabled = method_enabled(&methods[METHOD_STATIC], s);
	p->sendTargetsDiscoverySettable = method_settable(&methods[METHOD_SENDTARGETS],
							  s);
	p->sendTargetsDiscoveryEnabled = method_enabled(&methods[METHOD_SENDTARGETS], s);
	fill_isns(model, holder, p);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetDiscoveryProperties(IMA_OID oid, IMA_DISCOVERY_PROPERTIES *pProps)
{
	return CALL(IMA_GetDiscoveryProperties, oid, PHBA | LHBA,
		    get_properties(call.model, call.object, pProps));
}

/* --- what keeps a method or a source --------------------------------------------------- */

/* By the LHBA's rule: an LU that is exposed, or only one that is in use. */
static IMA_STATUS check_lus(const struct found *found, uint32_t removal)
{
	for_each(object, &found->object.children[0]) {
		const struct found_lu *lu = (struct found_lu *)object;

		if (removal == REMOVAL_EXPOSED && lu->now.exposed)
			return fails(IMA_ERROR_LU_EXPOSED, "an LU of %s is exposed",
				     found->object.identity->name);
		if (removal == REMOVAL_IN_USE && lu->now.in_use)
			return fails(IMA_ERROR_LU_IN_USE, "an LU of %s is in use",
				     found->object.identity->name);
	}
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS check_found_by(struct model *model, const struct object *holder,
				 uint32_t flag, uint32_t removal)
{
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	for_each(lhba, &model->roots[KIND_LHBA]) {
		if (!lhba_uses((struct lhba *)lhba, holder))
			continue;
		for_each(found, &lhba->children[2])
			if (status == IMA_STATUS_SUCCESS &&
			    ((struct found *)found)->methods == flag)
				status = check_lus((struct found *)found, removal);
	}
	return status;
}

static unsigned int count_enabled(const struct discovery_settings *settings)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < N_METHODS; i++)
		count += method_enabled(&methods[i], settings) == IMA_TRUE;
	return count;
}

static IMA_STATUS check_disable(struct model *model, struct object *holder,
				const struct method *method)
{
	const struct discovery_settings *settings = settings_of(holder, true);

	if (settings->needs_primary && method_enabled(method, settings) == IMA_TRUE &&
	    count_enabled(settings) == 1)
		return fails(IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD,
			     "this is the last discovery method that is on");
	return check_found_by(model, holder, method->flag, settings->removal);
}

/* --- switching --------------------------------------------------------------------------- */

static IMA_STATUS set_method(struct model *model, struct object *holder,
			     unsigned int index, bool enable)
{
	const struct method *method = &methods[index];
	uint32_t value = enable ? IMA_TRUE : IMA_FALSE;
	bool later = needs_reboot(holder);
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (!method_settable(method, settings_of(holder, false)))
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "this discovery method cannot be set here");
	if (method_enabled(method, settings_of(holder, false)) == value &&
	    method_enabled(method, settings_of(holder, true)) == value)
		return IMA_STATUS_SUCCESS;
	if (!enable)
		status = check_disable(model, holder, method);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	store_setting(model, holder, method->enabled, &value, later);
	return done(later);
}

/* An empty host keeps the server that is configured. */
static IMA_STATUS take_isns_host(const IMA_HOST_ID *host, struct address *server)
{
	int err = server_from_ima(host, ISNS_PORT, server);

	return !err || err == -ENODATA
		       ? IMA_STATUS_SUCCESS
		       : fails(IMA_ERROR_INVALID_PARAMETER, "the iSNS server is no host");
}

static bool isns_is(const struct discovery_settings *settings, uint32_t method,
		    const struct address *server)
{
	return method_enabled(&methods[METHOD_ISNS], settings) == IMA_TRUE &&
	       settings->isns_method == method &&
	       settings->isns_host.port == server->port &&
	       strcmp(settings->isns_host.host, server->host) == 0;
}

static IMA_STATUS enable_isns(struct model *model, struct object *holder,
			      IMA_ISNS_DISCOVERY_METHOD method, const IMA_HOST_ID *host)
{
	const struct discovery_settings *now = settings_of(holder, false);
	struct address server = settings_of(holder, true)->isns_host;
	uint32_t enabled = IMA_TRUE, how = (uint32_t)method;
	bool later = needs_reboot(holder);
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (!method_settable(&methods[METHOD_ISNS], now) ||
	    !(now->isns_methods >> how & 1))
		return fails(
			IMA_ERROR_NOT_SUPPORTED,
			"iSNS discovery cannot be enabled here, or not with this method");
	if (method == IMA_ISNS_DISCOVERY_METHOD_STATIC && host)
		status = take_isns_host(host, &server);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (isns_is(now, how, &server) &&
	    isns_is(settings_of(holder, true), how, &server))
		return IMA_STATUS_SUCCESS;
	store_setting(model, holder, offsetof(struct discovery_settings, isns_method),
		      &how, later);
	store_setting(model, holder, offsetof(struct discovery_settings, isns_host),
		      &server, later);
	store_setting(model, holder, offsetof(struct discovery_settings, isns), &enabled,
		      later);
	return done(later);
}

IMA_STATUS IMA_SetIsnsDiscovery(IMA_OID oid, IMA_BOOL enableIsnsDiscovery,
				IMA_ISNS_DISCOVERY_METHOD discoveryMethod,
				const IMA_HOST_ID *iSnsHost)
{
	return CALL(
		IMA_SetIsnsDiscovery, oid, PHBA | LHBA,
		enableIsnsDiscovery
			? enable_isns(call.model, call.object, discoveryMethod, iSnsHost)
			: set_method(call.model, call.object, METHOD_ISNS, false));
}

IMA_STATUS IMA_SetSlpDiscovery(IMA_OID oid, IMA_BOOL enableSlpDiscovery)
{
	return CALL(IMA_SetSlpDiscovery, oid, PHBA | LHBA,
		    set_method(call.model, call.object, METHOD_SLP, enableSlpDiscovery));
}

IMA_STATUS IMA_SetStaticDiscovery(IMA_OID oid, IMA_BOOL enableStaticDiscovery)
{
	return CALL(IMA_SetStaticDiscovery, oid, PHBA | LHBA,
		    set_method(call.model, call.object, METHOD_STATIC,
			       enableStaticDiscovery));
}

/* A target is no primary source, and what it found stays until the next discovery. */
static IMA_STATUS set_target(struct model *model, struct found *found, bool enable)
{
	const struct lhba *lhba = (const struct lhba *)found->object.parent;
	bool later = lhba->now.reboot & REBOOT_DISCOVERY;

	if (!lhba->now.target_sendtargets_settable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "SendTargets discovery through targets cannot be set");
	if (found->now.sendtargets == enable && found->next.sendtargets == enable)
		return IMA_STATUS_SUCCESS;
	object_store(model, found, struct found_values, sendtargets, enable, later);
	return done(later);
}

static IMA_STATUS set_sendtargets(struct model *model, struct object *object, bool enable)
{
	if (object_kind(object) == KIND_FOUND)
		return set_target(model, (struct found *)object, enable);
	return set_method(model, object, METHOD_SENDTARGETS, enable);
}

IMA_STATUS IMA_SetSendTargetsDiscovery(IMA_OID oid, IMA_BOOL enableSendTargetsDiscovery)
{
	return CALL(IMA_SetSendTargetsDiscovery, oid, PHBA | LHBA | TARGET,
		    set_sendtargets(call.model, call.object, enableSendTargetsDiscovery));
}

/* --- discovery addresses and static targets ---------------------------------------------- */

/* Does the LHBA, or the PHBA of the PNP, have the method at all? */
static bool holder_supports(struct object *parent, uint32_t supports)
{
	struct object *holder = object_kind(parent) == KIND_PNP ? parent->parent : parent;

	return settings_of(holder, false)->supported & supports;
}

static IMA_STATUS check_supports(struct object *parent, uint32_t supports)
{
	if (holder_supports(parent, supports))
		return IMA_STATUS_SUCCESS;
	return fails(IMA_ERROR_NOT_SUPPORTED, "%s discovery is not done here",
		     supports == SUPPORTS_STATIC ? "static" : "SendTargets");
}

static bool source_needs_reboot(const struct object *parent, int kind)
{
	uint32_t group = kind == KIND_STATIC ? REBOOT_STATICS : REBOOT_ADDRESSES;

	return (object_kind(parent) == KIND_LHBA
			? ((const struct lhba *)parent)->now.reboot
			: ((const struct pnp *)parent)->now.reboot) &
	       group;
}

/* Inactive until the reboot, if there has to be one. */
static struct source *new_source(struct model *model, struct object *parent, int kind,
				 const char *name, bool later)
{
	struct source *source = (struct source *)object_new(model, kind, parent, 0, name);

	if (source && later) {
		object_store(model, source, struct source_values, active, false, false);
		object_store(model, source, struct source_values, active, true, true);
	}
	return source;
}

/* One whose removal waits for the reboot stays after all. */
static IMA_STATUS keep_source(struct model *model, struct source *source, bool later)
{
	if (!source->now.removed)
		return IMA_STATUS_SUCCESS;
	object_store(model, source, struct source_values, removed, false, false);
	model_report(model, &source->object, CHANGE_APPEARED);
	return done(later);
}

static IMA_STATUS add_source(struct model *model, struct object *parent, int kind,
			     const struct key *key, IMA_OID *oid)
{
	struct object *known = object_find(model, kind, parent, 0, key->name);
	bool later = source_needs_reboot(parent, kind);
	struct source *source = (struct source *)known;
	IMA_STATUS status;

	if (source) {
		status = keep_source(model, source, later);
	} else {
		source = new_source(model, parent, kind, key->name, later);
		if (!source)
			return IMA_ERROR_INSUFFICIENT_MEMORY;
		source->endpoint = key->endpoint;
		if (kind == KIND_STATIC)
			memcpy(source->target, key->name, strcspn(key->name, "@"));
		object_announce(model, &source->object);
		status = done(later);
	}
	if (oid)
		*oid = oid_of(&source->object);
	return status;
}

static IMA_STATUS take_address(const IMA_TARGET_ADDRESS *address,
			       struct address *endpoint)
{
	if (address_from_ima(address, endpoint) < 0)
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the address is empty or no address");
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS add_address(struct model *model, struct object *parent,
			      const IMA_TARGET_ADDRESS *address, IMA_OID *oid)
{
	IMA_STATUS status = check_supports(parent, SUPPORTS_SENDTARGETS);
	struct key key = { 0 };

	if (status == IMA_STATUS_SUCCESS)
		status = take_address(address, &key.endpoint);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	address_format(&key.endpoint, key.name);
	return add_source(model, parent, KIND_DISCOVERY, &key, oid);
}

IMA_STATUS IMA_AddDiscoveryAddress(IMA_OID oid, const IMA_TARGET_ADDRESS discoveryAddress,
				   IMA_OID *pDiscoveryAddressOid)
{
	return CALL(IMA_AddDiscoveryAddress, oid, PNP | LHBA,
		    add_address(call.model, call.object, &discoveryAddress,
				pDiscoveryAddressOid));
}

static IMA_STATUS add_static(struct model *model, struct object *parent,
			     const IMA_STATIC_DISCOVERY_TARGET *target, IMA_OID *oid)
{
	IMA_STATUS status = check_supports(parent, SUPPORTS_STATIC);
	char name[ISCSI_NAME_MAX + 1];
	struct key key = { 0 };

	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (FIELD_GET(target->targetName, name) < 0 || iscsi_name_check(name, NULL) < 0)
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the target name is no iSCSI name");
	status = take_address(&target->targetAddress, &key.endpoint);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	memcpy(key.name, name, strlen(name));
	key.name[strlen(name)] = '@';
	address_format(&key.endpoint, key.name + strlen(name) + 1);
	return add_source(model, parent, KIND_STATIC, &key, oid);
}

IMA_STATUS IMA_AddStaticDiscoveryTarget(
	IMA_OID oid, const IMA_STATIC_DISCOVERY_TARGET staticDiscoveryTarget,
	IMA_OID *pStaticDiscoveryTargetOid)
{
	return CALL(IMA_AddStaticDiscoveryTarget, oid, PNP | LHBA,
		    add_static(call.model, call.object, &staticDiscoveryTarget,
			       pStaticDiscoveryTargetOid));
}

/* --- removing ---------------------------------------------------------------------------- */

static IMA_STATUS check_removal(struct model *model, struct source *source)
{
	const struct discovery_settings *settings = source_settings(source);
	IMA_STATUS status = IMA_STATUS_SUCCESS;
	struct object *parent = source->object.parent;
	struct object *holder = object_kind(parent) == KIND_PNP ? parent->parent : parent;

	for_each(lhba, &model->roots[KIND_LHBA]) {
		if (!lhba_uses((struct lhba *)lhba, holder))
			continue;
		for_each(found, &lhba->children[2])
			if (status == IMA_STATUS_SUCCESS &&
			    source_finds(model, source, (struct found *)found))
				status = check_lus((struct found *)found,
						   settings->removal);
	}
	return status;
}

static IMA_STATUS remove_source(struct model *model, struct source *source)
{
	bool later = source_needs_reboot(source->object.parent,
					 object_kind(&source->object));
	IMA_STATUS status = check_removal(model, source);

	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (!later || !source->now.active) {
		object_remove(model, &source->object);
		return done(later);
	}
	model_report(model, &source->object, CHANGE_VANISHED);
	object_store(model, source, struct source_values, removed, true, false);
	return IMA_STATUS_REBOOT_NECESSARY;
}

IMA_STATUS IMA_RemoveDiscoveryAddress(IMA_OID discoveryAddressOid)
{
	return CALL(IMA_RemoveDiscoveryAddress, discoveryAddressOid, DISCOVERY_ADDRESS,
		    remove_source(call.model, (struct source *)call.object));
}

IMA_STATUS IMA_RemoveStaticDiscoveryTarget(IMA_OID staticDiscoveryTargetOid)
{
	return CALL(IMA_RemoveStaticDiscoveryTarget, staticDiscoveryTargetOid,
		    STATIC_TARGET,
		    remove_source(call.model, (struct source *)call.object));
}

/* --- reading ------------------------------------------------------------------------------ */

static bool is_there(const struct object *object)
{
	return !((const struct source *)object)->now.removed;
}

static IMA_STATUS list_sources(struct object *parent, int kind, IMA_OID_LIST **list)
{
	uint32_t supports = kind == KIND_STATIC ? SUPPORTS_STATIC : SUPPORTS_SENDTARGETS;
	IMA_STATUS status = check_supports(parent, supports);

	if (status != IMA_STATUS_SUCCESS)
		return status;
	return list_objects(&parent->children[kinds[kind].slot], is_there, list);
}

IMA_STATUS IMA_GetDiscoveryAddressOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetDiscoveryAddressOidList, oid, LHBA | PNP,
		    list_sources(call.object, KIND_DISCOVERY, ppList));
}

IMA_STATUS IMA_GetStaticDiscoveryTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMA_GetStaticDiscoveryTargetOidList, oid, LHBA | PNP,
		    list_sources(call.object, KIND_STATIC, ppList));
}

static IMA_OID lhba_oid(const struct lhba *lhba)
{
	return lhba ? oid_of(&lhba->object)
		    : (IMA_OID){ .objectType = IMA_OBJECT_TYPE_LHBA };
}

static IMA_STATUS get_address(struct model *model, const struct source *source,
			      IMA_DISCOVERY_ADDRESS_PROPERTIES *p)
{
	const struct lhba *lhba = source_lhba(model, source);

	memset(p, 0, sizeof(*p));
	p->associatedNodeOid = oid_of_node(model, lhba);
	p->associatedLhbaOid = lhba_oid(lhba);
	return status_from_errno(address_to_ima(&source->endpoint, &p->discoveryAddress));
}

IMA_STATUS IMA_GetDiscoveryAddressProperties(IMA_OID discoveryAddressOid,
					     IMA_DISCOVERY_ADDRESS_PROPERTIES *pProps)
{
	return CALL(IMA_GetDiscoveryAddressProperties, discoveryAddressOid,
		    DISCOVERY_ADDRESS,
		    get_address(call.model, (struct source *)call.object, pProps));
}

static IMA_STATUS get_static(struct model *model, const struct source *source,
			     IMA_STATIC_DISCOVERY_TARGET_PROPERTIES *p)
{
	const struct lhba *lhba = source_lhba(model, source);

	memset(p, 0, sizeof(*p));
	p->associatedNodeOid = oid_of_node(model, lhba);
	p->associatedLhbaOid = lhba_oid(lhba);
	FIELD_SET(p->staticTarget.targetName, source->target);
	return status_from_errno(
		address_to_ima(&source->endpoint, &p->staticTarget.targetAddress));
}

IMA_STATUS IMA_GetStaticDiscoveryTargetProperties(
	IMA_OID staticDiscoveryTargetOid, IMA_STATIC_DISCOVERY_TARGET_PROPERTIES *pProps)
{
	return CALL(IMA_GetStaticDiscoveryTargetProperties, staticDiscoveryTargetOid,
		    STATIC_TARGET,
		    get_static(call.model, (struct source *)call.object, pProps));
}

/* --- discover now ------------------------------------------------------------------------- */

static IMA_STATUS discovery_status(const struct discovery_result *result)
{
	if (!result->sources || result->answered > result->rejected)
		return IMA_STATUS_SUCCESS;
	if (result->answered)
		return fails(IMA_ERROR_LOGIN_REJECTED,
			     "every source refuses the discovery session");
	return fails(IMA_ERROR_TARGET_TIMEOUT, "no source of targets answers");
}

static bool was_found(const struct object *object)
{
	return ((const struct found *)object)->answered;
}

static IMA_STATUS discover(struct model *model, struct object *object,
			   IMA_OID_LIST **list)
{
	struct discovery_result result = { 0 };
	struct lhba *lhba = (struct lhba *)object;
	IMA_STATUS status;

	if (object_kind(object) == KIND_LHBA) {
		lhba_discover(model, lhba, &result);
	} else {
		lhba = source_lhba(model, (struct source *)object);
		if (!lhba)
			return list_objects(&(struct object_list){ 0 }, NULL, list);
		source_discover(model, lhba, (struct source *)object, &result);
	}
	status = discovery_status(&result);
	if (status == IMA_STATUS_SUCCESS)
		status = list_objects(&lhba->object.children[2], was_found, list);
	model->unsettled = true;
	return status;
}

IMA_STATUS IMAX_DiscoverTargets(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return CALL(IMAX_DiscoverTargets, oid, LHBA | DISCOVERY_ADDRESS,
		    discover(call.model, call.object, ppList));
}
