/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * host.h - what the library offers to a plugin (IMAX_HOST), usable also when there is none.
 *
 * A plugin that is loaded by another library than libima has no host: errors are then not
 * recorded, nothing is logged, and a call has HOST_DEFAULT_DEADLINE.
 */
#ifndef PLUGIN_SUPPORT_HOST_H
#define PLUGIN_SUPPORT_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "ima-plugin.h"

#define HOST_DEFAULT_DEADLINE 15000000000ULL /* nanoseconds */

/** host_set - what IMAX_SetHost was given; NULL: there is none */
void host_set(const IMAX_HOST *host);

/** host_now - nanoseconds of CLOCK_MONOTONIC */
uint64_t host_now(void);

/**
 * host_now_roughly - the same, but up to 10 ms behind
 *
 * For what is asked thousands of times a second: on kernels without a clock in user space a
 * clock is a system call. The counter of the processor says here that little time has passed.
 */
uint64_t host_now_roughly(void);

/** host_deadline - when the call that runs on this thread must have returned */
uint64_t host_deadline(void);

/** host_time_left - milliseconds until then, 0 if it has passed; for poll(2) and its like */
int host_time_left(void);

/**
 * host_state_path - the path of a file in the folder for persistent state
 *
 * Return: 0, -ENOENT if there is no such folder, -ENAMETOOLONG. The folder may not exist yet.
 */
int host_state_path(const char *file, char *path, size_t size);

/** host_log - one message for those who debug; never a secret */
void host_log(IMAX_LOG_LEVEL level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * host_fail - say why the call that runs on this thread fails
 * @status: what the call is going to return
 * @layer: where it failed
 * @error: errno value, 0 if none; its text is appended to the sentence
 * @format: a sentence: what failed, on which object, why, what to do; no full stop, no secret
 *
 * Return: status, so that it can be written "return host_fail(...)".
 */
IMA_STATUS host_fail(IMA_STATUS status, IMAX_LAYER layer, int error, const char *format,
		     ...) __attribute__((format(printf, 4, 5)));

/**
 * host_fail_with - the same for failures that have more to tell
 * @record: login status, SCSI status, sense data, exit code as they apply; size and text
 *     are filled in here
 */
IMA_STATUS host_fail_with(IMA_STATUS status, IMAX_LAST_ERROR *record, const char *format,
			  ...) __attribute__((format(printf, 3, 4)));

#endif
