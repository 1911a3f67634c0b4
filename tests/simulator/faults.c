// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * faults.c - what is told to go wrong goes wrong, in every function and not elsewhere.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "ima-plugin.h"
#include "sandbox.h"
#include "spec.h"
#include "support.h"

#define T(name) "iqn.2026-11.sim.example:" name

/* An object of every type, in every.conf. */
static IMA_OID object_of(unsigned int objects)
{
	static const struct {
		unsigned int type;
		const char *name;
	} rows[] = {
		{ NODE, "node:own" },
		{ LHBA, "lhba:sw" },
		{ PHBA, "phba:p0" },
		{ PORTAL, "portal:n0/a" },
		{ LNP, "lnp:n0" },
		{ PNP, "pnp:p0/a" },
		{ TARGET, "found:sw/" T("disk") },
		{ LU, "found-lu:sw/" T("disk") "/0" },
		{ ADDRESS, "discovery:sw/192.0.2.10:3260" },
		{ STATIC, "static:sw/" T("static") "@192.0.2.12:3260" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (objects & rows[i].type)
			return sim_oid(rows[i].name);
	return sim_plugin();
}

static IMA_OID first_of(IMA_STATUS (*get)(IMA_OID oid, IMA_OID_LIST **list), IMA_OID oid)
{
	IMA_OID_LIST *list;

	assert_done(get(oid, &list));
	assert_true(list->oidCount > 0);
	oid = list->oids[0];
	IMA_FreeMemory(list);
	return oid;
}

static void prepare(struct arguments *arguments, const struct spec_call *call)
{
	arguments_init(arguments, call, 1);
	if (call->objects & SESSION)
		*arguments_oid(arguments) = first_of(IMA_GetSessionOidList,
						     object_of(TARGET));
	else if (call->objects & CONNECTION)
		*arguments_oid(arguments) = first_of(
			IMA_GetConnectionOidList,
			first_of(IMA_GetSessionOidList, object_of(TARGET)));
	else if (call->objects)
		*arguments_oid(arguments) = object_of(call->objects);
}

/* Nothing but list pointers may have changed, and those are NULL. */
static void check_untouched(const struct arguments *arguments)
{
	for (unsigned int i = 0; i < arguments->call->argc; i++) {
		enum spec_kind kind = arguments->call->arg[i].kind;

		if (kind == LIST || kind == KEYS)
			assert_null(*(void **)(void *)arguments->arg[i].memory);
		else
			assert_true(arguments_unchanged(arguments, i));
	}
}

static bool is_error(IMA_UINT32 status)
{
	return IMA_ERROR(status);
}

static void every_error_can_be_asked_for(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);

	for (size_t i = 0; spec_statuses[i] != UINT32_MAX; i++) {
		struct arguments arguments;

		if (!is_error(spec_statuses[i]))
			continue;
		prepare(&arguments, call);
		sim("fault %s status=%s", call->arrives_as,
		    IMAX_StatusName(spec_statuses[i]));
		arguments_remember(&arguments);
		assert_int_equal(call->call(&arguments), spec_statuses[i]);
		check_untouched(&arguments);
		arguments_free(&arguments);
	}
	assert_string_equal(sim_says("show faults"), "");
}

static void free_lists(const struct arguments *arguments)
{
	for (unsigned int i = 0; i < arguments->call->argc; i++) {
		enum spec_kind kind = arguments->call->arg[i].kind;

		if (kind == LIST || kind == KEYS)
			IMA_FreeMemory(*(void **)(void *)arguments->arg[i].memory);
	}
}

static void a_status_that_is_no_error_follows_the_work(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	struct arguments arguments;
	IMA_STATUS status;

	prepare(&arguments, call);
	sim("fault %s status=IMA_STATUS_REBOOT_NECESSARY", call->arrives_as);
	status = call->call(&arguments);
	/* The arguments are those of a made-up call, so not all of them succeed. */
	assert_true(status == IMA_STATUS_REBOOT_NECESSARY || IMA_ERROR(status));
	if (IMA_SUCCESS(status))
		free_lists(&arguments);
	arguments_free(&arguments);
	sim("reset");
}

static void a_call_that_hangs_ends_at_the_deadline(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	struct arguments arguments;

	prepare(&arguments, call);
	sim("fault %s hang=target\nfault %s hang=local", call->arrives_as,
	    call->arrives_as);
	assert_done(IMAX_SetDeadline(5));
	arguments_remember(&arguments);
	assert_int_equal(call->call(&arguments), IMA_ERROR_TARGET_TIMEOUT);
	check_untouched(&arguments);
	assert_int_equal(call->call(&arguments), IMA_ERROR_SYNC_TIMEOUT);
	check_untouched(&arguments);
	assert_done(IMAX_SetDeadline(0));
	arguments_free(&arguments);
}

/* --- not of every function -------------------------------------------------------------------- */

static void faults_are_skipped_and_counted(void **state)
{
	IMA_OID lhba = sim_oid("lhba:sw"), other = sim_oid("lhba:auto");
	IMA_LHBA_PROPERTIES properties;

	(void)state;
	sim("reset");
	sim("fault IMA_GetLhbaProperties object=lhba:sw status=IMA_ERROR_UNKNOWN_ERROR "
	    "skip=1 "
	    "count=2");
	assert_done(IMA_GetLhbaProperties(other, &properties));
	assert_done(IMA_GetLhbaProperties(lhba, &properties));
	assert_status(IMA_GetLhbaProperties(lhba, &properties), IMA_ERROR_UNKNOWN_ERROR);
	assert_done(IMA_GetLhbaProperties(other, &properties));
	assert_string_equal(sim_says("show faults"),
			    "1: fault IMA_GetLhbaProperties object=lhba:sw "
			    "status=IMA_ERROR_UNKNOWN_ERROR count=1\n");
	assert_status(IMA_GetLhbaProperties(lhba, &properties), IMA_ERROR_UNKNOWN_ERROR);
	assert_done(IMA_GetLhbaProperties(lhba, &properties));
	assert_string_equal(sim_says("show faults"), "");
}

static void faults_are_cleared_one_by_one_or_all(void **state)
{
	IMA_LHBA_PROPERTIES properties;

	(void)state;
	sim("reset");
	assert_string_equal(
		sim_says("fault any status=IMA_ERROR_UNKNOWN_ERROR count=always\n"
			 "fault any delay=1ms count=3"),
		"fault 1\nfault 2\n");
	assert_status(IMA_GetLhbaProperties((IMA_OID){ IMA_OBJECT_TYPE_LHBA, 1, 99 },
					    &properties),
		      IMA_ERROR_UNKNOWN_ERROR);
	sim("fault clear 1");
	assert_string_equal(sim_says("show faults"), "2: fault any delay=1ms count=3\n");
	assert_int_equal(sim_try("fault clear 1"), IMA_ERROR_INVALID_PARAMETER);
	sim("fault clear");
	assert_string_equal(sim_says("show faults"), "");
}

static uint64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void a_delayed_call_does_its_work(void **state)
{
	IMA_LHBA_PROPERTIES properties;
	IMA_OID lhba = sim_oid("lhba:sw");
	uint64_t before;

	(void)state;
	sim("reset");
	before = milliseconds();
	sim("fault IMA_GetLhbaProperties delay=30ms");
	assert_done(IMA_GetLhbaProperties(lhba, &properties));
	assert_true(milliseconds() - before >= 30);
	/* Longer than the deadline: the call is back by then. */
	sim("fault IMA_GetLhbaProperties delay=1h");
	assert_done(IMAX_SetDeadline(20));
	assert_status(IMA_GetLhbaProperties(lhba, &properties), IMA_ERROR_SYNC_TIMEOUT);
	assert_done(IMAX_SetDeadline(0));
}

static void allocations_fail_one_by_one(void **state)
{
	IMA_OID_LIST *list = NULL;
	IMA_OID oid;

	(void)state;
	sim("reset");
	sim("fault IMA_GetLuOidList allocation=1");
	assert_status(IMA_GetLuOidList(sim_oid("lhba:sw"), &list),
		      IMA_ERROR_INSUFFICIENT_MEMORY);
	assert_null(list);
	assert_done(IMA_GetLuOidList(sim_oid("lhba:sw"), &list));
	IMA_FreeMemory(list);
	/* A call that fails half way has changed nothing. */
	sim("fault IMA_AddDiscoveryAddress allocation=1");
	assert_status(IMA_AddDiscoveryAddress(sim_oid("lhba:sw"), portal("192.0.2.77", 1),
					      &oid),
		      IMA_ERROR_INSUFFICIENT_MEMORY);
	assert_null(strstr(sim_says("list discovery"), "192.0.2.77"));
	sim("fault IMA_SetInitiatorAuthParms allocation=1");
	assert_status(IMA_SetInitiatorAuthParms(sim_oid("lhba:sw"), IMA_AUTHMETHOD_CHAP,
						&(IMA_INITIATOR_AUTHPARMS){ 0 }),
		      IMA_ERROR_INSUFFICIENT_MEMORY);
	sim("fault IMA_PluginIOctl allocation=1");
	assert_int_equal(sim_try("reboot"), IMA_ERROR_INSUFFICIENT_MEMORY);
}

/* INQUIRY with a fault; what the caller finds in the sense buffer, filled with A5h before. */
static IMA_STATUS inquire(const char *fault, IMA_BYTE sense[64], IMA_UINT *sense_length)
{
	IMA_UINT length = 96;
	IMA_BYTE data[96];
	IMA_STATUS status;

	sim("fault IMA_LuInquiry %s", fault);
	memset(sense, 0xA5, 64);
	status = IMA_LuInquiry(object_of(LU), 0, 0, 0, data, &length, sense,
			       sense_length);
	assert_int_equal(length, 96); /* not changed on failure */
	return status;
}

static void sense_data_are_what_was_asked_for(void **state)
{
	IMAX_LAST_ERROR error = { .size = sizeof(error) };
	IMA_UINT length = 64;
	IMA_BYTE sense[64];

	(void)state;
	sim("reset");
	assert_status(inquire("scsi=check-condition sense=03/11/04", sense, &length),
		      IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_int_equal(length, 18);
	assert_memory_equal(sense, "\x70\0\x03\0\0\0\0\x0a\0\0\0\0\x11\x04\0\0\0\0\xA5",
			    19);
	assert_done(IMAX_GetLastError(&error));
	assert_int_equal(error.layer, IMAX_LAYER_SCSI);
	assert_true(error.scsiStatusValid);
	assert_int_equal(error.scsiStatus, 2);
	assert_int_equal(error.senseLength, 18);
	assert_memory_equal(error.sense, sense, 18);
}

static void sense_data_are_cut_and_only_there_with_check_condition(void **state)
{
	IMA_UINT length = 4;
	IMA_BYTE sense[64];

	(void)state;
	sim("reset");
	assert_status(inquire("scsi=check-condition sense=hex:7203110400000000", sense,
			      &length),
		      IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_int_equal(length, 4);
	assert_memory_equal(sense, "\x72\x03\x11\x04\xA5", 5);
	length = 7;
	assert_status(inquire("scsi=busy", sense, &length), IMA_ERROR_SCSI_STATUS_BUSY);
	assert_int_equal(length, 7);
	assert_int_equal(sense[0], 0xA5);
}

static int crash(void)
{
	IMA_OID_LIST *list;

	sim("fault IMA_GetPhbaOidList crash=yes");
	signal(SIGABRT, SIG_DFL);
	IMA_GetPhbaOidList(&list);
	return 0;
}

static void a_crash_ends_the_process(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (!child) {
		/* The child of a fork uses the API only after exec. */
		execl("/proc/self/exe", "faults", "crash", NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static bool reaches_the_plugin(const struct spec_call *call)
{
	return (spec_routed(call) || call->who == WHO_BROADCAST) && call->arrives_as &&
	       !sim_lacks(call->name) &&
	       strncmp(call->arrives_as, "IMA_PluginIOctl", 15) != 0;
}

static int add_cases(void)
{
	if (sandbox_argument() && strcmp(sandbox_argument(), "crash") == 0)
		return crash();
	for (size_t i = 0; i < spec_call_count; i++) {
		const struct spec_call *call = &spec_calls[i];

		if (!reaches_the_plugin(call))
			continue;
		case_add(every_error_can_be_asked_for, call,
			 "%s: every error can be asked for", call->name);
		/* The library makes one status of those of all plugins. */
		if (call->who != WHO_BROADCAST)
			case_add(a_status_that_is_no_error_follows_the_work, call,
				 "%s: a status that is no error follows the work",
				 call->name);
		case_add(a_call_that_hangs_ends_at_the_deadline, call,
			 "%s: a call that hangs ends at the deadline", call->name);
	}
	case_add(faults_are_skipped_and_counted, NULL, "faults are skipped and counted");
	case_add(faults_are_cleared_one_by_one_or_all, NULL,
		 "faults are cleared one by one or all");
	case_add(a_delayed_call_does_its_work, NULL, "a delayed call does its work");
	case_add(allocations_fail_one_by_one, NULL, "allocations fail one by one");
	case_add(sense_data_are_what_was_asked_for, NULL,
		 "sense data are what was asked for");
	case_add(sense_data_are_cut_and_only_there_with_check_condition, NULL,
		 "sense data are cut, and only there with CHECK CONDITION");
	case_add(a_crash_ends_the_process, NULL, "a crash ends the process");
	return cases_run("simulator-faults");
}

int main(int argc, char **argv)
{
	return sim_run(argc, argv, SCENARIOS "/every.conf", add_cases);
}
