// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * state-file.c - the plugin's own files. Beside each lies an empty one, which is locked while
 * the other is changed.
 */
#include "state-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "config-file.h"
#include "plugin-support/host.h"
#include "shared/cleanup.h"
#include "shared/state-dir.h"

#define LOCK_PAUSE 5000000 /* ns */

int state_file_read(const char *name, struct record *record)
{
	char path[PATH_MAX];
	int err = host_state_path(name, path, sizeof(path));

	*record = (struct record){ 0 };
	if (!err)
		err = record_read(AT_FDCWD, path, record);
	return err == -ENOENT || err == -ENOTDIR ? 0 : err;
}

static int make_folder_of(const char *path)
{
	char folder[PATH_MAX];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (!slash || slash == folder)
		return 0;
	*slash = 0;
	return state_dir_make(folder);
}

/* A descriptor that holds the lock, or -errno. */
static int lock_file(const char *path)
{
	char lock[PATH_MAX + 8];
	int err, fd;

	snprintf(lock, sizeof(lock), "%s.lock", path);
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		err = errno;
		if (err == EWOULDBLOCK && host_time_left()) {
			nanosleep(&(struct timespec){ .tv_nsec = LOCK_PAUSE }, NULL);
			continue;
		}
		close(fd);
		return err == EWOULDBLOCK ? -ETIMEDOUT : -err;
	}
	return fd;
}

int state_file_edit(const char *name, const struct record_change *changes, size_t count)
{
	char path[PATH_MAX];
	int _cleanup_close_ lock = -1;
	int err = host_state_path(name, path, sizeof(path));

	if (!err)
		err = make_folder_of(path);
	if (err)
		return err;
	lock = lock_file(path);
	return lock < 0 ? lock : text_file_edit(path, changes, count, 0600);
}
