// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * routed.c - calls that the plugin which owns the object answers.
 *
 * Order of the checks: (1) pointers, booleans and enumerations, here; (2) to (4) type and owner of
 * the object, in call_enter; then, still here, values no plugin can mean; the rest is the
 * plugin's. No lock is taken, and the plugin runs with none held.
 */
#include "api.h"

#include <stdbool.h>
#include <string.h>

#include "call.h"
#include "shared/cleanup.h"

/* Leaves the function with IMA_ERROR_INVALID_PARAMETER if an argument is wrong. */
#define REFUSE_IF(condition, oid, why)                                        \
	do {                                                                  \
		if (unlikely(condition))                                      \
			return call_refuse(__func__, &(oid),                  \
					   IMA_ERROR_INVALID_PARAMETER, why); \
	} while (0)

/* All of a call: finds the plugin, calls it, keeps what went wrong. */
#define ROUTE(oid, types, function, need, ...)                                          \
	({                                                                              \
		struct call call_;                                                      \
		IMA_STATUS status_ = call_enter(&call_, #function, oid, types);         \
                                                                                        \
		if (likely(status_ == IMA_STATUS_SUCCESS))                              \
			status_ = call_leave(&call_, CALL_PLUGIN(call_, function, need, \
								 __VA_ARGS__));         \
		status_;                                                                \
	})

/* The same with a check between the owner and the plugin: "wrong" is NULL or says what is. */
#define ROUTE_CHECKED(oid, types, wrong, function, need, ...)                   \
	({                                                                      \
		struct call call_;                                              \
		IMA_STATUS status_ = call_enter(&call_, #function, oid, types); \
                                                                                \
		if (likely(status_ == IMA_STATUS_SUCCESS)) {                    \
			call_.why = wrong;                                      \
			status_ = unlikely(call_.why != NULL)                   \
					  ? IMA_ERROR_INVALID_PARAMETER         \
					  : CALL_PLUGIN(call_, function, need,  \
							__VA_ARGS__);           \
			status_ = call_leave(&call_, status_);                  \
		}                                                               \
		status_;                                                        \
	})

static bool is_bool(IMA_BOOL value)
{
	return value == IMA_TRUE || value == IMA_FALSE;
}

#define GET(function, types, result_t, need)                                   \
	IMA_STATUS function(IMA_OID oid, result_t *result)                     \
	{                                                                      \
		REFUSE_IF(!result, oid, "the pointer for the result is NULL"); \
		return ROUTE(oid, types, function, need, oid, result);         \
	}

#define SET(function, types, value_t, need)                           \
	IMA_STATUS function(IMA_OID oid, value_t value)               \
	{                                                             \
		return ROUTE(oid, types, function, need, oid, value); \
	}

/* The properties that these calls set have 32 bits. */
#define NUMBER(function, types, need)                                                 \
	IMA_STATUS function(IMA_OID oid, IMA_UINT value)                              \
	{                                                                             \
		return ROUTE_CHECKED(                                                 \
			oid, types,                                                   \
			value > 0xffffffffU ? "the value is above 4294967295" : NULL, \
			function, need, oid, value);                                  \
	}

#define SWITCH(function, types, need)                                     \
	IMA_STATUS function(IMA_OID oid, IMA_BOOL value)                  \
	{                                                                 \
		REFUSE_IF(!is_bool(value), oid,                           \
			  "the value is neither IMA_TRUE nor IMA_FALSE"); \
		return ROUTE(oid, types, function, need, oid, value);     \
	}

#define CHOICE(function, types, value_t, last, need)                  \
	IMA_STATUS function(IMA_OID oid, value_t value)               \
	{                                                             \
		REFUSE_IF((unsigned)value > (last), oid,              \
			  "the value is not one of its enumeration"); \
		return ROUTE(oid, types, function, need, oid, value); \
	}

#define ADDRESS(function, types, need)                                                   \
	IMA_STATUS function(IMA_OID oid, IMA_IP_ADDRESS address)                         \
	{                                                                                \
		REFUSE_IF(                                                               \
			!is_bool(address.ipv4Address), oid,                              \
			"ipv4Address of the address is neither IMA_TRUE nor IMA_FALSE"); \
		return ROUTE(oid, types, function, need, oid, address);                  \
	}

#define DO(function, types, need)                              \
	IMA_STATUS function(IMA_OID oid)                       \
	{                                                      \
		return ROUTE(oid, types, function, need, oid); \
	}
#include "calls.def"

/* Whether the booleans of an address hold booleans. */
static bool is_host(const IMA_HOST_ID *host)
{
	return is_bool(host->hostnameInUse) &&
	       (host->hostnameInUse || is_bool(host->id.ipAddress.ipv4Address));
}

IMA_STATUS IMA_AddDiscoveryAddress(IMA_OID oid, const IMA_TARGET_ADDRESS discoveryAddress,
				   IMA_OID *pDiscoveryAddressOid)
{
	IMA_OID unwanted;

	REFUSE_IF(!is_host(&discoveryAddress.hostnameIpAddress), oid,
		  "a boolean of the discovery address is neither IMA_TRUE nor IMA_FALSE");
	return ROUTE(oid, PNP | LHBA, IMA_AddDiscoveryAddress, MAY, oid, discoveryAddress,
		     pDiscoveryAddressOid ? pDiscoveryAddressOid : &unwanted);
}

IMA_STATUS IMA_AddStaticDiscoveryTarget(
	IMA_OID oid, const IMA_STATIC_DISCOVERY_TARGET staticDiscoveryTarget,
	IMA_OID *pStaticDiscoveryTargetOid)
{
	IMA_OID unwanted;

	REFUSE_IF(!is_host(&staticDiscoveryTarget.targetAddress.hostnameIpAddress), oid,
		  "a boolean of the target address is neither IMA_TRUE nor IMA_FALSE");
	return ROUTE(oid, PNP | LHBA, IMA_AddStaticDiscoveryTarget, MAY, oid,
		     staticDiscoveryTarget,
		     pStaticDiscoveryTargetOid ? pStaticDiscoveryTargetOid : &unwanted);
}

IMA_STATUS IMA_GetLuOid(IMA_OID targetOid, IMA_UINT64 lun, IMA_OID *pluOid)
{
	REFUSE_IF(!pluOid, targetOid, "the pointer for the LU is NULL");
	return ROUTE(targetOid, TARGET, IMA_GetLuOid, MUST, targetOid, lun, pluOid);
}

IMA_STATUS IMA_GetLuOidFromBytes(IMA_OID targetOid, const IMA_BYTE *lun, IMA_OID *pluOid)
{
	IMA_UINT64 integer = 0;

	REFUSE_IF(!lun, targetOid, "the pointer to the LUN is NULL");
	for (int i = 3; i >= 0; i--)
		integer = integer << 16 | (IMA_UINT64)lun[2 * i] << 8 | lun[2 * i + 1];
	return IMA_GetLuOid(targetOid, integer, pluOid);
}

IMA_STATUS IMA_SetNetworkPortalIpAddressByRef(IMA_OID networkPortalOid,
					      const IMA_IP_ADDRESS *pNewIpAddress)
{
	REFUSE_IF(!pNewIpAddress, networkPortalOid, "the pointer to the address is NULL");
	return IMA_SetNetworkPortalIpAddress(networkPortalOid, *pNewIpAddress);
}

static bool is_same_address(const IMA_IP_ADDRESS *a, const IMA_IP_ADDRESS *b)
{
	return a->ipv4Address == b->ipv4Address &&
	       !memcmp(a->ipAddress, b->ipAddress, a->ipv4Address ? 4 : 16);
}

static bool is_address_or_null(const IMA_IP_ADDRESS *address)
{
	return !address || is_bool(address->ipv4Address);
}

IMA_STATUS IMA_SetDnsServerAddress(IMA_OID oid,
				   const IMA_IP_ADDRESS *pPrimaryDnsServerAddress,
				   const IMA_IP_ADDRESS *pAlternateDnsServerAddress)
{
	const IMA_IP_ADDRESS *primary = pPrimaryDnsServerAddress;
	const IMA_IP_ADDRESS *alternate = pAlternateDnsServerAddress;

	REFUSE_IF(!primary && alternate, oid,
		  "an alternate server is given without a primary one");
	REFUSE_IF(!is_address_or_null(primary) || !is_address_or_null(alternate), oid,
		  "ipv4Address of an address is neither IMA_TRUE nor IMA_FALSE");
	REFUSE_IF(primary && alternate && is_same_address(primary, alternate), oid,
		  "primary and alternate server are the same address");
	return ROUTE(oid, PNP, IMA_SetDnsServerAddress, MAY, oid, primary, alternate);
}

IMA_STATUS IMA_SetIsnsDiscovery(IMA_OID oid, IMA_BOOL enableIsnsDiscovery,
				IMA_ISNS_DISCOVERY_METHOD discoveryMethod,
				const IMA_HOST_ID *iSnsHost)
{
	REFUSE_IF(!is_bool(enableIsnsDiscovery), oid,
		  "the value is neither IMA_TRUE nor IMA_FALSE");
	/* Method and host say how to enable; without that they mean nothing. */
	if (enableIsnsDiscovery) {
		REFUSE_IF((unsigned)discoveryMethod > IMA_ISNS_DISCOVERY_METHOD_SLP, oid,
			  "the discovery method is not defined");
		REFUSE_IF(discoveryMethod == IMA_ISNS_DISCOVERY_METHOD_STATIC &&
				  (!iSnsHost || !is_host(iSnsHost)),
			  oid, "the static discovery method needs an iSNS server");
	}
	return ROUTE(oid, PHBA | LHBA, IMA_SetIsnsDiscovery, MAY, oid,
		     enableIsnsDiscovery, discoveryMethod, iSnsHost);
}

IMA_STATUS IMA_IsPhbaDownloadFile(IMA_OID phbaOid, const IMA_WCHAR *pFileName,
				  IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES *pProps)
{
	REFUSE_IF(!pFileName, phbaOid, "the file name is NULL");
	REFUSE_IF(!pProps, phbaOid, "the pointer for the result is NULL");
	return ROUTE(phbaOid, PHBA, IMA_IsPhbaDownloadFile, MAY, phbaOid, pFileName,
		     pProps);
}

IMA_STATUS IMA_PhbaDownload(IMA_OID phbaOid, IMA_PHBA_DOWNLOAD_IMAGE_TYPE imageType,
			    const IMA_WCHAR *pFileName)
{
	REFUSE_IF((unsigned)imageType > IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE, phbaOid,
		  "the image type is not defined");
	REFUSE_IF(!pFileName, phbaOid, "the file name is NULL");
	return ROUTE(phbaOid, PHBA, IMA_PhbaDownload, MAY, phbaOid, imageType, pFileName);
}

/*
 * Authentication methods. A plugin gets an array of our own, for some write more entries than
 * they were given room for.
 */

#define METHODS 32

static IMA_STATUS check_methods(const char *name, IMA_OID lhba, const IMA_UINT *count,
				const IMA_AUTHMETHOD *list)
{
	const char *why = NULL;

	if (!count)
		why = "the pointer for the number of methods is NULL";
	else if (!list && *count)
		why = "the list is NULL but its capacity is not 0";
	return why ? call_refuse(name, &lhba, IMA_ERROR_INVALID_PARAMETER, why)
		   : IMA_STATUS_SUCCESS;
}

/* Hands what a plugin put into the private array to the client: all that fits, in order. */
static IMA_STATUS finish_methods(struct call *call, IMA_STATUS status,
				 const IMA_AUTHMETHOD *methods, IMA_UINT found,
				 IMA_UINT *count, IMA_AUTHMETHOD *list)
{
	status = (IMA_UINT32)status;
	if (!IMA_ERROR(status) && found > METHODS) {
		call->why = "the plugin returned more methods than there are";
		status = IMA_ERROR_UNEXPECTED_OS_ERROR;
	}
	if (!IMA_ERROR(status)) {
		*count = list && *count < found ? *count : found;
		if (list)
			memcpy(list, methods, *count * sizeof(*list));
	}
	return call_leave(call, status);
}

IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT *pMethodCount,
					    IMA_AUTHMETHOD *pMethodList)
{
	IMA_STATUS status = check_methods(__func__, lhbaOid, pMethodCount, pMethodList);
	IMA_AUTHMETHOD methods[METHODS] = { 0 };
	IMA_UINT found = METHODS;
	struct call call;

	if (!status)
		status = call_enter(&call, __func__, lhbaOid, LHBA);
	if (status)
		return status;
	status = CALL_PLUGIN(call, IMA_GetInUseInitiatorAuthMethods, MAY, lhbaOid, &found,
			     methods);
	return finish_methods(&call, status, methods, found, pMethodCount, pMethodList);
}

IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid, IMA_BOOL getSettableMethods,
				       IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList)
{
	IMA_STATUS status = check_methods(__func__, lhbaOid, pMethodCount, pMethodList);
	IMA_AUTHMETHOD methods[METHODS] = { 0 };
	IMA_UINT found = METHODS;
	struct call call;

	REFUSE_IF(!is_bool(getSettableMethods), lhbaOid,
		  "getSettableMethods is neither IMA_TRUE nor IMA_FALSE");
	if (!status)
		status = call_enter(&call, __func__, lhbaOid, LHBA);
	if (status)
		return status;
	status = CALL_PLUGIN(call, IMA_GetSupportedAuthMethods, MAY, lhbaOid,
			     getSettableMethods, &found, methods);
	return finish_methods(&call, status, methods, found, pMethodCount, pMethodList);
}

