// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * rules.c - rules that are about one function or a few: what the library answers alone, and
 * the decisions D1 to D33 where the sources of the standard disagree.
 *
 * Plugins in load order: one, old-ioctl, new-ioctl (one spelling of the IOctl function each).
 */
#include "cases.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recorder.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

static struct recorder *one, *old_ioctl, *new_ioctl;

static const IMA_OID shared_node = { IMA_OBJECT_TYPE_NODE, 0, 0 };
static const IMA_OID lhba = { IMA_OBJECT_TYPE_LHBA, 1, 7 };
static const IMA_OID phba = { IMA_OBJECT_TYPE_PHBA, 1, 7 };
static const IMA_OID pnp = { IMA_OBJECT_TYPE_PNP, 1, 7 };
static const IMA_OID portal = { IMA_OBJECT_TYPE_NETWORK_PORTAL, 1, 7 };
static const IMA_OID target = { IMA_OBJECT_TYPE_TARGET, 1, 7 };
static const IMA_OID lu = { IMA_OBJECT_TYPE_LU, 1, 7 };
static const IMA_OID plugin = { IMA_OBJECT_TYPE_PLUGIN, 1, 0 };

static void assert_oid(IMA_OID oid, IMA_OBJECT_TYPE type, IMA_UINT32 owner,
		       IMA_UINT64 number)
{
	assert_int_equal(oid.objectType, type);
	assert_int_equal(oid.ownerId, owner);
	assert_int_equal(oid.objectSequenceNumber, number);
}

static const unsigned char *value_of(const char *function, unsigned int argument)
{
	const struct recorder_call *call = one->call(function, 0);

	assert_non_null(call);
	return call->arg[argument].value;
}

static void *pointer_arrived(const char *function, unsigned int argument)
{
	return *(void *const *)(const void *)value_of(function, argument);
}

static IMA_UINT number_arrived(const char *function, unsigned int argument)
{
	return *(const IMA_UINT *)(const void *)value_of(function, argument);
}

/* Functions the library answers alone. */

static void shared_node_oid(void **state)
{
	IMA_OID oid = { IMA_OBJECT_TYPE_UNKNOWN, 1, 1 };

	(void)state;
	assert_int_equal(IMA_GetSharedNodeOid(&oid), IMA_STATUS_SUCCESS);
	assert_oid(oid, IMA_OBJECT_TYPE_NODE, 0, 0);
}

