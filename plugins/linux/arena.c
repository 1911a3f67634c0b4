// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * arena.c - memory of a snapshot.
 */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 65536

struct arena_block {
	struct arena_block *next;
	size_t size;
	max_align_t data[];
};

static int new_block(struct arena *arena, size_t least)
{
	size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
	struct arena_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		return -1;
	block->next = arena->block;
	block->size = size;
	arena->block = block;
	arena->used = 0;
	return 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *memory;

	size = (size + 15) & ~(size_t)15;
	if (!arena->block || arena->block->size - arena->used < size)
		if (new_block(arena, size) < 0)
			return NULL;
	memory = (char *)arena->block->data + arena->used;
	arena->used += size;
	return memory;
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (copy)
		memcpy(copy, text, length);
	return copy;
}

void arena_free(struct arena *arena)
{
	while (arena->block) {
		struct arena_block *next = arena->block->next;

		free(arena->block);
		arena->block = next;
	}
	*arena = (struct arena){ 0 };
}

void *array_add(struct array *array, size_t element)
{
	void *added;

	if (array->count == array->room) {
		size_t room = array->room ? array->room * 2 : 16;
		void *data = reallocarray(array->data, room, element);

		if (!data)
			return NULL;
		array->data = data;
		array->room = room;
	}
	added = (char *)array->data + array->count++ * element;
	memset(added, 0, element);
	return added;
}

void array_free(struct array *array)
{
	free(array->data);
	*array = (struct array){ 0 };
}
