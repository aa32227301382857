/* SipHash-2-4 (Aumasson & Bernstein, "SipHash: a fast short-input PRF", 2012): two rounds a word,
 * four at the end. Chosen because whoever sends packets chooses the keys of our tables. */
#include "base/hash.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

struct hash_key hash_key_random(void)
{
	struct hash_key key;
	if (getrandom(&key, sizeof(key), 0) != (ssize_t)sizeof(key))
		abort(); /* up to 256 bytes never come short (getrandom(2)): there is no generator
			  */
	return key;
}

static inline uint64_t rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

static inline void round_once(struct state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 = rotate(s->v2, 32);
}

static inline void take_word(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	round_once(s);
	round_once(s);
	s->v0 ^= word;
}

static inline uint64_t load(const uint8_t *at, size_t size)
{
	uint64_t word = 0;
	memcpy(&word, at, size);
	return le64toh(word);
}

uint64_t hash_bytes(struct hash_key key, const void *data, size_t size)
{
	struct state s = { key.k0 ^ 0x736f6d6570736575, key.k1 ^ 0x646f72616e646f6d,
		key.k0 ^ 0x6c7967656e657261, key.k1 ^ 0x7465646279746573 };
	const uint8_t *at = data;
	uint64_t last = (uint64_t)size << 56;
	size_t left = size;
	for (; left >= 8; left -= 8, at += 8)
		take_word(&s, load(at, 8));
	if (left)
		last |= load(at, left);
	take_word(&s, last);
	s.v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		round_once(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
