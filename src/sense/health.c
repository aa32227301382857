/* Whether a clock was set ahead or the network was merely silent: after a silence, connections
 * begin; after a leap of the clock those that were under way go on with the very next byte. So the
 * last segments of mail connections before a leap are kept, and compared with the first ones behind
 * it: no mail connection is silent for an hour and goes on then. */
#include "sense/health.h"

#include "base/moment.h"

#define BACK_LEAST SECOND
#define AHEAD_LEAST HOUR
#define WATCH 64 /* segments behind a leap that are compared */

static void look_at_time(struct health *health, int64_t time)
{
	struct recording *counts = &health->counts;
	int64_t step = health->begun ? time - health->last : 0;
	health->begun = true;
	health->last = time;
	if (step < -BACK_LEAST) {
		counts->back++;
		if (-step > counts->back_most)
			counts->back_most = -step;
	}
	if (step <= AHEAD_LEAST)
		return;
	memcpy(health->before, health->said, sizeof(health->before));
	health->leap = step;
	health->watch = WATCH;
}

void health_packet(struct health *health, const struct packet *packet)
{
	size_t captured = bytes_size(packet->data);
	look_at_time(health, packet->time);
	if (captured >= packet->length)
		return;
	health->counts.cut++;
	health->cut_at[captured < HEALTH_CUT_MAX ? captured : HEALTH_CUT_MAX]++;
}

void health_link(struct health *health, const struct link *link)
{
	static const uint8_t none[6]; /* cooked captures do not know the destination */
	if (!link->has_mac || !memcmp(link->destination, none, sizeof(none)))
		return;
	if (link->destination[0] & 1) {
		health->counts.group++;
		few_add(&health->group_senders, link->source, sizeof(link->source));
	} else {
		health->counts.unicast++;
	}
}

/* From one machine to another. The last byte tells broadcasts where no MAC does. What a machine
 * says to itself, or under the address of one link, is not under its usual one. */
static bool is_unicast(const struct frame *frame)
{
	const uint8_t *from = frame->ip.source.byte, *to = frame->ip.destination.byte;
	if (frame->link.has_mac && frame->link.destination[0] & 1)
		return false;
	if (!address_is_v4(&frame->ip.source))
		return to[0] != 0xff && to[0] != 0xfe && from[0] != 0xfe && from[0] != 0 &&
		       to[0] != 0;
	return to[12] < 224 && to[15] != 255 && to[12] != 127 && from[12] != 0 && from[12] != 127 &&
	       !(to[12] == 169 && to[13] == 254) && !(from[12] == 169 && from[13] == 254);
}

void health_ip(struct health *health, const struct frame *frame, bool mail)
{
	const struct ip *ip = &frame->ip;
	if (!is_unicast(frame))
		return;
	health->counts.others += !mail;
	ends_take(address_is_v4(&ip->source) ? &health->v4 : &health->v6, &ip->source,
		&ip->destination, ip->ttl, false);
}

static bool goes_on(const struct health_said *said, const struct arrival *arrival, uint64_t flow)
{
	const struct segment *segment = &arrival->segment;
	if (said->flow != flow)
		return false;
	return arrival->from.port == said->port ? segment->seq == said->next
						: segment->ack == said->next;
}

/* One connection that goes on behind a leap is enough, and told once. */
static void look_behind_leap(struct health *health, const struct arrival *arrival, uint64_t flow)
{
	bool found = false;
	health->watch--;
	for (unsigned i = 0; i < HEALTH_SAID; i++)
		found |= goes_on(&health->before[i], arrival, flow);
	if (!found)
		return;
	health->watch = 0;
	health->counts.ahead++;
	if (health->leap > health->counts.ahead_most)
		health->counts.ahead_most = health->leap;
}

void health_segment(struct health *health, const struct arrival *arrival, uint64_t flow)
{
	const struct segment *segment = &arrival->segment;
	bool begins = (segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	if (address_is_v4(&arrival->from.ip))
		ends_take(&health->mail, &arrival->from.ip, &arrival->to.ip, arrival->ttl, begins);
	if (health->watch)
		look_behind_leap(health, arrival, flow);
	health->said[health->said_next++ % HEALTH_SAID] = (struct health_said){
		.flow = flow,
		.port = arrival->from.port,
		.next = segment->seq + (uint32_t)bytes_size(arrival->payload) + segment->missing +
			!!(segment->flags & TCP_SYN) + !!(segment->flags & TCP_FIN),
	};
}

/* Majority vote (Boyer & Moore 1991). */
void health_checksum(struct health *health, const struct address *sender, bool wrong)
{
	struct recording *counts = &health->counts;
	counts->sums++;
	if (!wrong)
		return;
	counts->sums_wrong++;
	if (!health->sums_lead)
		counts->sums_sender = *sender;
	if (address_equal(&counts->sums_sender, sender))
		health->sums_lead++;
	else
		health->sums_lead--;
}

void health_heard(struct health *health, bool client, bool server)
{
	if (client && server)
		health->counts.both_ways++;
	else if (client)
		health->counts.client_only++;
	else
		health->counts.server_only++;
}

void health_tell(const struct health *health, struct recording *out)
{
	*out = health->counts;
	for (uint32_t i = 0; i <= HEALTH_CUT_MAX; i++) {
		if (health->cut_at[i] <= out->cut_alike)
			continue;
		out->cut_alike = health->cut_at[i];
		out->cut_length = i;
	}
	out->group_senders = health->group_senders.count;
	ends_tell(&health->v4, &out->v4);
	ends_tell(&health->v6, &out->v6);
	ends_tell(&health->mail, &out->mail);
	if (health->sums_lead * 2 < out->sums_wrong)
		out->sums_sender = (struct address){ 0 };
}
