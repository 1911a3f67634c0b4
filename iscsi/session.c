// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session.c - life of a session, what drives it, and who gets which PDU.
 *
 * Every entry from the io goes through enter() and leave(): between them callbacks may do
 * anything to the session, so its memory is released by the outermost leave() only.
 */
#include "iscsi/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "shared/cleanup.h"

#define FIRST_CMD_SN   1
#define LOGIN_DATA_MAX 8192 /* MaxRecvDataSegmentLength during login */
#define RECV_ROUNDS    16   /* fills of the scratch buffer before others get their turn */

static int take_header(struct iscsi_reader *reader, const uint8_t *bhs, uint32_t length,
		       uint8_t **place, struct iscsi_error *error);
static int take_pdu(struct iscsi_reader *reader, const uint8_t *bhs, const uint8_t *data,
		    uint32_t length, struct iscsi_error *error);

static const struct iscsi_reader_ops reader_ops = { take_header, take_pdu };

uint64_t iscsi_session_now(struct iscsi_session *session)
{
	return session->io->ops->now(session->io);
}

void iscsi_session_wake(struct iscsi_session *session, uint64_t when)
{
	if (when >= session->wake)
		return;
	session->wake = when;
	session->io->ops->wake_at(session->io, when);
}

uint32_t iscsi_session_control_tag(struct iscsi_session *session)
{
	session->control_tag += 0x10000;
	if (session->control_tag >= 0xffff0000U)
		session->control_tag = 0;
	return session->control_tag | CONTROL_INDEX;
}

