// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * auth.c - authentication of an LHBA: CHAP, or none.
 *
 * Name and secret are defaults of iscsid.conf, which all interfaces share, and go into the node
 * records that have no others; but only as long as CHAP is in use.
 */
#include "auth.h"

#include <errno.h>
#include <string.h>

/* --- Names and secrets ------------------------------------------------------------------------ */

void credentials_free(struct credentials *c)
{
	explicit_bzero(c, sizeof(*c));
}

/* A value of a record is one line without blanks around it; "<empty>" stands for nothing. */
static const char *why_no_value(const IMA_BYTE *bytes, size_t size)
{
	if (size > CREDENTIAL_MAX)
		return "has more than 255 bytes";
	for (size_t i = 0; i < size; i++)
		if (bytes[i] < ' ' || bytes[i] == 0x7f)
			return "has control characters";
	if (size && (bytes[0] == ' ' || bytes[size - 1] == ' '))
		return "has a blank at an end";
	if (size == 7 && !memcmp(bytes, "<empty>", 7))
		return "is what open-iscsi writes for nothing";
	return NULL;
}

static IMA_STATUS refuse(const char *what, const char *why)
{
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "the CHAP %s %s, which open-iscsi cannot keep", what, why);
}

IMA_STATUS credentials_take(const IMA_BYTE *name, size_t name_length,
			    const IMA_BYTE *secret, size_t secret_length,
			    struct credentials *c)
{
	const char *why = why_no_value(name, name_length);

	if (why)
		return refuse("name", why);
	why = why_no_value(secret, secret_length);
	if (why)
		return refuse("secret", why);
	if (!name_length != !secret_length)
		return refuse("name or secret", "is missing");
	memcpy(c->name, name, name_length);
	memcpy(c->secret, secret, secret_length);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS credentials_differ(const struct keeper *keeper, enum auth_part other,
			      const char *secret)
{
	const char *there = keeper_get(keeper, other);

	if (!there || strcmp(there, secret))
		return IMA_STATUS_SUCCESS;
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "the CHAP secret is that of the other direction; with the same "
			 "in both, anybody can pretend to be the target (RFC 7143, "
			 "9.2.1)");
}

IMA_STATUS credentials_are_needed(void)
{
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "CHAP is in use and needs a name and a secret");
}

/* --- Reading ---------------------------------------------------------------------------------- */

static void take_value(const char *value, char *to, size_t size)
{
	snprintf(to, size, "%s", value ? value : "");
}

static void credentials_of(const struct keeper *keeper, struct credentials *c)
{
	take_value(keeper_get(keeper, AUTH_NAME), c->name, sizeof(c->name));
	take_value(keeper_get(keeper, AUTH_SECRET), c->secret, sizeof(c->secret));
}

bool auth_has_credentials(const struct keeper *keeper)
{
	return keeper_get(keeper, AUTH_NAME) && keeper_get(keeper, AUTH_SECRET);
}

static void give_methods(const IMA_AUTHMETHOD *methods, IMA_UINT count, IMA_UINT *pCount,
			 IMA_AUTHMETHOD *list)
{
	for (IMA_UINT i = 0; list && i < count && i < *pCount; i++)
		list[i] = methods[i];
	if (!list || *pCount > count)
		*pCount = count;
}

void auth_give_in_use(bool chap, bool mutual, IMA_UINT *count, IMA_AUTHMETHOD *list)
{
	static const IMA_AUTHMETHOD methods[] = { IMA_AUTHMETHOD_CHAP,
						  IMA_AUTHMETHOD_NONE };

	if (!chap)
		give_methods(methods + 1, 1, count, list);
	else
		give_methods(methods, mutual ? 1 : 2, count, list);
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid, IMA_BOOL getSettableMethods,
				       IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList)
{
	static const IMA_AUTHMETHOD methods[] = { IMA_AUTHMETHOD_NONE,
						  IMA_AUTHMETHOD_CHAP };
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(lhbaOid, &keeper);

	if (!IMA_ERROR(status))
		give_methods(methods,
			     auth_has_credentials(&keeper) || !getSettableMethods ? 2 : 1,
			     pMethodCount, pMethodList);
	return status;
}

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(lhbaOid, &keeper);

	if (!IMA_ERROR(status))
		auth_give_in_use(keeper_uses_chap(&keeper), keeper_uses_mutual(&keeper),
				 pMethodCount, pMethodList);
	return status;
}

