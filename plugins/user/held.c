// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * held.c - the life of a session that is held: see held.h.
 */
#include "held.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "failure.h"
#include "gate.h"
#include "login.h"
#include "lu.h"
#include "net.h"
#include "scan.h"
#include "tally.h"
#include "user.h"

#define SECOND	      1000000000U
#define PING_INTERVAL (30ULL * SECOND) /* of silence after which a target is asked */
#define PING_TIMEOUT  (15ULL * SECOND)
#define END_TIMEOUT   (1ULL * SECOND) /* for logging out of everything */

#define FIRST_PAUSE \
	(SECOND / 4) /* after the first attempt that failed; then twice as long */
#define LONGEST_PAUSE (30ULL * SECOND)
#define DOUBLINGS     7
#define STABLE	      (10ULL * SECOND) /* who was up that long begins anew */
#define MAX_TIME2WAIT 3600	       /* seconds; RFC 7143, 13.15 */
#define NOT_FOUND_TIME \
	(60ULL * SECOND) /* a target that restarts may be unknown at first */

static void drop_login(struct held *held)
{
	if (held->login)
		login_clear(held->login);
	free(held->login);
	held->login = NULL;
}

void held_unreference(struct held *held)
{
	if (--held->references)
		return;
	drop_login(held);
	free(held->luns);
	free(held);
}

struct iscsi_session *held_session(struct held *held)
{
	return held->link.is_up ? held->link.session : NULL;
}

/* --- On the loop's thread: the end ------------------------------------------------------- */

static struct held *held_of(struct link *link)
{
	return (struct held *)((char *)link - offsetof(struct held, link));
}

static void set_phase(struct held *held, enum phase phase)
{
	held->phase = phase;
	pthread_cond_broadcast(&sessions.changed);
}

static void hide(const struct held *held)
{
	for (size_t i = 0; i < held->lun_count; i++)
		events_visible(false, held->luns[i].oid);
	if (held->phase == UP)
		events_visible(false, held->connection);
	if (held->phase != CONNECTING)
		events_visible(false, held->session);
}

/* Whether the target is there for its session only. */
static bool is_lost(IMA_OID oid)
{
	VISIT visit = visit_begin();
	const struct target *target = visit.status ? NULL : target_by_oid(oid);

	if (!target || target->methods)
		return false;
	user.is_loaded = false;
	return true;
}

/* A target that only its session kept goes, now that the store is looked at again. */
static void forget_if_lost(IMA_OID oid)
{
	if (!is_lost(oid))
		return;
	VISIT visit = visit_begin();

	(void)visit; /* who cannot look now will later */
}

static void see_off(struct chore *chore)
{
	struct held *held = (struct held *)((char *)chore - offsetof(struct held, chore));

	forget_if_lost(held->target);
	held_drop(held);
}

static void finish(struct held *held, const struct iscsi_error *error)
{
	iscsi_loop_unreserve(net_own_loop(), &held->timer);
	drop_login(held);
	LOCKED(&sessions.lock);
	if (error)
		held->error = *error;
	hide(held);
	sessions_unlist(held);
	/* Whoever logs out looks after the target; otherwise it is to be done here. */
	if (held->phase != CONNECTING && !held->is_unwanted) {
		held->references++;
		held->chore.run = see_off;
		chores_post(&held->chore);
	}
	set_phase(held, OVER);
	held_unreference(held);
}

static void finish_unwanted(struct held *held)
{
	struct iscsi_error error;

	failure_set(&error, ISCSI_FAILED_CANCELLED, 0,
		    "another call logged out of the target");
	finish(held, &error);
}

/* --- On the loop's thread: coming back ------------------------------------------------------ */

/*
 * Whether another attempt cannot end otherwise: the target says that it is us (status class 2),
 * or is not who it should be. One that restarts may listen before it knows its names.
 */
static bool is_final(const struct held *held, const struct iscsi_error *error)
{
	if (error->kind == ISCSI_FAILED_AUTH)
		return true;
	if (!error->status_valid || error->status_class != 2)
		return false;
	return error->status_detail != 3 ||
	       iscsi_loop_now() - held->lost_since > NOT_FOUND_TIME;
}

/* Up to a quarter more, so that the sessions of a target do not all come at the same moment. */
static uint64_t spread(const struct held *held, uint64_t pause)
{
	uint64_t number = held->session.objectSequenceNumber * 0x9e3779b97f4a7c15U;

	return pause + pause / 4 / 256 * (number >> 56);
}

