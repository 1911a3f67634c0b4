// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * fields.c - every byte of every structure, in the scenario offload.conf.
 *
 * Structures are filled with rubbish before the call, and compared as a whole.
 */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "support.h"

#define T(name) "iqn.2026-11.sim.example:" name
/* Declares got, full of rubbish, and expected, all zeros. */
#define COMPARE(type)                    \
	type got, expected;              \
	memset(&got, 0xA5, sizeof(got)); \
	memset(&expected, 0, sizeof(expected))
#define WIDE(field, text) \
	wcsncpy((field), L"" text, sizeof(field) / sizeof((field)[0]) - 1)
#define SAME() assert_bytes(&got, &expected, sizeof(got))

static void lhba_properties_are_those_of_the_scenario(void **state)
{
	COMPARE(IMA_LHBA_PROPERTIES);

	(void)state;
	WIDE(expected.osDeviceName, "host4");
	expected.luExposingSupported = IMA_TRUE;
	expected.staleDataRemovable = IMA_TRUE;
	expected.initiatorAuthMethodsSettable = IMA_TRUE;
	assert_done(IMA_GetLhbaProperties(sim_oid("lhba:ea0"), &got));
	SAME();
}

static void stale_data_is_counted_in_bytes(void **state)
{
	static const char stale[] = "found ea0/" T("x") " set sendtargets=yes\n";
	IMA_LHBA_PROPERTIES got;

	(void)state;
	sim("lhba ea0 set stale-data=1000");
	assert_done(IMA_GetLhbaProperties(sim_oid("lhba:ea0"), &got));
	assert_int_equal(got.staleDataSize, 1000);
	sim("target " T("x") " add portals=203.0.113.60:3260\n"
			     "discovery hba0/port0/203.0.113.60:3260 set active=yes");
	sim("found ea0/" T("x") " set sendtargets=yes");
	sim("target " T("x") " remove");
	assert_done(IMA_GetLhbaProperties(sim_oid("lhba:ea0"), &got));
	assert_int_equal(got.staleDataSize, 1000 + strlen(stale));
	assert_string_equal(sim_says("show stale"), stale);
	assert_done(IMA_RemoveStaleData(sim_oid("lhba:ea0")));
	assert_done(IMA_GetLhbaProperties(sim_oid("lhba:ea0"), &got));
	assert_int_equal(got.staleDataSize, 0);
	sim("lhba ea0 set stale-data=1000 stale-data-removable=no");
	assert_done(IMA_GetLhbaProperties(sim_oid("lhba:ea0"), &got));
	assert_int_equal(got.staleDataSize, 0);
}

static void phba_properties_are_those_of_the_scenario(void **state)
{
	COMPARE(IMA_PHBA_PROPERTIES);

	(void)state;
	WIDE(expected.vendor, "Example Adapters");
	WIDE(expected.model, "EA-2000");
	WIDE(expected.description, "Dual port 10 Gb/s iSCSI adapter");
	WIDE(expected.serialNumber, "EA2K-0007");
	WIDE(expected.hardwareVersion, "B2");
	WIDE(expected.asicVersion, "3.1");
	WIDE(expected.firmwareVersion, "2.0.4");
	WIDE(expected.optionRomVersion, "1.3");
	WIDE(expected.driverName, "ea2k");
	WIDE(expected.driverVersion, "5.10.2");
	expected.supportedUlps = IMA_ULP_TCP | IMA_ULP_UDP;
	expected.maximumCdbLength = 16;
	expected.canBeNic = IMA_TRUE;
	expected.isInitiator = IMA_TRUE;
	expected.usingTcpOffloadEngine = IMA_TRUE;
	expected.usingIscsiOffloadEngine = IMA_TRUE;
	assert_done(IMA_GetPhbaProperties(sim_oid("phba:hba0"), &got));
	SAME();
}

static void text_that_is_too_long_is_cut(void **state)
{
	IMA_PHBA_PROPERTIES got;

	(void)state;
	sim("phba hba0 set vendor=%.*s serial=%.*s model=%.*s", 80,
	    "012345678901234567890123456789012345678901234567890123456789012345678901234"
	    "5",
	    63,
	    "0123456789012345678901234567890123456789012345678901234567890123456789012345"
	    "67",
	    64,
	    "012345678901234567890123456789012345678901234567890123456789012345678901234"
	    "5");
	assert_done(IMA_GetPhbaProperties(sim_oid("phba:hba0"), &got));
	assert_int_equal(wcslen(got.vendor), 63);
	assert_int_equal(wcslen(got.serialNumber), 63);
	assert_int_equal(wcslen(got.model), 64);
}

