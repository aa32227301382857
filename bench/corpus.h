/* Messages for the bench, the same in each run: sizes are log-normal with a median of 8 KiB and a
 * tail to 1 MiB, one in ten carries a base64 attachment; each has a text and an HTML part in
 * quoted-printable, as mail programs write them. Lines end with CRLF, some begin with a dot. */
#ifndef MW_BENCH_CORPUS_H
#define MW_BENCH_CORPUS_H

#include "base/bytes.h"

struct corpus {
	uint64_t seed;
	uint8_t *room;
	size_t size;     /* bytes of all messages */
	size_t decoded;  /* of them, bytes of all parts decoded */
	unsigned count;  /* messages */
	size_t *begin;   /* count + 1 offsets into `room` */
	size_t *content; /* bytes of each, decoded */
};

void corpus_new(struct corpus *corpus, unsigned count); /* ends the process without memory */
void corpus_free(struct corpus *corpus);
struct bytes corpus_message(const struct corpus *corpus, unsigned number);

uint64_t corpus_random(uint64_t *seed); /* xorshift64* (Vigna 2016) */
double corpus_log_normal(uint64_t *seed, double median, double sigma);

#endif
