// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events on their way from a plugin to client functions. Called with the path of the plugin.
 * Nothing here waits for a time: what has to have arrived is followed by an event that tells so.
 */
#include "unit.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

#include "events-plugin.h"

static struct events_plugin *plugin;

/* What the client functions saw, in order: letter of the client and number of the object. */
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t seen_changed = PTHREAD_COND_INITIALIZER;
static char seen[4096];

static void note(char client, const char *sign, IMA_UINT64 number)
{
	LOCKED(&seen_lock);
	size_t length = strlen(seen);

	snprintf(seen + length, sizeof(seen) - length, "%c%s%llu ", client, sign, number);
	pthread_cond_broadcast(&seen_changed);
}

/* Waits until a text was seen, and forgets all. */
static void expect_seen(const char *text)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += 20;
	LOCKED(&seen_lock);
	while (strlen(seen) < strlen(text) &&
	       !pthread_cond_timedwait(&seen_changed, &seen_lock, &limit))
		;
	assert_string_equal(seen, text);
	seen[0] = 0;
}

static void client_a(IMA_OID oid)
{
	note('a', "", oid.objectSequenceNumber);
}

static void client_b(IMA_OID oid)
{
	note('b', "", oid.objectSequenceNumber);
}

static void watcher(IMA_BOOL visible, IMA_OID oid)
{
	assert_true(visible == IMA_TRUE || visible == IMA_FALSE);
	note('v', visible ? "+" : "-", oid.objectSequenceNumber);
}

static void add(IMA_OBJECT_PROPERTY_FN client)
{
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(client),
			 IMA_STATUS_SUCCESS);
}

static void leave(IMA_OBJECT_PROPERTY_FN client)
{
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(client),
			 IMA_STATUS_SUCCESS);
}

static void watch(void)
{
	assert_int_equal(IMA_RegisterForObjectVisibilityChanges(watcher),
			 IMA_STATUS_SUCCESS);
}

static void stop_watching(void)
{
	assert_int_equal(IMA_DeregisterForObjectVisibilityChanges(watcher),
			 IMA_STATUS_SUCCESS);
}

static void a_client_of_a_plugin_that_initialises_gets_events(void **state)
{
	(void)state;
	assert_int_equal(atomic_load(&plugin->registered[1]), 1);
	add(client_a);
	plugin->change(1);
	expect_seen("a1 ");
	assert_int_equal(atomic_load(&plugin->own_events), 1);
	plugin->leave();
	leave(client_a);
	assert_int_equal(atomic_load(&plugin->deregistered[1]), 1);
}

static void events_arrive_in_order_at_all_clients(void **state)
{
	(void)state;
	add(client_b);
	add(client_a);
	for (IMA_UINT64 i = 1; i <= 3; i++)
		plugin->change(i);
	expect_seen("b1 a1 b2 a2 b3 a3 ");
	leave(client_a);
	leave(client_b);
}

static void a_long_queue_loses_nothing(void **state)
{
	(void)state;
	add(client_a);
	for (int round = 0; round < 20; round++) {
		char expected[4096];
		int n = 0;

		for (IMA_UINT64 i = 0; i < 500; i++) {
			plugin->change(i % 10);
			n += snprintf(expected + n, sizeof(expected) - (size_t)n,
				      "a%llu ", i % 10);
		}
		expect_seen(expected);
	}
	leave(client_a);
}

static void a_client_is_called_once_however_often_it_registers(void **state)
{
	(void)state;
	add(client_a);
	add(client_a);
	add(client_b);
	plugin->change(1);
	expect_seen("a1 b1 ");
	leave(client_a);
	plugin->change(2);
	expect_seen("b2 ");
	leave(client_a);
	leave(client_b);
}

static void kinds_are_independent(void **state)
{
	(void)state;
	add(client_a);
	plugin->appear(IMA_TRUE, 1);
	watch();
	plugin->appear(IMA_TRUE, 2);
	plugin->change(3);
	plugin->appear(IMA_FALSE, 4);
	plugin->appear(99, 5);
	expect_seen("v+2 a3 v-4 v+5 ");
	stop_watching();
	plugin->appear(IMA_TRUE, 6);
	plugin->change(7);
	expect_seen("a7 ");
	leave(client_a);
}

static void the_plugin_is_told_of_the_first_and_the_last_client(void **state)
{
	int registered = atomic_load(&plugin->registered[1]);
	int deregistered = atomic_load(&plugin->deregistered[1]);

	(void)state;
	add(client_a);
	add(client_b);
	add(client_a);
	assert_int_equal(atomic_load(&plugin->registered[1]), registered + 1);
	leave(client_a);
	assert_int_equal(atomic_load(&plugin->deregistered[1]), deregistered);
	leave(client_b);
	assert_int_equal(atomic_load(&plugin->deregistered[1]), deregistered + 1);
	leave(client_b);
	assert_int_equal(atomic_load(&plugin->deregistered[1]), deregistered + 1);
}

