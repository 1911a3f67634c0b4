// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * loop.c - epoll, a heap of timers, and a queue of work from other threads.
 *
 * The lock guards the queue and the flags beside it, nothing else, and is never held while
 * work runs.
 */
#include "iscsi/loop.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "iscsi/iscsi.h"
#include "shared/cleanup.h"

#define EVENTS_MAX   64
#define SCRATCH_SIZE (256 * 1024)
#define MILLISECOND  1000000ULL
#define WAIT_MAX     60000 /* ms; only to stay far from the limits of int */

struct iscsi_loop {
	int epoll, wakeup;
	pthread_t thread; /* of iscsi_loop_start() */
	bool has_thread;

	pthread_mutex_t lock;
	pthread_t runner; /* whom the loop runs in */
	bool running;	  /* runner is valid */
	struct iscsi_work *first, **last;
	bool woken; /* the eventfd is written and not read yet */
	bool stop;

	struct iscsi_timer **heap; /* place of a timer is its index + 1 */
	size_t timers, room, reserved;

	struct epoll_event events[EVENTS_MAX];
	int event, event_count; /* those from event on are not dispatched yet */
	uint8_t *scratch;
};

uint64_t iscsi_loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

void *iscsi_loop_scratch(struct iscsi_loop *loop, size_t *size)
{
	*size = SCRATCH_SIZE;
	return loop->scratch;
}

/* --- Life -------------------------------------------------------------------------------- */

static int open_descriptors(struct iscsi_loop *loop)
{
	struct epoll_event event = { .events = EPOLLIN };

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0)
		return -errno;
	loop->wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->wakeup < 0)
		return -errno;
	return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wakeup, &event) ? -errno : 0;
}

int iscsi_loop_new(struct iscsi_loop **out)
{
	struct iscsi_loop *loop = calloc(1, sizeof(*loop));
	int err = -ENOMEM;

	if (!loop)
		return -ENOMEM;
	loop->epoll = -1;
	loop->wakeup = -1;
	loop->last = &loop->first;
	pthread_mutex_init(&loop->lock, NULL);
	loop->scratch = malloc(SCRATCH_SIZE);
	if (loop->scratch)
		err = open_descriptors(loop);
	if (err)
		iscsi_loop_free(loop);
	else
		*out = loop;
	return err;
}

void iscsi_loop_free(struct iscsi_loop *loop)
{
	if (!loop)
		return;
	cleanup_close(&loop->epoll);
	cleanup_close(&loop->wakeup);
	pthread_mutex_destroy(&loop->lock);
	free(loop->heap);
	free(loop->scratch);
	free(loop);
}

/* --- Timers ------------------------------------------------------------------------------ */

static void put_timer(struct iscsi_loop *loop, size_t i, struct iscsi_timer *timer)
{
	loop->heap[i] = timer;
	timer->place = i + 1;
}

