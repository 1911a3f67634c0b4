// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * keys.c - the 24 functions for login keys.
 *
 * What may be set follows from what the engine honours (iscsi_param_info()); a key with one
 * possible value is not settable. A target without a value of its own has that of the LHBA.
 */
#include "keys.h"

#include <errno.h>
#include <string.h>

#include "events.h"
#include "user.h"

int key_by_name(const char *name, enum iscsi_param *param)
{
	for (int i = 0; i < ISCSI_PARAM_COUNT; i++) {
		if (strcmp(iscsi_param_info((enum iscsi_param)i)->name, name) != 0)
			continue;
		*param = (enum iscsi_param)i;
		return 0;
	}
	return -ENOENT;
}

bool key_allows(enum iscsi_param param, int64_t value)
{
	const struct iscsi_param_info *info = iscsi_param_info(param);

	return value >= info->offer_min && value <= info->offer_max;
}

static bool is_settable(const struct iscsi_param_info *info)
{
	return info->offer_min != info->offer_max;
}

/* What is in force when own counts before the LHBA's. */
static uint32_t value_of(const struct params *own, const struct params *lhba,
			 enum iscsi_param param)
{
	if (own->set & 1U << param)
		return own->value[param];
	return lhba->set & 1U << param ? lhba->value[param]
				       : iscsi_param_info(param)->offer;
}

static uint32_t value_in_force(const struct params *own, enum iscsi_param param)
{
	return value_of(own ? own : &user.state.own, &user.state.own, param);
}

void keys_in_force(const struct target *target, struct iscsi_params *params)
{
	for (int i = 0; i < ISCSI_PARAM_COUNT; i++)
		params->value[i] = value_in_force(target ? &target->own : NULL,
						  (enum iscsi_param)i);
}

/* Whose key it is: the values of a target or of the LHBA; NULL: there is no such object. */
static struct params *find_own(IMA_OID oid, struct target **target)
{
	*target = target_by_oid(oid);
	if (*target)
		return &(*target)->own;
	return is_lhba(oid) ? &user.state.own : NULL;
}

static IMA_STATUS get(IMA_OID oid, enum iscsi_param param, uint32_t *value)
{
	VISIT visit = visit_begin();
	struct target *target;
	struct params *own;

	if (visit.status)
		return visit.status;
	own = find_own(oid, &target);
	if (!own)
		return not_found(oid);
	*value = value_in_force(own, param);
	return IMA_STATUS_SUCCESS;
}

/* What says how to set a key that cannot be set has no value. */
static IMA_STATUS get_number(IMA_OID oid, enum iscsi_param param,
			     IMA_MIN_MAX_VALUE *pProps)
{
	const struct iscsi_param_info *info = iscsi_param_info(param);
	IMA_MIN_MAX_VALUE props = { .currentValueValid = IMA_TRUE };
	IMA_STATUS status = get(oid, param, &props.currentValue);

	if (status)
		return status;
	if (is_settable(info)) {
		props.settable = IMA_TRUE;
		props.defaultValue = info->offer;
		props.minimumValue = info->offer_min;
		props.maximumValue = info->offer_max;
		props.incrementValue = 1;
	}
	*pProps = props;
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS get_bool(IMA_OID oid, enum iscsi_param param, IMA_BOOL_VALUE *pProps)
{
	const struct iscsi_param_info *info = iscsi_param_info(param);
	IMA_BOOL_VALUE props = { .currentValueValid = IMA_TRUE };
	IMA_STATUS status = get(oid, param, &props.currentValue);

	if (status)
		return status;
	if (is_settable(info)) {
		props.settable = IMA_TRUE;
		props.defaultValue = info->offer;
	}
	*pProps = props;
	return IMA_STATUS_SUCCESS;
}

/* What would be in force for own if param of changed (own or the LHBA's) were value. */
static uint32_t value_after(const struct params *own, const struct params *changed,
			    enum iscsi_param param, uint32_t value,
			    enum iscsi_param asked)
{
	bool is_touched = asked == param && (own == changed || !(own->set & 1U << asked));

	return is_touched ? value : value_in_force(own, asked);
}

static bool fits(const struct params *own, const struct params *changed,
		 enum iscsi_param param, uint32_t value)
{
	return value_after(own, changed, param, value, ISCSI_FIRST_BURST_LENGTH) <=
	       value_after(own, changed, param, value, ISCSI_MAX_BURST_LENGTH);
}

static IMA_STATUS refuse_bursts(const char *whose)
{
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "FirstBurstLength of %s would be above its MaxBurstLength",
			 whose);
}

