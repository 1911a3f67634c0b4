/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * storm.h - events without a reason.
 *
 * They leave no trace in the machine that another process could notice, so the state file has
 * the last of them, numbered: a process raises those that are new to it.
 */
#ifndef SIM_STORM_H
#define SIM_STORM_H

#include "model.h"

/* Raise the events of a new storm and remember it. */
void storm_raise(struct model *model, struct object *object, bool visibility,
		 uint64_t count);
/* Remember one that another process raised; object: NULL if it is not there any more. */
void storm_remember(struct model *model, const struct object *object, bool visibility,
		    uint64_t count, uint64_t number);
/* Raise in model what it remembers and old does not. */
void storms_compare(const struct model *old, struct model *model);
/* The statements for the state file. */
void storms_print(const struct model *model, FILE *out);

#endif
