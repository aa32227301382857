/* A table of MACs; the addresses of each are few enough to be searched one by one. */
#include "detect/mac.h"

#include <stdlib.h>

#include "base/fault.h"
#include "base/table.h"

struct macs {
	struct table *table; /* six bytes -> struct mac */
	struct anomalies *seen;
};

struct macs *macs_new(struct anomalies *seen)
{
	struct macs *macs = fault_call() ? NULL : calloc(1, sizeof(*macs));
	if (!macs)
		return NULL;
	macs->seen = seen;
	macs->table = table_new(6, sizeof(struct mac), MAC_TABLE_MAX);
	if (macs->table)
		return macs;
	free(macs);
	return NULL;
}

void macs_free(struct macs *macs)
{
	if (!macs)
		return;
	table_free(macs->table);
	free(macs);
}

void macs_bear(struct macs *macs, const uint8_t mac[6], const struct address *address)
{
	struct mac *known = table_insert(macs->table, mac, NULL);
	if (!known) {
		anomaly(macs->seen, MACS_FULL);
		return;
	}
	if (known->count > MAC_ADDRESSES)
		return;
	for (uint32_t i = 0; i < known->count; i++)
		if (address_equal(&known->address[i], address))
			return;
	if (known->count < MAC_ADDRESSES)
		known->address[known->count] = *address;
	known->count++;
}

struct mac *macs_find(const struct macs *macs, const uint8_t mac[6])
{
	struct mac *known = table_find(macs->table, mac);
	return known && known->count <= MAC_ADDRESSES ? known : NULL;
}
