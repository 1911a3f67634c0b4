// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * calls.c - every function of the API against its status table and the general rules, through
 * the real library and three recording plugins: two complete ones and one without any entry
 * point. The cases are made from spec-calls.def and spec-rows.def.
 *
 * "Refused" means: the status, no plugin called, nothing of the caller's changed but a list
 * pointer, which is NULL.
 */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recorder.h"
#include "rows.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

#define DATA_LENGTH  40
#define SENSE_LENGTH 18

/* What one case is about. */
struct subject {
	const struct spec_call *call;
	const struct row *row;
	IMA_UINT32 type;
	IMA_UINT32 owner;
	IMA_UINT64 sequence;
	IMA_UINT32 status;
	const char *change; /* argument to spoil too */
};

static struct recorder *one, *two, *bare;

static const IMA_OID listed[] = { { IMA_OBJECT_TYPE_LU, 1, 5 },
				  { IMA_OBJECT_TYPE_LU, 1, 3 },
				  { IMA_OBJECT_TYPE_LU, 1, 4 } };
static const IMA_AUTHMETHOD methods[] = { IMA_AUTHMETHOD_SRP, IMA_AUTHMETHOD_CHAP,
					  IMA_AUTHMETHOD_NONE };
static const IMA_ADDRESS_KEY keys[] = { { { IMA_TRUE, { 192, 0, 2, 1 } }, 3260 },
					{ { IMA_FALSE, { 0xfe, 0x80, [15] = 1 } },
					  860 } };

static void script(struct recorder *recorder)
{
	recorder->reset();
	recorder->script.oid_count = ARRAY_SIZE(listed);
	memcpy(recorder->script.oids, listed, sizeof(listed));
	recorder->script.method_count = ARRAY_SIZE(methods);
	memcpy(recorder->script.methods, methods, sizeof(methods));
	recorder->script.key_count = ARRAY_SIZE(keys);
	memcpy(recorder->script.keys, keys, sizeof(keys));
	recorder->script.data_length = DATA_LENGTH;
	recorder->script.sense_length = SENSE_LENGTH;
}

/* Valid arguments for the first plugin, and plugins that have not been called. */
static void prepare(struct arguments *arguments, const struct subject *subject)
{
	script(one);
	script(two);
	bare->reset();
	arguments_init(arguments, subject->call, one->owner);
}

static IMA_STATUS invoke(struct arguments *arguments)
{
	return arguments->call->call(arguments);
}

static void *pointer_of(const struct argument *argument)
{
	return *(void *const *)(const void *)argument->value;
}

static bool is_list(enum spec_kind kind)
{
	return kind == LIST || kind == KEYS;
}

static void assert_list_is_null(const struct argument *argument)
{
	if (pointer_of(argument))
		assert_null(*(void **)pointer_of(argument));
}

static void assert_untouched(const struct arguments *arguments)
{
	for (unsigned int i = 0; i < arguments->call->argc; i++)
		if (is_list(arguments->call->arg[i].kind))
			assert_list_is_null(&arguments->arg[i]);
		else
			assert_true(arguments_unchanged(arguments, i));
}

static void assert_refused(struct arguments *arguments, IMA_UINT32 status)
{
	assert_int_equal(invoke(arguments), status);
	assert_int_equal(one->count(NULL) + two->count(NULL), 0);
	assert_untouched(arguments);
}

/* Is what arrived for one argument what the client passed? */
static void assert_same_input(const struct recorder_argument *arrived,
			      const struct argument *passed,
			      const struct spec_argument *spec)
{
	IMA_UINT capacity;

	if (!spec->pointee) {
		assert_int_equal(arrived->size, spec->size);
		assert_memory_equal(arrived->value, passed->value, spec->size);
	} else if (spec->kind == CAPACITY) {
		assert_int_equal(arrived->pointee_size, sizeof(capacity));
		memcpy(&capacity, arrived->pointee, sizeof(capacity));
		assert_true(capacity >= 16);
	} else if (pointer_of(passed)) {
		assert_memory_equal(arrived->pointee, passed->before,
				    arrived->pointee_size);
	}
}

static bool pointer_arrived(const struct recorder_argument *arrived)
{
	return *(void *const *)(const void *)arrived->value;
}

