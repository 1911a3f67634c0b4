/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * node-record.h - the settings of a target: its node record, and where it says nothing, or
 * there is none, the defaults of iscsid.conf.
 */
#ifndef LINUX_NODE_RECORD_H
#define LINUX_NODE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "record.h"

struct node_record {
	struct record own;	/* of the target's first portal */
	struct record defaults; /* iscsid.conf */
};

#define _cleanup_node_record_ __attribute__((cleanup(node_record_free)))

/*
 * target NULL: the defaults alone. What cannot be read is empty. The lock of the plugin is held
 * if target is not NULL.
 */
int node_record_read(const struct world *world, const struct target *target,
		     struct node_record *record);
void node_record_free(struct node_record *record);

/* NULL if nobody says anything. */
const char *node_record_get(const struct node_record *record, const char *key);
uint64_t node_record_number(const struct node_record *record, const char *key,
			    uint64_t otherwise);
bool node_record_uses_chap(const struct node_record *record);

/* As many bytes as size says from twice as many hexadecimal digits: 0 or -EINVAL. */
int hex_parse(const char *text, uint8_t *bytes, size_t size);

#endif
