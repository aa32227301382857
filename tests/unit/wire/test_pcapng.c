/* pcapng: times of every resolution, blocks of every kind, interfaces, blocks of gigabytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "reading.h"

#define HUGE_BLOCK UINT32_C(0xc0000000)

static void test_times(void **state)
{
	static const struct {
		int resolution;
		int64_t offset;
		uint64_t ticks;
		int64_t time;
	} cases[] = {
		{ -1, 0, 1500000000123456, 1500000000123456 },
		{ 6, 0, 1500000000123456, 1500000000123456 },
		{ 0, 0, 1500000000, 1500000000000000 },
		{ 3, 0, 1500000000123, 1500000000123000 },
		{ 9, 0, 1500000000123456789, 1500000000123456 },
		{ 12, 0, 15000000001234567, 15000000001 },
		{ 25, 0, UINT64_MAX, 1 },
		{ 0x80, 0, 1500000000, 1500000000000000 },
		{ 0x80 | 10, 0, (UINT64_C(1500000000) << 10) + 512, 1500000000500000 },
		{ 0x80 | 32, 0, (UINT64_C(1500000000) << 32) + 0x40000000, 1500000000250000 },
		{ 0x80 | 63, 0, UINT64_MAX, 1999999 },
		{ 6, 1500000000, 123456, 1500000000123456 },
		{ 6, -1, 1500000000000000, 1499999999000000 },
		{ 6, -10, 1000000, 0 },                    /* before 1970 */
		{ 6, INT64_MIN, 1000000, 0 },              /* long before */
		{ 6, 0, UINT64_MAX, CAPTURE_TIME_MAX },    /* 584 thousand years */
		{ 0, 0, UINT64_MAX, CAPTURE_TIME_MAX },    /* would overflow */
		{ 0x80, 0, UINT64_MAX, CAPTURE_TIME_MAX }, /* likewise */
		{ 6, INT64_MAX, 0, CAPTURE_TIME_MAX - 999999 },
		{ 6, INT64_MAX, UINT64_MAX, CAPTURE_TIME_MAX },
	};
	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		static struct made made;
		made_new(&made, i % 2);
		made_section(&made);
		made_interface(&made, 1, 0, cases[i / 2].resolution, cases[i / 2].offset);
		made_packet(&made, 0, cases[i / 2].ticks, "frame", 60);
		struct result *result = read_whole(made_file(&made));
		assert_true(result->clean);
		assert_int_equal(result->count, 1);
		assert_int_equal(result->packet[0].packet.time, cases[i / 2].time);
		assert_int_equal(result->packet[0].packet.length, 60);
		assert_string_equal(result->packet[0].data, "frame");
	}
}

static void test_blocks(void **state)
{
	static const struct {
		int64_t time;
		uint32_t link_type, length, interface;
		const char *data;
	} cases[] = {
		{ 2000000, 113, 1514, 1, "abcd" },
		{ 3000000, 1, 8, 0, "abcdefgh" },
		{ 3000000, 1, 5, 0, "simpl" },
		{ 2500000, 1, 99, 0, "old one" },
		{ 2500000, 276, 1000, 0, "cut" },
		{ 70000000, 276, 99, 0, "" },
		{ 71000000, 276, 1, 0, "z" },
	};
	static struct made made;
	made_mixed(&made);
	struct result *result = read_whole(made_file(&made));
	assert_true(result->clean);
	assert_int_equal(result->offset, made.size);
	assert_int_equal(result->count, COUNT(cases));
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(result->packet[i].packet.time, cases[i].time);
		assert_int_equal(result->packet[i].packet.link_type, cases[i].link_type);
		assert_int_equal(result->packet[i].packet.length, cases[i].length);
		assert_int_equal(result->packet[i].packet.interface, cases[i].interface);
		assert_string_equal(result->packet[i].data, cases[i].data);
	}
	assert_int_equal(result->totals.count[FILE_BLOCK_UNKNOWN], 1);
	assert_int_equal(result->totals.count[FILE_INTERFACE_UNKNOWN], 1);
	assert_int_equal(result->totals.count[FILE_TIME_BACK], 1);
}

/* An option that does not fit its block, a resolution no clock has, a section without byte order.
 */
static void test_interface_lies(void **state)
{
	static struct made made;
	made_new(&made, false);
	made_section(&made);
	made_begin(&made, 1);
	made_u32(&made, 1);
	made_u32(&made, 0);
	made_u16(&made, 2);
	made_u16(&made, 400);
	made_end(&made);
	assert_non_null(strstr(read_whole(made_file(&made))->error.text, "unreadable option"));
	static const int resolutions[] = { 26, 127, 0x80 | 64, 0xff };
	for (size_t i = 0; i < COUNT(resolutions); i++) {
		made_new(&made, false);
		made_section(&made);
		made_interface(&made, 1, 0, resolutions[i], 0);
		assert_non_null(
			strstr(read_whole(made_file(&made))->error.text, "unreadable option"));
	}
	made_new(&made, false);
	made_section(&made);
	made_other(&made, 0x0a0d0d0a);
	assert_non_null(strstr(read_whole(made_file(&made))->error.text, "without its byte order"));
}