/* NULL, or what is wrong with a list of methods. Ends soon, however long the list claims to be. */
static const char *check_method_list(const IMA_AUTHMETHOD *list, IMA_UINT count)
{
	unsigned seen = 0;

	for (IMA_UINT i = 0; i < count; i++) {
		if ((unsigned)list[i] > IMA_AUTHMETHOD_SPKM2)
			return "the list holds a method that is not defined";
		if (seen >> list[i] & 1)
			return "the list holds a method twice";
		seen |= 1u << list[i];
	}
	return NULL;
}

IMA_STATUS IMA_SetInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT methodCount,
				       const IMA_AUTHMETHOD *pMethodList)
{
	const char *wrong;

	REFUSE_IF(!methodCount || !pMethodList, lhbaOid, "the list of methods is empty");
	wrong = check_method_list(pMethodList, methodCount);
	REFUSE_IF(wrong, lhbaOid, wrong);
	return ROUTE(lhbaOid, LHBA, IMA_SetInitiatorAuthMethods, MAY, lhbaOid,
		     methodCount, pMethodList);
}

static bool has_parameters(IMA_AUTHMETHOD method)
{
	return method != IMA_AUTHMETHOD_NONE && (unsigned)method <= IMA_AUTHMETHOD_SPKM2;
}

