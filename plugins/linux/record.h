/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record.h - the "key = value" files of open-iscsi: node, interface and discovery records,
 * iscsid.conf, initiatorname.iscsi.
 *
 * Lines that begin with # and empty lines are skipped; a key or value has no blanks around it;
 * "<empty>" stands for nothing. When a key comes twice the last one counts, as it does for
 * open-iscsi. Records hold secrets: their memory is wiped when it is released.
 */
#ifndef LINUX_RECORD_H
#define LINUX_RECORD_H

#include <stddef.h>
#include <stdint.h>

/* More than any record of open-iscsi 2.1 (2 kB) or a commented iscsid.conf (14 kB) has. */
#define RECORD_MAX (256 * 1024)

struct record {
	struct record_line {
		const char *key, *value;
	} * lines;
	size_t count;
	char *text; /* what the lines point into */
	size_t size;
};

#define _cleanup_record_ __attribute__((cleanup(record_free)))

/* Takes a copy of text. */
int record_parse(const char *text, size_t size, struct record *record);
int record_read(int dir, const char *path, struct record *record);
void record_free(struct record *record);

/* Values of keys that hold passwords are wiped, and are none from then on. */
void record_drop_secrets(struct record *record);

/* The value of a key; NULL if the key is missing or has none. Borrowed from the record. */
const char *record_get(const struct record *record, const char *key);

/* A value as a number: -ENODATA if there is none, -EINVAL if it is no number up to max. */
int record_number(const struct record *record, const char *key, uint64_t max,
		  uint64_t *value);

/*
 * A change of a text: key gets this value; NULL removes it. Comments, order and everything else
 * stay. A key that is not there comes before "# END RECORD", or at the end.
 */
struct record_change {
	const char *key, *value;
};

/* The changed text; the caller wipes and frees it with record_text_free(). */
int record_edit(const char *text, size_t size, const struct record_change *changes,
		size_t count, char **edited, size_t *edited_size);
void record_text_free(char *text, size_t size);

#endif
