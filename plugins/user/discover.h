/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* discover.h - asking sources for targets, for IMAX_DiscoverTargets() and for finder.h. */
#ifndef USER_DISCOVER_H
#define USER_DISCOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ask.h"
#include "ima.h"

/**
 * struct run - a discovery of one source, or of all that are in use
 * @only_while_on: what is found is dropped if the method was switched off meanwhile; false
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

/** run_plan_source - the same for one source, see struct ask; not found if it is not in use */
IMA_STATUS run_plan_source(struct run *run, int64_t source);

/**
 * run_keep - when all is finished: log what failed, store what is new
 *
 * Return: success if an address answered or there was none to ask; otherwise why not.
 */
IMA_STATUS run_keep(const struct run *run);

/** run_free - release what is in it */
void run_free(struct run *run);

#endif
