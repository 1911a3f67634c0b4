// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Several processes and one store: nothing is lost, nothing is stale, nothing is believed that
 * is not valid.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "sandbox.h"
#include "shared/cleanup.h"

#define NAME	"iqn.2003-01.org.example:disk"
#define WRITERS 6
#define EACH	20

/* Another process does something meanwhile; its id. */
static pid_t start(const char *what)
{
	pid_t child = fork();

	if (!child)
		_exit(sandbox_again(what));
	assert_true(child > 0);
	return child;
}

static int result_of(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static sqlite3 *open_database(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(sandbox_path("state/user.db"), &db), SQLITE_OK);
	return db;
}

static void edit(const char *sql)
{
	sqlite3 *db = open_database();

	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void changes_of_others_are_seen_at_once(void **state)
{
	(void)state;
	assert_int_equal(count_addresses(), 0);
	assert_int_equal(sandbox_again("add-one"), 0);
	assert_int_equal(count_addresses(), 1);
	assert_int_equal(sandbox_again("remove-all"), 0);
	assert_int_equal(count_addresses(), 0);
}

static void removed_store_is_an_empty_one(void **state)
{
	(void)state;
	add_address("192.0.2.10");
	assert_int_equal(count_addresses(), 1);
	sandbox_clear_state();
	assert_int_equal(count_addresses(), 0);
	add_address("192.0.2.11");
	assert_int_equal(count_addresses(), 1);
}

static int add_many(int writer)
{
	char text[32];
	IMA_OID oid;

	for (int i = 0; i < EACH; i++) {
		snprintf(text, sizeof(text), "10.0.%d.%d", writer, i);
		if (try_address(text, &oid)) {
			print_message("# %s\n", last_error().text);
			return 1;
		}
	}
	return 0;
}

static void writers_at_once_lose_nothing(void **state)
{
	pid_t children[WRITERS];
	char what[16];

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		snprintf(what, sizeof(what), "many-%d", i);
		children[i] = start(what);
	}
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(result_of(children[i]), 0);
	assert_int_equal(count_addresses(), WRITERS * EACH);
}

/* Adds addresses until it is killed; says on a pipe which ones were added for good. */
static int add_forever(void)
{
	int fd = open(sandbox_path("added"), O_WRONLY | O_CLOEXEC);
	char text[32];
	IMA_OID oid;

	for (int i = 0; fd >= 0; i++) {
		snprintf(text, sizeof(text), "10.%d.%d.%d", i >> 16 & 255, i >> 8 & 255,
			 i & 255);
		if (try_address(text, &oid) || write(fd, "x", 1) != 1)
			break;
	}
	return 1;
}

/* The process that adds, killed after it reported this many. */
static unsigned int killed_after(unsigned int count)
{
	pid_t child = fork();
	unsigned int added = 0;
	char byte;
	int fd;

	if (!child) {
		setpgid(0, 0);
		_exit(sandbox_again("forever"));
	}
	fd = open(sandbox_path("added"), O_RDONLY | O_CLOEXEC);
	while (added < count && read(fd, &byte, 1) == 1)
		added++;
	kill(-child, SIGKILL);
	result_of(child);
	while (read(fd, &byte, 1) == 1)
		added++;
	close(fd);
	return added;
}

static void killed_writers_lose_nothing_they_reported(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(sandbox_path("added"), 0600), 0);
	for (unsigned int i = 0; i < 10; i++) {
		unsigned int added = killed_after(1 + 7 * i), found = count_addresses();

		/* One may have been stored, but not reported any more. */
		assert_in_range(found, added, added + 1);
		sandbox_clear_state();
	}
	assert_int_equal(unlink(sandbox_path("added")), 0);
}

static void locked_store_times_out(void **state)
{
	sqlite3 *db;
	unsigned int begin;
	IMA_OID oid;

	(void)state;
	add_address("192.0.2.10");
	db = open_database();
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_ok(IMAX_SetDeadline(300));
	begin = milliseconds();
	assert_status(try_address("192.0.2.11", &oid), IMA_ERROR_SYNC_TIMEOUT);
	assert_true(milliseconds() - begin < 5000);
	assert_non_null(strstr(last_error().text, "locked"));
	/* Reading goes on. */
	assert_int_equal(count_addresses(), 1);
	assert_ok(IMAX_SetDeadline(0));
	sqlite3_close(db);
	add_address("192.0.2.11");
}

static void write_file(const char *file, const void *content, size_t size)
{
	int fd = open(sandbox_path(file), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, content, size), size);
	close(fd);
}

static IMA_STATUS list_status(void)
{
	IMA_OID_LIST *list;
	IMA_STATUS status = IMA_GetTargetOidList(lhba(), &list);

	if (!status)
		IMA_FreeMemory(list);
	return status;
}

