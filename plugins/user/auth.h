/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* auth.h - authentication of the initiator. */
#ifndef USER_AUTH_H
#define USER_AUTH_H

#include <stddef.h>

#include "ima.h"
#include "secrets.h"

/**
 * auth_secrets - the parameters a login with these methods needs
 *
 * Nothing is read if CHAP is not among them. Return: status, last error set. In the gate.
 */
IMA_STATUS auth_secrets(const IMA_AUTHMETHOD *methods, size_t count, struct chap *chap);

#endif
