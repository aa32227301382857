/* Parameters of Content-Type and Content-Disposition. */
#include "harness.h"

#include "mime/parameters.h"

static void test_text(void **state)
{
	static const struct {
		const char *field, *value; /* of "name"; NULL: there is none */
		bool bad;
	} cases[] = {
		{ "a/b", NULL, false },
		{ "a/b; name=x", "x", false },
		{ "a/b;NAME = \"x; y\" ; z=1", "x; y", false },
		{ "a/b; name=\"a\\\"b\\\\c\"", "a\"b\\c", false },
		{ "a/b; name=\"C:\\dir\\x\"", "C:\\dir\\x", false },
		{ "a/b; name=x y.exe; z", "x y.exe", true },
		{ "a/b; name=\"open", "open", false },
		{ "a/b; name=", "", false },
		{ "a/b;;; name=x;", "x", false },
		{ "; name=x", "x", false },
		/* RFC 2231 */
		{ "a/b; name*=utf-8'en'%C3%BC%20x", "\xC3\xBC x", false },
		{ "a/b; name*=iso-8859-1''%FC", "\xC3\xBC", false },
		{ "a/b; name*=''%41", "A", false },
		{ "a/b; name*=%41%", "A%", false },
		{ "a/b; name*=x-none''%FC", "\xFC", false },
		{ "a/b; name*0=a; name*1=b", "ab", false },
		{ "a/b; name*1=b; name*0=a", "ab", false },
		{ "a/b; name*0*=utf-8''%C3; name*1*=%BC; name*2=\"%41\"", "\xC3\xBC%41", false },
		{ "a/b; name*0=a; name*2=c", "a", true },
		{ "a/b; name*0=a; name*0=b", "a", true },
		{ "a/b; name*1=b", NULL, true },
		{ "a/b; name*99999999999999=b; name=x", "x", true },
		/* both forms: the one that can say more goes first */
		{ "a/b; name=plain; name*=utf-8''rich", "rich", false },
		/* as really sent */
		{ "a/b; name=\"=?utf-8?Q?=C3=BC?=\"", "\xC3\xBC", false },
		{ "a/b; name==?utf-8?B?w7w=?=", "\xC3\xBC", false },
		{ "a/b; name=\"\xC3\xBC\"", "\xC3\xBC", false },
	};
	struct harness *harness = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct parameters parameters;
		harness_clear(harness);
		parameters_read(bytes_of(cases[i].field), &parameters, &harness->seen);
		bool found = parameters_text(&parameters, "name", &harness->words, &harness->text);
		assert_int_equal(found, cases[i].value != NULL);
		if (found)
			assert_string_equal(harness_string(harness, text_bytes(&harness->text)),
				cases[i].value);
		assert_int_equal(anomaly_is(&harness->seen, MIME_PARAMETER_BAD), cases[i].bad);
	}
}

static void test_value(void **state)
{
	struct harness *harness = *state;
	struct parameters parameters;
	parameters_read(bytes_of(" text/plain ; a=1; A=2; a*=3"), &parameters, &harness->seen);
	assert_string_equal(harness_string(harness, parameters.value), "text/plain");
	assert_int_equal(parameters.count, 3);
	assert_int_equal(parameters_count(&parameters, "a"), 2);
}

/* The value as sent, for boundaries: nothing is decoded. */
static void test_raw(void **state)
{
	struct harness *harness = *state;
	struct parameters parameters;
	harness_clear(harness);
	parameters_read(bytes_of("x; b=\"=?utf-8?Q?x?=\""), &parameters, &harness->seen);
	assert_true(parameters_raw(&parameters, "b", &harness->text));
	assert_string_equal(harness_string(harness, text_bytes(&harness->text)), "=?utf-8?Q?x?=");
	assert_false(parameters_raw(&parameters, "c", &harness->text));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_raw),
	};
	return cmocka_run_group_tests(tests, harness_begin, harness_end);
}
