// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * batch.c - threads that take the next item until there is none. lock guards next and done.
 */
#include "batch.h"

#include <malloc.h>
#include <pthread.h>

#include "progress.h"

struct batch {
	pthread_mutex_t lock;
	size_t count, next, done;
	void (*work)(void *data, size_t i);
	void *data;
};

/* The number of an item nobody has taken yet; count if there is none. */
static size_t take(struct batch *batch)
{
	size_t i;

	pthread_mutex_lock(&batch->lock);
	i = batch->next;
	if (i < batch->count)
		batch->next++;
	pthread_mutex_unlock(&batch->lock);
	return i;
}

static void finish(struct batch *batch)
{
	pthread_mutex_lock(&batch->lock);
	batch->done++;
	progress_count(batch->done, batch->count);
	pthread_mutex_unlock(&batch->lock);
}

static void *run(void *pointer)
{
	struct batch *batch = pointer;

	for (size_t i = take(batch); i < batch->count; i = take(batch)) {
		batch->work(batch->data, i);
		finish(batch);
	}
	return NULL;
}

/* Threads that mostly wait for targets need no heap each. */
static void share_heap(void)
{
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1);
#endif
}

void batch_run(size_t count, void (*work)(void *data, size_t i), void *data)
{
	struct batch batch = { .lock = PTHREAD_MUTEX_INITIALIZER,
			       .count = count,
			       .work = work,
			       .data = data };
	pthread_t threads[BATCH_THREADS - 1];
	size_t n = 0;

	share_heap();
	progress_count(0, count);
	/*
	 * This thread works too: without any other it does it all. Nobody takes an item before all
	 * are there: an initiator may do together what comes at the same time.
	 */
	pthread_mutex_lock(&batch.lock);
	while (n < BATCH_THREADS - 1 && n + 1 < count &&
	       !pthread_create(&threads[n], NULL, run, &batch))
		n++;
	pthread_mutex_unlock(&batch.lock);
	run(&batch);
	while (n)
		pthread_join(threads[--n], NULL);
	pthread_mutex_destroy(&batch.lock);
}
