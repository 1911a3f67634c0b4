// SPDX-License-Identifier: LGPL-2.1-or-later
#include "iscsi/chap.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "iscsi/libcrypto.h"
#include "shared/cleanup.h"

static struct algorithm {
	uint8_t number;
	uint8_t size;
	const char *name;  /* as users write it */
	const char *fetch; /* as libcrypto calls it */
	EVP_MD *digest;
} algorithms[] = {
	{ ISCSI_CHAP_MD5, 16, "MD5", "MD5", NULL },
	{ ISCSI_CHAP_SHA1, 20, "SHA1", "SHA1", NULL },
	{ ISCSI_CHAP_SHA256, 32, "SHA256", "SHA256", NULL },
	{ ISCSI_CHAP_SHA3_256, 32, "SHA3-256", "SHA3-256", NULL },
};

/*
 * Fetching costs more than hashing; a policy such as FIPS may leave some of them out. They are
 * never freed.
 */
static void fetch_digests(void)
{
	const struct libcrypto *crypto = libcrypto();

	for (size_t i = 0; crypto && i < ARRAY_SIZE(algorithms); i++)
		algorithms[i].digest = crypto->EVP_MD_fetch(NULL, algorithms[i].fetch,
							    NULL);
}

static const struct algorithm *find_algorithm(unsigned int number)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, fetch_digests);
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (algorithms[i].number == number)
			return algorithms[i].digest ? &algorithms[i] : NULL;
	return NULL;
}

const char *iscsi_chap_algorithm_name(uint8_t number)
{
	const struct algorithm *algorithm = find_algorithm(number);

	return algorithm ? algorithm->name : NULL;
}

int iscsi_chap_hash(uint8_t number, uint8_t id, const void *secret, size_t secret_length,
		    const void *challenge, size_t challenge_length,
		    uint8_t out[CHAP_HASH_MAX])
{
	const struct algorithm *algorithm = find_algorithm(number);
	const struct libcrypto *crypto = libcrypto();
	EVP_MD_CTX *context;
	int ok;

	if (!algorithm || !crypto)
		return -ENOTSUP;
	context = crypto->EVP_MD_CTX_new();
	if (!context)
		return -ENOMEM;
	ok = crypto->EVP_DigestInit_ex(context, algorithm->digest, NULL) &&
	     crypto->EVP_DigestUpdate(context, &id, 1) &&
	     crypto->EVP_DigestUpdate(context, secret, secret_length) &&
	     crypto->EVP_DigestUpdate(context, challenge, challenge_length) &&
	     crypto->EVP_DigestFinal_ex(context, out, NULL);
	crypto->EVP_MD_CTX_free(context);
	return ok ? algorithm->size : -ENOTSUP;
}

static int copy_name(char out[ISCSI_CHAP_NAME_MAX + 1], const char *name)
{
	size_t length = strnlen(name, ISCSI_CHAP_NAME_MAX + 1);

	if (!length || length > ISCSI_CHAP_NAME_MAX)
		return -EINVAL;
	memcpy(out, name, length + 1);
	return 0;
}

static int copy_secret(uint8_t out[ISCSI_CHAP_SECRET_MAX], uint16_t *out_length,
		       const void *secret, size_t length)
{
	if (!secret || !length || length > ISCSI_CHAP_SECRET_MAX)
		return -EINVAL;
	memcpy(out, secret, length);
	*out_length = (uint16_t)length;
	return 0;
}

/* Both are ours, so that nobody learns from how long it takes. */
static bool same_secrets(const struct iscsi_chap *chap)
{
	return chap->secret_length == chap->target_secret_length &&
	       !memcmp(chap->secret, chap->target_secret, chap->secret_length);
}

static int init_target(struct iscsi_chap *chap, const struct iscsi_auth *auth)
{
	int err = copy_secret(chap->target_secret, &chap->target_secret_length,
			      auth->target_secret, auth->target_secret_length);

	if (!err && auth->target_name)
		err = copy_name(chap->target_name, auth->target_name);
	/* RFC 7143, 9.2.1: with one secret for both a target could reflect our own answer. */
	return !err && same_secrets(chap) ? -EINVAL : err;
}

