/* pcapng (draft-ietf-opsawg-pcapng): a file of blocks, each with its length before and behind it.
 * Only the begin of a block must be in memory (of a packet: up to its last byte); the rest is
 * stepped over as it comes, so that a block of 4 GiB costs nothing. Because of that the length
 * behind a packet is compared after the packet was given. */
#include "wire/pcapng.h"
#include "wire/format.h"
#include "wire/interface.h"

enum {
	SECTION = 0x0a0d0d0a, /* reads the same in both byte orders */
	INTERFACE = 1,
	PACKET_OLD = 2,
	PACKET_SIMPLE = 3,
	STATISTICS = 5,
	PACKET = 6,
	BYTE_ORDER = 0x1a2b3c4d,
	HEAD = 8,   /* type and length */
	FRAME = 12, /* with the length at the end */
	SECTION_MIN = 28,
	PACKET_HEAD = 28, /* of enhanced and obsolete packet blocks */
	SIMPLE_HEAD = 12, /* of simple packet blocks */
	STATISTICS_HEAD = 20,
	STATISTICS_MAX = 4096, /* longer ones are stepped over */
	RESOLUTION_DEFAULT = 6
};

struct block {
	struct bytes in; /* what is here of it, without the length at its end */
	uint32_t type, length;
	size_t used;       /* bytes of it that were read */
	size_t need;       /* NEEDS_MORE: bytes of it that must be here */
	const char *wrong; /* IS_WRONG */
};

enum outcome { IS_PACKET, IS_READ, NEEDS_MORE, IS_WRONG };

static enum outcome wrong(struct block *block, const char *what)
{
	block->wrong = what;
	return IS_WRONG;
}

/* The first `size` bytes of the block; NULL: NEEDS_MORE. The caller knows that it has so many. */
static const uint8_t *head(struct block *block, size_t size)
{
	struct bytes in = block->in;
	block->need = size;
	return bytes_take(&in, size);
}

bool pcapng_begins(const uint8_t *first)
{
	return le32(first) == SECTION &&
	       (le32(first + 8) == BYTE_ORDER || be32(first + 8) == BYTE_ORDER);
}

/* In microseconds, floor, at most CAPTURE_TIME_MAX. */
static int64_t ticks_to_time(uint64_t ticks, uint8_t resolution)
{
	static const uint64_t powers[] = { UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000),
		UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000), UINT64_C(10000000),
		UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000),
		UINT64_C(100000000000), UINT64_C(1000000000000), UINT64_C(10000000000000),
		UINT64_C(100000000000000), UINT64_C(1000000000000000), UINT64_C(10000000000000000),
		UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
		UINT64_C(10000000000000000000) };
	unsigned exponent = resolution & 0x7f;
	uint64_t time;
	if (resolution & 0x80) {
		uint64_t seconds = ticks >> exponent;
		uint64_t rest = ticks - (seconds << exponent);
		if (exponent > 44) { /* keep 44 bits, that times a million they fit: 0.06 ps */
			rest >>= exponent - 44;
			exponent = 44;
		}
		if (seconds > CAPTURE_SECONDS_MAX)
			return CAPTURE_TIME_MAX;
		time = seconds * 1000000 + (rest * 1000000 >> exponent);
	} else if (exponent > 6) {
		time = ticks / powers[exponent - 6];
	} else if (__builtin_mul_overflow(ticks, powers[6 - exponent], &time)) {
		return CAPTURE_TIME_MAX;
	}
	return time > CAPTURE_TIME_MAX ? CAPTURE_TIME_MAX : (int64_t)time;
}

static int64_t packet_time(const struct capture_interface *interface, uint64_t ticks)
{
	int64_t time = ticks_to_time(ticks, interface->resolution) + interface->offset;
	if (time < 0)
		return 0;
	return time > CAPTURE_TIME_MAX ? CAPTURE_TIME_MAX : time;
}

static enum outcome on_section(
	struct capture *capture, struct block *block, struct packet *out, struct anomalies *seen)
{
	const uint8_t *at = head(block, 24);
	if (!at)
		return NEEDS_MORE;
	if (format_u16(capture, at + 12) != 1)
		return wrong(block, "a section of a format version that is not known");
	capture->interfaces = 0;
	return IS_READ;
}

