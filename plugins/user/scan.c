// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scan.c - REPORT LUNS on the loop's thread; what it says is noted in the gate, on the thread of
 * the chores or of the call that wants it.
 */
#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "failure.h"
#include "held.h"
#include "iscsi/scsi.h"
#include "lu.h"
#include "net.h"
#include "user.h"
#include "vector.h"

#define FIRST_SIZE     2056		     /* 256 LUNs; who has more is asked again */
#define PATIENCE       (15ULL * 1000000000U) /* ns, if nobody waits */

#define UNIT_ATTENTION 6

/* Belongs to the loop's thread until it is finished. */
struct scan {
	struct iscsi_work work;
	struct chore chore;
	struct held *held; /* referenced */
	struct report report;
	struct command command;
	uint64_t deadline;
	struct waiter *waiter; /* NULL: nobody waits */
};

bool scan_is_due(const uint8_t *sense, size_t length)
{
	struct scsi_sense decoded;

	if (!sense)
		return false;
	decoded = scsi_sense_decode(sense, length);
	return decoded.valid && decoded.key == UNIT_ATTENTION && decoded.asc == 0x3f &&
	       decoded.ascq == 0x0e;
}

static void drop(struct scan *scan)
{
	held_drop(scan->held);
	free(scan->report.data);
	free(scan);
}

static IMA_STATUS outcome(const struct scan *scan)
{
	IMA_STATUS status = failure_status(&scan->command.error);

	if (!status)
		status = lu_report_status(scan->held->target, &scan->command.task);
	return status ? status : lu_note_report(scan->held->target, &scan->report);
}

static void note(struct chore *chore)
{
	struct scan *scan = (struct scan *)((char *)chore - offsetof(struct scan, chore));

	if (outcome(scan))
		host_log(IMAX_LOG_WARNING, "the LUs of a target cannot be listed: %s",
			 scan->command.error.text);
	drop(scan);
}

static void finish(struct scan *scan)
{
	struct held *held = scan->held;

	if (scan->waiter) {
		waiter_done(scan->waiter);
		return;
	}
	held->is_scanning = false;
	if (held->is_scan_due)
		scan_later(held);
	scan->chore.run = note;
	chores_post(&scan->chore);
}

static void ask(struct scan *scan, uint32_t size);

/* The list may be longer than there was room for: once more, with enough. */
static void on_answer(struct command *command)
{
	struct scan *scan = command->user;
	uint32_t wanted;

	scan->report.length = command->task.transferred;
	wanted = report_size(&scan->report);
	if (command->error.kind == ISCSI_FAILED_NOTHING && !command->task.status &&
	    wanted > command->task.in_length && command->task.in_length == FIRST_SIZE)
		ask(scan, wanted);
	else
		finish(scan);
}

static void ask(struct scan *scan, uint32_t size)
{
	struct iscsi_session *session = held_session(scan->held);
	struct command *command = &scan->command;
	uint8_t *data = session ? realloc(scan->report.data, size) : NULL;

	if (!data) {
		failure_set(&command->error,
			    session ? ISCSI_FAILED_LOCAL : ISCSI_FAILED_CONNECTION,
			    session ? -ENOMEM : -ENOTCONN,
			    session ? "no memory for a list of LUs"
				    : "the session is lost");
		finish(scan);
		return;
	}
	scan->report.data = data;
	memset(&command->task, 0, sizeof(command->task));
	command->task.in = data;
	command->task.in_length = size;
	scsi_report_luns(&command->task, SCSI_REPORT_LUS, size);
	command->done = on_answer;
	command->user = scan;
	command_submit(session, command, scan->deadline);
}

/* --- In the background -------------------------------------------------------------------- */

static struct scan *new_scan(struct held *held, uint64_t deadline)
{
	struct scan *scan = calloc(1, sizeof(*scan));

	if (!scan)
		return NULL;
	scan->held = held;
	scan->deadline = deadline;
	return scan;
}

