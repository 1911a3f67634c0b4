// SPDX-License-Identifier: LGPL-2.1-or-later
/* Statistics: what is counted for a target and its LUs, and the switches. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "witness.h"

#define LUNS 13

static int end(void **state)
{
	IMA_OID target = find_target(NAME);

	(void)state;
	if (target.objectType == IMA_OBJECT_TYPE_TARGET)
		IMAX_LogoutTarget(target); /* of a test that failed */
	return 0;
}

/* The numbers are those of the process: each test has its own zero. */
static IMA_OID logged_in(void)
{
	IMA_OID target = stub("STUB_TARGET");

	(void)lu(target, 0);
	assert_ok(IMA_SetStatisticsCollection(target, IMA_FALSE));
	assert_ok(IMA_SetStatisticsCollection(target, IMA_TRUE));
	assert_ok(IMA_SetDefaultTime2Wait(target, 0));
	assert_ok(IMAX_LoginTarget(target));
	return target;
}

static IMA_DEVICE_STATISTICS traffic(IMA_OID oid)
{
	IMA_DEVICE_STATISTICS stats;

	memset(&stats, 0xee, sizeof(stats));
	assert_ok(IMA_GetDeviceStatistics(oid, &stats));
	return stats;
}

static IMA_TARGET_ERROR_STATISTICS errors(IMA_OID oid)
{
	IMA_TARGET_ERROR_STATISTICS stats;

	memset(&stats, 0xee, sizeof(stats));
	assert_ok(IMA_GetTargetErrorStatistics(oid, &stats));
	assert_int_equal(stats.loginFailedCountValid, IMA_TRUE);
	assert_int_equal(stats.sessionFailedCountValid, IMA_TRUE);
	assert_int_equal(stats.headerOrDigestSessionFailedCountValid, IMA_TRUE);
	assert_int_equal(stats.timeLimitExceededSessionFailedCountValid, IMA_TRUE);
	assert_int_equal(stats.formatErrorSessionFailedCountValid, IMA_TRUE);
	assert_int_equal(stats.closedConnectionDueToTimeoutCountValid, IMA_TRUE);
	return stats;
}

static bool is_enabled(IMA_OID oid)
{
	IMA_STATISTICS_PROPERTIES properties;

	assert_ok(IMA_GetStatisticsProperties(oid, &properties));
	assert_int_equal(properties.statisticsCollectionSettable, IMA_TRUE);
	return properties.statisticsCollectionEnabled == IMA_TRUE;
}

/* One INQUIRY is one PDU each way, and 36 bytes. */
static void commands_count_for_their_lu(void **state)
{
	IMA_OID target = logged_in(), first = lu(target, 0), other = lu(target, 7);
	IMA_DEVICE_STATISTICS stats;

	(void)state;
	assert_ok(inquire(first));
	assert_ok(inquire(first));
	stats = traffic(first);
	assert_int_equal(stats.iScsiPdusSent, 2);
	assert_int_equal(stats.iScsiPdusReceived, 2);
	assert_int_equal(stats.iScsiPduBytesSent, 2 * 48);
	assert_int_equal(stats.iScsiPduBytesReceived, 2 * (48 + 36));
	assert_int_equal(stats.scsiPayloadBytesReceived, 2 * 36);
	assert_int_equal(stats.scsiPayloadBytesSent, 0);
	assert_int_equal(traffic(other).iScsiPdusSent, 0);
	/* An OID of the target means its LUN 0. */
	assert_ok(inquire(target));
	assert_int_equal(traffic(first).iScsiPdusSent, 3);
	assert_ok(IMAX_LogoutTarget(target));
}

