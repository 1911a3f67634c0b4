/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* discover.h - asking discovery addresses, for IMAX_DiscoverTargets() and for finder.h. */
#ifndef USER_DISCOVER_H
#define USER_DISCOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ima.h"
#include "iscsi/iscsi.h"
#include "link.h"
#include "login.h"
#include "net.h"
#include "plugin-support/address.h"
#include "vector.h"

/**
 * struct ask - one address that is asked
 * @finished: called on the loop's thread, last of all
 * @user: for whoever set it
 * @source: row of the address
 * @found: what it said, valid when it is finished
 * @error: kind NOTHING: the answer is complete
 *
 * It belongs to the loop's thread from ask_start() until finished is called.
 */
struct ask {
	struct iscsi_work work;
	struct link link;
	struct login login;
	struct iscsi_discovery discovery;
	void (*finished)(struct ask *ask);
	void *user;
	struct address address;
	int64_t source;
	struct vector found;
	struct iscsi_error error;
	bool is_answered, is_short_of_memory;
	bool is_unwanted; /* cancelled before it began */
};

/**
 * struct run - a discovery of one address, or of all that are in use
 * @only_while_on: what is found is dropped if SendTargets was switched off meanwhile; false
 *     if a client asked for this very address
 */
struct run {
	struct ask *asks;
	size_t count;
	bool with_static_targets;
	bool only_while_on;
};

/** run_plan - what to ask for an LHBA or discovery address; status, last error set */
IMA_STATUS run_plan(struct run *run, IMA_OID oid);

/** ask_start - begin */
void ask_start(struct ask *ask, struct iscsi_loop *loop);

/** ask_cancel - finished is called soon; loop's thread */
void ask_cancel(struct ask *ask);

/**
 * run_keep - when all is finished: log what failed, store what is new
 *
 * Return: success if an address answered or there was none to ask; otherwise why not.
 */
IMA_STATUS run_keep(const struct run *run);

/** run_free - release what is in it */
void run_free(struct run *run);

#endif
