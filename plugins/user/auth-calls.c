// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * auth-calls.c - what clients set and ask about authentication: methods NONE and CHAP, and the
 * parameters of CHAP for the LHBA.
 */
#include <errno.h>
#include <string.h>

#include "auth.h"
#include "auth-parms.h"
#include "user.h"

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

/* Whether parameters of CHAP are set. Who may not read the secrets cannot use them. */
static bool has_chap(struct owner owner)
{
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	const char *why;

	return user.secrets_path[0] && !secrets_read(user.secrets_path, &secrets, &why) &&
	       secrets_in_force(&secrets, owner, CHAP_INITIATOR);
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid, IMA_BOOL getSettableMethods,
				       IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList)
{
	static const IMA_AUTHMETHOD all[] = { IMA_AUTHMETHOD_NONE, IMA_AUTHMETHOD_CHAP };
	static const struct owner lhba = { OWNER_LHBA, "" };

	if (!is_lhba(lhbaOid))
		return not_found(lhbaOid);
	return give_methods(all,
			    getSettableMethods && !has_chap(lhba) ? 1 : ARRAY_SIZE(all),
			    pMethodCount, pMethodList);
}

static IMA_STATUS get_methods(IMA_OID oid, IMA_UINT *pMethodCount,
			      IMA_AUTHMETHOD *pMethodList)
{
	VISIT visit = visit_begin();
	const struct auth *auth;
	struct holder holder;

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	auth = auth_methods(holder.auth);
	return give_methods(auth->methods, auth->method_count, pMethodCount, pMethodList);
}

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	return is_lhba(lhbaOid) ? get_methods(lhbaOid, pMethodCount, pMethodList)
				: not_found(lhbaOid);
}

static bool contains(const IMA_AUTHMETHOD *list, size_t count, IMA_AUTHMETHOD method)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == method)
			return true;
	return false;
}

static const char *check_list(const IMA_AUTHMETHOD *list, size_t count,
			      struct owner owner)
{
	if (!count)
		return "at least one authentication method is needed";
	for (size_t i = 0; i < count; i++) {
		if (list[i] != IMA_AUTHMETHOD_NONE && list[i] != IMA_AUTHMETHOD_CHAP)
			return "this initiator knows the methods none and CHAP only";
		if (contains(list, i, list[i]))
			return "an authentication method is listed twice";
		if (list[i] == IMA_AUTHMETHOD_CHAP && !has_chap(owner))
			return "CHAP needs a name and a secret first";
	}
	return NULL;
}

static IMA_STATUS refuse(const char *wrong)
{
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0, "%s", wrong);
}

/* Before a database is made for it. */
static IMA_STATUS check_methods(IMA_OID oid, const IMA_AUTHMETHOD *list, size_t count)
{
	VISIT visit = visit_begin();
	struct holder holder;
	const char *wrong;

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	wrong = check_list(list, count, holder.owner);
	return wrong ? refuse(wrong) : IMA_STATUS_SUCCESS;
}

static int write_lhba_methods(const IMA_AUTHMETHOD *list, size_t count)
{
	int err = store_run(user.store, STORE_REMOVE_METHODS, "");

	for (size_t i = 0; !err && i < count; i++)
		err = store_run(user.store, STORE_ADD_METHOD, "ii", (int64_t)i,
				(int64_t)list[i]);
	return err;
}

static int write_methods(const struct holder *holder, const IMA_AUTHMETHOD *list,
			 size_t count)
{
	uint8_t numbers[USER_METHODS];

	if (holder->owner.kind == OWNER_LHBA)
		return write_lhba_methods(list, count);
	for (size_t i = 0; i < count; i++)
		numbers[i] = (uint8_t)list[i];
	return auth_write_list(holder, AUTH_METHODS, numbers, count);
}

static IMA_STATUS set_methods(IMA_OID oid, const IMA_AUTHMETHOD *list, size_t count)
{
	IMA_STATUS status = check_methods(oid, list, count);
	struct holder holder;
	const char *wrong;
	int err;

	if (status)
		return status;
	VISIT visit = visit_begin_change();

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	/* Again, now that nobody can remove the parameters meanwhile. */
	wrong = check_list(list, count, holder.owner);
	if (wrong)
		return refuse(wrong);
	err = write_methods(&holder, list, count);
	return err ? visit_fail(err) : visit_commit(&visit, true);
}

