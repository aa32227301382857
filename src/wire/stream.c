/* TCP reassembly of one direction. The common case, a segment at the edge with nothing held,
 * touches no memory but the stream itself and (for the short segments of a dialogue) the recent
 * bytes. Everything else goes through the list of held pieces, sorted by sequence number, which is
 * short by its limits and searched from its end, where new pieces belong. */
#include "wire/stream.h"

#include <string.h>

#include "base/fault.h"
#include "base/moment.h"

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
	int64_t time;
	uint8_t data[STREAM_PIECE];
};

bool stream_memory_new(struct stream_memory *memory, uint32_t pieces, uint32_t streams)
{
	memory->pieces = pool_new(sizeof(struct piece), pieces);
	memory->recent = pool_new(STREAM_RECENT, streams);
	if (memory->pieces && memory->recent)
		return true;
	stream_memory_free(memory);
	return false;
}

void stream_memory_free(struct stream_memory *memory)
{
	pool_free(memory->pieces);
	pool_free(memory->recent);
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

/* The bytes before `next` that are kept are the first to forget when a long segment passes: message
 * text, which nobody is judged by. A dialogue's short segments are kept. */
static void remember(struct stream *stream, struct stream_memory *memory, struct bytes bytes)
{
	size_t size = bytes_size(bytes);
	if (size > STREAM_RECENT) {
		stream->recent_size = 0;
		return;
	}
	if (!stream->recent)
		stream->recent = pool_take(memory->recent);
	uint8_t *recent = pool_at(memory->recent, stream->recent);
	if (!recent)
		return;
	size_t keep = STREAM_RECENT - size;
	if (keep > stream->recent_size)
		keep = stream->recent_size;
	memmove(recent, recent + stream->recent_size - keep, keep);
	memcpy(recent + keep, bytes.at, size);
	stream->recent_size = (uint32_t)(keep + size);
}

/* Bytes that were delivered before come again: are they the same? A keep-alive probe may carry one
 * byte of anything. */
static void compare_recent(struct stream *stream, struct stream_memory *memory, uint32_t seq,
	struct bytes again, struct anomalies *seen)
{
	anomaly(seen, TCP_RETRANSMISSION);
	if (!stream->recent_size || (bytes_size(again) == 1 && seq + 1 == stream->next))
		return;
	struct bytes recent =
		bytes_make(pool_at(memory->recent, stream->recent), stream->recent_size);
	if (differs(seq, again, stream->next - stream->recent_size, recent))
		conflict(stream, seen);
}

static void compare_held(struct stream *stream, struct stream_memory *memory, uint32_t seq,
	struct bytes bytes, struct anomalies *seen)
{
	for (uint32_t at = stream->held; at; at = piece_at(memory, at)->next) {
		const struct piece *piece = piece_at(memory, at);
		if (!seq_before(piece->seq, seq + (uint32_t)bytes_size(bytes)))
			break;
		if (seq_before(seq, piece_end(piece)) &&
			differs(seq, bytes, piece->seq, bytes_make(piece->data, piece->size))) {
			conflict(stream, seen);
			return;
		}
	}
}

/* Where a piece that begins at `seq` belongs: behind this one (0: first). New pieces mostly belong
 * at the end. */
static uint32_t place(const struct stream *stream, const struct stream_memory *memory, uint32_t seq)
{
	uint32_t before = 0;
	if (stream->held_last && !seq_before(seq, piece_at(memory, stream->held_last)->seq))
		return stream->held_last;
	for (uint32_t at = stream->held; at; at = piece_at(memory, at)->next) {
		if (seq_before(seq, piece_at(memory, at)->seq))
			break;
		before = at;
	}
	return before;
}

/* Linux: a new piece that one queued piece covers is dropped, queued pieces that the new one covers
 * go. */
static bool covered(
	const struct stream *stream, const struct stream_memory *memory, uint32_t seq, size_t size)
{
	for (uint32_t at = stream->held; at; at = piece_at(memory, at)->next) {
		const struct piece *piece = piece_at(memory, at);
		if (seq_before(seq, piece->seq))
			return false;
		if (!seq_before(piece_end(piece), seq + (uint32_t)size))
			return true;
	}
	return false;
}

static void replace_covered(
	struct stream *stream, struct stream_memory *memory, uint32_t seq, size_t size)
{
	uint32_t before = 0;
	for (uint32_t at = stream->held; at;) {
		const struct piece *piece = piece_at(memory, at);
		uint32_t next = piece->next;
		if (!seq_before(piece->seq, seq + (uint32_t)size))
			return;
		if (!seq_before(piece->seq, seq) &&
			!seq_before(seq + (uint32_t)size, piece_end(piece)))
			piece_remove(stream, memory, before, at);
		else
			before = at;
		at = next;
	}
}

static bool insert_piece(struct stream *stream, struct stream_memory *memory,
	const struct arriving *new, uint32_t seq, struct bytes bytes, struct anomalies *seen)
{
	uint32_t index = fault_limit() ? 0 : pool_take(memory->pieces);
	struct piece *piece = piece_at(memory, index);
	if (!piece)
		return anomaly(seen, TCP_POOL_FULL);
	piece->seq = seq;
	piece->ack = new->ack;
	piece->has_ack = new->has_ack;
	piece->doubtful = new->doubtful;
	piece->size = (uint16_t)bytes_size(bytes);
	piece->time = new->time;
	memcpy(piece->data, bytes.at, piece->size);
	uint32_t before = place(stream, memory, seq);
	piece->next = before ? piece_at(memory, before)->next : stream->held;
	if (before)
		piece_at(memory, before)->next = index;
	else
		stream->held = index;
	if (stream->held_last == before)
		stream->held_last = index;
	stream->held_bytes += piece->size;
	stream->held_count++;
	return true;
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
		if (!seq_before(piece->seq, new->seq + (uint32_t)bytes_size(new->bytes)))
			return;
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
	struct bytes left = new->bytes;
	uint32_t seq = new->seq;
	if (covered(stream, memory, seq, bytes_size(left)))
		return;
	replace_covered(stream, memory, seq, bytes_size(left));
	while (bytes_size(left)) {
		struct bytes part = bytes_split(&left, STREAM_PIECE);
		if (!insert_piece(stream, memory, new, seq, part, seen))
			break;
		seq += (uint32_t)bytes_size(part);
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
static void pass_over(struct stream *stream, struct stream_memory *memory, struct arriving *new,
	struct anomalies *seen)
{
	if (!seq_before(new->seq, stream->next))
		return;
	struct bytes again = bytes_split(&new->bytes, stream->next - new->seq);
	if (!new->doubtful)
		compare_recent(stream, memory, new->seq, again, seen);
	new->seq = stream->next;
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
	pass_over(stream, memory, &new, seen);
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

static bool hand_on_fresh(
	struct stream *stream, struct stream_memory *memory, struct stream_chunk *out)
{
	struct bytes fresh = stream->fresh;
	stream->fresh = (struct bytes){ 0 };
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
	stream->recent_size = 0;
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
	*out = (struct stream_chunk){ .bytes = bytes, .time = piece->time };
	remember(stream, memory, bytes);
	stream->next = piece_end(piece);
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
	if (piece->doubtful && (!stream->is_acked || seq_before(stream->acked, piece_end(piece))))
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
	stream->recent = 0;
	stream->recent_size = 0;
}
