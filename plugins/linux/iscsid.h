/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * iscsid.h - is open-iscsi's daemon there? Looked at from outside: nothing is sent to it.
 */
#ifndef LINUX_ISCSID_H
#define LINUX_ISCSID_H

#include "world.h"

struct iscsid {
	char pid[16];	/* of one of its processes; empty: none is visible */
	bool stopped;	/* by a signal or a debugger: it answers nobody */
	bool replaced;	/* its program is not the one that is installed now */
	bool listening; /* somebody is there for iscsiadm in this network namespace */
	bool unknown;	/* which sockets there are is not readable */
};

void iscsid_look(const struct world *world, struct iscsid *iscsid);
bool iscsid_runs(const struct world *world);

#endif
