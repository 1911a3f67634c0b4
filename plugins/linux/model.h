/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * model.h - the objects of the API, made from what sysfs and the database say.
 *
 * A model is one consistent state; when something changed a new one is made, and the old one is
 * compared with it for events. Identity is in the object table: the same object has the same
 * OID in every model. All functions want the lock of the plugin to be held; what they return
 * is valid while it is held.
 */
#ifndef LINUX_MODEL_H
#define LINUX_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "items.h"
#include "nodedb.h"
#include "sysfs.h"
#include "world.h"

struct lhba;
struct target;
struct session;

/* A node with a name of its own: that of interfaces with an iface.initiatorname. */
struct node {
	struct item item;
	const char *name;
};

/* An interface: a record of open-iscsi, or "default", which needs none. */
struct lhba {
	struct item item;
	const char *name;
	const struct db_iface *record; /* NULL: none */
	const struct node *node;       /* NULL: the shared node */
	struct target **targets;
	size_t target_count;
};

/* A target as one interface sees it: in the database, or with a session, or both. */
struct target {
	struct item item;
	struct lhba *lhba;
	const char *name;
	const struct db_node *nodes; /* its records, one per portal */
	size_t node_count;
	struct session **sessions; /* in the order in which they came to be */
	size_t session_count;
	struct lu **lus;
	size_t lu_count;
};

/* A LU of a target; more than one path if several sessions lead to it. */
struct lu {
	struct item item;
	struct target *target;
	uint64_t lun;
	const struct sys_lu **paths; /* none: not exposed */
	size_t path_count;
};

struct session {
	struct item item;
	struct target *target;
	const struct sys_session *sys;
	struct connection_item {
		struct item item;
		struct session *session;
		uint32_t cid;
	} * connections;
};

/* A SendTargets address. open-iscsi has one list, which every interface may use. */
struct discovery_address {
	struct item item;
	struct lhba *lhba;
	const struct db_source *source;
};

/* A node record that was made by hand. */
struct static_target {
	struct item item;
	struct target *target;
	const struct db_node *node;
};

struct model {
	struct arena arena;
	struct items items;
	struct array lhbas; /* struct lhba *, and so on; in the order of lists */
	struct array targets;
	struct array lus;
	struct array sessions;
	struct array addresses;
	struct array static_targets;
	struct array nodes;
	const char *shared_name; /* InitiatorName; NULL: none */
};

/* A LU that is not exposed but has an OID, because somebody asked for it. */
struct kept_lu {
	struct object *target;
	uint64_t lun;
};

/*
 * Reading one object of many believes what was read for so long: a tenth of a second, in ns,
 * with a clock that may be 10 ms behind.
 */
#define SOURCE_BELIEVE 90000000u

/* Where the state comes from, and how fresh it is. */
struct source {
	struct world *world;
	struct object_table *table;
	struct notifier *notifier;
	int uevents; /* socket; -1: none, then nothing is believed to be unchanged */
	struct model *model;
	struct nodedb db;
	struct sysfs sys;
	struct db_stamp stamp;
	struct array kept; /* struct kept_lu */
	uint64_t checked_at, db_read_at, config_facts;
	uint64_t version; /* another one when anything may have changed */
	bool sys_stale, db_stale, available;
};

int source_open(struct source *source, struct world *world, struct object_table *table,
		struct notifier *notifier);
void source_close(struct source *source);

enum freshness {
	FRESH_ENOUGH, /* a tenth of a second old at most: reading one of many objects */
	FRESH,	      /* as it is now: lists, and before and after changes */
};

/* Brings the model up to date, and tells the notifier what changed. 0 or -errno. */
int source_refresh(struct source *source, enum freshness freshness);

/* The same, to what it was at that time (host_now()) or later. */
int source_refresh_since(struct source *source, uint64_t since);

/* What was changed by us or reported by the kernel is read again at the next refresh. */
void source_forget(struct source *source);

/* Keeps the OID of a LU that is not exposed. */
int source_keep_lu(struct source *source, const struct target *target, uint64_t lun);
void source_drop_lu(struct source *source, const struct target *target, uint64_t lun);

/* The object with an OID, NULL if it does not exist. */
void *source_find(const struct source *source, IMA_OID oid);

/* The key of objects; parts are separated by a character that is in no name. */
#define KEY_SIZE 1024
void key_of_target(const char *iface, const char *target, char key[KEY_SIZE]);
void key_of_lu(const struct target *target, uint64_t lun, char key[KEY_SIZE]);

#endif
