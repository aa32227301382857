/* table: against a plain array, at the limit, with keys that collide, without memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "base/table.h"

static const struct hash_key seed = { 1, 2 };

static void test_basics(void **state)
{
	struct table *table = table_new(4, 8, 100);
	uint64_t *value;
	bool fresh = false;
	assert_null(table_find(table, "key1"));
	value = table_insert(table, "key1", &fresh);
	assert_true(fresh && *value == 0);
	*value = 7;
	value = table_insert(table, "key1", &fresh);
	assert_true(!fresh && *value == 7);
	assert_ptr_equal(table_find(table, "key1"), value);
	assert_null(table_find(table, "key2"));
	assert_int_equal(table_count(table), 1);
	assert_false(table_remove(table, "key2"));
	assert_true(table_remove(table, "key1"));
	assert_false(table_remove(table, "key1"));
	assert_null(table_find(table, "key1"));
	assert_int_equal(table_count(table), 0);
	assert_int_equal(*(uint64_t *)table_insert(table, "key1", NULL), 0);
	table_free(table);
	table_free(NULL);
}

/* Keys of all sizes, values of all alignments, and none. */
static void test_shapes(void **state)
{
	static const struct {
		size_t key, value, align; /* bytes */
	} cases[] = { { 1, 0, 1 }, { 3, 1, 1 }, { 4, 4, 4 }, { 6, 8, 8 }, { 16, 12, 4 },
		{ 37, 40, 8 }, { 36, 2, 2 }, { 5, 200, 8 } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct table *table = table_new(cases[i].key, cases[i].value, 200);
		for (unsigned n = 0; n < 200; n++) {
			uint8_t key[40], *value;
			memset(key, (int)n, sizeof(key));
			value = table_insert(table, key, NULL);
			assert_non_null(value);
			assert_int_equal((uintptr_t)value % cases[i].align, 0);
			memset(value, (int)n, cases[i].value);
		}
		for (unsigned n = 0; n < 200; n++) {
			uint8_t key[40];
			const uint8_t *value;
			memset(key, (int)n, sizeof(key));
			value = table_find(table, key);
			assert_non_null(value);
			for (size_t j = 0; j < cases[i].value; j++)
				assert_int_equal(value[j], n);
		}
		table_free(table);
	}
}

static void test_limit(void **state)
{
	static const size_t limits[] = { 1, 2, 3, 42, 43, 64, 65, 1000, 5000 };
	for (size_t i = 0; i < COUNT(limits); i++) {
		struct table *table = table_new(4, 4, limits[i]);
		bool fresh = true;
		for (uint32_t n = 0; n < limits[i]; n++)
			*(uint32_t *)table_insert(table, &n, NULL) = n;
		for (uint32_t n = (uint32_t)limits[i]; n < limits[i] + 100; n++) {
			assert_null(table_insert(table, &n, &fresh));
			assert_false(fresh);
		}
		assert_int_equal(table_count(table), limits[i]);
		for (uint32_t n = 0; n < limits[i]; n++)
			assert_int_equal(*(uint32_t *)table_insert(table, &n, NULL), n);
		assert_true(table_remove(table, &(uint32_t){ 0 }));
		assert_non_null(table_insert(table, &(uint32_t){ UINT32_MAX }, &fresh));
		assert_true(fresh);
		table_free(table);
	}
}

/* Everything that walks out was put in, once. */
static void check_walk(const struct table *table, const uint32_t *values, size_t keys)
{
	size_t cursor = 0, count = 0;
	const void *key;
	void *value;
	while (table_walk(table, &cursor, &key, &value)) {
		uint32_t number;
		memcpy(&number, key, sizeof(number));
		assert_true(
			number < keys && values[number] && *(uint32_t *)value == values[number]);
		count++;
	}
	assert_int_equal(count, table_count(table));
	assert_false(table_walk(table, &cursor, &key, &value));
}

