/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fields.h - parameter data of SCSI commands, described by tables of fields.
 *
 * One table serves decoding and the text form. A field that lies beyond the end of the
 * data becomes null.
 */
#ifndef IMACTL_FIELDS_H
#define IMACTL_FIELDS_H

#include "output.h"

/* Bits of a byte, or a big-endian number of whole bytes. */
struct field {
	const char *label;
	const char *key;
	unsigned short byte;
	unsigned char shift, bits; /* 1: a flag; 8 and more: whole bytes from byte on */
	format_fn format;
};

struct bytes {
	const uint8_t *data;
	size_t length;
};

uint64_t be(const uint8_t *data, size_t n);

void add_fields(struct json_object *doc, const struct field *fields, size_t n,
		struct bytes b);

/* The part of b from byte on, n bytes of it at most. */
struct bytes part(struct bytes b, size_t byte, size_t n);

/* A view put together from columns and fields; imactl shows one per run. */
void build_start(const char *schema);
void build_columns(const struct column *columns, size_t n);
void build_fields(const struct field *fields, size_t n);
const struct view *build_end(void);

/* Fields that begin both standard INQUIRY data and every page. */
#define PERIPHERAL_FIELDS 2
extern const struct field peripheral_fields[PERIPHERAL_FIELDS];

#endif
