/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * number.h - the one strict parser of numbers.
 */
#ifndef SHARED_NUMBER_H
#define SHARED_NUMBER_H

#include <stdint.h>

/*
 * The whole of text as a number from min to max, decimal or hexadecimal with 0x.
 * 0, or -EINVAL for anything else: empty, sign, blanks, rest, or -ERANGE when out of range.
 * *value is written on success only.
 */
int number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value);

#endif
