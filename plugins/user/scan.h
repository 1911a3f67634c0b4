/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scan.h - asking targets for their LUs when something says that there may be others: the end of
 * a loss, a UNIT ATTENTION, an Asynchronous Message, a client.
 */
#ifndef USER_SCAN_H
#define USER_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held;

/** scan_later - ask in the background; loop's thread. One question is asked at a time. */
void scan_later(struct held *held);

/** scan_is_due - whether this is REPORTED LUNS DATA HAS CHANGED; sense may be NULL */
bool scan_is_due(const uint8_t *sense, size_t length);

#endif
