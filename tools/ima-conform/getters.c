// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * getters.c - every function that fills one structure for one object.
 *
 * Each is called twice, into memory that was filled with different bytes and is followed by a
 * guard: a field that differs was not written, a guard that changed was written over. What
 * fields a structure has is data (fields.def).
 */
#include "getters.h"

#include <string.h>
#include <wchar.h>

#include "shared/cleanup.h"

/* The members ISO C gives to struct tm; the C library's own follow. */
#define TIME_BYTES	    (9 * sizeof(int))
#define ADDRESS_BYTES	    (offsetof(IMA_TARGET_ADDRESS, portNumber) + sizeof(IMA_UINT16))
#define STATIC_TARGET_BYTES (sizeof(IMA_NODE_NAME) + ADDRESS_BYTES)

enum field_kind { F_TRUTH, F_MAYBE, F_TEXT, F_CHOICE, F_OBJECT, F_PLAIN, F_ZERO };

struct field {
	const char *name;
	enum field_kind kind;
	size_t offset, size;
	long flag; /* offset of the flag that says whether it is valid; -1: always */
	unsigned int limit; /* last value of an enumeration, or type of an object */
};

struct structure {
	const char *name;
	const struct field *fields;
	size_t count;
};

#define SIZE(type, field) sizeof(((type *)0)->field)
#define ROW(type, field, kind, size, flag, limit) \
	{ #field, kind, offsetof(type, field), size, flag, limit },
#define FLAG(type, flag) (long)offsetof(type, flag)
#define STRUCTURE(type)	 static const struct field fields_##type[] = {
#define END(type) \
	}         \
	;
#define TRUTH(type, field)    ROW(type, field, F_TRUTH, SIZE(type, field), -1, 0)
#define MAYBE(type, field)    ROW(type, field, F_MAYBE, SIZE(type, field), -1, 0)
#define TEXT(type, field)     ROW(type, field, F_TEXT, SIZE(type, field), -1, 0)
#define NUMBER(type, field)   ROW(type, field, F_PLAIN, SIZE(type, field), -1, 0)
#define RAW(type, field)      ROW(type, field, F_PLAIN, SIZE(type, field), -1, 0)
#define BYTES(type, field, n) ROW(type, field, F_PLAIN, n, -1, 0)
#define ZERO(type, field)     ROW(type, field, F_ZERO, SIZE(type, field), -1, 0)
#define OBJECT(type, field, object) \
	ROW(type, field, F_OBJECT, SIZE(type, field), -1, object)
#define TRUTH_IF(type, field, flag) \
	ROW(type, field, F_TRUTH, SIZE(type, field), FLAG(type, flag), 0)
#define TEXT_IF(type, field, flag) \
	ROW(type, field, F_TEXT, SIZE(type, field), FLAG(type, flag), 0)
#define NUMBER_IF(type, field, flag) \
	ROW(type, field, F_PLAIN, SIZE(type, field), FLAG(type, flag), 0)
#define RAW_IF(type, field, flag)      NUMBER_IF(type, field, flag)
#define BYTES_IF(type, field, flag, n) ROW(type, field, F_PLAIN, n, FLAG(type, flag), 0)
#define CHOICE_IF(type, field, flag, last) \
	ROW(type, field, F_CHOICE, SIZE(type, field), FLAG(type, flag), last)
#include "fields.def"

/* --- The fields of one answer --- */

static bool all_zero(const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i])
			return false;
	return true;
}

static bool is_text(const void *field, size_t size)
{
	const wchar_t *text = field;

	for (size_t i = 0; i < size / sizeof(*text); i++) {
		if (!text[i])
			return true;
		if ((uint32_t)text[i] > 0x10ffff ||
		    (text[i] >= 0xd800 && text[i] <= 0xdfff))
			return false;
	}
	return false;
}

