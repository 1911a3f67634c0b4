// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The shared node: its file, and what two plugins say and are told. Called with the path of the
 * plugin, which is loaded twice.
 */
#include "unit.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "node-plugin.h"
#include "shared/atomic-file.h"
#include "ima-ext.h"

#define NAME	   L"iqn.2001-04.com.example:one"
#define OTHER_NAME L"iqn.2001-04.com.example:two"

static const IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };
static struct node_plugin *plugins[2];

/* The text of the file; empty if there is none. */
static const char *file_text(void)
{
	static char text[2048];
	char _cleanup_free_ *data = NULL;
	size_t size;

	text[0] = 0;
	if (!atomic_file_read(in_folder("node"), sizeof(text) - 1, &data, &size))
		memcpy(text, data, size + 1);
	return text;
}

static bool file_has(const char *line)
{
	return strstr(file_text(), line);
}

static IMAX_LAST_ERROR last_error(void)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error) };

	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
	return error;
}

/* Asserts status, name and alias as they are read; NULL: not valid. */
static void expect_node(IMA_STATUS status, const wchar_t *name, const wchar_t *alias)
{
	IMA_NODE_PROPERTIES got;

	memset(&got, 0x55, sizeof(got));
	assert_int_equal(IMA_GetNodeProperties(node, &got), status);
	assert_int_equal(got.nameValid, IMA_TRUE);
	assert_int_equal(wcscmp(got.name, name), 0);
	assert_int_equal(got.aliasValid, alias ? IMA_TRUE : IMA_FALSE);
	assert_int_equal(wcscmp(got.alias, alias ? alias : L""), 0);
	for (size_t i = 0; i < sizeof(got.reserved); i++)
		assert_int_equal(got.reserved[i], 0);
}

/* Both plugins take part, know nothing, and take what they are told; no file. */
static int reset(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		memset(plugins[i], 0, sizeof(*plugins[i]));
		plugins[i]->takes_over = 1;
		plugins[i]->answer.nameAndAliasSettable = IMA_TRUE;
	}
	/* Whoever refused last time agrees now. */
	IMA_SetNodeName(node, NAME);
	for (int i = 0; i < 2; i++) {
		plugins[i]->names = plugins[i]->aliases = 0;
		memset(&plugins[i]->answer, 0, sizeof(plugins[i]->answer));
		plugins[i]->answer.nameAndAliasSettable = IMA_TRUE;
	}
	return unlink(in_folder("node"));
}

static void say_name(int i, const wchar_t *name)
{
	plugins[i]->answer.nameValid = IMA_TRUE;
	wcsncpy(plugins[i]->answer.name, name, IMA_NODE_NAME_LEN - 1);
}

static void say_alias(int i, const wchar_t *alias)
{
	plugins[i]->answer.aliasValid = IMA_TRUE;
	wcsncpy(plugins[i]->answer.alias, alias, IMA_NODE_ALIAS_LEN - 1);
}

static void new_plugins_without_a_name_are_told_the_stored_one(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(plugins[i]->names, 1);
		assert_int_equal(plugins[i]->aliases, 1);
		assert_int_equal(
			wcscmp(plugins[i]->name, L"iqn.2001-04.com.example:stored"), 0);
		assert_int_equal(wcscmp(plugins[i]->alias, L"stored alias"), 0);
		assert_memory_equal(&plugins[i]->oid, &node, sizeof(node));
	}
	expect_node(IMA_STATUS_SUCCESS, L"iqn.2001-04.com.example:stored",
		    L"stored alias");
}

static void without_any_name_one_is_generated_and_not_stored(void **state)
{
	IMA_NODE_NAME name;

	(void)state;
	assert_int_equal(IMA_GenerateNodeName(name), IMA_STATUS_SUCCESS);
	expect_node(IMA_STATUS_SUCCESS, name, NULL);
	expect_node(IMA_STATUS_SUCCESS, name, NULL);
	assert_string_equal(file_text(), "");
}

