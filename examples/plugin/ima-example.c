// SPDX-License-Identifier: 0BSD
/*
 * ima-example - the smallest plugin that conforms: one software initiator without targets.
 *
 * Copy it and let it grow: list your targets and LUs, make the login keys settable, add the
 * optional functions your initiator has. What is not exported is not supported, so a plugin
 * never needs stubs. ima-plugin(7) has the rules, ima-conform(1) checks them.
 *
 * Every exported function is called by several threads at once; this plugin never changes
 * anything after Initialize, so it needs no lock. A real one also exports the three node
 * functions, because its logins need the name of the shared node {NODE, 0, 0}.
 */
#include <ima-plugin.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Nothing in here may call an exported function: the call would end in libima. */
static IMA_UINT32 owner;

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	owner = ownerId;
	return IMA_STATUS_SUCCESS;
}

/* The library has checked the type and the owner; whether the object exists is ours. */
static int is_lhba(IMA_OID oid)
{
	return oid.objectType == IMA_OBJECT_TYPE_LHBA && oid.objectSequenceNumber == 1;
}

/* A list of nothing, or of our LHBA. The library releases it with our IMA_FreeMemory. */
static IMA_STATUS give_list(IMA_OID_LIST **list, int with_lhba)
{
	IMA_OID lhba = { IMA_OBJECT_TYPE_LHBA, owner, 1 };

	*list = calloc(1, sizeof(**list));
	if (!*list)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	if (with_lhba) {
		(*list)->oidCount = 1;
		(*list)->oids[0] = lhba;
	}
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_FreeMemory(void *pMemory)
{
	free(pMemory);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList)
{
	return give_list(ppList, 1);
}

/* Lists that are empty for our LHBA, and unknown for anything else. */
#define EMPTY_LIST(function)                                                             \
	IMA_STATUS function(IMA_OID oid, IMA_OID_LIST **ppList)                          \
	{                                                                                \
		*ppList = NULL;                                                          \
		return is_lhba(oid) ? give_list(ppList, 0) : IMA_ERROR_OBJECT_NOT_FOUND; \
	}
EMPTY_LIST(IMA_GetTargetOidList)
EMPTY_LIST(IMA_GetLuOidList)
EMPTY_LIST(IMA_GetDiscoveryAddressOidList)
EMPTY_LIST(IMA_GetStaticDiscoveryTargetOidList)

/*
 * Structures that say "no" everywhere: all fields 0. A login key without a valid value is not
 * settable, and its Set function need not be exported.
 */
#define ZEROS(function, type)                              \
	IMA_STATUS function(IMA_OID oid, type *pProps)     \
	{                                                  \
		if (!is_lhba(oid))                         \
			return IMA_ERROR_OBJECT_NOT_FOUND; \
		memset(pProps, 0, sizeof(*pProps));        \
		return IMA_STATUS_SUCCESS;                 \
	}
ZEROS(IMA_GetLhbaProperties, IMA_LHBA_PROPERTIES)
ZEROS(IMA_GetDiscoveryProperties, IMA_DISCOVERY_PROPERTIES)
ZEROS(IMA_GetIpsecProperties, IMA_IPSEC_PROPERTIES)
ZEROS(IMA_GetInitialR2TProperties, IMA_BOOL_VALUE)
ZEROS(IMA_GetImmediateDataProperties, IMA_BOOL_VALUE)
ZEROS(IMA_GetDataPduInOrderProperties, IMA_BOOL_VALUE)
ZEROS(IMA_GetDataSequenceInOrderProperties, IMA_BOOL_VALUE)
ZEROS(IMA_GetMaxConnectionsProperties, IMA_MIN_MAX_VALUE)
ZEROS(IMA_GetMaxRecvDataSegmentLengthProperties, IMA_MIN_MAX_VALUE)
ZEROS(IMA_GetMaxBurstLengthProperties, IMA_MIN_MAX_VALUE)
ZEROS(IMA_GetFirstBurstLengthProperties, IMA_MIN_MAX_VALUE)
ZEROS(IMA_GetDefaultTime2WaitProperties, IMA_MIN_MAX_VALUE)
ZEROS(IMA_GetDefaultTime2RetainProperties, IMA_MIN_MAX_VALUE)
ZEROS(IMA_GetMaxOutstandingR2TProperties, IMA_MIN_MAX_VALUE)
ZEROS(IMA_GetErrorRecoveryLevelProperties, IMA_MIN_MAX_VALUE)

/* Only NONE, and it is in use. The library hands over an array with room for 16. */
static IMA_STATUS give_none(IMA_OID lhba, IMA_UINT *count, IMA_AUTHMETHOD *list)
{
	if (!is_lhba(lhba))
		return IMA_ERROR_OBJECT_NOT_FOUND;
	if (list && *count)
		list[0] = IMA_AUTHMETHOD_NONE;
	*count = 1;
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid, IMA_BOOL getSettableMethods,
				       IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList)
{
	(void)getSettableMethods;
	return give_none(lhbaOid, pMethodCount, pMethodList);
}

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	return give_none(lhbaOid, pMethodCount, pMethodList);
}

IMA_STATUS IMA_GetPluginProperties(IMA_OID pluginOid, IMA_PLUGIN_PROPERTIES *pProps)
{
	if (pluginOid.objectSequenceNumber)
		return IMA_ERROR_OBJECT_NOT_FOUND;
	*pProps = (IMA_PLUGIN_PROPERTIES){ .supportedImaVersion = 1,
					   .vendor = L"Example",
					   .implementationVersion = L"1.0" };
	return IMA_STATUS_SUCCESS;
}
