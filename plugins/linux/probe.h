/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * probe.h - does anybody answer at a portal?
 *
 * iscsid tries a portal that does not answer eight times for 15 seconds each. A TCP connection
 * that is opened and closed again tells at once, and says why not.
 */
#ifndef LINUX_PROBE_H
#define LINUX_PROBE_H

#include <stddef.h>
#include <stdint.h>

#include "portal.h"

struct probe {
	char host[PORTAL_HOST];
	uint16_t port;
	int32_t tpgt;
	int result; /* 0: answers; -ECONNREFUSED, -ETIMEDOUT, ...: errno of connect(2) */
};

/*
 * Tries all portals at once, until each answered or failed or the time is over; a portal that
 * does not answer keeps the others waiting for at most a third of the time. A host name is not
 * resolved and counts as answering.
 */
void probe_portals(struct probe *probes, size_t count, uint64_t deadline);

#endif
