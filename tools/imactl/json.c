// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * json.c - documents for programs: the data with the name of its schema around it.
 */
#include "backend.h"

#include "doc.h"

static struct json_object *envelope(struct context *c, const char *schema,
				    const char *member, struct json_object *content)
{
	struct json_object *doc = doc_new();
	_cleanup_free_ char *name = text_format("imactl/%s/1", schema);

	doc_text(doc, "schema", name);
	doc_add(doc, member, content);
	if (c->warnings)
		doc_add(doc, "warnings", json_object_get(c->warnings));
	return doc;
}

static void json_write(struct json_object *doc, int flags)
{
	puts(json_object_to_json_string_ext(doc, flags | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(doc);
}

static void json_document(struct context *c, const struct view *view,
			  struct json_object *data)
{
	json_write(envelope(c, view->schema, "data", json_object_get(data)),
		   JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
}

static void json_event(struct context *c, const struct view *view,
		       struct json_object *data)
{
	json_write(envelope(c, view->schema, "data", json_object_get(data)),
		   JSON_C_TO_STRING_PLAIN);
}

static void json_failure(struct context *c)
{
	json_write(envelope(c, "error", "error", failure_document(&c->failure)),
		   JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
}

const struct backend json_backend = { json_document, json_event, json_failure };
