// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * object-table.c - an array by sequence number, and a chained hash table by type and key.
 *
 * Keys come from the network, so the hash is keyed (SipHash-2-4): nobody can choose names that
 * all fall into one chain.
 */
#include "plugin-support/object-table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct object_table {
	IMA_UINT32 owner_id;
	uint64_t seed[2];
	struct object **by_number; /* index: sequence number - 1 */
	size_t count, capacity;
	struct object **chains;
	size_t chain_count; /* power of two */
};

static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void sip_add(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
}

static uint64_t hash_key(const uint64_t seed[2], IMA_OBJECT_TYPE type, const char *key)
{
	uint64_t v[4] = { seed[0] ^ 0x736f6d6570736575, seed[1] ^ 0x646f72616e646f6d,
			  seed[0] ^ 0x6c7967656e657261, seed[1] ^ 0x7465646279746573 };
	size_t length = strlen(key);
	uint64_t word;

	sip_add(v, (uint64_t)type);
	for (size_t i = 0; i < length; i += sizeof(word)) {
		size_t rest = length - i;

		word = 0;
		memcpy(&word, key + i, rest < sizeof(word) ? rest : sizeof(word));
		sip_add(v, word);
	}
	sip_add(v, length);
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static int grow_chains(struct object_table *table)
{
	size_t count = table->chain_count ? 2 * table->chain_count : 64;
	struct object **chains = calloc(count, sizeof(struct object *));

	if (!chains)
		return -ENOMEM;
	for (size_t i = 0; i < table->count; i++) {
		struct object *object = table->by_number[i];
		size_t at = object->hash & (count - 1);

		object->next = chains[at];
		chains[at] = object;
	}
	free(table->chains);
	table->chains = chains;
	table->chain_count = count;
	return 0;
}

static int grow_numbers(struct object_table *table)
{
	size_t capacity = table->capacity ? 2 * table->capacity : 64;
	struct object **all = reallocarray(table->by_number, capacity, sizeof(*all));

	if (!all)
		return -ENOMEM;
	table->by_number = all;
	table->capacity = capacity;
	return 0;
}

int object_table_new(IMA_UINT32 owner_id, struct object_table **table)
{
	struct object_table *made = calloc(1, sizeof(*made));

	if (!made || grow_chains(made) || grow_numbers(made)) {
		object_table_free(made);
		return -ENOMEM;
	}
	made->owner_id = owner_id;
	/* Without random numbers the table still works, only predictably. */
	if (getrandom(made->seed, sizeof(made->seed), GRND_NONBLOCK) < 0)
		made->seed[0] = (uintptr_t)made;
	*table = made;
	return 0;
}

void object_table_free(struct object_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->count; i++)
		free(table->by_number[i]);
	free(table->by_number);
	free(table->chains);
	free(table);
}

static struct object *find(const struct object_table *table, uint64_t hash,
			   IMA_OBJECT_TYPE type, const char *key)
{
	struct object *object = table->chains[hash & (table->chain_count - 1)];

	while (object && (object->hash != hash || object->oid.objectType != type ||
			  strcmp(object->key, key) != 0))
		object = object->next;
	return object;
}

static void insert(struct object_table *table, struct object *object)
{
	struct object **chain = &table->chains[object->hash & (table->chain_count - 1)];

	object->next = *chain;
	*chain = object;
	table->by_number[table->count++] = object;
	object->oid.objectSequenceNumber = table->count;
}

static struct object *add(struct object_table *table, uint64_t hash, IMA_OBJECT_TYPE type,
			  const char *key)
{
	size_t size = strlen(key) + 1;
	struct object *object;

	if (table->count == table->capacity && grow_numbers(table))
		return NULL;
	/* Longer chains are slower, but right: failing to grow is no failure. */
	if (table->count >= table->chain_count)
		(void)grow_chains(table);
	object = calloc(1, sizeof(*object) + size);
	if (!object)
		return NULL;
	memcpy(object->key, key, size);
	object->hash = hash;
	object->oid.objectType = type;
	object->oid.ownerId = table->owner_id;
	insert(table, object);
	return object;
}

struct object *object_table_get(struct object_table *table, IMA_OBJECT_TYPE type,
				const char *key)
{
	uint64_t hash = hash_key(table->seed, type, key);
	struct object *object = find(table, hash, type, key);

	return object ? object : add(table, hash, type, key);
}

static struct object *existing(struct object *object)
{
	return object && object->data ? object : NULL;
}

struct object *object_table_by_key(const struct object_table *table, IMA_OBJECT_TYPE type,
				   const char *key)
{
	return existing(find(table, hash_key(table->seed, type, key), type, key));
}

struct object *object_table_by_oid(const struct object_table *table, IMA_OID oid)
{
	struct object *object;

	if (oid.ownerId != table->owner_id || !oid.objectSequenceNumber ||
	    oid.objectSequenceNumber > table->count)
		return NULL;
	object = table->by_number[oid.objectSequenceNumber - 1];
	return object->oid.objectType == oid.objectType ? existing(object) : NULL;
}

void *object_table_data(const struct object_table *table, IMA_OID oid)
{
	struct object *object = object_table_by_oid(table, oid);

	return object ? object->data : NULL;
}

size_t object_table_count(const struct object_table *table)
{
	return table->count;
}

struct object *object_table_at(const struct object_table *table, size_t index)
{
	return table->by_number[index];
}
