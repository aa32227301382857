/* Link layers: where the IP packet begins in each, and what is no IP packet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "wire/link.h"

#define MACS "\x02\x00\x00\x00\x00\x0d\x02\x00\x00\x00\x00\x05"
#define DESTINATION "\x02\x00\x00\x00\x00\x0d"
#define SOURCE "\x02\x00\x00\x00\x00\x05"
#define LABEL "\0\1\0\xff"
#define TAG "\x81\x00\x00\x01"
#define SNAP "\xaa\xaa\x03\x00\x00\x00"
#define COOKED "\0\0\0\1\0\6" SOURCE "\0\0"
#define COOKED_V2 "\0\0\0\0\0\3\0\1\0\6" SOURCE "\0\0"

#define BYTES(text) (text), sizeof(text) - 1
#define NONE ANOMALY_COUNT

static const struct row {
	uint32_t link_type;
	const char *frame;
	size_t size;
	int left; /* bytes of the payload; -1: no IP inside */
	uint16_t ether_type;
	uint16_t vlan[2];
	enum anomaly anomaly; /* the only one; NONE */
	char macs;            /* 'b'oth, 's'ource only, 0: none */
} rows[] = {
	{ 1, BYTES(MACS "\x08\x00\x45."), 2, 0x0800, { 0 }, NONE, 'b' },
	{ 1, BYTES(MACS "\x86\xdd\x60"), 1, 0x86dd, { 0 }, NONE, 'b' },
	{ 1, BYTES(MACS "\x08\x00"), 0, 0x0800, { 0 }, NONE, 'b' },
	{ 1, BYTES(MACS "\x08\x00\x60"), -1, 0x0800, { 0 }, IP_VERSION, 'b' },
	{ 1, BYTES(MACS "\x86\xdd\x45"), -1, 0x86dd, { 0 }, IP_VERSION, 'b' },
	{ 1, BYTES(MACS "\x08\x06\0\1"), -1, 0x0806, { 0 }, NONE, 'b' }, /* ARP */
	{ 1, BYTES(MACS "\x88\xcc\0\1"), -1, 0x88cc, { 0 }, LINK_OTHER, 'b' },
	{ 1, BYTES(MACS "\x05\xff" SNAP "\x08\x00\x45"), -1, 0x05ff, { 0 }, LINK_OTHER, 'b' },
	{ 1, BYTES(MACS "\x08"), -1, 0, { 0 }, LINK_SHORT, 0 },
	{ 1, BYTES(""), -1, 0, { 0 }, LINK_SHORT, 0 },
	/* tags */
	{ 1, BYTES(MACS "\x81\x00\xe0\x64\x08\x00\x45"), 1, 0x0800, { 100 }, NONE, 'b' },
	{ 1, BYTES(MACS "\x88\xa8\x0f\xff\x91\x00\x00\x02" TAG "\x08\x00\x45"), 1, 0x0800,
		{ 4095, 2 }, NONE, 'b' },
	{ 1, BYTES(MACS TAG TAG TAG TAG TAG TAG TAG TAG "\x08\x00\x45"), 1, 0x0800, { 1, 1 }, NONE,
		'b' },
	{ 1, BYTES(MACS TAG TAG TAG TAG TAG TAG TAG TAG TAG "\x08\x00\x45"), -1, 0, { 1, 1 },
		VLAN_DEEP, 'b' },
	{ 1, BYTES(MACS TAG "\x81\x00\x00"), -1, 0, { 1 }, LINK_SHORT, 'b' },
	/* 802.3: the length drops the padding */
	{ 1, BYTES(MACS "\x00\x0a" SNAP "\x08\x00\x45.padding"), 2, 0x0800, { 0 }, NONE, 'b' },
	{ 1, BYTES(MACS "\x05\xdc" SNAP "\x08\x00\x45 cut"), 5, 0x0800, { 0 }, NONE, 'b' },
	{ 1, BYTES(MACS TAG "\x00\x09" SNAP "\x86\xdd\x60."), 1, 0x86dd, { 1 }, NONE, 'b' },
	{ 1, BYTES(MACS "\x00\x07" SNAP "\x08\x00\x45"), -1, 7, { 0 }, LINK_OTHER, 'b' },
	{ 1, BYTES(MACS "\x00\x26\x42\x42\x03\0\0\0\0\0"), -1, 0x26, { 0 }, LINK_OTHER, 'b' },
	{ 1, BYTES(MACS "\x00\x00\x45"), -1, 0, { 0 }, LINK_OTHER, 'b' },
	/* Linux cooked */
	{ 113, BYTES(COOKED "\x08\x00\x45."), 2, 0x0800, { 0 }, NONE, 's' },
	{ 113, BYTES("\0\0\3\x08\0\0........\x86\xdd\x60"), 1, 0x86dd, { 0 }, NONE, 0 },
	{ 113, BYTES(COOKED TAG "\x08\x00\x45"), 1, 0x0800, { 1 }, NONE, 's' },
	{ 113, BYTES(COOKED "\0\4" SNAP "\x08\x00\x45"), 1, 0x0800, { 0 }, NONE, 's' },
	{ 113, BYTES(COOKED "\0\1\x45"), -1, 0, { 0 }, LINK_OTHER, 's' },
	{ 113, BYTES(COOKED "\x08"), -1, 0, { 0 }, LINK_SHORT, 0 },
	{ 276, BYTES("\x08\x00" COOKED_V2 "\x45."), 2, 0x0800, { 0 }, NONE, 's' },
	{ 276, BYTES("\x86\xdd" COOKED_V2 "\x60"), 1, 0x86dd, { 0 }, NONE, 's' },
	{ 276, BYTES("\x81\x00" COOKED_V2 "\x00\x07\x08\x00\x45"), 1, 0x0800, { 7 }, NONE, 's' },
	{ 276, BYTES("\x08\x00\0\0\0\0\0\3"), -1, 0, { 0 }, LINK_SHORT, 0 },
	/* raw IP */
	{ 101, BYTES("\x45."), 2, 0x0800, { 0 }, NONE, 0 },
	{ 12, BYTES("\x60."), 2, 0x86dd, { 0 }, NONE, 0 },
	{ 14, BYTES("\x45"), 1, 0x0800, { 0 }, NONE, 0 },
	{ 101, BYTES("\x50"), -1, 0x0800, { 0 }, IP_VERSION, 0 },
	{ 101, BYTES(""), -1, 0, { 0 }, LINK_SHORT, 0 },
	{ 228, BYTES("\x45"), 1, 0x0800, { 0 }, NONE, 0 },
	{ 228, BYTES("\x60"), -1, 0x0800, { 0 }, IP_VERSION, 0 },
	{ 229, BYTES("\x60"), 1, 0x86dd, { 0 }, NONE, 0 },
	/* BSD loopback, recorded on machines of either byte order */
	{ 0, BYTES("\2\0\0\0\x45"), 1, 0x0800, { 0 }, NONE, 0 },
	{ 0, BYTES("\0\0\0\2\x45"), 1, 0x0800, { 0 }, NONE, 0 },
	{ 108, BYTES("\0\0\0\2\x45"), 1, 0x0800, { 0 }, NONE, 0 },
	{ 0, BYTES("\x1e\0\0\0\x60"), 1, 0x86dd, { 0 }, NONE, 0 },
	{ 108, BYTES("\0\0\0\x18\x60"), 1, 0x86dd, { 0 }, NONE, 0 },
	{ 0, BYTES("\x1c\0\0\0\x60"), 1, 0x86dd, { 0 }, NONE, 0 },
	{ 0, BYTES("\7\0\0\0\x45"), -1, 0, { 0 }, LINK_OTHER, 0 },
	{ 0, BYTES("\2\0\0"), -1, 0, { 0 }, LINK_SHORT, 0 },
	{ 147, BYTES("\x88\0"), -1, 0, { 0 }, FILE_LINK_UNKNOWN, 0 },
	/* PPPoE, PPP, HDLC, MPLS; more of them in test_shim.c */
	{ 1, BYTES(MACS "\x88\x64\x11\0\0\1\0\4\0\x21\x45.pad"), 2, 0x0800, { 0 }, NONE, 'b' },
	{ 1, BYTES(MACS TAG "\x88\x64\x11\0\0\1\0\3\0\x57\x60"), 1, 0x86dd, { 1 }, NONE, 'b' },
	{ 1, BYTES(MACS "\x88\x63\x11\x09\0\0\0\0"), -1, 0x8863, { 0 }, LINK_OTHER, 'b' },
	{ 51, BYTES("\x11\0\0\1\0\4\0\x21\x45."), 2, 0x0800, { 0 }, NONE, 0 },
	{ 9, BYTES("\xff\3\0\x21\x45."), 2, 0x0800, { 0 }, NONE, 0 },
	{ 50, BYTES("\xff\3\0\x57\x60"), 1, 0x86dd, { 0 }, NONE, 0 },
	{ 50, BYTES("\x0f\0\x08\0\x45"), 1, 0x0800, { 0 }, NONE, 0 },
	{ 104, BYTES("\x8f\0\x86\xdd\x60"), 1, 0x86dd, { 0 }, NONE, 0 },
	{ 104, BYTES("\x0f\0\x88\x47\0\0\1\xff\x45"), 1, 0x0800, { 0 }, NONE, 0 },
	{ 1, BYTES(MACS "\x88\x47" LABEL "\0\0\1\xff\x45"), 1, 0x0800, { 0 }, NONE, 'b' },
	{ 1, BYTES(MACS "\x88\x48\0\0\1\xff\x60"), 1, 0x86dd, { 0 }, NONE, 'b' },
	/* an Ethernet frame inside: its MACs and tags are those that count */
	{ 1, BYTES("............" TAG "\x88\x47\0\0\1\xff\0\0\0\7" MACS "\x08\0\x45"), 1, 0x0800,
		{ 0 }, NONE, 'b' },
	{ 1, BYTES("............\x88\x47\0\0\1\xff" MACS TAG "\x08\0\x45"), 1, 0x0800, { 1 }, NONE,
		'b' },
	/* 802.11; more of them in test_wlan.c */
	{ 105, BYTES("\x08\1..ACCESS" SOURCE DESTINATION "\0\0" SNAP "\x08\0\x45"), 1, 0x0800,
		{ 0 }, NONE, 'b' },
	{ 105, BYTES("\x08\1..ACCESS" SOURCE DESTINATION "\0\0" SNAP TAG "\x08\0\x45"), 1, 0x0800,
		{ 1 }, NONE, 'b' },
	{ 127,
		BYTES("\0\0\x08\0\0\0\0\0\x08\2.." DESTINATION "ACCESS" SOURCE "\0\0" SNAP
		      "\x86\xdd\x60"),
		1, 0x86dd, { 0 }, NONE, 'b' },
	{ 163,
		BYTES("\x80\x21\x10\1\0\0\0\x08\x08\2.." DESTINATION "ACCESS" SOURCE "\0\0" SNAP
		      "\x08\0\x45"),
		1, 0x0800, { 0 }, NONE, 'b' },
};

