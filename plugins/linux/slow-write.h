/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slow-write.h - writing attributes of sysfs that make the kernel talk to a target.
 *
 * Such a write ends when the target has answered, or when the kernel gives up on it, which may
 * take minutes. It runs in a thread of its own, which is left behind at the deadline.
 */
#ifndef LINUX_SLOW_WRITE_H
#define LINUX_SLOW_WRITE_H

#include <stdint.h>

/* As attr_write(); -ETIMEDOUT: it goes on, but nobody waits for it. */
int slow_write(int dir, const char *path, const char *text, uint64_t deadline);

#endif
