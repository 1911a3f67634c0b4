// SPDX-License-Identifier: LGPL-2.1-or-later
#include "statement.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "shared/utf8.h"

int problem_set(struct problem *problem, unsigned int line, const char *format, ...)
{
	va_list arguments;
	int n;

	if (problem->text[0])
		return -EINVAL;
	n = snprintf(problem->text, sizeof(problem->text), "%s:%u: ", problem->source,
		     line);
	if (n < 0 || (size_t)n >= sizeof(problem->text))
		n = 0;
	va_start(arguments, format);
	vsnprintf(problem->text + n, sizeof(problem->text) - (size_t)n, format,
		  arguments);
	va_end(arguments);
	return -EINVAL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
}

/* A carriage return before a newline is a blank; so files of other systems can be read. */
static void blank_carriage_returns(char *text, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++)
		if (text[i] == '\r' && text[i + 1] == '\n')
			text[i] = ' ';
}

/* Line by line, so that the message can name the line. */
static int check_characters(char *text, struct problem *problem)
{
	wchar_t wide[2];
	unsigned int line = 1;

	for (char *p = text; *p; line++) {
		char *end = strchrnul(p, '\n');
		char kept = *end;

		for (char *c = p; c < end; c++)
			if (is_control(*c))
				return problem_set(problem, line,
						   "control character 0x%02x",
						   (unsigned char)*c);
		*end = 0;
		/* Too long for wide is fine, that is found out after the check. */
		if (utf8_to_wide(p, wide, 1) == -EILSEQ)
			return problem_set(problem, line, "not UTF-8");
		*end = kept;
		p = kept ? end + 1 : end;
	}
	return 0;
}

int reader_open(struct reader *reader, char *text, size_t length, struct problem *problem)
{
	if (length > SOURCE_MAX_BYTES)
		return problem_set(problem, 1, "longer than %u bytes", SOURCE_MAX_BYTES);
	if (memchr(text, 0, length))
		return problem_set(problem, 1, "holds a zero byte");
	blank_carriage_returns(text, length);
	reader->position = text;
	reader->end = text + length;
	reader->line = 1;
	reader->terminated = 0;
	return check_characters(text, problem);
}

/* The character at the position, also if a word's terminator took its place. */
static char reader_peek(const struct reader *reader)
{
	return reader->terminated ? reader->terminated : *reader->position;
}

static void reader_step(struct reader *reader)
{
	if (reader_peek(reader) == '\n')
		reader->line++;
	reader->terminated = 0;
	if (reader->position < reader->end)
		reader->position++;
}

static void skip_blanks_and_comment(struct reader *reader)
{
	while (is_blank(reader_peek(reader)))
		reader_step(reader);
	if (reader_peek(reader) != '#')
		return;
	while (reader_peek(reader) && reader_peek(reader) != '\n')
		reader_step(reader);
}

/* Copy what stands between quotes to *out. The position is behind the opening quote. */
static int read_quoted(struct reader *reader, char **out, struct problem *problem)
{
	for (;;) {
		char c = *reader->position;

		if (!c || c == '\n')
			return problem_set(problem, reader->line,
					   "missing closing quote");
		reader->position++;
		if (c == '"')
			return 0;
		if (c == '\\') {
			c = *reader->position;
			if (c != '"' && c != '\\')
				return problem_set(
					problem, reader->line,
					"a backslash stands before a quote or a "
					"backslash only");
			reader->position++;
		}
		*(*out)++ = c;
	}
}

static bool ends_word(char c)
{
	return !c || c == '\n' || is_blank(c);
}

/* The text never grows, so a word is put together where it stands. */
static int read_word(struct reader *reader, struct word *word, struct problem *problem)
{
	char *out = reader->position;

	*word = (struct word){ .text = out, .line = reader->line };
	while (!ends_word(*reader->position)) {
		char c = *reader->position++;

		if (c == '"') {
			if (read_quoted(reader, &out, problem) < 0)
				return -EINVAL;
			if (!ends_word(*reader->position))
				return problem_set(problem, reader->line,
						   "text follows the closing quote");
		} else if (c == '=' && !word->value) {
			*out++ = 0;
			word->value = out;
		} else {
			*out++ = c;
		}
	}
	if (out == reader->position)
		reader->terminated = *reader->position;
	*out = 0;
	if (!*word->text)
		return problem_set(problem, word->line, "empty word");
	return 0;
}

/* Words up to the end of the line. */
static int read_line(struct reader *reader, struct statement *statement,
		     struct problem *problem)
{
	for (;;) {
		skip_blanks_and_comment(reader);
		if (!reader_peek(reader))
			return 0;
		if (reader_peek(reader) == '\n') {
			reader_step(reader);
			return 0;
		}
		if (statement->count == STATEMENT_MAX_WORDS)
			return problem_set(problem, reader->line, "more than %d words",
					   STATEMENT_MAX_WORDS);
		if (read_word(reader, &statement->words[statement->count], problem) < 0)
			return -EINVAL;
		statement->count++;
	}
}

int reader_next(struct reader *reader, struct statement *statement,
		struct problem *problem)
{
	statement->count = 0;
	while (reader_peek(reader) && !statement->count) {
		bool indented = is_blank(reader_peek(reader));

		if (read_line(reader, statement, problem) < 0)
			return -EINVAL;
		if (indented && statement->count)
			return problem_set(
				problem, statement->words[0].line,
				"continues nothing: a statement begins in column 1");
	}
	while (is_blank(reader_peek(reader)))
		if (read_line(reader, statement, problem) < 0)
			return -EINVAL;
	if (statement->count)
		statement->line = statement->words[0].line;
	return statement->count > 0;
}
