// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * threads.c - eight threads that read, change and break the machine at the same time.
 *
 * What they get is not always a success, but always a status that fits, and what they read
 * is whole.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "ima-simulator.h"
#include "support.h"

#define T(name) "iqn.2026-11.sim.example:" name

enum { THREADS = 8, ROUNDS = 150, CALLS = 100 };

static atomic_int wrong, events;

static void expect(bool right, const char *what, IMA_STATUS status)
{
	if (right)
		return;
	atomic_fetch_add(&wrong, 1);
	print_error("%s: %s\n", what, IMAX_StatusName(status));
}

/* Objects come and go, so "not found" fits everywhere; the others are those that also fit. */
#define EXPECT(call, ...)                                                        \
	do {                                                                     \
		IMA_STATUS status_ = (call);                                     \
		expect(fits(status_, (IMA_STATUS[]){ IMA_ERROR_OBJECT_NOT_FOUND, \
						     __VA_ARGS__, 0 }),          \
		       #call, status_);                                          \
	} while (0)

static bool fits(IMA_STATUS status, const IMA_STATUS *errors)
{
	for (; *errors; errors++)
		if (status == *errors)
			return true;
	return IMA_SUCCESS(status);
}

/* Looked up before the threads start. */
static struct {
	IMA_OID own, lhba, lu, target;
} oids;

static void command(const char *text)
{
	EXPECT(IMA_PluginIOctl(sim_plugin(), IMA_SIM_COMMAND, text, strlen(text), NULL,
			       NULL),
	       IMA_ERROR_INVALID_PARAMETER);
}

/* Two names that are set in turn: whoever reads sees one of them, never a mixture. */
static void check_text(const wchar_t *text)
{
	static const wchar_t a[] = L"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	static const wchar_t b[] = L"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

	expect(!*text || wcscmp(text, a) == 0 || wcscmp(text, b) == 0, "text is torn", 0);
}

static void read_target(IMA_OID target)
{
	IMA_TARGET_PROPERTIES properties;
	IMA_DEVICE_STATISTICS statistics;
	IMA_OID_LIST *lus, *sessions;
	IMA_ADDRESS_KEYS *keys;
	IMA_MIN_MAX_VALUE value;

	EXPECT(IMA_GetTargetProperties(target, &properties), IMA_ERROR_LOGIN_REJECTED,
	       IMA_ERROR_TARGET_TIMEOUT);
	EXPECT(IMA_GetMaxBurstLengthProperties(target, &value), 0);
	EXPECT(IMA_GetDeviceStatistics(target, &statistics), IMA_ERROR_LU_NOT_EXPOSED,
	       IMA_ERROR_STATS_COLLECTION_NOT_ENABLED);
	if (IMA_GetAddressKeys(target, &keys) == IMA_STATUS_SUCCESS)
		IMA_FreeMemory(keys);
	if (IMA_GetSessionOidList(target, &sessions) == IMA_STATUS_SUCCESS) {
		IMA_SESSION_PROPERTIES session;

		for (IMA_UINT i = 0; i < sessions->oidCount; i++)
			EXPECT(IMA_GetSessionProperties(sessions->oids[i], &session), 0);
		IMA_FreeMemory(sessions);
	}
	if (IMA_GetLuOidList(target, &lus) != IMA_STATUS_SUCCESS)
		return;
	for (IMA_UINT i = 0; i < lus->oidCount; i++) {
		IMA_LU_PROPERTIES lu;
		IMA_BYTE data[96];
		IMA_UINT length = sizeof(data);

		EXPECT(IMA_GetLuProperties(lus->oids[i], &lu), 0);
		EXPECT(IMA_LuInquiry(lus->oids[i], 0, 0, 0, data, &length, NULL, NULL),
		       IMA_ERROR_TARGET_TIMEOUT);
	}
	IMA_FreeMemory(lus);
}

static void read_all(void)
{
	IMA_OID_LIST *lhbas, *targets;
	IMA_NODE_PROPERTIES node;

	EXPECT(IMA_GetNodeProperties(oids.own, &node), 0);
	check_text(node.alias);
	if (IMA_GetLhbaOidList(&lhbas) != IMA_STATUS_SUCCESS)
		return;
	for (IMA_UINT i = 0; i < lhbas->oidCount; i++) {
		if (IMA_GetTargetOidList(lhbas->oids[i], &targets) != IMA_STATUS_SUCCESS)
			continue;
		for (IMA_UINT n = 0; n < targets->oidCount; n++)
			read_target(targets->oids[n]);
		IMA_FreeMemory(targets);
	}
	IMA_FreeMemory(lhbas);
}

static void set_things(int round)
{
	IMA_OID oid;

	EXPECT(IMA_SetNodeAlias(oids.own, round % 2
						  ? L"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
						  : L"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
	       0);
	EXPECT(IMA_SetMaxConnections(oids.lhba, 1 + (IMA_UINT)round % 9), 0);
	EXPECT(IMA_AddDiscoveryAddress(
		       oids.lhba, portal("192.0.2.10", (IMA_UINT16)(3000 + round % 5)),
		       &oid),
	       0);
	EXPECT(IMA_RemoveDiscoveryAddress(oid), IMA_ERROR_LU_EXPOSED);
	EXPECT(IMA_ExposeLu(oids.lu), IMA_ERROR_TARGET_TIMEOUT, IMA_ERROR_LU_EXPOSED);
	EXPECT(IMA_UnexposeLu(oids.lu), IMA_ERROR_LU_NOT_EXPOSED);
	EXPECT(IMAX_LogoutTarget(oids.target), 0);
	EXPECT(IMAX_LoginTarget(oids.target), IMA_ERROR_TARGET_TIMEOUT);
}

static void break_things(int round)
{
	command(round % 2 ? "target " T("disk") " lose" : "target " T("disk") " restore");
	command("lu " T("more") "/55 add");
	command("clock +1s\nstorm lhba:sw property count=20");
	command("lu " T("more") "/55 remove");
	command("fault IMA_GetTargetOidList delay=1ms");
	if (round % 10 == 0)
		command("reboot");
}

static void on_property(IMA_OID oid)
{
	IMA_LHBA_PROPERTIES properties;

	atomic_fetch_add(&events, 1);
	if (oid.objectType == IMA_OBJECT_TYPE_LHBA)
		EXPECT(IMA_GetLhbaProperties(oid, &properties), 0);
}

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	(void)visible;
	(void)oid;
	atomic_fetch_add(&events, 1);
}

static void come_and_go(void)
{
	EXPECT(IMA_RegisterForObjectVisibilityChanges(on_visibility), 0);
	EXPECT(IMA_DeregisterForObjectVisibilityChanges(on_visibility), 0);
}

static void *run_thread(void *argument)
{
	int number = *(int *)argument;

	for (int round = 0; round < ROUNDS; round++) {
		if (number < 4)
			read_all();
		else if (number < 6)
			set_things(round);
		else if (number == 6)
			break_things(round);
		else
			come_and_go();
	}
	return NULL;
}

static void eight_threads_do_what_they_like(void **state)
{
	pthread_t threads[THREADS];
	int numbers[THREADS];

	(void)state;
	oids.own = sim_oid("node:own");
	oids.lhba = sim_oid("lhba:auto");
	oids.lu = sim_oid("found-lu:slow/" T("disk") "/0");
	oids.target = sim_oid("found:auto/" T("disk"));
	assert_done(IMA_RegisterForObjectPropertyChanges(on_property));
	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i;
		assert_int_equal(
			pthread_create(&threads[i], NULL, run_thread, &numbers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_done(IMA_DeregisterForObjectPropertyChanges(on_property));
	assert_int_equal(atomic_load(&wrong), 0);
	assert_true(atomic_load(&events) > 0);
}

/* --- a call that hangs delays nobody else ------------------------------------------------------ */

static atomic_bool hanging, done;

static void *hang(void *argument)
{
	IMA_OID_LIST *list;

	(void)argument;
	IMAX_SetDeadline(2000);
	atomic_store(&hanging, true);
	expect(IMA_GetPhbaOidList(&list) == IMA_ERROR_SYNC_TIMEOUT, "did not hang", 0);
	atomic_store(&done, true);
	return NULL;
}

static void a_call_that_hangs_delays_nobody_else(void **state)
{
	pthread_t thread;
	IMA_LHBA_PROPERTIES properties;
	IMA_OID lhba = sim_oid("lhba:sw");
	int calls = 0;

	(void)state;
	sim("fault clear\nfault IMA_GetPhbaOidList hang=local");
	assert_int_equal(pthread_create(&thread, NULL, hang, NULL), 0);
	while (!atomic_load(&hanging))
		;
	while (!atomic_load(&done) && calls < CALLS) {
		assert_done(IMA_GetLhbaProperties(lhba, &properties));
		calls++;
	}
	assert_int_equal(calls, CALLS);
	pthread_join(thread, NULL);
	assert_int_equal(atomic_load(&wrong), 0);
}

static int run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_threads_do_what_they_like),
		cmocka_unit_test(a_call_that_hangs_delays_nobody_else),
	};

	return cmocka_run_group_tests_name("simulator-threads", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return sim_run(argc, argv, SCENARIOS "/every.conf", run);
}
