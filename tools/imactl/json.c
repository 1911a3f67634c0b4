// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * json.c - documents for programs: the data with the name of its schema around it.
 */
#include "backend.h"

#include <string.h>

#include "doc.h"

#define PRETTY (JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED)

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

static const char *json_text(struct json_object *doc, int flags)
{
	const char *text = json_object_to_json_string_ext(
		doc, flags | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (!text)
		out_of_memory();
	return text;
}

static void json_write(struct json_object *doc, int flags)
{
	puts(json_text(doc, flags));
	json_object_put(doc);
}

/* --- rows ------------------------------------------------------------------------------- */

/*
 * A row that is text already stands in its document as a mark, which is in no JSON: control
 * characters are escaped.
 */
#define MARK '\1'

static int print_mark(struct json_object *row, struct printbuf *buffer, int level,
		      int flags)
{
	static const char mark[] = { MARK };

	(void)row;
	(void)level;
	(void)flags;
	return printbuf_memappend(buffer, mark, sizeof(mark));
}

static struct json_object *json_row(struct context *c, const struct view *view,
				    struct json_object *row)
{
	struct json_object *text = doc_string(json_text(row, PRETTY));

	(void)c;
	(void)view;
	json_object_put(row);
	json_object_set_serializer(text, print_mark, NULL, NULL);
	return text;
}

/* Each line but the first gets what stands before the first. */
static void write_indented(const char *text, size_t indent)
{
	for (const char *end = strchr(text, '\n'); end; end = strchr(text, '\n')) {
		printf("%.*s%*s", (int)(end + 1 - text), text, (int)indent, "");
		text = end + 1;
	}
	fputs(text, stdout);
}

/* Marks stand on lines of their own, in the order of the rows. */
static void write_marked(const char *text, struct json_object *rows)
{
	size_t row = 0;

	for (const char *mark = strchr(text, MARK); mark; mark = strchr(text, MARK)) {
		const char *line = memrchr(text, '\n', (size_t)(mark - text));

		fwrite(text, 1, (size_t)(mark - text), stdout);
		write_indented(
			json_object_get_string(json_object_array_get_idx(rows, row++)),
			(size_t)(mark - line - 1));
		text = mark + 1;
	}
	puts(text);
}

static void json_document(struct context *c, const struct view *view,
			  struct json_object *data)
{
	struct json_object *doc = envelope(c, view->schema, "data",
					   json_object_get(data));

	write_marked(json_text(doc, PRETTY), data);
	json_object_put(doc);
}

static void json_event(struct context *c, const struct view *view,
		       struct json_object *data)
{
	json_write(envelope(c, view->schema, "data", json_object_get(data)),
		   JSON_C_TO_STRING_PLAIN);
}

static void json_failure(struct context *c)
{
	json_write(envelope(c, "error", "error", failure_document(&c->failure)), PRETTY);
}

const struct backend json_backend = { json_document, json_event, json_failure, json_row };
