/* TCP reassembly of one direction. The common case, a segment at the edge with nothing held,
 * touches no memory but the stream itself and (for the short segments of a dialogue) the recent
 * bytes. Everything else goes through the list of held pieces, sorted by sequence number, which is
 * short by its limits and searched from its end, where new pieces belong. */
#include "wire/stream.h"

#include <string.h>

#include "base/fault.h"
#include "base/hash.h"
#include "base/moment.h"
#include "wire/recent.h"

#define SKEW_MAX                                                                                   \
	SECOND /* how much later the data may be captured that an acknowledgement speaks of */
#define WINDOW_UNKNOWN                                                                             \
	(1 << 24) /* bytes; a connection seen from its middle hides its window scale */
#define WINDOW_SLACK (1 << 16)

struct arriving { /* a segment's payload, or what is left of it */
	uint32_t seq, ack;
	bool has_ack, doubtful;
	int64_t time;
	struct bytes bytes;
};

struct piece {
	uint32_t next;
	uint32_t seq, ack;
	uint16_t size;
	bool has_ack, doubtful;
	bool joined; /* goes on where the one before it in the list ends: they are one */
	int64_t time;
	uint8_t data[STREAM_PIECE];
};

bool stream_memory_new(struct stream_memory *memory, uint32_t pieces, uint32_t streams)
{
	memory->pieces = pool_new(sizeof(struct piece), pieces);
	memory->recent = pool_new(sizeof(struct recent), streams);
	memory->more = pool_new(sizeof(struct recent_more), STREAM_MORE_MAX);
	memory->seed = hash_key_random().k0;
	if (memory->pieces && memory->recent && memory->more)
		return true;
	stream_memory_free(memory);
	return false;
}

void stream_memory_free(struct stream_memory *memory)
{
	pool_free(memory->pieces);
	pool_free(memory->recent);
	pool_free(memory->more);
	*memory = (struct stream_memory){ 0 };
}

void stream_begin(struct stream *stream, uint32_t next)
{
	stream->next = next;
	stream->begun = true;
}

static struct piece *piece_at(const struct stream_memory *memory, uint32_t index)
{
	return pool_at(memory->pieces, index);
}

static uint32_t piece_end(const struct piece *piece)
{
	return piece->seq + piece->size;
}

static void piece_remove(
	struct stream *stream, struct stream_memory *memory, uint32_t before, uint32_t index)
{
	struct piece *piece = piece_at(memory, index);
	if (before)
		piece_at(memory, before)->next = piece->next;
	else
		stream->held = piece->next;
	if (stream->held_last == index)
		stream->held_last = before;
	stream->held_bytes -= piece->size;
	stream->held_count--;
	pool_give(memory->pieces, index);
}

/* Do the bytes that both cover differ? `a` begins at sequence number a_seq, `b` at b_seq. */
static bool differs(uint32_t a_seq, struct bytes a, uint32_t b_seq, struct bytes b)
{
	if (seq_before(a_seq, b_seq))
		bytes_split(&a, b_seq - a_seq);
	else
		bytes_split(&b, a_seq - b_seq);
	size_t size = bytes_size(a) < bytes_size(b) ? bytes_size(a) : bytes_size(b);
	return size && memcmp(a.at, b.at, size) != 0;
}

static void conflict(struct stream *stream, struct anomalies *seen)
{
	stream->conflict = true;
	anomaly(seen, TCP_OVERLAP_CONFLICT);
}

static void remember(struct stream *stream, struct stream_memory *memory, struct bytes bytes)
{
	if (!stream->recent)
		stream->recent = pool_take(memory->recent);
	struct recent *recent = pool_at(memory->recent, stream->recent);
	if (!recent)
		return;
	if (stream->is_acked && recent_full(recent, stream->acked) && !stream->more) {
		stream->more = pool_take(memory->more);
		if (stream->more)
			recent_widen(recent, pool_at(memory->more, stream->more));
	}
	recent_add(recent, memory->seed, stream->next, bytes);
}

static void forget(struct stream *stream, struct stream_memory *memory)
{
	if (stream->recent)
		recent_clear(pool_at(memory->recent, stream->recent));
}

/* A keep-alive probe may carry one byte of anything, when nothing else is on its way. */
static bool is_keep_alive(const struct stream *stream, uint32_t seq, struct bytes payload)
{
	return bytes_size(payload) == 1 && seq + 1 == stream->next &&
	       (!stream->is_acked || !seq_before(stream->acked, stream->next));
}

