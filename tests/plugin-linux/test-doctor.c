// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test-doctor.c - what is wrong with a recorded tree is found, each by its check.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "plugins/linux/linux.h"
#include "scripted.h"
#include "shared/diagnosis.h"

#define IDLE	"iqn.2024-01.test:idle"
#define RECORD	"etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default"
#define SESSION "sys/devices/platform/host0/session1/"
#define SYSTEM	"etc/iscsi/initiatorname.iscsi"

static struct tree tree;
static char text[DIAGNOSIS_SIZE + 1];

static int begin(void **state)
{
	(void)state;
	tree_make(&tree, "two-interfaces");
	tree_dir(&tree, "proc/self");
	tree_put(&tree, "proc/77/comm", "iscsid\n");
	tree_put(&tree, "proc/77/stat", "77 (iscsid) S 1 77 77 0\n");
	tree_put(&tree, "proc/net/unix",
		 "0: 00000002 0 00010000 0001 01 9 @ISCSIADM_ABSTRACT_NAMESPACE\n");
	plugin_begin(&tree);
	return 0;
}

static int end(void **state)
{
	(void)state;
	plugin_end();
	return 0;
}

static const struct run versions[] = {
	{ "--version", 0, "iscsiadm version 2.1.8\n", NULL, 0, NULL },
	{ "--version", 0, "iscsid version 2.1.8\n", NULL, 0, NULL },
};

static IMA_STATUS ask(const char *input, IMA_UINT room, const struct run *runs,
		      size_t count)
{
	IMA_OID oid = { IMA_OBJECT_TYPE_PLUGIN, 7, 0 };
	IMA_STATUS status;

	expect_runs(runs, count);
	memset(text, 0, sizeof(text));
	status = IMA_PluginIOctl(oid, DIAGNOSIS_COMMAND, input, strlen(input), text,
				 &room);
	assert_int_equal(strlen(text), IMA_ERROR(status) ? 0 : room);
	return status;
}

static void examine(void)
{
	assert_int_equal(ask("", DIAGNOSIS_SIZE, versions, ARRAY_SIZE(versions)),
			 IMA_STATUS_SUCCESS);
}

/* A line with severity and check that has the words in it. */
static bool says(const char *severity, const char *check, const char *words)
{
	char start[64];
	bool found = false;
	char *copy = strdup(text), *rest = copy;

	snprintf(start, sizeof(start), "%s\t%s\t", severity, check);
	for (char *line; (line = strsep(&rest, "\n"));)
		found |= !strncmp(line, start, strlen(start)) && strstr(line, words);
	free(copy);
	return found;
}

static void assert_says(const char *severity, const char *check, const char *words)
{
	if (!says(severity, check, words))
		fail_msg("no %s of %s says \"%s\":\n%s", severity, check, words, text);
}

/* --- Cases ------------------------------------------------------------------------------------ */

static void nothing(void)
{
}

static void no_transport(void)
{
	tree_remove(&tree, "sys/class/iscsi_transport");
}

static void no_daemon(void)
{
	tree_remove(&tree, "proc/77");
	tree_put(&tree, "proc/net/unix", "\n");
}

static void daemon_on_demand(void)
{
	tree_remove(&tree, "proc/77");
}

static void daemon_stopped(void)
{
	tree_put(&tree, "proc/77/stat", "77 (iscsid) T 1 77 77 0\n");
}

static void daemon_elsewhere(void)
{
	tree_put(&tree, "proc/net/unix", "\n");
}

static void daemon_replaced(void)
{
	tree_link(&tree, "proc/77/exe", "/usr/sbin/iscsid (deleted)");
}

static void lock_held(void)
{
	tree_put(&tree, "run/lock/iscsi/lock.write", "");
}

static void no_name(void)
{
	tree_put(&tree, SYSTEM, "## nothing\n");
}

static void name_with_blanks(void)
{
	tree_put(&tree, SYSTEM, "InitiatorName = iqn.2024-01.test:init\n");
}

