/* Bytes that come again: the same, others, or not to be told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "wire/recent.h"

#define LONG "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LONGER LONG LONG LONG LONG LONG
#define BEGIN 0xffffffecu /* all wraps within */

static void add(struct recent *recent, uint32_t *next, const char *text)
{
	recent_add(recent, 7, *next, bytes_of(text));
	*next += (uint32_t)strlen(text);
}

static void test_compare(void **state)
{
	static const struct {
		const char *first, *second, *again;
		uint32_t at, from; /* behind BEGIN */
		enum recent_says says;
	} cases[] = {
		{ "HELO pc\r\n", "MAIL", "HELO pc\r\n", 0, 0, RECENT_SAME },
		{ "HELO pc\r\n", "MAIL", "O pc\r\nMA", 3, 0, RECENT_SAME },
		{ "HELO pc\r\n", "MAIL", "O xx", 3, 0, RECENT_OTHER },
		{ "HELO pc\r\n", "MAIL", "O xx", 3, 13, RECENT_OTHER },
		{ LONGER, "MAIL", LONGER, 0, 0, RECENT_SAME },
		{ LONGER, "MAIL", LONGER "MA", 0, 0, RECENT_SAME },
		{ LONGER, LONGER, LONGER LONGER, 0, 0, RECENT_SAME },
		{ LONGER, LONGER, LONGER LONG, 0, 0, RECENT_UNKNOWN },
		{ LONGER, LONGER, LONGER LONG, 0, 384, RECENT_SAME },
		{ LONGER, "MAIL", LONG LONG LONG LONG "?", 0, 0, RECENT_UNKNOWN },
		{ LONG, LONGER, LONG, 0, 0, RECENT_SAME },
		{ LONG, LONGER, "0123", 0, 0, RECENT_SAME },
		{ LONG, LONGER, "3210", 0, 0, RECENT_OTHER },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct recent recent = { 0 };
		uint32_t next = BEGIN;
		add(&recent, &next, cases[i].first);
		add(&recent, &next, cases[i].second);
		assert_int_equal(recent_compare(&recent, 7, BEGIN + cases[i].at,
					 bytes_of(cases[i].again), BEGIN + cases[i].from),
			cases[i].says);
	}
}

/* The oldest are forgotten; nobody calls them the same. */
static void test_many(void **state)
{
	struct recent recent = { 0 };
	uint32_t next = 0;
	for (int i = 0; i < 1000; i++)
		add(&recent, &next, LONGER);
	assert_int_equal(recent_compare(&recent, 7, 0, bytes_of(LONGER), 0), RECENT_UNKNOWN);
	for (uint32_t back = 1; back <= RECENT_SEGMENTS / 2; back++)
		assert_int_equal(recent_compare(&recent, 7, next - 320 * back, bytes_of(LONGER),
					 next - 320 * back),
			RECENT_SAME);
	recent_clear(&recent);
	assert_int_equal(
		recent_compare(&recent, 7, next - 320, bytes_of(LONGER), 0), RECENT_UNKNOWN);
}

/* What was acknowledged goes first; where that does not help there is more room to be had. */
static void test_wide(void **state)
{
	static struct recent_more more;
	struct recent recent = { 0 };
	uint32_t next = 0;
	for (uint32_t i = 0; i < 100; i++) {
		assert_false(recent_full(&recent, next - 320));
		add(&recent, &next, LONGER);
	}
	for (uint32_t i = 0; i < 1000; i++) {
		if (recent_full(&recent, 320 * 90) && recent.room == RECENT_SEGMENTS)
			recent_widen(&recent, &more);
		add(&recent, &next, LONGER);
	}
	assert_int_equal(recent.room, RECENT_MORE);
	assert_int_equal(
		recent_compare(&recent, 7, 320 * 95, bytes_of(LONGER), 320 * 90), RECENT_SAME);
	assert_int_equal(
		recent_compare(&recent, 7, 320 * 95, bytes_of(LONG), 320 * 90), RECENT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_wide),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
