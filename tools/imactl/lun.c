// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lun.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "doc.h"
#include "shared/cleanup.h"
#include "shared/number.h"

#define FLAT_SPACE     0x4000
#define FLAT_SPACE_MAX 0x3fff
#define PERIPHERAL_MAX 0xff

uint64_t lun_from_bytes(const uint8_t bytes[8])
{
	uint64_t lun = 0;

	for (int i = 6; i >= 0; i -= 2)
		lun = lun << 16 | (uint64_t)bytes[i] << 8 | bytes[i + 1];
	return lun;
}

void lun_to_bytes(uint64_t lun, uint8_t bytes[8])
{
	for (int i = 0; i < 8; i += 2, lun >>= 16) {
		bytes[i] = (uint8_t)(lun >> 8);
		bytes[i + 1] = (uint8_t)lun;
	}
}

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* 16 hexadecimal digits, or 8 pairs with '-' between them. */
static int parse_bytes(const char *text, uint64_t *lun)
{
	size_t step = strlen(text) == 23 ? 3 : 2;
	uint8_t bytes[8];

	if (strlen(text) != 7 * step + 2)
		return -EINVAL;
	for (size_t i = 0; i < 8; i++, text += step) {
		if (!isxdigit((unsigned char)text[0]) ||
		    !isxdigit((unsigned char)text[1]))
			return -EINVAL;
		if (step == 3 && i < 7 && text[2] != '-')
			return -EINVAL;
		bytes[i] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
	}
	*lun = lun_from_bytes(bytes);
	return 0;
}

int lun_parse(const char *text, uint64_t luns[LUN_MEANINGS])
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	uint64_t number;

	if (strlen(text) >= 16 && !hex)
		return parse_bytes(text, &luns[0]) ? -EINVAL : 1;
	if (number_parse(text, 0, UINT64_MAX, &number))
		return -EINVAL;
	luns[0] = number;
	if (hex || number <= PERIPHERAL_MAX || number > FLAT_SPACE_MAX)
		return 1;
	luns[0] = FLAT_SPACE | number;
	luns[1] = number;
	return 2;
}

/*
 * Which number a LUN stands for, by the addressing method of its first byte (SAM-5, 4.7). In
 * peripheral device addressing the first byte names a bus; targets that count on from 255 to 256
 * put the high part of the number there.
 */
static bool lun_number(const uint8_t bytes[8], uint64_t *number, const char **method)
{
	static const char *const methods[] = { "peripheral device", "flat space",
					       "logical unit", "extended" };
	static const uint8_t none[8];
	unsigned kind = bytes[0] >> 6;

	*method = methods[kind];
	*number = ((uint64_t)bytes[0] << 8 | bytes[1]) & FLAT_SPACE_MAX;
	if (kind < 2)
		return !memcmp(bytes + 2, none, 6);
	if (bytes[0] == 0xc1)
		*method = "well known logical unit";
	if (bytes[0] != 0xd2)
		return false;
	*method = "extended flat space";
	*number = (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
	return !memcmp(bytes + 4, none, 4);
}

void lun_document(struct json_object *doc, uint64_t lun)
{
	_cleanup_free_ char *text = lun_text(lun);
	const char *method;
	uint64_t number;
	uint8_t bytes[8];

	lun_to_bytes(lun, bytes);
	if (lun_number(bytes, &number, &method))
		doc_number(doc, "lun", number);
	else
		doc_null(doc, "lun");
	doc_text(doc, "lunAddressing", method);
	doc_hex(doc, "lunBytes", bytes, sizeof(bytes));
	doc_text(doc, "lunText", text);
}

/* Does typing the number lead to this LUN? */
static bool is_typed_as(uint64_t number, uint64_t lun)
{
	_cleanup_free_ char *text = text_format("%llu", (unsigned long long)number);
	uint64_t luns[LUN_MEANINGS];
	int n = lun_parse(text, luns);

	for (int i = 0; i < n; i++)
		if (luns[i] == lun)
			return true;
	return false;
}

char *lun_text(uint64_t lun)
{
	const char *method;
	uint64_t number;
	uint8_t bytes[8];

	lun_to_bytes(lun, bytes);
	if (lun_number(bytes, &number, &method) && is_typed_as(number, lun))
		return text_format("%llu", (unsigned long long)number);
	return text_format("%02x%02x%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1],
			   bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
}
