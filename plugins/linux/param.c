// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * param.c - the twelve login keys.
 *
 * A target has its own values in its node record; an LHBA has the defaults of iscsid.conf, which
 * all interfaces share. What the kernel's initiator has no choice about can be read, not set.
 */
#include "param.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "node-record.h"
#include "recent-record.h"

/* A key: where it is kept, what may be set, and what counts if nobody says anything. */
struct param {
	const char *name; /* in RFC 7143 */
	const char *key;  /* in a node record; NULL: there is none, the value is fixed */
	uint32_t min, max, step, otherwise; /* step 0: it cannot be set */
};

enum {
	MAX_CONNECTIONS,
	INITIAL_R2T,
	IMMEDIATE_DATA,
	MAX_RECV_DATA_SEGMENT_LENGTH,
	MAX_BURST_LENGTH,
	FIRST_BURST_LENGTH,
	DEFAULT_TIME2WAIT,
	DEFAULT_TIME2RETAIN,
	MAX_OUTSTANDING_R2T,
	DATA_PDU_IN_ORDER,
	DATA_SEQUENCE_IN_ORDER,
	ERROR_RECOVERY_LEVEL,
};

#define SESSION_KEY(name) "node.session.iscsi." name
/* open-iscsi rounds lengths down to a multiple of four before it offers them. */
#define LENGTH_STEP 4
#define LENGTH_MAX  16777212

/* The kernel has one connection per session, recovers sessions only, and wants data in order. */
static const struct param params[] = {
	[MAX_CONNECTIONS] = { "MaxConnections", NULL, 1, 1, 0, 1 },
	[INITIAL_R2T] = { "InitialR2T", SESSION_KEY("InitialR2T"), 0, 1, 1, 0 },
	[IMMEDIATE_DATA] = { "ImmediateData", SESSION_KEY("ImmediateData"), 0, 1, 1, 1 },
	[MAX_RECV_DATA_SEGMENT_LENGTH] = { "MaxRecvDataSegmentLength",
					   "node.conn[0].iscsi.MaxRecvDataSegmentLength",
					   512, LENGTH_MAX, LENGTH_STEP, 262144 },
	[MAX_BURST_LENGTH] = { "MaxBurstLength", SESSION_KEY("MaxBurstLength"), 512,
			       LENGTH_MAX, LENGTH_STEP, 16776192 },
	[FIRST_BURST_LENGTH] = { "FirstBurstLength", SESSION_KEY("FirstBurstLength"), 512,
				 LENGTH_MAX, LENGTH_STEP, 262144 },
	[DEFAULT_TIME2WAIT] = { "DefaultTime2Wait", SESSION_KEY("DefaultTime2Wait"), 0,
				3600, 1, 2 },
	[DEFAULT_TIME2RETAIN] = { "DefaultTime2Retain", SESSION_KEY("DefaultTime2Retain"),
				  0, 3600, 1, 0 },
	[MAX_OUTSTANDING_R2T] = { "MaxOutstandingR2T", SESSION_KEY("MaxOutstandingR2T"),
				  1, 65535, 1, 1 },
	[DATA_PDU_IN_ORDER] = { "DataPDUInOrder", NULL, 1, 1, 0, 1 },
	[DATA_SEQUENCE_IN_ORDER] = { "DataSequenceInOrder", NULL, 1, 1, 0, 1 },
	[ERROR_RECOVERY_LEVEL] = { "ErrorRecoveryLevel", NULL, 0, 0, 0, 0 },
};

/* --- Reading --------------------------------------------------------------------------------- */

static bool parse_value(const struct record *record, const struct param *p,
			uint32_t *value)
{
	const char *text = record_get(record, p->key);
	uint64_t number;

	if (!text)
		return false;
	if (p->max == 1) {
		*value = !strcasecmp(text, "Yes");
		return *value || !strcasecmp(text, "No");
	}
	if (record_number(record, p->key, UINT32_MAX, &number))
		return false;
	/* What open-iscsi makes of a value that was written by hand. */
	*value = (uint32_t)(p->step == LENGTH_STEP ? number - number % LENGTH_STEP
						   : number);
	return true;
}

static uint32_t value_of(const struct node_record *record, const struct param *p)
{
	uint32_t value;

	if (p->key && (parse_value(&record->own, p, &value) ||
		       parse_value(&record->defaults, p, &value)))
		return value;
	return p->otherwise;
}

