// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * driver.c - what the library makes of plugins that misbehave.
 *
 * Called with the name of a case and the plugins to configure, in this order. Each case is a
 * process of its own, because the library reads its configuration once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ima-ext.h"
#include "shared/cleanup.h"

static char folder[] = "/tmp/ima-bad-XXXXXX";
static char **plugins;
static int plugin_count;

/*
 * Helpers.
 */

static IMA_OID oid_of(IMA_OBJECT_TYPE type, IMA_UINT32 owner, IMA_UINT64 number)
{
	IMA_OID oid = { type, owner, number };

	return oid;
}

static IMA_OID lhba(IMA_UINT32 owner, IMA_UINT64 number)
{
	return oid_of(IMA_OBJECT_TYPE_LHBA, owner, number);
}

static IMA_OID lu(IMA_UINT32 owner, IMA_UINT64 number)
{
	return oid_of(IMA_OBJECT_TYPE_LU, owner, number);
}

static IMA_UINT count_plugins(void)
{
	IMA_OID_LIST *list;
	IMA_UINT count;

	assert_int_equal(IMA_GetPluginOidList(&list), IMA_STATUS_SUCCESS);
	count = list->oidCount;
	for (IMA_UINT i = 0; i < count; i++)
		assert_int_equal(list->oids[i].ownerId, i + 1);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	return count;
}

/* Asserts that the LHBAs of the system are number 1 of one or two owners. */
static void expect_lhbas_of(IMA_UINT32 first, IMA_UINT32 second)
{
	const IMA_UINT32 owners[] = { first, second };
	IMA_OID_LIST *list;

	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, second ? 2 : 1);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(list->oids[i].ownerId, owners[i]);
		assert_int_equal(list->oids[i].objectSequenceNumber, 1);
	}
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
}

static IMAX_LAST_ERROR last_error(void)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error) };

	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
	return error;
}

/* The function of the n-th plugin that does something from outside of a call. */
static int control(int n, int what)
{
	void *handle = dlopen(plugins[n], RTLD_NOW | RTLD_NOLOAD);
	int (*function)(int) = handle ? (int (*)(int))dlsym(handle, "bad_control") : NULL;

	assert_non_null(function);
	return function(what);
}

static void write_line(FILE *file, int n, const char *path)
{
	assert_true(fprintf(file, "test.%d\t%s\n", n, path) > 0);
}

static FILE *open_configuration(void)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/conf", folder);
	setenv("IMA_CONFIG", path, 1);
	file = fopen(path, "w");
	assert_non_null(file);
	return file;
}

/* Copies the first plugin into the test's folder. */
static void copy_plugin(const char *name, char path[PATH_MAX])
{
	char command[3 * PATH_MAX];

	snprintf(path, PATH_MAX, "%s/%s", folder, name);
	snprintf(command, sizeof(command), "cp '%s' '%s' && chmod 755 '%s'", plugins[0],
		 path, path);
	assert_int_equal(system(command), 0);
}

/*
 * Loading.
 */

/* What the library says of its configuration. */
static void get_problems(char text[4096])
{
	IMA_CHAR *problems;

	assert_int_equal(IMAX_GetConfigurationProblems(&problems), IMA_STATUS_SUCCESS);
	assert_true(snprintf(text, 4096, "%s", problems) < 4096);
	assert_int_equal(IMA_FreeMemory(problems), IMA_STATUS_SUCCESS);
}

static void a_plugin_that_cannot_be_loaded_is_told(void **state)
{
	char text[4096];

	(void)state;
	get_problems(text);
	assert_non_null(strstr(text, "plugin test.0 "));
	assert_non_null(strstr(text, " is not loaded: "));
	assert_null(strstr(text, "test.1"));
	assert_int_equal(text[strlen(text) - 1], '\n');
}

