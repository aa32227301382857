/* The tap: from packets to activities, their order, and what bounds it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>

#include "packets.h"

struct bench {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct tap *tap;
};

static int setup(void **state)
{
	static struct bench bench;
	bench = (struct bench){ .seen.total = &bench.totals };
	bench.tap = tap_new(&(struct tap_settings){ .verify_checksums = true }, &bench.seen);
	assert_non_null(bench.tap);
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	tap_free(bench->tap);
	return 0;
}

static struct talk talk_of(unsigned client, uint16_t port, int64_t time)
{
	return (struct talk){ .client_ip = { 192, 168, 0, (uint8_t)client },
		.server_ip = { 203, 0, 113, 1 },
		.client_port = (uint16_t)(40000 + client),
		.server_port = port,
		.client_seq = 1000,
		.server_seq = 9000,
		.time = time };
}

/* The next activity that is no sighting. */
static bool next(struct bench *bench, struct activity *out)
{
	while (tap_next(bench->tap, out))
		if (out->kind != ACTIVITY_HANDSHAKE)
			return true;
	return false;
}

static void check_whole(const struct session *session)
{
	const struct transaction *transaction = session->transactions;
	assert_int_equal(session->greeting_code, 220);
	assert_non_null(transaction);
	assert_int_equal(transaction->recipient_count, 2);
	assert_int_equal(transaction->recipients->code, 550);
	assert_int_equal(transaction->data_code, 354);
	assert_int_equal(transaction->final_code, 250);
	assert_true(transaction->accepted);
	assert_int_equal(transaction->message_size, 20);
	assert_true(session->quit);
}

static void test_session(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	deliver_one(&talk, bench->tap);
	assert_true(tap_next(bench->tap, &activity)); /* the handshake is final at once */
	assert_int_equal(activity.kind, ACTIVITY_HANDSHAKE);
	assert_false(next(bench, &activity)); /* 10 s are left to stragglers */
	tap_finish(bench->tap);
	assert_true(next(bench, &activity));
	assert_int_equal(activity.kind, ACTIVITY_SESSION);
	check_whole(activity.session);
	assert_int_equal(activity.session->witness, WITNESS_HANDSHAKE);
	assert_int_equal(activity.session->marks, 0);
	assert_int_equal(activity.session->start, START);
	assert_true(activity.session->client.has_mac);
	assert_int_equal(activity.session->client.mac[5], 2);
	activity_free(&activity);
	assert_false(next(bench, &activity));
}

static void test_order_is_that_of_the_end(void **state)
{
	struct bench *bench = *state;
	struct talk first = talk_of(1, 25, 0), second = talk_of(2, 25, 5);
	struct activity activity;
	handshake(&first, bench->tap);
	deliver_one(&second, bench->tap);
	struct talk later = talk_of(3, 25, 100000);
	handshake(&later,
		bench->tap); /* 100 s on: the second is final, the first is silent but open */
	assert_true(next(bench, &activity));
	assert_int_equal(activity.session->client.port, 40002);
	activity_free(&activity);
	assert_false(next(bench, &activity));
	tap_finish(bench->tap);
	int64_t last = 0;
	for (int i = 0; i < 2; i++) {
		assert_true(next(bench, &activity));
		assert_true(activity.final >= last);
		last = activity.final;
		activity_free(&activity);
	}
}

static void test_attempts(void **state)
{
	struct bench *bench = *state;
	struct talk silent = talk_of(1, 25, 0), refused = talk_of(2, 25, 10),
		    web = talk_of(3, 80, 20);
	struct activity activity;
	for (int i = 0; i < 3; i++)
		raw_segment(&silent, bench->tap, true, 1000, 0, TCP_SYN, NULL, 0);
	raw_segment(&refused, bench->tap, true, 1000, 0, TCP_SYN, NULL, 0);
	raw_segment(&refused, bench->tap, false, 0, 1001, TCP_RST | TCP_ACK, NULL, 0);
	raw_segment(&web, bench->tap, true, 1000, 0, TCP_SYN, NULL, 0);
	tap_finish(bench->tap);
	assert_true(next(bench, &activity));
	assert_int_equal(activity.kind, ACTIVITY_ATTEMPT);
	assert_true(activity.attempt.refused);
	assert_true(next(bench, &activity));
	assert_false(activity.attempt.refused);
	assert_int_equal(activity.attempt.syns, 3);
	assert_false(next(bench, &activity)); /* a web server that is silent is nothing to us */
}

