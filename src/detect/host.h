/* The host table: what is remembered of each machine inside. A record is one address; the addresses
 * that are tied to one MAC are one machine, and what is counted is counted over all of them
 * (hosts_machine). Small records for all that completed a handshake; what only suspects need
 * (networks, attempts, policy, samples) lies in records of its own that are taken when the first of
 * it happens. Bounded: hosts_see() says who goes first. Reads no clock. One thread at a time. */
#ifndef MW_DETECT_HOST_H
#define MW_DETECT_HOST_H

#include "base/anomaly.h"
#include "base/moment.h"
#include "detect/distinct.h"
#include "detect/encounter.h"
#include "detect/lookups.h"
#include "detect/mac.h"
#include "detect/members.h"
#include "detect/neighbours.h"
#include "detect/roster.h"
#include "detect/samples.h"
#include "model/activity.h"

#define HOST_PROOF_SPAN (10 * MINUTE) /* a handshake proves an address so long before and after */
#define HOST_NEIGHBOURS MAC_ADDRESSES
#define HOST_FEW 2 /* networks that a small record can tell apart */

enum host_class {      /* in the order in which they are given up */
	HOST_UNPROVEN, /* SYNs only */
	HOST_SMALL,
	HOST_PROMOTED, /* three networks */
	HOST_HELD      /* an open story: kept */
};

struct host_routes {             /* a promoted host's networks on port 25 */
	struct members networks; /* those that got mail: evidence */
	struct distinct all, peers;
};

struct host_try { /* a network that was tried on port 25 in vain */
	uint64_t key;
	uint32_t proven;  /* bucket of the last try by a proven source; 0: none */
	uint32_t pending; /* second of the last try; proof may still come */
};

struct host_tries {
	uint32_t count;
	uint32_t refused; /* answered by RST, all in all */
	uint32_t last;    /* newest bucket */
	bool settled;     /* proof came for some since hosts_tries_settled() asked */
	int64_t first_time, last_time;
	struct host_try at[MEMBERS_MAX];
};

struct host_policy { /* what the site's rule was broken by */
	uint32_t sessions, submissions, denied;
	bool fact; /* by a session that was seen in full */
	struct endpoint peer;
	int64_t first, last; /* without 24 h of quiet */
};

/* 192 bytes. Indexes into the table's pools; 0: none. */
struct host {
	struct roster_entry entry;
	int64_t proof;                         /* last time that it was certainly there */
	int64_t evidence_first, evidence_last; /* of route evidence without 24 h of quiet */
	uint64_t helo, sender_domain;          /* keys of the first ones */
	struct member few[HOST_FEW];           /* networks before promotion */
	uint32_t sessions, attempts, messages, accepted, refused, recipients; /* to outside */
	uint32_t route_accepted, route_refused; /* messages in sessions that are evidence */
	uint16_t encrypted, one_sided, marked;  /* sessions to outside; stop at 65535 */
	uint8_t mac[6];
	uint32_t routes, tries, policy, samples, lookups, story;
	bool helo_changed, sender_changed;
	bool has_mac : 1, helo_full : 1;
	bool mac_sure : 1; /* the MAC was there when the address was proven */
	bool spoke : 1;    /* a dialogue of its own was seen */
	bool led : 1;      /* another address of the machine kept its story */
};

struct machine { /* the records of one machine */
	unsigned count;
	struct host *host[MAC_ADDRESSES]; /* the one that was asked for, then by first sight */
};

struct hosts;

/* NULL when the system has no memory. `seen` counts what was given up; it must live as long. */
struct hosts *hosts_new(uint32_t max, struct anomalies *seen);
void hosts_free(struct hosts *hosts);

struct host *hosts_find(const struct hosts *hosts, const struct address *address);

/* The record of a machine that was just seen, made if need be; now the last to be given up in its
 * class. A MAC that was there at a proof is not replaced by that of an unproven packet. When the
 * table is full the oldest unproven one goes, then the oldest small, then the oldest promoted. NULL
 * when all are held, or memory is out: counted. */
