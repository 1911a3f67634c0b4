// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * items.c - the objects of one state. No locks: the caller holds that of the plugin.
 */
#include "items.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

uint64_t facts_mix(uint64_t facts, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		facts = (facts ^ bytes[i]) * 0x100000001b3u;
	return facts;
}

uint64_t facts_mix_text(uint64_t facts, const char *text)
{
	return facts_mix(facts, text ? text : "", text ? strlen(text) + 1 : 1);
}

int array_add_pointer(struct array *array, const void *pointer)
{
	const void **place = array_add(array, sizeof(*place));

	if (!place)
		return -ENOMEM;
	*place = pointer;
	return 0;
}

int items_attach(struct items *items, struct object_table *table, struct item *item,
		 IMA_OBJECT_TYPE type, const char *key)
{
	item->object = object_table_get(table, type, key);
	if (!item->object || array_add_pointer(&items->earlier, item->object->data))
		return -ENOMEM;
	if (array_add_pointer(&items->list, item)) {
		items->earlier.count--;
		return -ENOMEM;
	}
	item->object->data = item;
	return 0;
}

void items_undo(struct items *items)
{
	struct item **list = items->list.data;
	struct item **earlier = items->earlier.data;

	/* Backwards: what was attached twice gets back what it had first. */
	for (size_t i = items->list.count; i-- > 0;)
		list[i]->object->data = earlier[i];
}

static bool is_announced(const struct item *item)
{
	IMA_OBJECT_TYPE type = item->object->oid.objectType;

	return type != IMA_OBJECT_TYPE_SESSION && type != IMA_OBJECT_TYPE_CONNECTION;
}

static bool is_visible(const struct item *item)
{
	return item && !item->hidden;
}

static void compare(const struct item *now, const struct item *before,
		    struct notifier *notifier)
{
	if (is_visible(now) != is_visible(before))
		notifier_visibility(notifier, is_visible(now) ? IMA_TRUE : IMA_FALSE,
				    now->object->oid);
	else if (is_visible(now) && now->facts != before->facts)
		notifier_property(notifier, now->object->oid);
}

static void forget_gone(const struct items *old, struct notifier *notifier)
{
	for_each_item(struct item, item, &old->list) {
		if (item->object->data != item)
			continue;
		item->object->data = NULL;
		if (is_announced(item) && is_visible(item))
			notifier_visibility(notifier, IMA_FALSE, item->object->oid);
	}
}

void items_replace(const struct items *old, const struct items *new,
		   struct notifier *notifier)
{
	struct item **earlier = new->earlier.data;
	size_t i = 0;

	if (!old)
		return;
	forget_gone(old, notifier);
	for_each_item(struct item, item, &new->list) {
		if (is_announced(item))
			compare(item, earlier[i], notifier);
		i++;
	}
}

void items_free(struct items *items)
{
	array_free(&items->list);
	array_free(&items->earlier);
}
