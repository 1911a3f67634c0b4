/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * items.h - the objects of one state, and what became of those of the state before.
 *
 * A state is made anew when something changed. Its items take over the objects of the table;
 * the comparison with the state before gives the events. The lock of the plugin is held.
 */
#ifndef LINUX_ITEMS_H
#define LINUX_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "plugin-support/notifier.h"
#include "plugin-support/object-table.h"

/* What every object begins with. */
struct item {
	struct object *object;
	uint64_t facts; /* changes when a property changes */
	bool hidden;	/* it has an OID, but is not there for those who listen */
};

struct items {
	struct array list;    /* struct item * */
	struct array earlier; /* struct item *: what the object was in the state before */
};

/* Gives an item its identity; the object is what the item says from now on. 0 or -ENOMEM. */
int items_attach(struct items *items, struct object_table *table, struct item *item,
		 IMA_OBJECT_TYPE type, const char *key);

/* A state that was not finished: the objects are again what they were before. */
void items_undo(struct items *items);

/*
 * The new state replaces the old one, NULL if it is the first: objects that are gone lose their
 * data, and the notifier hears of everything that changed, sessions and connections excepted.
 */
void items_replace(const struct items *old, const struct items *new,
		   struct notifier *notifier);
void items_free(struct items *items);

/* Facts are mixed from what is known about an object. */
uint64_t facts_mix(uint64_t facts, const void *data, size_t size);
uint64_t facts_mix_text(uint64_t facts, const char *text); /* NULL is fine */

/* An array of pointers. */
int array_add_pointer(struct array *array, const void *pointer);

#define for_each_item(type, var, array)                                            \
	for (type **var##_at = (array)->data,                                      \
		  **var##_end = var##_at ? var##_at + (array)->count : NULL, *var; \
	     var##_at < var##_end && (var = *var##_at, 1); var##_at++)

#endif
