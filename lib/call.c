// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * call.c - records of calls: threads, deadlines, the last error.
 *
 * Locks: threads_lock guards the list of threads. It is taken when a thread makes its first
 * call, when it ends, and when the process ends; never while a plugin or a client runs.
 */
#include "call.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "shared/cleanup.h"
#include "status.h"

/*
 * How often a thread whose destructors call us again is put into the list. Destructors run in a few
 * rounds only; after the last, nothing would take its record out before it is gone.
 */
#define ENDINGS_MAX 2

/* The reasons of a thread: of its last error, and what plugins told in running calls. */
struct errors {
	IMAX_LAST_ERROR last;
	IMAX_LAST_ERROR told;
	const struct call *told_in;
};

__thread struct thread thread_self __attribute__((tls_model("initial-exec")));

static pthread_mutex_t threads_lock = PTHREAD_MUTEX_INITIALIZER;
static struct thread *threads;
static bool threads_are_missing; /* a thread could not be put into the list */
static pthread_key_t thread_key;
static bool thread_key_is_valid;

static void thread_unlink(void *data)
{
	struct thread *thread = data;

	LOCKED(&threads_lock);
	if (thread->previous)
		thread->previous->next = thread->next;
	else
		threads = thread->next;
	if (thread->next)
		thread->next->previous = thread->previous;
	free(thread->errors);
	thread->errors = NULL;
	/* Another destructor of the thread may call us again. */
	thread->linked = false;
	thread->endings++;
}

static void make_thread_key(void)
{
	thread_key_is_valid = !pthread_key_create(&thread_key, thread_unlink);
}

cold void thread_link(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct thread *thread = &thread_self;

	pthread_once(&once, make_thread_key);
	thread->linked = true;
	LOCKED(&threads_lock);
	if (thread->endings >= ENDINGS_MAX || !thread_key_is_valid ||
	    pthread_setspecific(thread_key, thread)) {
		threads_are_missing = true;
		return;
	}
	thread->previous = NULL;
	thread->next = threads;
	if (threads)
		threads->previous = thread;
	threads = thread;
}

bool call_runs_anywhere(void)
{
	LOCKED(&threads_lock);
	for (struct thread *t = threads; t; t = t->next)
		if (atomic_load_explicit(&t->call, memory_order_acquire))
			return true;
	return threads_are_missing;
}

static struct errors *errors_get(void)
{
	struct thread *thread = &thread_self;

	if (!thread->linked)
		thread_link();
	if (!thread->errors)
		thread->errors = calloc(1, sizeof(*thread->errors));
	return thread->errors;
}

static const char *type_name(IMA_OBJECT_TYPE type)
{
	static const char *const names[] = {
		[IMA_OBJECT_TYPE_PLUGIN] = "plugin",
		[IMA_OBJECT_TYPE_NODE] = "node",
		[IMA_OBJECT_TYPE_LHBA] = "LHBA",
		[IMA_OBJECT_TYPE_PHBA] = "PHBA",
		[IMA_OBJECT_TYPE_NETWORK_PORTAL] = "network portal",
		[IMA_OBJECT_TYPE_PORTAL_GROUP] = "portal group",
		[IMA_OBJECT_TYPE_LNP] = "LNP",
		[IMA_OBJECT_TYPE_PNP] = "PNP",
		[IMA_OBJECT_TYPE_TARGET] = "target",
		[IMA_OBJECT_TYPE_LU] = "LU",
		[IMA_OBJECT_TYPE_DISCOVERY_ADDRESS] = "discovery address",
		[IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET] = "static discovery target",
		[IMA_OBJECT_TYPE_CONNECTION] = "connection",
		[IMA_OBJECT_TYPE_SESSION] = "session",
	};

	if ((unsigned)type >= ARRAY_SIZE(names) || !names[type])
		return NULL;
	return names[type];
}

/* " on target 3 of com.example.ima", or nothing. */
static void describe_object(char *text, size_t size, const IMA_OID *object)
{
	const struct plugin *owner = registry_plugin(registry_peek(), object->ownerId);
	const char *type = type_name(object->objectType);

	text[0] = 0;
	if (object->objectType == IMA_OBJECT_TYPE_UNKNOWN)
		return;
	if (!type)
		snprintf(text, size, " on an object of type %u",
			 (unsigned)object->objectType);
	else if (object->objectType == IMA_OBJECT_TYPE_PLUGIN && owner)
		snprintf(text, size, " on plugin %s", owner->name);
	else if (object->objectType == IMA_OBJECT_TYPE_NODE && !object->ownerId &&
		 !object->objectSequenceNumber)
		snprintf(text, size, " on the shared node");
	else if (owner)
		snprintf(text, size, " on %s %llu of %s", type,
			 object->objectSequenceNumber, owner->name);
	else
		snprintf(text, size, " on %s %llu of owner %u, which is no plugin", type,
			 object->objectSequenceNumber, object->ownerId);
}

static void record(IMAX_LAST_ERROR *error, const struct call *call, IMA_STATUS status)
{
	error->size = sizeof(*error);
	error->status = status;
	error->object = call->object;
	snprintf(error->call, sizeof(error->call), "%s", call->name);
	snprintf(error->plugin, sizeof(error->plugin), "%s",
		 call->plugin ? call->plugin->name : "");
}

