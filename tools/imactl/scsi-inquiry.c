// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scsi-inquiry.c - standard INQUIRY data (SPC-4, 6.4.2).
 */
#include "scsi.h"

#include "doc.h"
#include "fields.h"

static void add_ascii(struct json_object *doc, const char *key, struct bytes b)
{
	doc_ascii(doc, key, b.data, b.length);
}

static char *format_device_type(struct json_object *value)
{
	const char *text = scsi_device_type_text((unsigned)json_object_get_int(value));

	return text_format("%s (0x%02x)", text ? text : "reserved",
			   (unsigned)json_object_get_int(value));
}

static char *format_qualifier(struct json_object *value)
{
	static const char *const texts[] = { "connected", "not connected", "reserved",
					     "not supported" };
	unsigned qualifier = (unsigned)json_object_get_int(value);

	return text_format("%u%s%s%s", qualifier, qualifier < 4 ? " (" : "",
			   qualifier < 4 ? texts[qualifier] : "",
			   qualifier < 4 ? ")" : "");
}

static char *format_version(struct json_object *value)
{
	unsigned version = (unsigned)json_object_get_int(value);
	const char *text = scsi_version_text(version);

	return text ? text_format("%s (%u)", text, version) : text_format("%u", version);
}

const struct field peripheral_fields[PERIPHERAL_FIELDS] = {
	{ "Peripheral qualifier", "peripheralQualifier", 0, 5, 3, format_qualifier },
	{ "Peripheral device type", "peripheralDeviceType", 0, 0, 5, format_device_type },
};

static const struct field inquiry_fields[] = {
	{ "Removable medium (RMB)", "rmb", 1, 7, 1, NULL },
	{ "Version", "version", 2, 0, 8, format_version },
	{ "NormACA", "normAca", 3, 5, 1, NULL },
	{ "Hierarchical support (HiSup)", "hiSup", 3, 4, 1, NULL },
	{ "Response data format", "responseDataFormat", 3, 0, 4, NULL },
	{ "SCC supported (SCCS)", "sccs", 5, 7, 1, NULL },
	{ "Access controls coordinator (ACC)", "acc", 5, 6, 1, NULL },
	{ "Target port group support (TPGS)", "tpgs", 5, 4, 2, NULL },
	{ "Third-party copy (3PC)", "threePc", 5, 3, 1, NULL },
	{ "Protection information (PROTECT)", "protect", 5, 0, 1, NULL },
	{ "Enclosure services (EncServ)", "encServ", 6, 6, 1, NULL },
	{ "Multi port (MultiP)", "multiP", 6, 4, 1, NULL },
	{ "Command queuing (CmdQue)", "cmdQue", 7, 1, 1, NULL },
};

static struct json_object *version_descriptors(struct bytes b)
{
	struct json_object *array = doc_array();

	for (size_t i = 58; i + 2 <= 74 && i + 2 <= b.length; i += 2) {
		unsigned code = (unsigned)be(b.data + i, 2);
		struct json_object *one;

		if (!code)
			continue;
		one = doc_new();
		doc_number(one, "code", code);
		doc_text(one, "name", scsi_version_descriptor_text(code));
		doc_push(array, one);
	}
	return array;
}

struct json_object *scsi_inquiry(const uint8_t *data, size_t length)
{
	struct json_object *doc = doc_new();
	struct bytes b = { data, length };

	/* What follows the end the device declares is not its answer. */
	if (length > 4)
		b.length = b.length < (size_t)data[4] + 5 ? b.length
							  : (size_t)data[4] + 5;
	doc_null(doc, "page");
	add_ascii(doc, "t10VendorIdentification", part(b, 8, 8));
	add_ascii(doc, "productIdentification", part(b, 16, 16));
	add_ascii(doc, "productRevisionLevel", part(b, 32, 4));
	add_fields(doc, peripheral_fields, PERIPHERAL_FIELDS, b);
	add_fields(doc, inquiry_fields, ARRAY_SIZE(inquiry_fields), b);
	doc_text(doc, "peripheralDeviceTypeText",
		 b.length ? scsi_device_type_text(data[0] & 0x1f) : NULL);
	doc_add(doc, "versionDescriptors", version_descriptors(b));
	doc_hex(doc, "bytes", data, length);
	return doc;
}

const struct view *scsi_inquiry_view(void)
{
	static const struct column first[] = {
		{ "T10 vendor identification", "t10VendorIdentification", NULL, 0, NULL },
		{ "Product identification", "productIdentification", NULL, 0, NULL },
		{ "Product revision level", "productRevisionLevel", NULL, 0, NULL },
	};
	static const struct column descriptors[] = {
		{ "CODE", "code", format_hex16, 0, NULL },
		{ "NAME", "name", NULL, 0, NULL },
	};
	static const struct view nested = VIEW(LAYOUT_TABLE, NULL, descriptors);
	static const struct column last[] = {
		{ "Version descriptors", "versionDescriptors", NULL, 0, &nested },
	};

	build_start("lu-inquiry");
	build_columns(first, ARRAY_SIZE(first));
	build_fields(peripheral_fields, PERIPHERAL_FIELDS);
	build_fields(inquiry_fields, ARRAY_SIZE(inquiry_fields));
	build_columns(last, ARRAY_SIZE(last));
	return build_end();
}
