// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "alloc.h"
#include "fault.h"
#include "network.h"
#include "shared/cleanup.h"
#include "shared/number.h"
#include "stale.h"

#define PAGE_STANDARD 0x100 /* number of the page "standard": INQUIRY data without EVPD */

/* --- identities --------------------------------------------------------------------- */

int identities_init(struct identities *identities)
{
	*identities = (struct identities){ .n_buckets = 256 };
	identities->buckets = calloc(identities->n_buckets, sizeof(*identities->buckets));
	return identities->buckets ? 0 : -ENOMEM;
}

void identities_free(struct identities *identities)
{
	for (size_t i = 0; i < identities->n_buckets; i++)
		for (struct identity *entry = identities->buckets[i], *next; entry;
		     entry = next) {
			next = entry->chain;
			free(entry);
		}
	free(identities->buckets);
	*identities = (struct identities){ 0 };
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
	return hash ^ hash >> 32;
}

static uint64_t hash_of(int kind, uint64_t parent, uint64_t number, const char *name)
{
	uint64_t hash = mix(mix(mix(1, (uint64_t)kind), parent), number);

	for (; *name; name++)
		hash = mix(hash, (unsigned char)*name);
	return hash;
}

static struct identity *identity_find(const struct identities *identities, int kind,
				      uint64_t parent, uint64_t number, const char *name)
{
	uint64_t hash = hash_of(kind, parent, number, name);
	struct identity *entry = identities->buckets[hash % identities->n_buckets];

	while (entry && !(entry->kind == kind && entry->parent == parent &&
			  entry->number == number && strcmp(entry->name, name) == 0))
		entry = entry->chain;
	return entry;
}

uint64_t identity_id(const struct identities *identities, int kind, uint64_t parent,
		     uint64_t number, const char *name)
{
	const struct identity *entry = identity_find(identities, kind, parent, number,
						     name);

	return entry ? entry->id : 0;
}

/* A table that cannot grow works on, only slower. */
static void identities_grow(struct identities *identities)
{
	size_t n = identities->n_buckets * 4;
	struct identity **buckets = calloc(n, sizeof(*buckets));

	if (!buckets)
		return;
	for (size_t i = 0; i < identities->n_buckets; i++)
		for (struct identity *entry = identities->buckets[i], *next; entry;
		     entry = next) {
			uint64_t hash = hash_of(entry->kind, entry->parent, entry->number,
						entry->name);

			next = entry->chain;
			entry->chain = buckets[hash % n];
			buckets[hash % n] = entry;
		}
	free(identities->buckets);
	identities->buckets = buckets;
	identities->n_buckets = n;
}

static struct identity *identity_get(struct identities *identities, int kind,
				     uint64_t parent, uint64_t number, const char *name)
{
	struct identity *entry = identity_find(identities, kind, parent, number, name);
	struct identity **bucket;

	if (entry)
		return entry;
	if (identities->count >= identities->n_buckets * 2)
		identities_grow(identities);
	entry = malloc(sizeof(*entry) + strlen(name) + 1);
	if (!entry)
		return NULL;
	*entry = (struct identity){ .id = ++identities->count,
				    .parent = parent,
				    .number = number,
				    .kind = kind };
	memcpy(entry->name, name, strlen(name) + 1);
	bucket = &identities->buckets[hash_of(kind, parent, number, name) %
				      identities->n_buckets];
	entry->chain = *bucket;
	*bucket = entry;
	return entry;
}

/* --- the model ---------------------------------------------------------------------- */

struct model *model_new(struct identities *identities)
{
	struct model *model = calloc(1, sizeof(*model));

	if (!model)
		return NULL;
	model->identities = identities;
	model->faults_end = &model->faults;
	model->stale_end = &model->stale;
	model->machine = (struct machine *)object_new(model, KIND_MACHINE, NULL, 0, "");
	if (!model->machine) {
		model_free(model);
		return NULL;
	}
	model->clock = model->machine->now.clock_start;
	return model;
}

/* Values may hold secrets. */
static void object_free(struct object *object)
{
	explicit_bzero(object, object->kind->size);
	free(object);
}

void model_free(struct model *model)
{
	if (!model)
		return;
	faults_clear(model);
	stale_clear(model);
	for (size_t i = 0; i < model->by_id_size; i++)
		if (model->by_id[i])
			object_free(model->by_id[i]);
	free(model->by_id);
	for (size_t i = 0; i < ARRAY_SIZE(model->devices); i++)
		free(model->devices[i].used);
	free(model->changes);
	free(model->removals);
	free(model);
}

int64_t model_milliseconds(const struct model *model)
{
	return model->clock * 1000 + model->milliseconds;
}