static bool may_replace_null(enum spec_kind kind)
{
	return kind == OUT_OR_NULL || kind == METHODS;
}

static void assert_same_nullness(const struct recorder_argument *arrived,
				 const struct argument *passed,
				 const struct spec_argument *spec)
{
	if (!spec->pointee)
		return;
	if (may_replace_null(spec->kind))
		assert_true(pointer_arrived(arrived));
	else
		assert_int_equal(pointer_arrived(arrived), !!pointer_of(passed));
}

/* The call arrived once, in the first plugin only, with these arguments. */
static void assert_arrived(const struct arguments *passed)
{
	const struct spec_call *spec = passed->call;
	const struct recorder_call *call = one->call(spec->name, 0);

	assert_int_equal(two->count(NULL), 0);
	assert_int_equal(one->count(NULL), 1);
	assert_non_null(call);
	assert_int_equal(call->argc, spec->argc);
	for (unsigned int i = 0; i < spec->argc; i++) {
		assert_same_nullness(&call->arg[i], &passed->arg[i], &spec->arg[i]);
		assert_same_input(&call->arg[i], &passed->arg[i], &spec->arg[i]);
	}
}

/*
 * The same for a function that arrives under another name, possibly with an argument in
 * another form: what arrives is what valid arguments of that other function are.
 */
static void assert_arrived_as(struct arguments *passed)
{
	struct arguments other;

	if (!strcmp(passed->call->arrives_as, passed->call->name)) {
		assert_arrived(passed);
		return;
	}
	arguments_init(&other, spec_find(passed->call->arrives_as), one->owner);
	*arguments_oid(&other) = *arguments_oid(passed);
	assert_arrived(&other);
	arguments_free(&other);
}

static bool all_bytes_are(const void *memory, unsigned char byte, size_t size)
{
	const unsigned char *bytes = memory;

	for (size_t i = 0; i < size; i++)
		if (bytes[i] != byte)
			return false;
	return true;
}

static void assert_buffer(const struct argument *buffer, const struct argument *length)
{
	IMA_UINT written = *(IMA_UINT *)pointer_of(length);

	assert_int_equal(written, DATA_LENGTH);
	assert_true(all_bytes_are(buffer->memory, 0x5A, written));
	assert_true(
		all_bytes_are(buffer->memory + written, 0xA5, buffer->size - written));
}

static void assert_oids(const struct argument *argument)
{
	IMA_OID_LIST *list = *(IMA_OID_LIST **)pointer_of(argument);

	assert_non_null(list);
	assert_int_equal(list->oidCount, ARRAY_SIZE(listed));
	assert_memory_equal(list->oids, listed, sizeof(listed));
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
}

static void assert_keys(const struct argument *argument)
{
	IMA_ADDRESS_KEYS *list = *(IMA_ADDRESS_KEYS **)pointer_of(argument);

	assert_non_null(list);
	assert_int_equal(list->addressKeyCount, ARRAY_SIZE(keys));
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		assert_memory_equal(&list->addressKeys[i], &keys[i], sizeof(keys[i]));
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
}

static void assert_methods(const struct argument *list, const struct argument *capacity)
{
	assert_int_equal(*(IMA_UINT *)pointer_of(capacity), ARRAY_SIZE(methods));
	assert_memory_equal(list->memory, methods, sizeof(methods));
	assert_true(all_bytes_are(list->memory + sizeof(methods), 0xA5,
				  list->size - sizeof(methods)));
}

static void assert_output(const struct arguments *arguments, unsigned int i)
{
	const struct argument *a = &arguments->arg[i];

	switch (arguments->call->arg[i].kind) {
	case OUT:
	case OUT_OR_NULL:
		assert_true(all_bytes_are(a->memory, 0x5A, a->size));
		break;
	case LIST:
		assert_oids(a);
		break;
	case KEYS:
		assert_keys(a);
		break;
	case METHODS:
		assert_methods(a, a - 1);
		break;
	case BUFFER:
		assert_buffer(a, a + 1);
		break;
	case CAPACITY:
	case LENGTH:
		break; /* with the argument beside it, or not changed */
	default:
		assert_true(arguments_unchanged(arguments, i));
	}
}

