/* The host table: who is remembered, who goes first when it is full. What the records say is filled
 * in by host_evidence.c. Big records lie in pools of their own, an eighth as many as hosts: most
 * machines are never suspects. Open stories hold at most half of them, so that a new suspect always
 * finds one. */
#include "detect/host_pools.h"

#include <stdlib.h>

#include "base/fault.h"

#define SUSPECTS_SHARE 8
#define HELD_SHARE (2 * SUSPECTS_SHARE)

_Static_assert(sizeof(struct host) <= 192, "a small record is small");

struct hosts *hosts_new(uint32_t max, struct anomalies *seen)
{
	uint32_t suspects = max / SUSPECTS_SHARE + 2;
	struct hosts *hosts = fault_call() ? NULL : calloc(1, sizeof(*hosts));
	if (!hosts)
		return NULL;
	hosts->seen = seen;
	hosts->roster = roster_new(sizeof(struct host), max);
	hosts->macs = macs_new(seen);
	hosts->neighbours = neighbours_new(NEIGHBOURS_MAX, seen);
	hosts->routes = pool_new(sizeof(struct host_routes), suspects);
	hosts->tries = pool_new(sizeof(struct host_tries), suspects);
	hosts->policy = pool_new(sizeof(struct host_policy), suspects);
	hosts->samples = pool_new(sizeof(struct samples), suspects);
	hosts->lookups = pool_new(sizeof(struct lookups), suspects);
	if (hosts->roster && hosts->macs && hosts->neighbours && hosts->routes && hosts->tries &&
		hosts->policy && hosts->samples && hosts->lookups)
		return hosts;
	hosts_free(hosts);
	return NULL;
}

void hosts_free(struct hosts *hosts)
{
	if (!hosts)
		return;
	roster_free(hosts->roster);
	macs_free(hosts->macs);
	neighbours_free(hosts->neighbours);
	pool_free(hosts->routes);
	pool_free(hosts->tries);
	pool_free(hosts->policy);
	pool_free(hosts->samples);
	pool_free(hosts->lookups);
	free(hosts);
}

struct host *hosts_find(const struct hosts *hosts, const struct address *address)
{
	return roster_find(hosts->roster, address);
}

static void forget(struct hosts *hosts, struct host *host)
{
	anomaly(hosts->seen, host->entry.list == HOST_UNPROVEN ? HOSTS_UNPROVEN_FULL : HOSTS_FULL);
	pool_give(hosts->routes, host->routes);
	pool_give(hosts->tries, host->tries);
	pool_give(hosts->policy, host->policy);
	pool_give(hosts->samples, host->samples);
	pool_give(hosts->lookups, host->lookups);
	roster_remove(hosts->roster, host);
}

static bool make_room(struct hosts *hosts)
{
	for (unsigned class = HOST_UNPROVEN; class < HOST_HELD; class ++) {
		struct host *oldest = roster_oldest(hosts->roster, class);
		if (!oldest)
			continue;
		forget(hosts, oldest);
		return true;
	}
	return false;
}

struct host *hosts_see(struct hosts *hosts, const struct endpoint *end, bool proven)
{
	struct host *host = roster_find(hosts->roster, &end->ip);
	if (host)
		roster_touch(hosts->roster, host, host->entry.list);
	else
		host = roster_add(hosts->roster, &end->ip, HOST_UNPROVEN);
	if (!host && make_room(hosts))
		host = roster_add(hosts->roster, &end->ip, HOST_UNPROVEN);
	if (!host) {
		anomaly(hosts->seen, HOSTS_FULL);
		return NULL;
	}
	if (end->has_mac) {
		macs_bear(hosts->macs, end->mac, &end->ip);
		if (proven || !host->mac_sure)
			memcpy(host->mac, end->mac, sizeof(host->mac));
		host->has_mac = true;
	}
	return host;
}

void hosts_settle(struct hosts *hosts, struct host *host)
{
	unsigned class = HOST_UNPROVEN;
	if (host->story)
		class = HOST_HELD;
	else if (host->routes)
		class = HOST_PROMOTED;
	else if (host->proof || host->entry.list != HOST_UNPROVEN)
		class = HOST_SMALL;
	if (class != host->entry.list)
		roster_touch(hosts->roster, host, class);
}

/* Back to small: the two newest networks stay. */
static void demote(struct hosts *hosts, struct host *host)
{
	const struct host_routes *routes = pool_at(hosts->routes, host->routes);
	for (uint32_t i = 0; i < HOST_FEW && i < routes->networks.count; i++)
		host->few[i] = routes->networks.at[i];
	anomaly(hosts->seen, HOSTS_DEMOTED);
	pool_give(hosts->routes, host->routes);
	pool_give(hosts->samples, host->samples);
	host->routes = host->samples = 0;
	hosts_settle(hosts, host);
}

uint32_t hosts_take_routes(struct hosts *hosts, const struct host *host)
{
	uint32_t index = pool_take(hosts->routes);
	struct host *oldest = roster_oldest(hosts->roster, HOST_PROMOTED);
	if (!index && oldest && oldest != host) {
		demote(hosts, oldest);
		index = pool_take(hosts->routes);
	}
	if (!index)
		anomaly(hosts->seen, HOSTS_DEMOTED);
	return index;
}

uint32_t hosts_take_claimed(struct hosts *hosts, struct pool *pool, const struct host *host)
{
	uint32_t index = pool_take(pool);
	struct host *oldest = roster_oldest(hosts->roster, HOST_UNPROVEN);
	if (!index && oldest && oldest != host) {
		forget(hosts, oldest);
		index = pool_take(pool);
	}
	if (!index)
		anomaly(hosts->seen, HOSTS_DEMOTED);
	return index;
}

struct host_policy *hosts_policy(struct hosts *hosts, struct host *host)
{
	if (!host->policy)
		host->policy = pool_take(hosts->policy);
	if (!host->policy)
		anomaly(hosts->seen, HOSTS_DEMOTED);
	return pool_at(hosts->policy, host->policy);
}

struct samples *hosts_samples(struct hosts *hosts, struct host *host)
{
	if (!host->samples)
		host->samples = pool_take(hosts->samples);
	if (!host->samples)
		anomaly(hosts->seen, HOSTS_DEMOTED);
	return pool_at(hosts->samples, host->samples);
}

void hosts_hold(struct hosts *hosts, struct host *host)
{
	roster_touch(hosts->roster, host, HOST_HELD);
}

void hosts_release(struct hosts *hosts, struct host *host)
{
	host->story = 0;
	hosts_settle(hosts, host);
}

struct host *hosts_held_too_many(const struct hosts *hosts)
{
	if (roster_count(hosts->roster, HOST_HELD) <= roster_max(hosts->roster) / HELD_SHARE)
		return NULL;
	return roster_oldest(hosts->roster, HOST_HELD);
}

struct host *hosts_next(const struct hosts *hosts, const struct host *after)
{
	unsigned class = after ? after->entry.list : 0;
	struct host *next =
		after ? roster_newer(hosts->roster, after) : roster_oldest(hosts->roster, class);
	while (!next && ++class <= HOST_HELD)
		next = roster_oldest(hosts->roster, class);
	return next;
}
