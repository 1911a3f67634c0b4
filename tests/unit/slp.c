// SPDX-License-Identifier: LGPL-2.1-or-later
/* Messages and URLs of SLP, byte by byte as in RFC 2608, 8 and RFC 4018. */
#include "unit.h"

#include <errno.h>

#include "discovery-protocols/slp.h"

static struct slp_text text_of(const char *text)
{
	return (struct slp_text){ text, strlen(text) };
}

static void requests_are_bytes(void **state)
{
	static const struct slp_request request = {
		.transaction = 0x1234,
		.is_multicast = true,
		.type = SLP_TARGETS,
		.scopes = "DEFAULT",
		.predicate = "(a=b)",
		.responders = "192.0.2.1",
	};
	static const uint8_t bytes[] =
		"\x02\x01\x00\x00\x43\x20\x00\x00\x00\x00\x12\x34\x00\x02"
		"en\x00\x09"
		"192.0.2.1\x00\x14"
		"service:iscsi:target\x00\x07"
		"DEFAULT\x00\x05(a=b)\x00";
	uint8_t out[SLP_DATAGRAM_MAX];
	size_t used = 0;

	(void)state;
	assert_int_equal(slp_request_write(&request, out, sizeof(out), &used), 0);
	assert_int_equal(used, sizeof(bytes));
	assert_memory_equal(out, bytes, used);
	for (size_t size = 0; size < sizeof(bytes); size++)
		assert_int_equal(slp_request_write(&request, out, size, &used),
				 -EMSGSIZE);
}

static void lengths_are_known_after_five_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		int length;
	} cases[] = {
		{ "", 0, 0 },
		{ "\x02", 1, 0 },
		{ "\x02\x02\x00\x01", 4, 0 },
		{ "\x02\x02\x00\x01\x00", 5, 256 },
		{ "\x01", 1, -EPROTO },
		{ "\x02\x02\x00\x00\x0d", 5, -EPROTO },
		{ "\x02\x02\x00\x00\x0e", 5, 14 },
		{ "\x02\x02\x80\x00\x00", 5, 8 << 20 },
		{ "\x02\x02\x80\x00\x01", 5, -EMSGSIZE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(slp_message_length((const uint8_t *)cases[i].bytes,
						    cases[i].size),
				 cases[i].length);
}

static int count_url(void *user, struct slp_text url)
{
	int *count = user;

	assert_memory_equal(url.at, "x:y", 3);
	return ++*count == 3;
}

/* A reply with two URLs, the first of which has an authentication block. */
static const uint8_t reply[] = "\x02\x02\x00\x00\x2c\x00\x00\x00\x00\x00\x00\x07\x00\x02"
			       "en\x00\x00\x00\x02"
			       "\x00\x01\x00\x00\x03x:y\x01\x00\x02\x00\x06"
			       "ab"
			       "\x00\x01\x00\x00\x03x:y";

static void replies_are_read_to_their_end(void **state)
{
	struct slp_message message;
	uint8_t bytes[sizeof(reply)];
	int count = 0;

	(void)state;
	assert_int_equal(slp_message_read(reply, sizeof(reply), &message), 0);
	assert_int_equal(message.function, SLP_SERVICE_REPLY);
	assert_int_equal(message.transaction, 7);
	assert_int_equal(message.error, 0);
	assert_false(message.is_cut);
	assert_int_equal(slp_urls(&message, count_url, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(slp_message_read(reply, sizeof(reply) - 1, &message), -EPROTO);
	/* More URLs than there are. */
	memcpy(bytes, reply, sizeof(bytes));
	bytes[19] = 9;
	count = -9;
	assert_int_equal(slp_message_read(bytes, sizeof(bytes), &message), 0);
	assert_int_equal(slp_urls(&message, count_url, &count), -EPROTO);
	/* If it is cut, that is no wonder, and its length is that of all of it. */
	bytes[5] = 0x80;
	bytes[4] = 0xff;
	assert_int_equal(slp_message_read(bytes, sizeof(bytes), &message), 0);
	assert_true(message.is_cut);
	assert_int_equal(slp_urls(&message, count_url, &count), 0);
}

static void functions_may_end_the_list(void **state)
{
	struct slp_message message;
	int count = 2;

	(void)state;
	assert_int_equal(slp_message_read(reply, sizeof(reply), &message), 0);
	assert_int_equal(slp_urls(&message, count_url, &count), 1);
	assert_int_equal(count, 3);
}

static void urls_name_services(void **state)
{
	static const struct {
		const char *url, *host, *name;
		uint16_t port;
	} good[] = {
		{ "service:iscsi:target://192.0.2.3:3260/iqn.2001-04.com.example",
		  "192.0.2.3", "iqn.2001-04.com.example", 3260 },
		{ "SERVICE:iSCSI:target://host/eui.02004567A425678D/us;a=b", "host",
		  "eui.02004567A425678D", 0 },
		{ "service:iscsi:target://[2001:db8::1]:65535/"
		  "iqn.2001-04.com.ex%61mple%3A",
		  "2001:db8::1", "iqn.2001-04.com.example:", 65535 },
		{ "service:iscsi:target://[::1]", "::1", "", 0 },
		{ "service:iscsi:target://a;b=c", "a", "", 0 },
	};
	struct slp_service service;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(
			slp_service_parse(text_of(good[i].url), SLP_TARGETS, &service),
			0);
		assert_string_equal(service.host, good[i].host);
		assert_string_equal(service.name, good[i].name);
		assert_int_equal(service.port, good[i].port);
	}
}

static void other_urls_name_nothing(void **state)
{
	static const char *const bad[] = {
		"",
		"service:iscsi:target",
		"service:iscsi:target:/host/x",
		"service:iscsi:sms://host",
		"service:iscsi:target:///x",
		"service:iscsi:target://:3260/x",
		"service:iscsi:target://host:/x",
		"service:iscsi:target://host:0/x",
		"service:iscsi:target://host:65536/x",
		"service:iscsi:target://host:-1/x",
		"service:iscsi:target://host:0x1/x",
		"service:iscsi:target://[::1/x",
		"service:iscsi:target://[::1]x/y",
		"service:iscsi:target://host/%",
		"service:iscsi:target://host/%4",
		"service:iscsi:target://host/%4g",
		"service:iscsi:target://host/a%00b",
	};
	struct slp_service service;
	char long_url[512];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (slp_service_parse(text_of(bad[i]), SLP_TARGETS, &service) != -EINVAL)
			fail_msg("%s", bad[i]);
	for (int size = 200; size < 300; size++) {
		snprintf(long_url, sizeof(long_url), SLP_TARGETS "://%0*d/x", size, 0);
		assert_int_equal(
			slp_service_parse(text_of(long_url), SLP_TARGETS, &service),
			size < SLP_HOST_SIZE ? 0 : -EINVAL);
		snprintf(long_url, sizeof(long_url), SLP_TARGETS "://h/%0*d", size, 0);
		assert_int_equal(
			slp_service_parse(text_of(long_url), SLP_TARGETS, &service),
			size <= ISCSI_NAME_MAX ? 0 : -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_bytes),
		cmocka_unit_test(lengths_are_known_after_five_bytes),
		cmocka_unit_test(replies_are_read_to_their_end),
		cmocka_unit_test(functions_may_end_the_list),
		cmocka_unit_test(urls_name_services),
		cmocka_unit_test(other_urls_name_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
