// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/number.h"
#include "shared/utf8.h"

#define IMAGE_HEAD "IMA-SIM-IMAGE 1\n"

/* CRC-32 as in IEEE 802.3, bit by bit: images are small. */
static uint32_t crc32(const unsigned char *data, size_t length)
{
	uint32_t crc = 0xffffffffU;

	for (size_t i = 0; i < length; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
	}
	return ~crc;
}

struct header {
	struct image *image;
	uint64_t length, crc;
	bool has_length, has_crc;
};

static int set_text(char *field, size_t size, const char *value)
{
	if (field[0] || !*value || strlen(value) >= size)
		return -EINVAL;
	memcpy(field, value, strlen(value) + 1);
	return 0;
}

static int set_number(uint64_t *number, bool *has, const char *prefix, const char *value)
{
	char text[32];

	if (*has || strlen(value) > 16)
		return -EINVAL;
	*has = true;
	memcpy(text, prefix, strlen(prefix) + 1);
	memcpy(text + strlen(prefix), value, strlen(value) + 1);
	return number_parse(text, 0, UINT32_MAX, number);
}

static int set_field(struct header *header, const char *key, const char *value)
{
	struct image *image = header->image;
	const struct {
		const char *key;
		char *field;
		size_t size;
	} texts[] = {
		{ "model", image->model, sizeof(image->model) },
		{ "firmware", image->firmware, sizeof(image->firmware) },
		{ "option-rom", image->option_rom, sizeof(image->option_rom) },
		{ "boot-code", image->boot_code, sizeof(image->boot_code) },
		{ "description", image->description, sizeof(image->description) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (strcmp(texts[i].key, key) == 0)
			return set_text(texts[i].field, texts[i].size, value);
	if (strcmp(key, "length") == 0)
		return set_number(&header->length, &header->has_length, "", value);
	if (strcmp(key, "crc32") == 0)
		return set_number(&header->crc, &header->has_crc, "0x", value);
	return -EINVAL;
}

static int parse_line(struct header *header, char *line)
{
	char *colon = strstr(line, ": ");
	wchar_t wide[1];

	if (!colon || utf8_to_wide(line, wide, 1) == -EILSEQ)
		return -EINVAL;
	*colon = 0;
	return set_field(header, line, colon + 2);
}

/* The lines up to the empty one; *body is what follows. */
static int parse_header(struct header *header, char *text, const char **body)
{
	char *line = text, *end;

	while ((end = strchr(line, '\n')) != NULL) {
		*end = 0;
		*body = end + 1;
		if (!*line)
			return header->has_length && header->has_crc &&
					       header->image->model[0]
				       ? 0
				       : -EINVAL;
		if (parse_line(header, line) < 0)
			return -EINVAL;
		line = end + 1;
	}
	return -EINVAL;
}

static bool is_complete(const struct header *header, const char *body, size_t length)
{
	return length == header->length &&
	       crc32((const unsigned char *)body, length) == header->crc;
}

int image_parse(char *data, size_t length, struct image *image, const char **why)
{
	struct header header = { .image = image };
	size_t head = strlen(IMAGE_HEAD);
	const char *body = NULL;

	memset(image, 0, sizeof(*image));
	*why = "holds no image";
	if (length < head || memcmp(data, IMAGE_HEAD, head) != 0)
		return -EINVAL;
	*why = "has a header that is damaged";
	if (parse_header(&header, data + head, &body) < 0)
		return -EINVAL;
	*why = "is incomplete or damaged";
	if (!is_complete(&header, body, length - (size_t)(body - data)))
		return -EINVAL;
	*why = "holds neither firmware nor option ROM nor boot code";
	return image->firmware[0] || image->option_rom[0] || image->boot_code[0]
		       ? 0
		       : -EINVAL;
}

int image_read(const char *path, struct image *image, const char **why)
{
	_cleanup_free_ char *data = NULL;
	size_t length;
	int err = atomic_file_read(path, IMAGE_MAX, &data, &length);

	*why = "cannot be read";
	return err ? err : image_parse(data, length, image, why);
}

int version_compare(const char *a, const char *b)
{
	while (*a || *b) {
		size_t digits_a = strspn(a, "0123456789"),
		       digits_b = strspn(b, "0123456789");

		if (digits_a && digits_b) {
			unsigned long long x = strtoull(a, NULL, 10),
					   y = strtoull(b, NULL, 10);

			if (x != y)
				return x < y ? -1 : 1;
			a += digits_a;
			b += digits_b;
		} else if (*a != *b) {
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return 0;
}
