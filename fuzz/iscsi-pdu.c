// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iscsi-pdu.c - any bytes as a stream of PDUs.
 *
 * The first byte says which digests are on and how the stream is cut into portions. However it
 * is cut, the same PDUs come out and the same error ends it.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "iscsi/reader.h"
#include "shared/cleanup.h"

enum { MAX_DATA = 600 };

/* What came out, as a running sum, and whether something was out of bounds. */
struct outcome {
	uint32_t sum;
	unsigned int pdus;
	int err;
};

struct feeder {
	struct iscsi_reader reader; /* first */
	struct outcome outcome;
	uint8_t *place;
	uint8_t data[MAX_DATA + 8]; /* with a guard behind it */
};

static void add(struct outcome *outcome, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		outcome->sum = outcome->sum * 31 + bytes[i] + 1;
}

/* Every second PDU has a place of its own. */
static int take_header(struct iscsi_reader *reader, const uint8_t *bhs, uint32_t length,
		       uint8_t **place, struct iscsi_error *error)
{
	struct feeder *feeder = (struct feeder *)reader;

	(void)error;
	CHECK(length <= MAX_DATA && length == get24(bhs + AT_DATA_LENGTH));
	*place = feeder->outcome.pdus % 2 && length ? feeder->data : NULL;
	feeder->place = *place;
	if (feeder->outcome.pdus % 5 == 4)
		iscsi_reader_discard(reader);
	return 0;
}

static int take_pdu(struct iscsi_reader *reader, const uint8_t *bhs, const uint8_t *data,
		    uint32_t length, struct iscsi_error *error)
{
	struct feeder *feeder = (struct feeder *)reader;
	bool discarded = feeder->outcome.pdus % 5 == 4;

	(void)error;
	add(&feeder->outcome, bhs, BHS_SIZE);
	if (length && !discarded) {
		CHECK(!data == !!feeder->place);
		add(&feeder->outcome, data ? data : feeder->place, length);
	}
	feeder->outcome.pdus++;
	return 0;
}

static const struct iscsi_reader_ops ops = { take_header, take_pdu };

/* As recv would: into the place the reader names, if there is one, or into a buffer. */
static int feed(struct feeder *feeder, const uint8_t *bytes, size_t length)
{
	struct iovec room = iscsi_reader_room(&feeder->reader);
	size_t direct = length < room.iov_len ? length : room.iov_len;
	_cleanup_free_ uint8_t *copy = NULL;
	struct iscsi_error error;
	int err = 0;

	if (direct) {
		memcpy(room.iov_base, bytes, direct);
		err = iscsi_reader_took(&feeder->reader, direct, &error);
	}
	if (err || direct == length)
		return err;
	copy = malloc(length - direct);
	CHECK(copy);
	memcpy(copy, bytes + direct, length - direct);
	return iscsi_reader_take(&feeder->reader, copy, length - direct, &error);
}

static struct outcome run(const uint8_t *bytes, size_t length, size_t portion,
			  unsigned int flags)
{
	struct feeder feeder = { 0 };

	memset(feeder.data + MAX_DATA, 0x5a, 8);
	iscsi_reader_init(&feeder.reader, &ops, MAX_DATA);
	feeder.reader.header_digest = flags & 1;
	feeder.reader.data_digest = flags & 2;
	for (size_t at = 0; at < length && !feeder.outcome.err; at += portion) {
		size_t n = length - at < portion ? length - at : portion;

		feeder.outcome.err = feed(&feeder, bytes + at, n);
	}
	for (int i = 0; i < 8; i++)
		CHECK(feeder.data[MAX_DATA + i] == 0x5a);
	iscsi_reader_reset(&feeder.reader);
	CHECK(iscsi_reader_at_boundary(&feeder.reader));
	return feeder.outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole, parts;
	size_t portion;

	if (size < 2)
		return 0;
	portion = (data[0] >> 2) + 1U;
	whole = run(data + 1, size - 1, size, data[0]);
	parts = run(data + 1, size - 1, portion, data[0]);
	CHECK(whole.err == parts.err);
	CHECK(whole.pdus == parts.pdus && whole.sum == parts.sum);
	return 0;
}
