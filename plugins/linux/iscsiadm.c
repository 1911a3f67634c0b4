// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * iscsiadm.c - running open-iscsi's program and understanding how it ended.
 */
#include "iscsiadm.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lock.h"
#include "plugin-support/host.h"
#include "shared/cleanup.h"

/* Exit codes of open-iscsi 2.1; its manual page stops at 32. */
static const struct {
	IMA_STATUS status;
	const char *text;
} codes[] = {
	[0] = { IMA_STATUS_SUCCESS, "success" },
	[1] = { IMA_ERROR_UNKNOWN_ERROR, "general failure" },
	[2] = { IMA_ERROR_OBJECT_NOT_FOUND, "session not found" },
	[3] = { IMA_ERROR_INSUFFICIENT_MEMORY, "out of memory" },
	[4] = { IMA_ERROR_TARGET_TIMEOUT, "no connection to the target" },
	[5] = { IMA_ERROR_LOGIN_REJECTED, "the login failed" },
	[6] = { IMA_ERROR_UNEXPECTED_OS_ERROR,
		"the database cannot be read, written or locked" },
	[7] = { IMA_ERROR_INVALID_PARAMETER, "invalid argument" },
	[8] = { IMA_ERROR_TARGET_TIMEOUT, "the connection timed out" },
	[9] = { IMA_ERROR_UNKNOWN_ERROR, "internal error of open-iscsi" },
	[10] = { IMA_ERROR_UNKNOWN_ERROR, "the logout failed" },
	[11] = { IMA_ERROR_TARGET_TIMEOUT, "the target did not answer a PDU in time" },
	[12] = { IMA_ERROR_UNEXPECTED_OS_ERROR,
		 "the kernel module of the transport is not loaded" },
	[13] = { IMA_ERROR_UNEXPECTED_OS_ERROR, "permission denied" },
	[14] = { IMA_ERROR_NOT_SUPPORTED, "the transport is not capable of this" },
	[15] = { IMA_ERROR_UNKNOWN_ERROR, "the session exists already" },
	[16] = { IMA_ERROR_UNEXPECTED_OS_ERROR, "invalid request to iscsid" },
	[17] = { IMA_ERROR_TARGET_TIMEOUT, "the iSNS server is not available" },
	[18] = { IMA_ERROR_UNEXPECTED_OS_ERROR, "iscsid does not answer as expected" },
	[19] = { IMA_ERROR_LOGIN_REJECTED, "the target refused the login for good" },
	[20] = { IMA_ERROR_UNEXPECTED_OS_ERROR, "iscsid is not running" },
	[21] = { IMA_ERROR_OBJECT_NOT_FOUND, "no such record, target or session" },
	[22] = { IMA_ERROR_OBJECT_NOT_FOUND, "not found in sysfs" },
	[23] = { IMA_ERROR_OBJECT_NOT_FOUND, "no such host adapter" },
	[24] = { IMA_ERROR_LOGIN_REJECTED,
		 "the target refused the login, often the authentication" },
	[25] = { IMA_ERROR_UNKNOWN_ERROR, "the iSNS query failed" },
	[26] = { IMA_ERROR_UNKNOWN_ERROR, "the iSNS registration failed" },
	[27] = { IMA_ERROR_NOT_SUPPORTED, "not supported by the transport" },
	[28] = { IMA_ERROR_SYNC_TIMEOUT, "the device or resource is busy" },
	[29] = { IMA_ERROR_SYNC_TIMEOUT, "a temporary failure; try again" },
	[30] = { IMA_ERROR_INVALID_PARAMETER, "unknown kind of discovery" },
	[31] = { IMA_ERROR_UNEXPECTED_OS_ERROR, "a helper process was ended" },
	[32] = { IMA_ERROR_TARGET_TIMEOUT, "the session is not connected" },
	[33] = { IMA_ERROR_SYNC_TIMEOUT, "iscsid did not answer in time" },
};

IMA_STATUS iscsiadm_code_status(int code)
{
	if (code < 0 || (size_t)code >= ARRAY_SIZE(codes))
		return IMA_ERROR_UNKNOWN_ERROR;
	return codes[code].status;
}

const char *iscsiadm_code_text(int code)
{
	if (code < 0 || (size_t)code >= ARRAY_SIZE(codes))
		return "unknown reason";
	return codes[code].text;
}

/* --- Arguments -------------------------------------------------------------------------- */

void args_add(struct args *args, const char *arg)
{
	if (args->count == ARGS_MAX)
		args->overflow = true;
	else
		args->list[args->count++] = arg;
}

void args_addf(struct args *args, const char *format, ...)
{
	char *text = args->text + args->used;
	size_t room = sizeof(args->text) - args->used;
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(text, room, format, list);
	va_end(list);
	if (n < 0 || (size_t)n >= room) {
		args->overflow = true;
		return;
	}
	args->used += (size_t)n + 1;
	args_add(args, text);
}

void args_add_all(struct args *args, const char *const *list)
{
	for (; *list; list++)
		args_add(args, *list);
}

