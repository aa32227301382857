/* The report on an engine that says what the test wants: the order of what is told, the words for
 * each verdict, and that nothing of a stranger's acts on the terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/moment.h"
#include "fake_engine.h"
#include "report/report.h"
#include "report/suspect.h"
#include "report/wrap.h"

#define BEGIN (INT64_C(1772357400) * SECOND) /* 2026-03-01 09:30:00 */

static const char *const names[] = { "office.pcap" };

static struct address v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	const uint8_t byte[4] = { a, b, c, d };
	return address_v4(byte);
}

static struct alert bot(void)
{
	struct alert alert = {
		.id = "6ba7b811-9dad-51d1-80b4-00c04fd430c8",
		.kind = ALERT_DIRECT_TO_MX,
		.kinds = 1u << ALERT_DIRECT_TO_MX,
		.families = 1u << FAMILY_ROUTE | 1u << FAMILY_FAILURES,
		.confidence = 0.93,
		.level = LEVEL_BLOCK,
		.address = { v4(192, 168, 7, 108) },
		.addresses = 1,
		.has_mac = true,
		.mac = { 0x00, 0x0c, 0x29, 0x3a, 0x4b, 0x5c },
		.event_time = BEGIN,
		.detect_time = BEGIN + 11 * MINUTE,
		.cease_time = BEGIN + 42 * MINUTE,
		.role = ROLE_CLIENT,
		.role_reason = "it sent mail and nobody sent any to it",
		.sentence = "It handed mail to 12 foreign networks within 1 h by itself; a machine "
			    "that is no mail server hands its mail to one.",
		.not_visible = "3 of 31 dialogues went on encrypted after STARTTLS.",
		.innocent_if = "it is a mail server of yours: name it with --mail-server "
			       "192.168.7.108.",
		.sessions = 31,
		.attempts = 4,
		.messages = 40,
		.accepted = 12,
		.refused = 28,
		.recipients = 96,
		.networks = 12,
		.peers = 14,
		.measure = { { .name = "networks",
				     .value = 12,
				     .threshold = 5,
				     .unit = "networks reached on port 25",
				     .window = HOUR },
			{ .name = "failures",
				.value = 0.7,
				.threshold = 0.2,
				.normal = 0.02,
				.unit = "of all recipients refused" } },
		.measures = 2,
		.sample = { { .time = BEGIN + 2 * SECOND,
				    .peer = { .ip = v4(198, 51, 100, 4), .port = 25 },
				    .code = 550,
				    .name = bytes_of("mx1.example.org"),
				    .text = bytes_of("5.7.1 Listed; see \033]0;owned\a") },
			{ .time = BEGIN + 9 * SECOND,
				.peer = { .ip = v4(203, 0, 113, 9), .port = 25 } } },
		.samples = 2,
	};
	return alert;
}

static char *render(const struct engine *engine, const struct report_seen *seen,
	const struct anomaly_totals *totals, struct report_style style)
{
	static const struct site site;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	report_write(out, engine, &site, totals, seen, &style);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Each of them, one after the other. */
static void in_order(const char *text, const char *const *expected, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *at = strstr(text, expected[i]);
		if (!at)
			print_error("not found: %s\nin: %s\n", expected[i], text);
		assert_non_null(at);
		text = at + strlen(expected[i]);
	}
}

static const struct report_seen office = {
	.names = names,
	.name_count = 1,
	.packets = 1234567,
	.bytes = 812300000,
	.tcp = 1200000,
	.mail = 4211,
	.first = BEGIN,
	.last = BEGIN + 7 * HOUR,
};

static const struct engine_summary busy = {
	.sessions = 312,
	.attempts = 14,
	.messages = 200,
	.messages_accepted = 180,
	.recipients = 410,
	.recipients_rejected = 31,
	.inside_clients = 12,
	.outside_servers = 30,
	.sessions_tls = 3,
	.inside_seen = true,
	.policy_off = true,
};

