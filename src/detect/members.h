/* How many different ones, in the last hour or day? A set of at most MEMBERS_MAX keys, each with
 * the 5-minute bucket in which it was last seen; every threshold lies below that, so a verdict
 * rests on exact numbers. When it is full, the one seen longest ago gives way: a set can only count
 * too few. Windows are buckets aligned to the epoch: 12 of 5 minutes, 24 of 1 hour. */
#ifndef MW_DETECT_MEMBERS_H
#define MW_DETECT_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#define MEMBERS_MAX 64

struct member {
	uint64_t key;   /* the network */
	uint64_t peer;  /* the server that stands for it */
	uint32_t clean; /* bucket of the last full evidence; 0: none */
	uint32_t any;   /* of the last evidence, marked or not */
};

struct members {
	uint32_t count;
	struct member at[MEMBERS_MAX];
};

enum members_window { MEMBERS_HOUR, MEMBERS_DAY };

uint32_t members_bucket(int64_t time); /* from 1; 0 is "never" */

/* `then` lies in the window that ends with the bucket `now`. */
bool members_within(enum members_window window, uint32_t then, uint32_t now);

/* The member that is `key`, or that `peer` stands for: a server that changes its name with each
 * greeting stays one. NULL: a new one. */
struct member *members_find(struct member *at, uint32_t count, uint64_t key, uint64_t peer);

void member_mark(struct member *member, uint32_t bucket, bool clean);

/* Saw `key` at `peer`. false: an older member gave way. */
bool members_see(struct members *members, uint64_t key, uint64_t peer, uint32_t bucket, bool clean);

struct members_count {
	unsigned clean, any;
};

/* Of an array of members, those seen in the window that ends with the bucket `now`. */
struct members_count members_count(
	const struct member *at, uint32_t count, enum members_window window, uint32_t now);

#endif
