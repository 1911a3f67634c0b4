// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * events.c - registration and delivery of events (D30).
 *
 * Plugins in load order: one, bare (no entry points), two. The test raises events through the
 * function the library registered at a plugin. What the client functions see goes into one log,
 * guarded by one lock. "settle" raises one more event and waits for it: since events of one
 * plugin keep their order, everything raised before has been delivered by then, or never is.
 */
#include "cases.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "recorder.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

/* Long enough for the slowest machine under valgrind; never reached unless a test fails. */
#define PATIENCE 60

#define MARK	 0xFFFFFFFFUL /* sequence numbers from here on are of settle */

struct seen {
	char client;
	IMA_BOOL visible;
	IMA_OID oid;
	pthread_t thread;
};

static struct recorder *one, *two;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct seen seen[4096];
static size_t seen_count;
static IMA_UINT64 last_mark, marks = MARK;

static void note(char client, IMA_BOOL visible, IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	if (seen_count < ARRAY_SIZE(seen))
		seen[seen_count++] = (struct seen){ client, visible, oid,
						    pthread_self() };
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static bool is_mark(IMA_OID oid)
{
	return oid.objectSequenceNumber >= MARK;
}

/* Three clients for each kind. */
static void property_a(IMA_OID oid)
{
	if (!is_mark(oid))
		note('a', IMA_UNKNOWN, oid);
}

static void property_b(IMA_OID oid)
{
	if (!is_mark(oid))
		note('b', IMA_UNKNOWN, oid);
}

static void property_c(IMA_OID oid)
{
	if (!is_mark(oid))
		note('c', IMA_UNKNOWN, oid);
}

static void visibility_a(IMA_BOOL visible, IMA_OID oid)
{
	if (!is_mark(oid))
		note('A', visible, oid);
}

static void visibility_b(IMA_BOOL visible, IMA_OID oid)
{
	if (!is_mark(oid))
		note('B', visible, oid);
}

static void marked(IMA_OID oid)
{
	if (!is_mark(oid))
		return;
	pthread_mutex_lock(&lock);
	last_mark = oid.objectSequenceNumber;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void marked_visibility(IMA_BOOL visible, IMA_OID oid)
{
	(void)visible;
	marked(oid);
}

static struct timespec deadline(void)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_sec += PATIENCE;
	return at;
}

/* Called with the lock held. */
static void wait_for_change(const struct timespec *until)
{
	if (pthread_cond_timedwait(&changed, &lock, until)) {
		pthread_mutex_unlock(&lock);
		fail_msg("an event was not delivered within %d seconds", PATIENCE);
	}
}

static void wait_for_mark(IMA_UINT64 mark)
{
	struct timespec until = deadline();

	pthread_mutex_lock(&lock);
	while (last_mark != mark)
		wait_for_change(&until);
	pthread_mutex_unlock(&lock);
}

static IMA_OID oid_of(const struct recorder *recorder, IMA_UINT64 number)
{
	return (IMA_OID){ IMA_OBJECT_TYPE_TARGET, recorder->owner, number };
}

static void wait_for_seen(size_t count)
{
	struct timespec until = deadline();

	pthread_mutex_lock(&lock);
	while (seen_count < count)
		wait_for_change(&until);
	pthread_mutex_unlock(&lock);
}

/* Both kinds may travel separately, so both are waited for. */
static void settle(struct recorder *recorder)
{
	IMA_OBJECT_PROPERTY_FN property = recorder->property;
	IMA_OBJECT_VISIBILITY_FN visibility = recorder->visibility;

	assert_int_equal(IMA_RegisterForObjectPropertyChanges(marked),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_RegisterForObjectVisibilityChanges(marked_visibility),
			 IMA_STATUS_SUCCESS);
	property = recorder->property ? recorder->property : property;
	visibility = recorder->visibility ? recorder->visibility : visibility;
	property(oid_of(recorder, ++marks));
	wait_for_mark(marks);
	visibility(IMA_TRUE, oid_of(recorder, ++marks));
	wait_for_mark(marks);
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(marked),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_DeregisterForObjectVisibilityChanges(marked_visibility),
			 IMA_STATUS_SUCCESS);
}