/* --- finding ------------------------------------------------------------------------ */

struct object_list *object_siblings(struct model *model, int kind, struct object *parent)
{
	return parent ? &parent->children[kinds[kind].slot] : &model->roots[kind];
}

struct object *object_by_id(const struct model *model, uint64_t id)
{
	return id < model->by_id_size ? model->by_id[id] : NULL;
}

struct object *object_find(const struct model *model, int kind,
			   const struct object *parent, uint64_t number, const char *name)
{
	uint64_t id = identity_id(model->identities, kind, object_id(parent), number,
				  name);

	return id ? object_by_id(model, id) : NULL;
}

static bool is_word(const char *text)
{
	return *text && strlen(text) < 64 &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789-._")] == 0;
}

static int parse_endpoint_name(const char *text, struct key *key)
{
	if (endpoint_parse(text, &key->endpoint) < 0 || !key->endpoint.host[0])
		return -EINVAL;
	address_format(&key->endpoint, key->name);
	return 0;
}

static int parse_static_name(const char *text, struct key *key)
{
	const char *at = strchr(text, '@');
	size_t length = at ? (size_t)(at - text) : 0;
	char name[224];

	if (!at || length >= sizeof(name))
		return -EINVAL;
	memcpy(name, text, length);
	name[length] = 0;
	if (!iscsi_name_is_valid(name) || parse_endpoint_name(at + 1, key) < 0)
		return -EINVAL;
	memmove(key->name + length + 1, key->name, strlen(key->name) + 1);
	memcpy(key->name, name, length);
	key->name[length] = '@';
	return 0;
}

static int parse_page_name(const char *text, struct key *key)
{
	if (strcmp(text, "standard") != 0)
		return number_parse(text, 0, 255, &key->number);
	key->number = PAGE_STANDARD;
	return 0;
}

static int parse_lun_name(const char *text, struct key *key)
{
	return number_parse(text, 0, UINT64_MAX, &key->number);
}

static int parse_no_name(const char *text, struct key *key)
{
	(void)key;
	return *text ? -EINVAL : 0;
}

static int parse_word_name(const char *text, struct key *key)
{
	if (!is_word(text))
		return -EINVAL;
	memcpy(key->name, text, strlen(text) + 1);
	return 0;
}

static int parse_iscsi_name(const char *text, struct key *key)
{
	if (!iscsi_name_is_valid(text))
		return -EINVAL;
	memcpy(key->name, text, strlen(text) + 1);
	return 0;
}

static int (*const name_parsers[])(const char *text, struct key *key) = {
	[NAME_NONE] = parse_no_name,	   [NAME_WORD] = parse_word_name,
	[NAME_ISCSI] = parse_iscsi_name,   [NAME_ENDPOINT] = parse_endpoint_name,
	[NAME_STATIC] = parse_static_name, [NAME_LUN] = parse_lun_name,
	[NAME_PAGE] = parse_page_name,
};

/* Which kind the parent is shows the number of parts of its path. */
static int parent_kind(const struct kind *kind, const char *path, size_t length)
{
	if (kind->parents[1] >= 0 && memchr(path, '/', length))
		return kind->parents[1];
	return kind->parents[0];
}

int path_parse(const struct model *model, int kind, const char *path, struct key *key)
{
	const char *last = strrchr(path, '/');
	char parent[512];

	memset(key, 0, sizeof(*key));
	if ((kinds[kind].parents[0] >= 0) != (last != NULL))
		return -EINVAL;
	if (last) {
		size_t length = (size_t)(last - path);

		if (length >= sizeof(parent))
			return -EINVAL;
		memcpy(parent, path, length);
		parent[length] = 0;
		key->parent = object_find_path(
			model, parent_kind(&kinds[kind], path, length), parent);
		if (!key->parent)
			return -ENOENT;
	}
	return name_parsers[kinds[kind].form](last ? last + 1 : path, key);
}

struct object *object_find_path(const struct model *model, int kind, const char *path)
{
	struct key key;

	if (path_parse(model, kind, path, &key) < 0)
		return NULL;
	return object_find(model, kind, key.parent, key.number, key.name);
}

void object_print_path(const struct object *object, FILE *out)
{
	if (object->parent) {
		object_print_path(object->parent, out);
		fputc('/', out);
	}
	if (object->kind->form == NAME_LUN)
		fprintf(out, "%llu", (unsigned long long)object->identity->number);
	else if (object->kind->form == NAME_PAGE &&
		 object->identity->number == PAGE_STANDARD)
		fputs("standard", out);
	else if (object->kind->form == NAME_PAGE)
		fprintf(out, "0x%02llx", (unsigned long long)object->identity->number);
	else
		fputs(object->identity->name, out);
}

