/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * statistics.h - counters: traffic from the kernel, errors from its announcements.
 */
#ifndef LINUX_STATISTICS_H
#define LINUX_STATISTICS_H

#include <stdint.h>

/* A connection of a session failed; called by the listener, without the lock of the plugin. */
void statistics_connection_error(uint32_t sid, uint32_t error);

/* At the end of the plugin. */
void statistics_forget(void);

#endif