static void add(IMA_OBJECT_PROPERTY_FN function)
{
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(function),
			 IMA_STATUS_SUCCESS);
}

static void drop(IMA_OBJECT_PROPERTY_FN function)
{
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(function),
			 IMA_STATUS_SUCCESS);
}

static void add_visibility(IMA_OBJECT_VISIBILITY_FN function)
{
	assert_int_equal(IMA_RegisterForObjectVisibilityChanges(function),
			 IMA_STATUS_SUCCESS);
}

static void drop_visibility(IMA_OBJECT_VISIBILITY_FN function)
{
	assert_int_equal(IMA_DeregisterForObjectVisibilityChanges(function),
			 IMA_STATUS_SUCCESS);
}

static void forget(void)
{
	pthread_mutex_lock(&lock);
	seen_count = 0;
	pthread_mutex_unlock(&lock);
}

static void start(void)
{
	one->reset();
	two->reset();
	forget();
}

/* The clients that were called, in order. */
static const char *clients(void)
{
	static char text[ARRAY_SIZE(seen) + 1];
	size_t n = 0;

	pthread_mutex_lock(&lock);
	for (; n < seen_count; n++)
		text[n] = seen[n].client;
	pthread_mutex_unlock(&lock);
	text[n] = 0;
	return text;
}

static void first_registers_last_deregisters(void **state)
{
	(void)state;
	start();
	add(property_a);
	add(property_b);
	assert_int_equal(one->count("IMA_RegisterForObjectPropertyChanges"), 1);
	assert_int_equal(two->count("IMA_RegisterForObjectPropertyChanges"), 1);
	assert_int_equal(one->count("IMA_RegisterForObjectVisibilityChanges"), 0);
	drop(property_a);
	assert_int_equal(one->count("IMA_DeregisterForObjectPropertyChanges"), 0);
	drop(property_b);
	assert_int_equal(one->count("IMA_DeregisterForObjectPropertyChanges"), 1);
	assert_int_equal(two->count("IMA_DeregisterForObjectPropertyChanges"), 1);
	add_visibility(visibility_a);
	drop_visibility(visibility_a);
	assert_int_equal(one->count("IMA_RegisterForObjectVisibilityChanges"), 1);
	assert_int_equal(one->count("IMA_DeregisterForObjectVisibilityChanges"), 1);
}

static void plugin_gets_the_same_function(void **state)
{
	const struct recorder_call *in, *out;

	(void)state;
	start();
	add(property_a);
	drop(property_a);
	in = one->call("IMA_RegisterForObjectPropertyChanges", 0);
	out = one->call("IMA_DeregisterForObjectPropertyChanges", 0);
	assert_memory_equal(in->arg[0].value, out->arg[0].value, sizeof(void *));
	assert_memory_equal(
		in->arg[0].value,
		two->call("IMA_RegisterForObjectPropertyChanges", 0)->arg[0].value,
		sizeof(void *));
}

static void event_reaches_all_in_order(void **state)
{
	(void)state;
	start();
	add(property_b);
	add(property_a);
	add(property_c);
	one->property(oid_of(one, 11));
	settle(one);
	assert_string_equal(clients(), "bac");
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(seen[i].oid.objectType, IMA_OBJECT_TYPE_TARGET);
		assert_int_equal(seen[i].oid.ownerId, one->owner);
		assert_int_equal(seen[i].oid.objectSequenceNumber, 11);
	}
	drop(property_a);
	drop(property_b);
	drop(property_c);
}

static void visibility_carries_both_values(void **state)
{
	(void)state;
	start();
	add_visibility(visibility_a);
	two->visibility(IMA_TRUE, oid_of(two, 1));
	two->visibility(IMA_FALSE, oid_of(two, 2));
	settle(two);
	assert_string_equal(clients(), "AA");
	assert_int_equal(seen[0].visible, IMA_TRUE);
	assert_int_equal(seen[0].oid.objectSequenceNumber, 1);
	assert_int_equal(seen[1].visible, IMA_FALSE);
	assert_int_equal(seen[1].oid.objectSequenceNumber, 2);
	assert_int_equal(seen[1].oid.ownerId, two->owner);
	drop_visibility(visibility_a);
}

