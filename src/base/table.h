/* Hash table of fixed-size keys and values, stored in line: open addressing, robin-hood or linear,
 * SipHash keyed by a random seed, at most 32 probes (else it grows or takes a new seed, and counts
 * that). Holds at most `max` entries; begins small and grows by doubling. Order of entries never
 * shows: walk it only to sort what you found. Pointers to values are valid until the next insert or
 * remove. One thread at a time. */
#ifndef MW_BASE_TABLE_H
#define MW_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct table;

/* Keys are compared as bytes: zero their padding. NULL when the system has no memory. */
struct table *table_new(size_t key_size, size_t value_size, size_t max);

/* Keys of 8 bytes that are hashes under a secret key themselves: they are mixed, not hashed again.
 */
struct table *table_new_hashed(size_t value_size, size_t max);

/* The same with a seed of the caller's: for tests that make keys collide. */
struct table *table_new_seeded(
	size_t key_size, size_t value_size, size_t max, struct hash_key seed);
void table_free(struct table *table);

void *table_find(const struct table *table, const void *key); /* NULL: not there */

/* The value of `key`, made (zeroed) when it was not there: then *fresh is true. NULL when the table
 * holds `max` entries or the system has no memory: the caller evicts or counts (*fresh is false).
 * `fresh` may be NULL. */
void *table_insert(struct table *table, const void *key, bool *fresh);
bool table_remove(struct table *table, const void *key);
size_t table_count(const struct table *table);
unsigned table_rebuilds(const struct table *table); /* how often the 32 probes did not do */

/* Walks all entries: start with *cursor = 0; false at the end. Do not insert or remove while
 * walking. */
bool table_walk(const struct table *table, size_t *cursor, const void **key, void **value);

#endif
