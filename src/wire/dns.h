/* DNS messages (RFC 1035), and what speaks the same format: mDNS (RFC 6762), LLMNR (RFC 4795),
 * NetBIOS names (wire/netbios.h). The header, then questions and records one after the other. Pure:
 * no state but the reader's; nothing is copied but names. */
#ifndef MW_WIRE_DNS_H
#define MW_WIRE_DNS_H

#include "base/address.h"
#include "base/anomaly.h"

#define DNS_NAME_MAX 253 /* bytes of a name as text; no dot at its end */
#define DNS_ITEMS_MAX 64 /* questions and records read of one message */

enum { DNS_A = 1, DNS_PTR = 12, DNS_MX = 15, DNS_AAAA = 28 };

struct dns_name { /* labels as sent, joined by dots; not NUL-terminated */
	uint8_t size;
	char text[DNS_NAME_MAX];
};

struct dns {
	uint16_t id, flags;
	bool response;
	uint8_t opcode, code;
	/* the reader's: */
	struct bytes message, in; /* all of it; what was not read yet */
	uint32_t questions, records;
	unsigned read;
};

struct dns_item {
	bool question;
	uint16_t type, class; /* class: without the top bit, which mDNS uses for its own ends */
	uint32_t ttl;         /* of a record; 0: it says good-bye */
	struct dns_name name;
	struct dns_name target; /* of PTR; else empty */
	struct address address; /* of A and AAAA; else none */
	struct bytes data;      /* of a record */
};

/* The header of the message that is all of `in`. */
bool dns_decode(struct bytes in, struct dns *out, struct anomalies *seen);

/* The next question or record, whatever its section; false: the end, or nothing readable further.
 */
bool dns_next(struct dns *dns, struct dns_item *out, struct anomalies *seen);

/* A name of `message` that begins at `in`, stepped over. Pointers must lead backwards, each
 * further than the one before, so there is an end. */
bool dns_name_decode(
	struct bytes message, struct bytes *in, struct dns_name *out, struct anomalies *seen);

/* A name without pointers whose end may be lacking, as DHCP carries it (RFC 4702, 4704). */
bool dns_labels(struct bytes in, struct dns_name *out);

#endif
