// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-auth.c - CHAP in both directions and its algorithms, of LHBAs, targets and discovery
 * addresses, and the methods of the two latter (extensions).
 *
 * A secret goes from the caller into the model and, if it may be read, back; every copy on
 * the way is wiped and no message holds a byte of it.
 */
#include "api-auth.h"

#include <stddef.h>
#include <string.h>

#include "auth.h"
#include "network.h"
#include "sim.h"

/* The LHBA of an object; NULL for a discovery address that no LHBA uses. */
static struct lhba *lhba_of(struct model *model, struct object *object)
{
	switch (object_kind(object)) {
	case KIND_LHBA:
		return (struct lhba *)object;
	case KIND_FOUND:
		return (struct lhba *)object->parent;
	default:
		return source_lhba(model, (struct source *)object);
	}
}

static bool may_have_own(const struct lhba *lhba, const struct object *object)
{
	return object == &lhba->object || lhba->now.target_auth_settable;
}

static bool does_chap(const struct lhba *lhba)
{
	return lhba && methods_have(methods_or_none(&lhba->now.auth_supported),
				    IMA_AUTHMETHOD_CHAP);
}

/* --- algorithms ------------------------------------------------------------------------- */

static IMA_UINT32 give_algorithms(const struct methods *methods,
				  IMAX_CHAP_ALGORITHM list[IMAX_CHAP_ALGORITHMS_MAX])
{
	for (unsigned int i = 0; i < methods->count; i++)
		list[i] = (IMAX_CHAP_ALGORITHM)(IMAX_CHAP_MD5 + methods->list[i]);
	return methods->count;
}

