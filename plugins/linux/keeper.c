// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * keeper.c - reading and writing where authentication is kept.
 */
#include "keeper.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "config-file.h"
#include "lock.h"
#include "shared/atomic-file.h"

static const char *const parts[AUTH_PARTS] = {
	[AUTH_METHOD] = "authmethod",	[AUTH_ALGORITHMS] = "chap_algs",
	[AUTH_NAME] = "username",	[AUTH_SECRET] = "password",
	[AUTH_NAME_IN] = "username_in", [AUTH_SECRET_IN] = "password_in",
};

void keeper_key(const struct keeper *keeper, enum auth_part part, char key[AUTH_KEY_SIZE])
{
	snprintf(key, AUTH_KEY_SIZE, "%s.auth.%s",
		 keeper->oid.objectType == IMA_OBJECT_TYPE_DISCOVERY_ADDRESS
			 ? "discovery.sendtargets"
			 : "node.session",
		 parts[part]);
}

/* --- Opening ----------------------------------------------------------------------------------- */

/* The path of a file below the database. */
struct place {
	char path[600];
};

static int add_node_place(struct keeper *k, const struct db_node *node)
{
	struct place *place = array_add(&k->places, sizeof(*place));

	return place ? node_path(node, place->path, sizeof(place->path)) : -ENOMEM;
}

static IMA_STATUS take_target(struct keeper *k, const struct target *t)
{
	int err = 0;

	snprintf(k->name, sizeof(k->name), "the target %.270s", t->name);
	if (!t->node_count)
		return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				 "the target %s has a session but no record to keep "
				 "settings in",
				 t->name);
	for (size_t i = 0; i < t->node_count && !err; i++)
		err = add_node_place(k, &t->nodes[i]);
	return status_from_errno(err);
}

static IMA_STATUS take_address(struct keeper *k, const struct discovery_address *a)
{
	struct portal portal = { a->source->portal.host, a->source->portal.port,
				 PORTAL_NO_TPGT };
	struct place *place = array_add(&k->places, sizeof(*place));

	if (!place)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	portal_format(&portal, k->portal, sizeof(k->portal));
	snprintf(k->name, sizeof(k->name), "the discovery address %.270s", k->portal);
	snprintf(place->path, sizeof(place->path), "send_targets/%.255s,%u/st_config",
		 portal.host, portal.port);
	return IMA_STATUS_SUCCESS;
}

/* All records: those that have the defaults follow when they change. */
static IMA_STATUS take_lhba(struct keeper *k)
{
	const struct nodedb *db = &plugin.source.db;
	int err = 0;

	snprintf(k->name, sizeof(k->name), "iscsid.conf");
	for (size_t i = 0; i < db->node_count && !err; i++)
		err = add_node_place(k, &db->nodes[i]);
	return status_from_errno(err);
}

static IMA_STATUS take_object(struct keeper *k)
{
	IMA_STATUS status;
	void *object;

	LOCKED(&plugin.lock);
	object = find_object(k->oid, FRESH, &status);
	if (!object)
		return status;
	switch (k->oid.objectType) {
	case IMA_OBJECT_TYPE_TARGET:
		return take_target(k, object);
	case IMA_OBJECT_TYPE_DISCOVERY_ADDRESS:
		return take_address(k, object);
	default:
		return take_lhba(k);
	}
}

static int read_config(struct record *record)
{
	int _cleanup_close_ config = world_config(&plugin.world);
	int err = config < 0 ? config : record_read(config, "iscsid.conf", record);

	return attr_is_gone(err) ? 0 : err;
}

static int read_files(struct keeper *k)
{
	int _cleanup_close_ root = -1;
	const struct place *first = k->places.data;
	int err;

	if (k->oid.objectType == IMA_OBJECT_TYPE_LHBA)
		return read_config(&k->own);
	err = read_config(&k->defaults);
	/* Defaults this user may not read do not keep him from what he may. */
	if (err == -ENOMEM)
		return err;
	root = world_database(&plugin.world);
	return root < 0 ? root : record_read(root, first->path, &k->own);
}

IMA_STATUS keeper_open(IMA_OID oid, struct keeper *keeper)
{
	IMA_STATUS status;
	int err;

	*keeper = (struct keeper){ .oid = oid };
	status = take_object(keeper);
	if (IMA_ERROR(status))
		return status;
	err = read_files(keeper);
	/* A discovery address may have no record of its own. */
	if (err == -ENOENT && oid.objectType == IMA_OBJECT_TYPE_DISCOVERY_ADDRESS)
		err = 0;
	if (err)
		return host_fail(status_from_errno(err == -ENOENT ? -EIO : err),
				 IMAX_LAYER_OS, -err, "cannot read the settings of %s",
				 keeper->name);
	return IMA_STATUS_SUCCESS;
}

