// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * out.c - the queue of PDUs to be sent.
 *
 * A PDU is a struct iscsi_out in the memory of whoever sends it: nothing is allocated or
 * copied for a command and its data. One writev takes as many PDUs as fit. When the last byte of
 * a PDU is gone its sent callback is called, which may fill it again (true): the successor
 * then keeps the place at the head of the queue. So what is behind a PDU that refills is sent
 * only when that is through, which also keeps unsolicited data in the order of the commands (RFC
 * 7143, 4.2.4.2).
 */
#include "iscsi/session.h"

#include <errno.h>
#include <stdlib.h>

#include "iscsi/crc32c.h"

#define IOV_COUNT   64
#define IOV_PER_PDU 5

void iscsi_out_init(struct iscsi_out *out, uint8_t opcode, uint8_t flags, uint32_t itt)
{
	memset(out, 0, sizeof(*out));
	out->header[AT_OPCODE] = opcode;
	out->header[AT_FLAGS] = flags;
	put32(out->header + AT_ITT, itt);
}

struct iscsi_out *iscsi_out_new(uint8_t opcode, uint8_t flags, uint32_t itt,
				const void *data, uint32_t length)
{
	struct iscsi_out *out = malloc(sizeof(*out) + length);

	if (!out)
		return NULL;
	iscsi_out_init(out, opcode, flags, itt);
	if (length)
		memcpy(out + 1, data, length);
	out->data = (uint8_t *)(out + 1);
	out->data_length = length;
	out->heap = true;
	return out;
}

static bool in_full_feature(const struct iscsi_session *session)
{
	return session->state == SESSION_UP || session->state == SESSION_LOGOUT;
}

static void add_header_digest(struct iscsi_out *out)
{
	uint32_t crc = iscsi_crc32c(CRC32C_START, out->header, BHS_SIZE);

	iscsi_crc32c_put(out->header + BHS_SIZE,
			 iscsi_crc32c(crc, out->ahs, out->ahs_length));
}

static void add_data_digest(struct iscsi_out *out)
{
	uint32_t crc = iscsi_crc32c(CRC32C_START, out->data, out->data_length);

	crc = iscsi_crc32c(crc, out->trailer, out->trailer_length);
	iscsi_crc32c_put(out->trailer + out->trailer_length, crc);
	out->trailer_length += DIGEST_SIZE;
}

static bool has_header_digest(const struct iscsi_session *session)
{
	return in_full_feature(session) &&
	       session->result.params.value[ISCSI_HEADER_DIGEST];
}

static bool has_data_digest(const struct iscsi_session *session)
{
	return in_full_feature(session) &&
	       session->result.params.value[ISCSI_DATA_DIGEST];
}

void iscsi_out_seal(struct iscsi_session *session, struct iscsi_out *out)
{
	put24(out->header + AT_DATA_LENGTH, out->data_length);
	out->header[AT_AHS_LENGTH] = (uint8_t)(out->ahs_length / 4);
	put32(out->header + AT_EXP_STAT_SN, session->exp_stat_sn);
	memset(out->trailer, 0, sizeof(out->trailer));
	out->trailer_length = (uint8_t)pad_of(out->data_length);
	if (has_header_digest(session))
		add_header_digest(out);
	if (has_data_digest(session) && out->data_length)
		add_data_digest(out);
}

void iscsi_out_push(struct iscsi_session *session, struct iscsi_out *out)
{
	iscsi_out_seal(session, out);
	out->next = NULL;
	out->queued = true;
	*session->out_last = out;
	session->out_last = &out->next;
	iscsi_session_account(session);
}

static int add_iov(struct iovec *iov, int n, const void *base, size_t length)
{
	if (!length)
		return n;
	/* writev does not write to what it is given. */
	iov[n].iov_base = (void *)(uintptr_t)base;
	iov[n].iov_len = length;
	return n + 1;
}

static int pdu_iov(const struct iscsi_session *session, const struct iscsi_out *out,
		   struct iovec *iov)
{
	size_t digest = has_header_digest(session) ? DIGEST_SIZE : 0;
	int n;

	if (out->ahs_length) {
		n = add_iov(iov, 0, out->header, BHS_SIZE);
		n = add_iov(iov, n, out->ahs, out->ahs_length);
		n = add_iov(iov, n, out->header + BHS_SIZE, digest);
	} else {
		n = add_iov(iov, 0, out->header, BHS_SIZE + digest);
	}
	n = add_iov(iov, n, out->data, out->data_length);
	return add_iov(iov, n, out->trailer, out->trailer_length);
}

size_t iscsi_out_size(const struct iscsi_session *session, const struct iscsi_out *out)
{
	return BHS_SIZE + out->ahs_length +
	       (has_header_digest(session) ? DIGEST_SIZE : 0) + out->data_length +
	       out->trailer_length;
}

