// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin.c - loading and ending one plugin.
 *
 * A plugin that is linked with libima, or whose program is, finds our own entry points under the
 * names it does not define. Calling those would recurse, so they count as missing.
 */
#include "plugin.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "log.h"
#include "shared/cleanup.h"

/* Where this shared object begins and ends, from the linker. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

static const struct {
	const char *name;
	size_t offset;
} entries[] = {
#define OTHER(call) { #call, offsetof(struct plugin_calls, call) },
#include "calls.def"
};

static bool is_ours(const void *symbol)
{
	return (uintptr_t)symbol >= (uintptr_t)__ehdr_start &&
	       (uintptr_t)symbol < (uintptr_t)_end;
}

static void *find_symbol(void *handle, const char *name)
{
	void *symbol = dlsym(handle, name);

	return is_ours(symbol) ? NULL : symbol;
}

static void find_entries(struct plugin *plugin)
{
	struct plugin_calls *calls = &plugin->calls;

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		void *symbol = find_symbol(plugin->handle, entries[i].name);

		memcpy((char *)calls + entries[i].offset, &symbol, sizeof(symbol));
	}
	if (!calls->IMA_PluginIOctl)
		calls->IMA_PluginIOctl = find_symbol(plugin->handle, "IMA_PluginIOCtl");
	plugin->terminate = find_symbol(plugin->handle, "Terminate");
}

/* Runs what a plugin exports to be set up. */
static IMA_STATUS set_up(struct plugin *plugin, const IMAX_HOST *host)
{
	__typeof__(IMAX_SetHost) *set_host = find_symbol(plugin->handle, "IMAX_SetHost");
	__typeof__(Initialize) *initialize = find_symbol(plugin->handle, "Initialize");
	IMA_STATUS status = IMA_STATUS_SUCCESS;
	struct call call;

	call_begin(&call, "Initialize", NULL);
	call.plugin = plugin;
	if (set_host)
		status = (IMA_UINT32)set_host(host);
	if (initialize && !IMA_ERROR(status))
		status = (IMA_UINT32)initialize(plugin->owner);
	call_drop(&call);
	return status;
}

static void plugin_free(struct plugin *plugin)
{
	if (plugin->handle)
		dlclose(plugin->handle);
	free(plugin->name);
	free(plugin->path);
	free(plugin);
}

static int load(struct plugin *plugin)
{
	struct link_map *map = NULL;

	if (!plugin->name || !plugin->path)
		return -1;
	plugin->handle = dlopen(plugin->path, RTLD_NOW | RTLD_LOCAL);
	if (!plugin->handle) {
		log_warning("plugin %s is not loaded: %s", plugin->name, dlerror());
		return -1;
	}
	dlinfo(plugin->handle, RTLD_DI_LINKMAP, &map);
	plugin->base = map ? (const void *)map->l_addr : NULL;
	find_entries(plugin);
	return 0;
}

struct plugin *plugin_open(const char *name, const char *path, IMA_UINT32 owner,
			   const IMAX_HOST *host)
{
	struct plugin *plugin = calloc(1, sizeof(*plugin));
	IMA_STATUS status;

	if (!plugin)
		return NULL;
	plugin->owner = owner;
	plugin->name = strdup(name);
	plugin->path = strdup(path);
	if (load(plugin)) {
		plugin_free(plugin);
		return NULL;
	}
	status = set_up(plugin, host);
	if (IMA_ERROR(status)) {
		log_warning("plugin %s (%s) is not loaded: it failed to initialise: %s",
			    name, path, IMAX_StatusName(status));
		plugin_free(plugin);
		return NULL;
	}
	log_info("plugin %s is %s, owner id %u", name, path, owner);
	return plugin;
}

void plugin_end(struct plugin *plugin)
{
	struct call call;

	call_begin(&call, "Terminate", NULL);
	call.plugin = plugin;
	if (plugin->terminate)
		plugin->terminate();
	call_drop(&call);
}
