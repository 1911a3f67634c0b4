/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * world.h - what the plugin touches outside of its process, in one place: the roots of sysfs,
 * /proc and /dev, the folders of open-iscsi, and how programs are run.
 *
 * In production the root is "/". A test has a recorded tree as root, and its own runner.
 * Everything here is set once and does not change; folders of open-iscsi are opened when they
 * are needed, because they may appear later.
 */
#ifndef LINUX_WORLD_H
#define LINUX_WORLD_H

#include <ifaddrs.h>
#include <stdbool.h>
#include <stddef.h>

#include "child.h"
#include "counters.h"
#include "sg.h"

struct world {
	char root[256]; /* "" or the path of a tree, without a slash at its end */
	int sysfs;	/* descriptors; -1 if the folder is missing */
	int proc;
	int dev;
	bool privileged;    /* may this process change open-iscsi's configuration? */
	char iscsiadm[300]; /* path of the program, empty if it is not installed */
	struct runner runner;
	/* sg_run(), or what a test has instead. */
	int (*scsi)(const struct world *world, const char *device,
		    struct scsi_command *command, uint64_t deadline);
	/* counters_read(), or what a test has instead. */
	int (*counters)(const struct world *world, uint32_t sid, uint64_t deadline,
			struct counters *counters);
	/* getifaddrs(3), or what a test has instead; the list is freed with freeifaddrs(3). */
	int (*addresses)(struct ifaddrs **list);
};

/* root NULL: IMA_LINUX_ROOT if it is set and may be trusted, else "/". 0 or -errno. */
int world_open(struct world *world, const char *root);
void world_close(struct world *world);

/* An O_PATH descriptor of a folder, or -errno; the caller closes it. */
int world_config(const struct world *world);	/* iscsid.conf, initiatorname.iscsi */
int world_database(const struct world *world);	/* nodes/, send_targets/, ifaces/, ... */
int world_lock(const struct world *world);	/* lock, lock.write */
int world_make_lock(const struct world *world); /* the same, made if it is missing */

/* The path of a file in one of them, for messages and for writing: 0 or -ENAMETOOLONG. */
int world_config_path(const struct world *world, const char *file, char *path,
		      size_t size);
int world_database_path(const struct world *world, const char *file, char *path,
			size_t size);
int world_lock_path(const struct world *world, const char *file, char *path, size_t size);

/* Another folder with node records than the one that is used; NULL if there is none. */
const char *world_other_database(const struct world *world);

/* Whether the kernel has an iSCSI transport, or a module for it. */
bool world_has_transport(const struct world *world);

#endif