/* Bytes that were delivered before come again: are they the same? Those that were not acknowledged
 * yet have to be known, for this may be the copy that arrives; unless what was there is a gap. */
static void compare_recent(struct stream *stream, const struct stream *other,
	struct stream_memory *memory, uint32_t seq, struct bytes again, struct anomalies *seen)
{
	static const struct recent nothing;
	const struct recent *recent =
		stream->recent ? pool_at(memory->recent, stream->recent) : &nothing;
	uint32_t from = stream->is_acked ? stream->acked : seq;
	enum recent_says says = recent_compare(recent, memory->seed, seq, again, from);
	if (says == RECENT_OTHER ||
		(says == RECENT_UNKNOWN && !stream->gapped && other->heard && other->begun))
		conflict(stream, seen);
}

static void compare_held(struct stream *stream, struct stream_memory *memory, uint32_t seq,
	struct bytes bytes, struct anomalies *seen)
{
	for (uint32_t at = stream->held; at; at = piece_at(memory, at)->next) {
		const struct piece *piece = piece_at(memory, at);
		bool behind = !seq_before(piece->seq, seq + (uint32_t)bytes_size(bytes));
		if (behind && !piece->joined)
			break;
		if (!behind && seq_before(seq, piece_end(piece)) &&
			differs(seq, bytes, piece->seq, bytes_make(piece->data, piece->size))) {
			conflict(stream, seen);
			return;
		}
	}
}

/* The last of the pieces that are joined to the one at `at`. */
static uint32_t last_joined(const struct stream_memory *memory, uint32_t at)
{
	uint32_t next;
	while ((next = piece_at(memory, at)->next) && piece_at(memory, next)->joined)
		at = next;
	return at;
}

struct place {           /* of a new piece */
	uint32_t before; /* behind this one; 0: first */
	bool joined;     /* to it */
	bool covered;    /* instead: one that is held has all its bytes */
};

/* As Linux has it (tcp_data_queue_ofo): joined to the last, or to the one before it, if it begins
 * where that one ends; dropped if one covers it. New pieces mostly belong at the end. */
static struct place place_of(
	const struct stream *stream, const struct stream_memory *memory, const struct arriving *new)
{
	uint32_t end = new->seq + (uint32_t)bytes_size(new->bytes);
	struct place place = { 0 };
	const struct piece *last = piece_at(memory, stream->held_last);
	if (last && !seq_before(new->seq, piece_end(last)))
		return (struct place){ .before = stream->held_last,
			.joined =
				new->seq == piece_end(last) && !last->doubtful && !new->doubtful };
	for (uint32_t at = stream->held; at; at = piece_at(memory, place.before)->next) {
		if (seq_before(new->seq, piece_at(memory, at)->seq))
			break;
		place.before = last_joined(memory, at);
		last = piece_at(memory, place.before);
		place.covered |= !seq_before(piece_end(last), end);
		place.joined = new->seq == piece_end(last) && !last->doubtful && !new->doubtful;
	}
	return place;
}

/* Those behind the place of a new piece that it covers go, up to the first that it does not. */
static void replace_covered(
	struct stream *stream, struct stream_memory *memory, const struct arriving *new)
{
	uint32_t end = new->seq + (uint32_t)bytes_size(new->bytes), before = 0;
	for (uint32_t at = stream->held; at;) {
		uint32_t last = last_joined(memory, at), next = piece_at(memory, last)->next;
		if (seq_before(piece_at(memory, at)->seq, new->seq)) {
			before = last;
			at = next;
			continue;
		}
		if (seq_before(end, piece_end(piece_at(memory, last))))
			return;
		while (at != next) {
			uint32_t following = piece_at(memory, at)->next;
			piece_remove(stream, memory, before, at);
			at = following;
		}
	}
}

static uint32_t insert_piece(struct stream *stream, struct stream_memory *memory,
	const struct arriving *new, struct place place, struct bytes bytes, struct anomalies *seen)
{
	uint32_t before = place.before, index = fault_limit() ? 0 : pool_take(memory->pieces);
	struct piece *piece = piece_at(memory, index);
	if (!piece) {
		anomaly(seen, TCP_POOL_FULL);
		return 0;
	}
	piece->seq = new->seq;
	piece->joined = place.joined;
	piece->ack = new->ack;
	piece->has_ack = new->has_ack;
	piece->doubtful = new->doubtful;
	piece->size = (uint16_t)bytes_size(bytes);
	piece->time = new->time;
	memcpy(piece->data, bytes.at, piece->size);
	piece->next = before ? piece_at(memory, before)->next : stream->held;
	if (before)
		piece_at(memory, before)->next = index;
	else
		stream->held = index;
	if (stream->held_last == before)
		stream->held_last = index;
	stream->held_bytes += piece->size;
	stream->held_count++;
	return index;
}

