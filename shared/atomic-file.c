// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shared/atomic-file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "shared/cleanup.h"

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

/* Content, mode and fsync of the temporary file; closes fd. */
static int fill(int fd, const void *data, size_t size, mode_t mode)
{
	int err = write_all(fd, data, size);

	if (!err && (fchmod(fd, mode) || fsync(fd)))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

static int sync_folder_of(const char *path)
{
	char copy[PATH_MAX];
	int _cleanup_close_ fd = -1;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return fsync(fd) ? -errno : 0;
}

int atomic_file_write(const char *path, const void *data, size_t size, mode_t mode)
{
	char temporary[PATH_MAX];
	int fd, err;
	int n = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);

	if (n < 0 || (size_t)n >= sizeof(temporary))
		return -ENAMETOOLONG;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fill(fd, data, size, mode);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err) {
		unlink(temporary);
		return err;
	}
	return sync_folder_of(path);
}

/* Room for more, but for max and two bytes at most: one shows that the file is too big. */
static int grow(char **buffer, size_t *room, size_t max)
{
	size_t more = *room ? 2 * *room : 4096;
	char *bigger;

	if (more > max + 2)
		more = max + 2;
	bigger = realloc(*buffer, more);
	if (!bigger)
		return -ENOMEM;
	*buffer = bigger;
	*room = more;
	return 0;
}

/* The size a file says it has does not count: those of the kernel have none. */
static int read_fd(int fd, size_t max, char **data, size_t *size)
{
	char _cleanup_free_ *buffer = NULL;
	size_t n = 0, room = 0;
	ssize_t got;

	do {
		if (n + 1 >= room && grow(&buffer, &room, max))
			return -ENOMEM;
		got = read(fd, buffer + n, room - 1 - n);
		if (got < 0 && errno != EINTR)
			return -errno;
		n += got > 0 ? (size_t)got : 0;
	} while (got && n <= max);
	if (n > max)
		return -EFBIG;
	buffer[n] = 0;
	*data = steal(buffer);
	*size = n;
	return 0;
}

int atomic_file_read(const char *path, size_t max, char **data, size_t *size)
{
	/* Not to hang on a FIFO that somebody put there. */
	int _cleanup_close_ fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	return read_fd(fd, max, data, size);
}
