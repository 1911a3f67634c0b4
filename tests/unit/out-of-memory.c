// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The library when there is no memory: every allocation of a run through its calls fails once, and
 * each call still ends, with success or with a status that says so. Called with the path of the
 * plugin of the events test. Linked with the objects of the library, whose allocations are
 * wrapped.
 */
#include "unit.h"

#include <dlfcn.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "lib/api.h"
#include "events-plugin.h"

/* The allocation that fails, counted down; below 0 none. */
static atomic_int countdown = -1;
static atomic_bool all_fail;

static bool fails(void)
{
	return atomic_load(&all_fail) || atomic_fetch_sub(&countdown, 1) == 0;
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__real_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size)
{
	return fails() ? NULL : __real_realloc(block, size);
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

static const char *plugin_path;
static sem_t arrived;
static IMA_OID last_oid;

static void on_property(IMA_OID oid)
{
	last_oid = oid;
	sem_post(&arrived);
}

/* A status that a call may have when an allocation failed. */
static void expect_fair(IMA_STATUS status, IMA_STATUS otherwise)
{
	if (status != otherwise && status != IMA_ERROR_INSUFFICIENT_MEMORY) {
		fprintf(stderr, "# %s\n", IMAX_StatusName(status));
		_exit(1);
	}
}

static void use_list(IMA_STATUS (*list_all)(IMA_OID_LIST **))
{
	IMA_OID_LIST *list = (IMA_OID_LIST *)&list;
	IMA_STATUS status = list_all(&list);

	expect_fair(status, IMA_STATUS_SUCCESS);
	if (!status != (list != NULL) || IMA_FreeMemory(list))
		_exit(2);
}

/* A bit of everything. */
static void use_library(void)
{
	static const IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMAX_LAST_ERROR error = { .size = sizeof(error) };
	IMA_NODE_PROPERTIES properties;
	IMA_STATUS status;

	use_list(IMA_GetPluginOidList);
	use_list(IMA_GetLhbaOidList);
	expect_fair(IMA_RegisterForObjectPropertyChanges(on_property),
		    IMA_STATUS_SUCCESS);
	expect_fair(IMA_SetNodeAlias(node, L"alias"), IMA_STATUS_SUCCESS);
	status = IMA_GetNodeProperties(node, &properties);
	expect_fair(status, IMA_STATUS_SUCCESS);
	expect_fair(IMA_SetNodeName(node, L"nonsense"), IMA_ERROR_INVALID_PARAMETER);
	if (IMAX_GetLastError(&error))
		_exit(3);
	expect_fair(IMA_DeregisterForObjectPropertyChanges(on_property),
		    IMA_STATUS_SUCCESS);
}

static void configure(void)
{
	char line[PATH_MAX + 16];

	snprintf(line, sizeof(line), "events %s\n", plugin_path);
	write_text(in_folder("conf"), line);
	setenv("IMA_CONFIG", in_folder("conf"), 1);
	setenv("IMA_STATE_DIR", test_folder, 1);
	sem_init(&arrived, 0, 0);
}

/* The exit code of a child that runs with its n-th allocation failing; 100 if none did. */
static int run_with_failure(int n)
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		alarm(20);
		atomic_store(&countdown, n);
		use_library();
		exit(atomic_exchange(&countdown, -1) >= 0 ? 100 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void every_failing_allocation_ends_in_a_status(void **state)
{
	int n = 0, code;

	(void)state;
	configure();
	for (code = 0; !code && n < 1000; n++)
		code = run_with_failure(n);
	print_message("# %d allocations\n", n - 1);
	assert_int_equal(code, 100);
	assert_true(n > 10);
}

static void an_event_without_memory_becomes_one_of_the_plugin(void **state)
{
	struct events_plugin *plugin;
	void *handle;

	(void)state;
	configure();
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	handle = dlopen(plugin_path, RTLD_NOW | RTLD_NOLOAD);
	assert_non_null(handle);
	plugin = dlsym(handle, "events_plugin");
	for (int i = 0; i < 3; i++) {
		atomic_store(&all_fail, true);
		plugin->change(7);
		sem_wait(&arrived);
		atomic_store(&all_fail, false);
		assert_int_equal(last_oid.objectType, IMA_OBJECT_TYPE_PLUGIN);
		assert_int_equal(last_oid.ownerId, 1);
		plugin->change(8);
		sem_wait(&arrived);
		assert_int_equal(last_oid.objectSequenceNumber, 8);
	}
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		folder_test(every_failing_allocation_ends_in_a_status),
		folder_test(an_event_without_memory_becomes_one_of_the_plugin),
	};

	plugin_path = argc > 1 ? realpath(argv[1], NULL) : NULL;
	if (!plugin_path)
		return 2;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