/* A copy whose checksum is right takes the place of what one whose is not says of the same bytes.
 */
static void drop_doubtful(
	struct stream *stream, struct stream_memory *memory, const struct arriving *new)
{
	uint32_t before = 0;
	for (uint32_t at = stream->held; at;) {
		struct piece *piece = piece_at(memory, at);
		uint32_t next = piece->next;
		bool meets = piece->doubtful && seq_before(new->seq, piece_end(piece));
		if (!seq_before(piece->seq, new->seq + (uint32_t)bytes_size(new->bytes))) {
			if (!piece->joined)
				return;
			meets = false;
		}
		if (meets && !seq_before(piece->seq, new->seq)) {
			piece_remove(stream, memory, before, at);
		} else {
			if (meets) {
				stream->held_bytes -= piece_end(piece) - new->seq;
				piece->size = (uint16_t)(new->seq - piece->seq);
			}
			before = at;
		}
		at = next;
	}
}

static bool overlaps_held(
	const struct stream *stream, const struct stream_memory *memory, const struct arriving *new)
{
	for (uint32_t at = stream->held; at; at = piece_at(memory, at)->next) {
		const struct piece *piece = piece_at(memory, at);
		if (seq_before(piece->seq, new->seq + (uint32_t)bytes_size(new->bytes)) &&
			seq_before(new->seq, piece_end(piece)))
			return true;
	}
	return false;
}

/* The held pieces that a new one meets: false, it is of no use beside them. */
static bool meet_held(struct stream *stream, struct stream_memory *memory,
	const struct arriving *new, struct anomalies *seen)
{
	if (!stream->held)
		return true;
	if (new->doubtful)
		return !overlaps_held(stream, memory, new);
	drop_doubtful(stream, memory, new);
	compare_held(stream, memory, new->seq, new->bytes, seen);
	return true;
}

static void hold(struct stream *stream, struct stream *other, struct stream_memory *memory,
	const struct arriving *new, struct anomalies *seen)
{
	struct arriving left = *new;
	struct place place = place_of(stream, memory, new);
	if (place.covered)
		return;
	if (!place.joined) {
		replace_covered(stream, memory, new);
		place = place_of(stream, memory, new);
	}
	while (bytes_size(left.bytes)) {
		struct bytes part = bytes_split(&left.bytes, STREAM_PIECE);
		place.before = insert_piece(stream, memory, &left, place, part, seen);
		if (!place.before)
			break;
		place.joined = !new->doubtful;
		left.seq += (uint32_t)bytes_size(part);
	}
	if (stream->held_bytes <= STREAM_HELD_MAX && stream->held_count <= STREAM_PIECES_MAX)
		return;
	anomaly(seen, TCP_HOLE_GIVEN_UP);
	stream_force(stream, other, memory);
}

/* Has all of the other direction been handed on that this one's data answers? */
static bool may_follow(const struct stream *other, bool has_ack, uint32_t ack)
{
	return !has_ack || !other->heard || !seq_before(stream_edge(other), ack);
}

static bool in_window(const struct stream *stream, uint32_t seq)
{
	uint32_t edge = stream->next;
	if (stream->is_acked && seq_before(edge, stream->acked))
		edge = stream->acked;
	uint32_t window = stream->window ? stream->window + WINDOW_SLACK : WINDOW_UNKNOWN;
	int32_t ahead = (int32_t)(seq - edge);
	return ahead <= (int32_t)window && ahead >= -(1 << 30);
}

/* So much was not captured that all looks out of window: data and acknowledgement agree on where
 * the connection is now. */
static bool jumps(struct stream *stream, uint32_t seq)
{
	int32_t apart = (int32_t)(stream->strange_ack - seq);
	if (!stream->is_strange || apart > WINDOW_UNKNOWN || apart < -WINDOW_UNKNOWN)
		return false;
	stream->forced = seq;
	stream->is_forced = true;
	stream->acked = seq;
	stream->is_strange = false;
	return true;
}

