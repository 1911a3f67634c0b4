// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * command.c - SCSI commands, their data and their responses (RFC 7143, 11.3, 11.4, 11.7, 11.8).
 *
 * A target may write only where it was asked to: data in order, within the buffer, for a
 * command that is outstanding and reads. What it claims of residuals is believed only if it
 * agrees with what it sent.
 */
#include "iscsi/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shared/cleanup.h"

#define PUMP_MAX 32 /* commands that are queued at once */

/* --- Sending ----------------------------------------------------------------------------- */

static bool can_be_sent(const struct iscsi_task *task)
{
	if (!task->done || !task->cdb_length || task->cdb_length > ISCSI_CDB_MAX)
		return false;
	if (task->in && task->out)
		return false;
	return (!task->in_length || task->in) && (!task->out_length || task->out);
}

/* What does not fit into the header: length, type, reserved, the rest of the CDB, padding. */
static int make_ahs(struct iscsi_task *task)
{
	uint16_t rest = (uint16_t)(task->cdb_length - CDB_IN_BHS);
	uint8_t *ahs = calloc(1, 4U + rest + pad_of(rest));

	if (!ahs)
		return -ENOMEM;
	put16(ahs, (uint16_t)(rest + 1));
	ahs[2] = AHS_EXTENDED_CDB;
	memcpy(ahs + 4, task->cdb + CDB_IN_BHS, rest);
	task->own.ahs = ahs;
	return 0;
}

static void clear_result(struct iscsi_task *task)
{
	memset(&task->own, 0, sizeof(task->own));
	task->error = NULL;
	task->status = 0;
	task->overflow = false;
	task->sense_length = 0;
	task->sense_full = 0;
	task->residual = 0;
	task->transferred = 0;
	memset(&task->traffic, 0, sizeof(task->traffic));
}

