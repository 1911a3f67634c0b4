// SPDX-License-Identifier: LGPL-2.1-or-later
/* ima.conf and its drop-in folder. */
#include "unit.h"

#include "lib/configuration.h"

static struct configuration found;

static int set_up(void **state)
{
	configuration_init(&found);
	return folder_make(state);
}

static int tear_down(void **state)
{
	configuration_free(&found);
	return folder_remove(state);
}

static void parse(const char *text)
{
	configuration_free(&found);
	assert_int_equal(configuration_parse(&found, text, strlen(text), "test"), 0);
}

static void expect(size_t i, const char *name, const char *path)
{
	assert_true(i < found.count);
	assert_string_equal(found.plugins[i].name, name);
	assert_string_equal(found.plugins[i].path, path);
}

static void one_line_is_one_plugin(void **state)
{
	static const struct {
		const char *line, *name, *path; /* name NULL: skipped */
	} cases[] = {
		{ "com.sun.ima\t\t/usr/lib/libsun_ima.so.1", "com.sun.ima",
		  "/usr/lib/libsun_ima.so.1" },
		{ "a /b\n", "a", "/b" },
		{ "a \t /b \t \n", "a", "/b" },
		{ "a /b\r\n", "a", "/b" },
		{ "  \ta /b", "a", "/b" },
		{ "a /with blanks/in it.so ", "a", "/with blanks/in it.so" },
		{ "a b\t/c", NULL, NULL }, /* the name ends at the first blank */
		{ "a\t/b # no comment", "a", "/b # no comment" },
		{ "# a /b", NULL, NULL },
		{ "   # a /b", NULL, NULL },
		{ "", NULL, NULL },
		{ "\n \t \r\n", NULL, NULL },
		{ "a", NULL, NULL },
		{ "a \t", NULL, NULL },
		{ "/no/name", NULL, NULL },
		{ "a relative/path.so", NULL, NULL },
		{ "a libima-plugin.so", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		print_message("# case %zu\n", i);
		parse(cases[i].line);
		assert_int_equal(found.count, cases[i].name ? 1 : 0);
		if (cases[i].name)
			expect(0, cases[i].name, cases[i].path);
	}
}

static void a_bad_line_hides_no_other(void **state)
{
	(void)state;
	parse("a /a\nbad\n\nb relative\nc /c");
	assert_int_equal(found.count, 2);
	expect(0, "a", "/a");
	expect(1, "c", "/c");
}

static void a_line_with_a_zero_byte_is_skipped(void **state)
{
	static const char text[] = "a /a\0b\nc /c\n";

	(void)state;
	assert_int_equal(configuration_parse(&found, text, sizeof(text) - 1, "test"), 0);
	assert_int_equal(found.count, 1);
	expect(0, "c", "/c");
}

static void of_two_plugins_with_one_name_the_first_counts(void **state)
{
	(void)state;
	parse("a /first\nb /b\na /second\n");
	assert_int_equal(found.count, 2);
	expect(0, "a", "/first");
}

/* name_length letters, a tab, a path of path_length bytes. */
static void parse_long(size_t name_length, size_t path_length)
{
	char _cleanup_free_ *text = malloc(name_length + path_length + 4);
	char *path = text + name_length + 1;

	memset(text, 'n', name_length);
	text[name_length] = '\t';
	memset(path, 'p', path_length);
	path[0] = '/';
	memcpy(path + path_length, "\n", 2);
	parse(text);
}

static void long_lines_are_kept_up_to_the_limits(void **state)
{
	(void)state;
	parse_long(63, 255); /* what every library takes */
	assert_int_equal(found.count, 1);
	parse_long(CONFIGURATION_NAME_MAX, CONFIGURATION_PATH_MAX);
	assert_int_equal(found.count, 1);
	assert_int_equal(strlen(found.plugins[0].path), CONFIGURATION_PATH_MAX);
	parse_long(CONFIGURATION_NAME_MAX + 1, 10);
	assert_int_equal(found.count, 0);
	parse_long(10, CONFIGURATION_PATH_MAX + 1);
	assert_int_equal(found.count, 0);
	parse_long(10, 100000);
	assert_int_equal(found.count, 0);
}

static void any_number_of_plugins_is_kept(void **state)
{
	char line[32];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int size = snprintf(line, sizeof(line), "plugin.%d /%d\n", i, i);

		assert_int_equal(configuration_parse(&found, line, (size_t)size, "test"),
				 0);
	}
	assert_int_equal(found.count, 1000);
	expect(999, "plugin.999", "/999");
}

