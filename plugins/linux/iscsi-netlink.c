// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iscsi-netlink.c - announcements of the kernel's iSCSI transport. No locks, no state.
 *
 * A message begins with type and error (32 bits each) and a handle (64 bits). Then come two
 * unions, of requests (24 bytes) and of answers and announcements; in the second are host and
 * session, or session, connection and error.
 */
#include "iscsi-netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GROUP	    1
#define ANNOUNCED   (4 + 4 + 8 + 24) /* where the second union begins */
#define MESSAGE_MAX 16384

enum {
	KEVENT_CONN_ERROR = 102,
	KEVENT_DESTROY_SESSION = 104,
	KEVENT_UNBIND_SESSION = 105,
	KEVENT_CREATE_SESSION = 106,
	KEVENT_HOST_EVENT = 110,
};

int iscsi_events_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = GROUP };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_ISCSI);
	int err;

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

static uint32_t number(const unsigned char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

void iscsi_event_parse(const void *message, size_t size, struct iscsi_event *event)
{
	const unsigned char *body = message;

	*event = (struct iscsi_event){ .kind = ISCSI_EVENT_OTHER };
	if (size < ANNOUNCED + 12)
		return;
	switch (number(body)) {
	case KEVENT_CONN_ERROR:
		event->kind = ISCSI_EVENT_CONNECTION_ERROR;
		event->sid = number(body + ANNOUNCED);
		event->error = number(body + ANNOUNCED + 8);
		break;
	case KEVENT_DESTROY_SESSION:
		event->kind = ISCSI_EVENT_SESSION;
		event->sid = number(body + ANNOUNCED + 4);
		break;
	case KEVENT_CREATE_SESSION:
	case KEVENT_UNBIND_SESSION:
		event->kind = ISCSI_EVENT_SESSION;
		event->sid = number(body + ANNOUNCED);
		break;
	case KEVENT_HOST_EVENT:
		event->kind = ISCSI_EVENT_HOST;
		break;
	}
}

/* Programs may send to the socket too: only port 0 is the kernel. */
static ssize_t receive_from_kernel(int fd, void *message, size_t size)
{
	struct sockaddr_nl from;
	socklen_t length;
	ssize_t n;

	do {
		from = (struct sockaddr_nl){ 0 };
		length = sizeof(from);
		n = recvfrom(fd, message, size, MSG_DONTWAIT, (struct sockaddr *)&from,
			     &length);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid));
	return n;
}

static bool is_whole(const struct nlmsghdr *header, size_t size)
{
	return size >= NLMSG_HDRLEN && header->nlmsg_len >= NLMSG_HDRLEN &&
	       header->nlmsg_len <= size;
}

int iscsi_event_receive(int fd, struct iscsi_event *event)
{
	_Alignas(struct nlmsghdr) unsigned char message[MESSAGE_MAX];
	const struct nlmsghdr *header = (const void *)message;
	ssize_t n = receive_from_kernel(fd, message, sizeof(message));

	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	if (is_whole(header, (size_t)n))
		iscsi_event_parse(message + NLMSG_HDRLEN,
				  header->nlmsg_len - NLMSG_HDRLEN, event);
	else
		*event = (struct iscsi_event){ .kind = ISCSI_EVENT_OTHER };
	return 1;
}
