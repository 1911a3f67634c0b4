// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Targets that break the rules (hostile.py), seen by a client: which status and which last error
 * each way gets, that every call ends in time, and that nothing is left behind. How the engine
 * deals with them byte by byte is tested in tests/iscsi; README.md lists both.
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

#define WITH_LOGIN 1200 /* ms; the login has to fit in too */
#define PATIENCE   200	/* ms; for a logout that is not answered */

/* What a way of breaking the rules leads to. */
struct outcome {
	const char *way;
	IMA_STATUS status;
	IMAX_LAYER layer;
	int error;	  /* errno */
	const char *word; /* in the text */
};

#define OK(way)                                     \
	{                                           \
		way, IMA_STATUS_SUCCESS, 0, 0, NULL \
	}
#define BROKEN(way, word)                                               \
	{                                                               \
		way, IMA_ERROR_UNKNOWN_ERROR, IMAX_LAYER_ISCSI, 0, word \
	}
#define GONE(way, err, word)                                                   \
	{                                                                      \
		way, IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT, err, word \
	}
#define REFUSED(way, word)                                               \
	{                                                                \
		way, IMA_ERROR_LOGIN_REJECTED, IMAX_LAYER_ISCSI, 0, word \
	}

static bool is_told(const struct outcome *expected)
{
	IMAX_LAST_ERROR error = last_error();

	return error.layer == expected->layer && error.osError == expected->error &&
	       strstr(error.text, expected->word);
}

/* All that is wrong in a table is printed, not only the first. */
static void compare(IMA_STATUS status, const struct outcome *expected, int *failures)
{
	if (status == expected->status && (!IMA_ERROR(status) || is_told(expected)))
		return;
	(*failures)++;
	print_error("%s: %s, not %s; layer %d, errno %d: %s\n", expected->way,
		    IMAX_StatusName(status), IMAX_StatusName(expected->status),
		    (int)last_error().layer, (int)last_error().osError,
		    last_error().text);
}

static IMA_OID hostile(const char *way)
{
	char name[200];

	snprintf(name, sizeof(name), NAME ".h-%s", way);
	add_static(name, getenv("STUB_HOSTILE"));
	return find_target(name);
}

static void log_out(IMA_OID target)
{
	assert_ok(IMAX_SetDeadline(PATIENCE));
	assert_ok(IMAX_LogoutTarget(target));
	assert_int_equal(count_sessions(lhba()), 0);
	assert_int_equal(count_lus(lhba()), 0);
}

/* After all that the good still work. */
static void assert_alive(void)
{
	IMA_OID target = stub("STUB_TARGET");

	assert_ok(IMAX_SetDeadline(0));
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(inquire(target));
	assert_ok(IMAX_LogoutTarget(target));
}

static const struct outcome login_cases[] = {
	GONE("login-close", ECONNRESET, "closed the connection"),
	GONE("login-reset", ECONNRESET, "Connection reset"),
	GONE("login-silence", ETIMEDOUT, "did not answer the login"),
	GONE("login-half", ETIMEDOUT, "did not answer the login"),
	GONE("login-half-close", ECONNRESET, "within a PDU"),
	GONE("login-drip", ETIMEDOUT, "did not answer the login"),
	BROKEN("login-garbage", "bytes of data where 8192 are allowed"),
	BROKEN("login-16-mb", "16777215 bytes of data"),
	BROKEN("login-no-nul", "no end of the last pair"),
	BROKEN("login-60-kb-key", "too long"),
	BROKEN("login-1000-keys", "more keys"),
	BROKEN("login-repeated", "MaxBurstLength"),
	OK("login-unknown"),
	BROKEN("login-rejected-key", "MaxBurstLength"),
	BROKEN("login-not-understood", "MaxBurstLength"),
	OK("login-irrelevant"),
	BROKEN("login-negative", "MaxBurstLength"),
	BROKEN("login-zero", "MaxBurstLength"),
	BROKEN("login-overflow", "FirstBurstLength"),
	BROKEN("login-too-much", "MaxBurstLength"),
	BROKEN("login-no-receive", "MaxRecvDataSegmentLength"),
	BROKEN("login-digest", "HeaderDigest"),
	BROKEN("login-missing", "InitialR2T"),
	BROKEN("login-endless", "protocol violation"),
	REFUSED("login-redirect-loop", "redirect"),
	REFUSED("login-redirect-nowhere", "without an address"),
	BROKEN("login-redirect-garbage", "not an address"),
	GONE("login-redirect-dead", ECONNREFUSED, "127.0.0.1:1: "),
};

static void logins(void **state)
{
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(login_cases); i++) {
		IMA_OID target = hostile(login_cases[i].way);

		assert_ok(IMAX_SetDeadline(login_cases[i].error == ETIMEDOUT ? DEADLINE
									     : 0));
		compare(IMAX_LoginTarget(target), &login_cases[i], &failures);
		if (login_cases[i].status)
			assert_int_equal(count_sessions(target), 0);
		else
			log_out(target);
	}
	assert_int_equal(failures, 0);
	assert_alive();
}

