// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * doctor-state.c - checks of records, sessions, devices, secrets and portals. No state.
 */
#include "doctor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "probe.h"
#include "record.h"

#define AUTH "node.session.auth."

/* --- Records --------------------------------------------------------------------------------- */

/* open-iscsi writes records in place: after a crash one may be empty. */
static void check_record(struct doctor *d, int root, const struct record_place *place)
{
	struct record _cleanup_record_ record = { 0 };
	char path[1024] = "";
	int err = place->path ? record_read(root, place->path, &record) : -ENAMETOOLONG;
	const char *name = record_get(&record, "node.name");

	if (attr_is_gone(err) || err == -EACCES)
		return;
	if (!err && name && !strcasecmp(name, place->target))
		return;
	if (place->path)
		world_database_path(&plugin.world, place->path, path, sizeof(path));
	doctor_report(d, SEVERITY_PROBLEM, path,
		      "remove the file and discover the target again",
		      "the record cannot be used: %s",
		      err	      ? strerror(-err)
		      : !record.count ? "it is empty, as after a crash"
				      : "it is of another target, or damaged");
}

/* Two records for one portal: the target changed its portal group tag. */
static void check_twins(struct doctor *d, const struct record_place *a,
			const struct record_place *b)
{
	if (strcmp(a->iface, b->iface) || strcmp(a->target, b->target) ||
	    !portal_same_place(&a->portal, &b->portal))
		return;
	doctor_report(
		d, SEVERITY_WARNING, b->target,
		"remove the one that is out of date, or a login asks the same "
		"portal twice",
		"interface %s has two records for the portal %s:%u, with the portal "
		"group tags %d and %d",
		b->iface, b->portal.host, b->portal.port, a->portal.tpgt, b->portal.tpgt);
}

void check_records(struct doctor *d)
{
	int _cleanup_close_ root = world_database(&plugin.world);
	const struct record_place *list = d->records.data;

	for (size_t i = 0; root >= 0 && i < d->records.count; i++) {
		check_record(d, root, &list[i]);
		if (i)
			check_twins(d, &list[i - 1], &list[i]);
	}
}

/* --- Sessions -------------------------------------------------------------------------------- */

static const char *name_session(const struct session_place *s, char name[400])
{
	snprintf(name, 400, "session %u: %s", s->sid, s->target);
	return name;
}

static void check_record_of(struct doctor *d, const struct session_place *s)
{
	char name[400];

	if (!s->records && !d->denied)
		doctor_report(d, SEVERITY_WARNING, name_session(s, name),
			      "discover the target, or add it with imactl static add",
			      "it has no node record: it does not come back after a "
			      "restart, and its settings cannot be changed");
}

static void check_state_of(struct doctor *d, const struct session_place *s)
{
	char state[32], name[400];

	if (session_attr(plugin.world.sysfs, s->sid, "state", state, sizeof(state)) < 0 ||
	    !strcmp(state, "LOGGED_IN"))
		return;
	doctor_report(d, SEVERITY_PROBLEM, name_session(s, name),
		      "look whether the target can be reached; iscsid goes on trying",
		      "the connection is lost (%s)", state);
}

struct place_of_session {
	char host[PORTAL_HOST];
	uint64_t port;
};

static bool read_place(const struct session_place *s, struct place_of_session *place)
{
	int sysfs = plugin.world.sysfs;

	return connection_attr(sysfs, s->sid, 0, "persistent_address", place->host,
			       sizeof(place->host)) > 0 &&
	       !connection_number(sysfs, s->sid, 0, "persistent_port", UINT16_MAX,
				  &place->port);
}

static bool same_way(const struct session_place *a, const struct session_place *b)
{
	struct place_of_session x, y;

	return !strcmp(a->iface, b->iface) && !strcmp(a->target, b->target) &&
	       read_place(a, &x) && read_place(b, &y) && x.port == y.port &&
	       !strcmp(x.host, y.host);
}

