// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * no-plugins.c - the library in a process whose configuration names no plugin that loads: the
 * lists are empty, no object is known, and what the library does alone still works.
 */
#include "cases.h"

#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

static const IMA_OID node = { IMA_OBJECT_TYPE_NODE, 0, 0 };

static void list_is_empty(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	IMA_OID_LIST *list = NULL, **at = &list;
	struct arguments arguments = { .call = call };

	memcpy(arguments.arg[0].value, &at, sizeof(at));
	assert_int_equal(call->call(&arguments), IMA_STATUS_SUCCESS);
	assert_non_null(list);
	assert_int_equal(list->oidCount, 0);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
}

static void object_is_unknown(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	struct arguments arguments;

	arguments_init(&arguments, call, 1);
	assert_int_equal(call->call(&arguments), IMA_ERROR_OBJECT_NOT_FOUND);
	arguments_free(&arguments);
}

static sem_t told;
static IMA_OID told_of;

static void on_property(IMA_OID oid)
{
	told_of = oid;
	sem_post(&told);
}

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	(void)visible;
	(void)oid;
}

static void registration_is_remembered(void **state)
{
	struct timespec until;

	(void)state;
	sem_init(&told, 0, 0);
	assert_int_equal(IMA_RegisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_RegisterForObjectVisibilityChanges(on_visibility),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_SetNodeAlias(node, L"alone"), IMA_STATUS_SUCCESS);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	assert_int_equal(sem_timedwait(&told, &until), 0);
	assert_memory_equal(&told_of, &node, sizeof(node));
	assert_int_equal(IMA_DeregisterForObjectPropertyChanges(on_property),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_DeregisterForObjectVisibilityChanges(on_visibility),
			 IMA_STATUS_SUCCESS);
}

static void shared_node_is_there(void **state)
{
	IMA_NODE_PROPERTIES props;
	IMA_OID oid;

	(void)state;
	assert_int_equal(IMA_GetSharedNodeOid(&oid), IMA_STATUS_SUCCESS);
	assert_memory_equal(&oid, &node, sizeof(oid));
	assert_int_equal(IMA_SetNodeName(node, L"iqn.2001-04.com.example:alone"),
			 IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GetNodeProperties(node, &props), IMA_STATUS_SUCCESS);
	assert_int_equal(props.nameValid, IMA_TRUE);
	assert_int_equal(wcscmp(props.name, L"iqn.2001-04.com.example:alone"), 0);
	assert_int_equal(props.runningInInitiatorMode, IMA_FALSE);
}

static void library_answers(void **state)
{
	IMA_LIBRARY_PROPERTIES props;
	IMA_NODE_NAME name;

	(void)state;
	assert_int_equal(IMA_GetLibraryProperties(&props), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_GenerateNodeName(name), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(NULL), IMA_STATUS_SUCCESS);
}

/* What a configuration may hold without any harm. */
static const char garbage[] = "# a comment\n"
			      "   # another\n"
			      "\n"
			      "   \t \n"
			      "nameonly\n"
			      "com.example.relative plugin.so\n"
			      "com.example.missing\t\t/nowhere/plugin.so\r\n"
			      "com.example.notaplugin /etc/passwd\n"
			      "com.example.folder /tmp\n"
			      "\tleading /nowhere/x.so";

static int write_garbage(void)
{
	FILE *file = fopen(sandbox_path("ima.conf"), "we");

	if (!file)
		return -1;
	fputs(garbage, file);
	for (unsigned int i = 0; i < 3000; i++) /* one line without end */
		fputs("long ", file);
	return fclose(file);
}

static void one_process(void **state)
{
	assert_int_equal(sandbox_again(CASE_CONTEXT(state)), 0);
}

static void add_cases(void)
{
	for (size_t i = 0; i < spec_call_count; i++) {
		const struct spec_call *call = &spec_calls[i];

		if (call->who == WHO_BROADCAST ||
		    !strcmp(call->name, "IMA_GetPluginOidList"))
			case_add(list_is_empty, call, "%s: an empty list", call->name);
		else if (call->objects)
			case_add(object_is_unknown, call,
				 "%s: IMA_ERROR_OBJECT_NOT_FOUND", call->name);
	}
	case_add(registration_is_remembered, NULL,
		 "events: registered functions are called");
	case_add(shared_node_is_there, NULL, "the shared node has name and alias");
	case_add(library_answers, NULL, "the library answers for itself");
}

static void quick_check(void)
{
	IMA_OID_LIST *list = NULL;

	if (IMA_GetPluginOidList(&list) || list->oidCount)
		_exit(1);
	if (IMA_FreeMemory(list))
		_exit(1);
}

/* The configurations without a plugin other than the empty one the tests run with. */
static int configuration(const char *name)
{
	if (!strcmp(name, "garbage") && write_garbage())
		return 1;
	if (!strcmp(name, "missing") && unlink(sandbox_path("ima.conf")))
		return 1;
	quick_check();
	return 0;
}

static int tests(void)
{
	if (sandbox_argument())
		return configuration(sandbox_argument());
	add_cases();
	case_add(one_process, "garbage", "a configuration of lines that make no sense");
	case_add(one_process, "missing", "no configuration file");
	return cases_run("no-plugins");
}

int main(int argc, char **argv)
{
	return sandbox_run(argc, argv, NULL, 0, tests);
}
