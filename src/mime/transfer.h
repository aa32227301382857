/* Transfer encodings (RFC 2045 6.7, 6.8), decoded as a stream the way mail readers do it. base64:
 * what is no letter of the alphabet is stepped over, and whole padding is the end of it all.
 * Quoted-printable: a bad escape stays as it lies, white space at line ends is kept. */
#ifndef MW_MIME_TRANSFER_H
#define MW_MIME_TRANSFER_H

#include "mime/mime.h"

struct transfer {
	enum mime_encoding kind;
	bool words;      /* RFC 2047's form of quoted-printable: "_" is a blank, no soft breaks */
	uint8_t held[3]; /* base64: letters of the group; quoted-printable: what follows "=" */
	uint8_t count;   /* of `held` */
	bool escape;     /* quoted-printable: within "=.." */
	uint8_t pads;    /* base64: in this group */
	bool ended;      /* base64: padding ended it; more is junk */
	uint64_t junk; /* bytes that are not in the alphabet (white space apart), bad escapes, data
			  behind padding */
};

void transfer_init(struct transfer *transfer, enum mime_encoding kind);

/* Decodes as much of `in` as fits into `room` (at least 8 bytes), stepping over what it read; gives
 * back the bytes written. `in` is empty when all was read. */
size_t transfer_decode(struct transfer *transfer, struct bytes *in, uint8_t *out, size_t room);

/* base64 whose bytes nobody wants: gives back how many there are in `in`. From then on only this
 * may be called, and transfer_end() for its size. */
size_t transfer_skip(struct transfer *transfer, struct bytes in);

/* What was held back at the end, at most 3 bytes. */
size_t transfer_end(struct transfer *transfer, uint8_t *out, size_t room);

#endif
