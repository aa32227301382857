/* No text of a message and no password gets out: a canary sentence in every part of a thousand
 * messages, in each encoding, and a canary password in each login are in no line of any session, at
 * no level. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "packets.h"

#define SENTENCE "The canary sentence sings at dawn 7f3c"
#define SENTENCE_BASE64 "VGhlIGNhbmFyeSBzZW50ZW5jZSBzaW5ncyBhdCBkYXduIDdmM2M"
#define PASSWORD "canary-pa55word-7f3c"
#define PASSWORD_BASE64 "Y2FuYXJ5LXBhNTV3b3JkLTdmM2M="
#define PLAIN_BASE64 "AGphbmEAY2FuYXJ5LXBhNTV3b3JkLTdmM2M=" /* \0jana\0PASSWORD */
#define MESSAGES 1000

/* One part of each kind, in an order that changes with the number. */
static size_t write_message(char *text, size_t room, unsigned number)
{
	static const char *const parts[] = {
		"Content-Type: text/plain\r\n\r\n" SENTENCE ".\r\n",
		"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
		"<p>The canary=20sentence s=\r\nings at dawn 7f3c</p><!-- " SENTENCE " -->\r\n",
		"Content-Type: application/octet-stream; name=a.bin\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n" SENTENCE_BASE64 "\r\n",
		"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\n" SENTENCE "\r\n",
		"Content-Type: text/plain\r\n\r\nbegin 644 x\r\n" SENTENCE "\r\nend\r\n",
		"\r\n" SENTENCE " http://links.example/" PASSWORD "\r\n",
		"Content-Type: multipart/alternative; boundary=i\r\n\r\n" SENTENCE
		"\r\n--i\r\n\r\n" SENTENCE "\r\n--i--\r\n" SENTENCE "\r\n",
	};
	size_t size = (size_t)snprintf(text, room,
		"From: a@a.example\r\nSubject: %u\r\nMIME-Version: 1.0\r\n"
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n" SENTENCE " (preamble)\r\n",
		number);
	for (unsigned i = 0; i < 1 + number % COUNT(parts); i++)
		size += (size_t)snprintf(
			text + size, room - size, "--b\r\n%s", parts[(number + i) % COUNT(parts)]);
	const char *end =
		number % 11 ? "--b--\r\n" SENTENCE " (epilogue)\r\n" : SENTENCE " and no end\r\n";
	return size + (size_t)snprintf(text + size, room - size, "%s.\r\n", end);
}

static void log_in(struct talk *talk, struct tap *tap, unsigned number)
{
	if (number % 3 == 0) {
		client_says(talk, tap, "AUTH PLAIN " PLAIN_BASE64 "\r\n");
	} else if (number % 3 == 1) {
		client_says(talk, tap, "AUTH LOGIN\r\n");
		server_says(talk, tap, "334 VXNlcm5hbWU6\r\n");
		client_says(talk, tap, "amFuYQ==\r\n");
		server_says(talk, tap, "334 UGFzc3dvcmQ6\r\n");
		client_says(talk, tap, PASSWORD_BASE64 "\r\n");
	} else { /* out of step, and in clear */
		client_says(talk, tap, PASSWORD "\r\n");
		server_says(talk, tap, "500 what?\r\n");
		client_says(talk, tap, "PASS " PASSWORD "\r\n");
	}
	server_says(talk, tap, number % 3 == 2 ? "500 what?\r\n" : "235 2.7.0 welcome\r\n");
}

static void talk_once(struct tap *tap, unsigned number)
{
	static char text[8192];
	struct talk talk = { .client_ip = { 192, 168, (uint8_t)(number >> 8), (uint8_t)number },
		.server_ip = { 203, 0, 113, 1 },
		.client_port = 40000,
		.server_port = 25,
		.client_seq = 1000,
		.server_seq = 9000,
		.time = number * 100 };
	handshake(&talk, tap);
	server_says(&talk, tap, "220 mx.example ESMTP\r\n");
	client_says(&talk, tap, "EHLO pc\r\n");
	server_says(&talk, tap, "250 mx.example\r\n");
	log_in(&talk, tap, number);
	client_says(&talk, tap, "MAIL FROM:<a@a.example>\r\n");
	server_says(&talk, tap, "250 ok\r\n");
	client_says(&talk, tap, "RCPT TO:<c@b.example>\r\n");
	server_says(&talk, tap, "250 ok\r\n");
	client_says(&talk, tap, "DATA\r\n");
	server_says(&talk, tap, "354 go on\r\n");
	size_t size = write_message(text, sizeof(text), number);
	for (size_t at = 0; at < size; at += 700) {
		char piece[701] = "";
		memcpy(piece, text + at, size - at < 700 ? size - at : 700);
		client_says(&talk, tap, piece);
	}
	server_says(&talk, tap, "250 queued\r\n");
	goodbye(&talk, tap);
}

static void check_line(struct bytes line)
{
	static const char *const canaries[] = { "canary", "dawn 7f3c", SENTENCE_BASE64,
		PASSWORD_BASE64, PLAIN_BASE64 };
	for (size_t i = 0; i < COUNT(canaries); i++)
		if (memmem(line.at, bytes_size(line), canaries[i], strlen(canaries[i])))
			fail_msg("%s got out: %.*s", canaries[i], (int)bytes_size(line),
				(const char *)line.at);
}

static unsigned drain(struct tap *tap, struct json *json, struct csv *csv)
{
	struct activity activity;
	unsigned messages = 0;
	while (tap_next(tap, &activity)) {
		if (activity.kind == ACTIVITY_SESSION) {
			messages += activity.session->counters.messages_accepted;
			check_line(session_json(activity.session, "file", json));
			check_line(session_csv(activity.session, "file", csv));
		}
		activity_free(&activity);
	}
	return messages;
}

static void test_canary(void **state)
{
	for (enum keep keep = KEEP_ENVELOPE; keep <= KEEP_DIGESTS; keep++) {
		struct anomaly_totals totals = { 0 };
		struct anomalies seen = { .total = &totals };
		struct tap_settings settings = { .verify_checksums = true, .keep = keep };
		struct tap *tap = tap_new(&settings, &seen);
		struct json json = { 0 };
		struct csv csv = { 0 };
		unsigned messages = 0;
		for (unsigned number = 0; number < MESSAGES; number++) {
			talk_once(tap, number);
			messages += drain(tap, &json, &csv);
		}
		tap_finish(tap);
		messages += drain(tap, &json, &csv);
		assert_int_equal(messages, MESSAGES);
		json_free(&json);
		csv_free(&csv);
		tap_free(tap);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_canary) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
