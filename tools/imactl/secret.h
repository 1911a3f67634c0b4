/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * secret.h - secrets from a file, a file descriptor, standard input or the terminal.
 *
 * Never from the command line or the environment, which others can read. The caller wipes
 * what it got with explicit_bzero().
 */
#ifndef IMACTL_SECRET_H
#define IMACTL_SECRET_H

#include "imactl.h"

struct secret {
	IMA_BYTE bytes[4096];
	size_t length;
};

/*
 * The secret --secret-file or --secret-fd names, without one line end at its end; most
 * max bytes. EXIT_DONE, or an exit code: EXIT_USAGE for a secret that cannot be one.
 */
int secret_read(struct context *c, size_t max, struct secret *secret);

void secret_wipe(struct secret *secret);
#define _cleanup_secret_ _cleanup_(secret_wipe)

#endif
