// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * record.c - reading and editing "key = value" text.
 *
 * Everything works on memory of the caller or of the record; no locks, no state.
 */
#include "record.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "line.h"
#include "shared/cleanup.h"
#include "shared/number.h"

static size_t count_lines(const char *text, size_t size)
{
	size_t n = 1;

	for (size_t i = 0; i < size; i++)
		n += text[i] == '\n';
	return n;
}

static void add_line(struct record *r, const char *text, const struct line *line)
{
	struct record_line *l = &r->lines[r->count++];

	/* The copy in the record has the same offsets; the separators become zeros there. */
	r->text[line->key_end - text] = 0;
	r->text[line->value_end - text] = 0;
	l->key = r->text + (line->key - text);
	l->value = r->text + (line->value - text);
}

int record_parse(const char *text, size_t size, struct record *record)
{
	struct record r = { .size = size };
	const char *at = text;
	struct line line;

	r.text = malloc(size + 1);
	r.lines = calloc(count_lines(text, size), sizeof(*r.lines));
	if (!r.text || !r.lines) {
		free(r.text);
		free(r.lines);
		return -ENOMEM;
	}
	memcpy(r.text, text, size);
	r.text[size] = 0;
	while (line_next(&at, text + size, &line))
		if (line_split(&line))
			add_line(&r, text, &line);
	*record = r;
	return 0;
}

int record_read(int dir, const char *path, struct record *record)
{
	size_t size;
	char *text;
	int err;

	*record = (struct record){ 0 };
	err = file_read(dir, path, RECORD_MAX, &text, &size);
	if (err)
		return err;
	err = record_parse(text, size, record);
	record_text_free(text, size);
	return err;
}

void record_free(struct record *record)
{
	record_text_free(record->text, record->size);
	free(record->lines);
	*record = (struct record){ 0 };
}

void record_drop_secrets(struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const char *value = record->lines[i].value;

		if (strstr(record->lines[i].key, ".password"))
			explicit_bzero(record->text + (value - record->text),
				       strlen(value));
	}
}

const char *record_get(const struct record *record, const char *key)
{
	for (size_t i = record->count; i-- > 0;) {
		const char *value = record->lines[i].value;

		if (!strcmp(record->lines[i].key, key))
			return *value && strcmp(value, "<empty>") ? value : NULL;
	}
	return NULL;
}

int record_number(const struct record *record, const char *key, uint64_t max,
		  uint64_t *value)
{
	const char *text = record_get(record, key);

	if (!text)
		return -ENODATA;
	return number_parse(text, 0, max, value) ? -EINVAL : 0;
}

/* Text under construction. Doubling would leave secrets in freed blocks: room is made once. */
struct draft {
	char *text;
	size_t size;
};

static void draft_add(struct draft *d, const char *text, size_t size)
{
	memcpy(d->text + d->size, text, size);
	d->size += size;
}

static void draft_change(struct draft *d, const struct record_change *change)
{
	draft_add(d, change->key, strlen(change->key));
	draft_add(d, " = ", 3);
	draft_add(d, change->value, strlen(change->value));
	draft_add(d, "\n", 1);
}

static const struct record_change *find_change(const struct record_change *changes,
					       size_t count, const struct line *line)
{
	size_t size = (size_t)(line->key_end - line->key);

	for (size_t i = 0; i < count; i++)
		if (strlen(changes[i].key) == size &&
		    !memcmp(changes[i].key, line->key, size))
			return &changes[i];
	return NULL;
}

static bool is_end_of_record(const struct line *line)
{
	static const char mark[] = "# END RECORD";

	return (size_t)(line->end - line->start) >= sizeof(mark) - 1 &&
	       !memcmp(line->start, mark, sizeof(mark) - 1);
}

static void draft_missing(struct draft *d, const struct record_change *changes,
			  size_t count, bool *done)
{
	if (d->size && d->text[d->size - 1] != '\n')
		draft_add(d, "\n", 1);
	for (size_t i = 0; i < count; i++) {
		if (!done[i] && changes[i].value)
			draft_change(d, &changes[i]);
		done[i] = true;
	}
}

static void edit_lines(struct draft *d, const char *text, size_t size,
		       const struct record_change *changes, size_t count, bool *done)
{
	const char *at = text;
	struct line line;

	while (line_next(&at, text + size, &line)) {
		const struct record_change *change = NULL;

		if (line_split(&line))
			change = find_change(changes, count, &line);
		else if (is_end_of_record(&line))
			draft_missing(d, changes, count, done);
		if (!change) {
			draft_add(d, line.start, (size_t)(at - line.start));
			continue;
		}
		/* The first line gets the value; later ones with the same key go. */
		if (!done[change - changes] && change->value)
			draft_change(d, change);
		done[change - changes] = true;
	}
	draft_missing(d, changes, count, done);
}

static bool value_fits_a_line(const struct record_change *change)
{
	return !change->value || !strpbrk(change->value, "\r\n");
}

int record_edit(const char *text, size_t size, const struct record_change *changes,
		size_t count, char **edited, size_t *edited_size)
{
	_cleanup_free_ bool *done = calloc(count + 1, sizeof(*done));
	struct draft d = { 0 };
	size_t room = size + 2;

	for (size_t i = 0; i < count; i++) {
		if (!value_fits_a_line(&changes[i]))
			return -EINVAL;
		room += strlen(changes[i].key) + 4;
		room += changes[i].value ? strlen(changes[i].value) : 0;
	}
	d.text = malloc(room);
	if (!d.text || !done) {
		free(d.text);
		return -ENOMEM;
	}
	edit_lines(&d, text, size, changes, count, done);
	d.text[d.size] = 0;
	*edited = d.text;
	*edited_size = d.size;
	return 0;
}

void record_text_free(char *text, size_t size)
{
	if (text)
		explicit_bzero(text, size);
	free(text);
}
