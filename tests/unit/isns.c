// SPDX-License-Identifier: LGPL-2.1-or-later
/* A conversation with an iSNS server, byte by byte as in RFC 4171. */
#include "unit.h"

#include <errno.h>

#include "discovery-protocols/bytes.h"
#include "discovery-protocols/isns.h"

#define US     "iqn.2003-01.org.example:us"
#define TARGET "iqn.2003-01.org.example:t"

struct answer {
	uint8_t *bytes;
	struct writer writer;
	size_t size;
};

static void begin(struct answer *answer, size_t room)
{
	answer->bytes = malloc(room);
	assert_non_null(answer->bytes);
	answer->writer = (struct writer){ answer->bytes, room, false };
	answer->size = room;
}

static void put(struct answer *answer, uint32_t tag, const void *value, size_t size)
{
	write_number(&answer->writer, tag, 4);
	write_number(&answer->writer, (uint32_t)(size + 3) / 4 * 4, 4);
	write_piece(&answer->writer, value, size);
	write_piece(&answer->writer, "\0\0\0", (4 - size % 4) % 4);
}

static void put_text(struct answer *answer, uint32_t tag, const char *text)
{
	put(answer, tag, text, strlen(text) + 1);
}

static void put_group(struct answer *answer, const char *name, const void *address,
		      const char *port)
{
	put_text(answer, 48, name);
	put(answer, 49, address, 16);
	put(answer, 50, port, 4);
	put(answer, 51, "\0\0\0\1", 4);
}

/* Status and delimiter, before everything else. */
static void put_success(struct answer *answer)
{
	write_number(&answer->writer, 0, 4);
	put(answer, 0, NULL, 0);
}

static void send_request(struct isns_client *client)
{
	const uint8_t *data;

	isns_client_sent(client, isns_client_output(client, &data));
}

/* In as many PDUs as it takes, as the answer to the first request. */
static int give(struct isns_client *client, const struct answer *answer)
{
	size_t size = answer->size - answer->writer.left, at = 0;
	int result = 0;

	assert_false(answer->writer.is_full);
	for (uint32_t part = 0; !result && (at < size || !part); part++) {
		size_t piece = size - at > 65532 ? 65532 : size - at;
		uint8_t header[12];
		struct writer writer = { header, sizeof(header), false };

		write_number(&writer, 1, 2);
		write_number(&writer, 0x8002, 2);
		write_number(&writer, (uint32_t)piece, 2);
		write_number(&writer,
			     0x4000 | (part ? 0 : 0x400) |
				     (at + piece == size ? 0x800 : 0),
			     2);
		write_number(&writer, 1, 2);
		write_number(&writer, part, 2);
		result = isns_client_input(client, header, sizeof(header));
		if (!result)
			result = isns_client_input(client, answer->bytes + at, piece);
		at += piece;
	}
	return result;
}

static struct isns_client *client_of(struct answer *answer, int expected)
{
	struct isns_client *client;

	assert_int_equal(isns_client_new(US, 0, &client), 0);
	send_request(client);
	assert_int_equal(give(client, answer), expected);
	free(answer->bytes);
	return client;
}

static void query_is_bytes(void **state)
{
	static const uint8_t bytes[] =
		"\x00\x01\x00\x02\x00\x70\x8c\x00\x00\x01\x00\x00"
		"\x00\x00\x00\x20\x00\x00\x00\x1c" US "\x00\x00"
		"\x00\x00\x00\x21\x00\x00\x00\x04\x00\x00\x00\x01"
		"\x00\x00\x00\x00\x00\x00\x00\x00"
		"\x00\x00\x00\x20\x00\x00\x00\x00\x00\x00\x00\x21\x00\x00\x00\x00"
		"\x00\x00\x00\x22\x00\x00\x00\x00\x00\x00\x00\x30\x00\x00\x00\x00"
		"\x00\x00\x00\x31\x00\x00\x00\x00\x00\x00\x00\x32\x00\x00\x00\x00"
		"\x00\x00\x00\x33\x00\x00\x00\x00";
	struct isns_client *client;
	const uint8_t *data;

	(void)state;
	assert_int_equal(isns_client_new(US, 0, &client), 0);
	assert_int_equal(isns_client_output(client, &data), sizeof(bytes) - 1);
	assert_memory_equal(data, bytes, sizeof(bytes) - 1);
	/* Nobody answers before. */
	assert_int_equal(isns_client_input(client, bytes, 1), -EPROTO);
	isns_client_free(client);
}

