/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vector.h - a growing array of pointers; it does not own what they point to.
 */
#ifndef USER_VECTOR_H
#define USER_VECTOR_H

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

struct vector {
	void **items;
	size_t count, capacity;
};

/** vector_reserve - make room for that many; 0 or -ENOMEM */
static inline int vector_reserve(struct vector *vector, size_t count)
{
	size_t capacity = vector->capacity ? vector->capacity : 16;
	void **items;

	if (count <= vector->capacity)
		return 0;
	while (capacity < count)
		capacity *= 2;
	items = reallocarray(vector->items, capacity, sizeof(*items));
	if (!items)
		return -ENOMEM;
	vector->items = items;
	vector->capacity = capacity;
	return 0;
}

/** vector_add - 0 or -ENOMEM */
static inline int vector_add(struct vector *vector, void *item)
{
	int err = vector_reserve(vector, vector->count + 1);

	if (err)
		return err;
	vector->items[vector->count++] = item;
	return 0;
}

static inline void vector_free(struct vector *vector)
{
	free(vector->items);
	*vector = (struct vector){ NULL, 0, 0 };
}

#endif
