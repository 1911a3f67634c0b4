// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Locks: chores.lock guards everything here, and is not held while a chore runs.
 */
#include "chores.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include "shared/cleanup.h"

static struct {
	pthread_mutex_t lock;
	pthread_cond_t posted;
	pthread_t thread;
	struct chore *first, **last;
	bool is_running, is_stopping;
} chores = { .lock = PTHREAD_MUTEX_INITIALIZER, .posted = PTHREAD_COND_INITIALIZER };

/* Lock held on entry and on return, but not while the chore runs. */
static void do_first(void)
{
	struct chore *chore = chores.first;

	chores.first = chore->next;
	if (!chores.first)
		chores.last = &chores.first;
	pthread_mutex_unlock(&chores.lock);
	chore->run(chore);
	pthread_mutex_lock(&chores.lock);
}

static void *work(void *unused)
{
	(void)unused;
	LOCKED(&chores.lock);
	while (chores.first || !chores.is_stopping)
		if (chores.first)
			do_first();
		else
			pthread_cond_wait(&chores.posted, &chores.lock);
	return NULL;
}

int chores_start(void)
{
	LOCKED(&chores.lock);
	sigset_t all, old;
	int err;

	if (chores.is_running)
		return 0;
	chores.last = &chores.first;
	chores.is_stopping = false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&chores.thread, NULL, work, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	chores.is_running = !err;
	return -err;
}

void chores_post(struct chore *chore)
{
	LOCKED(&chores.lock);
	chore->next = NULL;
	*chores.last = chore;
	chores.last = &chore->next;
	pthread_cond_signal(&chores.posted);
}

void chores_stop(void)
{
	pthread_mutex_lock(&chores.lock);
	if (!chores.is_running) {
		pthread_mutex_unlock(&chores.lock);
		return;
	}
	chores.is_stopping = true;
	pthread_cond_signal(&chores.posted);
	pthread_mutex_unlock(&chores.lock);
	pthread_join(chores.thread, NULL);
	chores.is_running = false;
}
