/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine.h - from files to a running machine, and back.
 *
 * The scenario is read once; with "mode=file" the state file is read on top of it, and again
 * whenever another process wrote it. Reading again makes a new model, and the difference to
 * the old one becomes events.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <limits.h>
#include <sys/stat.h>

#include "model.h"

struct machine_files {
	char scenario[PATH_MAX];
	char state[PATH_MAX]; /* empty: no folder for it */
	char *text;	      /* of the scenario */
	size_t length;
	uint32_t digest;  /* of the scenario; the state file belongs to it */
	struct stat seen; /* the state file that the model has in it */
};

/* Which scenario: IMA_SIM_SCENARIO, the state folder, /etc. Reads it. 0, or -errno and logged. */
int machine_files_open(struct machine_files *files);
void machine_files_close(struct machine_files *files);

/*
 * Parse the scenario, then the state unless it is NULL, switch on. NULL and *problem, or NULL
 * and no text there if there is no memory. The texts are left as they are.
 */
struct model *machine_build(struct identities *identities, const char *scenario,
			    size_t scenario_length, const char *name, const char *state,
			    size_t state_length, struct problem *problem);

/* Build from the files. What cannot be used of the state file is logged and left alone. */
struct model *machine_load(struct machine_files *files, struct identities *identities);

/* Did somebody else write the state file? */
bool machine_is_stale(const struct machine_files *files);
/* The text of the state file for this model; the caller frees it. NULL: no memory. */
char *machine_state_text(const struct machine_files *files, const struct model *model,
			 size_t *length);
/* Write it, atomically; machine_look afterwards. 0 or -errno. */
int machine_store(const struct machine_files *files, const char *text, size_t length);
/* What is in the state file now is what the model has in it. */
void machine_look(struct machine_files *files);
/* Forget the state: back to the scenario. 0 or -errno. */
int machine_forget(struct machine_files *files);

/* The changes from old to new become those of new; counted: its counters go on. */
void machine_compare(const struct model *old, struct model *model, bool counted);

#endif
