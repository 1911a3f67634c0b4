/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ask.h - one source that is asked for targets: a discovery address, an iSNS server, SLP agents.
 *
 * An ask is planned inside the gate, where everything it needs is copied, and then belongs to the
 * loop's thread from ask_start() until finished is called.
 */
#ifndef USER_ASK_H
#define USER_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ima.h"
#include "iscsi/iscsi.h"
#include "iscsi/loop.h"
#include "plugin-support/address.h"
#include "state.h"
#include "vector.h"

#define ASK_TARGETS_MAX 200000U

struct ask;

/** struct found - a target as a source reported it */
struct found {
	size_t portal_count;
	struct address *portals;
	char *alias; /* NULL: not said */
	char name[];
};

/**
 * struct ask_method - how a source is asked
 * @start: loop's thread; leads to ask_finish(), later or at once
 * @cancel: loop's thread, after start; the same, soon
 * @release: what the plan has made
 */
struct ask_method {
	void (*start)(struct ask *ask);
	void (*cancel)(struct ask *ask);
	void (*release)(void *own);
};

/**
 * struct ask - one source that is asked
 * @finished: called on the loop's thread, last of all
 * @user: for whoever set it
 * @own: the method's
 * @source: row of the address, or enum source
 * @address: of a discovery address, or of a configured server
 * @begun: when it was planned: answers that overtake each other are told apart by it
 * @found: what it said, valid when it is finished
 * @error: kind NOTHING: the answer is complete
 */
struct ask {
	struct iscsi_work work;
	const struct ask_method *method;
	void *own;
	void (*finished)(struct ask *ask);
	void *user;
	struct address address;
	int64_t source;
	uint64_t begun, deadline;
	struct vector found;
	struct iscsi_error error;
	bool is_unwanted; /* cancelled, maybe before it began */
	bool has_started, is_over;
};

/** ask_plan_... - inside the gate; status, last error set; to be released in any case */
IMA_STATUS ask_plan_send_targets(struct ask *ask, const struct discovery_address *known,
				 uint64_t deadline);
IMA_STATUS ask_plan_isns(struct ask *ask, uint64_t deadline);
IMA_STATUS ask_plan_slp(struct ask *ask, uint64_t deadline);

void ask_release(struct ask *ask);

/** ask_start - begin; any thread */
void ask_start(struct ask *ask, struct iscsi_loop *loop);

/** ask_cancel - finished is called soon; loop's thread; nothing happens if it is over */
void ask_cancel(struct ask *ask);

/* --- For the methods, on the loop's thread ---------------------------------------------------- */

/** ask_found - a target; the portals are copied; 0, -ENOMEM, -EMSGSIZE (too many) */
int ask_found(struct ask *ask, const char *name, const struct address *portals,
	      size_t count, const char *alias);

/**
 * ask_finish - the answer is complete (NULL), or will never be
 *
 * finished is called later: what belongs to the ask is still there when this returns. Nothing may
 * be watched, timed or looked up any more.
 */
void ask_finish(struct ask *ask, const struct iscsi_error *error);

#endif
