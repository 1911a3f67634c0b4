// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * statistics.c - counters of targets and LUs.
 *
 * The kernel always counts, so there is nothing to switch. PDUs and bytes on the wire come from
 * the transport (which tells root only), payload and times from the block layer.
 * Failures of sessions are announced only to those who listen: they are counted from the first
 * time somebody asks for them in this process.
 *
 * Locks: failures have a lock of their own; the order is that of the plugin, then this one.
 */
#include "statistics.h"

#include <errno.h>
#include <string.h>

#include "adapter.h"
#include "attr.h"
#include "listener.h"
#include "linux.h"
#include "shared/number.h"

#define SECTOR 512

/* --- Traffic ----------------------------------------------------------------------------------- */

/* Sessions and LUs of an object, copied because the transport is asked without the lock. */
struct subject {
	struct array sids;  /* uint32_t */
	struct array disks; /* struct disk */
};

struct disk {
	char name[64];
};

static void free_subject(struct subject *s)
{
	array_free(&s->sids);
	array_free(&s->disks);
}

static int add_disks(struct subject *s, const struct lu *lu)
{
	for (size_t i = 0; i < lu->path_count; i++) {
		struct disk *disk;

		if (!lu->paths[i]->device)
			continue;
		disk = array_add(&s->disks, sizeof(*disk));
		if (!disk)
			return -ENOMEM;
		snprintf(disk->name, sizeof(disk->name), "%s", lu->paths[i]->device);
	}
	return 0;
}

static IMA_STATUS add_target(struct subject *s, const struct target *t)
{
	size_t exposed = 0;
	int err = 0;

	for (size_t i = 0; i < t->lu_count && !err; i++) {
		exposed += t->lus[i]->path_count;
		err = add_disks(s, t->lus[i]);
	}
	for (size_t i = 0; i < t->session_count && !err; i++) {
		uint32_t *sid = array_add(&s->sids, sizeof(*sid));

		if (sid)
			*sid = t->sessions[i]->sys->sid;
		else
			err = -ENOMEM;
	}
	return err	 ? status_from_errno(err)
	       : exposed ? IMA_STATUS_SUCCESS
			 : IMA_ERROR_LU_NOT_EXPOSED;
}

static IMA_STATUS find_subject(IMA_OID oid, struct subject *s)
{
	const struct lu *lu;
	IMA_STATUS status;
	void *object;

	LOCKED(&plugin.lock);
	object = find_object(oid, FRESH, &status);
	if (!object)
		return status;
	if (oid.objectType == IMA_OBJECT_TYPE_TARGET)
		return add_target(s, object);
	lu = object;
	return lu->path_count ? status_from_errno(add_disks(s, lu))
			      : IMA_ERROR_LU_NOT_EXPOSED;
}

