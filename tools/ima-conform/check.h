/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * check.h - what a conformance run knows: functions, rules, objects, and results.
 *
 * A check compares what a function of the API did with one rule and records the outcome for
 * the pair of them. The first failure of a pair is kept with its text. Everything here
 * is used by the main thread only.
 */
#ifndef IMA_CONFORM_CHECK_H
#define IMA_CONFORM_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ima-ext.h"

/* Object types as bits. */
enum {
	NONE = 0,
	PLUGIN = 1u << IMA_OBJECT_TYPE_PLUGIN,
	NODE = 1u << IMA_OBJECT_TYPE_NODE,
	LHBA = 1u << IMA_OBJECT_TYPE_LHBA,
	PHBA = 1u << IMA_OBJECT_TYPE_PHBA,
	NETWORK_PORTAL = 1u << IMA_OBJECT_TYPE_NETWORK_PORTAL,
	LNP = 1u << IMA_OBJECT_TYPE_LNP,
	PNP = 1u << IMA_OBJECT_TYPE_PNP,
	TARGET = 1u << IMA_OBJECT_TYPE_TARGET,
	LU = 1u << IMA_OBJECT_TYPE_LU,
	DISCOVERY_ADDRESS = 1u << IMA_OBJECT_TYPE_DISCOVERY_ADDRESS,
	STATIC_DISCOVERY_TARGET = 1u << IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET,
	ANY = 0x1ffe,
};
#define OBJECT_TYPES (IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET + 1)

/* Who answers a function. */
enum who { LIBRARY, OWNER, ALL };

/* FN_IMA_...: the functions of clause 6.2, in its order, then extensions. */
enum function_index {
#define FUNCTION(number, name, ...) FN_##name,
#include "functions.def"
#undef FUNCTION
	FUNCTIONS,
	FIRST_EXTENSION = FN_IMAX_GetChapAlgorithms
};

enum rule {
#define RULE(id, name, clause, text) RULE_##id,
#include "rules.def"
#undef RULE
	RULES
};

struct function {
	unsigned int number; /* in 6.2, 0 for an extension */
	const char *name;
	uint32_t objects;
	enum who who;
	bool optional;
	uint32_t statuses;
};

struct rule_text {
	const char *name, *clause, *text;
};

extern const struct function function_table[FUNCTIONS];
extern const struct rule_text rule_table[RULES];

/* UNCHECKED is never a pass: nothing on this machine or in this mode could show the rule. */
enum outcome { UNTRIED, UNCHECKED, PASSED, FAILED };

struct result {
	enum outcome outcome;
	unsigned int checks;
	unsigned int failures;
	char text[320]; /* first failure, or why it was not checked */
};

/* OIDs of one type. */
struct objects {
	IMA_OID *oid;
	size_t count;
};

struct options {
	bool destructive;
	size_t sample; /* objects of one type that are looked at closely */
	uint32_t deadline_ms;
	const wchar_t *image; /* an image for the PHBAs, may be NULL */
};

struct run {
	struct options options;
	IMA_OID plugin;
	char name[256]; /* the plugin's file */
	struct objects objects[OBJECT_TYPES];
	struct result results[FUNCTIONS][RULES];
	bool served[FUNCTIONS]; /* answered something else than IMA_ERROR_NOT_SUPPORTED */
	bool succeeded[FUNCTIONS];
	uint64_t began; /* of the call under way, in ns */
};

/* Record one comparison. The text, printf-like, says what was wrong with which object. */
__attribute__((format(printf, 6, 7))) void check(struct run *run, enum function_index fn,
						 enum rule rule, bool ok, IMA_OID oid,
						 const char *format, ...);

/* Record that a rule could not be checked, and why. Does not hide a pass or failure. */
void unchecked(struct run *run, enum function_index fn, enum rule rule, const char *why);

void call_begin(struct run *run);

/*
 * Record what every call must do: return a listed status, in time, and not "not supported" if
 * the function is mandatory. Returns the status.
 */
IMA_STATUS call_end(struct run *run, enum function_index fn, IMA_OID oid,
		    IMA_STATUS status);

/* Record that a call for an object the plugin shows did not end in a general error. */
void check_answers(struct run *run, enum function_index fn, IMA_OID oid,
		   IMA_STATUS status);

/*
 * Record what a call for unknown_object() answered. A plugin need not export what concerns no
 * object it shows; the rule is then not checked.
 */
void check_unknown(struct run *run, enum function_index fn, IMA_OID oid,
		   IMA_STATUS status);

/* One call of a function under test. */
#define CALL(run, function, oid, ...) \
	(call_begin(run), call_end(run, FN_##function, oid, (function)(__VA_ARGS__)))

/* "6.2.7", or "extension", in a buffer that lives until the next call. */
const char *function_clause(enum function_index fn);

/* The objects of one type that are looked at closely. */
size_t sample_count(const struct run *run, IMA_OBJECT_TYPE type);

/* An OID of this plugin that names no object. */
IMA_OID unknown_object(const struct run *run, IMA_OBJECT_TYPE type);

bool same_object(IMA_OID a, IMA_OID b);
bool object_is_known(const struct run *run, IMA_OID oid);

/* "LHBA 1:7" into a buffer that lives until the next call but three. */
const char *object_text(IMA_OID oid);
const char *object_type_name(IMA_OBJECT_TYPE type);

/* objects.c: collect every object the plugin shows; returns 0 or a negative errno. */
int objects_collect(struct run *run);
void objects_free(struct run *run);

/* The checks, one file each. */
void check_library(struct run *run);
void check_getters(struct run *run);
void check_lists(struct run *run);
void check_node(struct run *run);
void check_keys(struct run *run);
void check_switches(struct run *run);
void check_discovery(struct run *run);
void check_authentication(struct run *run);
void check_network(struct run *run);
void check_firmware(struct run *run);
void check_scsi(struct run *run);
void check_exposing(struct run *run);
void check_statistics(struct run *run);
void check_ioctl(struct run *run);
void check_persistence(struct run *run);
void check_events(struct run *run);
void check_extensions(struct run *run);
void check_threads(struct run *run);
void check_sessions(struct run *run); /* the last: LUs go with a session */

#endif
