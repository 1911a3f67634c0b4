// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "failure.h"
#include "net.h"

#define GONE (EPOLLRDHUP | EPOLLHUP | EPOLLERR)

static struct stream *of_timer(struct iscsi_timer *timer)
{
	return (struct stream *)((char *)timer - offsetof(struct stream, timer));
}

static struct stream *of_watch(struct iscsi_watch *watch)
{
	return (struct stream *)((char *)watch - offsetof(struct stream, watch));
}

/* The timer has its room since stream_open(). */
static void wake_at(struct stream *stream, uint64_t when)
{
	iscsi_loop_timer(net_own_loop(), &stream->timer, when);
}

static void close_socket(struct stream *stream)
{
	if (stream->fd >= 0)
		iscsi_loop_close(net_own_loop(), &stream->fd, &stream->watch);
}

void stream_close(struct stream *stream)
{
	if (!stream->is_open)
		return;
	stream->is_open = false;
	close_socket(stream);
	iscsi_resolve_cancel(stream->lookup);
	stream->lookup = NULL;
	iscsi_loop_unreserve(net_own_loop(), &stream->timer);
}

static void note(struct stream *stream, enum iscsi_failure kind, int err,
		 const char *what)
{
	char where[ADDRESS_TEXT_SIZE];

	address_format(&stream->address, where);
	failure_set(&stream->error, kind, err, "%s %s %s", stream->peer, where, what);
	stream->error.layer = ISCSI_LAYER_TRANSPORT;
}

/* What has failed is told from the loop, not from inside a call. */
static void fail_soon(struct stream *stream)
{
	stream->is_failed = true;
	wake_at(stream, 0);
}

static void go_down(struct stream *stream)
{
	stream_close(stream);
	stream->ops->down(stream, &stream->error);
}

/* --- Connecting ------------------------------------------------------------------------------- */

static int open_socket(struct stream *stream, const union iscsi_address *address)
{
	int one = 1, err;

	stream->fd = socket(address->any.sa_family,
			    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (stream->fd < 0)
		return -errno;
	setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(stream->fd, &address->any, iscsi_address_size(address)) &&
	    errno != EINPROGRESS)
		err = -errno;
	else
		err = iscsi_loop_watch(net_own_loop(), stream->fd, &stream->watch);
	if (!err)
		return 0;
	close(stream->fd); /* not watched */
	stream->fd = -1;
	return err;
}

/* Each address that is left gets an equal share of the time that is left. */
static uint64_t share(const struct stream *stream)
{
	uint64_t now = iscsi_loop_now();
	uint64_t left = stream->deadline > now ? stream->deadline - now : 0;

	return now + left / (stream->count - stream->next + 1);
}

static void try_next(struct stream *stream)
{
	close_socket(stream);
	while (stream->next < stream->count) {
		int err = open_socket(stream, &stream->addresses[stream->next++]);

		if (!err) {
			wake_at(stream, share(stream));
			return;
		}
		note(stream, ISCSI_FAILED_CONNECT, err, "cannot be reached");
	}
	fail_soon(stream);
}

static void on_resolved(void *user, const union iscsi_address *addresses, size_t count,
			int code, int system_error)
{
	struct stream *stream = user;

	stream->lookup = NULL;
	memcpy(stream->addresses, addresses, count * sizeof(*addresses));
	stream->count = count;
	if (count) {
		try_next(stream);
		return;
	}
	note(stream, ISCSI_FAILED_RESOLVE,
	     code == EAI_SYSTEM ? -system_error : -EHOSTUNREACH,
	     "cannot be found: its name has no address");
	fail_soon(stream);
}

static void check_connection(struct stream *stream)
{
	int err = 0;
	socklen_t size = sizeof(err);

	if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &err, &size))
		err = errno;
	if (err) {
		note(stream, ISCSI_FAILED_CONNECT, -err, "cannot be reached");
		try_next(stream);
		return;
	}
	stream->is_up = true;
	wake_at(stream, stream->deadline);
	stream->ops->up(stream);
}

/* --- Sending and receiving ------------------------------------------------------------------ */

static void lose(struct stream *stream, int err)
{
	note(stream, ISCSI_FAILED_CONNECTION, err,
	     err ? "lost the connection" : "closed the connection instead of answering");
	fail_soon(stream);
}

static void flush(struct stream *stream)
{
	while (stream->out_size) {
		ssize_t n = send(stream->fd, stream->out, stream->out_size, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (errno != EAGAIN)
				lose(stream, -errno);
			return;
		}
		stream->out += n;
		stream->out_size -= (size_t)n;
	}
}

void stream_send(struct stream *stream, const uint8_t *data, size_t size)
{
	stream->out = data;
	stream->out_size = size;
	flush(stream);
}

/* Edge triggered: until there is nothing left, or the user has closed it. */
static void receive(struct stream *stream)
{
	size_t size;
	void *buffer = iscsi_loop_scratch(net_own_loop(), &size);

	while (stream->is_open && !stream->is_failed) {
		ssize_t n = recv(stream->fd, buffer, size, 0);

		if (n > 0)
			stream->ops->data(stream, buffer, (size_t)n);
		else if (!n)
			lose(stream, 0);
		else if (errno == EAGAIN)
			return;
		else if (errno != EINTR)
			lose(stream, -errno);
	}
}

static void on_ready(struct iscsi_watch *watch, uint32_t events)
{
	struct stream *stream = of_watch(watch);

	if (stream->is_failed)
		return;
	if (!stream->is_up && events & (EPOLLOUT | GONE))
		check_connection(stream);
	if (stream->is_open && stream->is_up && events & EPOLLOUT)
		flush(stream);
	if (stream->is_open && stream->is_up && events & (EPOLLIN | GONE))
		receive(stream);
}

static void on_time(struct iscsi_timer *timer)
{
	struct stream *stream = of_timer(timer);

	if (stream->is_failed) {
		go_down(stream);
		return;
	}
	note(stream, ISCSI_FAILED_TIMEOUT, -ETIMEDOUT,
	     stream->is_up ? "did not answer before the deadline"
			   : "does not accept a connection");
	if (!stream->is_up && !stream->lookup && stream->next < stream->count)
		try_next(stream);
	else
		go_down(stream);
}

int stream_open(struct stream *stream, const struct stream_ops *ops, const char *peer,
		const struct address *address, uint64_t deadline)
{
	*stream = (struct stream){ .ops = ops,
				   .peer = peer,
				   .address = *address,
				   .deadline = deadline,
				   .watch.ready = on_ready,
				   .timer.fire = on_time,
				   .fd = -1,
				   .is_open = true };
	if (iscsi_loop_reserve(net_own_loop(), &stream->timer)) {
		stream->is_open = false;
		return -ENOMEM;
	}
	if (!iscsi_address_parse(address->host, address->port, &stream->addresses[0])) {
		stream->count = 1;
		try_next(stream);
		return 0;
	}
	wake_at(stream, deadline);
	int err = iscsi_resolve(net_resolver(), address->host, address->port, on_resolved,
				stream, &stream->lookup);
	if (err)
		stream_close(stream);
	return err;
}