/* What the plugin wrote reached the client, and the plugin got its lists back. */
static void assert_delivered(const struct arguments *arguments)
{
	for (unsigned int i = 0; i < arguments->call->argc; i++)
		assert_output(arguments, i);
	assert_int_equal(one->lists, 0);
	assert_int_equal(one->bad_releases, 0);
}

static void accepts_the_type(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	prepare(&arguments, subject);
	arguments_oid(&arguments)->objectType = (IMA_OBJECT_TYPE)subject->type;
	assert_int_equal(invoke(&arguments), IMA_STATUS_SUCCESS);
	assert_arrived_as(&arguments);
	assert_delivered(&arguments);
	arguments_free(&arguments);
}

static void refuses_the_object(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;
	IMA_OID *oid;

	prepare(&arguments, subject);
	oid = arguments_oid(&arguments);
	oid->objectType = (IMA_OBJECT_TYPE)subject->type;
	oid->ownerId = subject->owner;
	oid->objectSequenceNumber = subject->sequence;
	if (subject->change) {
		int i = arguments_index(&arguments, subject->change);

		memset(arguments.arg[i].value, 0, sizeof(void *));
		if (!arguments.call->arg[i].pointee)
			memset(arguments.arg[i].value, 0x7F, sizeof(IMA_BOOL));
	}
	assert_refused(&arguments, subject->status);
	arguments_free(&arguments);
}

static void refuses_the_arguments(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	for (const struct change *c = subject->row->changes; c->how; c++) {
		prepare(&arguments, subject);
		change_apply(c, &arguments);
		assert_refused(&arguments, subject->status);
		arguments_free(&arguments);
	}
}

static void refuses_the_arguments_somewhere(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	for (const struct change *c = subject->row->changes; c->how; c++) {
		prepare(&arguments, subject);
		change_apply(c, &arguments);
		one->set_status(subject->call->name, subject->status);
		assert_int_equal(invoke(&arguments), subject->status);
		assert_untouched(&arguments);
		if (one->count(NULL))
			assert_arrived(&arguments);
		arguments_free(&arguments);
	}
}

static void assert_sense(struct arguments *arguments, IMA_UINT32 status)
{
	struct argument *sense = arguments_of_kind(arguments, SENSE);

	if (!sense || status != IMA_ERROR_SCSI_STATUS_CHECK_CONDITION)
		return;
	assert_int_equal(*(IMA_UINT *)pointer_of(sense + 1), SENSE_LENGTH);
	assert_true(all_bytes_are(sense->memory, 0x5A, SENSE_LENGTH));
	assert_true(all_bytes_are(sense->memory + SENSE_LENGTH, 0xA5,
				  sense->size - SENSE_LENGTH));
}

/* After an error of the plugin, which has written nothing but sense data. */
static void assert_untouched_by_error(struct arguments *arguments, IMA_UINT32 status)
{
	struct argument *sense = arguments_of_kind(arguments, SENSE);

	assert_sense(arguments, status);
	for (unsigned int i = 0; i < arguments->call->argc; i++)
		if (is_list(arguments->call->arg[i].kind))
			assert_list_is_null(&arguments->arg[i]);
		else if (!sense || &arguments->arg[i] < sense)
			assert_true(arguments_unchanged(arguments, i));
}

/* The plugin answers with this register, the client sees the status in its low half. */
static void assert_handed_on(const struct subject *subject, IMA_UINT answer)
{
	struct arguments arguments;
	IMA_UINT32 status = (IMA_UINT32)answer;

	prepare(&arguments, subject);
	one->script.garbage_list = true;
	one->set_status(subject->call->arrives_as, answer);
	assert_int_equal(invoke(&arguments), status);
	assert_arrived_as(&arguments);
	if (IMA_ERROR(status))
		assert_untouched_by_error(&arguments, status);
	else
		assert_delivered(&arguments);
	assert_int_equal(one->lists, 0);
	assert_int_equal(one->bad_releases, 0);
	arguments_free(&arguments);
}

static void hands_on_the_status(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);

	assert_handed_on(subject, subject->status);
}

