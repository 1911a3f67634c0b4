// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * attr.c - small files and folders below an open directory.
 *
 * System calls are what listing costs: an attribute is open, read, close; a folder is read
 * with as few getdents64 as possible. No locks, no state.
 */
#include "attr.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ring.h"
#include "shared/cleanup.h"
#include "shared/number.h"

static ssize_t read_once(int dir, const char *path, char *text, size_t size)
{
	_cleanup_close_ int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return -errno;
	do
		n = read(fd, text, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* The length of what an attribute with this content says; see attr_read(). */
static int said_length(const char *content, ssize_t n)
{
	while (n > 0 && content[n - 1] == '\n')
		n--;
	if (n == 0 || (n == 6 && !memcmp(content, "(null)", 6)))
		return -ENODATA;
	return (int)n;
}

int attr_read(int dir, const char *path, char *text, size_t size)
{
	char buffer[4096];
	ssize_t n;

	/* A regular sysfs attribute has at most a page; one read returns all of it. */
	n = read_once(dir, path, buffer, sizeof(buffer));
	if (n >= 0)
		n = said_length(buffer, n);
	if (n < 0)
		return (int)n;
	if ((size_t)n >= size)
		return -EFBIG;
	memcpy(text, buffer, n);
	text[n] = 0;
	return (int)n;
}

/* What a ring cannot read, or not as a whole, is read again; that something is not there is sure. */
static void take_answer(struct attr *attr, const struct ring_job *job)
{
	attr->length = job->result;
	if (attr->length >= 0)
		attr->length = said_length(attr->text, attr->length);
	else if (attr->length != -ENOENT)
		attr->length = attr_read(attr->dir, attr->path, attr->text, ATTR_SIZE);
	if (attr->length >= 0)
		attr->text[attr->length] = 0;
}

static bool read_by_ring(struct attr *attrs, size_t count, struct ring_job *file)
{
	_cleanup_free_ struct ring_job *jobs = calloc(count + 1, sizeof(*jobs));

	for (size_t i = 0; i < count && jobs; i++)
		jobs[i] = (struct ring_job){ .dir = attrs[i].dir,
					     .path = attrs[i].path,
					     .text = attrs[i].text,
					     .size = ATTR_SIZE - 1 };
	if (jobs && file)
		jobs[count] = *file;
	if (!jobs || !ring_run(jobs, count + (file ? 1 : 0)))
		return false;
	for (size_t i = 0; i < count; i++)
		take_answer(&attrs[i], &jobs[i]);
	if (file)
		file->result = jobs[count].result;
	return true;
}

void attrs_read_with(struct attr *attrs, size_t count, size_t total,
		     struct ring_job *file)
{
	if (read_by_ring(attrs, total, file))
		return;
	for (size_t i = 0; i < total; i++)
		attrs[i].length = i < count ? attr_read(attrs[i].dir, attrs[i].path,
							attrs[i].text, ATTR_SIZE)
					    : -EAGAIN;
	if (file)
		file->result = -EAGAIN;
}

void attrs_read(struct attr *attrs, size_t count)
{
	attrs_read_with(attrs, count, count, NULL);
}

static bool count_by_ring(int dir, const char *const paths[], size_t count, int *counts)
{
	_cleanup_free_ struct ring_job *jobs = calloc(count + 1, sizeof(*jobs));

	for (size_t i = 0; i < count && jobs; i++)
		jobs[i] = (struct ring_job){ .dir = dir, .path = paths[i] };
	if (!jobs || !ring_run(jobs, count))
		return false;
	for (size_t i = 0; i < count; i++)
		counts[i] = jobs[i].result;
	return true;
}

static int link_count(int dir, const char *path)
{
	struct stat st;

	return fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW) ? -errno : (int)st.st_nlink;
}

void link_counts(int dir, const char *const paths[], size_t count, int *counts)
{
	bool counted = count_by_ring(dir, paths, count, counts);

	for (size_t i = 0; i < count; i++)
		if (!counted || (counts[i] < 0 && counts[i] != -ENOENT))
			counts[i] = link_count(dir, paths[i]);
}

int attr_number(int dir, const char *path, uint64_t max, uint64_t *value)
{
	char text[32];
	int n = attr_read(dir, path, text, sizeof(text));

	if (n == -EFBIG)
		return -EINVAL;
	if (n < 0)
		return n;
	return number_parse(text, 0, max, value) ? -EINVAL : 0;
}

int attr_write(int dir, const char *path, const char *text)
{
	_cleanup_close_ int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
	size_t size = strlen(text);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, size);
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EIO;
}

