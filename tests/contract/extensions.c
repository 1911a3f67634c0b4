// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * extensions.c - what ima-ext.h adds: the record of the last error, deadlines, names of
 * statuses; and what plugins get from the library (IMAX_HOST). The functions of ima-ext.h that
 * go to plugins are in calls.c.
 *
 * Plugins in load order: one, bare (no entry points), two.
 */
#include "cases.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recorder.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

#define SECOND 1000000000UL

static struct recorder *one, *two;

static const IMA_OID lhba = { IMA_OBJECT_TYPE_LHBA, 1, 7 };
static const IMA_OID target = { IMA_OBJECT_TYPE_TARGET, 1, 7 };

static IMAX_LAST_ERROR last_error(void)
{
	IMAX_LAST_ERROR error;

	memset(&error, 0xA5, sizeof(error));
	error.size = sizeof(error);
	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
	return error;
}

static void assert_same_oid(IMA_OID a, IMA_OID b)
{
	assert_memory_equal(&a, &b, sizeof(a));
}

static void start(void)
{
	one->reset();
	two->reset();
}

/* Runs a test on a thread that has made no call before. */
static void *run_on_thread(void *function)
{
	((void (*)(void))function)();
	return NULL;
}

static void on_new_thread(void (*function)(void))
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, run_on_thread, (void *)function),
			 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

/* cmocka's asserts jump, so the thread leaves what it saw here. */
static IMAX_LAST_ERROR of_thread;

static void fetch_on_thread(void)
{
	memset(&of_thread, 0xA5, sizeof(of_thread));
	of_thread.size = sizeof(of_thread);
	if (IMAX_GetLastError(&of_thread))
		of_thread.status = IMA_ERROR_UNKNOWN_ERROR;
}

static void no_error_yet(void **state)
{
	(void)state;
	on_new_thread(fetch_on_thread);
	assert_int_equal(of_thread.status, IMA_STATUS_SUCCESS);
	assert_int_equal(of_thread.object.objectType, IMA_OBJECT_TYPE_UNKNOWN);
	assert_int_equal(of_thread.senseLength, 0);
	assert_string_equal(of_thread.call, "");
	assert_string_equal(of_thread.plugin, "");
}

static void size_is_checked(void **state)
{
	size_t least = offsetof(IMAX_LAST_ERROR, status) + sizeof(IMA_STATUS);
	IMAX_LAST_ERROR error;

	(void)state;
	assert_int_equal(IMAX_GetLastError(NULL), IMA_ERROR_INVALID_PARAMETER);
	memset(&error, 0xA5, sizeof(error));
	error.size = 0;
	assert_int_equal(IMAX_GetLastError(&error), IMA_ERROR_INVALID_PARAMETER);
	error.size = least - 1;
	assert_int_equal(IMAX_GetLastError(&error), IMA_ERROR_INVALID_PARAMETER);
	error.size = least;
	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
}

/* A program built with an older, shorter structure. */
static void no_more_than_size_is_written(void **state)
{
	size_t size = offsetof(IMAX_LAST_ERROR, call);
	IMAX_LAST_ERROR error;

	(void)state;
	assert_int_equal(IMA_RemoveStaleData(target), IMA_ERROR_INCORRECT_OBJECT_TYPE);
	memset(&error, 0xA5, sizeof(error));
	error.size = size;
	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
	assert_int_equal(error.status, IMA_ERROR_INCORRECT_OBJECT_TYPE);
	for (size_t i = size; i < sizeof(error); i++)
		assert_int_equal(((unsigned char *)&error)[i], 0xA5);
}

