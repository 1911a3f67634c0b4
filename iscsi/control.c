// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * control.c - NOP, Asynchronous Message, Reject and Logout (RFC 7143, 11.9, 11.14 to 11.19).
 */
#include "iscsi/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shared/cleanup.h"

#define REPLIES_MAX 16 /* answers to pings that may be waiting to be sent */
#define SECOND	    1000000000ULL

/* --- NOP --------------------------------------------------------------------------------- */

static bool reply_sent(struct iscsi_session *session, struct iscsi_out *out)
{
	(void)out;
	session->replies--;
	return false;
}

static int reply(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		 uint32_t length, struct iscsi_error *error)
{
	uint32_t max = session->result.target_max_recv_data_segment_length;
	struct iscsi_out *out;

	if (session->replies == REPLIES_MAX)
		return iscsi_violation(
			error,
			"the target sends NOP-In after NOP-In and takes no answer");
	out = iscsi_out_new(OP_NOP_OUT | IMMEDIATE, FINAL, NO_TAG, data,
			    length < max ? length : max);
	if (!out)
		return iscsi_out_of_memory(error);
	memcpy(out->header + AT_LUN, bhs + AT_LUN, 8);
	memcpy(out->header + AT_TTT, bhs + AT_TTT, 4);
	put32(out->header + AT_CMD_SN, session->cmd_sn);
	out->sent = reply_sent;
	session->replies++;
	iscsi_out_push(session, out);
	return 0;
}

int iscsi_nop_in(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		 uint32_t length, struct iscsi_error *error)
{
	uint32_t itt = get32(bhs + AT_ITT);

	if (itt == NO_TAG)
		return get32(bhs + AT_TTT) == NO_TAG
			       ? 0
			       : reply(session, bhs, data, length, error);
	if (session->ping_deadline == ISCSI_NO_DEADLINE || itt != session->ping_tag)
		return iscsi_violation(error, "a NOP-In that answers no NOP-Out");
	session->ping_deadline = ISCSI_NO_DEADLINE;
	return 0;
}

static int send_ping(struct iscsi_session *session, uint64_t now,
		     struct iscsi_error *error)
{
	struct iscsi_out *out;

	session->ping_tag = iscsi_session_control_tag(session);
	out = iscsi_out_new(OP_NOP_OUT | IMMEDIATE, FINAL, session->ping_tag, NULL, 0);
	if (!out)
		return iscsi_out_of_memory(error);
	put32(out->header + AT_TTT, NO_TAG);
	put32(out->header + AT_CMD_SN, session->cmd_sn);
	session->ping_deadline = now + session->ping_timeout;
	iscsi_out_push(session, out);
	return 0;
}

/* An answer may be late behind much data; while anything comes the target is there. */
static int check_ping(struct iscsi_session *session, uint64_t now,
		      struct iscsi_error *error)
{
	if (session->last_heard + session->ping_timeout > session->ping_deadline)
		session->ping_deadline = session->last_heard + session->ping_timeout;
	if (now < session->ping_deadline)
		return 0;
	iscsi_error_set(error, ISCSI_FAILED_TIMEOUT, -ETIMEDOUT,
			"the target does not answer a ping (NOP-Out)");
	return -ETIMEDOUT;
}

int iscsi_ping(struct iscsi_session *session, uint64_t now, uint64_t *next,
	       struct iscsi_error *error)
{
	int err = 0;

	*next = ISCSI_NO_DEADLINE;
	if (!session->ping_interval || session->state != SESSION_UP)
		return 0;
	if (session->ping_deadline != ISCSI_NO_DEADLINE)
		err = check_ping(session, now, error);
	else if (now >= session->last_heard + session->ping_interval)
		err = send_ping(session, now, error);
	*next = session->ping_deadline != ISCSI_NO_DEADLINE
			? session->ping_deadline
			: session->last_heard + session->ping_interval;
	return err;
}

