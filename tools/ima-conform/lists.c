// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lists.c - every function that returns a list of objects, and IMA_GetAddressKeys.
 */
#include <string.h>

#include "getters.h"
#include "shared/cleanup.h"

typedef IMA_STATUS (*list_all)(IMA_OID_LIST **);
typedef IMA_STATUS (*list_of)(IMA_OID, IMA_OID_LIST **);

struct list {
	enum function_index fn;
	uint32_t parents; /* 0: of nothing */
	IMA_OBJECT_TYPE members;
	list_all all;
	list_of of;
	uint32_t never_empty; /* of these parents */
};

#define OF(function, parents, members, never_empty)                                \
	{                                                                          \
		FN_##function, parents, IMA_OBJECT_TYPE_##members, NULL, function, \
			never_empty                                                \
	}
#define TOP(function, members)                                                    \
	{                                                                         \
		FN_##function, 0, IMA_OBJECT_TYPE_##members, function, NULL, NONE \
	}

static const struct list lists[] = {
	TOP(IMA_GetLhbaOidList, LHBA),
	TOP(IMA_GetPhbaOidList, PHBA),
	TOP(IMA_GetLnpOidList, LNP),
	TOP(IMA_GetNonSharedNodeOidList, NODE),
	/* The ports of an LNP may be the operating system's, and then no PHBA's. */
	OF(IMA_GetPnpOidList, PHBA | LNP, PNP, PHBA),
	OF(IMA_GetNetworkPortalOidList, LNP, NETWORK_PORTAL, NONE),
	OF(IMA_GetTargetOidList, LHBA | LNP, TARGET, NONE),
	OF(IMA_GetLuOidList, LHBA | TARGET, LU, NONE),
	OF(IMA_GetDiscoveryAddressOidList, LHBA | PNP, DISCOVERY_ADDRESS, NONE),
	OF(IMA_GetStaticDiscoveryTargetOidList, LHBA | PNP, STATIC_DISCOVERY_TARGET,
	   false),
};

static const IMA_OID nothing;
/* What a list pointer holds before the call: neither NULL nor a list. */
static IMA_OID_LIST unset;

static IMA_STATUS get(struct run *run, const struct list *list, IMA_OID parent,
		      IMA_OID_LIST **out)
{
	*out = &unset;
	call_begin(run);
	return call_end(run, list->fn, parent,
			list->all ? list->all(out) : list->of(parent, out));
}

static IMA_STATUS lhba_of_target(IMA_OID oid, IMA_OID *parent)
{
	IMA_TARGET_PROPERTIES props;
	IMA_STATUS status = IMA_GetTargetProperties(oid, &props);

	if (IMA_SUCCESS(status))
		*parent = props.associatedLhbaOid;
	return status;
}

static IMA_STATUS target_of_lu(IMA_OID oid, IMA_OID *parent)
{
	IMA_LU_PROPERTIES props;
	IMA_STATUS status = IMA_GetLuProperties(oid, &props);

	if (IMA_SUCCESS(status))
		*parent = props.associatedTargetOid;
	return status;
}

static IMA_STATUS phba_of_pnp(IMA_OID oid, IMA_OID *parent)
{
	IMA_PNP_PROPERTIES props;
	IMA_STATUS status = IMA_GetPnpProperties(oid, &props);

	if (IMA_SUCCESS(status))
		*parent = props.associatedPhbaOid;
	return status;
}

static IMA_STATUS lnp_of_portal(IMA_OID oid, IMA_OID *parent)
{
	IMA_NETWORK_PORTAL_PROPERTIES props;
	IMA_STATUS status = IMA_GetNetworkPortalProperties(oid, &props);

	if (IMA_SUCCESS(status))
		*parent = props.associatedLnp;
	return status;
}