static void error_of_the_library(void **state)
{
	IMAX_LAST_ERROR error;

	(void)state;
	assert_int_equal(IMA_RemoveStaleData(target), IMA_ERROR_INCORRECT_OBJECT_TYPE);
	error = last_error();
	assert_int_equal(error.status, IMA_ERROR_INCORRECT_OBJECT_TYPE);
	assert_string_equal(error.call, "IMA_RemoveStaleData");
	assert_same_oid(error.object, target);
	assert_int_equal(error.layer, IMAX_LAYER_LIBRARY);
	assert_int_equal(error.osError, 0);
	assert_int_equal(error.senseLength, 0);
	assert_int_equal(error.loginStatusValid, IMA_FALSE);
	assert_int_equal(error.scsiStatusValid, IMA_FALSE);
	assert_int_equal(error.childExitValid, IMA_FALSE);
	assert_in_range(strnlen(error.text, sizeof(error.text)), 10,
			sizeof(error.text) - 1);
}

static void error_of_a_plugin(void **state)
{
	IMAX_LAST_ERROR error;

	(void)state;
	start();
	one->set_all(IMA_ERROR_LU_IN_USE);
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_ERROR_LU_IN_USE);
	error = last_error();
	assert_int_equal(error.status, IMA_ERROR_LU_IN_USE);
	assert_string_equal(error.call, "IMA_RemoveStaleData");
	assert_string_equal(error.plugin, "one");
	assert_same_oid(error.object, lhba);
	assert_int_equal(error.layer, IMAX_LAYER_PLUGIN);
	assert_in_range(strnlen(error.text, sizeof(error.text)), 10,
			sizeof(error.text) - 1);
}

static void plugin_without_the_function(void **state)
{
	IMA_OID oid = { IMA_OBJECT_TYPE_LHBA, 2, 7 };
	IMAX_LAST_ERROR error;

	(void)state;
	assert_int_equal(IMA_RemoveStaleData(oid), IMA_ERROR_NOT_SUPPORTED);
	error = last_error();
	assert_int_equal(error.status, IMA_ERROR_NOT_SUPPORTED);
	assert_string_equal(error.call, "IMA_RemoveStaleData");
	assert_string_equal(error.plugin, "bare");
	assert_same_oid(error.object, oid);
}

/* What a plugin reports; the fields the library fills in hold something else. */
static IMAX_LAST_ERROR report(void)
{
	IMAX_LAST_ERROR error;

	memset(&error, 0, sizeof(error));
	error.size = sizeof(error);
	error.status = IMA_ERROR_NAME_TOO_LONG;
	error.object = target;
	error.layer = IMAX_LAYER_SCSI;
	error.osError = 111;
	error.loginStatusValid = IMA_TRUE;
	error.loginStatusClass = 2;
	error.loginStatusDetail = 1;
	error.scsiStatusValid = IMA_TRUE;
	error.scsiStatus = 2;
	error.childExitValid = IMA_TRUE;
	error.childExitCode = 21;
	error.senseLength = 18;
	memset(error.sense, 0x70, 18);
	snprintf(error.call, sizeof(error.call), "something");
	snprintf(error.plugin, sizeof(error.plugin), "else");
	snprintf(error.text, sizeof(error.text), "the disk is on fire");
	return error;
}

