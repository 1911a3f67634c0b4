// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * format.c - how members of a document look to people.
 */
#include "output.h"

#include "address.h"
#include "doc.h"

char *format_yes_no(struct json_object *value)
{
	return text_format("%s", json_object_get_boolean(value) ? "yes" : "no");
}

char *format_size(struct json_object *value)
{
	static const char *const units[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"
	};
	double size = (double)json_object_get_uint64(value);
	size_t unit = 0;

	for (; size >= 1024 && unit + 1 < ARRAY_SIZE(units); unit++)
		size /= 1024;
	return text_format(unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

char *format_bytes(struct json_object *value)
{
	_cleanup_free_ char *size = format_size(value);

	if (json_object_get_uint64(value) < 1024)
		return text_format("%s bytes", json_object_get_string(value));
	return text_format("%s (%s bytes)", size, json_object_get_string(value));
}

char *format_address(struct json_object *value)
{
	return address_join(doc_get_text(value, "host"), doc_get_number(value, "port"));
}

char *format_hex8(struct json_object *value)
{
	return text_format("0x%02x", (unsigned)json_object_get_int(value) & 0xff);
}

void print_safely(FILE *stream, const char *text)
{
	_cleanup_free_ char *valid = text_repaired(text);

	for (const unsigned char *p = (const unsigned char *)valid; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			fprintf(stream, "\\x%02x", *p);
		else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0) /* U+0080 to U+009F */
			fprintf(stream, "\\x%02x", *++p);
		else
			fputc(*p, stream);
}

char *format_hex16(struct json_object *value)
{
	return text_format("0x%04x", (unsigned)json_object_get_int(value) & 0xffff);
}

char *format_key_value(struct json_object *value)
{
	if (json_object_is_type(value, json_type_boolean))
		return text_format("%s", json_object_get_boolean(value) ? "Yes" : "No");
	return text_format("%s", json_object_get_string(value));
}
