// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scsi-vpd.c - vital product data: what is fixed is in tables of fields (SPC-4, 7.8; SBC-3,
 * 6.6), the rest is a function per page.
 */
#include "scsi.h"

#include "designator.h"
#include "doc.h"
#include "fields.h"

static char *format_rotation(struct json_object *value)
{
	unsigned rate = (unsigned)json_object_get_int(value);

	if (rate == 0)
		return text_format("not reported");
	if (rate == 1)
		return text_format("non-rotating medium");
	return text_format("%u revolutions per minute", rate);
}

static char *format_form_factor(struct json_object *value)
{
	static const char *const texts[] = { "not reported", "5.25 inch",
					     "3.5 inch",     "2.5 inch",
					     "1.8 inch",     "less than 1.8 inch" };
	unsigned code = (unsigned)json_object_get_int(value);

	return text_format("%s", code < ARRAY_SIZE(texts) ? texts[code] : "reserved");
}

static char *format_provisioning(struct json_object *value)
{
	static const char *const texts[] = { "not reported, or fully provisioned",
					     "resource provisioned", "thin provisioned" };
	unsigned code = (unsigned)json_object_get_int(value);

	return text_format("%s", code < ARRAY_SIZE(texts) ? texts[code] : "reserved");
}

static const struct field limits_fields[] = {
	{ "Write same non-zero (WSNZ)", "wsnz", 4, 0, 1, NULL },
	{ "Maximum compare and write length", "maximumCompareAndWriteLength", 5, 0, 8,
	  NULL },
	{ "Optimal transfer length granularity", "optimalTransferLengthGranularity", 6, 0,
	  16, NULL },
	{ "Maximum transfer length", "maximumTransferLength", 8, 0, 32, NULL },
	{ "Optimal transfer length", "optimalTransferLength", 12, 0, 32, NULL },
	{ "Maximum prefetch length", "maximumPrefetchLength", 16, 0, 32, NULL },
	{ "Maximum unmap LBA count", "maximumUnmapLbaCount", 20, 0, 32, NULL },
	{ "Maximum unmap block descriptor count", "maximumUnmapBlockDescriptorCount", 24,
	  0, 32, NULL },
	{ "Optimal unmap granularity", "optimalUnmapGranularity", 28, 0, 32, NULL },
	{ "Unmap granularity alignment valid (UGAVALID)", "ugaValid", 32, 7, 1, NULL },
	{ "Maximum write same length", "maximumWriteSameLength", 36, 0, 64, NULL },
	{ "Maximum atomic transfer length", "maximumAtomicTransferLength", 44, 0, 32,
	  NULL },
	{ "Atomic alignment", "atomicAlignment", 48, 0, 32, NULL },
	{ "Atomic transfer length granularity", "atomicTransferLengthGranularity", 52, 0,
	  32, NULL },
	{ "Maximum atomic transfer length with boundary",
	  "maximumAtomicTransferLengthWithAtomicBoundary", 56, 0, 32, NULL },
	{ "Maximum atomic boundary size", "maximumAtomicBoundarySize", 60, 0, 32, NULL },
};

static const struct field characteristics_fields[] = {
	{ "Medium rotation rate", "mediumRotationRate", 4, 0, 16, format_rotation },
	{ "Product type", "productType", 6, 0, 8, NULL },
	{ "Write after block erase required (WABEREQ)", "wabereq", 7, 6, 2, NULL },
	{ "Write after cryptographic erase required (WACEREQ)", "wacereq", 7, 4, 2,
	  NULL },
	{ "Nominal form factor", "nominalFormFactor", 7, 0, 4, format_form_factor },
	{ "Zoned", "zoned", 8, 4, 2, NULL },
	{ "Force unit access behaviour (FUAB)", "fuab", 8, 1, 1, NULL },
	{ "Verify byte check unmapped (VBULS)", "vbuls", 8, 0, 1, NULL },
};

static const struct field provisioning_fields[] = {
	{ "Threshold exponent", "thresholdExponent", 4, 0, 8, NULL },
	{ "UNMAP command (LBPU)", "lbpu", 5, 7, 1, NULL },
	{ "WRITE SAME (16) unmaps (LBPWS)", "lbpws", 5, 6, 1, NULL },
	{ "WRITE SAME (10) unmaps (LBPWS10)", "lbpws10", 5, 5, 1, NULL },
	{ "Read zeros (LBPRZ)", "lbprz", 5, 2, 3, NULL },
	{ "Anchors (ANC_SUP)", "ancSup", 5, 1, 1, NULL },
	{ "Descriptor present (DP)", "dp", 5, 0, 1, NULL },
	{ "Minimum percentage", "minimumPercentage", 6, 3, 5, NULL },
	{ "Provisioning type", "provisioningType", 6, 0, 3, format_provisioning },
	{ "Threshold percentage", "thresholdPercentage", 7, 0, 8, NULL },
};

static void decode_supported(struct json_object *doc, struct bytes page)
{
	struct json_object *array = doc_array();

	for (size_t i = 4; i < page.length; i++) {
		struct json_object *one = doc_new();

		doc_number(one, "page", page.data[i]);
		doc_text(one, "name", scsi_vpd_name(page.data[i]));
		doc_push(array, one);
	}
	doc_add(doc, "supportedPages", array);
}

static void decode_serial(struct json_object *doc, struct bytes page)
{
	struct bytes b = part(page, 4, page.length);

	doc_ascii(doc, "productSerialNumber", b.data, b.length);
}