static void kinds_are_independent(void **state)
{
	(void)state;
	start();
	add(property_a);
	add_visibility(visibility_a);
	one->property(oid_of(one, 1));
	settle(one);
	assert_string_equal(clients(), "a");
	drop(property_a);
	forget();
	one->visibility(IMA_TRUE, oid_of(one, 2));
	settle(one);
	assert_string_equal(clients(), "A");
	drop_visibility(visibility_a);
}

static void registering_twice_is_once(void **state)
{
	(void)state;
	start();
	add(property_a);
	add(property_a);
	assert_int_equal(one->count("IMA_RegisterForObjectPropertyChanges"), 1);
	one->property(oid_of(one, 1));
	settle(one);
	assert_string_equal(clients(), "a");
	drop(property_a);
	forget();
	add(property_b);
	one->property(oid_of(one, 2));
	settle(one);
	assert_string_equal(clients(), "b");
	drop(property_b);
}

static void registering_visibility_twice_is_once(void **state)
{
	(void)state;
	start();
	add_visibility(visibility_a);
	add_visibility(visibility_a);
	drop_visibility(visibility_a);
	add_visibility(visibility_b);
	one->visibility(IMA_TRUE, oid_of(one, 2));
	settle(one);
	assert_string_equal(clients(), "B");
	drop_visibility(visibility_b);
}

static void unknown_function_is_a_success(void **state)
{
	(void)state;
	start();
	drop(property_c);
	assert_int_equal(one->count(NULL), 0);
	add(property_a);
	drop(property_c);
	one->property(oid_of(one, 1));
	settle(one);
	assert_string_equal(clients(), "a");
	drop(property_a);
}

static void unknown_visibility_function_is_a_success(void **state)
{
	(void)state;
	start();
	drop_visibility(visibility_b);
	assert_int_equal(one->count(NULL), 0);
	add_visibility(visibility_a);
	drop_visibility(visibility_b);
	one->visibility(IMA_FALSE, oid_of(one, 1));
	settle(one);
	assert_string_equal(clients(), "A");
	drop_visibility(visibility_a);
}

static void nothing_after_deregistration(void **state)
{
	IMA_OBJECT_PROPERTY_FN late;

	(void)state;
	start();
	add(property_a);
	late = one->property;
	drop(property_a);
	late(oid_of(one, 1)); /* a plugin that ignores deregistration */
	settle(one);
	assert_string_equal(clients(), "");
	add(property_b);
	settle(one);
	assert_string_equal(clients(), "");
	drop(property_b);
}

static void registering_again_works(void **state)
{
	(void)state;
	start();
	for (unsigned int i = 0; i < 3; i++) {
		add(property_a);
		one->property(oid_of(one, i));
		settle(one);
		drop(property_a);
	}
	assert_string_equal(clients(), "aaa");
}

static void unknown_owner_is_dropped(void **state)
{
	(void)state;
	start();
	add(property_a);
	add_visibility(visibility_a);
	one->property((IMA_OID){ IMA_OBJECT_TYPE_LU, 4711, 1 });
	one->visibility(IMA_TRUE, (IMA_OID){ IMA_OBJECT_TYPE_LU, 4711, 1 });
	settle(one);
	assert_string_equal(clients(), "");
	drop(property_a);
	drop_visibility(visibility_a);
}

static void order_is_kept(void **state)
{
	(void)state;
	start();
	add(property_a);
	for (unsigned int i = 0; i < 2000; i++)
		one->property(oid_of(one, i));
	settle(one);
	assert_int_equal(seen_count, 2000);
	for (unsigned int i = 0; i < 2000; i++)
		assert_int_equal(seen[i].oid.objectSequenceNumber, i);
	drop(property_a);
}

static void *raise_many(void *recorder)
{
	const struct recorder *r = recorder;

	for (unsigned int i = 0; i < 500; i++)
		r->property(oid_of(r, i));
	return NULL;
}

