/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ima-ext.h - what this implementation of the iSCSI Management API adds to ISO/IEC 11989.
 *
 * Everything here begins with IMAX_. The functions that name an object are routed to the
 * plugin that owns it, and a plugin may export them under the same names (ima-plugin.h).
 */
#ifndef IMA_EXT_H
#define IMA_EXT_H

#include "ima.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * IMAX_LAYER - the part of the software in which a call failed
 * @IMAX_LAYER_LIBRARY: libima itself: argument checks, routing, its own files
 * @IMAX_LAYER_PLUGIN: the plugin, without a more precise layer
 * @IMAX_LAYER_OS: the operating system; osError is valid
 * @IMAX_LAYER_TRANSPORT: TCP: resolving, connecting, losing the connection; osError may be set
 * @IMAX_LAYER_ISCSI: iSCSI: login status, negotiation, protocol violation
 * @IMAX_LAYER_SCSI: a SCSI command ended with another status than GOOD
 * @IMAX_LAYER_CHILD: a program the plugin ran; childExitCode is valid
 */
typedef enum IMAX_LAYER {
	IMAX_LAYER_LIBRARY = 0,
	IMAX_LAYER_PLUGIN = 1,
	IMAX_LAYER_OS = 2,
	IMAX_LAYER_TRANSPORT = 3,
	IMAX_LAYER_ISCSI = 4,
	IMAX_LAYER_SCSI = 5,
	IMAX_LAYER_CHILD = 6
} IMAX_LAYER;

#define IMAX_SENSE_LEN 252

/**
 * IMAX_LAST_ERROR - what is known about a failed call
 * @size: set by the caller to sizeof(IMAX_LAST_ERROR) before the call; no more is written
 * @status: what the call returned; IMA_STATUS_SUCCESS if no call of this thread failed yet
 * @object: the object the call was about; type IMA_OBJECT_TYPE_UNKNOWN if none
 * @layer: where it failed
 * @osError: errno value, 0 if none
 * @loginStatusValid: the two next fields hold the status of a Login Response (RFC 7143, 11.13.5).
 *     IMA_ERROR_LOGIN_REJECTED of IMAX_LAYER_ISCSI without it: the initiator ended the login,
 *     because the target did not authenticate itself or wanted less authentication than is set
 * @loginStatusClass: Status-Class
 * @loginStatusDetail: Status-Detail
 * @scsiStatusValid: the next field holds a SCSI status (SAM)
 * @scsiStatus: SCSI status
 * @childExitValid: the next field holds the exit code of a program
 * @childExitCode: exit code
 * @senseLength: bytes of sense data in sense, 0 if none
 * @call: name of the function that failed
 * @plugin: name of the plugin in the configuration, empty if none took part
 * @text: one sentence in UTF-8 for people: what failed, on which object, why. Never a secret.
 * @sense: sense data (SPC)
 */
typedef struct IMAX_LAST_ERROR {
	IMA_UINT size;
	IMA_STATUS status;
	IMA_OID object;
	IMAX_LAYER layer;
	IMA_INT32 osError;
	IMA_BOOL loginStatusValid;
	IMA_BYTE loginStatusClass;
	IMA_BYTE loginStatusDetail;
	IMA_BOOL scsiStatusValid;
	IMA_BYTE scsiStatus;
	IMA_BOOL childExitValid;
	IMA_INT32 childExitCode;
	IMA_UINT32 senseLength;
	IMA_CHAR call[64];
	IMA_CHAR plugin[128];
	IMA_CHAR text[512];
	IMA_BYTE sense[IMAX_SENSE_LEN];
} IMAX_LAST_ERROR;

/**
 * IMAX_GetLastError - what happened in the last call of this thread that returned an error
 * @pError: structure to fill; size must be set
 *
 * The record is that of the calling thread. Calls that succeed leave it alone, as errno does.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pError is NULL, or its size is smaller than the fields up to
 *   and including status
 */
