/* From dialogues to sessions: which commands open and close a transaction, what is counted, limits,
 * parts, ids, the order of activities. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>

#include "model/activity.h"
#include "spoken.h"

#define HELLO "220 mx\r\n", "HELO c\r\n", "250 mx\r\n"
#define MAIL "MAIL FROM:<a@b>\r\n", "250 1\r\n"
#define RCPT "RCPT TO:<c@d>\r\n", "250 2\r\n"
#define DATA "DATA\r\n", "354 go\r\n"

/* One transaction as text: "a@b 250 [c@d 250] 354 250 accepted 3". */
static void summary_add(FILE *out, const struct transaction *transaction)
{
	struct bytes path = transaction->reverse_path;
	fprintf(out, "%.*s %d [", path.at ? (int)bytes_size(path) : 1,
		path.at ? (const char *)path.at : "-", transaction->code);
	for (const struct session_recipient *r = transaction->recipients; r; r = r->next)
		fprintf(out, "%s%.*s %d", r == transaction->recipients ? "" : ", ",
			(int)bytes_size(r->address), (const char *)r->address.at, r->code);
	fprintf(out, "] %d %d%s%s", transaction->data_code, transaction->final_code,
		transaction->accepted ? " accepted" : "", transaction->reset ? " reset" : "");
	if (transaction->has_message)
		fprintf(out, " %llu", (unsigned long long)transaction->message_size);
	fputs("; ", out);
}

static void test_transactions(void **state)
{
	static const struct {
		const char *texts[24];
		const char *summary;
	} cases[] = {
		{ { HELLO, MAIL, RCPT, DATA, "x\r\n.\r\n", "250 ok\r\n" },
			"a@b 250 [c@d 250] 354 250 accepted 3; " },
		{ { HELLO, MAIL, RCPT, DATA, "x\r\n.\r\n", "554 no\r\n" },
			"a@b 250 [c@d 250] 354 554 3; " },
		{ { HELLO, MAIL, RCPT, DATA, "x\r\n.\r\n" }, "a@b 250 [c@d 250] 354 0 3; " },
		{ { HELLO, MAIL, RCPT, DATA, "half" }, "a@b 250 [c@d 250] 354 0; " },
		{ { HELLO, "MAIL FROM:<>\r\n", "550 no\r\n" }, " 550 [] 0 0; " },
		/* a nested MAIL is refused, and what follows stands under it */
		{ { HELLO, MAIL, "MAIL FROM:<e@f>\r\n", "503 nested\r\n", RCPT, DATA, "x\r\n.\r\n",
			  "250 ok\r\n" },
			"a@b 250 [] 0 0; e@f 503 [c@d 250] 354 250 accepted 3; " },
		{ { HELLO, MAIL, RCPT, "MAIL FROM:<e@f>\r\n", "250 new\r\n", RCPT },
			"a@b 250 [c@d 250] 0 0 reset; e@f 250 [c@d 250] 0 0; " },
		{ { HELLO, MAIL, RCPT, "RSET\r\n", "250 ok\r\n", RCPT },
			"a@b 250 [c@d 250] 0 0 reset; - 0 [c@d 250] 0 0; " },
		{ { HELLO, MAIL, "HELO again\r\n", "250 ok\r\n", MAIL },
			"a@b 250 [] 0 0 reset; a@b 250 [] 0 0; " },
		{ { HELLO, MAIL, "EHLO\r\n", "501 what\r\n", RCPT }, "a@b 250 [c@d 250] 0 0; " },
		{ { HELLO, "RCPT TO:<c@d>\r\n", "503 no\r\n", "DATA\r\n", "503 no\r\n", MAIL },
			"- 0 [c@d 503] 503 0; a@b 250 [] 0 0; " },
		{ { HELLO, MAIL, "BDAT 2\r\nab", "250 2\r\n", "BDAT 1 LAST\r\nc", "250 3\r\n" },
			"a@b 250 [] 250 250 accepted 3; " },
		{ { HELLO, MAIL, "BDAT 2\r\nab", "552 2\r\n", "BDAT 2\r\ncd", "503 2\r\n",
			  "BDAT 1 LAST\r\nc", "503 3\r\n" },
			"a@b 250 [] 552 503 5; " },
		{ { HELLO, "BDAT 2\r\nab", "503 no\r\n" }, "" },
		{ { HELLO, MAIL, RCPT, DATA, "x\r\n", "452 full\r\n", "y\r\n.\r\n", "QUIT\r\n",
			  "221 bye\r\n" },
			"a@b 250 [c@d 250] 354 452 6; " },
		{ { HELLO, "LHLO c\r\n", "250 ok\r\n", MAIL, RCPT, RCPT, DATA, "x\r\n.\r\n",
			  "452 full\r\n", "250 ok\r\n" },
			"a@b 250 [c@d 250, c@d 250] 354 250 accepted 3; " },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spoken *spoken = spoken_new();
		const struct session *session = spoken_all(spoken, cases[i].texts);
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);
		assert_non_null(out);
		for (struct transaction *t = session->transactions; t; t = t->next)
			summary_add(out, t);
		fclose(out);
		assert_string_equal(text, cases[i].summary);
		free(text);
		spoken_free(spoken);
	}
}

