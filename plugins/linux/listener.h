/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * listener.h - a thread that hears of changes: from the kernel (uevents, iSCSI netlink), and of
 * files of open-iscsi (inotify). It brings the model up to date, which makes the events.
 */
#ifndef LINUX_LISTENER_H
#define LINUX_LISTENER_H

#include <stdbool.h>

/* Starts the thread if it does not run. 0 or -errno. */
int listener_start(void);

/* Whether it hears of failed connections, which the kernel tells to root only. */
bool listener_hears_failures(void);

/* Ends it and waits for its end. Not with the lock of the plugin held. */
void listener_stop(void);

#endif