IMA_API IMA_STATUS IMAX_GetLastError(IMAX_LAST_ERROR *pError);

/** The longest deadline IMAX_SetDeadline takes, in milliseconds: one hour. */
#define IMAX_DEADLINE_MAX 3600000U

/**
 * IMAX_SetDeadline - how long calls of this thread may take
 * @milliseconds: 1 to IMAX_DEADLINE_MAX; 0 restores the default (15000, or what the
 *     configuration says)
 *
 * Holds for the calling thread, from its next call on. A call that cannot be finished in time
 * returns IMA_ERROR_TARGET_TIMEOUT if a target did not answer, IMA_ERROR_SYNC_TIMEOUT if
 * something local did not.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: milliseconds is above IMAX_DEADLINE_MAX
 */
IMA_API IMA_STATUS IMAX_SetDeadline(IMA_UINT32 milliseconds);

/**
 * IMAX_StatusName - the name of a status as the standard spells it
 * @status: any value
 *
 * Return: a string constant, "unknown status" for a value that is not defined; never NULL.
 */
IMA_API const IMA_CHAR *IMAX_StatusName(IMA_STATUS status);

/**
 * IMAX_GetConfigurationProblems - what went wrong while the library was set up in this process
 * @ppText: a block to release with IMA_FreeMemory: sentences in UTF-8 for people, each ended by
 *     a line feed; the empty text if all went well. NULL after an error.
 *
 * A plugin that cannot be loaded, a line of the configuration that makes no sense, a file that
 * cannot be trusted or read hides only itself, so that no call fails because of it. Programs
 * for people should show these sentences: without them an initiator that is missing looks like
 * one that has nothing. The configuration is read once per process, so the text never changes.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: ppText is NULL
 * - IMA_ERROR_INSUFFICIENT_MEMORY: out of memory
 */
IMA_API IMA_STATUS IMAX_GetConfigurationProblems(IMA_CHAR **ppText);

/**
 * IMAX_DiscoverTargets - discover targets now and wait for the result
 * @oid: LHBA: use every discovery method that is switched on; discovery address: ask this
 *     address with SendTargets, whether the method is switched on or not
 * @ppList: receives an allocated list of the TARGET OIDs that were found; release it with
 *     IMA_FreeMemory. When a part of the discovery failed the list has the rest.
 *
 * Objects: LHBA, discovery address. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: at least one source answered, or there is none; the list may be empty
 * - IMA_ERROR_INVALID_PARAMETER: ppList is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_TARGET_TIMEOUT: no source answered before the deadline, or none can be reached
 * - IMA_ERROR_LOGIN_REJECTED: every source that answered refused the discovery session
 */
IMA_API IMA_STATUS IMAX_DiscoverTargets(IMA_OID oid, IMA_OID_LIST **ppList);

/**
 * IMAX_LoginTarget - log in to a target and keep the session
 * @targetOid: target
 *
 * Logging in to a target that has a session is a success. How long the session lasts is the
 * initiator's matter: one that lives in the process ends it with the process.
 *
 * Objects: target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: the target has a session
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_TARGET_TIMEOUT: no portal of the target answered before the deadline
 * - IMA_ERROR_LOGIN_REJECTED: the target refused
 */
IMA_API IMA_STATUS IMAX_LoginTarget(IMA_OID targetOid);

/**
 * IMAX_LogoutTarget - end the sessions with a target
 * @targetOid: target
 *
 * Logging out of a target that has no session is a success.
 *
 * Objects: target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: the target has no session
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_LU_IN_USE: the operating system uses an LU of the target
 */
IMA_API IMA_STATUS IMAX_LogoutTarget(IMA_OID targetOid);

/*
 * Authentication, digests, and settings that can be taken back.
 *
 * An LHBA has a value for everything below, a target or a discovery address may have one of its
 * own, which then counts instead of the LHBA's. What is set is stored, counts from the next login
 * on, and leaves the sessions that exist as they are.
 */