static const struct {
	IMA_OBJECT_TYPE of, parent;
	IMA_STATUS (*get)(IMA_OID oid, IMA_OID *parent);
} named_parents[] = {
	{ IMA_OBJECT_TYPE_TARGET, IMA_OBJECT_TYPE_LHBA, lhba_of_target },
	{ IMA_OBJECT_TYPE_LU, IMA_OBJECT_TYPE_TARGET, target_of_lu },
	{ IMA_OBJECT_TYPE_PNP, IMA_OBJECT_TYPE_PHBA, phba_of_pnp },
	{ IMA_OBJECT_TYPE_NETWORK_PORTAL, IMA_OBJECT_TYPE_LNP, lnp_of_portal },
};

/* The parent an object names in its properties; false if its properties name none. */
static bool parent_of(IMA_OID oid, IMA_OBJECT_TYPE type, IMA_OID *parent)
{
	for (size_t i = 0; i < ARRAY_SIZE(named_parents); i++)
		if (named_parents[i].of == oid.objectType &&
		    named_parents[i].parent == type)
			return IMA_SUCCESS(named_parents[i].get(oid, parent));
	return false;
}

static void check_member(struct run *run, const struct list *list, IMA_OID parent,
			 IMA_OID oid)
{
	IMA_OID named;

	check(run, list->fn, RULE_LIST_MEMBER, object_exists(oid), parent,
	      "lists %s, which does not exist", object_text(oid));
	if (list->of && parent_of(oid, parent.objectType, &named))
		check(run, list->fn, RULE_LIST_MEMBER, same_object(named, parent), parent,
		      "lists %s, which belongs to %s", object_text(oid),
		      object_text(named));
}

static bool listed_before(const IMA_OID_LIST *list, IMA_UINT at)
{
	for (IMA_UINT i = 0; i < at; i++)
		if (same_object(list->oids[i], list->oids[at]))
			return true;
	return false;
}

/* Lists of all objects are joined; an owner that is no plugin is a mistake of somebody. */
static bool is_of_another(const struct run *run, IMA_OID oid)
{
	IMA_OID plugin;

	return IMA_SUCCESS(IMA_GetAssociatedPluginOid(oid, &plugin)) &&
	       !same_object(plugin, run->plugin);
}

static void check_list(struct run *run, const struct list *list, IMA_OID parent,
		       const IMA_OID_LIST *oids)
{
	for (IMA_UINT i = 0; i < oids->oidCount && i < run->options.sample; i++) {
		IMA_OID oid = oids->oids[i];

		if (list->all && is_of_another(run, oid))
			continue;
		check(run, list->fn, RULE_LIST_TYPE, oid.objectType == list->members,
		      parent, "lists %s", object_text(oid));
		check(run, list->fn, RULE_LIST_OWNER, oid.ownerId == run->plugin.ownerId,
		      parent, "lists %s, the owner is %u", object_text(oid),
		      run->plugin.ownerId);
		check(run, list->fn, RULE_LIST_DUPLICATE, !listed_before(oids, i), parent,
		      "lists %s twice", object_text(oid));
		check_member(run, list, parent, oid);
	}
	if (list->never_empty & 1u << parent.objectType)
		check(run, list->fn, RULE_COHERENT, oids->oidCount, parent,
		      "the list is empty");
}

static bool same_list(const IMA_OID_LIST *a, const IMA_OID_LIST *b)
{
	if (a->oidCount != b->oidCount)
		return false;
	for (IMA_UINT i = 0; i < a->oidCount; i++)
		if (!same_object(a->oids[i], b->oids[i]))
			return false;
	return true;
}

static bool check_pointer(struct run *run, const struct list *list, IMA_OID parent,
			  IMA_STATUS status, const IMA_OID_LIST *oids)
{
	bool success = IMA_SUCCESS(status);

	check(run, list->fn, RULE_LIST_NULL, success ? oids && oids != &unset : !oids,
	      parent,
	      success ? "succeeded without a list" : "failed, but left a list pointer");
	return success && oids && oids != &unset;
}

