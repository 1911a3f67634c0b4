/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * node-name.h - makes up the iSCSI name of this system.
 *
 * The unique part is a one-way hash of the machine id, so that the id itself stays private as
 * machine-id(5) asks for. A system without one is told from others by its host name and its
 * network adapters, and a system without those by a random number that is kept for the
 * process. The same system gets the same name on every call.
 */
#ifndef SHARED_NODE_NAME_H
#define SHARED_NODE_NAME_H

#include "shared/iscsi-name.h"

/* What identifies the system; tests give their own. */
struct node_name_source {
	const char *machine_id; /* a file */
	const char *net; /* a folder with one folder per adapter, each with "address" */
};

/* The naming authority of the build, a colon and 32 hexadecimal digits. source NULL: the files of this system. 0 or -errno. */
int node_name_generate(const struct node_name_source *source,
		       char name[ISCSI_NAME_MAX + 1]);

#endif
