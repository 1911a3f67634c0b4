// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/iscsi/target.h"

#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscsi/chap.h"
#include "iscsi/crc32c.h"
#include "iscsi/text.h"
#include "shared/cleanup.h"

struct session_side {
	struct iscsi_io io;
	struct target *target;
	uint8_t scratch[4096];
};

/* --- Bytes ------------------------------------------------------------------------------- */

static void append(struct bytes *bytes, const void *data, size_t length)
{
	if (bytes->length + length > bytes->size) {
		bytes->size = 2 * (bytes->length + length);
		bytes->data = realloc(bytes->data, bytes->size);
		assert_non_null(bytes->data);
	}
	if (length)
		memcpy(bytes->data + bytes->length, data, length);
	bytes->length += length;
}

static size_t left(const struct bytes *bytes)
{
	return bytes->length - bytes->at;
}

static void clear(struct bytes *bytes)
{
	bytes->at = 0;
	bytes->length = 0;
}

const char *text_value(const void *text, size_t length, const char *key)
{
	const char *at = text, *end = at + length;
	size_t n = strlen(key);

	for (; at < end; at += strlen(at) + 1)
		if (!strncmp(at, key, n) && at[n] == '=')
			return at + n + 1;
	return NULL;
}

uint8_t opcode_of(const struct pdu *pdu)
{
	return pdu->bhs[AT_OPCODE] & OPCODE_MASK;
}

/* --- Whose turn it is ---------------------------------------------------------------------- */

bool target_in_engine;

/* Until the end of the block, it is the target that runs. */
static void back_to_engine(const bool *was)
{
	target_in_engine = *was;
}

#define TARGETS_TURN                                                     \
	__attribute__((cleanup(back_to_engine))) __attribute__((unused)) \
	const bool was_in_engine = target_in_engine;                     \
	target_in_engine = false

/* --- The io of the session --------------------------------------------------------------- */

static struct target *target_of(struct iscsi_io *io)
{
	return ((struct session_side *)io)->target;
}

