/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * user.h - the user-space initiator as a whole, and how a call visits it.
 *
 * Every call that looks at the state is a visit: one thread at a time is inside the gate, and
 * finds what the store says at that moment, also when another process has changed it. A
 * visit that changes something is a transaction of the store. Nobody waits for the network
 * inside the gate.
 *
 * Locks, in this order: user.gate, sessions.lock, finder.lock, that of the notifier.
 */
#ifndef USER_USER_H
#define USER_USER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "gate.h"
#include "ima-plugin.h"
#include "plugin-support/host.h"
#include "plugin-support/lists.h"
#include "plugin-support/notifier.h"
#include "plugin-support/object-table.h"
#include "plugin-support/status.h"
#include "shared/cleanup.h"
#include "state.h"
#include "store.h"

struct user {
	pid_t process; /* that initialised us */
	struct gate gate;
	struct object_table *objects;
	struct notifier *notifier;
	struct store *store; /* NULL: no folder for it, nothing can be configured */
	struct object *lhba; /* the same from Initialize to Terminate */
	struct state state;
	bool is_loaded;	  /* state is what the store said at some time */
	bool is_absent;	  /* namely that there is no store */
	bool has_started; /* state was loaded before: from now on changes are events */
	char secrets_path[PATH_MAX];
};

extern struct user user;

/** struct visit - one call inside the gate */
struct visit {
	IMA_STATUS status; /* what to return at once if it is an error */
	bool is_inside, is_changing;
};

/** visit_begin - go inside to read */
struct visit visit_begin(void);

/** visit_begin_change - go inside to change the store: makes it, begins a transaction */
struct visit visit_begin_change(void);

/**
 * visit_commit - make the changes permanent
 * @reload: read the store again; otherwise the caller has changed user.state itself
 *
 * Return: status for the call.
 */
IMA_STATUS visit_commit(struct visit *visit, bool reload);

/** visit_fail - status and last error for what a store_...() function returned */
IMA_STATUS visit_fail(int err);

/** visit_end - leave; changes that were not committed are undone */
void visit_end(struct visit *visit);

#define VISIT struct visit _cleanup_(visit_end)

/** not_found - the answer for an OID that names nothing; says so in the last error */
IMA_STATUS not_found(IMA_OID oid);

bool oid_equal(IMA_OID a, IMA_OID b);

/** is_lhba - whether an OID is that of our LHBA */
bool is_lhba(IMA_OID oid);

/** shared_node - {NODE, 0, 0} */
extern const IMA_OID shared_node;

/** target_by_oid - NULL if there is none */
struct target *target_by_oid(IMA_OID oid);

#endif