IMA_STATUS IMA_SetInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT methodCount,
				       const IMA_AUTHMETHOD *pMethodList)
{
	return is_lhba(lhbaOid) ? set_methods(lhbaOid, pMethodList, methodCount)
				: not_found(lhbaOid);
}

/* --- Parameters of the LHBA --------------------------------------------------------------- */

static IMA_STATUS check_method(IMA_AUTHMETHOD method)
{
	if (method == IMA_AUTHMETHOD_CHAP)
		return IMA_STATUS_SUCCESS;
	return refuse("this initiator has parameters for CHAP only");
}

static void give_parms(const struct chap *chap, IMA_CHAP_INITIATOR_AUTHPARMS *parms)
{
	parms->retries = chap->retries;
	parms->nameLength = strlen(chap->name);
	memcpy(parms->name, chap->name, parms->nameLength);
	parms->minValueLength = chap->min_value;
	parms->maxValueLength = chap->max_value;
	memcpy(parms->challengeSecret, chap->secret, chap->secret_length);
	parms->challengeSecretLength = chap->secret_length;
}

/* Who may not read the file is told that nothing is set, as far as this structure can say. */
IMA_STATUS IMA_GetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     IMA_INITIATOR_AUTHPARMS *pParms)
{
	static const struct owner lhba = { OWNER_LHBA, "" };
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	const struct chap *chap;
	IMA_STATUS status;
	bool is_hidden;

	if (!is_lhba(lhbaOid))
		return not_found(lhbaOid);
	status = check_method(method);
	if (!status)
		status = auth_read(&secrets, &is_hidden);
	if (status)
		return status;
	memset(pParms, 0, sizeof(*pParms));
	chap = secrets_find(&secrets, lhba, CHAP_INITIATOR);
	if (chap)
		give_parms(chap, &pParms->chapParms);
	return IMA_STATUS_SUCCESS;
}

static void take_parms(struct chap *chap, const IMA_CHAP_INITIATOR_AUTHPARMS *parms)
{
	memset(chap, 0, sizeof(*chap));
	memcpy(chap->name, parms->name, parms->nameLength);
	memcpy(chap->secret, parms->challengeSecret, parms->challengeSecretLength);
	chap->secret_length = parms->challengeSecretLength;
	chap->retries = parms->retries;
	chap->min_value = parms->minValueLength;
	chap->max_value = parms->maxValueLength;
}

static const char *check_parms(const IMA_CHAP_INITIATOR_AUTHPARMS *parms)
{
	const char *wrong = auth_parms_check(CHAP_INITIATOR, parms->name,
					     parms->nameLength,
					     parms->challengeSecretLength);

	if (!wrong && parms->minValueLength > parms->maxValueLength)
		wrong = "the smallest length of a CHAP value is above the largest";
	return wrong;
}

/* Without a name and without a secret they are removed. */
IMA_STATUS IMA_SetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     const IMA_INITIATOR_AUTHPARMS *pParms)
{
	const IMA_CHAP_INITIATOR_AUTHPARMS *parms = &pParms->chapParms;
	struct chap _cleanup_(chap_wipe) chap = { 0 };
	const char *wrong;
	IMA_STATUS status;

	if (!is_lhba(lhbaOid))
		return not_found(lhbaOid);
	status = check_method(method);
	if (status)
		return status;
	if (!parms->nameLength && !parms->challengeSecretLength)
		return auth_parms_set(lhbaOid, CHAP_INITIATOR, NULL);
	wrong = check_parms(parms);
	if (wrong)
		return refuse(wrong);
	take_parms(&chap, parms);
	return auth_parms_set(lhbaOid, CHAP_INITIATOR, &chap);
}

/* --- Methods of targets and addresses ------------------------------------------------------ */

IMA_STATUS IMAX_GetAuthMethods(IMA_OID oid, IMA_UINT *pMethodCount,
			       IMA_AUTHMETHOD *pMethodList)
{
	return get_methods(oid, pMethodCount, pMethodList);
}

IMA_STATUS IMAX_SetAuthMethods(IMA_OID oid, IMA_UINT methodCount,
			       const IMA_AUTHMETHOD *pMethodList)
{
	return set_methods(oid, pMethodList, methodCount);
}