void scan_later(struct held *held)
{
	struct scan *scan;

	held->is_scan_due = held->is_scanning;
	if (held->is_scanning)
		return;
	scan = new_scan(held, iscsi_loop_now() + PATIENCE);
	if (!scan) {
		host_log(IMAX_LOG_ERROR, "no memory to list the LUs of a target");
		return;
	}
	held_reference(held);
	held->is_scanning = true;
	ask(scan, FIRST_SIZE);
}

/* --- For a call --------------------------------------------------------------------------- */

static void run_scan(struct iscsi_work *work)
{
	ask((struct scan *)((char *)work - offsetof(struct scan, work)), FIRST_SIZE);
}

/* A session that is lost is scanned when it is back. */
static bool was_lost(const struct scan *scan)
{
	return scan->command.error.kind == ISCSI_FAILED_CONNECTION &&
	       scan->command.error.error == -ENOTCONN;
}

/* Side by side; a target that is silent does not keep the others from being noted. */
static IMA_STATUS scan_all(const struct vector *scans)
{
	IMA_STATUS status = IMA_STATUS_SUCCESS;
	struct waiter waiter;

	waiter_init(&waiter, (unsigned int)scans->count);
	for (size_t i = 0; i < scans->count; i++) {
		struct scan *scan = scans->items[i];

		scan->waiter = &waiter;
		scan->work.run = run_scan;
		iscsi_loop_post(net_own_loop(), &scan->work);
	}
	waiter_wait(&waiter);
	for (size_t i = 0; i < scans->count; i++) {
		IMA_STATUS one = was_lost(scans->items[i]) ? IMA_STATUS_SUCCESS
							   : outcome(scans->items[i]);

		if (!status)
			status = one;
	}
	return status;
}

static int add_scans(struct vector *helds, struct vector *scans)
{
	uint64_t deadline = net_deadline();

	while (helds->count) {
		struct held *held = helds->items[helds->count - 1];
		struct scan *scan = new_scan(held, deadline);

		if (!scan)
			return -ENOMEM;
		if (vector_add(scans, scan)) {
			free(scan);
			return -ENOMEM;
		}
		helds->count--; /* the scan has it now */
	}
	return 0;
}

/* Releases the list of sessions and what it refers to. */
static IMA_STATUS scan_these(struct vector *helds)
{
	struct vector scans = { 0 };
	int err = add_scans(helds, &scans);
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (err)
		status = status_from_errno(err);
	else if (scans.count)
		status = scan_all(&scans);
	for (size_t i = 0; i < scans.count; i++)
		drop(scans.items[i]);
	vector_free(&scans);
	for (size_t i = 0; i < helds->count; i++)
		held_drop(helds->items[i]);
	vector_free(helds);
	return status;
}

static IMA_STATUS check_object(IMA_OID oid)
{
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	return is_lhba(oid) || target_by_oid(oid) ? IMA_STATUS_SUCCESS : not_found(oid);
}

/* The one session of a target, if there is one; it is waited for. */
static IMA_STATUS take_one(IMA_OID oid, struct vector *helds)
{
	struct held *held = held_take(oid);
	struct iscsi_error error;

	if (!held)
		return IMA_STATUS_SUCCESS;
	if (held_wait(held, net_deadline(), &error) == -ETIME) {
		held_drop(held);
		return failure_status(&error);
	}
	if (!vector_add(helds, held))
		return IMA_STATUS_SUCCESS;
	held_drop(held);
	return IMA_ERROR_INSUFFICIENT_MEMORY;
}

IMA_STATUS IMAX_RescanTarget(IMA_OID oid)
{
	struct vector helds = { 0 };
	IMA_STATUS status = check_object(oid), outcome;

	if (!status)
		status = is_lhba(oid) ? status_from_errno(sessions_take_all(&helds))
				      : take_one(oid, &helds);
	outcome = scan_these(&helds);
	return status ? status : outcome;
}
