/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * backend.h - a way to write documents, events and failures; output.c chooses.
 */
#ifndef IMACTL_BACKEND_H
#define IMACTL_BACKEND_H

#include "output.h"

struct backend {
	void (*document)(struct context *c, const struct view *view,
			 struct json_object *data);
	void (*event)(struct context *c, const struct view *view,
		      struct json_object *data);
	void (*failure)(struct context *c);
	/* See output_row(); takes row over. NULL: nothing is left to be added to the data. */
	struct json_object *(*row)(struct context *c, const struct view *view,
				   struct json_object *row);
};

extern const struct backend text_backend;
extern const struct backend json_backend;

#endif
