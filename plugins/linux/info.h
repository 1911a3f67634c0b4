/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * info.h - SCSI commands for targets the kernel has no session with.
 *
 * The project's own iSCSI engine logs in, sends one command and logs out: the kernel does not
 * know of it, nothing is exposed, nothing is written.
 */
#ifndef LINUX_INFO_H
#define LINUX_INFO_H

#include "iscsi/iscsi.h"
#include "linux.h"
#include "sg.h"

/* How to log in, copied from the records of a target. Wiped by info_free(). */
struct info {
	struct iscsi_config config;
	struct iscsi_portal portals[8];
	size_t portal_count;
	char initiator[256], target[256];
	char name[256], secret[256], target_chap_name[256], target_secret[256];
};

/* The lock of the plugin is held. IMA_ERROR_NOT_SUPPORTED if the LHBA's way cannot be gone. */
IMA_STATUS info_prepare(const struct target *target, struct info *info);
void info_free(struct info *info);

/*
 * Runs a command on a LUN. Success if the target completed it, whatever its SCSI status;
 * otherwise a status with a last-error record.
 */
IMA_STATUS info_run(struct info *info, uint64_t lun, struct scsi_command *command);

#endif
