// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * world.c - where the things outside of the process are.
 */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lock.h"
#include "shared/cleanup.h"
#include "sysfs.h"

/* Far more than what iscsiadm does under its lock takes. */
#define GRACE  500000000u /* ns */

#define CONFIG "/etc/iscsi"
#define LOCK   "/run/lock/iscsi"

/* Debian keeps the database with the configuration, others apart from it. */
static const char *const databases[] = { "/etc/iscsi", "/var/lib/iscsi" };

static const char *const programs[] = {
	"/usr/sbin/iscsiadm",
	"/sbin/iscsiadm",
	"/usr/bin/iscsiadm",
	"/usr/local/sbin/iscsiadm",
};

/* The lock may be somebody else's: then the program is waiting for it, and grace runs out. */
static bool is_locked(const void *world)
{
	int _cleanup_close_ dir = world_lock(world);
	struct db_lock_state state;

	return !db_lock_look(dir, &state) && state.held;
}

static int run_child(void *world, const char *const argv[], uint64_t deadline,
		     struct child_output *output)
{
	const struct child_care care = { is_locked, world, GRACE };

	return child_run(argv, deadline, &care, output);
}

static int join(char *path, size_t size, const char *a, const char *b, const char *c)
{
	int n = snprintf(path, size, "%s%s%s%s", a, b, *c ? "/" : "", c);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

static int open_folder(const char *root, const char *folder)
{
	char path[512];
	int fd;

	if (join(path, sizeof(path), root, folder, ""))
		return -ENAMETOOLONG;
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void find_iscsiadm(struct world *w)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (!join(w->iscsiadm, sizeof(w->iscsiadm), w->root, programs[i], "") &&
		    access(w->iscsiadm, X_OK) == 0)
			return;
	w->iscsiadm[0] = 0;
}

int world_open(struct world *world, const char *root)
{
	struct world w = { .runner = { .run = run_child },
			   .scsi = sg_run,
			   .counters = counters_read,
			   .addresses = getifaddrs };

	if (!root)
		root = secure_getenv("IMA_LINUX_ROOT");
	if (root && strlen(root) >= sizeof(w.root))
		return -ENAMETOOLONG;
	if (root)
		memcpy(w.root, root, strlen(root) + 1);
	for (size_t n = strlen(w.root); n && w.root[n - 1] == '/';)
		w.root[--n] = 0;
	w.sysfs = open_folder(w.root, "/sys");
	w.proc = open_folder(w.root, "/proc");
	w.dev = open_folder(w.root, "/dev");
	/* Files of a tree of our own need no rights but those to write them. */
	w.privileged = w.root[0] ? !access(w.root, W_OK) : geteuid() == 0;
	find_iscsiadm(&w);
	*world = w;
	world->runner.data = world;
	return 0;
}

void world_close(struct world *world)
{
	cleanup_close(&world->sysfs);
	cleanup_close(&world->proc);
	cleanup_close(&world->dev);
}

int world_config(const struct world *world)
{
	return open_folder(world->root, CONFIG);
}

static bool has_nodes(const struct world *w, const char *folder)
{
	char path[512];

	return !join(path, sizeof(path), w->root, folder, "nodes") && !access(path, F_OK);
}

/* The first that has nodes; without any, the one that is there for nothing else. */
static const char *find_database(const struct world *w)
{
	char path[512];

	for (size_t i = 0; i < ARRAY_SIZE(databases); i++)
		if (has_nodes(w, databases[i]))
			return databases[i];
	if (!join(path, sizeof(path), w->root, databases[1], "") && !access(path, F_OK))
		return databases[1];
	return databases[0];
}

const char *world_other_database(const struct world *world)
{
	const char *used = find_database(world);

	for (size_t i = 0; i < ARRAY_SIZE(databases); i++)
		if (strcmp(databases[i], used) && has_nodes(world, databases[i]))
			return databases[i];
	return NULL;
}

int world_database(const struct world *world)
{
	return open_folder(world->root, find_database(world));
}

int world_lock(const struct world *world)
{
	return open_folder(world->root, LOCK);
}

/* Nobody has used open-iscsi since the start of the machine; rights as open-iscsi gives them. */
int world_make_lock(const struct world *world)
{
	static const struct {
		const char *folder;
		mode_t mode;
	} folders[] = { { "/run", 0755 }, { "/run/lock", 0755 }, { LOCK, 0700 } };
	int fd = world_lock(world);

	for (size_t i = 0; fd == -ENOENT && i < ARRAY_SIZE(folders); i++) {
		char path[512];

		if (join(path, sizeof(path), world->root, folders[i].folder, ""))
			return -ENAMETOOLONG;
		if (mkdir(path, folders[i].mode) < 0 && errno != EEXIST)
			return -errno;
	}
	return fd == -ENOENT ? world_lock(world) : fd;
}

int world_config_path(const struct world *world, const char *file, char *path,
		      size_t size)
{
	return join(path, size, world->root, CONFIG, file);
}

int world_database_path(const struct world *world, const char *file, char *path,
			size_t size)
{
	return join(path, size, world->root, find_database(world), file);
}

int world_lock_path(const struct world *world, const char *file, char *path, size_t size)
{
	return join(path, size, world->root, LOCK, file);
}

/* modules.dep and modules.builtin name every module of the running kernel, one per line. */
static bool is_listed(const struct world *w, const char *list)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	struct utsname kernel;
	char path[512];
	size_t room = 0;

	if (uname(&kernel) < 0)
		return false;
	snprintf(path, sizeof(path), "%s/lib/modules/%s/%s", w->root, kernel.release,
		 list);
	file = fopen(path, "re");
	while (file && getline(&line, &room, file) > 0) {
		const char *name = strstr(line, "/scsi_transport_iscsi.ko");

		if (name && name < line + strcspn(line, ":"))
			return true;
	}
	return false;
}

bool world_has_transport(const struct world *world)
{
	if (sysfs_has_transport(world->sysfs))
		return true;
	return is_listed(world, "modules.dep") || is_listed(world, "modules.builtin");
}
