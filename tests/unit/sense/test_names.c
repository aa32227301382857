/* What the tap tells of names, neighbours and mail look-ups, and whom it does not believe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>

#include "packets.h"
#include "sense/files.h"

#define BYTES(text) (text), sizeof(text) - 1
#define MAC "\0\x0c\x29\x4d\x1f\xa6"
#define OTHER "\2\xe0\x4c\7\0\1"
#define OWN "\xc0\xa8\7\x6c" /* 192.168.7.108 */
#define MX_QUERY "\1\2\1\0\0\1\0\0\0\0\0\0\4ibis\7example\0\0\x0f\0\1"
#define MDNS "\0\0\x84\0\0\0\0\1\0\0\0\0\7wxpanna\5local\0"
#define A_RECORD(address) "\0\1\x80\1\0\0\0\x78\0\4" address
#define NETBIOS                                                                                    \
	"\x20"                                                                                     \
	"FHFIFAEBEOEOEBCACACACACACACACAAA\0"

struct bench {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct tap *tap;
	int64_t time; /* seconds */
};

static int setup(void **state)
{
	static struct bench bench;
	bench = (struct bench){ .seen.total = &bench.totals };
	bench.tap = tap_new(&(struct tap_settings){ .verify_checksums = true }, &bench.seen);
	assert_non_null(bench.tap);
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	tap_free(bench->tap);
	return 0;
}

static void send_frame(struct bench *bench, const uint8_t *frame, size_t size)
{
	struct packet packet = { .time = START + bench->time * SECOND,
		.link_type = 1,
		.length = (uint32_t)size,
		.data = bytes_make(frame, size) };
	tap_packet(bench->tap, &packet);
}

struct sent {
	uint16_t from, to; /* ports */
	const char *payload;
	size_t size;
};

static void send_datagram(struct bench *bench, const char *mac, const char *ip, struct sent sent)
{
	uint8_t frame[600] = { 0 };
	memset(frame, 0xff, 6);
	memcpy(frame + 6, mac, 6);
	put16(frame + 12, 0x0800);
	frame[14] = 0x45;
	put16(frame + 16, (unsigned)(28 + sent.size));
	frame[23] = 17;
	memcpy(frame + 26, ip, 4);
	put16(frame + 34, sent.from);
	put16(frame + 36, sent.to);
	put16(frame + 38, (unsigned)(8 + sent.size));
	memcpy(frame + 42, sent.payload, sent.size);
	send_frame(bench, frame, 42 + sent.size);
}

static void send_arp(struct bench *bench, const char *frame_mac, const char *mac, const char *ip)
{
	uint8_t frame[42] = { 0 };
	memset(frame, 0xff, 6);
	memcpy(frame + 6, frame_mac, 6);
	put16(frame + 12, 0x0806);
	memcpy(frame + 14, "\0\1\x08\0\6\4\0\1", 8);
	memcpy(frame + 22, mac, 6);
	memcpy(frame + 28, ip, 4);
	send_frame(bench, frame, sizeof(frame));
}

/* The next piece of news as a line; NULL: none. */
static const char *news(struct bench *bench)
{
	static char line[256];
	char address[ADDRESS_TEXT], mac[MAC_TEXT] = "";
	struct activity activity;
	bench->time += 61; /* on, so that all before is final */
	send_datagram(bench, MAC, OWN, (struct sent){ 9, 9, BYTES("nothing") });
	if (!tap_next(bench->tap, &activity))
		return NULL;
	const struct naming *naming = &activity.naming;
	const struct neighbouring *neighbouring = &activity.neighbouring;
	switch (activity.kind) {
	case ACTIVITY_NAME:
		snprintf(line, sizeof(line), "%s %.*s %s %s", name_source_name(naming->source),
			naming->name.size, naming->name.at, address_text(&naming->address, address),
			naming->has_mac ? mac_text(naming->mac, mac) : "-");
		break;
	case ACTIVITY_NEIGHBOUR:
		snprintf(line, sizeof(line), "%s %s %s",
			neighbouring->assigned ? "assigned" : "claimed",
			address_text(&neighbouring->address, address),
			mac_text(neighbouring->mac, mac));
		break;
	case ACTIVITY_MX_QUERY:
		snprintf(line, sizeof(line), "mx %.*s %s", activity.mx_query.domain.size,
			activity.mx_query.domain.at,
			address_text(&activity.mx_query.client.ip, address));
		break;
	case ACTIVITY_SESSION:
	case ACTIVITY_ATTEMPT:
	case ACTIVITY_HANDSHAKE:
		return "something else";
	}
	return line;
}

#define LINE(bench, text) assert_string_equal(news(bench), text)

