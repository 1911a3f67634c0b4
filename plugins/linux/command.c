// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * command.c - INQUIRY, READ CAPACITY and REPORT LUNS; LUs by number; exposing LUs.
 *
 * A LU the kernel has is asked through the kernel, so that its sense data and reservations stay
 * as they are; others are asked in an informational session.
 */
#include "command.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attr.h"
#include "info.h"
#include "lu-wait.h"
#include "plugin-support/lun.h"

#define WELL_KNOWN_REPORT_LUNS 0xc101 /* as an integer */

/* Where a command goes: to a device, or into a session of its own. */
struct way {
	char device[64]; /* empty: into a session */
	char name[256];	 /* of the target, for messages */
	uint64_t lun;
	struct info info;
};

static void free_way(struct way *way)
{
	info_free(&way->info);
}

/* --- Finding the way --------------------------------------------------------------------------- */

/* A session that was lost would keep the command waiting. */
static bool is_running(const struct sys_lu *path)
{
	char attr[128], state[32];

	return !lu_attr_path(&path->at, "state", attr, sizeof(attr)) &&
	       attr_read(plugin.world.sysfs, attr, state, sizeof(state)) > 0 &&
	       !strcmp(state, "running");
}

static IMA_STATUS no_path(const struct lu *lu)
{
	return host_fail(IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT, ENOTCONN,
			 "the session of LUN %" PRIu64
			 " of %s is lost; the kernel tries to "
			 "get it back",
			 lu->lun, lu->target->name);
}

static IMA_STATUS way_to_lu(const struct lu *lu, struct way *way)
{
	for (size_t i = 0; i < lu->path_count; i++)
		if (is_running(lu->paths[i]) &&
		    !lu_generic(plugin.world.sysfs, &lu->paths[i]->at, way->device,
				sizeof(way->device)))
			return IMA_STATUS_SUCCESS;
	if (!lu->path_count)
		return info_prepare(lu->target, &way->info);
	if (is_running(lu->paths[0]))
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_OS, 0,
				 "there is no generic device for LUN %" PRIu64
				 " of %s; is the kernel module sg loaded?",
				 lu->lun, lu->target->name);
	return no_path(lu);
}

/* The exposed LU with a number, NULL if there is none. */
static const struct lu *lu_of_target(const struct target *t, uint64_t lun)
{
	for (size_t i = 0; i < t->lu_count; i++)
		if (t->lus[i]->lun == lun && t->lus[i]->path_count)
			return t->lus[i];
	return NULL;
}

/* A target stands for its LUN 0; REPORT LUNS is answered by every LU for the whole target. */
static IMA_STATUS way_to_target(const struct target *t, uint64_t lun, bool any,
				struct way *way)
{
	const struct lu *lu = lu_of_target(t, lun);

	way->lun = lun;
	for (size_t i = 0; any && !lu && i < t->lu_count; i++)
		if (t->lus[i]->path_count)
			lu = t->lus[i];
	return lu ? way_to_lu(lu, way) : info_prepare(t, &way->info);
}

static IMA_STATUS find_way(IMA_OID oid, uint64_t lun, bool any, uint64_t since,
			   struct way *way)
{
	const struct target *t;
	const struct lu *lu;
	IMA_STATUS status;
	void *object;

	LOCKED(&plugin.lock);
	object = find_object_since(oid, since, &status);
	if (!object)
		return status;
	if (oid.objectType == IMA_OBJECT_TYPE_TARGET) {
		t = object;
		snprintf(way->name, sizeof(way->name), "%s", t->name);
		return way_to_target(t, lun, any, way);
	}
	lu = object;
	way->lun = lu->lun;
	snprintf(way->name, sizeof(way->name), "%s", lu->target->name);
	return way_to_lu(lu, way);
}

/* --- Going it ------------------------------------------------------------------------------------ */

static IMA_STATUS device_failed(const struct way *way, int err)
{
	if (err == -ETIMEDOUT || err == -ENOTCONN || attr_is_gone(err))
		return host_fail(IMA_ERROR_TARGET_TIMEOUT, IMAX_LAYER_TRANSPORT, -err,
				 "%s did not answer a command to /dev/%s", way->name,
				 way->device);
	return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, -err,
			 "cannot send a command to /dev/%s", way->device);
}

static IMA_STATUS go(struct way *way, struct scsi_command *command)
{
	int err;

	if (!*way->device)
		return info_run(&way->info, way->lun, command);
	err = plugin.world.scsi(&plugin.world, way->device, command, host_deadline());
	return err ? device_failed(way, err) : IMA_STATUS_SUCCESS;
}

