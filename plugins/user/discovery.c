// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * discovery.c - configuration of discovery: the addresses that are asked with SendTargets, and
 * the static targets. switches.c has the rest, discover.c does the asking.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "finder.h"
#include "growth.h"
#include "plugin-support/field.h"
#include "sessions.h"
#include "shared/iscsi-name.h"
#include "user.h"

/* The OIDs of everything in a list of the state. */
static IMA_STATUS list_all(IMA_OID oid, const struct vector *list, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) oids = { 0 };
	VISIT visit = visit_begin();
	int err = 0;

	*ppList = NULL;
	if (visit.status)
		return visit.status;
	if (!is_lhba(oid))
		return not_found(oid);
	for (size_t i = 0; !err && i < list->count; i++)
		err = oid_list_add(&oids, (*(struct object **)list->items[i])->oid);
	return status_from_errno(err ? err : oid_list_end(&oids, ppList));
}

IMA_STATUS IMA_GetDiscoveryAddressOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	return list_all(oid, &user.state.addresses, ppList);
}

IMA_STATUS IMA_GetStaticDiscoveryTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	return list_all(oid, &user.state.static_targets, ppList);
}

/* The OID of an object with this key, if it is there now. */
static IMA_STATUS look_up(IMA_OBJECT_TYPE type, const char *key, IMA_OID *oid)
{
	struct object *object = object_table_by_key(user.objects, type, key);

	if (!object)
		return IMA_ERROR_OBJECT_NOT_FOUND;
	if (oid)
		*oid = object->oid;
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS look_up_first(IMA_OBJECT_TYPE type, const char *key, IMA_OID *oid)
{
	VISIT visit = visit_begin();

	return visit.status ? visit.status : look_up(type, key, oid);
}

/* What a client adds: a discovery address, or with a name a static target. */
struct addition {
	IMA_OBJECT_TYPE type;
	const char *name, *portal, *key;
};

static int store_addition(const struct addition *new)
{
	return new->name ? store_run(user.store, STORE_ADD_STATIC, "tt", new->name,
				     new->portal)
			 : store_run(user.store, STORE_ADD_ADDRESS, "t", new->portal);
}

static IMA_STATUS commit_addition(struct visit *visit, const struct addition *new)
{
	int64_t id = store_last_id(user.store);
	bool is_simple = true;
	int err = new->name ? growth_check(new->name, &is_simple) : 0;
	IMA_STATUS status = err ? visit_fail(err) : visit_commit(visit, !is_simple);

	if (!status && is_simple)
		err = new->name ? growth_static(new->name, new->portal, id)
				: growth_address(new->portal, id);
	if (err)
		user.is_loaded = false;
	/* It is stored; only that there is no memory can have kept it from being known. */
	return status || user.is_loaded ? status : IMA_ERROR_INSUFFICIENT_MEMORY;
}

/* Adds a row unless it is there, and finds the object it makes. */
static IMA_STATUS add(const struct addition *new, IMA_OID *oid)
{
	IMA_STATUS status = look_up_first(new->type, new->key, oid);
	int err;

	if (status != IMA_ERROR_OBJECT_NOT_FOUND)
		return status;
	VISIT visit = visit_begin_change();

	if (visit.status || !look_up(new->type, new->key, oid))
		return visit.status;
	err = store_addition(new);
	if (err)
		return visit_fail(err);
	status = commit_addition(&visit, new);
	return status ? status : look_up(new->type, new->key, oid);
}

/* A portal of a client as text; text is for the error. */
static IMA_STATUS portal_text(const IMA_TARGET_ADDRESS *from, const char *what,
			      char text[ADDRESS_TEXT_SIZE])
{
	struct address address;
	int err = address_from_ima(from, &address);

	if (err)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "%s %s", what,
				 err == -ENODATA ? "is empty"
						 : "is no host name or IP address "
						   "with an optional port");
	address_format(&address, text);
	return IMA_STATUS_SUCCESS;
}

static void ask_soon(IMA_OID oid)
{
	VISIT visit = visit_begin();
	const struct discovery_address *known;

	known = visit.status ? NULL : object_table_data(user.objects, oid);
	if (known && user.state.use_send_targets)
		finder_want(known->id);
}

IMA_STATUS IMA_AddDiscoveryAddress(IMA_OID oid, const IMA_TARGET_ADDRESS discoveryAddress,
				   IMA_OID *pDiscoveryAddressOid)
{
	char text[ADDRESS_TEXT_SIZE];
	IMA_STATUS status;
	IMA_OID made;
	bool is_new;

	if (!is_lhba(oid))
		return not_found(oid);
	status = portal_text(&discoveryAddress, "the discovery address", text);
	if (status)
		return status;
	is_new = look_up_first(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, text, NULL) != 0;
	status = add(
		&(struct addition){ IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, NULL, text, text },
		&made);
	if (!status && is_new)
		ask_soon(made);
	if (!status && pDiscoveryAddressOid)
		*pDiscoveryAddressOid = made;
	return status;
}

