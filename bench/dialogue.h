/* One mail session as packets: handshake, greeting, EHLO, one to three transactions with several
 * recipients, some refused, QUIT, both FINs. What it says is counted, for a reader to be held
 * against it. */
#ifndef MW_BENCH_DIALOGUE_H
#define MW_BENCH_DIALOGUE_H

#include "corpus.h"
#include "frame.h"

struct dialogue_told {     /* what a reader should find */
	uint64_t bytes[2]; /* of the client, of the server */
	unsigned transactions, messages, messages_accepted, recipients, recipients_accepted;
	uint64_t size;    /* of all messages, dots unstuffed */
	uint64_t decoded; /* of their parts */
	bool lost;        /* one segment was not captured */
};

struct dialogue_maker { /* what all have in common */
	uint64_t seed;
	const struct corpus *corpus;
	struct bytes *wire; /* the messages as sent: dots stuffed, and the end */
	unsigned disorder;  /* of a thousand segments so many are swapped with the next packet, or
			       repeated */
	unsigned lossy;     /* of a thousand sessions so many lose a segment */
	uint64_t time;      /* of the next packet, microseconds */
	uint64_t bytes;     /* of all packets so far */
};

struct dialogue {
	uint32_t end[2], seq[2];
	uint16_t port[2], id;
	uint8_t stage, turn;
	unsigned transactions, recipients, message; /* of those to come; of the corpus */
	unsigned accepted, code; /* recipients of this transaction; the next reply */
	unsigned segment, lose;  /* ordinals of segments with data; UINT_MAX: none */
	unsigned unanswered;     /* segments since the last acknowledgement */
	struct bytes left;       /* of what is being said */
	char text[128];          /* less than a segment, so it is said at once */
	struct dialogue_told told;
	size_t held_size;
	uint8_t held[FRAME_MAX]; /* to be written behind the next */
};

void dialogue_begin(struct dialogue *dialogue, struct dialogue_maker *maker, uint32_t client,
	uint16_t port, uint32_t server);

/* The next packet; false: it was the last. */
bool dialogue_step(struct dialogue *dialogue, struct dialogue_maker *maker);

#endif