/**
 * IMAX_CHAP_ALGORITHM - a value of CHAP_A (RFC 7143, 12.1.3; IANA, PPP Authentication Algorithms)
 * @IMAX_CHAP_MD5: MD5 (RFC 1994)
 * @IMAX_CHAP_SHA1: SHA-1
 * @IMAX_CHAP_SHA256: SHA-256
 * @IMAX_CHAP_SHA3_256: SHA3-256
 */
typedef enum IMAX_CHAP_ALGORITHM {
	IMAX_CHAP_MD5 = 5,
	IMAX_CHAP_SHA1 = 6,
	IMAX_CHAP_SHA256 = 7,
	IMAX_CHAP_SHA3_256 = 8
} IMAX_CHAP_ALGORITHM;

/** The most algorithms a list has. */
#define IMAX_CHAP_ALGORITHMS_MAX 8

/**
 * IMAX_CHAP_ALGORITHMS - what is offered as CHAP_A and what could be, 80 bytes on LP64
 * @settable: IMAX_SetChapAlgorithms may be used on the object
 * @inherited: the object is a target and the list is that of its LHBA
 * @count: entries used in algorithms, at least 1
 * @algorithms: what is offered, most preferred first; the rest is 0
 * @supportedCount: entries used in supported, at least 1
 * @supported: what the initiator has; the rest is 0
 */
typedef struct IMAX_CHAP_ALGORITHMS {
	IMA_BOOL settable;
	IMA_BOOL inherited;
	IMA_UINT32 count;
	IMAX_CHAP_ALGORITHM algorithms[IMAX_CHAP_ALGORITHMS_MAX];
	IMA_UINT32 supportedCount;
	IMAX_CHAP_ALGORITHM supported[IMAX_CHAP_ALGORITHMS_MAX];
} IMAX_CHAP_ALGORITHMS;

/**
 * IMAX_GetChapAlgorithms - which algorithms are offered as CHAP_A
 * @oid: LHBA: the list for targets without one of their own; target: the list for this target
 * @pAlgorithms: structure to fill
 *
 * Objects: LHBA, target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pAlgorithms is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_NOT_SUPPORTED: the LHBA does not do CHAP
 */
IMA_API IMA_STATUS IMAX_GetChapAlgorithms(IMA_OID oid, IMAX_CHAP_ALGORITHMS *pAlgorithms);

/**
 * IMAX_SetChapAlgorithms - offer these algorithms as CHAP_A
 * @oid: LHBA: for all targets without a list of their own; target: for this target
 * @count: number of entries in pAlgorithms, 1 to IMAX_CHAP_ALGORITHMS_MAX
 * @pAlgorithms: algorithms in decreasing order of preference
 *
 * The list replaces the previous one as a whole. Persistent.
 *
 * Objects: LHBA, target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: stored, used only after a reboot
 * - IMA_ERROR_INVALID_PARAMETER: count is 0 or above IMAX_CHAP_ALGORITHMS_MAX
 * - IMA_ERROR_INVALID_PARAMETER: pAlgorithms is NULL
 * - IMA_ERROR_INVALID_PARAMETER: an entry is not a defined algorithm, or appears twice
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_NOT_SUPPORTED: the initiator does not have one of the algorithms, or the list is
 *   not settable
 */
IMA_API IMA_STATUS IMAX_SetChapAlgorithms(IMA_OID oid, IMA_UINT count,
					  const IMAX_CHAP_ALGORITHM *pAlgorithms);

/**
 * IMAX_CHAP_DIRECTION - which side proves itself
 * @IMAX_CHAP_INITIATOR: the initiator to the target, with the name and secret the target demands
 * @IMAX_CHAP_TARGET: the target to the initiator: mutual CHAP
 */
typedef enum IMAX_CHAP_DIRECTION {
	IMAX_CHAP_INITIATOR = 0,
	IMAX_CHAP_TARGET = 1
} IMAX_CHAP_DIRECTION;

