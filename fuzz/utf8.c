// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * utf8.c - text in any encoding: what is taken for UTF-8 comes back as it was, what is cut is
 * terminated; numbers lie in their range.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "shared/cleanup.h"
#include "shared/number.h"
#include "shared/utf8.h"

enum { WIDE = 64 };

static void check_strict(const char *text)
{
	char back[4 * WIDE];
	wchar_t wide[WIDE];
	int n = utf8_to_wide(text, wide, WIDE);

	if (n < 0)
		return;
	CHECK(n < WIDE && !wide[n]);
	CHECK(utf8_from_wide(wide, WIDE, back, sizeof(back)) == (int)strlen(text));
	CHECK(!strcmp(back, text));
}

static void check_lossy(const char *text)
{
	char back[4 * WIDE];
	wchar_t wide[WIDE];

	utf8_to_wide_lossy(text, wide, WIDE);
	CHECK(wmemchr(wide, 0, WIDE));
	CHECK(utf8_from_wide(wide, WIDE, back, sizeof(back)) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = malloc(size + 1);
	uint64_t value = 0;

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	check_strict(text);
	check_lossy(text);
	if (!number_parse(text, 7, 70000, &value))
		CHECK(value >= 7 && value <= 70000);
	return 0;
}
