/* Memory with one lifetime: many small takes, one free. Starts with one block of 1 KiB that also
 * holds the arena itself and grows by doubling blocks, as it needs them, to at most `max` bytes of
 * blocks. At the limit (or when the system has no more) a take gives NULL and the arena remembers
 * that it is full: the caller counts it and goes on. One thread at a time. */
#ifndef MW_BASE_ARENA_H
#define MW_BASE_ARENA_H

#include "base/bytes.h"

struct arena;

/* NULL when the system has no memory. `max` counts whole blocks and is at least 1024. */
struct arena *arena_new(size_t max);
void arena_free(struct arena *arena); /* NULL is fine */

/* `size` zeroed bytes, aligned for any type; NULL at the limit. */
void *arena_take(struct arena *arena, size_t size);

/* A copy that lives as long as the arena, NUL-terminated behind its end; absent ({NULL, NULL}) at
 * the limit, also for an absent `in`. An empty `in` gives empty, present bytes. */
struct bytes arena_keep(struct arena *arena, struct bytes in);

bool arena_full(const struct arena *arena);   /* some take was refused */
size_t arena_size(const struct arena *arena); /* bytes of blocks held */

/* Bytes that may still be taken before `max`: one take of so many is within the limit (many small
 * ones may come to more). */
size_t arena_left(const struct arena *arena);

#endif
