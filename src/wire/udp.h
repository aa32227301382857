/* UDP (RFC 768): the eight bytes of the header. Pure: no state. */
#ifndef MW_WIRE_UDP_H
#define MW_WIRE_UDP_H

#include "base/anomaly.h"
#include "base/bytes.h"

struct udp {
	uint16_t source_port, destination_port;
};

/* Steps over the header and limits `in` to the datagram's own length. false: nothing to read
 * further. Checksums are not verified: no datagram is ever evidence. */
bool udp_decode(struct bytes *in, struct udp *out, struct anomalies *seen);

#endif
