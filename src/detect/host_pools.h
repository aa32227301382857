/* Inside of the host table, shared by host.c (who is remembered), host_evidence.c (what of
 * them) and host_machine.c (what is one). */
#ifndef MW_DETECT_HOST_POOLS_H
#define MW_DETECT_HOST_POOLS_H

#include "base/pool.h"
#include "detect/host.h"

struct hosts {
	struct roster *roster;
	struct macs *macs;
	struct neighbours *neighbours;
	struct pool *routes, *tries, *policy, *samples, *lookups;
	struct anomalies *seen;
};

/* A record for `host`, at the cost of the least useful other; 0: no room, counted. Claimed is what
 * an unproven source can have: tries, look-ups. */
uint32_t hosts_take_routes(struct hosts *hosts, const struct host *host);
uint32_t hosts_take_claimed(struct hosts *hosts, struct pool *pool, const struct host *host);

uint32_t hosts_few(const struct host *host); /* networks in the small record */

/* Into the class that fits what the host has now. */
void hosts_settle(struct hosts *hosts, struct host *host);

#endif
