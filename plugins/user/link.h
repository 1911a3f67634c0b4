/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * link.h - one session with its attempts to log in: portal by portal, method by method.
 *
 * Everything here belongs to the loop's thread.
 */
#ifndef USER_LINK_H
#define USER_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "iscsi/iscsi.h"

struct link;
struct login;
struct tally;

/**
 * struct link_ops - what a link tells its user
 * @up: logged in
 * @down: all attempts failed, the session was lost, or the logout is done (error is NULL
 *     then). Comes once, last of all; the session is released already.
 * @async: the target says something; may be NULL
 */
struct link_ops {
	void (*up)(struct link *link);
	void (*down)(struct link *link, const struct iscsi_error *error);
	void (*async)(struct link *link, const struct iscsi_async *event);
};

/**
 * struct link - zero before the first use but for ops
 * @ops: see there
 * @login: valid until up or down
 * @tally: where to count; NULL: nowhere
 * @session: NULL when there is none
 */
struct link {
	const struct link_ops *ops;
	const struct login *login;
	struct tally *tally;
	struct iscsi_counters counted; /* of the session, in the tally already */
	struct iscsi_session *session;
	uint8_t isid[6]; /* the same for all logins, so that the last one reinstates */
	bool has_isid;
	size_t portal, method;
	bool is_up, is_ending;
	struct iscsi_error error; /* of the attempt that tells most, */
	int weight;		  /* namely so much */
};

/**
 * link_start - begin the first attempt; up or down is called later, also when it fails
 *
 * A link that is down may be started again, with another login.
 */
void link_start(struct link *link);

/** link_count - bring the tally up to date */
void link_count(struct link *link);

/** link_end - log out, or give up whatever is going on; down is called later or from inside */
void link_end(struct link *link, uint64_t deadline);

#endif
