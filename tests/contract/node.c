// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * node.c - the shared node: where name and alias come from, how plugins are told, what is kept.
 *
 * What the library keeps outlives a process, so each case is one or two processes of their own
 * that start with an empty state directory: this program starts itself again with the name of
 * a step. A step ends with 0 if every check in it held.
 *
 * Plugins in load order: one, bare (no entry points), two.
 */
#include "cases.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recorder.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

#define NAME_1 L"iqn.2001-04.com.example:one"
#define NAME_2 L"iqn.2001-04.com.example:two"

static struct recorder *one, *two;
static int failures;

static const IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

static void check(bool holds, const char *what, int line)
{
	if (holds)
		return;
	printf("# node.c:%d: does not hold: %s\n", line, what);
	failures++;
}

#define CHECK(condition) check(condition, #condition, __LINE__)

static void check_status(IMA_STATUS status, IMA_STATUS expected, const char *what,
			 int line)
{
	if (status == expected)
		return;
	printf("# node.c:%d: %s gives %s, not %s\n", line, what, IMAX_StatusName(status),
	       IMAX_StatusName(expected));
	failures++;
}

#define CHECK_STATUS(call, expected) check_status(call, expected, #call, __LINE__)

static IMA_NODE_PROPERTIES get(IMA_STATUS expected, int line)
{
	IMA_NODE_PROPERTIES props;

	memset(&props, 0xA5, sizeof(props));
	check_status(IMA_GetNodeProperties(node, &props), expected,
		     "IMA_GetNodeProperties", line);
	return props;
}

#define GET(expected) get(expected, __LINE__)

static bool text_is(const IMA_WCHAR *text, const IMA_WCHAR *expected)
{
	return !wcscmp(text, expected);
}

static void report_name(struct recorder *recorder, const IMA_WCHAR *name)
{
	recorder->script.node.nameValid = IMA_TRUE;
	wide_copy(recorder->script.node.name, IMA_NODE_NAME_LEN, name);
}

