// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gate.h"

#include <errno.h>
#include <time.h>

#include "shared/cleanup.h"

void cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attributes);
	pthread_condattr_destroy(&attributes);
}

int cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t deadline)
{
	const struct timespec until = { .tv_sec = (time_t)(deadline / 1000000000U),
					.tv_nsec = (long)(deadline % 1000000000U) };

	return pthread_cond_timedwait(cond, lock, &until) == ETIMEDOUT ? -ETIME : 0;
}

void gate_init(struct gate *gate)
{
	pthread_mutex_init(&gate->lock, NULL);
	cond_init(&gate->left);
	gate->taken = false;
}

void gate_destroy(struct gate *gate)
{
	pthread_cond_destroy(&gate->left);
	pthread_mutex_destroy(&gate->lock);
}

int gate_enter(struct gate *gate, uint64_t deadline)
{
	LOCKED(&gate->lock);
	int err = 0;

	while (gate->taken && !err)
		err = cond_wait_until(&gate->left, &gate->lock, deadline);
	if (gate->taken)
		return err;
	gate->taken = true;
	return 0;
}

void gate_leave(struct gate *gate)
{
	LOCKED(&gate->lock);
	gate->taken = false;
	pthread_cond_signal(&gate->left);
}
