// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * replay.c - runs a fuzz target over the files of folders, without a fuzzer; prints TAP.
 *
 * A file is run whole, and so is each of its beginnings: a parser that reads on where the input
 * ends is caught, because every run gets a block of exactly its size.
 */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "shared/atomic-file.h"
#include "shared/cleanup.h"

enum { MAX_SEED = 1 << 20, MAX_BEGINNINGS = 2048 };

static void run(const char *data, size_t size)
{
	_cleanup_free_ uint8_t *exact = malloc(size ? size : 1);

	CHECK(exact);
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
}

static int run_file(const char *path)
{
	_cleanup_free_ char *data = NULL;
	size_t size;
	int err = atomic_file_read(path, MAX_SEED, &data, &size);

	if (err)
		return err;
	for (size_t n = 0; n < size && n < MAX_BEGINNINGS; n++)
		run(data, n);
	run(data, size);
	return 0;
}

static bool is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The seeds of a folder; the number of them, or -errno. */
static int run_folder(const char *folder, int done)
{
	char path[PATH_MAX];
	DIR *dir = opendir(folder);

	if (!dir)
		return -errno;
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (!is_seed(entry))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		printf("%s %d - %s\n", run_file(path) ? "not ok" : "ok", ++done,
		       entry->d_name);
		fflush(stdout);
	}
	closedir(dir);
	return done;
}

int main(int argc, char **argv)
{
	int done = 0;

	for (int i = 1; i < argc && done >= 0; i++)
		done = run_folder(argv[i], done);
	if (done <= 0) {
		printf("Bail out! no seeds\n");
		return 1;
	}
	printf("1..%d\n", done);
	return 0;
}
