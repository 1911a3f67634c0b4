// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * mutant.c - a plugin with one defect, chosen at run time: the test of the conformance suite.
 *
 * It loads another plugin (IMA_MUTANT_OF, a path) and passes every call on. The function that
 * IMA_MUTANT names, as "FUNCTION:DEFECT", does it wrong; all others are right.
 *
 * Defects of any function: status (an error that is not listed), slow (misses the deadline),
 * unsupported; of one that sets something: forget (another process reads something else). Others depend on the shape of the function and are explained where they are
 * made. What a defect does to a structure is data (patches).
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "ima-plugin.h"
#include "shared/cleanup.h"

/* The sequence number the suite uses for objects that do not exist. */
#define UNKNOWN 0x7fffffffdeadbeefULL

static struct {
#define OTHER(call) __typeof__(call) *call;
#include "lib/calls.def"
	__typeof__(IMAX_SetHost) *IMAX_SetHost;
	__typeof__(Initialize) *Initialize;
	__typeof__(Terminate) *Terminate;
} original;

static char chosen_function[64], chosen_defect[32];

/* In another process than the first, which the first started: see forget. */
static bool is_later;

static bool defect(const char *function, const char *name)
{
	return !strcmp(chosen_defect, name) && !strcmp(chosen_function, function);
}

static void load(void)
{
	static const struct {
		const char *name;
		size_t offset;
	} entries[] = {
#define OTHER(call) { #call, offsetof(__typeof__(original), call) },
#include "lib/calls.def"
		{ "IMAX_SetHost", offsetof(__typeof__(original), IMAX_SetHost) },
		{ "Initialize", offsetof(__typeof__(original), Initialize) },
		{ "Terminate", offsetof(__typeof__(original), Terminate) },
	};
	const char *path = getenv("IMA_MUTANT_OF");
	const char *what = getenv("IMA_MUTANT");
	const char *colon = what ? strchr(what, ':') : NULL;
	void *handle = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

	for (size_t i = 0; handle && i < ARRAY_SIZE(entries); i++) {
		void *symbol = dlsym(handle, entries[i].name);

		memcpy((char *)&original + entries[i].offset, &symbol, sizeof(symbol));
	}
	is_later = getenv("IMA_MUTANT_LATER");
	setenv("IMA_MUTANT_LATER", "1", 1);
	if (!colon)
		return;
	snprintf(chosen_function, sizeof(chosen_function), "%.*s", (int)(colon - what),
		 what);
	snprintf(chosen_defect, sizeof(chosen_defect), "%s", colon + 1);
}

IMA_STATUS IMAX_SetHost(const IMAX_HOST *pHost)
{
	load();
	return original.IMAX_SetHost ? original.IMAX_SetHost(pHost) : IMA_STATUS_SUCCESS;
}

static IMA_UINT32 owner;

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	owner = ownerId;
	if (!original.IMA_GetPluginProperties)
		return IMA_ERROR_UNEXPECTED_OS_ERROR;
	return original.Initialize ? original.Initialize(ownerId) : IMA_STATUS_SUCCESS;
}

void Terminate(void)
{
	if (original.Terminate)
		original.Terminate();
}

/* --- Defects of any function --- */

static void sleep_past_deadline(void)
{
	struct timespec time = { 3, 0 };

	nanosleep(&time, NULL);
}

/*
 * slow: once is enough, for the object that does not exist. Functions that are never asked for
 * such an object are slow the first three times; the suite does not look at the very first.
 */
static void be_slow(const char *function, IMA_STATUS status)
{
	static const char *const without[] = {
		"IMA_GetLhbaOidList",
		"IMA_GetPhbaOidList",
		"IMA_GetLnpOidList",
		"IMA_GetNonSharedNodeOidList",
		"IMA_GetPluginProperties",
		"IMA_PluginIOctl",
		"IMA_RegisterForObjectVisibilityChanges",
		"IMA_RegisterForObjectPropertyChanges",
		"IMA_DeregisterForObjectVisibilityChanges",
		"IMA_DeregisterForObjectPropertyChanges",
	};
	static atomic_int times;

	if (!defect(function, "slow"))
		return;
	if (status == IMA_ERROR_OBJECT_NOT_FOUND) {
		sleep_past_deadline();
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(without); i++)
		if (!strcmp(without[i], function) && atomic_fetch_add(&times, 1) < 3)
			sleep_past_deadline();
}

/* What a defective function returns instead of a status. */
static IMA_STATUS twist(const char *function, IMA_STATUS status)
{
	be_slow(function, status);
	if (defect(function, "status"))
		return strncmp(function, "IMA_Lu", 6) ? IMA_ERROR_SCSI_STATUS_BUSY
						      : IMA_ERROR_NAME_TOO_LONG;
	if (defect(function, "unsupported"))
		return IMA_ERROR_NOT_SUPPORTED;
	/* Objects that do not exist are served. */
	if (defect(function, "unknown") && status == IMA_ERROR_OBJECT_NOT_FOUND)
		return IMA_STATUS_SUCCESS;
	/* Values out of range are taken. */
	if (defect(function, "accept") &&
	    (status == IMA_ERROR_INVALID_PARAMETER || status == IMA_ERROR_NAME_TOO_LONG))
		return IMA_STATUS_SUCCESS;
	/* What is not settable, or not possible in this state, is taken. */
	if (defect(function, "support") && status == IMA_ERROR_NOT_SUPPORTED)
		return IMA_STATUS_SUCCESS;
	if (defect(function, "state") && IMA_ERROR(status) &&
	    status != IMA_ERROR_NOT_SUPPORTED)
		return IMA_STATUS_SUCCESS;
	/* A success is reported as a failure. */
	if (defect(function, "fail") && IMA_SUCCESS(status))
		return IMA_ERROR_UNKNOWN_ERROR;
	return status;
}

/* True for the second of two equal calls in a row. */
static bool again(const char *function, IMA_OID oid, IMA_UINT value)
{
	static IMA_OID last_oid;
	static IMA_UINT last_value = ~0UL;
	bool same = last_oid.objectSequenceNumber == oid.objectSequenceNumber &&
		    last_oid.objectType == oid.objectType && last_value == value;

	if (!defect(function, "repeat"))
		return false;
	last_oid = oid;
	last_value = value;
	return same;
}

/* --- Structures --- */

/* What a defect does to one field on success. */
struct patch {
	const char *function, *defect;
	size_t offset, size;
	unsigned char byte; /* every byte of the field */
};

#define PATCH(function, defect, type, field, byte)                                    \
	{                                                                             \
#function, defect, offsetof(type, field), sizeof(((type *)0)->field), \
			byte                                                          \
	}
