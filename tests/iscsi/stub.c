// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stub.c - one process, one epoll loop, one recv and one send per PDU.
 *
 * What comes in is read into a buffer all connections share; only what is left of an incomplete
 * PDU is kept with its connection, so that thousands of idle ones cost little. Sending blocks.
 */
#include "tests/iscsi/stub.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iscsi/chap.h"
#include "iscsi/crc32c.h"
#include "iscsi/text.h"
#include "iscsi/wire.h"
#include "shared/cleanup.h"

#define BUFFER_SIZE (1 << 20)
#define BLOCK	    512U
#define LUNS	    4

struct connection {
	int fd;
	uint8_t *part; /* an incomplete PDU */
	size_t have;
	uint32_t stat_sn, cmd_sn;
	uint32_t text_at; /* next target of SendTargets */
	uint32_t write_left, write_at, write_itt;
	bool logged_in, authenticated, discovery;
	bool header_digest, data_digest;
	bool header_agreed, data_agreed; /* in force after the login */
	uint8_t isid[6];
};

static struct stub_config config;
static uint8_t *buffer; /* what is received */
static uint8_t *zeros;	/* what reads return */
static int poller;

/* --- Sending ----------------------------------------------------------------------------- */

static bool send_all(int fd, struct iovec *iov, int count)
{
	while (count) {
		struct msghdr message = { .msg_iov = iov, .msg_iovlen = (size_t)count };
		ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
			continue;
		}
		if (n < 0)
			return false;
		while (count && (size_t)n >= iov->iov_len) {
			n -= (ssize_t)iov->iov_len;
			iov++;
			count--;
		}
		if (count) {
			iov->iov_base = (uint8_t *)iov->iov_base + n;
			iov->iov_len -= (size_t)n;
		}
	}
	return true;
}

static void begin_pdu(uint8_t bhs[BHS_SIZE], uint8_t opcode, uint8_t flags,
		      const uint8_t *request)
{
	memset(bhs, 0, BHS_SIZE);
	bhs[AT_OPCODE] = opcode;
	bhs[AT_FLAGS] = flags;
	memcpy(bhs + AT_ITT, request + AT_ITT, 4);
}

static bool send_pdu(struct connection *c, uint8_t bhs[BHS_SIZE], const void *data,
		     uint32_t length, bool advance)
{
	uint8_t head[DIGEST_SIZE], tail[8] = { 0 };
	uint32_t pad = pad_of(length), tail_length = pad;
	struct iovec iov[4];

	put24(bhs + AT_DATA_LENGTH, length);
	put32(bhs + AT_STAT_SN, c->stat_sn);
	put32(bhs + AT_EXP_CMD_SN, c->cmd_sn);
	put32(bhs + AT_MAX_CMD_SN, c->cmd_sn + 127);
	c->stat_sn += advance;
	if (c->header_digest)
		iscsi_crc32c_put(head, iscsi_crc32c(CRC32C_START, bhs, BHS_SIZE));
	if (c->data_digest && length) {
		uint32_t crc = iscsi_crc32c(CRC32C_START, data, length);

		iscsi_crc32c_put(tail + pad, iscsi_crc32c(crc, tail, pad));
		tail_length += DIGEST_SIZE;
	}
	iov[0] = (struct iovec){ bhs, BHS_SIZE };
	iov[1] = (struct iovec){ head, c->header_digest ? DIGEST_SIZE : 0 };
	iov[2] = (struct iovec){ (void *)(uintptr_t)data, length };
	iov[3] = (struct iovec){ tail, tail_length };
	return send_all(c->fd, iov, 4);
}

/* --- Login ------------------------------------------------------------------------------- */

static const char *find_value(const void *text, size_t length, const char *key)
{
	const char *at = text, *end = at + length;
	size_t n = strlen(key);

	for (; at < end; at += strlen(at) + 1)
		if (!strncmp(at, key, n) && at[n] == '=')
			return at + n + 1;
	return NULL;
}

