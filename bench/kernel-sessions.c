// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kernel-sessions.c - sessions of the kernel's initiator without iscsid, for benchmarks with
 * many of them: kernel-sessions PORT FIRST LAST logs in to the targets iqn.2024-01.test:tFIRST to
 * tLAST at 127.0.0.1:PORT.
 *
 * iscsid reads every session of the machine twice for each login, so that 500 logins take it
 * a quarter of an hour. This does what it does and no more: a login with one request, which the
 * target must allow, then the socket is handed to the kernel by netlink, which is asked to scan.
 * Nobody brings such a session back once its connection fails. Only root can run it.
 *
 * The messages of the netlink interface begin with type and error (32 bits each) and a handle
 * (64 bits); 24 bytes follow for a request's values, then what the kernel answers.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/cleanup.h"
#include "shared/number.h"

#define TARGET	       "iqn.2024-01.test:t%u"
#define INITIATOR      "iqn.2024-01.test:init"
#define SEGMENT	       "262144"
#define HEADER	       48
#define LOGIN	       0x43 /* immediate */
#define LOGIN_RESPONSE 0x23
/* From operational negotiation straight to the full feature phase. */
#define TRANSIT 0x87

enum request {
	CREATE_SESSION = 11,
	CREATE_CONN = 13,
	BIND_CONN = 15,
	SET_PARAM = 16,
	START_CONN = 17,
};

struct message {
	struct nlmsghdr header;
	uint32_t type, error;
	uint64_t handle;
	union {
		struct {
			uint32_t cmdsn;
			uint16_t commands, depth;
		} session;
		struct {
			uint32_t sid, cid;
			uint64_t fd;
			uint32_t leading;
		} bind;
		struct {
			uint32_t sid, cid, number, length;
		} param;
		unsigned char room[24];
	} request;
	uint32_t answer[4];
	char data[512];
};

struct kernel {
	int fd;
	uint64_t handle; /* of the transport tcp */
};

/* What the target said in its answer to the login. */
struct agreed {
	uint32_t statsn;
	char segment[16];
};

static void fail(const char *what, unsigned int number, int err)
{
	fprintf(stderr, "kernel-sessions: %s, session %u: %s\n", what, number,
		strerror(-err));
	exit(1);
}

/* --- The kernel -------------------------------------------------------------------------- */

