// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iSNS and SLP discovery against servers and agents that behave as they are told (services.py).
 */
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "sandbox.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/utf8.h"

#define NAME "iqn.2003-01.org.example:"
#define ISNS IMA_TARGET_DISCOVERY_METHOD_ISNS
#define SLP  IMA_TARGET_DISCOVERY_METHOD_SLP

#define LONG 60000 /* ms, for what is not expected to time out */

static const char *services_path(const char *file)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("SERVICES_FOLDER"), file);
	return path;
}

/* What servers and agents know: lines "name alias portal ...". */
static void serve(const char *lines)
{
	assert_int_equal(
		atomic_file_write(services_path("targets"), lines, strlen(lines), 0600),
		0);
}

static bool is_logged(const char *line)
{
	char _cleanup_free_ *text = NULL;
	size_t size;

	assert_int_equal(atomic_file_read(services_path("log"), 64 << 20, &text, &size),
			 0);
	return strstr(text, line) != NULL;
}

static int prepare(void **state)
{
	assert_int_equal(atomic_file_write(services_path("log"), "\n", 1, 0600), 0);
	serve(NAME "one - 127.0.0.1:3260\n");
	assert_ok(IMAX_SetDeadline(LONG));
	return reset(state);
}

static IMA_STATUS try_isns(const char *server)
{
	IMA_HOST_ID host = { .hostnameInUse = IMA_TRUE };

	assert_true(utf8_to_wide(server, host.id.hostname, IMA_HOST_NAME_LEN) >= 0);
	return IMA_SetIsnsDiscovery(lhba(), IMA_TRUE, IMA_ISNS_DISCOVERY_METHOD_STATIC,
				    &host);
}

static void use_isns(const char *mode)
{
	assert_ok(try_isns(getenv(mode)));
}

/* The directory agents that SLP asks. */
static void configure_slp(const char *text)
{
	assert_int_equal(
		atomic_file_write(sandbox_path("slp.conf"), text, strlen(text), 0600), 0);
}

static void choose_agent(const char *agent)
{
	char text[512];

	snprintf(
		text, sizeof(text),
		"# a test\nnet.slp.DAAddresses = %s\nnet.slp.datagramTimeouts = 50,100\n",
		agent);
	configure_slp(text);
}

static void use_slp(const char *mode)
{
	choose_agent(getenv(mode));
	assert_ok(IMA_SetSlpDiscovery(lhba(), IMA_TRUE));
}

static void use_isns_found_by_slp(const char *mode)
{
	choose_agent(getenv(mode));
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_TRUE, IMA_ISNS_DISCOVERY_METHOD_SLP,
				       NULL));
}

static IMA_TARGET_PROPERTIES properties_of(const char *name)
{
	IMA_TARGET_PROPERTIES properties;

	assert_ok(IMA_GetTargetProperties(find_target(name), &properties));
	return properties;
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

static IMA_STATUS discovery_status(void)
{
	IMA_OID_LIST *list = NULL;
	IMA_STATUS status = IMAX_DiscoverTargets(lhba(), &list);

	if (!status)
		assert_ok(IMA_FreeMemory(list));
	else
		assert_null(list);
	return status;
}

static bool is_there(const char *name)
{
	return find_target(name).objectType == IMA_OBJECT_TYPE_TARGET;
}

/* --- The configuration -------------------------------------------------------------------------- */

static IMA_DISCOVERY_PROPERTIES discovery(void)
{
	IMA_DISCOVERY_PROPERTIES properties;

	assert_ok(IMA_GetDiscoveryProperties(lhba(), &properties));
	return properties;
}

static void both_are_off_at_first_and_can_be_switched(void **state)
{
	(void)state;
	assert_int_equal(discovery().iSnsDiscoverySettable, IMA_TRUE);
	assert_int_equal(discovery().iSnsDiscoveryEnabled, IMA_FALSE);
	assert_int_equal(discovery().slpDiscoverySettable, IMA_TRUE);
	assert_int_equal(discovery().slpDiscoveryEnabled, IMA_FALSE);
	use_slp("SLP_GOOD");
	use_isns("ISNS_GOOD");
	assert_int_equal(discovery().iSnsDiscoveryEnabled, IMA_TRUE);
	assert_int_equal(discovery().iSnsDiscoveryMethod,
			 IMA_ISNS_DISCOVERY_METHOD_STATIC);
	assert_int_equal(discovery().slpDiscoveryEnabled, IMA_TRUE);
	assert_int_equal(sandbox_again("both-are-on"), 0);
	assert_ok(IMA_SetSlpDiscovery(lhba(), IMA_FALSE));
	/* When it is switched off the rest does not count. */
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_FALSE, IMA_ISNS_DISCOVERY_METHOD_DHCP,
				       NULL));
	assert_int_equal(discovery().iSnsDiscoveryEnabled, IMA_FALSE);
	assert_int_equal(discovery().slpDiscoveryEnabled, IMA_FALSE);
}

