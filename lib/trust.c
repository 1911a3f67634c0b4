// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trust.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *check_one(const struct stat *st)
{
	if (st->st_uid && st->st_uid != geteuid())
		return "belongs to another user";
	if (st->st_mode & S_IWOTH && !(S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX))
		return "can be written by everybody";
	if (st->st_mode & S_IWGRP && st->st_gid && st->st_gid != getegid())
		return "can be written by a group";
	return NULL;
}

static const char *explain(int err)
{
	return err == ENOENT   ? "does not exist"
	       : err == EACCES ? "cannot be looked at by this user"
			       : strerror(err);
}

static int check(const char *path, const char **why)
{
	struct stat st;

	if (lstat(path, &st)) {
		*why = explain(errno);
		return -errno;
	}
	*why = check_one(&st);
	return *why ? -EPERM : 0;
}

int trust_check(const char *path, char real[PATH_MAX], const char **why)
{
	char part[PATH_MAX];
	int err;

	*why = "is not an absolute path";
	if (path[0] != '/')
		return -EINVAL;
	if (!realpath(path, real)) {
		*why = explain(errno);
		return -errno;
	}
	err = check("/", why);
	for (size_t i = 1; !err && i <= strlen(real); i++) {
		if (real[i] && real[i] != '/')
			continue;
		memcpy(part, real, i);
		part[i] = 0;
		err = check(part, why);
	}
	return err;
}
