/* A packet's TTL tells how far away its sender is, for senders begin with 64, 128 or 255: one that
 * has lost a hop or two was passed on by a router close by, and where several beginnings show
 * behind one address, several machines share it. */
#include "sense/ends.h"

#include "model/site.h"

#define NEAR_HOPS 3

static void look_at_ttl(struct ends_candidate *candidate, uint8_t ttl)
{
	static const uint8_t beginnings[] = { 64, 128, 255 };
	unsigned which = 0;
	while (beginnings[which] < ttl)
		which++;
	unsigned hops = beginnings[which] - ttl;
	candidate->sent++;
	candidate->direct += hops == 0;
	if (hops == 0 || hops > NEAR_HOPS)
		return;
	candidate->near++;
	candidate->origins |= 1U << which;
}

static void meet(struct ends *ends, const struct address *peer)
{
	static const struct site unknown; /* its inside are the private ranges */
	if (few_add(&ends->peers, peer->byte, sizeof(peer->byte)))
		ends->private_peer |= site_is_inside(&unknown, peer);
}

static void strike(struct ends *ends, const struct address *from, const struct address *to)
{
	unsigned left = 0;
	struct address struck;
	for (unsigned i = 0; i < ends->count; i++) {
		const struct ends_candidate *candidate = &ends->candidate[i];
		if (address_equal(&candidate->address, from) ||
			address_equal(&candidate->address, to))
			ends->candidate[left++] = *candidate;
		else
			struck = candidate->address;
	}
	if (left == 1 && ends->count == 2)
		meet(ends, &struck); /* the other end of all packets before */
	ends->count = left;
}

static void begin(struct ends *ends, const struct address *from, const struct address *to)
{
	ends->candidate[0] = (struct ends_candidate){ .address = *from };
	ends->candidate[1] = (struct ends_candidate){ .address = *to };
	ends->count = address_equal(from, to) ? 1 : 2;
}

void ends_take(struct ends *ends, const struct address *from, const struct address *to, uint8_t ttl,
	bool begins)
{
	if (!ends->packets++)
		begin(ends, from, to);
	if (!ends->count)
		return;
	strike(ends, from, to);
	if (ends->count == 1)
		meet(ends, address_equal(&ends->candidate[0].address, from) ? to : from);
	for (unsigned i = 0; i < ends->count; i++) {
		struct ends_candidate *candidate = &ends->candidate[i];
		if (!address_equal(&candidate->address, from))
			continue;
		candidate->begun += begins;
		look_at_ttl(candidate, ttl);
	}
}

void ends_tell(const struct ends *ends, struct recording_end *out)
{
	const struct ends_candidate *only = &ends->candidate[0];
	*out = (struct recording_end){ .packets = ends->packets };
	if (ends->count != 1)
		return;
	out->address = only->address;
	out->begun = only->begun;
	out->sent = only->sent;
	out->direct = only->direct;
	out->near = only->near;
	for (unsigned bits = only->origins; bits; bits >>= 1)
		out->origins += bits & 1;
	out->peers = ends->peers.count;
	out->private_peer = ends->private_peer;
}
