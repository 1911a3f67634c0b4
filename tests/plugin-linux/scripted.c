// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scripted.c - the plugin on a tree of its own.
 *
 * The plugin may be called by many threads: script_lock guards the script, and with it the tree
 * while a run changes it; the last error is each thread's own. A thread that a test made must not
 * fail for the test, so with runs in any order what was wrong is kept for expect_no_more_runs().
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scripted.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin-support/field.h"
#include "plugins/linux/linux.h"
#include "plugins/linux/record.h"

static struct tree *current_tree;
static const struct run *expected;
static size_t expected_count, done;
static bool any_order;
static char surprise[4096]; /* with any order: the first run that was not expected */
static pthread_mutex_t script_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local IMAX_LAST_ERROR error;
static unsigned int deadline_ms = 15000;

static IMA_UINT64 get_deadline(void)
{
	return host_now() + deadline_ms * 1000000ull;
}

static void set_last_error(const IMAX_LAST_ERROR *e)
{
	error = *e;
}

static void log_nothing(IMAX_LOG_LEVEL level, const IMA_CHAR *text)
{
	(void)level;
	(void)text;
}

static char state_folder[512];

static const IMAX_HOST host = {
	.size = sizeof(host),
	.GetDeadline = get_deadline,
	.SetLastError = set_last_error,
	.Log = log_nothing,
	.stateDirectory = state_folder,
};

static void join(const char *const argv[], char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 1; argv[i]; i++)
		n += (size_t)snprintf(text + n, n < size ? size - n : 0, "%s%s",
				      i > 1 ? " " : "", argv[i]);
	assert_true(n < size);
}

/* What is between a word and the next blank; "" if the word is not there. */
static void word_after(const char *arguments, const char *word, char *to, size_t size)
{
	const char *at = strstr(arguments, word);

	at = at ? at + strlen(word) : "";
	snprintf(to, size, "%.*s", (int)strcspn(at, " "), at);
}

static void update_record(struct tree *tree, const char *path, const char *arguments)
{
	const char *text = tree_text(tree, path);
	char key[128], value[128], *edited;
	const struct record_change change = { key, value };
	size_t size;

	for (const char *at = arguments; text && (at = strstr(at, "-n ")); at++) {
		word_after(at, "-n ", key, sizeof(key));
		word_after(at, "-v ", value, sizeof(value));
		assert_int_equal(
			record_edit(text, strlen(text), &change, 1, &edited, &size), 0);
		tree_put(tree, path, edited);
		record_text_free(edited, size);
		text = tree_text(tree, path);
	}
}

/* What iscsiadm does: all records, or those of one target and interface. */
static void update_nodes(struct tree *tree, const char *arguments)
{
	char target[256], iface[256], path[600];
	struct nodedb db;
	int root = world_database(&plugin.world);

	word_after(arguments, "-T ", target, sizeof(target));
	word_after(arguments, "-I ", iface, sizeof(iface));
	assert_int_equal(nodedb_read(root, &db), 0);
	close(root);
	for (size_t i = 0; i < db.node_count; i++) {
		if ((*target && strcmp(target, db.nodes[i].target)) ||
		    (*iface && strcmp(iface, db.nodes[i].iface)))
			continue;
		snprintf(path, sizeof(path), "etc/iscsi/");
		assert_int_equal(node_path(&db.nodes[i], path + 10, sizeof(path) - 10),
				 0);
		update_record(tree, path, arguments);
	}
	nodedb_free(&db);
}

static bool is_update(const struct run *run, const char *arguments)
{
	return !run->exit_code && !run->result && !strncmp(arguments, "-m node ", 8) &&
	       strstr(arguments, " -o update ");
}

static int give_result(const struct run *run, const char *text,
		       struct child_output *output)
{
	*output = (struct child_output){ .exit_code = run->exit_code };
	output->text = strdup(run->output ? run->output : "");
	output->size = strlen(output->text);
	if (run->errors)
		snprintf(output->errors, sizeof(output->errors), "%s", run->errors);
	if (run->effect)
		run->effect(current_tree, text);
	else if (is_update(run, text))
		update_nodes(current_tree, text);
	return run->result;
}

static int run_next(const char *text, struct child_output *output)
{
	if (done == expected_count)
		fail_msg("iscsiadm was not expected to run: %s", text);
	assert_string_equal(text, expected[done].arguments);
	return give_result(&expected[done++], text, output);
}

