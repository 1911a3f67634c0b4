/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fuzz.h - what a fuzz target defines.
 *
 * A target feeds the bytes to one parser and checks what must hold for any input; whatever
 * is wrong ends the process. CHECK is assert() that no build switches off.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)

/* Returns 0. The bytes are not terminated. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
