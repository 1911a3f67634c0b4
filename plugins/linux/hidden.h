/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hidden.h - LUs that were taken away from the operating system, and are to stay away.
 *
 * The kernel attaches every LU of a target when it looks for them. So what was taken away is
 * remembered in a file of the plugin, and taken away again after each login and each look for LUs
 * that goes through the plugin. What other programs attach stays until then.
 */
#ifndef LINUX_HIDDEN_H
#define LINUX_HIDDEN_H

#include <stdbool.h>

#include "linux.h"

/* Remembers a LU, or forgets it. 0 or -errno. */
int hidden_set(const struct target_id *id, uint64_t lun, bool hidden);

/* The LUNs (uint64_t) of a target that are to stay away; none if that cannot be read. */
void hidden_luns(IMA_OID target, struct array *luns);

/* Takes away those of them that are attached; devices in use stay. */
IMA_STATUS hidden_take_away(IMA_OID target, const struct array *luns);

/* Takes those of them out of a list. */
void hidden_leave_out(const struct array *hidden, struct array *luns);

#endif
