/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.h - what the store says, in memory: settings, addresses, targets, and their OIDs.
 *
 * It is read as a whole and replaces what was known before; what differs is reported as
 * events. Objects keep their OIDs because the object table knows them by key.
 *
 * Locks: all of it belongs to who is inside user.gate. Pointers to what is in here are valid
 * until the next load, so nobody keeps one after leaving.
 */
#ifndef USER_STATE_H
#define USER_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "ima.h"
#include "iscsi/iscsi.h"
#include "plugin-support/address.h"
#include "plugin-support/object-table.h"
#include "vector.h"

struct store;

#define USER_METHODS 2 /* NONE and CHAP */

/**
 * struct auth - how to authenticate; what is not set is that of the LHBA
 * @methods: what is offered, most preferred first; of the LHBA: at least one
 * @algorithms: CHAP_A; the first is 0: not set
 * @chap: by enum chap_direction: differs from 0 if the file with secrets has an entry, and
 *     changes with it
 * @is_excepted: the target need not prove itself, whatever the LHBA has; not of the LHBA
 */
struct auth {
	IMA_AUTHMETHOD methods[USER_METHODS];
	size_t method_count;
	uint8_t algorithms[ISCSI_CHAP_ALGORITHMS];
	uint32_t chap[2];
	bool is_excepted;
};

/** struct discovery_address - asked with SendTargets; key: "host:port" */
struct discovery_address {
	struct object *object;
	int64_t id;
	struct address address;
	struct auth auth;
};

/** struct static_target - configured name and portal; key: "name host:port" */
struct static_target {
	struct object *object;
	int64_t id;
	struct address address;
	char name[ISCSI_NAME_MAX + 1];
};

/** enum source - of a portal; every other one is the id of a discovery address */
enum source {
	SOURCE_STATIC = 0,
	SOURCE_SLP = -IMA_TARGET_DISCOVERY_METHOD_SLP,
	SOURCE_ISNS = -IMA_TARGET_DISCOVERY_METHOD_ISNS,
};

/** struct portal - where a target is; source: who said so */
struct portal {
	struct address address;
	int32_t tag; /* -1: not known */
	int64_t source;
};

/** struct params - login keys that have a value of their own: bit (1 << key) of set */
struct params {
	uint32_t set;
	uint32_t value[ISCSI_PARAM_COUNT];
};

/** struct switches - whether a target and its LUs are counted; on unless switched off */
struct switches {
	bool is_off;
	size_t count; /* LUs that are not as their target */
	struct lu_switch {
		uint64_t lun;
		bool is_off;
	} * lus;
};

/** struct target - a target that is discovered, or has a session; key: its name */
struct target {
	struct object *object;
	int64_t id; /* row in the store, 0: none */
	char *alias;
	struct portal *portals;
	size_t portal_count;
	IMA_UINT32 methods; /* IMA_TARGET_DISCOVERY_METHOD */
	struct params own;
	struct switches switches;
	struct auth auth;
	struct lu *lus;
};

/** struct lu - a logical unit whose existence was seen; key: "name lun" */
struct lu {
	struct object *object;
	struct object *target;
	uint64_t lun; /* as the API has it */
	struct lu *next;
};

/** struct state - everything */
struct state {
	struct vector addresses, static_targets, targets;
	size_t stale; /* targets in the store that nobody finds */
	bool use_send_targets, use_static, use_isns, use_slp;
	IMA_ISNS_DISCOVERY_METHOD isns_method;
	struct address isns_server;    /* empty host: none is configured */
	char name[ISCSI_NAME_MAX + 1]; /* of the node; empty: not told */
	char alias[ISCSI_ALIAS_MAX + 1];
	struct params own; /* of the LHBA */
	struct auth auth;  /* of the LHBA */
};

/** state_clear - what is in force before anything is configured; releases the lists */
void state_clear(struct state *state);

/**
 * state_load - read the store
 * @store: open; NULL: nothing is configured
 * @state: an empty one; to be released with state_drop() on an error
 */
int state_load(struct store *store, struct object_table *objects, struct state *state);

/** state_drop - release everything in it; objects stay, and forget their scratch */
void state_drop(struct state *state);

/**
 * state_make_address, state_make_static - entries for the lists of a state, not in them yet
 * @text: the portal, valid, as address_format() writes it
 * @id: of the row
 *
 * Return: NULL if there is no memory.
 */
struct discovery_address *state_make_address(struct object_table *objects,
					     const char *text, int64_t id);
struct static_target *state_make_static(struct object_table *objects, const char *name,
					const char *text, int64_t id);

/** target_add_portal - one more, and the method that found it; 0 or -ENOMEM */
int target_add_portal(struct target *target, const struct address *address, int32_t tag,
		      int64_t source);

/** target_free - release one target, without its LUs */
void target_free(struct target *target);

/** portals_equal - same portals in the same order, whoever said so */
bool portals_equal(const struct target *a, const struct target *b);

#endif
