// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "plugin-support/host.h"
#include "shared/cleanup.h"
#include "shared/state-dir.h"

#define PROGRESS_STEPS 100000 /* of SQLite's machine: some milliseconds */

#define APPLICATION_ID 0x494d4155 /* "IMAU", so that file(1) and we know whose it is */

/* The header of the WAL index, and the block it is in (sqlite.org/walformat.html, 2.1). */
#define INDEX_HEADER 48
#define INDEX_BLOCK  32768

/*
 * portal: where a discovery address said that a target is; static targets say it themselves.
 * param: login keys; target NULL: of the LHBA. setting: whatever there is one of.
 * service_portal: where an iSNS server (source -4) or SLP agents (-2) said that a target is.
 * statistics: what was switched; lun: hexadecimal, empty: the target.
 * own_setting: lists and such of a target, of a discovery address, or (both NULL) of the LHBA.
 *
 * Each step takes a database one version further; those that were released never change.
 */
static const char *const steps[] = {
	"CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE discovery_address(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  address TEXT NOT NULL UNIQUE);"
	"CREATE TABLE static_target(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  name TEXT NOT NULL, address TEXT NOT NULL, UNIQUE(name, address));"
	"CREATE TABLE target(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  name TEXT NOT NULL UNIQUE, alias TEXT NOT NULL DEFAULT '');"
	"CREATE TABLE portal(target INTEGER NOT NULL"
	"    REFERENCES target(id) ON DELETE CASCADE,"
	"  source INTEGER NOT NULL"
	"    REFERENCES discovery_address(id) ON DELETE CASCADE,"
	"  place INTEGER NOT NULL, address TEXT NOT NULL, tag INTEGER NOT NULL,"
	"  PRIMARY KEY(target, source, place)) WITHOUT ROWID;"
	"CREATE INDEX portal_source ON portal(source);"
	"CREATE TABLE param(target INTEGER REFERENCES target(id) ON DELETE CASCADE,"
	"  name TEXT NOT NULL, value INTEGER NOT NULL);"
	"CREATE UNIQUE INDEX param_key ON param(ifnull(target, 0), name);"
	"CREATE TABLE auth_method(place INTEGER PRIMARY KEY,"
	"  method INTEGER NOT NULL UNIQUE);",

	"CREATE TABLE service_portal(target INTEGER NOT NULL"
	"    REFERENCES target(id) ON DELETE CASCADE,"
	"  source INTEGER NOT NULL, place INTEGER NOT NULL,"
	"  address TEXT NOT NULL, tag INTEGER NOT NULL,"
	"  PRIMARY KEY(target, source, place)) WITHOUT ROWID;"
	"CREATE INDEX service_portal_source ON service_portal(source);",

	"CREATE TABLE statistics(target INTEGER NOT NULL"
	"    REFERENCES target(id) ON DELETE CASCADE,"
	"  lun TEXT NOT NULL, enabled INTEGER NOT NULL,"
	"  PRIMARY KEY(target, lun)) WITHOUT ROWID;",
	"CREATE TABLE own_setting(target INTEGER REFERENCES target(id) ON DELETE CASCADE,"
	"  address INTEGER REFERENCES discovery_address(id) ON DELETE CASCADE,"
	"  name TEXT NOT NULL, value TEXT NOT NULL);"
	"CREATE UNIQUE INDEX own_setting_key"
	"  ON own_setting(ifnull(target, 0), ifnull(address, 0), name);",
};
#define SCHEMA_VERSION ((int)ARRAY_SIZE(steps))

