/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * secrets.h - what authentication needs: a file of its own that only its owner may read.
 *
 * One line per entry; names and secrets are hexadecimal, because they may hold any byte:
 *
 *     chap initiator retries=0 values=0-0 name=6a6f65 secret=...
 *
 * The file is replaced as a whole. Who writes it holds a transaction of the store, so two
 * processes never write at once. A file others may read or write is refused.
 */
#ifndef USER_SECRETS_H
#define USER_SECRETS_H

#include <stddef.h>
#include <stdint.h>

#define CHAP_NAME_MAX	255
#define CHAP_SECRET_MIN 12 /* RFC 7143, 9.2.1: 96 bits */
#define CHAP_SECRET_MAX 255

/**
 * struct chap - parameters of CHAP
 * @name: terminated; empty: there are none
 * @retries, @min_value, @max_value: kept for the API, which has them; nothing uses them
 */
struct chap {
	char name[CHAP_NAME_MAX + 1];
	uint8_t secret[CHAP_SECRET_MAX];
	size_t secret_length;
	uint64_t retries, min_value, max_value;
};

/** chap_wipe - forget a secret */
void chap_wipe(struct chap *chap);

/**
 * secrets_read - the parameters; all zeros if none are set
 * @why: receives what is wrong, for people; a constant
 *
 * Return: 0; -EACCES if this user may not read the file; -EPERM if others may use it;
 * -EBADMSG if it is damaged; other negative errno.
 */
int secrets_read(const char *path, struct chap *chap, const char **why);

/** secrets_write - replace the parameters; an empty name removes them; 0 or negative errno */
int secrets_write(const char *path, const struct chap *chap);

#endif
