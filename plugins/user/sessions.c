// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sessions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "failure.h"
#include "gate.h"
#include "link.h"
#include "login.h"
#include "lu.h"
#include "net.h"
#include "user.h"

#define PING_INTERVAL 30000000000U /* ns of silence after which a target is asked */
#define PING_TIMEOUT  15000000000U
#define END_TIMEOUT   1000000000U /* ns for logging out of everything */

enum phase { CONNECTING, UP, OVER };

/*
 * References: one of the list (until OVER), one for each call that uses it. The link is used on
 * the loop's thread only, login until the phase is not CONNECTING any more.
 */
struct held {
	struct iscsi_work work;
	struct link link;
	struct login login;
	struct held *next;
	unsigned int references;
	bool is_unwanted; /* a logout came before the login began; loop's thread */
	enum phase phase;
	IMA_OID target, session, connection;
	struct iscsi_result result;
	struct iscsi_error error;
	char alias[ISCSI_ALIAS_MAX + 1];
	time_t since;
	struct exposed *luns;
	size_t lun_count;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a phase */
	struct held *list;
	uint64_t made;
} sessions = { .lock = PTHREAD_MUTEX_INITIALIZER };

void sessions_init(void)
{
	cond_init(&sessions.changed);
}

static struct held *find(IMA_OID target)
{
	struct held *held = sessions.list;

	while (held && !oid_equal(held->target, target))
		held = held->next;
	return held;
}

static void release(struct held *held)
{
	login_clear(&held->login);
	free(held->luns);
	free(held);
}

/* Lock held. */
static void unreference(struct held *held)
{
	if (!--held->references)
		release(held);
}

bool sessions_has(IMA_OID target)
{
	LOCKED(&sessions.lock);
	return find(target) != NULL;
}

struct held *held_take(IMA_OID target)
{
	LOCKED(&sessions.lock);
	struct held *held = find(target);

	if (!held || held->phase != UP)
		return NULL;
	held->references++;
	return held;
}

void held_drop(struct held *held)
{
	if (!held)
		return;
	LOCKED(&sessions.lock);
	unreference(held);
}

struct iscsi_session *held_session(struct held *held)
{
	return held->link.is_up ? held->link.session : NULL;
}

/* --- On the loop's thread -------------------------------------------------------------- */

static struct held *held_of(struct link *link)
{
	return (struct held *)((char *)link - offsetof(struct held, link));
}

static void set_phase(struct held *held, enum phase phase)
{
	held->phase = phase;
	pthread_cond_broadcast(&sessions.changed);
}

static void on_up(struct link *link)
{
	struct held *held = held_of(link);

	LOCKED(&sessions.lock);
	held->result = *iscsi_session_result(link->session);
	snprintf(held->alias, sizeof(held->alias), "%s",
		 iscsi_session_target_alias(link->session));
	held->since = time(NULL);
	login_clear(&held->login);
	set_phase(held, UP);
}

static void unlist(struct held *held)
{
	struct held **link = &sessions.list;

	while (*link && *link != held)
		link = &(*link)->next;
	if (*link)
		*link = held->next;
}

static void hide_luns(const struct held *held)
{
	for (size_t i = 0; i < held->lun_count; i++)
		events_visible(false, held->luns[i].oid);
}

static void on_down(struct link *link, const struct iscsi_error *error)
{
	struct held *held = held_of(link);

	LOCKED(&sessions.lock);
	if (error)
		held->error = *error;
	if (error && held->phase == UP)
		host_log(IMAX_LOG_WARNING, "%s", error->text);
	hide_luns(held);
	unlist(held);
	set_phase(held, OVER);
	unreference(held);
}

static const struct link_ops link_ops = { .up = on_up, .down = on_down };

static void run_login(struct iscsi_work *work)
{
	struct held *held = (struct held *)((char *)work - offsetof(struct held, work));
	struct iscsi_error error;

	if (!held->is_unwanted) {
		link_start(&held->link);
		return;
	}
	failure_set(&error, ISCSI_FAILED_CANCELLED, 0,
		    "another call logged out before the login began");
	on_down(&held->link, &error);
}

/* --- Logging in ------------------------------------------------------------------------- */

static int name_objects(struct held *held)
{
	struct object *session, *connection;
	char key[32];

	snprintf(key, sizeof(key), "%llu", (unsigned long long)++sessions.made);
	session = object_table_get(user.objects, IMA_OBJECT_TYPE_SESSION, key);
	connection = object_table_get(user.objects, IMA_OBJECT_TYPE_CONNECTION, key);
	if (!session || !connection)
		return -ENOMEM;
	held->session = session->oid;
	held->connection = connection->oid;
	return 0;
}

