/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * child.h - running a program: no shell, clean environment, deadline, bounded output.
 */
#ifndef LINUX_CHILD_H
#define LINUX_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is kept of each of the two outputs of a child; the rest is read and dropped. */
#define CHILD_OUTPUT_MAX (1024 * 1024)
#define CHILD_ERRORS_MAX 4096

struct child_output {
	int exit_code; /* valid if the child ended by itself */
	int signal;    /* else the signal that ended it, 0 if it was not a signal */
	char *text;    /* standard output, zero-terminated; the caller frees it */
	size_t size;
	bool cut; /* there was more */
	char errors[CHILD_ERRORS_MAX + 1];
};

#define _cleanup_output_ __attribute__((cleanup(child_output_free)))
void child_output_free(struct child_output *output);

/*
 * Whether killing the program now would leave something behind that harms others. Asked at the
 * deadline, and if so again until grace (nanoseconds) is over.
 */
struct child_care {
	bool (*is_busy)(const void *data);
	const void *data;
	uint64_t grace;
};

/*
 * Runs argv[0], an absolute path, and waits for its end. 0 if it ended by itself, whatever its
 * exit code; -ETIMEDOUT if it was killed at the deadline (nanoseconds of CLOCK_MONOTONIC), or when
 * it was not busy any more, with all of its process group; -EINTR if a signal ended it; -ENOENT,
 * -EACCES if it cannot be started; -ECHILD if somebody else in this process collected its exit
 * status. output is valid in any case, and is what the child wrote so far. care may be NULL.
 */
int child_run(const char *const argv[], uint64_t deadline, const struct child_care *care,
	      struct child_output *output);

/* How the plugin runs programs; tests put a script of expected calls here. */
struct runner {
	int (*run)(void *data, const char *const argv[], uint64_t deadline,
		   struct child_output *output);
	void *data;
};

#endif
