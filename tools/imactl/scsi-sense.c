// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scsi-sense.c - sense data in both formats (SPC-4, 4.5).
 */
#include "scsi.h"

#include "doc.h"
#include "fields.h"

/* The parts of sense data, whichever format they came in. */
struct sense {
	bool known, descriptor, deferred;
	unsigned response, key;
	uint8_t asc, ascq;
	bool has_information, has_pointer;
	uint64_t information;
	const uint8_t *specific; /* 3 bytes of sense key specific data */
};

static void read_fixed(struct bytes b, struct sense *sense)
{
	if (b.length > 2)
		sense->key = b.data[2] & 15;
	if (b.length > 13) {
		sense->asc = b.data[12];
		sense->ascq = b.data[13];
	}
	if (b.length > 6 && b.data[0] >> 7) {
		sense->has_information = true;
		sense->information = be(b.data + 3, 4);
	}
	if (b.length > 17)
		sense->specific = b.data + 15;
}

static void read_descriptors(struct bytes b, struct sense *sense)
{
	if (b.length > 3) {
		sense->key = b.data[1] & 15;
		sense->asc = b.data[2];
		sense->ascq = b.data[3];
	}
	for (size_t i = 8; i + 2 <= b.length; i += 2 + (size_t)b.data[i + 1]) {
		size_t left = b.length - i;

		if (b.data[i] == 0 && left >= 12 && b.data[i + 2] >> 7) {
			sense->has_information = true;
			sense->information = be(b.data + i + 4, 8);
		} else if (b.data[i] == 2 && left >= 7) {
			sense->specific = b.data + i + 4;
		}
	}
}

static struct sense read_sense(struct bytes b)
{
	struct sense sense = { 0 };

	if (!b.length)
		return sense;
	sense.response = b.data[0] & 0x7f;
	sense.known = sense.response >= 0x70 && sense.response <= 0x73;
	sense.descriptor = sense.response >= 0x72;
	sense.deferred = sense.response & 1;
	if (sense.known && sense.descriptor)
		read_descriptors(b, &sense);
	else if (sense.known)
		read_fixed(b, &sense);
	return sense;
}

/* Which byte of the command, or of its parameters, an ILLEGAL REQUEST is about. */
static struct json_object *field_pointer(const struct sense *sense)
{
	const uint8_t *s = sense->specific;
	struct json_object *doc;

	if (sense->key != 5 || !s || !(s[0] & 0x80))
		return NULL;
	doc = doc_new();
	doc_text(doc, "in", s[0] & 0x40 ? "CDB" : "parameters");
	doc_number(doc, "byte", be(s + 1, 2));
	if (s[0] & 8)
		doc_number(doc, "bit", s[0] & 7);
	else
		doc_null(doc, "bit");
	return doc;
}

struct json_object *scsi_sense(const uint8_t *data, size_t length)
{
	struct sense sense = read_sense((struct bytes){ data, length });
	struct json_object *doc = doc_new();

	doc_number(doc, "responseCode", sense.response);
	doc_text(doc, "format",
		 !sense.known	    ? NULL
		 : sense.descriptor ? "descriptor"
				    : "fixed");
	doc_bool(doc, "deferred", sense.known && sense.deferred);
	doc_number(doc, "senseKey", sense.key);
	doc_text(doc, "senseKeyText",
		 sense.known ? scsi_sense_key_text(sense.key) : NULL);
	doc_number(doc, "asc", sense.asc);
	doc_number(doc, "ascq", sense.ascq);
	doc_text(doc, "text",
		 sense.known ? scsi_additional_sense_text(sense.asc, sense.ascq) : NULL);
	if (sense.has_information)
		doc_number(doc, "information", sense.information);
	else
		doc_null(doc, "information");
	doc_add(doc, "fieldPointer", field_pointer(&sense));
	doc_hex(doc, "bytes", data, length);
	return doc;
}

char *scsi_sense_text(struct json_object *sense)
{
	const char *key = doc_get_text(sense, "senseKeyText");
	const char *text = doc_get_text(sense, "text");
	struct json_object *pointer = doc_get(sense, "fieldPointer");
	_cleanup_free_ char *where = NULL;

	if (!key)
		return text_format("of an unknown format: %s",
				   doc_get_text(sense, "bytes"));
	if (pointer)
		where = text_format(", byte %s of the %s", doc_get_text(pointer, "byte"),
				    doc_get_text(pointer, "in"));
	return text_format("%s: %s (%x/%02x/%02x)%s", key, text ? text : "see the codes",
			   (unsigned)doc_get_number(sense, "senseKey"),
			   (unsigned)doc_get_number(sense, "asc"),
			   (unsigned)doc_get_number(sense, "ascq"), where ? where : "");
}
