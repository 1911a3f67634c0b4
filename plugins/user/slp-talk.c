// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slp-talk.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "net.h"

#define FIRST_ROOM 4096
#define AT_ONCE	   64 /* datagrams; then others have their turn */

static struct talk *of_timer(struct iscsi_timer *timer)
{
	return (struct talk *)((char *)timer - offsetof(struct talk, timer));
}

static struct talk *of_watch(struct iscsi_watch *watch)
{
	return (struct talk *)((char *)watch - offsetof(struct talk, watch));
}

static struct talk *of_stream(struct stream *stream)
{
	return (struct talk *)((char *)stream - offsetof(struct talk, stream));
}

static void close_socket(struct talk *talk)
{
	if (talk->fd >= 0)
		iscsi_loop_close(net_own_loop(), &talk->fd, &talk->watch);
}

static void drop_answer(struct talk *talk)
{
	free(talk->answer);
	talk->answer = NULL;
	talk->answer_size = talk->answer_room = 0;
}

void talk_stop(struct talk *talk)
{
	if (!talk->is_active)
		return;
	talk->is_active = false;
	close_socket(talk);
	stream_close(&talk->stream);
	iscsi_resolve_cancel(talk->lookup);
	talk->lookup = NULL;
	iscsi_loop_unreserve(net_own_loop(), &talk->timer);
	drop_answer(talk);
}

static void __attribute__((format(printf, 4, 5)))
fail_soon(struct talk *talk, enum iscsi_failure kind, int err, const char *format, ...)
{
	char where[ADDRESS_TEXT_SIZE], what[160];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	address_format(&talk->agent, where);
	failure_set(&talk->error, kind, err, "the SLP agent %s %s", where, what);
	if (kind == ISCSI_FAILED_TIMEOUT || kind == ISCSI_FAILED_CONNECT)
		talk->error.layer = ISCSI_LAYER_TRANSPORT;
	talk->is_failed = true;
	iscsi_loop_timer(net_own_loop(), &talk->timer, 0);
}

static void fail(struct talk *talk, const struct iscsi_error *error)
{
	struct iscsi_error copy = *error;

	talk_stop(talk);
	talk->done(talk, NULL, &copy);
}

/* The bytes are of the caller, or of the talk. */
static void finish(struct talk *talk, const struct slp_message *message)
{
	uint8_t *answer = talk->answer;

	talk->answer = NULL;
	talk_stop(talk);
	talk->done(talk, message, NULL);
	free(answer);
}

/* --- TCP -------------------------------------------------------------------------------------- */

static void on_up(struct stream *stream)
{
	struct talk *talk = of_stream(stream);

	stream_send(stream, talk->request, talk->request_size);
}

static bool add_bytes(struct talk *talk, const uint8_t *data, size_t size)
{
	size_t room = talk->answer_room ? talk->answer_room : FIRST_ROOM;
	uint8_t *more;

	if (size > SLP_MESSAGE_MAX - talk->answer_size)
		return false;
	while (room < talk->answer_size + size)
		room *= 2;
	more = room > talk->answer_room ? realloc(talk->answer, room) : talk->answer;
	if (!more)
		return false;
	memcpy(more + talk->answer_size, data, size);
	talk->answer = more;
	talk->answer_room = room;
	talk->answer_size += size;
	return true;
}

static bool is_answer(const struct talk *talk, const struct slp_message *message)
{
	return message->function == SLP_SERVICE_REPLY &&
	       message->transaction == talk->transaction;
}

static void refuse(struct talk *talk, uint16_t error)
{
	fail_soon(talk, ISCSI_FAILED_REJECTED, -EACCES, "refused to answer: %s (%u)",
		  slp_error_text(error), error);
}

/* The length is that of all that came, or negative: it is no message. */
static void take_answer(struct talk *talk, int length)
{
	struct slp_message message;

	if (length < 0 || talk->answer_size > (size_t)length ||
	    slp_message_read(talk->answer, (size_t)length, &message) ||
	    !is_answer(talk, &message))
		fail_soon(talk, ISCSI_FAILED_PROTOCOL, -EPROTO,
			  "sent no valid answer to the request");
	else if (message.error)
		refuse(talk, message.error);
	else
		finish(talk, &message);
}

static void on_data(struct stream *stream, const uint8_t *data, size_t size)
{
	struct talk *talk = of_stream(stream);
	int length;

	if (talk->is_failed)
		return;
	if (!add_bytes(talk, data, size)) {
		fail_soon(talk, ISCSI_FAILED_PROTOCOL, -EMSGSIZE, "sent too much");
		return;
	}
	length = slp_message_length(talk->answer, talk->answer_size);
	if (length && (length < 0 || talk->answer_size >= (size_t)length))
		take_answer(talk, length);
}

static void on_down(struct stream *stream, const struct iscsi_error *error)
{
	struct talk *talk = of_stream(stream);

	if (!talk->is_failed)
		fail(talk, error);
}

static void use_tcp(struct talk *talk)
{
	static const struct stream_ops ops = { on_up, on_data, on_down };
	int err;

	close_socket(talk);
	iscsi_loop_timer(net_own_loop(), &talk->timer, talk->deadline);
	err = stream_open(&talk->stream, &ops, "the SLP agent", &talk->agent,
			  talk->deadline);
	if (err)
		fail_soon(talk, ISCSI_FAILED_LOCAL, err, "cannot be asked: %s",
			  strerror(-err));
}

