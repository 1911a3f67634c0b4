// SPDX-License-Identifier: LGPL-2.1-or-later
/* Events, and what the host of a plugin is told. */
#include "cmocka_all.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin-support/host.h"
#include "plugin-support/notifier.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct notifier *notifier;
static unsigned int appeared, disappeared, properties;
static IMA_UINT64 last_number;
static bool in_order, may_return;

static int setup(void **state)
{
	(void)state;
	appeared = disappeared = properties = 0;
	last_number = 0;
	in_order = may_return = true;
	return notifier_new(&notifier);
}

static int teardown(void **state)
{
	(void)state;
	notifier_free(notifier);
	return 0;
}

static IMA_OID number(IMA_UINT64 n)
{
	return (IMA_OID){ IMA_OBJECT_TYPE_TARGET, 1, n };
}

static void on_visibility(IMA_BOOL becoming_visible, IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	becoming_visible ? appeared++ : disappeared++;
	in_order = in_order && oid.objectSequenceNumber == last_number + 1;
	last_number = oid.objectSequenceNumber;
	pthread_cond_broadcast(&changed);
	while (!may_return)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static void on_property(IMA_OID oid)
{
	(void)oid;
	pthread_mutex_lock(&lock);
	properties++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void on_property_once(IMA_OID oid)
{
	assert_int_equal(notifier_on_property(notifier, NULL), 0);
	on_property(oid);
}

static void wait_for(const unsigned int *counter, unsigned int value)
{
	pthread_mutex_lock(&lock);
	while (*counter < value)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static void events_come_in_order(void **state)
{
	(void)state;
	assert_int_equal(notifier_on_visibility(notifier, on_visibility), 0);
	for (IMA_UINT64 i = 1; i <= 1000; i++)
		assert_int_equal(notifier_visibility(notifier, i % 2, number(i)), 0);
	wait_for(&disappeared, 500);
	assert_int_equal(appeared, 500);
	assert_true(in_order);
}

static void events_nobody_wants_are_dropped(void **state)
{
	(void)state;
	assert_int_equal(notifier_property(notifier, number(1)), 0);
	assert_int_equal(notifier_on_visibility(notifier, on_visibility), 0);
	assert_int_equal(notifier_property(notifier, number(1)), 0);
	assert_int_equal(notifier_on_property(notifier, on_property), 0);
	assert_int_equal(notifier_property(notifier, number(2)), 0);
	wait_for(&properties, 1);
	assert_int_equal(properties, 1);
}

static void callback_may_deregister_itself(void **state)
{
	(void)state;
	assert_int_equal(notifier_on_property(notifier, on_property_once), 0);
	assert_int_equal(notifier_property(notifier, number(1)), 0);
	assert_int_equal(notifier_property(notifier, number(2)), 0);
	wait_for(&properties, 1);
	assert_int_equal(notifier_on_property(notifier, NULL), 0);
	assert_int_equal(properties, 1);
	assert_false(notifier_is_wanted(notifier));
}

static void *deregister(void *flag)
{
	assert_int_equal(notifier_on_visibility(notifier, NULL), 0);
	__atomic_store_n((bool *)flag, true, __ATOMIC_SEQ_CST);
	return NULL;
}

static void deregistering_waits_for_the_running_callback(void **state)
{
	bool done = false;
	pthread_t thread;

	(void)state;
	may_return = false;
	assert_int_equal(notifier_on_visibility(notifier, on_visibility), 0);
	assert_int_equal(notifier_visibility(notifier, IMA_TRUE, number(1)), 0);
	wait_for(&appeared, 1);
	assert_int_equal(notifier_visibility(notifier, IMA_TRUE, number(2)), 0);
	assert_int_equal(pthread_create(&thread, NULL, deregister, &done), 0);
	/* It cannot be done while the callback runs, however long we look. */
	while (notifier_is_wanted(notifier))
		usleep(1000);
	assert_false(__atomic_load_n(&done, __ATOMIC_SEQ_CST));
	pthread_mutex_lock(&lock);
	may_return = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	assert_int_equal(appeared, 1);
}

static IMAX_LAST_ERROR recorded;
static char logged[64];

static void record(const IMAX_LAST_ERROR *error)
{
	recorded = *error;
}

static void take_log(IMAX_LOG_LEVEL level, const IMA_CHAR *text)
{
	(void)level;
	snprintf(logged, sizeof(logged), "%s", text);
}

static IMA_UINT64 no_time(void)
{
	return 1;
}

static const IMAX_HOST host = { .size = sizeof(host),
				.GetDeadline = no_time,
				.SetLastError = record,
				.Log = take_log,
				.stateDirectory = "/var/lib/x" };

static void host_is_told_why_a_call_fails(void **state)
{
	char path[64];

	(void)state;
	host_set(&host);
	assert_int_equal(host_fail(IMA_ERROR_SYNC_TIMEOUT, IMAX_LAYER_OS, -EACCES,
				   "cannot open %s", "x"),
			 IMA_ERROR_SYNC_TIMEOUT);
	assert_int_equal(recorded.size, sizeof(recorded));
	assert_int_equal(recorded.osError, EACCES);
	assert_string_equal(recorded.text, "cannot open x: Permission denied");
	host_log(IMAX_LOG_DEBUG, "%d", 42);
	assert_string_equal(logged, "42");
	assert_int_equal(host_time_left(), 0);
	assert_int_equal(host_state_path("user.db", path, sizeof(path)), 0);
	assert_string_equal(path, "/var/lib/x/user.db");
	assert_int_equal(host_state_path("user.db", path, 10), -ENAMETOOLONG);
}

static void plugin_works_without_a_host(void **state)
{
	IMAX_HOST small = { .size = offsetof(IMAX_HOST, Log), .GetDeadline = no_time };

	(void)state;
	host_set(NULL);
	assert_in_range(host_time_left(), 14000, 15000);
	assert_int_equal(host_fail(IMA_ERROR_UNKNOWN_ERROR, IMAX_LAYER_OS, 0, "x"),
			 IMA_ERROR_UNKNOWN_ERROR);
	host_set(&small); /* an older library */
	host_log(IMAX_LOG_DEBUG, "nobody hears this");
	assert_int_equal(host_time_left(), 0);
	host_set(NULL);
}

#define WITH_NOTIFIER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_NOTIFIER(events_come_in_order),
		WITH_NOTIFIER(events_nobody_wants_are_dropped),
		WITH_NOTIFIER(callback_may_deregister_itself),
		WITH_NOTIFIER(deregistering_waits_for_the_running_callback),
		cmocka_unit_test(host_is_told_why_a_call_fails),
		cmocka_unit_test(plugin_works_without_a_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
