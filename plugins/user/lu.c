// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lu.c - logical units: which there are (REPORT LUNS), and what is known about one.
 *
 * An LU gets an object when it is seen, and loses it when the target does not report it any
 * more. A LUN is 64 bits in every addressing form (plugin-support/lun.h).
 */
#include "lu.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "failure.h"
#include "iscsi/scsi.h"
#include "plugin-support/lun.h"
#include "sessions.h"
#include "tally.h"
#include "user.h"

#define FIRST_SIZE (64 * 1024)
#define LUNS_MAX   65536U

static uint32_t list_length(const struct report *report)
{
	const uint8_t *p = report->data;

	return report->length < 8 ? 0
				  : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
					    (uint32_t)p[2] << 8 | p[3];
}

uint32_t report_size(const struct report *report)
{
	uint32_t length = list_length(report);

	return length > 8 * LUNS_MAX ? 8 * LUNS_MAX + 8 : length + 8;
}

static size_t lun_count(const struct report *report)
{
	uint32_t length = list_length(report);
	uint32_t there = report->length < 8 ? 0 : report->length - 8;

	return (length < there ? length : there) / 8;
}

static uint64_t lun_at(const struct report *report, size_t i)
{
	return lun_from_bytes(report->data + 8 + 8 * i);
}

static IMA_STATUS ask(IMA_OID target, const char *name, struct report *report,
		      uint32_t size)
{
	struct command command = { .task.in = report->data, .task.in_length = size };
	IMA_STATUS status;

	scsi_report_luns(&command.task, SCSI_REPORT_LUS, size);
	status = command_run(target, &command);
	if (!status)
		status = failure_scsi(&command.task, "REPORT LUNS", 0, name);
	report->length = command.task.transferred;
	return status;
}

/* The whole answer, with a second command if the list is long. */
static IMA_STATUS ask_all(IMA_OID target, const char *name, struct report *report)
{
	IMA_STATUS status;
	uint32_t size = FIRST_SIZE;
	uint8_t *larger;

	for (;;) {
		larger = realloc(report->data, size);
		if (!larger)
			return IMA_ERROR_INSUFFICIENT_MEMORY;
		report->data = larger;
		status = ask(target, name, report, size);
		if (status || report_size(report) <= size || size > FIRST_SIZE)
			return status;
		size = report_size(report);
	}
}

static void forget(struct lu *lu)
{
	lu->object->data = NULL;
	free(lu);
}

void lu_forget_all(struct target *target)
{
	while (target->lus) {
		struct lu *lu = target->lus;

		target->lus = lu->next;
		forget(lu);
	}
}

/* Those that were not marked by take_all() go; the marks too. */
static void forget_unmarked(struct target *target)
{
	struct lu **link = &target->lus;

	while (*link) {
		struct lu *lu = *link;

		if (lu->object->scratch) {
			lu->object->scratch = NULL;
			link = &lu->next;
			continue;
		}
		*link = lu->next;
		forget(lu);
	}
}

struct object *lu_object(const struct target *target, uint64_t lun)
{
	char key[ISCSI_NAME_MAX + 32];

	snprintf(key, sizeof(key), "%s %llx", target->object->key,
		 (unsigned long long)lun);
	return object_table_get(user.objects, IMA_OBJECT_TYPE_LU, key);
}

static struct lu *find(const struct target *target, uint64_t lun)
{
	struct object *object = lu_object(target, lun);

	return object ? object->data : NULL;
}

static int find_or_add(struct target *target, uint64_t lun, struct lu **result)
{
	struct object *object = lu_object(target, lun);
	struct lu *lu;

	*result = object ? object->data : NULL;
	if (!object || *result)
		return object ? 0 : -ENOMEM;
	lu = calloc(1, sizeof(*lu));
	if (!lu)
		return -ENOMEM;
	lu->object = object;
	object->data = lu;
	lu->target = target->object;
	lu->lun = lun;
	lu->next = target->lus;
	target->lus = lu;
	*result = lu;
	return 0;
}

