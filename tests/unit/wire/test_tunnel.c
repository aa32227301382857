/* Tunnels: each header, what it carries, and what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "cut.h"
#include "wire/tunnel.h"

#define MACS "\2\0\0\0\0\x0d\2\0\0\0\0\5"
#define FRAME MACS "\x08\0\x45."
#define TAGGED MACS "\x81\0\0\x46\x08\0\x45."
#define PORT(port) "\xc0\1" port "\0\xff\0\0" /* a UDP header; the length is more than is here */
#define VXLAN PORT("\x12\xb5")
#define GENEVE PORT("\x17\xc1")
#define GTP PORT("\x08\x68")

static const struct row {
	uint8_t protocol;
	const char *bytes;
	size_t size;
	enum tunnel_step step;
	uint16_t ether_type; /* of what is inside */
	uint16_t vlan;       /* 9: the one outside */
	enum anomaly anomaly;
} rows[] = {
	{ 6, BYTES("\x45."), TUNNEL_NONE, 0, 9, NONE },
	{ 50, BYTES("\0\0\0\1."), TUNNEL_NONE, 0, 9, NONE },
	/* IP in IP */
	{ 4, BYTES("\x45."), TUNNEL_INSIDE, LINK_IPV4, 9, NONE },
	{ 41, BYTES("\x60."), TUNNEL_INSIDE, LINK_IPV6, 9, NONE },
	{ 4, BYTES("\x60."), TUNNEL_END, 0, 9, IP_VERSION },
	/* GRE */
	{ 47, BYTES("\0\0\x08\0\x45."), TUNNEL_INSIDE, LINK_IPV4, 9, NONE },
	{ 47, BYTES("\0\0\x86\xdd\x60."), TUNNEL_INSIDE, LINK_IPV6, 9, NONE },
	{ 47, BYTES("\xb0\0\x08\0sumskey.seq.\x45."), TUNNEL_INSIDE, LINK_IPV4, 9, NONE },
	{ 47, BYTES("\x20\0\x65\x58\0\0\1\0" FRAME), TUNNEL_INSIDE, LINK_IPV4, 0, NONE },
	{ 47, BYTES("\0\0\x88\x47\0\0\1\xff\x45."), TUNNEL_INSIDE, LINK_IPV4, 9, NONE },
	{ 47, BYTES("\0\0\0\1...."), TUNNEL_END, 0, 9, LINK_OTHER },
	{ 47, BYTES("\x40\0\x08\0....\x45."), TUNNEL_END, 0, 9, TUNNEL_OTHER }, /* routing */
	{ 47, BYTES("\x30\1\x88\x0b\0\2\0\1....\0\x21"), TUNNEL_END, 0, 9,
		TUNNEL_OTHER }, /* PPTP */
	{ 47, BYTES("\x20\0\x08\0key"), TUNNEL_END, 0, 9, TUNNEL_SHORT },
	{ 47, BYTES("\0\0\x08"), TUNNEL_END, 0, 9, TUNNEL_SHORT },
	/* ERSPAN I, II, III */
	{ 47, BYTES("\0\0\x88\xbe" FRAME), TUNNEL_INSIDE, LINK_IPV4, 0, NONE },
	{ 47, BYTES("\x10\0\x88\xbeseq.\x10\7\0\1\0\0\0\1" FRAME), TUNNEL_INSIDE, LINK_IPV4, 7,
		NONE },
	{ 47, BYTES("\x10\0\x88\xbeseq.\x10\7\0\1\0\0\0\1" TAGGED), TUNNEL_INSIDE, LINK_IPV4, 70,
		NONE },
	{ 47, BYTES("\x10\0\x88\xbeseq.\x20\7\0\1\0\0\0\1" FRAME), TUNNEL_END, 0, 9, TUNNEL_OTHER },
	{ 47, BYTES("\x10\0\x88\xbeseq.\x10\7\0\1\0\0\0"), TUNNEL_END, 0, 9, TUNNEL_SHORT },
	{ 47, BYTES("\x10\0\x22\xebseq.\x20\7\0\1time\0\0\0\0" FRAME), TUNNEL_INSIDE, LINK_IPV4, 7,
		NONE },
	{ 47, BYTES("\x10\0\x22\xebseq.\x20\0\0\1time\0\0\0\1platform" FRAME), TUNNEL_INSIDE,
		LINK_IPV4, 0, NONE },
	{ 47, BYTES("\x10\0\x22\xebseq.\x20\7\0\1time\0\0\x08\0\x60."), TUNNEL_INSIDE, LINK_IPV6, 9,
		NONE },
	{ 47, BYTES("\x10\0\x22\xebseq.\x20\7\0\1time\0\0\x04\0...."), TUNNEL_END, 0, 9,
		TUNNEL_OTHER },
	{ 47, BYTES("\x10\0\x22\xebseq.\x10\7\0\1time\0\0\0\0" FRAME), TUNNEL_END, 0, 9,
		TUNNEL_OTHER },
	{ 47, BYTES("\x10\0\x22\xebseq.\x20\7\0\1time\0\0\0\1plat"), TUNNEL_END, 0, 9,
		TUNNEL_SHORT },
	{ 47, BYTES("\x10\0\x22\xebseq.\x20\7\0\1time"), TUNNEL_END, 0, 9, TUNNEL_SHORT },
	/* VXLAN */
	{ 17, BYTES(VXLAN "\x08\0\0\0\0\0\x2a\0" FRAME), TUNNEL_INSIDE, LINK_IPV4, 0, NONE },
	{ 17, BYTES(PORT("\x21\x18") "\x08\0\0\0\0\0\x2a\0" TAGGED), TUNNEL_INSIDE, LINK_IPV4, 70,
		NONE },
	{ 17, BYTES(VXLAN "\x88\0\0\1\0\0\x2a\0" FRAME), TUNNEL_INSIDE, LINK_IPV4, 0, NONE },
	{ 17, BYTES(VXLAN "\x08\0\0\0\0\0\x2a\0" MACS "\x08\6"), TUNNEL_END, 0, 9, NONE },
	{ 17, BYTES(VXLAN "an answer of a DNS server"), TUNNEL_NONE, 0, 9, NONE },
	{ 17, BYTES(VXLAN "\x08\0\0\0"), TUNNEL_NONE, 0, 9, NONE },
	{ 17, BYTES(PORT("\0\x35") "\x08\0\0\0\0\0\x2a\0" FRAME), TUNNEL_NONE, 0, 9, NONE },
	{ 17, BYTES("\xc0\1\x12\xb5\0\7\0\0"), TUNNEL_END, 0, 9, UDP_LENGTH },
	{ 17, BYTES("\xc0\1\x12\xb5"), TUNNEL_NONE, 0, 9, NONE },
	/* Geneve */
	{ 17, BYTES(GENEVE "\0\0\x65\x58\0\0\x2a\0" FRAME), TUNNEL_INSIDE, LINK_IPV4, 0, NONE },
	{ 17, BYTES(GENEVE "\2\x40\x86\xdd\0\0\x2a\0options.\x60."), TUNNEL_INSIDE, LINK_IPV6, 9,
		NONE },
	{ 17, BYTES(GENEVE "\2\0\x65\x58\0\0\x2a\0opt"), TUNNEL_END, 0, 9, TUNNEL_SHORT },
	{ 17, BYTES(GENEVE "\x40\0\x65\x58\0\0\x2a\0" FRAME), TUNNEL_NONE, 0, 9, NONE },
	/* GTP-U */
	{ 17, BYTES(GTP "\x30\xff\0\2\0\0\0\1\x45.padding"), TUNNEL_INSIDE, LINK_IPV4, 9, NONE },
	{ 17, BYTES(GTP "\x32\xff\0\6\0\0\0\1\0\1\0\0\x45."), TUNNEL_INSIDE, LINK_IPV4, 9, NONE },
	{ 17, BYTES(GTP "\x34\xff\0\x0a\0\0\0\1\0\1\0\x85\1\0\0\0\x60."), TUNNEL_INSIDE, LINK_IPV6,
		9, NONE },
	{ 17, BYTES(GTP "\x34\xff\0\xff\0\0\0\1\0\1\0\x85\2\0\0\0\0\0\0\x20\1\0\0\0\x45."),
		TUNNEL_INSIDE, LINK_IPV4, 9, NONE },
	{ 17, BYTES(GTP "\x34\xff\0\x0a\0\0\0\1\0\1\0\x85\0\0\0\0\x45."), TUNNEL_END, 0, 9,
		TUNNEL_OTHER },
	{ 17, BYTES(GTP "\x34\xff\0\x0a\0\0\0\1\0\1\0\x85\3\0\0\0\x45."), TUNNEL_END, 0, 9,
		TUNNEL_SHORT },
	{ 17, BYTES(GTP "\x34\xff\0\x0a\0\0\0\1\0\1\0\x85"), TUNNEL_END, 0, 9, TUNNEL_SHORT },
	{ 17,
		BYTES(GTP "\x34\xff\0\xff\0\0\0\1\0\1\0\1\1..\1\1..\1\1..\1\1..\1\1..\1\1..\1\1..\1"
			  "\1..\1\1..\0\x45."),
		TUNNEL_END, 0, 9, TUNNEL_OTHER },
	{ 17, BYTES(GTP "\x32\xff\0\2\0\0\0\1\0\1"), TUNNEL_END, 0, 9, TUNNEL_SHORT },
	{ 17, BYTES(GTP "\x30\1\0\2\0\0\0\1\x45."), TUNNEL_NONE, 0, 9, NONE }, /* an echo request */
	{ 17, BYTES(GTP "\x20\xff\0\2\0\0\0\1\x45."), TUNNEL_NONE, 0, 9, NONE },
};

