/* Fingerprints of a part, fed as a stream: XXH3-128 of the bytes as sent, and MD5 and SHA-256 of
 * the bytes decoded (OpenSSL). The algorithms are fetched once, each context is made once and used
 * part after part. */
#ifndef MW_MIME_DIGEST_H
#define MW_MIME_DIGEST_H

#include "base/bytes.h"

struct digest_kinds; /* the algorithms, shared by the scanners of a thread */
struct digest;

struct digest_kinds *digest_kinds_open(void); /* NULL: no memory */
void digest_kinds_close(struct digest_kinds *kinds);

/* `kinds` NULL: XXH3 only. NULL: no memory. */
struct digest *digest_new(const struct digest_kinds *kinds);
void digest_free(struct digest *digest);
void digest_begin(struct digest *digest);
void digest_sent(struct digest *digest, struct bytes in);
void digest_decoded(struct digest *digest, struct bytes in);
void digest_sent_end(struct digest *digest, uint8_t xxh3[16]);

/* false: not worked out at this level. */
bool digest_decoded_end(struct digest *digest, uint8_t md5[16], uint8_t sha256[32]);

#endif
