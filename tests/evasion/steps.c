/* Floods and chosen collisions. What they cost is counted in steps (basic blocks of the code that
 * meets them, compiled to count them), never in seconds, so that a slow machine is no failure: a
 * packet may take so many at most, and twice as much of it may take twice as many. TAP on standard
 * output. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"
#include "base/table.h"
#include "forge.h"

#define START (1767225600 * SECOND) /* 2026-01-01 */

static uint64_t counted; /* by what the compiler put into each basic block */

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	counted++;
}

struct bench {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct tap *tap;
	struct forge forge;
	uint64_t most, all; /* steps: of one packet, and in sum */
	uint64_t packets;
	uint64_t activities;
};

static struct bench *bench_new(void)
{
	static const struct tap_settings settings = { .verify_checksums = true };
	struct bench *bench = calloc(1, sizeof(*bench));
	assert(bench);
	bench->seen.total = &bench->totals;
	bench->tap = tap_new(&settings, &bench->seen);
	assert(bench->tap);
	bench->forge = (struct forge){ .ip = { { 192, 168, 7, 20 }, { 198, 18, 0, 25 } },
		.port = { 40000, 25 },
		.seq = { 1000, 2000 },
		.time = START };
	return bench;
}

static void bench_free(struct bench *bench)
{
	struct activity activity;
	tap_finish(bench->tap);
	while (tap_next(bench->tap, &activity)) {
		bench->activities++;
		activity_free(&activity);
	}
	tap_free(bench->tap);
	forge_clear(&bench->forge);
	free(bench);
}

/* What was forged is played: the steps of each packet, with what it makes final. */
static void play(struct bench *bench)
{
	struct activity activity;
	for (size_t i = 0; i < bench->forge.count; i++) {
		uint64_t before = counted;
		forge_play(&bench->forge, i, bench->tap);
		uint64_t steps = counted - before;
		while (tap_next(bench->tap, &activity)) {
			bench->activities++;
			activity_free(&activity);
		}
		bench->all += steps;
		bench->packets++;
		bench->most = steps > bench->most ? steps : bench->most;
	}
	forge_clear(&bench->forge);
}

static void next_connection(struct bench *bench, unsigned number)
{
	bench->forge.ip[FORGE_CLIENT][0] = 10;
	bench->forge.ip[FORGE_CLIENT][1] = (uint8_t)(number >> 16);
	bench->forge.ip[FORGE_CLIENT][2] = (uint8_t)(number >> 8);
	bench->forge.ip[FORGE_CLIENT][3] = (uint8_t)number;
	bench->forge.seq[FORGE_CLIENT] = number * 2654435761u;
	bench->forge.time = START + number; /* all within a second or so */
}

static void half_opens(struct bench *bench, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		next_connection(bench, i);
		forge_shot(&bench->forge, FORGE_CLIENT,
			(struct shot){ .flags = TCP_SYN, .no_ack = true }, "");
		play(bench);
	}
}

static void holes(struct bench *bench, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		next_connection(bench, i);
		forge_open(&bench->forge);
		forge_shot(
			&bench->forge, FORGE_CLIENT, (struct shot){ .at = 100 }, "behind a hole");
		play(bench);
	}
}

/* Each before the last: the worst order for a list. */
static void backwards(struct bench *bench, unsigned count)
{
	forge_open(&bench->forge);
	for (unsigned i = count; i-- > 0;) {
		forge_shot(&bench->forge, FORGE_CLIENT,
			(struct shot){ .at = (int32_t)(2 + 2 * (i % 100000)) }, "x");
		play(bench);
	}
}

static void overlapping(struct bench *bench, unsigned count)
{
	forge_open(&bench->forge);
	for (unsigned i = 0; i < count; i++) {
		forge_shot(&bench->forge, FORGE_CLIENT,
			(struct shot){ .at = (int32_t)(1 + i * 7919 % 60000) },
			"a piece over others");
		play(bench);
	}
}

