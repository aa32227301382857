/* What was told within this minute: the same thing again is no news, and beyond TOLD_MAX things a
 * minute nothing is, so that a flood costs no more than looking them up here. Keys are hashes with
 * a secret key. Time is data. One thread at a time. */
#ifndef MW_SENSE_TOLD_H
#define MW_SENSE_TOLD_H

#include "base/anomaly.h"

#define TOLD_MAX 4096

struct told { /* zeroed: nothing yet */
	int64_t minute;
	unsigned count;
	uint64_t hash[2 * TOLD_MAX]; /* open addressing, at most half full; 0: free */
};

/* Is it news at this time? What is left out for want of room is counted. */
bool told_news(struct told *told, uint64_t hash, int64_t time, struct anomalies *seen);

#endif
