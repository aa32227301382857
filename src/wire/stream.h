/* One direction of a TCP connection, put in order (RFC 9293) the way a Linux receiver does it.
 * Segments in, bytes in sequence and gaps out. In-order payload is handed on where it lies; only
 * what waits behind a hole, or for data of the other direction that it acknowledges (so that no
 * reply is told before its command), is copied. A hole is a gap as soon as the receiver has
 * acknowledged it and something behind it was seen: then the packet was not captured and will not
 * come. Overlaps: what was delivered stays; a queued piece that covers a new one wins, a new one
 * that covers queued pieces replaces them, one that begins where another ends is joined to it; the
 * rest is taken by start. All are counted (Ptacek & Newsham 1998; Novak & Sturges 2007); measured
 * against real receivers: docs/evasion.md. The urgent byte (RFC 6093) leaves the stream. One thread
 * at a time. */
#ifndef MW_WIRE_STREAM_H
#define MW_WIRE_STREAM_H

#include "base/pool.h"
#include "wire/segment.h"

#define STREAM_HELD_MAX                                                                            \
	(256 * 1024) /* bytes behind a hole, one direction: the window of a fast path with loss */
#define STREAM_PIECES_MAX 256 /* pieces they come in: bounds the search */
#define STREAM_PIECE 1504     /* bytes in one held piece; longer payload takes several */

#define STREAM_MORE_MAX 8192 /* streams with very many segments on their way: 64 MiB */

struct stream_memory { /* shared by all streams of a sensor */
	struct pool *pieces, *recent, *more;
	uint64_t seed; /* of the hashes of what was delivered */
};

bool stream_memory_new(
	struct stream_memory *memory, uint32_t pieces, uint32_t streams); /* false: no memory */
void stream_memory_free(struct stream_memory *memory);

struct stream {          /* zeroed to begin with */
	uint32_t next;   /* sequence number of the next byte to hand on; known when `begun` */
	uint32_t acked;  /* the highest acknowledgement of this direction's data; known when
			    `is_acked` */
	uint32_t forced; /* up to here a hole is given up; valid when `is_forced` */
	uint32_t fin;
	uint32_t strange_ack;     /* an acknowledgement out of window; valid when `is_strange` */
	uint32_t held, held_last; /* pieces by sequence number */
	uint32_t held_bytes;
	uint32_t recent; /* pool index of what was delivered lately; 0: none */
	uint32_t more;   /* of it, for many segments at a time; 0: none */
	uint32_t urgent; /* of the byte that leaves the stream; valid when `is_urgent` */
	uint32_t window; /* largest offered by the receiver, scaled; 0: not known */
	uint16_t held_count;
	bool begun, heard; /* heard: a segment of this direction was captured */
	bool is_acked, is_forced, is_strange, is_urgent;
	bool has_fin;  /* its sequence number is `fin` */
	bool released; /* the first piece is handed on whatever it acknowledges */
	bool conflict, gapped, cut;
	struct bytes fresh; /* in-order payload of the segment at hand */
	int64_t fresh_time;
	uint64_t size; /* bytes handed on, gaps not counted */
};

struct stream_chunk {
	struct bytes bytes; /* valid until the next stream_next() or stream_add() of this stream */
	bool gap;           /* instead: `gap_size` bytes are missing here */
	uint64_t gap_size;
	int64_t time;
};

/* The next byte will be `next` (behind a SYN, or the first seen of a connection in its middle). */
void stream_begin(struct stream *stream, uint32_t next);

/* Takes a segment's payload of this direction; `other` is the opposite one. The caller then calls
 * stream_next() for both directions, in turn, until neither has more: what lies in `payload` is
 * valid only until then. `doubtful`: its checksum is wrong; it is handed on only when the receiver
 * acknowledges it and no other copy came (then the capture was altered, not the packet). false: out
 * of window, nothing was taken. */
bool stream_add(struct stream *stream, struct stream *other, struct stream_memory *memory,
	const struct segment *segment, struct bytes payload, bool doubtful, int64_t time,
	struct anomalies *seen);

/* `segment` of the opposite direction acknowledges data of this one. */
void stream_acknowledge(struct stream *stream, const struct segment *segment, uint8_t scale);

/* The next bytes or gap. `now`: data time, gives up waiting. */
bool stream_next(struct stream *stream, struct stream *other, struct stream_memory *memory,
	int64_t now, struct stream_chunk *out, struct anomalies *seen);

/* Nothing more will come: gives up the first hole of this direction. false: nothing is held. */
bool stream_force(struct stream *stream, struct stream *other, struct stream_memory *memory);

void stream_drop(
	struct stream *stream, struct stream_memory *memory); /* gives back what it holds */

/* The sequence number behind all that was handed on, a FIN included. */
static inline uint32_t stream_edge(const struct stream *stream)
{
	return stream->next + (stream->has_fin && stream->next == stream->fin);
}

/* a comes before b in sequence space (RFC 9293 3.4). */
static inline bool seq_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

#endif
