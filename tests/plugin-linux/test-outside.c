// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test-outside.c - programs that are run, the lock of the database, announcements of the kernel,
 * sessions that come and go, and events.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugins/linux/child.h"
#include "plugins/linux/iscsi-netlink.h"
#include "plugins/linux/linux.h"
#include "plugins/linux/lock.h"
#include "plugins/linux/uevent.h"
#include "scripted.h"

#define LIO  "iqn.2024-01.test:lio"
#define IDLE "iqn.2024-01.test:idle"

static uint64_t in_ms(unsigned int ms)
{
	return host_now() + ms * 1000000ull;
}

/* --- Programs ------------------------------------------------------------------------------- */

static int shell(const char *script, unsigned int ms, struct child_output *output)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };

	return child_run(argv, in_ms(ms), NULL, output);
}

static void a_child_gives_its_output_and_exit_code(void **state)
{
	struct child_output _cleanup_output_ o = { 0 };

	(void)state;
	assert_int_equal(shell("echo out; echo err >&2; exit 21", 10000, &o), 0);
	assert_int_equal(o.exit_code, 21);
	assert_string_equal(o.text, "out\n");
	assert_string_equal(o.errors, "err\n");
	assert_false(o.cut);
}

static void a_child_has_a_clean_environment_and_no_files(void **state)
{
	struct child_output _cleanup_output_ o = { 0 };
	int fd = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */

	(void)state;
	setenv("IMA_SECRET", "visible", 1);
	assert_int_equal(
		shell("env | grep -c SECRET; ls /proc/self/fd | wc -l; cat", 10000, &o),
		0);
	/* 0, 1, 2 and the folder itself; standard input is empty. */
	assert_string_equal(o.text, "0\n4\n");
	close(fd);
}

static void a_child_has_default_signals(void **state)
{
	struct child_output _cleanup_output_ o = { 0 };
	sigset_t all, before;

	(void)state;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	assert_int_equal(shell("kill -TERM $$; echo survived", 10000, &o), -EINTR);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	assert_int_equal(o.signal, SIGTERM);
	assert_string_equal(o.text, "");
}

static void a_child_and_what_it_started_end_at_the_deadline(void **state)
{
	struct child_output _cleanup_output_ o = { 0 };
	char command[64];

	(void)state;
	assert_int_equal(shell("sleep 60 & echo $!; sleep 60", 300, &o), -ETIMEDOUT);
	/* The grandchild is gone, or waits for its new parent to notice. */
	snprintf(command, sizeof(command), "/proc/%ld/stat", strtol(o.text, NULL, 10));
	for (int i = 0; i < 100 && access(command, F_OK) == 0; i++) {
		char text[256];
		int fd = open(command, O_RDONLY);
		ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

		cleanup_close(&fd);
		text[n > 0 ? n : 0] = 0;
		if (strstr(text, ") Z "))
			break;
		usleep(10000);
		assert_int_not_equal(i, 99);
	}
}

static void a_daemon_left_behind_is_not_waited_for(void **state)
{
	struct child_output _cleanup_output_ o = { 0 };
	pid_t daemon;

	(void)state;
	/* It keeps the pipes open. */
	assert_int_equal(shell("setsid sleep 3600 & echo $!", 20000, &o), 0);
	daemon = (pid_t)strtol(o.text, NULL, 10);
	assert_true(daemon > 1);
	assert_int_equal(kill(daemon, SIGKILL), 0);
}

static bool has_file(const struct tree *tree, const char *name)
{
	return faccessat(tree->fd, name, F_OK, 0) == 0;
}

