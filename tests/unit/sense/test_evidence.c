/* Evidence tells what a client did and never what it wrote: dialogues that try to have a canary
 * taken for a command or a reply, whole and torn into segments at random. And what is to be in it
 * is in it, within its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>

#include "packets.h"
#include "sense/evidence.h"

#define SENTENCE "The canary sentence sings at dawn 7f3c."
#define PASSWORD_BASE64 "Y2FuYXJ5LXBhNTV3b3JkLTdmM2M="
#define PLAIN_BASE64 "AGphbmEAY2FuYXJ5LXBhNTV3b3JkLTdmM2M=" /* \0jana\0PASSWORD */

static const uint8_t client_ip[4] = { 192, 168, 7, 108 };

struct court { /* a tap, and the evidence that is taken out of it */
	struct anomaly_totals totals;
	struct anomalies seen;
	struct shown shown;
	struct alert alert;
	struct tap *tap;
	struct evidence *evidence;
	struct talk talk;
};

static void take(void *to, const struct packet *packet)
{
	struct court *court = to;
	assert_true(!court->shown.mail || court->shown.size <= bytes_size(packet->data));
	evidence_packet(court->evidence, packet, &court->shown);
}

static struct court *court_open(void)
{
	static struct court court;
	const struct alert *alert = &court.alert;
	court = (struct court){ .alert = { .kind = ALERT_DIRECT_TO_MX,
					.kinds = 1u << ALERT_DIRECT_TO_MX,
					.id = "e68e2ad4-b49d-50d9-8852-f404977bc8a0",
					.sentence = "It did it.",
					.address = { address_v4(client_ip) },
					.addresses = 1 } };
	court.seen.total = &court.totals;
	court.tap =
		tap_new(&(struct tap_settings){ .verify_checksums = true, .shown = &court.shown },
			&court.seen);
	court.evidence = evidence_new(&alert, 1);
	assert_non_null(court.tap);
	assert_non_null(court.evidence);
	court.talk = (struct talk){ .client_ip = { 192, 168, 7, 108 },
		.server_ip = { 203, 0, 113, 1 },
		.client_port = 40000,
		.server_port = 25,
		.client_seq = 1000,
		.server_seq = 9000,
		.given = take,
		.to = &court };
	return &court;
}

static struct bytes court_close(struct court *court)
{
	struct activity activity;
	tap_finish(court->tap);
	while (tap_next(court->tap, &activity)) {
		bool session = activity.kind == ACTIVITY_SESSION;
		if (session || activity.kind == ACTIVITY_ATTEMPT) {
			struct exhibit exhibit = { .client = session ? activity.session->client
								     : activity.attempt.client,
				.server = session ? activity.session->server
						  : activity.attempt.server,
				.start = session ? activity.session->start : activity.attempt.start,
				.outcome = session ? EXHIBIT_SILENT : EXHIBIT_UNANSWERED,
				.kinds = 1u << ALERT_DIRECT_TO_MX };
			evidence_exhibit(court->evidence, &activity, &exhibit);
		}
		activity_free(&activity);
	}
	return evidence_pcapng(court->evidence, 0, "mailwarden test");
}

static void court_free(struct court *court)
{
	evidence_free(court->evidence);
	tap_free(court->tap);
}

static bool holds(struct bytes file, const char *text)
{
	return memmem(file.at, bytes_size(file), text, strlen(text));
}

static void check_silence(struct bytes file, const char *name)
{
	static const char *const canaries[] = { "canary", "sings", "dawn", "7f3c", PASSWORD_BASE64,
		PLAIN_BASE64, "Y2FuYXJ5", "amFuYQ" };
	for (size_t i = 0; i < COUNT(canaries); i++)
		if (holds(file, canaries[i]))
			fail_msg("%s: %s got out", name, canaries[i]);
}

