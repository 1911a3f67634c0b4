// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * finder.c - wishes come in, each becomes a search of its own, and what a search found is stored.
 *
 * All searches go on side by side on the loop; the thread here begins them and stores what they
 * found, which the loop's thread must not do. A search that was begun ends up in finished.
 *
 * Locks: finder.lock guards everything here. It is held neither in the gate nor while anything
 * is waited for but finder.changed.
 */
#include "finder.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "discover.h"
#include "gate.h"
#include "net.h"
#include "user.h"

#define WISHES_MAX 64		 /* more at once become one for everything */
#define EVERYTHING SOURCE_STATIC /* which is no source that can be asked */
#define PATIENCE   300000000U	 /* ns for what is going on when the plugin ends */

/* One source that is being asked. */
struct search {
	struct search *next;
	struct run run;
	bool is_cancelled;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	int64_t wishes[WISHES_MAX]; /* sources, or EVERYTHING */
	size_t wish_count;
	struct search *active, *finished;
	bool is_running, is_busy, is_stopping;
} finder = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* --- On the loop's thread --------------------------------------------------------------- */

static void unlist(struct search *search)
{
	struct search **link = &finder.active;

	while (*link != search)
		link = &(*link)->next;
	*link = search->next;
}

static void on_finished(struct ask *ask)
{
	struct search *search = ask->user;

	LOCKED(&finder.lock);
	unlist(search);
	search->next = finder.finished;
	finder.finished = search;
	pthread_cond_broadcast(&finder.changed);
}

static struct search *next_to_cancel(void)
{
	LOCKED(&finder.lock);
	struct search *search = finder.active;

	while (search && search->is_cancelled)
		search = search->next;
	if (search)
		search->is_cancelled = true;
	return search;
}

/* A search that is cancelled may leave the list at once or later. */
static void run_cancellation(struct iscsi_work *work)
{
	(void)work;
	for (struct search *search; (search = next_to_cancel());)
		ask_cancel(&search->run.asks[0]);
}

/* --- On the finder's thread --------------------------------------------------------------- */

static void drop_search(struct search *search)
{
	if (search)
		run_free(&search->run);
	free(search);
}

static struct search *make_search(int64_t source)
{
	struct search *search = calloc(1, sizeof(*search));

	if (!search || run_plan_source(&search->run, source)) {
		drop_search(search);
		return NULL;
	}
	search->run.asks[0].finished = on_finished;
	search->run.asks[0].user = search;
	return search;
}

/* False if it is too late to begin anything. */
static bool enlist(struct search *search)
{
	LOCKED(&finder.lock);
	if (finder.is_stopping)
		return false;
	search->next = finder.active;
	finder.active = search;
	return true;
}

static void begin(int64_t source)
{
	struct search *search = make_search(source);
	int err;
	struct iscsi_loop *loop = search ? net_loop(&err) : NULL;

	if (loop && enlist(search))
		ask_start(&search->run.asks[0], loop);
	else
		drop_search(search);
}

/* All sources; those that are not in use are not asked. NULL: no memory. */
static int64_t *all_sources(size_t *count)
{
	VISIT visit = visit_begin();
	const struct vector *addresses = &user.state.addresses;
	int64_t *sources = visit.status ? NULL
					: calloc(addresses->count + 2, sizeof(*sources));

	if (!sources)
		return NULL;
	*count = 0;
	for (size_t i = 0; i < addresses->count; i++)
		sources[(*count)++] =
			((struct discovery_address *)addresses->items[i])->id;
	sources[(*count)++] = SOURCE_ISNS;
	sources[(*count)++] = SOURCE_SLP;
	return sources;
}

static void begin_all(int64_t wish)
{
	size_t count = 0;
	int64_t _cleanup_free_ *all = NULL;

	if (wish != EVERYTHING) {
		begin(wish);
		return;
	}
	all = all_sources(&count);
	for (size_t i = 0; all && i < count; i++)
		begin(all[i]);
}

static void finish(struct search *search)
{
	run_keep(&search->run);
	drop_search(search);
}

static int64_t take_wish(void)
{
	int64_t wish = finder.wishes[0];

	memmove(finder.wishes, finder.wishes + 1, --finder.wish_count * sizeof(wish));
	return wish;
}

static struct search *take_finished(void)
{
	struct search *search = finder.finished;

	if (search)
		finder.finished = search->next;
	return search;
}

/* Lock held on entry and on return, but not while there is something to do. */
static void do_next(void)
{
	struct search *search = take_finished();
	int64_t wish = search ? EVERYTHING : take_wish();

	finder.is_busy = true;
	pthread_mutex_unlock(&finder.lock);
	if (search)
		finish(search);
	else
		begin_all(wish);
	pthread_mutex_lock(&finder.lock);
	finder.is_busy = false;
	pthread_cond_broadcast(&finder.changed);
}

static bool has_work(void)
{
	return finder.wish_count || finder.finished;
}

static void *work(void *unused)
{
	(void)unused;
	LOCKED(&finder.lock);
	while (!finder.is_stopping || finder.active || has_work())
		if (has_work())
			do_next();
		else
			pthread_cond_wait(&finder.changed, &finder.lock);
	return NULL;
}

/* --- For everybody else -------------------------------------------------------------------- */

static int start(void)
{
	sigset_t all, old;
	int err;

	if (finder.is_running)
		return 0;
	finder.is_stopping = false;
	cond_init(&finder.changed);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&finder.thread, NULL, work, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		pthread_cond_destroy(&finder.changed);
	finder.is_running = !err;
	return -err;
}

void finder_want_all(void)
{
	finder_want(EVERYTHING);
}

void finder_want(int64_t source)
{
	LOCKED(&finder.lock);
	int err = start();

	if (err) {
		host_log(IMAX_LOG_WARNING, "discovery does not start by itself: %s",
			 strerror(-err));
		return;
	}
	if (finder.wish_count == WISHES_MAX) {
		source = EVERYTHING;
		finder.wish_count = 0;
	}
	finder.wishes[finder.wish_count++] = source;
	pthread_cond_broadcast(&finder.changed);
}

/* Until everything that was wanted is done, but not for long. False: nothing runs at all. */
static bool wait_a_moment(void)
{
	uint64_t until = host_now() + PATIENCE;
	int err = 0;

	LOCKED(&finder.lock);
	if (!finder.is_running)
		return false;
	while (!err && (finder.active || finder.is_busy || has_work()))
		err = cond_wait_until(&finder.changed, &finder.lock, until);
	finder.is_stopping = true;
	finder.wish_count = 0;
	pthread_cond_broadcast(&finder.changed);
	return true;
}

void finder_stop(void)
{
	static struct iscsi_work cancellation = { .run = run_cancellation };
	struct iscsi_loop *loop;
	int err;

	if (!wait_a_moment())
		return;
	loop = net_loop(&err);
	if (loop)
		iscsi_loop_post(loop, &cancellation);
	pthread_join(finder.thread, NULL);
	pthread_cond_destroy(&finder.changed);
	finder.is_running = false;
}