static void three_valued_properties_have_three_values(void **state)
{
	IMA_PHBA_PROPERTIES got;

	(void)state;
	sim("phba hba0 set tcp-offload=unknown is-nic=yes initiator=unknown "
	    "can-be-nic=no");
	assert_done(IMA_GetPhbaProperties(sim_oid("phba:hba0"), &got));
	assert_int_equal(got.usingTcpOffloadEngine, IMA_UNKNOWN);
	assert_int_equal(got.isNic, IMA_TRUE);
	assert_int_equal(got.isInitiator, IMA_UNKNOWN);
	assert_int_equal(got.canBeNic, IMA_FALSE);
}

static void phba_status_is_working_or_failed(void **state)
{
	IMA_PHBA_STATUS got = (IMA_PHBA_STATUS)77;

	(void)state;
	assert_done(IMA_GetPhbaStatus(sim_oid("phba:hba0"), &got));
	assert_int_equal(got, IMA_PHBA_STATUS_WORKING);
	sim("phba hba0 fail");
	assert_done(IMA_GetPhbaStatus(sim_oid("phba:hba0"), &got));
	assert_int_equal(got, IMA_PHBA_STATUS_FAILED);
}

static void download_properties_tell_what_can_be_downloaded(void **state)
{
	COMPARE(IMA_PHBA_DOWNLOAD_PROPERTIES);

	(void)state;
	expected.isPhbaDownloadFileSupported = IMA_TRUE;
	expected.optionRomDownloadSupported = IMA_TRUE;
	expected.firmwareDownloadSupported = IMA_TRUE;
	assert_done(IMA_GetPhbaDownloadProperties(sim_oid("phba:hba0"), &got));
	SAME();
}

static void pnp_properties_are_those_of_the_scenario(void **state)
{
	static const IMA_MAC_ADDRESS mac = { 0x02, 0x00, 0x00, 0xea, 0x20, 0x01 };

	COMPARE(IMA_PNP_PROPERTIES);
	(void)state;
	expected.associatedPhbaOid = sim_oid("phba:hba0");
	memcpy(expected.macAddress, mac, sizeof(mac));
	expected.maximumTransferRate = 10000;
	expected.currentTransferRate = 10000;
	expected.maximumFrameSize = 9018;
	assert_done(IMA_GetPnpProperties(sim_oid("pnp:hba0/port1"), &got));
	SAME();
	sim("pnp hba0/port1 set link=no mac-settable=yes");
	expected.currentTransferRate = 0;
	expected.macAddressSettable = IMA_TRUE;
	assert_done(IMA_GetPnpProperties(sim_oid("pnp:hba0/port1"), &got));
	SAME();
}

static void lnp_properties_are_those_of_the_scenario(void **state)
{
	static const IMA_MAC_ADDRESS mac = { 0x02, 0x00, 0x00, 0xea, 0x20, 0x00 };

	COMPARE(IMA_LNP_PROPERTIES);
	(void)state;
	memcpy(expected.macAddress, mac, sizeof(mac));
	assert_done(IMA_GetLnpProperties(sim_oid("lnp:bond0"), &got));
	SAME();
}

static IMA_NETWORK_PORT_STATUS port_status(const char *name)
{
	IMA_NETWORK_PORT_STATUS status = (IMA_NETWORK_PORT_STATUS)77;

	assert_done(IMA_GetNetworkPortStatus(sim_oid(name), &status));
	return status;
}