static void greet(struct court *court)
{
	handshake(&court->talk, court->tap);
	server_says(&court->talk, court->tap, "220 mx.example ESMTP\r\n");
	client_says(&court->talk, court->tap, "EHLO pc.example\r\n");
	server_says(
		&court->talk, court->tap, "250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
}

static void envelope(struct court *court)
{
	client_says(
		&court->talk, court->tap, "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\n");
	server_says(&court->talk, court->tap, "250 ok\r\n250 ok\r\n");
}

static void data(struct court *court)
{
	envelope(court);
	client_says(&court->talk, court->tap, "DATA\r\n");
	server_says(&court->talk, court->tap, "354 go on\r\n");
}

/* "C: what the client says", "S: ..."; a backslash stands for CRLF. */
static void play(struct court *court, const char *const *lines)
{
	for (; *lines; lines++) {
		char text[1024];
		size_t size = 0;
		for (const char *at = *lines + 3; *at; at++) {
			if (*at == '\\')
				text[size++] = '\r';
			text[size++] = *at == '\\' ? '\n' : *at;
		}
		text[size] = '\0';
		if (**lines == 'C')
			client_says(&court->talk, court->tap, text);
		else
			server_says(&court->talk, court->tap, text);
	}
}

static const char *const *const dialogues[] = {
	(const char *const[]){ "C: DATA\\", "S: 354 go\\", "C: Subject: " SENTENCE "\\\\",
		"C: VRFY canary\\HELO canary\\" SENTENCE "\\.\\", "S: 250 ok\\", NULL },
	/* content that comes with DATA: agreed to, refused, and refused behind what looks like it
	 */
	(const char *const[]){ "C: DATA\\VRFY canary\\" SENTENCE "\\.\\QUIT\\", "S: 354 go\\",
		"S: 250 ok\\", NULL },
	(const char *const[]){ "C: DATA\\VRFY canary\\" SENTENCE "\\.\\QUIT\\", "S: 554 no\\",
		"C: VRFY canary\\", "S: 500 no\\", NULL },
	(const char *const[]){
		"C: DATA\\Subject: x\\", "S: 554 no\\", "C: VRFY canary\\" SENTENCE "\\.\\", NULL },
	(const char *const[]){ "C: DATA\\", "S: 554 no\\", "C: Subject: x\\\\VRFY canary\\",
		"C: MAIL FROM:<canary@a.example>\\", "S: 500 no\\", "C: HELO canary\\", NULL },
	(const char *const[]){ "C: DATA\\", "S: 354 go\\", "C: x\\", "S: 451 no\\",
		"C: VRFY canary\\", "C: HELO canary\\.\\", NULL },
	/* an end that servers read differently */
	(const char *const[]){ "C: DATA\\", "S: 354 go\\", "C: x\n.\n", "S: 250 ok\\",
		"C: VRFY canary\\", "C: HELO canary\\.\\", NULL },
	/* a stranger to both */
	(const char *const[]){ "C: PASS canary-pa55word-7f3c\\", "S: 500 what?\\",
		"C: VRFY canary\\", "S: 252 ok\\", NULL },
	(const char *const[]){ "C: NOOP " SENTENCE "\\", "S: 250 ok\\", "C: HELP " SENTENCE "\\",
		"S: 214 no\\", "C: VRFY " SENTENCE "\\", "S: 252 no\\", "C: EHLO " SENTENCE "\\",
		"C: MAIL FROM:<a@a.example> " SENTENCE "\\", "C: XCLIENT LOGIN=canary\\", NULL },
	(const char *const[]){ "C: BDAT 42\\VRFY canary\\" SENTENCE "BDAT 12 LAST\\HELO canary\\",
		"S: 250 ok\\250 ok\\", NULL },
	(const char *const[]){ "C: BDAT 26\\", "C: VRFY canary\\", "C: HELO canary", "S: 250 ok\\",
		"C: BDAT 13 LAST\\HELO canary", "S: 250 ok\\", NULL },
	(const char *const[]){ "C: BDAT 26\\VRFY canary", "C: \\HELO canary\\BDAT 13 LAST\\",
		"C: HELO canary", NULL },
	/* logins: at once, in steps, torn, out of turn, given up */
	(const char *const[]){ "C: AUTH PLAIN " PLAIN_BASE64 "\\", "S: 235 ok\\", NULL },
	(const char *const[]){ "C: AUTH LOGIN\\", "S: 334 VXNlcm5hbWU6\\", "C: amFuYQ==\\",
		"S: 334 UGFzc3dvcmQ6\\", "C: " PASSWORD_BASE64 "\\", "S: 535 no\\", NULL },
	(const char *const[]){ "C: AUTH LOGIN amFuYQ==\\" PASSWORD_BASE64 "\\VRFY canary\\",
		"S: 535 no\\", "C: VRFY canary\\", "S: 252 ok\\", NULL },
	(const char *const[]){ "C: AUTH PLAIN ", "C: " PLAIN_BASE64 "\\", "S: 235 ok\\", NULL },
	(const char *const[]){ "C: AUTH LOGIN\\", "S: 503 no\\", "C: amFuYQ==\\",
		"C: " PASSWORD_BASE64 "\\", "S: 500 no\\", NULL },
	(const char *const[]){
		"C: RSET\\AUTH PLAIN " PLAIN_BASE64 "\\", "S: 250 ok\\", "S: 235 ok\\", NULL },
	/* TLS that is none */
	(const char *const[]){ "C: STARTTLS\\VRFY canary\\", "S: 220 go\\", "C: VRFY canary\\",
		"S: 250 canary\\", NULL },
	/* a server that repeats what it was told, in lines that are no replies */
	(const char *const[]){ "C: DATA\\", "S: 354 go\\", "C: " SENTENCE "\\.\\",
		"S: " SENTENCE "\\250 ok\\", NULL },
};

static void test_dialogues(void **state)
{
	for (size_t i = 0; i < COUNT(dialogues); i++) {
		struct court *court = court_open();
		char name[32];
		snprintf(name, sizeof(name), "dialogue %zu", i);
		greet(court);
		envelope(court);
		play(court, dialogues[i]);
		goodbye(&court->talk, court->tap);
		struct bytes file = court_close(court);
		check_silence(file, name);
		assert_true(holds(file, "EHLO pc.example\r\n"));
		assert_true(holds(file, "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\n"));
		court_free(court);
	}
}

/* One segment of the client at `seq` behind its next byte, which stays where it is. */
static void stray(struct court *court, uint32_t ahead, uint8_t flags, const char *text)
{
	struct talk *talk = &court->talk;
	raw_segment(talk, court->tap, true, talk->client_seq + ahead, talk->server_seq, flags, text,
		strlen(text));
}

/* A refusal overtakes, on its way to us, what the client said before it heard of it. */
static void test_not_heard_yet(void **state)
{
	static const char refusal[] = "554 no\r\n";
	struct court *court = court_open();
	struct talk *talk = &court->talk;
	greet(court);
	envelope(court);
	client_says(talk, court->tap, "DATA\r\n");
	uint32_t heard = talk->server_seq;
	server_says(talk, court->tap, refusal);
	raw_segment(
		talk, court->tap, true, talk->client_seq, heard, TCP_ACK, "VRFY canary\r\n", 13);
	talk->client_seq += 13;
	server_says(talk, court->tap, "252 ok\r\n");
	client_says(talk, court->tap, "RSET\r\n");
	struct bytes file = court_close(court);
	check_silence(file, "overtaken");
	assert_true(holds(file, refusal));
	court_free(court);
}

static void test_segments(void **state)
{
	struct court *court = court_open();
	greet(court);
	data(court);
	stray(court, 100, TCP_ACK, "VRFY canary\r\n"); /* out of order */
	stray(court, 13, TCP_ACK, "HELO canary\r\n");
	stray(court, 0, TCP_ACK, "VRFY canary\r\n");
	stray(court, 0, TCP_ACK, "VRFY canary\r\n");  /* again */
	stray(court, 13, TCP_ACK, "VRFY canari\r\n"); /* again, and something else */
	court->talk.client_seq += 26;
	stray(court, 0, TCP_ACK | TCP_URG, SENTENCE);
	stray(court, 0, TCP_RST, "HELO canary\r\n");
	stray(court, 0, 0, "HELO canary\r\n");
	court->talk.bad_checksum = true;
	stray(court, 0, TCP_ACK, "HELO canary\r\n");
	court->talk.bad_checksum = false;
	court->talk.client_seq += 500; /* a gap, and then what may be anything */
	server_says(&court->talk, court->tap, "250 ok\r\n");
	client_says(&court->talk, court->tap, "HELO canary\r\n");
	client_says(&court->talk, court->tap, "VRFY canary\r\n");
	server_says(&court->talk, court->tap, "252 ok\r\n");
	client_says(&court->talk, court->tap, "VRFY canary\r\n");
	stray(court, 0, TCP_FIN | TCP_ACK, "VRFY canary\r\n");
	check_silence(court_close(court), "segments");
	court_free(court);
}

static void test_not_from_the_begin(void **state)
{
	struct court *court = court_open();
	client_says(&court->talk, court->tap, "HELO canary\r\n");
	server_says(&court->talk, court->tap, "250 ok\r\n");
	client_says(&court->talk, court->tap, "VRFY canary\r\n");
	struct bytes file = court_close(court);
	check_silence(file, "middle");
	assert_true(holds(file, "250 ok\r\n"));
	court_free(court);

	court = court_open(); /* the server is not heard */
	court->talk.no_server = true;
	greet(court);
	data(court);
	client_says(&court->talk, court->tap, "HELO canary\r\nVRFY canary\r\n");
	check_silence(court_close(court), "one side");
	court_free(court);

	court = court_open(); /* a SYN with data, and nothing else */
	stray(court, 0, TCP_SYN, "HELO canary\r\n");
	file = court_close(court);
	check_silence(file, "SYN");
	assert_true(holds(file, "connection 1 of 1: 192.168.7.108 port 40000 to 203.0.113.1, port "
				"25: not answered"));
	court_free(court);

	court = court_open(); /* which of two mail ports is the server's? */
	court->talk.client_port = 25;
	client_says(&court->talk, court->tap, SENTENCE "\r\n");
	server_says(&court->talk, court->tap, "HELO canary\r\n");
	client_says(&court->talk, court->tap, SENTENCE "\r\n");
	check_silence(court_close(court), "two ports");
	court_free(court);
}

static unsigned dice(unsigned sides)
{
	return (unsigned)rand() % sides; /* seeded: the same each time */
}

/* What a client says in one breath, torn into segments, some twice, some too late, some lost; the
 * server answers what it was asked. */
static void torn(struct court *court, const char *text)
{
	struct talk *talk = &court->talk;
	size_t size = strlen(text), at = 0;
	uint32_t seq = talk->client_seq;
	while (at < size) {
		size_t piece = 1 + dice(24);
		piece = piece < size - at ? piece : size - at;
		unsigned luck = dice(20);
		if (luck > 1)
			raw_segment(talk, court->tap, true, seq + (uint32_t)at, talk->server_seq,
				TCP_ACK, text + at, piece);
		if (luck == 2)
			at = at > 30 ? at - 30 : 0; /* once more */
		else
			at += piece;
		if (luck == 1)
			raw_segment(talk, court->tap, true, seq + (uint32_t)at, talk->server_seq,
				TCP_ACK, text + at, size - at);
	}
	talk->client_seq += (uint32_t)size;
}

static void test_torn(void **state)
{
	static const char content[] = "Subject: " SENTENCE "\r\n\r\nVRFY canary\r\n" SENTENCE
				      "\r\nHELO canary\r\nVRFY " PASSWORD_BASE64 "\r\n"
				      "..\r\nEHLO canary\r\n.\r\n";
	srand(1);
	for (unsigned round = 0; round < 3000; round++) {
		struct court *court = court_open();
		struct talk *talk = &court->talk;
		char name[32];
		snprintf(name, sizeof(name), "round %u", round);
		greet(court);
		if (dice(2)) {
			torn(court, "AUTH PLAIN " PLAIN_BASE64 "\r\n");
			server_says(talk, court->tap, dice(2) ? "235 ok\r\n" : "535 no\r\n");
		}
		envelope(court);
		bool eager = dice(3) == 0;
		torn(court, eager ? "DATA\r\nVRFY canary\r\n" : "DATA\r\n");
		server_says(talk, court->tap, dice(4) ? "354 go\r\n" : "554 no\r\n");
		torn(court, content);
		server_says(talk, court->tap, "250 ok\r\n");
		client_says(talk, court->tap, "QUIT\r\n");
		server_says(talk, court->tap, "221 bye\r\n");
		goodbye(talk, court->tap);
		check_silence(court_close(court), name);
		court_free(court);
	}
}

static void test_what_is_in_it(void **state)
{
	static const uint8_t tunnel[4] = { 192, 168, 7, 1 };
	struct court *court = court_open();
	struct talk other = court->talk;
	court->talk.tunnel = tunnel;
	deliver_one(&court->talk, court->tap);
	memcpy(other.client_ip, "\xc0\xa8\x07\x09", 4); /* somebody else */
	other.client_port = 41000;
	deliver_one(&other, court->tap);
	struct bytes file = court_close(court);
	static const char *const expected[] = { "HELO pc\r\n", "MAIL FROM:<a@a.example>\r\n",
		"RCPT TO:<b@b.example>\r\n", "DATA\r\n", "QUIT\r\n", "220 mx.example ESMTP\r\n",
		"550 5.1.1 no such user\r\n", "354 go on\r\n", "250 2.0.0 queued\r\n",
		"It did it. Alert e68e2ad4-b49d-50d9-8852-f404977bc8a0, direct-to-mx. ",
		"mailwarden test",
		"connection 1 of 1: 192.168.7.108 port 40000 to 203.0.113.1, port 25: nothing was "
		"answered; counted for direct-to-mx" };
	for (size_t i = 0; i < COUNT(expected); i++)
		if (!holds(file, expected[i]))
			fail_msg("%s: is missing", expected[i]);
	assert_false(holds(file, "Subject:"));
	assert_false(holds(file, "\xc0\xa8\x07\x09"));
	struct evidence_part part;
	evidence_part(court->evidence, 0, &part);
	assert_int_equal(part.exhibits, 1);
	assert_int_equal(part.connections, 1);
	assert_int_equal(part.packets, 21);
	assert_int_equal(part.left_out, 0);
	court_free(court);
}

/* Read back it is a capture like any other, and no longer than it may be. */
static void read_back(struct bytes file, uint64_t packets)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	static struct capture capture;
	struct packet packet;
	struct error error;
	size_t need;
	uint64_t count = 0;
	assert_in_range(bytes_size(file), 1, EVIDENCE_BYTES_MAX);
	capture_init(&capture);
	while (capture_next(&capture, &file, &packet, &need, "x", &seen, &error) == CAPTURE_PACKET)
		count++;
	assert_true(capture_end(&capture, file, "x", &seen, &error));
	assert_int_equal(count, packets);
}

