// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * auth.c - authentication methods and their parameters: NONE and CHAP, for the LHBA.
 *
 * Methods are in the store, parameters in the file for secrets (secrets.h), which is written
 * inside a transaction of the store, so that no two processes write it at once.
 */
#include "auth.h"

#include <errno.h>
#include <string.h>

#include "events.h"
#include "user.h"

static IMA_STATUS read_secrets(struct chap *chap)
{
	const char *why = "";
	int err = user.secrets_path[0] ? secrets_read(user.secrets_path, chap, &why)
				       : -ENOENT;

	if (!user.secrets_path[0])
		memset(chap, 0, sizeof(*chap));
	if (!err || err == -ENOENT)
		return IMA_STATUS_SUCCESS;
	if (err == -ENOMEM)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, 0,
			 "cannot use the secrets in %s: %s", user.secrets_path, why);
}

static bool uses(const IMA_AUTHMETHOD *methods, size_t count, IMA_AUTHMETHOD method)
{
	for (size_t i = 0; i < count; i++)
		if (methods[i] == method)
			return true;
	return false;
}

IMA_STATUS auth_secrets(const IMA_AUTHMETHOD *methods, size_t count, struct chap *chap)
{
	IMA_STATUS status;

	memset(chap, 0, sizeof(*chap));
	if (!uses(methods, count, IMA_AUTHMETHOD_CHAP))
		return IMA_STATUS_SUCCESS;
	status = read_secrets(chap);
	if (status || chap->name[0])
		return status;
	return host_fail(
		IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_PLUGIN, 0,
		"CHAP is chosen, but %s holds no CHAP name and secret; set them again",
		user.secrets_path);
}

/* The list, or as much of it as fits; without a list, how many there are. */
static IMA_STATUS give_methods(const IMA_AUTHMETHOD *methods, size_t count,
			       IMA_UINT *pMethodCount, IMA_AUTHMETHOD *pMethodList)
{
	if (!pMethodList) {
		*pMethodCount = count;
		return IMA_STATUS_SUCCESS;
	}
	if (*pMethodCount > count)
		*pMethodCount = count;
	memcpy(pMethodList, methods, *pMethodCount * sizeof(*methods));
	return IMA_STATUS_SUCCESS;
}

/* Whether the parameters of CHAP are set. Who may not read the secrets cannot use them. */
static bool has_chap(void)
{
	const char *why;
	struct chap chap;
	bool has = user.secrets_path[0] &&
		   !secrets_read(user.secrets_path, &chap, &why) && chap.name[0];

	chap_wipe(&chap);
	return has;
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid, IMA_BOOL getSettableMethods,
				       IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList)
{
	static const IMA_AUTHMETHOD all[] = { IMA_AUTHMETHOD_NONE, IMA_AUTHMETHOD_CHAP };

	if (!is_lhba(lhbaOid))
		return not_found(lhbaOid);
	return give_methods(all, getSettableMethods && !has_chap() ? 1 : ARRAY_SIZE(all),
			    pMethodCount, pMethodList);
}

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	if (!is_lhba(lhbaOid))
		return not_found(lhbaOid);
	return give_methods(user.state.methods, user.state.method_count, pMethodCount,
			    pMethodList);
}

static IMA_STATUS check_method(IMA_AUTHMETHOD method)
{
	if (method == IMA_AUTHMETHOD_CHAP)
		return IMA_STATUS_SUCCESS;
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "this initiator has parameters for CHAP only");
}

IMA_STATUS IMA_GetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     IMA_INITIATOR_AUTHPARMS *pParms)
{
	IMA_CHAP_INITIATOR_AUTHPARMS *parms = &pParms->chapParms;
	struct chap chap;
	IMA_STATUS status;

	if (!is_lhba(lhbaOid))
		return not_found(lhbaOid);
	status = check_method(method);
	if (!status)
		status = read_secrets(&chap);
	if (status)
		return status;
	memset(pParms, 0, sizeof(*pParms));
	parms->retries = chap.retries;
	parms->nameLength = strlen(chap.name);
	memcpy(parms->name, chap.name, parms->nameLength);
	parms->minValueLength = chap.min_value;
	parms->maxValueLength = chap.max_value;
	memcpy(parms->challengeSecret, chap.secret, chap.secret_length);
	parms->challengeSecretLength = chap.secret_length;
	chap_wipe(&chap);
	return IMA_STATUS_SUCCESS;
}

