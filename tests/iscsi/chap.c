// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * chap.c - authentication against targets that know their secret, do not, or try tricks.
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iscsi/chap.h"
#include "iscsi/libcrypto.h"
#include "iscsi/text.h"
#include "shared/cleanup.h"
#include "tests/iscsi/target.h"

#define SECRET	   "secretsecret12"
#define OWN_SECRET "targetsecret34"

static void use_chap(struct fixture *fixture, bool mutual)
{
	fixture_init(fixture);
	fixture->target.secret = SECRET;
	fixture->target.own_secret = OWN_SECRET;
	fixture->config.auth.name = "user";
	fixture->config.auth.secret = SECRET;
	fixture->config.auth.secret_length = strlen(SECRET);
	if (!mutual)
		return;
	fixture->config.auth.target_secret = OWN_SECRET;
	fixture->config.auth.target_secret_length = strlen(OWN_SECRET);
}

static void assert_auth_failed(const struct fixture *fixture, const char *key,
			       const char *word)
{
	assert_int_equal(fixture->ups, 0);
	assert_int_equal(fixture->downs, 1);
	if (fixture->error.kind != ISCSI_FAILED_AUTH ||
	    !strstr(fixture->error.text, word))
		fail_msg("%s (%s), not \"%s\"", iscsi_failure_name(fixture->error.kind),
			 fixture->error.text, word);
	assert_string_equal(fixture->error.key, key);
	assert_null(strstr(fixture->error.text, SECRET));
	assert_null(strstr(fixture->error.text, OWN_SECRET));
}

/* --- What works -------------------------------------------------------------------------- */

struct seen {
	unsigned int requests;
};

static bool see_requests(struct target *target, const struct pdu *pdu)
{
	struct seen *seen = target->user;
	const void *text = pdu->data;
	size_t n = pdu->length;

	switch (seen->requests++) {
	case 0:
		assert_int_equal(pdu->bhs[AT_FLAGS], STAGE_SECURITY << 2);
		assert_string_equal(text_value(text, n, "AuthMethod"), "CHAP");
		assert_string_equal(text_value(text, n, "TargetName"), TARGET_NAME);
		assert_null(text_value(text, n, "MaxBurstLength"));
		break;
	case 1:
		assert_string_equal(text, "CHAP_A=5");
		assert_int_equal(n, 9);
		break;
	case 2:
		assert_int_equal(pdu->bhs[AT_FLAGS], LOGIN_TRANSIT | STAGE_OPERATIONAL);
		assert_string_equal(text_value(text, n, "CHAP_N"), "user");
		assert_non_null(text_value(text, n, "CHAP_R"));
		assert_null(text_value(text, n, "CHAP_C"));
		break;
	case 3:
		assert_int_equal(pdu->bhs[AT_FLAGS],
				 LOGIN_TRANSIT | STAGE_OPERATIONAL << 2 | 3);
		assert_null(text_value(text, n, "InitiatorName"));
		assert_non_null(text_value(text, n, "MaxBurstLength"));
		break;
	default:
		break;
	}
	return false;
}

static void one_way_authentication_takes_four_round_trips(void **state)
{
	struct seen seen = { 0 };
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, false);
	fixture.target.hook = see_requests;
	fixture.target.user = &seen;
	fixture_up(&fixture);
	assert_int_equal(seen.requests, 4);
	assert_int_equal(iscsi_session_result(fixture.session)->auth_method,
			 ISCSI_AUTH_CHAP);
	assert_int_equal(iscsi_session_result(fixture.session)->chap_algorithm, 5);
	fixture_free(&fixture);
}

static void a_discovery_session_authenticates_too(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, false);
	fixture.config.target_name = NULL;
	fixture_up(&fixture);
	assert_int_equal(iscsi_session_result(fixture.session)->auth_method,
			 ISCSI_AUTH_CHAP);
	fixture_free(&fixture);
}

static void mutual_authentication_works_with_and_without_an_expected_name(void **state)
{
	static const char *const names[] = { NULL, "target" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct fixture fixture;

		use_chap(&fixture, true);
		fixture.config.auth.target_name = names[i];
		fixture_up(&fixture);
		assert_int_equal(iscsi_session_result(fixture.session)->auth_method,
				 ISCSI_AUTH_CHAP_MUTUAL);
		fixture_free(&fixture);
	}
}

