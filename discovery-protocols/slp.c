// SPDX-License-Identifier: LGPL-2.1-or-later
#include "discovery-protocols/slp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "discovery-protocols/bytes.h"
#include "shared/number.h"

#define VERSION	      2
#define IS_CUT	      0x8000
#define IS_MULTICAST  0x2000
#define LANGUAGE      "en"
#define LENGTH_OFFSET 2

/* --- Requests ------------------------------------------------------------------------------- */

static void write_text(struct writer *writer, const char *text)
{
	size_t size = strlen(text);

	if (size > UINT16_MAX)
		writer->is_full = true;
	write_number(writer, (uint32_t)size, 2);
	write_piece(writer, text, size);
}

static void write_length(uint8_t *message, size_t size)
{
	struct writer writer = { message + LENGTH_OFFSET, 3, false };

	write_number(&writer, (uint32_t)size, 3);
}

int slp_request_write(const struct slp_request *request, uint8_t *out, size_t size,
		      size_t *used)
{
	struct writer writer = { out, size, false };

	write_number(&writer, VERSION, 1);
	write_number(&writer, SLP_SERVICE_REQUEST, 1);
	write_number(&writer, 0, 3); /* length, see below */
	write_number(&writer, request->is_multicast ? IS_MULTICAST : 0, 2);
	write_number(&writer, 0, 3); /* no extension */
	write_number(&writer, request->transaction, 2);
	write_text(&writer, LANGUAGE);
	write_text(&writer, request->responders);
	write_text(&writer, request->type);
	write_text(&writer, request->scopes);
	write_text(&writer, request->predicate);
	write_text(&writer, ""); /* no security parameter */
	if (writer.is_full)
		return -EMSGSIZE;
	*used = (size_t)(writer.at - out);
	write_length(out, *used);
	return 0;
}

/* --- Answers -------------------------------------------------------------------------------- */

int slp_message_length(const uint8_t *data, size_t size)
{
	struct reader reader = { data, size, false };
	uint32_t version, length;

	if (size && data[0] != VERSION)
		return -EPROTO;
	version = read_number(&reader, 1);
	read_number(&reader, 1);
	length = read_number(&reader, 3);
	if (reader.is_bad || !version)
		return 0;
	if (length < SLP_HEADER_MIN)
		return -EPROTO;
	return length > SLP_MESSAGE_MAX ? -EMSGSIZE : (int)length;
}

static struct slp_text read_text(struct reader *reader)
{
	size_t size = read_number(reader, 2);
	const uint8_t *piece = read_piece(reader, size);

	return (struct slp_text){ (const char *)piece, piece ? size : 0 };
}

int slp_message_read(const uint8_t *data, size_t size, struct slp_message *message)
{
	struct reader reader = { data, size, false };
	struct slp_message read;
	uint32_t length;

	if (read_number(&reader, 1) != VERSION)
		return -EPROTO;
	read.function = (uint8_t)read_number(&reader, 1);
	length = read_number(&reader, 3);
	read.is_cut = read_number(&reader, 2) & IS_CUT;
	read_number(&reader, 3); /* extensions come last, and none is of interest */
	read.transaction = (uint16_t)read_number(&reader, 2);
	read_text(&reader); /* language */
	read.error = (uint16_t)read_number(&reader, 2);
	/* What is cut tells how long it would have been. */
	if (reader.is_bad || (read.is_cut ? length < SLP_HEADER_MIN : length != size))
		return -EPROTO;
	read.body = reader.at;
	read.size = reader.left;
	*message = read;
	return 0;
}

const char *slp_error_text(uint16_t error)
{
	static const char *const texts[] = {
		"no error",
		"language not supported",
		"parse error",
		"invalid registration",
		"scope not supported",
		"authentication unknown",
		"authentication absent",
		"authentication failed",
		"error 8",
		"version not supported",
		"internal error",
		"directory agent busy",
		"option not understood",
		"invalid update",
		"request not supported",
		"refresh rejected",
	};

	return error < sizeof(texts) / sizeof(texts[0]) ? texts[error]
							: "error of the future";
}

static void skip_authentication(struct reader *reader)
{
	uint32_t blocks = read_number(reader, 1);

	for (uint32_t i = 0; i < blocks && !reader->is_bad; i++) {
		uint32_t length;

		read_number(reader, 2); /* kind of block */
		length = read_number(reader, 2);
		if (length < 4)
			reader->is_bad = true; /* it counts itself */
		else
			read_piece(reader, length - 4);
	}
}