IMA_STATUS IMA_GetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     IMA_INITIATOR_AUTHPARMS *pParms)
{
	REFUSE_IF(!pParms, lhbaOid, "the pointer for the parameters is NULL");
	REFUSE_IF(!has_parameters(method), lhbaOid,
		  "there is no such method with parameters");
	return ROUTE(lhbaOid, LHBA, IMA_GetInitiatorAuthParms, MAY, lhbaOid, method,
		     pParms);
}

IMA_STATUS IMA_SetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
				     const IMA_INITIATOR_AUTHPARMS *pParms)
{
	REFUSE_IF(!pParms, lhbaOid, "the pointer to the parameters is NULL");
	REFUSE_IF(!has_parameters(method), lhbaOid,
		  "there is no such method with parameters");
	return ROUTE(lhbaOid, LHBA, IMA_SetInitiatorAuthParms, MAY, lhbaOid, method,
		     pParms);
}

/*
 * The same for a single target or discovery address, and CHAP. Parameters of CHAP hold a secret:
 * they are handed on where they are, and no message may hold a byte of them.
 */

IMA_STATUS IMAX_GetAuthMethods(IMA_OID oid, IMA_UINT *pMethodCount,
			       IMA_AUTHMETHOD *pMethodList)
{
	IMA_STATUS status = check_methods(__func__, oid, pMethodCount, pMethodList);
	IMA_AUTHMETHOD methods[METHODS] = { 0 };
	IMA_UINT found = METHODS;
	struct call call;

	if (!status)
		status = call_enter(&call, __func__, oid, TARGET | DISCOVERY_ADDRESS);
	if (status)
		return status;
	status = CALL_PLUGIN(call, IMAX_GetAuthMethods, MAY, oid, &found, methods);
	return finish_methods(&call, status, methods, found, pMethodCount, pMethodList);
}

