/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* search.h - SendTargets with the engine, for session.c and for the program search. */
#ifndef BENCH_SEARCH_H
#define BENCH_SEARCH_H

#include "iscsi/iscsi.h"
#include "iscsi/loop.h"

struct search {
	struct iscsi_discovery discovery;
	struct iscsi_session *session;
	struct iscsi_loop *loop;
	struct iscsi_portal portal;
	uint32_t found; /* targets with a portal */
	uint64_t start;
	double took; /* ms of the last search_run() */
};

/* Whatever fails ends the process with a message. */
void search_init(struct search *search, struct iscsi_loop *loop, const char *portal);
double search_run(struct search *search);
void search_clear(struct search *search);

#endif
