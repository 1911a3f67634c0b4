// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * node-file.c - the file with name and alias of the shared node.
 *
 * A reader needs no lock, for the file is replaced as a whole. Who changes it reads, changes and
 * writes under the lock of node.lock, so that processes do not undo each other's changes.
 */
#include "node-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "config.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/state-dir.h"
#include "shared/utf8.h"

static const char *parse_name(struct node_state *state, const char *value)
{
	const char *why;

	if (state->name[0])
		return "is a second name";
	if (iscsi_name_check(value, &why))
		return "holds no valid iSCSI name";
	memcpy(state->name, value, strlen(value) + 1);
	return NULL;
}

bool node_alias_is_text(const char *text)
{
	wchar_t wide[NODE_ALIAS_MAX + 1];

	if (strlen(text) > NODE_ALIAS_MAX ||
	    utf8_to_wide(text, wide, ARRAY_SIZE(wide)) < 0)
		return false;
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return true;
}

static const char *parse_alias(struct node_state *state, const char *value)
{
	if (state->alias[0])
		return "is a second alias";
	if (!*value || !node_alias_is_text(value))
		return "holds no alias of 1 to 255 bytes in UTF-8, without control "
		       "characters";
	memcpy(state->alias, value, strlen(value) + 1);
	return NULL;
}

static const char *parse_line(struct node_state *state, const char *line)
{
	if (!*line || *line == '#')
		return NULL;
	if (!strncmp(line, "name=", 5))
		return parse_name(state, line + 5);
	if (!strncmp(line, "alias=", 6))
		return parse_alias(state, line + 6);
	return "is neither name=... nor alias=...";
}

int node_state_parse(struct node_state *state, const char *text, size_t size,
		     unsigned *line, const char **why)
{
	struct node_state found = { 0 };
	char copy[512];

	*line = 1;
	for (size_t at = 0; at < size; ++*line) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end ? (size_t)(end - text) - at : size - at;

		*why = "is too long or holds a zero byte";
		if (length >= sizeof(copy) || memchr(text + at, 0, length))
			return -EINVAL;
		memcpy(copy, text + at, length);
		copy[length] = 0;
		*why = parse_line(&found, copy);
		if (*why)
			return -EINVAL;
		at += length + 1;
	}
	*state = found;
	return 0;
}

size_t node_state_format(const struct node_state *state, char text[NODE_STATE_TEXT_MAX])
{
	int n = snprintf(text, NODE_STATE_TEXT_MAX,
			 "# Written by libima: the shared iSCSI node.\n");

	if (state->name[0])
		n += snprintf(text + n, NODE_STATE_TEXT_MAX - (size_t)n, "name=%s\n",
			      state->name);
	if (state->alias[0])
		n += snprintf(text + n, NODE_STATE_TEXT_MAX - (size_t)n, "alias=%s\n",
			      state->alias);
	return (size_t)n;
}

static int explain(struct node_file *file, const char *path, int err)
{
	snprintf(file->why, sizeof(file->why), "%.400s: %s", path, strerror(-err));
	return err;
}

static int find_file(struct node_file *file)
{
	int err = state_dir_path(file->folder, sizeof(file->folder));

	if (err)
		return explain(file, "no folder for the state", err);
	snprintf(file->path, sizeof(file->path), "%s/node", file->folder);
	return 0;
}

static int read_path(struct node_file *file, const char *path, struct node_state *state)
{
	char _cleanup_free_ *text = NULL;
	const char *why;
	unsigned line;
	size_t size;
	int err = atomic_file_read(path, 64 * 1024, &text, &size);

	if (err)
		return explain(file, path, err);
	err = node_state_parse(state, text, size, &line, &why);
	if (err)
		snprintf(file->why, sizeof(file->why), "%.400s:%u: this line %s", path,
			 line, why);
	return err;
}

int node_file_read(struct node_file *file, struct node_state *state)
{
	int err = find_file(file);

	memset(state, 0, sizeof(*state));
	if (!err)
		err = read_path(file, file->path, state);
	if (err == -ENOENT && !secure_getenv("IMA_STATE_DIR"))
		err = read_path(file, IMA_STATE_DIRECTORY "/node", state);
	return err == -ENOENT ? 0 : err;
}

int node_file_check(struct node_file *file)
{
	int err = find_file(file);

	if (err)
		return err;
	err = state_dir_make(file->folder);
	if (!err && access(file->folder, W_OK | X_OK))
		err = -errno;
	return err ? explain(file, file->folder, err) : 0;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

/* Keeps other processes from writing until the result is closed. */
static int lock_file(const struct node_file *file, uint64_t deadline)
{
	static const struct timespec pause = { 0, 5000000 };
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/node.lock", file->folder);
	/* Nobody else may open it: everybody who can may lock it. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		int err = errno == EWOULDBLOCK && now() >= deadline ? ETIMEDOUT : errno;

		if (err != EWOULDBLOCK && err != EINTR) {
			close(fd);
			return -err;
		}
		nanosleep(&pause, NULL);
	}
	return fd;
}

int node_file_store(struct node_file *file, bool is_alias, const char *value,
		    uint64_t deadline)
{
	int _cleanup_close_ fd = lock_file(file, deadline);
	char text[NODE_STATE_TEXT_MAX];
	struct node_state state;
	int err;

	if (fd < 0)
		return explain(file, file->folder, fd);
	err = node_file_read(file, &state);
	if (err)
		return err;
	if (is_alias)
		snprintf(state.alias, sizeof(state.alias), "%s", value);
	else
		snprintf(state.name, sizeof(state.name), "%s", value);
	err = atomic_file_write(file->path, text, node_state_format(&state, text), 0644);
	return err ? explain(file, file->path, err) : 0;
}
