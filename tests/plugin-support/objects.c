// SPDX-License-Identifier: LGPL-2.1-or-later
/* Object tables and lists. */
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugin-support/lists.h"
#include "plugin-support/object-table.h"

#define MANY 160000

static int table_setup(void **state)
{
	return object_table_new(7, (struct object_table **)state);
}

static int table_teardown(void **state)
{
	object_table_free(*state);
	return 0;
}

static struct object *with_data(struct object_table *table, IMA_OBJECT_TYPE type,
				const char *key)
{
	struct object *object = object_table_get(table, type, key);

	assert_non_null(object);
	object->data = object;
	return object;
}

static void same_key_gives_the_same_oid(void **state)
{
	struct object *a = with_data(*state, IMA_OBJECT_TYPE_TARGET, "a");
	struct object *b = with_data(*state, IMA_OBJECT_TYPE_TARGET, "b");

	assert_int_equal(a->oid.ownerId, 7);
	assert_int_equal(a->oid.objectType, IMA_OBJECT_TYPE_TARGET);
	assert_int_not_equal(a->oid.objectSequenceNumber, b->oid.objectSequenceNumber);
	assert_ptr_equal(object_table_get(*state, IMA_OBJECT_TYPE_TARGET, "a"), a);
}

static void key_belongs_to_a_type(void **state)
{
	struct object *target = with_data(*state, IMA_OBJECT_TYPE_TARGET, "a");
	struct object *lu = with_data(*state, IMA_OBJECT_TYPE_LU, "a");

	assert_ptr_not_equal(target, lu);
	assert_null(object_table_by_key(*state, IMA_OBJECT_TYPE_LHBA, "a"));
}

static void object_without_data_does_not_exist(void **state)
{
	struct object *a = object_table_get(*state, IMA_OBJECT_TYPE_TARGET, "a");

	assert_null(object_table_by_oid(*state, a->oid));
	assert_null(object_table_by_key(*state, IMA_OBJECT_TYPE_TARGET, "a"));
	assert_null(object_table_data(*state, a->oid));
}

static void object_that_comes_back_has_its_old_oid(void **state)
{
	struct object *a = with_data(*state, IMA_OBJECT_TYPE_TARGET, "a");
	IMA_UINT64 number = a->oid.objectSequenceNumber;

	a->data = NULL;
	assert_int_not_equal(
		with_data(*state, IMA_OBJECT_TYPE_TARGET, "b")->oid.objectSequenceNumber,
		number);
	a = with_data(*state, IMA_OBJECT_TYPE_TARGET, "a");
	assert_int_equal(a->oid.objectSequenceNumber, number);
	assert_ptr_equal(object_table_by_oid(*state, a->oid), a);
}

static void wrong_oids_are_not_found(void **state)
{
	IMA_OID good = with_data(*state, IMA_OBJECT_TYPE_TARGET, "a")->oid;
	const IMA_OID wrong[] = {
		{ IMA_OBJECT_TYPE_LU, good.ownerId, good.objectSequenceNumber },
		{ good.objectType, good.ownerId + 1, good.objectSequenceNumber },
		{ good.objectType, good.ownerId, good.objectSequenceNumber + 1 },
		{ good.objectType, good.ownerId, 0 },
		{ good.objectType, good.ownerId, UINT64_MAX },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(object_table_by_oid(*state, wrong[i]));
}

static void many_objects_are_all_found(void **state)
{
	char key[64];

	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "iqn.2003-01.org.example:%d", i);
		with_data(*state, IMA_OBJECT_TYPE_TARGET, key);
	}
	assert_int_equal(object_table_count(*state), MANY);
	for (int i = 0; i < MANY; i++) {
		struct object *object = object_table_at(*state, (size_t)i);

		assert_ptr_equal(object_table_by_oid(*state, object->oid), object);
		assert_ptr_equal(
			object_table_by_key(*state, IMA_OBJECT_TYPE_TARGET, object->key),
			object);
	}
}

static void list_holds_what_was_added_in_order(void **state)
{
	struct oid_list list = { 0 };
	IMA_OID_LIST *result;

	(void)state;
	for (IMA_UINT64 i = 0; i < 1000; i++)
		assert_int_equal(
			oid_list_add(&list, (IMA_OID){ IMA_OBJECT_TYPE_LU, 1, i }), 0);
	assert_int_equal(oid_list_end(&list, &result), 0);
	assert_null(list.list);
	assert_int_equal(result->oidCount, 1000);
	for (IMA_UINT64 i = 0; i < 1000; i++)
		assert_int_equal(result->oids[i].objectSequenceNumber, i);
	assert_int_equal(list_free(result), IMA_STATUS_SUCCESS);
}

static void empty_lists_are_lists(void **state)
{
	struct address_key_list keys = { 0 };
	IMA_ADDRESS_KEYS *address_keys;
	IMA_OID_LIST *result;

	(void)state;
	assert_int_equal(oid_list_empty(&result), 0);
	assert_int_equal(result->oidCount, 0);
	assert_int_equal(list_free(result), IMA_STATUS_SUCCESS);
	assert_int_equal(address_key_list_end(&keys, &address_keys), 0);
	assert_int_equal(address_keys->addressKeyCount, 0);
	assert_int_equal(list_free(address_keys), IMA_STATUS_SUCCESS);
	assert_int_equal(list_free(NULL), IMA_STATUS_SUCCESS);
}

static void list_too_large_for_memory_is_refused(void **state)
{
	struct oid_list list = { 0 };

	(void)state;
	assert_int_equal(oid_list_reserve(&list, SIZE_MAX / 2), -ENOMEM);
	assert_int_equal(oid_list_add(&list, (IMA_OID){ IMA_OBJECT_TYPE_LU, 1, 1 }), 0);
	oid_list_drop(&list);
}

static void address_keys_are_listed_once(void **state)
{
	struct address_key_list list = { 0 };
	IMA_ADDRESS_KEY key = { .portNumber = 3260 };
	IMA_ADDRESS_KEYS *result;

	(void)state;
	for (int i = 0; i < 100; i++) {
		key.ipAddress.ipv4Address = IMA_TRUE;
		key.ipAddress.ipAddress[0] = (IMA_BYTE)(i % 50);
		assert_int_equal(address_key_list_add(&list, &key), 0);
	}
	assert_int_equal(address_key_list_end(&list, &result), 0);
	assert_int_equal(result->addressKeyCount, 50);
	assert_int_equal(list_free(result), IMA_STATUS_SUCCESS);
}

#define WITH_TABLE(test) \
	cmocka_unit_test_setup_teardown(test, table_setup, table_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TABLE(same_key_gives_the_same_oid),
		WITH_TABLE(key_belongs_to_a_type),
		WITH_TABLE(object_without_data_does_not_exist),
		WITH_TABLE(object_that_comes_back_has_its_old_oid),
		WITH_TABLE(wrong_oids_are_not_found),
		WITH_TABLE(many_objects_are_all_found),
		cmocka_unit_test(list_holds_what_was_added_in_order),
		cmocka_unit_test(empty_lists_are_lists),
		cmocka_unit_test(list_too_large_for_memory_is_refused),
		cmocka_unit_test(address_keys_are_listed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
