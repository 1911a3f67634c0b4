/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * attr.h - small files and folders below an open directory: sysfs, proc, the node database.
 *
 * Names are relative to a directory descriptor, so that a test can put a recorded tree there.
 * Functions return 0 or a length, or a negative errno, and write their output on success only.
 */
#ifndef LINUX_ATTR_H
#define LINUX_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Enough for every attribute of an iSCSI object: an iSCSI name and a newline. */
#define ATTR_SIZE 256

/*
 * The content of a small file without the newline at its end: its length; -ENODATA if the file
 * says nothing: it is empty, or "(null)" as the kernel writes where a driver has no value;
 * -EFBIG if it does not fit.
 */
int attr_read(int dir, const char *path, char *text, size_t size);

/* The same as a number from 0 to max, decimal or hexadecimal with 0x. -EINVAL if it is none. */
int attr_number(int dir, const char *path, uint64_t max, uint64_t *value);

/* The same for several attributes, by as few system calls as the machine allows. */
struct attr {
	int dir;
	char path[128];
	char text[ATTR_SIZE];
	int length; /* or -errno */
};

void attrs_read(struct attr *attrs, size_t count);

/*
 * Reads those behind them up to total, and a small file, where that costs no system call more: else
 * their lengths, and the file's result, are -EAGAIN. file may be NULL.
 */
struct ring_job;
void attrs_read_with(struct attr *attrs, size_t count, size_t total,
		     struct ring_job *file);

/* How many links folders below dir have: counts[i] is -errno where that is not known. */
void link_counts(int dir, const char *const paths[], size_t count, int *counts);

/* Writes text to an existing attribute. */
int attr_write(int dir, const char *path, const char *text);

/*
 * Objects of the kernel vanish while one reads them: their files go first (ENOENT), then those
 * that are open stop answering (ENODEV, ENXIO). All of that means: the object is gone.
 */
bool attr_is_gone(int err);

/* The last part of what a symbolic link below dir points to is cut off; the rest is the text. */
int attr_link(int dir, const char *path, char *text, size_t size);

/* The names in a folder, without those that begin with a dot, in no order. */
struct names {
	char *text;
	struct name {
		const char *text;
		unsigned char type; /* DT_... of readdir(3) */
	} * list;
	size_t count;
};

int names_read(int dir, const char *path, struct names *names);
void names_free(struct names *names);

#define _cleanup_names_ __attribute__((cleanup(names_free)))

/* A whole file of at most max bytes, with a zero byte after it; the caller frees it. */
int file_read(int dir, const char *path, size_t max, char **text, size_t *size);

#endif