static IMA_STATUS scsi_failed(const struct way *way, const struct scsi_command *c)
{
	IMAX_LAST_ERROR record = {
		.layer = IMAX_LAYER_SCSI,
		.scsiStatusValid = IMA_TRUE,
		.scsiStatus = c->status,
		.senseLength = c->sense_length,
	};
	IMA_STATUS status = status_from_scsi(c->status);

	if (!IMA_ERROR(status))
		return status;
	memcpy(record.sense, c->sense, c->sense_length);
	return host_fail_with(status, &record,
			      "LUN %" PRIu64
			      " of %s ended a command with SCSI status %02Xh",
			      way->lun, way->name, c->status);
}

/* Buffers of a caller. */
struct output {
	IMA_BYTE *data;
	IMA_UINT *length;
	IMA_BYTE *sense;
	IMA_UINT *sense_length;
};

static void give_sense(const struct output *out, const struct scsi_command *c)
{
	if (!out->sense || !out->sense_length)
		return;
	if (*out->sense_length > c->sense_length)
		*out->sense_length = c->sense_length;
	memcpy(out->sense, c->sense, *out->sense_length);
}

/* since: how old what is known of the object may be. */
static IMA_STATUS send_command_since(IMA_OID oid, uint64_t lun, bool any, uint64_t since,
				     struct scsi_command *c, const struct output *out)
{
	struct way _cleanup_(free_way) way = { 0 };
	IMA_STATUS status = find_way(oid, lun, any, since, &way);

	if (!IMA_ERROR(status))
		status = go(&way, c);
	if (!IMA_ERROR(status))
		status = scsi_failed(&way, c);
	if (status == IMA_ERROR_SCSI_STATUS_CHECK_CONDITION)
		give_sense(out, c);
	*out->length = IMA_ERROR(status) ? 0 : c->length;
	return status;
}

static IMA_STATUS send_command(IMA_OID oid, uint64_t lun, bool any,
			       struct scsi_command *c, const struct output *out)
{
	return send_command_since(oid, lun, any, host_now(), c, out);
}

/* The allocation length, as far as a field of the CDB goes. */
static uint32_t allocation(IMA_UINT length, uint32_t max)
{
	return length > max ? max : (uint32_t)length;
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* More than any answer has, and a limit for what is allocated in the kernel for a command. */
#define ALLOCATION_MAX (4u << 20)

IMA_STATUS IMA_LuInquiry(IMA_OID deviceOid, IMA_BOOL evpd, IMA_BOOL cmddt,
			 IMA_BYTE pageCode, IMA_BYTE *pOutputBuffer,
			 IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			 IMA_UINT *pSenseBufferLength)
{
	struct output out = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
			      pSenseBufferLength };
	struct scsi_command c = {
		.cdb = { 0x12, (uint8_t)(evpd | cmddt << 1), pageCode },
		.cdb_length = 6,
		.data = pOutputBuffer,
		.length = allocation(*pOutputBufferLength, 65535),
	};

	put16(c.cdb + 3, c.length);
	return send_command(deviceOid, 0, false, &c, &out);
}

IMA_STATUS IMA_LuReadCapacity(IMA_OID deviceOid, IMA_UINT cdbLength,
			      IMA_BYTE *pOutputBuffer, IMA_UINT *pOutputBufferLength,
			      IMA_BYTE *pSenseBuffer, IMA_UINT *pSenseBufferLength)
{
	struct output out = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
			      pSenseBufferLength };
	struct scsi_command c = {
		.cdb = { 0x25 },
		.cdb_length = 10,
		.data = pOutputBuffer,
		.length = allocation(*pOutputBufferLength, 8),
	};

	if (cdbLength == 16) {
		c.cdb[0] = 0x9e;
		c.cdb[1] = 0x10;
		c.cdb_length = 16;
		c.length = allocation(*pOutputBufferLength, ALLOCATION_MAX);
		put32(c.cdb + 10, c.length);
	}
	return send_command(deviceOid, 0, false, &c, &out);
}

IMA_STATUS IMA_LuReportLuns(IMA_OID deviceOid, IMA_BOOL sendToWellKnownLu,
			    IMA_BYTE selectReport, IMA_BYTE *pOutputBuffer,
			    IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			    IMA_UINT *pSenseBufferLength)
{
	struct output out = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
			      pSenseBufferLength };
	struct scsi_command c = {
		.cdb = { 0xa0, 0, selectReport },
		.cdb_length = 12,
		.data = pOutputBuffer,
		.length = allocation(*pOutputBufferLength, ALLOCATION_MAX),
	};
	bool well_known = sendToWellKnownLu &&
			  deviceOid.objectType == IMA_OBJECT_TYPE_TARGET;

	put32(c.cdb + 6, c.length);
	return send_command(deviceOid, well_known ? WELL_KNOWN_REPORT_LUNS : 0,
			    !well_known, &c, &out);
}

