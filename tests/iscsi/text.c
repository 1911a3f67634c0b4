// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * text.c - tests of what is made of text: keys and values, binary values, portals, digests,
 * CHAP hashes, LUNs and sense data.
 */
#include "tests/support/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscsi/chap.h"
#include "iscsi/crc32c.h"
#include "iscsi/scsi.h"
#include "iscsi/text.h"
#include "iscsi/wire.h"
#include "shared/cleanup.h"

/* --- Key=value text ---------------------------------------------------------------------- */

struct pairs {
	char text[4096];
	unsigned int count, stop_at;
};

static int note_pair(void *user, const char *key, const char *value,
		     struct iscsi_error *error)
{
	struct pairs *pairs = user;
	size_t n = strlen(pairs->text);

	(void)error;
	snprintf(pairs->text + n, sizeof(pairs->text) - n, "<%s|%.40s>", key, value);
	return ++pairs->count == pairs->stop_at ? -ECANCELED : 0;
}

/* Read text in portions of this size. */
static int read_in_portions(const char *text, size_t length, size_t portion, bool last,
			    struct pairs *pairs, struct iscsi_error *error)
{
	struct iscsi_text_reader reader;
	int err = 0;

	memset(pairs->text, 0, sizeof(pairs->text));
	iscsi_text_reader_init(&reader, 100, 100000);
	for (size_t at = 0; at <= length && !err; at += portion) {
		size_t n = length - at < portion ? length - at : portion;
		_cleanup_free_ uint8_t *exact = malloc(n + 1);

		memcpy(exact, text + at, n);
		err = iscsi_text_read(&reader, n ? exact : NULL, n,
				      last && at + n == length, note_pair, pairs, error);
		if (at + n == length)
			break;
	}
	iscsi_text_reader_free(&reader);
	return err;
}

static void pairs_are_read_however_they_are_cut(void **state)
{
	static const char text[] = "A=1\0Key=value=with equals\0Empty=\0\0X-y.z=\xc3\xa4";

	(void)state;
	for (size_t portion = 1; portion <= sizeof(text); portion++) {
		struct pairs pairs = { 0 };
		struct iscsi_error error;

		assert_int_equal(read_in_portions(text, sizeof(text), portion, true,
						  &pairs, &error),
				 0);
		assert_string_equal(
			pairs.text,
			"<A|1><Key|value=with equals><Empty|><X-y.z|\xc3\xa4>");
	}
}

