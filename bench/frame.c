/* One frame at a time, to standard output. */
#include "frame.h"

#include <stdio.h>

#define BEGIN 1767225600 /* 1 January 2026 */

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static uint32_t checksum(const uint8_t *at, size_t size, uint32_t sum)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	if (size % 2)
		sum += (uint32_t)at[size - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void put_tcp(uint8_t *tcp, const struct frame_segment *segment)
{
	put32(tcp + 4, segment->seq);
	put32(tcp + 8, segment->ack);
	tcp[12] = 0x50;
	tcp[13] = segment->flags;
	put16(tcp + 14, 65535);
	put16(tcp + 16, 0);
	put16(tcp + 18, 0);
}

size_t frame_make(const struct frame_segment *segment, uint8_t frame[FRAME_MAX])
{
	uint8_t *ip = frame + 14, *inner = ip + 20;
	size_t header = segment->udp ? 8 : 20, size = bytes_size(segment->payload);
	size_t length = header + size;
	memset(frame, 0, 34);
	frame[5] = 2; /* two MACs */
	frame[11] = 3;
	put16(frame + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, (uint32_t)(20 + length));
	put16(ip + 4, segment->id);
	ip[8] = 64;
	ip[9] = segment->udp ? 17 : 6;
	put32(ip + 12, segment->source);
	put32(ip + 16, segment->destination);
	put16(ip + 10, checksum(ip, 20, 0));
	put16(inner, segment->source_port);
	put16(inner + 2, segment->destination_port);
	if (segment->udp)
		put32(inner + 4, (uint32_t)length << 16);
	else
		put_tcp(inner, segment);
	if (size)
		memcpy(inner + header, segment->payload.at, size);
	uint32_t sum = checksum(ip + 12, 8 + length, ip[9] + (uint32_t)length);
	put16(inner + (segment->udp ? 6 : 16), sum);
	return 34 + length;
}

void frame_file(void)
{
	uint32_t header[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1 };
	fwrite(header, sizeof(header), 1, stdout);
}

void frame_write(const uint8_t *frame, size_t size, uint64_t microseconds)
{
	uint32_t header[4] = { (uint32_t)(BEGIN + microseconds / 1000000),
		(uint32_t)(microseconds % 1000000), (uint32_t)size, (uint32_t)size };
	fwrite_unlocked(header, sizeof(header), 1, stdout);
	fwrite_unlocked(frame, size, 1, stdout);
}
