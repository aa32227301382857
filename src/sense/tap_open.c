/* The connections that the tap follows: their table, their pool, how one begins and how room is
 * made. */
#include "base/fault.h"
#include "sense/tap_internal.h"

uint64_t tap_flow(const struct tap *tap, const struct endpoint *a, const struct endpoint *b)
{
	uint8_t ends[36];
	int order = address_compare(&a->ip, &b->ip);
	if (order > 0 || (!order && a->port > b->port)) {
		const struct endpoint *swap = a;
		a = b;
		b = swap;
	}
	/* Of IPv4 the last four bytes say all; no end of IPv6 makes a text of that size. */
	size_t skip = address_is_v4(&a->ip) && address_is_v4(&b->ip) ? 12 : 0, size = 16 - skip;
	memcpy(ends, a->ip.byte + skip, size);
	memcpy(ends + size, b->ip.byte + skip, size);
	memcpy(ends + 2 * size, &a->port, 2);
	memcpy(ends + 2 * size + 2, &b->port, 2);
	return hash_bytes(tap->key, ends, 2 * size + 4);
}

static void unname(struct tap *tap, struct connection *connection)
{
	if (connection->named)
		table_remove(tap->table, &connection->flow);
	connection->named = false;
}

void tap_forget(struct tap *tap, uint32_t index)
{
	struct connection *connection = pool_at(tap->pool, index);
	unname(tap, connection);
	queue_remove(connection->closed ? &tap->closed : &tap->open, index);
	pool_give(tap->pool, index);
	tap->counts.open--;
}

static void close_connection(struct tap *tap, uint32_t index)
{
	struct connection *connection = pool_at(tap->pool, index);
	connection->closed = true;
	queue_remove(&tap->open, index);
	queue_append(&tap->closed, index, tap->clock);
}

/* Too many are open: the one silent for longest is handed on as it is. */
static void make_room(struct tap *tap)
{
	uint32_t index = tap->open.head ? tap->open.head : tap->closed.head;
	struct connection *connection = pool_at(tap->pool, index);
	if (!connection)
		return;
	anomaly(tap->seen, TCP_CONNECTIONS_FULL);
	struct session *session = connection_finish(connection, &tap->shared, true);
	if (session && !parts_add(&tap->shared.parts, session))
		session_free(session);
	tap_forget(tap, index);
}

uint32_t tap_connection(struct tap *tap, uint64_t flow, const struct endpoint *client,
	const struct endpoint *server, int64_t start)
{
	if (pool_count(tap->pool) >= CONNECTIONS_MAX || fault_limit())
		make_room(tap);
	uint32_t index = pool_take(tap->pool);
	uint32_t *slot = index ? table_insert(tap->table, &flow, NULL) : NULL;
	if (!slot) {
		anomaly(tap->seen, TCP_CONNECTIONS_FULL);
		pool_give(tap->pool, index);
		return 0;
	}
	*slot = index;
	struct connection *connection = pool_at(tap->pool, index);
	connection->flow = flow;
	connection->end[CLIENT] = *client;
	connection->end[SERVER] = *server;
	connection->start = connection->last = start;
	connection->scale[CLIENT] = connection->scale[SERVER] = 255;
	connection->named = true;
	connection->seen.total = tap->seen->total;
	queue_append(&tap->open, index, tap->clock);
	tap->counts.connections++;
	if (++tap->counts.open > tap->counts.open_peak)
		tap->counts.open_peak = tap->counts.open;
	return index;
}

uint32_t tap_open(struct tap *tap, const struct half_open *half)
{
	const uint32_t *old = table_find(tap->table, &half->flow);
	if (old) {
		struct connection *connection = pool_at(tap->pool, *old);
		anomaly(&connection->seen, TCP_REUSED);
		uint32_t index = *old;
		unname(tap, connection);
		if (!connection->closed)
			close_connection(tap, index);
	}
	uint32_t index = tap_connection(tap, half->flow, &half->client, &half->server, half->start);
	struct connection *connection = pool_at(tap->pool, index);
	if (!connection)
		return 0;
	connection->vlan[0] = half->vlan[0];
	connection->vlan[1] = half->vlan[1];
	connection->syn = true;
	connection->packets[CLIENT] = half->syns;
	connection->checksum[CLIENT] = half->client_bad ? CHECKSUM_OFFLOAD : CHECKSUM_GOOD;
	stream_begin(&connection->stream[CLIENT], half->client_seq + 1);
	connection->stream[CLIENT].heard = true;
	if (!half->answered)
		return index;
	connection->handshake = half->established;
	connection->packets[SERVER] = 1;
	connection->checksum[SERVER] = half->server_bad ? CHECKSUM_OFFLOAD : CHECKSUM_GOOD;
	bool scaled = half->client_scale != 255 && half->server_scale != 255;
	connection->scale[CLIENT] = scaled ? half->client_scale : 0;
	connection->scale[SERVER] = scaled ? half->server_scale : 0;
	stream_begin(&connection->stream[SERVER], half->server_seq + 1);
	connection->stream[SERVER].heard = true;
	return index;
}
