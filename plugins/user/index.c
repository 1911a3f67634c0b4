// SPDX-License-Identifier: LGPL-2.1-or-later
#include "index.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_CHAINS 64

/* Numbers are given one after the other: their last bits are as good as any hash. */
static struct index_node **chain_of(const struct index *index, uint64_t number)
{
	return &index->chains[number & (index->chain_count - 1)];
}

static void move_all(const struct index *from, struct index *to)
{
	for (size_t i = 0; i < from->chain_count; i++)
		for (struct index_node *node = from->chains[i], *next; node;
		     node = next) {
			next = node->next;
			index_add(to, node);
		}
}

int index_reserve(struct index *index)
{
	struct index larger = { .chain_count = index->chain_count ? 2 * index->chain_count
								  : FIRST_CHAINS };

	if (index->count < index->chain_count)
		return 0;
	larger.chains = calloc(larger.chain_count, sizeof(struct index_node *));
	if (!larger.chains) /* longer chains are slower, but right */
		return index->chains ? 0 : -ENOMEM;
	move_all(index, &larger);
	free(index->chains);
	*index = larger;
	return 0;
}

void index_add(struct index *index, struct index_node *node)
{
	struct index_node **chain = chain_of(index, node->number);

	node->next = *chain;
	*chain = node;
	index->count++;
}

void index_remove(struct index *index, struct index_node *node)
{
	struct index_node **link = chain_of(index, node->number);

	while (*link != node)
		link = &(*link)->next;
	*link = node->next;
	index->count--;
}

struct index_node *index_find(const struct index *index, uint64_t number)
{
	struct index_node *node;

	if (!index->chains)
		return NULL;
	node = *chain_of(index, number);
	while (node && node->number != number)
		node = node->next;
	return node;
}

void index_free(struct index *index)
{
	free(index->chains);
	*index = (struct index){ NULL, 0, 0 };
}
