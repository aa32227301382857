/* What is written is what our own reader reads, byte for byte where it is to be the same for
 * others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "wire/capture.h"
#include "wire/pcapng_write.h"

#define TIME (INT64_C(1767225600) * 1000000 + 125)

static void write_it(struct pcapng_out *out)
{
	pcapng_section(out, "why", "mailwarden");
	pcapng_interface(out, 1);
	pcapng_interface(out, 101);
	pcapng_packet(out, 0, TIME, bytes_of("0123456789abcdef"), 16, NULL);
	pcapng_packet(out, 1, TIME + 1, bytes_of("cut"), 1500, "connection 1");
	pcapng_packet(out, 0, TIME + 2, (struct bytes){ NULL, NULL }, 60, "");
}

static void test_read_back(void **state)
{
	static const struct {
		const char *data;
		uint32_t length, link_type;
	} packets[] = { { "0123456789abcdef", 16, 1 }, { "cut", 1500, 101 }, { "", 60, 1 } };
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	static struct capture capture;
	struct pcapng_out out = { NULL, 0, 0 };
	uint8_t file[1024];
	struct error error;
	size_t need;
	write_it(&out);
	assert_in_range(out.size, 100, sizeof(file));
	assert_int_equal(out.size % 4, 0);
	out = (struct pcapng_out){ file, out.size, 0 };
	write_it(&out);
	assert_int_equal(out.size, out.room);
	struct bytes in = bytes_make(file, out.size);
	capture_init(&capture);
	for (size_t i = 0; i < COUNT(packets); i++) {
		struct packet packet;
		assert_int_equal(capture_next(&capture, &in, &packet, &need, "x", &seen, &error),
			CAPTURE_PACKET);
		assert_true(bytes_equal(packet.data, bytes_of(packets[i].data)));
		assert_int_equal(packet.length, packets[i].length);
		assert_int_equal(packet.link_type, packets[i].link_type);
		assert_int_equal(packet.time, TIME + (int64_t)i);
	}
	struct packet packet;
	assert_int_equal(
		capture_next(&capture, &in, &packet, &need, "x", &seen, &error), CAPTURE_MORE);
	assert_true(capture_end(&capture, in, "x", &seen, &error));
	for (size_t i = 0; i < ANOMALY_COUNT; i++)
		assert_int_equal(totals.count[i], 0);
	assert_non_null(memmem(file, out.size, "connection 1", 12));
}

static void test_the_bytes(void **state)
{
	static const uint8_t expected[] = { /* section: length 52; 1.0; any length */
		0x0a, 0x0d, 0x0d, 0x0a, 52, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		/* comment "why", shb_userappl "five5", end */
		1, 0, 3, 0, 'w', 'h', 'y', 0, 4, 0, 5, 0, 'f', 'i', 'v', 'e', '5', 0, 0, 0, 0, 0, 0,
		0, 52, 0, 0, 0
	};
	uint8_t got[64];
	struct pcapng_out out = { got, sizeof(got), 0 };
	pcapng_section(&out, "why", "five5");
	assert_int_equal(out.size, sizeof(expected));
	assert_memory_equal(got, expected, sizeof(expected));
}

/* Too little room: what fits is right, nothing is written behind it. */
static void test_little_room(void **state)
{
	for (size_t room = 0; room < 200; room++) {
		uint8_t got[201];
		memset(got, 0xee, sizeof(got));
		struct pcapng_out out = { got, room, 0 };
		write_it(&out);
		assert_true(out.size > 200);
		assert_int_equal(got[room], 0xee);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_the_bytes), cmocka_unit_test(test_little_room) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