static void answer_digest(struct connection *c, const char *key, const char *offer,
			  struct iscsi_text *text)
{
	bool crc = !strncmp(offer, "CRC32C", 6);

	iscsi_text_add(text, key, crc ? "CRC32C" : "None");
	*(key[0] == 'H' ? &c->header_agreed : &c->data_agreed) = crc;
}

/* Every offer is taken as it is. */
static void answer_offers(struct connection *c, const char *data, size_t length,
			  struct iscsi_text *text)
{
	static const char *const silent[] = { "InitiatorName=", "InitiatorAlias=",
					      "TargetName=", "SessionType=",
					      "MaxRecvDataSegmentLength=" };

	for (const char *at = data; at < data + length; at += strlen(at) + 1) {
		const char *equals = strchr(at, '=');
		bool answer = equals;
		char key[64];

		for (size_t i = 0; i < ARRAY_SIZE(silent); i++)
			answer = answer && strncmp(at, silent[i], strlen(silent[i]));
		if (!answer || equals - at > 63)
			continue;
		memcpy(key, at, (size_t)(equals - at));
		key[equals - at] = 0;
		if (strstr(key, "Digest"))
			answer_digest(c, key, equals + 1, text);
		else
			iscsi_text_add(text, key, equals + 1);
	}
	iscsi_text_add_number(text, "MaxRecvDataSegmentLength", config.max_recv);
	iscsi_text_add(text, "TargetPortalGroupTag", "1");
}

static uint16_t authenticate(struct connection *c, const char *data, size_t length,
			     struct iscsi_text *text, uint8_t *flags)
{
	uint8_t challenge[16], response[CHAP_HASH_MAX], expected[CHAP_HASH_MAX];
	const char *value;
	int n;

	memset(challenge, 0x3c, sizeof(challenge));
	if (find_value(data, length, "AuthMethod")) {
		iscsi_text_add(text, "AuthMethod", "CHAP");
	} else if (find_value(data, length, "CHAP_A")) {
		iscsi_text_add_number(text, "CHAP_A", config.algorithm);
		iscsi_text_add(text, "CHAP_I", "7");
		iscsi_text_add_binary(text, "CHAP_C", challenge, sizeof(challenge));
	} else if ((value = find_value(data, length, "CHAP_R"))) {
		n = iscsi_chap_hash(config.algorithm, 7, config.secret,
				    strlen(config.secret), challenge, sizeof(challenge),
				    expected);
		if (n != iscsi_text_binary(value, response, sizeof(response)) ||
		    memcmp(response, expected, (size_t)n))
			return 0x0201;
		c->authenticated = true;
		*flags |= LOGIN_TRANSIT | STAGE_OPERATIONAL;
	}
	return 0;
}

/* Benchmarks offer the same again and again: then the answer is at hand. */
static void answer_offers_again(struct connection *c, const char *data, size_t length,
				struct iscsi_text *text)
{
	static struct iscsi_text offers, answers;
	static bool header, digest;

	if (offers.length != length || memcmp(offers.data, data, length)) {
		iscsi_text_free(&offers);
		iscsi_text_free(&answers);
		answer_offers(c, data, length, &answers);
		offers.data = malloc(length + 1);
		if (!offers.data)
			_exit(1);
		memcpy(offers.data, data, length);
		offers.length = offers.size = length;
		header = c->header_agreed;
		digest = c->data_agreed;
	}
	c->header_agreed = header;
	c->data_agreed = digest;
	*text = answers;
}

