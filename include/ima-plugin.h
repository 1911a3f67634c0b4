/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ima-plugin.h - what a plugin of libima exports, and the rules it lives by.
 *
 * A plugin is a shared object named in ima.conf(5). Its entry points are plain C symbols
 * with the names and prototypes of ima.h and ima-ext.h; the library looks them up once, when
 * it loads the plugin. Whatever a plugin does not export is not supported by it.
 *
 *     load     dlopen -> IMAX_SetHost (if exported) -> Initialize (if exported)
 *     run      any exported call, from any thread, several at a time
 *     end      Deregister... (if registered) -> Terminate (if exported); no call afterwards
 *
 * Exports. The 92 functions of ima.h that can concern a plugin: all but IMA_GenerateNodeName,
 * IMA_GetAssociatedPluginOid, IMA_GetLibraryProperties, IMA_GetObjectType,
 * IMA_GetPluginOidList and IMA_GetSharedNodeOid; optionally the extensions. The plugin's
 * IMA_FreeMemory releases the plugin's own lists and is called by the library only. The IOctl
 * function goes by IMA_PluginIOctl or IMA_PluginIOCtl. A plugin takes the LUN of IMA_GetLuOid
 * as an integer and the address of IMA_SetNetworkPortalIpAddress by value.
 *
 * Linking. Do not link a plugin with libima, and do not call an exported name from inside the
 * plugin: it would end in the library. Link with -Wl,-Bsymbolic and a version script that
 * exports the standard's names only, and define IMA_NO_GENERIC.
 *
 * What the library has checked before it calls: pointers that must not be NULL, booleans,
 * enumerations, the type of the OID, and that this plugin owns it. What the plugin checks: that
 * the object exists (IMA_ERROR_OBJECT_NOT_FOUND), capability, value ranges, state.
 *
 * Object ids. A plugin puts the owner id it got from Initialize into every OID it makes, and
 * chooses sequence numbers: the same number for the same object as long as the process runs,
 * never a number twice. The shared node is {NODE, 0, 0}: accept it in IMA_GetNodeProperties,
 * IMA_SetNodeName and IMA_SetNodeAlias, or answer IMA_ERROR_NOT_SUPPORTED if the plugin only
 * has nodes of its own.
 *
 * Memory. Lists are allocated by the plugin and released by the library through the plugin's
 * IMA_FreeMemory, right after it copied them. An empty list is a list with count 0, of at
 * least sizeof(IMA_OID_LIST) or sizeof(IMA_ADDRESS_KEYS) bytes. After an error the list
 * pointer is NULL.
 *
 * Threads. The library holds no lock while it runs plugin code, so several threads may be in
 * the plugin at once. Events may be raised from any thread, but not while holding a lock that
 * an entry point needs: the library only queues them, yet a plugin must not rely on it.
 *
 * Time. A call ends before its deadline: see GetDeadline below. Initialize does nothing slow.
 *
 * End. The library ends plugins when the process exits, but not if a thread is still inside a
 * call then, and not in a child of fork. State that must last is therefore stored when it
 * changes, not in Terminate. A plugin is never unmapped.
 */
#ifndef IMA_PLUGIN_H
#define IMA_PLUGIN_H

#include "ima-ext.h"

#ifdef __cplusplus
extern "C" {
#endif

/** IMAX_LOG_LEVEL - how important a message is; the values are those of syslog(3). */
typedef enum IMAX_LOG_LEVEL {
	IMAX_LOG_ERROR = 3,
	IMAX_LOG_WARNING = 4,
	IMAX_LOG_INFO = 6,
	IMAX_LOG_DEBUG = 7
} IMAX_LOG_LEVEL;

/**
 * IMAX_HOST - what the library offers to a plugin
 * @size: bytes of this structure the library fills; new members are only added at the end
 * @GetDeadline: the time by which the call that runs on this thread must have returned, in
 *     nanoseconds of CLOCK_MONOTONIC; outside of a call, the default deadline from now
 * @SetLastError: says why the call that runs on this thread is going to fail; the record
 *     is kept only if the call returns an error. size, layer and text must be set; call, plugin,
 *     object and status are filled in by the library. The structure is copied.
 * @Log: one message in UTF-8, without a newline and without secrets
 * @stateDirectory: absolute path of the directory for persistent state, may not exist yet
 *
 * Every function may be called from any thread at any time between IMAX_SetHost and the
 * return of Terminate.
 */
typedef struct IMAX_HOST {
	IMA_UINT size;
	IMA_UINT64 (*GetDeadline)(void);
	void (*SetLastError)(const IMAX_LAST_ERROR *pError);
	void (*Log)(IMAX_LOG_LEVEL level, const IMA_CHAR *text);
	const IMA_CHAR *stateDirectory;
} IMAX_HOST;

/*
 * The three names below are exported by plugins, not by the library.
 */

/**
 * IMAX_SetHost - optional; called once, before Initialize
 * @pHost: stays valid and unchanged until Terminate returns
 *
 * Return: ignored unless it is an error, which keeps the plugin from being loaded.
 */
IMA_STATUS IMAX_SetHost(const IMAX_HOST *pHost);

/**
 * Initialize - called once, before any other call
 * @ownerId: owner id for the OIDs of this plugin, 1 or more
 *
 * Return: an error keeps the plugin from being loaded. A plugin without this entry point is
 * kept, but cannot know its owner id.
 */
IMA_STATUS Initialize(IMA_UINT32 ownerId);

/** Terminate - called once; no other call follows and no event may be raised after it returns. */
void Terminate(void);

#ifdef __cplusplus
}
#endif

#endif /* IMA_PLUGIN_H */
