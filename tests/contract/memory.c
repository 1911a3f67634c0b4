// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * memory.c - every allocation of the library fails once: the call ends with
 * IMA_ERROR_INSUFFICIENT_MEMORY or does without, nothing is lost, and the next call works.
 *
 * The program has its own malloc, calloc, realloc and free in front of those of the C library;
 * it lets the n-th call from the code of libima fail, n = 1, 2, ... until one succeeds
 * without. Allocations of the C library on behalf of libima and of the plugins do not count.
 * Not built with sanitizers, which bring allocators of their own.
 */
#include "cases.h"

#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recorder.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

/* More than any call needs; a call that fails so often does not work at all. */
#define MOST_ALLOCATIONS 200

static struct recorder *one, *two;
static uintptr_t code_begin, code_end;
static _Thread_local long countdown; /* 0: nothing fails */
static _Thread_local bool failed;
static bool in_charge; /* this file's functions are the ones that are called */

static bool fails_now(const void *caller)
{
	uintptr_t at = (uintptr_t)caller;

	in_charge = true;
	if (!countdown || at < code_begin || at >= code_end || --countdown)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
	return fails_now(CALLER) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails_now(CALLER) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return fails_now(CALLER) ? NULL : __libc_realloc(memory, size);
}

static int find_code(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	(void)data;
	if (!strstr(info->dlpi_name, "libima.so"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];

		if (header->p_type != PT_LOAD || !(header->p_flags & PF_X))
			continue;
		code_begin = info->dlpi_addr + header->p_vaddr;
		code_end = code_begin + header->p_memsz;
	}
	return 1;
}

static void prepare(void)
{
	one->reset();
	two->reset();
	for (unsigned int i = 0; i < 40; i++) {
		one->script.oids[i] = (IMA_OID){ IMA_OBJECT_TYPE_LHBA, 1, i };
		two->script.oids[i] = (IMA_OID){ IMA_OBJECT_TYPE_LHBA, 2, i };
	}
	one->script.oid_count = two->script.oid_count = 40;
	one->script.key_count = 8;
}

static void assert_nothing_lost(void)
{
	assert_int_equal(one->lists + two->lists, 0);
	assert_int_equal(one->bad_releases + two->bad_releases, 0);
}

/* The list a call returned is there after a success and NULL after an error. */
static void take_list(struct arguments *arguments, IMA_STATUS status)
{
	struct argument *list = arguments_of_kind(arguments, LIST);
	void *memory;

	if (!list)
		list = arguments_of_kind(arguments, KEYS);
	if (!list)
		return;
	memcpy(&memory, list->memory, sizeof(memory));
	if (IMA_ERROR(status))
		assert_null(memory);
	else
		assert_int_equal(IMA_FreeMemory(memory), IMA_STATUS_SUCCESS);
}

/* One call with one failure; returns whether there was one. */
static bool call_with_failure(const struct spec_call *call, long which)
{
	struct arguments arguments;
	IMA_STATUS status;

	prepare();
	arguments_init(&arguments, call, 1);
	failed = false;
	countdown = which;
	status = call->call(&arguments);
	countdown = 0;
	if (status)
		assert_int_equal(status, IMA_ERROR_INSUFFICIENT_MEMORY);
	if (status)
		assert_true(failed);
	take_list(&arguments, status);
	assert_nothing_lost();
	arguments_free(&arguments);
	return failed;
}

static void every_allocation_fails_once(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	long n = 1;

	while (call_with_failure(call, n))
		assert_true(++n < MOST_ALLOCATIONS);
	/* What allocates for the client must have failed at least once. */
	if (call->who == WHO_BROADCAST || call->arg[call->argc - 1].kind == LIST ||
	    call->arg[call->argc - 1].kind == KEYS)
		assert_true(n > 1);
}

/* Loading plugins, in a process of its own: whatever loads, nothing crashes. */
static int load_with_failure(long which)
{
	IMA_OID_LIST *list = NULL;
	IMA_STATUS status;

	countdown = which;
	status = IMA_GetPluginOidList(&list);
	countdown = 0;
	if (IMA_ERROR(status) && list)
		return 2;
	IMA_FreeMemory(list);
	status = IMA_GetLhbaOidList(&list);
	IMA_FreeMemory(list);
	if (status && status != IMA_ERROR_INSUFFICIENT_MEMORY)
		return 2;
	return failed ? 1 : 0;
}

static void loading_with_failures(void **state)
{
	char step[16];
	int result = 1;

	(void)state;
	for (int n = 1; result == 1; n++) {
		assert_true(n < MOST_ALLOCATIONS);
		snprintf(step, sizeof(step), "%d", n);
		result = sandbox_again(step);
	}
	assert_int_equal(result, 0);
}

static int tests(void)
{
	IMA_OID_LIST *plugins = NULL;
	char *probe = strdup("whose malloc does the C library call?");

	free(probe);
	dl_iterate_phdr(find_code, NULL);
	if (!in_charge && !sandbox_listing()) {
		puts("1..0 # SKIP another allocator is in charge, for example "
		     "valgrind's");
		return 0;
	}
	if (sandbox_argument())
		return load_with_failure(strtol(sandbox_argument(), NULL, 10));
	if (!sandbox_listing()) {
		one = sandbox_recorder("one");
		two = sandbox_recorder("two");
		IMA_GetPluginOidList(&plugins);
		IMA_FreeMemory(plugins);
	}
	for (size_t i = 0; i < spec_call_count; i++)
		if (spec_calls[i].who != WHO_FREE)
			case_add(
				every_allocation_fails_once, &spec_calls[i],
				"%s %s: IMA_ERROR_INSUFFICIENT_MEMORY or success when an "
				"allocation fails",
				spec_calls[i].name, spec_clause(&spec_calls[i]));
	case_add(loading_with_failures, NULL,
		 "loading plugins: every allocation fails once");
	return cases_run("memory");
}

int main(int argc, char **argv)
{
	static const struct sandbox_plugin plugins[] = { { "one", RECORDING_PLUGIN },
							 { "two", RECORDING_PLUGIN } };

	return sandbox_run(argc, argv, plugins, ARRAY_SIZE(plugins), tests);
}
