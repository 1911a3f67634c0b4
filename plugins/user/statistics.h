/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* statistics.h - switches and numbers of targets and LUs; the numbers are in tally.h. */
#ifndef USER_STATISTICS_H
#define USER_STATISTICS_H

#include <stdbool.h>

struct switches;
struct target;

/** switches_set_lu - lun as in the store; 0, -EINVAL or -ENOMEM */
int switches_set_lu(struct switches *switches, const char *lun, bool is_off);

/**
 * statistics_switched - the switches of a target are others now; in the gate
 *
 * Tells what was switched; what was switched on counts from zero.
 */
void statistics_switched(const struct target *target, const struct switches *old,
			 const struct switches *fresh);

#endif