static void resent(struct bench *bench, unsigned count)
{
	forge_open(&bench->forge);
	forge_say(&bench->forge, FORGE_SERVER, "220 mx ESMTP\r\n");
	for (unsigned i = 0; i < count; i++) {
		forge_shot(&bench->forge, FORGE_CLIENT, (struct shot){ .at = i > 9 ? -90 : 0 },
			i > 9 ? "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n" : "NOOP\r\nNOOP\r\n");
		bench->forge.seq[FORGE_CLIENT] += i > 9 ? 0 : 12;
		play(bench);
	}
}

static void talk(struct bench *bench, unsigned count, const char *line, const char *reply)
{
	forge_say(&bench->forge, FORGE_CLIENT, line);
	if (*reply)
		forge_say(&bench->forge, FORGE_SERVER, reply);
	play(bench);
}

static void greet(struct bench *bench)
{
	forge_open(&bench->forge);
	forge_say(&bench->forge, FORGE_SERVER, "220 mx ESMTP\r\n");
	forge_say(&bench->forge, FORGE_CLIENT, "EHLO pc\r\n");
	forge_say(&bench->forge, FORGE_SERVER, "250-mx\r\n250 PIPELINING\r\n");
	play(bench);
}

static void recipients(struct bench *bench, unsigned count)
{
	greet(bench);
	talk(bench, 1, "MAIL FROM:<a@a.example>\r\n", "250 Ok\r\n");
	for (unsigned i = 0; i < count; i++)
		talk(bench, i, "RCPT TO:<somebody@b.example>\r\n", "250 2.1.5 Ok\r\n");
}

static void recipients_unanswered(struct bench *bench, unsigned count)
{
	greet(bench);
	talk(bench, 1, "MAIL FROM:<a@a.example>\r\n", "250 Ok\r\n");
	for (unsigned i = 0; i < count; i++)
		talk(bench, i, "RCPT TO:<somebody@b.example>\r\n", "");
}

static void transactions(struct bench *bench, unsigned count)
{
	greet(bench);
	for (unsigned i = 0; i < count; i++)
		talk(bench, i, "MAIL FROM:<a@a.example>\r\nRSET\r\n", "250 Ok\r\n250 Ok\r\n");
}

static void unknown(struct bench *bench, unsigned count)
{
	greet(bench);
	for (unsigned i = 0; i < count; i++)
		talk(bench, i, "WUG\r\n", "502 5.5.2 no\r\n");
}

static void endless_line(struct bench *bench, unsigned count)
{
	greet(bench);
	for (unsigned i = 0; i < count; i++)
		talk(bench, i, "and so on, without an end of the line, for ever ", "");
}

static void endless_reply(struct bench *bench, unsigned count)
{
	greet(bench);
	for (unsigned i = 0; i < count; i++) {
		forge_say(&bench->forge, FORGE_SERVER, "250-and so on\r\n");
		play(bench);
	}
}

static void chunks(struct bench *bench, unsigned count)
{
	greet(bench);
	talk(bench, 1, "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\n",
		"250 Ok\r\n250 Ok\r\n");
	for (unsigned i = 0; i < count; i++)
		talk(bench, i, "BDAT 1\r\nx", "250 Ok\r\n");
}

static void dots(struct bench *bench, unsigned count)
{
	greet(bench);
	talk(bench, 1, "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\n",
		"250 Ok\r\n250 Ok\r\n");
	talk(bench, 1, "DATA\r\n", "354 go on\r\n");
	for (unsigned i = 0; i < count; i++)
		talk(bench, i, ".\n.\r.\n\r.\r\r\n..\n.\r\r.", "");
}

