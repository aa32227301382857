/* What a segment belongs to: an open connection, a handshake on its way, another port whose server
 * may greet as a mail server does, or a connection that was there before the capture began. */
#include "base/moment.h"
#include "sense/shown.h"
#include "sense/tap_internal.h"

static bool is_end(const struct endpoint *end, const struct endpoint *other)
{
	return end->port == other->port && address_equal(&end->ip, &other->ip);
}

static void show_half(struct tap *tap, const struct half_open *half)
{
	uint16_t port = half->server.port;
	if (tap->shared.shown)
		shown_half(tap->shared.shown, half,
			port_is(tap->mail_port, port) || port_is(tap->greeted_port, port));
}

static void deliver(struct tap *tap, uint32_t index, const struct arrival *arrival)
{
	struct connection *connection = pool_at(tap->pool, index);
	if (!connection)
		return;
	int side = is_end(&connection->end[CLIENT], &arrival->from) ? CLIENT : SERVER;
	bool was_closed = connection->closed;
	struct shown *shown = tap->shared.shown;
	tap->counts.mail++;
	if (shown)
		shown_before(shown, connection);
	enum connection_verdict verdict =
		connection_segment(connection, side, arrival, &tap->shared);
	if (verdict == CONNECTION_NO_MAIL) {
		connection_drop(connection, &tap->shared);
		tap_forget(tap, index);
		if (shown)
			shown->mail = false;
		return;
	}
	if (shown)
		shown_after(shown, connection, side, arrival);
	if (was_closed && verdict != CONNECTION_REOPENED)
		return; /* stragglers do not put off its end */
	queue_remove(was_closed ? &tap->closed : &tap->open, index);
	queue_append(connection->closed ? &tap->closed : &tap->open, index, tap->clock);
}

static void on_syn(struct tap *tap, uint64_t flow, const struct arrival *arrival)
{
	const struct segment *segment = &arrival->segment;
	const uint32_t *open = table_find(tap->table, &flow);
	if (open) {
		struct connection *connection = pool_at(tap->pool, *open);
		if (connection->syn && connection->stream[CLIENT].next == segment->seq + 1)
			return; /* the same SYN again */
		connection->contested = true;
	}
	bool fresh;
	struct half_open *half = half_opens_syn(
		&tap->half, flow, arrival->place, segment->seq, tap->clock, &fresh, tap->seen);
	if (!half)
		return;
	half->end = arrival->time;
	half->within = open;
	half->syn_size = (uint32_t)bytes_size(arrival->payload);
	if (half->syn_size)
		anomaly(tap->seen, TCP_SYN_DATA);
	if (!fresh) {
		show_half(tap, half);
		return;
	}
	half->client = arrival->from;
	half->server = arrival->to;
	half->server.has_mac = false; /* a router's, until it answers itself */
	half->vlan[0] = arrival->vlan[0];
	half->vlan[1] = arrival->vlan[1];
	half->start = arrival->time;
	half->client_scale = segment->scale;
	half->server_scale = 255;
	half->client_bad = arrival->checksum_bad;
	show_half(tap, half);
}

/* The server's first words on a port where no mail is expected. */
static void on_first_words(struct tap *tap, uint32_t index, const struct arrival *arrival)
{
	struct half_open *half = pool_at(tap->half.pool, index);
	int greeting = smtp_greeting(arrival->payload);
	if (greeting >= 0 && arrival->segment.seq == half->server_seq + 1) {
		uint32_t fresh = tap_open(tap, half);
		struct connection *connection = pool_at(tap->pool, fresh);
		if (connection) {
			connection->candidate = !greeting;
			port_add(tap->greeted_port, half->server.port);
		}
		half_opens_remove(&tap->half, index);
		deliver(tap, fresh, arrival);
		return;
	}
	half_opens_remove(&tap->half, index);
}

