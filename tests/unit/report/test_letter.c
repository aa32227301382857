/* The text that goes with the packets: all that somebody needs who has never heard of us, and
 * nothing that acts on his terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/moment.h"
#include "report/letter.h"

#define BEGIN (INT64_C(1772357400) * SECOND) /* 2026-03-01 09:30:00 */

static const struct alert bot = {
	.id = "6ba7b811-9dad-51d1-80b4-00c04fd430c8",
	.kind = ALERT_DIRECT_TO_MX,
	.kinds = 1u << ALERT_DIRECT_TO_MX,
	.families = 1u << FAMILY_ROUTE,
	.confidence = 0.72,
	.address = { { { 0xfd, 0, [15] = 8 } } },
	.addresses = 1,
	.event_time = BEGIN,
	.detect_time = BEGIN + MINUTE,
	.cease_time = BEGIN + HOUR,
	.sentence = "It handed mail to 12 foreign networks.",
	.innocent_if = "it is a mail server of yours",
	.measure = { { .name = "networks", .value = 12, .threshold = 5, .unit = "networks" } },
	.measures = 1,
};

static struct exhibit tried(unsigned number)
{
	return (struct exhibit){ .client = { .ip = bot.address[0], .port = (uint16_t)number },
		.server = { .ip = { { 0xfd, 1 } }, .port = 25 },
		.start = BEGIN + number * SECOND,
		.outcome = EXHIBIT_UNANSWERED };
}

static char *render(const struct letter *letter)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	letter_write(out, &bot, letter);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void in_order(const char *text, const char *const *expected, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *at = strstr(text, expected[i]);
		if (!at)
			fail_msg("not found: %s\nin: %s", expected[i], text);
		text = at + strlen(expected[i]);
	}
}

static void test_what_it_says(void **state)
{
	static const char *const expected[] = {
		"Evidence about fd00::8, written by mailwarden 1.\n", "All times are UTC.",
		"\nfd00::8\n", "It handed mail to 12 foreign networks.", "2026-03-01 09:30:00",
		"6ba7b811-9dad-51d1-80b4-00c04fd430c8", "    12      5      0  networks",
		"Innocent if  it is a mail server of yours",
		"2026-03-01 09:30:01  fd00::8 port 1 to fd01::, port 25: not answered\n",
		"2026-03-01 09:30:02  fd00::8 port 2 to mx.b.example (fd01::, port 25): 550",
		"<...>: no; counted for direct-to-mx", "and 3 more",
		"a-direct-to-mx.pcapng beside this one holds 1,234 packets", "of 2 of\n",
		"For want of room 1 further packet of the same kind was left out.",
		"tshark -r a-direct-to-mx.pcapng -Y frame.comment",
		"mailwarden read --emit activities a-direct-to-mx.pcapng", "On the machine",
		"dport = :25"
	};
	struct exhibit exhibits[2] = { tried(1), tried(2) };
	exhibits[1].outcome = EXHIBIT_ANSWERED;
	exhibits[1].code = 550;
	exhibits[1].kinds = 1u << ALERT_DIRECT_TO_MX;
	exhibit_show(bytes_of("mx.b.example"), exhibits[1].name, sizeof(exhibits[1].name));
	exhibit_show(
		bytes_of("<bob@b.example>: no"), exhibits[1].answer, sizeof(exhibits[1].answer));
	const struct letter letter = { .program = "mailwarden 1",
		.packets = "a-direct-to-mx.pcapng",
		.exhibit = exhibits,
		.exhibits = 2,
		.connections = 5,
		.kept = 1234,
		.left_out = 1 };
	char *text = render(&letter);
	in_order(text, expected, COUNT(expected));
	assert_null(strstr(text, "bob"));
	free(text);
}

static void test_many(void **state)
{
	static struct exhibit exhibits[LETTER_CONNECTIONS_MAX + 1];
	for (unsigned i = 0; i < COUNT(exhibits); i++)
		exhibits[i] = tried(i);
	const struct letter letter = { .program = "mailwarden 1",
		.packets = "x.pcapng",
		.exhibit = exhibits,
		.exhibits = COUNT(exhibits),
		.connections = COUNT(exhibits) };
	char *text = render(&letter);
	assert_non_null(strstr(text, "port 499 to"));
	assert_null(strstr(text, "port 500 to"));
	assert_non_null(strstr(text, "\n  and 1 more\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_what_it_says),
		cmocka_unit_test(test_many) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
