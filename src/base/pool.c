/* Pool: chunks of 2^n objects, so that an index becomes an address by shift and mask. Free slots
 * are chained through their own first bytes; slots never used yet are taken in order. */
#include "base/pool.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

#define CHUNK_SIZE 65536 /* bytes: under malloc's threshold for a mapping of its own */
#define OBJECT_ALIGN 8

struct pool {
	uint8_t **chunks;
	uint32_t chunk_room; /* pointers that `chunks` has room for */
	unsigned shift;      /* 2^shift objects a chunk */
	size_t object_size;
	uint32_t max, count;
	uint32_t used; /* slots handed out at least once: indexes 1..used */
	uint32_t free; /* first of the chain of free slots; 0: none */
};

static uint8_t *slot(const struct pool *pool, uint32_t index)
{
	uint32_t place = index - 1, mask = ((uint32_t)1 << pool->shift) - 1;
	assert(index >= 1 && index <= pool->used);
	return pool->chunks[place >> pool->shift] + (place & mask) * pool->object_size;
}

struct pool *pool_new(size_t object_size, uint32_t max)
{
	struct pool *pool = fault_call() ? NULL : calloc(1, sizeof(*pool));
	assert(object_size && object_size <= UINT32_MAX && max < UINT32_MAX);
	if (!pool)
		return NULL;
	pool->object_size = (object_size + OBJECT_ALIGN - 1) / OBJECT_ALIGN * OBJECT_ALIGN;
	pool->max = max;
	while (pool->object_size << (pool->shift + 1) <= CHUNK_SIZE)
		pool->shift++;
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	for (size_t i = 0; (uint64_t)i << pool->shift < pool->used; i++)
		free(pool->chunks[i]);
	free(pool->chunks);
	free(pool);
}

/* Room for chunk number `chunk`, which holds all objects or those up to `max`. */
static bool add_chunk(struct pool *pool, uint32_t chunk)
{
	uint32_t objects = (uint32_t)1 << pool->shift;
	uint32_t left = pool->max - (chunk << pool->shift);
	if (chunk == pool->chunk_room) {
		uint32_t room = chunk ? 2 * chunk : 4;
		uint8_t **chunks =
			fault_call() ? NULL : reallocarray(pool->chunks, room, sizeof(*chunks));
		if (!chunks)
			return false;
		pool->chunks = chunks;
		pool->chunk_room = room;
	}
	if (objects > left)
		objects = left;
	pool->chunks[chunk] = fault_call() ? NULL : malloc(objects * pool->object_size);
	return pool->chunks[chunk];
}

uint32_t pool_take(struct pool *pool)
{
	uint32_t index = pool->free;
	uint32_t mask = ((uint32_t)1 << pool->shift) - 1;
	if (pool->count >= pool->max || fault_limit())
		return 0;
	if (index) {
		memcpy(&pool->free, slot(pool, index), sizeof(pool->free));
	} else {
		if (!(pool->used & mask) && !add_chunk(pool, pool->used >> pool->shift))
			return 0;
		index = ++pool->used;
	}
	pool->count++;
	memset(slot(pool, index), 0, pool->object_size);
	return index;
}

void pool_give(struct pool *pool, uint32_t index)
{
	if (!index)
		return;
	assert(pool->count);
	memcpy(slot(pool, index), &pool->free, sizeof(pool->free));
	pool->free = index;
	pool->count--;
}

void *pool_at(const struct pool *pool, uint32_t index)
{
	return index ? slot(pool, index) : NULL;
}

uint32_t pool_count(const struct pool *pool)
{
	return pool->count;
}
