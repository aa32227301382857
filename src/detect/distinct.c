/* Exact while that is cheap, an estimate where the exact number would tell a person nothing more.
 * The small range of the sketch is estimated from its empty registers, as the expected number of
 * draws until so few are empty: a sum of fractions instead of a logarithm. */
#include "detect/distinct.h"

static void sketch_add(struct distinct *distinct, uint64_t key)
{
	uint64_t rest = key << 8 | 0x80; /* the bit ends the count for a key of zeros */
	uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
	uint8_t *kept = &distinct->rank[key >> 56];
	if (rank > *kept)
		*kept = rank;
}

void distinct_add(struct distinct *distinct, uint64_t key)
{
	sketch_add(distinct, key);
	if (distinct->count > DISTINCT_EXACT)
		return;
	for (uint32_t i = 0; i < distinct->count; i++)
		if (distinct->key[i] == key)
			return;
	if (distinct->count < DISTINCT_EXACT)
		distinct->key[distinct->count] = key;
	distinct->count++;
}

/* Exact while both are and their sum is. */
void distinct_join(struct distinct *sum, const struct distinct *from)
{
	for (uint32_t i = 0; i < from->count && i < DISTINCT_EXACT; i++)
		distinct_add(sum, from->key[i]);
	for (unsigned i = 0; i < DISTINCT_REGISTERS; i++)
		if (from->rank[i] > sum->rank[i])
			sum->rank[i] = from->rank[i];
	if (from->count > DISTINCT_EXACT)
		sum->count = DISTINCT_EXACT + 1;
}

uint64_t distinct_count(const struct distinct *distinct)
{
	const double registers = DISTINCT_REGISTERS, alpha = 0.7213 / (1 + 1.079 / registers);
	double sum = 0, draws = 0;
	unsigned empty = 0;
	if (distinct->count <= DISTINCT_EXACT)
		return distinct->count;
	for (unsigned i = 0; i < DISTINCT_REGISTERS; i++) {
		sum += 1.0 / (double)((uint64_t)1 << distinct->rank[i]);
		empty += !distinct->rank[i];
	}
	double estimate = alpha * registers * registers / sum;
	if (empty && estimate < 2.5 * registers) {
		for (unsigned left = empty + 1; left <= DISTINCT_REGISTERS; left++)
			draws += registers / left;
		estimate = draws;
	}
	return estimate <= DISTINCT_EXACT ? DISTINCT_EXACT + 1 : (uint64_t)(estimate + 0.5);
}
