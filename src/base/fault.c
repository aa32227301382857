/* Faults on demand: two counters and the number at which each strikes. Read from the environment
 * before main(), so that no caller has to think of it and `count` also prints where nothing was
 * counted. Release builds hold nothing of it. */
#include "base/fault.h"

#ifdef MAILWARDEN_FAULTS

#include <inttypes.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/anomaly.h"

static atomic_uint_fast64_t calls, limits; /* asked so far */
static uint64_t fail_at, limit_at;         /* 0: never */
static atomic_bool hit[ANOMALY_COUNT];

bool fault_call(void)
{
	return atomic_fetch_add(&calls, 1) + 1 == fail_at;
}

bool fault_limit(void)
{
	return atomic_fetch_add(&limits, 1) + 1 == limit_at;
}

void fault_hit(unsigned anomaly)
{
	atomic_store_explicit(&hit[anomaly], true, memory_order_relaxed);
}

static void write_hits(void)
{
	FILE *file = fopen(getenv("MAILWARDEN_HITS"), "ae");
	if (!file)
		return;
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT; kind++)
		if (atomic_load(&hit[kind]))
			fprintf(file, "%s\n", anomaly_name(kind));
	fclose(file);
}

static void print_counts(void)
{
	fprintf(stderr, "faults: %" PRIuFAST64 " calls, %" PRIuFAST64 " limits\n",
		atomic_load(&calls), atomic_load(&limits));
}

/* "fail@12" with "fail@": 12; 0: it is something else. */
static uint64_t number_behind(const char *text, const char *word)
{
	uint64_t number = 0;
	size_t size = strlen(word);
	if (strncmp(text, word, size) != 0)
		return 0;
	for (text += size; *text; text++) {
		if (*text < '0' || *text > '9' || number > UINT64_MAX / 100)
			return 0;
		number = number * 10 + (uint64_t)(*text - '0');
	}
	return number;
}

bool fault_arm(const char *text)
{
	atomic_store(&calls, 0);
	atomic_store(&limits, 0);
	fail_at = number_behind(text, "fail@");
	limit_at = number_behind(text, "limit@");
	return fail_at || limit_at || !strcmp(text, "count");
}

__attribute__((constructor)) static void read_environment(void)
{
	const char *text = getenv("MAILWARDEN_FAULT");
	if (getenv("MAILWARDEN_HITS"))
		atexit(write_hits);
	if (!text)
		return;
	if (!fault_arm(text)) {
		fputs("MAILWARDEN_FAULT: not understood; write fail@N, limit@N or count\n", stderr);
		_Exit(2);
	}
	if (!strcmp(text, "count"))
		atexit(print_counts);
}

#endif