static int both_are_on(void)
{
	return discovery().iSnsDiscoveryEnabled != IMA_TRUE ||
	       discovery().slpDiscoveryEnabled != IMA_TRUE;
}

static void server_is_kept_as_it_was_given(void **state)
{
	static const struct {
		const char *given, *kept;
		bool is_name;
	} servers[] = {
		{ "127.0.0.1", "127.0.0.1", false },
		{ "127.0.0.1:3205", "127.0.0.1", false },
		{ "127.0.0.1:1", "127.0.0.1:1", true },
		{ "LocalHost:2", "localhost:2", true },
		{ "[::1]:3", "[::1]:3", true },
	};
	char text[4 * 256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(servers); i++) {
		IMA_HOST_ID host;

		assert_ok(try_isns(servers[i].given));
		host = discovery().iSnsHost;
		assert_int_equal(host.hostnameInUse, servers[i].is_name);
		if (!servers[i].is_name) {
			assert_int_equal(host.id.ipAddress.ipv4Address, IMA_TRUE);
			assert_memory_equal(host.id.ipAddress.ipAddress, "\x7f\0\0\x01",
					    4);
			continue;
		}
		assert_true(utf8_from_wide(host.id.hostname, IMA_HOST_NAME_LEN, text,
					   sizeof(text)) >= 0);
		assert_string_equal(text, servers[i].kept);
	}
}

static void empty_host_keeps_the_server(void **state)
{
	const IMA_HOST_ID empty = { .hostnameInUse = IMA_FALSE };

	(void)state;
	assert_ok(try_isns("127.0.0.1:1"));
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_FALSE, 0, NULL));
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_TRUE, IMA_ISNS_DISCOVERY_METHOD_STATIC,
				       &empty));
	assert_string_equal(text_of(discovery().iSnsHost.id.hostname), "127.0.0.1:1");
}

static void without_a_server_nobody_can_be_asked(void **state)
{
	const IMA_HOST_ID empty = { .hostnameInUse = IMA_FALSE };

	(void)state;
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_TRUE, IMA_ISNS_DISCOVERY_METHOD_STATIC,
				       &empty));
	assert_int_equal(discovery().iSnsDiscoveryEnabled, IMA_TRUE);
	assert_status(discovery_status(), IMA_ERROR_TARGET_TIMEOUT);
	assert_non_null(strstr(last_error().text, "no iSNS server is configured"));
}

static void what_cannot_be_is_refused(void **state)
{
	static const char *const bad[] = { "host name", "127.0.0.1:0", "127.0.0.1:65536",
					   "[::1", ":3205" };

	(void)state;
	assert_status(IMA_SetIsnsDiscovery(lhba(), IMA_TRUE,
					   IMA_ISNS_DISCOVERY_METHOD_DHCP, NULL),
		      IMA_ERROR_NOT_SUPPORTED);
	assert_non_null(strstr(last_error().text, "DHCP"));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_status(try_isns(bad[i]), IMA_ERROR_INVALID_PARAMETER);
		assert_non_null(strstr(last_error().text, "iSNS server"));
	}
	assert_int_equal(discovery().iSnsDiscoveryEnabled, IMA_FALSE);
}

/* --- What is found ------------------------------------------------------------------------------ */

static void target_has_method_and_portals(IMA_UINT32 method)
{
	serve(NAME "one - 127.0.0.1:3260,1 127.0.0.2:3261,7 [::1]:3262\n" NAME
		   "two - 127.0.0.1:3260\n");
	assert_int_equal(discover(lhba()), 2);
	assert_int_equal(count_portals(NAME "one"), 3);
	assert_int_equal(count_portals(NAME "two"), 1);
	assert_int_equal(properties_of(NAME "one").discoveryMethodFlags, method);
	assert_int_equal(sandbox_again("count-targets"), 2);
}