static IMA_STATUS get_algorithms(struct model *model, struct object *object,
				 IMAX_CHAP_ALGORITHMS *algorithms)
{
	const struct lhba *lhba = lhba_of(model, object);
	const struct methods *offered = auth_algorithms_of(lhba, object, false);

	if (!does_chap(lhba))
		return fails(IMA_ERROR_NOT_SUPPORTED, "the LHBA does not do CHAP");
	memset(algorithms, 0, sizeof(*algorithms));
	algorithms->settable = lhba->now.chap_algorithms_settable &&
			       may_have_own(lhba, object);
	algorithms->inherited = object != &lhba->object &&
				offered == &lhba->now.chap_algorithms;
	algorithms->count = give_algorithms(offered, algorithms->algorithms);
	algorithms->supportedCount = give_algorithms(&lhba->now.chap_supported,
						     algorithms->supported);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMAX_GetChapAlgorithms(IMA_OID oid, IMAX_CHAP_ALGORITHMS *pAlgorithms)
{
	return CALL(IMAX_GetChapAlgorithms, oid, LHBA | TARGET,
		    get_algorithms(call.model, call.object, pAlgorithms));
}

static IMA_STATUS take_algorithms(const struct lhba *lhba, IMA_UINT count,
				  const IMAX_CHAP_ALGORITHM *list,
				  struct methods *algorithms)
{
	memset(algorithms, 0, sizeof(*algorithms));
	if (!count || count > METHODS_MAX)
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "%lu algorithms are not possible", count);
	for (IMA_UINT i = 0; i < count; i++) {
		uint32_t algorithm = (uint32_t)list[i] - IMAX_CHAP_MD5;

		if (!methods_have(&lhba->now.chap_supported, algorithm))
			return fails(IMA_ERROR_NOT_SUPPORTED,
				     "the initiator does not have CHAP algorithm %u",
				     (unsigned int)list[i]);
		if (methods_have(algorithms, algorithm))
			return fails(IMA_ERROR_INVALID_PARAMETER,
				     "algorithm %u is there twice",
				     (unsigned int)list[i]);
		algorithms->list[algorithms->count++] = (uint8_t)algorithm;
	}
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS set_algorithms(struct model *model, struct object *object,
				 IMA_UINT count, const IMAX_CHAP_ALGORITHM *list)
{
	struct lhba *lhba = lhba_of(model, object);
	bool later = lhba->now.reboot & REBOOT_AUTH_PARMS;
	size_t place = offsetof(struct lhba_values, chap_algorithms);
	struct methods algorithms;
	IMA_STATUS status;

	if (!does_chap(lhba))
		return fails(IMA_ERROR_NOT_SUPPORTED, "the LHBA does not do CHAP");
	if (!lhba->now.chap_algorithms_settable || !may_have_own(lhba, object))
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the CHAP algorithms cannot be set here");
	status = take_algorithms(lhba, count, list, &algorithms);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (object_kind(object) == KIND_FOUND)
		place = offsetof(struct found_values, chap_algorithms);
	object_store_at(model, object, place, &algorithms, later);
	return done(later);
}

IMA_STATUS IMAX_SetChapAlgorithms(IMA_OID oid, IMA_UINT count,
				  const IMAX_CHAP_ALGORITHM *pAlgorithms)
{
	return CALL(IMAX_SetChapAlgorithms, oid, LHBA | TARGET,
		    set_algorithms(call.model, call.object, count, pAlgorithms));
}

/* --- names and secrets ------------------------------------------------------------------ */

static IMA_STATUS check_direction(const struct lhba *lhba, IMAX_CHAP_DIRECTION direction)
{
	if (!does_chap(lhba))
		return fails(IMA_ERROR_NOT_SUPPORTED, "the LHBA does not do CHAP");
	if (direction == IMAX_CHAP_TARGET && !lhba->now.mutual_chap)
		return fails(IMA_ERROR_NOT_SUPPORTED, "the LHBA does not do mutual CHAP");
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS get_chap(struct model *model, struct object *object,
			   IMAX_CHAP_DIRECTION direction, IMAX_CHAP_PARMS *parms)
{
	const struct lhba *lhba = lhba_of(model, object);
	IMA_STATUS status = check_direction(lhba, direction);
	struct auth_chap chap;

	if (status != IMA_STATUS_SUCCESS)
		return status;
	memset(parms, 0, sizeof(*parms));
	chap = auth_chap_of(lhba, object, (int)direction, false);
	if (!chap.secret->length)
		return IMA_STATUS_SUCCESS;
	parms->set = IMA_TRUE;
	parms->inherited = chap.inherited;
	parms->nameLength = chap.name->length;
	memcpy(parms->name, chap.name->data, chap.name->length);
	if (!lhba->now.secrets_readable)
		return IMA_STATUS_SUCCESS;
	parms->secretLength = chap.secret->length;
	memcpy(parms->secret, chap.secret->data, chap.secret->length);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMAX_GetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     IMAX_CHAP_PARMS *pParms)
{
	return CALL(IMAX_GetChapParms, oid, LHBA | TARGET | DISCOVERY_ADDRESS,
		    get_chap(call.model, call.object, direction, pParms));
}

/* A target or address that need not prove itself. */
static bool is_exception(const struct lhba *lhba, const struct object *object,
			 IMAX_CHAP_DIRECTION direction, const IMAX_CHAP_PARMS *parms)
{
	return object != &lhba->object && direction == IMAX_CHAP_TARGET &&
	       !parms->nameLength && !parms->secretLength;
}

static IMA_STATUS check_chap(const struct lhba *lhba, const struct object *object,
			     IMAX_CHAP_DIRECTION direction, const IMAX_CHAP_PARMS *parms)
{
	struct auth_chap other = auth_chap_of(lhba, object,
					      direction == IMAX_CHAP_INITIATOR, true);

	if (is_exception(lhba, object, direction, parms))
		return IMA_STATUS_SUCCESS;
	if (parms->nameLength > sizeof(parms->name) || !parms->secretLength ||
	    parms->secretLength > sizeof(parms->secret))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the length of the name or of the secret is out of range");
	if (direction == IMAX_CHAP_INITIATOR && !parms->nameLength)
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the initiator needs a name to prove itself");
	if (other.secret->length == parms->secretLength &&
	    !memcmp(other.secret->data, parms->secret, parms->secretLength))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the secret is that of the other direction, which RFC 7143, "
			     "9.2.1, forbids");
	return IMA_STATUS_SUCCESS;
}

static void store_chap(struct model *model, struct object *object,
		       IMAX_CHAP_DIRECTION direction, const IMAX_CHAP_PARMS *parms,
		       bool later)
{
	struct auth_place place = auth_place(object, (int)direction);
	struct chap_parms chap = { 0 };

	chap.name.length = parms->nameLength;
	memcpy(chap.name.data, parms->name, parms->nameLength);
	chap.secret.length = parms->secretLength;
	memcpy(chap.secret.data, parms->secret, parms->secretLength);
	object_store_at(model, object, place.name, &chap.name, later);
	object_store_at(model, object, place.secret, &chap.secret, later);
	explicit_bzero(&chap, sizeof(chap));
}

static void store_exception(struct model *model, struct object *object, bool excepted,
			    bool later)
{
	size_t place = object_kind(object) == KIND_FOUND
			       ? offsetof(struct found_values, mutual_excepted)
			       : offsetof(struct source_values, mutual_excepted);

	object_store_at(model, object, place, &excepted, later);
}

static IMA_STATUS set_chap(struct model *model, struct object *object,
			   IMAX_CHAP_DIRECTION direction, const IMAX_CHAP_PARMS *parms)
{
	struct lhba *lhba = lhba_of(model, object);
	IMA_STATUS status = check_direction(lhba, direction);
	bool later;

	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (!lhba->now.auth_parms_settable || !may_have_own(lhba, object))
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the parameters of CHAP cannot be set here");
	status = check_chap(lhba, object, direction, parms);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	later = lhba->now.reboot & REBOOT_AUTH_PARMS;
	store_chap(model, object, direction, parms, later);
	if (object != &lhba->object && direction == IMAX_CHAP_TARGET)
		store_exception(model, object, !parms->secretLength, later);
	return done(later);
}

IMA_STATUS IMAX_SetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     const IMAX_CHAP_PARMS *pParms)
{
	return CALL(IMAX_SetChapParms, oid, LHBA | TARGET | DISCOVERY_ADDRESS,
		    set_chap(call.model, call.object, direction, pParms));
}

