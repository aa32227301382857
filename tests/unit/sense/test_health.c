/* What the tap counts of the recording itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "packets.h"

struct bench {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct tap *tap;
	struct recording recording;
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

static void drain(struct bench *bench)
{
	struct activity activity;
	while (tap_next(bench->tap, &activity))
		activity_free(&activity);
}

static const struct recording *tell(struct bench *bench)
{
	tap_finish(bench->tap);
	drain(bench);
	tap_recording(bench->tap, &bench->recording);
	return &bench->recording;
}

static void bare(
	struct bench *bench, int64_t time, const uint8_t *frame, size_t captured, uint32_t length)
{
	struct packet packet = {
		.time = time, .link_type = 1, .length = length, .data = bytes_make(frame, captured)
	};
	tap_packet(bench->tap, &packet);
}

/* Both sides, one of them, from the begin or from the middle, of mail and of other ports. */
static void test_sides(void **state)
{
	static const struct {
		uint16_t port;
		bool no_client, no_server, middle;
		unsigned both_ways, client_only, server_only;
	} cases[] = {
		{ 25, false, false, false, 1, 0, 0 }, { 25, false, true, false, 0, 1, 0 },
		{ 25, true, false, false, 0, 0, 1 }, { 25, false, false, true, 1, 0, 0 },
		{ 25, false, true, true, 0, 1, 0 }, { 25, true, false, true, 0, 0, 1 },
		{ 80, false, false, false, 1, 0, 0 }, { 80, false, true, false, 0, 1, 0 },
		{ 80, true, false, false, 0, 0, 0 }, /* an answer alone is anybody's forgery */
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench *bench = *state;
		struct talk talk = talk_of(1, cases[i].port, 0);
		talk.no_client = cases[i].no_client;
		talk.no_server = cases[i].no_server;
		if (!cases[i].middle)
			handshake(&talk, bench->tap);
		for (int step = 0; step < 4; step++) {
			server_says(&talk, bench->tap, "250 so it goes\r\n");
			client_says(&talk, bench->tap, "NOOP and on\r\n");
		}
		const struct recording *recording = tell(bench);
		assert_int_equal(recording->both_ways, cases[i].both_ways);
		assert_int_equal(recording->client_only, cases[i].client_only);
		assert_int_equal(recording->server_only, cases[i].server_only);
		teardown(state);
		setup(state);
	}
}

/* A stray packet or two of an old connection tell nothing; SYNs without an answer neither. */
static void test_no_sides(void **state)
{
	struct bench *bench = *state;
	struct talk stray = talk_of(1, 25, 0), silent = talk_of(2, 25, 10);
	for (int step = 0; step < 3; step++)
		client_says(&stray, bench->tap, "QUIT\r\n");
	for (int step = 0; step < 5; step++)
		raw_segment(&silent, bench->tap, true, 1000, 0, TCP_SYN, NULL, 0);
	assert_int_equal(recording_connections(tell(bench)), 0);
}

static void test_cut(void **state)
{
	static const uint8_t frame[9000] = { 0 };
	static const unsigned lengths[] = { 96, 96, 96, 60, 9000, 54, 8999, 8998, 8997, 8996 };
	struct bench *bench = *state;
	for (size_t i = 0; i < COUNT(lengths); i++)
		bare(bench, START, frame, lengths[i], 9000);
	assert_int_equal(tell(bench)->cut, COUNT(lengths) - 1);
	assert_int_equal(tell(bench)->cut_length, 2048); /* longer ones are told as this */
	assert_int_equal(tell(bench)->cut_alike, 4);
	bare(bench, START, frame, 96, 9000);
	bare(bench, START, frame, 96, 9000);
	assert_int_equal(tell(bench)->cut_length, 96);
	assert_int_equal(tell(bench)->cut_alike, 5);
}

static void test_frames(void **state)
{
	struct bench *bench = *state;
	uint8_t frame[60] = { [12] = 0x08, 0x06 };
	for (unsigned i = 0; i < 100; i++) {
		frame[0] = i % 4 ? 0xff : 0x02;
		frame[11] = (uint8_t)(i % 4 ? i % 3 : 99);
		bare(bench, START, frame, sizeof(frame), sizeof(frame));
	}
	assert_int_equal(tell(bench)->group, 75);
	assert_int_equal(tell(bench)->unicast, 25);
	assert_int_equal(tell(bench)->group_senders, 3);
}

