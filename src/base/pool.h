/* Objects of one size, named by a 32-bit index that stays the same while they live; index 0 is
 * nobody. Grows by chunks of about 64 KiB up to `max` objects; freed slots are used again first;
 * chunks are kept. O(1) take and give. One thread at a time. */
#ifndef MW_BASE_POOL_H
#define MW_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool;

struct pool *pool_new(size_t object_size, uint32_t max);
void pool_free(struct pool *pool);
uint32_t pool_take(struct pool *pool);             /* a zeroed object; 0 at the limit */
void pool_give(struct pool *pool, uint32_t index); /* 0 is fine */
void *pool_at(const struct pool *pool,
	uint32_t index); /* NULL for 0; the address never changes while it lives */
uint32_t pool_count(const struct pool *pool); /* objects that live */

#endif
