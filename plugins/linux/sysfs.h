/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sysfs.h - what the kernel's iSCSI transport has: sessions, connections, logical units.
 *
 * A snapshot has what tells the objects apart; everything else is read when it is asked for,
 * because it may change at any time. Each object costs as few system calls as possible: the
 * links of the classes say where a device belongs without opening its folder.
 */
#ifndef LINUX_SYSFS_H
#define LINUX_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* SCSI address of a device. */
struct hctl {
	uint32_t host, channel, id;
	uint64_t lun;
};

/* A logical unit the kernel attached. */
struct sys_lu {
	struct hctl at;
	uint32_t sid;
	const char *device; /* "sda", "sr0", "st0"; NULL: none of these */
};

struct sys_session {
	uint32_t sid;
	const char *target, *iface;
	const struct sys_lu *lus; /* of this session, in the order of their addresses */
	size_t lu_count;
	const uint32_t *cids;
	size_t cid_count;
};

struct sysfs {
	struct arena arena;
	struct sys_session *sessions; /* sorted by sid */
	size_t session_count;
	struct sys_lu *lus;
	size_t lu_count;
	uint32_t *cids;
	bool incomplete; /* a session that has no target yet was left out */
};

/*
 * Reads the state below root, which is open on /sys. What is constant of sessions that are in
 * before (may be NULL) is taken from there. A kernel without the classes has nothing.
 */
int sysfs_read(int root, const struct sysfs *before, struct sysfs *now);
void sysfs_free(struct sysfs *sysfs);

const struct sys_session *sysfs_session(const struct sysfs *sysfs, uint32_t sid);

/* Whether the kernel has an iSCSI transport at this moment. */
bool sysfs_has_transport(int root);

/* Paths of attributes, for attr_read(): 0, or -ENAMETOOLONG. */
int session_attr_path(uint32_t sid, const char *attr, char *path, size_t size);
int connection_attr_path(uint32_t sid, uint32_t cid, const char *attr, char *path,
			 size_t size);
int lu_attr_path(const struct hctl *at, const char *attr, char *path, size_t size);

int session_attr(int root, uint32_t sid, const char *attr, char *text, size_t size);
int session_number(int root, uint32_t sid, const char *attr, uint64_t max,
		   uint64_t *value);
int connection_attr(int root, uint32_t sid, uint32_t cid, const char *attr, char *text,
		    size_t size);
int connection_number(int root, uint32_t sid, uint32_t cid, const char *attr,
		      uint64_t max, uint64_t *value);

/* The SCSI host of a session: 0 or -errno. */
int session_host(int root, uint32_t sid, uint32_t *host);

/* "sg0": the generic device of a LU. */
int lu_generic(int root, const struct hctl *at, char *name, size_t size);

/* The SCSI address in the path of a device: ".../target0:0:0/0:0:0:1/block/sda". */
bool device_path_hctl(const char *path, struct hctl *at);

bool hctl_equal(const struct hctl *a, const struct hctl *b);

#define HCTL_TEXT 64
void hctl_format(const struct hctl *at, char text[HCTL_TEXT]);

#endif