static void none_is_lost_between_threads(void **state)
{
	pthread_t threads[4];

	(void)state;
	start();
	add(property_a);
	for (unsigned int i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_create(&threads[i], NULL, raise_many, i % 2 ? one : two);
	for (unsigned int i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	settle(one);
	settle(two);
	assert_int_equal(seen_count, 2000);
	drop(property_a);
}

static void callback_runs_on_another_thread(void **state)
{
	(void)state;
	start();
	add(property_a);
	add_visibility(visibility_a);
	one->property(oid_of(one, 1));
	one->visibility(IMA_TRUE, oid_of(one, 1));
	settle(one);
	assert_int_equal(seen_count, 2);
	assert_false(pthread_equal(seen[0].thread, pthread_self()));
	assert_false(pthread_equal(seen[1].thread, pthread_self()));
	drop(property_a);
	drop_visibility(visibility_a);
}

static void one_failing_plugin(void **state)
{
	(void)state;
	start();
	one->set_status("IMA_RegisterForObjectPropertyChanges", IMA_ERROR_NOT_SUPPORTED);
	one->set_status("IMA_DeregisterForObjectPropertyChanges",
			IMA_ERROR_UNKNOWN_ERROR);
	add(property_a);
	two->property(oid_of(two, 1));
	settle(two);
	assert_string_equal(clients(), "a");
	drop(property_a);
}

static void all_plugins_fail(void **state)
{
	(void)state;
	start();
	one->set_all(IMA_ERROR_UNEXPECTED_OS_ERROR);
	two->set_all(IMA_ERROR_UNEXPECTED_OS_ERROR);
	add(property_a);
	add_visibility(visibility_a);
	drop(property_a);
	drop_visibility(visibility_a);
}

/* Client functions that do something. */

static sem_t entered, may_leave;
static volatile int left;

static void deregisters_itself(IMA_OID oid)
{
	if (is_mark(oid))
		return;
	note('x', IMA_UNKNOWN, oid);
	if (IMA_DeregisterForObjectPropertyChanges(deregisters_itself))
		note('!', IMA_UNKNOWN, oid);
}

static void callback_may_deregister_itself(void **state)
{
	(void)state;
	start();
	add(deregisters_itself);
	add(property_a);
	one->property(oid_of(one, 1));
	one->property(oid_of(one, 2));
	settle(one);
	assert_string_equal(clients(), "xaa");
	drop(property_a);
}

static void deregisters_the_next(IMA_OID oid)
{
	if (is_mark(oid))
		return;
	note('n', IMA_UNKNOWN, oid);
	IMA_DeregisterForObjectPropertyChanges(property_a);
}

static void callback_may_deregister_another(void **state)
{
	(void)state;
	start();
	add(deregisters_the_next);
	add(property_a);
	one->property(oid_of(one, 1));
	settle(one);
	assert_string_equal(clients(), "n");
	drop(deregisters_the_next);
}

static void calls_the_library(IMA_OID oid)
{
	IMA_OID_LIST *list = NULL;
	IMA_OBJECT_TYPE type;
	IMA_NODE_NAME name;
	IMA_LU_PROPERTIES props;
	IMA_OID lu = { IMA_OBJECT_TYPE_LU, oid.ownerId, 5 };
	IMA_STATUS status = IMA_STATUS_SUCCESS;

	if (is_mark(oid))
		return;
	status |= IMA_GetObjectType(oid, &type);
	status |= IMA_GetLhbaOidList(&list);
	status |= IMA_FreeMemory(list);
	status |= IMA_GetLuProperties(lu, &props);
	status |= IMA_GenerateNodeName(name);
	status |= IMA_RegisterForObjectPropertyChanges(property_b);
	status |= IMA_RegisterForObjectVisibilityChanges(visibility_b);
	status |= IMA_DeregisterForObjectVisibilityChanges(visibility_b);
	note(status ? '!' : 'l', IMA_UNKNOWN, oid);
}

static void callback_may_call_anything(void **state)
{
	(void)state;
	start();
	add(calls_the_library);
	one->property(oid_of(one, 1));
	settle(one);
	drop(calls_the_library);
	assert_string_equal(clients(), "l");
	forget();
	one->property(oid_of(one, 2));
	settle(one);
	assert_string_equal(clients(), "b");
	drop(property_b);
}

static void blocks(IMA_OID oid)
{
	if (is_mark(oid))
		return;
	sem_post(&entered);
	sem_wait(&may_leave);
	usleep(1000); /* so that a Deregister that does not wait has the time to return */
	left = 1;
}

static void *deregister_blocks(void *result)
{
	if (IMA_DeregisterForObjectPropertyChanges(blocks))
		return NULL;
	*(int *)result = left;
	return NULL;
}

static void deregister_waits_for_running_calls(void **state)
{
	pthread_t thread;
	int left_before = -1;

	(void)state;
	start();
	left = 0;
	add(blocks);
	one->property(oid_of(one, 1));
	sem_wait(&entered);
	pthread_create(&thread, NULL, deregister_blocks, &left_before);
	usleep(20000); /* makes it likely that it waits already; right in any case */
	sem_post(&may_leave);
	pthread_join(thread, NULL);
	assert_int_equal(left_before, 1);
}

static void callback_that_blocks_stops_nobody(void **state)
{
	IMA_OID_LIST *list = NULL;
	IMA_LU_PROPERTIES props;
	IMA_OID lu = { IMA_OBJECT_TYPE_LU, 1, 5 };

	(void)state;
	start();
	add(blocks);
	one->property(oid_of(one, 1));
	sem_wait(&entered);
	/* Raising events, calling and registering go on. */
	for (unsigned int i = 0; i < 1000; i++)
		one->property(oid_of(one, MARK));
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetLuProperties(lu, &props), IMA_STATUS_SUCCESS);
	add(property_a);
	drop(property_a);
	sem_post(&may_leave);
	drop(blocks);
}

static void raise_inside(const struct recorder_call *call)
{
	if (!strcmp(call->name, "IMA_SetMaxConnections"))
		one->property(oid_of(one, 5));
}

static void plugin_may_raise_inside_a_call(void **state)
{
	IMA_OID lhba = { IMA_OBJECT_TYPE_LHBA, 1, 1 };

	(void)state;
	start();
	add(property_a);
	one->script.hook = raise_inside;
	assert_int_equal(IMA_SetMaxConnections(lhba, 4), IMA_STATUS_SUCCESS);
	settle(one);
	assert_string_equal(clients(), "a");
	drop(property_a);
}

static void raise_while_registering(const struct recorder_call *call)
{
	IMA_OBJECT_PROPERTY_FN function;

	if (strcmp(call->name, "IMA_RegisterForObjectPropertyChanges"))
		return;
	memcpy(&function, call->arg[0].value, sizeof(function));
	function(oid_of(one, 6));
}

static void event_before_register_returns(void **state)
{
	(void)state;
	start();
	one->script.hook = raise_while_registering;
	add(property_a);
	one->script.hook = NULL;
	settle(one);
	assert_string_equal(clients(), "a");
	drop(property_a);
}

/* More functions than any fixed table of old. */
/* clang-format off */
#define TEN(m, i) \
	m(i##0) m(i##1) m(i##2) m(i##3) m(i##4) m(i##5) m(i##6) m(i##7) m(i##8) m(i##9)
#define MANY(m) \
	TEN(m, 1) TEN(m, 2) TEN(m, 3) TEN(m, 4) TEN(m, 5) TEN(m, 6) TEN(m, 7) TEN(m, 8) TEN(m, 9)
/* clang-format on */
#define DEFINE(n)                                       \
	static void many_##n(IMA_OID oid)               \
	{                                               \
		if (!is_mark(oid))                      \
			note((char)(n), IMA_TRUE, oid); \
	}
MANY(DEFINE)
#define REFER(n) many_##n,
static const IMA_OBJECT_PROPERTY_FN many[] = { MANY(REFER) };

static void more_than_64_functions(void **state)
{
	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		add(many[i]);
	one->property(oid_of(one, 1));
	settle(one);
	assert_int_equal(seen_count, ARRAY_SIZE(many));
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		assert_int_equal(seen[i].client, 10 + i);
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		drop(many[i]);
}

static void shared_node_raises_events(void **state)
{
	static const IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

	(void)state;
	start();
	add(property_a);
	add_visibility(visibility_a);
	assert_int_equal(IMA_SetNodeAlias(node, L"somebody"), IMA_STATUS_SUCCESS);
	wait_for_seen(1);
	settle(one);
	assert_string_equal(clients(), "a");
	assert_int_equal(seen[0].oid.objectType, IMA_OBJECT_TYPE_NODE);
	assert_int_equal(seen[0].oid.ownerId, 0);
	assert_int_equal(seen[0].oid.objectSequenceNumber, 0);
	drop(property_a);
	drop_visibility(visibility_a);
}

#define REGISTER_PROPERTY     "IMA_RegisterForObjectPropertyChanges 6.2.67: "
#define REGISTER_VISIBILITY   "IMA_RegisterForObjectVisibilityChanges 6.2.68: "
#define DEREGISTER_PROPERTY   "IMA_DeregisterForObjectPropertyChanges 6.2.3: "
#define DEREGISTER_VISIBILITY "IMA_DeregisterForObjectVisibilityChanges 6.2.4: "

static const struct {
	CMUnitTestFunction function;
	const char *name;
} list[] = {
	{ first_registers_last_deregisters, "D30: registered at plugins with the first "
					    "client, deregistered with the last" },
	{ plugin_gets_the_same_function, "D30: plugins get one function of the library" },
	{ event_reaches_all_in_order,
	  REGISTER_PROPERTY "IMA_STATUS_SUCCESS: an event reaches all clients in order" },
	{ visibility_carries_both_values, REGISTER_VISIBILITY
	  "IMA_STATUS_SUCCESS: an event reaches the client as raised" },
	{ kinds_are_independent, "a function for one kind does not get the other" },
	{ registering_twice_is_once, "D30: " REGISTER_PROPERTY "twice is once" },
	{ registering_visibility_twice_is_once,
	  "D30: " REGISTER_VISIBILITY "twice is once" },
	{ unknown_function_is_a_success,
	  "D30: " DEREGISTER_PROPERTY "IMA_STATUS_SUCCESS for "
	  "a function that is not registered" },
	{ unknown_visibility_function_is_a_success,
	  "D30: " DEREGISTER_VISIBILITY "IMA_STATUS_SUCCESS for a function that is not "
	  "registered" },
	{ nothing_after_deregistration,
	  DEREGISTER_PROPERTY "nothing after it, whatever the plugin does" },
	{ registering_again_works, REGISTER_PROPERTY "again after deregistration" },
	{ unknown_owner_is_dropped, "an event of an unknown owner is dropped" },
	{ order_is_kept, "events of one plugin keep their order" },
	{ none_is_lost_between_threads,
	  "events raised on several threads: none is lost" },
	{ callback_runs_on_another_thread, "callbacks run on a thread of the library" },
	{ one_failing_plugin,
	  "a plugin that refuses the registration hides itself only" },
	{ all_plugins_fail, "registration succeeds although every plugin refuses" },
	{ callback_may_deregister_itself, "a callback may deregister itself" },
	{ callback_may_deregister_another,
	  DEREGISTER_PROPERTY "in a callback, for the one that would come next" },
	{ callback_may_call_anything, "a callback may call anything" },
	{ deregister_waits_for_running_calls,
	  DEREGISTER_PROPERTY "waits for a call that runs" },
	{ callback_that_blocks_stops_nobody, "a callback that blocks stops nobody else" },
	{ plugin_may_raise_inside_a_call, "a plugin may raise an event inside a call" },
	{ event_before_register_returns,
	  REGISTER_PROPERTY "an event raised meanwhile is delivered" },
	{ more_than_64_functions, "D30: more than 64 functions" },
	{ shared_node_raises_events,
	  "a change of the shared node is a property event of {NODE, 0, 0}" },
};

static int tests(void)
{
	IMA_OID_LIST *plugins = NULL;

	sem_init(&entered, 0, 0);
	sem_init(&may_leave, 0, 0);
	if (!sandbox_listing()) {
		one = sandbox_recorder("one");
		two = sandbox_recorder("two");
		IMA_GetPluginOidList(&plugins);
		IMA_FreeMemory(plugins);
	}
	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		case_add(list[i].function, NULL, "%s", list[i].name);
	return cases_run("events");
}

int main(int argc, char **argv)
{
	static const struct sandbox_plugin plugins[] = { { "one", RECORDING_PLUGIN },
							 { "bare", BARE_PLUGIN },
							 { "two", RECORDING_PLUGIN } };

	return sandbox_run(argc, argv, plugins, ARRAY_SIZE(plugins), tests);
}
