// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lu-change.c - exposing LUs and taking them away; waiting until they are there.
 */
#include "lu-wait.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attr.h"
#include "command.h"
#include "hidden.h"
#include "login.h"
#include "recent-record.h"
#include "slow-write.h"

/* The kernel attaches devices within moments; one that takes longer does not come. */
#define PATIENCE 5000000000ull
/* Looking is work, and many may wait: they look less often as time goes by. */
#define PAUSE	  20000000
#define PAUSE_MAX 100000000

static void pause_a_moment(long *nanoseconds)
{
	nanosleep(&(struct timespec){ .tv_nsec = *nanoseconds }, NULL);
	*nanoseconds += *nanoseconds / 2;
	if (*nanoseconds > PAUSE_MAX)
		*nanoseconds = PAUSE_MAX;
}

static uint64_t patience_until(void)
{
	uint64_t until = host_now() + PATIENCE, deadline = host_deadline();

	/* Time to say what is missing. */
	deadline -= deadline > PAUSE ? PAUSE : 0;
	return until < deadline ? until : deadline;
}

/* --- Is everything there? ------------------------------------------------------------------------ */

/* What is waited for; missing says what is not there yet. */
struct wait {
	IMA_OID target;
	uint64_t since;	   /* what has changed until then is to be seen */
	struct array luns; /* uint64_t: what the target reports */
	bool by_hand;	   /* what is missing, nobody but the administrator looks for */
	size_t lus;	   /* that are there */
	char missing[256];
};

/* Whether the kernel makes a device for what INQUIRY said: a disk, a tape, if connected. */
static bool wants_device(const struct sys_lu *path)
{
	char attr[128], inquiry[ATTR_SIZE];
	unsigned char type;

	if (lu_attr_path(&path->at, "inquiry", attr, sizeof(attr)) ||
	    attr_read(plugin.world.sysfs, attr, inquiry, sizeof(inquiry)) < 1)
		return false;
	type = (unsigned char)
		inquiry[0]; /* and the peripheral qualifier, which is 0 then */
	return type == 0 || type == 1 || type == 5 || type == 7 || type == 14;
}

static bool path_is_ready(const struct sys_lu *path, struct wait *w)
{
	char name[64], address[HCTL_TEXT];

	hctl_format(&path->at, address);
	snprintf(w->missing, sizeof(w->missing), "the device %s has no name yet",
		 address);
	if (path->device)
		snprintf(name, sizeof(name), "%s", path->device);
	else if (wants_device(path) ||
		 lu_generic(plugin.world.sysfs, &path->at, name, sizeof(name)))
		return false;
	snprintf(w->missing, sizeof(w->missing), "/dev/%s is not there yet", name);
	return faccessat(plugin.world.dev, name, F_OK, 0) == 0;
}

/* A kernel that does not say whether it has scanned has. */
static bool is_scanned(const struct session *s, struct wait *w)
{
	char state[32];
	int n = session_attr(plugin.world.sysfs, s->sys->sid, "target_state", state,
			     sizeof(state));

	snprintf(w->missing, sizeof(w->missing),
		 "the kernel has not finished looking for LUs");
	return n < 0 || !strcmp(state, "SCANNED");
}

static bool has_lun(const struct target *t, uint64_t lun)
{
	for (size_t i = 0; i < t->lu_count; i++)
		if (t->lus[i]->lun == lun && t->lus[i]->path_count)
			return true;
	return false;
}

static bool all_luns_are_there(const struct target *t, struct wait *w)
{
	const uint64_t *luns = w->luns.data;

	for (size_t i = 0; i < w->luns.count; i++)
		if (!has_lun(t, luns[i])) {
			snprintf(w->missing, sizeof(w->missing),
				 "LUN %" PRIu64 " is missing", luns[i]);
			return false;
		}
	return true;
}

