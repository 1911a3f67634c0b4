// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * probe.c - connecting to portals to see whether they answer. No locks, no state.
 */
#include "probe.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin-support/host.h"
#include "shared/cleanup.h"

union socket_address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t socket_address(const struct probe *p, union socket_address *a)
{
	struct portal_ip ip = portal_ip(p->host);
	const char *zone = strchr(p->host, '%');

	memset(a, 0, sizeof(*a));
	if (ip.size == 4) {
		a->in.sin_family = AF_INET;
		a->in.sin_port = htons(p->port);
		memcpy(&a->in.sin_addr, ip.bytes, 4);
		return sizeof(a->in);
	}
	if (ip.size != 16)
		return 0;
	a->in6.sin6_family = AF_INET6;
	a->in6.sin6_port = htons(p->port);
	memcpy(&a->in6.sin6_addr, ip.bytes, 16);
	a->in6.sin6_scope_id = zone ? if_nametoindex(zone + 1) : 0;
	return sizeof(a->in6);
}

/* The socket that connects, or -1 with the result of the probe set. */
static int begin(struct probe *p)
{
	union socket_address address;
	socklen_t size = socket_address(p, &address);
	int fd;

	p->result = 0;
	if (!size)
		return -1;
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		p->result = -errno;
		return -1;
	}
	if (connect(fd, &address.any, size) < 0) {
		p->result = -errno;
		if (errno == EINPROGRESS)
			return fd;
	}
	close(fd);
	return -1;
}

static void end(struct probe *p, int fd)
{
	socklen_t size = sizeof(int);
	int error = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		error = errno;
	p->result = -error;
	close(fd);
}

static int wait_for(struct pollfd *fds, size_t count, uint64_t until)
{
	uint64_t now = host_now();

	if (now >= until)
		return 0;
	return poll(fds, count, (int)((until - now) / 1000000 + 1));
}

static void finish_ready(struct probe *probes, struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i].fd >= 0 && fds[i].revents) {
			end(&probes[i], fds[i].fd);
			fds[i].fd = -1;
		}
}

static size_t count_open(const struct pollfd *fds, size_t count)
{
	size_t open = 0;

	for (size_t i = 0; i < count; i++)
		open += fds[i].fd >= 0;
	return open;
}

static void give_up(struct probe *probes, struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i].fd >= 0) {
			close(fds[i].fd);
			probes[i].result = -ETIMEDOUT;
		}
}

void probe_portals(struct probe *probes, size_t count, uint64_t deadline)
{
	_cleanup_free_ struct pollfd *fds = calloc(count + 1, sizeof(*fds));
	uint64_t now = host_now();
	uint64_t until = now + (deadline > now ? (deadline - now) / 3 : 0);
	int n;

	if (!fds)
		return;
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = begin(&probes[i]), .events = POLLOUT };
	while (count_open(fds, count)) {
		n = wait_for(fds, count, until);
		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		if (n > 0)
			finish_ready(probes, fds, count);
	}
	give_up(probes, fds, count);
}