IMA_STATUS IMA_GetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     IMA_INITIATOR_AUTHPARMS *pParms)
{
	struct keeper _cleanup_keeper_ keeper;
	struct credentials _cleanup_(credentials_free) c = { 0 };
	IMA_CHAP_INITIATOR_AUTHPARMS *chap = &pParms->chapParms;
	IMA_STATUS status = keeper_open(lhbaOid, &keeper);

	if (IMA_ERROR(status))
		return status;
	if (method != IMA_AUTHMETHOD_CHAP)
		return IMA_ERROR_INVALID_PARAMETER;
	credentials_of(&keeper, &c);
	memset(pParms, 0, sizeof(*pParms));
	chap->nameLength = strlen(c.name);
	memcpy(chap->name, c.name, chap->nameLength);
	if (!plugin.world.privileged)
		return IMA_STATUS_SUCCESS;
	chap->challengeSecretLength = strlen(c.secret);
	memcpy(chap->challengeSecret, c.secret, chap->challengeSecretLength);
	return IMA_STATUS_SUCCESS;
}

/* --- Checking what a caller gave ------------------------------------------------------------------ */

static IMA_STATUS take_credentials(const IMA_CHAP_INITIATOR_AUTHPARMS *chap,
				   struct credentials *c)
{
	if (chap->nameLength > sizeof(chap->name) ||
	    chap->challengeSecretLength > sizeof(chap->challengeSecret) ||
	    chap->minValueLength > chap->maxValueLength)
		return IMA_ERROR_INVALID_PARAMETER;
	return credentials_take(chap->name, chap->nameLength, chap->challengeSecret,
				chap->challengeSecretLength, c);
}

/* --- Setting ------------------------------------------------------------------------------------ */

IMA_STATUS IMA_SetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     const IMA_INITIATOR_AUTHPARMS *pParms)
{
	struct keeper _cleanup_keeper_ keeper;
	struct credentials _cleanup_(credentials_free) new = { 0 };
	IMA_STATUS status = keeper_open(lhbaOid, &keeper);

	if (IMA_ERROR(status))
		return status;
	if (method != IMA_AUTHMETHOD_CHAP)
		return IMA_ERROR_INVALID_PARAMETER;
	status = take_credentials(&pParms->chapParms, &new);
	if (IMA_ERROR(status))
		return status;
	if (!*new.name && keeper_uses_chap(&keeper))
		return credentials_are_needed();
	if (*new.name)
		status = credentials_differ(&keeper, AUTH_SECRET_IN, new.secret);
	if (IMA_ERROR(status))
		return status;
	return keeper_set(&keeper, AUTH_NAME, *new.name ? new.name : NULL,
			  *new.secret ? new.secret : NULL);
}

/* --- Methods ------------------------------------------------------------------------------------------ */

static IMA_STATUS check_methods(IMA_UINT count, const IMA_AUTHMETHOD *list,
				bool has_credentials)
{
	for (IMA_UINT i = 0; i < count; i++) {
		if (list[i] != IMA_AUTHMETHOD_NONE && list[i] != IMA_AUTHMETHOD_CHAP)
			return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN,
					 0, "open-iscsi knows CHAP and None only");
		for (IMA_UINT k = 0; k < i; k++)
			if (list[k] == list[i])
				return IMA_ERROR_INVALID_PARAMETER;
		if (list[i] == IMA_AUTHMETHOD_CHAP && !has_credentials)
			return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN,
					 0, "CHAP needs a name and a secret first");
	}
	if (count == 2 && list[0] == IMA_AUTHMETHOD_NONE)
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				 "open-iscsi prefers CHAP to None when it may use both");
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS auth_set_methods(IMA_OID oid, IMA_UINT count, const IMA_AUTHMETHOD *list)
{
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(oid, &keeper);

	if (!IMA_ERROR(status))
		status = check_methods(count, list, auth_has_credentials(&keeper));
	return IMA_ERROR(status)
		       ? status
		       : keeper_use_chap(&keeper, list[0] == IMA_AUTHMETHOD_CHAP);
}

IMA_STATUS IMA_SetInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT methodCount,
				       const IMA_AUTHMETHOD *pMethodList)
{
	return auth_set_methods(lhbaOid, methodCount, pMethodList);
}
