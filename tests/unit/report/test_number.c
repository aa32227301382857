/* Numbers as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/moment.h"
#include "report/number.h"

static void test_text(void **state)
{
	static const struct {
		uint64_t number;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ 1000, "1,000" },
		{ 123456, "123,456" },
		{ 1234567, "1,234,567" },
		{ UINT64_MAX, "18,446,744,073,709,551,615" },
	};
	char text[NUMBER_TEXT];
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(number_text(cases[i].number, text), cases[i].text);
}

static void test_value(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 12, "12" },
		{ 0.25, "0.25" },
		{ 1500, "1,500" },
		{ 33.333, "33.3" },
		{ -1, "-1" },
		{ 1e18, "1e+18" },
	};
	char text[NUMBER_TEXT];
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(number_value(cases[i].value, text), cases[i].text);
}

static void test_bytes(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{ 0, "0 bytes" },
		{ 1, "1 byte" },
		{ 999, "999 bytes" },
		{ 1000, "1.0 kB" },
		{ 999949, "999.9 kB" },
		{ 999950, "1.0 MB" },
		{ 812300000, "812.3 MB" },
		{ UINT64_MAX, "18446.7 PB" },
	};
	char text[NUMBER_TEXT];
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(number_bytes(cases[i].bytes, text), cases[i].text);
}

static void test_span(void **state)
{
	const int64_t begin = INT64_C(1772357400) * SECOND;
	char text[NUMBER_SPAN];
	assert_string_equal(number_span(begin, begin + 42 * MINUTE, text),
		"2026-03-01 09:30:00 to 10:12:00 UTC (42 min)");
	assert_string_equal(number_span(begin, begin + DAY, text),
		"2026-03-01 09:30:00 to 2026-03-02 09:30:00 UTC (1 d)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_span),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