/* In the gate. A session that is about to log in, in the list and referenced. */
static IMA_STATUS make(const struct target *target, struct held **result)
{
	struct held *held = calloc(1, sizeof(*held));
	IMA_STATUS status;

	if (!held)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	status = name_objects(held) ? IMA_ERROR_INSUFFICIENT_MEMORY
				    : login_plan(target, net_deadline(), &held->login);
	if (status) {
		free(held);
		return status;
	}
	held->login.ping_interval = PING_INTERVAL;
	held->login.ping_timeout = PING_TIMEOUT;
	held->target = target->object->oid;
	held->references = 2;
	held->work.run = run_login;
	held->link.ops = &link_ops;
	held->link.login = &held->login;
	LOCKED(&sessions.lock);
	held->next = sessions.list;
	sessions.list = held;
	*result = held;
	return IMA_STATUS_SUCCESS;
}

/* The session of a target, new or not; *is_new: the caller has to start it. */
static IMA_STATUS find_or_make(IMA_OID oid, struct held **held, bool *is_new)
{
	VISIT visit = visit_begin();
	const struct target *target;

	if (visit.status)
		return visit.status;
	target = target_by_oid(oid);
	if (!target)
		return not_found(oid);
	pthread_mutex_lock(&sessions.lock);
	*held = find(oid);
	if (*held)
		(*held)->references++;
	pthread_mutex_unlock(&sessions.lock);
	*is_new = !*held;
	return *held ? IMA_STATUS_SUCCESS : make(target, held);
}

/*
 * Until the login has ended. The engine ends it in time for the call that began it; who only
 * waits for that call may have less time. 0 or -ETIME.
 */
static int wait_for_login(const struct held *held, bool is_new)
{
	uint64_t deadline = host_deadline();
	int err = 0;

	LOCKED(&sessions.lock);
	while (held->phase == CONNECTING && !err)
		if (is_new)
			pthread_cond_wait(&sessions.changed, &sessions.lock);
		else
			err = cond_wait_until(&sessions.changed, &sessions.lock,
					      deadline);
	return held->phase == CONNECTING ? err : 0;
}

static IMA_STATUS login_outcome(struct held *held)
{
	struct iscsi_error error;
	bool is_up;

	pthread_mutex_lock(&sessions.lock);
	is_up = held->phase == UP;
	error = held->error;
	pthread_mutex_unlock(&sessions.lock);
	if (is_up)
		return IMA_STATUS_SUCCESS;
	if (error.kind == ISCSI_FAILED_NOTHING)
		failure_set(&error, ISCSI_FAILED_CANCELLED, 0,
			    "the session was ended by another call");
	return failure_status(&error);
}

static void begin(struct held *held)
{
	struct iscsi_error error;
	int err;
	struct iscsi_loop *loop = net_loop(&err);

	if (loop) {
		iscsi_loop_post(loop, &held->work);
		return;
	}
	failure_set(&error, ISCSI_FAILED_LOCAL, err, "the network cannot be used: %s",
		    strerror(-err));
	on_down(&held->link, &error);
}

static IMA_STATUS log_in(struct held *held, bool is_new)
{
	if (is_new)
		begin(held);
	if (wait_for_login(held, is_new))
		return host_fail(IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT,
				 ETIMEDOUT, "another call is still logging in");
	return login_outcome(held);
}

static bool has_alias(IMA_OID oid, const char *alias)
{
	VISIT visit = visit_begin();
	const struct target *target = visit.status ? NULL : target_by_oid(oid);

	return !target || !strcmp(target->alias ? target->alias : "", alias);
}

/* The alias of a target is what it says when somebody logs in. */
static void keep_alias(IMA_OID oid, const char *alias)
{
	if (has_alias(oid, alias))
		return;
	VISIT visit = visit_begin_change();
	struct target *target = visit.status ? NULL : target_by_oid(oid);
	int64_t id;

	if (target && target->methods &&
	    !store_target_row(user.store, target->object->key, &id) &&
	    !store_run(user.store, STORE_SET_ALIAS, "it", id, alias))
		visit_commit(&visit, true);
}

IMA_STATUS IMAX_LoginTarget(IMA_OID targetOid)
{
	struct held *held = NULL;
	bool is_new = false;
	IMA_STATUS status = find_or_make(targetOid, &held, &is_new);

	if (!held)
		return status;
	status = log_in(held, is_new);
	if (!status && is_new) {
		keep_alias(targetOid, held->alias);
		/* A target whose LUs cannot be listed has a session all the same. */
		if (lu_scan(targetOid))
			host_log(IMAX_LOG_WARNING,
				 "the LUs of a target cannot be listed");
	}
	held_drop(held);
	return status;
}

/* --- Logging out ------------------------------------------------------------------------- */

struct logout {
	struct iscsi_work work;
	struct held *held;
	uint64_t deadline;
	struct waiter waiter;
};

static void run_logout(struct iscsi_work *work)
{
	struct logout *logout = (struct logout *)((char *)work -
						  offsetof(struct logout, work));

	logout->held->is_unwanted = true;
	link_end(&logout->held->link, logout->deadline);
	waiter_done(&logout->waiter);
}

