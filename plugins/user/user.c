// SPDX-License-Identifier: LGPL-2.1-or-later
#include "user.h"

#include <errno.h>
#include <string.h>

#include "events.h"

struct user user;

const IMA_OID shared_node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

IMA_STATUS visit_fail(int err)
{
	IMAX_LAYER layer = err == -ETIME ? IMAX_LAYER_PLUGIN : IMAX_LAYER_OS;

	if (err == -ENOMEM)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	return host_fail(err == -ETIME ? IMA_ERROR_SYNC_TIMEOUT
				       : IMA_ERROR_UNEXPECTED_OS_ERROR,
			 layer, err == -ETIME ? 0 : err,
			 "cannot use the configuration %s", store_error(user.store));
}

/* Reads the store and makes the result the state. */
static int load(struct store *store)
{
	struct state fresh;
	int err = state_load(store, user.objects, &fresh);

	if (!err)
		err = events_replace_state(&fresh);
	if (err)
		state_drop(&fresh);
	user.is_loaded = !err;
	user.is_absent = !store;
	return err;
}

static int load_at_once(void)
{
	int err = store_begin_read(user.store);

	if (!err)
		err = load(user.store);
	store_roll_back(user.store); /* nothing was written */
	return err;
}

/* The state as it is now, without making any file. */
static int look(void)
{
	bool changed = false;
	int err;

	err = user.store ? store_open(user.store, false) : -ENOENT;
	if (err == -ENOENT)
		return user.is_loaded && user.is_absent ? 0 : load(NULL);
	if (!err)
		err = store_is_changed(user.store, &changed);
	if (err || (!changed && user.is_loaded))
		return err;
	return load_at_once();
}

static struct visit enter(void)
{
	struct visit visit = { .status = IMA_STATUS_SUCCESS };
	uint64_t deadline = host_deadline();

	if (gate_enter(&user.gate, deadline)) {
		visit.status = host_fail(
			IMA_ERROR_SYNC_TIMEOUT, IMAX_LAYER_PLUGIN, 0,
			"other calls of this process kept the configuration "
			"until the deadline");
		return visit;
	}
	visit.is_inside = true;
	if (user.store)
		store_set_deadline(user.store, deadline);
	return visit;
}

struct visit visit_begin(void)
{
	struct visit visit = enter();
	int err = visit.is_inside ? look() : 0;

	if (err)
		visit.status = visit_fail(err);
	return visit;
}

static int begin_change(void)
{
	bool changed = false;
	int err = store_open(user.store, true);

	if (!err)
		err = store_begin(user.store);
	if (!err)
		err = store_is_changed(user.store, &changed);
	if (!err && (changed || !user.is_loaded))
		err = load(user.store);
	return err;
}

struct visit visit_begin_change(void)
{
	struct visit visit = enter();
	int err;

	if (!visit.is_inside)
		return visit;
	if (!user.store) {
		visit.status = host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, 0,
					 "there is no folder for the configuration; "
					 "set HOME or IMA_STATE_DIR");
		return visit;
	}
	visit.is_changing = true;
	err = begin_change();
	if (err)
		visit.status = visit_fail(err);
	return visit;
}

IMA_STATUS visit_commit(struct visit *visit, bool reload)
{
	int err = store_commit(user.store);

	visit->is_changing = false;
	if (err) {
		user.is_loaded = false; /* the caller may have changed it */
		return visit_fail(err);
	}
	/* What is stored is stored: if it cannot be read now, the next visit will. */
	if (reload && load_at_once())
		user.is_loaded = false;
	return IMA_STATUS_SUCCESS;
}

void visit_end(struct visit *visit)
{
	if (!visit->is_inside)
		return;
	if (visit->is_changing)
		store_roll_back(user.store);
	gate_leave(&user.gate);
}

IMA_STATUS not_found(IMA_OID oid)
{
	static const char *const names[] = {
		[IMA_OBJECT_TYPE_NODE] = "node",
		[IMA_OBJECT_TYPE_LHBA] = "logical HBA",
		[IMA_OBJECT_TYPE_PHBA] = "physical HBA",
		[IMA_OBJECT_TYPE_NETWORK_PORTAL] = "network portal",
		[IMA_OBJECT_TYPE_LNP] = "logical network port",
		[IMA_OBJECT_TYPE_PNP] = "physical network port",
		[IMA_OBJECT_TYPE_TARGET] = "target",
		[IMA_OBJECT_TYPE_LU] = "logical unit",
		[IMA_OBJECT_TYPE_DISCOVERY_ADDRESS] = "discovery address",
		[IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET] = "static target",
		[IMA_OBJECT_TYPE_CONNECTION] = "connection",
		[IMA_OBJECT_TYPE_SESSION] = "session",
	};
	const char *name = oid.objectType < ARRAY_SIZE(names) ? names[oid.objectType]
							      : NULL;

	return host_fail(IMA_ERROR_OBJECT_NOT_FOUND, IMAX_LAYER_PLUGIN, 0,
			 "the user-space initiator has no such %s, or no longer",
			 name ? name : "object");
}

bool oid_equal(IMA_OID a, IMA_OID b)
{
	return a.objectType == b.objectType && a.ownerId == b.ownerId &&
	       a.objectSequenceNumber == b.objectSequenceNumber;
}

bool is_lhba(IMA_OID oid)
{
	return oid_equal(oid, user.lhba->oid);
}

struct target *target_by_oid(IMA_OID oid)
{
	return oid.objectType == IMA_OBJECT_TYPE_TARGET
		       ? object_table_data(user.objects, oid)
		       : NULL;
}
