/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * status.h - from what the inside of a plugin knows to the statuses of the standard.
 */
#ifndef PLUGIN_SUPPORT_STATUS_H
#define PLUGIN_SUPPORT_STATUS_H

#include <stdint.h>

#include "ima.h"

/**
 * status_from_errno - the status for 0 or a negative errno
 *
 * -ENOENT means that the object does not exist, -EINVAL and -ERANGE that an argument is wrong,
 * -ETIMEDOUT that a target did not answer, -EBUSY and -ETIME that something local did not.
 */
IMA_STATUS status_from_errno(int err);

/** status_from_scsi - the status for a SCSI status byte (SAM) */
IMA_STATUS status_from_scsi(uint8_t scsi_status);

#endif
