// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "shared/cleanup.h"

/* The statuses of functions.def as bits, and the values they stand for. */
#define STATUSES(X)                                                                 \
	X(S_SUCCESS, IMA_STATUS_SUCCESS)                                            \
	X(S_REBOOT_NECESSARY, IMA_STATUS_REBOOT_NECESSARY)                          \
	X(S_INCONSISTENT_NODE_PROPERTIES, IMA_STATUS_INCONSISTENT_NODE_PROPERTIES)  \
	X(S_CONDITION_MET, IMA_STATUS_SCSI_STATUS_CONDITION_MET)                    \
	X(E_NOT_SUPPORTED, IMA_ERROR_NOT_SUPPORTED)                                 \
	X(E_LAST_PRIMARY_DISCOVERY_METHOD, IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD) \
	X(E_LU_EXPOSED, IMA_ERROR_LU_EXPOSED)                                       \
	X(E_LU_NOT_EXPOSED, IMA_ERROR_LU_NOT_EXPOSED)                               \
	X(E_LU_IN_USE, IMA_ERROR_LU_IN_USE)                                         \
	X(E_TARGET_TIMEOUT, IMA_ERROR_TARGET_TIMEOUT)                               \
	X(E_LOGIN_REJECTED, IMA_ERROR_LOGIN_REJECTED)                               \
	X(E_STATS_COLLECTION_NOT_ENABLED, IMA_ERROR_STATS_COLLECTION_NOT_ENABLED)   \
	X(E_CHECK_CONDITION, IMA_ERROR_SCSI_STATUS_CHECK_CONDITION)                 \
	X(E_BUSY, IMA_ERROR_SCSI_STATUS_BUSY)                                       \
	X(E_RESERVATION_CONFLICT, IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT)       \
	X(E_TASK_SET_FULL, IMA_ERROR_SCSI_STATUS_TASK_SET_FULL)                     \
	X(E_ACA_ACTIVE, IMA_ERROR_SCSI_STATUS_ACA_ACTIVE)                           \
	X(E_TASK_ABORTED, IMA_ERROR_SCSI_STATUS_TASK_ABORTED)                       \
	X(E_INVALID_PARAMETER, IMA_ERROR_INVALID_PARAMETER)                         \
	X(E_INVALID_OBJECT_TYPE, IMA_ERROR_INVALID_OBJECT_TYPE)                     \
	X(E_INCORRECT_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE)                 \
	X(E_OBJECT_NOT_FOUND, IMA_ERROR_OBJECT_NOT_FOUND)                           \
	X(E_NAME_TOO_LONG, IMA_ERROR_NAME_TOO_LONG)                                 \
	/* Any function may return these. */                                        \
	X(G_INSUFFICIENT_MEMORY, IMA_ERROR_INSUFFICIENT_MEMORY)                     \
	X(G_UNEXPECTED_OS_ERROR, IMA_ERROR_UNEXPECTED_OS_ERROR)                     \
	X(G_SYNC_TIMEOUT, IMA_ERROR_SYNC_TIMEOUT)                                   \
	X(G_UNKNOWN_ERROR, IMA_ERROR_UNKNOWN_ERROR)

enum status_bit {
#define BIT(name, value) BIT_##name,
	STATUSES(BIT)
#undef BIT
};

enum {
#define MASK(name, value) name = 1u << BIT_##name,
	STATUSES(MASK)
#undef MASK
};

static const uint32_t general = G_INSUFFICIENT_MEMORY | G_UNEXPECTED_OS_ERROR |
				G_SYNC_TIMEOUT | G_UNKNOWN_ERROR;

static const IMA_STATUS status_values[] = {
#define VALUE(name, value) [BIT_##name] = (value),
	STATUSES(VALUE)
#undef VALUE
};

enum { MANDATORY = false, OPTIONAL = true };