/* --- Logout ------------------------------------------------------------------------------ */

static int send_logout(struct iscsi_session *session)
{
	uint32_t itt = iscsi_session_control_tag(session);
	struct iscsi_out *out = iscsi_out_new(OP_LOGOUT | IMMEDIATE, FINAL, itt, NULL, 0);

	if (!out)
		return -ENOMEM;
	session->logout_tag = itt;
	put32(out->header + AT_CMD_SN, session->cmd_sn);
	iscsi_out_push(session, out);
	return 0;
}

static int begin_logout(struct iscsi_session *session, uint64_t deadline)
{
	int err = send_logout(session);

	if (err)
		return err;
	session->state = SESSION_LOGOUT;
	session->deadline = deadline;
	iscsi_session_wake(session, deadline);
	return 0;
}

int iscsi_session_logout(struct iscsi_session *session, uint64_t deadline)
{
	int err;

	if (session->state != SESSION_UP)
		return -ENOTCONN;
	err = begin_logout(session, deadline);
	if (!err && !session->depth)
		iscsi_out_flush(session);
	return err;
}

static const char *const logout_responses[] = {
	"Connection or session closed successfully",
	"CID not found",
	"Connection recovery is not supported",
	"Cleanup failed for various reasons",
};

int iscsi_logout_response(struct iscsi_session *session, const uint8_t *bhs,
			  const uint8_t *data, uint32_t length, struct iscsi_error *error)
{
	uint8_t response = bhs[AT_RESPONSE];

	(void)data;
	(void)length;
	if (session->state != SESSION_LOGOUT ||
	    get32(bhs + AT_ITT) != session->logout_tag)
		return iscsi_violation(error, "a logout response nobody waits for");
	if (response) {
		iscsi_error_set(error, ISCSI_FAILED_REJECTED, -EIO,
				"the target answered the logout with \"%s\" (%02xh)",
				response < ARRAY_SIZE(logout_responses)
					? logout_responses[response]
					: "unknown response",
				response);
		error->reason = response;
		return -EIO;
	}
	if (session->logout_cause) {
		*error = *session->logout_cause;
		return -ECONNRESET;
	}
	iscsi_session_end(session, NULL);
	return SESSION_STOP;
}

/* --- Asynchronous Message ---------------------------------------------------------------- */

static int ended_by_target(struct iscsi_error *error, const char *what)
{
	iscsi_error_set(error, ISCSI_FAILED_BY_TARGET, -ECONNRESET, "%s", what);
	return -ECONNRESET;
}

/* Log out within the time the target gives; then the session is down for this reason. */
static int logout_asked_for(struct iscsi_session *session, const uint8_t *bhs,
			    struct iscsi_error *error)
{
	uint64_t seconds = get16(bhs + AT_ASYNC_PARAMETER + 4);
	uint64_t deadline;

	if (session->state != SESSION_UP)
		return 0;
	ended_by_target(error, "the target asked us to log out");
	session->logout_cause = malloc(sizeof(*error));
	if (!session->logout_cause)
		return -ENOMEM;
	*session->logout_cause = *error;
	deadline = iscsi_session_now(session) + (seconds ? seconds : 1) * SECOND;
	return begin_logout(session, deadline) ? iscsi_out_of_memory(error) : 0;
}

static int do_as_told(struct iscsi_session *session, const uint8_t *bhs,
		      struct iscsi_error *error)
{
	switch (bhs[AT_ASYNC_EVENT]) {
	case ISCSI_ASYNC_LOGOUT:
		return logout_asked_for(session, bhs, error);
	case ISCSI_ASYNC_DROP_CONNECTION:
		if (get16(bhs + AT_ASYNC_PARAMETER) != session->result.cid)
			return 0;
		return ended_by_target(
			error, "the target announced that it drops the connection");
	case ISCSI_ASYNC_DROP_SESSION:
		return ended_by_target(error,
				       "the target announced that it drops the session");
	case ISCSI_ASYNC_NEGOTIATE:
		return iscsi_text_offer_nothing(session) ? iscsi_out_of_memory(error) : 0;
	default:
		return 0;
	}
}

