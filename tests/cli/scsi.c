// SPDX-License-Identifier: LGPL-2.1-or-later
/* What devices answer is decoded right, and harmlessly whatever it is. */
#include "test.h"

#include "tools/imactl/doc.h"
#include "tools/imactl/scsi.h"

/* --- INQUIRY ------------------------------------------------------------------------------ */

/* As tgtd answers for a disk, with two version descriptors. */
#define STANDARD                                                       \
	"00 00 05 12 45 00 00 02 49455420 20202020 "                   \
	"5649525455414c2d4449534b20202020 30303031 00000000 00000000 " \
	"00000000 00000000 00000000 0000 0960 0300 0000 0000 0000 0000 0000 0000"

static struct json_object *inquiry(const char *hex)
{
	size_t length;
	_cleanup_free_ uint8_t *bytes = unhex(hex, &length);

	return scsi_inquiry(bytes, length);
}

static struct json_object *vpd(const char *hex)
{
	size_t length;
	_cleanup_free_ uint8_t *bytes = unhex(hex, &length);

	return scsi_vpd(bytes, length);
}

static void standard_inquiry_data_is_decoded(void **state)
{
	static const struct {
		const char *hex, *holds;
	} cases[] = {
		{ STANDARD,
		  "\"page\":null\n\"t10VendorIdentification\":\"IET\"\n"
		  "\"productIdentification\":\"VIRTUAL-DISK\"\n"
		  "\"productRevisionLevel\":\"0001\"\n\"peripheralQualifier\":0\n"
		  "\"peripheralDeviceType\":0\n\"version\":5\n\"hiSup\":true\n"
		  "\"normAca\":false\n\"responseDataFormat\":2\n\"cmdQue\":true\n"
		  "\"peripheralDeviceTypeText\":\"direct access block device\"\n"
		  "{\"code\":2400,\"name\":\"iSCSI\"},{\"code\":768,\"name\":\"SPC-"
		  "3\"}" },
		{ "0c 80 05 02 1f b9 50 02",
		  "\"peripheralDeviceTypeText\":\"storage array controller device\"\n"
		  "\"rmb\":true\n\"sccs\":true\n\"acc\":false\n\"tpgs\":3\n\"threePc\":"
		  "true\n"
		  "\"protect\":true\n\"encServ\":true\n\"multiP\":true\n"
		  "\"t10VendorIdentification\":null" },
		{ "7f 00 05 02 00",
		  "\"peripheralQualifier\":3\n\"peripheralDeviceType\":31\n"
		  "\"sccs\":null" },
		{ "00",
		  "\"peripheralDeviceType\":0\n\"version\":null\n\"bytes\":\"00\"" },
		{ "", "\"peripheralDeviceType\":null\n\"peripheralDeviceTypeText\":null\n"
		      "\"versionDescriptors\":[]\n\"bytes\":\"\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct json_object *doc = inquiry(cases[i].hex);

		assert_holds(doc, cases[i].holds);
		json_object_put(doc);
	}
}

static void what_a_device_calls_itself_cannot_harm_a_terminal(void **state)
{
	struct json_object *doc = inquiry("00 00 05 02 1f 00 00 00 1b5b33316d00ff41 "
					  "20202020202020202020202020202020"
					  "0a0d2020");

	(void)state;
	assert_holds(doc,
		     "\"t10VendorIdentification\":\".[31m..A\"\n"
		     "\"productIdentification\":null\n\"productRevisionLevel\":\"..\"");
	json_object_put(doc);
}

static const struct {
	const char *hex, *holds;
} pages[] = {
	{ "00 00 0003 00 83 f0", "\"page\":0\n\"pageName\":\"Supported VPD Pages\"\n"
				 "{\"page\":131,\"name\":\"Device "
				 "Identification\"},{\"page\":240,\"name\":null}" },
	{ "00 80 0006 202041423120", "\"productSerialNumber\":\"  AB1\"" },
	{ "00 80 0000", "\"productSerialNumber\":null" },
	{ "00 b0 003c 01 ff 0008 00000800 00000400 00000010 00ffffff 00000020 "
	  "00000001 "
	  "80000003 0000000000010000 00000000 00000000 00000000 00000000 "
	  "00000000",
	  "\"wsnz\":true\n\"maximumCompareAndWriteLength\":255\n"
	  "\"optimalTransferLengthGranularity\":8\n\"maximumTransferLength\":"
	  "2048\n"
	  "\"optimalTransferLength\":1024\n\"maximumPrefetchLength\":16\n"
	  "\"maximumUnmapLbaCount\":"
	  "16777215\n\"maximumUnmapBlockDescriptorCount\":32\n"
	  "\"optimalUnmapGranularity\":1\n\"ugaValid\":true\n"
	  "\"unmapGranularityAlignment\":3\n\"maximumWriteSameLength\":65536" },
	{ "00 b0 000c 00 00 0008 00000800 00000400", /* SBC-2: a short page */
	  "\"optimalTransferLength\":1024\n\"maximumUnmapLbaCount\":null\n"
	  "\"unmapGranularityAlignment\":null" },
	{ "00 b1 003c 0001 00 02 00",
	  "\"mediumRotationRate\":1\n\"nominalFormFactor\":2\n\"zoned\":0" },
	{ "00 b2 0004 00 e7 02 00", "\"lbpu\":true\n\"lbpws\":true\n\"lbpws10\":"
				    "true\n\"lbprz\":1\n\"ancSup\":true\n"
				    "\"dp\":true\n\"provisioningType\":2" },
	{ "01 b0 0002 01 00", "\"page\":176\n\"bytes\":\"01b000020100\"" },
	{ "00 c7 0002 abcd", "\"pageName\":null\n\"bytes\":\"00c70002abcd\"" },
};

static void pages_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		struct json_object *doc = vpd(pages[i].hex);

		assert_holds(doc, pages[i].holds);
		json_object_put(doc);
	}
}