static void plugin_says_why(void **state)
{
	IMAX_LAST_ERROR reported = report(), error;

	(void)state;
	start();
	one->script.last_error = &reported;
	one->set_all(IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_int_equal(IMA_RemoveStaleData(lhba),
			 IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	memset(reported.text, 'x', 10); /* the library has made a copy */
	error = last_error();
	assert_int_equal(error.status, IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_string_equal(error.call, "IMA_RemoveStaleData");
	assert_string_equal(error.plugin, "one");
	assert_same_oid(error.object, lhba);
	assert_int_equal(error.layer, IMAX_LAYER_SCSI);
	assert_string_equal(error.text, "the disk is on fire");
}

static void plugin_gives_the_details(void **state)
{
	IMAX_LAST_ERROR reported = report(), error;

	(void)state;
	start();
	one->script.last_error = &reported;
	one->set_all(IMA_ERROR_UNKNOWN_ERROR);
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_ERROR_UNKNOWN_ERROR);
	error = last_error();
	assert_int_equal(error.osError, 111);
	assert_int_equal(error.loginStatusValid, IMA_TRUE);
	assert_int_equal(error.loginStatusClass, 2);
	assert_int_equal(error.loginStatusDetail, 1);
	assert_int_equal(error.scsiStatusValid, IMA_TRUE);
	assert_int_equal(error.scsiStatus, 2);
	assert_int_equal(error.childExitValid, IMA_TRUE);
	assert_int_equal(error.childExitCode, 21);
	assert_int_equal(error.senseLength, 18);
	assert_memory_equal(error.sense, reported.sense, sizeof(error.sense));
}

/* Both plugins are told and fail; the first error is the one that is returned. */
static void reason_belongs_to_the_status(void **state)
{
	static const IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMAX_LAST_ERROR first = report(), second = report(), error;

	(void)state;
	start();
	snprintf(second.text, sizeof(second.text), "the disk is under water");
	one->script.last_error = &first;
	two->script.last_error = &second;
	one->set_all(IMA_ERROR_LU_IN_USE);
	two->set_all(IMA_ERROR_UNKNOWN_ERROR);
	assert_int_equal(IMA_SetNodeAlias(node, L"x"), IMA_ERROR_LU_IN_USE);
	error = last_error();
	assert_int_equal(error.status, IMA_ERROR_LU_IN_USE);
	assert_string_equal(error.call, "IMA_SetNodeAlias");
	assert_string_equal(error.plugin, "one");
	assert_string_equal(error.text, "the disk is on fire");
	assert_same_oid(error.object, node);
}

static void report_of_a_success_is_dropped(void **state)
{
	IMAX_LAST_ERROR reported = report(), error;

	(void)state;
	start();
	assert_int_equal(IMA_RemoveStaleData(target), IMA_ERROR_INCORRECT_OBJECT_TYPE);
	one->script.last_error = &reported;
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_STATUS_SUCCESS);
	error = last_error();
	assert_int_equal(error.status, IMA_ERROR_INCORRECT_OBJECT_TYPE);
	one->script.last_error = NULL;
	one->set_all(IMA_ERROR_UNKNOWN_ERROR);
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_ERROR_UNKNOWN_ERROR);
	error = last_error();
	assert_int_equal(error.layer, IMAX_LAYER_PLUGIN);
	assert_int_equal(error.osError, 0);
	assert_string_not_equal(error.text, "the disk is on fire");
}

static void success_leaves_the_record_alone(void **state)
{
	IMAX_LAST_ERROR before, after;
	IMA_OID oid;

	(void)state;
	start();
	assert_int_equal(IMA_RemoveStaleData(target), IMA_ERROR_INCORRECT_OBJECT_TYPE);
	before = last_error();
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetSharedNodeOid(&oid), IMA_STATUS_SUCCESS);
	one->set_all(IMA_STATUS_REBOOT_NECESSARY);
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_STATUS_REBOOT_NECESSARY);
	after = last_error();
	assert_memory_equal(&before, &after, sizeof(before));
}

static void fail_on_thread(void)
{
	IMA_OBJECT_TYPE type;
	IMA_OID undefined = { IMA_OBJECT_TYPE_UNKNOWN, 1, 1 };

	IMA_GetObjectType(undefined, &type);
	fetch_on_thread();
}

static void record_is_of_the_thread(void **state)
{
	IMAX_LAST_ERROR error;

	(void)state;
	assert_int_equal(IMA_RemoveStaleData(target), IMA_ERROR_INCORRECT_OBJECT_TYPE);
	on_new_thread(fail_on_thread);
	assert_int_equal(of_thread.status, IMA_ERROR_INVALID_OBJECT_TYPE);
	assert_string_equal(of_thread.call, "IMA_GetObjectType");
	error = last_error();
	assert_int_equal(error.status, IMA_ERROR_INCORRECT_OBJECT_TYPE);
	assert_string_equal(error.call, "IMA_RemoveStaleData");
}

static void hostile_report_is_bounded(void **state)
{
	IMAX_LAST_ERROR reported = report(), error;

	(void)state;
	start();
	memset(reported.text, 'x', sizeof(reported.text));
	reported.senseLength = 100000;
	one->script.last_error = &reported;
	one->set_all(IMA_ERROR_UNKNOWN_ERROR);
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_ERROR_UNKNOWN_ERROR);
	error = last_error();
	assert_true(strnlen(error.text, sizeof(error.text)) < sizeof(error.text));
	assert_true(error.senseLength <= IMAX_SENSE_LEN);
}

