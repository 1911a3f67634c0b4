/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * report.h - what a run found, as text, JSON, TAP or HTML.
 */
#ifndef IMA_CONFORM_REPORT_H
#define IMA_CONFORM_REPORT_H

#include "check.h"

enum verdict {
	CONFORMS,
	PARTLY,			 /* some rule fails */
	UNSUPPORTED,		 /* and may be */
	UNSUPPORTED_NOT_ALLOWED, /* but may not be */
	NOT_REACHABLE,		 /* the plugin shows no object the function takes */
	VERDICTS
};

enum verdict verdict_of(const struct run *run, enum function_index fn);
/* "conforms", "partly" and so on. */
const char *verdict_name(enum verdict verdict);

/* The functions of the standard and those of ima-ext.h, which are never counted together. */
enum part { STANDARD, EXTENSIONS, PARTS };

/* How many functions of a part have a verdict. */
size_t verdict_count(const struct run *run, enum part part, enum verdict verdict);

typedef int (*report_format)(const struct run *runs, size_t count);

/* Print to standard output. 0 or a negative errno. */
int report_text(const struct run *runs, size_t count);
int report_json(const struct run *runs, size_t count);
int report_tap(const struct run *runs, size_t count);
int report_html(const struct run *runs, size_t count);

#endif
