// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * behaviour.c - how the simulated machine behaves: discovery, sessions, authentication,
 * reboots, statistics, SCSI.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "support.h"

#define T(name) "iqn.2026-11.sim.example:" name

/* Names in the order of a list, with blanks between them. */
static const char *targets_of(const char *name)
{
	static char text[1024];
	IMA_OID_LIST *list;

	text[0] = 0;
	assert_done(IMA_GetTargetOidList(sim_oid(name), &list));
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_TARGET_PROPERTIES p;
		size_t used = strlen(text);

		assert_done(IMA_GetTargetProperties(list->oids[i], &p));
		snprintf(text + used, sizeof(text) - used, " %.200ls",
			 p.name + strlen("iqn.2026-11.sim.example:"));
	}
	IMA_FreeMemory(list);
	return text[0] ? text + 1 : text;
}

static IMA_UINT32 methods_of(const char *name)
{
	IMA_TARGET_PROPERTIES p;

	assert_done(IMA_GetTargetProperties(sim_oid(name), &p));
	return p.discoveryMethodFlags;
}

static IMA_UINT count_of(IMA_STATUS (*get)(IMA_OID oid, IMA_OID_LIST **list), IMA_OID oid)
{
	IMA_OID_LIST *list;
	IMA_UINT count;

	assert_done(get(oid, &list));
	count = list->oidCount;
	IMA_FreeMemory(list);
	return count;
}

static IMA_OID first_of(IMA_STATUS (*get)(IMA_OID oid, IMA_OID_LIST **list), IMA_OID oid)
{
	IMA_OID_LIST *list;

	assert_done(get(oid, &list));
	assert_true(list->oidCount > 0);
	oid = list->oids[0];
	IMA_FreeMemory(list);
	return oid;
}

/* --- discovery ---------------------------------------------------------------------------------- */

/* lhba x has no needs-login, so every target tells its name. */
static void make_x(const char *properties)
{
	sim("lhba x add networks=lan %s", properties);
}

static void sendtargets_tells_the_targets_of_the_array(void **state)
{
	(void)state;
	make_x("discovery=sendtargets");
	sim("discovery x/192.0.2.11 add");
	/* The portal of "more", whose array is "box"; "static" is of no array. */
	assert_string_equal(targets_of("lhba:x"), "disk more locked lost");
}

static void a_target_that_is_not_told_about_is_found_by_other_ways(void **state)
{
	(void)state;
	make_x("discovery=static,sendtargets");
	sim("discovery x/192.0.2.12 add");
	assert_string_equal(targets_of("lhba:x"), "");
	sim("static x/" T("static") "@192.0.2.12:3260 add");
	assert_string_equal(targets_of("lhba:x"), "static");
	assert_int_equal(methods_of("found:x/" T("static")),
			 IMA_TARGET_DISCOVERY_METHOD_STATIC);
}

