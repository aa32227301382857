/* TCP headers: fields, the options of a SYN, headers that lie, cut segments; checksums of known
 * segments and against a plain sum, for every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "wire/segment.h"

#define BYTES(text) (text), sizeof(text) - 1
#define NONE ANOMALY_COUNT

/* Ports 49152 to 25; `offset` and `flags` a byte each; window 502 */
#define HEADER(offset, flags)                                                                      \
	"\xc0\0\0\x19\1\2\3\4\x11\x12\x13\x14" offset flags "\1\xf6\xab\xcd\0\5"

static const struct row {
	const char *segment;
	size_t size;
	int payload;   /* bytes; -1: unreadable */
	size_t length; /* as the IP header says; 0: all */
	uint32_t missing;
	uint16_t mss;
	uint8_t scale;
	enum anomaly anomaly; /* the only one; NONE */
} rows[] = {
	{ BYTES(HEADER("\x50", "\x18") "QUIT\r\n"), 6, 0, 0, 0, 255, NONE },
	{ BYTES(HEADER("\x50", "\x10")), 0, 0, 0, 0, 255, NONE },
	{ BYTES(HEADER("\x50", "\x10") "cut"), 3, 1480, 1457, 0, 255, NONE },
	{ BYTES(HEADER("\x80", "\x10") "\1\1\x08\x0a"
				       "12345678"
				       "data"),
		4, 0, 0, 0, 255, NONE },
	{ BYTES(HEADER("\x70", "\2") "\2\4\5\xb4\3\3\7\0"), 0, 0, 0, 1460, 7, NONE },
	{ BYTES(HEADER("\x70", "\x12") "\1\1\1\3\3\0\1\1"), 0, 0, 0, 0, 0, NONE },
	{ BYTES(HEADER("\x60", "\2") "\3\3\xff\0"), 0, 0, 0, 0, 14, NONE },
	{ BYTES(HEADER("\x70", "\2") "\0\3\3\7\2\4\5\xb4"), 0, 0, 0, 0, 255,
		NONE }, /* behind the end */
	{ BYTES(HEADER("\x70", "\x10") "\2\4\5\xb4\3\3\7\0"), 0, 0, 0, 0, 255, NONE }, /* no SYN */
	{ BYTES(HEADER("\x70", "\2") "\x1e\4!!\2\4\2\0"), 0, 0, 0, 512, 255,
		NONE }, /* an unknown one */
	{ BYTES(HEADER("\x60", "\2") "\2\4\5\xb4"), 0, 0, 0, 1460, 255, NONE },
	{ BYTES(HEADER("\x60", "\2") "\2\3\5\0"), 0, 0, 0, 0, 255, TCP_OPTION },
	{ BYTES(HEADER("\x60", "\2") "\3\4\5\0"), 0, 0, 0, 0, 255, TCP_OPTION },
	{ BYTES(HEADER("\x60", "\2") "\2\1\5\0"), 0, 0, 0, 0, 255, TCP_OPTION },
	{ BYTES(HEADER("\x60", "\2") "\2\0\5\0"), 0, 0, 0, 0, 255, TCP_OPTION },
	{ BYTES(HEADER("\x60", "\2") "\1\2\4\5"
				     "\5\5"),
		2, 0, 0, 0, 255, TCP_OPTION },
	{ BYTES(HEADER("\x60", "\2") "\1\1\1\2"), 0, 0, 0, 0, 255, TCP_OPTION },
	{ BYTES(HEADER("\x40", "\2")), -1, 0, 0, 0, 0, TCP_OFFSET },
	{ BYTES(HEADER("\xf0", "\2") "\1\1\1\1"), -1, 0, 0, 0, 0, TCP_OFFSET },
	/* a short snapshot, ending among the options, then among the fields */
	{ BYTES(HEADER("\xf0", "\2") "\1\1\1\1"), 0, 100, 40, 0, 255, NONE },
	{ BYTES(HEADER("\x80", "\2") "\2\4\5\xb4\3\3"), 0, 32, 0, 1460, 255, NONE },
	{ BYTES("\xc0\0\0\x19\1\2\3\4"), -1, 100, 0, 0, 0, TCP_SHORT },
	{ BYTES("\xc0\0\0\x19\1\2\3\4"), -1, 0, 0, 0, 0, TCP_SHORT },
};