static void other_watcher(IMA_BOOL visible, IMA_OID oid)
{
	watcher(visible, oid);
}

static pthread_barrier_t both_told;

/* In the plugin, told of a client of one kind: both are told before one registers the other. */
static void register_other_kind(int kind)
{
	pthread_barrier_wait(&both_told);
	if (kind)
		IMA_RegisterForObjectVisibilityChanges(other_watcher);
	else
		IMA_RegisterForObjectPropertyChanges(client_b);
}

static void *watch_in_thread(void *unused)
{
	watch();
	return unused;
}

static void a_plugin_may_register_the_other_kind_while_it_is_told(void **state)
{
	pthread_t thread;

	(void)state;
	pthread_barrier_init(&both_told, NULL, 2);
	plugin->told = register_other_kind;
	assert_int_equal(pthread_create(&thread, NULL, watch_in_thread, NULL), 0);
	add(client_a);
	pthread_join(thread, NULL);
	plugin->told = NULL;
	pthread_barrier_destroy(&both_told);
	plugin->change(1);
	plugin->appear(IMA_TRUE, 2);
	expect_seen("a1 b1 v+2 v+2 ");
	leave(client_a);
	leave(client_b);
	stop_watching();
	IMA_DeregisterForObjectVisibilityChanges(other_watcher);
}

static sem_t entered, go_on;

/* Holds the first event until it is told to go on; what happens meanwhile is only queued. */
static void gate(IMA_OID oid)
{
	if (oid.objectSequenceNumber != 1)
		return;
	sem_post(&entered);
	sem_wait(&go_on);
}

static void close_gate(void)
{
	add(gate);
	plugin->change(1);
	sem_wait(&entered);
}

static void open_gate(void)
{
	sem_post(&go_on);
}

static void a_client_gets_what_happened_while_it_was_registered(void **state)
{
	(void)state;
	plugin->change(9);
	close_gate();
	add(client_a);
	plugin->change(2);
	leave(client_a);
	plugin->change(3);
	add(client_a);
	plugin->change(4);
	add(client_b);
	plugin->change(5);
	open_gate();
	expect_seen("a4 a5 b5 ");
	leave(client_a);
	leave(client_b);
	leave(gate);
}

static void leave_in_callback(IMA_OID oid)
{
	note('l', "", oid.objectSequenceNumber);
	leave(leave_in_callback);
}

static void a_callback_may_deregister_itself(void **state)
{
	(void)state;
	add(leave_in_callback);
	add(client_a);
	plugin->change(1);
	plugin->change(2);
	expect_seen("l1 a1 a2 ");
	leave(client_a);
}

static void swap_in_callback(IMA_OID oid)
{
	note('s', "", oid.objectSequenceNumber);
	leave(client_a);
	add(client_b);
}

static void a_callback_may_register_and_deregister_others(void **state)
{
	(void)state;
	close_gate();
	add(swap_in_callback);
	add(client_a);
	plugin->change(2);
	plugin->change(3);
	open_gate();
	/* b was not there when these happened, a not any more when its turn came. */
	expect_seen("s2 s3 ");
	plugin->change(4);
	expect_seen("s4 b4 ");
	leave(swap_in_callback);
	leave(client_b);
	leave(gate);
}

static void call_in_callback(IMA_OID oid)
{
	IMA_OBJECT_TYPE type;
	IMA_OID_LIST *list;

	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetObjectType(oid, &type), IMA_STATUS_SUCCESS);
	note('c', "", oid.objectSequenceNumber);
	/* Raises the next event. */
	if (oid.objectSequenceNumber < 4) {
		oid.objectSequenceNumber++;
		assert_int_equal(IMA_SetInitialR2T(oid, IMA_TRUE), IMA_STATUS_SUCCESS);
	}
}

static void a_callback_may_call_the_library(void **state)
{
	(void)state;
	add(call_in_callback);
	plugin->change(1);
	expect_seen("c1 c2 c3 c4 ");
	leave(call_in_callback);
}

static atomic_bool finished;

static void slow_client(IMA_OID oid)
{
	(void)oid;
	sem_post(&entered);
	sem_wait(&go_on);
	usleep(20000);
	atomic_store(&finished, true);
}

static void *leave_slow_client(void *unused)
{
	sem_post(&entered);
	leave(slow_client);
	/* It must have waited for the call that was running. */
	assert_true(atomic_load(&finished));
	return unused;
}

static void deregistering_waits_for_a_running_call(void **state)
{
	pthread_t thread;

	(void)state;
	add(slow_client);
	plugin->change(1);
	sem_wait(&entered);
	assert_int_equal(pthread_create(&thread, NULL, leave_slow_client, NULL), 0);
	sem_wait(&entered);
	/* Neither plugins nor other clients wait for it. */
	plugin->change(2);
	add(client_a);
	plugin->change(3);
	sem_post(&go_on);
	pthread_join(thread, NULL);
	expect_seen("a3 ");
	leave(client_a);
}

