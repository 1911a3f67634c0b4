/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * net.h - the thread that does everything with the network, and how others wait for it.
 *
 * One event loop serves all sessions of the process; it is started when it is first needed. A
 * call hands work to it and waits until it is done. The loop's thread never waits: it does not
 * enter the gate and does not touch files.
 */
#ifndef USER_NET_H
#define USER_NET_H

#include <pthread.h>
#include <stdint.h>

#include "iscsi/loop.h"
#include "iscsi/resolve.h"

/** struct waiter - what a call waits for */
struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned int pending;
};

void waiter_init(struct waiter *waiter, unsigned int pending);
/** waiter_done - one of the pending things is done; the waiter may vanish at once */
void waiter_done(struct waiter *waiter);
/** waiter_wait - until all are done; then the waiter is released */
void waiter_wait(struct waiter *waiter);

/** net_loop - the running loop; NULL if it cannot be started, *err says why */
struct iscsi_loop *net_loop(int *err);

/** net_own_loop - the loop, for work that runs on it */
struct iscsi_loop *net_own_loop(void);

/** net_resolver - the resolver of the loop, for work that runs on it */
struct iscsi_resolver *net_resolver(void);

/** net_stop - ends the loop; no call may use it any more and no session may be left */
void net_stop(void);

/**
 * net_deadline - when network work has to have ended so that the call ends in time
 *
 * A little before the deadline of the call that runs on this thread.
 */
uint64_t net_deadline(void);

#endif
