/* How a recording was made, as far as its packets tell: what the sensor counts while it reads, and
 * the report judges (docs/tap.md). Plain numbers; nothing here says anything of a machine. */
#ifndef MW_MODEL_RECORDING_H
#define MW_MODEL_RECORDING_H

#include "base/address.h"

#define RECORDING_FEW 64 /* up to here different things are counted */

struct recording_end {          /* the one address that is an end of every packet */
	struct address address; /* none: there is no such, or nothing was seen, or one pair only */
	uint64_t packets;       /* from anybody to anybody, until it was the only one, and since */
	uint64_t begun;         /* SYNs it sent */
	uint64_t sent, direct, near; /* packets of it; of these fresh from a sender (TTL 64, 128,
					255), and passed on by one to three routers */
	unsigned origins;            /* TTLs that those behind routers began with: 64, 128, 255 */
	unsigned peers;              /* other ends; at most RECORDING_FEW */
	bool private_peer;           /* one of them is a private address */
};

struct recording {
	uint64_t unicast, group; /* frames by the group bit of their MAC destination */
	unsigned group_senders;  /* MACs that sent the latter; at most RECORDING_FEW */
	uint64_t cut;            /* packets of which fewer bytes were recorded than sent, */
	uint64_t cut_alike;      /* most of them at this length: */
	uint32_t cut_length;
	uint64_t both_ways;                /* TCP connections of which both sides were heard; */
	uint64_t client_only, server_only; /* only one, though the other must have spoken */
	uint64_t others;                   /* unicast IP packets that are no mail */
	struct recording_end v4, v6;       /* of all unicast packets */
	struct recording_end mail;         /* of IPv4 packets to or from a mail port */
	uint64_t back, ahead;              /* times the clock was set: back by more than a second;
					      ahead by more than an hour, under way */
	int64_t back_most, ahead_most;     /* microseconds */
	uint64_t sums, sums_wrong;         /* TCP checksums looked at */
	struct address sums_sender;        /* of most of the wrong ones; none: there is no such */
	uint64_t dropped; /* packets that the recorder says it lost, at least; filled by app/ */
};

static inline uint64_t recording_connections(const struct recording *recording)
{
	return recording->both_ways + recording->client_only + recording->server_only;
}

#endif