static int io_connect(struct iscsi_io *io, const struct iscsi_portal *portal,
		      uint64_t deadline)
{
	struct target *target = target_of(io);
	TARGETS_TURN;

	assert_true(deadline > target->now);
	target->connected_to = *portal;
	target->connects++;
	target->end_told = false;
	target->stat_sn = 1000;
	target->exp_cmd_sn = 0;
	target->exp_stat_sn = 1000;
	target->security_seen = false;
	target->up = false;
	target->header_digest = target->data_digest = false;
	clear(&target->in);
	clear(&target->out);
	if (target->connect_how == CONNECT_FAILS_AT_ONCE)
		return -ENETUNREACH;
	target->connecting = true;
	return 0;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static ssize_t io_send(struct iscsi_io *io, const struct iovec *iov, int count)
{
	struct target *target = target_of(io);
	size_t room = smaller(target->send_limit, target->send_room), sent = 0, total = 0;
	TARGETS_TURN;

	assert_true(target->connected);
	if (target->reset || target->send_fails)
		return -EPIPE;
	for (int i = 0; i < count; i++) {
		size_t n = smaller(iov[i].iov_len, room - sent);

		append(&target->in, iov[i].iov_base, n);
		sent += n;
		total += iov[i].iov_len;
	}
	if (target->send_room != NO_LIMIT)
		target->send_room -= sent;
	target->blocked = sent < total;
	return sent || !total ? (ssize_t)sent : -EAGAIN;
}

static ssize_t io_recv(struct iscsi_io *io, const struct iovec *iov, int count)
{
	struct target *target = target_of(io);
	size_t room = smaller(target->chunk, left(&target->out)), got = 0;
	TARGETS_TURN;

	assert_true(target->connected);
	if (!room && (target->hang_up || target->reset)) {
		target->end_told = true;
		return target->reset ? -ECONNRESET : 0;
	}
	for (int i = 0; i < count && got < room; i++) {
		size_t n = smaller(iov[i].iov_len, room - got);

		memcpy(iov[i].iov_base, target->out.data + target->out.at, n);
		target->out.at += n;
		got += n;
	}
	return got ? (ssize_t)got : -EAGAIN;
}

static void io_close(struct iscsi_io *io)
{
	struct target *target = target_of(io);
	TARGETS_TURN;

	target->connecting = false;
	target->connected = false;
	target->blocked = false;
	target->hang_up = target->reset = false;
}

static void io_free(struct iscsi_io *io)
{
	struct target *target = target_of(io);
	TARGETS_TURN;

	target->freed = true;
	target->connected = target->connecting = false;
	target->wake = ISCSI_NO_DEADLINE;
	target->side = NULL;
	free(io);
}

static uint64_t io_now(struct iscsi_io *io)
{
	return target_of(io)->now;
}

static void io_wake_at(struct iscsi_io *io, uint64_t when)
{
	target_of(io)->wake = when;
}

static int io_random(struct iscsi_io *io, void *out, size_t size)
{
	TARGETS_TURN;

	for (size_t i = 0; i < size; i++)
		((uint8_t *)out)[i] = (uint8_t)(37 * ++target_of(io)->random);
	return 0;
}

static const struct iscsi_io_ops io_ops = {
	.connect = io_connect,
	.send = io_send,
	.recv = io_recv,
	.close = io_close,
	.free = io_free,
	.now = io_now,
	.wake_at = io_wake_at,
	.random = io_random,
};

/* --- Saying things ----------------------------------------------------------------------- */

void target_say(struct target *target, const void *bytes, size_t length)
{
	append(&target->out, bytes, length);
}

void target_pdu(uint8_t bhs[BHS_SIZE], uint8_t opcode, uint8_t flags, uint32_t itt)
{
	memset(bhs, 0, BHS_SIZE);
	bhs[AT_OPCODE] = opcode;
	bhs[AT_FLAGS] = flags;
	put32(bhs + AT_ITT, itt);
}

void target_send(struct target *target, uint8_t bhs[BHS_SIZE], const void *data,
		 uint32_t length, bool advance)
{
	static const uint8_t zeros[4], ahs[4 * 255] = { 0, 5, 3 };
	uint8_t digest[DIGEST_SIZE];
	uint32_t crc;

	bhs[AT_AHS_LENGTH] = target->ahs;
	put24(bhs + AT_DATA_LENGTH, length);
	put32(bhs + AT_STAT_SN, target->stat_sn);
	put32(bhs + AT_EXP_CMD_SN, target->exp_cmd_sn);
	put32(bhs + AT_MAX_CMD_SN, target->exp_cmd_sn + target->window - 1);
	target->stat_sn += advance;
	target_say(target, bhs, BHS_SIZE);
	target_say(target, ahs, 4U * target->ahs);
	if (target->header_digest) {
		crc = iscsi_crc32c(CRC32C_START, bhs, BHS_SIZE);
		iscsi_crc32c_put(digest, iscsi_crc32c(crc, ahs, 4U * target->ahs));
		target_say(target, digest, DIGEST_SIZE);
	}
	target_say(target, data, length);
	target_say(target, zeros, pad_of(length));
	if (target->data_digest && length) {
		crc = iscsi_crc32c(CRC32C_START, data, length);
		iscsi_crc32c_put(digest, iscsi_crc32c(crc, zeros, pad_of(length)));
		target_say(target, digest, DIGEST_SIZE);
	}
}

/* --- Login ------------------------------------------------------------------------------- */

void target_login_response(struct target *target, const struct pdu *pdu, uint8_t flags,
			   uint16_t status, const char *text, size_t length)
{
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, OP_LOGIN_RESPONSE, flags, get32(pdu->bhs + AT_ITT));
	memcpy(bhs + AT_ISID, pdu->bhs + AT_ISID, 6);
	if (flags & LOGIN_TRANSIT && (flags & 3) == STAGE_FULL_FEATURE)
		put16(bhs + AT_TSIH, 77);
	put16(bhs + AT_STATUS_CLASS, status);
	target_send(target, bhs, text, (uint32_t)length, true);
}

/* What this target says to an offer: it takes what it is offered. */
static const char *usual_answer(const char *key, const char *value)
{
	static const char *const not_answered[] = { "InitiatorName", "InitiatorAlias",
						    "TargetName", "SessionType",
						    "MaxRecvDataSegmentLength" };

	for (size_t i = 0; i < ARRAY_SIZE(not_answered); i++)
		if (!strcmp(key, not_answered[i]))
			return NULL;
	if (!strcmp(key, "HeaderDigest") || !strcmp(key, "DataDigest"))
		return iscsi_text_list_has(value, "CRC32C") ? "CRC32C" : "None";
	return strstr(value, "NotUnderstood") ? NULL : value;
}

