/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * auth.h - authentication: what is in force for an object, and whether a login passes it.
 *
 * An object here is an LHBA, a found target or a discovery address. The two latter have
 * values of their own or those of the LHBA. later: the values for after the next reboot.
 */
#ifndef SIM_AUTH_H
#define SIM_AUTH_H

#include "kinds.h"

struct login_error;

bool methods_have(const struct methods *methods, uint32_t method);
/* An LHBA that knows no method knows the one that needs nothing. */
const struct methods *methods_or_none(const struct methods *methods);

/* Methods that are offered, most preferred first. Never empty. */
const struct methods *auth_methods_of(const struct lhba *lhba,
				      const struct object *object, bool later);
/* Algorithms that are offered as CHAP_A. */
const struct methods *auth_algorithms_of(const struct lhba *lhba,
					 const struct object *object, bool later);

/* Name and secret of one direction; without a secret there are none. */
struct auth_chap {
	const struct bytes *name, *secret;
	bool inherited;
};
struct auth_chap auth_chap_of(const struct lhba *lhba, const struct object *object,
			      int direction, bool later);
/* Where an object has its own, as offsets in its values. */
struct auth_place {
	size_t name, secret;
};
struct auth_place auth_place(const struct object *object, int direction);

bool bytes_equal(const struct bytes *a, const struct bytes *b);
/* Are the parameters of the method set? Always for none. */
bool auth_is_set(const struct auth_parms *auth, uint32_t method);
/* The same for one object, with what it has of its own; for after the next reboot. */
bool auth_is_ready(const struct lhba *lhba, const struct object *object, uint32_t method);

/*
 * Does the target let the object in, and prove itself if it has to? accepted: the methods it
 * accepts, empty: any. NULL, or why not and the status of the login response in *status, 0 if
 * it is the initiator that ends the login.
 */
const char *auth_login(const struct lhba *lhba, const struct object *object,
		       const struct target *target, const struct methods *accepted,
		       int *method, uint16_t *status);

#endif