static void test_suspect(void **state)
{
	static const char *const expected[] = {
		"1 machine sends mail by itself: 192.168.7.108 (00:0c:29:3a:4b:5c).\n",
		"Not visible: 3 sessions were encrypted.",
		"1. 192.168.7.108 (00:0c:29:3a:4b:5c)\n",
		"Very likely (0.93 of 1): strong enough to block",
		"It handed mail to 12 foreign networks",
		"Found by     direct-to-mx; evidence: route, failures\n",
		"2026-03-01 09:30:00 to 10:12:00 UTC (42 min)",
		"Taken for    client: it sent mail",
		"  seen  limit  usual",
		"    12      5      0  networks reached on port 25 within 1 h\n",
		"   0.7    0.2   0.02  of all recipients refused\n",
		"  mx1.example.org (198.51.100.4, port 25): 550 \"5.7.1\n",
		"Listed; see \\x1b]0;owned\\x07\"\n",
		"  203.0.113.9, port 25: no answer\n",
		"Not visible  3 of 31 dialogues",
		"Innocent if  it is a mail server of yours",
		"ss -Htnp 'dport = :25'",
		"Get-NetTCPConnection -RemotePort 25",
		"findstr /c:\":25 \"\n",
		"What was seen\n",
		"1,234,567 (812.3 MB)",
		"guessed",
		"policy-bypass did not run",
		"192.168.7.10     server, learned: it took mail for others\n",
		"What was not understood\n",
		"Nothing: every packet could be read.\n",
		"mailwarden read --emit activities office.pcap | grep -F '\"192.168.7.108\"'\n",
	};
	const struct alert alert = bot();
	const struct engine_role role = { .address = v4(192, 168, 7, 10),
		.inside = true,
		.role = ROLE_SERVER,
		.reason = "it took mail for others" };
	const struct anomaly_totals none = { .count = { 0 } };
	const struct engine engine = { &alert, 1, &role, 1, busy, { NULL } };
	char *text = render(&engine, &office, &none, (struct report_style){ .width = 80 });
	in_order(text, expected, COUNT(expected));
	for (const char *at = text; *at; at++)
		assert_true(*at == '\n' || (*at >= ' ' && *at <= '~'));
	free(text);
}

/* The first line, for each case. */
static void test_verdict(void **state)
{
	static const struct {
		struct engine_summary summary;
		uint64_t packets;
		bool accused, policy, weak, in_vain, stopped;
		const char *first;
	} cases[] = {
		{ .first = "Nothing can be said: no packet was read.\n" },
		{ .packets = 1, .first = "No mail traffic was seen: none of 1 packet belongs" },
		{ .packets = 9,
			.summary = { .sessions = 1 },
			.first = "Nothing can be said about your machines: no inside address was" },
		{ .packets = 9,
			.summary = { .sessions = 1, .inside_seen = true },
			.first = "No machine was seen sending mail by itself.\n" },
		{ .accused = true, .first = "1 machine sends mail by itself: 192.168.7.108" },
		{ .accused = true,
			.weak = true,
			.first = "1 machine may be sending mail by itself: 192.168.7.108" },
		{ .accused = true,
			.policy = true,
			.first = "1 machine uses mail servers that the site does not allow:" },
		{ .accused = true,
			.in_vain = true,
			.first = "1 machine tries in vain to send mail by itself: 192.168.7.108" },
		{ .stopped = true,
			.first = "Nothing can be said: no packet was read.\nReading was stopped" },
	};
	const struct anomaly_totals none = { .count = { 0 } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct report_seen seen = office;
		struct alert alert = bot();
		struct engine engine = { &alert, cases[i].accused, NULL, 0, cases[i].summary,
			{ NULL } };
		seen.packets = cases[i].packets;
		seen.stopped = cases[i].stopped;
		alert.attempts_only = cases[i].in_vain;
		alert.kind = cases[i].policy ? ALERT_POLICY_BYPASS : ALERT_DIRECT_TO_MX;
		alert.confidence = cases[i].weak ? 0.5 : 0.93;
		char *text = render(&engine, &seen, &none, (struct report_style){ .width = 100 });
		assert_memory_equal(text, cases[i].first, strlen(cases[i].first));
		free(text);
	}
}

/* The lines for a root shell are shown once for those with the same ports. */
static void test_many(void **state)
{
	static const char *const expected[] = {
		"6 machines send mail by themselves: 192.168.7.1 (",
		"192.168.7.4 (00:0c:29:3a:4b:5c) and 2 more.\n",
		"1. 192.168.7.1 ",
		"ss -Htnp 'dport = :25'",
		"2. 192.168.7.2 ",
		"run there what is shown for 192.168.7.1 above",
		"6. 192.168.7.6 ",
		"ss -Htnp 'dport = :25 or dport = :587'",
		"Get-NetTCPConnection -RemotePort 25,587 ",
		"findstr /c:\":25 \" /c:\":587 \"\n",
		"lsof -nP -r 1 -iTCP:25,587\n",
	};
	const struct anomaly_totals none = { .count = { 0 } };
	struct alert alerts[6];
	for (uint8_t i = 0; i < COUNT(alerts); i++) {
		alerts[i] = bot();
		alerts[i].address[0] = v4(192, 168, 7, i + 1);
	}
	alerts[5].sample[0].peer.port = 587;
	const struct engine engine = { alerts, COUNT(alerts), NULL, 0, busy, { NULL } };
	char *text = render(&engine, &office, &none, (struct report_style){ .width = 200 });
	in_order(text, expected, COUNT(expected));
	free(text);
}

