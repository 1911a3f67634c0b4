/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * failure.h - what went wrong in the engine, as a status and a last error.
 */
#ifndef USER_FAILURE_H
#define USER_FAILURE_H

#include "ima.h"
#include "iscsi/iscsi.h"

/** failure_set - fill in an error of our own */
void failure_set(struct iscsi_error *error, enum iscsi_failure kind, int code,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/** failure_code - the status for an error; success for kind NOTHING */
IMA_STATUS failure_code(const struct iscsi_error *error);

/** failure_status - the same, and tells the last error */
IMA_STATUS failure_status(const struct iscsi_error *error);

/** failure_local - for a negative errno of our own side; tells the last error */
IMA_STATUS failure_local(int err);

/**
 * failure_scsi - the status for a command the target has completed; tells the last error
 * @what: name of the command
 * @lun: as the API has it
 * @target: name of the target
 */
IMA_STATUS failure_scsi(const struct iscsi_task *task, const char *what, uint64_t lun,
			const char *target);

#endif
