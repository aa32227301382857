/* What the records of the host table say: proof of an address, networks reached, tries in vain. All
 * times are those of the data, so late news about an earlier time find their place. */
#include "detect/host_pools.h"

#include <stdlib.h>

#include "detect/network.h"

static int64_t apart(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

static struct mac *mac_of(const struct hosts *hosts, const struct host *host)
{
	return host->has_mac ? macs_find(hosts->macs, host->mac) : NULL;
}

const uint8_t *hosts_mac(const struct hosts *hosts, const struct host *host)
{
	return mac_of(hosts, host) ? host->mac : NULL;
}

/* Tries close to a proof were made by whom they claim. */
static void prove_tries(struct hosts *hosts, struct host *host, int64_t time)
{
	struct host_tries *tries = pool_at(hosts->tries, host->tries);
	for (uint32_t i = 0; tries && i < tries->count; i++) {
		struct host_try *at = &tries->at[i];
		int64_t tried = at->pending * SECOND;
		if (!at->pending || apart(tried, time) > HOST_PROOF_SPAN)
			continue;
		at->pending = 0;
		tries->settled = true;
		if (members_bucket(tried) > at->proven)
			at->proven = members_bucket(tried);
	}
}

void hosts_prove(struct hosts *hosts, struct host *host, int64_t time)
{
	struct mac *mac = mac_of(hosts, host);
	host->mac_sure = host->has_mac;
	if (time > host->proof)
		host->proof = time;
	hosts_settle(hosts, host);
	prove_tries(hosts, host, time);
	if (!mac)
		return;
	if (time > mac->proof)
		mac->proof = time;
	for (uint32_t i = 0; mac->waiting && i < mac->count; i++) {
		struct host *other = hosts_find(hosts, &mac->address[i]);
		if (other)
			prove_tries(hosts, other, time);
	}
}

struct host *hosts_neighbour(const struct hosts *hosts, struct host *host, unsigned number)
{
	const struct mac *mac = mac_of(hosts, host);
	struct host *found = number ? NULL : host;
	if (mac && mac->waiting)
		found = number < mac->count ? hosts_find(hosts, &mac->address[number]) : NULL;
	return found && found->tries ? found : NULL;
}

bool hosts_proven(const struct hosts *hosts, const struct host *host, int64_t time)
{
	const struct mac *mac = mac_of(hosts, host);
	return (host->proof && apart(host->proof, time) <= HOST_PROOF_SPAN) ||
	       (mac && mac->proof && apart(mac->proof, time) <= HOST_PROOF_SPAN);
}

static void count16(uint16_t *counter, bool one)
{
	if (one && *counter < UINT16_MAX)
		(*counter)++;
}

static void note_name(uint64_t *known, bool *changed, uint64_t seen, bool seen_changed)
{
	if (!seen)
		return;
	*changed = *changed || seen_changed || (*known && *known != seen);
	*known = *known ? *known : seen;
}

void hosts_session(struct host *host, const struct encounter *encounter)
{
	const struct session *session = encounter->session;
	if (!host->helo)
		host->helo_full = encounter->helo_full;
	note_name(&host->helo, &host->helo_changed, encounter->helo, encounter->helo_changed);
	note_name(&host->sender_domain, &host->sender_changed, encounter->sender_domain,
		encounter->sender_changed);
	host->sessions += session->part <= 1;
	host->messages += encounter->messages;
	host->accepted += encounter->accepted;
	host->refused += encounter->refused;
	host->recipients += encounter->recipients;
	if (session->part > 1)
		return;
	count16(&host->encrypted, session->tls);
	count16(&host->one_sided, session->marks & MARK_ONE_SIDED);
	count16(&host->marked, session->marks & ~(unsigned)MARK_ONE_SIDED);
}

static void promote(struct hosts *hosts, struct host *host)
{
	host->routes = hosts_take_routes(hosts, host);
	struct host_routes *routes = pool_at(hosts->routes, host->routes);
	if (!routes)
		return;
	for (uint32_t i = 0; i < HOST_FEW; i++) {
		routes->networks.at[routes->networks.count++] = host->few[i];
		distinct_add(&routes->all, host->few[i].key);
		distinct_add(&routes->peers, host->few[i].peer);
	}
	hosts_settle(hosts, host);
}

uint32_t hosts_few(const struct host *host)
{
	uint32_t count = 0;
	while (count < HOST_FEW && host->few[count].any)
		count++;
	return count;
}

static void reach_as_small(
	struct hosts *hosts, struct host *host, const struct encounter *encounter, uint32_t bucket)
{
	uint32_t count = hosts_few(host);
	struct member *member = members_find(host->few, count, encounter->network, encounter->peer);
	if (!member && count == HOST_FEW) {
		promote(hosts, host);
		return;
	}
	if (!member) {
		member = &host->few[count];
		*member = (struct member){ .key = encounter->network, .peer = encounter->peer };
	}
	member_mark(member, bucket, !encounter->marked);
}

void hosts_reach(struct hosts *hosts, struct host *host, const struct encounter *encounter)
{
	const struct session *session = encounter->session;
	uint32_t bucket = members_bucket(encounter->time);
	host->route_accepted += encounter->accepted;
	host->route_refused += encounter->refused;
	if (!host->evidence_last || session->start > host->evidence_last + DAY)
		host->evidence_first = session->start;
	if (session->start < host->evidence_first)
		host->evidence_first = session->start;
	if (encounter->time > host->evidence_last)
		host->evidence_last = encounter->time;
	if (!host->routes)
		reach_as_small(hosts, host, encounter, bucket);
	struct host_routes *routes = pool_at(hosts->routes, host->routes);
	if (!routes)
		return;
	if (!members_see(&routes->networks, encounter->network, encounter->peer, bucket,
		    !encounter->marked))
		anomaly(hosts->seen, HOST_MEMBERS_FULL);
	distinct_add(&routes->all, members_find(routes->networks.at, routes->networks.count,
					   encounter->network, encounter->peer)
					   ->key);
	distinct_add(&routes->peers, encounter->peer);
}

static uint32_t second_of(int64_t time)
{
	int64_t second = time / SECOND;
	return second <= 0 ? 1 : second >= UINT32_MAX ? UINT32_MAX : (uint32_t)second;
}

static uint32_t try_time(const struct host_try *at)
{
	uint32_t pending = at->pending ? members_bucket(at->pending * SECOND) : 0;
	return pending > at->proven ? pending : at->proven;
}

/* Room for a network: its own, a free one, or that of the one tried longest ago. */
static struct host_try *find_try(struct hosts *hosts, struct host_tries *tries, uint64_t key)
{
	struct host_try *oldest = &tries->at[0];
	for (uint32_t i = 0; i < tries->count; i++) {
		if (tries->at[i].key == key)
			return &tries->at[i];
		if (try_time(&tries->at[i]) < try_time(oldest))
			oldest = &tries->at[i];
	}
	if (tries->count < MEMBERS_MAX)
		oldest = &tries->at[tries->count++];
	else
		anomaly(hosts->seen, HOST_MEMBERS_FULL);
	*oldest = (struct host_try){ .key = key };
	return oldest;
}

void hosts_try(struct hosts *hosts, struct host *host, const struct attempt *attempt)
{
	struct mac *mac = mac_of(hosts, host);
	uint32_t bucket = members_bucket(attempt->end);
	if (!host->tries)
		host->tries = hosts_take_claimed(hosts, hosts->tries, host);
	struct host_tries *tries = pool_at(hosts->tries, host->tries);
	if (!tries)
		return;
	if (mac)
		mac->waiting = true;
	struct host_try *at = find_try(hosts, tries, network_of_address(&attempt->server.ip));
	if (!hosts_proven(hosts, host, attempt->end))
		at->pending = second_of(attempt->end);
	else if (bucket > at->proven)
		at->proven = bucket;
	if (!tries->last_time || attempt->start > tries->last_time + DAY)
		tries->first_time = attempt->start;
	if (attempt->end > tries->last_time)
		tries->last_time = attempt->end;
	if (bucket > tries->last)
		tries->last = bucket;
	tries->refused += attempt->refused;
}

bool hosts_tries_settled(const struct hosts *hosts, const struct host *host)
{
	struct host_tries *tries = pool_at(hosts->tries, host->tries);
	bool settled = tries && tries->settled;
	if (settled)
		tries->settled = false;
	return settled;
}

void hosts_look_up(
	struct hosts *hosts, struct host *host, const struct mx_query *query, int64_t time)
{
	const struct endpoint *client = &query->client;
	if (host->has_mac && client->has_mac && memcmp(host->mac, client->mac, 6) != 0)
		return;
	if (!host->lookups)
		host->lookups = hosts_take_claimed(hosts, hosts->lookups, host);
	struct lookups *lookups = pool_at(hosts->lookups, host->lookups);
	if (!lookups)
		return;
	if (client->has_mac && memcmp(lookups->mac, client->mac, sizeof(lookups->mac)) != 0) {
		*lookups = (struct lookups){ .has_mac = true };
		memcpy(lookups->mac, client->mac, sizeof(lookups->mac));
	}
	lookups_see(lookups, network_text_key(bytes_make(query->domain.at, query->domain.size)),
		members_bucket(time));
}

const struct host_tries *hosts_tries_of(const struct hosts *hosts, const struct host *host)
{
	return pool_at(hosts->tries, host->tries);
}
