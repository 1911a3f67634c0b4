// SPDX-License-Identifier: LGPL-2.1-or-later
/* Addresses, fields, LUNs, statuses. */
#include "cmocka_all.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include "plugin-support/address.h"
#include "plugin-support/field.h"
#include "plugin-support/lun.h"
#include "plugin-support/plugin-info.h"
#include "plugin-support/status.h"
#include "shared/cleanup.h"

static void portals_are_parsed(void **state)
{
	static const struct {
		const char *text, *host;
		unsigned int port;
	} good[] = {
		{ "192.0.2.10", "192.0.2.10", 3260 },
		{ "192.0.2.10:860", "192.0.2.10", 860 },
		{ "Target.Example.org", "target.example.org", 3260 },
		{ "target.example.org.:65535", "target.example.org.", 65535 },
		{ "a_b:1", "a_b", 1 },
		{ "[2001:DB8::1]", "2001:db8::1", 3260 },
		{ "[2001:db8:0:0::1]:3261", "2001:db8::1", 3261 },
		{ "2001:db8::1", "2001:db8::1", 3260 },
		{ "[fe80::1%eth0]:3260", "fe80::1%eth0", 3260 },
		{ "fe80::1%eth0", "fe80::1%eth0", 3260 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct address address;

		assert_int_equal(address_parse(good[i].text, 0, &address), 0);
		assert_string_equal(address.host, good[i].host);
		assert_int_equal(address.port, good[i].port);
	}
}

static void bad_portals_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		":3260",
		"192.0.2.10:",
		"192.0.2.10:0",
		"192.0.2.10:-1",
		"192.0.2.10:65536",
		"192.0.2.10:x",
		"192.0.2.10:0x10",
		"192.0.2.10: 1",
		"192.0.2.300",
		"192.0.2",
		"1234",
		"host name",
		"-host",
		"host-",
		"a..b",
		".a",
		"host/path",
		"h\xc3\xb6st",
		"[192.0.2.10]",
		"[2001:db8::1",
		"2001:db8::1]",
		"[2001:db8::1]3260",
		"[2001:db8::1]:",
		"[fe80::1%]",
		"[fe80::1%a%b]",
		"[fe80::1%a/b]",
		"[]",
		"2001:db8::g",
		"[target.example.org]",
		"fe80::1%averyveryverylonginterface",
	};
	char text[400];
	struct address address = { .port = 7 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(address_parse(bad[i], 0, &address), -EINVAL);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	assert_int_equal(address_parse(text, 0, &address), -EINVAL);
	assert_int_equal(address.port, 7);
}

static void portals_are_formatted(void **state)
{
	static const char *const texts[] = { "192.0.2.10:3260", "[2001:db8::1]:860",
					     "[fe80::1%eth0]:3260",
					     "target.example.org:1" };
	char text[ADDRESS_TEXT_SIZE];
	struct address address;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(address_parse(texts[i], 0, &address), 0);
		address_format(&address, text);
		assert_string_equal(text, texts[i]);
	}
}