/** The longest CHAP name and the longest CHAP secret, in bytes. */
#define IMAX_CHAP_NAME_LEN   512
#define IMAX_CHAP_SECRET_LEN 256

/**
 * IMAX_CHAP_PARMS - name and secret of one direction, 784 bytes on LP64
 * @set: Get: there are parameters in force for the object; otherwise name and secret are empty,
 *     and in direction IMAX_CHAP_TARGET the target need not prove itself. Ignored by Set
 * @inherited: Get: the object is a target or discovery address and the parameters are those of
 *     its LHBA. Ignored by Set
 * @nameLength: bytes used in name, 0 to IMAX_CHAP_NAME_LEN; 0 in direction IMAX_CHAP_TARGET: the
 *     target may answer with any name
 * @secretLength: bytes used in secret. Set: 1 to IMAX_CHAP_SECRET_LEN; or 0, with nameLength 0, in
 *     direction IMAX_CHAP_TARGET of a target or discovery address: it need not prove itself,
 *     whatever its LHBA has. Get: 0 if the secret is not shown
 * @name: CHAP_N, bytes without terminator
 * @secret: the secret, bytes without terminator. Get: shown only to who may read it. Whoever had
 *     it in memory wipes it
 */
typedef struct IMAX_CHAP_PARMS {
	IMA_BOOL set;
	IMA_BOOL inherited;
	IMA_UINT32 nameLength;
	IMA_UINT32 secretLength;
	IMA_BYTE name[IMAX_CHAP_NAME_LEN];
	IMA_BYTE secret[IMAX_CHAP_SECRET_LEN];
} IMAX_CHAP_PARMS;

/**
 * IMAX_GetChapParms - name and secret of one direction of CHAP
 * @oid: LHBA: the default for all its targets and discovery sessions; target: this one only;
 *     discovery address: the discovery session with it
 * @direction: which side proves itself
 * @pParms: structure to fill
 *
 * Direction IMAX_CHAP_INITIATOR of an LHBA is the record of IMA_GetInitiatorAuthParms with
 * IMA_AUTHMETHOD_CHAP.
 *
 * Objects: LHBA, target, discovery address. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done, also if there are none: set is IMA_FALSE
 * - IMA_ERROR_INVALID_PARAMETER: direction is not defined
 * - IMA_ERROR_INVALID_PARAMETER: pParms is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_NOT_SUPPORTED: the initiator does not do CHAP in this direction
 */
IMA_API IMA_STATUS IMAX_GetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
				     IMAX_CHAP_PARMS *pParms);

/**
 * IMAX_SetChapParms - set name and secret of one direction of CHAP
 * @oid: LHBA: the default for all its targets and discovery sessions; target: this one only;
 *     discovery address: the discovery session with it
 * @direction: which side proves itself
 * @pParms: name and secret; the caller wipes them afterwards
 *
 * Direction IMAX_CHAP_INITIATOR of an LHBA is the record of IMA_SetInitiatorAuthParms with
 * IMA_AUTHMETHOD_CHAP. It does not make the initiator offer CHAP: that is what
 * IMA_SetInitiatorAuthMethods and IMAX_SetAuthMethods do. Once direction IMAX_CHAP_TARGET is set,
 * a login with CHAP fails if the target does not prove itself. A single target or discovery
 * address is excepted with neither name nor secret; IMAX_RemoveSetting ends that, too. Persistent.
 *
 * Objects: LHBA, target, discovery address. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: stored, used only after a reboot
 * - IMA_ERROR_INVALID_PARAMETER: direction is not defined
 * - IMA_ERROR_INVALID_PARAMETER: pParms is NULL
 * - IMA_ERROR_INVALID_PARAMETER: nameLength is above IMAX_CHAP_NAME_LEN, or secretLength is above
 *   IMAX_CHAP_SECRET_LEN, or 0 where there has to be a secret
 * - IMA_ERROR_INVALID_PARAMETER: the secret is that of the other direction of the object, which
 *   RFC 7143, 9.2.1, forbids, or the initiator cannot use the name or the secret
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_NOT_SUPPORTED: the initiator does not do CHAP in this direction, or the parameters are
 *   not settable, or a single object cannot be excepted
 */