/* The sessions of a target come one after the other. */
static void check_double(struct doctor *d, const struct session_place *list, size_t at)
{
	char name[400];

	for (size_t i = at; i-- > 0 && !strcmp(list[i].target, list[at].target);)
		if (same_way(&list[i], &list[at])) {
			doctor_report(d, SEVERITY_WARNING, name_session(&list[at], name),
				      "log out of the target and in again, unless "
				      "node.session.nr_sessions asks for several",
				      "session %u leads to the same portal over the same "
				      "interface",
				      list[i].sid);
			return;
		}
}

void check_sessions(struct doctor *d)
{
	const struct session_place *list = d->sessions.data;

	for (size_t i = 0; i < d->sessions.count; i++) {
		check_record_of(d, &list[i]);
		check_state_of(d, &list[i]);
		check_double(d, list, i);
	}
}

/* --- Devices --------------------------------------------------------------------------------- */

/* Found with the lock held, reported by whoever holds it too: nothing waits here. */
static void check_disk(struct doctor *d, const struct lu *lu, const struct sys_lu *path)
{
	char attr[128], state[32], name[400], address[HCTL_TEXT];

	if (lu_attr_path(&path->at, "state", attr, sizeof(attr)) ||
	    attr_read(plugin.world.sysfs, attr, state, sizeof(state)) < 0 ||
	    !strcmp(state, "running"))
		return;
	hctl_format(&path->at, address);
	snprintf(name, sizeof(name), "%s%s: LUN %" PRIu64 " of %.250s",
		 path->device ? "/dev/" : "", path->device ? path->device : address,
		 lu->lun, lu->target->name);
	doctor_report(d, SEVERITY_PROBLEM, name,
		      "if the target has the LU no more, log out of it, or take the LU "
		      "away: imactl lu unexpose",
		      "the device is %s: commands to it fail or wait", state);
}

void check_disks(struct doctor *d)
{
	LOCKED(&plugin.lock);
	for_each_item(struct lu, lu, &plugin.source.model->lus)
		for (size_t i = 0; i < lu->path_count; i++)
			check_disk(d, lu, lu->paths[i]);
}

/* --- Authentication -------------------------------------------------------------------------- */

/* What is wrong in how many records, and in which first. */
struct weakness {
	const char *what, *advice;
	enum severity severity;
	size_t count;
	const char *first;
};

enum { MD5_ONLY, SHORT_SECRET, SAME_SECRET, NO_SECRET, WEAKNESSES };

#define SECRET_MIN 12

static bool is_md5_only(const struct record *r)
{
	const char *algorithms = record_get(r, AUTH "chap_algs");

	return !algorithms || !strcmp(algorithms, "MD5");
}

static bool is_short(const char *secret)
{
	return secret && strlen(secret) < SECRET_MIN;
}

static void note(struct weakness *w, bool found, const char *where)
{
	if (found && !w->count++)
		w->first = where;
}

static void judge_auth(const struct record *r, const char *where, struct weakness *w)
{
	const char *method = record_get(r, AUTH "authmethod");
	const char *secret = record_get(r, AUTH "password");
	const char *back = record_get(r, AUTH "password_in");
	bool chosen = method && !strcmp(method, "CHAP");
	bool usable = secret && record_get(r, AUTH "username");

	/* open-iscsi offers CHAP whenever there is a secret, whatever the method. */
	if (!chosen && !usable)
		return;
	note(&w[NO_SECRET], !usable, where);
	note(&w[MD5_ONLY], is_md5_only(r), where);
	note(&w[SHORT_SECRET], is_short(secret) || is_short(back), where);
	note(&w[SAME_SECRET], secret && back && !strcmp(secret, back), where);
}

static void judge_all(struct doctor *d, struct weakness *w)
{
	int _cleanup_close_ root = world_database(&plugin.world);
	const struct record_place *list = d->records.data;

	for (size_t i = 0; root >= 0 && i < d->records.count; i++) {
		struct record _cleanup_record_ record = { 0 };

		if (list[i].path && !record_read(root, list[i].path, &record))
			judge_auth(&record, list[i].target, w);
	}
}

static void judge_defaults(struct weakness *w)
{
	struct record _cleanup_record_ record = { 0 };
	int _cleanup_close_ config = world_config(&plugin.world);

	if (config >= 0 && !record_read(config, "iscsid.conf", &record))
		judge_auth(&record, "iscsid.conf", w);
}