static void shared_node_has_no_plugin(void **state)
{
	IMA_OID oid = lu;

	(void)state;
	assert_int_equal(IMA_GetAssociatedPluginOid(shared_node, &oid),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_oid(oid, IMA_OBJECT_TYPE_LU, 1, 7);
}

static void plugin_of_a_plugin_is_itself(void **state)
{
	IMA_OID oid = lu;

	(void)state;
	assert_int_equal(IMA_GetAssociatedPluginOid(plugin, &oid), IMA_STATUS_SUCCESS);
	assert_oid(oid, IMA_OBJECT_TYPE_PLUGIN, 1, 0);
}

static void shared_node_is_a_node(void **state)
{
	IMA_OBJECT_TYPE type = IMA_OBJECT_TYPE_UNKNOWN;

	(void)state;
	assert_int_equal(IMA_GetObjectType(shared_node, &type), IMA_STATUS_SUCCESS);
	assert_int_equal(type, IMA_OBJECT_TYPE_NODE);
}

static void free_null(void **state)
{
	(void)state;
	one->reset();
	assert_int_equal(IMA_FreeMemory(NULL), IMA_STATUS_SUCCESS);
	assert_int_equal(one->bad_releases, 0);
}

static bool all_zero(const void *memory, size_t size)
{
	const unsigned char *bytes = memory;

	while (size && !bytes[size - 1])
		size--;
	return !size;
}

/* Terminated, not empty, and nothing left behind after the terminator. */
static void assert_text(const IMA_WCHAR *text, size_t size)
{
	size_t length = wcsnlen(text, size);

	assert_in_range(length, 1, size - 1);
	assert_true(all_zero(text + length, (size - length) * sizeof(*text)));
}

static void library_properties(void **state)
{
	IMA_LIBRARY_PROPERTIES props;

	(void)state;
	memset(&props, 0xA5, sizeof(props));
	one->reset();
	assert_int_equal(IMA_GetLibraryProperties(&props), IMA_STATUS_SUCCESS);
	assert_text(props.vendor, ARRAY_SIZE(props.vendor));
	assert_text(props.implementationVersion, ARRAY_SIZE(props.implementationVersion));
	assert_text(props.fileName, ARRAY_SIZE(props.fileName));
	assert_true(all_zero(props.reserved, sizeof(props.reserved)));
	assert_int_equal(one->count(NULL), 0);
}

static void library_file_is_the_one_in_use(void **state)
{
	IMA_LIBRARY_PROPERTIES props;
	char path[1024] = "";

	(void)state;
	assert_int_equal(IMA_GetLibraryProperties(&props), IMA_STATUS_SUCCESS);
	for (size_t i = 0; props.fileName[i]; i++)
		path[i] = (char)props.fileName[i];
	assert_non_null(strstr(path, "libima.so"));
	if (path[0] == '/')
		assert_int_equal(access(path, R_OK), 0);
}

static void library_build_time(void **state)
{
	IMA_LIBRARY_PROPERTIES props;
	struct tm unknown;
	time_t built;

	(void)state;
	memset(&unknown, 0, sizeof(unknown));
	assert_int_equal(IMA_GetLibraryProperties(&props), IMA_STATUS_SUCCESS);
	if (!memcmp(&props.buildTime, &unknown, sizeof(unknown)))
		return; /* a build may leave it out */
	built = mktime(&props.buildTime);
	assert_true(built > 0);
	assert_true(built <= time(NULL));
}

static void supported_version(void **state)
{
	IMA_LIBRARY_PROPERTIES props;

	(void)state;
	assert_int_equal(IMA_GetLibraryProperties(&props), IMA_STATUS_SUCCESS);
	assert_int_equal(props.supportedImaVersion, 1);
}

static bool in_set(IMA_WCHAR c, const char *set)
{
	return c > 0 && c < 128 && strchr(set, (int)c);
}

/* iqn.yyyy-mm.reversed-domain:unique-part, lower case (RFC 3720, 3.2.6.3.1; RFC 3722). */
static void assert_iqn(const IMA_WCHAR *name)
{
	static const char pattern[] = "iqn.dddd-dd.";
	const IMA_WCHAR *colon = wcschr(name, L':');

	for (size_t i = 0; i < sizeof(pattern) - 1; i++)
		if (pattern[i] == 'd')
			assert_true(in_set(name[i], "0123456789"));
		else
			assert_int_equal(name[i], pattern[i]);
	assert_non_null(colon);
	assert_true(colon - name > (ptrdiff_t)sizeof(pattern) - 1);
	assert_true(colon[1]);
	for (size_t i = 0; name[i]; i++)
		assert_true(in_set(name[i], "abcdefghijklmnopqrstuvwxyz0123456789.-:"));
}

static void generated_name(void **state)
{
	IMA_NODE_NAME name = L"";

	(void)state;
	wmemset(name, L'X', ARRAY_SIZE(name));
	one->reset();
	assert_int_equal(IMA_GenerateNodeName(name), IMA_STATUS_SUCCESS);
	assert_text(name, ARRAY_SIZE(name));
	assert_iqn(name);
	assert_int_equal(one->count(NULL), 0);
}

static void generated_name_is_stable(void **state)
{
	IMA_NODE_NAME first, second;

	(void)state;
	assert_int_equal(IMA_GenerateNodeName(first), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GenerateNodeName(second), IMA_STATUS_SUCCESS);
	assert_memory_equal(first, second, sizeof(first));
}

static void generating_sets_nothing(void **state)
{
	IMA_NODE_PROPERTIES before, after;
	IMA_NODE_NAME name;

	(void)state;
	one->reset();
	assert_false(IMA_ERROR(IMA_GetNodeProperties(shared_node, &before)));
	assert_int_equal(IMA_GenerateNodeName(name), IMA_STATUS_SUCCESS);
	assert_false(IMA_ERROR(IMA_GetNodeProperties(shared_node, &after)));
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(one->count("IMA_SetNodeName"), 0);
}

/* Objects of the library and PLUGIN OIDs, which the library makes. */

static void other_object_of_the_library(void **state)
{
	IMA_NODE_PROPERTIES props;
	IMA_OID oid = { IMA_OBJECT_TYPE_NODE, 0, 5 };

	(void)state;
	assert_int_equal(IMA_GetNodeProperties(oid, &props), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_int_equal(IMA_SetNodeName(oid, L"iqn.2001-04.com.example:x"),
			 IMA_ERROR_OBJECT_NOT_FOUND);
	assert_int_equal(IMA_SetNodeAlias(oid, L"x"), IMA_ERROR_OBJECT_NOT_FOUND);
}

static void plugin_with_a_sequence_number(void **state)
{
	IMA_OID oid = { IMA_OBJECT_TYPE_PLUGIN, 1, 1 };
	IMA_PLUGIN_PROPERTIES props;

	(void)state;
	one->reset();
	assert_int_equal(IMA_GetPluginProperties(oid, &props),
			 IMA_ERROR_OBJECT_NOT_FOUND);
	assert_int_equal(one->count(NULL), 0);
}

/* D1 */

static void ioctl_reaches(struct recorder *recorder, IMA_UINT32 owner, const char *name)
{
	IMA_OID oid = { IMA_OBJECT_TYPE_PLUGIN, owner, 0 };

	recorder->reset();
	assert_int_equal(IMA_PluginIOctl(oid, 1, NULL, 0, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_PluginIOCtl(oid, 2, NULL, 0, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(recorder->count(name), 2);
	assert_int_equal(recorder->count(NULL), 2);
}

static void ioctl_in_either_spelling(void **state)
{
	(void)state;
	ioctl_reaches(old_ioctl, 2, "IMA_PluginIOCtl");
	ioctl_reaches(new_ioctl, 3, "IMA_PluginIOctl");
}

static void standard_spelling_is_preferred(void **state)
{
	(void)state;
	ioctl_reaches(one, 1, "IMA_PluginIOctl");
}

/* D2 */

static const struct {
	IMA_BYTE bytes[8];
	IMA_UINT64 number;
} luns[] = {
	{ { 0, 0, 0, 0, 0, 0, 0, 0 }, 0 },
	{ { 0, 5, 0, 0, 0, 0, 0, 0 }, 5 },
	{ { 0x41, 0, 0, 0, 0, 0, 0, 0 }, 0x4100 },
	{ { 0xC1, 1, 0, 0, 0, 0, 0, 0 }, 0xC101 },
	{ { 1, 2, 3, 4, 5, 6, 7, 8 }, 0x0708050603040102UL },
};

static void lun_in_both_forms(void **state)
{
	IMA_OID oid;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(luns); i++) {
		one->reset();
		assert_int_equal(IMA_GetLuOidFromBytes(target, luns[i].bytes, &oid),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(number_arrived("IMA_GetLuOid", 1), luns[i].number);
		one->reset();
		assert_int_equal(IMA_GetLuOid(target, luns[i].number, &oid),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(number_arrived("IMA_GetLuOid", 1), luns[i].number);
	}
}

/* D4 */

static void address_by_reference(void **state)
{
	IMA_IP_ADDRESS address = { IMA_FALSE, { 0xfe, 0x80, [15] = 9 } };

	(void)state;
	one->reset();
	assert_int_equal(IMA_SetNetworkPortalIpAddressByRef(portal, NULL),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(one->count(NULL), 0);
	assert_int_equal(IMA_SetNetworkPortalIpAddressByRef(portal, &address),
			 IMA_STATUS_SUCCESS);
	assert_memory_equal(value_of("IMA_SetNetworkPortalIpAddress", 1), &address,
			    sizeof(address));
}

/* D5 */

static void lengths_have_64_bits(void **state)
{
	IMA_BYTE buffer[64];
	IMA_UINT length = 0x500000040UL;

	(void)state;
	one->reset();
	one->script.data_length = 3;
	assert_int_equal(
		IMA_PluginIOctl(plugin, 0xFEDCBA9876543210UL, NULL, 0, buffer, &length),
		IMA_STATUS_SUCCESS);
	assert_int_equal(number_arrived("IMA_PluginIOctl", 1), 0xFEDCBA9876543210UL);
	assert_int_equal(
		*(const IMA_UINT *)(const void *)one->call(NULL, 0)->arg[5].pointee,
		0x500000040UL);
	assert_int_equal(length, 3);
}

/* D13, D14, D18 */

static void discovery_of_a_network_portal(void **state)
{
	IMA_DISCOVERY_PROPERTIES props;
	IMA_HOST_ID host;
	IMA_STATUS wrong = IMA_ERROR_INCORRECT_OBJECT_TYPE;

	(void)state;
	memset(&host, 0, sizeof(host));
	assert_int_equal(IMA_GetDiscoveryProperties(portal, &props), wrong);
	assert_int_equal(IMA_SetIsnsDiscovery(portal, 1, 0, &host), wrong);
	assert_int_equal(IMA_SetSlpDiscovery(portal, 1), wrong);
	assert_int_equal(IMA_SetStaticDiscovery(portal, 1), wrong);
	assert_int_equal(IMA_SetSendTargetsDiscovery(portal, 1), wrong);
}

static void send_targets_and_statistics(void **state)
{
	(void)state;
	one->reset();
	assert_int_equal(IMA_SetSendTargetsDiscovery(target, 1), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetStatisticsCollection(lu, 1), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetSlpDiscovery(target, 1), IMA_ERROR_INCORRECT_OBJECT_TYPE);
	assert_int_equal(IMA_SetStatisticsCollection(pnp, 1),
			 IMA_ERROR_INCORRECT_OBJECT_TYPE);
}

static void wrong_and_undefined_type(void **state)
{
	IMA_OID undefined = { IMA_OBJECT_TYPE_UNKNOWN, 1, 7 };
	IMA_PLUGIN_PROPERTIES props;
	IMA_OBJECT_TYPE type;

	(void)state;
	assert_int_equal(IMA_ExposeLu(target), IMA_ERROR_INCORRECT_OBJECT_TYPE);
	assert_int_equal(IMA_GetPluginProperties(lhba, &props),
			 IMA_ERROR_INCORRECT_OBJECT_TYPE);
	assert_int_equal(IMA_ExposeLu(undefined), IMA_ERROR_INVALID_OBJECT_TYPE);
	assert_int_equal(IMA_GetObjectType(undefined, &type),
			 IMA_ERROR_INVALID_OBJECT_TYPE);
}

static void no_parameters_without_method(void **state)
{
	static IMA_INITIATOR_AUTHPARMS parameters;

	(void)state;
	one->reset();
	assert_int_equal(
		IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_NONE, &parameters),
		IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(
		IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_NONE, &parameters),
		IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(one->count(NULL), 0);
}

/* D16 */

static void ioctl_without_buffers(void **state)
{
	IMA_BYTE input[5] = "abcd", output[8];
	IMA_UINT length = sizeof(output);

	(void)state;
	one->reset();
	assert_int_equal(IMA_PluginIOctl(plugin, 9, NULL, 0, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_null(pointer_arrived("IMA_PluginIOctl", 2));
	assert_null(pointer_arrived("IMA_PluginIOctl", 4));
	assert_null(pointer_arrived("IMA_PluginIOctl", 5));
	assert_int_equal(IMA_PluginIOctl(plugin, 9, input, 5, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_PluginIOctl(plugin, 9, NULL, 0, output, &length),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_PluginIOctl(plugin, 9, input, 0, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(one->count("IMA_PluginIOctl"), 4);
}

/* D17 */

static void give_methods(IMA_UINT count)
{
	one->reset();
	one->script.method_count = count;
	for (IMA_UINT i = 0; i < count; i++)
		one->script.methods[i] = (IMA_AUTHMETHOD)(i % 6);
}

static IMA_STATUS ask_methods(bool supported, IMA_UINT *count, IMA_AUTHMETHOD *list)
{
	if (supported)
		return IMA_GetSupportedAuthMethods(lhba, IMA_FALSE, count, list);
	return IMA_GetInUseInitiatorAuthMethods(lhba, count, list);
}

static void number_of_methods(void **state)
{
	(void)state;
	for (int supported = 0; supported < 2; supported++) {
		IMA_UINT count = 0;

		give_methods(5);
		assert_int_equal(ask_methods(supported, &count, NULL),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(count, 5);
		assert_int_equal(one->count(NULL), 1);
	}
}

static void short_list_of_methods(void **state)
{
	(void)state;
	for (int supported = 0; supported < 2; supported++) {
		IMA_AUTHMETHOD list[3] = { (IMA_AUTHMETHOD)99, (IMA_AUTHMETHOD)99,
					   (IMA_AUTHMETHOD)99 };
		IMA_UINT count = 2;

		give_methods(5);
		assert_int_equal(ask_methods(supported, &count, list),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(count, 2);
		assert_int_equal(list[0], 0);
		assert_int_equal(list[1], 1);
		assert_int_equal(list[2], 99);
	}
}

static void list_with_room_for_nothing(void **state)
{
	IMA_AUTHMETHOD list = (IMA_AUTHMETHOD)99;
	IMA_UINT count = 0;

	(void)state;
	give_methods(5);
	assert_int_equal(ask_methods(true, &count, &list), IMA_STATUS_SUCCESS);
	assert_int_equal(count, 0);
	assert_int_equal(list, 99);
}

static void long_list_of_methods(void **state)
{
	IMA_AUTHMETHOD list[RECORDER_METHODS];
	IMA_UINT count = ARRAY_SIZE(list);

	(void)state;
	give_methods(20);
	assert_int_equal(ask_methods(false, &count, list), IMA_STATUS_SUCCESS);
	assert_int_equal(count, 20);
	assert_memory_equal(list, one->script.methods, 20 * sizeof(list[0]));
}

static void absurd_capacity(void **state)
{
	IMA_AUTHMETHOD list[8];
	IMA_UINT count = ~0UL;

	(void)state;
	give_methods(3);
	assert_int_equal(ask_methods(false, &count, list), IMA_STATUS_SUCCESS);
	assert_int_equal(count, 3);
}

/* D19 */

static void no_status_for_no_plugins(void **state)
{
	(void)state;
	assert_string_equal(IMAX_StatusName(0x8000000CU), "unknown status");
#ifdef IMA_ERROR_PLUGINS_NOT_SUPPORTED
	fail_msg("the status of the later edition has no known value");
#endif
}

/* D23 */

static void both_forms_of_a_static_target(void **state)
{
	IMA_STATIC_DISCOVERY_TARGET entry;

	(void)state;
	memset(&entry, 0, sizeof(entry));
	wide_copy(entry.targetName, IMA_NODE_NAME_LEN, L"iqn.2001-04.com.example:disk");
	entry.targetAddress.hostnameIpAddress.hostnameInUse = IMA_TRUE;
	wide_copy(entry.targetAddress.hostnameIpAddress.id.hostname, IMA_HOST_NAME_LEN,
		  L"[2001:db8::1]:860");
	one->reset();
	assert_int_equal(IMA_AddStaticDiscoveryTarget(lhba, entry, NULL),
			 IMA_STATUS_SUCCESS);
	assert_memory_equal(value_of("IMA_AddStaticDiscoveryTarget", 1), &entry,
			    sizeof(entry));
}

/* D33 */

static void isns_host_only_for_static(void **state)
{
	IMA_HOST_ID host;

	(void)state;
	memset(&host, 0, sizeof(host));
	one->reset();
	assert_int_equal(
		IMA_SetIsnsDiscovery(lhba, IMA_TRUE, IMA_ISNS_DISCOVERY_METHOD_SLP, NULL),
		IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetIsnsDiscovery(phba, IMA_TRUE,
					      IMA_ISNS_DISCOVERY_METHOD_DHCP, &host),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetIsnsDiscovery(phba, IMA_TRUE,
					      IMA_ISNS_DISCOVERY_METHOD_STATIC, NULL),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(one->count(NULL), 2);
}

static void isns_all_zero_host(void **state)
{
	IMA_HOST_ID host;

	(void)state;
	memset(&host, 0, sizeof(host));
	one->reset();
	assert_int_equal(IMA_SetIsnsDiscovery(lhba, IMA_TRUE,
					      IMA_ISNS_DISCOVERY_METHOD_STATIC, &host),
			 IMA_STATUS_SUCCESS);
	assert_memory_equal(one->call(NULL, 0)->arg[3].pointee, &host, sizeof(host));
}

static void isns_disabling_ignores_the_rest(void **state)
{
	(void)state;
	one->reset();
	assert_int_equal(IMA_SetIsnsDiscovery(lhba, IMA_FALSE,
					      (IMA_ISNS_DISCOVERY_METHOD)77, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetIsnsDiscovery(lhba, IMA_FALSE,
					      IMA_ISNS_DISCOVERY_METHOD_STATIC, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(one->count("IMA_SetIsnsDiscovery"), 2);
}

/* ima-plugin.h: booleans and enumerations are checked before the plugin is called. */

static void booleans_of_addresses(void **state)
{
	const IMA_STATUS invalid = IMA_ERROR_INVALID_PARAMETER;
	IMA_IP_ADDRESS bad = { 2, { 192, 0, 2, 1 } };
	IMA_IP_ADDRESS good = { IMA_TRUE, { 192, 0, 2, 2 } };

	(void)state;
	one->reset();
	assert_int_equal(IMA_SetSubnetMask(pnp, bad), invalid);
	assert_int_equal(IMA_SetDefaultGateway(pnp, bad), invalid);
	assert_int_equal(IMA_SetNetworkPortalIpAddress(portal, bad), invalid);
	assert_int_equal(IMA_SetNetworkPortalIpAddressByRef(portal, &bad), invalid);
	assert_int_equal(IMA_SetDnsServerAddress(pnp, &bad, NULL), invalid);
	assert_int_equal(IMA_SetDnsServerAddress(pnp, &good, &bad), invalid);
	assert_int_equal(one->count(NULL), 0);
}

static void booleans_of_hosts(void **state)
{
	const IMA_STATUS invalid = IMA_ERROR_INVALID_PARAMETER;
	IMA_STATIC_DISCOVERY_TARGET entry;
	IMA_HOST_ID *host = &entry.targetAddress.hostnameIpAddress;

	(void)state;
	one->reset();
	memset(&entry, 0, sizeof(entry));
	entry.targetName[0] = L'x';
	for (int i = 0; i < 2; i++) {
		host->hostnameInUse = i ? IMA_FALSE : 2;
		host->id.ipAddress.ipv4Address = 2;
		assert_int_equal(IMA_AddDiscoveryAddress(lhba, entry.targetAddress, NULL),
				 invalid);
		assert_int_equal(IMA_AddStaticDiscoveryTarget(lhba, entry, NULL),
				 invalid);
		assert_int_equal(IMA_SetIsnsDiscovery(lhba, IMA_TRUE,
						      IMA_ISNS_DISCOVERY_METHOD_STATIC,
						      host),
				 invalid);
	}
	assert_int_equal(one->count(NULL), 0);
}

static void methods_of_a_list(void **state)
{
	static const IMA_AUTHMETHOD undefined[] = { IMA_AUTHMETHOD_CHAP,
						    (IMA_AUTHMETHOD)6 };
	static const IMA_AUTHMETHOD twice[] = { IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE,
						IMA_AUTHMETHOD_CHAP };
	static const IMA_AUTHMETHOD all[] = { IMA_AUTHMETHOD_SPKM2, IMA_AUTHMETHOD_SPKM1,
					      IMA_AUTHMETHOD_KRB5,  IMA_AUTHMETHOD_SRP,
					      IMA_AUTHMETHOD_CHAP,  IMA_AUTHMETHOD_NONE };

	(void)state;
	one->reset();
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 2, undefined),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 3, twice),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(one->count(NULL), 0);
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 6, all), IMA_STATUS_SUCCESS);
	assert_memory_equal(one->call(NULL, 0)->arg[2].pointee, all, sizeof(all));
}

/* DNS servers */

static void dns_equal_bytes_that_count(void **state)
{
	IMA_IP_ADDRESS a = { IMA_TRUE, { 192, 0, 2, 1, 9, 9, 9 } };
	IMA_IP_ADDRESS b = { IMA_TRUE, { 192, 0, 2, 1, 8, 8, 8 } };
	IMA_IP_ADDRESS c = { IMA_FALSE, { 192, 0, 2, 1, 9, 9, 9 } };

	(void)state;
	one->reset();
	assert_int_equal(IMA_SetDnsServerAddress(pnp, &a, &b),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(one->count(NULL), 0);
	assert_int_equal(IMA_SetDnsServerAddress(pnp, &a, &c), IMA_STATUS_SUCCESS);
	c.ipv4Address = IMA_TRUE;
	c.ipAddress[3] = 2;
	assert_int_equal(IMA_SetDnsServerAddress(pnp, &a, &c), IMA_STATUS_SUCCESS);
	a.ipv4Address = b.ipv4Address = IMA_FALSE;
	assert_int_equal(IMA_SetDnsServerAddress(pnp, &a, &b), IMA_STATUS_SUCCESS);
	assert_int_equal(one->count("IMA_SetDnsServerAddress"), 3);
}

static void dns_primary_alone_or_none(void **state)
{
	IMA_IP_ADDRESS a = { IMA_TRUE, { 192, 0, 2, 1 } };

	(void)state;
	one->reset();
	assert_int_equal(IMA_SetDnsServerAddress(pnp, &a, NULL), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetDnsServerAddress(pnp, NULL, NULL), IMA_STATUS_SUCCESS);
	assert_int_equal(one->count("IMA_SetDnsServerAddress"), 2);
}

/* SCSI commands */

static void no_sense_wanted(void **state)
{
	IMA_BYTE output[36];
	IMA_UINT length = sizeof(output), none = 0;

	(void)state;
	one->reset();
	assert_int_equal(IMA_LuInquiry(lu, 0, 0, 0, output, &length, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_null(pointer_arrived("IMA_LuInquiry", 6));
	assert_null(pointer_arrived("IMA_LuInquiry", 7));
	length = sizeof(output);
	assert_int_equal(IMA_LuReadCapacity(lu, 16, output, &length, NULL, &none),
			 IMA_STATUS_SUCCESS);
	length = sizeof(output);
	assert_int_equal(IMA_LuReportLuns(target, 0, 2, output, &length, NULL, &none),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(one->count(NULL), 3);
}

static void select_report_is_not_checked(void **state)
{
	IMA_BYTE output[16];
	IMA_UINT length;

	(void)state;
	for (unsigned int select = 0; select < 256; select += 15) {
		one->reset();
		length = sizeof(output);
		assert_int_equal(IMA_LuReportLuns(lu, IMA_TRUE, (IMA_BYTE)select, output,
						  &length, NULL, NULL),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(*value_of("IMA_LuReportLuns", 2), select);
	}
}

static void small_buffer_is_not_overrun(void **state)
{
	IMA_BYTE output[8];
	IMA_UINT length = 5;

	(void)state;
	memset(output, 0xA5, sizeof(output));
	one->reset();
	one->script.data_length = 200;
	assert_int_equal(IMA_LuInquiry(lu, 1, 1, 0x83, output, &length, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(length, 5);
	assert_int_equal(output[4], 0x5A);
	assert_int_equal(output[5], 0xA5);
}

/* Types and macros of the header. */

static void macros_tell_errors(void **state)
{
	(void)state;
	for (const IMA_UINT32 *s = spec_statuses; *s != UINT32_MAX; s++) {
		int error = *s >> 31 != 0;

		assert_int_equal(IMA_ERROR(*s), error);
		assert_int_equal(IMA_SUCCESS(*s), !error);
		assert_int_equal(IMA_ERROR(0xFFFFFFFF00000000UL | *s), error);
	}
	assert_int_equal(MAKE_IMA_ERROR(4), IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_int_equal(MAKE_IMA_STATUS(1), IMA_STATUS_REBOOT_NECESSARY);
	assert_int_equal(GET_SYSTEM_ERROR(0x8FFF0002U), 2);
}

static void widths(void **state)
{
	(void)state;
	assert_int_equal(sizeof(IMA_STATUS), sizeof(IMA_UINT));
	assert_int_equal(sizeof(IMA_UINT), sizeof(void *));
	assert_true((IMA_UINT64)-1 > 0);
	assert_int_equal(sizeof(IMA_UINT64), 8);
	assert_int_equal(sizeof(IMA_DATETIME), sizeof(struct tm));
}

static const struct {
	CMUnitTestFunction function;
	const char *name;
} list[] = {
	{ shared_node_oid,
	  "IMA_GetSharedNodeOid 6.2.53: IMA_STATUS_SUCCESS: {NODE, 0, 0}" },
	{ shared_node_has_no_plugin, "IMA_GetAssociatedPluginOid 6.2.9: "
				     "IMA_ERROR_INVALID_PARAMETER for the shared node" },
	{ plugin_of_a_plugin_is_itself,
	  "IMA_GetAssociatedPluginOid 6.2.9: IMA_STATUS_SUCCESS: the plugin of a PLUGIN "
	  "OID" },
	{ library_properties,
	  "IMA_GetLibraryProperties 6.2.28: IMA_STATUS_SUCCESS: every byte is written" },
	{ library_file_is_the_one_in_use,
	  "IMA_GetLibraryProperties 6.2.28: fileName is the library in use" },
	{ library_build_time,
	  "IMA_GetLibraryProperties 6.2.28: buildTime is a time before now, or all 0" },
	{ generated_name, "IMA_GenerateNodeName 6.2.7: IMA_STATUS_SUCCESS: a valid iqn" },
	{ generated_name_is_stable,
	  "IMA_GenerateNodeName 6.2.7: the same name on every call" },
	{ generating_sets_nothing, "IMA_GenerateNodeName 6.2.7: sets nothing" },
	{ other_object_of_the_library,
	  "node functions: IMA_ERROR_OBJECT_NOT_FOUND for {NODE, 0, 5}" },
	{ plugin_with_a_sequence_number,
	  "IMA_GetPluginProperties 6.2.49: "
	  "IMA_ERROR_OBJECT_NOT_FOUND for {PLUGIN, 1, 1}" },
	{ ioctl_in_either_spelling,
	  "D1: a plugin may have either spelling of the IOctl" },
	{ standard_spelling_is_preferred,
	  "D1: of two spellings the standard's is called" },
	{ lun_in_both_forms, "D2: a LUN arrives as the integer in both forms" },
	{ address_by_reference,
	  "D4: an address by reference arrives as by value, NULL is "
	  "refused" },
	{ lengths_have_64_bits, "D5: lengths and commands have 64 bits" },
	{ macros_tell_errors, "D7: IMA_SUCCESS and IMA_ERROR tell every status" },
	{ widths, "D5, D8, D27: widths of IMA_UINT, IMA_UINT64, IMA_DATETIME" },
	{ free_null, "D10: IMA_FreeMemory 6.2.6: IMA_STATUS_SUCCESS for NULL" },
	{ discovery_of_a_network_portal,
	  "D13: no discovery functions for network portals" },
	{ send_targets_and_statistics,
	  "D13: SendTargets for a target, statistics for an LU" },
	{ wrong_and_undefined_type, "D14: unsuitable types and undefined types differ" },
	{ shared_node_is_a_node, "D15: IMA_GetObjectType of the shared node" },
	{ ioctl_without_buffers, "D16: an IOctl may be without input or output" },
	{ number_of_methods, "D17: a NULL list gives the number of methods" },
	{ short_list_of_methods, "D17: a short list gets the first methods" },
	{ list_with_room_for_nothing, "D17: a list of no entries stays as it is" },
	{ long_list_of_methods, "D17: a long list gets all methods" },
	{ absurd_capacity, "D17: a capacity beyond all memory does no harm" },
	{ no_parameters_without_method, "D18: no parameters for IMA_AUTHMETHOD_NONE" },
	{ no_status_for_no_plugins, "D19: IMA_ERROR_PLUGINS_NOT_SUPPORTED has no value" },
	{ both_forms_of_a_static_target,
	  "D23: a port in the host name arrives as it is" },
	{ supported_version, "D26: supportedImaVersion is 1" },
	{ isns_host_only_for_static, "D33: an iSNS host is needed for STATIC only" },
	{ isns_all_zero_host, "D33: an all-zero iSNS host arrives" },
	{ isns_disabling_ignores_the_rest,
	  "D33: disabling iSNS ignores method and host" },
	{ booleans_of_addresses, "addresses: ipv4Address is checked before the plugin" },
	{ booleans_of_hosts, "hosts: their booleans are checked before the plugin" },
	{ methods_of_a_list, "IMA_SetInitiatorAuthMethods 6.2.82: undefined and repeated "
			     "methods are refused before the plugin" },
	{ dns_equal_bytes_that_count,
	  "IMA_SetDnsServerAddress 6.2.77: only the bytes that count are compared" },
	{ dns_primary_alone_or_none,
	  "IMA_SetDnsServerAddress 6.2.77: one server, or none" },
	{ no_sense_wanted, "SCSI commands: no sense data wanted" },
	{ select_report_is_not_checked,
	  "IMA_LuReportLuns 6.2.64: SELECT REPORT is handed on as it is" },
	{ small_buffer_is_not_overrun,
	  "SCSI commands: the buffer of the client is the limit" },
};

static int tests(void)
{
	IMA_OID_LIST *plugins = NULL;

	if (!sandbox_listing()) {
		one = sandbox_recorder("one");
		old_ioctl = sandbox_recorder("old-ioctl");
		new_ioctl = sandbox_recorder("new-ioctl");
		IMA_GetPluginOidList(&plugins);
		IMA_FreeMemory(plugins);
	}
	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		case_add(list[i].function, NULL, "%s", list[i].name);
	return cases_run("rules");
}

int main(int argc, char **argv)
{
	static const struct sandbox_plugin plugins[] = {
		{ "one", RECORDING_PLUGIN },
		{ "old-ioctl", OLD_IOCTL_PLUGIN },
		{ "new-ioctl", NEW_IOCTL_PLUGIN }
	};

	return sandbox_run(argc, argv, plugins, ARRAY_SIZE(plugins), tests);
}