static void port_status_follows_links_and_ports(void **state)
{
	static const struct {
		const char *control;
		IMA_NETWORK_PORT_STATUS port0, port1, bond;
	} rows[] = {
		{ "help", IMA_NETWORK_PORT_STATUS_WORKING,
		  IMA_NETWORK_PORT_STATUS_WORKING, IMA_NETWORK_PORT_STATUS_WORKING },
		{ "pnp hba0/port0 lose", IMA_NETWORK_PORT_STATUS_DISCONNECTED,
		  IMA_NETWORK_PORT_STATUS_WORKING, IMA_NETWORK_PORT_STATUS_CRITICAL },
		{ "pnp hba0/port1 set status=failed",
		  IMA_NETWORK_PORT_STATUS_DISCONNECTED, IMA_NETWORK_PORT_STATUS_FAILED,
		  IMA_NETWORK_PORT_STATUS_FAILED },
		{ "pnp hba0/port0 restore", IMA_NETWORK_PORT_STATUS_WORKING,
		  IMA_NETWORK_PORT_STATUS_FAILED, IMA_NETWORK_PORT_STATUS_CRITICAL },
		{ "pnp hba0/port1 set status=degraded", IMA_NETWORK_PORT_STATUS_WORKING,
		  IMA_NETWORK_PORT_STATUS_DEGRADED, IMA_NETWORK_PORT_STATUS_WORKING },
		{ "pnp hba0/port2 add\nlnp bond0 set "
		  "pnps=hba0/port0,hba0/port1,hba0/port2\n"
		  "pnp hba0/port0 lose",
		  IMA_NETWORK_PORT_STATUS_DISCONNECTED, IMA_NETWORK_PORT_STATUS_DEGRADED,
		  IMA_NETWORK_PORT_STATUS_DEGRADED },
		{ "phba hba0 fail", IMA_NETWORK_PORT_STATUS_FAILED,
		  IMA_NETWORK_PORT_STATUS_FAILED, IMA_NETWORK_PORT_STATUS_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sim("%s", rows[i].control);
		assert_int_equal(port_status("pnp:hba0/port0"), rows[i].port0);
		assert_int_equal(port_status("pnp:hba0/port1"), rows[i].port1);
		assert_int_equal(port_status("lnp:bond0"), rows[i].bond);
	}
}

static void network_portal_properties_are_those_of_the_scenario(void **state)
{
	COMPARE(IMA_NETWORK_PORTAL_PROPERTIES);

	(void)state;
	expected.ipAddress = ip("2001:db8:113::40");
	expected.associatedLnp = sim_oid("lnp:bond0");
	assert_done(IMA_GetNetworkPortalProperties(sim_oid("portal:bond0/v6"), &got));
	SAME();
	expected.ipAddress = ip("203.0.113.40");
	assert_done(IMA_GetNetworkPortalProperties(sim_oid("portal:bond0/v4"), &got));
	SAME();
}

static void static_ip_properties_can_be_set(void **state)
{
	COMPARE(IMA_IP_PROPERTIES);

	(void)state;
	expected.ipConfigurationMethodSettable = IMA_TRUE;
	expected.subnetMaskSettable = IMA_TRUE;
	expected.subnetMaskValid = IMA_TRUE;
	expected.subnetMask = ip("255.255.255.0");
	expected.defaultGatewaySettable = IMA_TRUE;
	expected.defaultGatewayValid = IMA_TRUE;
	expected.defaultGateway = ip("203.0.113.1");
	expected.primaryDnsServerAddressSettable = IMA_TRUE;
	expected.primaryDnsServerAddressValid = IMA_TRUE;
	expected.primaryDnsServerAddress = ip("203.0.113.2");
	expected.alternateDnsServerAddressSettable = IMA_TRUE;
	assert_done(IMA_GetIpProperties(sim_oid("pnp:hba0/port0"), &got));
	SAME();
}

static void dhcp_gives_what_the_network_has(void **state)
{
	COMPARE(IMA_IP_PROPERTIES);

	(void)state;
	expected.ipConfigurationMethodSettable = IMA_TRUE;
	expected.dhcpConfigurationEnabled = IMA_TRUE;
	expected.subnetMaskValid = IMA_TRUE;
	expected.subnetMask = ip("255.255.255.0");
	expected.defaultGatewayValid = IMA_TRUE;
	expected.defaultGateway = ip("203.0.113.1");
	expected.primaryDnsServerAddressValid = IMA_TRUE;
	expected.primaryDnsServerAddress = ip("203.0.113.2");
	expected.alternateDnsServerAddressValid = IMA_TRUE;
	expected.alternateDnsServerAddress = ip("203.0.113.3");
	assert_done(IMA_GetIpProperties(sim_oid("pnp:hba0/port1"), &got));
	SAME();
	sim("network san set dhcp=no");
	memset(&expected, 0, sizeof(expected));
	expected.ipConfigurationMethodSettable = IMA_TRUE;
	expected.dhcpConfigurationEnabled = IMA_TRUE;
	assert_done(IMA_GetIpProperties(sim_oid("pnp:hba0/port1"), &got));
	SAME();
}

static void ipsec_is_a_capability_of_ports_and_lhbas(void **state)
{
	COMPARE(IMA_IPSEC_PROPERTIES);

	(void)state;
	assert_done(IMA_GetIpsecProperties(sim_oid("lhba:ea0"), &got));
	SAME();
	expected.ipsecSupported = IMA_TRUE;
	expected.implementedInHardware = IMA_TRUE;
	assert_done(IMA_GetIpsecProperties(sim_oid("pnp:hba0/port0"), &got));
	SAME();
	sim("lhba ea0 set ipsec=yes ipsec-software=yes");
	expected.implementedInHardware = IMA_FALSE;
	expected.implementedInSoftware = IMA_TRUE;
	assert_done(IMA_GetIpsecProperties(sim_oid("lhba:ea0"), &got));
	SAME();
}

static void discovery_properties_are_those_of_the_phba(void **state)
{
	COMPARE(IMA_DISCOVERY_PROPERTIES);

	(void)state;
	assert_done(IMA_GetDiscoveryProperties(sim_oid("lhba:ea0"), &got));
	SAME();
	expected.iSnsDiscoverySettable = IMA_TRUE;
	expected.slpDiscoverySettable = IMA_TRUE;
	expected.staticDiscoverySettable = IMA_TRUE;
	expected.staticDiscoveryEnabled = IMA_TRUE;
	expected.sendTargetsDiscoverySettable = IMA_TRUE;
	expected.sendTargetsDiscoveryEnabled = IMA_TRUE;
	assert_done(IMA_GetDiscoveryProperties(sim_oid("phba:hba0"), &got));
	SAME();
	sim("phba hba0 set slp=unknown slp-settable=no isns=yes isns-method=slp");
	expected.slpDiscoverySettable = IMA_FALSE;
	expected.slpDiscoveryEnabled = IMA_UNKNOWN;
	expected.iSnsDiscoveryEnabled = IMA_TRUE;
	expected.iSnsDiscoveryMethod = IMA_ISNS_DISCOVERY_METHOD_SLP;
	expected.iSnsHost.id.ipAddress = ip("203.0.113.5");
	assert_done(IMA_GetDiscoveryProperties(sim_oid("phba:hba0"), &got));
	SAME();
	sim("phba hba0 set isns-method=static isns-host=storage.example:3205");
	expected.iSnsDiscoveryMethod = IMA_ISNS_DISCOVERY_METHOD_STATIC;
	memset(&expected.iSnsHost, 0, sizeof(expected.iSnsHost));
	expected.iSnsHost.hostnameInUse = IMA_TRUE;
	WIDE(expected.iSnsHost.id.hostname, "storage.example");
	assert_done(IMA_GetDiscoveryProperties(sim_oid("phba:hba0"), &got));
	SAME();
	WIDE(expected.iSnsHost.id.hostname, "[2001:db8::5]:3206");
	assert_done(IMA_SetIsnsDiscovery(sim_oid("phba:hba0"), IMA_TRUE,
					 IMA_ISNS_DISCOVERY_METHOD_STATIC,
					 &expected.iSnsHost));
	assert_done(IMA_GetDiscoveryProperties(sim_oid("phba:hba0"), &got));
	SAME();
}

static void discovery_address_properties_name_node_and_lhba(void **state)
{
	COMPARE(IMA_DISCOVERY_ADDRESS_PROPERTIES);

	(void)state;
	expected.associatedNodeOid = sim_oid("node:hba0");
	expected.associatedLhbaOid = sim_oid("lhba:ea0");
	expected.discoveryAddress = portal("203.0.113.60", 3260);
	assert_done(IMA_GetDiscoveryAddressProperties(
		sim_oid("discovery:hba0/port0/203.0.113.60:3260"), &got));
	SAME();
}

static void static_target_properties_name_node_and_lhba(void **state)
{
	COMPARE(IMA_STATIC_DISCOVERY_TARGET_PROPERTIES);

	(void)state;
	expected.associatedNodeOid = sim_oid("node:hba0");
	expected.associatedLhbaOid = sim_oid("lhba:ea0");
	expected.staticTarget = static_target(L"" T("filer.vol1"),
					      portal("203.0.113.61", 3260));
	assert_done(IMA_GetStaticDiscoveryTargetProperties(
		sim_oid("static:hba0/port0/" T("filer.vol1") "@203.0.113.61:3260"),
		&got));
	SAME();
}

static void node_properties_are_those_of_the_scenario(void **state)
{
	COMPARE(IMA_NODE_PROPERTIES);

	(void)state;
	expected.runningInInitiatorMode = IMA_TRUE;
	expected.nameValid = IMA_TRUE;
	WIDE(expected.name, T("hba0"));
	expected.aliasValid = IMA_TRUE;
	WIDE(expected.alias, "Adapter in slot 3");
	expected.nameAndAliasSettable = IMA_TRUE;
	assert_done(IMA_GetNodeProperties(sim_oid("node:hba0"), &got));
	SAME();
	sim("node bare add initiator=no target=yes settable=no");
	memset(&expected, 0, sizeof(expected));
	expected.runningInTargetMode = IMA_TRUE;
	assert_done(IMA_GetNodeProperties(sim_oid("node:bare"), &got));
	SAME();
}

static void target_properties_tell_how_it_was_found(void **state)
{
	COMPARE(IMA_TARGET_PROPERTIES);

	(void)state;
	expected.associatedNodeOid = sim_oid("node:hba0");
	expected.associatedLhbaOid = sim_oid("lhba:ea0");
	WIDE(expected.name, T("filer.vol1"));
	WIDE(expected.alias, "Volume 1");
	expected.discoveryMethodFlags = IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS |
					IMA_TARGET_DISCOVERY_METHOD_STATIC;
	assert_done(IMA_GetTargetProperties(sim_oid("found:ea0/" T("filer.vol1")), &got));
	SAME();
	sim("phba hba0 set slp=yes\nlhba ea0 set target-sendtargets-settable=yes\n"
	    "found ea0/" T("filer.vol1") " set sendtargets=yes");
	expected.discoveryMethodFlags |= IMA_TARGET_DISCOVERY_METHOD_SLP;
	expected.sendTargetsDiscoverySettable = IMA_TRUE;
	expected.sendTargetsDiscoveryEnabled = IMA_TRUE;
	assert_done(IMA_GetTargetProperties(sim_oid("found:ea0/" T("filer.vol1")), &got));
	SAME();
}

static void address_keys_are_the_portals_of_the_target(void **state)
{
	IMA_ADDRESS_KEYS *keys;

	(void)state;
	assert_done(IMA_GetAddressKeys(sim_oid("found:ea0/" T("filer.vol1")), &keys));
	assert_int_equal(keys->addressKeyCount, 2);
	assert_bytes(&keys->addressKeys[0].ipAddress,
		     &(IMA_IP_ADDRESS[]){ ip("203.0.113.60") }, sizeof(IMA_IP_ADDRESS));
	assert_bytes(&keys->addressKeys[1].ipAddress,
		     &(IMA_IP_ADDRESS[]){ ip("203.0.113.61") }, sizeof(IMA_IP_ADDRESS));
	assert_int_equal(keys->addressKeys[0].portNumber, 3260);
	assert_int_equal(keys->addressKeys[1].portNumber, 3260);
	IMA_FreeMemory(keys);
}

static void lu_properties_tell_the_device(void **state)
{
	COMPARE(IMA_LU_PROPERTIES);

	(void)state;
	expected.associatedTargetOid = sim_oid("found:ea0/" T("filer.vol1"));
	expected.targetLun = 1;
	assert_done(
		IMA_GetLuProperties(sim_oid("found-lu:ea0/" T("filer.vol1") "/1"), &got));
	SAME();
	expected.targetLun = 0;
	expected.exposedToOs = IMA_TRUE;
	expected.timeExposedToOs.tm_year = 126;
	expected.timeExposedToOs.tm_mday = 1;
	expected.timeExposedToOs.tm_wday = 4;
	expected.osDeviceNameValid = IMA_TRUE;
	WIDE(expected.osDeviceName, "/dev/sda");
	expected.osParallelIdsValid = IMA_TRUE;
	assert_done(
		IMA_GetLuProperties(sim_oid("found-lu:ea0/" T("filer.vol1") "/0"), &got));
	SAME();
	sim("lhba ea0 set parallel-ids=no");
	expected.osParallelIdsValid = IMA_FALSE;
	assert_done(
		IMA_GetLuProperties(sim_oid("found-lu:ea0/" T("filer.vol1") "/0"), &got));
	SAME();
}

static void devices_are_named_after_their_type(void **state)
{
	static const struct {
		const char *type;
		const wchar_t *name;
	} rows[] = {
		{ "disk", L"/dev/sdb" },    { "tape", L"/dev/st0" },
		{ "cdrom", L"/dev/sr0" },   { "optical", L"/dev/sr1" },
		{ "changer", L"/dev/sg0" }, { "enclosure", L"/dev/sg1" },
		{ "disk", L"/dev/sdc" },
	};
	IMA_LU_PROPERTIES got;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char name[80];

		sim("lu " T("filer.vol1") "/%zu add type=%s", 100 + i, rows[i].type);
		sim("found-lu ea0/" T("filer.vol1") "/%zu expose", 100 + i);
		snprintf(name, sizeof(name), "found-lu:ea0/" T("filer.vol1") "/%zu",
			 100 + i);
		assert_done(IMA_GetLuProperties(sim_oid(name), &got));
		assert_int_equal(wcscmp(got.osDeviceName, rows[i].name), 0);
		assert_int_equal(got.osLun, 100 + i);
	}
	/* The lowest name that is free is used again. */
	sim("found-lu ea0/" T("filer.vol1") "/100 unexpose");
	sim("found-lu ea0/" T("filer.vol1") "/1 expose");
	assert_done(
		IMA_GetLuProperties(sim_oid("found-lu:ea0/" T("filer.vol1") "/1"), &got));
	assert_int_equal(wcscmp(got.osDeviceName, L"/dev/sdb"), 0);
}

