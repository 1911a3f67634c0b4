// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-monitor.c - events, one line each, as they happen.
 *
 * The callbacks run on a thread of the library: they only queue. The thread of the command
 * takes the events, looks up names and prints. queue.lock guards the queue; queue.cond tells
 * of a new event. A name is remembered, because an object that disappeared has none any more.
 */
#include "commands.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "doc.h"
#include "find.h"
#include "output.h"
#include "shared/number.h"

enum happening { APPEARED, DISAPPEARED, CHANGED };

struct event {
	struct event *next;
	enum happening happening;
	IMA_OID oid;
	struct timespec time;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	struct event *first, **end;
	bool stopping; /* interrupted */
} queue = { .lock = PTHREAD_MUTEX_INITIALIZER, .end = &queue.first };

static void enqueue(enum happening happening, IMA_OID oid)
{
	struct event *event = allocate(1, sizeof(*event));

	event->happening = happening;
	event->oid = oid;
	clock_gettime(CLOCK_REALTIME, &event->time);
	LOCKED(&queue.lock);
	*queue.end = event;
	queue.end = &event->next;
	pthread_cond_signal(&queue.cond);
}

static void on_visibility(IMA_BOOL becoming_visible, IMA_OID oid)
{
	enqueue(becoming_visible == IMA_TRUE ? APPEARED : DISAPPEARED, oid);
}

static void on_property(IMA_OID oid)
{
	enqueue(CHANGED, oid);
}

/* Waits for an event until deadline, 0: for ever; NULL when there is none or it is enough. */
static struct event *dequeue(uint64_t deadline)
{
	struct timespec until = { .tv_sec = (time_t)(deadline / 1000000000),
				  .tv_nsec = (long)(deadline % 1000000000) };
	struct event *event;
	int err = 0;

	LOCKED(&queue.lock);
	while (!queue.first && !queue.stopping && err != ETIMEDOUT)
		err = deadline ? pthread_cond_timedwait(&queue.cond, &queue.lock, &until)
			       : pthread_cond_wait(&queue.cond, &queue.lock);
	event = queue.first;
	if (!event)
		return NULL;
	queue.first = event->next;
	if (!queue.first)
		queue.end = &queue.first;
	return event;
}

/* --- names ----------------------------------------------------------------------------------- */

struct known {
	IMA_OID oid;
	char *name;
};

struct names {
	struct known *list;
	size_t count;
};

static struct known *known_find(struct names *names, IMA_OID oid)
{
	for (size_t i = 0; i < names->count; i++)
		if (oid_equal(names->list[i].oid, oid))
			return &names->list[i];
	return NULL;
}

/* Takes name over. */
static void known_set(struct names *names, IMA_OID oid, char *name)
{
	struct known *known = known_find(names, oid);

	if (!known) {
		names->list = reallocarray(names->list, names->count + 1, sizeof(*known));
		if (!names->list)
			out_of_memory();
		known = &names->list[names->count++];
		*known = (struct known){ .oid = oid };
	}
	free(known->name);
	known->name = name;
}

static void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i].name);
	free(names->list);
}

/* The name now, or the last one known. */
static const char *name_of(struct context *c, struct names *names, IMA_OID oid)
{
	char *name = object_describe(c, oid);
	struct known *known;

	if (name)
		known_set(names, oid, name);
	known = known_find(names, oid);
	return known ? known->name : NULL;
}

static void learn_list(struct context *c, struct names *names, IMA_OID_LIST *list)
{
	for (IMA_UINT i = 0; list && i < list->oidCount; i++)
		name_of(c, names, list->oids[i]);
	IMA_FreeMemory(list);
}

/* Below an LHBA: what may disappear without having been named in an event. */
static void learn_lhba(struct context *c, struct names *names, IMA_OID lhba)
{
	static IMA_STATUS (*const lists[])(IMA_OID, IMA_OID_LIST **) = {
		IMA_GetTargetOidList, IMA_GetLuOidList, IMA_GetDiscoveryAddressOidList,
		IMA_GetStaticDiscoveryTargetOidList
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		IMA_OID_LIST *list = NULL;

		if (IMA_SUCCESS(CALL(c, lists[i], lhba, &list)))
			learn_list(c, names, list);
	}
}