static void good_servers_are_understood(void **state)
{
	static const char *const modes[] = { "ISNS_GOOD", "ISNS_SPLIT", "ISNS_NO_GROUPS",
					     "ISNS_ONE_BY_ONE", "ISNS_UNKNOWN" };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		prepare(state);
		use_isns(modes[i]);
		target_has_method_and_portals(ISNS);
	}
	assert_true(is_logged("isns register iqn."));
}

static void good_agents_are_understood(void **state)
{
	static const char *const modes[] = { "SLP_GOOD", "SLP_SIGNED", "SLP_LATE",
					     "SLP_OVERFLOW" };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		prepare(state);
		use_slp(modes[i]);
		target_has_method_and_portals(SLP);
		assert_true(is_logged("slp service:iscsi:target DEFAULT unicast"));
	}
}

static void slp_finds_the_isns_server(void **state)
{
	(void)state;
	use_isns_found_by_slp("SLP_GOOD");
	assert_int_equal(discovery().iSnsDiscoveryMethod, IMA_ISNS_DISCOVERY_METHOD_SLP);
	target_has_method_and_portals(ISNS);
	assert_true(is_logged("slp service:iscsi:sms DEFAULT unicast"));
}

static void one_agent_of_several_is_enough(void **state)
{
	char agents[256];

	(void)state;
	snprintf(agents, sizeof(agents), "%s, %s,%s", getenv("SLP_CLOSED"),
		 getenv("SLP_REFUSE"), getenv("SLP_GOOD"));
	choose_agent(agents);
	assert_ok(IMA_SetSlpDiscovery(lhba(), IMA_TRUE));
	assert_int_equal(discover(lhba()), 1);
}

static void aliases_come_from_isns(void **state)
{
	(void)state;
	serve(NAME "one Silo 127.0.0.1:3260\n");
	use_isns("ISNS_GOOD");
	assert_int_equal(discover(lhba()), 1);
	assert_string_equal(text_of(properties_of(NAME "one").alias), "Silo");
}

static void thousands_of_targets_are_found(void **state)
{
	char _cleanup_free_ *text = malloc(2000 * 64);
	char *at = text;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < 2000; i++)
		at += snprintf(at, 64, NAME "%d - 127.0.0.1:%d\n", i, 1 + i);
	serve(text);
	use_isns("ISNS_GOOD");
	assert_int_equal(discover(lhba()), 2000);
	use_slp("SLP_OVERFLOW");
	assert_int_equal(discover(lhba()), 2000);
	assert_int_equal(properties_of(NAME "1999").discoveryMethodFlags, ISNS | SLP);
	assert_int_equal(count_targets(), 2000);
}

static void targets_come_and_go(void (*use)(const char *), const char *mode)
{
	IMA_OID first;

	use(mode);
	serve(NAME "one - 127.0.0.1:3260\n" NAME "two - 127.0.0.1:3260\n");
	assert_int_equal(discover(lhba()), 2);
	first = find_target(NAME "one");
	serve(NAME "two - 127.0.0.1:3260 127.0.0.1:3261\n" NAME
		   "three - 127.0.0.1:3260\n");
	assert_int_equal(discover(lhba()), 2);
	assert_false(is_there(NAME "one"));
	assert_int_equal(count_portals(NAME "two"), 2);
	serve(NAME "one - 127.0.0.1:3260\n");
	assert_int_equal(discover(lhba()), 1);
	assert_int_equal(find_target(NAME "one").objectSequenceNumber,
			 first.objectSequenceNumber);
	serve("");
	assert_int_equal(discover(lhba()), 0);
	assert_int_equal(count_targets(), 0);
	assert_int_equal(sandbox_again("count-targets"), 0);
}

static void isns_targets_come_and_go(void **state)
{
	(void)state;
	targets_come_and_go(use_isns, "ISNS_GOOD");
}

static void slp_targets_come_and_go(void **state)
{
	(void)state;
	targets_come_and_go(use_slp, "SLP_GOOD");
}

