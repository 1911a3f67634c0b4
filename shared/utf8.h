/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * utf8.h - between UTF-8 and wide text, whatever the locale of the process is.
 *
 * One wide element is one code point. Surrogates, overlong forms and values above 10FFFF are
 * refused in both directions.
 */
#ifndef SHARED_UTF8_H
#define SHARED_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

/*
 * Wide text to UTF-8. Reads at most max elements; wide need not be terminated if it has as many.
 * The length of the UTF-8 form without terminator, or -EILSEQ. If out is not NULL, writes
 * it with a terminator; -ENAMETOOLONG if it does not fit in size bytes, *out is then untouched.
 */
int utf8_from_wide(const wchar_t *wide, size_t max, char *out, size_t size);

/*
 * The length in bytes of the sequence at text, which is terminated, and its code point in *c; 0
 * if it is no UTF-8. The terminator is a sequence of 1 byte.
 */
int utf8_decode(const char *text, uint32_t *c);

/*
 * UTF-8 to wide text. The number of code points, or -EILSEQ, or -ENAMETOOLONG if they and
 * the terminator do not fit in count elements; on an error wide is untouched. On success the
 * rest of wide is filled with zeros.
 */
int utf8_to_wide(const char *text, wchar_t *wide, size_t count);

/*
 * The same for text that may be cut and may hold garbage: what does not fit is left out and a
 * byte that is no UTF-8 becomes U+FFFD. Always terminates.
 */
void utf8_to_wide_lossy(const char *text, wchar_t *wide, size_t count);

#endif
