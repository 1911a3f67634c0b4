// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stale.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"
#include "state.h"

int stale_add(struct model *model, struct lhba *lhba, const char *text)
{
	size_t length = strlen(text);
	struct stale *entry = malloc(sizeof(*entry) + length + 1);

	if (!entry) {
		model->no_memory = true;
		return -ENOMEM;
	}
	entry->next = NULL;
	entry->lhba = object_id(&lhba->object);
	memcpy(entry->text, text, length + 1);
	*model->stale_end = entry;
	model->stale_end = &entry->next;
	lhba->stale_bytes += length;
	model->dirty = true;
	object_changed(model, &lhba->object);
	return 0;
}

static void unlink_stale(struct model *model, struct stale **place)
{
	struct stale *entry = *place;
	struct object *lhba = object_by_id(model, entry->lhba);

	*place = entry->next;
	if (model->stale_end == &entry->next)
		model->stale_end = place;
	if (lhba) {
		((struct lhba *)lhba)->stale_bytes -= strlen(entry->text);
		object_changed(model, lhba);
	}
	model->dirty = true;
	free(entry);
}

void stale_keep(struct model *model, struct object *object)
{
	struct object *lhba = object;
	char *text = NULL;
	size_t length = 0;
	FILE *out;

	if (!(object->marked[0] | object->marked[1] | object->marked[2]))
		return;
	out = open_memstream(&text, &length);
	while (object_kind(lhba) != KIND_LHBA)
		lhba = lhba->parent;
	if (out)
		object_write(object, true, out);
	if (!out || fclose(out) != 0)
		model->no_memory = true;
	else if (length)
		stale_add(model, (struct lhba *)lhba, text);
	free(text);
}

void stale_apply(struct model *model)
{
	for (struct stale **place = &model->stale; *place;) {
		struct stale *entry = *place;

		if (script_target_is_there(model, entry->text)) {
			script_run_quietly(model, entry->text);
			unlink_stale(model, place);
		} else {
			place = &entry->next;
		}
	}
}

void stale_remove(struct model *model, struct lhba *lhba)
{
	for (struct stale **place = &model->stale; *place;) {
		if ((*place)->lhba == object_id(&lhba->object))
			unlink_stale(model, place);
		else
			place = &(*place)->next;
	}
}

void stale_clear(struct model *model)
{
	while (model->stale)
		unlink_stale(model, &model->stale);
}

void stale_print(const struct model *model, FILE *out)
{
	for (const struct stale *entry = model->stale; entry; entry = entry->next)
		fputs(entry->text, out);
}
