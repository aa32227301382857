/* The check of the recording: each finding on both sides of each of its limits, and what is
 * written of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/moment.h"
#include "fake_engine.h"
#include "report/tapcheck.h"

#define V4(a, b, c, d)                                                                             \
	{                                                                                          \
		{                                                                                  \
			[10] = 0xff, 0xff, a, b, c, d                                              \
		}                                                                                  \
	}
#define V6(last)                                                                                   \
	{                                                                                          \
		{                                                                                  \
			0x20, 1, 0x0d, 0xb8, [15] = last                                           \
		}                                                                                  \
	}
#define PUBLIC V4(198, 51, 100, 7)
#define PRIVATE V4(192, 168, 7, 20)
#define NAT(who, b, p, s, n, o, q)                                                                 \
	{                                                                                          \
		.address = who, .packets = 2 * (s), .begun = b, .peers = p, .sent = s, .near = n,  \
		.origins = o, .private_peer = q                                                    \
	}
#define END(who, n, p)                                                                             \
	{                                                                                          \
		.address = who, .packets = n, .peers = p                                           \
	}

struct given {
	struct recording recording;
	uint64_t packets, mail, gaps, mirrored, sessions;
	int64_t first;
	struct prefixes inside, mail_servers;
};

static struct prefix only[] = { { PUBLIC, 128 } }, elsewhere[] = { { V4(192, 0, 2, 0), 120 } };
#define ONLY                                                                                       \
	{                                                                                          \
		only, 1                                                                            \
	}
#define ELSEWHERE                                                                                  \
	{                                                                                          \
		elsewhere, 1                                                                       \
	}

static const struct row {
	enum tapcheck_finding finding;
	bool holds;
	struct given given;
} rows[] = {
	{ TAPCHECK_ONE_DIRECTION, false, { .recording = { .client_only = 2 } } },
	{ TAPCHECK_ONE_DIRECTION, true, { .recording = { .client_only = 3 } } },
	{ TAPCHECK_ONE_DIRECTION, true, { .recording = { .server_only = 3 } } },
	{ TAPCHECK_ONE_DIRECTION, true,
		{ .recording = { .client_only = 2, .server_only = 2, .both_ways = 4 } } },
	{ TAPCHECK_ONE_DIRECTION, false, { .recording = { .client_only = 4, .both_ways = 5 } } },
	{ TAPCHECK_CUT, false, { .recording = { .cut = 9 }, .packets = 9 } },
	{ TAPCHECK_CUT, true, { .recording = { .cut = 10 }, .packets = 1000 } },
	{ TAPCHECK_CUT, false, { .recording = { .cut = 10 }, .packets = 1100 } },
	{ TAPCHECK_BROADCAST, false, { .recording = { .group = 99, .group_senders = 9 } } },
	{ TAPCHECK_BROADCAST, true, { .recording = { .group = 100, .group_senders = 2 } } },
	{ TAPCHECK_BROADCAST, false, { .recording = { .group = 100, .group_senders = 1 } } },
	{ TAPCHECK_BROADCAST, true,
		{ .recording = { .group = 90, .unicast = 10, .group_senders = 9 } } },
	{ TAPCHECK_BROADCAST, false,
		{ .recording = { .group = 90, .unicast = 11, .group_senders = 9 } } },
	{ TAPCHECK_BROADCAST, false,
		{ .recording = { .group = 900, .group_senders = 9 }, .mail = 1 } },
	{ TAPCHECK_OUTSIDE_NAT, true,
		{ .recording = { .mail = NAT(PUBLIC, 5, 3, 20, 18, 1, false) } } },
	{ TAPCHECK_OUTSIDE_NAT, false,
		{ .recording = { .mail = NAT(PUBLIC, 4, 3, 20, 20, 1, false) } } },
	{ TAPCHECK_OUTSIDE_NAT, false,
		{ .recording = { .mail = NAT(PUBLIC, 5, 2, 20, 20, 1, false) } } },
	{ TAPCHECK_OUTSIDE_NAT, false,
		{ .recording = { .mail = NAT(PUBLIC, 5, 3, 19, 19, 1, false) } } },
	{ TAPCHECK_OUTSIDE_NAT, false,
		{ .recording = { .mail = NAT(PUBLIC, 5, 3, 20, 17, 1, false) } } },
	/* somebody outside, who writes to servers inside */
	{ TAPCHECK_OUTSIDE_NAT, false,
		{ .recording = { .mail = NAT(PUBLIC, 5, 3, 20, 20, 1, true) } } },
	{ TAPCHECK_OUTSIDE_NAT, false,
		{ .recording = { .mail = NAT(PUBLIC, 5, 3, 20, 20, 1, false) },
			.inside = ELSEWHERE } },
	{ TAPCHECK_OUTSIDE_NAT, true,
		{ .recording = { .mail = NAT(PUBLIC, 5, 3, 20, 20, 1, true) }, .inside = ONLY } },
	/* a mail server that is known as such, or has a router between */
	{ TAPCHECK_OUTSIDE_NAT, false,
		{ .recording = { .mail = NAT(PUBLIC, 5, 3, 20, 20, 2, false) },
			.mail_servers = ONLY } },
	{ TAPCHECK_OUTSIDE_NAT, false,
		{ .recording = { .mail = NAT(PRIVATE, 5, 3, 20, 20, 1, false) } } },
	{ TAPCHECK_OUTSIDE_NAT, true,
		{ .recording = { .mail = NAT(PRIVATE, 5, 3, 20, 20, 2, false) } } },
	{ TAPCHECK_ONE_HOST, true, { .recording = { .v4 = END(PRIVATE, 200, 5), .others = 100 } } },
	{ TAPCHECK_ONE_HOST, false,
		{ .recording = { .v4 = END(PRIVATE, 199, 5), .others = 100 } } },
	{ TAPCHECK_ONE_HOST, false,
		{ .recording = { .v4 = END(PRIVATE, 200, 4), .others = 100 } } },
	{ TAPCHECK_ONE_HOST, false, { .recording = { .v4 = END(PRIVATE, 200, 5), .others = 99 } } },
	{ TAPCHECK_ONE_HOST, true,
		{ .recording = { .v4 = END(PRIVATE, 200, 5),
			  .sums_wrong = 20,
			  .sums_sender = PRIVATE } } },
	{ TAPCHECK_ONE_HOST, false,
		{ .recording = { .v4 = END(PRIVATE, 200, 5),
			  .sums_wrong = 19,
			  .sums_sender = PRIVATE } } },
	{ TAPCHECK_ONE_HOST, false,
		{ .recording = { .v4 = END(PRIVATE, 200, 5),
			  .sums_wrong = 20,
			  .sums_sender = PUBLIC } } },
	{ TAPCHECK_ONE_HOST, true,
		{ .recording = { .v4 = END(PRIVATE, 200, 5),
			  .v6 = END(V6(1), 9, 1),
			  .others = 100 } } },
	{ TAPCHECK_ONE_HOST, false,
		{ .recording = { .v4 = END(PRIVATE, 200, 5),
			  .v6 = { .packets = 9 },
			  .others = 100 } } },
	{ TAPCHECK_ONE_HOST, false, { .recording = { .v4 = { .packets = 900 }, .others = 900 } } },
	{ TAPCHECK_ONE_HOST, false,
		{ .recording = { .v4 = END(PUBLIC, 200, 5),
			  .others = 100,
			  .mail = NAT(PUBLIC, 5, 3, 20, 20, 1, false) } } },
	{ TAPCHECK_NO_MAIL, false, { .recording = { .both_ways = 19 } } },
	{ TAPCHECK_NO_MAIL, true, { .recording = { .both_ways = 19, .client_only = 1 } } },
	{ TAPCHECK_NO_MAIL, false, { .recording = { .both_ways = 20 }, .mail = 1 } },
	{ TAPCHECK_NO_MAIL, false, { .recording = { .both_ways = 20 }, .sessions = 1 } },
	{ TAPCHECK_CLOCK_UNSET, true, { .packets = 1, .first = 366 * DAY - 1 } },
	{ TAPCHECK_CLOCK_UNSET, false, { .packets = 1, .first = 366 * DAY } },
	{ TAPCHECK_CLOCK_UNSET, false, { .packets = 0 } },
	{ TAPCHECK_CLOCK_BACK, true, { .recording = { .back = 10, .back_most = 2 * SECOND } } },
	{ TAPCHECK_CLOCK_BACK, false, { .recording = { .back = 9, .back_most = MINUTE - 1 } } },
	{ TAPCHECK_CLOCK_BACK, true, { .recording = { .back = 1, .back_most = MINUTE } } },
	{ TAPCHECK_CLOCK_AHEAD, true, { .recording = { .ahead = 1, .ahead_most = 2 * HOUR } } },
	{ TAPCHECK_CLOCK_AHEAD, false, { .recording = { .ahead = 0 } } },
	{ TAPCHECK_DROPPED, false, { .recording = { .dropped = 9 }, .packets = 91 } },
	{ TAPCHECK_DROPPED, true, { .recording = { .dropped = 10 }, .packets = 9990 } },
	{ TAPCHECK_DROPPED, false, { .recording = { .dropped = 10 }, .packets = 10990 } },
	{ TAPCHECK_HOLES, true, { .gaps = 10, .mail = 2000 } },
	{ TAPCHECK_HOLES, false, { .gaps = 9, .mail = 100 } },
	{ TAPCHECK_HOLES, false, { .gaps = 10, .mail = 2200 } },
	{ TAPCHECK_HOLES, false, { .recording = { .cut = 91 }, .gaps = 100, .mail = 100 } },
	{ TAPCHECK_HOLES, true, { .recording = { .cut = 90 }, .gaps = 100, .mail = 100 } },
	{ TAPCHECK_HOLES, false,
		{ .recording = { .dropped = 10 }, .packets = 90, .gaps = 100, .mail = 100 } },
	{ TAPCHECK_DOUBLED, true, { .mirrored = 20, .mail = 180 } },
	{ TAPCHECK_DOUBLED, false, { .mirrored = 19, .mail = 19 } },
	{ TAPCHECK_DOUBLED, false, { .mirrored = 20, .mail = 190 } },
	{ TAPCHECK_CHECKSUMS, true, { .recording = { .sums = 80, .sums_wrong = 20 } } },
	{ TAPCHECK_CHECKSUMS, false, { .recording = { .sums = 19, .sums_wrong = 19 } } },
	{ TAPCHECK_CHECKSUMS, false, { .recording = { .sums = 84, .sums_wrong = 20 } } },
};

