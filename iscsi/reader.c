// SPDX-License-Identifier: LGPL-2.1-or-later
#include "iscsi/reader.h"

#include <errno.h>
#include <stdlib.h>

#include "iscsi/crc32c.h"

void iscsi_reader_init(struct iscsi_reader *reader, const struct iscsi_reader_ops *ops,
		       uint32_t max_data)
{
	memset(reader, 0, sizeof(*reader));
	reader->ops = ops;
	reader->max_data = max_data;
}

void iscsi_reader_reset(struct iscsi_reader *reader)
{
	if (reader->gathered)
		free(reader->place);
	reader->gathered = false;
	reader->place = NULL;
	reader->in_place = NULL;
	reader->discard = false;
	reader->part = READ_HEADER;
	reader->have = 0;
}

void iscsi_reader_discard(struct iscsi_reader *reader)
{
	if (reader->gathered)
		free(reader->place);
	reader->gathered = false;
	reader->place = NULL;
	reader->in_place = NULL;
	reader->discard = true;
}

bool iscsi_reader_at_boundary(const struct iscsi_reader *reader)
{
	return reader->part == READ_HEADER && !reader->have;
}

static uint32_t part_length(const struct iscsi_reader *reader)
{
	switch (reader->part) {
	case READ_HEADER:
		return BHS_SIZE;
	case READ_AHS:
		return 4U * reader->header[AT_AHS_LENGTH];
	case READ_HEADER_DIGEST:
		return reader->header_digest ? DIGEST_SIZE : 0;
	case READ_DATA:
		return reader->data_length + pad_of(reader->data_length);
	default:
		return reader->data_digest && reader->data_length ? DIGEST_SIZE : 0;
	}
}

static int check_header(struct iscsi_reader *reader, struct iscsi_error *error)
{
	const uint8_t *bhs = reader->header;

	reader->data_length = get24(bhs + AT_DATA_LENGTH);
	if (reader->data_length <= reader->max_data)
		return 0;
	iscsi_error_set(error, ISCSI_FAILED_PROTOCOL, -EPROTO,
			"the target sent a PDU (opcode %02xh) with %u bytes of data "
			"where %u are allowed",
			bhs[0] & OPCODE_MASK, reader->data_length, reader->max_data);
	return -EPROTO;
}

static int check_digest(struct iscsi_reader *reader, const char *what,
			struct iscsi_error *error)
{
	uint8_t expected[DIGEST_SIZE];

	iscsi_crc32c_put(expected, reader->crc);
	if (!memcmp(expected, reader->digest, DIGEST_SIZE))
		return 0;
	iscsi_error_set(error, ISCSI_FAILED_DIGEST, -EBADMSG,
			"the %s digest of a PDU (opcode %02xh) is wrong: data was "
			"damaged on its way",
			what, reader->header[0] & OPCODE_MASK);
	return -EBADMSG;
}

/* The header is in order, with its digest: where shall the data go? */
static int begin_data(struct iscsi_reader *reader, struct iscsi_error *error)
{
	reader->crc = CRC32C_START;
	return reader->ops->header(reader, reader->header, reader->data_length,
				   &reader->place, error);
}

static int deliver(struct iscsi_reader *reader, struct iscsi_error *error)
{
	uint8_t *gathered = reader->gathered ? reader->place : NULL;
	const uint8_t *data = gathered ? gathered : reader->in_place;
	int err;

	/* The callback may reset the reader or end all that owns it: be done with it first. */
	reader->gathered = false;
	reader->place = NULL;
	reader->in_place = NULL;
	reader->discard = false;
	reader->part = READ_HEADER;
	err = reader->ops->pdu(reader, reader->header, data, reader->data_length, error);
	free(gathered);
	return err;
}

static int check_data_digest(struct iscsi_reader *reader, struct iscsi_error *error)
{
	return part_length(reader) ? check_digest(reader, "data", error) : 0;
}

static int check_header_digest(struct iscsi_reader *reader, struct iscsi_error *error)
{
	return part_length(reader) ? check_digest(reader, "header", error) : 0;
}

