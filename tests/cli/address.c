// SPDX-License-Identifier: LGPL-2.1-or-later
/* Addresses people type, and addresses shown to them. */
#include "test.h"

#include "tools/imactl/address.h"
#include "tools/imactl/doc.h"

static void addresses_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *typed, *shown;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1:3260" },
		{ "192.0.2.1:3261", "192.0.2.1:3261" },
		{ "192.0.2.1:1", "192.0.2.1:1" },
		{ "192.0.2.1:65535", "192.0.2.1:65535" },
		{ "2001:db8::1", "[2001:db8::1]:3260" },
		{ "2001:DB8:0:0::1", "[2001:db8::1]:3260" },
		{ "[2001:db8::1]", "[2001:db8::1]:3260" },
		{ "[2001:db8::1]:860", "[2001:db8::1]:860" },
		{ "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:3260" },
		{ "fe80::1%eth0", "[fe80::1%eth0]:3260" },
		{ "[fe80::1%eth0]:3261", "[fe80::1%eth0]:3261" },
		{ "storage.example", "storage.example:3260" },
		{ "storage", "storage:3260" },
		{ "storage.example.:3261", "storage.example.:3261" },
		{ "san_1.example", "san_1.example:3260" },
		{ "1a.example", "1a.example:3260" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		IMA_TARGET_ADDRESS address;
		_cleanup_free_ char *shown = NULL;

		assert_null(address_parse(cases[i].typed, &address));
		shown = address_text(&address);
		assert_string_equal(shown, cases[i].shown);
	}
}

static const struct {
	const char *typed, *why; /* a part of the reason */
} refused[] = {
	{ "", "no host" },
	{ ":3260", "no host" },
	{ "192.0.2.1:", "no valid port" },
	{ "192.0.2.1:0", "no valid port" },
	{ "192.0.2.1:65536", "no valid port" },
	{ "192.0.2.1:-1", "no valid port" },
	{ "192.0.2.1:+1", "no valid port" },
	{ "192.0.2.1: 1", "no valid port" },
	{ "192.0.2.1:0x10", "no valid port" },
	{ "192.0.2.1:http", "no valid port" },
	{ "192.0.2.1:99999999999999999999", "no valid port" },
	{ "192.0.2.1:3260,1", "portal group tag" },
	{ "[2001:db8::1]:3260,1", "portal group tag" },
	{ "192.0.2.256", "no IPv4 address" },
	{ "192.0.2", "no IPv4 address" },
	{ "1", "no IPv4 address" },
	{ "0.0.0.0", "unspecified" },
	{ "::", "unspecified" },
	{ "[::]:3260", "unspecified" },
	{ "224.0.0.1", "multicast" },
	{ "255.255.255.255", "multicast" },
	{ "ff02::1", "multicast" },
	{ "ff02::1%eth0", "multicast" },
	{ "2001:db8::1::2", "no IPv6 address" },
	{ "2001:db8:::1", "no IPv6 address" },
	{ "[2001:db8::1", "without ']'" },
	{ "[2001:db8::1]3260", "after ']'" },
	{ "[2001:db8::1]:", "no valid port" },
	{ "[192.0.2.1]:3260", "no IPv6 address in the brackets" },
	{ "[]:3260", "no IPv6 address in the brackets" },
	{ "[::1%]:3260", "no valid zone" },
	{ "[::1%an-interface-name]", "no valid zone" },
	{ "fe80::1%\001m\377\377~", "no valid zone" },
	{ "fe80::1%a%b", "no valid zone" },
	{ "host%eth0", "no IPv6 address before" },
	{ "host name", "no host name has" },
	{ "host/path", "no host name has" },
	{ "iscsi://host", "no valid port" },
	{ "h\xc3\xb6st", "no host name has" },
	{ "-host", "begins or ends with '-'" },
	{ "host-.example", "begins or ends with '-'" },
	{ "host..example", "empty label" },
	{ ".example", "empty label" },
	{ "a234567890123456789012345678901234567890123456789012345678901234",
	  "more than 63" },
};

