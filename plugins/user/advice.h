/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* advice.h - what to do about a login that failed. */
#ifndef USER_ADVICE_H
#define USER_ADVICE_H

#include <stddef.h>

#include "iscsi/iscsi.h"

struct login;

/**
 * advice_add - append to the text of an error what its reader can do about it, if that is known
 * @login: what was tried
 * @method: with which of its methods
 */
void advice_add(struct iscsi_error *error, const struct login *login, size_t method);

#endif
