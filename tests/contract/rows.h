/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rows.h - spec-rows.def as data.
 */
#ifndef CONTRACT_ROWS_H
#define CONTRACT_ROWS_H

#include "spec.h"

enum row_how { ROW_REFUSED, ROW_EITHER, ROW_PLUGIN, ROW_ELSEWHERE, ROW_CANNOT };

enum change_how {
	CHANGE_END,
	CHANGE_VALUE,	/* number into the argument */
	CHANGE_CLEAR,	/* zeros into the argument */
	CHANGE_POINTEE, /* number into what the argument points to */
	CHANGE_SAME,	/* what another argument points to */
	CHANGE_PAD	/* text made longer with a character */
};

/* One rule broken. */
struct change {
	const char *argument;
	enum change_how how;
	size_t offset;
	size_t size; /* 0: that of the argument */
	IMA_UINT64 number;
	const char *other;
	IMA_WCHAR character;
};

struct row {
	const char *function;
	IMA_UINT32 status;
	const char *status_name;
	const char *condition;
	enum row_how how;
	const char *text; /* of ELSEWHERE and CANNOT */
	const struct change *changes;
};

extern const struct row rows[];
extern const size_t row_count;

void change_apply(const struct change *change, struct arguments *arguments);

#endif
