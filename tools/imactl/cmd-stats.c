// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-stats.c - counters of targets, logical units and ports.
 */
#include "commands.h"

#include <string.h>

#include "command.h"
#include "doc.h"
#include "find.h"
#include "output.h"

/* What counters are asked for: a target, an LU or a port. */
struct counted {
	IMA_OID oid;
	const char *name; /* for messages */
	const char *target, *lun, *pnp;
};

static int counted_pnp(struct context *c, struct counted *counted)
{
	const struct object *pnp;
	int err;

	if (arg(c, 0))
		return refused(c, EXIT_USAGE, "give a target or --pnp, not both");
	err = object_get(c, IMA_OBJECT_TYPE_PNP, c->option[OPT_PNP], &pnp);
	if (!err)
		*counted = (struct counted){ .oid = pnp->oid,
					     .name = pnp->name,
					     .pnp = pnp->name };
	return err;
}

static int counted_lu(struct context *c, struct counted *counted)
{
	struct lu lu;
	int err = lu_get(c, 0, &lu);

	if (err)
		return err;
	*counted = (struct counted){ .oid = lu.oid,
				     .target = lu.target.name,
				     .lun = lu.text };
	counted->name = keep_text(c,
				  text_format("LUN %s of %s", lu.text, lu.target.name));
	return EXIT_DONE;
}

static int counted_get(struct context *c, struct counted *counted)
{
	struct target target;
	int err;

	if (given(c, OPT_PNP))
		return counted_pnp(c, counted);
	if (!arg(c, 0))
		return refused(c, EXIT_USAGE, "TARGET is missing: imactl %s %s --help",
			       c->command->noun, c->command->verb);
	if (arg(c, 1) || arg(c, 0)[0] == '/')
		return counted_lu(c, counted);
	err = target_get(c, arg(c, 0), &target);
	if (!err)
		*counted = (struct counted){ .oid = target.oid,
					     .name = target.name,
					     .target = target.name };
	return err;
}

/* A counter of a structure. */
struct counter {
	const char *key;
	size_t offset;
	size_t valid; /* of its flag; 0: it has none */
	unsigned char size;
};

static uint64_t value_at(const void *stats, const struct counter *counter)
{
	const char *at = (const char *)stats + counter->offset;
	IMA_UINT64 wide;
	IMA_UINT32 narrow;

	if (counter->size == sizeof(narrow)) {
		memcpy(&narrow, at, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, at, sizeof(wide));
	return wide;
}

static bool is_valid(const void *stats, const struct counter *counter)
{
	IMA_BOOL valid = IMA_TRUE;

	if (counter->valid)
		memcpy(&valid, (const char *)stats + counter->valid - 1, sizeof(valid));
	return valid == IMA_TRUE;
}

static void add_counters(struct json_object *doc, const void *stats,
			 const struct counter *counters, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_valid(stats, &counters[i]))
			doc_number(doc, counters[i].key, value_at(stats, &counters[i]));
		else
			doc_null(doc, counters[i].key);
}

#define COUNTER(type, member)                                                            \
	{                                                                                \
#member, offsetof(type, member), 0, sizeof(((const type *)NULL)->member) \
	}
#define FLAGGED(type, member)                                                       \
	{                                                                           \
#member, offsetof(type, member), offsetof(type, member##Valid) + 1, \
			sizeof(((const type *)NULL)->member)                        \
	}

static IMA_STATUS add_traffic(struct context *c, struct json_object *doc, IMA_OID oid)
{
	static const struct counter counters[] = {
		COUNTER(IMA_DEVICE_STATISTICS, scsiPayloadBytesSent),
		COUNTER(IMA_DEVICE_STATISTICS, scsiPayloadBytesReceived),
		COUNTER(IMA_DEVICE_STATISTICS, iScsiPduBytesSent),
		COUNTER(IMA_DEVICE_STATISTICS, iScsiPduBytesReceived),
		COUNTER(IMA_DEVICE_STATISTICS, iScsiPdusSent),
		COUNTER(IMA_DEVICE_STATISTICS, iScsiPdusReceived),
		COUNTER(IMA_DEVICE_STATISTICS, millisecondsSpentSending),
		COUNTER(IMA_DEVICE_STATISTICS, millisecondsSpentReceiving),
	};
	IMA_DEVICE_STATISTICS stats;
	IMA_STATUS status = CALL(c, IMA_GetDeviceStatistics, oid, &stats);
	struct json_object *traffic = IMA_ERROR(status) ? NULL : doc_new();

	if (traffic)
		add_counters(traffic, &stats, counters, ARRAY_SIZE(counters));
	doc_add(doc, "traffic", traffic);
	return status;
}