static const struct flood {
	const char *name;
	void (*run)(struct bench *bench, unsigned count);
	unsigned count;
	uint64_t most; /* steps of one packet; of a table that grows: of all that it holds */
	uint64_t mean;
	enum anomaly limit; /* that it reaches; ANOMALY_COUNT: none */
} floods[] = {
	{ "half-open connections", half_opens, 150000, 30 * 65536, 1500, TCP_HALF_OPEN_FULL },
	{ "connections that hold one hole each", holes, 250000, 30 * 500000, 1500, TCP_POOL_FULL },
	{ "pieces backwards", backwards, 20000, 20000, 1500, TCP_HOLE_GIVEN_UP },
	{ "pieces over pieces", overlapping, 20000, 60000, 60000, ANOMALY_COUNT },
	{ "bytes sent again", resent, 10000, 4000, 1500, ANOMALY_COUNT },
	{ "recipients", recipients, 50000, 4000, 1500, SMTP_RECIPIENTS_MANY },
	{ "recipients without an answer", recipients_unanswered, 50000, 4000, 1500,
		SMTP_COMMANDS_MANY },
	{ "MAIL and RSET", transactions, 10000, 4000, 1500, ANOMALY_COUNT },
	{ "unknown verbs", unknown, 10000, 4000, 1500, ANOMALY_COUNT },
	{ "a line without an end", endless_line, 10000, 4000, 1500, ANOMALY_COUNT },
	{ "a reply without an end", endless_reply, 10000, 4000, 1500, SMTP_REPLY_LINES },
	{ "chunks of one byte", chunks, 10000, 4000, 1500, ANOMALY_COUNT },
	{ "dots of all kinds", dots, 10000, 4000, 1500, ANOMALY_COUNT },
};

static bool flood(const struct flood *row, unsigned number)
{
	uint64_t all[2], most = 0, mean = 0;
	bool reached = true;
	for (unsigned twice = 0; twice < 2; twice++) {
		struct bench *bench = bench_new();
		row->run(bench, row->count << twice);
		all[twice] = bench->all;
		mean = bench->all / bench->packets;
		most = bench->most > most ? bench->most : most;
		reached = row->limit == ANOMALY_COUNT || bench->totals.count[row->limit];
		bench_free(bench);
	}
	double growth = (double)all[1] / (double)all[0];
	bool ok = most <= row->most && mean <= row->mean && growth <= 2.3 && reached;
	printf("%s %u - steps: %s, %u and twice as many: %.2f times the steps, %u a packet, %u at "
	       "most%s\n",
		ok ? "ok" : "not ok", number, row->name, row->count, growth, (unsigned)mean,
		(unsigned)most, reached ? "" : ", its limit was not reached");
	return ok;
}

/* Whoever knew the seed could choose keys of one home. They still find a place within the probes.
 */
static bool collide(unsigned number)
{
	enum { MAX = 65536, KEYS = 200 };
	const struct hash_key seed = { 1, 2 };
	struct table *table = table_new_seeded(8, 4, MAX, seed);
	uint64_t most = 0, found = 0, keys[KEYS];
	assert(table);
	for (uint64_t key = 0, have = 0; have < KEYS; key++)
		if ((uint32_t)hash_bytes(seed, &key, 8) >> 19 == 77) /* one of 8,192 parts */
			keys[have++] = key;
	for (unsigned i = 0; i < KEYS; i++)
		table_insert(table, &keys[i], NULL);
	for (unsigned i = 0; i < KEYS; i++) {
		uint64_t before = counted;
		found += table_find(table, &keys[i]) != NULL;
		most = counted - before > most ? counted - before : most;
	}
	bool ok = found == KEYS && most <= 1000 && table_rebuilds(table);
	printf("%s %u - steps: %u keys of one home: %u found, %u seeds or sizes tried, %u steps at "
	       "most\n",
		ok ? "ok" : "not ok", number, KEYS, (unsigned)found, table_rebuilds(table),
		(unsigned)most);
	table_free(table);
	return ok;
}

int main(void)
{
	unsigned failed = 0, number = 0;
	for (size_t i = 0; i < COUNT(floods); i++)
		failed += !flood(&floods[i], ++number);
	failed += !collide(++number);
	printf("1..%u\n", number);
	return failed != 0;
}
