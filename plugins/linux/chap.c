// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * chap.c - CHAP of single targets and discovery addresses, of both directions, and its
 * algorithms. See keeper.h for where all of it is kept.
 */
#include "auth.h"

#include <errno.h>
#include <string.h>

#include "chap.h"
#include "settings.h"

/* --- Name and secret --------------------------------------------------------------------------- */

/* Where name and secret of a direction are, and the secret they must differ from. */
static const struct direction {
	enum auth_part name, secret, other_secret;
} directions[] = {
	[IMAX_CHAP_INITIATOR] = { AUTH_NAME, AUTH_SECRET, AUTH_SECRET_IN },
	[IMAX_CHAP_TARGET] = { AUTH_NAME_IN, AUTH_SECRET_IN, AUTH_SECRET },
};

static IMA_UINT32 give_text(const char *text, IMA_BYTE *to, size_t size)
{
	size_t n = text ? strlen(text) : 0;

	n = n > size ? size : n;
	memcpy(to, text ? text : "", n);
	return (IMA_UINT32)n;
}

IMA_STATUS IMAX_GetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     IMAX_CHAP_PARMS *pParms)
{
	const struct direction *d = &directions[direction];
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(oid, &keeper);
	const char *secret;

	if (IMA_ERROR(status))
		return status;
	secret = keeper_get(&keeper, d->secret);
	memset(pParms, 0, sizeof(*pParms));
	if (!secret)
		return IMA_STATUS_SUCCESS;
	pParms->set = IMA_TRUE;
	pParms->inherited = keeper_inherits(&keeper, d->name, NULL) &&
					    keeper_inherits(&keeper, d->secret, NULL)
				    ? IMA_TRUE
				    : IMA_FALSE;
	pParms->nameLength = give_text(keeper_get(&keeper, d->name), pParms->name,
				       sizeof(pParms->name));
	if (plugin.world.privileged)
		pParms->secretLength = give_text(secret, pParms->secret,
						 sizeof(pParms->secret));
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS refuse_any_name(void)
{
	return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			 "open-iscsi accepts a target under one name only: give the name "
			 "the target proves to have");
}

IMA_STATUS IMAX_SetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     const IMAX_CHAP_PARMS *pParms)
{
	const struct direction *d = &directions[direction];
	struct credentials _cleanup_(credentials_free) new = { 0 };
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(oid, &keeper);

	if (IMA_ERROR(status))
		return status;
	if (!pParms->secretLength)
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				 "open-iscsi cannot except a single target from what "
				 "iscsid.conf has for mutual CHAP");
	if (direction == IMAX_CHAP_TARGET && !pParms->nameLength)
		return refuse_any_name();
	status = credentials_take(pParms->name, pParms->nameLength, pParms->secret,
				  pParms->secretLength, &new);
	if (!IMA_ERROR(status))
		status = credentials_differ(&keeper, d->other_secret, new.secret);
	if (IMA_ERROR(status))
		return status;
	return keeper_set(&keeper, d->name, new.name, new.secret);
}

/* --- Methods ----------------------------------------------------------------------------------- */

IMA_STATUS IMAX_GetAuthMethods(IMA_OID oid, IMA_UINT *pMethodCount,
			       IMA_AUTHMETHOD *pMethodList)
{
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(oid, &keeper);

	if (!IMA_ERROR(status))
		auth_give_in_use(keeper_uses_chap(&keeper), keeper_uses_mutual(&keeper),
				 pMethodCount, pMethodList);
	return status;
}

IMA_STATUS IMAX_SetAuthMethods(IMA_OID oid, IMA_UINT methodCount,
			       const IMA_AUTHMETHOD *pMethodList)
{
	return auth_set_methods(oid, methodCount, pMethodList);
}

/* --- Algorithms -------------------------------------------------------------------------------- */

static const struct {
	IMAX_CHAP_ALGORITHM algorithm;
	const char *name;
} algorithms[] = {
	{ IMAX_CHAP_SHA3_256, "SHA3-256" },
	{ IMAX_CHAP_SHA256, "SHA256" },
	{ IMAX_CHAP_SHA1, "SHA1" },
	{ IMAX_CHAP_MD5, "MD5" },
};

static void parse_algorithms(const char *list, IMAX_CHAP_ALGORITHMS *result)
{
	while (*list) {
		size_t length = strcspn(list, ", ");

		for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
			if (strlen(algorithms[i].name) == length &&
			    !strncmp(algorithms[i].name, list, length) &&
			    result->count < IMAX_CHAP_ALGORITHMS_MAX)
				result->algorithms[result->count++] =
					algorithms[i].algorithm;
		list += length;
		list += strspn(list, ", ");
	}
}

IMA_STATUS IMAX_GetChapAlgorithms(IMA_OID oid, IMAX_CHAP_ALGORITHMS *pAlgorithms)
{
	struct keeper _cleanup_keeper_ keeper;
	IMA_STATUS status = keeper_open(oid, &keeper);
	const char *list;

	if (IMA_ERROR(status))
		return status;
	list = keeper_get(&keeper, AUTH_ALGORITHMS);
	memset(pAlgorithms, 0, sizeof(*pAlgorithms));
	pAlgorithms->settable = IMA_TRUE;
	pAlgorithms->inherited = keeper_inherits(&keeper, AUTH_ALGORITHMS,
						 CHAP_ALGORITHMS_DEFAULT)
					 ? IMA_TRUE
					 : IMA_FALSE;
	parse_algorithms(list ? list : CHAP_ALGORITHMS_DEFAULT, pAlgorithms);
	pAlgorithms->supportedCount = ARRAY_SIZE(algorithms);
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
		pAlgorithms->supported[i] = algorithms[i].algorithm;
	return IMA_STATUS_SUCCESS;
}

static const char *name_of(IMAX_CHAP_ALGORITHM algorithm)
{
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (algorithms[i].algorithm == algorithm)
			return algorithms[i].name;
	return NULL;
}

IMA_STATUS IMAX_SetChapAlgorithms(IMA_OID oid, IMA_UINT count,
				  const IMAX_CHAP_ALGORITHM *pAlgorithms)
{
	char list[64] = "";
	struct setting setting = { CHAP_ALGORITHMS_KEY, list, CHAP_ALGORITHMS_DEFAULT };
	size_t used = 0;

	for (IMA_UINT i = 0; i < count; i++) {
		const char *name = name_of(pAlgorithms[i]);

		if (!name)
			return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
					 "open-iscsi has no CHAP algorithm %u",
					 (unsigned)pAlgorithms[i]);
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
					 i ? "," : "", name);
		if (used >= sizeof(list))
			return IMA_ERROR_INVALID_PARAMETER;
	}
	return settings_set(oid, &setting, 1);
}
