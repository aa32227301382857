/* The inside of the tap, shared by its five files: tap.c (life, clock, packets), tap_segment.c
 * (what a segment belongs to), tap_open.c (the connections that are followed), tap_names.c (what
 * machines say of themselves beside their mail) and tap_due.c (what has become final). */
#ifndef MW_SENSE_TAP_INTERNAL_H
#define MW_SENSE_TAP_INTERNAL_H

#include "base/hash.h"
#include "base/table.h"
#include "sense/connection.h"
#include "sense/health.h"
#include "sense/mirror.h"
#include "sense/tap.h"
#include "sense/told.h"
#include "wire/fragment.h"
#include "wire/link.h"

#define CONNECTIONS_MAX 1000000

struct due { /* what becomes final at the same time */
	enum { DUE_UNANSWERED, DUE_REFUSED, DUE_OPEN, DUE_CLOSED, DUE_INSTANT } from;
	uint32_t index; /* of the pool; of `instant` */
	uint64_t order;
};

struct dues {
	struct due *due;
	size_t count, room, next;
};

struct tap {
	struct anomalies *seen;
	uint8_t mail_port[65536 / 8];
	uint8_t greeted_port[65536 / 8]; /* other ports where a server was seen to greet */
	bool verify;
	struct fragments fragments;
	struct mirror *mirror;
	struct health health;
	struct hash_key key;
	struct half_opens half;
	struct pool *pool;
	struct table *table;
	struct queue open, closed;
	struct shared shared;
	struct table *proven; /* client address -> minute */
	struct told told[ACTIVITY_MX_QUERY - ACTIVITY_NAME + 1];
	struct activity *instant; /* final since they happened, at most INSTANT_MAX + what one
				     packet makes */
	size_t instants, instant_room, instant_given;
	struct dues dues;
	int64_t due_time;
	int64_t wake;  /* before the clock is past it, nothing becomes final */
	int64_t clock; /* data time: never runs backwards */
	int64_t leap;  /* a time more than a day ahead, believed when the next packet agrees */
	bool finished;
	struct tap_counts counts;
};

static inline bool port_is(const uint8_t *set, uint16_t port)
{
	return set[port / 8] >> (port % 8) & 1;
}

static inline void port_add(uint8_t *set, uint16_t port)
{
	set[port / 8] |= (uint8_t)(1 << (port % 8));
}

/* Either port is in the set. */
static inline bool ports_in(const uint8_t *set, const struct segment *segment)
{
	return port_is(set, segment->source_port) || port_is(set, segment->destination_port);
}

/* Hash of both ends, the same for both directions; a secret key, for outsiders choose the ends. */
uint64_t tap_flow(const struct tap *tap, const struct endpoint *a, const struct endpoint *b);

/* The name of a connection, which breaks ties in the order of activities; a fixed key, for it must
 * be the same in every run. */
uint64_t tap_order(const struct endpoint *client, const struct endpoint *server, int64_t start);

/* Takes a segment to the connection that it belongs to, or begins one. */
void tap_segment(struct tap *tap, const struct arrival *arrival);

/* A fresh connection among the open ones; 0: no room and no memory. */
uint32_t tap_connection(struct tap *tap, uint64_t flow, const struct endpoint *client,
	const struct endpoint *server, int64_t start);

/* The handshake's packets become a connection; an older one of the same ends is over. 0: no memory.
 */
uint32_t tap_open(struct tap *tap, const struct half_open *half);

void tap_forget(struct tap *tap, uint32_t index); /* its memory is given back already */

/* Final since now: a client that completed a handshake (told once a minute), the parts of
 * dialogues. */
void tap_sighting(struct tap *tap, const struct half_open *half);
void tap_parts(struct tap *tap);
void tap_instant(struct tap *tap, struct activity activity); /* any other; its tie-breaker is set */

/* Packets that are no TCP: names, neighbours and MX queries in them are told. */
void tap_arp(struct tap *tap, const struct link *link, struct bytes in);
void tap_not_tcp(struct tap *tap, const struct link *link, const struct ip *ip, struct bytes in);

#endif