static void test_one_side(void **state)
{
	for (int side = 0; side < 2; side++) {
		struct bench *bench = *state;
		struct talk talk = talk_of(1, 25, 0);
		struct activity activity;
		talk.no_server = !side;
		talk.no_client = side;
		deliver_one(&talk, bench->tap);
		tap_finish(bench->tap);
		assert_true(next(bench, &activity));
		assert_true(activity.session->marks & MARK_ONE_SIDED);
		assert_int_equal(activity.session->witness, WITNESS_NONE);
		if (!side) {
			assert_int_equal(activity.session->counters.recipients, 2);
			assert_int_equal(activity.session->transactions->recipients->code, 0);
		}
		activity_free(&activity);
		teardown(state);
		setup(state);
	}
}

static void test_middle(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	client_says(&talk, bench->tap, "MAIL FROM:<a@a.example>\r\n");
	server_says(&talk, bench->tap, "250 2.1.0 Ok\r\n");
	client_says(&talk, bench->tap, "RCPT TO:<b@b.example>\r\n");
	server_says(&talk, bench->tap, "250 2.1.5 Ok\r\n");
	client_says(&talk, bench->tap, "QUIT\r\n");
	server_says(&talk, bench->tap, "221 bye\r\n");
	goodbye(&talk, bench->tap);
	tap_finish(bench->tap);
	assert_true(next(bench, &activity));
	assert_int_equal(activity.session->client.port, 40001);
	assert_int_equal(activity.session->witness, WITNESS_MIDSTREAM);
	assert_true(activity.session->marks & MARK_CUT);
	assert_int_equal(activity.session->counters.recipients_accepted, 1);
	activity_free(&activity);
}

static void test_other_ports(void **state)
{
	static const struct {
		const char *greeting, *first;
		int sessions;
	} cases[] = {
		{ "220 mx.example ESMTP ready\r\n", "HELO pc\r\n", 1 },
		{ "220 welcome\r\n", "EHLO pc\r\n", 1 },
		{ "220 ftp.example\r\n", "USER anonymous\r\n", 0 },
		{ "SSH-2.0-OpenSSH\r\n", "SSH-2.0-x\r\n", 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench *bench = *state;
		struct talk talk = talk_of(1, 3535, 0);
		struct activity activity;
		int sessions = 0;
		handshake(&talk, bench->tap);
		server_says(&talk, bench->tap, cases[i].greeting);
		client_says(&talk, bench->tap, cases[i].first);
		goodbye(&talk, bench->tap);
		tap_finish(bench->tap);
		while (next(bench, &activity)) {
			sessions++;
			activity_free(&activity);
		}
		assert_int_equal(sessions, cases[i].sessions);
		teardown(state);
		setup(state);
	}
}

static void test_wrong_checksum(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	handshake(&talk, bench->tap);
	server_says(&talk, bench->tap, "220 mx.example ESMTP\r\n");
	talk.bad_checksum = true; /* the receiver drops it */
	raw_segment(&talk, bench->tap, true, talk.client_seq, talk.server_seq, TCP_ACK,
		"HELO evil\r\n", 11);
	talk.bad_checksum = false;
	client_says(&talk, bench->tap, "HELO good\r\n");
	server_says(&talk, bench->tap, "250 mx.example\r\n");
	tap_finish(bench->tap);
	assert_true(next(bench, &activity));
	assert_true(bytes_equal(activity.session->helo->argument, bytes_of("good")));
	assert_null(activity.session->helo->next);
	assert_false(activity.session->marks & MARK_OVERLAP_CONFLICT);
	activity_free(&activity);
	assert_int_equal(bench->totals.count[TCP_CHECKSUM], 1);
}

static void test_offload(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	talk.bad_checksum = true; /* throughout, and answered all the same */
	deliver_one(&talk, bench->tap);
	tap_finish(bench->tap);
	assert_true(next(bench, &activity));
	check_whole(activity.session);
	activity_free(&activity);
	assert_true(bench->totals.count[TCP_CHECKSUM_OFFLOAD] > 2);
	assert_int_equal(bench->totals.count[TCP_CHECKSUM], 0);
}

static void test_ports_used_again(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	deliver_one(&talk, bench->tap);
	talk.client_seq = 777000;
	talk.server_seq = 888000;
	deliver_one(&talk, bench->tap);
	tap_finish(bench->tap);
	for (int i = 0; i < 2; i++) {
		assert_true(next(bench, &activity));
		check_whole(activity.session);
		activity_free(&activity);
	}
	assert_false(next(bench, &activity));
}

static void test_rst_only_at_the_edge(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	handshake(&talk, bench->tap);
	server_says(&talk, bench->tap, "220 mx.example ESMTP\r\n");
	raw_segment(
		&talk, bench->tap, true, talk.client_seq + 500, talk.server_seq, TCP_RST, NULL, 0);
	client_says(&talk, bench->tap, "HELO pc\r\n");
	server_says(&talk, bench->tap, "250 mx.example\r\n");
	raw_segment(&talk, bench->tap, true, talk.client_seq, talk.server_seq, TCP_RST, NULL, 0);
	assert_int_equal(bench->totals.count[TCP_RST_IGNORED], 1);
	struct talk later = talk_of(2, 25, 15000);
	handshake(&later, bench->tap);
	assert_true(next(bench, &activity)); /* 10 s after the true RST, not 300 s after silence */
	assert_int_equal(activity.session->helo->code, 250);
	activity_free(&activity);
}

/* What no receiver takes, and what is only told: a segment without ACK, urgent data, data on a SYN.
 */
static void test_odd_flags(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	raw_segment(&talk, bench->tap, true, talk.client_seq, 0, TCP_SYN, "early", 5);
	assert_int_equal(bench->totals.count[TCP_SYN_DATA], 1);
	talk.client_seq++;
	raw_segment(&talk, bench->tap, false, talk.server_seq, talk.client_seq, TCP_SYN | TCP_ACK,
		NULL, 0);
	talk.server_seq++;
	raw_segment(&talk, bench->tap, true, talk.client_seq, talk.server_seq, TCP_ACK, NULL, 0);
	server_says(&talk, bench->tap, "220 mx.example ESMTP\r\n");
	raw_segment(&talk, bench->tap, true, talk.client_seq, talk.server_seq, TCP_PSH,
		"HELO evil\r\n", 11);
	assert_int_equal(bench->totals.count[TCP_FLAGS], 1);
	raw_segment(&talk, bench->tap, true, talk.client_seq, talk.server_seq, TCP_ACK | TCP_URG,
		"!HELO good\r\n", 12);
	assert_int_equal(bench->totals.count[TCP_URGENT], 1);
	tap_finish(bench->tap);
	assert_true(next(bench, &activity));
	assert_true(bytes_equal(activity.session->helo->argument, bytes_of("good")));
	assert_null(activity.session->helo->next);
	activity_free(&activity);
}

/* One packet from far ahead does not end what is open; an hour back does not turn the clock. */
static void test_clock_jumps(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0), ahead = talk_of(2, 25, 400LL * 86400 * 1000),
		    back = talk_of(3, 25, -7200000);
	struct activity activity;
	handshake(&talk, bench->tap);
	raw_segment(&ahead, bench->tap, true, 1, 0, TCP_SYN, NULL, 0);
	raw_segment(&back, bench->tap, true, 1, 0, TCP_SYN, NULL, 0);
	assert_int_equal(bench->totals.count[TIME_OUTLIER], 2);
	assert_false(next(bench, &activity));
	server_says(&talk, bench->tap, "220 mx.example ESMTP\r\n");
	client_says(&talk, bench->tap, "HELO pc\r\n");
	server_says(&talk, bench->tap, "250 mx.example\r\n");
	tap_finish(bench->tap);
	unsigned sessions = 0;
	while (next(bench, &activity)) {
		sessions +=
			activity.kind == ACTIVITY_SESSION && activity.session->helo->code == 250;
		activity_free(&activity);
	}
	assert_int_equal(sessions, 1);
}

