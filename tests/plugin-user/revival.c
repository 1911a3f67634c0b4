// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sessions that are lost and come back, and what is told of it. The target (stub.py) goes away
 * and returns when it is told to, so that no test depends on a time.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "witness.h"

#define LUNS 13

static int begin(void **state)
{
	return prepare(state) || witness_begin(state);
}

static int end(void **state)
{
	IMA_OID target = find_target(NAME);

	end_order("down");
	if (target.objectType == IMA_OBJECT_TYPE_TARGET)
		IMAX_LogoutTarget(target); /* of a test that failed */
	return witness_end(state);
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

/* Logged in, with the pause after a loss as the test wants it. */
static IMA_OID logged_in(IMA_UINT wait)
{
	IMA_OID target = stub("STUB_TARGET");

	assert_ok(IMA_SetDefaultTime2Wait(target, wait));
	witness_forget();
	assert_ok(IMAX_LoginTarget(target));
	assert_int_equal(count_lus(target), LUNS);
	if (!sandbox_argument()) /* there nobody listens */
		witness_wait(APPEARED, IMA_OBJECT_TYPE_LU, LUNS);
	return target;
}

/* The connection is gone, and no other can be made until the order ends. */
static void lose(IMA_OID target, const char *order, const char *text)
{
	give_order(order, text);
	give_order("cut", "");
	assert_ok(IMAX_SetDeadline(DEADLINE));
	while (is_ordered("cut"))
		(void)inquire(target);
	assert_ok(IMAX_SetDeadline(0));
}

static void wait_for_return(IMA_OID target)
{
	IMA_OID session = session_of(target);

	while (!count_connections(session))
		usleep(1000);
}

static IMA_SESSION_PROPERTIES properties_of(IMA_OID session)
{
	IMA_SESSION_PROPERTIES properties;

	assert_ok(IMA_GetSessionProperties(session, &properties));
	return properties;
}

static void lost_session_comes_back(void **state)
{
	IMA_OID target = logged_in(0), session = session_of(target);
	IMA_SESSION_PROPERTIES before = properties_of(session), after;

	(void)state;
	assert_status(inquire(lu(target, 10)), IMA_ERROR_TARGET_TIMEOUT);
	assert_int_equal(last_error().layer, IMAX_LAYER_TRANSPORT);
	assert_int_equal(last_error().osError, ECONNRESET);
	assert_int_equal(count_lus(target), LUNS);
	wait_for_return(target);
	assert_int_equal(session_of(target).objectSequenceNumber,
			 session.objectSequenceNumber);
	after = properties_of(session);
	assert_memory_equal(after.isid, before.isid, sizeof(after.isid));
	assert_ok(inquire(lu(target, 0)));
	assert_int_equal(count_sessions(lhba()), 1);
	assert_ok(IMAX_LogoutTarget(target));
	assert_int_equal(count_sessions(lhba()), 0);
}

static void command_that_was_cut_off_is_sent_again(void **state)
{
	IMA_OID target = logged_in(0);

	(void)state;
	give_order("cut", "");
	assert_ok(inquire(lu(target, 0)));
	assert_int_equal(log_count("SessionType=Normal"), 2);
	assert_ok(IMAX_LogoutTarget(target));
}

static void commands_wait_for_a_lost_session(void **state)
{
	IMA_OID target = logged_in(0);

	(void)state;
	lose(target, "down", "");
	assert_int_equal(count_connections(session_of(target)), 0);
	assert_ok(IMAX_SetDeadline(DEADLINE));
	assert_status(inquire(target), IMA_ERROR_TARGET_TIMEOUT);
	assert_int_equal(last_error().layer, IMAX_LAYER_TRANSPORT);
	assert_non_null(strstr(last_error().text, "not back before the deadline"));
	assert_non_null(strstr(last_error().text, NAME));
	assert_ok(IMAX_SetDeadline(0));
	end_order("down");
	assert_ok(inquire(target));
	assert_ok(IMAX_LogoutTarget(target));
}

static void loss_and_return_are_told(void **state)
{
	IMA_OID target = logged_in(0);

	(void)state;
	assert_int_equal(witness_count(APPEARED, IMA_OBJECT_TYPE_SESSION), 1);
	assert_int_equal(witness_count(APPEARED, IMA_OBJECT_TYPE_CONNECTION), 1);
	witness_forget();
	lose(target, "down", "");
	witness_wait(CHANGED, IMA_OBJECT_TYPE_SESSION, 1);
	assert_int_equal(witness_count(DISAPPEARED, IMA_OBJECT_TYPE_CONNECTION), 1);
	end_order("down");
	witness_wait(APPEARED, IMA_OBJECT_TYPE_CONNECTION, 1);
	assert_int_equal(witness_count(DISAPPEARED, IMA_OBJECT_TYPE_SESSION), 0);
	assert_int_equal(witness_count(DISAPPEARED, IMA_OBJECT_TYPE_LU), 0);
	witness_forget();
	assert_ok(IMAX_LogoutTarget(target));
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_SESSION, 1);
	assert_int_equal(witness_count(DISAPPEARED, IMA_OBJECT_TYPE_CONNECTION), 1);
	assert_int_equal(witness_count(DISAPPEARED, IMA_OBJECT_TYPE_LU), LUNS);
}