/* Whether any byte string of the record holds the secret of the test. */
static bool has_secret(const IMAX_LAST_ERROR *error)
{
	return memmem(error, sizeof(*error), "open sesame", strlen("open sesame"));
}

static void secret_is_in_no_record(void **state)
{
	static const IMA_UINT32 wrong[][2] = { { 513, 11 }, { 4, 0 }, { 4, 257 } };
	IMAX_CHAP_PARMS parms = { .name = "open sesame", .secret = "open sesame" };
	IMAX_LAST_ERROR error;

	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		parms.nameLength = wrong[i][0];
		parms.secretLength = wrong[i][1];
		assert_int_equal(IMAX_SetChapParms(lhba, IMAX_CHAP_TARGET, &parms),
				 IMA_ERROR_INVALID_PARAMETER);
		error = last_error();
		assert_string_equal(error.call, "IMAX_SetChapParms");
		assert_false(has_secret(&error));
	}
	parms.nameLength = parms.secretLength = 11;
	one->set_all(IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMAX_SetChapParms(lhba, IMAX_CHAP_TARGET, &parms),
			 IMA_ERROR_INVALID_PARAMETER);
	error = last_error();
	assert_string_equal(error.plugin, "one");
	assert_false(has_secret(&error));
}

/* What a client put there does not decide whether Set is refused. */
static void set_and_inherited_are_ignored(void **state)
{
	IMAX_CHAP_PARMS parms = { .set = (IMA_BOOL)7, .inherited = (IMA_BOOL)7 };

	(void)state;
	start();
	parms.secretLength = IMAX_CHAP_SECRET_LEN;
	parms.nameLength = IMAX_CHAP_NAME_LEN;
	assert_int_equal(IMAX_SetChapParms(target, IMAX_CHAP_INITIATOR, &parms),
			 IMA_STATUS_SUCCESS);
	parms.secretLength = 1;
	parms.nameLength = 0;
	assert_int_equal(IMAX_SetChapParms(target, IMAX_CHAP_INITIATOR, &parms),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(one->count("IMAX_SetChapParms"), 2);
}

/* A single object is excepted from mutual CHAP; nothing else goes without a secret. */
static void no_secret_excepts_one_object(void **state)
{
	IMAX_CHAP_PARMS parms = { 0 };

	(void)state;
	start();
	assert_int_equal(IMAX_SetChapParms(target, IMAX_CHAP_TARGET, &parms),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMAX_SetChapParms(target, IMAX_CHAP_INITIATOR, &parms),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMAX_SetChapParms(lhba, IMAX_CHAP_TARGET, &parms),
			 IMA_ERROR_INVALID_PARAMETER);
	parms.nameLength = 1;
	assert_int_equal(IMAX_SetChapParms(target, IMAX_CHAP_TARGET, &parms),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(one->count("IMAX_SetChapParms"), 1);
}

static void list_of_all_algorithms(void **state)
{
	static const IMAX_CHAP_ALGORITHM all[] = { IMAX_CHAP_SHA3_256, IMAX_CHAP_SHA256,
						   IMAX_CHAP_SHA1, IMAX_CHAP_MD5 };

	(void)state;
	start();
	for (IMA_UINT n = 1; n <= ARRAY_SIZE(all); n++)
		assert_int_equal(IMAX_SetChapAlgorithms(target, n, all),
				 IMA_STATUS_SUCCESS);
	assert_memory_equal(one->call(NULL, 3)->arg[2].pointee, all, sizeof(all));
}

/* As IMA_GetInUseInitiatorAuthMethods, for one target. */
static void methods_of_a_target(void **state)
{
	IMA_AUTHMETHOD list[2] = { IMA_AUTHMETHOD_SPKM2, IMA_AUTHMETHOD_SPKM2 };
	IMA_UINT count = 0;

	(void)state;
	start();
	one->script.method_count = 2;
	one->script.methods[0] = IMA_AUTHMETHOD_CHAP;
	assert_int_equal(IMAX_GetAuthMethods(target, &count, NULL), IMA_STATUS_SUCCESS);
	assert_int_equal(count, 2);
	count = 1;
	assert_int_equal(IMAX_GetAuthMethods(target, &count, list), IMA_STATUS_SUCCESS);
	assert_int_equal(count, 1);
	assert_int_equal(list[0], IMA_AUTHMETHOD_CHAP);
	assert_int_equal(list[1], IMA_AUTHMETHOD_SPKM2);
}

static void failure_is_recorded(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	struct arguments arguments;
	IMAX_LAST_ERROR error;

	start();
	arguments_init(&arguments, call, 99);
	assert_int_equal(call->call(&arguments), IMA_ERROR_OBJECT_NOT_FOUND);
	error = last_error();
	assert_int_equal(error.status, IMA_ERROR_OBJECT_NOT_FOUND);
	if (strcmp(error.call, call->name))
		assert_string_equal(error.call, call->arrives_as);
	assert_same_oid(error.object, *arguments_oid(&arguments));
	assert_string_equal(error.plugin, "");
	arguments_free(&arguments);
}

/* Deadlines. */

static IMA_UINT64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (IMA_UINT64)time.tv_sec * SECOND + (IMA_UINT64)time.tv_nsec;
}

/* The deadline the plugin sees in a call lies this long after the begin of the call. */
static void assert_deadline(IMA_UINT64 nanoseconds)
{
	IMA_UINT64 before, after, seen;

	start();
	before = now();
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_STATUS_SUCCESS);
	after = now();
	seen = one->call(NULL, 0)->deadline;
	assert_in_range(seen, before + nanoseconds, after + nanoseconds);
}

