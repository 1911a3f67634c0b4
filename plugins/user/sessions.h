/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sessions.h - the sessions this process holds, at most one per target.
 *
 * A session is held from IMAX_LoginTarget to IMAX_LogoutTarget, or until it is lost. It is
 * known to calls through the list here, and to the loop's thread, which alone touches its
 * link. Its LUs count as exposed to the process.
 *
 * Locks: sessions.lock guards the list and every member that is not the link's. It may be taken
 * inside the gate, and nothing is waited for with it held.
 */
#ifndef USER_SESSIONS_H
#define USER_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "ima.h"
#include "iscsi/iscsi.h"

struct held;
struct oid_list;

void sessions_init(void);

/** sessions_end - log out of everything; called when no call is running */
void sessions_end(void);

/** sessions_has - whether the process has a session with this target */
bool sessions_has(IMA_OID target);

/** held_take - the session with a target if it is up; NULL: none. To be dropped. */
struct held *held_take(IMA_OID target);

/** held_drop - NULL is fine */
void held_drop(struct held *held);

/** held_session - the engine's session if it is up, else NULL; loop's thread */
struct iscsi_session *held_session(struct held *held);

/** struct exposed - a LU of a session */
struct exposed {
	uint64_t lun;
	IMA_OID oid;
};

/**
 * sessions_expose - the LUs of the session with a target, as found by a scan
 *
 * Those that are new and those that are gone are reported as events. Nothing happens if there
 * is no session any more. Return: 0 or -ENOMEM.
 */
int sessions_expose(IMA_OID target, const struct exposed *luns, size_t count);

/** sessions_list_luns - append the exposed LUs of a target, or of all (NULL); 0 or -ENOMEM */
int sessions_list_luns(const IMA_OID *target, struct oid_list *list);

/** sessions_exposes - whether an LU is exposed, and since when */
bool sessions_exposes(IMA_OID target, uint64_t lun, time_t *since);

/** struct session_view - a session that is up, and its only connection */
struct session_view {
	IMA_OID session, connection;
	struct iscsi_result result;
};

/** sessions_view - by the OID of the session or of the connection; false: there is none */
bool sessions_view(IMA_OID oid, struct session_view *view);

/** sessions_list - append the sessions with a target, or all (NULL); 0 or -ENOMEM */
int sessions_list(const IMA_OID *target, struct oid_list *list);

#endif
