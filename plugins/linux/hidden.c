// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * hidden.c - a line for each target that has such LUs: interface and name, and the LUNs.
 */
#include "hidden.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lu-wait.h"
#include "shared/number.h"
#include "state-file.h"

#define FILE_NAME "linux.unexposed"
#define LINE_KEY  600
#define LUN_TEXT  24

static void key_of(const struct target_id *id, char key[LINE_KEY])
{
	snprintf(key, LINE_KEY, "%s %s", id->iface, id->name);
}

/* --- Lists of LUNs ------------------------------------------------------------------------------ */

static bool has(const struct array *luns, uint64_t lun)
{
	const uint64_t *list = luns->data;

	for (size_t i = 0; i < luns->count; i++)
		if (list[i] == lun)
			return true;
	return false;
}

static void drop(struct array *luns, uint64_t lun)
{
	uint64_t *list = luns->data;
	size_t kept = 0;

	for (size_t i = 0; i < luns->count; i++)
		if (list[i] != lun)
			list[kept++] = list[i];
	luns->count = kept;
}

static int add(struct array *luns, uint64_t lun)
{
	uint64_t *place = array_add(luns, sizeof(*place));

	if (!place)
		return -ENOMEM;
	*place = lun;
	return 0;
}

static int parse(const char *text, struct array *luns)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = copy;
	int err = copy ? 0 : -ENOMEM;

	for (char *word; !err && (word = strsep(&rest, " ")) != NULL;) {
		uint64_t lun;

		if (!number_parse(word, 0, UINT64_MAX, &lun))
			err = add(luns, lun);
	}
	return err;
}

static char *format(const struct array *luns)
{
	const uint64_t *list = luns->data;
	size_t room = luns->count * LUN_TEXT + 1, used = 0;
	char *text = calloc(1, room);

	for (size_t i = 0; text && i < luns->count; i++)
		used += (size_t)snprintf(text + used, room - used, "%s%" PRIu64,
					 i ? " " : "", list[i]);
	return text;
}

/* --- The file ----------------------------------------------------------------------------------- */

static int read_luns(const struct target_id *id, struct array *luns)
{
	struct record _cleanup_record_ record = { 0 };
	const char *value;
	char key[LINE_KEY];
	int err = state_file_read(FILE_NAME, &record);

	if (err)
		return err;
	key_of(id, key);
	value = record_get(&record, key);
	return value ? parse(value, luns) : 0;
}

int hidden_set(const struct target_id *id, uint64_t lun, bool hidden)
{
	struct array _cleanup_(array_free) luns = { 0 };
	_cleanup_free_ char *text = NULL;
	struct record_change change;
	char key[LINE_KEY];
	int err = strchr(id->iface, '=') ? -EINVAL : read_luns(id, &luns);

	if (err || has(&luns, lun) == hidden)
		return err;
	drop(&luns, lun);
	err = hidden ? add(&luns, lun) : 0;
	text = err ? NULL : format(&luns);
	if (!text)
		return -ENOMEM;
	key_of(id, key);
	change = (struct record_change){ key, *text ? text : NULL };
	return state_file_edit(FILE_NAME, &change, 1);
}

/* --- Taking away again ---------------------------------------------------------------------------- */

static IMA_STATUS collect(IMA_OID target, const struct array *luns, struct array *oids)
{
	const struct target *t;
	IMA_STATUS status;

	LOCKED(&plugin.lock);
	t = find_object(target, FRESH, &status);
	for (size_t i = 0; t && i < t->lu_count; i++) {
		IMA_OID *oid;

		if (!t->lus[i]->path_count || !has(luns, t->lus[i]->lun))
			continue;
		oid = array_add(oids, sizeof(*oid));
		if (!oid)
			return IMA_ERROR_INSUFFICIENT_MEMORY;
		*oid = t->lus[i]->item.object->oid;
	}
	return status;
}

static bool is_fine(IMA_STATUS status)
{
	return !IMA_ERROR(status) || status == IMA_ERROR_LU_IN_USE ||
	       status == IMA_ERROR_LU_NOT_EXPOSED || status == IMA_ERROR_OBJECT_NOT_FOUND;
}

IMA_STATUS hidden_take_away(IMA_OID target)
{
	struct array _cleanup_(array_free) luns = { 0 };
	struct array _cleanup_(array_free) oids = { 0 };
	struct target_id id;
	IMA_STATUS status = find_target_id(target, &id);
	const IMA_OID *list;

	if (IMA_ERROR(status) || read_luns(&id, &luns) || !luns.count)
		return status;
	status = collect(target, &luns, &oids);
	list = oids.data;
	for (size_t i = 0; i < oids.count && !IMA_ERROR(status); i++) {
		IMA_STATUS one = lu_take_away(list[i], true);

		status = is_fine(one) ? status : one;
	}
	return status;
}

void hidden_leave_out(IMA_OID target, struct array *luns)
{
	struct array _cleanup_(array_free) hidden = { 0 };
	const uint64_t *list;
	struct target_id id;

	if (IMA_ERROR(find_target_id(target, &id)) || read_luns(&id, &hidden))
		return;
	list = hidden.data;
	for (size_t i = 0; i < hidden.count; i++)
		drop(luns, list[i]);
}
