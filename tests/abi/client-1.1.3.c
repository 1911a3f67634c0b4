// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * client-1.1.3.c - a program as it is written for the header of the reference implementation,
 * version 1.1.3: older spelling of the IOctl function, LUNs as integers, addresses by value,
 * session extensions. It uses every name of that header. Compiled as C99 and C++98 and run
 * against the library and the recording plugin, which answers everything with success.
 */
#include "ima.h"

#include "client.h"

/* A variable of every type. */

static IMA_WCHAR wide;
static IMA_CHAR narrow;
static IMA_BYTE byte;
static IMA_BOOL boolean;
static IMA_XBOOL xboolean;
static IMA_UINT uint;
static IMA_UINT8 uint8;
static IMA_UINT16 uint16;
static IMA_UINT32 uint32;
static IMA_UINT64 uint64;
static IMA_INT8 int8;
static IMA_INT16 int16;
static IMA_INT32 int32;
static IMA_INT64 int64;
static IMA_PVOID pvoid;
static IMA_VOID32 void32;
static IMA_DATETIME datetime;
static IMA_OBJECT_VISIBILITY_FN visibility_fn;
static IMA_OBJECT_PROPERTY_FN property_fn;
static IMA_NODE_NAME node_name;
static IMA_NODE_ALIAS node_alias;
static IMA_HOST_NAME host_name;
static IMA_DOMAIN_NAME domain_name;
static IMA_MAC_ADDRESS mac_address;
static IMA_IP_ADDRESS ip_address, other_address;
static IMA_HOST_ID host_id;
static IMA_TARGET_ADDRESS target_address;
static IMA_ADDRESS_KEY address_key;
static IMA_ADDRESS_KEYS *address_keys;
static IMA_ADDRESS_KEY_PROPERTIES *address_key_properties;
static IMA_OID_LIST *list;
static IMA_STATIC_DISCOVERY_TARGET static_discovery_target;
static IMA_DISCOVERY_ADDRESS_PROPERTIES discovery_address_properties;
static IMA_STATIC_DISCOVERY_TARGET_PROPERTIES static_discovery_target_properties;
static IMA_IP_PROPERTIES ip_properties;
static IMA_LIBRARY_PROPERTIES library_properties;
static IMA_PLUGIN_PROPERTIES plugin_properties;
static IMA_NODE_PROPERTIES node_properties;
static IMA_LHBA_PROPERTIES lhba_properties;
static IMA_PHBA_PROPERTIES phba_properties;
static IMA_DISCOVERY_PROPERTIES discovery_properties;
static IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES image_properties;
static IMA_PHBA_DOWNLOAD_PROPERTIES download_properties;
static IMA_IPSEC_PROPERTIES ipsec_properties;
static IMA_MIN_MAX_VALUE min_max_value;
static IMA_BOOL_VALUE bool_value;
static IMA_LNP_PROPERTIES lnp_properties;
static IMA_PNP_PROPERTIES pnp_properties;
static IMA_PNP_STATISTICS pnp_statistics;
static IMA_NETWORK_PORTAL_PROPERTIES network_portal_properties;
static IMA_TARGET_PROPERTIES target_properties;
static IMA_TARGET_ERROR_STATISTICS target_error_statistics;
static IMA_LU_PROPERTIES lu_properties;
static IMA_DEVICE_STATISTICS device_statistics;
static IMA_STATISTICS_PROPERTIES statistics_properties;
static IMA_CHAP_INITIATOR_AUTHPARMS chap;
static IMA_SRP_INITIATOR_AUTHPARMS srp;
static IMA_KRB5_INITIATOR_AUTHPARMS krb5;
static IMA_SPKM_INITIATOR_AUTHPARMS spkm;
static IMA_INITIATOR_AUTHPARMS initiator;
static IMA_SESSION_PROPERTIES session_properties;
static IMA_CONNECTION_PROPERTIES connection_properties;
static IMA_PHBA_STATUS phba_status;
static IMA_NETWORK_PORT_STATUS port_status;
static IMA_OBJECT_TYPE object_type;
static IMA_PHBA_DOWNLOAD_IMAGE_TYPE image_type;
static IMA_ISNS_DISCOVERY_METHOD isns_method;
static IMA_TARGET_DISCOVERY_METHOD discovery_method;
static IMA_AUTHMETHOD auth_method;
static IMA_DIGEST_TYPE digest_type;
static IMA_COMMIT_LEVEL commit_level;
static IMA_OID oid;