/* --- The LUs of a target --------------------------------------------------------------------------- */

/* REPORT LUNS into a list of numbers; the buffer grows once if there are more than expected. */
static IMA_STATUS report_into(IMA_OID target, uint64_t since, uint8_t **data,
			      uint32_t *size)
{
	IMA_UINT length = *size;
	struct output out = { NULL, &length, NULL, NULL };
	struct scsi_command c = { .cdb = { 0xa0 }, .cdb_length = 12, .length = *size };
	IMA_STATUS status;

	*data = calloc(1, *size);
	if (!*data)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	c.data = *data;
	put32(c.cdb + 6, *size);
	status = send_command_since(target, 0, true, since, &c, &out);
	*size = c.length;
	return status;
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
	       at[3];
}

IMA_STATUS report_luns_since(IMA_OID target, uint64_t since, struct array *luns)
{
	_cleanup_free_ uint8_t *data = NULL;
	uint32_t size = 8 + 8 * 512, count;
	IMA_STATUS status = report_into(target, since, &data, &size);

	if (!IMA_ERROR(status) && size >= 8 && get32(data) > size - 8 &&
	    get32(data) < ALLOCATION_MAX - 8) {
		size = get32(data) + 8;
		free(steal(data));
		status = report_into(target, since, &data, &size);
	}
	if (IMA_ERROR(status))
		return status;
	count = size < 8 ? 0 : (size - 8) / 8;
	if (count > get32(data) / 8)
		count = get32(data) / 8;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t *lun = array_add(luns, sizeof(*lun));

		if (!lun)
			return IMA_ERROR_INSUFFICIENT_MEMORY;
		*lun = lun_from_bytes(data + 8 + 8 * i);
	}
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS report_luns(IMA_OID target, struct array *luns)
{
	return report_luns_since(target, host_now(), luns);
}

bool luns_have(const struct array *luns, uint64_t lun)
{
	const uint64_t *list = luns->data;

	for (size_t i = 0; i < luns->count; i++)
		if (list[i] == lun)
			return true;
	return false;
}

static IMA_STATUS known_lu(IMA_OID target, uint64_t lun, IMA_OID *result)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object(target, FRESH, &status);
	if (!t)
		return status;
	for (size_t i = 0; i < t->lu_count; i++)
		if (t->lus[i]->lun == lun && t->lus[i]->path_count) {
			*result = t->lus[i]->item.object->oid;
			return IMA_STATUS_SUCCESS;
		}
	return IMA_ERROR_UNKNOWN_ERROR;
}

static IMA_STATUS keep_lu(IMA_OID target, uint64_t lun, IMA_OID *result)
{
	const struct target *t;
	IMA_STATUS status;
	int err;

	LOCKED(&plugin.lock);
	t = find_object(target, FRESH_ENOUGH, &status);
	if (!t)
		return status;
	if (source_keep_lu(&plugin.source, t, lun))
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	err = source_refresh(&plugin.source, FRESH);
	if (err)
		return refresh_failed(err);
	t = source_find(&plugin.source, target);
	for (size_t i = 0; t && i < t->lu_count; i++)
		if (t->lus[i]->lun == lun) {
			*result = t->lus[i]->item.object->oid;
			return IMA_STATUS_SUCCESS;
		}
	return IMA_ERROR_OBJECT_NOT_FOUND;
}

/* A LU that is not exposed is one the target reports. */
IMA_STATUS IMA_GetLuOid(IMA_OID targetOid, IMA_UINT64 lun, IMA_OID *pluOid)
{
	struct array _cleanup_(array_free) luns = { 0 };
	IMA_STATUS status = known_lu(targetOid, lun, pluOid);

	if (status != IMA_ERROR_UNKNOWN_ERROR)
		return status;
	status = report_luns(targetOid, &luns);
	if (IMA_ERROR(status))
		return status;
	if (!luns_have(&luns, lun))
		return host_fail(IMA_ERROR_OBJECT_NOT_FOUND, IMAX_LAYER_SCSI, 0,
				 "the target has no LUN %llu", (unsigned long long)lun);
	return keep_lu(targetOid, lun, pluOid);
}
