/* Fragments: each packet has a buffer of its full size and a map of the blocks of 8 bytes that
 * came. So an overlap is found by looking at bits, whatever the number and the order of the pieces,
 * and what an attacker can make us do is one copy of what he sends. */
#include "wire/fragment.h"

#include "base/fault.h"

enum { PAYLOAD_MAX = 65535, BLOCK = 8, BLOCKS = 8192, TCP = 6, UDP = 17 };

struct datagram {
	struct address source, destination;
	uint32_t id;
	uint8_t protocol; /* IPv6: of the first fragment, and no part of the key */
	uint8_t ttl;      /* of the fragment that came first */
	bool v6;
	enum { DATAGRAM_OPEN, DATAGRAM_SPOILT, DATAGRAM_DONE } state;
	bool has_last, checksum_wrong;
	uint64_t turn;      /* when it was begun; when done: of fragments_begin() */
	int64_t time;       /* of its first fragment */
	uint32_t size, end; /* bytes that came; the highest end of any */
	uint8_t came[BLOCKS / 8];
	uint8_t data[PAYLOAD_MAX];
};

bool fragments_new(struct fragments *all)
{
	*all = (struct fragments){ .pool = pool_new(sizeof(struct datagram), FRAGMENT_PACKETS) };
	return all->pool;
}

void fragments_free(struct fragments *all)
{
	pool_free(all->pool);
}

void fragments_begin(struct fragments *all)
{
	all->captured++;
}

static bool is_of(const struct datagram *datagram, const struct ip *ip)
{
	bool v6 = !address_is_v4(&ip->source);
	return datagram->id == ip->fragment_id && datagram->v6 == v6 &&
	       (v6 || datagram->protocol == ip->protocol) &&
	       address_equal(&datagram->source, &ip->source) &&
	       address_equal(&datagram->destination, &ip->destination);
}

/* Given up, or given: its slot is free for another one. */
static bool is_free(const struct fragments *all, const struct datagram *datagram)
{
	return datagram->state == DATAGRAM_DONE && datagram->turn != all->captured;
}

static void give_up(struct datagram *datagram, enum anomaly kind, struct anomalies *seen)
{
	if (datagram->state == DATAGRAM_OPEN)
		anomaly(seen, kind);
	datagram->state = DATAGRAM_DONE;
	datagram->turn = 0;
}

static struct datagram *find(
	struct fragments *all, const struct ip *ip, int64_t time, struct anomalies *seen)
{
	for (size_t i = 0; i < FRAGMENT_PACKETS; i++) {
		struct datagram *datagram = pool_at(all->pool, all->slot[i]);
		if (!datagram || datagram->state == DATAGRAM_DONE)
			continue;
		if (time > datagram->time + FRAGMENT_AGE || time < datagram->time - FRAGMENT_AGE)
			give_up(datagram, FRAGMENT_INCOMPLETE, seen);
		else if (is_of(datagram, ip))
			return datagram;
	}
	return NULL;
}

/* A slot: never used, free, or that of the packet which waited longest. */
static struct datagram *make_room(struct fragments *all, struct anomalies *seen)
{
	struct datagram *oldest = NULL;
	bool full = fault_limit();
	for (size_t i = 0; i < FRAGMENT_PACKETS; i++) {
		struct datagram *datagram = pool_at(all->pool, all->slot[i]);
		if (!datagram && !full) {
			all->slot[i] = pool_take(all->pool);
			datagram = pool_at(all->pool, all->slot[i]);
			if (datagram)
				return datagram;
		}
		if (!datagram || (datagram->state == DATAGRAM_DONE && !is_free(all, datagram)))
			continue;
		if (is_free(all, datagram))
			return datagram;
		if (!oldest || datagram->turn < oldest->turn)
			oldest = datagram;
	}
	if (oldest)
		give_up(oldest, FRAGMENTS_FULL, seen);
	else
		anomaly(seen, FRAGMENTS_FULL); /* no memory */
	return oldest;
}

static struct datagram *begin(
	struct fragments *all, const struct ip *ip, int64_t time, struct anomalies *seen)
{
	struct datagram *datagram = make_room(all, seen);
	if (!datagram)
		return NULL;
	datagram->source = ip->source;
	datagram->destination = ip->destination;
	datagram->id = ip->fragment_id;
	datagram->protocol = ip->protocol;
	datagram->ttl = ip->ttl;
	datagram->v6 = !address_is_v4(&ip->source);
	datagram->state = DATAGRAM_OPEN;
	datagram->has_last = datagram->checksum_wrong = false;
	datagram->turn = ++all->turn;
	datagram->time = time;
	datagram->size = datagram->end = 0;
	memset(datagram->came, 0, sizeof(datagram->came));
	return datagram;
}

