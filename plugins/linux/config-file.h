/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * config-file.h - changing iscsid.conf and initiatorname.iscsi.
 *
 * A file is replaced as a whole: a reader, or a power failure, sees the old or the new one.
 * Everything but the changed values stays: comments, order, rights, owner.
 */
#ifndef LINUX_CONFIG_FILE_H
#define LINUX_CONFIG_FILE_H

#include <sys/types.h>

#include "ima.h"
#include "record.h"
#include "world.h"

/* mode: rights of a file that does not exist yet. Nothing is written if nothing changes. */
IMA_STATUS config_file_edit(const struct world *world, const char *file,
			    const struct record_change *changes, size_t count,
			    mode_t mode);

/* The same for values only the owner of the file may read: the file becomes 0600. */
IMA_STATUS config_file_edit_secret(const struct world *world, const char *file,
				   const struct record_change *changes, size_t count);

/* A value of initiatorname.iscsi; see initiator-file.h. */
IMA_STATUS config_file_edit_initiator(const struct world *world,
				      const struct record_change *change);

/* Any file of such lines; rights beyond mode are taken away. 0 or -errno. */
int text_file_edit(const char *path, const struct record_change *changes, size_t count,
		   mode_t mode);

#endif