/* Groups in words; by name with -v; a limit is never silent. */
static void test_gaps(void **state)
{
	static const char *const words[] = {
		"Not visible:",
		"5 holes in connections",
		"What was not understood\n",
		"        7  pieces of connections are missing",
		"        2  times a limit of ours was reached",
		"        1  smaller oddities",
	};
	static const char *const verbose[] = {
		"What was not understood\n",
		"tcp_gap: ",
		"tcp_hole_given_up: ",
	};
	struct anomaly_totals totals = { .count = { 0 } };
	const struct engine engine = { NULL, 0, NULL, 0, busy, { NULL } };
	totals.count[TCP_GAP] = 5;
	totals.count[TCP_HOLE_GIVEN_UP] = 2;
	totals.count[HOSTS_FULL] = 2;
	totals.count[SMTP_BARE_LF] = 1;
	char *text = render(&engine, &office, &totals, (struct report_style){ .width = 80 });
	in_order(text, words, COUNT(words));
	free(text);
	text = render(
		&engine, &office, &totals, (struct report_style){ .width = 80, .verbose = true });
	in_order(text, verbose, COUNT(verbose));
	assert_null(strstr(text, "smaller oddities"));
	free(text);
}

/* A name that would act in a shell is not put into a command. */
static void test_file_word(void **state)
{
	static const struct {
		const char *name, *command;
	} cases[] = {
		{ "office.pcap", "activities office.pcap\n" },
		{ "/var/tmp/a-b_1.pcapng", "activities /var/tmp/a-b_1.pcapng\n" },
		{ "a b.pcap", "activities FILE...\n" },
		{ "$(reboot).pcap", "activities FILE...\n" },
		{ "-", "activities FILE...\n" },
	};
	const struct anomaly_totals none = { .count = { 0 } };
	const struct engine engine = { NULL, 0, NULL, 0, busy, { NULL } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct report_seen seen = office;
		seen.names = &cases[i].name;
		char *text = render(&engine, &seen, &none, (struct report_style){ .width = 80 });
		assert_non_null(strstr(text, cases[i].command));
		free(text);
	}
}

/* Prose never leaves the width; commands may. */
static void test_width(void **state)
{
	const struct alert alert = bot();
	const struct anomaly_totals none = { .count = { 0 } };
	const struct engine engine = { &alert, 1, NULL, 0, busy, { NULL } };
	for (unsigned width = WRAP_WIDTH_MIN; width <= 120; width++) {
		char *text =
			render(&engine, &office, &none, (struct report_style){ .width = width });
		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
			assert_true(strlen(line) <= width || !strncmp(line, "      ", 6) ||
				    !strncmp(line, "    mailwarden", 14));
		free(text);
	}
}

static void test_no_vendors(void **state)
{
	struct report_seen seen = office;
	const struct engine engine = { .summary = busy };
	const struct anomaly_totals totals = { 0 };
	seen.vendors_missing = "/usr/share/ieee-data";
	for (int verbose = 0; verbose < 2; verbose++) {
		char *text = render(&engine, &seen, &totals,
			(struct report_style){ .width = 100, .verbose = verbose });
		assert_int_equal(strstr(text, "install ieee-data") != NULL, verbose);
		free(text);
	}
}

static void test_headline(void **state)
{
	static const struct {
		const char *name, *vendor;
		uint8_t first; /* of the MAC; 1: there is none */
		const char *title;
	} rows[] = {
		{ "wxpanna", "VMware, Inc.", 0,
			"192.168.7.108 (wxpanna, 00:0c:29:3a:4b:5c VMware)" },
		{ "wxpanna", NULL, 0, "192.168.7.108 (wxpanna, 00:0c:29:3a:4b:5c)" },
		{ NULL, "Dell Inc.", 0, "192.168.7.108 (00:0c:29:3a:4b:5c Dell)" },
		{ "pc", NULL, 2,
			"192.168.7.108 (pc, 02:0c:29:3a:4b:5c, a random or virtual address)" },
		{ "pc.office-2.example", NULL, 1, "192.168.7.108 (pc.office-2.example)" },
		{ "a) is innocent (b\"\033[2J", NULL, 1,
			"192.168.7.108 (\"a) is innocent (b\\\"\\x1b[2J\")" },
		{ NULL, NULL, 1, "192.168.7.108" },
	};
	char text[SUSPECT_NAME];
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct alert alert = bot();
		struct alert_labels labels = { .names = rows[i].name != NULL };
		if (rows[i].name)
			labels.name[0].text = bytes_of(rows[i].name);
		if (rows[i].vendor)
			labels.vendor = bytes_of(rows[i].vendor);
		alert.labels = &labels;
		alert.has_mac = rows[i].first != 1;
		alert.mac[0] = rows[i].first;
		assert_string_equal(suspect_name(&alert, NULL, text), rows[i].title);
	}
}

