// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * uevent.c - announcements of the kernel. No locks, no state.
 */
#include "uevent.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/cleanup.h"

#define KERNEL_GROUP   1
#define RECEIVE_BUFFER (1024 * 1024)
#define MESSAGE_SIZE   8192

/* "0 0 4294967295" with any number of blanks between. */
static bool is_first_map(const char *line)
{
	static const char *const words[] = { "0", "0", "4294967295" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = strlen(words[i]);

		line += strspn(line, " ");
		if (strncmp(line, words[i], n) || strcspn(line, " \n") != n)
			return false;
		line += n;
	}
	return true;
}

/* The kernel sends announcements to network namespaces of the first user namespace only. */
static bool in_first_user_namespace(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/uid_map", "re");
	char line[128];

	return !file || (fgets(line, sizeof(line), file) && is_first_map(line));
}

int uevents_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = KERNEL_GROUP };
	int size = RECEIVE_BUFFER, err;
	int fd;

	if (!in_first_user_namespace())
		return -EPERM;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    NETLINK_KOBJECT_UEVENT);
	if (fd < 0)
		return -errno;
	/* As much as may be had; what does not fit is noticed as lost. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int uevent_receive(int fd, char *message, size_t size)
{
	struct sockaddr_nl from = { 0 };
	socklen_t length = sizeof(from);
	ssize_t n;

	do {
		length = sizeof(from);
		n = recvfrom(fd, message, size - 1, MSG_DONTWAIT,
			     (struct sockaddr *)&from, &length);
		/* Programs may send to the socket too: only port 0 is the kernel. */
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid));
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	message[n] = 0;
	return (int)n;
}

static void take_value(struct uevent *event, const char *line)
{
	if (!strncmp(line, "ACTION=", 7))
		event->action = line + 7;
	else if (!strncmp(line, "DEVPATH=", 8))
		event->path = line + 8;
	else if (!strncmp(line, "SUBSYSTEM=", 10))
		event->subsystem = line + 10;
	else if (!strcmp(line, "RESIZE=1") ||
		 !strcmp(line, "SDEV_UA=CAPACITY_DATA_HAS_CHANGED"))
		event->resized = true;
	else if (!strcmp(line, "SDEV_UA=REPORTED_LUNS_DATA_HAS_CHANGED"))
		event->luns_changed = true;
}

bool uevent_parse(char *message, size_t size, struct uevent *event)
{
	char *end = message + size;

	*event = (struct uevent){ .action = "", .path = "", .subsystem = "" };
	/* The first line is "action@path"; the same follows as variables. */
	for (char *line = message; line < end; line += strlen(line) + 1)
		take_value(event, line);
	return *event->action && *event->path;
}

bool uevent_is_ours(const struct uevent *event)
{
	return strstr(event->path, "/session") != NULL;
}

bool uevents_drain(int fd)
{
	char message[MESSAGE_SIZE];
	struct uevent event;
	bool ours = false;
	int n;

	while ((n = uevent_receive(fd, message, sizeof(message))) != 0) {
		if (n == -ENOBUFS)
			ours = true;
		else if (n < 0)
			return true;
		else if (uevent_parse(message, (size_t)n, &event))
			ours |= uevent_is_ours(&event);
	}
	return ours;
}