static bool take_login(struct connection *c, const uint8_t *bhs, const uint8_t *data,
		       uint32_t length)
{
	uint8_t answer[BHS_SIZE], stage = bhs[AT_FLAGS] >> 2 & 3,
				  flags = (uint8_t)(stage << 2);
	struct iscsi_text text = { 0 };
	uint16_t status = 0;

	c->cmd_sn = get32(bhs + AT_CMD_SN);
	if (stage == STAGE_SECURITY) {
		status = authenticate(c, (const char *)data, length, &text, &flags);
	} else if (config.secret && !c->authenticated) {
		status = 0x0201;
	} else {
		answer_offers_again(c, (const char *)data, length, &text);
		flags |= bhs[AT_FLAGS] & (LOGIN_TRANSIT | 3);
	}
	begin_pdu(answer, OP_LOGIN_RESPONSE, flags, bhs);
	memcpy(answer + AT_ISID, bhs + AT_ISID, 6);
	put16(answer + AT_STATUS_CLASS, status);
	c->logged_in = !status && flags & LOGIN_TRANSIT &&
		       (flags & 3) == STAGE_FULL_FEATURE;
	if (c->logged_in)
		put16(answer + AT_TSIH, 1);
	send_pdu(c, answer, text.data, (uint32_t)text.length, true);
	if (c->logged_in) {
		c->header_digest = c->header_agreed;
		c->data_digest = c->data_agreed;
	}
	if (stage == STAGE_SECURITY)
		iscsi_text_free(&text);
	return !status;
}

/* --- Commands ---------------------------------------------------------------------------- */

static bool send_data(struct connection *c, const uint8_t *request, const void *data,
		      uint32_t length)
{
	uint32_t expected = get32(request + AT_EXPECTED_LENGTH);
	uint32_t n = length < expected ? length : expected;
	uint8_t bhs[BHS_SIZE];

	begin_pdu(bhs, OP_DATA_IN, FINAL | DATA_IN_STATUS, request);
	if (n < expected) {
		bhs[AT_FLAGS] |= RESIDUAL_UNDERFLOW;
		put32(bhs + AT_RESIDUAL, expected - n);
	}
	put32(bhs + AT_TTT, NO_TAG);
	return send_pdu(c, bhs, data, n, true);
}

static bool send_status(struct connection *c, const uint8_t *request, uint8_t status)
{
	static const uint8_t sense[20] = { 0, 18,	    0x70,	    0,
					   5, [2 + 7] = 10, [2 + 12] = 0x20 };
	uint8_t bhs[BHS_SIZE];

	begin_pdu(bhs, OP_RESPONSE, FINAL, request);
	bhs[AT_STATUS] = status;
	return send_pdu(c, bhs, sense, status ? sizeof(sense) : 0, true);
}

static bool inquiry(struct connection *c, const uint8_t *request)
{
	uint8_t data[36] = { 0, 0, 6, 2, 31 };

	memcpy(data + 8, "libima  stub target     1   ", 28);
	return send_data(c, request, data, sizeof(data));
}

static bool read_capacity(struct connection *c, const uint8_t *request)
{
	uint8_t data[8];

	put32(data, (1U << 30) / BLOCK - 1);
	put32(data + 4, BLOCK);
	return send_data(c, request, data, sizeof(data));
}

static bool report_luns(struct connection *c, const uint8_t *request)
{
	uint8_t data[8 + 8 * LUNS] = { 0 };

	put32(data, 8 * LUNS);
	for (uint8_t i = 0; i < LUNS; i++)
		data[8 + 8 * i + 1] = i;
	return send_data(c, request, data, sizeof(data));
}

static bool read_10(struct connection *c, const uint8_t *request)
{
	uint32_t total = get16(request + AT_CDB + 7) * BLOCK, sn = 0;
	uint8_t bhs[BHS_SIZE];

	for (uint32_t at = 0; at < total; sn++) {
		uint32_t n = total - at < config.max_burst ? total - at
							   : config.max_burst;
		bool last = at + n == total;

		begin_pdu(bhs, OP_DATA_IN, last ? FINAL | DATA_IN_STATUS : 0, request);
		put32(bhs + AT_TTT, NO_TAG);
		put32(bhs + AT_DATA_SN, sn);
		put32(bhs + AT_BUFFER_OFFSET, at);
		if (!send_pdu(c, bhs, zeros, n, last))
			return false;
		at += n;
	}
	return true;
}

