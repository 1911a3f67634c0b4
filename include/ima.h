/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ima.h - the iSCSI Management API of ISO/IEC 11989, for programs that use it.
 *
 * Types and constants are those of clause 5, functions those of clause 6.2, both in the
 * order of the standard; a few names at the end are older than the standard and kept for
 * existing programs. Extensions of this implementation are in ima-ext.h.
 *
 * Statuses that any function may return:
 * - IMA_ERROR_INSUFFICIENT_MEMORY: an allocation failed
 * - IMA_ERROR_UNEXPECTED_OS_ERROR: an operating system call failed in a way no other status
 *   describes; or the plugin lacks a function that is not optional
 * - IMA_ERROR_SYNC_TIMEOUT: something local did not answer before the deadline of the call
 * - IMA_ERROR_NOT_SUPPORTED: the plugin lacks an optional function
 * - IMA_ERROR_UNKNOWN_ERROR: none of the others fits
 *
 * Order of the checks: (1) pointers, booleans, enumerations; (2) the type of the OID is
 * defined, else IMA_ERROR_INVALID_OBJECT_TYPE; (3) it fits the function, else
 * IMA_ERROR_INCORRECT_OBJECT_TYPE; (4) the owner is known and (5) the object exists, else
 * IMA_ERROR_OBJECT_NOT_FOUND; (6) capability, IMA_ERROR_NOT_SUPPORTED; (7) value ranges,
 * IMA_ERROR_INVALID_PARAMETER; (8) state. IMAX_GetLastError of ima-ext.h tells more.
 *
 * Memory: lists that a function returns are released with IMA_FreeMemory; everything else
 * belongs to the caller. After an error a returned list pointer is NULL and structures of
 * the caller are unchanged. On success every byte of a structure is written: text is
 * zero-terminated, reserved bytes and fields without a valid value are 0.
 *
 * Threads: every function may be called from any thread at any time, and from within a
 * callback. In the child of a fork use the API only after exec.
 *
 * Text: zero-terminated, as long as it is; IMA_SetNodeName and IMA_SetNodeAlias take a pointer
 * where the standard writes IMA_NODE_NAME and IMA_NODE_ALIAS, so that a shorter array is no
 * cause for a warning.
 *
 * Persistence: an OID is valid in the process that received it and must not be stored;
 * store names and look the object up again.
 */
#ifndef IMA_H
#define IMA_H

#include <time.h>
#include <wchar.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef IMA_API
#define IMA_API
#endif

/* Base types, clauses 5.1 to 5.9. */
typedef wchar_t IMA_WCHAR; /* Unicode, one element is one code point */
typedef unsigned char IMA_BYTE;
typedef unsigned short IMA_UINT16;
typedef unsigned int IMA_UINT32;
typedef unsigned long IMA_UINT; /* counts, lengths, values: 64 bits on LP64 */
#if defined(__GNUC__)
__extension__ typedef unsigned long long IMA_UINT64;
__extension__ typedef long long IMA_INT64;
#else
typedef unsigned long long IMA_UINT64;
typedef long long IMA_INT64;
#endif
typedef IMA_UINT32 IMA_BOOL;	/* exactly IMA_TRUE or IMA_FALSE */
typedef IMA_UINT32 IMA_XBOOL;	/* IMA_TRUE, IMA_FALSE or IMA_UNKNOWN */
typedef struct tm IMA_DATETIME; /* local time; all members 0 if unknown */

/* Base types of earlier headers, kept for existing programs. */
typedef char IMA_CHAR;
typedef unsigned char IMA_UINT8;
typedef char IMA_INT8;
typedef short IMA_INT16;
typedef int IMA_INT32;
typedef void *IMA_PVOID;
typedef IMA_UINT32 IMA_VOID32;

#define IMA_TRUE	   1
#define IMA_FALSE	   0
#define IMA_UNKNOWN	   0xFFFFFFFF

#define IMA_NODE_NAME_LEN  224
#define IMA_NODE_ALIAS_LEN 256
#define IMA_HOST_NAME_LEN  256

/* Constants of earlier headers. Neither number is a limit of this library. */
#define IMA_MAX_NUM_PLUGINS	    32
#define IMA_MAX_CALLBACK_PER_PLUGIN 64
#define HBA_LIBVERSION		    2
#define RL_LIBRARY_SEQNUM	    0
#define RL_SHARED_NODE_SEQNUM	    0

/*
 * IMA_STATUS - clause 5.13
 *
 * Always a zero-extended 32-bit value, so that programs which take it for a 4-byte or an
 * 8-byte type both read it right. Bit 31 set means error; 0x8... comes from the state of
 * the system, 0xC... from the arguments of the caller.
 */
typedef IMA_UINT IMA_STATUS;

/* Clause 5.13.1: true for a status that is not (is) an error. */
#define IMA_SUCCESS(status) ((((IMA_UINT32)(status)) & 0x80000000U) == 0U)
#define IMA_ERROR(status)   ((((IMA_UINT32)(status)) & 0x80000000U) != 0U)
/* Helpers of earlier headers. */
#define MAKE_IMA_STATUS(x)  ((IMA_STATUS)(x))
#define MAKE_IMA_ERROR(x)   ((IMA_STATUS)(0x80000000U | (IMA_UINT32)(x)))
#define GET_SYSTEM_ERROR(x) ((x)&0x0000FFFF)

/* Clauses 5.13.2 and 5.13.3. */
/**
 * @IMA_STATUS_SUCCESS: done
 * @IMA_STATUS_REBOOT_NECESSARY: done and stored, effective after the next reboot
 * @IMA_STATUS_INCONSISTENT_NODE_PROPERTIES: done, but library and plugins disagree about
 *     properties of the shared node (condition inferred; no page lists it)
 * @IMA_STATUS_SCSI_STATUS_CONDITION_MET: SCSI command ended with CONDITION MET
 * @IMA_STATUS_ERROR: the error bit itself; used in macros, not returned
 * @IMA_ERROR_NOT_SUPPORTED: the object or implementation does not support the operation
 * @IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 * @IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD: the only enabled primary discovery method
 *     would be disabled
 * @IMA_ERROR_UNEXPECTED_OS_ERROR: operating system call failed unexpectedly
 * @IMA_ERROR_SYNC_TIMEOUT: a lock or other synchronisation object was not obtained in
 *     time
 * @IMA_ERROR_LU_EXPOSED: an LU is exposed and must not be, or is already
 * @IMA_ERROR_LU_NOT_EXPOSED: an LU is not exposed and must be
 * @IMA_ERROR_LU_IN_USE: an LU is in use by the operating system
 * @IMA_ERROR_TARGET_TIMEOUT: a target did not answer in time
 * @IMA_ERROR_LOGIN_REJECTED: a target refused a login
 * @IMA_ERROR_STATS_COLLECTION_NOT_ENABLED: statistics are not being collected for the
 *     object
 * @IMA_ERROR_SCSI_STATUS_CHECK_CONDITION: SCSI status CHECK CONDITION
 * @IMA_ERROR_SCSI_STATUS_BUSY: SCSI status BUSY
 * @IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT: SCSI status RESERVATION CONFLICT
 * @IMA_ERROR_SCSI_STATUS_TASK_SET_FULL: SCSI status TASK SET FULL
 * @IMA_ERROR_SCSI_STATUS_ACA_ACTIVE: SCSI status ACA ACTIVE
 * @IMA_ERROR_SCSI_STATUS_TASK_ABORTED: SCSI status TASK ABORTED
 * @IMA_ERROR_UNKNOWN_ERROR: none of the others fits
 * @IMA_ERROR_INVALID_PARAMETER: an argument is invalid
 * @IMA_ERROR_INVALID_OBJECT_TYPE: the type field of an OID holds no defined type
 * @IMA_ERROR_INCORRECT_OBJECT_TYPE: the type is defined but not acceptable here
 * @IMA_ERROR_OBJECT_NOT_FOUND: owner or object unknown
 * @IMA_ERROR_NAME_TOO_LONG: a name or alias is too long
 */
#define IMA_STATUS_SUCCESS			   0x00000000U
#define IMA_STATUS_REBOOT_NECESSARY		   0x00000001U
#define IMA_STATUS_INCONSISTENT_NODE_PROPERTIES	   0x00000002U
#define IMA_STATUS_SCSI_STATUS_CONDITION_MET	   0x00000100U
#define IMA_STATUS_ERROR			   0x80000000U
#define IMA_ERROR_NOT_SUPPORTED			   0x80000001U
#define IMA_ERROR_INSUFFICIENT_MEMORY		   0x80000002U
#define IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD	   0x80000003U
#define IMA_ERROR_UNEXPECTED_OS_ERROR		   0x80000004U
#define IMA_ERROR_SYNC_TIMEOUT			   0x80000005U
#define IMA_ERROR_LU_EXPOSED			   0x80000006U
#define IMA_ERROR_LU_NOT_EXPOSED		   0x80000007U
#define IMA_ERROR_LU_IN_USE			   0x80000008U
#define IMA_ERROR_TARGET_TIMEOUT		   0x80000009U
#define IMA_ERROR_LOGIN_REJECTED		   0x8000000AU
#define IMA_ERROR_STATS_COLLECTION_NOT_ENABLED	   0x8000000BU
#define IMA_ERROR_SCSI_STATUS_CHECK_CONDITION	   0x80000100U
#define IMA_ERROR_SCSI_STATUS_BUSY		   0x80000101U
#define IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT 0x80000102U
#define IMA_ERROR_SCSI_STATUS_TASK_SET_FULL	   0x80000103U
#define IMA_ERROR_SCSI_STATUS_ACA_ACTIVE	   0x80000104U
#define IMA_ERROR_SCSI_STATUS_TASK_ABORTED	   0x80000105U
#define IMA_ERROR_UNKNOWN_ERROR			   0x8FFFFFFFU
#define IMA_ERROR_INVALID_PARAMETER		   0xC0000000U
#define IMA_ERROR_INVALID_OBJECT_TYPE		   0xC0000001U
#define IMA_ERROR_INCORRECT_OBJECT_TYPE		   0xC0000002U
#define IMA_ERROR_OBJECT_NOT_FOUND		   0xC0000003U
#define IMA_ERROR_NAME_TOO_LONG			   0xC0000004U

/**
 * IMA_OBJECT_TYPE - clause 5.12
 * @IMA_OBJECT_TYPE_UNKNOWN: no type; typical of an uninitialised OID
 * @IMA_OBJECT_TYPE_PLUGIN: plugin
 * @IMA_OBJECT_TYPE_NODE: iSCSI node, shared or non-shared
 * @IMA_OBJECT_TYPE_LHBA: logical HBA
 * @IMA_OBJECT_TYPE_PHBA: physical HBA
 * @IMA_OBJECT_TYPE_NETWORK_PORTAL: network portal
 * @IMA_OBJECT_TYPE_PORTAL_GROUP: portal group; no function of clause 6.2 takes or returns
 *     it
 * @IMA_OBJECT_TYPE_LNP: logical network port
 * @IMA_OBJECT_TYPE_PNP: physical network port
 * @IMA_OBJECT_TYPE_TARGET: target as seen by one LHBA
 * @IMA_OBJECT_TYPE_LU: logical unit as seen through one target OID
 * @IMA_OBJECT_TYPE_DISCOVERY_ADDRESS: discovery address
 * @IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET: statically configured target
 * @IMA_OBJECT_TYPE_CONNECTION: extension: connection
 * @IMA_OBJECT_TYPE_SESSION: extension: session
 */
typedef enum IMA_OBJECT_TYPE {
	IMA_OBJECT_TYPE_UNKNOWN = 0,
	IMA_OBJECT_TYPE_PLUGIN = 1,
	IMA_OBJECT_TYPE_NODE = 2,
	IMA_OBJECT_TYPE_LHBA = 3,
	IMA_OBJECT_TYPE_PHBA = 4,
	IMA_OBJECT_TYPE_NETWORK_PORTAL = 5,
	IMA_OBJECT_TYPE_PORTAL_GROUP = 6,
	IMA_OBJECT_TYPE_LNP = 7,
	IMA_OBJECT_TYPE_PNP = 8,
	IMA_OBJECT_TYPE_TARGET = 9,
	IMA_OBJECT_TYPE_LU = 10,
	IMA_OBJECT_TYPE_DISCOVERY_ADDRESS = 11,
	IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET = 12,
	IMA_OBJECT_TYPE_CONNECTION = 13,
	IMA_OBJECT_TYPE_SESSION = 14
} IMA_OBJECT_TYPE;

/**
 * IMA_OID - clause 5.14, 16 bytes on LP64
 * @objectType: type of the object; the library checks with it whether the object fits the
 *     function
 * @ownerId: owner: 0 is the library, 1 and up are plugins; the library routes calls with
 *     it
 * @objectSequenceNumber: chosen by the owner; unique among the objects of that owner,
 *     perhaps only together with the type
 *
 * Opaque to clients: they copy it and hand it back, and use IMA_GetObjectType and
 * IMA_GetAssociatedPluginOid to look inside.
 * Equal objects have equal OIDs: compare all three fields; do not use memcmp on other
 * layouts. On LP64 there is no padding, so memcmp works.
 * Passed by value in two integer registers (x86-64).
 */
typedef struct IMA_OID {
	IMA_OBJECT_TYPE objectType;
	IMA_UINT32 ownerId;
	IMA_UINT64 objectSequenceNumber;
} IMA_OID;

/**
 * IMA_OID_LIST - clause 5.15, 24 bytes on LP64
 * @oidCount: number of OIDs that follow
 * @oids: the OIDs; declared with one element, holds oidCount
 *
 * Allocation size for n OIDs: sizeof(IMA_OID_LIST) + (n-1) * sizeof(IMA_OID) for n of 1
 * or more, sizeof(IMA_OID_LIST) for n = 0.
 * Returned by functions; released with IMA_FreeMemory.
 */
typedef struct IMA_OID_LIST {
	IMA_UINT oidCount;
	IMA_OID oids[1];
} IMA_OID_LIST;

/**
 * IMA_OBJECT_VISIBILITY_FN - clause 5.10, called when an object appears or disappears
 * @becomingVisible: IMA_TRUE: the object appeared; IMA_FALSE: it disappeared
 * @oid: the object; after it disappeared it serves as an identifier only
 *
 * Runs on a thread of the library, with no lock held: it may call every function of this
 * API, deregistering itself included.
 */
typedef void (*IMA_OBJECT_VISIBILITY_FN)(IMA_BOOL becomingVisible, IMA_OID oid);

/**
 * IMA_OBJECT_PROPERTY_FN - clause 5.11, called when properties of an object changed
 * @oid: the object; read it again to learn what changed
 *
 * Runs on a thread of the library, with no lock held.
 */
typedef void (*IMA_OBJECT_PROPERTY_FN)(IMA_OID oid);

/** IMA_NODE_NAME - clause 5.16: zero-terminated iSCSI name, at most 223 bytes in UTF-8. */
typedef IMA_WCHAR IMA_NODE_NAME[IMA_NODE_NAME_LEN];
/** IMA_NODE_ALIAS - clause 5.17: zero-terminated alias, at most 255 bytes in UTF-8. */
typedef IMA_WCHAR IMA_NODE_ALIAS[IMA_NODE_ALIAS_LEN];

/**
 * IMA_IP_ADDRESS - clause 5.18, 20 bytes on LP64
 * @ipv4Address: IMA_TRUE: the value is an IPv4 address; IMA_FALSE: IPv6
 * @ipAddress: network byte order. IPv4: the first 4 bytes count, the other 12 are 0.
 *     IPv6: all 16
 *
 * 20 bytes: passed by value in memory (on the stack) on x86-64.
 */
typedef struct IMA_IP_ADDRESS {
	IMA_BOOL ipv4Address;
	IMA_BYTE ipAddress[16];
} IMA_IP_ADDRESS;

/**
 * IMA_HOST_NAME - clause 5.19: zero-terminated host name, empty means no host. A DNS name,
 * a dotted IPv4 address, or an IPv6 address in brackets.
 */
typedef IMA_WCHAR IMA_HOST_NAME[IMA_HOST_NAME_LEN];
/** IMA_DOMAIN_NAME - predecessor of IMA_HOST_NAME, kept for existing programs. */
typedef IMA_WCHAR IMA_DOMAIN_NAME[256];

/**
 * IMA_HOST_ID - clause 5.20, 1028 bytes on LP64
 * @hostnameInUse: IMA_TRUE: id.hostname counts; IMA_FALSE: id.ipAddress counts
 * @id: the host, by name or by address
 */
typedef struct IMA_HOST_ID {
	IMA_BOOL hostnameInUse;
	union {
		IMA_HOST_NAME hostname;
		IMA_IP_ADDRESS ipAddress;
	} id;
} IMA_HOST_ID;

/**
 * IMA_TARGET_ADDRESS - clause 5.21, 1032 bytes on LP64
 * @hostnameIpAddress: host
 * @portNumber: TCP port in host byte order; iSCSI default 3260
 *
 * 1032 bytes, passed by value on the stack.
 */
typedef struct IMA_TARGET_ADDRESS {
	IMA_HOST_ID hostnameIpAddress;
	IMA_UINT16 portNumber;
} IMA_TARGET_ADDRESS;

/**
 * IMA_ADDRESS_KEY - clause 5.22, 24 bytes on LP64
 * @ipAddress: address of a portal of the target
 * @portNumber: TCP port, host byte order
 */
typedef struct IMA_ADDRESS_KEY {
	IMA_IP_ADDRESS ipAddress;
	IMA_UINT16 portNumber;
} IMA_ADDRESS_KEY;

