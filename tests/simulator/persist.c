// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * persist.c - what outlives a process, and what other processes notice.
 *
 * Each step is a process of its own, started with its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "sandbox.h"
#include "support.h"

#define T(name) "iqn.2026-11.sim.example:" name

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static char *read_file(const char *path)
{
	static char text[65536];
	FILE *file = fopen(path, "r");
	size_t n;

	if (!file)
		return NULL;
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = 0;
	return text;
}

static const char *state_path(void)
{
	return sandbox_path("state/simulator-every.state");
}

/* --- the steps ---------------------------------------------------------------------------------- */

static void step_change(void)
{
	IMA_OID oid;

	sim("machine set mode=file");
	assert_done(IMA_SetNodeAlias(sim_oid("node:own"), L"with \"quotes\""));
	assert_done(IMA_SetMaxConnections(sim_oid("lhba:sw"), 5));
	assert_done(IMA_SetMaxConnections(sim_oid("found:sw/" T("disk")), 6));
	assert_status(IMA_SetMaxConnections(sim_oid("lhba:slow"), 7),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_done(IMA_AddDiscoveryAddress(sim_oid("lhba:sw"), portal("192.0.2.99", 1),
					    &oid));
	assert_status(IMA_AddDiscoveryAddress(sim_oid("lhba:slow"),
					      portal("192.0.2.99", 1), &oid),
		      IMA_STATUS_REBOOT_NECESSARY);
	assert_done(IMA_RemoveStaticDiscoveryTarget(
		sim_oid("static:sw/" T("static") "@192.0.2.12:3260")));
	assert_done(IMA_ExposeLu(sim_oid("found-lu:sw/" T("disk") "/2")));
	assert_done(IMA_SetStatisticsCollection(sim_oid("found-lu:auto/" T("disk") "/0"),
						IMA_TRUE));
	assert_done(IMA_SetDefaultGateway(sim_oid("pnp:p0/a"), ip("2001:db8::1")));
	assert_done(IMA_SetInitiatorAuthMethods(
		sim_oid("lhba:sw"), 1, (IMA_AUTHMETHOD[]){ IMA_AUTHMETHOD_CHAP }));
	assert_done(IMA_SetSlpDiscovery(sim_oid("lhba:sw"), IMA_TRUE));
	assert_done(IMAX_LogoutTarget(sim_oid("found:auto/" T("more"))));
	assert_done(IMA_RemoveStaleData(sim_oid("lhba:sw")));
	sim("target " T("lost") " restore\nlu " T(
		"more") "/9 add size=1K\npnp p0/d lose\nclock +1h\n"
			"fault IMA_GetPhbaStatus status=IMA_ERROR_UNKNOWN_ERROR count=3");
}

static IMA_UINT32 connections(const char *name)
{
	IMA_MIN_MAX_VALUE value;

	assert_done(IMA_GetMaxConnectionsProperties(sim_oid(name), &value));
	return value.currentValue;
}

static IMA_UINT count_of(IMA_STATUS (*get)(IMA_OID oid, IMA_OID_LIST **list), IMA_OID oid)
{
	IMA_OID_LIST *list;
	IMA_UINT count;

	assert_done(get(oid, &list));
	count = list->oidCount;
	IMA_FreeMemory(list);
	return count;
}

static void see_settings(void)
{
	IMA_DISCOVERY_PROPERTIES discovery;
	IMA_AUTHMETHOD methods[8];
	IMA_NODE_PROPERTIES node;
	IMA_IP_PROPERTIES p;
	IMA_UINT count = 8;

	assert_done(IMA_GetNodeProperties(sim_oid("node:own"), &node));
	assert_int_equal(wcscmp(node.alias, L"with \"quotes\""), 0);
	assert_int_equal(connections("lhba:sw"), 5);
	assert_int_equal(connections("found:sw/" T("disk")), 6);
	assert_int_equal(connections("lhba:slow"), 1);
	assert_done(IMA_GetIpProperties(sim_oid("pnp:p0/a"), &p));
	assert_false(p.defaultGateway.ipv4Address);
	assert_done(
		IMA_GetInUseInitiatorAuthMethods(sim_oid("lhba:sw"), &count, methods));
	assert_int_equal(count, 1);
	assert_int_equal(methods[0], IMA_AUTHMETHOD_CHAP);
	assert_done(IMA_GetDiscoveryProperties(sim_oid("lhba:sw"), &discovery));
	assert_int_equal(discovery.slpDiscoveryEnabled, IMA_TRUE);
}

static void see_objects(void)
{
	IMA_STATISTICS_PROPERTIES statistics;
	IMA_LHBA_PROPERTIES lhba;
	IMA_LU_PROPERTIES lu;

	assert_int_equal(count_of(IMA_GetDiscoveryAddressOidList, sim_oid("lhba:sw")), 2);
	assert_int_equal(count_of(IMA_GetDiscoveryAddressOidList, sim_oid("lhba:slow")),
			 2);
	assert_int_equal(
		count_of(IMA_GetStaticDiscoveryTargetOidList, sim_oid("lhba:sw")), 0);
	assert_done(IMA_GetLuProperties(sim_oid("found-lu:sw/" T("disk") "/2"), &lu));
	assert_true(lu.exposedToOs);
	assert_done(IMA_GetStatisticsProperties(sim_oid("found-lu:auto/" T("disk") "/0"),
						&statistics));
	assert_true(statistics.statisticsCollectionEnabled);
	assert_int_equal(
		count_of(IMA_GetSessionOidList, sim_oid("found:auto/" T("more"))), 0);
	assert_int_equal(
		count_of(IMA_GetSessionOidList, sim_oid("found:auto/" T("lost"))), 1);
	assert_done(IMA_GetLhbaProperties(sim_oid("lhba:sw"), &lhba));
	assert_int_equal(lhba.staleDataSize, 0);
	sim_oid("found-lu:auto/" T("more") "/9");
}

static void step_see(void)
{
	IMA_NETWORK_PORT_STATUS port;
	IMA_PHBA_STATUS phba;

	see_settings();
	see_objects();
	assert_done(IMA_GetNetworkPortStatus(sim_oid("pnp:p0/d"), &port));
	assert_int_equal(port, IMA_NETWORK_PORT_STATUS_DISCONNECTED);
	assert_string_equal(sim_says("show clock"), "2026-03-04T06:06:07Z\n");
	assert_status(IMA_GetPhbaStatus(sim_oid("phba:p0"), &phba),
		      IMA_ERROR_UNKNOWN_ERROR);
}

static void step_fault_is_used_up(void)
{
	IMA_PHBA_STATUS phba;

	assert_status(IMA_GetPhbaStatus(sim_oid("phba:p0"), &phba),
		      IMA_ERROR_UNKNOWN_ERROR);
	assert_status(IMA_GetPhbaStatus(sim_oid("phba:p0"), &phba),
		      IMA_ERROR_UNKNOWN_ERROR);
	assert_done(IMA_GetPhbaStatus(sim_oid("phba:p0"), &phba));
}

static void step_reboot(void)
{
	sim("reboot");
}

static void step_see_after_reboot(void)
{
	assert_int_equal(connections("lhba:slow"), 7);
	assert_int_equal(connections("lhba:sw"), 5);
}

static void step_reset(void)
{
	sim("reset");
	assert_int_equal(connections("lhba:slow"), 1);
	assert_int_equal(connections("lhba:sw"), 1);
}

static void step_scenario_only(void)
{
	assert_int_equal(connections("lhba:sw"), 1);
	assert_int_equal(
		count_of(IMA_GetStaticDiscoveryTargetOidList, sim_oid("lhba:sw")), 1);
}

static void step_alias(void)
{
	assert_done(IMA_SetNodeAlias(sim_oid("node:own"), L"from another process"));
}

static void step_secret(void)
{
	IMA_INITIATOR_AUTHPARMS parms = { 0 };

	parms.chapParms.nameLength = parms.chapParms.challengeSecretLength = 16;
	memcpy(parms.chapParms.name, "0123456789abcdef", 16);
	memcpy(parms.chapParms.challengeSecret, "\0\1\2\3\4\5\6\7secret!!", 16);
	assert_done(IMA_SetInitiatorAuthParms(sim_oid("lhba:sw"), IMA_AUTHMETHOD_CHAP,
					      &parms));
}

static void step_see_secret(void)
{
	IMA_INITIATOR_AUTHPARMS parms;

	assert_done(IMA_GetInitiatorAuthParms(sim_oid("lhba:sw"), IMA_AUTHMETHOD_CHAP,
					      &parms));
	assert_int_equal(parms.chapParms.challengeSecretLength, 16);
	assert_memory_equal(parms.chapParms.challengeSecret, "\0\1\2\3\4\5\6\7secret!!",
			    16);
}

static void step_storm(void)
{
	sim("storm node:own visibility count=20\nstorm node:own property count=300");
}

static void step_add_ten(void)
{
	for (int i = 0; i < 10; i++)
		sim("node n%d-%d add", (int)getpid(), i);
}

/* A target whose settings wait for a reboot goes; its settings stay. */
static void step_wait_and_go(void)
{
	assert_status(IMA_SetMaxBurstLength(sim_oid("found:slow/iqn.2026-11.sim.example:"
						    "disk"),
					    524288),
		      IMA_STATUS_REBOOT_NECESSARY);
	sim("target iqn.2026-11.sim.example:disk remove");
	sim("node own set alias=kept");
}

static void step_see_kept(void)
{
	IMA_NODE_PROPERTIES node;

	assert_done(IMA_GetNodeProperties(sim_oid("node:own"), &node));
	assert_int_equal(wcscmp(node.alias, L"kept"), 0);
	assert_non_null(strstr(sim_says("show stale"), "later max-burst-length=524288"));
}

static void step_other_bursts(void)
{
	assert_done(IMA_SetMaxBurstLength(sim_oid("lhba:sw"), 1048576));
}

static void step_fail_to_write(void)
{
	sim("lhba sw set os-device-name=x"); /* what fails is the next one */
	assert_int_equal(unlink(state_path()), 0);
	assert_int_equal(mkdir(state_path(), 0755), 0);
	assert_status(IMA_SetMaxConnections(sim_oid("lhba:sw"), 9),
		      IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_non_null(strstr(last_error(), "cannot write"));
	assert_int_equal(rmdir(state_path()), 0);
	assert_done(IMA_SetMaxConnections(sim_oid("lhba:sw"), 9));
}

static const struct {
	const char *name;
	void (*run)(void);
} steps[] = {
	{ "change", step_change },
	{ "see", step_see },
	{ "fault-is-used-up", step_fault_is_used_up },
	{ "reboot", step_reboot },
	{ "see-after-reboot", step_see_after_reboot },
	{ "reset", step_reset },
	{ "scenario-only", step_scenario_only },
	{ "alias", step_alias },
	{ "secret", step_secret },
	{ "see-secret", step_see_secret },
	{ "add-ten", step_add_ten },
	{ "storm", step_storm },
	{ "other-bursts", step_other_bursts },
	{ "wait-and-go", step_wait_and_go },
	{ "see-kept", step_see_kept },
	{ "fail-to-write", step_fail_to_write },
};

/* The step as a test, because assertions need one. */
static void run_step(void **state)
{
	const char *name = sandbox_argument();

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (strcmp(steps[i].name, name) == 0)
			steps[i].run();
}

#define STEP(name) assert_int_equal(sandbox_again(name), 0)

/* --- the tests ----------------------------------------------------------------------------------- */

/* A scenario with "mode=file"; each test begins without a state. */
static int begin(void **state)
{
	char *text = read_file(SCENARIOS "/every.conf");
	FILE *file = fopen(sandbox_path("every.conf"), "w");

	(void)state;
	assert_non_null(text);
	assert_non_null(file);
	fprintf(file, "machine set mode=file\n%s", text);
	fclose(file);
	sandbox_clear_state();
	return 0;
}

static void what_waits_for_a_reboot_is_kept_for_a_target_that_is_gone(void **state)
{
	(void)state;
	STEP("wait-and-go");
	STEP("see-kept");
}

static void changes_outlive_the_process(void **state)
{
	(void)state;
	STEP("change");
	STEP("see");
	STEP("fault-is-used-up");
	STEP("reboot");
	STEP("see-after-reboot");
	STEP("reset");
	STEP("scenario-only");
}

static void the_state_file_is_for_its_owner(void **state)
{
	struct stat stat_buffer;

	(void)state;
	STEP("secret");
	assert_int_equal(stat(state_path(), &stat_buffer), 0);
	assert_int_equal(stat_buffer.st_mode & 0777, 0600);
	STEP("see-secret");
}

static void a_state_of_another_scenario_is_not_used(void **state)
{
	(void)state;
	STEP("change");
	write_file(sandbox_path("more"), "");
	/* One byte more, and it is another scenario. */
	FILE *file = fopen(sandbox_path("every.conf"), "a");

	assert_non_null(file);
	fputs("\n", file);
	fclose(file);
	STEP("scenario-only");
}

static void a_state_that_is_damaged_is_not_used(void **state)
{
	static const char *const damages[] = { "lhba sw set nonsense=1\n", "\001\n",
					       "found sw/x set\n", "fault any\n",
					       "lhba sw\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		FILE *file;

		STEP("change");
		file = fopen(state_path(), "a");
		assert_non_null(file);
		fputs(damages[i], file);
		fclose(file);
		STEP("scenario-only");
		sandbox_clear_state();
	}
}

static void a_state_that_cannot_be_written_is_an_error(void **state)
{
	(void)state;
	STEP("fail-to-write");
}

static void in_memory_nothing_is_written(void **state)
{
	char *text = read_file(SCENARIOS "/every.conf");

	(void)state;
	write_file(sandbox_path("every.conf"), text);
	STEP("alias");
	assert_int_not_equal(access(state_path(), F_OK), 0);
}

/* --- two processes -------------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static IMA_OID last_property, last_visible;
static int n_visible, n_property;

static void on_property(IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	last_property = oid;
	n_property++;
	pthread_cond_broadcast(&came);
	pthread_mutex_unlock(&lock);
}

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	pthread_mutex_lock(&lock);
	if (visible && oid.objectType == IMA_OBJECT_TYPE_NODE) {
		last_visible = oid;
		n_visible++;
	}
	pthread_cond_broadcast(&came);
	pthread_mutex_unlock(&lock);
}

/* How many properties changed meanwhile is in n_storm then. */
static int n_storm;

static void wait_for_visible(int count)
{
	pthread_mutex_lock(&lock);
	while (n_visible < count)
		pthread_cond_wait(&came, &lock);
	assert_int_equal(n_visible, count);
	n_storm = n_property;
	n_property = 0;
	pthread_mutex_unlock(&lock);
}

static void changes_of_others_are_seen_and_reported(void **state)
{
	IMA_NODE_PROPERTIES node;
	IMA_OID own = sim_oid("node:own");

	(void)state;
	sim("reset");
	assert_done(IMA_RegisterForObjectPropertyChanges(on_property));
	assert_done(IMA_RegisterForObjectVisibilityChanges(on_visibility));
	STEP("alias");
	pthread_mutex_lock(&lock);
	while (last_property.objectSequenceNumber != own.objectSequenceNumber)
		pthread_cond_wait(&came, &lock);
	pthread_mutex_unlock(&lock);
	assert_done(IMA_GetNodeProperties(own, &node));
	assert_int_equal(wcscmp(node.alias, L"from another process"), 0);
	STEP("add-ten");
	wait_for_visible(10);
	STEP("storm");
	STEP("add-ten"); /* after which all of the storm was raised, and once only */
	wait_for_visible(10 + 20 + 10);
	assert_int_equal(n_storm, 300);
	assert_done(IMA_GetNodeProperties(last_visible, &node));
	assert_done(IMA_DeregisterForObjectPropertyChanges(on_property));
	assert_done(IMA_DeregisterForObjectVisibilityChanges(on_visibility));
}

static IMA_OID session_of(const char *target)
{
	IMA_OID_LIST *list;
	IMA_OID oid;

	assert_done(IMA_GetSessionOidList(sim_oid(target), &list));
	assert_int_equal(list->oidCount, 1);
	oid = list->oids[0];
	IMA_FreeMemory(list);
	return oid;
}

/* Its number, its handle, its connections and what it negotiated. */
static void a_session_goes_on_when_another_process_changes_something(void **state)
{
	static const char target[] = "found:sw/iqn.2026-11.sim.example:disk";
	IMA_SESSION_PROPERTIES before, after;
	IMA_MIN_MAX_VALUE burst;
	IMA_OID session;

	(void)state;
	sim("reset");
	/* So that it has another number than the first session of a fresh machine. */
	sim("found-lu sw/iqn.2026-11.sim.example:disk/1 release");
	assert_done(IMAX_LogoutTarget(sim_oid(target)));
	assert_done(IMAX_LoginTarget(sim_oid(target)));
	session = session_of(target);
	assert_done(IMA_GetSessionProperties(session, &before));
	STEP("other-bursts");
	assert_done(IMA_GetMaxBurstLengthProperties(sim_oid("lhba:sw"), &burst));
	assert_int_equal(burst.currentValue, 1048576);
	assert_int_equal(session_of(target).objectSequenceNumber,
			 session.objectSequenceNumber);
	assert_done(IMA_GetSessionProperties(session, &after));
	assert_memory_equal(&before, &after, sizeof(before));
	/* A new one is another one, with the new value. */
	assert_done(IMAX_LogoutTarget(sim_oid(target)));
	assert_done(IMAX_LoginTarget(sim_oid(target)));
	assert_status(IMA_GetSessionProperties(session, &after),
		      IMA_ERROR_OBJECT_NOT_FOUND);
	assert_done(IMA_GetSessionProperties(session_of(target), &after));
	assert_int_not_equal(before.maxBurstLength, after.maxBurstLength);
}

static void *add_ten_elsewhere(void *argument)
{
	*(int *)argument = sandbox_again("add-ten");
	return NULL;
}

static void nothing_is_lost_when_two_processes_change_something(void **state)
{
	pthread_t threads[3];
	int status[3] = { 1, 1, 1 };
	IMA_OID_LIST *list;

	(void)state;
	sim("reset");
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, add_ten_elsewhere, &status[i]),
			0);
	for (int i = 0; i < 10; i++)
		sim("node here%d add", i);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(status[i], 0);
	}
	assert_done(IMA_GetNonSharedNodeOidList(&list));
	assert_int_equal(list->oidCount, 3 + 40);
	IMA_FreeMemory(list);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