static void hands_on_every_status(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);

	for (const IMA_UINT32 *s = spec_statuses; *s != UINT32_MAX; s++)
		assert_handed_on(subject, *s);
	assert_handed_on(subject, 0x00001234); /* of another edition */
	assert_handed_on(subject, 0x80001234);
}

static void cuts_every_status(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);

	for (const IMA_UINT32 *s = spec_statuses; *s != UINT32_MAX; s++)
		assert_handed_on(subject, 0xDEADBEEF00000000UL | *s);
	assert_handed_on(subject, 0xFFFFFFFF00000000UL);
	assert_handed_on(subject, 0x8000000000000000UL);
}

static void plugin_lacks_the_function(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	prepare(&arguments, subject);
	arguments_oid(&arguments)->ownerId = bare->owner;
	assert_refused(&arguments, subject->call->missing);
	arguments_free(&arguments);
}

static void goes_to_the_owner_only(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	prepare(&arguments, subject);
	arguments_oid(&arguments)->ownerId = two->owner;
	assert_int_equal(invoke(&arguments), IMA_STATUS_SUCCESS);
	assert_int_equal(one->count(NULL), 0);
	assert_int_equal(two->count(NULL), 1);
	assert_int_equal(two->count(subject->call->arrives_as), 1);
	assert_delivered(&arguments);
	assert_int_equal(two->lists, 0);
	arguments_free(&arguments);
}

static void empty_list_is_a_list(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;
	struct argument *list;

	prepare(&arguments, subject);
	one->script.oid_count = one->script.key_count = 0;
	assert_int_equal(invoke(&arguments), IMA_STATUS_SUCCESS);
	list = arguments_of_kind(&arguments, LIST);
	if (!list)
		list = arguments_of_kind(&arguments, KEYS);
	list = *(void **)pointer_of(list);
	assert_non_null(list);
	assert_int_equal(*(IMA_UINT *)(void *)list, 0);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_int_equal(one->lists, 0);
	assert_int_equal(one->released, 1);
	arguments_free(&arguments);
}

static void null_out_is_replaced(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;
	struct argument *out;

	prepare(&arguments, subject);
	out = arguments_of_kind(&arguments, OUT_OR_NULL);
	memset(out->value, 0, sizeof(void *));
	assert_int_equal(invoke(&arguments), IMA_STATUS_SUCCESS);
	assert_arrived(&arguments);
	arguments_free(&arguments);
}

static void optional_input_may_be_null(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	prepare(&arguments, subject);
	for (unsigned int i = 0; i < subject->call->argc; i++) {
		enum spec_kind kind = subject->call->arg[i].kind;

		if (kind == IN_OR_NULL || kind == TEXT_OR_NULL)
			memset(arguments.arg[i].value, 0, sizeof(void *));
		if (kind == ISNS)
			arguments.arg[i].value[0] = IMA_ISNS_DISCOVERY_METHOD_DHCP;
	}
	assert_int_equal(invoke(&arguments), IMA_STATUS_SUCCESS);
	assert_arrived(&arguments);
	arguments_free(&arguments);
}

static void wide_number_is_never_cut(void **state)
{
	static const IMA_UINT64 numbers[] = { 0x100000000UL, 0x100001000UL, UINT64_MAX };
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		prepare(&arguments, subject);
		memcpy(arguments.arg[1].value, &numbers[i], sizeof(numbers[i]));
		one->set_status(subject->call->name, IMA_ERROR_INVALID_PARAMETER);
		assert_int_equal(invoke(&arguments), IMA_ERROR_INVALID_PARAMETER);
		if (one->count(NULL))
			assert_arrived(&arguments);
		arguments_free(&arguments);
	}
}

static void every_number_arrives(void **state)
{
	static const IMA_UINT64 numbers[] = { 0, 1, 0x7FFFFFFF, 0x80000000U,
					      0xFFFFFFFFU };
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		prepare(&arguments, subject);
		memcpy(arguments.arg[1].value, &numbers[i], sizeof(numbers[i]));
		assert_int_equal(invoke(&arguments), IMA_STATUS_SUCCESS);
		assert_arrived(&arguments);
		arguments_free(&arguments);
	}
}