static bool is_ready(const struct target *t, struct wait *w)
{
	for (size_t i = 0; i < t->session_count; i++)
		if (!is_scanned(t->sessions[i], w))
			return false;
	for (size_t i = 0; i < t->lu_count; i++)
		for (size_t k = 0; k < t->lus[i]->path_count; k++)
			if (!path_is_ready(t->lus[i]->paths[k], w))
				return false;
	return all_luns_are_there(t, w);
}

static bool is_scanned_by_hand(const struct target *t)
{
	const struct node_record *record;
	const char *scan;

	if (recent_record(t, &record))
		return false;
	scan = node_record_get(record, "node.session.scan");
	return scan && !strcmp(scan, "manual");
}

static IMA_STATUS look(struct wait *w, bool *ready)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object_since(w->target, w->since, &status);
	if (!t)
		return status;
	w->lus = t->lu_count;
	*ready = is_ready(t, w);
	w->by_hand = !*ready && is_scanned_by_hand(t);
	return status;
}

static IMA_STATUS wait_until_ready(struct wait *w)
{
	uint64_t until = patience_until();
	long pause = PAUSE;
	IMA_STATUS status;
	bool ready;

	for (;;) {
		status = look(w, &ready);
		if (IMA_ERROR(status) || ready || w->by_hand)
			return status;
		if (host_now() >= until)
			return host_fail(IMA_ERROR_SYNC_TIMEOUT, IMAX_LAYER_OS, ETIMEDOUT,
					 "the target is logged in, but %s", w->missing);
		pause_a_moment(&pause);
		w->since = host_now();
	}
}

/* "channel id lun" makes the kernel look at one LU of a SCSI host. */
static IMA_STATUS scan_lu(uint32_t sid, uint64_t lun)
{
	char path[64], what[64];
	uint64_t id = 0;
	uint32_t host;
	int err = session_host(plugin.world.sysfs, sid, &host);

	if (err)
		return status_from_errno(err);
	session_number(plugin.world.sysfs, sid, "target_id", UINT32_MAX, &id);
	snprintf(path, sizeof(path), "class/scsi_host/host%u/scan", host);
	snprintf(what, sizeof(what), "0 %" PRIu64 " %" PRIu64, id, lun);
	err = slow_write(plugin.world.sysfs, path, what, host_deadline());
	if (!err)
		return IMA_STATUS_SUCCESS;
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, -err,
			 "cannot make the kernel look for LUN %" PRIu64 " in session %u",
			 lun, sid);
}

struct scan {
	uint32_t sid;
	uint64_t lun;
};

static int collect_scans(const struct target *t, const struct wait *w,
			 struct array *scans)
{
	const uint64_t *luns = w->luns.data;

	for (size_t i = 0; i < w->luns.count; i++)
		for (size_t k = 0; !has_lun(t, luns[i]) && k < t->session_count; k++) {
			struct scan *scan = array_add(scans, sizeof(*scan));

			if (!scan)
				return -ENOMEM;
			*scan = (struct scan){ t->sessions[k]->sys->sid, luns[i] };
		}
	return 0;
}

static IMA_STATUS find_scans(const struct wait *w, struct array *scans)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object_since(w->target, w->since, &status);
	if (t && collect_scans(t, w, scans))
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	if (t && scans->count && is_scanned_by_hand(t))
		scans->count = 0;
	return status;
}

/* LUNs that came to the target since the kernel looked. */
static IMA_STATUS scan_missing(struct wait *w)
{
	struct array _cleanup_(array_free) scans = { 0 };
	IMA_STATUS status = find_scans(w, &scans);
	const struct scan *list = scans.data;

	if (!scans.count)
		return status;
	for (size_t i = 0; i < scans.count && !IMA_ERROR(status); i++)
		status = scan_lu(list[i].sid, list[i].lun);
	{
		LOCKED(&plugin.lock);
		source_forget(&plugin.source);
	}
	return IMA_ERROR(status) ? status : wait_until_ready(w);
}

