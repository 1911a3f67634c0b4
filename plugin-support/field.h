/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * field.h - the fixed wide text fields of the API from and to UTF-8.
 */
#ifndef PLUGIN_SUPPORT_FIELD_H
#define PLUGIN_SUPPORT_FIELD_H

#include <stddef.h>

#include "ima.h"

/**
 * field_set - text that has to be exact: names, aliases, device names
 *
 * The rest of the field becomes zeros. Return: 0; -ENAMETOOLONG or -EILSEQ, the field is then
 * empty.
 */
int field_set(IMA_WCHAR *field, size_t count, const char *text);

/** field_set_cut - text for people: what does not fit is left out; NULL: empty */
void field_set_cut(IMA_WCHAR *field, size_t count, const char *text);

/**
 * field_get - a field, or wide text of a caller, as UTF-8
 *
 * Reads at most count elements. Return: bytes without terminator; -ENAMETOOLONG if they and
 * the terminator do not fit in size bytes, -EILSEQ; out is then untouched.
 */
int field_get(const IMA_WCHAR *field, size_t count, char *out, size_t size);

/* The same for arrays, which know how long they are. */
#define FIELD_SET(field, text) \
	field_set((field), sizeof(field) / sizeof((field)[0]), (text))
#define FIELD_SET_CUT(field, text) \
	field_set_cut((field), sizeof(field) / sizeof((field)[0]), (text))
#define FIELD_GET(field, out) \
	field_get((field), sizeof(field) / sizeof((field)[0]), (out), sizeof(out))

#endif