static void tell(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		 uint32_t length)
{
	struct iscsi_async event = { .event = bhs[AT_ASYNC_EVENT] };

	memcpy(event.lun, bhs + AT_LUN, sizeof(event.lun));
	for (int i = 0; i < 3; i++)
		event.parameter[i] = get16(bhs + AT_ASYNC_PARAMETER + 2 * i);
	if (length >= 2 && get16(data) <= length - 2 && event.event == ISCSI_ASYNC_SCSI) {
		event.sense = data + 2;
		event.sense_length = get16(data);
	}
	if (session->ops->async)
		session->ops->async(session, session->user, &event);
}

int iscsi_async(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		uint32_t length, struct iscsi_error *error)
{
	unsigned int epoch = session->epoch;

	tell(session, bhs, data, length);
	if (iscsi_session_changed(session, epoch))
		return SESSION_STOP;
	return do_as_told(session, bhs, error);
}

/* --- Reject ------------------------------------------------------------------------------ */

static const char *const reject_reasons[] = {
	[0x02] = "Data (payload) digest error",
	[0x03] = "SNACK Reject",
	[0x04] = "Protocol Error",
	[0x05] = "Command not supported",
	[0x06] = "Immediate command reject - too many immediate commands",
	[0x07] = "Task in progress",
	[0x08] = "Invalid data ack",
	[0x09] = "Invalid PDU field",
	[0x0a] = "Long op reject",
	[0x0b] = "Deprecated reason",
	[0x0c] = "Waiting for Logout",
};

static const char *reject_reason(uint8_t reason)
{
	if (reason < ARRAY_SIZE(reject_reasons) && reject_reasons[reason])
		return reject_reasons[reason];
	return "unknown reason";
}

static void reject_command(struct iscsi_session *session, uint32_t itt,
			   const struct iscsi_error *error)
{
	struct iscsi_slot *slot = iscsi_slot_find(session, itt);

	if (slot && slot->use == SLOT_COMMAND)
		iscsi_task_end(session, slot->task, error);
	else if (slot && slot->use == SLOT_ABANDONED)
		iscsi_slot_forget(session, slot);
}

/* header: of the PDU the target does not want. Whether the session cannot go on. */
static int rejected(struct iscsi_session *session, const uint8_t *header,
		    const struct iscsi_error *error)
{
	uint32_t itt = get32(header + AT_ITT);

	switch (header[AT_OPCODE] & OPCODE_MASK) {
	case OP_COMMAND:
		reject_command(session, itt, error);
		return 0;
	case OP_TEXT:
		iscsi_text_rejected(session, itt, error);
		return 0;
	case OP_NOP_OUT:
		/* Refused, but alive. */
		if (itt == session->ping_tag)
			session->ping_deadline = ISCSI_NO_DEADLINE;
		return 0;
	case OP_TASK_MANAGEMENT:
	case OP_LOGOUT:
		return error->error;
	default:
		/* Data-Out: the command it belongs to gets a response of its own. */
		return 0;
	}
}

int iscsi_reject(struct iscsi_session *session, const uint8_t *bhs, const uint8_t *data,
		 uint32_t length, struct iscsi_error *error)
{
	uint8_t reason = bhs[AT_RESPONSE];

	if (length < BHS_SIZE)
		return iscsi_violation(error,
				       "a Reject without the header that is rejected");
	iscsi_error_set(error, ISCSI_FAILED_REJECTED, -EIO,
			"the target rejected a PDU (opcode %02xh) with \"%s\" (%02xh)",
			data[AT_OPCODE] & OPCODE_MASK, reject_reason(reason), reason);
	error->reason = reason;
	return rejected(session, data, error);
}
