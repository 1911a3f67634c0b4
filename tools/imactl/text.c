// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * text.c - documents for people: tables and records, through libsmartcols.
 */
#include "backend.h"

#include <string.h>
#include <strings.h>

#include <libsmartcols.h>

#include "doc.h"

static struct json_object *member_at(struct json_object *data, const char *path)
{
	const char *dot = strchr(path, '.');
	char first[64];

	if (!*path)
		return data;
	if (!dot)
		return doc_get(data, path);
	snprintf(first, sizeof(first), "%.*s", (int)(dot - path), path);
	return member_at(doc_get(data, first), dot + 1);
}

static char *format_array(struct json_object *value, format_fn format);

static char *format_value(struct json_object *value, format_fn format)
{
	if (json_object_is_type(value, json_type_array))
		return format_array(value, format);
	if (!value)
		return text_format("-");
	if (format)
		return format(value);
	if (json_object_is_type(value, json_type_boolean))
		return format_yes_no(value);
	return text_format("%s", json_object_get_string(value));
}

static char *format_array(struct json_object *value, format_fn format)
{
	size_t n = json_object_array_length(value);
	char *all = n ? NULL : text_format("-");

	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *before = all;
		_cleanup_free_ char *one = format_value(
			json_object_array_get_idx(value, i), format);

		all = text_format("%s%s%s", before ? before : "", before ? ", " : "",
				  one);
	}
	return all;
}

/* A member the object does not have is not shown in a record; one that is null is a dash. */
static bool has_member(struct json_object *data, const char *path)
{
	const char *dot = strchr(path, '.');
	char first[64];

	if (!*path)
		return true;
	if (!dot)
		return json_object_object_get_ex(data, path, NULL);
	snprintf(first, sizeof(first), "%.*s", (int)(dot - path), path);
	return has_member(doc_get(data, first), dot + 1);
}

static struct libscols_table *new_table(bool headings)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		out_of_memory();
	scols_table_enable_noheadings(table, !headings);
	/* Never cut: names are there to be copied. A terminal wraps, a pipe does not care. */
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	return table;
}

static void add_cell(struct libscols_line *line, size_t place, char *text)
{
	if (scols_line_refer_data(line, place, text))
		out_of_memory();
}

static struct libscols_line *new_line(struct libscols_table *table)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);

	if (!line)
		out_of_memory();
	return line;
}

/* The columns to show: those --columns names, in its order, or all. */
struct selection {
	const struct column *column[64];
	size_t count;
};

static bool column_is_called(const struct column *column, const char *name, size_t length)
{
	return strlen(column->heading) == length &&
	       !strncasecmp(column->heading, name, length);
}

static const struct column *column_called(const struct view *view, const char *name,
					  size_t length)
{
	for (size_t i = 0; i < view->ncolumns; i++)
		if (column_is_called(&view->columns[i], name, length))
			return &view->columns[i];
	return NULL;
}

static void select_all(const struct view *view, struct selection *selection)
{
	for (size_t i = 0; i < view->ncolumns && i < ARRAY_SIZE(selection->column); i++)
		selection->column[selection->count++] = &view->columns[i];
}

static int no_such_column(struct context *c, const struct view *view, const char *name,
			  size_t length)
{
	char *all = NULL;

	for (size_t i = 0; i < view->ncolumns; i++) {
		_cleanup_free_ char *before = all;

		all = text_format("%s%s%s", before ? before : "", before ? ", " : "",
				  view->columns[i].heading);
	}
	keep(c, all);
	return refused(c, EXIT_USAGE, "there is no column \"%.*s\", there are: %s",
		       (int)length, name, all);
}

static int select_columns(struct context *c, const struct view *view,
			  struct selection *selection)
{
	const char *names = c->option[OPT_COLUMNS];

	selection->count = 0;
	if (!names)
		return select_all(view, selection), EXIT_DONE;
	do {
		size_t n = strcspn(names, ",");
		const struct column *column = column_called(view, names, n);

		if (!column || selection->count == ARRAY_SIZE(selection->column))
			return no_such_column(c, view, names, n);
		selection->column[selection->count++] = column;
		names += n;
	} while (*names++);
	return EXIT_DONE;
}

/* A row that was made into its cells: texts with their zero bytes, one after the other. */
static char cells_mark;

static bool is_cells(struct json_object *row)
{
	return json_object_get_userdata(row) == &cells_mark;
}

static struct json_object *cells_of(const struct selection *selection,
				    struct json_object *row)
{
	struct json_object *cells;
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		out_of_memory();
	for (size_t i = 0; i < selection->count; i++) {
		_cleanup_free_ char *cell = format_value(
			member_at(row, selection->column[i]->key),
			selection->column[i]->format);

		fwrite(cell, 1, strlen(cell) + 1, stream);
	}
	if (fclose(stream))
		out_of_memory();
	cells = json_object_new_string_len(text, (int)size);
	free(text);
	if (!cells)
		out_of_memory();
	json_object_set_userdata(cells, &cells_mark, NULL);
	return cells;
}

static struct json_object *text_row(struct context *c, const struct view *view,
				    struct json_object *row)
{
	struct selection selection;
	struct json_object *cells;

	if (view->layout != LAYOUT_TABLE || select_columns(c, view, &selection))
		return row;
	cells = cells_of(&selection, row);
	json_object_put(row);
	return cells;
}

