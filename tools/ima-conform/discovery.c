// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * discovery.c - discovery addresses and static discovery targets: added, listed, removed.
 *
 * Both kinds live by the same rules, so they share one life: add, read back, add again,
 * remove, and be gone. Addresses are from the block reserved for documentation (RFC 5737),
 * nothing is ever sent there by the checks.
 */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "settings.h"
#include "shared/cleanup.h"

/* One kind of entry. */
struct kind {
	enum function_index add_fn, remove_fn, list_fn;
	IMA_OBJECT_TYPE type;
	IMA_STATUS (*add)(IMA_OID, IMA_OID *);
	IMA_STATUS (*add_empty)(IMA_OID, IMA_OID *);
	IMA_STATUS (*remove)(IMA_OID);
	IMA_STATUS (*list)(IMA_OID, IMA_OID_LIST **);
	bool (*is_what_was_added)(IMA_OID);
};

static IMA_TARGET_ADDRESS address(void)
{
	IMA_TARGET_ADDRESS address = { 0 };

	address.hostnameIpAddress.id.ipAddress.ipv4Address = IMA_TRUE;
	memcpy(address.hostnameIpAddress.id.ipAddress.ipAddress, "\xc0\x00\x02\x63", 4);
	address.portNumber = 3261;
	return address;
}

static IMA_STATIC_DISCOVERY_TARGET target(void)
{
	IMA_STATIC_DISCOVERY_TARGET target = { .targetAddress = address() };

	wmemcpy(target.targetName, L"iqn.2026-01.org.example:conformance",
		wcslen(L"iqn.2026-01.org.example:conformance"));
	return target;
}

static IMA_STATUS add_address(IMA_OID parent, IMA_OID *oid)
{
	return IMA_AddDiscoveryAddress(parent, address(), oid);
}

static IMA_STATUS add_no_address(IMA_OID parent, IMA_OID *oid)
{
	IMA_TARGET_ADDRESS none = { 0 };

	none.hostnameIpAddress.hostnameInUse = IMA_TRUE;
	return IMA_AddDiscoveryAddress(parent, none, oid);
}

static IMA_STATUS add_target(IMA_OID parent, IMA_OID *oid)
{
	return IMA_AddStaticDiscoveryTarget(parent, target(), oid);
}

static IMA_STATUS add_no_target(IMA_OID parent, IMA_OID *oid)
{
	IMA_STATIC_DISCOVERY_TARGET none = { .targetAddress = address() };

	return IMA_AddStaticDiscoveryTarget(parent, none, oid);
}

static bool same_address(const IMA_TARGET_ADDRESS *a)
{
	IMA_TARGET_ADDRESS b = address();

	return a->portNumber == b.portNumber && !a->hostnameIpAddress.hostnameInUse &&
	       !memcmp(&a->hostnameIpAddress.id.ipAddress,
		       &b.hostnameIpAddress.id.ipAddress, sizeof(IMA_IP_ADDRESS));
}

static bool is_added_address(IMA_OID oid)
{
	IMA_DISCOVERY_ADDRESS_PROPERTIES props;

	return IMA_SUCCESS(IMA_GetDiscoveryAddressProperties(oid, &props)) &&
	       same_address(&props.discoveryAddress);
}

static bool is_added_target(IMA_OID oid)
{
	IMA_STATIC_DISCOVERY_TARGET_PROPERTIES props;

	return IMA_SUCCESS(IMA_GetStaticDiscoveryTargetProperties(oid, &props)) &&
	       same_address(&props.staticTarget.targetAddress) &&
	       !wcscmp(props.staticTarget.targetName, target().targetName);
}

static const struct kind kinds[] = {
	{ FN_IMA_AddDiscoveryAddress, FN_IMA_RemoveDiscoveryAddress,
	  FN_IMA_GetDiscoveryAddressOidList, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS,
	  add_address, add_no_address, IMA_RemoveDiscoveryAddress,
	  IMA_GetDiscoveryAddressOidList, is_added_address },
	{ FN_IMA_AddStaticDiscoveryTarget, FN_IMA_RemoveStaticDiscoveryTarget,
	  FN_IMA_GetStaticDiscoveryTargetOidList, IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET,
	  add_target, add_no_target, IMA_RemoveStaticDiscoveryTarget,
	  IMA_GetStaticDiscoveryTargetOidList, is_added_target },
};

static IMA_STATUS add(struct run *run, const struct kind *kind, IMA_OID parent,
		      IMA_OID *oid)
{
	call_begin(run);
	return call_end(run, kind->add_fn, parent, kind->add(parent, oid));
}

static IMA_STATUS take_away(struct run *run, const struct kind *kind, IMA_OID oid)
{
	call_begin(run);
	return call_end(run, kind->remove_fn, oid, kind->remove(oid));
}

/* How often an entry is in the list; -1 if there is no list. */
static int times_listed(const struct kind *kind, IMA_OID parent, IMA_OID oid)
{
	IMA_OID_LIST *list = NULL;
	int times = 0;

	if (IMA_ERROR(kind->list(parent, &list)))
		return -1;
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		times += same_object(list->oids[i], oid);
	IMA_FreeMemory(list);
	return times;
}

