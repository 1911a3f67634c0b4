// SPDX-License-Identifier: LGPL-2.1-or-later
#include "iscsi/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/number.h"

#define TEXT_OUT_MAX \
	65536 /* nothing we say is that long; answers to a hostile peer could be */

void iscsi_text_reader_init(struct iscsi_text_reader *reader, size_t max_pairs,
			    size_t max_bytes)
{
	memset(reader, 0, sizeof(*reader));
	reader->pairs_left = max_pairs;
	reader->bytes_left = max_bytes;
}

void iscsi_text_reader_free(struct iscsi_text_reader *reader)
{
	free(reader->part);
	reader->part = NULL;
	reader->have = 0;
}

static int malformed(struct iscsi_error *error, const char *key, size_t length,
		     const char *what)
{
	char shown[48];

	iscsi_printable(key, length, shown, sizeof(shown));
	iscsi_error_set(error, ISCSI_FAILED_PROTOCOL, -EPROTO,
			"the target sent malformed text: %s (\"%s\")", what, shown);
	return -EPROTO;
}

static int too_much(struct iscsi_error *error, const char *what)
{
	iscsi_error_set(error, ISCSI_FAILED_PROTOCOL, -EPROTO,
			"the target sends %s than any answer needs", what);
	return -EPROTO;
}

/* One terminated pair at text, length bytes without the terminator. */
static int read_pair(struct iscsi_text_reader *reader, const char *text, size_t length,
		     text_pair_fn *pair, void *user, struct iscsi_error *error)
{
	const char *equals = memchr(text, '=', length);
	char key[TEXT_KEY_MAX + 1];
	size_t n;

	/* Some targets fill up with zeros what the padding would have filled. */
	if (!length)
		return 0;
	if (!reader->pairs_left--)
		return too_much(error, "more keys");
	if (!equals)
		return malformed(error, text, length, "a key without a value");
	n = (size_t)(equals - text);
	if (!n || n > TEXT_KEY_MAX)
		return malformed(error, text, length,
				 "a key of no or too many characters");
	memcpy(key, text, n);
	key[n] = 0;
	return pair(user, key, equals + 1, error);
}

/* Keep length bytes of a pair that goes on in the next PDU. */
static int keep(struct iscsi_text_reader *reader, const char *text, size_t length,
		struct iscsi_error *error)
{
	char *part;

	if (reader->have + length > TEXT_PAIR_MAX)
		return malformed(error, reader->have ? reader->part : text,
				 reader->have ? reader->have : length,
				 "a pair that is too long");
	if (!length)
		return 0;
	part = realloc(reader->part, reader->have + length + 1);
	if (!part) {
		iscsi_error_set(error, ISCSI_FAILED_LOCAL, -ENOMEM, "out of memory");
		return -ENOMEM;
	}
	memcpy(part + reader->have, text, length);
	reader->part = part;
	reader->have += length;
	part[reader->have] = 0;
	return 0;
}

/* The pair in reader->part is complete; it is released whatever comes of it. */
static int read_kept(struct iscsi_text_reader *reader, text_pair_fn *pair, void *user,
		     struct iscsi_error *error)
{
	char *part = reader->part;
	size_t length = reader->have;
	int err;

	reader->part = NULL;
	reader->have = 0;
	err = read_pair(reader, part, length, pair, user, error);
	free(part);
	return err;
}

static int read_one(struct iscsi_text_reader *reader, const char *text, size_t length,
		    text_pair_fn *pair, void *user, struct iscsi_error *error)
{
	int err;

	if (!reader->have) {
		if (length > TEXT_PAIR_MAX)
			return malformed(error, text, length, "a pair that is too long");
		return read_pair(reader, text, length, pair, user, error);
	}
	err = keep(reader, text, length, error);
	return err ? err : read_kept(reader, pair, user, error);
}

int iscsi_text_read(struct iscsi_text_reader *reader, const uint8_t *data, size_t length,
		    bool last, text_pair_fn *pair, void *user, struct iscsi_error *error)
{
	const char *text = (const char *)data;
	const char *end;
	int err;

	if (length > reader->bytes_left)
		return too_much(error, "more text");
	reader->bytes_left -= length;
	while (length && (end = memchr(text, 0, length))) {
		size_t n = (size_t)(end - text);

		err = read_one(reader, text, n, pair, user, error);
		if (err)
			return err;
		text += n + 1;
		length -= n + 1;
	}
	err = keep(reader, text, length, error);
	if (!err && last && reader->have)
		err = malformed(error, reader->part, reader->have,
				"no end of the last pair");
	return err;
}

