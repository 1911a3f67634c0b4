/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.h - objects and machines as statements: for the state file and for people.
 *
 * The state file says how the machine differs from its scenario, in the scenario's own
 * language; reading it is running it.
 */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include "model.h"

/* What differs from the scenario: add, set and later statements.  */
void object_write(const struct object *object, bool secrets, FILE *out);
/* Everything about an object as one statement, without secrets. */
void object_show(const struct object *object, FILE *out);
/* The whole state of the machine; with secrets for the state file only. */
void model_write(const struct model *model, bool secrets, FILE *out);

#endif
