/* A TCP segment's header (RFC 9293 3.1) and checksum. Options are read in a SYN only: size (RFC
 * 9293 3.7.1) and window scale (RFC 7323) are said there and nowhere else, and the millions of
 * segments that carry only timestamps cost nothing. */
#include "wire/segment.h"

enum { HEADER = 20, FLAGS = 0x3f, SCALE_MAX = 14, OPTION_END = 0, OPTION_NOP = 1 };

/* One option of `kind`, its value in `value`. Those of another length mean nothing (RFC 9293 3.1)
 * and are counted. */
static void option(uint8_t kind, struct bytes value, struct segment *out, struct anomalies *seen)
{
	static const uint8_t sizes[] = { [2] = 2, [3] = 1 };
	if (kind >= COUNT(sizes) || !sizes[kind])
		return;
	const uint8_t *at = bytes_take(&value, sizes[kind]);
	if (!at || bytes_size(value)) {
		anomaly(seen, TCP_OPTION);
		return;
	}
	if (kind == 2)
		out->mss = be16(at);
	else
		out->scale = *at > SCALE_MAX ? SCALE_MAX : *at; /* RFC 7323 2.3 */
}

/* At most 40 bytes. `whole`: none were left out by a short snapshot. */
static void options(struct bytes in, bool whole, struct segment *out, struct anomalies *seen)
{
	const uint8_t *at;
	while ((at = bytes_take(&in, 1))) {
		uint8_t kind = *at;
		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		at = bytes_take(&in, 1);
		if (!at || *at < 2 || *at - 2 > (int)bytes_size(in)) {
			if (whole)
				anomaly(seen, TCP_OPTION);
			return;
		}
		option(kind, bytes_split(&in, *at - 2u), out, seen);
	}
}

bool segment_decode(
	struct bytes *in, const struct ip *ip, struct segment *out, struct anomalies *seen)
{
	*out = (struct segment){ .scale = 255 };
	const uint8_t *header = bytes_take(in, HEADER);
	if (!header)
		return anomaly(seen, TCP_SHORT);
	size_t size = (size_t)4 * (header[12] >> 4);
	if (size < HEADER || size > ip->length)
		return anomaly(seen, TCP_OFFSET);
	struct bytes option_bytes = bytes_split(in, size - HEADER);
	out->source_port = be16(header);
	out->destination_port = be16(header + 2);
	out->seq = be32(header + 4);
	out->ack = be32(header + 8);
	out->flags = header[13] & FLAGS;
	out->window = be16(header + 14);
	out->urgent = be16(header + 18);
	if (out->flags & TCP_SYN)
		options(option_bytes, !ip->cut, out, seen);
	out->missing = (uint32_t)(ip->length - size - bytes_size(*in));
	out->cut = ip->cut;
	return true;
}

/* Both halves of each 8 bytes are added up apart, so that no carry can be lost (RFC 1071 2(C): in
 * any word size, 2(B): in any byte order). 16 GiB would have to be added for an overflow. */
struct sum {
	uint64_t low, high;
};

static void sum_word(struct sum *sum, const uint8_t *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof(word));
	sum->low += (uint32_t)word;
	sum->high += word >> 32;
}

/* Four words at a time, both halves of each apart: sums of 16 bits in 32, so that 65,536 rounds
 * fit, four times the largest packet. A fifth of the instructions of sum_word() alone. */
typedef uint32_t lanes __attribute__((vector_size(16)));

static void sum_lanes(struct sum *sum, struct bytes *in)
{
	lanes low = { 0 }, high = { 0 }, more_low = { 0 }, more_high = { 0 }, word[2];
	const uint8_t *at = in->at;
	size_t rounds = bytes_size(*in) / sizeof(word);
	bytes_split(in, rounds * sizeof(word));
	for (size_t i = 0; i < rounds; i++, at += sizeof(word)) {
		memcpy(word, at, sizeof(word));
		low += word[0] & 0xffff;
		high += word[0] >> 16;
		more_low += word[1] & 0xffff;
		more_high += word[1] >> 16;
	}
	low += more_low;
	high += more_high;
	for (unsigned i = 0; i < sizeof(low) / sizeof(low[0]); i++)
		sum->low += low[i] + ((uint64_t)high[i] << 16);
}

/* 0xffff when all that was added is right. */
static uint32_t sum_fold(const struct sum *sum)
{
	uint64_t all = (sum->low & 0xffffffff) + (sum->low >> 32) + (sum->high & 0xffffffff) +
		       (sum->high >> 32);
	for (int i = 0; i < 4; i++)
		all = (all & 0xffff) + (all >> 16);
	return (uint32_t)all;
}

/* The pseudo header of IPv6 (RFC 8200 8.1) serves for IPv4 too: the mapped form adds 0xffff for
 * each address, and that is nothing in ones' complement. */
bool segment_checksum(struct bytes segment, const struct ip *ip)
{
	if (ip->checksum_wrong)
		return false;
	if (bytes_size(segment) != ip->length)
		return true;
	struct sum sum = { 0 };
	uint8_t tail[8] = { 0 };
	const uint8_t *at;
	sum_word(&sum, ip->source.byte);
	sum_word(&sum, ip->source.byte + 8);
	sum_word(&sum, ip->destination.byte);
	sum_word(&sum, ip->destination.byte + 8);
	for (unsigned i = 0; i < 4; i++)
		tail[i] = (uint8_t)(ip->length >> (24 - 8 * i));
	tail[7] = ip->protocol;
	sum_word(&sum, tail);
	sum_lanes(&sum, &segment);
	while ((at = bytes_take(&segment, 8)))
		sum_word(&sum, at);
	memset(tail, 0, sizeof(tail));
	if (segment.at != segment.end)
		memcpy(tail, segment.at, bytes_size(segment));
	sum_word(&sum, tail);
	return sum_fold(&sum) == 0xffff;
}
