/* Hash table. Linear probing, robin-hood: entries stand in the order of their home slots, so a miss
 * ends at the first entry whose home lies behind that of the key. (Celis, "Robin Hood Hashing",
 * 1986.) There are PROBES - 1 slots behind the last home, so nothing wraps around, and shifting is
 * one memmove(). The 32-bit hashes stand in an array of their own: sixteen to a cache line, 0 for
 * an empty slot. The home of a hash is hash * homes >> 32 (Lemire 2019), so any number of homes
 * will do and the last growth takes no more memory than `max` needs. */
#include "base/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

#define HOMES_FIRST 64
#define PROBES 32      /* slots in which a key may stand: home, home + 1, ... */
#define REBUILDS_MAX 4 /* tries with a larger size or a new seed, before it is taken for full */

struct slots {
	uint32_t *hashes;
	uint8_t *entries; /* key, padding, value, padding */
	size_t homes;     /* there are PROBES - 1 more slots */
};

struct table {
	struct slots slots;
	size_t key_size, value_offset, stride; /* bytes */
	size_t count, max;
	size_t homes_max;
	struct hash_key seed;
	bool hashed; /* the keys are */
	unsigned rebuilds;
};

static size_t slot_count(const struct slots *slots)
{
	return slots->homes + PROBES - 1;
}

static size_t home_of(const struct slots *slots, uint32_t hash)
{
	return (size_t)((uint64_t)hash * slots->homes >> 32);
}

static uint8_t *entry_at(const struct table *table, const struct slots *slots, size_t slot)
{
	return slots->entries + slot * table->stride;
}

static uint32_t hash_of(const struct table *table, const void *key)
{
	uint32_t hash;
	if (table->hashed) {
		uint64_t word;
		memcpy(&word, key, sizeof(word));
		hash = (uint32_t)((word * (table->seed.k0 | 1)) >> 32);
	} else {
		hash = (uint32_t)hash_bytes(table->seed, key, table->key_size);
	}
	return hash ? hash : 1;
}

static bool slots_new(const struct table *table, struct slots *slots, size_t homes)
{
	slots->homes = homes;
	slots->hashes = fault_call() ? NULL : calloc(slot_count(slots), sizeof(*slots->hashes));
	slots->entries = fault_call() ? NULL : reallocarray(NULL, slot_count(slots), table->stride);
	if (slots->hashes && slots->entries)
		return true;
	free(slots->hashes);
	free(slots->entries);
	return false;
}

/* What a type of this size may need: a size is a multiple of its alignment. */
static size_t alignment(size_t size)
{
	size_t lowest = size & (0 - size);
	return lowest > 8 ? 8 : lowest;
}

static size_t round_up(size_t size, size_t align)
{
	return (size + align - 1) / align * align;
}

struct table *table_new_seeded(size_t key_size, size_t value_size, size_t max, struct hash_key seed)
{
	struct table *table = fault_call() ? NULL : calloc(1, sizeof(*table));
	size_t key_align = alignment(key_size);
	size_t value_align = value_size ? alignment(value_size) : 1;
	assert(key_size && max && max < UINT32_MAX / 2);
	if (!table)
		return NULL;
	table->key_size = key_size;
	table->value_offset = round_up(key_size, value_align);
	table->stride = round_up(table->value_offset + value_size,
		key_align > value_align ? key_align : value_align);
	table->max = max;
	table->homes_max = max + max / 2; /* two thirds full: 32 probes are hardly ever needed */
	table->seed = seed;
	if (!slots_new(table, &table->slots,
		    table->homes_max < HOMES_FIRST ? table->homes_max : HOMES_FIRST)) {
		free(table);
		return NULL;
	}
	return table;
}

struct table *table_new(size_t key_size, size_t value_size, size_t max)
{
	return table_new_seeded(key_size, value_size, max, hash_key_random());
}

struct table *table_new_hashed(size_t value_size, size_t max)
{
	struct table *table = table_new(sizeof(uint64_t), value_size, max);
	if (table)
		table->hashed = true;
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	free(table->slots.hashes);
	free(table->slots.entries);
	free(table);
}

void *table_find(const struct table *table, const void *key)
{
	uint32_t hash = hash_of(table, key);
	const struct slots *slots = &table->slots;
	size_t home = home_of(slots, hash);
	for (size_t slot = home; slot < home + PROBES; slot++) {
		uint32_t there = slots->hashes[slot];
		uint8_t *entry = entry_at(table, slots, slot);
		if (there == hash && !memcmp(entry, key, table->key_size))
			return entry + table->value_offset;
		if (!there || home_of(slots, there) > home)
			break;
	}
	return NULL;
}

/* Makes a free slot in its place for a key that is not there; NULL when some key would stand behind
 * its last probe. */
