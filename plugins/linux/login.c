// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * login.c - logging in to targets and out of them.
 */
#include "login.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "attr.h"
#include "in-use.h"
#include "info.h"
#include "login-batch.h"
#include "lu-wait.h"
#include "probe.h"

/* What a login is about, copied because it runs without the lock. */
struct login {
	struct target_id id;
	bool bound;
	struct array portals; /* struct probe: portals without a session */
	size_t sessions;      /* that there are already */
};

static void free_login(struct login *login)
{
	array_free(&login->portals);
}

/* --- Where to log in -------------------------------------------------------------------------- */

static bool portal_of_session(const struct session *s, char *host, size_t size,
			      uint16_t *port)
{
	uint64_t number;

	if (!s->sys->cid_count ||
	    connection_attr(plugin.world.sysfs, s->sys->sid, s->sys->cids[0],
			    "persistent_address", host, size) < 0 ||
	    connection_number(plugin.world.sysfs, s->sys->sid, s->sys->cids[0],
			      "persistent_port", UINT16_MAX, &number))
		return false;
	*port = (uint16_t)number;
	return true;
}

bool login_has_session(const struct target *t, const struct portal *portal)
{
	char host[PORTAL_HOST];
	struct portal place = { host, 0, PORTAL_NO_TPGT };

	for (size_t i = 0; i < t->session_count; i++)
		if (portal_of_session(t->sessions[i], host, sizeof(host), &place.port) &&
		    portal_same_place(&place, portal))
			return true;
	return false;
}

static int collect_portals(const struct target *t, struct login *login)
{
	for (size_t i = 0; i < t->node_count; i++) {
		const struct portal *portal = &t->nodes[i].portal;
		struct probe *probe;

		if (login_has_session(t, portal))
			continue;
		probe = array_add(&login->portals, sizeof(*probe));
		if (!probe)
			return -ENOMEM;
		snprintf(probe->host, sizeof(probe->host), "%s", portal->host);
		probe->port = portal->port;
		probe->tpgt = portal->tpgt;
	}
	return 0;
}

static IMA_STATUS begin_login(IMA_OID oid, uint64_t since, struct login *login)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object_since(oid, since, &status);
	if (!t)
		return status;
	target_id_of(t, &login->id);
	login->bound = lhba_is_bound(t->lhba);
	login->sessions = t->session_count;
	return status_from_errno(collect_portals(t, login));
}

/* --- Login -------------------------------------------------------------------------------------- */

/* Exit codes of iscsiadm that only say that the target did not want the login. */
static bool is_refusal(int code)
{
	return code == 5 || code == 19 || code == 24;
}

/*
 * iscsiadm has one exit code for nearly every status of a Login Response. The engine's login,
 * with the same settings, tells which it was.
 */
static IMA_STATUS explain_refusal(const struct login *login, IMA_STATUS status, int code)
{
	struct info _cleanup_(info_free) info = { 0 };
	struct scsi_command nothing = { .cdb_length = 6 }; /* TEST UNIT READY */
	IMAX_LAST_ERROR record = { .layer = IMAX_LAYER_CHILD,
				   .childExitValid = IMA_TRUE,
				   .childExitCode = code };
	const struct target *t;
	IMA_STATUS found;

	{
		LOCKED(&plugin.lock);
		t = find_object(login->id.oid, FRESH, &found);
		if (t)
			found = info_prepare(t, &info);
	}
	if (!IMA_ERROR(found))
		found = info_run(&info, 0, &nothing);
	if (found == IMA_ERROR_LOGIN_REJECTED)
		return found;
	return host_fail_with(status, &record,
			      "cannot log in to %s: %s (iscsiadm ended with %d)",
			      login->id.name, iscsiadm_code_text(code), code);
}

static IMA_STATUS run_login(const struct login *login, const struct probe *portal)
{
	static const int fine[] = { ISCSIADM_SESSION_EXISTS, -1 };
	struct args args = { .on_timeout = IMA_ERROR_TARGET_TIMEOUT };
	char text[PORTAL_HOST + 16] = "";
	IMA_STATUS status;
	int code = 0;

	args_add_all(&args, (const char *const[]){ "-m", "node", "-T", login->id.name,
						   "-I", login->id.iface, NULL });
	if (portal) {
		portal_format(
			&(struct portal){ portal->host, portal->port, portal->tpgt },
			text, sizeof(text));
		args_add(&args, "-p");
		args_add(&args, text);
	}
	args_add(&args, "--login");
	status = iscsiadm_run(&plugin.world, &args, fine, NULL, &code, "log in to %s%s%s",
			      login->id.name, portal ? " at " : "", text);
	/* Sessions only: a login changes no record. */
	{
		LOCKED(&plugin.lock);
		plugin.source.sys_stale = true;
	}
	if (IMA_ERROR(status) && is_refusal(code))
		status = explain_refusal(login, status, code);
	return status;
}

static size_t count_answering(const struct login *login)
{
	const struct probe *list = login->portals.data;
	size_t n = 0;

	for (size_t i = 0; i < login->portals.count; i++)
		n += !list[i].result;
	return n;
}

static IMA_STATUS nobody_answers(const struct login *login)
{
	const struct probe *first = login->portals.data;

	return host_fail(IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT, -first->result,
			 "no portal of %s answers; %s:%u", login->id.name, first->host,
			 first->port);
}

/* One command if all portals answer, else one for each that does; the first failure counts. */
static IMA_STATUS login_portals(const struct login *login)
{
	const struct probe *list = login->portals.data;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	/* With all portals at once iscsid works on them at the same time. */
	if (!login->sessions && count_answering(login) == login->portals.count)
		return run_login(login, NULL);
	for (size_t i = 0; i < login->portals.count; i++) {
		IMA_STATUS one;

		if (list[i].result)
			continue;
		one = run_login(login, &list[i]);
		if (IMA_ERROR(one) && !IMA_ERROR(status))
			status = one;
	}
	return status;
}

