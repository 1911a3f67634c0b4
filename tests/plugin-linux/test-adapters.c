// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test-adapters.c - adapters with an iSCSI engine, on a tree written from documentation.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "plugin-support/address.h"
#include "plugin-support/field.h"
#include "plugins/linux/linux.h"
#include "scripted.h"

#define RUN(runs) expect_runs(runs, ARRAY_SIZE(runs))
#define BE2	  "be2iscsi.00:00:c9:00:00:0c.ipv4.0"
#define BNX2	  "bnx2i.00:10:18:00:00:0a"

static struct tree tree;

/* What is known of each, in the order of the lists. */
static const struct adapter_case {
	const char *lhba, *driver, *vendor, *model, *serial, *firmware;
	IMA_XBOOL is_nic;
	IMA_BYTE mac_end;
	IMA_UINT rate, frame;
	IMA_NETWORK_PORT_STATUS status;
	const char *addresses[3];
} adapters[] = {
	{ "host10",
	  "bnx2i",
	  "Broadcom",
	  "NetXtreme II",
	  "",
	  "",
	  IMA_TRUE,
	  0x0a,
	  10000,
	  1514,
	  IMA_NETWORK_PORT_STATUS_WORKING,
	  { "192.0.2.10" } },
	{ "host11",
	  "cxgb4i",
	  "Chelsio",
	  "T4/T5/T6",
	  "",
	  "",
	  IMA_TRUE,
	  0x0b,
	  10000,
	  1514,
	  IMA_NETWORK_PORT_STATUS_WORKING,
	  { "192.0.2.11" } },
	{ "host12",
	  "be2iscsi",
	  "Emulex",
	  "OneConnect",
	  "",
	  "",
	  IMA_FALSE,
	  0x0c,
	  10000,
	  0,
	  IMA_NETWORK_PORT_STATUS_WORKING,
	  { "192.0.2.12", "2001:db8::12" } },
	{ "host13",
	  "qla4xxx",
	  "QLogic",
	  "QLE4062C",
	  "FS10813A06612",
	  "3.00.01.57",
	  IMA_FALSE,
	  0x0d,
	  1000,
	  0,
	  IMA_NETWORK_PORT_STATUS_DISCONNECTED,
	  { "192.0.2.13", "fe80::2c0:ddff:fe00:d" } },
	{ "host14",
	  "qedi",
	  "QLogic",
	  "FastLinQ",
	  "",
	  "",
	  IMA_TRUE,
	  0x0e,
	  25000,
	  1514,
	  IMA_NETWORK_PORT_STATUS_WORKING,
	  { "192.0.2.14" } },
};

static int begin(void **state)
{
	(void)state;
	tree_make(&tree, "adapters");
	tree_dir(&tree, "proc/self");
	tree_dir(&tree, "dev");
	plugin_begin(&tree);
	return 0;
}

static int end(void **state)
{
	(void)state;
	plugin_end();
	return 0;
}

static IMA_OID take(IMA_OID_LIST *list, IMA_UINT at)
{
	IMA_OID oid;

	assert_true(at < list->oidCount);
	oid = list->oids[at];
	IMA_FreeMemory(list);
	return oid;
}

static const struct adapter_case *case_of(IMA_OID phba)
{
	IMA_PHBA_PROPERTIES props;
	char driver[256];

	assert_int_equal(IMA_GetPhbaProperties(phba, &props), IMA_STATUS_SUCCESS);
	FIELD_GET(props.driverName, driver);
	for (size_t i = 0; i < ARRAY_SIZE(adapters); i++)
		if (!strcmp(adapters[i].driver, driver))
			return &adapters[i];
	fail_msg("an adapter of %s", driver);
	return NULL;
}

