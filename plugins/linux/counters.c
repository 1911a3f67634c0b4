// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * counters.c - asking the transport for its counters. No locks, no state: each call has a
 * socket of its own.
 *
 * Request and answer are netlink messages that begin with type and error (32 bits each) and the
 * handle of the transport; then come a union of requests (24 bytes, here session and connection)
 * and one of results (16 bytes), and after them the counters.
 */
#include "counters.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attr.h"
#include "iscsi-netlink.h"
#include "plugin-support/host.h"
#include "shared/cleanup.h"
#include "sysfs.h"
#include "world.h"

#define GET_STATS    20
#define IF_ERROR     103
#define ERROR_AT     4
#define HANDLE_AT    8
#define REQUEST_AT   16 /* session, connection */
#define COUNTERS_AT  56
#define MESSAGE_MAX  4096
#define WAIT_MAX     1000 /* ms; the kernel answers before the request returns */
#define CIDS_MAX     8
#define SENT_WORDS   8 /* NOP to SNACK */
#define GOT_WORDS    9 /* NOP to Reject */
#define WORDS_AT     (COUNTERS_AT + 16)
#define COUNTERS_END (WORDS_AT + 4 * (SENT_WORDS + GOT_WORDS))

/* --- Messages ----------------------------------------------------------------------------- */

static uint32_t word(const unsigned char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t long_word(const unsigned char *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t sum(const unsigned char *at, size_t count)
{
	uint64_t value = 0;

	for (size_t i = 0; i < count; i++)
		value += word(at + 4 * i);
	return value;
}

int counters_parse(const void *message, size_t size, const struct counted *of,
		   struct counters *counters)
{
	const unsigned char *body = message;
	int32_t error;

	if (size < COUNTERS_AT || word(body + REQUEST_AT) != of->sid ||
	    word(body + REQUEST_AT + 4) != of->cid ||
	    long_word(body + HANDLE_AT) != of->handle)
		return 0;
	if (word(body) == IF_ERROR) {
		error = (int32_t)word(body + ERROR_AT);
		return error < 0 && error > -4096 ? error : -EIO;
	}
	if (word(body) != GET_STATS || size < COUNTERS_END)
		return 0;
	counters->bytes_sent += long_word(body + COUNTERS_AT);
	counters->bytes_received += long_word(body + COUNTERS_AT + 8);
	counters->pdus_sent += sum(body + WORDS_AT, SENT_WORDS);
	counters->pdus_received += sum(body + WORDS_AT + 4 * SENT_WORDS, GOT_WORDS);
	return 1;
}

static int send_request(int fd, const struct counted *of)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		unsigned char body[COUNTERS_AT];
	} request = { .header = { .nlmsg_len = sizeof(request),
				  .nlmsg_type = GET_STATS } };
	const uint32_t type = GET_STATS;

	memcpy(request.body, &type, sizeof(type));
	memcpy(request.body + HANDLE_AT, &of->handle, sizeof(of->handle));
	memcpy(request.body + REQUEST_AT, &of->sid, sizeof(of->sid));
	memcpy(request.body + REQUEST_AT + 4, &of->cid, sizeof(of->cid));
	return sendto(fd, &request, sizeof(request), MSG_DONTWAIT,
		      (struct sockaddr *)&kernel, sizeof(kernel)) < 0
		       ? -errno
		       : 0;
}

/* The next message from the kernel; other programs may send to this socket too. */
static int receive(int fd, const struct counted *of, struct counters *counters)
{
	_Alignas(struct nlmsghdr) unsigned char message[MESSAGE_MAX];
	const struct nlmsghdr *header = (const void *)message;
	struct sockaddr_nl from = { 0 };
	socklen_t length = sizeof(from);
	ssize_t n = recvfrom(fd, message, sizeof(message), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &length);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (from.nl_pid || (size_t)n < NLMSG_HDRLEN || header->nlmsg_len < NLMSG_HDRLEN ||
	    header->nlmsg_len > (size_t)n)
		return 0;
	return counters_parse(message + NLMSG_HDRLEN, header->nlmsg_len - NLMSG_HDRLEN,
			      of, counters);
}

static int time_left(uint64_t until)
{
	uint64_t now = host_now();

	return now < until ? (int)((until - now) / 1000000u) + 1 : 0;
}

static int ask(int fd, const struct counted *of, uint64_t until,
	       struct counters *counters)
{
	int err = send_request(fd, of);

	while (!err) {
		struct pollfd answer = { .fd = fd, .events = POLLIN };
		int left = time_left(until);

		if (!left)
			return -ETIMEDOUT;
		if (poll(&answer, 1, left) < 0 && errno != EINTR)
			return -errno;
		err = receive(fd, of, counters);
	}
	return err < 0 ? err : 0;
}

/* --- What to ask for ------------------------------------------------------------------------ */

/* The transport of a host is named after its driver: "iscsi_tcp" has "tcp". */
static int read_handle(const struct world *world, uint32_t sid, uint64_t *handle)
{
	char path[128], driver[64];
	uint32_t host;
	int err = session_host(world->sysfs, sid, &host);

	if (err)
		return err;
	snprintf(path, sizeof(path), "class/scsi_host/host%u/proc_name", host);
	err = attr_read(world->sysfs, path, driver, sizeof(driver));
	if (err < 0)
		return err;
	snprintf(path, sizeof(path), "class/iscsi_transport/%s/handle",
		 strncmp(driver, "iscsi_", 6) ? driver : driver + 6);
	return attr_number(world->sysfs, path, UINT64_MAX, handle);
}

static int read_cids(const struct world *world, uint32_t sid, uint32_t cids[CIDS_MAX])
{
	char path[128];
	int count = 0;

	for (uint32_t cid = 0; cid < CIDS_MAX; cid++)
		if (!connection_attr_path(sid, cid, "state", path, sizeof(path)) &&
		    !faccessat(world->sysfs, path, F_OK, 0))
			cids[count++] = cid;
	return count ? count : -ENODEV;
}

int counters_read(const struct world *world, uint32_t sid, uint64_t deadline,
		  struct counters *counters)
{
	struct counted of = { .sid = sid };
	uint32_t cids[CIDS_MAX];
	int _cleanup_close_ fd = -1;
	int err, count;
	uint64_t until = host_now() + WAIT_MAX * 1000000ull;

	if (world->root[0])
		return -EOPNOTSUPP;
	err = read_handle(world, sid, &of.handle);
	if (err)
		return attr_is_gone(err) ? -ENODEV : err;
	count = read_cids(world, sid, cids);
	if (count < 0)
		return count;
	fd = iscsi_events_open();
	if (fd < 0)
		return fd;
	for (int i = 0; i < count && !err; i++) {
		of.cid = cids[i];
		err = ask(fd, &of, until < deadline ? until : deadline, counters);
	}
	/* So the kernel says that it has no such connection. */
	return err == -EEXIST ? -ENODEV : err;
}
