/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * loop.h - the event loop that drives sessions: epoll, timers, work from other threads.
 *
 * One loop holds any number of sessions; it runs in one thread, which is the only one that
 * may touch what belongs to it. iscsi_loop_post(), iscsi_loop_call() and iscsi_loop_stop() are
 * the exceptions: they may be called from anywhere.
 */
#ifndef ISCSI_LOOP_H
#define ISCSI_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iscsi_loop;

/**
 * struct iscsi_work - something to do on the loop's thread; memory of the poster
 * @run: called once on the loop's thread; the work may be freed or posted again inside
 * @next: the loop's own
 */
struct iscsi_work {
	void (*run)(struct iscsi_work *work);
	struct iscsi_work *next;
};

/**
 * struct iscsi_timer - a time to wait for; memory of the caller, zero before the first use
 * @fire: called on the loop's thread when the time has come
 * @when, @place, @reserved: the loop's own
 */
struct iscsi_timer {
	void (*fire)(struct iscsi_timer *timer);
	uint64_t when;
	size_t place;
	bool reserved;
};

/**
 * struct iscsi_watch - a file descriptor to wait for, edge triggered
 * @ready: called on the loop's thread with the epoll events that are new
 */
struct iscsi_watch {
	void (*ready)(struct iscsi_watch *watch, uint32_t events);
};

/** iscsi_loop_new - a loop that does not run yet; 0 or negative errno */
int iscsi_loop_new(struct iscsi_loop **loop);

/**
 * iscsi_loop_free - release a loop; NULL is fine
 *
 * The loop must not run, and nothing may be watched, timed or posted any more.
 */
void iscsi_loop_free(struct iscsi_loop *loop);

/** iscsi_loop_start - run the loop in a thread of its own; 0 or negative errno */
int iscsi_loop_start(struct iscsi_loop *loop);

/** iscsi_loop_run - run the loop in the calling thread until iscsi_loop_stop() */
void iscsi_loop_run(struct iscsi_loop *loop);

/**
 * iscsi_loop_stop - end the loop once the work posted so far has run
 *
 * Waits for the thread of iscsi_loop_start(), unless called from it.
 */
void iscsi_loop_stop(struct iscsi_loop *loop);

/** iscsi_loop_post - run work on the loop's thread, in the order of posting; never fails */
void iscsi_loop_post(struct iscsi_loop *loop, struct iscsi_work *work);

/**
 * iscsi_loop_call - run a function on the loop's thread and wait for its return
 *
 * Called from the loop's own thread it runs the function at once. The function must not
 * wait for anything.
 */
void iscsi_loop_call(struct iscsi_loop *loop, void (*run)(void *argument),
		     void *argument);

/** iscsi_loop_now - nanoseconds of CLOCK_MONOTONIC, read afresh */
uint64_t iscsi_loop_now(void);

/**
 * iscsi_loop_timer - (re)arm a timer; ISCSI_NO_DEADLINE disarms it
 *
 * Return: 0 or -ENOMEM; rearming and disarming never fail.
 */
int iscsi_loop_timer(struct iscsi_loop *loop, struct iscsi_timer *timer, uint64_t when);

/**
 * iscsi_loop_reserve - keep room for a timer, so that arming it cannot fail
 *
 * Return: 0 or -ENOMEM. iscsi_loop_unreserve() disarms the timer and gives the room back.
 */
int iscsi_loop_reserve(struct iscsi_loop *loop, struct iscsi_timer *timer);
void iscsi_loop_unreserve(struct iscsi_loop *loop, struct iscsi_timer *timer);

/**
 * iscsi_loop_watch - watch a descriptor for input, output and errors, edge triggered
 *
 * Return: 0 or negative errno. Closing the descriptor is not enough to end it:
 */
int iscsi_loop_watch(struct iscsi_loop *loop, int fd, struct iscsi_watch *watch);

/** iscsi_loop_unwatch - no more calls to the watch follow, even for events already read */
void iscsi_loop_unwatch(struct iscsi_loop *loop, int fd, struct iscsi_watch *watch);

/**
 * iscsi_loop_close - the same, and close the descriptor, which becomes -1
 *
 * Closing alone would not do: a process that this one forks meanwhile has a copy until it begins
 * another program, and as long as it has, the epoll set has the watch.
 */
void iscsi_loop_close(struct iscsi_loop *loop, int *fd, struct iscsi_watch *watch);

/** iscsi_loop_scratch - a buffer all users of the loop share, valid inside a callback */
void *iscsi_loop_scratch(struct iscsi_loop *loop, size_t *size);

#endif
