/* Which addresses does a MAC bear? A machine's own few; a router's many. A MAC that bears no more
 * than MAC_ADDRESSES vouches for them: what completed a handshake under one of them is there under
 * the others too. Bounded; what has no room is counted and simply not vouched for. */
#ifndef MW_DETECT_MAC_H
#define MW_DETECT_MAC_H

#include "base/address.h"
#include "base/anomaly.h"

#define MAC_ADDRESSES 8
#define MAC_TABLE_MAX 65536

struct mac {
	struct address address[MAC_ADDRESSES];
	uint32_t count; /* MAC_ADDRESSES + 1: a router's */
	bool waiting;   /* one of its addresses has tries that may wait for proof */
	int64_t proof;  /* the last time that one of them was certainly there */
};

struct macs;

struct macs *macs_new(struct anomalies *seen); /* NULL: no memory */
void macs_free(struct macs *macs);
void macs_bear(struct macs *macs, const uint8_t mac[6], const struct address *address);
struct mac *macs_find(
	const struct macs *macs, const uint8_t mac[6]); /* NULL: it vouches for none */

#endif
