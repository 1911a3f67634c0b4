// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * spec.c - spec-calls.def as data, and valid arguments for every function in it.
 */
#include "spec.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox.h"
#include "shared/cleanup.h"

/* Each function as one that takes its arguments from struct arguments. */
#define VALUE(i, argument) *(TYPE_OF argument *)(void *)a->arg[i].value
#define CALL(number, name, objects, support, who, ...)     \
	static IMA_STATUS call_##name(struct arguments *a) \
	{                                                  \
		return name(EACH(VALUE, __VA_ARGS__));     \
	}
#include "spec-calls.def"
#undef CALL

#define MISSING_OPTIONAL       IMA_ERROR_NOT_SUPPORTED
#define MISSING_MANDATORY      IMA_ERROR_UNEXPECTED_OS_ERROR

#define WHO_IS_LIBRARY(name)   WHO_LIBRARY, #name
#define WHO_IS_FREE(name)      WHO_FREE, #name
#define WHO_IS_BROADCAST(name) WHO_BROADCAST, #name
#define WHO_IS_EVENTS(name)    WHO_EVENTS, #name
#define WHO_IS_SHARED(name)    WHO_SHARED, #name
#define WHO_IS_OWNER(name)     WHO_OWNER, #name
#define WHO_IS_ALIAS(other)    WHO_OWNER, #other WHO_IS_NOTHING
#define WHO_IS_NOTHING(name)

