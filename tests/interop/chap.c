// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * CHAP and digests: each algorithm the target has, in each direction, right and wrong. meson.build
 * and interop.py have the targets; TARGET_ALGORITHMS says what theirs can do.
 */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "parms.h"
#include "shared/cleanup.h"

#define ONE_WAY "iqn.2003-01.org.example:one-way"
#define MUTUAL	"iqn.2003-01.org.example:mutual"
#define SECRET	"secretsecret12"
#define PROOF	"targetsecret34"
#define OTHER	"anothersecret56"

static const struct algorithm {
	IMAX_CHAP_ALGORITHM number;
	const char *name;
} algorithms[] = {
	{ IMAX_CHAP_MD5, "MD5" },
	{ IMAX_CHAP_SHA1, "SHA1" },
	{ IMAX_CHAP_SHA256, "SHA256" },
	{ IMAX_CHAP_SHA3_256, "SHA3-256" },
};

static bool target_has(const struct algorithm *algorithm)
{
	char list[64], wanted[64];

	snprintf(list, sizeof(list), ",%s,", getenv("TARGET_ALGORITHMS"));
	snprintf(wanted, sizeof(wanted), ",%s,", algorithm->name);
	return strstr(list, wanted);
}

static IMA_OID chap_target(const char *name)
{
	IMA_OID target;

	add_static(name, getenv("TARGET_PORTAL"));
	target = find_target(name);
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "user", SECRET));
	assert_ok(offer_methods(target, 1, IMA_AUTHMETHOD_CHAP, 0));
	return target;
}

static IMA_OID only_one(IMA_STATUS (*get)(IMA_OID, IMA_OID_LIST **), IMA_OID oid)
{
	IMA_OID_LIST *list;
	IMA_OID first;

	assert_ok(get(oid, &list));
	assert_int_equal(list->oidCount, 1);
	first = list->oids[0];
	assert_ok(IMA_FreeMemory(list));
	return first;
}

static void log_in_and_out(IMA_OID target)
{
	IMA_SESSION_PROPERTIES properties;

	assert_ok(IMAX_LoginTarget(target));
	assert_ok(IMA_GetSessionProperties(only_one(IMA_GetSessionOidList, target),
					   &properties));
	assert_int_equal(properties.authMethod, IMA_AUTHMETHOD_CHAP);
	assert_ok(IMAX_LogoutTarget(target));
}

static void assert_refused(IMA_OID target, const char *words)
{
	assert_status(IMAX_LoginTarget(target), IMA_ERROR_LOGIN_REJECTED);
	if (!strstr(last_error().text, words))
		fail_msg("\"%s\" does not say \"%s\"", last_error().text, words);
	assert_non_null(strstr(last_error().text, "iqn.2003-01.org.example:"));
	assert_null(strstr(last_error().text, OTHER));
}

static void the_usual_list_works(void **state)
{
	IMA_OID mutual = chap_target(MUTUAL);

	(void)state;
	log_in_and_out(chap_target(ONE_WAY));
	log_in_and_out(mutual);
	assert_ok(set_parms(mutual, IMAX_CHAP_TARGET, "target", PROOF));
	log_in_and_out(mutual);
}

static void right_and_wrong_secrets(IMA_OID target, bool mutual)
{
	if (mutual) {
		assert_ok(set_parms(target, IMAX_CHAP_TARGET, "target", OTHER));
		assert_refused(target, "do not trust it");
		assert_ok(set_parms(target, IMAX_CHAP_TARGET, "target", PROOF));
	}
	log_in_and_out(target);
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "user", OTHER));
	assert_refused(target, "check the CHAP name and secret");
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "user", SECRET));
}

static void each_algorithm_works_in_both_directions(void **state)
{
	IMA_OID one_way = chap_target(ONE_WAY), mutual = chap_target(MUTUAL);
	unsigned int count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++) {
		if (!target_has(&algorithms[i]))
			continue;
		assert_ok(IMAX_SetChapAlgorithms(lhba(), 1, &algorithms[i].number));
		right_and_wrong_secrets(one_way, false);
		right_and_wrong_secrets(mutual, true);
		count++;
	}
	assert_true(count > 0);
}

static void names_count_as_much_as_secrets(void **state)
{
	IMA_OID target = chap_target(MUTUAL);

	(void)state;
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "nobody", SECRET));
	assert_refused(target, "name \"nobody\"");
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "user", SECRET));
	assert_ok(set_parms(target, IMAX_CHAP_TARGET, "another", PROOF));
	assert_refused(target, "another name");
	assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_ALL));
	assert_refused(target, "demands authentication");
	assert_int_equal(last_error().loginStatusClass, 2);
	assert_int_equal(last_error().loginStatusDetail, 1);
}

static void assert_unknown(IMA_OID target, const struct algorithm *algorithm)
{
	char words[64];

	snprintf(words, sizeof(words), "algorithms %s)", algorithm->name);
	assert_refused(target, words);
	assert_int_equal(last_error().loginStatusClass, 2);
}

/*
 * What a target does not know is said together with what was offered. tgtd has MD5 alone;
 * it takes 7 (SHA-256) for SHA-1, which fails as well.
 */
static void an_algorithm_works_if_the_target_has_it(void **state)
{
	IMA_OID target = chap_target(ONE_WAY);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++) {
		assert_ok(IMAX_SetChapAlgorithms(target, 1, &algorithms[i].number));
		if (target_has(&algorithms[i]))
			log_in_and_out(target);
		else
			assert_unknown(target, &algorithms[i]);
	}
	assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_CHAP_ALGORITHMS));
	log_in_and_out(target);
}

static void digests_are_what_is_agreed(void **state)
{
	static const struct {
		IMAX_DIGEST_OFFER offer;
		IMA_DIGEST_TYPE agreed;
	} cases[] = {
		{ IMAX_DIGEST_NONE, IMA_DIGEST_NONE },
		{ IMAX_DIGEST_CRC32C, IMA_DIGEST_CRC32C },
		{ IMAX_DIGEST_CRC32C_NONE, IMA_DIGEST_CRC32C },
	};
	IMA_OID target = chap_target(ONE_WAY), session;
	IMA_CONNECTION_PROPERTIES properties;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_ok(IMAX_SetHeaderDigest(target, cases[i].offer));
		assert_ok(IMAX_SetDataDigest(lhba(), cases[i].offer));
		assert_ok(IMAX_LoginTarget(target));
		session = only_one(IMA_GetSessionOidList, target);
		assert_ok(IMA_GetConnectionProperties(
			only_one(IMA_GetConnectionOidList, session), &properties));
		assert_int_equal(properties.headerDigest, cases[i].agreed);
		assert_int_equal(properties.dataDigest, cases[i].agreed);
		assert_ok(IMAX_LogoutTarget(target));
	}
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_usual_list_works, reset),
		cmocka_unit_test_setup(each_algorithm_works_in_both_directions, reset),
		cmocka_unit_test_setup(names_count_as_much_as_secrets, reset),
		cmocka_unit_test_setup(an_algorithm_works_if_the_target_has_it, reset),
		cmocka_unit_test_setup(digests_are_what_is_agreed, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
