/* moment: the calendar at its corners, durations at each unit's edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/moment.h"

static void test_text(void **state)
{
	static const struct {
		int64_t moment;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000000Z" },
		{ 1, "1970-01-01T00:00:00.000001Z" },
		{ -1, "1969-12-31T23:59:59.999999Z" },
		{ -SECOND, "1969-12-31T23:59:59.000000Z" },
		{ 1772357400 * SECOND + 125, "2026-03-01T09:30:00.000125Z" },
		{ 951782400 * SECOND, "2000-02-29T00:00:00.000000Z" },
		{ 951868800 * SECOND, "2000-03-01T00:00:00.000000Z" },
		{ 1709164800 * SECOND - 1, "2024-02-28T23:59:59.999999Z" },
		{ 4107542400 * SECOND, "2100-03-01T00:00:00.000000Z" }, /* no leap year */
		{ 4107542400 * SECOND - 1, "2100-02-28T23:59:59.999999Z" },
		{ -62167219200 * SECOND, "0000-01-01T00:00:00.000000Z" },
		{ -62167219200 * SECOND - 1, "0000-01-01T00:00:00.000000Z" },
		{ 253402300800 * SECOND - 1, "9999-12-31T23:59:59.999999Z" },
		{ 253402300800 * SECOND, "9999-12-31T23:59:59.999999Z" },
		{ INT64_MIN, "0000-01-01T00:00:00.000000Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999999Z" },
	};
	char text[MOMENT_TEXT];
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(moment_text(cases[i].moment, text), cases[i].text);
	assert_string_equal(
		moment_short(1772357400 * SECOND + 999999, text), "2026-03-01 09:30:00");
	assert_string_equal(moment_short(-1, text), "1969-12-31 23:59:59");
}

/* Against the C library, every 9 days and some over 10000 years. */
static void test_calendar(void **state)
{
	for (int64_t at = -62167219200; at < 253402300800; at += 9 * 86400 + 12345) {
		char text[MOMENT_TEXT], expected[MOMENT_TEXT + 44];
		time_t seconds = at;
		struct tm tm;
		assert_non_null(gmtime_r(&seconds, &tm));
		snprintf(expected, sizeof(expected), "%04d-%02d-%02d %02d:%02d:%02d",
			tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			tm.tm_sec);
		assert_string_equal(moment_short(at * SECOND, text), expected);
	}
}

static void test_duration(void **state)
{
	static const struct {
		int64_t duration;
		const char *text;
	} cases[] = {
		{ 0, "0.0 s" },
		{ 99999, "0.0 s" },
		{ 800000, "0.8 s" },
		{ 999999, "0.9 s" },
		{ 9999999, "9.9 s" },
		{ 10 * SECOND, "10 s" },
		{ 42 * SECOND, "42 s" },
		{ 2 * MINUTE - 1, "119 s" },
		{ 2 * MINUTE, "2 min" },
		{ 12 * MINUTE + 59 * SECOND, "12 min" },
		{ HOUR - 1, "59 min" },
		{ HOUR, "1 h" },
		{ 3 * HOUR + 5 * MINUTE, "3 h 5 min" },
		{ DAY - 1, "23 h 59 min" },
		{ DAY, "1 d" },
		{ 2 * DAY + 4 * HOUR, "2 d 4 h" },
		{ -42 * SECOND, "-42 s" },
		{ INT64_MAX, "106751991 d 4 h" },
		{ INT64_MIN, "-106751991 d 4 h" },
	};
	char text[DURATION_TEXT];
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(duration_text(cases[i].duration, text), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_duration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
