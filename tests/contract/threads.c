// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * threads.c - every function may be called from any thread at any time, and no lock is held
 * while a plugin runs. The tests make a plugin wait inside a call for something that happens
 * only if other calls go on; a library that holds a lock makes them end with a message.
 *
 * Plugins in load order: one, two.
 */
#include "cases.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recorder.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

/* Long enough for the slowest machine; never reached unless a test fails. */
#define PATIENCE 60

static struct recorder *one, *two;
static sem_t entered, may_leave;

static const IMA_OID lhba_1 = { IMA_OBJECT_TYPE_LHBA, 1, 7 };
static const IMA_OID lhba_2 = { IMA_OBJECT_TYPE_LHBA, 2, 7 };

static int wait_for(sem_t *semaphore)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE;
	return sem_timedwait(semaphore, &until);
}

static void start(void)
{
	one->reset();
	two->reset();
	while (!sem_trywait(&entered))
		;
	while (!sem_trywait(&may_leave))
		;
}

static void wait_inside(const struct recorder_call *call)
{
	if (strcmp(call->name, "IMA_RemoveStaleData"))
		return;
	sem_post(&entered);
	wait_for(&may_leave);
}

static void *remove_stale_data(void *status)
{
	*(IMA_STATUS *)status = IMA_RemoveStaleData(lhba_1);
	return NULL;
}

/* A call that waits inside the first plugin. */
static pthread_t begin_slow_call(IMA_STATUS *status)
{
	pthread_t thread;

	start();
	one->script.hook = wait_inside;
	assert_int_equal(pthread_create(&thread, NULL, remove_stale_data, status), 0);
	assert_int_equal(wait_for(&entered), 0);
	return thread;
}

static void end_slow_call(pthread_t thread, const IMA_STATUS *status)
{
	sem_post(&may_leave);
	assert_int_equal(pthread_join(thread, NULL), 0);
	one->script.hook = NULL;
	assert_int_equal(*status, IMA_STATUS_SUCCESS);
}

static void two_calls_in_one_plugin(void **state)
{
	IMA_STATUS first, second;
	pthread_t a, b;

	(void)state;
	a = begin_slow_call(&first);
	assert_int_equal(pthread_create(&b, NULL, remove_stale_data, &second), 0);
	assert_int_equal(wait_for(&entered), 0); /* the second is inside as well */
	sem_post(&may_leave);
	end_slow_call(a, &first);
	assert_int_equal(pthread_join(b, NULL), 0);
	assert_int_equal(second, IMA_STATUS_SUCCESS);
}

static void nothing_on_event(IMA_OID oid)
{
	(void)oid;
}

static void everything_else_goes_on(void **state)
{
	IMA_OID_LIST *list = NULL;
	IMA_LHBA_PROPERTIES props;
	IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMA_NODE_PROPERTIES node_props;
	IMA_STATUS status;
	pthread_t thread = begin_slow_call(&status);

	(void)state;
	assert_int_equal(IMA_RemoveStaleData(lhba_2), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetLhbaProperties(lhba_1, &props), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetPluginOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(nothing_on_event), 0);
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(nothing_on_event), 0);
	assert_int_equal(IMA_SetNodeAlias(node, L"x"), IMA_STATUS_SUCCESS);
	assert_false(IMA_ERROR(IMA_GetNodeProperties(node, &node_props)));
	end_slow_call(thread, &status);
}

static IMA_STATUS inner_status;

static void call_inside(const struct recorder_call *call)
{
	IMA_OID_LIST *list = NULL;
	IMA_OBJECT_TYPE type;

	if (strcmp(call->name, "IMA_RemoveStaleData"))
		return;
	inner_status = IMA_GetObjectType(lhba_1, &type);
	inner_status |= IMA_SetMaxConnections(lhba_1, 1);
	inner_status |= IMA_SetMaxConnections(lhba_2, 1);
	inner_status |= IMA_GetLhbaOidList(&list);
	inner_status |= IMA_FreeMemory(list);
	inner_status |= IMA_RegisterForObjectPropertyChanges(nothing_on_event);
	inner_status |= IMA_DeregisterForObjectPropertyChanges(nothing_on_event);
}

