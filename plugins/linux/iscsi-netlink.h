/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * iscsi-netlink.h - what the kernel's iSCSI transport announces (NETLINK_ISCSI, group 1).
 *
 * Only listened to: requests are iscsid's matter.
 */
#ifndef LINUX_ISCSI_NETLINK_H
#define LINUX_ISCSI_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum iscsi_event_kind {
	ISCSI_EVENT_OTHER,
	ISCSI_EVENT_CONNECTION_ERROR,
	ISCSI_EVENT_SESSION, /* created, destroyed, unbound */
	ISCSI_EVENT_HOST,    /* link of an adapter up or down */
};

struct iscsi_event {
	enum iscsi_event_kind kind;
	uint32_t sid;	/* of a connection or session */
	uint32_t error; /* 1000 and up, as in the kernel's log */
};

/* A socket, not blocking, or -errno: -EPERM without the right to administer the network. */
int iscsi_events_open(void);

/* The next event: 1, 0 if there is none, -ENOBUFS if some were lost, or -errno. */
int iscsi_event_receive(int fd, struct iscsi_event *event);

/* One message. */
void iscsi_event_parse(const void *message, size_t size, struct iscsi_event *event);

#endif
