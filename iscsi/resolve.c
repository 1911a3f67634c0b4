// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * resolve.c - getaddrinfo(3) on helper threads.
 *
 * The lock of the resolver guards its queue, its counters and the state of every lookup. A
 * lookup belongs to its caller until it is answered or cancelled; one that is cancelled while a
 * thread or the loop still has it is released by who has it. The resolver lives until its last
 * thread has ended. Order of locks: resolver, then loop.
 */
#include "iscsi/resolve.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "iscsi/iscsi.h"
#include "iscsi/loop.h"
#include "shared/cleanup.h"
#include "shared/number.h"

enum lookup_state { QUEUED, ASKING, POSTED, CANCELLED };

struct iscsi_lookup {
	struct iscsi_work work; /* first: what the loop hands back */
	struct iscsi_lookup *next;
	struct iscsi_resolver *resolver;
	enum lookup_state state;
	void (*answer)(void *user, const union iscsi_address *addresses, size_t count,
		       int code, int system_error);
	void *user;
	union iscsi_address address[ISCSI_ADDRESSES_MAX];
	size_t count;
	int code, system_error;
	uint16_t port;
	char host[ISCSI_HOST_MAX + 1];
};

struct iscsi_resolver {
	struct iscsi_loop *loop;
	pthread_mutex_t lock;
	struct iscsi_lookup *first, **last; /* those that wait for a thread */
	unsigned int threads, max_threads;
	unsigned int references; /* the owner, the threads, the answers on their way */
	int (*ask)(const char *host, const char *service, const struct addrinfo *hints,
		   struct addrinfo **list);
	void (*release)(struct addrinfo *list);
};

/* --- Numeric addresses ------------------------------------------------------------------- */

static int parse_zone(const char *zone, uint32_t *id)
{
	uint64_t number;

	*id = if_nametoindex(zone);
	if (*id)
		return 0;
	if (!isdigit((unsigned char)zone[0]) ||
	    number_parse(zone, 1, UINT32_MAX, &number))
		return -EINVAL;
	*id = (uint32_t)number;
	return 0;
}

static int parse_ipv6(const char *host, struct sockaddr_in6 *in6)
{
	char address[INET6_ADDRSTRLEN];
	size_t length = strcspn(host, "%");

	if (length >= sizeof(address))
		return -EINVAL;
	memcpy(address, host, length);
	address[length] = 0;
	if (inet_pton(AF_INET6, address, &in6->sin6_addr) != 1)
		return -EINVAL;
	in6->sin6_family = AF_INET6;
	return host[length] ? parse_zone(host + length + 1, &in6->sin6_scope_id) : 0;
}

int iscsi_address_parse(const char *host, uint16_t port, union iscsi_address *address)
{
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, host, &address->in.sin_addr) == 1) {
		address->in.sin_family = AF_INET;
		address->in.sin_port = htons(port);
		return 0;
	}
	address->in6.sin6_port = htons(port);
	return parse_ipv6(host, &address->in6);
}

socklen_t iscsi_address_size(const union iscsi_address *address)
{
	return address->any.sa_family == AF_INET ? sizeof(address->in)
						 : sizeof(address->in6);
}

/* --- Life -------------------------------------------------------------------------------- */

int iscsi_resolver_new(struct iscsi_loop *loop, unsigned int max_threads,
		       struct iscsi_resolver **out)
{
	struct iscsi_resolver *resolver;

	if (max_threads < 1 || max_threads > 64)
		return -EINVAL;
	resolver = calloc(1, sizeof(*resolver));
	if (!resolver)
		return -ENOMEM;
	pthread_mutex_init(&resolver->lock, NULL);
	resolver->loop = loop;
	resolver->last = &resolver->first;
	resolver->max_threads = max_threads;
	resolver->references = 1;
	resolver->ask = getaddrinfo;
	resolver->release = freeaddrinfo;
	*out = resolver;
	return 0;
}

void iscsi_resolver_ask(struct iscsi_resolver *resolver,
			int (*ask)(const char *host, const char *service,
				   const struct addrinfo *hints, struct addrinfo **list),
			void (*release)(struct addrinfo *list))
{
	resolver->ask = ask;
	resolver->release = release;
}

static void unref(struct iscsi_resolver *resolver)
{
	bool last;

	pthread_mutex_lock(&resolver->lock);
	last = !--resolver->references;
	pthread_mutex_unlock(&resolver->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&resolver->lock);
	free(resolver);
}

void iscsi_resolver_free(struct iscsi_resolver *resolver)
{
	if (resolver)
		unref(resolver);
}

/* --- On the helper threads --------------------------------------------------------------- */

static void take_list(struct iscsi_lookup *lookup, const struct addrinfo *list)
{
	for (; list && lookup->count < ISCSI_ADDRESSES_MAX; list = list->ai_next) {
		union iscsi_address *address = &lookup->address[lookup->count];

		if (list->ai_addrlen > sizeof(*address) ||
		    (list->ai_family != AF_INET && list->ai_family != AF_INET6))
			continue;
		memcpy(address, list->ai_addr, list->ai_addrlen);
		/* The port is in the same place in both families. */
		address->in.sin_port = htons(lookup->port);
		lookup->count++;
	}
}