static IMA_OID phba_of(const char *driver)
{
	IMA_OID_LIST *list;
	IMA_OID oid = { 0 };

	assert_int_equal(IMA_GetPhbaOidList(&list), IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		if (!strcmp(case_of(list->oids[i])->driver, driver))
			oid = list->oids[i];
	IMA_FreeMemory(list);
	return oid;
}

static IMA_OID pnp_of(const char *driver)
{
	IMA_OID_LIST *list;

	assert_int_equal(IMA_GetPnpOidList(phba_of(driver), &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 1);
	return take(list, 0);
}

/* The LNP of an adapter is the one that has its MAC address. */
static IMA_OID lnp_of(const struct adapter_case *c)
{
	IMA_LNP_PROPERTIES props;
	IMA_OID_LIST *list;
	IMA_OID oid = { 0 };

	assert_int_equal(IMA_GetLnpOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, ARRAY_SIZE(adapters));
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(IMA_GetLnpProperties(list->oids[i], &props),
				 IMA_STATUS_SUCCESS);
		if (props.macAddress[5] == c->mac_end)
			oid = list->oids[i];
	}
	IMA_FreeMemory(list);
	return oid;
}

static void assert_field(const IMA_WCHAR *field, size_t size, const char *expected)
{
	char text[256];

	assert_true(field_get(field, size, text, sizeof(text)) >= 0);
	assert_string_equal(text, expected);
}

#define ASSERT_FIELD(field, expected) assert_field(field, ARRAY_SIZE(field), expected)

/* --- Reading ---------------------------------------------------------------------------------- */

static void check_phba(IMA_OID phba, const struct adapter_case *c)
{
	IMA_PHBA_PROPERTIES props;
	IMA_PHBA_STATUS status;

	assert_int_equal(IMA_GetPhbaProperties(phba, &props), IMA_STATUS_SUCCESS);
	ASSERT_FIELD(props.vendor, c->vendor);
	ASSERT_FIELD(props.model, c->model);
	ASSERT_FIELD(props.serialNumber, c->serial);
	ASSERT_FIELD(props.firmwareVersion, c->firmware);
	assert_int_equal(props.isNic, c->is_nic);
	assert_int_equal(props.usingIscsiOffloadEngine, IMA_TRUE);
	assert_int_equal(props.isInitiator, IMA_TRUE);
	assert_int_equal(props.supportedUlps, IMA_ULP_TCP);
	assert_int_equal(props.driverVersion[0], L'1');
	assert_int_equal(IMA_GetPhbaStatus(phba, &status), IMA_STATUS_SUCCESS);
	assert_int_equal(status, IMA_PHBA_STATUS_WORKING);
}

static void check_pnp(IMA_OID phba, const struct adapter_case *c)
{
	IMA_NETWORK_PORT_STATUS status;
	IMA_PNP_PROPERTIES props;
	IMA_OID_LIST *list;
	IMA_OID pnp;

	assert_int_equal(IMA_GetPnpOidList(phba, &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 1);
	pnp = take(list, 0);
	assert_int_equal(IMA_GetPnpProperties(pnp, &props), IMA_STATUS_SUCCESS);
	assert_memory_equal(&props.associatedPhbaOid, &phba, sizeof(phba));
	assert_int_equal(props.macAddress[5], c->mac_end);
	assert_int_equal(props.currentTransferRate, c->rate);
	assert_int_equal(props.maximumFrameSize, c->frame);
	assert_int_equal(IMA_GetNetworkPortStatus(pnp, &status), IMA_STATUS_SUCCESS);
	assert_int_equal(status, c->status);
	/* The same port from the other side. */
	assert_int_equal(IMA_GetPnpOidList(lnp_of(c), &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 1);
	assert_int_equal(take(list, 0).objectSequenceNumber, pnp.objectSequenceNumber);
}

static void check_portals(const struct adapter_case *c)
{
	IMA_NETWORK_PORTAL_PROPERTIES props;
	char text[IP_TEXT_SIZE];
	IMA_OID_LIST *list;
	size_t found = 0;

	assert_int_equal(IMA_GetNetworkPortalOidList(lnp_of(c), &list),
			 IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(IMA_GetNetworkPortalProperties(list->oids[i], &props),
				 IMA_STATUS_SUCCESS);
		ip_to_text(&props.ipAddress, text);
		for (size_t k = 0; k < ARRAY_SIZE(c->addresses) && c->addresses[k]; k++)
			found += !strcmp(c->addresses[k], text);
	}
	for (size_t k = 0; k < ARRAY_SIZE(c->addresses) && c->addresses[k]; k++)
		found--;
	assert_int_equal(found, 0);
	IMA_FreeMemory(list);
}

static void every_adapter_is_a_phba_with_a_port_and_addresses(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	assert_int_equal(IMA_GetPhbaOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, ARRAY_SIZE(adapters));
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		const struct adapter_case *c = case_of(list->oids[i]);

		check_phba(list->oids[i], c);
		check_pnp(list->oids[i], c);
		check_portals(c);
	}
	IMA_FreeMemory(list);
}

static void the_lhba_of_an_adapter_has_the_name_of_its_host(void **state)
{
	IMA_IPSEC_PROPERTIES ipsec;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(adapters); i++)
		assert_int_equal(lhba_named(adapters[i].lhba).objectType,
				 IMA_OBJECT_TYPE_LHBA);
	assert_int_equal(IMA_GetIpsecProperties(lhba_named("host13"), &ipsec),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(ipsec.ipsecSupported, IMA_FALSE);
}

static void a_session_through_an_adapter_belongs_to_its_lhba(void **state)
{
	static const IMA_BYTE isid[] = { 0x00, 0xc0, 0xdd, 0x0d, 0x00, 0x01 };
	IMA_SESSION_PROPERTIES props;
	IMA_OID_LIST *lhbas, *list;
	IMA_UINT sessions = 0;

	(void)state;
	assert_int_equal(IMA_GetLhbaOidList(&lhbas), IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < lhbas->oidCount; i++) {
		assert_int_equal(IMA_GetSessionOidList(lhbas->oids[i], &list),
				 IMA_STATUS_SUCCESS);
		for (IMA_UINT k = 0; k < list->oidCount; k++) {
			assert_int_equal(IMA_GetSessionProperties(list->oids[k], &props),
					 IMA_STATUS_SUCCESS);
			assert_memory_equal(props.isid, isid, sizeof(isid));
			assert_memory_equal(&props.associatedLhbaOid, &lhbas->oids[i],
					    sizeof(IMA_OID));
			sessions++;
		}
		IMA_FreeMemory(list);
	}
	IMA_FreeMemory(lhbas);
	assert_int_equal(sessions, 1);
}

static void an_adapter_that_is_offline_has_failed(void **state)
{
	IMA_PHBA_STATUS status;

	(void)state;
	tree_put(&tree, "sys/class/scsi_host/host12/state", "offline\n");
	assert_int_equal(IMA_GetPhbaStatus(phba_of("be2iscsi"), &status),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(status, IMA_PHBA_STATUS_FAILED);
	tree_put(&tree, "sys/class/scsi_host/host12/state", "recovery\n");
	assert_int_equal(IMA_GetPhbaStatus(phba_of("be2iscsi"), &status),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(status, IMA_PHBA_STATUS_WORKING);
}

/* --- IP configuration --------------------------------------------------------------------------- */

static void ip_settings_are_those_of_the_first_ipv4_interface(void **state)
{
	IMA_IP_PROPERTIES props;
	char text[IP_TEXT_SIZE];

	(void)state;
	assert_int_equal(IMA_GetIpProperties(pnp_of("be2iscsi"), &props),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(props.dhcpConfigurationEnabled, IMA_FALSE);
	assert_int_equal(props.ipConfigurationMethodSettable, IMA_TRUE);
	assert_int_equal(props.subnetMaskValid, IMA_TRUE);
	assert_int_equal(props.subnetMaskSettable, IMA_TRUE);
	ip_to_text(&props.subnetMask, text);
	assert_string_equal(text, "255.255.255.0");
	ip_to_text(&props.defaultGateway, text);
	assert_string_equal(text, "192.0.2.1");
	assert_int_equal(props.primaryDnsServerAddressValid, IMA_FALSE);
	/* What DHCP decides cannot be set, and a gateway that is not there is not valid. */
	assert_int_equal(IMA_GetIpProperties(pnp_of("qla4xxx"), &props),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(props.dhcpConfigurationEnabled, IMA_TRUE);
	assert_int_equal(props.subnetMaskSettable, IMA_FALSE);
	assert_int_equal(props.defaultGatewayValid, IMA_FALSE);
	/* One without interfaces of its own has nothing that could be set. */
	assert_int_equal(IMA_GetIpProperties(pnp_of("bnx2i"), &props),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(props.ipConfigurationMethodSettable, IMA_FALSE);
	assert_int_equal(props.subnetMaskValid, IMA_FALSE);
}

#define SET(record, key, value) "-m iface -I " record " -o update -n " key " -v " value
#define APPLY(record)		"-m iface -I " record " -o apply"

static IMA_IP_ADDRESS ip(const char *text)
{
	IMA_IP_ADDRESS address;

	assert_int_equal(ip_from_text(text, &address), 0);
	return address;
}

static void ip_settings_go_into_the_interface_record_and_are_applied(void **state)
{
	static const struct run runs[] = {
		{ SET(BE2, "iface.subnet_mask", "255.255.0.0"), 0, NULL, NULL, 0, NULL },
		{ APPLY(BE2), 0, NULL, NULL, 0, NULL },
		{ SET(BE2, "iface.gateway", "192.0.2.254"), 0, NULL, NULL, 0, NULL },
		{ APPLY(BE2), 0, NULL, NULL, 0, NULL },
		{ SET(BE2, "iface.bootproto", "dhcp"), 0, NULL, NULL, 0, NULL },
		{ APPLY(BE2), 0, NULL, NULL, 0, NULL },
	};
	IMA_OID pnp = pnp_of("be2iscsi");

	(void)state;
	RUN(runs);
	assert_int_equal(IMA_SetSubnetMask(pnp, ip("255.255.0.0")), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetDefaultGateway(pnp, ip("192.0.2.254")),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetIpConfigMethod(pnp, IMA_TRUE), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetSubnetMask(pnp, ip("255.0.255.0")),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_SetDefaultGateway(pnp, ip("224.0.0.1")),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_SetDnsServerAddress(pnp, NULL, NULL),
			 IMA_ERROR_NOT_SUPPORTED);
	assert_int_equal(IMA_SetSubnetMask(pnp_of("qla4xxx"), ip("255.255.0.0")),
			 IMA_ERROR_NOT_SUPPORTED);
}

static IMA_OID portal_of(const char *driver, const char *address)
{
	IMA_NETWORK_PORTAL_PROPERTIES props;
	IMA_IP_ADDRESS wanted = ip(address);
	IMA_OID_LIST *list;
	IMA_OID oid = { 0 };

	assert_int_equal(
		IMA_GetNetworkPortalOidList(lnp_of(case_of(phba_of(driver))), &list),
		IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(IMA_GetNetworkPortalProperties(list->oids[i], &props),
				 IMA_STATUS_SUCCESS);
		if (!memcmp(&props.ipAddress, &wanted, sizeof(wanted)))
			oid = list->oids[i];
	}
	IMA_FreeMemory(list);
	return oid;
}

/* Without interfaces of its own an adapter gets its address with the next login. */
static void an_address_is_set_in_the_record_of_its_interface(void **state)
{
	static const struct run runs[] = {
		{ SET("be2iscsi.00:00:c9:00:00:0c.ipv6.0", "iface.ipaddress",
		      "2001:db8::99"),
		  0, NULL, NULL, 0, NULL },
		{ APPLY("be2iscsi.00:00:c9:00:00:0c.ipv6.0"), 0, NULL, NULL, 0, NULL },
		{ SET(BNX2, "iface.ipaddress", "192.0.2.77"), 0, NULL, NULL, 0, NULL },
	};

	(void)state;
	RUN(runs);
	assert_int_equal(
		IMA_SetNetworkPortalIpAddress(portal_of("be2iscsi", "2001:db8::12"),
					      ip("2001:db8::99")),
		IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetNetworkPortalIpAddress(portal_of("bnx2i", "192.0.2.10"),
						       ip("192.0.2.77")),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetNetworkPortalIpAddress(portal_of("bnx2i", "192.0.2.10"),
						       ip("224.0.0.1")),
			 IMA_ERROR_INVALID_PARAMETER);
}

static void what_adapters_cannot_do_is_said(void **state)
{
	IMA_PHBA_DOWNLOAD_PROPERTIES download;
	IMA_DISCOVERY_PROPERTIES discovery;
	IMA_STATISTICS_PROPERTIES statistics;
	IMA_PNP_STATISTICS counters;
	IMA_OID phba = phba_of("qedi"), pnp = pnp_of("qedi");

	(void)state;
	assert_int_equal(IMA_GetPhbaDownloadProperties(phba, &download),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(download.firmwareDownloadSupported, IMA_FALSE);
	assert_int_equal(IMA_GetDiscoveryProperties(phba, &discovery),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(discovery.sendTargetsDiscoverySettable, IMA_FALSE);
	assert_int_equal(IMA_GetStatisticsProperties(pnp, &statistics),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(statistics.statisticsCollectionEnabled, IMA_FALSE);
	assert_int_equal(IMA_GetPnpStatistics(pnp, &counters),
			 IMA_ERROR_STATS_COLLECTION_NOT_ENABLED);
}

/* Its way to a target cannot be gone by anybody else. */
static void a_target_of_an_adapter_is_not_asked_from_elsewhere(void **state)
{
	IMA_BYTE out[36];
	IMA_UINT size = sizeof(out);
	IMA_OID_LIST *list;
	IMA_OID target;

	(void)state;
	tree_remove(&tree, "sys/class/iscsi_session/session1");
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
	assert_int_equal(IMA_GetLnpOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetTargetOidList(take(list, 0), &list), IMA_STATUS_SUCCESS);
	target = take(list, 0);
	assert_int_equal(
		IMA_LuInquiry(target, IMA_FALSE, IMA_FALSE, 0, out, &size, NULL, NULL),
		IMA_ERROR_NOT_SUPPORTED);
}

#define ADAPTER_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ADAPTER_TEST(every_adapter_is_a_phba_with_a_port_and_addresses),
		ADAPTER_TEST(the_lhba_of_an_adapter_has_the_name_of_its_host),
		ADAPTER_TEST(a_session_through_an_adapter_belongs_to_its_lhba),
		ADAPTER_TEST(an_adapter_that_is_offline_has_failed),
		ADAPTER_TEST(ip_settings_are_those_of_the_first_ipv4_interface),
		ADAPTER_TEST(ip_settings_go_into_the_interface_record_and_are_applied),
		ADAPTER_TEST(an_address_is_set_in_the_record_of_its_interface),
		ADAPTER_TEST(what_adapters_cannot_do_is_said),
		ADAPTER_TEST(a_target_of_an_adapter_is_not_asked_from_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
