// SPDX-License-Identifier: LGPL-2.1-or-later
#include "generate.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "shared/cleanup.h"

/* NAA 3h (locally assigned), target and LUN. */
#define NAA_LOCAL 0x3000000000000000ULL

struct plan {
	uint64_t targets, lus, size;
	char name[200];
	char array[64];
	struct portals portal;
};

#define ROW(text, kind, field, ...)                                    \
	{                                                              \
		.name = (text), .type = VALUE_##kind,                  \
		.offset = (unsigned int)offsetof(struct plan, field),  \
		.size = sizeof(((struct plan *)0)->field), __VA_ARGS__ \
	}
static const struct property rows[] = {
	ROW("targets", NUMBER, targets, .min = 1, .max = 100000),
	ROW("lus", NUMBER, lus, .max = 16384),
	ROW("size", NUMBER, size, .min = 512, .max = 1ULL << 50),
	ROW("name", ISCSI, name, .max = 190),
	ROW("array", TEXT, array),
	ROW("portal", PORTALS, portal),
};

static int parse_plan(const struct statement *statement, struct plan *plan,
		      struct problem *problem)
{
	for (unsigned int i = 1; i < statement->count; i++) {
		const struct word *word = &statement->words[i];
		const struct property *row = rows;

		while (row < rows + ARRAY_SIZE(rows) &&
		       strcmp(row->name, word->text) != 0)
			row++;
		if (row == rows + ARRAY_SIZE(rows) || !word->value)
			return problem_set(problem, word->line,
					   "generate: '%.40s' is not expected",
					   word->text);
		if (value_parse(row, word, (char *)plan + row->offset, NULL, problem) < 0)
			return -EINVAL;
	}
	if (!plan->targets)
		return problem_set(problem, statement->line,
				   "generate: targets is missing");
	if (plan->targets * plan->lus > OBJECTS_MAX / 4)
		return problem_set(problem, statement->line, "generate: more than %u LUs",
				   OBJECTS_MAX / 4);
	if (plan->size % 512)
		return problem_set(problem, statement->line,
				   "generate: size must be a multiple of 512");
	return 0;
}

static int generate_lu(struct model *model, const struct plan *plan,
		       struct object *target, uint64_t number, uint64_t lun)
{
	struct lu *lu = (struct lu *)object_new(model, KIND_LU, target, lun, "");

	if (!lu)
		return -ENOMEM;
	lu->now.size = plan->size;
	lu->now.naa = NAA_LOCAL | number << 20 | lun;
	snprintf(lu->now.serial, sizeof(lu->now.serial), "%08u-%05u",
		 (unsigned int)number, (unsigned int)lun);
	object_announce(model, &lu->object);
	return 0;
}

/* What a statement would have done; so the state file can repeat it when it must. */
static void mark_all(struct model *model, struct object *object)
{
	for (unsigned int i = 0; model->running && i < object->kind->n_properties; i++)
		object->marked[i / 64] |= 1ULL << i % 64;
}

static int generate_target(struct model *model, const struct plan *plan, uint64_t number)
{
	struct target *target;
	char name[224];

	snprintf(name, sizeof(name), "%s%05u", plan->name, (unsigned int)number);
	if (object_find(model, KIND_TARGET, NULL, 0, name))
		return 0;
	target = (struct target *)object_new(model, KIND_TARGET, NULL, 0, name);
	if (!target)
		return -ENOMEM;
	target->now.portals = plan->portal;
	memcpy(target->now.array, plan->array, sizeof(plan->array));
	object_announce(model, &target->object);
	for (uint64_t lun = 0; lun < plan->lus; lun++)
		if (generate_lu(model, plan, &target->object, number, lun) < 0)
			return -ENOMEM;
	mark_all(model, &target->object);
	for_each(lu, &target->object.children[0])
		mark_all(model, lu);
	return 0;
}

int generate(struct model *model, const struct statement *statement,
	     struct problem *problem)
{
	struct plan plan = { .lus = 1,
			     .size = 1ULL << 30,
			     .name = "iqn.2026-11.sim.example:generated",
			     .array = "generated" };

	plan.portal.count = 1;
	plan.portal.list[0] = (struct portal_address){
		.ip = { .family = 4, .bytes = { 192, 0, 2, 1 } }, .port = 3260, .group = 1
	};
	if (parse_plan(statement, &plan, problem) < 0)
		return -EINVAL;
	for (uint64_t number = 0; number < plan.targets; number++)
		if (generate_target(model, &plan, number) < 0)
			return -ENOMEM;
	return 0;
}
