/* Compressed bytes: whatever they are, each step moves on, and slices give what the whole gives. */
#include <assert.h>
#include <stdlib.h>

#include "sense/unpack.h"

#define OUT_MAX ((size_t)1024 * 1024) /* more than that is not followed: bombs are allowed */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	size_t size;
	uint64_t digest;
	enum unpack_step step;
};

static void keep(struct outcome *outcome, struct bytes part)
{
	const uint8_t *byte;
	outcome->size += bytes_size(part);
	while ((byte = bytes_take(&part, 1)))
		outcome->digest = (outcome->digest ^ *byte) * UINT64_C(0x100000001b3);
}

static struct outcome unpack_all(struct bytes all, size_t slice, size_t room)
{
	struct outcome outcome = { .step = UNPACK_ON };
	struct unpack *unpack = unpack_new(all);
	struct bytes in = { 0 };
	uint8_t *out = malloc(room);
	assert(unpack && out);
	while (outcome.size < OUT_MAX) {
		size_t got;
		outcome.step = unpack_some(unpack, &in, out, room, &got);
		assert(got <= room);
		keep(&outcome, bytes_make(out, got));
		if (outcome.step != UNPACK_ON && outcome.step != UNPACK_BETWEEN)
			break;
		if (got)
			continue;
		assert(in.at == in.end);
		if (all.at == all.end)
			break;
		in = bytes_split(&all, slice);
	}
	free(out);
	unpack_free(unpack);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = bytes_make(data, size);
	if (!unpack_knows(all))
		return 0;
	struct outcome whole = unpack_all(all, size, 65536);
	struct outcome sliced = unpack_all(all, 1 + size % 7, 257);
	/* How much is written before damage is found depends on the slices. */
	if (whole.size < OUT_MAX && (whole.step == UNPACK_ON || whole.step == UNPACK_BETWEEN)) {
		assert(whole.step == sliced.step && whole.size == sliced.size);
		assert(whole.digest == sliced.digest);
	}
	return 0;
}
