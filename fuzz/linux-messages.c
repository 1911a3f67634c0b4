// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * linux-messages.c - any bytes as what arrives by netlink: the first byte says which kind.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

#include "plugins/linux/counters.h"
#include "plugins/linux/iscsi-netlink.h"
#include "plugins/linux/uevent.h"

static void check_uevent(const uint8_t *data, size_t size)
{
	char *message = malloc(size + 1);
	struct uevent event;

	CHECK(message);
	memcpy(message, data, size);
	message[size] = 0;
	if (uevent_parse(message, size, &event)) {
		CHECK(event.action && strlen(event.action) <= size);
		CHECK(event.path && strlen(event.path) <= size);
		uevent_is_ours(&event);
	}
	free(message);
}

static void check_iscsi_event(const uint8_t *data, size_t size)
{
	struct iscsi_event event;

	iscsi_event_parse(data, size, &event);
	CHECK(event.kind <= ISCSI_EVENT_HOST);
}

static void check_counters(const uint8_t *data, size_t size)
{
	const struct counted of = { .handle = 0x0706050403020100, .sid = 1, .cid = 0 };
	struct counters counters = { 0 };
	int result = counters_parse(data, size, &of, &counters);

	CHECK(result <= 1 && result > -4096);
	CHECK(result == 1 || (!counters.bytes_sent && !counters.pdus_received));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(const uint8_t *data, size_t size) = {
		check_uevent,
		check_iscsi_event,
		check_counters,
	};

	if (size)
		checks[data[0] % 3](data + 1, size - 1);
	return 0;
}
