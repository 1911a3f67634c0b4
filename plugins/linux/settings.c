// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * settings.c - setting values of node records through iscsiadm.
 *
 * The names of what has to change are collected with the lock of the plugin held, the commands
 * run without it; afterwards the records are read again.
 */
#include "settings.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "config-file.h"
#include "node-record.h"

/* The records of a target on one interface that have to change. */
struct change {
	struct target_id id;
	bool needed[SETTINGS_MAX];
};

/* A record may be seen while somebody writes it: looking again so often, so many ns later. */
#define LOOKS	   5
#define LOOK_PAUSE 20000000

/* --- One target --------------------------------------------------------------------------- */

static void add_values(struct args *args, const struct setting *settings, size_t count,
		       const bool *needed)
{
	for (size_t i = 0; i < count; i++) {
		if (needed && !needed[i])
			continue;
		args_add(args, "-n");
		args_add(args, settings[i].key);
		args_add(args, "-v");
		args_add(args, settings[i].value);
	}
}

static IMA_STATUS change_target(const struct change *change,
				const struct setting *settings, size_t count)
{
	struct args args = { 0 };

	args_add_all(&args,
		     (const char *const[]){ "-m", "node", "-T", change->id.name, "-I",
					    change->id.iface, "-o", "update", NULL });
	add_values(&args, settings, count, change->needed);
	return iscsiadm_run(&plugin.world, &args, NULL, NULL, NULL,
			    "change the settings of the target %s", change->id.name);
}

/* Every record is looked at: portals of a target may have been set apart by other programs. */
static int note_differences(int root, const struct target *t,
			    const struct setting *settings, size_t count, bool *needed)
{
	for (size_t n = 0; n < t->node_count; n++) {
		struct record _cleanup_record_ record = { 0 };
		char path[600];
		int err = node_path(&t->nodes[n], path, sizeof(path));

		if (!err)
			err = record_read(root, path, &record);
		if (err)
			return err;
		for (size_t i = 0; i < count; i++) {
			const char *value = record_get(&record, settings[i].key);

			needed[i] |= !value || strcmp(value, settings[i].value);
		}
	}
	return 0;
}

static bool any(const bool *needed, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (needed[i])
			return true;
	return false;
}

static IMA_STATUS read_failed(int err, const char *target)
{
	return host_fail(status_from_errno(err == -ENOENT ? -EIO : err), IMAX_LAYER_OS,
			 -err, "cannot read the node records of %s", target);
}

/* --- Is it so? ------------------------------------------------------------------------------ */

/* A key that a record of the target should have with its new value, and has not; or NULL. */
static int find_missing(int root, const struct change *change,
			const struct setting *settings, size_t count,
			const char **missing)
{
	const struct target *t = source_find(&plugin.source, change->id.oid);
	bool differs[SETTINGS_MAX] = { false };
	int err = t ? note_differences(root, t, settings, count, differs) : 0;

	*missing = NULL;
	for (size_t i = 0; i < count; i++)
		if (differs[i] && change->needed[i])
			*missing = settings[i].key;
	return err;
}

/* The first of the changes that was not made; its number is n if all were. */
static int look(const struct change *list, size_t n, const struct setting *settings,
		size_t count, size_t *first, const char **missing)
{
	int _cleanup_close_ root = world_database(&plugin.world);
	int err;

	LOCKED(&plugin.lock);
	err = source_refresh(&plugin.source, FRESH);
	for (*first = 0; *first < n && !err; ++*first) {
		err = find_missing(root, &list[*first], settings, count, missing);
		if (*missing)
			break;
	}
	return err;
}

/* iscsiadm may end as if all were well, and have changed nothing. */
static IMA_STATUS read_back(const struct change *list, size_t n,
			    const struct setting *settings, size_t count)
{
	const char *missing = NULL;
	size_t first = 0;

	for (int i = 0; i < LOOKS; i++) {
		int err = look(list, n, settings, count, &first, &missing);

		if (err)
			return read_failed(err, first < n ? list[first].id.name
							  : "the targets");
		if (first == n)
			return IMA_STATUS_SUCCESS;
		nanosleep(&(struct timespec){ .tv_nsec = LOOK_PAUSE }, NULL);
	}
	return host_fail(
		IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_CHILD, 0,
		"iscsiadm ended with success, but a record of the target %s does "
		"not have the new value of %s; see iscsiadm -m node -T %s",
		list[first].id.name, missing, list[first].id.name);
}

static IMA_STATUS change_and_look(const struct change *change,
				  const struct setting *settings, size_t count)
{
	IMA_STATUS status = change_target(change, settings, count);

	return IMA_ERROR(status) ? status : read_back(change, 1, settings, count);
}

