/* What the dialogues cannot show of the SMTP parser: helpers on their own, times, limits driven
 * past their ends, memory that does not grow, passwords that are not left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>

#include "wire/smtp.h"

struct talk {
	struct arena *arena;
	struct smtp *smtp;
	struct anomalies seen;
	struct anomaly_totals totals;
};

static struct talk *talk_new(size_t arena_max)
{
	static struct talk talk;
	talk = (struct talk){ .arena = arena_new(arena_max) };
	assert_non_null(talk.arena);
	talk.seen.total = &talk.totals;
	talk.smtp = smtp_init(talk.arena, &talk.seen);
	assert_non_null(talk.smtp);
	return &talk;
}

static unsigned say(
	struct talk *talk, enum smtp_side side, struct bytes text, struct smtp_item *last)
{
	unsigned items = 0;
	struct smtp_item item;
	smtp_feed(talk->smtp, side, text, 0);
	while (smtp_next(talk->smtp, &item)) {
		*last = item;
		items++;
	}
	return items;
}

static unsigned client(struct talk *talk, const char *text)
{
	struct smtp_item item;
	return say(talk, SMTP_CLIENT, bytes_of(text), &item);
}

static unsigned server(struct talk *talk, const char *text)
{
	struct smtp_item item;
	return say(talk, SMTP_SERVER, bytes_of(text), &item);
}

static void test_reply_code(void **state)
{
	static const struct {
		const char *line;
		int code; /* 0: not a reply */
	} cases[] = {
		{ "550 5.1.1 no such user", 550 },
		{ "250-PIPELINING", 250 },
		{ "250", 250 },
		{ "250\t", 250 },
		{ "250:", 250 },
		{ "599 x", 599 },
		{ "2x0 nonsense", 0 },
		{ "25", 0 },
		{ "", 0 },
		{ "2500", 0 },
		{ "250OK", 0 },
		{ "150 x", 0 },
		{ "600 x", 0 },
		{ " 250", 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(smtp_reply_code(bytes_of(cases[i].line)), cases[i].code);
	assert_int_equal(smtp_reply_code((struct bytes){ NULL, NULL }), 0);
}

static void test_greeting(void **state)
{
	static const struct {
		const char *first;
		int greeting;
	} cases[] = {
		{ "220 mx ESMTP Postfix\r\n", 1 },
		{ "220-mx esmtp\r\n220 x\r\n", 1 },
		{ "220 mx SMTP", 1 },
		{ "220 smtp", 1 },
		{ "220 mx ready\r\n", 0 },
		{ "220-FTP server\r\n220 SMTP in the second line\r\n", 0 },
		{ "220\r\n", 0 },
		{ "220", 0 },
		{ "22", 0 },
		{ "2", 0 },
		{ "", 0 },
		{ "22\r\n", -1 },
		{ "221 SMTP", -1 },
		{ "2200 SMTP", -1 },
		{ "220_SMTP", -1 },
		{ "554 SMTP", -1 },
		{ "SSH-2.0-x", -1 },
		{ "+OK POP3 SMTP", -1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(smtp_greeting(bytes_of(cases[i].first)), cases[i].greeting);
}

static void test_verb_names(void **state)
{
	assert_string_equal(smtp_verb_name(SMTP_VERB_UNKNOWN), "UNKNOWN");
	assert_string_equal(smtp_verb_name(SMTP_VERB_STARTTLS), "STARTTLS");
	for (enum smtp_verb verb = 0; verb < SMTP_VERB_COUNT; verb++)
		assert_non_null(smtp_verb_name(verb));
}

/* A command has the time of its last byte, also when it was held; its reply tells both. */
static void test_times(void **state)
{
	struct talk *talk = talk_new(SMTP_ARENA_MAX);
	struct smtp_item item;
	server(talk, "220 mx\r\n");
	smtp_feed(talk->smtp, SMTP_CLIENT, bytes_of("NO"), 10);
	assert_false(smtp_next(talk->smtp, &item));
	smtp_feed(talk->smtp, SMTP_CLIENT, bytes_of("OP\r\nDATA\r\nQUIT\r\n"), 20);
	assert_true(smtp_next(talk->smtp, &item));
	assert_int_equal(item.time, 20);
	assert_true(smtp_next(talk->smtp, &item));
	assert_false(smtp_next(talk->smtp, &item));
	smtp_feed(talk->smtp, SMTP_SERVER, bytes_of("250 ok\r\n503 no\r\n221 bye\r\n"), 30);
	assert_true(smtp_next(talk->smtp, &item));
	assert_int_equal(item.verb, SMTP_VERB_NOOP);
	assert_int_equal(item.time, 30);
	assert_int_equal(item.command_time, 20);
	assert_true(smtp_next(talk->smtp, &item)); /* DATA, refused */
	assert_true(smtp_next(talk->smtp, &item));
	assert_int_equal(item.kind, SMTP_COMMAND);
	assert_int_equal(item.verb, SMTP_VERB_QUIT);
	assert_int_equal(item.time, 20);
	assert_true(smtp_next(talk->smtp, &item));
	assert_int_equal(item.command_time, 20);
	assert_int_equal(item.time, 30);
	arena_free(talk->arena);
}

/* More commands than may wait: the oldest are given up, and the rest keep their own replies. */
static void test_waiting_many(void **state)
{
	enum { ALL = SMTP_WAITING_MAX + 100 };
	struct talk *talk = talk_new(SMTP_ARENA_MAX);
	struct smtp_item item;
	char text[64];
	server(talk, "220 mx\r\n");
	for (unsigned i = 0; i < ALL; i++)
		client(talk, i == ALL - 1 ? "VRFY last\r\n" : "NOOP\r\n");
	uint64_t given_up = talk->totals.count[SMTP_COMMANDS_MANY];
	assert_int_equal(given_up, ALL - SMTP_WAITING_MAX + 1);
	for (unsigned i = 0; i < ALL; i++) {
		bool known = i >= given_up;
		snprintf(text, sizeof text, "250 %u\r\n", i);
		assert_int_equal(say(talk, SMTP_SERVER, bytes_of(text), &item), known);
		assert_true(!known || item.code == 250);
	}
	assert_int_equal(item.verb, SMTP_VERB_VRFY);
	assert_true(bytes_equal(item.argument, bytes_of("last")));
	assert_false(anomaly_is(&talk->seen, SMTP_ARENA_FULL));
	arena_free(talk->arena);
}

/* LMTP answers a message once for each recipient, however many there are. */
static void test_lmtp_many(void **state)
{
	struct talk *talk = talk_new(SMTP_ARENA_MAX);
	struct smtp_item item;
	server(talk, "220 mx\r\n");
	client(talk, "LHLO c\r\n");
	server(talk, "250 mx\r\n");
	for (unsigned i = 0; i < SMTP_WAITING_MAX + 50; i++) {
		client(talk, "RCPT TO:<a@b>\r\n");
		server(talk, "250 ok\r\n");
	}
	client(talk, "DATA\r\n");
	server(talk, "354 go\r\n");
	client(talk, "x\r\n.\r\nNOOP\r\nQUIT\r\n");
	for (unsigned i = 0; i < SMTP_WAITING_MAX; i++)
		server(talk, "250 taken\r\n");
	assert_int_equal(say(talk, SMTP_SERVER, bytes_of("251 noop\r\n"), &item), 1);
	assert_int_equal(item.verb, SMTP_VERB_NOOP);
	say(talk, SMTP_SERVER, bytes_of("221 bye\r\n"), &item);
	assert_int_equal(item.verb, SMTP_VERB_QUIT);
	arena_free(talk->arena);
}

/* The same by size: long addresses fill the queue before their number does. */
static void test_waiting_long(void **state)
{
	struct talk *talk = talk_new(SMTP_ARENA_MAX);
	char line[4000];
	snprintf(line, sizeof line, "RCPT TO:<%03900d>\r\n", 1);
	server(talk, "220 mx\r\n");
	for (unsigned i = 0; i < 100; i++)
		client(talk, line);
	assert_true(talk->totals.count[SMTP_COMMANDS_MANY] > 80);
	assert_false(anomaly_is(&talk->seen, SMTP_ARENA_FULL));
	arena_free(talk->arena);
}

/* The parser's memory does not grow with the dialogue, in whatever pieces it comes. */
static void test_memory(void **state)
{
	static const char *const lines[][2] = {
		{ "MAIL FROM:<somebody@", "example.com>\r\n" },
		{ "RCPT TO:<a@example.com>\r\nRCPT TO:<", "b@example.com>\r\n" },
		{ "DATA", "\r\n" },
		{ "text\r\n", ".\r\n" },
	};
	static const char *const replies[] = { "250-2.1.0 ok\r\n250 2.1.0 ok\r\n",
		"250 2.1.5 ok\r\n550 5.1.1 no\r\n", "354 go\r\n", "250 2.0.0 queued\r\n" };
	struct talk *talk = talk_new(SMTP_ARENA_MAX);
	size_t size = 0;
	server(talk, "220 mx\r\n");
	for (unsigned i = 0; i < 4000; i++) {
		client(talk, lines[i % 4][0]);
		client(talk, lines[i % 4][1]);
		server(talk, replies[i % 4]);
		if (i == 40)
			size = arena_size(talk->arena);
	}
	assert_int_equal(arena_size(talk->arena), size);
	assert_true(size <= 4096);
	arena_free(talk->arena);
}

/* All buffers at their largest fit into the arena. */
static void test_memory_most(void **state)
{
	struct talk *talk = talk_new(SMTP_ARENA_MAX);
	char line[3000];
	snprintf(line, sizeof line, "RCPT TO:<%02900d>\r\n", 1);
	server(talk, "220 mx\r\n");
	for (unsigned i = 0; i < 30; i++)
		client(talk, line);
	for (unsigned i = 0; i < 5000; i++) {
		client(talk, "x");
		server(talk, "x");
	}
	client(talk, "\r\nAUTH LOGIN am9l\r\n");
	server(talk, "\r\n");
	for (unsigned i = 0; i < 4000; i++)
		client(talk, "y");
	for (unsigned i = 0; i < 200; i++)
		server(talk, "250-0123456789012345678901234567890123456789\r\n");
	assert_false(anomaly_is(&talk->seen, SMTP_ARENA_FULL));
	arena_free(talk->arena);
}

/* Without memory it goes on, counts, and finds its way back. */
static void test_arena_full(void **state)
{
	struct talk *talk = talk_new(1024);
	char line[3000];
	struct smtp_item item;
	server(talk, "220 mx\r\n");
	while (arena_take(talk->arena, 16))
		;
	assert_int_equal(client(talk, "HELO c\r\n"), 1);
	assert_true(anomaly_is(&talk->seen, SMTP_ARENA_FULL));
	server(talk, "250 hi\r\n");
	snprintf(line, sizeof line, "RCPT TO:<%02900d", 1);
	client(talk, line);
	client(talk, "@b>\r\n");
	client(talk, "DATA\r\n");
	client(talk, "early\r\n");
	server(talk, "250-a\r\n");
	server(talk, "250 b\r\n");
	server(talk, "354 go\r\n");
	smtp_finish(talk->smtp, 1);
	while (smtp_next(talk->smtp, &item))
		;
	arena_free(talk->arena);
}

static bool arena_holds(const uint8_t *at, size_t size, const char *secret)
{
	return memmem(at, size, secret, strlen(secret));
}

/* Cut lines and held bytes are copies of ours: no password stays in them. */
static void test_passwords(void **state)
{
	static const char secret[] = "c2VjcmV0LXdvcmQ=", text[] = "secret-word";
	struct talk *talk = talk_new(SMTP_ARENA_MAX);
	const uint8_t *memory = (const uint8_t *)talk->smtp;
	size_t size = 1024 - 256; /* of the first block, as far as it is ours for sure */
	struct smtp_item item;
	server(talk, "220 mx\r\n");
	client(talk, "AUTH LOGIN\r\n");
	client(talk, "am9l\r\nc2VjcmV0LX");
	server(talk, "334 \r\n");
	client(talk, "dvcmQ=\r\n");
	server(talk, "334 \r\n");
	assert_int_equal(say(talk, SMTP_SERVER, bytes_of("235 ok\r\n"), &item), 1);
	assert_true(bytes_equal(item.identity, bytes_of("joe")));
	assert_false(arena_holds(memory, size, secret) || arena_holds(memory, size, text));
	client(talk, "AUTH PLA");
	client(talk, "IN AGpvZQBzZWNyZXQtd29yZA==\r\n");
	server(talk, "535 no\r\n");
	assert_false(arena_holds(memory, size, "AGpvZQBzZWNyZXQtd29yZA"));
	assert_false(arena_holds(memory, size, text));
	arena_free(talk->arena);
}

/* Whatever stands around a dot: only CRLF.CRLF ends the message, and what a server might take for
 * an end is counted. A NUL may stand before or behind either. */
/* What anybody may see of a client's bytes: so many from their begin. */
static void test_public(void **state)
{
	static const struct {
		const char *text;
		size_t size; /* that is public */
	} cases[] = {
		{ "EHLO pc\r\n", 9 },
		{ "ehlo [192.0.2.1]\n", 17 },
		{ "MAIL FROM:<a@a.example> SIZE=12 BODY=8BITMIME SMTPUTF8\r\n", 56 },
		{ "MAIL FROM:<>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n", 43 },
		{ "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b", 25 },
		{ "MAIL FROM:<a@a.example> sings at dawn\r\n", 0 },
		{ "MAIL FROM:<sings at dawn>\r\n", 0 },
		{ "RCPT TO:<sings\tat dawn>\r\n", 0 },
		{ "RCPT TO:sings\r\n", 0 },
		{ "DATA\r\nNOOP\r\n", 6 },
		{ "DATA base\r\n", 0 },
		{ "BDAT 4\r\nNOOPBDAT 2 LAST\r\n..", 8 },
		{ "BDAT 0\r\nQUIT\r\n", 14 },
		{ "BDAT sings\r\n", 0 },
		{ "NOOP\r\nRSET\r\nHELP\r\nQUIT\r\n", 24 },
		{ "NOOP sings\r\n", 0 },
		{ "HELP sings\r\n", 0 },
		{ "VRFY bob\r\n", 10 },
		{ "VRFY sings at dawn\r\n", 0 },
		{ "HELO sings at dawn\r\n", 0 },
		{ "XCLIENT LOGIN=bob\r\n", 0 },
		{ "AUTH PLAIN AGEAYg==\r\n", 0 },
		{ "RSET\r\nAUTH LOGIN\r\nQUIT\r\n", 6 },
		{ "RSET\r\nPASS sings\r\nRSET\r\n", 6 },
		{ "STARTTLS\r\nRSET\r\n", 10 },
		{ "\r\n", 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct talk *talk = talk_new(SMTP_ARENA_MAX);
		smtp_want_public(talk->smtp);
		server(talk, "220 mx.example ESMTP\r\n");
		assert_null(smtp_public(talk->smtp));
		client(talk, cases[i].text);
		const uint8_t *begin = bytes_of(cases[i].text).at, *end = smtp_public(talk->smtp);
		if (end != (cases[i].size ? begin + cases[i].size : NULL))
			fail_msg("%s: %zu", cases[i].text, end ? (size_t)(end - begin) : 0);
		arena_free(talk->arena);
	}
}

static void test_smuggling(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		char begin,
			end; /* how a dot behind it begins, and how one before it ends, a line */
	} edges[] = {
		{ "\r\n", 2, 'B', 'B' }, /* both */
		{ "\n", 1, 'L', 'L' },
		{ "\r", 1, 'C', 'C' },
		{ "\r\n\0", 3, '0', 'B' },
		{ "\n\0", 2, '0', 'L' },
		{ "\0\r\n", 3, 'B', '0' },
		{ "\0\n", 2, 'L', '0' },
	};
	for (size_t i = 0; i < COUNT(edges) * COUNT(edges); i++) {
		size_t a = i / COUNT(edges), b = i % COUNT(edges);
		char begin = edges[a].begin, end = edges[b].end;
		bool ends = begin == 'B' && end == 'B';
		bool harmless =
			end == '0' ? begin == 'C' || begin == '0' : begin == '0' && end == 'C';
		struct talk *talk = talk_new(SMTP_ARENA_MAX);
		struct smtp_item item;
		server(talk, "220 mx\r\n");
		client(talk, "DATA\r\n");
		server(talk, "354 go\r\n");
		client(talk, "x");
		say(talk, SMTP_CLIENT, bytes_make(edges[a].text, edges[a].size), &item);
		client(talk, ".");
		assert_int_equal(
			say(talk, SMTP_CLIENT, bytes_make(edges[b].text, edges[b].size), &item),
			ends);
		client(talk, "y");
		assert_int_equal(anomaly_is(&talk->seen, SMTP_SMUGGLING), !ends && !harmless);
		arena_free(talk->arena);
	}
}

/* A server acts on COMMAND items: they come at once, whatever waits. */
static void test_as_server(void **state)
{
	struct talk *talk = talk_new(SMTP_ARENA_MAX);
	struct smtp_item item;
	server(talk, "220 trap\r\n");
	assert_int_equal(
		client(talk, "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx"), 4);
	assert_int_equal(server(talk, "250 1\r\n250 2\r\n250 3\r\n354 go\r\n"), 4);
	assert_int_equal(say(talk, SMTP_CLIENT, bytes_of("y\r\n.\r\nQUIT\r\n"), &item), 2);
	assert_int_equal(item.verb, SMTP_VERB_QUIT);
	arena_free(talk->arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reply_code),
		cmocka_unit_test(test_greeting),
		cmocka_unit_test(test_verb_names),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_waiting_many),
		cmocka_unit_test(test_lmtp_many),
		cmocka_unit_test(test_waiting_long),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_memory_most),
		cmocka_unit_test(test_arena_full),
		cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_smuggling),
		cmocka_unit_test(test_as_server),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