/* A target that has a session is logged in, whatever became of its other portals. */
static bool has_any_session(IMA_OID oid, uint64_t since)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object_since(oid, since, &status);
	return t && t->session_count;
}

/* Who has nowhere to log in to need not wait for others. A quick look: it decides nothing else. */
static IMA_STATUS look_for_work(IMA_OID oid, bool *work)
{
	const struct target *t;
	IMA_STATUS status;

	*work = false;
	LOCKED(&plugin.lock);
	t = find_object(oid, FRESH_ENOUGH, &status);
	for (size_t i = 0; t && i < t->node_count; i++)
		*work |= !login_has_session(t, &t->nodes[i].portal);
	return status;
}

/* At the portals that have no session yet. */
static IMA_STATUS login_rest(struct login *login)
{
	if (!login->bound)
		probe_portals(login->portals.data, login->portals.count, host_deadline());
	return count_answering(login) ? login_portals(login) : nobody_answers(login);
}

IMA_STATUS login_target(IMA_OID target)
{
	struct login _cleanup_(free_login) login = { 0 };
	bool work;
	IMA_STATUS status = look_for_work(target, &work);
	uint64_t since;

	if (IMA_ERROR(status))
		return status;
	since = work ? login_together(target) : host_now();
	status = begin_login(target, since, &login);
	if (IMA_ERROR(status))
		return status;
	if (login.portals.count) {
		status = login_rest(&login);
		since = host_now();
	}
	if (!login.sessions && !has_any_session(target, since))
		return IMA_ERROR(status)
			       ? status
			       : host_fail(IMA_ERROR_UNKNOWN_ERROR, IMAX_LAYER_PLUGIN, 0,
					   "the session with %s is gone again",
					   login.id.name);
	return wait_for_lus(target, since);
}

IMA_STATUS IMAX_LoginTarget(IMA_OID targetOid)
{
	return login_target(targetOid);
}

/* --- Logout ------------------------------------------------------------------------------------- */

/* Sessions to end, and the devices that must not be in use. */
struct logout {
	struct target_id id;
	struct array sids;    /* uint32_t */
	struct array devices; /* struct device */
};

struct device {
	char name[64];
};

static void free_logout(struct logout *logout)
{
	array_free(&logout->sids);
	array_free(&logout->devices);
}

int add_devices(struct array *devices, const struct lu *lu)
{
	for (size_t i = 0; i < lu->path_count; i++) {
		struct device *device;
		char name[64];

		/* A disk may be used as such or through its generic device. */
		if (lu->paths[i]->device) {
			device = array_add(devices, sizeof(*device));
			if (!device)
				return -ENOMEM;
			snprintf(device->name, sizeof(device->name), "%s",
				 lu->paths[i]->device);
		}
		if (lu_generic(plugin.world.sysfs, &lu->paths[i]->at, name, sizeof(name)))
			continue;
		device = array_add(devices, sizeof(*device));
		if (!device)
			return -ENOMEM;
		memcpy(device->name, name, sizeof(name));
	}
	return 0;
}

IMA_STATUS refuse_if_in_use(const struct array *devices)
{
	const struct device *list = devices->data;
	char why[256];

	for (size_t i = 0; i < devices->count; i++)
		if (device_is_in_use(&plugin.world, list[i].name, why, sizeof(why)))
			return host_fail(IMA_ERROR_LU_IN_USE, IMAX_LAYER_OS, EBUSY,
					 "/dev/%s %s", list[i].name, why);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS begin_logout(IMA_OID oid, struct logout *logout)
{
	const struct target *t;
	IMA_STATUS status;
	int err = 0;

	LOCKED(&plugin.lock);
	t = find_object(oid, FRESH, &status);
	if (!t)
		return status;
	target_id_of(t, &logout->id);
	for (size_t i = 0; i < t->session_count && !err; i++) {
		uint32_t *sid = array_add(&logout->sids, sizeof(*sid));

		if (sid)
			*sid = t->sessions[i]->sys->sid;
		else
			err = -ENOMEM;
	}
	for (size_t i = 0; i < t->lu_count && !err; i++)
		err = add_devices(&logout->devices, t->lus[i]);
	return status_from_errno(err);
}

/* By session id: this needs no record, and ends exactly what was looked at. */
static IMA_STATUS end_session(const struct logout *logout, uint32_t sid)
{
	static const int fine[] = { ISCSIADM_NO_SESSION, ISCSIADM_NOTHING_FOUND,
				    ISCSIADM_NOT_IN_SYSFS, -1 };
	struct args args = { 0 };

	args_add_all(&args, (const char *const[]){ "-m", "session", "-r", NULL });
	args_addf(&args, "%u", sid);
	args_add(&args, "--logout");
	return iscsiadm_run(&plugin.world, &args, fine, NULL, NULL, "log out of %s",
			    logout->id.name);
}

IMA_STATUS IMAX_LogoutTarget(IMA_OID targetOid)
{
	struct logout _cleanup_(free_logout) logout = { 0 };
	IMA_STATUS status = begin_logout(targetOid, &logout);
	const uint32_t *sids = logout.sids.data;

	if (!IMA_ERROR(status))
		status = refuse_if_in_use(&logout.devices);
	for (size_t i = 0; i < logout.sids.count && !IMA_ERROR(status); i++)
		status = end_session(&logout, sids[i]);
	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	return status;
}
