/* News once a minute, and no more of them than there is room for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/bytes.h"
#include "base/moment.h"
#include "sense/told.h"

static struct anomaly_totals totals;
static struct told told;

static int set_up(void **state)
{
	memset(&totals, 0, sizeof(totals));
	memset(&told, 0, sizeof(told));
	return 0;
}

static bool news(uint64_t hash, int64_t time)
{
	struct anomalies seen = { .total = &totals };
	return told_news(&told, hash, time, &seen);
}

static void test_once_a_minute(void **state)
{
	assert_true(news(7, 10 * MINUTE));
	assert_false(news(7, 10 * MINUTE + 59 * SECOND));
	assert_true(news(8, 10 * MINUTE + 59 * SECOND));
	assert_true(news(7, 11 * MINUTE));
	assert_false(news(7, 11 * MINUTE));
	assert_true(news(0, 11 * MINUTE)); /* no hash is special */
	assert_false(news(0, 11 * MINUTE));
	assert_int_equal(totals.count[NAMES_MANY], 0);
}

/* All fall on one slot: the worst that a flood can do. */
static void test_flood(void **state)
{
	const uint64_t step = COUNT(told.hash);
	for (uint64_t i = 1; i <= TOLD_MAX; i++)
		assert_true(news(i * step, MINUTE));
	for (uint64_t i = 1; i <= 10; i++)
		assert_false(news((TOLD_MAX + i) * step, MINUTE));
	assert_int_equal(totals.count[NAMES_MANY], 10);
	assert_false(news(TOLD_MAX * step, MINUTE)); /* known, so nothing was left out */
	assert_int_equal(totals.count[NAMES_MANY], 10);
	assert_true(news((TOLD_MAX + 1) * step, 2 * MINUTE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_once_a_minute, set_up),
		cmocka_unit_test_setup(test_flood, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
