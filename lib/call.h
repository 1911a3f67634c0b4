/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * call.h - the record of a call while it runs, and of the last one that failed.
 *
 * Every call that may enter a plugin has a record on the stack of its thread, linked to the
 * record of the call it is nested in, if a plugin called back. It gives the plugin its deadline
 * and says at the end of the process whether a thread is still inside a plugin. No lock, and
 * nothing that another thread writes.
 *
 *     call_enter    the object has a plugin: go on and call it; otherwise the error, done
 *     call_leave    after call_enter: cuts the status to 32 bits, keeps the reason of an error
 *
 *     call_begin    the library itself does the work, with or without plugins
 *     call_end      after call_begin; as call_leave
 *
 *     call_refuse   an argument is wrong and no record was made
 */
#ifndef LIB_CALL_H
#define LIB_CALL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "api.h"
#include "registry.h"

struct call {
	struct call *outer;
	const char *name;
	const struct plugin *plugin; /* that runs, or ran last; NULL: the library */
	const char *why;   /* the reason of a failure, if the library knows it */
	uint64_t deadline; /* of the outermost call; 0: nobody asked yet */
	IMA_OID object;
	bool told;	  /* the plugin gave a reason with SetLastError */
	bool told_enough; /* and may not give another */
};

struct errors;

/* What a thread keeps between calls. Small, because it is in the static TLS block. */
struct thread {
	_Atomic(struct call *) call; /* innermost; written by the thread only */
	struct errors *errors;	     /* made with the first error */
	IMA_UINT32 deadline;	     /* IMAX_SetDeadline; 0: the default */
	bool linked;
	unsigned char endings;		/* how often it left the list */
	struct thread *next, *previous; /* all threads; under the lock of call.c */
};

extern __thread struct thread thread_self __attribute__((tls_model("initial-exec")));

void thread_link(void);
cold IMA_STATUS call_misrouted(struct call *call, unsigned types);
cold void call_failed(struct call *call, IMA_STATUS status);

/* Says that the plugin of a call lacks the entry point. */
cold IMA_STATUS call_missing(struct call *call, enum need need);

/* Records and returns an error found before a record was made. */
cold IMA_STATUS call_refuse(const char *name, const IMA_OID *object, IMA_STATUS status,
			    const char *why);

static inline void call_push(struct call *call, const char *name, const IMA_OID *object)
{
	static const IMA_OID none;
	struct thread *thread = &thread_self;

	if (unlikely(!thread->linked))
		thread_link();
	call->outer = atomic_load_explicit(&thread->call, memory_order_relaxed);
	call->name = name;
	call->plugin = NULL;
	call->why = NULL;
	call->deadline = 0;
	call->object = object ? *object : none;
	call->told = call->told_enough = false;
	atomic_store_explicit(&thread->call, call, memory_order_relaxed);
	/*
	 * The registry is read after the record is seen by other threads: see end() in
	 * registry.c, which has the other half of this barrier.
	 */
	atomic_signal_fence(memory_order_seq_cst);
}

static inline void call_pop(struct call *call)
{
	atomic_store_explicit(&thread_self.call, call->outer, memory_order_release);
}

static inline IMA_STATUS call_enter(struct call *call, const char *name, IMA_OID object,
				    unsigned types)
{
	unsigned type = (unsigned)object.objectType;
	const struct registry *registry;

	call_push(call, name, &object);
	registry = registry_get();
	/* A plugin has one PLUGIN object, with sequence number 0. */
	if (likely(type < 32 && (types >> type & 1) &&
		   object.ownerId - 1 < registry->count &&
		   !((types & PLUGIN) && object.objectSequenceNumber))) {
		call->plugin = registry->plugins[object.ownerId - 1];
		return IMA_STATUS_SUCCESS;
	}
	return call_misrouted(call, types);
}

static inline IMA_STATUS call_leave(struct call *call, IMA_STATUS status)
{
	status = (IMA_UINT32)status;
	if (unlikely(IMA_ERROR(status)))
		call_failed(call, status);
	call_pop(call);
	return status;
}

/* Calls the plugin of a call that was entered; the rest are the arguments. */
#define CALL_PLUGIN(call, function, need, ...)                \
	(likely((call).plugin->calls.function != NULL)        \
		 ? (call).plugin->calls.function(__VA_ARGS__) \
		 : call_missing(&(call), need))

/* A record for work of the library; object may be NULL. */
void call_begin(struct call *call, const char *name, const IMA_OID *object);
IMA_STATUS call_end(struct call *call, IMA_STATUS status);
/* Ends a record without keeping an error. */
void call_drop(struct call *call);

/* The end of the call that runs on this thread, in nanoseconds of CLOCK_MONOTONIC. */
uint64_t call_deadline(void);

/* What plugins get of the functions above; stateDirectory is left to the caller. */
void call_fill_host(IMAX_HOST *host);

/* Whether a thread is inside a call. */
bool call_runs_anywhere(void);

#endif
