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

/* The path of a file below the database, and whose it is in parked.h. */
struct place {
	char path[600];
	char object[PARKED_OBJECT_SIZE];
};

static int add_node_place(struct keeper *k, const struct db_node *node)
{
	struct place *place = array_add(&k->places, sizeof(*place));

	if (!place)
		return -ENOMEM;
	snprintf(place->object, sizeof(place->object), "target %.255s %.255s",
		 node->iface, node->target);
	return node_path(node, place->path, sizeof(place->path));
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
	snprintf(k->object, sizeof(k->object), "target %.255s %.255s", t->lhba->name,
		 t->name);
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
	snprintf(k->object, sizeof(k->object), "address %.255s,%u", portal.host,
		 portal.port);
	memcpy(place->object, k->object, sizeof(place->object));
	return IMA_STATUS_SUCCESS;
}

/* All records: those that have the defaults follow when they change. */
static IMA_STATUS take_lhba(struct keeper *k)
{
	const struct nodedb *db = &plugin.source.db;
	int err = 0;

	snprintf(k->name, sizeof(k->name), "iscsid.conf");
	snprintf(k->object, sizeof(k->object), "%s", PARKED_LHBA);
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

/* Who may not read a file of secrets has none of them, and may do what needs none. */
static int tolerate_denied(int err)
{
	return err == -EACCES || err == -EPERM ? 0 : err;
}

static int read_files(struct keeper *k)
{
	int _cleanup_close_ root = -1;
	const struct place *first = k->places.data;
	int err = tolerate_denied(parked_read(&k->parked));

	if (err)
		return err;
	if (k->oid.objectType == IMA_OBJECT_TYPE_LHBA)
		return tolerate_denied(read_config(&k->own));
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
	record_free(&keeper->parked);
}

/* --- Reading ------------------------------------------------------------------------------------ */

static const char *get_from(const struct keeper *keeper, const struct record *record,
			    enum auth_part part)
{
	char key[AUTH_KEY_SIZE];

	keeper_key(keeper, part, key);
	return record_get(record, key);
}

/* Only a target follows what is parked for the LHBA: discovery has defaults of its own. */
const char *keeper_default(const struct keeper *keeper, enum auth_part part)
{
	const char *value = get_from(keeper, &keeper->defaults, part);

	if (!value && keeper->oid.objectType == IMA_OBJECT_TYPE_TARGET)
		value = parked_get(&keeper->parked, PARKED_LHBA, parts[part]);
	return value;
}

const char *keeper_get(const struct keeper *keeper, enum auth_part part)
{
	const char *value = get_from(keeper, &keeper->own, part);

	if (!value)
		value = parked_get(&keeper->parked, keeper->object, parts[part]);
	return value ? value : keeper_default(keeper, part);
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

/* A record that exists says everything; what iscsid.conf has counts for new ones only. */
static bool uses(const struct keeper *keeper, enum auth_part part)
{
	bool has_record = keeper->oid.objectType == IMA_OBJECT_TYPE_LHBA ||
			  keeper->own.count;

	return get_from(keeper, has_record ? &keeper->own : &keeper->defaults, part);
}

bool keeper_uses_chap(const struct keeper *keeper)
{
	return uses(keeper, AUTH_SECRET);
}

bool keeper_uses_mutual(const struct keeper *keeper)
{
	return uses(keeper, AUTH_SECRET) && uses(keeper, AUTH_SECRET_IN);
}

bool keeper_default_uses_chap(const struct keeper *keeper)
{
	return get_from(keeper, &keeper->defaults, AUTH_SECRET);
}

/* --- Writing ------------------------------------------------------------------------------------ */

#define PAIR	2 /* name and secret */
#define MEMBERS 4 /* both, of both directions */
#define ALL	(MEMBERS + 1)

/* What is written, and which records of an LHBA get it. */
struct edit {
	const struct keeper *keeper;
	char keys[ALL][AUTH_KEY_SIZE];
	struct record_change changes[ALL];
	size_t count;
	bool begins; /* the use of CHAP */
};

static void add_change(struct edit *edit, enum auth_part part, const char *value)
{
	keeper_key(edit->keeper, part, edit->keys[edit->count]);
	edit->changes[edit->count] = (struct record_change){ edit->keys[edit->count],
							     value };
	edit->count++;
}

static bool in_use(const struct edit *edit, const struct record *record)
{
	return get_from(edit->keeper, record, AUTH_SECRET);
}

/*
 * A record follows the LHBA where both use CHAP with the same values, as far as they are about to
 * change, or where neither uses it.
 */
static bool follows(const struct edit *edit, const struct record *record)
{
	if (edit->begins || !in_use(edit, record))
		return edit->begins && !in_use(edit, record);
	for (enum auth_part part = AUTH_NAME; part < AUTH_PARTS; part++) {
		const char *now = get_from(edit->keeper, record, part);
		char key[AUTH_KEY_SIZE];

		keeper_key(edit->keeper, part, key);
		for (size_t i = 0; i < edit->count; i++)
			if (!strcmp(edit->keys[i], key) &&
			    !same(now, keeper_get(edit->keeper, part)))
				return false;
	}
	return true;
}

static bool is_needed(const struct edit *edit, const struct record *record)
{
	if (edit->keeper->oid.objectType == IMA_OBJECT_TYPE_LHBA &&
	    !follows(edit, record))
		return false;
	for (size_t i = 0; i < edit->count; i++)
		if (!same(record_get(record, edit->keys[i]), edit->changes[i].value))
			return true;
	return false;
}

/* A target that begins to use CHAP with its LHBA does so with what is parked for itself. */
static struct edit edit_for(const struct edit *edit, const struct place *place)
{
	struct edit own = *edit;
	const struct record *parked = &edit->keeper->parked;

	if (!edit->begins || edit->keeper->oid.objectType != IMA_OBJECT_TYPE_LHBA)
		return own;
	for (size_t i = 0; i < MEMBERS; i++) {
		const char *value = parked_get(parked, place->object,
					       parts[AUTH_NAME + i]);

		if (value)
			own.changes[i].value = value;
	}
	return own;
}

static int rewrite(const char *path, const char *text, size_t size,
		   const struct edit *edit)
{
	size_t edited_size;
	char *edited;
	int err = record_edit(text, size, edit->changes, edit->count, &edited,
			      &edited_size);

	if (err)
		return err;
	err = atomic_file_write(path, edited, edited_size, 0600);
	record_text_free(edited, edited_size);
	return err;
}

static int edit_place(int root, const struct place *place, const struct edit *general)
{
	struct record _cleanup_record_ record = { 0 };
	const struct edit own = edit_for(general, place), *edit = &own;
	char path[1024], *text;
	size_t size;
	int err = file_read(root, place->path, RECORD_MAX, &text, &size);

	/* A follower that was removed since it was listed. */
	if (attr_is_gone(err) && edit->keeper->oid.objectType == IMA_OBJECT_TYPE_LHBA)
		return 0;
	if (err)
		return err;
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

static IMA_STATUS edit_files(const struct edit *edit)
{
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (edit->keeper->oid.objectType == IMA_OBJECT_TYPE_LHBA &&
	    (edit->begins || keeper_uses_chap(edit->keeper)))
		status = config_file_edit_secret(&plugin.world, "iscsid.conf",
						 edit->changes, edit->count);
	return IMA_ERROR(status) ? status : edit_places(edit->keeper, edit);
}

static IMA_STATUS park(const struct keeper *keeper, const char *object,
		       const struct record_change *values, size_t count)
{
	int err = plugin.world.privileged ? parked_set(object, values, count) : -EPERM;

	if (err)
		return host_fail(status_from_errno(err), IMAX_LAYER_OS, -err,
				 "cannot keep name and secret of %s%s", keeper->name,
				 err == -EPERM ? ": this needs the rights of root" : "");
	return IMA_STATUS_SUCCESS;
}

/* --- Names and secrets ----------------------------------------------------------------------------- */

IMA_STATUS keeper_set(const struct keeper *keeper, enum auth_part name_part,
		      const char *name, const char *secret)
{
	const struct record_change values[PAIR] = { { parts[name_part], name },
						    { parts[name_part + 1], secret } };
	bool is_lhba = keeper->oid.objectType == IMA_OBJECT_TYPE_LHBA;
	struct edit edit = { .keeper = keeper };
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	add_change(&edit, name_part, name);
	add_change(&edit, name_part + 1, secret);
	/* A target may use what the LHBA does not. */
	if (is_lhba || keeper_uses_chap(keeper))
		status = edit_files(&edit);
	if (!IMA_ERROR(status) && !keeper_uses_chap(keeper))
		status = park(keeper, keeper->object, values, PAIR);
	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	return status;
}

/* --- Method ------------------------------------------------------------------------------------------ */

static IMA_STATUS unpark(const struct keeper *keeper, const char *object)
{
	struct record_change nothing[MEMBERS];

	for (size_t i = 0; i < MEMBERS; i++)
		nothing[i] = (struct record_change){ parts[AUTH_NAME + i], NULL };
	return park(keeper, object, nothing, MEMBERS);
}

static IMA_STATUS begin_use(const struct keeper *keeper)
{
	struct edit edit = { .keeper = keeper, .begins = !keeper_uses_chap(keeper) };
	const struct place *places = keeper->places.data;
	IMA_STATUS status;

	for (enum auth_part part = AUTH_NAME; edit.begins && part < AUTH_PARTS; part++)
		add_change(&edit, part, keeper_get(keeper, part));
	add_change(&edit, AUTH_METHOD, "CHAP");
	status = edit_files(&edit);
	if (!IMA_ERROR(status))
		status = unpark(keeper, keeper->object);
	for (size_t i = 0; edit.begins && i < keeper->places.count; i++)
		if (!IMA_ERROR(status))
			status = unpark(keeper, places[i].object);
	return status;
}

/* What the object has of its own stays known; what it had from its LHBA it gets from there. */
static IMA_STATUS park_own(const struct keeper *keeper)
{
	struct record_change values[MEMBERS];
	bool own = false;

	for (size_t i = 0; i < MEMBERS; i++) {
		enum auth_part part = AUTH_NAME + i;
		const char *value = get_from(keeper, &keeper->own, part);

		values[i] = (struct record_change){ parts[part], value };
		own |= value && !same(value, keeper_default(keeper, part));
	}
	return own ? park(keeper, keeper->object, values, MEMBERS) : IMA_STATUS_SUCCESS;
}

static IMA_STATUS end_use(const struct keeper *keeper)
{
	struct edit edit = { .keeper = keeper };
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (!keeper_uses_chap(keeper) && keeper->oid.objectType == IMA_OBJECT_TYPE_LHBA)
		return status;
	for (enum auth_part part = AUTH_NAME; part < AUTH_PARTS; part++)
		add_change(&edit, part, NULL);
	add_change(&edit, AUTH_METHOD, "None");
	if (keeper_uses_chap(keeper))
		status = park_own(keeper);
	return IMA_ERROR(status) ? status : edit_files(&edit);
}

IMA_STATUS keeper_use_chap(const struct keeper *keeper, bool use)
{
	IMA_STATUS status = use ? begin_use(keeper) : end_use(keeper);

	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	return status;
}