/* Everything that was not sent along is asked for at once. */
static bool write_10(struct connection *c, const uint8_t *request, uint32_t immediate)
{
	uint32_t total = get32(request + AT_EXPECTED_LENGTH);
	uint8_t bhs[BHS_SIZE];

	if (immediate == total)
		return send_status(c, request, 0);
	c->write_left = total - immediate;
	c->write_itt = get32(request + AT_ITT);
	begin_pdu(bhs, OP_R2T, FINAL, request);
	put32(bhs + AT_TTT, 1);
	put32(bhs + AT_BUFFER_OFFSET, immediate);
	put32(bhs + AT_DESIRED_LENGTH, c->write_left);
	return send_pdu(c, bhs, NULL, 0, false);
}

static bool take_data_out(struct connection *c, const uint8_t *bhs, uint32_t length)
{
	c->write_left -= length;
	return c->write_left ? true : send_status(c, bhs, 0);
}

static bool take_command(struct connection *c, const uint8_t *bhs, uint32_t length)
{
	c->cmd_sn++;
	switch (bhs[AT_CDB]) {
	case 0x00:
		return send_status(c, bhs, 0);
	case 0x12:
		return inquiry(c, bhs);
	case 0x25:
		return read_capacity(c, bhs);
	case 0xa0:
		return report_luns(c, bhs);
	case 0x28:
		return read_10(c, bhs);
	case 0x2a:
		return write_10(c, bhs, length);
	default:
		return send_status(c, bhs, 2);
	}
}

static bool send_targets(struct connection *c, const uint8_t *bhs)
{
	static char *text;
	uint8_t answer[BHS_SIZE];
	uint32_t length = 0;

	if (get32(bhs + AT_TTT) == NO_TAG)
		c->text_at = 0;
	if (!text)
		text = malloc(config.text_piece + 256);
	while (c->text_at < config.targets && length < config.text_piece) {
		length += 1 +
			  (uint32_t)snprintf(text + length, 128,
					     "TargetName=iqn.2003-01.org.example:stub.%u",
					     c->text_at++);
		length += 1 + (uint32_t)snprintf(text + length, 128,
						 "TargetAddress=127.0.0.1:3260,1");
	}
	begin_pdu(answer, OP_TEXT_RESPONSE,
		  c->text_at < config.targets ? TEXT_CONTINUE : FINAL, bhs);
	put32(answer + AT_TTT, c->text_at < config.targets ? 1 : NO_TAG);
	return send_pdu(c, answer, text, length, true);
}

static bool plain_answer(struct connection *c, const uint8_t *bhs, uint8_t opcode)
{
	uint8_t answer[BHS_SIZE];

	begin_pdu(answer, opcode, FINAL, bhs);
	if (opcode == OP_NOP_IN)
		put32(answer + AT_TTT, NO_TAG);
	return send_pdu(c, answer, NULL, 0, true);
}

static bool take_other(struct connection *c, const uint8_t *bhs)
{
	switch (bhs[AT_OPCODE] & OPCODE_MASK) {
	case OP_NOP_OUT:
		return plain_answer(c, bhs, OP_NOP_IN);
	case OP_TASK_MANAGEMENT:
		return plain_answer(c, bhs, OP_TASK_MANAGEMENT_RESPONSE);
	case OP_TEXT:
		return send_targets(c, bhs);
	case OP_LOGOUT:
		plain_answer(c, bhs, OP_LOGOUT_RESPONSE);
		return false;
	default:
		return false;
	}
}

static bool take_pdu(struct connection *c, const uint8_t *bhs, const uint8_t *data,
		     uint32_t length)
{
	uint8_t opcode = bhs[AT_OPCODE] & OPCODE_MASK;

	if (opcode == OP_LOGIN)
		return take_login(c, bhs, data, length);
	if (!c->logged_in)
		return false;
	if (opcode == OP_COMMAND)
		return take_command(c, bhs, length);
	return opcode == OP_DATA_OUT ? take_data_out(c, bhs, length) : take_other(c, bhs);
}

/* --- Receiving --------------------------------------------------------------------------- */