static void name_made_up_later(void)
{
	tree_put(&tree, SYSTEM,
		 "GenerateName=yes\nInitiatorName=iqn.2024-01.test:init\n");
}

static void bad_name(void)
{
	tree_put(&tree, SYSTEM, "InitiatorName=host seven\n");
}

static void two_names(void)
{
	tree_put(&tree, SYSTEM,
		 "InitiatorName=iqn.2024-01.t:a\nInitiatorName=iqn.2024-01.t:b\n");
}

static void name_from_documentation(void)
{
	tree_put(&tree, SYSTEM, "InitiatorName=iqn.2006-04.com.example:node1\n");
}

static void name_from_an_image(void)
{
	const struct utimbuf past = { 1000000000, 1000000000 };
	char path[512];

	tree_put(&tree, "etc/machine-id", "0123456789abcdef0123456789abcdef\n");
	snprintf(path, sizeof(path), "%s/" SYSTEM, tree.path);
	assert_int_equal(utime(path, &past), 0);
}

static void two_databases(void)
{
	tree_dir(&tree, "var/lib/iscsi/nodes");
}

static void make_readable(const char *file, const char *content)
{
	tree_put(&tree, file, content); /* with mode 0644 */
}

static void secret_for_everybody(void)
{
	make_readable(RECORD, "node.name = " IDLE "\n"
			      "node.session.auth.password = abcdefghijkl\n");
}

static void config_with_secret_for_everybody(void)
{
	make_readable("etc/iscsi/iscsid.conf",
		      "node.session.auth.password = abcdefghijkl\n");
}

static void name_anybody_may_write(void)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/" SYSTEM, tree.path);
	assert_int_equal(chmod(path, 0666), 0);
}

static void empty_record(void)
{
	tree_put(&tree, RECORD, "");
}

static void record_of_another(void)
{
	tree_put(&tree, RECORD, "node.name = iqn.2024-01.test:other\n");
}

static void two_tags(void)
{
	tree_put(&tree, "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,2/default",
		 "node.name = " IDLE "\nnode.tpgt = 2\n");
}

static void session_without_record(void)
{
	tree_put(&tree, SESSION "iscsi_session/session1/targetname",
		 "iqn.2024-01.test:gone\n");
}

static void session_lost(void)
{
	tree_put(&tree, SESSION "iscsi_session/session1/state", "FAILED\n");
}

static void session_twice(void)
{
	tree_put(&tree,
		 "sys/devices/platform/host1/session2/connection2:0/iscsi_connection/"
		 "connection2:0/persistent_address",
		 "127.0.0.1\n");
	tree_put(&tree,
		 "sys/devices/platform/host1/session2/iscsi_session/session2/ifacename",
		 "default\n");
}

static void disk_offline(void)
{
	tree_put(&tree, SESSION "target0:0:0/0:0:0:1/state", "transport-offline\n");
}

#define METHOD(name, more)                          \
	"node.name = " IDLE "\n"                    \
	"node.session.auth.authmethod = " name "\n" \
	"node.session.auth.username = user\n"       \
	"node.session.auth.password = abcdefghijkl\n" more
#define CHAP(more) METHOD("CHAP", more)

static void only_md5(void)
{
	tree_put(&tree, RECORD, CHAP(""));
}

static void same_secret_twice(void)
{
	tree_put(&tree, RECORD, CHAP("node.session.auth.password_in = abcdefghijkl\n"));
}

static void short_secret(void)
{
	tree_put(&tree, RECORD, CHAP("node.session.auth.password_in = short\n"));
}

/* It is used all the same. */
static void short_secret_without_chap(void)
{
	tree_put(&tree, RECORD,
		 METHOD("None", "node.session.auth.password_in = short\n"));
}

static void chap_without_secret(void)
{
	tree_put(&tree, "etc/iscsi/iscsid.conf", "node.session.auth.authmethod = CHAP\n");
}

