/* A small set of hashes. Its key is no secret: who finds things that collide gets a count too low.
 */
#include "sense/few.h"

#include "base/bytes.h"
#include "base/hash.h"

bool few_add(struct few *few, const void *thing, size_t size)
{
	static const struct hash_key fixed = { 0, 0 };
	if (few->count == FEW_MAX)
		return false;
	uint64_t hash = hash_bytes(fixed, thing, size) | 1;
	size_t slot = hash / 2 % COUNT(few->hash);
	while (few->hash[slot] && few->hash[slot] != hash)
		slot = (slot + 1) % COUNT(few->hash);
	if (few->hash[slot])
		return false;
	few->hash[slot] = hash;
	few->count++;
	return true;
}
