/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gate.h - a lock one can wait for until a deadline of CLOCK_MONOTONIC.
 *
 * Who is inside may wait for the disk and for other processes, so those who wait need a
 * deadline, which a mutex only offers for a clock that people set.
 */
#ifndef USER_GATE_H
#define USER_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t left;
	bool taken;
};

void gate_init(struct gate *gate);
void gate_destroy(struct gate *gate);

/** gate_enter - 0, or -ETIME if the deadline passed */
int gate_enter(struct gate *gate, uint64_t deadline);
void gate_leave(struct gate *gate);

/** cond_init - a condition variable for cond_wait_until() */
void cond_init(pthread_cond_t *cond);

/** cond_wait_until - 0, or -ETIME; as pthread_cond_timedwait() with CLOCK_MONOTONIC in ns */
int cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t deadline);

#endif