static void statistics_properties_tell_mode_and_switch(void **state)
{
	static const struct {
		const char *mode;
		IMA_BOOL settable, enabled;
	} rows[] = { { "switchable collecting=yes", 1, 1 },
		     { "switchable collecting=no", 1, 0 },
		     { "always", 0, 1 },
		     { "never", 0, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		COMPARE(IMA_STATISTICS_PROPERTIES);

		sim("phba hba0 set statistics=%s", rows[i].mode);
		expected.statisticsCollectionSettable = rows[i].settable;
		expected.statisticsCollectionEnabled = rows[i].enabled;
		assert_done(IMA_GetStatisticsProperties(sim_oid("pnp:hba0/port0"), &got));
		SAME();
	}
}

static const IMA_TARGET_ERROR_STATISTICS all_errors = {
	.loginFailedCountValid = IMA_TRUE,
	.loginFailedCount = 1,
	.sessionFailedCountValid = IMA_TRUE,
	.sessionFailedCount = 2,
	.headerOrDigestSessionFailedCountValid = IMA_TRUE,
	.headerOrDigestSessionFailedCount = 3,
	.timeLimitExceededSessionFailedCountValid = IMA_TRUE,
	.timeLimitExceededSessionFailedCount = 4,
	.formatErrorSessionFailedCountValid = IMA_TRUE,
	.formatErrorSessionFailedCount = 5,
	.closedConnectionDueToTimeoutCountValid = IMA_TRUE,
	.closedConnectionDueToTimeoutCount = 6,
	.lastLoginFailureTimeValid = IMA_TRUE,
	.lastLoginFailureTime = { .tm_year = 126,
				  .tm_mon = 6,
				  .tm_mday = 8,
				  .tm_hour = 9,
				  .tm_min = 10,
				  .tm_sec = 11,
				  .tm_wday = 3,
				  .tm_yday = 188 },
};

static void error_statistics_have_a_flag_for_each_counter(void **state)
{
	COMPARE(IMA_TARGET_ERROR_STATISTICS);

	(void)state;
	sim("clock set 2026-07-08T09:10:11Z\n"
	    "errors ea0/" T(
		    "filer.vol2") " login=1 session=2 digest=3 time-limit=4 format=5 "
				  "timeout=6");
	assert_done(IMA_GetTargetErrorStatistics(sim_oid("found:ea0/" T("filer.vol2")),
						 &got));
	assert_bytes(&got, &all_errors, sizeof(got));
	sim("lhba ea0 set error-counters=session");
	expected.sessionFailedCountValid = IMA_TRUE;
	expected.sessionFailedCount = 2;
	assert_done(IMA_GetTargetErrorStatistics(sim_oid("found:ea0/" T("filer.vol2")),
						 &got));
	SAME();
}

static void key_limits_are_there_only_if_the_key_is_settable(void **state)
{
	COMPARE(IMA_MIN_MAX_VALUE);

	(void)state;
	expected = (IMA_MIN_MAX_VALUE){ IMA_TRUE, IMA_TRUE, 262144, 262144,
					512,	  16777215, 512 };
	assert_done(IMA_GetMaxBurstLengthProperties(sim_oid("lhba:ea0"), &got));
	SAME();
	expected = (IMA_MIN_MAX_VALUE){ .currentValueValid = IMA_TRUE,
					.currentValue = 1 };
	assert_done(IMA_GetMaxConnectionsProperties(sim_oid("lhba:ea0"), &got));
	SAME();
	sim("lhba ea0 set max-connections.exposed=no");
	memset(&expected, 0, sizeof(expected));
	assert_done(IMA_GetMaxConnectionsProperties(sim_oid("lhba:ea0"), &got));
	SAME();
}

static void every_numeric_key_has_its_own_limits(void **state)
{
	static const struct {
		IMA_STATUS (*get)(IMA_OID oid, IMA_MIN_MAX_VALUE *value);
		IMA_MIN_MAX_VALUE expected;
	} rows[] = {
		{ IMA_GetMaxConnectionsProperties, { 1, 1, 1, 1, 1, 65535, 1 } },
		{ IMA_GetMaxRecvDataSegmentLengthProperties,
		  { 1, 1, 8192, 8192, 512, 16777215, 1 } },
		{ IMA_GetMaxBurstLengthProperties,
		  { 1, 1, 262144, 262144, 512, 16777215, 1 } },
		{ IMA_GetFirstBurstLengthProperties,
		  { 1, 1, 65536, 65536, 512, 16777215, 1 } },
		{ IMA_GetDefaultTime2WaitProperties, { 1, 1, 2, 2, 0, 3600, 1 } },
		{ IMA_GetDefaultTime2RetainProperties, { 1, 1, 20, 20, 0, 3600, 1 } },
		{ IMA_GetMaxOutstandingR2TProperties, { 1, 1, 1, 1, 1, 65535, 1 } },
		{ IMA_GetErrorRecoveryLevelProperties, { 1, 1, 0, 0, 0, 2, 1 } },
	};

	(void)state;
	sim("lhba plain add");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IMA_MIN_MAX_VALUE got;

		memset(&got, 0xA5, sizeof(got));
		assert_done(rows[i].get(sim_oid("lhba:plain"), &got));
		assert_bytes(&got, &rows[i].expected, sizeof(got));
	}
}

