/* Link layers: from a captured frame to its IP packet. Ethernet II and 802.3 with LLC/SNAP, 802.1Q
 * and 802.1ad tags (at most 8), Linux cooked v1 and v2, raw IP, BSD null/loopback, PPP and Cisco
 * HDLC, 802.11 (wire/wlan.h); inside of these PPPoE, MPLS (wire/shim.h) and Ethernet again, at most
 * LINK_LAYERS_MAX deep. LINKTYPE numbers are those of the pcap files (tcpdump.org/linktypes). Pure:
 * no state. */
#ifndef MW_WIRE_LINK_H
#define MW_WIRE_LINK_H

#include "base/anomaly.h"
#include "base/bytes.h"

#define LINK_LAYERS_MAX 8 /* headers that carry a packet or frame within: tunnels, PPPoE, MPLS */

enum { /* EtherTypes that others need, too */
	LINK_IPV4 = 0x0800,
	LINK_ARP = 0x0806,
	LINK_IPV6 = 0x86dd,
	LINK_MPLS = 0x8847
};

struct link {
	uint16_t ether_type; /* 0x0800, 0x86dd: `payload` is IPv4, IPv6 */
	uint16_t vlan[2];    /* outermost first, 12 bits; 0: none */
	bool has_mac;        /* both below are set (cooked captures know only the source) */
	uint8_t source[6], destination[6];
	uint8_t tags;   /* of this Ethernet header */
	uint8_t layers; /* entered so far */
};

bool link_known(uint32_t link_type); /* can we read captures of this LINKTYPE? */

/* Steps over the link header; false: no IP inside (counted), nothing more to do with the frame,
 * unless its ether_type is LINK_ARP, which is not counted: then `in` is the ARP packet. When true,
 * the first byte that is left, if any, is of the IP version that ether_type says. */
bool link_decode(uint32_t link_type, struct bytes *in, struct link *out, struct anomalies *seen);

/* The same for what a tunnel carries: an Ethernet frame, whose MACs and VLANs replace those of
 * `out`; what an EtherType of the tunnel's header names; IP of a version that nothing names. Where
 * no Ethernet header is inside, MACs and VLANs stay those outside. */
bool link_ethernet(struct bytes *in, struct link *out, struct anomalies *seen);
bool link_typed(uint16_t ether_type, struct bytes *in, struct link *out, struct anomalies *seen);
bool link_untyped(struct bytes *in, struct link *out, struct anomalies *seen);

/* One layer more; false (counted): too many. */
bool link_enter(struct link *link, struct anomalies *seen);

#endif
