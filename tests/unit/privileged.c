// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A process with more rights than its user does not take files from the environment. The test
 * runs a copy of itself that is set-group-ID; only root can make one.
 */
#include "unit.h"

#include <sys/auxv.h>
#include <sys/wait.h>

#include "config.h"
#include "lib/api.h"
#include "lib/configuration.h"
#include "lib/log.h"
#include "shared/atomic-file.h"
#include "shared/state-dir.h"

/* The exit code says what the copy took from the environment. */
static int run_copy(void)
{
	char state[PATH_MAX];

	if (!getauxval(AT_SECURE))
		return 100;
	if (state_dir_path(state, sizeof(state)))
		return 101;
	return (strcmp(configuration_path(), IMA_CONFIG_FILE) ? 1 : 0) |
	       (strcmp(state, IMA_STATE_DIRECTORY) ? 2 : 0) |
	       (log_wants(IMAX_LOG_ERROR) ? 4 : 0);
}

static void make_copy(const char *path)
{
	char _cleanup_free_ *data = NULL;
	size_t size;

	assert_int_equal(atomic_file_read("/proc/self/exe", 256 << 20, &data, &size), 0);
	write_bytes(path, data, size);
	assert_int_equal(chown(path, 0, 12345), 0);
	assert_int_equal(chmod(path, 02755), 0);
}

static void a_privileged_process_ignores_the_environment(void **state)
{
	const char *path = in_folder("copy");
	int status;
	pid_t child;

	(void)state;
	if (geteuid()) {
		print_message("# only root can make a privileged program\n");
		skip();
	}
	make_copy(path);
	setenv("IMA_CONFIG", "/from/environment", 1);
	setenv("IMA_STATE_DIR", "/from/environment", 1);
	setenv("IMA_DEBUG", "debug", 1);
	child = fork();
	if (!child) {
		execl(path, path, "copy", NULL);
		_exit(102);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 100) {
		print_message("# the temporary folder is mounted nosuid\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		folder_test(a_privileged_process_ignores_the_environment),
	};

	if (argc > 1 && !strcmp(argv[1], "copy"))
		return run_copy();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
