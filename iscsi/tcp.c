// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * tcp.c - a session's socket.
 *
 * While connecting there is a struct attempt with the addresses that are left to try; a
 * connected or idle object is small. Callbacks into the session may free this object: hold()
 * and release() keep its memory until they have returned.
 */
#include "iscsi/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "iscsi/error.h"
#include "iscsi/loop.h"
#include "iscsi/resolve.h"
#include "shared/cleanup.h"

struct attempt {
	struct iscsi_lookup *lookup;
	union iscsi_address address[ISCSI_ADDRESSES_MAX];
	size_t count, next;
	uint64_t deadline; /* of all of it */
	uint64_t until;	   /* for the address that is being tried */
	bool named;	   /* the portal was given by name */
	bool over;	   /* nothing is left to try; error says why */
	struct iscsi_error error;
	char host[ISCSI_HOST_MAX + 1];
};

struct tcp {
	struct iscsi_io io;
	struct iscsi_watch watch;
	struct iscsi_timer timer;
	struct iscsi_loop *loop;
	struct iscsi_resolver *resolver;
	struct attempt *attempt; /* NULL if not connecting */
	uint64_t wake;		 /* when the session wants its tick */
	int fd;
	unsigned int busy;
	bool blocked; /* the session waits until it may send */
	bool dead;
};

static struct tcp *tcp_of(struct iscsi_io *io)
{
	return (struct tcp *)io;
}

static void hold(struct tcp *tcp)
{
	tcp->busy++;
}

static void release(struct tcp *tcp)
{
	if (!--tcp->busy && tcp->dead)
		free(tcp);
}

/* One timer serves both the session and the attempt. */
static void set_timer(struct tcp *tcp)
{
	uint64_t when = tcp->wake;

	if (tcp->attempt && tcp->attempt->until < when)
		when = tcp->attempt->until;
	iscsi_loop_timer(tcp->loop, &tcp->timer, when);
}

static void close_socket(struct tcp *tcp)
{
	if (tcp->fd < 0)
		return;
	iscsi_loop_close(tcp->loop, &tcp->fd, &tcp->watch);
	tcp->blocked = false;
}

static void end_attempt(struct tcp *tcp)
{
	if (!tcp->attempt)
		return;
	iscsi_resolve_cancel(tcp->attempt->lookup);
	free(steal(tcp->attempt));
	set_timer(tcp);
}

/* --- Connecting -------------------------------------------------------------------------- */

/* The address by number, if the portal was given by name and that says more. */
static void describe(const struct attempt *attempt, char *out, size_t size)
{
	const union iscsi_address *address = &attempt->address[attempt->next - 1];
	char host[NI_MAXHOST];

	out[0] = 0;
	if (attempt->named && !getnameinfo(&address->any, iscsi_address_size(address),
					   host, sizeof(host), NULL, 0, NI_NUMERICHOST))
		snprintf(out, size, " (%.64s)", host);
}

static void note_failure(struct attempt *attempt, int err)
{
	char where[80];

	describe(attempt, where, sizeof(where));
	iscsi_error_set(&attempt->error,
			err == -ETIMEDOUT ? ISCSI_FAILED_TIMEOUT : ISCSI_FAILED_CONNECT,
			err, "%s%s",
			err == -ETIMEDOUT ? "no answer to the connection request"
					  : strerror(-err),
			where);
}