static void logout_ends_the_attempts(void **state)
{
	IMA_OID target = logged_in(0), session = session_of(target);
	IMA_SESSION_PROPERTIES properties;

	(void)state;
	lose(target, "down", "");
	witness_forget();
	assert_ok(IMAX_LogoutTarget(target));
	assert_int_equal(count_sessions(target), 0);
	assert_int_equal(count_lus(lhba()), 0);
	assert_status(IMA_GetSessionProperties(session, &properties),
		      IMA_ERROR_OBJECT_NOT_FOUND);
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_SESSION, 1);
	end_order("down");
	assert_ok(IMAX_LoginTarget(target));
	assert_int_not_equal(session_of(target).objectSequenceNumber,
			     session.objectSequenceNumber);
	assert_ok(IMAX_LogoutTarget(target));
}

static void target_that_refuses_for_good_is_given_up(void **state)
{
	static const char *const statuses[] = { "0201", "0202", "0204" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		IMA_OID target = logged_in(0);

		witness_forget();
		lose(target, "refuse", statuses[i]);
		witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_SESSION, 1);
		assert_int_equal(witness_count(DISAPPEARED, IMA_OBJECT_TYPE_LU), LUNS);
		assert_int_equal(count_sessions(lhba()), 0);
		assert_status(IMAX_LoginTarget(target), IMA_ERROR_LOGIN_REJECTED);
		assert_int_equal(last_error().loginStatusClass, 2);
		end_order("refuse");
	}
}

/* "Not found" is what a target that restarts may say before it knows its names. */
static void refusals_that_may_pass_are_not_final(void **state)
{
	static const char *const statuses[] = { "0203", "0301" };
	char line[32] = "refused ";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		IMA_OID target = logged_in(0);

		memcpy(line + 8, statuses[i], 5);
		lose(target, "refuse", statuses[i]);
		while (log_count(line) < 2)
			usleep(1000);
		assert_int_equal(count_sessions(target), 1);
		end_order("refuse");
		wait_for_return(target);
		assert_ok(IMAX_LogoutTarget(target));
	}
}

static void login_does_not_wait_for_the_pause(void **state)
{
	IMA_OID target = logged_in(3600);

	(void)state;
	lose(target, "down", "");
	assert_status(IMAX_LoginTarget(target), IMA_ERROR_TARGET_TIMEOUT);
	assert_int_equal(last_error().osError, ECONNRESET);
	assert_int_equal(count_sessions(target), 1);
	end_order("down");
	while (IMAX_LoginTarget(target))
		;
	assert_int_equal(count_connections(session_of(target)), 1);
	assert_ok(IMAX_LogoutTarget(target));
}

/* Settings that were changed meanwhile are those of the next login. */
static void return_uses_what_is_set_now(void **state)
{
	IMA_OID target = logged_in(0);

	(void)state;
	lose(target, "down", "");
	assert_ok(IMA_SetFirstBurstLength(target, 4096));
	assert_ok(IMA_SetMaxBurstLength(target, 12288));
	end_order("down");
	assert_ok(inquire(target));
	assert_int_equal(properties_of(session_of(target)).maxBurstLength, 12288);
	assert_ok(IMAX_LogoutTarget(target));
}

