/* NetBIOS over UDP (RFC 1001, 1002): the name that a Windows machine says is its own. Name service
 * (port 137): registration, refresh and the answer to a query. Datagrams (port 138): the sender.
 * Pure: no state. */
#ifndef MW_WIRE_NETBIOS_H
#define MW_WIRE_NETBIOS_H

#include "wire/dns.h"

#define NETBIOS_NAME_MAX 15

struct netbios {
	struct address address; /* whose name it is, as the packet says */
	uint8_t size;
	char name[NETBIOS_NAME_MAX]; /* spaces at its end cut off */
};

/* false: it tells no machine its name (a question, a group, a service), or it is damaged (counted).
 */
bool netbios_service(struct bytes in, struct netbios *out, struct anomalies *seen);
bool netbios_datagram(struct bytes in, struct netbios *out, struct anomalies *seen);

#endif