static void target_with_two_sources_needs_both_to_go(void **state)
{
	(void)state;
	use_isns("ISNS_GOOD");
	use_slp("SLP_GOOD");
	add_static(NAME "one", "127.0.0.1:3260");
	assert_int_equal(discover(lhba()), 1);
	assert_int_equal(properties_of(NAME "one").discoveryMethodFlags,
			 ISNS | SLP | IMA_TARGET_DISCOVERY_METHOD_STATIC);
	assert_ok(IMA_SetStaticDiscovery(lhba(), IMA_FALSE));
	assert_int_equal(properties_of(NAME "one").discoveryMethodFlags, ISNS | SLP);
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_FALSE, 0, NULL));
	assert_int_equal(properties_of(NAME "one").discoveryMethodFlags, SLP);
	serve("");
	assert_int_equal(discover(lhba()), 0);
	assert_false(is_there(NAME "one"));
	assert_ok(IMA_SetStaticDiscovery(lhba(), IMA_TRUE));
	assert_true(is_there(NAME "one"));
}

static void another_server_knows_other_targets(void **state)
{
	(void)state;
	use_isns("ISNS_GOOD");
	assert_int_equal(discover(lhba()), 1);
	assert_ok(try_isns(getenv("ISNS_CLOSED")));
	assert_int_equal(count_targets(), 0);
}

static void what_is_switched_off_is_not_asked(void **state)
{
	(void)state;
	use_isns("ISNS_GOOD");
	use_slp("SLP_GOOD");
	assert_int_equal(discover(lhba()), 1);
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_FALSE, 0, NULL));
	assert_ok(IMA_SetSlpDiscovery(lhba(), IMA_FALSE));
	assert_int_equal(count_targets(), 0);
	assert_int_equal(discover(lhba()), 0);
}

/* --- Those that lie ----------------------------------------------------------------------------- */

static const struct bad_case {
	const char *mode;
	IMA_STATUS status;
	const char *says;
} bad_servers[] = {
	{ "ISNS_SILENT", IMA_ERROR_TARGET_TIMEOUT, "did not answer before the deadline" },
	{ "ISNS_SLOW", IMA_ERROR_TARGET_TIMEOUT, "did not answer before the deadline" },
	{ "ISNS_CLOSED", IMA_ERROR_TARGET_TIMEOUT, "cannot be reached" },
	{ "ISNS_HANGUP", IMA_ERROR_TARGET_TIMEOUT, "the connection" },
	{ "ISNS_TRUNCATED", IMA_ERROR_TARGET_TIMEOUT, "closed the connection" },
	{ "ISNS_GARBAGE", IMA_ERROR_UNKNOWN_ERROR, "iSNS" },
	{ "ISNS_REFUSE", IMA_ERROR_UNKNOWN_ERROR, "source unauthorized (status 8)" },
	{ "ISNS_ALWAYS_UNKNOWN", IMA_ERROR_UNKNOWN_ERROR, "source unknown (status 6)" },
	{ "ISNS_WRONG_XID", IMA_ERROR_UNKNOWN_ERROR, "answered transaction" },
	{ "ISNS_WRONG_FUNCTION", IMA_ERROR_UNKNOWN_ERROR, "function 8003h" },
	{ "ISNS_NO_STATUS", IMA_ERROR_UNKNOWN_ERROR, "without a status" },
	{ "ISNS_NO_END_OF_KEYS", IMA_ERROR_UNKNOWN_ERROR, "do not fit" },
	{ "ISNS_LONG_ATTRIBUTE", IMA_ERROR_UNKNOWN_ERROR, "do not fit" },
	{ "ISNS_HUGE_PDU", IMA_ERROR_UNKNOWN_ERROR, "a PDU of 65535 bytes" },
	{ "ISNS_SIGNED", IMA_ERROR_UNKNOWN_ERROR, "signs its answers" },
	{ "ISNS_TOO_MUCH", IMA_ERROR_UNKNOWN_ERROR, "more than it was asked for" },
	{ "ISNS_WRONG_PART", IMA_ERROR_UNKNOWN_ERROR,
	  "part 1 of an answer instead of 0" },
	{ "ISNS_ENDLESS", IMA_ERROR_UNKNOWN_ERROR, "more than 32 MB" },
	{ "ISNS_SAME_NEXT", IMA_ERROR_UNKNOWN_ERROR, "the end of its targets" },
	{ "ISNS_ENDLESS_EMPTY", IMA_ERROR_UNKNOWN_ERROR, "does not end" },
};

