/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test.h - what the unit tests of imactl share. */
#ifndef TESTS_CLI_TEST_H
#define TESTS_CLI_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "shared/cleanup.h"

/*
 * Hexadecimal digits, blanks between them do not count, as bytes in an allocation of exactly
 * that size, so that sanitizers see a read beyond the end.
 */
static inline uint8_t *unhex(const char *text, size_t *length)
{
	uint8_t *bytes = malloc(strlen(text) / 2 + 1), *exact;
	unsigned nibble = 0;
	size_t n = 0;

	assert_non_null(bytes);
	for (; *text; text++) {
		if (isspace((unsigned char)*text))
			continue;
		assert_true(isxdigit((unsigned char)*text));
		nibble = nibble << 4 | (unsigned)(isdigit((unsigned char)*text)
							  ? *text - '0'
							  : tolower(*text) - 'a' + 10);
		if (n++ % 2)
			bytes[n / 2 - 1] = (uint8_t)nibble;
	}
	assert_int_equal(n % 2, 0);
	*length = n / 2;
	exact = malloc(*length ? *length : 1);
	assert_non_null(exact);
	memcpy(exact, bytes, *length);
	free(bytes);
	return exact;
}

/* doc holds every line of expected, each the JSON text of a member: "version":5 */
static inline void assert_holds(struct json_object *doc, const char *expected)
{
	const char *text = json_object_to_json_string_ext(
		doc, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	char line[1024];

	while (*expected) {
		size_t n = strcspn(expected, "\n");

		assert_true(n < sizeof(line));
		memcpy(line, expected, n);
		line[n] = 0;
		if (!strstr(text, line)) {
			print_message("%s\n is not in\n%s\n", line, text);
			fail();
		}
		expected += n + (expected[n] == '\n');
	}
}

#endif