/* At random, with removal, against an array; over and over, so that wear would show. */
static void test_random(void **state)
{
	enum { KEYS = 3000, MAX = 2000, STEPS = 300000 };
	static uint32_t values[KEYS]; /* 0: not there */
	struct table *table = table_new_seeded(4, 4, MAX, seed);
	size_t count = 0;
	srand(1);
	for (uint32_t step = 1; step <= STEPS; step++) {
		uint32_t key = (uint32_t)rand() % KEYS, *value;
		bool fresh;
		if (rand() % 100 < 40) {
			assert_int_equal(table_remove(table, &key), values[key] != 0);
			count -= values[key] != 0;
			values[key] = 0;
			continue;
		}
		value = table_insert(table, &key, &fresh);
		assert_int_equal(value == NULL, count == MAX && !values[key]);
		assert_int_equal(fresh, value && !values[key]);
		if (!value)
			continue;
		assert_int_equal(*value, values[key]);
		count += fresh;
		*value = values[key] = step;
		if (step % 10000 == 0)
			check_walk(table, values, KEYS);
	}
	assert_int_equal(table_count(table), count);
	check_walk(table, values, KEYS);
	table_free(table);
}

/* The next number from *number on whose hash has `slot` as home of `homes`: what an attacker could
 * make who knew the seed. */
static uint32_t colliding(uint32_t *number, size_t homes, size_t slot)
{
	for (;; (*number)++) {
		uint32_t hash = (uint32_t)hash_bytes(seed, number, sizeof(*number));
		if ((uint64_t)hash * homes >> 32 == slot)
			return (*number)++;
	}
}

/* A table that can grow no more takes a new seed; also at both ends of its slots. */
static void test_collisions(void **state)
{
	enum { MAX = 64, HOMES = 96 };
	static const size_t slots[] = { 0, 1, 50, HOMES - 1 };
	for (size_t i = 0; i < COUNT(slots); i++) {
		struct table *table = table_new_seeded(4, 4, MAX, seed);
		uint32_t keys[MAX], number = 0;
		for (size_t n = 0; n < MAX; n++) {
			keys[n] = colliding(&number, HOMES, slots[i]);
			*(uint32_t *)table_insert(table, &keys[n], NULL) = keys[n];
		}
		assert_in_range(table_rebuilds(table), 1, 3);
		for (size_t n = 0; n < MAX; n++)
			assert_int_equal(*(uint32_t *)table_find(table, &keys[n]), keys[n]);
		for (size_t n = 0; n < MAX; n += 2)
			assert_true(table_remove(table, &keys[n]));
		for (size_t n = 0; n < MAX; n++)
			assert_int_equal(table_find(table, &keys[n]) != NULL, n % 2);
		table_free(table);
	}
}

/* Half a megabyte of chance: 32 probes hardly ever fail to do. */
static void test_large(void **state)
{
	enum { MAX = 100000 };
	struct table *table = table_new_seeded(4, 0, MAX, seed);
	for (uint32_t n = 0; n < MAX; n++)
		assert_non_null(table_insert(table, &n, NULL));
	for (uint32_t n = 0; n < 2 * MAX; n++)
		assert_int_equal(table_find(table, &n) != NULL, n < MAX);
	assert_in_range(table_rebuilds(table), 0, 2);
	table_free(table);
}

/* The same work, with the N-th call or limit failing, for all N: less may be kept, nothing wrong.
 */
static void work_under(const char *fault)
{
	struct table *table;
	size_t kept = 0;
	uint32_t number = 0;
	fault_arm(fault);
	table = table_new_seeded(4, 4, 200, seed);
	if (!table)
		return;
	for (uint32_t n = 0; n < 200; n++) {
		uint32_t key = n < 40 ? colliding(&number, 64, 9) : 1000000 + n;
		uint32_t *value = table_insert(table, &key, NULL);
		if (!value)
			continue;
		*value = key;
		kept++;
		assert_ptr_equal(table_find(table, &key), value);
	}
	assert_in_range(kept, 160, 200);
	assert_int_equal(table_count(table), kept);
	for (size_t cursor = 0; kept; kept--) {
		const void *key;
		void *value;
		assert_true(table_walk(table, &cursor, &key, &value));
		assert_memory_equal(key, value, 4);
	}
	table_free(table);
}

static void test_faults(void **state)
{
	if (!fault_arm("fail@1"))
		skip();
	for (unsigned n = 1; n < 450; n++) {
		char fault[32];
		snprintf(fault, sizeof(fault), "fail@%u", n);
		if (n < 30)
			work_under(fault);
		snprintf(fault, sizeof(fault), "limit@%u", n);
		work_under(fault);
	}
	fault_arm("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_basics),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_collisions),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
