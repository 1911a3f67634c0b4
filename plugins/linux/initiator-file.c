// SPDX-License-Identifier: LGPL-2.1-or-later
#include "initiator-file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "shared/cleanup.h"

/* Around a value, where iscsid sees its line and a shell none. */
static const char *const shield[] = {
	"# Text, not a word: shells skip it.",
	": <<'END-OF-TEXT'",
	"END-OF-TEXT",
};

/* What a shell takes as it is, and every byte of UTF-8. */
static bool is_word(const char *value)
{
	static const char harmless[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789.:-_,+@%/=";

	while (*value && (strchr(harmless, *value) || (unsigned char)*value >= 0x80))
		value++;
	return !*value;
}

static void put(FILE *out, const struct record_change *change)
{
	bool word = is_word(change->value);

	if (!word)
		fprintf(out, "%s\n%s\n", shield[0], shield[1]);
	fprintf(out, "%s=%s\n", change->key, change->value);
	if (!word)
		fprintf(out, "%s\n", shield[2]);
}

bool initiator_is_found(const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct record_line *line = &record->lines[i];
		/* The end of the line before became the end of its value, if it has one. */
		bool first = line->key == record->text || !line->key[-1] ||
			     line->key[-1] == '\n';

		if (first && !strcmp(line->key, INITIATOR_NAME) &&
		    line->value == line->key + sizeof(INITIATOR_NAME))
			return true;
	}
	return false;
}

bool initiator_is_replaced(const struct record *record)
{
	const char *value = record_get(record, INITIATOR_GENERATE);

	return value && !strcmp(value, "yes");
}

static bool is_text(const char *text, const char *start, const char *end)
{
	return strlen(text) == (size_t)(end - start) &&
	       !memcmp(text, start, strlen(text));
}

static bool assigns(const struct line *line, const char *key)
{
	return line->key && is_text(key, line->key, line->key_end);
}

/* Does the line go together with the old value? */
static bool is_obsolete(const struct line *line, const char *key)
{
	if (!strcmp(key, INITIATOR_NAME))
		return assigns(line, INITIATOR_GENERATE);
	for (size_t i = 0; i < ARRAY_SIZE(shield); i++)
		if (is_text(shield[i], line->start, line->end))
			return true;
	return false;
}

/* The first line with the key gets the value; others with it go. */
static void edit_lines(FILE *out, const char *text, size_t size,
		       const struct record_change *change)
{
	bool missing = change->value;
	const char *at = text;
	struct line line;

	while (line_next(&at, text + size, &line)) {
		if (!line_split(&line))
			line.key = NULL;
		if (assigns(&line, change->key)) {
			if (missing)
				put(out, change);
			missing = false;
		} else if (!is_obsolete(&line, change->key)) {
			fwrite(line.start, 1, (size_t)(line.end - line.start), out);
			fputc('\n', out);
		}
	}
	if (missing)
		put(out, change);
}

int initiator_edit(const char *text, size_t size, const struct record_change *change,
		   char **edited, size_t *edited_size)
{
	char *result = NULL;
	FILE *out;
	bool failed;

	if (change->value && strpbrk(change->value, "\r\n"))
		return -EINVAL;
	out = open_memstream(&result, edited_size);
	if (!out)
		return -ENOMEM;
	edit_lines(out, text, size, change);
	failed = ferror(out);
	if (fclose(out) || failed) {
		free(result);
		return -ENOMEM;
	}
	*edited = result;
	return 0;
}