static void nothing_is_told_if_all_is_well(void **state)
{
	char text[4096];

	(void)state;
	assert_int_equal(IMAX_GetConfigurationProblems(NULL),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_string_equal(last_error().call, "IMAX_GetConfigurationProblems");
	get_problems(text);
	assert_string_equal(text, "");
}

static void a_plugin_that_cannot_be_loaded_uses_no_owner_id(void **state)
{
	(void)state;
	assert_int_equal(count_plugins(), 1);
	expect_lhbas_of(1, 0);
}

static void a_plugin_without_initialize_is_kept(void **state)
{
	IMA_PLUGIN_PROPERTIES properties;

	(void)state;
	assert_int_equal(count_plugins(), 2);
	assert_int_equal(IMA_GetPluginProperties(oid_of(IMA_OBJECT_TYPE_PLUGIN, 1, 0),
						 &properties),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(properties.supportedImaVersion, 1);
	/* Its LHBA has owner 0, so only that of the other plugin counts. */
	expect_lhbas_of(2, 0);
}

static void functions_that_are_missing_have_their_status(void **state)
{
	IMA_LHBA_PROPERTIES properties;
	IMA_OID_LIST *list = (IMA_OID_LIST *)&properties;

	(void)state;
	assert_int_equal(IMA_GetLhbaProperties(lhba(1, 1), &properties),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_string_equal(last_error().plugin, "test.0");
	assert_non_null(strstr(last_error().text, "does not have this function"));
	assert_int_equal(IMA_SetInitialR2T(lhba(1, 1), IMA_TRUE),
			 IMA_ERROR_NOT_SUPPORTED);
	assert_int_equal(IMA_GetTargetOidList(lhba(1, 1), &list),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_null(list);
	assert_int_equal(IMA_GetDiscoveryAddressOidList(lhba(1, 1), &list),
			 IMA_ERROR_NOT_SUPPORTED);
	assert_int_equal(IMAX_LoginTarget(oid_of(IMA_OBJECT_TYPE_TARGET, 1, 1)),
			 IMA_ERROR_NOT_SUPPORTED);
	expect_lhbas_of(2, 0);
}

static void our_own_functions_are_not_taken_for_those_of_the_plugin(void **state)
{
	IMA_LHBA_PROPERTIES properties;

	(void)state;
	assert_int_equal(IMA_GetLhbaProperties(lhba(1, 1), &properties),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_int_equal(IMA_SetInitialR2T(lhba(1, 1), IMA_TRUE),
			 IMA_ERROR_NOT_SUPPORTED);
	assert_int_equal(IMA_PluginIOctl(oid_of(IMA_OBJECT_TYPE_PLUGIN, 1, 0), 1, NULL, 0,
					 NULL, NULL),
			 IMA_ERROR_NOT_SUPPORTED);
	assert_int_equal(control(0, 0), IMA_STATUS_SUCCESS);
	expect_lhbas_of(1, 2);
}

static void a_plugin_may_call_its_own_names_through_the_library(void **state)
{
	IMA_LHBA_PROPERTIES properties;

	(void)state;
	assert_int_equal(IMA_GetLhbaProperties(lhba(1, 40), &properties),
			 IMA_STATUS_SUCCESS);
	/* 40 from its own LNP, and the LHBAs of both plugins. */
	assert_in_range(properties.staleDataSize, 41, 42);
}

static void a_plugin_may_call_back(void **state)
{
	IMA_OID node = oid_of(IMA_OBJECT_TYPE_NODE, 0, 0);

	(void)state;
	/* While it was loaded there was nothing. */
	expect_lhbas_of(1, 2);
	assert_int_equal(control(0, 0), 0);
	assert_int_equal(IMA_RemoveStaleData(lhba(1, 1)), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_RemoveStaleData(lhba(1, 2)), IMA_ERROR_INVALID_OBJECT_TYPE);
	/* Reboot necessary is what the plugin says if the nested call timed out. */
	assert_int_equal(IMA_SetNodeAlias(node, L"iqn.2001-04.com.example:alias"),
			 IMA_STATUS_REBOOT_NECESSARY);
}

static void a_file_counts_once(void **state)
{
	char path[PATH_MAX];
	FILE *file = open_configuration();

	(void)state;
	write_line(file, 1, plugins[0]);
	write_line(file, 2, plugins[0]);
	snprintf(path, sizeof(path), "%s/link", folder);
	assert_int_equal(symlink(plugins[0], path), 0);
	write_line(file, 3, path);
	fclose(file);
	assert_int_equal(count_plugins(), 1);
}

static void there_may_be_more_than_32_plugins(void **state)
{
	FILE *file = open_configuration();
	IMA_OID_LIST *list;

	(void)state;
	for (int i = 1; i <= 40; i++) {
		char name[16], path[PATH_MAX];

		snprintf(name, sizeof(name), "%d.so", i);
		copy_plugin(name, path);
		write_line(file, i, path);
	}
	fclose(file);
	assert_int_equal(count_plugins(), 40);
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 40);
	for (IMA_UINT i = 0; i < 40; i++)
		assert_int_equal(list->oids[i].ownerId, i + 1);
	IMA_FreeMemory(list);
	assert_int_equal(IMA_GetTargetOidList(lhba(40, 1), &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oids[0].ownerId, 40);
	IMA_FreeMemory(list);
	assert_int_equal(IMA_GetTargetOidList(lhba(41, 1), &list),
			 IMA_ERROR_OBJECT_NOT_FOUND);
}

static void files_that_others_can_write_are_not_loaded(void **state)
{
	char path[PATH_MAX], open[PATH_MAX];
	FILE *file = open_configuration();

	(void)state;
	copy_plugin("writable.so", path);
	assert_int_equal(chmod(path, 0777), 0);
	write_line(file, 1, path);
	snprintf(open, sizeof(open), "%s/open", folder);
	assert_int_equal(mkdir(open, 0755), 0);
	copy_plugin("open/plugin.so", path);
	assert_int_equal(chmod(open, 0777), 0);
	write_line(file, 2, path);
	write_line(file, 3, plugins[0]);
	fclose(file);
	assert_int_equal(count_plugins(), 1);
	expect_lhbas_of(1, 0);
}

static void a_configuration_that_others_can_write_is_not_read(void **state)
{
	FILE *file = open_configuration();

	(void)state;
	write_line(file, 1, plugins[0]);
	fclose(file);
	assert_int_equal(chmod(getenv("IMA_CONFIG"), 0666), 0);
	assert_int_equal(count_plugins(), 0);
}

/*
 * Results.
 */

static void success_without_a_list_is_a_failure(void **state)
{
	IMA_OID_LIST *list;
	IMA_ADDRESS_KEYS *keys;

	(void)state;
	assert_int_equal(IMA_GetTargetOidList(lhba(1, 1), &list),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_null(list);
	assert_int_equal(last_error().layer, IMAX_LAYER_LIBRARY);
	assert_non_null(strstr(last_error().text, "no list"));
	assert_int_equal(IMA_GetAddressKeys(oid_of(IMA_OBJECT_TYPE_TARGET, 1, 1), &keys),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_null(keys);
}

static void the_good_plugin_is_still_listed(void **state)
{
	(void)state;
	expect_lhbas_of(2, 0);
}

static void the_list_of_the_only_plugin_fails(void **state)
{
	IMA_OID_LIST *list = (IMA_OID_LIST *)&list;

	(void)state;
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_null(list);
	assert_string_equal(last_error().plugin, "test.0");
	assert_string_equal(last_error().call, "IMA_GetLhbaOidList");
}

static void a_count_nobody_can_mean_is_a_failure(void **state)
{
	IMA_ADDRESS_KEYS *keys;
	IMA_OID_LIST *list;

	(void)state;
	for (IMA_UINT64 i = 0; i < 36; i++) {
		assert_int_equal(IMA_GetTargetOidList(lhba(1, i), &list),
				 IMA_ERROR_UNEXPECTED_OS_ERROR);
		assert_null(list);
	}
	assert_int_equal(IMA_GetAddressKeys(oid_of(IMA_OBJECT_TYPE_TARGET, 1, 1), &keys),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_null(keys);
}

static void entries_of_other_owners_and_repeated_ones_are_left_out(void **state)
{
	static const IMA_UINT64 numbers[] = { 4, 5, 7, 8, 1 };
	IMA_OID_LIST *list;

	(void)state;
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, ARRAY_SIZE(numbers));
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(list->oids[i].ownerId, i < 4 ? 1 : 2);
		assert_int_equal(list->oids[i].objectSequenceNumber, numbers[i]);
	}
	IMA_FreeMemory(list);
}

static void a_status_has_32_bits(void **state)
{
	static const IMA_STATUS statuses[] = { IMA_STATUS_SUCCESS,
					       IMA_STATUS_REBOOT_NECESSARY,
					       IMA_ERROR_LU_EXPOSED,
					       IMA_ERROR_UNKNOWN_ERROR };
	IMA_UINT count = 1, length = 8;
	IMA_AUTHMETHOD method;
	IMA_OID_LIST *list;
	IMA_BYTE data[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		assert_int_equal(IMA_ExposeLu(lu(1, statuses[i])), statuses[i]);
	assert_int_equal(
		IMA_GetTargetOidList(lhba(1, IMA_STATUS_REBOOT_NECESSARY), &list),
		IMA_STATUS_REBOOT_NECESSARY);
	assert_int_equal(list->oidCount, 1);
	IMA_FreeMemory(list);
	expect_lhbas_of(1, 2);
	assert_int_equal(IMA_GetInUseInitiatorAuthMethods(lhba(1, 1), &count, &method),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_LuReadCapacity(lu(1, 1), 10, data, &length, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(length, 1);
	assert_int_equal(IMA_SetNodeName(oid_of(IMA_OBJECT_TYPE_NODE, 0, 0),
					 L"iqn.2001-04.com.example:node"),
			 IMA_STATUS_REBOOT_NECESSARY);
}

static void a_status_may_be_an_enumeration(void **state)
{
	(void)state;
	assert_int_equal(IMA_ExposeLu(lu(1, 0)), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_ExposeLu(lu(1, 1)), IMA_STATUS_REBOOT_NECESSARY);
	assert_int_equal(IMA_ExposeLu(lu(1, 6)), IMA_ERROR_LU_EXPOSED);
	assert_int_equal(IMA_UnexposeLu(lu(1, 6)), IMA_ERROR_LU_EXPOSED);
	assert_int_equal(IMA_UnexposeLu(lu(1, 1)), IMA_STATUS_REBOOT_NECESSARY);
}

static void lists_of_a_plugin_without_free_memory_are_not_freed(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(IMA_GetTargetOidList(lhba(1, 1), &list),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
		expect_lhbas_of(1, 2);
	}
}

static void after_an_error_the_list_is_null_and_nothing_is_freed(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	assert_int_equal(IMA_GetTargetOidList(lhba(1, 1), &list),
			 IMA_ERROR_OBJECT_NOT_FOUND);
	assert_null(list);
	assert_int_equal(IMA_GetTargetOidList(lhba(1, 2), &list),
			 IMA_ERROR_TARGET_TIMEOUT);
	assert_null(list);
	expect_lhbas_of(2, 0);
	assert_int_equal(control(0, 0), 0);
}

static void no_more_is_written_than_there_is_room(void **state)
{
	static const struct {
		IMA_UINT has, room, count;
	} cases[] = {
		{ 12, 2, 2 }, { 2, 2, 2 }, { 1, 4, 1 }, { 0, 4, 0 }, { 12, 0, 12 }
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		IMA_AUTHMETHOD list[6] = { 99, 99, 99, 99, 99, 99 };
		IMA_UINT count = cases[i].room;

		assert_int_equal(IMA_GetInUseInitiatorAuthMethods(lhba(1, cases[i].has),
								  &count,
								  count ? list : NULL),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(count, cases[i].count);
		for (IMA_UINT j = 0; j < 6; j++)
			assert_int_equal(list[j], cases[i].room && j < count ? j : 99);
	}
}

static void more_methods_than_there_can_be_are_a_failure(void **state)
{
	IMA_AUTHMETHOD list[2] = { 99, 99 };
	IMA_UINT count = 2;

	(void)state;
	assert_int_equal(
		IMA_GetSupportedAuthMethods(lhba(1, 1000), IMA_TRUE, &count, list),
		IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_int_equal(count, 2);
	assert_int_equal(list[0], 99);
}

static void lengths_change_only_where_the_standard_says_so(void **state)
{
	static const struct {
		IMA_STATUS status;
		IMA_UINT output, sense;
	} cases[] = {
		{ IMA_STATUS_SUCCESS, 100, 18 },
		{ IMA_STATUS_SCSI_STATUS_CONDITION_MET, 100, 18 },
		{ IMA_ERROR_SCSI_STATUS_CHECK_CONDITION, 100, 18 },
		{ IMA_ERROR_SCSI_STATUS_BUSY, 100, 18 },
	};
	IMA_BYTE output[100], sense[18];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		IMA_UINT length = sizeof(output), sense_length = sizeof(sense);

		assert_int_equal(IMA_LuInquiry(lu(1, cases[i].status), IMA_FALSE,
					       IMA_FALSE, 0, output, &length, sense,
					       &sense_length),
				 cases[i].status);
		assert_int_equal(length, cases[i].output);
		assert_int_equal(sense_length, cases[i].sense);
	}
}

static void both_spellings_of_the_ioctl_reach_a_plugin_with_one(void **state)
{
	__typeof__(IMA_PluginIOctl) *const spellings[] = { IMA_PluginIOctl,
							   IMA_PluginIOCtl };
	IMA_OID plugin = oid_of(IMA_OBJECT_TYPE_PLUGIN, 1, 0);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
		IMA_UINT length = 3;
		char output[3];

		assert_int_equal(spellings[i](plugin, 7, "ab", 3, output, &length),
				 IMA_STATUS_SUCCESS);
		assert_string_equal(output, "ab");
		assert_int_equal(spellings[i](plugin, 8, "ab", 3, output, &length),
				 IMA_ERROR_NOT_SUPPORTED);
	}
}

/*
 * Time.
 */

static void *enter_the_call(void *data)
{
	(void)data;
	return (void *)(uintptr_t)IMA_RemoveStaleData(lhba(1, 1));
}

static void on_nothing(IMA_OID oid)
{
	(void)oid;
}

/* Would not end if one of the calls waited for the one that is blocked. */
static void a_call_that_blocks_keeps_nobody_else_from_calling(void **state)
{
	IMA_NODE_PROPERTIES node;
	IMA_OID_LIST *list;
	pthread_t thread;
	void *result;

	(void)state;
	expect_lhbas_of(1, 2);
	assert_int_equal(pthread_create(&thread, NULL, enter_the_call, NULL), 0);
	control(0, 0);
	assert_int_equal(IMA_ExposeLu(lu(1, 1)), IMA_ERROR_LU_EXPOSED);
	expect_lhbas_of(1, 2);
	assert_int_equal(IMA_GetTargetOidList(lhba(2, 3), &list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_nothing),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(on_nothing),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetNodeProperties(oid_of(IMA_OBJECT_TYPE_NODE, 0, 0), &node),
			 IMA_STATUS_SUCCESS);
	control(0, 1);
	pthread_join(thread, &result);
	assert_int_equal((uintptr_t)result, IMA_STATUS_SUCCESS);
}

static IMA_UINT milliseconds_left(void)
{
	IMA_LHBA_PROPERTIES properties;

	assert_int_equal(IMA_GetLhbaProperties(lhba(1, 1), &properties),
			 IMA_STATUS_SUCCESS);
	return properties.staleDataSize;
}

static void a_plugin_can_ask_for_the_deadline(void **state)
{
	IMA_OID address = oid_of(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, 1, 1);

	(void)state;
	/* Asked in the call and rounded up, so it is the whole time. */
	assert_in_range(milliseconds_left(), 14000, 15000);
	assert_int_equal(IMAX_SetDeadline(3600000), IMA_STATUS_SUCCESS);
	assert_in_range(milliseconds_left(), 3500000, 3600000);
	assert_int_equal(IMAX_SetDeadline(3600001), IMA_ERROR_INVALID_PARAMETER);
	assert_in_range(milliseconds_left(), 3500000, 3600000);
	assert_int_equal(IMAX_SetDeadline(0), IMA_STATUS_SUCCESS);
	assert_in_range(milliseconds_left(), 14000, 15000);
	/* A nested call has to be ready in the time of the outer one. */
	assert_int_equal(IMA_RemoveDiscoveryAddress(address),
			 IMA_STATUS_REBOOT_NECESSARY);
	assert_int_equal(control(0, 0), 1);
}

static void the_configuration_sets_the_default_deadline(void **state)
{
	FILE *file = open_configuration();

	(void)state;
	fprintf(file, "deadline-ms\t900000\n");
	write_line(file, 0, plugins[0]);
	fclose(file);
	assert_in_range(milliseconds_left(), 800000, 900000);
}

/*
 * Reasons.
 */

static void a_reason_is_kept_if_the_call_failed(void **state)
{
	IMAX_LAST_ERROR error;

	(void)state;
	assert_int_equal(IMA_ExposeLu(lu(1, IMA_ERROR_LOGIN_REJECTED)),
			 IMA_ERROR_LOGIN_REJECTED);
	error = last_error();
	assert_string_equal(error.text, "the reason");
	assert_string_equal(error.call, "IMA_ExposeLu");
	assert_string_equal(error.plugin, "test.0");
	assert_int_equal(error.status, IMA_ERROR_LOGIN_REJECTED);
	assert_int_equal(error.object.objectSequenceNumber, IMA_ERROR_LOGIN_REJECTED);
	assert_int_equal(error.layer, IMAX_LAYER_ISCSI);
	assert_int_equal(error.loginStatusDetail, 3);
	/* A call that succeeds leaves the record alone, whatever its plugin told. */
	assert_int_equal(IMA_ExposeLu(lu(1, IMA_STATUS_SUCCESS)), IMA_STATUS_SUCCESS);
	assert_int_equal(last_error().status, IMA_ERROR_LOGIN_REJECTED);
	assert_int_equal(control(0, 0), 1);
	assert_string_equal(last_error().text, "the reason");
}

static void a_reason_of_another_call_is_not_taken(void **state)
{
	(void)state;
	assert_int_equal(IMA_RemoveStaleData(lhba(1, 1)), IMA_ERROR_UNKNOWN_ERROR);
	assert_string_equal(last_error().call, "IMA_RemoveStaleData");
	assert_string_equal(last_error().text, "the outer reason");
	assert_int_equal(IMA_ExposeLu(lu(1, IMA_STATUS_SUCCESS)), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetPhbaProperties(oid_of(IMA_OBJECT_TYPE_PHBA, 1, 1), NULL),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(last_error().layer, IMAX_LAYER_LIBRARY);
	assert_non_null(strstr(last_error().text, "NULL"));
}

static void a_reason_is_tidied(void **state)
{
	IMAX_LAST_ERROR error;

	(void)state;
	assert_int_equal(IMA_UnexposeLu(lu(1, IMA_ERROR_LU_IN_USE)), IMA_ERROR_LU_IN_USE);
	error = last_error();
	assert_int_equal(error.layer, IMAX_LAYER_PLUGIN);
	assert_int_equal(error.senseLength, IMAX_SENSE_LEN);
	assert_int_equal(strnlen(error.text, sizeof(error.text)), sizeof(error.text) - 1);
	assert_string_equal(error.call, "IMA_UnexposeLu");
}

static void a_joined_list_has_the_reason_of_its_plugin(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	assert_int_equal(IMA_GetPhbaOidList(&list), IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_null(list);
	assert_string_equal(last_error().text, "no PHBA can be reached");
	assert_string_equal(last_error().plugin, "test.0");
}

/*
 * Events.
 */

static atomic_int events, last_number;

static void on_property(IMA_OID oid)
{
	atomic_store(&last_number, (int)oid.objectSequenceNumber);
	atomic_fetch_add(&events, 1);
}

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	assert_int_equal(visible, IMA_TRUE);
	on_property(oid);
}

static atomic_int markers;

static void on_marker(IMA_OID oid)
{
	(void)oid;
	atomic_fetch_add(&markers, 1);
}

static void wait_for(atomic_int *counter, int value)
{
	for (int i = 0; i < 20000 && atomic_load(counter) < value; i++)
		usleep(1000);
	assert_int_equal(atomic_load(counter), value);
}

static void events_may_be_raised_from_inside_a_call(void **state)
{
	(void)state;
	/* One while it is registered, one from a call, to a client that was there already. */
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	wait_for(&events, 1);
	assert_int_equal(atomic_load(&last_number), 100);
	assert_int_equal(IMA_ExposeLu(lu(1, 5)), IMA_STATUS_SUCCESS);
	wait_for(&events, 2);
	assert_int_equal(atomic_load(&last_number), 5);
	assert_int_equal(IMA_RegisterForObjectVisibilityChanges(on_visibility),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_ExposeLu(lu(1, 6)), IMA_STATUS_SUCCESS);
	wait_for(&events, 4);
}

static void events_after_deregistration_are_dropped(void **state)
{
	(void)state;
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	wait_for(&events, 1);
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(control(0, 1), 1);
	/* What another client gets later shows that nothing is on its way any more. */
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_marker),
			 IMA_STATUS_SUCCESS);
	wait_for(&markers, 1);
	assert_int_equal(atomic_load(&events), 1);
}

static void events_of_unknown_owners_are_dropped(void **state)
{
	(void)state;
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	wait_for(&events, 1);
	control(0, 77);
	control(0, 0);
	control(0, -1);
	control(0, 1);
	wait_for(&events, 2);
	assert_int_equal(atomic_load(&last_number), 102);
}

static void a_plugin_that_refuses_events_hides_no_other(void **state)
{
	(void)state;
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	control(1, 31);
	wait_for(&events, 1);
	assert_int_equal(atomic_load(&last_number), 31);
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	control(1, 32);
	assert_int_equal(atomic_load(&events), 1);
}

/*
 * The end of a process.
 */

/* What the plugin wrote in a child that did something and ended. */
static void run_child(void (*run)(void), char text[256])
{
	char path[PATH_MAX];
	int status;
	pid_t child = fork();
	FILE *file;

	if (!child) {
		alarm(20);
		run();
		_exit(99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	snprintf(path, sizeof(path), "%s/ended", folder);
	file = fopen(path, "r");
	text[0] = 0;
	if (file) {
		text[fread(text, 1, 255, file)] = 0;
		fclose(file);
		unlink(path);
	}
}

static void register_and_exit(void)
{
	IMA_RegisterForObjectPropertyChanges(on_property);
	exit(0);
}

static void a_plugin_is_deregistered_and_then_ended(void **state)
{
	char text[256];

	(void)state;
	run_child(register_and_exit, text);
	assert_string_equal(text, "deregistered terminated destroyed ");
}

static void exit_during_a_call(void)
{
	struct stat st = { 0 };
	char path[PATH_MAX];
	pthread_t thread;

	snprintf(path, sizeof(path), "%s/ended", folder);
	pthread_create(&thread, NULL, enter_the_call, NULL);
	while (stat(path, &st) || !st.st_size)
		usleep(1000);
	exit(0);
}

static void exit_from_a_call(void)
{
	IMA_RemoveStaleData(lhba(1, 2));
}

static void a_plugin_is_not_ended_while_a_call_runs(void **state)
{
	char text[256];

	(void)state;
	run_child(exit_during_a_call, text);
	assert_string_equal(text, "entered destroyed ");
	run_child(exit_from_a_call, text);
	assert_string_equal(text, "destroyed ");
}

static void fork_and_exit(void)
{
	pid_t child;

	IMA_ExposeLu(lu(1, 1));
	child = fork();
	if (!child)
		exit(0);
	waitpid(child, NULL, 0);
	exit(0);
}

/* Once by each process when it is unmapped, but ended only by the process that loaded it. */
static void a_child_does_not_end_the_plugins_of_its_parent(void **state)
{
	char text[256];

	(void)state;
	run_child(fork_and_exit, text);
	assert_string_equal(text, "destroyed terminated destroyed ");
}

/*
 * The cases.
 */

static const struct {
	const char *name;
	struct CMUnitTest test;
} cases[] = {
#define CASE(name, function)                     \
	{                                        \
		name, cmocka_unit_test(function) \
	}
	CASE("not-loaded", a_plugin_that_cannot_be_loaded_uses_no_owner_id),
	CASE("not-loaded", a_plugin_that_cannot_be_loaded_is_told),
	CASE("all-well", nothing_is_told_if_all_is_well),
	CASE("no-initialize", a_plugin_without_initialize_is_kept),
	CASE("no-symbols", functions_that_are_missing_have_their_status),
	CASE("linked", our_own_functions_are_not_taken_for_those_of_the_plugin),
	CASE("calls-own-names", a_plugin_may_call_its_own_names_through_the_library),
	CASE("calls-back", a_plugin_may_call_back),
	CASE("same-file", a_file_counts_once),
	CASE("many", there_may_be_more_than_32_plugins),
	CASE("writable", files_that_others_can_write_are_not_loaded),
	CASE("writable-configuration", a_configuration_that_others_can_write_is_not_read),
	CASE("null-list", success_without_a_list_is_a_failure),
	CASE("null-list", the_good_plugin_is_still_listed),
	CASE("alone", the_list_of_the_only_plugin_fails),
	CASE("absurd-count", a_count_nobody_can_mean_is_a_failure),
	CASE("absurd-count", the_good_plugin_is_still_listed),
	CASE("foreign-owners", entries_of_other_owners_and_repeated_ones_are_left_out),
	CASE("upper-half", a_status_has_32_bits),
	CASE("enum-status", a_status_may_be_an_enumeration),
	CASE("no-free", lists_of_a_plugin_without_free_memory_are_not_freed),
	CASE("error-with-list", after_an_error_the_list_is_null_and_nothing_is_freed),
	CASE("greedy", no_more_is_written_than_there_is_room),
	CASE("greedy", more_methods_than_there_can_be_are_a_failure),
	CASE("greedy", lengths_change_only_where_the_standard_says_so),
	CASE("old-ioctl", both_spellings_of_the_ioctl_reach_a_plugin_with_one),
	CASE("blocks", a_call_that_blocks_keeps_nobody_else_from_calling),
	CASE("deadline", a_plugin_can_ask_for_the_deadline),
	CASE("deadline-set", the_configuration_sets_the_default_deadline),
	CASE("tells", a_reason_is_kept_if_the_call_failed),
	CASE("tells", a_reason_of_another_call_is_not_taken),
	CASE("tells", a_reason_is_tidied),
	CASE("tells", a_joined_list_has_the_reason_of_its_plugin),
	CASE("fires-inside", events_may_be_raised_from_inside_a_call),
	CASE("fires-late", events_after_deregistration_are_dropped),
	CASE("fires-foreign", events_of_unknown_owners_are_dropped),
	CASE("refuses-events", a_plugin_that_refuses_events_hides_no_other),
	CASE("ends", a_plugin_is_deregistered_and_then_ended),
	CASE("ends", a_plugin_is_not_ended_while_a_call_runs),
	CASE("ends", a_child_does_not_end_the_plugins_of_its_parent),
};

static int set_up(void **state)
{
	FILE *file;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	setenv("IMA_STATE_DIR", folder, 1);
	file = open_configuration();
	for (int i = 0; i < plugin_count; i++)
		write_line(file, i, plugins[i]);
	return fclose(file);
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[ARRAY_SIZE(cases)];
	size_t count = 0;

	if (argc < 3)
		return 2;
	plugins = argv + 2;
	plugin_count = argc - 2;
	for (int i = 0; i < plugin_count; i++) {
		char *path = realpath(plugins[i], NULL);

		plugins[i] = path ? path : plugins[i];
	}
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (!strcmp(cases[i].name, argv[1]))
			tests[count++] = cases[i].test;
	if (!count)
		return 2;
	return _cmocka_run_group_tests(argv[1], tests, count, set_up, tear_down);
}
