// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-keys.c - the 24 functions of the twelve login keys, of LHBAs and of targets.
 *
 * A target has the value of its LHBA until it gets its own; limits are those of the LHBA.
 */
#include <stddef.h>
#include <string.h>

#include "keys.h"
#include "sim.h"

/* The LHBA that has the limits, and the found target or NULL. */
struct subject {
	struct lhba *lhba;
	struct found *found;
};

static struct subject subject_of(struct object *object)
{
	if (object_kind(object) == KIND_LHBA)
		return (struct subject){ (struct lhba *)object, NULL };
	return (struct subject){ (struct lhba *)object->parent, (struct found *)object };
}

static uint32_t subject_value(const struct subject *subject, enum key_id key, bool later)
{
	return subject->found ? key_of_found(subject->found, key, later)
			      : key_of_lhba(subject->lhba, key, later);
}

static bool is_settable(const struct subject *subject, enum key_id key)
{
	return key_is_settable(subject->lhba, subject->found, key);
}

/* --- get ------------------------------------------------------------------------------- */

static IMA_STATUS get_number(struct object *object, enum key_id key,
			     IMA_MIN_MAX_VALUE *value)
{
	struct subject subject = subject_of(object);
	const struct key_setting *setting = &subject.lhba->now.keys[key];

	memset(value, 0, sizeof(*value));
	if (!setting->exposed)
		return IMA_STATUS_SUCCESS;
	value->currentValueValid = IMA_TRUE;
	value->currentValue = subject_value(&subject, key, false);
	value->settable = is_settable(&subject, key);
	if (!value->settable)
		return IMA_STATUS_SUCCESS;
	value->defaultValue = setting->standard;
	value->minimumValue = setting->min;
	value->maximumValue = setting->max;
	value->incrementValue = setting->increment;
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS get_bool(struct object *object, enum key_id key, IMA_BOOL_VALUE *value)
{
	struct subject subject = subject_of(object);
	const struct key_setting *setting = &subject.lhba->now.keys[key];

	memset(value, 0, sizeof(*value));
	if (!setting->exposed)
		return IMA_STATUS_SUCCESS;
	value->currentValueValid = IMA_TRUE;
	value->currentValue = subject_value(&subject, key, false);
	value->settable = is_settable(&subject, key);
	if (value->settable)
		value->defaultValue = setting->standard;
	return IMA_STATUS_SUCCESS;
}

/* --- set ------------------------------------------------------------------------------- */

static bool bursts_fit(const struct found *found, enum key_id key,
		       const struct subject *subject, uint32_t value)
{
	uint32_t first = key_of_found(found, KEY_FIRST_BURST, true);
	uint32_t max = key_of_found(found, KEY_MAX_BURST, true);
	bool changes = subject->found == found || !found->next.keys[key].set;

	if (changes && key == KEY_FIRST_BURST)
		first = value;
	if (changes && key == KEY_MAX_BURST)
		max = value;
	return first <= max;
}

/* FirstBurstLength must not be above MaxBurstLength, of the LHBA and of all its targets. */
static bool stays_coherent(const struct subject *subject, enum key_id key, uint32_t value)
{
	const struct lhba *lhba = subject->lhba;
	uint32_t first = key == KEY_FIRST_BURST
				 ? value
				 : key_of_lhba(lhba, KEY_FIRST_BURST, true);
	uint32_t max = key == KEY_MAX_BURST ? value
					    : key_of_lhba(lhba, KEY_MAX_BURST, true);

	if (key != KEY_FIRST_BURST && key != KEY_MAX_BURST)
		return true;
	if (subject->found)
		return bursts_fit(subject->found, key, subject, value);
	for_each(object, &lhba->object.children[2])
		if (!bursts_fit((struct found *)object, key, subject, value))
			return false;
	return first <= max;
}

/* Settable values are the current one plus or minus multiples of the increment. */
static bool is_in_range(const struct subject *subject, enum key_id key, IMA_UINT value)
{
	const struct key_setting *setting = &subject->lhba->now.keys[key];
	uint32_t current = subject_value(subject, key, false);
	IMA_UINT distance = value > current ? value - current : current - value;

	if (value < setting->min || value > setting->max)
		return false;
	return setting->increment ? distance % setting->increment == 0 : distance == 0;
}

static void store(struct model *model, const struct subject *subject, enum key_id key,
		  uint32_t value, bool later)
{
	size_t place = key * sizeof(struct key_setting);
	struct override own = { 0 };

	if (!subject->found) {
		object_store_at(model, &subject->lhba->object,
				offsetof(struct lhba_values, keys) + place, &value,
				later);
		return;
	}
	own.set = true;
	own.value = value;
	object_store_at(model, &subject->found->object,
			offsetof(struct found_values, keys) + key * sizeof(own), &own,
			later);
}

static IMA_STATUS set_key(struct model *model, struct object *object, enum key_id key,
			  IMA_UINT value)
{
	struct subject subject = subject_of(object);
	bool later = subject.lhba->now.reboot & REBOOT_KEYS;

	if (!is_settable(&subject, key))
		return fails(IMA_ERROR_NOT_SUPPORTED, "this key cannot be set here");
	if (key < KEYS_NUMERIC && !is_in_range(&subject, key, value))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "%lu is no value this key can have", value);
	if (!stays_coherent(&subject, key, (uint32_t)value))
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "FirstBurstLength would be above MaxBurstLength");
	store(model, &subject, key, (uint32_t)value, later);
	return done(later);
}