/* The bytes of all files in the state directory contain this text. */
static bool state_contains(const char *text)
{
	DIR *folder = opendir(sandbox_path("state"));
	bool found = false;

	if (!folder)
		return false;
	for (struct dirent *entry; (entry = readdir(folder));) {
		char path[4096], content[8192];
		size_t n;
		FILE *file;

		snprintf(path, sizeof(path), "%s/%s", sandbox_path("state"),
			 entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		n = fread(content, 1, sizeof(content), file);
		found |= memmem(content, n, text, strlen(text)) != NULL;
		fclose(file);
	}
	closedir(folder);
	return found;
}

static unsigned int files_in_state(void)
{
	DIR *folder = opendir(sandbox_path("state"));
	unsigned int files = 0;

	if (!folder)
		return 0;
	for (struct dirent *entry; (entry = readdir(folder));)
		files += entry->d_name[0] != '.' || entry->d_type == DT_REG;
	closedir(folder);
	return files;
}

static bool told(struct recorder *recorder, const char *function, const IMA_WCHAR *text)
{
	const struct recorder_call *call = recorder->call(function, 0);

	if (!call || recorder->count(function) != 1 ||
	    memcmp(call->arg[0].value, &node, sizeof(node)))
		return false;
	if (!text)
		return !call->arg[1].pointee_size;
	return call->arg[1].pointee_size &&
	       text_is((const IMA_WCHAR *)(const void *)call->arg[1].pointee, text);
}

/* The first name. */

static void first_name_is_generated(void)
{
	IMA_NODE_PROPERTIES props = GET(IMA_STATUS_SUCCESS);
	IMA_NODE_NAME generated;

	CHECK_STATUS(IMA_GenerateNodeName(generated), IMA_STATUS_SUCCESS);
	CHECK(props.nameValid == IMA_TRUE);
	CHECK(text_is(props.name, generated));
	CHECK(props.aliasValid == IMA_FALSE);
	CHECK(!state_contains("iqn."));
}

static void first_name_is_of_a_plugin(void)
{
	report_name(one, NAME_1);
	report_name(two, NAME_1);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
	CHECK(!state_contains("iqn."));
}

static void first_name_is_of_the_first_plugin(void)
{
	report_name(one, NAME_1);
	report_name(two, NAME_2);
	CHECK(text_is(GET(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES).name, NAME_1));
}

static void first_name_is_of_the_plugin_that_has_one(void)
{
	IMA_NODE_PROPERTIES props;

	one->set_status("IMA_GetNodeProperties", IMA_ERROR_UNEXPECTED_OS_ERROR);
	report_name(two, NAME_2);
	CHECK(!IMA_ERROR(IMA_GetNodeProperties(node, &props)));
	CHECK(text_is(props.name, NAME_2));
}

static void every_byte_is_written(void)
{
	static const unsigned char zeros[sizeof(IMA_NODE_NAME)];
	IMA_NODE_PROPERTIES props = GET(IMA_STATUS_SUCCESS);
	size_t length = wcsnlen(props.name, IMA_NODE_NAME_LEN);

	CHECK(length < IMA_NODE_NAME_LEN);
	CHECK(!memcmp(props.name + length, zeros,
		      (IMA_NODE_NAME_LEN - length) * sizeof(IMA_WCHAR)));
	CHECK(props.alias[0] == 0);
	CHECK(props.alias[IMA_NODE_ALIAS_LEN - 1] == 0);
	CHECK(!memcmp(props.reserved, zeros, sizeof(props.reserved)));
	CHECK(props.runningInInitiatorMode <= 1);
	CHECK(props.runningInTargetMode <= 1);
	CHECK(props.nameAndAliasSettable <= 1);
}

/* Setting and keeping. */

static void not_stored_yet(const struct recorder_call *call)
{
	if (!strcmp(call->name, "IMA_SetNodeName"))
		CHECK(!state_contains("example:one"));
}

static void set_name(void)
{
	one->script.hook = two->script.hook = not_stored_yet;
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_SUCCESS);
	CHECK(told(one, "IMA_SetNodeName", NAME_1));
	CHECK(told(two, "IMA_SetNodeName", NAME_1));
	CHECK(state_contains("example:one"));
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
}

static void name_is_kept(void)
{
	IMA_NODE_PROPERTIES props;

	CHECK(!IMA_ERROR(IMA_GetNodeProperties(node, &props)));
	CHECK(props.nameValid == IMA_TRUE);
	CHECK(text_is(props.name, NAME_1));
}

static void stored_name_wins_over_a_plugin(void)
{
	IMA_NODE_PROPERTIES props;

	report_name(one, NAME_2);
	one->script.node_stubborn = true;
	CHECK(!IMA_ERROR(IMA_GetNodeProperties(node, &props)));
	CHECK(text_is(props.name, NAME_1));
	CHECK(IMA_GetNodeProperties(node, &props) ==
	      IMA_STATUS_INCONSISTENT_NODE_PROPERTIES);
}

static void set_alias(void)
{
	IMA_NODE_PROPERTIES props;

	CHECK_STATUS(IMA_SetNodeAlias(node, L"caf\u00e9"), IMA_STATUS_SUCCESS);
	CHECK(told(one, "IMA_SetNodeAlias", L"caf\u00e9"));
	CHECK(told(two, "IMA_SetNodeAlias", L"caf\u00e9"));
	props = GET(IMA_STATUS_SUCCESS);
	CHECK(props.aliasValid == IMA_TRUE);
	CHECK(text_is(props.alias, L"caf\u00e9"));
	CHECK(props.nameValid == IMA_TRUE);
}

static void alias_is_kept(void)
{
	IMA_NODE_PROPERTIES props;

	CHECK(!IMA_ERROR(IMA_GetNodeProperties(node, &props)));
	CHECK(props.aliasValid == IMA_TRUE);
	CHECK(text_is(props.alias, L"caf\u00e9"));
}

