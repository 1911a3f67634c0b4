/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * command.h - the statements that are no verbs of an object: clock, fault, reboot, show, ...
 */
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include "model.h"

/* A statement being run. */
struct run {
	struct model *model;
	const struct statement *statement;
	FILE *out; /* NULL: nobody listens */
	struct problem *problem;
};

struct command {
	const char *name;
	const char *usage;
	unsigned int min, max; /* words, the name included */
	int (*run)(struct run *run);
	bool shows;	 /* changes nothing */
	bool definition; /* may define objects */
};

const struct command *command_find(const char *name);
/* 0, -EINVAL or -ENOMEM. */
int command_run(const struct command *command, struct run *run);
void clock_advance(struct model *model, uint64_t milliseconds);
/* A message for the statement. -EINVAL. */
#define run_fails(run, ...) \
	problem_set((run)->problem, (run)->statement->line, __VA_ARGS__)

#endif
