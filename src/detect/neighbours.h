/* Where addresses were said to be: the claims of ARP, NDP and DHCP. A claim proves nothing: it only
 * confirms a MAC that the traffic of the address showed. An address that was said to be at two MACs
 * is at neither. Bounded: the claim that was heard longest ago goes first. One thread at a time. */
#ifndef MW_DETECT_NEIGHBOURS_H
#define MW_DETECT_NEIGHBOURS_H

#include "base/address.h"
#include "base/anomaly.h"

#define NEIGHBOURS_MAX 65536

struct neighbours;

struct neighbours *neighbours_new(uint32_t max, struct anomalies *seen); /* NULL: no memory */
void neighbours_free(struct neighbours *neighbours);
void neighbours_hear(
	struct neighbours *neighbours, const struct address *address, const uint8_t mac[6]);

/* Was it said, and nothing else? */
bool neighbours_agree(
	const struct neighbours *neighbours, const struct address *address, const uint8_t mac[6]);

#endif
