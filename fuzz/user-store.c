// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * user-store.c - the database of the user-space initiator with any content: it is refused with a
 * reason, or what is taken from it is valid.
 *
 * The input is a database file, or else SQL that is run on a fresh one first: that gets further
 * into the rows than bytes at random. The SQL may do what it likes to this file, and nothing else.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "plugin-support/host.h"
#include "plugins/user/keys.h"
#include "plugins/user/state.h"
#include "plugins/user/store.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"

#define PATIENCE 5000000000U /* ns; a database may be read that long */
#define STEPS	 100000	     /* of SQLite's machine, for the SQL of the input */

static char folder[64], path[80];
static char *fresh;
static size_t fresh_size;

static void remove_files(void)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
	char name[sizeof(path) + 16];

	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		snprintf(name, sizeof(name), "%s%s", path, tails[i]);
		unlink(name);
	}
}

static void clean_up(void)
{
	remove_files();
	rmdir(folder);
	free(fresh);
}

/* The database as the store makes it, once. */
static void make_fresh(void)
{
	struct store *store;

	snprintf(folder, sizeof(folder), "%s/fuzz-store.XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	CHECK(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/user.db", folder);
	atexit(clean_up);
	CHECK(!store_new(path, &store));
	CHECK(!store_open(store, true));
	CHECK(!store_begin(store) && !store_commit(store));
	store_free(store);
	CHECK(!atomic_file_read(path, 1 << 20, &fresh, &fresh_size));
}

static int give_up(void *unused)
{
	(void)unused;
	return 1;
}

/* No other files. */
static int authorize(void *unused, int action, const char *a, const char *b,
		     const char *c, const char *d)
{
	(void)unused, (void)a, (void)b, (void)c, (void)d;
	return action == SQLITE_ATTACH ? SQLITE_DENY : SQLITE_OK;
}

static void run_sql(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	sqlite3 *db = NULL;

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	CHECK(!sqlite3_open(path, &db));
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 20);
	sqlite3_progress_handler(db, STEPS, give_up, NULL);
	sqlite3_set_authorizer(db, authorize, NULL);
	sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_close(db);
	free(text);
}

static void write_file(const void *data, size_t size)
{
	FILE *file = fopen(path, "wbe");

	CHECK(file && fwrite(data, 1, size, file) == size && !fclose(file));
}

/* --- What must hold --------------------------------------------------------------------- */

static void check_params(const struct params *params)
{
	for (int i = 0; i < ISCSI_PARAM_COUNT; i++)
		CHECK(!(params->set & 1U << i) ||
		      key_allows((enum iscsi_param)i, params->value[i]));
}

static void check_auth(const struct auth *auth)
{
	CHECK(auth->method_count <= USER_METHODS);
	for (size_t i = 0; i < auth->method_count; i++)
		CHECK(auth->methods[i] == IMA_AUTHMETHOD_NONE ||
		      auth->methods[i] == IMA_AUTHMETHOD_CHAP);
	for (size_t i = 0; i < ISCSI_CHAP_ALGORITHMS; i++)
		CHECK(!auth->algorithms[i] ||
		      (auth->algorithms[i] >= ISCSI_CHAP_MD5 &&
		       auth->algorithms[i] <= ISCSI_CHAP_SHA3_256));
}

static void check_state(const struct state *state)
{
	CHECK(!state->name[0] || !iscsi_name_check(state->name, NULL));
	CHECK(strnlen(state->alias, sizeof(state->alias)) <= ISCSI_ALIAS_MAX);
	CHECK(state->auth.method_count >= 1);
	check_auth(&state->auth);
	check_params(&state->own);
	for (size_t i = 0; i < state->targets.count; i++) {
		const struct target *target = state->targets.items[i];

		CHECK(!iscsi_name_check(target->object->key, NULL));
		CHECK(target->methods && target->portal_count);
		check_auth(&target->auth);
		check_params(&target->own);
	}
	for (size_t i = 0; i < state->addresses.count; i++)
		check_auth(
			&((struct discovery_address *)state->addresses.items[i])->auth);
}

static int load(struct store *store, struct object_table *objects)
{
	struct state state;
	int err = store_begin_read(store);

	if (err)
		return err;
	err = state_load(store, objects, &state);
	store_roll_back(store);
	if (!err)
		check_state(&state);
	state_drop(&state);
	return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct object_table *objects;
	struct store *store;
	int err;

	if (!fresh)
		make_fresh();
	remove_files();
	if (size >= 6 && !memcmp(data, "SQLite", 6)) {
		write_file(data, size);
	} else {
		write_file(fresh, fresh_size);
		run_sql(data, size);
	}
	CHECK(!store_new(path, &store) && !object_table_new(1, &objects));
	store_set_deadline(store, host_now() + PATIENCE);
	err = store_open(store, false);
	if (!err)
		err = load(store, objects);
	CHECK(!err || err == -ENOENT || err == -ENOMEM ||
	      strlen(store_error(store)) > strlen(path));
	object_table_free(objects);
	store_free(store);
	return 0;
}
