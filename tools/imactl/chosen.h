/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chosen.h - the object that --target, --address or --lhba choose: one that has settings.
 */
#ifndef IMACTL_CHOSEN_H
#define IMACTL_CHOSEN_H

#include "find.h"

struct chosen {
	IMA_OID oid;
	const char *name;
	const char *kind;	   /* "lhba", "target" or "address" */
	const struct object *lhba; /* the LHBA, or that of the target or address */
	struct target target;	   /* if it is one */
};

/* The target of --target, the discovery address of --address, or the LHBA. */
int chosen_get(struct context *c, struct chosen *chosen);

/* Adds "lhba", "target" and "address"; what it is not is null. */
void chosen_document(struct json_object *doc, const struct chosen *chosen);

/* Where a setting of it comes from: "target", "lhba"...; NULL if there is none. */
const char *chosen_source(const struct chosen *chosen, bool has, IMA_BOOL inherited);

static inline bool chosen_is(const struct chosen *chosen, IMA_OBJECT_TYPE type)
{
	return chosen->oid.objectType == type;
}

/* --- taking settings back --------------------------------------------------------------- */

/*
 * Takes settings back, at most SETTINGS_MAX, in an order that is possible; those its kind of
 * object does not have are skipped, unless it has none. *status may say that a reboot is
 * needed. what: how messages call them.
 */
#define SETTINGS_MAX 16
int settings_remove(struct context *c, const struct chosen *chosen,
		    const IMAX_SETTING *settings, size_t count, const char *what,
		    IMA_STATUS *status);

#endif
