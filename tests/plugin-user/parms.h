/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parms.h - setting methods, names and secrets, in few words. */
#ifndef PLUGIN_USER_PARMS_H
#define PLUGIN_USER_PARMS_H

#include <string.h>

#include "ima-ext.h"

static inline IMA_STATUS set_parms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
				   const char *name, const char *secret)
{
	IMAX_CHAP_PARMS parms = { .nameLength = (IMA_UINT32)strlen(name),
				  .secretLength = (IMA_UINT32)strlen(secret) };

	memcpy(parms.name, name, parms.nameLength);
	memcpy(parms.secret, secret, parms.secretLength);
	return IMAX_SetChapParms(oid, direction, &parms);
}

/* Of the LHBA, a target or a discovery address. */
static inline IMA_STATUS offer_methods(IMA_OID oid, unsigned int count,
				       IMA_AUTHMETHOD first, IMA_AUTHMETHOD second)
{
	const IMA_AUTHMETHOD list[] = { first, second };

	return oid.objectType == IMA_OBJECT_TYPE_LHBA
		       ? IMA_SetInitiatorAuthMethods(oid, count, list)
		       : IMAX_SetAuthMethods(oid, count, list);
}

#endif
