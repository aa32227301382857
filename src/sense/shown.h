/* What of a packet may be shown to others as evidence, in a tap that was asked for it (tap.h):
 * headers always; of a server what it replied; of a client commands, as long as nothing odd was
 * seen in the connection. Never a byte of a message, of a login, of TLS, nor one that was not
 * understood: what does not belong to one of the above is cut. docs/evidence.md says the same at
 * length. One thread at a time. */
#ifndef MW_SENSE_SHOWN_H
#define MW_SENSE_SHOWN_H

#include "sense/connection.h"

enum shown_worth {
	SHOWN_HEADERS, /* nothing but them */
	SHOWN_TALK,    /* commands, replies */
	SHOWN_MOST     /* what opens and ends a connection, and refusals */
};

struct shown {     /* of the newest packet */
	bool mail; /* it belongs to a mail connection, or to a try at one; else nothing is shown */
	struct endpoint client, server;
	int64_t start; /* of the connection */
	uint64_t name; /* its own: what activities of it have as their `connection` */
	enum shown_worth worth;
	size_t size; /* bytes of the packet, from its begin */
	/* shown.c and connection.c use these: */
	struct bytes commands; /* fed to the parser, and public */
	size_t payload;        /* bytes of it that are shown */
	bool encrypted;        /* was, before this packet */
	uint32_t said;         /* by the server until then: where its stream was */
};

/* Before and behind connection_segment(). */
void shown_before(struct shown *shown, const struct connection *connection);
void shown_after(struct shown *shown, const struct connection *connection, int side,
	const struct arrival *arrival);

/* A packet of a handshake on its way. */
void shown_half(struct shown *shown, const struct half_open *half, bool mail);

/* At the end: what that comes to in a packet whose bytes are `data`. */
void shown_place(struct shown *shown, struct bytes data, const struct arrival *arrival);

#endif
