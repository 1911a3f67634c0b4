// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * events.c - registering for events, and, with --destructive, the events of changes this
 * process makes: a discovery address that comes and goes, a login key that changes.
 *
 * Locks: seen.lock guards what the callbacks, on another thread, have seen.
 */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "shared/cleanup.h"

#define WAIT_MS 2000 /* for an event that must come */
#define HUSH_MS 200  /* for one that must not */

enum event { APPEARED, DISAPPEARED, CHANGED };

static struct {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct {
		enum event event;
		IMA_OID oid;
	} ring[256];
	size_t count; /* of all that ever came */
} seen = { .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER };

static void note(enum event event, IMA_OID oid)
{
	LOCKED(&seen.lock);

	seen.ring[seen.count % ARRAY_SIZE(seen.ring)].event = event;
	seen.ring[seen.count++ % ARRAY_SIZE(seen.ring)].oid = oid;
	pthread_cond_broadcast(&seen.more);
}

static void on_visibility(IMA_BOOL becoming_visible, IMA_OID oid)
{
	note(becoming_visible ? APPEARED : DISAPPEARED, oid);
}

static void on_property(IMA_OID oid)
{
	note(CHANGED, oid);
}

static bool has_seen(enum event event, IMA_OID oid)
{
	size_t kept = seen.count < ARRAY_SIZE(seen.ring) ? seen.count
							 : ARRAY_SIZE(seen.ring);

	for (size_t i = 0; i < kept; i++)
		if (seen.ring[i].event == event && same_object(seen.ring[i].oid, oid))
			return true;
	return false;
}

static bool wait_for(enum event event, IMA_OID oid)
{
	struct timespec until;
	bool found;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_MS / 1000;
	pthread_mutex_lock(&seen.lock);
	while (!(found = has_seen(event, oid)))
		if (pthread_cond_timedwait(&seen.more, &seen.lock, &until))
			break;
	found = has_seen(event, oid);
	pthread_mutex_unlock(&seen.lock);
	return found;
}

static size_t seen_so_far(void)
{
	LOCKED(&seen.lock);

	return seen.count;
}

static IMA_STATUS add_address(IMA_OID parent, IMA_OID *oid)
{
	IMA_TARGET_ADDRESS address = { .portNumber = 3262 };

	address.hostnameIpAddress.id.ipAddress.ipv4Address = IMA_TRUE;
	memcpy(address.hostnameIpAddress.id.ipAddress.ipAddress, "\xc0\x00\x02\x64", 4);
	return IMA_AddDiscoveryAddress(parent, address, oid);
}

/* An object on which the plugin lets a discovery address be added. */
static bool find_parent(struct run *run, IMA_OID *parent, IMA_OID *address)
{
	static const IMA_OBJECT_TYPE types[] = { IMA_OBJECT_TYPE_LHBA,
						 IMA_OBJECT_TYPE_PNP };

	for (size_t t = 0; t < ARRAY_SIZE(types); t++)
		for (size_t i = 0; i < sample_count(run, types[t]); i++) {
			*parent = run->objects[types[t]].oid[i];
			if (add_address(*parent, address) == IMA_STATUS_SUCCESS)
				return true;
		}
	return false;
}

static void check_visibility(struct run *run)
{
	enum function_index fn = FN_IMA_RegisterForObjectVisibilityChanges;
	IMA_OID parent, address;

	if (!find_parent(run, &parent, &address)) {
		unchecked(run, fn, RULE_EVENT, "nothing takes a discovery address");
		return;
	}
	check(run, fn, RULE_EVENT, wait_for(APPEARED, address), address,
	      "was added, but no event said so");
	if (IMA_RemoveDiscoveryAddress(address) == IMA_STATUS_SUCCESS)
		check(run, fn, RULE_EVENT, wait_for(DISAPPEARED, address), address,
		      "was removed, but no event said so");
}

/* Change a login key of an LHBA and put it back. */
static bool change_key(IMA_OID lhba)
{
	IMA_BOOL_VALUE value;
	IMA_STATUS status;

	if (IMA_ERROR(IMA_GetImmediateDataProperties(lhba, &value)) || !value.settable)
		return false;
	status = IMA_SetImmediateData(lhba, !value.currentValue);
	if (IMA_SUCCESS(status))
		IMA_SetImmediateData(lhba, value.currentValue);
	return status == IMA_STATUS_SUCCESS;
}

static void check_property(struct run *run)
{
	enum function_index fn = FN_IMA_RegisterForObjectPropertyChanges;

	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_LHBA); i++) {
		IMA_OID lhba = run->objects[IMA_OBJECT_TYPE_LHBA].oid[i];

		if (!change_key(lhba))
			continue;
		check(run, fn, RULE_EVENT, wait_for(CHANGED, lhba), lhba,
		      "a login key changed, but no event said so");
		return;
	}
	unchecked(run, fn, RULE_EVENT, "no LHBA lets a login key be set");
}

static void check_silence(struct run *run)
{
	struct timespec hush = { 0, HUSH_MS * 1000000L };
	size_t before = seen_so_far();
	IMA_OID parent, address;
	bool changed = find_parent(run, &parent, &address);

	if (changed)
		IMA_RemoveDiscoveryAddress(address);
	nanosleep(&hush, NULL);
	check(run, FN_IMA_DeregisterForObjectVisibilityChanges, RULE_EVENT_AFTER,
	      seen_so_far() == before, run->plugin,
	      "%zu events came after deregistration", seen_so_far() - before);
	check(run, FN_IMA_DeregisterForObjectPropertyChanges, RULE_EVENT_AFTER,
	      seen_so_far() == before, run->plugin,
	      "%zu events came after deregistration", seen_so_far() - before);
}

void check_events(struct run *run)
{
	static const IMA_OID nothing;

	CALL(run, IMA_RegisterForObjectVisibilityChanges, nothing, on_visibility);
	CALL(run, IMA_RegisterForObjectPropertyChanges, nothing, on_property);
	CALL(run, IMA_RegisterForObjectPropertyChanges, nothing, on_property); /* twice */
	if (run->options.destructive) {
		check_visibility(run);
		check_property(run);
	} else {
		unchecked(run, FN_IMA_RegisterForObjectVisibilityChanges, RULE_EVENT,
			  "needs --destructive");
		unchecked(run, FN_IMA_RegisterForObjectPropertyChanges, RULE_EVENT,
			  "needs --destructive");
	}
	CALL(run, IMA_DeregisterForObjectVisibilityChanges, nothing, on_visibility);
	CALL(run, IMA_DeregisterForObjectPropertyChanges, nothing, on_property);
	if (run->options.destructive)
		check_silence(run);
}
