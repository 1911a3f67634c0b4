/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tally.h - what was counted for a target or LU since this process began.
 *
 * A tally is made when something is counted for the first time and stays until the plugin ends:
 * sessions come and go, the numbers only grow. Switching statistics on begins anew by
 * remembering where the numbers were.
 *
 * Locks: one of its own, the last in any order; everything may be called from anywhere.
 */
#ifndef USER_TALLY_H
#define USER_TALLY_H

#include <stdint.h>
#include <time.h>

#include "iscsi/iscsi.h"

enum tally_count {
	TALLY_DATA_SENT,
	TALLY_DATA_RECEIVED,
	TALLY_BYTES_SENT,
	TALLY_BYTES_RECEIVED,
	TALLY_PDUS_SENT,
	TALLY_PDUS_RECEIVED,
	TALLY_SENDING_NS,
	TALLY_RECEIVING_NS,
	TALLY_LOGIN_FAILURES,
	TALLY_FAILURES,
	TALLY_DIGEST_FAILURES,
	TALLY_TIMEOUT_FAILURES,
	TALLY_FORMAT_FAILURES,
	TALLY_TIMEOUT_CLOSES,
	TALLY_COUNTS
};

/** struct tally_view - the numbers at one moment; last_login_failure is 0 if there was none */
struct tally_view {
	uint64_t count[TALLY_COUNTS];
	time_t last_login_failure;
};

struct tally;

/** tally_get - that of the object with this sequence number; NULL: no memory */
struct tally *tally_get(uint64_t number);

/**
 * tally_session - add what a session counted
 * @tally: NULL is fine
 * @counted: what was added before; becomes a copy of now
 */
void tally_session(struct tally *tally, struct iscsi_counters *counted,
		   const struct iscsi_counters *now);

/** tally_task - add what a command took; tally NULL is fine */
void tally_task(struct tally *tally, const struct iscsi_task *task);

/** tally_restart - count from zero */
void tally_restart(uint64_t number);

/** tally_read - zeros if nothing was counted */
void tally_read(uint64_t number, struct tally_view *view);

/** tally_free_all - when the plugin ends */
void tally_free_all(void);

#endif
