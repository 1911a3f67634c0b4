/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * node.h - name and alias of the shared node, {NODE, 0, 0}.
 */
#ifndef LIB_NODE_H
#define LIB_NODE_H

#include <stddef.h>

#include "shared/iscsi-name.h"

struct registry;

/* Bytes in UTF-8, without the terminator. */
#define NODE_ALIAS_MAX 255

/*
 * What the file of the shared node holds; empty: not set. The file has the lines name=... and
 * alias=..., each at most once, and nothing else but empty lines and comments that begin with #.
 */
struct node_state {
	char name[ISCSI_NAME_MAX + 1];
	char alias[NODE_ALIAS_MAX + 1];
};

/*
 * Reads a state from text. 0, or -EINVAL with the number of the line that is wrong in *line and
 * what is wrong with it in *why.
 */
int node_state_parse(struct node_state *state, const char *text, size_t size,
		     unsigned *line, const char **why);

/* The text for a state, without terminator; its length. */
#define NODE_STATE_TEXT_MAX 1024
size_t node_state_format(const struct node_state *state, char text[NODE_STATE_TEXT_MAX]);

/* Tells the stored name and alias to new plugins that use the shared node and have none. */
void node_introduce(const struct registry *registry);

#endif
