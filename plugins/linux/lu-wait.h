/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lu-wait.h - LUs of a session: waiting until they are there, and whether they may go.
 */
#ifndef LINUX_LU_WAIT_H
#define LINUX_LU_WAIT_H

#include "linux.h"

/*
 * After a login: waits until every LU the target reports is attached and has its device node,
 * or says which one is missing when the deadline is near. since: when the login was over.
 */
IMA_STATUS wait_for_lus(IMA_OID target, uint64_t since);

/* OIDs of the exposed LUs of a target that are in a list of LUNs (uint64_t), or that are not. */
IMA_STATUS exposed_lus(IMA_OID target, const struct array *luns, bool listed,
		       struct array *oids);

/* Names of the devices of a LU, to be checked without the lock: 0 or -ENOMEM. */
int add_devices(struct array *devices, const struct lu *lu);
IMA_STATUS refuse_if_in_use(const struct array *devices);

/*
 * Removes the devices of a LU, unless they are in use. keep: the target still has the LU, so it
 * keeps its OID.
 */
IMA_STATUS lu_take_away(IMA_OID lu, bool keep);

/* Without the right to do it: "cannot WHAT: ..." */
IMA_STATUS refuse_without_rights(const char *what);

#endif
