// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * statistics.c - what is counted for targets and LUs, and whether.
 *
 * Counting costs next to nothing, so it is always done; a switch decides whether the numbers can
 * be read, and where they begin. The switch of a target is that of its LUs too, until one
 * of them is switched. Switches are in the store, numbers are those of this process.
 */
#include "statistics.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "held.h"
#include "lu.h"
#include "net.h"
#include "shared/number.h"
#include "tally.h"
#include "user.h"

#define LUN_TEXT 20

/* --- Switches ----------------------------------------------------------------------------- */

static struct lu_switch *find_switch(const struct switches *switches, uint64_t lun)
{
	for (size_t i = 0; i < switches->count; i++)
		if (switches->lus[i].lun == lun)
			return &switches->lus[i];
	return NULL;
}

static int set_switch(struct switches *switches, uint64_t lun, bool is_off)
{
	struct lu_switch *one = find_switch(switches, lun);

	if (!one) {
		struct lu_switch *lus = reallocarray(switches->lus, switches->count + 1,
						     sizeof(*lus));

		if (!lus)
			return -ENOMEM;
		switches->lus = lus;
		one = &lus[switches->count++];
		one->lun = lun;
	}
	one->is_off = is_off;
	return 0;
}

int switches_set_lu(struct switches *switches, const char *text, bool is_off)
{
	uint64_t lun;

	if (number_parse(text, 0, UINT64_MAX, &lun))
		return -EINVAL;
	return set_switch(switches, lun, is_off);
}

static bool is_lu_off(const struct switches *switches, uint64_t lun)
{
	const struct lu_switch *one = find_switch(switches, lun);

	return one ? one->is_off : switches->is_off;
}

static void count_now(void *held)
{
	link_count(&((struct held *)held)->link);
}

/* A session that is up has counted on since the tally was brought up to date. */
static void bring_up_to_date(IMA_OID target)
{
	struct held *held = held_take(target);

	if (!held)
		return;
	iscsi_loop_call(net_own_loop(), count_now, held);
	held_drop(held);
}

static void switched(IMA_OID oid, bool was_off, bool is_off)
{
	if (was_off == is_off)
		return;
	if (was_off)
		tally_restart(oid.objectSequenceNumber);
	events_changed(oid);
}

void statistics_switched(const struct target *target, const struct switches *old,
			 const struct switches *fresh)
{
	IMA_OID oid = target->object->oid;

	if (old->is_off && !fresh->is_off)
		bring_up_to_date(oid);
	switched(oid, old->is_off, fresh->is_off);
	for (const struct lu *lu = target->lus; lu; lu = lu->next)
		switched(lu->object->oid, is_lu_off(old, lu->lun),
			 is_lu_off(fresh, lu->lun));
}

/* A target, or a LU and its target. */
struct device {
	struct target *target;
	const struct lu *lu;
	bool is_off;
};

