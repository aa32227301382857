/* A captured frame, from its link layer through tunnels and fragments to the innermost IP packet.
 * Iterative; at most LINK_LAYERS_MAX layers. One thread at a time, for the fragments. */
#ifndef MW_WIRE_FRAME_H
#define MW_WIRE_FRAME_H

#include "wire/fragment.h"
#include "wire/link.h"

struct frame {
	struct link link; /* the innermost Ethernet header, or what the frame was captured with */
	struct ip ip;     /* the innermost */
	struct bytes payload;         /* of `ip`; lies in the frame, or with the fragments */
	bool tunnelled;               /* `ip` came inside of another IP packet: */
	struct address tunnel_source; /* who sent the outermost */
};

/* false: no IP packet to read further; why is counted. Then frame->payload is what stands behind
 * frame->link, when that could be read and frame->link.ether_type is not 0. `time`: of the packet;
 * see fragments_add(). */
bool frame_decode(uint32_t link_type, struct bytes in, int64_t time, struct fragments *fragments,
	struct frame *out, struct anomalies *seen);

#endif
