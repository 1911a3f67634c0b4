/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * registry.h - all plugins of the process, and which of them owns an object.
 *
 * The registry is made once, by the first call that needs it, and never changes afterwards, so
 * that calls read it without a lock. When the process ends an empty one takes its place.
 */
#ifndef LIB_REGISTRY_H
#define LIB_REGISTRY_H

#include <stdatomic.h>
#include <stddef.h>

#include "plugin.h"

struct registry {
	IMA_UINT32 count;
	IMA_UINT32 deadline;	  /* default of a call, in milliseconds */
	struct plugin *plugins[]; /* that with owner id n is plugins[n - 1] */
};

extern _Atomic(const struct registry *) registry_current;

/* Waits until the registry is made; makes it if nobody else does. */
const struct registry *registry_make(void);

static inline const struct registry *registry_get(void)
{
	const struct registry *registry = atomic_load_explicit(&registry_current,
							       memory_order_acquire);

	return likely(registry != NULL) ? registry : registry_make();
}

/* The registry as it is now: empty before it is made and when the process ends. */
const struct registry *registry_peek(void);

/* The plugin that owns objects with this owner id, or NULL. */
static inline struct plugin *registry_plugin(const struct registry *registry,
					     IMA_UINT32 owner)
{
	return owner - 1 < registry->count ? registry->plugins[owner - 1] : NULL;
}

#define for_each_plugin(plugin, registry) \
	for (IMA_UINT32 n_ = 1; ((plugin) = registry_plugin(registry, n_)); n_++)

#endif
