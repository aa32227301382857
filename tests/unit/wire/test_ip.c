/* IP headers: what is read, what contradicts itself, what is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "wire/ip.h"

#define BYTES(text) (text), sizeof(text) - 1
#define NONE ANOMALY_COUNT

/* 192.0.2.1 to 198.51.100.2, TTL 63, protocol 6; `length` and `fragment` two bytes each */
#define V4(first, length, fragment, sum)                                                           \
	first "\0" length "\0\0" fragment "\x3f\x06" sum "\xc0\0\2\1\xc6\x33\x64\2"
/* 2001:db8::1 to 2001:db8::2, hop limit 63 */
#define V6(length, next)                                                                           \
	"\x60\0\0\0" length next "\x3f"                                                            \
	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"                                                 \
	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"
#define HOP(next) next "\0\1\4\0\0\0\0"

static const struct row {
	const char *packet;
	size_t size;
	int left;             /* bytes of the payload that are here; -1: not read further */
	size_t length;        /* of the payload */
	enum anomaly anomaly; /* the only one beside PACKET_CUT; NONE */
	uint8_t protocol;
} rows[] = {
	{ BYTES(V4("\x45", "\0\x18", "\0\0", "\0\0") "abcd"), 4, 4, NONE, 6 },
	{ BYTES(V4("\x45", "\0\x18", "\x40\0", "\0\0") "abcdpadding"), 4, 4, NONE, 6 }, /* DF */
	{ BYTES(V4("\x45", "\0\x14", "\0\0", "\0\0")), 0, 0, NONE, 6 },
	{ BYTES(V4("\x45", "\0\0", "\0\0", "\0\0") "all of it"), 9, 9, NONE, 6 }, /* TSO */
	{ BYTES(V4("\x45", "\x05\xdc", "\0\0", "\0\0") "abcd"), 4, 1480, PACKET_CUT, 6 },
	{ BYTES(V4("\x46", "\0\x19", "\0\0", "\0\0") "\1\1\1\0p"), 1, 1, NONE, 6 },
	{ BYTES(V4("\x45", "\0\x18", "\0\0", "\x8f\xa9") "abcd"), 4, 4, NONE, 6 },
	{ BYTES(V4("\x45", "\0\x18", "\0\0", "\x8f\xaa") "abcd"), 4, 4, IP_CHECKSUM, 6 },
	{ BYTES(V4("\x45", "\0\x13", "\0\0", "\0\0") "abcd"), -1, 0, IP_LENGTH, 0 },
	{ BYTES(V4("\x44", "\0\x18", "\0\0", "\0\0") "abcd"), -1, 0, IP_LENGTH, 0 },
	{ BYTES(V4("\x4f", "\0\x18", "\0\0", "\0\0") "abcd"), -1, 0, IP_SHORT, 0 },
	{ BYTES("\x45\0\0\x18"), -1, 0, IP_SHORT, 0 }, { BYTES(""), -1, 0, IP_SHORT, 0 },
	{ BYTES("\x55"), -1, 0, IP_VERSION, 0 },
	/* IPv6 */
	{ BYTES(V6("\0\4", "\6") "abcd"), 4, 4, NONE, 6 },
	{ BYTES(V6("\0\4", "\6") "abcdpadding"), 4, 4, NONE, 6 },
	{ BYTES(V6("\0\x64", "\6") "abcd"), 4, 100, PACKET_CUT, 6 },
	{ BYTES(V6("\0\0", "\6") "all of it"), 9, 9, NONE, 6 },
	{ BYTES(V6("\0\0", "\0") "\6\0\xc2\4\0\1\0\0"
				 "jumbo"),
		5, 0x10000 - 8, PACKET_CUT, 6 },
	{ BYTES(V6("\0\0", "\0") HOP("\6") "no jumbo"), 8, 8, NONE, 6 },
	{ BYTES("\x60\0\0\0\0"), -1, 0, IP_SHORT, 0 },
	/* extension headers */
	{ BYTES(V6("\0\x0c", "\0") HOP("\6") "abcd"), 4, 4, NONE, 6 },
	{ BYTES(V6("\0\x14", "\x3c") "\6\1\1\xc\0\0\0\0\0\0\0\0\0\0\0\0"
				     "abcd"),
		4, 4, NONE, 6 },
	{ BYTES(V6("\0\x0c", "\x2c") "\6\0\0\0\0\0\0\1"
				     "abcd"),
		4, 4, NONE, 6 }, /* atomic */
	{ BYTES(V6("\0\x10", "\x33") "\6\1\0\0\0\0\0\1\0\0\0\2"
				     "abcd"),
		4, 4, NONE, 6 }, /* AH */
	{ BYTES(V6("\0\x24", "\0") HOP("\x2b") HOP("\x87") HOP("\x8b") HOP("\x8c") "\6\0\0\0"), -1,
		0, IP_EXTENSION, 0 }, /* the packet is cut inside the last one */
	{ BYTES(V6("\0\x44", "\0") HOP("\x2b") HOP("\x2b") HOP("\x2b") HOP("\x2b") HOP("\x2b")
			  HOP("\x2b") HOP("\x2b") HOP("\6") "abcd"),
		4, 4, NONE, 6 },
	{ BYTES(V6("\0\x4c", "\0") HOP("\x2b") HOP("\x2b") HOP("\x2b") HOP("\x2b") HOP("\x2b")
			  HOP("\x2b") HOP("\x2b") HOP("\x2b") HOP("\6") "abcd"),
		-1, 0, IP_EXTENSIONS_MANY, 0 },
	{ BYTES(V6("\0\x0c", "\0") "\6\1\0\0\0\0\0\0"
				   "abcd"),
		-1, 0, IP_EXTENSION, 0 },
	{ BYTES(V6("\0\4", "\0") "\6\0\0\0"), -1, 0, IP_EXTENSION, 0 },
	{ BYTES(V6("\0\0", "\x3b")), -1, 0, IP_OTHER, 0 },                  /* nothing follows */
	{ BYTES(V6("\0\x08", "\x32") "\0\0\0\1\0\0\0\2"), 8, 8, NONE, 50 }, /* ESP: its own */
};