/* A program is busy until it has begun, and while it says so; being asked lets it go on. */
static bool is_busy(const void *data)
{
	const struct tree *tree = data;
	int fd = openat(tree->fd, "go", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	cleanup_close(&fd);
	return !has_file(tree, "begun") || has_file(tree, "busy");
}

static int careful_shell(const struct tree *tree, unsigned int grace, const char *script,
			 struct child_output *output)
{
	const struct child_care care = { is_busy, tree, grace * 1000000000ull };
	const char *const argv[] = { "/bin/sh", "-c", script, "sh", tree->path, NULL };

	return child_run(argv, in_ms(300), &care, output);
}

#define BEGIN "cd $1; : > begun; "
#define BUSY  "cd $1; : > busy; : > begun; until [ -e go ]; do sleep 0.01; done; "

static void a_child_is_not_killed_while_that_does_harm(void **state)
{
	static const struct {
		const char *script;
		unsigned int grace; /* s */
		int err, exit_code;
		bool harm;
	} cases[] = {
		{ BUSY "rm busy; sleep 3600", 600, -ETIMEDOUT, 0, false },
		{ BUSY "exit 3", 600, 0, 3, true },
		{ "cd $1; : > busy; sleep 3600", 0, -ETIMEDOUT, 0, true },
		{ BEGIN "sleep 3600", 600, -ETIMEDOUT, 0, false },
		{ BEGIN "while :; do /bin/true; done", 600, -ETIMEDOUT, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct child_output _cleanup_output_ o = { 0 };
		struct tree tree;

		tree_make_empty(&tree);
		assert_int_equal(
			careful_shell(&tree, cases[i].grace, cases[i].script, &o),
			cases[i].err);
		assert_int_equal(o.exit_code, cases[i].exit_code);
		assert_true(cases[i].harm || !has_file(&tree, "busy"));
		tree_end(&tree);
	}
}

static bool may_raise_priority(void)
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(setpriority(PRIO_PROCESS, 0, -10) ? 1 : 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

static void a_child_works_with_the_priority_of_iscsid(void **state)
{
	struct child_output _cleanup_output_ o = { 0 };

	(void)state;
	if (!may_raise_priority())
		skip();
	assert_int_equal(shell("until [ $(nice) = -10 ]; do :; done", 10000, &o), 0);
	assert_int_equal(o.exit_code, 0);
}

static void output_is_bounded(void **state)
{
	struct child_output _cleanup_output_ o = { 0 };

	(void)state;
	assert_int_equal(
		shell("head -c 3000000 /dev/zero; head -c 9000 /dev/zero >&2; exit 3",
		      20000, &o),
		0);
	assert_int_equal(o.exit_code, 3);
	assert_true(o.cut);
	assert_true(o.size <= CHILD_OUTPUT_MAX);
}

static void a_program_that_is_not_there_is_an_error(void **state)
{
	const char *const argv[] = { "/nonexistent/program", NULL };
	struct child_output _cleanup_output_ o = { 0 };

	(void)state;
	assert_int_equal(child_run(argv, in_ms(1000), NULL, &o), -ENOENT);
}

/* --- The lock --------------------------------------------------------------------------------- */

static void the_lock_is_taken_and_released(void **state)
{
	struct db_lock_state lock;
	struct tree tree;

	(void)state;
	tree_make_empty(&tree);
	assert_int_equal(db_lock_take(tree.fd, in_ms(1000)), 0);
	assert_int_equal(db_lock_look(tree.fd, &lock), 0);
	assert_true(lock.held);
	assert_true(lock.seconds <= 1);
	assert_int_equal(db_lock_take(tree.fd, in_ms(50)), -EBUSY);
	assert_int_equal(db_lock_wait(tree.fd, in_ms(50)), -EBUSY);
	db_lock_release(tree.fd);
	assert_int_equal(db_lock_wait(tree.fd, in_ms(50)), 0);
	assert_int_equal(db_lock_look(-1, &lock), 0);
	assert_false(lock.held);
	tree_end(&tree);
}

static void *release_soon(void *tree)
{
	usleep(100000);
	db_lock_release(((struct tree *)tree)->fd);
	return NULL;
}

static void a_lock_that_is_released_meanwhile_is_got(void **state)
{
	struct tree tree;
	pthread_t thread;

	(void)state;
	tree_make_empty(&tree);
	assert_int_equal(db_lock_take(tree.fd, in_ms(1000)), 0);
	assert_int_equal(pthread_create(&thread, NULL, release_soon, &tree), 0);
	assert_int_equal(db_lock_take(tree.fd, in_ms(10000)), 0);
	pthread_join(thread, NULL);
	db_lock_release(tree.fd);
	tree_end(&tree);
}

/* --- Announcements ----------------------------------------------------------------------------- */

static void an_announcement_says_what_happened_to_which_device(void **state)
{
	static const struct {
		const char *message;
		size_t size;
		bool parsed, ours, resized, luns;
	} cases[] = {
#define MESSAGE(text) text, sizeof(text)
		{ MESSAGE("add@/devices/platform/host0/session1\0ACTION=add\0"
			  "DEVPATH=/devices/platform/host0/"
			  "session1\0SUBSYSTEM=iscsi_session"),
		  true, true, false, false },
		{ MESSAGE("x\0ACTION=change\0DEVPATH=/devices/platform/host0/session1/"
			  "target0:0:0/"
			  "0:0:0:1/block/sda\0SUBSYSTEM=block\0RESIZE=1"),
		  true, true, true, false },
		{ MESSAGE("x\0ACTION=change\0DEVPATH=/devices/platform/host0/session1/"
			  "target0:0:0/"
			  "0:0:0:1\0SDEV_UA=REPORTED_LUNS_DATA_HAS_CHANGED"),
		  true, true, false, true },
		{ MESSAGE("x\0ACTION=add\0DEVPATH=/devices/virtual/net/"
			  "tap0\0SUBSYSTEM=net"),
		  true, false, false, false },
		{ MESSAGE("libudev\0nonsense"), false, false, false, false },
		{ MESSAGE(""), false, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct uevent event;
		char copy[256];

		memcpy(copy, cases[i].message, cases[i].size);
		assert_int_equal(uevent_parse(copy, cases[i].size, &event),
				 cases[i].parsed);
		assert_int_equal(uevent_is_ours(&event), cases[i].ours);
		assert_int_equal(event.resized, cases[i].resized);
		assert_int_equal(event.luns_changed, cases[i].luns);
	}
}

static void put32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void an_iscsi_announcement_names_session_and_error(void **state)
{
	struct iscsi_event event;
	uint8_t message[56] = { 0 };

	(void)state;
	put32(message, 102);
	put32(message + 40, 7);
	put32(message + 48, 1022);
	iscsi_event_parse(message, sizeof(message), &event);
	assert_int_equal(event.kind, ISCSI_EVENT_CONNECTION_ERROR);
	assert_int_equal(event.sid, 7);
	assert_int_equal(event.error, 1022);
	put32(message, 104);
	put32(message + 44, 9);
	iscsi_event_parse(message, sizeof(message), &event);
	assert_int_equal(event.kind, ISCSI_EVENT_SESSION);
	assert_int_equal(event.sid, 9);
	iscsi_event_parse(message, 51, &event);
	assert_int_equal(event.kind, ISCSI_EVENT_OTHER);
	put32(message, 999);
	iscsi_event_parse(message, sizeof(message), &event);
	assert_int_equal(event.kind, ISCSI_EVENT_OTHER);
}

/* A session that was destroyed, with a header that says so many bytes. */
static void send_announcement(int fd, const struct sockaddr_nl *to, uint32_t length)
{
	uint8_t message[NLMSG_HDRLEN + 56] = { 0 };

	put32(message, length);
	put32(message + NLMSG_HDRLEN, 104);
	put32(message + NLMSG_HDRLEN + 44, 9);
	assert_int_equal(sendto(fd, message, sizeof(message), 0,
				(const struct sockaddr *)to, to ? sizeof(*to) : 0),
			 sizeof(message));
}

static void an_announcement_is_as_long_as_it_says(void **state)
{
	static const struct {
		uint32_t length;
		enum iscsi_event_kind kind;
	} cases[] = { { 72, ISCSI_EVENT_SESSION },	{ 73, ISCSI_EVENT_OTHER },
		      { 67, ISCSI_EVENT_OTHER },	{ 16, ISCSI_EVENT_OTHER },
		      { 15, ISCSI_EVENT_OTHER },	{ 0, ISCSI_EVENT_OTHER },
		      { UINT32_MAX, ISCSI_EVENT_OTHER } };
	struct iscsi_event event;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		send_announcement(fds[1], NULL, cases[i].length);
		assert_int_equal(iscsi_event_receive(fds[0], &event), 1);
		assert_int_equal(event.kind, cases[i].kind);
	}
	assert_int_equal(iscsi_event_receive(fds[0], &event), 0);
	close(fds[0]);
	close(fds[1]);
}

static void an_announcement_of_a_program_is_not_believed(void **state)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	socklen_t size = sizeof(to);
	int from = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_USERSOCK);
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_USERSOCK);
	struct iscsi_event event;
	char text[100];

	(void)state;
	assert_true(from >= 0 && fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &size), 0);
	send_announcement(from, &to, 72);
	assert_int_equal(iscsi_event_receive(fd, &event), 0);
	send_announcement(from, &to, 72);
	assert_int_equal(uevent_receive(fd, text, sizeof(text)), 0);
	close(from);
	close(fd);
}