static uint64_t next_pause(struct held *held)
{
	unsigned int n = held->attempts++;
	uint64_t pause = 0, wait = (uint64_t)held->time2wait * SECOND;

	if (n)
		pause = n > DOUBLINGS ? LONGEST_PAUSE : (uint64_t)FIRST_PAUSE << (n - 1);
	held->time2wait = 0; /* counts from the loss */
	return spread(held, pause > wait ? pause : wait);
}

static void wait_for_next(struct held *held)
{
	held->is_waiting = true;
	/* There is room: the timer is reserved. */
	iscsi_loop_timer(net_own_loop(), &held->timer,
			 iscsi_loop_now() + next_pause(held));
}

static void note_loss(struct held *held, const struct iscsi_error *error)
{
	LOCKED(&sessions.lock);
	held->error = *error;
	events_visible(false, held->connection);
	events_changed(held->session);
	set_phase(held, LOST);
}

static void note_failure(struct held *held, const struct iscsi_error *error)
{
	LOCKED(&sessions.lock);
	held->error = *error;
	held->failures++;
	pthread_cond_broadcast(&sessions.changed);
}

/* The session is lost, or could not be brought back. */
static void lose(struct held *held, const struct iscsi_error *error)
{
	uint64_t now = iscsi_loop_now();

	drop_login(held);
	if (held->phase == UP) {
		held->lost_since = now;
		if (now - held->up_since > STABLE)
			held->attempts = 0;
		host_log(IMAX_LOG_WARNING, "%s; logging in again", error->text);
		note_loss(held, error);
	} else {
		host_log(IMAX_LOG_INFO, "%s; trying again", error->text);
		note_failure(held, error);
	}
	wait_for_next(held);
}

static void on_down(struct link *link, const struct iscsi_error *error)
{
	struct held *held = held_of(link);

	if (!error || held->is_unwanted || held->phase == CONNECTING) {
		finish(held, error);
	} else if (is_final(held, error)) {
		host_log(IMAX_LOG_ERROR, "%s; the session is given up", error->text);
		finish(held, error);
	} else {
		lose(held, error);
	}
}

/* Whether it was lost before. */
static bool note_up(struct held *held)
{
	const struct iscsi_session *session = held->link.session;

	LOCKED(&sessions.lock);
	bool was_lost = held->phase == LOST;

	held->result = *iscsi_session_result(session);
	held->error.kind = ISCSI_FAILED_NOTHING;
	snprintf(held->alias, sizeof(held->alias), "%s",
		 iscsi_session_target_alias(session));
	if (was_lost) {
		events_changed(held->session);
	} else {
		held->since = time(NULL);
		events_visible(true, held->session);
	}
	events_visible(true, held->connection);
	set_phase(held, UP);
	return was_lost;
}

static void on_up(struct link *link)
{
	struct held *held = held_of(link);

	drop_login(held);
	held->up_since = iscsi_loop_now();
	held->time2wait = (uint16_t)iscsi_session_result(link->session)
				  ->params.value[ISCSI_DEFAULT_TIME2WAIT];
	if (!note_up(held))
		return;
	host_log(IMAX_LOG_INFO, "a session that was lost is back");
	scan_later(held);
}

static void on_async(struct link *link, const struct iscsi_async *event)
{
	struct held *held = held_of(link);

	if (event->event == ISCSI_ASYNC_DROP_CONNECTION ||
	    event->event == ISCSI_ASYNC_DROP_SESSION)
		held->time2wait = event->parameter[1] < MAX_TIME2WAIT
					  ? event->parameter[1]
					  : MAX_TIME2WAIT;
	if (scan_is_due(event->sense, event->sense_length))
		scan_later(held);
}

static const struct link_ops link_ops = { .up = on_up,
					  .down = on_down,
					  .async = on_async };

static void run_login(struct iscsi_work *work)
{
	struct held *held = (struct held *)((char *)work - offsetof(struct held, work));
	struct iscsi_error error;

	if (held->is_unwanted) {
		finish_unwanted(held);
	} else if (held->login) {
		held->link.login = held->login;
		link_start(&held->link);
	} else {
		failure_set(&error, ISCSI_FAILED_LOCAL, 0,
			    "the login that was to bring a session back cannot be "
			    "planned; see the log");
		lose(held, &error);
	}
}

static void begin_first(struct iscsi_work *work)
{
	struct held *held = (struct held *)((char *)work - offsetof(struct held, work));
	struct iscsi_error error;

	work->run = run_login;
	if (!iscsi_loop_reserve(net_own_loop(), &held->timer)) {
		run_login(work);
		return;
	}
	failure_set(&error, ISCSI_FAILED_LOCAL, -ENOMEM, "no memory for a session");
	finish(held, &error);
}

