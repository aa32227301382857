/* A distinct count over time. 64 members are searched one after another: they fit in 24 lines of
 * cache, and only hosts that speak to several networks have them. */
#include "detect/members.h"

#include <stddef.h>

#include "base/moment.h"

uint32_t members_bucket(int64_t time)
{
	int64_t bucket = time < 0 ? 0 : time / (5 * MINUTE);
	return bucket >= UINT32_MAX ? UINT32_MAX : (uint32_t)bucket + 1;
}

bool members_within(enum members_window window, uint32_t then, uint32_t now)
{
	if (!then || then > now)
		return false;
	if (window == MEMBERS_HOUR)
		return now - then < 12;
	return (now - 1) / 12 - (then - 1) / 12 < 24;
}

struct member *members_find(struct member *at, uint32_t count, uint64_t key, uint64_t peer)
{
	struct member *by_peer = NULL;
	for (uint32_t i = 0; i < count; i++) {
		if (at[i].key == key)
			return &at[i];
		if (at[i].peer == peer)
			by_peer = &at[i];
	}
	return by_peer;
}

void member_mark(struct member *member, uint32_t bucket, bool clean)
{
	if (bucket > member->any)
		member->any = bucket;
	if (clean && bucket > member->clean)
		member->clean = bucket;
}

static struct member *oldest(struct members *members)
{
	struct member *found = &members->at[0];
	for (uint32_t i = 1; i < members->count; i++)
		if (members->at[i].any < found->any)
			found = &members->at[i];
	return found;
}

bool members_see(struct members *members, uint64_t key, uint64_t peer, uint32_t bucket, bool clean)
{
	struct member *member = members_find(members->at, members->count, key, peer);
	bool room = member || members->count < MEMBERS_MAX;
	if (!member) {
		member = room ? &members->at[members->count++] : oldest(members);
		*member = (struct member){ .key = key, .peer = peer };
	}
	member_mark(member, bucket, clean);
	return room;
}

struct members_count members_count(
	const struct member *at, uint32_t count, enum members_window window, uint32_t now)
{
	struct members_count found = { 0 };
	for (uint32_t i = 0; i < count; i++) {
		found.clean += members_within(window, at[i].clean, now);
		found.any += members_within(window, at[i].any, now);
	}
	return found;
}
