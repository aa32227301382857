/* fault: the N-th strikes, once; in a release nothing does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/fault.h"

static void test_words(void **state)
{
	static const struct {
		const char *text;
		bool understood;
		unsigned call, limit; /* which strikes; 0: none */
	} cases[] = {
		{ "fail@1", true, 1, 0 },
		{ "fail@7", true, 7, 0 },
		{ "limit@1", true, 0, 1 },
		{ "limit@10", true, 0, 10 },
		{ "fail@99999999999999", true, 0, 0 },
		{ "count", true, 0, 0 },
		{ "", false, 0, 0 },
		{ "fail@", false, 0, 0 },
		{ "fail@0", false, 0, 0 },
		{ "fail@-1", false, 0, 0 },
		{ "fail@1x", false, 0, 0 },
		{ "fail@99999999999999999999", false, 0, 0 },
		{ "fall@1", false, 0, 0 },
	};
	if (!fault_arm("count"))
		skip();
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(fault_arm(cases[i].text), cases[i].understood);
		for (unsigned n = 1; n <= 20; n++) {
			assert_int_equal(fault_call(), n == cases[i].call);
			assert_int_equal(fault_limit(), n == cases[i].limit);
		}
	}
	fault_arm("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