static void add_row(struct libscols_line *line, const struct selection *selection,
		    struct json_object *row)
{
	const char *cell = is_cells(row) ? json_object_get_string(row) : NULL;

	for (size_t i = 0; i < selection->count; i++) {
		const struct column *column = selection->column[i];

		add_cell(
			line, i,
			cell ? text_format("%s", cell)
			     : format_value(member_at(row, column->key), column->format));
		cell = cell ? cell + strlen(cell) + 1 : NULL;
	}
}

static void print_rows(struct context *c, const struct selection *selection,
		       struct json_object *data)
{
	struct libscols_table *table = new_table(!given(c, OPT_NO_HEADINGS));
	size_t rows = json_object_array_length(data);

	for (size_t i = 0; i < selection->count; i++)
		if (!scols_table_new_column(table, selection->column[i]->heading, 0,
					    selection->column[i]->flags & COLUMN_RIGHT
						    ? SCOLS_FL_RIGHT
						    : 0))
			out_of_memory();
	for (size_t r = 0; r < rows; r++) {
		struct json_object *row = json_object_array_get_idx(data, r);

		add_row(new_line(table), selection, row);
	}
	scols_print_table(table);
	scols_unref_table(table);
}

static void print_view(struct context *c, const struct view *view,
		       struct json_object *data);

/* The members that are arrays of their own, each below the record with its heading. */
static void print_nested(struct context *c, const struct selection *selection,
			 struct json_object *data)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct column *column = selection->column[i];
		struct json_object *member = member_at(data, column->key);

		if (!column->view || !member)
			continue;
		if (json_object_is_type(member, json_type_array) &&
		    !json_object_array_length(member))
			continue;
		printf("\n%s:\n", column->heading);
		print_view(c, column->view, member);
	}
}

static void print_record(struct context *c, const struct selection *selection,
			 struct json_object *data)
{
	struct libscols_table *table = new_table(false);

	if (!scols_table_new_column(table, "FIELD", 0, 0) ||
	    !scols_table_new_column(table, "VALUE", 0, 0))
		out_of_memory();
	for (size_t i = 0; i < selection->count; i++) {
		const struct column *column = selection->column[i];
		struct libscols_line *line;

		if (column->view || !has_member(data, column->key))
			continue;
		line = new_line(table);
		add_cell(line, 0,
			 given(c, OPT_NO_HEADINGS) ? text_format("%s", "")
						   : text_format("%s:", column->heading));
		add_cell(line, 1,
			 format_value(member_at(data, column->key), column->format));
	}
	if (!scols_table_is_empty(table))
		scols_print_table(table);
	scols_unref_table(table);
	print_nested(c, selection, data);
}

static void print_records(struct context *c, const struct selection *selection,
			  struct json_object *data)
{
	if (!json_object_is_type(data, json_type_array))
		return print_record(c, selection, data);
	for (size_t i = 0; i < json_object_array_length(data); i++) {
		if (i)
			putchar('\n');
		print_record(c, selection, json_object_array_get_idx(data, i));
	}
}

static void print_view(struct context *c, const struct view *view,
		       struct json_object *data)
{
	struct selection selection = { 0 };

	select_all(view, &selection);
	if (view->layout == LAYOUT_TABLE)
		print_rows(c, &selection, data);
	else
		print_records(c, &selection, data);
}

static void print_text(struct json_object *data)
{
	const char *text = doc_get_text(data, "text");

	if (!text)
		return;
	print_safely(stdout, text);
	putchar('\n');
}

/* What something else has to say, line by line; if it says nothing, what was done. */
static void print_lines(struct context *c, struct json_object *data)
{
	struct json_object *lines = doc_get(data, "lines");
	size_t n = json_object_array_length(lines);

	for (size_t i = 0; i < n; i++) {
		print_safely(stdout,
			     json_object_get_string(json_object_array_get_idx(lines, i)));
		putchar('\n');
	}
	if (!n && !given(c, OPT_QUIET))
		print_text(data);
}

static void print_table(struct context *c, const struct view *view,
			const struct selection *selection, struct json_object *data)
{
	if (json_object_array_length(data))
		print_rows(c, selection, data);
	else if (view->empty && isatty(STDERR_FILENO))
		fprintf(stderr, "imactl: %s\n", view->empty);
}

static void text_document(struct context *c, const struct view *view,
			  struct json_object *data)
{
	struct selection selection;

	if (view->layout == LAYOUT_CHANGE && given(c, OPT_QUIET))
		return;
	if (view->layout == LAYOUT_TEXT || view->layout == LAYOUT_CHANGE)
		return print_text(data);
	if (view->layout == LAYOUT_LINES)
		return print_lines(c, data);
	if (select_columns(c, view, &selection))
		return;
	if (view->layout == LAYOUT_RECORD)
		return print_records(c, &selection, data);
	print_table(c, view, &selection, data);
}

static void text_event(struct context *c, const struct view *view,
		       struct json_object *data)
{
	struct selection selection;

	if (select_columns(c, view, &selection))
		return;
	for (size_t i = 0; i < selection.count; i++) {
		_cleanup_free_ char *text = format_value(
			member_at(data, selection.column[i]->key),
			selection.column[i]->format);

		if (i)
			putchar(' ');
		print_safely(stdout, text);
	}
	putchar('\n');
}

static void text_failure(struct context *c)
{
	(void)c; /* standard error has it all */
}

const struct backend text_backend = { text_document, text_event, text_failure, text_row };