static int run(void)
{
	static const struct CMUnitTest step[] = { cmocka_unit_test(run_step) };
	static const struct CMUnitTest tests[] = {
		TEST(changes_outlive_the_process),
		TEST(what_waits_for_a_reboot_is_kept_for_a_target_that_is_gone),
		TEST(the_state_file_is_for_its_owner),
		TEST(a_state_of_another_scenario_is_not_used),
		TEST(a_state_that_is_damaged_is_not_used),
		TEST(a_state_that_cannot_be_written_is_an_error),
		TEST(in_memory_nothing_is_written),
		TEST(changes_of_others_are_seen_and_reported),
		TEST(a_session_goes_on_when_another_process_changes_something),
		TEST(nothing_is_lost_when_two_processes_change_something),
	};

	/* The path lasts as long as the sandbox; the file is written before the plugin loads. */
	setenv("IMA_SIM_SCENARIO", sandbox_path("every.conf"), 1);
	if (!sandbox_argument())
		return cmocka_run_group_tests_name("simulator-persist", tests, NULL,
						   NULL);
	/* What a step prints would be taken for the test's own lines. */
	if (!freopen("/dev/null", "w", stdout))
		return 1;
	return cmocka_run_group_tests_name("step", step, NULL, NULL);
}

int main(int argc, char **argv)
{
	return sim_run(argc, argv, "", run);
}
