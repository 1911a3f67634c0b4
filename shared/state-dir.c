// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shared/state-dir.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

static int put(char *path, size_t size, const char *folder, const char *rest)
{
	int n;

	if (folder[0] != '/')
		return -EINVAL;
	n = snprintf(path, size, "%s%s", folder, rest);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

static int put_home(char *path, size_t size)
{
	const char *home = secure_getenv("HOME");
	struct passwd entry, *found = NULL;
	char buffer[4096];

	if (home && home[0] == '/')
		return put(path, size, home, "/.local/state/ima");
	if (getpwuid_r(geteuid(), &entry, buffer, sizeof(buffer), &found) || !found)
		return -ENOENT;
	return put(path, size, found->pw_dir, "/.local/state/ima");
}

int state_dir_path(char *path, size_t size)
{
	const char *chosen = secure_getenv("IMA_STATE_DIR");
	const char *xdg = secure_getenv("XDG_STATE_HOME");

	if (chosen && *chosen)
		return put(path, size, chosen, "");
	if (!geteuid())
		return put(path, size, IMA_STATE_DIRECTORY, "");
	/* The XDG specification: a relative path is to be ignored. */
	if (xdg && xdg[0] == '/')
		return put(path, size, xdg, "/ima");
	return put_home(path, size);
}

/* The folders above the last one. */
static int make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(path, 0700) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

int state_dir_make(const char *path)
{
	char copy[PATH_MAX];
	struct stat st;
	int err;

	if (!stat(path, &st))
		return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
	err = put(copy, sizeof(copy), path, "");
	if (!err)
		err = make_parents(copy);
	if (!err && mkdir(path, 0755) && errno != EEXIST)
		err = -errno;
	return err;
}
