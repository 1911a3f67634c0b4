/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ring.h - many small files with few system calls, by io_uring.
 *
 * To read an attribute of a device takes three system calls. Where one costs microseconds (a
 * kernel in user mode, a traced process, some virtual machines) they are nearly all a listing
 * costs, and a ring takes a list of files with one. Where they are cheap a ring would be slower, because
 * the kernel hands each file of sysfs to a thread: it is measured once which of both it is.
 *
 * Nothing depends on it: who gets no ring, or no answer by it, reads in the ordinary way.
 */
#ifndef LINUX_RING_H
#define LINUX_RING_H

#include <stdbool.h>
#include <stddef.h>

/* More than this is not read by a ring: the file counts as too large. */
#define RING_TEXT 4096

struct ring_job {
	int dir;
	const char *path; /* below dir */
	char *text; /* what is in the file; NULL: only how many links it has is asked */
	size_t size;
	int result; /* bytes, or links; negative errno; -EFBIG: more than fits */
};

/* false: there is no ring, nothing was done. Else each job has its result. Any thread. */
bool ring_run(struct ring_job *jobs, size_t count);

/* For tests: whether to use one is no longer measured. */
enum ring_use { RING_MEASURED, RING_ALWAYS, RING_NEVER };
void ring_use(enum ring_use use);

/* Gives back what a ring takes; the next ring_run() makes another one. */
void ring_close(void);

#endif
