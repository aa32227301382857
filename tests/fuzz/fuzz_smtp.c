/* The SMTP parser. Input: a byte of options (1 seen from the middle, 2 one-sided, 4 content
 * wanted), then records: a byte (1 of the server, 2 a gap), a byte of length, and that many bytes;
 * of a gap only the length. Whole, byte by byte and in odd pieces, the same items must come, at the
 * same times; each byte makes few of them; each item's text is readable; no item shows a password.
 */
#include <stdlib.h>

#include "wire/smtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct smtp *smtp;
	struct anomalies seen;
	struct anomaly_totals totals;
	uint64_t digest, content, items;
};

static void require(bool what)
{
	if (!what)
		abort();
}

static uint64_t mix(uint64_t digest, const void *data, size_t size)
{
	const uint8_t *at = data;
	for (size_t i = 0; i < size; i++)
		digest = (digest ^ at[i]) * 1099511628211u; /* FNV-1a */
	return digest;
}

static uint64_t mix_number(uint64_t digest, uint64_t number)
{
	return mix(digest, &number, sizeof number);
}

static uint64_t mix_text(uint64_t digest, struct bytes text)
{
	return mix(mix_number(digest, text.at ? bytes_size(text) : SIZE_MAX), text.at,
		bytes_size(text));
}

static void take_items(struct run *run)
{
	struct smtp_item item;
	while (smtp_next(run->smtp, &item)) {
		if (item.kind == SMTP_CONTENT) { /* comes in as many pieces as the input */
			run->content = mix(run->content, item.text.at, bytes_size(item.text));
			continue;
		}
		uint64_t numbers[] = { run->content, item.kind, item.verb, item.phase, item.last,
			item.whole, item.late, item.tls_implicit, (uint64_t)item.code, item.size,
			(uint64_t)item.time, (uint64_t)item.command_time };
		run->items++;
		run->digest = mix(run->digest, numbers, sizeof numbers);
		run->digest = mix_text(run->digest, item.argument);
		run->digest = mix_text(run->digest, item.parameters);
		run->digest = mix_text(run->digest, item.identity);
		run->digest = mix_text(run->digest, item.enhanced);
		run->digest = mix_text(run->digest, item.text);
		require(item.verb < SMTP_VERB_COUNT);
		require(!item.code || (item.code >= 200 && item.code <= 599));
		require(item.verb != SMTP_VERB_UNKNOWN ||
			(!item.argument.at && !item.parameters.at));
		require(item.verb != SMTP_VERB_AUTH || !item.parameters.at);
	}
}

/* Each piece lies in memory of its own that is gone afterwards. */
static void feed(struct run *run, enum smtp_side side, struct bytes in, size_t piece, int64_t time)
{
	while (in.at != in.end) {
		struct bytes part = bytes_split(&in, piece);
		size_t size = bytes_size(part);
		uint8_t *copy = malloc(size);
		require(copy);
		memcpy(copy, part.at, size);
		smtp_feed(run->smtp, side, bytes_make(copy, size), time);
		take_items(run);
		free(copy);
	}
}

static struct run play(struct bytes in, size_t piece)
{
	struct run run = { 0 };
	struct arena *arena = arena_new(SMTP_ARENA_MAX);
	const uint8_t *options = bytes_take(&in, 1);
	int64_t time = 0;
	require(arena);
	run.seen.total = &run.totals;
	run.smtp = smtp_init(arena, &run.seen);
	require(run.smtp);
	if (options && (*options & 1))
		smtp_middle(run.smtp);
	if (options && (*options & 2))
		smtp_one_sided(run.smtp);
	if (options && (*options & 4))
		smtp_want_content(run.smtp);
	while (bytes_size(in) >= 2) {
		const uint8_t *head = bytes_take(&in, 2);
		enum smtp_side side = head[0] & 1 ? SMTP_SERVER : SMTP_CLIENT;
		time++;
		if (head[0] & 2) {
			smtp_gap(run.smtp, side, head[1], time);
			take_items(&run);
		} else {
			feed(&run, side, bytes_split(&in, head[1]), piece, time);
		}
	}
	smtp_finish(run.smtp, time + 1);
	take_items(&run);
	require(!smtp_next(run.smtp, &(struct smtp_item){ 0 }));
	run.digest = mix_number(run.digest, run.content);
	run.digest = mix_number(run.digest, smtp_tls_bytes(run.smtp, SMTP_CLIENT));
	run.digest = mix_number(run.digest, smtp_tls_bytes(run.smtp, SMTP_SERVER));
	run.digest = mix(run.digest, run.totals.count, sizeof run.totals.count);
	arena_free(arena);
	return run;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_make(data, size);
	struct run whole = play(in, SIZE_MAX), bytewise = play(in, 1), odd = play(in, 7);
	require(whole.items <= 2 * size + 4); /* a line is a command and its reply */
	require(whole.digest == bytewise.digest);
	require(whole.digest == odd.digest);
	return 0;
}