#define CALL(number, name, objects, support, who, ...) \
	{ number,                                      \
	  "6.2." #number,                              \
	  #name,                                       \
	  objects,                                     \
	  MISSING_##support,                           \
	  WHO_IS_##who(name),                          \
	  COUNT_OF(__VA_ARGS__),                       \
	  { EACH(ARGUMENT, __VA_ARGS__) },             \
	  call_##name },

const struct spec_call spec_calls[] = {
#include "spec-calls.def"
};
#undef CALL
const size_t spec_call_count = ARRAY_SIZE(spec_calls);

const IMA_UINT32 spec_statuses[] = {
	IMA_STATUS_SUCCESS,
	IMA_STATUS_REBOOT_NECESSARY,
	IMA_STATUS_INCONSISTENT_NODE_PROPERTIES,
	IMA_STATUS_SCSI_STATUS_CONDITION_MET,
	IMA_ERROR_NOT_SUPPORTED,
	IMA_ERROR_INSUFFICIENT_MEMORY,
	IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD,
	IMA_ERROR_UNEXPECTED_OS_ERROR,
	IMA_ERROR_SYNC_TIMEOUT,
	IMA_ERROR_LU_EXPOSED,
	IMA_ERROR_LU_NOT_EXPOSED,
	IMA_ERROR_LU_IN_USE,
	IMA_ERROR_TARGET_TIMEOUT,
	IMA_ERROR_LOGIN_REJECTED,
	IMA_ERROR_STATS_COLLECTION_NOT_ENABLED,
	IMA_ERROR_SCSI_STATUS_CHECK_CONDITION,
	IMA_ERROR_SCSI_STATUS_BUSY,
	IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT,
	IMA_ERROR_SCSI_STATUS_TASK_SET_FULL,
	IMA_ERROR_SCSI_STATUS_ACA_ACTIVE,
	IMA_ERROR_SCSI_STATUS_TASK_ABORTED,
	IMA_ERROR_UNKNOWN_ERROR,
	IMA_ERROR_INVALID_PARAMETER,
	IMA_ERROR_INVALID_OBJECT_TYPE,
	IMA_ERROR_INCORRECT_OBJECT_TYPE,
	IMA_ERROR_OBJECT_NOT_FOUND,
	IMA_ERROR_NAME_TOO_LONG,
	UINT32_MAX,
};

const struct spec_call *spec_find(const char *name)
{
	for (size_t i = 0; i < spec_call_count; i++)
		if (!strcmp(spec_calls[i].name, name))
			return &spec_calls[i];
	fprintf(stderr, "no function %s in spec-calls.def\n", name);
	abort();
}

const char *spec_clause(const struct spec_call *call)
{
	return call->clause ? call->number : "extension";
}

bool spec_routed(const struct spec_call *call)
{
	return call->who == WHO_OWNER || call->who == WHO_SHARED;
}

IMA_OBJECT_TYPE spec_first_type(unsigned int objects)
{
	for (unsigned int type = 1; type <= LAST_OBJECT_TYPE; type++)
		if (objects & 1U << type)
			return (IMA_OBJECT_TYPE)type;
	return IMA_OBJECT_TYPE_UNKNOWN;
}

const char *spec_type_name(unsigned int type)
{
	static const char *const names[] = {
		"UNKNOWN",
		"PLUGIN",
		"NODE",
		"LHBA",
		"PHBA",
		"NETWORK_PORTAL",
		"PORTAL_GROUP",
		"LNP",
		"PNP",
		"TARGET",
		"LU",
		"DISCOVERY_ADDRESS",
		"STATIC_DISCOVERY_TARGET",
		"CONNECTION",
		"SESSION",
	};

	return type < ARRAY_SIZE(names) ? names[type] : "undefined";
}

static void nothing_on_property(IMA_OID oid)
{
	(void)oid;
}

static void nothing_on_visibility(IMA_BOOL becoming_visible, IMA_OID oid)
{
	(void)becoming_visible;
	(void)oid;
}

static IMA_IP_ADDRESS ipv4(IMA_BYTE a, IMA_BYTE b, IMA_BYTE c, IMA_BYTE d)
{
	return (IMA_IP_ADDRESS){ IMA_TRUE, { a, b, c, d } };
}

static IMA_TARGET_ADDRESS portal(void)
{
	IMA_TARGET_ADDRESS address = { .portNumber = 3260 };

	address.hostnameIpAddress.hostnameInUse = IMA_TRUE;
	wide_copy(address.hostnameIpAddress.id.hostname, IMA_HOST_NAME_LEN,
		  L"storage.example");
	return address;
}

static IMA_STATIC_DISCOVERY_TARGET static_target(void)
{
	IMA_STATIC_DISCOVERY_TARGET target = { .targetAddress = portal() };

	wide_copy(target.targetName, IMA_NODE_NAME_LEN, L"iqn.2001-04.com.example:disk");
	return target;
}

/* Structures by value and by reference, told apart by the name of the parameter. */
static void fill_structure(const char *name, void *memory)
{
	IMA_HOST_ID *host = memory;
	IMA_INITIATOR_AUTHPARMS *parameters = memory;

	if (!strcmp(name, "discoveryAddress"))
		*(IMA_TARGET_ADDRESS *)memory = portal();
	else if (!strcmp(name, "staticDiscoveryTarget"))
		*(IMA_STATIC_DISCOVERY_TARGET *)memory = static_target();
	else if (!strcmp(name, "subnetMask"))
		*(IMA_IP_ADDRESS *)memory = ipv4(255, 255, 255, 0);
	else if (!strcmp(name, "pAlternateDnsServerAddress"))
		*(IMA_IP_ADDRESS *)memory = ipv4(192, 0, 2, 54);
	else if (!strcmp(name, "iSnsHost"))
		host->id.ipAddress = ipv4(192, 0, 2, 9);
	else if (!strcmp(name, "pParms")) {
		parameters->chapParms.nameLength = 4;
		memcpy(parameters->chapParms.name, "user", 4);
		parameters->chapParms.challengeSecretLength = 16;
		memcpy(parameters->chapParms.challengeSecret, "0123456789abcdef", 16);
	} else
		*(IMA_IP_ADDRESS *)memory = ipv4(192, 0, 2, 53);
}

/* Methods, or with pAlgorithms algorithms, which have the same size. */
static void fill_array(const char *name, void *memory)
{
	static const IMA_AUTHMETHOD methods[] = { IMA_AUTHMETHOD_CHAP,
						  IMA_AUTHMETHOD_NONE };
	static const IMAX_CHAP_ALGORITHM algorithms[] = { IMAX_CHAP_SHA3_256,
							  IMAX_CHAP_MD5 };

	_Static_assert(sizeof(methods) == sizeof(algorithms), "ARRAY has one size");
	memcpy(memory, strcmp(name, "pAlgorithms") ? (const void *)methods : algorithms,
	       sizeof(methods));
}

static void fill_chap(IMAX_CHAP_PARMS *parameters)
{
	parameters->nameLength = 4;
	memcpy(parameters->name, "user", 4);
	parameters->secretLength = 16;
	memcpy(parameters->secret, "0123456789abcdef", 16);
}

static void fill_text(const char *name, IMA_WCHAR *text)
{
	if (!strcmp(name, "newName"))
		wide_copy(text, 600, L"iqn.2001-04.com.example:host");
	else if (!strcmp(name, "newAlias"))
		wide_copy(text, 600, L"alias");
	else
		wide_copy(text, 600, L"/firmware/image.bin");
}

static IMA_UINT64 number_of_kind(enum spec_kind kind)
{
	static const IMA_UINT64 numbers[] = {
		[BOOL] = IMA_TRUE,
		[BYTE] = 0x83,
		[NUMBER] = 4096,
		[CDB] = 10,
		[COMMAND] = 0x123456789AUL,
		[LUN] = 0x0708050603040102UL,
		[METHOD] = IMA_AUTHMETHOD_CHAP,
		[IMAGE] = IMA_DOWNLOAD_IMAGE_TYPE_ALL,
		[ISNS] = IMA_ISNS_DISCOVERY_METHOD_STATIC,
		[LEVEL] = IMA_COMMIT_TYPE_ACTIVE_AND_PERSISTENT,
		[DIRECTION] = IMAX_CHAP_TARGET,
		[DIGEST] = IMAX_DIGEST_CRC32C_NONE,
		[SETTING] = IMAX_SETTING_HEADER_DIGEST,
		[SECONDS] = 60,
		[COUNT] = 2,
		[INPUT_LENGTH] = POINTEE_INPUT(),
	};

	return kind < ARRAY_SIZE(numbers) ? numbers[kind] : 0;
}

static void fill_oid(IMA_OID *oid, const struct spec_call *call, IMA_UINT32 owner)
{
	oid->objectType = spec_first_type(call->objects);
	oid->ownerId = owner;
	oid->objectSequenceNumber = oid->objectType == IMA_OBJECT_TYPE_PLUGIN ? 0 : 77;
}

/* The memory a pointer points to: input that is valid, or bytes that will show a write. */
static void fill_memory(struct argument *a, const struct spec_argument *spec)
{
	static const IMA_UINT lengths[] = { [CAPACITY] = 8, [LENGTH] = POINTEE_BUFFER() };

	memset(a->memory, 0xA5, a->size);
	switch (spec->kind) {
	case IN:
	case IN_OR_NULL:
		memset(a->memory, 0, a->size);
		if (spec->pointee == sizeof(IMAX_CHAP_PARMS))
			fill_chap((IMAX_CHAP_PARMS *)(void *)a->memory);
		else
			fill_structure(spec->name, a->memory);
		break;
	case LUN_BYTES:
		memcpy(a->memory, "\1\2\3\4\5\6\7\10", 8);
		break;
	case TEXT:
	case TEXT_OR_NULL:
		fill_text(spec->name, (IMA_WCHAR *)(void *)a->memory);
		break;
	case ARRAY:
		fill_array(spec->name, a->memory);
		break;
	case CAPACITY:
	case LENGTH:
		memcpy(a->memory, &lengths[spec->kind], sizeof(IMA_UINT));
		break;
	default:
		break;
	}
}

static void fill_pointer(struct argument *a, const struct spec_argument *spec)
{
	a->size = spec->pointee;
	a->memory = malloc(a->size);
	a->before = malloc(a->size);
	if (!a->memory || !a->before)
		abort();
	fill_memory(a, spec);
	memcpy(a->value, &a->memory, sizeof(a->memory));
}

static void fill_function(struct argument *a, const char *name)
{
	IMA_OBJECT_PROPERTY_FN property = nothing_on_property;
	IMA_OBJECT_VISIBILITY_FN visibility = nothing_on_visibility;

	if (strstr(name, "Property"))
		memcpy(a->value, &property, sizeof(property));
	else
		memcpy(a->value, &visibility, sizeof(visibility));
}

void arguments_init(struct arguments *arguments, const struct spec_call *call,
		    IMA_UINT32 owner)
{
	memset(arguments, 0, sizeof(*arguments));
	arguments->call = call;
	for (unsigned int i = 0; i < call->argc; i++) {
		struct argument *a = &arguments->arg[i];
		IMA_UINT64 number = number_of_kind(call->arg[i].kind);

		if (call->arg[i].pointee)
			fill_pointer(a, &call->arg[i]);
		else if (call->arg[i].kind == OID)
			fill_oid((IMA_OID *)(void *)a->value, call, owner);
		else if (call->arg[i].kind == STRUCT)
			fill_structure(call->arg[i].name, a->value);
		else if (call->arg[i].kind == FUNCTION)
			fill_function(a, call->name);
		else
			memcpy(a->value, &number, call->arg[i].size);
	}
	arguments_remember(arguments);
}

void arguments_free(struct arguments *arguments)
{
	for (unsigned int i = 0; i < arguments->call->argc; i++) {
		free(arguments->arg[i].memory);
		free(arguments->arg[i].before);
	}
}

int arguments_index(const struct arguments *arguments, const char *name)
{
	for (unsigned int i = 0; i < arguments->call->argc; i++)
		if (!strcmp(arguments->call->arg[i].name, name))
			return (int)i;
	fprintf(stderr, "%s has no argument %s\n", arguments->call->name, name);
	abort();
}

struct argument *arguments_of_kind(struct arguments *arguments, enum spec_kind kind)
{
	for (unsigned int i = 0; i < arguments->call->argc; i++)
		if (arguments->call->arg[i].kind == kind)
			return &arguments->arg[i];
	return NULL;
}

IMA_OID *arguments_oid(struct arguments *arguments)
{
	struct argument *a = arguments_of_kind(arguments, OID);

	return a ? (IMA_OID *)(void *)a->value : NULL;
}

void arguments_remember(struct arguments *arguments)
{
	for (unsigned int i = 0; i < arguments->call->argc; i++)
		if (arguments->arg[i].memory)
			memcpy(arguments->arg[i].before, arguments->arg[i].memory,
			       arguments->arg[i].size);
}

bool arguments_unchanged(const struct arguments *arguments, unsigned int index)
{
	const struct argument *a = &arguments->arg[index];

	return !a->memory || !memcmp(a->memory, a->before, a->size);
}
