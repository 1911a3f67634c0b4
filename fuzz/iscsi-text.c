// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iscsi-text.c - any bytes as the text of a target: keys, negotiation, values, portals.
 *
 * The first byte says what is offered and how the text is cut. Whatever the target answers, what
 * comes out as agreed is a value the standard and our offer allow, or there is an error with
 * a text.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

#include "iscsi/keys.h"
#include "iscsi/text.h"
#include "shared/cleanup.h"

struct negotiation {
	struct iscsi_negotiation keys;
	struct iscsi_text answers;
};

static void try_values(const char *value)
{
	uint8_t binary[64];
	struct iscsi_portal portal;
	uint32_t number = 0;
	int n = iscsi_text_binary(value, binary, sizeof(binary));

	CHECK(n <= (int)sizeof(binary) && n != 0);
	if (!iscsi_text_number(value, 512, 16777215, &number))
		CHECK(number >= 512 && number <= 16777215);
	if (!iscsi_portal_parse(value, &portal)) {
		struct iscsi_portal again;
		char text[ISCSI_PORTAL_TEXT];

		CHECK(portal.host[0] && portal.port);
		iscsi_portal_format(&portal, text, sizeof(text));
		CHECK(!iscsi_portal_parse(text, &again));
		CHECK(!strcmp(portal.host, again.host));
		CHECK(portal.port == again.port && portal.tag == again.tag);
	}
}

static int take_pair(void *user, const char *key, const char *value,
		     struct iscsi_error *error)
{
	struct negotiation *negotiation = user;
	int err;

	CHECK(*key && strlen(key) <= TEXT_KEY_MAX && strlen(value) < TEXT_PAIR_MAX);
	try_values(value);
	err = iscsi_keys_take(&negotiation->keys, key, value, &negotiation->answers,
			      error);
	if (err == -ENOENT)
		return 0;
	if (err)
		CHECK(error->kind == ISCSI_FAILED_NEGOTIATION && error->text[0] &&
		      error->key[0]);
	return err;
}

static void check_agreed(const struct iscsi_negotiation *keys)
{
	for (int i = 0; i < ISCSI_PARAM_COUNT; i++) {
		const struct iscsi_param_info *info = iscsi_param_info(i);
		uint32_t value = keys->agreed.value[i];

		CHECK(value >= info->min && value <= info->max);
	}
	CHECK(keys->agreed.value[ISCSI_FIRST_BURST_LENGTH] <=
	      keys->agreed.value[ISCSI_MAX_BURST_LENGTH]);
	CHECK(keys->agreed.value[ISCSI_HEADER_DIGEST] <= ISCSI_DIGEST_CRC32C);
	CHECK(keys->agreed.value[ISCSI_MAX_CONNECTIONS] == 1);
	CHECK(keys->agreed.value[ISCSI_ERROR_RECOVERY_LEVEL] == 0);
	CHECK(keys->agreed.value[ISCSI_DATA_PDU_IN_ORDER] == 1);
	CHECK(keys->target_max_recv >= 512);
}

static int read_portions(const uint8_t *data, size_t size, size_t portion,
			 struct negotiation *negotiation, struct iscsi_error *error)
{
	struct iscsi_text_reader reader;
	int err = 0;

	iscsi_text_reader_init(&reader, 64, 65536);
	for (size_t at = 0; at < size && !err; at += portion) {
		size_t n = size - at < portion ? size - at : portion;
		_cleanup_free_ uint8_t *copy = malloc(n);

		CHECK(copy);
		memcpy(copy, data + at, n);
		err = iscsi_text_read(&reader, copy, n, at + n == size, take_pair,
				      negotiation, error);
	}
	iscsi_text_reader_free(&reader);
	return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct negotiation negotiation = { 0 };
	struct iscsi_error error = { 0 };
	struct iscsi_params offers;
	int err;

	if (size < 1)
		return 0;
	iscsi_params_default(&offers);
	offers.value[ISCSI_HEADER_DIGEST] = data[0] & 3;
	offers.value[ISCSI_DATA_DIGEST] = data[0] >> 1 & 3;
	offers.value[ISCSI_INITIAL_R2T] = data[0] >> 3 & 1;
	offers.value[ISCSI_IMMEDIATE_DATA] = data[0] >> 4 & 1;
	iscsi_keys_init(&negotiation.keys, &offers, data[0] >> 5 & 1);
	iscsi_keys_offer(&negotiation.keys, &negotiation.answers);
	err = read_portions(data + 1, size - 1, (data[0] >> 6) * 5 + 1, &negotiation,
			    &error);
	if (!err)
		err = iscsi_keys_finish(&negotiation.keys, &error);
	if (err)
		CHECK(error.kind != ISCSI_FAILED_NOTHING && error.text[0]);
	else
		check_agreed(&negotiation.keys);
	iscsi_text_free(&negotiation.answers);
	return 0;
}