/* A flood from very many sources: no established session is lost, nothing grows. */
static void test_syn_flood(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	handshake(&talk, bench->tap);
	for (uint32_t i = 0; i < 300000; i++) {
		struct talk flood = talk_of(2, 25, talk.time);
		put32(flood.client_ip, 0x0b000000 + i * 7);
		raw_segment(&flood, bench->tap, true, i, 0, TCP_SYN, NULL, 0);
		if (i % 1000 == 0)
			talk.time++;
		assert_false(next(bench, &activity));
	}
	server_says(&talk, bench->tap, "220 mx.example ESMTP\r\n");
	client_says(&talk, bench->tap, "HELO pc\r\n");
	server_says(&talk, bench->tap, "250 mx.example\r\n");
	goodbye(&talk, bench->tap);
	tap_finish(bench->tap);
	int sessions = 0, attempts = 0;
	while (next(bench, &activity)) {
		sessions +=
			activity.kind == ACTIVITY_SESSION && activity.session->helo->code == 250;
		attempts += activity.kind == ACTIVITY_ATTEMPT;
		activity_free(&activity);
	}
	assert_int_equal(sessions, 1);
	assert_int_equal(attempts, 65536);
	assert_int_equal(bench->totals.count[TCP_HALF_OPEN_FULL], 300000 - 65536);
}