static uint32_t default_of(const struct node_record *record, const struct param *p)
{
	uint32_t value;

	return p->key && parse_value(&record->defaults, p, &value) ? value : p->otherwise;
}

/* The record of an LHBA or target; what is not found is an object that does not exist. */
static IMA_STATUS read_record(IMA_OID oid, struct node_record *record)
{
	IMA_STATUS status;
	void *object;

	LOCKED(&plugin.lock);
	object = find_object(oid, FRESH_ENOUGH, &status);
	if (!object)
		return status;
	return status_from_errno(
		node_record_read(&plugin.world,
				 oid.objectType == IMA_OBJECT_TYPE_TARGET ? object : NULL,
				 record) == -ENOMEM
			? -ENOMEM
			: 0);
}

/* A record this user may not read: the values are not known, and cannot be set. */
static bool is_hidden(IMA_OID oid)
{
	return oid.objectType == IMA_OBJECT_TYPE_TARGET && plugin.source.db.denied;
}

static void fill_number(IMA_OID oid, const struct param *p,
			const struct node_record *record, IMA_MIN_MAX_VALUE *result)
{
	result->currentValueValid = IMA_TRUE;
	result->currentValue = value_of(record, p);
	if (!p->step)
		return; /* what cannot be set has no range */
	result->settable = IMA_TRUE;
	result->defaultValue = oid.objectType == IMA_OBJECT_TYPE_TARGET
				       ? default_of(record, p)
				       : p->otherwise;
	result->minimumValue = p->min;
	result->maximumValue = p->max;
	result->incrementValue = p->step;
}

static IMA_STATUS get_number(IMA_OID oid, int which, IMA_MIN_MAX_VALUE *result)
{
	const struct param *p = &params[which];
	const struct node_record *record;
	IMA_STATUS status;
	void *object;
	int err;

	LOCKED(&plugin.lock);
	object = find_object(oid, FRESH_ENOUGH, &status);
	if (!object)
		return status;
	err = recent_record(oid.objectType == IMA_OBJECT_TYPE_TARGET ? object : NULL,
			    &record);
	if (err)
		return status_from_errno(err);
	memset(result, 0, sizeof(*result));
	if (!p->key || !is_hidden(oid))
		fill_number(oid, p, record, result);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS get_bool(IMA_OID oid, int which, IMA_BOOL_VALUE *result)
{
	IMA_MIN_MAX_VALUE number;
	IMA_STATUS status = get_number(oid, which, &number);

	if (IMA_ERROR(status))
		return status;
	memset(result, 0, sizeof(*result));
	result->currentValueValid = number.currentValueValid;
	result->settable = number.settable;
	result->currentValue = number.currentValue;
	result->defaultValue = number.defaultValue;
	return IMA_STATUS_SUCCESS;
}

/* --- Setting --------------------------------------------------------------------------------- */

/* FirstBurstLength may not exceed MaxBurstLength, whichever of the two is set. */
static IMA_STATUS check_bursts(const struct node_record *record, int which,
			       uint32_t value)
{
	uint32_t first = value_of(record, &params[FIRST_BURST_LENGTH]);
	uint32_t max = value_of(record, &params[MAX_BURST_LENGTH]);

	if (which == FIRST_BURST_LENGTH)
		first = value;
	else if (which == MAX_BURST_LENGTH)
		max = value;
	else
		return IMA_STATUS_SUCCESS;
	if (first <= max)
		return IMA_STATUS_SUCCESS;
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "FirstBurstLength (%u) would be above MaxBurstLength (%u)",
			 first, max);
}

static IMA_STATUS check_value(IMA_OID oid, int which, uint64_t value)
{
	struct node_record _cleanup_node_record_ record = { 0 };
	const struct param *p = &params[which];
	IMA_STATUS status = read_record(oid, &record);

	if (IMA_ERROR(status))
		return status;
	if (!p->step)
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				 "the kernel's initiator offers %s=%u only", p->name,
				 p->otherwise);
	if (value < p->min || value > p->max || (value - p->min) % p->step)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "%s is %u to %u in steps of %u", p->name, p->min, p->max,
				 p->step);
	return check_bursts(&record, which, (uint32_t)value);
}

static void value_text(const struct param *p, uint64_t value, char *text, size_t size)
{
	if (p->max == 1)
		snprintf(text, size, "%s", value ? "Yes" : "No");
	else
		snprintf(text, size, "%llu", (unsigned long long)value);
}

