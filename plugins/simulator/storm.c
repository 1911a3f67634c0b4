// SPDX-License-Identifier: LGPL-2.1-or-later
#include "storm.h"

void storm_remember(struct model *model, const struct object *object, bool visibility,
		    uint64_t count, uint64_t number)
{
	model->storms[number % STORMS_KEPT] = (struct storm){
		.number = number,
		.object = object_id(object),
		.count = count,
		.visibility = visibility,
	};
	if (number > model->last_storm)
		model->last_storm = number;
	model->dirty = true;
}

static void raise_all(struct model *model, struct object *object, bool visibility,
		      uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		object_storm(model, object, visibility);
}

void storm_raise(struct model *model, struct object *object, bool visibility,
		 uint64_t count)
{
	raise_all(model, object, visibility, count);
	storm_remember(model, object, visibility, count, model->last_storm + 1);
}

/* Storm number n, NULL if it is forgotten. */
static const struct storm *storm_find(const struct model *model, uint64_t number)
{
	const struct storm *storm = &model->storms[number % STORMS_KEPT];

	return number && storm->number == number ? storm : NULL;
}

static uint64_t first_kept(const struct model *model)
{
	return model->last_storm < STORMS_KEPT ? 1 : model->last_storm - STORMS_KEPT + 1;
}

void storms_compare(const struct model *old, struct model *model)
{
	for (uint64_t i = first_kept(model); i <= model->last_storm; i++) {
		const struct storm *storm = storm_find(model, i);
		struct object *object = storm ? object_by_id(model, storm->object) : NULL;

		if (object && i > old->last_storm)
			raise_all(model, object, storm->visibility, storm->count);
	}
}

void storms_print(const struct model *model, FILE *out)
{
	for (uint64_t i = first_kept(model); i <= model->last_storm; i++) {
		const struct storm *storm = storm_find(model, i);
		const struct object *object = NULL;

		if (!storm)
			continue;
		object = object_by_id(model, storm->object);
		fprintf(out, "storm %s", object ? object->kind->name : "gone");
		if (object)
			fputc(':', out);
		if (object)
			object_print_path(object, out);
		fprintf(out, " %s count=%llu number=%llu\n",
			storm->visibility ? "visibility" : "property",
			(unsigned long long)storm->count, (unsigned long long)i);
	}
}