/* --- the functions ---------------------------------------------------------------------- */

#define NUMBER(name, key)                                                            \
	IMA_STATUS IMA_Get##name##Properties(IMA_OID oid, IMA_MIN_MAX_VALUE *pProps) \
	{                                                                            \
		return CALL(IMA_Get##name##Properties, oid, LHBA | TARGET,           \
			    get_number(call.object, key, pProps));                   \
	}                                                                            \
	IMA_STATUS IMA_Set##name(IMA_OID oid, IMA_UINT value)                        \
	{                                                                            \
		return CALL(IMA_Set##name, oid, LHBA | TARGET,                       \
			    set_key(call.model, call.object, key, value));           \
	}
#define BOOL(name, key)                                                           \
	IMA_STATUS IMA_Get##name##Properties(IMA_OID oid, IMA_BOOL_VALUE *pProps) \
	{                                                                         \
		return CALL(IMA_Get##name##Properties, oid, LHBA | TARGET,        \
			    get_bool(call.object, key, pProps));                  \
	}                                                                         \
	IMA_STATUS IMA_Set##name(IMA_OID oid, IMA_BOOL value)                     \
	{                                                                         \
		return CALL(IMA_Set##name, oid, LHBA | TARGET,                    \
			    set_key(call.model, call.object, key, value));        \
	}

NUMBER(MaxConnections, KEY_MAX_CONNECTIONS)
NUMBER(MaxRecvDataSegmentLength, KEY_MAX_RECV)
NUMBER(MaxBurstLength, KEY_MAX_BURST)
NUMBER(FirstBurstLength, KEY_FIRST_BURST)
NUMBER(DefaultTime2Wait, KEY_TIME2WAIT)
NUMBER(DefaultTime2Retain, KEY_TIME2RETAIN)
NUMBER(MaxOutstandingR2T, KEY_MAX_R2T)
NUMBER(ErrorRecoveryLevel, KEY_ERROR_RECOVERY)
BOOL(InitialR2T, KEY_INITIAL_R2T)
BOOL(ImmediateData, KEY_IMMEDIATE_DATA)
BOOL(DataPduInOrder, KEY_PDU_ORDER)
BOOL(DataSequenceInOrder, KEY_SEQUENCE_ORDER)
