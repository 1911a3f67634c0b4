// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * login-batch.c - many logins at the same time with one command.
 *
 * The first who comes waits a moment for others and leads them: it looks for portals whose targets
 * are all wanted, and runs the commands. Whatever comes of them, everybody looks afterwards what is
 * missing for his own target.
 *
 * The lock is not held while anything runs or is looked at, and no other is taken with it.
 */
#include "login-batch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "login.h"
#include "probe.h"

/* How long to wait for others, and how often again if some came meanwhile. */
#define GATHERING  10000000u /* ns */
#define GATHERINGS 10
/* So often those who wait look whether they have what they want: it delays who works for them. */
#define LOOKING 2000000000u
/* Fewer are as fast one by one. */
#define WORTH_IT    3
#define MEMBERS_MAX 256

/* Those who log in together. The last who leaves releases it. */
struct batch {
	IMA_OID members[MEMBERS_MAX];
	size_t count; /* of members; fixed once it is not gathering any more */
	size_t inside;
	bool over;
	uint64_t over_since;
};

static pthread_mutex_t batch_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t batch_grew = PTHREAD_COND_INITIALIZER; /* who leads waits for it */
static pthread_cond_t batch_over = PTHREAD_COND_INITIALIZER;
static struct batch *gathering; /* NULL: nobody waits for more */

/* --- Which portals --------------------------------------------------------------------------- */

static bool same_oid(IMA_OID a, IMA_OID b)
{
	return a.objectType == b.objectType && a.ownerId == b.ownerId &&
	       a.objectSequenceNumber == b.objectSequenceNumber;
}

static bool is_member(const IMA_OID *members, size_t count, IMA_OID oid)
{
	for (size_t i = 0; i < count; i++)
		if (same_oid(members[i], oid))
			return true;
	return false;
}

/* A portal of an interface, and whom a login to all of it would reach. */
struct reach {
	char iface[256], host[PORTAL_HOST];
	uint16_t port;
	size_t wanted, others;
};

static struct reach *reach_of(struct array *list, const struct db_node *node)
{
	struct reach *r = list->data;

	for (size_t i = 0; i < list->count; i++)
		if (r[i].port == node->portal.port && !strcmp(r[i].iface, node->iface) &&
		    !strcmp(r[i].host, node->portal.host))
			return &r[i];
	r = array_add(list, sizeof(*r));
	if (!r)
		return NULL;
	snprintf(r->iface, sizeof(r->iface), "%s", node->iface);
	snprintf(r->host, sizeof(r->host), "%s", node->portal.host);
	r->port = node->portal.port;
	return r;
}

/* The plugin's lock is held. */
static void add_node(struct array *list, const struct target *t,
		     const struct db_node *node, bool member)
{
	struct reach *r;

	if (login_has_session(t, &node->portal))
		return;
	r = reach_of(list, node);
	if (r && member)
		r->wanted++;
	else if (r)
		r->others++;
}

static void collect(const IMA_OID *members, size_t count, enum freshness freshness,
		    struct array *list)
{
	LOCKED(&plugin.lock);
	if (source_refresh(&plugin.source, freshness))
		return;
	for_each_item(struct target, t, &plugin.source.model->targets) {
		bool member = is_member(members, count, t->item.object->oid);

		/* What cannot be tried from here is left to each by himself. */
		for (size_t i = 0; i < t->node_count && !lhba_is_bound(t->lhba); i++)
			add_node(list, t, &t->nodes[i], member);
	}
}

/* --- Leading ----------------------------------------------------------------------------------- */

static bool answers(const struct reach *r)
{
	struct probe probe = { .port = r->port };

	snprintf(probe.host, sizeof(probe.host), "%s", r->host);
	probe_portals(&probe, 1, host_deadline());
	return !probe.result;
}

static void log_in(const struct reach *r)
{
	static const int fine[] = { ISCSIADM_SESSION_EXISTS, -1 };
	struct args args = { .on_timeout = IMA_ERROR_TARGET_TIMEOUT };
	char text[PORTAL_HOST + 16];

	portal_format(&(struct portal){ r->host, r->port, PORTAL_NO_TPGT }, text,
		      sizeof(text));
	args_add_all(&args, (const char *const[]){ "-m", "node", "-p", text, "-I",
						   r->iface, "--login", NULL });
	/* Who was not logged in to does it by himself, and learns why not. */
	iscsiadm_run(&plugin.world, &args, fine, NULL, NULL, "log in at %s", text);
	LOCKED(&plugin.lock);
	plugin.source.sys_stale = true;
}

