/* DHCP for IPv4 (RFC 2131, options of RFC 2132, 4702) and IPv6 (RFC 8415, 4704): which machine got
 * which address, and what it calls itself. Pure: no state. */
#ifndef MW_WIRE_DHCP_H
#define MW_WIRE_DHCP_H

#include "wire/dns.h"

#define DHCP_ADDRESSES 4 /* of one message; further ones are left out */

enum { DHCP_REQUEST = 3, DHCP_ACK = 5 }; /* DHCP for IPv4: option 53 */
enum { DHCPV6_REPLY = 7 };

struct dhcp {
	uint8_t message; /* type; 0: BOOTP without DHCP */
	bool has_mac;
	uint8_t mac[6]; /* of the client */
	unsigned addresses;
	struct address address[DHCP_ADDRESSES]; /* of ACK and Reply: the client's own now */
	struct dns_name name;                   /* what the client is called; empty: not said */
};

/* false: it is no such message, or damaged so that nothing of it can be believed (counted). */
bool dhcp_decode(struct bytes in, struct dhcp *out, struct anomalies *seen);
bool dhcp_decode_v6(struct bytes in, struct dhcp *out, struct anomalies *seen);

#endif
