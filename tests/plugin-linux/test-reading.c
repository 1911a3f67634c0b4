// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test-reading.c - what the plugin says about a recorded machine: three sessions of two
 * interfaces with one target of two LUs, and targets without sessions.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin-support/address.h"
#include "plugin-support/field.h"
#include "plugins/linux/linux.h"
#include "scripted.h"

#define LIO    "iqn.2024-01.test:lio"
#define IDLE   "iqn.2024-01.test:idle"
#define STATIC "iqn.2024-01.x:static"
#define OLD    "iqn.2024-01.x:oldform"

static struct tree tree;

static int begin(void **state)
{
	(void)state;
	tree_make(&tree, "two-interfaces");
	plugin_begin(&tree);
	return 0;
}

static int end(void **state)
{
	(void)state;
	plugin_end();
	return 0;
}

static void assert_field(const IMA_WCHAR *field, size_t count, const char *text)
{
	char got[512];

	assert_true(field_get(field, count, got, sizeof(got)) >= 0);
	assert_string_equal(got, text);
}

#define ASSERT_FIELD(field, text) assert_field((field), ARRAY_SIZE(field), (text))

/* Takes the list's address: arguments are evaluated in any order. */
static IMA_UINT count_of(IMA_STATUS status, IMA_OID_LIST **place)
{
	IMA_OID_LIST *list = *place;
	IMA_UINT count;

	assert_int_equal(status, IMA_STATUS_SUCCESS);
	count = list->oidCount;
	for (IMA_UINT i = 0; i < count; i++)
		for (IMA_UINT k = 0; k < i; k++)
			assert_int_not_equal(list->oids[i].objectSequenceNumber,
					     list->oids[k].objectSequenceNumber);
	IMA_FreeMemory(list);
	return count;
}

static void every_interface_is_an_lhba(void **state)
{
	IMA_LHBA_PROPERTIES props;
	IMA_OID_LIST *list;

	(void)state;
	assert_int_equal(count_of(IMA_GetLhbaOidList(&list), &list), 2);
	memset(&props, 0xaa, sizeof(props));
	assert_int_equal(IMA_GetLhbaProperties(lhba_named("ifx"), &props),
			 IMA_STATUS_SUCCESS);
	ASSERT_FIELD(props.osDeviceName, "ifx");
	assert_int_equal(props.luExposingSupported, IMA_TRUE);
	assert_int_equal(props.initiatorAuthMethodsSettable, IMA_TRUE);
	assert_int_equal(props.isDestroyable, IMA_FALSE);
	assert_int_equal(props.staleDataRemovable, IMA_FALSE);
	for (size_t i = 0; i < sizeof(props.reserved); i++)
		assert_int_equal(props.reserved[i], 0);
}

static void an_interface_with_a_name_of_its_own_is_a_node(void **state)
{
	IMA_TARGET_PROPERTIES target;
	IMA_NODE_PROPERTIES props;
	IMA_OID_LIST *list;
	IMA_OID node;

	(void)state;
	assert_int_equal(IMA_GetNonSharedNodeOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 1);
	node = list->oids[0];
	IMA_FreeMemory(list);
	assert_int_equal(IMA_GetNodeProperties(node, &props), IMA_STATUS_SUCCESS);
	ASSERT_FIELD(props.name, "iqn.2024-01.init:x");
	assert_int_equal(props.nameAndAliasSettable, IMA_FALSE);
	assert_int_equal(props.runningInInitiatorMode, IMA_TRUE);
	IMA_GetTargetProperties(target_named("ifx", LIO), &target);
	assert_memory_equal(&target.associatedNodeOid, &node, sizeof(node));
}

