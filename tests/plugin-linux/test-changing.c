// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test-changing.c - what the plugin does to a recorded machine: which commands it runs, what it
 * writes itself, what it refuses, and how it understands the way a command ends.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin-support/address.h"
#include "plugin-support/field.h"
#include "plugins/linux/linux.h"
#include "plugins/linux/login-batch.h"
#include "scripted.h"

#define LIO		      "iqn.2024-01.test:lio"
#define IDLE		      "iqn.2024-01.test:idle"
#define STATIC		      "iqn.2024-01.x:static"
#define OLD		      "iqn.2024-01.x:oldform"
#define UPDATE(target, iface) "-m node -T " target " -I " iface " -o update "
#define FIRST		      "node.session.iscsi.FirstBurstLength"
#define RUN(runs)	      expect_runs(runs, ARRAY_SIZE(runs))

static struct tree tree;

static int begin(void **state)
{
	(void)state;
	tree_make(&tree, "two-interfaces");
	tree_dir(&tree, "proc/self");
	tree_dir(&tree, "dev");
	plugin_begin(&tree);
	return 0;
}

static int end(void **state)
{
	(void)state;
	plugin_end();
	return 0;
}

static void assert_error_says(const char *part)
{
	if (!strstr(last_error()->text, part))
		fail_msg("\"%s\" does not say \"%s\"", last_error()->text, part);
}

/* --- How commands end ----------------------------------------------------------------------- */

static void an_exit_code_becomes_a_status_and_a_reason(void **state)
{
	static const struct {
		int code;
		IMA_STATUS status;
		const char *says;
	} cases[] = {
		{ 1, IMA_ERROR_UNKNOWN_ERROR, "general failure" },
		{ 3, IMA_ERROR_INSUFFICIENT_MEMORY, "out of memory" },
		{ 4, IMA_ERROR_TARGET_TIMEOUT, "no connection" },
		{ 5, IMA_ERROR_LOGIN_REJECTED, "login failed" },
		{ 6, IMA_ERROR_UNEXPECTED_OS_ERROR, "database" },
		{ 7, IMA_ERROR_INVALID_PARAMETER, "invalid argument" },
		{ 8, IMA_ERROR_TARGET_TIMEOUT, "timed out" },
		{ 11, IMA_ERROR_TARGET_TIMEOUT, "PDU" },
		{ 12, IMA_ERROR_UNEXPECTED_OS_ERROR, "kernel module" },
		{ 13, IMA_ERROR_UNEXPECTED_OS_ERROR, "permission" },
		{ 15, IMA_ERROR_UNKNOWN_ERROR, "exists" },
		{ 19, IMA_ERROR_LOGIN_REJECTED, "refused" },
		{ 20, IMA_ERROR_UNEXPECTED_OS_ERROR, "iscsid is not running" },
		{ 21, IMA_ERROR_OBJECT_NOT_FOUND, "no such record" },
		{ 24, IMA_ERROR_LOGIN_REJECTED, "authentication" },
		{ 27, IMA_ERROR_NOT_SUPPORTED, "not supported" },
		{ 28, IMA_ERROR_SYNC_TIMEOUT, "busy" },
		{ 33, IMA_ERROR_SYNC_TIMEOUT, "iscsid did not answer" },
		{ 34, IMA_ERROR_UNKNOWN_ERROR, "unknown reason" },
		{ 255, IMA_ERROR_UNKNOWN_ERROR, "unknown reason" },
	};
	IMA_OID target = target_named("", IDLE);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct run run = { UPDATE(IDLE, "default") "-n " FIRST " -v 1024",
					 cases[i].code,
					 NULL,
					 "iscsiadm: what it said\nmore\n",
					 0,
					 NULL };

		expect_runs(&run, 1);
		assert_int_equal(IMA_SetFirstBurstLength(target, 1024), cases[i].status);
		assert_int_equal(last_error()->layer, IMAX_LAYER_CHILD);
		assert_int_equal(last_error()->childExitValid, IMA_TRUE);
		assert_int_equal(last_error()->childExitCode, cases[i].code);
		assert_error_says(cases[i].says);
		assert_error_says(IDLE);
		assert_error_says("what it said");
	}
	expect_runs(NULL, 0);
}

static void a_command_that_does_not_end_well_is_told_apart(void **state)
{
	static const struct {
		int result;
		IMA_STATUS status;
		const char *says;
	} cases[] = {
		{ -ETIMEDOUT, IMA_ERROR_SYNC_TIMEOUT, "deadline" },
		{ -EINTR, IMA_ERROR_UNEXPECTED_OS_ERROR, "signal" },
		{ -ECHILD, IMA_ERROR_UNEXPECTED_OS_ERROR, "does not let" },
		{ -ENOENT, IMA_ERROR_UNEXPECTED_OS_ERROR, "cannot be run" },
	};
	IMA_OID target = target_named("", IDLE);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct run run = { UPDATE(IDLE, "default") "-n " FIRST " -v 1024",
					 0,
					 NULL,
					 NULL,
					 cases[i].result,
					 NULL };

		expect_runs(&run, 1);
		assert_int_equal(IMA_SetFirstBurstLength(target, 1024), cases[i].status);
		assert_error_says(cases[i].says);
	}
	expect_runs(NULL, 0);
}

