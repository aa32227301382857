/* Few enough to be searched one by one. */
#include "detect/lookups.h"

_Static_assert(LOOKUPS_MAX >= LOOKUPS_EACH * LOOKUPS_WORTH, "what counts is exact");

void lookups_see(struct lookups *lookups, uint64_t key, uint32_t bucket)
{
	uint32_t place = 0;
	for (uint32_t i = 0; i < lookups->count; i++) {
		if (lookups->at[i].key == key) {
			if (bucket > lookups->at[i].bucket)
				lookups->at[i].bucket = bucket;
			return;
		}
		if (lookups->at[i].bucket < lookups->at[place].bucket)
			place = i;
	}
	if (lookups->count < LOOKUPS_MAX)
		place = lookups->count++;
	lookups->at[place].key = key;
	lookups->at[place].bucket = bucket;
}

void lookups_join(
	struct lookups *sum, const struct lookups *from, enum members_window window, uint32_t now)
{
	for (uint32_t i = 0; i < from->count; i++)
		if (members_within(window, from->at[i].bucket, now))
			lookups_see(sum, from->at[i].key, from->at[i].bucket);
}

unsigned lookups_worth(unsigned domains)
{
	unsigned worth = domains / LOOKUPS_EACH;
	return worth < LOOKUPS_WORTH ? worth : LOOKUPS_WORTH;
}