static void delete_alias(const IMA_WCHAR *nothing)
{
	IMA_NODE_PROPERTIES props;

	CHECK_STATUS(IMA_SetNodeAlias(node, L"x"), IMA_STATUS_SUCCESS);
	one->reset();
	two->reset();
	CHECK_STATUS(IMA_SetNodeAlias(node, nothing), IMA_STATUS_SUCCESS);
	CHECK(told(one, "IMA_SetNodeAlias", NULL));
	CHECK(told(two, "IMA_SetNodeAlias", NULL));
	props = GET(IMA_STATUS_SUCCESS);
	CHECK(props.aliasValid == IMA_FALSE);
	CHECK(props.alias[0] == 0);
}

static void null_deletes_the_alias(void)
{
	delete_alias(NULL);
}

static void empty_text_deletes_the_alias(void)
{
	delete_alias(L"");
}

static void alias_is_gone(void)
{
	IMA_NODE_PROPERTIES props;

	CHECK(!IMA_ERROR(IMA_GetNodeProperties(node, &props)));
	CHECK(props.aliasValid == IMA_FALSE);
}

static void file_is_readable(void)
{
	struct stat info;

	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_SUCCESS);
	CHECK_STATUS(IMA_SetNodeAlias(node, L"x"), IMA_STATUS_SUCCESS);
	CHECK(!stat(sandbox_path("state/node"), &info));
	CHECK((info.st_mode & 0777) == 0644);
	CHECK(files_in_state() <= 2); /* and one to lock; nothing temporary */
}

/* The plugins of a new process know nothing; what is stored is not in dispute. */
static void alias_is_told_again(void)
{
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).alias, L"caf\u00e9"));
}

static void name_is_told_again(void)
{
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
}

/* Results of telling. */

static void reboot_necessary(void)
{
	one->set_status("IMA_SetNodeName", IMA_STATUS_REBOOT_NECESSARY);
	one->set_status("IMA_SetNodeAlias", IMA_STATUS_REBOOT_NECESSARY);
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_REBOOT_NECESSARY);
	CHECK_STATUS(IMA_SetNodeAlias(node, L"x"), IMA_STATUS_REBOOT_NECESSARY);
	CHECK(state_contains("example:one"));
	CHECK(told(two, "IMA_SetNodeName", NAME_1));
}

static void some_fail(void)
{
	one->set_status("IMA_SetNodeName", IMA_ERROR_UNEXPECTED_OS_ERROR);
	report_name(one, NAME_2);
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_SUCCESS);
	CHECK(told(two, "IMA_SetNodeName", NAME_1));
	CHECK(text_is(GET(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES).name, NAME_1));
	one->set_status("IMA_SetNodeName", IMA_STATUS_SUCCESS);
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_SUCCESS);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
}

static void some_aliases_fail(void)
{
	two->set_status("IMA_SetNodeAlias", IMA_ERROR_UNKNOWN_ERROR);
	two->script.node.aliasValid = IMA_TRUE;
	wide_copy(two->script.node.alias, IMA_NODE_ALIAS_LEN, L"old");
	CHECK_STATUS(IMA_SetNodeAlias(node, L"new"), IMA_STATUS_SUCCESS);
	CHECK(text_is(GET(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES).alias, L"new"));
	two->set_status("IMA_SetNodeAlias", IMA_STATUS_SUCCESS);
	CHECK_STATUS(IMA_SetNodeAlias(node, L"new"), IMA_STATUS_SUCCESS);
	GET(IMA_STATUS_SUCCESS);
}

static void some_fail_some_reboot(void)
{
	one->set_status("IMA_SetNodeName", IMA_ERROR_UNEXPECTED_OS_ERROR);
	two->set_status("IMA_SetNodeName", IMA_STATUS_REBOOT_NECESSARY);
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_REBOOT_NECESSARY);
	CHECK(state_contains("example:one"));
}

