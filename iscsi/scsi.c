// SPDX-License-Identifier: LGPL-2.1-or-later
#include "iscsi/scsi.h"

#include <errno.h>
#include <string.h>

#include "iscsi/iscsi.h"
#include "iscsi/wire.h"
#include "shared/cleanup.h"

const uint8_t scsi_well_known_report_luns[8] = { 0xc1, 0x01 };

static uint8_t *new_cdb(struct iscsi_task *task, uint8_t opcode, uint16_t length)
{
	memset(task->cdb, 0, sizeof(task->cdb));
	task->cdb[0] = opcode;
	task->cdb_length = length;
	return task->cdb;
}

void scsi_test_unit_ready(struct iscsi_task *task)
{
	new_cdb(task, 0x00, 6);
}

void scsi_inquiry_raw(struct iscsi_task *task, bool evpd, bool cmddt, uint8_t page,
		      uint16_t allocation_length)
{
	uint8_t *cdb = new_cdb(task, 0x12, 6);

	cdb[1] = (uint8_t)(evpd | cmddt << 1);
	cdb[2] = page;
	put16(cdb + 3, allocation_length);
}

void scsi_inquiry(struct iscsi_task *task, int page, uint16_t allocation_length)
{
	scsi_inquiry_raw(task, page >= 0, false, page >= 0 ? (uint8_t)page : 0,
			 allocation_length);
}

void scsi_read_capacity_10(struct iscsi_task *task)
{
	new_cdb(task, 0x25, 10);
}

void scsi_read_capacity_16(struct iscsi_task *task, uint32_t allocation_length)
{
	uint8_t *cdb = new_cdb(task, 0x9e, 16); /* SERVICE ACTION IN(16) */

	cdb[1] = 0x10;
	put32(cdb + 10, allocation_length);
}

void scsi_report_luns(struct iscsi_task *task, uint8_t select_report,
		      uint32_t allocation_length)
{
	uint8_t *cdb = new_cdb(task, 0xa0, 12);

	cdb[2] = select_report;
	put32(cdb + 6, allocation_length);
}

/* --- Logical unit numbers (SAM-5, 4.7) --------------------------------------------------- */

enum { PERIPHERAL = 0, FLAT = 1, EXTENDED = 3 };
#define EXTENDED_FLAT_3 0xd2 /* method 3, length 1 (three bytes), extended method 2 */

int scsi_lun_encode(uint64_t number, uint8_t lun[8])
{
	if (number >= 1U << 24)
		return -ERANGE;
	memset(lun, 0, 8);
	if (number < 256) {
		lun[1] = (uint8_t)number;
	} else if (number < 16384) {
		put16(lun, (uint16_t)(FLAT << 14 | number));
	} else {
		lun[0] = EXTENDED_FLAT_3;
		put24(lun + 1, (uint32_t)number);
	}
	return 0;
}

static bool is_zero(const uint8_t *at, size_t length)
{
	while (length--)
		if (*at++)
			return false;
	return true;
}

int scsi_lun_decode(const uint8_t lun[8], uint64_t *number)
{
	size_t used = lun[0] == EXTENDED_FLAT_3 ? 4 : 2;

	if (!is_zero(lun + used, 8 - used))
		return -EINVAL;
	if (lun[0] == EXTENDED_FLAT_3)
		*number = get24(lun + 1);
	else if (lun[0] >> 6 == FLAT)
		*number = get16(lun) & 0x3fff;
	else if (lun[0] == 0) /* bus 0; another bus is another level */
		*number = lun[1];
	else
		return -EINVAL;
	return 0;
}

/* --- Status and sense -------------------------------------------------------------------- */

static const struct {
	uint8_t status;
	const char *name;
} statuses[] = {
	{ SCSI_GOOD, "GOOD" },
	{ SCSI_CHECK_CONDITION, "CHECK CONDITION" },
	{ SCSI_CONDITION_MET, "CONDITION MET" },
	{ SCSI_BUSY, "BUSY" },
	{ SCSI_RESERVATION_CONFLICT, "RESERVATION CONFLICT" },
	{ SCSI_TASK_SET_FULL, "TASK SET FULL" },
	{ SCSI_ACA_ACTIVE, "ACA ACTIVE" },
	{ SCSI_TASK_ABORTED, "TASK ABORTED" },
};

