/* json: structure, numbers, the escapes and their way back, no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/fault.h"
#include "base/json.h"

static void assert_document(struct json *json, const char *expected)
{
	struct bytes document = json_end(json);
	char text[1024] = "";
	assert_non_null(document.at);
	memcpy(text, document.at, bytes_size(document));
	assert_string_equal(text, expected);
}

static void test_structure(void **state)
{
	struct json json = { 0 };
	json_begin(&json);
	json_object(&json);
	json_key(&json, "a");
	json_array(&json);
	json_array(&json);
	json_array_end(&json);
	json_object(&json);
	json_object_end(&json);
	json_uint(&json, 1);
	json_array_end(&json);
	json_key(&json, "b");
	json_object(&json);
	json_key(&json, "c");
	json_null(&json);
	json_key(&json, "d");
	json_bool(&json, true);
	json_object_end(&json);
	json_key(&json, "e");
	json_bool(&json, false);
	json_object_end(&json);
	assert_document(&json, "{\"a\":[[],{},1],\"b\":{\"c\":null,\"d\":true},\"e\":false}");
	json_begin(&json);
	json_string(&json, "again");
	assert_document(&json, "\"again\"");
	json_free(&json);
}

static void test_numbers(void **state)
{
	struct json json = { 0 };
	json_begin(&json);
	json_array(&json);
	json_uint(&json, 0);
	json_uint(&json, UINT64_MAX);
	json_int(&json, INT64_MIN);
	json_int(&json, INT64_MAX);
	json_fixed(&json, 0.5, 3);
	json_fixed(&json, -2, 0);
	json_fixed(&json, 1.0 / 3, 99);
	json_fixed(&json, NAN, 1);
	json_fixed(&json, INFINITY, 1);
	json_array_end(&json);
	assert_document(&json, "[0,18446744073709551615,-9223372036854775808,9223372036854775807,"
			       "0.500,-2,0.333333333333333,null,null]");
	json_begin(&json);
	json_fixed(&json, -1.7e308, 15);
	assert_int_equal(bytes_size(json_end(&json)), 1 + 309 + 1 + 15);
	json_free(&json);
}

static void test_text(void **state)
{
	static const struct {
		const char *text, *json; /* without the quotes */
	} cases[] = {
		{ "", "" }, { "plain /text", "plain /text" }, { "\"\\", "\\\"\\\\" },
		{ "\b\t\n\r\x1f\x7f", "\\u0008\\u0009\\u000a\\u000d\\u001f\\u007f" },
		{ "\xc2\x85", "\\u0085" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xa7", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xa7" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029" },
		{ "\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\x8e\xd8\x9c",
			"\\u202a\\u202e\\u2066\\u2069\\u200e\\u061c" },
		{ "\xe4", "\\uf7e4" },
		{ "a\xff\xfe"
		  "b",
			"a\\uf7ff\\uf7fe"
			"b" },
		{ "\xc3", "\\uf7c3" }, { "\xe2\x82(", "\\uf7e2\\uf782(" },
		{ "\xc0\xaf", "\\uf7c0\\uf7af" },            /* overlong */
		{ "\xed\xa0\x80", "\\uf7ed\\uf7a0\\uf780" }, /* surrogate */
		{ "\xef\x9e\x80", "\\uf7ef\\uf79e\\uf780" }, /* a genuine U+F780 */
		{ "\xef\x9f\xbf", "\\uf7ef\\uf79f\\uf7bf" }, /* a genuine U+F7FF */
		{ "\xef\x9d\xbf", "\xef\x9d\xbf" },          /* U+F77F is nothing special */
		{ "\xef\xa0\x80", "\xef\xa0\x80" },          /* nor is U+F800 */
	};
	struct json json = { 0 };
	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[128];
		snprintf(expected, sizeof(expected), "\"%s\"", cases[i].json);
		json_begin(&json);
		json_text(&json, bytes_of(cases[i].text));
		assert_document(&json, expected);
	}
	json_begin(&json);
	json_array(&json);
	json_text(&json, (struct bytes){ NULL, NULL });
	json_string(&json, NULL);
	json_text(&json, bytes_make("a\0b", 3));
	json_array_end(&json);
	assert_document(&json, "[null,null,\"a\\u0000b\"]");
	json_free(&json);
}

static unsigned hex(const uint8_t *at)
{
	unsigned value = 0;
	for (unsigned i = 0; i < 4; i++)
		value = value << 4 | (unsigned)(at[i] <= '9' ? at[i] - '0' : at[i] - 'a' + 10);
	return value;
}

