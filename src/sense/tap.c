/* The tap: decodes each packet once and keeps the clock, which is the data's. */
#include "sense/tap.h"

#include <stdlib.h>

#include "base/fault.h"
#include "base/moment.h"
#include "sense/shown.h"
#include "sense/tap_internal.h"
#include "wire/frame.h"

#define HELD_PIECES_MAX 32768 /* 48 MiB of bytes behind holes, all connections */
#define PROVEN_MAX 16384 /* clients whose handshake of this minute was told; beyond: told again */

struct tap *tap_new(const struct tap_settings *settings, struct anomalies *seen)
{
	static const uint16_t mail[] = { 25, 465, 587, 2525 };
	struct tap *tap = fault_call() ? NULL : calloc(1, sizeof(*tap));
	if (!tap)
		return NULL;
	tap->seen = seen;
	tap->verify = settings->verify_checksums;
	tap->shared.scanners.keep = settings->keep;
	tap->shared.site = settings->site;
	tap->shared.shown = settings->shown;
	tap->key = hash_key_random();
	for (size_t i = 0; i < COUNT(mail); i++)
		port_add(tap->mail_port, mail[i]);
	for (unsigned i = 0; i < settings->port_count; i++)
		port_add(tap->mail_port, settings->ports[i]);
	tap->pool = pool_new(sizeof(struct connection), CONNECTIONS_MAX);
	tap->table = table_new_hashed(sizeof(uint32_t), CONNECTIONS_MAX);
	tap->proven = table_new(sizeof(struct address), sizeof(int64_t), PROVEN_MAX);
	tap->open.pool = tap->closed.pool = tap->pool;
	bool half = half_opens_new(&tap->half);
	bool memory = stream_memory_new(&tap->shared.memory, HELD_PIECES_MAX, 2 * CONNECTIONS_MAX);
	bool fragments = fragments_new(&tap->fragments);
	tap->mirror = mirror_new();
	if (tap->pool && tap->table && tap->proven && tap->mirror && half && memory && fragments)
		return tap;
	tap_free(tap);
	return NULL;
}

void tap_again(struct tap *tap, const struct tap *before)
{
	memcpy(tap->greeted_port, before->greeted_port, sizeof(tap->greeted_port));
}

static void drop_queue(struct tap *tap, struct queue *queue)
{
	for (uint32_t at = queue->head; at; at = queue_node(queue, at)->next)
		connection_drop(pool_at(tap->pool, at), &tap->shared);
}

void tap_free(struct tap *tap)
{
	if (!tap)
		return;
	if (tap->pool) {
		drop_queue(tap, &tap->open);
		drop_queue(tap, &tap->closed);
	}
	for (size_t i = tap->instant_given; i < tap->instants; i++)
		activity_free(&tap->instant[i]);
	for (size_t i = 0; i < tap->shared.parts.count; i++)
		session_free(tap->shared.parts.session[i]);
	half_opens_free(&tap->half);
	pool_free(tap->pool);
	table_free(tap->table);
	table_free(tap->proven);
	stream_memory_free(&tap->shared.memory);
	scanners_free(&tap->shared.scanners);
	fragments_free(&tap->fragments);
	mirror_free(tap->mirror);
	free(tap->shared.parts.session);
	free(tap->instant);
	free(tap->dues.due);
	free(tap);
}

/* The clock is the data's. One packet from the far future does not move it: two that agree do. */
static int64_t advance(struct tap *tap, int64_t time)
{
	if (!tap->clock)
		tap->clock = time;
	if (time > tap->clock + DAY && !(time >= tap->leap && time < tap->leap + HOUR)) {
		anomaly(tap->seen, TIME_OUTLIER);
		tap->leap = time;
		return time;
	}
	if (time < tap->clock - HOUR) {
		anomaly(tap->seen, TIME_OUTLIER);
		return tap->clock;
	}
	if (time > tap->clock)
		tap->clock = time;
	return time;
}

static void count(struct tap *tap, const struct packet *packet, int64_t time)
{
	tap->counts.packets++;
	tap->counts.bytes += bytes_size(packet->data);
	if (!tap->counts.first || time < tap->counts.first)
		tap->counts.first = time;
	if (time > tap->counts.last)
		tap->counts.last = time;
}

/* Whoever may send us a packet may send a tunnel's, with any dialogue of anybody in it. What a
 * machine inside is said to have sent counts only where the tunnel, too, comes from inside, or from
 * a private address: a mirroring switch, a gateway. */
static bool is_believed(struct tap *tap, const struct frame *frame)
{
	static const struct site unknown; /* its inside are the private ranges */
	const struct address *sender = &frame->tunnel_source;
	if (!tap->shared.site || !frame->tunnelled ||
		!site_is_inside(tap->shared.site, &frame->ip.source))
		return true;
	return site_is_inside(tap->shared.site, sender) || site_is_inside(&unknown, sender) ||
	       anomaly(tap->seen, TUNNEL_OUTSIDE);
}