static const struct {
	void (*damage)(void);
	const char *severity, *check, *words;
} cases[] = {
	{ nothing, "ok", "transport", "" },
	{ nothing, "ok", "programs", "2.1.8" },
	{ nothing, "ok", "daemon", "process 77" },
	{ nothing, "ok", "lock", "" },
	{ nothing, "ok", "initiator-name", "iqn.2024-01.test:init" },
	{ nothing, "ok", "database", "10 records" },
	{ nothing, "ok", "permissions", "" },
	{ nothing, "ok", "records", "" },
	{ nothing, "ok", "sessions", "" },
	{ nothing, "ok", "disks", "" },
	{ no_transport, "problem", "transport", "iscsi_tcp" },
	{ no_daemon, "problem", "daemon", "not running" },
	{ daemon_on_demand, "ok", "daemon", "on demand" },
	{ daemon_stopped, "problem", "daemon", "stopped" },
	{ daemon_elsewhere, "problem", "daemon", "network namespace" },
	{ daemon_replaced, "warning", "daemon", "replaced" },
	{ lock_held, "hint", "lock", "lock.write" },
	{ no_name, "problem", "initiator-name", "no initiator name" },
	{ name_with_blanks, "problem", "initiator-name", "do not find the name" },
	{ name_made_up_later, "warning", "initiator-name", "another name" },
	{ bad_name, "problem", "initiator-name", "host seven" },
	{ two_names, "warning", "initiator-name", "2 names" },
	{ name_from_documentation, "problem", "initiator-name", "documentation" },
	{ name_from_an_image, "warning", "initiator-name", "image" },
	{ two_databases, "warning", "database", "/var/lib/iscsi" },
	{ secret_for_everybody, "problem", "permissions", "chmod 600" },
	{ config_with_secret_for_everybody, "problem", "permissions", "iscsid.conf" },
	{ name_anybody_may_write, "problem", "permissions", "chmod go-w" },
	{ empty_record, "problem", "records", "empty" },
	{ record_of_another, "problem", "records", "another target" },
	{ two_tags, "warning", "records", "tags 1 and 2" },
	{ session_without_record, "warning", "sessions", "test:gone" },
	{ session_lost, "problem", "sessions", "FAILED" },
	{ session_twice, "warning", "sessions", "same portal" },
	{ disk_offline, "problem", "disks", "transport-offline" },
	{ nothing, "warning", "authentication", "MD5 only (1 place)" },
	{ only_md5, "warning", "authentication", "MD5 only (2 places)" },
	{ same_secret_twice, "problem", "authentication", "same secret" },
	{ nothing, "warning", "authentication", "12 bytes (1 place)" },
	{ short_secret, "warning", "authentication", "12 bytes (2 places)" },
	{ short_secret_without_chap, "warning", "authentication", "12 bytes (2 places)" },
	{ chap_without_secret, "problem", "authentication", "iscsid.conf" },
};

/* --- Tests ------------------------------------------------------------------------------------ */

static void each_thing_that_is_wrong_is_found(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(state);
		cases[i].damage();
		examine();
		assert_says(cases[i].severity, cases[i].check, cases[i].words);
		end(state);
	}
}

static void a_check_that_found_something_does_not_say_that_all_is_well(void **state)
{
	(void)state;
	session_lost();
	examine();
	assert_false(says("ok", "sessions", ""));
}

static void a_secret_without_a_name_is_not_used(void **state)
{
	(void)state;
	tree_put(&tree, RECORD,
		 "node.name = " IDLE "\n"
		 "node.session.auth.authmethod = None\n"
		 "node.session.auth.password = short\n");
	examine();
	assert_says("warning", "authentication", "12 bytes (1 place)");
}

static void no_secret_is_told(void **state)
{
	(void)state;
	tree_put(&tree, RECORD, CHAP("node.session.auth.password_in = abcdefghijkl\n"));
	examine();
	assert_null(strstr(text, "abcdefghijkl"));
}

static void tools_of_different_versions_are_a_problem(void **state)
{
	static const struct run runs[] = {
		{ "--version", 0, "iscsiadm version 2.1.8\n", NULL, 0, NULL },
		{ "--version", 0, "iscsid version 2.1.11\n", NULL, 0, NULL },
	};

	(void)state;
	assert_int_equal(ask("", DIAGNOSIS_SIZE, runs, 2), IMA_STATUS_SUCCESS);
	assert_says("problem", "programs", "2.1.8, iscsid of version 2.1.11");
}