static int run_any(const char *text, struct child_output *output)
{
	for (size_t i = 0; i < expected_count; i++)
		if (!strncmp(expected[i].arguments, text, strlen(expected[i].arguments)))
			return give_result(&expected[i], text, output);
	if (!*surprise)
		snprintf(surprise, sizeof(surprise), "%s", text);
	return -EIO;
}

static int run_script(void *data, const char *const argv[], uint64_t deadline,
		      struct child_output *output)
{
	char text[4096];

	(void)data;
	(void)deadline;
	join(argv, text, sizeof(text));
	/* What is not expected ends the test here, with no lock held. */
	if (!any_order)
		return run_next(text, output);
	LOCKED(&script_lock);
	return run_any(text, output);
}

static int no_addresses(struct ifaddrs **list)
{
	*list = NULL;
	return 0;
}

void plugin_begin(struct tree *tree)
{
	current_tree = tree;
	memset(&error, 0, sizeof(error));
	*surprise = 0;
	deadline_ms = 15000;
	expect_no_more_runs();
	snprintf(state_folder, sizeof(state_folder), "%s/var/lib/ima", tree->path);
	assert_int_equal(setenv("IMA_LINUX_ROOT", tree->path, 1), 0);
	assert_int_equal(IMAX_SetHost(&host), IMA_STATUS_SUCCESS);
	assert_int_equal(Initialize(7), IMA_STATUS_SUCCESS);
	plugin.world.runner.run = run_script;
	plugin.world.addresses = no_addresses;
	snprintf(plugin.world.iscsiadm, sizeof(plugin.world.iscsiadm), "/sbin/iscsiadm");
}

void plugin_end(void)
{
	assert_int_equal(done, expected_count);
	Terminate();
	tree_end(current_tree);
}

void expect_runs(const struct run *runs, size_t count)
{
	assert_int_equal(done, expected_count);
	expected = runs;
	expected_count = count;
	done = 0;
}

void expect_any_runs(const struct run *runs, size_t count)
{
	expect_runs(runs, count);
	any_order = true;
}

void expect_no_more_runs(void)
{
	any_order = false;
	expected_count = done = 0;
	if (*surprise)
		fail_msg("iscsiadm was not expected to run: %s", surprise);
}

const IMAX_LAST_ERROR *last_error(void)
{
	return &error;
}

void set_deadline(unsigned int milliseconds)
{
	deadline_ms = milliseconds;
}

IMA_OID lhba_named(const char *name)
{
	IMA_LHBA_PROPERTIES props;
	IMA_OID_LIST *list;
	char text[256];
	IMA_OID oid = { 0 };

	assert_int_equal(IMA_GetLhbaOidList(&list), IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(IMA_GetLhbaProperties(list->oids[i], &props),
				 IMA_STATUS_SUCCESS);
		FIELD_GET(props.osDeviceName, text);
		if (!strcmp(text, name))
			oid = list->oids[i];
	}
	IMA_FreeMemory(list);
	if (!oid.objectType)
		fail_msg("no LHBA %s", name);
	return oid;
}

IMA_OID target_named(const char *lhba, const char *name)
{
	IMA_TARGET_PROPERTIES props;
	IMA_OID_LIST *list;
	char text[256];
	IMA_OID oid = { 0 };

	assert_int_equal(IMA_GetTargetOidList(lhba_named(lhba), &list),
			 IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(IMA_GetTargetProperties(list->oids[i], &props),
				 IMA_STATUS_SUCCESS);
		FIELD_GET(props.name, text);
		if (!strcmp(text, name))
			oid = list->oids[i];
	}
	IMA_FreeMemory(list);
	if (!oid.objectType)
		fail_msg("no target %s", name);
	return oid;
}

IMA_OID lu_numbered(IMA_OID target, IMA_UINT64 lun)
{
	IMA_LU_PROPERTIES props;
	IMA_OID_LIST *list;
	IMA_OID oid = { 0 };

	assert_int_equal(IMA_GetLuOidList(target, &list), IMA_STATUS_SUCCESS);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		assert_int_equal(IMA_GetLuProperties(list->oids[i], &props),
				 IMA_STATUS_SUCCESS);
		if (props.targetLun == lun)
			oid = list->oids[i];
	}
	IMA_FreeMemory(list);
	if (!oid.objectType)
		fail_msg("no LUN %llu", lun);
	return oid;
}