static void test_back(void **state)
{
	static const int64_t times[] = { 10, 9, 8, 20, 18, 3000, 30, 2900 }; /* seconds */
	static const uint8_t frame[60] = { 0 };
	struct bench *bench = *state;
	for (size_t i = 0; i < COUNT(times); i++)
		bare(bench, START + times[i] * SECOND, frame, sizeof(frame), sizeof(frame));
	assert_int_equal(tell(bench)->back, 2);
	assert_int_equal(tell(bench)->back_most, 2970 * SECOND);
	assert_int_equal(tell(bench)->ahead, 0);
}

/* A leap: what was under way goes on behind it, one mail connection or two others. */
static void test_ahead(void **state)
{
	static const struct {
		uint16_t first, second; /* ports */
		bool anew;              /* begins anew behind the leap */
		int64_t leap;
		unsigned ahead;
	} cases[] = {
		{ 25, 0, false, 2 * HOUR - SECOND, 1 },
		{ 25, 0, false, HOUR - SECOND, 0 },
		{ 25, 25, true, 2 * HOUR, 0 },
		{ 22, 0, false, 2 * HOUR, 0 },
		{ 22, 80, false, 2 * HOUR - SECOND, 0 },
		{ 22, 80, true, 2 * HOUR, 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench *bench = *state;
		struct talk talk[2] = { talk_of(1, cases[i].first, 0),
			talk_of(2, cases[i].second, 10) };
		int count = cases[i].second ? 2 : 1;
		for (int k = 0; k < count; k++) {
			handshake(&talk[k], bench->tap);
			server_says(&talk[k], bench->tap, "250 so it goes\r\n");
		}
		for (int k = 0; k < count; k++) {
			talk[k].time += cases[i].leap / 1000;
			talk[k].client_seq += cases[i].anew ? 70000 : 0;
			talk[k].server_seq += cases[i].anew ? 70000 : 0;
			drain(bench);
			client_says(&talk[k], bench->tap, "NOOP\r\n");
			server_says(&talk[k], bench->tap, "250 and so on\r\n");
		}
		assert_int_equal(tell(bench)->ahead, cases[i].ahead);
		assert_int_equal(tell(bench)->ahead_most / MINUTE, cases[i].ahead ? 119 : 0);
		teardown(state);
		setup(state);
	}
}

static void test_ends(void **state)
{
	struct bench *bench = *state;
	for (unsigned i = 0; i < 9; i++) {
		struct talk mail = talk_of(1, 25, 100 * i), web = talk_of(1, 80, 100 * i + 50);
		mail.server_ip[3] = (uint8_t)(1 + i % 3);
		web.server_ip[3] = 9;
		web.client_ip[3] = (uint8_t)(i == 8 ? 2 : 1);
		mail.client_port = (uint16_t)(mail.client_port + i);
		web.client_port = (uint16_t)(web.client_port + i);
		handshake(&mail, bench->tap);
		handshake(&web, bench->tap);
	}
	const struct recording *recording = tell(bench);
	assert_int_equal(recording->v4.packets, 54);
	assert_int_equal(recording->others, 27);
	assert_true(address_is_none(&recording->v4.address)); /* another's web page */
	assert_int_equal(recording->mail.address.byte[15], 1);
	assert_int_equal(recording->mail.address.byte[12], 192);
	assert_int_equal(recording->mail.begun, 9);
	assert_int_equal(recording->mail.peers, 3);
	assert_int_equal(recording->mail.sent, 18);
	assert_int_equal(recording->mail.direct, 18);
}

static void test_checksums(void **state)
{
	struct bench *bench = *state;
	struct talk talk = talk_of(1, 25, 0);
	talk.bad_checksum = true;
	handshake(&talk, bench->tap);
	assert_int_equal(tell(bench)->sums, 3);
	assert_int_equal(tell(bench)->sums_wrong, 3);
	assert_true(address_is_none(&tell(bench)->sums_sender)); /* two of three are not most */
	for (int i = 0; i < 9; i++)
		client_says(&talk, bench->tap, "NOOP\r\n");
	talk.bad_checksum = false;
	server_says(&talk, bench->tap, "250 ok\r\n");
	assert_int_equal(tell(bench)->sums, 13);
	assert_int_equal(tell(bench)->sums_wrong, 12);
	assert_int_equal(tell(bench)->sums_sender.byte[12], 192);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sides, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_sides, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_frames, setup, teardown),
		cmocka_unit_test_setup_teardown(test_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ahead, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checksums, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