/* Marks what is reported; *count: how many there are, each once. */
static int take_all(struct target *target, const struct report *report,
		    struct exposed *luns, size_t *count)
{
	struct lu *lu;
	int err = 0;

	for (size_t i = 0; !err && i < lun_count(report); i++) {
		err = find_or_add(target, lun_at(report, i), &lu);
		if (err || lu->object->scratch)
			continue;
		lu->object->scratch = lu;
		luns[(*count)++] = (struct exposed){ lu->lun, lu->object->oid };
	}
	return err;
}

static void unmark(struct target *target)
{
	for (struct lu *lu = target->lus; lu; lu = lu->next)
		lu->object->scratch = NULL;
}

/* In the gate: makes the LUs of a target those of the report. */
static int take_note(struct target *target, const struct report *report)
{
	size_t room = lun_count(report), count = 0;
	struct exposed _cleanup_free_ *luns = calloc(room ? room : 1, sizeof(*luns));
	int err = luns ? take_all(target, report, luns, &count) : -ENOMEM;

	if (err) {
		unmark(target);
		return err;
	}
	forget_unmarked(target);
	return sessions_expose(target->object->oid, luns, count);
}

IMA_STATUS lu_note_report(IMA_OID oid, const struct report *report)
{
	VISIT visit = visit_begin();
	struct target *target;

	if (visit.status)
		return visit.status;
	target = target_by_oid(oid);
	if (!target)
		return not_found(oid);
	return status_from_errno(take_note(target, report));
}

/* Name and existence of a target, for messages. */
static IMA_STATUS target_name(IMA_OID oid, char name[ISCSI_NAME_MAX + 1])
{
	VISIT visit = visit_begin();
	const struct target *target;

	if (visit.status)
		return visit.status;
	target = target_by_oid(oid);
	if (!target)
		return not_found(oid);
	snprintf(name, ISCSI_NAME_MAX + 1, "%s", target->object->key);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS lu_report_status(IMA_OID target, const struct iscsi_task *task)
{
	char name[ISCSI_NAME_MAX + 1];
	IMA_STATUS status = target_name(target, name);

	return status ? status : failure_scsi(task, "REPORT LUNS", 0, name);
}

IMA_STATUS lu_scan(IMA_OID target)
{
	char name[ISCSI_NAME_MAX + 1];
	struct report report = { 0 };
	IMA_STATUS status = target_name(target, name);

	if (!status)
		status = ask_all(target, name, &report);
	if (!status)
		status = lu_note_report(target, &report);
	free(report.data);
	return status;
}

/* The OID of an LU that was seen; not found, without a last error, if it was not. */
static IMA_STATUS look_up(IMA_OID oid, uint64_t lun, IMA_OID *result)
{
	VISIT visit = visit_begin();
	const struct target *target;
	const struct lu *lu;

	if (visit.status)
		return visit.status;
	target = target_by_oid(oid);
	if (!target)
		return not_found(oid);
	lu = find(target, lun);
	if (lu)
		*result = lu->object->oid;
	return lu ? IMA_STATUS_SUCCESS
		  : host_fail(IMA_ERROR_OBJECT_NOT_FOUND, IMAX_LAYER_PLUGIN, 0,
			      "%s has no LUN %llXh", target->object->key,
			      (unsigned long long)lun);
}

IMA_STATUS IMA_GetLuOid(IMA_OID targetOid, IMA_UINT64 lun, IMA_OID *pluOid)
{
	IMA_STATUS status = look_up(targetOid, lun, pluOid);

	if (status != IMA_ERROR_OBJECT_NOT_FOUND)
		return status;
	status = lu_scan(targetOid);
	return status ? status : look_up(targetOid, lun, pluOid);
}

IMA_STATUS IMA_GetLuOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	VISIT visit = visit_begin();
	int err;

	*ppList = NULL;
	if (visit.status)
		return visit.status;
	if (!is_lhba(oid) && !target_by_oid(oid))
		return not_found(oid);
	err = sessions_list_luns(is_lhba(oid) ? NULL : &oid, &list);
	return status_from_errno(err ? err : oid_list_end(&list, ppList));
}

