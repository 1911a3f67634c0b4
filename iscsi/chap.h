/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chap.h - CHAP of RFC 1994 as login text (RFC 7143, section 12.1).
 *
 * One struct iscsi_chap lives as long as one login attempt and holds copies of the secrets;
 * iscsi_chap_wipe() must be its end. The order of things: offer, take the target's A, I and C,
 * answer, and with mutual authentication take its N and R, verify.
 */
#ifndef ISCSI_CHAP_H
#define ISCSI_CHAP_H

#include "iscsi/error.h"
#include "iscsi/text.h"

#define CHAP_CHALLENGE_MAX 1024
#define CHAP_HASH_MAX	   32

struct iscsi_chap {
	/* Configuration. */
	char name[ISCSI_CHAP_NAME_MAX + 1];
	char target_name[ISCSI_CHAP_NAME_MAX + 1];
	uint8_t secret[ISCSI_CHAP_SECRET_MAX];
	uint8_t target_secret[ISCSI_CHAP_SECRET_MAX];
	uint16_t secret_length, target_secret_length;
	uint8_t algorithms[ISCSI_CHAP_ALGORITHMS];
	/* What the target sent. */
	uint8_t seen; /* bit per key */
	uint8_t algorithm, id;
	uint16_t challenge_length;
	uint8_t response_length;
	uint8_t challenge[CHAP_CHALLENGE_MAX];
	char peer_name[ISCSI_CHAP_NAME_MAX + 1];
	uint8_t response[CHAP_HASH_MAX];
	/* What we sent. */
	bool answered;
	uint8_t own_id;
	uint8_t own_response[CHAP_HASH_MAX];
	uint8_t own_challenge[CHAP_HASH_MAX];
	uint8_t own_challenge_length;
};

/* 0; -EINVAL for names or secrets that cannot be used. */
int iscsi_chap_init(struct iscsi_chap *chap, const struct iscsi_auth *auth);
void iscsi_chap_wipe(struct iscsi_chap *chap);

/* Forget all but the configuration. */
void iscsi_chap_restart(struct iscsi_chap *chap);

bool iscsi_chap_mutual(const struct iscsi_chap *chap);

/* CHAP_A with the algorithms; false if libcrypto has none of them. */
bool iscsi_chap_offer(const struct iscsi_chap *chap, struct iscsi_text *text);

/* Take one pair. -ENOENT: not a key of CHAP; -EPROTO and *error; 0. */
int iscsi_chap_take(struct iscsi_chap *chap, const char *key, const char *value,
		    struct iscsi_error *error);

/*
 * The target has sent what it has to: add CHAP_N and CHAP_R, with mutual authentication also
 * our challenge, made with random. -EPROTO and *error if something is missing or unusable.
 */
int iscsi_chap_answer(struct iscsi_chap *chap, struct iscsi_text *text,
		      int (*random)(void *user, void *out, size_t size), void *user,
		      struct iscsi_error *error);

/* Whether the target has proven who it is: 0, or -EPROTO and *error. */
int iscsi_chap_verify(const struct iscsi_chap *chap, struct iscsi_error *error);

/* Hash of id, secret and challenge; the number of bytes, or -ENOTSUP. */
int iscsi_chap_hash(uint8_t algorithm, uint8_t id, const void *secret,
		    size_t secret_length, const void *challenge, size_t challenge_length,
		    uint8_t out[CHAP_HASH_MAX]);

#endif