static IMA_STATUS set_value(IMA_OID oid, int which, uint64_t value)
{
	const struct param *p = &params[which];
	char text[PARAM_TEXT], built_in[PARAM_TEXT];
	struct setting setting = { p->key, text, built_in };
	IMA_STATUS status = check_value(oid, which, value);

	if (IMA_ERROR(status))
		return status;
	value_text(p, value, text, sizeof(text));
	value_text(p, p->otherwise, built_in, sizeof(built_in));
	return settings_set(oid, &setting, 1);
}

bool param_setting(IMAX_SETTING which, struct setting *setting, char built_in[PARAM_TEXT])
{
	static const unsigned char places[] = {
		[IMAX_SETTING_DATA_PDU_IN_ORDER] = DATA_PDU_IN_ORDER,
		[IMAX_SETTING_DATA_SEQUENCE_IN_ORDER] = DATA_SEQUENCE_IN_ORDER,
		[IMAX_SETTING_DEFAULT_TIME2RETAIN] = DEFAULT_TIME2RETAIN,
		[IMAX_SETTING_DEFAULT_TIME2WAIT] = DEFAULT_TIME2WAIT,
		[IMAX_SETTING_ERROR_RECOVERY_LEVEL] = ERROR_RECOVERY_LEVEL,
		[IMAX_SETTING_FIRST_BURST_LENGTH] = FIRST_BURST_LENGTH,
		[IMAX_SETTING_IMMEDIATE_DATA] = IMMEDIATE_DATA,
		[IMAX_SETTING_INITIAL_R2T] = INITIAL_R2T,
		[IMAX_SETTING_MAX_BURST_LENGTH] = MAX_BURST_LENGTH,
		[IMAX_SETTING_MAX_CONNECTIONS] = MAX_CONNECTIONS,
		[IMAX_SETTING_MAX_OUTSTANDING_R2T] = MAX_OUTSTANDING_R2T,
		[IMAX_SETTING_MAX_RECV_DATA_SEGMENT_LENGTH] =
			MAX_RECV_DATA_SEGMENT_LENGTH,
	};
	const struct param *p;

	if (which == IMAX_SETTING_ALL || (size_t)which >= ARRAY_SIZE(places))
		return false;
	p = &params[places[which]];
	if (!p->step)
		return false;
	value_text(p, p->otherwise, built_in, PARAM_TEXT);
	*setting = (struct setting){ p->key, built_in, built_in };
	return true;
}

/* --- Entry points ----------------------------------------------------------------------------- */

#define NUMBER_KEY(call, which)                                                 \
	IMA_STATUS IMA_Get##call##Properties(IMA_OID oid, IMA_MIN_MAX_VALUE *p) \
	{                                                                       \
		return get_number(oid, which, p);                               \
	}                                                                       \
	IMA_STATUS IMA_Set##call(IMA_OID oid, IMA_UINT value)                   \
	{                                                                       \
		return set_value(oid, which, value);                            \
	}

#define BOOL_KEY(call, which)                                                \
	IMA_STATUS IMA_Get##call##Properties(IMA_OID oid, IMA_BOOL_VALUE *p) \
	{                                                                    \
		return get_bool(oid, which, p);                              \
	}                                                                    \
	IMA_STATUS IMA_Set##call(IMA_OID oid, IMA_BOOL value)                \
	{                                                                    \
		return set_value(oid, which, value);                         \
	}

BOOL_KEY(DataPduInOrder, DATA_PDU_IN_ORDER)
BOOL_KEY(DataSequenceInOrder, DATA_SEQUENCE_IN_ORDER)
BOOL_KEY(ImmediateData, IMMEDIATE_DATA)
BOOL_KEY(InitialR2T, INITIAL_R2T)
NUMBER_KEY(DefaultTime2Retain, DEFAULT_TIME2RETAIN)
NUMBER_KEY(DefaultTime2Wait, DEFAULT_TIME2WAIT)
NUMBER_KEY(ErrorRecoveryLevel, ERROR_RECOVERY_LEVEL)
NUMBER_KEY(FirstBurstLength, FIRST_BURST_LENGTH)
NUMBER_KEY(MaxBurstLength, MAX_BURST_LENGTH)
NUMBER_KEY(MaxConnections, MAX_CONNECTIONS)
NUMBER_KEY(MaxOutstandingR2T, MAX_OUTSTANDING_R2T)
NUMBER_KEY(MaxRecvDataSegmentLength, MAX_RECV_DATA_SEGMENT_LENGTH)