int iscsi_violation(struct iscsi_error *error, const char *format, ...)
{
	char text[sizeof(error->text)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	iscsi_error_set(error, ISCSI_FAILED_PROTOCOL, -EPROTO, "protocol violation: %s",
			text);
	return -EPROTO;
}

int iscsi_out_of_memory(struct iscsi_error *error)
{
	iscsi_error_set(error, ISCSI_FAILED_LOCAL, -ENOMEM, "out of memory");
	return -ENOMEM;
}

void iscsi_session_describe(const struct iscsi_session *session, char *out, size_t size)
{
	const struct iscsi_portal *portal = session->login ? iscsi_login_portal(session)
							   : &session->result.portal;
	char where[ISCSI_PORTAL_TEXT];

	iscsi_portal_format(portal, where, sizeof(where));
	if (session->target_name)
		snprintf(out, size, "%.110s at %.64s", session->target_name, where);
	else
		snprintf(out, size, "discovery at %.64s", where);
}

/* --- Life ------------------------------------------------------------------------------- */

int iscsi_session_new(struct iscsi_io *io, const struct iscsi_session_ops *ops,
		      void *user, struct iscsi_session **out)
{
	struct iscsi_session *session = calloc(1, sizeof(*session));

	if (!session)
		return -ENOMEM;
	session->io = io;
	session->ops = ops;
	session->user = user;
	session->out_last = &session->out_first;
	session->wake = ISCSI_NO_DEADLINE;
	session->deadline = ISCSI_NO_DEADLINE;
	iscsi_reader_init(&session->reader, &reader_ops, LOGIN_DATA_MAX);
	io->session = session;
	*out = session;
	return 0;
}

static void release(struct iscsi_session *session)
{
	session->io->ops->free(session->io);
	free(session->tasks.slots);
	free(session->target_name);
	free(session->target_alias);
	free(session->logout_cause);
	free(session);
}

static void enter(struct iscsi_session *session)
{
	session->depth++;
}

static void leave(struct iscsi_session *session)
{
	if (session->depth == 1)
		iscsi_out_flush(session);
	if (--session->depth == 0 && session->doomed)
		release(session);
}

/* What was there only for the connection that is gone. */
static void disconnect(struct iscsi_session *session)
{
	session->epoch++;
	session->state = SESSION_DOWN;
	session->io->ops->close(session->io);
	iscsi_reader_reset(&session->reader);
	iscsi_out_clear(session);
	session->replies = 0;
	session->send_error = 0;
	session->hungry = false;
	session->deadline = ISCSI_NO_DEADLINE;
	session->wake = ISCSI_NO_DEADLINE;
	session->io->ops->wake_at(session->io, ISCSI_NO_DEADLINE);
	iscsi_session_account(session);
}

void iscsi_session_account(struct iscsi_session *session)
{
	struct iscsi_counters *counters = &session->counters;
	enum session_activity now_doing = session->out_first	  ? SESSION_SENDING
					  : session->tasks.active ? SESSION_RECEIVING
								  : SESSION_IDLE;
	uint64_t now;

	if (now_doing == session->activity)
		return;
	now = iscsi_session_now(session);
	if (session->activity == SESSION_SENDING)
		counters->sending_ns += now - session->activity_since;
	if (session->activity == SESSION_RECEIVING)
		counters->receiving_ns += now - session->activity_since;
	session->activity = now_doing;
	session->activity_since = now;
}

/* A session that was logged in to and is lost; a logout that goes wrong is none. */
static void count_loss(struct iscsi_counters *counters, enum iscsi_failure kind)
{
	counters->failures++;
	counters->digest_failures += kind == ISCSI_FAILED_DIGEST;
	counters->format_failures += kind == ISCSI_FAILED_PROTOCOL;
	counters->timeout_failures += kind == ISCSI_FAILED_TIMEOUT;
}

static void count_failure(struct iscsi_session *session, const struct iscsi_error *error)
{
	struct iscsi_counters *counters = &session->counters;

	if (!error)
		return;
	if (session->login)
		counters->login_failures++;
	if (session->state == SESSION_UP)
		count_loss(counters, error->kind);
	if (error->kind == ISCSI_FAILED_DIGEST)
		counters->digest_errors++;
	if (error->kind == ISCSI_FAILED_PROTOCOL ||
	    error->kind == ISCSI_FAILED_NEGOTIATION)
		counters->format_errors++;
	if (error->kind != ISCSI_FAILED_TIMEOUT)
		return;
	counters->timeouts++;
	counters->timeout_closes += session->state != SESSION_CONNECTING;
}

/* Complete all that callers wait for. A callback may get here again. */
static void end_requests(struct iscsi_session *session, const struct iscsi_error *error)
{
	struct iscsi_error cancelled;

	if (!error) {
		iscsi_error_set(&cancelled, ISCSI_FAILED_CANCELLED, -ECANCELED,
				"the session was ended");
		error = &cancelled;
	}
	iscsi_task_end_all(session, error);
	iscsi_text_end(session, error);
}

void iscsi_session_end(struct iscsi_session *session, const struct iscsi_error *error)
{
	count_failure(session, error);
	disconnect(session);
	session->ending = true;
	end_requests(session, error);
	iscsi_login_free(session);
	free(steal(session->logout_cause));
	session->ending = false;
	if (!session->doomed)
		session->ops->down(session, session->user, error);
}

void iscsi_session_free(struct iscsi_session *session)
{
	if (!session || session->doomed)
		return;
	session->doomed = true;
	enter(session);
	if (session->state == SESSION_DOWN)
		end_requests(session, NULL);
	else
		iscsi_session_end(session, NULL);
	leave(session);
}

/* End the session with "what WITH WHOM: why". */
static void fail(struct iscsi_session *session, struct iscsi_error *error)
{
	char whom[200], why[sizeof(error->text)];

	memcpy(why, error->text, sizeof(why));
	iscsi_session_describe(session, whom, sizeof(whom));
	snprintf(error->text, sizeof(error->text), "%s %s: %.180s",
		 session->login ? "cannot log in to" : "lost the session with", whom,
		 why);
	iscsi_session_end(session, error);
}

/* --- Beginning and end of a connection --------------------------------------------------- */

static int copy_target(struct iscsi_session *session, const struct iscsi_config *config)
{
	char *name = NULL;

	if (config->target_name) {
		name = strdup(config->target_name);
		if (!name)
			return -ENOMEM;
	}
	free(session->target_name);
	session->target_name = name;
	session->discovery = !name;
	free(steal(session->target_alias));
	return 0;
}

int iscsi_session_begin_connect(struct iscsi_session *session)
{
	session->state = SESSION_CONNECTING;
	session->cmd_sn = FIRST_CMD_SN;
	session->max_cmd_sn = FIRST_CMD_SN - 1; /* no window until the target says so */
	session->exp_stat_sn = 0;
	session->send_error = 0;
	session->ping_deadline = ISCSI_NO_DEADLINE;
	iscsi_reader_init(&session->reader, &reader_ops, LOGIN_DATA_MAX);
	return session->io->ops->connect(session->io, iscsi_login_portal(session),
					 session->deadline);
}

int iscsi_session_login(struct iscsi_session *session, const struct iscsi_config *config,
			uint64_t deadline)
{
	int err;

	if (session->state != SESSION_DOWN || session->ending || session->doomed)
		return -EBUSY;
	err = iscsi_login_new(session, config);
	if (!err)
		err = copy_target(session, config);
	if (!err) {
		session->deadline = deadline;
		session->ping_interval = config->ping_interval;
		session->ping_timeout = config->ping_timeout ? config->ping_timeout
							     : config->ping_interval;
		err = iscsi_session_begin_connect(session);
	}
	if (err) {
		session->state = SESSION_DOWN;
		iscsi_login_free(session);
		return err;
	}
	iscsi_session_wake(session, deadline);
	return 0;
}

void iscsi_session_connected(struct iscsi_session *session,
			     const struct iscsi_error *error)
{
	struct iscsi_error copy;

	if (session->state != SESSION_CONNECTING)
		return;
	enter(session);
	if (error)
		copy = *error;
	else
		session->state = SESSION_LOGIN;
	if (error || iscsi_login_start(session, &copy))
		fail(session, &copy);
	leave(session);
}

void iscsi_session_up(struct iscsi_session *session)
{
	const uint32_t *value = session->result.params.value;

	session->state = SESSION_UP;
	session->deadline = ISCSI_NO_DEADLINE;
	session->reader.max_data = value[ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH];
	session->reader.header_digest = value[ISCSI_HEADER_DIGEST];
	session->reader.data_digest = value[ISCSI_DATA_DIGEST];
	session->counters.logins++;
	if (session->ping_interval) {
		session->last_heard = iscsi_session_now(session);
		iscsi_session_wake(session, session->last_heard + session->ping_interval);
	}
	if (session->ops->up)
		session->ops->up(session, session->user);
}

/* --- Received PDUs ----------------------------------------------------------------------- */

enum {
	STAT_SN = 1, /* has a StatSN and uses it up */
	AS_RESPONSE =
		2 /* data segment may be a little longer than what we declared allows */
};

static const struct {
	int (*take)(struct iscsi_session *session, const uint8_t *bhs,
		    const uint8_t *data, uint32_t length, struct iscsi_error *error);
	unsigned int flags;
} handlers[OPCODE_MASK + 1] = {
	[OP_NOP_IN] = { iscsi_nop_in, 0 },
	[OP_RESPONSE] = { iscsi_command_response, STAT_SN },
	[OP_TASK_MANAGEMENT_RESPONSE] = { iscsi_task_aborted, STAT_SN },
	[OP_TEXT_RESPONSE] = { iscsi_text_response, STAT_SN },
	[OP_DATA_IN] = { iscsi_data_in, 0 },
	[OP_LOGOUT_RESPONSE] = { iscsi_logout_response, STAT_SN },
	[OP_R2T] = { iscsi_r2t, 0 },
	[OP_ASYNC] = { iscsi_async, STAT_SN },
	[OP_REJECT] = { iscsi_reject, STAT_SN },
};

/* RFC 7143, 4.2.2.1: values that make no sense are ignored, and so is an old one. */
static void take_window(struct iscsi_session *session, const uint8_t *bhs)
{
	uint32_t expected = get32(bhs + AT_EXP_CMD_SN);
	uint32_t max = get32(bhs + AT_MAX_CMD_SN);

	if (serial_before(max, expected - 1) || !serial_before(session->max_cmd_sn, max))
		return;
	session->max_cmd_sn = max;
}

static bool uses_stat_sn(const uint8_t *bhs)
{
	switch (bhs[AT_OPCODE] & OPCODE_MASK) {
	case OP_DATA_IN:
		return bhs[AT_FLAGS] & DATA_IN_STATUS;
	case OP_NOP_IN:
		return get32(bhs + AT_ITT) != NO_TAG;
	default:
		return handlers[bhs[AT_OPCODE] & OPCODE_MASK].flags & STAT_SN;
	}
}

/* One connection and no recovery: a number left out is a lost PDU, an old one a lie. */
static int take_stat_sn(struct iscsi_session *session, const uint8_t *bhs,
			struct iscsi_error *error)
{
	uint32_t stat_sn = get32(bhs + AT_STAT_SN);

	if (!uses_stat_sn(bhs))
		return 0;
	if (stat_sn != session->exp_stat_sn)
		return iscsi_violation(error, "StatSN %u where %u was expected", stat_sn,
				       session->exp_stat_sn);
	session->exp_stat_sn++;
	return 0;
}

static int take_header(struct iscsi_reader *reader, const uint8_t *bhs, uint32_t length,
		       uint8_t **place, struct iscsi_error *error)
{
	struct iscsi_session *session =
		(struct iscsi_session *)((char *)reader -
					 offsetof(struct iscsi_session, reader));
	uint8_t opcode = bhs[AT_OPCODE] & OPCODE_MASK;

	*place = NULL;
	if (session->state == SESSION_LOGIN) {
		if (opcode == OP_LOGIN_RESPONSE)
			return 0;
		return iscsi_violation(error, "a PDU with opcode %02xh during login",
				       opcode);
	}
	if (!handlers[opcode].take)
		return iscsi_violation(error, "a PDU with opcode %02xh", opcode);
	if (opcode == OP_DATA_IN)
		return iscsi_data_in_header(session, bhs, length, place, error);
	return 0;
}

static int take_pdu(struct iscsi_reader *reader, const uint8_t *bhs, const uint8_t *data,
		    uint32_t length, struct iscsi_error *error)
{
	struct iscsi_session *session =
		(struct iscsi_session *)((char *)reader -
					 offsetof(struct iscsi_session, reader));
	unsigned int epoch = session->epoch;
	int err;

	session->counters.pdus_received++;
	if (session->state == SESSION_LOGIN) {
		take_window(session, bhs);
		err = iscsi_login_response(session, bhs, data, length, error);
	} else {
		err = take_stat_sn(session, bhs, error);
		if (err)
			return err;
		take_window(session, bhs);
		err = handlers[bhs[AT_OPCODE] & OPCODE_MASK].take(session, bhs, data,
								  length, error);
	}
	return iscsi_session_changed(session, epoch) ? SESSION_STOP : err;
}

/* --- Driven by the io -------------------------------------------------------------------- */

static int take_bytes(struct iscsi_session *session, struct iovec *iov, size_t n,
		      struct iscsi_error *error)
{
	size_t direct = n < iov[0].iov_len ? n : iov[0].iov_len;
	unsigned int epoch = session->epoch;
	int err = 0;

	session->counters.bytes_received += n;
	if (session->ping_interval)
		session->last_heard = iscsi_session_now(session);
	if (direct)
		err = iscsi_reader_took(&session->reader, direct, error);
	if (!err && !iscsi_session_changed(session, epoch) && n > direct)
		err = iscsi_reader_take(&session->reader, iov[1].iov_base, n - direct,
					error);
	return iscsi_session_changed(session, epoch) ? SESSION_STOP : err;
}

static int closed_by_peer(struct iscsi_session *session, struct iscsi_error *error)
{
	const char *when = iscsi_reader_at_boundary(&session->reader) ? ""
								      : " within a PDU";

	if (session->logout_cause) {
		*error = *session->logout_cause;
		return -ECONNRESET;
	}
	iscsi_error_set(error, ISCSI_FAILED_CONNECTION, -ECONNRESET,
			"the target closed the connection%s", when);
	return -ECONNRESET;
}

static int recv_failed(ssize_t n, struct iscsi_error *error)
{
	iscsi_error_set(error, ISCSI_FAILED_CONNECTION, (int)n, "receiving failed: %s",
			strerror((int)-n));
	return (int)n;
}

/* One recv: 1 if there may be more, 0 if not, or an error. */
static int recv_some(struct iscsi_session *session, struct iscsi_error *error)
{
	struct iscsi_io *io = session->io;
	struct iovec iov[2] = { iscsi_reader_room(&session->reader),
				{ io->scratch, io->scratch_size } };
	size_t total = iov[0].iov_len + iov[1].iov_len;
	int first = !iov[0].iov_len, err;
	ssize_t n = io->ops->recv(io, iov + first, 2 - first);

	if (n == -EAGAIN)
		return 0;
	if (n == 0)
		return closed_by_peer(session, error);
	if (n < 0)
		return recv_failed(n, error);
	err = take_bytes(session, iov, (size_t)n, error);
	if (err == SESSION_STOP)
		return 0;
	return err ? err : (size_t)n == total;
}

static bool receives(const struct iscsi_session *session)
{
	return session->state != SESSION_DOWN && session->state != SESSION_CONNECTING;
}

static void receive(struct iscsi_session *session)
{
	struct iscsi_error error;
	int more = 1;

	for (int i = 0; i < RECV_ROUNDS && more > 0 && receives(session); i++)
		more = recv_some(session, &error);
	if (more < 0) {
		fail(session, &error);
		return;
	}
	session->hungry = more > 0 && receives(session);
	if (session->hungry)
		iscsi_session_wake(session, 0);
}

void iscsi_session_readable(struct iscsi_session *session)
{
	enter(session);
	receive(session);
	leave(session);
}

void iscsi_session_writable(struct iscsi_session *session)
{
	enter(session);
	leave(session);
}

static void send_failed(struct iscsi_session *session)
{
	struct iscsi_error error;
	unsigned int epoch = session->epoch;
	int err = session->send_error;

	/* The target may have said why before it closed the connection. */
	receive(session);
	if (session->epoch != epoch)
		return;
	if (err == -ENOMEM)
		iscsi_out_of_memory(&error);
	else
		iscsi_error_set(&error, ISCSI_FAILED_CONNECTION, err,
				"sending failed: %s", strerror(-err));
	fail(session, &error);
}

static const char *const waiting_for[] = {
	[SESSION_DOWN] = "", /* never waits */
	[SESSION_CONNECTING] = "no connection before the deadline",
	[SESSION_LOGIN] = "the target did not answer the login before the deadline",
	[SESSION_UP] = "",
	[SESSION_LOGOUT] = "the target did not answer the logout before the deadline",
};

static int check_deadline(struct iscsi_session *session, uint64_t now,
			  struct iscsi_error *error)
{
	if (now < session->deadline)
		return 0;
	iscsi_error_set(error, ISCSI_FAILED_TIMEOUT, -ETIMEDOUT, "%s",
			waiting_for[session->state]);
	return -ETIMEDOUT;
}

static int check_text_deadline(struct iscsi_session *session, uint64_t now,
			       struct iscsi_error *error)
{
	if (now < iscsi_text_deadline(session))
		return 0;
	iscsi_error_set(error, ISCSI_FAILED_TIMEOUT, -ETIMEDOUT,
			"the target did not complete its answer to SendTargets before "
			"the deadline");
	return -ETIMEDOUT;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Everything that waits for a time. */
static int check_time(struct iscsi_session *session, uint64_t now,
		      struct iscsi_error *error)
{
	unsigned int epoch = session->epoch;
	uint64_t next = ISCSI_NO_DEADLINE, ping = ISCSI_NO_DEADLINE;
	int err = check_deadline(session, now, error);

	if (!err)
		err = check_text_deadline(session, now, error);
	if (!err)
		err = iscsi_task_expire(session, now, &next, error);
	if (iscsi_session_changed(session, epoch))
		return 0;
	if (!err)
		err = iscsi_ping(session, now, &ping, error);
	if (err)
		return err;
	next = earlier(next, earlier(ping, session->deadline));
	iscsi_session_wake(session, earlier(next, iscsi_text_deadline(session)));
	return 0;
}

static void tick(struct iscsi_session *session)
{
	struct iscsi_error error;
	unsigned int epoch = session->epoch;

	session->wake = ISCSI_NO_DEADLINE;
	if (session->send_error)
		send_failed(session);
	else if (session->hungry)
		receive(session);
	if (session->state == SESSION_DOWN || iscsi_session_changed(session, epoch))
		return;
	if (check_time(session, iscsi_session_now(session), &error))
		fail(session, &error);
}

void iscsi_session_tick(struct iscsi_session *session)
{
	enter(session);
	tick(session);
	leave(session);
}

/* --- Questions --------------------------------------------------------------------------- */

bool iscsi_session_is_up(const struct iscsi_session *session)
{
	return session->state == SESSION_UP;
}

const struct iscsi_result *iscsi_session_result(const struct iscsi_session *session)
{
	return &session->result;
}

const char *iscsi_session_target_alias(const struct iscsi_session *session)
{
	return session->target_alias ? session->target_alias : "";
}

const struct iscsi_counters *iscsi_session_counters(const struct iscsi_session *session)
{
	return &session->counters;
}

void *iscsi_session_user(const struct iscsi_session *session)
{
	return session->user;
}

void iscsi_config_init(struct iscsi_config *config)
{
	memset(config, 0, sizeof(*config));
	iscsi_params_default(&config->params);
	config->auth.algorithms[0] = ISCSI_CHAP_MD5;
	config->max_redirects = 4;
}

int iscsi_isid_random(uint8_t isid[6])
{
	ssize_t n = getrandom(isid, 6, 0);

	if (n < 0)
		return -errno;
	isid[0] = (isid[0] & 0x3f) | 0x80; /* T = 10b: random */
	return 0;
}
