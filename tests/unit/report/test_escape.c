/* What a stranger may put on our terminal: letters, and nothing that acts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "report/escape.h"

static void escape_all(struct bytes in, bool utf8, char *out)
{
	*out = '\0';
	while (bytes_size(in)) {
		struct escaped next = escape_next(&in, utf8);
		assert_in_range(next.size, 1, ESCAPE_MAX - 1);
		assert_int_equal(next.size, strlen(next.text));
		strcat(out, next.text);
	}
}

static void test_escape(void **state)
{
	static const struct {
		const char *in;
		bool utf8;
		const char *out;
	} cases[] = {
		{ "550 no such user", false, "550 no such user" },
		{ "\033[2J\a\r\n", true, "\\x1b[2J\\x07\\x0d\\x0a" }, { "\x7f", true, "\\x7f" },
		{ "\xc3\xbc", true, "\xc3\xbc" }, { "\xc3\xbc", false, "\\u00fc" },
		{ "\xc2\x9b", true, "\\u009b" }, /* CSI as UTF-8 */
		{ "\x9b"
		  "31m",
			true, "\\x9b31m" }, /* CSI as a byte */
		{ "a\xe2\x80\xae"
		  "b",
			true, "a\\u202eb" }, /* right to left */
		{ "a\xe2\x80\x8b"
		  "b",
			true, "a\\u200bb" }, /* zero width */
		{ "\xef\xbb\xbf", true, "\\ufeff" },
		{ "\xf0\x9f\x93\xa7", true, "\xf0\x9f\x93\xa7" },
		{ "\xf0\x9f\x93\xa7", false, "\\U0001f4e7" },
		{ "\xf3\xa0\x81\x81", true, "\\U000e0041" }, /* a tag nobody sees */
		{ "\xc0\xaf", true, "\\xc0\\xaf" },          /* overlong */
		{ "\xed\xa0\x80", true, "\\xed\\xa0\\x80" }, /* surrogate */
		{ "\xe2\x82", true, "\\xe2\\x82" },          /* cut */
		{ "\\x1b", true, "\\x1b" },                  /* a second pass changes nothing */
	};
	char out[128];
	for (size_t i = 0; i < COUNT(cases); i++) {
		escape_all(bytes_of(cases[i].in), cases[i].utf8, out);
		assert_string_equal(out, cases[i].out);
	}
}

/* Whatever the two bytes: none that acts comes through. */
static void test_escape_any(void **state)
{
	char out[64];
	for (unsigned i = 0; i < 65536; i++) {
		const uint8_t pair[2] = { (uint8_t)(i >> 8), (uint8_t)i };
		escape_all(bytes_make(pair, 2), false, out);
		for (const char *at = out; *at; at++)
			assert_in_range(*at, ' ', '~');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_escape_any),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
