// SPDX-License-Identifier: LGPL-2.1-or-later
#include "events.h"

#include <string.h>

#include "lu.h"
#include "secrets.h"
#include "sessions.h"
#include "statistics.h"
#include "user.h"
#include "watch.h"

void events_visible(bool visible, IMA_OID oid)
{
	if (notifier_visibility(user.notifier, visible ? IMA_TRUE : IMA_FALSE, oid))
		host_log(IMAX_LOG_ERROR, "no memory for an event; clients will miss it");
}

void events_changed(IMA_OID oid)
{
	if (notifier_property(user.notifier, oid))
		host_log(IMAX_LOG_ERROR, "no memory for an event; clients will miss it");
}

/* The first member of whatever is in the lists of a state. */
struct entry {
	struct object *object;
};

static void appear(struct object *object)
{
	if (user.has_started)
		events_visible(true, object->oid);
}

static void disappear(struct object *object)
{
	object->data = NULL;
	events_visible(false, object->oid);
}

/*
 * Objects of the old list that are not in the fresh one go, those that are new come. For those
 * in both, stay(old, fresh) is called. The old entries are released.
 */
static void replace(struct vector *old, struct vector *fresh,
		    void (*release)(void *entry), void (*stay)(void *old, void *fresh))
{
	for (size_t i = 0; i < fresh->count; i++)
		((struct entry *)fresh->items[i])->object->scratch = fresh->items[i];
	for (size_t i = 0; i < old->count; i++) {
		struct object *object = ((struct entry *)old->items[i])->object;

		if (!object->scratch)
			disappear(object);
		else if (stay)
			stay(old->items[i], object->scratch);
		release(old->items[i]);
	}
	for (size_t i = 0; i < fresh->count; i++) {
		struct object *object = ((struct entry *)fresh->items[i])->object;

		if (!object->data)
			appear(object);
		object->data = fresh->items[i];
		object->scratch = NULL;
	}
	vector_free(old);
}

static bool same_params(const struct params *a, const struct params *b)
{
	if (a->set != b->set)
		return false;
	for (int i = 0; i < ISCSI_PARAM_COUNT; i++)
		if (a->set & 1U << i && a->value[i] != b->value[i])
			return false;
	return true;
}

static bool same_methods(const struct auth *a, const struct auth *b)
{
	return a->method_count == b->method_count &&
	       !memcmp(a->methods, b->methods, a->method_count * sizeof(a->methods[0]));
}

static bool same_auth(const struct auth *a, const struct auth *b)
{
	return same_methods(a, b) &&
	       !memcmp(a->algorithms, b->algorithms, sizeof(a->algorithms)) &&
	       !memcmp(a->chap, b->chap, sizeof(a->chap)) &&
	       a->is_excepted == b->is_excepted;
}

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* The LUs of a target belong to the process, not to the store: they move over. */
static void stay_target(void *old_entry, void *fresh_entry)
{
	struct target *old = old_entry, *fresh = fresh_entry;

	fresh->lus = old->lus;
	old->lus = NULL;
	if (old->methods != fresh->methods || !same_text(old->alias, fresh->alias) ||
	    !portals_equal(old, fresh) || !same_params(&old->own, &fresh->own) ||
	    !same_auth(&old->auth, &fresh->auth))
		events_changed(fresh->object->oid);
	statistics_switched(fresh, &old->switches, &fresh->switches);
}

static void stay_address(void *old_entry, void *fresh_entry)
{
	struct discovery_address *old = old_entry, *fresh = fresh_entry;

	if (!same_auth(&old->auth, &fresh->auth))
		events_changed(fresh->object->oid);
}

static void release_target(void *entry)
{
	lu_forget_all(entry);
	target_free(entry);
}

/* Targets that are gone from the store, but have a session, move over. */
static int keep_connected(struct vector *old, struct vector *fresh)
{
	size_t kept = 0;
	int err = vector_reserve(fresh, fresh->count + old->count);

	if (err)
		return err;
	for (size_t i = 0; i < fresh->count; i++)
		((struct entry *)fresh->items[i])->object->scratch = fresh->items[i];
	for (size_t i = 0; i < old->count; i++) {
		struct target *target = old->items[i];

		if (target->object->scratch || !sessions_has(target->object->oid)) {
			old->items[kept++] = target;
			continue;
		}
		target->methods = 0;
		target->id = 0;
		vector_add(fresh, target); /* there is room */
	}
	old->count = kept;
	return 0;
}