/* --- On the chores' thread: planning ------------------------------------------------------ */

/* In the gate. NULL with the status, last error set. */
static IMA_STATUS plan(const struct target *target, struct login **result)
{
	struct login *login = calloc(1, sizeof(*login));
	IMA_STATUS status;

	if (!login)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	status = login_plan(target, net_deadline(), login);
	if (status) {
		free(login);
		return status;
	}
	login->ping_interval = PING_INTERVAL;
	login->ping_timeout = PING_TIMEOUT;
	*result = login;
	return IMA_STATUS_SUCCESS;
}

static void plan_again(struct chore *chore)
{
	struct held *held = (struct held *)((char *)chore - offsetof(struct held, chore));
	VISIT visit = visit_begin();
	const struct target *target = visit.status ? NULL : target_by_oid(held->target);
	IMA_STATUS status = target ? plan(target, &held->login)
				   : IMA_ERROR_OBJECT_NOT_FOUND;

	if (status)
		host_log(IMAX_LOG_WARNING, "a session cannot be brought back now: %08x",
			 (unsigned int)status);
	iscsi_loop_post(net_own_loop(), &held->work);
}

static void on_timer(struct iscsi_timer *timer)
{
	struct held *held = (struct held *)((char *)timer - offsetof(struct held, timer));

	held->is_waiting = false;
	held->chore.run = plan_again;
	chores_post(&held->chore);
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
	struct held *held = chores_start() ? NULL : calloc(1, sizeof(*held));
	IMA_STATUS status = IMA_ERROR_INSUFFICIENT_MEMORY;

	if (!held)
		return status;
	held->target = target->object->oid;
	held->references = 1;
	held->work.run = begin_first;
	held->timer.fire = on_timer;
	held->link.ops = &link_ops;
	held->link.tally = tally_get(held->target.objectSequenceNumber);
	if (!name_objects(held))
		status = plan(target, &held->login);
	LOCKED(&sessions.lock);
	if (!status && sessions_enlist(held))
		status = IMA_ERROR_INSUFFICIENT_MEMORY;
	if (status)
		held_unreference(held);
	else
		*result = held;
	return status;
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
	*held = sessions_find(oid);
	if (*held)
		(*held)->references++;
	pthread_mutex_unlock(&sessions.lock);
	*is_new = !*held;
	return *held ? IMA_STATUS_SUCCESS : make(target, held);
}

/* Nothing more is known than at the time when so many attempts had failed. Lock held. */
static bool is_pending(const struct held *held, unsigned int failures)
{
	return held->phase == CONNECTING ||
	       (held->phase == LOST && held->failures == failures);
}

/*
 * Until the login has ended. The engine ends it in time for the call that began it; who only
 * waits for that call may have less time. 0 or -ETIME.
 */
