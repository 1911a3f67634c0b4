/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * parked.h - names and secrets of CHAP where CHAP is not in use.
 *
 * open-iscsi offers CHAP whenever its record has a secret, whatever the record says of the
 * method. So what is set before CHAP is chosen, and what is left when it is given up, is kept
 * in a file of the plugin for the owner only, one line for each part of an object.
 */
#ifndef LINUX_PARKED_H
#define LINUX_PARKED_H

#include <stddef.h>

#include "record.h"

#define PARKED_OBJECT_SIZE 600

/* The LHBAs share iscsid.conf and have one name here; others begin with what they are. */
#define PARKED_LHBA "lhba"

/* All of it; what is parked nowhere is an empty record. */
int parked_read(struct record *parked);

/* part: as open-iscsi calls it, "username". NULL: nothing is parked. Borrowed. */
const char *parked_get(const struct record *parked, const char *object, const char *part);

/* NULL removes a value. At most four parts. */
int parked_set(const char *object, const struct record_change *parts, size_t count);

#endif