static void who_may_not_change_anything_is_told_so(void **state)
{
	IMA_OID target = target_named("", IDLE), shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };

	(void)state;
	plugin.world.privileged = false;
	assert_int_equal(IMA_SetFirstBurstLength(target, 1024),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_int_equal(last_error()->osError, EPERM);
	assert_error_says("root");
	assert_int_equal(IMA_SetNodeName(shared, L"iqn.2024-01.test:new"),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_int_equal(IMA_UnexposeLu(lu_numbered(target_named("", LIO), 0)),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_error_says("root");
}

static void a_missing_program_is_named(void **state)
{
	(void)state;
	plugin.world.iscsiadm[0] = 0;
	assert_int_equal(IMA_SetFirstBurstLength(target_named("", IDLE), 1024),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_error_says("open-iscsi");
}

static void a_lock_somebody_holds_is_not_waited_for_beyond_the_deadline(void **state)
{
	(void)state;
	tree_put(&tree, "run/lock/iscsi/lock", "");
	tree_put(&tree, "run/lock/iscsi/lock.write", "");
	set_deadline(100);
	assert_int_equal(IMA_SetFirstBurstLength(target_named("", IDLE), 1024),
			 IMA_ERROR_SYNC_TIMEOUT);
	assert_error_says("lock.write");
}

/* --- Login keys --------------------------------------------------------------------------------- */

static void write_first_burst(struct tree *t, const char *arguments)
{
	(void)arguments;
	tree_put(t, "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default",
		 FIRST " = 2048\n");
}

static void what_a_target_has_already_is_not_set_again(void **state)
{
	static const struct run runs[] = {
		{ UPDATE(IDLE, "default") "-n " FIRST " -v 2048", 0, NULL, NULL, 0,
		  write_first_burst },
	};
	IMA_OID target = target_named("", IDLE);
	IMA_MIN_MAX_VALUE value;

	(void)state;
	RUN(runs);
	assert_int_equal(IMA_SetFirstBurstLength(target, 2048), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetFirstBurstLengthProperties(target, &value),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(value.currentValue, 2048);
	assert_int_equal(IMA_SetFirstBurstLength(target, 2048), IMA_STATUS_SUCCESS);
}

static void do_nothing(struct tree *t, const char *arguments)
{
	(void)t;
	(void)arguments;
}

static void a_change_iscsiadm_did_not_make_is_an_error(void **state)
{
	static const struct run one[] = {
		{ UPDATE(IDLE, "default") "-n " FIRST " -v 8192", 0, NULL, NULL, 0,
		  do_nothing },
	};
	static const struct run all[] = {
		{ "-m node -o update -n " FIRST " -v 8192", 0, NULL, NULL, 0,
		  do_nothing },
	};

	(void)state;
	RUN(one);
	assert_int_equal(IMA_SetFirstBurstLength(target_named("", IDLE), 8192),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_int_equal(last_error()->layer, IMAX_LAYER_CHILD);
	assert_error_says(IDLE);
	assert_error_says(FIRST);
	RUN(all);
	assert_int_equal(IMA_SetFirstBurstLength(lhba_named(""), 8192),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_error_says(FIRST);
}

static void a_value_out_of_range_is_refused_before_anything_runs(void **state)
{
	IMA_OID target = target_named("", IDLE), lhba = lhba_named("");
	static const IMA_UINT bad[] = { 0, 511, 513, 16777216, 0x100000400 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(IMA_SetFirstBurstLength(target, bad[i]),
				 IMA_ERROR_INVALID_PARAMETER);
		assert_int_equal(IMA_SetMaxRecvDataSegmentLength(lhba, bad[i]),
				 IMA_ERROR_INVALID_PARAMETER);
	}
	assert_error_says("512 to 16777212 in steps of 4");
	assert_int_equal(IMA_SetDefaultTime2Wait(target, 3601),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_SetMaxOutstandingR2T(target, 0),
			 IMA_ERROR_INVALID_PARAMETER);
}

static void first_burst_may_not_exceed_max_burst_whichever_is_set(void **state)
{
	IMA_OID target = target_named("", IDLE);

	(void)state;
	assert_int_equal(IMA_SetMaxBurstLength(target, 131072),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_error_says(
		"FirstBurstLength (262144) would be above MaxBurstLength (131072)");
	tree_put(&tree, "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default",
		 "node.session.iscsi.MaxBurstLength = 65536\n" FIRST " = 512\n");
	assert_int_equal(IMA_SetFirstBurstLength(target, 65540),
			 IMA_ERROR_INVALID_PARAMETER);
}

static void a_default_goes_to_all_targets_that_follow_it_in_one_command(void **state)
{
	static const struct run runs[] = {
		{ "-m node -o update -n node.session.iscsi.MaxOutstandingR2T -v 4", 0,
		  NULL, NULL, 0, NULL },
	};
	const char *text;

	(void)state;
	tree_put(&tree, "etc/iscsi/iscsid.conf", "# mine\nnode.startup = manual\n");
	RUN(runs);
	assert_int_equal(IMA_SetMaxOutstandingR2T(lhba_named(""), 4), IMA_STATUS_SUCCESS);
	text = tree_text(&tree, "etc/iscsi/iscsid.conf");
	assert_string_equal(text, "# mine\nnode.startup = manual\n"
				  "node.session.iscsi.MaxOutstandingR2T = 4\n");
}

static void a_target_with_a_value_of_its_own_keeps_it(void **state)
{
#define R2T "-n node.session.iscsi.MaxOutstandingR2T -v 4"
	static const struct run runs[] = {
		{ UPDATE(LIO, "default") R2T, 0, NULL, NULL, 0, NULL },
		{ UPDATE(OLD, "default") R2T, 0, NULL, NULL, 0, NULL },
		{ UPDATE(STATIC, "default") R2T, 0, NULL, NULL, 0, NULL },
		{ UPDATE(IDLE, "ifx") R2T, 0, NULL, NULL, 0, NULL },
		{ UPDATE(LIO, "ifx") R2T, 0, NULL, NULL, 0, NULL },
	};

	(void)state;
	tree_put(&tree, "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default",
		 "node.session.iscsi.MaxOutstandingR2T = 8\n");
	RUN(runs);
	assert_int_equal(IMA_SetMaxOutstandingR2T(lhba_named(""), 4), IMA_STATUS_SUCCESS);
}

/* --- Discovery ----------------------------------------------------------------------------------- */

static IMA_TARGET_ADDRESS address_of(const char *text)
{
	IMA_TARGET_ADDRESS ima;
	struct address address;

	assert_int_equal(address_parse(text, 0, &address), 0);
	assert_int_equal(address_to_ima(&address, &ima), 0);
	return ima;
}

static void add_v6(struct tree *t, const char *arguments)
{
	(void)arguments;
	tree_put(t, "etc/iscsi/send_targets/fd00::9,860/st_config", "x = y\n");
}

static void a_discovery_address_is_added_once(void **state)
{
	static const struct run runs[] = {
		{ "-m discoverydb -t st -p [fd00::9]:860 -o new", 0, NULL, NULL, 0,
		  add_v6 },
	};
	IMA_DISCOVERY_ADDRESS_PROPERTIES props;
	IMA_OID first, second;

	(void)state;
	RUN(runs);
	assert_int_equal(IMA_AddDiscoveryAddress(lhba_named(""),
						 address_of("[fd00::9]:860"), &first),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetDiscoveryAddressProperties(first, &props),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(props.discoveryAddress.portNumber, 860);
	assert_int_equal(IMA_AddDiscoveryAddress(lhba_named(""),
						 address_of("[fd00:0::9]:860"), &second),
			 IMA_STATUS_SUCCESS);
	assert_memory_equal(&first, &second, sizeof(first));
}

static IMA_OID discovery_address(const char *host)
{
	IMA_DISCOVERY_ADDRESS_PROPERTIES props;
	char text[IP_TEXT_SIZE];
	IMA_OID_LIST *list;
	IMA_OID oid = { 0 };

	assert_int_equal(IMA_GetDiscoveryAddressOidList(lhba_named(""), &list),
			 IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_GetDiscoveryAddressProperties(list->oids[i], &props);
		ip_to_text(&props.discoveryAddress.hostnameIpAddress.id.ipAddress, text);
		if (!strcmp(text, host) && !oid.objectType)
			oid = list->oids[i];
	}
	IMA_FreeMemory(list);
	return oid;
}

static void remove_unused(struct tree *t, const char *arguments)
{
	(void)arguments;
	tree_remove(t, "etc/iscsi/send_targets/10.0.0.7,3260");
}

static void an_address_whose_targets_have_lus_is_not_removed(void **state)
{
	static const struct run runs[] = {
		{ "-m discoverydb -t st -p 10.0.0.7:3260 -o delete", 0, NULL, NULL, 0,
		  remove_unused },
	};
	IMA_OID unused = discovery_address("10.0.0.7");

	(void)state;
	assert_int_equal(IMA_RemoveDiscoveryAddress(discovery_address("127.0.0.1")),
			 IMA_ERROR_LU_EXPOSED);
	assert_error_says(LIO);
	RUN(runs);
	assert_int_equal(IMA_RemoveDiscoveryAddress(unused), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_RemoveDiscoveryAddress(unused), IMA_ERROR_OBJECT_NOT_FOUND);
}

static void an_isns_server_replaces_the_one_before(void **state)
{
	static const struct run runs[] = {
		{ "-m discoverydb -t isns -p 10.0.0.5:3205 -o delete", 0, NULL, NULL, 0,
		  NULL },
		{ "-m discoverydb -t isns -p 10.0.0.6:3205 -o new", 0, NULL, NULL, 0,
		  NULL },
	};
	IMA_HOST_ID host = { 0 };

	(void)state;
	assert_int_equal(host_to_ima("10.0.0.6", &host), 0);
	RUN(runs);
	assert_int_equal(IMA_SetIsnsDiscovery(lhba_named(""), IMA_TRUE,
					      IMA_ISNS_DISCOVERY_METHOD_STATIC, &host),
			 IMA_STATUS_SUCCESS);
	expect_runs(NULL, 0);
	/* Nothing given: what is configured stays. */
	memset(&host, 0, sizeof(host));
	assert_int_equal(IMA_SetIsnsDiscovery(lhba_named(""), IMA_TRUE,
					      IMA_ISNS_DISCOVERY_METHOD_STATIC, &host),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetIsnsDiscovery(lhba_named(""), IMA_TRUE,
					      IMA_ISNS_DISCOVERY_METHOD_SLP, NULL),
			 IMA_ERROR_NOT_SUPPORTED);
	expect_runs(runs, 1);
	assert_int_equal(IMA_SetIsnsDiscovery(lhba_named(""), IMA_FALSE, 0, NULL),
			 IMA_STATUS_SUCCESS);
}

static void an_isns_server_may_have_another_port(void **state)
{
	static const struct run runs[] = {
		{ "-m discoverydb -t isns -p 10.0.0.5:3205 -o delete", 0, NULL, NULL, 0,
		  NULL },
		{ "-m discoverydb -t isns -p 10.0.0.5:3206 -o new", 0, NULL, NULL, 0,
		  NULL },
	};
	struct address server = { "10.0.0.5", 3206 };
	IMA_HOST_ID host;

	(void)state;
	assert_int_equal(server_to_ima(&server, 3205, &host), 0);
	RUN(runs);
	assert_int_equal(IMA_SetIsnsDiscovery(lhba_named(""), IMA_TRUE,
					      IMA_ISNS_DISCOVERY_METHOD_STATIC, &host),
			 IMA_STATUS_SUCCESS);
}

static void add_static(struct tree *t, const char *arguments)
{
	(void)arguments;
	tree_put(t, "etc/iscsi/nodes/iqn.2024-01.x:new/10.0.0.8,3260",
		 "node.discovery_type = static\niface.iscsi_ifacename = default\n");
}

static void a_static_target_is_added_once(void **state)
{
	static const struct run runs[] = {
		{ "-m node -T iqn.2024-01.x:new -p 10.0.0.8:3260 -I default -o new", 0,
		  NULL, NULL, 0, add_static },
	};
	IMA_STATIC_DISCOVERY_TARGET target = { .targetAddress = address_of("10.0.0.8") };
	IMA_OID first, second;

	(void)state;
	FIELD_SET(target.targetName, "iqn.2024-01.x:new");
	RUN(runs);
	assert_int_equal(IMA_AddStaticDiscoveryTarget(lhba_named(""), target, &first),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(first.objectType, IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET);
	assert_int_equal(IMA_AddStaticDiscoveryTarget(lhba_named(""), target, &second),
			 IMA_STATUS_SUCCESS);
	assert_memory_equal(&first, &second, sizeof(first));
	FIELD_SET(target.targetName, "not a name");
	assert_int_equal(IMA_AddStaticDiscoveryTarget(lhba_named(""), target, &second),
			 IMA_ERROR_INVALID_PARAMETER);
}

static void a_static_target_is_removed_with_its_record(void **state)
{
	static const struct run runs[] = {
		{ "-m node -T " STATIC " -p 10.0.0.1:3260,1 -I default -o delete", 0,
		  NULL, NULL, 0, NULL },
	};
	IMA_OID_LIST *list;

	(void)state;
	assert_int_equal(IMA_GetStaticDiscoveryTargetOidList(lhba_named(""), &list),
			 IMA_STATUS_SUCCESS);
	RUN(runs);
	assert_int_equal(IMA_RemoveStaticDiscoveryTarget(list->oids[1]),
			 IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
}

/* A socket on loopback that accepts connections by itself. */
static int listen_somewhere(uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 128), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

static void discovery_never_overwrites_and_lists_what_was_found(void **state)
{
	char folder[64], arguments[128];
	struct run run = { arguments, 0, "127.0.0.1:3261,1 " IDLE "\n", NULL, 0, NULL };
	IMA_OID_LIST *list;
	IMA_OID wanted = target_named("", IDLE), address;
	uint16_t port;
	int fd = listen_somewhere(&port);

	(void)state;
	tree_remove(&tree, "etc/iscsi/send_targets");
	snprintf(folder, sizeof(folder), "etc/iscsi/send_targets/127.0.0.1,%u/st_config",
		 port);
	tree_put(&tree, folder, "x = y\n");
	snprintf(arguments, sizeof(arguments),
		 "-m discoverydb -t st -p 127.0.0.1:%u -I default -o new -D", port);
	address = discovery_address("127.0.0.1");
	expect_runs(&run, 1);
	assert_int_equal(IMAX_DiscoverTargets(address, &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 1);
	assert_memory_equal(&list->oids[0], &wanted, sizeof(wanted));
	IMA_FreeMemory(list);
	/* Exit code 21 is an answer: there is nothing. */
	run = (struct run){ arguments, 21, NULL, NULL, 0, NULL };
	expect_runs(&run, 1);
	assert_int_equal(IMAX_DiscoverTargets(address, &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 0);
	IMA_FreeMemory(list);
	expect_runs(NULL, 0);
	/* Nobody listens any more: nothing runs. */
	close(fd);
	assert_int_equal(IMAX_DiscoverTargets(address, &list), IMA_ERROR_TARGET_TIMEOUT);
	assert_null(list);
	assert_int_equal(last_error()->osError, ECONNREFUSED);
}

static IMA_TARGET_DISCOVERY_METHOD methods_of(IMA_OID target)
{
	IMA_TARGET_PROPERTIES props;

	assert_int_equal(IMA_GetTargetProperties(target, &props), IMA_STATUS_SUCCESS);
	return props.discoveryMethodFlags;
}

/* An address nobody answers at any more, and a server of iSNS. */
static void put_sources(uint16_t isns)
{
	char path[160];
	uint16_t port;

	close(listen_somewhere(&port));
	tree_remove(&tree, "etc/iscsi/isns");
	tree_remove(&tree, "etc/iscsi/send_targets");
	snprintf(path, sizeof(path), "etc/iscsi/isns/127.0.0.1,%u/isns_config", isns);
	tree_put(&tree, path, "x = y\n");
	snprintf(path, sizeof(path),
		 "etc/iscsi/send_targets/127.0.0.1,%u/" IDLE ",127.0.0.1,3261,1,default",
		 port);
	tree_link(&tree, path, "/etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default");
}

static void discover(const struct run *run)
{
	IMA_OID_LIST *list;

	expect_runs(run, 1);
	assert_int_equal(IMAX_DiscoverTargets(lhba_named(""), &list), IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
	expect_runs(NULL, 0);
}

/* open-iscsi leaves a record it finds as it is: nothing but its answer names the second method. */
static void a_target_that_is_found_twice_shows_both_methods(void **state)
{
	const IMA_TARGET_DISCOVERY_METHOD first = IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS;
	char arguments[128];
	struct run found = { arguments, 0, "127.0.0.1:3261,1 " IDLE "\n", NULL, 0, NULL };
	struct run nothing = { arguments, 21, NULL, NULL, 0, NULL };
	uint16_t port;
	int fd = listen_somewhere(&port);

	(void)state;
	put_sources(port);
	snprintf(arguments, sizeof(arguments),
		 "-m discoverydb -t isns -p 127.0.0.1:%u -I default -o new -D", port);
	assert_int_equal(methods_of(target_named("", IDLE)), first);
	discover(&found);
	assert_int_equal(methods_of(target_named("", IDLE)),
			 first | IMA_TARGET_DISCOVERY_METHOD_ISNS);
	/* Through another interface nobody asked. */
	assert_int_equal(methods_of(target_named("ifx", IDLE)), 0);
	/* The server tells of it no more. */
	discover(&nothing);
	assert_int_equal(methods_of(target_named("", IDLE)), first);
	/* It does again, and then nobody asks it any more. */
	discover(&found);
	tree_remove(&tree, "etc/iscsi/isns");
	assert_int_equal(methods_of(target_named("", IDLE)), first);
	close(fd);
}

/* --- Login and logout ------------------------------------------------------------------------------ */

#define SESSION "sys/devices/platform/host9/session9/iscsi_session/session9"

static void put_session(struct tree *t, const char *folder, const char *target)
{
	const char *const attrs[][2] = { { "targetname", target },
					 { "ifacename", "default" },
					 { "state", "LOGGED_IN" },
					 { "target_state", "SCANNED" } };

	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++) {
		char path[256], text[128];

		snprintf(path, sizeof(path), "%s/%s", folder, attrs[i][0]);
		snprintf(text, sizeof(text), "%s\n", attrs[i][1]);
		tree_put(t, path, text);
	}
}

static void make_session(struct tree *t, const char *arguments)
{
	(void)arguments;
	put_session(t, SESSION, IDLE);
	tree_link(t, "sys/class/iscsi_session/session9",
		  "../../devices/platform/host9/session9/iscsi_session/session9");
}

static void a_login_tries_the_portal_before_it_asks_iscsid(void **state)
{
	char record[128];
	static const struct run runs[] = {
		{ "-m node -T " IDLE " -I default --login", 0, NULL, NULL, 0,
		  make_session },
	};
	IMA_OID_LIST *list;
	IMA_OID target;
	uint16_t port;
	int fd = listen_somewhere(&port);

	(void)state;
	tree_remove(&tree, "etc/iscsi/nodes/" IDLE);
	tree_remove(&tree, "etc/iscsi/send_targets");
	snprintf(record, sizeof(record),
		 "etc/iscsi/nodes/" IDLE "/127.0.0.1,%u,1/default", port);
	tree_put(&tree, record, "x = y\n");
	target = target_named("", IDLE);
	RUN(runs);
	assert_int_equal(IMAX_LoginTarget(target), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetSessionOidList(target, &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 1);
	IMA_FreeMemory(list);
	close(fd);
}

static void a_login_nobody_answers_says_why_and_runs_nothing(void **state)
{
	char record[128];
	uint16_t port;
	int fd = listen_somewhere(&port);

	(void)state;
	close(fd);
	tree_remove(&tree, "etc/iscsi/nodes/" IDLE);
	snprintf(record, sizeof(record),
		 "etc/iscsi/nodes/" IDLE "/127.0.0.1,%u,1/default", port);
	tree_put(&tree, record, "x = y\n");
	assert_int_equal(IMAX_LoginTarget(target_named("", IDLE)),
			 IMA_ERROR_TARGET_TIMEOUT);
	assert_int_equal(last_error()->layer, IMAX_LAYER_TRANSPORT);
	assert_int_equal(last_error()->osError, ECONNREFUSED);
	assert_error_says(IDLE);
}

/* --- Many logins at once ------------------------------------------------------------------------ */

static const char *const together[] = { "iqn.2024-01.test:m1", "iqn.2024-01.test:m2",
					"iqn.2024-01.test:m3" };

/* Three targets at a portal of this machine; who listens there. */
static int three_targets(uint16_t *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char path[256];

	assert_int_equal(bind(fd, (struct sockaddr *)&in, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &size), 0);
	*port = ntohs(in.sin_port);
	for (size_t i = 0; i < ARRAY_SIZE(together); i++) {
		snprintf(path, sizeof(path), "etc/iscsi/nodes/%s/127.0.0.1,%u,1/default",
			 together[i], *port);
		tree_put(&tree, path, "x = y\n");
	}
	return fd;
}

static void all_targets_of_a_portal_are_logged_in_to_with_one_command(void **state)
{
	char command[128];
	struct run run = { command, 0, NULL, NULL, 0, NULL };
	IMA_OID members[ARRAY_SIZE(together)];
	uint16_t port;
	int fd = three_targets(&port);

	(void)state;
	snprintf(command, sizeof(command), "-m node -p 127.0.0.1:%u -I default --login",
		 port);
	for (size_t i = 0; i < ARRAY_SIZE(together); i++)
		members[i] = target_named("", together[i]);
	/* A portal that does not answer would keep all of them waiting. */
	login_at_portals(members, 3);
	assert_int_equal(listen(fd, 1), 0);
	expect_runs(&run, 1);
	login_at_portals(members, 3);
	expect_no_more_runs();
	/* Few are not worth it, and whom nobody wants is left alone. */
	login_at_portals(members, 2);
	members[2] = target_named("", IDLE);
	login_at_portals(members, 3);
	close(fd);
}

#define THREADS 20

/* The link comes last, and nothing is made again: others are reading. */
static void make_session_of(struct tree *t, int i)
{
	char path[160], link[64], name[64], to[192];

	snprintf(name, sizeof(name), "iqn.2024-01.test:n%02d", i);
	snprintf(path, sizeof(path),
		 "sys/devices/platform/host%d/session%d/iscsi_session/session%d", i + 50,
		 i + 50, i + 50);
	snprintf(link, sizeof(link), "sys/class/iscsi_session/session%d", i + 50);
	snprintf(to, sizeof(to), "../../%s", path + strlen("sys/"));
	if (!faccessat(t->fd, link, F_OK, 0))
		return;
	put_session(t, path, name);
	tree_link(t, link, to);
}

/* What the command that is about one target does, and the one that is about all. */
static void make_sessions(struct tree *t, const char *arguments)
{
	for (int i = 0; i < THREADS; i++) {
		char name[64];

		snprintf(name, sizeof(name), "iqn.2024-01.test:n%02d", i);
		if (!strstr(arguments, "-T") || strstr(arguments, name))
			make_session_of(t, i);
	}
}

static void put_records(uint16_t port)
{
	char record[128];

	for (int i = 0; i < THREADS; i++) {
		snprintf(record, sizeof(record),
			 "etc/iscsi/nodes/iqn.2024-01.test:n%02d/127.0.0.1,%u,1/default",
			 i, port);
		tree_put(&tree, record, "x = y\n");
	}
}

struct login {
	pthread_t thread;
	IMA_OID target;
	IMA_STATUS status;
};

static void *log_in(void *data)
{
	struct login *login = data;

	login->status = IMAX_LoginTarget(login->target);
	return NULL;
}

static void begin_logins(struct login *logins)
{
	char name[64];

	for (int i = 0; i < THREADS; i++) {
		snprintf(name, sizeof(name), "iqn.2024-01.test:n%02d", i);
		logins[i].target = target_named("", name);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&logins[i].thread, NULL, log_in, &logins[i]), 0);
}

static void threads_log_in_at_the_same_time(void **state)
{
	static const struct run runs[] = {
		{ "-m node -T iqn.2024-01.test:n", 0, NULL, NULL, 0, make_sessions },
		{ "-m node -p 127.0.0.1:", 0, NULL, NULL, 0, make_sessions },
	};
	struct login logins[THREADS];
	uint16_t port;
	int fd = listen_somewhere(&port);

	(void)state;
	tree_remove(&tree, "etc/iscsi/nodes");
	tree_remove(&tree, "etc/iscsi/send_targets");
	put_records(port);
	expect_any_runs(runs, ARRAY_SIZE(runs));
	begin_logins(logins);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(logins[i].thread, NULL), 0);
		assert_int_equal(logins[i].status, IMA_STATUS_SUCCESS);
	}
	expect_no_more_runs();
	close(fd);
}

static void a_logout_ends_each_session_of_the_target(void **state)
{
	static const struct run runs[] = {
		{ "-m session -r 1 --logout", 0, NULL, NULL, 0, NULL },
		/* It was ended by somebody else meanwhile. */
		{ "-m session -r 2 --logout", 22, NULL, NULL, 0, NULL },
	};

	(void)state;
	RUN(runs);
	assert_int_equal(IMAX_LogoutTarget(target_named("", LIO)), IMA_STATUS_SUCCESS);
	expect_runs(NULL, 0);
	assert_int_equal(IMAX_LogoutTarget(target_named("", IDLE)), IMA_STATUS_SUCCESS);
}

#define SDA "sys/devices/platform/host0/session1/target0:0:0/0:0:0:0/block/sda"

static void mount_disk(void)
{
	tree_put(&tree, SDA "/dev", "8:0\n");
	tree_put(&tree, "proc/self/mountinfo",
		 "36 1 8:0 / /data rw - ext4 /dev/sda rw\n");
}

static void mount_partition(void)
{
	tree_put(&tree, SDA "/sda1/dev", "8:1\n");
	tree_put(&tree, "proc/self/mountinfo",
		 "36 1 8:1 / /part rw - ext4 /dev/sda1 rw\n");
}

static void swap_to_disk(void)
{
	tree_put(&tree, "proc/swaps",
		 "Filename Type Size Used Priority\n/dev/sda partition 1\n");
}

static void hold_disk(void)
{
	tree_put(&tree, SDA "/holders/dm-0", "");
}

static void use_multipath(void)
{
	tree_put(&tree, SDA "/holders/dm-0", "");
	tree_put(&tree, "sys/block/dm-0/dm/uuid", "mpath-36001\n");
	tree_put(&tree, "sys/block/dm-0/dev", "253:0\n");
	tree_put(&tree, "proc/self/mountinfo",
		 "36 1 253:0 / /mp rw - ext4 /dev/dm-0 rw\n");
}

static void open_disk(void)
{
	tree_link(&tree, "proc/4711/fd/3", "/dev/sda");
	tree_put(&tree, "proc/4711/comm", "dd\n");
}

static void open_generic(void)
{
	tree_link(&tree, "proc/4711/fd/3", "/dev/sg0");
	tree_put(&tree, "proc/4711/comm", "sg_turs\n");
}

static void a_lu_in_use_is_neither_taken_away_nor_logged_out(void **state)
{
	static const struct {
		void (*use)(void);
		const char *says;
	} cases[] = {
		{ mount_disk, "is mounted on /data" },
		{ mount_partition, "is mounted on /part" },
		{ swap_to_disk, "swap" },
		{ hold_disk, "is held by dm-0" },
		{ use_multipath, "is mounted on /mp" },
		{ open_disk, "is open in dd" },
		{ open_generic, "is open in sg_turs" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cases[i].use();
		assert_int_equal(IMAX_LogoutTarget(target_named("", LIO)),
				 IMA_ERROR_LU_IN_USE);
		assert_error_says(cases[i].says);
		assert_int_equal(IMA_UnexposeLu(lu_numbered(target_named("", LIO), 0)),
				 IMA_ERROR_LU_IN_USE);
		end(state);
		begin(state);
	}
}

static void a_multipath_map_nobody_uses_is_no_use(void **state)
{
	static const struct run runs[] = {
		{ "-m session -r 1 --logout", 0, NULL, NULL, 0, NULL },
		{ "-m session -r 2 --logout", 0, NULL, NULL, 0, NULL },
	};

	(void)state;
	use_multipath();
	tree_put(&tree, "proc/self/mountinfo", "");
	tree_link(&tree, "proc/99/fd/3", "/dev/sda");
	tree_put(&tree, "proc/99/comm", "multipathd\n");
	RUN(runs);
	assert_int_equal(IMAX_LogoutTarget(target_named("", LIO)), IMA_STATUS_SUCCESS);
}

/* --- LUs ----------------------------------------------------------------------------------------------- */

static void taking_a_lu_away_removes_every_path_of_it(void **state)
{
	static const char *const paths[] = {
		"sys/devices/platform/host0/session1/target0:0:0/0:0:0:1/delete",
		"sys/devices/platform/host1/session2/target1:0:0/1:0:0:1/delete",
	};
	IMA_OID lu = lu_numbered(target_named("", LIO), 1);
	IMA_LU_PROPERTIES props;

	(void)state;
	assert_int_equal(IMA_ExposeLu(lu), IMA_ERROR_LU_EXPOSED);
	assert_int_equal(IMA_UnexposeLu(lu), IMA_STATUS_SUCCESS);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_string_equal(tree_text(&tree, paths[i]), "1");
	/* As the kernel does it then. */
	tree_remove(&tree, "sys/class/scsi_device/0:0:0:1");
	tree_remove(&tree, "sys/class/scsi_device/1:0:0:1");
	assert_int_equal(IMA_UnexposeLu(lu), IMA_ERROR_LU_NOT_EXPOSED);
	assert_int_equal(IMA_GetLuProperties(lu, &props), IMA_STATUS_SUCCESS);
	assert_int_equal(props.exposedToOs, IMA_FALSE);
	assert_int_equal(props.targetLun, 1);
	assert_int_equal(props.osDeviceNameValid, IMA_FALSE);
}

/* The last command, and the answer it gets. */
static struct {
	char device[64];
	uint8_t cdb[16];
	uint8_t cdb_length, status, sense_length;
	uint32_t length;
	int result;
	uint8_t data[64];
} scsi;

static int answer(const struct world *world, const char *device, struct scsi_command *c,
		  uint64_t deadline)
{
	(void)world;
	(void)deadline;
	snprintf(scsi.device, sizeof(scsi.device), "%s", device);
	memcpy(scsi.cdb, c->cdb, sizeof(scsi.cdb));
	scsi.cdb_length = c->cdb_length;
	if (c->length > scsi.length)
		c->length = scsi.length;
	memcpy(c->data, scsi.data, c->length);
	c->status = scsi.status;
	c->sense_length = scsi.sense_length;
	memset(c->sense, 0x70, scsi.sense_length);
	return scsi.result;
}

static void commands_go_to_the_generic_device_of_the_lu(void **state)
{
	static const uint8_t inquiry[] = { 0x12, 1, 0x83, 0, 16, 0 };
	static const uint8_t capacity[] = { 0x9e, 0x10, 0, 0, 0, 0, 0,
					    0,	  0,	0, 0, 0, 0, 16 };
	static const uint8_t luns[] = { 0xa0, 0, 2, 0, 0, 0, 0, 0, 0, 16 };
	IMA_OID lu = lu_numbered(target_named("ifx", LIO), 1);
	IMA_BYTE out[16];
	IMA_UINT size = sizeof(out);

	(void)state;
	plugin.world.scsi = answer;
	memset(&scsi, 0, sizeof(scsi));
	scsi.length = 12;
	assert_int_equal(
		IMA_LuInquiry(lu, IMA_TRUE, IMA_FALSE, 0x83, out, &size, NULL, NULL),
		IMA_STATUS_SUCCESS);
	assert_string_equal(scsi.device, "sg5");
	assert_int_equal(scsi.cdb_length, 6);
	assert_memory_equal(scsi.cdb, inquiry, sizeof(inquiry));
	assert_int_equal(size, 12);
	size = sizeof(out);
	assert_int_equal(IMA_LuReadCapacity(lu, 16, out, &size, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_memory_equal(scsi.cdb, capacity, sizeof(capacity));
	size = sizeof(out);
	/* A target stands for its LUN 0. */
	assert_int_equal(IMA_LuReportLuns(target_named("", LIO), IMA_FALSE, 2, out, &size,
					  NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_string_equal(scsi.device, "sg0");
	assert_int_equal(scsi.cdb_length, 12);
	assert_memory_equal(scsi.cdb, luns, sizeof(luns));
}

static void sense_data_reaches_the_caller_and_the_record(void **state)
{
	IMA_OID lu = lu_numbered(target_named("", LIO), 0);
	IMA_BYTE out[16], sense[8];
	IMA_UINT size = sizeof(out), sense_size = sizeof(sense);

	(void)state;
	plugin.world.scsi = answer;
	memset(&scsi, 0, sizeof(scsi));
	scsi.status = 2;
	scsi.sense_length = 18;
	assert_int_equal(IMA_LuReadCapacity(lu, 10, out, &size, sense, &sense_size),
			 IMA_ERROR_SCSI_STATUS_CHECK_CONDITION);
	assert_int_equal(sense_size, 8);
	assert_int_equal(sense[7], 0x70);
	assert_int_equal(size, 0);
	assert_int_equal(last_error()->layer, IMAX_LAYER_SCSI);
	assert_int_equal(last_error()->scsiStatus, 2);
	assert_int_equal(last_error()->senseLength, 18);
}

static void a_lost_session_is_not_waited_for(void **state)
{
	static const char *const states[] = {
		"sys/devices/platform/host0/session1/target0:0:0/0:0:0:0/state",
		"sys/devices/platform/host1/session2/target1:0:0/1:0:0:0/state",
	};
	IMA_OID lu = lu_numbered(target_named("", LIO), 0);
	IMA_BYTE out[16];
	IMA_UINT size = sizeof(out);

	(void)state;
	plugin.world.scsi = answer;
	memset(&scsi, 0, sizeof(scsi));
	tree_put(&tree, states[0], "blocked\n");
	assert_int_equal(IMA_LuInquiry(lu, 0, 0, 0, out, &size, NULL, NULL),
			 IMA_STATUS_SUCCESS);
	assert_string_equal(scsi.device, "sg2");
	tree_put(&tree, states[1], "transport-offline\n");
	assert_int_equal(IMA_LuInquiry(lu, 0, 0, 0, out, &size, NULL, NULL),
			 IMA_ERROR_TARGET_TIMEOUT);
	tree_put(&tree, states[0], "running\n");
	scsi.result = -ETIMEDOUT;
	assert_int_equal(IMA_LuInquiry(lu, 0, 0, 0, out, &size, NULL, NULL),
			 IMA_ERROR_TARGET_TIMEOUT);
	scsi.result = -EACCES;
	assert_int_equal(IMA_LuInquiry(lu, 0, 0, 0, out, &size, NULL, NULL),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
}

static void a_lun_the_target_reports_has_an_oid_without_being_exposed(void **state)
{
	static const uint8_t report[] = { 0, 0, 0, 16, 0, 0, 0, 0, 0,
					  0, 0, 0, 0,  0, 0, 0, 0, 7 };
	IMA_OID target = target_named("", LIO), lu, again,
		exposed = lu_numbered(target, 1);
	IMA_LU_PROPERTIES props;

	(void)state;
	plugin.world.scsi = answer;
	memset(&scsi, 0, sizeof(scsi));
	memcpy(scsi.data, report, sizeof(report));
	scsi.length = 24;
	assert_int_equal(IMA_GetLuOid(target, 7, &lu), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetLuOid(target, 7, &again), IMA_STATUS_SUCCESS);
	assert_memory_equal(&lu, &again, sizeof(lu));
	assert_int_equal(IMA_GetLuProperties(lu, &props), IMA_STATUS_SUCCESS);
	assert_int_equal(props.exposedToOs, IMA_FALSE);
	assert_int_equal(props.targetLun, 7);
	assert_int_equal(IMA_GetLuOid(target, 8, &lu), IMA_ERROR_OBJECT_NOT_FOUND);
	assert_int_equal(IMA_GetLuOid(target, 1, &again), IMA_STATUS_SUCCESS);
	assert_memory_equal(&exposed, &again, sizeof(again));
}

/* --- Authentication ---------------------------------------------------------------------------------- */

static void set_chap(IMA_INITIATOR_AUTHPARMS *parms, const char *name, const char *secret)
{
	IMA_CHAP_INITIATOR_AUTHPARMS *chap = &parms->chapParms;

	memset(parms, 0, sizeof(*parms));
	chap->nameLength = strlen(name);
	memcpy(chap->name, name, chap->nameLength);
	chap->challengeSecretLength = strlen(secret);
	memcpy(chap->challengeSecret, secret, chap->challengeSecretLength);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(fstatat(tree.fd, path, &st, 0), 0);
	return st.st_mode & 07777;
}

#define AUTH   "node.session.auth."
#define CONFIG "etc/iscsi/iscsid.conf"
#define RECORD "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default"
#define OWN    "etc/iscsi/nodes/" LIO "/127.0.0.1,3260,1/default"

#define PARKED "var/lib/ima/linux.secrets"

static void assert_in_file(const char *file, const char *text, bool there)
{
	const char *all = tree_text(&tree, file);

	if (there != (all && strstr(all, text)))
		fail_msg("%s %s \"%s\":\n%s", file, there ? "lacks" : "has", text,
			 all ? all : "(no file)");
}

static void assert_parms(IMA_OID lhba, const IMA_INITIATOR_AUTHPARMS *parms)
{
	IMA_INITIATOR_AUTHPARMS got;

	assert_int_equal(IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &got),
			 IMA_STATUS_SUCCESS);
	assert_memory_equal(&got.chapParms, &parms->chapParms, sizeof(got.chapParms));
}

static void secrets_are_known_to_open_iscsi_while_chap_is_in_use(void **state)
{
	static const IMA_AUTHMETHOD chap = IMA_AUTHMETHOD_CHAP;
	IMA_OID lhba = lhba_named("");
	IMA_INITIATOR_AUTHPARMS parms;

	(void)state;
	/* No run is expected: whatever ran would fail the test. */
	set_chap(&parms, "user2", "secret-secret");
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			 IMA_STATUS_SUCCESS);
	assert_parms(lhba, &parms);
	assert_in_file(CONFIG, "secret-secret", false);
	assert_in_file(RECORD, "secret-secret", false);
	assert_in_file(PARKED, "secret-secret", true);
	assert_int_equal(mode_of(PARKED), 0600);
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 1, &chap), IMA_STATUS_SUCCESS);
	assert_parms(lhba, &parms);
	assert_in_file(CONFIG, AUTH "password = secret-secret\n", true);
	assert_in_file(CONFIG, AUTH "authmethod = CHAP\n", true);
	assert_int_equal(mode_of(CONFIG), 0600);
	assert_in_file(RECORD, AUTH "username = user2\n", true);
	assert_in_file(RECORD, AUTH "password = secret-secret\n", true);
	assert_int_equal(mode_of(RECORD), 0600);
	/* A record with a name of its own keeps it. */
	assert_in_file(OWN, AUTH "username = user1\n", true);
	assert_in_file(PARKED, "secret-secret", false);
	assert_null(tree_text(&tree, "run/lock/iscsi/lock.write"));
}

static void secrets_stay_known_when_chap_is_given_up(void **state)
{
	static const IMA_AUTHMETHOD none = IMA_AUTHMETHOD_NONE,
				    chap = IMA_AUTHMETHOD_CHAP;
	IMA_OID lhba = lhba_named("");
	IMA_INITIATOR_AUTHPARMS parms;

	(void)state;
	set_chap(&parms, "user2", "secret-secret");
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 1, &chap), IMA_STATUS_SUCCESS);
	set_chap(&parms, "user3", "another-secret");
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			 IMA_STATUS_SUCCESS);
	assert_in_file(RECORD, AUTH "password = another-secret\n", true);
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 1, &none), IMA_STATUS_SUCCESS);
	assert_parms(lhba, &parms);
	assert_in_file(CONFIG, "another-secret", false);
	assert_in_file(CONFIG, AUTH "authmethod = None\n", true);
	assert_in_file(RECORD, "another-secret", false);
	assert_in_file(OWN, AUTH "username = user1\n", true);
	set_chap(&parms, "", "");
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			 IMA_STATUS_SUCCESS);
	assert_parms(lhba, &parms);
	assert_in_file(PARKED, "another-secret", false);
}

static void who_may_not_read_secrets_gets_the_name_only(void **state)
{
	IMA_OID lhba = lhba_named("");
	IMA_INITIATOR_AUTHPARMS parms, got;

	(void)state;
	set_chap(&parms, "user2", "secret-secret");
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			 IMA_STATUS_SUCCESS);
	plugin.world.privileged = false;
	assert_int_equal(IMA_GetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &got),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(got.chapParms.challengeSecretLength, 0);
	assert_int_equal(got.chapParms.challengeSecret[0], 0);
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			 IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_error_says("root");
}

static void what_open_iscsi_cannot_keep_is_refused(void **state)
{
	static const struct {
		const char *name, *secret;
	} bad[] = {
		{ "user", "two\nlines" }, { "user", " blank" }, { "blank ", "secret" },
		{ "user", "<empty>" },	  { "user", "" },	{ "", "secret" },
	};
	IMA_INITIATOR_AUTHPARMS parms;
	IMA_OID lhba = lhba_named("");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		set_chap(&parms, bad[i].name, bad[i].secret);
		assert_int_equal(
			IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			IMA_ERROR_INVALID_PARAMETER);
		assert_null(strstr(last_error()->text, "two"));
	}
	set_chap(&parms, "user", "secret");
	parms.chapParms.nameLength = 513;
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_SRP, &parms),
			 IMA_ERROR_INVALID_PARAMETER);
}

static void assert_in_use(IMA_OID lhba, IMA_UINT expected, const IMA_AUTHMETHOD *list)
{
	IMA_AUTHMETHOD methods[4];
	IMA_UINT count = 4;

	assert_int_equal(IMA_GetInUseInitiatorAuthMethods(lhba, &count, methods),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(count, expected);
	assert_memory_equal(methods, list, expected * sizeof(*list));
	count = 0;
	assert_int_equal(IMA_GetInUseInitiatorAuthMethods(lhba, &count, NULL),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(count, expected);
}

static IMA_UINT count_settable(IMA_OID lhba)
{
	IMA_AUTHMETHOD methods[4];
	IMA_UINT count = 4;

	assert_int_equal(IMA_GetSupportedAuthMethods(lhba, IMA_TRUE, &count, methods),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(methods[0], IMA_AUTHMETHOD_NONE);
	return count;
}

static void chap_can_be_chosen_once_it_has_a_secret(void **state)
{
	static const IMA_AUTHMETHOD both[] = { IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE };
	IMA_OID lhba = lhba_named("");
	IMA_INITIATOR_AUTHPARMS parms;

	(void)state;
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 1, both),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(count_settable(lhba), 1);
	set_chap(&parms, "u", "123456789012");
	assert_int_equal(IMA_SetInitiatorAuthParms(lhba, IMA_AUTHMETHOD_CHAP, &parms),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(count_settable(lhba), 2);
	assert_in_use(lhba, 1, both + 1);
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 1, both), IMA_STATUS_SUCCESS);
	assert_in_use(lhba, 2, both);
}

/* Whoever wrote it there: that is how open-iscsi reads it. */
static void a_secret_open_iscsi_has_is_in_use_whatever_the_method(void **state)
{
	static const IMA_AUTHMETHOD both[] = { IMA_AUTHMETHOD_CHAP, IMA_AUTHMETHOD_NONE };
	static const IMA_AUTHMETHOD none = IMA_AUTHMETHOD_NONE;
	IMA_OID lhba = lhba_named("");

	(void)state;
	tree_put(&tree, CONFIG, AUTH "authmethod = CHAP\n");
	assert_in_use(lhba, 1, &none);
	tree_put(&tree, CONFIG,
		 AUTH "authmethod = None\n" AUTH "username = u\n" AUTH
		      "password = 123456789012\n");
	assert_in_use(lhba, 2, both);
	assert_int_equal(IMA_SetInitiatorAuthMethods(lhba, 1, &none), IMA_STATUS_SUCCESS);
	assert_in_use(lhba, 1, &none);
	assert_in_file(CONFIG, "123456789012", false);
	assert_int_equal(count_settable(lhba), 2);
}

/* --- Node ----------------------------------------------------------------------------------------------- */

static void the_node_name_is_written_without_touching_the_rest(void **state)
{
	IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	static const char file[] = "etc/iscsi/initiatorname.iscsi";

	(void)state;
	tree_put(&tree, file, "## mine\nInitiatorName=iqn.2024-01.test:init\n");
	assert_int_equal(IMA_SetNodeName(shared, L"iqn.2024-01.test:new"),
			 IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, file),
			    "## mine\nInitiatorName=iqn.2024-01.test:new\n");
	assert_int_equal(IMA_SetNodeAlias(shared, L"a host"), IMA_STATUS_SUCCESS);
	assert_non_null(strstr(tree_text(&tree, file), "InitiatorAlias=a host\n"));
	assert_int_equal(IMA_SetNodeAlias(shared, NULL), IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, file),
			    "## mine\nInitiatorName=iqn.2024-01.test:new\n");
	assert_int_equal(IMA_SetNodeName(shared, L"no name"),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMA_SetNodeAlias(shared, L"two\nlines"),
			 IMA_ERROR_INVALID_PARAMETER);
}

/* What a shell has of the file after it has read it as commands. */
static void assert_shell_reads(const char *expected)
{
	char command[600], output[256] = "";
	FILE *shell;

	snprintf(command, sizeof(command),
		 ". %s/etc/iscsi/initiatorname.iscsi; echo "
		 "\"$InitiatorName,$InitiatorAlias\"",
		 tree.path);
	shell = popen(command, "r");
	assert_non_null(shell);
	assert_non_null(fgets(output, sizeof(output), shell));
	assert_null(fgets(command, sizeof(command), shell));
	assert_int_equal(pclose(shell), 0);
	assert_string_equal(output, expected);
}

static void shells_can_read_the_node_name_and_run_no_alias(void **state)
{
	static const IMA_WCHAR *const texts[] = {
		L"two words", L"x touch here", L"it's",	    L"\"",
		L"$(exit 3)", L"a;exit 3",     L"`exit 3`", L"(",
		L"&",	      L"\\",	       L"x <<END",
	};
	IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	IMA_NODE_PROPERTIES props;

	(void)state;
	assert_int_equal(IMA_SetNodeName(shared, L"iqn.2024-01.test:new"),
			 IMA_STATUS_SUCCESS);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(IMA_SetNodeAlias(shared, texts[i]), IMA_STATUS_SUCCESS);
		assert_shell_reads("iqn.2024-01.test:new,\n");
		assert_int_equal(IMA_GetNodeProperties(shared, &props),
				 IMA_STATUS_SUCCESS);
		assert_int_equal(wcscmp(props.alias, texts[i]), 0);
	}
	assert_int_equal(IMA_SetNodeAlias(shared, L"word"), IMA_STATUS_SUCCESS);
	assert_shell_reads("iqn.2024-01.test:new,word\n");
}

