// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

static const char *trim_end(const char *start, const char *end)
{
	while (end > start && is_blank(end[-1]))
		end--;
	return end;
}

/* A zero byte ends a line for iscsid. */
static const char *end_of_text(const struct line *line)
{
	const char *zero = memchr(line->start, 0, (size_t)(line->end - line->start));

	return zero ? zero : line->end;
}

bool line_split(struct line *line)
{
	const char *end = end_of_text(line), *equals;

	line->key = skip_blanks(line->start, end);
	if (line->key == end || *line->key == '#')
		return false;
	equals = memchr(line->key, '=', (size_t)(end - line->key));
	if (!equals)
		return false;
	line->key_end = trim_end(line->key, equals);
	line->value = skip_blanks(equals + 1, end);
	line->value_end = trim_end(line->value, end);
	return line->key_end > line->key;
}

bool line_next(const char **at, const char *end, struct line *line)
{
	const char *newline;

	if (*at >= end)
		return false;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	line->start = *at;
	line->end = newline ? newline : end;
	*at = newline ? newline + 1 : end;
	return true;
}