int iscsi_session_submit(struct iscsi_session *session, struct iscsi_task *task)
{
	if (session->state != SESSION_UP || session->discovery || session->doomed)
		return -ENOTCONN;
	if (!can_be_sent(task))
		return -EINVAL;
	clear_result(task);
	if (task->cdb_length > CDB_IN_BHS && make_ahs(task))
		return -ENOMEM;
	if (iscsi_slot_new(session, SLOT_COMMAND, task, &task->own.itt)) {
		free(steal(task->own.ahs));
		return -ENOMEM;
	}
	task->own.session = session;
	iscsi_task_add(session, task);
	if (!session->depth)
		iscsi_out_flush(session);
	iscsi_session_wake(session, task->deadline);
	return 0;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* A PDU for the task has come, with length bytes of data. */
static void count_received(const struct iscsi_session *session, struct iscsi_task *task,
			   const uint8_t *bhs, uint32_t length)
{
	const struct iscsi_reader *reader = &session->reader;

	task->traffic.pdus_received++;
	task->traffic.bytes_received += BHS_SIZE + 4U * bhs[AT_AHS_LENGTH] + length +
					pad_of(length);
	if (reader->header_digest)
		task->traffic.bytes_received += DIGEST_SIZE;
	if (reader->data_digest && length)
		task->traffic.bytes_received += DIGEST_SIZE;
}

static bool data_out_sent(struct iscsi_session *session, struct iscsi_out *out);

/* Fill the PDU with the next piece of the burst at the head. */
static void make_data_out(struct iscsi_session *session, struct iscsi_task *task)
{
	struct iscsi_burst *burst = &task->own.burst[0];
	struct iscsi_out *out = &task->own.out;
	uint32_t length = smaller(burst->length,
				  session->result.target_max_recv_data_segment_length);

	iscsi_out_init(out, OP_DATA_OUT, length == burst->length ? FINAL : 0,
		       task->own.itt);
	memcpy(out->header + AT_LUN, task->lun, sizeof(task->lun));
	put32(out->header + AT_TTT, burst->ttt);
	put32(out->header + AT_DATA_SN, task->own.out_sn++);
	put32(out->header + AT_BUFFER_OFFSET, burst->offset);
	out->data = (const uint8_t *)task->out + burst->offset;
	out->data_length = length;
	out->sent = data_out_sent;
	session->counters.data_sent += length;
	task->traffic.data_sent += length;
	burst->offset += length;
	burst->length -= length;
	out->refills = burst->length || task->own.bursts > 1;
}

static bool data_out_sent(struct iscsi_session *session, struct iscsi_out *out)
{
	struct iscsi_task *task =
		(struct iscsi_task *)((char *)out - offsetof(struct iscsi_task, own.out));
	struct iscsi_task_own *own = &task->own;

	task->traffic.pdus_sent++;
	task->traffic.bytes_sent += iscsi_out_size(session, out);
	own->sent = iscsi_session_now(session);
	if (own->bursts && !own->burst[0].length) {
		memmove(own->burst, own->burst + 1,
			--own->bursts * sizeof(own->burst[0]));
		own->out_sn = 0;
	}
	if (!own->bursts)
		return false;
	make_data_out(session, task);
	iscsi_out_seal(session, out);
	return true;
}

/* Data that goes with the command, or after it without being asked for (RFC 7143, 4.2.4.2). */
static void add_unsolicited(struct iscsi_session *session, struct iscsi_task *task)
{
	const struct iscsi_result *result = &session->result;
	const uint32_t *value = result->params.value;
	struct iscsi_task_own *own = &task->own;
	uint32_t first = smaller(task->out_length, value[ISCSI_FIRST_BURST_LENGTH]);
	uint32_t now = value[ISCSI_IMMEDIATE_DATA]
			       ? smaller(first,
					 result->target_max_recv_data_segment_length)
			       : 0;

	own->out.data = task->out;
	own->out.data_length = now;
	own->moved = now;
	session->counters.data_sent += now;
	task->traffic.data_sent += now;
	if (value[ISCSI_INITIAL_R2T] || first == now)
		return;
	own->out.header[AT_FLAGS] &= (uint8_t)~FINAL;
	own->burst[own->bursts++] = (struct iscsi_burst){ NO_TAG, now, first - now };
	own->out.refills = true;
	own->moved = first;
}

static void send_command(struct iscsi_session *session, struct iscsi_task *task)
{
	struct iscsi_out *out = &task->own.out;
	uint8_t flags = FINAL | (uint8_t)task->attribute;

	if (task->in)
		flags |= COMMAND_READ;
	if (task->out)
		flags |= COMMAND_WRITE;
	task->own.state = TASK_SENT;
	task->own.cmd_sn = session->cmd_sn++;
	iscsi_out_init(out, OP_COMMAND, flags, task->own.itt);
	memcpy(out->header + AT_LUN, task->lun, sizeof(task->lun));
	put32(out->header + AT_EXPECTED_LENGTH,
	      task->in ? task->in_length : task->out_length);
	put32(out->header + AT_CMD_SN, task->own.cmd_sn);
	memcpy(out->header + AT_CDB, task->cdb, smaller(task->cdb_length, CDB_IN_BHS));
	if (task->own.ahs) {
		out->ahs = task->own.ahs;
		out->ahs_length = 4U + task->cdb_length - CDB_IN_BHS;
		out->ahs_length += pad_of(out->ahs_length);
	}
	out->sent = data_out_sent;
	if (task->out)
		add_unsolicited(session, task);
	iscsi_out_push(session, out);
}

bool iscsi_command_pump(struct iscsi_session *session)
{
	struct iscsi_tasks *tasks = &session->tasks;
	int n = 0;

	while (tasks->waiting && session->state == SESSION_UP && n < PUMP_MAX &&
	       !serial_before(session->max_cmd_sn, session->cmd_sn)) {
		struct iscsi_task *task = tasks->waiting;

		tasks->waiting = task->own.next;
		if (task->own.state != TASK_WAITING)
			continue; /* cancelled, and about to be completed */
		send_command(session, task);
		n++;
	}
	return n;
}

/* --- Data the target asks for ------------------------------------------------------------ */

/* How many R2Ts are outstanding; unsolicited data is not one. */
static uint32_t outstanding(const struct iscsi_task_own *own)
{
	return own->bursts - (own->bursts && own->burst[0].ttt == NO_TAG);
}

static const char *refuse_r2t(const struct iscsi_session *session,
			      const struct iscsi_task *task, const uint8_t *bhs)
{
	const uint32_t *value = session->result.params.value;
	uint32_t offset = get32(bhs + AT_BUFFER_OFFSET);
	uint32_t length = get32(bhs + AT_DESIRED_LENGTH);

	if (!task->out)
		return "R2T for a command that writes nothing";
	if (get32(bhs + AT_DATA_SN) != task->own.data_sn)
		return "R2T with a wrong number";
	if (outstanding(&task->own) >= value[ISCSI_MAX_OUTSTANDING_R2T])
		return "R2T while as many as were agreed on are outstanding";
	if (!length || length > value[ISCSI_MAX_BURST_LENGTH])
		return "R2T for nothing or for more than MaxBurstLength";
	if (offset != task->own.moved)
		return "R2T out of order";
	if (length > task->out_length - offset)
		return "R2T for data beyond the end of the buffer";
	return NULL;
}

static void queue_burst(struct iscsi_session *session, struct iscsi_task *task,
			const uint8_t *bhs)
{
	struct iscsi_task_own *own = &task->own;
	uint32_t length = get32(bhs + AT_DESIRED_LENGTH);

	own->data_sn++;
	own->burst[own->bursts++] = (struct iscsi_burst){ get32(bhs + AT_TTT), own->moved,
							  length };
	own->moved += length;
	if (own->out.queued) {
		own->out.refills = true;
		return;
	}
	own->out_sn = 0;
	make_data_out(session, task);
	iscsi_out_push(session, &own->out);
}

int iscsi_r2t(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
	      uint32_t length, struct iscsi_error *error)
{
	struct iscsi_slot *slot = iscsi_slot_find(session, get32(bhs + AT_ITT));
	const char *why;

	(void)data;
	if (slot && slot->use == SLOT_ABANDONED)
		return 0;
	if (!slot || slot->use != SLOT_COMMAND || slot->task->own.state != TASK_SENT)
		return iscsi_violation(error, "R2T for an unknown task tag");
	why = refuse_r2t(session, slot->task, bhs);
	if (why)
		return iscsi_violation(error, "%s", why);
	count_received(session, slot->task, bhs, length);
	queue_burst(session, slot->task, bhs);
	return 0;
}

/* --- Data the target sends --------------------------------------------------------------- */

static const char *refuse_data_in(const struct iscsi_task *task, const uint8_t *bhs,
				  uint32_t length)
{
	uint32_t offset = get32(bhs + AT_BUFFER_OFFSET);

	if (!task->in)
		return "data for a command that reads nothing";
	if (get32(bhs + AT_DATA_SN) != task->own.data_sn)
		return "Data-In with a wrong DataSN";
	if (offset != task->own.moved)
		return "Data-In out of order";
	if (length > task->in_length - offset)
		return "Data-In beyond the end of the buffer";
	if (bhs[AT_FLAGS] & DATA_IN_STATUS && !(bhs[AT_FLAGS] & FINAL))
		return "Data-In with a status that is not the last";
	return NULL;
}

static struct iscsi_slot *find_command(struct iscsi_session *session, const uint8_t *bhs)
{
	struct iscsi_slot *slot = iscsi_slot_find(session, get32(bhs + AT_ITT));

	if (slot && slot->use == SLOT_ABANDONED)
		return slot;
	if (slot && slot->use == SLOT_COMMAND && slot->task->own.state == TASK_SENT)
		return slot;
	return NULL;
}

int iscsi_data_in_header(struct iscsi_session *session, const uint8_t *bhs,
			 uint32_t length, uint8_t **place, struct iscsi_error *error)
{
	struct iscsi_slot *slot = find_command(session, bhs);
	const char *why;

	if (!slot)
		return iscsi_violation(error, "Data-In for an unknown task tag");
	if (slot->use == SLOT_ABANDONED) {
		iscsi_reader_discard(&session->reader);
		return 0;
	}
	why = refuse_data_in(slot->task, bhs, length);
	if (why)
		return iscsi_violation(error, "%s", why);
	if (length)
		*place = (uint8_t *)slot->task->in + slot->task->own.moved;
	return 0;
}

/* --- Ends -------------------------------------------------------------------------------- */

/* With status GOOD, what came and what is said to be missing make up the whole. */
static bool agrees(const struct iscsi_task *task, uint32_t expected)
{
	return task->own.moved + (task->overflow ? 0 : task->residual) == expected;
}

/* The command is complete with a status. Whether the residuals are the truth. */
static bool take_residual(struct iscsi_task *task, const uint8_t *bhs)
{
	uint8_t flags = bhs[AT_FLAGS] & (RESIDUAL_OVERFLOW | RESIDUAL_UNDERFLOW);
	uint32_t expected = task->in ? task->in_length : task->out_length;
	uint32_t residual = get32(bhs + AT_RESIDUAL);

	if (flags == (RESIDUAL_OVERFLOW | RESIDUAL_UNDERFLOW))
		return false;
	if (flags == RESIDUAL_UNDERFLOW && residual > expected)
		return false;
	task->overflow = flags == RESIDUAL_OVERFLOW;
	task->residual = flags ? residual : 0;
	task->transferred = task->in ? task->own.moved
				     : expected - (task->overflow ? 0 : task->residual);
	return !task->in || task->status || agrees(task, expected);
}

static int complete(struct iscsi_session *session, struct iscsi_task *task,
		    const uint8_t *bhs)
{
	struct iscsi_error lie;
	bool truth;

	task->status = bhs[AT_STATUS];
	truth = take_residual(task, bhs);
	if (!truth)
		iscsi_error_set(
			&lie, ISCSI_FAILED_PROTOCOL, -EPROTO,
			"SCSI command %02xh: the target reports a residual of %u bytes, "
			"which does not agree with the %u of %u bytes that were moved",
			task->cdb[0], get32(bhs + AT_RESIDUAL), task->own.moved,
			task->in ? task->in_length : task->out_length);
	iscsi_task_end(session, task, truth ? NULL : &lie);
	return 0;
}

int iscsi_data_in(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		  uint32_t length, struct iscsi_error *error)
{
	struct iscsi_slot *slot = find_command(session, bhs);

	(void)data;
	if (!slot) /* it ended while its data came in; the tag is gone with it */
		return iscsi_violation(error, "Data-In for an unknown task tag");
	if (slot->use == SLOT_ABANDONED) {
		if (bhs[AT_FLAGS] & DATA_IN_STATUS)
			iscsi_slot_forget(session, slot);
		return 0;
	}
	slot->task->own.data_sn++;
	slot->task->own.moved += length;
	session->counters.data_received += length;
	slot->task->traffic.data_received += length;
	count_received(session, slot->task, bhs, length);
	return bhs[AT_FLAGS] & DATA_IN_STATUS ? complete(session, slot->task, bhs) : 0;
}

static int take_sense(struct iscsi_task *task, const uint8_t *data, uint32_t length,
		      struct iscsi_error *error)
{
	uint32_t sense;

	if (length < 2)
		return 0;
	sense = get16(data);
	if (sense > length - 2)
		return iscsi_violation(error, "%u bytes of sense data announced, %u sent",
				       sense, length - 2);
	task->sense_full = (uint16_t)sense;
	task->sense_length = (uint16_t)smaller(sense, ISCSI_SENSE_MAX);
	memcpy(task->sense, data + 2, task->sense_length);
	return 0;
}

static int target_failure(struct iscsi_session *session, struct iscsi_task *task,
			  uint8_t response)
{
	struct iscsi_error error;

	iscsi_error_set(
		&error, ISCSI_FAILED_REJECTED, -EIO,
		"SCSI command %02xh: the target could not deliver it (response %02xh)",
		task->cdb[0], response);
	error.reason = response;
	iscsi_task_end(session, task, &error);
	return 0;
}

int iscsi_command_response(struct iscsi_session *session, const uint8_t *bhs,
			   const uint8_t *data, uint32_t length,
			   struct iscsi_error *error)
{
	struct iscsi_slot *slot = find_command(session, bhs);
	int err;

	if (!slot)
		return iscsi_violation(error, "a SCSI response to an unknown task tag");
	if (slot->use == SLOT_ABANDONED) {
		iscsi_slot_forget(session, slot);
		return 0;
	}
	err = take_sense(slot->task, data, length, error);
	if (err)
		return err;
	count_received(session, slot->task, bhs, length);
	if (bhs[AT_RESPONSE])
		return target_failure(session, slot->task, bhs[AT_RESPONSE]);
	return complete(session, slot->task, bhs);
}
