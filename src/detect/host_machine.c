/* What is one machine, and what its addresses did together. Evidence stays in the record of the
 * address that gave it and is added up when it is asked for: so a MAC that turns out a router's
 * leaves each address what is its own. At most MAC_ADDRESSES records are looked at. */
#include "detect/host_pools.h"

#define MEMBERS_ALL (MAC_ADDRESSES * MEMBERS_MAX)

void hosts_hear(struct hosts *hosts, const struct address *address, const uint8_t mac[6])
{
	neighbours_hear(hosts->neighbours, address, mac);
}

static bool is_tied(const struct hosts *hosts, const struct host *host)
{
	return host->has_mac && host->mac_sure &&
	       neighbours_agree(hosts->neighbours, &host->entry.address, host->mac);
}

void hosts_machine(const struct hosts *hosts, const struct host *host, struct machine *out)
{
	const struct mac *mac = host->has_mac ? macs_find(hosts->macs, host->mac) : NULL;
	out->count = 1;
	out->host[0] = hosts_find(hosts, &host->entry.address);
	if (!mac || mac->count < 2 || !is_tied(hosts, host))
		return;
	for (uint32_t i = 0; i < mac->count && out->count < MAC_ADDRESSES; i++) {
		struct host *other = hosts_find(hosts, &mac->address[i]);
		if (other && other != out->host[0] && is_tied(hosts, other) &&
			!memcmp(other->mac, host->mac, sizeof(host->mac)))
			out->host[out->count++] = other;
	}
}

bool hosts_are_one(const struct hosts *hosts, const struct address *a, const struct address *b)
{
	const struct host *left = hosts_find(hosts, a), *right = hosts_find(hosts, b);
	return address_equal(a, b) ||
	       (left && right && is_tied(hosts, left) && is_tied(hosts, right) &&
		       !memcmp(left->mac, right->mac, sizeof(left->mac)) &&
		       macs_find(hosts->macs, left->mac));
}

struct host *hosts_with_story(const struct hosts *hosts, const struct host *host)
{
	struct machine machine;
	hosts_machine(hosts, host, &machine);
	for (unsigned i = 0; i < machine.count; i++)
		if (machine.host[i]->story)
			return machine.host[i];
	return NULL;
}

static void add16(uint16_t *sum, uint16_t more)
{
	*sum = more < UINT16_MAX - *sum ? (uint16_t)(*sum + more) : UINT16_MAX;
}

static void add_name(uint64_t *sum, bool *changed, uint64_t more, bool more_changed)
{
	*changed = *changed || more_changed || (*sum && more && *sum != more);
	*sum = *sum ? *sum : more;
}

static void add_counters(struct host *sum, const struct host *more)
{
	sum->helo_full = sum->helo ? sum->helo_full : more->helo_full;
	add_name(&sum->helo, &sum->helo_changed, more->helo, more->helo_changed);
	add_name(&sum->sender_domain, &sum->sender_changed, more->sender_domain,
		more->sender_changed);
	sum->sessions += more->sessions;
	sum->attempts += more->attempts;
	sum->messages += more->messages;
	sum->accepted += more->accepted;
	sum->refused += more->refused;
	sum->recipients += more->recipients;
	sum->route_accepted += more->route_accepted;
	sum->route_refused += more->route_refused;
	add16(&sum->encrypted, more->encrypted);
	add16(&sum->one_sided, more->one_sided);
	add16(&sum->marked, more->marked);
	sum->spoke = sum->spoke || more->spoke;
	if (!sum->tries)
		sum->tries = more->tries;
}

static int64_t evidence_last(const struct machine *machine)
{
	int64_t last = 0;
	for (unsigned i = 0; i < machine->count; i++)
		if (machine->host[i]->evidence_last > last)
			last = machine->host[i]->evidence_last;
	return last;
}

static uint32_t last_bucket(const struct machine *machine)
{
	return members_bucket(evidence_last(machine));
}

/* Evidence that a day of quiet parts from the newest is another story's. */
static void span(const struct machine *machine, struct host *sum)
{
	sum->evidence_last = evidence_last(machine);
	sum->evidence_first = sum->evidence_last;
	for (unsigned i = 0; i < machine->count; i++) {
		const struct host *host = machine->host[i];
		if (host->evidence_last && host->evidence_last + DAY >= sum->evidence_last &&
			host->evidence_first < sum->evidence_first)
			sum->evidence_first = host->evidence_first;
	}
}

struct host hosts_total(const struct hosts *hosts, const struct host *host)
{
	struct machine machine;
	struct host sum = *host;
	hosts_machine(hosts, host, &machine);
	for (unsigned i = 1; i < machine.count; i++)
		add_counters(&sum, machine.host[i]);
	span(&machine, &sum);
	return sum;
}

/* Different members of several sets: by key, and by the peer that stands for it. */
struct gathering {
	unsigned count;
	const struct member *at[MEMBERS_ALL];
};

static void gather(struct gathering *all, const struct member *member)
{
	for (unsigned i = 0; i < all->count; i++)
		if (all->at[i]->key == member->key || all->at[i]->peer == member->peer)
			return;
	all->at[all->count++] = member;
}

