// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * in-use.c - who uses a device. No locks, no state.
 *
 * When in doubt a device is in use: what cannot be read is not taken as a no, except other
 * users' open files, which an ordinary user cannot see; changes need root anyway.
 */
#include "in-use.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attr.h"
#include "shared/cleanup.h"

#define NUMBER_SIZE 32 /* "8:16" */

struct search {
	const struct world *world;
	char *why;
	size_t size;
	int depth;
};

static bool found(struct search *s, const char *what, const char *who)
{
	snprintf(s->why, s->size, "%s %s", what, who);
	return true;
}

/* --- Files of the kernel ------------------------------------------------------------------- */

/* Lines of a file below /proc until one matches. */
static bool search_lines(struct search *s, const char *file, const char *key,
			 bool (*match)(struct search *s, char *line, const char *key))
{
	_cleanup_fclose_ FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	char path[300];
	size_t room = 0;

	snprintf(path, sizeof(path), "%s/proc/%s", s->world->root, file);
	stream = fopen(path, "re");
	while (stream && getline(&line, &room, stream) > 0)
		if (match(s, line, key))
			return true;
	return false;
}

static char *field(char **at)
{
	char *start = *at + strspn(*at, " \t");

	*at = start + strcspn(start, " \t\n");
	if (**at)
		*(*at)++ = 0;
	return start;
}

/* "36 35 8:1 / /data rw ...": the third field is the device, the fifth where it is mounted. */
static bool match_mount(struct search *s, char *line, const char *number)
{
	char *device, *place;

	field(&line);
	field(&line);
	device = field(&line);
	field(&line);
	place = field(&line);
	return !strcmp(device, number) && found(s, "is mounted on", place);
}

/* "/dev/sda2 partition 1048572 0 -2" */
static bool match_swap(struct search *s, char *line, const char *device)
{
	char *name = field(&line);

	return !strncmp(name, "/dev/", 5) && !strcmp(name + 5, device) &&
	       found(s, "is swap space as", name);
}

/* --- Open files ------------------------------------------------------------------------------ */

/* Programs that look after devices have them open without using them. */
static bool is_watcher(int proc, const char *pid)
{
	static const char *const watchers[] = { "multipathd", "systemd-udevd", "udevd",
						"(udev-worker)", "iscsid" };
	char path[64], name[64];

	snprintf(path, sizeof(path), "%.16s/comm", pid);
	if (attr_read(proc, path, name, sizeof(name)) < 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(watchers); i++)
		if (!strcmp(watchers[i], name))
			return true;
	return false;
}

static bool process_has_open(int proc, const char *pid, const char *path)
{
	struct names _cleanup_names_ fds = { 0 };
	char folder[64], target[512];

	snprintf(folder, sizeof(folder), "%.16s/fd", pid);
	if (names_read(proc, folder, &fds))
		return false;
	for (size_t i = 0; i < fds.count; i++) {
		char link[128];

		snprintf(link, sizeof(link), "%.16s/fd/%.16s", pid, fds.list[i].text);
		if (attr_link(proc, link, target, sizeof(target)) > 0 &&
		    !strcmp(target, path))
			return true;
	}
	return false;
}

static bool is_open(struct search *s, const char *device)
{
	struct names _cleanup_names_ pids = { 0 };
	char path[300], self[16], who[128], name[64] = "?";

	snprintf(path, sizeof(path), "/dev/%.200s", device);
	snprintf(self, sizeof(self), "%d", getpid());
	if (names_read(s->world->proc, ".", &pids))
		return false;
	for (size_t i = 0; i < pids.count; i++) {
		const char *pid = pids.list[i].text;

		if (!isdigit((unsigned char)*pid) || !strcmp(pid, self) ||
		    !process_has_open(s->world->proc, pid, path) ||
		    is_watcher(s->world->proc, pid))
			continue;
		snprintf(path, sizeof(path), "%.16s/comm", pid);
		attr_read(s->world->proc, path, name, sizeof(name));
		snprintf(who, sizeof(who), "%s (process %.16s)", name, pid);
		return found(s, "is open in", who);
	}
	return false;
}

/* --- Devices --------------------------------------------------------------------------------- */

static bool device_in_use(struct search *s, const char *folder, const char *device);

static bool is_multipath(struct search *s, const char *device)
{
	char path[300], uuid[ATTR_SIZE];

	snprintf(path, sizeof(path), "block/%.200s/dm/uuid", device);
	return attr_read(s->world->sysfs, path, uuid, sizeof(uuid)) > 0 &&
	       !strncmp(uuid, "mpath-", 6);
}

static bool is_held(struct search *s, const char *folder)
{
	struct names _cleanup_names_ holders = { 0 };
	char path[400];

	snprintf(path, sizeof(path), "%.300s/holders", folder);
	if (names_read(s->world->sysfs, path, &holders))
		return false;
	for (size_t i = 0; i < holders.count; i++) {
		const char *holder = holders.list[i].text;

		if (!is_multipath(s, holder) || s->depth > 3)
			return found(s, "is held by", holder);
		snprintf(path, sizeof(path), "block/%.200s", holder);
		s->depth++;
		if (device_in_use(s, path, holder))
			return true;
		s->depth--;
	}
	return false;
}

/* One device: a disk, a partition, or what is no block device at all. */
static bool device_in_use(struct search *s, const char *folder, const char *device)
{
	char path[400], number[NUMBER_SIZE];

	snprintf(path, sizeof(path), "%.300s/dev", folder);
	if (attr_read(s->world->sysfs, path, number, sizeof(number)) > 0 &&
	    search_lines(s, "self/mountinfo", number, match_mount))
		return true;
	return search_lines(s, "swaps", device, match_swap) || is_held(s, folder) ||
	       is_open(s, device);
}

static bool partitions_in_use(struct search *s, const char *folder, const char *device)
{
	struct names _cleanup_names_ names = { 0 };
	size_t n = strlen(device);

	if (names_read(s->world->sysfs, folder, &names))
		return false;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.list[i].text;
		char path[400];

		if (strncmp(name, device, n) || !name[n])
			continue;
		snprintf(path, sizeof(path), "%.200s/%.150s", folder, name);
		if (device_in_use(s, path, name))
			return true;
	}
	return false;
}

bool device_is_in_use(const struct world *world, const char *device, char *why,
		      size_t size)
{
	struct search s = { world, why, size, 0 };
	char folder[128];

	snprintf(folder, sizeof(folder), "block/%.100s", device);
	return device_in_use(&s, folder, device) || partitions_in_use(&s, folder, device);
}
