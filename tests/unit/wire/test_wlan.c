/* Wireless frames: whose addresses, where the packet begins, what carries none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "cut.h"
#include "wire/wlan.h"

#define TO "\2\0\0\0\0\x0d"
#define FROM "\2\0\0\0\0\5"
#define POINT "\2\0\0\0\0\xaa"
#define OTHER "\2\0\0\0\0\xbb"
#define TIME "\0\0"
#define COUNTER "\x10\0"
#define RADIOTAP(size, bits) "\0\0" size "\0" bits
#define PRISM_8 "\x44\0\0\0\x90\0\0\0"
#define ZERO_17 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define PRISM                                                                                      \
	PRISM_8 ZERO_17 ZERO_17 ZERO_17 ZERO_17 ZERO_17 ZERO_17 ZERO_17 ZERO_17 /* 8 + 8 * 17 */
#define FRAME "\x08\1" TIME POINT FROM TO COUNTER

static const struct row {
	bool (*decode)(struct bytes *in, struct link *out, struct anomalies *seen);
	const char *bytes;
	size_t size;
	int left; /* -1: nothing inside */
	enum anomaly anomaly;
} rows[] = {
	{ wlan_decode, BYTES("\x08\0" TIME TO FROM POINT COUNTER "llc"), 3, NONE },
	{ wlan_decode, BYTES("\x08\1" TIME POINT FROM TO COUNTER "llc"), 3, NONE },
	{ wlan_decode, BYTES("\x08\2" TIME TO POINT FROM COUNTER "llc"), 3, NONE },
	{ wlan_decode, BYTES("\x08\3" TIME POINT OTHER TO COUNTER FROM "llc"), 3, NONE },
	{ wlan_decode, BYTES("\x08\x0a" TIME TO POINT FROM COUNTER "llc"), 3, NONE }, /* retry */
	/* quality of service, high throughput */
	{ wlan_decode, BYTES("\x88\1" TIME POINT FROM TO COUNTER "\0\0llc"), 3, NONE },
	{ wlan_decode, BYTES("\x88\3" TIME POINT OTHER TO COUNTER FROM "\0\0llc"), 3, NONE },
	{ wlan_decode, BYTES("\x88\x81" TIME POINT FROM TO COUNTER "\0\0....llc"), 3, NONE },
	/* several packets in one */
	{ wlan_decode,
		BYTES("\x88\1" TIME POINT FROM POINT COUNTER "\x80\0" TO FROM
		      "\0\3llc\0\0\0" TO FROM "\0\3two"),
		3, WLAN_AGGREGATE },
	{ wlan_decode, BYTES("\x88\1" TIME POINT FROM POINT COUNTER "\x80\0" TO FROM "\0\3llc"), 3,
		NONE },
	{ wlan_decode, BYTES("\x88\1" TIME POINT FROM POINT COUNTER "\x80\0" TO FROM "\0"), -1,
		LINK_SHORT },
	/* others */
	{ wlan_decode, BYTES("\x08\x41" TIME POINT FROM TO COUNTER "secret"), -1, WLAN_ENCRYPTED },
	{ wlan_decode, BYTES("\x80\0" TIME POINT FROM TO COUNTER "beacon"), -1, LINK_OTHER },
	{ wlan_decode, BYTES("\x48\1" TIME POINT FROM TO COUNTER), -1, LINK_OTHER }, /* null */
	{ wlan_decode, BYTES("\xc8\1" TIME POINT FROM TO COUNTER "\0\0"), -1, LINK_OTHER },
	{ wlan_decode, BYTES("\x09\1" TIME POINT FROM TO COUNTER "llc"), -1, LINK_OTHER },
	{ wlan_decode, BYTES("\x08\5" TIME POINT FROM TO COUNTER "part"), -1, LINK_OTHER },
	{ wlan_decode, BYTES("\x08\1" TIME POINT FROM TO "\x11\0part"), -1, LINK_OTHER },
	{ wlan_decode, BYTES("\x08\3" TIME POINT OTHER TO COUNTER "\2\0\0"), -1, LINK_SHORT },
	{ wlan_decode, BYTES("\x08\1" TIME POINT FROM TO), -1, LINK_SHORT },
	/* radiotap: the header is filled up where its flags say so */
	{ wlan_radiotap, BYTES(RADIOTAP("\x08", "\0\0\0\0") FRAME "llc"), 3, NONE },
	{ wlan_radiotap, BYTES(RADIOTAP("\x09", "\2\0\0\0") "\x10" FRAME "llc"), 3, NONE },
	{ wlan_radiotap,
		BYTES(RADIOTAP("\x09", "\2\0\0\0") "\x20\x88\1" TIME POINT FROM TO COUNTER
						   "\0\0..llc"),
		3, NONE },
	{ wlan_radiotap,
		BYTES(RADIOTAP("\x11", "\3\0\0\0") "........\x20\x88\1" TIME POINT FROM TO COUNTER
						   "\0\0..llc"),
		3, NONE },
	{ wlan_radiotap, /* two words of bits: the time stamp is aligned */
		BYTES(RADIOTAP("\x19", "\3\0\0\x80") "\0\0\0\0pad.........\x20\x88\1" TIME POINT
				FROM TO COUNTER "\0\0..llc"),
		3, NONE },
	{ wlan_radiotap, BYTES("\1\0\x08\0\0\0\0\0" FRAME "llc"), -1, LINK_OTHER },
	{ wlan_radiotap, BYTES("\0\0\x04\0\0\0\0\0" FRAME "llc"), -1, LINK_OTHER },
	{ wlan_radiotap, BYTES("\0\0\xff\0\0\0\0\0" FRAME "llc"), -1, LINK_SHORT },
	{ wlan_radiotap, BYTES("\0\0\x08\0"), -1, LINK_SHORT },
	/* what was before it */
	{ wlan_prism, BYTES(PRISM FRAME "llc"), 3, NONE },
	{ wlan_prism, BYTES("\x80\x21\x10\2\0\0\0\x0a.." FRAME "llc"), 3, NONE },
	{ wlan_prism, BYTES("\x80\x21\x10\2\xff\0\0\0" FRAME "llc"), -1, LINK_SHORT },
	{ wlan_prism, BYTES(PRISM_8 FRAME "llc"), -1, LINK_SHORT },
	{ wlan_prism, BYTES("\x80"), -1, LINK_SHORT },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct anomaly_totals totals = { 0 };
		struct anomalies seen = { .total = &totals };
		struct link link = { 0 };
		struct bytes in = bytes_make(row->bytes, row->size);
		bool ok = row->decode(&in, &link, &seen);
		if (ok != (row->left >= 0) || !cut_only(&totals, row->anomaly) ||
			(ok && (int)bytes_size(in) != row->left))
			fail_msg("row %zu: %zu bytes left", i, bytes_size(in));
		if (!ok)
			continue;
		assert_true(link.has_mac);
		assert_memory_equal(in.at, "llc", 3);
		assert_memory_equal(link.source, FROM, 6);
		assert_memory_equal(link.destination, TO, 6);
	}
}

static void test_cut_everywhere(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t size = 0; size < rows[i].size; size++) {
			struct anomaly_totals totals = { 0 };
			struct anomalies seen = { .total = &totals };
			struct link link = { 0 };
			struct bytes piece =
				cut_keep(bytes_make(rows[i].bytes, rows[i].size), size);
			struct bytes in = piece;
			bool ok = rows[i].decode(&in, &link, &seen);
			assert_true(bytes_size(in) <= size && (ok || !cut_only(&totals, NONE)));
			cut_free(piece);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
