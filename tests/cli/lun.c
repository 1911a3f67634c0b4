// SPDX-License-Identifier: LGPL-2.1-or-later
/* Logical unit numbers between people, SAM and the API. */
#include "test.h"

#include <errno.h>

#include "tools/imactl/doc.h"
#include "tools/imactl/lun.h"

static void a_lun_is_a_number_or_its_bytes(void **state)
{
	static const struct {
		const char *typed;
		int meanings;
		uint64_t luns[LUN_MEANINGS];
	} cases[] = {
		{ "0", 1, { 0 } },
		{ "5", 1, { 5 } },
		{ "255", 1, { 0xff } },
		{ "256", 2, { 0x4100, 0x100 } }, /* flat space, or the bus as high part */
		{ "16383", 2, { 0x7fff, 0x3fff } },
		{ "16384", 1, { 0x4000 } },
		{ "16640", 1, { 0x4100 } }, /* as Linux numbers it */
		{ "0x4100", 1, { 0x4100 } },
		{ "0x100", 1, { 0x100 } }, /* the integer, verbatim */
		{ "0xc101", 1, { 0xc101 } },
		{ "0x0708050603040102", 1, { 0x0708050603040102 } },
		{ "0000000000000000", 1, { 0 } },
		{ "0005000000000000", 1, { 5 } },
		{ "4100000000000000", 1, { 0x4100 } },
		{ "C101000000000000", 1, { 0xc101 } },
		{ "0102030405060708", 1, { 0x0708050603040102 } },
		{ "01-02-03-04-05-06-07-08", 1, { 0x0708050603040102 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t luns[LUN_MEANINGS];

		assert_int_equal(lun_parse(cases[i].typed, luns), cases[i].meanings);
		for (int m = 0; m < cases[i].meanings; m++)
			assert_int_equal(luns[m], cases[i].luns[m]);
	}
}

static void what_is_no_lun_is_refused(void **state)
{
	static const char *const cases[] = { "",
					     "-1",
					     "+1",
					     " 1",
					     "1 ",
					     "x",
					     "1x",
					     "0x",
					     "0xg",
					     "1.5",
					     "000000000000000g",
					     "00000000000000000",
					     "01-02-03-04-05-06-07",
					     "01:02:03:04:05:06:07:08",
					     "0x10000000000000000" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t luns[LUN_MEANINGS];

		if (lun_parse(cases[i], luns) != -EINVAL) {
			print_message("%s is taken\n", cases[i]);
			fail();
		}
	}
}

static void bytes_and_integer_are_two_forms_of_one_lun(void **state)
{
	static const uint64_t luns[] = { 0,	    5, 0x4100, 0xc101, 0x0708050603040102,
					 UINT64_MAX };
	uint8_t bytes[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(luns); i++) {
		lun_to_bytes(luns[i], bytes);
		assert_int_equal(lun_from_bytes(bytes), luns[i]);
	}
	lun_to_bytes(0x0708050603040102, bytes);
	assert_memory_equal(bytes, "\1\2\3\4\5\6\7\10", 8);
}

static void every_addressing_method_is_told(void **state)
{
	static const struct {
		uint64_t lun;
		const char *holds;
	} cases[] = {
		{ 5, "\"lun\":5\n\"lunAddressing\":\"peripheral device\"\n"
		     "\"lunBytes\":\"0005000000000000\"\n\"lunText\":\"5\"" },
		{ 0x4100,
		  "\"lun\":256\n\"lunAddressing\":\"flat space\"\n\"lunText\":\"256\"" },
		{ 0x4005, "\"lun\":5\n\"lunAddressing\":\"flat space\"\n"
			  "\"lunText\":\"4005000000000000\"" },
		{ 0x0102, "\"lun\":258\n\"lunAddressing\":\"peripheral device\"\n"
			  "\"lunText\":\"258\"" },
		{ 0x8102, "\"lun\":null\n\"lunAddressing\":\"logical unit\"" },
		{ 0xc101, "\"lun\":null\n\"lunAddressing\":\"well known logical unit\"" },
		{ 0x3456d212,
		  "\"lun\":1193046\n\"lunAddressing\":\"extended flat space\"\n"
		  "\"lunText\":\"d212345600000000\"" },
		{ 0xe200, "\"lun\":null\n\"lunAddressing\":\"extended\"" },
		{ 0x0708050603040102, "\"lun\":null" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct json_object *doc = doc_new();

		lun_document(doc, cases[i].lun);
		assert_holds(doc, cases[i].holds);
		json_object_put(doc);
	}
}

static void what_is_shown_can_be_typed(void **state)
{
	static const uint64_t luns[] = { 0,	 1,	 255,	     0x4100,
					 0x4005, 0x7fff, 0x0102,     0x8102,
					 0xc101, 0xe200, 0x3456d212, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(luns); i++) {
		_cleanup_free_ char *text = lun_text(luns[i]);
		uint64_t found[LUN_MEANINGS];
		int n = lun_parse(text, found);

		assert_true(n > 0);
		assert_true(found[0] == luns[i] || (n > 1 && found[1] == luns[i]));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lun_is_a_number_or_its_bytes),
		cmocka_unit_test(what_is_no_lun_is_refused),
		cmocka_unit_test(bytes_and_integer_are_two_forms_of_one_lun),
		cmocka_unit_test(every_addressing_method_is_told),
		cmocka_unit_test(what_is_shown_can_be_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
