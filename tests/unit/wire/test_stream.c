/* Reassembly of one direction: order, holes, overlaps as a Linux receiver takes them, waiting for
 * the other side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/moment.h"
#include "wire/stream.h"

struct bench {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct stream_memory memory;
	struct stream stream[2]; /* 0 speaks; 1 answers */
	char text[1 << 20];      /* what came out of stream 0; a gap as "[n]" */
	size_t size;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	bench->seen.total = &bench->totals;
	assert_true(stream_memory_new(&bench->memory, 4096, 16));
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	stream_drop(&bench->stream[0], &bench->memory);
	stream_drop(&bench->stream[1], &bench->memory);
	assert_int_equal(pool_count(bench->memory.pieces), 0);
	assert_int_equal(pool_count(bench->memory.recent), 0);
	stream_memory_free(&bench->memory);
	free(bench);
	return 0;
}

static void pull(struct bench *bench, int64_t now)
{
	struct stream_chunk chunk;
	for (int side = 0; side < 2; side++) {
		while (stream_next(&bench->stream[side], &bench->stream[!side], &bench->memory, now,
			&chunk, &bench->seen)) {
			if (chunk.gap)
				bench->size += (size_t)snprintf(
					bench->text + bench->size, 32, "[%d]", (int)chunk.gap_size);
			else
				memcpy(bench->text + bench->size, chunk.bytes.at,
					bytes_size(chunk.bytes));
			if (!chunk.gap)
				bench->size += bytes_size(chunk.bytes);
			bench->text[bench->size] = 0;
		}
	}
}

static bool add(
	struct bench *bench, int side, uint32_t seq, const char *payload, uint32_t ack, int64_t now)
{
	struct segment segment = { .seq = seq, .ack = ack, .flags = TCP_ACK, .window = 65535 };
	stream_acknowledge(&bench->stream[!side], &segment, 0);
	bool ok = stream_add(&bench->stream[side], &bench->stream[!side], &bench->memory, &segment,
		bytes_of(payload), false, now, &bench->seen);
	pull(bench, now);
	pull(bench, now);
	return ok;
}

static void begin(struct bench *bench, uint32_t a, uint32_t b)
{
	stream_begin(&bench->stream[0], a);
	stream_begin(&bench->stream[1], b);
}

/* Pieces behind a hole of 4 bytes that is filled last, and what a Linux 6.18 receiver read. */
static void test_overlap_as_linux(void **state)
{
	static const struct {
		const char *name;
		struct {
			uint32_t at;
			const char *text;
		} piece[3];
		const char *filler, *read;
	} cases[] = {
		{ "same range", { { 4, "OOOOOOOO" }, { 4, "NNNNNNNN" } }, "HEAD", "HEADOOOOOOOO" },
		{ "new longer", { { 4, "OOOO" }, { 4, "NNNNNNNN" } }, "HEAD", "HEADNNNNNNNN" },
		{ "new inside", { { 4, "OOOOOOOOOO" }, { 7, "NNN" } }, "HEAD", "HEADOOOOOOOOOO" },
		{ "new before, ends in old", { { 8, "OOOOOO" }, { 4, "NNNNNN" } }, "HEAD",
			"HEADNNNNNNOOOO" },
		{ "new before, same end", { { 8, "OOOO" }, { 4, "NNNNNNNN" } }, "HEAD",
			"HEADNNNNNNNN" },
		{ "new around", { { 8, "OOOO" }, { 4, "NNNNNNNNNNNN" } }, "HEAD",
			"HEADNNNNNNNNNNNN" },
		{ "new begins in old", { { 4, "OOOOOO" }, { 8, "NNNNNN" } }, "HEAD",
			"HEADOOOOOONNNN" },
		{ "two that join", { { 4, "OOOO" }, { 8, "PPPP" }, { 4, "NNNNNNNN" } }, "HEAD",
			"HEADOOOOPPPP" },
		{ "two apart", { { 4, "OOOO" }, { 9, "PPPP" }, { 4, "NNNNNNNNN" } }, "HEAD",
			"HEADNNNNNNNNN" },
		{ "filler overlaps", { { 4, "OOOOOO" } }, "HEADNNNNNN", "HEADNNNNNN" },
	};
	struct bench *bench = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench fresh = { .memory = bench->memory };
		bench->size = 0;
		stream_drop(&bench->stream[0], &bench->memory);
		memcpy(bench->stream, fresh.stream, sizeof(fresh.stream));
		begin(bench, 1000, 5000);
		uint64_t before = bench->totals.count[TCP_OVERLAP_CONFLICT];
		for (size_t p = 0; p < COUNT(cases[i].piece) && cases[i].piece[p].text; p++)
			add(bench, 0, 1000 + cases[i].piece[p].at, cases[i].piece[p].text, 5000,
				SECOND);
		add(bench, 0, 1000, cases[i].filler, 5000, SECOND);
		if (strcmp(bench->text, cases[i].read) != 0)
			fail_msg("%s: %s, a receiver reads %s", cases[i].name, bench->text,
				cases[i].read);
		assert_true(bench->totals.count[TCP_OVERLAP_CONFLICT] > before);
		assert_true(bench->stream[0].conflict);
	}
}

