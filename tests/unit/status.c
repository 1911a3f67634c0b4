// SPDX-License-Identifier: LGPL-2.1-or-later
/* Statuses in words, and the record of the last error without plugins. */
#include "unit.h"

#include "lib/api.h"
#include "lib/status.h"

static void statuses_have_the_names_of_the_standard(void **state)
{
	(void)state;
	assert_string_equal(IMAX_StatusName(IMA_STATUS_SUCCESS), "IMA_STATUS_SUCCESS");
	assert_string_equal(IMAX_StatusName(0x8000000BU),
			    "IMA_ERROR_STATS_COLLECTION_NOT_ENABLED");
	assert_string_equal(IMAX_StatusName(0xC0000004U), "IMA_ERROR_NAME_TOO_LONG");
	assert_string_equal(IMAX_StatusName(0xdeadbeefC0000004U),
			    "IMA_ERROR_NAME_TOO_LONG");
	assert_string_equal(IMAX_StatusName(0x8000000CU), "unknown status");
	assert_string_equal(IMAX_StatusName(3), "unknown status");
	assert_true(*status_meaning(IMA_ERROR_TARGET_TIMEOUT) != 0);
	assert_true(*status_meaning(0x8000000CU) != 0);
}

static void a_thread_without_an_error_has_an_empty_record(void **state)
{
	IMAX_LAST_ERROR error;

	(void)state;
	memset(&error, 0x55, sizeof(error));
	error.size = sizeof(error);
	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
	assert_int_equal(error.size, sizeof(error));
	assert_int_equal(error.status, IMA_STATUS_SUCCESS);
	assert_int_equal(error.object.objectType, IMA_OBJECT_TYPE_UNKNOWN);
	assert_string_equal(error.text, "");
}

static void the_library_says_what_was_wrong(void **state)
{
	IMA_OID target = { IMA_OBJECT_TYPE_TARGET, 5, 9 };
	IMAX_LAST_ERROR error = { .size = sizeof(error) };

	(void)state;
	assert_int_equal(IMA_SetInitialR2T(target, 2), IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
	assert_string_equal(error.call, "IMA_SetInitialR2T");
	assert_int_equal(error.layer, IMAX_LAYER_LIBRARY);
	assert_int_equal(error.object.objectSequenceNumber, 9);
	assert_string_equal(error.text,
			    "IMA_SetInitialR2T on target 9 of owner 5, which is no "
			    "plugin: the value is neither IMA_TRUE nor IMA_FALSE");
	/* A success leaves it alone. */
	assert_int_equal(IMA_FreeMemory(NULL), IMA_STATUS_SUCCESS);
	memset(error.text, 0, sizeof(error.text));
	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
	assert_string_equal(error.call, "IMA_SetInitialR2T");
}

static void no_more_of_the_record_is_written_than_asked_for(void **state)
{
	IMAX_LAST_ERROR error;
	size_t least = offsetof(IMAX_LAST_ERROR, status) + sizeof(IMA_STATUS);

	(void)state;
	memset(&error, 0x55, sizeof(error));
	error.size = least;
	assert_int_equal(IMAX_GetLastError(&error), IMA_STATUS_SUCCESS);
	for (size_t i = least; i < sizeof(error); i++)
		assert_int_equal(((unsigned char *)&error)[i], 0x55);
	error.size = least - 1;
	assert_int_equal(IMAX_GetLastError(&error), IMA_ERROR_INVALID_PARAMETER);
	assert_int_equal(IMAX_GetLastError(NULL), IMA_ERROR_INVALID_PARAMETER);
}

static int no_plugins(void **state)
{
	(void)state;
	return setenv("IMA_CONFIG", "/nonexistent/ima.conf", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses_have_the_names_of_the_standard),
		cmocka_unit_test(a_thread_without_an_error_has_an_empty_record),
		cmocka_unit_test(the_library_says_what_was_wrong),
		cmocka_unit_test(no_more_of_the_record_is_written_than_asked_for),
	};

	return cmocka_run_group_tests(tests, no_plugins, NULL);
}
