/* From segments to the session: both streams are pulled in turn until neither has more, what comes
 * is fed to the parser, what the parser finds goes into the session. The streams see to it that a
 * reply is not read before the command that it answers (stream.h), so the parser meets the dialogue
 * in the order in which it was spoken. */
#include "sense/connection.h"

#include <stdlib.h>

#include "base/fault.h"
#include "sense/shown.h"

#define ONE_SIDED_PACKETS                                                                          \
	8 /* seen from the middle: so many of one side without any of the other                    \
	   */

bool parts_add(struct parts *parts, struct session *session)
{
	if (parts->count == parts->room) {
		size_t room = parts->room ? parts->room * 2 : 8;
		struct session **grown =
			fault_call() ? NULL : realloc(parts->session, room * sizeof(*grown));
		if (!grown)
			return false;
		parts->session = grown;
		parts->room = room;
	}
	parts->session[parts->count++] = session;
	return true;
}

/* With the first data: a parser, and a session to fill. false: no memory; the connection goes on
 * without. */
static bool begin_dialogue(struct connection *connection, const struct shared *shared)
{
	if (connection->smtp)
		return true;
	if (!connection->session)
		connection->session = session_new(connection->seen.total);
	if (!connection->arena)
		connection->arena = arena_new(SMTP_ARENA_MAX);
	if (!connection->session || !connection->arena)
		return anomaly(&connection->seen, SMTP_ARENA_FULL);
	connection->smtp = smtp_init(connection->arena, &connection->seen);
	if (!connection->smtp)
		return anomaly(&connection->seen, SMTP_ARENA_FULL);
	if (connection->middle)
		smtp_middle(connection->smtp);
	if (shared->scanners.keep != KEEP_ENVELOPE)
		smtp_want_content(connection->smtp);
	if (shared->shown)
		smtp_want_public(connection->smtp);
	return true;
}

static enum witness witness_of(const struct connection *connection)
{
	const struct stream *client = &connection->stream[CLIENT],
			    *server = &connection->stream[SERVER];
	if (connection->handshake)
		return WITNESS_HANDSHAKE;
	if (client->size && server->size && client->is_acked && server->is_acked)
		return WITNESS_MIDSTREAM;
	return WITNESS_NONE;
}

/* What the connection knows and the dialogue does not. */
static void describe(const struct connection *connection, struct session *session)
{
	const struct stream *client = &connection->stream[CLIENT],
			    *server = &connection->stream[SERVER];
	session->client = connection->end[CLIENT];
	session->server = connection->end[SERVER];
	session->vlan[0] = connection->vlan[0];
	session->vlan[1] = connection->vlan[1];
	session->start = connection->start;
	session->end = connection->last;
	session->witness = witness_of(connection);
	if (!connection->packets[CLIENT] || !connection->packets[SERVER])
		session->marks |= MARK_ONE_SIDED;
	if (client->conflict || server->conflict)
		session->marks |= MARK_OVERLAP_CONFLICT;
	if (client->gapped || server->gapped)
		session->marks |= MARK_GAP;
	if (connection->middle || client->cut || server->cut)
		session->marks |= MARK_CUT;
	session->counters.packets_client = connection->packets[CLIENT];
	session->counters.packets_server = connection->packets[SERVER];
	session->counters.bytes_client = client->size;
	session->counters.bytes_server = server->size;
	for (size_t i = 0; i < ANOMALY_WORDS; i++)
		session->anomalies.set[i] |= connection->seen.set[i];
	if (connection->smtp) {
		session->tls_client_bytes = smtp_tls_bytes(connection->smtp, SMTP_CLIENT);
		session->tls_server_bytes = smtp_tls_bytes(connection->smtp, SMTP_SERVER);
		session_tls(session, smtp_tls_facts(connection->smtp));
	}
}

/* The arena is full: what there is becomes a part, and the dialogue goes on in the next. */
static void hand_on_part(struct connection *connection, struct shared *shared)
{
	describe(connection, connection->session);
	session_identify(connection->session, 0);
	struct session *next = session_continue(connection->session);
	anomaly(&connection->seen, SMTP_ARENA_FULL);
	if (!next || !parts_add(&shared->parts, connection->session)) {
		session_free(next); /* no memory: go on in the full one, which counts on */
		return;
	}
	connection->session = next;
	if (connection->scanner)
		scanner_move(connection->scanner, next->arena);
}

/* The message goes to a scanner as it comes; one that cannot be had is asked for once a message. */
static void take_content(struct connection *connection, struct bytes content, struct shared *shared)
{
	if (!connection->inside)
		connection->scanner = scanner_take(
			&shared->scanners, connection->session->arena, &connection->seen);
	connection->inside = true;
	if (connection->scanner)
		scanner_feed(connection->scanner, content);
}