static const char *answer_to(const struct target *target, const char *key,
			     const char *value)
{
	for (const struct answer *a = target->answers; a && a->key; a++)
		if (!strcmp(a->key, key))
			return a->value;
	return usual_answer(key, value);
}

static void answer_key(struct target *target, const char *pair, struct iscsi_text *text)
{
	const char *equals = strchr(pair, '=');
	const char *answer;
	char key[64];

	assert_non_null(equals);
	snprintf(key, sizeof(key), "%.*s", (int)(equals - pair), pair);
	answer = answer_to(target, key, equals + 1);
	if (!answer)
		return;
	iscsi_text_add(text, key, answer);
	if (!strcmp(answer, "CRC32C"))
		target->digests_later = true;
}

static void declare(struct target *target, struct iscsi_text *text)
{
	if (target->max_recv)
		iscsi_text_add_number(text, "MaxRecvDataSegmentLength", target->max_recv);
	iscsi_text_add(text, "TargetPortalGroupTag", "1");
}

static void operational(struct target *target, const struct pdu *pdu)
{
	struct iscsi_text text = { 0 };
	const char *at = (const char *)pdu->data;
	uint8_t flags = pdu->bhs[AT_FLAGS];
	bool final = flags & LOGIN_TRANSIT;
	struct bytes all = { 0 };

	for (size_t n = 0; n < pdu->length; n += strlen(at + n) + 1)
		answer_key(target, at + n, &text);
	if (pdu->length)
		declare(target, &text);
	append(&all, text.data, text.length);
	append(&all, target->extra, target->extra_length);
	target_login_response(target, pdu, flags & (LOGIN_TRANSIT | 0x0f), 0,
			      (char *)all.data, all.length);
	if (final && target->digests_later)
		target->header_digest = target->data_digest = true;
	target->logins += final;
	target->up = final;
	iscsi_text_free(&text);
	free(all.data);
}

/* The target's part in mutual authentication. */
static void prove(struct target *target, const struct pdu *pdu, struct iscsi_text *text)
{
	const char *id = text_value(pdu->data, pdu->length, "CHAP_I");
	const char *challenge = text_value(pdu->data, pdu->length, "CHAP_C");
	uint8_t value[CHAP_CHALLENGE_MAX], hash[CHAP_HASH_MAX];
	uint32_t number;
	int n;

	if (!id || !challenge || !target->own_secret)
		return;
	assert_int_equal(iscsi_text_number(id, 0, 255, &number), 0);
	n = iscsi_text_binary(challenge, value, sizeof(value));
	assert_true(n > 0);
	n = iscsi_chap_hash(ISCSI_CHAP_MD5, (uint8_t)number, target->own_secret,
			    strlen(target->own_secret), value, (size_t)n, hash);
	iscsi_text_add(text, "CHAP_N", "target");
	iscsi_text_add_binary(text, "CHAP_R", hash, (size_t)n);
}

static bool response_is_right(struct target *target, const char *response)
{
	uint8_t sent[64], hash[CHAP_HASH_MAX];
	int n = iscsi_text_binary(response, sent, sizeof(sent));

	iscsi_chap_hash(ISCSI_CHAP_MD5, 9, target->secret, strlen(target->secret),
			target->challenge, 16, hash);
	return n == 16 && !memcmp(sent, hash, 16);
}

static void security(struct target *target, const struct pdu *pdu)
{
	struct iscsi_text text = { 0 };
	const char *response = text_value(pdu->data, pdu->length, "CHAP_R");
	uint8_t flags = STAGE_SECURITY << 2;
	uint16_t status = 0;

	if (text_value(pdu->data, pdu->length, "AuthMethod")) {
		iscsi_text_add(&text, "AuthMethod", "CHAP");
	} else if (text_value(pdu->data, pdu->length, "CHAP_A")) {
		memset(target->challenge, 0x5a, 16);
		iscsi_text_add(&text, "CHAP_A", "5");
		iscsi_text_add(&text, "CHAP_I", "9");
		iscsi_text_add_binary(&text, "CHAP_C", target->challenge, 16);
	} else if (response && response_is_right(target, response)) {
		prove(target, pdu, &text);
		flags |= LOGIN_TRANSIT | STAGE_OPERATIONAL;
	} else {
		status = 0x0201;
	}
	target_login_response(target, pdu, flags, status, text.data, text.length);
	iscsi_text_free(&text);
}

