/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lock.h - the lock of open-iscsi's database.
 *
 * Who changes the database makes "lock.write" a hard link of "lock" in the lock folder and
 * removes it afterwards; everybody else tries again every 10 ms, for 30 s. The lock says
 * nothing about its owner, and one whose owner died stays. open-iscsi 2.1.8 waits its 30 s
 * and goes on without it, later versions give up. So: look before running iscsiadm, and say what
 * is wrong instead of waiting.
 */
#ifndef LINUX_LOCK_H
#define LINUX_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* The longest time a change takes: one that has been held for longer is left over. */
#define DB_LOCK_STALE_SECONDS 35
/* How long we wait for the lock when somebody seems to work with it. */
#define DB_LOCK_PATIENCE 5000000000ULL

struct db_lock_state {
	bool held;
	int64_t seconds; /* for how long */
};

/* Looks at the lock in dir. 0 or -errno; a missing folder is a lock that is not held. */
int db_lock_look(int dir, struct db_lock_state *state);

/*
 * Waits until the lock is not held. 0; -ESTALE if it is left over; -EBUSY if it is still held
 * at the deadline (nanoseconds of CLOCK_MONOTONIC) or after DB_LOCK_PATIENCE.
 */
int db_lock_wait(int dir, uint64_t deadline);

/* Takes the lock, making the folder's files if they are missing; the same results, or -errno. */
int db_lock_take(int dir, uint64_t deadline);
void db_lock_release(int dir);

#endif
