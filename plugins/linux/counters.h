/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * counters.h - what the kernel's iSCSI transport counts, asked of the kernel itself.
 *
 * iscsiadm would ask iscsid, which asks the kernel: with an iscsid that hangs nobody would learn
 * anything. The kernel wants CAP_SYS_ADMIN for it, and answers to all who listen; iscsid drops
 * what it has not asked for.
 */
#ifndef LINUX_COUNTERS_H
#define LINUX_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counters {
	uint64_t bytes_sent, bytes_received;
	uint64_t pdus_sent, pdus_received;
};

/* A connection, and the handle of its transport: class/iscsi_transport/NAME/handle. */
struct counted {
	uint64_t handle;
	uint32_t sid, cid;
};

struct world;

/*
 * The counters of all connections of a session added up. 0; -ENODEV if there is no such session
 * any more; -EOPNOTSUPP if this is not the machine itself; or another negative errno.
 */
int counters_read(const struct world *world, uint32_t sid, uint64_t deadline,
		  struct counters *counters);

/*
 * One message: 1 and the counters of that connection, 0 if it is about something else, or
 * -errno if the kernel refused. Counters are added to what is there.
 */
int counters_parse(const void *message, size_t size, const struct counted *of,
		   struct counters *counters);

#endif
