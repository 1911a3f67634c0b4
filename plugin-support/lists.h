/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lists.h - the lists a plugin returns: built one by one, released by its IMA_FreeMemory.
 *
 *     struct oid_list _cleanup_(oid_list_drop) list = { 0 };
 *
 *     err = oid_list_add(&list, oid);
 *     ...
 *     return status_from_errno(oid_list_end(&list, ppList));
 */
#ifndef PLUGIN_SUPPORT_LISTS_H
#define PLUGIN_SUPPORT_LISTS_H

#include <stddef.h>

#include "ima.h"

/** struct oid_list - a list of OIDs being built; starts as zeros */
struct oid_list {
	IMA_OID_LIST *list;
	size_t capacity;
};

/** oid_list_reserve - make room for that many OIDs in advance; 0 or -ENOMEM */
int oid_list_reserve(struct oid_list *list, size_t count);

/** oid_list_add - append an OID; 0 or -ENOMEM, the list is then unchanged */
int oid_list_add(struct oid_list *list, IMA_OID oid);

/** oid_list_end - hand the list over, an empty one too; 0 or -ENOMEM, *result is then NULL */
int oid_list_end(struct oid_list *list, IMA_OID_LIST **result);

/** oid_list_drop - release a list that was not handed over */
void oid_list_drop(struct oid_list *list);

/** oid_list_one - a list of one OID; 0 or -ENOMEM */
int oid_list_one(IMA_OID oid, IMA_OID_LIST **result);

/** oid_list_empty - a list of none; 0 or -ENOMEM */
int oid_list_empty(IMA_OID_LIST **result);

/** struct address_key_list - a list of address keys being built; starts as zeros */
struct address_key_list {
	IMA_ADDRESS_KEYS *list;
	size_t capacity;
};

/** address_key_list_add - append a key that is not there yet; 0 or -ENOMEM */
int address_key_list_add(struct address_key_list *list, const IMA_ADDRESS_KEY *key);

/** address_key_list_end - hand the list over; 0 or -ENOMEM, *result is then NULL */
int address_key_list_end(struct address_key_list *list, IMA_ADDRESS_KEYS **result);

/** address_key_list_drop - release a list that was not handed over */
void address_key_list_drop(struct address_key_list *list);

/** list_free - what IMA_FreeMemory of a plugin does; NULL is fine */
IMA_STATUS list_free(void *list);

#endif