/* Bytes of the PDU or bare request that begins here; 0: not enough to say. */
static size_t size_of(const struct connection *c, const uint8_t *at, size_t have)
{
	struct stub_request request;
	uint32_t length;

	if (have < sizeof(request))
		return 0;
	memcpy(&request, at, sizeof(request));
	if (request.magic == STUB_BARE)
		return request.length;
	if (have < BHS_SIZE)
		return 0;
	length = get24(at + AT_DATA_LENGTH);
	return BHS_SIZE + 4U * at[AT_AHS_LENGTH] + (c->header_digest ? DIGEST_SIZE : 0) +
	       length + pad_of(length) + (c->data_digest && length ? DIGEST_SIZE : 0);
}

static bool take_one(struct connection *c, const uint8_t *at)
{
	struct stub_request request;
	size_t header = BHS_SIZE + 4U * at[AT_AHS_LENGTH] +
			(c->header_digest ? DIGEST_SIZE : 0);

	memcpy(&request, at, sizeof(request));
	if (request.magic == STUB_BARE)
		return send_all(c->fd, &(struct iovec){ zeros, request.answer }, 1);
	return take_pdu(c, at, at + header, get24(at + AT_DATA_LENGTH));
}

/* Whether the connection goes on. */
static bool take_bytes(struct connection *c, size_t n)
{
	uint8_t *at = buffer, *end = buffer + c->have + n;
	size_t size;

	while ((size = size_of(c, at, (size_t)(end - at))) &&
	       size <= (size_t)(end - at)) {
		if (!take_one(c, at))
			return false;
		at += size;
	}
	c->have = (size_t)(end - at);
	free(steal(c->part));
	if (!c->have)
		return true;
	c->part = malloc(c->have);
	if (c->part)
		memcpy(c->part, at, c->have);
	return c->part;
}

static void readable(struct connection *c)
{
	ssize_t n;

	if (c->have)
		memcpy(buffer, c->part, c->have);
	n = recv(c->fd, buffer + c->have, BUFFER_SIZE - c->have, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && take_bytes(c, (size_t)n))
		return;
	close(c->fd);
	free(c->part);
	free(c);
}

static void accept_all(int listener)
{
	int fd, one = 1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		struct connection *c = calloc(1, sizeof(*c));
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };

		if (!c)
			_exit(1);
		c->fd = fd;
		c->stat_sn = 1;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
	}
}

static void serve(int listener)
{
	struct epoll_event events[64], event = { .events = EPOLLIN };
	int n;

	poller = epoll_create1(EPOLL_CLOEXEC);
	buffer = malloc(BUFFER_SIZE);
	zeros = calloc(1, config.max_burst + BUFFER_SIZE);
	if (poller < 0 || !buffer || !zeros)
		_exit(1);
	epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		n = epoll_wait(poller, events, ARRAY_SIZE(events), -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr)
				readable(events[i].data.ptr);
			else
				accept_all(listener);
		}
	}
}

/* --- Life -------------------------------------------------------------------------------- */

void stub_config_init(struct stub_config *c)
{
	*c = (struct stub_config){ .targets = 1,
				   .algorithm = 5,
				   .max_recv = 262144,
				   .max_burst = 262144,
				   .text_piece = 8000 };
}

static int listen_somewhere(uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 4096) ||
	    getsockname(fd, (struct sockaddr *)&address, &size)) {
		int err = -errno;

		close(fd);
		return err;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

int stub_start(struct stub *stub, const struct stub_config *c)
{
	pid_t parent = getpid();
	int fd = listen_somewhere(&stub->port);

	if (fd < 0)
		return fd;
	snprintf(stub->portal, sizeof(stub->portal), "127.0.0.1:%u", stub->port);
	stub->pid = fork();
	if (stub->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		config = *c;
		serve(fd);
	}
	close(fd);
	return stub->pid < 0 ? -errno : 0;
}

void stub_stop(struct stub *stub)
{
	if (stub->pid <= 0)
		return;
	kill(stub->pid, SIGKILL);
	waitpid(stub->pid, NULL, 0);
	stub->pid = 0;
}