/* An answer of the kernel about connection 0 of session 7. */
static void put_counters(uint8_t *message, uint32_t type)
{
	const uint64_t handle = 0xffffffffc0de0000, octets[] = { 4020, 30124 };

	put32(message, type);
	memcpy(message + 8, &handle, sizeof(handle));
	put32(message + 16, 7);
	memcpy(message + 56, octets, sizeof(octets));
	for (uint32_t i = 0; i < 17; i++)
		put32(message + 72 + 4 * i, 1u << i);
}

static void the_kernel_tells_the_counters_of_one_connection(void **state)
{
	const struct counted connection = { 0xffffffffc0de0000, 7, 0 };
	struct counted other = connection;
	struct counters sum = { .pdus_sent = 1 };
	uint8_t message[152] = { 0 };

	(void)state;
	put_counters(message, 20);
	assert_int_equal(counters_parse(message, sizeof(message), &connection, &sum), 1);
	assert_int_equal(sum.bytes_sent, 4020);
	assert_int_equal(sum.bytes_received, 30124);
	assert_int_equal(sum.pdus_sent, 1 + 0xff);
	assert_int_equal(sum.pdus_received, 0x1ff00);
	/* Too short, of another connection, and something else that is announced. */
	assert_int_equal(counters_parse(message, 139, &connection, &sum), 0);
	assert_int_equal(counters_parse(message, 12, &connection, &sum), 0);
	other.cid = 1;
	assert_int_equal(counters_parse(message, sizeof(message), &other, &sum), 0);
	put32(message, 102);
	assert_int_equal(counters_parse(message, sizeof(message), &connection, &sum), 0);
	/* A refusal. */
	put32(message, 103);
	put32(message + 4, (uint32_t)-ENODEV);
	assert_int_equal(counters_parse(message, sizeof(message), &connection, &sum),
			 -ENODEV);
	put32(message + 4, 0);
	assert_int_equal(counters_parse(message, sizeof(message), &connection, &sum),
			 -EIO);
	assert_int_equal(sum.pdus_sent, 1 + 0xff);
}

