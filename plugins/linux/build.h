/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * build.h - between source.c, which knows when to make a model, and model.c, which makes it.
 */
#ifndef LINUX_BUILD_H
#define LINUX_BUILD_H

#include "model.h"

/* What a model is made of, and the model while it is made. */
struct builder {
	struct model *model;
	struct object_table *table;
	const struct nodedb *db;
	const struct sysfs *sys;
	const struct array *kept;
	const char *shared_name;
	uint64_t config_facts; /* changes with the defaults of open-iscsi */
	bool available;	       /* the kernel has a transport, open-iscsi is there */
};

/* Makes a model; its items are the data of their objects from then on. 0 or -ENOMEM. */
int model_build(struct builder *builder, struct model **model);
void model_free(struct model *model);

#endif
