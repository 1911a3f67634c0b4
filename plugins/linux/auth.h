/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * auth.h - what entry points for authentication share: names, secrets and lists of methods.
 */
#ifndef LINUX_AUTH_H
#define LINUX_AUTH_H

#include "keeper.h"

#define CREDENTIAL_MAX 255 /* of open-iscsi, for name and secret */

/* Name and secret; wiped by credentials_free(). */
struct credentials {
	char name[CREDENTIAL_MAX + 1], secret[CREDENTIAL_MAX + 1];
};

void credentials_free(struct credentials *c);

/* What a caller gave; refused is what open-iscsi cannot keep. */
IMA_STATUS credentials_take(const IMA_BYTE *name, size_t name_length,
			    const IMA_BYTE *secret, size_t secret_length,
			    struct credentials *c);

/* Refuses a secret that the other direction has already. */
IMA_STATUS credentials_differ(const struct keeper *keeper, enum auth_part other,
			      const char *secret);

/* CHAP is in use, and cannot do without. */
IMA_STATUS credentials_are_needed(void);

/* Whether CHAP can be chosen. */
bool auth_has_credentials(const struct keeper *keeper);

/* open-iscsi offers CHAP and None when it is to use CHAP, unless the target proves itself too. */
void auth_give_in_use(bool chap, bool mutual, IMA_UINT *count, IMA_AUTHMETHOD *list);

/* The methods an object is to use; refused is what open-iscsi cannot do. */
IMA_STATUS auth_set_methods(IMA_OID oid, IMA_UINT count, const IMA_AUTHMETHOD *list);

#endif