/*
 * FirstBurstLength may not be above MaxBurstLength, whichever of the two is set, also not for a
 * target that has one of the two from the LHBA.
 */
static IMA_STATUS check_bursts(const struct target *target, const struct params *own,
			       enum iscsi_param param, uint32_t value)
{
	const struct vector *targets = &user.state.targets;

	if (param != ISCSI_FIRST_BURST_LENGTH && param != ISCSI_MAX_BURST_LENGTH)
		return IMA_STATUS_SUCCESS;
	if (!fits(own, own, param, value))
		return refuse_bursts(target ? target->object->key : "the logical HBA");
	for (size_t i = 0; !target && i < targets->count; i++) {
		const struct target *other = targets->items[i];

		if (!fits(&other->own, own, param, value))
			return refuse_bursts(other->object->key);
	}
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS check_range(enum iscsi_param param, IMA_UINT value)
{
	const struct iscsi_param_info *info = iscsi_param_info(param);

	if (!is_settable(info))
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				 "this initiator only does %s=%u", info->name,
				 info->offer_min);
	if (value < info->offer_min || value > info->offer_max)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "%s is from %u to %u, not %lu", info->name,
				 info->offer_min, info->offer_max, value);
	return IMA_STATUS_SUCCESS;
}

static int write_param(struct target *target, enum iscsi_param param, int64_t value)
{
	const char *name = iscsi_param_info(param)->name;
	int err;

	if (!target)
		return store_run(user.store, STORE_SET_PARAM, "nti", name, value);
	err = store_target_row(user.store, target->object->key, &target->id);
	return err ? err
		   : store_run(user.store, STORE_SET_PARAM, "iti", target->id, name,
			       value);
}

/* The targets that have the value of the LHBA have changed with it. */
static void tell_heirs(enum iscsi_param param)
{
	for (size_t i = 0; i < user.state.targets.count; i++) {
		const struct target *target = user.state.targets.items[i];

		if (!(target->own.set & 1U << param))
			events_changed(target->object->oid);
	}
}

