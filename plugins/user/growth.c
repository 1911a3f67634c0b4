// SPDX-License-Identifier: LGPL-2.1-or-later
#include "growth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "user.h"

static const struct target *known_target(const char *name)
{
	const struct object *object = object_table_by_key(user.objects,
							  IMA_OBJECT_TYPE_TARGET, name);

	return object ? object->data : NULL;
}

static int count_row(const struct store_row *row, void *count)
{
	(void)row;
	++*(unsigned int *)count;
	return 0;
}

int growth_check(const char *name, bool *is_simple)
{
	const struct target *known = known_target(name);
	unsigned int rows = 0;
	int err = 0;

	if (!known)
		err = store_select(user.store, STORE_TARGET_ID, count_row, &rows, "t",
				   name);
	/* Without a method it is there for its session only. */
	*is_simple = known ? known->methods : !rows;
	return err;
}

/* Hands an entry over to the object it makes exist; there is room in the list. */
static void enter(struct vector *list, struct object *object, void *entry)
{
	vector_add(list, entry);
	object->data = entry;
	events_visible(true, object->oid);
}

int growth_address(const char *text, int64_t id)
{
	struct vector *list = &user.state.addresses;
	struct discovery_address *made = state_make_address(user.objects, text, id);

	if (!made || vector_reserve(list, list->count + 1)) {
		free(made);
		return -ENOMEM;
	}
	enter(list, made->object, made);
	return 0;
}

/* The target that a static target names has one portal more. */
static int grow_target(const struct static_target *entry)
{
	struct vector *list = &user.state.targets;
	struct object *object = object_table_get(user.objects, IMA_OBJECT_TYPE_TARGET,
						 entry->name);
	struct target *target;

	if (!object || vector_reserve(list, list->count + 1))
		return -ENOMEM;
	target = object->data ? object->data : calloc(1, sizeof(*target));
	if (!target)
		return -ENOMEM;
	if (target_add_portal(target, &entry->address, -1, SOURCE_STATIC)) {
		if (!object->data)
			free(target);
		return -ENOMEM;
	}
	target->object = object;
	if (object->data)
		events_changed(object->oid);
	else
		enter(list, object, target);
	return 0;
}

int growth_static(const char *name, const char *text, int64_t id)
{
	struct vector *list = &user.state.static_targets;
	struct static_target *made = state_make_static(user.objects, name, text, id);

	if (!made || vector_reserve(list, list->count + 1)) {
		free(made);
		return -ENOMEM;
	}
	enter(list, made->object, made);
	return user.state.use_static ? grow_target(made) : 0;
}
