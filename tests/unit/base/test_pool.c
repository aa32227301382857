/* pool: indexes stay, slots come back zeroed, the limit holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "base/pool.h"

/* Sizes that fill a chunk well, badly, and not at all. */
static const size_t sizes[] = { 1, 8, 24, 200, 4096, 40000, 70000 };

static void test_fill(void **state)
{
	for (size_t i = 0; i < COUNT(sizes); i++) {
		uint32_t max = sizes[i] > 1000 ? 37 : 20000;
		struct pool *pool = pool_new(sizes[i], max);
		uint8_t *first = NULL;
		for (uint32_t n = 1; n <= max; n++) {
			uint32_t index = pool_take(pool);
			uint8_t *at = pool_at(pool, index);
			assert_int_equal(index, n);
			assert_int_equal(at[0] | at[sizes[i] - 1], 0);
			memset(at, (int)n, sizes[i]);
			first = n == 1 ? at : first;
		}
		assert_int_equal(pool_take(pool), 0);
		assert_int_equal(pool_count(pool), max);
		assert_ptr_equal(pool_at(pool, 1), first);
		for (uint32_t n = 1; n <= max; n++) {
			uint8_t *at = pool_at(pool, n);
			assert_true(at[0] == (uint8_t)n && at[sizes[i] - 1] == (uint8_t)n);
		}
		pool_free(pool);
	}
	pool_free(NULL);
}

static void test_reuse(void **state)
{
	struct pool *pool = pool_new(sizeof(uint64_t), 10);
	assert_null(pool_at(pool, 0));
	for (unsigned i = 0; i < 10; i++)
		*(uint64_t *)pool_at(pool, pool_take(pool)) = UINT64_MAX;
	pool_give(pool, 3);
	pool_give(pool, 7);
	assert_int_equal(pool_count(pool), 8);
	assert_int_equal(pool_take(pool), 7);
	assert_int_equal(pool_take(pool), 3);
	assert_int_equal(*(uint64_t *)pool_at(pool, 7), 0);
	assert_int_equal(*(uint64_t *)pool_at(pool, 3), 0);
	assert_int_equal(pool_take(pool), 0);
	pool_free(pool);
}

/* At random: no index is handed out twice, and what was written stays. */
static void test_random(void **state)
{
	enum { MAX = 300, STEPS = 20000 };
	struct pool *pool = pool_new(700, MAX);
	bool live[MAX + 1] = { false };
	uint32_t count = 0;
	srand(1);
	for (unsigned step = 0; step < STEPS; step++) {
		uint32_t index = 1 + (uint32_t)rand() % MAX;
		if (live[index]) {
			assert_int_equal(*(uint32_t *)pool_at(pool, index), index);
			pool_give(pool, index);
			live[index] = false;
			count--;
		} else if (rand() % 3) {
			index = pool_take(pool);
			assert_true(index && index <= MAX && !live[index]);
			*(uint32_t *)pool_at(pool, index) = index;
			live[index] = true;
			count++;
		}
		assert_int_equal(pool_count(pool), count);
	}
	pool_free(pool);
}

static void test_faults(void **state)
{
	struct pool *pool;
	if (!fault_arm("fail@1"))
		skip();
	assert_null(pool_new(8, 8));
	for (unsigned i = 2; i <= 3; i++) {
		fault_arm(i == 2 ? "fail@2" : "fail@3");
		pool = pool_new(8, 8);
		assert_int_equal(pool_take(pool), 0);
		assert_int_equal(pool_count(pool), 0);
		assert_int_equal(pool_take(pool), 1);
		pool_free(pool);
	}
	fault_arm("limit@2");
	pool = pool_new(8, 8);
	assert_int_equal(pool_take(pool), 1);
	assert_int_equal(pool_take(pool), 0);
	assert_int_equal(pool_take(pool), 2);
	pool_free(pool);
	fault_arm("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
