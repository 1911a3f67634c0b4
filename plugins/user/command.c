// SPDX-License-Identifier: LGPL-2.1-or-later
#include "command.h"

#include <errno.h>
#include <string.h>

#include "failure.h"
#include "iscsi/scsi.h"
#include "link.h"
#include "login.h"
#include "net.h"
#include "scan.h"
#include "sessions.h"
#include "tally.h"
#include "user.h"

#define MAX_TRIES      4
#define LOGOUT_TIMEOUT 1000000000U /* ns; the result is there already */
#define UNIT_ATTENTION 6

static void on_task_done(struct iscsi_task *task);

/* All but the caller's part of a task has to be zero to send it, also when it is sent again. */
static void prepare(struct command *command, uint64_t deadline)
{
	struct iscsi_task *task = &command->task;
	struct iscsi_task fresh = { .cdb_length = task->cdb_length,
				    .attribute = ISCSI_SIMPLE,
				    .in = task->in,
				    .in_length = task->in_length,
				    .deadline = deadline,
				    .done = on_task_done,
				    .user = command };

	memcpy(fresh.lun, task->lun, sizeof(fresh.lun));
	memcpy(fresh.cdb, task->cdb, task->cdb_length);
	*task = fresh;
}

static void send_task(struct command *command, uint64_t deadline)
{
	int err;

	prepare(command, deadline);
	err = iscsi_session_submit(command->session, &command->task);
	if (!err)
		return;
	failure_set(&command->error,
		    err == -ENOTCONN ? ISCSI_FAILED_CONNECTION : ISCSI_FAILED_LOCAL, err,
		    "the command cannot be sent: %s", strerror(-err));
	command->done(command);
}

static bool is_unit_attention(const struct iscsi_task *task)
{
	struct scsi_sense sense;

	if (task->status != SCSI_CHECK_CONDITION)
		return false;
	sense = scsi_sense_decode(task->sense, task->sense_length);
	return sense.valid && sense.key == UNIT_ATTENTION;
}

static void on_task_done(struct iscsi_task *task)
{
	struct command *command = task->user;
	bool is_attention = !task->error && is_unit_attention(task);

	tally_task(command->tally, task);
	if (task->error)
		command->error = *task->error;
	if (is_attention && command->attention)
		command->attention(command);
	if (is_attention && ++command->tries < MAX_TRIES)
		send_task(command, task->deadline);
	else
		command->done(command);
}

void command_submit(struct iscsi_session *session, struct command *command,
		    uint64_t deadline)
{
	command->session = session;
	command->tries = 0;
	memset(&command->error, 0, sizeof(command->error));
	send_task(command, deadline);
}

/* --- Over a session of its own ----------------------------------------------------------- */

struct visitor {
	struct iscsi_work work;
	struct link link;
	struct login login;
	struct command *command;
	struct waiter waiter;
	bool is_answered;
};

static struct visitor *visitor_of(struct link *link)
{
	return (struct visitor *)((char *)link - offsetof(struct visitor, link));
}

static void visitor_answered(struct command *command)
{
	struct visitor *visitor = command->user;

	visitor->is_answered = true;
	link_end(&visitor->link, iscsi_loop_now() + LOGOUT_TIMEOUT);
}

static void visitor_up(struct link *link)
{
	struct visitor *visitor = visitor_of(link);

	visitor->command->done = visitor_answered;
	visitor->command->attention = NULL;
	visitor->command->user = visitor;
	command_submit(link->session, visitor->command, visitor->login.deadline);
}

static void visitor_down(struct link *link, const struct iscsi_error *error)
{
	struct visitor *visitor = visitor_of(link);

	if (!visitor->is_answered && error)
		visitor->command->error = *error;
	waiter_done(&visitor->waiter);
}

static void visitor_run(struct iscsi_work *work)
{
	struct visitor *visitor = (struct visitor *)((char *)work -
						     offsetof(struct visitor, work));

	link_start(&visitor->link);
}

static IMA_STATUS plan_visit(IMA_OID oid, struct login *login)
{
	VISIT visit = visit_begin();
	const struct target *target;

	if (visit.status)
		return visit.status;
	target = target_by_oid(oid);
	return target ? login_plan(target, net_deadline(), login) : not_found(oid);
}

static IMA_STATUS run_on_own_session(IMA_OID target, struct command *command)
{
	static const struct link_ops ops = { .up = visitor_up, .down = visitor_down };
	struct visitor visitor = { .work.run = visitor_run,
				   .link.ops = &ops,
				   .command = command };
	IMA_STATUS status = plan_visit(target, &visitor.login);
	struct iscsi_loop *loop;
	int err;

	if (status)
		return status;
	visitor.link.tally = tally_get(target.objectSequenceNumber);
	loop = net_loop(&err);
	if (!loop) {
		login_clear(&visitor.login);
		return failure_local(err);
	}
	visitor.link.login = &visitor.login;
	memset(&command->error, 0, sizeof(command->error));
	waiter_init(&visitor.waiter, 1);
	iscsi_loop_post(loop, &visitor.work);
	waiter_wait(&visitor.waiter);
	login_clear(&visitor.login);
	return failure_status(&command->error);
}

/* --- Over the session the process holds ------------------------------------------------- */

struct guest {
	struct iscsi_work work;
	struct held *held;
	struct command *command;
	uint64_t deadline;
	struct waiter waiter;
	bool is_sent;
};

static void guest_answered(struct command *command)
{
	struct guest *guest = command->user;

	waiter_done(&guest->waiter);
}

static void guest_attention(struct command *command)
{
	struct guest *guest = command->user;

	if (scan_is_due(command->task.sense, command->task.sense_length))
		scan_later(guest->held);
}

static void guest_run(struct iscsi_work *work)
{
	struct guest *guest = (struct guest *)((char *)work -
					       offsetof(struct guest, work));
	struct iscsi_session *session = held_session(guest->held);

	if (!session) {
		waiter_done(&guest->waiter);
		return;
	}
	guest->is_sent = true;
	guest->command->done = guest_answered;
	guest->command->attention = guest_attention;
	guest->command->user = guest;
	command_submit(session, guest->command, guest->deadline);
}

/* False if there is no session after all. */
static bool run_as_guest(struct held *held, struct command *command, uint64_t deadline)
{
	struct guest guest = { .work.run = guest_run,
			       .held = held,
			       .command = command,
			       .deadline = deadline };
	int err;

	waiter_init(&guest.waiter, 1);
	iscsi_loop_post(net_loop(&err), &guest.work);
	waiter_wait(&guest.waiter);
	return guest.is_sent;
}

/* The session went away while the command was on its way. */
static bool is_cut_off(const struct command *command)
{
	return command->error.kind == ISCSI_FAILED_CONNECTION ||
	       command->error.kind == ISCSI_FAILED_BY_TARGET;
}

/* False if there is no session any more, and none to come. */
static bool run_on_held(struct held *held, struct command *command)
{
	uint64_t deadline = net_deadline();
	int err, sent = 0;

	while (!(err = held_wait(held, deadline, &command->error)))
		if (run_as_guest(held, command, deadline) &&
		    (sent++ || !is_cut_off(command)))
			return true;
	return err == -ETIME;
}

IMA_STATUS command_run(IMA_OID target, struct command *command)
{
	struct held *held = held_take(target);
	bool is_done = held && run_on_held(held, command);

	held_drop(held);
	return is_done ? failure_status(&command->error)
		       : run_on_own_session(target, command);
}