/* Skip bytes that are gone already; the number of elements dropped. */
static int skip_iov(struct iovec *iov, int count, size_t skip)
{
	int n = 0;

	while (n < count && skip >= iov[n].iov_len)
		skip -= iov[n++].iov_len;
	if (n < count) {
		iov[n].iov_base = (uint8_t *)iov[n].iov_base + skip;
		iov[n].iov_len -= skip;
	}
	return n;
}

/* The first PDU is gone: the next one is the first, or the same again if it was refilled. */
static void pop(struct iscsi_session *session)
{
	struct iscsi_out *out = session->out_first;

	session->out_sent = 0;
	session->counters.pdus_sent++;
	session->out_first = out->next;
	if (!out->next)
		session->out_last = &session->out_first;
	out->queued = false;
	if (!out->sent || !out->sent(session, out)) {
		if (out->heap)
			free(out);
		return;
	}
	out->queued = true;
	out->next = session->out_first;
	if (!out->next)
		session->out_last = &out->next;
	session->out_first = out;
}

static void took(struct iscsi_session *session, size_t bytes)
{
	session->counters.bytes_sent += bytes;
	while (bytes) {
		size_t left = iscsi_out_size(session, session->out_first) -
			      session->out_sent;

		if (bytes < left) {
			session->out_sent += bytes;
			return;
		}
		bytes -= left;
		pop(session);
	}
}

/* It may have waited while others were acknowledged: ExpStatSN must not go back. */
static void refresh(const struct iscsi_session *session, struct iscsi_out *out)
{
	if (get32(out->header + AT_EXP_STAT_SN) == session->exp_stat_sn)
		return;
	put32(out->header + AT_EXP_STAT_SN, session->exp_stat_sn);
	if (has_header_digest(session))
		add_header_digest(out);
}

/* One send of as much as fits; whether to go on. */
static bool send_some(struct iscsi_session *session)
{
	struct iovec iov[IOV_COUNT];
	size_t total = 0;
	ssize_t n;
	int count = 0, skipped;

	for (struct iscsi_out *out = session->out_first;
	     out && count <= IOV_COUNT - IOV_PER_PDU;
	     out = out->refills ? NULL : out->next) {
		if (out != session->out_first || !session->out_sent)
			refresh(session, out);
		count += pdu_iov(session, out, iov + count);
	}
	skipped = skip_iov(iov, count, session->out_sent);
	for (int i = skipped; i < count; i++)
		total += iov[i].iov_len;
	n = session->io->ops->send(session->io, iov + skipped, count - skipped);
	if (n < 0 && n != -EAGAIN) {
		session->send_error = (int)n;
		iscsi_session_wake(session, 0);
	}
	if (n > 0)
		took(session, (size_t)n);
	return n == (ssize_t)total;
}

void iscsi_out_flush(struct iscsi_session *session)
{
	if (session->send_error || session->state == SESSION_DOWN ||
	    session->state == SESSION_CONNECTING)
		return;
	do {
		while (session->out_first)
			if (!send_some(session))
				break;
		if (session->out_first)
			break;
	} while (iscsi_command_pump(session));
	iscsi_session_account(session);
}

/* All that a PDU refers to in one allocation. */
static struct iscsi_out *copy_of(const struct iscsi_out *out)
{
	struct iscsi_out *copy = malloc(sizeof(*copy) + out->ahs_length +
					out->data_length);
	uint8_t *at;

	if (!copy)
		return NULL;
	at = (uint8_t *)(copy + 1);
	*copy = *out;
	copy->sent = NULL;
	copy->refills = false;
	copy->heap = true;
	if (out->ahs_length)
		copy->ahs = memcpy(at, out->ahs, out->ahs_length);
	if (out->data_length)
		copy->data = memcpy(at + out->ahs_length, out->data, out->data_length);
	return copy;
}

int iscsi_out_detach(struct iscsi_session *session, struct iscsi_out *out)
{
	struct iscsi_out **link = &session->out_first;
	struct iscsi_out *copy;

	if (!out->queued)
		return 0;
	copy = copy_of(out);
	if (!copy)
		return -ENOMEM;
	while (*link != out)
		link = &(*link)->next;
	*link = copy;
	if (session->out_last == &out->next)
		session->out_last = &copy->next;
	out->queued = false;
	return 0;
}

void iscsi_out_clear(struct iscsi_session *session)
{
	struct iscsi_out *out;

	while ((out = session->out_first)) {
		session->out_first = out->next;
		out->queued = false;
		if (out->heap)
			free(out);
	}
	session->out_last = &session->out_first;
	session->out_sent = 0;
}