bool attr_is_gone(int err)
{
	return err == -ENOENT || err == -ENODEV || err == -ENXIO;
}

int attr_link(int dir, const char *path, char *text, size_t size)
{
	ssize_t n = readlinkat(dir, path, text, size);

	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -EFBIG;
	text[n] = 0;
	return n;
}

/* What getdents64 returned, packed one after the other without the holes. */
struct packing {
	char *text;
	size_t size, room, count;
};

static int pack(struct packing *p, const struct dirent64 *e)
{
	size_t n = strlen(e->d_name) + 1;

	if (p->size + n + 1 > p->room) {
		size_t room = (p->room + n + 1) * 2;
		char *text = realloc(p->text, room);

		if (!text)
			return -ENOMEM;
		p->text = text;
		p->room = room;
	}
	p->text[p->size] = (char)e->d_type;
	memcpy(p->text + p->size + 1, e->d_name, n);
	p->size += n + 1;
	p->count++;
	return 0;
}

static int pack_block(struct packing *p, const char *block, ssize_t size)
{
	int err = 0;

	for (ssize_t at = 0; at < size && !err;) {
		const void *entry = block + at;
		const struct dirent64 *e = entry;

		if (e->d_name[0] != '.')
			err = pack(p, e);
		at += e->d_reclen;
	}
	return err;
}

static int pack_dir(struct packing *p, int fd)
{
	char block[16384] __attribute__((aligned(8)));
	ssize_t n;
	int err = 0;

	while (!err && (n = getdents64(fd, block, sizeof(block))) != 0) {
		if (n < 0)
			return -errno;
		err = pack_block(p, block, n);
	}
	return err;
}

static int unpack(struct packing *p, struct names *names)
{
	size_t at = 0;

	names->list = malloc((p->count + 1) * sizeof(*names->list));
	if (!names->list)
		return -ENOMEM;
	for (size_t i = 0; i < p->count; i++) {
		names->list[i].type = (unsigned char)p->text[at];
		names->list[i].text = p->text + at + 1;
		at += strlen(p->text + at + 1) + 2;
	}
	names->count = p->count;
	names->text = p->text;
	return 0;
}

int names_read(int dir, const char *path, struct names *names)
{
	_cleanup_close_ int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct packing p = { 0 };
	int err;

	*names = (struct names){ 0 };
	if (fd < 0)
		return -errno;
	err = pack_dir(&p, fd);
	if (!err)
		err = unpack(&p, names);
	if (err)
		free(p.text);
	return err;
}

void names_free(struct names *names)
{
	free(names->list);
	free(names->text);
	*names = (struct names){ 0 };
}

static int read_all(int fd, char *text, size_t size)
{
	size_t at = 0;

	while (at < size) {
		ssize_t n = read(fd, text + at, size - at);

		if (n < 0 && errno != EINTR)
			return -errno;
		at += n > 0 ? (size_t)n : 0;
		/* Regular files only: less than was asked for is the end. */
		if (n >= 0 && at < size)
			break;
	}
	text[at] = 0;
	return (int)at;
}

/* A small file; whatever else it may be is left to those who look at what it is. */
static bool read_small(int dir, const char *path, size_t max, char **text, size_t *size)
{
	struct ring_job job = { .dir = dir, .path = path, .size = RING_TEXT };
	_cleanup_free_ char *content = malloc(RING_TEXT + 1);

	job.text = content;
	if (!content || !ring_run(&job, 1) || job.result <= 0 || (size_t)job.result > max)
		return false;
	content[job.result] = 0;
	*size = (size_t)job.result;
	*text = steal(content);
	return true;
}

int file_read(int dir, const char *path, size_t max, char **text, size_t *size)
{
	_cleanup_close_ int fd = -1;
	_cleanup_free_ char *content = NULL;
	struct stat st;
	int n;

	if (read_small(dir, path, max, text, size))
		return 0;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((size_t)st.st_size > max)
		return -EFBIG;
	/* One more than it has now: a file that grows meanwhile is noticed. */
	content = malloc((size_t)st.st_size + 2);
	if (!content)
		return -ENOMEM;
	n = read_all(fd, content, (size_t)st.st_size + 1);
	if (n < 0)
		return n;
	*size = (size_t)n;
	*text = steal(content);
	return 0;
}