static void every_boolean_key_is_yes_by_default(void **state)
{
	static IMA_STATUS (*const gets[])(IMA_OID oid, IMA_BOOL_VALUE * value) = {
		IMA_GetInitialR2TProperties,
		IMA_GetImmediateDataProperties,
		IMA_GetDataPduInOrderProperties,
		IMA_GetDataSequenceInOrderProperties,
	};

	(void)state;
	sim("lhba plain add");
	for (size_t i = 0; i < sizeof(gets) / sizeof(gets[0]); i++) {
		COMPARE(IMA_BOOL_VALUE);

		expected = (IMA_BOOL_VALUE){ 1, 1, 1, 1 };
		assert_done(gets[i](sim_oid("lhba:plain"), &got));
		SAME();
	}
}

static void targets_take_keys_from_their_lhba(void **state)
{
	IMA_OID target = sim_oid("found:ea0/" T("filer.vol2"));

	COMPARE(IMA_MIN_MAX_VALUE);
	(void)state;
	expected = (IMA_MIN_MAX_VALUE){ .currentValueValid = IMA_TRUE,
					.currentValue = 65536 };
	assert_done(IMA_GetFirstBurstLengthProperties(target, &got));
	SAME(); /* target-keys-settable=no: no limits */
	sim("lhba ea0 set target-keys-settable=yes reboot-needed=none "
	    "first-burst-length=32768");
	expected = (IMA_MIN_MAX_VALUE){ 1, 1, 32768, 65536, 512, 16777215, 1 };
	assert_done(IMA_GetFirstBurstLengthProperties(target, &got));
	SAME();
	assert_done(IMA_SetFirstBurstLength(target, 1024));
	sim("lhba ea0 set first-burst-length=16384");
	expected.currentValue = 1024;
	assert_done(IMA_GetFirstBurstLengthProperties(target, &got));
	SAME();
}

