// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scsi.c - the three SCSI commands, on targets and LUs.
 *
 * Expected data are those of SPC and SBC: standard INQUIRY data has at least 36 bytes, READ
 * CAPACITY has 8 or 32, REPORT LUNS begins with the length of the list.
 */
#include "scsi.h"

#include <string.h>

#include "check.h"
#include "shared/cleanup.h"

#define BUFFER 4096
#define FILL   0xa5

struct command {
	enum function_index fn;
	IMA_BYTE out[BUFFER], sense[252];
	IMA_UINT length, sense_length;
	IMA_STATUS status;
};

static void prepare(struct command *command, enum function_index fn, IMA_UINT length)
{
	memset(command, FILL, sizeof(*command));
	command->fn = fn;
	command->length = length;
	command->sense_length = sizeof(command->sense);
}

/* What holds for every command, whatever it was. */
static void judge(struct run *run, struct command *command, IMA_OID oid, IMA_UINT room)
{
	bool good = IMA_SUCCESS(command->status);

	check(run, command->fn, RULE_CAPACITY, !good || command->length <= room, oid,
	      "claims %lu bytes in a buffer of %lu", command->length, room);
	for (IMA_UINT i = room; i < BUFFER; i++)
		if (command->out[i] != FILL) {
			check(run, command->fn, RULE_BOUNDS, false, oid,
			      "wrote byte %lu of a buffer of %lu", i, room);
			break;
		}
	if (command->status == IMA_ERROR_SCSI_STATUS_CHECK_CONDITION)
		check(run, command->fn, RULE_SENSE,
		      command->sense_length >= 8 && (command->sense[0] & 0x70) == 0x70,
		      oid, "CHECK CONDITION came without sense data");
	else
		check(run, command->fn, RULE_SENSE,
		      command->sense_length == sizeof(command->sense), oid,
		      "changed the sense length without CHECK CONDITION");
}

static void inquiry(struct run *run, struct command *command, IMA_OID oid, IMA_BOOL evpd,
		    IMA_BYTE page, IMA_UINT room)
{
	prepare(command, FN_IMA_LuInquiry, room);
	command->status = CALL(run, IMA_LuInquiry, oid, oid, evpd, IMA_FALSE, page,
			       command->out, &command->length, command->sense,
			       &command->sense_length);
	judge(run, command, oid, room);
}

static void capacity(struct run *run, struct command *command, IMA_OID oid, IMA_UINT cdb,
		     IMA_UINT room)
{
	prepare(command, FN_IMA_LuReadCapacity, room);
	command->status = CALL(run, IMA_LuReadCapacity, oid, oid, cdb, command->out,
			       &command->length, command->sense, &command->sense_length);
	judge(run, command, oid, room);
}

static void report(struct run *run, struct command *command, IMA_OID oid,
		   IMA_BOOL well_known, IMA_BYTE select, IMA_UINT room)
{
	prepare(command, FN_IMA_LuReportLuns, room);
	command->status = CALL(run, IMA_LuReportLuns, oid, oid, well_known, select,
			       command->out, &command->length, command->sense,
			       &command->sense_length);
	judge(run, command, oid, room);
}

static IMA_UINT32 be32(const IMA_BYTE *bytes)
{
	return (IMA_UINT32)bytes[0] << 24 | (IMA_UINT32)bytes[1] << 16 |
	       (IMA_UINT32)bytes[2] << 8 | bytes[3];
}

/* A target without LUN 0 may refuse; nothing is known about its data then. */
static bool answered(const struct command *command)
{
	return command->status == IMA_STATUS_SUCCESS;
}

static void check_inquiry(struct run *run, IMA_OID oid)
{
	struct command whole, part;

	inquiry(run, &whole, oid, IMA_FALSE, 0, 255);
	if (!answered(&whole))
		return;
	check(run, FN_IMA_LuInquiry, RULE_COHERENT, whole.length >= 36, oid,
	      "standard INQUIRY data has %lu bytes", whole.length);
	inquiry(run, &part, oid, IMA_FALSE, 0, 5);
	check(run, FN_IMA_LuInquiry, RULE_CAPACITY,
	      answered(&part) && part.length == 5 && !memcmp(part.out, whole.out, 5), oid,
	      "a buffer of 5 bytes does not get the first 5 bytes");
	inquiry(run, &part, oid, IMA_TRUE, 0x83, 255);
	if (answered(&part))
		check(run, FN_IMA_LuInquiry, RULE_COHERENT,
		      part.length >= 4 && part.out[1] == 0x83, oid,
		      "page 83h was asked for, page %02xh came", part.out[1]);
	inquiry(run, &part, oid, IMA_FALSE, 0x83, 255);
	check(run, FN_IMA_LuInquiry, RULE_SENSE,
	      part.status == IMA_ERROR_SCSI_STATUS_CHECK_CONDITION, oid,
	      "a page code without EVPD answered %s", IMAX_StatusName(part.status));
}

static void check_capacity(struct run *run, IMA_OID oid)
{
	struct command ten, sixteen;

	capacity(run, &ten, oid, 10, 8);
	capacity(run, &sixteen, oid, 16, 32);
	if (answered(&ten))
		check(run, FN_IMA_LuReadCapacity, RULE_COHERENT, ten.length == 8, oid,
		      "READ CAPACITY (10) gave %lu bytes", ten.length);
	if (!answered(&ten) || !answered(&sixteen) || be32(ten.out) == 0xffffffff)
		return;
	check(run, FN_IMA_LuReadCapacity, RULE_COHERENT,
	      !be32(sixteen.out) && be32(sixteen.out + 4) == be32(ten.out) &&
		      be32(sixteen.out + 8) == be32(ten.out + 4),
	      oid, "READ CAPACITY (10) and (16) disagree");
	capacity(run, &ten, oid, 10, 3);
	check(run, FN_IMA_LuReadCapacity, RULE_CAPACITY,
	      answered(&ten) && ten.length == 3, oid,
	      "a buffer of 3 bytes does not get 3 bytes");
}