/**
 * IMA_ADDRESS_KEYS - clause 5.23, 32 bytes on LP64
 * @addressKeyCount: number of keys that follow
 * @addressKeys: the keys; holds addressKeyCount
 *
 * Allocation size for n keys: sizeof(IMA_ADDRESS_KEYS) + (n-1) * sizeof(IMA_ADDRESS_KEY);
 * at least sizeof(IMA_ADDRESS_KEYS).
 * Released with IMA_FreeMemory.
 */
typedef struct IMA_ADDRESS_KEYS {
	IMA_UINT addressKeyCount;
	IMA_ADDRESS_KEY addressKeys[1];
} IMA_ADDRESS_KEYS;

/**
 * IMA_STATIC_DISCOVERY_TARGET - clause 5.24, 1928 bytes on LP64
 * @targetName: iSCSI name of the target
 * @targetAddress: where to log in
 *
 * 1928 bytes, passed by value on the stack.
 */
typedef struct IMA_STATIC_DISCOVERY_TARGET {
	IMA_NODE_NAME targetName;
	IMA_TARGET_ADDRESS targetAddress;
} IMA_STATIC_DISCOVERY_TARGET;

/**
 * IMA_DISCOVERY_ADDRESS_PROPERTIES - clause 5.25, 1064 bytes on LP64
 * @associatedNodeOid: node through which the address is used
 * @associatedLhbaOid: LHBA that uses the address
 * @discoveryAddress: the address
 *
 * No reserved field.
 */
typedef struct IMA_DISCOVERY_ADDRESS_PROPERTIES {
	IMA_OID associatedNodeOid;
	IMA_OID associatedLhbaOid;
	IMA_TARGET_ADDRESS discoveryAddress;
} IMA_DISCOVERY_ADDRESS_PROPERTIES;

/**
 * IMA_STATIC_DISCOVERY_TARGET_PROPERTIES - clause 5.26, 1960 bytes on LP64
 * @associatedNodeOid: node through which the target is accessed
 * @associatedLhbaOid: LHBA that accesses the target
 * @staticTarget: name and address
 *
 * No reserved field.
 */
typedef struct IMA_STATIC_DISCOVERY_TARGET_PROPERTIES {
	IMA_OID associatedNodeOid;
	IMA_OID associatedLhbaOid;
	IMA_STATIC_DISCOVERY_TARGET staticTarget;
} IMA_STATIC_DISCOVERY_TARGET_PROPERTIES;

/**
 * IMA_IP_PROPERTIES - clause 5.27, 184 bytes on LP64
 * @ipConfigurationMethodSettable: IMA_SetIpConfigMethod may be used
 * @dhcpConfigurationEnabled: IMA_TRUE: DHCP; IMA_FALSE: static
 * @subnetMaskSettable: IMA_SetSubnetMask may be used
 * @subnetMaskValid: subnetMask holds a value
 * @subnetMask: valid if the flag before is IMA_TRUE
 * @defaultGatewaySettable: IMA_SetDefaultGateway may be used
 * @defaultGatewayValid: defaultGateway holds a value
 * @defaultGateway: valid if the flag before is IMA_TRUE
 * @primaryDnsServerAddressSettable: IMA_SetDnsServerAddress may set the primary server
 * @primaryDnsServerAddressValid: primaryDnsServerAddress holds a value
 * @primaryDnsServerAddress: valid if the flag before is IMA_TRUE
 * @alternateDnsServerAddressSettable: IMA_SetDnsServerAddress may set the alternate
 *     server
 * @alternateDnsServerAddressValid: alternateDnsServerAddress holds a value
 * @alternateDnsServerAddress: valid if the flag before is IMA_TRUE
 * @reserved: 0; ignored in input
 *
 * an alternate server is valid only if the primary is; alternateDnsServerAddressSettable
 * implies primaryDnsServerAddressSettable.
 */
typedef struct IMA_IP_PROPERTIES {
	IMA_BOOL ipConfigurationMethodSettable;
	IMA_BOOL dhcpConfigurationEnabled;
	IMA_BOOL subnetMaskSettable;
	IMA_BOOL subnetMaskValid;
	IMA_IP_ADDRESS subnetMask;
	IMA_BOOL defaultGatewaySettable;
	IMA_BOOL defaultGatewayValid;
	IMA_IP_ADDRESS defaultGateway;
	IMA_BOOL primaryDnsServerAddressSettable;
	IMA_BOOL primaryDnsServerAddressValid;
	IMA_IP_ADDRESS primaryDnsServerAddress;
	IMA_BOOL alternateDnsServerAddressSettable;
	IMA_BOOL alternateDnsServerAddressValid;
	IMA_IP_ADDRESS alternateDnsServerAddress;
	IMA_BYTE reserved[64];
} IMA_IP_PROPERTIES;

/**
 * IMA_LIBRARY_PROPERTIES - clause 5.28, 3200 bytes on LP64
 * @supportedImaVersion: version of the API the library implements; 1 for this API
 * @vendor: who built the binary
 * @implementationVersion: version of the implementation, from that vendor
 * @fileName: ideally path and file name of the library in use; the bare file name is
 *     acceptable; empty if unknown
 * @buildTime: when the library was built; all 0 if unknown
 * @reserved: 0; ignored in input
 */
typedef struct IMA_LIBRARY_PROPERTIES {
	IMA_UINT supportedImaVersion;
	IMA_WCHAR vendor[256];
	IMA_WCHAR implementationVersion[256];
	IMA_WCHAR fileName[256];
	IMA_DATETIME buildTime;
	IMA_BYTE reserved[64];
} IMA_LIBRARY_PROPERTIES;

/**
 * IMA_PLUGIN_PROPERTIES - clause 5.29, 3208 bytes on LP64
 * @supportedImaVersion: as above, for the plugin; 1
 * @vendor: who built the plugin
 * @implementationVersion: version of the plugin
 * @fileName: path and file name, or file name, or empty
 * @buildTime: when the plugin was built; all 0 if unknown
 * @lhbasCanBeCreatedAndDestroyed: whether LHBAs of the plugin can be created and
 *     destroyed; the API has no function for it, so IMA_FALSE
 * @reserved: 0; ignored in input
 */
typedef struct IMA_PLUGIN_PROPERTIES {
	IMA_UINT supportedImaVersion;
	IMA_WCHAR vendor[256];
	IMA_WCHAR implementationVersion[256];
	IMA_WCHAR fileName[256];
	IMA_DATETIME buildTime;
	IMA_BOOL lhbasCanBeCreatedAndDestroyed;
	IMA_BYTE reserved[64];
} IMA_PLUGIN_PROPERTIES;

/**
 * IMA_NODE_PROPERTIES - clause 5.30, 2004 bytes on LP64
 * @runningInInitiatorMode: the node works as an initiator
 * @runningInTargetMode: the node works as a target
 * @nameValid: the node has a name
 * @name: the name if nameValid, else empty
 * @aliasValid: the node has an alias
 * @alias: the alias if aliasValid, else empty
 * @nameAndAliasSettable: both IMA_SetNodeName and IMA_SetNodeAlias may be used
 * @reserved: 0; ignored in input
 *
 * Both modes can be IMA_TRUE at once.
 */
typedef struct IMA_NODE_PROPERTIES {
	IMA_BOOL runningInInitiatorMode;
	IMA_BOOL runningInTargetMode;
	IMA_BOOL nameValid;
	IMA_NODE_NAME name;
	IMA_BOOL aliasValid;
	IMA_NODE_ALIAS alias;
	IMA_BOOL nameAndAliasSettable;
	IMA_BYTE reserved[64];
} IMA_NODE_PROPERTIES;

/**
 * IMA_LHBA_PROPERTIES - clause 5.31, 1184 bytes on LP64
 * @osDeviceName: name of the LHBA in the operating system, empty if none;
 *     on Linux hostN, the SCSI host (Annex A)
 * @luExposingSupported: LUs can be exposed and unexposed one by one (IMA_ExposeLu,
 *     IMA_UnexposeLu)
 * @isDestroyable: the LHBA can be destroyed; IMA_FALSE, there is no function for it
 * @staleDataRemovable: IMA_RemoveStaleData may be used
 * @staleDataSize: size of the stale data in bytes; valid if staleDataRemovable is
 *     IMA_TRUE, else 0
 * @initiatorAuthMethodsSettable: IMA_SetInitiatorAuthMethods may be used
 * @targetAuthMethodsSettable: authentication methods for target mode can be set; no
 *     function for it, IMA_FALSE
 * @reserved: 0; ignored in input
 *
 * 4 bytes of padding before staleDataSize.
 */
typedef struct IMA_LHBA_PROPERTIES {
	IMA_WCHAR osDeviceName[256];
	IMA_BOOL luExposingSupported;
	IMA_BOOL isDestroyable;
	IMA_BOOL staleDataRemovable;
	IMA_UINT staleDataSize;
	IMA_BOOL initiatorAuthMethodsSettable;
	IMA_BOOL targetAuthMethodsSettable;
	IMA_BYTE reserved[128];
} IMA_LHBA_PROPERTIES;

/* Upper level protocol flags, clause 5.32: bits of supportedUlps of IMA_PHBA_PROPERTIES. */
#define IMA_ULP_TCP  0x01
#define IMA_ULP_SCTP 0x02
#define IMA_ULP_UDP  0x04

/**
 * IMA_PHBA_PROPERTIES - clause 5.33, 8880 bytes on LP64
 * @vendor: empty: unknown
 * @model: empty: unknown
 * @description: for people; empty: none
 * @serialNumber: empty: unknown
 * @hardwareVersion: empty: unknown
 * @asicVersion: empty: unknown or not applicable
 * @firmwareVersion: empty: unknown or not applicable
 * @optionRomVersion: empty: unknown or not applicable
 * @driverName: empty: unknown
 * @driverVersion: version of the driver in driverName; empty: unknown; non-empty only if
 *     driverName is
 * @supportedUlps: OR of the ULP flags of 5.32
 * @bidirectionalTransfersSupported: SCSI commands with bidirectional transfers work
 *     through the whole stack (hardware, firmware, driver)
 * @maximumCdbLength: largest CDB in bytes the whole stack can transfer; 0: unknown
 * @canBeNic: can serve as a plain NIC at the same time
 * @isNic: serves as a plain NIC now
 * @isInitiator: works as an initiator
 * @isTarget: works as a target
 * @usingTcpOffloadEngine: IMA_TRUE only if a TCP offload engine is present and used;
 *     IMA_UNKNOWN if present but use cannot be determined
 * @usingIscsiOffloadEngine: the same for an iSCSI offload engine
 * @reserved: 0; ignored in input
 *
 * isInitiator and isTarget must not both be IMA_FALSE.
 * 4 bytes of padding after bidirectionalTransfersSupported.
 */
typedef struct IMA_PHBA_PROPERTIES {
	IMA_WCHAR vendor[64];
	IMA_WCHAR model[256];
	IMA_WCHAR description[256];
	IMA_WCHAR serialNumber[64];
	IMA_WCHAR hardwareVersion[256];
	IMA_WCHAR asicVersion[256];
	IMA_WCHAR firmwareVersion[256];
	IMA_WCHAR optionRomVersion[256];
	IMA_WCHAR driverName[256];
	IMA_WCHAR driverVersion[256];
	IMA_UINT supportedUlps;
	IMA_XBOOL bidirectionalTransfersSupported;
	IMA_UINT maximumCdbLength;
	IMA_XBOOL canBeNic;
	IMA_XBOOL isNic;
	IMA_XBOOL isInitiator;
	IMA_XBOOL isTarget;
	IMA_XBOOL usingTcpOffloadEngine;
	IMA_XBOOL usingIscsiOffloadEngine;
	IMA_BYTE reserved[128];
} IMA_PHBA_PROPERTIES;

/**
 * IMA_ISNS_DISCOVERY_METHOD - clause 5.37
 * @IMA_ISNS_DISCOVERY_METHOD_STATIC: server given by name or address
 * @IMA_ISNS_DISCOVERY_METHOD_DHCP: server found with DHCP
 * @IMA_ISNS_DISCOVERY_METHOD_SLP: server found with SLP
 */
typedef enum IMA_ISNS_DISCOVERY_METHOD {
	IMA_ISNS_DISCOVERY_METHOD_STATIC = 0,
	IMA_ISNS_DISCOVERY_METHOD_DHCP = 1,
	IMA_ISNS_DISCOVERY_METHOD_SLP = 2
} IMA_ISNS_DISCOVERY_METHOD;

/**
 * IMA_DISCOVERY_PROPERTIES - clause 5.34, 1192 bytes on LP64
 * @iSnsDiscoverySettable: IMA_SetIsnsDiscovery may be used
 * @iSnsDiscoveryEnabled: iSNS target discovery is on
 * @iSnsDiscoveryMethod: how the iSNS server is found; valid only if iSnsDiscoveryEnabled
 *     is IMA_TRUE (P quotes the specification)
 * @iSnsHost: the iSNS server; valid only if iSNS is enabled; for STATIC the configured
 *     one
 * @slpDiscoverySettable: IMA_SetSlpDiscovery may be used
 * @slpDiscoveryEnabled: SLP discovery is on
 * @staticDiscoverySettable: IMA_SetStaticDiscovery may be used
 * @staticDiscoveryEnabled: static discovery is on
 * @sendTargetsDiscoverySettable: IMA_SetSendTargetsDiscovery may be used
 * @sendTargetsDiscoveryEnabled: SendTargets discovery is on
 * @reserved: 0; ignored in input
 *
 * The Settable fields are two-valued, the Enabled fields three-valued.
 */
typedef struct IMA_DISCOVERY_PROPERTIES {
	IMA_BOOL iSnsDiscoverySettable;
	IMA_XBOOL iSnsDiscoveryEnabled;
	IMA_ISNS_DISCOVERY_METHOD iSnsDiscoveryMethod;
	IMA_HOST_ID iSnsHost;
	IMA_BOOL slpDiscoverySettable;
	IMA_XBOOL slpDiscoveryEnabled;
	IMA_BOOL staticDiscoverySettable;
	IMA_XBOOL staticDiscoveryEnabled;
	IMA_BOOL sendTargetsDiscoverySettable;
	IMA_XBOOL sendTargetsDiscoveryEnabled;
	IMA_BYTE reserved[128];
} IMA_DISCOVERY_PROPERTIES;

/**
 * IMA_PHBA_DOWNLOAD_IMAGE_TYPE - clause 5.35
 * @IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE: firmware
 * @IMA_DOWNLOAD_IMAGE_TYPE_OPTION_ROM: option ROM
 * @IMA_DOWNLOAD_IMAGE_TYPE_ALL: both in one image
 * @IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE: boot code; probably an addition of the header, not
 *     of the standard
 */
typedef enum IMA_PHBA_DOWNLOAD_IMAGE_TYPE {
	IMA_DOWNLOAD_IMAGE_TYPE_FIRMWARE = 0,
	IMA_DOWNLOAD_IMAGE_TYPE_OPTION_ROM = 1,
	IMA_DOWNLOAD_IMAGE_TYPE_ALL = 2,
	IMA_DOWNLOAD_IMAGE_TYPE_BOOTCODE = 3
} IMA_PHBA_DOWNLOAD_IMAGE_TYPE;

/**
 * IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES - clause 5.36, 2184 bytes on LP64
 * @imageType: kind of the image in the file
 * @version: version of the image; empty: unknown
 * @description: description; empty: none
 * @upgrade: IMA_TRUE if the image is newer than what the PHBA has
 *
 * No reserved field.
 */
typedef struct IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES {
	IMA_PHBA_DOWNLOAD_IMAGE_TYPE imageType;
	IMA_WCHAR version[32];
	IMA_WCHAR description[512];
	IMA_XBOOL upgrade;
} IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES;

/**
 * IMA_PHBA_DOWNLOAD_PROPERTIES - clause 5.38, 44 bytes on LP64
 * @isPhbaDownloadFileSupported: IMA_IsPhbaDownloadFile works for the PHBA
 * @optionRomDownloadSupported: option ROM can be downloaded with IMA_PhbaDownload
 * @firmwareDownloadSupported: firmware can be downloaded with IMA_PhbaDownload
 * @reserved: 0; ignored in input
 *
 * Image type ALL is possible when both download fields are IMA_TRUE.
 */
typedef struct IMA_PHBA_DOWNLOAD_PROPERTIES {
	IMA_BOOL isPhbaDownloadFileSupported;
	IMA_BOOL optionRomDownloadSupported;
	IMA_BOOL firmwareDownloadSupported;
	IMA_BYTE reserved[32];
} IMA_PHBA_DOWNLOAD_PROPERTIES;

/**
 * IMA_IPSEC_PROPERTIES - clause 5.39, 44 bytes on LP64
 * @ipsecSupported: IPsec is available
 * @implementedInHardware: at least partly in hardware; meaningful if ipsecSupported
 * @implementedInSoftware: at least partly in software; meaningful if ipsecSupported
 * @reserved: 0; ignored in input
 *
 * if ipsecSupported is IMA_TRUE at least one of the two others is IMA_TRUE, otherwise
 * both are IMA_FALSE.
 */
typedef struct IMA_IPSEC_PROPERTIES {
	IMA_BOOL ipsecSupported;
	IMA_BOOL implementedInHardware;
	IMA_BOOL implementedInSoftware;
	IMA_BYTE reserved[32];
} IMA_IPSEC_PROPERTIES;

/**
 * IMA_MIN_MAX_VALUE - clause 5.40, 28 bytes on LP64
 * @currentValueValid: currentValue holds a value
 * @settable: the property can be set; then the four last fields are valid, else undefined
 * @currentValue: current value if currentValueValid
 * @defaultValue: default of the implementation if settable
 * @minimumValue: smallest settable value if settable
 * @maximumValue: largest settable value if settable
 * @incrementValue: step between settable values if settable
 *
 * currentValueValid IMA_FALSE requires settable IMA_FALSE.
 * The limits are those of the implementation and may be tighter or wider than the iSCSI
 * standard.
 * increment at least 1; with increment 0 only the current value can be set.
 */