static void algorithms_are_offered_in_the_order_they_are_configured(void **state)
{
	static const struct {
		uint8_t algorithms[ISCSI_CHAP_ALGORITHMS];
		const char *offer;
	} cases[] = {
		{ { 0 }, "5" },
		{ { 7, 5 }, "7,5" },
		{ { 8, 7, 6, 5 }, "8,7,6,5" },
		{ { 0, 6, 0, 5 }, "6,5" },
		{ { 99, 5 }, "5" }, /* what libcrypto does not have is left out */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct iscsi_auth auth = { .name = "n",
					   .secret = "s",
					   .secret_length = 1 };
		struct iscsi_text text = { 0 };
		struct iscsi_chap chap;

		memcpy(auth.algorithms, cases[i].algorithms, sizeof(auth.algorithms));
		assert_int_equal(iscsi_chap_init(&chap, &auth), 0);
		assert_true(iscsi_chap_offer(&chap, &text));
		assert_string_equal(text.data + strlen("CHAP_A="), cases[i].offer);
		iscsi_text_free(&text);
		iscsi_chap_wipe(&chap);
	}
}

static void an_algorithm_nobody_has_fails_here(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, false);
	fixture.config.auth.algorithms[0] = 99;
	fixture_login(&fixture);
	assert_int_equal(fixture.error.kind, ISCSI_FAILED_LOCAL);
	assert_non_null(strstr(fixture.error.text, "libcrypto has none"));
	fixture_free(&fixture);
}

static const char *own_path;

/* In another process: in this one it may be loaded already. An empty file is no library. */
static void without_libcrypto_there_is_no_authentication(void **state)
{
	char folder[] = "/tmp/ima-chap-XXXXXX", file[64];
	int fd, status;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/" LIBCRYPTO_NAME, folder);
	fd = open(file, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0 && !close(fd));
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		setenv("LD_LIBRARY_PATH", folder, 1);
		execl(own_path, own_path, "without libcrypto", NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	unlink(file);
	rmdir(folder);
	assert_int_equal(status, 0);
}

/* What that process does: 0 if the login fails as it should. */
static int log_in_without_libcrypto(void)
{
	struct fixture fixture;
	bool ok;

	use_chap(&fixture, false);
	fixture_login(&fixture);
	ok = fixture.error.kind == ISCSI_FAILED_LOCAL &&
	     strstr(fixture.error.text, LIBCRYPTO_NAME ", which cannot be loaded") &&
	     !iscsi_chap_algorithm_name(ISCSI_CHAP_MD5);
	fixture_free(&fixture);
	return ok ? 0 : 1;
}

/* --- What does not ----------------------------------------------------------------------- */

static void a_wrong_secret_gets_the_status_of_the_target(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, false);
	fixture.target.secret = "another secret";
	fixture_login(&fixture);
	assert_int_equal(fixture.error.kind, ISCSI_FAILED_LOGIN);
	assert_int_equal(fixture.error.status_detail, 1);
	fixture_free(&fixture);
}

static void no_authentication_where_it_is_wanted_gets_the_status_too(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, false);
	fixture.config.auth.name = NULL;
	fixture_login(&fixture);
	assert_int_equal(fixture.error.kind, ISCSI_FAILED_LOGIN);
	fixture_free(&fixture);
}

static void a_target_with_another_secret_than_ours_for_it_is_left(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, true);
	fixture.target.own_secret = "not that one";
	fixture_login(&fixture);
	assert_auth_failed(&fixture, "CHAP_R", "does not know the secret");
	fixture_free(&fixture);
}

static void a_target_with_another_name_than_expected_is_left(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, true);
	fixture.config.auth.target_name = "somebody else";
	fixture_login(&fixture);
	assert_auth_failed(&fixture, "CHAP_N", "another name");
	fixture_free(&fixture);
}

