/* The session line and the CSV row, letter by letter: they are interfaces (docs/sessions.md). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "spoken.h"

#define COUNTERS_NONE                                                                              \
	"\"counters\":{\"packets_client\":0,\"packets_server\":0,\"bytes_client\":0,"              \
	"\"bytes_server\":0,\"commands\":0,\"unknown_commands\":0,\"noop\":0,\"rset\":0,"          \
	"\"vrfy\":0,\"expn\":0,\"transactions\":0,\"messages\":0,\"messages_accepted\":0,"         \
	"\"recipients\":0,\"recipients_accepted\":0,\"recipients_deferred\":0,"                    \
	"\"recipients_rejected\":0}"

static void describe(struct session *session)
{
	session->start = 1772357400000125;
	session->end = 1772357401500000;
	session->client.ip = address_v4((const uint8_t[]){ 192, 0, 2, 1 });
	session->client.port = 40000;
	session->client.has_mac = true;
	memcpy(session->client.mac, "\x00\x0c\x29\x01\x02\x03", 6);
	session->server.ip = address_v6(
		(const uint8_t[]){ 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25 });
	session->server.port = 25;
	strcpy(session->id, "cb7d5cf6-1aae-5308-8ecb-e7cb07920aa7");
}

static void check(const struct session *session, const char *expected)
{
	struct json json = { 0 };
	struct bytes line = session_json(session, "file", &json);
	char *text;
	assert_non_null(line.at);
	text = strndup((const char *)line.at, bytes_size(line));
	assert_string_equal(text, expected);
	free(text);
	json_free(&json);
}

static void check_part(const struct session *session, const char *expected)
{
	struct json json = { 0 };
	struct bytes line = session_json(session, "file", &json);
	char *text = strndup((const char *)line.at, bytes_size(line));
	if (!strstr(text, expected))
		print_error("# %s\n# in %s\n", expected, text);
	assert_non_null(strstr(text, expected));
	free(text);
	json_free(&json);
}

static void test_empty(void **state)
{
	struct anomaly_totals totals = { 0 };
	struct session *session = session_new(&totals);
	assert_non_null(session);
	check(session, "{\"type\":\"session\",\"id\":\"\",\"sensor\":\"file\","
		       "\"start\":\"1970-01-01T00:00:00.000000Z\","
		       "\"end\":\"1970-01-01T00:00:00.000000Z\",\"witness\":\"none\",\"marks\":[],"
		       "\"vlan\":null,\"client\":{\"ip\":\"::\",\"port\":0,\"mac\":null},"
		       "\"server\":{\"ip\":\"::\",\"port\":0,\"mac\":null},\"greeting\":{\"code\":"
		       "null,\"text\":null},\"helo\":[],"
		       "\"auth\":[],\"starttls\":null,\"transactions\":[]," COUNTERS_NONE ","
		       "\"anomalies\":[]}");
	session_free(session);
}

static void test_whole(void **state)
{
	static const char *const texts[] = { "220 mx\r\n", "EHLO c\r\n",
		"250-mx\r\n250 PIPELINING\r\n", "AUTH PLAIN AGpvZQBzZWNyZXQ=\r\n",
		"235 2.7.0 ok\r\n", "MAIL FROM:<a@b>\r\n", "250 2.1.0 ok\r\n", "RCPT TO:<c@d>\r\n",
		"550 5.1.1 no such user\r\n", "RCPT TO:<e@f>\r\n", "250 ok\r\n", "DATA\r\n",
		"354 go\r\n", "x\r\n.\r\n", "250 queued\r\n", NULL };
	struct spoken *spoken = spoken_new();
	struct session *session = spoken_all(spoken, texts);
	describe(session);
	session->witness = WITNESS_HANDSHAKE;
	session->marks = MARK_GAP | MARK_ONE_SIDED;
	session->vlan[0] = 100;
	session->vlan[1] = 7;
	anomaly(&session->anomalies, TCP_GAP);
	anomaly(&session->anomalies, SMTP_NUL);
	check(session,
		"{\"type\":\"session\",\"id\":\"cb7d5cf6-1aae-5308-8ecb-e7cb07920aa7\","
		"\"sensor\":\"file\",\"start\":\"2026-03-01T09:30:00.000125Z\","
		"\"end\":\"2026-03-01T09:30:01.500000Z\",\"witness\":\"handshake\","
		"\"marks\":[\"one_sided\",\"gap\"],\"vlan\":[100,7],"
		"\"client\":{\"ip\":\"192.0.2.1\",\"port\":40000,\"mac\":\"00:0c:29:01:02:03\"},"
		"\"server\":{\"ip\":\"2001:db8::19\",\"port\":25,\"mac\":null},"
		"\"greeting\":{\"code\":220,\"text\":\"mx\"},"
		"\"helo\":[{\"verb\":\"EHLO\",\"argument\":\"c\",\"code\":250}],"
		"\"auth\":[{\"mechanism\":\"PLAIN\",\"identity\":\"joe\",\"code\":235}],"
		"\"starttls\":null,\"transactions\":[{\"reverse_path\":\"a@b\",\"code\":250,"
		"\"recipients\":[{\"address\":\"c@d\",\"code\":550,\"enhanced\":\"5.1.1\","
		"\"text\":\"no such user\"},{\"address\":\"e@f\",\"code\":250,\"enhanced\":null,"
		"\"text\":\"ok\"}],\"data_code\":354,\"final_code\":250,\"accepted\":true,"
		"\"message\":{\"size\":3,\"subject\":null,\"from\":null,\"to\":null,\"cc\":null,"
		"\"message_id\":null,\"date\":null,\"received\":null,\"user_agent\":null,"
		"\"originating_ip\":null,\"authentication\":null,\"attachments\":null,"
		"\"links\":null,\"images\":null,\"structure\":null,\"crypto\":null}}],"
		"\"counters\":{\"packets_client\":0,\"packets_server\":0,\"bytes_client\":0,"
		"\"bytes_server\":0,\"commands\":6,\"unknown_commands\":0,\"noop\":0,\"rset\":0,"
		"\"vrfy\":0,\"expn\":0,\"transactions\":1,\"messages\":1,\"messages_accepted\":1,"
		"\"recipients\":2,\"recipients_accepted\":1,\"recipients_deferred\":0,"
		"\"recipients_rejected\":1},\"anomalies\":[\"tcp_gap\",\"smtp_nul\"]}");
	spoken_free(spoken);
}

/* What nobody should send comes through without loss and without harm. */
static void test_bytes(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "MAIL FROM:<>\r\n", "\"reverse_path\":\"\"" },
		{ "MAIL\r\n", "\"reverse_path\":null" },
		{ "MAIL FROM:<\xff\xc3\xa4\xc3@b>\r\n",
			"\"reverse_path\":\"\\uf7ff\xc3\xa4\\uf7c3@b\"" },
		{ "MAIL FROM:<\"\\\"\x1b\x7f\">\r\n",
			"\"reverse_path\":\"\\\"\\\\\\\"\\u001b\\u007f\\\"\"" },
		{ "MAIL FROM:<\xe2\x80\xae@b>\r\n", "\"reverse_path\":\"\\u202e@b\"" },
		{ "MAIL FROM:<</script>\r\n", "\"reverse_path\":\"</script\"" },
		{ "HELO \t\"x\" y\r\n", "\"argument\":\"\\\"x\\\" y\"" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const texts[] = { "220 mx\r\n", cases[i].text, "250 ok\r\n", NULL };
		struct spoken *spoken = spoken_new();
		check_part(spoken_all(spoken, texts), cases[i].expected);
		spoken_free(spoken);
	}
}

