/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* auth-parms.h - setting names and secrets, for the calls of the standard and for ours. */
#ifndef USER_AUTH_PARMS_H
#define USER_AUTH_PARMS_H

#include <stddef.h>

#include "ima.h"
#include "secrets.h"

/** auth_parms_check - NULL if name and secret can be used, else what is wrong with them */
const char *auth_parms_check(enum chap_direction direction, const IMA_BYTE *name,
			     size_t name_length, size_t secret_length);

/** auth_parms_set - replace the parameters of an object, NULL removes them; a whole call */
IMA_STATUS auth_parms_set(IMA_OID oid, enum chap_direction direction,
			  const struct chap *chap);

#endif
