/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state-file.h - what this plugin has to remember and open-iscsi has no place for: small files
 * of "key = value" lines in the folder for persistent state, for their owner only.
 *
 * A file is replaced as a whole. Processes that change it at the same time wait for each other,
 * at most until the deadline of the call.
 */
#ifndef LINUX_STATE_FILE_H
#define LINUX_STATE_FILE_H

#include <stddef.h>

#include "record.h"

/* A file that is not there, or no folder to keep it in, is an empty record. 0 or -errno. */
int state_file_read(const char *name, struct record *record);

/* Nothing is written if nothing changes. 0, -ETIMEDOUT or another -errno. */
int state_file_edit(const char *name, const struct record_change *changes, size_t count);

#endif