static const struct bad_case bad_agents[] = {
	{ "SLP_SILENT", IMA_ERROR_TARGET_TIMEOUT, "did not answer before the deadline" },
	{ "SLP_CLOSED", IMA_ERROR_TARGET_TIMEOUT, "cannot be reached" },
	{ "SLP_GARBAGE", IMA_ERROR_TARGET_TIMEOUT, "nothing that answers" },
	{ "SLP_WRONG_XID", IMA_ERROR_TARGET_TIMEOUT, "nothing that answers" },
	{ "SLP_WRONG_FUNCTION", IMA_ERROR_TARGET_TIMEOUT, "nothing that answers" },
	{ "SLP_WRONG_VERSION", IMA_ERROR_TARGET_TIMEOUT, "nothing that answers" },
	{ "SLP_TRUNCATED", IMA_ERROR_TARGET_TIMEOUT, "nothing that answers" },
	{ "SLP_HUGE", IMA_ERROR_TARGET_TIMEOUT, "nothing that answers" },
	{ "SLP_SHORT_URLS", IMA_ERROR_UNKNOWN_ERROR, "do not fit" },
	{ "SLP_LONG_URL", IMA_ERROR_UNKNOWN_ERROR, "do not fit" },
	{ "SLP_LONG_BLOCK", IMA_ERROR_UNKNOWN_ERROR, "do not fit" },
	{ "SLP_REFUSE", IMA_ERROR_UNKNOWN_ERROR, "scope not supported (4)" },
	{ "SLP_OVERFLOW_SILENT", IMA_ERROR_TARGET_TIMEOUT, "did not answer before" },
	{ "SLP_OVERFLOW_SLOW", IMA_ERROR_TARGET_TIMEOUT, "did not answer before" },
	{ "SLP_OVERFLOW_ENDLESS", IMA_ERROR_UNKNOWN_ERROR, "too much" },
	{ "SLP_OVERFLOW_WRONG_XID", IMA_ERROR_UNKNOWN_ERROR, "no valid answer" },
	{ "SLP_OVERFLOW_SHORT", IMA_ERROR_TARGET_TIMEOUT, "closed the connection" },
};

static void check_error(const struct bad_case *bad)
{
	if (!strstr(last_error().text, bad->says) ||
	    !strstr(last_error().text, getenv(bad->mode)))
		fail_msg("%s: %s", bad->mode, last_error().text);
}

/* Those that say something wrong before the deadline may be slow to say it. */
static void fail_after_a_while(const struct bad_case *bad)
{
	for (IMA_UINT32 ms = 250; ms < 30000; ms *= 4) {
		assert_ok(IMAX_SetDeadline(ms));
		assert_status(discovery_status(), bad->status);
		if (strstr(last_error().text, bad->says))
			break;
	}
}

/* What was known stays: silence and lies say nothing about targets. */
static void check_bad(const struct bad_case *bad, void (*use)(const char *))
{
	sandbox_clear_state();
	add_static(NAME "fixed", "127.0.0.1:3260");
	use(bad->mode);
	if (strstr(bad->says, "answer before") || strstr(bad->says, "nothing"))
		fail_after_a_while(bad);
	else
		assert_status(discovery_status(), bad->status);
	check_error(bad);
	assert_ok(IMAX_SetDeadline(LONG));
	assert_int_equal(count_targets(), 1);
}

static void bad_servers_cost_their_deadline(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_servers); i++)
		check_bad(&bad_servers[i], use_isns);
}

static void bad_agents_cost_their_deadline(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_agents); i++)
		check_bad(&bad_agents[i], use_slp);
}

static void what_was_known_survives_bad_answers(void **state)
{
	(void)state;
	use_isns("ISNS_GOOD");
	use_slp("SLP_GOOD");
	assert_int_equal(discover(lhba()), 1);
	choose_agent(getenv("SLP_REFUSE"));
	assert_int_equal(discover(lhba()), 1);
	assert_int_equal(properties_of(NAME "one").discoveryMethodFlags, ISNS | SLP);
}

