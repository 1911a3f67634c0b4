// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test-database.c - attributes, records and the node database, on recorded trees.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ima.h"
#include "plugins/linux/attr.h"
#include "plugins/linux/nodedb.h"
#include "plugins/linux/record.h"
#include "shared/cleanup.h"
#include "tree.h"

#define DB_ROOT "etc/iscsi"

static int open_database(const struct tree *tree)
{
	int fd = openat(tree->fd, DB_ROOT, O_PATH);

	assert_true(fd >= 0);
	return fd;
}

/* --- Attributes ------------------------------------------------------------------------- */

static void an_attribute_is_its_text_without_the_newline(void **state)
{
	static const struct {
		const char *content;
		int result;
		const char *text;
	} cases[] = {
		{ "LOGGED_IN\n", 9, "LOGGED_IN" },
		{ "no newline", 10, "no newline" },
		{ "two\nlines\n", 9, "two\nlines" },
		{ "(null)\n", -ENODATA, NULL },
		{ "\n", -ENODATA, NULL },
		{ "", -ENODATA, NULL },
		{ "0123456789abcdef\n", -EFBIG, NULL },
	};
	struct tree tree;

	(void)state;
	tree_make_empty(&tree);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[16] = "before";

		tree_put(&tree, "a", cases[i].content);
		assert_int_equal(attr_read(tree.fd, "a", text, sizeof(text)),
				 cases[i].result);
		assert_string_equal(text, cases[i].text ? cases[i].text : "before");
	}
	tree_end(&tree);
}

static void a_number_is_strict(void **state)
{
	static const struct {
		const char *content;
		int result;
		uint64_t value;
	} cases[] = {
		{ "0\n", 0, 0 },
		{ "0x39\n", 0, 0x39 },
		{ "255\n", 0, 255 },
		{ "256\n", -EINVAL, 7 },
		{ "-1\n", -EINVAL, 7 },
		{ "1 2\n", -EINVAL, 7 },
		{ "None\n", -EINVAL, 7 },
		{ "\n", -ENODATA, 7 },
		{ "00000000000000000000000000000000000001\n", -EINVAL, 7 },
	};
	struct tree tree;

	(void)state;
	tree_make_empty(&tree);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t value = 7;

		tree_put(&tree, "n", cases[i].content);
		assert_int_equal(attr_number(tree.fd, "n", 255, &value), cases[i].result);
		assert_int_equal(value, cases[i].value);
	}
	assert_int_equal(attr_number(tree.fd, "missing", 255, &(uint64_t){ 0 }), -ENOENT);
	tree_end(&tree);
}

static void an_object_is_gone_when_its_files_are(void **state)
{
	(void)state;
	assert_true(attr_is_gone(-ENOENT));
	assert_true(attr_is_gone(-ENODEV));
	assert_false(attr_is_gone(-EACCES));
	assert_false(attr_is_gone(0));
}

static void a_folder_of_many_names_is_read_whole(void **state)
{
	struct names names;
	struct tree tree;
	char name[300];

	(void)state;
	tree_make_empty(&tree);
	for (int i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "d/%0200d", i);
		tree_put(&tree, name, "");
	}
	tree_put(&tree, "d/.hidden", "");
	assert_int_equal(names_read(tree.fd, "d", &names), 0);
	assert_int_equal(names.count, 600);
	for (size_t i = 0; i < names.count; i++)
		assert_int_equal(strlen(names.list[i].text), 200);
	names_free(&names);
	assert_int_equal(names_read(tree.fd, "missing", &names), -ENOENT);
	tree_end(&tree);
}

/* --- Records ---------------------------------------------------------------------------- */

static const char sample[] = "# BEGIN RECORD 2.1.8\n"
			     "node.name = iqn.2024-01.test:t1\n"
			     "node.tpgt=1\n"
			     "  iface.mtu  =  0 \r\n"
			     "iface.state = <empty>\n"
			     "iface.alias =\n"
			     "#node.tpgt = 9\n"
			     "no separator\n"
			     "= no key\n"
			     "node.session.auth.password = a = b # c\n"
			     "node.tpgt = 2\n"
			     "# END RECORD\n";