static void test_arp(void **state)
{
	struct bench *bench = *state;
	send_arp(bench, MAC, MAC, OWN);
	send_arp(bench, MAC, MAC, OWN); /* no news */
	LINE(bench, "claimed 192.168.7.108 00:0c:29:4d:1f:a6");
	assert_null(news(bench));
	send_arp(bench, OTHER, MAC, OWN); /* speaks for another */
	assert_null(news(bench));
	assert_int_equal(bench->totals.count[NEIGHBOUR_MAC], 1);
	send_arp(bench, "\1\0\x5e\0\0\1", "\1\0\x5e\0\0\1", OWN); /* nobody's MAC */
	assert_null(news(bench));
	assert_int_equal(bench->totals.count[LINK_OTHER], 0);
}

static void test_mx_queries(void **state)
{
	struct bench *bench = *state;
	struct sent query = { 40000, 53, BYTES(MX_QUERY) };
	send_datagram(bench, MAC, OWN, query);
	send_datagram(bench, MAC, OWN, query);
	LINE(bench, "mx ibis.example 192.168.7.108");
	assert_null(news(bench));
	query = (struct sent){ 53, 40000, BYTES(MX_QUERY) };
	send_datagram(bench, MAC, OWN, query); /* to no resolver */
	query = (struct sent){ 40000, 53,
		BYTES("\1\2\x81\x80\0\1\0\0\0\0\0\0\4ibis\7example\0\0\x0f\0\1") };
	send_datagram(bench, MAC, OWN, query); /* an answer */
	query = (struct sent){ 40000, 53,
		BYTES("\1\2\1\0\0\1\0\0\0\0\0\0\4ibis\7example\0\0\1\0\1") };
	send_datagram(bench, MAC, OWN, query); /* asks for its address */
	query = (struct sent){ 40000, 53, BYTES("\1\2\1\0\0\1\0\0\0\0\0\0\4ibis\xc0\x0c") };
	send_datagram(bench, MAC, OWN, query);
	assert_null(news(bench));
	assert_int_equal(bench->totals.count[DNS_NAME], 1);
}

static void test_responders(void **state)
{
	static const struct {
		struct sent sent;
		const char *line; /* NULL: none */
	} rows[] = {
		{ { 5353, 5353, BYTES(MDNS A_RECORD(OWN)) }, "mdns wxpanna 192.168.7.108 -" },
		{ { 5353, 5353, BYTES(MDNS A_RECORD("\xc0\xa8\7\x01")) }, NULL },
		{ { 5353, 5353, BYTES(MDNS "\0\1\x80\1\0\0\0\0\0\4" OWN) }, NULL }, /* good-bye */
		{ { 5353, 5353,
			  BYTES("\0\0\x84\0\0\0\0\1\0\0\0\0\3"
				"108\0017\003168\003192\7in-addr\4ARPA\0\0\x0c\0\1\0\0\0\x78\0\x0f"
				"\7wxpanna\5local\0") },
			"mdns wxpanna 192.168.7.108 -" },
		{ { 5353, 5353,
			  BYTES("\0\0\x84\0\0\0\0\1\0\0\0\0\3"
				"109\0017\003168\003192\7in-addr\4arpa\0\0\x0c\0\1\0\0\0\x78\0\x0f"
				"\7wxpanna\5local\0") },
			NULL },
		{ { 40000, 5353, BYTES(MDNS A_RECORD(OWN)) }, NULL },
		{ { 5355, 40000,
			  BYTES("\0\0\x80\0\0\1\0\1\0\0\0\0\7wxpanna\0\0\1\0\1"
				"\xc0\x0c" A_RECORD(OWN)) },
			"llmnr wxpanna 192.168.7.108 -" },
		{ { 5353, 5353, BYTES("\0\0\x84\0\0\0\0\1\0\0\0\0\x09localhost\0" A_RECORD(OWN)) },
			NULL },
		{ { 137, 137,
			  BYTES("\x80\1\x29\x10\0\1\0\0\0\0\0\1" NETBIOS
				"\0\x20\0\1\xc0\x0c\0\x20\0\1\0\0\0\0\0\6\0\0" OWN) },
			"netbios WXPANNA 192.168.7.108 -" },
		{ { 138, 138, BYTES("\x11\2\0\1" OWN "\0\x8a\0\0\0\0" NETBIOS NETBIOS) },
			"netbios WXPANNA 192.168.7.108 -" },
		{ { 138, 138, BYTES("\x11\2\0\1\xc0\xa8\7\1\0\x8a\0\0\0\0" NETBIOS NETBIOS) },
			NULL }, /* speaks for another */
		{ { 7777, 7777, BYTES(MDNS A_RECORD(OWN)) }, NULL },
	};
	struct bench *bench = *state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		send_datagram(bench, MAC, OWN, rows[i].sent);
		const char *line = news(bench);
		if (!line || !rows[i].line)
			assert_true(line == rows[i].line);
		else
			assert_string_equal(line, rows[i].line);
		assert_null(news(bench));
	}
}

