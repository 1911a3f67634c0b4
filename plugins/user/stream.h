/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stream.h - one TCP connection on the loop, with one deadline for all of it.
 *
 * Everything here belongs to the loop's thread. Nothing is called from inside stream_open(),
 * stream_send() and stream_close().
 */
#ifndef USER_STREAM_H
#define USER_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscsi/iscsi.h"
#include "iscsi/loop.h"
#include "iscsi/resolve.h"
#include "plugin-support/address.h"

struct stream;

/**
 * struct stream_ops - what a stream tells its user, who may close it inside
 * @up: connected
 * @data: bytes came
 * @down: the connection could not be made, was lost or closed by the peer, or the deadline has
 *     passed. The stream is closed already. The text of the error names the address.
 */
struct stream_ops {
	void (*up)(struct stream *stream);
	void (*data)(struct stream *stream, const uint8_t *data, size_t size);
	void (*down)(struct stream *stream, const struct iscsi_error *error);
};

/** struct stream - memory of the user, zero before the first use */
struct stream {
	const struct stream_ops *ops;
	const char *peer; /* who it is, for errors: "the iSNS server" */
	struct iscsi_watch watch;
	struct iscsi_timer timer;
	struct iscsi_lookup *lookup;
	struct address address;
	uint64_t deadline;
	union iscsi_address addresses[ISCSI_ADDRESSES_MAX];
	size_t count, next; /* of the addresses; those before next were tried */
	int fd;
	const uint8_t *out; /* what is still to be sent */
	size_t out_size;
	bool is_open, is_up, is_failed;
	struct iscsi_error error;
};

/**
 * stream_open - connect
 * @peer: who it is, a constant
 *
 * Return: 0, and up or down is called later; -ENOMEM, -EAGAIN.
 */
int stream_open(struct stream *stream, const struct stream_ops *ops, const char *peer,
		const struct address *address, uint64_t deadline);

/** stream_send - bytes that stay valid until the next call */
void stream_send(struct stream *stream, const uint8_t *data, size_t size);

/** stream_close - no more calls follow; nothing happens if it is closed */
void stream_close(struct stream *stream);

#endif