/* As long as it can be, and all of it to be escaped. */
static void test_headline_bounded(void **state)
{
	char name[ACTIVITY_TEXT], text[SUSPECT_NAME];
	struct alert alert = bot();
	memset(name, '\001', sizeof(name));
	struct alert_labels labels = {
		.name = { { NAME_DHCP, bytes_make(name, sizeof(name)) } },
		.names = 1,
		.vendor = bytes_of("Some Very Long Vendor That Goes On And On And On And On, Inc."),
	};
	alert.labels = &labels;
	assert_int_equal(strlen(suspect_name(&alert, NULL, text)),
		strlen("192.168.7.108 (\"") + 4 * sizeof(name) + strlen("\", 00:0c:29:3a:4b:5c ") +
			strlen("Some Very Long Vendor That Goes On And On And On And On)"));
}

static void test_names_that_differ(void **state)
{
	static const char *const expected[] = { "1. 192.168.7.108 (wxpanna, ",
		"Called       \"wxpanna\" (dhcp), \"PRINTER\" (netbios)" };
	struct alert alert = bot();
	const struct alert_labels labels = {
		.name = { { NAME_DHCP, bytes_of("wxpanna") },
			{ NAME_NETBIOS, bytes_of("PRINTER") } },
		.names = 2,
	};
	alert.labels = &labels;
	const struct engine engine = { .alerts = &alert, .alert_count = 1, .summary = busy };
	const struct anomaly_totals totals = { 0 };
	char *text = render(&engine, &office, &totals, (struct report_style){ .width = 100 });
	in_order(text, expected, COUNT(expected));
	free(text);
}

/* What is wrong with the recording stands behind the verdict, and a verdict that rests on it is not
 * green. */
static void test_recording(void **state)
{
	static const char *const expected[] = {
		"No machine was seen sending mail by itself.",
		"\nLook at the recording first\n",
		"  Only one direction was recorded:\n",
		"\nWhat was seen\n",
		"\nAbout the recording\n",
		"  Checksums are wrong:\n",
		"\nWhat to do next\n",
	};
	static const struct recording bad = { .client_only = 3, .sums = 20, .sums_wrong = 20 };
	static const struct recording good = { .both_ways = 3, .sums = 20 };
	const struct engine engine = { .summary = busy };
	const struct anomaly_totals totals = { 0 };
	struct report_seen seen = office;
	seen.recording = &bad;
	char *text = render(&engine, &seen, &totals, (struct report_style){ .width = 80 });
	in_order(text, expected, COUNT(expected));
	free(text);
	for (int i = 0; i < 2; i++) {
		seen.recording = i ? &good : &bad;
		text = render(&engine, &seen, &totals,
			(struct report_style){ .width = 80, .colour = true });
		assert_int_equal(strstr(text, "\033[1;32mNo machine was seen") != NULL, i);
		free(text);
	}
}

static void test_evidence(void **state)
{
	static const char *const files[] = { "a", "b", "c", "d", "e" };
	static const struct {
		struct report_evidence evidence;
		const char *expected[4];
	} cases[] = {
		{ { "out", files, 1, 0, false },
			{ "What to do next", "\n    out/a.txt\n    out/a.pcapng\n", "--emit" } },
		{ { "out", files, 5, 2, false },
			{ "out/d.pcapng\n", "and those of 1 more",
				"2 further suspects were left out; --inside ADDRESS" } },
		{ { "out", files, 1, 0, true }, { "The evidence is not complete", "out/a.txt" } },
		{ { "out", NULL, 0, 0, false }, { "No evidence was written, for there is no" } },
	};
	const struct alert alert = bot();
	const struct engine engine = { .alerts = &alert, .alert_count = 1, .summary = busy };
	const struct anomaly_totals totals = { 0 };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct report_seen seen = office;
		size_t count = 0;
		seen.evidence = &cases[i].evidence;
		while (count < COUNT(cases[i].expected) && cases[i].expected[count])
			count++;
		char *text = render(&engine, &seen, &totals, (struct report_style){ .width = 100 });
		in_order(text, cases[i].expected, count);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suspect),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_file_word),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_no_vendors),
		cmocka_unit_test(test_headline),
		cmocka_unit_test(test_headline_bounded),
		cmocka_unit_test(test_names_that_differ),
		cmocka_unit_test(test_recording),
		cmocka_unit_test(test_evidence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