/* The address of each, so that none can be left out. */
static const void *const every_type[] = {
	&wide,
	&narrow,
	&byte,
	&boolean,
	&xboolean,
	&uint,
	&uint8,
	&uint16,
	&uint32,
	&uint64,
	&int8,
	&int16,
	&int32,
	&int64,
	&pvoid,
	&void32,
	&datetime,
	&visibility_fn,
	&property_fn,
	node_name,
	node_alias,
	host_name,
	domain_name,
	mac_address,
	&ip_address,
	&host_id,
	&target_address,
	&address_key,
	&address_keys,
	&address_key_properties,
	&list,
	&static_discovery_target,
	&discovery_address_properties,
	&static_discovery_target_properties,
	&ip_properties,
	&library_properties,
	&plugin_properties,
	&node_properties,
	&lhba_properties,
	&phba_properties,
	&discovery_properties,
	&image_properties,
	&download_properties,
	&ipsec_properties,
	&min_max_value,
	&bool_value,
	&lnp_properties,
	&pnp_properties,
	&pnp_statistics,
	&network_portal_properties,
	&target_properties,
	&target_error_statistics,
	&lu_properties,
	&device_statistics,
	&statistics_properties,
	&chap,
	&srp,
	&krb5,
	&spkm,
	&initiator,
	&session_properties,
	&connection_properties,
	&phba_status,
	&port_status,
	&object_type,
	&image_type,
	&isns_method,
	&discovery_method,
	&auth_method,
	&digest_type,
	&commit_level,
	&oid,
};

/* Every constant with its value. */

struct constant {
	const char *name;
	unsigned long value, expected;
};

#define IS(constant, value)                                   \
	{                                                     \
#constant, (unsigned long)(constant), (value) \
	}

