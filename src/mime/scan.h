/* Searches over many bytes at once, the inner loops of the room: sixteen bytes a turn by the
 * compiler's vectors, on every processor. Pure. Both look at pairs of bytes, so `before`, the byte
 * in front of `in`, belongs to the question; that makes slices join. */
#ifndef MW_MIME_SCAN_H
#define MW_MIME_SCAN_H

#include "base/bytes.h"

/* Index of the first "-" that follows a line feed; the size of `in` when there is none. */
size_t scan_dash(uint8_t before, struct bytes in);

/* Index of the last byte of the first pair that text may be worth a look at: "//", "w.", "2f", "mg"
 * (letters in any case), or "-", "b", "=" behind a line feed; the size of `in` when there is none.
 */
size_t scan_text(uint8_t before, struct bytes in);

/* How many bytes in front are letters of base64 ("=" is none). */
size_t scan_base64(struct bytes in);

#endif