/* --- Events ---------------------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static struct {
	IMA_OID oid;
	int visible; /* -1: a property */
} events[64];
static size_t event_count;

static void note(IMA_OID oid, int visible)
{
	pthread_mutex_lock(&lock);
	if (event_count < ARRAY_SIZE(events)) {
		events[event_count].oid = oid;
		events[event_count++].visible = visible;
	}
	pthread_cond_broadcast(&arrived);
	pthread_mutex_unlock(&lock);
}

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	note(oid, visible == IMA_TRUE);
}

static void on_property(IMA_OID oid)
{
	note(oid, -1);
}

static bool has_event(IMA_OBJECT_TYPE type, int visible)
{
	for (size_t i = 0; i < event_count; i++)
		if (events[i].oid.objectType == type && events[i].visible == visible)
			return true;
	return false;
}

static void await_event(IMA_OBJECT_TYPE type, int visible)
{
	struct timespec until;
	int err = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 10;
	pthread_mutex_lock(&lock);
	while (!has_event(type, visible) && !err)
		err = pthread_cond_timedwait(&arrived, &lock, &until);
	event_count = 0;
	pthread_mutex_unlock(&lock);
	if (err)
		fail_msg("no event of type %d, visibility %d", (int)type, visible);
}

static struct tree events_tree;