static void test_order(void **state)
{
	struct bench *bench = *state;
	begin(bench, 0xfffffff8u, 1); /* wraps within */
	add(bench, 0, 0xfffffff8u, "abcd", 1, 1);
	add(bench, 0, 4, "ijkl", 1, 2);
	add(bench, 0, 0xfffffffcu, "efgh1234", 1, 3);
	add(bench, 0, 4, "ijkl", 1, 4);
	add(bench, 0, 8, "m", 1, 5);
	assert_string_equal(bench->text, "abcdefgh1234ijklm");
}

static void test_retransmission(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 1);
	add(bench, 0, 100, "MAIL FROM:<a@x>\r\n", 1, 1);
	add(bench, 0, 100, "MAIL FROM:<a@x>\r\nRCPT", 1, 2); /* repeated and longer */
	assert_string_equal(bench->text, "MAIL FROM:<a@x>\r\nRCPT");
	assert_false(bench->stream[0].conflict);
	assert_int_equal(bench->totals.count[TCP_RETRANSMISSION], 1);
	add(bench, 0, 105, "FROM:<b", 1, 3); /* another text for delivered bytes */
	assert_true(bench->stream[0].conflict);
	assert_string_equal(bench->text, "MAIL FROM:<a@x>\r\nRCPT");
}

static void test_keepalive_is_no_conflict(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 1);
	add(bench, 0, 100, "QUIT\r\n", 1, 1);
	add(bench, 0, 105, "x", 1, 3);
	assert_false(bench->stream[0].conflict);
}

static void test_gap_when_acknowledged(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	add(bench, 0, 100, "one", 500, 1);
	add(bench, 0, 108, "three", 500, 2);
	assert_string_equal(bench->text, "one"); /* it may still come */
	add(bench, 1, 500, "", 108, 3);
	assert_string_equal(bench->text, "one[5]three"); /* the receiver has it, we never will */
	assert_true(bench->stream[0].gapped);
}

static void test_reply_waits_for_its_command(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	bench->stream[0].heard = bench->stream[1].heard = true;
	add(bench, 1, 500, "250 ok", 106, 1); /* captured before what it answers */
	assert_string_equal(bench->text, "");
	add(bench, 0, 100, "NOOP\r\n", 500, 2);
	assert_string_equal(bench->text, "NOOP\r\n250 ok");
}

static void test_reply_waits_a_second(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	bench->stream[0].heard = bench->stream[1].heard = true;
	add(bench, 1, 500, "250 ok", 106, SECOND);
	add(bench, 1, 506, "", 106, 3 * SECOND);
	assert_string_equal(bench->text, "[6]250 ok");
}

