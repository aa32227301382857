/* Hashes. SipHash-2-4 (Aumasson & Bernstein 2012) keyed with 128 bits, for all tables whose keys
 * outsiders choose. */
#ifndef MW_BASE_HASH_H
#define MW_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0, k1;
};

/* From the operating system's generator (getrandom); falls back to nothing: failure ends the
 * process, for a table with a guessable key is no table. */
struct hash_key hash_key_random(void);

uint64_t hash_bytes(struct hash_key key, const void *data, size_t size);

#endif