/* Ends the program if the kernel refuses. The answer is left in m. */
static void ask(const struct kernel *k, struct message *m, enum request type,
		const char *text)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	size_t length = text ? strlen(text) + 1 : 0;

	m->header = (struct nlmsghdr){
		.nlmsg_len = (uint32_t)(offsetof(struct message, data) + length),
		.nlmsg_type = type,
		.nlmsg_pid = (uint32_t)getpid(),
	};
	m->type = type;
	m->handle = k->handle;
	if (text)
		memcpy(m->data, text, length);
	if (sendto(k->fd, m, m->header.nlmsg_len, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		fail("netlink", type, -errno);
	do
		if (recv(k->fd, m, sizeof(*m), 0) < 0)
			fail("netlink", type, -errno);
	while (m->header.nlmsg_type != type && m->header.nlmsg_type != NLMSG_ERROR);
	if (m->header.nlmsg_type == NLMSG_ERROR || m->error)
		fail("the kernel refuses a request", type, -EPROTO);
}

static void set_param(const struct kernel *k, uint32_t sid, uint32_t number,
		      const char *value)
{
	struct message m = { 0 };

	m.request.param.sid = sid;
	m.request.param.number = number;
	m.request.param.length = (uint32_t)strlen(value) + 1;
	ask(k, &m, SET_PARAM, value);
}

/* Numbers of enum iscsi_param in the kernel, in an order it accepts. */
static void set_all_params(const struct kernel *k, uint32_t sid, uint16_t port,
			   const char *target, const struct agreed *agreed)
{
	char port_text[8], statsn[16];
	const struct {
		uint32_t number;
		const char *value;
	} params[] = {
		{ 0, SEGMENT },	     { 1, agreed->segment },
		{ 2, "0" },			     /* HeaderDigest */
		{ 3, "0" },	     { 4, "1" },     /* InitialR2T */
		{ 5, "1" },			     /* MaxOutstandingR2T */
		{ 6, "1" },			     /* ImmediateData */
		{ 7, "65536" },	     { 8, SEGMENT }, /* MaxBurstLength */
		{ 9, "1" },	     { 10, "1" },
		{ 11, "0" }, /* ErrorRecoveryLevel */
		{ 14, statsn },	     { 15, target },
		{ 16, "1" }, /* portal group */
		{ 17, "127.0.0.1" }, { 18, port_text },
		{ 19, "5" }, /* replacement timeout */
		{ 32, "default" },   { 34, INITIATOR },
	};

	snprintf(port_text, sizeof(port_text), "%u", port);
	snprintf(statsn, sizeof(statsn), "%u", agreed->statsn);
	for (size_t i = 0; i < ARRAY_SIZE(params); i++)
		set_param(k, sid, params[i].number, params[i].value);
}

/* The session's host. */
static uint32_t hand_over(const struct kernel *k, int fd, uint16_t port,
			  const char *target, const struct agreed *agreed)
{
	struct message m = { 0 };
	uint32_t sid, host;

	m.request.session.cmdsn = 1;
	m.request.session.commands = 128;
	m.request.session.depth = 32;
	ask(k, &m, CREATE_SESSION, NULL);
	sid = m.answer[0];
	host = m.answer[1];
	memset(&m, 0, sizeof(m));
	m.request.bind.sid = sid;
	ask(k, &m, CREATE_CONN, NULL);
	memset(&m, 0, sizeof(m));
	m.request.bind.sid = sid;
	m.request.bind.fd = (uint64_t)fd;
	m.request.bind.leading = 1;
	ask(k, &m, BIND_CONN, NULL);
	set_all_params(k, sid, port, target, agreed);
	memset(&m, 0, sizeof(m));
	m.request.bind.sid = sid;
	ask(k, &m, START_CONN, NULL);
	return host;
}

static void scan(uint32_t host)
{
	char path[64];
	_cleanup_fclose_ FILE *file = NULL;

	snprintf(path, sizeof(path), "/sys/class/scsi_host/host%u/scan", host);
	file = fopen(path, "we");
	if (!file || fputs("- - -", file) < 0)
		fail(path, host, -errno);
}

static void open_kernel(struct kernel *k)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	_cleanup_fclose_ FILE *file = fopen("/sys/class/iscsi_transport/tcp/handle",
					    "re");
	char line[32] = "";

	if (!file || !fgets(line, sizeof(line), file))
		fail("no transport tcp", 0, -errno);
	line[strcspn(line, "\n")] = 0;
	if (number_parse(line, 1, UINT64_MAX, &k->handle))
		fail("no handle", 0, -EPROTO);
	k->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ISCSI);
	if (k->fd < 0 || bind(k->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail("netlink", 0, -errno);
}

/* --- The target --------------------------------------------------------------------------- */

static int connect_to(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		fail("connect", port, -errno);
	return fd;
}

/* The keys are ours: they fit. */
static size_t put_keys(char *text, size_t count, const char *const keys[][2])
{
	char *end = text;

	for (size_t i = 0; i < count; i++)
		end = stpcpy(stpcpy(stpcpy(end, keys[i][0]), "="), keys[i][1]) + 1;
	return (size_t)(end - text);
}

static void send_login(int fd, unsigned int number, const char *target)
{
	unsigned char pdu[1024] = { LOGIN, TRANSIT };
	const char *const keys[][2] = {
		{ "InitiatorName", INITIATOR }, { "TargetName", target },
		{ "SessionType", "Normal" },	{ "HeaderDigest", "None" },
		{ "DataDigest", "None" },	{ "InitialR2T", "Yes" },
		{ "ImmediateData", "Yes" },	{ "MaxRecvDataSegmentLength", SEGMENT },
		{ "MaxBurstLength", SEGMENT },	{ "FirstBurstLength", "65536" },
		{ "MaxConnections", "1" },	{ "MaxOutstandingR2T", "1" },
		{ "DefaultTime2Wait", "2" },	{ "DefaultTime2Retain", "0" },
		{ "ErrorRecoveryLevel", "0" },
	};
	size_t length = put_keys((char *)pdu + HEADER, ARRAY_SIZE(keys), keys);

	pdu[6] = (unsigned char)(length >> 8);
	pdu[7] = (unsigned char)length;
	pdu[8] = 0x80; /* ISID: a random one, which the number is */
	pdu[11] = (unsigned char)(number >> 8);
	pdu[12] = (unsigned char)number;
	pdu[27] = 1; /* CmdSN */
	length = (length + 3) & ~(size_t)3;
	if (send(fd, pdu, HEADER + length, 0) != (ssize_t)(HEADER + length))
		fail("login", number, -errno);
}

static void need_bytes(int fd, unsigned char *to, size_t size, unsigned int number)
{
	if (recv(fd, to, size, MSG_WAITALL) != (ssize_t)size)
		fail("the target closed the connection", number, -errno);
}

static void take_login_response(int fd, unsigned int number, struct agreed *agreed)
{
	static const char key[] = "MaxRecvDataSegmentLength=";
	unsigned char header[HEADER], text[8196] = { 0 };
	const unsigned char *found;
	size_t length;

	need_bytes(fd, header, HEADER, number);
	length = (size_t)header[6] << 8 | header[7];
	if (header[0] != LOGIN_RESPONSE || header[36] || header[1] != TRANSIT ||
	    length >= sizeof(text) - 4)
		fail("the login is refused", number, -EACCES);
	need_bytes(fd, text, (length + 3) & ~(size_t)3, number);
	agreed->statsn = ((uint32_t)header[24] << 24 | (uint32_t)header[25] << 16 |
			  (uint32_t)header[26] << 8 | header[27]) +
			 1;
	found = memmem(text, length, key, sizeof(key) - 1);
	snprintf(agreed->segment, sizeof(agreed->segment), "%s",
		 found ? (const char *)found + sizeof(key) - 1 : "8192");
}

static void log_in(const struct kernel *k, uint16_t port, unsigned int number)
{
	_cleanup_close_ int fd = connect_to(port);
	struct agreed agreed;
	char target[64];

	snprintf(target, sizeof(target), TARGET, number);
	send_login(fd, number, target);
	take_login_response(fd, number, &agreed);
	scan(hand_over(k, fd, port, target, &agreed));
}

int main(int argc, char **argv)
{
	uint64_t port, first, last;
	struct kernel kernel;

	if (argc != 4 || number_parse(argv[1], 1, UINT16_MAX, &port) ||
	    number_parse(argv[2], 1, UINT16_MAX, &first) ||
	    number_parse(argv[3], 1, UINT16_MAX, &last)) {
		fprintf(stderr, "usage: kernel-sessions PORT FIRST LAST\n");
		return 2;
	}
	open_kernel(&kernel);
	for (uint64_t i = first; i <= last; i++)
		log_in(&kernel, (uint16_t)port, (unsigned int)i);
	return 0;
}
