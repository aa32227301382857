/* Tunnels over IP: IP in IP (RFC 2003, 4213, 2473), GRE (RFC 2784, 2890) with IP, MPLS or Ethernet
 * (NVGRE, RFC 7637) and ERSPAN types I, II and III within; over UDP VXLAN (RFC 7348), Geneve (RFC
 * 8926) and GTP-U (3GPP TS 29.281). Pure: no state. */
#ifndef MW_WIRE_TUNNEL_H
#define MW_WIRE_TUNNEL_H

#include "wire/ip.h"
#include "wire/link.h"

enum tunnel_step {
	TUNNEL_NONE,   /* the packet is what it is; nothing was stepped over */
	TUNNEL_INSIDE, /* `in` stands at the IP packet within, `link` describes what it lies in */
	TUNNEL_END     /* a tunnel, and nothing in it to read (counted) */
};

/* `in` is the payload of `ip`. UDP counts as a tunnel by its destination port, and only when the
 * header of the tunnel is one. */
enum tunnel_step tunnel_enter(
	const struct ip *ip, struct bytes *in, struct link *link, struct anomalies *seen);

#endif