/* The alignment means something only together with its valid bit. */
static void decode_limits(struct json_object *doc, struct bytes page)
{
	static const struct field alignment = { NULL, "unmapGranularityAlignment",
						32,   0,
						32,   NULL };

	if (page.length < 36 || !(page.data[32] & 0x80))
		return doc_null(doc, alignment.key);
	doc_number(doc, alignment.key, be(page.data + 32, 4) & 0x7fffffff);
}

static void decode_identification(struct json_object *doc, struct bytes page)
{
	struct json_object *array = doc_array();

	for (size_t i = 4; i + 4 <= page.length; i += 4 + (size_t)page.data[i + 3])
		doc_push(array, scsi_designator(page.data + i,
						part(page, i + 4, page.data[i + 3])));
	doc_add(doc, "designators", array);
}

/* --- pages ---------------------------------------------------------------------------- */

struct page {
	uint8_t code;
	bool block; /* means something else for other device types */
	const struct field *fields;
	size_t nfields;
	void (*decode)(struct json_object *doc, struct bytes page);
	const struct column *columns; /* of what decode adds */
	size_t ncolumns;
};

#define FIELDS(f)  .fields = (f), .nfields = ARRAY_SIZE(f)
#define COLUMNS(x) .columns = (x), .ncolumns = ARRAY_SIZE(x)

static const struct column supported_columns[] = {
	{ "PAGE", "page", format_hex8, 0, NULL },
	{ "NAME", "name", NULL, 0, NULL },
};
static const struct view supported_view = VIEW(LAYOUT_TABLE, NULL, supported_columns);
static const struct column page00_columns[] = {
	{ "Supported VPD pages", "supportedPages", NULL, 0, &supported_view },
};
static const struct column page80_columns[] = {
	{ "Product serial number", "productSerialNumber", NULL, 0, NULL },
};
static const struct column designator_columns[] = {
	{ "ASSOCIATION", "association", NULL, 0, NULL },
	{ "DESIGNATOR TYPE", "designatorTypeText", NULL, 0, NULL },
	{ "CODE SET", "codeSet", NULL, 0, NULL },
	{ "PROTOCOL", "protocol", NULL, 0, NULL },
	{ "DESIGNATOR", "designator", NULL, 0, NULL },
};
static const struct view designator_view = VIEW(LAYOUT_TABLE, NULL, designator_columns);
static const struct column page83_columns[] = {
	{ "Designators", "designators", NULL, 0, &designator_view },
};
static const struct column pageb0_columns[] = {
	{ "Unmap granularity alignment", "unmapGranularityAlignment", NULL, 0, NULL },
};

static const struct page pages[] = {
	{ .code = 0x00, .decode = decode_supported, COLUMNS(page00_columns) },
	{ .code = 0x80, .decode = decode_serial, COLUMNS(page80_columns) },
	{ .code = 0x83, .decode = decode_identification, COLUMNS(page83_columns) },
	{ .code = 0xb0,
	  .block = true,
	  FIELDS(limits_fields),
	  .decode = decode_limits,
	  COLUMNS(pageb0_columns) },
	{ .code = 0xb1, .block = true, FIELDS(characteristics_fields) },
	{ .code = 0xb2, .block = true, FIELDS(provisioning_fields) },
};

static bool is_block_device(uint8_t peripheral)
{
	unsigned type = peripheral & 0x1f;

	return type == 0x00 || type == 0x04 || type == 0x07 || type == 0x0e ||
	       type == 0x14;
}

static const struct page *page_of(uint8_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i].code == code)
			return &pages[i];
	return NULL;
}

size_t scsi_vpd_length(const uint8_t *data, size_t length)
{
	return length < 4 ? 0 : 4 + (size_t)be(data + 2, 2);
}

/* The page data is, if it is known here; a block page only of a block device. */
static const struct page *page_in(const uint8_t *data, size_t length)
{
	const struct page *page = length > 1 ? page_of(data[1]) : NULL;

	return page && (!page->block || is_block_device(data[0])) ? page : NULL;
}

bool scsi_vpd_is_decoded(const uint8_t *data, size_t length)
{
	return page_in(data, length);
}

struct json_object *scsi_vpd(const uint8_t *data, size_t length)
{
	const struct page *page = page_in(data, length);
	size_t declared = scsi_vpd_length(data, length);
	struct bytes b = { data, declared < length ? declared : length };
	struct json_object *doc = doc_new();

	if (length > 1)
		doc_number(doc, "page", data[1]);
	else
		doc_null(doc, "page");
	doc_text(doc, "pageName", length > 1 ? scsi_vpd_name(data[1]) : NULL);
	add_fields(doc, peripheral_fields, PERIPHERAL_FIELDS,
		   (struct bytes){ data, length });
	if (page) {
		add_fields(doc, page->fields, page->nfields, b);
		if (page->decode)
			page->decode(doc, b);
	}
	doc_hex(doc, "bytes", data, length);
	return doc;
}

const struct view *scsi_vpd_view(uint8_t code)
{
	static const struct column first[] = {
		{ "Page", "page", format_hex8, 0, NULL },
		{ "Page name", "pageName", NULL, 0, NULL },
	};
	const struct page *page = page_of(code);

	build_start("lu-inquiry");
	build_columns(first, ARRAY_SIZE(first));
	build_fields(peripheral_fields, PERIPHERAL_FIELDS);
	if (!page)
		return build_end();
	build_fields(page->fields, page->nfields);
	build_columns(page->columns, page->ncolumns);
	return build_end();
}