static void all_fail(void)
{
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_SUCCESS);
	one->set_all(0x1234567800000000UL | IMA_ERROR_SYNC_TIMEOUT);
	two->set_all(IMA_ERROR_UNKNOWN_ERROR);
	CHECK_STATUS(IMA_SetNodeName(node, NAME_2), IMA_ERROR_SYNC_TIMEOUT);
	CHECK_STATUS(IMA_SetNodeAlias(node, L"x"), IMA_ERROR_SYNC_TIMEOUT);
	CHECK(!state_contains("example:two"));
	one->set_all(0);
	two->set_all(0);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
	CHECK(GET(IMA_STATUS_SUCCESS).aliasValid == IMA_FALSE);
}

static void not_supported_does_not_count(void)
{
	one->set_all(IMA_ERROR_NOT_SUPPORTED);
	report_name(one, NAME_2);
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_SUCCESS);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
	two->set_status("IMA_SetNodeName", IMA_ERROR_UNKNOWN_ERROR);
	CHECK_STATUS(IMA_SetNodeName(node, NAME_2), IMA_ERROR_UNKNOWN_ERROR);
	CHECK(!state_contains("example:two"));
}

static void nobody_supports_it(void)
{
	one->set_all(IMA_ERROR_NOT_SUPPORTED);
	two->set_all(IMA_ERROR_NOT_SUPPORTED);
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_SUCCESS);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
	CHECK(state_contains("example:one"));
}

static void disagreement_ends(void)
{
	report_name(two, NAME_2);
	two->script.node_stubborn = true;
	CHECK_STATUS(IMA_SetNodeName(node, NAME_1), IMA_STATUS_SUCCESS);
	CHECK(text_is(GET(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES).name, NAME_1));
	report_name(two, NAME_1);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
}

/* Modes. */

static void modes_are_of_any_plugin(void)
{
	IMA_NODE_PROPERTIES props;

	one->script.node.runningInInitiatorMode = IMA_FALSE;
	two->script.node.runningInInitiatorMode = IMA_FALSE;
	props = GET(IMA_STATUS_SUCCESS);
	CHECK(props.runningInInitiatorMode == IMA_FALSE);
	CHECK(props.runningInTargetMode == IMA_FALSE);
	two->script.node.runningInInitiatorMode = IMA_TRUE;
	one->script.node.runningInTargetMode = IMA_TRUE;
	props = GET(IMA_STATUS_SUCCESS);
	CHECK(props.runningInInitiatorMode == IMA_TRUE);
	CHECK(props.runningInTargetMode == IMA_TRUE);
}

static void settable_if_all_agree(void)
{
	CHECK(GET(IMA_STATUS_SUCCESS).nameAndAliasSettable == IMA_TRUE);
	two->script.node.nameAndAliasSettable = IMA_FALSE;
	CHECK(GET(IMA_STATUS_SUCCESS).nameAndAliasSettable == IMA_FALSE);
	two->set_all(IMA_ERROR_NOT_SUPPORTED);
	CHECK(GET(IMA_STATUS_SUCCESS).nameAndAliasSettable == IMA_TRUE);
}

/* Bad input. */

static void bad_names(void)
{
	static const IMA_WCHAR *const names[] = {
		L"",
		L"host",
		L"iqn",
		L"iqn.",
		L"iqn.2001-04",
		L"iqn.2001.com.example",
		L"iqn.2001-13.com.example",
		L"eui.123",
		L"eui.02004567A425678G",
		L"naa.52004567BA64678",
		L"iqn.2001-04.com.example:a b",
		L"iqn.2001-04.com.example:a/b",
		L"iqn.2001-04.com.example:a\nb",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		IMA_STATUS status = IMA_SetNodeName(node, names[i]);

		if (status != IMA_ERROR_INVALID_PARAMETER)
			printf("# name %zu gives %s\n", i, IMAX_StatusName(status));
		CHECK(status == IMA_ERROR_INVALID_PARAMETER);
	}
	CHECK_STATUS(IMA_SetNodeName(node, NULL), IMA_ERROR_INVALID_PARAMETER);
	CHECK(one->count("IMA_SetNodeName") == 0);
	CHECK(!state_contains("."));
}