typedef struct IMA_MIN_MAX_VALUE {
	IMA_BOOL currentValueValid;
	IMA_BOOL settable;
	IMA_UINT32 currentValue;
	IMA_UINT32 defaultValue;
	IMA_UINT32 minimumValue;
	IMA_UINT32 maximumValue;
	IMA_UINT32 incrementValue;
} IMA_MIN_MAX_VALUE;

/**
 * IMA_BOOL_VALUE - clause 5.41, 16 bytes on LP64
 * @currentValueValid: currentValue holds a value
 * @settable: the property can be set
 * @currentValue: current value if currentValueValid
 * @defaultValue: default of the implementation; by analogy valid if settable
 */
typedef struct IMA_BOOL_VALUE {
	IMA_BOOL currentValueValid;
	IMA_BOOL settable;
	IMA_BOOL currentValue;
	IMA_BOOL defaultValue;
} IMA_BOOL_VALUE;

/** IMA_MAC_ADDRESS - clause 5.42: in transmission order, as written. */
typedef IMA_BYTE IMA_MAC_ADDRESS[6];

/**
 * IMA_LNP_PROPERTIES - clause 5.43, 44 bytes on LP64
 * @macAddress: MAC address
 * @macAddressSettable: whether the MAC address can be set; the API has no function for it
 * @reserved: 0; ignored in input
 *
 * 2 bytes of padding after macAddress.
 */
typedef struct IMA_LNP_PROPERTIES {
	IMA_MAC_ADDRESS macAddress;
	IMA_BOOL macAddressSettable;
	IMA_BYTE reserved[32];
} IMA_LNP_PROPERTIES;

/**
 * IMA_PNP_PROPERTIES - clause 5.44, 120 bytes on LP64
 * @associatedPhbaOid: PHBA of the port
 * @macAddress: MAC address
 * @macAddressSettable: whether the MAC address can be set; no function for it
 * @maximumTransferRate: highest rate of the port, in megabits per second
 * @currentTransferRate: rate now, in megabits per second; 0: unknown or no link
 * @maximumFrameSize: largest frame in bytes
 * @reserved: 0; ignored in input
 *
 * Padding: 2 bytes after macAddress, 4 after macAddressSettable.
 */
typedef struct IMA_PNP_PROPERTIES {
	IMA_OID associatedPhbaOid;
	IMA_MAC_ADDRESS macAddress;
	IMA_BOOL macAddressSettable;
	IMA_UINT maximumTransferRate;
	IMA_UINT currentTransferRate;
	IMA_UINT maximumFrameSize;
	IMA_BYTE reserved[64];
} IMA_PNP_PROPERTIES;

/**
 * IMA_PNP_STATISTICS - clause 5.45, 32 bytes on LP64
 * @bytesSent: bytes sent
 * @pdusSent: PDUs sent
 * @bytesReceived: bytes received
 * @pdusReceived: PDUs received
 *
 * The PDU counters have 32 bits and wrap. No reserved field. 4 bytes of padding after
 * each PDU counter.
 */
typedef struct IMA_PNP_STATISTICS {
	IMA_UINT64 bytesSent;
	IMA_UINT32 pdusSent;
	IMA_UINT64 bytesReceived;
	IMA_UINT32 pdusReceived;
} IMA_PNP_STATISTICS;

/**
 * IMA_NETWORK_PORTAL_PROPERTIES - clause 5.46, 72 bytes on LP64
 * @ipAddress: address of the portal
 * @associatedLnp: LNP of the portal
 * @reserved: 0; ignored in input
 */
typedef struct IMA_NETWORK_PORTAL_PROPERTIES {
	IMA_IP_ADDRESS ipAddress;
	IMA_OID associatedLnp;
	IMA_BYTE reserved[32];
} IMA_NETWORK_PORTAL_PROPERTIES;

/**
 * IMA_PHBA_STATUS - clause 5.47
 * @IMA_PHBA_STATUS_WORKING: works
 * @IMA_PHBA_STATUS_FAILED: failed
 */
typedef enum IMA_PHBA_STATUS {
	IMA_PHBA_STATUS_WORKING = 0,
	IMA_PHBA_STATUS_FAILED = 1
} IMA_PHBA_STATUS;

/**
 * IMA_NETWORK_PORT_STATUS - clause 5.48
 * @IMA_NETWORK_PORT_STATUS_WORKING: works fully
 * @IMA_NETWORK_PORT_STATUS_DEGRADED: works with reduced function or redundancy
 * @IMA_NETWORK_PORT_STATUS_CRITICAL: works but is close to failing
 * @IMA_NETWORK_PORT_STATUS_FAILED: failed
 * @IMA_NETWORK_PORT_STATUS_DISCONNECTED: no link
 */
typedef enum IMA_NETWORK_PORT_STATUS {
	IMA_NETWORK_PORT_STATUS_WORKING = 0,
	IMA_NETWORK_PORT_STATUS_DEGRADED = 1,
	IMA_NETWORK_PORT_STATUS_CRITICAL = 2,
	IMA_NETWORK_PORT_STATUS_FAILED = 3,
	IMA_NETWORK_PORT_STATUS_DISCONNECTED = 4
} IMA_NETWORK_PORT_STATUS;

/**
 * IMA_TARGET_DISCOVERY_METHOD - clause 5.49
 * @IMA_TARGET_DISCOVERY_METHOD_STATIC: static configuration
 * @IMA_TARGET_DISCOVERY_METHOD_SLP: SLP
 * @IMA_TARGET_DISCOVERY_METHOD_ISNS: iSNS
 * @IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS: SendTargets
 */
typedef enum IMA_TARGET_DISCOVERY_METHOD {
	IMA_TARGET_DISCOVERY_METHOD_STATIC = 1,
	IMA_TARGET_DISCOVERY_METHOD_SLP = 2,
	IMA_TARGET_DISCOVERY_METHOD_ISNS = 4,
	IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS = 8
} IMA_TARGET_DISCOVERY_METHOD;

/**
 * IMA_TARGET_PROPERTIES - clause 5.50, 2096 bytes on LP64
 * @associatedNodeOid: local node through which the target is accessed
 * @associatedLhbaOid: LHBA that discovered the target
 * @name: iSCSI name of the target
 * @alias: alias the target reported; empty: none
 * @discoveryMethodFlags: OR of IMA_TARGET_DISCOVERY_METHOD values: how the target was
 *     discovered
 * @sendTargetsDiscoverySettable: IMA_SetSendTargetsDiscovery may be used on the target
 * @sendTargetsDiscoveryEnabled: SendTargets discovery through this target is on
 * @reserved: 0; ignored in input
 */
typedef struct IMA_TARGET_PROPERTIES {
	IMA_OID associatedNodeOid;
	IMA_OID associatedLhbaOid;
	IMA_NODE_NAME name;
	IMA_NODE_ALIAS alias;
	IMA_UINT32 discoveryMethodFlags;
	IMA_BOOL sendTargetsDiscoverySettable;
	IMA_BOOL sendTargetsDiscoveryEnabled;
	IMA_BYTE reserved[128];
} IMA_TARGET_PROPERTIES;

/**
 * IMA_TARGET_ERROR_STATISTICS - clause 5.51, 176 bytes on LP64
 * @loginFailedCountValid: the next field holds a value
 * @loginFailedCount: failed logins
 * @sessionFailedCountValid: the next field holds a value
 * @sessionFailedCount: sessions that failed
 * @headerOrDigestSessionFailedCountValid: the next field holds a value
 * @headerOrDigestSessionFailedCount: sessions that failed because of header or digest
 *     errors
 * @timeLimitExceededSessionFailedCountValid: the next field holds a value
 * @timeLimitExceededSessionFailedCount: sessions that failed because a time limit was
 *     exceeded
 * @formatErrorSessionFailedCountValid: the next field holds a value
 * @formatErrorSessionFailedCount: sessions that failed because of iSCSI format errors
 * @closedConnectionDueToTimeoutCountValid: the next field holds a value
 * @closedConnectionDueToTimeoutCount: connections closed because of a timeout
 * @lastLoginFailureTimeValid: the next field holds a value
 * @lastLoginFailureTime: time of the last failed login
 * @reserved: 0; ignored in input
 */
typedef struct IMA_TARGET_ERROR_STATISTICS {
	IMA_BOOL loginFailedCountValid;
	IMA_UINT32 loginFailedCount;
	IMA_BOOL sessionFailedCountValid;
	IMA_UINT32 sessionFailedCount;
	IMA_BOOL headerOrDigestSessionFailedCountValid;
	IMA_UINT32 headerOrDigestSessionFailedCount;
	IMA_BOOL timeLimitExceededSessionFailedCountValid;
	IMA_UINT32 timeLimitExceededSessionFailedCount;
	IMA_BOOL formatErrorSessionFailedCountValid;
	IMA_UINT32 formatErrorSessionFailedCount;
	IMA_BOOL closedConnectionDueToTimeoutCountValid;
	IMA_UINT32 closedConnectionDueToTimeoutCount;
	IMA_BOOL lastLoginFailureTimeValid;
	IMA_DATETIME lastLoginFailureTime;
	IMA_BYTE reserved[64];
} IMA_TARGET_ERROR_STATISTICS;

/**
 * IMA_LU_PROPERTIES - clause 5.52, 496 bytes on LP64
 * @associatedTargetOid: target the LU belongs to
 * @targetLun: logical unit number ( for the byte-array form)
 * @exposedToOs: the LU is exposed to the operating system
 * @timeExposedToOs: when it was exposed; meaningful if exposedToOs; all 0 if unknown
 * @osDeviceNameValid: osDeviceName holds a value; only if exposedToOs
 * @osDeviceName: device name in the operating system
 * @osParallelIdsValid: the three next fields hold values
 * @osBusNumber: bus number the operating system uses
 * @osTargetId: target number the operating system uses
 * @osLun: LUN the operating system uses
 * @reserved: 0; ignored in input
 */
typedef struct IMA_LU_PROPERTIES {
	IMA_OID associatedTargetOid;
	IMA_UINT64 targetLun;
	IMA_BOOL exposedToOs;
	IMA_DATETIME timeExposedToOs;
	IMA_BOOL osDeviceNameValid;
	IMA_WCHAR osDeviceName[64];
	IMA_BOOL osParallelIdsValid;
	IMA_UINT32 osBusNumber;
	IMA_UINT32 osTargetId;
	IMA_UINT32 osLun;
	IMA_BYTE reserved[128];
} IMA_LU_PROPERTIES;

/**
 * IMA_DEVICE_STATISTICS - clause 5.53, 64 bytes on LP64
 * @scsiPayloadBytesSent: SCSI data bytes sent
 * @scsiPayloadBytesReceived: SCSI data bytes received
 * @iScsiPduBytesSent: bytes of iSCSI PDUs sent
 * @iScsiPduBytesReceived: bytes of iSCSI PDUs received
 * @iScsiPdusSent: PDUs sent
 * @iScsiPdusReceived: PDUs received
 * @millisecondsSpentSending: time spent sending, in ms
 * @millisecondsSpentReceiving: time spent receiving, in ms
 *
 * No Valid flags, no reserved field. a counter that is not kept is 0.
 */
typedef struct IMA_DEVICE_STATISTICS {
	IMA_UINT64 scsiPayloadBytesSent;
	IMA_UINT64 scsiPayloadBytesReceived;
	IMA_UINT64 iScsiPduBytesSent;
	IMA_UINT64 iScsiPduBytesReceived;
	IMA_UINT64 iScsiPdusSent;
	IMA_UINT64 iScsiPdusReceived;
	IMA_UINT64 millisecondsSpentSending;
	IMA_UINT64 millisecondsSpentReceiving;
} IMA_DEVICE_STATISTICS;

/**
 * IMA_STATISTICS_PROPERTIES - clause 5.54, 8 bytes on LP64
 * @statisticsCollectionSettable: IMA_SetStatisticsCollection may be used (on the object
 *     or, for a PNP, on its PHBA)
 * @statisticsCollectionEnabled: statistics are being collected
 */
typedef struct IMA_STATISTICS_PROPERTIES {
	IMA_BOOL statisticsCollectionSettable;
	IMA_BOOL statisticsCollectionEnabled;
} IMA_STATISTICS_PROPERTIES;

/**
 * IMA_AUTHMETHOD - clause 5.55
 * @IMA_AUTHMETHOD_NONE: no authentication
 * @IMA_AUTHMETHOD_CHAP: CHAP (RFC 1994)
 * @IMA_AUTHMETHOD_SRP: SRP (RFC 2945)
 * @IMA_AUTHMETHOD_KRB5: Kerberos 5
 * @IMA_AUTHMETHOD_SPKM1: SPKM-1
 * @IMA_AUTHMETHOD_SPKM2: SPKM-2
 */
typedef enum IMA_AUTHMETHOD {
	IMA_AUTHMETHOD_NONE = 0,
	IMA_AUTHMETHOD_CHAP = 1,
	IMA_AUTHMETHOD_SRP = 2,
	IMA_AUTHMETHOD_KRB5 = 3,
	IMA_AUTHMETHOD_SPKM1 = 4,
	IMA_AUTHMETHOD_SPKM2 = 5
} IMA_AUTHMETHOD;

/**
 * IMA_CHAP_INITIATOR_AUTHPARMS - clause 5.56, 1320 bytes on LP64
 * @retries: number of retries
 * @name: CHAP name, bytes without terminator
 * @nameLength: bytes used in name, 0 to 512
 * @minValueLength: smallest length of the CHAP value (challenge) in bytes
 * @maxValueLength: largest length of the CHAP value in bytes
 * @challengeSecret: shared secret, bytes without terminator
 * @challengeSecretLength: bytes used in challengeSecret, 0 to 256
 * @reserved: 0; ignored in input
 *
 * Name and secret are byte strings, not wide strings (C passes 8-bit text).
 * lengths above the array sizes give IMA_ERROR_INVALID_PARAMETER; minValueLength above
 * maxValueLength likewise unless both are 0 (default).
 */
typedef struct IMA_CHAP_INITIATOR_AUTHPARMS {
	IMA_UINT retries;
	IMA_BYTE name[512];
	IMA_UINT nameLength;
	IMA_UINT minValueLength;
	IMA_UINT maxValueLength;
	IMA_BYTE challengeSecret[256];
	IMA_UINT challengeSecretLength;
	IMA_BYTE reserved[512];
} IMA_CHAP_INITIATOR_AUTHPARMS;

/**
 * IMA_SRP_INITIATOR_AUTHPARMS - clause 5.57, 1032 bytes on LP64
 * @userName: user name, bytes without terminator
 * @userNameLength: bytes used, 0 to 512
 * @reserved: 0; ignored in input
 */
typedef struct IMA_SRP_INITIATOR_AUTHPARMS {
	IMA_BYTE userName[512];
	IMA_UINT userNameLength;
	IMA_BYTE reserved[512];
} IMA_SRP_INITIATOR_AUTHPARMS;

/**
 * IMA_KRB5_INITIATOR_AUTHPARMS - clause 5.58, 3080 bytes on LP64
 * @clientKey: client key
 * @clientKeyLength: bytes used, 0 to 1024
 * @reserved: 0; ignored in input
 */
typedef struct IMA_KRB5_INITIATOR_AUTHPARMS {
	IMA_BYTE clientKey[1024];
	IMA_UINT clientKeyLength;
	IMA_BYTE reserved[2048];
} IMA_KRB5_INITIATOR_AUTHPARMS;

/**
 * IMA_SPKM_INITIATOR_AUTHPARMS - clause 5.59, 12304 bytes on LP64
 * @privateKey: private key
 * @privateKeyLength: bytes used, 0 to 4096
 * @publicKey: public key
 * @publicKeyLength: bytes used, 0 to 4096
 * @reserved: 0; ignored in input
 *
 * Used for SPKM-1 and SPKM-2 alike.
 */
typedef struct IMA_SPKM_INITIATOR_AUTHPARMS {
	IMA_BYTE privateKey[4096];
	IMA_UINT privateKeyLength;
	IMA_BYTE publicKey[4096];
	IMA_UINT publicKeyLength;
	IMA_BYTE reserved[4096];
} IMA_SPKM_INITIATOR_AUTHPARMS;

/**
 * IMA_INITIATOR_AUTHPARMS - clause 5.60, 12304 bytes on LP64. Which member counts follows from
 * the method argument; there is no tag. Callers allocate the whole union whatever the method.
 * @chapParms: for IMA_AUTHMETHOD_CHAP
 * @srpParms: for IMA_AUTHMETHOD_SRP
 * @kerberosParms: for IMA_AUTHMETHOD_KRB5
 * @spkmParms: for IMA_AUTHMETHOD_SPKM1 and IMA_AUTHMETHOD_SPKM2
 */
typedef union IMA_INITIATOR_AUTHPARMS {
	IMA_CHAP_INITIATOR_AUTHPARMS chapParms;
	IMA_SRP_INITIATOR_AUTHPARMS srpParms;
	IMA_KRB5_INITIATOR_AUTHPARMS kerberosParms;
	IMA_SPKM_INITIATOR_AUTHPARMS spkmParms;
} IMA_INITIATOR_AUTHPARMS;

/*
 * Functions, clause 6.2.
 */

