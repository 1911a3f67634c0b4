// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * authentication.c - authentication methods and parameters of LHBAs.
 *
 * Parameters are never printed. What --destructive changes is put back.
 */
#include <string.h>

#include "settings.h"
#include "shared/cleanup.h"

#define METHODS 16
#define CANARY	((IMA_AUTHMETHOD)0x5a)

struct methods {
	IMA_UINT count;
	IMA_AUTHMETHOD list[METHODS];
};

/* The three lists have one protocol; which one is meant. */
struct question {
	enum function_index fn;
	IMA_STATUS (*ask)(IMA_OID, IMA_UINT *, IMA_AUTHMETHOD *);
};

static IMA_STATUS ask_supported(IMA_OID lhba, IMA_UINT *count, IMA_AUTHMETHOD *list)
{
	return IMA_GetSupportedAuthMethods(lhba, IMA_FALSE, count, list);
}

static IMA_STATUS ask_settable(IMA_OID lhba, IMA_UINT *count, IMA_AUTHMETHOD *list)
{
	return IMA_GetSupportedAuthMethods(lhba, IMA_TRUE, count, list);
}

static const struct question supported = { FN_IMA_GetSupportedAuthMethods,
					   ask_supported };
static const struct question settable = { FN_IMA_GetSupportedAuthMethods, ask_settable };
static const struct question in_use = { FN_IMA_GetInUseInitiatorAuthMethods,
					IMA_GetInUseInitiatorAuthMethods };

static IMA_STATUS ask(struct run *run, const struct question *question, IMA_OID lhba,
		      struct methods *methods)
{
	IMA_STATUS status;

	methods->count = METHODS;
	call_begin(run);
	status = question->ask(lhba, &methods->count, methods->list);
	return call_end(run, question->fn, lhba, status);
}

static bool has(const struct methods *methods, IMA_AUTHMETHOD method)
{
	for (IMA_UINT i = 0; i < methods->count && i < METHODS; i++)
		if (methods->list[i] == method)
			return true;
	return false;
}

static void check_members(struct run *run, enum function_index fn, IMA_OID lhba,
			  const struct methods *methods)
{
	check(run, fn, RULE_COHERENT, methods->count, lhba,
	      "there is no method, not even NONE");
	for (IMA_UINT i = 0; i < methods->count && i < METHODS; i++) {
		struct methods before = { .count = i };

		memcpy(before.list, methods->list, sizeof(before.list));
		check(run, fn, RULE_CHOICE,
		      (unsigned int)methods->list[i] <= IMA_AUTHMETHOD_SPKM2, lhba,
		      "method %u is not defined", (unsigned int)methods->list[i]);
		check(run, fn, RULE_LIST_DUPLICATE, !has(&before, methods->list[i]), lhba,
		      "method %u is listed twice", (unsigned int)methods->list[i]);
	}
}

static void check_sizing(struct run *run, const struct question *question, IMA_OID lhba,
			 const struct methods *all)
{
	IMA_AUTHMETHOD list[METHODS];
	IMA_UINT count = 0;
	IMA_STATUS status = question->ask(lhba, &count, NULL);

	check(run, question->fn, RULE_SIZING, IMA_SUCCESS(status) && count == all->count,
	      lhba, "without a list answered %s and %lu, there are %lu",
	      IMAX_StatusName(status), count, all->count);
	for (size_t i = 0; i < METHODS; i++)
		list[i] = CANARY;
	count = 1;
	status = question->ask(lhba, &count, list);
	check(run, question->fn, RULE_CAPACITY,
	      IMA_SUCCESS(status) && count <= 1 && list[1] == CANARY, lhba,
	      "with room for one method answered %s and %lu", IMAX_StatusName(status),
	      count);
	if (IMA_SUCCESS(status) && count == 1 && all->count)
		check(run, question->fn, RULE_CAPACITY, list[0] == all->list[0], lhba,
		      "with room for one method gives another first method");
}

static void check_subset(struct run *run, const struct question *question, IMA_OID lhba,
			 const struct methods *part, const struct methods *whole)
{
	for (IMA_UINT i = 0; i < part->count && i < METHODS; i++)
		check(run, question->fn, RULE_COHERENT, has(whole, part->list[i]), lhba,
		      "method %u is not among the supported ones",
		      (unsigned int)part->list[i]);
}

/* --- Parameters --- */

