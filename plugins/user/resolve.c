// SPDX-License-Identifier: LGPL-2.1-or-later
#include "resolve.h"

#include <errno.h>
#include <string.h>

#include "iscsi/iscsi.h"
#include "net.h"
#include "plugin-support/address.h"
#include "plugin-support/lists.h"
#include "shared/cleanup.h"

/* One name that is looked up, on the loop's thread. */
struct lookup {
	struct iscsi_work work;
	struct iscsi_timer timer;
	struct iscsi_lookup *handle;
	const struct address *portal;
	uint64_t deadline;
	struct waiter *waiter;
	union iscsi_address found[ISCSI_ADDRESSES_MAX];
	size_t count;
};

/* A zone has no place in a key: the address is told without it. */
static int numeric_key(const struct address *portal, IMA_ADDRESS_KEY *key)
{
	struct address address = *portal;

	*strchrnul(address.host, '%') = 0;
	return address_to_key(&address, key);
}

static bool is_numeric(const struct address *portal)
{
	IMA_ADDRESS_KEY key;

	return !numeric_key(portal, &key);
}

static void finish(struct lookup *lookup)
{
	iscsi_loop_timer(net_own_loop(), &lookup->timer, ISCSI_NO_DEADLINE);
	waiter_done(lookup->waiter);
}

static void on_answer(void *argument, const union iscsi_address *addresses, size_t count,
		      int code, int system_error)
{
	struct lookup *lookup = argument;

	(void)code;
	(void)system_error;
	lookup->handle = NULL;
	lookup->count = count < ARRAY_SIZE(lookup->found) ? count
							  : ARRAY_SIZE(lookup->found);
	memcpy(lookup->found, addresses, lookup->count * sizeof(*addresses));
	finish(lookup);
}

static void on_timeout(struct iscsi_timer *timer)
{
	struct lookup *lookup = (struct lookup *)((char *)timer -
						  offsetof(struct lookup, timer));

	iscsi_resolve_cancel(lookup->handle);
	finish(lookup);
}

static void run(struct iscsi_work *work)
{
	struct lookup *lookup = (struct lookup *)((char *)work -
						  offsetof(struct lookup, work));

	lookup->timer.fire = on_timeout;
	if (iscsi_loop_timer(net_own_loop(), &lookup->timer, lookup->deadline)) {
		waiter_done(lookup->waiter);
		return;
	}
	if (iscsi_resolve(net_resolver(), lookup->portal->host, lookup->portal->port,
			  on_answer, lookup, &lookup->handle))
		finish(lookup);
}

static int add_found(const struct lookup *lookup, struct address_key_list *keys)
{
	int err = 0;

	for (size_t i = 0; !err && i < lookup->count; i++) {
		const union iscsi_address *found = &lookup->found[i];
		IMA_ADDRESS_KEY key = { .portNumber = lookup->portal->port };

		key.ipAddress.ipv4Address = found->any.sa_family == AF_INET;
		if (key.ipAddress.ipv4Address)
			memcpy(key.ipAddress.ipAddress, &found->in.sin_addr, 4);
		else
			memcpy(key.ipAddress.ipAddress, &found->in6.sin6_addr, 16);
		err = address_key_list_add(keys, &key);
	}
	return err;
}

static int add_numeric(const struct address *portal, struct address_key_list *keys)
{
	IMA_ADDRESS_KEY key;

	return numeric_key(portal, &key) ? 0 : address_key_list_add(keys, &key);
}

static unsigned int count_names(const struct address *portals, size_t count)
{
	unsigned int names = 0;

	for (size_t i = 0; i < count; i++)
		names += !is_numeric(&portals[i]);
	return names;
}

/* All names at once. */
struct batch {
	struct waiter waiter;
	struct lookup lookups[];
};

static void look_up(struct iscsi_loop *loop, const struct address *portals, size_t count,
		    struct batch *batch)
{
	struct lookup *next = batch->lookups;
	uint64_t deadline = net_deadline();

	for (size_t i = 0; i < count; i++) {
		if (is_numeric(&portals[i]))
			continue;
		next->portal = &portals[i];
		next->deadline = deadline;
		next->waiter = &batch->waiter;
		next->work.run = run;
		iscsi_loop_post(loop, &next->work);
		next++;
	}
	waiter_wait(&batch->waiter);
}

/* In the order of the portals; batch has the answers for those that are names. */
static int add_all(const struct address *portals, size_t count, const struct batch *batch,
		   struct address_key_list *keys)
{
	size_t next = 0;
	int err = 0;

	for (size_t i = 0; !err && i < count; i++)
		err = !batch || is_numeric(&portals[i])
			      ? add_numeric(&portals[i], keys)
			      : add_found(&batch->lookups[next++], keys);
	return err;
}

static int resolve_names(const struct address *portals, size_t count, unsigned int names,
			 struct address_key_list *keys)
{
	int err;
	struct iscsi_loop *loop = net_loop(&err);
	struct batch *batch;

	if (!loop)
		return err;
	batch = calloc(1, sizeof(*batch) + names * sizeof(batch->lookups[0]));
	if (!batch)
		return -ENOMEM;
	waiter_init(&batch->waiter, names);
	look_up(loop, portals, count, batch);
	err = add_all(portals, count, batch, keys);
	free(batch);
	return err;
}

int resolve_keys(const struct address *portals, size_t count,
		 struct address_key_list *keys)
{
	static const struct batch nothing;
	unsigned int names = count_names(portals, count);

	return names ? resolve_names(portals, count, names, keys)
		     : add_all(portals, count, &nothing, keys);
}