static IMA_UINT32 word(const void *bytes)
{
	IMA_UINT32 value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static void check_reference(struct run *run, enum function_index fn, IMA_OID oid,
			    const struct field *field, const void *bytes)
{
	IMA_OID named;
	bool shared_node;

	memcpy(&named, bytes, sizeof(named));
	shared_node = named.objectType == IMA_OBJECT_TYPE_NODE && !named.ownerId &&
		      !named.objectSequenceNumber;
	check(run, fn, RULE_REFERENCE, field->limit == 1u << named.objectType, oid,
	      "%s names a %s", field->name, object_type_name(named.objectType));
	check(run, fn, RULE_REFERENCE,
	      shared_node ||
		      (named.ownerId == run->plugin.ownerId && object_exists(named)),
	      oid, "%s names %s, which does not exist", field->name, object_text(named));
}

static void check_field(struct run *run, enum function_index fn, IMA_OID oid,
			const struct field *field, const unsigned char *bytes)
{
	switch (field->kind) {
	case F_TRUTH:
		check(run, fn, RULE_BOOLEAN, word(bytes) <= IMA_TRUE, oid, "%s is 0x%x",
		      field->name, word(bytes));
		break;
	case F_MAYBE:
		check(run, fn, RULE_BOOLEAN,
		      word(bytes) <= IMA_TRUE || word(bytes) == IMA_UNKNOWN, oid,
		      "%s is 0x%x", field->name, word(bytes));
		break;
	case F_TEXT:
		check(run, fn, RULE_TEXT, is_text(bytes, field->size), oid,
		      "%s is not terminated or has no code points", field->name);
		break;
	case F_CHOICE:
		check(run, fn, RULE_CHOICE, word(bytes) <= field->limit, oid, "%s is %u",
		      field->name, word(bytes));
		break;
	case F_OBJECT:
		check_reference(run, fn, oid, field, bytes);
		break;
	case F_ZERO:
		check(run, fn, RULE_RESERVED, all_zero(bytes, field->size), oid,
		      "%s is not zero", field->name);
		break;
	case F_PLAIN:
		break;
	}
}

static void check_fields(struct run *run, const struct getter *getter, IMA_OID oid,
			 const unsigned char *props)
{
	if (!getter->structure) {
		check(run, getter->fn, RULE_CHOICE, word(props) <= getter->last, oid,
		      "the value is %u", word(props));
		return;
	}
	for (size_t i = 0; i < getter->structure->count; i++) {
		const struct field *field = &getter->structure->fields[i];
		const unsigned char *bytes = props + field->offset;

		if (field->flag < 0 || word(props + field->flag) == IMA_TRUE)
			check_field(run, getter->fn, oid, field, bytes);
		else
			check(run, getter->fn, RULE_INVALID_ZERO,
			      all_zero(bytes, field->size), oid,
			      "%s has no valid value but is not zero", field->name);
	}
}

const char *getter_difference(const struct getter *getter, const unsigned char *a,
			      const unsigned char *b)
{
	if (!getter->structure)
		return memcmp(a, b, getter->size) ? "the value" : NULL;
	for (size_t i = 0; i < getter->structure->count; i++) {
		const struct field *field = &getter->structure->fields[i];

		if (memcmp(a + field->offset, b + field->offset, field->size))
			return field->name;
	}
	return NULL;
}

/* --- One object --- */

static IMA_STATUS read_into(struct run *run, const struct getter *getter, IMA_OID oid,
			    struct getter_memory *memory, unsigned char fill)
{
	IMA_STATUS status;

	memset(memory, fill, sizeof(*memory));
	call_begin(run);
	status = call_end(run, getter->fn, oid, getter->call(oid, memory->bytes));
	for (size_t i = 0; i < GETTER_GUARD; i++)
		if (memory->bytes[getter->size + i] != fill) {
			check(run, getter->fn, RULE_BOUNDS, false, oid,
			      "wrote %zu bytes or more behind the structure", i + 1);
			return status;
		}
	check(run, getter->fn, RULE_BOUNDS, true, oid, "fine");
	return status;
}

static bool is_filled(const struct getter_memory *memory, size_t size, unsigned char fill)
{
	for (size_t i = 0; i < size; i++)
		if (memory->bytes[i] != fill)
			return false;
	return true;
}

/*
 * The first field that was not written: it differs between two calls, or, among counters,
 * which may differ, four bytes of it still are what they were filled with both times.
 */
static const char *unwritten(const struct getter *getter, const unsigned char *a,
			     const unsigned char *b)
{
	if (!getter->counters)
		return getter_difference(getter, a, b);
	for (size_t i = 0; i < getter->structure->count; i++) {
		const struct field *field = &getter->structure->fields[i];

		for (size_t at = field->offset; at + 4 <= field->offset + field->size;
		     at += 4)
			if (word(a + at) == 0xa5a5a5a5 && word(b + at) == 0x5a5a5a5a)
				return field->name;
	}
	return NULL;
}

static void check_object(struct run *run, const struct getter *getter, IMA_OID oid)
{
	struct getter_memory a, b;
	const char *field;
	IMA_STATUS status = read_into(run, getter, oid, &a, 0xa5);

	check_answers(run, getter->fn, oid, status);
	if (IMA_ERROR(status)) {
		check(run, getter->fn, RULE_UNTOUCHED, is_filled(&a, getter->size, 0xa5),
		      oid, "failed, but changed the structure");
		return;
	}
	if (IMA_ERROR(read_into(run, getter, oid, &b, 0x5a)))
		return;
	field = unwritten(getter, a.bytes, b.bytes);
	check(run, getter->fn, RULE_WRITTEN, !field, oid,
	      "%s is not written, or differs from call to call", field ? field : "");
	check_fields(run, getter, oid, b.bytes);
	if (getter->more)
		getter->more(run, getter->fn, oid, b.bytes);
}

static void read_unknown(struct run *run, const struct getter *getter,
			 IMA_OBJECT_TYPE type)
{
	IMA_OID oid = unknown_object(run, type);
	struct getter_memory memory;
	IMA_STATUS status = read_into(run, getter, oid, &memory, 0xa5);

	check_unknown(run, getter->fn, oid, status);
	if (IMA_ERROR(status))
		check(run, getter->fn, RULE_UNTOUCHED,
		      is_filled(&memory, getter->size, 0xa5), oid,
		      "failed, but changed the structure");
}

void check_getters(struct run *run)
{
	for (size_t i = 0; i < getter_count; i++) {
		const struct getter *getter = &getter_table[i];

		for (IMA_OBJECT_TYPE type = 1; type < OBJECT_TYPES; type++) {
			if (!(getter->objects & 1u << type))
				continue;
			for (size_t k = 0; k < sample_count(run, type); k++)
				check_object(run, getter, run->objects[type].oid[k]);
			read_unknown(run, getter, type);
		}
	}
}

/* --- Rules of single structures --- */

static void check_min_max(struct run *run, enum function_index fn, IMA_OID oid,
			  const void *props)
{
	const IMA_MIN_MAX_VALUE *p = props;

	check(run, fn, RULE_COHERENT, p->currentValueValid || !p->settable, oid,
	      "settable without a valid value");
	if (!p->settable || !p->currentValueValid)
		return;
	check(run, fn, RULE_COHERENT, p->minimumValue <= p->maximumValue, oid,
	      "minimum %u above maximum %u", p->minimumValue, p->maximumValue);
	check(run, fn, RULE_COHERENT,
	      p->currentValue >= p->minimumValue && p->currentValue <= p->maximumValue,
	      oid, "value %u outside of %u to %u", p->currentValue, p->minimumValue,
	      p->maximumValue);
	check(run, fn, RULE_COHERENT,
	      p->defaultValue >= p->minimumValue && p->defaultValue <= p->maximumValue,
	      oid, "default %u outside of %u to %u", p->defaultValue, p->minimumValue,
	      p->maximumValue);
	check(run, fn, RULE_COHERENT, p->incrementValue >= 1, oid, "increment is 0");
}

static void check_bool_value(struct run *run, enum function_index fn, IMA_OID oid,
			     const void *props)
{
	const IMA_BOOL_VALUE *p = props;

	check(run, fn, RULE_COHERENT, p->currentValueValid || !p->settable, oid,
	      "settable without a valid value");
}

static void check_version(struct run *run, enum function_index fn, IMA_OID oid,
			  const void *props)
{
	const IMA_PLUGIN_PROPERTIES *p = props;

	check(run, fn, RULE_COHERENT, p->supportedImaVersion == 1, oid,
	      "supportedImaVersion is %lu, this API is 1", p->supportedImaVersion);
}

static void check_node_names(struct run *run, enum function_index fn, IMA_OID oid,
			     const void *props)
{
	const IMA_NODE_PROPERTIES *p = props;

	check(run, fn, RULE_COHERENT, !p->nameValid || p->name[0], oid,
	      "a valid name that is empty");
	check(run, fn, RULE_COHERENT, !p->aliasValid || p->alias[0], oid,
	      "a valid alias that is empty");
}

static void check_phba(struct run *run, enum function_index fn, IMA_OID oid,
		       const void *props)
{
	const IMA_PHBA_PROPERTIES *p = props;

	check(run, fn, RULE_COHERENT,
	      p->isInitiator != IMA_FALSE || p->isTarget != IMA_FALSE, oid,
	      "neither initiator nor target");
	check(run, fn, RULE_CHOICE,
	      !(p->supportedUlps & ~(IMA_UINT)(IMA_ULP_TCP | IMA_ULP_SCTP | IMA_ULP_UDP)),
	      oid, "supportedUlps is 0x%lx", p->supportedUlps);
	check(run, fn, RULE_COHERENT, !p->driverVersion[0] || p->driverName[0], oid,
	      "driverVersion without driverName");
}

static void check_ipsec(struct run *run, enum function_index fn, IMA_OID oid,
			const void *props)
{
	const IMA_IPSEC_PROPERTIES *p = props;

	check(run, fn, RULE_COHERENT,
	      p->ipsecSupported == (p->implementedInHardware || p->implementedInSoftware),
	      oid, "ipsecSupported disagrees with where it is implemented");
}

static void check_target(struct run *run, enum function_index fn, IMA_OID oid,
			 const void *props)
{
	const IMA_TARGET_PROPERTIES *p = props;

	check(run, fn, RULE_CHOICE, p->discoveryMethodFlags <= 0xf, oid,
	      "discoveryMethodFlags is 0x%x", p->discoveryMethodFlags);
	check(run, fn, RULE_COHERENT, p->name[0], oid, "has no name");
}

static void check_lu(struct run *run, enum function_index fn, IMA_OID oid,
		     const void *props)
{
	const IMA_LU_PROPERTIES *p = props;
	IMA_OID lu;

	check(run, fn, RULE_COHERENT, p->exposedToOs || !p->osDeviceNameValid, oid,
	      "has a device name but is not exposed");
	if (IMA_SUCCESS(IMA_GetLuOid(p->associatedTargetOid, p->targetLun, &lu)))
		check(run, fn, RULE_COHERENT, same_object(lu, oid), oid,
		      "its target gives %s for its LUN", object_text(lu));
}

static void check_ip(struct run *run, enum function_index fn, IMA_OID oid,
		     const void *props)
{
	const IMA_IP_PROPERTIES *p = props;

	check(run, fn, RULE_COHERENT,
	      p->primaryDnsServerAddressValid || !p->alternateDnsServerAddressValid, oid,
	      "an alternate DNS server without a primary one");
	check(run, fn, RULE_COHERENT,
	      p->primaryDnsServerAddressSettable || !p->alternateDnsServerAddressSettable,
	      oid, "the alternate DNS server is settable, the primary is not");
}

static void check_rates(struct run *run, enum function_index fn, IMA_OID oid,
			const void *props)
{
	const IMA_PNP_PROPERTIES *p = props;

	check(run, fn, RULE_COHERENT, p->currentTransferRate <= p->maximumTransferRate,
	      oid, "current rate %lu above the maximum %lu", p->currentTransferRate,
	      p->maximumTransferRate);
}

static void check_stale(struct run *run, enum function_index fn, IMA_OID oid,
			const void *props)
{
	const IMA_LHBA_PROPERTIES *p = props;

	check(run, fn, RULE_COHERENT, !p->isDestroyable && !p->targetAuthMethodsSettable,
	      oid, "claims what no function of the standard can do");
}

/* --- The functions --- */

#define STRUCTURE_OF(type)                                                       \
	static const struct structure structure_##type = { #type, fields_##type, \
							   ARRAY_SIZE(fields_##type) };
STRUCTURE_OF(IMA_PLUGIN_PROPERTIES)
STRUCTURE_OF(IMA_NODE_PROPERTIES)
STRUCTURE_OF(IMA_LHBA_PROPERTIES)
STRUCTURE_OF(IMA_PHBA_PROPERTIES)
STRUCTURE_OF(IMA_DISCOVERY_PROPERTIES)
STRUCTURE_OF(IMA_PHBA_DOWNLOAD_PROPERTIES)
STRUCTURE_OF(IMA_IPSEC_PROPERTIES)
STRUCTURE_OF(IMA_MIN_MAX_VALUE)
STRUCTURE_OF(IMA_BOOL_VALUE)
STRUCTURE_OF(IMA_LNP_PROPERTIES)
STRUCTURE_OF(IMA_PNP_PROPERTIES)
STRUCTURE_OF(IMA_PNP_STATISTICS)
STRUCTURE_OF(IMA_NETWORK_PORTAL_PROPERTIES)
STRUCTURE_OF(IMA_TARGET_PROPERTIES)
STRUCTURE_OF(IMA_TARGET_ERROR_STATISTICS)
STRUCTURE_OF(IMA_LU_PROPERTIES)
STRUCTURE_OF(IMA_DEVICE_STATISTICS)
STRUCTURE_OF(IMA_STATISTICS_PROPERTIES)
STRUCTURE_OF(IMA_DISCOVERY_ADDRESS_PROPERTIES)
STRUCTURE_OF(IMA_STATIC_DISCOVERY_TARGET_PROPERTIES)
STRUCTURE_OF(IMA_IP_PROPERTIES)
STRUCTURE_OF(IMAX_CHAP_ALGORITHMS)
STRUCTURE_OF(IMAX_DIGEST_PROPERTIES)

/*
 * GETTER (function, objects, structure, counters, more rules)
 * STATUS (function, objects, enumeration, last value)
 */
#define GETTERS                                                                          \
	GETTER(IMA_GetPluginProperties, PLUGIN, IMA_PLUGIN_PROPERTIES, false,            \
	       check_version)                                                            \
	GETTER(IMA_GetNodeProperties, NODE, IMA_NODE_PROPERTIES, false,                  \
	       check_node_names)                                                         \
	GETTER(IMA_GetLhbaProperties, LHBA, IMA_LHBA_PROPERTIES, false, check_stale)     \
	GETTER(IMA_GetPhbaProperties, PHBA, IMA_PHBA_PROPERTIES, false, check_phba)      \
	STATUS(IMA_GetPhbaStatus, PHBA, IMA_PHBA_STATUS, IMA_PHBA_STATUS_FAILED)         \
	GETTER(IMA_GetPhbaDownloadProperties, PHBA, IMA_PHBA_DOWNLOAD_PROPERTIES, false, \
	       NULL)                                                                     \
	GETTER(IMA_GetDiscoveryProperties, PHBA | LHBA, IMA_DISCOVERY_PROPERTIES, false, \
	       NULL)                                                                     \
	GETTER(IMA_GetIpsecProperties, PNP | LHBA, IMA_IPSEC_PROPERTIES, false,          \
	       check_ipsec)                                                              \
	GETTER(IMA_GetLnpProperties, LNP, IMA_LNP_PROPERTIES, false, NULL)               \
	GETTER(IMA_GetPnpProperties, PNP, IMA_PNP_PROPERTIES, false, check_rates)        \
	GETTER(IMA_GetPnpStatistics, PNP, IMA_PNP_STATISTICS, true, NULL)                \
	STATUS(IMA_GetNetworkPortStatus, LNP | PNP, IMA_NETWORK_PORT_STATUS,             \
	       IMA_NETWORK_PORT_STATUS_DISCONNECTED)                                     \
	GETTER(IMA_GetNetworkPortalProperties, NETWORK_PORTAL,                           \
	       IMA_NETWORK_PORTAL_PROPERTIES, false, NULL)                               \
	GETTER(IMA_GetIpProperties, PNP, IMA_IP_PROPERTIES, false, check_ip)             \
	GETTER(IMA_GetTargetProperties, TARGET, IMA_TARGET_PROPERTIES, false,            \
	       check_target)                                                             \
	GETTER(IMA_GetTargetErrorStatistics, TARGET, IMA_TARGET_ERROR_STATISTICS, true,  \
	       NULL)                                                                     \
	GETTER(IMA_GetLuProperties, LU, IMA_LU_PROPERTIES, false, check_lu)              \
	GETTER(IMA_GetDeviceStatistics, TARGET | LU, IMA_DEVICE_STATISTICS, true, NULL)  \
	GETTER(IMA_GetStatisticsProperties, TARGET | LU | PNP,                           \
	       IMA_STATISTICS_PROPERTIES, false, NULL)                                   \
	GETTER(IMA_GetDiscoveryAddressProperties, DISCOVERY_ADDRESS,                     \
	       IMA_DISCOVERY_ADDRESS_PROPERTIES, false, NULL)                            \
	GETTER(IMA_GetStaticDiscoveryTargetProperties, STATIC_DISCOVERY_TARGET,          \
	       IMA_STATIC_DISCOVERY_TARGET_PROPERTIES, false, NULL)                      \
	KEY(IMA_GetMaxConnectionsProperties, IMA_MIN_MAX_VALUE, check_min_max)           \
	KEY(IMA_GetMaxRecvDataSegmentLengthProperties, IMA_MIN_MAX_VALUE, check_min_max) \
	KEY(IMA_GetMaxBurstLengthProperties, IMA_MIN_MAX_VALUE, check_min_max)           \
	KEY(IMA_GetFirstBurstLengthProperties, IMA_MIN_MAX_VALUE, check_min_max)         \
	KEY(IMA_GetDefaultTime2WaitProperties, IMA_MIN_MAX_VALUE, check_min_max)         \
	KEY(IMA_GetDefaultTime2RetainProperties, IMA_MIN_MAX_VALUE, check_min_max)       \
	KEY(IMA_GetMaxOutstandingR2TProperties, IMA_MIN_MAX_VALUE, check_min_max)        \
	KEY(IMA_GetErrorRecoveryLevelProperties, IMA_MIN_MAX_VALUE, check_min_max)       \
	KEY(IMA_GetInitialR2TProperties, IMA_BOOL_VALUE, check_bool_value)               \
	KEY(IMA_GetImmediateDataProperties, IMA_BOOL_VALUE, check_bool_value)            \
	KEY(IMA_GetDataPduInOrderProperties, IMA_BOOL_VALUE, check_bool_value)           \
	KEY(IMA_GetDataSequenceInOrderProperties, IMA_BOOL_VALUE, check_bool_value)      \
	KEY(IMAX_GetChapAlgorithms, IMAX_CHAP_ALGORITHMS, check_chap_algorithms)         \
	KEY(IMAX_GetDigestProperties, IMAX_DIGEST_PROPERTIES, check_digests)
#define KEY(function, type, more) GETTER(function, LHBA | TARGET, type, false, more)

#define SHELL(function, type)                                     \
	static IMA_STATUS call_##function(IMA_OID oid, void *out) \
	{                                                         \
		return function(oid, (type *)out);                \
	}
#define GETTER(function, objects, type, counters, more) SHELL(function, type)
#define STATUS(function, objects, type, last)		SHELL(function, type)
GETTERS
#undef GETTER
#undef STATUS

#define GETTER(function, objects, type, counters, more)                       \
	{ FN_##function, objects,	  sizeof(type), &structure_##type, 0, \
	  counters,	 call_##function, more },
#define STATUS(function, objects, type, last)                  \
	{                                                      \
		FN_##function, objects, sizeof(type),	 NULL, \
		last,	       false,	call_##function, NULL  \
	},
const struct getter getter_table[] = { GETTERS };
const size_t getter_count = ARRAY_SIZE(getter_table);

/* The first function of the table that takes the type is the one that reads its properties. */
bool object_exists(IMA_OID oid)
{
	struct getter_memory memory;

	if ((unsigned int)oid.objectType >= OBJECT_TYPES)
		return false;
	for (size_t i = 0; i < getter_count; i++)
		if (getter_table[i].objects == 1u << oid.objectType)
			return getter_table[i].call(oid, memory.bytes) !=
			       IMA_ERROR_OBJECT_NOT_FOUND;
	return false;
}
