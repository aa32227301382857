/* Character references of HTML. */
#include "harness.h"

#include "mime/entity.h"

static void test_decode(void **state)
{
	static const struct {
		const char *entity, *out;
	} cases[] = {
		{ "&amp", "&" },
		{ "&colon", ":" },
		{ "&nbsp", " " },
		{ "&#47", "/" },
		{ "&#x2F", "/" },
		{ "&#X2f", "/" },
		{ "&#0000047", "/" },
		{ "&#xe9", "\xC3\xA9" },
		{ "&#x20ac", "\xE2\x82\xAC" },
		{ "&#x1F4E7", "\xF0\x9F\x93\xA7" },
		{ "&#4a", "\4" },
		{ "&", "&" },
		{ "&AMP", "&AMP" },
		{ "&unknown", "&unknown" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t out[ENTITY_MAX + 1];
		out[entity_decode(bytes_of(cases[i].entity), out)] = 0;
		assert_string_equal((const char *)out, cases[i].out);
	}
}

/* Numbers beyond all characters come out as bounded bytes. */
static void test_numbers(void **state)
{
	static const char *const cases[] = { "&#", "&#x", "&#999999999", "&#xffffffff",
		"&#xFFFFFFFFF" };
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t out[ENTITY_MAX];
		size_t size = entity_decode(bytes_of(cases[i]), out);
		assert_true(size >= 1 && size <= 4);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
