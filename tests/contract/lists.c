// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lists.c - the four lists that are joined from all plugins (D25), and lists in general.
 *
 * Plugins in load order: one, bare (no entry points), two, no-free (no IMA_FreeMemory).
 */
#include "cases.h"

#include <stdio.h>
#include <string.h>

#include "recorder.h"
#include "sandbox.h"
#include "shared/cleanup.h"
#include "spec.h"

static struct recorder *one, *two, *no_free;

static const IMA_OID ones[] = { { IMA_OBJECT_TYPE_LHBA, 1, 9 },
				{ IMA_OBJECT_TYPE_LHBA, 1, 2 } };
static const IMA_OID twos[] = { { IMA_OBJECT_TYPE_LHBA, 3, 2 },
				{ IMA_OBJECT_TYPE_LHBA, 3, 8 } };

static void give(struct recorder *recorder, const IMA_OID *oids, size_t count)
{
	recorder->script.oid_count = count;
	if (count)
		memcpy(recorder->script.oids, oids, count * sizeof(*oids));
}

static void prepare(void)
{
	one->reset();
	two->reset();
	no_free->reset();
	give(one, ones, ARRAY_SIZE(ones));
	give(two, twos, ARRAY_SIZE(twos));
}

static IMA_STATUS list_of(const struct spec_call *call, IMA_OID_LIST **list)
{
	struct arguments arguments = { .call = call };

	*list = (IMA_OID_LIST *)16;
	memcpy(arguments.arg[0].value, &list, sizeof(list));
	return call->call(&arguments);
}

static void assert_list(IMA_OID_LIST *list, const IMA_OID *oids, size_t count)
{
	assert_non_null(list);
	assert_int_equal(list->oidCount, count);
	if (count)
		assert_memory_equal(list->oids, oids, count * sizeof(*oids));
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
}

/* Every list was given back once to who made it. */
static void assert_returned(const struct recorder *recorder, unsigned int count)
{
	assert_int_equal(recorder->lists, 0);
	assert_int_equal(recorder->released, count);
	assert_int_equal(recorder->bad_releases, 0);
}

static void joins_in_load_order(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	const IMA_OID all[] = { ones[0], ones[1], twos[0], twos[1] };
	IMA_OID_LIST *list;

	prepare();
	assert_int_equal(list_of(call, &list), IMA_STATUS_SUCCESS);
	assert_list(list, all, ARRAY_SIZE(all));
	assert_int_equal(one->count(NULL), 1);
	assert_int_equal(two->count(NULL), 1);
	assert_int_equal(one->count(call->name), 1);
	assert_returned(one, 1);
	assert_returned(two, 1);
	no_free->release_lists();
}

static void failing_plugin_hides_itself_only(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	IMA_OID_LIST *list;

	for (const IMA_UINT32 *s = spec_statuses; *s != UINT32_MAX; s++) {
		if (!IMA_ERROR(*s))
			continue;
		prepare();
		one->script.garbage_list = true;
		one->set_all(0xABCDEF0000000000UL | *s);
		assert_int_equal(list_of(call, &list), IMA_STATUS_SUCCESS);
		assert_list(list, twos, ARRAY_SIZE(twos));
		assert_returned(one, 0);
		assert_returned(two, 1);
		no_free->release_lists();
	}
}

static void last_plugin_may_fail_too(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	IMA_OID_LIST *list;

	prepare();
	two->set_all(IMA_ERROR_UNKNOWN_ERROR);
	no_free->set_all(IMA_ERROR_UNEXPECTED_OS_ERROR);
	assert_int_equal(list_of(call, &list), IMA_STATUS_SUCCESS);
	assert_list(list, ones, ARRAY_SIZE(ones));
	assert_returned(one, 1);
}

static void all_fail_gives_the_first_error(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	IMA_OID_LIST *list;

	prepare();
	one->set_all(0x1111111100000000UL | IMA_ERROR_SYNC_TIMEOUT);
	two->set_all(IMA_ERROR_INSUFFICIENT_MEMORY);
	no_free->set_all(IMA_ERROR_UNKNOWN_ERROR);
	one->script.garbage_list = two->script.garbage_list = true;
	assert_int_equal(list_of(call, &list), IMA_ERROR_SYNC_TIMEOUT);
	assert_null(list);
	assert_returned(one, 0);
	assert_returned(two, 0);
	assert_int_equal(one->count(NULL) + two->count(NULL) + no_free->count(NULL), 3);
}

static void success_may_have_any_upper_half(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	IMA_OID_LIST *list;

	prepare();
	one->set_all(0xFFFFFFFF00000000UL);
	two->set_all(0x8000000000000000UL);
	assert_int_equal(list_of(call, &list), IMA_STATUS_SUCCESS);
	assert_int_equal(list->oidCount, 4);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_returned(one, 1);
	assert_returned(two, 1);
	no_free->release_lists();
}

static void nothing_anywhere_is_an_empty_list(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	IMA_OID_LIST *list;

	prepare();
	give(one, NULL, 0);
	give(two, NULL, 0);
	assert_int_equal(list_of(call, &list), IMA_STATUS_SUCCESS);
	assert_list(list, NULL, 0);
	assert_returned(one, 1);
	assert_returned(two, 1);
	no_free->release_lists();
}

static void lists_an_oid_once(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	const IMA_OID twice[] = { ones[0], ones[1], ones[0], ones[0] };
	const IMA_OID all[] = { ones[0], ones[1], twos[0] };
	IMA_OID_LIST *list;

	prepare();
	give(one, twice, ARRAY_SIZE(twice));
	give(two, twos, 1);
	assert_int_equal(list_of(call, &list), IMA_STATUS_SUCCESS);
	assert_list(list, all, ARRAY_SIZE(all));
	no_free->release_lists();
}