static bool spoil(struct datagram *datagram, enum anomaly kind, struct anomalies *seen)
{
	datagram->state = DATAGRAM_SPOILT; /* RFC 5722 4: those that follow are left out, too */
	return anomaly(seen, kind);
}

/* Lengths that no sender means: nothing, no whole blocks before the end, more than 64 KiB, behind
 * the last one, or a last one that is not. */
static bool length_right(const struct datagram *datagram, const struct ip *ip)
{
	size_t end = ip->offset + ip->length;
	if (!ip->length || end > PAYLOAD_MAX || (ip->more && ip->length % BLOCK))
		return false;
	if (datagram->has_last)
		return ip->more ? end < datagram->end : end == datagram->end;
	return ip->more || end >= datagram->end;
}

/* How many of the blocks came already; *blocks: of how many. */
static unsigned came(const struct datagram *datagram, const struct ip *ip, unsigned *blocks)
{
	unsigned there = 0, first = ip->offset / BLOCK;
	*blocks = (unsigned)((ip->length + BLOCK - 1) / BLOCK);
	for (unsigned i = first; i < first + *blocks; i++)
		there += datagram->came[i / 8] >> (i % 8) & 1;
	return there;
}

static void put(struct datagram *datagram, const struct ip *ip, struct bytes in)
{
	unsigned blocks = (unsigned)((ip->length + BLOCK - 1) / BLOCK), first = ip->offset / BLOCK;
	for (unsigned i = first; i < first + blocks; i++)
		datagram->came[i / 8] |= (uint8_t)(1 << i % 8);
	memcpy(datagram->data + ip->offset, in.at, ip->length);
	datagram->size += (uint32_t)ip->length;
	if (ip->offset + ip->length > datagram->end)
		datagram->end = (uint32_t)(ip->offset + ip->length);
	datagram->has_last |= !ip->more;
	datagram->checksum_wrong |= ip->checksum_wrong;
	if (!ip->offset)
		datagram->protocol = ip->protocol;
}

/* The first fragment should hold the header that tells what the packet is (RFC 1858, RFC 7112). */
static bool is_tiny(const struct ip *ip)
{
	size_t least = ip->protocol == TCP ? 20 : ip->protocol == UDP ? 8 : 0;
	return !ip->offset && ip->length < least;
}

/* false: the fragment changes nothing, or spoils the packet. */
static bool take(
	struct datagram *datagram, const struct ip *ip, struct bytes in, struct anomalies *seen)
{
	unsigned blocks;
	if (datagram->state == DATAGRAM_SPOILT || ip->cut)
		return anomaly(seen, IP_FRAGMENT);
	if (!length_right(datagram, ip))
		return spoil(datagram, FRAGMENT_LENGTH, seen);
	unsigned there = came(datagram, ip, &blocks);
	struct bytes before = bytes_make(datagram->data + ip->offset, ip->length);
	if (there == blocks && ip->offset + ip->length <= datagram->end && bytes_equal(before, in))
		return false; /* the same again */
	if (there)
		return spoil(datagram, FRAGMENT_OVERLAP, seen);
	if (is_tiny(ip))
		anomaly(seen, FRAGMENT_TINY);
	put(datagram, ip, in);
	return true;
}

bool fragments_add(struct fragments *all, struct ip *ip, struct bytes *in, int64_t time,
	struct anomalies *seen)
{
	struct datagram *datagram = find(all, ip, time, seen);
	if (!datagram)
		datagram = begin(all, ip, time, seen);
	if (!datagram)
		return anomaly(seen, IP_FRAGMENT);
	if (!take(datagram, ip, *in, seen) || !datagram->has_last ||
		datagram->size != datagram->end)
		return false;
	datagram->state = DATAGRAM_DONE;
	datagram->turn = all->captured;
	ip->protocol = datagram->protocol;
	ip->ttl = datagram->ttl;
	ip->checksum_wrong = datagram->checksum_wrong;
	ip->length = datagram->size;
	ip->fragment = ip->more = false;
	ip->offset = 0;
	*in = bytes_make(datagram->data, datagram->size);
	return true;
}

void fragments_finish(struct fragments *all, struct anomalies *seen)
{
	for (size_t i = 0; i < FRAGMENT_PACKETS; i++) {
		struct datagram *datagram = pool_at(all->pool, all->slot[i]);
		if (datagram)
			give_up(datagram, FRAGMENT_INCOMPLETE, seen);
	}
}
