// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * auth-parms.c - names and secrets of CHAP in both directions, and the algorithms, for the LHBA,
 * a target or a discovery address.
 */
#include "auth-parms.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "user.h"

static bool has_control_character(const IMA_BYTE *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] == 0x7f)
			return true;
	return false;
}

const char *auth_parms_check(enum chap_direction direction, const IMA_BYTE *name,
			     size_t name_length, size_t secret_length)
{
	if (!name_length && direction == CHAP_INITIATOR)
		return "a CHAP name has 1 to 255 bytes";
	if (name_length > CHAP_NAME_MAX)
		return "a CHAP name has at most 255 bytes";
	if (has_control_character(name, name_length))
		return "a CHAP name has no control characters";
	if (secret_length < CHAP_SECRET_MIN || secret_length > CHAP_SECRET_MAX)
		return "a CHAP secret has 12 to 255 bytes";
	return NULL;
}

/* What is not there need not be removed, and no database is made for it. */
static IMA_STATUS look(IMA_OID oid, enum chap_direction direction, bool *is_there)
{
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	VISIT visit = visit_begin();
	struct holder holder;

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	visit.status = auth_read(&secrets, NULL);
	*is_there = secrets_find(&secrets, holder.owner, direction) ||
		    holder.auth->chap[direction] ||
		    (direction == CHAP_TARGET && holder.auth->is_excepted);
	return visit.status;
}

IMA_STATUS auth_parms_set(IMA_OID oid, enum chap_direction direction,
			  const struct chap *chap)
{
	bool is_there = false;
	IMA_STATUS status = look(oid, direction, &is_there);
	struct holder holder;

	if (status || (!chap && !is_there))
		return status;
	VISIT visit = visit_begin_change();

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	status = auth_change_chap(&holder, 1U << direction, chap);
	return status ? status : visit_commit(&visit, true);
}

static IMA_STATUS refuse(const char *wrong)
{
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0, "%s", wrong);
}

/* What the holder has in this direction; without the right to read it, only that it is there. */
static void give(const struct holder *holder, enum chap_direction direction,
		 const struct secrets *secrets, IMAX_CHAP_PARMS *parms)
{
	const struct chap *own = secrets_find(secrets, holder->owner, direction);
	const struct chap *chap = secrets_in_force(secrets, holder->owner, direction);
	bool is_own = own || holder->auth->chap[direction];

	memset(parms, 0, sizeof(*parms));
	if (direction == CHAP_TARGET && holder->auth->is_excepted)
		return;
	parms->set = chap || is_own || user.state.auth.chap[direction] ? IMA_TRUE
								       : IMA_FALSE;
	parms->inherited = parms->set && !is_own ? IMA_TRUE : IMA_FALSE;
	if (!chap)
		return;
	parms->nameLength = (IMA_UINT32)strlen(chap->name);
	memcpy(parms->name, chap->name, parms->nameLength);
	parms->secretLength = (IMA_UINT32)chap->secret_length;
	memcpy(parms->secret, chap->secret, chap->secret_length);
}

IMA_STATUS IMAX_GetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     IMAX_CHAP_PARMS *pParms)
{
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	VISIT visit = visit_begin();
	struct holder holder;
	IMA_STATUS status;
	bool is_hidden;

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	status = auth_read(&secrets, &is_hidden);
	if (!status)
		give(&holder, (enum chap_direction)direction, &secrets, pParms);
	return status;
}

static bool is_lhba_initiator(IMA_OID oid, enum chap_direction direction)
{
	return direction == CHAP_INITIATOR && is_lhba(oid);
}

/* What only the structure of the standard has stays as it is. */
static IMA_STATUS keep_rest(struct chap *chap)
{
	static const struct owner lhba = { OWNER_LHBA, "" };
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	IMA_STATUS status = auth_read(&secrets, NULL);
	const struct chap *old = secrets_find(&secrets, lhba, CHAP_INITIATOR);

	if (old) {
		chap->retries = old->retries;
		chap->min_value = old->min_value;
		chap->max_value = old->max_value;
	}
	return status;
}