static void plugin_may_call_the_library(void **state)
{
	(void)state;
	start();
	inner_status = IMA_ERROR_UNKNOWN_ERROR;
	one->script.hook = call_inside;
	assert_int_equal(IMA_RemoveStaleData(lhba_1), IMA_STATUS_SUCCESS);
	assert_int_equal(inner_status, IMA_STATUS_SUCCESS);
	assert_int_equal(one->count("IMA_SetMaxConnections"), 1);
	assert_int_equal(two->count("IMA_SetMaxConnections"), 1);
}

/* Setting the shared node is one call at a time; who would wait too long is told so. */

static const IMA_OID shared_node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

static void wait_inside_alias(const struct recorder_call *call)
{
	if (strcmp(call->name, "IMA_SetNodeAlias"))
		return;
	one->script.hook = NULL;
	sem_post(&entered);
	wait_for(&may_leave);
}

static void *set_alias(void *status)
{
	*(IMA_STATUS *)status = IMA_SetNodeAlias(shared_node, L"first");
	return NULL;
}

static void second_alias_runs_into_its_deadline(void **state)
{
	IMA_STATUS status = IMA_ERROR_UNKNOWN_ERROR;
	IMA_NODE_PROPERTIES props;
	pthread_t thread;

	(void)state;
	start();
	one->script.hook = wait_inside_alias;
	assert_int_equal(pthread_create(&thread, NULL, set_alias, &status), 0);
	assert_int_equal(wait_for(&entered), 0);
	assert_int_equal(IMAX_SetDeadline(20), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetNodeAlias(shared_node, L"second"),
			 IMA_ERROR_SYNC_TIMEOUT);
	assert_int_equal(IMAX_SetDeadline(0), IMA_STATUS_SUCCESS);
	assert_false(IMA_ERROR(IMA_GetNodeProperties(shared_node, &props)));
	sem_post(&may_leave);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(status, IMA_STATUS_SUCCESS);
	assert_false(IMA_ERROR(IMA_GetNodeProperties(shared_node, &props)));
	assert_int_equal(wcscmp(props.alias, L"first"), 0);
}

static void set_alias_inside(const struct recorder_call *call)
{
	if (!strcmp(call->name, "IMA_SetNodeAlias"))
		inner_status = IMA_SetNodeAlias(shared_node, L"inner");
}

static void plugin_that_is_told_may_not_tell(void **state)
{
	(void)state;
	start();
	inner_status = IMA_STATUS_SUCCESS;
	one->script.hook = set_alias_inside;
	assert_int_equal(IMA_SetNodeAlias(shared_node, L"outer"), IMA_STATUS_SUCCESS);
	one->script.hook = NULL;
	assert_int_equal(inner_status, IMA_ERROR_SYNC_TIMEOUT);
}

/* Eight threads with their own mixture of calls; each checks its own answers. */
#define THREADS 8
#define ROUNDS	200

static IMA_STATUS one_round(IMA_UINT32 owner, unsigned int i)
{
	IMA_OID lhba = { IMA_OBJECT_TYPE_LHBA, owner, i },
		target = { IMA_OBJECT_TYPE_TARGET, owner, i };
	IMA_OID_LIST *list = NULL;
	IMA_OID answer;
	IMA_BOOL_VALUE value;
	IMA_STATUS status;

	status = IMA_GetAssociatedPluginOid(lhba, &answer);
	if (answer.ownerId != owner)
		return IMA_ERROR_UNKNOWN_ERROR;
	status |= IMA_GetInitialR2TProperties(target, &value);
	status |= IMA_SetFirstBurstLength(lhba, i);
	status |= IMA_GetLhbaOidList(&list);
	if (!list || list->oidCount != 3)
		return IMA_ERROR_UNKNOWN_ERROR;
	status |= IMA_FreeMemory(list);
	status |= IMA_RegisterForObjectPropertyChanges(nothing_on_event);
	status |= IMA_DeregisterForObjectPropertyChanges(nothing_on_event);
	if (IMA_ExposeLu(lhba) != IMA_ERROR_INCORRECT_OBJECT_TYPE)
		return IMA_ERROR_UNKNOWN_ERROR;
	return status;
}

