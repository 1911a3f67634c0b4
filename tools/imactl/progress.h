/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * progress.h - a line on the terminal while something takes long.
 *
 * Nothing appears if standard error is no terminal, or before 300 ms have passed. The line is
 * erased by progress_stop(), which everything that writes calls first.
 */
#ifndef IMACTL_PROGRESS_H
#define IMACTL_PROGRESS_H

#include <stddef.h>

/* text must stay valid until progress_stop(). */
void progress_start(const char *text);
/* The line says "3 of 10" from now on; from any thread. */
void progress_count(size_t done, size_t count);
void progress_stop(void); /* also when nothing was started */

#endif