static void a_block_page_of_another_device_is_not_misread(void **state)
{
	struct json_object *doc = vpd("01 b0 0002 01 00");

	(void)state;
	assert_null(doc_get(doc, "wsnz"));
	json_object_put(doc);
}

static const struct {
	const char *hex, *holds;
} designators[] = {
	{ "02 01 00 0a 4c494f2d4f5247203132",
	  "\"association\":\"logical unit\"\n\"designatorTypeText\":\"T10 vendor "
	  "ID based\"\n"
	  "\"codeSet\":\"ASCII\"\n\"designator\":\"t10.LIO-ORG 12\"" },
	{ "01 02 00 08 0011223344556677", "\"designator\":\"eui.0011223344556677\"" },
	{ "01 03 00 08 5001405000000001",
	  "\"designator\":\"naa.5001405000000001\"\n\"naa\":5" },
	{ "01 03 00 10 60014050000000010000000000000002",
	  "\"designator\":\"naa.60014050000000010000000000000002\"\n\"naa\":6" },
	{ "51 94 00 04 00000001",
	  "\"association\":\"target port\"\n\"protocol\":\"iSCSI\"\n"
	  "\"designatorTypeText\":\"relative target port identifier\"\n"
	  "\"designator\":\"1\"" },
	{ "51 95 00 04 00000100", "\"designator\":\"256\"" },
	{ "53 a8 00 0c 69716e2e612c742c30783100",
	  "\"association\":\"target device\"\n\"codeSet\":\"UTF-8\"\n"
	  "\"designator\":\"iqn.a,t,0x1\"" },
	{ "01 0a 00 12 1000 00112233445566778899aabbccddeeff",
	  "\"designator\":\"00112233-4455-6677-8899-aabbccddeeff\"" },
	{ "01 0a 00 02 1000", "\"designator\":\"1000\"" },
	{ "01 04 00 02 0001", "\"designator\":\"0001\"" },
	{ "01 00 00 02 beef", "\"designator\":\"beef\"\n\"protocol\":null" },
	{ "02 00 00 03 41421b", "\"designator\":\"AB.\"" },
	{ "0f 0f 00 01 41",
	  "\"designatorTypeText\":\"reserved\"\n\"codeSet\":\"reserved\"" },
	{ "01 03 00 00", "\"naa\":null\n\"designator\":\"naa.\"" },
};

static void designators_are_shown_in_the_forms_of_spc(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(designators); i++) {
		char page[256];
		struct json_object *doc;
		size_t n = 0;

		for (const char *p = designators[i].hex; *p; p++)
			n += isxdigit((unsigned char)*p) ? 1 : 0;
		snprintf(page, sizeof(page), "00 83 %04zx %s", n / 2, designators[i].hex);
		doc = vpd(page);
		assert_int_equal(json_object_array_length(doc_get(doc, "designators")),
				 1);
		assert_holds(doc, designators[i].holds);
		json_object_put(doc);
	}
}

static void a_designator_that_is_cut_off_is_shown_as_far_as_it_goes(void **state)
{
	struct json_object *doc = vpd("00 83 0020 01 03 00 10 6001405000");

	(void)state;
	assert_holds(doc, "\"designator\":\"naa.6001405000\"");
	json_object_put(doc);
}

