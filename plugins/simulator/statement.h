/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * statement.h - the words of the scenario and control language, before they mean anything.
 *
 * A statement is a line of words; a line that begins with a blank continues the statement
 * before it. A word is WORD, KEY=VALUE or KEY="VALUE"; inside quotes a backslash keeps the
 * next quote or backslash. A '#' that begins a word begins a comment. ima-simulator(5) is
 * the description for users.
 */
#ifndef SIM_STATEMENT_H
#define SIM_STATEMENT_H

#include <stddef.h>

#define STATEMENT_MAX_WORDS 256
#define SOURCE_MAX_BYTES    (8U << 20)

/* What is wrong with a text: "SOURCE:LINE: what", for people. */
struct problem {
	const char *source; /* name of the text, borrowed */
	char text[480];
};

/* Writes the message unless there is one already. Always -EINVAL, to be returned. */
int problem_set(struct problem *problem, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

struct word {
	char *text;  /* the word, or the key */
	char *value; /* what follows '=', NULL if there is none */
	unsigned int line;
};

struct statement {
	unsigned int line;
	unsigned int count;
	struct word words[STATEMENT_MAX_WORDS];
};

/* A text that is taken apart in place. */
struct reader {
	char *position;
	char *end;
	unsigned int line;
	char terminated; /* the character a terminator overwrote, 0 if none */
};

/*
 * text has length bytes, is writable, and text[length] is 0. The statements point into it.
 * 0, or -EINVAL if it holds a byte no text has or is too long.
 */
int reader_open(struct reader *reader, char *text, size_t length,
		struct problem *problem);

/* 1 and the next statement, 0 at the end, or -EINVAL. */
int reader_next(struct reader *reader, struct statement *statement,
		struct problem *problem);

#endif
