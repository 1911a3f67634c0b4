/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * find.h - from the names people type to objects of the API, and back.
 *
 * A kind of object is listed once per run and kept in the context; the objects given out
 * live as long as it does. --plugin and --lhba limit what is found.
 */
#ifndef IMACTL_FIND_H
#define IMACTL_FIND_H

#include "imactl.h"

/* An object that has a number and a name; people may type either. */
struct object {
	IMA_OID oid;
	unsigned number;    /* from 1, within its kind */
	const char *name;   /* unique within its kind */
	const char *plugin; /* name of the plugin, NULL for an object of the library */
};

struct objects {
	struct object *list;
	size_t count;
	bool listed;
};

/*
 * The objects of a kind: plugins, LHBAs, PHBAs, LNPs, PNPs, network portals or nodes, those
 * of --plugin only. EXIT_DONE or an exit code.
 */
int objects_get(struct context *c, IMA_OBJECT_TYPE type, const struct objects **objects);

/* The next objects_get() of the type lists afresh; what was given out stays valid. */
void objects_forget(struct context *c, IMA_OBJECT_TYPE type);

/* The one called name, or the only one if name is NULL. */
int object_get(struct context *c, IMA_OBJECT_TYPE type, const char *name,
	       const struct object **object);

/* The LHBAs --lhba names, or all. */
int lhbas_get(struct context *c, const struct object ***lhbas, size_t *count);

/* The LHBA of --lhba, or the only one. */
int lhba_get(struct context *c, const struct object **lhba);

/* Name of the plugin of any object, NULL if it has none. */
const char *plugin_name_of(struct context *c, IMA_OID oid);

/* --- targets and LUs ---------------------------------------------------------------- */

struct target {
	IMA_OID oid;
	const struct object *lhba; /* never NULL */
	IMA_TARGET_PROPERTIES properties;
	const char *name;
};

struct lu {
	IMA_OID oid;
	struct target target;
	uint64_t lun;
	const char *text; /* the LUN as people type it */
};

/*
 * Calls each for every target of the LHBAs chosen, until it returns an exit code; a target
 * that goes away meanwhile is skipped. target is valid during the call.
 */
int targets_each(struct context *c,
		 int (*each)(struct context *c, const struct target *target, void *data),
		 void *data);

int target_get(struct context *c, const char *name, struct target *target);

/* The LU that arguments of the command from place first on name: TARGET LUN, or DEVICE. */
int lu_get(struct context *c, int first, struct lu *lu);

/* The target of an LU, or of a session. */
int target_read(struct context *c, IMA_OID oid, struct target *target);

/* --- any object -------------------------------------------------------------------- */

/* What people call an object: for events and errors; allocated, or NULL. */
char *object_describe(struct context *c, IMA_OID oid);

/* A copy kept by the context. */
const char *keep_text(struct context *c, char *text);

#endif