static IMA_STATUS check_holder(IMA_OID oid)
{
	VISIT visit = visit_begin();
	struct holder holder;

	if (visit.status)
		return visit.status;
	return holder_find(oid, &holder) ? IMA_STATUS_SUCCESS : not_found(oid);
}

/* The target need not prove itself, although others have to. */
static IMA_STATUS except(IMA_OID oid)
{
	IMA_STATUS status = check_holder(oid);
	struct holder holder;

	if (status)
		return status;
	VISIT visit = visit_begin_change();

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	if (holder.auth->is_excepted)
		return IMA_STATUS_SUCCESS;
	status = auth_except(&holder);
	return status ? status : visit_commit(&visit, true);
}

IMA_STATUS IMAX_SetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     const IMAX_CHAP_PARMS *pParms)
{
	enum chap_direction way = (enum chap_direction)direction;
	struct chap _cleanup_(chap_wipe) chap = { 0 };
	IMA_STATUS status = IMA_STATUS_SUCCESS;
	const char *wrong;

	if (way == CHAP_TARGET && !is_lhba(oid) && !pParms->nameLength &&
	    !pParms->secretLength)
		return except(oid);
	wrong = auth_parms_check(way, pParms->name, pParms->nameLength,
				 pParms->secretLength);
	if (wrong)
		return refuse(wrong);
	memcpy(chap.name, pParms->name, pParms->nameLength);
	memcpy(chap.secret, pParms->secret, pParms->secretLength);
	chap.secret_length = pParms->secretLength;
	if (is_lhba_initiator(oid, way))
		status = keep_rest(&chap);
	return status ? status : auth_parms_set(oid, way, &chap);
}

/* --- Algorithms ---------------------------------------------------------------------------- */

static IMA_UINT32 give_list(const uint8_t *numbers, size_t count,
			    IMAX_CHAP_ALGORITHM *list)
{
	for (size_t i = 0; i < count; i++)
		list[i] = (IMAX_CHAP_ALGORITHM)numbers[i];
	return (IMA_UINT32)count;
}

IMA_STATUS IMAX_GetChapAlgorithms(IMA_OID oid, IMAX_CHAP_ALGORITHMS *pAlgorithms)
{
	uint8_t numbers[ISCSI_CHAP_ALGORITHMS];
	VISIT visit = visit_begin();
	struct holder holder;
	size_t count;

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	memset(pAlgorithms, 0, sizeof(*pAlgorithms));
	pAlgorithms->settable = IMA_TRUE;
	pAlgorithms->inherited = holder.target && !holder.auth->algorithms[0] ? IMA_TRUE
									      : IMA_FALSE;
	count = auth_algorithms(holder.auth, numbers);
	pAlgorithms->count = give_list(numbers, count, pAlgorithms->algorithms);
	count = auth_supported(numbers);
	pAlgorithms->supportedCount = give_list(numbers, count, pAlgorithms->supported);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS check_algorithms(const IMAX_CHAP_ALGORITHM *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] > UINT8_MAX || !iscsi_chap_algorithm_name((uint8_t)list[i]))
			return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
					 "libcrypto has no CHAP algorithm %u here",
					 (unsigned int)list[i]);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS write_algorithms(IMA_OID oid, const uint8_t *numbers, size_t count)
{
	VISIT visit = visit_begin_change();
	struct holder holder;
	int err;

	if (visit.status)
		return visit.status;
	if (!holder_find(oid, &holder))
		return not_found(oid);
	err = auth_write_list(&holder, AUTH_ALGORITHMS, numbers, count);
	return err ? visit_fail(err) : visit_commit(&visit, true);
}

IMA_STATUS IMAX_SetChapAlgorithms(IMA_OID oid, IMA_UINT count,
				  const IMAX_CHAP_ALGORITHM *pAlgorithms)
{
	uint8_t numbers[ISCSI_CHAP_ALGORITHMS];
	IMA_STATUS status = check_holder(oid);

	if (!status)
		status = check_algorithms(pAlgorithms, count);
	if (status)
		return status;
	if (count > ISCSI_CHAP_ALGORITHMS)
		return refuse("a CHAP algorithm is listed twice");
	for (size_t i = 0; i < count; i++)
		numbers[i] = (uint8_t)pAlgorithms[i];
	return write_algorithms(oid, numbers, count);
}
