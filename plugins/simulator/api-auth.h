/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * api-auth.h - lists of authentication methods, between the API and the model.
 */
#ifndef SIM_API_AUTH_H
#define SIM_API_AUTH_H

#include "kinds.h"

/* What fits; a call without an array asks for the number. */
IMA_STATUS give_methods(const struct methods *methods, IMA_UINT *count,
			IMA_AUTHMETHOD *list);
/* A list that the object, an LHBA, found target or discovery address, can use. */
IMA_STATUS take_methods(const struct lhba *lhba, const struct object *object,
			IMA_UINT count, const IMA_AUTHMETHOD *list,
			struct methods *methods);

#endif