/* Login, REPORT LUNS and the commands. */
static void target_covers_all_that_went_over_its_sessions(void **state)
{
	IMA_OID target = logged_in();
	IMA_DEVICE_STATISTICS before = traffic(target), after;

	(void)state;
	assert_in_range(before.iScsiPdusSent, 2, 10);
	assert_in_range(before.scsiPayloadBytesReceived, 8 * LUNS, 8 * LUNS + 8);
	assert_true(before.iScsiPduBytesSent > 48 * before.iScsiPdusSent);
	assert_ok(inquire(lu(target, 0)));
	assert_ok(inquire(lu(target, 0)));
	after = traffic(target);
	assert_int_equal(after.iScsiPdusSent - before.iScsiPdusSent, 2);
	assert_int_equal(after.iScsiPduBytesReceived - before.iScsiPduBytesReceived,
			 2 * (48 + 36));
	assert_int_equal(after.scsiPayloadBytesReceived - before.scsiPayloadBytesReceived,
			 2 * 36);
	assert_ok(IMAX_LogoutTarget(target));
}

static void assert_not_less(const IMA_DEVICE_STATISTICS *a,
			    const IMA_DEVICE_STATISTICS *b)
{
	const IMA_UINT64 *x = (const IMA_UINT64 *)a, *y = (const IMA_UINT64 *)b;

	for (size_t i = 0; i < sizeof(*a) / sizeof(*x); i++)
		assert_true(x[i] >= y[i]);
}

static void numbers_only_grow(void **state)
{
	IMA_OID target = logged_in(), first = lu(target, 0);
	IMA_DEVICE_STATISTICS of_target = { 0 }, of_lu = { 0 };

	(void)state;
	for (int i = 0; i < 6; i++) {
		IMA_DEVICE_STATISTICS now;

		if (i & 1)
			give_order("cut", ""); /* a new session */
		assert_ok(inquire(first));
		now = traffic(target);
		assert_not_less(&now, &of_target);
		assert_true(now.iScsiPdusSent > of_target.iScsiPdusSent);
		of_target = now;
		now = traffic(first);
		assert_not_less(&now, &of_lu);
		assert_true(now.iScsiPdusReceived > of_lu.iScsiPdusReceived);
		of_lu = now;
	}
	assert_ok(IMAX_LogoutTarget(target));
	assert_ok(IMAX_LoginTarget(target));
	assert_true(traffic(target).iScsiPdusSent > of_target.iScsiPdusSent);
	assert_int_equal(traffic(first).iScsiPdusSent, of_lu.iScsiPdusSent);
	assert_int_equal(errors(target).sessionFailedCount, 3);
	assert_ok(IMAX_LogoutTarget(target));
}

static void traffic_is_that_of_exposed_lus(void **state)
{
	IMA_OID target = stub("STUB_TARGET"), first = lu(target, 0);
	IMA_DEVICE_STATISTICS stats;

	(void)state;
	assert_status(IMA_GetDeviceStatistics(target, &stats), IMA_ERROR_LU_NOT_EXPOSED);
	assert_status(IMA_GetDeviceStatistics(first, &stats), IMA_ERROR_LU_NOT_EXPOSED);
	assert_int_equal(errors(target).loginFailedCount, 0);
	give_order("luns", "0");
	assert_ok(IMAX_LoginTarget(target));
	assert_status(IMA_GetDeviceStatistics(target, &stats), IMA_ERROR_LU_NOT_EXPOSED);
	assert_ok(IMAX_LogoutTarget(target));
}

static void switches_are_kept_and_obeyed(void **state)
{
	IMA_OID target = logged_in(), first = lu(target, 0), other = lu(target, 7);
	IMA_TARGET_ERROR_STATISTICS error_stats;
	IMA_DEVICE_STATISTICS stats;

	(void)state;
	assert_true(is_enabled(target) && is_enabled(first));
	assert_ok(IMA_SetStatisticsCollection(target, IMA_FALSE));
	assert_false(is_enabled(target) || is_enabled(first));
	assert_status(IMA_GetDeviceStatistics(target, &stats),
		      IMA_ERROR_STATS_COLLECTION_NOT_ENABLED);
	assert_status(IMA_GetDeviceStatistics(first, &stats),
		      IMA_ERROR_STATS_COLLECTION_NOT_ENABLED);
	assert_status(IMA_GetTargetErrorStatistics(target, &error_stats),
		      IMA_ERROR_STATS_COLLECTION_NOT_ENABLED);
	assert_int_equal(sandbox_again("target-is-off"), 0);
	/* A LU for itself. */
	assert_ok(IMA_SetStatisticsCollection(first, IMA_TRUE));
	assert_true(is_enabled(first) && !is_enabled(other) && !is_enabled(target));
	assert_int_equal(sandbox_again("target-is-off"), 0);
	/* What is switched for the target is for all of its LUs. */
	assert_ok(IMA_SetStatisticsCollection(target, IMA_TRUE));
	assert_ok(IMA_SetStatisticsCollection(other, IMA_FALSE));
	assert_true(is_enabled(first) && !is_enabled(other) && is_enabled(target));
	assert_ok(IMA_SetStatisticsCollection(target, IMA_TRUE));
	assert_true(is_enabled(other));
	assert_int_equal(sandbox_again("target-is-off"), 1);
	assert_ok(IMAX_LogoutTarget(target));
}