static bool fits(const struct row *row)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct ip ip;
	struct bytes in = bytes_make(row->packet, row->size);
	char source[ADDRESS_TEXT], destination[ADDRESS_TEXT];
	bool v4 = row->size && row->packet[0] >> 4 == 4;
	bool ok = ip_decode(&in, &ip, &seen);
	for (int kind = 0; kind < ANOMALY_COUNT; kind++)
		if (totals.count[kind] != (kind == (int)row->anomaly) && kind != PACKET_CUT)
			return false;
	if (!ok)
		return row->left < 0;
	return (int)bytes_size(in) == row->left && ip.length == row->length &&
	       ip.cut == (row->anomaly == PACKET_CUT) && ip.cut == !!totals.count[PACKET_CUT] &&
	       ip.checksum_wrong == (row->anomaly == IP_CHECKSUM) && ip.protocol == row->protocol &&
	       ip.ttl == 63 && !ip.fragment && ip.id == 0 &&
	       !strcmp(address_text(&ip.source, source), v4 ? "192.0.2.1" : "2001:db8::1") &&
	       !strcmp(address_text(&ip.destination, destination),
		       v4 ? "198.51.100.2" : "2001:db8::2");
}

static void test_packets(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!fits(&rows[i]))
			fail_msg("row %zu", i);
}

/* Which part of which packet a fragment is. */
static void test_fragments(void **state)
{
	static const struct {
		const char *packet;
		size_t size;
		uint32_t id;
		uint16_t offset;
		bool more;
	} cases[] = {
		{ BYTES("\x45\0\0\x18\x12\x34\x20\0\x3f\x06\0\0\xc0\0\2\1\xc6\x33\x64\2"
			"abcd"),
			0x1234, 0, true },
		{ BYTES("\x45\0\0\x18\x12\x34\x3f\xff\x3f\x06\0\0\xc0\0\2\1\xc6\x33\x64\2"
			"abcd"),
			0x1234, 65528, true },
		{ BYTES("\x45\0\0\x18\x12\x34\x40\1\x3f\x06\0\0\xc0\0\2\1\xc6\x33\x64\2"
			"abcd"),
			0x1234, 8, false },
		{ BYTES(V6("\0\x0c", "\x2c") "\6\0\0\1\x12\x34\x56\x78"
					     "abcd"),
			0x12345678, 0, true },
		{ BYTES(V6("\0\x0c", "\x2c") "\6\0\0\x08\x12\x34\x56\x78"
					     "abcd"),
			0x12345678, 8, false },
		/* what stands behind the fragment header belongs to the packet */
		{ BYTES(V6("\0\x14", "\0") HOP("\x2c") "\x3c\0\xff\xf9\0\0\0\7"
						       "abcd"),
			7, 65528, true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct anomaly_totals totals = { 0 };
		struct anomalies seen = { .total = &totals };
		struct ip ip;
		struct bytes in = bytes_make(cases[i].packet, cases[i].size);
		assert_true(ip_decode(&in, &ip, &seen));
		assert_true(ip.fragment);
		assert_int_equal(ip.offset, cases[i].offset);
		assert_int_equal(ip.more, cases[i].more);
		assert_int_equal(ip.fragment_id, cases[i].id);
		assert_int_equal(ip.length, 4);
		assert_int_equal(bytes_size(in), 4);
		assert_int_equal(ip.protocol, i == 5 ? 60 : 6);
	}
}

/* Cut anywhere: never read behind the end, never more payload than there is. */
static void test_cut_everywhere(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t size = 0; size < rows[i].size; size++) {
			struct anomaly_totals totals = { 0 };
			struct anomalies seen = { .total = &totals };
			struct ip ip;
			uint8_t *copy = test_malloc(size + 1);
			memcpy(copy, rows[i].packet, size);
			struct bytes in = bytes_make(copy, size);
			if (ip_decode(&in, &ip, &seen)) {
				assert_true(bytes_size(in) <= ip.length);
				assert_int_equal(ip.cut, bytes_size(in) < ip.length);
			}
			test_free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_cut_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
