// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * CHAP and digests with LIO, the target of the Linux kernel. tests/system/user-chap.sh sets it up
 * in a guest and runs this.
 */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "client.h"
#include "parms.h"
#include "shared/cleanup.h"

#define PORTAL "127.0.0.1:3260"
#define NAME   "iqn.2024-01.test:chap"
#define SECRET "initiatorsecret1"
#define OTHER  "anothersecret123"
#define PROOF  "targetsecret4567"

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

static void log_in_and_out(IMA_OID target)
{
	IMA_SESSION_PROPERTIES properties;

	assert_ok(IMAX_LoginTarget(target));
	assert_ok(IMA_GetSessionProperties(session_of(target), &properties));
	assert_int_equal(properties.authMethod, IMA_AUTHMETHOD_CHAP);
	assert_ok(IMAX_LogoutTarget(target));
}

static void assert_refused(IMA_OID target, const char *words)
{
	assert_status(IMAX_LoginTarget(target), IMA_ERROR_LOGIN_REJECTED);
	if (!strstr(last_error().text, words))
		fail_msg("\"%s\" does not say \"%s\"", last_error().text, words);
	assert_non_null(strstr(last_error().text, NAME));
	assert_null(strstr(last_error().text, OTHER));
}

static IMA_OID chap_target(void)
{
	IMA_OID target;

	add_static(NAME, PORTAL);
	target = find_target(NAME);
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "joe", SECRET));
	assert_ok(offer_methods(target, 1, IMA_AUTHMETHOD_CHAP, 0));
	return target;
}

/* LIO does one-way CHAP as well if the initiator does not ask for more. */
static void each_algorithm_works_in_both_directions(void **state)
{
	IMA_OID target = chap_target();

	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		IMAX_CHAP_ALGORITHM algorithm = (IMAX_CHAP_ALGORITHM)(5 + i / 2);

		assert_ok(IMAX_SetChapAlgorithms(target, 1, &algorithm));
		if (i & 1)
			assert_ok(set_parms(target, IMAX_CHAP_TARGET, "tina", PROOF));
		else
			assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_CHAP_TARGET));
		log_in_and_out(target);
		assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "joe", OTHER));
		assert_refused(target, "check the CHAP name and secret");
		assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "joe", SECRET));
	}
}

static void the_usual_list_works(void **state)
{
	(void)state;
	log_in_and_out(chap_target());
}

static void wrong_names_and_proofs_are_refused(void **state)
{
	IMA_OID target = chap_target();

	(void)state;
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "jim", SECRET));
	assert_refused(target, "name \"jim\"");
	assert_ok(set_parms(target, IMAX_CHAP_INITIATOR, "joe", SECRET));
	assert_ok(set_parms(target, IMAX_CHAP_TARGET, "tina", OTHER));
	assert_refused(target, "do not trust it");
	assert_ok(set_parms(target, IMAX_CHAP_TARGET, "toni", PROOF));
	assert_refused(target, "another name");
	assert_ok(IMAX_RemoveSetting(target, IMAX_SETTING_ALL));
	assert_refused(target, "demands authentication");
	assert_int_equal(last_error().loginStatusClass, 2);
	assert_int_equal(last_error().loginStatusDetail, 1);
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
	IMA_OID target = chap_target();
	IMA_CONNECTION_PROPERTIES properties;
	IMA_OID_LIST *list;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_ok(IMAX_SetHeaderDigest(target, cases[i].offer));
		assert_ok(IMAX_SetDataDigest(lhba(), cases[i].offer));
		assert_ok(IMAX_LoginTarget(target));
		assert_ok(IMA_GetConnectionOidList(session_of(target), &list));
		assert_ok(IMA_GetConnectionProperties(list->oids[0], &properties));
		assert_ok(IMA_FreeMemory(list));
		assert_int_equal(properties.headerDigest, cases[i].agreed);
		assert_int_equal(properties.dataDigest, cases[i].agreed);
		assert_ok(IMA_GetLuOidList(target, &list));
		assert_int_equal(list->oidCount, 1);
		assert_ok(IMA_FreeMemory(list));
		assert_ok(IMAX_LogoutTarget(target));
	}
}

static void discovery_authenticates_in_both_directions(void **state)
{
	IMA_OID address = add_address(PORTAL);
	IMA_OID_LIST *list;

	(void)state;
	assert_status(IMAX_DiscoverTargets(address, &list), IMA_ERROR_LOGIN_REJECTED);
	assert_ok(set_parms(address, IMAX_CHAP_INITIATOR, "finder", "discoverysecret1"));
	assert_ok(offer_methods(address, 1, IMA_AUTHMETHOD_CHAP, 0));
	assert_int_equal(discover(address), 1);
	assert_ok(set_parms(address, IMAX_CHAP_TARGET, "found", "foundsecret4567a"));
	assert_int_equal(discover(address), 1);
	assert_ok(set_parms(address, IMAX_CHAP_TARGET, "found", OTHER));
	assert_status(IMAX_DiscoverTargets(address, &list), IMA_ERROR_LOGIN_REJECTED);
	assert_non_null(strstr(last_error().text, "do not trust it"));
	assert_ok(set_parms(address, IMAX_CHAP_INITIATOR, "finder", "wrongsecret12345"));
	assert_status(IMAX_DiscoverTargets(address, &list), IMA_ERROR_LOGIN_REJECTED);
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_usual_list_works, reset),
		cmocka_unit_test_setup(each_algorithm_works_in_both_directions, reset),
		cmocka_unit_test_setup(wrong_names_and_proofs_are_refused, reset),
		cmocka_unit_test_setup(digests_are_what_is_agreed, reset),
		cmocka_unit_test_setup(discovery_authenticates_in_both_directions, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