static void switching_on_counts_from_zero(void **state)
{
	IMA_OID target = logged_in(), first = lu(target, 0);

	(void)state;
	assert_ok(inquire(first));
	assert_ok(IMA_SetStatisticsCollection(target, IMA_FALSE));
	assert_ok(inquire(first));
	assert_ok(IMA_SetStatisticsCollection(target, IMA_TRUE));
	assert_int_equal(traffic(target).iScsiPdusSent, 0);
	assert_int_equal(traffic(first).iScsiPduBytesReceived, 0);
	assert_ok(inquire(first));
	assert_int_equal(traffic(target).iScsiPdusSent, 1);
	assert_int_equal(traffic(first).iScsiPdusSent, 1);
	/* What is on already goes on. */
	assert_ok(IMA_SetStatisticsCollection(target, IMA_TRUE));
	assert_int_equal(traffic(first).iScsiPdusSent, 1);
	assert_ok(IMAX_LogoutTarget(target));
}

static void switches_are_told(void **state)
{
	IMA_OID target = logged_in();

	assert_int_equal(witness_begin(state), 0);
	assert_ok(IMA_SetStatisticsCollection(target, IMA_FALSE));
	witness_wait(CHANGED, IMA_OBJECT_TYPE_TARGET, 1);
	witness_wait(CHANGED, IMA_OBJECT_TYPE_LU, LUNS);
	witness_forget();
	assert_int_equal(sandbox_again("switch-on"), 0);
	witness_wait(CHANGED, IMA_OBJECT_TYPE_LU, LUNS);
	assert_true(is_enabled(target));
	assert_int_equal(traffic(target).iScsiPdusSent, 0);
	assert_int_equal(witness_end(state), 0);
	assert_ok(IMAX_LogoutTarget(target));
}

/* Switches of a target nobody finds any more are stale data. */
static void switches_become_stale(void **state)
{
	IMA_OID oid = add_static(NAME, getenv("STUB_TARGET"));
	IMA_LHBA_PROPERTIES properties;

	(void)state;
	assert_ok(IMA_SetStatisticsCollection(find_target(NAME), IMA_FALSE));
	assert_int_equal(witness_begin(state), 0);
	assert_ok(IMA_RemoveStaticDiscoveryTarget(oid));
	assert_ok(IMA_GetLhbaProperties(lhba(), &properties));
	assert_true(properties.staleDataSize > 0);
	witness_wait(CHANGED, IMA_OBJECT_TYPE_LHBA, 1);
	oid = add_static(NAME, getenv("STUB_TARGET"));
	assert_false(is_enabled(find_target(NAME)));
	witness_wait(CHANGED, IMA_OBJECT_TYPE_LHBA, 2);
	assert_ok(IMA_RemoveStaticDiscoveryTarget(oid));
	assert_ok(IMA_RemoveStaleData(lhba()));
	witness_wait(CHANGED, IMA_OBJECT_TYPE_LHBA, 4);
	assert_int_equal(witness_end(state), 0);
	add_static(NAME, getenv("STUB_TARGET"));
	assert_true(is_enabled(find_target(NAME)));
}

