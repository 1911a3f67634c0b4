// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * events.c - events of plugins and of the library, delivered to client functions.
 *
 * With the first client function of a kind the library registers a function of its own with every
 * plugin, with the last one it deregisters it. What plugins report is only queued; one thread,
 * made with the first registration, calls the clients, one event after the other, each in the
 * order of registration. So the events of a plugin arrive in order, and a client that takes its
 * time delays events, never a plugin.
 *
 * Clients and events are numbered by one counter, so a client gets what happened after it
 * registered, and a registration is told from a later one of the same function.
 *
 * Locks: lock guards everything here. It is never held while plugin or client code runs. Telling
 * the plugins is done by one thread at a time per kind (switching), others wait for it.
 *
 * If there is no memory for an event, a spare one of the plugin is queued in its place: property
 * change of the plugin, which says that clients have to look again.
 */
#include "events.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "log.h"
#include "shared/cleanup.h"

typedef void (*client_function)(void);

struct client {
	client_function function;
	uint64_t number;
};

/* Clients are in the order of their numbers. */
struct kind {
	struct client *clients;
	size_t count, room;
	bool is_registered; /* with the plugins */
	bool is_switching;
	pthread_t switcher;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER; /* queue or is_ending changed */
static pthread_cond_t changed =
	PTHREAD_COND_INITIALIZER; /* running or is_switching changed */
static struct kind kinds[EVENT_KINDS];
static struct event *first, **last = &first;
static struct event spare_of_library = { .is_spare = true };
static uint64_t counter;
static uint64_t running; /* number of the client that is being called, or 0 */
static pthread_t thread;
static bool has_thread, is_ending;

static bool is_shared_node(const IMA_OID *oid)
{
	return oid->objectType == IMA_OBJECT_TYPE_NODE && !oid->ownerId &&
	       !oid->objectSequenceNumber;
}

/* What stands for an event that there is no memory for; NULL if it is queued already. */
static struct event *take_spare(struct plugin *plugin)
{
	struct event *spare = plugin ? &plugin->spare : &spare_of_library;

	if (spare->is_queued)
		return NULL;
	spare->is_spare = spare->is_queued = true;
	spare->kind = EVENT_PROPERTY;
	spare->oid = (IMA_OID){ plugin ? IMA_OBJECT_TYPE_PLUGIN : IMA_OBJECT_TYPE_NODE,
				plugin ? plugin->owner : 0, 0 };
	return spare;
}

static void append(struct event *event)
{
	event->next = NULL;
	event->number = ++counter;
	*last = event;
	last = &event->next;
	pthread_cond_signal(&work);
}

static struct event *make_event(enum event_kind kind, IMA_BOOL visible,
				const IMA_OID *oid)
{
	struct event *event = calloc(1, sizeof(*event));

	if (event) {
		event->kind = kind;
		event->visible = visible ? IMA_TRUE : IMA_FALSE;
		event->oid = *oid;
	}
	return event;
}

/* Runs on any thread of a plugin, also inside a call. */
static void queue_event(enum event_kind kind, IMA_BOOL visible, const IMA_OID *oid)
{
	struct plugin *plugin = registry_plugin(registry_peek(), oid->ownerId);
	struct event _cleanup_free_ *event = NULL;

	if (!plugin && !is_shared_node(oid)) {
		log_warning("an event of owner %u, which is no plugin, is dropped",
			    oid->ownerId);
		return;
	}
	event = make_event(kind, visible, oid);
	LOCKED(&lock);
	/* A plugin may go on reporting after it was deregistered. */
	if (!kinds[kind].count || is_ending)
		return;
	if (event)
		append(steal(event));
	else if ((event = take_spare(plugin)))
		append(steal(event));
}

static void on_visibility(IMA_BOOL becomingVisible, IMA_OID oid)
{
	queue_event(EVENT_VISIBILITY, becomingVisible, &oid);
}

static void on_property(IMA_OID oid)
{
	queue_event(EVENT_PROPERTY, IMA_TRUE, &oid);
}

void events_property_changed(const IMA_OID *oid)
{
	queue_event(EVENT_PROPERTY, IMA_TRUE, oid);
}

/* The first client after one number that was there before another, or NULL. */
static const struct client *next_client(const struct kind *kind, uint64_t after,
					uint64_t before)
{
	for (size_t i = 0; i < kind->count; i++)
		if (kind->clients[i].number > after)
			return kind->clients[i].number < before ? &kind->clients[i]
								: NULL;
	return NULL;
}

static void call_client(client_function function, const struct event *event)
{
	if (event->kind == EVENT_VISIBILITY)
		((IMA_OBJECT_VISIBILITY_FN)function)(event->visible, event->oid);
	else
		((IMA_OBJECT_PROPERTY_FN)function)(event->oid);
}

/* With the lock held, but for the calls. */
static void deliver_event(const struct event *event)
{
	const struct client *client;
	uint64_t after = 0;

	while (!is_ending &&
	       (client = next_client(&kinds[event->kind], after, event->number))) {
		client_function function = client->function;

		running = after = client->number;
		pthread_mutex_unlock(&lock);
		call_client(function, event);
		pthread_mutex_lock(&lock);
		running = 0;
		pthread_cond_broadcast(&changed);
	}
}

static struct event *take_first(void)
{
	struct event *event = first;