static void learn_all(struct context *c, struct names *names)
{
	static const IMA_OBJECT_TYPE types[] = { IMA_OBJECT_TYPE_LHBA,
						 IMA_OBJECT_TYPE_PHBA,
						 IMA_OBJECT_TYPE_LNP, IMA_OBJECT_TYPE_PNP,
						 IMA_OBJECT_TYPE_NETWORK_PORTAL };

	for (size_t t = 0; t < ARRAY_SIZE(types); t++) {
		const struct objects *all;

		if (objects_get(c, types[t], &all)) {
			c->failure.exit = EXIT_DONE;
			continue;
		}
		for (size_t i = 0; i < all->count; i++) {
			known_set(names, all->list[i].oid,
				  text_format("%s", all->list[i].name));
			if (types[t] == IMA_OBJECT_TYPE_LHBA)
				learn_lhba(c, names, all->list[i].oid);
		}
	}
}

/* --- output ---------------------------------------------------------------------------------- */

static void add_time(struct json_object *doc, const struct timespec *time)
{
	char text[64], whole[96];
	struct tm tm;

	gmtime_r(&time->tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(whole, sizeof(whole), "%s.%03ldZ", text, time->tv_nsec / 1000000);
	doc_text(doc, "time", whole);
}

static int print_event(struct context *c, struct names *names, const struct event *event)
{
	static const char *const texts[] = { [APPEARED] = "appeared",
					     [DISAPPEARED] = "disappeared",
					     [CHANGED] = "changed" };
	static const struct column columns[] = {
		{ "TIME", "time", NULL, 0, NULL },
		{ "EVENT", "event", NULL, 0, NULL },
		{ "TYPE", "type", NULL, 0, NULL },
		{ "NAME", "name", NULL, 0, NULL },
		{ "PLUGIN", "plugin", NULL, 0, NULL },
	};
	static const struct view view = VIEW(LAYOUT_TABLE, "event", columns);
	struct json_object *doc = doc_new();

	add_time(doc, &event->time);
	doc_text(doc, "event", texts[event->happening]);
	doc_text(doc, "type", object_type_text(event->oid.objectType));
	doc_text(doc, "name", name_of(c, names, event->oid));
	doc_text(doc, "plugin", plugin_name_of(c, event->oid));
	return output_event(c, &view, doc);
}

/* SIGINT and SIGTERM end the wait, so that everything is released. */
static void *wait_for_signal(void *set)
{
	int signal;

	if (sigwait(set, &signal))
		return NULL;
	LOCKED(&queue.lock);
	queue.stopping = true;
	pthread_cond_signal(&queue.cond);
	return NULL;
}

static int start_waiting(sigset_t *set, pthread_t *thread)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&queue.cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	return pthread_create(thread, NULL, wait_for_signal, set);
}

static int watch(struct context *c, uint64_t count)
{
	struct names names = { 0 };
	int err = EXIT_DONE;

	/* --timeout is for the wait as a whole, not for looking up a name. */
	uint64_t deadline = c->deadline;

	c->deadline = 0;
	learn_all(c, &names);
	for (uint64_t n = 0; !err && (!count || n < count); n++) {
		_cleanup_free_ struct event *event = dequeue(deadline);

		if (!event)
			break;
		err = print_event(c, &names, event);
	}
	names_free(&names);
	return err;
}

static int register_callbacks(struct context *c)
{
	IMA_STATUS status = CALL(c, IMA_RegisterForObjectVisibilityChanges,
				 on_visibility);

	if (IMA_SUCCESS(status))
		status = CALL(c, IMA_RegisterForObjectPropertyChanges, on_property);
	if (IMA_ERROR(status))
		return failed(c, status, NULL, "cannot register for events");
	return EXIT_DONE;
}

int monitor(struct context *c)
{
	const char *text = c->option[OPT_COUNT];
	uint64_t count = 0;
	pthread_t thread;
	sigset_t set;
	int err;

	if (text && number_parse(text, 1, UINT32_MAX, &count))
		return refused(c, EXIT_USAGE, "--count takes a number from 1, not \"%s\"",
			       text);
	if (start_waiting(&set, &thread))
		return refused(c, EXIT_FAILED, "cannot start a thread: %m");
	err = register_callbacks(c);
	if (!err)
		err = watch(c, count);
	IMA_DeregisterForObjectVisibilityChanges(on_visibility);
	IMA_DeregisterForObjectPropertyChanges(on_property);
	pthread_kill(thread, SIGINT); /* which it waits for, and nobody else takes */
	pthread_join(thread, NULL);
	return err;
}