static void addresses_are_ipv4_or_ipv6(void **state)
{
	static const struct {
		const char *address, *host;
	} cases[] = {
		{ "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", "192.0.2.1" },
		{ "\0\0\0\0\0\0\0\0\0\0\0\0\xc0\0\2\1", "192.0.2.1" },
		{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", "::1" },
		{ "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", "2001:db8::1" },
		{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", NULL },
		{ "\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\0", NULL },
		{ "\0\0\0\0\0\0\0\0\0\0\xff\xff\xe0\0\0\1", NULL },
		{ "\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff", NULL },
		{ "\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct isns_target *targets;
		struct isns_client *client;
		struct answer answer;

		begin(&answer, 4096);
		put_success(&answer);
		put_text(&answer, 32, TARGET);
		put_group(&answer, TARGET, cases[i].address, "\0\0\x0c\xbc");
		client = client_of(&answer, 1);
		assert_int_equal(isns_client_targets(client, &targets), !!cases[i].host);
		if (cases[i].host) {
			assert_string_equal(targets[0].portals[0].host, cases[i].host);
			assert_int_equal(targets[0].portals[0].port, 3260);
			assert_int_equal(targets[0].portals[0].tag, 1);
		} else {
			assert_int_equal(isns_client_left_out(client), 2);
		}
		isns_client_free(client);
	}
}

/* Groups may come before the names they belong to, and in any order. */
static void groups_find_their_targets(void **state)
{
	static const char here[] = "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1";
	const struct isns_target *targets;
	struct isns_client *client;
	struct answer answer;

	(void)state;
	begin(&answer, 4096);
	put_success(&answer);
	put_group(&answer, TARGET "2", here, "\0\0\0\2");
	put_group(&answer, TARGET "1", here, "\0\0\0\1");
	put_text(&answer, 32, TARGET "1");
	put_text(&answer, 32, TARGET "2");
	put_group(&answer, TARGET "1", here, "\0\0\0\3");
	client = client_of(&answer, 1);
	assert_int_equal(isns_client_targets(client, &targets), 2);
	assert_string_equal(targets[0].name, TARGET "1");
	assert_int_equal(targets[0].portal_count, 2);
	assert_int_equal(targets[0].portals[1].port, 3);
	assert_int_equal(targets[1].portal_count, 1);
	assert_int_equal(targets[1].portals[0].port, 2);
	isns_client_free(client);
}

static void targets_are_bounded(void **state)
{
	struct isns_client *client;
	struct answer answer;
	char name[64];

	(void)state;
	begin(&answer, 16 << 20);
	put_success(&answer);
	for (unsigned int i = 0; i <= ISNS_TARGETS_MAX; i++) {
		snprintf(name, sizeof(name), TARGET "%u", i);
		put_text(&answer, 32, name);
	}
	client = client_of(&answer, -EMSGSIZE);
	assert_string_equal(isns_client_error(client), "lists more targets than 200000");
	isns_client_free(client);
}

static void groups_are_bounded(void **state)
{
	struct isns_client *client;
	struct answer answer;

	(void)state;
	begin(&answer, 16 << 20);
	put_success(&answer);
	while (answer.writer.left >= 8)
		put(&answer, 48, NULL, 0);
	client = client_of(&answer, -EMSGSIZE);
	isns_client_free(client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(query_is_bytes),
		cmocka_unit_test(addresses_are_ipv4_or_ipv6),
		cmocka_unit_test(groups_find_their_targets),
		cmocka_unit_test(targets_are_bounded),
		cmocka_unit_test(groups_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