static void good_names(void)
{
	static const IMA_WCHAR *const names[] = {
		L"iqn.2001-04.com.example",
		L"iqn.1992-01.com.example:storage.disk2.sys1.xyz",
		L"eui.02004567a425678d",
		L"naa.52004567ba64678d",
		L"naa.62004567ba64678d0123456789abcdef",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK_STATUS(IMA_SetNodeName(node, names[i]), IMA_STATUS_SUCCESS);
		CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, names[i]));
	}
}

static void lengths_in_utf8(void)
{
	IMA_WCHAR name[400] = L"iqn.2001-04.com.example:", alias[400] = L"";
	size_t prefix = wcslen(name);

	wmemset(name + prefix, L'a', 223 - prefix);
	CHECK_STATUS(IMA_SetNodeName(node, name), IMA_STATUS_SUCCESS);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).name, name));
	name[223] = L'a';
	CHECK_STATUS(IMA_SetNodeName(node, name), IMA_ERROR_NAME_TOO_LONG);
	wmemset(alias, L'\u4e00', 85);
	CHECK_STATUS(IMA_SetNodeAlias(node, alias), IMA_STATUS_SUCCESS);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).alias, alias));
	alias[85] = L'x';
	CHECK_STATUS(IMA_SetNodeAlias(node, alias), IMA_ERROR_NAME_TOO_LONG);
	wmemset(alias, L'x', 255);
	CHECK_STATUS(IMA_SetNodeAlias(node, alias), IMA_STATUS_SUCCESS);
	CHECK(text_is(GET(IMA_STATUS_SUCCESS).alias, alias));
	alias[255] = L'x';
	CHECK_STATUS(IMA_SetNodeAlias(node, alias), IMA_ERROR_NAME_TOO_LONG);
}

/* Not understood, not overwritten: an error that says which file it is. */
static void garbage_in_the_file(void)
{
	FILE *file = fopen(sandbox_path("state/node"), "we");
	IMAX_LAST_ERROR error = { .size = sizeof(error) };
	IMA_NODE_PROPERTIES props;

	for (unsigned int i = 0; i < 5000; i++)
		fputc((int)(i * 37 % 256), file);
	fclose(file);
	CHECK(IMA_ERROR(IMA_GetNodeProperties(node, &props)));
	CHECK(!IMAX_GetLastError(&error));
	CHECK(strstr(error.text, sandbox_path("state/node")));
	CHECK(IMA_ERROR(IMA_SetNodeName(node, NAME_1)));
	CHECK(!state_contains("example:one"));
}

static void no_place_for_the_file(void)
{
	FILE *file;

	CHECK(!rmdir(sandbox_path("state")));
	file = fopen(sandbox_path("state"), "we");
	fclose(file);
	CHECK(IMA_ERROR(IMA_SetNodeName(node, NAME_1)));
	CHECK(!unlink(sandbox_path("state")));
	CHECK(!mkdir(sandbox_path("state"), 0755));
}

static void own_nodes_are_not_shared(void)
{
	IMA_OID own = { IMA_OBJECT_TYPE_NODE, 1, 8 };

	CHECK_STATUS(IMA_SetNodeName(own, NAME_1), IMA_STATUS_SUCCESS);
	CHECK_STATUS(IMA_SetNodeAlias(own, L"mine"), IMA_STATUS_SUCCESS);
	CHECK(two->count(NULL) == 0);
	CHECK(!state_contains("example:one"));
	CHECK(!text_is(GET(IMA_STATUS_SUCCESS).name, NAME_1));
}

