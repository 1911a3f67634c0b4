// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-scsi.c - INQUIRY, READ CAPACITY and REPORT LUNS.
 *
 * Without a session one is opened for the command and ended after it: it exposes nothing,
 * has no OID and leaves no trace.
 */
#include <string.h>

#include "login.h"
#include "lu.h"
#include "plugin-support/status.h"
#include "scsi.h"
#include "sim.h"

/* Where a client wants data and sense data. */
struct buffers {
	IMA_BYTE *data;
	IMA_UINT *data_length;
	IMA_BYTE *sense;
	IMA_UINT *sense_length;
};

static struct found *found_of(struct object *object)
{
	return (struct found *)(object_kind(object) == KIND_FOUND ? object
								  : object->parent);
}

/* A target means its LUN 0. */
static void address_command(const struct model *model, struct object *object,
			    struct scsi_command *command)
{
	struct found *found = found_of(object);

	command->target = found->target;
	if (object_kind(object) == KIND_FOUND_LU)
		command->lu = ((struct found_lu *)object)->lu;
	else if (!command->well_known)
		command->lu = (struct lu *)object_find(model, KIND_LU,
						       &found->target->object, 0, "");
}

static IMA_STATUS check_session(struct model *model, struct found *found)
{
	const struct lhba *lhba = (const struct lhba *)found->object.parent;
	struct login_error error;
	IMA_STATUS status;

	if (!lhba->now.scsi_commands)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "the LHBA sends no SCSI commands of clients");
	status = login_check(model, found, &error);
	return status == IMA_STATUS_SUCCESS ? status : login_fails(status, &error);
}

/* What a fault puts in the place of the device's answer. */
static void apply_fault(const struct fault *fault, struct scsi_command *command)
{
	command->status = fault->scsi_status;
	command->sense_length = 0;
	if (fault->scsi_status != SCSI_CHECK_CONDITION)
		return;
	command->sense_length = fault->sense_length;
	memcpy(command->sense, fault->sense, fault->sense_length);
	if (!fault->sense_length) /* internal target failure */
		command->sense_length = sense_make(command->sense, 0x4, 0x44, 0);
}

static void give_sense(const struct scsi_command *command, const struct buffers *buffers)
{
	IMA_UINT length = command->sense_length;

	if (command->status != SCSI_CHECK_CONDITION || !buffers->sense_length)
		return;
	if (length > *buffers->sense_length)
		length = *buffers->sense_length;
	if (buffers->sense)
		memcpy(buffers->sense, command->sense, length);
	*buffers->sense_length = length;
}

static IMA_STATUS command_fails(IMA_STATUS status, const struct scsi_command *command)
{
	IMAX_LAST_ERROR record = { .layer = IMAX_LAYER_SCSI,
				   .scsiStatusValid = IMA_TRUE };

	record.scsiStatus = command->status;
	record.senseLength = command->sense_length;
	memcpy(record.sense, command->sense, command->sense_length);
	return host_fail_with(
		status, &record, "command %02Xh to %s ended with SCSI status %02Xh",
		command->cdb[0], command->target->object.identity->name, command->status);
}

static void count(struct call *call, const struct scsi_command *command)
{
	struct found *found = found_of(call->object);
	struct object *lu = command->lu
				    ? object_find(
					      call->model, KIND_FOUND_LU, &found->object,
					      command->lu->object.identity->number, "")
				    : NULL;

	if (lu && ((struct found_lu *)lu)->now.exposed && found_session(found))
		lu_traffic(call->model, (struct found_lu *)lu, command->length, 0, 0);
}

