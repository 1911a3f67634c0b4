// SPDX-License-Identifier: LGPL-2.1-or-later
/* Threads that call the library, and what is left of them when they have ended. */
#include "unit.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "ima.h"

enum { STACK = 1 << 20 };

/* TSan itself ends a thread before the last round. */
#ifdef __SANITIZE_THREAD__
enum { ROUNDS = PTHREAD_DESTRUCTOR_ITERATIONS - 1 };
#else
enum { ROUNDS = PTHREAD_DESTRUCTOR_ITERATIONS };
#endif

static pthread_key_t key;

static bool call_library(void)
{
	IMA_OID_LIST *list;

	return !IMA_GetLhbaOidList(&list) && !IMA_FreeMemory(list);
}

/* Calls the library in every round of destructors, also in the last. */
static void call_again(void *data)
{
	int *rounds = data;

	call_library();
	if (++*rounds < ROUNDS)
		pthread_setspecific(key, data);
}

static void *begin(void *data)
{
	pthread_setspecific(key, data);
	return call_library() ? data : NULL;
}

/* Runs a thread whose stack, with its variables, is gone afterwards. */
static bool run_thread(void)
{
	void *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	pthread_attr_t attributes;
	void *result = NULL;
	pthread_t thread;
	int rounds = 0;

	pthread_attr_init(&attributes);
	if (stack == MAP_FAILED || pthread_attr_setstack(&attributes, stack, STACK) ||
	    pthread_create(&thread, &attributes, begin, &rounds))
		return false;
	pthread_join(thread, &result);
	pthread_attr_destroy(&attributes);
	return result && rounds == ROUNDS && !munmap(stack, STACK);
}

/* In a process of its own, because the end of it looks at all threads. */
static void a_thread_that_calls_until_its_end_leaves_nothing(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	write_text(in_folder("conf"), "");
	setenv("IMA_CONFIG", in_folder("conf"), 1);
	setenv("IMA_STATE_DIR", test_folder, 1);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		/* The key of the library is the first, so that its destructor runs before ours. */
		exit(!call_library() || pthread_key_create(&key, call_again) ||
		     !run_thread());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		folder_test(a_thread_that_calls_until_its_end_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
