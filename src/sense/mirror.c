/* A table of fingerprints, four to a bucket. Who can forge a fingerprint can make us take his
 * second version of some bytes for a copy of the first, so it covers the whole payload under a
 * secret key: NH (Black, Halevi, Krawczyk, Krovetz, Rogaway: UMAC, 1999) at a few bytes a cycle,
 * then SipHash over its results and the headers. Two texts collide once in 2^32, and nobody sees it
 * happen. */
#include "sense/mirror.h"

#include <stdlib.h>

#include "base/fault.h"
#include "base/hash.h"
#include "base/vector.h"

enum {
	WAYS = 4,
	GROUP = 32,      /* bytes that are taken at once */
	BLOCK = 1024,    /* bytes under one key */
	BLOCKS_MAX = 64, /* a segment has less than 64 KiB */
	HEADER_MAX = 60, /* of TCP, with its options */
	FIXED = 12       /* bytes of the text that is hashed, before the header */
};

struct slot {
	uint64_t fingerprint;
	int64_t time;  /* 0: empty */
	uint32_t link; /* hash of MACs, VLANs, interface; 0: not needed */
	uint8_t ttl;   /* the highest so far */
};

struct mirror {
	struct hash_key key;
	uint32_t block_key[BLOCK / 4];
	struct slot slot[MIRROR_SLOTS];
};

struct mirror *mirror_new(void)
{
	struct mirror *mirror = fault_call() ? NULL : calloc(1, sizeof(*mirror));
	if (!mirror)
		return NULL;
	mirror->key = hash_key_random();
	for (size_t i = 0; i < COUNT(mirror->block_key); i++)
		mirror->block_key[i] = (uint32_t)hash_bytes(mirror->key, &i, sizeof(i));
	return mirror;
}

void mirror_free(struct mirror *mirror)
{
	free(mirror);
}

static vector_pairs add(const uint8_t *at, const uint32_t *key)
{
	vector_words word, more;
	memcpy(&word, at, sizeof(word));
	memcpy(&more, key, sizeof(more));
	return (vector_pairs)(word + more);
}

/* NH of whole groups, four products at once: of the first and the fifth word, and so on. Twice as
 * fast as word by word. */
static uint64_t groups_digest(const uint32_t *key, const uint8_t *at, size_t size)
{
	vector_pairs sum = { 0 };
	for (size_t i = 0; i < size; i += GROUP) {
		vector_pairs a = add(at + i, key + i / 4);
		vector_pairs b = add(at + i + GROUP / 2, key + i / 4 + 4);
		sum += vector_multiply(a, b) + vector_multiply(a >> 32, b >> 32);
	}
	return sum[0] + sum[1];
}

/* One number for each block of the payload, to `out`; gives the bytes written. */
static size_t payload_digest(const struct mirror *mirror, struct bytes payload, uint8_t *out)
{
	size_t written = 0;
	while (payload.at != payload.end) { /* at most BLOCKS_MAX */
		struct bytes block = bytes_split(&payload, BLOCK);
		size_t whole = bytes_size(block) / GROUP * GROUP;
		uint8_t tail[GROUP] = { 0 };
		uint64_t sum = groups_digest(mirror->block_key, bytes_take(&block, whole), whole);
		if (block.at != block.end) {
			memcpy(tail, block.at, bytes_size(block));
			sum += groups_digest(mirror->block_key + whole / 4, tail, GROUP);
		}
		memcpy(out + written, &sum, sizeof(sum));
		written += sizeof(sum);
	}
	return written;
}

static uint64_t fingerprint(
	const struct mirror *mirror, uint64_t flow, const struct arrival *arrival)
{
	uint8_t text[FIXED + HEADER_MAX + 8 * BLOCKS_MAX];
	struct bytes header = arrival->whole;
	size_t size = bytes_size(arrival->payload);
	bytes_limit(&header, bytes_size(header) - size);
	bytes_limit(&header, HEADER_MAX);
	size_t written = FIXED + bytes_size(header);
	memcpy(text, &flow, 8);
	memcpy(text + 8, &arrival->id, 2);
	memcpy(text + 10, &(uint16_t){ (uint16_t)size }, 2);
	memcpy(text + FIXED, header.at, bytes_size(header));
	written += payload_digest(mirror, arrival->payload, text + written);
	return hash_bytes(mirror->key, text, written);
}

static uint32_t link_digest(const struct mirror *mirror, const struct arrival *arrival)
{
	uint8_t text[20];
	if (arrival->id)
		return 0;
	memcpy(text, arrival->from.mac, 6);
	memcpy(text + 6, arrival->to.mac, 6);
	memcpy(text + 12, arrival->vlan, 4);
	memcpy(text + 16, &arrival->interface, 4);
	return (uint32_t)hash_bytes(mirror->key, text, sizeof(text));
}

/* The slots of a fingerprint: where it is, or where it may be put. */
static struct slot *find(struct mirror *mirror, uint64_t print, bool *there)
{
	struct slot *bucket = &mirror->slot[print % (MIRROR_SLOTS / WAYS) * WAYS];
	struct slot *oldest = bucket;
	for (unsigned i = 0; i < WAYS; i++) {
		*there = bucket[i].time && bucket[i].fingerprint == print;
		if (*there)
			return &bucket[i];
		if (bucket[i].time < oldest->time)
			oldest = &bucket[i];
	}
	return oldest;
}

/* `slot` has the same fingerprint: is it the same packet? */
static bool is_copy(const struct slot *slot, const struct arrival *arrival, uint32_t link)
{
	int64_t apart = arrival->time - slot->time;
	if (apart < 0)
		apart = -apart;
	if (arrival->id)
		return apart <= MIRROR_AGE;
	return apart <= MIRROR_AGE_BLIND && (arrival->ttl != slot->ttl || link != slot->link);
}

enum mirror_verdict mirror_look(struct mirror *mirror, uint64_t flow, const struct arrival *arrival)
{
	bool there;
	if (bytes_size(arrival->payload) > BLOCK * BLOCKS_MAX)
		return MIRROR_FIRST; /* what a card has put together; no other copy looks like it */
	uint64_t print = fingerprint(mirror, flow, arrival);
	struct slot *slot = find(mirror, print, &there);
	uint32_t link = link_digest(mirror, arrival);
	if (!there || !is_copy(slot, arrival, link)) {
		*slot = (struct slot){ print, arrival->time, link, arrival->ttl };
		return MIRROR_FIRST;
	}
	if (arrival->ttl <= slot->ttl)
		return MIRROR_COPY;
	slot->ttl = arrival->ttl;
	return MIRROR_NEARER;
}
