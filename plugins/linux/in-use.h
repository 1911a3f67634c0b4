/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * in-use.h - does the operating system use a device?
 */
#ifndef LINUX_IN_USE_H
#define LINUX_IN_USE_H

#include <stdbool.h>
#include <stddef.h>

#include "world.h"

/*
 * Whether the device ("sda", "sg0") or one of its partitions is mounted, swapped to, held by
 * another device, or open in a process. A multipath map that nobody uses does not count, and
 * neither do the programs that watch devices. why says who: "is mounted on /data".
 */
bool device_is_in_use(const struct world *world, const char *device, char *why,
		      size_t size);

#endif
