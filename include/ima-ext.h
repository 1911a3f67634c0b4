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
 * @loginStatusValid: the two next fields hold the status of a Login Response (RFC 7143, 11.13.5)
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

#ifdef __cplusplus
}
#endif

#endif /* IMA_EXT_H */
