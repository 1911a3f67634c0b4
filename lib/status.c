// SPDX-License-Identifier: LGPL-2.1-or-later
#include "status.h"

#include <errno.h>

#include "shared/cleanup.h"

static const struct {
	IMA_UINT32 status;
	const char *name, *meaning;
} statuses[] = {
#define STATUS(status, meaning)          \
	{                                \
		status, #status, meaning \
	}
	STATUS(IMA_STATUS_SUCCESS, "done"),
	STATUS(IMA_STATUS_REBOOT_NECESSARY, "done, effective after the next reboot"),
	STATUS(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES,
	       "done, but a plugin has another name or alias for the shared node"),
	STATUS(IMA_STATUS_SCSI_STATUS_CONDITION_MET,
	       "the command ended with CONDITION MET"),
	STATUS(IMA_STATUS_ERROR, "it failed"),
	STATUS(IMA_ERROR_NOT_SUPPORTED, "not supported by this object or plugin"),
	STATUS(IMA_ERROR_INSUFFICIENT_MEMORY, "out of memory"),
	STATUS(IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD,
	       "the last primary discovery method cannot be switched off"),
	STATUS(IMA_ERROR_UNEXPECTED_OS_ERROR, "the operating system reported an error"),
	STATUS(IMA_ERROR_SYNC_TIMEOUT, "something on this system did not answer in time"),
	STATUS(IMA_ERROR_LU_EXPOSED, "a logical unit is exposed to the operating system"),
	STATUS(IMA_ERROR_LU_NOT_EXPOSED,
	       "the logical unit is not exposed to the operating system"),
	STATUS(IMA_ERROR_LU_IN_USE, "the operating system uses a logical unit"),
	STATUS(IMA_ERROR_TARGET_TIMEOUT, "the target did not answer in time"),
	STATUS(IMA_ERROR_LOGIN_REJECTED, "the target refused the login"),
	STATUS(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED,
	       "statistics are not being collected"),
	STATUS(IMA_ERROR_SCSI_STATUS_CHECK_CONDITION,
	       "the command ended with CHECK CONDITION"),
	STATUS(IMA_ERROR_SCSI_STATUS_BUSY, "the command ended with BUSY"),
	STATUS(IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT,
	       "the command ended with RESERVATION CONFLICT"),
	STATUS(IMA_ERROR_SCSI_STATUS_TASK_SET_FULL,
	       "the command ended with TASK SET FULL"),
	STATUS(IMA_ERROR_SCSI_STATUS_ACA_ACTIVE, "the command ended with ACA ACTIVE"),
	STATUS(IMA_ERROR_SCSI_STATUS_TASK_ABORTED, "the command ended with TASK ABORTED"),
	STATUS(IMA_ERROR_UNKNOWN_ERROR, "unknown error"),
	STATUS(IMA_ERROR_INVALID_PARAMETER, "an argument is invalid"),
	STATUS(IMA_ERROR_INVALID_OBJECT_TYPE,
	       "the object id holds no defined object type"),
	STATUS(IMA_ERROR_INCORRECT_OBJECT_TYPE,
	       "the function does not take objects of this type"),
	STATUS(IMA_ERROR_OBJECT_NOT_FOUND, "there is no such object"),
	STATUS(IMA_ERROR_NAME_TOO_LONG, "the name is too long"),
#undef STATUS
};

static int find(IMA_STATUS status)
{
	for (int i = 0; i < (int)ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return i;
	return -1;
}

const IMA_CHAR *IMAX_StatusName(IMA_STATUS status)
{
	int i = find((IMA_UINT32)status);

	return i < 0 ? "unknown status" : statuses[i].name;
}

const char *status_meaning(IMA_STATUS status)
{
	int i = find(status);

	return i < 0 ? "a status that is not defined" : statuses[i].meaning;
}

IMA_STATUS status_from_errno(int err)
{
	switch (err) {
	case 0:
		return IMA_STATUS_SUCCESS;
	case -ENOMEM:
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	case -ETIMEDOUT:
		return IMA_ERROR_SYNC_TIMEOUT;
	default:
		return IMA_ERROR_UNEXPECTED_OS_ERROR;
	}
}
