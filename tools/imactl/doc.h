/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doc.h - building the document of a command.
 *
 * Keys are string literals: they are not copied. A NULL or empty text and an unknown
 * three-valued field become null. None of these functions fails: without memory they
 * print a message and end the process with EXIT_FAILED.
 */
#ifndef IMACTL_DOC_H
#define IMACTL_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "ima.h"

_Noreturn void out_of_memory(void);
/* calloc() that does not fail. */
void *allocate(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

struct json_object *doc_new(void);
struct json_object *doc_array(void);
void doc_push(struct json_object *array, struct json_object *value);

/* Adds value, or null for NULL, and takes it over. */
void doc_add(struct json_object *doc, const char *key, struct json_object *value);
void doc_text(struct json_object *doc, const char *key, const char *text);
void doc_number(struct json_object *doc, const char *key, uint64_t number);
void doc_bool(struct json_object *doc, const char *key, bool value);
void doc_xbool(struct json_object *doc, const char *key, IMA_XBOOL value);
void doc_null(struct json_object *doc, const char *key);
/* size elements of wide text, terminated or not; what is no character becomes U+FFFD. */
void doc_wide(struct json_object *doc, const char *key, const IMA_WCHAR *text,
	      size_t size);
/* Bytes that may be text: all that is not printable ASCII becomes '.', blanks at the end go. */
void doc_ascii(struct json_object *doc, const char *key, const uint8_t *bytes,
	       size_t length);
void doc_hex(struct json_object *doc, const char *key, const uint8_t *bytes,
	     size_t length);
/* Local time as ISO 8601 without zone; null if all members are 0. */
void doc_time(struct json_object *doc, const char *key, const IMA_DATETIME *time);

struct json_object *doc_string(const char *text); /* a value */
/* Reading back; NULL if there is no such key or it is null. */
struct json_object *doc_get(struct json_object *doc, const char *key);
const char *doc_get_text(struct json_object *doc, const char *key);
uint64_t doc_get_number(struct json_object *doc, const char *key);

/* Wide text as UTF-8, never NULL; the caller frees it. */
char *text_of_wide(const IMA_WCHAR *text, size_t size);
/* A copy in which every byte that is no UTF-8 is U+FFFD. */
char *text_repaired(const char *text);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