static enum outcome on_interface(
	struct capture *capture, struct block *block, struct packet *out, struct anomalies *seen)
{
	if (block->length > CAPTURE_PACKET_MAX)
		return wrong(block, "an interface description of more than 256 KiB");
	const uint8_t *at = head(block, block->length - 4);
	if (!at)
		return NEEDS_MORE;
	struct capture_interface interface = {
		.link_type = format_u16(capture, at + 8),
		.snaplen = format_u32(capture, at + 12),
		.resolution = RESOLUTION_DEFAULT,
	};
	struct bytes options = block->in;
	bytes_take(&options, 16);
	if (!interface_describe(capture, options, &interface))
		return wrong(block, "an interface description with an unreadable option");
	if (capture->interfaces < CAPTURE_INTERFACES)
		capture->interface[capture->interfaces++] = interface;
	return IS_READ; /* one too many: its packets are of an unknown interface, and counted */
}

/* `captured` bytes of a packet behind `size` bytes of head, on interface `number`. */
static enum outcome take_packet(struct capture *capture, struct block *block, size_t size,
	uint32_t captured, uint32_t number, struct packet *out, struct anomalies *seen)
{
	if (captured > block->length - 4 - size)
		return wrong(block, "a packet longer than its block");
	if (captured > CAPTURE_PACKET_MAX || number >= capture->interfaces) {
		anomaly(seen,
			captured > CAPTURE_PACKET_MAX ? FILE_PACKET_LONG : FILE_INTERFACE_UNKNOWN);
		capture->packets++;
		return IS_READ;
	}
	if (!head(block, size + captured))
		return NEEDS_MORE;
	struct bytes data = block->in;
	bytes_take(&data, size);
	bytes_limit(&data, captured);
	out->data = data;
	out->interface = number;
	out->link_type = capture->interface[number].link_type;
	block->used = size + captured;
	return IS_PACKET;
}

/* Enhanced, and what came before it: there a drop count shares the field of the interface. */
static enum outcome on_packet(
	struct capture *capture, struct block *block, struct packet *out, struct anomalies *seen)
{
	const uint8_t *at = head(block, PACKET_HEAD);
	if (!at)
		return NEEDS_MORE;
	uint32_t number = block->type == PACKET_OLD ? format_u16(capture, at + 8)
						    : format_u32(capture, at + 8);
	uint32_t captured = format_u32(capture, at + 20);
	enum outcome outcome =
		take_packet(capture, block, PACKET_HEAD, captured, number, out, seen);
	if (outcome != IS_PACKET)
		return outcome;
	uint64_t ticks =
		(uint64_t)format_u32(capture, at + 12) << 32 | format_u32(capture, at + 16);
	uint32_t length = format_u32(capture, at + 24);
	out->time = packet_time(&capture->interface[number], ticks);
	out->length = length < captured ? captured : length;
	return IS_PACKET;
}

/* Of interface 0, cut at its snapshot length, and without a time: that of the packet before. */
static enum outcome on_packet_simple(
	struct capture *capture, struct block *block, struct packet *out, struct anomalies *seen)
{
	const uint8_t *at = head(block, SIMPLE_HEAD);
	if (!at)
		return NEEDS_MORE;
	uint32_t length = format_u32(capture, at + 8), captured = length;
	uint32_t snaplen = capture->interfaces ? capture->interface[0].snaplen : 0;
	if (snaplen && snaplen < captured)
		captured = snaplen;
	out->time = capture->time;
	out->length = length;
	return take_packet(capture, block, SIMPLE_HEAD, captured, 0, out, seen);
}

/* What the recorder lost since it began, said once or many times. Damaged ones tell nothing. */
static enum outcome on_statistics(
	struct capture *capture, struct block *block, struct packet *out, struct anomalies *seen)
{
	if (block->length < STATISTICS_HEAD + 4 || block->length > STATISTICS_MAX)
		return IS_READ;
	const uint8_t *at = head(block, block->length - 4);
	if (!at)
		return NEEDS_MORE;
	uint32_t number = format_u32(capture, at + 8);
	if (number >= capture->interfaces)
		return IS_READ;
	struct capture_interface *interface = &capture->interface[number];
	struct bytes options = block->in;
	bytes_take(&options, STATISTICS_HEAD);
	uint64_t dropped = interface_dropped(capture, options);
	if (dropped > interface->dropped) {
		capture->dropped += dropped - interface->dropped;
		interface->dropped = dropped;
	}
	return IS_READ;
}