static void login_failures_are_counted(void **state)
{
	static const struct {
		const char *portal;
		unsigned int closes;
	} cases[] = {
		{ "STUB_CLOSED", 0 },
		{ "STUB_HANGUP", 0 },
		{ "STUB_SILENT", 1 },
		{ "STUB_GARBAGE", 0 },
	};
	unsigned int closes = 0;
	time_t begin = time(NULL), last;
	IMA_TARGET_ERROR_STATISTICS stats;

	(void)state;
	assert_int_equal(errors(stub("STUB_TARGET")).lastLoginFailureTimeValid,
			 IMA_FALSE);
	assert_ok(IMAX_SetDeadline(DEADLINE));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		sandbox_clear_state();
		assert_true(IMA_ERROR(IMAX_LoginTarget(stub(cases[i].portal))));
		stats = errors(find_target(NAME));
		closes += cases[i].closes;
		assert_int_equal(stats.loginFailedCount, i + 1);
		assert_int_equal(stats.closedConnectionDueToTimeoutCount, closes);
		assert_int_equal(stats.sessionFailedCount, 0);
		assert_int_equal(stats.lastLoginFailureTimeValid, IMA_TRUE);
		last = mktime(&stats.lastLoginFailureTime);
		assert_in_range(last, begin, time(NULL));
	}
	/* A command without a session logs in too. */
	assert_true(IMA_ERROR(inquire(find_target(NAME))));
	assert_int_equal(errors(find_target(NAME)).loginFailedCount,
			 ARRAY_SIZE(cases) + 1);
	assert_ok(IMA_SetStatisticsCollection(find_target(NAME), IMA_FALSE));
	assert_ok(IMA_SetStatisticsCollection(find_target(NAME), IMA_TRUE));
	assert_int_equal(errors(find_target(NAME)).loginFailedCount, 0);
	assert_int_equal(errors(find_target(NAME)).lastLoginFailureTimeValid, IMA_FALSE);
}

static void lost_sessions_are_counted_by_kind(void **state)
{
	IMA_OID target = logged_in();
	IMA_TARGET_ERROR_STATISTICS stats;

	(void)state;
	give_order("cut", "");
	assert_ok(inquire(target));
	give_order("nonsense", "");
	(void)inquire(target);
	stats = errors(target);
	assert_int_equal(stats.sessionFailedCount, 2);
	assert_int_equal(stats.formatErrorSessionFailedCount, 1);
	assert_int_equal(stats.headerOrDigestSessionFailedCount, 0);
	assert_int_equal(stats.timeLimitExceededSessionFailedCount, 0);
	assert_int_equal(stats.closedConnectionDueToTimeoutCount, 0);
	assert_int_equal(stats.loginFailedCount, 0);
	assert_ok(IMAX_LogoutTarget(target));
}

static void hardware_that_is_not_there_has_no_switch(void **state)
{
	IMA_OID phba = { IMA_OBJECT_TYPE_PHBA, lhba().ownerId, 1 };

	(void)state;
	assert_status(IMA_SetStatisticsCollection(phba, IMA_TRUE),
		      IMA_ERROR_OBJECT_NOT_FOUND);
}

static int target_is_off(void)
{
	return is_enabled(find_target(NAME));
}

static int switch_on(void)
{
	return IMA_SetStatisticsCollection(find_target(NAME), IMA_TRUE) !=
	       IMA_STATUS_SUCCESS;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, end)

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(commands_count_for_their_lu),
		TEST(target_covers_all_that_went_over_its_sessions),
		TEST(numbers_only_grow),
		TEST(traffic_is_that_of_exposed_lus),
		TEST(switches_are_kept_and_obeyed),
		TEST(switching_on_counts_from_zero),
		TEST(switches_are_told),
		TEST(switches_become_stale),
		TEST(login_failures_are_counted),
		TEST(lost_sessions_are_counted_by_kind),
		TEST(hardware_that_is_not_there_has_no_switch),
	};

	if (sandbox_argument())
		return strcmp(sandbox_argument(), "switch-on") ? target_is_off()
							       : switch_on();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
