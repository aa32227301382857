/* error: one line each, escaped, cut between characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"

static void test_set(void **state)
{
	struct error error;
	assert_false(error_set(&error, "%s: line %u: no address; use PREFIX ADDRESS", "a.yaml", 3));
	assert_string_equal(error.text, "a.yaml: line 3: no address; use PREFIX ADDRESS");
	assert_false(error_set(&error, "%s", "a\nb\x1b[31m\x7f\xff \xc3\xa4\xc2\x85"));
	assert_string_equal(error.text, "a\\x0ab\\x1b[31m\\x7f\\xff \xc3\xa4\\xc2\\x85");
	assert_false(error_set(NULL, "%s", "nobody listens"));
}

static void test_add(void **state)
{
	struct error error = { .text = "" };
	assert_false(error_add(&error, "first"));
	assert_false(error_add(&error, "%s", "sec\nond"));
	assert_string_equal(error.text, "first\nsec\\x0aond");
	assert_false(error_add(NULL, "%s", "nobody listens"));
}

static void test_cut(void **state)
{
	struct error error = { .text = "" };
	char longest[2 * sizeof(error.text)];
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	error_set(&error, "%s", longest);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
	error_add(&error, "there is no room");
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
	for (size_t i = 0; i + 2 < sizeof(longest); i += 2)
		memcpy(longest + i, "\xc3\xa4", 2);
	error_set(&error, "%s", longest);
	/* An odd room cannot be filled with characters of two bytes. */
	assert_in_range(strlen(error.text), sizeof(error.text) - 8, sizeof(error.text) - 1);
	assert_memory_equal(error.text + 2 * (strlen(error.text) / 4), "\xc3\xa4", 2);
	for (size_t i = 0; i + 1 < sizeof(longest); i++)
		longest[i] = '\n';
	error_set(&error, "%s", longest);
	assert_string_equal(error.text + strlen(error.text) - 4, "\\x0a");
}

/* Lines are added until there is no room, each byte of it used or not. */
static void test_many(void **state)
{
	struct error error = { .text = "" };
	for (unsigned i = 0; i < 1000; i++)
		error_add(&error, "line %u", i);
	assert_in_range(strlen(error.text), sizeof(error.text) - 10, sizeof(error.text) - 1);
	assert_memory_equal(error.text, "line 0\nline 1\n", 14);
}

static void test_no_memory(void **state)
{
	struct error error;
	error_no_memory(&error, "office.pcap");
	assert_true(error.no_memory);
	assert_memory_equal(error.text, "office.pcap: ", 13);
	error_set(&error, "another");
	assert_false(error.no_memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_no_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