static void default_is_15_seconds(void **state)
{
	(void)state;
	assert_deadline(15 * SECOND);
}

static void deadline_of_the_thread(void **state)
{
	(void)state;
	assert_int_equal(IMAX_SetDeadline(2500), IMA_STATUS_SUCCESS);
	assert_deadline(SECOND / 10 * 25);
	assert_int_equal(IMAX_SetDeadline(1), IMA_STATUS_SUCCESS);
	assert_deadline(SECOND / 1000);
	assert_int_equal(IMAX_SetDeadline(IMAX_DEADLINE_MAX), IMA_STATUS_SUCCESS);
	assert_deadline(3600 * SECOND);
	assert_int_equal(IMAX_SetDeadline(0), IMA_STATUS_SUCCESS);
	assert_deadline(15 * SECOND);
}

static void deadline_is_limited(void **state)
{
	(void)state;
	assert_int_equal(IMAX_SetDeadline(777), IMA_STATUS_SUCCESS);
	assert_int_equal(IMAX_SetDeadline(IMAX_DEADLINE_MAX + 1),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMAX_SetDeadline(0xFFFFFFFFU), IMA_ERROR_INVALID_PARAMETER);
	assert_deadline(SECOND / 1000 * 777);
	assert_int_equal(IMAX_SetDeadline(0), IMA_STATUS_SUCCESS);
}

static void short_on_thread(void)
{
	IMAX_SetDeadline(5);
}

static void deadline_of_another_thread(void **state)
{
	(void)state;
	on_new_thread(short_on_thread);
	assert_deadline(15 * SECOND);
}

static void one_deadline_for_all_plugins(void **state)
{
	IMA_OID_LIST *list = NULL;

	(void)state;
	start();
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_int_equal(one->call(NULL, 0)->deadline, two->call(NULL, 0)->deadline);
}

static IMA_UINT64 after_inner_call;

static void call_inside(const struct recorder_call *call)
{
	IMA_OID other = { IMA_OBJECT_TYPE_LHBA, 3, 7 };

	(void)call;
	if (!IMA_RemoveStaleData(other))
		after_inner_call = one->host->GetDeadline();
}