int iscsi_chap_init(struct iscsi_chap *chap, const struct iscsi_auth *auth)
{
	size_t n = 0;
	int err;

	memset(chap, 0, sizeof(*chap));
	for (size_t i = 0; i < ISCSI_CHAP_ALGORITHMS; i++)
		if (auth->algorithms[i])
			chap->algorithms[n++] = auth->algorithms[i];
	if (!n)
		chap->algorithms[0] = ISCSI_CHAP_MD5;
	err = copy_name(chap->name, auth->name);
	if (!err)
		err = copy_secret(chap->secret, &chap->secret_length, auth->secret,
				  auth->secret_length);
	if (!err && auth->target_secret)
		err = init_target(chap, auth);
	return err;
}

void iscsi_chap_wipe(struct iscsi_chap *chap)
{
	explicit_bzero(chap, sizeof(*chap));
}

void iscsi_chap_restart(struct iscsi_chap *chap)
{
	size_t keep = offsetof(struct iscsi_chap, seen);

	explicit_bzero((char *)chap + keep, sizeof(*chap) - keep);
}

bool iscsi_chap_mutual(const struct iscsi_chap *chap)
{
	return chap->target_secret_length;
}

bool iscsi_chap_offer(const struct iscsi_chap *chap, struct iscsi_text *text)
{
	char list[4 * ISCSI_CHAP_ALGORITHMS + 1];
	size_t length = 0;

	for (size_t i = 0; i < ISCSI_CHAP_ALGORITHMS && chap->algorithms[i]; i++)
		if (find_algorithm(chap->algorithms[i]))
			length += (size_t)snprintf(list + length, sizeof(list) - length,
						   "%s%u", length ? "," : "",
						   chap->algorithms[i]);
	if (!length)
		return false;
	iscsi_text_add(text, "CHAP_A", list);
	return true;
}

static int failed(struct iscsi_error *error, const char *key, const char *what)
{
	iscsi_error_set(error, ISCSI_FAILED_AUTH, -EPROTO, "CHAP: %s", what);
	snprintf(error->key, sizeof(error->key), "%s", key);
	return -EPROTO;
}

static int take_algorithm(struct iscsi_chap *chap, const char *value,
			  struct iscsi_error *error)
{
	uint32_t number;

	if (!strcmp(value, "Reject"))
		return failed(error, "CHAP_A",
			      "the target has none of the algorithms that were offered");
	if (iscsi_text_number(value, 1, UINT8_MAX, &number) ||
	    !memchr(chap->algorithms, (int)number, sizeof(chap->algorithms)) ||
	    !find_algorithm(number))
		return failed(error, "CHAP_A",
			      "the target chose an algorithm that was not offered");
	chap->algorithm = (uint8_t)number;
	return 0;
}

static int take_id(struct iscsi_chap *chap, const char *value, struct iscsi_error *error)
{
	uint32_t number;

	if (iscsi_text_number(value, 0, UINT8_MAX, &number))
		return failed(error, "CHAP_I",
			      "the identifier is not a number from 0 to 255");
	chap->id = (uint8_t)number;
	return 0;
}

static int take_challenge(struct iscsi_chap *chap, const char *value,
			  struct iscsi_error *error)
{
	int n = iscsi_text_binary(value, chap->challenge, sizeof(chap->challenge));

	if (n == -ENAMETOOLONG)
		return failed(error, "CHAP_C", "the challenge is longer than 1024 bytes");
	if (n <= 0)
		return failed(error, "CHAP_C",
			      "the challenge is empty or neither hexadecimal nor base64");
	chap->challenge_length = (uint16_t)n;
	return 0;
}

static int take_name(struct iscsi_chap *chap, const char *value,
		     struct iscsi_error *error)
{
	return copy_name(chap->peer_name, value)
		       ? failed(error, "CHAP_N", "the target's name is empty or too long")
		       : 0;
}

static int take_response(struct iscsi_chap *chap, const char *value,
			 struct iscsi_error *error)
{
	int n = iscsi_text_binary(value, chap->response, sizeof(chap->response));

	if (n <= 0)
		return failed(error, "CHAP_R", "the target's response is malformed");
	chap->response_length = (uint8_t)n;
	return 0;
}

enum { SEEN_A = 1, SEEN_I = 2, SEEN_C = 4, SEEN_N = 8, SEEN_R = 16 };