static void each_method_leaves_its_flag(void **state)
{
	IMA_UINT32 all = IMA_TARGET_DISCOVERY_METHOD_ISNS |
			 IMA_TARGET_DISCOVERY_METHOD_SLP |
			 IMA_TARGET_DISCOVERY_METHOD_STATIC |
			 IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS;

	(void)state;
	make_x("discovery=isns,slp,static,sendtargets isns=yes isns-host=192.0.2.5:3205 "
	       "slp=yes");
	sim("discovery x/192.0.2.10 add\nstatic x/" T("disk") "@192.0.2.10 add");
	assert_int_equal(methods_of("found:x/" T("disk")), all);
	assert_int_equal(methods_of("found:x/" T("more")),
			 IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
	sim("lhba x set removal=in-use");
	assert_done(IMA_SetSlpDiscovery(sim_oid("lhba:x"), IMA_FALSE));
	assert_int_equal(methods_of("found:x/" T("disk")),
			 all & ~IMA_TARGET_DISCOVERY_METHOD_SLP);
	assert_done(IMA_SetIsnsDiscovery(sim_oid("lhba:x"), IMA_FALSE, 0, NULL));
	assert_int_equal(methods_of("found:x/" T("disk")),
			 IMA_TARGET_DISCOVERY_METHOD_STATIC |
				 IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
}

static void isns_servers_are_found_three_ways(void **state)
{
	static const char *const methods[] = { "static", "dhcp", "slp" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		sim("reset");
		make_x("discovery=isns isns-host=192.0.2.5:3205");
		sim("lhba x set isns=yes isns-method=%s", methods[i]);
		assert_string_equal(targets_of("lhba:x"), "disk");
		sim("isns 192.0.2.5:3205 lose\ntarget " T("more") " set isns=yes");
		/* A server that does not answer makes nothing vanish. */
		assert_string_equal(targets_of("lhba:x"), "disk");
		sim("isns 192.0.2.5:3205 restore");
		assert_string_equal(targets_of("lhba:x"), "disk more");
	}
}

static void host_names_are_resolved(void **state)
{
	(void)state;
	make_x("discovery=sendtargets");
	assert_done(IMA_AddDiscoveryAddress(sim_oid("lhba:x"),
					    host_portal(L"BOX.example", 3260), NULL));
	assert_string_equal(targets_of("lhba:x"), "disk more locked lost");
	sim("host box.example set address=192.0.2.12\ndiscover");
	assert_int_equal(sim_try("host box.example remove"), IMA_STATUS_SUCCESS);
}

static void only_what_a_network_carries_is_reached(void **state)
{
	(void)state;
	sim("lhba x add networks=far discovery=sendtargets");
	sim("discovery x/192.0.2.10 add");
	assert_string_equal(targets_of("lhba:x"), "");
	sim("discovery x/198.51.100.10 add");
	assert_string_equal(targets_of("lhba:x"), "disk more locked lost");
	/* "more" is told about, but only "disk" has a portal in this network. */
	assert_int_equal(count_of(IMA_GetSessionOidList, sim_oid("lhba:x")), 1);
	sim("network far lose");
	assert_int_equal(count_of(IMA_GetSessionOidList, sim_oid("lhba:x")), 0);
	sim("network far restore");
	assert_int_equal(count_of(IMA_GetSessionOidList, sim_oid("lhba:x")), 1);
}

static void a_target_can_be_asked_for_more_targets(void **state)
{
	(void)state;
	make_x("discovery=static target-sendtargets-settable=yes");
	sim("static x/" T("disk") "@192.0.2.10 add");
	assert_string_equal(targets_of("lhba:x"), "disk");
	assert_done(IMA_SetSendTargetsDiscovery(sim_oid("found:x/" T("disk")), IMA_TRUE));
	assert_string_equal(targets_of("lhba:x"), "disk more locked lost");
	assert_int_equal(methods_of("found:x/" T("disk")),
			 IMA_TARGET_DISCOVERY_METHOD_STATIC |
				 IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
	assert_done(
		IMA_SetSendTargetsDiscovery(sim_oid("found:x/" T("disk")), IMA_FALSE));
	assert_string_equal(targets_of("lhba:x"), "disk");
}

static void discovery_now_lists_what_answered(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	make_x("discovery=static,sendtargets");
	sim("discovery x/192.0.2.10 add\nstatic x/" T("static") "@192.0.2.12 add");
	sim("target " T("disk") " set discovery=ignore");
	assert_done(IMAX_DiscoverTargets(sim_oid("lhba:x"), &list));
	assert_int_equal(list->oidCount, 1);
	IMA_FreeMemory(list);
	assert_string_equal(targets_of("lhba:x"), "disk more locked lost static");
	assert_status(IMAX_DiscoverTargets(sim_oid("discovery:x/192.0.2.10:3260"), &list),
		      IMA_ERROR_TARGET_TIMEOUT);
	sim("target " T("disk") " set discovery=accept");
	assert_done(IMAX_DiscoverTargets(sim_oid("discovery:x/192.0.2.10:3260"), &list));
	assert_int_equal(list->oidCount, 4);
	IMA_FreeMemory(list);
}

static void adding_what_is_there_gives_its_oid(void **state)
{
	IMA_OID first, again;

	(void)state;
	assert_done(IMA_AddDiscoveryAddress(sim_oid("lhba:sw"), portal("192.0.2.99", 0),
					    &first));
	assert_done(IMA_AddDiscoveryAddress(sim_oid("lhba:sw"),
					    host_portal(L"192.0.2.99", 3260), &again));
	assert_memory_equal(&first, &again, sizeof(first));
	assert_int_equal(first.objectType, IMA_OBJECT_TYPE_DISCOVERY_ADDRESS);
	assert_int_equal(count_of(IMA_GetDiscoveryAddressOidList, sim_oid("lhba:sw")), 2);
	assert_done(IMA_RemoveDiscoveryAddress(first));
	assert_status(IMA_RemoveDiscoveryAddress(first), IMA_ERROR_OBJECT_NOT_FOUND);
}

static void lists_of_an_lnp_have_what_it_reaches(void **state)
{
	(void)state;
	sim("lhba off set needs-login=none");
	assert_string_equal(targets_of("lnp:n0"), "disk more locked lost");
	sim("network lan lose");
	assert_string_equal(targets_of("lnp:n0"), "");
	assert_string_equal(targets_of("lhba:off"), "disk more locked lost");
}

/* --- sessions ------------------------------------------------------------------------------------- */

static IMA_SESSION_PROPERTIES session_with(const char *target)
{
	IMA_SESSION_PROPERTIES p;

	memset(&p, 0xA5, sizeof(p));
	assert_done(IMA_GetSessionProperties(
		first_of(IMA_GetSessionOidList, sim_oid(target)), &p));
	return p;
}

static const IMA_SESSION_PROPERTIES negotiated = {
	.authMethod = IMA_AUTHMETHOD_NONE,
	.dataPduInOrder = IMA_FALSE,
	.dataSequenceInOrder = IMA_TRUE,
	.defaultTime2Retain = 30,
	.defaultTime2Wait = 5,
	.errorRecoveryLevel = 1,
	.firstBurstLength = 65536,
	.immediateData = IMA_FALSE,
	.initialR2T = IMA_FALSE,
	.maxBurstLength = 131072,
	.maxConnections = 2,
	.maxOutstandingR2T = 8,
	.targetPortalGroupTag = 1,
};

static void results_are_those_of_rfc_7143(void **state)
{
	IMA_SESSION_PROPERTIES p, expected;

	(void)state;
	make_x("discovery=sendtargets max-connections=4 max-burst-length=131072 "
	       "first-burst-length=131072 default-time2wait=5 default-time2retain=60 "
	       "max-outstanding-r2t=16 error-recovery-level=1 initial-r2t=no "
	       "immediate-data=yes "
	       "data-pdu-in-order=no data-sequence-in-order=yes "
	       "header-digest=crc32c,none "
	       "data-digest=crc32c,none");
	sim("target " T("disk") " set max-connections=2 max-burst-length=1048576 "
				"first-burst-length=65536 default-time2wait=3 "
				"default-time2retain=30 "
				"max-outstanding-r2t=8 error-recovery-level=2 "
				"initial-r2t=no immediate-data=no "
				"data-pdu-in-order=no data-sequence-in-order=no "
				"header-digest=none,crc32c");
	sim("discovery x/192.0.2.10 add");
	p = session_with("found:x/" T("disk"));
	memset(&expected, 0, sizeof(expected)); /* padding too */
	memcpy(&expected, &negotiated, sizeof(expected));
	expected.associatedLhbaOid = sim_oid("lhba:x");
	memcpy(expected.isid, p.isid, sizeof(p.isid));
	expected.tsih = p.tsih;
	assert_int_equal(p.isid[0], 0x80);
	assert_true(p.tsih != 0);
	assert_bytes(&p, &expected, sizeof(p));
}

static void connections_go_to_the_portals_of_one_group(void **state)
{
	IMA_CONNECTION_PROPERTIES p, expected;
	IMA_OID_LIST *list;
	IMA_OID session;

	(void)state;
	sim("target " T(
		"disk") " set "
			"portals=192.0.2.10/1,192.0.2.20/2,192.0.2.30/1,192.0.2.40/1");
	make_x("discovery=sendtargets max-connections=2 "
	       "max-recv-data-segment-length=16384 "
	       "header-digest=crc32c,none data-digest=crc32c,none");
	sim("target " T(
		"disk") " set data-digest=none,crc32c\ndiscovery x/192.0.2.10 add");
	session = first_of(IMA_GetSessionOidList, sim_oid("found:x/" T("disk")));
	assert_done(IMA_GetConnectionOidList(session, &list));
	assert_int_equal(list->oidCount, 2);
	for (IMA_UINT i = 0; i < 2; i++) {
		memset(&p, 0xA5, sizeof(p));
		assert_done(IMA_GetConnectionProperties(list->oids[i], &p));
		memset(&expected, 0, sizeof(expected));
		expected.associatedSessionOid = session;
		expected.connectionId = (IMA_UINT16)i;
		expected.dataDigest = IMA_DIGEST_CRC32C;
		expected.headerDigest = IMA_DIGEST_NONE;
		expected.maxRecvDataSegmentLength = 16384;
		expected.maxTransmitDataSegmentLength = 262144;
		assert_bytes(&p, &expected, sizeof(p));
	}
	IMA_FreeMemory(list);
}

static void new_keys_count_at_the_next_login(void **state)
{
	(void)state;
	assert_int_equal(session_with("found:auto/" T("disk")).maxOutstandingR2T, 1);
	assert_done(IMA_SetMaxOutstandingR2T(sim_oid("found:auto/" T("disk")), 4));
	assert_int_equal(session_with("found:auto/" T("disk")).maxOutstandingR2T, 1);
	assert_done(IMAX_LogoutTarget(sim_oid("found:auto/" T("disk"))));
	assert_int_equal(
		count_of(IMA_GetSessionOidList, sim_oid("found:auto/" T("disk"))), 0);
	assert_done(IMAX_LoginTarget(sim_oid("found:auto/" T("disk"))));
	assert_int_equal(session_with("found:auto/" T("disk")).maxOutstandingR2T, 4);
}

static void a_session_has_an_oid_of_its_own(void **state)
{
	IMA_OID target = sim_oid("found:auto/" T("disk"));
	IMA_OID first = first_of(IMA_GetSessionOidList, target), second;
	IMA_SESSION_PROPERTIES p;

	(void)state;
	assert_done(IMAX_LoginTarget(target));
	second = first_of(IMA_GetSessionOidList, target);
	assert_memory_equal(&first, &second, sizeof(first));
	assert_done(IMAX_LogoutTarget(target));
	assert_status(IMA_GetSessionProperties(first, &p), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_done(IMAX_LoginTarget(target));
	second = first_of(IMA_GetSessionOidList, target);
	assert_memory_not_equal(&first, &second, sizeof(first));
}

static IMA_TARGET_ERROR_STATISTICS errors_of(const char *target)
{
	IMA_TARGET_ERROR_STATISTICS errors;

	assert_done(IMA_GetTargetErrorStatistics(sim_oid(target), &errors));
	return errors;
}

static void a_target_that_is_lost_loses_its_session_and_gets_it_back(void **state)
{
	const char *target = "found:sw/" T("disk");

	(void)state;
	assert_int_equal(count_of(IMA_GetSessionOidList, sim_oid(target)), 1);
	sim("target " T("disk") " lose");
	assert_int_equal(count_of(IMA_GetSessionOidList, sim_oid(target)), 0);
	assert_int_equal(errors_of(target).sessionFailedCount, 1);
	assert_int_equal(errors_of(target).closedConnectionDueToTimeoutCount, 1);
	assert_int_equal(errors_of(target).timeLimitExceededSessionFailedCount, 1);
	/* The devices stay, as they do in an operating system. */
	assert_int_equal(count_of(IMA_GetLuOidList, sim_oid(target)), 2);
	sim("target " T("disk") " restore");
	assert_int_equal(count_of(IMA_GetSessionOidList, sim_oid(target)), 1);
}

static void a_login_that_fails_is_counted_and_explained(void **state)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error) };
	const char *target = "found:sw/" T("locked");
	IMA_UINT32 before = errors_of(target).loginFailedCount;

	(void)state;
	sim("clock set 2026-12-24T18:00:00Z");
	assert_status(IMAX_LoginTarget(sim_oid(target)), IMA_ERROR_LOGIN_REJECTED);
	assert_done(IMAX_GetLastError(&error));
	assert_int_equal(error.layer, IMAX_LAYER_ISCSI);
	assert_true(error.loginStatusValid);
	assert_int_equal(error.loginStatusClass, 2);
	assert_int_equal(error.loginStatusDetail, 1);
	assert_int_equal(errors_of(target).loginFailedCount, before + 1);
	assert_int_equal(errors_of(target).lastLoginFailureTime.tm_mon, 11);
	sim("target " T("locked") " set login=reject reject=0x0101");
	assert_status(IMAX_LoginTarget(sim_oid(target)), IMA_ERROR_LOGIN_REJECTED);
	assert_done(IMAX_GetLastError(&error));
	assert_int_equal(error.loginStatusClass, 1);
	assert_int_equal(error.loginStatusDetail, 1);
	sim("target " T("locked") " lose");
	assert_status(IMAX_LoginTarget(sim_oid(target)), IMA_ERROR_TARGET_TIMEOUT);
	assert_done(IMAX_GetLastError(&error));
	assert_int_equal(error.layer, IMAX_LAYER_TRANSPORT);
	assert_false(error.loginStatusValid);
}

static void a_target_lets_only_one_initiator_in(void **state)
{
	(void)state;
	sim("found-lu sw/" T("disk") "/1 release\nfound sw/" T(
		"disk") " logout\n"
			"target " T("disk") " set allow=" T("friend"));
	assert_status(IMAX_LoginTarget(sim_oid("found:sw/" T("disk"))),
		      IMA_ERROR_LOGIN_REJECTED);
	assert_done(IMA_SetNodeName(sim_oid("node:shared"), L"" T("friend")));
	assert_done(IMAX_LoginTarget(sim_oid("found:sw/" T("disk"))));
}

/* --- authentication ------------------------------------------------------------------------------ */

struct credentials {
	const char *method, *right, *wrong;
	IMA_AUTHMETHOD expected;
};

static void check_credentials(const struct credentials *row)
{
	IMA_OID target;

	make_x("discovery=static auto-login=no "
	       "auth-supported=none,chap,srp,krb5,spkm1,spkm2");
	sim("target " T("locked") " set auth=%s\nlhba x set auth-in-use=none,%s %s",
	    row->method, row->method, row->right);
	sim("static x/" T("locked") "@192.0.2.13 add");
	target = sim_oid("found:x/" T("locked"));
	assert_done(IMAX_LoginTarget(target));
	assert_int_equal(session_with("found:x/" T("locked")).authMethod, row->expected);
	assert_done(IMAX_LogoutTarget(target));
	sim("lhba x set %s", row->wrong);
	assert_status(IMAX_LoginTarget(target), IMA_ERROR_LOGIN_REJECTED);
}

static void credentials_are_compared(void **state)
{
	static const struct credentials rows[] = {
		{ "chap", "chap-name=user chap-secret=secret-secret-1",
		  "chap-secret=secret-secret-2", IMA_AUTHMETHOD_CHAP },
		{ "chap", "chap-name=user chap-secret=secret-secret-1", "chap-name=User",
		  IMA_AUTHMETHOD_CHAP },
		{ "srp", "srp-user=user", "srp-user=users", IMA_AUTHMETHOD_SRP },
		{ "krb5", "krb5-key=key", "krb5-key=kex", IMA_AUTHMETHOD_KRB5 },
		{ "spkm1", "spkm1-public-key=public spkm1-private-key=p",
		  "spkm1-public-key=q", IMA_AUTHMETHOD_SPKM1 },
		{ "spkm2", "spkm2-public-key=public spkm2-private-key=p",
		  "spkm2-public-key=q", IMA_AUTHMETHOD_SPKM2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sim("reset");
		check_credentials(&rows[i]);
	}
}

static void the_method_the_initiator_prefers_is_used(void **state)
{
	(void)state;
	sim("target " T("disk") " set auth=none,chap account=acc\nfound auto/" T(
		"disk") " logout\n"
			"found auto/" T("disk") " login");
	assert_int_equal(session_with("found:auto/" T("disk")).authMethod,
			 IMA_AUTHMETHOD_CHAP);
	assert_done(IMA_SetInitiatorAuthMethods(
		sim_oid("lhba:auto"), 2,
		(IMA_AUTHMETHOD[]){ IMA_AUTHMETHOD_NONE, IMA_AUTHMETHOD_CHAP }));
	sim("found auto/" T("disk") " logout");
	sim("found auto/" T("disk") " login");
	assert_int_equal(session_with("found:auto/" T("disk")).authMethod,
			 IMA_AUTHMETHOD_NONE);
}

static void secrets_are_not_shown(void **state)
{
	(void)state;
	assert_null(strstr(sim_says("show"), "secret-secret"));
	sim("lhba sw set chap-secret=another-secret");
	assert_null(strstr(sim_says("show state"), "another-secret"));
	assert_null(strstr(sim_says("show lhba:sw"), "another-secret"));
	assert_int_equal(sim_try("lhba sw set chap-secret=hex:another-secret"),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_null(strstr(last_error(), "another-secret"));
}

/* --- reboot -------------------------------------------------------------------------------------- */

static IMA_UINT32 burst_of(const char *name)
{
	IMA_MIN_MAX_VALUE value;

	assert_done(IMA_GetMaxBurstLengthProperties(sim_oid(name), &value));
	return value.currentValue;
}

static void old_values_hold_until_the_reboot(void **state)
{
	IMA_PHBA_PROPERTIES phba;
	IMA_NODE_PROPERTIES node;
	IMA_IP_PROPERTIES p;
	IMA_OID slow = sim_oid("lhba:slow");

	(void)state;
	assert_status(IMA_SetMaxBurstLength(slow, 524288), IMA_STATUS_REBOOT_NECESSARY);
	assert_status(IMA_SetNodeAlias(sim_oid("node:slow"), L"new"),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_status(IMA_SetSubnetMask(sim_oid("pnp:p2/a"), ip("255.0.0.0")),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_status(
		IMA_PhbaDownload(sim_oid("phba:p2"), IMA_DOWNLOAD_IMAGE_TYPE_ALL,
				 image("P0", "firmware: 7\noption-rom: 8\n", IMAGE_GOOD)),
		IMA_STATUS_REBOOT_NECESSARY);
	for (int reboot = 0; reboot < 2; reboot++) {
		assert_int_equal(burst_of("lhba:slow"), reboot ? 524288 : 262144);
		assert_int_equal(burst_of("found:slow/" T("disk")),
				 reboot ? 524288 : 262144);
		assert_done(IMA_GetNodeProperties(sim_oid("node:slow"), &node));
		assert_int_equal(node.aliasValid, reboot);
		assert_done(IMA_GetIpProperties(sim_oid("pnp:p2/a"), &p));
		assert_int_equal(p.subnetMaskValid, reboot);
		assert_done(IMA_GetPhbaProperties(sim_oid("phba:p2"), &phba));
		assert_int_equal(phba.firmwareVersion[0], reboot ? L'7' : L'1');
		assert_int_equal(phba.optionRomVersion[0], reboot ? L'8' : L'1');
		sim("reboot");
	}
}

static void sources_wait_for_the_reboot(void **state)
{
	IMA_OID slow = sim_oid("lhba:slow"), oid;

	(void)state;
	sim("found-lu slow/" T("disk") "/1 unexpose\nlhba slow set needs-login=none");
	assert_status(IMA_AddStaticDiscoveryTarget(
			      slow,
			      static_target(L"" T("static"), portal("192.0.2.12", 3260)),
			      &oid),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_string_equal(targets_of("lhba:slow"), "disk more locked lost");
	assert_int_equal(count_of(IMA_GetStaticDiscoveryTargetOidList, slow), 1);
	assert_status(
		IMA_RemoveDiscoveryAddress(sim_oid("discovery:slow/192.0.2.10:3260")),
		IMA_STATUS_REBOOT_NECESSARY);
	assert_int_equal(count_of(IMA_GetDiscoveryAddressOidList, slow), 0);
	assert_string_equal(targets_of("lhba:slow"), "disk more locked lost");
	sim("reboot");
	assert_string_equal(targets_of("lhba:slow"), "static");
	/* One that was never used goes at once; one that is to go may stay. */
	assert_status(IMA_AddDiscoveryAddress(slow, portal("192.0.2.10", 3260), &oid),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_status(IMA_RemoveDiscoveryAddress(oid), IMA_STATUS_REBOOT_NECESSARY);
	sim("reboot");
	assert_string_equal(targets_of("lhba:slow"), "static");
	assert_status(IMA_RemoveStaticDiscoveryTarget(
			      sim_oid("static:slow/" T("static") "@192.0.2.12:3260")),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_status(IMA_AddStaticDiscoveryTarget(
			      slow,
			      static_target(L"" T("static"), portal("192.0.2.12", 3260)),
			      &oid),
		      IMA_STATUS_REBOOT_NECESSARY);
	sim("reboot");
	assert_string_equal(targets_of("lhba:slow"), "static");
}

static void exposure_waits_for_the_reboot_and_survives_it(void **state)
{
	IMA_LU_PROPERTIES p;
	IMA_OID lu = sim_oid("found-lu:slow/" T("disk") "/0");

	(void)state;
	assert_status(IMA_ExposeLu(lu), IMA_STATUS_REBOOT_NECESSARY);
	assert_done(IMA_GetLuProperties(lu, &p));
	assert_false(p.exposedToOs);
	sim("clock +1h\nreboot");
	assert_done(IMA_GetLuProperties(lu, &p));
	assert_true(p.exposedToOs);
	assert_true(p.osDeviceNameValid);
	assert_int_equal(p.timeExposedToOs.tm_hour, 6);
	sim("reboot");
	assert_done(IMA_GetLuProperties(lu, &p));
	assert_true(p.exposedToOs);
}

static void a_reboot_ends_sessions_and_counters(void **state)
{
	IMA_OID first = first_of(IMA_GetSessionOidList, sim_oid("found:sw/" T("disk"))),
		second;
	IMA_DEVICE_STATISTICS statistics;

	(void)state;
	sim("traffic sw/" T("disk") "/0 read=1M\nerrors sw/" T(
		"disk") " format=2\nreboot");
	assert_done(IMA_GetDeviceStatistics(sim_oid("found-lu:sw/" T("disk") "/0"),
					    &statistics));
	assert_int_equal(statistics.scsiPayloadBytesReceived, 0);
	assert_int_equal(errors_of("found:sw/" T("disk")).formatErrorSessionFailedCount,
			 0);
	second = first_of(IMA_GetSessionOidList, sim_oid("found:sw/" T("disk")));
	assert_memory_not_equal(&first, &second, sizeof(first));
	/* Nothing is mounted any more. */
	assert_done(IMA_UnexposeLu(sim_oid("found-lu:sw/" T("disk") "/1")));
}

static void a_commit_makes_pending_values_of_one_adapter_active(void **state)
{
	(void)state;
	assert_status(IMA_SetMaxBurstLength(sim_oid("lhba:slow"), 524288),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_status(IMA_SetNodeAlias(sim_oid("node:slow"), L"x"),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_done(IMA_CommitHbaParameters(sim_oid("lhba:slow"),
					    IMA_COMMIT_TYPE_PERSISTENT));
	assert_int_equal(burst_of("lhba:slow"), 262144);
	assert_done(
		IMA_CommitHbaParameters(sim_oid("lhba:slow"), IMA_COMMIT_TYPE_ACTIVE));
	assert_int_equal(burst_of("lhba:slow"), 524288);
	assert_null(strstr(sim_says("show node:slow"), "alias=x"));
}

/* --- statistics ---------------------------------------------------------------------------------- */

static IMA_DEVICE_STATISTICS traffic_of(const char *name)
{
	IMA_DEVICE_STATISTICS statistics;

	memset(&statistics, 0xA5, sizeof(statistics));
	assert_done(IMA_GetDeviceStatistics(sim_oid(name), &statistics));
	return statistics;
}

static void traffic_is_counted_in_bytes_and_pdus(void **state)
{
	/* 20000 bytes in segments of 8192: 3 Data-In; 300000 in segments of 262144: 2 Data-Out. */
	static const IMA_DEVICE_STATISTICS expected = {
		.scsiPayloadBytesSent = 300000,
		.scsiPayloadBytesReceived = 20000,
		.iScsiPduBytesSent = 300000 + 48 * (2 + 2),
		.iScsiPduBytesReceived = 20000 + 48 * (3 + 1),
		.iScsiPdusSent = 2 + 2,
		.iScsiPdusReceived = 3 + 1,
		.millisecondsSpentSending = 1500,
		.millisecondsSpentReceiving = 1500,
	};
	IMA_DEVICE_STATISTICS got;

	(void)state;
	sim("traffic sw/" T("disk") "/0 read=20000 write=300000 time=1500ms");
	got = traffic_of("found-lu:sw/" T("disk") "/0");
	assert_bytes(&got, &expected, sizeof(got));
	got = traffic_of("found:sw/" T("disk"));
	assert_bytes(&got, &expected, sizeof(got));
	/* A target is the sum of its exposed LUs. */
	sim("traffic sw/" T("disk") "/1 read=1");
	assert_int_equal(traffic_of("found:sw/" T("disk")).scsiPayloadBytesReceived,
			 20001);
	assert_int_equal(
		traffic_of("found-lu:sw/" T("disk") "/1").scsiPayloadBytesReceived, 1);
}

static void counters_start_from_zero_when_they_are_switched_on(void **state)
{
	IMA_OID lu = sim_oid("found-lu:sw/" T("disk") "/0");
	IMA_DEVICE_STATISTICS statistics;

	(void)state;
	sim("traffic sw/" T("disk") "/0 read=4K");
	assert_done(IMA_SetStatisticsCollection(lu, IMA_TRUE));
	assert_int_equal(
		traffic_of("found-lu:sw/" T("disk") "/0").scsiPayloadBytesReceived, 4096);
	assert_done(IMA_SetStatisticsCollection(lu, IMA_FALSE));
	assert_status(IMA_GetDeviceStatistics(lu, &statistics),
		      IMA_ERROR_STATS_COLLECTION_NOT_ENABLED);
	sim("traffic sw/" T("disk") "/0 read=4K");
	assert_done(IMA_SetStatisticsCollection(lu, IMA_TRUE));
	assert_int_equal(
		traffic_of("found-lu:sw/" T("disk") "/0").scsiPayloadBytesReceived, 0);
}

static void traffic_flows_by_the_clock(void **state)
{
	(void)state;
	sim("lu " T("disk") "/0 set read-rate=1000 write-rate=10");
	sim("clock +1500ms");
	assert_int_equal(
		traffic_of("found-lu:sw/" T("disk") "/0").scsiPayloadBytesReceived, 1000);
	sim("clock +500ms");
	assert_int_equal(
		traffic_of("found-lu:sw/" T("disk") "/0").scsiPayloadBytesReceived, 2000);
	sim("clock +1h");
	assert_int_equal(
		traffic_of("found-lu:sw/" T("disk") "/0").scsiPayloadBytesReceived,
		3602000);
	assert_int_equal(traffic_of("found-lu:sw/" T("disk") "/0").scsiPayloadBytesSent,
			 36020);
	/* A clock that is set moves nothing, and neither does a target that is lost. */
	sim("clock set 2027-01-01T00:00:00Z\ntarget " T("disk") " lose");
	sim("clock +1h");
	assert_int_equal(
		traffic_of("found-lu:sw/" T("disk") "/0").scsiPayloadBytesReceived,
		3602000);
}

static void ports_count_what_goes_through_them(void **state)
{
	IMA_PNP_STATISTICS got, expected;

	(void)state;
	sim("lhba off set statistics=switchable\nphba p0 set collecting=yes\nphba p2 set "
	    "collecting=yes");
	sim("traffic off/" T("disk") "/0 read=8192");
	memset(&expected, 0, sizeof(expected));
	memset(&got, 0xA5, sizeof(got));
	expected.bytesSent = 48;
	expected.pdusSent = 1;
	expected.bytesReceived = 8192 + 48;
	expected.pdusReceived = 1;
	assert_done(IMA_GetPnpStatistics(sim_oid("pnp:p0/a"), &got));
	assert_bytes(&got, &expected, sizeof(got));
	/* The link goes down, and the next port takes over. */
	sim("pnp p0/a lose\npnp p0/d lose");
	sim("traffic off/" T("disk") "/0 read=8192");
	assert_done(IMA_GetPnpStatistics(sim_oid("pnp:p0/a"), &got));
	assert_bytes(&got, &expected, sizeof(got));
	assert_done(IMA_GetPnpStatistics(sim_oid("pnp:p2/a"), &got));
	assert_bytes(&got, &expected, sizeof(got));
	assert_done(IMA_SetStatisticsCollection(sim_oid("phba:p0"), IMA_FALSE));
	assert_done(IMA_SetStatisticsCollection(sim_oid("phba:p0"), IMA_TRUE));
	assert_done(IMA_GetPnpStatistics(sim_oid("pnp:p0/a"), &got));
	assert_int_equal(got.bytesReceived, 0);
}

static void the_clock_advances_by_command_and_by_call(void **state)
{
	(void)state;
	assert_string_equal(sim_says("show clock"), "2026-03-04T05:06:07Z\n");
	sim("clock +1d");
	sim("clock +999ms");
	assert_string_equal(sim_says("show clock"), "2026-03-05T05:06:07Z\n");
	sim("clock +1ms");
	assert_string_equal(sim_says("show clock"), "2026-03-05T05:06:08Z\n");
	sim("machine set clock-step=1000");
	assert_string_equal(sim_says("show clock"), "2026-03-05T05:06:09Z\n");
	assert_string_equal(sim_says("show clock"), "2026-03-05T05:06:10Z\n");
	sim("machine set clock-step=0 real-time=yes");
	assert_true(strncmp(sim_says("show clock"), "2026-03-05T05:0", 15) == 0);
}

/* --- LUs and SCSI -------------------------------------------------------------------------------- */

static void exposed_lus_are_in_the_list(void **state)
{
	IMA_OID_LIST *list;
	IMA_OID lu;

	(void)state;
	assert_done(IMA_GetLuOid(sim_oid("found:sw/" T("disk")), 256, &lu));
	assert_int_equal(lu.objectType, IMA_OBJECT_TYPE_LU);
	assert_int_equal(count_of(IMA_GetLuOidList, sim_oid("lhba:sw")), 2);
	assert_done(IMA_ExposeLu(lu));
	assert_done(IMA_GetLuOidList(sim_oid("found:sw/" T("disk")), &list));
	assert_int_equal(list->oidCount, 3);
	assert_memory_equal(&list->oids[2], &lu, sizeof(lu));
	IMA_FreeMemory(list);
	assert_done(IMA_UnexposeLu(lu));
	assert_int_equal(count_of(IMA_GetLuOidList, sim_oid("lhba:sw")), 2);
	/* All at once, as long as there is a session. */
	assert_int_equal(count_of(IMA_GetLuOidList, sim_oid("found:auto/" T("disk"))), 4);
	assert_done(IMAX_LogoutTarget(sim_oid("found:auto/" T("disk"))));
	assert_int_equal(count_of(IMA_GetLuOidList, sim_oid("found:auto/" T("disk"))), 0);
}

static void luns_have_two_forms(void **state)
{
	static const IMA_BYTE bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	IMA_OID one, other;

	(void)state;
	sim("lu " T("disk") "/0x0708050603040102 add");
	assert_done(IMA_GetLuOid(sim_oid("found:sw/" T("disk")), 0x0708050603040102ULL,
				 &one));
	assert_done(IMA_GetLuOidFromBytes(sim_oid("found:sw/" T("disk")), bytes, &other));
	assert_memory_equal(&one, &other, sizeof(one));
}

static IMA_UINT inquiry(const char *name, int page, IMA_BYTE *data, IMA_UINT size)
{
	IMA_UINT length = size;

	memset(data, 0xA5, size);
	assert_done(IMA_LuInquiry(sim_oid(name), page >= 0, IMA_FALSE,
				  (IMA_BYTE)(page < 0 ? 0 : page), data, &length, NULL,
				  NULL));
	return length;
}

static void inquiry_data_are_those_of_the_lu(void **state)
{
	IMA_BYTE data[256];

	(void)state;
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/0", -1, data, 255), 96);
	assert_int_equal(data[0], 0x00);
	assert_int_equal(data[2], 0x06);
	assert_int_equal(data[3] & 0xf, 2);
	assert_int_equal(data[4], 91);
	assert_memory_equal(data + 8, "LIBIMA  SIMULATED LU    1   ", 28);
	assert_memory_equal(data + 58, "\x09\x60\x04\x60\x04\xc0", 6);
	assert_int_equal(inquiry("found-lu:sw/" T("more") "/1", -1, data, 255), 96);
	assert_int_equal(data[0], 0x01);
	sim("lu " T("disk") "/0 set vendor=ACME product=\"DISK OF SIXTEEN!\" revision=12 "
			    "type=cdrom removable=yes");
	inquiry("found-lu:sw/" T("disk") "/0", -1, data, 255);
	assert_memory_equal(data, "\x05\x80", 2);
	assert_memory_equal(data + 8, "ACME    DISK OF SIXTEEN!12  ", 28);
	/* Cut off at the size of the buffer, and not a byte more. */
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/0", -1, data, 20), 20);
	assert_int_equal(data[4], 91);
	/* No LU with LUN 0. */
	inquiry("found:sw/" T("more"), -1, data, 255);
	assert_int_equal(data[0], 0x7f);
}

static void vital_product_data_are_those_of_the_lu(void **state)
{
	IMA_BYTE data[256];

	(void)state;
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/0", 0x00, data, 255), 9);
	assert_memory_equal(data, "\x00\x00\x00\x05\x00\x80\x83\xb0\xb1", 9);
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/256", 0x00, data, 255), 9);
	assert_memory_equal(data, "\x00\x00\x00\x05\x00\x83\xb0\xb1\xb2", 9);
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/0", 0x80, data, 255), 6);
	assert_memory_equal(data,
			    "\x00\x80\x00\x02"
			    "D0",
			    6);
	inquiry("found-lu:sw/" T("disk") "/0", 0x83, data, 255);
	/* NAA, then T10 vendor id and serial number, then the target port. */
	assert_memory_equal(data + 4, "\x01\x03\x00\x08\x60\x01\x40\x50\x00\x00\x00\x00",
			    12);
	assert_memory_equal(data + 16, "\x02\x01\x00\x0aLIBIMA  D0", 14);
	assert_memory_equal(data + 30, "\x53\x98\x00\x28" T("disk") ",t,0x0001\0\0",
			    4 + 40);
	assert_int_equal(data[3], 70);
	sim("lu " T("disk") "/0 set naa=0 eui=0x02004567a425678d designator=name");
	inquiry("found-lu:sw/" T("disk") "/0", 0x83, data, 255);
	assert_memory_equal(data + 4, "\x01\x02\x00\x08\x02\x00\x45\x67\xa4\x25\x67\x8d",
			    12);
	assert_memory_equal(data + 16, "\x02\x01\x00\x0cLIBIMA  name", 16);
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/256", 0xb0, data, 255), 64);
	assert_int_equal(data[7], 2); /* granularity: 1 << physical-exponent */
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/256", 0xb1, data, 255), 64);
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/256", 0xb2, data, 255), 8);
}

static void pages_can_be_anything(void **state)
{
	IMA_BYTE data[256];

	(void)state;
	sim("page " T("disk") "/0/0xc0 add data=hex:00c0000141\npage " T(
		"disk") "/0/0x80 add data=x\n"
			"page " T("disk") "/0/standard add data=hex:1f");
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/0", 0xc0, data, 255), 5);
	assert_memory_equal(data, "\x00\xc0\x00\x01\x41\xA5", 6);
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/0", 0x80, data, 255), 1);
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/0", -1, data, 255), 1);
	assert_int_equal(data[0], 0x1f);
	assert_int_equal(inquiry("found-lu:sw/" T("disk") "/0", 0x00, data, 255), 10);
	assert_int_equal(data[9], 0xc0);
}

static void capacity_is_that_of_the_lu(void **state)
{
	IMA_BYTE data[40];
	IMA_UINT length = 40;

	(void)state;
	assert_done(IMA_LuReadCapacity(sim_oid("found:sw/" T("disk")), 10, data, &length,
				       NULL, NULL));
	assert_int_equal(length, 8);
	assert_memory_equal(data, "\x00\x00\x07\xff\x00\x00\x02\x00", 8);
	length = 40;
	assert_done(IMA_LuReadCapacity(sim_oid("found-lu:sw/" T("disk") "/1"), 10, data,
				       &length, NULL, NULL));
	assert_memory_equal(data, "\xff\xff\xff\xff\x00\x00\x02\x00", 8);
	length = 40;
	memset(data, 0xA5, sizeof(data));
	assert_done(IMA_LuReadCapacity(sim_oid("found-lu:sw/" T("disk") "/256"), 16, data,
				       &length, NULL, NULL));
	assert_int_equal(length, 32);
	assert_memory_equal(
		data, "\x00\x00\x00\x00\x3f\xff\xff\xff\x00\x00\x10\x00\x00\x01\xc0\x00",
		16);
	assert_int_equal(data[32], 0xA5);
}

static IMA_UINT luns(const char *name, IMA_BOOL well_known, IMA_BYTE select,
		     IMA_BYTE *data, IMA_UINT size)
{
	IMA_UINT length = size;

	memset(data, 0xA5, 64);
	assert_done(IMA_LuReportLuns(sim_oid(name), well_known, select, data, &length,
				     NULL, NULL));
	return length;
}

static void report_luns_lists_what_the_target_has(void **state)
{
	static const IMA_BYTE four[] = "\x00\x00\x00\x20\x00\x00\x00\x00"
				       "\x00\x00\x00\x00\x00\x00\x00\x00"
				       "\x00\x01\x00\x00\x00\x00\x00\x00"
				       "\x00\x02\x00\x00\x00\x00\x00\x00"
				       "\x01\x00\x00\x00\x00\x00\x00\x00";
	static const IMA_BYTE well_known[] = "\xc1\x01\x00\x00\x00\x00\x00\x00";
	IMA_BYTE data[64];

	(void)state;
	assert_int_equal(luns("found:sw/" T("disk"), IMA_FALSE, 0, data, 64), 40);
	assert_memory_equal(data, four, 40);
	assert_int_equal(luns("found:sw/" T("disk"), IMA_TRUE, 1, data, 64), 16);
	assert_memory_equal(data + 8, well_known, 8);
	assert_int_equal(luns("found-lu:sw/" T("disk") "/1", IMA_FALSE, 2, data, 64), 48);
	assert_int_equal(data[3], 40);
	assert_memory_equal(data + 40, well_known, 8);
	assert_int_equal(luns("found:sw/" T("disk"), IMA_FALSE, 0, data, 20), 20);
	assert_int_equal(data[3], 32);
	assert_int_equal(data[20], 0xA5);
}

static void sense_data_explain_what_is_wrong(void **state)
{
	static const struct {
		const char *name;
		int page;
		const char *sense; /* key, code */
	} rows[] = {
		{ "found-lu:sw/" T("disk") "/0", 0x99, "\x05\x24" },
		{ "found:sw/" T("more"), 0x00, "\x05\x25" },
	};
	IMA_BYTE data[64], sense[18];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IMA_UINT length = 64, sense_length = 18;

		assert_status(IMA_LuInquiry(sim_oid(rows[i].name), IMA_TRUE, IMA_FALSE,
					    (IMA_BYTE)rows[i].page, data, &length, sense,
					    &sense_length),
			      IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
		assert_int_equal(sense_length, 18);
		assert_int_equal(sense[2], rows[i].sense[0]);
		assert_int_equal(sense[12], rows[i].sense[1]);
		assert_int_equal(length, 64);
	}
}

static void a_command_without_a_session_leaves_no_trace(void **state)
{
	IMA_BYTE data[96];
	char *before;

	(void)state;
	sim("found auto/" T("disk") " logout");
	before = strdup(sim_says("show"));
	assert_non_null(before);
	inquiry("found:auto/" T("disk"), -1, data, 96);
	assert_string_equal(sim_says("show"), before);
	free(before);
	assert_int_equal(
		count_of(IMA_GetSessionOidList, sim_oid("found:auto/" T("disk"))), 0);
	assert_int_equal(count_of(IMA_GetLuOidList, sim_oid("found:auto/" T("disk"))), 0);
}

/* --- stale data ---------------------------------------------------------------------------------- */

static void what_is_set_for_a_target_waits_for_it(void **state)
{
	IMA_MIN_MAX_VALUE value;

	(void)state;
	sim("target " T("gone") " add portals=192.0.2.10:3260 array=box");
	assert_done(
		IMA_GetMaxConnectionsProperties(sim_oid("found:sw/" T("gone")), &value));
	assert_int_equal(value.currentValue, 2);
	assert_string_equal(sim_says("show stale"), "");
	assert_done(IMA_SetMaxConnections(sim_oid("found:sw/" T("gone")), 5));
	sim("lu " T("gone") "/3 add");
	assert_done(IMA_ExposeLu(sim_oid("found-lu:sw/" T("gone") "/3")));
	sim("target " T("gone") " remove");
	sim("target " T("gone") " add portals=192.0.2.10:3260 array=box\nlu " T(
		"gone") "/3 add");
	assert_done(
		IMA_GetMaxConnectionsProperties(sim_oid("found:sw/" T("gone")), &value));
	assert_int_equal(value.currentValue, 5);
	assert_int_equal(count_of(IMA_GetLuOidList, sim_oid("found:sw/" T("gone"))), 1);
	sim("target " T("gone") " remove");
	assert_done(IMA_RemoveStaleData(sim_oid("lhba:sw")));
	sim("target " T("gone") " add portals=192.0.2.10:3260 array=box");
	assert_done(
		IMA_GetMaxConnectionsProperties(sim_oid("found:sw/" T("gone")), &value));
	assert_int_equal(value.currentValue, 1);
}

/* --- many ---------------------------------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b)
{
	const IMA_OID *x = a, *y = b;

	return (x->objectSequenceNumber > y->objectSequenceNumber) -
	       (x->objectSequenceNumber < y->objectSequenceNumber);
}

static void generated_targets_are_like_any_others(void **state)
{
	IMA_TARGET_PROPERTIES target;
	IMA_LU_PROPERTIES lu;
	IMA_OID_LIST *list;
	IMA_BYTE data[64];

	(void)state;
	sim("lhba many add networks=lan discovery=sendtargets\ndiscovery many/192.0.2.50 "
	    "add");
	sim("generate targets=500 lus=16 name=" T("g") " portal=192.0.2.50:3260 size=1T");
	assert_int_equal(count_of(IMA_GetTargetOidList, sim_oid("lhba:many")), 500);
	assert_done(IMA_GetLuOidList(sim_oid("lhba:many"), &list));
	assert_int_equal(list->oidCount, 8000);
	assert_done(IMA_GetLuProperties(list->oids[7999], &lu));
	assert_int_equal(lu.targetLun, 15);
	/* four LUs have device names in every.conf */
	assert_int_equal(wcsncmp(lu.osDeviceName, L"/dev/sd", 7), 0);
	assert_done(IMA_GetTargetProperties(lu.associatedTargetOid, &target));
	assert_int_equal(wcscmp(target.name, L"" T("g00499")), 0);
	assert_int_equal(target.discoveryMethodFlags,
			 IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
	qsort(list->oids, list->oidCount, sizeof(list->oids[0]), compare_numbers);
	for (IMA_UINT i = 1; i < list->oidCount; i++)
		assert_int_not_equal(list->oids[i].objectSequenceNumber,
				     list->oids[i - 1].objectSequenceNumber);
	IMA_FreeMemory(list);
	assert_int_equal(inquiry("found-lu:many/" T("g00499") "/15", 0x80, data, 64),
			 4 + 14);
	assert_memory_equal(data + 4, "00000499-00015", 14);
	/* What is there already is left alone. */
	sim("generate targets=501 lus=16 name=" T("g") " portal=192.0.2.50:3260");
	assert_int_equal(count_of(IMA_GetTargetOidList, sim_oid("lhba:many")), 501);
}

/* --- control ------------------------------------------------------------------------------------- */

static void output_that_does_not_fit_is_not_cut_unless_something_changed(void **state)
{
	IMA_UINT length = 3;
	char output[64];

	(void)state;
	memset(output, 'x', sizeof(output));
	assert_status(IMA_PluginIOctl(sim_plugin(), 1, "list lhba", 9, output, &length),
		      IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(length, strlen("sw\nauto\npoor\nslow\noff\n"));
	assert_int_equal(output[0], 'x');
	assert_done(IMA_PluginIOctl(sim_plugin(), 1, "list lhba", 9, output, &length));
	assert_memory_equal(output, "sw\nauto\npoor\nslow\noff\nx", length + 1);
	length = 3;
	assert_done(IMA_PluginIOctl(sim_plugin(), 1, "fault any delay=1ms", 19, output,
				    &length));
	assert_int_equal(length, 3);
	assert_memory_equal(output, "fau", 3);
}

static void a_statement_that_fails_has_changed_nothing(void **state)
{
	(void)state;
	assert_int_equal(sim_try("lhba sw set os-device-name=new\n"
				 "lhba sw set os-device-name=newer max-connections=0\n"
				 "lhba sw set os-device-name=newest"),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_string_equal(last_error(), "command:2: max-connections must be from "
					  "max-connections.min to max-connections.max");
	assert_non_null(strstr(sim_says("show lhba:sw"), "os-device-name=new "));
}

#define TEST(name) cmocka_unit_test_teardown(name, sim_reset)

static const struct CMUnitTest tests[] = {
	TEST(sendtargets_tells_the_targets_of_the_array),
	TEST(a_target_that_is_not_told_about_is_found_by_other_ways),
	TEST(each_method_leaves_its_flag),
	TEST(isns_servers_are_found_three_ways),
	TEST(host_names_are_resolved),
	TEST(only_what_a_network_carries_is_reached),
	TEST(a_target_can_be_asked_for_more_targets),
	TEST(discovery_now_lists_what_answered),
	TEST(adding_what_is_there_gives_its_oid),
	TEST(lists_of_an_lnp_have_what_it_reaches),
	TEST(results_are_those_of_rfc_7143),
	TEST(connections_go_to_the_portals_of_one_group),
	TEST(new_keys_count_at_the_next_login),
	TEST(a_session_has_an_oid_of_its_own),
	TEST(a_target_that_is_lost_loses_its_session_and_gets_it_back),
	TEST(a_login_that_fails_is_counted_and_explained),
	TEST(a_target_lets_only_one_initiator_in),
	TEST(credentials_are_compared),
	TEST(the_method_the_initiator_prefers_is_used),
	TEST(secrets_are_not_shown),
	TEST(old_values_hold_until_the_reboot),
	TEST(sources_wait_for_the_reboot),
	TEST(exposure_waits_for_the_reboot_and_survives_it),
	TEST(a_reboot_ends_sessions_and_counters),
	TEST(a_commit_makes_pending_values_of_one_adapter_active),
	TEST(traffic_is_counted_in_bytes_and_pdus),
	TEST(counters_start_from_zero_when_they_are_switched_on),
	TEST(traffic_flows_by_the_clock),
	TEST(ports_count_what_goes_through_them),
	TEST(the_clock_advances_by_command_and_by_call),
	TEST(exposed_lus_are_in_the_list),
	TEST(luns_have_two_forms),
	TEST(inquiry_data_are_those_of_the_lu),
	TEST(vital_product_data_are_those_of_the_lu),
	TEST(pages_can_be_anything),
	TEST(capacity_is_that_of_the_lu),
	TEST(report_luns_lists_what_the_target_has),
	TEST(sense_data_explain_what_is_wrong),
	TEST(a_command_without_a_session_leaves_no_trace),
	TEST(what_is_set_for_a_target_waits_for_it),
	TEST(generated_targets_are_like_any_others),
	TEST(output_that_does_not_fit_is_not_cut_unless_something_changed),
	TEST(a_statement_that_fails_has_changed_nothing),
};

static int run(void)
{
	return cmocka_run_group_tests_name("simulator-behaviour", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return sim_run(argc, argv, SCENARIOS "/every.conf", run);
}