static IMA_UINT *first_length(IMA_AUTHMETHOD method, IMA_INITIATOR_AUTHPARMS *parms)
{
	switch (method) {
	case IMA_AUTHMETHOD_CHAP:
		return &parms->chapParms.nameLength;
	case IMA_AUTHMETHOD_SRP:
		return &parms->srpParms.userNameLength;
	case IMA_AUTHMETHOD_KRB5:
		return &parms->kerberosParms.clientKeyLength;
	default:
		return &parms->spkmParms.privateKeyLength;
	}
}

static void check_parms(struct run *run, IMA_OID lhba, IMA_AUTHMETHOD method)
{
	IMA_INITIATOR_AUTHPARMS parms;
	IMA_STATUS status;

	memset(&parms, 0xa5, sizeof(parms));
	status = CALL(run, IMA_GetInitiatorAuthParms, lhba, lhba, method, &parms);
	check(run, FN_IMA_GetInitiatorAuthParms, RULE_STATUS, IMA_SUCCESS(status), lhba,
	      "supported method %u answered %s", (unsigned int)method,
	      IMAX_StatusName(status));
	if (IMA_SUCCESS(status))
		check(run, FN_IMA_GetInitiatorAuthParms, RULE_COHERENT,
		      *first_length(method, &parms) <= 4096, lhba,
		      "a length of method %u is not written", (unsigned int)method);
	memset(&parms, 0, sizeof(parms));
	*first_length(method, &parms) = 100000;
	status = CALL(run, IMA_SetInitiatorAuthParms, lhba, lhba, method, &parms);
	check(run, FN_IMA_SetInitiatorAuthParms, RULE_RANGE,
	      status == IMA_ERROR_INVALID_PARAMETER || status == IMA_ERROR_NOT_SUPPORTED,
	      lhba, "a length beyond its array answered %s", IMAX_StatusName(status));
}

static void check_unsupported_parms(struct run *run, IMA_OID lhba,
				    const struct methods *methods)
{
	IMA_INITIATOR_AUTHPARMS parms = { 0 };

	for (IMA_AUTHMETHOD method = IMA_AUTHMETHOD_CHAP; method <= IMA_AUTHMETHOD_SPKM2;
	     method++) {
		IMA_STATUS status;

		if (has(methods, method)) {
			check_parms(run, lhba, method);
			continue;
		}
		status = CALL(run, IMA_GetInitiatorAuthParms, lhba, lhba, method, &parms);
		check(run, FN_IMA_GetInitiatorAuthParms, RULE_RANGE,
		      status == IMA_ERROR_INVALID_PARAMETER ||
			      status == IMA_ERROR_NOT_SUPPORTED,
		      lhba, "method %u, which is not supported, answered %s",
		      (unsigned int)method, IMAX_StatusName(status));
	}
}

/* --- Choosing methods --- */

static void check_choice_refused(struct run *run, IMA_OID lhba,
				 const struct methods *list, const struct methods *was,
				 const char *what)
{
	IMA_STATUS status = CALL(run, IMA_SetInitiatorAuthMethods, lhba, lhba,
				 list->count, list->list);
	struct methods is;

	check(run, FN_IMA_SetInitiatorAuthMethods, RULE_RANGE,
	      status == IMA_ERROR_INVALID_PARAMETER, lhba, "%s answered %s", what,
	      IMAX_StatusName(status));
	if (IMA_SUCCESS(ask(run, &in_use, lhba, &is)))
		check(run, FN_IMA_SetInitiatorAuthMethods, RULE_REFUSED_UNCHANGED,
		      is.count == was->count &&
			      !memcmp(is.list, was->list, is.count * sizeof(is.list[0])),
		      lhba, "%s changed the methods in use", what);
	if (IMA_SUCCESS(status))
		IMA_SetInitiatorAuthMethods(lhba, was->count, was->list);
}

static void check_choices(struct run *run, IMA_OID lhba, const struct methods *all,
			  const struct methods *ready, const struct methods *was)
{
	struct methods list = { 2, { was->list[0], was->list[0] } };

	check_choice_refused(run, lhba, &list, was, "a method given twice");
	list = (struct methods){ 1, { IMA_AUTHMETHOD_SPKM2 + 1 } };
	check_choice_refused(run, lhba, &list, was, "a method that is not defined");
	for (IMA_AUTHMETHOD method = IMA_AUTHMETHOD_CHAP; method <= IMA_AUTHMETHOD_SPKM2;
	     method++) {
		if (has(ready, method))
			continue;
		list = (struct methods){ 1, { method } };
		check_choice_refused(run, lhba, &list, was,
				     has(all, method) ? "a method without parameters"
						      : "a method that is not supported");
	}
}