static void the_shared_node_is_that_of_open_iscsi(void **state)
{
	IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMA_TARGET_PROPERTIES target;
	IMA_NODE_PROPERTIES props;
	IMA_OID through_lhba;

	(void)state;
	assert_int_equal(IMA_GetNodeProperties(shared, &props), IMA_STATUS_SUCCESS);
	ASSERT_FIELD(props.name, "iqn.2024-01.test:init");
	assert_int_equal(props.aliasValid, IMA_FALSE);
	IMA_GetTargetProperties(target_named("", LIO), &target);
	assert_memory_equal(&target.associatedNodeOid, &shared, sizeof(shared));
	/* As an existing client does it. */
	through_lhba = lhba_named("");
	through_lhba.objectType = IMA_OBJECT_TYPE_NODE;
	memset(&props, 0, sizeof(props));
	assert_int_equal(IMA_GetNodeProperties(through_lhba, &props), IMA_STATUS_SUCCESS);
	ASSERT_FIELD(props.name, "iqn.2024-01.test:init");
}

struct target_case {
	const char *lhba, *name;
	IMA_UINT32 flags;
	IMA_UINT sessions, lus, portals;
};

static void check_target(const struct target_case *c)
{
	IMA_OID lhba = lhba_named(c->lhba), oid = target_named(c->lhba, c->name);
	IMA_TARGET_PROPERTIES props;
	IMA_ADDRESS_KEYS *keys;
	IMA_OID_LIST *list;

	memset(&props, 0xaa, sizeof(props));
	assert_int_equal(IMA_GetTargetProperties(oid, &props), IMA_STATUS_SUCCESS);
	ASSERT_FIELD(props.name, c->name);
	ASSERT_FIELD(props.alias, "");
	assert_int_equal(props.discoveryMethodFlags, c->flags);
	assert_memory_equal(&props.associatedLhbaOid, &lhba, sizeof(lhba));
	assert_int_equal(count_of(IMA_GetSessionOidList(oid, &list), &list), c->sessions);
	assert_int_equal(count_of(IMA_GetLuOidList(oid, &list), &list), c->lus);
	assert_int_equal(IMA_GetAddressKeys(oid, &keys), IMA_STATUS_SUCCESS);
	assert_int_equal(keys->addressKeyCount, c->portals);
	IMA_FreeMemory(keys);
}

static void targets_are_those_of_records_and_sessions(void **state)
{
	static const struct target_case cases[] = {
		{ "", IDLE, IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS, 0, 0, 1 },
		{ "", LIO, IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS, 2, 2, 3 },
		{ "", OLD, IMA_TARGET_DISCOVERY_METHOD_STATIC, 0, 0, 1 },
		{ "", STATIC, IMA_TARGET_DISCOVERY_METHOD_STATIC, 0, 0, 1 },
		{ "ifx", IDLE, IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS, 0, 0, 1 },
		{ "ifx", LIO, IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS, 1, 2, 3 },
	};
	IMA_OID_LIST *list;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_target(&cases[i]);
	assert_int_equal(count_of(IMA_GetTargetOidList(lhba_named(""), &list), &list), 4);
	assert_int_equal(count_of(IMA_GetLuOidList(lhba_named(""), &list), &list), 2);
	assert_int_equal(count_of(IMA_GetSessionOidList(lhba_named("ifx"), &list), &list),
			 1);
}

static void address_keys_are_the_portals_of_the_records(void **state)
{
	static const char *const expected[] = { "127.0.0.1", "127.0.0.2", "::1" };
	IMA_ADDRESS_KEYS *keys;
	char text[IP_TEXT_SIZE];

	(void)state;
	assert_int_equal(IMA_GetAddressKeys(target_named("", LIO), &keys),
			 IMA_STATUS_SUCCESS);
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		ip_to_text(&keys->addressKeys[i].ipAddress, text);
		assert_string_equal(text, expected[i]);
		assert_int_equal(keys->addressKeys[i].portNumber, 3260);
	}
	IMA_FreeMemory(keys);
}