/* hidden: what is not to be attached. */
static IMA_STATUS wait_for_others(IMA_OID target, uint64_t since,
				  const struct array *hidden)
{
	struct wait w = { .target = target, .since = since };
	IMA_STATUS status = wait_until_ready(&w);

	/* Now the target can be asked, through one of its LUs, which LUNs there should be. */
	if (!IMA_ERROR(status) && !w.by_hand && w.lus &&
	    !IMA_ERROR(report_luns_since(target, w.since, &w.luns))) {
		hidden_leave_out(hidden, &w.luns);
		status = scan_missing(&w);
	}
	array_free(&w.luns);
	return status;
}

IMA_STATUS wait_for_lus(IMA_OID target, uint64_t since)
{
	struct array _cleanup_(array_free) hidden = { 0 };
	IMA_STATUS status;

	hidden_luns(target, &hidden);
	status = wait_for_others(target, since, &hidden);
	return IMA_ERROR(status) ? status : hidden_take_away(target, &hidden);
}

IMA_STATUS exposed_lus(IMA_OID target, const struct array *luns, bool listed,
		       struct array *oids)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object(target, FRESH, &status);
	for (size_t i = 0; t && i < t->lu_count; i++) {
		const struct lu *lu = t->lus[i];
		IMA_OID *oid;

		if (!lu->path_count || luns_have(luns, lu->lun) != listed)
			continue;
		oid = array_add(oids, sizeof(*oid));
		if (!oid)
			return IMA_ERROR_INSUFFICIENT_MEMORY;
		*oid = lu->item.object->oid;
	}
	return status;
}

/* --- Taking away --------------------------------------------------------------------------------- */

struct removal {
	struct array paths;   /* struct hctl */
	struct array devices; /* see add_devices() */
	struct target_id id;
	uint64_t lun;
};

static void free_removal(struct removal *r)
{
	array_free(&r->paths);
	array_free(&r->devices);
}

static IMA_STATUS begin_removal(IMA_OID oid, struct removal *r)
{
	const struct lu *lu;
	IMA_STATUS status;
	int err = 0;

	LOCKED(&plugin.lock);
	lu = find_object(oid, FRESH, &status);
	if (!lu)
		return status;
	if (!lu->path_count)
		return IMA_ERROR_LU_NOT_EXPOSED;
	target_id_of(lu->target, &r->id);
	r->lun = lu->lun;
	for (size_t i = 0; i < lu->path_count && !err; i++) {
		struct hctl *at = array_add(&r->paths, sizeof(*at));

		if (at)
			*at = lu->paths[i]->at;
		else
			err = -ENOMEM;
	}
	if (!err)
		err = add_devices(&r->devices, lu);
	return status_from_errno(err);
}

IMA_STATUS refuse_without_rights(const char *what)
{
	if (plugin.world.privileged)
		return IMA_STATUS_SUCCESS;
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, EPERM,
			 "cannot %s: this needs the rights of root", what);
}

static IMA_STATUS remove_path(const struct hctl *at)
{
	char path[128], address[HCTL_TEXT];
	int err = lu_attr_path(at, "delete", path, sizeof(path));

	if (!err)
		err = slow_write(plugin.world.sysfs, path, "1", host_deadline());
	if (!err || attr_is_gone(err))
		return IMA_STATUS_SUCCESS;
	hctl_format(at, address);
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, -err,
			 "cannot remove the device %s", address);
}

/* The object stays: the target still has the LU. */
static IMA_STATUS keep_oid(const struct removal *r)
{
	const struct target *t;
	IMA_STATUS status;
	int err = 0;

	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	t = find_object(r->id.oid, FRESH, &status);
	if (t)
		err = source_keep_lu(&plugin.source, t, r->lun);
	if (!err)
		err = source_refresh(&plugin.source, FRESH);
	return status_from_errno(err);
}

