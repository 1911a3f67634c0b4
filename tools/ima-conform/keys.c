// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * keys.c - the twelve login keys: setting them, on LHBAs and on targets.
 *
 * Refusals are provoked with values a plugin must refuse, so that nothing changes; only with
 * --destructive is a value really set, read back, and put back.
 */
#include "settings.h"
#include "shared/cleanup.h"

struct value {
	bool valid, settable;
	IMA_UINT32 current, least, most, step;
};

struct key {
	enum function_index get_fn, set_fn;
	bool boolean;
	IMA_STATUS (*get_number)(IMA_OID, IMA_MIN_MAX_VALUE *);
	IMA_STATUS (*get_bool)(IMA_OID, IMA_BOOL_VALUE *);
	IMA_STATUS (*set_number)(IMA_OID, IMA_UINT);
	IMA_STATUS (*set_bool)(IMA_OID, IMA_BOOL);
};

#define NUMBER(key)                                                        \
	{                                                                  \
		FN_IMA_Get##key##Properties, FN_IMA_Set##key, false,       \
			IMA_Get##key##Properties, NULL, IMA_Set##key, NULL \
	}
#define BOOL(key)                                                         \
	{                                                                 \
		FN_IMA_Get##key##Properties, FN_IMA_Set##key, true, NULL, \
			IMA_Get##key##Properties, NULL, IMA_Set##key      \
	}

static const struct key keys[] = {
	NUMBER(MaxConnections),	   BOOL(InitialR2T),
	BOOL(ImmediateData),	   NUMBER(MaxRecvDataSegmentLength),
	NUMBER(MaxBurstLength),	   NUMBER(FirstBurstLength),
	NUMBER(DefaultTime2Wait),  NUMBER(DefaultTime2Retain),
	NUMBER(MaxOutstandingR2T), BOOL(DataPduInOrder),
	BOOL(DataSequenceInOrder), NUMBER(ErrorRecoveryLevel),
};

static IMA_STATUS get(const struct key *key, IMA_OID oid, struct value *value)
{
	IMA_MIN_MAX_VALUE number = { 0 };
	IMA_BOOL_VALUE truth = { 0 };
	IMA_STATUS status = key->boolean ? key->get_bool(oid, &truth)
					 : key->get_number(oid, &number);

	if (key->boolean)
		*value = (struct value){ truth.currentValueValid,
					 truth.settable,
					 truth.currentValue,
					 0,
					 1,
					 1 };
	else
		*value = (struct value){
			number.currentValueValid, number.settable,
			number.currentValue,	  number.minimumValue,
			number.maximumValue,	  number.incrementValue
		};
	return status;
}

static IMA_STATUS set(struct run *run, const struct key *key, IMA_OID oid, IMA_UINT value)
{
	call_begin(run);
	return call_end(run, key->set_fn, oid,
			key->boolean ? key->set_bool(oid, (IMA_BOOL)value)
				     : key->set_number(oid, value));
}

static void check_refusal(struct run *run, const struct key *key, IMA_OID oid,
			  const struct value *was, IMA_UINT value, IMA_STATUS expected,
			  enum rule rule)
{
	IMA_STATUS status = set(run, key, oid, value);
	struct value is;

	check(run, key->set_fn, rule, status == expected, oid,
	      "setting %lu answered %s, not %s", value, IMAX_StatusName(status),
	      IMAX_StatusName(expected));
	if (IMA_ERROR(status) && IMA_SUCCESS(get(key, oid, &is)))
		check(run, key->set_fn, RULE_REFUSED_UNCHANGED,
		      is.current == was->current, oid,
		      "refused %lu, but the value went from %u to %u", value,
		      was->current, is.current);
	if (IMA_SUCCESS(status))
		set(run, key, oid, was->current);
}

static void check_range(struct run *run, const struct key *key, IMA_OID oid,
			const struct value *was)
{
	if (key->boolean)
		return;
	if (was->least)
		check_refusal(run, key, oid, was, was->least - 1UL,
			      IMA_ERROR_INVALID_PARAMETER, RULE_RANGE);
	check_refusal(run, key, oid, was, was->most + 1UL, IMA_ERROR_INVALID_PARAMETER,
		      RULE_RANGE);
	/* The value the type holds but no 32-bit field does. */
	check_refusal(run, key, oid, was, 0x100000000UL + was->current,
		      IMA_ERROR_INVALID_PARAMETER, RULE_RANGE);
	if (was->step > 1 && was->current + 1 <= was->most)
		check_refusal(run, key, oid, was, was->current + 1UL,
			      IMA_ERROR_INVALID_PARAMETER, RULE_RANGE);
}

static IMA_UINT another_value(const struct key *key, const struct value *was)
{
	bool up = key->set_fn ==
		  FN_IMA_SetMaxBurstLength; /* down could meet FirstBurstLength */

	if (key->boolean)
		return !was->current;
	if (!up && was->current >= was->least + was->step)
		return was->current - was->step;
	return (IMA_UINT)was->current + was->step;
}

static void set_and_read(struct run *run, const struct key *key, IMA_OID oid,
			 const struct value *was)
{
	IMA_UINT value = another_value(key, was);
	struct value is;
	IMA_STATUS status;

	if (!key->boolean && (was->least == was->most || value > was->most))
		return;
	status = set(run, key, oid, value);
	check(run, key->set_fn, RULE_SETS, IMA_SUCCESS(status), oid,
	      "setting %lu answered %s", value, IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(get(key, oid, &is)))
		check(run, key->set_fn, RULE_SETS, is.current == value, oid,
		      "set %lu, but the value is %u", value, is.current);
	status = set(run, key, oid, value);
	check(run, key->set_fn, RULE_REPEAT, IMA_SUCCESS(status), oid,
	      "setting %lu again answered %s", value, IMAX_StatusName(status));
	set(run, key, oid, was->current);
}

