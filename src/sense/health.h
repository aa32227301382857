/* Counts what tells how the recording was made (model/recording.h), from what the tap decodes
 * anyway. Bounded: nothing here grows. One thread at a time. */
#ifndef MW_SENSE_HEALTH_H
#define MW_SENSE_HEALTH_H

#include "sense/connection.h"
#include "sense/ends.h"
#include "wire/capture.h"
#include "wire/frame.h"

#define HEALTH_CUT_MAX 2048 /* bytes; cuts beyond are told as this */
#define HEALTH_SAID 16      /* segments remembered from before a leap of the clock */

struct health_said {   /* what follows in a connection: a sequence number of one of its sides */
	uint64_t flow; /* 0: none */
	uint16_t port;
	uint32_t next;
};

struct health { /* zeroed: nothing yet */
	struct recording counts;
	uint64_t cut_at[HEALTH_CUT_MAX + 1];
	struct few group_senders;
	struct ends v4, v6, mail;
	int64_t last; /* time of the packet before; valid when `begun` */
	bool begun;
	struct health_said said[HEALTH_SAID], before[HEALTH_SAID];
	unsigned said_next;
	int64_t leap;       /* that is looked into */
	unsigned watch;     /* so many segments more */
	uint64_t sums_lead; /* of sums_sender over all others */
};

void health_packet(struct health *health, const struct packet *packet);
void health_link(struct health *health, const struct link *link); /* of any frame */

/* `mail`: of a mail port. */
void health_ip(struct health *health, const struct frame *frame, bool mail);
void health_segment(
	struct health *health, const struct arrival *arrival, uint64_t flow); /* of a mail port */
void health_checksum(struct health *health, const struct address *sender, bool wrong);

/* A connection was heard from both sides, or only from one. */
void health_heard(struct health *health, bool client, bool server);

void health_tell(const struct health *health, struct recording *out);

#endif
