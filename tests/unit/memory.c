// SPDX-License-Identifier: LGPL-2.1-or-later
/* Blocks of the library, told from those of others. */
#include "unit.h"

#include <errno.h>
#include <sys/mman.h>

#include "lib/memory.h"

static void a_block_is_zeroed_aligned_and_released_once(void **state)
{
	(void)state;
	for (size_t size = 0; size < 20000; size = 2 * size + 1) {
		char *block = memory_alloc(size);

		assert_non_null(block);
		assert_int_equal((uintptr_t)block % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(block[i], 0);
		memset(block, 0xff, size);
		assert_int_equal(memory_free(block), 0);
	}
	assert_int_equal(memory_free(NULL), 0);
	assert_null(memory_alloc(SIZE_MAX - 8));
}

/* Among many blocks some would begin with a page, were that not avoided. */
static void no_block_begins_with_a_page(void **state)
{
	enum { BLOCKS = 600 };
	static void *blocks[BLOCKS];

	(void)state;
	for (int i = 0; i < BLOCKS; i++) {
		blocks[i] = memory_alloc(4096 - 16 * (size_t)(i % 5));
		assert_non_null(blocks[i]);
		assert_int_not_equal((uintptr_t)blocks[i] % 4096, 0);
	}
	for (int i = 0; i < BLOCKS; i++)
		assert_int_equal(memory_free(blocks[i]), 0);
}

static void a_foreign_block_is_refused(void **state)
{
	static char constant[64] __attribute__((aligned(16)));
	char local[64] __attribute__((aligned(16)));
	char _cleanup_free_ *heap = calloc(1, 64);

	(void)state;
	memset(local, 0, sizeof(local));
	assert_int_equal(memory_free(constant + 16), -EINVAL);
	assert_int_equal(memory_free(local + 16), -EINVAL);
	assert_int_equal(memory_free(local + 17), -EINVAL);
	assert_int_equal(memory_free(heap + 16), -EINVAL);
}

static void a_copy_and_the_inside_of_a_block_are_refused(void **state)
{
	char copy[128] __attribute__((aligned(16)));
	char *block = memory_alloc(64);

	(void)state;
	memcpy(copy, block - 16, 64);
	assert_int_equal(memory_free(copy + 16), -EINVAL);
	assert_int_equal(memory_free(block + 16), -EINVAL);
	assert_int_equal(memory_free(block + 1), -EINVAL);
	assert_int_equal(memory_free(block), 0);
}

/* Nothing can be read in front of such a block. */
static void a_page_without_one_before_it_is_refused(void **state)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(pages != MAP_FAILED);
	assert_int_equal(mprotect(pages, 4096, PROT_NONE), 0);
	assert_int_equal(memory_free(pages + 4096), -EINVAL);
	munmap(pages, 8192);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_zeroed_aligned_and_released_once),
		cmocka_unit_test(no_block_begins_with_a_page),
		cmocka_unit_test(a_foreign_block_is_refused),
		cmocka_unit_test(a_copy_and_the_inside_of_a_block_are_refused),
		cmocka_unit_test(a_page_without_one_before_it_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
