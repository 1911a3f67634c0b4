/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * image.h - firmware images of simulated adapters.
 *
 * An image is a header of text lines, an empty line, and the image proper:
 *
 *     IMA-SIM-IMAGE 1
 *     model: EA-2000
 *     firmware: 2.1.0
 *     option-rom: 1.4
 *     description: Fixes everything
 *     length: 11
 *     crc32: 4a17b156
 */
#ifndef SIM_IMAGE_H
#define SIM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#define IMAGE_MAX (16U << 20)

struct image {
	char model[64];
	char firmware[33], option_rom[33],
		boot_code[33]; /* versions; empty: not in the image */
	char description[2049];
};

/*
 * data is taken apart in place, and data[length] is 0. 0, or -EINVAL and *why: what is wrong
 * with it.
 */
int image_parse(char *data, size_t length, struct image *image, const char **why);
/* Read and parse a file. 0, -EINVAL and *why, or another -errno. */
int image_read(const char *path, struct image *image, const char **why);
/* Versions are compared number by number: below 0, 0, above 0. */
int version_compare(const char *a, const char *b);

#endif