static void test_each_waits_for_the_other(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	bench->stream[0].heard = bench->stream[1].heard = true;
	add(bench, 0, 100, "a", 501, 1);
	add(bench, 1, 500, "b", 101, 1);
	assert_string_equal(bench->text, "");
	for (int i = 0; i < 4 && stream_force(&bench->stream[0], &bench->stream[1], &bench->memory);
		i++)
		pull(bench, 1);
	assert_string_equal(bench->text, "ab");
}

static void test_limit_of_held_bytes(void **state)
{
	struct bench *bench = *state;
	static char block[1001];
	memset(block, 'x', 1000);
	begin(bench, 100, 500);
	for (uint32_t i = 0; i < STREAM_HELD_MAX / 1000 + 1; i++)
		add(bench, 0, 110 + 1000 * i, block, 500, 1);
	assert_int_equal(bench->totals.count[TCP_HOLE_GIVEN_UP] > 0, 1);
	assert_memory_equal(bench->text, "[10]xxx", 7);
	assert_true(bench->stream[0].held_bytes <= STREAM_HELD_MAX);
}

static void test_out_of_window(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	add(bench, 1, 500, "", 100, 1); /* offers 65535 */
	assert_false(add(bench, 0, 100 + 300000, "far", 500, 2));
	assert_int_equal(bench->totals.count[TCP_OUT_OF_WINDOW], 1);
	assert_string_equal(bench->text, "");
	/* but when the receiver speaks of the same far place, that much was not captured */
	add(bench, 1, 500, "", 300100, 3);
	assert_true(add(bench, 0, 300100, "here", 500, 4));
	assert_string_equal(bench->text, "[300000]here");
}

static void add_doubtful(struct bench *bench, uint32_t seq, const char *payload)
{
	struct segment segment = { .seq = seq, .flags = TCP_ACK, .ack = 500 };
	stream_add(&bench->stream[0], &bench->stream[1], &bench->memory, &segment,
		bytes_of(payload), true, 1, &bench->seen);
	pull(bench, 1);
}

static void test_wrong_checksum_counts_when_taken(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	add_doubtful(bench, 100, "altered");
	assert_string_equal(bench->text, "");
	add(bench, 1, 500, "", 107,
		2); /* the receiver took it, so the capture lies, not the packet */
	assert_string_equal(bench->text, "altered");
	add_doubtful(bench, 107, " forged");
	add(bench, 0, 107, " true", 500, 3);
	add(bench, 1, 500, "", 114, 4);
	assert_string_equal(bench->text, "altered true");
	assert_false(bench->stream[0].conflict);
}

static void test_wrong_checksum_never_replaces(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	add(bench, 0, 104, "good", 500, 1);
	add_doubtful(bench, 104, "evil and longer");
	add(bench, 0, 100, "very", 500, 2);
	assert_string_equal(bench->text, "verygood");
	assert_false(bench->stream[0].conflict);
}

static void test_wrong_checksum_is_cut_by_right_ones(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	add_doubtful(bench, 100, "altered and far too long");
	add(bench, 0, 107, " true", 500, 2);
	add(bench, 1, 500, "", 112, 3);
	assert_string_equal(bench->text, "altered true");
}

static void test_fin_takes_a_number(void **state)
{
	struct bench *bench = *state;
	struct segment fin = { .seq = 500, .ack = 100, .flags = TCP_ACK | TCP_FIN };
	begin(bench, 100, 500);
	stream_add(&bench->stream[1], &bench->stream[0], &bench->memory, &fin, (struct bytes){ 0 },
		false, 1, &bench->seen);
	add(bench, 0, 100, "QUIT\r\n", 501, 2); /* acknowledges the FIN: nothing is missing */
	assert_string_equal(bench->text, "QUIT\r\n");
}

/* Two stories, the first forgotten by a long segment between, unless it was acknowledged before the
 * second came; then that one is nothing. */
