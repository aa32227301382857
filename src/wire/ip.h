/* IPv4 (RFC 791) and IPv6 (RFC 8200, with hop-by-hop, routing, destination options, atomic fragment
 * and authentication headers, at most 8). Of a fragment it tells which part of which packet it is;
 * wire/fragment.h puts them together. Pure: no state. */
#ifndef MW_WIRE_IP_H
#define MW_WIRE_IP_H

#include "base/address.h"
#include "base/anomaly.h"

struct ip {
	struct address source, destination;
	uint8_t protocol;    /* of the payload: 6 TCP, 17 UDP */
	uint8_t ttl;         /* hop limit */
	uint16_t id;         /* IPv4; 0 for IPv6, which has none */
	bool cut;            /* the capture holds less of the packet than its length says */
	bool checksum_wrong; /* of the IPv4 header; in a capture made anonymous all are */
	size_t length;       /* of the payload, as the headers say (`in` may hold less when cut) */
	bool fragment;       /* the payload is a part of a packet's: */
	bool more;           /* not its last part */
	uint16_t offset;     /* bytes before it */
	uint32_t fragment_id;
};

/* Steps over the headers and limits `in` to the packet's own length (padding of the frame falls
 * away). A length of zero (segmentation offload) means all of the frame. false: nothing to read
 * further. The IPv4 header checksum is verified unless it is zero (offload); the packet is read all
 * the same, and segment_checksum() will not call it right. */
bool ip_decode(struct bytes *in, struct ip *out, struct anomalies *seen);

/* Steps over the IPv6 extension headers that stand before the payload, once fragments have been put
 * together. */
bool ip_extensions(struct bytes *in, struct ip *ip, struct anomalies *seen);

#endif
