/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * atomic-file.h - small files that are read as a whole and replaced as a whole.
 *
 * A reader sees the old or the new content, never a part, also after a power failure.
 */
#ifndef SHARED_ATOMIC_FILE_H
#define SHARED_ATOMIC_FILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Replaces the file at path: temporary file in the same folder, fsync, rename, fsync of the
 * folder. mode holds whatever the umask is. 0 or -errno; on an error the old file is unchanged
 * and no temporary file remains.
 */
int atomic_file_write(const char *path, const void *data, size_t size, mode_t mode);

/*
 * The content of a regular file, with a zero byte after it; the caller frees *data. 0, or
 * -EFBIG if there are more than max bytes, or -EINVAL if it is no regular file, or -errno.
 */
int atomic_file_read(const char *path, size_t max, char **data, size_t *size);

#endif