static const struct constant constants[] = {
	IS(IMA_TRUE, 1),
	IS(IMA_FALSE, 0),
	IS(IMA_UNKNOWN, 0xFFFFFFFFUL),
	IS(IMA_NODE_NAME_LEN, 224),
	IS(IMA_NODE_ALIAS_LEN, 256),
	IS(IMA_HOST_NAME_LEN, 256),
	IS(IMA_MAX_NUM_PLUGINS, 32),
	IS(IMA_MAX_CALLBACK_PER_PLUGIN, 64),
	IS(HBA_LIBVERSION, 2),
	IS(RL_LIBRARY_SEQNUM, 0),
	IS(RL_SHARED_NODE_SEQNUM, 0),
	IS(IMA_OBJECT_TYPE_UNKNOWN, 0),
	IS(IMA_OBJECT_TYPE_PLUGIN, 1),
	IS(IMA_OBJECT_TYPE_NODE, 2),
	IS(IMA_OBJECT_TYPE_LHBA, 3),
	IS(IMA_OBJECT_TYPE_PHBA, 4),
	IS(IMA_OBJECT_TYPE_NETWORK_PORTAL, 5),
	IS(IMA_OBJECT_TYPE_PORTAL_GROUP, 6),
	IS(IMA_OBJECT_TYPE_LNP, 7),
	IS(IMA_OBJECT_TYPE_PNP, 8),
	IS(IMA_OBJECT_TYPE_TARGET, 9),
	IS(IMA_OBJECT_TYPE_LU, 10),
	IS(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, 11),
	IS(IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET, 12),
	IS(IMA_OBJECT_TYPE_CONNECTION, 13),
	IS(IMA_OBJECT_TYPE_SESSION, 14),
	IS(IMA_STATUS_SUCCESS, 0),
	IS(IMA_STATUS_REBOOT_NECESSARY, 1),
	IS(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES, 2),
	IS(IMA_STATUS_SCSI_STATUS_CONDITION_MET, 0x100),
	IS(IMA_STATUS_ERROR, 0x80000000UL),
	IS(IMA_ERROR_NOT_SUPPORTED, 0x80000001UL),
	IS(IMA_ERROR_INSUFFICIENT_MEMORY, 0x80000002UL),
	IS(IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD, 0x80000003UL),
	IS(IMA_ERROR_UNEXPECTED_OS_ERROR, 0x80000004UL),
	IS(IMA_ERROR_SYNC_TIMEOUT, 0x80000005UL),
	IS(IMA_ERROR_LU_EXPOSED, 0x80000006UL),
	IS(IMA_ERROR_LU_NOT_EXPOSED, 0x80000007UL),
	IS(IMA_ERROR_LU_IN_USE, 0x80000008UL),
	IS(IMA_ERROR_TARGET_TIMEOUT, 0x80000009UL),
	IS(IMA_ERROR_LOGIN_REJECTED, 0x8000000AUL),
	IS(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED, 0x8000000BUL),
	IS(IMA_ERROR_SCSI_STATUS_CHECK_CONDITION, 0x80000100UL),
	IS(IMA_ERROR_SCSI_STATUS_BUSY, 0x80000101UL),
	IS(IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT, 0x80000102UL),
	IS(IMA_ERROR_SCSI_STATUS_TASK_SET_FULL, 0x80000103UL),
	IS(IMA_ERROR_SCSI_STATUS_ACA_ACTIVE, 0x80000104UL),
	IS(IMA_ERROR_SCSI_STATUS_TASK_ABORTED, 0x80000105UL),
	IS(IMA_ERROR_UNKNOWN_ERROR, 0x8FFFFFFFUL),
	IS(IMA_ERROR_INVALID_PARAMETER, 0xC0000000UL),
	IS(IMA_ERROR_INVALID_OBJECT_TYPE, 0xC0000001UL),
	IS(IMA_ERROR_INCORRECT_OBJECT_TYPE, 0xC0000002UL),
	IS(IMA_ERROR_OBJECT_NOT_FOUND, 0xC0000003UL),
	IS(IMA_ERROR_NAME_TOO_LONG, 0xC0000004UL),
	IS(IMA_ULP_TCP, 1),
	IS(IMA_ULP_SCTP, 2),
	IS(IMA_ULP_UDP, 4),
	IS(IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE, 0),
	IS(IMA_DOWNLOAD_IMAGE_TYPE_OPTION_ROM, 1),
	IS(IMA_DOWNLOAD_IMAGE_TYPE_ALL, 2),
	IS(IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE, 3),
	IS(IMA_ISNS_DISCOVERY_METHOD_STATIC, 0),
	IS(IMA_ISNS_DISCOVERY_METHOD_DHCP, 1),
	IS(IMA_ISNS_DISCOVERY_METHOD_SLP, 2),
	IS(IMA_PHBA_STATUS_WORKING, 0),
	IS(IMA_PHBA_STATUS_FAILED, 1),
	IS(IMA_NETWORK_PORT_STATUS_WORKING, 0),
	IS(IMA_NETWORK_PORT_STATUS_DEGRADED, 1),
	IS(IMA_NETWORK_PORT_STATUS_CRITICAL, 2),
	IS(IMA_NETWORK_PORT_STATUS_FAILED, 3),
	IS(IMA_NETWORK_PORT_STATUS_DISCONNECTED, 4),
	IS(IMA_TARGET_DISCOVERY_METHOD_STATIC, 1),
	IS(IMA_TARGET_DISCOVERY_METHOD_SLP, 2),
	IS(IMA_TARGET_DISCOVERY_METHOD_ISNS, 4),
	IS(IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS, 8),
	IS(IMA_AUTHMETHOD_NONE, 0),
	IS(IMA_AUTHMETHOD_CHAP, 1),
	IS(IMA_AUTHMETHOD_SRP, 2),
	IS(IMA_AUTHMETHOD_KRB5, 3),
	IS(IMA_AUTHMETHOD_SPKM1, 4),
	IS(IMA_AUTHMETHOD_SPKM2, 5),
	IS(IMA_DIGEST_NONE, 0),
	IS(IMA_DIGEST_CRC32C, 1),
	IS(IMA_COMMIT_TYPE_AUTO, 0),
	IS(IMA_COMMIT_TYPE_ACTIVE, 1),
	IS(IMA_COMMIT_TYPE_PERSISTENT, 2),
	IS(IMA_COMMIT_TYPE_ACTIVE_AND_PERSISTENT, 3),
	IS(IMA_COMMIT_TYPE_ALL_WITH_RESET, 4),
};