static void check_again(struct run *run, const struct kind *kind, IMA_OID parent,
			IMA_OID oid)
{
	IMA_OID again = { 0 };
	IMA_STATUS status = add(run, kind, parent, &again);

	check(run, kind->add_fn, RULE_REPEAT,
	      IMA_SUCCESS(status) && same_object(again, oid), parent,
	      "adding it again answered %s with %s", IMAX_StatusName(status),
	      object_text(again));
	check(run, kind->add_fn, RULE_REPEAT, IMA_SUCCESS(add(run, kind, parent, NULL)),
	      parent, "fails when the caller does not want the OID");
	check(run, kind->list_fn, RULE_LIST_DUPLICATE,
	      times_listed(kind, parent, oid) == 1, parent,
	      "lists an entry that was added twice %d times",
	      times_listed(kind, parent, oid));
}

static void check_gone(struct run *run, const struct kind *kind, IMA_OID parent,
		       IMA_OID oid)
{
	IMA_STATUS status = take_away(run, kind, oid);

	check(run, kind->remove_fn, RULE_SETS, IMA_SUCCESS(status), oid, "answered %s",
	      IMAX_StatusName(status));
	if (status != IMA_STATUS_SUCCESS)
		return;
	check(run, kind->remove_fn, RULE_SETS, !times_listed(kind, parent, oid), parent,
	      "still lists %s after it was removed", object_text(oid));
	status = take_away(run, kind, oid);
	check(run, kind->remove_fn, RULE_GONE, status == IMA_ERROR_OBJECT_NOT_FOUND, oid,
	      "removing it again answered %s", IMAX_StatusName(status));
}

static void check_life(struct run *run, const struct kind *kind, IMA_OID parent)
{
	IMA_OID oid = { 0 };
	IMA_STATUS status = add(run, kind, parent, &oid);

	if (status == IMA_ERROR_NOT_SUPPORTED)
		return;
	check(run, kind->add_fn, RULE_SETS, IMA_SUCCESS(status), parent, "answered %s",
	      IMAX_StatusName(status));
	if (IMA_ERROR(status))
		return;
	check(run, kind->add_fn, RULE_REFERENCE,
	      oid.objectType == kind->type && oid.ownerId == run->plugin.ownerId, parent,
	      "gave %s to what was added", object_text(oid));
	check(run, kind->add_fn, RULE_SETS, kind->is_what_was_added(oid), oid,
	      "its properties are not what was added");
	check(run, kind->add_fn, RULE_SETS, times_listed(kind, parent, oid) > 0, parent,
	      "does not list %s, which was added", object_text(oid));
	check_again(run, kind, parent, oid);
	check_gone(run, kind, parent, oid);
}

static void check_refusals(struct run *run, const struct kind *kind, IMA_OBJECT_TYPE type)
{
	IMA_OID unknown = unknown_object(run, type), oid = { 0 };
	IMA_STATUS status = add(run, kind, unknown, &oid);

	check_unknown(run, kind->add_fn, unknown, status);
	for (size_t i = 0; i < sample_count(run, type); i++) {
		IMA_OID parent = run->objects[type].oid[i];

		call_begin(run);
		status = call_end(run, kind->add_fn, parent,
				  kind->add_empty(parent, &oid));
		if (status != IMA_ERROR_NOT_SUPPORTED)
			check(run, kind->add_fn, RULE_RANGE,
			      status == IMA_ERROR_INVALID_PARAMETER, parent,
			      "adding an empty one answered %s", IMAX_StatusName(status));
	}
}

static void check_kind(struct run *run, const struct kind *kind)
{
	static const IMA_OBJECT_TYPE types[] = { IMA_OBJECT_TYPE_LHBA,
						 IMA_OBJECT_TYPE_PNP };
	IMA_OID unknown = unknown_object(run, kind->type);
	IMA_STATUS status = take_away(run, kind, unknown);

	check_unknown(run, kind->remove_fn, unknown, status);
	for (size_t t = 0; t < ARRAY_SIZE(types); t++) {
		check_refusals(run, kind, types[t]);
		if (!run->options.destructive) {
			unchecked(run, kind->add_fn, RULE_SETS, "needs --destructive");
			unchecked(run, kind->remove_fn, RULE_SETS, "needs --destructive");
			continue;
		}
		for (size_t i = 0; i < sample_count(run, types[t]); i++)
			check_life(run, kind, run->objects[types[t]].oid[i]);
	}
}

void check_discovery(struct run *run)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		check_kind(run, &kinds[i]);
}

/* --- As entries that last --- */

enum function_index entry_function(size_t kind, bool add)
{
	return add ? kinds[kind].add_fn : kinds[kind].remove_fn;
}

IMA_STATUS entry_add(size_t kind, IMA_OID parent, IMA_OID *oid)
{
	return kinds[kind].add(parent, oid);
}

IMA_STATUS entry_remove(size_t kind, IMA_OID oid)
{
	return kinds[kind].remove(oid);
}

bool entry_is_listed(size_t kind, IMA_OID parent)
{
	IMA_OID_LIST *list = NULL;
	bool listed = false;

	if (IMA_ERROR(kinds[kind].list(parent, &list)))
		return false;
	for (IMA_UINT i = 0; i < list->oidCount && !listed; i++)
		listed = kinds[kind].is_what_was_added(list->oids[i]);
	IMA_FreeMemory(list);
	return listed;
}