static void login(struct target *target, const struct pdu *pdu)
{
	uint8_t stage = pdu->bhs[AT_FLAGS] >> 2 & 3;

	target->exp_cmd_sn = get32(pdu->bhs + AT_CMD_SN);
	if (stage == STAGE_SECURITY) {
		target->security_seen = true;
		security(target, pdu);
	} else if (target->secret && !target->security_seen) {
		target_login_response(target, pdu, 0, 0x0201, NULL, 0);
	} else {
		operational(target, pdu);
	}
}

/* --- Full feature phase ------------------------------------------------------------------ */

void target_data_in(struct target *target, const struct pdu *command, uint32_t data_sn,
		    uint32_t offset, const void *data, uint32_t length, uint8_t flags,
		    uint32_t residual)
{
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, OP_DATA_IN, flags, get32(command->bhs + AT_ITT));
	put32(bhs + AT_TTT, NO_TAG);
	put32(bhs + AT_DATA_SN, data_sn);
	put32(bhs + AT_BUFFER_OFFSET, offset);
	put32(bhs + AT_RESIDUAL, residual);
	target_send(target, bhs, data, length, flags & DATA_IN_STATUS);
}

void target_response(struct target *target, const struct pdu *command, uint8_t status,
		     uint8_t flags, uint32_t residual, const void *sense,
		     uint16_t sense_length)
{
	uint8_t bhs[BHS_SIZE], data[512];

	target_pdu(bhs, OP_RESPONSE, FINAL | flags, get32(command->bhs + AT_ITT));
	bhs[AT_STATUS] = status;
	put32(bhs + AT_RESIDUAL, residual);
	put16(data, sense_length);
	if (sense_length)
		memcpy(data + 2, sense, sense_length);
	target_send(target, bhs, data, sense_length ? sense_length + 2U : 0, true);
}

/* READ: what is on the disk from the offset in bytes 2 to 5 on, in pieces of 1000 bytes. */
static void read_disk(struct target *target, const struct pdu *pdu)
{
	uint32_t expected = get32(pdu->bhs + AT_EXPECTED_LENGTH);
	uint32_t from = get32(pdu->bhs + AT_CDB + 2), sn = 0;

	for (uint32_t at = 0; at < expected; at += 1000) {
		uint32_t n = (uint32_t)smaller(1000, expected - at);
		bool last = at + n == expected;

		target_data_in(target, pdu, sn++, at, target->disk + from + at, n,
			       last ? FINAL | DATA_IN_STATUS : 0, 0);
	}
}

static void command(struct target *target, const struct pdu *pdu)
{
	target->commands++;
	if (pdu->bhs[AT_FLAGS] & COMMAND_READ)
		read_disk(target, pdu);
	else
		target_response(target, pdu, 0, 0, 0, NULL, 0);
}

static void nop_out(struct target *target, const struct pdu *pdu)
{
	uint8_t bhs[BHS_SIZE];

	if (get32(pdu->bhs + AT_ITT) == NO_TAG)
		return;
	target_pdu(bhs, OP_NOP_IN, FINAL, get32(pdu->bhs + AT_ITT));
	put32(bhs + AT_TTT, NO_TAG);
	target_send(target, bhs, pdu->data, pdu->length, true);
}

static void plain_response(struct target *target, const struct pdu *pdu, uint8_t opcode)
{
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, opcode, FINAL, get32(pdu->bhs + AT_ITT));
	target_send(target, bhs, NULL, 0, true);
}

static void text(struct target *target, const struct pdu *pdu)
{
	static const char answer[] = "TargetName=" TARGET_NAME
				     "\0TargetAddress=192.0.2.1:3260,1";
	uint8_t bhs[BHS_SIZE];

	target_pdu(bhs, OP_TEXT_RESPONSE, FINAL, get32(pdu->bhs + AT_ITT));
	put32(bhs + AT_TTT, NO_TAG);
	target_send(target, bhs, answer, sizeof(answer), true);
}

