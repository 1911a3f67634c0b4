/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scripted.h - the plugin on a tree of its own, with a script in the place of iscsiadm.
 *
 * Calls are compared with what the script expects, in order; a call that is not expected, and
 * one that is expected but does not come, fails the test.
 */
#ifndef TEST_SCRIPTED_H
#define TEST_SCRIPTED_H

#include "ima-plugin.h"
#include "tree.h"

/* One run of iscsiadm: its arguments, separated by single blanks, and how it ends. */
struct run {
	const char *arguments;
	int exit_code;
	const char *output; /* NULL: none */
	const char *errors; /* NULL: none */
	int result;	    /* of the runner: 0, -ETIMEDOUT, ... */
	/* What it does to the tree; NULL: nothing, but an update of nodes is made. */
	void (*effect)(struct tree *, const char *arguments);
};

/* Starts the plugin on the tree. Ends it and checks that the whole script ran. */
void plugin_begin(struct tree *tree);
void plugin_end(void);

/* What is expected from now on; runs must stay where they are. */
void expect_runs(const struct run *runs, size_t count);

/*
 * From many threads: what begins with one of these arguments, as often as it comes and in any
 * order, until expect_no_more_runs().
 */
void expect_any_runs(const struct run *runs, size_t count);
void expect_no_more_runs(void);

/* The record of the last failed call. */
const IMAX_LAST_ERROR *last_error(void);

/* The deadline calls have from now on, in milliseconds. */
void set_deadline(unsigned int milliseconds);

/* Objects by what they are called; the test fails if there is none. */
IMA_OID lhba_named(const char *name); /* "" is the default interface */
IMA_OID target_named(const char *lhba, const char *name);
IMA_OID lu_numbered(IMA_OID target, IMA_UINT64 lun);

#endif