static void a_tool_that_does_not_run_is_a_problem(void **state)
{
	static const struct run runs[] = {
		{ "--version", 0, NULL, NULL, -ETIMEDOUT, NULL },
		{ "--version", 0, "iscsid version 2.1.11\n", NULL, 0, NULL },
	};

	(void)state;
	assert_int_equal(ask("", DIAGNOSIS_SIZE, runs, 2), IMA_STATUS_SUCCESS);
	assert_says("problem", "programs", "/sbin/iscsiadm");
	plugin.world.iscsiadm[0] = 0;
	assert_int_equal(ask("", DIAGNOSIS_SIZE, NULL, 0), IMA_STATUS_SUCCESS);
	assert_says("problem", "programs", "not installed");
}

/* A portal that answers and one that does not; the tree's other portals are on other machines. */
static void portals_are_tried_only_if_that_is_asked_for(void **state)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char path[128], portal[64];

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&in, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &size), 0);
	tree_remove(&tree, "etc/iscsi/nodes");
	snprintf(path, sizeof(path), "etc/iscsi/nodes/" IDLE "/127.0.0.1,%u,1/default",
		 ntohs(in.sin_port));
	tree_put(&tree, path, "node.name = " IDLE "\n");
	snprintf(portal, sizeof(portal), "127.0.0.1:%u", ntohs(in.sin_port));
	examine();
	assert_null(strstr(text, "\tportals\t"));
	assert_int_equal(ask(DIAGNOSIS_CONNECT, DIAGNOSIS_SIZE, versions, 2),
			 IMA_STATUS_SUCCESS);
	assert_says("problem", "portals", portal);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(ask(DIAGNOSIS_CONNECT, DIAGNOSIS_SIZE, versions, 2),
			 IMA_STATUS_SUCCESS);
	assert_says("ok", "portals", "answers");
	close(fd);
}

static void a_small_buffer_gets_whole_lines(void **state)
{
	(void)state;
	assert_int_equal(ask("", 100, versions, 2), IMA_STATUS_SUCCESS);
	assert_true(strlen(text) > 0 && strlen(text) <= 100);
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_int_equal(ask("", 5, versions, 2), IMA_STATUS_SUCCESS);
	assert_string_equal(text, "");
}

static void what_is_no_examination_is_refused(void **state)
{
	IMA_OID oid = { IMA_OBJECT_TYPE_PLUGIN, 7, 0 };
	IMA_UINT room = sizeof(text);

	(void)state;
	assert_int_equal(IMA_PluginIOctl(oid, 1, NULL, 0, text, &room),
			 IMA_ERROR_NOT_SUPPORTED);
	assert_int_equal(IMA_PluginIOctl(oid, DIAGNOSIS_COMMAND, NULL, 0, NULL, NULL),
			 IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(ask("everything", DIAGNOSIS_SIZE, NULL, 0),
			 IMA_ERROR_INVALID_PARAMETER);
	oid.objectSequenceNumber = 3;
	assert_int_equal(IMA_PluginIOctl(oid, DIAGNOSIS_COMMAND, NULL, 0, text, &room),
			 IMA_ERROR_OBJECT_NOT_FOUND);
}

#define DOCTOR_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thing_that_is_wrong_is_found),
		DOCTOR_TEST(a_check_that_found_something_does_not_say_that_all_is_well),
		DOCTOR_TEST(a_secret_without_a_name_is_not_used),
		DOCTOR_TEST(no_secret_is_told),
		DOCTOR_TEST(tools_of_different_versions_are_a_problem),
		DOCTOR_TEST(a_tool_that_does_not_run_is_a_problem),
		DOCTOR_TEST(portals_are_tried_only_if_that_is_asked_for),
		DOCTOR_TEST(a_small_buffer_gets_whole_lines),
		DOCTOR_TEST(what_is_no_examination_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
