/* Who has which address on this wire: ARP (RFC 826) and neighbour discovery of IPv6 (NDP, RFC
 * 4861). What a packet claims about its own sender; claims can lie, so they prove nothing alone.
 * Pure: no state. */
#ifndef MW_WIRE_NEIGHBOUR_H
#define MW_WIRE_NEIGHBOUR_H

#include "wire/ip.h"

struct neighbour {
	struct address address;
	uint8_t mac[6];
};

/* Of IPv4 over Ethernet; false: says nothing about its sender (a probe), or damaged (counted). */
bool neighbour_arp(struct bytes in, struct neighbour *out, struct anomalies *seen);

/* The payload of an ICMPv6 packet: solicitations with the sender's address, advertisements. false:
 * another message, or none that a neighbour can have sent. */
bool neighbour_ndp(
	struct bytes in, const struct ip *ip, struct neighbour *out, struct anomalies *seen);

#endif
