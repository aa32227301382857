/* Arena: a chain of blocks, newest first; only the newest is taken from. What is left in an older
 * block is given up: blocks double, so that is at most as much as was used. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>

#include "base/fault.h"

#define BLOCK_FIRST 1024 /* bytes, with the arena itself */
#define ALIGN alignof(max_align_t)

struct block {
	struct block *older;
	size_t size, used; /* bytes, with this head */
};

struct arena {
	struct block *newest;
	size_t size, max; /* bytes of all blocks */
	bool full;
};

#define BLOCK_HEAD ((sizeof(struct block) + ALIGN - 1) / ALIGN * ALIGN)

static struct block *block_new(size_t size)
{
	struct block *block = fault_call() ? NULL : malloc(size);
	if (block)
		*block = (struct block){ NULL, size, BLOCK_HEAD };
	return block;
}

/* `size` bytes of this block; NULL when it has fewer. What is behind `used` is always aligned. */
static void *block_take(struct block *block, size_t size)
{
	uint8_t *at = (uint8_t *)block + block->used;
	size_t left = block->size - block->used;
	if (size > left)
		return NULL;
	size_t padding = (ALIGN - size % ALIGN) % ALIGN;
	block->used += padding > left - size ? left : size + padding;
	return memset(at, 0, size);
}

struct arena *arena_new(size_t max)
{
	struct block *block = block_new(BLOCK_FIRST);
	struct arena *arena;
	assert(max >= BLOCK_FIRST);
	if (!block)
		return NULL;
	arena = block_take(block, sizeof(*arena));
	arena->newest = block;
	arena->size = BLOCK_FIRST;
	arena->max = max;
	return arena;
}

void arena_free(struct arena *arena)
{
	/* The arena lies in the oldest block, so it goes with the last one. */
	struct block *block = arena ? arena->newest : NULL;
	while (block) {
		struct block *older = block->older;
		free(block);
		block = older;
	}
}

/* A block of twice the size of the newest, more where `size` bytes need it, less where the limit
 * wants it; false: no block that holds them may be had. */
static bool grow(struct arena *arena, size_t size)
{
	size_t left = arena->max - arena->size;
	size_t wanted = 2 * arena->newest->size;
	struct block *block;
	if (fault_limit() || left < BLOCK_HEAD || size > left - BLOCK_HEAD)
		return false;
	if (wanted < size + BLOCK_HEAD)
		wanted = size + BLOCK_HEAD;
	if (wanted > left)
		wanted = left;
	block = block_new(wanted);
	if (!block)
		return false;
	block->older = arena->newest;
	arena->newest = block;
	arena->size += wanted;
	return true;
}

void *arena_take(struct arena *arena, size_t size)
{
	void *at = block_take(arena->newest, size);
	if (at)
		return at;
	if (!grow(arena, size)) {
		arena->full = true;
		return NULL;
	}
	return block_take(arena->newest, size);
}

struct bytes arena_keep(struct arena *arena, struct bytes in)
{
	size_t size = bytes_size(in);
	uint8_t *copy = in.at ? arena_take(arena, size + 1) : NULL;
	if (!copy)
		return (struct bytes){ NULL, NULL };
	if (size)
		memcpy(copy, in.at, size);
	return bytes_make(copy, size);
}

bool arena_full(const struct arena *arena)
{
	return arena->full;
}

size_t arena_size(const struct arena *arena)
{
	return arena->size;
}

size_t arena_left(const struct arena *arena)
{
	size_t here = arena->newest->size - arena->newest->used;
	size_t more = arena->max - arena->size;
	more = more > BLOCK_HEAD ? more - BLOCK_HEAD : 0;
	return here > more ? here : more;
}