static IMA_STATUS add_errors(struct context *c, struct json_object *doc, IMA_OID oid)
{
	static const IMA_DATETIME never;
	static const struct counter counters[] = {
		FLAGGED(IMA_TARGET_ERROR_STATISTICS, loginFailedCount),
		FLAGGED(IMA_TARGET_ERROR_STATISTICS, sessionFailedCount),
		FLAGGED(IMA_TARGET_ERROR_STATISTICS, headerOrDigestSessionFailedCount),
		FLAGGED(IMA_TARGET_ERROR_STATISTICS, timeLimitExceededSessionFailedCount),
		FLAGGED(IMA_TARGET_ERROR_STATISTICS, formatErrorSessionFailedCount),
		FLAGGED(IMA_TARGET_ERROR_STATISTICS, closedConnectionDueToTimeoutCount),
	};
	IMA_TARGET_ERROR_STATISTICS stats;
	IMA_STATUS status = CALL(c, IMA_GetTargetErrorStatistics, oid, &stats);
	struct json_object *errors = IMA_ERROR(status) ? NULL : doc_new();

	if (errors) {
		add_counters(errors, &stats, counters, ARRAY_SIZE(counters));
		doc_time(errors, "lastLoginFailureTime",
			 stats.lastLoginFailureTimeValid == IMA_TRUE
				 ? &stats.lastLoginFailureTime
				 : &never);
	}
	doc_add(doc, "errors", errors);
	return status;
}

static IMA_STATUS add_port(struct context *c, struct json_object *doc, IMA_OID oid)
{
	static const struct counter counters[] = {
		COUNTER(IMA_PNP_STATISTICS, bytesSent),
		COUNTER(IMA_PNP_STATISTICS, pdusSent),
		COUNTER(IMA_PNP_STATISTICS, bytesReceived),
		COUNTER(IMA_PNP_STATISTICS, pdusReceived),
	};
	IMA_PNP_STATISTICS stats;
	IMA_STATUS status = CALL(c, IMA_GetPnpStatistics, oid, &stats);
	struct json_object *traffic = IMA_ERROR(status) ? NULL : doc_new();

	if (traffic)
		add_counters(traffic, &stats, counters, ARRAY_SIZE(counters));
	doc_add(doc, "traffic", traffic);
	return status;
}

/*
 * All counters there are. A target without an exposed LU has no traffic but errors: that is a
 * warning; nothing at all is a failure.
 */
static int add_all(struct context *c, struct json_object *doc,
		   const struct counted *counted)
{
	IMA_STATUS errors;
	bool is_target = counted->target && !counted->lun;

	errors = is_target ? add_errors(c, doc, counted->oid) : IMA_ERROR_NOT_SUPPORTED;
	if (is_target && IMA_ERROR(errors))
		return failed(c, errors, counted->name, "cannot read the counters of %s",
			      counted->name);
	errors = counted->pnp ? add_port(c, doc, counted->oid)
			      : add_traffic(c, doc, counted->oid);
	if (IMA_ERROR(errors) && is_target)
		warn_failed(c, errors, counted->name, "cannot read the traffic of %s",
			    counted->name);
	else if (IMA_ERROR(errors))
		return failed(c, errors, counted->name, "cannot read the counters of %s",
			      counted->name);
	return EXIT_DONE;
}

static void add_collection(struct context *c, struct json_object *doc, IMA_OID oid)
{
	IMA_STATISTICS_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetStatisticsProperties, oid, &props))) {
		doc_null(doc, "collectionEnabled");
		doc_null(doc, "collectionSettable");
		return;
	}
	doc_bool(doc, "collectionEnabled", props.statisticsCollectionEnabled == IMA_TRUE);
	doc_bool(doc, "collectionSettable",
		 props.statisticsCollectionSettable == IMA_TRUE);
}