IMA_API IMA_STATUS IMAX_SetChapParms(IMA_OID oid, IMAX_CHAP_DIRECTION direction,
				     const IMAX_CHAP_PARMS *pParms);

/**
 * IMAX_GetAuthMethods - which authentication methods are offered to one target
 * @oid: target, or discovery address: for the discovery session with it
 * @pMethodCount: in: capacity of pMethodList in entries; out: number of entries placed there
 * @pMethodList: caller-allocated array, or NULL with capacity 0
 *
 * The methods offered as AuthMethod (RFC 7143, 12), most preferred first. Those of the LHBA are
 * returned for an object without methods of its own. IMA_GetInUseInitiatorAuthMethods is the same
 * for an LHBA.
 *
 * Objects: target, discovery address. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pMethodCount is NULL
 * - IMA_ERROR_INVALID_PARAMETER: pMethodList is NULL while *pMethodCount is not 0
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 */
IMA_API IMA_STATUS IMAX_GetAuthMethods(IMA_OID oid, IMA_UINT *pMethodCount,
				       IMA_AUTHMETHOD *pMethodList);

/**
 * IMAX_SetAuthMethods - offer these authentication methods to one target
 * @oid: target, or discovery address: for the discovery session with it
 * @methodCount: number of entries in pMethodList, at least 1
 * @pMethodList: methods in decreasing order of preference
 *
 * The list replaces the previous one as a whole. IMA_SetInitiatorAuthMethods is the same for an
 * LHBA. Persistent.
 *
 * Objects: target, discovery address. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: stored, used only after a reboot
 * - IMA_ERROR_INVALID_PARAMETER: methodCount is 0
 * - IMA_ERROR_INVALID_PARAMETER: pMethodList is NULL
 * - IMA_ERROR_INVALID_PARAMETER: an entry is not a defined method, is not supported by the
 *   initiator, or appears twice
 * - IMA_ERROR_INVALID_PARAMETER: an entry needs parameters and neither the object nor its LHBA has
 *   any
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 */
IMA_API IMA_STATUS IMAX_SetAuthMethods(IMA_OID oid, IMA_UINT methodCount,
				       const IMA_AUTHMETHOD *pMethodList);

/**
 * IMAX_DIGEST_OFFER - what is offered as HeaderDigest or DataDigest (RFC 7143, 13.1)
 * @IMAX_DIGEST_NONE: None
 * @IMAX_DIGEST_CRC32C: CRC32C: a target without it is refused
 * @IMAX_DIGEST_NONE_CRC32C: None,CRC32C: a digest only if the target wants one
 * @IMAX_DIGEST_CRC32C_NONE: CRC32C,None: a digest if the target can
 */
typedef enum IMAX_DIGEST_OFFER {
	IMAX_DIGEST_NONE = 0,
	IMAX_DIGEST_CRC32C = 1,
	IMAX_DIGEST_NONE_CRC32C = 2,
	IMAX_DIGEST_CRC32C_NONE = 3
} IMAX_DIGEST_OFFER;

/**
 * IMAX_DIGEST_PROPERTIES - the digests that are offered, 32 bytes on LP64
 * @headerDigestValid: headerDigest holds what is offered
 * @headerDigestSettable: IMAX_SetHeaderDigest may be used on the object
 * @headerDigestInherited: the object is a target and headerDigest is that of its LHBA
 * @headerDigest: what is offered as HeaderDigest
 * @dataDigestValid: dataDigest holds what is offered
 * @dataDigestSettable: IMAX_SetDataDigest may be used on the object
 * @dataDigestInherited: the object is a target and dataDigest is that of its LHBA
 * @dataDigest: what is offered as DataDigest
 *
 * What was agreed on is in IMA_CONNECTION_PROPERTIES.
 */