static void the_length_of_a_page_is_what_it_says(void **state)
{
	static const uint8_t page[] = { 0, 0x83, 0x01, 0x02 };

	(void)state;
	assert_int_equal(scsi_vpd_length(page, 4), 0x106);
	assert_int_equal(scsi_vpd_length(page, 3), 0);
}

/* --- READ CAPACITY, REPORT LUNS --------------------------------------------------------------- */

static void capacity_is_decoded(void **state)
{
	static const struct {
		unsigned cdb;
		const char *hex, *holds;
	} cases[] = {
		{ 10, "00007fff 00000200",
		  "\"cdb\":10\n\"returnedLogicalBlockAddress\":32767\n\"blockLength\":"
		  "512\n"
		  "\"blocks\":32768\n\"capacity\":16777216" },
		{ 10, "ffffffff 00000200", "\"blocks\":null\n\"capacity\":null" },
		{ 10, "00007fff 0000",
		  "\"returnedLogicalBlockAddress\":null\n\"blocks\":null" },
		{ 10, "", "\"blockLength\":null\n\"capacity\":null\n\"bytes\":\"\"" },
		{ 16,
		  "00000000 00007fff 00000200 0d 43 c007 00000000 00000000 00000000 "
		  "00000000",
		  "\"cdb\":16\n\"blocks\":32768\n\"capacity\":16777216\n\"protEn\":true\n"
		  "\"pType\":6\n\"pIExponent\":"
		  "4\n\"logicalBlocksPerPhysicalBlockExponent\":3\n"
		  "\"lbpme\":true\n\"lbprz\":true\n\"lowestAlignedLogicalBlockAddress\":"
		  "7" },
		{ 16, "00000000 00007fff 00000200",
		  "\"blocks\":32768\n\"protEn\":null\n"
		  "\"lowestAlignedLogicalBlockAddress\":null" },
		{ 16, "ffffffffffffffff 00000200", "\"blocks\":null\n\"capacity\":null" },
		{ 16, "fffffffffffffffe 00000200",
		  "\"blocks\":18446744073709551615\n\"capacity\":null" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t length;
		_cleanup_free_ uint8_t *bytes = unhex(cases[i].hex, &length);
		struct json_object *doc = scsi_capacity(cases[i].cdb, bytes, length);

		assert_holds(doc, cases[i].holds);
		json_object_put(doc);
	}
}

static void reported_luns_are_those_within_the_answer(void **state)
{
	static const struct {
		const char *hex;
		size_t luns, whole;
	} cases[] = {
		{ "00000010 00000000 0000000000000000 0001000000000000", 2, 24 },
		{ "00000000 00000000", 0, 8 },
		{ "00000018 00000000 0000000000000000", 1, 32 }, /* cut off */
		{ "00000008 00000000 0000000000000000 0001000000000000", 1, 16 },
		{ "00000009 00000000 0000000000000000 00", 1, 17 },
		{ "ffffffff 00000000 0000000000000000", 1, 8 + (size_t)UINT32_MAX },
		{ "00000010 000000", 0, 0 },
		{ "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t length;
		_cleanup_free_ uint8_t *bytes = unhex(cases[i].hex, &length);
		struct json_object *luns = scsi_luns(bytes, length);

		assert_int_equal(json_object_array_length(luns), cases[i].luns);
		assert_int_equal(scsi_luns_length(bytes, length), cases[i].whole);
		json_object_put(luns);
	}
}

/* --- sense data ---------------------------------------------------------------------------------- */

static const struct {
	const char *hex, *holds, *text;
} senses[] = {
	{ "70 00 05 00000000 0a 00000000 24 00 00 c00002",
	  "\"format\":\"fixed\"\n\"deferred\":false\n\"senseKey\":5\n\"asc\":"
	  "36\n\"ascq\":0\n"
	  "\"senseKeyText\":\"ILLEGAL REQUEST\"\n\"text\":\"INVALID FIELD IN "
	  "CDB\"\n"
	  "{\"in\":\"CDB\",\"byte\":2,\"bit\":null}",
	  "ILLEGAL REQUEST: INVALID FIELD IN CDB (5/24/00), byte 2 of the CDB" },
	{ "f0 00 03 00001234 0a 00000000 11 00 00 000000",
	  "\"senseKeyText\":\"MEDIUM "
	  "ERROR\"\n\"information\":4660\n\"fieldPointer\":null",
	  "MEDIUM ERROR: UNRECOVERED READ ERROR (3/11/00)" },
	{ "71 00 06 00000000 0a 00000000 29 00 00 000000",
	  "\"deferred\":true\n\"senseKeyText\":\"UNIT ATTENTION\"",
	  "UNIT ATTENTION: POWER ON, RESET, OR BUS DEVICE RESET OCCURRED "
	  "(6/29/00)" },
	{ "72 05 26 02 000000 14 000a 80 00 00000000000000ff 0206 0000 8f 0004 "
	  "00",
	  "\"format\":\"descriptor\"\n\"information\":255\n"
	  "{\"in\":\"parameters\",\"byte\":4,\"bit\":7}\n"
	  "\"text\":\"PARAMETER VALUE INVALID\"",
	  "ILLEGAL REQUEST: PARAMETER VALUE INVALID (5/26/02), byte 4 of the "
	  "parameters" },
	{ "70 00 0b 00000000 00 00000000 fe ff", "\"text\":null",
	  "ABORTED COMMAND: see the codes (b/fe/ff)" },
	{ "70 00 05", "\"senseKey\":5\n\"asc\":0\n\"bytes\":\"700005\"",
	  "ILLEGAL REQUEST: NO ADDITIONAL SENSE INFORMATION (5/00/00)" },
	{ "72 05 24", "\"senseKey\":0", NULL },
	{ "72 05 24 00 000000 ff 00 ff 80", "\"information\":null", NULL },
	{ "00", "\"format\":null\n\"senseKeyText\":null\n\"text\":null",
	  "of an unknown format: 00" },
	{ "", "\"responseCode\":0\n\"bytes\":\"\"", NULL },
};

static void sense_data_of_both_formats_is_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(senses); i++) {
		size_t length;
		_cleanup_free_ uint8_t *bytes = unhex(senses[i].hex, &length);
		struct json_object *doc = scsi_sense(bytes, length);
		_cleanup_free_ char *text = scsi_sense_text(doc);

		assert_holds(doc, senses[i].holds);
		if (senses[i].text)
			assert_string_equal(text, senses[i].text);
		json_object_put(doc);
	}
}

