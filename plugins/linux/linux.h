/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * linux.h - the plugin: its state, and how an entry point gets at an object.
 *
 * Locks: plugin.lock guards the model and everything in it. It is never held while a program
 * runs, a SCSI command is under way or something is waited for: an entry point copies what it
 * needs, unlocks, works, and looks again. The notifier's queue may be filled with it held.
 */
#ifndef LINUX_LINUX_H
#define LINUX_LINUX_H

#include <pthread.h>

#include "ima-plugin.h"
#include "iscsiadm.h"
#include "model.h"
#include "plugin-support/host.h"
#include "plugin-support/lists.h"
#include "plugin-support/status.h"
#include "ports.h"
#include "shared/cleanup.h"

struct plugin {
	pthread_mutex_t lock;
	IMA_UINT32 owner;
	struct world world;
	struct object_table *table;
	struct notifier *notifier;
	struct source source;
	struct ports ports;
};

extern struct plugin plugin;

/*
 * The object with an OID as the model has it now; the lock is held. Not found, or a state that
 * cannot be read: NULL, and *status says why.
 */
void *find_object(IMA_OID oid, enum freshness freshness, IMA_STATUS *status);

/* The same as it was at that time (host_now()) or later. */
void *find_object_since(IMA_OID oid, uint64_t since, IMA_STATUS *status);

/* The status of a state that cannot be read, with a last-error record. */
IMA_STATUS refresh_failed(int err);

/* {NODE, 0, 0}, or the node an LHBA has of its own. */
IMA_OID node_oid(const struct lhba *lhba);

/* Whether the connections of an LHBA take a way this process cannot try. */
bool lhba_is_bound(const struct lhba *lhba);

/* The PHBA with an OID; the lock is held. */
void *find_adapter(IMA_OID oid, IMA_STATUS *status);

/* A copy of who a target is, for work without the lock. */
struct target_id {
	char iface[256], name[256];
	IMA_OID oid;
};

/*
 * A list of what targets have: add() is called for the target with the OID, or for all of an LHBA,
 * with the lock held.
 */
IMA_STATUS list_of_targets(IMA_OID oid,
			   int (*add)(struct oid_list *list, const struct target *target),
			   IMA_OID_LIST **ppList);

void target_id_of(const struct target *target, struct target_id *id);
IMA_STATUS find_target_id(IMA_OID oid, struct target_id *id);

#endif
