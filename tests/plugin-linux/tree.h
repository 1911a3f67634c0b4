/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree.h - recorded trees (record-tree) as files in a temporary folder.
 */
#ifndef TEST_TREE_H
#define TEST_TREE_H

struct tree {
	char path[256]; /* the folder */
	int fd;		/* open on it */
};

/* Makes the files of a fixture, "two-interfaces"; ends the program if that is not possible. */
void tree_make(struct tree *tree, const char *fixture);

/* A tree with nothing in it. */
void tree_make_empty(struct tree *tree);

/* Puts a file there, with the folders it needs; replaces one that is there. */
void tree_put(const struct tree *tree, const char *path, const char *text);
void tree_remove(const struct tree *tree, const char *path);
void tree_link(const struct tree *tree, const char *path, const char *target);
void tree_dir(const struct tree *tree, const char *path);

/* The text of a file, in memory the next call uses again; NULL if there is none. */
const char *tree_text(const struct tree *tree, const char *path);

/* Removes the folder and all that is in it. */
void tree_end(struct tree *tree);

#endif