static void a_record_gives_the_values_of_its_keys(void **state)
{
	static const struct {
		const char *key, *value;
	} cases[] = {
		{ "node.name", "iqn.2024-01.test:t1" },
		{ "node.tpgt", "2" },
		{ "iface.mtu", "0" },
		{ "iface.state", NULL },
		{ "iface.alias", NULL },
		{ "node.session.auth.password", "a = b # c" },
		{ "missing", NULL },
	};
	struct record record;
	uint64_t value;

	(void)state;
	assert_int_equal(record_parse(sample, sizeof(sample) - 1, &record), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *value_text = record_get(&record, cases[i].key);

		if (cases[i].value)
			assert_string_equal(value_text, cases[i].value);
		else
			assert_null(value_text);
	}
	assert_int_equal(record_number(&record, "node.tpgt", 65535, &value), 0);
	assert_int_equal(value, 2);
	assert_int_equal(record_number(&record, "node.name", 65535, &value), -EINVAL);
	assert_int_equal(record_number(&record, "missing", 65535, &value), -ENODATA);
	record_free(&record);
}

static void records_of_any_bytes_are_survived(void **state)
{
	static const char *const texts[] = { "",   "\n",     "=",      "a",
					     "a=", "a=b",    " = ",    "\n\n=\n=",
					     "#",  "a=b\n#", "\r\n\r", "a =\r" };
	struct record record;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(record_parse(texts[i], strlen(texts[i]), &record), 0);
		record_get(&record, "a");
		record_free(&record);
	}
	assert_int_equal(record_parse("a\0=\0b\n", 6, &record), 0);
	record_free(&record);
}

static void an_edit_changes_its_keys_and_nothing_else(void **state)
{
	static const struct record_change changes[] = {
		{ "node.tpgt", "7" },
		{ "node.session.auth.username", "user" },
		{ "iface.mtu", NULL },
		{ "not.there", NULL },
	};
	static const char expected[] = "# BEGIN RECORD 2.1.8\n"
				       "node.name = iqn.2024-01.test:t1\n"
				       "node.tpgt = 7\n"
				       "iface.state = <empty>\n"
				       "iface.alias =\n"
				       "#node.tpgt = 9\n"
				       "no separator\n"
				       "= no key\n"
				       "node.session.auth.password = a = b # c\n"
				       "node.session.auth.username = user\n"
				       "# END RECORD\n";
	size_t size;
	char *text;

	(void)state;
	assert_int_equal(record_edit(sample, sizeof(sample) - 1, changes,
				     ARRAY_SIZE(changes), &text, &size),
			 0);
	assert_string_equal(text, expected);
	assert_int_equal(size, sizeof(expected) - 1);
	record_text_free(text, size);
}

static void an_edit_appends_where_there_is_no_end_of_record(void **state)
{
	static const struct record_change change = { "b", "2" };
	size_t size;
	char *text;

	(void)state;
	assert_int_equal(record_edit("a = 1", 5, &change, 1, &text, &size), 0);
	assert_string_equal(text, "a = 1\nb = 2\n");
	record_text_free(text, size);
	assert_int_equal(record_edit("", 0, &change, 1, &text, &size), 0);
	assert_string_equal(text, "b = 2\n");
	record_text_free(text, size);
}

static void a_value_cannot_smuggle_a_line_in(void **state)
{
	static const struct record_change change = { "b", "2\nc = 3" };
	size_t size;
	char *text;

	(void)state;
	assert_int_equal(record_edit("a = 1", 5, &change, 1, &text, &size), -EINVAL);
}

/* --- Database --------------------------------------------------------------------------- */

#define ST     IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS
#define STATIC (IMA_TARGET_DISCOVERY_METHOD_STATIC | DB_METHOD_BY_HAND)