static void check_constants(void)
{
	size_t i;

	for (i = 0; i < sizeof(constants) / sizeof(constants[0]); i++)
		if (constants[i].value != constants[i].expected) {
			printf("# %s is %#lx, not %#lx\n", constants[i].name,
			       constants[i].value, constants[i].expected);
			failures++;
		}
	for (i = 0; i < sizeof(every_type) / sizeof(every_type[0]); i++)
		failures += !every_type[i];
}

/* Statuses in a switch and in the preprocessor, and the macros. */
#if IMA_STATUS_SUCCESS != 0
#error IMA_STATUS_SUCCESS
#endif

static const char *explain(IMA_STATUS status)
{
	switch (status) {
	case IMA_STATUS_SUCCESS:
		return "success";
	case IMA_ERROR_LU_IN_USE:
		return "in use";
	case IMA_ERROR_INVALID_PARAMETER:
		return "invalid parameter";
	default:
		return "other";
	}
}

static void check_macros(void)
{
	IMA_STATUS status = MAKE_IMA_ERROR(IMA_ERROR_LU_IN_USE);

	failures += !IMA_SUCCESS(IMA_STATUS_SUCCESS);
	failures += !IMA_SUCCESS(MAKE_IMA_STATUS(IMA_STATUS_REBOOT_NECESSARY));
	failures += IMA_SUCCESS(status);
	failures += !IMA_ERROR(status);
	failures += IMA_ERROR(status) != 1;
	failures += GET_SYSTEM_ERROR(status) != 8;
	failures += strcmp(explain(status), "in use");
}

static void on_visibility(IMA_BOOL becomingVisible, IMA_OID object)
{
	boolean = becomingVisible;
	oid = object;
}

static void on_property(IMA_OID object)
{
	oid = object;
}

static void release(void)
{
	failures += !list;
	DONE(IMA_FreeMemory(list));
	list = NULL;
}

static void use_library_and_plugins(void)
{
	IMA_OID plugin = object_of(IMA_OBJECT_TYPE_PLUGIN);
	IMA_OID lhba = object_of(IMA_OBJECT_TYPE_LHBA);
	char input[] = "input", output[16];

	visibility_fn = on_visibility;
	property_fn = on_property;
	DONE(IMA_GetLibraryProperties(&library_properties));
	DONE(IMA_GetPluginOidList(&list));
	failures += list->oidCount != 1;
	release();
	DONE(IMA_GetPluginProperties(plugin, &plugin_properties));
	DONE(IMA_GetAssociatedPluginOid(lhba, &oid));
	DONE(IMA_GetObjectType(lhba, &object_type));
	failures += object_type != IMA_OBJECT_TYPE_LHBA;
	uint = sizeof(output);
	DONE(IMA_PluginIOCtl(plugin, 7, input, sizeof(input), output, &uint));
	DONE(IMA_PluginIOCtl(plugin, 7, NULL, 0, NULL, NULL));
	DONE(IMA_RegisterForObjectPropertyChanges(property_fn));
	DONE(IMA_DeregisterForObjectPropertyChanges(property_fn));
	DONE(IMA_RegisterForObjectVisibilityChanges(visibility_fn));
	DONE(IMA_DeregisterForObjectVisibilityChanges(visibility_fn));
	DONE(QIMA_SetUpdateInterval(plugin, 60));
}