struct host *hosts_see(struct hosts *hosts, const struct endpoint *end, bool proven);

/* Proof at a data time: of this address, and of all that its MAC bears unless there are too many.
 * Tries that waited for it are evidence from now on: hosts_neighbour() tells whose. */
void hosts_prove(struct hosts *hosts, struct host *host, int64_t time);

/* By number, 0 to HOST_NEIGHBOURS - 1: the hosts with tries that a proof of `host` may have
 * settled, itself too. NULL: none of this number. */
struct host *hosts_neighbour(const struct hosts *hosts, struct host *host, unsigned number);

/* An address was said to be at a MAC: by ARP, NDP or DHCP. */
void hosts_hear(struct hosts *hosts, const struct address *address, const uint8_t mac[6]);

/* All addresses of the machine. One belongs to it when it was proven under the MAC and said to be
 * there and nowhere else; a MAC that bears too many addresses is a router's and ties none. */
void hosts_machine(const struct hosts *hosts, const struct host *host, struct machine *out);
bool hosts_are_one(const struct hosts *hosts, const struct address *a, const struct address *b);

/* The record of the machine that has its story; NULL: none has. */
struct host *hosts_with_story(const struct hosts *hosts, const struct host *host);

/* A copy of the record with the counters and the span of evidence of the whole machine. */
struct host hosts_total(const struct hosts *hosts, const struct host *host);

/* A proof within HOST_PROOF_SPAN of that time, by the address or its MAC. */
bool hosts_proven(const struct hosts *hosts, const struct host *host, int64_t time);

/* Takes in a session of this machine with an outside server: the counters of the record. */
void hosts_session(struct host *host, const struct encounter *encounter);

/* MAC of the machine itself, not of a router in between; NULL: not known. */
const uint8_t *hosts_mac(const struct hosts *hosts, const struct host *host);

/* Route evidence: mail was given to `network`. Promotes at the third network. What is asked for is
 * that of the whole machine. */
void hosts_reach(struct hosts *hosts, struct host *host, const struct encounter *encounter);
uint64_t hosts_networks(const struct hosts *hosts, const struct host *host); /* all distinct */
uint64_t hosts_peers(const struct hosts *hosts, const struct host *host);
struct members_count hosts_count(
	const struct hosts *hosts, const struct host *host, enum members_window window);

/* The domains whose mail servers it looked up. A query from another MAC than the address's own is
 * not believed. */
void hosts_look_up(
	struct hosts *hosts, struct host *host, const struct mx_query *query, int64_t time);
unsigned hosts_lookups(
	const struct hosts *hosts, const struct host *host, enum members_window window);

/* A try in vain; `end` is when it was given up. */
void hosts_try(struct hosts *hosts, struct host *host, const struct attempt *attempt);
unsigned hosts_tries(
	const struct hosts *hosts, const struct host *host, enum members_window window);

bool hosts_tries_settled(const struct hosts *hosts, const struct host *host);

/* The record, or NULL; of policy and samples: made if need be, NULL when there is no room. */
const struct host_tries *hosts_tries_of(const struct hosts *hosts, const struct host *host);
struct host_policy *hosts_policy(struct hosts *hosts, struct host *host);
struct host_policy hosts_policy_total(const struct hosts *hosts, const struct host *host);
struct samples *hosts_samples(struct hosts *hosts, struct host *host);

void hosts_hold(struct hosts *hosts, struct host *host);    /* a story was opened */
void hosts_release(struct hosts *hosts, struct host *host); /* and closed */

/* The host whose story has been open longest without news, when more than a sixteenth of the
 * table is held; NULL: fewer are. */
struct host *hosts_held_too_many(const struct hosts *hosts);

/* All hosts, class by class, oldest first; start with NULL. */
struct host *hosts_next(const struct hosts *hosts, const struct host *after);

#endif