static const struct column stats_columns[] = {
	{ "Target", "target", NULL, 0, NULL },
	{ "LUN", "lun", NULL, 0, NULL },
	{ "Port", "pnp", NULL, 0, NULL },
	{ "Statistics are collected", "collectionEnabled", NULL, 0, NULL },
	{ "SCSI payload sent", "traffic.scsiPayloadBytesSent", format_bytes, 0, NULL },
	{ "SCSI payload received", "traffic.scsiPayloadBytesReceived", format_bytes, 0,
	  NULL },
	{ "iSCSI PDUs sent", "traffic.iScsiPdusSent", NULL, 0, NULL },
	{ "iSCSI PDUs received", "traffic.iScsiPdusReceived", NULL, 0, NULL },
	{ "Bytes in PDUs sent", "traffic.iScsiPduBytesSent", format_bytes, 0, NULL },
	{ "Bytes in PDUs received", "traffic.iScsiPduBytesReceived", format_bytes, 0,
	  NULL },
	{ "Milliseconds spent sending", "traffic.millisecondsSpentSending", NULL, 0,
	  NULL },
	{ "Milliseconds spent receiving", "traffic.millisecondsSpentReceiving", NULL, 0,
	  NULL },
	{ "Bytes sent", "traffic.bytesSent", format_bytes, 0, NULL },
	{ "Bytes received", "traffic.bytesReceived", format_bytes, 0, NULL },
	{ "PDUs sent", "traffic.pdusSent", NULL, 0, NULL },
	{ "PDUs received", "traffic.pdusReceived", NULL, 0, NULL },
	{ "Failed logins", "errors.loginFailedCount", NULL, 0, NULL },
	{ "Last failed login", "errors.lastLoginFailureTime", NULL, 0, NULL },
	{ "Failed sessions", "errors.sessionFailedCount", NULL, 0, NULL },
	{ "... for a header or digest", "errors.headerOrDigestSessionFailedCount", NULL,
	  0, NULL },
	{ "... for a time limit", "errors.timeLimitExceededSessionFailedCount", NULL, 0,
	  NULL },
	{ "... for a format error", "errors.formatErrorSessionFailedCount", NULL, 0,
	  NULL },
	{ "Connections closed for a timeout", "errors.closedConnectionDueToTimeoutCount",
	  NULL, 0, NULL },
};

int stats_show(struct context *c)
{
	static const struct view view = VIEW(LAYOUT_RECORD, "stats-show", stats_columns);
	struct counted counted;
	struct json_object *doc;
	int err = counted_get(c, &counted);

	if (err)
		return err;
	doc = doc_new();
	if (counted.pnp)
		doc_text(doc, "pnp", counted.pnp);
	else
		doc_text(doc, "target", counted.target);
	if (counted.lun)
		doc_text(doc, "lun", counted.lun);
	add_collection(c, doc, counted.oid);
	err = add_all(c, doc, &counted);
	if (!err)
		return output_document(c, &view, doc);
	json_object_put(doc);
	return err;
}

/* --- switch ---------------------------------------------------------------------------------- */

/* A PHBA, which switches its ports, a target or an LU. */
static int switched_get(struct context *c, struct counted *counted)
{
	const struct object *phba;
	int err;

	if (!given(c, OPT_PHBA))
		return counted_get(c, counted);
	if (arg(c, 0))
		return refused(c, EXIT_USAGE, "give a target or --phba, not both");
	err = object_get(c, IMA_OBJECT_TYPE_PHBA, c->option[OPT_PHBA], &phba);
	if (!err)
		*counted = (struct counted){ .oid = phba->oid, .name = phba->name };
	return err;
}

static int switch_stats(struct context *c, bool enable)
{
	const char *word = enable ? "collected" : "not collected";
	IMA_STATISTICS_PROPERTIES props;
	struct counted counted;
	IMA_STATUS status;
	bool was;
	int err = switched_get(c, &counted);

	if (err)
		return err;
	was = counted.target &&
	      IMA_SUCCESS(CALL(c, IMA_GetStatisticsProperties, counted.oid, &props)) &&
	      (props.statisticsCollectionEnabled == IMA_TRUE) == enable;
	/* Switching on what is on would set the counters back. */
	status = was ? IMA_STATUS_SUCCESS
		     : CALL(c, IMA_SetStatisticsCollection, counted.oid, enable);
	if (IMA_ERROR(status))
		return failed(c, status, counted.name,
			      "cannot switch statistics of %s %s", counted.name,
			      enable ? "on" : "off");
	return output_change(c, !was, status, counted.name, "statistics of %s are %s%s",
			     counted.name, word,
			     was ? enable ? " already" : " anyway" : "");
}

int stats_enable(struct context *c)
{
	return switch_stats(c, true);
}

int stats_disable(struct context *c)
{
	return switch_stats(c, false);
}