static void test_conflict_behind_long_segment(void **state)
{
	struct bench *bench = *state;
	static char block[801];
	memset(block, 'x', 800);
	begin(bench, 100, 500);
	add(bench, 1, 500, "220\r\n", 100, 1);
	add(bench, 0, 100, block, 505, 2);
	add(bench, 0, 900, block, 505, 3);
	add(bench, 0, 100, block, 505, 4);
	assert_false(bench->stream[0].conflict); /* the same */
	add(bench, 1, 505, "", 900, 5);
	add(bench, 0, 500, "a part", 505, 6);
	assert_false(bench->stream[0].conflict); /* acknowledged long ago */
	block[99] = 'y';
	add(bench, 0, 900, block, 505, 7);
	assert_true(bench->stream[0].conflict);
}

static void test_part_of_long_segment_cannot_be_told(void **state)
{
	struct bench *bench = *state;
	static char block[801];
	memset(block, 'x', 800);
	begin(bench, 100, 500);
	add(bench, 1, 500, "220\r\n", 100, 1);
	add(bench, 0, 100, block, 505, 2);
	block[400] = 0;
	add(bench, 0, 100, block, 505, 4);
	assert_true(bench->stream[0].conflict);
}

static void test_probe_is_compared(void **state)
{
	struct bench *bench = *state;
	begin(bench, 100, 500);
	add(bench, 1, 500, "220\r\n", 100, 1);
	add(bench, 0, 100, "?", 505, 2); /* a shut window takes nothing */
	add(bench, 0, 100, "QUIT\r\n", 505, 3);
	assert_true(bench->stream[0].conflict);
}

static void add_urgent(struct bench *bench, uint32_t seq, uint16_t urgent, const char *payload)
{
	struct segment segment = {
		.seq = seq, .ack = 500, .urgent = urgent, .flags = TCP_ACK | TCP_URG
	};
	stream_add(&bench->stream[0], &bench->stream[1], &bench->memory, &segment,
		bytes_of(payload), false, 1, &bench->seen);
	pull(bench, 1);
}

/* What Linux 6.18 read. */
static void test_urgent_byte_leaves(void **state)
{
	static const struct {
		uint32_t seq; /* of the segment with the pointer */
		uint16_t urgent;
		const char *first, *second, *read; /* the other one, behind or before */
	} cases[] = {
		{ 100, 2, "ABCD", "EF", "ACDEF" },
		{ 100, 4, "ABCD", "EF", "ABCEF" },
		{ 100, 5, "ABCD", "EF", "ABCDF" },
		{ 100, 0, "ABCD", "EF", "BCDEF" },
		{ 104, 2, "EFGH", "ABCD", "ABCDEGH" },
	};
	struct bench *bench = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		stream_drop(&bench->stream[0], &bench->memory);
		memset(bench->stream, 0, sizeof(bench->stream));
		bench->size = 0;
		begin(bench, 100, 500);
		add_urgent(bench, cases[i].seq, cases[i].urgent, cases[i].first);
		add(bench, 0, cases[i].seq == 100 ? 104 : 100, cases[i].second, 500, 2);
		assert_string_equal(bench->text, cases[i].read);
		assert_false(bench->stream[0].conflict);
	}
	add_urgent(bench, 108, 5, "");
	add_urgent(bench, 108, 9, "");
	assert_true(bench->stream[0].conflict);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_overlap_as_linux, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_retransmission, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keepalive_is_no_conflict, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gap_when_acknowledged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reply_waits_for_its_command, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reply_waits_a_second, setup, teardown),
		cmocka_unit_test_setup_teardown(test_each_waits_for_the_other, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limit_of_held_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_out_of_window, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_wrong_checksum_counts_when_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_wrong_checksum_never_replaces, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_wrong_checksum_is_cut_by_right_ones, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fin_takes_a_number, setup, teardown),
		cmocka_unit_test_setup_teardown(test_conflict_behind_long_segment, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_part_of_long_segment_cannot_be_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_probe_is_compared, setup, teardown),
		cmocka_unit_test_setup_teardown(test_urgent_byte_leaves, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