/* The part is complete, maybe because it is empty. */
static int finish_part(struct iscsi_reader *reader, struct iscsi_error *error)
{
	int err = 0;

	switch (reader->part) {
	case READ_HEADER:
		if (reader->header_digest)
			reader->crc = iscsi_crc32c(CRC32C_START, reader->header,
						   BHS_SIZE);
		err = check_header(reader, error);
		break;
	case READ_HEADER_DIGEST:
		err = check_header_digest(reader, error);
		if (!err)
			err = begin_data(reader, error);
		break;
	case READ_DATA_DIGEST:
		err = check_data_digest(reader, error);
		reader->have = 0;
		return err ? err : deliver(reader, error);
	default:
		break;
	}
	reader->have = 0;
	reader->part++;
	return err;
}

static int finish_parts(struct iscsi_reader *reader, struct iscsi_error *error)
{
	int err = 0;

	while (!err && reader->have == part_length(reader))
		err = finish_part(reader, error);
	return err;
}

/* The data segment begins and has no place: keep it where it is, or make a buffer. */
static int make_place(struct iscsi_reader *reader, const uint8_t *bytes, size_t length,
		      struct iscsi_error *error)
{
	size_t digest = reader->data_digest ? DIGEST_SIZE : 0;

	if (length >= part_length(reader) + digest) {
		reader->in_place = bytes;
		return 0;
	}
	reader->place = malloc(reader->data_length);
	if (!reader->place) {
		iscsi_error_set(error, ISCSI_FAILED_LOCAL, -ENOMEM, "out of memory");
		return -ENOMEM;
	}
	reader->gathered = true;
	return 0;
}

/* n bytes of data or padding; padding does not go to the place, there may be no room. */
static void take_data(struct iscsi_reader *reader, const uint8_t *bytes, uint32_t n)
{
	uint32_t data = reader->have < reader->data_length
				? reader->data_length - reader->have
				: 0;

	if (data > n)
		data = n;
	if (reader->place && data)
		memcpy(reader->place + reader->have, bytes, data);
	if (reader->data_digest)
		reader->crc = iscsi_crc32c(reader->crc, bytes, n);
}

static void take_part(struct iscsi_reader *reader, const uint8_t *bytes, uint32_t n)
{
	switch (reader->part) {
	case READ_HEADER:
		memcpy(reader->header + reader->have, bytes, n);
		break;
	case READ_AHS:
		if (reader->header_digest)
			reader->crc = iscsi_crc32c(reader->crc, bytes, n);
		break;
	case READ_DATA:
		take_data(reader, bytes, n);
		break;
	default:
		memcpy(reader->digest + reader->have, bytes, n);
		break;
	}
	reader->have += n;
}

static bool needs_place(const struct iscsi_reader *reader)
{
	return reader->part == READ_DATA && !reader->place && !reader->in_place &&
	       !reader->discard;
}

int iscsi_reader_take(struct iscsi_reader *reader, const uint8_t *bytes, size_t length,
		      struct iscsi_error *error)
{
	int err = 0;

	while (length && !err) {
		uint32_t n = part_length(reader) - reader->have;

		if (needs_place(reader))
			err = make_place(reader, bytes, length, error);
		if (err)
			break;
		if (n > length)
			n = (uint32_t)length;
		take_part(reader, bytes, n);
		bytes += n;
		length -= n;
		err = finish_parts(reader, error);
	}
	return err;
}

struct iovec iscsi_reader_room(struct iscsi_reader *reader)
{
	struct iovec room = { NULL, 0 };

	if (reader->part == READ_DATA && reader->place &&
	    reader->have < reader->data_length) {
		room.iov_base = reader->place + reader->have;
		room.iov_len = reader->data_length - reader->have;
	}
	return room;
}

int iscsi_reader_took(struct iscsi_reader *reader, size_t length,
		      struct iscsi_error *error)
{
	if (reader->data_digest)
		reader->crc = iscsi_crc32c(reader->crc, reader->place + reader->have,
					   length);
	reader->have += (uint32_t)length;
	return finish_parts(reader, error);
}
