// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * tree.c - recorded trees as files. Part of tests: what cannot be done ends the program.
 */
#include "tree.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugins/linux/ring.h"
#include "shared/cleanup.h"

static void make_parents(int fd, const char *path)
{
	char part[4096];

	for (const char *slash = strchr(path, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		size_t n = (size_t)(slash - path);

		if (n == 0 || n >= sizeof(part))
			continue;
		memcpy(part, path, n);
		part[n] = 0;
		if (mkdirat(fd, part, 0755) < 0 && errno != EEXIST)
			err(1, "folder %s", part);
	}
}

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Undoes the escapes in place; the number of bytes. */
static size_t unescape(char *text)
{
	char *out = text;

	for (char *in = text; *in;) {
		if (*in != '\\') {
			*out++ = *in++;
		} else if (in[1] == 'x') {
			*out++ = (char)(hex(in[2]) * 16 + hex(in[3]));
			in += 4;
		} else {
			*out++ = in[1] == 'n' ? '\n' : in[1];
			in += 2;
		}
	}
	return (size_t)(out - text);
}

static void write_file(int dir, const char *path, mode_t mode, const char *text,
		       size_t size)
{
	_cleanup_close_ int fd = -1;

	make_parents(dir, path);
	unlinkat(dir, path, 0);
	fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, size) != (ssize_t)size || fchmod(fd, mode) < 0)
		err(1, "file %s", path);
}

static void make_file(const struct tree *tree, char *line)
{
	char *path, *text;
	mode_t mode = (mode_t)strtoul(line, &path, 8);

	path++;
	text = strstr(path, " =");
	if (!text)
		errx(1, "no text in the line of %s", path);
	*text = 0;
	text += text[2] ? 3 : 2;
	write_file(tree->fd, path, mode, text, unescape(text));
}

static void make_entry(const struct tree *tree, char *line)
{
	char *arrow;

	switch (line[0]) {
	case 'd':
		tree_dir(tree, line + 2);
		break;
	case 'l':
		arrow = strstr(line, " -> ");
		if (!arrow)
			errx(1, "no target in the line %s", line);
		*arrow = 0;
		tree_link(tree, line + 2, arrow + 4);
		break;
	case 'f':
		make_file(tree, line + 2);
		break;
	}
}

/* A tree has a thousand files: in memory if there is a place for that. */
static const char *temporary_folder(void)
{
	const char *chosen = getenv("TMPDIR");

	if (!access("/dev/shm", W_OK))
		return "/dev/shm";
	return chosen ? chosen : "/tmp";
}

void tree_make_empty(struct tree *tree)
{
	snprintf(tree->path, sizeof(tree->path), "%s/ima-tree.XXXXXX",
		 temporary_folder());
	if (!mkdtemp(tree->path))
		err(1, "%s", tree->path);
	tree->fd = open(tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (tree->fd < 0)
		err(1, "%s", tree->path);
	if (getenv("IMA_TEST_RING"))
		ring_use(RING_ALWAYS);
}

void tree_make(struct tree *tree, const char *fixture)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	char path[512];
	size_t room = 0;
	ssize_t n;

	tree_make_empty(tree);
	snprintf(path, sizeof(path), "%s/%s.tree", FIXTURES, fixture);
	file = fopen(path, "re");
	if (!file)
		err(1, "%s", path);
	while ((n = getline(&line, &room, file)) > 0) {
		line[n - 1] = 0;
		make_entry(tree, line);
	}
}

void tree_put(const struct tree *tree, const char *path, const char *text)
{
	write_file(tree->fd, path, 0644, text, strlen(text));
}

void tree_dir(const struct tree *tree, const char *path)
{
	make_parents(tree->fd, path);
	if (mkdirat(tree->fd, path, 0755) < 0 && errno != EEXIST)
		err(1, "folder %s", path);
}

void tree_link(const struct tree *tree, const char *path, const char *target)
{
	make_parents(tree->fd, path);
	unlinkat(tree->fd, path, 0);
	if (symlinkat(target, tree->fd, path) < 0)
		err(1, "link %s", path);
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void tree_remove(const struct tree *tree, const char *path)
{
	char full[4096];

	snprintf(full, sizeof(full), "%s/%s", tree->path, path);
	if (nftw(full, remove_entry, 16, FTW_DEPTH | FTW_PHYS) < 0)
		err(1, "removing %s", path);
}

const char *tree_text(const struct tree *tree, const char *path)
{
	static char text[65536];
	_cleanup_close_ int fd = openat(tree->fd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return NULL;
	text[n] = 0;
	return text;
}

void tree_end(struct tree *tree)
{
	close(tree->fd);
	tree->fd = -1;
	nftw(tree->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