static void rubbish_is_no_database(void **state)
{
	char rubbish[8192];

	(void)state;
	memset(rubbish, 'x', sizeof(rubbish));
	write_file("state/user.db", rubbish, sizeof(rubbish));
	assert_status(list_status(), IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_non_null(strstr(last_error().text, "user.db"));
	assert_status(try_address("192.0.2.10", NULL), IMA_ERROR_UNEXPECTED_OS_ERROR);
}

static void empty_file_is_an_empty_store(void **state)
{
	(void)state;
	write_file("state/user.db", "", 0);
	assert_int_equal(count_addresses(), 0);
	add_address("192.0.2.10");
	assert_int_equal(count_addresses(), 1);
}

static void other_databases_are_left_alone(void **state)
{
	(void)state;
	edit("PRAGMA application_id = 1; CREATE TABLE mine(x)");
	assert_status(list_status(), IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_non_null(strstr(last_error().text, "another program"));
	assert_status(try_address("192.0.2.10", NULL), IMA_ERROR_UNEXPECTED_OS_ERROR);
	edit("SELECT x FROM mine");
}

static void newer_databases_are_left_alone(void **state)
{
	(void)state;
	add_address("192.0.2.10");
	edit("PRAGMA user_version = 1000");
	assert_int_equal(sandbox_again("is-newer"), 0);
}

/* As versions before iSNS and SLP left it. */
static void older_databases_are_taken_forward(void **state)
{
	(void)state;
	add_address("192.0.2.10");
	edit("DROP TABLE own_setting; DROP TABLE statistics; DROP TABLE service_portal;"
	     "PRAGMA user_version = 1");
	assert_int_equal(sandbox_again("is-older"), 0);
	assert_int_equal(count_addresses(), 2);
}

static int is_older(void)
{
	if (count_addresses() != 1)
		return 1;
	add_address("192.0.2.11");
	return count_addresses() != 2;
}

static int is_newer(void)
{
	return list_status() != IMA_ERROR_UNEXPECTED_OS_ERROR ||
	       !strstr(last_error().text, "newer version");
}

/* They would run with each statement, an endless one for ever. */
static void views_and_triggers_are_refused(void **state)
{
	(void)state;
	add_address("192.0.2.10");
	edit("CREATE VIEW mine AS SELECT 1");
	assert_int_equal(sandbox_again("has-views"), 0);
	edit("DROP VIEW mine; CREATE TRIGGER mine AFTER INSERT ON setting BEGIN"
	     "  DELETE FROM discovery_address; END");
	assert_int_equal(sandbox_again("has-views"), 0);
}

static int has_views(void)
{
	return list_status() != IMA_ERROR_UNEXPECTED_OS_ERROR ||
	       !strstr(last_error().text, "views, triggers");
}

static void invalid_rows_are_ignored(void **state)
{
	static const char *const rows[] = {
		"INSERT INTO discovery_address(address) VALUES('no portal:x')",
		"INSERT INTO static_target(name, address) VALUES('bad name', "
		"'192.0.2.1')",
		"INSERT INTO static_target(name, address) VALUES('" NAME "', ':')",
		"INSERT INTO target(name) VALUES('bad')",
		"INSERT INTO target(name, alias) VALUES('" NAME "2', x'ff00fe')",
		"INSERT INTO param(target, name, value) VALUES(NULL, 'MaxBurstLength', "
		"-1)",
		"INSERT INTO param(target, name, value) VALUES(NULL, 'Nonsense', 1)",
		"INSERT INTO param(target, name, value) VALUES(NULL, 'InitialR2T', "
		"'Yes')",
		"INSERT INTO setting(name, value) VALUES('node-name', 'bad name')",
		"INSERT INTO setting(name, value) VALUES('nonsense', '1')",
		"INSERT INTO auth_method(place, method) VALUES(0, 77)",
	};
	IMA_MIN_MAX_VALUE value;
	IMA_AUTHMETHOD method;
	IMA_UINT count = 1;

	(void)state;
	add_static(NAME, "192.0.2.1");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		edit(rows[i]);
	assert_int_equal(count_addresses(), 0);
	assert_int_equal(count_static_targets(), 1);
	assert_int_equal(count_targets(), 1);
	assert_ok(IMA_GetMaxBurstLengthProperties(lhba(), &value));
	assert_int_equal(value.currentValue, value.defaultValue);
	assert_ok(IMA_GetInUseInitiatorAuthMethods(lhba(), &count, &method));
	assert_int_equal(method, IMA_AUTHMETHOD_NONE);
}

/* As root only: what an ordinary user can do with the store of root. */
static void ordinary_users_cannot_use_roots_store(void **state)
{
	(void)state;
	if (geteuid())
		skip();
	add_address("192.0.2.10");
	assert_ok(set_chap("joe", "twelve bytes"));
	assert_int_equal(chmod(sandbox_path("."), 0755), 0);
	assert_int_equal(sandbox_again("nobody-in-roots-store"), 0);
	assert_int_equal(mkdir(sandbox_path("nobody"), 0700), 0);
	assert_int_equal(chown(sandbox_path("nobody"), 65534, 65534), 0);
	assert_int_equal(sandbox_again("nobody-in-own-store"), 0);
	assert_int_equal(count_addresses(), 1);
}

static int become_nobody(void)
{
	return setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534);
}

static int nobody_in_roots_store(void)
{
	if (become_nobody() || list_status() != IMA_ERROR_UNEXPECTED_OS_ERROR ||
	    !strstr(last_error().text, "user.db"))
		return 1;
	return set_chap("mallory", "twelve bytes") != IMA_ERROR_UNEXPECTED_OS_ERROR;
}

static int nobody_in_own_store(void)
{
	if (become_nobody() || setenv("IMA_STATE_DIR", sandbox_path("nobody/state"), 1))
		return 1;
	add_address("192.0.2.11");
	return count_addresses() != 1;
}

/* Events. */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int balance[16]; /* objects that appeared less those that disappeared, by type */
static unsigned int changes[16], events;

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	balance[oid.objectType & 15] += visible ? 1 : -1;
	events++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void on_property(IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	changes[oid.objectType & 15]++;
	events++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

/* More events than were waited for may come while a test looks at the counts. */
static int balance_of(IMA_OBJECT_TYPE type)
{
	LOCKED(&lock);
	return balance[type];
}

static unsigned int changes_of(IMA_OBJECT_TYPE type)
{
	LOCKED(&lock);
	return changes[type];
}

static void wait_for_events(unsigned int count)
{
	pthread_mutex_lock(&lock);
	while (events < count)
		pthread_cond_wait(&changed, &lock);
	events -= count;
	pthread_mutex_unlock(&lock);
}

static int register_both(void **state)
{
	memset(balance, 0, sizeof(balance));
	memset(changes, 0, sizeof(changes));
	events = 0;
	reset(state);
	assert_int_equal(count_addresses(), 0);
	return IMA_RegisterForObjectVisibilityChanges(on_visibility) ||
	       IMA_RegisterForObjectPropertyChanges(on_property);
}

static int deregister_both(void **state)
{
	(void)state;
	return IMA_DeregisterForObjectVisibilityChanges(on_visibility) ||
	       IMA_DeregisterForObjectPropertyChanges(on_property);
}

static void own_changes_are_events(void **state)
{
	IMA_OID oid = add_static(NAME, "192.0.2.10");

	(void)state;
	add_address("192.0.2.10");
	wait_for_events(3);
	assert_int_equal(balance_of(IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET), 1);
	assert_int_equal(balance_of(IMA_OBJECT_TYPE_TARGET), 1);
	assert_int_equal(balance_of(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS), 1);
	assert_ok(IMA_SetDefaultTime2Wait(lhba(), 9)); /* the LHBA and its heir */
	wait_for_events(2);
	assert_int_equal(changes_of(IMA_OBJECT_TYPE_LHBA), 1);
	assert_int_equal(changes_of(IMA_OBJECT_TYPE_TARGET), 1);
	add_static(NAME, "192.0.2.11"); /* one more portal */
	wait_for_events(2);
	assert_int_equal(changes_of(IMA_OBJECT_TYPE_TARGET), 2);
	assert_ok(IMA_RemoveStaticDiscoveryTarget(oid));
	wait_for_events(2);
	assert_int_equal(balance_of(IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET), 1);
}

/* Names and portals of all targets, in the order of the list. */
static void describe_targets(char *out, size_t size)
{
	IMA_OID_LIST *list;
	size_t length = 0;

	assert_ok(IMA_GetTargetOidList(lhba(), &list));
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_ADDRESS_KEYS *keys;
		IMA_TARGET_PROPERTIES properties;

		assert_ok(IMA_GetTargetProperties(list->oids[i], &properties));
		assert_ok(IMA_GetAddressKeys(list->oids[i], &keys));
		length += (size_t)snprintf(
			out + length, size - length, "%llu %s %u",
			(unsigned long long)list->oids[i].objectSequenceNumber,
			text_of(properties.name), properties.discoveryMethodFlags);
		for (IMA_UINT k = 0; k < keys->addressKeyCount; k++)
			length += (size_t)snprintf(
				out + length, size - length, " %u",
				keys->addressKeys[k].ipAddress.ipAddress[3]);
		length += (size_t)snprintf(out + length, size - length, "\n");
		assert_true(length < size);
		assert_ok(IMA_FreeMemory(keys));
	}
	assert_ok(IMA_FreeMemory(list));
}

/* What is added is not read again; reading it for another reason must find nothing new. */
static void what_is_added_is_what_reading_finds(void **state)
{
	char before[4096], after[4096];
	IMA_OID oid = add_static(NAME "stale", "192.0.2.1");

	(void)state;
	assert_ok(IMA_SetDefaultTime2Wait(find_target(NAME "stale"), 9));
	assert_ok(IMA_RemoveStaticDiscoveryTarget(oid));
	add_static(NAME "one", "192.0.2.2");
	add_static(NAME "two", "192.0.2.3");
	add_static(NAME "one", "192.0.2.4");
	assert_ok(IMA_SetStaticDiscovery(lhba(), IMA_FALSE));
	add_static(NAME "three", "192.0.2.5");
	assert_int_equal(count_targets(), 0);
	assert_ok(IMA_SetStaticDiscovery(lhba(), IMA_TRUE));
	add_static(NAME "four", "192.0.2.6");
	add_static(NAME "three", "192.0.2.7");
	add_static(NAME "stale", "192.0.2.8");
	add_address("192.0.2.9");
	assert_int_equal(count_targets(), 5);
	describe_targets(before, sizeof(before));
	/* Twice, so that every event of the first time has been delivered. */
	assert_int_equal(sandbox_again("add-one"), 0);
	assert_int_equal(count_addresses(), 2);
	while (balance_of(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS) < 2)
		wait_for_events(1);
	describe_targets(after, sizeof(after));
	assert_string_equal(after, before);
	assert_int_equal(sandbox_again("remove-all"), 0);
	while (balance_of(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS))
		wait_for_events(1);
	assert_int_equal(balance_of(IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET), 7);
	assert_int_equal(balance_of(IMA_OBJECT_TYPE_TARGET), 5);
	/* A value, a second portal, a third. */
	assert_int_equal(changes_of(IMA_OBJECT_TYPE_TARGET), 3);
}

/* Nothing is called in this process meanwhile. */
static void changes_of_others_are_events(void **state)
{
	(void)state;
	assert_int_equal(sandbox_again("add-one"), 0);
	wait_for_events(1);
	assert_int_equal(balance_of(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS), 1);
	assert_int_equal(sandbox_again("remove-all"), 0);
	wait_for_events(1);
	assert_int_equal(balance_of(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS), 0);
}

static int add_one(void)
{
	return add_address("192.0.2.77").objectType != IMA_OBJECT_TYPE_DISCOVERY_ADDRESS;
}

static int remove_all(void)
{
	IMA_OID_LIST *list;

	assert_ok(IMA_GetDiscoveryAddressOidList(lhba(), &list));
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		assert_ok(IMA_RemoveDiscoveryAddress(list->oids[i]));
	assert_ok(IMA_FreeMemory(list));
	return 0;
}

static int do_again(const char *what)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} works[] = {
		{ "add-one", add_one },
		{ "remove-all", remove_all },
		{ "forever", add_forever },
		{ "is-newer", is_newer },
		{ "is-older", is_older },
		{ "has-views", has_views },
		{ "nobody-in-roots-store", nobody_in_roots_store },
		{ "nobody-in-own-store", nobody_in_own_store },
	};

	if (!strncmp(what, "many-", 5))
		return add_many(what[5] - '0');
	for (size_t i = 0; i < ARRAY_SIZE(works); i++)
		if (!strcmp(works[i].name, what))
			return works[i].run();
	return 99;
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(changes_of_others_are_seen_at_once, reset),
		cmocka_unit_test_setup(removed_store_is_an_empty_one, reset),
		cmocka_unit_test_setup(writers_at_once_lose_nothing, reset),
		cmocka_unit_test_setup(killed_writers_lose_nothing_they_reported, reset),
		cmocka_unit_test_setup(locked_store_times_out, reset),
		cmocka_unit_test_setup(rubbish_is_no_database, reset),
		cmocka_unit_test_setup(empty_file_is_an_empty_store, reset),
		cmocka_unit_test_setup(other_databases_are_left_alone, reset),
		cmocka_unit_test_setup(newer_databases_are_left_alone, reset),
		cmocka_unit_test_setup(older_databases_are_taken_forward, reset),
		cmocka_unit_test_setup(views_and_triggers_are_refused, reset),
		cmocka_unit_test_setup(invalid_rows_are_ignored, reset),
		cmocka_unit_test_setup(ordinary_users_cannot_use_roots_store, reset),
		cmocka_unit_test_setup_teardown(own_changes_are_events, register_both,
						deregister_both),
		cmocka_unit_test_setup_teardown(what_is_added_is_what_reading_finds,
						register_both, deregister_both),
		cmocka_unit_test_setup_teardown(changes_of_others_are_events,
						register_both, deregister_both),
	};

	if (sandbox_argument())
		return do_again(sandbox_argument());
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
