// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * registry.c - making the registry, and ending it with the process.
 *
 * Locks: make_lock guards the state of making only. The thread that makes the registry does so
 * without it, because plugins run; other threads wait for the result, and calls of that thread
 * itself, from inside a plugin that initialises, find no plugins.
 *
 * End of the process: plugins are told to end only if no thread is inside a call. Calls that
 * begin later find no plugins. Plugins are never unmapped.
 */
#include "registry.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "call.h"
#include "config.h"
#include "configuration.h"
#include "events.h"
#include "log.h"
#include "memory.h"
#include "node.h"
#include "shared/cleanup.h"
#include "shared/state-dir.h"
#include "trust.h"

static const struct registry empty = { .deadline = DEADLINE_DEFAULT };

_Atomic(const struct registry *) registry_current;

static pthread_mutex_t make_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t make_done = PTHREAD_COND_INITIALIZER;
static bool is_making;
static pthread_t maker;
static pid_t process;
static const struct registry *made;
static char *problems; /* written while the registry is made */

const struct registry *registry_peek(void)
{
	const struct registry *registry = atomic_load_explicit(&registry_current,
							       memory_order_acquire);

	return registry ? registry : &empty;
}

/* What plugins keep a pointer to. */
static const IMAX_HOST *make_host(void)
{
	static char directory[PATH_MAX] = IMA_STATE_DIRECTORY;
	static IMAX_HOST host;

	state_dir_path(directory, sizeof(directory));
	call_fill_host(&host);
	host.stateDirectory = directory;
	return &host;
}

static bool has_file(const struct registry *registry, const char *path)
{
	struct plugin *plugin;

	for_each_plugin(plugin, registry)
		if (!strcmp(plugin->path, path))
			return true;
	return false;
}

static void add_plugin(struct registry *registry,
		       const struct configured_plugin *configured, const IMAX_HOST *host)
{
	char real[PATH_MAX];
	const char *why;

	if (trust_check(configured->path, real, &why)) {
		log_warning("plugin %s is not loaded: %s or a folder above it %s",
			    configured->name, configured->path, why);
		return;
	}
	if (has_file(registry, real)) {
		log_warning("plugin %s is not loaded: %s is loaded already",
			    configured->name, real);
		return;
	}
	registry->plugins[registry->count] = plugin_open(configured->name, real,
							 registry->count + 1, host);
	if (registry->plugins[registry->count])
		registry->count++;
}

static struct registry *make(void)
{
	struct configuration configuration;
	struct registry *registry;

	configuration_init(&configuration);
	if (configuration_load(&configuration, configuration_path()))
		log_warning("out of memory while the configuration was read");
	registry = calloc(1, sizeof(*registry) +
				     configuration.count * sizeof(*registry->plugins));
	if (registry) {
		registry->deadline = configuration.deadline;
		for (size_t i = 0; i < configuration.count; i++)
			add_plugin(registry, &configuration.plugins[i], make_host());
	}
	configuration_free(&configuration);
	return registry;
}

/*
 * Makes every other thread run a full barrier, so that it either sees the empty registry or has
 * its call record seen by us; calls themselves then need none. False if the kernel has none.
 */
static bool synchronise_threads(void)
{
	return !syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

/* Runs when the process ends, before the destructors of the plugins. */
static void end(void)
{
	/* A child of fork has no business with plugins of its parent. */
	if (getpid() != process)
		return;
	atomic_store_explicit(&registry_current, &empty, memory_order_seq_cst);
	if (!synchronise_threads() || call_runs_anywhere()) {
		log_info("plugins are not ended, a thread is in a call");
		return;
	}
	events_end(made);
	for (IMA_UINT32 i = 0; i < made->count; i++)
		plugin_end(made->plugins[i]);
}

/* Runs in one thread, without the lock. */
static const struct registry *make_and_prepare(void)
{
	/* First of all: it is slow once a plugin has made threads. */
	syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
	log_collect_begin();
	made = make();
	if (!made)
		made = &empty;
	process = getpid();
	node_introduce(made);
	problems = log_collect_end();
	atexit(end);
	return made;
}

/* True if the caller is to make the registry; false once it is made. */
static bool begin_making(void)
{
	LOCKED(&make_lock);
	while (is_making && !atomic_load(&registry_current))
		pthread_cond_wait(&make_done, &make_lock);
	if (atomic_load(&registry_current))
		return false;
	is_making = true;
	maker = pthread_self();
	return true;
}

static void publish(const struct registry *registry)
{
	const struct registry *none = NULL;

	LOCKED(&make_lock);
	/* Unless the process is ending already. */
	atomic_compare_exchange_strong(&registry_current, &none, registry);
	is_making = false;
	pthread_cond_broadcast(&make_done);
}

static bool is_maker(void)
{
	LOCKED(&make_lock);
	return is_making && pthread_equal(maker, pthread_self());
}

cold const struct registry *registry_make(void)
{
	if (is_maker())
		return registry_peek();
	if (begin_making()) {
		publish(make_and_prepare());
		events_begin(registry_peek());
	}
	return registry_peek();
}

/* A plugin that asks while it initialises sees none: they are not all known yet. */
IMA_STATUS IMAX_GetConfigurationProblems(IMA_CHAR **ppText)
{
	static const char name[] = "IMAX_GetConfigurationProblems";
	const char *text;

	if (!ppText)
		return call_refuse(name, NULL, IMA_ERROR_INVALID_PARAMETER,
				   "ppText is NULL");
	text = registry_get() != &empty && problems ? problems : "";
	*ppText = memory_alloc(strlen(text) + 1);
	if (!*ppText)
		return call_refuse(name, NULL, IMA_ERROR_INSUFFICIENT_MEMORY,
				   "out of memory");
	memcpy(*ppText, text, strlen(text) + 1);
	return IMA_STATUS_SUCCESS;
}