static void test_too_much(void **state)
{
	static char text[1401];
	struct court *court = court_open();
	struct evidence_part part;
	memset(text, 'x', 1400);
	for (unsigned i = 0; i < 500; i++) {
		struct talk *talk = &court->talk;
		talk->client_port = (uint16_t)(20000 + i);
		greet(court);
		data(court);
		for (unsigned j = 0; j < 20; j++)
			client_says(talk, court->tap, text);
		client_says(talk, court->tap, "\r\n.\r\n");
		server_says(
			talk, court->tap, i == 499 ? "554 5.7.1 the last no\r\n" : "250 ok\r\n");
		goodbye(talk, court->tap);
		talk->time += 1000;
	}
	struct bytes file = court_close(court);
	evidence_part(court->evidence, 0, &part);
	assert_int_equal(part.packets + part.left_out, 500 * 35);
	assert_int_equal(part.connections, 500);
	assert_true(part.left_out > 100 * 35);
	read_back(file, part.packets);
	assert_true(holds(file, "further packets were left out for want of room"));
	assert_true(holds(file, "554 5.7.1 the last no"));
	assert_true(bytes_size(file) > EVIDENCE_BYTES_MAX / 2);
	court_free(court);
}

static void test_many_tries(void **state)
{
	struct court *court = court_open();
	struct evidence_part part;
	for (unsigned i = 0; i < 5000; i++) {
		court->talk.client_port = (uint16_t)(20000 + i);
		stray(court, 0, TCP_SYN, "");
	}
	struct bytes file = court_close(court);
	evidence_part(court->evidence, 0, &part);
	assert_int_equal(part.connections, 5000);
	assert_int_equal(part.packets, part.exhibits);
	assert_int_equal(part.packets + part.left_out, 5000);
	assert_in_range(part.exhibits, 1000, 4000);
	read_back(file, part.packets);
	court_free(court);
}

