/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sessions.h - the sessions this process holds, at most one per target.
 *
 * A session is held from IMAX_LoginTarget to IMAX_LogoutTarget. If it is lost in between, it is
 * logged in again in the background; its LUs stay, and calls that need it wait. It is known to
 * calls through the list here, and to the loop's thread, which alone touches its link. Its
 * LUs count as exposed to the process.
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
struct vector;

void sessions_init(void);

/** sessions_end - log out of everything; called when no call is running */
void sessions_end(void);

/** sessions_has - whether the process has a session with this target, up or lost */
bool sessions_has(IMA_OID target);

/** held_take - the session with a target once it was up; NULL: none. To be dropped. */
struct held *held_take(IMA_OID target);

/** held_drop - NULL is fine */
void held_drop(struct held *held);

/**
 * held_wait - until a session that is lost is back
 * @error: receives why not
 *
 * Return: 0 if it is up, -ETIME if it is still lost at the deadline, -ENOTCONN if it is over.
 */
int held_wait(struct held *held, uint64_t deadline, struct iscsi_error *error);

/** held_session - the engine's session if it is up, else NULL; loop's thread */
struct iscsi_session *held_session(struct held *held);

/** held_target - with whom */
IMA_OID held_target(const struct held *held);

/** sessions_take_all - append all that were up once, each to be dropped; 0 or -ENOMEM */
int sessions_take_all(struct vector *helds);

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

/** sessions_exposes_any - whether any LU of a target is */
bool sessions_exposes_any(IMA_OID target);

/**
 * struct session_view - a session that is up or lost, and its only connection
 * @is_connected: it is up; otherwise there is no connection, and the result is the last one
 */
struct session_view {
	IMA_OID session, connection;
	bool is_connected;
	struct iscsi_result result;
};

/** sessions_view - by the OID of the session or of the connection; false: there is none */
bool sessions_view(IMA_OID oid, struct session_view *view);

/** sessions_list - append the sessions with a target, or all (NULL); 0 or -ENOMEM */
int sessions_list(const IMA_OID *target, struct oid_list *list);

#endif