static void target_nobody_finds_goes_with_its_session(void **state)
{
	IMA_OID address = add_address(getenv("STUB_TARGET")), target;

	(void)state;
	assert_int_equal(discover(address), 1);
	target = find_target(NAME);
	assert_ok(IMA_SetDefaultTime2Wait(target, 0));
	assert_ok(IMAX_LoginTarget(target));
	report("");
	assert_int_equal(discover(address), 0);
	assert_int_equal(count_targets(), 1);
	lose(target, "refuse", "0204");
	/* No call asks: it is told all the same. */
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_TARGET, 1);
	assert_int_equal(count_targets(), 0);
}

static void lus_that_changed_meanwhile_are_found(void **state)
{
	IMA_OID target = logged_in(0);

	(void)state;
	witness_forget();
	lose(target, "down", "");
	give_order("luns", "5");
	end_order("down");
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_LU, LUNS - 5);
	assert_int_equal(count_lus(target), 5);
	witness_forget();
	lose(target, "down", "");
	give_order("luns", "600"); /* more than the first question has room for */
	end_order("down");
	witness_wait(APPEARED, IMA_OBJECT_TYPE_LU, 595);
	assert_int_equal(count_lus(target), 600);
	assert_ok(IMAX_LogoutTarget(target));
}

static void unit_attention_finds_lus(void **state)
{
	IMA_OID target = logged_in(0);
	IMA_BYTE data[8];
	IMA_UINT length = sizeof(data);

	(void)state;
	witness_forget();
	give_order("luns", "14");
	give_order("attention", "");
	assert_ok(IMA_LuReadCapacity(target, 10, data, &length, NULL, NULL));
	witness_wait(APPEARED, IMA_OBJECT_TYPE_LU, 1);
	assert_int_equal(count_lus(target), 14);
	assert_ok(IMAX_LogoutTarget(target));
}

static void asynchronous_message_finds_lus(void **state)
{
	IMA_OID target = logged_in(0);

	(void)state;
	witness_forget();
	give_order("luns", "12");
	give_order("async", "0 0 0 0 70000600000000"
			    "0a000000003f0e00000000");
	assert_ok(inquire(target));
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_LU, 1);
	assert_int_equal(count_lus(target), 12);
	assert_ok(IMAX_LogoutTarget(target));
}

static void client_can_have_a_target_scanned(void **state)
{
	IMA_OID target = stub("STUB_TARGET");

	(void)state;
	assert_ok(
		IMAX_RescanTarget(target)); /* without a session nothing is to be done */
	assert_int_equal(count_lus(target), 0);
	target = logged_in(0);
	witness_forget();
	give_order("luns", "20");
	assert_ok(IMAX_RescanTarget(target));
	assert_int_equal(count_lus(target), 20);
	witness_wait(APPEARED, IMA_OBJECT_TYPE_LU, 20 - LUNS);
	give_order("luns", "3");
	assert_ok(IMAX_RescanTarget(lhba()));
	assert_int_equal(count_lus(target), 3);
	witness_wait(DISAPPEARED, IMA_OBJECT_TYPE_LU, 17);
	assert_ok(IMAX_LogoutTarget(target));
}

static void scan_waits_for_a_lost_session(void **state)
{
	IMA_OID target = logged_in(0);

	(void)state;
	lose(target, "down", "");
	assert_ok(IMAX_RescanTarget(lhba())); /* it is scanned when it is back */
	assert_ok(IMAX_SetDeadline(DEADLINE));
	assert_status(IMAX_RescanTarget(target), IMA_ERROR_TARGET_TIMEOUT);
	assert_ok(IMAX_SetDeadline(0));
	give_order("luns", "4");
	end_order("down");
	assert_ok(IMAX_RescanTarget(target));
	assert_int_equal(count_lus(target), 4);
	assert_ok(IMAX_LogoutTarget(target));
	target.objectSequenceNumber += 1000000;
	assert_status(IMAX_RescanTarget(target), IMA_ERROR_OBJECT_NOT_FOUND);
}

