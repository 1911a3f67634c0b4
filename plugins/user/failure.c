// SPDX-License-Identifier: LGPL-2.1-or-later
#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "iscsi/scsi.h"
#include "plugin-support/host.h"
#include "plugin-support/lun.h"
#include "plugin-support/status.h"

void failure_set(struct iscsi_error *error, enum iscsi_failure kind, int code,
		 const char *format, ...)
{
	va_list arguments;

	memset(error, 0, sizeof(*error));
	error->kind = kind;
	error->error = code;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
}

/* -E2BIG is a limit of ours that the target exceeded, no failure of the system. */
static IMA_STATUS local_code(int err)
{
	if (err == -ENOMEM)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	return err == -E2BIG ? IMA_ERROR_UNKNOWN_ERROR : IMA_ERROR_UNEXPECTED_OS_ERROR;
}

/*
 * A target that cannot be reached is one that does not answer. One that breaks the rules of
 * iSCSI does answer, but there is no status for it.
 */
IMA_STATUS failure_code(const struct iscsi_error *error)
{
	switch (error->kind) {
	case ISCSI_FAILED_NOTHING:
		return IMA_STATUS_SUCCESS;
	case ISCSI_FAILED_RESOLVE:
	case ISCSI_FAILED_CONNECT:
	case ISCSI_FAILED_CONNECTION:
	case ISCSI_FAILED_TIMEOUT:
		return IMA_ERROR_TARGET_TIMEOUT;
	case ISCSI_FAILED_LOGIN:
	case ISCSI_FAILED_AUTH:
		return IMA_ERROR_LOGIN_REJECTED;
	case ISCSI_FAILED_LOCAL:
		return local_code(error->error);
	default:
		return IMA_ERROR_UNKNOWN_ERROR;
	}
}

static IMAX_LAYER layer_of(const struct iscsi_error *error)
{
	if (error->kind == ISCSI_FAILED_LOCAL || error->kind == ISCSI_FAILED_CANCELLED)
		return error->error && error->error != -E2BIG ? IMAX_LAYER_OS
							      : IMAX_LAYER_PLUGIN;
	return error->kind == ISCSI_FAILED_CONNECTION ||
			       error->layer == ISCSI_LAYER_TRANSPORT
		       ? IMAX_LAYER_TRANSPORT
		       : IMAX_LAYER_ISCSI;
}

IMA_STATUS failure_status(const struct iscsi_error *error)
{
	IMA_STATUS status = failure_code(error);
	IMAX_LAST_ERROR record = { .layer = layer_of(error),
				   .loginStatusValid = error->status_valid,
				   .loginStatusClass = error->status_class,
				   .loginStatusDetail = error->status_detail };

	if (!IMA_ERROR(status))
		return status;
	/* Otherwise the errno of the engine is a way of speaking, not what a call returned. */
	if (record.layer == IMAX_LAYER_OS || record.layer == IMAX_LAYER_TRANSPORT)
		record.osError = -error->error;
	return host_fail_with(status, &record, "%s", error->text);
}

IMA_STATUS failure_local(int err)
{
	struct iscsi_error error;

	failure_set(&error, ISCSI_FAILED_LOCAL, err, "the network cannot be used: %s",
		    strerror(-err));
	return failure_status(&error);
}

/* ": ILLEGAL REQUEST, Invalid field in CDB", as far as the sense data says so. */
static void describe_sense(const struct iscsi_task *task, char *out, size_t size)
{
	struct scsi_sense sense = scsi_sense_decode(task->sense, task->sense_length);
	const char *text;

	*out = 0;
	if (!sense.valid)
		return;
	text = scsi_sense_text(sense.asc, sense.ascq);
	snprintf(out, size, ": %s, %s (%02Xh/%02Xh)", scsi_sense_key_name(sense.key),
		 text ? text : "additional sense code", sense.asc, sense.ascq);
}

/* "5", or the 64 bits of a LUN that is no plain number. */
static void describe_lun(uint64_t lun, char *out, size_t size)
{
	uint8_t bytes[8];
	uint64_t number;

	lun_to_bytes(lun, bytes);
	if (scsi_lun_decode(bytes, &number))
		snprintf(out, size, "%llXh", (unsigned long long)lun);
	else
		snprintf(out, size, "%llu", (unsigned long long)number);
}

IMA_STATUS failure_scsi(const struct iscsi_task *task, const char *what, uint64_t lun,
			const char *target)
{
	IMA_STATUS status = status_from_scsi(task->status);
	IMAX_LAST_ERROR record = { .layer = IMAX_LAYER_SCSI,
				   .scsiStatusValid = IMA_TRUE,
				   .scsiStatus = task->status,
				   .senseLength = task->sense_length };
	char sense[128], number[24];

	if (!IMA_ERROR(status))
		return status;
	if (record.senseLength > sizeof(record.sense))
		record.senseLength = sizeof(record.sense);
	memcpy(record.sense, task->sense, record.senseLength);
	describe_sense(task, sense, sizeof(sense));
	describe_lun(lun, number, sizeof(number));
	return host_fail_with(status, &record, "%s to LUN %s of %s ended with %s%s", what,
			      number, target, scsi_status_name(task->status), sense);
}