static uint8_t *place(const struct table *table, struct slots *slots, uint32_t hash)
{
	size_t home = home_of(slots, hash), slot = home, end;
	while (slot < home + PROBES && slots->hashes[slot] &&
		home_of(slots, slots->hashes[slot]) <= home)
		slot++;
	if (slot == home + PROBES)
		return NULL;
	for (end = slot; end < slot_count(slots) && slots->hashes[end]; end++)
		if (end + 1 - home_of(slots, slots->hashes[end]) == PROBES)
			return NULL;
	/* Not behind the last slot: an entry there would be at its last probe. */
	memmove(slots->hashes + slot + 1, slots->hashes + slot,
		(end - slot) * sizeof(*slots->hashes));
	memmove(entry_at(table, slots, slot + 1), entry_at(table, slots, slot),
		(end - slot) * table->stride);
	slots->hashes[slot] = hash;
	return entry_at(table, slots, slot);
}

/* Moves all entries into slots for `homes` homes; false: no memory, or no place for one of them
 * (then nothing has changed). */
static bool rebuild(struct table *table, size_t homes, struct hash_key seed)
{
	struct slots slots, old = table->slots;
	struct hash_key old_seed = table->seed;
	bool ok = true;
	if (!slots_new(table, &slots, homes))
		return false;
	table->seed = seed;
	for (size_t i = 0; ok && i < slot_count(&old); i++) {
		const uint8_t *entry = entry_at(table, &old, i);
		uint8_t *copy;
		if (!old.hashes[i])
			continue;
		copy = place(table, &slots, hash_of(table, entry));
		if (copy)
			memcpy(copy, entry, table->stride);
		ok = copy;
	}
	if (ok) {
		table->slots = slots;
		slots = old;
	} else {
		table->seed = old_seed;
	}
	free(slots.hashes);
	free(slots.entries);
	return ok;
}

/* One step up: twice the homes, or those of the largest size. */
static size_t homes_next(const struct table *table)
{
	size_t homes = table->slots.homes;
	return homes > table->homes_max / 2 ? table->homes_max : 2 * homes;
}

/* A key found no place within its probes: chance, as outsiders cannot know the seed. Grows where
 * that is due soon anyway, else takes a new seed. */
static bool rebuild_for_probes(struct table *table, unsigned try)
{
	const uint8_t names[] = { (uint8_t)(2 * try), (uint8_t)(2 * try + 1) };
	struct hash_key seed = table->seed;
	table->rebuilds++;
	if (try == 0 && table->count >= table->slots.homes / 2 &&
		table->slots.homes < table->homes_max)
		return rebuild(table, homes_next(table), seed);
	seed.k0 = hash_bytes(table->seed, &names[0], 1);
	seed.k1 = hash_bytes(table->seed, &names[1], 1);
	return rebuild(table, table->slots.homes, seed);
}

void *table_insert(struct table *table, const void *key, bool *fresh)
{
	uint8_t *entry = NULL;
	void *there = table_find(table, key);
	if (fresh)
		*fresh = !there;
	if (there)
		return there;
	if (table->count >= table->max || fault_limit())
		goto out;
	/* Grows at three quarters; where memory is short, it fills up further. */
	if (table->count >= table->slots.homes / 4 * 3 && table->slots.homes < table->homes_max)
		rebuild(table, homes_next(table), table->seed);
	entry = fault_limit() ? NULL : place(table, &table->slots, hash_of(table, key));
	for (unsigned i = 0; !entry && i < REBUILDS_MAX; i++)
		if (rebuild_for_probes(table, i))
			entry = place(table, &table->slots, hash_of(table, key));
out:
	if (!entry) {
		if (fresh)
			*fresh = false;
		return NULL;
	}
	memset(entry, 0, table->stride);
	memcpy(entry, key, table->key_size);
	table->count++;
	return entry + table->value_offset;
}

bool table_remove(struct table *table, const void *key)
{
	struct slots *slots = &table->slots;
	const uint8_t *value = table_find(table, key);
	size_t slot, end;
	if (!value)
		return false;
	slot = (size_t)(value - slots->entries) / table->stride;
	/* Those that follow move one slot nearer to their homes, up to the first that is at home.
	 */
	for (end = slot + 1; end < slot_count(slots) && slots->hashes[end]; end++)
		if (home_of(slots, slots->hashes[end]) == end)
			break;
	memmove(slots->hashes + slot, slots->hashes + slot + 1,
		(end - slot - 1) * sizeof(*slots->hashes));
	memmove(entry_at(table, slots, slot), entry_at(table, slots, slot + 1),
		(end - slot - 1) * table->stride);
	slots->hashes[end - 1] = 0;
	table->count--;
	return true;
}

size_t table_count(const struct table *table)
{
	return table->count;
}

unsigned table_rebuilds(const struct table *table)
{
	return table->rebuilds;
}

bool table_walk(const struct table *table, size_t *cursor, const void **key, void **value)
{
	while (*cursor < slot_count(&table->slots)) {
		size_t slot = (*cursor)++;
		uint8_t *entry = entry_at(table, &table->slots, slot);
		if (!table->slots.hashes[slot])
			continue;
		*key = entry;
		*value = entry + table->value_offset;
		return true;
	}
	return false;
}