/**
 * IMA_AddDiscoveryAddress - clause 6.2.1
 *
 * Adds one discovery address to the list that the PNP or LHBA uses for SendTargets
 * discovery.
 *
 * @oid: PNP or LHBA that gets the address
 * @discoveryAddress: portal (host name or IP, and TCP port) to use in a SendTargets
 *     discovery session
 * @pDiscoveryAddressOid: may be NULL; receives the OID (type DISCOVERY_ADDRESS) of the
 *     new entry
 *
 * Objects: PNP, LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the address is
 *   used for discovery only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the PNP or LHBA does not do SendTargets discovery
 * - IMA_ERROR_INVALID_PARAMETER: discoveryAddress is an empty structure (no host name and
 *   no IP address)
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PNP or LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PNP or LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Persistent: the entry stays until IMA_RemoveDiscoveryAddress. Adding an address that is
 * already there: return IMA_STATUS_SUCCESS with the OID of the existing entry and do not
 * create a second one.
 * An address is empty if hostnameInUse is IMA_TRUE and id.hostname[0] is 0, or
 * hostnameInUse is IMA_FALSE and all 16 address bytes are 0. portNumber 0: treat as the
 * default iSCSI port 3260.
 */
IMA_API IMA_STATUS IMA_AddDiscoveryAddress(IMA_OID oid,
					   const IMA_TARGET_ADDRESS discoveryAddress,
					   IMA_OID *pDiscoveryAddressOid);

/**
 * IMA_AddStaticDiscoveryTarget - clause 6.2.2
 *
 * Adds one target to the list of statically configured targets of the PNP or LHBA.
 *
 * @oid: PNP or LHBA that gets the target
 * @staticDiscoveryTarget: name and address of the target
 * @pStaticDiscoveryTargetOid: may be NULL; receives the OID (type
 *     STATIC_DISCOVERY_TARGET) of the new entry
 *
 * Objects: PNP, LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the target is
 *   discovered only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the PNP or LHBA does not do static discovery
 * - IMA_ERROR_INVALID_PARAMETER: staticDiscoveryTarget is empty
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PNP or LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PNP or LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Persistent until IMA_RemoveStaticDiscoveryTarget. Duplicate name and address: return
 * the OID of the existing entry with IMA_STATUS_SUCCESS.
 * name longer than 223 UTF-8 bytes, or not a valid iSCSI name, gives
 * IMA_ERROR_INVALID_PARAMETER.
 */
IMA_API IMA_STATUS IMA_AddStaticDiscoveryTarget(
	IMA_OID oid, const IMA_STATIC_DISCOVERY_TARGET staticDiscoveryTarget,
	IMA_OID *pStaticDiscoveryTargetOid);

/**
 * IMA_DeregisterForObjectPropertyChanges - clause 6.2.3
 *
 * Stops calling the client function for property changes.
 *
 * @pClientFn: client function given earlier to IMA_RegisterForObjectPropertyChanges
 *
 * Kept by the library, which registers itself with every plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: The function is not called any more once this returns; also
 *   returned when the function was not registered.
 * - IMA_ERROR_INVALID_PARAMETER: pClientFn is NULL
 *
 * after return no further call to pClientFn starts; a call already running on another
 * thread may still be finishing, unless the caller is that very callback. Calling this
 * function from inside the callback must not deadlock.
 */
IMA_API IMA_STATUS
IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn);

/**
 * IMA_DeregisterForObjectVisibilityChanges - clause 6.2.4
 *
 * Stops calling the client function for visibility changes.
 *
 * @pClientFn: client function given earlier to IMA_RegisterForObjectVisibilityChanges
 *
 * Kept by the library, which registers itself with every plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: The function is not called any more once this returns; also
 *   returned when the function was not registered.
 * - IMA_ERROR_INVALID_PARAMETER: pClientFn is NULL
 *
 * after return no further call to pClientFn starts; a call already running on another
 * thread may still be finishing, unless the caller is that very callback. Calling this
 * function from inside the callback must not deadlock.
 */
IMA_API IMA_STATUS
IMA_DeregisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn);

/**
 * IMA_ExposeLu - clause 6.2.5
 *
 * Exposes one logical unit to the operating system, so that it becomes a usable device.
 *
 * @luOid: LU to make visible to the operating system
 *
 * Objects: LU.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the LU is
 *   exposed only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA of the LU does not support exposing LUs one by one
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of luOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of luOid is defined but is not an LU
 * - IMA_ERROR_OBJECT_NOT_FOUND: luOid names an LU that is not currently known: its owner
 *   is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_LU_EXPOSED: the LU is already exposed
 * - IMA_ERROR_TARGET_TIMEOUT: the target of the LU did not answer an iSCSI login request
 * - IMA_ERROR_LOGIN_REJECTED: the target of the LU refused an iSCSI login request
 * - and the general statuses above
 *
 * Typical sequence: IMA_LuReportLuns on the target, IMA_GetLuOid for a LUN found there,
 * IMA_ExposeLu with that OID.
 * Persistence: the exposure is remembered across reboots.
 */
IMA_API IMA_STATUS IMA_ExposeLu(IMA_OID luOid);

/**
 * IMA_FreeMemory - clause 6.2.6
 *
 * Releases memory that an IMA function allocated for the caller.
 *
 * @pMemory: memory handed out by an IMA function: an IMA_OID_LIST, an IMA_ADDRESS_KEYS,
 *     ...
 *
 * Answered by the library alone.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: Memory released; also for pMemory == NULL, where nothing is done.
 *
 * Must be used for every list an IMA function returned; do not use free().
 * detect foreign pointers only where that is safe and cheap (for example a header word in
 * front of each block); otherwise behaviour is undefined as with free().
 */
IMA_API IMA_STATUS IMA_FreeMemory(void *pMemory);

/**
 * IMA_GenerateNodeName - clause 6.2.7
 *
 * Makes up an iSCSI node name that is unique to the running system. It does not set the
 * name; pass it to IMA_SetNodeName for that.
 *
 * @generatedName: receives the name, zero-terminated
 *
 * Answered by the library alone.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: generatedName is NULL
 *
 * The result must be a valid iSCSI name of at most 223 UTF-8 bytes.
 * the same system gives the same name on every call unless nothing unique is available;
 * lower-case only; format iqn.yyyy-mm.reversed-domain:unique-part.
 */
IMA_API IMA_STATUS IMA_GenerateNodeName(IMA_NODE_NAME generatedName);

/**
 * IMA_GetAddressKeys - clause 6.2.8
 *
 * Returns the address keys, that is the network portals, of a target.
 *
 * @targetOid: target asked about
 * @ppKeys: receives an allocated list of the portals (IP address and TCP port) of the
 *     target
 *
 * Objects: target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppKeys is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of targetOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of targetOid is defined but is not a target
 * - IMA_ERROR_OBJECT_NOT_FOUND: targetOid names a target that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_TARGET_TIMEOUT: the target did not answer the attempt to create a discovery
 *   session
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 * - and the general statuses above
 *
 * Release the list with IMA_FreeMemory.
 * The list is obtained with discovery sessions, so the call may take long.
 */
IMA_API IMA_STATUS IMA_GetAddressKeys(IMA_OID targetOid, IMA_ADDRESS_KEYS **ppKeys);

/**
 * IMA_GetAssociatedPluginOid - clause 6.2.9
 *
 * Tells which plugin owns an object, so that the plugin can be queried or sent an IOctl.
 *
 * @oid: any object received from an earlier call
 * @pPluginOid: receives the OID of the plugin that owns the object
 *
 * Objects: any type owned by a plugin.
 * Answered by the library alone.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pPluginOid is NULL
 * - IMA_ERROR_INVALID_PARAMETER: oid is owned by the library, not by a plugin (for
 *   example the shared node)
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_OBJECT_NOT_FOUND: the owner of oid is not a loaded plugin
 *
 * Only the owner is looked up; the object itself need not exist any more.
 * Passing the OID of a plugin returns the same OID.
 * The answer has type PLUGIN, the same ownerId, and sequence number 0.
 */
IMA_API IMA_STATUS IMA_GetAssociatedPluginOid(IMA_OID oid, IMA_OID *pPluginOid);

/**
 * IMA_GetDataPduInOrderProperties - clause 6.2.10
 *
 * Returns the DataPDUInOrder login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: Yes/No; default Yes; result function OR; scope session.
 */
IMA_API IMA_STATUS IMA_GetDataPduInOrderProperties(IMA_OID oid, IMA_BOOL_VALUE *pProps);

/**
 * IMA_GetDataSequenceInOrderProperties - clause 6.2.11
 *
 * Returns the DataSequenceInOrder login key as configured for an LHBA (the default for
 * its sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: Yes/No; default Yes; result function OR; scope session.
 */
IMA_API IMA_STATUS IMA_GetDataSequenceInOrderProperties(IMA_OID oid,
							IMA_BOOL_VALUE *pProps);

/**
 * IMA_GetDefaultTime2RetainProperties - clause 6.2.12
 *
 * Returns the DefaultTime2Retain login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 0 to 3600 s; default 20; result function minimum; scope session.
 */
IMA_API IMA_STATUS IMA_GetDefaultTime2RetainProperties(IMA_OID oid,
						       IMA_MIN_MAX_VALUE *pProps);

/**
 * IMA_GetDefaultTime2WaitProperties - clause 6.2.13
 *
 * Returns the DefaultTime2Wait login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 0 to 3600 s; default 2; result function maximum; scope session.
 */
IMA_API IMA_STATUS IMA_GetDefaultTime2WaitProperties(IMA_OID oid,
						     IMA_MIN_MAX_VALUE *pProps);

/**
 * IMA_GetDeviceStatistics - clause 6.2.14
 *
 * Returns traffic counters of a target or LU that is exposed to the operating system.
 *
 * @oid: target or LU
 * @pStats: caller-allocated structure to fill
 *
 * Objects: target, LU.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pStats is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a target or LU
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a target or LU that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_LU_NOT_EXPOSED: oid is a target without any exposed LU, or an LU that is
 *   not exposed
 * - IMA_ERROR_STATS_COLLECTION_NOT_ENABLED: statistics collection is not enabled for oid
 * - and the general statuses above
 *
 * The counters of a target cover all its exposed LUs.
 */
IMA_API IMA_STATUS IMA_GetDeviceStatistics(IMA_OID oid, IMA_DEVICE_STATISTICS *pStats);

/**
 * IMA_GetDiscoveryAddressOidList - clause 6.2.15
 *
 * Lists the discovery addresses configured for an LHBA or PNP.
 *
 * @oid: LHBA or PNP
 * @ppList: receives an allocated list of DISCOVERY_ADDRESS OIDs
 *
 * Objects: LHBA, PNP.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_NOT_SUPPORTED: the PNP or LHBA does not do SendTargets discovery
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or PNP that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 * - and the general statuses above
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 */
IMA_API IMA_STATUS IMA_GetDiscoveryAddressOidList(IMA_OID oid, IMA_OID_LIST **ppList);

/**
 * IMA_GetDiscoveryAddressProperties - clause 6.2.16
 *
 * Returns the properties of a discovery address.
 *
 * @discoveryAddressOid: discovery address
 * @pProps: caller-allocated structure to fill
 *
 * Objects: discovery address.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of discoveryAddressOid holds no defined
 *   object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of discoveryAddressOid is defined but is
 *   not a discovery address
 * - IMA_ERROR_OBJECT_NOT_FOUND: discoveryAddressOid names a discovery address that is not
 *   currently known: its owner is not a loaded plugin, or the owning plugin has no such
 *   object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetDiscoveryAddressProperties(
	IMA_OID discoveryAddressOid, IMA_DISCOVERY_ADDRESS_PROPERTIES *pProps);

/**
 * IMA_GetDiscoveryProperties - clause 6.2.17
 *
 * Returns which target discovery methods the PHBA or LHBA has enabled and which can be
 * changed.
 *
 * @oid: PHBA or LHBA
 * @pProps: caller-allocated structure to fill
 *
 * Objects: PHBA, LHBA.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PHBA or LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PHBA or LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetDiscoveryProperties(IMA_OID oid,
					      IMA_DISCOVERY_PROPERTIES *pProps);

/**
 * IMA_GetErrorRecoveryLevelProperties - clause 6.2.18
 *
 * Returns the ErrorRecoveryLevel login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 0 to 2; default 0; result function minimum; scope session.
 */
IMA_API IMA_STATUS IMA_GetErrorRecoveryLevelProperties(IMA_OID oid,
						       IMA_MIN_MAX_VALUE *pProps);

/**
 * IMA_GetFirstBurstLengthProperties - clause 6.2.19
 *
 * Returns the FirstBurstLength login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 512 to 16777215 bytes, not above MaxBurstLength; default 65536; result
 * function minimum; scope session.
 */
IMA_API IMA_STATUS IMA_GetFirstBurstLengthProperties(IMA_OID oid,
						     IMA_MIN_MAX_VALUE *pProps);

/**
 * IMA_GetImmediateDataProperties - clause 6.2.20
 *
 * Returns the ImmediateData login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: Yes/No; default Yes; result function AND; scope session.
 */
IMA_API IMA_STATUS IMA_GetImmediateDataProperties(IMA_OID oid, IMA_BOOL_VALUE *pProps);

/**
 * IMA_GetInitialR2TProperties - clause 6.2.21
 *
 * Returns the InitialR2T login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: Yes/No; default Yes; result function OR; scope session.
 */
IMA_API IMA_STATUS IMA_GetInitialR2TProperties(IMA_OID oid, IMA_BOOL_VALUE *pProps);

/**
 * IMA_GetInitiatorAuthParms - clause 6.2.22
 *
 * Returns the initiator authentication parameters of one method.
 *
 * @lhbaOid: LHBA
 * @method: method whose parameters are wanted; selects the union member
 * @pParms: caller-allocated union to fill
 *
 * Objects: LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA cannot return authentication parameters (most
 *   likely it supports no authentication method)
 * - IMA_ERROR_INVALID_PARAMETER: method is not a defined value, or the LHBA does not
 *   support it
 * - IMA_ERROR_INVALID_PARAMETER: method is IMA_AUTHMETHOD_NONE
 * - IMA_ERROR_INVALID_PARAMETER: pParms is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of lhbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of lhbaOid is defined but is not an LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: lhbaOid names an LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * IMA_AUTHMETHOD_SPKM1 and IMA_AUTHMETHOD_SPKM2 both use the spkmParms member.
 */
IMA_API IMA_STATUS IMA_GetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
					     IMA_INITIATOR_AUTHPARMS *pParms);

/**
 * IMA_GetInUseInitiatorAuthMethods - clause 6.2.23
 *
 * Returns the authentication methods the LHBA uses now, most preferred first.
 *
 * @lhbaOid: LHBA
 * @pMethodCount: in: capacity of pMethodList in entries; out: number of entries placed
 *     there
 * @pMethodList: may be NULL; caller-allocated array, or NULL
 *
 * Objects: LHBA.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pMethodCount is NULL
 * - IMA_ERROR_INVALID_PARAMETER: pMethodList is not NULL and cannot be written, or is
 *   NULL while *pMethodCount is not 0
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA cannot report its authentication methods
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of lhbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of lhbaOid is defined but is not an LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: lhbaOid names an LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * In/out protocol: on entry *pMethodCount is the capacity; pMethodList == NULL goes with
 * capacity 0; on return it is the number of entries placed; order is decreasing
 * preference.
 */
IMA_API IMA_STATUS IMA_GetInUseInitiatorAuthMethods(IMA_OID lhbaOid,
						    IMA_UINT *pMethodCount,
						    IMA_AUTHMETHOD *pMethodList);

/**
 * IMA_GetIpProperties - clause 6.2.24
 *
 * Returns the IP configuration of a physical network port.
 *
 * @oid: PNP
 * @pProps: caller-allocated structure to fill
 *
 * Objects: PNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PNP that is not currently known: its owner is
 *   not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetIpProperties(IMA_OID oid, IMA_IP_PROPERTIES *pProps);

/**
 * IMA_GetIpsecProperties - clause 6.2.25
 *
 * Tells whether IPsec is available and whether hardware or software implements it.
 *
 * @oid: PNP or LHBA
 * @pProps: caller-allocated structure to fill
 *
 * Objects: PNP, LHBA.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PNP or LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PNP or LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * This is the only IPsec function; configuring IPsec is outside this API.
 */
IMA_API IMA_STATUS IMA_GetIpsecProperties(IMA_OID oid, IMA_IPSEC_PROPERTIES *pProps);

/**
 * IMA_GetLhbaOidList - clause 6.2.26
 *
 * Lists all logical HBAs of the system.
 *
 * @ppList: receives an allocated list of LHBA OIDs
 *
 * Answered by all plugins; the library merges their lists in load order and skips plugins
 * that fail while another one succeeds.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 * Order of the entries: plugin load order, then the order each plugin gives.
 */
IMA_API IMA_STATUS IMA_GetLhbaOidList(IMA_OID_LIST **ppList);

/**
 * IMA_GetLhbaProperties - clause 6.2.27
 *
 * Returns the properties of a logical HBA.
 *
 * @lhbaOid: LHBA
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of lhbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of lhbaOid is defined but is not an LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: lhbaOid names an LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetLhbaProperties(IMA_OID lhbaOid, IMA_LHBA_PROPERTIES *pProps);

/**
 * IMA_GetLibraryProperties - clause 6.2.28
 *
 * Returns the properties of the library in use.
 *
 * @pProps: caller-allocated structure to fill
 *
 * Answered by the library alone.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 *
 * Works without any plugin.
 */
IMA_API IMA_STATUS IMA_GetLibraryProperties(IMA_LIBRARY_PROPERTIES *pProps);

/**
 * IMA_GetLnpOidList - clause 6.2.29
 *
 * Lists all logical network ports usable for iSCSI.
 *
 * @ppList: receives an allocated list of LNP OIDs
 *
 * Answered by all plugins; the library merges their lists in load order and skips plugins
 * that fail while another one succeeds.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 * Order of the entries: plugin load order, then the order each plugin gives.
 */