static void inner_call_keeps_the_deadline(void **state)
{
	(void)state;
	start();
	one->script.hook = call_inside;
	assert_int_equal(IMA_RemoveStaleData(lhba), IMA_STATUS_SUCCESS);
	one->script.hook = NULL;
	assert_int_equal(two->count(NULL), 1);
	assert_int_equal(after_inner_call, one->call(NULL, 0)->deadline);
}

static void deadline_outside_of_a_call(void **state)
{
	IMA_UINT64 before = now(), seen = one->host->GetDeadline(), after = now();

	(void)state;
	assert_in_range(seen, before + 15 * SECOND, after + 15 * SECOND);
}

/* What plugins get. */

static void host_comes_before_initialize(void **state)
{
	(void)state;
	assert_non_null(one->host);
	assert_true(one->host_came_first);
	assert_int_equal(one->initialized, 1);
	assert_true(one->host->size >= sizeof(IMAX_HOST));
}

static void host_knows_the_state_directory(void **state)
{
	(void)state;
	assert_string_equal(one->host->stateDirectory, getenv("IMA_STATE_DIR"));
}

static void host_takes_messages(void **state)
{
	(void)state;
	one->host->Log(IMAX_LOG_DEBUG, "a message of the recording plugin: 100 %s %n");
	one->host->Log(IMAX_LOG_ERROR, "");
}

