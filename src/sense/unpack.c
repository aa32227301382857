/* Decompression: a row for each format, the same loop for all. The libraries differ in how they
 * tell the end of a member and whether they begin the next by themselves; here a member ends, and
 * the next begins afresh with the first byte that is not zero. */
#include "sense/unpack.h"

#include <assert.h>
#include <stdlib.h>

#include <bzlib.h>
#include <lzma.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/fault.h"

enum {
	GZIP_WINDOW = 16 + MAX_WBITS, /* 16: a gzip header, and no other */
	ZSTD_WINDOW = 27              /* 2^27: UNPACK_MEMORY_MAX */
};

struct unpack {
	const struct format *format;
	bool begun;               /* a member is open */
	enum unpack_step trouble; /* what ended it; UNPACK_ON: none */
	union {
		z_stream gzip;
		bz_stream bzip2;
		lzma_stream xz;
		ZSTD_DCtx *zstd;
	};
};

/* The memory that a step works on. Sizes are cut to what every library can count. */
struct work {
	struct bytes in;
	uint8_t *out;
	size_t room;
};

static unsigned work_size(size_t size)
{
	return size > INT32_MAX ? INT32_MAX : (unsigned)size;
}

static void work_took(struct work *work, size_t taken, size_t given)
{
	bytes_take(&work->in, taken);
	work->out += given;
	work->room -= given;
}

static bool gzip_begin(struct unpack *unpack)
{
	unpack->gzip = (z_stream){ 0 };
	return inflateInit2(&unpack->gzip, GZIP_WINDOW) == Z_OK;
}

static enum unpack_step gzip_some(struct unpack *unpack, struct work *work)
{
	z_stream *z = &unpack->gzip;
	unsigned in = work_size(bytes_size(work->in)), room = work_size(work->room);
	z->next_in = work->in.at;
	z->avail_in = in;
	z->next_out = work->out;
	z->avail_out = room;
	int code = inflate(z, Z_NO_FLUSH);
	work_took(work, in - z->avail_in, room - z->avail_out);
	switch (code) {
	case Z_OK:
	case Z_BUF_ERROR: /* nothing to do until there is more */
		return UNPACK_ON;
	case Z_STREAM_END:
		return UNPACK_BETWEEN;
	case Z_MEM_ERROR:
		return UNPACK_NO_MEMORY;
	default:
		return UNPACK_DAMAGED;
	}
}

static void gzip_end(struct unpack *unpack)
{
	inflateEnd(&unpack->gzip);
}

static bool zstd_begin(struct unpack *unpack)
{
	unpack->zstd = ZSTD_createDCtx();
	return unpack->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(
				       unpack->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW));
}

static enum unpack_step zstd_some(struct unpack *unpack, struct work *work)
{
	ZSTD_inBuffer in = { work->in.at, bytes_size(work->in), 0 };
	ZSTD_outBuffer out = { work->out, work->room, 0 };
	size_t code = ZSTD_decompressStream(unpack->zstd, &out, &in);
	work_took(work, in.pos, out.pos);
	if (!ZSTD_isError(code))
		return code ? UNPACK_ON : UNPACK_BETWEEN;
	ZSTD_ErrorCode error = ZSTD_getErrorCode(code);
	if (error == ZSTD_error_frameParameter_windowTooLarge)
		return UNPACK_LARGE;
	return error == ZSTD_error_memory_allocation ? UNPACK_NO_MEMORY : UNPACK_DAMAGED;
}

static void zstd_end(struct unpack *unpack)
{
	ZSTD_freeDCtx(unpack->zstd);
	unpack->zstd = NULL;
}

static bool xz_begin(struct unpack *unpack)
{
	unpack->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&unpack->xz, UNPACK_MEMORY_MAX, 0) == LZMA_OK;
}

static enum unpack_step xz_some(struct unpack *unpack, struct work *work)
{
	lzma_stream *xz = &unpack->xz;
	xz->next_in = work->in.at;
	xz->avail_in = bytes_size(work->in);
	xz->next_out = work->out;
	xz->avail_out = work->room;
	lzma_ret code = lzma_code(xz, LZMA_RUN);
	work_took(work, bytes_size(work->in) - xz->avail_in, work->room - xz->avail_out);
	if (code == LZMA_OK || code == LZMA_BUF_ERROR)
		return UNPACK_ON;
	if (code == LZMA_STREAM_END)
		return UNPACK_BETWEEN;
	if (code == LZMA_MEMLIMIT_ERROR)
		return UNPACK_LARGE;
	return code == LZMA_MEM_ERROR ? UNPACK_NO_MEMORY : UNPACK_DAMAGED;
}

static void xz_end(struct unpack *unpack)
{
	lzma_end(&unpack->xz);
}

