// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * node-record.c - the settings of a target.
 */
#include "node-record.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "attr.h"
#include "shared/cleanup.h"

static int read_own(const struct world *world, const struct target *target,
		    struct record *record)
{
	int _cleanup_close_ root = -1;
	char path[600];
	int err;

	if (!target || !target->node_count)
		return 0;
	root = world_database(world);
	if (root < 0)
		return root;
	err = node_path(&target->nodes[0], path, sizeof(path));
	return err ? err : record_read(root, path, record);
}

int node_record_read(const struct world *world, const struct target *target,
		     struct node_record *record)
{
	int _cleanup_close_ config = world_config(world);
	int err;

	*record = (struct node_record){ 0 };
	err = read_own(world, target, &record->own);
	if (config >= 0 && err != -ENOMEM)
		record_read(config, "iscsid.conf", &record->defaults);
	return err;
}

void node_record_free(struct node_record *record)
{
	record_free(&record->own);
	record_free(&record->defaults);
}

const char *node_record_get(const struct node_record *record, const char *key)
{
	const char *value = record_get(&record->own, key);

	return value ? value : record_get(&record->defaults, key);
}

uint64_t node_record_number(const struct node_record *record, const char *key,
			    uint64_t otherwise)
{
	uint64_t value;

	if (!record_number(&record->own, key, UINT32_MAX, &value) ||
	    !record_number(&record->defaults, key, UINT32_MAX, &value))
		return value;
	return otherwise;
}

/* Where there is a secret, whatever is said of the method; a record does not ask iscsid.conf. */
bool node_record_uses_chap(const struct node_record *record)
{
	return record_get(record->own.count ? &record->own : &record->defaults,
			  "node.session.auth.password");
}

static int digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

int hex_parse(const char *text, uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (digit(text[2 * i]) < 0 || digit(text[2 * i + 1]) < 0)
			return -EINVAL;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(digit(text[2 * i]) * 16 + digit(text[2 * i + 1]));
	return 0;
}
