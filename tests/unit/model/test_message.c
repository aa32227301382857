/* From the items of the scanner to the message of the session line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>

#include "model/message.h"

struct bench {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct arena *arena;
	struct message_builder builder;
};

static void read_message(struct bench *bench, const char *text, enum mime_level level)
{
	struct mime_tools *tools = mime_tools_open();
	struct mime *mime = mime_new(tools, level);
	struct mime_item item;
	bench->seen.total = &bench->totals;
	bench->arena = arena_new(65536);
	assert_true(message_begin(&bench->builder, bench->arena, &bench->seen));
	mime_init(mime, &bench->seen);
	mime_feed(mime, bytes_of(text));
	while (mime_next(mime, &item))
		message_item(&bench->builder, &item);
	mime_finish(mime);
	while (mime_next(mime, &item))
		message_item(&bench->builder, &item);
	mime_free(mime);
	mime_tools_close(tools);
}

static void check(const struct message *message, const char *expected)
{
	struct json json = { 0 };
	json_begin(&json);
	json_object(&json);
	message_json(message, &json);
	json_object_end(&json);
	struct bytes line = json_end(&json);
	char *text = strndup((const char *)line.at, bytes_size(line));
	assert_string_equal(text, expected);
	free(text);
	json_free(&json);
}

static void test_whole(void **state)
{
	static const char text[] =
		"Received: from pc (pc.example [192.0.2.7]) by mx.example with SMTP id 7;"
		" Tue, 3 Mar 2026 09:30:00 +0000\r\n"
		"From: \"Ana B\" <ana@a.example>\r\nTo: b@b.example, C <c@c.example>\r\n"
		"Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\nSubject: second\r\nMessage-ID: "
		"<1@a.example>\r\n"
		"Date: Tue, 3 Mar 2026 09:29:59 +0000\r\nX-Mailer: Mill 1\r\nMIME-Version: 1.0\r\n"
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
		"--c\r\n\r\nsee http://www.link.example/x\r\n--c\r\nContent-Type: "
		"text/html\r\n\r\n<p>x\r\n"
		"--c--\r\n--b\r\nContent-Type: application/pdf; "
		"name=\"a.pdf\"\r\n\r\n%PDF-1.4\r\n--b--\r\n";
	struct bench bench = { .totals = { { 0 } } };
	read_message(&bench, text, MIME_DIGESTS);
	check(bench.builder.message,
		"{\"subject\":\"gr\u00fc\u00dfe\",\"from\":[{\"name\":\"Ana "
		"B\",\"address\":\"ana@a.example\"}],"
		"\"to\":[{\"name\":\"\",\"address\":\"b@b.example\"},{\"name\":\"C\",\"address\":"
		"\"c@c.example\"}],"
		"\"cc\":[],\"message_id\":\"<1@a.example>\",\"date\":\"2026-03-03T09:29:59."
		"000000Z\","
		"\"received\":[{\"from\":\"pc\",\"name\":\"pc.example\",\"ip\":\"192.0.2.7\","
		"\"by\":\"mx.example\","
		"\"with\":\"SMTP\",\"id\":\"7\",\"time\":\"2026-03-03T09:30:00.000000Z\","
		"\"trusted\":false,"
		"\"forged\":false}],\"user_agent\":\"Mill "
		"1\",\"originating_ip\":null,\"authentication\":null,"
		"\"attachments\":[{\"name\":\"a.pdf\",\"type\":\"application/"
		"pdf\",\"true_type\":\"pdf\","
		"\"kind\":\"document\",\"size\":8,\"xxh3\":\"a5aef5a9563d0ca4832f4d310e1d2537\","
		"\"md5\":\"914240125319291c7cb7e712e419b254\",\"sha256\":"
		"\"e16fa5d9b51928755db85b917f0297babaf22c7a47e97d9212adab56e61ba04e\"}],"
		"\"links\":{\"count\":1,\"hosts\":[\"www.link.example\"]},\"images\":0,"
		"\"structure\":\"multipart/mixed(multipart/alternative(text/plain,text/"
		"html),application/pdf)\","
		"\"crypto\":null}");
	assert_true(anomaly_is(&bench.seen, MIME_FIELD_TWICE));
	arena_free(bench.arena);
}

static void test_not_looked_into(void **state)
{
	check(NULL, "{\"subject\":null,\"from\":null,\"to\":null,\"cc\":null,\"message_id\":null,"
		    "\"date\":null,"
		    "\"received\":null,\"user_agent\":null,\"originating_ip\":null,"
		    "\"authentication\":null,"
		    "\"attachments\":null,\"links\":null,\"images\":null,\"structure\":null,"
		    "\"crypto\":null}");
}

static const struct message_hop *hop_at(const struct message *message, unsigned index)
{
	const struct message_hop *hop = message->hops;
	while (index--)
		hop = hop->next;
	return hop;
}

static void test_trust(void **state)
{
	static const char text[] =
		"Received: from relay (relay [192.0.2.2]) by own; Tue, 3 Mar 2026 09:30:00 "
		"+0000\r\n"
		"Received: from pc (pc [203.0.113.9]) by relay; Tue, 3 Mar 2026 09:29:00 +0000\r\n"
		"Received: from x (x [203.0.113.8]) by y; Tue, 3 Mar 2026 12:00:00 +0000\r\n\r\n";
	struct bench bench = { .totals = { { 0 } } };
	struct address client;
	struct prefix own;
	struct prefixes servers = { 0 };
	assert_true(
		prefix_parse(bytes_of("192.0.2.0/24"), &own, NULL) && prefixes_add(&servers, own));
	assert_true(address_parse(bytes_of("192.0.2.1"), &client));
	read_message(&bench, text, MIME_HEADERS);
	message_trust(bench.builder.message, &client, &servers);
	assert_true(hop_at(bench.builder.message, 0)->trusted);
	assert_true(hop_at(bench.builder.message, 1)->trusted);
	assert_false(hop_at(bench.builder.message, 2)->trusted); /* a stranger handed it to relay */
	assert_false(hop_at(bench.builder.message, 1)->forged);
	assert_true(hop_at(bench.builder.message, 2)->forged); /* received after it was handed on */
	prefixes_free(&servers);
	arena_free(bench.arena);
}

static void test_arena_full(void **state)
{
	struct bench bench = { .totals = { { 0 } } };
	struct mime_item item = {
		.kind = MIME_FIELD, .field = MIME_SUBJECT, .text = bytes_of("a subject")
	};
	bench.seen.total = &bench.totals;
	bench.arena = arena_new(1024);
	assert_true(message_begin(&bench.builder, bench.arena, &bench.seen));
	while (arena_take(bench.arena, 8))
		;
	message_item(&bench.builder, &item);
	assert_null(bench.builder.message->subject.at);
	assert_true(anomaly_is(&bench.seen, SMTP_ARENA_FULL));
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_not_looked_into),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_arena_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
