/* arena: growth, alignment, the limit, and what is left at it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdalign.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/fault.h"

static void test_takes(void **state)
{
	struct arena *arena = arena_new(100000);
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 900, 3, 5000, 1, 20000, 7 };
	uint8_t *takes[COUNT(sizes)];
	for (size_t i = 0; i < COUNT(sizes); i++) {
		takes[i] = arena_take(arena, sizes[i]);
		assert_non_null(takes[i]);
		assert_int_equal((uintptr_t)takes[i] % alignof(max_align_t), 0);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(takes[i][j], 0);
		memset(takes[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(takes[i][j], i + 1);
	assert_false(arena_full(arena));
	assert_in_range(arena_size(arena), 25000, 100000);
	arena_free(arena);
	arena_free(NULL);
}

static void test_starts_small(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	assert_int_equal(arena_size(arena), 1024);
	assert_non_null(arena_take(arena, 800));
	assert_int_equal(arena_size(arena), 1024);
	assert_non_null(arena_take(arena, 800));
	assert_int_equal(arena_size(arena), 1024 + 2048);
	arena_free(arena);
}

/* Blocks never come to more than the limit, and nearly all of it can be used. */
static void test_limit(void **state)
{
	static const size_t limits[] = { 1024, 1025, 1040, 2000, 3072, 4096, 65536, 100001 };
	for (size_t i = 0; i < COUNT(limits); i++) {
		struct arena *arena = arena_new(limits[i]);
		size_t taken = 0;
		while (arena_take(arena, 16))
			taken += 16;
		assert_true(arena_full(arena));
		assert_true(arena_size(arena) <= limits[i]);
		assert_true(taken <= limits[i]);
		if (limits[i] >= 4096)
			assert_true(taken > limits[i] * 9 / 10);
		assert_null(arena_take(arena, 16));
		assert_null(arena_take(arena, SIZE_MAX));
		assert_null(arena_take(arena, SIZE_MAX - 40));
		arena_free(arena);
	}
}

/* A take of arena_left() bytes succeeds; of more than that at the end of all, not. */
static void test_left(void **state)
{
	static const size_t limits[] = { 1024, 1500, 4096, 65536 };
	for (size_t i = 0; i < COUNT(limits); i++) {
		for (size_t first = 0; first < 1000; first += 37) {
			struct arena *arena = arena_new(limits[i]);
			size_t left;
			arena_take(arena, first);
			left = arena_left(arena);
			assert_null(arena_take(arena, left + 1));
			assert_true(arena_full(arena));
			assert_non_null(arena_take(arena, left));
			arena_free(arena);
		}
	}
}

static void test_keep(void **state)
{
	struct arena *arena = arena_new(1024);
	struct bytes kept = arena_keep(arena, bytes_of("mail.example"));
	struct bytes empty = arena_keep(arena, bytes_of(""));
	struct bytes full = { NULL, NULL };
	assert_true(bytes_equal(kept, bytes_of("mail.example")));
	assert_string_equal((const char *)kept.at, "mail.example");
	assert_true(empty.at && empty.at == empty.end && !*empty.at);
	assert_null(arena_keep(arena, full).at);
	assert_false(arena_full(arena));
	do
		full = arena_keep(arena, bytes_of("0123456789abcdef"));
	while (full.at);
	assert_null(full.end);
	assert_true(arena_full(arena));
	assert_string_equal((const char *)kept.at, "mail.example");
	arena_free(arena);
}

static void test_faults(void **state)
{
	struct arena *arena;
	if (!fault_arm("fail@1"))
		skip();
	assert_null(arena_new(16384));
	fault_arm("fail@2");
	arena = arena_new(16384);
	assert_null(arena_take(arena, 1000));
	assert_true(arena_full(arena));
	assert_non_null(arena_take(arena, 1000)); /* the system has memory again */
	fault_arm("limit@1");
	assert_null(arena_take(arena, 1500));
	assert_non_null(arena_take(arena, 1500));
	arena_free(arena);
	fault_arm("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes),
		cmocka_unit_test(test_starts_small),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
