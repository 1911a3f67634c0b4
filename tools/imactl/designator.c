// SPDX-License-Identifier: LGPL-2.1-or-later
#include "designator.h"

#include <string.h>

#include "doc.h"

static const char *association_text(unsigned association)
{
	static const char *const texts[] = { "logical unit", "target port",
					     "target device", "reserved" };

	return texts[association & 3];
}

static const char *code_set_text(unsigned code_set)
{
	static const char *const texts[] = { "reserved", "binary", "ASCII", "UTF-8" };

	return code_set < ARRAY_SIZE(texts) ? texts[code_set] : "reserved";
}

static const char *protocol_text(unsigned protocol)
{
	static const char *const texts[] = { "FCP", "SPI",   "SSA", "IEEE 1394",
					     "SRP", "iSCSI", "SAS", "ADT",
					     "ATA", "UAS",   "SOP", "PCIe" };

	return protocol < ARRAY_SIZE(texts) ? texts[protocol] : NULL;
}

static char *hex_text(const char *prefix, struct bytes b)
{
	static const char digits[] = "0123456789abcdef";
	size_t start = strlen(prefix);
	char *text = allocate(1, start + 2 * b.length + 1);

	memcpy(text, prefix, start);
	for (size_t i = 0; i < b.length; i++) {
		text[start + 2 * i] = digits[b.data[i] >> 4];
		text[start + 2 * i + 1] = digits[b.data[i] & 15];
	}
	return text;
}

/* Text with a prefix; ends at the first zero, blanks at the end go. */
static char *ascii_text(const char *prefix, struct bytes b)
{
	size_t length = strnlen((const char *)b.data, b.length);
	char *text;

	while (length && b.data[length - 1] == ' ')
		length--;
	text = text_format("%s%.*s", prefix, (int)length, (const char *)b.data);
	for (size_t i = strlen(prefix); text[i]; i++)
		if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7e)
			text[i] = '.';
	return text;
}

static char *uuid_text(struct bytes b)
{
	const uint8_t *u = b.data + 2;

	if (b.length != 18)
		return hex_text("", b);
	return text_format("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
			   "%02x%02x%02x%02x%02x%02x",
			   u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9],
			   u[10], u[11], u[12], u[13], u[14], u[15]);
}

static char *number_text(const char *prefix, struct bytes b)
{
	if (b.length < 4)
		return hex_text(prefix, b);
	return text_format("%s%u", prefix, (unsigned)be(b.data + 2, 2));
}

static char *uuid_of(const char *prefix, struct bytes b)
{
	(void)prefix;
	return uuid_text(b);
}

/* What people know a designator by, SPC's format names before it; by type. */
static const struct {
	const char *name;
	char *(*text)(const char *prefix,
		      struct bytes b); /* NULL: as the code set says */
	const char *prefix;
} types[] = {
	{ "vendor specific", NULL, "" },
	{ "T10 vendor ID based", ascii_text, "t10." },
	{ "EUI-64 based", hex_text, "eui." },
	{ "NAA", hex_text, "naa." },
	{ "relative target port identifier", number_text, "" },
	{ "target port group", number_text, "" },
	{ "logical unit group", number_text, "" },
	{ "MD5 logical unit identifier", hex_text, "" },
	{ "SCSI name string", ascii_text, "" },
	{ "protocol specific port identifier", NULL, "" },
	{ "UUID identifier", uuid_of, "" },
};

static char *designator_text(unsigned type, unsigned code_set, struct bytes b)
{
	if (type < ARRAY_SIZE(types) && types[type].text)
		return types[type].text(types[type].prefix, b);
	return code_set == 1 ? hex_text("", b) : ascii_text("", b);
}

struct json_object *scsi_designator(const uint8_t *header, struct bytes b)
{
	unsigned type = header[1] & 15, code_set = header[0] & 15;
	bool piv = header[1] >> 7;
	struct json_object *doc = doc_new();
	_cleanup_free_ char *text = designator_text(type, code_set, b);

	doc_text(doc, "association", association_text(header[1] >> 4));
	doc_number(doc, "designatorType", type);
	doc_text(doc, "designatorTypeText",
		 type < ARRAY_SIZE(types) ? types[type].name : "reserved");
	doc_text(doc, "codeSet", code_set_text(code_set));
	doc_text(doc, "protocol", piv ? protocol_text(header[0] >> 4) : NULL);
	doc_text(doc, "designator", text);
	if (type == 3 && b.length)
		doc_number(doc, "naa", b.data[0] >> 4);
	else
		doc_null(doc, "naa");
	doc_hex(doc, "bytes", b.data, b.length);
	return doc;
}
