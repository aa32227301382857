/* The machine that all packets have in common, if there is one: a recording made on it, or with a
 * filter for it, or beyond the router that gives everybody its address, shows no other. The first
 * packet names two candidates; each further one strikes out whoever is no end of it. On a network
 * with more than one machine that is soon both, and then a packet costs one comparison. */
#ifndef MW_SENSE_ENDS_H
#define MW_SENSE_ENDS_H

#include "model/recording.h"
#include "sense/few.h"

struct ends { /* zeroed: nothing yet */
	uint64_t packets;
	unsigned count; /* candidates that are left */
	struct ends_candidate {
		struct address address;
		uint64_t begun, sent, direct, near;
		unsigned origins; /* bits */
	} candidate[2];
	struct few peers; /* of the last candidate */
	bool private_peer;
};

void ends_take(struct ends *ends, const struct address *from, const struct address *to, uint8_t ttl,
	bool begins);
void ends_tell(const struct ends *ends, struct recording_end *out);

#endif