static void sift_up(struct iscsi_loop *loop, size_t i, struct iscsi_timer *timer)
{
	while (i && loop->heap[(i - 1) / 2]->when > timer->when) {
		put_timer(loop, i, loop->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	put_timer(loop, i, timer);
}

static void sift_down(struct iscsi_loop *loop, size_t i, struct iscsi_timer *timer)
{
	for (size_t child; (child = 2 * i + 1) < loop->timers; i = child) {
		if (child + 1 < loop->timers &&
		    loop->heap[child + 1]->when < loop->heap[child]->when)
			child++;
		if (loop->heap[child]->when >= timer->when)
			break;
		put_timer(loop, i, loop->heap[child]);
	}
	put_timer(loop, i, timer);
}

static void place_timer(struct iscsi_loop *loop, size_t i, struct iscsi_timer *timer)
{
	if (i && loop->heap[(i - 1) / 2]->when > timer->when)
		sift_up(loop, i, timer);
	else
		sift_down(loop, i, timer);
}

static void remove_timer(struct iscsi_loop *loop, struct iscsi_timer *timer)
{
	size_t i = timer->place - 1;
	struct iscsi_timer *last = loop->heap[--loop->timers];

	timer->place = 0;
	if (last != timer)
		place_timer(loop, i, last);
}

static int make_room(struct iscsi_loop *loop, size_t needed)
{
	size_t room = loop->room ? loop->room : 16;
	struct iscsi_timer **heap;

	while (room < needed)
		room *= 2;
	if (room == loop->room)
		return 0;
	heap = realloc(loop->heap, room * sizeof(*heap));
	if (!heap)
		return -ENOMEM;
	loop->heap = heap;
	loop->room = room;
	return 0;
}

/* Others leave as much room alone as is reserved. */
int iscsi_loop_reserve(struct iscsi_loop *loop, struct iscsi_timer *timer)
{
	int err = make_room(loop, loop->timers + loop->reserved + 1);

	if (err)
		return err;
	loop->reserved++;
	timer->reserved = true;
	return 0;
}

void iscsi_loop_unreserve(struct iscsi_loop *loop, struct iscsi_timer *timer)
{
	iscsi_loop_timer(loop, timer, ISCSI_NO_DEADLINE);
	loop->reserved--;
	timer->reserved = false;
}

int iscsi_loop_timer(struct iscsi_loop *loop, struct iscsi_timer *timer, uint64_t when)
{
	if (when == ISCSI_NO_DEADLINE) {
		if (timer->place)
			remove_timer(loop, timer);
		return 0;
	}
	timer->when = when;
	if (timer->place) {
		place_timer(loop, timer->place - 1, timer);
		return 0;
	}
	if (!timer->reserved && make_room(loop, loop->timers + loop->reserved + 1))
		return -ENOMEM;
	sift_up(loop, loop->timers++, timer);
	return 0;
}

static void fire_timers(struct iscsi_loop *loop)
{
	uint64_t now;

	if (!loop->timers)
		return;
	/* What is armed for now from inside waits for the next round, so others get theirs. */
	now = iscsi_loop_now();
	for (size_t n = loop->timers; n && loop->timers && loop->heap[0]->when <= now;
	     n--) {
		struct iscsi_timer *timer = loop->heap[0];

		remove_timer(loop, timer);
		timer->fire(timer);
	}
}

/* --- Work of other threads --------------------------------------------------------------- */

static bool on_loop(const struct iscsi_loop *loop)
{
	return loop->running && pthread_equal(pthread_self(), loop->runner);
}

/* The loop itself looks at the queue before it waits. */
static void wake(struct iscsi_loop *loop)
{
	uint64_t one = 1;

	if (loop->woken || on_loop(loop))
		return;
	loop->woken = true;
	/* It can only fail if it is full, which wakes as well. */
	if (write(loop->wakeup, &one, sizeof(one)) < 0)
		return;
}

void iscsi_loop_post(struct iscsi_loop *loop, struct iscsi_work *work)
{
	LOCKED(&loop->lock);

	work->next = NULL;
	*loop->last = work;
	loop->last = &work->next;
	wake(loop);
}

static struct iscsi_work *take_work(struct iscsi_loop *loop)
{
	struct iscsi_work *work;
	uint64_t count;

	LOCKED(&loop->lock);

	if (loop->woken && read(loop->wakeup, &count, sizeof(count)) > 0)
		loop->woken = false;
	work = steal(loop->first);
	loop->last = &loop->first;
	return work;
}

/* Work that is posted meanwhile waits for the next round. */
static void run_work(struct iscsi_loop *loop)
{
	struct iscsi_work *work = take_work(loop);

	while (work) {
		struct iscsi_work *next = work->next;

		work->run(work);
		work = next;
	}
}

struct call {
	struct iscsi_work work;
	void (*run)(void *argument);
	void *argument;
	sem_t done;
};

static void run_call(struct iscsi_work *work)
{
	struct call *call = (struct call *)work;

	call->run(call->argument);
	sem_post(&call->done);
}

void iscsi_loop_call(struct iscsi_loop *loop, void (*run)(void *argument), void *argument)
{
	struct call call = { { run_call, NULL }, run, argument, { { 0 } } };
	bool direct;

	pthread_mutex_lock(&loop->lock);
	direct = on_loop(loop);
	pthread_mutex_unlock(&loop->lock);
	if (direct) {
		run(argument);
		return;
	}
	sem_init(&call.done, 0, 0);
	iscsi_loop_post(loop, &call.work);
	while (sem_wait(&call.done) && errno == EINTR)
		;
	sem_destroy(&call.done);
}

/* --- Descriptors ------------------------------------------------------------------------- */

int iscsi_loop_watch(struct iscsi_loop *loop, int fd, struct iscsi_watch *watch)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
				     .data.ptr = watch };

	return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* Events that are read already, but not dispatched. */
static void forget(struct iscsi_loop *loop, const struct iscsi_watch *watch)
{
	for (int i = loop->event; i < loop->event_count; i++)
		if (loop->events[i].data.ptr == watch)
			loop->events[i].data.ptr = NULL;
}

void iscsi_loop_unwatch(struct iscsi_loop *loop, int fd, struct iscsi_watch *watch)
{
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
	forget(loop, watch);
}

void iscsi_loop_close(struct iscsi_loop *loop, int *fd, struct iscsi_watch *watch)
{
	iscsi_loop_unwatch(loop, *fd, watch);
	close(*fd);
	*fd = -1;
}

static void dispatch(struct iscsi_loop *loop)
{
	while (loop->event < loop->event_count) {
		const struct epoll_event *event = &loop->events[loop->event++];
		struct iscsi_watch *watch = event->data.ptr;

		if (watch)
			watch->ready(watch, event->events);
	}
}

/* --- The loop ---------------------------------------------------------------------------- */

/* Milliseconds to the next timer, rounded up: too early would be a busy loop. */
static int time_to_wait(const struct iscsi_loop *loop)
{
	uint64_t now, when;

	if (!loop->timers)
		return -1;
	when = loop->heap[0]->when;
	if (!when)
		return 0;
	now = iscsi_loop_now();
	if (when <= now)
		return 0;
	if (when - now > WAIT_MAX * MILLISECOND)
		return WAIT_MAX;
	return (int)((when - now + MILLISECOND - 1) / MILLISECOND);
}

/* Whether the loop is over; if not, *idle says whether it may wait for something. */
static bool is_over(struct iscsi_loop *loop, bool *idle)
{
	LOCKED(&loop->lock);

	*idle = !loop->first;
	return loop->stop && *idle;
}

static void set_running(struct iscsi_loop *loop, bool running)
{
	LOCKED(&loop->lock);

	loop->running = running;
	loop->runner = pthread_self();
	if (!running)
		loop->stop = false;
}

void iscsi_loop_run(struct iscsi_loop *loop)
{
	bool idle;

	set_running(loop, true);
	while (!is_over(loop, &idle)) {
		int n = epoll_wait(loop->epoll, loop->events, EVENTS_MAX,
				   idle ? time_to_wait(loop) : 0);

		loop->event = 0;
		loop->event_count = n > 0 ? n : 0;
		dispatch(loop);
		fire_timers(loop);
		run_work(loop);
	}
	set_running(loop, false);
}

static void *thread_main(void *argument)
{
	iscsi_loop_run(argument);
	return NULL;
}

/* Signals are the business of the program we are part of, not of our threads. */
int iscsi_loop_start(struct iscsi_loop *loop)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&loop->thread, NULL, thread_main, loop);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err)
		return -err;
	loop->has_thread = true;
	pthread_setname_np(loop->thread, "iscsi-loop");
	return 0;
}

static bool ask_to_stop(struct iscsi_loop *loop)
{
	LOCKED(&loop->lock);

	loop->stop = true;
	wake(loop);
	return on_loop(loop);
}

void iscsi_loop_stop(struct iscsi_loop *loop)
{
	if (ask_to_stop(loop) || !loop->has_thread)
		return;
	pthread_join(loop->thread, NULL);
	loop->has_thread = false;
}
