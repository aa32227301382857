/* PPP, PPPoE, HDLC and MPLS: what follows each, and what is none of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "cut.h"
#include "wire/link.h"
#include "wire/shim.h"

#define PPPOE(length) "\x11\0\0\x2a" length
#define LABEL "\x12\x34\x50\xff"
#define BOTTOM "\x12\x34\x51\xff"

static const struct row {
	int (*decode)(struct bytes *in, struct anomalies *seen);
	const char *bytes;
	size_t size;
	int type;
	size_t left;
	enum anomaly anomaly;
} rows[] = {
	{ shim_ppp, BYTES("\0\x21."), LINK_IPV4, 1, NONE },
	{ shim_ppp, BYTES("\x21."), LINK_IPV4, 1, NONE }, /* the field in one byte */
	{ shim_ppp, BYTES("\xff\3\0\x57."), LINK_IPV6, 1, NONE },
	{ shim_ppp, BYTES("\xff\3\x57."), LINK_IPV6, 1, NONE },
	{ shim_ppp, BYTES("\2\x81."), LINK_MPLS, 1, NONE },
	{ shim_ppp, BYTES("\xc0\x21."), SHIM_NOTHING, 1, LINK_OTHER }, /* LCP */
	{ shim_ppp, BYTES("\0\xfd."), SHIM_NOTHING, 1, LINK_OTHER },   /* compressed */
	{ shim_ppp, BYTES("\0"), SHIM_NOTHING, 0, LINK_SHORT },
	{ shim_ppp, BYTES("\xff\3"), SHIM_NOTHING, 0, LINK_SHORT },
	{ shim_ppp, BYTES(""), SHIM_NOTHING, 0, LINK_SHORT },
	{ shim_hdlc, BYTES("\xff\3\0\x21."), LINK_IPV4, 1, NONE },
	{ shim_hdlc, BYTES("\x0f\0\x08\0."), LINK_IPV4, 1, NONE },
	{ shim_hdlc, BYTES("\x8f\0\x80\x35."), 0x8035, 1, NONE },
	{ shim_hdlc, BYTES("\x0f\0\0\1."), SHIM_NOTHING, 1, LINK_OTHER },
	{ shim_pppoe, BYTES(PPPOE("\0\3") "\0\x21.pad"), LINK_IPV4, 1, NONE },
	{ shim_pppoe,
		BYTES(PPPOE("\5\xdc") "\0\x21"
				      "cut"),
		LINK_IPV4, 3, NONE },
	{ shim_pppoe, BYTES("\x11\7\0\0\0\3\0\x21."), SHIM_NOTHING, 3, LINK_OTHER },
	{ shim_pppoe, BYTES("\x12\0\0\0\0\3\0\x21."), SHIM_NOTHING, 3, LINK_OTHER },
	{ shim_pppoe, BYTES(PPPOE("\0\0") "\0\x21"), SHIM_NOTHING, 0, LINK_SHORT },
	{ shim_pppoe, BYTES("\x11\0\0\0\0"), SHIM_NOTHING, 5, LINK_SHORT },
	{ shim_mpls, BYTES(BOTTOM "\x45"), LINK_IPV4, 1, NONE },
	{ shim_mpls, BYTES(LABEL LABEL BOTTOM "\x60"), LINK_IPV6, 1, NONE },
	{ shim_mpls, BYTES(BOTTOM "\0\0\0\7frame"), SHIM_ETHERNET, 5, NONE },
	{ shim_mpls, BYTES(BOTTOM "\x30rame"), SHIM_ETHERNET, 5, NONE },
	{ shim_mpls, BYTES(BOTTOM "\0\x25\x90..."), SHIM_ETHERNET, 6, NONE },
	{ shim_mpls, BYTES(BOTTOM "\x10\0\0\x21"), SHIM_NOTHING, 4, LINK_OTHER },
	{ shim_mpls, BYTES(BOTTOM "\0\0\0"), SHIM_ETHERNET, 3, NONE },
	{ shim_mpls, BYTES(BOTTOM), SHIM_NOTHING, 0, LINK_SHORT },
	{ shim_mpls, BYTES(LABEL), SHIM_NOTHING, 0, LINK_SHORT },
	{ shim_mpls, BYTES(LABEL LABEL LABEL LABEL LABEL LABEL LABEL BOTTOM "\x45"), LINK_IPV4, 1,
		NONE },
	{ shim_mpls, BYTES(LABEL LABEL LABEL LABEL LABEL LABEL LABEL LABEL BOTTOM "\x45"),
		SHIM_NOTHING, 5, PACKET_TOO_DEEP },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct anomaly_totals totals = { 0 };
		struct anomalies seen = { .total = &totals };
		struct bytes in = bytes_make(row->bytes, row->size);
		int type = row->decode(&in, &seen);
		if (type != row->type || bytes_size(in) != row->left ||
			!cut_only(&totals, row->anomaly))
			fail_msg("row %zu: type %x, %zu bytes left", i, (unsigned)type,
				bytes_size(in));
	}
}

static void test_cut_everywhere(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t size = 0; size < rows[i].size; size++) {
			struct anomaly_totals totals = { 0 };
			struct anomalies seen = { .total = &totals };
			struct bytes piece =
				cut_keep(bytes_make(rows[i].bytes, rows[i].size), size);
			struct bytes in = piece;
			int type = rows[i].decode(&in, &seen);
			assert_true(bytes_size(in) <= size);
			assert_true(type != SHIM_NOTHING || !cut_only(&totals, NONE));
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
