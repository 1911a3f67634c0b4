// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lists.c - calls that return lists: those of one plugin, and those of all joined.
 *
 * A list of a plugin is copied into memory of the library and released through the plugin's own
 * IMA_FreeMemory right away; a plugin that has none leaks, its block is never given to free(). A
 * plugin that reports success without a list, or with a count nobody can mean, has failed.
 *
 * Joined lists are in load order. Entries that name another owner than the plugin they come from
 * are left out, and so are repeated ones. A plugin that fails or lacks the entry point
 * contributes nothing, as long as one that was asked succeeds.
 */
#include "api.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "log.h"
#include "memory.h"
#include "shared/cleanup.h"

/* More entries than any system has; beyond it a count is taken for garbage. */
#define COUNT_MAX (1u << 24)

/* IMA_OID_LIST and IMA_ADDRESS_KEYS begin alike. */
struct list {
	IMA_UINT count;
	char entries[];
};

_Static_assert(offsetof(IMA_OID_LIST, oids) == offsetof(struct list, entries),
	       "same form");
_Static_assert(offsetof(IMA_ADDRESS_KEYS, addressKeys) == offsetof(struct list, entries),
	       "same form");

/* A list of count entries, at least as big as its type, which has one. */
static struct list *list_alloc(size_t count, size_t entry)
{
	struct list *list = memory_alloc(sizeof(*list) + (count ? count : 1) * entry);

	if (list)
		list->count = count;
	return list;
}

static IMA_STATUS check_list(struct call *call, const struct list *theirs)
{
	if (!theirs)
		call->why = "the plugin reported success but returned no list";
	else if (theirs->count > COUNT_MAX)
		call->why = "the plugin returned a list with an impossible count";
	else
		return IMA_STATUS_SUCCESS;
	return IMA_ERROR_UNEXPECTED_OS_ERROR;
}

static void give_back(const struct plugin *plugin, void *theirs)
{
	if (theirs && plugin->calls.IMA_FreeMemory)
		plugin->calls.IMA_FreeMemory(theirs);
}

static struct list *copy_list(const struct list *theirs, size_t entry)
{
	struct list *ours = list_alloc(theirs->count, entry);

	if (ours)
		memcpy(ours->entries, theirs->entries, theirs->count * entry);
	return ours;
}

/* Ends a call whose plugin returned a list: the copy in *ours if it succeeded. */
static IMA_STATUS finish_list(struct call *call, IMA_STATUS status, void *theirs,
			      size_t entry, struct list **ours)
{
	status = (IMA_UINT32)status;
	if (IMA_ERROR(status))
		return call_leave(call, status);
	if (IMA_ERROR(check_list(call, theirs)))
		status = IMA_ERROR_UNEXPECTED_OS_ERROR;
	else if (!(*ours = copy_list(theirs, entry)))
		status = IMA_ERROR_INSUFFICIENT_MEMORY;
	give_back(call->plugin, theirs);
	return call_leave(call, status);
}

#define ENTRY_OF_IMA_OID_LIST	  sizeof(IMA_OID)
#define ENTRY_OF_IMA_ADDRESS_KEYS sizeof(IMA_ADDRESS_KEY)