static unsigned gather_window(const struct hosts *hosts, const struct machine *machine, bool clean,
	enum members_window window, uint32_t now)
{
	struct gathering all;
	all.count = 0;
	for (unsigned i = 0; i < machine->count; i++) {
		const struct host *host = machine->host[i];
		const struct host_routes *routes = pool_at(hosts->routes, host->routes);
		const struct member *at = routes ? routes->networks.at : host->few;
		uint32_t count = routes ? routes->networks.count : HOST_FEW;
		for (uint32_t k = 0; k < count; k++)
			if (members_within(window, clean ? at[k].clean : at[k].any, now))
				gather(&all, &at[k]);
	}
	return all.count;
}

struct members_count hosts_count(
	const struct hosts *hosts, const struct host *host, enum members_window window)
{
	const struct host_routes *routes = pool_at(hosts->routes, host->routes);
	struct machine machine;
	hosts_machine(hosts, host, &machine);
	uint32_t now = last_bucket(&machine);
	if (machine.count > 1)
		return (struct members_count){
			.clean = gather_window(hosts, &machine, true, window, now),
			.any = gather_window(hosts, &machine, false, window, now),
		};
	if (routes)
		return members_count(routes->networks.at, routes->networks.count, window, now);
	return members_count(host->few, HOST_FEW, window, now);
}

static void join(
	const struct hosts *hosts, const struct host *host, bool peers, struct distinct *sum)
{
	const struct host_routes *routes = pool_at(hosts->routes, host->routes);
	if (routes) {
		distinct_join(sum, peers ? &routes->peers : &routes->all);
		return;
	}
	for (uint32_t i = 0; i < hosts_few(host); i++)
		distinct_add(sum, peers ? host->few[i].peer : host->few[i].key);
}

static uint64_t all_distinct(const struct hosts *hosts, const struct host *host, bool peers)
{
	const struct host_routes *routes = pool_at(hosts->routes, host->routes);
	struct distinct sum = { .count = 0 };
	struct machine machine;
	hosts_machine(hosts, host, &machine);
	if (machine.count == 1 && !routes)
		return hosts_few(host);
	if (machine.count == 1)
		return distinct_count(peers ? &routes->peers : &routes->all);
	for (unsigned i = 0; i < machine.count; i++)
		join(hosts, machine.host[i], peers, &sum);
	return distinct_count(&sum);
}

uint64_t hosts_networks(const struct hosts *hosts, const struct host *host)
{
	return all_distinct(hosts, host, false);
}

uint64_t hosts_peers(const struct hosts *hosts, const struct host *host)
{
	return all_distinct(hosts, host, true);
}

static uint32_t tries_last(const struct hosts *hosts, const struct machine *machine)
{
	uint32_t last = 0;
	for (unsigned i = 0; i < machine->count; i++) {
		const struct host_tries *tries = pool_at(hosts->tries, machine->host[i]->tries);
		if (tries && tries->last > last)
			last = tries->last;
	}
	return last;
}

static bool tried_before(const struct host_try *const *at, unsigned count, uint64_t key)
{
	for (unsigned i = 0; i < count; i++)
		if (at[i]->key == key)
			return true;
	return false;
}

unsigned hosts_tries(const struct hosts *hosts, const struct host *host, enum members_window window)
{
	const struct host_try *all[MEMBERS_ALL];
	struct machine machine;
	unsigned count = 0;
	hosts_machine(hosts, host, &machine);
	uint32_t last = tries_last(hosts, &machine);
	for (unsigned i = 0; i < machine.count; i++) {
		const struct host_tries *tries = pool_at(hosts->tries, machine.host[i]->tries);
		for (uint32_t k = 0; tries && k < tries->count; k++)
			if (members_within(window, tries->at[k].proven, last) &&
				(machine.count == 1 || !tried_before(all, count, tries->at[k].key)))
				all[count++] = &tries->at[k];
	}
	return count;
}

unsigned hosts_lookups(
	const struct hosts *hosts, const struct host *host, enum members_window window)
{
	struct lookups sum = { .count = 0 };
	struct machine machine;
	hosts_machine(hosts, host, &machine);
	uint32_t now = last_bucket(&machine);
	for (unsigned i = 0; i < machine.count; i++) {
		const struct host *at = machine.host[i];
		const struct lookups *lookups = pool_at(hosts->lookups, at->lookups);
		bool strange = lookups && lookups->has_mac && at->has_mac &&
			       memcmp(lookups->mac, at->mac, sizeof(at->mac)) != 0;
		if (lookups && !strange)
			lookups_join(&sum, lookups, window, now);
	}
	return sum.count;
}

/* The newest of the strongest speaks for all. */
static void add_policy(struct host_policy *sum, const struct host_policy *more)
{
	if (more->fact == sum->fact ? more->last > sum->last : more->fact)
		sum->peer = more->peer;
	if (more->last && (!sum->last || more->first < sum->first))
		sum->first = more->first;
	if (more->last > sum->last)
		sum->last = more->last;
	sum->fact = sum->fact || more->fact;
	sum->sessions += more->sessions;
	sum->submissions += more->submissions;
	sum->denied += more->denied;
}

struct host_policy hosts_policy_total(const struct hosts *hosts, const struct host *host)
{
	struct host_policy sum = { 0 };
	struct machine machine;
	hosts_machine(hosts, host, &machine);
	for (unsigned i = 0; i < machine.count; i++) {
		const struct host_policy *policy = pool_at(hosts->policy, machine.host[i]->policy);
		if (!policy)
			continue;
		add_policy(&sum, policy);
	}
	return sum;
}
