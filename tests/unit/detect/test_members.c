/* Distinct counts over windows: the edges of buckets, late news, and more than there is room for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "acts.h"
#include "detect/distinct.h"
#include "detect/members.h"

static void test_windows(void **state)
{
	static const struct {
		int64_t then, now; /* after BEGIN */
		bool hour, day;
	} cases[] = {
		{ 0, 0, true, true }, { 0, 55 * MINUTE, true, true }, { 0, HOUR - 1, true, true },
		{ 0, HOUR, false, true }, /* the thirteenth bucket */
		{ 5 * MINUTE - 1, HOUR, false, true }, { 5 * MINUTE, HOUR, true, true },
		{ 0, 23 * HOUR, false, true },
		{ 0, DAY - 31 * MINUTE, false, true },  /* 09:30 lies in the hour of 09:00 */
		{ 0, DAY - 30 * MINUTE, false, false }, /* 09:00 of the next day */
		{ 5 * MINUTE, 0, false, false },        /* later than the window's end */
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t then = members_bucket(BEGIN + cases[i].then);
		uint32_t now = members_bucket(BEGIN + cases[i].now);
		assert_int_equal(members_within(MEMBERS_HOUR, then, now), cases[i].hour);
		assert_int_equal(members_within(MEMBERS_DAY, then, now), cases[i].day);
	}
	assert_false(members_within(MEMBERS_DAY, 0, 5));
	assert_int_equal(members_bucket(-1), 1);
	assert_true(members_bucket(INT64_MAX) == UINT32_MAX);
}

static void test_a_server_that_changes_its_name(void **state)
{
	static struct members members;
	assert_true(members_see(&members, 1, 100, 7, true));
	assert_true(members_see(&members, 2, 100, 8, true));
	assert_true(members_see(&members, 1, 101, 9, false));
	assert_int_equal(members.count, 1);
	assert_int_equal(members_count(members.at, 1, MEMBERS_HOUR, 9).clean, 1);
	assert_int_equal(members.at[0].any, 9);
	assert_int_equal(members.at[0].clean, 8);
}

static void test_more_than_room(void **state)
{
	static struct members members;
	for (uint32_t i = 1; i <= 2 * MEMBERS_MAX; i++)
		assert_int_equal(
			members_see(&members, i, 1000 + i, 10 + i / 16, true), i <= MEMBERS_MAX);
	assert_int_equal(members.count, MEMBERS_MAX);
	assert_non_null(members_find(members.at, MEMBERS_MAX, 2 * MEMBERS_MAX, 0));
	assert_null(members_find(members.at, MEMBERS_MAX, 1, 0));
}

static uint64_t key(uint64_t number) /* SplitMix64: as good as a hash */
{
	number *= 0x9e3779b97f4a7c15;
	number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
	number = (number ^ number >> 27) * 0x94d049bb133111eb;
	return number ^ number >> 31;
}

static void test_distinct(void **state)
{
	static const unsigned sizes[] = { 65, 100, 300, 1000, 20000, 300000 };
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct distinct distinct = { 0 };
		for (unsigned n = 1; n <= sizes[i]; n++) {
			distinct_add(&distinct, key(n));
			distinct_add(&distinct, key(1 + n / 2));
			if (n <= DISTINCT_EXACT)
				assert_int_equal(distinct_count(&distinct), n);
		}
		assert_in_range(distinct_count(&distinct), sizes[i] * 0.8, sizes[i] * 1.2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_a_server_that_changes_its_name),
		cmocka_unit_test(test_more_than_room),
		cmocka_unit_test(test_distinct),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
