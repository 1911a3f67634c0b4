// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files that are replaced as a whole, the folder for state, and which files are trusted. */
#include "unit.h"

#include <dirent.h>
#include <errno.h>

#include "config.h"
#include "lib/trust.h"
#include "shared/atomic-file.h"
#include "shared/state-dir.h"

static int count_entries(const char *folder)
{
	DIR *dir = opendir(folder);
	int count = 0;

	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));)
		count += e->d_name[0] != '.';
	closedir(dir);
	return count;
}

static void a_file_is_replaced_as_a_whole(void **state)
{
	const char *path = in_folder("file");
	char *data;
	size_t size;
	struct stat st;
	mode_t mask = umask(077);

	(void)state;
	assert_int_equal(atomic_file_write(path, "first", 5, 0644), 0);
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(atomic_file_write(path, "2\0d", 3, 0600), 0);
	assert_int_equal(atomic_file_read(path, 100, &data, &size), 0);
	assert_int_equal(size, 3);
	assert_memory_equal(data, "2\0d", 4);
	free(data);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(count_entries(test_folder), 1);
}

static void a_failure_leaves_the_old_file_and_nothing_else(void **state)
{
	(void)state;
	mkdir(in_folder("folder"), 0700);
	write_text(in_folder("folder/inside"), "x");
	/* A folder that is not empty cannot be replaced. */
	assert_int_not_equal(atomic_file_write(in_folder("folder"), "x", 1, 0600), 0);
	assert_int_equal(count_entries(test_folder), 1);
	assert_int_equal(atomic_file_write(in_folder("none/file"), "x", 1, 0600),
			 -ENOENT);
}

static void only_regular_files_of_the_size_are_read(void **state)
{
	char *data = NULL;
	size_t size;

	(void)state;
	write_text(in_folder("five"), "12345");
	assert_int_equal(atomic_file_read(in_folder("five"), 5, &data, &size), 0);
	assert_string_equal(data, "12345");
	free(data);
	data = NULL;
	assert_int_equal(atomic_file_read(in_folder("five"), 4, &data, &size), -EFBIG);
	assert_int_equal(atomic_file_read(in_folder("none"), 4, &data, &size), -ENOENT);
	assert_int_equal(atomic_file_read(test_folder, 4, &data, &size), -EINVAL);
	/* Must not wait for a writer. */
	assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
	assert_int_equal(atomic_file_read(in_folder("fifo"), 4, &data, &size), -EINVAL);
	assert_null(data);
}

static void a_long_file_is_read_to_its_end(void **state)
{
	enum { SIZE = 3 * 4096 + 7 };
	char _cleanup_free_ *long_text = malloc(SIZE);
	char _cleanup_free_ *data = NULL;
	size_t size;

	(void)state;
	memset(long_text, 'x', SIZE);
	write_bytes(in_folder("long"), long_text, SIZE);
	assert_int_equal(atomic_file_read(in_folder("long"), 1 << 20, &data, &size), 0);
	assert_int_equal(size, SIZE);
	assert_memory_equal(data, long_text, SIZE);
	assert_int_equal(data[SIZE], 0);
	free(steal(data));
	for (size_t max = SIZE - 2; max < SIZE; max++)
		assert_int_equal(atomic_file_read(in_folder("long"), max, &data, &size),
				 -EFBIG);
	assert_int_equal(atomic_file_read(in_folder("long"), SIZE, &data, &size), 0);
	assert_int_equal(size, SIZE);
}

static void the_state_folder_depends_on_user_and_environment(void **state)
{
	char path[PATH_MAX];

	(void)state;
	setenv("IMA_STATE_DIR", "/some/where", 1);
	assert_int_equal(state_dir_path(path, sizeof(path)), 0);
	assert_string_equal(path, "/some/where");
	assert_int_equal(state_dir_path(path, 11), -ENAMETOOLONG);
	setenv("IMA_STATE_DIR", "not/absolute", 1);
	assert_int_equal(state_dir_path(path, sizeof(path)), -EINVAL);
	unsetenv("IMA_STATE_DIR");
	setenv("XDG_STATE_HOME", "/xdg", 1);
	assert_int_equal(state_dir_path(path, sizeof(path)), 0);
	assert_string_equal(path, geteuid() ? "/xdg/ima" : IMA_STATE_DIRECTORY);
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", "/of/user", 1);
	assert_int_equal(state_dir_path(path, sizeof(path)), 0);
	assert_string_equal(path, geteuid() ? "/of/user/.local/state/ima"
					    : IMA_STATE_DIRECTORY);
}