IMA_API IMA_STATUS IMA_GetLnpOidList(IMA_OID_LIST **ppList);

/**
 * IMA_GetLnpProperties - clause 6.2.30
 *
 * Returns the properties of a logical network port.
 *
 * @lnpOid: LNP
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of lnpOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of lnpOid is defined but is not an LNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: lnpOid names an LNP that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetLnpProperties(IMA_OID lnpOid, IMA_LNP_PROPERTIES *pProps);

/**
 * IMA_GetLuOid - clause 6.2.31
 *
 * Gives the OID of the logical unit with a given LUN on a target.
 *
 * @targetOid: target
 * @lun: logical unit number on that target
 * @pluOid: receives the LU OID
 *
 * Objects: target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pluOid is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of targetOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of targetOid is defined but is not a target
 * - IMA_ERROR_OBJECT_NOT_FOUND: targetOid names a target that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_OBJECT_NOT_FOUND: the target has no logical unit with this LUN
 * - and the general statuses above
 *
 * The LU need not be exposed: IMA_GetLuOidList returns exposed LUs only, so this is how
 * an unexposed LU gets an OID before IMA_ExposeLu.
 * The same target OID and LUN give the same OID while the LU exists.
 * A plugin that has to ask the target also answers IMA_ERROR_TARGET_TIMEOUT if it does not
 * answer, and IMA_ERROR_LOGIN_REJECTED if it refuses.
 */
IMA_API IMA_STATUS IMA_GetLuOid(IMA_OID targetOid, IMA_UINT64 lun, IMA_OID *pluOid);

/**
 * IMA_GetLuOidList - clause 6.2.32
 *
 * Lists the logical units of an LHBA or of one target that are exposed to the operating
 * system.
 *
 * @oid: LHBA or target
 * @ppList: receives an allocated list of LU OIDs
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 * - and the general statuses above
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 * LUs that are not exposed are not in the list.
 */
IMA_API IMA_STATUS IMA_GetLuOidList(IMA_OID oid, IMA_OID_LIST **ppList);

/**
 * IMA_GetLuProperties - clause 6.2.33
 *
 * Returns the properties of a logical unit.
 *
 * @luOid: LU
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LU.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of luOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of luOid is defined but is not an LU
 * - IMA_ERROR_OBJECT_NOT_FOUND: luOid names an LU that is not currently known: its owner
 *   is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetLuProperties(IMA_OID luOid, IMA_LU_PROPERTIES *pProps);

/**
 * IMA_GetMaxBurstLengthProperties - clause 6.2.34
 *
 * Returns the MaxBurstLength login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 512 to 16777215 bytes; default 262144; result function minimum; scope
 * session.
 */
IMA_API IMA_STATUS IMA_GetMaxBurstLengthProperties(IMA_OID oid,
						   IMA_MIN_MAX_VALUE *pProps);

/**
 * IMA_GetMaxConnectionsProperties - clause 6.2.35
 *
 * Returns the MaxConnections login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 1 to 65535; default 1; result function minimum; scope session.
 */
IMA_API IMA_STATUS IMA_GetMaxConnectionsProperties(IMA_OID oid,
						   IMA_MIN_MAX_VALUE *pProps);

/**
 * IMA_GetMaxOutstandingR2TProperties - clause 6.2.36
 *
 * Returns the MaxOutstandingR2T login key as configured for an LHBA (the default for its
 * sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 1 to 65535; default 1; result function minimum; scope session.
 */
IMA_API IMA_STATUS IMA_GetMaxOutstandingR2TProperties(IMA_OID oid,
						      IMA_MIN_MAX_VALUE *pProps);

/**
 * IMA_GetMaxRecvDataSegmentLengthProperties - clause 6.2.37
 *
 * Returns the MaxRecvDataSegmentLength login key as configured for an LHBA (the default
 * for its sessions) or for one target.
 *
 * @oid: LHBA or target asked about
 * @pProps: caller-allocated structure to fill
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 512 to 16777215 bytes; default 8192; result function declared, not
 * negotiated; scope connection.
 */
IMA_API IMA_STATUS IMA_GetMaxRecvDataSegmentLengthProperties(IMA_OID oid,
							     IMA_MIN_MAX_VALUE *pProps);

/**
 * IMA_GetNetworkPortalOidList - clause 6.2.38
 *
 * Lists the network portals of a logical network port.
 *
 * @oid: LNP
 * @ppList: receives an allocated list of NETWORK_PORTAL OIDs
 *
 * Objects: LNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LNP that is not currently known: its owner
 *   is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 * - and the general statuses above
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 */
IMA_API IMA_STATUS IMA_GetNetworkPortalOidList(IMA_OID oid, IMA_OID_LIST **ppList);

/**
 * IMA_GetNetworkPortalProperties - clause 6.2.39
 *
 * Returns the properties of a network portal.
 *
 * @networkPortalOid: network portal
 * @pProps: caller-allocated structure to fill
 *
 * Objects: network portal.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of networkPortalOid holds no defined
 *   object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of networkPortalOid is defined but is not a
 *   network portal
 * - IMA_ERROR_OBJECT_NOT_FOUND: networkPortalOid names a network portal that is not
 *   currently known: its owner is not a loaded plugin, or the owning plugin has no such
 *   object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetNetworkPortalProperties(IMA_OID networkPortalOid,
						  IMA_NETWORK_PORTAL_PROPERTIES *pProps);

/**
 * IMA_GetNetworkPortStatus - clause 6.2.40
 *
 * Returns the status of a logical or physical network port.
 *
 * @portOid: LNP or PNP
 * @pStatus: receives the status
 *
 * Objects: LNP, PNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pStatus is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of portOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of portOid is defined but is not an LNP or
 *   PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: portOid names an LNP or PNP that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * A change of this status is a property change for event purposes.
 */
IMA_API IMA_STATUS IMA_GetNetworkPortStatus(IMA_OID portOid,
					    IMA_NETWORK_PORT_STATUS *pStatus);

/**
 * IMA_GetNodeProperties - clause 6.2.41
 *
 * Returns the properties of an iSCSI node.
 *
 * @nodeOid: shared or non-shared node
 * @pProps: caller-allocated structure to fill
 *
 * Objects: node.
 * Answered by the library for the shared node, else by the plugin that owns the node.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_INCONSISTENT_NODE_PROPERTIES: the data is returned, but the library and at
 *   least one plugin disagree about the name or alias of the shared node
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of nodeOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of nodeOid is defined but is not a node
 * - IMA_ERROR_OBJECT_NOT_FOUND: nodeOid names a node that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * for the shared node: runningInInitiatorMode is IMA_TRUE if any plugin runs an initiator
 * on it, runningInTargetMode likewise; nameAndAliasSettable is IMA_TRUE if every plugin
 * using it can take a new name.
 */
IMA_API IMA_STATUS IMA_GetNodeProperties(IMA_OID nodeOid, IMA_NODE_PROPERTIES *pProps);

/**
 * IMA_GetNonSharedNodeOidList - clause 6.2.42
 *
 * Lists the non-shared nodes of the running operating system image.
 *
 * @ppList: receives an allocated list of NODE OIDs
 *
 * Answered by all plugins; the library merges their lists in load order and skips plugins
 * that fail while another one succeeds.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 * Order of the entries: plugin load order, then the order each plugin gives.
 */
IMA_API IMA_STATUS IMA_GetNonSharedNodeOidList(IMA_OID_LIST **ppList);

/**
 * IMA_GetObjectType - clause 6.2.43
 *
 * Returns the object type of an OID.
 *
 * @oid: any initialised OID
 * @pObjectType: receives the type
 *
 * Objects: any.
 * Answered by the library alone.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pObjectType is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_OBJECT_NOT_FOUND: the owner of oid is not known to the system
 *
 * Only the type field and the owner are looked at; the object itself need not exist.
 */
IMA_API IMA_STATUS IMA_GetObjectType(IMA_OID oid, IMA_OBJECT_TYPE *pObjectType);

/**
 * IMA_GetPhbaDownloadProperties - clause 6.2.44
 *
 * Tells which kinds of image can be downloaded to a PHBA.
 *
 * @phbaOid: PHBA
 * @pProps: caller-allocated structure to fill
 *
 * Objects: PHBA.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of phbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of phbaOid is defined but is not a PHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: phbaOid names a PHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetPhbaDownloadProperties(IMA_OID phbaOid,
						 IMA_PHBA_DOWNLOAD_PROPERTIES *pProps);

/**
 * IMA_GetPhbaOidList - clause 6.2.45
 *
 * Lists all physical HBAs of the system.
 *
 * @ppList: receives an allocated list of PHBA OIDs
 *
 * Answered by all plugins; the library merges their lists in load order and skips plugins
 * that fail while another one succeeds.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 * Order of the entries: plugin load order, then the order each plugin gives.
 */
IMA_API IMA_STATUS IMA_GetPhbaOidList(IMA_OID_LIST **ppList);

/**
 * IMA_GetPhbaProperties - clause 6.2.46
 *
 * Returns the general properties of a physical HBA.
 *
 * @phbaOid: PHBA
 * @pProps: caller-allocated structure to fill
 *
 * Objects: PHBA.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of phbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of phbaOid is defined but is not a PHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: phbaOid names a PHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetPhbaProperties(IMA_OID phbaOid, IMA_PHBA_PROPERTIES *pProps);

/**
 * IMA_GetPhbaStatus - clause 6.2.47
 *
 * Returns the status of a physical HBA.
 *
 * @hbaOid: PHBA
 * @pStatus: receives the status
 *
 * Objects: PHBA.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pStatus is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of hbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of hbaOid is defined but is not a PHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: hbaOid names a PHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * A change of this status is a property change for event purposes.
 */
IMA_API IMA_STATUS IMA_GetPhbaStatus(IMA_OID hbaOid, IMA_PHBA_STATUS *pStatus);

/**
 * IMA_GetPluginOidList - clause 6.2.48
 *
 * Lists the plugins the library has loaded.
 *
 * @ppList: receives an allocated list of PLUGIN OIDs
 *
 * Answered by the library alone.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * No duplicates.
 * Each OID is {PLUGIN, owner id of the plugin, 0}.
 */
IMA_API IMA_STATUS IMA_GetPluginOidList(IMA_OID_LIST **ppList);

/**
 * IMA_GetPluginProperties - clause 6.2.49
 *
 * Returns the properties of a plugin.
 *
 * @pluginOid: plugin
 * @pProps: caller-allocated structure to fill
 *
 * Objects: plugin.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of pluginOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of pluginOid is defined but is not a plugin
 * - IMA_ERROR_OBJECT_NOT_FOUND: pluginOid names a plugin that is not loaded
 * - and the general statuses above
 *
 * a PLUGIN OID with a sequence number other than 0 gives IMA_ERROR_OBJECT_NOT_FOUND.
 */
IMA_API IMA_STATUS IMA_GetPluginProperties(IMA_OID pluginOid,
					   IMA_PLUGIN_PROPERTIES *pProps);

/**
 * IMA_GetPnpOidList - clause 6.2.50
 *
 * Lists the physical network ports of a PHBA or of a logical network port.
 *
 * @oid: PHBA or LNP
 * @ppList: receives an allocated list of PNP OIDs
 *
 * Objects: PHBA, LNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PHBA or LNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PHBA or LNP that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 * - and the general statuses above
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 */
IMA_API IMA_STATUS IMA_GetPnpOidList(IMA_OID oid, IMA_OID_LIST **ppList);

/**
 * IMA_GetPnpProperties - clause 6.2.51
 *
 * Returns the properties of a physical network port.
 *
 * @pnpOid: PNP
 * @pProps: caller-allocated structure to fill
 *
 * Objects: PNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of pnpOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of pnpOid is defined but is not a PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: pnpOid names a PNP that is not currently known: its owner
 *   is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetPnpProperties(IMA_OID pnpOid, IMA_PNP_PROPERTIES *pProps);

/**
 * IMA_GetPnpStatistics - clause 6.2.52
 *
 * Returns the traffic counters of a physical network port.
 *
 * @pnpOid: PNP
 * @pStats: caller-allocated structure to fill
 *
 * Objects: PNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pStats is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of pnpOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of pnpOid is defined but is not a PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: pnpOid names a PNP that is not currently known: its owner
 *   is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_STATS_COLLECTION_NOT_ENABLED: statistics collection is not enabled for the
 *   PNP
 * - and the general statuses above
 *
 * Collection is switched for the PHBA as a whole, and read back per PNP with
 * IMA_GetStatisticsProperties.
 */
IMA_API IMA_STATUS IMA_GetPnpStatistics(IMA_OID pnpOid, IMA_PNP_STATISTICS *pStats);

/**
 * IMA_GetSharedNodeOid - clause 6.2.53
 *
 * Returns the OID of the shared node of the running operating system image.
 *
 * @pSharedNodeOid: receives the OID of the shared node
 *
 * Answered by the library alone.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pSharedNodeOid is NULL
 *
 * There is exactly one shared node; its OID is {NODE, 0, 0}. keep exactly this value.
 * Works without any plugin.
 */
IMA_API IMA_STATUS IMA_GetSharedNodeOid(IMA_OID *pSharedNodeOid);

/**
 * IMA_GetStaticDiscoveryTargetOidList - clause 6.2.54
 *
 * Lists the statically configured targets of an LHBA or PNP.
 *
 * @oid: LHBA or PNP
 * @ppList: receives an allocated list of STATIC_DISCOVERY_TARGET OIDs
 *
 * Objects: LHBA, PNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or PNP that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 * - and the general statuses above
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 */
IMA_API IMA_STATUS IMA_GetStaticDiscoveryTargetOidList(IMA_OID oid,
						       IMA_OID_LIST **ppList);

/**
 * IMA_GetStaticDiscoveryTargetProperties - clause 6.2.55
 *
 * Returns the properties of a statically configured target.
 *
 * @staticDiscoveryTargetOid: static discovery target
 * @pProps: caller-allocated structure to fill
 *
 * Objects: static discovery target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of staticDiscoveryTargetOid holds no
 *   defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of staticDiscoveryTargetOid is defined but
 *   is not a static discovery target
 * - IMA_ERROR_OBJECT_NOT_FOUND: staticDiscoveryTargetOid names a static discovery target
 *   that is not currently known: its owner is not a loaded plugin, or the owning plugin
 *   has no such object
 * - and the general statuses above
 */
IMA_API IMA_STATUS IMA_GetStaticDiscoveryTargetProperties(
	IMA_OID staticDiscoveryTargetOid, IMA_STATIC_DISCOVERY_TARGET_PROPERTIES *pProps);

/**
 * IMA_GetStatisticsProperties - clause 6.2.56
 *
 * Tells whether statistics are being collected for an object and whether that can be
 * changed.
 *
 * @oid: target, LU or PNP
 * @pProps: caller-allocated structure to fill
 *
 * Objects: target, LU, PNP.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_NOT_SUPPORTED: statistics collection cannot be set for the object
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a target, LU
 *   or PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a target, LU or PNP that is not currently
 *   known: its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Note the different sets: this function takes target, LU, PNP;
 * IMA_SetStatisticsCollection takes PHBA, target (and LU in the later edition).
 */
IMA_API IMA_STATUS IMA_GetStatisticsProperties(IMA_OID oid,
					       IMA_STATISTICS_PROPERTIES *pProps);

/**
 * IMA_GetSupportedAuthMethods - clause 6.2.57
 *
 * Returns the authentication methods an LHBA supports, or those of them that are settable
 * now.
 *
 * @lhbaOid: LHBA
 * @getSettableMethods: IMA_TRUE: only methods that can be enabled now, that is whose
 *     parameters have been set; IMA_FALSE: all supported methods
 * @pMethodCount: in: capacity of pMethodList; out: number of entries
 * @pMethodList: may be NULL; caller-allocated array, or NULL
 *
 * Objects: LHBA.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pMethodCount is NULL
 * - IMA_ERROR_INVALID_PARAMETER: getSettableMethods is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_PARAMETER: pMethodList is not NULL and cannot be written, or is
 *   NULL while *pMethodCount is not 0
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA cannot report its authentication methods
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of lhbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of lhbaOid is defined but is not an LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: lhbaOid names an LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Settable means: the parameters of the method are set. IMA_AUTHMETHOD_NONE needs none
 * and is always settable.
 * Same in/out protocol and recommendations as IMA_GetInUseInitiatorAuthMethods. The order
 * has no meaning here.
 */
IMA_API IMA_STATUS IMA_GetSupportedAuthMethods(IMA_OID lhbaOid,
					       IMA_BOOL getSettableMethods,
					       IMA_UINT *pMethodCount,
					       IMA_AUTHMETHOD *pMethodList);

/**
 * IMA_GetTargetErrorStatistics - clause 6.2.58
 *
 * Returns login, session and connection error counters of a target.
 *
 * @targetOid: target
 * @pStats: caller-allocated structure to fill
 *
 * Objects: target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pStats is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of targetOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of targetOid is defined but is not a target
 * - IMA_ERROR_OBJECT_NOT_FOUND: targetOid names a target that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_STATS_COLLECTION_NOT_ENABLED: statistics collection is not enabled for the
 *   target
 * - and the general statuses above
 *
 * Each counter has its own Valid flag.
 */
IMA_API IMA_STATUS IMA_GetTargetErrorStatistics(IMA_OID targetOid,
						IMA_TARGET_ERROR_STATISTICS *pStats);