const struct function function_table[FUNCTIONS] = {
#define FUNCTION(number, name, objects, who, optional, statuses) \
	{ number, #name, objects, who, optional, statuses },
#include "functions.def"
#undef FUNCTION
};

const struct rule_text rule_table[RULES] = {
#define RULE(id, name, clause, text) { name, clause, text },
#include "rules.def"
#undef RULE
};

const char *function_clause(enum function_index fn)
{
	static char text[24];

	if (!function_table[fn].number)
		return "extension";
	snprintf(text, sizeof(text), "6.2.%u", function_table[fn].number);
	return text;
}

static uint32_t status_mask(IMA_STATUS status)
{
	for (size_t i = 0; i < ARRAY_SIZE(status_values); i++)
		if (status_values[i] == status)
			return 1u << i;
	return 0;
}

void check(struct run *run, enum function_index fn, enum rule rule, bool ok, IMA_OID oid,
	   const char *format, ...)
{
	struct result *result = &run->results[fn][rule];
	va_list arguments;
	int n = 0;

	result->checks++;
	if (ok) {
		if (result->outcome != FAILED)
			result->outcome = PASSED;
		return;
	}
	if (result->failures++)
		return;
	result->outcome = FAILED;
	if (oid.objectType != IMA_OBJECT_TYPE_UNKNOWN)
		n = snprintf(result->text, sizeof(result->text),
			     "%s: ", object_text(oid));
	va_start(arguments, format);
	vsnprintf(result->text + n, sizeof(result->text) - (size_t)n, format, arguments);
	va_end(arguments);
}

void unchecked(struct run *run, enum function_index fn, enum rule rule, const char *why)
{
	struct result *result = &run->results[fn][rule];

	if (result->outcome != UNTRIED)
		return;
	result->outcome = UNCHECKED;
	snprintf(result->text, sizeof(result->text), "%s", why);
}

/* No plugin counts this far. */
#define UNKNOWN 0x7fffffffdeadbeefULL

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void call_begin(struct run *run)
{
	run->began = now();
}

IMA_STATUS call_end(struct run *run, enum function_index fn, IMA_OID oid,
		    IMA_STATUS status)
{
	const struct function *function = &function_table[fn];
	uint64_t ms = (now() - run->began) / 1000000;

	check(run, fn, RULE_STATUS, status_mask(status) & (function->statuses | general),
	      oid, "returned %s (0x%08lx)", IMAX_StatusName(status), status);
	/* A second more, so that a busy machine is not taken for a fault. */
	check(run, fn, RULE_DEADLINE, ms <= run->options.deadline_ms + 1000, oid,
	      "took %llu ms, the deadline was %u ms", (unsigned long long)ms,
	      run->options.deadline_ms);
	if (status != IMA_ERROR_NOT_SUPPORTED && oid.objectSequenceNumber != UNKNOWN)
		run->served[fn] = true;
	if (IMA_SUCCESS(status))
		run->succeeded[fn] = true;
	if (function->who == OWNER && !function->optional)
		check(run, fn, RULE_MANDATORY, status != IMA_ERROR_NOT_SUPPORTED, oid,
		      "answered IMA_ERROR_NOT_SUPPORTED");
	return status;
}

void check_answers(struct run *run, enum function_index fn, IMA_OID oid,
		   IMA_STATUS status)
{
	check(run, fn, RULE_ANSWERS, !(status_mask(status) & general), oid, "answered %s",
	      IMAX_StatusName(status));
}

void check_unknown(struct run *run, enum function_index fn, IMA_OID oid,
		   IMA_STATUS status)
{
	if (status == IMA_ERROR_NOT_SUPPORTED && function_table[fn].optional)
		return;
	if (status_mask(status) & general && !run->objects[oid.objectType].count) {
		unchecked(run, fn, RULE_UNKNOWN_OBJECT,
			  "the plugin shows no object of this type");
		return;
	}
	check(run, fn, RULE_UNKNOWN_OBJECT, status == IMA_ERROR_OBJECT_NOT_FOUND, oid,
	      "answered %s", IMAX_StatusName(status));
}

size_t sample_count(const struct run *run, IMA_OBJECT_TYPE type)
{
	size_t count = run->objects[type].count;

	return count < run->options.sample ? count : run->options.sample;
}

IMA_OID unknown_object(const struct run *run, IMA_OBJECT_TYPE type)
{
	IMA_OID oid = { type, run->plugin.ownerId, UNKNOWN };

	return oid;
}

bool same_object(IMA_OID a, IMA_OID b)
{
	return a.objectType == b.objectType && a.ownerId == b.ownerId &&
	       a.objectSequenceNumber == b.objectSequenceNumber;
}

bool object_is_known(const struct run *run, IMA_OID oid)
{
	const struct objects *objects;

	if ((unsigned int)oid.objectType >= OBJECT_TYPES)
		return false;
	objects = &run->objects[oid.objectType];
	for (size_t i = 0; i < objects->count; i++)
		if (same_object(objects->oid[i], oid))
			return true;
	return false;
}

const char *object_type_name(IMA_OBJECT_TYPE type)
{
	static const char *const names[] = {
		"unknown",
		"plugin",
		"node",
		"LHBA",
		"PHBA",
		"network portal",
		"portal group",
		"LNP",
		"PNP",
		"target",
		"LU",
		"discovery address",
		"static discovery target",
		"connection",
		"session",
	};

	return (unsigned int)type < ARRAY_SIZE(names) ? names[type] : "undefined type";
}

const char *object_text(IMA_OID oid)
{
	static char texts[4][64];
	static unsigned int next;
	char *text = texts[next++ % ARRAY_SIZE(texts)];

	snprintf(text, sizeof(texts[0]), "%s %u:%llu", object_type_name(oid.objectType),
		 oid.ownerId, (unsigned long long)oid.objectSequenceNumber);
	return text;
}
