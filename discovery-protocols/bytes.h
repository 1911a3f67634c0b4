/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bytes.h - numbers and pieces in network order, never beyond the end.
 *
 * A reader that was asked for more than there is becomes bad and stays so, and gives zeros: who
 * reads a structure looks at is_bad once, at its end. A writer without room becomes full.
 */
#ifndef DISCOVERY_PROTOCOLS_BYTES_H
#define DISCOVERY_PROTOCOLS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct reader {
	const uint8_t *at;
	size_t left;
	bool is_bad;
};

/** read_piece - the next bytes, NULL if there are not as many */
static inline const uint8_t *read_piece(struct reader *reader, size_t size)
{
	const uint8_t *piece = reader->at;

	if (reader->is_bad || size > reader->left) {
		reader->is_bad = true;
		return NULL;
	}
	reader->at += size;
	reader->left -= size;
	return piece;
}

/** read_number - of 1 to 4 bytes */
static inline uint32_t read_number(struct reader *reader, size_t size)
{
	const uint8_t *piece = read_piece(reader, size);
	uint32_t value = 0;

	for (size_t i = 0; piece && i < size; i++)
		value = value << 8 | piece[i];
	return value;
}

struct writer {
	uint8_t *at;
	size_t left;
	bool is_full;
};

static inline void write_piece(struct writer *writer, const void *piece, size_t size)
{
	if (writer->is_full || size > writer->left) {
		writer->is_full = true;
		return;
	}
	if (size)
		memcpy(writer->at, piece, size);
	writer->at += size;
	writer->left -= size;
}

static inline void write_number(struct writer *writer, uint32_t value, size_t size)
{
	uint8_t bytes[4];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(value >> 8 * (size - 1 - i));
	write_piece(writer, bytes, size);
}

#endif
