/* utf8: every boundary of the table of well-formed sequences, and what people are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/utf8.h"

static void test_size(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		uint32_t code; /* when size is not 0 */
	} cases[] = {
		{ "", 0, 0 },
		{ "a", 1, 'a' },
		{ "\x7f", 1, 0x7f },
		{ "\x80", 0, 0 },
		{ "\xbf", 0, 0 },
		{ "\xc0\x80", 0, 0 }, /* overlong NUL */
		{ "\xc1\xbf", 0, 0 },
		{ "\xc2\x80", 2, 0x80 },
		{ "\xc3\xa4", 2, 0xe4 },
		{ "\xdf\xbf", 2, 0x7ff },
		{ "\xc3", 0, 0 },
		{ "\xc3(", 0, 0 },
		{ "\xe0\x9f\xbf", 0, 0 }, /* overlong */
		{ "\xe0\xa0\x80", 3, 0x800 },
		{ "\xe2\x82\xac", 3, 0x20ac },
		{ "\xe2\x82", 0, 0 },
		{ "\xe2\x82(", 0, 0 },
		{ "\xed\x9f\xbf", 3, 0xd7ff },
		{ "\xed\xa0\x80", 0, 0 }, /* surrogates */
		{ "\xed\xbf\xbf", 0, 0 },
		{ "\xee\x80\x80", 3, 0xe000 },
		{ "\xef\xbf\xbf", 3, 0xffff },
		{ "\xf0\x8f\xbf\xbf", 0, 0 }, /* overlong */
		{ "\xf0\x90\x80\x80", 4, 0x10000 },
		{ "\xf0\x9f\x93\xa7", 4, 0x1f4e7 },
		{ "\xf0\x9f\x93", 0, 0 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
		{ "\xf4\x90\x80\x80", 0, 0 },
		{ "\xf5\x80\x80\x80", 0, 0 },
		{ "\xff", 0, 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t code = 0;
		assert_int_equal(utf8_size(bytes_of(cases[i].text), &code), cases[i].size);
		if (cases[i].size)
			assert_int_equal(code, cases[i].code);
	}
}

/* Each character there is, written by the rule and read back. */
static void test_all_codes(void **state)
{
	for (uint32_t code = 0x80; code <= 0x10ffff; code++) {
		uint32_t read = 0;
		uint8_t text[4] = { (uint8_t)(0xf0 | code >> 18),
			(uint8_t)(0x80 | (code >> 12 & 63)), (uint8_t)(0x80 | (code >> 6 & 63)),
			(uint8_t)(0x80 | (code & 63)) };
		size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
		uint8_t *first = text + 4 - size;
		bool surrogate = code >= 0xd800 && code <= 0xdfff;
		if (size == 2)
			*first = (uint8_t)(0xc0 | code >> 6);
		else if (size == 3)
			*first = (uint8_t)(0xe0 | code >> 12);
		if (utf8_size(bytes_make(first, size), &read) != (surrogate ? 0 : size) ||
			(!surrogate && read != code))
			fail_msg("U+%04X", (unsigned)code);
	}
}

static void test_hidden(void **state)
{
	static const struct {
		uint32_t first, last;
		bool hidden;
	} cases[] = {
		{ 0, 0x1f, true },
		{ 0x20, 0x7e, false },
		{ 0x7f, 0x9f, true },
		{ 0xa0, 0x61b, false },
		{ 0x61c, 0x61c, true },
		{ 0x61d, 0x200d, false },
		{ 0x200e, 0x200f, true },
		{ 0x2010, 0x2027, false },
		{ 0x2028, 0x202e, true },
		{ 0x202f, 0x2065, false },
		{ 0x2066, 0x2069, true },
		{ 0x206a, 0xffff, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		for (uint32_t code = cases[i].first; code <= cases[i].last; code++)
			assert_int_equal(utf8_is_hidden(code), cases[i].hidden);
}

static void test_show(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ "", "" },
		{ "plain \xc3\xa4", "plain \xc3\xa4" },
		{ "a\nb\x1b[2J", "a\\x0ab\\x1b[2J" },
		{ "\xe2\x80\xae"
		  "evil",
			"\\xe2\\x80\\xae"
			"evil" },
		{ "\xff\xe2\x82", "\\xff\\xe2\\x82" },
		{ "\xf0\x9f\x93\xa7", "\xf0\x9f\x93\xa7" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = bytes_of(cases[i].text);
		char room[UTF8_SHOW], out[64] = "";
		while (in.at != in.end) {
			struct bytes piece = utf8_show(&in, room);
			memcpy(out + strlen(out), piece.at, bytes_size(piece));
		}
		assert_string_equal(out, cases[i].shown);
		assert_int_equal(bytes_size(utf8_show(&in, room)), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_all_codes),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_show),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