static void the_name_of_the_first_plugin_counts_if_none_is_stored(void **state)
{
	(void)state;
	say_name(1, OTHER_NAME);
	expect_node(IMA_STATUS_SUCCESS, OTHER_NAME, NULL);
	say_name(0, NAME);
	say_alias(0, L"me");
	expect_node(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES, NAME, L"me");
	assert_string_equal(file_text(), "");
	/* What is no iSCSI name is not taken over. */
	say_name(0, L"nonsense");
	expect_node(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES, OTHER_NAME, NULL);
}

static void a_new_name_is_told_and_stored(void **state)
{
	(void)state;
	assert_int_equal(IMA_SetNodeName(node, NAME), IMA_STATUS_SUCCESS);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(plugins[i]->names, 1);
		assert_int_equal(wcscmp(plugins[i]->name, NAME), 0);
		assert_memory_equal(&plugins[i]->oid, &node, sizeof(node));
	}
	assert_true(file_has("\nname=iqn.2001-04.com.example:one\n"));
	assert_false(file_has("alias"));
	expect_node(IMA_STATUS_SUCCESS, NAME, NULL);
}

static void an_alias_is_set_and_deleted(void **state)
{
	static const wchar_t *const none[] = { NULL, L"" };

	(void)state;
	assert_int_equal(IMA_SetNodeName(node, NAME), IMA_STATUS_SUCCESS);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		assert_int_equal(IMA_SetNodeAlias(node, L"h\u00f4te"),
				 IMA_STATUS_SUCCESS);
		assert_true(file_has("\nalias=h\xc3\xb4te\n"));
		expect_node(IMA_STATUS_SUCCESS, NAME, L"h\u00f4te");
		assert_int_equal(plugins[0]->alias_was_null, 0);
		assert_int_equal(IMA_SetNodeAlias(node, none[i]), IMA_STATUS_SUCCESS);
		assert_false(file_has("alias"));
		assert_int_equal(plugins[1]->alias_was_null, 1);
		expect_node(IMA_STATUS_SUCCESS, NAME, NULL);
	}
	assert_true(file_has("name=iqn.2001-04.com.example:one"));
}

