// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * hidden.c - a line for each such LU: interface, target and LUN. So two processes that take away
 * different LUs of a target at the same time do not lose what the other one remembers.
 */
#include "hidden.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "lu-wait.h"
#include "shared/number.h"
#include "state-file.h"

#define FILE_NAME "linux.unexposed"
#define VALUE	  "unexposed"
#define KEY_ROOM  640

/* --- The file ----------------------------------------------------------------------------------- */

/* What the keys of the LUs of a target begin with; its length. */
static size_t prefix_of(const struct target_id *id, char prefix[KEY_ROOM])
{
	return (size_t)snprintf(prefix, KEY_ROOM, "%s %s ", id->iface, id->name);
}

/* What is no LUN is not ours. */
static int add_lun(struct array *luns, const char *text)
{
	uint64_t lun, *place;

	if (number_parse(text, 0, UINT64_MAX, &lun))
		return 0;
	place = array_add(luns, sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = lun;
	return 0;
}

static int read_luns(const struct target_id *id, struct array *luns)
{
	struct record _cleanup_record_ record = { 0 };
	char prefix[KEY_ROOM];
	size_t length = prefix_of(id, prefix);
	int err = state_file_read(FILE_NAME, &record);

	for (size_t i = 0; i < record.count && !err; i++)
		if (!strncmp(record.lines[i].key, prefix, length))
			err = add_lun(luns, record.lines[i].key + length);
	return err;
}

int hidden_set(const struct target_id *id, uint64_t lun, bool hidden)
{
	struct array _cleanup_(array_free) luns = { 0 };
	char key[KEY_ROOM];
	const struct record_change change = { key, hidden ? VALUE : NULL };
	size_t length = prefix_of(id, key);
	int err = strchr(key, '=') ? -EINVAL : read_luns(id, &luns);

	if (err || luns_have(&luns, lun) == hidden)
		return err;
	snprintf(key + length, sizeof(key) - length, "%" PRIu64, lun);
	return state_file_edit(FILE_NAME, &change, 1);
}

/* --- Taking away again ---------------------------------------------------------------------------- */

static bool is_fine(IMA_STATUS status)
{
	return !IMA_ERROR(status) || status == IMA_ERROR_LU_IN_USE ||
	       status == IMA_ERROR_LU_NOT_EXPOSED || status == IMA_ERROR_OBJECT_NOT_FOUND;
}

void hidden_luns(IMA_OID target, struct array *luns)
{
	struct target_id id;

	if (IMA_ERROR(find_target_id(target, &id)) || read_luns(&id, luns))
		luns->count = 0;
}

IMA_STATUS hidden_take_away(IMA_OID target, const struct array *luns)
{
	struct array _cleanup_(array_free) oids = { 0 };
	IMA_STATUS status = IMA_STATUS_SUCCESS;
	const IMA_OID *list;

	if (luns->count)
		status = exposed_lus(target, luns, true, &oids);
	list = oids.data;
	for (size_t i = 0; i < oids.count && !IMA_ERROR(status); i++) {
		IMA_STATUS one = lu_take_away(list[i], true);

		status = is_fine(one) ? status : one;
	}
	return status;
}

void hidden_leave_out(const struct array *hidden, struct array *luns)
{
	uint64_t *list = luns->data;
	size_t kept = 0;

	for (size_t i = 0; i < luns->count; i++)
		if (!luns_have(hidden, list[i]))
			list[kept++] = list[i];
	luns->count = kept;
}