static void plugin_properties_are_true(void **state)
{
	IMA_PLUGIN_PROPERTIES got;

	(void)state;
	memset(&got, 0xA5, sizeof(got));
	assert_done(IMA_GetPluginProperties(sim_plugin(), &got));
	assert_int_equal(got.supportedImaVersion, 1);
	assert_true(wcslen(got.vendor) > 0 && wcslen(got.implementationVersion) > 0);
	assert_non_null(wcsstr(got.fileName, L"simulator"));
	assert_true(got.buildTime.tm_year > 100);
	assert_int_equal(got.lhbasCanBeCreatedAndDestroyed, IMA_FALSE);
	for (size_t i = 0; i < sizeof(got.reserved); i++)
		assert_int_equal(got.reserved[i], 0);
}

static void authentication_parameters_are_given_back(void **state)
{
	static IMA_INITIATOR_AUTHPARMS parms, got;
	IMA_OID lhba = sim_oid("lhba:ea0");

	(void)state;
	sim("lhba ea0 set reboot-needed=none secrets-readable=yes");
	memset(&parms, 0, sizeof(parms));
	memcpy(parms.spkmParms.privateKey, "private", 7);
	parms.spkmParms.privateKeyLength = 7;
	memset(parms.spkmParms.publicKey, 'p', 4096);
	parms.spkmParms.publicKeyLength = 4096;
	memset(parms.spkmParms.reserved, 0x77, sizeof(parms.spkmParms.reserved));
	assert_done(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_SPKM2, &parms));
	memset(&got, 0xA5, sizeof(got));
	assert_done(IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_SPKM2, &got));
	memset(parms.spkmParms.reserved, 0, sizeof(parms.spkmParms.reserved));
	assert_bytes(&got, &parms, sizeof(got));

	memset(&parms, 0, sizeof(parms));
	parms.chapParms.retries = 3;
	parms.chapParms.minValueLength = 16;
	parms.chapParms.maxValueLength = 64;
	memset(parms.chapParms.name, 0, 5);
	parms.chapParms.nameLength = 5;
	memset(parms.chapParms.challengeSecret, 0xff, 256);
	parms.chapParms.challengeSecretLength = 256;
	assert_done(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms));
	memset(&got, 0xA5, sizeof(got));
	assert_done(IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &got));
	assert_bytes(&got, &parms, sizeof(got));
	/* Who may not read secrets gets none. */
	sim("lhba ea0 set secrets-readable=no");
	memset(parms.chapParms.challengeSecret, 0, 256);
	parms.chapParms.challengeSecretLength = 0;
	assert_done(IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &got));
	assert_bytes(&got, &parms, sizeof(got));
}