static void use_nodes(void)
{
	IMA_OID node;

	DONE(IMA_GetSharedNodeOid(&node));
	DONE(IMA_GetNonSharedNodeOidList(&list));
	release();
	DONE(IMA_GenerateNodeName(node_name));
	DONE(IMA_SetNodeName(node, node_name));
	DONE(IMA_SetNodeAlias(node, L"an alias"));
	DONE(IMA_SetNodeAlias(node, NULL));
	failures += !IMA_SUCCESS(IMA_GetNodeProperties(node, &node_properties));
	failures += wcscmp(node_properties.name, node_name) != 0;
}

static void use_adapters(void)
{
	IMA_OID lhba = object_of(IMA_OBJECT_TYPE_LHBA);
	IMA_OID phba = object_of(IMA_OBJECT_TYPE_PHBA);

	DONE(IMA_GetLhbaOidList(&list));
	release();
	DONE(IMA_GetLhbaProperties(lhba, &lhba_properties));
	DONE(IMA_RemoveStaleData(lhba));
	DONE(IMA_GetPhbaOidList(&list));
	release();
	DONE(IMA_GetPhbaProperties(phba, &phba_properties));
	DONE(IMA_GetPhbaStatus(phba, &phba_status));
	DONE(IMA_GetPhbaDownloadProperties(phba, &download_properties));
	DONE(IMA_IsPhbaDownloadFile(phba, L"/image", &image_properties));
	DONE(IMA_PhbaDownload(phba, IMA_DOWNLOAD_IMAGE_TYPE_ALL, L"/image"));
	DONE(IMA_GetPnpOidList(phba, &list));
	release();
	DONE(IMA_CommitHbaParameters(lhba, IMA_COMMIT_TYPE_ACTIVE));
}

static void use_ports(void)
{
	IMA_OID lnp = object_of(IMA_OBJECT_TYPE_LNP);
	IMA_OID pnp = object_of(IMA_OBJECT_TYPE_PNP);
	IMA_OID portal = object_of(IMA_OBJECT_TYPE_NETWORK_PORTAL);

	ip_address.ipv4Address = IMA_TRUE;
	ip_address.ipAddress[0] = 192;
	other_address = ip_address;
	other_address.ipAddress[3] = 2;
	DONE(IMA_GetLnpOidList(&list));
	release();
	DONE(IMA_GetLnpProperties(lnp, &lnp_properties));
	DONE(IMA_GetPnpProperties(pnp, &pnp_properties));
	DONE(IMA_GetPnpStatistics(pnp, &pnp_statistics));
	DONE(IMA_GetNetworkPortStatus(pnp, &port_status));
	DONE(IMA_GetNetworkPortalOidList(lnp, &list));
	release();
	DONE(IMA_GetNetworkPortalProperties(portal, &network_portal_properties));
	DONE(IMA_SetNetworkPortalIpAddress(portal, ip_address));
	DONE(IMA_GetIpProperties(pnp, &ip_properties));
	DONE(IMA_SetIpConfigMethod(pnp, IMA_TRUE));
	DONE(IMA_SetSubnetMask(pnp, ip_address));
	DONE(IMA_SetDefaultGateway(pnp, ip_address));
	DONE(IMA_SetDnsServerAddress(pnp, &ip_address, &other_address));
	DONE(IMA_GetIpsecProperties(pnp, &ipsec_properties));
}

