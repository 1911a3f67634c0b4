// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fields.h"

#include "doc.h"

uint64_t be(const uint8_t *data, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value << 8 | data[i];
	return value;
}

static void add_field(struct json_object *doc, const struct field *field, struct bytes b)
{
	size_t n = field->bits < 8 ? 1 : field->bits / 8;
	uint64_t value;

	if (field->byte + n > b.length)
		return doc_null(doc, field->key);
	value = be(b.data + field->byte, n);
	if (field->bits < 8)
		value = value >> field->shift & ((1U << field->bits) - 1);
	if (field->bits == 1)
		doc_bool(doc, field->key, value);
	else
		doc_number(doc, field->key, value);
}

void add_fields(struct json_object *doc, const struct field *fields, size_t n,
		struct bytes b)
{
	for (size_t i = 0; i < n; i++)
		add_field(doc, &fields[i], b);
}

struct bytes part(struct bytes b, size_t byte, size_t n)
{
	if (byte > b.length)
		byte = b.length;
	if (n > b.length - byte)
		n = b.length - byte;
	return (struct bytes){ b.data + byte, n };
}

#define COLUMNS_MAX 40

/* A view that is put together from tables at first use; imactl shows one per run. */
static struct {
	struct column columns[COLUMNS_MAX];
	struct view view;
} built;

static void build_column(const struct column *column)
{
	if (built.view.ncolumns < COLUMNS_MAX)
		built.columns[built.view.ncolumns++] = *column;
}

void build_columns(const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		build_column(&columns[i]);
}

void build_fields(const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		build_column(&(struct column){ fields[i].label, fields[i].key,
					       fields[i].format, 0, NULL });
}

/* Every answer says which logical unit gave it. */
void build_start(const char *schema)
{
	static const struct column first[] = {
		{ "Target", "target", NULL, 0, NULL },
		{ "LUN", "lunText", NULL, 0, NULL },
	};

	built.view = (struct view){ .schema = schema,
				    .layout = LAYOUT_RECORD,
				    .columns = built.columns };
	build_columns(first, ARRAY_SIZE(first));
}

const struct view *build_end(void)
{
	return &built.view;
}
