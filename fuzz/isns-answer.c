// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * isns-answer.c - any bytes as what an iSNS server sends.
 *
 * The first byte says how the bytes are cut. Whatever comes, the conversation ends with targets
 * that can be believed, or with an error that says why, or wants more.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "discovery-protocols/isns.h"
#include "shared/utf8.h"

static void check_target(const struct isns_target *target)
{
	wchar_t wide[ISNS_ALIAS_MAX + 1];

	CHECK(!iscsi_name_check(target->name, NULL));
	CHECK(target->portal_count);
	for (size_t i = 0; i < target->portal_count; i++) {
		CHECK(target->portals[i].host[0] && target->portals[i].port);
		CHECK(strlen(target->portals[i].host) < ISNS_HOST_SIZE);
		CHECK(target->portals[i].tag >= -1 && target->portals[i].tag <= 65535);
	}
	if (target->alias)
		CHECK(utf8_to_wide(target->alias, wide, ISNS_ALIAS_MAX + 1) >= 0);
}

static void send_all(struct isns_client *client)
{
	const uint8_t *data;
	size_t size = isns_client_output(client, &data);

	CHECK(size % 4 == 0 && size <= 1024);
	isns_client_sent(client, size);
}

static int converse(struct isns_client *client, const uint8_t *data, size_t size,
		    size_t portion)
{
	int result = 0;

	for (size_t at = 0; at < size && !result; at += portion) {
		send_all(client);
		result = isns_client_input(client, data + at,
					   size - at < portion ? size - at : portion);
	}
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct isns_target *targets;
	struct isns_client *client;
	size_t count;
	int result;

	if (!size)
		return 0;
	CHECK(!isns_client_new("iqn.2003-01.org.example:fuzz", 0, &client));
	result = converse(client, data + 1, size - 1, data[0] ? data[0] : size);
	count = isns_client_targets(client, &targets);
	CHECK(result <= 1);
	CHECK(result == 1 || !count);
	CHECK(result >= 0 || isns_client_error(client)[0]);
	for (size_t i = 0; i < count; i++)
		check_target(&targets[i]);
	isns_client_free(client);
	return 0;
}