static void a_target_that_does_not_prove_itself_is_left(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, true);
	fixture.target.own_secret = NULL;
	fixture_login(&fixture);
	assert_auth_failed(&fixture, "CHAP_N", "does not prove");
	fixture_free(&fixture);
}

/* What the target answers to the request with this number; the others as usual. */
struct script {
	unsigned int request;
	uint8_t flags;
	const char *text;
	size_t length;
	unsigned int seen;
};

static bool follow_script(struct target *target, const struct pdu *pdu)
{
	struct script *script = target->user;

	if (opcode_of(pdu) != OP_LOGIN || script->seen++ != script->request)
		return false;
	target_login_response(target, pdu, script->flags, 0, script->text,
			      script->length);
	return true;
}

#define TEXT(t) t, sizeof(t)
enum {
	SKIP = LOGIN_TRANSIT | STAGE_FULL_FEATURE,
	NEXT = LOGIN_TRANSIT | STAGE_OPERATIONAL
};
static const struct {
	bool mutual;
	unsigned int request;
	uint8_t flags;
	const char *text;
	size_t length;
	const char *key, *word;
} tricks[] = {
	/* Going on without authentication. */
	{ false, 0, SKIP, NULL, 0, "", "without the authentication" },
	{ false, 0, NEXT, NULL, 0, "", "without the authentication" },
	{ true, 1, SKIP, NULL, 0, "", "without the authentication" },
	{ true, 1, NEXT, NULL, 0, "", "without the authentication" },
	{ true, 2, SKIP, NULL, 0, "", "without the authentication" },
	{ false, 0, NEXT, TEXT("AuthMethod=None"), "", "without the authentication" },
	{ false, 0, 0, TEXT("AuthMethod=None"), "AuthMethod", "does not accept CHAP" },
	{ false, 0, 0, TEXT("AuthMethod=Reject"), "AuthMethod", "does not accept CHAP" },
	{ false, 0, 0, TEXT("AuthMethod=SRP"), "AuthMethod", "does not accept CHAP" },
	{ false, 0, 0, TEXT("AuthMethod=CHAP,None"), "AuthMethod",
	  "does not accept CHAP" },
	{ false, 0, 0, NULL, 0, "AuthMethod", "did not answer AuthMethod" },
	/* Algorithm, identifier, challenge. */
	{ false, 1, 0, TEXT("CHAP_A=6\0CHAP_I=1\0CHAP_C=0x1234"), "CHAP_A",
	  "not offered" },
	{ false, 1, 0, TEXT("CHAP_A=0\0CHAP_I=1\0CHAP_C=0x1234"), "CHAP_A",
	  "not offered" },
	{ false, 1, 0, TEXT("CHAP_A=5,7\0CHAP_I=1\0CHAP_C=0x1234"), "CHAP_A",
	  "not offered" },
	{ false, 1, 0, TEXT("CHAP_A=Reject"), "CHAP_A", "none of the algorithms" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_I=256\0CHAP_C=0x12"), "CHAP_I", "0 to 255" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_I=-1\0CHAP_C=0x12"), "CHAP_I", "0 to 255" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_I=1\0CHAP_C="), "CHAP_C", "is empty" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_I=1\0CHAP_C=0x"), "CHAP_C", "is empty" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_I=1\0CHAP_C=1234"), "CHAP_C", "neither hex" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_I=1\0CHAP_C=0xzz"), "CHAP_C", "neither hex" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_I=1"), "CHAP_C", "left a key out" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_C=0x12"), "CHAP_I", "left a key out" },
	{ false, 1, 0, NULL, 0, "CHAP_A", "left a key out" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_A=5"), "CHAP_A", "twice" },
	{ false, 1, 0, TEXT("CHAP_A=5\0CHAP_I=1\0CHAP_N=x"), "CHAP_N", "out of turn" },
	/* The target's proof. */
	{ true, 2, NEXT, TEXT("CHAP_N=target"), "CHAP_R", "does not prove" },
	{ true, 2, NEXT, TEXT("CHAP_N=target\0CHAP_R=0x12"), "CHAP_R", "is wrong" },
	{ true, 2, NEXT, TEXT("CHAP_N=target\0CHAP_R=12"), "CHAP_R", "malformed" },
	{ true, 2, NEXT, TEXT("CHAP_N=\0CHAP_R=0x12"), "CHAP_N", "empty or too long" },
	{ true, 2, NEXT, TEXT("CHAP_R=0x00000000000000000000000000000000\0CHAP_N=target"),
	  "CHAP_R", "is wrong" },
	{ false, 2, NEXT, TEXT("CHAP_N=target\0CHAP_R=0x12"), "CHAP_N", "out of turn" },
	/* A second challenge, for example the one we have just sent. */
	{ true, 2, 0, TEXT("CHAP_A=5\0CHAP_I=1\0CHAP_C=0x1234"), "CHAP_A", "twice" },
	{ true, 2, 0, TEXT("CHAP_C=0x1234"), "CHAP_C", "twice" },
};
#undef TEXT

