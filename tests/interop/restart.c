// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A target that ends while this process is logged in, and is started again. The process
 * TARGET_SERVICE ends it on SIGUSR1 and starts it on SIGUSR2.
 */
#include "cmocka_all.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "shared/number.h"
#include "witness.h"

#define DISK "iqn.2003-01.org.example:one"

static void tell_service(int signal)
{
	uint64_t pid;

	assert_int_equal(number_parse(getenv("TARGET_SERVICE"), 1, INT32_MAX, &pid), 0);
	assert_int_equal(kill((pid_t)pid, signal), 0);
}

static IMA_OID session_of(IMA_OID target)
{
	IMA_OID_LIST *list;
	IMA_OID oid;

	assert_ok(IMA_GetSessionOidList(target, &list));
	assert_int_equal(list->oidCount, 1);
	oid = list->oids[0];
	assert_ok(IMA_FreeMemory(list));
	return oid;
}

static void wait_for_connections(IMA_OID session, unsigned int count)
{
	while (count_connections(session) != count)
		usleep(1000);
}

static IMA_UINT32 failures_of(IMA_OID target)
{
	IMA_TARGET_ERROR_STATISTICS statistics;

	assert_ok(IMA_GetTargetErrorStatistics(target, &statistics));
	assert_true(statistics.sessionFailedCountValid);
	return statistics.sessionFailedCount;
}

static IMA_OID logged_in(void)
{
	IMA_OID target;

	add_static(DISK, getenv("TARGET_PORTAL"));
	target = find_target(DISK);
	assert_ok(IMA_SetStatisticsCollection(target, IMA_TRUE));
	assert_ok(IMA_SetDefaultTime2Wait(target, 0));
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(inquire(lu(target, 1)));
	return target;
}

static void assert_no_answer(IMA_OID oid)
{
	assert_ok(IMAX_SetDeadline(DEADLINE));
	assert_status(inquire(oid), IMA_ERROR_TARGET_TIMEOUT);
	assert_int_equal(last_error().layer, IMAX_LAYER_TRANSPORT);
	assert_non_null(strstr(last_error().text, DISK));
	assert_ok(IMAX_SetDeadline(0));
}

static void a_session_outlives_its_target(void **state)
{
	IMA_OID target = logged_in(), session = session_of(target), disk = lu(target, 1);
	unsigned int lus = count_lus(target);

	(void)state;
	assert_int_equal(failures_of(target), 0);
	tell_service(SIGUSR1);
	wait_for_connections(session, 0);
	assert_no_answer(disk);
	assert_int_equal(failures_of(target), 1);
	tell_service(SIGUSR2);
	wait_for_connections(session, 1);
	assert_ok(inquire(disk));
	assert_int_equal(session_of(target).objectSequenceNumber,
			 session.objectSequenceNumber);
	assert_int_equal(count_lus(target), lus);
	assert_int_equal(failures_of(target), 1);
	assert_ok(IMAX_LogoutTarget(target));
	assert_int_equal(witness_count(DISAPPEARED, IMA_OBJECT_TYPE_TARGET), 0);
}

static void loss_and_return_are_told(void **state)
{
	IMA_OID target = logged_in(), disk = lu(target, 1);

	(void)state;
	witness_wait(APPEARED, IMA_OBJECT_TYPE_LU, count_lus(target));
	witness_forget();
	tell_service(SIGUSR1);
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_CONNECTION, 1);
	witness_wait(CHANGED, IMA_OBJECT_TYPE_SESSION, 1);
	assert_int_equal(witness_count(APPEARED, IMA_OBJECT_TYPE_CONNECTION), 0);
	tell_service(SIGUSR2);
	witness_wait(APPEARED, IMA_OBJECT_TYPE_CONNECTION, 1);
	assert_ok(inquire(disk));
	assert_int_equal(witness_count(APPEARED, IMA_OBJECT_TYPE_SESSION), 0);
	assert_int_equal(witness_count(DISAPPEARED, IMA_OBJECT_TYPE_SESSION), 0);
	assert_ok(IMAX_LogoutTarget(target));
}

static void a_target_that_stays_away_costs_the_deadline(void **state)
{
	IMA_OID target = logged_in();
	unsigned int lus = count_lus(target);

	(void)state;
	witness_wait(APPEARED, IMA_OBJECT_TYPE_LU, lus);
	tell_service(SIGUSR1);
	wait_for_connections(session_of(target), 0);
	assert_no_answer(target);
	assert_no_answer(target);
	assert_int_equal(count_sessions(target), 1);
	assert_ok(IMAX_LogoutTarget(target));
	assert_int_equal(count_sessions(target), 0);
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_LU, lus);
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_SESSION, 1);
	assert_int_not_equal(IMAX_LoginTarget(target), IMA_STATUS_SUCCESS);
	tell_service(SIGUSR2);
	while (IMAX_LoginTarget(target))
		usleep(1000);
	assert_ok(inquire(lu(target, 1)));
	assert_ok(IMAX_LogoutTarget(target));
}

static int begin(void **state)
{
	return reset(state) || witness_begin(state);
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_session_outlives_its_target, begin,
						witness_end),
		cmocka_unit_test_setup_teardown(loss_and_return_are_told, begin,
						witness_end),
		cmocka_unit_test_setup_teardown(
			a_target_that_stays_away_costs_the_deadline, begin, witness_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