static void names_of_statuses(void **state)
{
#define NAMED(status) assert_string_equal(IMAX_StatusName(status), #status)
	(void)state;
	NAMED(IMA_STATUS_SUCCESS);
	NAMED(IMA_STATUS_REBOOT_NECESSARY);
	NAMED(IMA_STATUS_INCONSISTENT_NODE_PROPERTIES);
	NAMED(IMA_STATUS_SCSI_STATUS_CONDITION_MET);
	NAMED(IMA_ERROR_NOT_SUPPORTED);
	NAMED(IMA_ERROR_INSUFFICIENT_MEMORY);
	NAMED(IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD);
	NAMED(IMA_ERROR_UNEXPECTED_OS_ERROR);
	NAMED(IMA_ERROR_SYNC_TIMEOUT);
	NAMED(IMA_ERROR_LU_EXPOSED);
	NAMED(IMA_ERROR_LU_NOT_EXPOSED);
	NAMED(IMA_ERROR_LU_IN_USE);
	NAMED(IMA_ERROR_TARGET_TIMEOUT);
	NAMED(IMA_ERROR_LOGIN_REJECTED);
	NAMED(IMA_ERROR_STATS_COLLECTION_NOT_ENABLED);
	NAMED(IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	NAMED(IMA_ERROR_SCSI_STATUS_BUSY);
	NAMED(IMA_ERROR_SCSI_STATUS_RESERVATION_CONFLICT);
	NAMED(IMA_ERROR_SCSI_STATUS_TASK_SET_FULL);
	NAMED(IMA_ERROR_SCSI_STATUS_ACA_ACTIVE);
	NAMED(IMA_ERROR_SCSI_STATUS_TASK_ABORTED);
	NAMED(IMA_ERROR_UNKNOWN_ERROR);
	NAMED(IMA_ERROR_INVALID_PARAMETER);
	NAMED(IMA_ERROR_INVALID_OBJECT_TYPE);
	NAMED(IMA_ERROR_INCORRECT_OBJECT_TYPE);
	NAMED(IMA_ERROR_OBJECT_NOT_FOUND);
	NAMED(IMA_ERROR_NAME_TOO_LONG);
#undef NAMED
}

static void name_of_an_unknown_status(void **state)
{
	(void)state;
	assert_string_equal(IMAX_StatusName(0x00000003U), "unknown status");
	assert_string_equal(IMAX_StatusName(0x80000106U), "unknown status");
	assert_string_equal(IMAX_StatusName(0xC0000005U), "unknown status");
	assert_string_equal(IMAX_StatusName(0xFFFFFFFFU), "unknown status");
}

static const struct {
	CMUnitTestFunction function;
	const char *name;
} list[] = {
	{ no_error_yet, "IMAX_GetLastError: nothing failed yet on this thread" },
	{ size_is_checked,
	  "IMAX_GetLastError: IMA_ERROR_INVALID_PARAMETER for NULL and for "
	  "a size that is too small" },
	{ no_more_than_size_is_written,
	  "IMAX_GetLastError: no more than size is written" },
	{ error_of_the_library, "IMAX_GetLastError: an error of the library" },
	{ error_of_a_plugin,
	  "IMAX_GetLastError: an error of a plugin that says no more" },
	{ plugin_without_the_function,
	  "IMAX_GetLastError: a plugin without the function" },
	{ plugin_says_why,
	  "IMAX_GetLastError: the text of the plugin, the rest is true" },
	{ plugin_gives_the_details, "IMAX_GetLastError: the details a plugin gives" },
	{ reason_belongs_to_the_status,
	  "IMAX_GetLastError: of several plugins that fail, the one whose status it is" },
	{ report_of_a_success_is_dropped,
	  "IMAX_GetLastError: what a plugin reports before a success is dropped" },
	{ success_leaves_the_record_alone,
	  "IMAX_GetLastError: a success leaves it alone" },
	{ record_is_of_the_thread, "IMAX_GetLastError: every thread has its own" },
	{ hostile_report_is_bounded,
	  "IMAX_GetLastError: a report without end is bounded" },
	{ secret_is_in_no_record, "IMAX_SetChapParms: no record holds name or secret" },
	{ set_and_inherited_are_ignored,
	  "IMAX_SetChapParms: set and inherited are ignored, limits are allowed" },
	{ no_secret_excepts_one_object,
	  "IMAX_SetChapParms: without a secret one target is excepted from mutual CHAP" },
	{ list_of_all_algorithms, "IMAX_SetChapAlgorithms: all of them, in order" },
	{ methods_of_a_target,
	  "IMAX_GetAuthMethods: the number without a list, and a list that is short" },
	{ default_is_15_seconds, "deadline: 15 seconds by default" },
	{ deadline_of_the_thread,
	  "IMAX_SetDeadline: holds from the next call, 0 restores" },
	{ deadline_is_limited, "IMAX_SetDeadline: IMA_ERROR_INVALID_PARAMETER above the "
			       "maximum, nothing changed" },
	{ deadline_of_another_thread, "IMAX_SetDeadline: holds for its thread only" },
	{ one_deadline_for_all_plugins, "deadline: one for all plugins of a broadcast" },
	{ inner_call_keeps_the_deadline, "deadline: stays after a call inside a call" },
	{ deadline_outside_of_a_call,
	  "deadline: the default from now outside of a call" },
	{ host_comes_before_initialize, "IMAX_SetHost comes before Initialize, once" },
	{ host_knows_the_state_directory, "IMAX_HOST: the state directory" },
	{ host_takes_messages, "IMAX_HOST: messages are no formats" },
	{ names_of_statuses, "IMAX_StatusName: every status of 5.13" },
	{ name_of_an_unknown_status, "IMAX_StatusName: a value that is not defined" },
};

static int tests(void)
{
	IMA_OID_LIST *plugins = NULL;

	if (!sandbox_listing()) {
		one = sandbox_recorder("one");
		two = sandbox_recorder("two");
		IMA_GetPluginOidList(&plugins);
		IMA_FreeMemory(plugins);
	}
	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		case_add(list[i].function, NULL, "%s", list[i].name);
	for (size_t i = 0; i < spec_call_count; i++)
		if (spec_calls[i].objects)
			case_add(failure_is_recorded, &spec_calls[i],
				 "IMAX_GetLastError: a failure of %s",
				 spec_calls[i].name);
	return cases_run("extensions");
}

int main(int argc, char **argv)
{
	static const struct sandbox_plugin plugins[] = { { "one", RECORDING_PLUGIN },
							 { "bare", BARE_PLUGIN },
							 { "two", RECORDING_PLUGIN } };

	return sandbox_run(argc, argv, plugins, ARRAY_SIZE(plugins), tests);
}