static const char *const sql[STORE_STATEMENTS] = {
	[STORE_ADDRESSES] = "SELECT id, address FROM discovery_address ORDER BY id",
	[STORE_ADD_ADDRESS] = "INSERT INTO discovery_address(address) VALUES(?1)",
	[STORE_ADDRESS_ID] = "SELECT id FROM discovery_address WHERE address = ?1",
	[STORE_REMOVE_ADDRESS] = "DELETE FROM discovery_address WHERE id = ?1",
	[STORE_STATICS] = "SELECT id, name, address FROM static_target ORDER BY id",
	[STORE_ADD_STATIC] = "INSERT INTO static_target(name, address) VALUES(?1, ?2)",
	[STORE_REMOVE_STATIC] = "DELETE FROM static_target WHERE id = ?1",
	[STORE_TARGETS] = "SELECT t.id, t.name, t.alias, p.source, p.address, p.tag"
			  " FROM target t LEFT JOIN portal p ON p.target = t.id"
			  " ORDER BY t.id, p.source, p.place",
	[STORE_ADD_TARGET] = "INSERT OR IGNORE INTO target(name) VALUES(?1)",
	[STORE_TARGET_ID] = "SELECT id FROM target WHERE name = ?1",
	[STORE_SET_ALIAS] = "UPDATE target SET alias = ?2 WHERE id = ?1",
	[STORE_SUGGEST_ALIAS] =
		"UPDATE target SET alias = ?2 WHERE id = ?1 AND alias = ''",
	/* Rows nobody needs: not found, not configured, nothing set for them. */
	[STORE_REMOVE_LOST_TARGETS] =
		"DELETE FROM target WHERE id NOT IN (SELECT target FROM portal)"
		" AND id NOT IN (SELECT target FROM service_portal)"
		" AND name NOT IN (SELECT name FROM static_target)"
		" AND NOT EXISTS (SELECT 1 FROM param WHERE param.target = target.id)"
		" AND id NOT IN (SELECT target FROM statistics)"
		" AND NOT EXISTS (SELECT 1 FROM own_setting o WHERE o.target = "
		"target.id)",
	[STORE_ADD_PORTAL] = "INSERT INTO portal(target, source, place, address, tag)"
			     " VALUES(?1, ?2, ?3, ?4, ?5)",
	[STORE_REMOVE_PORTALS] = "DELETE FROM portal WHERE source = ?1",
	[STORE_REMOVE_ALL_PORTALS] = "DELETE FROM portal",
	[STORE_SERVICE_PORTALS] =
		"SELECT t.name, s.source, s.address, s.tag FROM service_portal s"
		" JOIN target t ON t.id = s.target ORDER BY s.target, s.source, s.place",
	[STORE_ADD_SERVICE_PORTAL] =
		"INSERT INTO service_portal(target, source, place, address, tag)"
		" VALUES(?1, ?2, ?3, ?4, ?5)",
	[STORE_REMOVE_SERVICE_PORTALS] = "DELETE FROM service_portal WHERE source = ?1",
	[STORE_PARAMS] = "SELECT t.name, p.name, p.value FROM param p"
			 " LEFT JOIN target t ON t.id = p.target",
	[STORE_SET_PARAM] = "INSERT INTO param(target, name, value) VALUES(?1, ?2, ?3)"
			    " ON CONFLICT(ifnull(target, 0), name)"
			    " DO UPDATE SET value = excluded.value",
	[STORE_REMOVE_PARAM] = "DELETE FROM param WHERE target IS ?1 AND name = ?2",
	[STORE_OWN_SETTINGS] =
		"SELECT o.target, t.name, o.address, a.address, o.name, o.value"
		" FROM own_setting o LEFT JOIN target t ON t.id = o.target"
		" LEFT JOIN discovery_address a ON a.id = o.address",
	[STORE_SET_OWN_SETTING] =
		"INSERT INTO own_setting(target, address, name, value)"
		" VALUES(?1, ?2, ?3, ?4)"
		" ON CONFLICT(ifnull(target, 0), ifnull(address, 0), name)"
		" DO UPDATE SET value = excluded.value",
	[STORE_REMOVE_OWN_SETTING] = "DELETE FROM own_setting WHERE target IS ?1"
				     " AND address IS ?2 AND name = ?3",
	[STORE_SETTINGS] = "SELECT name, value FROM setting",
	[STORE_SET_SETTING] = "INSERT INTO setting(name, value) VALUES(?1, ?2)"
			      " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
	[STORE_REMOVE_SETTING] = "DELETE FROM setting WHERE name = ?1",
	[STORE_METHODS] = "SELECT method FROM auth_method ORDER BY place",
	[STORE_ADD_METHOD] = "INSERT INTO auth_method(place, method) VALUES(?1, ?2)",
	[STORE_REMOVE_METHODS] = "DELETE FROM auth_method",
	[STORE_STATISTICS] = "SELECT t.name, s.lun, s.enabled FROM statistics s"
			     " JOIN target t ON t.id = s.target",
	[STORE_SET_STATISTICS] =
		"INSERT INTO statistics(target, lun, enabled) VALUES(?1, ?2, ?3)"
		" ON CONFLICT(target, lun) DO UPDATE SET enabled = excluded.enabled",
	[STORE_REMOVE_LU_STATISTICS] =
		"DELETE FROM statistics WHERE target = ?1 AND lun = ?2",
	[STORE_REMOVE_STATISTICS] = "DELETE FROM statistics WHERE target = ?1",
	/* Stale: what was set for targets nobody finds or configures any more. */
	[STORE_STALE_SIZE] =
		"SELECT ifnull(sum(length(CAST(t.name AS BLOB))"
		"  + length(CAST(t.alias AS BLOB)) + (SELECT count(*) * 16"
		"    FROM param p WHERE p.target = t.id) + (SELECT count(*) * 16"
		"    FROM statistics s WHERE s.target = t.id) + (SELECT"
		"    ifnull(sum(length(o.name) + length(o.value)), 0)"
		"    FROM own_setting o WHERE o.target = t.id)), 0)"
		" FROM target t WHERE t.id NOT IN (SELECT target FROM portal)"
		" AND t.id NOT IN (SELECT target FROM service_portal)"
		" AND t.name NOT IN (SELECT name FROM static_target)",
	[STORE_REMOVE_STALE] =
		"DELETE FROM target WHERE id NOT IN (SELECT target FROM portal)"
		" AND id NOT IN (SELECT target FROM service_portal)"
		" AND name NOT IN (SELECT name FROM static_target)",
};