static char *make_room(struct iscsi_text *text, size_t length)
{
	size_t size = text->size ? text->size : 512;
	char *data;

	while (size < text->length + length)
		size *= 2;
	if (text->failed || size > TEXT_OUT_MAX) {
		text->failed = true;
		return NULL;
	}
	if (size != text->size) {
		/* Not realloc: it would leave what may be a CHAP response behind. */
		data = malloc(size);
		if (!data) {
			text->failed = true;
			return NULL;
		}
		if (text->length)
			memcpy(data, text->data, text->length);
		if (text->data)
			explicit_bzero(text->data, text->size);
		free(text->data);
		text->data = data;
		text->size = size;
	}
	return text->data + text->length;
}

void iscsi_text_add(struct iscsi_text *text, const char *key, const char *value)
{
	size_t n = strlen(key), v = strlen(value);
	char *at = make_room(text, n + v + 2);

	if (!at)
		return;
	memcpy(at, key, n);
	at[n] = '=';
	memcpy(at + n + 1, value, v + 1);
	text->length += n + v + 2;
}

void iscsi_text_add_number(struct iscsi_text *text, const char *key, uint32_t value)
{
	char digits[16];

	snprintf(digits, sizeof(digits), "%u", value);
	iscsi_text_add(text, key, digits);
}

void iscsi_text_add_binary(struct iscsi_text *text, const char *key, const uint8_t *value,
			   size_t length)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = strlen(key);
	char *at = make_room(text, n + 2 * length + 4);

	if (!at)
		return;
	memcpy(at, key, n);
	memcpy(at + n, "=0x", 3);
	at += n + 3;
	for (size_t i = 0; i < length; i++) {
		*at++ = digits[value[i] >> 4];
		*at++ = digits[value[i] & 15];
	}
	*at = 0;
	text->length += n + 2 * length + 4;
}

void iscsi_text_free(struct iscsi_text *text)
{
	if (text->data)
		explicit_bzero(text->data, text->size);
	free(text->data);
	memset(text, 0, sizeof(*text));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* An odd number of digits means a leading zero. */
static int from_hex(const char *text, uint8_t *out, size_t size)
{
	size_t length = strlen(text), n = (length + 1) / 2;
	unsigned int byte = 0;

	if (!length || n > size)
		return length ? -ENAMETOOLONG : -EINVAL;
	for (size_t i = 0; i < length; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return -EINVAL;
		byte = byte << 4 | (unsigned int)digit;
		if (!((length - i - 1) & 1))
			out[(i + (length & 1)) / 2] = (uint8_t)byte;
	}
	return (int)n;
}

static int base64_digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Padding may be left out; if it is there, it fills up to a multiple of four. */
static bool is_padding(const char *text, size_t digits)
{
	size_t n = strspn(text, "=");

	return !text[n] && n <= 2 && (!n || (digits + n) % 4 == 0);
}

/* Six bits for each digit; what is left over of them must be zero. */
static int from_base64(const char *text, uint8_t *out, size_t size)
{
	size_t length = strcspn(text, "="), n = length * 3 / 4, at = 0;
	uint32_t bits = 0;

	if (!length || length % 4 == 1 || !is_padding(text + length, length))
		return -EINVAL;
	if (n > size)
		return -ENAMETOOLONG;
	for (size_t i = 0; i < length; i++) {
		int digit = base64_digit(text[i]);

		if (digit < 0)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)digit;
		if (i % 4)
			out[at++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
	}
	return bits & ((1U << (length * 6 % 8)) - 1) ? -EINVAL : (int)n;
}

int iscsi_text_binary(const char *value, uint8_t *out, size_t size)
{
	if (value[0] == '0' && (value[1] | 0x20) == 'x')
		return from_hex(value + 2, out, size);
	if (value[0] == '0' && (value[1] | 0x20) == 'b')
		return from_base64(value + 2, out, size);
	return -EINVAL;
}

int iscsi_text_number(const char *value, uint32_t min, uint32_t max, uint32_t *number)
{
	uint64_t wide;
	int err = number_parse(value, min, max, &wide);

	if (!err)
		*number = (uint32_t)wide;
	return err;
}

bool iscsi_text_list_has(const char *list, const char *item)
{
	size_t n = strlen(item);

	for (;;) {
		size_t length = strcspn(list, ",");

		if (length == n && !memcmp(list, item, n))
			return true;
		if (!list[length])
			return false;
		list += length + 1;
	}
}