static void bad_ones_hide_no_good_ones(void **state)
{
	(void)state;
	use_isns("ISNS_GARBAGE");
	use_slp("SLP_GOOD");
	assert_int_equal(discover(lhba()), 1);
	use_slp("SLP_REFUSE");
	use_isns("ISNS_GOOD");
	assert_int_equal(discover(lhba()), 1);
	configure_slp("net.slp.DAAddresses = no agent\n");
	assert_int_equal(discover(lhba()), 1);
}

static void what_is_invalid_is_left_out(void **state)
{
	(void)state;
	use_isns("ISNS_STRANGE");
	assert_int_equal(discover(lhba()), 2);
	assert_true(is_there(NAME "one"));
	assert_true(is_there(NAME "alias"));
	assert_string_equal(text_of(properties_of(NAME "alias").alias), "");
	assert_int_equal(count_portals(NAME "one"), 1);
	assert_ok(IMA_SetIsnsDiscovery(lhba(), IMA_FALSE, 0, NULL));
	use_slp("SLP_STRANGE");
	assert_int_equal(discover(lhba()), 1);
	assert_true(is_there(NAME "one"));
}

static void wrong_slp_configuration_is_told(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "net.slp.DAAddresses = 127.0.0.1:99999", "net.slp.DAAddresses" },
		{ "net.slp.interfaces = eth0", "net.slp.interfaces" },
		{ "net.slp.multicastTTL=0", "net.slp.multicastTTL" },
		{ "net.slp.useScopes =", "net.slp.useScopes" },
		{ " NET.SLP.port = many ", "net.slp.port" },
		{ "net.slp.datagramTimeouts=1,,2", "net.slp.datagramTimeouts" },
		{ "net.slp.multicastTimeouts=1,2,3,4,5,6,7,8,9",
		  "net.slp.multicastTimeouts" },
		{ "net.slp.DADiscoveryTimeouts=-1", "net.slp.DADiscoveryTimeouts" },
	};

	(void)state;
	choose_agent(getenv("SLP_CLOSED"));
	assert_ok(IMA_SetSlpDiscovery(lhba(), IMA_TRUE));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		configure_slp(wrong[i].text);
		assert_status(discovery_status(), IMA_ERROR_UNEXPECTED_OS_ERROR);
		assert_non_null(strstr(last_error().text, wrong[i].says));
	}
	assert_int_equal(remove(sandbox_path("slp.conf")), 0);
	assert_status(discovery_status(), IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_non_null(strstr(last_error().text, "slp.conf"));
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(both_are_off_at_first_and_can_be_switched,
				       prepare),
		cmocka_unit_test_setup(server_is_kept_as_it_was_given, prepare),
		cmocka_unit_test_setup(empty_host_keeps_the_server, prepare),
		cmocka_unit_test_setup(without_a_server_nobody_can_be_asked, prepare),
		cmocka_unit_test_setup(what_cannot_be_is_refused, prepare),
		cmocka_unit_test_setup(good_servers_are_understood, prepare),
		cmocka_unit_test_setup(good_agents_are_understood, prepare),
		cmocka_unit_test_setup(slp_finds_the_isns_server, prepare),
		cmocka_unit_test_setup(one_agent_of_several_is_enough, prepare),
		cmocka_unit_test_setup(aliases_come_from_isns, prepare),
		cmocka_unit_test_setup(thousands_of_targets_are_found, prepare),
		cmocka_unit_test_setup(isns_targets_come_and_go, prepare),
		cmocka_unit_test_setup(slp_targets_come_and_go, prepare),
		cmocka_unit_test_setup(target_with_two_sources_needs_both_to_go, prepare),
		cmocka_unit_test_setup(another_server_knows_other_targets, prepare),
		cmocka_unit_test_setup(what_is_switched_off_is_not_asked, prepare),
		cmocka_unit_test_setup(bad_servers_cost_their_deadline, prepare),
		cmocka_unit_test_setup(bad_agents_cost_their_deadline, prepare),
		cmocka_unit_test_setup(what_was_known_survives_bad_answers, prepare),
		cmocka_unit_test_setup(bad_ones_hide_no_good_ones, prepare),
		cmocka_unit_test_setup(what_is_invalid_is_left_out, prepare),
		cmocka_unit_test_setup(wrong_slp_configuration_is_told, prepare),
	};
	const char *argument = sandbox_argument();

	if (!argument)
		return cmocka_run_group_tests(tests, NULL, NULL);
	return strcmp(argument, "count-targets") ? both_are_on() : (int)count_targets();
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