struct store {
	char path[PATH_MAX];
	char error[PATH_MAX + 256];
	uint64_t deadline;
	sqlite3 *db;
	dev_t device;
	ino_t inode;
	int64_t version; /* PRAGMA data_version at the last look, -1: none yet */
	bool is_written;
	const volatile uint8_t *index; /* of the WAL; NULL: not known */
	uint8_t seen[INDEX_HEADER];    /* before the last look, */
	bool has_seen;		       /* if there was one that counts */
	sqlite3_stmt *data_version;
	sqlite3_stmt *statements[STORE_STATEMENTS];
};

struct store_row {
	sqlite3_stmt *statement;
};

static const struct {
	int code, err;
	const char *hint;
} errors[] = {
	{ SQLITE_BUSY, -ETIME, "another process has it locked" },
	{ SQLITE_LOCKED, -ETIME, "another process has it locked" },
	{ SQLITE_INTERRUPT, -ETIME, "reading it takes too long" },
	{ SQLITE_NOMEM, -ENOMEM, NULL },
	{ SQLITE_PERM, -EACCES, "this user may not use it" },
	{ SQLITE_AUTH, -EACCES, "this user may not use it" },
	{ SQLITE_CANTOPEN, -EACCES, "this user may not use it" },
	{ SQLITE_READONLY, -EROFS, "this user may not change it" },
	{ SQLITE_FULL, -ENOSPC, NULL },
	{ SQLITE_CORRUPT, -EBADMSG, "it is damaged" },
	{ SQLITE_NOTADB, -EBADMSG, "it is no database" },
	{ SQLITE_IOERR, -EIO, NULL },
	{ SQLITE_CONSTRAINT, -EEXIST, NULL },
};

static int fail(struct store *store, int err, const char *why)
{
	snprintf(store->error, sizeof(store->error), "%s: %s", store->path, why);
	return err;
}

static int fail_code(struct store *store, int code)
{
	const char *message = store->db ? sqlite3_errmsg(store->db)
					: sqlite3_errstr(code);

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].code == (code & 0xff))
			return fail(store, errors[i].err,
				    errors[i].hint ? errors[i].hint : message);
	return fail(store, -EIO, message);
}

/* Asked by SQLite when somebody else has a lock: 1 to try again. */
static int wait_for_others(void *argument, int attempts)
{
	const struct store *store = argument;
	uint64_t now = host_now();
	uint64_t pause = attempts < 10 ? 1000000 : 5000000;

	if (now >= store->deadline)
		return 0;
	if (pause > store->deadline - now)
		pause = store->deadline - now;
	nanosleep(&(struct timespec){ .tv_nsec = (long)pause }, NULL);
	return 1;
}

