/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * arena.h - memory of a snapshot: many small pieces that are released together.
 */
#ifndef LINUX_ARENA_H
#define LINUX_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *block;
	size_t used;
};

/* Memory that stays where it is until arena_free(); zeroed; NULL if there is none. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_text(struct arena *arena, const char *text, size_t length);
void arena_free(struct arena *arena);

/*
 * An array that grows by doubling in ordinary memory; sorted lists are built in it.
 * The new element, zeroed, or NULL.
 */
struct array {
	void *data;
	size_t count, room;
};

void *array_add(struct array *array, size_t element);
void array_free(struct array *array);

#endif
