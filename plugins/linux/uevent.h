/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uevent.h - what the kernel announces about devices (NETLINK_KOBJECT_UEVENT).
 */
#ifndef LINUX_UEVENT_H
#define LINUX_UEVENT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A socket that receives every announcement of the kernel, not blocking; or -errno. Only where
 * all of them arrive: not in a user namespace of its own.
 */
int uevents_open(void);

/* Reads all that is waiting. True if something that belongs to an iSCSI session may have changed. */
bool uevents_drain(int fd);

struct uevent {
	const char *action; /* "add", "remove", "change", ... */
	const char *path;   /* "/devices/platform/host0/session1/..." */
	const char *subsystem;
	bool resized;	   /* a disk changed its size, or the target says that a LU did */
	bool luns_changed; /* the target says that it has other LUNs now */
};

/* Splits one message in place; false if it is none. */
bool uevent_parse(char *message, size_t size, struct uevent *event);

/* Receives the next message that comes from the kernel: its size, 0 if none, -ENOBUFS if lost. */
int uevent_receive(int fd, char *message, size_t size);

/* Whether the device of an announcement is part of an iSCSI session. */
bool uevent_is_ours(const struct uevent *event);

#endif