const char *scsi_status_name(uint8_t status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].name;
	return "unknown status";
}

enum { FIXED = 0x70, DESCRIPTOR = 0x72, DEFERRED = 1 };

static uint8_t byte_at(const uint8_t *sense, size_t length, size_t at)
{
	return at < length ? sense[at] : 0;
}

/* SPC-4, 4.5: descriptor format has the codes in bytes 1 to 3, fixed format in 2, 12 and 13. */
struct scsi_sense scsi_sense_decode(const uint8_t *sense, size_t length)
{
	struct scsi_sense decoded = { 0 };
	uint8_t code = byte_at(sense, length, 0) & 0x7f;
	bool descriptor = (code & ~DEFERRED) == DESCRIPTOR;

	decoded.valid = descriptor ? length >= 4
				   : (code & ~DEFERRED) == FIXED && length >= 3;
	if (!decoded.valid)
		return decoded;
	decoded.deferred = code & DEFERRED;
	decoded.key = sense[descriptor ? 1 : 2] & 0x0f;
	decoded.asc = byte_at(sense, length, descriptor ? 2 : 12);
	decoded.ascq = byte_at(sense, length, descriptor ? 3 : 13);
	return decoded;
}

static const char *const sense_keys[] = {
	"NO SENSE",	  "RECOVERED ERROR", "NOT READY",      "MEDIUM ERROR",
	"HARDWARE ERROR", "ILLEGAL REQUEST", "UNIT ATTENTION", "DATA PROTECT",
	"BLANK CHECK",	  "VENDOR SPECIFIC", "COPY ABORTED",   "ABORTED COMMAND",
	"reserved (0Ch)", "VOLUME OVERFLOW", "MISCOMPARE",     "COMPLETED",
};

const char *scsi_sense_key_name(uint8_t key)
{
	return key < ARRAY_SIZE(sense_keys) ? sense_keys[key] : "unknown sense key";
}

static const struct {
	uint8_t asc, ascq;
	const char *text;
} sense_codes[] = {
	{ 0x00, 0x00, "no additional sense information" },
	{ 0x04, 0x00, "logical unit not ready, cause not reportable" },
	{ 0x04, 0x01, "logical unit is in process of becoming ready" },
	{ 0x04, 0x02, "logical unit not ready, initializing command required" },
	{ 0x04, 0x03, "logical unit not ready, manual intervention required" },
	{ 0x04, 0x0b, "logical unit not accessible, target port in standby state" },
	{ 0x04, 0x0c, "logical unit not accessible, target port in unavailable state" },
	{ 0x08, 0x00, "logical unit communication failure" },
	{ 0x0c, 0x00, "write error" },
	{ 0x11, 0x00, "unrecovered read error" },
	{ 0x1a, 0x00, "parameter list length error" },
	{ 0x20, 0x00, "invalid command operation code" },
	{ 0x21, 0x00, "logical block address out of range" },
	{ 0x24, 0x00, "invalid field in CDB" },
	{ 0x25, 0x00, "logical unit not supported" },
	{ 0x26, 0x00, "invalid field in parameter list" },
	{ 0x27, 0x00, "write protected" },
	{ 0x28, 0x00, "not ready to ready change, medium may have changed" },
	{ 0x29, 0x00, "power on, reset, or bus device reset occurred" },
	{ 0x2a, 0x01, "mode parameters changed" },
	{ 0x2a, 0x09, "capacity data has changed" },
	{ 0x2f, 0x00, "commands cleared by another initiator" },
	{ 0x3a, 0x00, "medium not present" },
	{ 0x3f, 0x03, "inquiry data has changed" },
	{ 0x3f, 0x0e, "reported LUNs data has changed" },
	{ 0x44, 0x00, "internal target failure" },
	{ 0x47, 0x03, "information unit iuCRC error detected" },
	{ 0x4b, 0x00, "data phase error" },
	{ 0x53, 0x02, "medium removal prevented" },
};

const char *scsi_sense_text(uint8_t asc, uint8_t ascq)
{
	for (size_t i = 0; i < ARRAY_SIZE(sense_codes); i++)
		if (sense_codes[i].asc == asc && sense_codes[i].ascq == ascq)
			return sense_codes[i].text;
	return NULL;
}