/* --- methods of one target or discovery address ------------------------------------------- */

static IMA_STATUS get_methods(struct model *model, struct object *object, IMA_UINT *count,
			      IMA_AUTHMETHOD *list)
{
	const struct lhba *lhba = lhba_of(model, object);

	if (!lhba || !lhba->now.auth_reportable)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the LHBA cannot report its methods");
	return give_methods(auth_methods_of(lhba, object, false), count, list);
}

IMA_STATUS IMAX_GetAuthMethods(IMA_OID oid, IMA_UINT *pMethodCount,
			       IMA_AUTHMETHOD *pMethodList)
{
	return CALL(IMAX_GetAuthMethods, oid, TARGET | DISCOVERY_ADDRESS,
		    get_methods(call.model, call.object, pMethodCount, pMethodList));
}

static IMA_STATUS set_methods(struct model *model, struct object *object, IMA_UINT count,
			      const IMA_AUTHMETHOD *list)
{
	struct lhba *lhba = lhba_of(model, object);
	size_t place = offsetof(struct found_values, auth_in_use);
	struct methods methods;
	IMA_STATUS status;
	bool later;

	if (!lhba || !lhba->now.auth_methods_settable || !may_have_own(lhba, object))
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "methods cannot be set for a single target or address");
	status = take_methods(lhba, object, count, list, &methods);
	if (status != IMA_STATUS_SUCCESS)
		return status;
	if (object_kind(object) == KIND_DISCOVERY)
		place = offsetof(struct source_values, auth_in_use);
	later = lhba->now.reboot & REBOOT_AUTH_METHODS;
	object_store_at(model, object, place, &methods, later);
	return done(later);
}

IMA_STATUS IMAX_SetAuthMethods(IMA_OID oid, IMA_UINT methodCount,
			       const IMA_AUTHMETHOD *pMethodList)
{
	return CALL(IMAX_SetAuthMethods, oid, TARGET | DISCOVERY_ADDRESS,
		    set_methods(call.model, call.object, methodCount, pMethodList));
}
