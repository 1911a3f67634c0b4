// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which messages are shown, and how. */
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>

#include "lib/log.h"
#include "shared/atomic-file.h"

static void say_all(void)
{
	log_line(IMAX_LOG_ERROR, "com.example.plugin", "went %s", "wrong");
	log_warning("careful");
	log_info("by the way");
	log_line(IMAX_LOG_DEBUG, NULL, "in detail");
}

/* What a process writes to standard error with a value of IMA_DEBUG. */
static void shown_with(const char *value, char text[512])
{
	char _cleanup_free_ *data = NULL;
	size_t size;
	pid_t child = fork();

	if (!child) {
		int fd = open(in_folder("stderr"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

		dup2(fd, STDERR_FILENO);
		if (value)
			setenv("IMA_DEBUG", value, 1);
		else
			unsetenv("IMA_DEBUG");
		say_all();
		_exit(0);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(atomic_file_read(in_folder("stderr"), 511, &data, &size), 0);
	memcpy(text, data, size + 1);
}

static void the_environment_says_which_messages_are_shown(void **state)
{
#define ERROR	"libima: error: com.example.plugin: went wrong\n"
#define WARNING "libima: warning: careful\n"
#define INFO	"libima: info: by the way\n"
#define DETAIL	"libima: debug: in detail\n"
	static const struct {
		const char *value, *text;
	} cases[] = {
		{ NULL, "" },
		{ "", "" },
		{ "error", ERROR },
		{ "3", ERROR },
		{ "warning", ERROR WARNING },
		{ "4", ERROR WARNING },
		{ "info", ERROR WARNING INFO },
		{ "6", ERROR WARNING INFO },
		{ "debug", ERROR WARNING INFO DETAIL },
		{ "7", ERROR WARNING INFO DETAIL },
		{ "1", ERROR WARNING INFO DETAIL },
		{ "yes", ERROR WARNING INFO DETAIL },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		shown_with(cases[i].value, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void *say_in_a_thread(void *unused)
{
	log_warning("of a %s", "thread");
	return unused;
}

static void warnings_and_errors_of_plugins_are_collected(void **state)
{
	char _cleanup_free_ *text = NULL;
	pthread_t thread;

	(void)state;
	log_warning("too early");
	log_collect_begin();
	say_all();
	log_line(IMAX_LOG_WARNING, "com.example.plugin", "of no interest");
	log_line(IMAX_LOG_ERROR, NULL, "two\nlines");
	assert_int_equal(pthread_create(&thread, NULL, say_in_a_thread, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	text = log_collect_end();
	assert_string_equal(text, "com.example.plugin: went wrong\ncareful\ntwo lines\n"
				  "of a thread\n");
	log_warning("too late");
	assert_null(log_collect_end());
}

static void what_is_collected_has_an_end(void **state)
{
	char _cleanup_free_ *text = NULL;

	(void)state;
	log_collect_begin();
	for (int i = 0; i < 10000; i++)
		log_warning("line %d", i);
	text = log_collect_end();
	assert_true(strlen(text) < 70000);
	assert_memory_equal(text, "line 0\n", 7);
	assert_int_equal(text[strlen(text) - 1], '\n');
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		folder_test(the_environment_says_which_messages_are_shown),
		cmocka_unit_test(warnings_and_errors_of_plugins_are_collected),
		cmocka_unit_test(what_is_collected_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