static void method_lists_fill_what_fits(void **state)
{
	IMA_AUTHMETHOD methods[8];
	IMA_UINT count = 0;
	IMA_OID lhba = sim_oid("lhba:ea0");

	(void)state;
	assert_done(IMA_GetSupportedAuthMethods(lhba, IMA_FALSE, &count, NULL));
	assert_int_equal(count, 6);
	count = 2;
	assert_done(IMA_GetSupportedAuthMethods(lhba, IMA_FALSE, &count, methods));
	assert_int_equal(count, 2);
	count = 8;
	assert_done(IMA_GetSupportedAuthMethods(lhba, IMA_TRUE, &count, methods));
	assert_int_equal(count, 2); /* whose parameters are set, and none */
	assert_int_equal(methods[0], IMA_AUTHMETHOD_NONE);
	assert_int_equal(methods[1], IMA_AUTHMETHOD_CHAP);
	sim("lhba ea0 set auth-supported= auth-in-use=");
	count = 8;
	assert_done(IMA_GetInUseInitiatorAuthMethods(lhba, &count, methods));
	assert_int_equal(count, 1);
	assert_int_equal(methods[0], IMA_AUTHMETHOD_NONE);
}

struct described {
	const char *lines;
	IMA_PHBA_DOWNLOAD_IMAGE_TYPE type;
	const wchar_t *version;
	IMA_XBOOL upgrade;
};

