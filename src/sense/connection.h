/* One TCP connection that carries mail (or may): two streams, the dialogue's parser, the session
 * that it fills. An open connection that holds no data takes no memory but this struct. Its memory
 * belongs to the tap. One thread at a time. */
#ifndef MW_SENSE_CONNECTION_H
#define MW_SENSE_CONNECTION_H

#include "model/activity.h"
#include "model/site.h"
#include "sense/half_open.h"
#include "sense/scanner.h"
#include "wire/stream.h"

enum { CLIENT, SERVER };

struct connection {
	struct queue_node node; /* open: by last packet; closed: by the time of the close */
	uint64_t flow;
	struct endpoint end[2]; /* CLIENT, SERVER */
	uint16_t vlan[2];
	int64_t start, last;
	struct stream stream[2];
	uint64_t packets[2];
	uint8_t scale[2];    /* window scale that the side announced; 255: not known */
	uint8_t checksum[2]; /* enum connection_checksum */
	bool syn, handshake, middle;
	bool closed; /* FIN from both, or RST: final soon, unless acknowledged data follow */
	bool fin[2], reset;
	bool candidate;      /* another port, 220 without SMTP: the client's first words decide */
	bool contested;      /* a new SYN for the same ends was seen */
	bool named;          /* still in the table of open connections */
	struct smtp *smtp;   /* NULL: no data yet */
	struct arena *arena; /* of the parser */
	struct session *session;
	struct scanner *scanner; /* of the message at hand; NULL: none, or it is not looked into */
	bool inside;             /* a message: its content has begun */
	struct anomalies seen;
};

enum connection_checksum { CHECKSUM_UNKNOWN, CHECKSUM_GOOD, CHECKSUM_OFFLOAD };

enum connection_verdict {
	CONNECTION_OPEN,
	CONNECTION_CLOSED,   /* by this segment */
	CONNECTION_REOPENED, /* it had been closed, and goes on */
	CONNECTION_NO_MAIL   /* a candidate turned out to be something else */
};

/* A decoded segment on its way through the tap. */
struct arrival {
	struct endpoint from, to;
	uint16_t vlan[2];
	struct segment segment;
	struct bytes whole, payload; /* of the segment; with and without its header */
	uint32_t interface;          /* that captured it */
	uint16_t id;                 /* of the IPv4 packet */
	uint8_t ttl;
	uint16_t place; /* of the flow among the half-open ones: tap_place() */
	int64_t time;   /* of the packet */
	bool checksum_bad;
};

struct parts { /* sessions that are ready before their connection's end: dialogues that outgrew
		  their arena */
	struct session **session;
	size_t count, room;
};

struct shared { /* what all connections of a tap share */
	struct stream_memory memory;
	struct scanners scanners;
	struct parts parts;
	const struct site *site; /* NULL: not known */
	struct shown *shown;     /* of the segment at hand; NULL: nobody asks (sense/shown.h) */
};

/* Takes a segment from `side` (CLIENT or SERVER). Parts that outgrew their arena are added to
 * `shared->parts`. */
enum connection_verdict connection_segment(struct connection *connection, int side,
	const struct arrival *arrival, struct shared *shared);

/* It is over (or the input is): what is held is parsed, and the session given out; NULL: no memory.
 * `cut`: the capture ended first, which marks a dialogue that was in the middle of something. All
 * memory is given back. */
struct session *connection_finish(struct connection *connection, struct shared *shared, bool cut);

void connection_drop(struct connection *connection, struct shared *shared); /* no session wanted */

bool parts_add(struct parts *parts, struct session *session);

#endif