/* --- UDP -------------------------------------------------------------------------------------- */

static void transmit(struct talk *talk)
{
	const struct slp_times *times = talk->times;
	size_t last = times->count - 1;
	uint64_t when =
		iscsi_loop_now() +
		times->after[talk->transmissions < last ? talk->transmissions : last];

	talk->transmissions++;
	/* What is not sent is as good as lost: the next one may arrive. */
	if (send(talk->fd, talk->request, talk->request_size, MSG_NOSIGNAL) < 0 &&
	    errno == ECONNREFUSED) {
		fail_soon(talk, ISCSI_FAILED_CONNECT, -ECONNREFUSED, "cannot be reached");
		return;
	}
	iscsi_loop_timer(net_own_loop(), &talk->timer,
			 when < talk->deadline ? when : talk->deadline);
}

/* False: it has ended. Datagrams that are no answer may be from anybody. */
static bool take_datagram(struct talk *talk, const uint8_t *data, size_t size)
{
	struct slp_message message;

	if (slp_message_read(data, size, &message) || !is_answer(talk, &message)) {
		talk->has_strange = true;
		return true;
	}
	if (message.is_cut)
		use_tcp(talk);
	else if (message.error)
		refuse(talk, message.error);
	else
		finish(talk, &message);
	return false;
}

/* Edge triggered: what is left is told only to who begins to watch. */
static void look_again(struct talk *talk)
{
	iscsi_loop_unwatch(net_own_loop(), talk->fd, &talk->watch);
	if (iscsi_loop_watch(net_own_loop(), talk->fd, &talk->watch))
		fail_soon(talk, ISCSI_FAILED_LOCAL, -ENOMEM, "sends too much");
}

static void on_ready(struct iscsi_watch *watch, uint32_t events)
{
	struct talk *talk = of_watch(watch);
	size_t size;
	void *buffer = iscsi_loop_scratch(net_own_loop(), &size);
	ssize_t n;

	(void)events;
	if (talk->is_failed)
		return;
	for (int i = 0; i < AT_ONCE; i++) {
		n = recv(talk->fd, buffer, size, 0);
		if (n >= 0 && !take_datagram(talk, buffer, (size_t)n))
			return;
		if (n >= 0 || errno == EINTR)
			continue;
		if (errno == ECONNREFUSED)
			fail_soon(talk, ISCSI_FAILED_CONNECT, -ECONNREFUSED,
				  "cannot be reached");
		return;
	}
	look_again(talk);
}

/* Connected: the system sorts out what others send. */
static int open_udp(struct talk *talk)
{
	int fd = socket(talk->address.any.sa_family,
			SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -errno;
	if (connect(fd, &talk->address.any, iscsi_address_size(&talk->address)))
		err = -errno;
	else
		err = iscsi_loop_watch(net_own_loop(), fd, &talk->watch);
	if (err)
		close(fd);
	else
		talk->fd = fd;
	return err;
}

static void use_udp(struct talk *talk)
{
	int err = open_udp(talk);

	if (err)
		fail_soon(talk, ISCSI_FAILED_CONNECT, err, "cannot be asked: %s",
			  strerror(-err));
	else
		transmit(talk);
}

/* --- All of it ---------------------------------------------------------------------------------- */

static void on_resolved(void *user, const union iscsi_address *addresses, size_t count,
			int code, int system_error)
{
	struct talk *talk = user;

	(void)code;
	(void)system_error;
	talk->lookup = NULL;
	if (!count) {
		fail_soon(talk, ISCSI_FAILED_RESOLVE, -EHOSTUNREACH,
			  "cannot be found: its name has no address");
		return;
	}
	talk->address = addresses[0];
	use_udp(talk);
}

static void on_time(struct iscsi_timer *timer)
{
	struct talk *talk = of_timer(timer);

	if (talk->is_failed) {
		fail(talk, &talk->error);
	} else if (iscsi_loop_now() >= talk->deadline) {
		fail_soon(talk, ISCSI_FAILED_TIMEOUT, -ETIMEDOUT,
			  talk->has_strange ? "sent nothing that answers the request "
					      "until the deadline"
					    : "did not answer before the deadline");
	} else if (talk->fd >= 0) {
		transmit(talk);
	}
}

static int begin(struct talk *talk, bool with_tcp)
{
	if (with_tcp) {
		use_tcp(talk);
		return 0;
	}
	if (!iscsi_address_parse(talk->agent.host, talk->agent.port, &talk->address)) {
		use_udp(talk);
		return 0;
	}
	iscsi_loop_timer(net_own_loop(), &talk->timer, talk->deadline);
	return iscsi_resolve(net_resolver(), talk->agent.host, talk->agent.port,
			     on_resolved, talk, &talk->lookup);
}

int talk_start(struct talk *talk, bool with_tcp)
{
	int err;

	talk->watch.ready = on_ready;
	talk->timer.fire = on_time;
	talk->fd = -1;
	err = iscsi_loop_reserve(net_own_loop(), &talk->timer);
	if (err)
		return err;
	talk->is_active = true;
	err = begin(talk, with_tcp);
	if (err)
		talk_stop(talk);
	return err;
}
