// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * memory.c - blocks for clients, and IMA_FreeMemory.
 *
 * In front of each block is a header that tells ours from foreign ones. It is read before we know
 * whose block it is, so it must be readable whatever pointer a client hands in: our blocks never
 * begin at the begin of a page, a pointer that does is foreign, and the 16 bytes in front of any
 * other one lie in the page of the block itself.
 */
#include "memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "api.h"
#include "call.h"

/* The smallest page of all the systems we know. */
#define PAGE 4096u

struct header {
	uint64_t mark; /* differs from block to block, so that a copy is no block */
	void *allocation;
};

_Static_assert(sizeof(struct header) == 16, "the block behind a header stays aligned");

static uint64_t mark_of(const void *block)
{
	return (uint64_t)(uintptr_t)block ^ 0x1a4ab10c5eed71d5U;
}

void *memory_alloc(size_t size)
{
	size_t room = 2 * sizeof(struct header);
	char *allocation, *block;
	struct header *header;

	if (size > SIZE_MAX - room)
		return NULL;
	allocation = calloc(1, size + room);
	if (!allocation)
		return NULL;
	block = allocation + sizeof(*header);
	if ((uintptr_t)block % PAGE == 0)
		block += sizeof(*header);
	header = (struct header *)block - 1;
	header->mark = mark_of(block);
	header->allocation = allocation;
	return block;
}

/* Not instrumented: what lies in front of a foreign block is not ours to read. */
__attribute__((no_sanitize_address)) static void *claim(void *block)
{
	struct header *header = (struct header *)block - 1;
	void *allocation;

	if ((uintptr_t)block % sizeof(*header) || (uintptr_t)block % PAGE == 0 ||
	    header->mark != mark_of(block))
		return NULL;
	allocation = header->allocation;
	header->mark = 0;
	return allocation;
}

int memory_free(void *block)
{
	void *allocation = NULL;

	if (block && !(allocation = claim(block)))
		return -EINVAL;
	free(allocation);
	return 0;
}

IMA_STATUS IMA_FreeMemory(void *pMemory)
{
	if (memory_free(pMemory))
		return call_refuse(
			"IMA_FreeMemory", NULL, IMA_ERROR_INVALID_PARAMETER,
			"the memory was not returned by a function of this library");
	return IMA_STATUS_SUCCESS;
}
