// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugin-support/lists.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for count elements behind a head; the head already holds one. 0 or -ENOMEM. */
static int reserve(void **block, size_t *capacity, size_t count, size_t head,
		   size_t element)
{
	void *larger;

	if (count <= *capacity && *block)
		return 0;
	if (count > (PTRDIFF_MAX - head) / element)
		return -ENOMEM;
	larger = realloc(*block, head + (count > 1 ? count - 1 : 0) * element);
	if (!larger)
		return -ENOMEM;
	if (!*block)
		memset(larger, 0, head);
	*block = larger;
	*capacity = count > 1 ? count : 1;
	return 0;
}

static size_t next_capacity(size_t capacity)
{
	return capacity < 16 ? 16 : 2 * capacity;
}

int oid_list_reserve(struct oid_list *list, size_t count)
{
	void *block = list->list;
	int err = reserve(&block, &list->capacity, count, sizeof(IMA_OID_LIST),
			  sizeof(IMA_OID));

	list->list = block;
	return err;
}

int oid_list_add(struct oid_list *list, IMA_OID oid)
{
	if (!list->list || list->list->oidCount == list->capacity) {
		int err = oid_list_reserve(list, next_capacity(list->capacity));

		if (err)
			return err;
	}
	list->list->oids[list->list->oidCount++] = oid;
	return 0;
}

int oid_list_end(struct oid_list *list, IMA_OID_LIST **result)
{
	int err = oid_list_reserve(list, 1);

	*result = err ? NULL : list->list;
	if (!err)
		*list = (struct oid_list){ 0 };
	return err;
}

void oid_list_drop(struct oid_list *list)
{
	free(list->list);
	*list = (struct oid_list){ 0 };
}

int oid_list_one(IMA_OID oid, IMA_OID_LIST **result)
{
	struct oid_list list = { 0 };
	int err = oid_list_reserve(&list, 1);

	if (!err)
		err = oid_list_add(&list, oid);
	if (!err)
		return oid_list_end(&list, result);
	*result = NULL;
	return err;
}

int oid_list_empty(IMA_OID_LIST **result)
{
	struct oid_list list = { 0 };

	return oid_list_end(&list, result);
}

static int reserve_keys(struct address_key_list *list, size_t count)
{
	void *block = list->list;
	int err = reserve(&block, &list->capacity, count, sizeof(IMA_ADDRESS_KEYS),
			  sizeof(IMA_ADDRESS_KEY));

	list->list = block;
	return err;
}

static int same_key(const IMA_ADDRESS_KEY *a, const IMA_ADDRESS_KEY *b)
{
	size_t used = a->ipAddress.ipv4Address ? 4 : 16;

	return a->portNumber == b->portNumber &&
	       a->ipAddress.ipv4Address == b->ipAddress.ipv4Address &&
	       !memcmp(a->ipAddress.ipAddress, b->ipAddress.ipAddress, used);
}

int address_key_list_add(struct address_key_list *list, const IMA_ADDRESS_KEY *key)
{
	for (size_t i = 0; list->list && i < list->list->addressKeyCount; i++)
		if (same_key(&list->list->addressKeys[i], key))
			return 0;
	if (!list->list || list->list->addressKeyCount == list->capacity) {
		int err = reserve_keys(list, next_capacity(list->capacity));

		if (err)
			return err;
	}
	list->list->addressKeys[list->list->addressKeyCount++] = *key;
	return 0;
}

int address_key_list_end(struct address_key_list *list, IMA_ADDRESS_KEYS **result)
{
	int err = reserve_keys(list, 1);

	*result = err ? NULL : list->list;
	if (!err)
		*list = (struct address_key_list){ 0 };
	return err;
}

void address_key_list_drop(struct address_key_list *list)
{
	free(list->list);
	*list = (struct address_key_list){ 0 };
}

IMA_STATUS list_free(void *list)
{
	free(list);
	return IMA_STATUS_SUCCESS;
}