static void a_node_name_is_not_replaced_at_the_next_start(void **state)
{
	IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };
	static const char file[] = "etc/iscsi/initiatorname.iscsi";

	(void)state;
	tree_put(&tree, file, "GenerateName=yes\n");
	assert_int_equal(IMA_SetNodeName(shared, L"iqn.2024-01.test:new"),
			 IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, file),
			    "InitiatorName=iqn.2024-01.test:new\n");
	tree_put(&tree, file, "# a\n InitiatorName = iqn.2024-01.test:new\n# b");
	assert_int_equal(IMA_SetNodeName(shared, L"iqn.2024-01.test:new"),
			 IMA_STATUS_SUCCESS);
	assert_string_equal(tree_text(&tree, file),
			    "# a\nInitiatorName=iqn.2024-01.test:new\n# b\n");
}

static void a_running_iscsid_keeps_its_name_until_it_is_started_again(void **state)
{
	IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };

	(void)state;
	tree_put(&tree, "proc/77/comm", "iscsid\n");
	assert_int_equal(IMA_SetNodeName(shared, L"iqn.2024-01.test:new"),
			 IMA_STATUS_REBOOT_NECESSARY);
	assert_int_equal(IMA_SetNodeName(shared, L"iqn.2024-01.test:new"),
			 IMA_STATUS_SUCCESS);
}

