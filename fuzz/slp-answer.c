// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * slp-answer.c - any bytes as an answer of an SLP agent, and the URLs in it.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

#include "discovery-protocols/slp.h"
#include "shared/cleanup.h"

struct message_bytes {
	const uint8_t *data;
	size_t size;
};

static void check_inside(const struct message_bytes *bytes, struct slp_text text)
{
	const uint8_t *at = (const uint8_t *)text.at;

	CHECK(!text.size ||
	      (at >= bytes->data && at + text.size <= bytes->data + bytes->size));
}

static int take_url(void *user, struct slp_text url)
{
	static const char *const types[] = { SLP_TARGETS, SLP_NAME_SERVERS,
					     SLP_DIRECTORY_AGENTS };
	struct slp_service service;

	check_inside(user, url);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		memset(&service, 0xee, sizeof(service));
		if (slp_service_parse(url, types[i], &service))
			continue;
		CHECK(service.host[0]);
		CHECK(memchr(service.host, 0, sizeof(service.host)));
		CHECK(memchr(service.name, 0, sizeof(service.name)));
	}
	return 0;
}

static void try_message(struct message_bytes *bytes)
{
	struct slp_message message;
	struct slp_text url;
	int length = slp_message_length(bytes->data, bytes->size);

	CHECK(length >= 0 || length == -EPROTO || length == -EMSGSIZE);
	if (slp_message_read(bytes->data, bytes->size, &message))
		return;
	CHECK(message.is_cut || length == (int)bytes->size || length == -EMSGSIZE);
	CHECK(slp_error_text(message.error));
	slp_urls(&message, take_url, bytes);
	if (!slp_directory_agent(&message, &url))
		take_url(bytes, url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message_bytes bytes = { data, size };

	try_message(&bytes);
	take_url(&bytes, (struct slp_text){ (const char *)data, size });
	return 0;
}
