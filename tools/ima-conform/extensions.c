// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * extensions.c - what ima-ext.h adds: CHAP, methods and digests of single objects, settings
 * that are taken back, rescan.
 *
 * A plugin may leave every one of them out. What it does answer is held to the comments of
 * the header. Only with --destructive is anything set, and taken back at the end.
 */
#include <string.h>

#include "getters.h"
#include "settings.h"
#include "shared/cleanup.h"

#define METHODS 8

/* --- structures ------------------------------------------------------------------------- */

static bool is_defined(IMAX_CHAP_ALGORITHM algorithm)
{
	return (unsigned int)algorithm >= IMAX_CHAP_MD5 &&
	       (unsigned int)algorithm <= IMAX_CHAP_SHA3_256;
}

static bool is_among(const IMAX_CHAP_ALGORITHM *list, IMA_UINT32 count,
		     IMAX_CHAP_ALGORITHM algorithm)
{
	for (IMA_UINT32 i = 0; i < count; i++)
		if (list[i] == algorithm)
			return true;
	return false;
}

static void check_list(struct run *run, enum function_index fn, IMA_OID oid,
		       const IMAX_CHAP_ALGORITHM *list, IMA_UINT32 count)
{
	check(run, fn, RULE_COHERENT, count >= 1 && count <= IMAX_CHAP_ALGORITHMS_MAX,
	      oid, "a list has %u algorithms", count);
	if (count > IMAX_CHAP_ALGORITHMS_MAX)
		return;
	for (IMA_UINT32 i = 0; i < count; i++) {
		check(run, fn, RULE_CHOICE, is_defined(list[i]), oid,
		      "algorithm %u is not defined", (unsigned int)list[i]);
		check(run, fn, RULE_LIST_DUPLICATE, !is_among(list, i, list[i]), oid,
		      "algorithm %u is listed twice", (unsigned int)list[i]);
	}
	for (IMA_UINT32 i = count; i < IMAX_CHAP_ALGORITHMS_MAX; i++)
		check(run, fn, RULE_INVALID_ZERO, !list[i], oid,
		      "entry %u is not used and not 0", i);
}

void check_chap_algorithms(struct run *run, enum function_index fn, IMA_OID oid,
			   const void *props)
{
	const IMAX_CHAP_ALGORITHMS *a = props;

	check_list(run, fn, oid, a->algorithms, a->count);
	check_list(run, fn, oid, a->supported, a->supportedCount);
	for (IMA_UINT32 i = 0; i < a->count && i < IMAX_CHAP_ALGORITHMS_MAX; i++)
		check(run, fn, RULE_COHERENT,
		      a->supportedCount <= IMAX_CHAP_ALGORITHMS_MAX &&
			      is_among(a->supported, a->supportedCount, a->algorithms[i]),
		      oid, "algorithm %u is offered and not supported",
		      (unsigned int)a->algorithms[i]);
	check(run, fn, RULE_COHERENT,
	      oid.objectType != IMA_OBJECT_TYPE_LHBA || !a->inherited, oid,
	      "an LHBA inherits from nothing");
}

void check_digests(struct run *run, enum function_index fn, IMA_OID oid,
		   const void *props)
{
	const IMAX_DIGEST_PROPERTIES *p = props;

	check(run, fn, RULE_COHERENT,
	      oid.objectType != IMA_OBJECT_TYPE_LHBA ||
		      (!p->headerDigestInherited && !p->dataDigestInherited),
	      oid, "an LHBA inherits from nothing");
}

/* --- CHAP ------------------------------------------------------------------------------- */