void check_authentication(struct doctor *d)
{
	struct weakness list[WEAKNESSES] = {
		[MD5_ONLY] = { "CHAP with MD5 only",
			       "offer better algorithms before it, if the target knows "
			       "them: node.session.auth.chap_algs = "
			       "SHA3-256,SHA256,SHA1,MD5",
			       SEVERITY_WARNING, 0, NULL },
		[SHORT_SECRET] = { "CHAP with a secret of less than 12 bytes",
				   "choose a longer one: who hears the login can guess "
				   "it",
				   SEVERITY_WARNING, 0, NULL },
		[SAME_SECRET] = { "CHAP with the same secret in both directions",
				  "choose two: with one, anybody can pretend to be the "
				  "target",
				  SEVERITY_PROBLEM, 0, NULL },
		[NO_SECRET] = { "CHAP without name or secret",
				"set both: imactl auth set", SEVERITY_PROBLEM, 0, NULL },
	};

	judge_defaults(list);
	judge_all(d, list);
	for (size_t i = 0; i < WEAKNESSES; i++)
		if (list[i].count)
			doctor_report(d, list[i].severity, list[i].first, list[i].advice,
				      "%s (%zu %s)", list[i].what, list[i].count,
				      list[i].count == 1 ? "place" : "places");
}

/* --- Portals --------------------------------------------------------------------------------- */

/* So many connections at once; so many portals at all. */
#define AT_ONCE	    256
#define PORTALS_MAX 4096

/* A portal and a record that has it. */
struct way {
	struct portal portal;
	const struct record_place *place;
};

static int compare_ways(const void *a, const void *b)
{
	const struct way *x = a, *y = b;
	int order = strcmp(x->portal.host, y->portal.host);

	return order ? order
		     : (x->portal.port > y->portal.port) -
			       (x->portal.port < y->portal.port);
}

/* Each portal once: all records of an array have the same few. */
static void collect_ways(const struct doctor *d, struct array *ways)
{
	const struct record_place *list = d->records.data;
	struct way *way;
	size_t kept = 0;

	for (size_t i = 0; i < d->records.count; i++) {
		way = list[i].path ? array_add(ways, sizeof(*way)) : NULL;
		if (way)
			*way = (struct way){ list[i].portal, &list[i] };
	}
	way = ways->data;
	if (ways->count)
		qsort(way, ways->count, sizeof(*way), compare_ways);
	for (size_t i = 0; i < ways->count; i++)
		if (!kept || compare_ways(&way[kept - 1], &way[i]))
			way[kept++] = way[i];
	ways->count = kept;
}

static void report_way(struct doctor *d, const struct way *way, int result)
{
	char name[PORTAL_HOST + 16];

	portal_format(
		&(struct portal){ way->portal.host, way->portal.port, PORTAL_NO_TPGT },
		name, sizeof(name));
	doctor_report(d, SEVERITY_PROBLEM, name,
		      "look at network and target; a portal that is gone for good delays "
		      "every login and the start of the machine: remove its records",
		      "nobody answers: %s; a record of %s has it", strerror(-result),
		      way->place->target);
}

static void try_ways(struct doctor *d, const struct way *ways, size_t count)
{
	struct probe probes[AT_ONCE] = { 0 };

	for (size_t i = 0; i < count; i++) {
		snprintf(probes[i].host, sizeof(probes[i].host), "%s",
			 ways[i].portal.host);
		probes[i].port = ways[i].portal.port;
	}
	probe_portals(probes, count, d->deadline);
	for (size_t i = 0; i < count; i++)
		if (probes[i].result)
			report_way(d, &ways[i], probes[i].result);
}

void check_portals(struct doctor *d)
{
	struct array _cleanup_(array_free) ways = { 0 };
	const struct way *list;
	size_t at = 0;

	collect_ways(d, &ways);
	list = ways.data;
	while (at < ways.count && at < PORTALS_MAX && host_now() < d->deadline) {
		size_t n = ways.count - at < AT_ONCE ? ways.count - at : AT_ONCE;

		try_ways(d, list + at, n);
		at += n;
	}
	if (at < ways.count)
		doctor_report(d, SEVERITY_HINT, "", "allow more time with --timeout",
			      "%zu portals were not tried", ways.count - at);
}