static bool fits(const struct row *row)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct link link;
	struct bytes in = bytes_make(row->frame, row->size);
	bool ok = link_decode(row->link_type, &in, &link, &seen);
	for (int kind = 0; kind < ANOMALY_COUNT; kind++)
		if (totals.count[kind] != (kind == (int)row->anomaly))
			return false;
	if (link.vlan[0] != row->vlan[0] || link.vlan[1] != row->vlan[1] ||
		link.has_mac != (row->macs != 0))
		return false;
	if (row->macs && memcmp(link.source, SOURCE, 6) != 0)
		return false;
	if (row->macs == 'b' && memcmp(link.destination, DESTINATION, 6) != 0)
		return false;
	if (!ok)
		return row->left < 0;
	return (int)bytes_size(in) == row->left && link.ether_type == row->ether_type;
}

static void test_frames(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!fits(&rows[i]))
			fail_msg("row %zu", i);
}

/* No frame, cut anywhere, is read behind its end: the sanitizer watches a copy of just that size.
 */
static void test_cut_everywhere(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t size = 0; size < rows[i].size; size++) {
			struct anomaly_totals totals = { 0 };
			struct anomalies seen = { .total = &totals };
			struct link link;
			uint8_t *copy = test_malloc(size + 1);
			memcpy(copy, rows[i].frame, size);
			struct bytes in = bytes_make(copy, size);
			if (link_decode(rows[i].link_type, &in, &link, &seen))
				assert_true(bytes_size(in) <= size);
			test_free(copy);
		}
	}
}

