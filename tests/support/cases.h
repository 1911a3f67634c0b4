/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cases.h - test cases that are made at run time from tables.
 *
 * Include it in place of cmocka.h. Each case gets its name from a format and one pointer to
 * what it tests, which it finds with CASE_CONTEXT. Names and contexts live until the end of
 * the program.
 */
#ifndef SUPPORT_CASES_H
#define SUPPORT_CASES_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#define CASE_CONTEXT(state) (*(state))

void case_add(CMUnitTestFunction function, const void *context, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Copy of a context that lives until the end of the program. */
void *case_keep(const void *context, size_t size);

/* Runs all cases, or prints their names if the program was started with --list. */
int cases_run(const char *group);

#endif
