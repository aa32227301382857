/* The UDP header: lengths that are right, short, long and impossible. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "wire/udp.h"

#define BYTES(text) (text), sizeof(text) - 1
#define NONE ANOMALY_COUNT

static void test_headers(void **state)
{
	static const struct {
		const char *datagram;
		size_t size;
		int payload; /* bytes; -1: unreadable */
		enum anomaly anomaly;
	} rows[] = {
		{ BYTES("\xc0\0\0\x35\0\x0c\0\0data"), 4, NONE },
		{ BYTES("\xc0\0\0\x35\0\x0a\0\0data"), 2, NONE }, /* padding falls away */
		{ BYTES("\xc0\0\0\x35\0\x08\0\0data"), 0, NONE },
		{ BYTES("\xc0\0\0\x35\0\x08\0\0"), 0, NONE },
		{ BYTES("\xc0\0\0\x35\1\0\0\0data"), 4, UDP_CUT },
		{ BYTES("\xc0\0\0\x35\0\x07\0\0data"), -1, UDP_LENGTH },
		{ BYTES("\xc0\0\0\x35\0\0\0\0data"), -1, UDP_LENGTH },
		{ BYTES("\xc0\0\0\x35\0\x0c\0"), -1, UDP_SHORT },
		{ "", 0, -1, UDP_SHORT },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct anomaly_totals totals = { 0 };
		struct anomalies seen = { .total = &totals };
		struct bytes in = bytes_make(rows[i].datagram, rows[i].size);
		struct udp udp;
		bool ok = udp_decode(&in, &udp, &seen);
		assert_int_equal(ok, rows[i].payload >= 0);
		for (int kind = 0; kind < ANOMALY_COUNT; kind++)
			assert_int_equal(totals.count[kind], kind == (int)rows[i].anomaly);
		if (!ok)
			continue;
		assert_int_equal(bytes_size(in), rows[i].payload);
		assert_int_equal(udp.source_port, 49152);
		assert_int_equal(udp.destination_port, 53);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_headers) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
