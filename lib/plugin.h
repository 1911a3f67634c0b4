/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plugin.h - one plugin: a shared object, its entry points, its life.
 */
#ifndef LIB_PLUGIN_H
#define LIB_PLUGIN_H

#include <stdatomic.h>
#include <stdbool.h>

#include "api.h"
#include "events.h"

/* One pointer per row of calls.def, NULL where the plugin has nothing. */
struct plugin_calls {
#define OTHER(call) __typeof__(call) *call;
#include "calls.def"
};

struct plugin {
	char *name;	  /* in the configuration */
	char *path;	  /* resolved */
	IMA_UINT32 owner; /* owner id of its objects, 1 and up */
	void *handle;
	const void *base; /* where the shared object is mapped */
	void (*terminate)(void);
	struct plugin_calls calls;
	struct event spare;	   /* queued if there is no memory for an event */
	_Atomic bool refused_node; /* did not take a name or alias of the shared node */
};

/*
 * Loads and initialises the plugin at path, which must be resolved and trusted. NULL, and a
 * message in the log, if that fails.
 */
struct plugin *plugin_open(const char *name, const char *path, IMA_UINT32 owner,
			   const IMAX_HOST *host);

/* Ends a plugin that was opened. Its code stays mapped: a thread of it may still run. */
void plugin_end(struct plugin *plugin);

#endif
