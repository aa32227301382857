/* Which packets are copies of one, and which were sent again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>

#include "sense/mirror.h"

#define FLOW 12345
#define LONG_SIZE 70000

struct bench {
	struct mirror *mirror;
	struct arrival arrival;
	uint8_t segment[20 + LONG_SIZE];
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	assert_non_null(bench);
	bench->mirror = mirror_new();
	assert_non_null(bench->mirror);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	mirror_free(bench->mirror);
	free(bench);
	return 0;
}

static void fresh(struct bench *bench, uint16_t id, size_t size)
{
	mirror_free(bench->mirror);
	bench->mirror = mirror_new();
	for (size_t i = 0; i < 20 + size; i++)
		bench->segment[i] = (uint8_t)(i * 31);
	bench->arrival = (struct arrival){
		.from = { .has_mac = true, .mac = { 2, 0, 0, 0, 0, 1 } },
		.to = { .has_mac = true, .mac = { 2, 0, 0, 0, 0, 2 } },
		.whole = bytes_make(bench->segment, 20 + size),
		.payload = bytes_make(bench->segment + 20, size),
		.time = 1000 * SECOND,
		.id = id,
		.ttl = 63,
	};
}

static enum mirror_verdict look(struct bench *bench)
{
	return mirror_look(bench->mirror, FLOW, &bench->arrival);
}

static void test_rules(void **state)
{
	static const struct {
		uint16_t id;
		int later; /* microseconds */
		int ttl;   /* more */
		int mac, vlan, interface;
		enum mirror_verdict verdict;
	} cases[] = {
		/* with an identification */
		{ 7, 0, 0, 0, 0, 0, MIRROR_COPY },
		{ 7, MIRROR_AGE, 0, 0, 0, 0, MIRROR_COPY },
		{ 7, MIRROR_AGE + 1, 0, 0, 0, 0, MIRROR_FIRST },
		{ 7, -MIRROR_AGE, 0, 0, 0, 0, MIRROR_COPY },
		{ 7, -MIRROR_AGE - 1, 0, 0, 0, 0, MIRROR_FIRST },
		{ 7, 10, -1, 1, 70, 1, MIRROR_COPY },
		{ 7, 10, 1, 1, 70, 1, MIRROR_NEARER },
		/* without */
		{ 0, 0, 0, 0, 0, 0, MIRROR_FIRST },
		{ 0, 10, -1, 0, 0, 0, MIRROR_COPY },
		{ 0, 10, 1, 0, 0, 0, MIRROR_NEARER },
		{ 0, 10, 0, 1, 0, 0, MIRROR_COPY },
		{ 0, 10, 0, 0, 70, 0, MIRROR_COPY },
		{ 0, 10, 0, 0, 0, 1, MIRROR_COPY },
		{ 0, MIRROR_AGE_BLIND, -1, 1, 70, 1, MIRROR_COPY },
		{ 0, MIRROR_AGE_BLIND + 1, -1, 1, 70, 1, MIRROR_FIRST },
	};
	struct bench *bench = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		fresh(bench, cases[i].id, 100);
		assert_int_equal(look(bench), MIRROR_FIRST);
		bench->arrival.time += cases[i].later;
		bench->arrival.ttl = (uint8_t)(bench->arrival.ttl + cases[i].ttl);
		bench->arrival.from.mac[5] = (uint8_t)(1 + cases[i].mac);
		bench->arrival.vlan[0] = (uint16_t)cases[i].vlan;
		bench->arrival.interface = (uint32_t)cases[i].interface;
		if (look(bench) != cases[i].verdict)
			fail_msg("case %zu", i);
	}
}

/* One bit of the segment, wherever it is, makes it another; so does a byte more. */
static void test_every_byte(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 9, 100, 1023, 1024, 1025, 1460, 5000 };
	struct bench *bench = *state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		for (size_t at = 0; at < 20 + sizes[i]; at += 1 + at / 40) {
			fresh(bench, 7, sizes[i]);
			assert_int_equal(look(bench), MIRROR_FIRST);
			bench->segment[at] ^= 0x80;
			assert_int_equal(look(bench), MIRROR_FIRST);
			bench->segment[at] ^= 0x80;
			assert_int_equal(look(bench), MIRROR_COPY);
		}
		bench->arrival.whole.end++;
		bench->arrival.payload.end++;
		assert_int_equal(look(bench), MIRROR_FIRST);
		bench->arrival.id++;
		assert_int_equal(look(bench), MIRROR_FIRST);
		assert_int_equal(
			mirror_look(bench->mirror, FLOW + 1, &bench->arrival), MIRROR_FIRST);
	}
	fresh(bench, 7, LONG_SIZE);
	assert_int_equal(look(bench), MIRROR_FIRST);
	assert_int_equal(look(bench), MIRROR_FIRST); /* too long to be one */
}

/* Three copies from a router's both sides and a switch before it; the nearest is found once. */
static void test_three(void **state)
{
	struct bench *bench = *state;
	fresh(bench, 7, 100);
	assert_int_equal(look(bench), MIRROR_FIRST);
	bench->arrival.ttl = 64;
	assert_int_equal(look(bench), MIRROR_NEARER);
	assert_int_equal(look(bench), MIRROR_COPY);
	bench->arrival.ttl = 62;
	assert_int_equal(look(bench), MIRROR_COPY);
}

/* As many packets between a packet and its copy as are remembered, and many more than that. */
static void test_room(void **state)
{
	struct bench *bench = *state;
	unsigned found = 0;
	fresh(bench, 1, 10);
	for (uint16_t id = 1; id < 1000; id++) {
		bench->arrival.id = id;
		assert_int_equal(look(bench), MIRROR_FIRST);
	}
	for (uint16_t id = 1; id < 1000; id++) {
		bench->arrival.id = id;
		found += look(bench) == MIRROR_COPY;
	}
	assert_true(found > 980); /* of 4 ways, few buckets overflow at a quarter full */
	for (uint16_t id = 1000; id < 60000; id++) {
		bench->arrival.id = id;
		bench->arrival.time++;
		look(bench);
	}
	bench->arrival.id = 1;
	assert_int_equal(look(bench), MIRROR_FIRST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rules, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_byte, setup, teardown),
		cmocka_unit_test_setup_teardown(test_three, setup, teardown),
		cmocka_unit_test_setup_teardown(test_room, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
