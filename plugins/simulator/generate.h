/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * generate.h - many targets with many LUs from one statement.
 */
#ifndef SIM_GENERATE_H
#define SIM_GENERATE_H

#include "model.h"

/* "generate targets=N lus=N ...". 0, -EINVAL or -ENOMEM. */
int generate(struct model *model, const struct statement *statement,
	     struct problem *problem);

#endif
