/* From the captured frame to the innermost packet: tunnels in tunnels, in fragments, too deep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>

#include "cut.h"
#include "wire/frame.h"

#define FRAME_MAX 8192

/* A frame that is built from its inside out: each layer is put before what is there. */
struct made {
	uint8_t at[FRAME_MAX];
	size_t size;
};

static void before(struct made *made, const void *at, size_t size)
{
	assert_true(made->size + size <= FRAME_MAX);
	memmove(made->at + size, made->at, made->size);
	memcpy(made->at, at, size);
	made->size += size;
}

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void ip_before(struct made *made, uint8_t protocol, uint8_t source)
{
	uint8_t header[20] = { 0x45, [8] = 64, [9] = protocol, [12] = 192, 0, 2, source, 198, 51,
		100, 2 };
	put16(header + 2, made->size + 20);
	before(made, header, sizeof(header));
}

static void udp_before(struct made *made, size_t port)
{
	uint8_t header[8] = { 0xc0, 1 };
	put16(header + 2, port);
	put16(header + 4, made->size + 8);
	before(made, header, sizeof(header));
}

static void ethernet_before(struct made *made, uint8_t mac, const char *type)
{
	uint8_t macs[12] = { 2, [5] = mac, [6] = 2, [11] = mac };
	before(made, type, 2);
	before(made, macs, sizeof(macs));
}

static void inmost(struct made *made)
{
	made->size = 0;
	before(made, "a segment of twenty bytes", 20);
	ip_before(made, 6, 1);
}

struct bench {
	struct fragments fragments;
	struct anomaly_totals totals;
	struct anomalies seen;
	struct frame frame;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	assert_non_null(bench);
	assert_true(fragments_new(&bench->fragments));
	bench->seen.total = &bench->totals;
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	fragments_free(&bench->fragments);
	free(bench);
	return 0;
}

static bool decode(struct bench *bench, const struct made *made)
{
	struct bytes piece = cut_keep(bytes_make(made->at, made->size), made->size);
	bench->totals = (struct anomaly_totals){ 0 };
	bool ok = frame_decode(1, piece, SECOND, &bench->fragments, &bench->frame, &bench->seen);
	if (ok && bytes_size(bench->frame.payload) == 20)
		assert_memory_equal(bench->frame.payload.at, "a segment of twenty ", 20);
	cut_free(piece);
	return ok;
}

static void test_plain(void **state)
{
	struct bench *bench = *state;
	struct made made;
	inmost(&made);
	ethernet_before(&made, 5, "\x08\0");
	assert_true(decode(bench, &made));
	assert_false(bench->frame.tunnelled);
	assert_int_equal(bench->frame.ip.length, 20);
	made.size = 0;
	before(&made, "a query", 7);
	udp_before(&made, 53);
	ip_before(&made, 17, 1);
	ethernet_before(&made, 5, "\x08\0");
	assert_true(decode(bench, &made)); /* whatever it is, it is the innermost */
	assert_int_equal(bench->frame.ip.protocol, 17);
	assert_int_equal(bytes_size(bench->frame.payload), 15);
	made.size = 0;
	before(&made, "arp", 3);
	ethernet_before(&made, 5, "\x08\6");
	assert_false(decode(bench, &made)); /* others may want to read on */
	assert_int_equal(bench->frame.link.ether_type, 0x0806);
	assert_int_equal(bytes_size(bench->frame.payload), 3);
}

/* GRE in VXLAN in ... : MACs are of the innermost Ethernet header, the tunnel's source is that of
 * the outermost IP header. */
static void test_nested(void **state)
{
	struct bench *bench = *state;
	struct made made;
	char text[ADDRESS_TEXT];
	inmost(&made);
	before(&made, "\0\0\x08\0", 4);
	ip_before(&made, 47, 2);
	ethernet_before(&made, 5, "\x08\0");
	before(&made, "\x08\0\0\0\0\0\1\0", 8);
	udp_before(&made, 4789);
	ip_before(&made, 17, 3);
	ethernet_before(&made, 6, "\x08\0");
	assert_true(decode(bench, &made));
	assert_true(cut_only(&bench->totals, NONE));
	assert_int_equal(bytes_size(bench->frame.payload), 20);
	assert_true(bench->frame.tunnelled);
	assert_string_equal(address_text(&bench->frame.tunnel_source, text), "192.0.2.3");
	assert_string_equal(address_text(&bench->frame.ip.source, text), "192.0.2.1");
	assert_int_equal(bench->frame.link.source[5], 5);
}