static void end_content(struct connection *connection, struct shared *shared)
{
	struct message *message =
		connection->scanner ? scanner_finish(&shared->scanners, connection->scanner) : NULL;
	connection->scanner = NULL;
	connection->inside = false;
	if (!message)
		return;
	if (shared->site)
		message_trust(message, &connection->end[CLIENT].ip, &shared->site->mail_servers);
	session_message(connection->session, message);
}

static void take_item(
	struct connection *connection, const struct smtp_item *item, struct shared *shared)
{
	if (item->kind == SMTP_CONTENT) {
		take_content(connection, item->text, shared);
		return;
	}
	if (item->kind == SMTP_MESSAGE)
		end_content(connection, shared);
	if (session_item(connection->session, item))
		return;
	hand_on_part(connection, shared);
	session_item(connection->session, item);
}

static void take_items(struct connection *connection, struct shared *shared)
{
	struct smtp_item item;
	while (smtp_next(connection->smtp, &item))
		take_item(connection, &item, shared);
}

static void note_commands(
	const struct connection *connection, struct bytes fed, struct shown *shown)
{
	const uint8_t *end = smtp_public(connection->smtp);
	if (end)
		shown->commands = (struct bytes){ fed.at, end };
}

static void take_chunk(struct connection *connection, int side, const struct stream_chunk *chunk,
	struct shared *shared)
{
	enum smtp_side speaker = side == CLIENT ? SMTP_CLIENT : SMTP_SERVER;
	if (!begin_dialogue(connection, shared))
		return;
	if (!connection->packets[!side] &&
		(connection->syn || connection->packets[side] > ONE_SIDED_PACKETS))
		smtp_one_sided(connection->smtp);
	if (chunk->gap && side == CLIENT && connection->scanner)
		scanner_gap(connection->scanner, chunk->gap_size);
	if (chunk->gap)
		smtp_gap(connection->smtp, speaker, chunk->gap_size, chunk->time);
	else
		smtp_feed(connection->smtp, speaker, chunk->bytes, chunk->time);
	take_items(connection, shared);
	if (shared->shown && side == CLIENT && !chunk->gap)
		note_commands(connection, chunk->bytes, shared->shown);
}

static bool any_forced(const struct stream *stream)
{
	return stream[CLIENT].is_forced || stream[SERVER].is_forced || stream[CLIENT].released ||
	       stream[SERVER].released;
}

/* Pulls both directions until neither has more: a step of one may release the other. */
static void pull(struct connection *connection, int64_t now, struct shared *shared)
{
	struct stream *stream = connection->stream;
	struct stream_chunk chunk;
	for (bool more = true; more;) {
		bool forced = any_forced(stream);
		more = false;
		for (int side = CLIENT; side <= SERVER; side++) {
			while (stream_next(&stream[side], &stream[!side], &shared->memory, now,
				&chunk, &connection->seen)) {
				take_chunk(connection, side, &chunk, shared);
				more = true;
			}
		}
		more |= !forced && any_forced(stream);
	}
}

/* A wrong checksum is doubtful, unless the side leaves the sum to its network card: then its very
 * first segment was wrong already, and was answered all the same. */
static bool is_doubtful(struct connection *connection, int side, const struct arrival *arrival)
{
	uint8_t *state = &connection->checksum[side];
	if (!arrival->checksum_bad) {
		*state = CHECKSUM_GOOD;
		return false;
	}
	if (*state == CHECKSUM_GOOD) {
		anomaly(&connection->seen, TCP_CHECKSUM);
		return true;
	}
	*state = CHECKSUM_OFFLOAD;
	anomaly(&connection->seen, TCP_CHECKSUM_OFFLOAD);
	return false;
}

/* RST counts only at the very edge (RFC 5961 3.2); another is ignored by the receiver too. */
static bool is_reset(struct connection *connection, int side, const struct segment *segment)
{
	const struct stream *stream = &connection->stream[side];
	if (!(segment->flags & TCP_RST))
		return false;
	if (!stream->begun || segment->seq == stream_edge(stream) ||
		(stream->is_acked && segment->seq == stream->acked))
		return true;
	anomaly(&connection->seen, TCP_RST_IGNORED);
	return false;
}

/* A candidate (220 without the word SMTP) is mail when the client says EHLO or HELO. */
static bool candidate_fails(struct connection *connection, int side, struct bytes payload)
{
	if (!connection->candidate || side != CLIENT || !bytes_size(payload))
		return false;
	connection->candidate = false;
	return !bytes_begin_case(payload, bytes_of("EHLO ")) &&
	       !bytes_begin_case(payload, bytes_of("HELO "));
}

/* Closing is provisional: a forged RST or FIN is ignored by the receiver, or never reaches it, and
 * data go on. */
