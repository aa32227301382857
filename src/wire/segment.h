/* One TCP segment (RFC 9293): header, the options that matter, checksum. Pure: no state. */
#ifndef MW_WIRE_SEGMENT_H
#define MW_WIRE_SEGMENT_H

#include "wire/ip.h"

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16, TCP_URG = 32 };

struct segment {
	uint16_t source_port, destination_port;
	uint32_t seq, ack;
	uint16_t window, urgent;
	uint8_t flags;
	uint8_t scale;    /* window scale option of a SYN; 255: none */
	uint16_t mss;     /* of a SYN; 0: none */
	bool cut;         /* fewer bytes captured than sent: */
	uint32_t missing; /* so many of the payload's were left out at its end */
};

/* Steps over the header; what stays in `in` is the payload. Of a cut packet its first 20 bytes are
 * enough, for old short snapshots end among the options of a SYN. */
bool segment_decode(
	struct bytes *in, const struct ip *ip, struct segment *out, struct anomalies *seen);

/* Is the checksum of the whole segment (header and payload, before segment_decode() steps on)
 * right, and that of the IPv4 header around it? A segment that is cut cannot be verified and is
 * taken for right. RFC 1071; fast: eight bytes a step. */
bool segment_checksum(struct bytes segment, const struct ip *ip);

#endif