/* All values of booleans and enumerations, each with the others as they are. */
static void every_defined_value_arrives(void **state)
{
	static const unsigned char limits[][2] = {
		[BOOL] = { 0, 1 },   [METHOD] = { 1, 5 },  [IMAGE] = { 0, 3 },
		[ISNS] = { 0, 2 },   [LEVEL] = { 0, 4 },   [DIRECTION] = { 0, 1 },
		[DIGEST] = { 0, 3 }, [SETTING] = { 0, 18 }
	};
	const struct subject *subject = CASE_CONTEXT(state);
	struct arguments arguments;

	for (unsigned int i = 1; i < subject->call->argc; i++) {
		enum spec_kind kind = subject->call->arg[i].kind;

		if (kind >= ARRAY_SIZE(limits) || !limits[kind][1])
			continue;
		for (unsigned int v = limits[kind][0]; v <= limits[kind][1]; v++) {
			prepare(&arguments, subject);
			memcpy(arguments.arg[i].value, &v, sizeof(v));
			assert_int_equal(invoke(&arguments), IMA_STATUS_SUCCESS);
			assert_arrived(&arguments);
			arguments_free(&arguments);
		}
	}
}

static const struct subject *keep(struct subject subject)
{
	return case_keep(&subject, sizeof(subject));
}

