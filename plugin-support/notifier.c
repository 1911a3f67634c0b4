// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * notifier.c - a queue of events and the thread that delivers them.
 *
 * Locks: lock guards everything here; it is never held while a callback runs. running[kind]
 * is true while one does, and idle is signalled when it has returned.
 */
#include "plugin-support/notifier.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "shared/cleanup.h"

enum kind { VISIBILITY, PROPERTY, KINDS };

struct event {
	struct event *next;
	enum kind kind;
	IMA_BOOL becoming_visible;
	IMA_OID oid;
};

struct notifier {
	pthread_mutex_t lock;
	pthread_cond_t work;
	pthread_cond_t idle;
	pthread_t thread;
	IMA_OBJECT_VISIBILITY_FN visibility;
	IMA_OBJECT_PROPERTY_FN property;
	struct event *first, **last;
	bool running[KINDS];
	bool has_thread, stop;
};

int notifier_new(struct notifier **notifier)
{
	struct notifier *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	pthread_mutex_init(&made->lock, NULL);
	pthread_cond_init(&made->work, NULL);
	pthread_cond_init(&made->idle, NULL);
	made->last = &made->first;
	*notifier = made;
	return 0;
}

static struct event *take(struct notifier *n)
{
	struct event *event = n->first;

	if (!event)
		return NULL;
	n->first = event->next;
	if (!n->first)
		n->last = &n->first;
	return event;
}

static void drop(struct notifier *n, enum kind kind)
{
	struct event **link = &n->first;

	while (*link) {
		struct event *event = *link;

		if (event->kind != kind) {
			link = &event->next;
			continue;
		}
		*link = event->next;
		free(event);
	}
	n->last = link;
}

/* Lock held on entry and on return, released around the callback. */
static void deliver(struct notifier *n, const struct event *event)
{
	IMA_OBJECT_VISIBILITY_FN visibility = n->visibility;
	IMA_OBJECT_PROPERTY_FN property = n->property;

	n->running[event->kind] = true;
	pthread_mutex_unlock(&n->lock);
	if (event->kind == VISIBILITY && visibility)
		visibility(event->becoming_visible, event->oid);
	if (event->kind == PROPERTY && property)
		property(event->oid);
	pthread_mutex_lock(&n->lock);
	n->running[event->kind] = false;
	pthread_cond_broadcast(&n->idle);
}

static void *run(void *argument)
{
	struct notifier *n = argument;

	LOCKED(&n->lock);
	for (;;) {
		struct event *event;

		while (!n->stop && !n->first)
			pthread_cond_wait(&n->work, &n->lock);
		if (n->stop)
			return NULL;
		event = take(n);
		deliver(n, event);
		free(event);
	}
}

/* Signals are the program's: none is to be handled on a thread it does not know. */
static int start(struct notifier *n)
{
	sigset_t all, old;
	int err;

	if (n->has_thread)
		return 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	n->stop = false;
	err = pthread_create(&n->thread, NULL, run, n);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	n->has_thread = !err;
	return -err;
}

static bool on_own_thread(const struct notifier *n)
{
	return n->has_thread && pthread_equal(n->thread, pthread_self());
}

/*
 * After the callback of a kind was replaced: with none, what was raised for it is not for its
 * successor; and the old one must have returned, unless we are inside it.
 */
static void settle(struct notifier *n, enum kind kind, bool has_callback)
{
	if (!has_callback)
		drop(n, kind);
	while (n->running[kind] && !on_own_thread(n))
		pthread_cond_wait(&n->idle, &n->lock);
}

int notifier_on_visibility(struct notifier *n, IMA_OBJECT_VISIBILITY_FN fn)
{
	LOCKED(&n->lock);
	int err = fn ? start(n) : 0;

	if (err)
		return err;
	n->visibility = fn;
	settle(n, VISIBILITY, fn != NULL);
	return 0;
}

int notifier_on_property(struct notifier *n, IMA_OBJECT_PROPERTY_FN fn)
{
	LOCKED(&n->lock);
	int err = fn ? start(n) : 0;

	if (err)
		return err;
	n->property = fn;
	settle(n, PROPERTY, fn != NULL);
	return 0;
}

static bool is_wanted(const struct notifier *n, enum kind kind)
{
	return kind == VISIBILITY ? n->visibility != NULL : n->property != NULL;
}

static int raise_event(struct notifier *n, struct event what)
{
	struct event *event;

	LOCKED(&n->lock);
	if (!is_wanted(n, what.kind))
		return 0;
	event = malloc(sizeof(*event));
	if (!event)
		return -ENOMEM;
	*event = what;
	event->next = NULL;
	*n->last = event;
	n->last = &event->next;
	pthread_cond_signal(&n->work);
	return 0;
}

int notifier_visibility(struct notifier *n, IMA_BOOL becoming_visible, IMA_OID oid)
{
	return raise_event(n, (struct event){ .kind = VISIBILITY,
					      .becoming_visible = becoming_visible,
					      .oid = oid });
}

int notifier_property(struct notifier *n, IMA_OID oid)
{
	return raise_event(n, (struct event){ .kind = PROPERTY, .oid = oid });
}

int notifier_is_wanted(struct notifier *n)
{
	LOCKED(&n->lock);
	return n->visibility || n->property;
}

static void stop(struct notifier *n)
{
	pthread_mutex_lock(&n->lock);
	n->visibility = NULL;
	n->property = NULL;
	n->stop = true;
	pthread_cond_signal(&n->work);
	pthread_mutex_unlock(&n->lock);
	if (n->has_thread)
		pthread_join(n->thread, NULL);
}

void notifier_free(struct notifier *n)
{
	if (!n)
		return;
	stop(n);
	drop(n, VISIBILITY);
	drop(n, PROPERTY);
	pthread_cond_destroy(&n->idle);
	pthread_cond_destroy(&n->work);
	pthread_mutex_destroy(&n->lock);
	free(n);
}
