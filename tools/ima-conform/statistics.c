// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * statistics.c - collecting statistics: the switch, and counters that are only there when it
 * is on.
 */
#include "check.h"
#include "shared/cleanup.h"

/* The function that reads the counters of an object, as one call. */
static IMA_STATUS read_device(IMA_OID oid)
{
	IMA_DEVICE_STATISTICS stats;

	return IMA_GetDeviceStatistics(oid, &stats);
}

static IMA_STATUS read_errors(IMA_OID oid)
{
	IMA_TARGET_ERROR_STATISTICS stats;

	return IMA_GetTargetErrorStatistics(oid, &stats);
}

static IMA_STATUS read_port(IMA_OID oid)
{
	IMA_PNP_STATISTICS stats;

	return IMA_GetPnpStatistics(oid, &stats);
}

static const struct counters {
	enum function_index fn;
	uint32_t objects;
	IMA_STATUS (*read)(IMA_OID);
} counters[] = {
	{ FN_IMA_GetDeviceStatistics, TARGET | LU, read_device },
	{ FN_IMA_GetTargetErrorStatistics, TARGET, read_errors },
	{ FN_IMA_GetPnpStatistics, PNP, read_port },
};

/* Off means "not enabled"; "not exposed" may come first. */
static void check_counters(struct run *run, IMA_OID oid, IMA_BOOL enabled)
{
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		IMA_STATUS status;

		if (!(counters[i].objects & 1u << oid.objectType))
			continue;
		call_begin(run);
		status = call_end(run, counters[i].fn, oid, counters[i].read(oid));
		if (status == IMA_ERROR_LU_NOT_EXPOSED ||
		    status == IMA_ERROR_NOT_SUPPORTED)
			continue;
		check(run, counters[i].fn, RULE_STATE,
		      enabled ? IMA_SUCCESS(status)
			      : status == IMA_ERROR_STATS_COLLECTION_NOT_ENABLED,
		      oid, "collection is %s, but the answer is %s",
		      enabled ? "on" : "off", IMAX_StatusName(status));
	}
}

static IMA_BOOL is_enabled(IMA_OID oid)
{
	IMA_STATISTICS_PROPERTIES props = { 0 };

	IMA_GetStatisticsProperties(oid, &props);
	return props.statisticsCollectionEnabled;
}

static void toggle(struct run *run, IMA_OID object, IMA_OID switched, IMA_BOOL was)
{
	IMA_STATUS status = CALL(run, IMA_SetStatisticsCollection, switched, switched,
				 !was);

	check(run, FN_IMA_SetStatisticsCollection, RULE_SETS, IMA_SUCCESS(status),
	      switched, "answered %s", IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS) {
		check(run, FN_IMA_SetStatisticsCollection, RULE_SETS,
		      is_enabled(object) == !was, object, "collection is still %s",
		      was ? "on" : "off");
		check_counters(run, object, !was);
	}
	status = CALL(run, IMA_SetStatisticsCollection, switched, switched, !was);
	check(run, FN_IMA_SetStatisticsCollection, RULE_REPEAT, IMA_SUCCESS(status),
	      switched, "answered %s when switched again", IMAX_StatusName(status));
	CALL(run, IMA_SetStatisticsCollection, switched, switched, was);
}

/* The switch of a port is that of its PHBA. */
static IMA_OID switch_of(IMA_OID oid)
{
	IMA_PNP_PROPERTIES pnp;

	if (oid.objectType == IMA_OBJECT_TYPE_PNP &&
	    IMA_SUCCESS(IMA_GetPnpProperties(oid, &pnp)))
		return pnp.associatedPhbaOid;
	return oid;
}

/* As with discovery methods: "it is so already" will do, taking the other value will not. */
static void check_fixed(struct run *run, IMA_OID switched, IMA_BOOL is)
{
	enum function_index fn = FN_IMA_SetStatisticsCollection;
	IMA_STATUS status = CALL(run, IMA_SetStatisticsCollection, switched, switched,
				 is);

	check(run, fn, RULE_NOT_SETTABLE,
	      status == IMA_ERROR_NOT_SUPPORTED || IMA_SUCCESS(status), switched,
	      "answered %s to what is already so", IMAX_StatusName(status));
	if (!run->options.destructive)
		return;
	status = CALL(run, IMA_SetStatisticsCollection, switched, switched, !is);
	check(run, fn, RULE_NOT_SETTABLE, status == IMA_ERROR_NOT_SUPPORTED, switched,
	      "answered %s", IMAX_StatusName(status));
	if (IMA_SUCCESS(status))
		IMA_SetStatisticsCollection(switched, is);
}

static void check_object(struct run *run, IMA_OID oid)
{
	IMA_STATISTICS_PROPERTIES props;
	IMA_OID switched = switch_of(oid);

	if (IMA_ERROR(IMA_GetStatisticsProperties(oid, &props)))
		return;
	check_counters(run, oid, props.statisticsCollectionEnabled);
	if (!props.statisticsCollectionSettable) {
		check_fixed(run, switched, props.statisticsCollectionEnabled);
		return;
	}
	if (run->options.destructive)
		toggle(run, oid, switched, props.statisticsCollectionEnabled);
	else
		unchecked(run, FN_IMA_SetStatisticsCollection, RULE_SETS,
			  "needs --destructive");
}

void check_statistics(struct run *run)
{
	static const IMA_OBJECT_TYPE types[] = { IMA_OBJECT_TYPE_TARGET,
						 IMA_OBJECT_TYPE_LU,
						 IMA_OBJECT_TYPE_PNP };
	IMA_OID phba = unknown_object(run, IMA_OBJECT_TYPE_PHBA);
	IMA_STATUS status = CALL(run, IMA_SetStatisticsCollection, phba, phba, IMA_TRUE);

	check_unknown(run, FN_IMA_SetStatisticsCollection, phba, status);
	for (size_t t = 0; t < ARRAY_SIZE(types); t++)
		for (size_t i = 0; i < sample_count(run, types[t]); i++)
			check_object(run, run->objects[types[t]].oid[i]);
}

/* --- IMA_PluginIOctl --- */

void check_ioctl(struct run *run)
{
	IMA_OID unknown = run->plugin;
	IMA_STATUS status = CALL(run, IMA_PluginIOctl, run->plugin, run->plugin, ~0UL,
				 NULL, 0, NULL, NULL);

	check(run, FN_IMA_PluginIOctl, RULE_RANGE, status == IMA_ERROR_NOT_SUPPORTED,
	      run->plugin, "a command number nobody uses answered %s",
	      IMAX_StatusName(status));
	/* Numbers that are used are the vendor's; refusing this one is all there is to see. */
	run->served[FN_IMA_PluginIOctl] = true;
	unknown.objectSequenceNumber = 77;
	status = CALL(run, IMA_PluginIOctl, unknown, unknown, ~0UL, NULL, 0, NULL, NULL);
	check(run, FN_IMA_PluginIOctl, RULE_UNKNOWN_OBJECT,
	      status == IMA_ERROR_OBJECT_NOT_FOUND || status == IMA_ERROR_NOT_SUPPORTED,
	      unknown, "answered %s", IMAX_StatusName(status));
}