static void use_discovery(void)
{
	IMA_OID lhba = object_of(IMA_OBJECT_TYPE_LHBA);
	IMA_OID address = object_of(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS);
	IMA_OID entry = object_of(IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET);

	target_address.hostnameIpAddress.hostnameInUse = IMA_FALSE;
	target_address.hostnameIpAddress.id.ipAddress = ip_address;
	target_address.portNumber = 3260;
	static_discovery_target.targetAddress = target_address;
	wcsncpy(static_discovery_target.targetName, L"iqn.2001-04.com.example:disk",
		IMA_NODE_NAME_LEN - 1);
	DONE(IMA_GetDiscoveryProperties(lhba, &discovery_properties));
	DONE(IMA_SetIsnsDiscovery(lhba, IMA_TRUE, IMA_ISNS_DISCOVERY_METHOD_STATIC,
				  &host_id));
	DONE(IMA_SetSlpDiscovery(lhba, IMA_TRUE));
	DONE(IMA_SetStaticDiscovery(lhba, IMA_TRUE));
	DONE(IMA_SetSendTargetsDiscovery(lhba, IMA_TRUE));
	DONE(IMA_AddDiscoveryAddress(lhba, target_address, &oid));
	DONE(IMA_GetDiscoveryAddressOidList(lhba, &list));
	release();
	DONE(IMA_GetDiscoveryAddressProperties(address, &discovery_address_properties));
	DONE(IMA_RemoveDiscoveryAddress(address));
	DONE(IMA_AddStaticDiscoveryTarget(lhba, static_discovery_target, &oid));
	DONE(IMA_GetStaticDiscoveryTargetOidList(lhba, &list));
	release();
	DONE(IMA_GetStaticDiscoveryTargetProperties(entry,
						    &static_discovery_target_properties));
	DONE(IMA_RemoveStaticDiscoveryTarget(entry));
}

static void use_authentication(void)
{
	IMA_OID lhba = object_of(IMA_OBJECT_TYPE_LHBA);
	IMA_AUTHMETHOD methods[2] = { IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE };

	chap.nameLength = 4;
	memcpy(chap.name, "user", 4);
	initiator.chapParms = chap;
	uint = 2;
	DONE(IMA_GetSupportedAuthMethods(lhba, IMA_TRUE, &uint, methods));
	uint = 2;
	DONE(IMA_GetInUseInitiatorAuthMethods(lhba, &uint, methods));
	DONE(IMA_SetInitiatorAuthMethods(lhba, 2, methods));
	DONE(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &initiator));
	DONE(IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &initiator));
	initiator.srpParms = srp;
	initiator.kerberosParms = krb5;
	initiator.spkmParms = spkm;
}

static void read_login_keys(IMA_OID object)
{
	DONE(IMA_GetDataPduInOrderProperties(object, &bool_value));
	DONE(IMA_GetDataSequenceInOrderProperties(object, &bool_value));
	DONE(IMA_GetDefaultTime2RetainProperties(object, &min_max_value));
	DONE(IMA_GetDefaultTime2WaitProperties(object, &min_max_value));
	DONE(IMA_GetErrorRecoveryLevelProperties(object, &min_max_value));
	DONE(IMA_GetFirstBurstLengthProperties(object, &min_max_value));
	DONE(IMA_GetImmediateDataProperties(object, &bool_value));
	DONE(IMA_GetInitialR2TProperties(object, &bool_value));
	DONE(IMA_GetMaxBurstLengthProperties(object, &min_max_value));
	DONE(IMA_GetMaxConnectionsProperties(object, &min_max_value));
	DONE(IMA_GetMaxOutstandingR2TProperties(object, &min_max_value));
	DONE(IMA_GetMaxRecvDataSegmentLengthProperties(object, &min_max_value));
}

