// SPDX-License-Identifier: LGPL-2.1-or-later
#include "net.h"

#include <errno.h>
#include <stddef.h>

#include "plugin-support/host.h"
#include "shared/cleanup.h"

#define RESOLVER_THREADS 8
#define MARGIN		 20000000U /* ns between the end of network work and of a call */

static struct {
	pthread_mutex_t lock; /* for starting only */
	struct iscsi_loop *loop;
	struct iscsi_resolver *resolver;
} net = { .lock = PTHREAD_MUTEX_INITIALIZER };

void waiter_init(struct waiter *waiter, unsigned int pending)
{
	pthread_mutex_init(&waiter->lock, NULL);
	pthread_cond_init(&waiter->changed, NULL);
	waiter->pending = pending;
}

void waiter_done(struct waiter *waiter)
{
	/* Signalled with the lock held: who waits releases the waiter once it has the lock. */
	LOCKED(&waiter->lock);
	if (!--waiter->pending)
		pthread_cond_signal(&waiter->changed);
}

void waiter_wait(struct waiter *waiter)
{
	pthread_mutex_lock(&waiter->lock);
	while (waiter->pending)
		pthread_cond_wait(&waiter->changed, &waiter->lock);
	pthread_mutex_unlock(&waiter->lock);
	pthread_cond_destroy(&waiter->changed);
	pthread_mutex_destroy(&waiter->lock);
}

static int start(void)
{
	int err = iscsi_loop_new(&net.loop);

	if (!err)
		err = iscsi_resolver_new(net.loop, RESOLVER_THREADS, &net.resolver);
	if (!err)
		err = iscsi_loop_start(net.loop);
	if (!err)
		return 0;
	iscsi_resolver_free(net.resolver);
	iscsi_loop_free(net.loop);
	net.resolver = NULL;
	net.loop = NULL;
	return err;
}

struct iscsi_loop *net_loop(int *err)
{
	LOCKED(&net.lock);
	*err = net.loop ? 0 : start();
	return net.loop;
}

struct iscsi_loop *net_own_loop(void)
{
	return net.loop;
}

struct iscsi_resolver *net_resolver(void)
{
	return net.resolver;
}

void net_stop(void)
{
	LOCKED(&net.lock);
	if (!net.loop)
		return;
	iscsi_loop_stop(net.loop);
	iscsi_resolver_free(net.resolver);
	iscsi_loop_free(net.loop);
	net.resolver = NULL;
	net.loop = NULL;
}

uint64_t net_deadline(void)
{
	uint64_t deadline = host_deadline(), now = host_now();
	uint64_t left = deadline > now ? deadline - now : 0;
	uint64_t margin = left / 10 < MARGIN ? left / 10 : MARGIN;

	return deadline - margin;
}