static const struct {
	const char *key;
	uint8_t bit;
	bool after_answer; /* part of the target's second message */
	int (*take)(struct iscsi_chap *chap, const char *value,
		    struct iscsi_error *error);
} chap_keys[] = {
	{ "CHAP_A", SEEN_A, false, take_algorithm },
	{ "CHAP_I", SEEN_I, false, take_id },
	{ "CHAP_C", SEEN_C, false, take_challenge },
	{ "CHAP_N", SEEN_N, true, take_name },
	{ "CHAP_R", SEEN_R, true, take_response },
};

static bool expected(const struct iscsi_chap *chap, bool after_answer)
{
	return after_answer ? chap->answered && iscsi_chap_mutual(chap) : !chap->answered;
}

int iscsi_chap_take(struct iscsi_chap *chap, const char *key, const char *value,
		    struct iscsi_error *error)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(chap_keys) && strcmp(key, chap_keys[i].key))
		i++;
	if (i == ARRAY_SIZE(chap_keys))
		return -ENOENT;
	if (chap->seen & chap_keys[i].bit)
		return failed(error, key, "the target sent a key twice");
	if (!expected(chap, chap_keys[i].after_answer))
		return failed(error, key, "the target sent a key out of turn");
	chap->seen |= chap_keys[i].bit;
	return chap_keys[i].take(chap, value, error);
}

static const char *missing(const struct iscsi_chap *chap)
{
	for (size_t i = 0; i < ARRAY_SIZE(chap_keys); i++)
		if (!chap_keys[i].after_answer == !chap->answered &&
		    !(chap->seen & chap_keys[i].bit))
			return chap_keys[i].key;
	return NULL;
}

/* Our own challenge, as long as the hash and never the one the target sent. */
static int challenge_target(struct iscsi_chap *chap, struct iscsi_text *text,
			    int (*random)(void *user, void *out, size_t size), void *user)
{
	size_t size = find_algorithm(chap->algorithm)->size;
	int err = random(user, &chap->own_id, 1);

	if (!err)
		err = random(user, chap->own_challenge, size);
	if (err)
		return err;
	if (size == chap->challenge_length &&
	    !memcmp(chap->own_challenge, chap->challenge, size))
		return -EPROTO;
	chap->own_challenge_length = (uint8_t)size;
	iscsi_text_add_number(text, "CHAP_I", chap->own_id);
	iscsi_text_add_binary(text, "CHAP_C", chap->own_challenge, size);
	return 0;
}

int iscsi_chap_answer(struct iscsi_chap *chap, struct iscsi_text *text,
		      int (*random)(void *user, void *out, size_t size), void *user,
		      struct iscsi_error *error)
{
	const char *key = missing(chap);
	int size;

	if (key)
		return failed(error, key, "the target left a key out");
	size = iscsi_chap_hash(chap->algorithm, chap->id, chap->secret,
			       chap->secret_length, chap->challenge,
			       chap->challenge_length, chap->own_response);
	if (size < 0)
		return failed(error, "CHAP_A", "the hash cannot be computed");
	iscsi_text_add(text, "CHAP_N", chap->name);
	iscsi_text_add_binary(text, "CHAP_R", chap->own_response, (size_t)size);
	if (iscsi_chap_mutual(chap) && challenge_target(chap, text, random, user))
		return failed(error, "CHAP_C", "no challenge for the target can be made");
	chap->answered = true;
	return 0;
}

int iscsi_chap_verify(const struct iscsi_chap *chap, struct iscsi_error *error)
{
	const char *key = missing(chap);
	uint8_t hash[CHAP_HASH_MAX];
	int size;

	if (key)
		return failed(error, key, "the target does not prove who it is");
	if (chap->target_name[0] && strcmp(chap->target_name, chap->peer_name))
		return failed(error, "CHAP_N",
			      "the target has another name than expected");
	size = iscsi_chap_hash(chap->algorithm, chap->own_id, chap->target_secret,
			       chap->target_secret_length, chap->own_challenge,
			       chap->own_challenge_length, hash);
	if (size < 0 || size != chap->response_length ||
	    libcrypto()->CRYPTO_memcmp(hash, chap->response, (size_t)size))
		return failed(
			error, "CHAP_R",
			"the target's response is wrong: it does not know the secret");
	return 0;
}