static int wait_for_login(const struct held *held, bool is_new, unsigned int failures)
{
	uint64_t deadline = host_deadline();
	int err = 0;

	LOCKED(&sessions.lock);
	while (is_pending(held, failures) && !err)
		if (is_new)
			pthread_cond_wait(&sessions.changed, &sessions.lock);
		else
			err = cond_wait_until(&sessions.changed, &sessions.lock,
					      deadline);
	return is_pending(held, failures) ? err : 0;
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

/* Something to do with a session on the loop, that the caller waits for. */
struct order {
	struct iscsi_work work;
	struct held *held;
	uint64_t deadline;
	struct waiter waiter;
};

static struct order *order_of(struct iscsi_work *work)
{
	return (struct order *)((char *)work - offsetof(struct order, work));
}

static void give_order(struct held *held, void (*run)(struct iscsi_work *work),
		       uint64_t deadline)
{
	struct order order = { .work.run = run, .held = held, .deadline = deadline };

	waiter_init(&order.waiter, 1);
	iscsi_loop_post(net_own_loop(), &order.work);
	waiter_wait(&order.waiter);
}

static void run_hurry(struct iscsi_work *work)
{
	struct order *order = order_of(work);

	if (order->held->is_waiting)
		iscsi_loop_timer(net_own_loop(), &order->held->timer, 0);
	waiter_done(&order->waiter);
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
	LOCKED(&sessions.lock);
	held->error = error;
	sessions_unlist(held);
	set_phase(held, OVER);
	held_unreference(held);
}

static IMA_STATUS log_in(struct held *held, bool is_new)
{
	unsigned int failures;
	bool is_lost;

	pthread_mutex_lock(&sessions.lock);
	failures = held->failures;
	is_lost = held->phase == LOST;
	pthread_mutex_unlock(&sessions.lock);
	if (is_new)
		begin(held);
	else if (is_lost)
		give_order(held, run_hurry, 0);
	if (wait_for_login(held, is_new, failures))
		return host_fail(IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT,
				 ETIMEDOUT, "the login is still going on");
	return login_outcome(held);
}

static bool has_alias(IMA_OID oid, const char *alias)
{
	VISIT visit = visit_begin();
	const struct target *target = visit.status ? NULL : target_by_oid(oid);

	return !target || !strcmp(target->alias ? target->alias : "", alias);
}

static int write_alias(const struct target *target, const char *alias)
{
	int64_t id;
	int err = store_target_row(user.store, target->object->key, &id);

	return err ? err : store_run(user.store, STORE_SET_ALIAS, "it", id, alias);
}

/*
 * The alias of a target is what it says when somebody logs in. The state is changed in place: who
 * logs in to thousands of targets would read it anew as often.
 */
static void keep_alias(IMA_OID oid, const char *alias)
{
	char *copy = has_alias(oid, alias) ? NULL : strdup(alias);
	VISIT visit = copy ? visit_begin_change()
			   : (struct visit){ .status = IMA_STATUS_SUCCESS };
	struct target *target = copy && !visit.status ? target_by_oid(oid) : NULL;

	if (!target || !target->methods || write_alias(target, alias) ||
	    visit_commit(&visit, false)) {
		free(copy);
		return;
	}
	free(target->alias);
	target->alias = copy;
	events_changed(oid);
}

static void copy_alias(const struct held *held, char alias[ISCSI_ALIAS_MAX + 1])
{
	LOCKED(&sessions.lock);
	memcpy(alias, held->alias, ISCSI_ALIAS_MAX + 1);
}

IMA_STATUS IMAX_LoginTarget(IMA_OID targetOid)
{
	struct held *held = NULL;
	bool is_new = false;
	IMA_STATUS status = find_or_make(targetOid, &held, &is_new);
	char alias[ISCSI_ALIAS_MAX + 1];

	if (!held)
		return status;
	status = log_in(held, is_new);
	if (!status && is_new) {
		copy_alias(held, alias);
		keep_alias(targetOid, alias);
		/* A target whose LUs cannot be listed has a session all the same. */
		if (lu_scan(targetOid))
			host_log(IMAX_LOG_WARNING,
				 "the LUs of a target cannot be listed");
	}
	held_drop(held);
	return status;
}

/* "WHY; it is not back yet", as far as it fits. */
static void tell_still_lost(const struct held *held, struct iscsi_error *error)
{
	*error = held->error;
	error->status_valid = false;
	error->kind = ISCSI_FAILED_TIMEOUT;
	error->layer = ISCSI_LAYER_TRANSPORT;
	snprintf(error->text, sizeof(error->text),
		 "the session is lost and not back before the deadline: %.380s",
		 held->error.text);
}

int held_wait(struct held *held, uint64_t deadline, struct iscsi_error *error)
{
	int err = 0;

	LOCKED(&sessions.lock);
	while (held->phase == LOST && !err)
		err = cond_wait_until(&sessions.changed, &sessions.lock, deadline);
	if (held->phase == LOST) {
		tell_still_lost(held, error);
		return -ETIME;
	}
	return held->phase == UP ? 0 : -ENOTCONN;
}

/* --- Logging out ------------------------------------------------------------------------- */

static void run_logout(struct iscsi_work *work)
{
	struct order *order = order_of(work);
	struct held *held = order->held;

	held->is_unwanted = true;
	if (held->is_waiting) {
		held->is_waiting = false;
		finish_unwanted(held);
	} else {
		/* If there is no link it is being planned, and ends after that. */
		link_end(&held->link, order->deadline);
	}
	waiter_done(&order->waiter);
}

/* Ends a session that is referenced; returns when it is over. */
static void end(struct held *held, uint64_t deadline)
{
	int err;

	if (!net_loop(&err))
		return;
	give_order(held, run_logout, deadline);
	LOCKED(&sessions.lock);
	while (held->phase != OVER)
		pthread_cond_wait(&sessions.changed, &sessions.lock);
}

static struct held *take_any(const IMA_OID *target)
{
	LOCKED(&sessions.lock);
	struct held *held = target ? sessions_find(*target) : sessions.list;

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
	chores_stop();
	index_free(&sessions.index);
	pthread_cond_destroy(&sessions.changed);
}