/* What was handed on before is stepped over; a doubtful copy of it is nothing. */
static void pass_over(struct stream *stream, const struct stream *other,
	struct stream_memory *memory, struct arriving *new, struct anomalies *seen)
{
	if (!seq_before(new->seq, stream->next))
		return;
	bool probe = is_keep_alive(stream, new->seq, new->bytes);
	struct bytes again = bytes_split(&new->bytes, stream->next - new->seq);
	if (!new->doubtful)
		anomaly(seen, TCP_RETRANSMISSION);
	if (!probe && !new->doubtful && bytes_size(again))
		compare_recent(stream, other, memory, new->seq, again, seen);
	new->seq = stream->next;
}

/* The pointer says one more than the byte's number (RFC 6093 2). A newer one that comes while an
 * older is not passed leaves that in the stream if the program was not there yet: nobody can tell.
 */
static void note_urgent(
	struct stream *stream, const struct segment *segment, struct anomalies *seen)
{
	uint32_t urgent = segment->seq + segment->urgent - (segment->urgent > 0);
	if (seq_before(urgent, stream->next) ||
		(stream->is_urgent && !seq_before(stream->urgent, urgent)))
		return;
	if (stream->is_urgent)
		conflict(stream, seen);
	stream->urgent = urgent;
	stream->is_urgent = true;
}

bool stream_add(struct stream *stream, struct stream *other, struct stream_memory *memory,
	const struct segment *segment, struct bytes payload, bool doubtful, int64_t time,
	struct anomalies *seen)
{
	struct arriving new = { segment->seq, segment->ack, segment->flags & TCP_ACK, doubtful,
		time, payload };
	stream->heard = true;
	if (!stream->begun)
		stream_begin(stream, new.seq);
	if (!in_window(stream, new.seq) && !jumps(stream, new.seq))
		return anomaly(seen, TCP_OUT_OF_WINDOW);
	if (segment->cut)
		stream->cut = true;
	if (segment->flags & TCP_FIN && !doubtful) {
		stream->has_fin = true;
		stream->fin = new.seq + (uint32_t)bytes_size(payload) + segment->missing;
	}
	if (segment->flags & TCP_URG && !doubtful)
		note_urgent(stream, segment, seen);
	pass_over(stream, other, memory, &new, seen);
	if (!bytes_size(new.bytes) || !meet_held(stream, memory, &new, seen))
		return true;
	if (doubtful || new.seq != stream->next || !may_follow(other, new.has_ack, new.ack)) {
		hold(stream, other, memory, &new, seen);
		return true;
	}
	stream->fresh = new.bytes;
	stream->fresh_time = time;
	return true;
}

void stream_acknowledge(struct stream *stream, const struct segment *segment, uint8_t scale)
{
	if (!(segment->flags & TCP_ACK))
		return;
	if (!stream->begun)
		stream_begin(stream, segment->ack);
	stream->is_strange = !in_window(stream, segment->ack);
	stream->strange_ack = segment->ack;
	if (stream->is_strange)
		return;
	if (!stream->is_acked || seq_before(stream->acked, segment->ack))
		stream->acked = segment->ack;
	stream->is_acked = true;
	uint32_t window = scale > 14 ? 0 : (uint32_t)segment->window << scale;
	if (window > stream->window && window < WINDOW_UNKNOWN)
		stream->window = window;
}

/* One whose checksum is wrong is, once the receiver acknowledged all of it. */
static bool is_believed(const struct stream *stream, const struct piece *piece)
{
	return !piece->doubtful ||
	       (stream->is_acked && !seq_before(stream->acked, piece_end(piece)));
}

/* The urgent byte is the next one and is there: it is stepped over. */
static void skip_urgent(struct stream *stream, struct stream_memory *memory)
{
	const struct piece *piece = piece_at(memory, stream->held);
	struct bytes byte = { 0 };
	if (!stream->is_urgent || stream->urgent != stream->next)
		return;
	if (bytes_size(stream->fresh)) {
		byte = bytes_split(&stream->fresh, 1);
	} else if (piece && is_believed(stream, piece) && !seq_before(stream->next, piece->seq)) {
		byte = bytes_make(piece->data, piece->size);
		bytes_split(&byte, stream->next - piece->seq);
		bytes_limit(&byte, 1);
	}
	if (!bytes_size(byte))
		return;
	remember(stream, memory, byte);
	stream->next++;
	stream->is_urgent = false;
}

/* Up to the urgent byte. */
static struct bytes until_urgent(const struct stream *stream, struct bytes bytes)
{
	if (stream->is_urgent && stream->urgent - stream->next < bytes_size(bytes))
		bytes_limit(&bytes, stream->urgent - stream->next);
	return bytes;
}

