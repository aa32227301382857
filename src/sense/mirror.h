/* Packets that were captured more than once: a mirror port that sees them come in and go out, or on
 * both sides of a router; two taps; a bridge and what is behind it. They count once. A copy has the
 * same addresses, the same TCP segment, byte for byte, and the same IP identification. What the
 * sender itself sends again has another identification; where that says nothing (0, as for most
 * packets that must not be fragmented; IPv6), a copy has to differ in what a copy can differ in:
 * TTL, MACs, VLAN or interface. docs/captures.md says the same at length. One thread at a time. */
#ifndef MW_SENSE_MIRROR_H
#define MW_SENSE_MIRROR_H

#include "base/moment.h"
#include "sense/connection.h"

#define MIRROR_SLOTS 4096        /* packets remembered; beyond, the oldest of four is forgotten */
#define MIRROR_AGE (SECOND / 10) /* with an identification: less than any retransmission timer */
#define MIRROR_AGE_BLIND (SECOND / 100) /* without */

struct mirror;

struct mirror *mirror_new(void); /* NULL: no memory */
void mirror_free(struct mirror *mirror);

enum mirror_verdict {
	MIRROR_FIRST,
	MIRROR_COPY,
	MIRROR_NEARER /* a copy, taken nearer to its sender than those before: its TTL is higher */
};

/* Looks at a segment of `flow` (a hash of both ends), and remembers it. */
enum mirror_verdict mirror_look(
	struct mirror *mirror, uint64_t flow, const struct arrival *arrival);

#endif