static void test_known(void **state)
{
	static const uint32_t known[] = { 0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 119,
		127, 163, 228, 229, 276 };
	for (size_t i = 0; i < COUNT(known); i++)
		assert_true(link_known(known[i]));
	assert_false(link_known(147));
	assert_false(link_known(UINT32_MAX));
}

/* MPLS around Ethernet around MPLS, and so on: each pair of headers is a layer. */
static void test_depth(void **state)
{
	static const char round[] = "............\x88\x47\0\0\1\xff"; /* 18 bytes */
	uint8_t frame[100 * 18 + 16];
	for (size_t depth = 0; depth <= 100; depth++) {
		struct anomaly_totals totals = { 0 };
		struct anomalies seen = { .total = &totals };
		struct link link;
		for (size_t i = 0; i < depth; i++)
			memcpy(frame + 18 * i, round, 18);
		memcpy(frame + 18 * depth, MACS "\x08\0\x45", 16);
		struct bytes in = bytes_make(frame, 18 * depth + 15);
		assert_int_equal(link_decode(1, &in, &link, &seen), depth <= LINK_LAYERS_MAX);
		assert_int_equal(totals.count[PACKET_TOO_DEEP], depth > LINK_LAYERS_MAX);
		assert_true(link.layers <= LINK_LAYERS_MAX);
	}
}

