/* Fragments in any order, with any overlap: whatever is put together consists of bytes that were
 * sent for that place, and of one version of them where two were sent. Each step is six bytes: id
 * and flags, offset in blocks, length. */
#include <assert.h>
#include <stdlib.h>

#include "wire/fragment.h"

#define IDS 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t byte_of(unsigned id, size_t at)
{
	return (uint8_t)(2 * (id + at % 61));
}

static void check(const struct ip *ip, struct bytes in, unsigned id)
{
	assert(!ip->fragment && !ip->more && !ip->offset && !ip->cut);
	assert(bytes_size(in) == ip->length && ip->length && ip->length <= 65535);
	for (size_t i = 0; i < ip->length; i++)
		assert((in.at[i] & 0xfe) == byte_of(id, i));
}

/* `version` is the lowest bit of each byte. */
static void add(struct fragments *all, const uint8_t *step, struct anomalies *seen, int64_t time)
{
	unsigned id = step[0] % IDS, version = step[1] & 1;
	uint8_t source[4] = { 192, 0, 2, 1 };
	struct ip ip = {
		.source = address_v4(source),
		.destination = address_v4(source),
		.protocol = step[1] & 2 ? 17 : 6,
		.length = step[1] & 32 ? be16(step + 4) : be16(step + 4) % 1024, /* mostly fast */
		.fragment = true,
		.more = step[1] & 4,
		.cut = step[1] & 8,
		.offset = (uint16_t)(be16(step + 2) << 3),
		.fragment_id = id,
	};
	size_t here = ip.cut ? ip.length / 2 : ip.length;
	uint8_t *data = malloc(here + 1);
	assert(data);
	for (size_t i = 0; i < here; i++)
		data[i] = (uint8_t)(byte_of(id, ip.offset + i) | version);
	struct bytes in = bytes_make(data, here);
	fragments_begin(all);
	bool whole = fragments_add(all, &ip, &in, time, seen);
	free(data);
	if (whole)
		check(&ip, in, id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct fragments all;
	struct bytes in = bytes_make(data, size);
	const uint8_t *step;
	int64_t time = 0;
	bool ok = fragments_new(&all);
	assert(ok);
	for (unsigned i = 0; i < 64 && (step = bytes_take(&in, 6)); i++) {
		time += step[1] & 16 ? 20 * SECOND : 0;
		add(&all, step, &seen, time);
	}
	fragments_finish(&all, &seen);
	assert(pool_count(all.pool) <= FRAGMENT_PACKETS);
	fragments_free(&all);
	return 0;
}