IMA_STATUS IMAX_SetAuthMethods(IMA_OID oid, IMA_UINT methodCount,
			       const IMA_AUTHMETHOD *pMethodList)
{
	const char *wrong;

	REFUSE_IF(!methodCount || !pMethodList, oid, "the list of methods is empty");
	wrong = check_method_list(pMethodList, methodCount);
	REFUSE_IF(wrong, oid, wrong);
	return ROUTE(oid, TARGET | DISCOVERY_ADDRESS, IMAX_SetAuthMethods, MAY, oid,
		     methodCount, pMethodList);
}

/* NULL, or what is wrong with a list of algorithms, which is not longer than allowed. */
static const char *check_algorithms(const IMAX_CHAP_ALGORITHM *list, IMA_UINT count)
{
	unsigned seen = 0;

	for (IMA_UINT i = 0; i < count; i++) {
		if ((unsigned)list[i] < IMAX_CHAP_MD5 ||
		    (unsigned)list[i] > IMAX_CHAP_SHA3_256)
			return "the list holds an algorithm that is not defined";
		if (seen >> list[i] & 1)
			return "the list holds an algorithm twice";
		seen |= 1u << list[i];
	}
	return NULL;
}

IMA_STATUS IMAX_SetChapAlgorithms(IMA_OID oid, IMA_UINT count,
				  const IMAX_CHAP_ALGORITHM *pAlgorithms)
{
	const char *wrong;

	REFUSE_IF(!count || !pAlgorithms, oid, "the list of algorithms is empty");
	REFUSE_IF(count > IMAX_CHAP_ALGORITHMS_MAX, oid,
		  "the list has more than 8 algorithms");
	wrong = check_algorithms(pAlgorithms, count);
	REFUSE_IF(wrong, oid, wrong);
	return ROUTE(oid, LHBA | TARGET, IMAX_SetChapAlgorithms, MAY, oid, count,
		     pAlgorithms);
}