/* Ends a session that is referenced; returns when it is over. */
static void end(struct held *held, uint64_t deadline)
{
	struct logout logout = { .work.run = run_logout,
				 .held = held,
				 .deadline = deadline };
	int err;
	struct iscsi_loop *loop = net_loop(&err);

	if (!loop)
		return;
	waiter_init(&logout.waiter, 1);
	iscsi_loop_post(loop, &logout.work);
	waiter_wait(&logout.waiter);
	pthread_mutex_lock(&sessions.lock);
	while (held->phase != OVER)
		pthread_cond_wait(&sessions.changed, &sessions.lock);
	pthread_mutex_unlock(&sessions.lock);
}

static struct held *take_any(const IMA_OID *target)
{
	LOCKED(&sessions.lock);
	struct held *held = target ? find(*target) : sessions.list;

	if (held)
		held->references++;
	return held;
}

static IMA_STATUS check_target(IMA_OID oid)
{
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	return target_by_oid(oid) ? IMA_STATUS_SUCCESS : not_found(oid);
}

/* A target that only its session kept goes with the next look at the store. */
static void forget_if_lost(IMA_OID oid)
{
	VISIT visit = visit_begin();
	const struct target *target = visit.status ? NULL : target_by_oid(oid);

	if (target && !target->methods)
		user.is_loaded = false;
}

IMA_STATUS IMAX_LogoutTarget(IMA_OID targetOid)
{
	IMA_STATUS status = check_target(targetOid);
	struct held *held = status ? NULL : take_any(&targetOid);

	if (!held)
		return status;
	end(held, net_deadline());
	held_drop(held);
	forget_if_lost(targetOid);
	return IMA_STATUS_SUCCESS;
}

void sessions_end(void)
{
	uint64_t deadline = host_now() + END_TIMEOUT;

	for (struct held *held; (held = take_any(NULL)); held_drop(held))
		end(held, deadline);
	pthread_cond_destroy(&sessions.changed);
}

/* --- LUs ------------------------------------------------------------------------------------ */

static bool has_lun(const struct exposed *luns, size_t count, uint64_t lun)
{
	for (size_t i = 0; i < count; i++)
		if (luns[i].lun == lun)
			return true;
	return false;
}

static void tell(const struct exposed *luns, size_t count, const struct exposed *others,
		 size_t other_count, bool visible)
{
	for (size_t i = 0; i < count; i++)
		if (!has_lun(others, other_count, luns[i].lun))
			events_visible(visible, luns[i].oid);
}

int sessions_expose(IMA_OID target, const struct exposed *luns, size_t count)
{
	struct exposed *copy = calloc(count ? count : 1, sizeof(*copy));
	struct held *held;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, luns, count * sizeof(*copy));
	LOCKED(&sessions.lock);
	held = find(target);
	if (!held || held->phase != UP) {
		free(copy);
		return 0;
	}
	tell(held->luns, held->lun_count, copy, count, false);
	tell(copy, count, held->luns, held->lun_count, true);
	free(held->luns);
	held->luns = copy;
	held->lun_count = count;
	return 0;
}

static int list_luns(const struct held *held, struct oid_list *list)
{
	int err = 0;

	for (size_t i = 0; !err && i < held->lun_count; i++)
		err = oid_list_add(list, held->luns[i].oid);
	return err;
}

int sessions_list_luns(const IMA_OID *target, struct oid_list *list)
{
	int err = 0;

	LOCKED(&sessions.lock);
	for (const struct held *held = sessions.list; !err && held; held = held->next)
		if (!target || oid_equal(held->target, *target))
			err = list_luns(held, list);
	return err;
}

bool sessions_exposes(IMA_OID target, uint64_t lun, time_t *since)
{
	LOCKED(&sessions.lock);
	const struct held *held = find(target);

	if (!held || !has_lun(held->luns, held->lun_count, lun))
		return false;
	*since = held->since;
	return true;
}

/* --- What others may know ------------------------------------------------------------------- */

int sessions_list(const IMA_OID *target, struct oid_list *list)
{
	int err = 0;

	LOCKED(&sessions.lock);
	for (const struct held *held = sessions.list; !err && held; held = held->next)
		if (held->phase == UP && (!target || oid_equal(held->target, *target)))
			err = oid_list_add(list, held->session);
	return err;
}

bool sessions_view(IMA_OID oid, struct session_view *view)
{
	LOCKED(&sessions.lock);
	const struct held *held = sessions.list;

	while (held && !oid_equal(held->session, oid) &&
	       !oid_equal(held->connection, oid))
		held = held->next;
	if (!held || held->phase != UP)
		return false;
	view->session = held->session;
	view->connection = held->connection;
	view->result = held->result;
	return true;
}
