// SPDX-License-Identifier: LGPL-2.1-or-later
/* iSNS discovery with a real server, isnsd: see tests/support/isnsd.py. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "shared/utf8.h"

#define NAME "iqn.2003-01.org.example:"
#define US   NAME "us"

/* "register NAME PORTAL ..." and so on. */
static void isnsd(const char *words)
{
	char command[1024];

	assert_true(snprintf(command, sizeof(command), "%s %s", getenv("ISNSD_TOOL"),
			     words) < (int)sizeof(command));
	assert_int_equal(system(command), 0);
}

static void name_node(const char *name)
{
	IMA_WCHAR wide[IMA_NODE_NAME_LEN];
	IMA_OID node;

	assert_true(utf8_to_wide(name, wide, IMA_NODE_NAME_LEN) >= 0);
	assert_ok(IMA_GetSharedNodeOid(&node));
	assert_ok(IMA_SetNodeName(node, wide));
}

static int use_isnsd(void **state)
{
	IMA_HOST_ID host = { .hostnameInUse = IMA_TRUE };

	reset(state);
	name_node(US);
	assert_true(utf8_to_wide(getenv("ISNSD"), host.id.hostname, IMA_HOST_NAME_LEN) >=
		    0);
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_TRUE, IMA_ISNS_DISCOVERY_METHOD_STATIC,
				       &host));
	assert_ok(IMAX_SetDeadline(60000));
	return 0;
}

static bool is_there(const char *name)
{
	return find_target(name).objectType == IMA_OBJECT_TYPE_TARGET;
}

static unsigned int count_portals(const char *name)
{
	IMA_ADDRESS_KEYS *keys;
	unsigned int n;

	assert_ok(IMA_GetAddressKeys(find_target(name), &keys));
	n = (unsigned int)keys->addressKeyCount;
	assert_ok(IMA_FreeMemory(keys));
	return n;
}

static void empty_server_has_no_targets(void **state)
{
	(void)state;
	assert_int_equal(discover(lhba()), 0);
}

static void registered_targets_are_found(void **state)
{
	IMA_TARGET_PROPERTIES properties;

	(void)state;
	isnsd("register " NAME "one 127.0.0.1:3260 127.0.0.2:3261 '[::1]:3262'");
	isnsd("register " NAME "two 127.0.0.1:3263");
	assert_int_equal(discover(lhba()), 2);
	assert_int_equal(count_portals(NAME "one"), 3);
	assert_int_equal(count_portals(NAME "two"), 1);
	assert_ok(IMA_GetTargetProperties(find_target(NAME "one"), &properties));
	assert_int_equal(properties.discoveryMethodFlags,
			 IMA_TARGET_DISCOVERY_METHOD_ISNS);
}

static void targets_that_leave_are_gone(void **state)
{
	(void)state;
	assert_int_equal(discover(lhba()), 2);
	isnsd("deregister " NAME "one");
	assert_int_equal(discover(lhba()), 1);
	assert_false(is_there(NAME "one"));
	isnsd("register " NAME "one 127.0.0.1:3260");
	assert_int_equal(discover(lhba()), 2);
	assert_int_equal(count_portals(NAME "one"), 1);
}

static void only_our_discovery_domain_is_seen(void **state)
{
	(void)state;
	isnsd("domain ours " NAME "two " US);
	assert_int_equal(discover(lhba()), 1);
	assert_true(is_there(NAME "two"));
	/* Who is in no domain sees what is in none. */
	name_node(NAME "stranger");
	assert_int_equal(discover(lhba()), 1);
	assert_true(is_there(NAME "one"));
}

static void more_targets_than_an_answer_holds_are_found(void **state)
{
	char words[128];

	(void)state;
	name_node(NAME "stranger");
	for (int i = 0; i < 9; i++) {
		snprintf(words, sizeof(words), "many 50 %d", 50 * i);
		isnsd(words);
	}
	assert_int_equal(discover(lhba()), 451);
}

static int all_tests(void)
{
	/* They build on each other: the server is the same for all. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(empty_server_has_no_targets, use_isnsd),
		cmocka_unit_test_setup(registered_targets_are_found, use_isnsd),
		cmocka_unit_test_setup(targets_that_leave_are_gone, use_isnsd),
		cmocka_unit_test_setup(only_our_discovery_domain_is_seen, use_isnsd),
		cmocka_unit_test_setup(more_targets_than_an_answer_holds_are_found,
				       use_isnsd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