	first = event->next;
	if (!first)
		last = &first;
	event->is_queued = false;
	return event;
}

static void *deliver(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (!is_ending) {
		struct event *event, copy;

		if (!first) {
			pthread_cond_wait(&work, &lock);
			continue;
		}
		event = take_first();
		copy = *event;
		if (!event->is_spare)
			free(event);
		deliver_event(&copy);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* Signals are for the threads of the program, which know what to do about them. */
static int start_thread(void)
{
	sigset_t all, before;
	int err;

	if (has_thread)
		return 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, NULL, deliver, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err)
		return -err;
	pthread_setname_np(thread, "ima-events");
	has_thread = true;
	return 0;
}

static bool runs_on_thread(void)
{
	return has_thread && pthread_equal(thread, pthread_self());
}

static IMA_STATUS tell_visibility(const struct plugin_calls *calls, bool on)
{
	__typeof__(calls->IMA_RegisterForObjectVisibilityChanges) tell =
		on ? calls->IMA_RegisterForObjectVisibilityChanges
		   : calls->IMA_DeregisterForObjectVisibilityChanges;

	return tell ? tell(on_visibility) : IMA_STATUS_SUCCESS;
}

static IMA_STATUS tell_property(const struct plugin_calls *calls, bool on)
{
	__typeof__(calls->IMA_RegisterForObjectPropertyChanges) tell =
		on ? calls->IMA_RegisterForObjectPropertyChanges
		   : calls->IMA_DeregisterForObjectPropertyChanges;

	return tell ? tell(on_property) : IMA_STATUS_SUCCESS;
}

/* A plugin that refuses or has no events is no failure: the others may have some. */
static void tell_plugin(const struct plugin *plugin, enum event_kind kind, bool on)
{
	IMA_STATUS status = kind == EVENT_VISIBILITY ? tell_visibility(&plugin->calls, on)
						     : tell_property(&plugin->calls, on);

	if (IMA_ERROR(status))
		log_warning("plugin %s refused to %s events: %s", plugin->name,
			    on ? "report" : "stop", IMAX_StatusName((IMA_UINT32)status));
}

static void tell_plugins(const struct registry *registry, enum event_kind kind, bool on,
			 struct call *call)
{
	struct plugin *plugin;

	for_each_plugin(plugin, registry) {
		call->plugin = plugin;
		tell_plugin(plugin, kind, on);
	}
	call->plugin = NULL;
}

/* Is this thread inside a plugin that it tells of clients? */
static bool is_telling(void)
{
	for (int kind = 0; kind < EVENT_KINDS; kind++)
		if (kinds[kind].is_switching &&
		    pthread_equal(kinds[kind].switcher, pthread_self()))
			return true;
	return false;
}

/*
 * Brings the plugins in line with the clients. With the lock held, but not while plugins run. A
 * plugin that registers a client while it is told of clients leaves the work to who tells plugins
 * of that kind already: two who waited for each other would wait for ever. Nobody can be told while
 * there are no plugins, before events_begin and from the end of the process on.
 */
static void switch_plugins(const struct registry *registry, enum event_kind kind,
			   struct call *call)
{
	struct kind *k = &kinds[kind];

	if (!registry->count || (k->is_switching && is_telling()))
		return;
	while (k->is_switching)
		pthread_cond_wait(&changed, &lock);
	k->is_switching = true;
	k->switcher = pthread_self();
	while (k->is_registered != (k->count && !is_ending)) {
		k->is_registered = !k->is_registered;
		pthread_mutex_unlock(&lock);
		tell_plugins(registry, kind, k->is_registered, call);
		pthread_mutex_lock(&lock);
	}
	k->is_switching = false;
	pthread_cond_broadcast(&changed);
}

static struct client *find_client(struct kind *kind, client_function function)
{
	for (size_t i = 0; i < kind->count; i++)
		if (kind->clients[i].function == function)
			return &kind->clients[i];
	return NULL;
}

static int add_client(struct kind *kind, client_function function)
{
	size_t room = kind->room ? 2 * kind->room : 8;
	struct client *clients;

	if (kind->count == kind->room) {
		clients = realloc(kind->clients, room * sizeof(*clients));
		if (!clients)
			return -ENOMEM;
		kind->clients = clients;
		kind->room = room;
	}
	kind->clients[kind->count++] = (struct client){ function, ++counter };
	return 0;
}

static IMA_STATUS register_client(const char *name, enum event_kind kind,
				  client_function function)
{
	const struct registry *registry;
	struct call call;

	if (!function)
		return call_refuse(name, NULL, IMA_ERROR_INVALID_PARAMETER,
				   "the function is NULL");
	call_begin(&call, name, NULL);
	registry = registry_get();
	LOCKED(&lock);
	if (find_client(&kinds[kind], function))
		return call_end(&call, IMA_STATUS_SUCCESS);
	if (start_thread() || add_client(&kinds[kind], function))
		return call_end(&call, IMA_ERROR_INSUFFICIENT_MEMORY);
	switch_plugins(registry, kind, &call);
	return call_end(&call, IMA_STATUS_SUCCESS);
}

static void remove_client(struct kind *kind, struct client *client)
{
	struct client *end = kind->clients + kind->count--;

	memmove(client, client + 1, (size_t)(end - client - 1) * sizeof(*client));
}

static IMA_STATUS deregister_client(const char *name, enum event_kind kind,
				    client_function function)
{
	const struct registry *registry;
	struct client *client;
	struct call call;
	uint64_t number;

	if (!function)
		return call_refuse(name, NULL, IMA_ERROR_INVALID_PARAMETER,
				   "the function is NULL");
	call_begin(&call, name, NULL);
	registry = registry_get();
	LOCKED(&lock);
	client = find_client(&kinds[kind], function);
	if (!client)
		return call_end(&call, IMA_STATUS_SUCCESS);
	number = client->number;
	remove_client(&kinds[kind], client);
	switch_plugins(registry, kind, &call);
	while (running == number && !runs_on_thread())
		pthread_cond_wait(&changed, &lock);
	return call_end(&call, IMA_STATUS_SUCCESS);
}

IMA_STATUS IMA_RegisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	return register_client(__func__, EVENT_VISIBILITY, (client_function)pClientFn);
}

IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	return register_client(__func__, EVENT_PROPERTY, (client_function)pClientFn);
}

IMA_STATUS IMA_DeregisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	return deregister_client(__func__, EVENT_VISIBILITY, (client_function)pClientFn);
}

IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	return deregister_client(__func__, EVENT_PROPERTY, (client_function)pClientFn);
}

static void switch_all(const struct registry *registry, struct call *call)
{
	for (int kind = 0; kind < EVENT_KINDS; kind++)
		switch_plugins(registry, (enum event_kind)kind, call);
}

void events_begin(const struct registry *registry)
{
	struct call call;

	call_begin(&call, "begin of the events", NULL);
	LOCKED(&lock);
	switch_all(registry, &call);
	call_end(&call, IMA_STATUS_SUCCESS);
}

void events_end(const struct registry *registry)
{
	struct call call;
	bool can_join;

	call_begin(&call, "end of the process", NULL);
	pthread_mutex_lock(&lock);
	is_ending = true;
	pthread_cond_broadcast(&work);
	switch_all(registry, &call);
	/* A callback may take as long as it likes, or be the one that ends the process. */
	can_join = has_thread && !running;
	pthread_mutex_unlock(&lock);
	if (can_join)
		pthread_join(thread, NULL);
	else if (has_thread)
		pthread_detach(thread);
	call_drop(&call);
}
