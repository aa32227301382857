/* "This was seen": the noun that sensors make and the engine takes, in the total order (time final,
 * sensor, connection). */
#ifndef MW_MODEL_ACTIVITY_H
#define MW_MODEL_ACTIVITY_H

#include "model/session.h"

enum activity_kind {
	ACTIVITY_SESSION,   /* a connection to a mail port (or with an SMTP greeting) that was
			       established */
	ACTIVITY_ATTEMPT,   /* a SYN to a mail port that was never answered, or refused */
	ACTIVITY_HANDSHAKE, /* a client completed a handshake with anybody on any port: it owns its
			       address */
	ACTIVITY_NAME,      /* a machine was called something: a label, never an identity */
	ACTIVITY_NEIGHBOUR, /* an address was said to be at a MAC: a claim, no proof */
	ACTIVITY_MX_QUERY   /* a machine asked who takes mail for a domain */
};

struct attempt {
	struct endpoint client, server;
	int64_t start, end; /* first and last SYN or the RST */
	uint32_t syns;
	bool refused; /* by RST or ICMP-less closed port; false: silence */
};

struct sighting {
	struct endpoint client, server;
};

#define ACTIVITY_TEXT 128 /* bytes of a name; a longer one is cut */

struct text { /* as sent: escape before showing */
	uint8_t size;
	char at[ACTIVITY_TEXT];
};

enum name_source { /* the one that knows best first */
	NAME_DHCP,
	NAME_DHCPV6,
	NAME_MDNS,
	NAME_LLMNR,
	NAME_NETBIOS, /* 15 bytes, in capitals */
	NAME_SOURCES
};

struct naming {
	struct address address; /* none: not known */
	bool has_mac;           /* of the machine itself */
	uint8_t mac[6];
	enum name_source source;
	struct text name;
};

struct neighbouring {
	struct address address;
	uint8_t mac[6];
	bool assigned; /* by a DHCP server; else claimed by ARP or NDP */
};

struct mx_query {
	struct endpoint client;
	struct text domain;
};

struct activity {
	enum activity_kind kind;
	unsigned sensor;
	int64_t final;       /* microseconds; activities of one sensor come in this order */
	uint64_t connection; /* breaks ties */
	union {
		struct session *session; /* owned by the activity */
		struct attempt attempt;
		struct sighting sighting;
		struct naming naming;
		struct neighbouring neighbouring;
		struct mx_query mx_query;
	};
};

/* < 0, 0, > 0: the total order. */
int activity_compare(const struct activity *a, const struct activity *b);
const char *name_source_name(enum name_source source); /* "dhcp" */
void activity_free(struct activity *activity);         /* what it owns */

#endif
