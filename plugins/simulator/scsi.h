/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scsi.h - the device server of simulated logical units (SPC-4, SBC-3).
 */
#ifndef SIM_SCSI_H
#define SIM_SCSI_H

#include "fault.h"

enum { SCSI_GOOD = 0x00, SCSI_CHECK_CONDITION = 0x02 };

/* A command as it arrives: a CDB, and where its data go. */
struct scsi_command {
	const struct target *target;
	const struct lu *lu; /* NULL: there is no LU with the LUN */
	bool well_known;     /* sent to the REPORT LUNS well known LU */
	uint8_t cdb[16];
	uint8_t *data;
	size_t room, length; /* of data */
	uint8_t status;
	uint8_t sense[SENSE_MAX];
	uint8_t sense_length;
};

/* Sets length and status, and sense data with CHECK CONDITION. */
void scsi_execute(struct model *model, struct scsi_command *command);

#endif