/* What the library knows, or else the reason the plugin told, or else one made of the status. */
cold void call_failed(struct call *call, IMA_STATUS status)
{
	struct errors *errors = errors_get();
	char object[256];

	if (!errors)
		return;
	if (call->told && !call->why && errors->told_in == call) {
		errors->last = errors->told;
		record(&errors->last, call, status);
		return;
	}
	memset(&errors->last, 0, sizeof(errors->last));
	record(&errors->last, call, status);
	errors->last.layer = call->plugin && !call->why ? IMAX_LAYER_PLUGIN
							: IMAX_LAYER_LIBRARY;
	describe_object(object, sizeof(object), &call->object);
	snprintf(errors->last.text, sizeof(errors->last.text), "%s%s: %s", call->name,
		 object, call->why ? call->why : status_meaning(status));
}

cold IMA_STATUS call_refuse(const char *name, const IMA_OID *object, IMA_STATUS status,
			    const char *why)
{
	struct call call = { .name = name, .why = why };

	if (object)
		call.object = *object;
	call_failed(&call, status);
	return status;
}

cold IMA_STATUS call_misrouted(struct call *call, unsigned types)
{
	unsigned type = (unsigned)call->object.objectType;
	IMA_STATUS status = IMA_ERROR_OBJECT_NOT_FOUND;

	if (type >= 32 || !((unsigned)ANY_TYPE >> type & 1))
		status = IMA_ERROR_INVALID_OBJECT_TYPE;
	else if (!(types >> type & 1))
		status = IMA_ERROR_INCORRECT_OBJECT_TYPE;
	return call_leave(call, status);
}

cold IMA_STATUS call_missing(struct call *call, enum need need)
{
	call->why = "the plugin does not have this function";
	return need == MUST ? IMA_ERROR_UNEXPECTED_OS_ERROR : IMA_ERROR_NOT_SUPPORTED;
}

void call_begin(struct call *call, const char *name, const IMA_OID *object)
{
	call_push(call, name, object);
}

IMA_STATUS call_end(struct call *call, IMA_STATUS status)
{
	return call_leave(call, status);
}

void call_drop(struct call *call)
{
	call_pop(call);
}

static uint64_t deadline_from_now(IMA_UINT32 milliseconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec +
	       (uint64_t)milliseconds * 1000000U;
}

uint64_t call_deadline(void)
{
	IMA_UINT32 standard = registry_peek()->deadline;
	struct call *call = atomic_load_explicit(&thread_self.call, memory_order_relaxed);

	if (!call)
		return deadline_from_now(standard);
	/* What a call is nested in has to be ready in time as well. */
	while (call->outer)
		call = call->outer;
	if (!call->deadline)
		call->deadline = deadline_from_now(
			thread_self.deadline ? thread_self.deadline : standard);
	return call->deadline;
}

IMA_STATUS IMAX_SetDeadline(IMA_UINT32 milliseconds)
{
	if (milliseconds > IMAX_DEADLINE_MAX)
		return call_refuse("IMAX_SetDeadline", NULL, IMA_ERROR_INVALID_PARAMETER,
				   "the deadline is longer than an hour");
	thread_self.deadline = milliseconds;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMAX_GetLastError(IMAX_LAST_ERROR *pError)
{
	static const IMAX_LAST_ERROR none;
	const struct errors *errors = thread_self.errors;
	const IMAX_LAST_ERROR *last = errors ? &errors->last : &none;
	size_t skip = sizeof(last->size), size;

	if (!pError || pError->size < offsetof(IMAX_LAST_ERROR, object))
		return IMA_ERROR_INVALID_PARAMETER;
	size = pError->size < sizeof(*last) ? pError->size : sizeof(*last);
	memcpy((char *)pError + skip, (const char *)last + skip, size - skip);
	return IMA_STATUS_SUCCESS;
}

static IMA_UINT64 host_get_deadline(void)
{
	return call_deadline();
}

/* Takes over what a plugin told as far as it makes sense. */
static void tidy(IMAX_LAST_ERROR *told)
{
	if ((unsigned)told->layer > IMAX_LAYER_CHILD)
		told->layer = IMAX_LAYER_PLUGIN;
	if (told->senseLength > sizeof(told->sense))
		told->senseLength = sizeof(told->sense);
	told->text[sizeof(told->text) - 1] = 0;
}

static void host_set_last_error(const IMAX_LAST_ERROR *pError)
{
	struct call *call = atomic_load_explicit(&thread_self.call, memory_order_relaxed);
	struct errors *errors;

	if (!pError || pError->size < offsetof(IMAX_LAST_ERROR, text))
		return;
	if (!call || !call->plugin) {
		log_info("a plugin told an error outside of a call");
		return;
	}
	errors = call->told_enough ? NULL : errors_get();
	if (!errors)
		return;
	memset(&errors->told, 0, sizeof(errors->told));
	memcpy(&errors->told, pError,
	       pError->size < sizeof(*pError) ? pError->size : sizeof(*pError));
	tidy(&errors->told);
	errors->told_in = call;
	call->told = true;
}

/* The plugin that holds the code at an address, for messages from its own threads. */
static const char *name_at(const void *code)
{
	const struct registry *registry = registry_peek();
	struct plugin *plugin;
	Dl_info info;

	if (dladdr(code, &info))
		for_each_plugin(plugin, registry)
			if (plugin->base == info.dli_fbase)
				return plugin->name;
	return "plugin";
}

static void host_log(IMAX_LOG_LEVEL level, const IMA_CHAR *text)
{
	struct call *call = atomic_load_explicit(&thread_self.call, memory_order_relaxed);

	if (!text || !log_wants(level))
		return;
	log_line(level,
		 call && call->plugin ? call->plugin->name
				      : name_at(__builtin_return_address(0)),
		 "%s", text);
}

void call_fill_host(IMAX_HOST *host)
{
	host->size = sizeof(*host);
	host->GetDeadline = host_get_deadline;
	host->SetLastError = host_set_last_error;
	host->Log = host_log;
}
