/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sandbox.h - a test program that loads libima with plugins of its own choice.
 *
 * The program starts itself a second time in a private folder that holds a configuration,
 * copies of the plugins and an empty state directory; the environment points the library
 * there. The first process waits and removes the folder in every case. Since each plugin is a
 * copy, one module may be listed several times under different names.
 */
#ifndef SUPPORT_SANDBOX_H
#define SUPPORT_SANDBOX_H

#include <stddef.h>

#include "ima-plugin.h"

struct recorder;

struct sandbox_plugin {
	const char *name;   /* in the configuration */
	const char *module; /* path of the module that was built */
};

/*
 * Runs tests() in a sandbox and returns the exit status of the program. With --list among the
 * arguments tests() runs right away, without a sandbox, and is expected to print names only.
 */
int sandbox_run(int argc, char **argv, const struct sandbox_plugin *plugins, size_t count,
		int (*tests)(void));

/* Was the program started with --list? */
int sandbox_listing(void);

/* Path of a file in the folder; valid until the next call. */
const char *sandbox_path(const char *name);

/* The recorder of a plugin; loads it into this process if it is not there yet. */
struct recorder *sandbox_recorder(const char *name);

/*
 * Runs this program again in the same sandbox, with name as its only argument, and waits. For
 * tests of what outlives a process. Returns the exit status.
 */
int sandbox_again(const char *name);

/* The name given to sandbox_again, or NULL in the process the tests run in. */
const char *sandbox_argument(void);

/* Makes the state directory empty. */
void sandbox_clear_state(void);

/* Zero-terminated copy into a field of size elements; what does not fit is an error. */
void wide_copy(IMA_WCHAR *to, size_t size, const IMA_WCHAR *from);

#endif
