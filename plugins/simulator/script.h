/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * script.h - what the statements of scenarios, state files and commands do.
 *
 * Statements about what exists (machine, network, targets, ...) are definitions. Statements
 * about what is found, and commands, need a machine that is running; while a scenario is
 * loaded they are kept and run at its end.
 */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "model.h"

/* Statements kept for later, one behind the other; their words point into their text. */
struct deferred {
	char *bytes;
	size_t length, size;
};

void deferred_free(struct deferred *deferred);

/* Run the definitions of a text and keep the rest. 0, -EINVAL or -ENOMEM. */
int script_define(struct model *model, struct reader *reader, struct deferred *deferred,
		  struct problem *problem);
/* Run what was kept. out may be NULL. */
int script_run_deferred(struct model *model, struct deferred *deferred,
			struct problem *problem);
/*
 * Run every statement of a text, up to the first that fails; what ran before it stays. What
 * they have to say goes to out.
 */
int script_run(struct model *model, struct reader *reader, FILE *out,
	       struct problem *problem);

/* For stale data: is what the first statement is about there? Run the text, which is ours. */
bool script_target_is_there(const struct model *model, const char *text);
void script_run_quietly(struct model *model, const char *text);

/* Does a text hold more than statements that only show something? */
bool script_changes(const char *text);

#endif
