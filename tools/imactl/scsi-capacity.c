// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scsi-capacity.c - how large (SBC-3, 5.15 and 5.16), and which logical units (SPC-4, 6.33).
 */
#include "scsi.h"

#include "doc.h"
#include "fields.h"
#include "lun.h"

static const struct field capacity16_fields[] = {
	{ "Protection enabled (PROT_EN)", "protEn", 12, 0, 1, NULL },
	{ "Protection type (P_TYPE)", "pType", 12, 1, 3, NULL },
	{ "Read capacity basis (RC BASIS)", "rcBasis", 12, 4, 2, NULL },
	{ "Protection information intervals exponent", "pIExponent", 13, 4, 4, NULL },
	{ "Logical blocks per physical block exponent",
	  "logicalBlocksPerPhysicalBlockExponent", 13, 0, 4, NULL },
	{ "Logical block provisioning management (LBPME)", "lbpme", 14, 7, 1, NULL },
	{ "Logical block provisioning read zeros (LBPRZ)", "lbprz", 14, 6, 1, NULL },
};

/* blocks and bytes are null where a number cannot hold them or the device did not tell. */
static void add_capacity(struct json_object *doc, uint64_t last, uint64_t block,
			 bool known)
{
	uint64_t bytes = 0;

	known = known && last < UINT64_MAX;
	if (known)
		doc_number(doc, "blocks", last + 1);
	else
		doc_null(doc, "blocks");
	if (known && !__builtin_mul_overflow(last + 1, block, &bytes))
		doc_number(doc, "capacity", bytes);
	else
		doc_null(doc, "capacity");
}

struct json_object *scsi_capacity(unsigned cdb, const uint8_t *data, size_t length)
{
	size_t width = cdb == 16 ? 8 : 4;
	bool whole = length >= width + 4;
	uint64_t last = whole ? be(data, width) : 0;
	uint64_t block = whole ? be(data + width, 4) : 0;
	struct bytes b = { data, length };
	struct json_object *doc = doc_new();

	doc_number(doc, "cdb", cdb);
	if (whole)
		doc_number(doc, "returnedLogicalBlockAddress", last);
	else
		doc_null(doc, "returnedLogicalBlockAddress");
	if (whole)
		doc_number(doc, "blockLength", block);
	else
		doc_null(doc, "blockLength");
	/* All ones in the short form: the device is larger than it can tell. */
	add_capacity(doc, last, block, whole && (cdb == 16 || last != UINT32_MAX));
	if (cdb == 16) {
		add_fields(doc, capacity16_fields, ARRAY_SIZE(capacity16_fields), b);
		if (length >= 16)
			doc_number(doc, "lowestAlignedLogicalBlockAddress",
				   be(data + 14, 2) & 0x3fff);
		else
			doc_null(doc, "lowestAlignedLogicalBlockAddress");
	}
	doc_hex(doc, "bytes", data, length);
	return doc;
}

/* --- REPORT LUNS ----------------------------------------------------------------------- */

size_t scsi_luns_length(const uint8_t *data, size_t length)
{
	return length < 8 ? 0 : 8 + (size_t)be(data, 4);
}

struct json_object *scsi_luns(const uint8_t *data, size_t length)
{
	size_t declared = scsi_luns_length(data, length);
	size_t end = declared < length ? declared : length;
	struct json_object *array = doc_array();

	for (size_t i = 8; i + 8 <= end; i += 8) {
		struct json_object *one = doc_new();

		lun_document(one, lun_from_bytes(data + i));
		doc_push(array, one);
	}
	return array;
}

const struct view *scsi_capacity_view(unsigned cdb)
{
	static const struct column first[] = {
		{ "READ CAPACITY", "cdb", NULL, 0, NULL },
		{ "Blocks", "blocks", NULL, 0, NULL },
		{ "Block length", "blockLength", format_bytes, 0, NULL },
		{ "Capacity", "capacity", format_bytes, 0, NULL },
	};
	static const struct column last[] = {
		{ "Lowest aligned logical block address",
		  "lowestAlignedLogicalBlockAddress", NULL, 0, NULL },
	};

	build_start("lu-capacity");
	build_columns(first, ARRAY_SIZE(first));
	if (cdb == 16) {
		build_fields(capacity16_fields, ARRAY_SIZE(capacity16_fields));
		build_columns(last, ARRAY_SIZE(last));
	}
	return build_end();
}