static bool is_direction(IMAX_CHAP_DIRECTION direction)
{
	return (unsigned)direction <= IMAX_CHAP_TARGET;
}

IMA_STATUS IMAX_GetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     IMAX_CHAP_PARMS *pParms)
{
	REFUSE_IF(!is_direction(direction), oid,
		  "the direction is neither IMAX_CHAP_INITIATOR nor IMAX_CHAP_TARGET");
	REFUSE_IF(!pParms, oid, "the pointer for the parameters is NULL");
	return ROUTE(oid, LHBA | TARGET | DISCOVERY_ADDRESS, IMAX_GetChapParms, MAY, oid,
		     direction, pParms);
}

/* A target or address that need not prove itself has neither name nor secret. */
static bool may_lack_secret(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			    const IMAX_CHAP_PARMS *parms)
{
	return direction == IMAX_CHAP_TARGET && !parms->nameLength &&
	       oid.objectType != IMA_OBJECT_TYPE_LHBA;
}

IMA_STATUS IMAX_SetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
			     const IMAX_CHAP_PARMS *pParms)
{
	REFUSE_IF(!is_direction(direction), oid,
		  "the direction is neither IMAX_CHAP_INITIATOR nor IMAX_CHAP_TARGET");
	REFUSE_IF(!pParms, oid, "the pointer to the parameters is NULL");
	REFUSE_IF(pParms->nameLength > IMAX_CHAP_NAME_LEN, oid,
		  "the name is longer than 512 bytes");
	REFUSE_IF(!pParms->secretLength && !may_lack_secret(oid, direction, pParms), oid,
		  "the secret is empty");
	REFUSE_IF(pParms->secretLength > IMAX_CHAP_SECRET_LEN, oid,
		  "the secret is longer than 256 bytes");
	return ROUTE(oid, LHBA | TARGET | DISCOVERY_ADDRESS, IMAX_SetChapParms, MAY, oid,
		     direction, pParms);
}

