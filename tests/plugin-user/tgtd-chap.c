// SPDX-License-Identifier: LGPL-2.1-or-later
/* CHAP and digests with tgtd, which knows MD5 only and takes 7 for SHA-1. */
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

static IMA_OID chap_target(const char *name)
{
	IMA_OID target;

	add_static(name, getenv("TGTD_PORTAL"));
	target = find_target(name);
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "user", SECRET));
	assert_ok(offer_methods(target, 1, IMA_AUTHMETHOD_CHAP, 0));
	return target;
}

static void log_in_and_out(IMA_OID target)
{
	assert_ok(IMAX_LoginTarget(target));
	assert_ok(IMAX_LogoutTarget(target));
}

static void assert_refused(IMA_OID target, const char *words)
{
	assert_status(IMAX_LoginTarget(target), IMA_ERROR_LOGIN_REJECTED);
	if (!strstr(last_error().text, words))
		fail_msg("\"%s\" does not say \"%s\"", last_error().text, words);
}

static void the_usual_list_works(void **state)
{
	IMA_OID mutual = chap_target(MUTUAL);

	(void)state;
	log_in_and_out(chap_target(ONE_WAY));
	assert_ok(set_parms(mutual, IMAX_CHAP_TARGET, "target", PROOF));
	log_in_and_out(mutual);
}

static void wrong_secrets_are_refused_in_both_directions(void **state)
{
	IMA_OID mutual = chap_target(MUTUAL);

	(void)state;
	assert_ok(set_parms(mutual, IMAX_CHAP_TARGET, "target", OTHER));
	assert_refused(mutual, "do not trust it");
	assert_ok(set_parms(mutual, IMAX_CHAP_TARGET, "target", PROOF));
	assert_ok(set_parms(mutual, IMAX_CHAP_INITIATOR, "user", OTHER));
	assert_refused(mutual, "check the CHAP name and secret");
	assert_ok(IMAX_RemoveSetting(mutual, IMAX_SETTING_ALL));
	assert_refused(mutual, "demands authentication");
}

/* What a target does not know is said together with what was offered. */
static void algorithms_tgtd_does_not_have_are_refused(void **state)
{
	static const IMAX_CHAP_ALGORITHM list[] = { IMAX_CHAP_SHA3_256 };
	IMA_OID target = chap_target(ONE_WAY);

	(void)state;
	assert_ok(IMAX_SetChapAlgorithms(target, 1, list));
	assert_refused(target, "algorithms SHA3-256)");
	assert_int_equal(last_error().loginStatusClass, 2);
	assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_CHAP_ALGORITHMS));
	log_in_and_out(target);
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
		cmocka_unit_test_setup(wrong_secrets_are_refused_in_both_directions,
				       reset),
		cmocka_unit_test_setup(algorithms_tgtd_does_not_have_are_refused, reset),
		cmocka_unit_test_setup(digests_are_what_is_agreed, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
