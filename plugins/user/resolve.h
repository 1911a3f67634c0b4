/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* resolve.h - portals as address keys. */
#ifndef USER_RESOLVE_H
#define USER_RESOLVE_H

#include <stddef.h>

struct address;
struct address_key_list;

/**
 * resolve_keys - append the address keys of portals; outside of the gate
 *
 * Names are looked up side by side until the deadline of the call. Return: 0 or -ENOMEM.
 */
int resolve_keys(const struct address *portals, size_t count,
		 struct address_key_list *keys);

#endif
