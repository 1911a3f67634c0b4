/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * recent-record.h - settings of a target for those who read several of them one after the other.
 *
 * The last record that was read is kept for a tenth of a second, or until something was changed
 * or reported as changed: the same promise as that of the model. Secrets are not kept.
 */
#ifndef LINUX_RECENT_RECORD_H
#define LINUX_RECENT_RECORD_H

#include "node-record.h"

/*
 * The settings of a target, or the defaults alone if it is NULL; borrowed until the lock of the
 * plugin, which is held, is released. The object was found with find_object() since the lock was
 * taken: that decides how old the record may be. -ENOMEM or 0: what cannot be read is empty.
 */
int recent_record(const struct target *target, const struct node_record **record);

/*
 * Where the record is that recent_record() is going to read for this target: the folder, and the path in
 * it; or -1. Who has read it meanwhile gives its text.
 */
int recent_record_wanted(const struct target *target, char *path, size_t size);
void recent_record_give(const struct target *target, const char *text, size_t size);

void recent_record_forget(void);

#endif
