/* Fragments: any order, twice, overlapping, lying about lengths, too many, too old. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>

#include "cut.h"
#include "wire/fragment.h"

#define WHOLE_SIZE 66000

struct bench {
	struct fragments all;
	struct anomaly_totals totals;
	struct anomalies seen;
	int64_t time;
	uint8_t whole[WHOLE_SIZE]; /* the payload that is cut into fragments */
	struct ip ip;              /* what the last one made */
	struct bytes in;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	assert_non_null(bench);
	assert_true(fragments_new(&bench->all));
	bench->seen.total = &bench->totals;
	bench->time = 1000 * SECOND;
	for (size_t i = 0; i < WHOLE_SIZE; i++)
		bench->whole[i] = (uint8_t)(i * 7 + i / 251);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	fragments_free(&bench->all);
	free(bench);
	return 0;
}

struct part {
	unsigned begin, end;
	bool last;
	uint8_t other; /* added to its bytes */
};

static bool add(struct bench *bench, uint32_t id, const struct part *part, bool v6)
{
	static const uint8_t a[4] = { 192, 0, 2, 1 }, b[4] = { 198, 51, 100, 2 };
	static const uint8_t c[16] = { 0x20, 1, 13, 0xb8, 1 }, d[16] = { 0x20, 1, 13, 0xb8, 2 };
	size_t size = part->end - part->begin;
	uint8_t *data = malloc(size + 1);
	bench->ip = (struct ip){
		.source = v6 ? address_v6(c) : address_v4(a),
		.destination = v6 ? address_v6(d) : address_v4(b),
		.protocol = 6,
		.ttl = (uint8_t)(part->begin ? 3 : 60),
		.length = size,
		.fragment = true,
		.more = !part->last,
		.offset = (uint16_t)part->begin,
		.fragment_id = id,
	};
	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(bench->whole[part->begin + i] + part->other);
	bench->in = bytes_make(data, size);
	fragments_begin(&bench->all);
	bool whole = fragments_add(&bench->all, &bench->ip, &bench->in, bench->time, &bench->seen);
	free(data);
	return whole;
}

/* What may come of a row. */
static const struct row {
	struct part part[5];
	int whole;            /* the part that makes it whole; -1: none does */
	enum anomaly anomaly; /* NONE */
} rows[] = {
	{ { { 0, 800, false, 0 }, { 800, 1000, true, 0 } }, 1, NONE },
	{ { { 800, 1000, true, 0 }, { 0, 800, false, 0 } }, 1, NONE },
	{ { { 400, 800, false, 0 }, { 800, 1001, true, 0 }, { 0, 400, false, 0 } }, 2, NONE },
	{ { { 0, 800, false, 0 }, { 0, 800, false, 0 }, { 800, 999, true, 0 } }, 2, NONE },
	{ { { 800, 999, true, 0 }, { 800, 999, true, 0 }, { 0, 800, false, 0 } }, 2, NONE },
	{ { { 0, 400, false, 0 }, { 400, 800, false, 0 }, { 0, 800, false, 0 },
		  { 800, 804, true, 0 } },
		3, NONE }, /* the same bytes in another cut */
	{ { { 0, 32768, false, 0 }, { 32768, 65528, false, 0 }, { 65528, 65535, true, 0 } }, 2,
		NONE },
	/* overlaps: same bytes or not, nothing comes of it, nor of what follows */
	{ { { 0, 800, false, 0 }, { 792, 1000, true, 0 }, { 800, 1000, true, 0 } }, -1,
		FRAGMENT_OVERLAP },
	{ { { 0, 800, false, 0 }, { 0, 800, false, 1 }, { 800, 1000, true, 0 } }, -1,
		FRAGMENT_OVERLAP },
	{ { { 0, 800, false, 0 }, { 8, 16, false, 1 }, { 800, 1000, true, 0 } }, -1,
		FRAGMENT_OVERLAP },
	{ { { 8, 16, false, 0 }, { 0, 800, false, 0 }, { 800, 1000, true, 0 } }, -1,
		FRAGMENT_OVERLAP },
	{ { { 800, 1000, true, 0 }, { 800, 1000, true, 1 }, { 0, 800, false, 0 } }, -1,
		FRAGMENT_OVERLAP },
	/* lengths that contradict each other, or the rules */
	{ { { 800, 1000, true, 0 }, { 800, 1001, true, 0 }, { 0, 800, false, 0 } }, -1,
		FRAGMENT_LENGTH },
	{ { { 800, 1000, true, 0 }, { 1000, 1008, false, 0 }, { 0, 800, false, 0 } }, -1,
		FRAGMENT_LENGTH },
	{ { { 800, 1000, true, 0 }, { 992, 1000, false, 0 }, { 0, 800, false, 0 } }, -1,
		FRAGMENT_LENGTH },
	{ { { 800, 1600, false, 0 }, { 0, 800, true, 0 } }, -1, FRAGMENT_LENGTH },
	{ { { 0, 801, false, 0 }, { 800, 1000, true, 0 } }, -1, FRAGMENT_LENGTH },
	{ { { 0, 800, false, 0 }, { 800, 800, true, 0 } }, -1, FRAGMENT_LENGTH },
	{ { { 0, 800, false, 0 }, { 65528, 65536, true, 0 } }, -1, FRAGMENT_LENGTH },
	{ { { 0, 800, false, 0 }, { 65528, 65936, true, 0 } }, -1, FRAGMENT_LENGTH },
	/* counted, and read all the same */
	{ { { 0, 8, false, 0 }, { 8, 1000, true, 0 } }, 1, FRAGMENT_TINY },
	/* never complete */
	{ { { 0, 8, true, 0 } }, 0, FRAGMENT_TINY },
	{ { { 8, 800, false, 0 }, { 800, 1000, true, 0 } }, -1, NONE },
	{ { { 0, 800, false, 0 }, { 808, 1000, true, 0 } }, -1, NONE },
};

