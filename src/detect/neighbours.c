/* One claim an address. Who forges another one can only part what belongs together. */
#include "detect/neighbours.h"

#include <stdlib.h>

#include "base/fault.h"
#include "detect/roster.h"

struct claim {
	struct roster_entry entry;
	uint8_t mac[6];
	bool disputed;
};

struct neighbours {
	struct roster *roster;
	struct anomalies *seen;
};

struct neighbours *neighbours_new(uint32_t max, struct anomalies *seen)
{
	struct neighbours *neighbours = fault_call() ? NULL : calloc(1, sizeof(*neighbours));
	if (!neighbours)
		return NULL;
	neighbours->seen = seen;
	neighbours->roster = roster_new(sizeof(struct claim), max);
	if (neighbours->roster)
		return neighbours;
	free(neighbours);
	return NULL;
}

void neighbours_free(struct neighbours *neighbours)
{
	if (!neighbours)
		return;
	roster_free(neighbours->roster);
	free(neighbours);
}

static struct claim *add(struct neighbours *neighbours, const struct address *address)
{
	struct claim *claim = roster_add(neighbours->roster, address, 0);
	struct claim *oldest = claim ? NULL : roster_oldest(neighbours->roster, 0);
	if (!claim)
		anomaly(neighbours->seen, NEIGHBOURS_FULL);
	if (!oldest)
		return claim;
	roster_remove(neighbours->roster, oldest);
	return roster_add(neighbours->roster, address, 0);
}

void neighbours_hear(
	struct neighbours *neighbours, const struct address *address, const uint8_t mac[6])
{
	struct claim *claim = roster_find(neighbours->roster, address);
	if (claim) {
		roster_touch(neighbours->roster, claim, 0);
		claim->disputed = claim->disputed || memcmp(claim->mac, mac, 6) != 0;
		return;
	}
	claim = add(neighbours, address);
	if (claim)
		memcpy(claim->mac, mac, sizeof(claim->mac));
}

bool neighbours_agree(
	const struct neighbours *neighbours, const struct address *address, const uint8_t mac[6])
{
	const struct claim *claim = roster_find(neighbours->roster, address);
	return claim && !claim->disputed && !memcmp(claim->mac, mac, 6);
}