static void a_target_without_records_is_known_by_its_session(void **state)
{
	IMA_ADDRESS_KEYS *keys;

	(void)state;
	tree_remove(&tree, "etc/iscsi/nodes");
	tree_remove(&tree, "etc/iscsi/send_targets");
	assert_int_equal(IMA_GetAddressKeys(target_named("", LIO), &keys),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(keys->addressKeyCount, 2);
	IMA_FreeMemory(keys);
}

static void sessions_show_what_was_negotiated(void **state)
{
	IMA_CONNECTION_PROPERTIES connection;
	IMA_SESSION_PROPERTIES props;
	IMA_OID_LIST *list;
	IMA_OID session;

	(void)state;
	assert_int_equal(IMA_GetSessionOidList(target_named("ifx", LIO), &list),
			 IMA_STATUS_SUCCESS);
	session = list->oids[0];
	IMA_FreeMemory(list);
	memset(&props, 0xaa, sizeof(props));
	assert_int_equal(IMA_GetSessionProperties(session, &props), IMA_STATUS_SUCCESS);
	assert_int_equal(props.firstBurstLength, 65536);
	assert_int_equal(props.maxBurstLength, 262144);
	assert_int_equal(props.initialR2T, IMA_TRUE);
	assert_int_equal(props.immediateData, IMA_TRUE);
	assert_int_equal(props.dataPduInOrder, IMA_TRUE);
	assert_int_equal(props.dataSequenceInOrder, IMA_TRUE);
	assert_int_equal(props.maxOutstandingR2T, 1);
	assert_int_equal(props.errorRecoveryLevel, 0);
	assert_int_equal(props.targetPortalGroupTag, 1);
	assert_int_equal(props.defaultTime2Wait, 2);
	assert_int_equal(props.defaultTime2Retain, 0);
	assert_int_equal(props.maxConnections, 1);
	assert_int_equal(props.authMethod, IMA_AUTHMETHOD_NONE);
	assert_int_equal(IMA_GetConnectionOidList(session, &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 1);
	memset(&connection, 0xaa, sizeof(connection));
	assert_int_equal(IMA_GetConnectionProperties(list->oids[0], &connection),
			 IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
	assert_memory_equal(&connection.associatedSessionOid, &session, sizeof(session));
	assert_int_equal(connection.connectionId, 0);
	assert_int_equal(connection.maxRecvDataSegmentLength, 262144);
	assert_int_equal(connection.headerDigest, IMA_DIGEST_NONE);
	assert_int_equal(connection.ifMarker, IMA_FALSE);
}

static IMA_UINT32 receive_length(IMA_OID connection)
{
	IMA_CONNECTION_PROPERTIES props;

	assert_int_equal(IMA_GetConnectionProperties(connection, &props),
			 IMA_STATUS_SUCCESS);
	return props.maxRecvDataSegmentLength;
}

/* It may have been read together with its session, but for one answer only. */
static void a_connection_is_read_again_when_it_is_asked_for_again(void **state)
{
	IMA_SESSION_PROPERTIES props;
	IMA_OID session, connection;
	IMA_OID_LIST *list;
	char path[200];

	(void)state;
	assert_int_equal(IMA_GetSessionOidList(target_named("ifx", LIO), &list),
			 IMA_STATUS_SUCCESS);
	session = list->oids[0];
	IMA_FreeMemory(list);
	assert_int_equal(IMA_GetConnectionOidList(session, &list), IMA_STATUS_SUCCESS);
	connection = list->oids[0];
	IMA_FreeMemory(list);
	assert_int_equal(IMA_GetSessionProperties(session, &props), IMA_STATUS_SUCCESS);
	assert_int_equal(receive_length(connection), 262144);
	for (int i = 1; i <= 3; i++) {
		snprintf(path, sizeof(path),
			 "sys/devices/platform/host%d/session%d/connection%d:0/"
			 "iscsi_connection/connection%d:0/max_recv_dlength",
			 i - 1, i, i, i);
		tree_put(&tree, path, "8192\n");
	}
	assert_int_equal(receive_length(connection), 8192);
}

#define SESSION1 "sys/devices/platform/host0/session1/iscsi_session/session1/"

static void a_session_with_a_name_for_chap_used_it(void **state)
{
	IMA_SESSION_PROPERTIES props;
	IMA_OID_LIST *list;

	(void)state;
	tree_put(&tree, SESSION1 "username", "user1\n");
	assert_int_equal(IMA_GetSessionOidList(target_named("", LIO), &list),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetSessionProperties(list->oids[0], &props),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(props.authMethod, IMA_AUTHMETHOD_CHAP);
	IMA_FreeMemory(list);
}

static void a_session_that_vanishes_while_it_is_read_is_not_found(void **state)
{
	IMA_SESSION_PROPERTIES props;
	IMA_OID_LIST *list;
	IMA_OID session;

	(void)state;
	assert_int_equal(IMA_GetSessionOidList(target_named("ifx", LIO), &list),
			 IMA_STATUS_SUCCESS);
	session = list->oids[0];
	IMA_FreeMemory(list);
	tree_remove(&tree, "sys/devices/platform/host2/session3");
	assert_int_equal(IMA_GetSessionProperties(session, &props),
			 IMA_ERROR_OBJECT_NOT_FOUND);
}

static void a_session_that_is_being_made_is_left_out(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	tree_put(&tree, SESSION1 "targetname", "(null)\n");
	assert_int_equal(count_of(IMA_GetSessionOidList(lhba_named(""), &list), &list),
			 1);
	/* As soon as it has a target it is there. */
	tree_put(&tree, SESSION1 "targetname", LIO "\n");
	assert_int_equal(count_of(IMA_GetSessionOidList(lhba_named(""), &list), &list),
			 2);
}

static void a_lu_has_the_device_of_its_first_path_that_works(void **state)
{
	static const char *const at =
		"sys/devices/platform/host0/session1/target0:0:0/0:0:0:1/state";
	IMA_LU_PROPERTIES props;
	IMA_OID target = target_named("", LIO), lu = lu_numbered(target, 1);

	(void)state;
	memset(&props, 0xaa, sizeof(props));
	assert_int_equal(IMA_GetLuProperties(lu, &props), IMA_STATUS_SUCCESS);
	assert_memory_equal(&props.associatedTargetOid, &target, sizeof(target));
	assert_int_equal(props.exposedToOs, IMA_TRUE);
	assert_int_equal(props.osDeviceNameValid, IMA_TRUE);
	ASSERT_FIELD(props.osDeviceName, "/dev/sdb");
	assert_int_equal(props.osParallelIdsValid, IMA_TRUE);
	assert_int_equal(props.osLun, 1);
	tree_put(&tree, at, "transport-offline\n");
	assert_int_equal(IMA_GetLuProperties(lu, &props), IMA_STATUS_SUCCESS);
	ASSERT_FIELD(props.osDeviceName, "/dev/sdd");
}

static void a_lu_without_a_disk_has_its_generic_device(void **state)
{
	IMA_LU_PROPERTIES props;

	(void)state;
	tree_remove(&tree, "sys/block/sde");
	assert_int_equal(
		IMA_GetLuProperties(lu_numbered(target_named("ifx", LIO), 0), &props),
		IMA_STATUS_SUCCESS);
	ASSERT_FIELD(props.osDeviceName, "/dev/sg4");
}

static void addresses_and_static_targets_belong_to_every_lhba(void **state)
{
	IMA_STATIC_DISCOVERY_TARGET_PROPERTIES props;
	IMA_DISCOVERY_ADDRESS_PROPERTIES address;
	IMA_OID_LIST *list;
	char text[IP_TEXT_SIZE];

	(void)state;
	assert_int_equal(
		count_of(IMA_GetDiscoveryAddressOidList(lhba_named("ifx"), &list), &list),
		3);
	assert_int_equal(IMA_GetDiscoveryAddressOidList(lhba_named(""), &list),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 3);
	assert_int_equal(IMA_GetDiscoveryAddressProperties(list->oids[0], &address),
			 IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
	ip_to_text(&address.discoveryAddress.hostnameIpAddress.id.ipAddress, text);
	assert_string_equal(text, "10.0.0.7");
	assert_int_equal(address.discoveryAddress.portNumber, 3260);
	assert_int_equal(IMA_GetStaticDiscoveryTargetOidList(lhba_named(""), &list),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 2);
	assert_int_equal(IMA_GetStaticDiscoveryTargetProperties(list->oids[1], &props),
			 IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
	ASSERT_FIELD(props.staticTarget.targetName, STATIC);
}

static void discovery_is_as_open_iscsi_has_it(void **state)
{
	IMA_DISCOVERY_PROPERTIES props;
	char text[IP_TEXT_SIZE];

	(void)state;
	memset(&props, 0xaa, sizeof(props));
	assert_int_equal(IMA_GetDiscoveryProperties(lhba_named(""), &props),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(props.iSnsDiscoveryEnabled, IMA_TRUE);
	assert_int_equal(props.iSnsDiscoveryMethod, IMA_ISNS_DISCOVERY_METHOD_STATIC);
	ip_to_text(&props.iSnsHost.id.ipAddress, text);
	assert_string_equal(text, "10.0.0.5");
	assert_int_equal(props.slpDiscoveryEnabled, IMA_FALSE);
	assert_int_equal(props.staticDiscoveryEnabled, IMA_TRUE);
	assert_int_equal(props.sendTargetsDiscoveryEnabled, IMA_TRUE);
	assert_int_equal(props.sendTargetsDiscoverySettable, IMA_FALSE);
}

/* What was read a moment ago is believed for a tenth of a second. */
static void look_again(void)
{
	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
}

static void login_keys_come_from_the_record_or_the_defaults(void **state)
{
	IMA_OID target = target_named("", LIO), lhba = lhba_named("");
	IMA_MIN_MAX_VALUE value;
	IMA_BOOL_VALUE flag;

	(void)state;
	assert_int_equal(IMA_GetFirstBurstLengthProperties(lhba, &value),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(value.currentValue, 262144);
	tree_put(&tree, "etc/iscsi/iscsid.conf",
		 "node.session.iscsi.FirstBurstLength = 131072\n"
		 "node.session.iscsi.InitialR2T = Yes\n");
	look_again();
	assert_int_equal(IMA_GetFirstBurstLengthProperties(lhba, &value),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(value.currentValueValid, IMA_TRUE);
	assert_int_equal(value.settable, IMA_TRUE);
	assert_int_equal(value.currentValue, 131072);
	assert_int_equal(value.defaultValue, 262144);
	assert_int_equal(value.minimumValue, 512);
	assert_int_equal(value.maximumValue, 16777212);
	assert_int_equal(value.incrementValue, 4);
	/* The target has a value of its own; its default is that of the LHBA. */
	assert_int_equal(IMA_GetFirstBurstLengthProperties(target, &value),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(value.currentValue, 262144);
	assert_int_equal(value.defaultValue, 131072);
	assert_int_equal(IMA_GetInitialR2TProperties(lhba, &flag), IMA_STATUS_SUCCESS);
	assert_int_equal(flag.currentValue, IMA_TRUE);
	assert_int_equal(IMA_GetInitialR2TProperties(target, &flag), IMA_STATUS_SUCCESS);
	assert_int_equal(flag.currentValue, IMA_FALSE);
}

static void what_the_kernel_decides_can_be_read_only(void **state)
{
	IMA_OID target = target_named("", LIO);
	IMA_MIN_MAX_VALUE value;
	IMA_BOOL_VALUE flag;

	(void)state;
	assert_int_equal(IMA_GetMaxConnectionsProperties(target, &value),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(value.currentValue, 1);
	assert_int_equal(value.settable, IMA_FALSE);
	assert_int_equal(IMA_GetErrorRecoveryLevelProperties(target, &value),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(value.currentValue, 0);
	assert_int_equal(value.settable, IMA_FALSE);
	assert_int_equal(IMA_GetDataPduInOrderProperties(target, &flag),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(flag.currentValue, IMA_TRUE);
	assert_int_equal(flag.settable, IMA_FALSE);
	assert_int_equal(IMA_SetErrorRecoveryLevel(target, 1), IMA_ERROR_NOT_SUPPORTED);
}

static void oids_stay_and_are_not_found_when_the_object_is_gone(void **state)
{
	IMA_OID before = target_named("", IDLE), after;
	IMA_TARGET_PROPERTIES props;
	IMA_OID_LIST *list;

	(void)state;
	after = target_named("", IDLE);
	assert_memory_equal(&before, &after, sizeof(before));
	tree_remove(&tree, "etc/iscsi/nodes/" IDLE);
	assert_int_equal(count_of(IMA_GetTargetOidList(lhba_named(""), &list), &list), 3);
	assert_int_equal(IMA_GetTargetProperties(before, &props),
			 IMA_ERROR_OBJECT_NOT_FOUND);
	/* The same target again is the same object. */
	tree_put(&tree, "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default", "x = y\n");
	after = target_named("", IDLE);
	assert_memory_equal(&before, &after, sizeof(before));
}

static void statistics_come_from_the_transport_and_the_disks(void **state)
{
	static const struct run runs[] = {
		{ "-m session -r 3 -s", 0,
		  "Stats for session [sid: 3, target: x, portal: y,3260]\niSCSI SNMP:\n"
		  "\ttxdata_octets: 4020\n\trxdata_octets: 30124\n\tnoptx_pdus: 1\n"
		  "\tscsicmd_pdus: 74\n\tscsirsp_pdus: 74\n\tdatain_pdus: 67\n"
		  "iSCSI Extended:\n\ttx_sendpage_failures: 5\n",
		  NULL, 0, NULL },
	};
	IMA_OID target = target_named("ifx", LIO);
	IMA_DEVICE_STATISTICS stats;

	(void)state;
	tree_put(&tree,
		 "sys/devices/platform/host2/session3/target2:0:0/2:0:0:0/block/sde/stat",
		 "       3        0       24       21        2        0        8       4 "
		 " 0 0 0\n");
	tree_put(&tree,
		 "sys/devices/platform/host2/session3/target2:0:0/2:0:0:1/block/sdf/stat",
		 "       0        0       0       0        0        0        0       0  "
		 "0 0 0\n");
	expect_runs(runs, ARRAY_SIZE(runs));
	assert_int_equal(IMA_GetDeviceStatistics(target, &stats), IMA_STATUS_SUCCESS);
	assert_int_equal(stats.iScsiPduBytesSent, 4020);
	assert_int_equal(stats.iScsiPduBytesReceived, 30124);
	assert_int_equal(stats.iScsiPdusSent, 75);
	assert_int_equal(stats.iScsiPdusReceived, 141);
	assert_int_equal(stats.scsiPayloadBytesReceived, 24 * 512);
	assert_int_equal(stats.scsiPayloadBytesSent, 8 * 512);
	assert_int_equal(stats.millisecondsSpentReceiving, 21);
	expect_runs(NULL, 0);
	assert_int_equal(IMA_GetDeviceStatistics(lu_numbered(target, 0), &stats),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(stats.scsiPayloadBytesReceived, 24 * 512);
	assert_int_equal(stats.iScsiPdusSent, 0);
	assert_int_equal(IMA_GetDeviceStatistics(target_named("", IDLE), &stats),
			 IMA_ERROR_LU_NOT_EXPOSED);
}

static int count_three(const struct world *world, uint32_t sid, uint64_t deadline,
		       struct counters *counters)
{
	(void)world;
	(void)deadline;
	if (sid == 1)
		return -ENODEV;
	*counters = (struct counters){ 100, 200, 3, 4 };
	return 0;
}

static void statistics_need_no_iscsid(void **state)
{
	IMA_DEVICE_STATISTICS stats;

	(void)state;
	/* Sessions 1 and 2; the first ends while it is asked. No run is expected. */
	plugin.world.counters = count_three;
	assert_int_equal(IMA_GetDeviceStatistics(target_named("", LIO), &stats),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(stats.iScsiPduBytesSent, 100);
	assert_int_equal(stats.iScsiPduBytesReceived, 200);
	assert_int_equal(stats.iScsiPdusSent, 3);
	assert_int_equal(stats.iScsiPdusReceived, 4);
	plugin.world.privileged = false;
	assert_int_equal(IMA_GetDeviceStatistics(target_named("", LIO), &stats),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(stats.iScsiPdusSent, 0);
}

static int begin_empty(void **state)
{
	(void)state;
	tree_make_empty(&tree);
	tree_dir(&tree, "sys/class");
	plugin_begin(&tree);
	return 0;
}

static void a_machine_without_any_of_it_has_nothing(void **state)
{
	IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMA_PLUGIN_PROPERTIES plugin_props;
	IMA_NODE_PROPERTIES node;
	IMA_OID_LIST *list;

	(void)state;
	assert_int_equal(count_of(IMA_GetLhbaOidList(&list), &list), 0);
	assert_int_equal(count_of(IMA_GetPhbaOidList(&list), &list), 0);
	assert_int_equal(count_of(IMA_GetLnpOidList(&list), &list), 0);
	assert_int_equal(count_of(IMA_GetNonSharedNodeOidList(&list), &list), 0);
	assert_int_equal(IMA_GetNodeProperties(shared, &node), IMA_ERROR_NOT_SUPPORTED);
	assert_int_equal(IMA_SetNodeName(shared, L"iqn.2024-01.test:x"),
			 IMA_ERROR_NOT_SUPPORTED);
	assert_int_equal(
		IMA_GetPluginProperties((IMA_OID){ IMA_OBJECT_TYPE_PLUGIN, 7, 0 },
					&plugin_props),
		IMA_STATUS_SUCCESS);
}

#define READ_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READ_TEST(every_interface_is_an_lhba),
		READ_TEST(an_interface_with_a_name_of_its_own_is_a_node),
		READ_TEST(the_shared_node_is_that_of_open_iscsi),
		READ_TEST(targets_are_those_of_records_and_sessions),
		READ_TEST(address_keys_are_the_portals_of_the_records),
		READ_TEST(a_target_without_records_is_known_by_its_session),
		READ_TEST(sessions_show_what_was_negotiated),
		READ_TEST(a_connection_is_read_again_when_it_is_asked_for_again),
		READ_TEST(a_session_with_a_name_for_chap_used_it),
		READ_TEST(a_session_that_vanishes_while_it_is_read_is_not_found),
		READ_TEST(a_session_that_is_being_made_is_left_out),
		READ_TEST(a_lu_has_the_device_of_its_first_path_that_works),
		READ_TEST(a_lu_without_a_disk_has_its_generic_device),
		READ_TEST(addresses_and_static_targets_belong_to_every_lhba),
		READ_TEST(discovery_is_as_open_iscsi_has_it),
		READ_TEST(login_keys_come_from_the_record_or_the_defaults),
		READ_TEST(what_the_kernel_decides_can_be_read_only),
		READ_TEST(oids_stay_and_are_not_found_when_the_object_is_gone),
		READ_TEST(statistics_come_from_the_transport_and_the_disks),
		READ_TEST(statistics_need_no_iscsid),
		cmocka_unit_test_setup_teardown(a_machine_without_any_of_it_has_nothing,
						begin_empty, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
