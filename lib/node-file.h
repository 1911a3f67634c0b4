/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * node-file.h - the file with name and alias of the shared node, "node" in the state folder.
 */
#ifndef LIB_NODE_FILE_H
#define LIB_NODE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/iscsi-name.h"

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

/* Not what a text of iSCSI or a line of the file cannot hold: control characters, no UTF-8. */
bool node_alias_is_text(const char *text);

/* Where the file is; after an error what went wrong with it, for people. */
struct node_file {
	char folder[PATH_MAX - 16];
	char path[PATH_MAX];
	char why[512];
};

/*
 * The state as the user of this process has it: of his own file, else of that of the system, else
 * empty. 0 or -errno.
 */
int node_file_read(struct node_file *file, struct node_state *state);

/* Whether a state could be stored; to know before plugins are told. 0 or -errno. */
int node_file_check(struct node_file *file);

/*
 * Stores one of the two texts and leaves the other as it is. deadline: in nanoseconds of
 * CLOCK_MONOTONIC, for other processes that write. 0 or -errno.
 */
int node_file_store(struct node_file *file, bool is_alias, const char *value,
		    uint64_t deadline);

#endif