/* Two stories of one machine, and one of another address: each has its own connections. */
static void test_whose(void **state)
{
	struct court *court = court_open();
	struct alert alerts[3] = { court->alert, court->alert, court->alert };
	const struct alert *const list[3] = { &alerts[0], &alerts[1], &alerts[2] };
	const struct packet packet = { .length = 60, .link_type = 1, .data = bytes_of("0123") };
	struct shown shown = { .mail = true, .size = 4, .worth = SHOWN_MOST };
	struct evidence_part part;
	alerts[0].event_time = START + 50 * HOUR; /* the later story is the worse one */
	alerts[0].cease_time = START + 51 * HOUR;
	alerts[1].event_time = START;
	alerts[1].cease_time = START + HOUR;
	alerts[2].address[0].byte[15] = 9;
	struct evidence *evidence = evidence_new(list, 3);
	static const struct {
		int64_t hours;
		uint8_t last;
		int suspect;
	} cases[] = { { -1, 108, 1 }, { 0, 108, 1 }, { 1, 108, 1 }, { 2, 108, 0 }, { 60, 108, 0 },
		{ 2, 9, 2 }, { 2, 107, -1 }, { 2, 109, -1 }, { 2, 8, -1 }, { 2, 10, -1 } };
	uint64_t expected[3] = { 0 };
	for (size_t i = 0; i < COUNT(cases); i++) {
		shown.client.ip = court->alert.address[0];
		shown.client.ip.byte[15] = cases[i].last;
		shown.start = START + cases[i].hours * HOUR;
		shown.name = i + 1;
		evidence_packet(evidence, &packet, &shown);
		if (cases[i].suspect >= 0)
			expected[cases[i].suspect]++;
	}
	for (unsigned i = 0; i < 3; i++) {
		evidence_part(evidence, i, &part);
		assert_int_equal(part.packets, expected[i]);
	}
	evidence_free(evidence);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialogues),
		cmocka_unit_test(test_not_heard_yet),
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_not_from_the_begin),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_what_is_in_it),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_many_tries),
		cmocka_unit_test(test_whose),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