/**
 * IMA_GetTargetOidList - clause 6.2.59
 *
 * Lists the targets an LHBA has discovered, or that are reachable through a logical
 * network port.
 *
 * @oid: LHBA or LNP
 * @ppList: receives an allocated list of TARGET OIDs
 *
 * Objects: LHBA, LNP.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or LNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or LNP that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 * - and the general statuses above
 *
 * The list is allocated for the caller, who releases it with IMA_FreeMemory. On success
 * the pointer is never NULL; an empty result is a list whose oidCount is 0.
 * The list contains no OID twice.
 * A target OID belongs to one LHBA. The same iSCSI target discovered by two LHBAs has two
 * OIDs; compare the names to find out.
 * Targets seen through one LNP may belong to several LHBAs.
 */
IMA_API IMA_STATUS IMA_GetTargetOidList(IMA_OID oid, IMA_OID_LIST **ppList);

/**
 * IMA_GetTargetProperties - clause 6.2.60
 *
 * Returns the properties of a target.
 *
 * @targetOid: target
 * @pProps: caller-allocated structure to fill
 *
 * Objects: target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of targetOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of targetOid is defined but is not a target
 * - IMA_ERROR_OBJECT_NOT_FOUND: targetOid names a target that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_TARGET_TIMEOUT: a login was needed and the target did not answer it
 * - IMA_ERROR_LOGIN_REJECTED: a login was needed and the target refused it
 * - and the general statuses above
 *
 * A login may be needed to learn the alias.
 */
IMA_API IMA_STATUS IMA_GetTargetProperties(IMA_OID targetOid,
					   IMA_TARGET_PROPERTIES *pProps);

/**
 * IMA_IsPhbaDownloadFile - clause 6.2.61
 *
 * Checks whether a file holds an image that can be downloaded to the PHBA, and describes
 * the image.
 *
 * @phbaOid: PHBA
 * @pFileName: zero-terminated file name, with path if needed
 * @pProps: caller-allocated structure to fill
 *
 * Objects: PHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: The file is suitable; *pProps describes the image.
 * - IMA_ERROR_NOT_SUPPORTED: the PHBA does not support this function
 * - IMA_ERROR_INVALID_PARAMETER: pFileName is NULL
 * - IMA_ERROR_INVALID_PARAMETER: the file cannot be opened for reading, or holds no image
 *   for this PHBA
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of phbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of phbaOid is defined but is not a PHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: phbaOid names a PHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Does not change the PHBA.
 */
IMA_API IMA_STATUS IMA_IsPhbaDownloadFile(IMA_OID phbaOid, const IMA_WCHAR *pFileName,
					  IMA_PHBA_DOWNLOAD_IMAGE_PROPERTIES *pProps);

/**
 * IMA_LuInquiry - clause 6.2.62
 *
 * Sends a SCSI INQUIRY. A target OID means LUN 0 of that target.
 *
 * @deviceOid: target or LU
 * @evpd: value of the EVPD bit
 * @cmddt: value of the CMDDT bit
 * @pageCode: value of the page or operation code byte
 * @pOutputBuffer: receives the data the device returned
 * @pOutputBufferLength: in: size of the buffer in bytes; out, on success: bytes placed in
 *     it
 * @pSenseBuffer: may be NULL; receives sense data if the command ends with CHECK
 *     CONDITION; NULL: no sense data wanted
 * @pSenseBufferLength: in: size of the sense buffer; out, when
 *     IMA_ERROR_SCSI_STATUS_CHECK_CONDITION is returned: bytes placed in it
 *
 * Objects: target, LU.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_SCSI_STATUS_CONDITION_MET: (non-error) the command ended with SCSI status
 *   CONDITION MET
 * - IMA_ERROR_NOT_SUPPORTED: INQUIRY cannot be sent to this target or LU
 * - IMA_ERROR_INVALID_PARAMETER: evpd or cmddt is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_PARAMETER: pOutputBuffer or pOutputBufferLength is NULL, or
 *   *pOutputBufferLength is 0
 * - IMA_ERROR_INVALID_PARAMETER: pSenseBuffer is NULL while pSenseBufferLength is not
 *   NULL and *pSenseBufferLength is not 0
 * - IMA_ERROR_INVALID_PARAMETER: pSenseBuffer is not NULL while pSenseBufferLength is
 *   NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of deviceOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of deviceOid is defined but is not a target
 *   or LU
 * - IMA_ERROR_OBJECT_NOT_FOUND: deviceOid names a target or LU that is not currently
 *   known: its owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_TARGET_TIMEOUT: a session had to be created and the target did not answer
 *   the login
 * - IMA_ERROR_LOGIN_REJECTED: a session had to be created and the target refused the
 *   login
 * - IMA_ERROR_SCSI_STATUS_CHECK_CONDITION: the command ended with CHECK CONDITION; sense
 *   data, if the caller gave a buffer, is in pSenseBuffer
 * - IMA_ERROR_SCSI_STATUS_BUSY: the command ended with BUSY
 * - IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT: the command ended with RESERVATION
 *   CONFLICT
 * - IMA_ERROR_SCSI_STATUS_TASK_SET_FULL: the command ended with TASK SET FULL
 * - IMA_ERROR_SCSI_STATUS_ACA_ACTIVE: the command ended with ACA ACTIVE
 * - IMA_ERROR_SCSI_STATUS_TASK_ABORTED: the command ended with TASK ABORTED
 * - and the general statuses above
 *
 * Output length: at most *pOutputBufferLength bytes are written; longer device data is
 * cut off without an error (the allocation length in the command is the buffer size).
 * Output length is not changed on failure.
 * Sense length: at most *pSenseBufferLength bytes; changed only for CHECK CONDITION.
 * If no session to the target exists the plugin may create one for the command and end it
 * afterwards. If the operating system already uses the LU, the plugin should send the
 * command through the operating system path or otherwise not disturb it.
 * evpd and cmddt both IMA_TRUE: not a valid SPC-3 command; send it and let the device
 * answer CHECK CONDITION.
 * CDB: operation code 12h, 6 bytes; byte 1 bit 0 EVPD, bit 1 CMDDT; byte 2 page code;
 * bytes 3 and 4 allocation length, so the buffer is used up to 65535 bytes.
 */
IMA_API IMA_STATUS IMA_LuInquiry(IMA_OID deviceOid, IMA_BOOL evpd, IMA_BOOL cmddt,
				 IMA_BYTE pageCode, IMA_BYTE *pOutputBuffer,
				 IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
				 IMA_UINT *pSenseBufferLength);

/**
 * IMA_LuReadCapacity - clause 6.2.63
 *
 * Sends a SCSI READ CAPACITY. A target OID means LUN 0 of that target.
 *
 * @deviceOid: target or LU
 * @cdbLength: 10 or 16: which READ CAPACITY command to send
 * @pOutputBuffer: receives the data the device returned
 * @pOutputBufferLength: in: size of the buffer in bytes; out, on success: bytes placed in
 *     it
 * @pSenseBuffer: may be NULL; receives sense data if the command ends with CHECK
 *     CONDITION; NULL: no sense data wanted
 * @pSenseBufferLength: in: size of the sense buffer; out, when
 *     IMA_ERROR_SCSI_STATUS_CHECK_CONDITION is returned: bytes placed in it
 *
 * Objects: target, LU.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_SCSI_STATUS_CONDITION_MET: (non-error) the command ended with SCSI status
 *   CONDITION MET
 * - IMA_ERROR_NOT_SUPPORTED: the 16 byte command is not supported (support of 10 is
 *   mandatory, of 16 optional)
 * - IMA_ERROR_INVALID_PARAMETER: cdbLength is neither 10 nor 16
 * - IMA_ERROR_INVALID_PARAMETER: pOutputBuffer or pOutputBufferLength is NULL, or
 *   *pOutputBufferLength is 0
 * - IMA_ERROR_INVALID_PARAMETER: pSenseBuffer is NULL while pSenseBufferLength is not
 *   NULL and *pSenseBufferLength is not 0
 * - IMA_ERROR_INVALID_PARAMETER: pSenseBuffer is not NULL while pSenseBufferLength is
 *   NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of deviceOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of deviceOid is defined but is not a target
 *   or LU
 * - IMA_ERROR_OBJECT_NOT_FOUND: deviceOid names a target or LU that is not currently
 *   known: its owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_TARGET_TIMEOUT: a session had to be created and the target did not answer
 *   the login
 * - IMA_ERROR_LOGIN_REJECTED: a session had to be created and the target refused the
 *   login
 * - IMA_ERROR_SCSI_STATUS_CHECK_CONDITION: the command ended with CHECK CONDITION; sense
 *   data, if the caller gave a buffer, is in pSenseBuffer
 * - IMA_ERROR_SCSI_STATUS_BUSY: the command ended with BUSY
 * - IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT: the command ended with RESERVATION
 *   CONFLICT
 * - IMA_ERROR_SCSI_STATUS_TASK_SET_FULL: the command ended with TASK SET FULL
 * - IMA_ERROR_SCSI_STATUS_ACA_ACTIVE: the command ended with ACA ACTIVE
 * - IMA_ERROR_SCSI_STATUS_TASK_ABORTED: the command ended with TASK ABORTED
 * - and the general statuses above
 *
 * Output length: at most *pOutputBufferLength bytes are written; longer device data is
 * cut off without an error (the allocation length in the command is the buffer size).
 * Output length is not changed on failure.
 * Sense length: at most *pSenseBufferLength bytes; changed only for CHECK CONDITION.
 * If no session to the target exists the plugin may create one for the command and end it
 * afterwards. If the operating system already uses the LU, the plugin should send the
 * command through the operating system path or otherwise not disturb it.
 * CDB: 10 byte form operation code 25h, 8 bytes of data; 16 byte form operation code 9Eh
 * with service action 10h, allocation length in bytes 10 to 13, 32 bytes of data.
 */
IMA_API IMA_STATUS IMA_LuReadCapacity(IMA_OID deviceOid, IMA_UINT cdbLength,
				      IMA_BYTE *pOutputBuffer,
				      IMA_UINT *pOutputBufferLength,
				      IMA_BYTE *pSenseBuffer,
				      IMA_UINT *pSenseBufferLength);

/**
 * IMA_LuReportLuns - clause 6.2.64
 *
 * Sends a SCSI REPORT LUNS.
 *
 * @deviceOid: target or LU
 * @sendToWellKnownLu: for a target OID: IMA_TRUE sends to the REPORT LUNS well known LU,
 *     IMA_FALSE to LUN 0; ignored for an LU OID
 * @selectReport: SELECT REPORT field of the command (SPC-3)
 * @pOutputBuffer: receives the data the device returned
 * @pOutputBufferLength: in: size of the buffer in bytes; out, on success: bytes placed in
 *     it
 * @pSenseBuffer: may be NULL; receives sense data if the command ends with CHECK
 *     CONDITION; NULL: no sense data wanted
 * @pSenseBufferLength: in: size of the sense buffer; out, when
 *     IMA_ERROR_SCSI_STATUS_CHECK_CONDITION is returned: bytes placed in it
 *
 * Objects: target, LU.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_SCSI_STATUS_CONDITION_MET: (non-error) the command ended with SCSI status
 *   CONDITION MET
 * - IMA_ERROR_NOT_SUPPORTED: sending to the well known LU (or REPORT LUNS as such) is not
 *   supported
 * - IMA_ERROR_INVALID_PARAMETER: sendToWellKnownLu is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_PARAMETER: pOutputBuffer or pOutputBufferLength is NULL, or
 *   *pOutputBufferLength is 0
 * - IMA_ERROR_INVALID_PARAMETER: pSenseBuffer is NULL while pSenseBufferLength is not
 *   NULL and *pSenseBufferLength is not 0
 * - IMA_ERROR_INVALID_PARAMETER: pSenseBuffer is not NULL while pSenseBufferLength is
 *   NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of deviceOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of deviceOid is defined but is not a target
 *   or LU
 * - IMA_ERROR_OBJECT_NOT_FOUND: deviceOid names a target or LU that is not currently
 *   known: its owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_TARGET_TIMEOUT: a session had to be created and the target did not answer
 *   the login
 * - IMA_ERROR_LOGIN_REJECTED: a session had to be created and the target refused the
 *   login
 * - IMA_ERROR_SCSI_STATUS_CHECK_CONDITION: the command ended with CHECK CONDITION; sense
 *   data, if the caller gave a buffer, is in pSenseBuffer
 * - IMA_ERROR_SCSI_STATUS_BUSY: the command ended with BUSY
 * - IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT: the command ended with RESERVATION
 *   CONFLICT
 * - IMA_ERROR_SCSI_STATUS_TASK_SET_FULL: the command ended with TASK SET FULL
 * - IMA_ERROR_SCSI_STATUS_ACA_ACTIVE: the command ended with ACA ACTIVE
 * - IMA_ERROR_SCSI_STATUS_TASK_ABORTED: the command ended with TASK ABORTED
 * - and the general statuses above
 *
 * Output length: at most *pOutputBufferLength bytes are written; longer device data is
 * cut off without an error (the allocation length in the command is the buffer size).
 * Output length is not changed on failure.
 * Sense length: at most *pSenseBufferLength bytes; changed only for CHECK CONDITION.
 * If no session to the target exists the plugin may create one for the command and end it
 * afterwards. If the operating system already uses the LU, the plugin should send the
 * command through the operating system path or otherwise not disturb it.
 * With an LU OID the command goes to that LU whatever sendToWellKnownLu says; the library
 * still checks that it is a proper boolean.
 * CDB: operation code A0h, 12 bytes; byte 2 SELECT REPORT; bytes 6 to 9 allocation
 * length. The well known LU has LUN C1h 01h followed by zeros.
 * selectReport is not range-checked; pass it through.
 */
IMA_API IMA_STATUS IMA_LuReportLuns(IMA_OID deviceOid, IMA_BOOL sendToWellKnownLu,
				    IMA_BYTE selectReport, IMA_BYTE *pOutputBuffer,
				    IMA_UINT *pOutputBufferLength, IMA_BYTE *pSenseBuffer,
				    IMA_UINT *pSenseBufferLength);

/**
 * IMA_PhbaDownload - clause 6.2.65
 *
 * Downloads the image in a file to a PHBA.
 *
 * @phbaOid: PHBA
 * @imageType: kind of image
 * @pFileName: zero-terminated file name, with path if needed
 *
 * Objects: PHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new image is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the PHBA does not support this function
 * - IMA_ERROR_INVALID_PARAMETER: imageType is not a defined value
 * - IMA_ERROR_INVALID_PARAMETER: pFileName is NULL
 * - IMA_ERROR_INVALID_PARAMETER: the file cannot be opened for reading, or holds no image
 *   of the given type
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of phbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of phbaOid is defined but is not a PHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: phbaOid names a PHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Downloading is persistent by nature.
 */
IMA_API IMA_STATUS IMA_PhbaDownload(IMA_OID phbaOid,
				    IMA_PHBA_DOWNLOAD_IMAGE_TYPE imageType,
				    const IMA_WCHAR *pFileName);

/**
 * IMA_PluginIOctl - clause 6.2.66
 *
 * Sends a vendor-specific command to a plugin.
 *
 * @pluginOid: plugin to address
 * @command: vendor-defined command number
 * @pInputBuffer: may be NULL; input of the command
 * @inputBufferLength: bytes of input; the plugin reads no more; 0 when pInputBuffer is
 *     NULL
 * @pOutputBuffer: may be NULL; output of the command
 * @pOutputBufferLength: may be NULL; in: size of the output buffer; out: bytes placed
 *     there; NULL when pOutputBuffer is NULL
 *
 * Objects: plugin.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_NOT_SUPPORTED: the plugin does not support the command
 * - IMA_ERROR_INVALID_PARAMETER: pInputBuffer is NULL while inputBufferLength is not 0,
 *   or is not NULL and cannot be read
 * - IMA_ERROR_INVALID_PARAMETER: pOutputBuffer is NULL while pOutputBufferLength is not
 *   NULL, or the reverse, or either cannot be written
 * - IMA_ERROR_INVALID_PARAMETER: anything the plugin finds wrong with the command data
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of pluginOid holds no defined object
 *   type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of pluginOid is defined but is not a plugin
 * - IMA_ERROR_OBJECT_NOT_FOUND: pluginOid names a plugin that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Output longer than the buffer: IMA_ERROR_INVALID_PARAMETER with the needed size in
 * *pOutputBufferLength, nothing written.
 * Plugins should publish their command numbers and buffer formats, and check caller
 * privileges themselves.
 */
IMA_API IMA_STATUS IMA_PluginIOctl(IMA_OID pluginOid, IMA_UINT command,
				   const void *pInputBuffer, IMA_UINT inputBufferLength,
				   void *pOutputBuffer, IMA_UINT *pOutputBufferLength);

/**
 * IMA_RegisterForObjectPropertyChanges - clause 6.2.67
 *
 * Registers a client function that is called whenever properties of an object change.
 *
 * @pClientFn: client function to call
 *
 * Kept by the library, which registers itself with every plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: Also when the function was registered before.
 * - IMA_ERROR_INVALID_PARAMETER: pClientFn is NULL
 *
 * A property is a field of a property structure or a status value; counters in statistics
 * structures are not properties. If several properties change at once the function may be
 * called once.
 * The registration covers all plugins and all object types; there is no filter.
 * Threading: the function can be called on any thread, also at the same time on several.
 * Registrations end with the process; they are not persistent.
 */
IMA_API IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn);

/**
 * IMA_RegisterForObjectVisibilityChanges - clause 6.2.68
 *
 * Registers a client function that is called whenever a high-level object appears or
 * disappears.
 *
 * @pClientFn: client function to call
 *
 * Kept by the library, which registers itself with every plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: Also when the function was registered before.
 * - IMA_ERROR_INVALID_PARAMETER: pClientFn is NULL
 *
 * becomingVisible is IMA_TRUE when the object appeared, IMA_FALSE when it went away.
 * Which types count as high-level: NODE, LHBA, PHBA, NETWORK_PORTAL, LNP, PNP, TARGET, LU
 * (exposed or unexposed), DISCOVERY_ADDRESS, STATIC_DISCOVERY_TARGET.
 * The registration covers all plugins and all object types; there is no filter.
 * Threading: the function can be called on any thread, also at the same time on several.
 * Registrations end with the process; they are not persistent.
 */
