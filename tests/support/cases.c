// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cases.c - growing table of test cases for cmocka.
 */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox.h"
#include "shared/cleanup.h"

static struct CMUnitTest *cases;
static void **kept;
static size_t case_count, kept_count;

static void *grown(void *array, size_t count, size_t size)
{
	/* Twice as large whenever the count is a power of two. */
	if (count & (count - 1))
		return array;
	array = reallocarray(array, count ? 2 * count : 1, size);
	if (!array)
		abort();
	return array;
}

static void *remember(void *memory)
{
	if (!memory)
		abort();
	kept = grown(kept, kept_count, sizeof(*kept));
	kept[kept_count++] = memory;
	return memory;
}

void *case_keep(const void *context, size_t size)
{
	return memcpy(remember(malloc(size)), context, size);
}

void case_add(CMUnitTestFunction function, const void *context, const char *format, ...)
{
	struct CMUnitTest test = { .test_func = function };
	char *name = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&name, format, arguments) < 0)
		abort();
	va_end(arguments);
	test.name = remember(name);
	memcpy(&test.initial_state, &context, sizeof(context));
	cases = grown(cases, case_count, sizeof(*cases));
	cases[case_count++] = test;
}

static int list_names(void)
{
	for (size_t i = 0; i < case_count; i++)
		printf("case\t%s\n", cases[i].name);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct CMUnitTest *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* Two cases of one name could not be told apart in a report. */
static int names_are_unique(void)
{
	const struct CMUnitTest **_cleanup_free_ sorted = calloc(case_count,
								 sizeof(*sorted));
	int unique = 1;

	if (!sorted)
		abort();
	for (size_t i = 0; i < case_count; i++)
		sorted[i] = &cases[i];
	qsort(sorted, case_count, sizeof(*sorted), by_name);
	for (size_t i = 1; i < case_count; i++)
		if (!strcmp(sorted[i - 1]->name, sorted[i]->name)) {
			printf("Bail out! two cases named %s\n", sorted[i]->name);
			unique = 0;
		}
	return unique;
}

int cases_run(const char *group)
{
	int failed;

	if (sandbox_listing())
		failed = list_names();
	else if (names_are_unique())
		failed = _cmocka_run_group_tests(group, cases, case_count, NULL, NULL);
	else
		failed = 1;
	while (kept_count)
		free(kept[--kept_count]);
	free(kept);
	free(cases);
	return failed != 0;
}