static void test_counters(void **state)
{
	static const char *const texts[] = { HELLO, "NOOP\r\n", "250 1\r\n", "VRFY x\r\n",
		"252 2\r\n", "EXPN x\r\n", "550 3\r\n", "rubbish\r\n", "500 4\r\n", MAIL, RCPT,
		"RCPT TO:<e@f>\r\n", "450 5\r\n", "RCPT TO:<g@h>\r\n", "550 6\r\n", DATA,
		"x\r\n.\r\n", "250 7\r\n", "RSET\r\n", "250 8\r\n", "QUIT\r\n", "221 9\r\n", NULL };
	struct spoken *spoken = spoken_new();
	const struct session *session = spoken_all(spoken, texts);
	const struct session_counters *counters = &session->counters;
	assert_int_equal(counters->commands, 12);
	assert_int_equal(counters->unknown_commands, 1);
	assert_int_equal(counters->noop, 1);
	assert_int_equal(counters->vrfy, 1);
	assert_int_equal(counters->expn, 1);
	assert_int_equal(counters->rset, 1);
	assert_int_equal(counters->transactions, 1);
	assert_int_equal(counters->messages, 1);
	assert_int_equal(counters->messages_accepted, 1);
	assert_int_equal(counters->recipients, 3);
	assert_int_equal(counters->recipients_accepted, 1);
	assert_int_equal(counters->recipients_deferred, 1);
	assert_int_equal(counters->recipients_rejected, 1);
	assert_true(session->quit);
	assert_true(session_has_dialogue(session));
	spoken_free(spoken);
}