static void check_key(struct run *run, const struct key *key, IMA_OID oid)
{
	struct value was;

	if (IMA_ERROR(get(key, oid, &was)) || !was.valid)
		return;
	if (!was.settable) {
		check_refusal(run, key, oid, &was, was.current, IMA_ERROR_NOT_SUPPORTED,
			      RULE_NOT_SETTABLE);
		return;
	}
	check_range(run, key, oid, &was);
	if (run->options.destructive)
		set_and_read(run, key, oid, &was);
	else
		unchecked(run, key->set_fn, RULE_SETS, "needs --destructive");
}

/* FirstBurstLength one step above MaxBurstLength, if that is in its range. */
static void raise_first(struct run *run, IMA_OID oid, const IMA_MIN_MAX_VALUE *first,
			const IMA_MIN_MAX_VALUE *most)
{
	IMA_UINT value = (IMA_UINT)most->currentValue + first->incrementValue;
	IMA_STATUS status;

	if (!first->settable || value > first->maximumValue)
		return;
	status = CALL(run, IMA_SetFirstBurstLength, oid, oid, value);
	check(run, FN_IMA_SetFirstBurstLength, RULE_STATE,
	      status == IMA_ERROR_INVALID_PARAMETER, oid,
	      "a value above MaxBurstLength answered %s", IMAX_StatusName(status));
	if (IMA_SUCCESS(status))
		IMA_SetFirstBurstLength(oid, first->currentValue);
}

/* MaxBurstLength one step below FirstBurstLength, if that is in its range. */
static void lower_most(struct run *run, IMA_OID oid, const IMA_MIN_MAX_VALUE *first,
		       const IMA_MIN_MAX_VALUE *most)
{
	IMA_STATUS status;

	if (!most->settable ||
	    first->currentValue < (IMA_UINT)most->minimumValue + most->incrementValue)
		return;
	status = CALL(run, IMA_SetMaxBurstLength, oid, oid,
		      (IMA_UINT)first->currentValue - most->incrementValue);
	check(run, FN_IMA_SetMaxBurstLength, RULE_STATE,
	      status == IMA_ERROR_INVALID_PARAMETER, oid,
	      "a value below FirstBurstLength answered %s", IMAX_StatusName(status));
	if (IMA_SUCCESS(status))
		IMA_SetMaxBurstLength(oid, most->currentValue);
}

/* FirstBurstLength is never above MaxBurstLength, whichever of the two is set. */
static void check_bursts(struct run *run, IMA_OID oid)
{
	IMA_MIN_MAX_VALUE first, most;

	if (IMA_ERROR(IMA_GetFirstBurstLengthProperties(oid, &first)) ||
	    IMA_ERROR(IMA_GetMaxBurstLengthProperties(oid, &most)))
		return;
	if (!first.currentValueValid || !most.currentValueValid)
		return;
	check(run, FN_IMA_GetFirstBurstLengthProperties, RULE_COHERENT,
	      first.currentValue <= most.currentValue, oid,
	      "%u is above MaxBurstLength %u", first.currentValue, most.currentValue);
	raise_first(run, oid, &first, &most);
	lower_most(run, oid, &first, &most);
}

static void set_unknown(struct run *run, const struct key *key, IMA_OBJECT_TYPE type)
{
	IMA_OID oid = unknown_object(run, type);
	IMA_STATUS status = set(run, key, oid, 1);

	check_unknown(run, key->set_fn, oid, status);
}

void check_keys(struct run *run)
{
	static const IMA_OBJECT_TYPE types[] = { IMA_OBJECT_TYPE_LHBA,
						 IMA_OBJECT_TYPE_TARGET };

	for (size_t t = 0; t < ARRAY_SIZE(types); t++) {
		for (size_t i = 0; i < sample_count(run, types[t]); i++) {
			IMA_OID oid = run->objects[types[t]].oid[i];

			for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
				check_key(run, &keys[k], oid);
			check_bursts(run, oid);
		}
		for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
			set_unknown(run, &keys[k], types[t]);
	}
}

/* --- As settings that last --- */

static enum function_index key_function(size_t which)
{
	return keys[which].set_fn;
}

static bool key_read(size_t which, IMA_OID oid, struct setting_value *value)
{
	struct value is;

	if (IMA_ERROR(get(&keys[which], oid, &is)) || !is.valid)
		return false;
	setting_put(value, is.current);
	return true;
}

static bool key_alter(size_t which, IMA_OID oid, struct setting_value *value)
{
	struct value is;

	if (IMA_ERROR(get(&keys[which], oid, &is)) || !is.settable)
		return false;
	setting_put(value, another_value(&keys[which], &is));
	return true;
}

static IMA_STATUS key_set(size_t which, IMA_OID oid, const struct setting_value *value)
{
	const struct key *key = &keys[which];
	IMA_UINT number = setting_number(value);

	return key->boolean ? key->set_bool(oid, (IMA_BOOL)number)
			    : key->set_number(oid, number);
}

const struct settings key_settings = { ARRAY_SIZE(keys), key_function, key_read,
				       key_alter, key_set };