static void choose(struct run *run, IMA_OID lhba, const struct methods *ready,
		   const struct methods *was)
{
	struct methods is, want = { 0 };
	IMA_STATUS status;

	for (IMA_UINT i = ready->count; i-- > 0;) /* another order than before */
		want.list[want.count++] = ready->list[i];
	status = CALL(run, IMA_SetInitiatorAuthMethods, lhba, lhba, want.count,
		      want.list);
	check(run, FN_IMA_SetInitiatorAuthMethods, RULE_SETS, IMA_SUCCESS(status), lhba,
	      "every settable method answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(ask(run, &in_use, lhba, &is)))
		check(run, FN_IMA_SetInitiatorAuthMethods, RULE_SETS,
		      is.count == want.count &&
			      !memcmp(is.list, want.list, is.count * sizeof(is.list[0])),
		      lhba,
		      "the methods in use are not those that were set, in their order");
	IMA_SetInitiatorAuthMethods(lhba, was->count, was->list);
}

static void set_parms(struct run *run, IMA_OID lhba)
{
	IMA_INITIATOR_AUTHPARMS was, is, parms = { 0 };
	IMA_STATUS status;

	if (IMA_ERROR(IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &was)))
		return;
	memcpy(parms.chapParms.name, "conformance", 11);
	parms.chapParms.nameLength = 11;
	memcpy(parms.chapParms.challengeSecret, "conformance-12345", 16);
	parms.chapParms.challengeSecretLength = 16;
	status = CALL(run, IMA_SetInitiatorAuthParms, lhba, lhba, IMA_AUTHMETHOD_CHAP,
		      &parms);
	check(run, FN_IMA_SetInitiatorAuthParms, RULE_SETS, IMA_SUCCESS(status), lhba,
	      "CHAP parameters answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS &&
	    IMA_SUCCESS(IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &is)))
		check(run, FN_IMA_SetInitiatorAuthParms, RULE_SETS,
		      is.chapParms.nameLength == 11 &&
			      !memcmp(is.chapParms.name, "conformance", 11),
		      lhba, "the name is not the one that was set");
	IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &was);
	explicit_bzero(&was, sizeof(was));
	explicit_bzero(&is, sizeof(is));
}

static void refuse_to_choose(struct run *run, IMA_OID lhba, const struct methods *was)
{
	IMA_STATUS status = CALL(run, IMA_SetInitiatorAuthMethods, lhba, lhba, was->count,
				 was->list);

	check(run, FN_IMA_SetInitiatorAuthMethods, RULE_NOT_SETTABLE,
	      status == IMA_ERROR_NOT_SUPPORTED, lhba, "answered %s",
	      IMAX_StatusName(status));
}

static void check_setting(struct run *run, IMA_OID lhba, const struct methods *all,
			  const struct methods *ready, const struct methods *was)
{
	check_choices(run, lhba, all, ready, was);
	if (!run->options.destructive) {
		unchecked(run, FN_IMA_SetInitiatorAuthMethods, RULE_SETS,
			  "needs --destructive");
		unchecked(run, FN_IMA_SetInitiatorAuthParms, RULE_SETS,
			  "needs --destructive");
		return;
	}
	choose(run, lhba, ready, was);
	if (has(all, IMA_AUTHMETHOD_CHAP))
		set_parms(run, lhba);
}

static void check_lhba(struct run *run, IMA_OID lhba)
{
	struct methods all, ready, was;
	IMA_LHBA_PROPERTIES props;

	if (IMA_ERROR(ask(run, &supported, lhba, &all)) ||
	    IMA_ERROR(ask(run, &settable, lhba, &ready)) ||
	    IMA_ERROR(ask(run, &in_use, lhba, &was)))
		return;
	check_members(run, supported.fn, lhba, &all);
	check_members(run, in_use.fn, lhba, &was);
	if (!was.count)
		return;
	check_sizing(run, &supported, lhba, &all);
	check_sizing(run, &in_use, lhba, &was);
	check_subset(run, &settable, lhba, &ready, &all);
	check_subset(run, &in_use, lhba, &was, &all);
	check(run, settable.fn, RULE_COHERENT,
	      has(&ready, IMA_AUTHMETHOD_NONE) == has(&all, IMA_AUTHMETHOD_NONE), lhba,
	      "NONE is supported but not settable");
	check_unsupported_parms(run, lhba, &all);
	if (IMA_ERROR(IMA_GetLhbaProperties(lhba, &props)))
		return;
	if (props.initiatorAuthMethodsSettable)
		check_setting(run, lhba, &all, &ready, &was);
	else
		refuse_to_choose(run, lhba, &was);
}