static void the_answers_of_the_plugins_decide_the_result(void **state)
{
	enum { R = IMA_STATUS_REBOOT_NECESSARY };
	static const struct {
		IMA_STATUS first, second, result, later;
		bool stored;
	} cases[] = {
		{ 0, 0, 0, 0, true },
		{ R, 0, R, 0, true },
		{ 0, IMA_ERROR_NOT_SUPPORTED, 0, 0, true },
		{ IMA_ERROR_NOT_SUPPORTED, IMA_ERROR_NOT_SUPPORTED, 0, 0, true },
		{ IMA_ERROR_UNKNOWN_ERROR, 0, 0, 2, true },
		{ IMA_ERROR_UNKNOWN_ERROR, R, R, 2, true },
		{ IMA_ERROR_UNKNOWN_ERROR, IMA_ERROR_LU_IN_USE, IMA_ERROR_UNKNOWN_ERROR,
		  0, false },
		{ IMA_ERROR_NOT_SUPPORTED, IMA_ERROR_LU_IN_USE, IMA_ERROR_LU_IN_USE, 0,
		  false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		print_message("# case %zu\n", i);
		reset(state);
		plugins[0]->set_status = cases[i].first;
		plugins[1]->set_status = cases[i].second;
		for (int n = 0; n < 2; n++)
			if (plugins[n]->set_status == IMA_ERROR_NOT_SUPPORTED)
				plugins[n]->get_status = IMA_ERROR_NOT_SUPPORTED;
		assert_int_equal(IMA_SetNodeName(node, NAME), cases[i].result);
		assert_int_equal(file_has("name="), cases[i].stored);
		if (IMA_ERROR(cases[i].result))
			assert_int_equal(last_error().status, cases[i].result);
		else
			expect_node(cases[i].later, NAME, NULL);
	}
}

static void the_node_is_inconsistent_until_all_agree(void **state)
{
	(void)state;
	assert_int_equal(IMA_SetNodeName(node, NAME), IMA_STATUS_SUCCESS);
	say_name(1, OTHER_NAME);
	expect_node(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES, NAME, NULL);
	say_name(1, L"iqn.2001-04.com.EXAMPLE:One");
	expect_node(IMA_STATUS_SUCCESS, NAME, NULL);
	say_alias(1, L"other");
	expect_node(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES, NAME, NULL);
	/* A plugin that cannot say what it has counts only if it refused. */
	plugins[1]->get_status = IMA_ERROR_UNEXPECTED_OS_ERROR;
	expect_node(IMA_STATUS_SUCCESS, NAME, NULL);
	plugins[1]->set_status = IMA_ERROR_UNEXPECTED_OS_ERROR;
	assert_int_equal(IMA_SetNodeName(node, OTHER_NAME), IMA_STATUS_SUCCESS);
	expect_node(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES, OTHER_NAME, NULL);
	plugins[1]->set_status = IMA_STATUS_SUCCESS;
	assert_int_equal(IMA_SetNodeName(node, OTHER_NAME), IMA_STATUS_SUCCESS);
	expect_node(IMA_STATUS_SUCCESS, OTHER_NAME, NULL);
}

static void modes_are_those_of_any_plugin_settable_that_of_all(void **state)
{
	IMA_NODE_PROPERTIES got;

	(void)state;
	plugins[1]->answer.runningInInitiatorMode = IMA_TRUE;
	assert_int_equal(IMA_GetNodeProperties(node, &got), IMA_STATUS_SUCCESS);
	assert_int_equal(got.runningInInitiatorMode, IMA_TRUE);
	assert_int_equal(got.runningInTargetMode, IMA_FALSE);
	assert_int_equal(got.nameAndAliasSettable, IMA_TRUE);
	plugins[0]->answer.runningInTargetMode = IMA_TRUE;
	plugins[0]->answer.nameAndAliasSettable = IMA_FALSE;
	assert_int_equal(IMA_GetNodeProperties(node, &got), IMA_STATUS_SUCCESS);
	assert_int_equal(got.runningInTargetMode, IMA_TRUE);
	assert_int_equal(got.nameAndAliasSettable, IMA_FALSE);
	plugins[0]->get_status = IMA_ERROR_NOT_SUPPORTED;
	assert_int_equal(IMA_GetNodeProperties(node, &got), IMA_STATUS_SUCCESS);
	assert_int_equal(got.runningInTargetMode, IMA_FALSE);
	assert_int_equal(got.nameAndAliasSettable, IMA_TRUE);
}

/* A name of so many bytes in UTF-8, and a terminator. */
static const wchar_t *long_name(size_t bytes)
{
	static wchar_t name[512];

	wmemcpy(name, L"iqn.2001-04.com.example:", 24);
	for (size_t i = 24; i < bytes; i++)
		name[i] = L'x';
	name[bytes] = 0;
	return name;
}

static void bad_names_change_nothing(void **state)
{
	static const wchar_t surrogate[] = { 0xd800, 0 };
	static const struct {
		const wchar_t *name;
		IMA_STATUS status;
	} cases[] = {
		{ NULL, IMA_ERROR_INVALID_PARAMETER },
		{ L"", IMA_ERROR_INVALID_PARAMETER },
		{ L"nonsense", IMA_ERROR_INVALID_PARAMETER },
		{ L"iqn.2001-04.com.example:a b", IMA_ERROR_INVALID_PARAMETER },
		{ L"iqn.2001-04.com.example:\n", IMA_ERROR_INVALID_PARAMETER },
		{ surrogate, IMA_ERROR_INVALID_PARAMETER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(IMA_SetNodeName(node, cases[i].name), cases[i].status);
	assert_int_equal(IMA_SetNodeName(node, long_name(224)), IMA_ERROR_NAME_TOO_LONG);
	assert_int_equal(IMA_SetNodeName(node, long_name(400)), IMA_ERROR_NAME_TOO_LONG);
	assert_int_equal(plugins[0]->names, 0);
	assert_string_equal(file_text(), "");
	assert_int_equal(IMA_SetNodeName(node, long_name(223)), IMA_STATUS_SUCCESS);
	assert_int_equal(plugins[0]->names, 1);
}

static void an_alias_is_measured_in_bytes(void **state)
{
	wchar_t alias[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(alias); i++)
		alias[i] = 0x4f8b; /* 3 bytes in UTF-8 */
	alias[85] = 0;
	assert_int_equal(IMA_SetNodeAlias(node, alias), IMA_STATUS_SUCCESS);
	alias[85] = 0x4f8b;
	alias[86] = 0;
	assert_int_equal(IMA_SetNodeAlias(node, alias), IMA_ERROR_NAME_TOO_LONG);
	assert_int_equal(IMA_SetNodeAlias(node, L"two\nlines"),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_non_null(strstr(last_error().text, "control character"));
	assert_int_equal(plugins[0]->aliases, 1);
}

static void other_processes_are_seen_and_kept(void **state)
{
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(IMA_SetNodeAlias(node, L"ours"), IMA_STATUS_SUCCESS);
	child = fork();
	if (!child) {
		/* As another process would do it. */
		write_text(in_folder("node"),
			   "name=iqn.2001-04.com.example:theirs\nalias=ours\n");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	say_name(0, L"iqn.2001-04.com.example:theirs");
	say_name(1, L"iqn.2001-04.com.example:theirs");
	expect_node(IMA_STATUS_SUCCESS, L"iqn.2001-04.com.example:theirs", L"ours");
	assert_int_equal(IMA_SetNodeAlias(node, L"new"), IMA_STATUS_SUCCESS);
	assert_true(file_has("name=iqn.2001-04.com.example:theirs\nalias=new\n"));
}

static void a_file_that_makes_no_sense_is_an_error_with_its_line(void **state)
{
	static const struct {
		const char *text, *where;
	} cases[] = {
		{ "# fine\nname=\n", "node:2: " },
		{ "name=nonsense\n", "node:1: " },
		{ "alias=a\nalias=b\n", "node:2: " },
		{ "name=iqn.2001-04.com.example\n\nhost=x\n", "node:3: " },
		{ "alias=\xff\n", "node:1: " },
		{ " name=iqn.2001-04.com.example\n", "node:1: " },
	};
	IMA_NODE_PROPERTIES got;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		write_text(in_folder("node"), cases[i].text);
		assert_int_equal(IMA_GetNodeProperties(node, &got),
				 IMA_ERROR_UNEXPECTED_OS_ERROR);
		assert_non_null(strstr(last_error().text, cases[i].where));
		/* Nor is it overwritten: somebody has to look at it. */
		assert_int_equal(IMA_SetNodeAlias(node, L"x"),
				 IMA_ERROR_UNEXPECTED_OS_ERROR);
		assert_string_equal(file_text(), cases[i].text);
	}
}

static void plugins_are_not_told_what_cannot_be_stored(void **state)
{
	char deep[PATH_MAX];

	(void)state;
	write_text(in_folder("file"), "in the way");
	snprintf(deep, sizeof(deep), "%s/file/state", test_folder);
	setenv("IMA_STATE_DIR", deep, 1);
	assert_int_equal(IMA_SetNodeName(node, OTHER_NAME),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_non_null(strstr(last_error().text, "file/state"));
	assert_int_equal(last_error().layer, IMAX_LAYER_LIBRARY);
	assert_int_equal(plugins[0]->names, 0);
	setenv("IMA_STATE_DIR", test_folder, 1);
}

static void another_process_that_writes_is_not_waited_for_for_ever(void **state)
{
	int fd = open(in_folder("node.lock"), O_RDWR | O_CREAT, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(IMAX_SetDeadline(30), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetNodeName(node, NAME), IMA_ERROR_SYNC_TIMEOUT);
	assert_int_equal(IMAX_SetDeadline(0), IMA_STATUS_SUCCESS);
	close(fd);
	assert_int_equal(IMA_SetNodeName(node, NAME), IMA_STATUS_SUCCESS);
}

static void *set_often(void *data)
{
	const wchar_t *name = data;

	for (int i = 0; i < 30; i++)
		assert_int_equal(IMA_SetNodeName(node, name), IMA_STATUS_SUCCESS);
	return NULL;
}

static void threads_that_set_leave_plugins_and_file_in_line(void **state)
{
	static wchar_t names[2][32] = { NAME, OTHER_NAME };
	IMA_NODE_PROPERTIES got;
	pthread_t threads[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, set_often, names[i]),
				 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(IMA_GetNodeProperties(node, &got), IMA_STATUS_SUCCESS);
	assert_int_equal(wcscmp(got.name, plugins[0]->name), 0);
	assert_int_equal(wcscmp(got.name, plugins[1]->name), 0);
}

static void only_one_object_is_the_shared_node(void **state)
{
	IMA_OID other = { IMA_OBJECT_TYPE_NODE, 0, 1 };
	IMA_NODE_PROPERTIES got;

	(void)state;
	assert_int_equal(IMA_GetNodeProperties(other, &got), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_int_equal(IMA_SetNodeName(other, NAME), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_int_equal(IMA_SetNodeAlias(other, NULL), IMA_ERROR_OBJECT_NOT_FOUND);
	/* A node of a plugin is the plugin's matter. */
	other = (IMA_OID){ IMA_OBJECT_TYPE_NODE, 2, 0 };
	assert_int_equal(IMA_SetNodeName(other, NAME), IMA_STATUS_SUCCESS);
	assert_int_equal(plugins[1]->names, 1);
	assert_int_equal(plugins[0]->names, 0);
	assert_string_equal(file_text(), "");
}

static const char *plugin_path;

/* A copy of the plugin, for a file is loaded once only. */
static const char *copy_plugin(const char *name)
{
	char _cleanup_free_ *data = NULL;
	const char *path = in_folder(name);
	size_t size;

	assert_int_equal(atomic_file_read(plugin_path, 16 << 20, &data, &size), 0);
	write_bytes(path, data, size);
	return path;
}

static struct node_plugin *find_plugin(const char *path)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);

	return handle ? dlsym(handle, "node_plugin") : NULL;
}

static int set_up(void **state)
{
	char text[2 * PATH_MAX];
	IMA_OID_LIST *list;

	if (folder_make(state))
		return -1;
	setenv("IMA_CONFIG", in_folder("conf"), 1);
	setenv("IMA_STATE_DIR", test_folder, 1);
	snprintf(text, sizeof(text), "one %s\ntwo %s\n", copy_plugin("one.so"),
		 copy_plugin("two.so"));
	write_text(in_folder("conf"), text);
	write_text(in_folder("node"),
		   "name=iqn.2001-04.com.example:stored\nalias=stored alias\n");
	if (IMA_GetLhbaOidList(&list) || IMA_FreeMemory(list))
		return -1;
	plugins[0] = find_plugin(in_folder("one.so"));
	plugins[1] = find_plugin(in_folder("two.so"));
	return plugins[0] && plugins[1] ? 0 : -1;
}

int main(int argc, char **argv)
{
#define TEST(function) cmocka_unit_test_setup(function, reset)
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_plugins_without_a_name_are_told_the_stored_one),
		TEST(without_any_name_one_is_generated_and_not_stored),
		TEST(the_name_of_the_first_plugin_counts_if_none_is_stored),
		TEST(a_new_name_is_told_and_stored),
		TEST(an_alias_is_set_and_deleted),
		TEST(the_answers_of_the_plugins_decide_the_result),
		TEST(the_node_is_inconsistent_until_all_agree),
		TEST(modes_are_those_of_any_plugin_settable_that_of_all),
		TEST(bad_names_change_nothing),
		TEST(an_alias_is_measured_in_bytes),
		TEST(other_processes_are_seen_and_kept),
		TEST(a_file_that_makes_no_sense_is_an_error_with_its_line),
		TEST(plugins_are_not_told_what_cannot_be_stored),
		TEST(another_process_that_writes_is_not_waited_for_for_ever),
		TEST(threads_that_set_leave_plugins_and_file_in_line),
		TEST(only_one_object_is_the_shared_node),
	};

	plugin_path = argc > 1 ? realpath(argv[1], NULL) : NULL;
	if (!plugin_path)
		return 2;
	return cmocka_run_group_tests(tests, set_up, folder_remove);
}
