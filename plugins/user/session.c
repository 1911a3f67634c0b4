// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session.c - sessions and connections as objects: what was negotiated.
 */
#include <string.h>

#include "sessions.h"
#include "user.h"

static IMA_STATUS check_owner(IMA_OID oid)
{
	VISIT visit = visit_begin();

	if (visit.status)
		return visit.status;
	return is_lhba(oid) || target_by_oid(oid) ? IMA_STATUS_SUCCESS : not_found(oid);
}

IMA_STATUS IMA_GetSessionOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct oid_list _cleanup_(oid_list_drop) list = { 0 };
	IMA_STATUS status = check_owner(oid);
	int err;

	*ppList = NULL;
	if (status)
		return status;
	err = sessions_list(is_lhba(oid) ? NULL : &oid, &list);
	return status_from_errno(err ? err : oid_list_end(&list, ppList));
}

IMA_STATUS IMA_GetConnectionOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	struct session_view view;

	*ppList = NULL;
	if (!sessions_view(oid, &view))
		return not_found(oid);
	/* One that is lost and is being brought back has none. */
	return status_from_errno(view.is_connected ? oid_list_one(view.connection, ppList)
						   : oid_list_empty(ppList));
}

static IMA_BOOL flag(const struct iscsi_result *result, enum iscsi_param param)
{
	return result->params.value[param] ? IMA_TRUE : IMA_FALSE;
}

static IMA_UINT16 number(const struct iscsi_result *result, enum iscsi_param param)
{
	uint32_t value = result->params.value[param];

	return value > UINT16_MAX ? UINT16_MAX : (IMA_UINT16)value;
}

IMA_STATUS IMA_GetSessionProperties(IMA_OID sessionOid, IMA_SESSION_PROPERTIES *pProps)
{
	struct session_view view;
	const struct iscsi_result *result = &view.result;
	const uint32_t *value = result->params.value;

	if (!sessions_view(sessionOid, &view))
		return not_found(sessionOid);
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedLhbaOid = user.lhba->oid;
	pProps->authMethod = result->auth_method == ISCSI_AUTH_NONE ? IMA_AUTHMETHOD_NONE
								    : IMA_AUTHMETHOD_CHAP;
	pProps->dataPduInOrder = flag(result, ISCSI_DATA_PDU_IN_ORDER);
	pProps->dataSequenceInOrder = flag(result, ISCSI_DATA_SEQUENCE_IN_ORDER);
	pProps->defaultTime2Retain = number(result, ISCSI_DEFAULT_TIME2RETAIN);
	pProps->defaultTime2Wait = number(result, ISCSI_DEFAULT_TIME2WAIT);
	pProps->errorRecoveryLevel = number(result, ISCSI_ERROR_RECOVERY_LEVEL);
	pProps->firstBurstLength = value[ISCSI_FIRST_BURST_LENGTH];
	pProps->immediateData = flag(result, ISCSI_IMMEDIATE_DATA);
	pProps->initialR2T = flag(result, ISCSI_INITIAL_R2T);
	memcpy(pProps->isid, result->isid, sizeof(pProps->isid));
	pProps->maxBurstLength = value[ISCSI_MAX_BURST_LENGTH];
	pProps->maxConnections = number(result, ISCSI_MAX_CONNECTIONS);
	pProps->maxOutstandingR2T = number(result, ISCSI_MAX_OUTSTANDING_R2T);
	pProps->targetPortalGroupTag = (IMA_UINT16)(result->portal_group_tag < 0
							    ? 0
							    : result->portal_group_tag);
	pProps->tsih = result->tsih;
	return IMA_STATUS_SUCCESS;
}

static IMA_DIGEST_TYPE digest(const struct iscsi_result *result, enum iscsi_param param)
{
	return result->params.value[param] == ISCSI_DIGEST_CRC32C ? IMA_DIGEST_CRC32C
								  : IMA_DIGEST_NONE;
}

IMA_STATUS IMA_GetConnectionProperties(IMA_OID connectionOid,
				       IMA_CONNECTION_PROPERTIES *pProps)
{
	struct session_view view;

	if (!sessions_view(connectionOid, &view))
		return not_found(connectionOid);
	memset(pProps, 0, sizeof(*pProps));
	pProps->associatedSessionOid = view.session;
	pProps->connectionId = view.result.cid;
	pProps->headerDigest = digest(&view.result, ISCSI_HEADER_DIGEST);
	pProps->dataDigest = digest(&view.result, ISCSI_DATA_DIGEST);
	/* Markers are obsolete (RFC 7143, 13.25) and never offered. */
	pProps->maxRecvDataSegmentLength =
		view.result.params.value[ISCSI_MAX_RECV_DATA_SEGMENT_LENGTH];
	pProps->maxTransmitDataSegmentLength =
		view.result.target_max_recv_data_segment_length;
	return IMA_STATUS_SUCCESS;
}
