/* A small set: exact up to its limit, and then full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sense/few.h"

static void test_few(void **state)
{
	struct few few = { 0 };
	for (unsigned round = 0; round < 2; round++)
		for (uint16_t i = 0; i < 2 * FEW_MAX; i++)
			assert_int_equal(few_add(&few, &i, sizeof(i)), round == 0 && i < FEW_MAX);
	assert_int_equal(few.count, FEW_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_few) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