static void silent_target_does_not_keep_others_from_a_scan(void **state)
{
	IMA_OID target = logged_in(0), silent;

	(void)state;
	add_static(NAME ".mute", getenv("STUB_TARGET"));
	silent = find_target(NAME ".mute");
	assert_ok(IMAX_LoginTarget(silent));
	assert_int_equal(count_lus(silent), LUNS);
	give_order("luns", "6");
	give_order("mute", "");
	assert_ok(IMAX_SetDeadline(DEADLINE));
	assert_status(IMAX_RescanTarget(lhba()), IMA_ERROR_TARGET_TIMEOUT);
	assert_non_null(strstr(last_error().text, NAME ".mute"));
	end_order("mute");
	assert_int_equal(count_lus(target), 6);
	assert_int_equal(count_lus(silent), LUNS);
	assert_ok(IMAX_LogoutTarget(silent));
	assert_ok(IMAX_LogoutTarget(target));
}

/* Logout request, drop of the connection (CID 0) and of the session. */
static void messages_that_end_a_session_do_not_end_it_for_good(void **state)
{
	static const char *const messages[] = { "1 0 0 3", "2 0 0 0", "3 0 0 0" };
	IMA_OID target = logged_in(0);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		witness_forget();
		give_order("async", messages[i]);
		assert_ok(inquire(target)); /* in time, or sent again */
		witness_wait(APPEARED, IMA_OBJECT_TYPE_CONNECTION, 1);
		assert_int_equal(count_lus(target), LUNS);
	}
	assert_true(is_logged("logout"));
	assert_ok(IMAX_LogoutTarget(target));
}

/* A session that is lost as soon as it is there: growing pauses, and it can be ended. */
static void session_that_is_lost_again_and_again_is_bounded(void **state)
{
	IMA_OID target = logged_in(0);

	(void)state;
	for (int i = 0; i < 4; i++) {
		give_order("cut", "");
		(void)inquire(target);
		assert_int_equal(count_sessions(target), 1);
	}
	assert_ok(IMAX_LogoutTarget(target));
}

static void *inquire_until_the_end(void *target)
{
	IMA_OID oid = *(IMA_OID *)target;

	while (count_sessions(oid))
		(void)inquire(oid);
	return NULL;
}

static void logout_frees_who_waits(void **state)
{
	IMA_OID target = logged_in(3600);
	pthread_t threads[3];

	(void)state;
	lose(target, "down", "");
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, inquire_until_the_end, &target),
			0);
	end_order("down");
	assert_ok(IMAX_LogoutTarget(target));
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(count_sessions(lhba()), 0);
}

static int end_while_lost(void)
{
	lose(logged_in(0), "down", "");
	return 0;
}

static void process_may_end_with_a_lost_session(void **state)
{
	(void)state;
	assert_int_equal(sandbox_again("end-while-lost"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lost_session_comes_back),
		TEST(command_that_was_cut_off_is_sent_again),
		TEST(commands_wait_for_a_lost_session),
		TEST(loss_and_return_are_told),
		TEST(logout_ends_the_attempts),
		TEST(target_that_refuses_for_good_is_given_up),
		TEST(refusals_that_may_pass_are_not_final),
		TEST(login_does_not_wait_for_the_pause),
		TEST(return_uses_what_is_set_now),
		TEST(target_nobody_finds_goes_with_its_session),
		TEST(lus_that_changed_meanwhile_are_found),
		TEST(unit_attention_finds_lus),
		TEST(asynchronous_message_finds_lus),
		TEST(client_can_have_a_target_scanned),
		TEST(scan_waits_for_a_lost_session),
		TEST(silent_target_does_not_keep_others_from_a_scan),
		TEST(messages_that_end_a_session_do_not_end_it_for_good),
		TEST(session_that_is_lost_again_and_again_is_bounded),
		TEST(logout_frees_who_waits),
		TEST(process_may_end_with_a_lost_session),
	};

	if (sandbox_argument())
		return end_while_lost();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