static enum connection_verdict closing(struct connection *connection, int side,
	const struct segment *segment, uint64_t size_before)
{
	struct stream *stream = &connection->stream[side];
	bool was = connection->closed, more = stream->size > size_before;
	bool beyond = more && stream->has_fin && seq_before(stream->fin, stream->next);
	if (segment->flags & TCP_FIN)
		connection->fin[side] = true;
	if (beyond)
		connection->fin[side] = stream->has_fin = false;
	if (is_reset(connection, side, segment))
		connection->closed = connection->reset = true;
	if (connection->fin[CLIENT] && connection->fin[SERVER])
		connection->closed = true;
	if (was && ((connection->reset && more) || beyond)) {
		connection->closed = connection->reset = false;
		return CONNECTION_REOPENED;
	}
	return connection->closed && !was ? CONNECTION_CLOSED : CONNECTION_OPEN;
}

enum connection_verdict connection_segment(struct connection *connection, int side,
	const struct arrival *arrival, struct shared *shared)
{
	const struct segment *segment = &arrival->segment;
	struct stream *stream = &connection->stream[side];
	uint64_t size_before = stream->size;
	bool doubtful = is_doubtful(connection, side, arrival);
	if (candidate_fails(connection, side, arrival->payload))
		return CONNECTION_NO_MAIL;
	connection->packets[side]++;
	if (arrival->time > connection->last)
		connection->last = arrival->time;
	if (!connection->end[side].has_mac && arrival->from.has_mac)
		connection->end[side] = arrival->from;
	if (segment->flags & TCP_SYN)
		return CONNECTION_OPEN; /* a copy of the handshake */
	if (segment->flags & TCP_URG)
		anomaly(&connection->seen, TCP_URGENT);
	if (!(segment->flags & (TCP_ACK | TCP_RST))) {
		anomaly(&connection->seen, TCP_FLAGS); /* no receiver takes it */
		return CONNECTION_OPEN;
	}
	if (doubtful && (!bytes_size(arrival->payload) || segment->flags & (TCP_FIN | TCP_RST)))
		return CONNECTION_OPEN;
	struct bytes payload = segment->flags & TCP_RST ? (struct bytes){ 0 } : arrival->payload;
	if (!doubtful)
		stream_acknowledge(&connection->stream[!side], segment, connection->scale[side]);
	stream_add(stream, &connection->stream[!side], &shared->memory, segment, payload, doubtful,
		arrival->time, &connection->seen);
	pull(connection, arrival->time, shared);
	return closing(connection, side, segment, size_before);
}

/* The earliest of what is held decides which hole is given up first. */
static bool force_one(struct connection *connection, struct shared *shared)
{
	struct stream *stream = connection->stream;
	return stream_force(&stream[CLIENT], &stream[SERVER], &shared->memory) ||
	       stream_force(&stream[SERVER], &stream[CLIENT], &shared->memory);
}

/* Acknowledged, but never captured: the end is missing. A FIN takes a sequence number of its own.
 */
static void miss_tail(struct connection *connection)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		struct stream *stream = &connection->stream[side];
		if (stream->heard && stream->is_acked &&
			seq_before(stream->next + 1, stream->acked)) {
			stream->gapped = true;
			anomaly(&connection->seen, TCP_GAP);
		}
	}
}

/* What the client said last was never acknowledged, though the server was heard: it may not have
 * arrived, or come from somebody else. What is encrypted is no evidence anyway. */
static void doubt_tail(struct connection *connection)
{
	const struct stream *stream = &connection->stream[CLIENT];
	if (connection->smtp && smtp_is_tls(connection->smtp))
		return;
	if (stream->heard && stream->is_acked && connection->stream[SERVER].heard &&
		seq_before(stream->acked, stream->next))
		anomaly(&connection->seen, TCP_NOT_TAKEN);
}

static void give_back(struct connection *connection, struct shared *shared)
{
	stream_drop(&connection->stream[CLIENT], &shared->memory);
	stream_drop(&connection->stream[SERVER], &shared->memory);
	scanner_give(&shared->scanners, connection->scanner);
	connection->scanner = NULL;
	arena_free(connection->arena);
	connection->arena = NULL;
	connection->smtp = NULL;
}

struct session *connection_finish(struct connection *connection, struct shared *shared, bool cut)
{
	do {
		pull(connection, connection->last, shared);
	} while (force_one(connection, shared));
	miss_tail(connection);
	doubt_tail(connection);
	if (connection->smtp) {
		if (!connection->packets[CLIENT] || !connection->packets[SERVER])
			smtp_one_sided(connection->smtp);
		smtp_finish(connection->smtp, connection->last);
		take_items(connection, shared);
	}
	if (!connection->session)
		connection->session = session_new(connection->seen.total);
	struct session *session = connection->session;
	if (session) {
		describe(connection, session);
		if (cut && anomaly_is(&connection->seen, SMTP_CUT))
			session->marks |= MARK_CUT;
		session_identify(session, 0);
	}
	connection->session = NULL;
	give_back(connection, shared);
	return session;
}

void connection_drop(struct connection *connection, struct shared *shared)
{
	session_free(connection->session);
	connection->session = NULL;
	give_back(connection, shared);
}