void check_authentication(struct run *run)
{
	static const IMA_AUTHMETHOD none = IMA_AUTHMETHOD_NONE;
	IMA_OID lhba = unknown_object(run, IMA_OBJECT_TYPE_LHBA);
	IMA_INITIATOR_AUTHPARMS parms = { 0 };
	struct methods methods;

	check_unknown(run, supported.fn, lhba, ask(run, &supported, lhba, &methods));
	check_unknown(run, in_use.fn, lhba, ask(run, &in_use, lhba, &methods));
	check_unknown(run, FN_IMA_SetInitiatorAuthMethods, lhba,
		      CALL(run, IMA_SetInitiatorAuthMethods, lhba, lhba, 1, &none));
	check_unknown(run, FN_IMA_GetInitiatorAuthParms, lhba,
		      CALL(run, IMA_GetInitiatorAuthParms, lhba, lhba,
			   IMA_AUTHMETHOD_CHAP, &parms));
	check_unknown(run, FN_IMA_SetInitiatorAuthParms, lhba,
		      CALL(run, IMA_SetInitiatorAuthParms, lhba, lhba,
			   IMA_AUTHMETHOD_CHAP, &parms));
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_LHBA); i++)
		check_lhba(run, run->objects[IMA_OBJECT_TYPE_LHBA].oid[i]);
}

/*
 * --- As settings that last: the parameters of CHAP, and the methods ---
 *
 * Of the parameters only the name is a value that is shown; the others are kept here until
 * they are put back, and wiped.
 */

static IMA_INITIATOR_AUTHPARMS kept;

static enum function_index authentication_function(size_t which)
{
	return which ? FN_IMA_SetInitiatorAuthMethods : FN_IMA_SetInitiatorAuthParms;
}

static bool name_read(IMA_OID lhba, struct setting_value *value)
{
	IMA_INITIATOR_AUTHPARMS parms;
	bool known = IMA_SUCCESS(
		IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms));

	value->size = known ? parms.chapParms.nameLength : 0;
	if (value->size > sizeof(parms.chapParms.name))
		value->size = sizeof(parms.chapParms.name);
	if (known)
		memcpy(value->bytes, parms.chapParms.name, value->size);
	explicit_bzero(&parms, sizeof(parms));
	return known;
}

static bool authentication_read(size_t which, IMA_OID lhba, struct setting_value *value)
{
	struct methods methods = { .count = METHODS };

	if (!which)
		return name_read(lhba, value);
	if (IMA_ERROR(in_use.ask(lhba, &methods.count, methods.list)))
		return false;
	value->size = methods.count * sizeof(methods.list[0]);
	memcpy(value->bytes, methods.list, value->size);
	return true;
}

static bool authentication_alter(size_t which, IMA_OID lhba, struct setting_value *value)
{
	struct methods ready = { .count = METHODS }, want = { 0 };
	static const char name[] = "conformance.lasting";

	if (!which) {
		value->size = sizeof(name) - 1;
		memcpy(value->bytes, name, value->size);
		return IMA_SUCCESS(
			IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &kept));
	}
	if (IMA_ERROR(settable.ask(lhba, &ready.count, ready.list)))
		return false;
	while (ready.count)
		want.list[want.count++] = ready.list[--ready.count];
	value->size = want.count * sizeof(want.list[0]);
	memcpy(value->bytes, want.list, value->size);
	return want.count > 1;
}

/* A name that is not what was kept comes with a secret of the suite. */
static IMA_STATUS name_set(IMA_OID lhba, const struct setting_value *value)
{
	IMA_INITIATOR_AUTHPARMS parms = kept;
	bool back = value->size == kept.chapParms.nameLength &&
		    !memcmp(value->bytes, kept.chapParms.name, value->size);
	IMA_STATUS status;

	if (!back) {
		parms.chapParms.nameLength = value->size;
		memcpy(parms.chapParms.name, value->bytes, value->size);
		memcpy(parms.chapParms.challengeSecret, "conformance-12345", 16);
		parms.chapParms.challengeSecretLength = 16;
	}
	status = IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms);
	explicit_bzero(&parms, sizeof(parms));
	if (back)
		explicit_bzero(&kept, sizeof(kept));
	return status;
}

static IMA_STATUS authentication_set(size_t which, IMA_OID lhba,
				     const struct setting_value *value)
{
	IMA_AUTHMETHOD list[METHODS];

	if (!which)
		return name_set(lhba, value);
	memcpy(list, value->bytes, value->size);
	return IMA_SetInitiatorAuthMethods(lhba, value->size / sizeof(list[0]), list);
}

const struct settings authentication_settings = { 2, authentication_function,
						  authentication_read,
						  authentication_alter,
						  authentication_set };