static void list_without_free_is_left_alone(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	IMA_OID oid = { IMA_OBJECT_TYPE_LHBA, 4, 1 };
	IMA_OID_LIST *list;

	prepare();
	give(one, NULL, 0);
	give(two, NULL, 0);
	give(no_free, &oid, 1);
	assert_int_equal(list_of(call, &list), IMA_STATUS_SUCCESS);
	assert_list(list, &oid, 1);
	assert_int_equal(no_free->lists, 1);
	/* A block that was freed already would end the process here. */
	no_free->release_lists();
}

static void runs_on_the_calling_thread(void **state)
{
	const struct spec_call *call = CASE_CONTEXT(state);
	IMA_OID_LIST *list;

	prepare();
	assert_int_equal(list_of(call, &list), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(list), IMA_STATUS_SUCCESS);
	assert_true(pthread_equal(one->call(call->name, 0)->thread, pthread_self()));
	assert_true(pthread_equal(two->call(call->name, 0)->thread, pthread_self()));
	no_free->release_lists();
}

static void plugins_are_listed_in_load_order(void **state)
{
	static const IMA_OID all[] = { { IMA_OBJECT_TYPE_PLUGIN, 1, 0 },
				       { IMA_OBJECT_TYPE_PLUGIN, 2, 0 },
				       { IMA_OBJECT_TYPE_PLUGIN, 3, 0 },
				       { IMA_OBJECT_TYPE_PLUGIN, 4, 0 } };
	IMA_OID_LIST *list = NULL;

	(void)state;
	prepare();
	assert_int_equal(IMA_GetPluginOidList(&list), IMA_STATUS_SUCCESS);
	assert_list(list, all, ARRAY_SIZE(all));
	assert_int_equal(one->count(NULL), 0);
}

/* D31: the list of this function is no exception. */
static void static_targets_are_copied(void **state)
{
	static const IMA_OID oid = { IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET, 1, 6 };
	IMA_OID_LIST *list = NULL;

	(void)state;
	prepare();
	give(one, &oid, 1);
	assert_int_equal(IMA_GetStaticDiscoveryTargetOidList(ones[0], &list),
			 IMA_STATUS_SUCCESS);
	assert_returned(one, 1);
	assert_list(list, &oid, 1);
	assert_returned(one, 1);
}

static void plugin_without_free_keeps_its_lists(void **state)
{
	static const IMA_OID lhba = { IMA_OBJECT_TYPE_LHBA, 4, 1 };
	IMA_OID_LIST *list = NULL;
	IMA_ADDRESS_KEYS *keys = NULL;
	IMA_OID target = { IMA_OBJECT_TYPE_TARGET, 4, 1 };

	(void)state;
	prepare();
	give(no_free, &target, 1);
	assert_int_equal(IMA_GetTargetOidList(lhba, &list), IMA_STATUS_SUCCESS);
	assert_list(list, &target, 1);
	assert_int_equal(IMA_GetAddressKeys(target, &keys), IMA_STATUS_SUCCESS);
	assert_int_equal(IMA_FreeMemory(keys), IMA_STATUS_SUCCESS);
	assert_int_equal(no_free->lists, 2);
	no_free->release_lists();
}

static const struct {
	CMUnitTestFunction function;
	const char *name;
} each[] = {
	{ joins_in_load_order,
	  "IMA_STATUS_SUCCESS: joined in load order, given back once" },
	{ failing_plugin_hides_itself_only,
	  "D25: a plugin that fails hides itself only" },
	{ last_plugin_may_fail_too,
	  "D25: the first plugin's list survives later failures" },
	{ all_fail_gives_the_first_error, "D25: if all fail, the first error and NULL" },
	{ success_may_have_any_upper_half, "D6: only the low half of a status counts" },
	{ nothing_anywhere_is_an_empty_list, "an empty list is a list with count 0" },
	{ lists_an_oid_once, "no OID is listed twice" },
	{ list_without_free_is_left_alone,
	  "a list of a plugin without IMA_FreeMemory is not "
	  "freed" },
	{ runs_on_the_calling_thread, "plugins are called on the calling thread" },
};

static void add_all(void)
{
	for (size_t c = 0; c < spec_call_count; c++)
		for (size_t i = 0; i < ARRAY_SIZE(each); i++)
			if (spec_calls[c].who == WHO_BROADCAST)
				case_add(each[i].function, &spec_calls[c], "%s %s: %s",
					 spec_calls[c].name, spec_clause(&spec_calls[c]),
					 each[i].name);
	case_add(plugins_are_listed_in_load_order, NULL,
		 "IMA_GetPluginOidList 6.2.48: IMA_STATUS_SUCCESS: load order, no plugin "
		 "called");
	case_add(static_targets_are_copied, NULL,
		 "D31: the list of static discovery targets is copied and given back");
	case_add(plugin_without_free_keeps_its_lists, NULL,
		 "lists of an owner without IMA_FreeMemory are copied and left alone");
}

static int tests(void)
{
	if (!sandbox_listing()) {
		one = sandbox_recorder("one");
		two = sandbox_recorder("two");
		no_free = sandbox_recorder("no-free");
	}
	add_all();
	return cases_run("lists");
}

int main(int argc, char **argv)
{
	static const struct sandbox_plugin plugins[] = { { "one", RECORDING_PLUGIN },
							 { "bare", BARE_PLUGIN },
							 { "two", RECORDING_PLUGIN },
							 { "no-free", NO_FREE_PLUGIN } };

	return sandbox_run(argc, argv, plugins, ARRAY_SIZE(plugins), tests);
}