static void the_recorded_database_is_read_whole(void **state)
{
	static const struct db_node nodes[] = {
		{ "default",
		  "iqn.2024-01.test:idle",
		  { "127.0.0.1", 3261, 1 },
		  ST,
		  false },
		{ "default",
		  "iqn.2024-01.test:lio",
		  { "127.0.0.1", 3260, 1 },
		  ST,
		  false },
		{ "default",
		  "iqn.2024-01.test:lio",
		  { "127.0.0.2", 3260, 1 },
		  ST,
		  false },
		{ "default", "iqn.2024-01.test:lio", { "::1", 3260, 1 }, ST, false },
		{ "default",
		  "iqn.2024-01.x:oldform",
		  { "10.0.0.2", 3260, -1 },
		  STATIC,
		  true },
		{ "default",
		  "iqn.2024-01.x:static",
		  { "10.0.0.1", 3260, 1 },
		  STATIC,
		  false },
		{ "ifx", "iqn.2024-01.test:idle", { "127.0.0.1", 3261, 1 }, ST, false },
		{ "ifx", "iqn.2024-01.test:lio", { "127.0.0.1", 3260, 1 }, ST, false },
		{ "ifx", "iqn.2024-01.test:lio", { "127.0.0.2", 3260, 1 }, ST, false },
		{ "ifx", "iqn.2024-01.test:lio", { "::1", 3260, 1 }, ST, false },
	};
	struct nodedb db;
	struct tree tree;
	int root;

	(void)state;
	tree_make(&tree, "two-interfaces");
	root = open_database(&tree);
	assert_int_equal(nodedb_read(root, &db), 0);
	assert_int_equal(db.node_count, ARRAY_SIZE(nodes));
	for (size_t i = 0; i < db.node_count; i++) {
		assert_string_equal(db.nodes[i].iface, nodes[i].iface);
		assert_string_equal(db.nodes[i].target, nodes[i].target);
		assert_string_equal(db.nodes[i].portal.host, nodes[i].portal.host);
		assert_int_equal(db.nodes[i].portal.port, nodes[i].portal.port);
		assert_int_equal(db.nodes[i].portal.tpgt, nodes[i].portal.tpgt);
		assert_int_equal(db.nodes[i].methods, nodes[i].methods);
		assert_int_equal(db.nodes[i].old_form, nodes[i].old_form);
	}
	assert_int_equal(db.send_targets_count, 3);
	assert_string_equal(db.send_targets[0].portal.host, "10.0.0.7");
	assert_int_equal(db.isns_count, 1);
	assert_string_equal(db.isns[0].portal.host, "10.0.0.5");
	assert_int_equal(db.isns[0].portal.port, 3205);
	assert_int_equal(db.iface_count, 1);
	assert_string_equal(db.ifaces[0].name, "ifx");
	assert_string_equal(db.ifaces[0].transport, "tcp");
	assert_string_equal(db.ifaces[0].initiator_name, "iqn.2024-01.init:x");
	assert_null(db.ifaces[0].netdev);
	assert_false(db.denied);
	nodedb_free(&db);
	close(root);
	tree_end(&tree);
}

static void a_missing_database_is_empty(void **state)
{
	struct nodedb db;
	struct tree tree;

	(void)state;
	tree_make_empty(&tree);
	assert_int_equal(nodedb_read(tree.fd, &db), 0);
	assert_int_equal(db.node_count + db.send_targets_count + db.iface_count, 0);
	nodedb_free(&db);
	tree_end(&tree);
}

static void strange_names_are_no_nodes(void **state)
{
	static const char *const paths[] = {
		"nodes/iqn.a/no portal/default",
		"nodes/iqn.a/,3260,1/default",
		"nodes/iqn.a/10.0.0.1,/default",
		"nodes/iqn.a/10.0.0.1,99999,1/default",
		"nodes/iqn.a/10.0.0.1,-1,1/default",
		"nodes/file in nodes",
		"send_targets/nonsense/st_config",
		"ifaces/.hidden",
	};
	struct nodedb db;
	struct tree tree;

	(void)state;
	tree_make_empty(&tree);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		tree_put(&tree, paths[i], "x = y\n");
	tree_put(&tree, "nodes/iqn.a/10.0.0.1,3260,4294967295/default", "x = y\n");
	tree_link(&tree, "static/a,b", "x");
	tree_link(&tree, "static/,b,1,1,default", "x");
	assert_int_equal(nodedb_read(tree.fd, &db), 0);
	assert_int_equal(db.node_count, 1);
	assert_int_equal(db.nodes[0].portal.tpgt, PORTAL_NO_TPGT);
	assert_int_equal(db.send_targets_count, 0);
	nodedb_free(&db);
	tree_end(&tree);
}

static void make_many(const struct tree *tree, int count)
{
	char path[256], link[256];

	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "nodes/iqn.t:%d/10.0.0.1,3260,1/default", i);
		tree_put(tree, path, "node.tpgt = 1\n");
		snprintf(link, sizeof(link),
			 "send_targets/10.0.0.1,3260/iqn.t:%d,10.0.0.1,3260,1,default",
			 i);
		tree_link(tree, link, "x");
	}
}

static void many_targets_are_listed_without_opening_their_folders(void **state)
{
	struct nodedb db;
	struct tree tree;
	int second = 0;

	(void)state;
	tree_make_empty(&tree);
	make_many(&tree, NODEDB_WALK_MAX + 10);
	/* One that the links do not explain, one that they name but that is gone. */
	tree_put(&tree, "nodes/iqn.t:5/10.0.0.9,3260,1/default", "node.tpgt = 1\n");
	tree_remove(&tree, "nodes/iqn.t:7");
	assert_int_equal(nodedb_read(tree.fd, &db), 0);
	assert_int_equal(db.node_count, NODEDB_WALK_MAX + 10);
	for (size_t i = 0; i < db.node_count; i++) {
		assert_string_not_equal(db.nodes[i].target, "iqn.t:7");
		second += !strcmp(db.nodes[i].portal.host, "10.0.0.9");
	}
	assert_int_equal(second, 1);
	nodedb_free(&db);
	tree_end(&tree);
}