static const struct block_kind {
	uint32_t type, length_min;
	enum outcome (*read)(struct capture *capture, struct block *block, struct packet *out,
		struct anomalies *seen); /* NULL: nothing in it for us */
} kinds[] = {
	{ PACKET, PACKET_HEAD + 4, on_packet }, { SECTION, SECTION_MIN, on_section },
	{ INTERFACE, 20, on_interface }, { PACKET_OLD, PACKET_HEAD + 4, on_packet },
	{ PACKET_SIMPLE, SIMPLE_HEAD + 4, on_packet_simple }, { STATISTICS, FRAME, on_statistics },
	{ 4, FRAME, NULL },          /* name resolution */
	{ 9, FRAME, NULL },          /* systemd journal */
	{ 10, FRAME, NULL },         /* TLS secrets */
	{ 0x00000bad, FRAME, NULL }, /* custom, may be copied */
	{ 0x40000bad, FRAME, NULL }, /* custom, may not */
};

static enum outcome read_known(
	struct capture *capture, struct block *block, struct packet *out, struct anomalies *seen)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].type != block->type)
			continue;
		if (block->length < kinds[i].length_min)
			return wrong(block, "a block shorter than its kind must be");
		return kinds[i].read ? kinds[i].read(capture, block, out, seen) : IS_READ;
	}
	anomaly(seen, FILE_BLOCK_UNKNOWN);
	return IS_READ;
}

static enum outcome read_block(
	struct capture *capture, struct block *block, struct packet *out, struct anomalies *seen)
{
	const uint8_t *at = head(block, FRAME);
	if (!at)
		return NEEDS_MORE;
	block->type = format_u32(capture, at);
	if (block->type == SECTION) {
		if (!pcapng_begins(at))
			return wrong(block, "a section without its byte order");
		capture->big_endian = be32(at + 8) == BYTE_ORDER;
	}
	block->length = format_u32(capture, at + 4);
	block->used = HEAD;
	if (block->length < FRAME)
		return wrong(block, "a block shorter than 12 bytes");
	if (block->length % 4)
		return wrong(block, "a block whose length is no multiple of 4");
	bytes_limit(&block->in, block->length - 4);
	return read_known(capture, block, out, seen);
}

/* Steps to the end of the block that was begun; true: it is consumed. */
static bool step_over(struct capture *capture, struct bytes *in, size_t *need, const char **bad)
{
	size_t size = bytes_size(bytes_split(in, capture->skip));
	capture->offset += size;
	capture->skip -= (uint32_t)size;
	struct bytes rest = *in;
	const uint8_t *end = bytes_take(&rest, 4);
	*need = 4;
	if (capture->skip || !end)
		return false;
	if (format_u32(capture, end) != capture->block_length) {
		*bad = "a block with two different lengths";
		return false;
	}
	capture->block_length = 0;
	capture->offset += 4;
	*in = rest;
	return true;
}

enum capture_step pcapng_next(struct capture *capture, struct bytes *in, struct packet *out,
	size_t *need, const char *name, struct anomalies *seen, struct error *error)
{
	for (;;) { /* each round consumes a block or ends */
		const char *bad = NULL;
		if (capture->block_length && !step_over(capture, in, need, &bad))
			return bad ? format_bad(capture, bad, name, error) : CAPTURE_MORE;
		struct block block = { .in = *in };
		enum outcome outcome = read_block(capture, &block, out, seen);
		if (outcome == NEEDS_MORE) {
			*need = block.need;
			return CAPTURE_MORE;
		}
		if (outcome == IS_WRONG)
			return format_bad(capture, block.wrong, name, error);
		bytes_take(in, block.used);
		capture->offset += block.used;
		capture->block_length = block.length;
		capture->skip = block.length - 4 - (uint32_t)block.used;
		if (outcome == IS_PACKET)
			return CAPTURE_PACKET;
	}
}

struct pcapng_cut pcapng_cut(const struct capture *capture, struct bytes left)
{
	size_t here = bytes_size(left);
	if (capture->block_length) {
		uint64_t passed = capture->block_length - 4 - capture->skip;
		return (struct pcapng_cut){ passed + here, capture->block_length,
			capture->offset - passed, false };
	}
	struct pcapng_cut cut = { here, FRAME, capture->offset, false };
	struct bytes rest = left;
	const uint8_t *at = bytes_take(&rest, HEAD);
	if (!at)
		return cut;
	uint32_t type = format_u32(capture, at), length = format_u32(capture, at + 4);
	if (type == SECTION) /* its byte order may be another one */
		cut.whole = SECTION_MIN;
	else if (length > FRAME)
		cut.whole = length;
	if ((type == PACKET || type == PACKET_OLD) && bytes_take(&rest, PACKET_HEAD - HEAD))
		cut = (struct pcapng_cut){ here - PACKET_HEAD, format_u32(capture, at + 20),
			capture->offset, true };
	return cut;
}