static const struct outcome commands[] = {
	GONE("silence", ETIMEDOUT, "no response"),
	GONE("close", ECONNRESET, "closed the connection"),
	GONE("reset", ECONNRESET, "Connection reset"),
	GONE("half", ETIMEDOUT, "no response"),
	GONE("half-close", ECONNRESET, "within a PDU"),
	GONE("drip", ETIMEDOUT, "no response"),
	BROKEN("garbage", "bytes of data where"),
	BROKEN("16-mb", "16777215 bytes of data"),
	BROKEN("beyond", "beyond the end of the buffer"),
	BROKEN("offset", "out of order"),
	BROKEN("order", "out of order"),
	BROKEN("data-sn", "wrong DataSN"),
	BROKEN("residual-lie", "residual of 3 bytes"),
	BROKEN("residual-more", "residual of 4000 bytes"),
	BROKEN("residual-none", "residual of 0 bytes"),
	BROKEN("residual-both", "residual"),
	BROKEN("r2t", "writes nothing"),
	BROKEN("stat-sn", "StatSN"),
	OK("ping"),
	OK("nop"),
	BROKEN("answer-to-no-ping", "answers no NOP-Out"),
	BROKEN("unknown-tag", "unknown task tag"),
	BROKEN("data-unknown-tag", "unknown task tag"),
	BROKEN("target-failure", "could not deliver"),
	BROKEN("sense-lie", "5000 bytes of sense data"),
	BROKEN("reject", "Protocol Error"),
	BROKEN("reject-nothing", "Reject without"),
	OK("renegotiate"),
	OK("vendor-message"),
	BROKEN("login-response", "opcode 23h"),
};

/* Without a session one is made for the command, and nothing is left of it. */
static void commands_without_a_session(void **state)
{
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		IMA_OID target = hostile(commands[i].way);

		assert_ok(
			IMAX_SetDeadline(commands[i].error == ETIMEDOUT ? DEADLINE : 0));
		compare(inquire(target), &commands[i], &failures);
		assert_int_equal(count_sessions(target), 0);
	}
	assert_int_equal(failures, 0);
	assert_alive();
}

/* With a session: it may be lost, and is wanted all the same until somebody logs out. */
static void commands_on_a_session(void **state)
{
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		IMA_OID target = hostile(commands[i].way);

		assert_ok(IMA_SetDefaultTime2Wait(target, 0));
		assert_ok(IMAX_SetDeadline(0));
		assert_ok(IMAX_LoginTarget(target));
		assert_ok(
			IMAX_SetDeadline(commands[i].error == ETIMEDOUT ? DEADLINE : 0));
		compare(inquire(target), &commands[i], &failures);
		assert_int_equal(count_sessions(target), 1);
		log_out(target);
	}
	assert_int_equal(failures, 0);
	assert_alive();
}

/* The command is answered; what comes after it costs the session, which comes back. */
static void second_answer_costs_the_session_only(void **state)
{
	IMA_OID target = hostile("twice");

	(void)state;
	assert_ok(IMA_SetDefaultTime2Wait(target, 0));
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(inquire(target));
	while (log_count("SessionType=Normal") < 2)
		usleep(1000);
	log_out(target);
}

static void searches(void **state)
{
	static const struct outcome cases[] = {
		{ "without-end", IMA_ERROR_UNKNOWN_ERROR, IMAX_LAYER_PLUGIN, 0,
		  "more targets than" },
		BROKEN("nothing-without-end", "protocol violation"),
		BROKEN("wrong-tag", "protocol violation"),
		BROKEN("no-continuation-tag", "protocol violation"),
		BROKEN("no-nul", "no end of the last pair"),
		BROKEN("no-key", "a key without a value"),
		BROKEN("no-name", "before any TargetName"),
		BROKEN("long-key", "too long"),
		GONE("silence", ETIMEDOUT, "did not complete its answer"),
		GONE("close", ECONNRESET, "closed the connection"),
		BROKEN("rejected", "Command not supported"),
		BROKEN("data", "unknown task tag"),
		BROKEN("16-mb", "16777215 bytes of data"),
	};
	IMA_OID address = add_address(getenv("STUB_LIAR"));

	int failures = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		IMA_OID_LIST *list = NULL;

		give_order("lie", cases[i].way);
		assert_ok(IMAX_SetDeadline(cases[i].error == ETIMEDOUT ? DEADLINE : 0));
		compare(IMAX_DiscoverTargets(address, &list), &cases[i], &failures);
		assert_null(list);
		assert_int_equal(count_targets(), 0);
	}
	assert_int_equal(failures, 0);
	assert_alive();
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(logins, prepare),
		cmocka_unit_test_setup(commands_without_a_session, prepare),
		cmocka_unit_test_setup(commands_on_a_session, prepare),
		cmocka_unit_test_setup(second_answer_costs_the_session_only, prepare),
		cmocka_unit_test_setup(searches, prepare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