#define ADD(function, subject, format, ...)                                       \
	case_add(function, keep(subject), "%s %s: " format, (subject).call->name, \
		 spec_clause((subject).call), ##__VA_ARGS__)

static bool has_kind(const struct spec_call *call, enum spec_kind kind)
{
	for (unsigned int i = 0; i < call->argc; i++)
		if (call->arg[i].kind == kind)
			return true;
	return false;
}

/* The library's own functions on objects, which look at type and owner only. */
static void tells_type_or_plugin(void **state)
{
	const struct subject *subject = CASE_CONTEXT(state);
	IMA_OID oid = { (IMA_OBJECT_TYPE)subject->type, one->owner, 77 }, plugin;
	IMA_OBJECT_TYPE type;

	one->reset();
	if (!strcmp(subject->call->name, "IMA_GetObjectType")) {
		assert_int_equal(IMA_GetObjectType(oid, &type), IMA_STATUS_SUCCESS);
		assert_int_equal(type, subject->type);
	} else {
		assert_int_equal(IMA_GetAssociatedPluginOid(oid, &plugin),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(plugin.objectType, IMA_OBJECT_TYPE_PLUGIN);
		assert_int_equal(plugin.ownerId, one->owner);
		assert_int_equal(plugin.objectSequenceNumber, 0);
	}
	assert_int_equal(one->count(NULL), 0);
}

static void add_types(const struct spec_call *call)
{
	static const IMA_UINT32 undefined[] = { 0,	    15,		 16,
						0x7FFFFFFF, 0x80000003U, 0xFFFFFFFFU };
	struct subject s = { .call = call, .owner = 1, .sequence = 77 };

	for (s.type = 1; s.type <= LAST_OBJECT_TYPE; s.type++) {
		s.status = IMA_ERROR_INCORRECT_OBJECT_TYPE;
		if (!(call->objects & 1U << s.type))
			ADD(refuses_the_object, s,
			    "IMA_ERROR_INCORRECT_OBJECT_TYPE for a %s",
			    spec_type_name(s.type));
		else if (spec_routed(call))
			ADD(accepts_the_type, s,
			    "IMA_STATUS_SUCCESS for a %s, arguments and answer unchanged",
			    spec_type_name(s.type));
		else
			ADD(tells_type_or_plugin, s, "IMA_STATUS_SUCCESS for a %s",
			    spec_type_name(s.type));
	}
	s.status = IMA_ERROR_INVALID_OBJECT_TYPE;
	for (size_t i = 0; i < ARRAY_SIZE(undefined); i++) {
		s.type = undefined[i];
		ADD(refuses_the_object, s, "IMA_ERROR_INVALID_OBJECT_TYPE for type %#x",
		    s.type);
	}
}

static void add_owners(const struct spec_call *call)
{
	struct subject s = { .call = call,
			     .type = spec_first_type(call->objects),
			     .sequence = 77,
			     .status = IMA_ERROR_OBJECT_NOT_FOUND };

	if (s.type == IMA_OBJECT_TYPE_PLUGIN)
		s.sequence = 0;
	if (spec_routed(call))
		ADD(refuses_the_object, s,
		    "IMA_ERROR_OBJECT_NOT_FOUND for an object of the library");
	s.owner = 4;
	ADD(refuses_the_object, s,
	    "IMA_ERROR_OBJECT_NOT_FOUND for the first free owner id");
	s.owner = 0xFFFFFFFFU;
	ADD(refuses_the_object, s, "IMA_ERROR_OBJECT_NOT_FOUND for the last owner id");
	s.status = IMA_ERROR_OBJECT_NOT_FOUND;
	if (spec_routed(call))
		ADD(hands_on_the_status, s,
		    "IMA_ERROR_OBJECT_NOT_FOUND from the plugin for an object of its "
		    "own");
}

/* An argument that is wrong when it is NULL, or a boolean that is wrong when it is 7F7F7F7F. */
static const char *argument_to_spoil(const struct spec_call *call)
{
	for (unsigned int i = 0; i < call->argc; i++)
		if (call->arg[i].kind == OUT || is_list(call->arg[i].kind) ||
		    call->arg[i].kind == BOOL || call->arg[i].kind == CAPACITY ||
		    call->arg[i].kind == TEXT || call->arg[i].kind == ARRAY ||
		    call->arg[i].kind == IN || call->arg[i].kind == BUFFER)
			return call->arg[i].name;
	return NULL;
}

static void add_precedence(const struct spec_call *call)
{
	struct subject s = { .call = call, .sequence = 77, .owner = 99, .type = 15 };

	s.status = IMA_ERROR_INVALID_OBJECT_TYPE;
	ADD(refuses_the_object, s, "an undefined type goes before an unknown owner");
	if (call->objects != ANY) {
		s.type = IMA_OBJECT_TYPE_PORTAL_GROUP;
		s.status = IMA_ERROR_INCORRECT_OBJECT_TYPE;
		ADD(refuses_the_object, s,
		    "an unsuitable type goes before an unknown owner");
		s.owner = 3;
		ADD(refuses_the_object, s,
		    "an unsuitable type goes before a missing entry point");
	}
	s.change = argument_to_spoil(call);
	if (!s.change)
		return;
	s.status = IMA_ERROR_INVALID_PARAMETER;
	s.type = 15;
	ADD(refuses_the_object, s, "a bad argument goes before an undefined type");
	s.type = spec_first_type(call->objects);
	s.owner = 99;
	ADD(refuses_the_object, s, "a bad argument goes before an unknown owner");
}

/* Cases for functions with a parameter of one of these kinds. */
static const struct {
	enum spec_kind kinds[8]; /* OID ends them: it never stands alone */
	CMUnitTestFunction function;
	const char *name;
} by_kind[] = {
	{ { LIST, KEYS }, empty_list_is_a_list, "an empty list is a list with count 0" },
	{ { OUT_OR_NULL },
	  null_out_is_replaced,
	  "D22: the plugin gets an OID to write although the client wants none" },
	{ { IN_OR_NULL, TEXT_OR_NULL },
	  optional_input_may_be_null,
	  "NULL arrives as NULL" },
	{ { NUMBER }, wide_number_is_never_cut, "a number above 32 bits is never cut" },
	{ { NUMBER }, every_number_arrives, "numbers of 32 bits arrive as they are" },
	{ { BOOL, METHOD, IMAGE, ISNS, LEVEL, DIRECTION, DIGEST, SETTING },
	  every_defined_value_arrives,
	  "every defined value arrives" },
};

static void add_arguments(const struct spec_call *call)
{
	struct subject s = { .call = call };

	for (size_t i = 0; i < ARRAY_SIZE(by_kind); i++) {
		bool found = false;

		for (size_t k = 0; k < 8 && by_kind[i].kinds[k] != OID; k++)
			found |= has_kind(call, by_kind[i].kinds[k]);
		if (found)
			ADD(by_kind[i].function, s, "%s", by_kind[i].name);
	}
}

static void add_routing(const struct spec_call *call)
{
	struct subject s = { .call = call };

	ADD(goes_to_the_owner_only, s, "goes to the plugin that owns the object only");
	ADD(plugin_lacks_the_function, s, "%s from a plugin without the function",
	    call->missing == IMA_ERROR_NOT_SUPPORTED ? "IMA_ERROR_NOT_SUPPORTED"
						     : "IMA_ERROR_UNEXPECTED_OS_ERROR");
	ADD(hands_on_every_status, s,
	    "every status of the plugin is handed on unchanged");
	ADD(cuts_every_status, s, "D6: the status of the plugin is cut to 32 bits");
}

static void add_row(const struct row *row)
{
	static const CMUnitTestFunction functions[] = {
		[ROW_REFUSED] = refuses_the_arguments,
		[ROW_EITHER] = refuses_the_arguments_somewhere,
		[ROW_PLUGIN] = hands_on_the_status,
	};
	struct subject s = { .call = spec_find(row->function),
			     .row = row,
			     .status = row->status };

	if (row->how <= ROW_PLUGIN)
		ADD(functions[row->how], s, "%s: %s", row->status_name, row->condition);
}

/* For scripts/spec-coverage.py: row, clause, function, status, condition, how, text. */
static void list_rows(void)
{
	static const char *const how[] = { "refused", "either", "plugin", "elsewhere",
					   "cannot" };

	for (size_t i = 0; i < row_count; i++)
		printf("row\t%s\t%s\t%s\t%s\t%s\t%s\n",
		       spec_clause(spec_find(rows[i].function)), rows[i].function,
		       rows[i].status_name, rows[i].condition, how[rows[i].how],
		       rows[i].text ? rows[i].text : "");
}

/* The table itself: 98 functions, numbered 1 to 98 in the order of the standard. */
static void table_has_98_functions(void **state)
{
	unsigned int n = 0;

	(void)state;
	for (size_t i = 0; i < spec_call_count; i++)
		if (spec_calls[i].clause)
			assert_int_equal(spec_calls[i].clause, ++n);
	assert_int_equal(n, 98);
}

static void optional_is_what_lists_not_supported(void **state)
{
	(void)state;
	for (size_t i = 0; i < spec_call_count; i++) {
		const struct spec_call *call = &spec_calls[i];
		bool listed_here = false;

		for (size_t r = 0; r < row_count; r++)
			if (!strcmp(rows[r].function, call->name))
				listed_here |= rows[r].status == IMA_ERROR_NOT_SUPPORTED;
		if (call->clause)
			assert_int_equal(listed_here,
					 call->missing == IMA_ERROR_NOT_SUPPORTED);
	}
}

static void owner_ids_count_from_1(void **state)
{
	(void)state;
	assert_int_equal(one->owner, 1);
	assert_int_equal(two->owner, 2);
	assert_int_equal(bare->owner, 3);
}

static void add_all(void)
{
	case_add(table_has_98_functions, NULL, "the table has the 98 functions of 6.2");
	case_add(optional_is_what_lists_not_supported, NULL,
		 "the table calls optional what lists IMA_ERROR_NOT_SUPPORTED");
	case_add(owner_ids_count_from_1, NULL, "owner ids count from 1 in load order");
	for (size_t i = 0; i < spec_call_count; i++) {
		const struct spec_call *call = &spec_calls[i];

		if (call->objects) {
			add_types(call);
			add_owners(call);
			add_precedence(call);
		}
		if (spec_routed(call)) {
			add_arguments(call);
			add_routing(call);
		}
	}
	for (size_t i = 0; i < row_count; i++)
		add_row(&rows[i]);
}

static int tests(void)
{
	IMA_OID_LIST *plugins = NULL;

	if (sandbox_listing())
		list_rows();
	else {
		one = sandbox_recorder("one");
		two = sandbox_recorder("two");
		bare = sandbox_recorder("bare");
		if (IMA_GetPluginOidList(&plugins) || plugins->oidCount != 3)
			printf("Bail out! the library did not load three plugins\n");
		IMA_FreeMemory(plugins);
	}
	add_all();
	return cases_run("calls");
}

int main(int argc, char **argv)
{
	static const struct sandbox_plugin plugins[] = { { "one", RECORDING_PLUGIN },
							 { "two", RECORDING_PLUGIN },
							 { "bare", BARE_PLUGIN } };

	return sandbox_run(argc, argv, plugins, ARRAY_SIZE(plugins), tests);
}
