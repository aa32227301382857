/* The message scanner. Input: a byte (1 digests wanted, 2 a gap in the middle), then the message.
 * Whole, byte by byte and in odd pieces, the same items must come with the same anomalies; begins
 * and ends match; limits hold; the work is linear. */
#include <stdlib.h>

#include "mime/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct mime *mime;
	struct anomalies seen;
	struct anomaly_totals totals;
	uint64_t digest, steps;
	unsigned open, links;
	bool ended;
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

static void mix_number(struct run *run, uint64_t number)
{
	run->digest = mix(run->digest, &number, sizeof number);
}

static void mix_text(struct run *run, struct bytes text)
{
	mix_number(run, text.at ? bytes_size(text) : SIZE_MAX);
	run->digest = mix(run->digest, text.at, bytes_size(text));
}

static void take_part(struct run *run, const struct mime_item *item)
{
	const struct mime_part *part = item->part;
	mix_text(run, part->path);
	mix_text(run, part->type);
	mix_text(run, part->charset);
	mix_text(run, part->name);
	mix_number(run, part->shape);
	mix_number(run, part->depth);
	mix_number(run, part->claimed);
	require(part->depth <= MIME_DEPTH_MAX + 1);
	if (item->kind == MIME_PART)
		run->open++;
	if (item->kind != MIME_PART_END)
		return;
	require(run->open-- > 0);
	mix_number(run, part->size);
	mix_number(run, part->size_sent);
	mix_number(run, part->links);
	mix_number(run, part->images);
	mix_number(run, part->kind);
	run->digest = mix(run->digest, part->xxh3, sizeof part->xxh3);
	run->digest = mix(run->digest, part->md5, sizeof part->md5);
	run->digest = mix(run->digest, part->sha256, sizeof part->sha256);
}

static void take_items(struct run *run)
{
	struct mime_item item;
	while (mime_next(run->mime, &item)) {
		require(!run->ended);
		mix_number(run, item.kind);
		mix_number(run, item.field);
		mix_number(run, item.raw);
		mix_number(run, (uint64_t)item.time);
		mix_text(run, item.text);
		mix_text(run, item.address);
		if (item.part)
			take_part(run, &item);
		if (item.received)
			mix_text(run, item.received->from);
		run->links += item.kind == MIME_LINK;
		run->ended = item.kind == MIME_END;
		if (item.total)
			mix_number(run, item.total->parts ^ item.total->links << 16);
	}
}

/* Each piece lies in memory of its own that is gone afterwards. */
static void feed(struct run *run, struct bytes in, size_t piece)
{
	while (in.at != in.end) {
		struct bytes part = bytes_split(&in, piece);
		size_t size = bytes_size(part);
		uint8_t *copy = malloc(size);
		require(copy);
		memcpy(copy, part.at, size);
		mime_feed(run->mime, bytes_make(copy, size));
		take_items(run);
		free(copy);
	}
}

static struct run play(struct mime *mime, struct bytes in, bool gap, size_t piece)
{
	struct run run = { .mime = mime };
	struct bytes first = bytes_split(&in, bytes_size(in) / 2);
	run.seen.total = &run.totals;
	mime_init(mime, &run.seen);
	feed(&run, first, piece);
	if (gap)
		mime_gap(mime, 100);
	feed(&run, in, piece);
	mime_finish(mime);
	take_items(&run);
	require(run.ended && !run.open && run.links <= MIME_LINKS_MAX);
	run.digest = mix(run.digest, run.totals.count, sizeof run.totals.count);
	run.steps = mime_steps(mime);
	return run;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mime_tools *tools;
	static struct mime
		*scanners[2]; /* one of each level; to be used again is part of the test */
	struct bytes in = bytes_make(data, size);
	const uint8_t *options = bytes_take(&in, 1);
	if (!options)
		return 0;
	if (!tools) {
		tools = mime_tools_open();
		require(tools);
		scanners[0] = mime_new(tools, MIME_HEADERS);
		scanners[1] = mime_new(tools, MIME_DIGESTS);
		require(scanners[0] && scanners[1]);
	}
	struct mime *mime = scanners[*options & 1];
	bool gap = *options & 2;
	struct run whole = play(mime, in, gap, SIZE_MAX);
	require(whole.digest == play(mime, in, gap, 1).digest);
	require(whole.digest == play(mime, in, gap, 7).digest);
	require(whole.steps <= 64 * size + 4096);
	return 0;
}