static void test_interfaces_many(void **state)
{
	static struct made made;
	made_new(&made, false);
	made_section(&made);
	for (unsigned i = 0; i <= CAPTURE_INTERFACES; i++)
		made_interface(&made, i % 2 ? 113 : 1, 0, -1, 0);
	made_packet(&made, CAPTURE_INTERFACES - 1, 1, "last", 4);
	made_packet(&made, CAPTURE_INTERFACES, 2, "one too many", 12);
	made_packet(&made, 0, 3, "first", 5);
	struct result *result = read_whole(made_file(&made));
	assert_true(result->clean);
	assert_int_equal(result->count, 2);
	assert_int_equal(result->packet[0].packet.link_type, 113);
	assert_string_equal(result->packet[1].data, "first");
	assert_int_equal(result->totals.count[FILE_INTERFACE_UNKNOWN], 1);
}

/* A block of a kind that is not known, or a packet, of 3 GiB: steps over all of it but for the
 * length at its end, from one small buffer. */
static void step_over_huge(struct capture *capture, uint32_t type, struct anomalies *seen)
{
	static uint8_t zeros[1 << 20];
	static struct made made;
	struct packet packet;
	struct error error;
	size_t need;
	made_new(&made, false);
	made_section(&made);
	made_interface(&made, 1, 0, -1, 0);
	uint64_t end = made.size + HUGE_BLOCK - 4;
	made_u32(&made, type);
	made_u32(&made, HUGE_BLOCK);
	for (int i = 0; i < 3; i++)
		made_u32(&made, 0);
	made_u32(&made, HUGE_BLOCK - 32);
	made_u32(&made, HUGE_BLOCK - 32);
	struct bytes in = made_file(&made);
	while (capture->offset < end) {
		assert_int_equal(capture_next(capture, &in, &packet, &need, "a", seen, &error),
			CAPTURE_MORE);
		assert_true(in.at == in.end);
		in = bytes_make(zeros, sizeof(zeros));
		bytes_limit(&in, end - capture->offset);
	}
}

static void test_huge_blocks(void **state)
{
	static struct capture capture;
	static struct made behind;
	static const struct {
		uint32_t type;
		enum anomaly anomaly;
	} cases[] = { { 77, FILE_BLOCK_UNKNOWN }, { 6, FILE_PACKET_LONG } };
	made_new(&behind, false);
	made_u32(&behind, HUGE_BLOCK);
	made_packet(&behind, 0, 1, "behind", 6);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct anomaly_totals totals = { 0 };
		struct anomalies seen = { .total = &totals };
		struct packet packet;
		struct error error;
		size_t need;
		struct bytes in = made_file(&behind);
		capture_init(&capture);
		step_over_huge(&capture, cases[i].type, &seen);
		assert_int_equal(capture_next(&capture, &in, &packet, &need, "a", &seen, &error),
			CAPTURE_PACKET);
		assert_int_equal(totals.count[cases[i].anomaly], 1);
	}
}

/* What each says adds up from the recorder's begin; what cannot be is not believed. */
static void test_statistics(void **state)
{
	static const struct {
		uint32_t interface;
		uint16_t code;
		uint64_t value, dropped; /* said now; all that was lost so far */
	} cases[] = {
		{ 0, 5, 7, 7 },
		{ 0, 5, 9, 9 },
		{ 0, 5, 8, 9 },
		{ 1, 7, 100, 109 },
		{ 1, 4, 5000, 109 }, /* received, not lost */
		{ 2, 5, 5000, 109 }, /* of no interface that is known */
		{ 0, 5, UINT64_MAX, 109 },
		{ 0, 5, 10, 110 },
	};
	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		static struct made made;
		made_new(&made, i % 2);
		made_section(&made);
		made_interface(&made, 1, 0, -1, 0);
		made_interface(&made, 1, 0, -1, 0);
		for (size_t k = 0; k <= i / 2; k++)
			made_statistics(&made, cases[k].interface, cases[k].code, cases[k].value);
		made_packet(&made, 0, 1, "behind", 6);
		struct result *result = read_whole(made_file(&made));
		assert_true(result->clean);
		assert_int_equal(result->count, 1);
		assert_int_equal(result->dropped, cases[i / 2].dropped);
	}
}

/* Cut options, no options, an option that does not fit, a block of nothing: read on. */
static void test_statistics_bad(void **state)
{
	static struct made made;
	static struct result sliced;
	made_new(&made, false);
	made_section(&made);
	made_interface(&made, 1, 0, -1, 0);
	for (unsigned size = 0; size < 20; size++) {
		made_begin(&made, 5);
		for (unsigned i = 0; i < size; i++)
			made_u32(&made, i == 3 ? 0x00ff0005 : 0);
		made_end(&made);
	}
	made_begin(&made, 5);
	for (unsigned i = 0; i < 1100; i++) /* too long to be looked into */
		made_u32(&made, 0x00080005);
	made_end(&made);
	made_statistics(&made, 0, 5, 3);
	made_packet(&made, 0, 1, "behind", 6);
	struct result *result = read_whole(made_file(&made));
	assert_true(result->clean);
	assert_int_equal(result->count, 1);
	assert_int_equal(result->dropped, 3);
	read_sliced(made_file(&made), 0, 1, &sliced);
	assert_same(result, &sliced);
	assert_int_equal(sliced.dropped, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_interface_lies),
		cmocka_unit_test(test_interfaces_many),
		cmocka_unit_test(test_huge_blocks),
		cmocka_unit_test(test_statistics),
		cmocka_unit_test(test_statistics_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
