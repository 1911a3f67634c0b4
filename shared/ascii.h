/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ascii.h - sets of ASCII characters as constants: strspn() would read its set at each call. */
#ifndef SHARED_ASCII_H
#define SHARED_ASCII_H

#include <stddef.h>
#include <stdint.h>

/** struct ascii_set - a bit for each character; 0 is in none */
struct ascii_set {
	uint64_t low, high; /* 0 to 63, 64 to 127 */
};

#define ASCII_BIT(c)  (1ULL << ((c) % 64))
#define ASCII_DIGITS  0x03ff000000000000ULL /* low */
#define ASCII_LETTERS 0x07fffffe07fffffeULL /* high */
#define ASCII_A_TO_F  0x0000007e0000007eULL /* high; also the small ones */

/** ascii_span - how many characters at the beginning of text are in the set */
static inline size_t ascii_span(const char *text, const struct ascii_set *set)
{
	size_t n = 0;

	for (;; n++) {
		unsigned char c = (unsigned char)text[n];

		if (c >= 128 || !((c < 64 ? set->low : set->high) >> c % 64 & 1))
			return n;
	}
}

#endif
