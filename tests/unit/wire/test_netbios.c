/* NetBIOS names: what a machine says of itself, what it asks, and what is damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "cut.h"
#include "wire/netbios.h"

/* WXPANNA and eight spaces, then what is named. */
#define WXPANNA "FHFIFAEBEOEOEBCACACACACACACA"
#define MACHINE "\x20" WXPANNA "CAAA\0"
#define SERVICE "\x20" WXPANNA "CACA\0"
#define BROWSER "\x20" WXPANNA "CABN\0"
#define NB_RECORD(flags) "\0\x20\0\1\0\0\0\0\0\6" flags "\xc0\xa8\7\x6c"
#define REGISTER "\x80\x01\x29\x10\0\1\0\0\0\0\0\1"

static const struct row {
	bool datagram;
	const char *message;
	size_t size;
	const char *name; /* NULL: none */
	enum anomaly anomaly;
} rows[] = {
	{ false, BYTES(REGISTER MACHINE "\0\x20\0\1\xc0\x0c" NB_RECORD("\0\0")), "WXPANNA", NONE },
	{ false, BYTES(REGISTER SERVICE "\0\x20\0\1\xc0\x0c" NB_RECORD("\x60\0")), "WXPANNA",
		NONE },
	{ false, BYTES(REGISTER MACHINE "\0\x20\0\1\xc0\x0c" NB_RECORD("\x80\0")), NULL, NONE },
	{ false, BYTES(REGISTER BROWSER "\0\x20\0\1\xc0\x0c" NB_RECORD("\0\0")), NULL, NONE },
	{ false, BYTES("\x80\x01\x85\0\0\0\0\1\0\0\0\0" MACHINE NB_RECORD("\0\0")), "WXPANNA",
		NONE },
	{ false, BYTES("\x80\x01\x85\3\0\0\0\1\0\0\0\0" MACHINE NB_RECORD("\0\0")), NULL, NONE },
	{ false, BYTES("\x80\x01\1\x10\0\1\0\0\0\0\0\0" MACHINE "\0\x20\0\1"), NULL, NONE },
	{ false,
		BYTES("\x80\x01\x85\0\0\0\0\1\0\0\0\0\x20"
		      "FHFIFAEBEOEOEBCACACACACACACACAC!AA\0" NB_RECORD("\0\0")),
		NULL, DNS_NAME },
	{ false,
		BYTES("\x80\x01\x85\0\0\0\0\1\0\0\0\0\x20"
		      "FHFIFAEBEOEOEBCACACACACACACACAC!\0" NB_RECORD("\0\0")),
		NULL, NETBIOS_NAME },
	{ false, BYTES("\x80\x01\x85\0\0\0\0\1\0\0\0\0\2pc\0" NB_RECORD("\0\0")), NULL,
		NETBIOS_NAME },
	{ false,
		BYTES("\x80\x01\x85\0\0\0\0\1\0\0\0\0\x20"
		      "CACACACACACACACACACACACACACACAAA\0" NB_RECORD("\0\0")),
		NULL, NONE },
	{ true, BYTES("\x11\x02\0\1\xc0\xa8\7\x6c\0\x8a\0\0\0\0" MACHINE MACHINE "data"), "WXPANNA",
		NONE },
	{ true,
		BYTES("\x10\x02\0\1\xc0\xa8\7\x6c\0\x8a\0\0\0\0\x20" WXPANNA
		      "CAAA\6office\0" MACHINE),
		"WXPANNA", NONE },
	{ true, BYTES("\x13\x02\0\1\xc0\xa8\7\x6c\0\x8a\0\0\0\0" MACHINE), NULL, NONE },
	{ true, BYTES("\x11\x02\0\1\xc0\xa8\7\x6c\0\x8a\0\0\0"), NULL, NETBIOS_SHORT },
	{ true, BYTES("\x11\x02\0\1\xc0\xa8\7\x6c\0\x8a\0\0\0\0\x20" WXPANNA), NULL, DNS_NAME },
};

static bool decode(
	const struct row *row, size_t size, struct netbios *out, struct anomaly_totals *totals)
{
	struct anomalies seen = { .total = totals };
	struct bytes in = cut_keep(bytes_make(row->message, row->size), size);
	*totals = (struct anomaly_totals){ 0 };
	bool ok =
		row->datagram ? netbios_datagram(in, out, &seen) : netbios_service(in, out, &seen);
	cut_free(in);
	return ok;
}

static void test_rows(void **state)
{
	struct anomaly_totals totals;
	struct netbios netbios;
	char text[ADDRESS_TEXT];
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool ok = decode(&rows[i], rows[i].size, &netbios, &totals);
		if (ok != (rows[i].name != NULL) || !cut_only(&totals, rows[i].anomaly))
			fail_msg("row %zu", i);
		if (!ok)
			continue;
		assert_int_equal(netbios.size, strlen(rows[i].name));
		assert_memory_equal(netbios.name, rows[i].name, netbios.size);
		assert_string_equal(address_text(&netbios.address, text), "192.168.7.108");
	}
}

static void test_cut_everywhere(void **state)
{
	struct anomaly_totals totals;
	struct netbios netbios;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t size = 0; size < rows[i].size; size++)
			if (decode(&rows[i], size, &netbios, &totals))
				assert_int_equal(netbios.size, strlen(rows[i].name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