int store_new(const char *path, struct store **store)
{
	struct store *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	if (strlen(path) >= sizeof(made->path)) {
		free(made);
		return -ENAMETOOLONG;
	}
	memcpy(made->path, path, strlen(path) + 1);
	made->deadline = UINT64_MAX;
	made->version = -1;
	*store = made;
	return 0;
}

static void finish(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
	*statement = NULL;
}

static void close_database(struct store *store)
{
	for (int i = 0; i < STORE_STATEMENTS; i++)
		finish(&store->statements[i]);
	finish(&store->data_version);
	/* Moving the log into the database is the writers' work: readers end quickly. */
	if (store->db && !store->is_written)
		sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(store->db);
	store->db = NULL;
	store->index = NULL;
	store->version = -1;
	store->is_written = false;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	close_database(store);
	free(store);
}

void store_set_deadline(struct store *store, uint64_t deadline)
{
	store->deadline = deadline;
}

/* Runs SQL that returns nothing of interest. */
static int execute(struct store *store, const char *text)
{
	int code = sqlite3_exec(store->db, text, NULL, NULL, NULL);

	return code ? fail_code(store, code) : 0;
}

/* A number SQLite answers to a PRAGMA with. */
static int ask(struct store *store, const char *text, int64_t *value)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(store->db, text, -1, &statement, NULL);

	if (!code) {
		code = sqlite3_step(statement);
		*value = sqlite3_column_int64(statement, 0);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 0 : fail_code(store, code);
}

/*
 * Tables and indices are all there is. A view or trigger that somebody put there would run with
 * each statement of ours, for as long as it likes.
 */
static int check_kinds(struct store *store)
{
	int64_t count;
	int err = ask(store,
		      "SELECT count(*) FROM sqlite_master"
		      " WHERE type NOT IN ('table', 'index') OR ifnull(rootpage, 0) < 1",
		      &count);

	if (err)
		return err;
	return count ? fail(store, -EBADMSG,
			    "it has views, triggers or such, which this program never "
			    "makes")
		     : 0;
}

/* 0; -ENOENT: an empty database, nobody made the tables yet; -ESTALE: of an older version. */
static int check_schema(struct store *store, int64_t *version)
{
	int64_t id;
	int err = ask(store, "PRAGMA application_id", &id);

	if (!err)
		err = ask(store, "PRAGMA user_version", version);
	if (err)
		return err;
	if (!id && !*version)
		return -ENOENT;
	if (id != APPLICATION_ID || *version < 1)
		return fail(store, -EBADMSG, "it is a database of another program");
	if (*version > SCHEMA_VERSION)
		return fail(store, -EPROTONOSUPPORT,
			    "a newer version of this program wrote it");
	err = check_kinds(store);
	if (err)
		return err;
	return *version < SCHEMA_VERSION ? -ESTALE : 0;
}

/* As one look: another process may be making the tables. */
static int look_at_schema(struct store *store)
{
	int64_t version;
	int err = store_begin_read(store);

	if (!err)
		err = check_schema(store, &version);
	store_roll_back(store); /* nothing was written */
	return err;
}

static int take_steps(struct store *store, int64_t version)
{
	char text[128];
	int err = 0;

	snprintf(text, sizeof(text),
		 "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
		 SCHEMA_VERSION);
	for (int64_t i = version; !err && i < SCHEMA_VERSION; i++)
		err = execute(store, steps[i]);
	return err ? err : execute(store, text);
}

static int make_tables(struct store *store)
{
	int64_t version = 0;
	int err = execute(store, "BEGIN IMMEDIATE");

	if (err)
		return err;
	err = check_schema(store, &version); /* somebody may have been faster */
	if (err == -ENOENT || err == -ESTALE)
		err = take_steps(store, version);
	if (!err)
		return store_commit(store);
	store_roll_back(store);
	return err;
}

/* SQLite does not wait when the journal mode is being changed by somebody else. */
static int use_log(struct store *store)
{
	int err, attempts = 0;

	do
		err = execute(store, "PRAGMA journal_mode = WAL");
	while (err == -ETIME && wait_for_others(store, attempts++));
	return err;
}

/*
 * Folder and file, which SQLite itself would make readable for others. What SQLite puts next
 * to the file has the same mode.
 */
