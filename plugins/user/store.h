/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store.h - the configuration of the user-space initiator: an SQLite database.
 *
 * Several processes share it. Each write is one transaction that is on the disk when it is
 * committed (WAL, synchronous=FULL); whoever waits for another process waits until the
 * deadline. Secrets are not in here, see secrets.h.
 *
 * Locks: none; one thread at a time may use a store. Errors: 0 or negative errno, of which
 * -ENOENT means that there is no database yet, -ETIME that another process kept it locked,
 * -EBADMSG that it is damaged or is no database of this program, and -EPROTONOSUPPORT that a
 * newer version of this program wrote it. store_error() has the sentence for people.
 */
#ifndef USER_STORE_H
#define USER_STORE_H

#include <stdbool.h>
#include <stdint.h>

/* What can be asked and changed; the SQL is in store.c, and the columns are listed there. */
enum store_statement {
	STORE_ADDRESSES,
	STORE_ADD_ADDRESS,
	STORE_ADDRESS_ID,
	STORE_REMOVE_ADDRESS,
	STORE_STATICS,
	STORE_ADD_STATIC,
	STORE_REMOVE_STATIC,
	STORE_TARGETS,
	STORE_ADD_TARGET,
	STORE_TARGET_ID,
	STORE_SET_ALIAS,
	STORE_SUGGEST_ALIAS,
	STORE_REMOVE_LOST_TARGETS,
	STORE_ADD_PORTAL,
	STORE_REMOVE_PORTALS,
	STORE_REMOVE_ALL_PORTALS,
	STORE_SERVICE_PORTALS,
	STORE_ADD_SERVICE_PORTAL,
	STORE_REMOVE_SERVICE_PORTALS,
	STORE_PARAMS,
	STORE_SET_PARAM,
	STORE_REMOVE_PARAM,
	STORE_OWN_SETTINGS,
	STORE_SET_OWN_SETTING,
	STORE_REMOVE_OWN_SETTING,
	STORE_SETTINGS,
	STORE_SET_SETTING,
	STORE_REMOVE_SETTING,
	STORE_METHODS,
	STORE_ADD_METHOD,
	STORE_REMOVE_METHODS,
	STORE_STATISTICS,
	STORE_SET_STATISTICS,
	STORE_REMOVE_LU_STATISTICS,
	STORE_REMOVE_STATISTICS,
	STORE_STALE_SIZE,
	STORE_REMOVE_STALE,
	STORE_STATEMENTS
};

struct store;
struct store_row;

/** store_new - a store at this path, not opened; 0 or -ENOMEM */
int store_new(const char *path, struct store **store);

/** store_free - closes and releases; what was not committed is undone; NULL is fine */
void store_free(struct store *store);

/** store_set_deadline - until when to wait for other processes (CLOCK_MONOTONIC, ns) */
void store_set_deadline(struct store *store, uint64_t deadline);

/**
 * store_open - make the store usable
 * @create: make folder and database if they are missing; otherwise -ENOENT, and no file is made
 *
 * To be called before every use: it notices that the file was removed or replaced.
 */
int store_open(struct store *store, bool create);

/**
 * store_is_changed - whether the content may differ from what it was at the last call
 *
 * True after somebody else changed it, and the first time. Own changes do not count.
 */
int store_is_changed(struct store *store, bool *changed);

/** store_begin - a transaction that nobody else changes anything in */
int store_begin(struct store *store);
/** store_begin_read - a transaction in which everything read is of one moment */
int store_begin_read(struct store *store);
int store_commit(struct store *store);
/** store_roll_back - undo; nothing happens if no transaction is open */
void store_roll_back(struct store *store);

/**
 * store_run - run a statement that returns nothing
 * @format: one letter per argument: 't' const char *, 'i' int64_t, 'n' SQL NULL, which has
 *     no argument
 */
int store_run(struct store *store, enum store_statement statement, const char *format,
	      ...);

/** store_last_id - of the row that was added last */
int64_t store_last_id(const struct store *store);

/** store_target_row - the row id of the target with this name, which is added if missing */
int store_target_row(struct store *store, const char *name, int64_t *id);

/**
 * store_select - call a function for each row; it stops at the first that is not 0
 */
int store_select(struct store *store, enum store_statement statement,
		 int (*row)(const struct store_row *row, void *user), void *user,
		 const char *format, ...);

/** store_text - a column; "" for NULL; valid inside the row function */
const char *store_text(const struct store_row *row, int column);
/** store_integer - a column; fallback for NULL */
int64_t store_integer(const struct store_row *row, int column, int64_t fallback);

/** store_error - what went wrong last, with the file; no full stop */
const char *store_error(const struct store *store);

/** store_path - where it is */
const char *store_path(const struct store *store);

#endif
