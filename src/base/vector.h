/* Sixteen bytes at a time, for the inner loops over what came from outside: the compiler's vectors,
 * of which it makes SSE2, AVX or NEON. Comparing gives 0xff where it holds, 0 elsewhere. The one
 * thing that those vectors cannot say, where the first hit is, has its instruction here. Pure. */
#ifndef MW_BASE_VECTOR_H
#define MW_BASE_VECTOR_H

#include <endian.h>

#include "base/bytes.h"

#define VECTOR_WIDTH 16

typedef uint8_t vector __attribute__((vector_size(VECTOR_WIDTH)));

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
	typedef char signs __attribute__((vector_size(VECTOR_WIDTH)));
	unsigned mask = (unsigned)__builtin_ia32_pmovmskb128((signs)hits);
	return (unsigned)__builtin_ctz(mask | 1u << VECTOR_WIDTH);
#else
	uint64_t half[2];
	memcpy(half, &hits, sizeof(half));
	if (half[0])
		return (unsigned)__builtin_ctzll(le64toh(half[0])) / 8;
	return half[1] ? 8 + (unsigned)__builtin_ctzll(le64toh(half[1])) / 8 : VECTOR_WIDTH;
#endif
}

#endif