static void ask(struct iscsi_resolver *resolver, struct iscsi_lookup *lookup)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;

	lookup->code = resolver->ask(lookup->host, NULL, &hints, &list);
	lookup->system_error = lookup->code == EAI_SYSTEM ? errno : 0;
	if (lookup->code)
		return;
	take_list(lookup, list);
	resolver->release(list);
	if (!lookup->count)
		lookup->code = EAI_NODATA;
}

static struct iscsi_lookup *next_lookup(struct iscsi_resolver *resolver)
{
	struct iscsi_lookup *lookup;

	LOCKED(&resolver->lock);

	lookup = resolver->first;
	if (!lookup) {
		resolver->threads--;
		return NULL;
	}
	resolver->first = lookup->next;
	if (!resolver->first)
		resolver->last = &resolver->first;
	lookup->state = ASKING;
	return lookup;
}

/* Under the lock, so that nobody cancels between the look and the post. */
static bool post_answer(struct iscsi_resolver *resolver, struct iscsi_lookup *lookup)
{
	LOCKED(&resolver->lock);

	if (lookup->state == CANCELLED)
		return false;
	lookup->state = POSTED;
	resolver->references++;
	iscsi_loop_post(resolver->loop, &lookup->work);
	return true;
}

static void *resolver_main(void *argument)
{
	struct iscsi_resolver *resolver = argument;
	struct iscsi_lookup *lookup;

	while ((lookup = next_lookup(resolver))) {
		ask(resolver, lookup);
		if (!post_answer(resolver, lookup))
			free(lookup);
	}
	unref(resolver);
	return NULL;
}

/* --- On the loop ------------------------------------------------------------------------- */

static void deliver(struct iscsi_work *work)
{
	struct iscsi_lookup *lookup = (struct iscsi_lookup *)work;
	struct iscsi_resolver *resolver = lookup->resolver;
	bool wanted;

	pthread_mutex_lock(&resolver->lock);
	wanted = lookup->state != CANCELLED;
	pthread_mutex_unlock(&resolver->lock);
	if (wanted)
		lookup->answer(lookup->user, lookup->address, lookup->count, lookup->code,
			       lookup->system_error);
	free(lookup);
	unref(resolver);
}

static int start_thread(struct iscsi_resolver *resolver)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t thread;
	int err;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, &attributes, resolver_main, resolver);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return -err;
}

static void append(struct iscsi_resolver *resolver, struct iscsi_lookup *lookup)
{
	*resolver->last = lookup;
	resolver->last = &lookup->next;
}

/* Make sure there is a thread for it; without any at all it cannot be answered. */
static int enqueue(struct iscsi_resolver *resolver, struct iscsi_lookup *lookup)
{
	LOCKED(&resolver->lock);

	if (resolver->threads < resolver->max_threads) {
		if (!start_thread(resolver)) {
			resolver->threads++;
			resolver->references++;
		} else if (!resolver->threads) {
			return -EAGAIN;
		}
	}
	append(resolver, lookup);
	return 0;
}

int iscsi_resolve(struct iscsi_resolver *resolver, const char *host, uint16_t port,
		  void (*answer)(void *user, const union iscsi_address *addresses,
				 size_t count, int code, int system_error),
		  void *user, struct iscsi_lookup **out)
{
	struct iscsi_lookup *lookup;
	size_t length = strnlen(host, ISCSI_HOST_MAX + 1);
	int err;

	if (length > ISCSI_HOST_MAX)
		return -EINVAL;
	lookup = calloc(1, sizeof(*lookup));
	if (!lookup)
		return -ENOMEM;
	memcpy(lookup->host, host, length);
	lookup->work.run = deliver;
	lookup->resolver = resolver;
	lookup->port = port;
	lookup->answer = answer;
	lookup->user = user;
	err = enqueue(resolver, lookup);
	if (err)
		free(lookup);
	else
		*out = lookup;
	return err;
}

static void unqueue(struct iscsi_resolver *resolver, struct iscsi_lookup *lookup)
{
	struct iscsi_lookup **link = &resolver->first;

	while (*link != lookup)
		link = &(*link)->next;
	*link = lookup->next;
	if (resolver->last == &lookup->next)
		resolver->last = link;
}

void iscsi_resolve_cancel(struct iscsi_lookup *lookup)
{
	struct iscsi_resolver *resolver;
	bool queued;

	if (!lookup)
		return;
	resolver = lookup->resolver;
	pthread_mutex_lock(&resolver->lock);
	queued = lookup->state == QUEUED;
	if (queued)
		unqueue(resolver, lookup);
	lookup->state = CANCELLED;
	pthread_mutex_unlock(&resolver->lock);
	if (queued)
		free(lookup);
}