void target_answer(struct target *target, const struct pdu *pdu)
{
	switch (opcode_of(pdu)) {
	case OP_LOGIN:
		login(target, pdu);
		break;
	case OP_COMMAND:
		command(target, pdu);
		break;
	case OP_NOP_OUT:
		nop_out(target, pdu);
		break;
	case OP_TEXT:
		text(target, pdu);
		break;
	case OP_TASK_MANAGEMENT:
		plain_response(target, pdu, OP_TASK_MANAGEMENT_RESPONSE);
		break;
	case OP_LOGOUT:
		plain_response(target, pdu, OP_LOGOUT_RESPONSE);
		target->hang_up = true;
		break;
	default:
		break; /* Data-Out: who asked for it has a hook */
	}
}

/* --- Hearing things ---------------------------------------------------------------------- */

static void check_digest(const uint8_t *at, uint32_t crc)
{
	uint8_t expected[DIGEST_SIZE];

	iscsi_crc32c_put(expected, crc);
	assert_memory_equal(at, expected, DIGEST_SIZE);
}

/* What every PDU of an initiator must keep to. */
static void check_pdu(struct target *target, const struct pdu *pdu)
{
	bool immediate = pdu->bhs[AT_OPCODE] & IMMEDIATE;
	uint32_t exp_stat_sn = get32(pdu->bhs + AT_EXP_STAT_SN);

	if (target->up) {
		/* What was queued before an answer came does not know of it; it never goes back. */
		assert_false(serial_before(target->stat_sn, exp_stat_sn));
		assert_false(serial_before(exp_stat_sn, target->exp_stat_sn));
		target->exp_stat_sn = exp_stat_sn;
	}
	if (opcode_of(pdu) != OP_COMMAND || immediate)
		return;
	assert_int_equal(get32(pdu->bhs + AT_CMD_SN), target->exp_cmd_sn);
	target->exp_cmd_sn++;
}

static void take_pdu(struct target *target, const struct pdu *pdu)
{
	target->requests[opcode_of(pdu)]++;
	if (target->silent)
		return;
	if (!target->hook || !target->hook(target, pdu))
		target_answer(target, pdu);
}

/* Whether there was a whole PDU. */
static bool hear(struct target *target)
{
	const uint8_t *bhs = target->in.data + target->in.at;
	size_t header = BHS_SIZE, total;
	struct pdu pdu;
	_cleanup_free_ uint8_t *copy = NULL;

	if (left(&target->in) < BHS_SIZE)
		return false;
	header += 4U * bhs[AT_AHS_LENGTH] + (target->header_digest ? DIGEST_SIZE : 0);
	pdu.length = get24(bhs + AT_DATA_LENGTH);
	total = header + pdu.length + pad_of(pdu.length) +
		(target->data_digest && pdu.length ? DIGEST_SIZE : 0);
	if (left(&target->in) < total)
		return false;
	if (target->header_digest)
		check_digest(bhs + header - 4,
			     iscsi_crc32c(CRC32C_START, bhs, header - 4));
	if (target->data_digest && pdu.length)
		check_digest(bhs + total - 4, iscsi_crc32c(CRC32C_START, bhs + header,
							   total - header - 4));
	/* A block of its own: reading on behind the end is noticed. */
	copy = malloc(total);
	assert_non_null(copy);
	memcpy(copy, bhs, total);
	target->in.at += total;
	pdu.bhs = copy;
	pdu.data = pdu.length ? copy + header : NULL;
	check_pdu(target, &pdu);
	take_pdu(target, &pdu);
	return true;
}

/* --- Driving ----------------------------------------------------------------------------- */

static bool finish_connect(struct target *target)
{
	struct iscsi_error error = { .kind = ISCSI_FAILED_CONNECT,
				     .error = -ECONNREFUSED };

	if (!target->connecting || target->connect_how == CONNECT_NEVER)
		return false;
	target->connecting = false;
	target->connected = target->connect_how == CONNECT;
	snprintf(error.text, sizeof(error.text), "Connection refused");
	target_in_engine = true;
	iscsi_session_connected(target->side->io.session,
				target->connected ? NULL : &error);
	target_in_engine = false;
	return true;
}

static bool offer_input(struct target *target)
{
	bool ended = (target->hang_up || target->reset) && !target->end_told;

	if (!target->connected || (!left(&target->out) && !ended))
		return false;
	target_in_engine = true;
	iscsi_session_readable(target->side->io.session);
	target_in_engine = false;
	return true;
}

static bool offer_output(struct target *target)
{
	if (!target->connected || !target->blocked || !target->send_room)
		return false;
	target->blocked = false;
	target_in_engine = true;
	iscsi_session_writable(target->side->io.session);
	target_in_engine = false;
	return true;
}

