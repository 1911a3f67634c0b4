/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * growth.h - a row that was just added to the store, added to the state as well.
 *
 * Reading the store again would have the same result, but takes the longer the more there is:
 * thousands of targets are added one by one. Everything here happens inside the gate, and is
 * told as events.
 */
#ifndef USER_GROWTH_H
#define USER_GROWTH_H

#include <stdbool.h>

#include "state.h"

/**
 * growth_check - whether a static target with this name can be added without reading
 *
 * The store may have more about a target than the state, if nobody finds it. In a transaction;
 * a store's errors.
 */
int growth_check(const char *name, bool *is_simple);

/** growth_static - add a static target; text: its portal. 0, or -ENOMEM: read the store again. */
int growth_static(const char *name, const char *text, int64_t id);

/** growth_address - add a discovery address; as growth_static() */
int growth_address(const char *text, int64_t id);

#endif