const struct property *kind_property(const struct kind *kind, const char *name)
{
	for (unsigned int i = 0; i < kind->n_properties; i++)
		if (strcmp(kind->properties[i].name, name) == 0)
			return &kind->properties[i];
	return NULL;
}

/* --- making and removing ------------------------------------------------------------ */

static void list_append(struct object_list *list, struct object *object)
{
	object->previous = list->last;
	if (list->last)
		list->last->next = object;
	else
		list->first = object;
	list->last = object;
	list->count++;
}

static void list_unlink(struct object_list *list, struct object *object)
{
	if (object->previous)
		object->previous->next = object->next;
	else
		list->first = object->next;
	if (object->next)
		object->next->previous = object->previous;
	else
		list->last = object->previous;
	list->count--;
}

static int reserve_id(struct model *model, uint64_t id)
{
	size_t size = model->by_id_size ? model->by_id_size : 64;
	struct object **grown;

	if (id < model->by_id_size)
		return 0;
	while (size <= id)
		size *= 2;
	grown = reallocarray(model->by_id, size, sizeof(struct object *));
	if (!grown)
		return -ENOMEM;
	memset(grown + model->by_id_size, 0,
	       (size - model->by_id_size) * sizeof(struct object *));
	model->by_id = grown;
	model->by_id_size = size;
	return 0;
}

static struct object *object_allocate(const struct kind *kind)
{
	/* The lists of children stand behind the object. */
	size_t lists = kind->n_children * sizeof(struct object_list);
	size_t start = (kind->size + _Alignof(struct object_list) - 1) &
		       ~(_Alignof(struct object_list) - 1);
	struct object *object = calloc(1, start + lists);

	if (!object)
		return NULL;
	object->kind = kind;
	if (lists)
		object->children = (struct object_list *)(void *)((char *)object + start);
	if (kind->defaults) {
		memcpy(object_now(object), kind->defaults, kind->values_size);
		memcpy(object_next(object), kind->defaults, kind->values_size);
	}
	return object;
}

struct object *object_new(struct model *model, int kind, struct object *parent,
			  uint64_t number, const char *name)
{
	struct identity *identity = identity_get(model->identities, kind,
						 object_id(parent), number, name);
	struct object *object;

	if (allocation_fails())
		return NULL;
	if (!identity || model->count >= OBJECTS_MAX ||
	    reserve_id(model, identity->id) < 0)
		return NULL;
	object = object_allocate(&kinds[kind]);
	if (!object)
		return NULL;
	object->identity = identity;
	object->parent = parent;
	object->added = model->running && !kinds[kind].internal;
	list_append(object_siblings(model, kind, parent), object);
	model->by_id[identity->id] = object;
	model->count++;
	return object;
}

static struct change *change_add(struct model *model)
{
	size_t size = model->changes_size ? model->changes_size * 2 : 64;
	struct change *grown;

	if (model->n_changes < model->changes_size)
		return &model->changes[model->n_changes++];
	grown = reallocarray(model->changes, size, sizeof(*grown));
	if (!grown) {
		model->no_memory = true;
		return NULL;
	}
	model->changes = grown;
	model->changes_size = size;
	return &model->changes[model->n_changes++];
}

/* Sessions, connections and what is only on the network have no events. */
static bool is_reported(const struct model *model, const struct object *object)
{
	IMA_OBJECT_TYPE type = object->kind->type;
	bool is_source = object_kind(object) == KIND_DISCOVERY ||
			 object_kind(object) == KIND_STATIC;

	/* Clients were told that it is gone. */
	if (is_source && ((const struct source *)object)->now.removed)
		return false;
	return model->running && type != IMA_OBJECT_TYPE_UNKNOWN &&
	       type <= IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET;
}

void model_report(struct model *model, const struct object *object, int what)
{
	struct change *change = is_reported(model, object) ? change_add(model) : NULL;

	if (!change)
		return;
	change->id = object_id(object);
	change->kind = object_kind(object);
	change->what = what;
}

void object_announce(struct model *model, struct object *object)
{
	model_report(model, object, CHANGE_APPEARED);
	if (!object->kind->internal)
		model->unsettled = true;
	if (model->running && !object->kind->internal)
		model->dirty = true;
}

void object_changed(struct model *model, struct object *object)
{
	/* One report per call and object; sim.c ends the call and clears the mark. */
	if (object->event_pending || !is_reported(model, object))
		return;
	object->event_pending = true;
	model_report(model, object, CHANGE_PROPERTY);
}