/*
 * SCSI commands. Whatever a plugin does to the lengths, the client sees them changed only where
 * the standard says so, and never above what it gave.
 */

struct scsi_buffers {
	void *output;
	IMA_UINT *output_length;
	void *sense;
	IMA_UINT *sense_length;
	IMA_UINT output_room, sense_room; /* the lengths before the call */
};

static const char *check_buffers(const struct scsi_buffers *b)
{
	if (!b->output || !b->output_length || !*b->output_length)
		return "there is no output buffer";
	if (!b->sense && b->sense_length && *b->sense_length)
		return "the sense buffer is NULL but its length is not 0";
	if (b->sense && !b->sense_length)
		return "there is a sense buffer but no pointer to its length";
	return NULL;
}

static void note_room(struct scsi_buffers *b)
{
	b->output_room = *b->output_length;
	b->sense_room = b->sense_length ? *b->sense_length : 0;
}

static IMA_STATUS finish_scsi(struct call *call, IMA_STATUS status,
			      const struct scsi_buffers *b)
{
	status = (IMA_UINT32)status;
	if (IMA_ERROR(status) || *b->output_length > b->output_room)
		*b->output_length = b->output_room;
	if (b->sense_length && (status != IMA_ERROR_SCSI_STATUS_CHECK_CONDITION ||
				*b->sense_length > b->sense_room))
		*b->sense_length = b->sense_room;
	return call_leave(call, status);
}

