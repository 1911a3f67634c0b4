// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * SLP discovery by multicast, in a network of its own: see multicast.py.
 *
 * The times are long for what has to be heard, and short where silence is the answer.
 */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "sandbox.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"

#define NAME   "iqn.2003-01.org.example:"
#define TARGET "service:iscsi:target://"

static void write_text(const char *path, const char *text)
{
	assert_int_equal(atomic_file_write(path, text, strlen(text), 0600), 0);
}

static const char *services_path(const char *file, const char *address)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s%s", getenv("SERVICES_FOLDER"), file, address);
	return path;
}

static void set_agent(const char *address, const char *mode, const char *urls)
{
	write_text(services_path("mode.", address), mode);
	write_text(services_path("urls.", address), urls);
}

static bool is_logged(const char *line)
{
	char _cleanup_free_ *text = NULL;
	size_t size;

	assert_int_equal(
		atomic_file_read(services_path("log", ""), 64 << 20, &text, &size), 0);
	return strstr(text, line) != NULL;
}

static void configure(const char *agents, const char *services)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "net.slp.interfaces = 127.0.0.1\n"
		 "net.slp.DADiscoveryTimeouts = %s\n"
		 "net.slp.multicastTimeouts = %s\n",
		 agents, services);
	write_text(sandbox_path("slp.conf"), text);
}

static int prepare(void **state)
{
	reset(state);
	write_text(services_path("log", ""), "\n");
	set_agent("127.0.0.1", "silent", "");
	set_agent("127.0.0.2", "silent", "");
	set_agent("127.0.0.3", "silent", "");
	/* Another process switches it on, so that this one has not begun to ask already. */
	write_text(sandbox_path("slp.conf"), "net.slp.DAAddresses = 127.0.0.1:9\n");
	assert_int_equal(sandbox_again("switch-on"), 0);
	configure("20", "100,200,2000");
	assert_ok(IMAX_SetDeadline(60000));
	return 0;
}

static bool is_there(const char *name)
{
	return find_target(name).objectType == IMA_OBJECT_TYPE_TARGET;
}

static void all_service_agents_are_heard(void **state)
{
	(void)state;
	set_agent("127.0.0.1", "good", TARGET "127.0.0.1/" NAME "one\n");
	set_agent("127.0.0.2", "good",
		  TARGET "127.0.0.2:3261/" NAME "two\n" TARGET "127.0.0.2/" NAME "one");
	assert_int_equal(discover(lhba()), 2);
	assert_true(is_there(NAME "one") && is_there(NAME "two"));
	assert_true(is_logged("slp service:directory-agent DEFAULT multicast"));
	assert_true(is_logged("slp service:iscsi:target DEFAULT multicast"));
	assert_false(is_logged("unicast"));
	/* Who has answered is told, and does not answer again. */
	assert_true(is_logged("slp responders 127.0.0.1,127.0.0.2") ||
		    is_logged("slp responders 127.0.0.2,127.0.0.1"));
}

static void long_answers_are_fetched(void **state)
{
	(void)state;
	set_agent("127.0.0.1", "good", TARGET "127.0.0.1/" NAME "one\n");
	set_agent("127.0.0.2", "overflow", TARGET "127.0.0.2/" NAME "two\n");
	assert_int_equal(discover(lhba()), 2);
}

static void directory_agents_are_asked_alone(void **state)
{
	(void)state;
	configure("2000", "100,200,2000");
	set_agent("127.0.0.1", "good", TARGET "127.0.0.1/" NAME "one\n");
	set_agent("127.0.0.3", "directory",
		  TARGET "127.0.0.1/" NAME "one\n" TARGET "127.0.0.2/" NAME "two");
	assert_int_equal(discover(lhba()), 2);
	assert_true(is_logged("127.0.0.3 slp service:iscsi:target DEFAULT unicast"));
	assert_false(is_logged("127.0.0.1 slp service:iscsi:target"));
}

static void nobody_means_no_targets(void **state)
{
	(void)state;
	set_agent("127.0.0.1", "good", TARGET "127.0.0.1/" NAME "one\n");
	assert_int_equal(discover(lhba()), 1);
	set_agent("127.0.0.1", "silent", "");
	configure("1", "10,20");
	assert_int_equal(discover(lhba()), 0);
	assert_int_equal(count_targets(), 0);
}

static void half_an_answer_is_none(void **state)
{
	IMA_OID_LIST *list;

	(void)state;
	set_agent("127.0.0.1", "good",
		  TARGET "127.0.0.1/" NAME "one\n" TARGET "127.0.0.1/" NAME "two\n");
	assert_int_equal(discover(lhba()), 2);
	set_agent("127.0.0.1", "good", TARGET "127.0.0.1/" NAME "one\n");
	set_agent("127.0.0.2", "overflow-short", TARGET "127.0.0.2/" NAME "two\n");
	assert_status(IMAX_DiscoverTargets(lhba(), &list), IMA_ERROR_TARGET_TIMEOUT);
	assert_non_null(strstr(last_error().text, "127.0.0.2:427"));
	assert_int_equal(count_targets(), 2);
}

static void deadline_is_kept(void **state)
{
	(void)state;
	configure("20", "10,60000");
	assert_ok(IMAX_SetDeadline(500));
	assert_int_equal(discover(lhba()), 0);
}

static int switch_on(void)
{
	return IMA_SetSlpDiscovery(lhba(), IMA_TRUE) != IMA_STATUS_SUCCESS;
}

static int all_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(all_service_agents_are_heard, prepare),
		cmocka_unit_test_setup(long_answers_are_fetched, prepare),
		cmocka_unit_test_setup(directory_agents_are_asked_alone, prepare),
		cmocka_unit_test_setup(nobody_means_no_targets, prepare),
		cmocka_unit_test_setup(half_an_answer_is_none, prepare),
		cmocka_unit_test_setup(deadline_is_kept, prepare),
	};

	return sandbox_argument() ? switch_on()
				  : cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return client_run(argc, argv, all_tests);
}