/* In the gate. */
static IMA_STATUS find(IMA_OID oid, struct device *device)
{
	device->target = target_by_oid(oid);
	device->lu = device->target ? NULL : lu_by_oid(oid);
	if (device->lu)
		device->target = target_by_oid(device->lu->target->oid);
	if (!device->target)
		return not_found(oid);
	device->is_off = device->lu
				 ? is_lu_off(&device->target->switches, device->lu->lun)
				 : device->target->switches.is_off;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetStatisticsProperties(IMA_OID oid, IMA_STATISTICS_PROPERTIES *pProps)
{
	VISIT visit = visit_begin();
	struct device device;
	IMA_STATUS status = visit.status ? visit.status : find(oid, &device);

	if (status)
		return status;
	pProps->statisticsCollectionSettable = IMA_TRUE;
	pProps->statisticsCollectionEnabled = device.is_off ? IMA_FALSE : IMA_TRUE;
	return IMA_STATUS_SUCCESS;
}

/* What is the same without a row has none: it would be stale one day. */
static int write_target(int64_t id, bool is_off)
{
	int err = store_run(user.store, STORE_REMOVE_STATISTICS, "i", id);

	if (err || !is_off)
		return err;
	return store_run(user.store, STORE_SET_STATISTICS, "iti", id, "", (int64_t)0);
}

static int write_lu(int64_t id, const struct device *device, bool is_off)
{
	char lun[LUN_TEXT];

	snprintf(lun, sizeof(lun), "0x%" PRIx64, device->lu->lun);
	if (is_off == device->target->switches.is_off)
		return store_run(user.store, STORE_REMOVE_LU_STATISTICS, "it", id, lun);
	return store_run(user.store, STORE_SET_STATISTICS, "iti", id, lun,
			 (int64_t)!is_off);
}

static int write_switch(const struct device *device, bool is_off)
{
	int64_t id;
	int err = store_target_row(user.store, device->target->object->key, &id);

	if (err)
		return err;
	return device->lu ? write_lu(id, device, is_off) : write_target(id, is_off);
}

/* The switches as they will be, in memory of their own. */
static int plan(const struct device *device, bool is_off, struct switches *fresh)
{
	const struct switches *old = &device->target->switches;
	int err = 0;

	*fresh = (struct switches){ .is_off = device->lu ? old->is_off : is_off };
	for (size_t i = 0; !err && device->lu && i < old->count; i++)
		err = set_switch(fresh, old->lus[i].lun, old->lus[i].is_off);
	if (!err && device->lu)
		err = set_switch(fresh, device->lu->lun, is_off);
	if (err)
		free(fresh->lus);
	return err;
}

static void take_effect(struct target *target, const struct switches *fresh)
{
	statistics_switched(target, &target->switches, fresh);
	free(target->switches.lus);
	target->switches = *fresh;
}

/* In the gate, in a transaction. */
static IMA_STATUS change(struct visit *visit, IMA_OID oid, bool is_off)
{
	struct device device;
	struct switches fresh;
	IMA_STATUS status = find(oid, &device);
	int err;

	if (status)
		return status;
	if (plan(&device, is_off, &fresh))
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	err = write_switch(&device, is_off);
	status = err ? visit_fail(err) : visit_commit(visit, false);
	if (status)
		free(fresh.lus);
	else
		take_effect(device.target, &fresh);
	return status;
}

/* Whether nothing has to be changed: a target takes its LUs with it. */
static bool is_so(const struct device *device, bool is_off)
{
	return device->is_off == is_off &&
	       (device->lu || !device->target->switches.count);
}

static IMA_STATUS look(IMA_OID oid, bool is_off, bool *is_done)
{
	VISIT visit = visit_begin();
	struct device device = { .target = NULL };
	IMA_STATUS status = visit.status ? visit.status : find(oid, &device);

	if (!status)
		*is_done = is_so(&device, is_off);
	return status;
}

IMA_STATUS IMA_SetStatisticsCollection(IMA_OID oid, IMA_BOOL enableStatisticsCollection)
{
	bool is_off = enableStatisticsCollection == IMA_FALSE, is_done;
	IMA_STATUS status;

	if (oid.objectType != IMA_OBJECT_TYPE_TARGET &&
	    oid.objectType != IMA_OBJECT_TYPE_LU)
		return not_found(oid); /* a PHBA */
	status = look(oid, is_off, &is_done);
	if (status || is_done)
		return status;
	VISIT visit = visit_begin_change();

	return visit.status ? visit.status : change(&visit, oid, is_off);
}

/* --- Numbers ------------------------------------------------------------------------------- */

static IMA_STATUS refuse_off(void)
{
	return host_fail(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED, IMAX_LAYER_PLUGIN, 0,
			 "statistics are switched off; IMA_SetStatisticsCollection "
			 "switches them on");
}

static bool is_exposed(const struct device *device)
{
	time_t since;

	return device->lu ? sessions_exposes(device->target->object->oid, device->lu->lun,
					     &since)
			  : sessions_exposes_any(device->target->object->oid);
}

/* Whether there are numbers to be read; whose they are. */
static IMA_STATUS may_read(IMA_OID oid, bool must_be_exposed, IMA_OID *target)
{
	VISIT visit = visit_begin();
	struct device device;
	IMA_STATUS status = visit.status ? visit.status : find(oid, &device);

	if (status)
		return status;
	if (must_be_exposed && !is_exposed(&device))
		return host_fail(IMA_ERROR_LU_NOT_EXPOSED, IMAX_LAYER_PLUGIN, 0,
				 "this process is not logged in to %s",
				 device.target->object->key);
	if (device.is_off)
		return refuse_off();
	*target = device.target->object->oid;
	return IMA_STATUS_SUCCESS;
}

#define NS_PER_MS 1000000U

IMA_STATUS IMA_GetDeviceStatistics(IMA_OID oid, IMA_DEVICE_STATISTICS *pStats)
{
	struct tally_view view;
	IMA_OID target;
	IMA_STATUS status = may_read(oid, true, &target);

	if (status)
		return status;
	bring_up_to_date(target);
	tally_read(oid.objectSequenceNumber, &view);
	pStats->scsiPayloadBytesSent = view.count[TALLY_DATA_SENT];
	pStats->scsiPayloadBytesReceived = view.count[TALLY_DATA_RECEIVED];
	pStats->iScsiPduBytesSent = view.count[TALLY_BYTES_SENT];
	pStats->iScsiPduBytesReceived = view.count[TALLY_BYTES_RECEIVED];
	pStats->iScsiPdusSent = view.count[TALLY_PDUS_SENT];
	pStats->iScsiPdusReceived = view.count[TALLY_PDUS_RECEIVED];
	pStats->millisecondsSpentSending = view.count[TALLY_SENDING_NS] / NS_PER_MS;
	pStats->millisecondsSpentReceiving = view.count[TALLY_RECEIVING_NS] / NS_PER_MS;
	return IMA_STATUS_SUCCESS;
}

static void set_failure_time(IMA_TARGET_ERROR_STATISTICS *stats, time_t when)
{
	if (!when)
		return;
	stats->lastLoginFailureTimeValid = IMA_TRUE;
	localtime_r(&when, &stats->lastLoginFailureTime);
	stats->lastLoginFailureTime.tm_zone = NULL; /* points into this process */
}

IMA_STATUS IMA_GetTargetErrorStatistics(IMA_OID targetOid,
					IMA_TARGET_ERROR_STATISTICS *pStats)
{
	struct tally_view view;
	IMA_OID target;
	IMA_STATUS status = may_read(targetOid, false, &target);

	if (status)
		return status;
	bring_up_to_date(target);
	tally_read(targetOid.objectSequenceNumber, &view);
	memset(pStats, 0, sizeof(*pStats));
#define SET(field, which)                                      \
	do {                                                   \
		pStats->field##Valid = IMA_TRUE;               \
		pStats->field = (IMA_UINT32)view.count[which]; \
	} while (0)
	SET(loginFailedCount, TALLY_LOGIN_FAILURES);
	SET(sessionFailedCount, TALLY_FAILURES);
	SET(headerOrDigestSessionFailedCount, TALLY_DIGEST_FAILURES);
	SET(timeLimitExceededSessionFailedCount, TALLY_TIMEOUT_FAILURES);
	SET(formatErrorSessionFailedCount, TALLY_FORMAT_FAILURES);
	SET(closedConnectionDueToTimeoutCount, TALLY_TIMEOUT_CLOSES);
#undef SET
	set_failure_time(pStats, view.last_login_failure);
	return IMA_STATUS_SUCCESS;
}
