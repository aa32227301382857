/* Connections that are being opened (RFC 9293 3.5): a SYN was seen, the rest of the handshake is
 * awaited. Bounded, oldest out, and apart from the open connections, so that a flood of SYNs costs
 * neither an open one nor a host record (RFC 4987). One thread at a time. */
#ifndef MW_SENSE_HALF_OPEN_H
#define MW_SENSE_HALF_OPEN_H

#include "model/session.h"
#include "sense/queue.h"
#include "wire/segment.h"

#define HALF_OPEN_MAX 65536
#define HALF_OPEN_PLACES 32768 /* a power of two: places that a flow may have; see below */

struct half_open {
	struct queue_node node; /* in one of the queues below */
	uint64_t flow;          /* hash of both ends, the same for both directions */
	uint16_t place;         /* another, quick and open to guessing */
	struct endpoint client, server;
	uint16_t vlan[2];
	uint32_t client_seq, server_seq; /* of the SYN and of the SYN/ACK */
	uint32_t other_seq;              /* of a SYN/ACK that differs; valid when `disputed` */
	uint32_t syn_size;               /* bytes of data in the SYN (RFC 7413) */
	uint32_t syns;
	int64_t start, end; /* first and last SYN, or the RST */
	uint16_t client_window;
	uint8_t client_scale, server_scale; /* as in struct segment */
	uint8_t client_bad,
		server_bad; /* its checksum was wrong: offload, for the other end answered */
	bool answered, established, refused, disputed;
	bool within;  /* a connection of the same ends is open: what is not answered is no try */
	bool unheard; /* the client goes on although no answer was captured */
};

struct half_opens {
	struct pool *pool;
	struct table *table;     /* flow -> index */
	struct queue unanswered; /* SYN seen; time: last SYN */
	struct queue answered;   /* SYN/ACK seen; or established on another port, the server's first
				    bytes awaited */
	struct queue refused;    /* RST seen; time: of the RST */
	uint32_t at_place[HALF_OPEN_PLACES]; /* how many there are at each place: none at nearly
						all, so that other traffic needs no more than a look
					      */
};

bool half_opens_new(struct half_opens *all); /* false: no memory */
void half_opens_free(struct half_opens *all);

struct half_open *half_opens_find(const struct half_opens *all, uint64_t flow, uint32_t *index);

/* May there be one at `place`? */
static inline bool half_opens_may(const struct half_opens *all, uint16_t place)
{
	return all->at_place[place];
}

/* The record of a SYN, fresh or met again. At the limit the oldest goes (counted). NULL: no memory.
 */
struct half_open *half_opens_syn(struct half_opens *all, uint64_t flow, uint16_t place,
	uint32_t client_seq, int64_t now, bool *fresh, struct anomalies *seen);

void half_opens_answered(struct half_opens *all, uint32_t index, int64_t now);
void half_opens_refused(struct half_opens *all, uint32_t index, int64_t now);
void half_opens_remove(struct half_opens *all, uint32_t index);

#endif
