/* bytes: the cursor at its edges, absent and empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"

static void test_absent(void **state)
{
	struct bytes absent = { NULL, NULL };
	assert_int_equal(bytes_size(absent), 0);
	assert_true(bytes_equal(absent, bytes_of("")));
	assert_true(bytes_equal_case(absent, bytes_of("")));
	assert_null(bytes_find(absent, 'a'));
	assert_null(bytes_take(&absent, 1));
	assert_null(bytes_take(&absent, 0));
	assert_true(bytes_limit(&absent, 0));
	assert_false(bytes_limit(&absent, 1));
	assert_null(bytes_split(&absent, 5).at);
	assert_null(bytes_make(NULL, 0).end);
}

static void test_take(void **state)
{
	struct bytes in = bytes_of("abcdef");
	assert_memory_equal(bytes_take(&in, 2), "ab", 2);
	assert_null(bytes_take(&in, 5));
	assert_null(bytes_take(&in, SIZE_MAX));
	assert_int_equal(bytes_size(in), 4);
	assert_true(bytes_equal(bytes_split(&in, 3), bytes_of("cde")));
	assert_true(bytes_equal(bytes_split(&in, SIZE_MAX), bytes_of("f")));
	assert_int_equal(bytes_size(bytes_split(&in, 1)), 0);
}

static void test_limit(void **state)
{
	struct bytes in = bytes_of("abcdef");
	assert_false(bytes_limit(&in, 7));
	assert_int_equal(bytes_size(in), 6);
	assert_true(bytes_limit(&in, 6));
	assert_true(bytes_limit(&in, 2));
	assert_true(bytes_equal(in, bytes_of("ab")));
}

static void test_compare(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal, equal_case, begins;
	} cases[] = {
		{ "", "", true, true, true },
		{ "HELO", "helo", false, true, true },
		{ "helo", "helo", true, true, true },
		{ "helo x", "HELO", false, false, true },
		{ "hel", "helo", false, false, false },
		{ "[", "{", false, false, false }, /* a letter's bit, but no letters */
		{ "\xc4", "\xe4", false, false, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes a = bytes_of(cases[i].a), b = bytes_of(cases[i].b);
		assert_int_equal(bytes_equal(a, b), cases[i].equal);
		assert_int_equal(bytes_equal_case(a, b), cases[i].equal_case);
		assert_int_equal(bytes_begin_case(a, b), cases[i].begins);
	}
}

static void test_numbers(void **state)
{
	static const uint8_t at[] = { 0x81, 0x02, 0x03, 0xf4 };
	assert_int_equal(be16(at), 0x8102);
	assert_int_equal(le16(at), 0x0281);
	assert_int_equal(be32(at), 0x810203f4);
	assert_int_equal(le32(at), 0xf4030281);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