void object_storm(struct model *model, struct object *object, bool visibility)
{
	model_report(model, object, visibility ? CHANGE_VANISHED : CHANGE_PROPERTY);
	if (visibility)
		model_report(model, object, CHANGE_APPEARED);
}

/* Remember that a thing of the scenario is gone, for the state file. */
static void note_removal(struct model *model, const struct object *object)
{
	char *text = NULL, *grown;
	size_t length = 0;
	FILE *out;

	model->dirty = true;
	if (object->added)
		return;
	out = open_memstream(&text, &length);
	if (out) {
		fprintf(out, "%s ", object->kind->name);
		object_print_path(object, out);
		fputs(" remove\n", out);
	}
	grown = out && fclose(out) == 0
			? realloc(model->removals, model->removals_length + length + 1)
			: NULL;
	if (grown) {
		memcpy(grown + model->removals_length, text, length + 1);
		model->removals = grown;
		model->removals_length += length;
	} else {
		model->no_memory = true;
	}
	free(text);
}

void object_discard(struct model *model, struct object *object)
{
	list_unlink(object_siblings(model, object_kind(object), object->parent), object);
	model->by_id[object_id(object)] = NULL;
	model->count--;
	object_free(object);
}

static void remove_one(struct model *model, struct object *object)
{
	dependents_remove(model, object);
	model_report(model, object, CHANGE_VANISHED);
	if (!object->kind->internal)
		model->unsettled = true;
	object_discard(model, object);
}

static void remove_tree(struct model *model, struct object *object)
{
	for (unsigned int i = 0; i < object->kind->n_children; i++)
		for_each_safe(child, &object->children[i]) remove_tree(model, child);
	remove_one(model, object);
}

void object_remove(struct model *model, struct object *object)
{
	if (model->running && !object->kind->internal)
		note_removal(model, object);
	remove_tree(model, object);
}

static bool values_refer_to(const struct object *user, const void *values,
			    const struct object *object)
{
	for (unsigned int i = 0; i < user->kind->n_properties; i++) {
		const struct property *property = &user->kind->properties[i];
		const void *field = (const char *)values + property->offset;

		if (property->type == VALUE_OBJECT &&
		    *(struct object *const *)field == object)
			return true;
		if (property->type != VALUE_OBJECTS)
			continue;
		for (unsigned int k = 0; k < ((const struct references *)field)->count;
		     k++)
			if (((const struct references *)field)->list[k] == object)
				return true;
	}
	return false;
}

struct object *object_referrer(const struct model *model, const struct object *object)
{
	for (size_t i = 0; i < model->by_id_size; i++) {
		struct object *user = model->by_id[i];

		if (user && (values_refer_to(user, object_now(user), object) ||
			     values_refer_to(user, object_next(user), object)))
			return user;
	}
	return NULL;
}

/* --- values ------------------------------------------------------------------------- */

bool property_is_marked(const struct object *object, unsigned int index)
{
	return object->marked[index / 64] >> index % 64 & 1;
}

void object_row_changed(struct model *model, struct object *object,
			const struct property *property)
{
	const struct property *own;

	if (!(property->flags & PROPERTY_HIDDEN))
		object_changed(model, object);
	if (!(property->flags & PROPERTY_INHERITED))
		return;
	own = kind_property(&kinds[KIND_FOUND], property->name);
	for_each(found, &object->children[2])
		if (!own || !value_is_own(own, (char *)object_now(found) + own->offset))
			object_changed(model, found);
}

static void note_value(struct model *model, struct object *object,
		       const struct property *property, bool in_force)
{
	unsigned int index = (unsigned int)(property - object->kind->properties);

	if (model->running) {
		object->marked[index / 64] |= 1ULL << index % 64;
		model->dirty = true;
	}
	if (!in_force)
		return;
	if (object->kind->network || property->flags & PROPERTY_NETWORK)
		model->unsettled = true;
	object_row_changed(model, object, property);
}

void object_store_row(struct model *model, struct object *object,
		      const struct property *property, const void *value, bool later)
{
	char *now = (char *)object_now(object) + property->offset;
	char *next = (char *)object_next(object) + property->offset;
	bool in_force = !later && !value_equal(property, now, value);

	if (!in_force && value_equal(property, next, value))
		return;
	memcpy(next, value, property->size);
	if (!later)
		memcpy(now, value, property->size);
	note_value(model, object, property, in_force);
}

void object_store_at(struct model *model, struct object *object, size_t offset,
		     const void *value, bool later)
{
	const struct property *property = object->kind->properties;

	while (property->offset != offset)
		property++;
	object_store_row(model, object, property, value, later);
}
