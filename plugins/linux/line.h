/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * line.h - the lines of a text, and what they assign.
 */
#ifndef LINUX_LINE_H
#define LINUX_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* One line of a text, and key and value in it if it has them. */
struct line {
	const char *start, *end; /* end is at the newline, or at the end of the text */
	const char *key, *key_end, *value, *value_end;
};

/* The line at *at, which goes on to the next; false at the end of the text. */
bool line_next(const char **at, const char *end, struct line *line);

/* Splits at the first =; false for a comment, an empty line or a line without one. */
bool line_split(struct line *line);

#endif
