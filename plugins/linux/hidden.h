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

/* Takes away what is attached and should not be; devices in use stay. luns: without those. */
IMA_STATUS hidden_take_away(IMA_OID target);
void hidden_leave_out(IMA_OID target, struct array *luns);

#endif