static void the_deadline_can_be_set(void **state)
{
	static const struct {
		const char *text;
		uint32_t deadline;
	} cases[] = {
		{ "", 15000 },
		{ "deadline-ms 30000\n", 30000 },
		{ "deadline-ms\t1\n", 1 },
		{ "deadline-ms 3600000\n", 3600000 },
		{ "deadline-ms 1\ndeadline-ms 2", 2 },
		{ "deadline-ms 0\n", 15000 },
		{ "deadline-ms 3600001\n", 15000 },
		{ "deadline-ms 10s\n", 15000 },
		{ "deadline-ms -1\n", 15000 },
		{ "deadline 10\n", 15000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		parse(cases[i].text);
		assert_int_equal(found.deadline, cases[i].deadline);
		assert_int_equal(found.count, 0);
	}
	/* An absolute path makes it a plugin, whatever it is called. */
	parse("deadline-ms /usr/lib/x.so\n");
	expect(0, "deadline-ms", "/usr/lib/x.so");
}

static void drop_ins_follow_in_the_order_of_their_names(void **state)
{
	(void)state;
	mkdir(in_folder("conf.d"), 0755);
	write_text(in_folder("conf"), "main /main\n");
	write_text(in_folder("conf.d/b.conf"), "b /b\nmain /again\n");
	write_text(in_folder("conf.d/a.conf"), "a /a");
	write_text(in_folder("conf.d/Z.conf"), "z /z");
	write_text(in_folder("conf.d/.hidden.conf"), "hidden /hidden");
	write_text(in_folder("conf.d/a.conf~"), "backup /backup");
	write_text(in_folder("conf.d/.conf"), "nameless /nameless");
	assert_int_equal(configuration_load(&found, in_folder("conf")), 0);
	assert_int_equal(found.count, 4);
	expect(0, "main", "/main");
	expect(1, "z", "/z");
	expect(2, "a", "/a");
	expect(3, "b", "/b");
}

static void a_missing_file_is_no_error(void **state)
{
	(void)state;
	assert_int_equal(configuration_load(&found, in_folder("conf")), 0);
	assert_int_equal(found.count, 0);
	mkdir(in_folder("conf.d"), 0755);
	write_text(in_folder("conf.d/only.conf"), "only /only");
	assert_int_equal(configuration_load(&found, in_folder("conf")), 0);
	expect(0, "only", "/only");
}

static void files_that_others_can_write_are_not_read(void **state)
{
	(void)state;
	mkdir(in_folder("conf.d"), 0755);
	write_text(in_folder("conf"), "main /main\n");
	write_text(in_folder("conf.d/a.conf"), "a /a\n");
	assert_int_equal(chmod(in_folder("conf"), 0666), 0);
	assert_int_equal(configuration_load(&found, in_folder("conf")), 0);
	assert_int_equal(found.count, 1);
	expect(0, "a", "/a");
	configuration_free(&found);
	assert_int_equal(chmod(in_folder("conf"), 0644), 0);
	assert_int_equal(chmod(in_folder("conf.d"), 0777), 0);
	assert_int_equal(configuration_load(&found, in_folder("conf")), 0);
	assert_int_equal(found.count, 1);
	expect(0, "main", "/main");
}

static void what_is_no_file_is_not_read(void **state)
{
	(void)state;
	mkdir(in_folder("conf"), 0755);
	mkdir(in_folder("conf.d"), 0755);
	assert_int_equal(mkfifo(in_folder("conf.d/a.conf"), 0644), 0);
	assert_int_equal(configuration_load(&found, in_folder("conf")), 0);
	assert_int_equal(found.count, 0);
}

static void the_environment_names_another_file(void **state)
{
	(void)state;
	setenv("IMA_CONFIG", "/else/where", 1);
	assert_string_equal(configuration_path(), "/else/where");
	setenv("IMA_CONFIG", "", 1);
	assert_string_not_equal(configuration_path(), "");
	unsetenv("IMA_CONFIG");
	assert_int_equal(configuration_path()[0], '/');
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(one_line_is_one_plugin),
		TEST(a_bad_line_hides_no_other),
		TEST(a_line_with_a_zero_byte_is_skipped),
		TEST(of_two_plugins_with_one_name_the_first_counts),
		TEST(long_lines_are_kept_up_to_the_limits),
		TEST(any_number_of_plugins_is_kept),
		TEST(the_deadline_can_be_set),
		TEST(drop_ins_follow_in_the_order_of_their_names),
		TEST(a_missing_file_is_no_error),
		TEST(files_that_others_can_write_are_not_read),
		TEST(what_is_no_file_is_not_read),
		TEST(the_environment_names_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