static unsigned row_end(const struct row *row)
{
	unsigned end = 0;
	for (size_t i = 0; i < COUNT(row->part); i++)
		end = row->part[i].end > end ? row->part[i].end : end;
	return end;
}

static void check(struct bench *bench, size_t i, bool v6)
{
	const struct row *row = &rows[i];
	bench->totals = (struct anomaly_totals){ 0 };
	for (size_t part = 0; part < COUNT(row->part) && row->part[part].end; part++) {
		if (add(bench, (uint32_t)(100 + i), &row->part[part], v6) !=
			(row->whole == (int)part))
			fail_msg("row %zu, part %zu", i, part);
		if (row->whole != (int)part)
			continue;
		assert_false(bench->ip.fragment || bench->ip.more || bench->ip.offset);
		assert_int_equal(bench->ip.length, row_end(row));
		assert_int_equal(bench->ip.protocol, 6);
		assert_int_equal(bytes_size(bench->in), row_end(row));
		assert_memory_equal(bench->in.at, bench->whole, row_end(row));
	}
	bench->totals.count[IP_FRAGMENT] = 0; /* of a packet that is spoilt */
	if (!cut_only(&bench->totals, row->anomaly))
		fail_msg("row %zu: anomalies", i);
	fragments_finish(&bench->all, &bench->seen);
	bool open = row->whole < 0 && row->anomaly == NONE;
	assert_int_equal(bench->totals.count[FRAGMENT_INCOMPLETE], open);
}

static void test_rows(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		check(*state, i, false);
		check(*state, i, true);
	}
}

/* Two packets of one id: as one after the other they are two, mixed they are one that is spoilt. */
static void test_same_id(void **state)
{
	static const struct part first = { 0, 800, false, 0 }, second = { 800, 1000, true, 0 },
				 other = { 0, 800, false, 5 };
	struct bench *bench = *state;
	for (int i = 0; i < 2; i++) {
		assert_false(add(bench, 1, &first, false));
		assert_true(add(bench, 1, &second, false));
	}
	assert_true(cut_only(&bench->totals, NONE));
	assert_false(add(bench, 1, &first, false));
	assert_false(add(bench, 1, &other, false));
	assert_false(add(bench, 1, &second, false));
	assert_int_equal(bench->totals.count[FRAGMENT_OVERLAP], 1);
	assert_int_equal(bench->totals.count[IP_FRAGMENT], 1);
	/* another id, the other version: others */
	assert_false(add(bench, 2, &first, false));
	assert_false(add(bench, 2, &second, true));
	assert_true(add(bench, 2, &second, false));
}

static void test_age(void **state)
{
	static const struct part first = { 0, 800, false, 0 }, second = { 800, 1000, true, 0 };
	struct bench *bench = *state;
	assert_false(add(bench, 1, &first, false));
	bench->time += FRAGMENT_AGE;
	assert_true(add(bench, 1, &second, false));
	assert_false(add(bench, 1, &first, false));
	bench->time += FRAGMENT_AGE + 1;
	assert_false(add(bench, 1, &second, false));
	assert_int_equal(bench->totals.count[FRAGMENT_INCOMPLETE], 1);
	bench->time -= FRAGMENT_AGE + 1; /* time that runs back a lot begins anew, too */
	assert_false(add(bench, 1, &first, false));
	assert_int_equal(bench->totals.count[FRAGMENT_INCOMPLETE], 2);
}

/* One more than are kept: the oldest goes. */
static void test_full(void **state)
{
	static const struct part first = { 0, 800, false, 0 }, second = { 800, 1000, true, 0 };
	struct bench *bench = *state;
	for (uint32_t id = 0; id <= FRAGMENT_PACKETS; id++)
		assert_false(add(bench, id, &first, false));
	assert_int_equal(bench->totals.count[FRAGMENTS_FULL], 1);
	assert_int_equal(pool_count(bench->all.pool), FRAGMENT_PACKETS);
	for (uint32_t id = FRAGMENT_PACKETS; id > 0; id--)
		assert_true(add(bench, id, &second, false));
	assert_false(add(bench, 0, &second, false));
	for (uint32_t id = 0; id < 100000; id++) /* memory does not grow */
		add(bench, id, &first, false);
	assert_int_equal(pool_count(bench->all.pool), FRAGMENT_PACKETS);
}

static void test_cut(void **state)
{
	static const struct part first = { 0, 800, false, 0 };
	struct bench *bench = *state;
	assert_false(add(bench, 1, &first, false));
	bench->ip.fragment = true;
	bench->ip.cut = true;
	bench->ip.offset = 800;
	bench->ip.length = 200;
	bench->in = bytes_make(bench->whole, 10);
	assert_false(fragments_add(&bench->all, &bench->ip, &bench->in, bench->time, &bench->seen));
	assert_int_equal(bench->totals.count[IP_FRAGMENT], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_same_id, setup, teardown),
		cmocka_unit_test_setup_teardown(test_age, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
