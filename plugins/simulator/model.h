/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * model.h - the objects of one simulated machine: made, found, changed and removed.
 *
 * The model has no lock of its own: sim.c holds one around everything below. Nothing here
 * calls back or waits.
 *
 * Identity. What an object is (kind, parent, name or number) has an entry in identities,
 * which outlives the object and the model: the same thing has the same id, and so the same
 * OID, whenever it is there, and no other thing ever gets it.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "kinds.h"

#define OBJECTS_MAX 4000000U

struct identity {
	struct identity *chain;
	uint64_t id;	 /* 1, 2, ... */
	uint64_t parent; /* id, 0 if none */
	uint64_t number;
	int kind;
	char name[]; /* empty if the number tells */
};

struct identities {
	struct identity **buckets;
	size_t n_buckets;
	uint64_t count;
};

struct change {
	uint64_t id;
	int kind;
	enum { CHANGE_APPEARED, CHANGE_VANISHED, CHANGE_PROPERTY } what;
};

/* What the words of a path name. */
struct key {
	struct object *parent;
	uint64_t number;
	struct address endpoint; /* discovery, isns, static */
	char name[512];
};

/* Which numbers of one device name are taken. */
struct device_numbers {
	bool *used;
	uint32_t size, lowest; /* everything below lowest is taken */
};

/* See storm.h. */
#define STORMS_KEPT 8
struct storm {
	uint64_t number; /* 1, 2, ... */
	uint64_t object; /* id, 0 if it is not there */
	uint64_t count;
	bool visibility;
};

struct fault;
struct stale;

struct model {
	struct identities *identities;
	struct object **by_id; /* NULL where the thing is not there */
	size_t by_id_size;
	size_t count;
	struct object_list roots[KINDS];
	struct machine *machine;

	int64_t clock;	       /* seconds since 1970 */
	uint32_t milliseconds; /* of the clock, 0 to 999 */
	int64_t real_last; /* CLOCK_MONOTONIC in ms up to which real time is in clock */

	struct fault *faults, **faults_end;
	uint64_t next_fault;
	struct stale *stale, **stale_end;
	struct device_numbers devices[4]; /* sd, st, sr, sg */
	bool rates;			  /* some LU has traffic by the clock */
	uint64_t next_session;
	struct storm storms[STORMS_KEPT]; /* number N in N % STORMS_KEPT */
	uint64_t last_storm;

	struct change *changes;
	size_t n_changes, changes_size;
	char *removals; /* "KIND PATH\n" of removed scenario objects */
	size_t removals_length;

	bool running; /* the definitions are complete: changes are reported and marked */
	bool unsettled; /* discovery, reachability or port states may be out of date */
	bool dirty;	/* the state file is out of date */
	bool reset;	/* the machine is to begin anew */
	bool no_memory; /* something could not be stored; the call fails */
};

static inline void *object_now(const struct object *object)
{
	return (char *)(uintptr_t)object + object->kind->now;
}

/* The values for after the reboot; now, if the kind has no others. */
static inline void *object_next(const struct object *object)
{
	return (char *)(uintptr_t)object +
	       (object->kind->next ? object->kind->next : object->kind->now);
}

static inline uint64_t object_id(const struct object *object)
{
	return object ? object->identity->id : 0;
}

static inline int object_kind(const struct object *object)
{
	return object->identity->kind;
}

#define for_each(entry, list) \
	for (struct object *entry = (list)->first; entry; entry = entry->next)
/* The entry may be removed in the loop. */
#define for_each_safe(entry, list)                                       \
	for (struct object *entry = (list)->first, *entry##_next = NULL; \
	     entry && (entry##_next = entry->next, true); entry = entry##_next)

int identities_init(struct identities *identities);
void identities_free(struct identities *identities);

/* A model without objects but the machine. NULL if there is no memory. */
struct model *model_new(struct identities *identities);
void model_free(struct model *model);

/* The list of the kind below the parent, or of all when the parent is NULL. */
struct object_list *object_siblings(struct model *model, int kind, struct object *parent);

struct object *object_find(const struct model *model, int kind,
			   const struct object *parent, uint64_t number,
			   const char *name);
/* Exactly the object with this id, NULL if it is not there. */
struct object *object_by_id(const struct model *model, uint64_t id);
/* The id of a thing, there or not; 0 if it was never there. */
uint64_t identity_id(const struct identities *identities, int kind, uint64_t parent,
		     uint64_t number, const char *name);

/* "host0/iqn.x/5": the last part is written as the kind wants it. */
int path_parse(const struct model *model, int kind, const char *path, struct key *key);
struct object *object_find_path(const struct model *model, int kind, const char *path);
void object_print_path(const struct object *object, FILE *out);

/*
 * Make an object with the values a new one of its kind has. It is there at once, but not
 * announced: call object_announce when its values are set. NULL if there is no memory.
 */
struct object *object_new(struct model *model, int kind, struct object *parent,
			  uint64_t number, const char *name);
void object_announce(struct model *model, struct object *object);
/* Take back object_new. */
void object_discard(struct model *model, struct object *object);
/* Remove it and everything below it, reported as vanished. */
void object_remove(struct model *model, struct object *object);
/* The object or the text of a reference that names object; NULL if nothing does. */
struct object *object_referrer(const struct model *model, const struct object *object);

/*
 * Write one value: for after the next reboot, and unless later is true for now as well.
 * field is the field's place in the values, value has its size. Reports and marks it.
 */
void object_store_row(struct model *model, struct object *object,
		      const struct property *property, const void *value, bool later);
void object_store_at(struct model *model, struct object *object, size_t offset,
		     const void *value, bool later);
#define object_store(model, target, values, field, value, later)             \
	object_store_at((model), &(target)->object, offsetof(values, field), \
			(__typeof__(((values *)0)->field)[1]){ value }, (later))

/* An event, if the object has any. */
void model_report(struct model *model, const struct object *object, int what);
/* A property that has no row changed. */
void object_changed(struct model *model, struct object *object);
/* The row has another value: for the object, and for targets of an LHBA that inherit it. */
void object_row_changed(struct model *model, struct object *object,
			const struct property *property);
/* An event without a reason: a property change, or going and coming. */
void object_storm(struct model *model, struct object *object, bool visibility);
const struct property *kind_property(const struct kind *kind, const char *name);
bool property_is_marked(const struct object *object, unsigned int index);

/* The clock as milliseconds, for differences. */
int64_t model_milliseconds(const struct model *model);

#endif
