// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * recent-record.c - the record that was read last. The lock of the plugin is held.
 */
#include "recent-record.h"

#include <errno.h>

#include "linux.h"
#include "shared/cleanup.h"

static struct recent_record {
	struct node_record record;
	const struct object *target;  /* whose record.own is; NULL: of none */
	int root;		      /* the database */
	uint64_t version, checked_at; /* of the model: all this is as old as that */
} recent = { .root = -1 };

void recent_record_forget(void)
{
	node_record_free(&recent.record);
	cleanup_close(&recent.root);
	recent = (struct recent_record){ .root = -1 };
}

/* Without folder or file the record is empty. */
static int read_again(int dir, const char *path, struct record *record)
{
	int err;

	record_free(record);
	err = dir < 0 ? -ENOENT : record_read(dir, path, record);
	if (err)
		*record = (struct record){ 0 };
	record_drop_secrets(record);
	return err == -ENOMEM ? err : 0;
}

static int begin(void)
{
	int _cleanup_close_ config = world_config(&plugin.world);

	recent_record_forget();
	recent.root = world_database(&plugin.world);
	recent.version = plugin.source.version;
	recent.checked_at = plugin.source.checked_at;
	return read_again(config, "iscsid.conf", &recent.record.defaults);
}

static int take_target(const struct target *target)
{
	const struct object *object = target ? target->item.object : NULL;
	bool has_record = target && target->node_count;
	char path[600];
	int err;

	if (object && recent.target == object)
		return 0;
	recent.target = NULL;
	if (has_record && node_path(&target->nodes[0], path, sizeof(path)))
		has_record = false;
	err = read_again(has_record ? recent.root : -1, path, &recent.record.own);
	if (!err)
		recent.target = object;
	return err;
}

/* The caller has just found the object: the model is not older than it promises. */
static int renew(void)
{
	if (recent.version == plugin.source.version &&
	    recent.checked_at == plugin.source.checked_at)
		return 0;
	return begin();
}

int recent_record_wanted(const struct target *target, char *path, size_t size)
{
	if (renew() || recent.target == target->item.object || !target->node_count ||
	    node_path(&target->nodes[0], path, size))
		return -1;
	return recent.root;
}

void recent_record_give(const struct target *target, const char *text, size_t size)
{
	record_free(&recent.record.own);
	recent.target = NULL;
	if (record_parse(text, size, &recent.record.own))
		return;
	record_drop_secrets(&recent.record.own);
	recent.target = target->item.object;
}

int recent_record(const struct target *target, const struct node_record **record)
{
	int err = renew();

	if (!err)
		err = take_target(target);
	*record = &recent.record;
	return err;
}
