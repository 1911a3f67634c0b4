/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stale.h - what is kept about targets and LUs that are not there (any more).
 *
 * It is kept as the statements that would set it, is the stale data of the LHBA, and takes
 * effect when the target or LU comes (back).
 */
#ifndef SIM_STALE_H
#define SIM_STALE_H

#include "model.h"

struct stale {
	struct stale *next;
	uint64_t lhba; /* id */
	char text[];   /* one statement and a newline */
};

/* Keep a statement. 0 or -ENOMEM. */
int stale_add(struct model *model, struct lhba *lhba, const char *text);
/* Keep what is set for a found target and its LUs; they are about to vanish. */
void stale_keep(struct model *model, struct object *object);
/* Apply what is about things that are there now. */
void stale_apply(struct model *model);
/* Forget that of one LHBA. */
void stale_remove(struct model *model, struct lhba *lhba);
void stale_clear(struct model *model);
void stale_print(const struct model *model, FILE *out);

#endif
