/* Sequence numbers are compared by their distances (RFC 9293 3.4), which never reach 2^31 here. */
#include "wire/recent.h"

#include <xxhash.h>

void recent_clear(struct recent *recent)
{
	recent->count = recent->text_size = 0;
}

static uint32_t hash_of(uint64_t seed, struct bytes bytes)
{
	return (uint32_t)XXH3_64bits_withSeed(bytes.at, bytes_size(bytes), seed);
}

static void text_add(struct recent *recent, uint32_t seq, struct bytes bytes)
{
	size_t size = bytes_size(bytes), keep = RECENT_TEXT - size;
	if (recent->text_end != seq)
		recent->text_size = 0;
	if (keep > recent->text_size)
		keep = recent->text_size;
	memmove(recent->text, recent->text + recent->text_size - keep, keep);
	memcpy(recent->text + keep, bytes.at, size);
	recent->text_size = (uint32_t)(keep + size);
	recent->text_end = seq + (uint32_t)size;
}

static void forget_oldest(struct recent *recent, uint32_t count)
{
	recent->count -= count;
	memmove(recent->segment, &recent->segment[count],
		recent->count * sizeof(recent->segment[0]));
}

bool recent_full(struct recent *recent, uint32_t acked)
{
	uint32_t old = 0;
	if (!recent->room || recent->count < recent->room)
		return false;
	while (old + 1 < recent->count && (int32_t)(recent->segment[old + 1].seq - acked) <= 0)
		old++;
	if (old < recent->room / 4) /* not worth it: it would be asked again at once */
		return true;
	forget_oldest(recent, old);
	return false;
}

void recent_widen(struct recent *recent, struct recent_more *more)
{
	memcpy(more->segment, recent->segment, recent->count * sizeof(recent->segment[0]));
	recent->segment = more->segment;
	recent->room = RECENT_MORE;
}

void recent_add(struct recent *recent, uint64_t seed, uint32_t seq, struct bytes bytes)
{
	if (!recent->room) {
		recent->segment = recent->few;
		recent->room = RECENT_SEGMENTS;
	}
	if (recent->count == recent->room)
		forget_oldest(recent, recent->room / 2);
	recent->segment[recent->count].seq = seq;
	recent->segment[recent->count++].hash = hash_of(seed, bytes);
	recent->end = seq + (uint32_t)bytes_size(bytes);
	if (bytes_size(bytes) <= RECENT_TEXT)
		text_add(recent, seq, bytes);
}

/* Does the text hold all of seq..end, or is nothing of it in it? */
static bool in_text(const struct recent *recent, uint32_t seq, uint32_t end)
{
	uint32_t begin = recent->text_end - recent->text_size;
	return (int32_t)(seq - begin) >= 0 && (int32_t)(recent->text_end - end) >= 0;
}

static bool text_differs(const struct recent *recent, uint32_t seq, struct bytes again)
{
	uint32_t begin = recent->text_end - recent->text_size;
	struct bytes text = bytes_make(recent->text, recent->text_size);
	if ((int32_t)(seq - begin) < 0)
		bytes_split(&again, begin - seq);
	else
		bytes_split(&text, seq - begin);
	size_t size = bytes_size(text) < bytes_size(again) ? bytes_size(text) : bytes_size(again);
	return size && memcmp(text.at, again.at, size) != 0;
}

enum recent_says recent_compare(
	const struct recent *recent, uint64_t seed, uint32_t seq, struct bytes again, uint32_t from)
{
	uint32_t end = seq + (uint32_t)bytes_size(again), known = from;
	if ((int32_t)(known - seq) < 0)
		known = seq;
	if (text_differs(recent, seq, again))
		return RECENT_OTHER;
	for (uint32_t i = 0; i < recent->count && (int32_t)(end - known) > 0; i++) {
		uint32_t begin = recent->segment[i].seq;
		uint32_t behind = i + 1 < recent->count ? recent->segment[i + 1].seq : recent->end;
		uint32_t part = (int32_t)(behind - end) > 0 ? end : behind;
		if ((int32_t)(behind - known) <= 0)
			continue;
		if ((int32_t)(begin - known) > 0)
			return RECENT_UNKNOWN;
		if ((int32_t)(begin - seq) >= 0 && part == behind) {
			struct bytes whole = again;
			bytes_split(&whole, begin - seq);
			bytes_limit(&whole, behind - begin);
			if (hash_of(seed, whole) != recent->segment[i].hash)
				return RECENT_OTHER;
		} else if (!in_text(recent, known, part)) {
			return RECENT_UNKNOWN;
		}
		known = part;
	}
	return (int32_t)(end - known) > 0 && !in_text(recent, known, end) ? RECENT_UNKNOWN
									  : RECENT_SAME;
}