/* Reads a written text as docs/sessions.md says; gives the number of bytes. */
static size_t read_back(struct bytes json, uint8_t *out)
{
	size_t used = 0;
	for (json.at++, json.end--; json.at != json.end; json.at++) {
		unsigned code;
		if (*json.at != '\\') {
			out[used++] = *json.at;
			continue;
		}
		if (*++json.at != 'u') {
			out[used++] = *json.at;
			continue;
		}
		code = hex(json.at + 1);
		json.at += 4;
		if (code >= 0xf780 && code <= 0xf7ff) {
			out[used++] = (uint8_t)code;
		} else if (code < 0x80) {
			out[used++] = (uint8_t)code;
		} else if (code < 0x800) {
			out[used++] = (uint8_t)(0xc0 | code >> 6);
			out[used++] = (uint8_t)(0x80 | (code & 63));
		} else {
			out[used++] = (uint8_t)(0xe0 | code >> 12);
			out[used++] = (uint8_t)(0x80 | (code >> 6 & 63));
			out[used++] = (uint8_t)(0x80 | (code & 63));
		}
	}
	return used;
}

/* Any bytes come back, and what is between is clean: random pieces that meet the rules often. */
static void test_lossless(void **state)
{
	static const uint8_t pieces[] = { 'a', '"', '\\', 0, '\n', 0x7f, 0x80, 0x8f, 0x9e, 0x9f,
		0xa0, 0xa8, 0xbf, 0xc2, 0xd8, 0x9c, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xff };
	struct json json = { 0 };
	srand(1);
	for (unsigned round = 0; round < 20000; round++) {
		uint8_t in[24], out[3 * sizeof(in)];
		size_t size = (size_t)rand() % sizeof(in);
		struct bytes written;
		for (size_t i = 0; i < size; i++)
			in[i] = pieces[(size_t)rand() % COUNT(pieces)];
		json_begin(&json);
		json_text(&json, bytes_make(in, size));
		written = json_end(&json);
		for (const uint8_t *at = written.at; at != written.end; at++)
			assert_true(*at >= 0x20 && *at != 0x7f);
		assert_int_equal(read_back(written, out), size);
		assert_memory_equal(in, out, size);
	}
	json_free(&json);
}

static void test_large(void **state)
{
	struct json json = { 0 };
	static uint8_t text[100000];
	memset(text, 0xff, sizeof(text));
	json_begin(&json);
	json_text(&json, bytes_make(text, sizeof(text)));
	assert_int_equal(bytes_size(json_end(&json)), 2 + 6 * sizeof(text));
	json_free(&json);
}

static void test_pseudonyms(void **state)
{
	static const struct pseudonyms by = { { 1, 2 } };
	static const uint8_t mac[6] = { 0, 0x0c, 0x29, 1, 2, 3 }, v4[4] = { 192, 0, 2, 1 };
	const struct address address = address_v4(v4);
	struct json json = { .pseudonyms = &by };
	json_begin(&json);
	json_object(&json);
	json_key(&json, "mx.example.com");
	json_array(&json);
	json_string(&json, "mx.example.com");
	json_text(&json, bytes_of("mx.example.com\n\xff"));
	json_value(&json, PSEUDONYM_WORDS, bytes_of("Hello"));
	json_answer(&json, bytes_of("no User a.b"), bytes_of("user@example.com"));
	json_address(&json, &address);
	json_address(&json, NULL);
	json_mac(&json, mac);
	json_mac(&json, NULL);
	json_value(&json, PSEUDONYM_HOST, (struct bytes){ NULL, NULL });
	json_array_end(&json);
	json_object_end(&json);
	assert_document(&json,
		"{\"mx.example.com\":[\"mx.example.com\","
		"\"h-rm6gmtfaqpuw.d-htovkxeeyh3q.invalid\\u000a\\uf7ff\",\"s-mhxjebc7lrhr\","
		"\"no u-oeuttp77qgd2 "
		"a.b\",\"2001:db8:4::9fc3:fea\",null,\"02:25:ed:5f:38:c7\",null,null]}");
	json_free(&json);
}

static void test_faults(void **state)
{
	struct json json = { 0 };
	if (!fault_arm("fail@2"))
		skip();
	json_begin(&json);
	json_array(&json);
	for (unsigned i = 0; i < 1000; i++)
		json_uint(&json, i);
	json_array_end(&json);
	assert_true(json.failed);
	assert_null(json_end(&json).at);
	json_begin(&json);
	json_uint(&json, 1);
	assert_document(&json, "1");
	json_free(&json);
	fault_arm("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_lossless),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_pseudonyms),
		cmocka_unit_test(test_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