static IMA_STATUS set_target(IMA_OID oid, const struct setting *settings, size_t count)
{
	struct change change = { 0 };
	const struct target *t;
	IMA_STATUS status;

	{
		LOCKED(&plugin.lock);
		int _cleanup_close_ root = world_database(&plugin.world);
		int err;

		t = find_object(oid, FRESH, &status);
		if (!t)
			return status;
		target_id_of(t, &change.id);
		if (!t->node_count)
			return host_fail(
				IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
				"the target %s has a session but no record to keep "
				"settings in",
				t->name);
		err = note_differences(root, t, settings, count, change.needed);
		if (err)
			return read_failed(err, t->name);
	}
	if (!any(change.needed, count))
		return IMA_STATUS_SUCCESS;
	return change_and_look(&change, settings, count);
}

/* --- Defaults ------------------------------------------------------------------------------ */

/* Follows the defaults: has the old value, and not yet the new one. */
static bool follows(const struct record *record, const struct record *defaults,
		    const struct setting *setting)
{
	const char *old = record_get(defaults, setting->key);
	const char *value = record_get(record, setting->key);

	if (!old)
		old = setting->built_in;
	return (!value || !strcmp(value, old)) && strcmp(old, setting->value);
}

static int collect_followers(int root, const struct target *t,
			     const struct record *defaults,
			     const struct setting *settings, size_t count,
			     struct array *changes)
{
	struct record _cleanup_record_ record = { 0 };
	struct change *change;
	bool needed[SETTINGS_MAX] = { false };
	char path[600];
	int err;

	if (!t->node_count)
		return 0;
	err = node_path(&t->nodes[0], path, sizeof(path));
	if (!err)
		err = record_read(root, path, &record);
	if (err)
		return err == -ENOENT ? 0 : err;
	for (size_t i = 0; i < count; i++)
		needed[i] = follows(&record, defaults, &settings[i]);
	if (!any(needed, count))
		return 0;
	change = array_add(changes, sizeof(*change));
	if (!change)
		return -ENOMEM;
	target_id_of(t, &change->id);
	memcpy(change->needed, needed, sizeof(needed));
	return 0;
}

/* All targets with records follow in everything: one command does for them what many would. */
static bool is_everything(const struct array *changes, size_t targets, size_t count)
{
	const struct change *list = changes->data;

	if (changes->count < 2 || changes->count != targets)
		return false;
	for (size_t i = 0; i < changes->count; i++)
		for (size_t k = 0; k < count; k++)
			if (!list[i].needed[k])
				return false;
	return true;
}

static IMA_STATUS change_everything(const struct setting *settings, size_t count)
{
	struct args args = { 0 };

	args_add_all(&args, (const char *const[]){ "-m", "node", "-o", "update", NULL });
	add_values(&args, settings, count, NULL);
	return iscsiadm_run(&plugin.world, &args, NULL, NULL, NULL,
			    "change the settings of all targets");
}

static IMA_STATUS change_followers(const struct array *changes, bool everything,
				   const struct setting *settings, size_t count)
{
	const struct change *list = changes->data;
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (everything)
		status = change_everything(settings, count);
	for (size_t i = 0; !everything && i < changes->count && !IMA_ERROR(status); i++)
		status = change_target(&list[i], settings, count);
	return IMA_ERROR(status) ? status
				 : read_back(list, changes->count, settings, count);
}

static IMA_STATUS change_defaults(const struct setting *settings, size_t count)
{
	struct record_change changes[SETTINGS_MAX];

	for (size_t i = 0; i < count; i++)
		changes[i] = (struct record_change){ settings[i].key, settings[i].value };
	return config_file_edit(&plugin.world, "iscsid.conf", changes, count, 0600);
}

static int collect_all(const struct record *defaults, const struct setting *settings,
		       size_t count, struct array *changes, bool *everything)
{
	int _cleanup_close_ root = world_database(&plugin.world);
	size_t targets = 0;
	int err = 0;

	for_each_item(struct target, t, &plugin.source.model->targets) {
		if (!err)
			err = collect_followers(root, t, defaults, settings, count,
						changes);
		targets += t->node_count != 0;
	}
	*everything = is_everything(changes, targets, count);
	return err;
}

static IMA_STATUS set_defaults(IMA_OID oid, const struct setting *settings, size_t count)
{
	struct node_record _cleanup_node_record_ defaults = { 0 };
	struct array _cleanup_(array_free) changes = { 0 };
	bool everything = false;
	IMA_STATUS status;
	int err;

	node_record_read(&plugin.world, NULL, &defaults);
	{
		LOCKED(&plugin.lock);
		if (!find_object(oid, FRESH, &status))
			return status;
		err = collect_all(&defaults.defaults, settings, count, &changes,
				  &everything);
	}
	if (err)
		return read_failed(err, "the targets");
	status = change_defaults(settings, count);
	return IMA_ERROR(status)
		       ? status
		       : change_followers(&changes, everything, settings, count);
}

IMA_STATUS settings_set(IMA_OID oid, const struct setting *settings, size_t count)
{
	IMA_STATUS status = oid.objectType == IMA_OBJECT_TYPE_TARGET
				    ? set_target(oid, settings, count)
				    : set_defaults(oid, settings, count);

	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	return status;
}