static void portals_survive_the_structures(void **state)
{
	static const struct {
		const char *text;
		IMA_BOOL by_name;
	} cases[] = {
		{ "192.0.2.10:3260", IMA_FALSE },
		{ "[2001:db8::1]:860", IMA_FALSE },
		{ "[fe80::1%eth0]:3260", IMA_TRUE },
		{ "target.example.org:1", IMA_TRUE },
	};
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct address address, back;
		IMA_TARGET_ADDRESS ima;

		memset(&ima, 0xff, sizeof(ima));
		assert_int_equal(address_parse(cases[i].text, 0, &address), 0);
		assert_int_equal(address_to_ima(&address, &ima), 0);
		assert_int_equal(ima.hostnameIpAddress.hostnameInUse, cases[i].by_name);
		assert_int_equal(address_from_ima(&ima, &back), 0);
		address_format(&back, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void port_in_the_host_name_wins(void **state)
{
	static const struct {
		const wchar_t *name;
		IMA_UINT16 port;
		const char *result;
	} cases[] = {
		{ L"192.0.2.10:860", 3261, "192.0.2.10:860" },
		{ L"192.0.2.10", 3261, "192.0.2.10:3261" },
		{ L"192.0.2.10", 0, "192.0.2.10:3260" },
		{ L"[2001:db8::1]:860", 0, "[2001:db8::1]:860" },
		{ L"host.example.org", 0, "host.example.org:3260" },
	};
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		IMA_TARGET_ADDRESS ima = { .portNumber = cases[i].port };
		struct address address;

		ima.hostnameIpAddress.hostnameInUse = IMA_TRUE;
		wmemcpy(ima.hostnameIpAddress.id.hostname, cases[i].name,
			wcslen(cases[i].name));
		assert_int_equal(address_from_ima(&ima, &address), 0);
		address_format(&address, text);
		assert_string_equal(text, cases[i].result);
	}
}

static void empty_and_bad_structures_are_told_apart(void **state)
{
	IMA_TARGET_ADDRESS ima = { .portNumber = 3260 };
	IMA_HOST_ID *host = &ima.hostnameIpAddress;
	struct address address;

	(void)state;
	assert_int_equal(address_from_ima(&ima, &address), -ENODATA);
	host->id.ipAddress.ipv4Address = IMA_TRUE;
	host->id.ipAddress.ipAddress[15] = 1; /* does not count */
	assert_int_equal(address_from_ima(&ima, &address), -ENODATA);
	memset(&ima, 0, sizeof(ima));
	host->hostnameInUse = IMA_TRUE;
	assert_int_equal(address_from_ima(&ima, &address), -ENODATA);
	wmemset(host->id.hostname, L'a', IMA_HOST_NAME_LEN); /* no terminator */
	assert_int_equal(address_from_ima(&ima, &address), -EINVAL);
	host->id.hostname[0] = (wchar_t)0x7fffffff;
	assert_int_equal(address_from_ima(&ima, &address), -EINVAL);
}

static void servers_keep_a_port_the_api_has_no_place_for(void **state)
{
	static const struct {
		const char *text;
		bool is_name;
	} cases[] = {
		{ "192.0.2.5:3205", false },	 { "192.0.2.5:3206", true },
		{ "[2001:db8::5]:3205", false }, { "[2001:db8::5]:3206", true },
		{ "[fe80::1%eth0]:3205", true }, { "[fe80::1%eth0]:3206", true },
		{ "isns.example:3205", true },	 { "isns.example:3206", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct address server, again;
		char text[ADDRESS_TEXT_SIZE];
		IMA_HOST_ID host;

		assert_int_equal(address_parse(cases[i].text, 3205, &server), 0);
		assert_int_equal(server_to_ima(&server, 3205, &host), 0);
		assert_int_equal(host.hostnameInUse, cases[i].is_name);
		assert_int_equal(server_from_ima(&host, 3205, &again), 0);
		address_format(&again, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void addresses_are_told_from_portals(void **state)
{
	IMA_IP_ADDRESS ip;
	char text[IP_TEXT_SIZE];

	(void)state;
	assert_int_equal(ip_from_text("192.0.2.1", &ip), 0);
	ip_to_text(&ip, text);
	assert_string_equal(text, "192.0.2.1");
	assert_int_equal(ip_from_text("[2001:db8::1]", &ip), 0);
	ip_to_text(&ip, text);
	assert_string_equal(text, "2001:db8::1");
	assert_int_equal(ip_from_text("192.0.2.1:80", &ip), -EINVAL);
	assert_int_equal(ip_from_text("[2001:db8::1]:80", &ip), -EINVAL);
	assert_int_equal(ip_from_text("example.org", &ip), -EINVAL);
	assert_int_equal(ip_from_text("fe80::1%eth0", &ip), -EINVAL);
}

static void luns_convert_both_ways(void **state)
{
	static const struct {
		uint8_t bytes[8];
		uint64_t lun;
	} cases[] = {
		{ { 0, 0, 0, 0, 0, 0, 0, 0 }, 0 },
		{ { 0, 5, 0, 0, 0, 0, 0, 0 }, 5 },
		{ { 0x41, 0, 0, 0, 0, 0, 0, 0 }, 0x4100 },
		{ { 0xc1, 1, 0, 0, 0, 0, 0, 0 }, 0xc101 },
		{ { 1, 2, 3, 4, 5, 6, 7, 8 }, 0x0708050603040102 },
	};
	uint8_t bytes[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(lun_from_bytes(cases[i].bytes), cases[i].lun);
		lun_to_bytes(cases[i].lun, bytes);
		assert_memory_equal(bytes, cases[i].bytes, 8);
	}
}

static void exact_fields_refuse_what_does_not_fit(void **state)
{
	IMA_WCHAR field[4];
	char text[8];

	(void)state;
	assert_int_equal(FIELD_SET(field, "abc"), 0);
	assert_int_equal(FIELD_GET(field, text), 3);
	assert_string_equal(text, "abc");
	assert_int_equal(FIELD_SET(field, "abcd"), -ENAMETOOLONG);
	assert_int_equal(field[0], 0);
	assert_int_equal(FIELD_SET(field, "a\xff"), -EILSEQ);
	FIELD_SET_CUT(field, "abcd");
	assert_int_equal(FIELD_GET(field, text), 3);
	FIELD_SET_CUT(field, NULL);
	assert_int_equal(field[0], 0);
}

static void statuses_follow_from_errors(void **state)
{
	(void)state;
	assert_int_equal(status_from_errno(0), IMA_STATUS_SUCCESS);
	assert_int_equal(status_from_errno(-ENOENT), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_int_equal(status_from_errno(-EIO), IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_int_equal(status_from_scsi(0x02), IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_int_equal(status_from_scsi(0x04), IMA_STATUS_SCSI_STATUS_CONDITION_MET);
	assert_int_equal(status_from_scsi(0x77), IMA_ERROR_UNKNOWN_ERROR);
}

static void plugin_properties_are_true(void **state)
{
	IMA_PLUGIN_PROPERTIES properties;

	(void)state;
	memset(&properties, 0xff, sizeof(properties));
	plugin_info(&properties);
	assert_int_equal(properties.supportedImaVersion, 1);
	assert_true(properties.vendor[0] && properties.implementationVersion[0]);
	assert_non_null(wcsstr(properties.fileName, L"text"));
	assert_in_range(properties.buildTime.tm_year, 120, 300);
	assert_int_equal(properties.reserved[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(portals_are_parsed),
		cmocka_unit_test(bad_portals_are_refused),
		cmocka_unit_test(portals_are_formatted),
		cmocka_unit_test(portals_survive_the_structures),
		cmocka_unit_test(port_in_the_host_name_wins),
		cmocka_unit_test(empty_and_bad_structures_are_told_apart),
		cmocka_unit_test(servers_keep_a_port_the_api_has_no_place_for),
		cmocka_unit_test(addresses_are_told_from_portals),
		cmocka_unit_test(luns_convert_both_ways),
		cmocka_unit_test(exact_fields_refuse_what_does_not_fit),
		cmocka_unit_test(statuses_follow_from_errors),
		cmocka_unit_test(plugin_properties_are_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
