/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libiscsi.h - the work of session.c done with libiscsi, for comparison in the same run.
 *
 * All of it against one target; whatever fails ends the process with a message.
 */
#ifndef BENCH_LIBISCSI_H
#define BENCH_LIBISCSI_H

#include <stdint.h>

struct libiscsi_target {
	const char *initiator, *portal, *name;
};

/** libiscsi_flow - log in, so often INQUIRY, READ CAPACITY, REPORT LUNS, log out: ms */
double libiscsi_flow(const struct libiscsi_target *target, unsigned int repeats);

/** libiscsi_flows - count times the same, at_once (at most 64) at a time: ms for all */
double libiscsi_flows(const struct libiscsi_target *target, unsigned int repeats,
		      unsigned int count, unsigned int at_once);

/** libiscsi_read - reads sequentially, depth READ(10) at a time, login included: seconds */
double libiscsi_read(const struct libiscsi_target *target, unsigned int reads,
		     uint32_t blocks, unsigned int depth);

#endif