const struct lu *lu_by_oid(IMA_OID oid)
{
	return oid.objectType == IMA_OBJECT_TYPE_LU ? object_table_data(user.objects, oid)
						    : NULL;
}

IMA_STATUS IMA_GetLuProperties(IMA_OID luOid, IMA_LU_PROPERTIES *pProps)
{
	VISIT visit = visit_begin();
	const struct lu *lu;
	time_t since;

	if (visit.status)
		return visit.status;
	lu = lu_by_oid(luOid);
	if (!lu)
		return not_found(luOid);
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedTargetOid = lu->target->oid;
	pProps->targetLun = lu->lun;
	if (!sessions_exposes(lu->target->oid, lu->lun, &since))
		return IMA_STATUS_SUCCESS;
	pProps->exposedToOs = IMA_TRUE;
	localtime_r(&since, &pProps->timeExposedToOs);
	pProps->timeExposedToOs.tm_zone = NULL; /* points into this process */
	return IMA_STATUS_SUCCESS;
}

/* Exposing to the operating system is not possible one by one. */
static IMA_STATUS refuse_exposing(IMA_OID oid)
{
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	if (!lu_by_oid(oid))
		return not_found(oid);
	return host_fail(
		IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
		"logical units of this initiator are exposed to the process that "
		"is logged in to their target, not one by one");
}

IMA_STATUS IMA_ExposeLu(IMA_OID luOid)
{
	return refuse_exposing(luOid);
}

IMA_STATUS IMA_UnexposeLu(IMA_OID luOid)
{
	return refuse_exposing(luOid);
}

/* Which LU a device OID means: that LU, or LUN 0 of a target. */
struct device {
	IMA_OID target;
	uint64_t lun;
	bool is_target;
	struct tally *tally;
	char name[ISCSI_NAME_MAX + 1];
};

/* LUN 0 of a target is counted as that LU, if it ever is one. */
static struct tally *tally_of_lu(const struct target *target, const struct lu *lu)
{
	const struct object *object = target ? lu_object(target, 0) : lu->object;

	return object ? tally_get(object->oid.objectSequenceNumber) : NULL;
}

static IMA_STATUS find_device(IMA_OID oid, struct device *device)
{
	VISIT visit = visit_begin();
	const struct target *target;
	const struct lu *lu;

	if (visit.status)
		return visit.status;
	target = target_by_oid(oid);
	lu = lu_by_oid(oid);
	if (!target && !lu)
		return not_found(oid);
	device->is_target = target != NULL;
	device->target = target ? oid : lu->target->oid;
	device->lun = target ? 0 : lu->lun;
	device->tally = tally_of_lu(target, lu);
	snprintf(device->name, sizeof(device->name), "%s",
		 target ? target->object->key : lu->target->key);
	return IMA_STATUS_SUCCESS;
}

/* Where data and sense data of a command go. */
struct answer {
	IMA_BYTE *data;
	IMA_UINT *length;
	IMA_BYTE *sense;
	IMA_UINT *sense_length;
};

static void give_sense(const struct iscsi_task *task, const struct answer *answer)
{
	IMA_UINT length = task->sense_length;

	if (!answer->sense || !answer->sense_length)
		return;
	if (length > *answer->sense_length)
		length = *answer->sense_length;
	memcpy(answer->sense, task->sense, length);
	*answer->sense_length = length;
}

static void give_data(const struct iscsi_task *task, const struct answer *answer)
{
	IMA_UINT length = task->transferred;

	if (length > *answer->length)
		length = *answer->length;
	memcpy(answer->data, task->in, length);
	*answer->length = length;
}

