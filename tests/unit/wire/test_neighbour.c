/* ARP and NDP: who is where, what says nothing, and what cannot come from a neighbour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "cut.h"
#include "wire/neighbour.h"

#define MAC "\0\x0c\x29\x4d\x1f\xa6"
#define ARP "\0\1\x08\0\6\4"
#define TARGET "\0\0\0\0\0\0\xc0\xa8\7\1"
#define LINK_LOCAL "\xfe\x80\0\0\0\0\0\0\2\x0c\x29\xff\xfe\x4d\x1f\xa6"
#define OTHER "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"

static void test_arp(void **state)
{
	static const struct {
		const char *packet;
		size_t size;
		bool ok;
		enum anomaly anomaly;
	} rows[] = {
		{ BYTES(ARP "\0\1" MAC "\xc0\xa8\7\x6c" TARGET), true, NONE },
		{ BYTES(ARP "\0\2" MAC "\xc0\xa8\7\x6c" TARGET "padding"), true, NONE },
		{ BYTES(ARP "\0\1" MAC "\0\0\0\0" TARGET), false, NONE },
		{ BYTES(ARP "\0\3" MAC "\xc0\xa8\7\x6c" TARGET), false, NONE },
		{ BYTES("\0\6\x08\0\6\4\0\1" MAC "\xc0\xa8\7\x6c" TARGET), false, NONE },
		{ BYTES("\0\1\x08\0\x08\4\0\1" MAC "\xc0\xa8\7\x6c" TARGET), false, NONE },
		{ BYTES(ARP "\0\1" MAC "\xc0\xa8\7\x6c"), false, ARP_SHORT },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct anomaly_totals totals = { 0 };
		struct anomalies seen = { .total = &totals };
		struct neighbour neighbour;
		char text[ADDRESS_TEXT];
		struct bytes in = cut_keep(bytes_make(rows[i].packet, rows[i].size), rows[i].size);
		bool ok = neighbour_arp(in, &neighbour, &seen);
		cut_free(in);
		if (ok != rows[i].ok || !cut_only(&totals, rows[i].anomaly))
			fail_msg("row %zu", i);
		if (!ok)
			continue;
		assert_memory_equal(neighbour.mac, MAC, 6);
		assert_string_equal(address_text(&neighbour.address, text), "192.168.7.108");
	}
}

static const struct row {
	const char *packet;
	size_t size;
	uint8_t ttl;
	const char *address; /* NULL: says nothing */
	enum anomaly anomaly;
} rows[] = {
	{ BYTES("\x87\0\0\0\0\0\0\0" OTHER "\1\1" MAC), 255, "2001:db8::7", NONE },
	{ BYTES("\x88\0\0\0\x60\0\0\0" LINK_LOCAL "\2\1" MAC), 255, "fe80::20c:29ff:fe4d:1fa6",
		NONE },
	{ BYTES("\x85\0\0\0\0\0\0\0\1\1" MAC), 255, "2001:db8::7", NONE },
	{ BYTES("\x86\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\5\1\0\0\0\0\5\xdc\1\1" MAC), 255,
		"2001:db8::7", NONE },
	{ BYTES("\x87\0\0\0\0\0\0\0" OTHER "\1\1" MAC), 64, NULL, NONE },
	{ BYTES("\x87\0\0\0\0\0\0\0" OTHER), 255, NULL, NONE },
	{ BYTES("\x88\0\0\0\x60\0\0\0" LINK_LOCAL "\1\1" MAC), 255, NULL, NONE },
	{ BYTES("\x88\0\0\0\x60\0\0\0" LINK_LOCAL "\2\2" MAC "12345678"), 255, NULL, NONE },
	{ BYTES("\x88\0\0\0\x60\0\0\0" LINK_LOCAL "\2\0" MAC), 255, NULL, NDP_OPTION },
	{ BYTES("\x88\0\0\0\x60\0\0\0" LINK_LOCAL "\x0e\2" MAC), 255, NULL, NDP_OPTION },
	{ BYTES("\x88\0\0\0\x60\0\0\0" LINK_LOCAL "\2"), 255, NULL, NDP_OPTION },
	{ BYTES("\x88\0\0\0\x60\0\0\0\xfe\x80"), 255, NULL, NDP_OPTION },
	{ BYTES("\x80\0\0\0\0\1\0\1ping"), 255, NULL, NONE },
	{ "", 0, 255, NULL, NONE },
};

static bool decode(
	const struct row *row, size_t size, struct neighbour *out, struct anomaly_totals *totals)
{
	struct anomalies seen = { .total = totals };
	struct ip ip = { .ttl = row->ttl };
	struct bytes in = cut_keep(bytes_make(row->packet, row->size), size);
	*totals = (struct anomaly_totals){ 0 };
	address_parse(bytes_of("2001:db8::7"), &ip.source);
	bool ok = neighbour_ndp(in, &ip, out, &seen);
	cut_free(in);
	return ok;
}

static void test_ndp(void **state)
{
	struct anomaly_totals totals;
	struct neighbour neighbour;
	char text[ADDRESS_TEXT];
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool ok = decode(&rows[i], rows[i].size, &neighbour, &totals);
		if (ok != (rows[i].address != NULL) || !cut_only(&totals, rows[i].anomaly))
			fail_msg("row %zu", i);
		if (!ok)
			continue;
		assert_memory_equal(neighbour.mac, MAC, 6);
		assert_string_equal(address_text(&neighbour.address, text), rows[i].address);
		for (size_t size = 0; size < rows[i].size; size++)
			assert_false(decode(&rows[i], size, &neighbour, &totals));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arp),
		cmocka_unit_test(test_ndp),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