static enum tunnel_step enter(
	const struct row *row, struct bytes *in, struct link *link, struct anomaly_totals *totals)
{
	struct anomalies seen = { .total = totals };
	struct ip ip = { .protocol = row->protocol, .length = bytes_size(*in) };
	*totals = (struct anomaly_totals){ 0 };
	*link = (struct link){ .vlan = { 9 }, .tags = 1 };
	return tunnel_enter(&ip, in, link, &seen);
}

static void check(size_t i, const struct row *row)
{
	struct anomaly_totals totals;
	struct link link;
	struct bytes whole = bytes_make(row->bytes, row->size), in = whole;
	enum tunnel_step step = enter(row, &in, &link, &totals);
	totals.count[UDP_CUT] = 0;
	if (step != row->step || link.vlan[0] != row->vlan || !cut_only(&totals, row->anomaly))
		fail_msg("row %zu: step %d, VLAN %d", i, step, link.vlan[0]);
	assert_int_equal(link.layers != 0, step == TUNNEL_INSIDE);
	if (step == TUNNEL_INSIDE) {
		assert_int_equal(link.ether_type, row->ether_type);
		if (bytes_size(in) != 2 || in.at[1] != '.')
			fail_msg("row %zu: %zu bytes left", i, bytes_size(in));
	} else {
		assert_ptr_equal(in.at, whole.at);
	}
}

static void test_rows(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		check(i, &rows[i]);
}

static void test_cut_everywhere(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t size = 0; size < rows[i].size; size++) {
			struct anomaly_totals totals;
			struct link link;
			struct bytes piece =
				cut_keep(bytes_make(rows[i].bytes, rows[i].size), size);
			struct bytes in = piece;
			enum tunnel_step step = enter(&rows[i], &in, &link, &totals);
			assert_true(bytes_size(in) <= size);
			assert_true(step != TUNNEL_END || !cut_only(&totals, NONE));
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
