/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * secrets.h - what authentication needs: a file of its own that only its owner may read.
 *
 * One line per entry; names and secrets are hexadecimal, because they may hold any byte:
 *
 *     chap initiator retries=0 values=0-0 name=6a6f65 secret=...
 *     chap target target=iqn.2003-01.org.example:a name= secret=...
 *     chap initiator address=192.0.2.1:3260 retries=0 values=0-0 name=6a6f65 secret=...
 *
 * An entry without "target" or "address" is that of the logical HBA, which holds for everything
 * that has none of its own. "chap target" is how a target proves who it is.
 *
 * The file is replaced as a whole. Who writes it holds a transaction of the store, so two
 * processes never write at once. A file others may read or write is refused.
 */
#ifndef USER_SECRETS_H
#define USER_SECRETS_H

#include <stddef.h>
#include <stdint.h>

#include "shared/iscsi-name.h"
#include "plugin-support/address.h"

#define CHAP_NAME_MAX	255
#define CHAP_SECRET_MIN 12 /* RFC 7143, 9.2.1: 96 bits */
#define CHAP_SECRET_MAX 255

/** enum chap_direction - who proves itself to the other; values as in the API */
enum chap_direction { CHAP_INITIATOR, CHAP_TARGET, CHAP_DIRECTIONS };

/**
 * struct chap - parameters of CHAP for one direction
 * @name: terminated; empty with CHAP_TARGET: the target may have any name
 * @secret_length: 0: there are no parameters
 * @retries, @min_value, @max_value: kept for the API, which has them; nothing uses them
 */
struct chap {
	char name[CHAP_NAME_MAX + 1];
	uint8_t secret[CHAP_SECRET_MAX];
	size_t secret_length;
	uint64_t retries, min_value, max_value;
};

/** enum owner_kind - whose parameters */
enum owner_kind { OWNER_LHBA, OWNER_TARGET, OWNER_ADDRESS };

/** struct owner - name: of the target, or "host:port"; "" for the LHBA */
struct owner {
	enum owner_kind kind;
	const char *name;
};

/** struct secret - an entry of the file */
struct secret {
	enum owner_kind kind;
	enum chap_direction direction;
	char owner[ADDRESS_TEXT_SIZE]; /* a target's name is shorter */
	struct chap chap;
};

/** struct secrets - the whole file; zero is an empty one */
struct secrets {
	struct secret *entries;
	size_t count;
};

/** chap_wipe - forget a secret */
void chap_wipe(struct chap *chap);

/**
 * secrets_read - the file; empty if there is none
 * @secrets: to be dropped, also when this fails
 * @why: receives what is wrong, for people; a constant
 *
 * Return: 0; -EACCES if this user may not read the file; -EPERM if others may use it;
 * -EBADMSG if it is damaged; other negative errno.
 */
int secrets_read(const char *path, struct secrets *secrets, const char **why);

/** secrets_parse - the same from text, which is changed; 0, -EBADMSG or -ENOMEM */
int secrets_parse(struct secrets *secrets, char *text, size_t size);

/** secrets_write - replace the file; 0 or negative errno */
int secrets_write(const char *path, const struct secrets *secrets);

/** secrets_find - an owner's entry; NULL if it has none */
const struct chap *secrets_find(const struct secrets *secrets, struct owner owner,
				enum chap_direction direction);

/** secrets_in_force - the owner's entry, or that of the LHBA; NULL if neither is there */
const struct chap *secrets_in_force(const struct secrets *secrets, struct owner owner,
				    enum chap_direction direction);

/** secrets_set - add or replace an entry, or remove it (chap NULL); 0 or -ENOMEM */
int secrets_set(struct secrets *secrets, struct owner owner,
		enum chap_direction direction, const struct chap *chap);

/** secrets_remove - remove the entry with this index; the last one takes its place */
void secrets_remove(struct secrets *secrets, size_t index);

/** secrets_drop - wipe and release */
void secrets_drop(struct secrets *secrets);

#endif
