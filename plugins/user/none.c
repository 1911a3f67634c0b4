// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * none.c - functions for objects a software initiator does not have: physical HBAs, ports and
 * network portals. The lists are empty, and every other question names an object that does
 * not exist.
 */
#include "user.h"

static IMA_STATUS no_objects(IMA_OID_LIST **ppList)
{
	return status_from_errno(oid_list_empty(ppList));
}

IMA_STATUS IMA_GetPhbaOidList(IMA_OID_LIST **ppList)
{
	return no_objects(ppList);
}

IMA_STATUS IMA_GetLnpOidList(IMA_OID_LIST **ppList)
{
	return no_objects(ppList);
}

IMA_STATUS IMA_GetNonSharedNodeOidList(IMA_OID_LIST **ppList)
{
	return no_objects(ppList);
}

/* Functions that fill in a structure. */
#define NO_PROPERTIES(function, type)                  \
	IMA_STATUS function(IMA_OID oid, type *pProps) \
	{                                              \
		(void)pProps;                          \
		return not_found(oid);                 \
	}

NO_PROPERTIES(IMA_GetPhbaProperties, IMA_PHBA_PROPERTIES)
NO_PROPERTIES(IMA_GetPhbaStatus, IMA_PHBA_STATUS)
NO_PROPERTIES(IMA_GetPhbaDownloadProperties, IMA_PHBA_DOWNLOAD_PROPERTIES)
NO_PROPERTIES(IMA_GetLnpProperties, IMA_LNP_PROPERTIES)
NO_PROPERTIES(IMA_GetPnpProperties, IMA_PNP_PROPERTIES)
NO_PROPERTIES(IMA_GetPnpStatistics, IMA_PNP_STATISTICS)
NO_PROPERTIES(IMA_GetNetworkPortStatus, IMA_NETWORK_PORT_STATUS)
NO_PROPERTIES(IMA_GetNetworkPortalProperties, IMA_NETWORK_PORTAL_PROPERTIES)
NO_PROPERTIES(IMA_GetIpProperties, IMA_IP_PROPERTIES)

IMA_STATUS IMA_GetPnpOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return not_found(oid);
}

IMA_STATUS IMA_GetNetworkPortalOidList(IMA_OID oid, IMA_OID_LIST **ppList)
{
	*ppList = NULL;
	return not_found(oid);
}

IMA_STATUS IMA_IsPhbaDownloadFile(IMA_OID phbaOid, const IMA_WCHAR *pFileName,
				  IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES *pProps)
{
	(void)pFileName;
	(void)pProps;
	return not_found(phbaOid);
}

IMA_STATUS IMA_PhbaDownload(IMA_OID phbaOid, IMA_PHBA_DOWNLOAD_IMAGE_TYPE imageType,
			    const IMA_WCHAR *pFileName)
{
	(void)imageType;
	(void)pFileName;
	return not_found(phbaOid);
}

IMA_STATUS IMA_SetNetworkPortalIpAddress(IMA_OID networkPortalOid,
					 const IMA_IP_ADDRESS newIpAddress)
{
	(void)newIpAddress;
	return not_found(networkPortalOid);
}

IMA_STATUS IMA_SetIpConfigMethod(IMA_OID oid, IMA_BOOL enableDhcpIpConfiguration)
{
	(void)enableDhcpIpConfiguration;
	return not_found(oid);
}

IMA_STATUS IMA_SetSubnetMask(IMA_OID oid, IMA_IP_ADDRESS subnetMask)
{
	(void)subnetMask;
	return not_found(oid);
}

IMA_STATUS IMA_SetDefaultGateway(IMA_OID oid, IMA_IP_ADDRESS defaultGateway)
{
	(void)defaultGateway;
	return not_found(oid);
}

IMA_STATUS IMA_SetDnsServerAddress(IMA_OID oid,
				   const IMA_IP_ADDRESS *pPrimaryDnsServerAddress,
				   const IMA_IP_ADDRESS *pAlternateDnsServerAddress)
{
	(void)pPrimaryDnsServerAddress;
	(void)pAlternateDnsServerAddress;
	return not_found(oid);
}