static void on_server_half(struct tap *tap, uint32_t index, const struct arrival *arrival)
{
	struct half_open *half = pool_at(tap->half.pool, index);
	const struct segment *segment = &arrival->segment;
	if ((segment->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) {
		if (segment->ack - half->client_seq - 1 > half->syn_size)
			return;
		if (half->answered) { /* the client's ACK will say which is true */
			half->disputed = segment->seq != half->server_seq;
			half->other_seq = segment->seq;
			return;
		}
		half->server_seq = segment->seq;
		half->server_scale = segment->scale;
		half->server_bad = arrival->checksum_bad;
		half->server = arrival->from;
		half_opens_answered(&tap->half, index, tap->clock);
	} else if (segment->flags & TCP_RST) {
		if (!half->answered && segment->ack == half->client_seq + 1) {
			half->end = arrival->time;
			half_opens_refused(&tap->half, index, tap->clock);
		}
	} else if (half->answered && bytes_size(arrival->payload)) {
		if (!port_is(tap->mail_port, half->server.port)) {
			on_first_words(tap, index, arrival);
			return;
		}
		uint32_t fresh = tap_open(tap, half); /* the greeting overtook the client's ACK */
		half_opens_remove(&tap->half, index);
		deliver(tap, fresh, arrival);
	}
}

static void on_client_half(struct tap *tap, uint32_t index, const struct arrival *arrival)
{
	struct half_open *half = pool_at(tap->half.pool, index);
	const struct segment *segment = &arrival->segment;
	bool mail = port_is(tap->mail_port, half->server.port);
	if (segment->flags & TCP_RST) {
		half_opens_remove(&tap->half, index);
		return;
	}
	if (half->disputed && segment->ack == half->other_seq + 1)
		half->server_seq = half->other_seq;
	if (half->answered && !half->established && segment->ack == half->server_seq + 1) {
		half->established = true;
		health_heard(&tap->health, true, true);
		tap_sighting(tap, half);
	}
	/* One side only: the client goes on although no answer was captured. */
	if (!half->answered && !half->unheard && bytes_size(arrival->payload) &&
		segment->seq - half->client_seq - 1 <= half->syn_size) {
		half->unheard = true;
		health_heard(&tap->health, true, false);
	}
	if (mail && (half->established || half->unheard)) {
		uint32_t fresh = tap_open(tap, half);
		half_opens_remove(&tap->half, index);
		deliver(tap, fresh, arrival);
	}
}

/* Seen from its middle: the side with the mail port is the server. */
static void on_middle(struct tap *tap, uint64_t flow, const struct arrival *arrival)
{
	bool to_server = port_is(tap->mail_port, arrival->to.port);
	struct endpoint client = to_server ? arrival->from : arrival->to;
	struct endpoint server = to_server ? arrival->to : arrival->from;
	if (to_server)
		server.has_mac = false;
	else
		client.has_mac = false;
	anomaly(tap->seen, TCP_MIDSTREAM);
	uint32_t index = tap_connection(tap, flow, &client, &server, arrival->time);
	struct connection *connection = pool_at(tap->pool, index);
	if (!connection)
		return;
	connection->middle = true;
	connection->vlan[0] = arrival->vlan[0];
	connection->vlan[1] = arrival->vlan[1];
	deliver(tap, index, arrival);
}

static void take_link(struct endpoint *end, uint16_t vlan[2], const struct arrival *arrival)
{
	if (arrival->from.has_mac) {
		end->has_mac = true;
		memcpy(end->mac, arrival->from.mac, sizeof(end->mac));
	}
	if (vlan) {
		vlan[0] = arrival->vlan[0];
		vlan[1] = arrival->vlan[1];
	}
}

/* A copy was taken nearer to its sender: the sender's MAC, and a client's VLAN, are those of it. */
static void on_nearer(struct tap *tap, uint64_t flow, const struct arrival *arrival)
{
	const uint32_t *open = table_find(tap->table, &flow);
	struct connection *connection = open ? pool_at(tap->pool, *open) : NULL;
	uint32_t index;
	struct half_open *half = half_opens_find(&tap->half, flow, &index);
	if (connection && is_end(&connection->end[CLIENT], &arrival->from))
		take_link(&connection->end[CLIENT], connection->vlan, arrival);
	else if (connection)
		take_link(&connection->end[SERVER], NULL, arrival);
	if (half && is_end(&half->client, &arrival->from))
		take_link(&half->client, half->vlan, arrival);
	else if (half && half->answered)
		take_link(&half->server, NULL, arrival);
}

static bool is_copy(struct tap *tap, uint64_t flow, const struct arrival *arrival)
{
	enum mirror_verdict verdict = mirror_look(tap->mirror, flow, arrival);
	if (verdict == MIRROR_FIRST)
		return false;
	if (verdict == MIRROR_NEARER)
		on_nearer(tap, flow, arrival);
	anomaly(tap->seen, PACKET_MIRRORED);
	return true;
}

void tap_segment(struct tap *tap, const struct arrival *arrival)
{
	const uint8_t flags = arrival->segment.flags;
	uint64_t flow = tap_flow(tap, &arrival->from, &arrival->to);
	bool mail = ports_in(tap->mail_port, &arrival->segment);
	bool greeted = ports_in(tap->greeted_port, &arrival->segment);
	if ((mail || greeted) && is_copy(tap, flow, arrival))
		return;
	if (mail)
		health_segment(&tap->health, arrival, flow);
	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		on_syn(tap, flow, arrival);
		return;
	}
	const uint32_t *open = mail || greeted ? table_find(tap->table, &flow) : NULL;
	const struct connection *connection = open ? pool_at(tap->pool, *open) : NULL;
	if (connection && !connection->contested) {
		deliver(tap, *open, arrival);
		return;
	}
	uint32_t index, old = open ? *open : 0;
	const struct half_open *half = half_opens_find(&tap->half, flow, &index);
	if (half)
		show_half(tap, half);
	if (half && is_end(&half->client, &arrival->from))
		on_client_half(tap, index, arrival);
	else if (half)
		on_server_half(tap, index, arrival);
	open = connection ? table_find(tap->table, &flow) : NULL;
	if (open && *open == old)
		deliver(tap, old, arrival);
	else if (!connection && !half && mail && bytes_size(arrival->payload) && !(flags & TCP_RST))
		on_middle(tap, flow, arrival);
}