static void dhcp(struct bench *bench, bool server, const char *options, size_t size)
{
	char message[400] = { (char)(server ? 2 : 1), 1, 6 };
	if (server)
		memcpy(message + 16, OWN, 4);
	memcpy(message + 28, MAC, 6);
	memcpy(message + 236, "\x63\x82\x53\x63", 4);
	memcpy(message + 240, options, size);
	send_datagram(bench, server ? OTHER : MAC, server ? "\xc0\xa8\7\1" : "\0\0\0\0",
		(struct sent){ server ? 67 : 68, server ? 68 : 67, message, 240 + size });
}

static void test_leases(void **state)
{
	struct bench *bench = *state;
	dhcp(bench, false, BYTES("\x35\1\3\x0c\7wxpanna\xff"));
	LINE(bench, "dhcp wxpanna :: 00:0c:29:4d:1f:a6");
	assert_null(news(bench));
	dhcp(bench, true, BYTES("\x35\1\5\x0c\7wxpanna\xff"));
	const char *first = news(bench);
	bool name_first = first[0] == 'd';
	assert_string_equal(first, name_first ? "dhcp wxpanna 192.168.7.108 00:0c:29:4d:1f:a6"
					      : "assigned 192.168.7.108 00:0c:29:4d:1f:a6");
	LINE(bench, name_first ? "assigned 192.168.7.108 00:0c:29:4d:1f:a6"
			       : "dhcp wxpanna 192.168.7.108 00:0c:29:4d:1f:a6");
	assert_null(news(bench));
	dhcp(bench, true, BYTES("\x35\1\2\x0c\7wxpanna\xff"));  /* an offer is no lease */
	dhcp(bench, false, BYTES("\x35\1\5\x0c\7wxpanna\xff")); /* nor can a client give one */
	assert_null(news(bench));
}

static void test_ndp(void **state)
{
	static const char frame[] = "\x33\x33\xff\0\0\1" MAC "\x86\xdd\x60\0\0\0\0\x20\x3a\xff"
				    "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7"
				    "\xff\2\0\0\0\0\0\0\0\0\0\1\xff\0\0\1"
				    "\x87\0\0\0\0\0\0\0\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
				    "\1\1" MAC;
	struct bench *bench = *state;
	uint8_t copy[sizeof(frame) - 1];
	memcpy(copy, frame, sizeof(copy));
	send_frame(bench, copy, sizeof(copy));
	LINE(bench, "claimed 2001:db8::7 00:0c:29:4d:1f:a6");
	copy[21] = 64; /* passed a router */
	send_frame(bench, copy, sizeof(copy));
	assert_null(news(bench));
}

static void test_flood(void **state)
{
	struct bench *bench = *state;
	struct activity activity;
	unsigned told = 0;
	for (unsigned i = 0; i < 3 * 4096; i++) {
		const char ip[4] = { 10, 1, (char)(i >> 8), (char)i };
		send_arp(bench, MAC, MAC, ip);
		while (tap_next(bench->tap, &activity))
			told++;
	}
	tap_finish(bench->tap);
	while (tap_next(bench->tap, &activity))
		told++;
	assert_int_equal(told, 4096);
	assert_int_equal(bench->totals.count[NAMES_MANY], 2 * 4096);
}

struct tally {
	unsigned names, leases, claims, queries;
};

static void count(struct tap *tap, struct tally *tally)
{
	struct activity activity;
	while (tap_next(tap, &activity)) {
		tally->names += activity.kind == ACTIVITY_NAME;
		tally->queries += activity.kind == ACTIVITY_MX_QUERY;
		if (activity.kind == ACTIVITY_NEIGHBOUR)
			*(activity.neighbouring.assigned ? &tally->leases : &tally->claims) += 1;
		activity_free(&activity);
	}
}

/* What tshark finds in the sample: five machines that say a name and get it granted, 29 queries for
 * 15 domains, two of them twice within a minute, six machines that ARP shows, most of them in two
 * minutes. */
static void test_office(void **state)
{
	static const char *const name[] = { "samples/office.pcapng" };
	struct bench *bench = *state;
	struct packet packet;
	struct error error;
	struct tally tally = { 0 };
	struct files *files = files_open(name, 1, &bench->seen);
	assert_non_null(files);
	while (files_next(files, &packet, &error) == FILES_PACKET) {
		tap_packet(bench->tap, &packet);
		count(bench->tap, &tally);
	}
	tap_finish(bench->tap);
	count(bench->tap, &tally);
	files_close(files);
	assert_int_equal(tally.names, 10);
	assert_int_equal(tally.leases, 5);
	assert_int_equal(tally.claims, 13);
	assert_int_equal(tally.queries, 28);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_arp),
		TEST(test_mx_queries),
		TEST(test_responders),
		TEST(test_leases),
		TEST(test_ndp),
		TEST(test_flood),
		TEST(test_office),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
