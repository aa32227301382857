/* anomaly: the table is whole, counting counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/anomaly.h"
#include "base/bytes.h"

static void test_table(void **state)
{
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT; kind++) {
		const char *name = anomaly_name(kind);
		assert_non_null(name);
		assert_non_null(anomaly_meaning(kind));
		assert_int_equal(
			strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(name));
		assert_null(strpbrk(anomaly_meaning(kind), "\n."));
		for (enum anomaly other = 0; other < kind; other++)
			assert_string_not_equal(name, anomaly_name(other));
	}
}

static void test_names(void **state)
{
	static const struct {
		enum anomaly kind;
		const char *name;
		bool is_limit;
	} cases[] = {
		{ FILE_CUT, "file_cut", false },
		{ PACKET_CUT, "packet_cut", false },
		{ TCP_OVERLAP_CONFLICT, "tcp_overlap_conflict", false },
		{ TCP_POOL_FULL, "tcp_pool_full", true },
		{ SMTP_ARENA_FULL, "smtp_arena_full", true },
		{ SMTP_GREETING_NONE, "smtp_greeting_none", false },
		{ HOSTS_FULL, "hosts_full", true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_string_equal(anomaly_name(cases[i].kind), cases[i].name);
		assert_int_equal(anomaly_is_limit(cases[i].kind), cases[i].is_limit);
	}
}

static void test_counting(void **state)
{
	struct anomaly_totals total = { { 0 } };
	struct anomalies one = { .total = &total }, other = { .total = &total };
	enum anomaly last = ANOMALY_COUNT - 1;
	assert_false(anomaly(&one, FILE_CUT));
	assert_false(anomaly(&one, last));
	assert_false(anomaly(&other, last));
	assert_true(anomaly_is(&one, FILE_CUT) && anomaly_is(&one, last));
	assert_true(!anomaly_is(&other, FILE_CUT) && anomaly_is(&other, last));
	assert_false(anomaly_is(&one, IP_SHORT));
	assert_int_equal(total.count[FILE_CUT], 1);
	assert_int_equal(total.count[last], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_counting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
