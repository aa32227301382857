/* Sixteen bytes at a time, for the inner loops over what came from outside: the compiler's vectors,
 * of which it makes SSE2, AVX or NEON. Comparing gives 0xff where it holds, 0 elsewhere. What those
 * vectors cannot say has its instruction here: where the first hit is, and products of twice the
 * width. Pure. */
#ifndef MW_BASE_VECTOR_H
#define MW_BASE_VECTOR_H

#include <endian.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/bytes.h"

#define VECTOR_WIDTH 16

typedef uint8_t vector __attribute__((vector_size(VECTOR_WIDTH)));
typedef uint32_t vector_words __attribute__((vector_size(VECTOR_WIDTH)));
typedef uint64_t vector_pairs __attribute__((vector_size(VECTOR_WIDTH)));

/* From any address. */
static inline vector vector_load(const uint8_t *at)
{
	vector value;
	memcpy(&value, at, VECTOR_WIDTH);
	return value;
}

/* Index of the first byte of `hits` that is set; VECTOR_WIDTH: there is none. Each is 0xff or 0. */
static inline unsigned vector_first(vector hits)
{
#ifdef __SSE2__
	unsigned mask = (unsigned)_mm_movemask_epi8((__m128i)hits);
	return (unsigned)__builtin_ctz(mask | 1u << VECTOR_WIDTH);
#else
	uint64_t half[2];
	memcpy(half, &hits, sizeof(half));
	if (half[0])
		return (unsigned)__builtin_ctzll(le64toh(half[0])) / 8;
	return half[1] ? 8 + (unsigned)__builtin_ctzll(le64toh(half[1])) / 8 : VECTOR_WIDTH;
#endif
}

/* The products of the lower words of both pairs. */
static inline vector_pairs vector_multiply(vector_pairs a, vector_pairs b)
{
#ifdef __SSE2__
	return (vector_pairs)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
	return (a & UINT32_MAX) * (b & UINT32_MAX);
#endif
}

#endif