static void *many_rounds(void *argument)
{
	IMA_UINT32 *owner = argument;

	for (unsigned int i = 0; i < ROUNDS; i++)
		if (one_round(*owner, i)) {
			*owner = 0;
			break;
		}
	return NULL;
}

static void calls_from_many_threads(void **state)
{
	IMA_UINT32 owners[THREADS];
	pthread_t threads[THREADS];

	(void)state;
	start();
	one->script.oid_count = 2;
	one->script.oids[0] = lhba_1;
	one->script.oids[1] = (IMA_OID){ IMA_OBJECT_TYPE_LHBA, 1, 8 };
	two->script.oid_count = 1;
	two->script.oids[0] = lhba_2;
	for (unsigned int i = 0; i < THREADS; i++) {
		owners[i] = 1 + i % 2;
		pthread_create(&threads[i], NULL, many_rounds, &owners[i]);
	}
	for (unsigned int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_not_equal(owners[i], 0);
	}
	assert_int_equal(one->lists + two->lists, 0);
	assert_int_equal(one->count("IMA_SetFirstBurstLength"), THREADS / 2 * ROUNDS);
	assert_int_equal(two->count("IMA_SetFirstBurstLength"), THREADS / 2 * ROUNDS);
}

/* The first call of a process, on several threads at once; a process of its own. */

static pthread_barrier_t together;

static void *first_call(void *argument)
{
	IMA_OID_LIST *list = NULL;

	pthread_barrier_wait(&together);
	if (!IMA_GetPluginOidList(&list))
		*(IMA_UINT *)argument = list->oidCount;
	IMA_FreeMemory(list);
	return NULL;
}

static int first_calls(void)
{
	IMA_UINT counts[THREADS] = { 0 };
	pthread_t threads[THREADS];
	int failures = 0;

	pthread_barrier_init(&together, NULL, THREADS);
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, first_call, &counts[i]);
	for (unsigned int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		failures += counts[i] != 2;
	}
	failures += one->initialized != 1 || two->initialized != 1;
	failures += one->owner != 1 || two->owner != 2;
	return failures;
}

static void first_call_on_many_threads(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 10; i++)
		assert_int_equal(sandbox_again("first"), 0);
}

static const struct {
	CMUnitTestFunction function;
	const char *name;
} list[] = {
	{ two_calls_in_one_plugin, "two calls are inside one plugin at the same time" },
	{ everything_else_goes_on,
	  "while a call waits in a plugin everything else goes on" },
	{ plugin_may_call_the_library, "a plugin may call the library inside a call" },
	{ second_alias_runs_into_its_deadline,
	  "IMA_ERROR_SYNC_TIMEOUT when another call sets the shared node for too long" },
	{ plugin_that_is_told_may_not_tell,
	  "IMA_ERROR_SYNC_TIMEOUT when a plugin sets what it is being told" },
	{ calls_from_many_threads, "calls from many threads get their own answers" },
	{ first_call_on_many_threads,
	  "plugins are loaded once by the first call on any thread" },
};

static int tests(void)
{
	IMA_OID_LIST *plugins = NULL;

	sem_init(&entered, 0, 0);
	sem_init(&may_leave, 0, 0);
	if (!sandbox_listing()) {
		one = sandbox_recorder("one");
		two = sandbox_recorder("two");
		if (sandbox_argument())
			return first_calls();
		IMA_GetPluginOidList(&plugins);
		IMA_FreeMemory(plugins);
	}
	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		case_add(list[i].function, NULL, "threads: %s", list[i].name);
	return cases_run("threads");
}

int main(int argc, char **argv)
{
	static const struct sandbox_plugin plugins[] = { { "one", RECORDING_PLUGIN },
							 { "two", RECORDING_PLUGIN } };

	return sandbox_run(argc, argv, plugins, ARRAY_SIZE(plugins), tests);
}