static IMA_STATUS change(struct visit *visit, IMA_OID oid, enum iscsi_param param,
			 uint32_t value)
{
	struct target *target;
	struct params *own = find_own(oid, &target);
	IMA_STATUS status;
	int err;

	if (!own)
		return not_found(oid);
	if (own->set & 1U << param && own->value[param] == value)
		return IMA_STATUS_SUCCESS;
	status = check_bursts(target, own, param, value);
	if (status)
		return status;
	err = write_param(target, param, value);
	if (err)
		return visit_fail(err);
	status = visit_commit(visit, false);
	if (status)
		return status;
	own->set |= 1U << param;
	own->value[param] = value;
	if (!target)
		tell_heirs(param);
	events_changed(oid);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS find(IMA_OID oid)
{
	VISIT visit = visit_begin();
	struct target *target;

	if (visit.status)
		return visit.status;
	return find_own(oid, &target) ? IMA_STATUS_SUCCESS : not_found(oid);
}

IMA_STATUS keys_set(IMA_OID oid, enum iscsi_param param, IMA_UINT value)
{
	/* The object first, then the value; and no database is made for a wrong value. */
	IMA_STATUS status = find(oid);

	if (!status)
		status = check_range(param, value);
	if (status)
		return status;
	VISIT visit = visit_begin_change();

	return visit.status ? visit.status : change(&visit, oid, param, (uint32_t)value);
}

static bool bursts_fit(const struct params *own, const struct params *lhba)
{
	return value_of(own, lhba, ISCSI_FIRST_BURST_LENGTH) <=
	       value_of(own, lhba, ISCSI_MAX_BURST_LENGTH);
}

/* Whether what remains goes together; after: of the target, or (NULL) of the LHBA. */
static IMA_STATUS check_remains(const struct target *target, const struct params *after)
{
	const struct vector *targets = &user.state.targets;

	if (target)
		return bursts_fit(after, &user.state.own)
			       ? IMA_STATUS_SUCCESS
			       : refuse_bursts(target->object->key);
	if (!bursts_fit(after, after))
		return refuse_bursts("the logical HBA");
	for (size_t i = 0; i < targets->count; i++) {
		const struct target *heir = targets->items[i];

		if (!bursts_fit(&heir->own, after))
			return refuse_bursts(heir->object->key);
	}
	return IMA_STATUS_SUCCESS;
}

static int remove_param(const struct target *target, const char *name)
{
	if (!target)
		return store_run(user.store, STORE_REMOVE_PARAM, "nt", name);
	return store_run(user.store, STORE_REMOVE_PARAM, "it", target->id, name);
}

IMA_STATUS keys_remove(const struct target *target, uint32_t keys)
{
	struct params after = target ? target->own : user.state.own;
	IMA_STATUS status;
	int err = 0;

	after.set &= ~keys;
	status = check_remains(target, &after);
	if (status)
		return status;
	for (int i = 0; !err && i < ISCSI_PARAM_COUNT; i++)
		if (keys & 1U << i)
			err = remove_param(target,
					   iscsi_param_info((enum iscsi_param)i)->name);
	return err ? visit_fail(err) : IMA_STATUS_SUCCESS;
}

#define NUMBER_KEY(name, param)                                                      \
	IMA_STATUS IMA_Get##name##Properties(IMA_OID oid, IMA_MIN_MAX_VALUE *pProps) \
	{                                                                            \
		return get_number(oid, param, pProps);                               \
	}                                                                            \
	IMA_STATUS IMA_Set##name(IMA_OID oid, IMA_UINT value)                        \
	{                                                                            \
		return keys_set(oid, param, value);                                  \
	}

#define BOOL_KEY(name, param)                                                     \
	IMA_STATUS IMA_Get##name##Properties(IMA_OID oid, IMA_BOOL_VALUE *pProps) \
	{                                                                         \
		return get_bool(oid, param, pProps);                              \
	}                                                                         \
	IMA_STATUS IMA_Set##name(IMA_OID oid, IMA_BOOL value)                     \
	{                                                                         \
		return keys_set(oid, param, value);                               \
	}

NUMBER_KEY(MaxConnections, ISCSI_MAX_CONNECTIONS)
BOOL_KEY(InitialR2T, ISCSI_INITIAL_R2T)
BOOL_KEY(ImmediateData, ISCSI_IMMEDIATE_DATA)
NUMBER_KEY(MaxRecvDataSegmentLength, ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH)
NUMBER_KEY(MaxBurstLength, ISCSI_MAX_BURST_LENGTH)
NUMBER_KEY(FirstBurstLength, ISCSI_FIRST_BURST_LENGTH)
NUMBER_KEY(DefaultTime2Wait, ISCSI_DEFAULT_TIME2WAIT)
NUMBER_KEY(DefaultTime2Retain, ISCSI_DEFAULT_TIME2RETAIN)
NUMBER_KEY(MaxOutstandingR2T, ISCSI_MAX_OUTSTANDING_R2T)
BOOL_KEY(DataPduInOrder, ISCSI_DATA_PDU_IN_ORDER)
BOOL_KEY(DataSequenceInOrder, ISCSI_DATA_SEQUENCE_IN_ORDER)
NUMBER_KEY(ErrorRecoveryLevel, ISCSI_ERROR_RECOVERY_LEVEL)