static void test_has_dialogue(void **state)
{
	static const struct {
		const char *texts[4];
		bool has;
	} cases[] = {
		{ { NULL }, false },
		{ { "220 mx\r\n" }, true },
		{ { "EHLO c\r\n" }, true },
		{ { "GET / HTTP/1.0\r\n", "400 what\r\n" }, true }, /* 400 is a greeting */
		{ { "GET / HTTP/1.0\r\n\r\n" }, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spoken *spoken = spoken_new();
		assert_int_equal(
			session_has_dialogue(spoken_all(spoken, cases[i].texts)), cases[i].has);
		spoken_free(spoken);
	}
}

static void test_transactions_many(void **state)
{
	enum { ALL = SESSION_MESSAGES_MAX + 5 };
	struct spoken *spoken = spoken_new();
	unsigned described = 0;
	uint64_t counted = 0, accepted = 0, recipients = 0;
	spoken_say(spoken, "220 mx\r\n");
	for (unsigned i = 0; i < ALL; i++) {
		spoken_say(spoken, "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
		spoken_say(spoken, "250 1\r\n250 2\r\n354 3\r\n");
		spoken_say(spoken, "x\r\n.\r\n");
		spoken_say(spoken, "250 4\r\n");
	}
	for (unsigned i = 0; i < spoken->parts; i++) {
		const struct session *part = spoken->part[i];
		counted += part->counters.transactions;
		accepted += part->counters.messages_accepted;
		recipients += part->counters.recipients;
		for (struct transaction *t = part->transactions; t; t = t->next)
			described++;
	}
	assert_int_equal(counted, ALL);
	assert_int_equal(accepted, ALL);
	assert_int_equal(recipients, ALL);
	if (spoken->parts == 1) {
		assert_int_equal(described, SESSION_MESSAGES_MAX);
		assert_int_equal(spoken->totals.count[SMTP_MESSAGES_MANY], 5);
	}
	spoken_free(spoken);
}

static void test_recipients_many(void **state)
{
	enum { ALL = SESSION_RECIPIENTS_MAX + 5 };
	struct spoken *spoken = spoken_new();
	const struct transaction *transaction;
	unsigned described = 0;
	spoken_say(spoken, "220 mx\r\n");
	spoken_say(spoken, "MAIL FROM:<a@b>\r\n");
	spoken_say(spoken, "250 1\r\n");
	for (unsigned i = 0; i < ALL; i++) {
		spoken_say(spoken, "RCPT TO:<c@d>\r\n");
		spoken_say(spoken, "550 no\r\n");
	}
	assert_int_equal(spoken->parts, 1);
	transaction = spoken_session(spoken)->transactions;
	for (const struct session_recipient *r = transaction->recipients; r; r = r->next)
		described++;
	assert_int_equal(described, SESSION_RECIPIENTS_MAX);
	assert_int_equal(transaction->recipient_count, ALL);
	assert_int_equal(spoken_session(spoken)->counters.recipients_rejected, ALL);
	assert_true(anomaly_is(&spoken_session(spoken)->anomalies, SMTP_RECIPIENTS_MANY));
	/* the same answer again is kept once */
	assert_ptr_equal(transaction->recipients->text.at, transaction->recipients->next->text.at);
	spoken_free(spoken);
}

/* A dialogue that outgrows the arena: the parts add up, and the open transaction goes on. */
static void test_parts(void **state)
{
	enum { ALL = 900 };
	struct spoken *spoken = spoken_new();
	char text[600];
	unsigned described = 0, counted = 0;
	spoken_say(spoken, "220 mx\r\n");
	spoken_say(spoken, "EHLO c\r\n");
	spoken_say(spoken, "250 hi\r\n");
	spoken_say(spoken, "MAIL FROM:<sender@example>\r\n");
	spoken_say(spoken, "250 go\r\n");
	for (unsigned i = 0; i < ALL; i++) {
		snprintf(text, sizeof text, "RCPT TO:<%0300u@example>\r\n", i);
		spoken_say(spoken, text);
		snprintf(text, sizeof text, "550 5.1.1 %0300u is not here\r\n", i);
		spoken_say(spoken, text);
	}
	spoken_say(spoken, "DATA\r\n");
	spoken_say(spoken, "554 no\r\n");
	assert_true(spoken->parts > 1);
	for (unsigned i = 0; i < spoken->parts; i++) {
		const struct session *part = spoken->part[i];
		assert_int_equal(part->part, i + 1);
		assert_int_equal(part->continues, i + 1 < spoken->parts);
		assert_int_equal(part->greeting_code, 220);
		assert_true(bytes_equal(part->helo->argument, bytes_of("c")));
		assert_true(
			bytes_equal(part->transactions->reverse_path, bytes_of("sender@example")));
		assert_int_equal(part->counters.transactions, i == 0);
		assert_true(arena_size(part->arena) <= SESSION_ARENA_MAX);
		for (struct session_recipient *r = part->transactions->recipients; r; r = r->next) {
			snprintf(text, sizeof text, "%0300u@example", described++);
			assert_true(bytes_equal(r->address, bytes_of(text)));
		}
		counted += part->counters.recipients;
	}
	assert_int_equal(described, ALL);
	assert_int_equal(counted, ALL);
	assert_int_equal(spoken_session(spoken)->transactions->data_code, 554);
	spoken_free(spoken);
}

/* Where there is no next part, the full one counts on. */
static void test_full(void **state)
{
	struct anomaly_totals totals = { 0 };
	struct session *session = session_new(&totals);
	struct smtp_item item = { .kind = SMTP_REPLY, .verb = SMTP_VERB_RCPT, .code = 250 };
	assert_non_null(session);
	item.argument = bytes_of("somebody@example.com");
	while (arena_take(session->arena, 64))
		;
	assert_false(session_item(session, &item));
	assert_int_equal(session->counters.recipients, 0);
	assert_true(session_item(session, &item));
	assert_int_equal(session->counters.recipients, 1);
	assert_true(anomaly_is(&session->anomalies, SMTP_ARENA_FULL));
	session_free(session);
}

static void test_uuid(void **state)
{
	char text[UUID_TEXT];
	uuid5("", 0, text);
	assert_string_equal(text, "cb7d5cf6-1aae-5308-8ecb-e7cb07920aa7");
	uuid5("www.example.com", 15, text);
	assert_string_equal(text, "829c7396-c34e-58eb-a5c4-e318669a3344");
}

static void test_identify(void **state)
{
	struct anomaly_totals totals = { 0 };
	struct session *session = session_new(&totals);
	char id[UUID_TEXT];
	uint64_t connection;
	assert_non_null(session);
	session->client.ip = address_v4((const uint8_t[]){ 192, 0, 2, 1 });
	session->server.ip = address_v4((const uint8_t[]){ 198, 51, 100, 25 });
	session->client.port = 40000;
	session->server.port = 25;
	session->start = 1000000;
	session_identify(session, 0);
	assert_string_equal(session->id, "464bd4e5-b324-5911-9b4e-29f7678335a7");
	memcpy(id, session->id, sizeof id);
	connection = session->connection;
	session_identify(session, 1); /* another sensor: another id, the same place in the order */
	assert_string_not_equal(session->id, id);
	assert_int_equal(session->connection, connection);
	session->start++;
	session_identify(session, 1);
	assert_int_not_equal(session->connection, connection);
	session_free(session);
}

static void test_activities(void **state)
{
	struct anomaly_totals totals = { 0 };
	struct activity a = { .kind = ACTIVITY_SESSION, .sensor = 1, .final = 10, .connection = 5 };
	struct activity b = a;
	a.session = session_new(&totals);
	assert_non_null(a.session);
	b.session = session_continue(a.session);
	assert_non_null(b.session);
	assert_true(activity_compare(&a, &b) < 0); /* the parts of one connection */
	assert_int_equal(activity_compare(&a, &a), 0);
	b.connection = 4;
	assert_true(activity_compare(&a, &b) > 0);
	b.sensor = 2;
	assert_true(activity_compare(&a, &b) < 0);
	b.final = 9;
	assert_true(activity_compare(&a, &b) > 0);
	activity_free(&a);
	activity_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transactions),
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_has_dialogue),
		cmocka_unit_test(test_transactions_many),
		cmocka_unit_test(test_recipients_many),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_uuid),
		cmocka_unit_test(test_identify),
		cmocka_unit_test(test_activities),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