static void tricks_of_the_target_are_seen_through(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tricks); i++) {
		struct script script = { tricks[i].request, tricks[i].flags,
					 tricks[i].text, tricks[i].length, 0 };
		struct fixture fixture;

		use_chap(&fixture, tricks[i].mutual);
		fixture.target.hook = follow_script;
		fixture.target.user = &script;
		fixture_login(&fixture);
		assert_auth_failed(&fixture, tricks[i].key, tricks[i].word);
		fixture_free(&fixture);
	}
}

static void keys_at_the_wrong_time_are_refused(void **state)
{
#define TEXT(t) t, sizeof(t)
	static const struct {
		unsigned int request;
		const char *text;
		size_t length;
		const char *key, *word;
	} cases[] = {
		{ 0, TEXT("AuthMethod=CHAP\0CHAP_A=5"), "CHAP_A", "not asked for" },
		{ 0, TEXT("AuthMethod=CHAP\0AuthMethod=CHAP"), "AuthMethod", "twice" },
		{ 0, TEXT("AuthMethod=CHAP\0MaxBurstLength=512"), "MaxBurstLength",
		  "before the operational stage" },
		{ 3, TEXT("CHAP_N=target"), "CHAP_N", "not asked for" },
	};
#undef TEXT

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t stage = cases[i].request == 3 ? STAGE_OPERATIONAL << 2 : 0;
		struct script script = { cases[i].request, stage, cases[i].text,
					 cases[i].length, 0 };
		struct fixture fixture;

		use_chap(&fixture, false);
		fixture.target.hook = follow_script;
		fixture.target.user = &script;
		fixture_login(&fixture);
		assert_int_equal(fixture.error.kind, ISCSI_FAILED_NEGOTIATION);
		assert_string_equal(fixture.error.key, cases[i].key);
		assert_non_null(strstr(fixture.error.text, cases[i].word));
		fixture_free(&fixture);
	}
}

static bool challenge_of(struct target *target, const struct pdu *pdu)
{
	const size_t *size = target->user;
	struct iscsi_text text = { 0 };
	uint8_t challenge[2048];

	if (!text_value(pdu->data, pdu->length, "CHAP_A"))
		return false;
	memset(challenge, 0x77, sizeof(challenge));
	iscsi_text_add(&text, "CHAP_A", "5");
	iscsi_text_add(&text, "CHAP_I", "0");
	iscsi_text_add_binary(&text, "CHAP_C", challenge, *size);
	target_login_response(target, pdu, 0, 0, text.data, text.length);
	iscsi_text_free(&text);
	return true;
}