void keeper_close(struct keeper *keeper)
{
	array_free(&keeper->places);
	record_free(&keeper->own);
	record_free(&keeper->defaults);
}

/* --- Reading ------------------------------------------------------------------------------------ */

const char *keeper_default(const struct keeper *keeper, enum auth_part part)
{
	char key[AUTH_KEY_SIZE];

	keeper_key(keeper, part, key);
	return record_get(&keeper->defaults, key);
}

const char *keeper_get(const struct keeper *keeper, enum auth_part part)
{
	char key[AUTH_KEY_SIZE];
	const char *value;

	keeper_key(keeper, part, key);
	value = record_get(&keeper->own, key);
	return value ? value : record_get(&keeper->defaults, key);
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool keeper_inherits(const struct keeper *keeper, enum auth_part part,
		     const char *otherwise)
{
	const char *value = keeper_get(keeper, part);
	const char *followed = keeper_default(keeper, part);

	return keeper->oid.objectType == IMA_OBJECT_TYPE_TARGET &&
	       same(value ? value : otherwise, followed ? followed : otherwise);
}

bool keeper_uses_chap(const struct keeper *keeper)
{
	const char *method = keeper_get(keeper, AUTH_METHOD);

	return method && !strcmp(method, "CHAP");
}

/* --- Writing ------------------------------------------------------------------------------------ */

#define PAIR 2 /* name and secret */

/* What is written, and what a record must have to be changed; old NULL: nothing special. */
struct edit {
	char keys[PAIR][AUTH_KEY_SIZE];
	struct record_change changes[PAIR];
	const struct record *old;
};

static void begin_edit(const struct keeper *k, enum auth_part name_part, const char *name,
		       const char *secret, struct edit *edit)
{
	const char *const values[PAIR] = { name, secret };

	for (unsigned i = 0; i < PAIR; i++) {
		keeper_key(k, name_part + i, edit->keys[i]);
		edit->changes[i] = (struct record_change){ edit->keys[i], values[i] };
	}
	edit->old = k->oid.objectType == IMA_OBJECT_TYPE_LHBA ? &k->own : NULL;
}

static bool is_needed(const struct edit *edit, const struct record *record)
{
	bool differs = false;

	for (size_t i = 0; i < PAIR; i++) {
		const char *value = record_get(record, edit->keys[i]);

		if (edit->old && !same(value, record_get(edit->old, edit->keys[i])))
			return false;
		differs |= !same(value, edit->changes[i].value);
	}
	return differs;
}

static int rewrite(const char *path, const char *text, size_t size,
		   const struct edit *edit)
{
	size_t edited_size;
	char *edited;
	int err = record_edit(text, size, edit->changes, PAIR, &edited, &edited_size);

	if (err)
		return err;
	err = atomic_file_write(path, edited, edited_size, 0600);
	record_text_free(edited, edited_size);
	return err;
}

static int edit_place(int root, const struct place *place, const struct edit *edit)
{
	struct record _cleanup_record_ record = { 0 };
	char path[1024], *text;
	size_t size;
	int err = file_read(root, place->path, RECORD_MAX, &text, &size);

	/* Removed since it was listed. */
	if (err)
		return attr_is_gone(err) ? 0 : err;
	err = record_parse(text, size, &record);
	if (!err && is_needed(edit, &record)) {
		err = world_database_path(&plugin.world, place->path, path, sizeof(path));
		if (!err)
			err = rewrite(path, text, size, edit);
	}
	record_text_free(text, size);
	return err;
}

static IMA_STATUS edit_places(const struct keeper *k, const struct edit *edit)
{
	int _cleanup_close_ root = world_database(&plugin.world);
	int _cleanup_close_ dir = -1;
	const struct place *list = k->places.data;
	int err;

	if (!k->places.count)
		return IMA_STATUS_SUCCESS;
	if (!plugin.world.privileged)
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, EPERM,
				 "cannot change the authentication of %s: this needs the "
				 "rights of root",
				 k->name);
	dir = world_make_lock(&plugin.world);
	err = dir < 0 ? dir : db_lock_take(dir, host_deadline());
	if (err)
		return lock_failed(&plugin.world, err);
	for (size_t i = 0; i < k->places.count && !err; i++)
		err = edit_place(root, &list[i], edit);
	db_lock_release(dir);
	if (err)
		return host_fail(status_from_errno(err), IMAX_LAYER_OS, -err,
				 "cannot write a record of %s", k->name);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS keeper_set(const struct keeper *keeper, enum auth_part name_part,
		      const char *name, const char *secret)
{
	struct edit edit;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	begin_edit(keeper, name_part, name, secret, &edit);
	if (keeper->oid.objectType == IMA_OBJECT_TYPE_LHBA)
		status = config_file_edit_secret(&plugin.world, "iscsid.conf",
						 edit.changes, PAIR);
	if (!IMA_ERROR(status))
		status = edit_places(keeper, &edit);
	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	return status;
}