/* A fresh state directory, then these in one process each. */
static const struct scenario {
	const char *name;
	void (*steps[2])(void);
} scenarios[] = {
	{ "the first name is made up and not stored",
	  { first_name_is_generated, first_name_is_of_a_plugin } },
	{ "the first name is that of the first plugin",
	  { first_name_is_of_the_first_plugin } },
	{ "the first name is that of the first plugin that answers",
	  { first_name_is_of_the_plugin_that_has_one } },
	{ "every byte of the properties is written", { every_byte_is_written } },
	{ "IMA_SetNodeName 6.2.92: tells every plugin, then stores, for other processes "
	  "too",
	  { set_name, name_is_kept } },
	{ "the stored name counts, not that of a plugin",
	  { set_name, stored_name_wins_over_a_plugin } },
	{ "IMA_SetNodeAlias 6.2.91: tells every plugin and stores",
	  { set_alias, alias_is_kept } },
	{ "D11: NULL deletes the alias", { null_deletes_the_alias, alias_is_gone } },
	{ "D11: the empty string deletes the alias",
	  { empty_text_deletes_the_alias, alias_is_gone } },
	{ "the file is readable for all, nothing temporary stays", { file_is_readable } },
	{ "IMA_STATUS_REBOOT_NECESSARY of one plugin", { reboot_necessary } },
	{ "some plugins fail: stored, inconsistent until all agree",
	  { some_fail, name_is_kept } },
	{ "a plugin that forgot the name is told again",
	  { set_name, name_is_told_again } },
	{ "some plugins fail for the alias: likewise", { some_aliases_fail } },
	{ "a plugin that forgot the alias is told again",
	  { set_alias, alias_is_told_again } },
	{ "some plugins fail, some need a reboot",
	  { some_fail_some_reboot, name_is_kept } },
	{ "all plugins fail: the first error, nothing stored",
	  { all_fail, name_is_kept } },
	{ "a plugin that does not support the shared node does not count",
	  { not_supported_does_not_count } },
	{ "no plugin supports the shared node", { nobody_supports_it, name_is_kept } },
	{ "a plugin that disagrees makes it inconsistent until all agree",
	  { disagreement_ends } },
	{ "modes are on if they are in any plugin", { modes_are_of_any_plugin } },
	{ "name and alias are settable if they are in every plugin that uses it",
	  { settable_if_all_agree } },
	{ "IMA_SetNodeName 6.2.92: IMA_ERROR_INVALID_PARAMETER for what is no iSCSI name",
	  { bad_names } },
	{ "IMA_SetNodeName 6.2.92: every form of iSCSI name", { good_names } },
	{ "D12: limits count bytes of UTF-8", { lengths_in_utf8 } },
	{ "a file full of garbage is an error that names it", { garbage_in_the_file } },
	{ "no place for the file is an error", { no_place_for_the_file } },
	{ "nodes of plugins are not the shared node", { own_nodes_are_not_shared } },
};

static void runs_all_steps(void **state)
{
	const struct scenario *scenario = CASE_CONTEXT(state);
	char step[32];

	sandbox_clear_state();
	for (size_t i = 0; i < 2 && scenario->steps[i]; i++) {
		snprintf(step, sizeof(step), "%td %zu", scenario - scenarios, i);
		assert_int_equal(sandbox_again(step), 0);
	}
}

static int run_step(const char *name)
{
	char *end;
	unsigned long scenario = strtoul(name, &end, 10);
	unsigned long step = strtoul(end, NULL, 10);

	one = sandbox_recorder("one");
	two = sandbox_recorder("two");
	scenarios[scenario].steps[step]();
	return failures != 0;
}

static int tests(void)
{
	if (sandbox_argument())
		return run_step(sandbox_argument());
	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++)
		case_add(runs_all_steps, &scenarios[i], "node: %s", scenarios[i].name);
	return cases_run("node");
}

int main(int argc, char **argv)
{
	static const struct sandbox_plugin plugins[] = { { "one", RECORDING_PLUGIN },
							 { "bare", BARE_PLUGIN },
							 { "two", RECORDING_PLUGIN } };

	return sandbox_run(argc, argv, plugins, ARRAY_SIZE(plugins), tests);
}
