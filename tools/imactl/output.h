/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * output.h - how a document reaches people and programs.
 *
 * A view describes the text form of a document: which members it shows, under which
 * heading. The JSON form is the document itself, so it always has all the text form has.
 */
#ifndef IMACTL_OUTPUT_H
#define IMACTL_OUTPUT_H

#include <stdio.h>

#include "imactl.h"

struct view;

/* Text of a member, allocated; value is not NULL. */
typedef char *(*format_fn)(struct json_object *value);

enum { COLUMN_RIGHT = 1 };

struct column {
	const char *heading;
	const char *key;  /* member; "a.b" goes one level down; "" is the value itself */
	format_fn format; /* NULL: by its type */
	unsigned flags;
	const struct view *view; /* the member is shown below, with this view */
};

enum layout {
	LAYOUT_TABLE,  /* data is an array: one line per element */
	LAYOUT_RECORD, /* data is an object, or an array of them: one line per member */
	LAYOUT_TEXT,   /* data is an object: its member "text" */
	LAYOUT_CHANGE, /* the same, unless --quiet */
	LAYOUT_LINES /* data is an object: its member "lines"; without any as a change */
};

struct view {
	const char *schema; /* "target-list" */
	enum layout layout;
	const struct column *columns;
	size_t ncolumns;
	const char *empty; /* what to tell people about an empty table, or NULL */
};

/* A view of an array of columns; further members may follow. */
#define VIEW(layout_, schema_, columns_, ...)                                    \
	{                                                                        \
		.schema = (schema_), .layout = (layout_), .columns = (columns_), \
		.ncolumns = ARRAY_SIZE(columns_), ##__VA_ARGS__                  \
	}

/* Prints data and takes it over. Returns EXIT_DONE, or EXIT_FAILED if it cannot be written. */
int output_document(struct context *c, const struct view *view, struct json_object *data);

/*
 * Adds row to data, which is going to be printed with view, and takes it over. Of a long list only
 * what will be printed is kept, a twentieth of the memory: the row cannot be read any more.
 */
void output_row(struct context *c, const struct view *view, struct json_object *data,
		struct json_object *row);

/* One event of a stream: a line of text, or one document in one line of JSON. */
int output_event(struct context *c, const struct view *view, struct json_object *data);

/*
 * What a changing command did: changed or not, in a sentence; status may say that a reboot is
 * needed.
 */
int output_change(struct context *c, bool changed, IMA_STATUS status, const char *object,
		  const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The failure of the run, on standard error and, with --json, on standard output. */
void output_failure(struct context *c);

/* Formats that several views use. */
char *format_yes_no(struct json_object *value);
char *format_size(struct json_object *value);	   /* bytes: 16.0 MiB */
char *format_bytes(struct json_object *value);	   /* bytes: 16.0 MiB (16777216 bytes) */
char *format_address(struct json_object *value);   /* object of host and port */
char *format_hex8(struct json_object *value);	   /* 0x83 */
char *format_hex16(struct json_object *value);	   /* 0x0960 */
char *format_key_value(struct json_object *value); /* Yes, No or a number */

/* Writes text with everything a terminal would obey replaced. */
void print_safely(FILE *stream, const char *text);

#endif
