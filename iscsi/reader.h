/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reader.h - cuts a stream of bytes into PDUs.
 *
 * Bytes may come in any portions. A header is gathered in the reader; a data segment goes
 * straight to where the owner wants it, is handed over in place if it lies in one portion, or is
 * gathered in a buffer that exists only as long as the PDU is incomplete. Nothing is
 * allocated before the header was found to be in order, and never more than max_data bytes.
 */
#ifndef ISCSI_READER_H
#define ISCSI_READER_H

#include <sys/uio.h>

#include "iscsi/error.h"
#include "iscsi/wire.h"

struct iscsi_reader;

struct iscsi_reader_ops {
	/*
	 * A header is complete and its lengths are in bounds. Sets *place to where the data
	 * segment shall go if it must not be gathered; it has room for it. Any value but 0
	 * stops the reader and is what iscsi_reader_take() returns.
	 */
	int (*header)(struct iscsi_reader *reader, const uint8_t *bhs, uint32_t length,
		      uint8_t **place, struct iscsi_error *error);
	/* A PDU is complete. data is NULL if the segment is empty or went to its place. */
	int (*pdu)(struct iscsi_reader *reader, const uint8_t *bhs, const uint8_t *data,
		   uint32_t length, struct iscsi_error *error);
};

enum iscsi_reader_part {
	READ_HEADER,
	READ_AHS,
	READ_HEADER_DIGEST,
	READ_DATA,
	READ_DATA_DIGEST
};

struct iscsi_reader {
	const struct iscsi_reader_ops *ops;
	uint32_t max_data;  /* longest data segment that is accepted */
	bool header_digest; /* both hold from the next PDU on */
	bool data_digest;
	enum iscsi_reader_part part;
	uint32_t have;	      /* bytes of the part */
	uint32_t data_length; /* without padding */
	uint32_t crc;
	uint8_t *place; /* where the data segment goes; NULL: nowhere yet */
	bool gathered;	/* place is a buffer of our own */
	bool discard;	/* nobody wants this data segment */
	const uint8_t
		*in_place; /* the whole segment, in the portion that is being taken */
	uint8_t header[BHS_SIZE];
	uint8_t digest[DIGEST_SIZE];
};

void iscsi_reader_init(struct iscsi_reader *reader, const struct iscsi_reader_ops *ops,
		       uint32_t max_data);

/* Forget an unfinished PDU and release its buffer. */
void iscsi_reader_reset(struct iscsi_reader *reader);

/* Drop what is still to come of the data segment, and touch its place no more. */
void iscsi_reader_discard(struct iscsi_reader *reader);

/* Whether nothing of a PDU has come yet: the stream may end here. */
bool iscsi_reader_at_boundary(const struct iscsi_reader *reader);

/*
 * Take length bytes. 0, what a callback returned, or -EPROTO, -EBADMSG (digest), -ENOMEM with
 * *error. After anything but 0 the reader may only be reset.
 */
int iscsi_reader_take(struct iscsi_reader *reader, const uint8_t *bytes, size_t length,
		      struct iscsi_error *error);

/*
 * Memory that the next bytes of the stream can be received into directly; its length is 0 if
 * there is none. What was received there is reported with iscsi_reader_took().
 */
struct iovec iscsi_reader_room(struct iscsi_reader *reader);
int iscsi_reader_took(struct iscsi_reader *reader, size_t length,
		      struct iscsi_error *error);

#endif
