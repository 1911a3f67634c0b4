// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * source.c - keeping the model up to date.
 *
 * Sessions: the kernel announces every device that comes or goes (uevents); as long as nothing
 * was announced the state that was read still holds, which costs one system call to know.
 * Database: the time stamps of its folders, a handful of system calls, say whether names changed.
 *
 * Locks: the caller holds that of the plugin. Telling the notifier only queues events.
 */
#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attr.h"
#include "build.h"
#include "found.h"
#include "initiator-file.h"
#include "plugin-support/host.h"
#include "record.h"
#include "shared/cleanup.h"
#include "uevent.h"

#define MILLISECOND 1000000u
/* After so long the database is read even if its folders look unchanged. */
#define DB_MAX_AGE (5000ull * MILLISECOND)
/* A file system may give two changes within one tick of its clock the same time. */
#define DB_TICK_SECONDS 1

/* --- Is it still so? ----------------------------------------------------------------------- */

static void look_at_kernel(struct source *s)
{
	if (s->uevents < 0 || s->sys.incomplete || uevents_drain(s->uevents))
		s->sys_stale = true;
}

/* A change so recent that another one could hide behind it. */
static bool is_racy(const struct db_stamp *stamp)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec - stamp->newest.tv_sec <= DB_TICK_SECONDS;
}

/* When the file changes, the defaults of all interfaces may have, or the name of the node. */
static uint64_t stamp_file(int config, const char *file)
{
	struct stat st;

	if (config < 0 || fstatat(config, file, &st, 0) < 0)
		return 0;
	return (uint64_t)st.st_mtim.tv_sec * 1000000007u + (uint64_t)st.st_mtim.tv_nsec +
	       (uint64_t)st.st_size + st.st_ino;
}

static int look_at_database(struct source *s, int root, int config, uint64_t now)
{
	struct db_stamp stamp = { 0 };
	int err = root < 0 ? 0 : nodedb_stamp(root, &stamp);

	if (err)
		return err;
	s->config_facts = stamp_file(config, "iscsid.conf");
	stamp.sum ^= s->config_facts ^ stamp_file(config, INITIATOR_FILE) << 1;
	if (stamp.sum != s->stamp.sum || is_racy(&stamp) ||
	    now - s->db_read_at > DB_MAX_AGE)
		s->db_stale = true;
	s->stamp = stamp;
	return 0;
}

/* --- Reading -------------------------------------------------------------------------------- */

static void read_shared_name(int config, struct arena *arena, const char **name)
{
	struct record _cleanup_record_ record = { 0 };
	const char *value;

	*name = NULL;
	if (config < 0 || record_read(config, INITIATOR_FILE, &record))
		return;
	value = record_get(&record, INITIATOR_NAME);
	if (value)
		*name = arena_text(arena, value, strlen(value));
}

struct state {
	struct nodedb db;
	struct sysfs sys;
	bool has_db, has_sys;
};

static int read_state(struct source *s, int root, struct state *state)
{
	int err = 0;

	if (s->sys_stale) {
		err = sysfs_read(s->world->sysfs, &s->sys, &state->sys);
		state->has_sys = !err;
	}
	if (!err && s->db_stale) {
		if (root >= 0)
			err = nodedb_read(root, &state->db);
		if (!err)
			found_apply(&state->db);
		state->has_db = !err;
	}
	return err;
}

static void drop_state(struct state *state)
{
	if (state->has_db)
		nodedb_free(&state->db);
	if (state->has_sys)
		sysfs_free(&state->sys);
}

/* --- Refresh --------------------------------------------------------------------------------- */

static void take_over(struct source *s, struct state *state, struct model *model)
{
	items_replace(s->model ? &s->model->items : NULL, &model->items, s->notifier);
	model_free(s->model);
	s->model = model;
	s->version++;
	if (state->has_sys) {
		sysfs_free(&s->sys);
		s->sys = state->sys;
		s->sys_stale = false;
	}
	if (state->has_db) {
		nodedb_free(&s->db);
		s->db = state->db;
		s->db_stale = false;
	}
}

static int rebuild(struct source *s, int root, int config)
{
	struct arena _cleanup_(arena_free) arena = { 0 };
	struct state state = { 0 };
	struct builder builder = { .table = s->table, .kept = &s->kept };
	struct model *model;
	int err = read_state(s, root, &state);

	if (!err) {
		builder.db = state.has_db ? &state.db : &s->db;
		builder.sys = state.has_sys ? &state.sys : &s->sys;
		builder.config_facts = s->config_facts;
		if (!s->available)
			s->available = config >= 0 && world_has_transport(s->world);
		builder.available = s->available;
		read_shared_name(config, &arena, &builder.shared_name);
		err = model_build(&builder, &model);
	}
	if (err)
		drop_state(&state);
	else
		take_over(s, &state, model);
	return err;
}

static int look_at_all(struct source *source)
{
	uint64_t now = host_now();
	int _cleanup_close_ root = -1;
	int _cleanup_close_ config = -1;
	int err;

	look_at_kernel(source);
	root = world_database(source->world);
	config = world_config(source->world);
	err = look_at_database(source, root, config, now);
	if (err)
		return err;
	source->checked_at = now;
	if (!source->sys_stale && !source->db_stale)
		return 0;
	if (source->db_stale)
		source->db_read_at = now;
	return rebuild(source, root, config);
}

int source_refresh_since(struct source *source, uint64_t since)
{
	bool stale = source->sys_stale || source->db_stale;

	return stale || source->checked_at < since ? look_at_all(source) : 0;
}

int source_refresh(struct source *source, enum freshness freshness)
{
	return freshness == FRESH ? look_at_all(source)
				  : source_refresh_since(source, host_now_roughly() -
									 SOURCE_BELIEVE);
}

void source_forget(struct source *source)
{
	source->sys_stale = true;
	source->db_stale = true;
	source->version++;
}

/* --- Life ------------------------------------------------------------------------------------- */

int source_open(struct source *source, struct world *world, struct object_table *table,
		struct notifier *notifier)
{
	*source = (struct source){
		.world = world,
		.table = table,
		.notifier = notifier,
		.uevents = world->root[0] ? -1 : uevents_open(),
		.sys_stale = true,
		.db_stale = true,
	};
	return 0;
}

void source_close(struct source *source)
{
	cleanup_close(&source->uevents);
	model_free(source->model);
	nodedb_free(&source->db);
	sysfs_free(&source->sys);
	array_free(&source->kept);
}

void *source_find(const struct source *source, IMA_OID oid)
{
	return object_table_data(source->table, oid);
}

/* --- LUs without exposure ---------------------------------------------------------------------- */

static struct kept_lu *find_kept(const struct source *s, const struct target *t,
				 uint64_t lun)
{
	struct kept_lu *kept = s->kept.data;

	for (size_t i = 0; i < s->kept.count; i++)
		if (kept[i].target == t->item.object && kept[i].lun == lun)
			return &kept[i];
	return NULL;
}

int source_keep_lu(struct source *source, const struct target *target, uint64_t lun)
{
	struct kept_lu *kept = find_kept(source, target, lun);

	if (kept)
		return 0;
	kept = array_add(&source->kept, sizeof(*kept));
	if (!kept)
		return -ENOMEM;
	*kept = (struct kept_lu){ target->item.object, lun };
	source->sys_stale = true;
	return 0;
}

void source_drop_lu(struct source *source, const struct target *target, uint64_t lun)
{
	struct kept_lu *kept = find_kept(source, target, lun);
	struct kept_lu *list = source->kept.data;

	if (!kept)
		return;
	*kept = list[--source->kept.count];
	source->sys_stale = true;
}
