/* Compresses for tests, in each format that is read. */
#ifndef MW_TESTS_PACKING_H
#define MW_TESTS_PACKING_H

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

enum packing { PACKING_GZIP, PACKING_ZSTD, PACKING_XZ, PACKING_BZIP2, PACKINGS };

static inline size_t pack_gzip(uint8_t *in, size_t size, uint8_t *out, size_t room)
{
	z_stream z = { .next_in = in,
		.avail_in = (unsigned)size,
		.next_out = out,
		.avail_out = (unsigned)room };
	assert(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

/* The size of what was written; `room` must do. */
static inline size_t pack(
	enum packing packing, const void *data, size_t size, uint8_t *out, size_t room)
{
	uint8_t *in = malloc(size + 1); /* two of the libraries do not promise to leave it alone */
	size_t done = 0;
	unsigned small = (unsigned)room;
	assert(in && size < UINT32_MAX && room < UINT32_MAX);
	if (size)
		memcpy(in, data, size);
	switch (packing) {
	case PACKING_GZIP:
		done = pack_gzip(in, size, out, room);
		break;
	case PACKING_ZSTD:
		done = ZSTD_compress(out, room, in, size, 3);
		assert(!ZSTD_isError(done));
		break;
	case PACKING_XZ:
		assert(lzma_easy_buffer_encode(
			       0, LZMA_CHECK_CRC64, NULL, in, size, out, &done, room) == LZMA_OK);
		break;
	case PACKING_BZIP2:
		assert(BZ2_bzBuffToBuffCompress(
			       (char *)out, &small, (char *)in, (unsigned)size, 1, 0, 0) == BZ_OK);
		done = small;
		break;
	case PACKINGS:
		break;
	}
	free(in);
	return done;
}

#endif