IMA_STATUS IMA_AddStaticDiscoveryTarget(
	IMA_OID oid, const IMA_STATIC_DISCOVERY_TARGET staticDiscoveryTarget,
	IMA_OID *pStaticDiscoveryTargetOid)
{
	char name[ISCSI_NAME_MAX + 1], text[ADDRESS_TEXT_SIZE];
	char key[sizeof(name) + sizeof(text)];
	const char *why = "is longer than 223 bytes or no Unicode text";
	IMA_STATUS status;

	if (!is_lhba(oid))
		return not_found(oid);
	if (FIELD_GET(staticDiscoveryTarget.targetName, name) < 0 ||
	    iscsi_name_check(name, &why))
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "the target name %s", why);
	status = portal_text(&staticDiscoveryTarget.targetAddress,
			     "the address of the target", text);
	if (status)
		return status;
	snprintf(key, sizeof(key), "%s %s", name, text);
	return add(&(struct addition){ IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET, name,
				       text, key },
		   pStaticDiscoveryTargetOid);
}

IMA_STATUS IMA_GetDiscoveryAddressProperties(IMA_OID discoveryAddressOid,
					     IMA_DISCOVERY_ADDRESS_PROPERTIES *pProps)
{
	VISIT visit = visit_begin();
	const struct discovery_address *known;

	if (visit.status)
		return visit.status;
	known = object_table_data(user.objects, discoveryAddressOid);
	if (!known)
		return not_found(discoveryAddressOid);
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedNodeOid = shared_node;
	pProps->associatedLhbaOid = user.lhba->oid;
	return status_from_errno(
		address_to_ima(&known->address, &pProps->discoveryAddress));
}

IMA_STATUS
IMA_GetStaticDiscoveryTargetProperties(IMA_OID staticDiscoveryTargetOid,
				       IMA_STATIC_DISCOVERY_TARGET_PROPERTIES *pProps)
{
	VISIT visit = visit_begin();
	const struct static_target *known;

	if (visit.status)
		return visit.status;
	known = object_table_data(user.objects, staticDiscoveryTargetOid);
	if (!known)
		return not_found(staticDiscoveryTargetOid);
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedNodeOid = shared_node;
	pProps->associatedLhbaOid = user.lhba->oid;
	FIELD_SET(pProps->staticTarget.targetName, known->name);
	return status_from_errno(
		address_to_ima(&known->address, &pProps->staticTarget.targetAddress));
}

/* Removes a row, and the rows of targets that nothing else knows. */
static IMA_STATUS remove_row(struct visit *visit, enum store_statement statement,
			     int64_t id)
{
	int err = store_run(user.store, statement, "i", id);

	if (!err)
		err = store_run(user.store, STORE_REMOVE_LOST_TARGETS, "");
	if (err)
		return visit_fail(err);
	auth_forget_lost();
	return visit_commit(visit, true);
}

static IMA_STATUS refuse_removal(const char *name)
{
	return host_fail(IMA_ERROR_LU_EXPOSED, IMAX_LAYER_PLUGIN, 0,
			 "target %s has a session; log out first", name);
}

/* A target this address reported and that has a session; NULL: none. */
static const struct target *in_use_through(int64_t source)
{
	for (size_t i = 0; i < user.state.targets.count; i++) {
		const struct target *target = user.state.targets.items[i];

		if (!sessions_has(target->object->oid))
			continue;
		for (size_t j = 0; j < target->portal_count; j++)
			if (target->portals[j].source == source)
				return target;
	}
	return NULL;
}

/* Whether the object is there, before anything is done for a change. */
static IMA_STATUS check_exists(IMA_OID oid)
{
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	return object_table_data(user.objects, oid) ? IMA_STATUS_SUCCESS : not_found(oid);
}

IMA_STATUS IMA_RemoveDiscoveryAddress(IMA_OID discoveryAddressOid)
{
	IMA_STATUS status = check_exists(discoveryAddressOid);
	const struct discovery_address *known;
	const struct target *used;

	if (status)
		return status;
	VISIT visit = visit_begin_change();

	if (visit.status)
		return visit.status;
	known = object_table_data(user.objects, discoveryAddressOid);
	if (!known)
		return not_found(discoveryAddressOid);
	used = in_use_through(known->id);
	if (used)
		return refuse_removal(used->object->key);
	return remove_row(&visit, STORE_REMOVE_ADDRESS, known->id);
}

IMA_STATUS IMA_RemoveStaticDiscoveryTarget(IMA_OID staticDiscoveryTargetOid)
{
	IMA_STATUS status = check_exists(staticDiscoveryTargetOid);
	const struct static_target *known;
	const struct object *target;

	if (status)
		return status;
	VISIT visit = visit_begin_change();

	if (visit.status)
		return visit.status;
	known = object_table_data(user.objects, staticDiscoveryTargetOid);
	if (!known)
		return not_found(staticDiscoveryTargetOid);
	target = object_table_by_key(user.objects, IMA_OBJECT_TYPE_TARGET, known->name);
	if (target && sessions_has(target->oid))
		return refuse_removal(known->name);
	return remove_row(&visit, STORE_REMOVE_STATIC, known->id);
}