static void a_change_of_the_shared_node_is_an_event(void **state)
{
	IMA_OID node;

	(void)state;
	add(client_a);
	assert_int_equal(IMA_GetSharedNodeOid(&node), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetNodeAlias(node, L"alias"), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetNodeName(node, L"nonsense"), IMA_ERROR_INVALID_PARAMETER);
	plugin->change(8);
	expect_seen("a0 a8 ");
	leave(client_a);
}

static void the_function_must_not_be_null(void **state)
{
	(void)state;
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(NULL),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_RegisterForObjectVisibilityChanges(NULL),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(NULL),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_DeregisterForObjectVisibilityChanges(NULL),
			 IMA_ERROR_INVALID_PARAMETER);
}

/* One function per thread: is it called only between its registration and the end of it? */
enum { THREADS = 4, ROUNDS = 300 };
static atomic_bool present[THREADS], is_over;
static atomic_int calls[THREADS], strays;

#define STRESS_CLIENT(n)                              \
	static void stress_client_##n(IMA_OID oid)    \
	{                                             \
		(void)oid;                            \
		atomic_fetch_add(&calls[n], 1);       \
		if (!atomic_load(&present[n]))        \
			atomic_fetch_add(&strays, 1); \
	}
STRESS_CLIENT(0)
STRESS_CLIENT(1)
STRESS_CLIENT(2)
STRESS_CLIENT(3)

static const IMA_OBJECT_PROPERTY_FN stress_clients[THREADS] = {
	stress_client_0, stress_client_1, stress_client_2, stress_client_3
};

/* Every other time it waits for the event, which has to come. */
static void *come_and_go(void *data)
{
	size_t n = (size_t)(uintptr_t)data;

	for (int i = 0; i < ROUNDS; i++) {
		int before = atomic_load(&calls[n]);

		atomic_store(&present[n], true);
		IMA_RegisterForObjectPropertyChanges(stress_clients[n]);
		plugin->change(1);
		while (i % 2 && atomic_load(&calls[n]) == before)
			sched_yield();
		IMA_DeregisterForObjectPropertyChanges(stress_clients[n]);
		atomic_store(&present[n], false);
	}
	return NULL;
}

static void *raise_events(void *unused)
{
	while (!atomic_load(&is_over)) {
		plugin->change(1);
		sched_yield();
	}
	return unused;
}

static void clients_may_come_and_go_while_events_are_raised(void **state)
{
	pthread_t threads[THREADS], raiser;

	(void)state;
	assert_int_equal(pthread_create(&raiser, NULL, raise_events, NULL), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, come_and_go,
						(void *)(uintptr_t)i),
				 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	atomic_store(&is_over, true);
	pthread_join(raiser, NULL);
	assert_int_equal(atomic_load(&strays), 0);
}

static const char *plugin_path;

static int set_up(void **state)
{
	char line[PATH_MAX];
	IMA_OID_LIST *list;
	void *handle;

	if (folder_make(state))
		return -1;
	snprintf(line, sizeof(line), "events %s\n", plugin_path);
	write_text(in_folder("conf"), line);
	setenv("IMA_CONFIG", in_folder("conf"), 1);
	setenv("IMA_STATE_DIR", test_folder, 1);
	sem_init(&entered, 0, 0);
	sem_init(&go_on, 0, 0);
	if (IMA_GetLhbaOidList(&list) || IMA_FreeMemory(list))
		return -1;
	handle = dlopen(plugin_path, RTLD_NOW | RTLD_NOLOAD);
	plugin = handle ? dlsym(handle, "events_plugin") : NULL;
	return plugin ? 0 : -1;
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_of_a_plugin_that_initialises_gets_events),
		cmocka_unit_test(events_arrive_in_order_at_all_clients),
		cmocka_unit_test(a_long_queue_loses_nothing),
		cmocka_unit_test(a_client_is_called_once_however_often_it_registers),
		cmocka_unit_test(kinds_are_independent),
		cmocka_unit_test(the_plugin_is_told_of_the_first_and_the_last_client),
		cmocka_unit_test(a_plugin_may_register_the_other_kind_while_it_is_told),
		cmocka_unit_test(a_client_gets_what_happened_while_it_was_registered),
		cmocka_unit_test(a_callback_may_deregister_itself),
		cmocka_unit_test(a_callback_may_register_and_deregister_others),
		cmocka_unit_test(a_callback_may_call_the_library),
		cmocka_unit_test(deregistering_waits_for_a_running_call),
		cmocka_unit_test(a_change_of_the_shared_node_is_an_event),
		cmocka_unit_test(the_function_must_not_be_null),
		cmocka_unit_test(clients_may_come_and_go_while_events_are_raised),
	};

	plugin_path = argc > 1 ? realpath(argv[1], NULL) : NULL;
	if (!plugin_path)
		return 2;
	return cmocka_run_group_tests(tests, set_up, folder_remove);
}