typedef struct IMAX_DIGEST_PROPERTIES {
	IMA_BOOL headerDigestValid;
	IMA_BOOL headerDigestSettable;
	IMA_BOOL headerDigestInherited;
	IMAX_DIGEST_OFFER headerDigest;
	IMA_BOOL dataDigestValid;
	IMA_BOOL dataDigestSettable;
	IMA_BOOL dataDigestInherited;
	IMAX_DIGEST_OFFER dataDigest;
} IMAX_DIGEST_PROPERTIES;

/**
 * IMAX_GetDigestProperties - which digests are offered
 * @oid: LHBA: to targets without a value of their own; target: to this target
 * @pProps: structure to fill
 *
 * Objects: LHBA, target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_PARAMETER: pProps is NULL
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 */
IMA_API IMA_STATUS IMAX_GetDigestProperties(IMA_OID oid, IMAX_DIGEST_PROPERTIES *pProps);

/**
 * IMAX_SetHeaderDigest - what to offer as HeaderDigest
 * @oid: LHBA: to all targets without a value of their own; target: to this target
 * @digest: the offer
 *
 * Persistent.
 *
 * Objects: LHBA, target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: stored, used only after a reboot
 * - IMA_ERROR_INVALID_PARAMETER: digest is not a defined offer
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_NOT_SUPPORTED: the header digest is not settable, or the initiator cannot make this
 *   offer
 */
IMA_API IMA_STATUS IMAX_SetHeaderDigest(IMA_OID oid, IMAX_DIGEST_OFFER digest);

/**
 * IMAX_SetDataDigest - what to offer as DataDigest
 * @oid: LHBA: to all targets without a value of their own; target: to this target
 * @digest: the offer
 *
 * Persistent.
 *
 * Objects: LHBA, target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_STATUS_REBOOT_NECESSARY: stored, used only after a reboot
 * - IMA_ERROR_INVALID_PARAMETER: digest is not a defined offer
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_NOT_SUPPORTED: the data digest is not settable, or the initiator cannot make this
 *   offer
 */
IMA_API IMA_STATUS IMAX_SetDataDigest(IMA_OID oid, IMAX_DIGEST_OFFER digest);

/**
 * IMAX_SETTING - a setting that can be taken back
 * @IMAX_SETTING_ALL: every setting the object has
 * @IMAX_SETTING_DATA_PDU_IN_ORDER: what IMA_SetDataPduInOrder sets
 * @IMAX_SETTING_DATA_SEQUENCE_IN_ORDER: what IMA_SetDataSequenceInOrder sets
 * @IMAX_SETTING_DEFAULT_TIME2RETAIN: what IMA_SetDefaultTime2Retain sets
 * @IMAX_SETTING_DEFAULT_TIME2WAIT: what IMA_SetDefaultTime2Wait sets
 * @IMAX_SETTING_ERROR_RECOVERY_LEVEL: what IMA_SetErrorRecoveryLevel sets
 * @IMAX_SETTING_FIRST_BURST_LENGTH: what IMA_SetFirstBurstLength sets
 * @IMAX_SETTING_IMMEDIATE_DATA: what IMA_SetImmediateData sets
 * @IMAX_SETTING_INITIAL_R2T: what IMA_SetInitialR2T sets
 * @IMAX_SETTING_MAX_BURST_LENGTH: what IMA_SetMaxBurstLength sets
 * @IMAX_SETTING_MAX_CONNECTIONS: what IMA_SetMaxConnections sets
 * @IMAX_SETTING_MAX_OUTSTANDING_R2T: what IMA_SetMaxOutstandingR2T sets
 * @IMAX_SETTING_MAX_RECV_DATA_SEGMENT_LENGTH: what IMA_SetMaxRecvDataSegmentLength sets
 * @IMAX_SETTING_HEADER_DIGEST: what IMAX_SetHeaderDigest sets
 * @IMAX_SETTING_DATA_DIGEST: what IMAX_SetDataDigest sets
 * @IMAX_SETTING_AUTH_METHODS: what IMAX_SetAuthMethods or IMA_SetInitiatorAuthMethods sets
 * @IMAX_SETTING_CHAP_ALGORITHMS: what IMAX_SetChapAlgorithms sets
 * @IMAX_SETTING_CHAP_INITIATOR: what IMAX_SetChapParms sets in direction IMAX_CHAP_INITIATOR
 * @IMAX_SETTING_CHAP_TARGET: what IMAX_SetChapParms sets in direction IMAX_CHAP_TARGET
 */
