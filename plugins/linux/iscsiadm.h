/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * iscsiadm.h - changes, through open-iscsi's own program.
 *
 * Every command has the deadline of the call that runs on this thread, looks at the
 * database's lock first, and ends in a status of the standard with a last-error record that has
 * the exit code, its meaning and what the program said. No secret is ever an argument.
 */
#ifndef LINUX_ISCSIADM_H
#define LINUX_ISCSIADM_H

#include "ima.h"
#include "world.h"

/* Exit codes that callers treat as something else than a failure. */
enum iscsiadm_code {
	ISCSIADM_OK = 0,
	ISCSIADM_NO_SESSION = 2,
	ISCSIADM_SESSION_EXISTS = 15,
	ISCSIADM_NOTHING_FOUND = 21,
	ISCSIADM_NOT_IN_SYSFS = 22,
};

/* An argument vector under construction; what does not fit makes the command fail. */
#define ARGS_MAX  128
#define ARGS_TEXT 8192
struct args {
	const char *list[ARGS_MAX + 1];
	size_t count, used;
	bool overflow;
	IMA_STATUS on_timeout; /* of the whole command; 0: IMA_ERROR_SYNC_TIMEOUT */
	char text[ARGS_TEXT];
};

void args_add(struct args *args, const char *arg); /* a constant: no copy is made */
void args_addf(struct args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void args_add_all(struct args *args,
		  const char *const *list); /* constants, NULL at the end */

/*
 * Runs iscsiadm with these arguments.
 * @fine: exit codes besides 0 that are a success, -1 at the end; NULL: none
 * @output: receives what it printed, released with child_output_free(); may be NULL
 * @code: receives the exit code of a success; may be NULL
 * @format: what is being done, after "cannot": "log in to target x"
 */
IMA_STATUS iscsiadm_run(const struct world *world, const struct args *args,
			const int *fine, struct child_output *output, int *code,
			const char *format, ...) __attribute__((format(printf, 6, 7)));

/* What an exit code means: a status and words for it; the words are never NULL. */
IMA_STATUS iscsiadm_code_status(int code);
const char *iscsiadm_code_text(int code);

/* The status for what locking the database returned, with a last-error record. */
IMA_STATUS lock_failed(const struct world *world, int err);

#endif