#define LIST(function, types, list_t, need)                                              \
	IMA_STATUS function(IMA_OID oid, list_t **list)                                  \
	{                                                                                \
		list_t *theirs = NULL;                                                   \
		struct list *ours = NULL;                                                \
		struct call call;                                                        \
		IMA_STATUS status;                                                       \
                                                                                         \
		if (!list)                                                               \
			return call_refuse(#function, &oid, IMA_ERROR_INVALID_PARAMETER, \
					   "the pointer for the list is NULL");          \
		*list = NULL;                                                            \
		status = call_enter(&call, #function, oid, types);                       \
		if (status)                                                              \
			return status;                                                   \
		status = call.plugin->calls.function                                     \
				 ? call.plugin->calls.function(oid, &theirs)             \
				 : call_missing(&call, need);                            \
		status = finish_list(&call, status, theirs, ENTRY_OF_##list_t, &ours);   \
		*list = (list_t *)(void *)ours;                                          \
		return status;                                                           \
	}
#include "calls.def"

IMA_STATUS IMA_GetAddressKeyProperties(IMA_OID targetOid,
				       IMA_ADDRESS_KEY_PROPERTIES **ppProps)
{
	return IMA_GetAddressKeys(targetOid, ppProps);
}

/* What a joined list grows in. */
struct join {
	IMA_OID *oids;
	size_t count, room;
	unsigned asked, succeeded;
	IMA_STATUS error; /* of the first plugin that failed, with its reason */
	const struct plugin *failed;
	const char *why;
};

static int join_reserve(struct join *join, size_t more)
{
	size_t room = join->count + more;
	IMA_OID *oids;

	if (room <= join->room)
		return 0;
	oids = realloc(join->oids, room * sizeof(*oids));
	if (!oids)
		return -ENOMEM;
	join->oids = oids;
	join->room = room;
	return 0;
}

static int join_list(struct join *join, struct call *call, const IMA_OID_LIST *theirs)
{
	const struct plugin *plugin = call->plugin;

	join->succeeded++;
	/* What a plugin tells and then succeeds is no reason for the failure of another. */
	if (!join->error)
		call->told = false;
	if (join_reserve(join, theirs->oidCount))
		return -ENOMEM;
	for (IMA_UINT i = 0; i < theirs->oidCount; i++) {
		if (theirs->oids[i].ownerId == plugin->owner)
			join->oids[join->count++] = theirs->oids[i];
		else
			log_warning("plugin %s listed an object of owner %u, left out",
				    plugin->name, theirs->oids[i].ownerId);
	}
	return 0;
}

typedef IMA_STATUS list_function(IMA_OID_LIST **);

/* Keeps the reason of the first plugin that fails; later ones cannot add to it. */
static void join_failed(struct join *join, struct call *call, IMA_STATUS status)
{
	log_warning("%s of plugin %s failed: %s", call->name, call->plugin->name,
		    IMAX_StatusName(status));
	if (join->error)
		return;
	join->error = status;
	join->failed = call->plugin;
	join->why = call->why;
	call->told_enough = true;
}

/* Asks one plugin. Only running out of memory ends the whole call. */
static int join_plugin(struct join *join, struct call *call, const struct plugin *plugin,
		       list_function *function)
{
	IMA_OID_LIST *theirs = NULL;
	IMA_STATUS status;
	int err = 0;

	if (!function)
		return 0;
	join->asked++;
	call->plugin = plugin;
	status = (IMA_UINT32)function(&theirs);
	if (IMA_ERROR(status)) {
		join_failed(join, call, status);
		return 0;
	}
	status = check_list(call, (struct list *)theirs);
	if (IMA_ERROR(status))
		join_failed(join, call, status);
	else
		err = join_list(join, call, theirs);
	give_back(plugin, theirs);
	return err;
}

static bool oid_is(const IMA_OID *a, const IMA_OID *b)
{
	return a->objectType == b->objectType && a->ownerId == b->ownerId &&
	       a->objectSequenceNumber == b->objectSequenceNumber;
}

static size_t oid_hash(const IMA_OID *oid)
{
	uint64_t h = oid->objectSequenceNumber * 0x9e3779b97f4a7c15U;

	return (size_t)((h ^ h >> 32) + oid->ownerId * 31u + (unsigned)oid->objectType);
}

/* Puts entry i into the table of indices; false if an equal one is there. */
static bool remember(uint32_t *table, size_t mask, const IMA_OID *oids, size_t i)
{
	size_t slot = oid_hash(&oids[i]) & mask;

	for (; table[slot]; slot = (slot + 1) & mask)
		if (oid_is(&oids[table[slot] - 1], &oids[i]))
			return false;
	table[slot] = (uint32_t)i + 1;
	return true;
}

/* Leaves the first of equal entries, in order. */
static int join_dedupe(struct join *join)
{
	uint32_t _cleanup_free_ *table = NULL;
	size_t slots = 4, kept = 0;

	while (slots < 2 * join->count)
		slots *= 2;
	table = calloc(slots, sizeof(*table));
	if (!table)
		return -ENOMEM;
	for (size_t i = 0; i < join->count; i++) {
		join->oids[kept] = join->oids[i];
		if (remember(table, slots - 1, join->oids, kept))
			kept++;
	}
	join->count = kept;
	return 0;
}

static IMA_STATUS join_finish(struct join *join, struct call *call, IMA_OID_LIST **list)
{
	struct list *ours;

	call->plugin = join->failed;
	call->why = join->why;
	if (join->asked && !join->succeeded)
		return join->error;
	call->plugin = NULL;
	if (join_dedupe(join))
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	ours = list_alloc(join->count, sizeof(IMA_OID));
	if (!ours)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	if (join->count)
		memcpy(ours->entries, join->oids, join->count * sizeof(IMA_OID));
	*list = (IMA_OID_LIST *)(void *)ours;
	return IMA_STATUS_SUCCESS;
}

/* The function of a plugin is at this offset in its calls. */
static IMA_STATUS join_all(const char *name, size_t offset, IMA_OID_LIST **list)
{
	struct join join = { 0 };
	struct plugin *plugin;
	struct call call;
	IMA_STATUS status;
	int err = 0;

	if (!list)
		return call_refuse(name, NULL, IMA_ERROR_INVALID_PARAMETER,
				   "the pointer for the list is NULL");
	*list = NULL;
	call_begin(&call, name, NULL);
	for_each_plugin(plugin, registry_get()) {
		list_function *function;

		memcpy(&function, (char *)&plugin->calls + offset, sizeof(function));
		err = err ? err : join_plugin(&join, &call, plugin, function);
	}
	status = err ? IMA_ERROR_INSUFFICIENT_MEMORY : join_finish(&join, &call, list);
	free(join.oids);
	return call_end(&call, status);
}

#define ALL(function)                                                               \
	IMA_STATUS function(IMA_OID_LIST **list)                                    \
	{                                                                           \
		return join_all(#function, offsetof(struct plugin_calls, function), \
				list);                                              \
	}
#include "calls.def"

IMA_STATUS IMA_GetPluginOidList(IMA_OID_LIST **ppList)
{
	const struct registry *registry;
	struct plugin *plugin;
	struct call call;
	struct list *ours;

	if (!ppList)
		return call_refuse("IMA_GetPluginOidList", NULL,
				   IMA_ERROR_INVALID_PARAMETER,
				   "the pointer for the list is NULL");
	*ppList = NULL;
	call_begin(&call, "IMA_GetPluginOidList", NULL);
	registry = registry_get();
	ours = list_alloc(registry->count, sizeof(IMA_OID));
	if (!ours)
		return call_end(&call, IMA_ERROR_INSUFFICIENT_MEMORY);
	*ppList = (IMA_OID_LIST *)(void *)ours;
	for_each_plugin(plugin, registry) {
		IMA_OID oid = { IMA_OBJECT_TYPE_PLUGIN, plugin->owner, 0 };

		(*ppList)->oids[plugin->owner - 1] = oid;
	}
	return call_end(&call, IMA_STATUS_SUCCESS);
}