#define NUMBER_PATCHES(key)                                                         \
	PATCH(IMA_Get##key##Properties, "boolean", IMA_MIN_MAX_VALUE, settable, 7), \
		PATCH(IMA_Get##key##Properties, "coherent", IMA_MIN_MAX_VALUE,      \
		      incrementValue, 0)
#define BOOL_PATCHES(key)                                                            \
	PATCH(IMA_Get##key##Properties, "boolean", IMA_BOOL_VALUE, currentValue, 7), \
		PATCH(IMA_Get##key##Properties, "coherent", IMA_BOOL_VALUE,          \
		      currentValueValid, 0)

static const struct patch patches[] = {
	PATCH(IMA_GetPluginProperties, "reserved", IMA_PLUGIN_PROPERTIES, reserved[5], 1),
	PATCH(IMA_GetPluginProperties, "text", IMA_PLUGIN_PROPERTIES, vendor, 'a'),
	PATCH(IMA_GetPluginProperties, "boolean", IMA_PLUGIN_PROPERTIES,
	      lhbasCanBeCreatedAndDestroyed, 2),
	PATCH(IMA_GetPluginProperties, "coherent", IMA_PLUGIN_PROPERTIES,
	      supportedImaVersion, 3),
	PATCH(IMA_GetNodeProperties, "reserved", IMA_NODE_PROPERTIES, reserved[63], 1),
	PATCH(IMA_GetNodeProperties, "boolean", IMA_NODE_PROPERTIES, runningInTargetMode,
	      9),
	PATCH(IMA_GetNodeProperties, "text", IMA_NODE_PROPERTIES, name, 'n'),
	PATCH(IMA_GetLhbaProperties, "reserved", IMA_LHBA_PROPERTIES, reserved[127], 1),
	PATCH(IMA_GetLhbaProperties, "boolean", IMA_LHBA_PROPERTIES, luExposingSupported,
	      2),
	PATCH(IMA_GetLhbaProperties, "text", IMA_LHBA_PROPERTIES, osDeviceName, 'a'),
	PATCH(IMA_GetLhbaProperties, "coherent", IMA_LHBA_PROPERTIES, isDestroyable, 1),
	PATCH(IMA_GetNodeProperties, "coherent", IMA_NODE_PROPERTIES, name, 0),
	PATCH(IMA_GetPhbaProperties, "reserved", IMA_PHBA_PROPERTIES, reserved[0], 1),
	PATCH(IMA_GetPhbaProperties, "boolean", IMA_PHBA_PROPERTIES, canBeNic, 2),
	PATCH(IMA_GetPhbaProperties, "text", IMA_PHBA_PROPERTIES, serialNumber, 's'),
	PATCH(IMA_GetPhbaProperties, "choice", IMA_PHBA_PROPERTIES, supportedUlps, 8),
	PATCH(IMA_GetPhbaProperties, "coherent", IMA_PHBA_PROPERTIES, driverName, 0),
	PATCH(IMA_GetPhbaDownloadProperties, "reserved", IMA_PHBA_DOWNLOAD_PROPERTIES,
	      reserved[31], 1),
	PATCH(IMA_GetPhbaDownloadProperties, "boolean", IMA_PHBA_DOWNLOAD_PROPERTIES,
	      firmwareDownloadSupported, 4),
	PATCH(IMA_GetDiscoveryProperties, "reserved", IMA_DISCOVERY_PROPERTIES,
	      reserved[9], 1),
	PATCH(IMA_GetDiscoveryProperties, "boolean", IMA_DISCOVERY_PROPERTIES,
	      slpDiscoverySettable, 3),
	PATCH(IMA_GetIpsecProperties, "reserved", IMA_IPSEC_PROPERTIES, reserved[1], 1),
	PATCH(IMA_GetIpsecProperties, "boolean", IMA_IPSEC_PROPERTIES,
	      implementedInHardware, 5),
	PATCH(IMA_GetIpsecProperties, "coherent", IMA_IPSEC_PROPERTIES, ipsecSupported,
	      0),
	PATCH(IMA_GetLnpProperties, "reserved", IMA_LNP_PROPERTIES, reserved[2], 1),
	PATCH(IMA_GetLnpProperties, "boolean", IMA_LNP_PROPERTIES, macAddressSettable, 5),
	PATCH(IMA_GetPnpProperties, "reserved", IMA_PNP_PROPERTIES, reserved[7], 1),
	PATCH(IMA_GetPnpProperties, "boolean", IMA_PNP_PROPERTIES, macAddressSettable, 5),
	PATCH(IMA_GetPnpProperties, "coherent", IMA_PNP_PROPERTIES, maximumTransferRate,
	      0),
	PATCH(IMA_GetPnpProperties, "reference", IMA_PNP_PROPERTIES,
	      associatedPhbaOid.objectSequenceNumber, 0x77),
	PATCH(IMA_GetNetworkPortalProperties, "reserved", IMA_NETWORK_PORTAL_PROPERTIES,
	      reserved[31], 1),
	PATCH(IMA_GetNetworkPortalProperties, "reference", IMA_NETWORK_PORTAL_PROPERTIES,
	      associatedLnp.ownerId, 0x11),
	PATCH(IMA_GetIpProperties, "reserved", IMA_IP_PROPERTIES, reserved[63], 1),
	PATCH(IMA_GetIpProperties, "boolean", IMA_IP_PROPERTIES, dhcpConfigurationEnabled,
	      2),
	PATCH(IMA_GetIpProperties, "coherent", IMA_IP_PROPERTIES,
	      primaryDnsServerAddressSettable, 0),
	PATCH(IMA_GetTargetProperties, "reserved", IMA_TARGET_PROPERTIES, reserved[100],
	      1),
	PATCH(IMA_GetTargetProperties, "boolean", IMA_TARGET_PROPERTIES,
	      sendTargetsDiscoveryEnabled, 2),
	PATCH(IMA_GetTargetProperties, "text", IMA_TARGET_PROPERTIES, alias, 'a'),
	PATCH(IMA_GetTargetProperties, "choice", IMA_TARGET_PROPERTIES,
	      discoveryMethodFlags, 16),
	PATCH(IMA_GetTargetProperties, "coherent", IMA_TARGET_PROPERTIES, name, 0),
	PATCH(IMA_GetTargetProperties, "reference", IMA_TARGET_PROPERTIES,
	      associatedLhbaOid.objectSequenceNumber, 0x77),
	PATCH(IMA_GetTargetErrorStatistics, "reserved", IMA_TARGET_ERROR_STATISTICS,
	      reserved[3], 1),
	PATCH(IMA_GetTargetErrorStatistics, "boolean", IMA_TARGET_ERROR_STATISTICS,
	      loginFailedCountValid, 2),
	PATCH(IMA_GetLuProperties, "reserved", IMA_LU_PROPERTIES, reserved[3], 1),
	PATCH(IMA_GetLuProperties, "boolean", IMA_LU_PROPERTIES, exposedToOs, 2),
	PATCH(IMA_GetLuProperties, "text", IMA_LU_PROPERTIES, osDeviceName, 'd'),
	PATCH(IMA_GetLuProperties, "reference", IMA_LU_PROPERTIES,
	      associatedTargetOid.ownerId, 0x33),
	PATCH(IMA_GetLuProperties, "coherent", IMA_LU_PROPERTIES, exposedToOs, 0),
	PATCH(IMA_GetStatisticsProperties, "boolean", IMA_STATISTICS_PROPERTIES,
	      statisticsCollectionEnabled, 2),
	PATCH(IMA_GetDiscoveryAddressProperties, "reference",
	      IMA_DISCOVERY_ADDRESS_PROPERTIES, associatedLhbaOid.objectType, 1),
	PATCH(IMA_GetStaticDiscoveryTargetProperties, "reference",
	      IMA_STATIC_DISCOVERY_TARGET_PROPERTIES, associatedLhbaOid.objectType, 1),
	PATCH(
		IMA_GetNetworkPortStatus, "choice",
		struct { IMA_NETWORK_PORT_STATUS status; }, status, 1),
	PATCH(
		IMA_GetPhbaStatus, "choice", struct { IMA_PHBA_STATUS status; }, status,
		1),
	PATCH(IMAX_GetChapAlgorithms, "boolean", IMAX_CHAP_ALGORITHMS, inherited, 7),
	PATCH(IMAX_GetChapAlgorithms, "choice", IMAX_CHAP_ALGORITHMS, algorithms[0], 9),
	PATCH(IMAX_GetChapAlgorithms, "coherent", IMAX_CHAP_ALGORITHMS, count, 0),
	PATCH(IMAX_GetChapAlgorithms, "invalid", IMAX_CHAP_ALGORITHMS, algorithms[7], 1),
	PATCH(IMAX_GetDigestProperties, "boolean", IMAX_DIGEST_PROPERTIES,
	      dataDigestSettable, 7),
	PATCH(IMAX_GetDigestProperties, "choice", IMAX_DIGEST_PROPERTIES, headerDigest,
	      9),
	PATCH(IMAX_GetDigestProperties, "coherent", IMAX_DIGEST_PROPERTIES,
	      headerDigestInherited, 1),
	PATCH(IMAX_GetChapParms, "boolean", IMAX_CHAP_PARMS, set, 7),
	PATCH(IMAX_GetChapParms, "invalid", IMAX_CHAP_PARMS, name[511], 1),
	PATCH(IMAX_GetChapParms, "coherent", IMAX_CHAP_PARMS, nameLength, 9),
	NUMBER_PATCHES(MaxConnections),
	NUMBER_PATCHES(MaxRecvDataSegmentLength),
	NUMBER_PATCHES(MaxBurstLength),
	NUMBER_PATCHES(FirstBurstLength),
	NUMBER_PATCHES(DefaultTime2Wait),
	NUMBER_PATCHES(DefaultTime2Retain),
	NUMBER_PATCHES(MaxOutstandingR2T),
	NUMBER_PATCHES(ErrorRecoveryLevel),
	BOOL_PATCHES(InitialR2T),
	BOOL_PATCHES(ImmediateData),
	BOOL_PATCHES(DataPduInOrder),
	BOOL_PATCHES(DataSequenceInOrder),
};

static void apply_patches(const char *function, void *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(patches); i++)
		if (defect(function, patches[i].defect) &&
		    !strcmp(patches[i].function, function))
			memset((char *)out + patches[i].offset, patches[i].byte,
			       patches[i].size);
}

/* Fields that have no valid value: the flag is cleared, the value is not. */
static const struct {
	const char *function;
	size_t flag, value;
} invalid[] = {
#define INVALID(function, type, flag, value)                           \
	{                                                              \
#function, offsetof(type, flag), offsetof(type, value) \
	}
	INVALID(IMA_GetLhbaProperties, IMA_LHBA_PROPERTIES, staleDataRemovable,
		staleDataSize),
	INVALID(IMA_GetNodeProperties, IMA_NODE_PROPERTIES, aliasValid, alias),
	INVALID(IMA_GetDiscoveryProperties, IMA_DISCOVERY_PROPERTIES,
		iSnsDiscoveryEnabled, iSnsHost),
	INVALID(IMA_GetLuProperties, IMA_LU_PROPERTIES, osDeviceNameValid, osDeviceName),
	INVALID(IMA_GetIpProperties, IMA_IP_PROPERTIES, subnetMaskValid, subnetMask),
	INVALID(IMA_GetTargetErrorStatistics, IMA_TARGET_ERROR_STATISTICS,
		sessionFailedCountValid, sessionFailedCount),
	INVALID(IMAX_GetDigestProperties, IMAX_DIGEST_PROPERTIES, headerDigestValid,
		headerDigest),
#define INVALID_NUMBER(key) \
	INVALID(IMA_Get##key##Properties, IMA_MIN_MAX_VALUE, settable, maximumValue)
#define INVALID_BOOL(key) \
	INVALID(IMA_Get##key##Properties, IMA_BOOL_VALUE, settable, defaultValue)
	INVALID_NUMBER(MaxConnections),
	INVALID_NUMBER(MaxRecvDataSegmentLength),
	INVALID_NUMBER(MaxBurstLength),
	INVALID_NUMBER(FirstBurstLength),
	INVALID_NUMBER(DefaultTime2Wait),
	INVALID_NUMBER(DefaultTime2Retain),
	INVALID_NUMBER(MaxOutstandingR2T),
	INVALID_NUMBER(ErrorRecoveryLevel),
	INVALID_BOOL(InitialR2T),
	INVALID_BOOL(ImmediateData),
	INVALID_BOOL(DataPduInOrder),
	INVALID_BOOL(DataSequenceInOrder),
};

static void apply_invalid(const char *function, unsigned char *out)
{
	if (!defect(function, "invalid"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(invalid); i++)
		if (!strcmp(invalid[i].function, function)) {
			memset(out + invalid[i].flag, 0, sizeof(IMA_BOOL));
			memset(out + invalid[i].value, 1, 1);
		}
}

static atomic_int inside; /* threads in the defective function */

/* Give another thread the time to come in. */
static bool is_crowded(void)
{
	struct timespec moment = { 0, 50000 };

	nanosleep(&moment, NULL);
	return atomic_load(&inside) > 1;
}

/* The suite's guard; anything else behind a buffer is memory of somebody who trusts us. */
static bool is_guard(unsigned char byte)
{
	return byte == 0xa5 || byte == 0x5a;
}

/*
 * forget: what a function sets is gone in another process. Each row: the function that sets, and
 * a byte of what is read back there, which is another one then.
 */
static const struct {
	const char *set, *get;
	size_t offset;
} forgotten[] = {
#define FORGET(set, get, type, field)                                              \
	{                                                                          \
		"IMA_Set" #set, "IMA_Get" #get "Properties", offsetof(type, field) \
	}
#define FORGET_NUMBER(key) FORGET(key, key, IMA_MIN_MAX_VALUE, currentValue)
#define FORGET_BOOL(key)   FORGET(key, key, IMA_BOOL_VALUE, currentValue)
	FORGET_NUMBER(MaxConnections),
	FORGET_NUMBER(MaxRecvDataSegmentLength),
	FORGET_NUMBER(MaxBurstLength),
	FORGET_NUMBER(FirstBurstLength),
	FORGET_NUMBER(DefaultTime2Wait),
	FORGET_NUMBER(DefaultTime2Retain),
	FORGET_NUMBER(MaxOutstandingR2T),
	FORGET_NUMBER(ErrorRecoveryLevel),
	FORGET_BOOL(InitialR2T),
	FORGET_BOOL(ImmediateData),
	FORGET_BOOL(DataPduInOrder),
	FORGET_BOOL(DataSequenceInOrder),
	FORGET(IsnsDiscovery, Discovery, IMA_DISCOVERY_PROPERTIES, iSnsDiscoveryEnabled),
	FORGET(SlpDiscovery, Discovery, IMA_DISCOVERY_PROPERTIES, slpDiscoveryEnabled),
	FORGET(StaticDiscovery, Discovery, IMA_DISCOVERY_PROPERTIES,
	       staticDiscoveryEnabled),
	FORGET(SendTargetsDiscovery, Discovery, IMA_DISCOVERY_PROPERTIES,
	       sendTargetsDiscoveryEnabled),
	FORGET(SendTargetsDiscovery, Target, IMA_TARGET_PROPERTIES,
	       sendTargetsDiscoveryEnabled),
	FORGET(NodeName, Node, IMA_NODE_PROPERTIES, name),
	FORGET(NodeAlias, Node, IMA_NODE_PROPERTIES, alias),
	FORGET(IpConfigMethod, Ip, IMA_IP_PROPERTIES, dhcpConfigurationEnabled),
	FORGET(SubnetMask, Ip, IMA_IP_PROPERTIES, subnetMask.ipAddress),
	FORGET(DefaultGateway, Ip, IMA_IP_PROPERTIES, defaultGateway.ipAddress),
	FORGET(DnsServerAddress, Ip, IMA_IP_PROPERTIES,
	       primaryDnsServerAddress.ipAddress),
	FORGET(NetworkPortalIpAddress, NetworkPortal, IMA_NETWORK_PORTAL_PROPERTIES,
	       ipAddress.ipAddress),
	{ "IMAX_SetHeaderDigest", "IMAX_GetDigestProperties",
	  offsetof(IMAX_DIGEST_PROPERTIES, headerDigest) },
	{ "IMAX_SetDataDigest", "IMAX_GetDigestProperties",
	  offsetof(IMAX_DIGEST_PROPERTIES, dataDigest) },
	{ "IMAX_SetChapAlgorithms", "IMAX_GetChapAlgorithms",
	  offsetof(IMAX_CHAP_ALGORITHMS, algorithms) },
};

static void apply_forget(const char *function, unsigned char *out)
{
	for (size_t i = 0; is_later && i < ARRAY_SIZE(forgotten); i++)
		if (defect(forgotten[i].set, "forget") &&
		    !strcmp(forgotten[i].get, function))
			out[forgotten[i].offset] ^= 1;
}

/* The object on which a switch was refused but changed (defect leak of IMA_Set...). */
static IMA_OID leaked;

/* What the function that reads the switch says of that object. */
static void apply_leak(const char *function, IMA_OID oid, unsigned char *out)
{
	char getter[80];

	if (!leaked.objectType || leaked.objectType != oid.objectType ||
	    leaked.objectSequenceNumber != oid.objectSequenceNumber)
		return;
	snprintf(getter, sizeof(getter), "IMA_Get%sProperties",
		 chosen_function + strlen("IMA_Set"));
	if (!strcmp(function, getter))
		out[offsetof(IMA_BOOL_VALUE, currentValue)] ^= 1;
}

/* What there is once is there twice. */
static void repeat_algorithm(const char *function, IMAX_CHAP_ALGORITHMS *algorithms)
{
	if (!defect("IMAX_GetChapAlgorithms", "duplicate") ||
	    strcmp(function, "IMAX_GetChapAlgorithms") != 0)
		return;
	if (algorithms->count && algorithms->count < IMAX_CHAP_ALGORITHMS_MAX)
		algorithms->algorithms[algorithms->count++] = algorithms->algorithms[0];
}

/*
 * beyond: writes a byte behind the structure; unwritten: leaves the first field as the caller
 * had it; touched: writes although it failed; spill: fails, and writes; threads: another value
 * while two threads are inside; stats: answers although collection is off.
 */
static IMA_STATUS spoil(const char *function, IMA_STATUS status, unsigned char *out,
			size_t size, const unsigned char *before)
{
	if (defect(function, "beyond") && is_guard(out[size]))
		out[size] = 0;
	if (defect(function, "touched") && IMA_ERROR(status))
		out[0] ^= 0xff;
	if (defect(function, "spill"))
		return IMA_ERROR_UNKNOWN_ERROR;
	if (IMA_SUCCESS(status)) {
		if (defect(function, "unwritten"))
			memcpy(out, before, sizeof(IMA_BOOL));
		if (defect(function, "threads") && is_crowded())
			out[0] ^= 0x01;
		apply_patches(function, out);
		repeat_algorithm(function, (void *)out);
		apply_invalid(function, out);
		apply_forget(function, out);
	}
	if (defect(function, "stats") &&
	    (status == IMA_ERROR_STATS_COLLECTION_NOT_ENABLED)) {
		memset(out, 0, size);
		return IMA_STATUS_SUCCESS;
	}
	return twist(function, status);
}

#define GET(call, types, result_t, need)                                                 \
	IMA_STATUS call(IMA_OID oid, result_t *result)                                   \
	{                                                                                \
		unsigned char before[sizeof(IMA_BOOL)];                                  \
		IMA_STATUS status;                                                       \
                                                                                         \
		memcpy(before, result, sizeof(before));                                  \
		atomic_fetch_add(&inside, 1);                                            \
		status = original.call(oid, result);                                     \
		apply_leak(#call, oid, (unsigned char *)result);                         \
		status = spoil(#call, status, (unsigned char *)result, sizeof(result_t), \
			       before);                                                  \
		atomic_fetch_sub(&inside, 1);                                            \
		return status;                                                           \
	}

/* --- Lists --- */

/*
 * A list of another length than the original's, from the original's allocator, so that its
 * IMA_FreeMemory releases it.
 */
static IMA_OID_LIST *resized(const IMA_OID_LIST *list, IMA_UINT count)
{
	size_t size = sizeof(IMA_OID_LIST) + count * sizeof(IMA_OID);
	IMA_OID_LIST *copy = calloc(1, size);
	IMA_UINT kept = count < list->oidCount ? count : list->oidCount;

	if (!copy)
		abort();
	copy->oidCount = count;
	memcpy(copy->oids, list->oids, kept * sizeof(IMA_OID));
	return copy;
}

static void put_first(IMA_OID_LIST **list, IMA_OID oid)
{
	*list = resized(*list, (*list)->oidCount + 1);
	(*list)->oids[(*list)->oidCount - 1] = oid;
}

/* One static OID list that is never released but by the process. */
static IMA_OID_LIST dangling;

/*
 * forget: what was added is not listed in another process; what was removed is, since it was
 * added again behind the back of the process that removed it, which does not show it.
 */
static IMA_OID hidden;

static void forget_entries(const char *function, IMA_OID_LIST **list)
{
	IMA_UINT kept = 0;

	if (is_later && ((defect("IMA_AddDiscoveryAddress", "forget") &&
			  !strcmp(function, "IMA_GetDiscoveryAddressOidList")) ||
			 (defect("IMA_AddStaticDiscoveryTarget", "forget") &&
			  !strcmp(function, "IMA_GetStaticDiscoveryTargetOidList"))))
		*list = resized(*list, 0);
	for (IMA_UINT i = 0; hidden.objectType && i < (*list)->oidCount; i++)
		if (memcmp(&(*list)->oids[i], &hidden, sizeof(hidden)) != 0)
			(*list)->oids[kept++] = (*list)->oids[i];
	if (hidden.objectType)
		(*list)->oidCount = kept;
}

static IMA_STATUS spoil_list(const char *function, IMA_STATUS status, IMA_OID_LIST **list,
			     IMA_OBJECT_TYPE type)
{
	static IMA_UINT64 unstable = 1000000;
	IMA_OID oid = { type, owner, UNKNOWN - 1 };

	if (IMA_ERROR(status) || !*list)
		return twist(function, status);
	forget_entries(function, list);
	if (defect(function, "member"))
		put_first(list, oid);
	oid.objectType = type == IMA_OBJECT_TYPE_LU ? IMA_OBJECT_TYPE_LHBA
						    : IMA_OBJECT_TYPE_LU;
	if (defect(function, "type"))
		put_first(list, oid);
	oid.objectType = type;
	oid.ownerId = owner + 7;
	if (defect(function, "owner"))
		put_first(list, oid);
	oid.ownerId = owner;
	oid.objectSequenceNumber = unstable++;
	if (defect(function, "unstable"))
		put_first(list, oid);
	if (defect(function, "duplicate") && (*list)->oidCount)
		put_first(list, (*list)->oids[0]);
	if (defect(function, "empty"))
		*list = resized(*list, 0);
	if (defect(function, "short") && (*list)->oidCount)
		*list = resized(*list, (*list)->oidCount - 1);
	if (defect(function, "null"))
		*list = NULL;
	return twist(function, status);
}

/* Leaves a pointer behind although it failed. */
static void leave_pointer(const char *function, IMA_STATUS status, void **list)
{
	if (defect(function, "dangling") && IMA_ERROR(status))
		*list = &dangling;
}

static IMA_STATUS spoil_keys(const char *function, IMA_STATUS status,
			     IMA_ADDRESS_KEYS **keys)
{
	if (IMA_ERROR(status) || !*keys)
		return twist(function, status);
	if (defect(function, "null"))
		*keys = NULL;
	else if (defect(function, "coherent") && (*keys)->addressKeyCount)
		(*keys)->addressKeys[0].portNumber = 0;
	else if (defect(function, "boolean") && (*keys)->addressKeyCount)
		(*keys)->addressKeys[0].ipAddress.ipv4Address = 7;
	else if (defect(function, "duplicate") && (*keys)->addressKeyCount) {
		IMA_ADDRESS_KEYS *two = calloc(1, sizeof(*two) + sizeof(IMA_ADDRESS_KEY));

		if (!two)
			abort();
		two->addressKeyCount = 2;
		two->addressKeys[0] = (*keys)->addressKeys[0];
		memcpy((char *)two + offsetof(IMA_ADDRESS_KEYS, addressKeys) +
			       sizeof(IMA_ADDRESS_KEY),
		       &two->addressKeys[0], sizeof(IMA_ADDRESS_KEY));
		*keys = two;
	}
	return twist(function, status);
}

static IMA_OBJECT_TYPE member_type(const char *function)
{
	static const struct {
		const char *function;
		IMA_OBJECT_TYPE type;
	} rows[] = {
		{ "IMA_GetLhbaOidList", IMA_OBJECT_TYPE_LHBA },
		{ "IMA_GetPhbaOidList", IMA_OBJECT_TYPE_PHBA },
		{ "IMA_GetLnpOidList", IMA_OBJECT_TYPE_LNP },
		{ "IMA_GetNonSharedNodeOidList", IMA_OBJECT_TYPE_NODE },
		{ "IMA_GetPnpOidList", IMA_OBJECT_TYPE_PNP },
		{ "IMA_GetNetworkPortalOidList", IMA_OBJECT_TYPE_NETWORK_PORTAL },
		{ "IMA_GetTargetOidList", IMA_OBJECT_TYPE_TARGET },
		{ "IMA_GetLuOidList", IMA_OBJECT_TYPE_LU },
		{ "IMA_GetDiscoveryAddressOidList", IMA_OBJECT_TYPE_DISCOVERY_ADDRESS },
		{ "IMA_GetStaticDiscoveryTargetOidList",
		  IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].function, function))
			return rows[i].type;
	return IMA_OBJECT_TYPE_TARGET;
}

#define spoil_any(function, status, list) \
	_Generic(list,                                                                    \
		IMA_ADDRESS_KEYS **: spoil_keys(function, status, (IMA_ADDRESS_KEYS **)(list)), \
		default: spoil_list(function, status, (IMA_OID_LIST **)(list),             \
				    member_type(function)))

#define LIST(call, types, list_t, need)                       \
	IMA_STATUS call(IMA_OID oid, list_t **list)           \
	{                                                     \
		IMA_STATUS status = original.call(oid, list); \
                                                              \
		status = spoil_any(#call, status, list);      \
		leave_pointer(#call, status, (void **)list);  \
		return status;                                \
	}

#define ALL(call)                                                                        \
	IMA_STATUS call(IMA_OID_LIST **list)                                             \
	{                                                                                \
		return spoil_list(#call, original.call(list), list, member_type(#call)); \
	}

/* --- Settings --- */

/*
 * ignore: says it is done and does nothing; repeat: fails the second time; leak: refuses the
 * value and changes another one.
 */
static bool ignores(const char *function, IMA_OID oid)
{
	return defect(function, "ignore") && oid.objectSequenceNumber != UNKNOWN;
}

static IMA_STATUS set_number(const char *function, IMA_STATUS (*set)(IMA_OID, IMA_UINT),
			     IMA_OID oid, IMA_UINT value)
{
	IMA_STATUS status;

	if (ignores(function, oid))
		return IMA_STATUS_SUCCESS;
	if (again(function, oid, value))
		return IMA_ERROR_UNKNOWN_ERROR;
	status = set(oid, value);
	if (defect(function, "leak") && status == IMA_ERROR_INVALID_PARAMETER &&
	    IMA_ERROR(set(oid, value - 1))) /* above the maximum: the maximum */
		set(oid, value + 1);	    /* below the minimum: the minimum */
	return twist(function, status);
}

static IMA_STATUS set_switch(const char *function, IMA_STATUS (*set)(IMA_OID, IMA_BOOL),
			     IMA_OID oid, IMA_BOOL value)
{
	IMA_STATUS status;

	if (ignores(function, oid))
		return IMA_STATUS_SUCCESS;
	if (again(function, oid, value))
		return IMA_ERROR_UNKNOWN_ERROR;
	status = set(oid, value);
	if (defect(function, "leak") && status == IMA_ERROR_NOT_SUPPORTED)
		leaked = oid;
	return twist(function, status);
}

static IMA_STATUS remove_for_now(IMA_OID oid)
{
	IMA_DISCOVERY_ADDRESS_PROPERTIES address;
	IMA_STATIC_DISCOVERY_TARGET_PROPERTIES target;
	IMA_STATUS status;

	if (oid.objectType == IMA_OBJECT_TYPE_DISCOVERY_ADDRESS) {
		status = original.IMA_GetDiscoveryAddressProperties(oid, &address);
		if (IMA_SUCCESS(status))
			status = original.IMA_RemoveDiscoveryAddress(oid);
		if (IMA_SUCCESS(status))
			original.IMA_AddDiscoveryAddress(address.associatedLhbaOid,
							 address.discoveryAddress,
							 &hidden);
		return status;
	}
	status = original.IMA_GetStaticDiscoveryTargetProperties(oid, &target);
	if (IMA_SUCCESS(status))
		status = original.IMA_RemoveStaticDiscoveryTarget(oid);
	if (IMA_SUCCESS(status))
		original.IMA_AddStaticDiscoveryTarget(target.associatedLhbaOid,
						      target.staticTarget, &hidden);
	return status;
}

#define NUMBER(call, types, need)                                    \
	IMA_STATUS call(IMA_OID oid, IMA_UINT value)                 \
	{                                                            \
		return set_number(#call, original.call, oid, value); \
	}
#define SWITCH(call, types, need)                                    \
	IMA_STATUS call(IMA_OID oid, IMA_BOOL value)                 \
	{                                                            \
		return set_switch(#call, original.call, oid, value); \
	}
#define ADDRESS(call, types, need)                                                    \
	IMA_STATUS call(IMA_OID oid, IMA_IP_ADDRESS value)                            \
	{                                                                             \
		return ignores(#call, oid) ? IMA_STATUS_SUCCESS                       \
					   : twist(#call, original.call(oid, value)); \
	}
#define SET(call, types, value_t, need)                         \
	IMA_STATUS call(IMA_OID oid, value_t value)             \
	{                                                       \
		return twist(#call, original.call(oid, value)); \
	}
#define CHOICE(call, types, value_t, last, need)                \
	IMA_STATUS call(IMA_OID oid, value_t value)             \
	{                                                       \
		if (ignores(#call, oid))                        \
			return IMA_STATUS_SUCCESS;              \
		if (again(#call, oid, (IMA_UINT)value))         \
			return IMA_ERROR_UNKNOWN_ERROR;         \
		return twist(#call, original.call(oid, value)); \
	}
#define DO(call, types, need)                            \
	IMA_STATUS call(IMA_OID oid)                     \
	{                                                \
		if (ignores(#call, oid))                 \
			return IMA_STATUS_SUCCESS;       \
		if (again(#call, oid, 0))                \
			return IMA_ERROR_UNKNOWN_ERROR;  \
		if (defect(#call, "forget"))             \
			return remove_for_now(oid);      \
		return twist(#call, original.call(oid)); \
	}
#define OTHER(call)
#include "lib/calls.def"

/* --- Functions of other shapes --- */

IMA_STATUS IMAX_SetChapAlgorithms(IMA_OID oid, IMA_UINT count,
				  const IMAX_CHAP_ALGORITHM *list)
{
	if (ignores("IMAX_SetChapAlgorithms", oid))
		return IMA_STATUS_SUCCESS;
	return twist("IMAX_SetChapAlgorithms",
		     original.IMAX_SetChapAlgorithms(oid, count, list));
}

IMA_STATUS IMAX_GetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     IMAX_CHAP_PARMS *parms)
{
	IMA_STATUS status = original.IMAX_GetChapParms(oid, direction, parms);

	if (IMA_SUCCESS(status))
		apply_patches("IMAX_GetChapParms", parms);
	return twist("IMAX_GetChapParms", status);
}

IMA_STATUS IMAX_SetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     const IMAX_CHAP_PARMS *parms)
{
	if (ignores("IMAX_SetChapParms", oid))
		return IMA_STATUS_SUCCESS;
	return twist("IMAX_SetChapParms",
		     original.IMAX_SetChapParms(oid, direction, parms));
}

IMA_STATUS IMAX_SetAuthMethods(IMA_OID oid, IMA_UINT count, const IMA_AUTHMETHOD *list)
{
	if (ignores("IMAX_SetAuthMethods", oid))
		return IMA_STATUS_SUCCESS;
	return twist("IMAX_SetAuthMethods",
		     original.IMAX_SetAuthMethods(oid, count, list));
}

IMA_STATUS IMA_GetNodeProperties(IMA_OID oid, IMA_NODE_PROPERTIES *props)
{
	unsigned char before[sizeof(IMA_BOOL)];
	IMA_STATUS status;

	memcpy(before, props, sizeof(before));
	atomic_fetch_add(&inside, 1);
	status = original.IMA_GetNodeProperties(oid, props);
	status = spoil("IMA_GetNodeProperties", status, (unsigned char *)props,
		       sizeof(*props), before);
	atomic_fetch_sub(&inside, 1);
	return status;
}

IMA_STATUS IMA_FreeMemory(void *memory)
{
	/* Lists that a defect made are the C library's too, and the original uses it. */
	return original.IMA_FreeMemory(memory);
}

IMA_STATUS IMA_SetNodeName(IMA_OID oid, const IMA_WCHAR *name)
{
	if (ignores("IMA_SetNodeName", oid) && name[0])
		return IMA_STATUS_SUCCESS;
	return twist("IMA_SetNodeName", original.IMA_SetNodeName(oid, name));
}

IMA_STATUS IMA_SetNodeAlias(IMA_OID oid, const IMA_WCHAR *alias)
{
	if (ignores("IMA_SetNodeAlias", oid))
		return IMA_STATUS_SUCCESS;
	return twist("IMA_SetNodeAlias", original.IMA_SetNodeAlias(oid, alias));
}

/* repeat: the same entry again gets another OID; type: the OID has another type. */
static IMA_STATUS spoil_added(const char *function, IMA_STATUS status, IMA_OID *oid)
{
	static IMA_UINT64 times;

	if (IMA_SUCCESS(status) && defect(function, "repeat"))
		oid->objectSequenceNumber += times++;
	if (IMA_SUCCESS(status) && defect(function, "type"))
		oid->objectType = IMA_OBJECT_TYPE_TARGET;
	return twist(function, status);
}

IMA_STATUS IMA_AddDiscoveryAddress(IMA_OID oid, const IMA_TARGET_ADDRESS address,
				   IMA_OID *out)
{
	IMA_TARGET_ADDRESS other = address;

	if (defect("IMA_AddDiscoveryAddress", "ignore"))
		other.portNumber++; /* adds something else */
	return spoil_added("IMA_AddDiscoveryAddress",
			   original.IMA_AddDiscoveryAddress(oid, other, out), out);
}

IMA_STATUS IMA_AddStaticDiscoveryTarget(IMA_OID oid,
					const IMA_STATIC_DISCOVERY_TARGET target,
					IMA_OID *out)
{
	IMA_STATIC_DISCOVERY_TARGET other = target;

	if (defect("IMA_AddStaticDiscoveryTarget", "ignore"))
		other.targetAddress.portNumber++;
	return spoil_added("IMA_AddStaticDiscoveryTarget",
			   original.IMA_AddStaticDiscoveryTarget(oid, other, out), out);
}

/* type: another type; unstable: another number each time; unknown: any LUN will do. */
IMA_STATUS IMA_GetLuOid(IMA_OID target, IMA_UINT64 lun, IMA_OID *lu)
{
	static IMA_UINT64 times;
	IMA_STATUS status = original.IMA_GetLuOid(target, lun, lu);

	if (IMA_SUCCESS(status) && defect("IMA_GetLuOid", "type"))
		lu->objectType = IMA_OBJECT_TYPE_TARGET;
	if (IMA_SUCCESS(status) && defect("IMA_GetLuOid", "unstable"))
		lu->objectSequenceNumber += times++;
	if (defect("IMA_GetLuOid", "member") && IMA_SUCCESS(status))
		return IMA_ERROR_OBJECT_NOT_FOUND;
	return twist("IMA_GetLuOid", status);
}

IMA_STATUS IMA_SetDnsServerAddress(IMA_OID oid, const IMA_IP_ADDRESS *primary,
				   const IMA_IP_ADDRESS *alternate)
{
	if (ignores("IMA_SetDnsServerAddress", oid))
		return IMA_STATUS_SUCCESS;
	return twist("IMA_SetDnsServerAddress",
		     original.IMA_SetDnsServerAddress(oid, primary, alternate));
}

IMA_STATUS IMA_SetIsnsDiscovery(IMA_OID oid, IMA_BOOL on,
				IMA_ISNS_DISCOVERY_METHOD method, const IMA_HOST_ID *host)
{
	if (ignores("IMA_SetIsnsDiscovery", oid))
		return IMA_STATUS_SUCCESS;
	if (again("IMA_SetIsnsDiscovery", oid, on))
		return IMA_ERROR_UNKNOWN_ERROR;
	return twist("IMA_SetIsnsDiscovery",
		     original.IMA_SetIsnsDiscovery(oid, on, method, host));
}

/*
 * choice: a method that is not defined; duplicate: one twice; sizing: no count without a list;
 * capacity: writes more than there is room for; none: no method at all; coherent: one the LHBA
 * does not have.
 */
static IMA_STATUS spoil_methods(const char *function, IMA_STATUS status, bool settable,
				IMA_UINT room, IMA_UINT *count, IMA_AUTHMETHOD *list)
{
	if (IMA_ERROR(status))
		return twist(function, status);
	if (!list && defect(function, "sizing"))
		*count = 0;
	if (list && settable && *count == 1 && defect(function, "coherent"))
		list[0] = IMA_AUTHMETHOD_KRB5;
	if (list && defect(function, "none"))
		*count = 0;
	if (list && is_later && defect("IMA_SetInitiatorAuthMethods", "forget"))
		*count = 0;
	if (list && *count && defect(function, "choice"))
		list[0] = (IMA_AUTHMETHOD)99;
	if (list && *count && *count < room && defect(function, "duplicate"))
		list[(*count)++] = list[0];
	if (list && defect(function, "capacity"))
		*count += 20;
	return twist(function, status);
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID oid, IMA_BOOL settable, IMA_UINT *count,
				       IMA_AUTHMETHOD *list)
{
	IMA_UINT room = *count;
	IMA_STATUS status = original.IMA_GetSupportedAuthMethods(oid, settable, count,
								 list);

	return spoil_methods("IMA_GetSupportedAuthMethods", status, settable, room, count,
			     list);
}

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID oid, IMA_UINT *count,
					    IMA_AUTHMETHOD *list)
{
	IMA_UINT room = *count;
	IMA_STATUS status = original.IMA_GetInUseInitiatorAuthMethods(oid, count, list);

	return spoil_methods("IMA_GetInUseInitiatorAuthMethods", status, true, room,
			     count, list);
}

IMA_STATUS IMAX_GetAuthMethods(IMA_OID oid, IMA_UINT *count, IMA_AUTHMETHOD *list)
{
	IMA_UINT room = *count;
	IMA_STATUS status = original.IMAX_GetAuthMethods(oid, count, list);

	return spoil_methods("IMAX_GetAuthMethods", status, true, room, count, list);
}

/* coherent: a length that was never written; accept: methods it does not have. */
IMA_STATUS IMA_GetInitiatorAuthParms(IMA_OID oid, IMA_AUTHMETHOD method,
				     IMA_INITIATOR_AUTHPARMS *parms)
{
	IMA_STATUS status = original.IMA_GetInitiatorAuthParms(oid, method, parms);

	if (IMA_SUCCESS(status) && defect("IMA_GetInitiatorAuthParms", "coherent"))
		memset(parms, 0xa5, sizeof(*parms));
	if (is_later && defect("IMA_SetInitiatorAuthParms", "forget"))
		parms->chapParms.name[0] ^= 1;
	return twist("IMA_GetInitiatorAuthParms", status);
}

IMA_STATUS IMA_SetInitiatorAuthParms(IMA_OID oid, IMA_AUTHMETHOD method,
				     const IMA_INITIATOR_AUTHPARMS *parms)
{
	if (ignores("IMA_SetInitiatorAuthParms", oid) &&
	    parms->chapParms.nameLength < 512)
		return IMA_STATUS_SUCCESS;
	return twist("IMA_SetInitiatorAuthParms",
		     original.IMA_SetInitiatorAuthParms(oid, method, parms));
}

/* leak: refuses the list and takes its first method all the same. */
IMA_STATUS IMA_SetInitiatorAuthMethods(IMA_OID oid, IMA_UINT count,
				       const IMA_AUTHMETHOD *list)
{
	static const IMA_AUTHMETHOD none[] = { IMA_AUTHMETHOD_NONE };
	static const IMA_AUTHMETHOD chap[] = { IMA_AUTHMETHOD_CHAP };
	IMA_STATUS status;

	status = original.IMA_SetInitiatorAuthMethods(oid, count, list);
	if (defect("IMA_SetInitiatorAuthMethods", "ignore") && IMA_SUCCESS(status))
		original.IMA_SetInitiatorAuthMethods(oid, 1, none);
	if (defect("IMA_SetInitiatorAuthMethods", "leak") &&
	    status == IMA_ERROR_INVALID_PARAMETER) {
		IMA_AUTHMETHOD now[16];
		IMA_UINT room = 16;

		original.IMA_GetInUseInitiatorAuthMethods(oid, &room, now);
		original.IMA_SetInitiatorAuthMethods(
			oid, 1, room == 1 && now[0] == IMA_AUTHMETHOD_NONE ? chap : none);
	}
	return twist("IMA_SetInitiatorAuthMethods", status);
}

IMA_STATUS IMA_IsPhbaDownloadFile(IMA_OID oid, const IMA_WCHAR *file,
				  IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES *props)
{
	IMA_STATUS status = original.IMA_IsPhbaDownloadFile(oid, file, props);

	if (IMA_SUCCESS(status) && defect("IMA_IsPhbaDownloadFile", "choice"))
		props->imageType = (IMA_PHBA_DOWNLOAD_IMAGE_TYPE)99;
	return twist("IMA_IsPhbaDownloadFile", status);
}

IMA_STATUS IMA_PhbaDownload(IMA_OID oid, IMA_PHBA_DOWNLOAD_IMAGE_TYPE type,
			    const IMA_WCHAR *file)
{
	return twist("IMA_PhbaDownload", original.IMA_PhbaDownload(oid, type, file));
}

IMA_STATUS IMA_PluginIOctl(IMA_OID oid, IMA_UINT command, const void *in,
			   IMA_UINT in_length, void *out, IMA_UINT *out_length)
{
	return twist(
		"IMA_PluginIOctl",
		original.IMA_PluginIOctl(oid, command, in, in_length, out, out_length));
}

/* --- SCSI --- */

/*
 * capacity: short buffers get nothing; beyond: writes behind the buffer; sense: no sense data, or
 * a sense length without any; coherent: wrong data.
 */
static IMA_STATUS spoil_scsi(const char *function, IMA_STATUS status, IMA_UINT room,
			     IMA_BYTE *out, IMA_UINT *length, IMA_UINT *sense_length)
{
	if (defect(function, "beyond") && is_guard(out[room]))
		out[room] = 0;
	if (defect(function, "sense") && sense_length)
		*sense_length = status == IMA_ERROR_SCSI_STATUS_CHECK_CONDITION ? 0 : 18;
	if (IMA_ERROR(status))
		return twist(function, status);
	if (defect(function, "capacity") && room <= 12)
		*length = 0; /* short buffers get nothing */
	if (defect(function, "coherent") && *length > 3) {
		*length = *length > 7 ? 7 : *length;
		out[1] ^= 0x55;
		out[3] ^= 0x05;
	}
	return twist(function, status);
}

IMA_STATUS IMA_LuInquiry(IMA_OID oid, IMA_BOOL evpd, IMA_BOOL cmddt, IMA_BYTE page,
			 IMA_BYTE *out, IMA_UINT *length, IMA_BYTE *sense,
			 IMA_UINT *sense_length)
{
	IMA_UINT room = *length;
	IMA_STATUS status = original.IMA_LuInquiry(oid, evpd, cmddt, page, out, length,
						   sense, sense_length);

	return spoil_scsi("IMA_LuInquiry", status, room, out, length, sense_length);
}

IMA_STATUS IMA_LuReadCapacity(IMA_OID oid, IMA_UINT cdb, IMA_BYTE *out, IMA_UINT *length,
			      IMA_BYTE *sense, IMA_UINT *sense_length)
{
	IMA_UINT room = *length;
	IMA_STATUS status = original.IMA_LuReadCapacity(oid, cdb, out, length, sense,
							sense_length);

	return spoil_scsi("IMA_LuReadCapacity", status, room, out, length, sense_length);
}

IMA_STATUS IMA_LuReportLuns(IMA_OID oid, IMA_BOOL well_known, IMA_BYTE select,
			    IMA_BYTE *out, IMA_UINT *length, IMA_BYTE *sense,
			    IMA_UINT *sense_length)
{
	IMA_UINT room = *length;
	IMA_STATUS status = original.IMA_LuReportLuns(oid, well_known, select, out,
						      length, sense, sense_length);

	return spoil_scsi("IMA_LuReportLuns", status, room, out, length, sense_length);
}

/* --- Events --- */

/* mute: registers nothing. (That events go on after deregistration the library prevents.) */
#define REGISTER(call, function_t)                        \
	IMA_STATUS call(function_t function)              \
	{                                                 \
		IMA_STATUS status = IMA_STATUS_SUCCESS;   \
                                                          \
		if (!defect(#call, "mute"))               \
			status = original.call(function); \
		return twist(#call, status);              \
	}
REGISTER(IMA_RegisterForObjectVisibilityChanges, IMA_OBJECT_VISIBILITY_FN)
REGISTER(IMA_RegisterForObjectPropertyChanges, IMA_OBJECT_PROPERTY_FN)
REGISTER(IMA_DeregisterForObjectVisibilityChanges, IMA_OBJECT_VISIBILITY_FN)
REGISTER(IMA_DeregisterForObjectPropertyChanges, IMA_OBJECT_PROPERTY_FN)

IMA_STATUS QIMA_SetUpdateInterval(IMA_OID oid, time_t interval)
{
	return original.QIMA_SetUpdateInterval
		       ? original.QIMA_SetUpdateInterval(oid, interval)
		       : IMA_ERROR_NOT_SUPPORTED;
}