static struct slp_text read_url(struct reader *reader)
{
	struct slp_text url;

	read_number(reader, 1); /* reserved */
	read_number(reader, 2); /* lifetime: what is here is asked again anyway */
	url = read_text(reader);
	skip_authentication(reader);
	return url;
}

int slp_urls(const struct slp_message *message,
	     int (*take)(void *user, struct slp_text url), void *user)
{
	struct reader reader = { message->body, message->size, false };
	uint32_t count = read_number(&reader, 2);
	int result = 0;

	for (uint32_t i = 0; i < count && !result; i++) {
		struct slp_text url = read_url(&reader);

		if (reader.is_bad)
			break;
		result = take(user, url);
	}
	if (result)
		return result;
	return reader.is_bad && !message->is_cut ? -EPROTO : 0;
}

int slp_directory_agent(const struct slp_message *message, struct slp_text *url)
{
	struct reader reader = { message->body, message->size, false };

	read_number(&reader, 4); /* since when it runs */
	*url = read_text(&reader);
	return reader.is_bad ? -EPROTO : 0;
}

/* --- URLs ----------------------------------------------------------------------------------- */

/* Cuts off what comes before any of the characters; the rest begins with it, or is empty. */
static struct slp_text cut(struct slp_text *text, const char *ends)
{
	struct slp_text piece = { text->at, 0 };

	while (piece.size < text->size &&
	       !memchr(ends, text->at[piece.size], strlen(ends)))
		piece.size++;
	text->at += piece.size;
	text->size -= piece.size;
	return piece;
}

/* Whether it begins with this, in any case; then it is cut off. */
static bool skip(struct slp_text *text, const char *beginning)
{
	size_t size = strlen(beginning);

	if (text->size < size || strncasecmp(text->at, beginning, size) != 0)
		return false;
	text->at += size;
	text->size -= size;
	return true;
}

static int copy(struct slp_text from, char *out, size_t size)
{
	if (from.size >= size || memchr(from.at, 0, from.size))
		return -EINVAL;
	memcpy(out, from.at, from.size);
	out[from.size] = 0;
	return 0;
}

static int take_port(struct slp_text text, uint16_t *port)
{
	char digits[6];
	uint64_t value;

	if (copy(text, digits, sizeof(digits)) || digits[0] == '0' ||
	    number_parse(digits, 1, UINT16_MAX, &value))
		return -EINVAL;
	*port = (uint16_t)value;
	return 0;
}

/* Host and port; IPv6 is in brackets. */
static int take_host(struct slp_text text, struct slp_service *service)
{
	struct slp_text host;

	if (skip(&text, "[")) {
		host = cut(&text, "]");
		if (!skip(&text, "]"))
			return -EINVAL;
	} else {
		host = cut(&text, ":");
	}
	if (!host.size || copy(host, service->host, sizeof(service->host)))
		return -EINVAL;
	service->port = 0;
	if (skip(&text, ":"))
		return take_port(text, &service->port);
	return text.size ? -EINVAL : 0;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c | ('A' <= c && c <= 'F' ? 0x20 : 0))
			      : NULL;

	return found ? (int)(found - digits) : -1;
}

/* The next character, "%41" being "A"; -1: there is none, and never 0. */
static int next_character(struct slp_text *text)
{
	int high, low, c;

	if (!skip(text, "%")) {
		c = (unsigned char)*text->at;
		text->at++;
		text->size--;
		return c ? c : -1;
	}
	if (text->size < 2)
		return -1;
	high = digit(text->at[0]);
	low = digit(text->at[1]);
	text->at += 2;
	text->size -= 2;
	return high < 0 || low < 0 || !(high | low) ? -1 : high << 4 | low;
}

static int unescape(struct slp_text from, char *out, size_t size)
{
	size_t used = 0;

	while (from.size) {
		int c = next_character(&from);

		if (c < 0 || used + 1 >= size)
			return -EINVAL;
		out[used++] = (char)c;
	}
	out[used] = 0;
	return 0;
}

int slp_service_parse(struct slp_text url, const char *type, struct slp_service *service)
{
	struct slp_service read = { .port = 0 };

	if (!skip(&url, type) || !skip(&url, "://") || take_host(cut(&url, "/;"), &read))
		return -EINVAL;
	if (skip(&url, "/") && unescape(cut(&url, "/;"), read.name, sizeof(read.name)))
		return -EINVAL;
	*service = read;
	return 0;
}