static void a_stamp_changes_when_something_is_added_or_removed(void **state)
{
	static const char *const added[] = {
		"nodes/iqn.b/10.0.0.1,3260,1/default",
		"send_targets/10.0.0.2,3260/st_config",
		"send_targets/10.0.0.1,3260/iqn.t:0,10.0.0.3,3260,1,default",
		"isns/10.0.0.5,3205/isns_config",
		"ifaces/x",
		"static/iqn.b,10.0.0.1,3260,1,default",
	};
	struct db_stamp before, after;
	struct tree tree;

	(void)state;
	tree_make_empty(&tree);
	make_many(&tree, 2);
	assert_int_equal(nodedb_stamp(tree.fd, &before), 0);
	for (size_t i = 0; i < ARRAY_SIZE(added); i++) {
		usleep(20000); /* the clock of file systems ticks every few milliseconds */
		tree_put(&tree, added[i], "");
		assert_int_equal(nodedb_stamp(tree.fd, &after), 0);
		assert_true(after.sum != before.sum);
		before = after;
	}
	assert_int_equal(nodedb_stamp(tree.fd, &after), 0);
	assert_true(after.sum == before.sum);
	tree_end(&tree);
}

static void the_path_of_a_node_names_its_file(void **state)
{
	struct nodedb db;
	struct tree tree;
	int root;

	(void)state;
	tree_make(&tree, "two-interfaces");
	root = open_database(&tree);
	assert_int_equal(nodedb_read(root, &db), 0);
	for (size_t i = 0; i < db.node_count; i++) {
		struct record _cleanup_record_ record = { 0 };
		char path[512];

		assert_int_equal(node_path(&db.nodes[i], path, sizeof(path)), 0);
		assert_int_equal(record_read(root, path, &record), 0);
		assert_string_equal(record_get(&record, "node.name"), db.nodes[i].target);
		assert_int_equal(node_path(&db.nodes[i], path, 20), -ENAMETOOLONG);
	}
	nodedb_free(&db);
	close(root);
	tree_end(&tree);
}

static void portals_are_compared_by_their_address(void **state)
{
	static const struct {
		struct portal a, b;
		bool same;
	} cases[] = {
		{ { "::1", 3260, 1 },
		  { "0000:0000:0000:0000:0000:0000:0000:0001", 3260, 2 },
		  true },
		{ { "10.0.0.1", 3260, 1 }, { "10.0.0.1", 3261, 1 }, false },
		{ { "10.0.0.1", 3260, 1 }, { "10.0.0.2", 3260, 1 }, false },
		{ { "Array.example", 3260, 1 }, { "array.example", 3260, 1 }, true },
		{ { "array.example", 3260, 1 }, { "other.example", 3260, 1 }, false },
		{ { "fe80::1%eth0", 3260, 1 }, { "fe80:0::1", 3260, 1 }, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(portal_same_place(&cases[i].a, &cases[i].b),
				 cases[i].same);
}

static void a_portal_is_written_as_iscsiadm_reads_it(void **state)
{
	static const struct {
		struct portal portal;
		const char *text;
	} cases[] = {
		{ { "10.0.0.1", 3260, 1 }, "10.0.0.1:3260,1" },
		{ { "10.0.0.1", 3260, PORTAL_NO_TPGT }, "10.0.0.1:3260" },
		{ { "::1", 860, 65535 }, "[::1]:860,65535" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[300];

		portal_format(&cases[i].portal, text, sizeof(text));
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attribute_is_its_text_without_the_newline),
		cmocka_unit_test(a_number_is_strict),
		cmocka_unit_test(an_object_is_gone_when_its_files_are),
		cmocka_unit_test(a_folder_of_many_names_is_read_whole),
		cmocka_unit_test(a_record_gives_the_values_of_its_keys),
		cmocka_unit_test(records_of_any_bytes_are_survived),
		cmocka_unit_test(an_edit_changes_its_keys_and_nothing_else),
		cmocka_unit_test(an_edit_appends_where_there_is_no_end_of_record),
		cmocka_unit_test(a_value_cannot_smuggle_a_line_in),
		cmocka_unit_test(the_recorded_database_is_read_whole),
		cmocka_unit_test(a_missing_database_is_empty),
		cmocka_unit_test(strange_names_are_no_nodes),
		cmocka_unit_test(many_targets_are_listed_without_opening_their_folders),
		cmocka_unit_test(a_stamp_changes_when_something_is_added_or_removed),
		cmocka_unit_test(the_path_of_a_node_names_its_file),
		cmocka_unit_test(portals_are_compared_by_their_address),
		cmocka_unit_test(a_portal_is_written_as_iscsiadm_reads_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