static bool fits(const struct row *row)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct ip ip = { .length = row->length ? row->length : row->size, .cut = row->length };
	struct segment segment;
	struct bytes in = bytes_make(row->segment, row->size);
	bool ok = segment_decode(&in, &ip, &segment, &seen);
	for (int kind = 0; kind < ANOMALY_COUNT; kind++)
		if (totals.count[kind] != (kind == (int)row->anomaly))
			return false;
	if (!ok)
		return row->payload < 0;
	return (int)bytes_size(in) == row->payload && segment.source_port == 49152 &&
	       segment.destination_port == 25 && segment.seq == 0x01020304 &&
	       segment.ack == 0x11121314 && segment.window == 502 && segment.urgent == 5 &&
	       segment.flags == row->segment[13] && segment.missing == row->missing &&
	       segment.cut == ip.cut && segment.mss == row->mss && segment.scale == row->scale;
}

static void test_headers(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!fits(&rows[i]))
			fail_msg("row %zu", i);
}

static struct ip ends(bool v6, size_t length)
{
	static const uint8_t v4[2][4] = { { 192, 0, 2, 1 }, { 198, 51, 100, 2 } };
	static const uint8_t v6s[2][16] = { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 },
		{ 0x20, 0x01, 0x0d, 0xb8, [15] = 2 } };
	return (struct ip){
		.source = v6 ? address_v6(v6s[0]) : address_v4(v4[0]),
		.destination = v6 ? address_v6(v6s[1]) : address_v4(v4[1]),
		.protocol = 6,
		.length = length,
	};
}

static void test_checksum_known(void **state)
{
	static const struct {
		bool v6;
		const char *segment;
		size_t size;
	} cases[] = {
		{ false,
			BYTES("\xc0\x00\x00\x19\x01\x02\x03\x04\x00\x00\x00\x00\x80\x02\xfa\xf0"
			      "\xc4\xca\x00\x00\x02\x04\x05\xb4\x01\x03\x03\x07\x04\x02\x00\x00") },
		{ false, BYTES("\xc0\x00\x00\x19\x01\x02\x03\x05\xff\xff\xff\xf0\x50\x18\x01\xf6"
			       "\x27\xd3\x00\x00QUIT\r\n.") },
		{ true, BYTES("\xc0\x00\x00\x19\x01\x02\x03\x05\xff\xff\xff\xf0\x50\x18\x01\xf6"
			      "\xb8\x95\x00\x00QUIT\r\n.") },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t copy[64];
		struct ip ip = ends(cases[i].v6, cases[i].size);
		struct bytes in = bytes_make(copy, cases[i].size);
		memcpy(copy, cases[i].segment, cases[i].size);
		assert_true(segment_checksum(in, &ip));
		for (size_t bit = 0; bit < 8 * cases[i].size; bit++) {
			copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(segment_checksum(in, &ip));
			copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		ip.length++; /* cut: cannot be told */
		copy[0] ^= 1;
		assert_true(segment_checksum(in, &ip));
		ip.checksum_wrong = true;
		assert_false(segment_checksum(in, &ip));
	}
}

/* RFC 1071, word by word. */
static uint16_t plain_sum(const struct ip *ip, const uint8_t *at, size_t size)
{
	uint64_t sum = ip->protocol + (size & 0xffff) + (size >> 16);
	size_t first = address_is_v4(&ip->source) ? 12 : 0;
	for (size_t i = first; i < 16; i += 2)
		sum += be16(ip->source.byte + i) + (uint64_t)be16(ip->destination.byte + i);
	for (size_t i = 0; i < size; i++)
		sum += i % 2 ? at[i] : (uint64_t)at[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void test_checksum_every_length(void **state)
{
	static uint8_t data[200003];
	uint32_t random = 1;
	for (size_t i = 0; i < sizeof(data); i++) {
		random = random * 1664525 + 1013904223;
		data[i] = (uint8_t)(random >> 24 | (i % 3 ? 0 : 0xff)); /* many carries */
	}
	for (size_t size = 20; size <= sizeof(data); size += size < 600 ? 1 : 7919) {
		for (int v6 = 0; v6 < 2; v6++) {
			struct ip ip = ends(v6, size);
			data[16] = data[17] = 0;
			uint16_t sum = plain_sum(&ip, data, size);
			data[16] = (uint8_t)(sum >> 8);
			data[17] = (uint8_t)sum;
			assert_true(segment_checksum(bytes_make(data, size), &ip));
			data[size - 1] ^= 0x10;
			assert_false(segment_checksum(bytes_make(data, size), &ip));
			data[size - 1] ^= 0x10;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_checksum_known),
		cmocka_unit_test(test_checksum_every_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
