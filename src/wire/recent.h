/* What of a stream was handed on lately, so that bytes which come again can be told from others in
 * their place: the last text as it was, and of each segment a hash, so that a long message costs no
 * copy. A segment that comes again whole, or several as one, is known for sure; a part of a long
 * one is not. Memory is the caller's; no allocation. One thread at a time. */
#ifndef MW_WIRE_RECENT_H
#define MW_WIRE_RECENT_H

#include "base/bytes.h"

#define RECENT_TEXT 256    /* bytes kept as they were; longer segments are not */
#define RECENT_SEGMENTS 64 /* on their way, of most senders */
#define RECENT_MORE 1024   /* of a fast one: 1.4 MB */

struct recent_segment {
	uint32_t seq, hash;
};

struct recent_more {
	struct recent_segment segment[RECENT_MORE];
};

struct recent {         /* zeroed to begin with */
	uint32_t end;   /* sequence number behind the newest byte */
	uint32_t count; /* of `segment`, the oldest first; they follow each other without a gap */
	uint32_t room;
	uint32_t text_end, text_size;
	struct recent_segment *segment; /* `few`, or of a struct recent_more */
	struct recent_segment few[RECENT_SEGMENTS];
	uint8_t text[RECENT_TEXT];
};

enum recent_says {
	RECENT_SAME,
	RECENT_OTHER,
	RECENT_UNKNOWN /* some of them can't be told any more */
};

/* `seed`: secret, or outsiders find two texts of one hash. `seq` is where the last bytes ended,
 * unless it was cleared. */
void recent_add(struct recent *recent, uint64_t seed, uint32_t seq, struct bytes bytes);

/* There is no room for another segment, even if all before `acked` are forgotten: give it more, or
 * the oldest will be. */
bool recent_full(struct recent *recent, uint32_t acked);
void recent_widen(struct recent *recent, struct recent_more *more); /* lives as long */

/* Are these what was handed on at `seq`? All of them lie before `recent->end`. What lies before
 * `from` may be unknown. */
enum recent_says recent_compare(const struct recent *recent, uint64_t seed, uint32_t seq,
	struct bytes again, uint32_t from);

void recent_clear(struct recent *recent);

#endif
