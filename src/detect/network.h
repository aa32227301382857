/* Whose network is this? Servers of one provider have many addresses and names; for counting they
 * are one. net(a) of docs/detection.md: the registered domain of the name in the server's greeting
 * (by the public suffix list built into libpsl, its ICANN part: what a registry sells), else the
 * address's /24 (IPv6: /48). Pure functions; no state. */
#ifndef MW_DETECT_NETWORK_H
#define MW_DETECT_NETWORK_H

#include "base/address.h"

#define NETWORK_NAME 254 /* with NUL: a domain name in text (RFC 1035 3.1) */

/* The registered domain of a host name, in lower case: "mx.example.co.uk" gives "example.co.uk".
 * false: no host name of the public tree (a bare word, an address, a suffix alone, a name that no
 * registry gives out such as mail.local). */
bool network_domain(struct bytes name, char out[NETWORK_NAME]);

/* The first word of a greeting: where a server says its name (RFC 5321 4.2). */
struct bytes network_greeting_name(struct bytes greeting);

/* Keys: equal for one network. `greeting` may be absent. */
uint64_t network_of(const struct address *server, struct bytes greeting);
uint64_t network_of_address(const struct address *address);
uint64_t network_peer_key(const struct address *address); /* the address itself */

/* Key of any text, case of ASCII letters aside; never 0. */
uint64_t network_text_key(struct bytes text);

#endif