/* Sums of both ends, the same for both directions: a handful of instructions where the hash of a
 * flow takes a hundred. Who guesses it makes us take that longer way, no more. */
static uint16_t tap_place(const struct ip *ip, const struct segment *segment)
{
	uint64_t source[2], destination[2];
	memcpy(source, ip->source.byte, 16);
	memcpy(destination, ip->destination.byte, 16);
	uint64_t sum = source[0] + source[1] + destination[0] + destination[1];
	sum += (uint64_t)segment->source_port + segment->destination_port;
	return (uint16_t)((sum * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % HALF_OPEN_PLACES;
}

/* Nearly all other traffic ends here: no mail port, no handshake that may be answered. With nine
 * bytes in ten of other traffic that saves a third of the time of a run. */
static bool is_wanted(const struct tap *tap, const struct segment *segment, uint16_t place)
{
	return ports_in(tap->mail_port, segment) ||
	       (segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN ||
	       ports_in(tap->greeted_port, segment) || half_opens_may(&tap->half, place);
}

static void arrive(const struct frame *frame, struct arrival *arrival)
{
	const struct link *link = &frame->link;
	arrival->from = (struct endpoint){
		.ip = frame->ip.source,
		.port = arrival->segment.source_port,
		.has_mac = link->has_mac,
	};
	arrival->to = (struct endpoint){
		.ip = frame->ip.destination,
		.port = arrival->segment.destination_port,
		.has_mac = link->has_mac,
	};
	memcpy(arrival->from.mac, link->source, sizeof(link->source));
	memcpy(arrival->to.mac, link->destination, sizeof(link->destination));
	arrival->vlan[0] = link->vlan[0];
	arrival->vlan[1] = link->vlan[1];
	arrival->id = frame->ip.id;
	arrival->ttl = frame->ip.ttl;
}

static void take_tcp(
	struct tap *tap, const struct packet *packet, const struct frame *frame, int64_t time)
{
	struct segment segment;
	struct bytes payload = frame->payload;
	if (!segment_decode(&payload, &frame->ip, &segment, tap->seen))
		return;
	tap->counts.tcp++;
	uint16_t place = tap_place(&frame->ip, &segment);
	bool mail = ports_in(tap->mail_port, &segment);
	health_ip(&tap->health, frame, mail);
	if (!is_wanted(tap, &segment, place))
		return;
	struct arrival arrival = {
		.segment = segment,
		.whole = frame->payload,
		.payload = payload,
		.interface = packet->interface,
		.place = place,
		.time = time,
	};
	arrive(frame, &arrival);
	if (tap->verify && (mail || segment.flags & TCP_SYN)) {
		arrival.checksum_bad = !segment_checksum(frame->payload, &frame->ip);
		if (!frame->ip.cut)
			health_checksum(&tap->health, &frame->ip.source, arrival.checksum_bad);
	}
	tap_segment(tap, &arrival);
	if (tap->shared.shown)
		shown_place(tap->shared.shown, packet->data, &arrival);
	tap_parts(tap);
}

void tap_packet(struct tap *tap, const struct packet *packet)
{
	struct frame frame;
	int64_t time = advance(tap, packet->time);
	if (tap->shared.shown)
		tap->shared.shown->mail = false;
	uint64_t cut = tap->seen->total->count[PACKET_CUT];
	count(tap, packet, time);
	health_packet(&tap->health, packet);
	bool is_ip = frame_decode(
		packet->link_type, packet->data, packet->time, &tap->fragments, &frame, tap->seen);
	if (bytes_size(packet->data) < packet->length && tap->seen->total->count[PACKET_CUT] == cut)
		anomaly(tap->seen, PACKET_CUT); /* not counted by a layer of it */
	health_link(&tap->health, &frame.link);
	if (!is_ip) {
		if (frame.link.ether_type == LINK_ARP && !frame.tunnelled)
			tap_arp(tap, &frame.link, frame.payload);
		return;
	}
	tap->counts.ip++;
	if (!is_believed(tap, &frame))
		return;
	if (frame.ip.protocol == 6) {
		take_tcp(tap, packet, &frame, time);
	} else {
		health_ip(&tap->health, &frame, false);
		tap_not_tcp(tap, &frame.link, &frame.ip, frame.payload);
	}
}

void tap_finish(struct tap *tap)
{
	tap->finished = true;
	fragments_finish(&tap->fragments, tap->seen);
}

void tap_counts(const struct tap *tap, struct tap_counts *out)
{
	*out = tap->counts;
}

void tap_recording(const struct tap *tap, struct recording *out)
{
	health_tell(&tap->health, out);
}
