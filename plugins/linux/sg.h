/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sg.h - SCSI commands through the operating system's generic devices.
 */
#ifndef LINUX_SG_H
#define LINUX_SG_H

#include <stddef.h>
#include <stdint.h>

#define SCSI_SENSE_MAX 252

/* A command that reads; what is left zero is the result. */
struct scsi_command {
	uint8_t cdb[16];
	uint8_t cdb_length;
	void *data;
	uint32_t length; /* of data; afterwards: bytes that are valid */
	uint8_t status;	 /* SCSI status */
	uint8_t sense_length;
	uint8_t sense[SCSI_SENSE_MAX];
};

struct world;

/*
 * Sends a command to /dev/DEVICE, "sg0", and waits until the deadline (nanoseconds of
 * CLOCK_MONOTONIC). 0 if the device completed it, whatever its status; -ETIMEDOUT if it did not
 * in time; -ENOTCONN if the transport lost it; -EACCES; another negative errno.
 */
int sg_run(const struct world *world, const char *device, struct scsi_command *command,
	   uint64_t deadline);

#endif