static void malformed_text_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *why;
	} cases[] = {
		{ "A=1\0no end", 10, "no end of the last pair" },
		{ "A=1", 3, "no end of the last pair" },
		{ "novalue\0", 8, "a key without a value" },
		{ "=nokey\0", 7, "a key of no or too many characters" },
		{ "A123456789012345678901234567890123456789012345678901234567890123=x\0",
		  67, "a key of no or too many characters" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (size_t portion = 1; portion <= cases[i].length; portion++) {
			struct pairs pairs = { 0 };
			struct iscsi_error error;

			assert_int_equal(read_in_portions(cases[i].text, cases[i].length,
							  portion, true, &pairs, &error),
					 -EPROTO);
			assert_int_equal(error.kind, ISCSI_FAILED_PROTOCOL);
			assert_non_null(strstr(error.text, cases[i].why));
		}
}

static void a_pair_may_be_long_but_not_endless(void **state)
{
	static const struct {
		size_t length;
		int err;
	} cases[] = { { 8192, 0 }, { 8193, -EPROTO }, { 60000, -EPROTO } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (size_t portion = 1000; portion <= 64000; portion *= 4) {
			_cleanup_free_ char *text = malloc(cases[i].length + 1);
			struct pairs pairs = { 0 };
			struct iscsi_error error;

			memset(text, 'x', cases[i].length);
			text[3] = '=';
			text[cases[i].length] = 0;
			assert_int_equal(read_in_portions(text, cases[i].length + 1,
							  portion, true, &pairs, &error),
					 cases[i].err);
		}
}

static void an_unfinished_pair_that_grows_without_end_is_refused(void **state)
{
	struct iscsi_text_reader reader;
	struct pairs pairs = { 0 };
	struct iscsi_error error;
	uint8_t some[1000];
	int err = 0, n = 0;

	(void)state;
	memset(some, 'a', sizeof(some));
	iscsi_text_reader_init(&reader, 100, SIZE_MAX);
	while (!err && n++ < 100)
		err = iscsi_text_read(&reader, some, sizeof(some), false, note_pair,
				      &pairs, &error);
	assert_int_equal(err, -EPROTO);
	assert_int_equal(n, 9);
	iscsi_text_reader_free(&reader);
}

static void more_pairs_or_bytes_than_allowed_are_refused(void **state)
{
	struct iscsi_text_reader reader;
	struct pairs pairs = { 0 };
	struct iscsi_error error;

	(void)state;
	iscsi_text_reader_init(&reader, 2, 1000);
	assert_int_equal(iscsi_text_read(&reader, (const uint8_t *)"A=1\0B=2\0C=3\0", 12,
					 true, note_pair, &pairs, &error),
			 -EPROTO);
	assert_int_equal(pairs.count, 2);
	assert_non_null(strstr(error.text, "more keys"));
	iscsi_text_reader_init(&reader, 100, 11);
	assert_int_equal(iscsi_text_read(&reader, (const uint8_t *)"A=1\0B=2\0C=3\0", 12,
					 true, note_pair, &pairs, &error),
			 -EPROTO);
	assert_non_null(strstr(error.text, "more text"));
}

static void reading_stops_where_it_is_told_to(void **state)
{
	struct iscsi_text_reader reader;
	struct pairs pairs = { .stop_at = 2 };
	struct iscsi_error error;

	(void)state;
	iscsi_text_reader_init(&reader, 100, 1000);
	assert_int_equal(iscsi_text_read(&reader, (const uint8_t *)"A=1\0B=2\0C=3\0", 12,
					 true, note_pair, &pairs, &error),
			 -ECANCELED);
	assert_string_equal(pairs.text, "<A|1><B|2>");
}

static void text_is_written_as_it_is_read(void **state)
{
	struct iscsi_text text = { 0 };
	struct pairs pairs = { 0 };
	struct iscsi_error error;

	(void)state;
	iscsi_text_add(&text, "Key", "some value");
	iscsi_text_add_number(&text, "Number", UINT32_MAX);
	iscsi_text_add_binary(&text, "Binary", (const uint8_t *)"\x00\xff\x5a", 3);
	iscsi_text_add(&text, "Empty", "");
	assert_false(text.failed);
	assert_int_equal(
		read_in_portions(text.data, text.length, 1000, true, &pairs, &error), 0);
	assert_string_equal(
		pairs.text,
		"<Key|some value><Number|4294967295><Binary|0x00ff5a><Empty|>");
	iscsi_text_free(&text);
}

static void text_that_would_grow_without_end_fails(void **state)
{
	struct iscsi_text text = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++)
		iscsi_text_add(&text, "Key", "value");
	assert_true(text.failed);
	assert_true(text.size <= 65536);
	iscsi_text_free(&text);
}

static void lists_are_searched_by_whole_items(void **state)
{
	(void)state;
	assert_true(iscsi_text_list_has("None,CRC32C", "CRC32C"));
	assert_true(iscsi_text_list_has("None", "None"));
	assert_false(iscsi_text_list_has("NoneX,CRC32", "None"));
	assert_false(iscsi_text_list_has("", "None"));
	assert_false(iscsi_text_list_has("CRC32CC", "CRC32C"));
}

/* --- Values ------------------------------------------------------------------------------ */

static const struct {
	const char *text;
	int n;
	uint8_t bytes[6];
} binary_values[] = {
	{ "0x00", 1, { 0 } },
	{ "0X1234aBcD", 4, { 0x12, 0x34, 0xab, 0xcd } },
	{ "0x123", 2, { 0x01, 0x23 } },
	{ "0bTWFu", 3, "Man" },
	{ "0BTWE=", 2, "Ma" },
	{ "0bTQ==", 1, "M" },
	{ "0bTQ", 1, "M" },
	{ "0bTWE", 2, "Ma" },
	{ "0b+/8=", 2, { 0xfb, 0xff } },
	{ "", -EINVAL, { 0 } },
	{ "0x", -EINVAL, { 0 } },
	{ "0b", -EINVAL, { 0 } },
	{ "12", -EINVAL, { 0 } },
	{ "0xg0", -EINVAL, { 0 } },
	{ "0x12 ", -EINVAL, { 0 } },
	{ "0bTQ=", -EINVAL, { 0 } },
	{ "0bTQ===", -EINVAL, { 0 } },
	{ "0bTWFu=", -EINVAL, { 0 } },
	{ "0bT", -EINVAL, { 0 } },
	{ "0bTR==", -EINVAL, { 0 } }, /* bits left over */
	{ "0bTW=u", -EINVAL, { 0 } },
	{ "0bTW u", -EINVAL, { 0 } },
	{ "0x1234567890abcd", -ENAMETOOLONG, { 0 } },
	{ "0bTWFuTWFuTWFu", -ENAMETOOLONG, { 0 } },
};

static void binary_values_are_hexadecimal_or_base64(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(binary_values); i++) {
		uint8_t out[6] = { 0 };

		assert_int_equal(
			iscsi_text_binary(binary_values[i].text, out, sizeof(out)),
			binary_values[i].n);
		if (binary_values[i].n > 0)
			assert_memory_equal(out, binary_values[i].bytes,
					    (size_t)binary_values[i].n);
	}
}

