/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * keys.h - negotiation of the operational keys (RFC 7143, sections 6.2 and 13).
 *
 * All that differs from key to key is in the table of keys.c. We are always the one who
 * offers: the target's answer must be a value that its result function can yield for our
 * offer, or the login fails with the name of the key.
 */
#ifndef ISCSI_KEYS_H
#define ISCSI_KEYS_H

#include "iscsi/error.h"
#include "iscsi/text.h"

struct iscsi_negotiation {
	struct iscsi_params offered;
	struct iscsi_params agreed;
	uint32_t target_max_recv; /* MaxRecvDataSegmentLength of the target */
	uint32_t sent;		  /* bit per key: offered or declared by us */
	uint32_t seen; /* bit per key: answered, declared or offered by the target */
	bool discovery;
};

/* Begin: nothing sent, nothing seen, every value the one RFC 7143 gives it. */
void iscsi_keys_init(struct iscsi_negotiation *negotiation,
		     const struct iscsi_params *offers, bool discovery);

/* Add our offers to a login request. */
void iscsi_keys_offer(struct iscsi_negotiation *negotiation, struct iscsi_text *text);

/*
 * Take one pair from the target. If it is an offer of the target's own, our answer is added to
 * text. 0; -ENOENT if the key is not in the table; -EPROTO with *error if it cannot be.
 */
int iscsi_keys_take(struct iscsi_negotiation *negotiation, const char *key,
		    const char *value, struct iscsi_text *text,
		    struct iscsi_error *error);

/* The target wants to end the negotiation: 0, or -EPROTO if an answer is missing. */
int iscsi_keys_finish(struct iscsi_negotiation *negotiation, struct iscsi_error *error);

/* An error of negotiation about a key, also for keys outside of the table; -EPROTO. */
int iscsi_keys_error(struct iscsi_error *error, const char *key, const char *value,
		     const char *what);

#endif
