// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * settings.c - digests, which are login keys too, and taking settings back.
 */
#include <string.h>

#include "auth.h"
#include "keys.h"
#include "user.h"

/* The values of the API are those of the engine. */
_Static_assert((int)IMAX_DIGEST_NONE == ISCSI_DIGEST_NONE &&
		       (int)IMAX_DIGEST_CRC32C == ISCSI_DIGEST_CRC32C &&
		       (int)IMAX_DIGEST_NONE_CRC32C == ISCSI_DIGEST_NONE_CRC32C &&
		       (int)IMAX_DIGEST_CRC32C_NONE == ISCSI_DIGEST_CRC32C_NONE,
	       "digest offers");

static IMA_BOOL is_inherited(const struct target *target, enum iscsi_param param)
{
	return target && !(target->own.set & 1U << param) ? IMA_TRUE : IMA_FALSE;
}

IMA_STATUS IMAX_GetDigestProperties(IMA_OID oid, IMAX_DIGEST_PROPERTIES *pProps)
{
	VISIT visit = visit_begin();
	const struct target *target = visit.status ? NULL : target_by_oid(oid);
	struct iscsi_params params;

	if (visit.status)
		return visit.status;
	if (!target && !is_lhba(oid))
		return not_found(oid);
	keys_in_force(target, &params);
	memset(pProps, 0, sizeof(*pProps));
	pProps->headerDigestValid = IMA_TRUE;
	pProps->headerDigestSettable = IMA_TRUE;
	pProps->headerDigestInherited = is_inherited(target, ISCSI_HEADER_DIGEST);
	pProps->headerDigest = (IMAX_DIGEST_OFFER)params.value[ISCSI_HEADER_DIGEST];
	pProps->dataDigestValid = IMA_TRUE;
	pProps->dataDigestSettable = IMA_TRUE;
	pProps->dataDigestInherited = is_inherited(target, ISCSI_DATA_DIGEST);
	pProps->dataDigest = (IMAX_DIGEST_OFFER)params.value[ISCSI_DATA_DIGEST];
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMAX_SetHeaderDigest(IMA_OID oid, IMAX_DIGEST_OFFER digest)
{
	return keys_set(oid, ISCSI_HEADER_DIGEST, digest);
}

IMA_STATUS IMAX_SetDataDigest(IMA_OID oid, IMAX_DIGEST_OFFER digest)
{
	return keys_set(oid, ISCSI_DATA_DIGEST, digest);
}

/* --- Taking back --------------------------------------------------------------------------- */

/** struct removal - keys: a bit per enum iscsi_param; auth: a bit per enum auth_setting */
struct removal {
	uint32_t keys;
	unsigned int auth;
};

#define KEY(param)                    \
	{                             \
		.keys = 1U << (param) \
	}
#define AUTH(number)                   \
	{                              \
		.auth = 1U << (number) \
	}
#define CHAP_MASK (1U << AUTH_CHAP_INITIATOR | 1U << AUTH_CHAP_TARGET)

static const struct removal removals[] = {
	[IMAX_SETTING_ALL] = { UINT32_MAX, UINT_MAX },
	[IMAX_SETTING_DATA_PDU_IN_ORDER] = KEY(ISCSI_DATA_PDU_IN_ORDER),
	[IMAX_SETTING_DATA_SEQUENCE_IN_ORDER] = KEY(ISCSI_DATA_SEQUENCE_IN_ORDER),
	[IMAX_SETTING_DEFAULT_TIME2RETAIN] = KEY(ISCSI_DEFAULT_TIME2RETAIN),
	[IMAX_SETTING_DEFAULT_TIME2WAIT] = KEY(ISCSI_DEFAULT_TIME2WAIT),
	[IMAX_SETTING_ERROR_RECOVERY_LEVEL] = KEY(ISCSI_ERROR_RECOVERY_LEVEL),
	[IMAX_SETTING_FIRST_BURST_LENGTH] = KEY(ISCSI_FIRST_BURST_LENGTH),
	[IMAX_SETTING_IMMEDIATE_DATA] = KEY(ISCSI_IMMEDIATE_DATA),
	[IMAX_SETTING_INITIAL_R2T] = KEY(ISCSI_INITIAL_R2T),
	[IMAX_SETTING_MAX_BURST_LENGTH] = KEY(ISCSI_MAX_BURST_LENGTH),
	[IMAX_SETTING_MAX_CONNECTIONS] = KEY(ISCSI_MAX_CONNECTIONS),
	[IMAX_SETTING_MAX_OUTSTANDING_R2T] = KEY(ISCSI_MAX_OUTSTANDING_R2T),
	[IMAX_SETTING_MAX_RECV_DATA_SEGMENT_LENGTH] = KEY(
		ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH),
	[IMAX_SETTING_HEADER_DIGEST] = KEY(ISCSI_HEADER_DIGEST),
	[IMAX_SETTING_DATA_DIGEST] = KEY(ISCSI_DATA_DIGEST),
	[IMAX_SETTING_AUTH_METHODS] = AUTH(AUTH_METHODS),
	[IMAX_SETTING_CHAP_ALGORITHMS] = AUTH(AUTH_ALGORITHMS),
	[IMAX_SETTING_CHAP_INITIATOR] = AUTH(AUTH_CHAP_INITIATOR),
	[IMAX_SETTING_CHAP_TARGET] = AUTH(AUTH_CHAP_TARGET),
};

/* A discovery session negotiates no keys for itself, and its algorithms are those of the LHBA. */
static bool can_have(const struct holder *holder, const struct removal *removal)
{
	return holder->owner.kind != OWNER_ADDRESS ||
	       !(removal->keys || removal->auth == 1U << AUTH_ALGORITHMS) ||
	       removal->auth == UINT_MAX;
}

static unsigned int chap_there(const struct holder *holder, const struct secrets *secrets)
{
	unsigned int bits = 0;

	for (int i = 0; i < CHAP_DIRECTIONS; i++)
		if (holder->auth->chap[i] ||
		    secrets_find(secrets, holder->owner, (enum chap_direction)i))
			bits |= 1U << i;
	if (holder->auth->is_excepted)
		bits |= 1U << AUTH_CHAP_TARGET;
	return bits;
}

static bool has_methods(const struct holder *holder)
{
	const struct auth *auth = holder->auth;

	return holder->owner.kind == OWNER_LHBA
		       ? auth->method_count != 1 ||
				 auth->methods[0] != IMA_AUTHMETHOD_NONE
		       : auth->method_count > 0;
}

/* What of it is set at all. The secrets are looked at only if they may be concerned. */
static IMA_STATUS reduce(const struct holder *holder, struct removal *removal)
{
	struct secrets _cleanup_(secrets_drop) secrets = { 0 };
	const struct params *own = holder->target	     ? &holder->target->own
				   : holder->address == NULL ? &user.state.own
							     : NULL;
	struct removal there = { .keys = own ? own->set : 0 };
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (removal->auth & CHAP_MASK)
		status = auth_read(&secrets, NULL);
	there.auth = chap_there(holder, &secrets);
	if (has_methods(holder))
		there.auth |= 1U << AUTH_METHODS;
	if (holder->auth->algorithms[0])
		there.auth |= 1U << AUTH_ALGORITHMS;
	removal->keys &= there.keys;
	removal->auth &= there.auth;
	return status;
}

static int remove_lists(const struct holder *holder, unsigned int auth)
{
	int err = 0;

	if (auth & 1U << AUTH_ALGORITHMS)
		err = auth_write(holder, AUTH_ALGORITHMS, NULL);
	if (!err && auth & 1U << AUTH_METHODS)
		err = holder->owner.kind == OWNER_LHBA
			      ? store_run(user.store, STORE_REMOVE_METHODS, "")
			      : auth_write(holder, AUTH_METHODS, NULL);
	return err;
}

/* Parameters that only the methods need which go with them are not in use. */
static IMA_STATUS remove_chap(const struct holder *holder, const struct removal *removal)
{
	struct auth *lhba = &user.state.auth, saved = *lhba, without = *holder->auth;
	struct holder changed = *holder;
	IMA_STATUS status;

	if (!(removal->auth & CHAP_MASK))
		return IMA_STATUS_SUCCESS;
	if (removal->auth & 1U << AUTH_METHODS) {
		without.method_count = 0;
		changed.auth = &without;
		if (holder->owner.kind == OWNER_LHBA) {
			lhba->method_count = 1;
			lhba->methods[0] = IMA_AUTHMETHOD_NONE;
		}
	}
	status = auth_change_chap(&changed, removal->auth & CHAP_MASK, NULL);
	*lhba = saved; /* until what is stored is read again */
	return status;
}

static IMA_STATUS take_back(const struct holder *holder, const struct removal *removal)
{
	IMA_STATUS status = IMA_STATUS_SUCCESS;
	int err;

	if (removal->keys)
		status = keys_remove(holder->target, removal->keys);
	if (status)
		return status;
	err = remove_lists(holder, removal->auth);
	return err ? visit_fail(err) : remove_chap(holder, removal);
}

/* In a visit: what is to be done for an object. */
static IMA_STATUS plan(IMA_OID oid, IMAX_SETTING setting, struct holder *holder,
		       struct removal *removal)
{
	*removal = removals[setting];
	if (!holder_find(oid, holder))
		return not_found(oid);
	if (!can_have(holder, removal))
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				 "a discovery address has no setting of this kind");
	return reduce(holder, removal);
}

static bool is_empty(const struct removal *removal)
{
	return !removal->keys && !removal->auth;
}

static IMA_STATUS look(IMA_OID oid, IMAX_SETTING setting, struct removal *removal)
{
	VISIT visit = visit_begin();
	struct holder holder;

	return visit.status ? visit.status : plan(oid, setting, &holder, removal);
}

IMA_STATUS IMAX_RemoveSetting(IMA_OID oid, IMAX_SETTING setting)
{
	struct removal removal = { 0 };
	struct holder holder;
	IMA_STATUS status;

	if ((size_t)setting >= ARRAY_SIZE(removals))
		return IMA_ERROR_INVALID_PARAMETER;
	status = look(oid, setting, &removal);
	if (status || is_empty(&removal))
		return status;
	VISIT visit = visit_begin_change();

	if (visit.status)
		return visit.status;
	status = plan(oid, setting, &holder, &removal);
	if (!status)
		status = take_back(&holder, &removal);
	return status ? status : visit_commit(&visit, true);
}