#define CHANGE_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

static const struct CMUnitTest tests[] = {
	CHANGE_TEST(an_exit_code_becomes_a_status_and_a_reason),
	CHANGE_TEST(a_command_that_does_not_end_well_is_told_apart),
	CHANGE_TEST(who_may_not_change_anything_is_told_so),
	CHANGE_TEST(a_missing_program_is_named),
	CHANGE_TEST(a_lock_somebody_holds_is_not_waited_for_beyond_the_deadline),
	CHANGE_TEST(what_a_target_has_already_is_not_set_again),
	CHANGE_TEST(a_change_iscsiadm_did_not_make_is_an_error),
	CHANGE_TEST(a_value_out_of_range_is_refused_before_anything_runs),
	CHANGE_TEST(first_burst_may_not_exceed_max_burst_whichever_is_set),
	CHANGE_TEST(a_default_goes_to_all_targets_that_follow_it_in_one_command),
	CHANGE_TEST(a_target_with_a_value_of_its_own_keeps_it),
	CHANGE_TEST(a_discovery_address_is_added_once),
	CHANGE_TEST(an_address_whose_targets_have_lus_is_not_removed),
	CHANGE_TEST(an_isns_server_replaces_the_one_before),
	CHANGE_TEST(an_isns_server_may_have_another_port),
	CHANGE_TEST(a_static_target_is_added_once),
	CHANGE_TEST(a_static_target_is_removed_with_its_record),
	CHANGE_TEST(discovery_never_overwrites_and_lists_what_was_found),
	CHANGE_TEST(a_target_that_is_found_twice_shows_both_methods),
	CHANGE_TEST(a_login_tries_the_portal_before_it_asks_iscsid),
	CHANGE_TEST(a_login_nobody_answers_says_why_and_runs_nothing),
	CHANGE_TEST(all_targets_of_a_portal_are_logged_in_to_with_one_command),
	CHANGE_TEST(threads_log_in_at_the_same_time),
	CHANGE_TEST(a_logout_ends_each_session_of_the_target),
	CHANGE_TEST(a_lu_in_use_is_neither_taken_away_nor_logged_out),
	CHANGE_TEST(a_multipath_map_nobody_uses_is_no_use),
	CHANGE_TEST(taking_a_lu_away_removes_every_path_of_it),
	CHANGE_TEST(commands_go_to_the_generic_device_of_the_lu),
	CHANGE_TEST(sense_data_reaches_the_caller_and_the_record),
	CHANGE_TEST(a_lost_session_is_not_waited_for),
	CHANGE_TEST(a_lun_the_target_reports_has_an_oid_without_being_exposed),
	CHANGE_TEST(secrets_are_known_to_open_iscsi_while_chap_is_in_use),
	CHANGE_TEST(secrets_stay_known_when_chap_is_given_up),
	CHANGE_TEST(who_may_not_read_secrets_gets_the_name_only),
	CHANGE_TEST(what_open_iscsi_cannot_keep_is_refused),
	CHANGE_TEST(chap_can_be_chosen_once_it_has_a_secret),
	CHANGE_TEST(a_secret_open_iscsi_has_is_in_use_whatever_the_method),
	CHANGE_TEST(the_node_name_is_written_without_touching_the_rest),
	CHANGE_TEST(shells_can_read_the_node_name_and_run_no_alias),
	CHANGE_TEST(a_node_name_is_not_replaced_at_the_next_start),
	CHANGE_TEST(a_running_iscsid_keeps_its_name_until_it_is_started_again),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