/* The client's buffer is written only if the command gets that far. */
static IMA_STATUS execute(struct call *call, struct scsi_command *command,
			  const struct buffers *buffers)
{
	IMA_STATUS status = check_session(call->model, found_of(call->object));

	if (status != IMA_STATUS_SUCCESS)
		return status;
	address_command(call->model, call->object, command);
	command->data = buffers->data;
	command->room = *buffers->data_length;
	if (call->faulty && call->fault.has_scsi)
		apply_fault(&call->fault, command);
	if (command->status == SCSI_GOOD ||
	    IMA_SUCCESS(status_from_scsi(command->status))) {
		uint8_t told = command->status;

		scsi_execute(call->model, command);
		command->status = command->status == SCSI_GOOD ? told : command->status;
	}
	status = status_from_scsi(command->status);
	give_sense(command, buffers);
	if (IMA_ERROR(status))
		return command_fails(status, command);
	*buffers->data_length = command->length;
	count(call, command);
	return status;
}

static void store_be(uint8_t *bytes, unsigned int size, uint64_t value)
{
	for (unsigned int i = size; i > 0; i--, value >>= 8)
		bytes[i - 1] = (uint8_t)value;
}

static uint64_t at_most(uint64_t value, uint64_t limit)
{
	return value < limit ? value : limit;
}

IMA_STATUS IMA_LuInquiry(IMA_OID deviceOid, IMA_BOOL evpd, IMA_BOOL cmddt,
			 IMA_BYTE pageCode, IMA_BYTE *pOutputBuffer,
			 IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			 IMA_UINT *pSenseBufferLength)
{
	struct buffers buffers = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
				   pSenseBufferLength };
	struct scsi_command command = { .cdb = { 0x12, (uint8_t)(evpd | cmddt << 1),
						 pageCode } };

	store_be(command.cdb + 3, 2, at_most(*pOutputBufferLength, 0xffff));
	return CALL(IMA_LuInquiry, deviceOid, TARGET | LU,
		    execute(&call, &command, &buffers));
}

static IMA_STATUS read_capacity(struct call *call, IMA_UINT cdb_length,
				const struct buffers *buffers)
{
	struct scsi_command command = { .cdb = { 0x25 } };

	if (cdb_length == 10)
		return execute(call, &command, buffers);
	address_command(call->model, call->object, &command);
	if (command.lu && !command.lu->now.read_capacity_16)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "READ CAPACITY (16) is not supported");
	command.cdb[0] = 0x9e;
	command.cdb[1] = 0x10;
	store_be(command.cdb + 10, 4, at_most(*buffers->data_length, UINT32_MAX));
	return execute(call, &command, buffers);
}

IMA_STATUS IMA_LuReadCapacity(IMA_OID deviceOid, IMA_UINT cdbLength,
			      IMA_BYTE *pOutputBuffer, IMA_UINT *pOutputBufferLength,
			      IMA_BYTE *pSenseBuffer, IMA_UINT *pSenseBufferLength)
{
	struct buffers buffers = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
				   pSenseBufferLength };

	return CALL(IMA_LuReadCapacity, deviceOid, TARGET | LU,
		    read_capacity(&call, cdbLength, &buffers));
}

static IMA_STATUS report_luns(struct call *call, bool well_known, uint8_t select,
			      const struct buffers *buffers)
{
	struct found *found = found_of(call->object);
	struct scsi_command command = { .cdb = { 0xa0, 0, select } };

	/* With an LU the command goes to that LU. */
	command.well_known = well_known && object_kind(call->object) == KIND_FOUND;
	if (command.well_known && !found->target->now.well_known_lu)
		return fails(IMA_ERROR_NOT_SUPPORTED,
			     "%s has no REPORT LUNS well known LU",
			     found->object.identity->name);
	store_be(command.cdb + 6, 4, at_most(*buffers->data_length, UINT32_MAX));
	return execute(call, &command, buffers);
}

IMA_STATUS IMA_LuReportLuns(IMA_OID deviceOid, IMA_BOOL sendToWellKnownLu,
			    IMA_BYTE selectReport, IMA_BYTE *pOutputBuffer,
			    IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			    IMA_UINT *pSenseBufferLength)
{
	struct buffers buffers = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
				   pSenseBufferLength };

	return CALL(IMA_LuReportLuns, deviceOid, TARGET | LU,
		    report_luns(&call, sendToWellKnownLu, selectReport, &buffers));
}
