/* How many different ones were there at all? Exact up to DISTINCT_EXACT keys, HyperLogLog with 256
 * registers beyond (Flajolet et al. 2007; +-6.5 %). For display only: no verdict rests on it. */
#ifndef MW_DETECT_DISTINCT_H
#define MW_DETECT_DISTINCT_H

#include <stdint.h>

#define DISTINCT_EXACT 64
#define DISTINCT_REGISTERS 256

struct distinct {       /* zeroed: empty */
	uint32_t count; /* keys kept; DISTINCT_EXACT + 1: there were more */
	uint8_t rank[DISTINCT_REGISTERS];
	uint64_t key[DISTINCT_EXACT];
};

void distinct_add(struct distinct *distinct, uint64_t key); /* `key` is a good hash */
void distinct_join(struct distinct *sum, const struct distinct *from);
uint64_t distinct_count(const struct distinct *distinct);

#endif