static bool is_zero(const IMA_BYTE *bytes, size_t from, size_t size)
{
	for (size_t i = from; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

static void check_chap(struct run *run, IMA_OID oid, const IMAX_CHAP_PARMS *p)
{
	enum function_index fn = FN_IMAX_GetChapParms;
	bool fits = p->nameLength <= IMAX_CHAP_NAME_LEN &&
		    p->secretLength <= IMAX_CHAP_SECRET_LEN;

	check(run, fn, RULE_BOOLEAN, p->set <= IMA_TRUE && p->inherited <= IMA_TRUE, oid,
	      "set is 0x%x, inherited 0x%x", (unsigned int)p->set,
	      (unsigned int)p->inherited);
	check(run, fn, RULE_COHERENT, fits, oid, "the lengths are %u and %u",
	      p->nameLength, p->secretLength);
	check(run, fn, RULE_COHERENT,
	      oid.objectType != IMA_OBJECT_TYPE_LHBA || !p->inherited, oid,
	      "an LHBA inherits from nothing");
	if (!fits)
		return;
	check(run, fn, RULE_INVALID_ZERO,
	      (p->set || (!p->nameLength && !p->secretLength)) &&
		      is_zero(p->name, p->nameLength, sizeof(p->name)) &&
		      is_zero(p->secret, p->secretLength, sizeof(p->secret)),
	      oid, "bytes that are not used are not 0");
}

static IMA_STATUS get_chap(struct run *run, IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			   IMAX_CHAP_PARMS *parms)
{
	memset(parms, 0xa5, sizeof(*parms));
	return CALL(run, IMAX_GetChapParms, oid, oid, direction, parms);
}

static IMAX_CHAP_PARMS sample(const char *secret)
{
	IMAX_CHAP_PARMS parms = { .nameLength = 11, .secretLength = 16 };

	memcpy(parms.name, "conformance", 11);
	memcpy(parms.secret, secret, 16);
	return parms;
}

static bool is_sample(const IMAX_CHAP_PARMS *p)
{
	return p->set && !p->inherited && p->nameLength == 11 &&
	       !memcmp(p->name, "conformance", 11);
}

static void check_removed(struct run *run, IMA_OID oid, IMAX_SETTING setting)
{
	IMA_STATUS status = CALL(run, IMAX_RemoveSetting, oid, oid, setting);

	check(run, FN_IMAX_RemoveSetting, RULE_SETS, IMA_SUCCESS(status), oid,
	      "setting %u answered %s", (unsigned int)setting, IMAX_StatusName(status));
	status = CALL(run, IMAX_RemoveSetting, oid, oid, setting);
	check(run, FN_IMAX_RemoveSetting, RULE_REPEAT, IMA_SUCCESS(status), oid,
	      "setting %u answered %s the second time", (unsigned int)setting,
	      IMAX_StatusName(status));
}

/* The secret of one direction must not do for the other. */
static void refuse_same_secret(struct run *run, IMA_OID oid,
			       const IMAX_CHAP_PARMS *mutual)
{
	IMAX_CHAP_PARMS own;
	IMA_STATUS status = get_chap(run, oid, IMAX_CHAP_INITIATOR, &own);
	bool can_be_put_back = IMA_SUCCESS(status) && (!own.set || own.inherited);

	explicit_bzero(&own, sizeof(own));
	if (!can_be_put_back)
		return;
	status = CALL(run, IMAX_SetChapParms, oid, oid, IMAX_CHAP_INITIATOR, mutual);
	check(run, FN_IMAX_SetChapParms, RULE_STATE,
	      status == IMA_ERROR_INVALID_PARAMETER, oid,
	      "the secret of the other direction answered %s", IMAX_StatusName(status));
	if (IMA_SUCCESS(status))
		IMAX_RemoveSetting(oid, IMAX_SETTING_CHAP_INITIATOR);
}

/* The target's own direction: no login of the suite's needs it. */
static void set_chap(struct run *run, IMA_OID oid)
{
	IMAX_CHAP_PARMS mutual = sample("conformance-1234"), is;
	IMA_STATUS status = CALL(run, IMAX_SetChapParms, oid, oid, IMAX_CHAP_TARGET,
				 &mutual);

	if (status == IMA_ERROR_NOT_SUPPORTED)
		return;
	check(run, FN_IMAX_SetChapParms, RULE_SETS, IMA_SUCCESS(status), oid,
	      "parameters answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS &&
	    IMA_SUCCESS(get_chap(run, oid, IMAX_CHAP_TARGET, &is)))
		check(run, FN_IMAX_SetChapParms, RULE_SETS, is_sample(&is), oid,
		      "the parameters are not those that were set");
	if (status == IMA_STATUS_SUCCESS)
		refuse_same_secret(run, oid, &mutual);
	check_removed(run, oid, IMAX_SETTING_CHAP_TARGET);
	if (IMA_SUCCESS(get_chap(run, oid, IMAX_CHAP_TARGET, &is)))
		check(run, FN_IMAX_RemoveSetting, RULE_SETS, !is_sample(&is), oid,
		      "the parameters are still there");
}

/* --- algorithms ------------------------------------------------------------------------- */

static void restore_algorithms(IMA_OID oid, const IMAX_CHAP_ALGORITHMS *was)
{
	if (was->inherited)
		IMAX_RemoveSetting(oid, IMAX_SETTING_CHAP_ALGORITHMS);
	else
		IMAX_SetChapAlgorithms(oid, was->count, was->algorithms);
}

static void refuse_algorithm(struct run *run, IMA_OID oid,
			     const IMAX_CHAP_ALGORITHMS *was, enum rule rule,
			     IMAX_CHAP_ALGORITHM algorithm)
{
	IMA_STATUS status = CALL(run, IMAX_SetChapAlgorithms, oid, oid, 1, &algorithm);

	check(run, FN_IMAX_SetChapAlgorithms, rule, status == IMA_ERROR_NOT_SUPPORTED,
	      oid, "algorithm %u answered %s", (unsigned int)algorithm,
	      IMAX_StatusName(status));
	if (IMA_SUCCESS(status))
		restore_algorithms(oid, was);
}

static void refuse_algorithms(struct run *run, IMA_OID oid,
			      const IMAX_CHAP_ALGORITHMS *was)
{
	if (!was->settable)
		refuse_algorithm(run, oid, was, RULE_NOT_SETTABLE, was->algorithms[0]);
	for (unsigned int i = IMAX_CHAP_MD5; i <= IMAX_CHAP_SHA3_256; i++)
		if (!is_among(was->supported, was->supportedCount,
			      (IMAX_CHAP_ALGORITHM)i))
			refuse_algorithm(run, oid, was, RULE_RANGE,
					 (IMAX_CHAP_ALGORITHM)i);
}

/* One that is not the whole list already, if the initiator has more than one. */
static IMAX_CHAP_ALGORITHM another_algorithm(const IMAX_CHAP_ALGORITHMS *was)
{
	IMAX_CHAP_ALGORITHM last = was->supported[was->supportedCount - 1];

	return was->count == 1 && was->algorithms[0] == last ? was->supported[0] : last;
}

static void set_algorithms(struct run *run, IMA_OID oid, const IMAX_CHAP_ALGORITHMS *was)
{
	IMAX_CHAP_ALGORITHM want = another_algorithm(was);
	IMAX_CHAP_ALGORITHMS is;
	IMA_STATUS status = CALL(run, IMAX_SetChapAlgorithms, oid, oid, 1, &want);

	check(run, FN_IMAX_SetChapAlgorithms, RULE_SETS, IMA_SUCCESS(status), oid,
	      "a supported algorithm answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(IMAX_GetChapAlgorithms(oid, &is)))
		check(run, FN_IMAX_SetChapAlgorithms, RULE_SETS,
		      is.count == 1 && is.algorithms[0] == want, oid,
		      "the algorithms are not those that were set");
	check_removed(run, oid, IMAX_SETTING_CHAP_ALGORITHMS);
	restore_algorithms(oid, was);
	if (was->inherited && IMA_SUCCESS(IMAX_GetChapAlgorithms(oid, &is)))
		check(run, FN_IMAX_RemoveSetting, RULE_SETS, is.inherited, oid,
		      "the algorithms of the LHBA do not count again");
}

static void check_algorithms(struct run *run, IMA_OID oid)
{
	IMAX_CHAP_ALGORITHMS was;

	if (IMA_ERROR(IMAX_GetChapAlgorithms(oid, &was)) || !was.supportedCount ||
	    was.supportedCount > IMAX_CHAP_ALGORITHMS_MAX || !was.count ||
	    was.count > IMAX_CHAP_ALGORITHMS_MAX)
		return;
	refuse_algorithms(run, oid, &was);
	if (!was.settable)
		return;
	if (run->options.destructive)
		set_algorithms(run, oid, &was);
	else
		unchecked(run, FN_IMAX_SetChapAlgorithms, RULE_SETS,
			  "needs --destructive");
}

/* --- methods of one object --------------------------------------------------------------- */

struct methods {
	IMA_UINT count;
	IMA_AUTHMETHOD list[METHODS];
};

static IMA_STATUS get_methods(struct run *run, IMA_OID oid, struct methods *methods)
{
	methods->count = METHODS;
	return CALL(run, IMAX_GetAuthMethods, oid, oid, &methods->count, methods->list);
}

static bool same_methods(const struct methods *a, const struct methods *b)
{
	return a->count == b->count &&
	       !memcmp(a->list, b->list, a->count * sizeof(a->list[0]));
}

/* Methods of the object's own are set again, those of its LHBA are there without. */
static void restore_methods(struct run *run, IMA_OID oid, const struct methods *was)
{
	struct methods is;

	IMAX_RemoveSetting(oid, IMAX_SETTING_AUTH_METHODS);
	if (IMA_SUCCESS(get_methods(run, oid, &is)) && !same_methods(&is, was))
		IMAX_SetAuthMethods(oid, was->count, was->list);
}

static IMA_STATUS offer_methods(struct run *run, IMA_OID oid, const struct methods *want)
{
	return CALL(run, IMAX_SetAuthMethods, oid, oid, want->count, want->list);
}

static void set_methods(struct run *run, IMA_OID oid, const struct methods *was)
{
	static const struct methods none = { 1, { IMA_AUTHMETHOD_NONE } };
	static const struct methods both = {
		2, { IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE }
	};
	const struct methods *want = same_methods(was, &none) ? &both : &none;
	struct methods is;
	IMA_STATUS status = offer_methods(run, oid, want);

	if (status == IMA_ERROR_NOT_SUPPORTED)
		return;
	if (IMA_ERROR(status) && want == &both) /* no CHAP here, or not its parameters */
		status = offer_methods(run, oid, want = &none);
	check(run, FN_IMAX_SetAuthMethods, RULE_SETS, IMA_SUCCESS(status), oid,
	      "NONE answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(get_methods(run, oid, &is)))
		check(run, FN_IMAX_SetAuthMethods, RULE_SETS, same_methods(&is, want),
		      oid, "the methods are not those that were set");
	check_removed(run, oid, IMAX_SETTING_AUTH_METHODS);
	restore_methods(run, oid, was);
}

static bool get_lhba(IMA_OID oid, IMA_OID *lhba)
{
	IMA_TARGET_PROPERTIES target;
	IMA_DISCOVERY_ADDRESS_PROPERTIES address;

	if (oid.objectType == IMA_OBJECT_TYPE_TARGET) {
		if (IMA_ERROR(IMA_GetTargetProperties(oid, &target)))
			return false;
		*lhba = target.associatedLhbaOid;
		return true;
	}
	if (IMA_ERROR(IMA_GetDiscoveryAddressProperties(oid, &address)))
		return false;
	*lhba = address.associatedLhbaOid;
	return true;
}

static bool has_method(const struct methods *methods, IMA_AUTHMETHOD method)
{
	for (IMA_UINT i = 0; i < methods->count; i++)
		if (methods->list[i] == method)
			return true;
	return false;
}

/* What the initiator does not have is refused, by whichever name. */
static void refuse_methods(struct run *run, IMA_OID oid, const struct methods *was)
{
	static const IMA_AUTHMETHOD foreign = IMA_AUTHMETHOD_SPKM2;
	struct methods supported = { .count = METHODS };
	IMA_OID lhba;
	IMA_STATUS status;

	if (!get_lhba(oid, &lhba) ||
	    IMA_ERROR(IMA_GetSupportedAuthMethods(lhba, IMA_FALSE, &supported.count,
						  supported.list)) ||
	    has_method(&supported, foreign))
		return;
	status = CALL(run, IMAX_SetAuthMethods, oid, oid, 1, &foreign);
	check(run, FN_IMAX_SetAuthMethods, RULE_RANGE,
	      status == IMA_ERROR_INVALID_PARAMETER || status == IMA_ERROR_NOT_SUPPORTED,
	      oid, "a method the LHBA does not support answered %s",
	      IMAX_StatusName(status));
	if (IMA_SUCCESS(status))
		restore_methods(run, oid, was);
}

static void check_method_list(struct run *run, IMA_OID oid, const struct methods *methods)
{
	enum function_index fn = FN_IMAX_GetAuthMethods;

	check(run, fn, RULE_COHERENT, methods->count, oid,
	      "there is no method, not even NONE");
	for (IMA_UINT i = 0; i < methods->count; i++) {
		struct methods before = *methods;

		before.count = i;
		check(run, fn, RULE_CHOICE,
		      (unsigned int)methods->list[i] <= IMA_AUTHMETHOD_SPKM2, oid,
		      "method %u is not defined", (unsigned int)methods->list[i]);
		check(run, fn, RULE_LIST_DUPLICATE,
		      !has_method(&before, methods->list[i]), oid,
		      "method %u is listed twice", (unsigned int)methods->list[i]);
	}
}

static void check_methods(struct run *run, IMA_OID oid)
{
	struct methods was;
	IMA_STATUS status = get_methods(run, oid, &was);

	check_answers(run, FN_IMAX_GetAuthMethods, oid, status);
	if (IMA_ERROR(status))
		return;
	check_method_list(run, oid, &was);
	refuse_methods(run, oid, &was);
	if (run->options.destructive)
		set_methods(run, oid, &was);
	else
		unchecked(run, FN_IMAX_SetAuthMethods, RULE_SETS, "needs --destructive");
}

/* --- digests ---------------------------------------------------------------------------- */

struct digest {
	enum function_index fn;
	IMA_STATUS (*set)(IMA_OID, IMAX_DIGEST_OFFER);
	IMAX_SETTING setting;
	size_t valid, settable, inherited, offer; /* in IMAX_DIGEST_PROPERTIES */
};

#define DIGEST(name, field, which)                                          \
	{                                                                   \
		FN_IMAX_Set##name, IMAX_Set##name, IMAX_SETTING_##which,    \
			offsetof(IMAX_DIGEST_PROPERTIES, field##Valid),     \
			offsetof(IMAX_DIGEST_PROPERTIES, field##Settable),  \
			offsetof(IMAX_DIGEST_PROPERTIES, field##Inherited), \
			offsetof(IMAX_DIGEST_PROPERTIES, field)             \
	}
static const struct digest digests[] = {
	DIGEST(HeaderDigest, headerDigest, HEADER_DIGEST),
	DIGEST(DataDigest, dataDigest, DATA_DIGEST),
};

static IMA_UINT32 word(const IMAX_DIGEST_PROPERTIES *p, size_t offset)
{
	IMA_UINT32 value;

	memcpy(&value, (const char *)p + offset, sizeof(value));
	return value;
}

static IMA_STATUS set_digest(struct run *run, const struct digest *digest, IMA_OID oid,
			     IMAX_DIGEST_OFFER offer)
{
	call_begin(run);
	return call_end(run, digest->fn, oid, digest->set(oid, offer));
}

/* An initiator need not be able to make every offer; None,CRC32C agrees with all targets. */
static void change_digest(struct run *run, const struct digest *digest, IMA_OID oid,
			  const IMAX_DIGEST_PROPERTIES *was)
{
	IMAX_DIGEST_OFFER want = word(was, digest->offer) == IMAX_DIGEST_NONE_CRC32C
					 ? IMAX_DIGEST_CRC32C_NONE
					 : IMAX_DIGEST_NONE_CRC32C;
	IMA_STATUS status = set_digest(run, digest, oid, want);
	IMAX_DIGEST_PROPERTIES is;

	if (status == IMA_ERROR_NOT_SUPPORTED)
		return;
	check(run, digest->fn, RULE_SETS, IMA_SUCCESS(status), oid,
	      "offer %u answered %s", (unsigned int)want, IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS &&
	    IMA_SUCCESS(IMAX_GetDigestProperties(oid, &is)))
		check(run, digest->fn, RULE_SETS,
		      word(&is, digest->offer) == (IMA_UINT32)want &&
			      !word(&is, digest->inherited),
		      oid, "set %u, but the offer is %u", (unsigned int)want,
		      word(&is, digest->offer));
	check_removed(run, oid, digest->setting);
	if (oid.objectType == IMA_OBJECT_TYPE_LHBA || !word(was, digest->inherited))
		digest->set(oid, (IMAX_DIGEST_OFFER)word(was, digest->offer));
}

static void check_digest(struct run *run, const struct digest *digest, IMA_OID oid)
{
	IMAX_DIGEST_PROPERTIES was;

	if (IMA_ERROR(IMAX_GetDigestProperties(oid, &was)) || !word(&was, digest->valid))
		return;
	if (!word(&was, digest->settable)) {
		IMA_STATUS status = set_digest(
			run, digest, oid, (IMAX_DIGEST_OFFER)word(&was, digest->offer));

		check(run, digest->fn, RULE_NOT_SETTABLE,
		      status == IMA_ERROR_NOT_SUPPORTED, oid, "answered %s",
		      IMAX_StatusName(status));
	} else if (run->options.destructive) {
		change_digest(run, digest, oid, &was);
	} else {
		unchecked(run, digest->fn, RULE_SETS, "needs --destructive");
	}
}

/* --- sessions --------------------------------------------------------------------------- */

/* Only with --destructive: targets come, and sessions begin. */
static void check_found(struct run *run, IMA_OID oid)
{
	enum function_index fn = FN_IMAX_DiscoverTargets;
	IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(run, IMAX_DiscoverTargets, oid, oid, &list);

	check_answers(run, fn, oid, status);
	check(run, fn, RULE_LIST_NULL, IMA_SUCCESS(status) == !!list, oid,
	      "answered %s with%s a list", IMAX_StatusName(status), list ? "" : "out");
	for (IMA_UINT i = 0; list && i < list->oidCount; i++) {
		check(run, fn, RULE_LIST_TYPE,
		      list->oids[i].objectType == IMA_OBJECT_TYPE_TARGET, oid, "lists %s",
		      object_text(list->oids[i]));
		check(run, fn, RULE_LIST_MEMBER, object_exists(list->oids[i]), oid,
		      "lists %s, which does not exist", object_text(list->oids[i]));
	}
	IMA_FreeMemory(list);
}

/* The number of sessions, -1 if the plugin does not show them. */
static int session_count(IMA_OID target)
{
	IMA_OID_LIST *sessions = NULL;
	IMA_STATUS status = IMA_GetSessionOidList(target, &sessions);
	int count = IMA_SUCCESS(status) ? (int)sessions->oidCount : -1;

	IMA_FreeMemory(sessions);
	return count;
}

static IMA_STATUS check_login(struct run *run, IMA_OID target)
{
	enum function_index fn = FN_IMAX_LoginTarget;
	IMA_STATUS status = CALL(run, IMAX_LoginTarget, target, target);

	check_answers(run, fn, target, status);
	if (IMA_ERROR(status))
		return status;
	status = CALL(run, IMAX_LoginTarget, target, target);
	check(run, fn, RULE_REPEAT, IMA_SUCCESS(status), target,
	      "answered %s the second time", IMAX_StatusName(status));
	return status;
}

/* Ends the session and begins it again. */
static void check_logout(struct run *run, IMA_OID target)
{
	enum function_index fn = FN_IMAX_LogoutTarget;
	IMA_STATUS status = CALL(run, IMAX_LogoutTarget, target, target);

	check_answers(run, fn, target, status);
	if (IMA_ERROR(status))
		return;
	check(run, fn, RULE_SETS, session_count(target) <= 0, target,
	      "there still is a session");
	status = CALL(run, IMAX_LogoutTarget, target, target);
	check(run, fn, RULE_REPEAT, IMA_SUCCESS(status), target,
	      "answered %s the second time", IMAX_StatusName(status));
	status = CALL(run, IMAX_LoginTarget, target, target);
	check(run, FN_IMAX_LoginTarget, RULE_SETS,
	      IMA_SUCCESS(status) && session_count(target), target,
	      "answered %s; there is no session", IMAX_StatusName(status));
}

/* One target is enough to see a session end; all are logged in to. */
void check_sessions(struct run *run)
{
	static const IMA_OBJECT_TYPE sources[] = { IMA_OBJECT_TYPE_LHBA,
						   IMA_OBJECT_TYPE_DISCOVERY_ADDRESS };
	const struct objects *targets = &run->objects[IMA_OBJECT_TYPE_TARGET];
	IMA_OID *last = NULL;

	if (!run->options.destructive) {
		unchecked(run, FN_IMAX_DiscoverTargets, RULE_LIST_MEMBER,
			  "needs --destructive");
		unchecked(run, FN_IMAX_LoginTarget, RULE_SETS, "needs --destructive");
		unchecked(run, FN_IMAX_LogoutTarget, RULE_SETS, "needs --destructive");
		return;
	}
	for (size_t t = 0; t < ARRAY_SIZE(sources); t++)
		for (size_t i = 0; i < sample_count(run, sources[t]); i++)
			check_found(run, run->objects[sources[t]].oid[i]);
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_TARGET); i++)
		if (IMA_SUCCESS(check_login(run, targets->oid[i])))
			last = &targets->oid[i];
	if (last)
		check_logout(run, *last);
}

/* --- objects ---------------------------------------------------------------------------- */

static void check_rescan(struct run *run, IMA_OID oid)
{
	IMA_STATUS status = CALL(run, IMAX_RescanTarget, oid, oid);

	check_answers(run, FN_IMAX_RescanTarget, oid, status);
	if (IMA_ERROR(status))
		return;
	status = CALL(run, IMAX_RescanTarget, oid, oid);
	check(run, FN_IMAX_RescanTarget, RULE_REPEAT, IMA_SUCCESS(status), oid,
	      "answered %s the second time", IMAX_StatusName(status));
}

static void check_chap_of(struct run *run, IMA_OID oid)
{
	IMAX_CHAP_PARMS parms;

	for (int direction = IMAX_CHAP_INITIATOR; direction <= IMAX_CHAP_TARGET;
	     direction++) {
		IMA_STATUS status = get_chap(run, oid, (IMAX_CHAP_DIRECTION)direction,
					     &parms);

		check_answers(run, FN_IMAX_GetChapParms, oid, status);
		if (IMA_SUCCESS(status))
			check_chap(run, oid, &parms);
		/* What is there was not set by the suite and cannot be put back. */
		if (IMA_SUCCESS(status) && !parms.set && direction == IMAX_CHAP_TARGET &&
		    run->options.destructive)
			set_chap(run, oid);
		explicit_bzero(&parms, sizeof(parms));
	}
	if (!run->options.destructive)
		unchecked(run, FN_IMAX_SetChapParms, RULE_SETS, "needs --destructive");
}

static void check_object(struct run *run, IMA_OID oid)
{
	check_chap_of(run, oid);
	if (oid.objectType != IMA_OBJECT_TYPE_LHBA)
		check_methods(run, oid);
	if (oid.objectType == IMA_OBJECT_TYPE_DISCOVERY_ADDRESS) {
		IMA_STATUS status = CALL(run, IMAX_RemoveSetting, oid, oid,
					 IMAX_SETTING_HEADER_DIGEST);

		check(run, FN_IMAX_RemoveSetting, RULE_RANGE,
		      status == IMA_ERROR_NOT_SUPPORTED, oid,
		      "a setting that an address does not have answered %s",
		      IMAX_StatusName(status));
		return;
	}
	check_algorithms(run, oid);
	for (size_t i = 0; i < ARRAY_SIZE(digests); i++)
		check_digest(run, &digests[i], oid);
	check_rescan(run, oid);
}

static void check_unknown_objects(struct run *run)
{
	static const IMA_AUTHMETHOD none = IMA_AUTHMETHOD_NONE;
	static const IMAX_CHAP_ALGORITHM md5 = IMAX_CHAP_MD5;
	IMA_OID oid = unknown_object(run, IMA_OBJECT_TYPE_TARGET);
	IMAX_CHAP_PARMS parms = sample("conformance-1234");
	IMA_AUTHMETHOD list[METHODS];
	IMA_UINT count = ARRAY_SIZE(list);
	IMA_OID_LIST *found = NULL;

#define UNKNOWN(function, ...)                 \
	check_unknown(run, FN_##function, oid, \
		      CALL(run, function, oid, oid, ##__VA_ARGS__))
	UNKNOWN(IMAX_SetChapAlgorithms, 1, &md5);
	UNKNOWN(IMAX_SetChapParms, IMAX_CHAP_TARGET, &parms);
	UNKNOWN(IMAX_GetChapParms, IMAX_CHAP_TARGET, &parms);
	UNKNOWN(IMAX_SetAuthMethods, 1, &none);
	UNKNOWN(IMAX_GetAuthMethods, &count, list);
	UNKNOWN(IMAX_SetHeaderDigest, IMAX_DIGEST_NONE);
	UNKNOWN(IMAX_SetDataDigest, IMAX_DIGEST_NONE);
	UNKNOWN(IMAX_RemoveSetting, IMAX_SETTING_ALL);
	UNKNOWN(IMAX_RescanTarget);
	UNKNOWN(IMAX_LoginTarget);
	UNKNOWN(IMAX_LogoutTarget);
	oid.objectType = IMA_OBJECT_TYPE_LHBA;
	UNKNOWN(IMAX_DiscoverTargets, &found);
	IMA_FreeMemory(found);
#undef UNKNOWN
}

void check_extensions(struct run *run)
{
	static const IMA_OBJECT_TYPE types[] = { IMA_OBJECT_TYPE_LHBA,
						 IMA_OBJECT_TYPE_TARGET,
						 IMA_OBJECT_TYPE_DISCOVERY_ADDRESS };

	check_unknown_objects(run);
	for (size_t t = 0; t < ARRAY_SIZE(types); t++)
		for (size_t i = 0; i < sample_count(run, types[t]); i++)
			check_object(run, run->objects[types[t]].oid[i]);
}

/* --- as settings that last: what is put back to the value it had, which an LHBA's can be --- */

static enum function_index lasting_function(size_t which)
{
	return which < ARRAY_SIZE(digests) ? digests[which].fn
					   : FN_IMAX_SetChapAlgorithms;
}

static bool lasting_read(size_t which, IMA_OID oid, struct setting_value *value)
{
	IMAX_DIGEST_PROPERTIES props;
	IMAX_CHAP_ALGORITHMS algorithms;

	if (oid.objectType != IMA_OBJECT_TYPE_LHBA)
		return false;
	if (which < ARRAY_SIZE(digests)) {
		if (IMA_ERROR(IMAX_GetDigestProperties(oid, &props)))
			return false;
		setting_put(value, word(&props, digests[which].offer));
		return word(&props, digests[which].valid);
	}
	if (IMA_ERROR(IMAX_GetChapAlgorithms(oid, &algorithms)) ||
	    algorithms.count > IMAX_CHAP_ALGORITHMS_MAX)
		return false;
	value->size = algorithms.count * sizeof(algorithms.algorithms[0]);
	memcpy(value->bytes, algorithms.algorithms, value->size);
	return true;
}

/* A digest if the target can, or none; the last of the algorithms alone. */
static bool lasting_alter(size_t which, IMA_OID oid, struct setting_value *value)
{
	size_t one = sizeof(IMAX_CHAP_ALGORITHM);

	(void)oid;
	if (which < ARRAY_SIZE(digests)) {
		setting_put(value, setting_number(value) == IMAX_DIGEST_NONE_CRC32C
					   ? IMAX_DIGEST_CRC32C_NONE
					   : IMAX_DIGEST_NONE_CRC32C);
		return true;
	}
	if (value->size < 2 * one)
		return false;
	memmove(value->bytes, value->bytes + value->size - one, one);
	value->size = one;
	return true;
}

static IMA_STATUS lasting_set(size_t which, IMA_OID oid,
			      const struct setting_value *value)
{
	IMAX_CHAP_ALGORITHM list[IMAX_CHAP_ALGORITHMS_MAX];

	if (which < ARRAY_SIZE(digests))
		return digests[which].set(oid, (IMAX_DIGEST_OFFER)setting_number(value));
	memcpy(list, value->bytes, value->size);
	return IMAX_SetChapAlgorithms(oid, value->size / sizeof(list[0]), list);
}

const struct settings extension_settings = { ARRAY_SIZE(digests) + 1, lasting_function,
					     lasting_read, lasting_alter, lasting_set };