static void test_starttls(void **state)
{
	static const struct {
		const char *texts[6];
		const char *expected;
	} cases[] = {
		{ { "220 mx\r\n", "STARTTLS\r\n", "454 no\r\n" },
			"\"starttls\":{\"code\":454,\"started\":false,\"implicit\":false,"
			"\"time\":null,\"client_bytes\":0,\"server_bytes\":0," },
		{ { "220 mx\r\n", "STARTTLS\r\n", "220 go\r\n" },
			"\"starttls\":{\"code\":220,\"started\":true,\"implicit\":false,"
			"\"time\":\"1970-01-01T00:00:00.000000Z\",\"client_bytes\":0,"
			"\"server_bytes\":0," },
		{ { "220 mx\r\n", "STARTTLS\r\n" },
			"\"starttls\":{\"code\":null,\"started\":false,\"implicit\":false,"
			"\"time\":null,\"client_bytes\":0,\"server_bytes\":0," },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spoken *spoken = spoken_new();
		check_part(spoken_all(spoken, cases[i].texts), cases[i].expected);
		spoken_free(spoken);
	}
}

static void test_part(void **state)
{
	struct anomaly_totals totals = { 0 };
	struct session *first = session_new(&totals), *second;
	assert_non_null(first);
	first->vlan[0] = 100;
	second = session_continue(first);
	assert_non_null(second);
	check_part(first, "\"sensor\":\"file\",\"part\":1,\"continues\":true,\"start\":");
	check_part(second, "\"sensor\":\"file\",\"part\":2,\"continues\":false,\"start\":");
	check_part(second, "\"vlan\":100,");
	session_free(first);
	session_free(second);
}

static void test_names(void **state)
{
	assert_string_equal(witness_name(WITNESS_MIDSTREAM), "midstream");
	assert_string_equal(witness_name(WITNESS_NONE), "none");
	assert_string_equal(mark_name(MARK_OVERLAP_CONFLICT), "overlap_conflict");
	assert_string_equal(mark_name(MARK_CUT), "cut");
}

static void test_csv(void **state)
{
	static const char *const texts[] = { "220 =mx, \"here\"\r\n", "HELO c\r\n", "250 mx\r\n",
		NULL };
	struct spoken *spoken = spoken_new();
	struct session *session = spoken_all(spoken, texts);
	struct csv csv = { 0 };
	struct bytes row;
	unsigned columns = 1, fields = 1;
	session_csv_header(&csv);
	row = csv_end(&csv);
	for (; row.at != row.end; bytes_take(&row, 1))
		columns += *row.at == ',';
	describe(session);
	row = session_csv(session, "file", &csv);
	assert_true(bytes_equal(
		row, bytes_of("cb7d5cf6-1aae-5308-8ecb-e7cb07920aa7,file,1,"
			      "2026-03-01T09:30:00.000125Z,2026-03-01T09:30:01.500000Z,none,"
			      "192.0.2.1,40000,00:0c:29:01:02:03,2001:db8::19,25,,"
			      "220,\"'=mx, \"\"here\"\"\",c,none,0,0,0,0,0,0,0\r\n")));
	for (; row.at != row.end; bytes_take(&row, 1))
		fields += *row.at == ',';
	assert_int_equal(fields, columns + 1); /* one comma is in a field */
	csv_free(&csv);
	spoken_free(spoken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_starttls),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_csv),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
