// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * json.c - documents for programs: the data with the name of its schema around it.
 */
#include "backend.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
 * Rows are text already when their document is complete: a file in memory, which no pages of this
 * process are touched for. In the document a mark stands for all of them; it is in no JSON, whose
 * control characters are escaped.
 */
#define MARK	   '\1'
#define ROW_INDENT "    "
#define BLOCK	   65536

static struct rows {
	FILE *file;
	char block[BLOCK];
} rows;

static int print_mark(struct json_object *row, struct printbuf *buffer, int level,
		      int flags)
{
	static const char mark[] = { MARK };

	(void)row;
	(void)level;
	(void)flags;
	return printbuf_memappend(buffer, mark, sizeof(mark));
}

static struct json_object *open_rows(void)
{
	int fd = memfd_create("imactl", MFD_CLOEXEC);
	struct json_object *mark = doc_string("rows");

	rows.file = fd < 0 ? NULL : fdopen(fd, "w+");
	if (!rows.file)
		out_of_memory();
	setvbuf(rows.file, rows.block, _IOFBF, BLOCK);
	json_object_set_serializer(mark, print_mark, NULL, NULL);
	return mark;
}

/* Each line but the first of a row gets what stands before the mark. */
static void write_row(const char *text)
{
	for (const char *end = strchr(text, '\n'); end; end = strchr(text, '\n')) {
		fwrite(text, 1, (size_t)(end + 1 - text), rows.file);
		fputs(ROW_INDENT, rows.file);
		text = end + 1;
	}
	fputs(text, rows.file);
}

static struct json_object *json_row(struct context *c, const struct view *view,
				    struct json_object *row)
{
	struct json_object *mark = NULL;

	(void)c;
	(void)view;
	if (!rows.file)
		mark = open_rows();
	else
		fputs(",\n" ROW_INDENT, rows.file);
	write_row(json_text(row, PRETTY));
	json_object_put(row);
	return mark;
}

/* What was written is read past the buffer of the file, which nothing is left in. */
static void copy_rows(void)
{
	int fd = fileno(rows.file);
	ssize_t n;

	if (fflush(rows.file) || ferror(rows.file) || lseek(fd, 0, SEEK_SET))
		out_of_memory();
	while ((n = read(fd, rows.block, BLOCK)) > 0)
		fwrite(rows.block, 1, (size_t)n, stdout);
	if (n)
		out_of_memory();
}

static void close_rows(void)
{
	if (rows.file)
		fclose(rows.file);
	rows.file = NULL;
}

static void json_document(struct context *c, const struct view *view,
			  struct json_object *data)
{
	struct json_object *doc = envelope(c, view->schema, "data",
					   json_object_get(data));
	const char *text = json_text(doc, PRETTY), *mark = strchr(text, MARK);

	if (mark) {
		fwrite(text, 1, (size_t)(mark - text), stdout);
		copy_rows();
		text = mark + 1;
	}
	puts(text);
	json_object_put(doc);
	close_rows();
}

static void json_event(struct context *c, const struct view *view,
		       struct json_object *data)
{
	json_write(envelope(c, view->schema, "data", json_object_get(data)),
		   JSON_C_TO_STRING_PLAIN);
}

static void json_failure(struct context *c)
{
	close_rows();
	json_write(envelope(c, "error", "error", failure_document(&c->failure)), PRETTY);
}

const struct backend json_backend = { json_document, json_event, json_failure, json_row };