static void the_state_folder_is_made_with_those_above(void **state)
{
	struct stat st;

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(state_dir_make(in_folder("a/b/c")), 0);
	assert_int_equal(stat(in_folder("a/b"), &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	assert_int_equal(stat(in_folder("a/b/c"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	write_text(in_folder("file"), "x");
	assert_int_equal(state_dir_make(in_folder("file")), -ENOTDIR);
	assert_int_equal(state_dir_make(in_folder("file/below")), -ENOTDIR);
}

static void trust_depends_on_who_can_write(void **state)
{
	static const struct {
		mode_t folder, file;
		int err;
	} cases[] = {
		{ 0755, 0644, 0 },	{ 0700, 0755, 0 },	{ 01777, 0600, 0 },
		{ 0755, 0666, -EPERM }, { 0777, 0644, -EPERM }, { 01777, 0602, -EPERM },
	};
	char real[PATH_MAX];
	const char *why;

	(void)state;
	mkdir(in_folder("d"), 0700);
	write_text(in_folder("d/f"), "x");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(chmod(in_folder("d"), cases[i].folder), 0);
		assert_int_equal(chmod(in_folder("d/f"), cases[i].file), 0);
		assert_int_equal(trust_check(in_folder("d/f"), real, &why), cases[i].err);
		assert_true(!why == !cases[i].err);
	}
}

static void a_link_is_judged_by_what_it_leads_to(void **state)
{
	char real[PATH_MAX];
	const char *why;

	(void)state;
	write_text(in_folder("good"), "x");
	assert_int_equal(symlink(in_folder("good"), in_folder("link")), 0);
	assert_int_equal(trust_check(in_folder("link"), real, &why), 0);
	assert_string_equal(real, in_folder("good"));
	assert_int_equal(chmod(in_folder("good"), 0666), 0);
	assert_int_equal(trust_check(in_folder("link"), real, &why), -EPERM);
	assert_int_equal(trust_check(in_folder("none"), real, &why), -ENOENT);
	assert_string_equal(why, "does not exist");
	assert_int_equal(trust_check("relative", real, &why), -EINVAL);
}

static void files_of_other_users_are_not_trusted(void **state)
{
	char real[PATH_MAX];
	const char *why;

	(void)state;
	write_text(in_folder("file"), "x");
	if (geteuid()) {
		print_message("# only root can give a file away\n");
		skip();
	}
	assert_int_equal(chown(in_folder("file"), 12345, 0), 0);
	assert_int_equal(trust_check(in_folder("file"), real, &why), -EPERM);
	assert_int_equal(chown(in_folder("file"), 0, 12345), 0);
	assert_int_equal(trust_check(in_folder("file"), real, &why), 0);
	assert_int_equal(chmod(in_folder("file"), 0664), 0);
	assert_int_equal(trust_check(in_folder("file"), real, &why), -EPERM);
	assert_string_equal(why, "can be written by a group");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		folder_test(a_file_is_replaced_as_a_whole),
		folder_test(a_failure_leaves_the_old_file_and_nothing_else),
		folder_test(only_regular_files_of_the_size_are_read),
		folder_test(a_long_file_is_read_to_its_end),
		cmocka_unit_test(the_state_folder_depends_on_user_and_environment),
		folder_test(the_state_folder_is_made_with_those_above),
		folder_test(trust_depends_on_who_can_write),
		folder_test(a_link_is_judged_by_what_it_leads_to),
		folder_test(files_of_other_users_are_not_trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
