// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scsi-names.c - codes of SAM, SPC and SBC, and what they are called there.
 */
#include "scsi.h"

struct name {
	unsigned code;
	const char *text;
};

static const char *name_of(const struct name *names, size_t n, unsigned code)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].code == code)
			return names[i].text;
	return NULL;
}

#define NAME_OF(names, code) name_of(names, ARRAY_SIZE(names), code)

const char *scsi_status_text(uint8_t status)
{
	static const struct name names[] = {
		{ 0x00, "GOOD" },
		{ 0x02, "CHECK CONDITION" },
		{ 0x04, "CONDITION MET" },
		{ 0x08, "BUSY" },
		{ 0x18, "RESERVATION CONFLICT" },
		{ 0x28, "TASK SET FULL" },
		{ 0x30, "ACA ACTIVE" },
		{ 0x40, "TASK ABORTED" },
	};

	return NAME_OF(names, status);
}

const char *scsi_device_type_text(unsigned type)
{
	static const struct name names[] = {
		{ 0x00, "direct access block device" },
		{ 0x01, "sequential-access device" },
		{ 0x02, "printer device" },
		{ 0x03, "processor device" },
		{ 0x04, "write-once device" },
		{ 0x05, "CD/DVD device" },
		{ 0x07, "optical memory device" },
		{ 0x08, "medium changer device" },
		{ 0x0c, "storage array controller device" },
		{ 0x0d, "enclosure services device" },
		{ 0x0e, "simplified direct-access device" },
		{ 0x0f, "optical card reader/writer device" },
		{ 0x10, "bridge controller device" },
		{ 0x11, "object-based storage device" },
		{ 0x12, "automation/drive interface" },
		{ 0x14, "host managed zoned block device" },
		{ 0x1e, "well known logical unit" },
		{ 0x1f, "unknown or no device type" },
	};

	return NAME_OF(names, type);
}

const char *scsi_vpd_name(uint8_t page)
{
	static const struct name names[] = {
		{ 0x00, "Supported VPD Pages" },
		{ 0x80, "Unit Serial Number" },
		{ 0x83, "Device Identification" },
		{ 0x84, "Software Interface Identification" },
		{ 0x85, "Management Network Addresses" },
		{ 0x86, "Extended INQUIRY Data" },
		{ 0x87, "Mode Page Policy" },
		{ 0x88, "SCSI Ports" },
		{ 0x89, "ATA Information" },
		{ 0x8a, "Power Condition" },
		{ 0x8b, "Device Constituents" },
		{ 0x8c, "CFA Profile Information" },
		{ 0x8d, "Power Consumption" },
		{ 0x8f, "Third-party Copy" },
		{ 0x90, "Protocol Specific Logical Unit Information" },
		{ 0x91, "Protocol Specific Port Information" },
		{ 0xb0, "Block Limits" },
		{ 0xb1, "Block Device Characteristics" },
		{ 0xb2, "Logical Block Provisioning" },
		{ 0xb3, "Referrals" },
		{ 0xb4, "Supported Block Lengths And Protection Types" },
		{ 0xb5, "Block Device Characteristics Extension" },
		{ 0xb6, "Zoned Block Device Characteristics" },
		{ 0xb7, "Block Limits Extension" },
	};

	return NAME_OF(names, page);
}

const char *scsi_version_text(unsigned version)
{
	static const struct name names[] = {
		{ 0, "no standard claimed" },
		{ 3, "SPC" },
		{ 4, "SPC-2" },
		{ 5, "SPC-3" },
		{ 6, "SPC-4" },
		{ 7, "SPC-5" },
		{ 8, "SPC-6" },
	};

	return NAME_OF(names, version);
}

const char *scsi_version_descriptor_text(unsigned code)
{
	static const struct name names[] = {
		{ 0x0040, "SAM-2" }, { 0x005c, "SAM-2" }, { 0x0060, "SAM-3" },
		{ 0x0077, "SAM-3" }, { 0x0080, "SAM-4" }, { 0x0090, "SAM-4" },
		{ 0x00a0, "SAM-5" }, { 0x00c0, "SAM-6" }, { 0x0180, "SBC" },
		{ 0x0260, "SPC-2" }, { 0x0277, "SPC-2" }, { 0x0300, "SPC-3" },
		{ 0x0314, "SPC-3" }, { 0x0320, "SBC-2" }, { 0x033d, "SBC-2" },
		{ 0x0460, "SPC-4" }, { 0x04c0, "SBC-3" }, { 0x05c0, "SPC-5" },
		{ 0x0600, "SBC-4" }, { 0x0960, "iSCSI" },
	};

	return NAME_OF(names, code);
}

