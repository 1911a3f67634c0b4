// SPDX-License-Identifier: LGPL-2.1-or-later
/* Numbers and UTF-8. */
#include "unit.h"

#include <errno.h>

#include "shared/number.h"
#include "shared/utf8.h"

static void only_whole_numbers_in_range_are_numbers(void **state)
{
	static const struct {
		const char *text;
		int err;
		uint64_t value;
	} cases[] = {
		{ "10", 0, 10 },
		{ "0x1f", 0, 31 },
		{ "007", 0, 7 },
		{ "100", 0, 100 },
		{ "101", -ERANGE, 0 },
		{ "4", -ERANGE, 0 },
		{ "99999999999999999999999", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "+10", -EINVAL, 0 },
		{ "-10", -EINVAL, 0 },
		{ " 10", -EINVAL, 0 },
		{ "10 ", -EINVAL, 0 },
		{ "10k", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 },
		{ "ten", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t value = 77;

		assert_int_equal(number_parse(cases[i].text, 5, 100, &value),
				 cases[i].err);
		assert_int_equal(value, cases[i].err ? 77 : cases[i].value);
	}
}

static void text_survives_both_ways(void **state)
{
	static const char *const texts[] = { "", "plain", "\xc3\xa9", "\xe4\xbe\x8b",
					     "\xf0\x9f\x98\x80 end" };
	wchar_t wide[16];
	char back[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_true(utf8_to_wide(texts[i], wide, 16) >= 0);
		assert_int_equal(utf8_from_wide(wide, 16, back, sizeof(back)),
				 strlen(texts[i]));
		assert_string_equal(back, texts[i]);
	}
}

static void what_is_no_text_is_refused(void **state)
{
	static const char *const bytes[] = {
		"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\x80"
	};
	static const wchar_t values[] = { 0xd800, 0x110000, -1 };
	wchar_t wide[16] = { 7 };
	char out[64] = "same";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bytes); i++)
		assert_int_equal(utf8_to_wide(bytes[i], wide, 16), -EILSEQ);
	assert_int_equal(wide[0], 7);
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		assert_int_equal(utf8_from_wide(&values[i], 1, out, sizeof(out)),
				 -EILSEQ);
	assert_string_equal(out, "same");
}

static void what_does_not_fit_is_refused_or_cut(void **state)
{
	wchar_t wide[4] = { 7, 7, 7, 7 };
	char out[4] = "abc";

	(void)state;
	assert_int_equal(utf8_to_wide("1234", wide, 4), -ENAMETOOLONG);
	assert_int_equal(wide[3], 7);
	assert_int_equal(utf8_to_wide("123", wide, 4), 3);
	assert_int_equal(wide[3], 0);
	assert_int_equal(utf8_from_wide(L"\u00e9\u00e9", 8, out, sizeof(out)),
			 -ENAMETOOLONG);
	assert_string_equal(out, "abc");
	utf8_to_wide_lossy("12\xff"
			   "45",
			   wide, 4);
	assert_memory_equal(wide, L"12\ufffd", sizeof(wide));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_whole_numbers_in_range_are_numbers),
		cmocka_unit_test(text_survives_both_ways),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(what_does_not_fit_is_refused_or_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