struct bench {
	struct anomaly_totals totals;
	struct engine_summary sum;
	struct report_seen seen;
	struct site site;
	struct tapcheck check;
};

static void given_set(struct bench *bench, const struct given *given)
{
	*bench = (struct bench){
		.totals.count = { [TCP_GAP] = given->gaps, [PACKET_MIRRORED] = given->mirrored },
		.sum.sessions = given->sessions,
		.seen = { .packets = given->packets,
			.mail = given->mail,
			.first = given->first ? given->first : 40 * 366 * DAY,
			.last = 41 * 366 * DAY },
		.site = { .inside = given->inside, .mail_servers = given->mail_servers },
		.check = { &given->recording, &bench->site, &bench->sum, &bench->totals,
			&bench->seen },
	};
}

static void test_limits(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bench bench;
		given_set(&bench, &rows[i].given);
		bool holds = tapcheck_holds(&bench.check, rows[i].finding);
		if (holds != rows[i].holds)
			print_error("row %zu: finding %d\n", i, rows[i].finding);
		assert_int_equal(holds, rows[i].holds);
		if (!holds)
			continue;
		assert_int_equal(
			tapcheck_matters(&bench.check), rows[i].finding < TAPCHECK_DOUBLED);
		bench.check.recording = NULL;
		assert_false(tapcheck_holds(&bench.check, rows[i].finding));
	}
}

