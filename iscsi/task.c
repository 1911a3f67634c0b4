// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * task.c - task tags, and how tasks end.
 *
 * A task that ends before the target is done with it (deadline, cancel) is abandoned: its
 * buffers are let go at once, the target is asked to abort it, and its tag stays taken until the
 * target has answered, so that late data finds no other task. A target that does not even
 * answer that is given up.
 */
#include "iscsi/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shared/cleanup.h"

#define FIRST_SLOTS   8
#define ABORT_TIMEOUT 10000000000ULL /* 10 s for the answer to an abort */

/* --- Tags -------------------------------------------------------------------------------- */

static int grow(struct iscsi_tasks *tasks)
{
	uint32_t count = tasks->slot_count ? 2 * tasks->slot_count : FIRST_SLOTS;
	struct iscsi_slot *slots;

	if (count > SLOTS_MAX)
		count = SLOTS_MAX;
	if (count == tasks->slot_count)
		return -ENOMEM;
	slots = realloc(tasks->slots, count * sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	for (uint32_t i = tasks->slot_count; i < count; i++)
		slots[i] = (struct iscsi_slot){
			.other = (uint16_t)(i + 1 < count ? i + 1 : NO_SLOT)
		};
	tasks->free_slot = (uint16_t)tasks->slot_count;
	tasks->slots = slots;
	tasks->slot_count = count;
	return 0;
}

int iscsi_slot_new(struct iscsi_session *session, enum slot_use use,
		   struct iscsi_task *task, uint32_t *itt)
{
	struct iscsi_tasks *tasks = &session->tasks;
	struct iscsi_slot *slot;
	uint16_t index;

	if ((!tasks->slot_count || tasks->free_slot == NO_SLOT) && grow(tasks))
		return -ENOMEM;
	index = tasks->free_slot;
	slot = &tasks->slots[index];
	tasks->free_slot = slot->other;
	slot->generation++;
	slot->use = (uint8_t)use;
	slot->task = task;
	slot->other = NO_SLOT;
	*itt = (uint32_t)slot->generation << 16 | index;
	return 0;
}

struct iscsi_slot *iscsi_slot_find(struct iscsi_session *session, uint32_t itt)
{
	struct iscsi_tasks *tasks = &session->tasks;
	uint32_t index = itt & 0xffff;

	if (index >= tasks->slot_count || tasks->slots[index].use == SLOT_FREE ||
	    tasks->slots[index].generation != itt >> 16)
		return NULL;
	return &tasks->slots[index];
}

void iscsi_slot_free(struct iscsi_session *session, struct iscsi_slot *slot)
{
	slot->use = SLOT_FREE;
	slot->task = NULL;
	slot->other = session->tasks.free_slot;
	session->tasks.free_slot = (uint16_t)(slot - session->tasks.slots);
}

void iscsi_slot_forget(struct iscsi_session *session, struct iscsi_slot *slot)
{
	if (slot->other != NO_SLOT)
		session->tasks.slots[slot->other].other = NO_SLOT;
	iscsi_slot_free(session, slot);
}

/* --- The list of tasks ------------------------------------------------------------------- */

void iscsi_task_add(struct iscsi_session *session, struct iscsi_task *task)
{
	struct iscsi_tasks *tasks = &session->tasks;

	task->own.next = NULL;
	task->own.prev = tasks->last;
	if (tasks->last)
		tasks->last->own.next = task;
	else
		tasks->first = task;
	tasks->last = task;
	if (!tasks->waiting)
		tasks->waiting = task;
	task->own.begun = task->own.sent = iscsi_session_now(session);
	if (!tasks->active++)
		tasks->busy_since = task->own.begun;
}

static void account(struct iscsi_session *session, struct iscsi_task *task)
{
	uint64_t now = iscsi_session_now(session);

	task->traffic.sending_ns = task->own.sent - task->own.begun;
	task->traffic.receiving_ns = now - task->own.sent;
	session->counters.commands++;
	if (!session->tasks.active)
		session->counters.busy_ns += now - session->tasks.busy_since;
	iscsi_session_account(session);
}

static void remove_task(struct iscsi_session *session, struct iscsi_task *task)
{
	struct iscsi_tasks *tasks = &session->tasks;
	struct iscsi_task *next = task->own.next, *prev = task->own.prev;

	if (tasks->waiting == task)
		tasks->waiting = next;
	if (next)
		next->own.prev = prev;
	else
		tasks->last = prev;
	if (prev)
		prev->own.next = next;
	else
		tasks->first = next;
	tasks->active--;
	account(session, task);
}

/* Out of memory where the protocol needs it: the session ends at the next tick. */
static void give_up(struct iscsi_session *session)
{
	session->send_error = -ENOMEM;
	iscsi_session_wake(session, 0);
}

/* Data that is on its way must not go where the caller does not expect it any more. */
static void let_go_of_buffers(struct iscsi_session *session, struct iscsi_task *task)
{
	struct iscsi_reader *reader = &session->reader;

	if (reader->part != READ_HEADER &&
	    get32(reader->header + AT_ITT) == task->own.itt &&
	    (reader->header[AT_OPCODE] & OPCODE_MASK) == OP_DATA_IN)
		iscsi_reader_discard(reader);
	if (iscsi_out_detach(session, &task->own.out)) {
		/* Cut in the middle of a PDU: nothing sensible can follow. */
		iscsi_out_clear(session);
		give_up(session);
	}
	free(steal(task->own.ahs));
}

void iscsi_task_end(struct iscsi_session *session, struct iscsi_task *task,
		    const struct iscsi_error *error)
{
	struct iscsi_slot *slot = iscsi_slot_find(session, task->own.itt);

	let_go_of_buffers(session, task);
	remove_task(session, task);
	if (slot && slot->task == task)
		iscsi_slot_free(session, slot);
	task->own.session = NULL;
	task->error = error;
	task->done(task);
}

/* --- Giving up --------------------------------------------------------------------------- */

static int request_abort(struct iscsi_session *session, const struct iscsi_task *task,
			 struct iscsi_slot *slot)
{
	uint16_t index = (uint16_t)(slot - session->tasks.slots);
	struct iscsi_out *out;
	uint32_t itt;

	if (iscsi_slot_new(session, SLOT_ABORT, NULL, &itt))
		return -ENOMEM;
	/* The slots may have moved. */
	session->tasks.slots[itt & 0xffff].other = index;
	session->tasks.slots[index].other = (uint16_t)itt;
	out = iscsi_out_new(OP_TASK_MANAGEMENT | IMMEDIATE, FINAL | TASK_ABORT, itt, NULL,
			    0);
	if (!out)
		return -ENOMEM;
	memcpy(out->header + AT_LUN, task->lun, sizeof(task->lun));
	put32(out->header + AT_REFERENCED_TAG, task->own.itt);
	put32(out->header + AT_CMD_SN, session->cmd_sn);
	put32(out->header + AT_REFERENCED_CMD_SN, task->own.cmd_sn);
	iscsi_out_push(session, out);
	if (!session->tasks.aborting++) {
		session->tasks.abort_deadline = iscsi_session_now(session) +
						ABORT_TIMEOUT;
		iscsi_session_wake(session, session->tasks.abort_deadline);
	}
	return 0;
}

/* From here on the task is the caller's affair only, the tag the target's. */
static void abandon(struct iscsi_session *session, struct iscsi_task *task)
{
	struct iscsi_slot *slot = iscsi_slot_find(session, task->own.itt);

	let_go_of_buffers(session, task);
	if (task->own.state == TASK_WAITING) {
		iscsi_slot_free(session, slot);
	} else {
		slot->use = SLOT_ABANDONED;
		slot->task = NULL;
		if (session->state == SESSION_UP && request_abort(session, task, slot))
			give_up(session);
	}
	task->own.bursts = 0;
	task->own.itt = NO_TAG;
}

void iscsi_task_cancel(struct iscsi_task *task)
{
	struct iscsi_session *session = task->own.session;
	struct iscsi_tasks *tasks;

	if (!session || task->own.state == TASK_CANCELLED)
		return;
	tasks = &session->tasks;
	if (tasks->waiting == task)
		tasks->waiting = task->own.next;
	abandon(session, task);
	task->own.state = TASK_CANCELLED;
	iscsi_session_wake(session, 0);
	if (!session->depth)
		iscsi_out_flush(session);
}

static void timed_out(struct iscsi_session *session, const struct iscsi_task *task,
		      struct iscsi_error *error)
{
	char whom[200];

	iscsi_session_describe(session, whom, sizeof(whom));
	iscsi_error_set(
		error, ISCSI_FAILED_TIMEOUT, -ETIMEDOUT,
		task->own.state == TASK_WAITING
			? "%s: no room in the command window for SCSI command %02xh "
			  "before the deadline"
			: "%s: no response to SCSI command %02xh before the deadline",
		whom, task->cdb[0]);
	session->counters.timeouts++;
}

/* End this task if it is time; whether it was. */
static bool expire_one(struct iscsi_session *session, struct iscsi_task *task,
		       uint64_t now)
{
	struct iscsi_error error;

	if (task->own.state == TASK_CANCELLED) {
		iscsi_error_set(&error, ISCSI_FAILED_CANCELLED, -ECANCELED,
				"the command was cancelled");
	} else if (now >= task->deadline) {
		timed_out(session, task, &error);
		abandon(session, task);
	} else {
		return false;
	}
	iscsi_task_end(session, task, &error);
	return true;
}

int iscsi_task_expire(struct iscsi_session *session, uint64_t now, uint64_t *next,
		      struct iscsi_error *error)
{
	struct iscsi_tasks *tasks = &session->tasks;
	struct iscsi_task *task = tasks->first;
	unsigned int epoch = session->epoch;

	*next = ISCSI_NO_DEADLINE;
	while (task) {
		if (expire_one(session, task, now)) {
			/* The callback may have changed anything: start over. */
			if (iscsi_session_changed(session, epoch))
				return 0;
			task = tasks->first;
			*next = ISCSI_NO_DEADLINE;
			continue;
		}
		if (task->deadline < *next)
			*next = task->deadline;
		task = task->own.next;
	}
	if (!tasks->aborting)
		return 0;
	if (now >= tasks->abort_deadline) {
		iscsi_error_set(error, ISCSI_FAILED_TIMEOUT, -ETIMEDOUT,
				"the target does not answer, not even to an abort");
		return -ETIMEDOUT;
	}
	if (tasks->abort_deadline < *next)
		*next = tasks->abort_deadline;
	return 0;
}

void iscsi_task_end_all(struct iscsi_session *session, const struct iscsi_error *error)
{
	struct iscsi_tasks *tasks = &session->tasks;

	while (tasks->first)
		iscsi_task_end(session, tasks->first, error);
	free(steal(tasks->slots));
	tasks->slot_count = 0;
	tasks->aborting = 0;
}

/* Whatever the target says of an abort: it has dealt with it. */
int iscsi_task_aborted(struct iscsi_session *session, const uint8_t *bhs,
		       const uint8_t *data, uint32_t length, struct iscsi_error *error)
{
	struct iscsi_tasks *tasks = &session->tasks;
	struct iscsi_slot *slot = iscsi_slot_find(session, get32(bhs + AT_ITT));
	bool gone = bhs[AT_RESPONSE] <= 1; /* function complete, or no such task */

	(void)data;
	(void)length;
	if (!slot || slot->use != SLOT_ABORT)
		return iscsi_violation(error,
				       "a task management response nobody waits for");
	if (slot->other != NO_SLOT) {
		tasks->slots[slot->other].other = NO_SLOT;
		if (gone)
			iscsi_slot_free(session, &tasks->slots[slot->other]);
	}
	iscsi_slot_free(session, slot);
	tasks->aborting--;
	tasks->abort_deadline = iscsi_session_now(session) + ABORT_TIMEOUT;
	return 0;
}
