/* Encoded words in header text (RFC 2047), as they are really sent: anywhere, of any length, in
 * quotes, cut within a character. */
#ifndef MW_MIME_WORDS_H
#define MW_MIME_WORDS_H

#include "base/anomaly.h"
#include "mime/charset.h"

struct words { /* what decoding needs; made by the caller, used again and again */
	struct charsets *charsets;
	struct anomalies *seen;
	size_t size; /* of `room`: bytes of encoded words of one set, not yet converted */
	uint8_t charset_size;
	uint8_t charset[64];
	uint8_t room[TEXT_ROOM];
	struct text scratch; /* for callers, to put together what is then decoded */
};

/* Adds the decoded text to `out`. What cannot be decoded stays as sent and sets out->raw. Linear.
 */
void words_decode(struct words *words, struct bytes in, struct text *out);

/* Adds text that is not encoded: UTF-8 as it is (RFC 6532); other 8-bit bytes as sent, marked. */
void words_plain(struct words *words, struct bytes in, struct text *out);

#endif
