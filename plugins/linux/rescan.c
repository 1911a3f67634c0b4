// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * rescan.c - asking targets for their LUs again: new ones come, gone ones go, sizes are read anew.
 */
#include "lu-wait.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attr.h"
#include "command.h"
#include "slow-write.h"

/* What is known of a target before. */
struct rescan {
	struct target_id id;
	struct array sids;  /* uint32_t: sessions that are logged in */
	struct array paths; /* struct hctl: devices that work */
	size_t sessions;
};

static void free_rescan(struct rescan *r)
{
	array_free(&r->sids);
	array_free(&r->paths);
}

/* --- Looking ------------------------------------------------------------------------------------ */

static bool is_in_state(const char *attr, const char *wanted)
{
	char state[32];

	return attr_read(plugin.world.sysfs, attr, state, sizeof(state)) > 0 &&
	       !strcmp(state, wanted);
}

static int add_session(struct rescan *r, const struct session *s)
{
	char attr[128];
	uint32_t *sid;

	if (session_attr_path(s->sys->sid, "state", attr, sizeof(attr)) ||
	    !is_in_state(attr, "LOGGED_IN"))
		return 0;
	sid = array_add(&r->sids, sizeof(*sid));
	if (!sid)
		return -ENOMEM;
	*sid = s->sys->sid;
	return 0;
}

static int add_paths(struct rescan *r, const struct lu *lu)
{
	for (size_t i = 0; i < lu->path_count; i++) {
		struct hctl *at;
		char attr[128];

		if (lu_attr_path(&lu->paths[i]->at, "state", attr, sizeof(attr)) ||
		    !is_in_state(attr, "running"))
			continue;
		at = array_add(&r->paths, sizeof(*at));
		if (!at)
			return -ENOMEM;
		*at = lu->paths[i]->at;
	}
	return 0;
}

static IMA_STATUS begin(IMA_OID oid, struct rescan *r)
{
	const struct target *t;
	IMA_STATUS status;
	int err = 0;

	LOCKED(&plugin.lock);
	t = find_object(oid, FRESH, &status);
	if (!t)
		return status;
	target_id_of(t, &r->id);
	r->sessions = t->session_count;
	for (size_t i = 0; i < t->session_count && !err; i++)
		err = add_session(r, t->sessions[i]);
	for (size_t i = 0; i < t->lu_count && !err; i++)
		err = add_paths(r, t->lus[i]);
	return status_from_errno(err);
}

/* --- Asking the kernel -------------------------------------------------------------------------- */

static IMA_STATUS write_failed(const struct rescan *r, int err)
{
	if (err == -ETIMEDOUT)
		return host_fail(IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT,
				 ETIMEDOUT, "%s did not tell its LUs in time",
				 r->id.name);
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, -err,
			 "cannot make the kernel ask %s for its LUs", r->id.name);
}

/* What is gone meanwhile needs no asking. */
static int write_attr(const char *path, const char *text)
{
	int err = slow_write(plugin.world.sysfs, path, text, host_deadline());

	return attr_is_gone(err) ? 0 : err;
}

static int rescan_device(const struct hctl *at)
{
	char path[128];
	int err = lu_attr_path(at, "rescan", path, sizeof(path));

	return err ? err : write_attr(path, "1");
}

/* "channel id lun", all LUNs. */
static int rescan_session(uint32_t sid)
{
	char path[64], what[64];
	uint64_t id = 0;
	uint32_t host;
	int err = session_host(plugin.world.sysfs, sid, &host);

	if (err)
		return attr_is_gone(err) ? 0 : err;
	session_number(plugin.world.sysfs, sid, "target_id", UINT32_MAX, &id);
	snprintf(path, sizeof(path), "class/scsi_host/host%u/scan", host);
	snprintf(what, sizeof(what), "0 %" PRIu64 " -", id);
	return write_attr(path, what);
}

static IMA_STATUS ask_kernel(const struct rescan *r)
{
	const uint32_t *sids = r->sids.data;
	const struct hctl *paths = r->paths.data;
	int err = 0;

	for (size_t i = 0; i < r->sids.count && !err; i++)
		err = rescan_session(sids[i]);
	for (size_t i = 0; i < r->paths.count && !err; i++)
		err = rescan_device(&paths[i]);
	return err ? write_failed(r, err) : IMA_STATUS_SUCCESS;
}

/* --- What is gone ------------------------------------------------------------------------------- */

/* A device in use stays: who uses it has to let it go first. The others go nevertheless. */
static IMA_STATUS remove_gone(const struct array *gone)
{
	const IMA_OID *list = gone->data;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	for (size_t i = 0; i < gone->count; i++) {
		IMA_STATUS one = lu_take_away(list[i], false);

		if (IMA_ERROR(one) && one != IMA_ERROR_OBJECT_NOT_FOUND &&
		    one != IMA_ERROR_LU_NOT_EXPOSED)
			status = one;
	}
	return status;
}

static IMA_STATUS compare(IMA_OID target)
{
	struct array _cleanup_(array_free) luns = { 0 };
	struct array _cleanup_(array_free) gone = { 0 };
	IMA_STATUS status = report_luns(target, &luns);

	if (!IMA_ERROR(status))
		status = exposed_lus(target, &luns, false, &gone);
	if (!IMA_ERROR(status))
		status = remove_gone(&gone);
	return status;
}

/* --- All of it ---------------------------------------------------------------------------------- */

static IMA_STATUS lost(const struct rescan *r)
{
	return host_fail(IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT, ENOTCONN,
			 "the session with %s is lost; the kernel tries to get it back",
			 r->id.name);
}

static IMA_STATUS rescan_target(IMA_OID target)
{
	struct rescan _cleanup_(free_rescan) rescan = { 0 };
	IMA_STATUS status = begin(target, &rescan);

	if (IMA_ERROR(status) || !rescan.sessions)
		return status;
	status = refuse_without_rights("look for LUs");
	if (!IMA_ERROR(status) && !rescan.sids.count)
		status = lost(&rescan);
	if (!IMA_ERROR(status))
		status = ask_kernel(&rescan);
	if (!IMA_ERROR(status))
		status = compare(target);
	{
		LOCKED(&plugin.lock);
		source_forget(&plugin.source);
	}
	return IMA_ERROR(status) ? status : wait_for_lus(target, host_now());
}

static IMA_STATUS targets_of(IMA_OID oid, struct array *targets)
{
	const struct lhba *lhba;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	lhba = find_object(oid, FRESH, &status);
	for (size_t i = 0; lhba && i < lhba->target_count; i++) {
		IMA_OID *target;

		if (!lhba->targets[i]->session_count)
			continue;
		target = array_add(targets, sizeof(*target));
		if (!target)
			return IMA_ERROR_INSUFFICIENT_MEMORY;
		*target = lhba->targets[i]->item.object->oid;
	}
	return status;
}

/* Of an LHBA all targets are asked, whatever the others say; the last failure counts. */
IMA_STATUS IMAX_RescanTarget(IMA_OID oid)
{
	struct array _cleanup_(array_free) targets = { 0 };
	const IMA_OID *list;
	IMA_STATUS status;

	if (oid.objectType == IMA_OBJECT_TYPE_TARGET)
		return rescan_target(oid);
	status = targets_of(oid, &targets);
	list = targets.data;
	for (size_t i = 0; i < targets.count; i++) {
		IMA_STATUS one = rescan_target(list[i]);

		if (IMA_ERROR(one) && one != IMA_ERROR_OBJECT_NOT_FOUND)
			status = one;
	}
	return status;
}
