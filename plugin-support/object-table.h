/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * object-table.h - the objects of a plugin, found by OID and by key in constant time.
 *
 * A key is text that tells an object from all others of its type: a target name, a target
 * name and a LUN. The first time a key is seen it gets the next sequence number, and keeps it
 * until the table is freed, also while the object is gone; so numbers are never used twice
 * and an object that comes back has its old OID. One table serves all types of a plugin.
 *
 * Locks: none; the owner of the table has one. Pointers to objects stay valid until the table
 * is freed.
 */
#ifndef PLUGIN_SUPPORT_OBJECT_TABLE_H
#define PLUGIN_SUPPORT_OBJECT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "ima.h"

struct object_table;

/**
 * struct object - something that has an OID
 * @oid: its OID
 * @data: the owner's, NULL when the object does not exist (any more)
 * @scratch: the owner's, for whatever it is good for
 * @key: its key
 */
struct object {
	IMA_OID oid;
	void *data;
	void *scratch;
	struct object *next; /* the table's own */
	uint64_t hash;	     /* the table's own */
	char key[];
};

/** object_table_new - an empty table; 0 or -ENOMEM */
int object_table_new(IMA_UINT32 owner_id, struct object_table **table);

/** object_table_free - releases the table and all objects, not their data; NULL is fine */
void object_table_free(struct object_table *table);

/** object_table_get - the object with this key, made if it was never seen; NULL: no memory */
struct object *object_table_get(struct object_table *table, IMA_OBJECT_TYPE type,
				const char *key);

/** object_table_by_key - the object with this key if it exists (has data), else NULL */
struct object *object_table_by_key(const struct object_table *table, IMA_OBJECT_TYPE type,
				   const char *key);

/** object_table_by_oid - the object with this OID if it exists (has data), else NULL */
struct object *object_table_by_oid(const struct object_table *table, IMA_OID oid);

/** object_table_data - the data of the object with this OID, NULL if it does not exist */
void *object_table_data(const struct object_table *table, IMA_OID oid);

/** object_table_count - how many sequence numbers were given */
size_t object_table_count(const struct object_table *table);

/** object_table_at - the object with sequence number index + 1, whether it exists or not */
struct object *object_table_at(const struct object_table *table, size_t index);

#endif