static char *render(const struct tapcheck *check, bool matters, unsigned width)
{
	char *text = NULL;
	size_t size = 0;
	struct wrap wrap;
	FILE *out = open_memstream(&text, &size);
	wrap_init(&wrap, out, width, false, false);
	tapcheck_write(check, matters, &wrap);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* What is wrong stands where it belongs, with a reason and a remedy, and fits the page. */
static void test_words(void **state)
{
	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		const struct row *row = &rows[i / 2];
		struct bench bench;
		given_set(&bench, &row->given);
		bool first = row->finding < TAPCHECK_DOUBLED;
		char *text = render(&bench.check, first, i % 2 ? 60 : 100);
		assert_true(!row->holds || strstr(text, "\n    Seen     "));
		assert_true(!row->holds || strstr(text, "\n    Means    "));
		assert_true(!row->holds || strstr(text, "\n    Change   "));
		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
			assert_true(strlen(line) <= (i % 2 ? 60 : 100) ||
				    !strncmp(line, "             tcpdump ", 21));
		free(text);
	}
}

static void test_told(void **state)
{
	static const struct {
		struct given given;
		bool matters;
		const char *text;
	} cases[] = {
		{ { .recording = { .client_only = 3, .both_ways = 1 } }, true,
			"of 3 of 4 TCP connections only what the client sent was recorded." },
		{ { .recording = { .server_only = 3 } }, true, "only what the server sent" },
		{ { .recording = { .server_only = 3, .client_only = 1 } }, true,
			"only what one of both" },
		{ { .recording = { .cut = 20, .cut_alike = 20, .cut_length = 79 }, .packets = 50 },
			true,
			"of 20 of 50 packets only the beginning was recorded, 79 bytes of each." },
		{ { .recording = { .cut = 20, .cut_alike = 11, .cut_length = 80 }, .packets = 50 },
			true, "80 bytes of most." },
		{ { .recording = { .cut = 20, .cut_alike = 10, .cut_length = 80 }, .packets = 50 },
			true, "of various lengths (most often 80 bytes)." },
		{ { .recording = { .cut = 20, .cut_length = 79 } }, true, "but not what was said" },
		{ { .recording = { .cut = 20, .cut_length = 80 } }, true, "only short commands" },
		{ { .recording = { .cut = 20, .cut_length = 128 } }, true,
			"most of the dialogues" },
		{ { .recording = { .cut = 20, .cut_length = 600 } }, true,
			"the dialogues can be told; what" },
		{ { .recording = { .group = 200, .group_senders = 64 } }, true,
			"by 64 or more network cards." },
		{ { .recording = { .mail = NAT(PUBLIC, 5, 3, 20, 19, 2, false) } }, true,
			"all mail has 198.51.100.7 at one end, and 19 of the 20 packets that it "
			"sent had just been passed on by a router (by their TTL). Their TTLs" },
		{ { .recording = { .v4 = END(PRIVATE, 200, 5),
			    .v6 = END(V6(1), 9, 1),
			    .others = 100,
			    .group_senders = 3 } },
			true,
			"all 209 packets from one machine to another have 192.168.7.20 or "
			"2001:db8::1 at one end. Others are there: frames to everybody came from "
			"3" },
		{ { .recording = { .back = 1, .back_most = 2 * MINUTE } }, true,
			"1 time a packet is earlier than the one before, by 2 min." },
		{ { .recording = { .back = 11, .back_most = 2 * SECOND } }, true,
			"11 times a packet is earlier than the one before, by at most 2.0 s." },
		{ { .recording = { .sums = 20, .sums_wrong = 20, .sums_sender = PRIVATE } }, false,
			"20 of 20 TCP checksums are wrong, most of them sent by 192.168.7.20." },
		{ { .recording = { .sums = 20, .sums_wrong = 20 } }, false,
			"(made anonymous, perhaps)" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench;
		given_set(&bench, &cases[i].given);
		char *text = render(&bench.check, cases[i].matters, 1000);
		if (!strstr(text, cases[i].text))
			print_error("not found: %s\nin: %s\n", cases[i].text, text);
		assert_non_null(strstr(text, cases[i].text));
		free(text);
		text = render(&bench.check, !cases[i].matters, 1000);
		assert_string_equal(text, "");
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
