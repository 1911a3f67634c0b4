// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shared/iscsi-name.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "shared/ascii.h"
#include "shared/cleanup.h"
#include "shared/utf8.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Whether RFC 3722 lets a code point beyond ASCII stand in a name; a short form of its tables. */
static bool is_allowed(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} prohibited[] = {
		{ 0x80, 0xa0 },	       { 0x340, 0x341 },   { 0x6dd, 0x6dd },
		{ 0x70f, 0x70f },      { 0x1680, 0x1680 }, { 0x180e, 0x180e },
		{ 0x2000, 0x200f },    { 0x2028, 0x202f }, { 0x205f, 0x206f },
		{ 0x2ff0, 0x2ffb },    { 0x3000, 0x3002 }, { 0xe000, 0xf8ff },
		{ 0xfdd0, 0xfdef },    { 0xfeff, 0xfeff }, { 0xfff0, 0xffff },
		{ 0xe0000, 0x10ffff },
	};

	if (c < 0x80)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(prohibited); i++)
		if (c >= prohibited[i].first && c <= prohibited[i].last)
			return false;
	return true;
}

static const char *check_characters(const char *name)
{
	static const struct ascii_set plain = { ASCII_DIGITS | ASCII_BIT('-') |
							ASCII_BIT('.') | ASCII_BIT(':'),
						ASCII_LETTERS | ASCII_BIT('_') };
	bool is_good = true;
	uint32_t c;

	for (int n; *(name += ascii_span(name, &plain)); name += n) {
		n = utf8_decode(name, &c);
		if (!n)
			return "is not UTF-8";
		is_good &= is_allowed(c);
	}
	return is_good ? NULL : "holds a character that is not allowed in an iSCSI name";
}

/* yyyy-mm. at text */
static bool is_date(const char *text)
{
	for (int i = 0; i < 7; i++)
		if (i == 4 ? text[i] != '-' : !is_digit(text[i]))
			return false;
	return text[7] == '.' && memcmp(text + 5, "01", 2) >= 0 &&
	       memcmp(text + 5, "12", 2) <= 0;
}

/* The reversed domain name after the date, up to a colon or the end. */
static const char *check_authority(const char *text)
{
	size_t length = strcspn(text, ":");

	if (!length || text[0] == '.' || text[length - 1] == '.')
		return "has no naming authority after its date";
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.' && text[i + 1] == '.')
			return "has an empty label in its naming authority";
		if (text[i] == '_')
			return "has an underscore in its naming authority";
	}
	return NULL;
}

static const char *check_iqn(const char *text)
{
	if (!is_date(text))
		return "has no date of the form yyyy-mm. after iqn.";
	return check_authority(text + 8);
}

static bool is_all_hex(const char *text)
{
	for (; *text; text++)
		if (!is_hex(*text))
			return false;
	return true;
}

static const char *check_eui(const char *text)
{
	return strlen(text) == 16 && is_all_hex(text)
		       ? NULL
		       : "does not have 16 hexadecimal digits after eui.";
}

static const char *check_naa(const char *text)
{
	return (strlen(text) == 16 || strlen(text) == 32) && is_all_hex(text)
		       ? NULL
		       : "does not have 16 or 32 hexadecimal digits after naa.";
}

static const char *check_form(const char *name)
{
	static const struct {
		const char *prefix;
		const char *(*check)(const char *rest);
	} forms[] = { { "iqn.", check_iqn },
		      { "eui.", check_eui },
		      { "naa.", check_naa } };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (!strncasecmp(name, forms[i].prefix, 4))
			return forms[i].check(name + 4);
	return "does not begin with iqn., eui. or naa.";
}

int iscsi_name_check(const char *name, const char **why)
{
	const char *ignored;

	if (!why)
		why = &ignored;
	*why = "is longer than 223 bytes";
	if (strlen(name) > ISCSI_NAME_MAX)
		return -ENAMETOOLONG;
	*why = *name ? check_characters(name) : "is empty";
	if (!*why)
		*why = check_form(name);
	return *why ? -EINVAL : 0;
}