/* Inside of tunnels: an EtherType, a frame, IP of either version. */
static void test_inner(void **state)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct link link = { .vlan = { 7, 8 }, .has_mac = true, .tags = 2 };
	struct bytes in = bytes_make("\x45.", 2);
	assert_true(link_typed(LINK_IPV4, &in, &link, &seen));
	assert_int_equal(bytes_size(in), 2);
	assert_int_equal(link.vlan[0], 7); /* there is none inside: that outside stays */
	assert_true(link_untyped(&in, &link, &seen));
	assert_int_equal(link.ether_type, LINK_IPV4);
	in = bytes_make("\x60", 1);
	assert_true(link_untyped(&in, &link, &seen));
	assert_int_equal(link.ether_type, LINK_IPV6);
	in = bytes_make(MACS TAG "\x86\xdd\x60", 19);
	assert_true(link_ethernet(&in, &link, &seen));
	assert_int_equal(link.vlan[0], 1);
	assert_int_equal(link.vlan[1], 0);
	assert_memory_equal(link.source, SOURCE, 6);
	in = bytes_make("\x30", 1);
	assert_false(link_untyped(&in, &link, &seen));
	assert_int_equal(totals.count[IP_VERSION], 1);
	in = (struct bytes){ 0 };
	assert_false(link_untyped(&in, &link, &seen));
	assert_int_equal(totals.count[LINK_SHORT], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_inner),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