static void test_long_dialogue_in_parts(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	struct activity activity;
	char line[512];
	handshake(&talk, bench->tap);
	server_says(&talk, bench->tap, "220 mx.example ESMTP\r\n");
	for (int i = 0; i < 800; i++) {
		snprintf(line, sizeof(line), "MAIL FROM:<sender-number-%d@a.example>\r\n", i);
		client_says(&talk, bench->tap, line);
		snprintf(line, sizeof(line), "250 2.1.0 sender number %-400d is fine\r\n", i);
		server_says(&talk, bench->tap, line);
		client_says(&talk, bench->tap, "RSET\r\n");
		server_says(&talk, bench->tap, "250 ok\r\n");
	}
	goodbye(&talk, bench->tap);
	tap_finish(bench->tap);
	unsigned parts = 0, mails = 0;
	while (next(bench, &activity)) {
		assert_int_equal(activity.session->part, ++parts);
		for (const struct transaction *t = activity.session->transactions; t; t = t->next)
			mails++;
		activity_free(&activity);
	}
	assert_true(parts > 1);
	assert_int_equal(mails, 800);
}

/* A tunnel is believed when it comes from inside, or from a private address; one from outside may
 * not speak for a machine inside. */
static void test_tunnels(void **state)
{
	static const struct {
		uint8_t from[4];
		bool believed;
	} cases[] = {
		{ { 192, 168, 9, 9 }, true },
		{ { 10, 255, 0, 1 }, true },
		{ { 198, 51, 100, 9 }, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench *bench = *state;
		struct prefix inside = { .length = 96 + 16 };
		struct site site = { .inside = { &inside, 1 } };
		struct talk talk = talk_of(1, 25, 0);
		struct activity activity;
		inside.address = address_v4((const uint8_t[]){ 192, 168, 0, 0 });
		bench->totals = (struct anomaly_totals){ 0 };
		tap_free(bench->tap);
		bench->tap =
			tap_new(&(struct tap_settings){ .verify_checksums = true, .site = &site },
				&bench->seen);
		talk.tunnel = cases[i].from;
		deliver_one(&talk, bench->tap);
		tap_finish(bench->tap);
		assert_true(next(bench, &activity));
		assert_int_equal(activity.session->witness == WITNESS_HANDSHAKE, cases[i].believed);
		assert_int_equal(activity.session->counters.packets_client != 0, cases[i].believed);
		assert_int_equal(bench->totals.count[TUNNEL_OUTSIDE] != 0, !cases[i].believed);
		activity_free(&activity);
	}
}

/* However often each packet was captured: the same session, told once, with the client's own MAC.
 */
static void test_mirrored(void **state)
{
	static const struct {
		int mirror;
		uint16_t id;
		bool once; /* each packet is counted once */
		uint16_t vlan;
	} cases[] = {
		{ MIRROR_NOT, 7, true, 0 }, { MIRROR_SAME, 7, true, 0 },
		{ MIRROR_ROUTED, 7, true, 0 }, { MIRROR_ROUTED_FIRST, 7, true, 0 },
		{ MIRROR_ROUTED, 0, true, 0 }, { MIRROR_ROUTED_FIRST, 0, true, 0 },
		{ MIRROR_SAME, 0, false, 0 }, /* nothing tells it from one that was sent again */
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench *bench = *state;
		struct talk talk = talk_of(1, 25, 0);
		struct activity activity;
		bench->totals = (struct anomaly_totals){ 0 };
		tap_free(bench->tap);
		bench->tap =
			tap_new(&(struct tap_settings){ .verify_checksums = true }, &bench->seen);
		talk.id = cases[i].id;
		talk.mirror = cases[i].mirror;
		deliver_one(&talk, bench->tap);
		tap_finish(bench->tap);
		assert_true(next(bench, &activity));
		check_whole(activity.session);
		assert_int_equal(activity.session->witness, WITNESS_HANDSHAKE);
		assert_int_equal(activity.session->marks, 0);
		assert_int_equal(activity.session->client.mac[5], 2);
		assert_int_equal(activity.session->server.mac[5], 1);
		assert_int_equal(activity.session->vlan[0], cases[i].vlan);
		if (cases[i].once) {
			assert_int_equal(activity.session->counters.packets_client, 11);
			assert_int_equal(activity.session->counters.packets_server, 10);
			assert_int_equal(bench->totals.count[TCP_RETRANSMISSION], 0);
			assert_int_equal(bench->totals.count[PACKET_MIRRORED],
				cases[i].mirror == MIRROR_NOT ? 0 : 21);
		} else {
			assert_true(bench->totals.count[TCP_RETRANSMISSION] > 0);
			assert_int_equal(bench->totals.count[PACKET_MIRRORED], 0);
		}
		activity_free(&activity);
		assert_false(next(bench, &activity));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_session, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order_is_that_of_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_attempts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_side, setup, teardown),
		cmocka_unit_test_setup_teardown(test_middle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_ports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wrong_checksum, setup, teardown),
		cmocka_unit_test_setup_teardown(test_offload, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ports_used_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rst_only_at_the_edge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_odd_flags, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clock_jumps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_syn_flood, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_dialogue_in_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tunnels, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mirrored, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