/* The counters of the transport and where they are added. */
static const struct {
	const char *name;
	size_t offset;
} counters[] = {
	{ "txdata_octets", offsetof(IMA_DEVICE_STATISTICS, iScsiPduBytesSent) },
	{ "rxdata_octets", offsetof(IMA_DEVICE_STATISTICS, iScsiPduBytesReceived) },
	{ "noptx_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusSent) },
	{ "scsicmd_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusSent) },
	{ "tmfcmd_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusSent) },
	{ "login_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusSent) },
	{ "text_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusSent) },
	{ "dataout_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusSent) },
	{ "logout_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusSent) },
	{ "snack_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusSent) },
	{ "noprx_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
	{ "scsirsp_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
	{ "tmfrsp_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
	{ "textrsp_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
	{ "datain_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
	{ "logoutrsp_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
	{ "r2t_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
	{ "async_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
	{ "rjt_pdus", offsetof(IMA_DEVICE_STATISTICS, iScsiPdusReceived) },
};

static void add_counter(IMA_DEVICE_STATISTICS *stats, const char *name, uint64_t value)
{
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		IMA_UINT64 sum;
		char *at = (char *)stats + counters[i].offset;

		if (strcmp(counters[i].name, name))
			continue;
		memcpy(&sum, at, sizeof(sum));
		sum += value;
		memcpy(at, &sum, sizeof(sum));
	}
}

/* "	txdata_octets: 4020" */
static void take_counters(IMA_DEVICE_STATISTICS *stats, char *text)
{
	for (char *line; (line = strsep(&text, "\n")) != NULL;) {
		char *colon = strchr(line, ':');
		uint64_t value;

		line += strspn(line, " \t");
		if (!colon || colon < line)
			continue;
		*colon++ = 0;
		colon += strspn(colon, " ");
		if (!number_parse(colon, 0, UINT64_MAX, &value))
			add_counter(stats, line, value);
	}
}

/* Where the kernel does not answer us, open-iscsi may ask for us. */
static IMA_STATUS ask_iscsiadm(uint32_t sid, IMA_DEVICE_STATISTICS *stats)
{
	struct child_output _cleanup_output_ output = { 0 };
	struct args args = { 0 };
	IMA_STATUS status;

	args_add_all(&args, (const char *const[]){ "-m", "session", "-r", NULL });
	args_addf(&args, "%u", sid);
	args_add(&args, "-s");
	status = iscsiadm_run(&plugin.world, &args, NULL, &output, NULL,
			      "read the counters of session %u", sid);
	if (!IMA_ERROR(status))
		take_counters(stats, output.text);
	return status;
}

static IMA_STATUS read_session(uint32_t sid, IMA_DEVICE_STATISTICS *stats)
{
	struct counters told = { 0 };
	int err = plugin.world.counters(&plugin.world, sid, host_deadline(), &told);

	/* A session that ended meanwhile has no counters any more. */
	if (err && err != -ENODEV)
		return ask_iscsiadm(sid, stats);
	stats->iScsiPduBytesSent += told.bytes_sent;
	stats->iScsiPduBytesReceived += told.bytes_received;
	stats->iScsiPdusSent += told.pdus_sent;
	stats->iScsiPdusReceived += told.pdus_received;
	return IMA_STATUS_SUCCESS;
}

/* Words of the block layer's "stat": reads, merged, sectors, ms, writes, merged, sectors, ms. */
static void take_disk(IMA_DEVICE_STATISTICS *stats, char *text)
{
	uint64_t words[8] = { 0 };
	size_t n = 0;

	for (char *word; n < ARRAY_SIZE(words) && (word = strsep(&text, " ")) != NULL;)
		if (*word && number_parse(word, 0, UINT64_MAX, &words[n++]))
			return;
	stats->scsiPayloadBytesReceived += words[2] * SECTOR;
	stats->millisecondsSpentReceiving += words[3];
	stats->scsiPayloadBytesSent += words[6] * SECTOR;
	stats->millisecondsSpentSending += words[7];
}

static void read_disk(const struct disk *disk, IMA_DEVICE_STATISTICS *stats)
{
	char path[128], text[512];

	snprintf(path, sizeof(path), "block/%s/stat", disk->name);
	if (attr_read(plugin.world.sysfs, path, text, sizeof(text)) > 0)
		take_disk(stats, text);
}

IMA_STATUS IMA_GetDeviceStatistics(IMA_OID oid, IMA_DEVICE_STATISTICS *pStats)
{
	struct subject _cleanup_(free_subject) subject = { 0 };
	IMA_STATUS status = find_subject(oid, &subject);
	const uint32_t *sids = subject.sids.data;
	const struct disk *disks = subject.disks.data;

	if (IMA_ERROR(status))
		return status;
	memset(pStats, 0, sizeof(*pStats));
	for (size_t i = 0; i < subject.disks.count; i++)
		read_disk(&disks[i], pStats);
	/* Without the right to ask the transport its counters are 0, as those that are not kept. */
	for (size_t i = 0; plugin.world.privileged && i < subject.sids.count; i++) {
		status = read_session(sids[i], pStats);
		if (IMA_ERROR(status))
			return status;
	}
	return IMA_STATUS_SUCCESS;
}

/* --- Failures ------------------------------------------------------------------------------------ */

struct failures {
	struct object *target;
	uint32_t sessions, digests, timeouts, formats;
};

static struct array all_failures; /* struct failures */
static pthread_mutex_t failures_lock = PTHREAD_MUTEX_INITIALIZER;

/* The kernel's reasons, 1000 and up. */
enum {
	ERR_FIRST_FORMAT = 1001,
	ERR_LAST_FORMAT = 1010,
	ERR_R2TSN = 1012,
	ERR_HDR_DGST = 1014,
	ERR_DATA_DGST = 1015,
	ERR_NO_SCSI_CMD = 1017,
	ERR_NOP_TIMEDOUT = 1022,
};

static bool is_format(uint32_t error)
{
	return (error >= ERR_FIRST_FORMAT && error <= ERR_LAST_FORMAT) ||
	       error == ERR_R2TSN || error == ERR_NO_SCSI_CMD;
}

static struct failures *failures_of(struct object *target)
{
	struct failures *list = all_failures.data, *added;

	for (size_t i = 0; i < all_failures.count; i++)
		if (list[i].target == target)
			return &list[i];
	added = array_add(&all_failures, sizeof(*added));
	if (added)
		added->target = target;
	return added;
}

static struct object *object_of_session(uint32_t sid)
{
	LOCKED(&plugin.lock);
	for_each_item(struct session, s, &plugin.source.model->sessions)
		if (s->sys->sid == sid)
			return s->target->item.object;
	return NULL;
}

void statistics_connection_error(uint32_t sid, uint32_t error)
{
	struct object *target = object_of_session(sid);
	struct failures *f;

	if (!target)
		return;
	LOCKED(&failures_lock);
	f = failures_of(target);
	if (!f)
		return;
	f->sessions++;
	f->digests += error == ERR_HDR_DGST || error == ERR_DATA_DGST;
	f->timeouts += error == ERR_NOP_TIMEDOUT;
	f->formats += is_format(error);
}

void statistics_forget(void)
{
	LOCKED(&failures_lock);
	array_free(&all_failures);
}

static void fill_failures(IMA_TARGET_ERROR_STATISTICS *stats, const struct failures *f)
{
	stats->sessionFailedCountValid = IMA_TRUE;
	stats->sessionFailedCount = f->sessions;
	stats->headerOrDigestSessionFailedCountValid = IMA_TRUE;
	stats->headerOrDigestSessionFailedCount = f->digests;
	stats->timeLimitExceededSessionFailedCountValid = IMA_TRUE;
	stats->timeLimitExceededSessionFailedCount = f->timeouts;
	stats->formatErrorSessionFailedCountValid = IMA_TRUE;
	stats->formatErrorSessionFailedCount = f->formats;
	stats->closedConnectionDueToTimeoutCountValid = IMA_TRUE;
	stats->closedConnectionDueToTimeoutCount = f->timeouts;
}

IMA_STATUS IMA_GetTargetErrorStatistics(IMA_OID targetOid,
					IMA_TARGET_ERROR_STATISTICS *pStats)
{
	const struct target *t;
	struct object *object;
	struct failures *f;
	IMA_STATUS status;
	int err;

	{
		LOCKED(&plugin.lock);
		t = find_object(targetOid, FRESH_ENOUGH, &status);
		if (!t)
			return status;
		object = t->item.object;
	}
	err = listener_start();
	if (err)
		return status_from_errno(err);
	memset(pStats, 0, sizeof(*pStats));
	if (!listener_hears_failures())
		return IMA_STATUS_SUCCESS;
	LOCKED(&failures_lock);
	f = failures_of(object);
	if (!f)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	fill_failures(pStats, f);
	return IMA_STATUS_SUCCESS;
}

/* --- Switches -------------------------------------------------------------------------------------- */

static IMA_STATUS find_any(IMA_OID oid)
{
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	if (oid.objectType == IMA_OBJECT_TYPE_PNP ||
	    oid.objectType == IMA_OBJECT_TYPE_PHBA)
		find_port_object(oid, &status);
	else
		find_object(oid, FRESH_ENOUGH, &status);
	return status;
}

IMA_STATUS IMA_GetStatisticsProperties(IMA_OID oid, IMA_STATISTICS_PROPERTIES *pProps)
{
	IMA_STATUS status = find_any(oid);

	if (IMA_ERROR(status))
		return status;
	pProps->statisticsCollectionSettable = IMA_FALSE;
	pProps->statisticsCollectionEnabled = oid.objectType == IMA_OBJECT_TYPE_PNP
						      ? IMA_FALSE
						      : IMA_TRUE;
	return IMA_STATUS_SUCCESS;
}

/* What is always on can be switched on, and what is always off off. */
IMA_STATUS IMA_SetStatisticsCollection(IMA_OID oid, IMA_BOOL enableStatisticsCollection)
{
	IMA_STATUS status = find_any(oid);
	IMA_BOOL is = oid.objectType == IMA_OBJECT_TYPE_PHBA ? IMA_FALSE : IMA_TRUE;

	if (IMA_ERROR(status) || enableStatisticsCollection == is)
		return status;
	return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			 "the kernel decides what is counted");
}

IMA_STATUS IMA_GetPnpStatistics(IMA_OID pnpOid, IMA_PNP_STATISTICS *pStats)
{
	IMA_STATUS status = find_any(pnpOid);

	(void)pStats;
	return IMA_ERROR(status) ? status : IMA_ERROR_STATS_COLLECTION_NOT_ENABLED;
}
