/* csv: quoting (RFC 4180), formulas (CWE-1236), control characters, no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/csv.h"
#include "base/fault.h"

static void assert_record(struct bytes record, const char *expected)
{
	char text[512] = "";
	assert_non_null(record.at);
	memcpy(text, record.at, bytes_size(record));
	assert_string_equal(text, expected);
}

static void test_fields(void **state)
{
	static const struct {
		const char *text, *field;
	} cases[] = {
		{ "", "" },
		{ "plain text", "plain text" },
		{ "a,b", "\"a,b\"" },
		{ "say \"x\"", "\"say \"\"x\"\"\"" },
		{ "\"", "\"\"\"\"" },
		{ "=1+1", "'=1+1" },
		{ "+49", "'+49" },
		{ "-1", "'-1" },
		{ "@SUM(A1,A2)", "\"'@SUM(A1,A2)\"" },
		{ "\tx", "'\\x09x" },
		{ "\rx", "'\\x0dx" },
		{ "\nx", "\\x0ax" },
		{ "a=b", "a=b" },
		{ "a\r\nb\x1b", "a\\x0d\\x0ab\\x1b" },
		{ "\xc3\xa4", "\xc3\xa4" },
		{ "\xe4", "\\xe4" },
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae" },
	};
	struct csv csv = { 0 };
	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[64];
		snprintf(expected, sizeof(expected), "x,%s,%s\r\n", cases[i].field, cases[i].field);
		csv_begin(&csv);
		csv_string(&csv, "x");
		csv_string(&csv, cases[i].text);
		csv_text(&csv, bytes_of(cases[i].text));
		assert_record(csv_end(&csv), expected);
	}
	csv_free(&csv);
}

static void test_values(void **state)
{
	struct csv csv = { 0 };
	csv_begin(&csv);
	csv_uint(&csv, 0);
	csv_uint(&csv, UINT64_MAX);
	csv_fixed(&csv, -1.25, 1);
	csv_fixed(&csv, 3, 0);
	csv_fixed(&csv, NAN, 2);
	csv_text(&csv, bytes_make("a\0b", 3));
	csv_text(&csv, (struct bytes){ NULL, NULL });
	csv_string(&csv, NULL);
	assert_record(csv_end(&csv), "0,18446744073709551615,-1.2,3,,a\\x00b,,\r\n");
	csv_begin(&csv);
	assert_record(csv_end(&csv), "\r\n");
	csv_begin(&csv);
	csv_fixed(&csv, -1e308, 99);
	assert_true(bytes_size(csv_end(&csv)) == 1 + 309 + 1 + 15 + 2);
	csv_free(&csv);
}

static void test_pseudonyms(void **state)
{
	static const struct pseudonyms by = { { 1, 2 } };
	static const uint8_t mac[6] = { 0, 0x0c, 0x29, 1, 2, 3 }, v4[4] = { 192, 0, 2, 1 };
	const struct address address = address_v4(v4);
	struct csv csv = { .pseudonyms = &by };
	csv_begin(&csv);
	csv_string(&csv, "mx.example.com");
	csv_text(&csv, bytes_of("@mx.example.com, \"x\""));
	csv_value(&csv, PSEUDONYM_WORDS, bytes_of("Hello"));
	csv_address(&csv, &address);
	csv_address(&csv, NULL);
	csv_mac(&csv, mac);
	csv_mac(&csv, NULL);
	assert_record(csv_end(&csv),
		"mx.example.com,\"'@h-rm6gmtfaqpuw.d-htovkxeeyh3q.invalid, \"\"x\"\"\","
		"s-mhxjebc7lrhr,2001:db8:4::9fc3:fea,,02:25:ed:5f:38:c7,\r\n");
	csv_free(&csv);
}

static void test_faults(void **state)
{
	struct csv csv = { 0 };
	if (!fault_arm("fail@2"))
		skip();
	csv_begin(&csv);
	for (unsigned i = 0; i < 200; i++)
		csv_string(&csv, "a field, quoted");
	assert_null(csv_end(&csv).at);
	csv_begin(&csv);
	csv_string(&csv, "works again");
	assert_record(csv_end(&csv), "works again\r\n");
	csv_free(&csv);
	fault_arm("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_pseudonyms),
		cmocka_unit_test(test_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