static bool bzip2_begin(struct unpack *unpack)
{
	unpack->bzip2 = (bz_stream){ 0 };
	return BZ2_bzDecompressInit(&unpack->bzip2, 0, 0) == BZ_OK;
}

static enum unpack_step bzip2_some(struct unpack *unpack, struct work *work)
{
	bz_stream *bz = &unpack->bzip2;
	struct bytes in = work->in;
	unsigned size = work_size(bytes_size(in)), room = work_size(work->room);
	memcpy(&bz->next_in, &in.at, sizeof(bz->next_in)); /* it is only read, but not const */
	bz->avail_in = size;
	bz->next_out = (char *)work->out;
	bz->avail_out = room;
	int code = BZ2_bzDecompress(bz);
	work_took(work, size - bz->avail_in, room - bz->avail_out);
	switch (code) {
	case BZ_OK:
		return UNPACK_ON;
	case BZ_STREAM_END:
		return UNPACK_BETWEEN;
	case BZ_MEM_ERROR:
		return UNPACK_NO_MEMORY;
	default:
		return UNPACK_DAMAGED;
	}
}

static void bzip2_end(struct unpack *unpack)
{
	BZ2_bzDecompressEnd(&unpack->bzip2);
}

static const struct format {
	const char *magic;
	size_t magic_size;
	const char *name, *command;
	bool (*begin)(struct unpack *unpack);
	enum unpack_step (*some)(struct unpack *unpack, struct work *work);
	void (*end)(struct unpack *unpack);
} formats[] = {
	{ "\x1f\x8b\x08", 3, "gzip", "gzip -dc", gzip_begin, gzip_some, gzip_end },
	{ "\x28\xb5\x2f\xfd", 4, "zstd", "zstd -dc --long=31", zstd_begin, zstd_some, zstd_end },
	{ "\x50\x2a\x4d\x18", 4, "zstd", "zstd -dc --long=31", zstd_begin, zstd_some,
		zstd_end }, /* a skippable frame: what pzstd begins with */
	{ "\xfd\x37zXZ\0", 6, "xz", "xz -dc", xz_begin, xz_some, xz_end },
	{ "BZh", 3, "bzip2", "bzip2 -dc", bzip2_begin, bzip2_some, bzip2_end },
};

static const struct format *find(struct bytes first)
{
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct bytes head = first;
		if (bytes_limit(&head, formats[i].magic_size) &&
			bytes_equal(head, bytes_make(formats[i].magic, formats[i].magic_size)))
			return &formats[i];
	}
	return NULL;
}

bool unpack_knows(struct bytes first)
{
	return find(first) != NULL;
}

struct unpack *unpack_new(struct bytes first)
{
	struct unpack *unpack = fault_call() ? NULL : calloc(1, sizeof(*unpack));
	if (unpack)
		unpack->format = find(first);
	return unpack;
}

static void end(struct unpack *unpack)
{
	if (unpack->begun)
		unpack->format->end(unpack);
	unpack->begun = false;
}

void unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	end(unpack);
	free(unpack);
}

/* Zeros fill up what was written in blocks. false: nothing is left. */
static bool begin(struct unpack *unpack, struct bytes *in)
{
	while (in->at != in->end && !*in->at)
		bytes_take(in, 1);
	if (in->at == in->end)
		return false;
	unpack->begun = true; /* also where it fails half way: what there is, is freed */
	if (fault_call() || !unpack->format->begin(unpack))
		unpack->trouble = UNPACK_NO_MEMORY;
	return true;
}

enum unpack_step unpack_some(
	struct unpack *unpack, struct bytes *in, uint8_t *out, size_t room, size_t *got)
{
	struct work work = { *in, out, room };
	assert(room);
	while (!unpack->trouble) { /* each round takes or writes something, or is the last */
		size_t left = bytes_size(work.in), free_before = work.room;
		if (!unpack->begun && !begin(unpack, &work.in))
			break;
		if (unpack->trouble)
			break;
		enum unpack_step step = unpack->format->some(unpack, &work);
		if (step == UNPACK_BETWEEN)
			end(unpack);
		else
			unpack->trouble = step;
		bool moved = bytes_size(work.in) != left || work.room != free_before;
		if (!work.room || (!moved && !left))
			break;
		if (!moved && step == UNPACK_ON)
			unpack->trouble = UNPACK_DAMAGED; /* bytes that no format takes */
	}
	*in = work.in;
	*got = room - work.room;
	if (unpack->trouble && !*got)
		return unpack->trouble;
	return unpack->begun ? UNPACK_ON : UNPACK_BETWEEN;
}

const char *unpack_name(const struct unpack *unpack)
{
	return unpack->format->name;
}

const char *unpack_command(const struct unpack *unpack)
{
	return unpack->format->command;
}