IMA_API IMA_STATUS
IMA_RegisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn);

/**
 * IMA_RemoveDiscoveryAddress - clause 6.2.69
 *
 * Removes a discovery address from the list used for SendTargets discovery.
 *
 * @discoveryAddressOid: discovery address to remove
 *
 * Objects: discovery address.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the address
 *   stops being used only after a reboot
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of discoveryAddressOid holds no defined
 *   object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of discoveryAddressOid is defined but is
 *   not a discovery address
 * - IMA_ERROR_OBJECT_NOT_FOUND: discoveryAddressOid names a discovery address that is not
 *   currently known: its owner is not a loaded plugin, or the owning plugin has no such
 *   object
 * - IMA_ERROR_LU_EXPOSED: a target found through the address has an LU exposed to the
 *   operating system
 * - IMA_ERROR_LU_IN_USE: a device behind the address is in use
 * - and the general statuses above
 *
 * On success the OID becomes invalid; later use gives IMA_ERROR_OBJECT_NOT_FOUND.
 * Persistent.
 */
IMA_API IMA_STATUS IMA_RemoveDiscoveryAddress(IMA_OID discoveryAddressOid);

/**
 * IMA_RemoveStaleData - clause 6.2.70
 *
 * Removes all stale persistent data of an LHBA, that is data kept for objects that no
 * longer exist.
 *
 * @lhbaOid: LHBA
 *
 * Objects: LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: Also when there was nothing to remove.
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA cannot remove stale data
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of lhbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of lhbaOid is defined but is not an LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: lhbaOid names an LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * afterwards staleDataSize of IMA_GetLhbaProperties is 0.
 */
IMA_API IMA_STATUS IMA_RemoveStaleData(IMA_OID lhbaOid);

/**
 * IMA_RemoveStaticDiscoveryTarget - clause 6.2.71
 *
 * Removes a statically configured target.
 *
 * @staticDiscoveryTargetOid: static discovery target to remove
 *
 * Objects: static discovery target.
 * Answered by the plugin that owns the object, after the checks of the library.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the target stops
 *   being discovered only after a reboot
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of staticDiscoveryTargetOid holds no
 *   defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of staticDiscoveryTargetOid is defined but
 *   is not a static discovery target
 * - IMA_ERROR_OBJECT_NOT_FOUND: staticDiscoveryTargetOid names a static discovery target
 *   that is not currently known: its owner is not a loaded plugin, or the owning plugin
 *   has no such object
 * - IMA_ERROR_LU_EXPOSED: the target has an LU exposed to the operating system
 * - IMA_ERROR_LU_IN_USE: a device of the target is in use
 * - and the general statuses above
 *
 * On success the OID becomes invalid.
 * Persistent.
 */
IMA_API IMA_STATUS IMA_RemoveStaticDiscoveryTarget(IMA_OID staticDiscoveryTargetOid);

/**
 * IMA_SetDataPduInOrder - clause 6.2.72
 *
 * Sets the DataPDUInOrder login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @dataPduInOrder: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: dataPduInOrder is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: Yes/No; default Yes; result function OR; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetDataPduInOrder(IMA_OID oid, IMA_BOOL dataPduInOrder);

/**
 * IMA_SetDataSequenceInOrder - clause 6.2.73
 *
 * Sets the DataSequenceInOrder login key for an LHBA (default for its sessions) or for
 * one target.
 *
 * @oid: LHBA or target to configure
 * @dataSequenceInOrder: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: dataSequenceInOrder is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: Yes/No; default Yes; result function OR; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetDataSequenceInOrder(IMA_OID oid, IMA_BOOL dataSequenceInOrder);

/**
 * IMA_SetDefaultGateway - clause 6.2.74
 *
 * Sets the default gateway of a physical network port.
 *
 * @oid: PNP
 * @defaultGateway: new default gateway
 *
 * Objects: PNP.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the gateway is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the PNP does not allow setting the default gateway
 * - IMA_ERROR_INVALID_PARAMETER: a field of defaultGateway is invalid
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PNP that is not currently known: its owner is
 *   not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * While DHCP is enabled: IMA_ERROR_NOT_SUPPORTED.
 * Persistent.
 */
IMA_API IMA_STATUS IMA_SetDefaultGateway(IMA_OID oid, IMA_IP_ADDRESS defaultGateway);

/**
 * IMA_SetDefaultTime2Retain - clause 6.2.75
 *
 * Sets the DefaultTime2Retain login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @defaultTime2Retain: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: defaultTime2Retain is out of range for the LHBA (or
 *   target): below the minimum, above the maximum, or not the current value plus or minus
 *   a multiple of the increment
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 0 to 3600 s; default 20; result function minimum; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetDefaultTime2Retain(IMA_OID oid, IMA_UINT defaultTime2Retain);

/**
 * IMA_SetDefaultTime2Wait - clause 6.2.76
 *
 * Sets the DefaultTime2Wait login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @defaultTime2Wait: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: defaultTime2Wait is out of range for the LHBA (or
 *   target): below the minimum, above the maximum, or not the current value plus or minus
 *   a multiple of the increment
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 0 to 3600 s; default 2; result function maximum; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetDefaultTime2Wait(IMA_OID oid, IMA_UINT defaultTime2Wait);

/**
 * IMA_SetDnsServerAddress - clause 6.2.77
 *
 * Sets or clears the DNS server addresses of a physical network port.
 *
 * @oid: PNP
 * @pPrimaryDnsServerAddress: may be NULL; primary server; NULL clears it, and then the
 *     alternate must be NULL too
 * @pAlternateDnsServerAddress: may be NULL; alternate server; NULL clears it
 *
 * Objects: PNP.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the servers are
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: setting the primary DNS server is not supported by the PNP
 * - IMA_ERROR_NOT_SUPPORTED: setting the alternate DNS server is not supported by the PNP
 *   and the alternate pointer is not NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PNP that is not currently known: its owner is
 *   not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_INVALID_PARAMETER: the primary is NULL while the alternate is not
 * - IMA_ERROR_INVALID_PARAMETER: both are given and are the same address
 * - and the general statuses above
 *
 * Both NULL clears both.
 * Persistent.
 */
IMA_API IMA_STATUS
IMA_SetDnsServerAddress(IMA_OID oid, const IMA_IP_ADDRESS *pPrimaryDnsServerAddress,
			const IMA_IP_ADDRESS *pAlternateDnsServerAddress);

/**
 * IMA_SetErrorRecoveryLevel - clause 6.2.78
 *
 * Sets the ErrorRecoveryLevel login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @errorRecoveryLevel: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: errorRecoveryLevel is out of range for the LHBA (or
 *   target): below the minimum, above the maximum, or not the current value plus or minus
 *   a multiple of the increment
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 0 to 2; default 0; result function minimum; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetErrorRecoveryLevel(IMA_OID oid, IMA_UINT errorRecoveryLevel);

/**
 * IMA_SetFirstBurstLength - clause 6.2.79
 *
 * Sets the FirstBurstLength login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @firstBurstLength: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: firstBurstLength is out of range for the LHBA (or
 *   target): below the minimum, above the maximum, or not the current value plus or minus
 *   a multiple of the increment
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 512 to 16777215 bytes, not above MaxBurstLength; default 65536; result
 * function minimum; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetFirstBurstLength(IMA_OID oid, IMA_UINT firstBurstLength);

/**
 * IMA_SetImmediateData - clause 6.2.80
 *
 * Sets the ImmediateData login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @immediateData: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: immediateData is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: Yes/No; default Yes; result function AND; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetImmediateData(IMA_OID oid, IMA_BOOL immediateData);

/**
 * IMA_SetInitialR2T - clause 6.2.81
 *
 * Sets the InitialR2T login key for an LHBA (default for its sessions) or for one target.
 *
 * @oid: LHBA or target to configure
 * @initialR2T: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: initialR2T is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: Yes/No; default Yes; result function OR; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetInitialR2T(IMA_OID oid, IMA_BOOL initialR2T);

/**
 * IMA_SetInitiatorAuthMethods - clause 6.2.82
 *
 * Sets the authentication methods the LHBA uses, as an initiator, with all its targets.
 *
 * @lhbaOid: LHBA
 * @methodCount: number of entries in pMethodList, at least 1
 * @pMethodList: methods in decreasing order of preference
 *
 * Objects: LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the methods are
 *   used only after a reboot
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of lhbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of lhbaOid is defined but is not an LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: lhbaOid names an LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_INVALID_PARAMETER: methodCount is 0
 * - IMA_ERROR_INVALID_PARAMETER: pMethodList is NULL
 * - IMA_ERROR_INVALID_PARAMETER: an entry is not a defined method, is not supported by
 *   the LHBA, or appears twice
 * - IMA_ERROR_INVALID_PARAMETER: the parameters of an entry have not been set, that is
 *   the method is supported but not settable
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA does not allow setting its methods
 * - and the general statuses above
 *
 * The list replaces the previous one as a whole. Order is preference.
 * Use IMA_SetInitiatorAuthParms first for every method that needs parameters.
 * Persistent.
 */
IMA_API IMA_STATUS IMA_SetInitiatorAuthMethods(IMA_OID lhbaOid, IMA_UINT methodCount,
					       const IMA_AUTHMETHOD *pMethodList);

/**
 * IMA_SetInitiatorAuthParms - clause 6.2.83
 *
 * Sets the initiator authentication parameters of one method. It does not enable the
 * method.
 *
 * @lhbaOid: LHBA
 * @method: method; selects the union member
 * @pParms: new parameters
 *
 * Objects: LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the parameters
 *   are used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA does not allow setting authentication parameters
 *   (most likely it supports no method)
 * - IMA_ERROR_INVALID_PARAMETER: method is not a defined value, or the LHBA does not
 *   support it
 * - IMA_ERROR_INVALID_PARAMETER: method is IMA_AUTHMETHOD_NONE
 * - IMA_ERROR_INVALID_PARAMETER: pParms is NULL
 * - IMA_ERROR_INVALID_PARAMETER: a field of the selected member is invalid
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of lhbaOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of lhbaOid is defined but is not an LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: lhbaOid names an LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Persistent; plugins must keep the parameters across reboots and should store them
 * protected.
 * The parameters cross the API in clear; a client that sends them over a network must
 * protect them itself.
 * Only the member chosen by method is read. Ignore reserved.
 */
IMA_API IMA_STATUS IMA_SetInitiatorAuthParms(IMA_OID lhbaOid, IMA_AUTHMETHOD method,
					     const IMA_INITIATOR_AUTHPARMS *pParms);

/**
 * IMA_SetIpConfigMethod - clause 6.2.84
 *
 * Chooses between DHCP and static IP configuration of a physical network port.
 *
 * @oid: PNP
 * @enableDhcpIpConfiguration: IMA_TRUE: DHCP; IMA_FALSE: static configuration
 *
 * Objects: PNP.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the method is
 *   used only after a reboot
 * - IMA_ERROR_INVALID_PARAMETER: enableDhcpIpConfiguration is neither IMA_TRUE nor
 *   IMA_FALSE
 * - IMA_ERROR_NOT_SUPPORTED: the configuration method cannot be set
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PNP that is not currently known: its owner is
 *   not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Persistent.
 */
IMA_API IMA_STATUS IMA_SetIpConfigMethod(IMA_OID oid, IMA_BOOL enableDhcpIpConfiguration);

/**
 * IMA_SetIsnsDiscovery - clause 6.2.85
 *
 * Enables or disables iSNS target discovery and says how to find the iSNS server.
 *
 * @oid: PHBA or LHBA
 * @enableIsnsDiscovery: IMA_TRUE enables iSNS target discovery, IMA_FALSE disables it
 * @discoveryMethod: how the iSNS server is found, when enabling: STATIC uses iSnsHost,
 *     DHCP asks DHCP, SLP asks SLP
 * @iSnsHost: may be NULL; iSNS server, when enabling with STATIC. Another port than
 *     3205 is part of the host name: "host:port", "[address]:port" (D37)
 *
 * Objects: PHBA, LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but it is effective
 *   only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the object does not allow enabling or disabling iSNS
 *   discovery, or not with this method
 * - IMA_ERROR_INVALID_PARAMETER: enableIsnsDiscovery is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_PARAMETER: enabling with an undefined discoveryMethod
 * - IMA_ERROR_INVALID_PARAMETER: enabling with STATIC and iSnsHost NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PHBA or LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PHBA or LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD: iSNS discovery is being disabled and is the
 *   only primary discovery method still enabled
 * - and the general statuses above
 *
 * Persistent.
 * setting the state that already holds is a success without effect.
 */
IMA_API IMA_STATUS IMA_SetIsnsDiscovery(IMA_OID oid, IMA_BOOL enableIsnsDiscovery,
					IMA_ISNS_DISCOVERY_METHOD discoveryMethod,
					const IMA_HOST_ID *iSnsHost);

/**
 * IMA_SetMaxBurstLength - clause 6.2.86
 *
 * Sets the MaxBurstLength login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @maxBurstLength: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: maxBurstLength is out of range for the LHBA (or target):
 *   below the minimum, above the maximum, or not the current value plus or minus a
 *   multiple of the increment
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 512 to 16777215 bytes; default 262144; result function minimum; scope
 * session.
 * A value below the current FirstBurstLength must be refused.
 * IMA_ERROR_INVALID_PARAMETER.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetMaxBurstLength(IMA_OID oid, IMA_UINT maxBurstLength);

/**
 * IMA_SetMaxConnections - clause 6.2.87
 *
 * Sets the MaxConnections login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @maxConnections: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: maxConnections is out of range for the LHBA (or target):
 *   below the minimum, above the maximum, or not the current value plus or minus a
 *   multiple of the increment
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 1 to 65535; default 1; result function minimum; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetMaxConnections(IMA_OID oid, IMA_UINT maxConnections);

/**
 * IMA_SetMaxRecvDataSegmentLength - clause 6.2.88
 *
 * Sets the MaxRecvDataSegmentLength login key for an LHBA (default for its sessions) or
 * for one target.
 *
 * @oid: LHBA or target to configure
 * @maxRecvDataSegmentLength: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: maxRecvDataSegmentLength is out of range for the LHBA
 *   (or target): below the minimum, above the maximum, or not the current value plus or
 *   minus a multiple of the increment
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 512 to 16777215 bytes; default 8192; result function declared, not
 * negotiated; scope connection.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetMaxRecvDataSegmentLength(IMA_OID oid,
						   IMA_UINT maxRecvDataSegmentLength);

/**
 * IMA_SetMaxOutstandingR2T - clause 6.2.89
 *
 * Sets the MaxOutstandingR2T login key for an LHBA (default for its sessions) or for one
 * target.
 *
 * @oid: LHBA or target to configure
 * @maxOutstandingR2T: new value
 *
 * Objects: LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the new value is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA (or target) does not allow setting this key
 * - IMA_ERROR_INVALID_PARAMETER: maxOutstandingR2T is out of range for the LHBA (or
 *   target): below the minimum, above the maximum, or not the current value plus or minus
 *   a multiple of the increment
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not an LHBA or
 *   target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names an LHBA or target that is not currently known:
 *   its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * iSCSI key: 1 to 65535; default 1; result function minimum; scope session.
 * Takes effect at the next login; existing sessions keep what they negotiated.
 * Persistent. A value set on a target overrides the value of its LHBA.
 */
IMA_API IMA_STATUS IMA_SetMaxOutstandingR2T(IMA_OID oid, IMA_UINT maxOutstandingR2T);

/**
 * IMA_SetNetworkPortalIpAddress - clause 6.2.90
 *
 * Sets the IP address of a network portal.
 *
 * @networkPortalOid: network portal
 * @newIpAddress: new address
 *
 * Objects: network portal.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the address is
 *   used only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the portal does not allow setting its address
 * - IMA_ERROR_INVALID_PARAMETER: the address pointer is NULL (pointer form only)
 * - IMA_ERROR_INVALID_PARAMETER: the address is invalid
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of networkPortalOid holds no defined
 *   object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of networkPortalOid is defined but is not a
 *   network portal
 * - IMA_ERROR_OBJECT_NOT_FOUND: networkPortalOid names a network portal that is not
 *   currently known: its owner is not a loaded plugin, or the owning plugin has no such
 *   object
 * - and the general statuses above
 *
 * Persistent.
 */
IMA_API IMA_STATUS IMA_SetNetworkPortalIpAddress(IMA_OID networkPortalOid,
						 const IMA_IP_ADDRESS newIpAddress);

/**
 * IMA_SetNodeAlias - clause 6.2.91
 *
 * Sets or deletes the alias of a node.
 *
 * @nodeOid: node
 * @newAlias: may be NULL; zero-terminated new alias; NULL deletes the alias
 *
 * Objects: node.
 * Answered by the library for the shared node, else by the plugin that owns the node.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the alias is
 *   used only after a reboot
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of nodeOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of nodeOid is defined but is not a node
 * - IMA_ERROR_OBJECT_NOT_FOUND: nodeOid names a node that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_NAME_TOO_LONG: newAlias has more than 255 bytes in UTF-8
 * - and the general statuses above
 *
 * NULL deletes the alias. An empty string deletes it too.
 * Not settable node (nameAndAliasSettable is IMA_FALSE): IMA_ERROR_NOT_SUPPORTED.
 * Persistent.
 */
IMA_API IMA_STATUS IMA_SetNodeAlias(IMA_OID nodeOid, const IMA_WCHAR *newAlias);

