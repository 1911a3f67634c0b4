// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * parked.c - a file of secrets that open-iscsi does not see. The key of a line: object and part.
 */
#include "parked.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "state-file.h"

#define FILE_NAME "linux.secrets"
#define KEY_SIZE  (PARKED_OBJECT_SIZE + 32)
#define PARTS_MAX 4

int parked_read(struct record *parked)
{
	return state_file_read(FILE_NAME, parked);
}

const char *parked_get(const struct record *parked, const char *object, const char *part)
{
	char key[KEY_SIZE];

	snprintf(key, sizeof(key), "%s %s", object, part);
	return record_get(parked, key);
}

static bool says_so_already(const char *object, const struct record_change *parts,
			    size_t count)
{
	struct record _cleanup_record_ parked = { 0 };

	if (parked_read(&parked))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *value = parked_get(&parked, object, parts[i].key);

		if (!value != !parts[i].value || (value && strcmp(value, parts[i].value)))
			return false;
	}
	return true;
}

int parked_set(const char *object, const struct record_change *parts, size_t count)
{
	struct record_change changes[PARTS_MAX];
	char keys[PARTS_MAX][KEY_SIZE];

	/* A key that could not be read again: an interface with such a name. */
	if (count > PARTS_MAX || strchr(object, '='))
		return -EINVAL;
	/* Where nothing was ever parked, there need not be a file to take it from. */
	if (says_so_already(object, parts, count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%s %s", object, parts[i].key);
		changes[i] = (struct record_change){ keys[i], parts[i].value };
	}
	return state_file_edit(FILE_NAME, changes, count);
}
