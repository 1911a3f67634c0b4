// SPDX-License-Identifier: LGPL-2.1-or-later
#include "keys.h"

enum result { RESULT_MIN, RESULT_MAX, RESULT_OR, RESULT_AND };

static const enum result results[KEYS] = {
	[KEY_MAX_CONNECTIONS] = RESULT_MIN, [KEY_MAX_RECV] = RESULT_MIN,
	[KEY_MAX_BURST] = RESULT_MIN,	    [KEY_FIRST_BURST] = RESULT_MIN,
	[KEY_TIME2WAIT] = RESULT_MAX,	    [KEY_TIME2RETAIN] = RESULT_MIN,
	[KEY_MAX_R2T] = RESULT_MIN,	    [KEY_ERROR_RECOVERY] = RESULT_MIN,
	[KEY_INITIAL_R2T] = RESULT_OR,	    [KEY_IMMEDIATE_DATA] = RESULT_AND,
	[KEY_PDU_ORDER] = RESULT_OR,	    [KEY_SEQUENCE_ORDER] = RESULT_OR,
};

uint32_t key_of_lhba(const struct lhba *lhba, enum key_id key, bool later)
{
	return (later ? &lhba->next : &lhba->now)->keys[key].value;
}

uint32_t key_of_found(const struct found *found, enum key_id key, bool later)
{
	const struct override *own = &(later ? &found->next : &found->now)->keys[key];

	if (own->set)
		return own->value;
	return key_of_lhba((const struct lhba *)found->object.parent, key, later);
}

uint32_t digest_of_found(const struct found *found, enum digest_id digest, bool later)
{
	const struct override *own =
		&(later ? &found->next : &found->now)->digests[digest];
	const struct lhba *lhba = (const struct lhba *)found->object.parent;

	if (own->set)
		return own->value;
	return (later ? &lhba->next : &lhba->now)->digests[digest].value;
}

bool key_is_settable(const struct lhba *lhba, const struct found *found, enum key_id key)
{
	const struct key_setting *setting = &lhba->now.keys[key];

	return setting->exposed && setting->settable &&
	       (!found || lhba->now.target_keys_settable);
}

uint32_t key_negotiate(enum key_id key, uint32_t offer, uint32_t answer)
{
	switch (results[key]) {
	case RESULT_MIN:
		return offer < answer ? offer : answer;
	case RESULT_MAX:
		return offer > answer ? offer : answer;
	case RESULT_OR:
		return offer || answer;
	default:
		return offer && answer;
	}
}