void login_at_portals(const IMA_OID *members, size_t count)
{
	struct array _cleanup_(array_free) list = { 0 };
	const struct reach *r;

	if (count < WORTH_IT)
		return;
	collect(members, count, FRESH, &list);
	r = list.data;
	for (size_t i = 0; i < list.count; i++)
		if (r[i].wanted >= WORTH_IT && !r[i].others && answers(&r[i]))
			log_in(&r[i]);
}

/* --- Following --------------------------------------------------------------------------------- */

static bool has_all_sessions(IMA_OID oid)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object(oid, FRESH_ENOUGH, &status);
	for (size_t i = 0; t && i < t->node_count; i++)
		if (!login_has_session(t, &t->nodes[i].portal))
			return false;
	return true;
}

/* Waits a while; true when the batch is over. */
static bool is_over(const struct batch *b)
{
	uint64_t until = host_now() + LOOKING;
	const struct timespec t = { (time_t)(until / 1000000000u),
				    (long)(until % 1000000000u) };

	LOCKED(&batch_lock);
	if (!b->over)
		pthread_cond_clockwait(&batch_over, &batch_lock, CLOCK_MONOTONIC, &t);
	return b->over;
}

static void follow(const struct batch *b, IMA_OID target)
{
	uint64_t deadline = host_deadline();

	while (!is_over(b) && !has_all_sessions(target) && host_now() < deadline)
		;
}

/* Joins the batch that is gathering, or opens one: *leads. NULL: it cannot be joined. */
static struct batch *join(IMA_OID target, bool *leads)
{
	struct batch *b;

	LOCKED(&batch_lock);
	*leads = !gathering;
	if (*leads)
		gathering = calloc(1, sizeof(*gathering));
	b = gathering;
	if (!b || b->count == MEMBERS_MAX)
		return NULL;
	b->members[b->count++] = target;
	b->inside++;
	pthread_cond_signal(&batch_grew);
	return b;
}

static void leave(struct batch *b)
{
	bool last;

	{
		LOCKED(&batch_lock);
		last = !--b->inside;
	}
	if (last)
		free(b);
}

/*
 * What to expect of those who came: everybody that one command needs is there, or a few are missing
 * who may be on their way. needed: how many there are then.
 */
enum company { COMPLETE, ALMOST, ALONE };

static enum company company_of(const IMA_OID *members, size_t count, size_t *needed)
{
	struct array _cleanup_(array_free) list = { 0 };
	enum company company = COMPLETE;
	const struct reach *r;

	collect(members, count, FRESH_ENOUGH, &list);
	r = list.data;
	*needed = count;
	for (size_t i = 0; i < list.count; i++) {
		if (!r[i].wanted || !r[i].others)
			continue;
		*needed += r[i].others;
		if (r[i].others > r[i].wanted)
			company = ALONE;
		else if (company == COMPLETE)
			company = ALMOST;
	}
	return count < WORTH_IT ? ALONE : company;
}

/* How many came, once it is enough or the time is over. */
static size_t wait_for_members(const struct batch *b, size_t enough, uint64_t patience)
{
	uint64_t until = host_now() + patience;
	const struct timespec t = { (time_t)(until / 1000000000u),
				    (long)(until % 1000000000u) };
	int err = 0;

	LOCKED(&batch_lock);
	while (b->count < enough && !err)
		err = pthread_cond_clockwait(&batch_grew, &batch_lock, CLOCK_MONOTONIC,
					     &t);
	return b->count;
}

/* The first may be alone; those who have company wait longer for more. */
static void gather(struct batch *b)
{
	enum company company = ALONE;
	size_t before = 0, count = 1, needed;

	company_of(b->members, count, &needed);
	for (int i = 0; i < GATHERINGS && company != COMPLETE; i++) {
		if (company == ALONE && count == before)
			break;
		before = count;
		count = wait_for_members(b, needed, i ? 2 * GATHERING : GATHERING);
		company = company_of(b->members, count, &needed);
	}
	LOCKED(&batch_lock);
	gathering = NULL;
}

static void lead(struct batch *b)
{
	/* Nobody joins any more, so no lock is needed. */
	login_at_portals(b->members, b->count);
	LOCKED(&batch_lock);
	b->over = true;
	b->over_since = host_now();
	pthread_cond_broadcast(&batch_over);
}

/* For who leaves earlier it is now. */
static uint64_t done_since(const struct batch *b)
{
	LOCKED(&batch_lock);
	return b->over ? b->over_since : host_now();
}

uint64_t login_together(IMA_OID target)
{
	bool leads;
	struct batch *b = join(target, &leads);
	uint64_t since;

	if (!b)
		return host_now();
	if (leads) {
		gather(b);
		lead(b);
	} else {
		follow(b, target);
	}
	since = done_since(b);
	leave(b);
	return since;
}