static int make_file(struct store *store)
{
	char folder[PATH_MAX];
	int _cleanup_close_ fd = -1;
	int err;

	memcpy(folder, store->path, sizeof(folder));
	err = state_dir_make(dirname(folder));
	if (err)
		return fail(store, err, "its folder cannot be made");
	fd = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fail(store, -errno, "it cannot be made");
	return 0;
}

/* Asked by SQLite every now and then: not 0 to give up. */
static int is_too_late(void *argument)
{
	const struct store *store = argument;

	return host_now() >= store->deadline;
}

static int configure(struct store *store)
{
	sqlite3_extended_result_codes(store->db, 0);
	sqlite3_busy_handler(store->db, wait_for_others, store);
	sqlite3_progress_handler(store->db, PROGRESS_STEPS, is_too_late, store);
	/* The file may come from anywhere. */
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	return execute(store, "PRAGMA synchronous = FULL; PRAGMA cell_size_check = 1");
}

static int open_database(struct store *store)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	int code = sqlite3_open_v2(store->path, &store->db, flags, NULL);
	int err;

	if (code)
		return fail_code(store, code);
	err = configure(store);
	return err ? err : look_at_schema(store);
}

static int open_or_make(struct store *store, bool create)
{
	int err = create ? make_file(store) : 0;

	if (!err)
		err = open_database(store);
	if (err == -ESTALE)
		return make_tables(store);
	if (err != -ENOENT || !create)
		return err;
	err = use_log(store);
	return err ? err : make_tables(store);
}

/* Which file is at the path now. */
static int look_at_file(const struct store *store, struct stat *st)
{
	if (!stat(store->path, st))
		return 0;
	return errno == ENOTDIR ? -ENOENT : -errno;
}

static bool is_file(const struct store *store, const struct stat *st)
{
	return st->st_dev == store->device && st->st_ino == store->inode;
}

static int reopen(struct store *store, bool create)
{
	struct stat st;
	int err = open_or_make(store, create);

	if (!err && look_at_file(store, &st))
		err = fail(store, -ENOENT, "it has vanished");
	if (err) {
		close_database(store);
		return err;
	}
	store->device = st.st_dev;
	store->inode = st.st_ino;
	return 0;
}

int store_open(struct store *store, bool create)
{
	struct stat st;
	int err = look_at_file(store, &st);

	if (store->db && !err && is_file(store, &st))
		return 0;
	close_database(store);
	if (err == -ENOENT && !create)
		return err;
	if (err && err != -ENOENT)
		return fail(store, err, strerror(-err));
	return reopen(store, create);
}

static void copy_index(const struct store *store, uint8_t header[INDEX_HEADER])
{
	for (int i = 0; i < INDEX_HEADER; i++)
		header[i] = store->index[i];
}

/*
 * Every commit changes the header of the index, which SQLite has mapped: as long as that is
 * the same, nothing needs to be asked, and a thousand calls cost no system calls for it.
 */
static bool is_index_same(struct store *store)
{
	uint8_t header[INDEX_HEADER];

	if (!store->index)
		return false;
	copy_index(store, header);
	if (store->has_seen && !memcmp(header, store->seen, sizeof(header)))
		return true;
	memcpy(store->seen, header, sizeof(header));
	store->has_seen = true;
	return false;
}

/* Where SQLite has mapped the index, now that it has read. Compared from the next look on. */
static void find_index(struct store *store)
{
	sqlite3_file *file = NULL;
	void volatile *block = NULL;

	if (store->index ||
	    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) ||
	    !file || !file->pMethods || file->pMethods->iVersion < 2 ||
	    file->pMethods->xShmMap(file, 0, INDEX_BLOCK, 0, &block))
		return;
	store->index = block;
	store->has_seen = false;
}

static int ask_version(struct store *store, int64_t *version)
{
	int code = SQLITE_OK;

	if (!store->data_version)
		code = sqlite3_prepare_v3(store->db, "PRAGMA data_version", -1,
					  SQLITE_PREPARE_PERSISTENT, &store->data_version,
					  NULL);
	if (!code)
		code = sqlite3_step(store->data_version);
	if (code != SQLITE_ROW)
		return fail_code(store, code);
	*version = sqlite3_column_int64(store->data_version, 0);
	sqlite3_reset(store->data_version);
	return 0;
}