static bool hand_on_fresh(
	struct stream *stream, struct stream_memory *memory, struct stream_chunk *out)
{
	struct bytes fresh = until_urgent(stream, stream->fresh);
	bytes_split(&stream->fresh, bytes_size(fresh));
	*out = (struct stream_chunk){ .bytes = fresh, .time = stream->fresh_time };
	remember(stream, memory, fresh);
	stream->next += (uint32_t)bytes_size(fresh);
	stream->size += bytes_size(fresh);
	return true;
}

static bool hand_on_gap(struct stream *stream, struct stream_memory *memory, uint32_t to,
	int64_t time, struct stream_chunk *out, struct anomalies *seen)
{
	*out = (struct stream_chunk){ .gap = true, .gap_size = to - stream->next, .time = time };
	stream->next = to;
	stream->gapped = true;
	forget(stream, memory);
	anomaly(seen, TCP_GAP);
	return true;
}

/* A held piece is handed on where it lies; forget_passed() gives it back at the next call. */
static bool hand_on_piece(
	struct stream *stream, struct stream_memory *memory, struct stream_chunk *out)
{
	const struct piece *piece = piece_at(memory, stream->held);
	struct bytes bytes = bytes_make(piece->data, piece->size);
	bytes_split(&bytes, stream->next - piece->seq);
	bytes = until_urgent(stream, bytes);
	*out = (struct stream_chunk){ .bytes = bytes, .time = piece->time };
	remember(stream, memory, bytes);
	stream->next += (uint32_t)bytes_size(bytes);
	stream->size += bytes_size(bytes);
	stream->released = false;
	return true;
}

/* Pieces whose bytes have all been handed on, this one or another copy of them. */
static void forget_passed(struct stream *stream, struct stream_memory *memory)
{
	while (stream->held && !seq_before(stream->next, piece_end(piece_at(memory, stream->held))))
		piece_remove(stream, memory, 0, stream->held);
}

static bool give_up(struct stream *stream, struct stream_memory *memory, int64_t time,
	struct stream_chunk *out, struct anomalies *seen)
{
	uint32_t to = stream->forced;
	if (stream->held && seq_before(piece_at(memory, stream->held)->seq, to))
		to = piece_at(memory, stream->held)->seq;
	if (to == stream->forced)
		stream->is_forced = false;
	return seq_before(stream->next, to) && hand_on_gap(stream, memory, to, time, out, seen);
}

bool stream_next(struct stream *stream, struct stream *other, struct stream_memory *memory,
	int64_t now, struct stream_chunk *out, struct anomalies *seen)
{
	if (stream->is_urgent && seq_before(stream->urgent, stream->next))
		stream->is_urgent = false; /* in a gap */
	forget_passed(stream, memory);
	skip_urgent(stream, memory);
	if (bytes_size(stream->fresh))
		return hand_on_fresh(stream, memory, out);
	forget_passed(stream, memory);
	if (stream->is_forced && give_up(stream, memory, now, out, seen))
		return true;
	if (!stream->held)
		return false;
	const struct piece *piece = piece_at(memory, stream->held);
	if (seq_before(stream->next, piece->seq)) {
		if (!stream->is_acked || seq_before(stream->acked, piece->seq))
			return false; /* it may still come */
		return hand_on_gap(stream, memory, piece->seq, piece->time, out, seen);
	}
	if (!is_believed(stream, piece))
		return false;
	if (!stream->released && !may_follow(other, piece->has_ack, piece->ack)) {
		if (now - piece->time > SKEW_MAX)
			stream_force(stream, other, memory);
		return false;
	}
	return hand_on_piece(stream, memory, out);
}

bool stream_force(struct stream *stream, struct stream *other, struct stream_memory *memory)
{
	if (!stream->held)
		return false;
	const struct piece *piece = piece_at(memory, stream->held);
	if (seq_before(stream->next, piece->seq)) {
		stream->forced = piece->seq;
		stream->is_forced = true;
	} else if (piece->doubtful) {
		piece_remove(stream, memory, 0, stream->held);
	} else if (other->held && !seq_before(other->next, piece_at(memory, other->held)->seq)) {
		stream->released =
			true; /* each waits for the other: a retransmission carries a later ack */
	} else {
		other->forced = piece->ack;
		other->is_forced = true;
	}
	return true;
}

void stream_drop(struct stream *stream, struct stream_memory *memory)
{
	while (stream->held)
		piece_remove(stream, memory, 0, stream->held);
	pool_give(memory->recent, stream->recent);
	pool_give(memory->more, stream->more);
	stream->recent = stream->more = 0;
}
