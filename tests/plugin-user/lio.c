// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Authentication of discovery, which LIO, the target of the Linux kernel, has and tgtd has not.
 * tests/system/user-chap.sh sets it up in a guest and runs this.
 */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "client.h"
#include "parms.h"

#define PORTAL "127.0.0.1:3260"
#define OTHER  "anothersecret123"

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
		cmocka_unit_test_setup(discovery_authenticates_in_both_directions, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