int store_is_changed(struct store *store, bool *changed)
{
	int64_t version = -1;
	int err;

	*changed = false;
	if (is_index_same(store) && store->version >= 0)
		return 0;
	err = ask_version(store, &version);
	if (err) {
		store->has_seen = false;
		return err;
	}
	find_index(store);
	*changed = version != store->version;
	store->version = version;
	return 0;
}

int store_begin(struct store *store)
{
	int err = execute(store, "BEGIN IMMEDIATE");

	if (!err)
		store->is_written = true;
	return err;
}

int store_begin_read(struct store *store)
{
	return execute(store, "BEGIN");
}

int store_commit(struct store *store)
{
	int err = execute(store, "COMMIT");

	if (err)
		store_roll_back(store);
	return err;
}

void store_roll_back(struct store *store)
{
	if (!store->db || sqlite3_get_autocommit(store->db))
		return;
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	/* Even that needs memory. Without the database nothing is left of the transaction. */
	if (!sqlite3_get_autocommit(store->db))
		close_database(store);
}

static int bind_one(sqlite3_stmt *statement, int place, char letter, va_list *arguments)
{
	const char *text;

	if (letter == 'n')
		return sqlite3_bind_null(statement, place);
	if (letter == 'i')
		return sqlite3_bind_int64(statement, place, va_arg(*arguments, int64_t));
	text = va_arg(*arguments, const char *);
	return text ? sqlite3_bind_text(statement, place, text, -1, SQLITE_TRANSIENT)
		    : sqlite3_bind_null(statement, place);
}

/* The prepared statement with its arguments. */
static int prepare(struct store *store, enum store_statement which, const char *format,
		   va_list *arguments, sqlite3_stmt **result)
{
	sqlite3_stmt **kept = &store->statements[which];
	int code = SQLITE_OK;

	if (!*kept)
		code = sqlite3_prepare_v3(store->db, sql[which], -1,
					  SQLITE_PREPARE_PERSISTENT, kept, NULL);
	for (int i = 0; !code && format[i]; i++)
		code = bind_one(*kept, i + 1, format[i], arguments);
	*result = *kept;
	return code ? fail_code(store, code) : 0;
}

static int end(struct store *store, sqlite3_stmt *statement, int code)
{
	int err = code == SQLITE_DONE ? 0 : fail_code(store, code);

	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return err;
}

int store_run(struct store *store, enum store_statement which, const char *format, ...)
{
	sqlite3_stmt *statement;
	va_list arguments;
	int err;

	va_start(arguments, format);
	err = prepare(store, which, format, &arguments, &statement);
	va_end(arguments);
	return err ? err : end(store, statement, sqlite3_step(statement));
}

static int each_row(struct store *store, sqlite3_stmt *statement,
		    int (*row)(const struct store_row *row, void *user), void *user)
{
	struct store_row one = { statement };
	int code, err;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		err = row(&one, user);
		if (err) {
			end(store, statement, SQLITE_DONE);
			return err;
		}
	}
	return end(store, statement, code);
}

int store_select(struct store *store, enum store_statement which,
		 int (*row)(const struct store_row *row, void *user), void *user,
		 const char *format, ...)
{
	sqlite3_stmt *statement;
	va_list arguments;
	int err;

	va_start(arguments, format);
	err = prepare(store, which, format, &arguments, &statement);
	va_end(arguments);
	return err ? err : each_row(store, statement, row, user);
}

int64_t store_last_id(const struct store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

static int take_id(const struct store_row *row, void *id)
{
	*(int64_t *)id = store_integer(row, 0, 0);
	return 0;
}

int store_target_row(struct store *store, const char *name, int64_t *id)
{
	int err = store_run(store, STORE_ADD_TARGET, "t", name);

	return err ? err : store_select(store, STORE_TARGET_ID, take_id, id, "t", name);
}

const char *store_text(const struct store_row *row, int column)
{
	const unsigned char *text = sqlite3_column_text(row->statement, column);

	return text ? (const char *)text : "";
}

int64_t store_integer(const struct store_row *row, int column, int64_t fallback)
{
	return sqlite3_column_type(row->statement, column) == SQLITE_NULL
		       ? fallback
		       : sqlite3_column_int64(row->statement, column);
}

const char *store_error(const struct store *store)
{
	return store->error;
}

const char *store_path(const struct store *store)
{
	return store->path;
}