static bool same_discovery(const struct state *a, const struct state *b)
{
	return a->use_send_targets == b->use_send_targets &&
	       a->use_static == b->use_static && a->use_slp == b->use_slp &&
	       a->use_isns == b->use_isns && a->isns_method == b->isns_method &&
	       a->isns_server.port == b->isns_server.port &&
	       !strcmp(a->isns_server.host, b->isns_server.host);
}

static bool same_lhba(const struct state *a, const struct state *b)
{
	return same_discovery(a, b) && same_params(&a->own, &b->own) &&
	       same_auth(&a->auth, &b->auth) && a->stale == b->stale;
}

/* Whether what this object has from the LHBA changes. */
static bool inherits_change(const struct auth *own, const struct auth *old,
			    const struct auth *fresh)
{
	return (!own->method_count && !same_methods(old, fresh)) ||
	       (!own->algorithms[0] &&
		memcmp(old->algorithms, fresh->algorithms, sizeof(old->algorithms))) ||
	       (!own->chap[CHAP_INITIATOR] &&
		old->chap[CHAP_INITIATOR] != fresh->chap[CHAP_INITIATOR]) ||
	       (!own->chap[CHAP_TARGET] && !own->is_excepted &&
		old->chap[CHAP_TARGET] != fresh->chap[CHAP_TARGET]);
}

/* The same for login keys; a value that is set to what it was by default counts as well. */
static bool inherits_key(const struct params *own, const struct params *old,
			 const struct params *fresh)
{
	for (int i = 0; i < ISCSI_PARAM_COUNT; i++) {
		uint32_t bit = 1U << i;

		if (!(own->set & bit) &&
		    ((old->set & bit) != (fresh->set & bit) ||
		     (old->set & bit && old->value[i] != fresh->value[i])))
			return true;
	}
	return false;
}

/* Objects that stay and have settings of the LHBA have changed with it. */
static void tell_heirs(const struct state *old, const struct state *fresh)
{
	for (size_t i = 0; i < fresh->targets.count; i++) {
		const struct target *target = fresh->targets.items[i];

		if (target->object->data &&
		    (inherits_change(&target->auth, &old->auth, &fresh->auth) ||
		     inherits_key(&target->own, &old->own, &fresh->own)))
			events_changed(target->object->oid);
	}
	for (size_t i = 0; i < fresh->addresses.count; i++) {
		const struct discovery_address *known = fresh->addresses.items[i];

		if (known->object->data &&
		    inherits_change(&known->auth, &old->auth, &fresh->auth))
			events_changed(known->object->oid);
	}
}

int events_replace_state(struct state *fresh)
{
	struct state *old = &user.state;
	int err = keep_connected(&old->targets, &fresh->targets);

	if (err)
		return err;
	if (user.has_started && !same_lhba(old, fresh))
		events_changed(user.lhba->oid);
	if (user.has_started && (!same_auth(&old->auth, &fresh->auth) ||
				 !same_params(&old->own, &fresh->own)))
		tell_heirs(old, fresh);
	replace(&old->addresses, &fresh->addresses, free, stay_address);
	replace(&old->static_targets, &fresh->static_targets, free, NULL);
	replace(&old->targets, &fresh->targets, release_target, stay_target);
	*old = *fresh;
	user.has_started = true;
	return 0;
}

/* Without a watch the events of other processes come with the next call. */
static IMA_STATUS registered(int err)
{
	if (err)
		return status_from_errno(err);
	err = watch_start();
	if (err)
		host_log(IMAX_LOG_WARNING, "changes of other processes are seen late: %s",
			 strerror(-err));
	return IMA_STATUS_SUCCESS;
}

/* What is there already is no event: so it has to be known. */
static void look_first(void)
{
	VISIT visit = visit_begin();

	(void)visit; /* who cannot look at the store now may be able to later */
}

IMA_STATUS IMA_RegisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	look_first();
	return registered(notifier_on_visibility(user.notifier, pClientFn));
}

IMA_STATUS IMA_DeregisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	(void)pClientFn;
	return status_from_errno(notifier_on_visibility(user.notifier, NULL));
}

IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	look_first();
	return registered(notifier_on_property(user.notifier, pClientFn));
}

IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	(void)pClientFn;
	return status_from_errno(notifier_on_property(user.notifier, NULL));
}
