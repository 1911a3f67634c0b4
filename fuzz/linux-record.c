// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * linux-record.c - the files of open-iscsi with any content: what is read, changed and read again.
 *
 * The first line is the value that is set; the rest is the file.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

#include "plugins/linux/initiator-file.h"
#include "plugins/linux/record.h"
#include "shared/cleanup.h"
#include "shared/iscsi-name.h"

#define KEY "node.session.timeo.replacement_timeout"

static void check_lines(const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const char *key = record->lines[i].key;

		CHECK(*key && !strpbrk(key, "\n="));
		CHECK(!strchr(record->lines[i].value, '\n'));
	}
}

/* What was written is what is read; "<empty>" and nothing are none. */
static void check_value(const char *text, size_t size, const char *key, const char *value)
{
	struct record _cleanup_record_ record = { 0 };
	const char *got;

	CHECK(!record_parse(text, size, &record));
	check_lines(&record);
	got = record_get(&record, key);
	if (value && *value && strcmp(value, "<empty>"))
		CHECK(got && !strcmp(got, value));
	else
		CHECK(!got);
	if (value && !strcmp(key, INITIATOR_NAME))
		CHECK(initiator_is_found(&record) && !initiator_is_replaced(&record));
}

static size_t count_lines(const char *text, size_t size)
{
	size_t n = size && text[size - 1] != '\n';

	for (size_t i = 0; i < size; i++)
		n += text[i] == '\n';
	return n;
}

static void change_record(const char *text, size_t size, const char *value)
{
	const struct record_change change = { KEY, value };
	size_t edited_size, again_size;
	char *edited, *again;

	if (value && strchr(value, '\r')) {
		CHECK(record_edit(text, size, &change, 1, &edited, &edited_size) ==
		      -EINVAL);
		return;
	}
	CHECK(!record_edit(text, size, &change, 1, &edited, &edited_size));
	check_value(edited, edited_size, KEY, value);
	CHECK(!record_edit(edited, edited_size, &change, 1, &again, &again_size));
	CHECK(again_size == edited_size && !memcmp(again, edited, edited_size));
	CHECK(count_lines(edited, edited_size) <= count_lines(text, size) + 1);
	record_text_free(edited, edited_size);
	record_text_free(again, again_size);
}

static void change_initiator(const char *text, size_t size, const char *key,
			     const char *value)
{
	const struct record_change change = { key, value };
	size_t edited_size, again_size;
	char *edited, *again;

	if (value && strchr(value, '\r')) {
		CHECK(initiator_edit(text, size, &change, &edited, &edited_size) ==
		      -EINVAL);
		return;
	}
	CHECK(!initiator_edit(text, size, &change, &edited, &edited_size));
	check_value(edited, edited_size, key, value);
	CHECK(!initiator_edit(edited, edited_size, &change, &again, &again_size));
	CHECK(again_size == edited_size && !memcmp(again, edited, edited_size));
	record_text_free(edited, edited_size);
	record_text_free(again, again_size);
}

/* No blanks around it, as those who set it see to. */
static char *value_of(const uint8_t *data, size_t size)
{
	static const char blanks[] = " \t\r";
	char *value = malloc(size + 1), *end;

	CHECK(value);
	memcpy(value, data, size);
	value[size] = 0;
	memmove(value, value + strspn(value, blanks),
		strlen(value + strspn(value, blanks)) + 1);
	for (end = value + strlen(value); end > value && strchr(blanks, end[-1]);)
		*--end = 0;
	return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	_cleanup_free_ char *value = NULL;
	struct record record;
	const char *text;

	if (!newline)
		return 0;
	value = value_of(data, (size_t)(newline - data));
	text = (const char *)newline + 1;
	size -= (size_t)(newline + 1 - data);
	if (record_parse(text, size, &record))
		return 0;
	check_lines(&record);
	record_drop_secrets(&record);
	record_free(&record);
	change_record(text, size, value);
	change_record(text, size, NULL);
	change_initiator(text, size, INITIATOR_ALIAS, value);
	change_initiator(text, size, INITIATOR_ALIAS, NULL);
	if (!iscsi_name_check(value, NULL))
		change_initiator(text, size, INITIATOR_NAME, value);
	return 0;
}
