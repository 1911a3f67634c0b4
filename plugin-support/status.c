// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugin-support/status.h"

#include <errno.h>
#include <stddef.h>

#include "shared/cleanup.h"

static const struct {
	int err;
	IMA_STATUS status;
} errors[] = {
	{ 0, IMA_STATUS_SUCCESS },
	{ -ENOENT, IMA_ERROR_OBJECT_NOT_FOUND },
	{ -ENOMEM, IMA_ERROR_INSUFFICIENT_MEMORY },
	{ -ENOTSUP, IMA_ERROR_NOT_SUPPORTED },
	{ -ENOSYS, IMA_ERROR_NOT_SUPPORTED },
	{ -EINVAL, IMA_ERROR_INVALID_PARAMETER },
	{ -ERANGE, IMA_ERROR_INVALID_PARAMETER },
	{ -EILSEQ, IMA_ERROR_INVALID_PARAMETER },
	{ -ENAMETOOLONG, IMA_ERROR_NAME_TOO_LONG },
	{ -ETIMEDOUT, IMA_ERROR_TARGET_TIMEOUT },
	{ -ETIME, IMA_ERROR_SYNC_TIMEOUT },
	{ -EBUSY, IMA_ERROR_SYNC_TIMEOUT },
};

IMA_STATUS status_from_errno(int err)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].err == err)
			return errors[i].status;
	return IMA_ERROR_UNEXPECTED_OS_ERROR;
}

static const struct {
	uint8_t scsi;
	IMA_STATUS status;
} scsi_statuses[] = {
	{ 0x00, IMA_STATUS_SUCCESS },
	{ 0x02, IMA_ERROR_SCSI_STATUS_CHECK_CONDITION },
	{ 0x04, IMA_STATUS_SCSI_STATUS_CONDITION_MET },
	{ 0x08, IMA_ERROR_SCSI_STATUS_BUSY },
	{ 0x10, IMA_STATUS_SUCCESS }, /* INTERMEDIATE */
	{ 0x14, IMA_STATUS_SCSI_STATUS_CONDITION_MET },
	{ 0x18, IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT },
	{ 0x28, IMA_ERROR_SCSI_STATUS_TASK_SET_FULL },
	{ 0x30, IMA_ERROR_SCSI_STATUS_ACA_ACTIVE },
	{ 0x40, IMA_ERROR_SCSI_STATUS_TASK_ABORTED },
};

IMA_STATUS status_from_scsi(uint8_t scsi_status)
{
	for (size_t i = 0; i < ARRAY_SIZE(scsi_statuses); i++)
		if (scsi_statuses[i].scsi == scsi_status)
			return scsi_statuses[i].status;
	return IMA_ERROR_UNKNOWN_ERROR;
}
