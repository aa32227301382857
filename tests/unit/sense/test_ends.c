/* The machine that all packets have in common: packets as pairs of letters, and who is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "sense/ends.h"

static struct address machine(char name)
{
	const uint8_t byte[4] = { name < 'a' ? 198 : 10, 0, 0, (uint8_t)name };
	return address_v4(byte); /* capitals are public */
}

static void test_who(void **state)
{
	static const struct {
		const char *packets; /* from, to */
		char who;            /* 0: nobody, or not told */
		unsigned peers;
		bool private_peer;
	} cases[] = {
		{ "", 0, 0, false },
		{ "AB", 0, 0, false },
		{ "ABBAAB", 0, 0, false },
		{ "ABAC", 'A', 2, false },
		{ "ABCA", 'A', 2, false },
		{ "BACA", 'A', 2, false },
		{ "ABBAACDABA", 'A', 3, false },
		{ "ABACBC", 0, 0, false },
		{ "ABCD", 0, 0, false },
		{ "ABCDAB", 0, 0, false },
		{ "AA", 'A', 1, false },
		{ "AbAC", 'A', 2, true },
		{ "ABAc", 'A', 2, true },
		{ "aBaC", 'a', 2, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ends ends = { 0 };
		struct recording_end told;
		const char *at = cases[i].packets;
		for (; *at; at += 2) {
			struct address from = machine(at[0]), to = machine(at[1]);
			ends_take(&ends, &from, &to, 64, false);
		}
		ends_tell(&ends, &told);
		assert_int_equal(told.packets, (at - cases[i].packets) / 2);
		assert_int_equal(told.peers, cases[i].peers);
		assert_int_equal(told.private_peer, cases[i].private_peer);
		assert_int_equal(!address_is_none(&told.address), cases[i].who != 0);
		assert_true(!cases[i].who || told.address.byte[15] == (uint8_t)cases[i].who);
	}
}

/* Only what it sent counts, from the first packet on. */
static void test_ttl(void **state)
{
	static const struct {
		uint8_t ttl;
		unsigned direct, near, origins;
	} cases[] = {
		{ 64, 1, 0, 0 },
		{ 128, 1, 0, 0 },
		{ 255, 1, 0, 0 },
		{ 63, 0, 1, 1 },
		{ 61, 0, 1, 1 },
		{ 60, 0, 0, 0 },
		{ 127, 0, 1, 1 },
		{ 125, 0, 1, 1 },
		{ 124, 0, 0, 0 },
		{ 252, 0, 1, 1 },
		{ 251, 0, 0, 0 },
		{ 65, 0, 0, 0 },
		{ 0, 0, 0, 0 },
	};
	struct address a = machine('A'), b = machine('B'), c = machine('C');
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ends ends = { 0 };
		struct recording_end told;
		ends_take(&ends, &a, &b, cases[i].ttl, true);
		ends_take(&ends, &b, &a, 63, true);
		ends_take(&ends, &a, &c, 64, false);
		ends_take(&ends, &a, &c, 127, true);
		ends_tell(&ends, &told);
		assert_int_equal(told.sent, 3);
		assert_int_equal(told.begun, 2);
		assert_int_equal(told.direct, 1 + cases[i].direct);
		assert_int_equal(told.near, 1 + cases[i].near);
		bool other = cases[i].origins && cases[i].ttl / 64 != 1;
		assert_int_equal(told.origins, 1 + other);
	}
}

static void test_bounded(void **state)
{
	struct ends ends = { 0 };
	struct recording_end told;
	struct address a = machine('A');
	for (unsigned i = 0; i < 1000; i++) {
		const uint8_t byte[4] = { 192, 0, (uint8_t)(i / 256), (uint8_t)i };
		struct address peer = address_v4(byte);
		ends_take(&ends, &peer, &a, 50, false);
	}
	ends_tell(&ends, &told);
	assert_int_equal(told.peers, RECORDING_FEW);
	assert_int_equal(told.packets, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who),
		cmocka_unit_test(test_ttl),
		cmocka_unit_test(test_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
