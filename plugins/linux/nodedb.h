/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nodedb.h - what open-iscsi's database says there is: targets, portals, interfaces, discovery.
 *
 * A snapshot of names; what a record says is read when it is asked for (record.h). Folders:
 *
 *	nodes/TARGET/HOST,PORT,TPGT/IFACE	a node record
 *	nodes/TARGET/HOST,PORT			the same in the form for an unknown TPGT
 *	send_targets/HOST,PORT/, isns/HOST,PORT/, static/, fw/, slp/
 *		with links TARGET,HOST,PORT,TPGT,IFACE for what that source found
 *	ifaces/IFACE				an interface
 *
 * A snapshot belongs to the one who made it and does not change.
 */
#ifndef LINUX_NODEDB_H
#define LINUX_NODEDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "arena.h"
#include "portal.h"

/* How a node record came to be: the flags of the API, and which of them a user made by hand. */
#define DB_METHOD_BY_HAND 0x80
#define DB_METHOD_FLAGS	  0x0f

/* One node record: an interface may log in to a target at a portal. */
struct db_node {
	const char *iface, *target;
	struct portal portal;
	uint8_t methods; /* DB_METHOD_... of the links and records that lead here */
	bool old_form;	 /* a file where the folder of a portal would be */
	uint8_t found;	 /* of the methods that found it too: see found.h */
};

/* A place to ask: a SendTargets address or an iSNS server. */
struct db_source {
	struct portal portal; /* without TPGT */
};

/* What an interface record says, as far as it decides about objects. Empty texts are NULL. */
struct db_iface {
	const char *name;
	const char *transport;
	const char *initiator_name;
	const char *hwaddress, *netdev, *ipaddress;
};

struct nodedb {
	struct arena arena;
	struct db_node *nodes; /* sorted by interface, target, portal */
	size_t node_count;
	struct db_source *send_targets, *isns;
	size_t send_targets_count, isns_count;
	struct db_iface *ifaces; /* records only; "default" needs none */
	size_t iface_count;
	bool denied; /* this user may not read it, or not all of it */
};

/* Above this many targets, folders are not opened if the links of discovery explain them. */
#define NODEDB_WALK_MAX 64

/*
 * Reads the database below root. A part that is not there is empty; one that may not be read
 * sets denied. 0, -ENOMEM or another negative errno.
 */
int nodedb_read(int root, struct nodedb *db);
void nodedb_free(struct nodedb *db);

/*
 * Time stamps of the folders in which something changes when anything is added or removed;
 * equal stamps mean that the names are the same, unless a change was so recent that
 * the clock of the file system could hide another one.
 */
struct db_stamp {
	struct timespec newest;
	uint64_t sum;
};

int nodedb_stamp(int root, struct db_stamp *stamp);

/* "nodes/TARGET/HOST,PORT,TPGT/IFACE", or the old form. 0 or -ENAMETOOLONG. */
int node_path(const struct db_node *node, char *path, size_t size);

#endif