static void check_parent(struct run *run, const struct list *list, IMA_OID parent)
{
	IMA_OID_LIST *first, *second;
	IMA_STATUS status = get(run, list, parent, &first);

	check_answers(run, list->fn, parent, status);
	if (!check_pointer(run, list, parent, status, first))
		return;
	check_list(run, list, parent, first);
	status = get(run, list, parent, &second);
	if (check_pointer(run, list, parent, status, second)) {
		check(run, list->fn, RULE_STABLE, same_list(first, second), parent,
		      "the second list differs from the first");
		check(run, FN_IMA_FreeMemory, RULE_STATUS,
		      IMA_FreeMemory(second) == IMA_STATUS_SUCCESS, parent,
		      "cannot release a list of %s", function_table[list->fn].name);
	}
	IMA_FreeMemory(first);
}

static void list_unknown(struct run *run, const struct list *list, IMA_OBJECT_TYPE type)
{
	IMA_OID oid = unknown_object(run, type);
	IMA_OID_LIST *oids;
	IMA_STATUS status = get(run, list, oid, &oids);

	check_pointer(run, list, oid, status, oids);
	check_unknown(run, list->fn, oid, status);
	if (IMA_SUCCESS(status))
		IMA_FreeMemory(oids);
}

static void check_parents(struct run *run, const struct list *list)
{
	for (IMA_OBJECT_TYPE type = 1; type < OBJECT_TYPES; type++) {
		if (!(list->parents & 1u << type))
			continue;
		for (size_t i = 0; i < sample_count(run, type); i++)
			check_parent(run, list, run->objects[type].oid[i]);
		list_unknown(run, list, type);
	}
}

/* --- IMA_GetAddressKeys --- */

static bool same_key(const IMA_ADDRESS_KEY *a, const IMA_ADDRESS_KEY *b)
{
	return a->portNumber == b->portNumber &&
	       !memcmp(&a->ipAddress, &b->ipAddress, sizeof(a->ipAddress));
}

static void check_key(struct run *run, IMA_OID target, const IMA_ADDRESS_KEYS *keys,
		      IMA_UINT i)
{
	const IMA_ADDRESS_KEY *key = &keys->addressKeys[i];

	check(run, FN_IMA_GetAddressKeys, RULE_BOOLEAN,
	      key->ipAddress.ipv4Address <= IMA_TRUE, target,
	      "ipv4Address of key %lu is 0x%x", i, key->ipAddress.ipv4Address);
	check(run, FN_IMA_GetAddressKeys, RULE_COHERENT, key->portNumber, target,
	      "key %lu has port 0", i);
	for (IMA_UINT k = 0; k < i; k++)
		check(run, FN_IMA_GetAddressKeys, RULE_LIST_DUPLICATE,
		      !same_key(key, &keys->addressKeys[k]), target,
		      "keys %lu and %lu are equal", k, i);
}

static void check_keys_of(struct run *run, IMA_OID target, bool exists)
{
	static IMA_ADDRESS_KEYS unset_keys;
	IMA_ADDRESS_KEYS *keys = &unset_keys;
	IMA_STATUS status = CALL(run, IMA_GetAddressKeys, target, target, &keys);
	bool success = IMA_SUCCESS(status);

	check(run, FN_IMA_GetAddressKeys, RULE_LIST_NULL,
	      success ? keys && keys != &unset_keys : !keys, target,
	      success ? "succeeded without a list" : "failed, but left a list pointer");
	if (exists)
		check_answers(run, FN_IMA_GetAddressKeys, target, status);
	else
		check_unknown(run, FN_IMA_GetAddressKeys, target, status);
	if (!success || !keys || keys == &unset_keys)
		return;
	for (IMA_UINT i = 0; i < keys->addressKeyCount; i++)
		check_key(run, target, keys, i);
	IMA_FreeMemory(keys);
}

void check_lists(struct run *run)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (lists[i].all)
			check_parent(run, &lists[i], nothing);
		else
			check_parents(run, &lists[i]);
	}
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_TARGET); i++)
		check_keys_of(run, run->objects[IMA_OBJECT_TYPE_TARGET].oid[i], true);
	check_keys_of(run, unknown_object(run, IMA_OBJECT_TYPE_TARGET), false);
}
