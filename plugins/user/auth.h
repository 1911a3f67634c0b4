/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * auth.h - authentication: what is set for the LHBA, a target or a discovery address, what is in
 * force for a login, and what may not be set.
 *
 * Lists of methods and algorithms are in the store, names and secrets in the file for secrets
 * (secrets.h), which is written inside a transaction of the store.
 */
#ifndef USER_AUTH_H
#define USER_AUTH_H

#include <stdbool.h>
#include <stddef.h>

#include "ima.h"
#include "secrets.h"
#include "state.h"

struct login;

/** enum auth_setting - what own_setting in the store has */
enum auth_setting {
	AUTH_CHAP_INITIATOR = CHAP_INITIATOR,
	AUTH_CHAP_TARGET = CHAP_TARGET,
	AUTH_METHODS,
	AUTH_ALGORITHMS,
	AUTH_SETTINGS
};

/**
 * struct holder - an object that can have settings of its own
 * @target, @address: both NULL: it is the LHBA
 * @auth, @owner: its settings, and whose secrets are its own
 */
struct holder {
	const struct target *target;
	const struct discovery_address *address;
	const struct auth *auth;
	struct owner owner;
};

/** holder_find - the object with this OID; false: there is none. In the gate. */
bool holder_find(IMA_OID oid, struct holder *holder);

/** holder_of_target, holder_of_address - the same for what is known */
struct holder holder_of_target(const struct target *target);
struct holder holder_of_address(const struct discovery_address *address);

/** auth_setting_parse - take what the store has; 0, or -EINVAL: not valid, nothing is changed */
int auth_setting_parse(struct auth *auth, const char *name, const char *value);

/** auth_write - put a setting into the store; NULL removes it. A store's errors. */
int auth_write(const struct holder *holder, enum auth_setting setting, const char *value);

/** auth_write_list - the same for a list of numbers */
int auth_write_list(const struct holder *holder, enum auth_setting setting,
		    const uint8_t *numbers, size_t count);

/** auth_methods - those in force; own settings may be those of the LHBA */
const struct auth *auth_methods(const struct auth *own);

/** auth_algorithms - those in force, most preferred first; how many */
size_t auth_algorithms(const struct auth *own, uint8_t out[ISCSI_CHAP_ALGORITHMS]);

/** auth_supported - the algorithms libcrypto has, most preferred first; how many */
size_t auth_supported(uint8_t out[ISCSI_CHAP_ALGORITHMS]);

/** auth_uses - whether a method is in force */
bool auth_uses(const struct auth *own, IMA_AUTHMETHOD method);

/**
 * auth_read - the file with secrets; to be dropped. Status, last error set.
 * @is_hidden: receives whether this user may not read it, which is no error then; may be NULL
 */
IMA_STATUS auth_read(struct secrets *secrets, bool *is_hidden);

/** auth_plan - what a login needs; status, last error set. In the gate. */
IMA_STATUS auth_plan(const struct holder *holder, struct login *login);

/**
 * auth_change_chap - replace the parameters of an object, or remove them (chap NULL)
 * @directions: a bit (1 << enum chap_direction) for each that changes
 *
 * Status, last error set. In a visit that changes; the caller commits.
 */
IMA_STATUS auth_change_chap(const struct holder *holder, unsigned int directions,
			    const struct chap *chap);

/** auth_except - a target or address need not prove itself; as auth_change_chap() */
IMA_STATUS auth_except(const struct holder *holder);

/**
 * auth_forget_lost - remove secrets of targets and addresses that the store does not have
 *
 * In a visit that changes. What cannot be removed is logged.
 */
void auth_forget_lost(void);

#endif
