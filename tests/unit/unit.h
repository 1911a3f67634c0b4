/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * unit.h - cmocka with what it needs in front of it, and a folder for each test.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/cleanup.h"

/* The folder of the test that runs. */
static char test_folder[32] __attribute__((unused));

static inline int folder_make(void **state)
{
	(void)state;
	snprintf(test_folder, sizeof(test_folder), "/tmp/ima-unit-XXXXXX");
	return mkdtemp(test_folder) ? 0 : -1;
}

static inline int folder_remove_entry(const char *path, const struct stat *st, int type,
				      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int folder_remove(void **state)
{
	(void)state;
	return nftw(test_folder, folder_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of something in the folder; valid until the fourth call after this one. */
static inline const char *in_folder(const char *name)
{
	static char paths[4][PATH_MAX];
	static int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", test_folder, name);
	return path;
}

static inline void write_bytes(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

#define folder_test(function) \
	cmocka_unit_test_setup_teardown(function, folder_make, folder_remove)

#endif