static int open_socket(struct tcp *tcp, const union iscsi_address *address)
{
	int one = 1;
	int fd = socket(address->any.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	tcp->fd = fd;
	/* Requests are small and wait for answers: never delay one. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, &address->any, iscsi_address_size(address)) &&
	    errno != EINPROGRESS) {
		int err = -errno;

		close(fd);
		tcp->fd = -1;
		return err;
	}
	return 0;
}

static int try_address(struct tcp *tcp, const union iscsi_address *address)
{
	int err = open_socket(tcp, address);

	if (err)
		return err;
	err = iscsi_loop_watch(tcp->loop, tcp->fd, &tcp->watch);
	if (err)
		close_socket(tcp);
	return err;
}

/* Each address that is left gets an equal share of the time that is left. */
static uint64_t share(const struct attempt *attempt)
{
	uint64_t now = iscsi_loop_now();
	uint64_t left = attempt->deadline > now ? attempt->deadline - now : 0;
	size_t addresses = attempt->count - attempt->next + 1;

	if (attempt->deadline == ISCSI_NO_DEADLINE)
		return addresses == 1 ? ISCSI_NO_DEADLINE : now + 10000000000ULL;
	return now + left / addresses;
}

/* Begin with the next address that can be begun with. Never calls the session. */
static void try_next(struct tcp *tcp)
{
	struct attempt *attempt = tcp->attempt;
	int err = -EDESTADDRREQ;

	close_socket(tcp);
	while (err && attempt->next < attempt->count) {
		attempt->next++;
		attempt->until = share(attempt);
		err = try_address(tcp, &attempt->address[attempt->next - 1]);
		if (err)
			note_failure(attempt, err);
	}
	if (err) {
		attempt->over = true;
		attempt->until = 0;
	}
	set_timer(tcp);
}

static void resolved(void *user, const union iscsi_address *addresses, size_t count,
		     int code, int system_error)
{
	struct tcp *tcp = user;
	struct attempt *attempt = tcp->attempt;

	attempt->lookup = NULL;
	if (count) {
		memcpy(attempt->address, addresses, count * sizeof(*addresses));
		attempt->count = count;
		try_next(tcp);
		return;
	}
	iscsi_error_set(&attempt->error, ISCSI_FAILED_RESOLVE,
			code == EAI_SYSTEM ? -system_error : -EHOSTUNREACH,
			"the name %.128s cannot be resolved: %s", attempt->host,
			code == EAI_SYSTEM ? strerror(system_error) : gai_strerror(code));
	attempt->over = true;
	attempt->until = 0;
	set_timer(tcp);
}

static int begin(struct tcp *tcp, const struct iscsi_portal *portal)
{
	struct attempt *attempt = tcp->attempt;

	memcpy(attempt->host, portal->host, sizeof(attempt->host));
	if (!iscsi_address_parse(portal->host, portal->port, &attempt->address[0])) {
		attempt->count = 1;
		try_next(tcp);
		return 0;
	}
	if (!tcp->resolver)
		return -EINVAL;
	attempt->named = true;
	attempt->until = attempt->deadline;
	set_timer(tcp);
	return iscsi_resolve(tcp->resolver, portal->host, portal->port, resolved, tcp,
			     &attempt->lookup);
}

static int tcp_connect(struct iscsi_io *io, const struct iscsi_portal *portal,
		       uint64_t deadline)
{
	struct tcp *tcp = tcp_of(io);
	int err;

	tcp->attempt = calloc(1, sizeof(*tcp->attempt));
	if (!tcp->attempt)
		return -ENOMEM;
	tcp->attempt->deadline = deadline;
	err = begin(tcp, portal);
	if (err)
		end_attempt(tcp);
	return err;
}

static void connected(struct tcp *tcp)
{
	end_attempt(tcp);
	iscsi_session_connected(tcp->io.session, NULL);
}

static void gave_up(struct tcp *tcp)
{
	struct iscsi_error error = tcp->attempt->error;

	close_socket(tcp);
	end_attempt(tcp);
	iscsi_session_connected(tcp->io.session, &error);
}

static void attempt_failed(struct tcp *tcp, int err)
{
	note_failure(tcp->attempt, err);
	try_next(tcp);
}

/* The socket has become writable or failed. */
static void check_attempt(struct tcp *tcp, uint32_t events)
{
	int err = 0;
	socklen_t size = sizeof(err);

	if (events & (EPOLLERR | EPOLLHUP) &&
	    getsockopt(tcp->fd, SOL_SOCKET, SO_ERROR, &err, &size))
		err = errno;
	if (err)
		attempt_failed(tcp, -err);
	else
		connected(tcp);
}

static void attempt_timed_out(struct tcp *tcp)
{
	struct attempt *attempt = tcp->attempt;

	if (attempt->over) {
		gave_up(tcp);
	} else if (attempt->lookup) {
		iscsi_resolve_cancel(steal(attempt->lookup));
		iscsi_error_set(&attempt->error, ISCSI_FAILED_TIMEOUT, -ETIMEDOUT,
				"the name %.128s was not resolved before the deadline",
				attempt->host);
		gave_up(tcp);
	} else {
		attempt_failed(tcp, -ETIMEDOUT);
	}
}

/* --- Events ------------------------------------------------------------------------------ */

#define GONE (EPOLLRDHUP | EPOLLHUP | EPOLLERR)

/*
 * The session reads until a short read. If the end of the stream came together with data there
 * is no second event for it: look once more.
 */
static void transfer(struct tcp *tcp, uint32_t events)
{
	int fd = tcp->fd;

	if (events & EPOLLOUT && tcp->blocked) {
		tcp->blocked = false;
		iscsi_session_writable(tcp->io.session);
	}
	if (events & (EPOLLIN | GONE) && !tcp->dead && tcp->fd == fd)
		iscsi_session_readable(tcp->io.session);
	if (events & GONE && !tcp->dead && tcp->fd == fd && !tcp->attempt)
		iscsi_session_readable(tcp->io.session);
}

static void ready(struct iscsi_watch *watch, uint32_t events)
{
	struct tcp *tcp = (struct tcp *)((char *)watch - offsetof(struct tcp, watch));

	hold(tcp);
	if (!tcp->attempt)
		transfer(tcp, events);
	else if (events & (EPOLLOUT | GONE))
		check_attempt(tcp, events);
	release(tcp);
}

static void fire(struct iscsi_timer *timer)
{
	struct tcp *tcp = (struct tcp *)((char *)timer - offsetof(struct tcp, timer));
	uint64_t now = iscsi_loop_now();

	hold(tcp);
	if (tcp->attempt && tcp->attempt->until <= now)
		attempt_timed_out(tcp);
	if (!tcp->dead && tcp->wake <= now) {
		tcp->wake = ISCSI_NO_DEADLINE;
		iscsi_session_tick(tcp->io.session);
	}
	if (!tcp->dead)
		set_timer(tcp);
	release(tcp);
}

/* --- What the session asks for ----------------------------------------------------------- */

/* For one piece there are calls that are cheaper. */
static ssize_t send_pieces(int fd, const struct iovec *iov, int count)
{
	struct msghdr message = { .msg_iov = (struct iovec *)(uintptr_t)iov,
				  .msg_iovlen = (size_t)count };
	ssize_t n;

	do
		n = count == 1 ? send(fd, iov->iov_base, iov->iov_len, MSG_NOSIGNAL)
			       : sendmsg(fd, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static ssize_t tcp_send(struct iscsi_io *io, const struct iovec *iov, int count)
{
	struct tcp *tcp = tcp_of(io);
	ssize_t n = send_pieces(tcp->fd, iov, count);
	size_t total = 0;

	for (int i = 0; i < count; i++)
		total += iov[i].iov_len;
	if (n == -EAGAIN || (n >= 0 && (size_t)n < total))
		tcp->blocked = true;
	return n;
}

static ssize_t tcp_recv(struct iscsi_io *io, const struct iovec *iov, int count)
{
	int fd = tcp_of(io)->fd;
	ssize_t n;

	do
		n = count == 1 ? recv(fd, iov->iov_base, iov->iov_len, 0)
			       : readv(fd, iov, count);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static void tcp_close(struct iscsi_io *io)
{
	close_socket(tcp_of(io));
	end_attempt(tcp_of(io));
}

static void tcp_free(struct iscsi_io *io)
{
	struct tcp *tcp = tcp_of(io);

	tcp_close(io);
	iscsi_loop_unreserve(tcp->loop, &tcp->timer);
	tcp->dead = true;
	hold(tcp);
	release(tcp);
}

static uint64_t tcp_now(struct iscsi_io *io)
{
	(void)io;
	return iscsi_loop_now();
}

static void tcp_wake_at(struct iscsi_io *io, uint64_t when)
{
	tcp_of(io)->wake = when;
	set_timer(tcp_of(io));
}

static int tcp_random(struct iscsi_io *io, void *out, size_t size)
{
	(void)io;
	return getrandom(out, size, 0) == (ssize_t)size ? 0 : -EIO;
}

static const struct iscsi_io_ops tcp_ops = {
	.connect = tcp_connect,
	.send = tcp_send,
	.recv = tcp_recv,
	.close = tcp_close,
	.free = tcp_free,
	.now = tcp_now,
	.wake_at = tcp_wake_at,
	.random = tcp_random,
};

int iscsi_tcp_new(struct iscsi_loop *loop, struct iscsi_resolver *resolver,
		  struct iscsi_io **io)
{
	struct tcp *tcp = calloc(1, sizeof(*tcp));

	if (!tcp)
		return -ENOMEM;
	if (iscsi_loop_reserve(loop, &tcp->timer)) {
		free(tcp);
		return -ENOMEM;
	}
	tcp->io.ops = &tcp_ops;
	tcp->io.scratch = iscsi_loop_scratch(loop, &tcp->io.scratch_size);
	tcp->watch.ready = ready;
	tcp->timer.fire = fire;
	tcp->loop = loop;
	tcp->resolver = resolver;
	tcp->wake = ISCSI_NO_DEADLINE;
	tcp->fd = -1;
	*io = &tcp->io;
	return 0;
}