static void test_depth(void **state)
{
	struct bench *bench = *state;
	for (unsigned depth = 0; depth <= 100; depth++) {
		struct made made;
		inmost(&made);
		for (unsigned i = 0; i < depth; i++) {
			if (i % 2)
				before(&made, "\0\0\x08\0", 4);
			ip_before(&made, i % 2 ? 47 : 4, 2);
		}
		ethernet_before(&made, 5, "\x08\0");
		assert_int_equal(decode(bench, &made), depth <= LINK_LAYERS_MAX);
		assert_true(cut_only(
			&bench->totals, depth <= LINK_LAYERS_MAX ? NONE : PACKET_TOO_DEEP));
	}
}

/* `made`, an IP packet, in two fragments of itself; the first of `size` bytes. */
static void split(const struct made *made, size_t size, struct made *first, struct made *second)
{
	*first = *made;
	first->size = 20 + size;
	put16(first->at + 2, first->size);
	put16(first->at + 6, 0x2000);
	second->size = 0;
	before(second, made->at + 20 + size, made->size - 20 - size);
	before(second, made->at, 20);
	put16(second->at + 2, second->size);
	put16(second->at + 6, size / 8);
}

/* A fragmented packet in a fragmented tunnel: both are put together in one frame's time. */
static void test_fragments(void **state)
{
	struct bench *bench = *state;
	struct made made, part[2], outer[2];
	for (int round = 0; round < 100; round++) {
		inmost(&made);
		split(&made, 8, &part[0], &part[1]);
		for (int i = 0; i < 2; i++) {
			before(&part[i], "\0\0\x08\0", 4);
			ip_before(&part[i], 47, 3);
			part[i].at[5] = (uint8_t)i; /* id */
			split(&part[i], 16, &outer[0], &outer[1]);
			ethernet_before(&outer[0], 5, "\x08\0");
			ethernet_before(&outer[1], 5, "\x08\0");
			assert_false(decode(bench, &outer[1]));
			assert_true(cut_only(&bench->totals, NONE));
			assert_int_equal(decode(bench, &outer[0]), i);
		}
		assert_true(cut_only(&bench->totals, NONE));
		assert_int_equal(bytes_size(bench->frame.payload), 20);
		assert_false(bench->frame.ip.fragment);
	}
	assert_true(pool_count(bench->fragments.pool) <= 4);
}

/* IPv6: what stands before the payload is read when the fragments are together; atomic ones are
 * whole. */
static void test_v6(void **state)
{
	struct bench *bench = *state;
	struct made made[2];
	for (int i = 0; i < 2; i++) {
		uint8_t header[48] = { 0x60, [5] = 8, 44, 64, [40] = 60, [47] = 7 };
		made[i].size = 0;
		if (i)
			before(&made[i], "a segment of twenty ", 20);
		else
			before(&made[i], "\6\0\1\4\0\0\0\0", 8); /* destination options */
		put16(header + 4, made[i].size + 8);
		put16(header + 42, i ? 8 : 1);
		before(&made[i], header, sizeof(header));
		ethernet_before(&made[i], 5, "\x86\xdd");
	}
	assert_false(decode(bench, &made[0]));
	assert_true(decode(bench, &made[1]));
	assert_int_equal(bench->frame.ip.protocol, 6);
	assert_int_equal(bench->frame.ip.length, 20);
	assert_int_equal(bytes_size(bench->frame.payload), 20);
	memcpy(made[0].at + 14 + 48, "\x2c\0\1\4\0\0\0\0",
		8); /* leads to a second fragment header */
	memcpy(made[1].at + 14 + 48, "\6\0\0\1\0\0\0\7", 8);
	assert_false(decode(bench, &made[0]));
	assert_false(decode(bench, &made[1]));
	assert_true(cut_only(&bench->totals, IP_EXTENSION));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_plain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nested, setup, teardown),
		cmocka_unit_test_setup_teardown(test_depth, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fragments, setup, teardown),
		cmocka_unit_test_setup_teardown(test_v6, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