const char *scsi_sense_key_text(unsigned key)
{
	static const char *const names[] = {
		"NO SENSE",	  "RECOVERED ERROR", "NOT READY",      "MEDIUM ERROR",
		"HARDWARE ERROR", "ILLEGAL REQUEST", "UNIT ATTENTION", "DATA PROTECT",
		"BLANK CHECK",	  "VENDOR SPECIFIC", "COPY ABORTED",   "ABORTED COMMAND",
		"RESERVED",	  "VOLUME OVERFLOW", "MISCOMPARE",     "COMPLETED",
	};

	return key < ARRAY_SIZE(names) ? names[key] : NULL;
}

/* The common ones of the list T10 keeps. */
static const struct name additional_sense[] = {
	{ 0x0000, "NO ADDITIONAL SENSE INFORMATION" },
	{ 0x0006, "I/O PROCESS TERMINATED" },
	{ 0x0016, "OPERATION IN PROGRESS" },
	{ 0x0200, "NO SEEK COMPLETE" },
	{ 0x0300, "PERIPHERAL DEVICE WRITE FAULT" },
	{ 0x0400, "LOGICAL UNIT NOT READY, CAUSE NOT REPORTABLE" },
	{ 0x0401, "LOGICAL UNIT IS IN PROCESS OF BECOMING READY" },
	{ 0x0402, "LOGICAL UNIT NOT READY, INITIALIZING COMMAND REQUIRED" },
	{ 0x0403, "LOGICAL UNIT NOT READY, MANUAL INTERVENTION REQUIRED" },
	{ 0x0404, "LOGICAL UNIT NOT READY, FORMAT IN PROGRESS" },
	{ 0x0407, "LOGICAL UNIT NOT READY, OPERATION IN PROGRESS" },
	{ 0x040a, "LOGICAL UNIT NOT ACCESSIBLE, ASYMMETRIC ACCESS STATE TRANSITION" },
	{ 0x040b, "LOGICAL UNIT NOT ACCESSIBLE, TARGET PORT IN STANDBY STATE" },
	{ 0x040c, "LOGICAL UNIT NOT ACCESSIBLE, TARGET PORT IN UNAVAILABLE STATE" },
	{ 0x0412, "LOGICAL UNIT NOT READY, OFFLINE" },
	{ 0x0500, "LOGICAL UNIT DOES NOT RESPOND TO SELECTION" },
	{ 0x0800, "LOGICAL UNIT COMMUNICATION FAILURE" },
	{ 0x0801, "LOGICAL UNIT COMMUNICATION TIME-OUT" },
	{ 0x0b00, "WARNING" },
	{ 0x0b01, "WARNING - SPECIFIED TEMPERATURE EXCEEDED" },
	{ 0x0c00, "WRITE ERROR" },
	{ 0x0c02, "WRITE ERROR - AUTO REALLOCATION FAILED" },
	{ 0x0e03, "INVALID FIELD IN COMMAND INFORMATION UNIT" },
	{ 0x1001, "LOGICAL BLOCK GUARD CHECK FAILED" },
	{ 0x1002, "LOGICAL BLOCK APPLICATION TAG CHECK FAILED" },
	{ 0x1003, "LOGICAL BLOCK REFERENCE TAG CHECK FAILED" },
	{ 0x1100, "UNRECOVERED READ ERROR" },
	{ 0x1104, "UNRECOVERED READ ERROR - AUTO REALLOCATE FAILED" },
	{ 0x1a00, "PARAMETER LIST LENGTH ERROR" },
	{ 0x1d00, "MISCOMPARE DURING VERIFY OPERATION" },
	{ 0x2000, "INVALID COMMAND OPERATION CODE" },
	{ 0x2100, "LOGICAL BLOCK ADDRESS OUT OF RANGE" },
	{ 0x2200, "ILLEGAL FUNCTION" },
	{ 0x2400, "INVALID FIELD IN CDB" },
	{ 0x2500, "LOGICAL UNIT NOT SUPPORTED" },
	{ 0x2600, "INVALID FIELD IN PARAMETER LIST" },
	{ 0x2601, "PARAMETER NOT SUPPORTED" },
	{ 0x2602, "PARAMETER VALUE INVALID" },
	{ 0x2604, "INVALID RELEASE OF PERSISTENT RESERVATION" },
	{ 0x2700, "WRITE PROTECTED" },
	{ 0x2701, "HARDWARE WRITE PROTECTED" },
	{ 0x2702, "LOGICAL UNIT SOFTWARE WRITE PROTECTED" },
	{ 0x2707, "SPACE ALLOCATION FAILED WRITE PROTECT" },
	{ 0x2800, "NOT READY TO READY CHANGE, MEDIUM MAY HAVE CHANGED" },
	{ 0x2900, "POWER ON, RESET, OR BUS DEVICE RESET OCCURRED" },
	{ 0x2901, "POWER ON OCCURRED" },
	{ 0x2902, "SCSI BUS RESET OCCURRED" },
	{ 0x2903, "BUS DEVICE RESET FUNCTION OCCURRED" },
	{ 0x2904, "DEVICE INTERNAL RESET" },
	{ 0x2907, "I_T NEXUS LOSS OCCURRED" },
	{ 0x2a00, "PARAMETERS CHANGED" },
	{ 0x2a01, "MODE PARAMETERS CHANGED" },
	{ 0x2a03, "RESERVATIONS PREEMPTED" },
	{ 0x2a04, "RESERVATIONS RELEASED" },
	{ 0x2a05, "REGISTRATIONS PREEMPTED" },
	{ 0x2a06, "ASYMMETRIC ACCESS STATE CHANGED" },
	{ 0x2a09, "CAPACITY DATA HAS CHANGED" },
	{ 0x2c00, "COMMAND SEQUENCE ERROR" },
	{ 0x2f00, "COMMANDS CLEARED BY ANOTHER INITIATOR" },
	{ 0x3000, "INCOMPATIBLE MEDIUM INSTALLED" },
	{ 0x3100, "MEDIUM FORMAT CORRUPTED" },
	{ 0x3500, "ENCLOSURE SERVICES FAILURE" },
	{ 0x3807, "THIN PROVISIONING SOFT THRESHOLD REACHED" },
	{ 0x3900, "SAVING PARAMETERS NOT SUPPORTED" },
	{ 0x3a00, "MEDIUM NOT PRESENT" },
	{ 0x3e00, "LOGICAL UNIT HAS NOT SELF-CONFIGURED YET" },
	{ 0x3e01, "LOGICAL UNIT FAILURE" },
	{ 0x3f00, "TARGET OPERATING CONDITIONS HAVE CHANGED" },
	{ 0x3f01, "MICROCODE HAS BEEN CHANGED" },
	{ 0x3f03, "INQUIRY DATA HAS CHANGED" },
	{ 0x3f05, "DEVICE IDENTIFIER CHANGED" },
	{ 0x3f0e, "REPORTED LUNS DATA HAS CHANGED" },
	{ 0x4400, "INTERNAL TARGET FAILURE" },
	{ 0x4700, "SCSI PARITY ERROR" },
	{ 0x4800, "INITIATOR DETECTED ERROR MESSAGE RECEIVED" },
	{ 0x4900, "INVALID MESSAGE ERROR" },
	{ 0x4b00, "DATA PHASE ERROR" },
	{ 0x4e00, "OVERLAPPED COMMANDS ATTEMPTED" },
	{ 0x5300, "MEDIA LOAD OR EJECT FAILED" },
	{ 0x5501, "SYSTEM BUFFER FULL" },
	{ 0x5503, "INSUFFICIENT RESOURCES" },
	{ 0x5d00, "FAILURE PREDICTION THRESHOLD EXCEEDED" },
	{ 0x5e00, "LOW POWER CONDITION ON" },
	{ 0x7400, "SECURITY ERROR" },
};

const char *scsi_additional_sense_text(uint8_t asc, uint8_t ascq)
{
	return NAME_OF(additional_sense, (unsigned)asc << 8 | ascq);
}
