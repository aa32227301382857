/* IP fragments put together again (RFC 791 3.2, RFC 8200 4.5), as Linux does it: fragments that
 * overlap spoil their packet (RFC 5722; for IPv4, too, since 2018), one that comes twice does not.
 * Measured against Linux 6.18, 20 shapes: what is put together here is what Linux delivers; Linux
 * also takes a piece within an earlier one whatever its bytes (the first stay), and cuts lengths
 * that are no blocks: these packets are left out and counted, for they are disputed. At most
 * FRAGMENT_PACKETS at a time, in 1 MiB, for FRAGMENT_AGE of data time. Nothing is taken before the
 * first fragment comes. One thread at a time. */
#ifndef MW_WIRE_FRAGMENT_H
#define MW_WIRE_FRAGMENT_H

#include "base/moment.h"
#include "base/pool.h"
#include "wire/ip.h"

#define FRAGMENT_PACKETS 15 /* of up to 64 KiB; more than LINK_LAYERS_MAX + 1 */
#define FRAGMENT_AGE (30 * SECOND)

struct fragments {
	struct pool *pool;
	uint32_t slot[FRAGMENT_PACKETS]; /* 0: never used */
	uint64_t turn;                   /* counts packets begun */
	uint64_t captured;               /* counts fragments_begin() */
};

bool fragments_new(struct fragments *all); /* false: no memory */
void fragments_free(struct fragments *all);

/* Before the fragments of a captured frame, which may hold some within others: what the frames
 * before gave is not needed any more. */
void fragments_begin(struct fragments *all);

/* Takes the fragment `ip` with its payload `in`. true: its packet is whole, and `ip` and `in` are
 * it; valid until fragments_begin(). Then ip_extensions() has to go on. `time` as the packets have
 * it, and not trusted to run forward. */
bool fragments_add(struct fragments *all, struct ip *ip, struct bytes *in, int64_t time,
	struct anomalies *seen);

void fragments_finish(struct fragments *all, struct anomalies *seen); /* counts what stays open */

#endif
