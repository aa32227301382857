/* What strangers wrote, made fit to be shown to others; and the one line of a connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "model/exhibit.h"

static void test_show(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ "", "" },
		{ "5.7.1 no", "5.7.1 no" },
		{ "<bob@b.example>: no such user", "<...>: no such user" },
		{ "for \"bob@b.example\",b@c", "for \"...\",..." },
		{ "bob@b.example", "..." },
		{ "two\nlines\tand \033[31m", "two lines\\x09and \\x1b[31m" },
		{ "caf\xc3\xa9 \xff", "caf\xc3\xa9 \\xff" },
		{ "0123456789012345678901234567890123456789", "0123456789012345678901234567890" },
		{ "012345678901234567890123456789\xc3\xa9", "012345678901234567890123456789" },
	};
	char out[32];
	for (size_t i = 0; i < COUNT(cases); i++) {
		exhibit_show(bytes_of(cases[i].text), out, sizeof(out));
		assert_string_equal(out, cases[i].shown);
	}
	exhibit_show((struct bytes){ NULL, NULL }, out, sizeof(out));
	assert_string_equal(out, "");
}

static struct endpoint end(uint8_t last, uint16_t port)
{
	const uint8_t byte[4] = { 198, 18, 3, last };
	return (struct endpoint){ .ip = address_v4(byte), .port = port };
}

static void test_text(void **state)
{
	char text[EXHIBIT_TEXT];
	struct exhibit exhibit = { .client = end(1, 49200), .server = end(25, 25) };
	static const char *const words[] = {
		[EXHIBIT_UNKNOWN] =
			"198.18.3.1 port 49200 to 198.18.3.25, port 25: no more was seen",
		[EXHIBIT_UNANSWERED] =
			"198.18.3.1 port 49200 to 198.18.3.25, port 25: not answered",
		[EXHIBIT_REFUSED] =
			"198.18.3.1 port 49200 to 198.18.3.25, port 25: the connection was refused",
		[EXHIBIT_ENCRYPTED] =
			"198.18.3.1 port 49200 to 198.18.3.25, port 25: went on encrypted",
		[EXHIBIT_ANSWERED] = "198.18.3.1 port 49200 to 198.18.3.25, port 25: 0",
		[EXHIBIT_SILENT] =
			"198.18.3.1 port 49200 to 198.18.3.25, port 25: nothing was answered",
	};
	for (unsigned i = 0; i < COUNT(words); i++) {
		exhibit.outcome = (enum exhibit_outcome)i;
		assert_string_equal(exhibit_text(&exhibit, text), words[i]);
	}
	exhibit.outcome = EXHIBIT_ANSWERED;
	exhibit.code = 554;
	exhibit.kinds = 1u << ALERT_DIRECT_TO_MX | 1u << ALERT_POLICY_BYPASS;
	exhibit_show(bytes_of("mx.heron.example"), exhibit.name, sizeof(exhibit.name));
	exhibit_show(bytes_of("go away"), exhibit.answer, sizeof(exhibit.answer));
	assert_string_equal(exhibit_text(&exhibit, text),
		"198.18.3.1 port 49200 to mx.heron.example (198.18.3.25, port 25): 554 go away; "
		"counted for direct-to-mx, policy-bypass");
}

/* The longest of each part is no more than the room. */
static void test_longest(void **state)
{
	char text[EXHIBIT_TEXT];
	const uint8_t byte[16] = { 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff };
	struct exhibit exhibit = { .client = { .ip = address_v6(byte), .port = 65535 },
		.server = { .ip = address_v6(byte), .port = 65535 },
		.outcome = EXHIBIT_ANSWERED,
		.code = 599,
		.kinds = (1u << ALERT_KINDS) - 1 };
	memset(exhibit.name, 'n', sizeof(exhibit.name) - 1);
	memset(exhibit.answer, 'a', sizeof(exhibit.answer) - 1);
	exhibit_text(&exhibit, text);
	assert_in_range(strlen(text), 300, EXHIBIT_TEXT - 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_show),
		cmocka_unit_test(test_text), cmocka_unit_test(test_longest) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
