/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * batch.h - the same work on many objects, several at a time.
 *
 * The work runs on threads. It may call the library and allocate(), read the context, and
 * write its own item; it must not write the context: no failed(), keep() or warn().
 */
#ifndef IMACTL_BATCH_H
#define IMACTL_BATCH_H

#include <stddef.h>

#define BATCH_THREADS 32

/* work(data, i) once for each i below count; returns when all are done. Shows progress. */
void batch_run(size_t count, void (*work)(void *data, size_t i), void *data);

#endif
