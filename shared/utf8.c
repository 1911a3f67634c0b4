// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shared/utf8.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_code_point(uint32_t c)
{
	return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

static int encode(uint32_t c, char out[4])
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (int i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n > 1 ? n : 0] | c);
	return n;
}

int utf8_from_wide(const wchar_t *wide, size_t max, char *out, size_t size)
{
	size_t n = 0;
	char one[4];

	for (size_t i = 0; i < max && wide[i]; i++) {
		if (!is_code_point((uint32_t)wide[i]))
			return -EILSEQ;
		n += (size_t)encode((uint32_t)wide[i], one);
	}
	if (!out)
		return (int)n;
	if (n >= size)
		return -ENAMETOOLONG;
	n = 0;
	for (size_t i = 0; i < max && wide[i]; i++)
		n += (size_t)encode((uint32_t)wide[i], out + n);
	out[n] = 0;
	return (int)n;
}

/* How many bytes a sequence has that begins with this one; 0 if none does. */
static int sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc0 || lead >= 0xf8)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static int decode(const unsigned char *text, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int n = sequence_length(text[0]);

	if (n <= 1) {
		*c = text[0];
		return n;
	}
	*c = text[0] & (0x7fU >> n);
	for (int i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (text[i] & 0x3f);
	}
	return *c >= least[n] && is_code_point(*c) ? n : 0;
}

int utf8_decode(const char *text, uint32_t *c)
{
	return decode((const unsigned char *)text, c);
}

int utf8_to_wide(const char *text, wchar_t *wide, size_t count)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t points = 0;
	uint32_t c;

	for (int n; *p; p += n, points++) {
		n = decode(p, &c);
		if (!n)
			return -EILSEQ;
	}
	if (points >= count)
		return -ENAMETOOLONG;
	utf8_to_wide_lossy(text, wide, count);
	return (int)points;
}

void utf8_to_wide_lossy(const char *text, wchar_t *wide, size_t count)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t i = 0;

	for (; *p && i + 1 < count; i++) {
		uint32_t c;
		int n = decode(p, &c);

		wide[i] = n ? (wchar_t)c : 0xfffd;
		p += n ? n : 1;
	}
	memset(wide + i, 0, (count - i) * sizeof(*wide));
}