static void what_is_no_address_is_refused_with_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		IMA_TARGET_ADDRESS address, before;
		const char *why;

		memset(&address, 0x5a, sizeof(address));
		before = address;
		why = address_parse(refused[i].typed, &address);
		if (!why || !strstr(why, refused[i].why)) {
			print_message("%s: %s\n", refused[i].typed,
				      why ? why : "accepted");
			fail();
		}
		assert_memory_equal(&address, &before, sizeof(address));
	}
}

static void an_address_of_any_length_is_refused_or_taken(void **state)
{
	(void)state;
	for (size_t n = 1; n < 600; n++) {
		_cleanup_free_ char *typed = calloc(1, n + 1);
		IMA_TARGET_ADDRESS address;

		assert_non_null(typed);
		for (size_t i = 0; i < n; i++)
			typed[i] = i % 2 ? '.' : 'a';
		if (n > 260)
			assert_non_null(address_parse(typed, &address));
		else
			(void)address_parse(typed, &address);
	}
}

static void the_same_portal_is_found_however_it_is_written(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1:3260", true },
		{ "192.0.2.1", "192.0.2.1:3261", false },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "2001:db8::1", "[2001:0DB8:0::1]:3260", true },
		{ "Storage.Example", "storage.example", true },
		{ "storage.example", "storage2.example", false },
		{ "fe80::1%eth0", "[fe80::1%eth0]", true },
		{ "fe80::1%eth0", "fe80::1%eth1", false },
		{ "fe80::1%eth0", "fe80::1", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		IMA_TARGET_ADDRESS a, b;

		assert_null(address_parse(cases[i].a, &a));
		assert_null(address_parse(cases[i].b, &b));
		assert_int_equal(address_equal(&a, &b), cases[i].equal);
	}
}

static void a_port_of_zero_means_the_port_of_iscsi(void **state)
{
	IMA_TARGET_ADDRESS a = { .hostnameIpAddress.hostnameInUse = IMA_TRUE,
				 .hostnameIpAddress.id.hostname = L"h" };
	_cleanup_free_ char *text = address_text(&a);

	(void)state;
	assert_string_equal(text, "h:3260");
}

static void an_isns_server_may_have_a_port_of_its_own(void **state)
{
	static const struct {
		const char *typed, *host; /* as it is shown */
		bool is_name;
	} cases[] = {
		{ "192.0.2.5", "192.0.2.5", false },
		{ "192.0.2.5:3205", "192.0.2.5", false },
		{ "192.0.2.5:3206", "192.0.2.5:3206", true },
		{ "2001:db8::5", "2001:db8::5", false },
		{ "[2001:DB8::5]:3205", "2001:db8::5", false },
		{ "[2001:DB8::5]:3206", "[2001:db8::5]:3206", true },
		{ "[fe80::1%eth0]:3206", "[fe80::1%eth0]:3206", true },
		{ "isns.example", "isns.example", true },
		{ "isns.example:1", "isns.example:1", true },
		{ "isns.example:0", NULL, false },
		{ "isns.example:65536", NULL, false },
		{ "isns.example:", NULL, false },
		{ "[::1", NULL, false },
		{ ":3205", NULL, false },
		{ "224.0.0.1:3206", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct json_object *doc;
		IMA_HOST_ID server;
		const char *why = isns_server_parse(cases[i].typed, &server);

		assert_int_equal(!why, !!cases[i].host);
		if (why)
			continue;
		assert_int_equal(server.hostnameInUse, cases[i].is_name);
		doc = host_document(&server);
		assert_string_equal(json_object_get_string(doc), cases[i].host);
		json_object_put(doc);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_as_people_write_them),
		cmocka_unit_test(what_is_no_address_is_refused_with_a_reason),
		cmocka_unit_test(an_address_of_any_length_is_refused_or_taken),
		cmocka_unit_test(the_same_portal_is_found_however_it_is_written),
		cmocka_unit_test(a_port_of_zero_means_the_port_of_iscsi),
		cmocka_unit_test(an_isns_server_may_have_a_port_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