/* A SCSI command to a target or LU, after its own arguments were checked. */
#define ROUTE_SCSI(buffers, oid, function, ...)                                        \
	({                                                                             \
		struct scsi_buffers b_ = buffers;                                      \
		const char *wrong_ = check_buffers(&b_);                               \
		IMA_STATUS status_;                                                    \
		struct call call_;                                                     \
                                                                                       \
		REFUSE_IF(wrong_, oid, wrong_);                                        \
		status_ = call_enter(&call_, #function, oid, TARGET | LU);             \
		if (!status_) {                                                        \
			note_room(&b_);                                                \
			status_ = CALL_PLUGIN(call_, function, MAY, oid, __VA_ARGS__); \
			status_ = finish_scsi(&call_, status_, &b_);                   \
		}                                                                      \
		status_;                                                               \
	})

#define SCSI_BUFFERS                                                                     \
	{                                                                                \
		pOutputBuffer, pOutputBufferLength, pSenseBuffer, pSenseBufferLength, 0, \
			0                                                                \
	}

IMA_STATUS IMA_LuInquiry(IMA_OID deviceOid, IMA_BOOL evpd, IMA_BOOL cmddt,
			 IMA_BYTE pageCode, IMA_BYTE *pOutputBuffer,
			 IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			 IMA_UINT *pSenseBufferLength)
{
	struct scsi_buffers buffers = SCSI_BUFFERS;

	REFUSE_IF(!is_bool(evpd) || !is_bool(cmddt), deviceOid,
		  "evpd or cmddt is neither IMA_TRUE nor IMA_FALSE");
	return ROUTE_SCSI(buffers, deviceOid, IMA_LuInquiry, evpd, cmddt, pageCode,
			  pOutputBuffer, pOutputBufferLength, pSenseBuffer,
			  pSenseBufferLength);
}

IMA_STATUS IMA_LuReadCapacity(IMA_OID deviceOid, IMA_UINT cdbLength,
			      IMA_BYTE *pOutputBuffer, IMA_UINT *pOutputBufferLength,
			      IMA_BYTE *pSenseBuffer, IMA_UINT *pSenseBufferLength)
{
	struct scsi_buffers buffers = SCSI_BUFFERS;

	REFUSE_IF(cdbLength != 10 && cdbLength != 16, deviceOid,
		  "the length of the command is neither 10 nor 16");
	return ROUTE_SCSI(buffers, deviceOid, IMA_LuReadCapacity, cdbLength,
			  pOutputBuffer, pOutputBufferLength, pSenseBuffer,
			  pSenseBufferLength);
}

IMA_STATUS IMA_LuReportLuns(IMA_OID deviceOid, IMA_BOOL sendToWellKnownLu,
			    IMA_BYTE selectReport, IMA_BYTE *pOutputBuffer,
			    IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
			    IMA_UINT *pSenseBufferLength)
{
	struct scsi_buffers buffers = SCSI_BUFFERS;

	REFUSE_IF(!is_bool(sendToWellKnownLu), deviceOid,
		  "sendToWellKnownLu is neither IMA_TRUE nor IMA_FALSE");
	return ROUTE_SCSI(buffers, deviceOid, IMA_LuReportLuns, sendToWellKnownLu,
			  selectReport, pOutputBuffer, pOutputBufferLength, pSenseBuffer,
			  pSenseBufferLength);
}

IMA_STATUS IMA_PluginIOctl(IMA_OID pluginOid, IMA_UINT command, const void *pInputBuffer,
			   IMA_UINT inputBufferLength, void *pOutputBuffer,
			   IMA_UINT *pOutputBufferLength)
{
	REFUSE_IF(!pInputBuffer && inputBufferLength, pluginOid,
		  "the input is NULL but its length is not 0");
	REFUSE_IF(!pOutputBuffer != !pOutputBufferLength, pluginOid,
		  "only one of the output buffer and the pointer to its length is given");
	return ROUTE(pluginOid, PLUGIN, IMA_PluginIOctl, MAY, pluginOid, command,
		     pInputBuffer, inputBufferLength, pOutputBuffer, pOutputBufferLength);
}

/* The spelling of the 1.1.3 header. */
IMA_STATUS IMA_PluginIOCtl(IMA_OID pluginOid, IMA_UINT command, const void *pInputBuffer,
			   IMA_UINT inputBufferLength, void *pOutputBuffer,
			   IMA_UINT *pOutputBufferLength)
{
	return IMA_PluginIOctl(pluginOid, command, pInputBuffer, inputBufferLength,
			       pOutputBuffer, pOutputBufferLength);
}

IMA_STATUS QIMA_SetUpdateInterval(IMA_OID pluginOid, time_t interval)
{
	REFUSE_IF(interval <= 1, pluginOid, "the interval is shorter than 2 seconds");
	REFUSE_IF(pluginOid.objectType == IMA_OBJECT_TYPE_PLUGIN &&
			  pluginOid.objectSequenceNumber,
		  pluginOid, "the sequence number of the plugin is not 0");
	return ROUTE(pluginOid, PLUGIN, QIMA_SetUpdateInterval, MAY, pluginOid, interval);
}
