// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test-ring.c - what is read by a ring of the kernel is what is read without one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugins/linux/attr.h"
#include "plugins/linux/ring.h"
#include "shared/cleanup.h"
#include "tree.h"

#define MANY 150 /* more than a ring takes at a time */

static struct tree tree;

static int begin(void **state)
{
	(void)state;
	tree_make_empty(&tree);
	ring_use(RING_ALWAYS);
	return 0;
}

static int end(void **state)
{
	(void)state;
	ring_use(RING_MEASURED);
	tree_end(&tree);
	return 0;
}

/* Not every kernel has rings, and not every process may use them. */
static void need_ring(void)
{
	char text[8];
	struct ring_job job = { tree.fd, "nothing", text, sizeof(text), 0 };

	if (!ring_run(&job, 1))
		skip();
	assert_int_equal(job.result, -ENOENT);
}

static void set(struct attr *attr, const char *path)
{
	attr->dir = tree.fd;
	snprintf(attr->path, sizeof(attr->path), "%s", path);
	memset(attr->text, 'x', sizeof(attr->text));
	attr->length = 12345;
}

static void put_long(const char *name, size_t length)
{
	char text[6000];

	memset(text, 'a', length);
	text[length] = 0;
	tree_put(&tree, name, text);
}

static void put_files(void)
{
	tree_put(&tree, "word", "None\n");
	tree_put(&tree, "lines", "one\ntwo\n\n");
	tree_put(&tree, "empty", "");
	tree_put(&tree, "null", "(null)\n");
	tree_put(&tree, "two/one", "12");
	put_long("longest", ATTR_SIZE - 1);
	put_long("longer", ATTR_SIZE);
	put_long("page", RING_TEXT);
	put_long("huge", 5000);
	tree_dir(&tree, "folder");
	tree_link(&tree, "link", "word");
	tree_link(&tree, "loop", "loop");
}

static void attributes_are_the_same_with_and_without_a_ring(void **state)
{
	static const char *const names[] = { "word",	"lines", "empty", "null",
					     "longest", "huge",	 "page",  "folder",
					     "nothing", "link",	 "loop",  "word",
					     "two/one", "longer" };
	struct attr with[ARRAY_SIZE(names)], without[ARRAY_SIZE(names)];

	(void)state;
	need_ring();
	put_files();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		set(&with[i], names[i]);
		set(&without[i], names[i]);
	}
	attrs_read(with, ARRAY_SIZE(names));
	ring_use(RING_NEVER);
	attrs_read(without, ARRAY_SIZE(names));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		assert_int_equal(with[i].length, without[i].length);
		if (with[i].length >= 0)
			assert_string_equal(with[i].text, without[i].text);
	}
	assert_string_equal(with[0].text, "None");
	assert_int_equal(with[2].length, -ENODATA);
	assert_int_equal(with[3].length, -ENODATA);
	assert_int_equal(with[4].length, ATTR_SIZE - 1);
	assert_int_equal(with[5].length, -EFBIG);
	assert_int_equal(with[8].length, -ENOENT);
}

static void many_files_are_read_in_several_rounds(void **state)
{
	struct attr *attrs = calloc(MANY, sizeof(*attrs));
	char text[32];

	(void)state;
	need_ring();
	assert_non_null(attrs);
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "file%d", i);
		set(&attrs[i], text);
		snprintf(text, sizeof(text), "%d\n", i * i);
		if (i % 7)
			tree_put(&tree, attrs[i].path, text);
	}
	for (int round = 0; round < 3; round++)
		attrs_read(attrs, MANY);
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "%d", i * i);
		if (i % 7)
			assert_string_equal(attrs[i].text, text);
		else
			assert_int_equal(attrs[i].length, -ENOENT);
	}
	free(attrs);
}

static void no_descriptor_is_left_behind(void **state)
{
	struct attr attr;
	int before, after;

	(void)state;
	need_ring();
	tree_put(&tree, "word", "None\n");
	before = dup(tree.fd);
	close(before);
	for (int i = 0; i < 100; i++) {
		set(&attr, i % 2 ? "word" : "nothing");
		attrs_read(&attr, 1);
	}
	after = dup(tree.fd);
	close(after);
	assert_int_equal(before, after);
}

static void links_of_folders_are_counted(void **state)
{
	const char *paths[MANY];
	char names[MANY][40];
	int counts[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "t%d", i);
		paths[i] = names[i];
		if (i % 5)
			tree_dir(&tree, names[i]);
		snprintf(names[i], sizeof(names[i]), "t%d/below", i);
		if (i % 5 && i % 2)
			tree_dir(&tree, names[i]);
		snprintf(names[i], sizeof(names[i]), "t%d", i);
	}
	for (int with = 1; with >= 0; with--) {
		ring_use(with ? RING_ALWAYS : RING_NEVER);
		link_counts(tree.fd, paths, MANY, counts);
		for (int i = 0; i < MANY; i++) {
			struct stat st;
			int err = fstatat(tree.fd, paths[i], &st, 0);

			assert_int_equal(counts[i], err ? -ENOENT : (int)st.st_nlink);
		}
	}
}

static void a_whole_file_is_the_same_with_and_without_a_ring(void **state)
{
	static const size_t sizes[] = { 1, 100, RING_TEXT - 1, RING_TEXT, 5999 };

	(void)state;
	need_ring();
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		_cleanup_free_ char *text = NULL;
		size_t size;

		put_long("file", sizes[i]);
		assert_int_equal(file_read(tree.fd, "file", 8192, &text, &size), 0);
		assert_int_equal(size, sizes[i]);
		assert_int_equal(strlen(text), size);
	}
	tree_put(&tree, "file", "twelve bytes");
	assert_int_equal(
		file_read(tree.fd, "file", 11, &(char *){ NULL }, &(size_t){ 0 }),
		-EFBIG);
}

/* What a test of cmocka fails with is not for a child. */
static int read_in_child(void)
{
	struct attr attr;

	set(&attr, "word");
	attrs_read(&attr, 1);
	return strcmp(attr.text, "None") ? 1 : 0;
}

static void a_child_reads_without_the_ring_of_its_parent(void **state)
{
	struct attr attr;
	int status;
	pid_t pid;

	(void)state;
	need_ring();
	tree_put(&tree, "word", "None\n");
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		_exit(read_in_child());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	set(&attr, "word");
	attrs_read(&attr, 1);
	assert_string_equal(attr.text, "None");
}

#define RING_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(attributes_are_the_same_with_and_without_a_ring),
		RING_TEST(many_files_are_read_in_several_rounds),
		RING_TEST(no_descriptor_is_left_behind),
		RING_TEST(links_of_folders_are_counted),
		RING_TEST(a_whole_file_is_the_same_with_and_without_a_ring),
		RING_TEST(a_child_reads_without_the_ring_of_its_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