static void set_login_keys(IMA_OID object)
{
	DONE(IMA_SetDataPduInOrder(object, IMA_TRUE));
	DONE(IMA_SetDataSequenceInOrder(object, IMA_TRUE));
	DONE(IMA_SetDefaultTime2Retain(object, 20));
	DONE(IMA_SetDefaultTime2Wait(object, 2));
	DONE(IMA_SetErrorRecoveryLevel(object, 0));
	DONE(IMA_SetFirstBurstLength(object, 65536));
	DONE(IMA_SetImmediateData(object, IMA_TRUE));
	DONE(IMA_SetInitialR2T(object, IMA_FALSE));
	DONE(IMA_SetMaxBurstLength(object, 262144));
	DONE(IMA_SetMaxConnections(object, 1));
	DONE(IMA_SetMaxRecvDataSegmentLength(object, 8192));
	DONE(IMA_SetMaxOutstandingR2T(object, 1));
}

static void use_targets(void)
{
	IMA_OID lhba = object_of(IMA_OBJECT_TYPE_LHBA);
	IMA_OID target = object_of(IMA_OBJECT_TYPE_TARGET);
	IMA_OID session = object_of(IMA_OBJECT_TYPE_SESSION);
	IMA_OID connection = object_of(IMA_OBJECT_TYPE_CONNECTION);

	DONE(IMA_GetTargetOidList(lhba, &list));
	release();
	DONE(IMA_GetTargetProperties(target, &target_properties));
	DONE(IMA_GetTargetErrorStatistics(target, &target_error_statistics));
	DONE(IMA_GetAddressKeys(target, &address_keys));
	DONE(IMA_FreeMemory(address_keys));
	DONE(IMA_GetAddressKeyProperties(target, &address_key_properties));
	DONE(IMA_FreeMemory(address_key_properties));
	DONE(IMA_GetSessionOidList(target, &list));
	release();
	DONE(IMA_GetSessionProperties(session, &session_properties));
	DONE(IMA_GetConnectionOidList(session, &list));
	release();
	DONE(IMA_GetConnectionProperties(connection, &connection_properties));
}

static void use_units(void)
{
	IMA_OID target = object_of(IMA_OBJECT_TYPE_TARGET);
	IMA_OID lu = object_of(IMA_OBJECT_TYPE_LU);
	IMA_STATUS (*get_lu)(IMA_OID, IMA_UINT64, IMA_OID *) = IMA_GetLuOid;

	uint64 = 0xC101;
	DONE(IMA_GetLuOid(target, 0, &oid));
	DONE(IMA_GetLuOid(target, uint64, &oid));
	DONE(get_lu(target, uint64, &oid));
	lu_properties.targetLun = uint64;
	DONE(IMA_GetLuOidList(target, &list));
	release();
	DONE(IMA_GetLuProperties(lu, &lu_properties));
	DONE(IMA_ExposeLu(lu));
	DONE(IMA_UnexposeLu(lu));
	DONE(IMA_GetDeviceStatistics(lu, &device_statistics));
	DONE(IMA_GetStatisticsProperties(lu, &statistics_properties));
	DONE(IMA_SetStatisticsCollection(target, IMA_TRUE));
}

static void use_commands(void)
{
	IMA_OID lu = object_of(IMA_OBJECT_TYPE_LU);
	IMA_BYTE data[96], sense[32];
	IMA_UINT length = sizeof(data), sense_length = sizeof(sense);

	DONE(IMA_LuInquiry(lu, IMA_TRUE, IMA_FALSE, 0x83, data, &length, sense,
			   &sense_length));
	length = sizeof(data);
	DONE(IMA_LuReadCapacity(lu, 16, data, &length, NULL, NULL));
	length = sizeof(data);
	DONE(IMA_LuReportLuns(lu, IMA_FALSE, 0, data, &length, sense, &sense_length));
}

int main(void)
{
	check_constants();
	check_macros();
	use_library_and_plugins();
	use_nodes();
	use_adapters();
	use_ports();
	use_discovery();
	use_authentication();
	read_login_keys(object_of(IMA_OBJECT_TYPE_LHBA));
	set_login_keys(object_of(IMA_OBJECT_TYPE_TARGET));
	use_targets();
	use_units();
	use_commands();
	DONE(IMA_FreeMemory(NULL));
	return failures != 0;
}