/* --- hostile -------------------------------------------------------------------------------------- */

/* xorshift: the same bytes in every run. */
static uint8_t noise(void)
{
	static uint32_t x = 2463534242U;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return (uint8_t)x;
}

static void decode_everything(const uint8_t *data, size_t length)
{
	json_object_put(scsi_inquiry(data, length));
	json_object_put(scsi_vpd(data, length));
	json_object_put(scsi_capacity(10, data, length));
	json_object_put(scsi_capacity(16, data, length));
	json_object_put(scsi_luns(data, length));
	json_object_put(scsi_sense(data, length));
}

static void rubbish_of_any_length_is_decoded_without_harm(void **state)
{
	static const uint8_t codes[] = { 0x00, 0x80, 0x83, 0xb0, 0xb1, 0xb2 };

	(void)state;
	for (size_t n = 0; n < 400; n++) {
		_cleanup_free_ uint8_t *data = malloc(n ? n : 1);

		assert_non_null(data);
		for (size_t i = 0; i < n; i++)
			data[i] = noise();
		if (n > 1)
			data[1] = codes[n % ARRAY_SIZE(codes)];
		if (n > 8 && n % 3)
			data[0] = n % 3 == 1 ? 0x70 : 0x00;
		decode_everything(data, n);
	}
}

static void every_page_has_a_text_form(void **state)
{
	(void)state;
	for (unsigned page = 0; page < 256; page++) {
		const struct view *view = scsi_vpd_view((uint8_t)page);

		assert_string_equal(view->schema, "lu-inquiry");
		assert_true(view->ncolumns >= 6);
	}
	assert_true(scsi_inquiry_view()->ncolumns > 15);
	assert_true(scsi_capacity_view(16)->ncolumns >
		    scsi_capacity_view(10)->ncolumns - 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(standard_inquiry_data_is_decoded),
		cmocka_unit_test(what_a_device_calls_itself_cannot_harm_a_terminal),
		cmocka_unit_test(pages_are_decoded),
		cmocka_unit_test(a_block_page_of_another_device_is_not_misread),
		cmocka_unit_test(designators_are_shown_in_the_forms_of_spc),
		cmocka_unit_test(a_designator_that_is_cut_off_is_shown_as_far_as_it_goes),
		cmocka_unit_test(the_length_of_a_page_is_what_it_says),
		cmocka_unit_test(capacity_is_decoded),
		cmocka_unit_test(reported_luns_are_those_within_the_answer),
		cmocka_unit_test(sense_data_of_both_formats_is_decoded),
		cmocka_unit_test(rubbish_of_any_length_is_decoded_without_harm),
		cmocka_unit_test(every_page_has_a_text_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
