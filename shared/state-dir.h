/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state-dir.h - the folder for what has to outlive a process.
 *
 * IMA_STATE_DIR if it is set and the process runs with the rights of its user; else
 * /var/lib/ima for root; else $XDG_STATE_HOME/ima or ~/.local/state/ima.
 */
#ifndef SHARED_STATE_DIR_H
#define SHARED_STATE_DIR_H

#include <stddef.h>

/* The absolute path; the folder may not exist. 0, or -ENOENT if there is no home, or -errno. */
int state_dir_path(char *path, size_t size);

/*
 * Makes the folder at path, which others may list, and the missing ones above it, which only
 * the owner may enter. 0 or -errno; a folder that exists is fine.
 */
int state_dir_make(const char *path);

#endif