static bool ring(struct target *target)
{
	if (target->freed || target->wake > target->now)
		return false;
	target->wake = ISCSI_NO_DEADLINE;
	target_in_engine = true;
	iscsi_session_tick(target->side->io.session);
	target_in_engine = false;
	return true;
}

void target_run(struct target *target)
{
	bool more = true;

	for (int i = 0; more && !target->freed; i++) {
		assert_true(i < 1000000);
		more = finish_connect(target);
		more |= target->connected && hear(target);
		more |= offer_input(target);
		more |= offer_output(target);
		more |= ring(target);
	}
}

void target_advance(struct target *target, uint64_t nanoseconds)
{
	uint64_t end = target->now + nanoseconds;

	target_run(target);
	while (!target->freed && target->wake <= end) {
		if (target->wake > target->now)
			target->now = target->wake;
		target_run(target);
	}
	target->now = end;
}

void target_unblock(struct target *target, size_t bytes)
{
	target->send_room = bytes;
	target_run(target);
}

/* --- Fixture ----------------------------------------------------------------------------- */

static void up(struct iscsi_session *session, void *user)
{
	struct fixture *fixture = user;

	assert_ptr_equal(session, fixture->session);
	fixture->ups++;
	if (fixture->on_up)
		fixture->on_up(fixture);
}

static void down(struct iscsi_session *session, void *user,
		 const struct iscsi_error *error)
{
	struct fixture *fixture = user;

	assert_ptr_equal(session, fixture->session);
	fixture->downs++;
	fixture->failed = error;
	if (error)
		fixture->error = *error;
	if (fixture->on_down)
		fixture->on_down(fixture);
}

static void async(struct iscsi_session *session, void *user,
		  const struct iscsi_async *event)
{
	struct fixture *fixture = user;

	(void)session;
	fixture->asyncs++;
	fixture->async = *event;
	if (fixture->on_async)
		fixture->on_async(fixture);
}

static const struct iscsi_session_ops session_ops = { up, down, async };

void fixture_init(struct fixture *fixture)
{
	struct target *target = &fixture->target;
	struct session_side *side = calloc(1, sizeof(*side));

	assert_non_null(side);
	memset(fixture, 0, sizeof(*fixture));
	target->side = side;
	target->chunk = target->send_limit = target->send_room = NO_LIMIT;
	target->window = 8;
	target->now = 1000 * SECONDS;
	target->wake = ISCSI_NO_DEADLINE;
	for (size_t i = 0; i < sizeof(target->disk); i++)
		target->disk[i] = (uint8_t)(i * 7 + i / 256);
	side->target = target;
	side->io.ops = &io_ops;
	side->io.scratch = side->scratch;
	side->io.scratch_size = sizeof(side->scratch);
	assert_int_equal(
		iscsi_session_new(&side->io, &session_ops, fixture, &fixture->session),
		0);
	iscsi_config_init(&fixture->config);
	fixture->config.initiator_name = "iqn.2003-01.org.example:initiator";
	fixture->config.target_name = TARGET_NAME;
	assert_int_equal(iscsi_portal_parse("192.0.2.1:3260", &fixture->config.portal),
			 0);
	memcpy(fixture->config.isid, "\x80\x01\x02\x03\x04\x05", 6);
}

void fixture_free(struct fixture *fixture)
{
	if (!fixture->target.freed)
		iscsi_session_free(fixture->session);
	assert_true(fixture->target.freed);
	free(fixture->target.in.data);
	free(fixture->target.out.data);
	memset(fixture, 0, sizeof(*fixture));
}

void fixture_login(struct fixture *fixture)
{
	assert_int_equal(iscsi_session_login(fixture->session, &fixture->config,
					     fixture->target.now + 10 * SECONDS),
			 0);
	target_run(&fixture->target);
}

void fixture_up(struct fixture *fixture)
{
	unsigned int ups = fixture->ups;

	fixture_login(fixture);
	if (fixture->ups != ups + 1)
		fail_msg("%s", fixture->error.text);
	assert_true(iscsi_session_is_up(fixture->session));
}

void fixture_start(struct fixture *fixture, target_hook *hook, void *user)
{
	fixture_init(fixture);
	fixture->target.hook = hook;
	fixture->target.user = user;
	fixture_up(fixture);
}
