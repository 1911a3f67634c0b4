// SPDX-License-Identifier: LGPL-2.1-or-later
/* Against a real target, tgtd: what its users do with it. */
#include "cmocka_all.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "sandbox.h"
#include "shared/cleanup.h"

#define OPEN "iqn.2003-01.org.example:open"
#define CHAP "iqn.2003-01.org.example:chap"

static const char *portal(void)
{
	return getenv("TGTD_PORTAL");
}

static int discovered(void **state)
{
	int err = reset(state);

	add_address(portal());
	assert_int_equal(discover(lhba()), 2);
	return err;
}

static IMA_OID one_of(IMA_STATUS (*get)(IMA_OID, IMA_OID_LIST **), IMA_OID oid,
		      unsigned int count)
{
	IMA_OID first = { IMA_OBJECT_TYPE_UNKNOWN, 0, 0 };
	IMA_OID_LIST *list;

	assert_ok(get(oid, &list));
	assert_int_equal(list->oidCount, count);
	if (count)
		first = list->oids[0];
	assert_ok(IMA_FreeMemory(list));
	return first;
}

static void targets_are_found_and_kept(void **state)
{
	IMA_TARGET_PROPERTIES properties;
	IMA_OID target = find_target(OPEN);
	IMA_ADDRESS_KEYS *keys;

	(void)state;
	assert_ok(IMA_GetTargetProperties(target, &properties));
	assert_int_equal(properties.discoveryMethodFlags,
			 IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
	assert_ok(IMA_GetAddressKeys(target, &keys));
	assert_true(keys->addressKeyCount >= 1);
	assert_ok(IMA_FreeMemory(keys));
	assert_int_equal(sandbox_again("count-targets"), 2);
	assert_int_equal(discover(lhba()), 2);
	assert_int_equal(find_target(OPEN).objectSequenceNumber,
			 target.objectSequenceNumber);
}

struct inquiry {
	IMA_BYTE data[256];
	IMA_UINT length;
	IMA_BYTE sense[64];
	IMA_UINT sense_length;
};

static IMA_STATUS inquire(IMA_OID oid, IMA_BOOL evpd, IMA_BOOL cmddt, IMA_BYTE page,
			  IMA_UINT size, struct inquiry *inquiry)
{
	memset(inquiry, 0xee, sizeof(*inquiry));
	inquiry->length = size;
	inquiry->sense_length = sizeof(inquiry->sense);
	return IMA_LuInquiry(oid, evpd, cmddt, page, inquiry->data, &inquiry->length,
			     inquiry->sense, &inquiry->sense_length);
}

static IMA_OID lu(const char *name, IMA_UINT64 lun)
{
	IMA_OID oid;

	assert_ok(IMA_GetLuOid(find_target(name), lun, &oid));
	return oid;
}

static void inquiry_data_is_that_of_the_lu(void **state)
{
	struct inquiry inquiry;

	(void)state;
	assert_ok(inquire(lu(OPEN, 1), IMA_FALSE, IMA_FALSE, 0, 255, &inquiry));
	assert_int_equal(inquiry.data[0], 0); /* a disk */
	assert_memory_equal(inquiry.data + 8, "IET     VIRTUAL-DISK", 20);
	assert_in_range(inquiry.length, 36, 255);
	/* A target stands for LUN 0, which is a controller. */
	assert_ok(inquire(find_target(OPEN), IMA_FALSE, IMA_FALSE, 0, 255, &inquiry));
	assert_int_equal(inquiry.data[0], 0x0c);
	assert_ok(inquire(lu(OPEN, 2), IMA_TRUE, IMA_FALSE, 0x83, 255, &inquiry));
	assert_int_equal(inquiry.data[1], 0x83);
}

static void long_data_is_cut_without_an_error(void **state)
{
	struct inquiry inquiry;

	(void)state;
	assert_ok(inquire(lu(OPEN, 1), IMA_FALSE, IMA_FALSE, 0, 8, &inquiry));
	assert_int_equal(inquiry.length, 8);
	assert_int_equal(inquiry.data[8], 0xee);
}

static void sense_data_comes_with_check_condition(void **state)
{
	static const struct {
		IMA_BOOL evpd, cmddt;
		IMA_BYTE page;
	} wrong[] = { { IMA_TRUE, IMA_FALSE, 0xee }, { IMA_FALSE, IMA_FALSE, 0x83 } };
	struct inquiry inquiry;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_status(inquire(lu(OPEN, 1), wrong[i].evpd, wrong[i].cmddt,
				      wrong[i].page, 255, &inquiry),
			      IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
		assert_in_range(inquiry.sense_length, 14, 64);
		assert_int_equal(inquiry.sense[2] & 15, 5); /* ILLEGAL REQUEST */
		assert_int_equal(inquiry.sense[12], 0x24);
		assert_int_equal(last_error().layer, IMAX_LAYER_SCSI);
		assert_int_equal(last_error().scsiStatus, 2);
		assert_int_equal(last_error().senseLength, inquiry.sense_length);
		assert_non_null(strstr(last_error().text, "ILLEGAL REQUEST"));
		assert_non_null(strstr(last_error().text, OPEN));
	}
}

static void capacities_are_read_in_both_forms(void **state)
{
	IMA_BYTE data[32];
	IMA_UINT length = sizeof(data), none = 0;

	(void)state;
	assert_ok(IMA_LuReadCapacity(lu(OPEN, 2), 10, data, &length, NULL, &none));
	assert_int_equal(length, 8);
	/* 32 MiB in blocks of 512 bytes: the last one is 65535. */
	assert_memory_equal(data, "\x00\x00\xff\xff\x00\x00\x02\x00", 8);
	length = sizeof(data);
	assert_ok(IMA_LuReadCapacity(lu(OPEN, 2), 16, data, &length, NULL, NULL));
	assert_in_range(length, 12, 32);
	assert_memory_equal(data, "\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\x02\x00", 12);
	length = 4;
	assert_ok(IMA_LuReadCapacity(lu(OPEN, 2), 10, data, &length, NULL, NULL));
	assert_int_equal(length, 4);
	assert_status(IMA_LuReadCapacity(lu(OPEN, 2), 12, data, &length, NULL, NULL),
		      IMA_ERROR_INVALID_PARAMETER);
}

static void luns_are_reported(void **state)
{
	IMA_BYTE data[64], sense[32];
	IMA_UINT length = sizeof(data), sense_length = sizeof(sense);

	(void)state;
	assert_ok(IMA_LuReportLuns(find_target(OPEN), IMA_FALSE, 0, data, &length, NULL,
				   NULL));
	assert_int_equal(length, 32);
	assert_int_equal(data[3], 24);
	assert_int_equal(data[8 + 8 + 1], 1);
	length = 4;
	assert_ok(IMA_LuReportLuns(lu(OPEN, 1), IMA_TRUE, 0, data, &length, NULL, NULL));
	assert_int_equal(length, 4);
	length = sizeof(data);
	/* tgtd has no well known logical unit. */
	assert_status(IMA_LuReportLuns(find_target(OPEN), IMA_TRUE, 0, data, &length,
				       sense, &sense_length),
		      IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_true(sense_length >= 14);
}

static void lus_have_oids_without_being_exposed(void **state)
{
	IMA_OID oid = lu(OPEN, 1), bytes, target = find_target(OPEN);
	const IMA_BYTE lun[8] = { 0, 1 };
	IMA_LU_PROPERTIES properties;

	(void)state;
	assert_ok(IMA_GetLuOidFromBytes(target, lun, &bytes));
	assert_int_equal(bytes.objectSequenceNumber, oid.objectSequenceNumber);
	assert_status(IMA_GetLuOid(target, 77, &bytes), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_non_null(strstr(last_error().text, OPEN));
	one_of(IMA_GetLuOidList, target, 0);
	assert_ok(IMA_GetLuProperties(oid, &properties));
	assert_int_equal(properties.targetLun, 1);
	assert_int_equal(properties.associatedTargetOid.objectSequenceNumber,
			 target.objectSequenceNumber);
	assert_int_equal(properties.exposedToOs, IMA_FALSE);
	assert_status(IMA_ExposeLu(oid), IMA_ERROR_NOT_SUPPORTED);
	assert_status(IMA_UnexposeLu(oid), IMA_ERROR_NOT_SUPPORTED);
}

static void statistics_count_what_a_real_target_says(void **state)
{
	IMA_DEVICE_STATISTICS before, after;
	IMA_OID target = find_target(OPEN);
	IMA_BYTE data[8];
	IMA_UINT length = sizeof(data);

	(void)state;
	assert_status(IMA_GetDeviceStatistics(target, &before), IMA_ERROR_LU_NOT_EXPOSED);
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(IMA_GetDeviceStatistics(target, &before));
	assert_ok(IMA_LuReadCapacity(lu(OPEN, 1), 10, data, &length, NULL, NULL));
	assert_ok(IMA_GetDeviceStatistics(target, &after));
	assert_in_range(after.scsiPayloadBytesReceived - before.scsiPayloadBytesReceived,
			8, 1000); /* maybe a scan because of a UNIT ATTENTION */
	assert_ok(IMA_GetDeviceStatistics(lu(OPEN, 1), &before));
	assert_ok(IMA_LuReadCapacity(lu(OPEN, 1), 10, data, &length, NULL, NULL));
	assert_ok(IMA_GetDeviceStatistics(lu(OPEN, 1), &after));
	assert_int_equal(after.scsiPayloadBytesReceived - before.scsiPayloadBytesReceived,
			 8);
	assert_ok(IMAX_LogoutTarget(target));
}

static void sessions_are_held_and_ended(void **state)
{
	IMA_OID target = find_target(OPEN), session, connection;
	IMA_CONNECTION_PROPERTIES connection_properties;
	IMA_SESSION_PROPERTIES properties;
	IMA_LU_PROPERTIES lu_properties;

	(void)state;
	assert_ok(IMA_SetFirstBurstLength(target, 32768));
	assert_ok(IMA_SetMaxBurstLength(target, 131072));
	one_of(IMA_GetSessionOidList, target, 0);
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(IMAX_LoginTarget(target));
	session = one_of(IMA_GetSessionOidList, target, 1);
	one_of(IMA_GetSessionOidList, lhba(), 1);
	one_of(IMA_GetSessionOidList, find_target(CHAP), 0);
	connection = one_of(IMA_GetConnectionOidList, session, 1);
	assert_ok(IMA_GetSessionProperties(session, &properties));
	assert_int_equal(properties.maxBurstLength, 131072);
	assert_int_equal(properties.firstBurstLength, 32768);
	assert_int_equal(properties.authMethod, IMA_AUTHMETHOD_NONE);
	assert_int_not_equal(properties.tsih, 0);
	assert_ok(IMA_GetConnectionProperties(connection, &connection_properties));
	assert_int_equal(connection_properties.associatedSessionOid.objectSequenceNumber,
			 session.objectSequenceNumber);
	assert_true(connection_properties.maxTransmitDataSegmentLength >= 512);
	one_of(IMA_GetLuOidList, target, 3);
	one_of(IMA_GetLuOidList, lhba(), 3);
	assert_ok(IMA_GetLuProperties(lu(OPEN, 1), &lu_properties));
	assert_int_equal(lu_properties.exposedToOs, IMA_TRUE);
	assert_true(lu_properties.timeExposedToOs.tm_year >= 120);
	assert_int_equal(lu_properties.osDeviceNameValid, IMA_FALSE);
	assert_ok(IMAX_LogoutTarget(target));
	assert_ok(IMAX_LogoutTarget(target));
	assert_status(IMA_GetSessionProperties(session, &properties),
		      IMA_ERROR_OBJECT_NOT_FOUND);
	one_of(IMA_GetLuOidList, target, 0);
}

static void what_is_in_use_is_not_removed(void **state)
{
	IMA_OID address = one_of(IMA_GetDiscoveryAddressOidList, lhba(), 1);
	IMA_OID target = find_target(OPEN), fixed = add_static(CHAP, portal());

	(void)state;
	assert_ok(IMAX_LoginTarget(target));
	assert_status(IMA_RemoveDiscoveryAddress(address), IMA_ERROR_LU_EXPOSED);
	assert_non_null(strstr(last_error().text, OPEN));
	assert_status(IMA_SetSendTargetsDiscovery(lhba(), IMA_FALSE),
		      IMA_ERROR_LU_IN_USE);
	assert_ok(IMA_RemoveStaticDiscoveryTarget(fixed));
	fixed = add_static(OPEN, portal());
	assert_status(IMA_RemoveStaticDiscoveryTarget(fixed), IMA_ERROR_LU_EXPOSED);
	/* Another process does not know about this session. */
	assert_int_equal(sandbox_again("remove-all"), 0);
	assert_int_equal(count_targets(), 1);
	one_of(IMA_GetSessionOidList, target, 1);
	assert_ok(IMAX_LogoutTarget(target));
	assert_int_equal(count_targets(), 0);
}

static void chap_opens_the_door(void **state)
{
	IMA_OID target = find_target(CHAP), session;
	IMA_SESSION_PROPERTIES properties;

	(void)state;
	assert_status(IMAX_LoginTarget(target), IMA_ERROR_LOGIN_REJECTED);
	assert_int_equal(last_error().loginStatusClass, 2);
	assert_int_equal(last_error().loginStatusDetail, 1);
	assert_ok(set_chap("user", "secretsecret12"));
	assert_ok(use_methods(1, IMA_AUTHMETHOD_CHAP, 0));
	assert_ok(IMAX_LoginTarget(target));
	session = one_of(IMA_GetSessionOidList, target, 1);
	assert_ok(IMA_GetSessionProperties(session, &properties));
	assert_int_equal(properties.authMethod, IMA_AUTHMETHOD_CHAP);
	one_of(IMA_GetLuOidList, target, 2);
	assert_ok(IMAX_LogoutTarget(target));
}

static void wrong_secret_is_refused(void **state)
{
	static const struct {
		const char *name, *secret;
	} wrong[] = { { "user", "secretsecret13" }, { "resu", "secretsecret12" } };
	struct inquiry inquiry;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_ok(set_chap(wrong[i].name, wrong[i].secret));
		assert_ok(use_methods(2, IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE));
		assert_status(
			inquire(find_target(CHAP), IMA_FALSE, IMA_FALSE, 0, 36, &inquiry),
			IMA_ERROR_LOGIN_REJECTED);
		assert_int_equal(last_error().loginStatusValid, IMA_TRUE);
		assert_int_equal(last_error().loginStatusClass, 2);
		assert_int_equal(last_error().loginStatusDetail, 1);
		assert_non_null(strstr(last_error().text, CHAP));
		assert_null(strstr(last_error().text, wrong[i].secret));
	}
}

static void order_of_methods_is_tried(void **state)
{
	(void)state;
	assert_ok(set_chap("user", "secretsecret12"));
	assert_ok(use_methods(2, IMA_AUTHMETHOD_NONE, IMA_AUTHMETHOD_CHAP));
	assert_ok(IMAX_LoginTarget(find_target(CHAP)));
	assert_ok(IMAX_LogoutTarget(find_target(CHAP)));
	assert_ok(use_methods(2, IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE));
	assert_ok(IMAX_LoginTarget(find_target(OPEN)));
	assert_ok(IMAX_LogoutTarget(find_target(OPEN)));
}

static void ipv6_works(void **state)
{
	const char *portal6 = getenv("TGTD_PORTAL6");

	(void)state;
	if (!portal6)
		skip();
	add_static(OPEN, portal6);
	assert_int_equal(discover(lhba()), 1);
	assert_ok(IMAX_LoginTarget(find_target(OPEN)));
	assert_ok(IMAX_LogoutTarget(find_target(OPEN)));
}

static void names_of_hosts_work(void **state)
{
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "localhost%s", strrchr(portal(), ':'));
	add_static(OPEN, name);
	assert_ok(IMAX_LoginTarget(find_target(OPEN)));
	assert_ok(IMAX_LogoutTarget(find_target(OPEN)));
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int visible_lus;

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	if (oid.objectType == IMA_OBJECT_TYPE_LU)
		visible_lus += visible ? 1 : -1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void wait_for_lus(int count)
{
	pthread_mutex_lock(&lock);
	while (visible_lus != count)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static void lus_appear_and_disappear(void **state)
{
	IMA_OID target = find_target(OPEN);

	(void)state;
	assert_ok(IMA_RegisterForObjectVisibilityChanges(on_visibility));
	lu(OPEN, 1); /* a session for one question exposes nothing */
	assert_ok(IMAX_LoginTarget(target));
	wait_for_lus(3);
	assert_ok(IMAX_LogoutTarget(target));
	wait_for_lus(0);
	assert_ok(IMA_DeregisterForObjectVisibilityChanges(on_visibility));
}

static void *work(void *argument)
{
	IMA_OID target = *(IMA_OID *)argument, oid;
	struct inquiry inquiry;
	IMA_OID_LIST *list;

	for (int i = 0; i < 10; i++) {
		if (IMAX_LoginTarget(target) || IMA_GetLuOid(target, 1, &oid) ||
		    inquire(oid, IMA_FALSE, IMA_FALSE, 0, 36, &inquiry) ||
		    IMA_GetLuOidList(target, &list))
			return argument;
		IMA_FreeMemory(list);
	}
	return NULL;
}

static void threads_share_a_session(void **state)
{
	IMA_OID target = find_target(OPEN);
	pthread_t threads[8];
	void *failed;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &target), 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	one_of(IMA_GetSessionOidList, lhba(), 1);
	assert_ok(IMAX_LogoutTarget(target));
}

/* Logging in and out at the same time ends in one of the two, and never hangs. */
static void *log_in_and_out(void *argument)
{
	IMA_OID target = *(IMA_OID *)argument;
	struct inquiry inquiry;

	for (int i = 0; i < 10; i++) {
		IMAX_LoginTarget(target);
		inquire(target, IMA_FALSE, IMA_FALSE, 0, 36, &inquiry);
		IMAX_LogoutTarget(target);
	}
	return NULL;
}

static void logins_and_logouts_may_cross(void **state)
{
	IMA_OID target = find_target(OPEN);
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, log_in_and_out, &target), 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	one_of(IMA_GetSessionOidList, lhba(), 0);
}

static int log_in_and_exit(void)
{
	return IMAX_LoginTarget(find_target(OPEN)) != IMA_STATUS_SUCCESS;
}

static void process_may_end_with_a_session(void **state)
{
	(void)state;
	assert_int_equal(sandbox_again("log-in-and-exit"), 0);
}

static int remove_all(void)
{
	assert_ok(IMA_RemoveDiscoveryAddress(
		one_of(IMA_GetDiscoveryAddressOidList, lhba(), 1)));
	assert_ok(IMA_RemoveStaticDiscoveryTarget(
		one_of(IMA_GetStaticDiscoveryTargetOidList, lhba(), 1)));
	return 0;
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(targets_are_found_and_kept, discovered),
		cmocka_unit_test_setup(inquiry_data_is_that_of_the_lu, discovered),
		cmocka_unit_test_setup(long_data_is_cut_without_an_error, discovered),
		cmocka_unit_test_setup(sense_data_comes_with_check_condition, discovered),
		cmocka_unit_test_setup(capacities_are_read_in_both_forms, discovered),
		cmocka_unit_test_setup(luns_are_reported, discovered),
		cmocka_unit_test_setup(lus_have_oids_without_being_exposed, discovered),
		cmocka_unit_test_setup(statistics_count_what_a_real_target_says,
				       discovered),
		cmocka_unit_test_setup(sessions_are_held_and_ended, discovered),
		cmocka_unit_test_setup(what_is_in_use_is_not_removed, discovered),
		cmocka_unit_test_setup(chap_opens_the_door, discovered),
		cmocka_unit_test_setup(wrong_secret_is_refused, discovered),
		cmocka_unit_test_setup(order_of_methods_is_tried, discovered),
		cmocka_unit_test_setup(ipv6_works, reset),
		cmocka_unit_test_setup(names_of_hosts_work, reset),
		cmocka_unit_test_setup(lus_appear_and_disappear, discovered),
		cmocka_unit_test_setup(threads_share_a_session, discovered),
		cmocka_unit_test_setup(logins_and_logouts_may_cross, discovered),
		cmocka_unit_test_setup(process_may_end_with_a_session, discovered),
	};
	const char *argument = sandbox_argument();

	if (!argument)
		return cmocka_run_group_tests(tests, NULL, NULL);
	if (!strcmp(argument, "count-targets"))
		return (int)count_targets();
	return strcmp(argument, "remove-all") ? log_in_and_exit() : remove_all();
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
