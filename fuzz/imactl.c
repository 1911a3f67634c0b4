// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * imactl.c - what devices answer and what people type: the first byte says which decoder gets
 * the rest. Documents are valid JSON; an address or a LUN that is taken is shown in a form
 * that is taken again.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "shared/cleanup.h"
#include "tools/imactl/address.h"
#include "tools/imactl/doc.h"
#include "tools/imactl/lun.h"
#include "tools/imactl/scsi.h"

/* Prints the document, reads it again, releases it. */
static void check_document(struct json_object *doc)
{
	struct json_object *again = json_tokener_parse(
		json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PLAIN));

	CHECK(json_object_equal(doc, again));
	json_object_put(again);
	json_object_put(doc);
}

static void check_inquiry(const uint8_t *data, size_t size)
{
	check_document(scsi_inquiry(data, size));
}

static void check_vpd(const uint8_t *data, size_t size)
{
	check_document(scsi_vpd(data, size));
	CHECK(!scsi_vpd_length(data, size) || size >= 4);
}

static void check_capacity(const uint8_t *data, size_t size)
{
	check_document(scsi_capacity(10, data, size));
	check_document(scsi_capacity(16, data, size));
}

static void check_luns(const uint8_t *data, size_t size)
{
	check_document(scsi_luns(data, size));
}

static void check_sense(const uint8_t *data, size_t size)
{
	struct json_object *sense = scsi_sense(data, size);
	_cleanup_free_ char *text = scsi_sense_text(sense);

	CHECK(*text);
	check_document(sense);
}

static char *terminated(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	return text;
}

static void check_address(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *typed = terminated(data, size), *shown = NULL;
	IMA_TARGET_ADDRESS address, again;

	if (address_parse(typed, &address))
		return;
	CHECK(address.portNumber);
	shown = address_text(&address);
	CHECK(!address_parse(shown, &again));
	CHECK(address_equal(&address, &again));
	check_document(address_document(&address));
}

static void check_lun(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *typed = terminated(data, size), *shown = NULL;
	uint64_t luns[LUN_MEANINGS], again[LUN_MEANINGS];
	int n = lun_parse(typed, luns), m;

	if (n < 0)
		return;
	shown = lun_text(luns[0]);
	m = lun_parse(shown, again);
	CHECK(m > 0 && (again[0] == luns[0] || (m > 1 && again[1] == luns[0])));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(const uint8_t *data, size_t size) = {
		check_inquiry, check_vpd,     check_capacity, check_luns,
		check_sense,   check_address, check_lun,
	};

	if (size)
		checks[data[0] % ARRAY_SIZE(checks)](data + 1, size - 1);
	return 0;
}