/* Sends a command whose CDB is built; size bytes of data at most are wanted. */
static IMA_STATUS execute(const struct device *device, const char *what,
			  struct command *command, uint32_t size,
			  const struct answer *answer)
{
	struct iscsi_task *task = &command->task;
	uint8_t _cleanup_free_ *data = malloc(size);
	IMA_STATUS status;

	if (!data)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	command->tally = device->tally;
	task->in = data;
	task->in_length = size;
	lun_to_bytes(device->lun, task->lun);
	status = command_run(device->target, command);
	if (!status)
		status = failure_scsi(task, what, device->lun, device->name);
	if (status == IMA_ERROR_SCSI_STATUS_CHECK_CONDITION)
		give_sense(task, answer);
	if (IMA_SUCCESS(status))
		give_data(task, answer);
	else
		*answer->length = 0;
	return status;
}

static uint32_t at_most(IMA_UINT wanted, uint32_t max)
{
	return wanted < max ? (uint32_t)wanted : max;
}

IMA_STATUS IMA_LuInquiry(IMA_OID deviceOid, IMA_BOOL evpd, IMA_BOOL cmddt,
			 IMA_BYTE pageCode, IMA_BYTE *pOutputBuffer,
			 IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			 IMA_UINT *pSenseBufferLength)
{
	const struct answer answer = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
				       pSenseBufferLength };
	uint32_t size = at_most(*pOutputBufferLength, UINT16_MAX);
	struct command command = { 0 };
	struct device device;
	IMA_STATUS status = find_device(deviceOid, &device);

	if (status)
		return status;
	scsi_inquiry_raw(&command.task, evpd, cmddt, pageCode, (uint16_t)size);
	return execute(&device, "INQUIRY", &command, size, &answer);
}

IMA_STATUS IMA_LuReadCapacity(IMA_OID deviceOid, IMA_UINT cdbLength,
			      IMA_BYTE *pOutputBuffer, IMA_UINT *pOutputBufferLength,
			      IMA_BYTE *pSenseBuffer, IMA_UINT *pSenseBufferLength)
{
	const struct answer answer = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
				       pSenseBufferLength };
	struct command command = { 0 };
	struct device device;
	IMA_STATUS status = find_device(deviceOid, &device);

	if (status)
		return status;
	if (cdbLength == 10) {
		scsi_read_capacity_10(&command.task);
		return execute(&device, "READ CAPACITY(10)", &command, 8, &answer);
	}
	if (cdbLength == 16) {
		scsi_read_capacity_16(&command.task, 32);
		return execute(&device, "READ CAPACITY(16)", &command, 32, &answer);
	}
	return host_fail(IMA_ERROR_INVALID_PARAMETER, IMAX_LAYER_PLUGIN, 0,
			 "the length of a READ CAPACITY command is 10 or 16, not %lu",
			 cdbLength);
}

IMA_STATUS IMA_LuReportLuns(IMA_OID deviceOid, IMA_BOOL sendToWellKnownLu,
			    IMA_BYTE selectReport, IMA_BYTE *pOutputBuffer,
			    IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			    IMA_UINT *pSenseBufferLength)
{
	const struct answer answer = { pOutputBuffer, pOutputBufferLength, pSenseBuffer,
				       pSenseBufferLength };
	uint32_t size = at_most(*pOutputBufferLength, 8 * LUNS_MAX + 8);
	struct command command = { 0 };
	struct device device;
	IMA_STATUS status = find_device(deviceOid, &device);

	if (status)
		return status;
	if (device.is_target && sendToWellKnownLu) {
		device.lun = lun_from_bytes(scsi_well_known_report_luns);
		device.tally = NULL;
	}
	if (size < 16) /* SPC: a shorter allocation length is an error */
		size = 16;
	scsi_report_luns(&command.task, selectReport, size);
	return execute(&device, "REPORT LUNS", &command, size, &answer);
}