static bool has_control_character(const IMA_BYTE *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] == 0x7f)
			return true;
	return false;
}

/* NULL if the parameters can be used, else what is wrong with them. */
static const char *check_parms(const IMA_CHAP_INITIATOR_AUTHPARMS *parms)
{
	if (!parms->nameLength && !parms->challengeSecretLength)
		return NULL; /* they are to be removed */
	if (!parms->nameLength || parms->nameLength > CHAP_NAME_MAX)
		return "a CHAP name has 1 to 255 bytes";
	if (has_control_character(parms->name, parms->nameLength))
		return "a CHAP name has no control characters";
	if (parms->challengeSecretLength < CHAP_SECRET_MIN ||
	    parms->challengeSecretLength > CHAP_SECRET_MAX)
		return "a CHAP secret has 12 to 255 bytes";
	if (parms->minValueLength > parms->maxValueLength)
		return "the smallest length of a CHAP value is above the largest";
	return NULL;
}

static void take_parms(struct chap *chap, const IMA_CHAP_INITIATOR_AUTHPARMS *parms)
{
	memset(chap, 0, sizeof(*chap));
	if (!parms->nameLength)
		return;
	memcpy(chap->name, parms->name, parms->nameLength);
	memcpy(chap->secret, parms->challengeSecret, parms->challengeSecretLength);
	chap->secret_length = parms->challengeSecretLength;
	chap->retries = parms->retries;
	chap->min_value = parms->minValueLength;
	chap->max_value = parms->maxValueLength;
}

static IMA_STATUS write_secrets(const struct chap *chap)
{
	VISIT visit = visit_begin_change();
	int err;

	if (visit.status)
		return visit.status;
	if (!chap->name[0] &&
	    uses(user.state.methods, user.state.method_count, IMA_AUTHMETHOD_CHAP))
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "CHAP is in use; choose other methods before its "
				 "parameters are removed");
	err = secrets_write(user.secrets_path, chap);
	if (err)
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, err,
				 "cannot write %s", user.secrets_path);
	events_changed(user.lhba->oid);
	return IMA_STATUS_SUCCESS; /* the transaction only kept others away */
}

IMA_STATUS IMA_SetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     const IMA_INITIATOR_AUTHPARMS *pParms)
{
	const char *wrong;
	struct chap chap;
	IMA_STATUS status;

	if (!is_lhba(lhbaOid))
		return not_found(lhbaOid);
	status = check_method(method);
	if (status)
		return status;
	wrong = check_parms(&pParms->chapParms);
	if (wrong)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0, "%s",
				 wrong);
	take_parms(&chap, &pParms->chapParms);
	status = write_secrets(&chap);
	chap_wipe(&chap);
	return status;
}

static const char *check_list(const IMA_AUTHMETHOD *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] != IMA_AUTHMETHOD_NONE && list[i] != IMA_AUTHMETHOD_CHAP)
			return "this initiator knows the methods none and CHAP only";
		if (uses(list, i, list[i]))
			return "an authentication method is listed twice";
		if (list[i] == IMA_AUTHMETHOD_CHAP && !has_chap())
			return "CHAP needs a name and a secret first";
	}
	return NULL;
}

static int write_methods(const IMA_AUTHMETHOD *list, size_t count)
{
	int err = store_run(user.store, STORE_REMOVE_METHODS, "");

	for (size_t i = 0; !err && i < count; i++)
		err = store_run(user.store, STORE_ADD_METHOD, "ii", (int64_t)i,
				(int64_t)list[i]);
	return err;
}

static IMA_STATUS set_methods(const IMA_AUTHMETHOD *list, size_t count)
{
	VISIT visit = visit_begin_change();
	const char *wrong;
	int err;

	if (visit.status)
		return visit.status;
	/* Again, now that nobody can remove the parameters meanwhile. */
	wrong = check_list(list, count);
	if (wrong)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0, "%s",
				 wrong);
	err = write_methods(list, count);
	return err ? visit_fail(err) : visit_commit(&visit, true);
}

IMA_STATUS IMA_SetInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT methodCount,
				       const IMA_AUTHMETHOD *pMethodList)
{
	const char *wrong;

	if (!is_lhba(lhbaOid))
		return not_found(lhbaOid);
	wrong = methodCount ? check_list(pMethodList, methodCount)
			    : "at least one authentication method is needed";
	if (wrong)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0, "%s",
				 wrong);
	return set_methods(pMethodList, methodCount);
}
