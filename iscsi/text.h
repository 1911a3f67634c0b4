/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.h - "key=value" text of Login and Text PDUs (RFC 7143, section 6).
 *
 * Reading is incremental: a pair may be cut anywhere by the end of a PDU. What is kept between
 * PDUs is one unfinished pair, at most TEXT_PAIR_MAX bytes; pairs and bytes are counted
 * against limits the reader was given.
 */
#ifndef ISCSI_TEXT_H
#define ISCSI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscsi/error.h"

#define TEXT_KEY_MAX  63   /* bytes of a key */
#define TEXT_PAIR_MAX 8192 /* bytes of "key=value", as every initiator must take */

/* One pair. Both strings are terminated and valid in the callback only. */
typedef int text_pair_fn(void *user, const char *key, const char *value,
			 struct iscsi_error *error);

struct iscsi_text_reader {
	char *part;	   /* the unfinished pair, NULL if there is none */
	size_t have;	   /* bytes of it */
	size_t pairs_left; /* how many pairs may still come */
	size_t bytes_left; /* how many bytes may still come */
};

void iscsi_text_reader_init(struct iscsi_text_reader *reader, size_t max_pairs,
			    size_t max_bytes);
void iscsi_text_reader_free(struct iscsi_text_reader *reader);

/*
 * Take one data segment; call pair for every pair that is complete. last: no more text
 * belongs to this one, so that an unfinished pair is an error. Stops with what pair returns
 * unless it is 0. -EPROTO and *error for malformed text, -ENOMEM.
 */
int iscsi_text_read(struct iscsi_text_reader *reader, const uint8_t *data, size_t length,
		    bool last, text_pair_fn *pair, void *user, struct iscsi_error *error);

/* Text to be sent. Grows as needed; failed stays set if memory ran out or a limit was hit. */
struct iscsi_text {
	char *data;
	size_t length, size;
	bool failed;
};

void iscsi_text_add(struct iscsi_text *text, const char *key, const char *value);
void iscsi_text_add_number(struct iscsi_text *text, const char *key, uint32_t value);
/* "0x..." */
void iscsi_text_add_binary(struct iscsi_text *text, const char *key, const uint8_t *value,
			   size_t length);
/* Wiped before it is released. */
void iscsi_text_free(struct iscsi_text *text);

/*
 * A binary value, "0x" hexadecimal or "0b" base64 (RFC 7143, 6.1). The number of bytes, -EINVAL
 * for anything else, -ENAMETOOLONG if they do not fit into size.
 */
int iscsi_text_binary(const char *value, uint8_t *out, size_t size);

/* A decimal or hexadecimal numerical value; -EINVAL, -ERANGE. */
int iscsi_text_number(const char *value, uint32_t min, uint32_t max, uint32_t *number);

/* Whether the comma separated list has this item. */
bool iscsi_text_list_has(const char *list, const char *item);

#endif
