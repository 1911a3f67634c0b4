// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * image.c - firmware images of the simulator: text fields are terminated, versions compare.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "image.h"
#include "shared/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = malloc(size + 1);
	const char *why = NULL;
	struct image image;

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	if (image_parse(text, size, &image, &why) < 0) {
		CHECK(why);
		return 0;
	}
	CHECK(memchr(image.model, 0, sizeof(image.model)));
	CHECK(memchr(image.description, 0, sizeof(image.description)));
	CHECK(version_compare(image.firmware, image.firmware) == 0);
	CHECK(version_compare(image.firmware, image.option_rom) ==
	      -version_compare(image.option_rom, image.firmware));
	return 0;
}
