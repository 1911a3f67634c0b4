// SPDX-License-Identifier: LGPL-2.1-or-later
#include "state.h"

#include <string.h>

#include "fault.h"
#include "shared/cleanup.h"
#include "stale.h"
#include "storm.h"

static void print_assignment(const struct property *property, const void *values,
			     FILE *out)
{
	_cleanup_free_ char *text = NULL;
	size_t length = 0;
	FILE *value = open_memstream(&text, &length);

	if (!value)
		return;
	value_print(property, (const char *)values + property->offset, value);
	if (fclose(value) == 0) {
		fprintf(out, " %s=", property->name);
		text_print_quoted(text, out);
	}
	if (text)
		explicit_bzero(text, length);
}

static void print_head(const struct object *object, const char *verb, FILE *out)
{
	fprintf(out, "%s ", object->kind->name);
	if (object->kind->form != NAME_NONE) {
		object_print_path(object, out);
		fputc(' ', out);
	}
	fputs(verb, out);
}

static bool is_pending(const struct object *object, const struct property *property)
{
	return object->kind->next && !(property->flags & PROPERTY_NOW) &&
	       !value_equal(property, (char *)object_now(object) + property->offset,
			    (char *)object_next(object) + property->offset);
}

enum { WRITE_PENDING = 1, WRITE_SECRETS = 2 };

static bool is_written(const struct object *object, unsigned int row, unsigned int how)
{
	const struct property *property = &object->kind->properties[row];

	return property_is_marked(object, row) &&
	       (!(how & WRITE_PENDING) || is_pending(object, property)) &&
	       (how & WRITE_SECRETS || !(property->flags & PROPERTY_SECRET));
}

/* The marked rows in one statement; pending: only those with another value for later. */
static void write_rows(const struct object *object, const char *verb, const void *values,
		       unsigned int how, FILE *out)
{
	bool any = false;

	for (unsigned int i = 0; i < object->kind->n_properties; i++) {
		if (!is_written(object, i, how))
			continue;
		if (!any)
			print_head(object, verb, out);
		any = true;
		print_assignment(&object->kind->properties[i], values, out);
	}
	if (any)
		fputc('\n', out);
}

/* A new object gets its values with "add", because some kinds must not be without. */
void object_write(const struct object *object, bool secrets, FILE *out)
{
	bool marked = object->marked[0] || object->marked[1] || object->marked[2];
	unsigned int how = secrets ? WRITE_SECRETS : 0;

	if (object->added && !marked) {
		print_head(object, "add", out);
		fputc('\n', out);
	}
	if (!marked)
		return;
	write_rows(object, object->added ? "add" : "set", object_now(object), how, out);
	write_rows(object, "later", object_next(object), how | WRITE_PENDING, out);
}

void object_show(const struct object *object, FILE *out)
{
	print_head(object, "set", out);
	for (unsigned int i = 0; i < object->kind->n_properties; i++) {
		const struct property *property = &object->kind->properties[i];

		if (!(property->flags & PROPERTY_SECRET))
			print_assignment(property, object_now(object), out);
	}
	fputc('\n', out);
}

static void write_tree(const struct object *object, int kind, bool secrets, FILE *out)
{
	if (object_kind(object) == kind)
		object_write(object, secrets, out);
	for (unsigned int i = 0; i < object->kind->n_children; i++)
		for_each(child, &object->children[i])
			write_tree(child, kind, secrets, out);
}

/* Kind by kind, because a kind refers to earlier kinds only. */
static void write_kind(const struct model *model, int kind, bool secrets, FILE *out)
{
	for (int root = 0; root < KINDS; root++)
		for_each(object, &model->roots[root])
			write_tree(object, kind, secrets, out);
}

void model_write(const struct model *model, bool secrets, FILE *out)
{
	if (model->removals)
		fputs(model->removals, out);
	for (int kind = 0; kind < KIND_SESSION; kind++)
		write_kind(model, kind, secrets, out);
	fputs("forget-stale\n", out);
	stale_print(model, out);
	fputs("fault clear\n", out);
	faults_print(model, false, out);
	storms_print(model, out);
	fputs("clock set ", out);
	time_print(model->clock, out);
	fputc('\n', out);
}