static void check_described(const struct described *row)
{
	COMPARE(IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES);
	char lines[200];

	snprintf(lines, sizeof(lines), "%sdescription: For tests\n", row->lines);
	expected.imageType = row->type;
	wcsncpy(expected.version, row->version, 31);
	WIDE(expected.description, "For tests");
	expected.upgrade = row->upgrade;
	assert_done(IMA_IsPhbaDownloadFile(sim_oid("phba:hba0"),
					   image("EA-2000", lines, IMAGE_GOOD), &got));
	SAME();
}

static void image_properties_describe_the_image(void **state)
{
	static const struct described rows[] = {
		{ "firmware: 2.0.10\n", IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE, L"2.0.10",
		  IMA_TRUE },
		{ "firmware: 2.0.4\n", IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE, L"2.0.4",
		  IMA_FALSE },
		{ "firmware: 1.9.9\n", IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE, L"1.9.9",
		  IMA_FALSE },
		{ "option-rom: 1.4\n", IMA_DOWNLOAD_IMAGE_TYPE_OPTION_ROM, L"1.4",
		  IMA_TRUE },
		{ "firmware: 2.0.4\noption-rom: 1.4\n", IMA_DOWNLOAD_IMAGE_TYPE_ALL,
		  L"2.0.4", IMA_TRUE },
		{ "boot-code: 1.0\n", IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE, L"1.0",
		  IMA_FALSE },
	};
	/* Nobody knows whether it is newer than a version that is not known. */
	static const struct described unknown = { "firmware: 1\n",
						  IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE, L"1",
						  IMA_UNKNOWN };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_described(&rows[i]);
	sim("phba hba0 set firmware-version=");
	check_described(&unknown);
}

#define TEST(name) cmocka_unit_test_teardown(name, sim_reset)

static const struct CMUnitTest tests[] = {
	TEST(lhba_properties_are_those_of_the_scenario),
	TEST(stale_data_is_counted_in_bytes),
	TEST(phba_properties_are_those_of_the_scenario),
	TEST(text_that_is_too_long_is_cut),
	TEST(three_valued_properties_have_three_values),
	TEST(phba_status_is_working_or_failed),
	TEST(download_properties_tell_what_can_be_downloaded),
	TEST(image_properties_describe_the_image),
	TEST(pnp_properties_are_those_of_the_scenario),
	TEST(lnp_properties_are_those_of_the_scenario),
	TEST(port_status_follows_links_and_ports),
	TEST(network_portal_properties_are_those_of_the_scenario),
	TEST(static_ip_properties_can_be_set),
	TEST(dhcp_gives_what_the_network_has),
	TEST(ipsec_is_a_capability_of_ports_and_lhbas),
	TEST(discovery_properties_are_those_of_the_phba),
	TEST(discovery_address_properties_name_node_and_lhba),
	TEST(static_target_properties_name_node_and_lhba),
	TEST(node_properties_are_those_of_the_scenario),
	TEST(target_properties_tell_how_it_was_found),
	TEST(address_keys_are_the_portals_of_the_target),
	TEST(lu_properties_tell_the_device),
	TEST(devices_are_named_after_their_type),
	TEST(statistics_properties_tell_mode_and_switch),
	TEST(error_statistics_have_a_flag_for_each_counter),
	TEST(key_limits_are_there_only_if_the_key_is_settable),
	TEST(every_numeric_key_has_its_own_limits),
	TEST(every_boolean_key_is_yes_by_default),
	TEST(targets_take_keys_from_their_lhba),
	TEST(plugin_properties_are_true),
	TEST(authentication_parameters_are_given_back),
	TEST(method_lists_fill_what_fits),
};

static int run(void)
{
	return cmocka_run_group_tests_name("simulator-fields", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return sim_run(argc, argv, SHIPPED "/offload.conf", run);
}