/* --- How it ended ------------------------------------------------------------------------ */

/* The first line that says something, without the name of the program and what is not text. */
static void first_line(const char *errors, char *line, size_t size)
{
	size_t n = 0;

	if (!strncmp(errors, "iscsiadm: ", 10))
		errors += 10;
	for (; *errors && *errors != '\n' && n + 1 < size; errors++)
		line[n++] = isprint((unsigned char)*errors) ? *errors : '?';
	line[n] = 0;
}

static IMA_STATUS exit_failed(const char *what, const struct child_output *o)
{
	IMAX_LAST_ERROR record = {
		.layer = IMAX_LAYER_CHILD,
		.childExitValid = IMA_TRUE,
		.childExitCode = o->exit_code,
	};
	char line[200];

	first_line(o->errors, line, sizeof(line));
	return host_fail_with(iscsiadm_code_status(o->exit_code), &record,
			      "cannot %s: %s%s%s (iscsiadm ended with %d)", what,
			      iscsiadm_code_text(o->exit_code), *line ? ": " : "", line,
			      o->exit_code);
}

static IMA_STATUS run_failed(const char *what, int err, const struct args *args,
			     const struct child_output *o)
{
	switch (err) {
	case -ETIMEDOUT:
		return host_fail(
			args->on_timeout ? args->on_timeout : IMA_ERROR_SYNC_TIMEOUT,
			IMAX_LAYER_CHILD, ETIMEDOUT,
			"cannot %s: iscsiadm did not end before the deadline and was "
			"stopped",
			what);
	case -EINTR:
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_CHILD, 0,
				 "cannot %s: iscsiadm was ended by signal %d", what,
				 o->signal);
	case -ECHILD:
		return host_fail(
			IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, ECHILD,
			"cannot tell whether it was possible to %s: this process does "
			"not let iscsiadm report how it ended",
			what);
	default:
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, -err,
				 "cannot %s: iscsiadm cannot be run", what);
	}
}

IMA_STATUS lock_failed(const struct world *world, int err)
{
	struct db_lock_state state = { 0 };
	int _cleanup_close_ dir = world_lock(world);
	char path[512] = "";

	world_lock_path(world, "lock.write", path, sizeof(path));
	db_lock_look(dir, &state);
	if (err == -ESTALE)
		return host_fail(
			IMA_ERROR_SYNC_TIMEOUT, IMAX_LAYER_OS, 0,
			"the lock of open-iscsi's database is held since %lld s, "
			"longer than any change takes; if no iscsiadm is running, "
			"remove %s",
			(long long)state.seconds, path);
	if (err == -EBUSY)
		return host_fail(
			IMA_ERROR_SYNC_TIMEOUT, IMAX_LAYER_OS, 0,
			"another program holds the lock of open-iscsi's database "
			"(%s, since %lld s)",
			path, (long long)state.seconds);
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, -err,
			 "cannot use the lock of open-iscsi's database in %s", path);
}

static IMA_STATUS before_run(const struct world *w, const char *what, uint64_t deadline)
{
	int _cleanup_close_ dir = -1;
	int err;

	if (!w->privileged)
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, EPERM,
				 "cannot %s: this needs the rights of root", what);
	if (!w->iscsiadm[0])
		return host_fail(
			IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, ENOENT,
			"cannot %s: iscsiadm is not installed (package open-iscsi)",
			what);
	dir = world_lock(w);
	err = db_lock_wait(dir, deadline);
	return err ? lock_failed(w, err) : IMA_STATUS_SUCCESS;
}

static bool is_fine(int code, const int *fine)
{
	for (; code && fine && *fine >= 0; fine++)
		if (*fine == code)
			return true;
	return code == 0;
}

static IMA_STATUS run_it(const struct world *w, const struct args *args, const int *fine,
			 struct child_output *o, const char *what)
{
	const char *argv[ARGS_MAX + 2] = { w->iscsiadm };
	uint64_t deadline = host_deadline();
	IMA_STATUS status = before_run(w, what, deadline);
	int err;

	if (IMA_ERROR(status))
		return status;
	if (args->overflow)
		return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
				 "cannot %s: too much for one command", what);
	memcpy(argv + 1, args->list, args->count * sizeof(*argv));
	err = w->runner.run(w->runner.data, argv, deadline, o);
	if (err)
		return run_failed(what, err, args, o);
	return is_fine(o->exit_code, fine) ? IMA_STATUS_SUCCESS : exit_failed(what, o);
}

IMA_STATUS iscsiadm_run(const struct world *world, const struct args *args,
			const int *fine, struct child_output *output, int *code,
			const char *format, ...)
{
	struct child_output own = { 0 }, *o = output ? output : &own;
	IMA_STATUS status;
	char what[400];
	va_list list;

	va_start(list, format);
	vsnprintf(what, sizeof(what), format, list);
	va_end(list);
	*o = (struct child_output){ 0 };
	status = run_it(world, args, fine, o, what);
	if (code)
		*code = o->exit_code;
	child_output_free(&own);
	return status;
}
