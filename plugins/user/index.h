/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * index.h - finds things by the sequence number of an OID, in constant time.
 *
 * Sequence numbers of a plugin are unique whatever their type, so one index may hold things of
 * several types. The nodes are members of what is found. Locks: none; the owner has one.
 */
#ifndef USER_INDEX_H
#define USER_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct index_node {
	uint64_t number;
	void *item;		 /* what the node is for */
	struct index_node *next; /* the index's own */
};

/** struct index - empty when it is all zero */
struct index {
	struct index_node **chains;
	size_t chain_count, count;
};

/** index_reserve - room for one more; 0, or -ENOMEM if nothing at all can be added */
int index_reserve(struct index *index);

/** index_add - after index_reserve() it cannot fail; the number is set already */
void index_add(struct index *index, struct index_node *node);

/** index_remove - a node that is in it */
void index_remove(struct index *index, struct index_node *node);

/** index_find - NULL if there is none */
struct index_node *index_find(const struct index *index, uint64_t number);

/** index_free - the nodes are left alone */
void index_free(struct index *index);

#endif
