/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * found.h - targets that more than one kind of discovery found.
 *
 * open-iscsi notes how a record came to be, once: discovery with another method finds the record
 * made and leaves it as it is. What else found a target is remembered here, by its source and
 * interface, as long as open-iscsi has that source.
 */
#ifndef LINUX_FOUND_H
#define LINUX_FOUND_H

#include <stddef.h>
#include <stdint.h>

#include "nodedb.h"

/* Sets found of the nodes. What cannot be read counts as not remembered. */
void found_apply(struct nodedb *db);

/*
 * Of the targets a source told of for this interface, those whose records do not say so, as one
 * text; the caller frees it. NULL: no memory.
 */
char *found_unsaid(const struct nodedb *db, uint8_t method, const char *iface,
		   char *const *names, size_t count);

/* Remembers that text, in the place of what that source told before. 0 or -errno. */
int found_save(uint8_t method, const struct portal *source, const char *iface,
	       const char *text);

#endif