/* Whether a LU is to be away survives sessions and the process. */
static IMA_STATUS remember(const struct target_id *id, uint64_t lun, bool hidden)
{
	int err = hidden_set(id, lun, hidden);

	if (err)
		return host_fail(status_from_errno(err), IMAX_LAYER_OS, -err,
				 "cannot remember whether LUN %" PRIu64
				 " of %s is to be exposed",
				 lun, id->name);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS lu_take_away(IMA_OID luOid, bool keep)
{
	struct removal _cleanup_(free_removal) removal = { 0 };
	IMA_STATUS status = begin_removal(luOid, &removal);
	const struct hctl *paths = removal.paths.data;

	if (!IMA_ERROR(status))
		status = refuse_without_rights("take a LU away");
	if (!IMA_ERROR(status))
		status = refuse_if_in_use(&removal.devices);
	if (keep && !IMA_ERROR(status))
		status = remember(&removal.id, removal.lun, true);
	for (size_t i = 0; i < removal.paths.count && !IMA_ERROR(status); i++)
		status = remove_path(&paths[i]);
	if (keep && !IMA_ERROR(status))
		status = keep_oid(&removal);
	return status;
}

IMA_STATUS IMA_UnexposeLu(IMA_OID luOid)
{
	return lu_take_away(luOid, true);
}

/* --- Exposing -------------------------------------------------------------------------------------- */

struct addition {
	struct target_id id;
	uint64_t lun;
	struct array sids; /* uint32_t */
};

static void free_addition(struct addition *a)
{
	array_free(&a->sids);
}

static IMA_STATUS begin_addition(IMA_OID oid, struct addition *a)
{
	const struct lu *lu;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	lu = find_object(oid, FRESH, &status);
	if (!lu)
		return status;
	target_id_of(lu->target, &a->id);
	a->lun = lu->lun;
	if (lu->path_count)
		return IMA_ERROR_LU_EXPOSED;
	for (size_t i = 0; i < lu->target->session_count; i++) {
		uint32_t *sid = array_add(&a->sids, sizeof(*sid));

		if (!sid)
			return IMA_ERROR_INSUFFICIENT_MEMORY;
		*sid = lu->target->sessions[i]->sys->sid;
	}
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS wait_for_lun(const struct addition *a)
{
	struct wait w = { .target = a->id.oid };
	uint64_t *lun = array_add(&w.luns, sizeof(*lun));
	IMA_STATUS status = IMA_ERROR_INSUFFICIENT_MEMORY;

	if (lun) {
		*lun = a->lun;
		status = wait_until_ready(&w);
	}
	array_free(&w.luns);
	return status;
}

/* Every session of the target learns of the LU. */
static IMA_STATUS scan_and_wait(const struct addition *a)
{
	const uint32_t *sids = a->sids.data;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	for (size_t i = 0; i < a->sids.count && !IMA_ERROR(status); i++)
		status = scan_lu(sids[i], a->lun);
	{
		LOCKED(&plugin.lock);
		source_forget(&plugin.source);
	}
	return IMA_ERROR(status) ? status : wait_for_lun(a);
}

/*
 * Without a session the target is logged in to, and with it all its LUs are exposed that were not
 * taken away: that is how the kernel's initiator works.
 */
IMA_STATUS IMA_ExposeLu(IMA_OID luOid)
{
	struct addition _cleanup_(free_addition) addition = { 0 };
	IMA_STATUS status = begin_addition(luOid, &addition);

	/* Somebody else exposed it: now it may stay. */
	if (status == IMA_ERROR_LU_EXPOSED && plugin.world.privileged)
		hidden_set(&addition.id, addition.lun, false);
	if (!IMA_ERROR(status))
		status = refuse_without_rights("expose a LU");
	if (!IMA_ERROR(status))
		status = remember(&addition.id, addition.lun, false);
	if (IMA_ERROR(status))
		return status;
	return addition.sids.count ? scan_and_wait(&addition)
				   : login_target(addition.id.oid);
}
