/* Inside of the host table, shared by host.c (who is remembered) and host_evidence.c (what of
 * them). */
#ifndef MW_DETECT_HOST_POOLS_H
#define MW_DETECT_HOST_POOLS_H

#include "base/pool.h"
#include "detect/host.h"

struct hosts {
	struct roster *roster;
	struct macs *macs;
	struct pool *routes, *tries, *policy, *samples;
	struct anomalies *seen;
};

/* A record for `host`, at the cost of the least useful other; 0: no room, counted. */
uint32_t hosts_take_routes(struct hosts *hosts, const struct host *host);
uint32_t hosts_take_tries(struct hosts *hosts, const struct host *host);

/* Into the class that fits what the host has now. */
void hosts_settle(struct hosts *hosts, struct host *host);

#endif