typedef enum IMAX_SETTING {
	IMAX_SETTING_ALL = 0,
	IMAX_SETTING_DATA_PDU_IN_ORDER = 1,
	IMAX_SETTING_DATA_SEQUENCE_IN_ORDER = 2,
	IMAX_SETTING_DEFAULT_TIME2RETAIN = 3,
	IMAX_SETTING_DEFAULT_TIME2WAIT = 4,
	IMAX_SETTING_ERROR_RECOVERY_LEVEL = 5,
	IMAX_SETTING_FIRST_BURST_LENGTH = 6,
	IMAX_SETTING_IMMEDIATE_DATA = 7,
	IMAX_SETTING_INITIAL_R2T = 8,
	IMAX_SETTING_MAX_BURST_LENGTH = 9,
	IMAX_SETTING_MAX_CONNECTIONS = 10,
	IMAX_SETTING_MAX_OUTSTANDING_R2T = 11,
	IMAX_SETTING_MAX_RECV_DATA_SEGMENT_LENGTH = 12,
	IMAX_SETTING_HEADER_DIGEST = 13,
	IMAX_SETTING_DATA_DIGEST = 14,
	IMAX_SETTING_AUTH_METHODS = 15,
	IMAX_SETTING_CHAP_ALGORITHMS = 16,
	IMAX_SETTING_CHAP_INITIATOR = 17,
	IMAX_SETTING_CHAP_TARGET = 18
} IMAX_SETTING;

/**
 * IMAX_RemoveSetting - take a setting back
 * @oid: target or discovery address: it follows its LHBA again; LHBA: it has its default again
 * @setting: what to take back
 *
 * Taking back what is not set is a success. IMAX_SETTING_ALL takes back what can be set on the
 * object, which may be nothing. Persistent.
 *
 * Objects: LHBA, target, discovery address. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: the object has no such setting any more
 * - IMA_STATUS_REBOOT_NECESSARY: stored, has an effect only after a reboot
 * - IMA_ERROR_INVALID_PARAMETER: setting is not defined
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_INVALID_PARAMETER: what would then be in force does not go together:
 *   FirstBurstLength above MaxBurstLength, or a method in use without its parameters
 * - IMA_ERROR_NOT_SUPPORTED: objects of this kind do not have the setting, or it is not settable
 */
IMA_API IMA_STATUS IMAX_RemoveSetting(IMA_OID oid, IMAX_SETTING setting);

/**
 * IMAX_RescanTarget - ask a target again which LUs it has
 * @oid: target; or LHBA: all its targets
 *
 * Asks the targets that have a session. New LUs appear and LUs that are gone go, as visibility
 * events tell. Nothing to do for a target without a session is a success.
 *
 * Objects: LHBA, target. Optional for a plugin.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: done
 * - IMA_ERROR_INVALID_OBJECT_TYPE, IMA_ERROR_INCORRECT_OBJECT_TYPE,
 *   IMA_ERROR_OBJECT_NOT_FOUND, IMA_ERROR_NOT_SUPPORTED: as everywhere
 * - IMA_ERROR_TARGET_TIMEOUT: a target did not answer before the deadline; the LUs of those that
 *   answered are up to date
 */
IMA_API IMA_STATUS IMAX_RescanTarget(IMA_OID oid);

#ifdef __cplusplus
}
#endif

#endif /* IMA_EXT_H */
