// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shared/cleanup.h"
#include "shared/utf8.h"

void out_of_memory(void)
{
	fputs("imactl: out of memory\n", stderr);
	exit(1);
}

void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		out_of_memory();
	return memory;
}

static struct json_object *checked(struct json_object *value)
{
	if (!value)
		out_of_memory();
	return value;
}

struct json_object *doc_new(void)
{
	return checked(json_object_new_object());
}

struct json_object *doc_array(void)
{
	return checked(json_object_new_array());
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text > 0x7f)
			return false;
	return true;
}

/* A document is UTF-8, whatever was typed. */
struct json_object *doc_string(const char *text)
{
	_cleanup_free_ char *valid = is_ascii(text) ? NULL : text_repaired(text);

	return checked(json_object_new_string(valid ? valid : text));
}

void doc_push(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value))
		out_of_memory();
}

void doc_add(struct json_object *doc, const char *key, struct json_object *value)
{
	if (json_object_object_add_ex(doc, key, value, JSON_C_OBJECT_ADD_CONSTANT_KEY))
		out_of_memory();
}

void doc_null(struct json_object *doc, const char *key)
{
	doc_add(doc, key, NULL);
}

void doc_text(struct json_object *doc, const char *key, const char *text)
{
	doc_add(doc, key, text && *text ? doc_string(text) : NULL);
}

void doc_number(struct json_object *doc, const char *key, uint64_t number)
{
	doc_add(doc, key, checked(json_object_new_uint64(number)));
}

void doc_bool(struct json_object *doc, const char *key, bool value)
{
	doc_add(doc, key, checked(json_object_new_boolean(value)));
}

void doc_xbool(struct json_object *doc, const char *key, IMA_XBOOL value)
{
	if (value == IMA_TRUE || value == IMA_FALSE)
		doc_bool(doc, key, value == IMA_TRUE);
	else
		doc_null(doc, key);
}

void doc_wide(struct json_object *doc, const char *key, const IMA_WCHAR *text,
	      size_t size)
{
	_cleanup_free_ char *utf8 = text_of_wide(text, size);

	doc_text(doc, key, utf8);
}

void doc_ascii(struct json_object *doc, const char *key, const uint8_t *bytes,
	       size_t length)
{
	_cleanup_free_ char *text = allocate(1, length + 1);

	while (length && (bytes[length - 1] == ' ' || !bytes[length - 1]))
		length--;
	for (size_t i = 0; i < length; i++)
		text[i] = (char)(bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
	doc_text(doc, key, text);
}

void doc_hex(struct json_object *doc, const char *key, const uint8_t *bytes,
	     size_t length)
{
	static const char digits[] = "0123456789abcdef";
	_cleanup_free_ char *text = allocate(2, length + 1);

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	doc_add(doc, key, doc_string(text));
}

void doc_time(struct json_object *doc, const char *key, const IMA_DATETIME *time)
{
	char text[64] = "";

	if (time->tm_year || time->tm_mon || time->tm_mday)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", time);
	doc_text(doc, key, text);
}

struct json_object *doc_get(struct json_object *doc, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(doc, key, &value);
	return value;
}

const char *doc_get_text(struct json_object *doc, const char *key)
{
	struct json_object *value = doc_get(doc, key);

	return value ? json_object_get_string(value) : NULL;
}

uint64_t doc_get_number(struct json_object *doc, const char *key)
{
	return json_object_get_uint64(doc_get(doc, key));
}

/* A copy of text in which everything that is no character is U+FFFD. */
static IMA_WCHAR *repaired(const IMA_WCHAR *text, size_t size)
{
	IMA_WCHAR *copy = allocate(size + 1, sizeof(*copy));

	for (size_t i = 0; i < size && text[i]; i++)
		copy[i] = utf8_from_wide(&text[i], 1, NULL, 0) < 0 ? 0xfffd : text[i];
	return copy;
}

char *text_of_wide(const IMA_WCHAR *text, size_t size)
{
	_cleanup_free_ IMA_WCHAR *copy = NULL;
	int length = utf8_from_wide(text, size, NULL, 0);
	char *out;

	if (length < 0) {
		text = copy = repaired(text, size);
		length = utf8_from_wide(text, size, NULL, 0);
	}
	out = allocate(1, (size_t)length + 1);
	if (utf8_from_wide(text, size, out, (size_t)length + 1) < 0)
		out_of_memory();
	return out;
}

char *text_repaired(const char *text)
{
	size_t size = strlen(text) + 1;
	_cleanup_free_ IMA_WCHAR *wide = allocate(size, sizeof(*wide));

	utf8_to_wide_lossy(text, wide, size);
	return text_of_wide(wide, size);
}

char *text_format(const char *format, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vasprintf(&text, format, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	return text;
}