static int begin_events(void **state)
{
	(void)state;
	event_count = 0;
	tree_make(&events_tree, "two-interfaces");
	plugin_begin(&events_tree);
	assert_int_equal(IMA_RegisterForObjectVisibilityChanges(on_visibility),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	return 0;
}

static int end_events(void **state)
{
	(void)state;
	IMA_DeregisterForObjectVisibilityChanges(on_visibility);
	IMA_DeregisterForObjectPropertyChanges(on_property);
	plugin_end();
	return 0;
}

static void files_that_others_change_are_events(void **state)
{
	(void)state;
	tree_put(&events_tree, "etc/iscsi/nodes/iqn.2024-01.x:a/10.0.0.1,3260,1/default",
		 "");
	await_event(IMA_OBJECT_TYPE_TARGET, 1);
	tree_remove(&events_tree, "etc/iscsi/nodes/iqn.2024-01.x:a");
	await_event(IMA_OBJECT_TYPE_TARGET, 0);
	tree_put(&events_tree, "etc/iscsi/send_targets/10.0.0.9,3260/st_config", "");
	await_event(IMA_OBJECT_TYPE_DISCOVERY_ADDRESS, 1);
	tree_put(&events_tree, "etc/iscsi/nodes/" IDLE "/127.0.0.1,3261,1/default",
		 "a = b\n");
	await_event(IMA_OBJECT_TYPE_TARGET, -1);
	tree_put(&events_tree, "etc/iscsi/iscsid.conf", "a = b\n");
	await_event(IMA_OBJECT_TYPE_LHBA, -1);
	tree_put(&events_tree, "etc/iscsi/ifaces/new", "iface.transport_name = tcp\n");
	await_event(IMA_OBJECT_TYPE_LHBA, 1);
}

static void a_state_that_is_read_anew_is_compared(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	tree_remove(&events_tree, "sys/class/scsi_device/2:0:0:1");
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
	await_event(IMA_OBJECT_TYPE_LU, 0);
	tree_remove(&events_tree, "sys/class/iscsi_session/session1");
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
	await_event(IMA_OBJECT_TYPE_TARGET, -1);
}

static void nothing_comes_when_nothing_changed_or_nobody_listens(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
		IMA_FreeMemory(list);
	}
	assert_int_equal(event_count, 0);
	assert_int_equal(IMA_DeregisterForObjectVisibilityChanges(on_visibility),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	tree_remove(&events_tree, "etc/iscsi/nodes/" IDLE);
	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	IMA_FreeMemory(list);
	assert_int_equal(event_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_gives_its_output_and_exit_code),
		cmocka_unit_test(a_child_has_a_clean_environment_and_no_files),
		cmocka_unit_test(a_child_has_default_signals),
		cmocka_unit_test(a_child_and_what_it_started_end_at_the_deadline),
		cmocka_unit_test(a_daemon_left_behind_is_not_waited_for),
		cmocka_unit_test(a_child_is_not_killed_while_that_does_harm),
		cmocka_unit_test(a_child_works_with_the_priority_of_iscsid),
		cmocka_unit_test(output_is_bounded),
		cmocka_unit_test(a_program_that_is_not_there_is_an_error),
		cmocka_unit_test(the_lock_is_taken_and_released),
		cmocka_unit_test(a_lock_that_is_released_meanwhile_is_got),
		cmocka_unit_test(an_announcement_says_what_happened_to_which_device),
		cmocka_unit_test(an_iscsi_announcement_names_session_and_error),
		cmocka_unit_test(an_announcement_is_as_long_as_it_says),
		cmocka_unit_test(an_announcement_of_a_program_is_not_believed),
		cmocka_unit_test(the_kernel_tells_the_counters_of_one_connection),
		cmocka_unit_test_setup_teardown(files_that_others_change_are_events,
						begin_events, end_events),
		cmocka_unit_test_setup_teardown(a_state_that_is_read_anew_is_compared,
						begin_events, end_events),
		cmocka_unit_test_setup_teardown(
			nothing_comes_when_nothing_changed_or_nobody_listens,
			begin_events, end_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