static void numbers_are_read_strictly(void **state)
{
	static const struct {
		const char *text;
		int err;
		uint32_t value;
	} cases[] = {
		{ "0", 0, 0 },
		{ "8192", 0, 8192 },
		{ "0x2000", 0, 8192 },
		{ "16777215", 0, 16777215 },
		{ "16777216", -ERANGE, 0 },
		{ "99999999999999999999999", -ERANGE, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 },
		{ "1~2", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t value = 0;

		assert_int_equal(iscsi_text_number(cases[i].text, 0, 16777215, &value),
				 cases[i].err);
		assert_int_equal(value, cases[i].value);
	}
}

static void untrusted_text_is_made_printable(void **state)
{
	char out[8];

	(void)state;
	assert_string_equal(iscsi_printable("a\nb\x1b\xc3", 5, out, sizeof(out)),
			    "a?b??");
	assert_string_equal(iscsi_printable("1234567", 7, out, sizeof(out)), "1234567");
	assert_string_equal(iscsi_printable("12345678", 8, out, sizeof(out)), "1234...");
	assert_string_equal(iscsi_printable("", 0, out, sizeof(out)), "");
}

static void portals_are_parsed_as_people_and_targets_write_them(void **state)
{
	static const struct {
		const char *text, *host;
		uint16_t port;
		int32_t tag;
		const char *formatted;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", 3260, -1, "192.0.2.1:3260" },
		{ "192.0.2.1:860", "192.0.2.1", 860, -1, "192.0.2.1:860" },
		{ "192.0.2.1:860,1", "192.0.2.1", 860, 1, "192.0.2.1:860,1" },
		{ "192.0.2.1,65535", "192.0.2.1", 3260, 65535, "192.0.2.1:3260,65535" },
		{ "a-b.example.org:1", "a-b.example.org", 1, -1, "a-b.example.org:1" },
		{ "[2001:db8::1]", "2001:db8::1", 3260, -1, "[2001:db8::1]:3260" },
		{ "[2001:db8::1]:65535,0", "2001:db8::1", 65535, 0,
		  "[2001:db8::1]:65535,0" },
		{ "2001:db8::1", "2001:db8::1", 3260, -1, "[2001:db8::1]:3260" },
		{ "2001:db8::1,7", "2001:db8::1", 3260, 7, "[2001:db8::1]:3260,7" },
		{ "fe80::1%eth0", "fe80::1%eth0", 3260, -1, "[fe80::1%eth0]:3260" },
		{ "[fe80::1%25]:3", "fe80::1%25", 3, -1, "[fe80::1%25]:3" },
		{ "[::ffff:192.0.2.1]:3", "::ffff:192.0.2.1", 3, -1,
		  "[::ffff:192.0.2.1]:3" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct iscsi_portal portal;
		char text[ISCSI_PORTAL_TEXT];

		assert_int_equal(iscsi_portal_parse(cases[i].text, &portal), 0);
		assert_string_equal(portal.host, cases[i].host);
		assert_int_equal(portal.port, cases[i].port);
		assert_int_equal(portal.tag, cases[i].tag);
		iscsi_portal_format(&portal, text, sizeof(text));
		assert_string_equal(text, cases[i].formatted);
	}
}

static const char *const no_portals[] = {
	"",
	"host:",
	"host:0",
	"host:65536",
	"host:-1",
	"host:x",
	"host:3260,",
	"host,65536",
	"host:1,-1",
	"host:0x10",
	":3260",
	"ho st",
	"[::1",
	"::1]",
	"[::1]x",
	"[::1]:",
	"[]",
	"[]:3260",
	"[host]:3260",
	"[::1%]:1",
	"[fe80::1%a b]",
	"host\n",
	"http://host",
	"a,b:1",
	"host:1:2",
	"[::1]:99999999999",
	"%eth0",
	"[%eth0]",
	"h/t",
	"user@host",
};

static void what_is_no_portal_is_refused(void **state)
{
	char longer[400];
	struct iscsi_portal portal = { .port = 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(no_portals); i++)
		if (!iscsi_portal_parse(no_portals[i], &portal))
			fail_msg("taken: \"%s\"", no_portals[i]);
	memset(longer, 'a', sizeof(longer));
	longer[256] = 0;
	assert_int_equal(iscsi_portal_parse(longer, &portal), -EINVAL);
	longer[256] = 'a';
	longer[399] = 0;
	assert_int_equal(iscsi_portal_parse(longer, &portal), -EINVAL);
	longer[255] = 0;
	assert_int_equal(portal.port, 1);
	assert_int_equal(iscsi_portal_parse(longer, &portal), 0);
}

/* --- Digests and hashes ------------------------------------------------------------------ */

static void crc32c_gives_the_values_of_rfc_7143(void **state)
{
	static const struct {
		int fill;
		uint8_t digest[4];
	} cases[] = {
		/* RFC 7143, appendix A: 32 bytes of zeros, of ones, rising, falling. */
		{ 0, { 0xaa, 0x36, 0x91, 0x8a } },
		{ 1, { 0x43, 0xab, 0xa8, 0x62 } },
		{ 2, { 0x4e, 0x79, 0xdd, 0x46 } },
		{ 3, { 0x5c, 0xdb, 0x3f, 0x11 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t data[32], digest[4];

		for (int n = 0; n < 32; n++)
			data[n] = (uint8_t)(i == 0   ? 0
					    : i == 1 ? 0xff
					    : i == 2 ? n
						     : 31 - n);
		iscsi_crc32c_put(digest, iscsi_crc32c(CRC32C_START, data, 32));
		assert_memory_equal(digest, cases[i].digest, 4);
		iscsi_crc32c_put(digest, iscsi_crc32c_portable(CRC32C_START, data, 32));
		assert_memory_equal(digest, cases[i].digest, 4);
	}
}

static void crc32c_is_the_same_with_and_without_the_processor(void **state)
{
	const size_t size = 40000;
	_cleanup_free_ uint8_t *data = malloc(size);

	(void)state;
	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(i * i >> 3);
	for (size_t n = 0; n + 8 < size; n += 1 + n / 3)
		for (size_t from = 0; from < 8; from++)
			assert_int_equal(
				iscsi_crc32c(n, data + from, n),
				iscsi_crc32c_portable((uint32_t)n, data + from, n));
	/* In pieces as in one. */
	assert_int_equal(iscsi_crc32c(iscsi_crc32c(CRC32C_START, data, 13001),
				      data + 13001, 26999),
			 iscsi_crc32c(CRC32C_START, data, size));
}

/* Values computed with Python's hashlib over id, secret, challenge. */
static void chap_hashes_are_right(void **state)
{
	static const struct {
		uint8_t algorithm;
		int size;
		const char *hex;
	} cases[] = {
		{ ISCSI_CHAP_MD5, 16, "0xdc15a633a93bb5b0b9c1d2968ef85277" },
		{ ISCSI_CHAP_SHA1, 20, "0x1948abe87d8e3213e96345e838b1df6bb70df7e0" },
		{ ISCSI_CHAP_SHA256, 32,
		  "0x982876ddee69d5abf35fe6e8822fce6d2d9e771c7e6ef926662b2090e0faf632" },
		{ ISCSI_CHAP_SHA3_256, 32,
		  "0xd842ee74ac40cc178a5f217fec3c41406b2dfef046925e02b845cfefca18c40d" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t hash[CHAP_HASH_MAX], expected[CHAP_HASH_MAX];

		assert_int_equal(iscsi_chap_hash(cases[i].algorithm, 7, "secretsecret12",
						 14, "0123456789abcdef", 16, hash),
				 cases[i].size);
		assert_int_equal(
			iscsi_text_binary(cases[i].hex, expected, sizeof(expected)),
			cases[i].size);
		assert_memory_equal(hash, expected, (size_t)cases[i].size);
	}
	assert_int_equal(
		iscsi_chap_hash(4, 7, "a", 1, "b", 1, (uint8_t[CHAP_HASH_MAX]){ 0 }),
		-ENOTSUP);
	assert_string_equal(iscsi_chap_algorithm_name(7), "SHA256");
	assert_null(iscsi_chap_algorithm_name(9));
}

/* --- SCSI -------------------------------------------------------------------------------- */

static void luns_are_encoded_and_decoded(void **state)
{
	static const struct {
		uint64_t number;
		uint8_t lun[8];
	} cases[] = {
		{ 0, { 0 } },
		{ 1, { 0, 1 } },
		{ 255, { 0, 255 } },
		{ 256, { 0x41, 0x00 } },
		{ 16383, { 0x7f, 0xff } },
		{ 16384, { 0xd2, 0x00, 0x40, 0x00 } },
		{ 0xffffff, { 0xd2, 0xff, 0xff, 0xff } },
	};
	static const uint8_t others[][8] = {
		{ 0, 1, 0, 1 }, /* two levels */
		{ 1, 1 },	/* bus 1 */
		{ 0x80, 1 },	/* logical unit addressing */
		{ 0xc1, 1 },	/* well known */
		{ 0, 0, 0, 0, 0, 0, 0, 1 },
		{ 0xd2, 0, 0, 1, 1 },
	};
	uint64_t number;
	uint8_t lun[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(scsi_lun_encode(cases[i].number, lun), 0);
		assert_memory_equal(lun, cases[i].lun, 8);
		assert_int_equal(scsi_lun_decode(lun, &number), 0);
		assert_int_equal(number, cases[i].number);
	}
	assert_int_equal(scsi_lun_encode(1 << 24, lun), -ERANGE);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(scsi_lun_decode(others[i], &number), -EINVAL);
	/* Flat space addressing may be used for small numbers too. */
	assert_int_equal(scsi_lun_decode((const uint8_t[8]){ 0x40, 5 }, &number), 0);
	assert_int_equal(number, 5);
}

static void cdbs_are_built_as_the_standards_say(void **state)
{
	static const uint8_t inquiry[6] = { 0x12, 0, 0, 0, 0xff, 0 };
	static const uint8_t page[6] = { 0x12, 1, 0x83, 0x01, 0x00, 0 };
	static const uint8_t raw[6] = { 0x12, 2, 0x55, 0, 4, 0 };
	static const uint8_t ten[10] = { 0x25 };
	static const uint8_t sixteen[16] = { 0x9e, 0x10, [13] = 32 };
	static const uint8_t luns[12] = { 0xa0, 0, 2, [8] = 0x10 };
	struct iscsi_task task;

	(void)state;
	memset(&task, 0xaa, sizeof(task));
	scsi_inquiry(&task, -1, 255);
	assert_int_equal(task.cdb_length, 6);
	assert_memory_equal(task.cdb, inquiry, 6);
	scsi_inquiry(&task, 0x83, 256);
	assert_memory_equal(task.cdb, page, 6);
	scsi_inquiry_raw(&task, false, true, 0x55, 4);
	assert_memory_equal(task.cdb, raw, 6);
	scsi_read_capacity_10(&task);
	assert_int_equal(task.cdb_length, 10);
	assert_memory_equal(task.cdb, ten, 10);
	scsi_read_capacity_16(&task, 32);
	assert_int_equal(task.cdb_length, 16);
	assert_memory_equal(task.cdb, sixteen, 16);
	scsi_report_luns(&task, SCSI_REPORT_ALL, 4096);
	assert_int_equal(task.cdb_length, 12);
	assert_memory_equal(task.cdb, luns, 12);
	scsi_test_unit_ready(&task);
	assert_int_equal(task.cdb_length, 6);
}

static void sense_data_is_decoded_in_both_formats(void **state)
{
	static const struct {
		uint8_t data[20];
		size_t length;
		struct scsi_sense sense;
	} cases[] = {
		{ { 0x70, 0, 5, [12] = 0x24, 0x01 }, 18, { true, false, 5, 0x24, 0x01 } },
		{ { 0xf1, 0, 6, [12] = 0x29 }, 18, { true, true, 6, 0x29, 0 } },
		{ { 0x70, 0, 5, [12] = 0x24, 0x01 }, 13, { true, false, 5, 0x24, 0 } },
		{ { 0x70, 0, 5 }, 3, { true, false, 5, 0, 0 } },
		{ { 0x70, 0, 5 }, 2, { false, false, 0, 0, 0 } },
		{ { 0x72, 5, 0x25, 0 }, 8, { true, false, 5, 0x25, 0 } },
		{ { 0x73, 5, 0x25, 1 }, 4, { true, true, 5, 0x25, 1 } },
		{ { 0x72, 5, 0x25 }, 3, { false, false, 0, 0, 0 } },
		{ { 0x7f, 5, 0x25 }, 18, { false, false, 0, 0, 0 } },
		{ { 0 }, 0, { false, false, 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ uint8_t *exact = malloc(cases[i].length + 1);
		struct scsi_sense sense;

		memcpy(exact, cases[i].data, cases[i].length);
		sense = scsi_sense_decode(exact, cases[i].length);
		assert_int_equal(sense.valid, cases[i].sense.valid);
		assert_int_equal(sense.deferred, cases[i].sense.deferred);
		assert_int_equal(sense.key, cases[i].sense.key);
		assert_int_equal(sense.asc, cases[i].sense.asc);
		assert_int_equal(sense.ascq, cases[i].sense.ascq);
	}
}

static void every_code_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < 256; i++) {
		assert_non_null(scsi_status_name((uint8_t)i));
		assert_non_null(scsi_sense_key_name((uint8_t)i));
		assert_non_null(iscsi_failure_name((enum iscsi_failure)i));
		for (int detail = 0; detail < 256; detail++)
			assert_non_null(
				iscsi_login_status_text((uint8_t)i, (uint8_t)detail));
	}
	assert_string_equal(scsi_status_name(2), "CHECK CONDITION");
	assert_string_equal(scsi_sense_key_name(5), "ILLEGAL REQUEST");
	assert_string_equal(iscsi_login_status_text(2, 1), "Authentication failure");
	assert_string_equal(iscsi_failure_name(ISCSI_FAILED_AUTH),
			    "authentication failed");
	assert_string_equal(scsi_sense_text(0x3f, 0x0e),
			    "reported LUNs data has changed");
	assert_null(scsi_sense_text(0x7f, 0x7f));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_read_however_they_are_cut),
		cmocka_unit_test(malformed_text_is_refused),
		cmocka_unit_test(a_pair_may_be_long_but_not_endless),
		cmocka_unit_test(an_unfinished_pair_that_grows_without_end_is_refused),
		cmocka_unit_test(more_pairs_or_bytes_than_allowed_are_refused),
		cmocka_unit_test(reading_stops_where_it_is_told_to),
		cmocka_unit_test(text_is_written_as_it_is_read),
		cmocka_unit_test(text_that_would_grow_without_end_fails),
		cmocka_unit_test(lists_are_searched_by_whole_items),
		cmocka_unit_test(binary_values_are_hexadecimal_or_base64),
		cmocka_unit_test(numbers_are_read_strictly),
		cmocka_unit_test(untrusted_text_is_made_printable),
		cmocka_unit_test(portals_are_parsed_as_people_and_targets_write_them),
		cmocka_unit_test(what_is_no_portal_is_refused),
		cmocka_unit_test(crc32c_gives_the_values_of_rfc_7143),
		cmocka_unit_test(crc32c_is_the_same_with_and_without_the_processor),
		cmocka_unit_test(chap_hashes_are_right),
		cmocka_unit_test(luns_are_encoded_and_decoded),
		cmocka_unit_test(cdbs_are_built_as_the_standards_say),
		cmocka_unit_test(sense_data_is_decoded_in_both_formats),
		cmocka_unit_test(every_code_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
