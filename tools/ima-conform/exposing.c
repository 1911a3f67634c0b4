// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * exposing.c - exposing and hiding LUs, and the stale data of an LHBA.
 */
#include "check.h"

static bool is_listed(IMA_OID target, IMA_OID lu)
{
	IMA_OID_LIST *list = NULL;
	bool listed = false;

	if (IMA_ERROR(IMA_GetLuOidList(target, &list)))
		return false;
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		listed |= same_object(list->oids[i], lu);
	IMA_FreeMemory(list);
	return listed;
}

static bool exposing_supported(const IMA_LU_PROPERTIES *lu)
{
	IMA_TARGET_PROPERTIES target;
	IMA_LHBA_PROPERTIES lhba;

	return IMA_SUCCESS(IMA_GetTargetProperties(lu->associatedTargetOid, &target)) &&
	       IMA_SUCCESS(IMA_GetLhbaProperties(target.associatedLhbaOid, &lhba)) &&
	       lhba.luExposingSupported;
}

static void expect(struct run *run, enum function_index fn, enum rule rule, IMA_OID lu,
		   IMA_STATUS status, IMA_STATUS expected)
{
	check(run, fn, rule, status == expected, lu, "answered %s, not %s",
	      IMAX_StatusName(status), IMAX_StatusName(expected));
}

static void check_unsupported(struct run *run, IMA_OID lu)
{
	expect(run, FN_IMA_ExposeLu, RULE_NOT_SETTABLE, lu,
	       CALL(run, IMA_ExposeLu, lu, lu), IMA_ERROR_NOT_SUPPORTED);
	expect(run, FN_IMA_UnexposeLu, RULE_NOT_SETTABLE, lu,
	       CALL(run, IMA_UnexposeLu, lu, lu), IMA_ERROR_NOT_SUPPORTED);
}

static IMA_STATUS move(struct run *run, IMA_OID lu, bool expose)
{
	return expose ? CALL(run, IMA_ExposeLu, lu, lu)
		      : CALL(run, IMA_UnexposeLu, lu, lu);
}

/* The machine's state, not a fault. */
static bool is_excuse(IMA_STATUS status)
{
	return status == IMA_ERROR_LU_IN_USE || status == IMA_ERROR_TARGET_TIMEOUT ||
	       status == IMA_ERROR_LOGIN_REJECTED;
}

static void move_and_back(struct run *run, IMA_OID lu, const IMA_LU_PROPERTIES *was)
{
	enum function_index fn = was->exposedToOs ? FN_IMA_UnexposeLu : FN_IMA_ExposeLu;
	IMA_LU_PROPERTIES is;
	IMA_STATUS status = move(run, lu, !was->exposedToOs);

	if (is_excuse(status))
		return;
	check(run, fn, RULE_SETS, IMA_SUCCESS(status), lu, "answered %s",
	      IMAX_StatusName(status));
	if (status == IMA_STATUS_SUCCESS && IMA_SUCCESS(IMA_GetLuProperties(lu, &is))) {
		check(run, fn, RULE_SETS, is.exposedToOs != was->exposedToOs, lu,
		      "exposedToOs did not change");
		check(run, fn, RULE_SETS,
		      is_listed(was->associatedTargetOid, lu) == is.exposedToOs, lu,
		      "the list of exposed LUs did not change");
	}
	if (IMA_SUCCESS(status))
		move(run, lu, was->exposedToOs);
}

static void check_lu(struct run *run, IMA_OID lu)
{
	IMA_LU_PROPERTIES was;

	if (IMA_ERROR(IMA_GetLuProperties(lu, &was)))
		return;
	check(run, FN_IMA_GetLuOidList, RULE_COHERENT,
	      is_listed(was.associatedTargetOid, lu) == was.exposedToOs, lu,
	      "it is %sexposed, but %slisted", was.exposedToOs ? "" : "not ",
	      was.exposedToOs ? "not " : "");
	if (!exposing_supported(&was)) {
		check_unsupported(run, lu);
		return;
	}
	if (was.exposedToOs)
		expect(run, FN_IMA_ExposeLu, RULE_STATE, lu,
		       CALL(run, IMA_ExposeLu, lu, lu), IMA_ERROR_LU_EXPOSED);
	else
		expect(run, FN_IMA_UnexposeLu, RULE_STATE, lu,
		       CALL(run, IMA_UnexposeLu, lu, lu), IMA_ERROR_LU_NOT_EXPOSED);
	if (run->options.destructive)
		move_and_back(run, lu, &was);
	else
		unchecked(run, was.exposedToOs ? FN_IMA_UnexposeLu : FN_IMA_ExposeLu,
			  RULE_SETS, "needs --destructive");
}

static void check_stale_data(struct run *run, IMA_OID lhba)
{
	IMA_LHBA_PROPERTIES props;
	IMA_STATUS status;

	if (IMA_ERROR(IMA_GetLhbaProperties(lhba, &props)))
		return;
	if (props.staleDataRemovable && !run->options.destructive) {
		unchecked(run, FN_IMA_RemoveStaleData, RULE_SETS, "needs --destructive");
		return;
	}
	status = CALL(run, IMA_RemoveStaleData, lhba, lhba);
	if (!props.staleDataRemovable) {
		expect(run, FN_IMA_RemoveStaleData, RULE_NOT_SETTABLE, lhba, status,
		       IMA_ERROR_NOT_SUPPORTED);
		return;
	}
	expect(run, FN_IMA_RemoveStaleData, RULE_SETS, lhba, status, IMA_STATUS_SUCCESS);
	if (IMA_SUCCESS(IMA_GetLhbaProperties(lhba, &props)))
		check(run, FN_IMA_RemoveStaleData, RULE_SETS, !props.staleDataSize, lhba,
		      "staleDataSize is still %lu", props.staleDataSize);
	expect(run, FN_IMA_RemoveStaleData, RULE_REPEAT, lhba,
	       CALL(run, IMA_RemoveStaleData, lhba, lhba), IMA_STATUS_SUCCESS);
}

void check_exposing(struct run *run)
{
	IMA_OID lu = unknown_object(run, IMA_OBJECT_TYPE_LU);
	IMA_OID lhba = unknown_object(run, IMA_OBJECT_TYPE_LHBA);

	check_unknown(run, FN_IMA_ExposeLu, lu, CALL(run, IMA_ExposeLu, lu, lu));
	check_unknown(run, FN_IMA_UnexposeLu, lu, CALL(run, IMA_UnexposeLu, lu, lu));
	check_unknown(run, FN_IMA_RemoveStaleData, lhba,
		      CALL(run, IMA_RemoveStaleData, lhba, lhba));
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_LU); i++)
		check_lu(run, run->objects[IMA_OBJECT_TYPE_LU].oid[i]);
	for (size_t i = 0; i < sample_count(run, IMA_OBJECT_TYPE_LHBA); i++)
		check_stale_data(run, run->objects[IMA_OBJECT_TYPE_LHBA].oid[i]);
}