static IMA_UINT64 lun_integer(const IMA_BYTE *bytes)
{
	IMA_UINT64 lun = 0;

	for (int i = 3; i >= 0; i--)
		lun = lun << 16 | (IMA_UINT64)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	return lun;
}

static void check_luns(struct run *run, IMA_OID target, const struct command *command)
{
	IMA_UINT32 bytes = be32(command->out);
	IMA_OID lu, again;
	IMA_STATUS status;

	check(run, FN_IMA_LuReportLuns, RULE_COHERENT, bytes % 8 == 0, target,
	      "the list has %u bytes", bytes);
	for (IMA_UINT32 at = 8; at + 8 <= command->length && at < bytes + 8; at += 8) {
		IMA_UINT64 lun = lun_integer(command->out + at);

		status = CALL(run, IMA_GetLuOid, target, target, lun, &lu);
		check(run, FN_IMA_GetLuOid, RULE_LIST_MEMBER, IMA_SUCCESS(status), target,
		      "LUN 0x%llx, which was reported, answered %s", lun,
		      IMAX_StatusName(status));
		if (IMA_ERROR(status))
			continue;
		check(run, FN_IMA_GetLuOid, RULE_REFERENCE,
		      lu.objectType == IMA_OBJECT_TYPE_LU &&
			      lu.ownerId == run->plugin.ownerId,
		      target, "LUN 0x%llx is %s", lun, object_text(lu));
		check(run, FN_IMA_GetLuOid, RULE_STABLE,
		      IMA_SUCCESS(IMA_GetLuOid(target, lun, &again)) &&
			      same_object(lu, again),
		      target, "LUN 0x%llx has two OIDs", lun);
	}
}

static void check_report(struct run *run, IMA_OID oid)
{
	struct command command;
	IMA_OID lu;
	IMA_STATUS status;

	report(run, &command, oid, IMA_FALSE, 0, 2048);
	if (answered(&command) && oid.objectType == IMA_OBJECT_TYPE_TARGET)
		check_luns(run, oid, &command);
	report(run, &command, oid, IMA_TRUE, 0, 2048);
	/* SPC reserves it: most devices answer with CHECK CONDITION. */
	report(run, &command, oid, IMA_FALSE, 0x55, 2048);
	report(run, &command, oid, IMA_FALSE, 0, 12);
	if (answered(&command))
		check(run, FN_IMA_LuReportLuns, RULE_CAPACITY,
		      command.length == (be32(command.out) ? 12 : 8), oid,
		      "a buffer of 12 bytes got %lu", command.length);
	if (oid.objectType != IMA_OBJECT_TYPE_TARGET)
		return;
	status = CALL(run, IMA_GetLuOid, oid, oid, 0x3ffe, &lu);
	check(run, FN_IMA_GetLuOid, RULE_UNKNOWN_OBJECT,
	      status == IMA_ERROR_OBJECT_NOT_FOUND, oid,
	      "a LUN that does not exist answered %s", IMAX_StatusName(status));
}

static void command_unknown(struct run *run, IMA_OBJECT_TYPE type)
{
	IMA_OID oid = unknown_object(run, type), lu;
	IMA_STATUS statuses[3];
	enum function_index fns[3] = { FN_IMA_LuInquiry, FN_IMA_LuReadCapacity,
				       FN_IMA_LuReportLuns };
	struct command command;

	inquiry(run, &command, oid, IMA_FALSE, 0, 255);
	statuses[0] = command.status;
	capacity(run, &command, oid, 10, 8);
	statuses[1] = command.status;
	report(run, &command, oid, IMA_FALSE, 0, 2048);
	statuses[2] = command.status;
	for (size_t i = 0; i < ARRAY_SIZE(fns); i++)
		check_unknown(run, fns[i], oid, statuses[i]);
	if (type != IMA_OBJECT_TYPE_TARGET)
		return;
	statuses[0] = CALL(run, IMA_GetLuOid, oid, oid, 0, &lu);
	check_unknown(run, FN_IMA_GetLuOid, oid, statuses[0]);
}

void check_scsi(struct run *run)
{
	static const IMA_OBJECT_TYPE types[] = { IMA_OBJECT_TYPE_TARGET,
						 IMA_OBJECT_TYPE_LU };

	for (size_t t = 0; t < ARRAY_SIZE(types); t++) {
		for (size_t i = 0; i < sample_count(run, types[t]); i++) {
			IMA_OID oid = run->objects[types[t]].oid[i];

			check_inquiry(run, oid);
			check_capacity(run, oid);
			check_report(run, oid);
		}
		command_unknown(run, types[t]);
	}
}

bool scsi_luns(IMA_OID target, struct luns *luns)
{
	IMA_BYTE out[8 + 8 * LUNS_MAX];
	IMA_UINT length = sizeof(out);
	IMA_UINT32 bytes;

	if (IMA_LuReportLuns(target, IMA_FALSE, 0, out, &length, NULL, NULL) !=
		    IMA_STATUS_SUCCESS ||
	    length < 8)
		return false;
	luns->count = 0;
	bytes = be32(out);
	for (IMA_UINT at = 8; at + 8 <= length && at < (IMA_UINT)bytes + 8; at += 8)
		luns->lun[luns->count++] = lun_integer(out + at);
	return true;
}
