/* Decompression as a stream: gzip (RFC 1952), zstd (RFC 8878), xz and bzip2, each by its own
 * library, behind one interface. Whole members (gzip), frames (zstd) and streams (xz, bzip2) may
 * follow one another, with zeros between. Memory is bounded whatever the data ask for: the window
 * of zstd, and all of xz, by UNPACK_MEMORY_MAX; what comes out goes into the caller's buffer, so a
 * small file that unpacks to terabytes costs time and no memory. One thread at a time. */
#ifndef MW_SENSE_UNPACK_H
#define MW_SENSE_UNPACK_H

#include "base/bytes.h"

#define UNPACK_LOOK 6                                   /* bytes that tell the format */
#define UNPACK_MEMORY_MAX ((uint64_t)128 * 1024 * 1024) /* bytes: zstd --long=27, xz -9 twice */

struct unpack;

enum unpack_step {
	UNPACK_ON,      /* goes on; with no bytes written: give more */
	UNPACK_BETWEEN, /* the same, and here the data may end */
	UNPACK_DAMAGED, /* from here on; what was written is right */
	UNPACK_LARGE,   /* more than UNPACK_MEMORY_MAX would be needed */
	UNPACK_NO_MEMORY
};

bool unpack_knows(struct bytes first); /* do data that begin so need unpacking? */

/* For data that unpack_knows(); NULL: no memory. */
struct unpack *unpack_new(struct bytes first);
void unpack_free(struct unpack *unpack); /* NULL is fine */

/* Steps over what it takes of `in`, writes at most `room` (> 0) bytes to `out`, *got says how many.
 * Nothing is held back where there was room: with *got 0, all of `in` is taken. */
enum unpack_step unpack_some(
	struct unpack *unpack, struct bytes *in, uint8_t *out, size_t room, size_t *got);

const char *unpack_name(const struct unpack *unpack); /* "gzip" */

/* What a person types to unpack a file that is UNPACK_LARGE: "zstd -dc --long=31". */
const char *unpack_command(const struct unpack *unpack);

#endif
