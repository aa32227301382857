/* Encoded words as RFC 2047 has them, and as they are really sent. The characters of many sets were
 * made with iconv(1). */
#include "harness.h"

static const struct {
	const char *in, *out;
	bool raw;
} cases[] = {
	/* RFC 2047 section 8 */
	{ "(=?ISO-8859-1?Q?a?=)", "(a)", false },
	{ "(=?ISO-8859-1?Q?a?= b)", "(a b)", false },
	{ "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)", false },
	{ "(=?ISO-8859-1?Q?a?=  \t =?ISO-8859-1?Q?b?=)", "(ab)", false },
	{ "(=?ISO-8859-1?Q?a_b?=)", "(a b)", false },
	{ "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)", false },
	/* cut within a character, in either encoding, case of the letters */
	{ "=?utf-8?B?ww==?= =?UTF-8?b?vGI=?=",
		"\xC3\xBC"
		"b",
		false },
	{ "=?utf-8?q?=C3?= =?utf-8?Q?=BC?=", "\xC3\xBC", false },
	{ "=?utf-8?q?=c3?= =?utf-8?B?vA==?=", "\xC3\xBC", false },
	/* anywhere: in quotes, in words, against each other, with blanks, without padding */
	{ "\"=?utf-8?Q?x?=\"", "\"x\"", false },
	{ "a=?utf-8?Q?x?=b=?utf-8?Q?y?=", "axby", false },
	{ "=?utf-8?Q?x y?=", "x y", false },
	{ "=?utf-8?B?w7w?=", "\xC3\xBC", false },
	{ "=?utf-8*de?Q?x?=", "x", false },
	{ "=?us-ascii?Q?=3D=3f=5F?=", "=?_", false },
	{ "=?utf-8?Q?"
	  "?=",
		"", false },
	/* what is no word */
	{ "=?", "=?", false },
	{ "=?utf-8?X?x?=", "=?utf-8?X?x?=", false },
	{ "=?utf-8?Q?x", "=?utf-8?Q?x", false },
	{ "=??Q?x?=", "=??Q?x?=", false },
	{ "=?utf-8? =?utf-8?Q?x?=", "=?utf-8? x", false },
	{ "1 =? 2 ?= 3", "1 =? 2 ?= 3", false },
	/* what cannot be decoded stays, marked */
	{ "=?x-none?Q?x?= y", "=?x-none?Q?x?= y", true },
	{ "=?utf-8?Q?=FF?=", "\xEF\xBF\xBD", true },
	{ "\xFC", "\xFC", true },
	{ "\xC3\xBC", "\xC3\xBC", false },
	/* the sets of the list */
	{ "=?iso-8859-1?Q?=80=FC?=", "\xE2\x82\xAC\xC3\xBC", false }, /* as windows-1252 */
	{ "=?iso-8859-2?Q?=B1?=", "\xC4\x85", false },
	{ "=?iso-8859-15?Q?=A4?=", "\xE2\x82\xAC", false },
	{ "=?windows-1251?Q?=CF?=", "\xD0\x9F", false },
	{ "=?koi8-r?Q?=F0?=", "\xD0\x9F", false },
	{ "=?koi8-u?Q?=A4?=", "\xD1\x94", false },
	{ "=?windows-1256?Q?=C7?=", "\xD8\xA7", false },
	{ "=?iso-8859-7?Q?=C1?=", "\xCE\x91", false },
	{ "=?iso-8859-8-i?Q?=E0?=", "\xD7\x90", false },
	{ "=?tis-620?Q?=A1?=", "\xE0\xB8\x81", false },
	{ "=?iso-2022-jp?B?GyRCJDIbKEI=?=", "\xE3\x81\x92", false },
	{ "=?shift_jis?B?grA=?=", "\xE3\x81\x92", false },
	{ "=?euc-jp?B?pLI=?=", "\xE3\x81\x92", false },
	{ "=?gb2312?B?1tA=?=", "\xE4\xB8\xAD", false },
	{ "=?gbk?B?1tA=?=", "\xE4\xB8\xAD", false },
	{ "=?gb18030?B?1tA=?=", "\xE4\xB8\xAD", false },
	{ "=?big5?B?pKQ=?=", "\xE4\xB8\xAD", false },
	{ "=?euc-kr?B?x9E=?=", "\xED\x95\x9C", false },
	{ "=?ks_c_5601-1987?B?x9E=?=", "\xED\x95\x9C", false },
	{ "=?utf-16be?B?AOk=?=", "\xC3\xA9", false },
	{ "=?utf-7?Q?+AOk-?=", "\xC3\xA9", false },
	/* a shift state does not leak into the next word */
	{ "=?iso-2022-jp?B?GyRCJDI=?= x =?iso-2022-jp?Q?a?=", "\xE3\x81\x92 x a", false },
};

static void test_decode(void **state)
{
	struct harness *harness = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		harness_clear(harness);
		words_decode(&harness->words, bytes_of(cases[i].in), &harness->text);
		assert_string_equal(
			harness_string(harness, text_bytes(&harness->text)), cases[i].out);
		assert_int_equal(harness->text.raw, cases[i].raw);
	}
}

/* Damaged in every way that a cut or a changed byte can do: no more than bounded text comes out. */
static void test_damaged(void **state)
{
	struct harness *harness = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t size = strlen(cases[i].in);
		char *copy = malloc(size);
		assert_non_null(copy);
		for (size_t at = 0; at < size * 4; at++) {
			memcpy(copy, cases[i].in, size);
			copy[at / 4] = "?=\0 "[at % 4];
			harness_clear(harness);
			words_decode(&harness->words, bytes_make(copy, size - at % size),
				&harness->text);
			assert_true(harness->text.size <= 3 * size);
		}
		free(copy);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_damaged),
	};
	return cmocka_run_group_tests(tests, harness_begin, harness_end);
}
