/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * held.h - one session that is held; for held.c, which brings it up and keeps it up, and for
 * sessions.c, which finds it.
 *
 * CONNECTING until the first login has ended, then UP and LOST in turn, OVER at last. LOST is a
 * session whose connection is gone and that is wanted all the same: it is logged in again, after
 * DefaultTime2Wait and then with growing pauses, until that works, a logout stops it, or the
 * target refuses for good.
 *
 *   loop's thread    waits, logs in
 *   chores' thread   plans the login: settings and secrets may have changed meanwhile
 *
 * References: one of the list (until OVER), one for each call, scan or chore that uses it. What is
 * not marked otherwise is guarded by sessions.lock.
 */
#ifndef USER_HELD_H
#define USER_HELD_H

#include <pthread.h>

#include "chores.h"
#include "index.h"
#include "iscsi/loop.h"
#include "link.h"
#include "sessions.h"

struct login;

enum phase { CONNECTING, UP, LOST, OVER };

enum { BY_TARGET, BY_SESSION, BY_CONNECTION, NODES };

struct held {
	/* Of the loop's thread; login of that of the chores while is_planned. */
	struct iscsi_work work;
	struct chore chore;
	struct iscsi_timer timer; /* until the next attempt */
	struct link link;
	struct login *login;	       /* NULL when nobody logs in */
	bool is_unwanted;	       /* somebody logs out */
	bool is_waiting;	       /* for the timer */
	bool is_scanning, is_scan_due; /* see scan.c */
	unsigned int attempts;
	uint64_t up_since, lost_since;
	uint16_t time2wait; /* seconds; what the target said last */

	struct held *next, *prev;
	struct index_node nodes[NODES];
	unsigned int references;
	enum phase phase;
	unsigned int failures; /* attempts to come back that failed */
	IMA_OID target, session, connection;
	struct iscsi_result result;
	struct iscsi_error error; /* of the last failure */
	char alias[ISCSI_ALIAS_MAX + 1];
	time_t since;
	struct exposed *luns; /* in the order of their LUNs */
	size_t lun_count;
};

/* The list of all, and who waits for a phase. */
struct sessions {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a phase, or failures */
	struct held *list;
	struct index index; /* by each of the three OIDs */
	uint64_t made;
};

extern struct sessions sessions;

/* For who has a reference. */
void held_reference(struct held *held);

/* All with the lock held. */
struct held *sessions_find(IMA_OID target);
/* 0 or -ENOMEM; referenced for the list. */
int sessions_enlist(struct held *held);
void sessions_unlist(struct held *held);
void held_unreference(struct held *held);

#endif
