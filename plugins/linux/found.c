// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * found.c - remembering what discovery found again. A line of the file: method, source and
 * interface as key, the names of targets as value. No state in memory; no locks but the file's.
 */
#include "found.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ima.h"
#include "shared/cleanup.h"
#include "state-file.h"

#define FILE_NAME "linux.found"
#define KEY_MAX	  (PORTAL_HOST + 300)

static const struct method {
	uint8_t flag;
	const char *name;
} methods[] = {
	{ IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS, "st" },
	{ IMA_TARGET_DISCOVERY_METHOD_ISNS, "isns" },
};

/* --- Nodes ------------------------------------------------------------------------------------ */

static int compare_target(const struct db_node *node, const char *iface,
			  const char *target)
{
	int order = strcmp(node->iface, iface);

	return order ? order : strcmp(node->target, target);
}

/* Records are sorted: those of a target on an interface are together. */
static struct db_node *first_node(const struct nodedb *db, const char *iface,
				  const char *target)
{
	size_t low = 0, high = db->node_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_target(&db->nodes[middle], iface, target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return db->nodes + low;
}

static bool is_of(const struct nodedb *db, const struct db_node *node, const char *iface,
		  const char *target)
{
	return node < db->nodes + db->node_count && !compare_target(node, iface, target);
}

/* --- Reading ------------------------------------------------------------------------------------ */

static void mark(struct nodedb *db, const char *iface, const char *target, uint8_t flag)
{
	for (struct db_node *n = first_node(db, iface, target);
	     is_of(db, n, iface, target); n++)
		n->found |= flag;
}

static void mark_all(struct nodedb *db, const char *iface, char *names, uint8_t flag)
{
	for (char *name; (name = strsep(&names, " ")) != NULL;)
		mark(db, iface, name, flag);
}

static bool has_source(const struct db_source *list, size_t count, const char *portal)
{
	char text[PORTAL_HOST + 16];

	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%s,%u", list[i].portal.host,
			 list[i].portal.port);
		if (!strcmp(text, portal))
			return true;
	}
	return false;
}

/* The method of a line; 0 if its source is not asked any more. */
static uint8_t method_of(const struct nodedb *db, const char *name, const char *portal)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++) {
		bool isns = methods[i].flag == IMA_TARGET_DISCOVERY_METHOD_ISNS;

		if (!strcmp(methods[i].name, name))
			return has_source(isns ? db->isns : db->send_targets,
					  isns ? db->isns_count : db->send_targets_count,
					  portal)
				       ? methods[i].flag
				       : 0;
	}
	return 0;
}

static void apply_line(struct nodedb *db, const struct record_line *line)
{
	_cleanup_free_ char *names = strdup(line->value);
	char key[KEY_MAX], *iface = key, *method, *portal;

	snprintf(key, sizeof(key), "%s", line->key);
	method = strsep(&iface, " ");
	portal = strsep(&iface, " ");
	if (names && iface)
		mark_all(db, iface, names, method_of(db, method, portal));
}

void found_apply(struct nodedb *db)
{
	struct record _cleanup_record_ record = { 0 };

	if (!db->node_count || state_file_read(FILE_NAME, &record))
		return;
	for (size_t i = 0; i < record.count; i++)
		apply_line(db, &record.lines[i]);
}

/* --- Writing -------------------------------------------------------------------------------------- */

static bool says_so_itself(const struct nodedb *db, const char *iface, const char *target,
			   uint8_t flag)
{
	const struct db_node *n = first_node(db, iface, target);

	for (; is_of(db, n, iface, target); n++)
		if (n->methods & flag)
			return true;
	return false;
}

char *found_unsaid(const struct nodedb *db, uint8_t method, const char *iface,
		   char *const *names, size_t count)
{
	size_t room = 1, used = 0;
	char *text;

	for (size_t i = 0; i < count; i++)
		room += strlen(names[i]) + 1;
	text = malloc(room);
	if (!text)
		return NULL;
	*text = 0;
	for (size_t i = 0; i < count; i++)
		if (!says_so_itself(db, iface, names[i], method))
			used += (size_t)snprintf(text + used, room - used, "%s%s",
						 used ? " " : "", names[i]);
	return text;
}

static const char *name_of(uint8_t flag)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (methods[i].flag == flag)
			return methods[i].name;
	return "";
}

int found_save(uint8_t method, const struct portal *source, const char *iface,
	       const char *text)
{
	struct record _cleanup_record_ record = { 0 };
	struct record_change change;
	const char *now;
	char key[KEY_MAX];
	int err;

	/* An interface nobody calls like that; the line could not be read again. */
	if (strchr(iface, '='))
		return 0;
	snprintf(key, sizeof(key), "%s %s,%u %s", name_of(method), source->host,
		 source->port, iface);
	change = (struct record_change){ key, *text ? text : NULL };
	err = state_file_read(FILE_NAME, &record);
	if (err)
		return err;
	now = record_get(&record, key);
	return strcmp(now ? now : "", text) ? state_file_edit(FILE_NAME, &change, 1) : 0;
}
