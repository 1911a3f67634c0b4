/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wait.h - until the logical units of a target are there.
 */
#ifndef IMACTL_WAIT_H
#define IMACTL_WAIT_H

#include "find.h"

/*
 * Waits until every logical unit the target reports is exposed, and has a device if the LHBA
 * belongs to the operating system and the LU is of a kind that gets one; until --timeout, or
 * for WAIT_SECONDS. EXIT_DONE, or what is missing in *failure. Safe in any thread.
 */
enum exit_code lus_wait(struct context *c, const struct target *target,
			struct failure *failure);
#define WAIT_SECONDS 30

#endif
