// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Against targets that behave as they are told (stub.py): what is offered to them, and what
 * becomes of refusals, silence and every SCSI status.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "sandbox.h"
#include "shared/cleanup.h"

/* --- Those that do not answer ------------------------------------------------------------- */

static void logins_that_fail_say_why(void **state)
{
	static const struct {
		const char *portal;
		IMA_STATUS status;
		IMAX_LAYER layer;
		int error;
	} cases[] = {
		{ "STUB_SILENT", IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT,
		  ETIMEDOUT },
		{ "STUB_CLOSED", IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT,
		  ECONNREFUSED },
		{ "STUB_HANGUP", IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT,
		  ECONNRESET },
		{ "STUB_GARBAGE", IMA_ERROR_UNKNOWN_ERROR, IMAX_LAYER_ISCSI, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned int begin = milliseconds();
		IMAX_LAST_ERROR error;

		sandbox_clear_state();
		assert_ok(IMAX_SetDeadline(DEADLINE));
		assert_status(IMAX_LoginTarget(stub(cases[i].portal)), cases[i].status);
		assert_true(milliseconds() - begin < 10000);
		error = last_error();
		assert_int_equal(error.layer, cases[i].layer);
		assert_int_equal(error.osError, cases[i].error);
		assert_non_null(strstr(error.text, NAME));
		assert_non_null(strstr(error.text, getenv(cases[i].portal)));
	}
}

static void refusals_tell_the_login_status(void **state)
{
	static const struct {
		const char *name;
		unsigned int class, detail;
	} cases[] = {
		{ NAME ".0201", 2, 1 },
		{ NAME ".0203", 2, 3 },
		{ NAME ".0301", 3, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		add_static(cases[i].name, getenv("STUB_REFUSE"));
		assert_status(IMAX_LoginTarget(find_target(cases[i].name)),
			      IMA_ERROR_LOGIN_REJECTED);
		assert_int_equal(last_error().loginStatusValid, IMA_TRUE);
		assert_int_equal(last_error().loginStatusClass, cases[i].class);
		assert_int_equal(last_error().loginStatusDetail, cases[i].detail);
		assert_int_equal(last_error().layer, IMAX_LAYER_ISCSI);
	}
}

static void commands_end_before_the_deadline(void **state)
{
	unsigned int begin = milliseconds();
	IMA_OID target = stub("STUB_SILENT"), oid;

	(void)state;
	assert_ok(IMAX_SetDeadline(DEADLINE));
	assert_status(inquire(target), IMA_ERROR_TARGET_TIMEOUT);
	assert_status(IMA_GetLuOid(target, 0, &oid), IMA_ERROR_TARGET_TIMEOUT);
	assert_true(milliseconds() - begin < 10000);
}

static void silent_portal_does_not_hide_the_next(void **state)
{
	(void)state;
	stub("STUB_SILENT");
	assert_ok(IMAX_SetDeadline(2000));
	assert_ok(IMAX_LoginTarget(stub("STUB_TARGET")));
	assert_ok(IMAX_LogoutTarget(find_target(NAME)));
}

static void refusal_of_one_portal_does_not_hide_the_next(void **state)
{
	IMA_OID target;

	(void)state;
	add_static(NAME ".0301", getenv("STUB_REFUSE"));
	add_static(NAME ".0301", getenv("STUB_TARGET"));
	target = find_target(NAME ".0301");
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(IMAX_LogoutTarget(target));
}

/* --- Discovery ----------------------------------------------------------------------------- */

static void dead_addresses_hide_nothing(void **state)
{
	unsigned int begin;

	(void)state;
	add_address(getenv("STUB_SILENT"));
	add_address(getenv("STUB_CLOSED"));
	add_address(getenv("STUB_GARBAGE"));
	add_address(getenv("STUB_TARGET"));
	assert_ok(IMAX_SetDeadline(1000));
	begin = milliseconds();
	assert_int_equal(discover(lhba()), 1);
	assert_true(milliseconds() - begin < 10000);
	assert_int_equal(count_targets(), 1);
}

static void discovery_that_finds_nobody_says_why(void **state)
{
	IMA_OID silent = add_address(getenv("STUB_SILENT"));
	IMA_OID refuse = add_address(getenv("STUB_REFUSE"));
	IMA_OID_LIST *list;

	(void)state;
	assert_ok(IMAX_SetDeadline(DEADLINE));
	assert_status(IMAX_DiscoverTargets(silent, &list), IMA_ERROR_TARGET_TIMEOUT);
	assert_null(list);
	assert_status(IMAX_DiscoverTargets(refuse, &list), IMA_ERROR_LOGIN_REJECTED);
	assert_status(IMAX_DiscoverTargets(lhba(), &list), IMA_ERROR_LOGIN_REJECTED);
	assert_int_equal(last_error().loginStatusClass, 2);
}

static void targets_come_and_go_with_the_answer(void **state)
{
	IMA_OID address = add_address(getenv("STUB_TARGET")), first;

	(void)state;
	report(NAME "1\n" NAME "2\n");
	assert_int_equal(discover(address), 2);
	first = find_target(NAME "1");
	report(NAME "2\n" NAME "3\n");
	assert_int_equal(discover(address), 2);
	assert_int_equal(find_target(NAME "1").objectType, IMA_OBJECT_TYPE_UNKNOWN);
	assert_int_equal(count_targets(), 2);
	report(NAME "1\n");
	assert_int_equal(discover(address), 1);
	assert_int_equal(find_target(NAME "1").objectSequenceNumber,
			 first.objectSequenceNumber);
	assert_int_equal(sandbox_again("count-targets"), 1);
	/* What failed says nothing about what is there. */
	unlink(stub_path("targets"));
	assert_ok(IMAX_SetDeadline(DEADLINE));
	assert_status(IMAX_DiscoverTargets(address, &(IMA_OID_LIST *){ NULL }),
		      IMA_ERROR_TARGET_TIMEOUT);
	assert_int_equal(count_targets(), 1);
	assert_ok(IMA_RemoveDiscoveryAddress(address));
	assert_int_equal(count_targets(), 0);
}

static void target_with_two_sources_needs_both_to_go(void **state)
{
	IMA_OID first = add_address(getenv("STUB_TARGET"));
	IMA_OID second = add_address(getenv("STUB_SECOND"));
	IMA_TARGET_PROPERTIES properties;
	IMA_ADDRESS_KEYS *keys;

	(void)state;
	add_static(NAME, getenv("STUB_TARGET"));
	assert_int_equal(discover(lhba()), 1);
	assert_ok(IMA_GetTargetProperties(find_target(NAME), &properties));
	assert_int_equal(properties.discoveryMethodFlags,
			 IMA_TARGET_DISCOVERY_METHOD_STATIC |
				 IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
	assert_ok(IMA_GetAddressKeys(find_target(NAME), &keys));
	assert_int_equal(keys->addressKeyCount, 2);
	assert_ok(IMA_FreeMemory(keys));
	assert_ok(IMA_RemoveDiscoveryAddress(first));
	assert_ok(IMA_RemoveDiscoveryAddress(second));
	assert_int_equal(count_targets(), 1);
}

static void long_answers_are_read_whole(void **state)
{
	IMA_OID address = add_address(getenv("STUB_TARGET"));
	char *lines = malloc(3000 * 128), *end = lines;

	(void)state;
	assert_non_null(lines);
	for (int i = 0; i < 3000; i++)
		end += snprintf(end, 128,
				NAME "%d 192.0.2.1:3260,1 [2001:db8::1]:3260,2\n", i);
	report(lines);
	free(lines);
	assert_int_equal(discover(address), 3000);
	assert_int_equal(count_targets(), 3000);
}

static void invalid_portals_are_left_out(void **state)
{
	IMA_ADDRESS_KEYS *keys;

	(void)state;
	report(NAME " 192.0.2.1:3260,1 [2001:db8::1]:860,1 host.invalid:3260,1\n");
	assert_int_equal(discover(add_address(getenv("STUB_TARGET"))), 1);
	assert_ok(IMA_GetAddressKeys(find_target(NAME), &keys));
	assert_int_equal(keys->addressKeyCount, 2);
	assert_int_equal(keys->addressKeys[1].portNumber, 860);
	assert_int_equal(keys->addressKeys[1].ipAddress.ipv4Address, IMA_FALSE);
	assert_ok(IMA_FreeMemory(keys));
}

static void switched_off_method_finds_nothing(void **state)
{
	IMA_OID address = add_address(getenv("STUB_TARGET"));

	(void)state;
	assert_int_equal(discover(lhba()), 1);
	assert_ok(IMA_SetSendTargetsDiscovery(lhba(), IMA_FALSE));
	assert_int_equal(count_targets(), 0);
	assert_int_equal(discover(lhba()), 0);
	/* An address can be asked all the same. */
	assert_int_equal(discover(address), 1);
}

/* A client that knows only the standard has no other way to discover. */
static void added_address_is_asked_by_itself(void **state)
{
	(void)state;
	add_address(getenv("STUB_SILENT"));
	assert_ok(IMA_SetSendTargetsDiscovery(lhba(), IMA_FALSE));
	add_address(getenv("STUB_TARGET"));
	assert_int_equal(count_targets(), 0);
	assert_ok(IMA_SetSendTargetsDiscovery(lhba(), IMA_TRUE));
	while (!count_targets())
		usleep(1000);
	report(NAME "1\n" NAME "2\n");
	add_address(getenv("STUB_SECOND"));
	while (count_targets() < 3)
		usleep(1000);
}

static void silent_address_does_not_keep_the_process(void **state)
{
	unsigned int begin = milliseconds();

	(void)state;
	assert_int_equal(sandbox_again("add-silent"), 0);
	assert_true(milliseconds() - begin < 10000);
}

static int add_silent(void)
{
	return try_address(getenv("STUB_SILENT"), NULL) != IMA_STATUS_SUCCESS;
}

/* --- Commands ------------------------------------------------------------------------------ */

static void each_scsi_status_has_its_own(void **state)
{
	static const IMA_STATUS expected[] = {
		IMA_STATUS_SUCCESS,
		IMA_ERROR_SCSI_STATUS_BUSY,
		IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT,
		IMA_ERROR_SCSI_STATUS_TASK_SET_FULL,
		IMA_ERROR_SCSI_STATUS_ACA_ACTIVE,
		IMA_ERROR_SCSI_STATUS_TASK_ABORTED,
		IMA_STATUS_SCSI_STATUS_CONDITION_MET,
		IMA_ERROR_UNKNOWN_ERROR,
		IMA_STATUS_SUCCESS, /* a UNIT ATTENTION first */
	};
	IMA_OID target = stub("STUB_TARGET");

	(void)state;
	for (size_t lun = 0; lun < ARRAY_SIZE(expected); lun++) {
		assert_status(inquire(lu(target, lun)), expected[lun]);
		if (IMA_ERROR(expected[lun])) {
			assert_int_equal(last_error().scsiStatusValid, IMA_TRUE);
			assert_int_equal(last_error().layer, IMAX_LAYER_SCSI);
		}
	}
	assert_ok(IMAX_LoginTarget(target));
	for (size_t lun = 0; lun < ARRAY_SIZE(expected); lun++)
		assert_status(inquire(lu(target, lun)), expected[lun]);
	assert_ok(IMAX_LogoutTarget(target));
}

static void attention_that_stays_is_told(void **state)
{
	IMA_BYTE data[36], sense[4];
	IMA_UINT length = sizeof(data), sense_length = sizeof(sense);

	(void)state;
	assert_status(IMA_LuInquiry(lu(stub("STUB_TARGET"), 12), IMA_FALSE, IMA_FALSE, 0,
				    data, &length, sense, &sense_length),
		      IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_int_equal(sense_length, 4);
	assert_int_equal(sense[2], 6);
	assert_int_equal(last_error().sense[12], 0x2a);
}

static void long_sense_data_is_cut(void **state)
{
	IMA_BYTE data[36], sense[300];
	IMA_UINT length = sizeof(data), sense_length = sizeof(sense);

	(void)state;
	assert_status(IMA_LuInquiry(lu(stub("STUB_TARGET"), 11), IMA_FALSE, IMA_FALSE, 0,
				    data, &length, sense, &sense_length),
		      IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_in_range(sense_length, 18, 252);
	assert_int_equal(last_error().senseLength, sense_length);
	assert_memory_equal(last_error().sense, sense, sense_length);
}

static void silent_lu_does_not_cost_the_session(void **state)
{
	IMA_OID target = stub("STUB_TARGET"), silent;
	unsigned int begin;

	(void)state;
	assert_ok(IMAX_LoginTarget(target));
	silent = lu(target, 9);
	assert_ok(IMAX_SetDeadline(DEADLINE));
	begin = milliseconds();
	assert_status(inquire(silent), IMA_ERROR_TARGET_TIMEOUT);
	assert_true(milliseconds() - begin < 10000);
	assert_ok(IMAX_SetDeadline(0));
	/* The answer comes after that to the abort, which must not have ended the session. */
	assert_ok(inquire(lu(target, 0)));
	assert_true(is_logged("task-management 1"));
	assert_int_equal(count_sessions(target), 1);
	assert_ok(IMAX_LogoutTarget(target));
}

static void many_luns_are_listed(void **state)
{
	IMA_OID target, oid;

	(void)state;
	add_static(NAME ".many", getenv("STUB_TARGET"));
	target = find_target(NAME ".many");
	assert_ok(IMAX_LoginTarget(target));
	assert_int_equal(count_lus(target), 5000);
	assert_ok(IMA_GetLuOid(target, 0x4100, &oid)); /* LUN 256 in flat addressing */
	assert_status(IMA_GetLuOid(target, 0x7fff, &oid), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_ok(IMAX_LogoutTarget(target));
}

/* --- What is offered ------------------------------------------------------------------------ */

static void keys_are_offered_as_they_are_set(void **state)
{
	IMA_OID target = stub("STUB_TARGET");
	IMA_SESSION_PROPERTIES properties;
	IMA_OID_LIST *list;

	(void)state;
	assert_ok(IMA_SetFirstBurstLength(lhba(), 4096));
	assert_ok(IMA_SetMaxBurstLength(target, 12345));
	assert_ok(IMA_SetDefaultTime2Wait(target, 17));
	assert_ok(IMA_SetDefaultTime2Retain(lhba(), 33));
	assert_ok(IMA_SetInitialR2T(target, IMA_TRUE));
	assert_ok(IMA_SetImmediateData(lhba(), IMA_FALSE));
	assert_ok(IMA_SetMaxRecvDataSegmentLength(target, 65536));
	assert_ok(IMAX_LoginTarget(target));
	assert_true(is_logged("FirstBurstLength=4096"));
	assert_true(is_logged("MaxBurstLength=12345"));
	assert_true(is_logged("DefaultTime2Wait=17"));
	assert_true(is_logged("DefaultTime2Retain=33"));
	assert_true(is_logged("InitialR2T=Yes"));
	assert_true(is_logged("ImmediateData=No"));
	assert_true(is_logged("MaxRecvDataSegmentLength=65536"));
	assert_true(is_logged("SessionType=Normal"));
	assert_ok(IMA_GetSessionOidList(target, &list));
	assert_ok(IMA_GetSessionProperties(list->oids[0], &properties));
	assert_ok(IMA_FreeMemory(list));
	assert_int_equal(properties.firstBurstLength, 4096);
	assert_int_equal(properties.maxBurstLength, 12345);
	assert_int_equal(properties.defaultTime2Wait, 17);
	assert_int_equal(properties.immediateData, IMA_FALSE);
	assert_int_equal(properties.initialR2T, IMA_TRUE);
	assert_int_equal(properties.tsih, 0x1234);
	assert_int_equal(properties.targetPortalGroupTag, 1);
	assert_int_equal(properties.authMethod, IMA_AUTHMETHOD_NONE);
	assert_ok(IMAX_LogoutTarget(target));
	assert_true(is_logged("logout"));
}

static void name_and_alias_of_the_node_are_offered(void **state)
{
	const IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	const IMA_WCHAR name[IMA_NODE_NAME_LEN] = L"iqn.2003-01.org.example:me";
	const IMA_WCHAR alias[IMA_NODE_ALIAS_LEN] = L"my alias";
	IMA_NODE_NAME generated;
	char line[300];

	(void)state;
	assert_ok(inquire(stub("STUB_TARGET")));
	assert_ok(IMA_GenerateNodeName(generated));
	snprintf(line, sizeof(line), "InitiatorName=%s", text_of(generated));
	assert_true(is_logged(line));
	assert_ok(IMA_SetNodeName(shared, name));
	assert_ok(IMA_SetNodeAlias(shared, alias));
	assert_ok(inquire(find_target(NAME)));
	assert_true(is_logged("InitiatorName=iqn.2003-01.org.example:me"));
	assert_true(is_logged("InitiatorAlias=my alias"));
}

static void chap_alone_is_offered_unless_none_is_allowed(void **state)
{
	IMA_OID target = stub("STUB_TARGET");

	(void)state;
	assert_ok(set_chap("joe", "twelve bytes"));
	assert_ok(use_methods(1, IMA_AUTHMETHOD_CHAP, 0));
	/* This target goes on without authentication: it is left. */
	assert_status(IMAX_LoginTarget(target), IMA_ERROR_LOGIN_REJECTED);
	assert_true(is_logged("AuthMethod=CHAP"));
	assert_null(strstr(last_error().text, "twelve"));
	assert_ok(use_methods(2, IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE));
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(IMAX_LogoutTarget(target));
}

static void alias_of_a_target_is_learned(void **state)
{
	IMA_TARGET_PROPERTIES properties;
	IMA_OID target = stub("STUB_TARGET");

	(void)state;
	assert_ok(IMA_GetTargetProperties(target, &properties));
	assert_string_equal(text_of(properties.alias), "");
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(IMAX_LogoutTarget(target));
	assert_ok(IMA_GetTargetProperties(target, &properties));
	assert_string_equal(text_of(properties.alias), "stub of " NAME);
}

static void pings_are_answered_meanwhile(void **state)
{
	IMA_OID target;

	(void)state;
	add_static(NAME ".ping", getenv("STUB_TARGET"));
	target = find_target(NAME ".ping");
	assert_ok(IMAX_LoginTarget(target));
	while (!is_logged("nop-out 0x7"))
		usleep(1000);
	assert_ok(IMAX_LogoutTarget(target));
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(logins_that_fail_say_why, prepare),
		cmocka_unit_test_setup(refusals_tell_the_login_status, prepare),
		cmocka_unit_test_setup(commands_end_before_the_deadline, prepare),
		cmocka_unit_test_setup(silent_portal_does_not_hide_the_next, prepare),
		cmocka_unit_test_setup(refusal_of_one_portal_does_not_hide_the_next,
				       prepare),
		cmocka_unit_test_setup(dead_addresses_hide_nothing, prepare),
		cmocka_unit_test_setup(discovery_that_finds_nobody_says_why, prepare),
		cmocka_unit_test_setup(targets_come_and_go_with_the_answer, prepare),
		cmocka_unit_test_setup(target_with_two_sources_needs_both_to_go, prepare),
		cmocka_unit_test_setup(long_answers_are_read_whole, prepare),
		cmocka_unit_test_setup(invalid_portals_are_left_out, prepare),
		cmocka_unit_test_setup(switched_off_method_finds_nothing, prepare),
		cmocka_unit_test_setup(added_address_is_asked_by_itself, prepare),
		cmocka_unit_test_setup(silent_address_does_not_keep_the_process, prepare),
		cmocka_unit_test_setup(each_scsi_status_has_its_own, prepare),
		cmocka_unit_test_setup(attention_that_stays_is_told, prepare),
		cmocka_unit_test_setup(long_sense_data_is_cut, prepare),
		cmocka_unit_test_setup(silent_lu_does_not_cost_the_session, prepare),
		cmocka_unit_test_setup(many_luns_are_listed, prepare),
		cmocka_unit_test_setup(keys_are_offered_as_they_are_set, prepare),
		cmocka_unit_test_setup(name_and_alias_of_the_node_are_offered, prepare),
		cmocka_unit_test_setup(chap_alone_is_offered_unless_none_is_allowed,
				       prepare),
		cmocka_unit_test_setup(alias_of_a_target_is_learned, prepare),
		cmocka_unit_test_setup(pings_are_answered_meanwhile, prepare),
	};

	if (sandbox_argument())
		return strcmp(sandbox_argument(), "add-silent") ? (int)count_targets()
								: add_silent();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
