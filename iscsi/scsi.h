/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scsi.h - command descriptor blocks, logical unit numbers and sense data (SPC-4, SBC-3, SAM-5).
 *
 * The builders fill the cdb of a task and nothing else: buffers, LU and deadline are the
 * caller's.
 */
#ifndef ISCSI_SCSI_H
#define ISCSI_SCSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iscsi_task;

enum scsi_status {
	SCSI_GOOD = 0x00,
	SCSI_CHECK_CONDITION = 0x02,
	SCSI_CONDITION_MET = 0x04,
	SCSI_BUSY = 0x08,
	SCSI_RESERVATION_CONFLICT = 0x18,
	SCSI_TASK_SET_FULL = 0x28,
	SCSI_ACA_ACTIVE = 0x30,
	SCSI_TASK_ABORTED = 0x40,
};

/** scsi_status_name - "CHECK CONDITION" and so on; never NULL */
const char *scsi_status_name(uint8_t status);

/** SELECT REPORT of REPORT LUNS */
enum scsi_select_report {
	SCSI_REPORT_LUS = 0x00,	       /* all but well known logical units */
	SCSI_REPORT_WELL_KNOWN = 0x01, /* well known logical units only */
	SCSI_REPORT_ALL = 0x02,
};

/** The REPORT LUNS well known logical unit, C101h. */
extern const uint8_t scsi_well_known_report_luns[8];

void scsi_test_unit_ready(struct iscsi_task *task);

/** scsi_inquiry - standard INQUIRY data if page is negative, otherwise that VPD page */
void scsi_inquiry(struct iscsi_task *task, int page, uint16_t allocation_length);

/** scsi_inquiry_raw - EVPD (and the obsolete CMDDT, if not zero) and page code as given */
void scsi_inquiry_raw(struct iscsi_task *task, bool evpd, bool cmddt, uint8_t page,
		      uint16_t allocation_length);

void scsi_read_capacity_10(struct iscsi_task *task);
void scsi_read_capacity_16(struct iscsi_task *task, uint32_t allocation_length);
void scsi_report_luns(struct iscsi_task *task, uint8_t select_report,
		      uint32_t allocation_length);

/**
 * scsi_lun_encode - a LU number as 8 bytes
 * @number: 0 to 255 in peripheral, 256 to 16383 in flat space addressing; above that, up to
 *     24 bits, in extended flat space addressing
 *
 * Return: 0 or -ERANGE.
 */
int scsi_lun_encode(uint64_t number, uint8_t lun[8]);

/**
 * scsi_lun_decode - the LU number of a single-level LUN
 *
 * Return: 0; -EINVAL if the 8 bytes have another form (several levels, well known LU).
 */
int scsi_lun_decode(const uint8_t lun[8], uint64_t *number);

/**
 * struct scsi_sense - sense data in either format, decoded
 * @valid: the data had a format this is known of
 * @deferred: it is about an earlier command
 * @key: sense key
 * @asc, @ascq: additional sense code and qualifier
 */
struct scsi_sense {
	bool valid;
	bool deferred;
	uint8_t key, asc, ascq;
};

/** scsi_sense_decode - never reads beyond length */
struct scsi_sense scsi_sense_decode(const uint8_t *sense, size_t length);

/** scsi_sense_key_name - "ILLEGAL REQUEST" and so on; never NULL */
const char *scsi_sense_key_name(uint8_t key);

/** scsi_sense_text - the words of SPC for common codes; NULL for others */
const char *scsi_sense_text(uint8_t asc, uint8_t ascq);

#endif
