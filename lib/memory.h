/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * memory.h - blocks that clients give back with IMA_FreeMemory.
 */
#ifndef LIB_MEMORY_H
#define LIB_MEMORY_H

#include <stddef.h>

/* A zeroed block, aligned for any type, or NULL. */
void *memory_alloc(size_t size);

/* Releases a block; NULL is fine. -EINVAL if it is none of ours. */
int memory_free(void *block);

#endif
