/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lu.h - logical units. */
#ifndef USER_LU_H
#define USER_LU_H

#include "ima.h"

struct target;

/**
 * lu_scan - ask a target for its LUs and take note of them; outside of the gate
 *
 * LUs it does not report any more are gone. If the process has a session with the target, its
 * LUs become those that are exposed. Return: status, last error set.
 */
IMA_STATUS lu_scan(IMA_OID target);

/** lu_forget_all - a target is gone, and its LUs with it; in the gate */
void lu_forget_all(struct target *target);

#endif