/**
 * IMA_SetNodeName - clause 6.2.92
 *
 * Sets the name of a node.
 *
 * @nodeOid: node
 * @newName: zero-terminated new name
 *
 * Objects: node.
 * Answered by the library for the shared node, else by the plugin that owns the node.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the name is used
 *   only after a reboot
 * - IMA_ERROR_INVALID_PARAMETER: newName is NULL, cannot be read, or is the empty string
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of nodeOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of nodeOid is defined but is not a node
 * - IMA_ERROR_OBJECT_NOT_FOUND: nodeOid names a node that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_NAME_TOO_LONG: newName has more than 223 bytes in UTF-8
 * - and the general statuses above
 *
 * Syntax check of the name (iqn., eui., naa. forms): IMA_ERROR_INVALID_PARAMETER for a
 * name that is not a valid iSCSI name.
 * Not settable node: IMA_ERROR_NOT_SUPPORTED.
 */
IMA_API IMA_STATUS IMA_SetNodeName(IMA_OID nodeOid, const IMA_WCHAR *newName);

/**
 * IMA_SetSendTargetsDiscovery - clause 6.2.93
 *
 * Enables or disables SendTargets discovery for a PHBA or LHBA, or through one target.
 *
 * @oid: PHBA, LHBA or target
 * @enableSendTargetsDiscovery: IMA_TRUE enables, IMA_FALSE disables
 *
 * Objects: PHBA, LHBA, target.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but it is effective
 *   only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the object does not allow enabling or disabling SendTargets
 *   discovery
 * - IMA_ERROR_INVALID_PARAMETER: enableSendTargetsDiscovery is neither IMA_TRUE nor
 *   IMA_FALSE
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PHBA, LHBA
 *   or target
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PHBA, LHBA or target that is not currently
 *   known: its owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD: SendTargets discovery is being disabled and
 *   is the only primary discovery method still enabled
 * - and the general statuses above
 *
 * Persistent.
 * setting the state that already holds is a success without effect.
 * Whether SendTargets counts as a primary discovery method: unknown; yes for a PHBA or
 * LHBA, no for a target.
 */
IMA_API IMA_STATUS IMA_SetSendTargetsDiscovery(IMA_OID oid,
					       IMA_BOOL enableSendTargetsDiscovery);

/**
 * IMA_SetSlpDiscovery - clause 6.2.94
 *
 * Enables or disables SLP target discovery.
 *
 * @oid: PHBA or LHBA
 * @enableSlpDiscovery: IMA_TRUE enables, IMA_FALSE disables
 *
 * Objects: PHBA, LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but it is effective
 *   only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the object does not allow enabling or disabling SLP
 *   discovery
 * - IMA_ERROR_INVALID_PARAMETER: enableSlpDiscovery is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PHBA or LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PHBA or LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD: SLP discovery is being disabled and is the
 *   only primary discovery method still enabled
 * - and the general statuses above
 *
 * Persistent.
 * setting the state that already holds is a success without effect.
 */
IMA_API IMA_STATUS IMA_SetSlpDiscovery(IMA_OID oid, IMA_BOOL enableSlpDiscovery);

/**
 * IMA_SetStaticDiscovery - clause 6.2.95
 *
 * Enables or disables static target discovery.
 *
 * @oid: PHBA or LHBA
 * @enableStaticDiscovery: IMA_TRUE enables, IMA_FALSE disables
 *
 * Objects: PHBA, LHBA.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but it is effective
 *   only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the object does not allow enabling or disabling static
 *   discovery
 * - IMA_ERROR_INVALID_PARAMETER: enableStaticDiscovery is neither IMA_TRUE nor IMA_FALSE
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PHBA or LHBA
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PHBA or LHBA that is not currently known: its
 *   owner is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD: static discovery is being disabled and is
 *   the only primary discovery method still enabled
 * - and the general statuses above
 *
 * Persistent.
 * setting the state that already holds is a success without effect.
 */
IMA_API IMA_STATUS IMA_SetStaticDiscovery(IMA_OID oid, IMA_BOOL enableStaticDiscovery);

/**
 * IMA_SetStatisticsCollection - clause 6.2.96
 *
 * Switches statistics collection for the ports of a PHBA, for a target, or for the LUs of
 * a target.
 *
 * @oid: PHBA, target or LU
 * @enableStatisticsCollection: IMA_TRUE enables, IMA_FALSE disables
 *
 * Objects: PHBA, target, LU.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but it is effective
 *   only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the object does not allow switching statistics collection
 * - IMA_ERROR_INVALID_PARAMETER: enableStatisticsCollection is neither IMA_TRUE nor
 *   IMA_FALSE
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PHBA, target
 *   or LU
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PHBA, target or LU that is not currently
 *   known: its owner is not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Switching a PHBA affects all its PNPs; switching a target affects the target and its
 * LUs.
 * Effect on the counters: enabling starts from zero, disabling keeps the last values but
 * reading them gives IMA_ERROR_STATS_COLLECTION_NOT_ENABLED.
 * Persistence: persistent.
 */
IMA_API IMA_STATUS IMA_SetStatisticsCollection(IMA_OID oid,
					       IMA_BOOL enableStatisticsCollection);

/**
 * IMA_SetSubnetMask - clause 6.2.97
 *
 * Sets the subnet mask of a physical network port.
 *
 * @oid: PNP
 * @subnetMask: new subnet mask
 *
 * Objects: PNP.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the mask is used
 *   only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the PNP does not allow setting the mask
 * - IMA_ERROR_INVALID_PARAMETER: a field of subnetMask is invalid
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of oid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of oid is defined but is not a PNP
 * - IMA_ERROR_OBJECT_NOT_FOUND: oid names a PNP that is not currently known: its owner is
 *   not a loaded plugin, or the owning plugin has no such object
 * - and the general statuses above
 *
 * Persistent.
 */
IMA_API IMA_STATUS IMA_SetSubnetMask(IMA_OID oid, IMA_IP_ADDRESS subnetMask);

/**
 * IMA_UnexposeLu - clause 6.2.98
 *
 * Takes one logical unit away from the operating system.
 *
 * @luOid: LU to hide from the operating system
 *
 * Objects: LU.
 * Answered by the plugin that owns the object, after the checks of the library. Optional
 * for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: the change was accepted and stored, but the LU
 *   disappears only after a reboot
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA of the LU does not support exposing and unexposing
 *   LUs one by one
 * - IMA_ERROR_INVALID_OBJECT_TYPE: the type field of luOid holds no defined object type
 * - IMA_ERROR_INCORRECT_OBJECT_TYPE: the type of luOid is defined but is not an LU
 * - IMA_ERROR_OBJECT_NOT_FOUND: luOid names an LU that is not currently known: its owner
 *   is not a loaded plugin, or the owning plugin has no such object
 * - IMA_ERROR_LU_NOT_EXPOSED: the LU is not exposed
 * - IMA_ERROR_LU_IN_USE: the operating system is using the LU
 * - and the general statuses above
 *
 * the OID stays valid (the LU still exists on the target) but leaves IMA_GetLuOidList.
 * Persistence: remembered across reboots.
 */
IMA_API IMA_STATUS IMA_UnexposeLu(IMA_OID luOid);

/*
 * Names that are not in clause 6.2 but in the headers existing programs were written for.
 */

/** IMA_PluginIOCtl - the older spelling of IMA_PluginIOctl; the same function. */
IMA_API IMA_STATUS IMA_PluginIOCtl(IMA_OID pluginOid, IMA_UINT command,
				   const void *pInputBuffer, IMA_UINT inputBufferLength,
				   void *pOutputBuffer, IMA_UINT *pOutputBufferLength);

/**
 * IMA_GetLuOidFromBytes - IMA_GetLuOid for a LUN in the 8 byte form of SAM
 * @targetOid: target
 * @lun: 8 bytes; byte 2i is the high and byte 2i + 1 the low half of the i-th 16-bit unit of
 *     the integer form, least significant unit first, so that LUN 5 is 5 in both forms
 * @pluOid: receives the LU OID
 *
 * Objects: target. Return: as IMA_GetLuOid, and
 * - IMA_ERROR_INVALID_PARAMETER: lun is NULL
 */
IMA_API IMA_STATUS IMA_GetLuOidFromBytes(IMA_OID targetOid, const IMA_BYTE *lun,
					 IMA_OID *pluOid);

/**
 * IMA_SetNetworkPortalIpAddressByRef - IMA_SetNetworkPortalIpAddress for an address by reference
 * @networkPortalOid: network portal
 * @pNewIpAddress: new address
 *
 * Objects: network portal. Return: as IMA_SetNetworkPortalIpAddress, and
 * - IMA_ERROR_INVALID_PARAMETER: pNewIpAddress is NULL
 */
IMA_API IMA_STATUS IMA_SetNetworkPortalIpAddressByRef(
	IMA_OID networkPortalOid, const IMA_IP_ADDRESS *pNewIpAddress);

/** IMA_ADDRESS_KEY_PROPERTIES - another name of IMA_ADDRESS_KEYS. */
typedef IMA_ADDRESS_KEYS IMA_ADDRESS_KEY_PROPERTIES;

/** IMA_GetAddressKeyProperties - another name of IMA_GetAddressKeys; the same function. */
IMA_API IMA_STATUS IMA_GetAddressKeyProperties(IMA_OID targetOid,
					       IMA_ADDRESS_KEY_PROPERTIES **ppProps);

/** IMA_DIGEST_TYPE - digest of a connection (RFC 7143, 13.1). */
typedef enum IMA_DIGEST_TYPE {
	IMA_DIGEST_NONE = 0,
	IMA_DIGEST_CRC32C = 1
} IMA_DIGEST_TYPE;

/** IMA_COMMIT_LEVEL - what IMA_CommitHbaParameters makes effective, and how lasting. */
typedef enum IMA_COMMIT_LEVEL {
	IMA_COMMIT_TYPE_AUTO = 0,
	IMA_COMMIT_TYPE_ACTIVE = 1,
	IMA_COMMIT_TYPE_PERSISTENT = 2,
	IMA_COMMIT_TYPE_ACTIVE_AND_PERSISTENT = 3,
	IMA_COMMIT_TYPE_ALL_WITH_RESET = 4
} IMA_COMMIT_LEVEL;

/**
 * IMA_SESSION_PROPERTIES - what was negotiated for a session (RFC 7143, 13), 72 bytes on LP64
 * @associatedLhbaOid: LHBA of the session
 * @authMethod: authentication that took place
 * @dataPduInOrder: DataPDUInOrder
 * @dataSequenceInOrder: DataSequenceInOrder
 * @defaultTime2Retain: DefaultTime2Retain, in seconds
 * @defaultTime2Wait: DefaultTime2Wait, in seconds
 * @errorRecoveryLevel: ErrorRecoveryLevel, 0 to 2
 * @firstBurstLength: FirstBurstLength, in bytes
 * @immediateData: ImmediateData
 * @initialR2T: InitialR2T
 * @isid: initiator part of the session identifier, as sent
 * @maxBurstLength: MaxBurstLength, in bytes
 * @maxConnections: MaxConnections
 * @maxOutstandingR2T: MaxOutstandingR2T
 * @targetPortalGroupTag: TargetPortalGroupTag of the portal logged in to
 * @tsih: target part of the session identifier
 */
typedef struct IMA_SESSION_PROPERTIES {
	IMA_OID associatedLhbaOid;
	IMA_AUTHMETHOD authMethod;
	IMA_BOOL dataPduInOrder;
	IMA_BOOL dataSequenceInOrder;
	IMA_UINT16 defaultTime2Retain;
	IMA_UINT16 defaultTime2Wait;
	IMA_UINT16 errorRecoveryLevel;
	IMA_UINT32 firstBurstLength;
	IMA_BOOL immediateData;
	IMA_BOOL initialR2T;
	IMA_BYTE isid[6];
	IMA_UINT32 maxBurstLength;
	IMA_UINT16 maxConnections;
	IMA_UINT16 maxOutstandingR2T;
	IMA_UINT16 targetPortalGroupTag;
	IMA_UINT16 tsih;
} IMA_SESSION_PROPERTIES;

/**
 * IMA_CONNECTION_PROPERTIES - what was negotiated for a connection, 56 bytes on LP64
 * @associatedSessionOid: session of the connection
 * @connectionId: CID
 * @dataDigest: DataDigest
 * @headerDigest: HeaderDigest
 * @ifMarker: IFMarker
 * @ifMarkInt: IFMarkInt; 0 without markers
 * @maxRecvDataSegmentLength: largest data segment the initiator takes, in bytes
 * @maxTransmitDataSegmentLength: largest data segment the target takes, in bytes
 * @ofMarker: OFMarker
 * @ofMarkInt: OFMarkInt; 0 without markers
 */
typedef struct IMA_CONNECTION_PROPERTIES {
	IMA_OID associatedSessionOid;
	IMA_UINT16 connectionId;
	IMA_DIGEST_TYPE dataDigest;
	IMA_DIGEST_TYPE headerDigest;
	IMA_BOOL ifMarker;
	IMA_UINT32 ifMarkInt;
	IMA_UINT32 maxRecvDataSegmentLength;
	IMA_UINT32 maxTransmitDataSegmentLength;
	IMA_BOOL ofMarker;
	IMA_UINT32 ofMarkInt;
} IMA_CONNECTION_PROPERTIES;

/**
 * IMA_GetSessionOidList - the sessions of an LHBA, or with one target
 * @oid: LHBA or target
 * @ppList: receives an allocated list of SESSION OIDs; release it with IMA_FreeMemory
 *
 * Objects: LHBA, target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done; the list may be empty
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 */
IMA_API IMA_STATUS IMA_GetSessionOidList(IMA_OID oid, IMA_OID_LIST **ppList);

/**
 * IMA_GetSessionProperties - what was negotiated for a session
 * @sessionOid: session
 * @pProps: caller-allocated structure to fill
 *
 * Objects: session. Optional for a plugin. Return: as IMA_GetSessionOidList.
 */
IMA_API IMA_STATUS IMA_GetSessionProperties(IMA_OID sessionOid,
					    IMA_SESSION_PROPERTIES *pProps);

/**
 * IMA_GetConnectionOidList - the connections of a session
 * @oid: session
 * @ppList: receives an allocated list of CONNECTION OIDs; release it with IMA_FreeMemory
 *
 * Objects: session. Optional for a plugin. Return: as IMA_GetSessionOidList.
 */
IMA_API IMA_STATUS IMA_GetConnectionOidList(IMA_OID oid, IMA_OID_LIST **ppList);

/**
 * IMA_GetConnectionProperties - what was negotiated for a connection
 * @connectionOid: connection
 * @pProps: caller-allocated structure to fill
 *
 * Objects: connection. Optional for a plugin. Return: as IMA_GetSessionOidList.
 */
IMA_API IMA_STATUS IMA_GetConnectionProperties(IMA_OID connectionOid,
					       IMA_CONNECTION_PROPERTIES *pProps);

/**
 * IMA_CommitHbaParameters - make changed parameters of an adapter effective or lasting
 * @oid: LHBA or PHBA
 * @commitLevel: what to do; its range is checked by the plugin
 *
 * Objects: LHBA, PHBA. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 */
IMA_API IMA_STATUS IMA_CommitHbaParameters(IMA_OID oid, IMA_COMMIT_LEVEL commitLevel);

/**
 * QIMA_SetUpdateInterval - how often a plugin looks for changes
 * @pluginOid: plugin
 * @interval: seconds, at least 2
 *
 * Objects: plugin. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: interval is 1 or less, or the sequence number of pluginOid
 *   is not 0
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 */
IMA_API IMA_STATUS QIMA_SetUpdateInterval(IMA_OID pluginOid, time_t interval);

#ifdef __cplusplus
}
#endif

/*
 * One name, two forms of an argument: IMA_GetLuOid takes the LUN as an integer or as 8
 * bytes, IMA_SetNetworkPortalIpAddress the address by value or by reference. In C before
 * C11 only the first form goes by this name; define IMA_NO_GENERIC to have the same later.
 */
#if !defined(__cplusplus) && !defined(IMA_NO_GENERIC) && defined(__STDC_VERSION__) && \
	__STDC_VERSION__ >= 201112L
#define IMA_GetLuOid(targetOid, lun, pluOid) \
	_Generic((lun),                            \
		IMA_BYTE *: IMA_GetLuOidFromBytes, \
		const IMA_BYTE *: IMA_GetLuOidFromBytes, \
		void *: IMA_GetLuOidFromBytes,     \
		default: IMA_GetLuOid)((targetOid), (lun), (pluOid))
#define IMA_SetNetworkPortalIpAddress(networkPortalOid, newIpAddress) \
	_Generic((newIpAddress),                                                 \
		IMA_IP_ADDRESS *: IMA_SetNetworkPortalIpAddressByRef,            \
		const IMA_IP_ADDRESS *: IMA_SetNetworkPortalIpAddressByRef,      \
		void *: IMA_SetNetworkPortalIpAddressByRef,                      \
		default: IMA_SetNetworkPortalIpAddress)((networkPortalOid), (newIpAddress))
#elif defined(__cplusplus) && !defined(IMA_NO_GENERIC)
/* Templates, so that a literal 0 still means LUN 0. */
template <class T>
inline IMA_STATUS IMA_GetLuOid(IMA_OID targetOid, T *lun, IMA_OID *pluOid)
{
	return IMA_GetLuOidFromBytes(targetOid, lun, pluOid);
}
template <class T>
inline IMA_STATUS IMA_SetNetworkPortalIpAddress(IMA_OID networkPortalOid, T *newIpAddress)
{
	return IMA_SetNetworkPortalIpAddressByRef(networkPortalOid, newIpAddress);
}
#endif

#endif /* IMA_H */