static void a_challenge_has_at_most_1024_bytes(void **state)
{
	static const struct {
		size_t size;
		bool taken;
	} cases[] = { { 1, true }, { 1024, true }, { 1025, false }, { 2048, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t size = cases[i].size;
		struct fixture fixture;

		use_chap(&fixture, false);
		fixture.target.hook = challenge_of;
		fixture.target.user = &size;
		fixture_login(&fixture);
		/* The target knows only its own challenge, so the login fails in any case. */
		assert_int_equal(fixture.error.kind,
				 cases[i].taken ? ISCSI_FAILED_LOGIN : ISCSI_FAILED_AUTH);
		if (!cases[i].taken)
			assert_auth_failed(&fixture, "CHAP_C", "longer than 1024 bytes");
		fixture_free(&fixture);
	}
}

/* The target sends back our own challenge's answer: it has none of its own. */
static bool reflect_response(struct target *target, const struct pdu *pdu)
{
	const char *response = text_value(pdu->data, pdu->length, "CHAP_R");
	struct iscsi_text text = { 0 };

	if (!response)
		return false;
	iscsi_text_add(&text, "CHAP_N", "target");
	iscsi_text_add(&text, "CHAP_R", response);
	target_login_response(target, pdu, LOGIN_TRANSIT | STAGE_OPERATIONAL, 0,
			      text.data, text.length);
	iscsi_text_free(&text);
	return true;
}

static void our_own_response_is_no_proof(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, true);
	fixture.target.hook = reflect_response;
	fixture_login(&fixture);
	assert_auth_failed(&fixture, "CHAP_R", "is wrong");
	fixture_free(&fixture);
}

static bool answer_in_base64(struct target *target, const struct pdu *pdu)
{
	static const char text[] =
		"CHAP_A=5\0CHAP_I=0x09\0CHAP_C=0bWlpaWlpaWlpaWlpaWlpaWg==";

	if (!text_value(pdu->data, pdu->length, "CHAP_A"))
		return false;
	memset(target->challenge, 0x5a, 16);
	target_login_response(target, pdu, 0, 0, text, sizeof(text));
	return true;
}

static void base64_is_as_good_as_hexadecimal(void **state)
{
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, false);
	fixture.target.hook = answer_in_base64;
	fixture_up(&fixture);
	fixture_free(&fixture);
}

/* The target takes the response, but wants another round before it goes on. */
static bool hesitate(struct target *target, const struct pdu *pdu)
{
	unsigned int *seen = target->user;

	if (opcode_of(pdu) != OP_LOGIN)
		return false;
	switch ((*seen)++) {
	case 2:
		target_login_response(target, pdu, 0, 0, NULL, 0);
		return true;
	case 3:
		assert_int_equal(pdu->bhs[AT_FLAGS], LOGIN_TRANSIT | STAGE_OPERATIONAL);
		target_login_response(target, pdu, LOGIN_TRANSIT | STAGE_OPERATIONAL, 0,
				      NULL, 0);
		return true;
	default:
		return false;
	}
}

static void a_target_may_take_another_round(void **state)
{
	unsigned int seen = 0;
	struct fixture fixture;

	(void)state;
	use_chap(&fixture, false);
	fixture.target.hook = hesitate;
	fixture.target.user = &seen;
	fixture_up(&fixture);
	fixture_free(&fixture);
}

/* With an argument: the process without libcrypto. */
int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_way_authentication_takes_four_round_trips),
		cmocka_unit_test(a_discovery_session_authenticates_too),
		cmocka_unit_test(
			mutual_authentication_works_with_and_without_an_expected_name),
		cmocka_unit_test(algorithms_are_offered_in_the_order_they_are_configured),
		cmocka_unit_test(an_algorithm_nobody_has_fails_here),
		cmocka_unit_test(without_libcrypto_there_is_no_authentication),
		cmocka_unit_test(a_wrong_secret_gets_the_status_of_the_target),
		cmocka_unit_test(
			no_authentication_where_it_is_wanted_gets_the_status_too),
		cmocka_unit_test(a_target_with_another_secret_than_ours_for_it_is_left),
		cmocka_unit_test(a_target_with_another_name_than_expected_is_left),
		cmocka_unit_test(a_target_that_does_not_prove_itself_is_left),
		cmocka_unit_test(tricks_of_the_target_are_seen_through),
		cmocka_unit_test(keys_at_the_wrong_time_are_refused),
		cmocka_unit_test(a_challenge_has_at_most_1024_bytes),
		cmocka_unit_test(our_own_response_is_no_proof),
		cmocka_unit_test(base64_is_as_good_as_hexadecimal),
		cmocka_unit_test(a_target_may_take_another_round),
	};

	own_path = argv[0];
	if (argc > 1)
		return log_in_without_libcrypto();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
