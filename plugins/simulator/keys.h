/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * keys.h - the twelve login keys: what is offered, by whom, and what comes out.
 */
#ifndef SIM_KEYS_H
#define SIM_KEYS_H

#include "model.h"

/* What the found target's own value or that of the LHBA is; later: after the reboot. */
uint32_t key_of_found(const struct found *found, enum key_id key, bool later);
uint32_t key_of_lhba(const struct lhba *lhba, enum key_id key, bool later);
/* What is offered as digest, IMAX_DIGEST_OFFER. */
uint32_t digest_of_found(const struct found *found, enum digest_id digest, bool later);
/* Can the key be set, on the LHBA if found is NULL? */
bool key_is_settable(const struct lhba *lhba, const struct found *found, enum key_id key);
/* The result of offer and answer, RFC 7143 chapter 13. */
uint32_t key_negotiate(enum key_id key, uint32_t offer, uint32_t answer);

#endif
