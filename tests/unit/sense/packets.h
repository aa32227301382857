/* Builds packets for the tests of the tap: Ethernet, IPv4 or IPv6, TCP with right checksums. Data
 * time in milliseconds from a fixed start. */
#ifndef MW_TESTS_PACKETS_H
#define MW_TESTS_PACKETS_H

#include <string.h>

#include "base/moment.h"
#include "sense/tap.h"
#include "wire/segment.h"

#define START (1767225600 * SECOND) /* 2026-01-01 */

struct talk { /* one TCP connection under construction */
	uint8_t client_ip[4], server_ip[4];
	uint16_t client_port, server_port;
	uint32_t client_seq, server_seq;
	int64_t time;
	bool bad_checksum, no_server, no_client; /* what is not captured, or wrong */
	uint16_t id;                             /* of the next IP packet; 0: all have none */
	enum { MIRROR_NOT, MIRROR_SAME, MIRROR_ROUTED, MIRROR_ROUTED_FIRST } mirror;
	const uint8_t *tunnel; /* IPv4 address of who packs it all in IP; or NULL */
	void (*given)(void *to, const struct packet *packet); /* behind the tap; or NULL */
	void *to;
	uint8_t frame[1600];
};

static inline void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static inline uint32_t sum16(uint32_t sum, const uint8_t *at, size_t size)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		sum += be16(at + i);
	if (size % 2)
		sum += (uint32_t)at[size - 1] << 8;
	return sum;
}

static inline uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static inline void give(struct talk *talk, struct tap *tap, size_t size)
{
	struct packet packet = { .time = START + talk->time * 1000,
		.link_type = 1,
		.length = (uint32_t)size,
		.data = bytes_make(talk->frame, size) };
	tap_packet(tap, &packet);
	if (talk->given)
		talk->given(talk->to, &packet);
}

/* The frame as it looks behind a router: other MACs, another VLAN, a hop less. */
static inline void give_routed(struct talk *talk, struct tap *tap, size_t size)
{
	uint8_t near[sizeof(talk->frame)], *frame = talk->frame;
	memcpy(near, frame, size);
	frame[5] += 16;
	frame[11] += 16;
	frame[14 + 8]--;
	put16(frame + 14 + 10, 0);
	put16(frame + 14 + 10, fold(sum16(0, frame + 14, 20)));
	memmove(frame + 16, frame + 12, size - 12);
	put16(frame + 12, 0x8100);
	put16(frame + 14, 70);
	give(talk, tap, size + 4);
	memcpy(frame, near, size);
}

/* One segment; sequence numbers are given, not kept. */
static inline void raw_segment(struct talk *talk, struct tap *tap, bool from_client, uint32_t seq,
	uint32_t ack, uint8_t flags, const void *payload, size_t size)
{
	uint8_t *frame = talk->frame, *ip = frame + 14, *tcp = ip + 20;
	size_t total = 40 + size;
	memset(frame, 0, 54);
	memcpy(frame,
		from_client ? "\x02\0\0\0\0\x01\x02\0\0\0\0\x02"
			    : "\x02\0\0\0\0\x02\x02\0\0\0\0\x01",
		12);
	put16(frame + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)total);
	put16(ip + 4, talk->id);
	talk->id = (uint16_t)(talk->id + (talk->id != 0));
	ip[8] = 64;
	ip[9] = 6;
	memcpy(ip + 12, from_client ? talk->client_ip : talk->server_ip, 4);
	memcpy(ip + 16, from_client ? talk->server_ip : talk->client_ip, 4);
	put16(ip + 10, fold(sum16(0, ip, 20)));
	put16(tcp, from_client ? talk->client_port : talk->server_port);
	put16(tcp + 2, from_client ? talk->server_port : talk->client_port);
	put32(tcp + 4, seq);
	put32(tcp + 8, ack);
	tcp[12] = 0x50;
	tcp[13] = flags;
	put16(tcp + 14, 65535);
	if (size)
		memcpy(tcp + 20, payload, size);
	uint32_t sum = sum16(6 + 20 + (uint32_t)size, ip + 12, 8);
	put16(tcp + 16,
		(unsigned)(fold(sum16(sum, tcp, 20 + size)) ^ (talk->bad_checksum ? 0x5555 : 0)));
	if (talk->tunnel) {
		memmove(ip + 20, ip, total);
		memset(ip, 0, 20);
		ip[0] = 0x45;
		put16(ip + 2, (unsigned)total + 20);
		ip[9] = 4;
		memcpy(ip + 12, talk->tunnel, 4);
		total += 20;
	}
	if (!(from_client ? talk->no_client : talk->no_server)) {
		if (talk->mirror == MIRROR_ROUTED_FIRST)
			give_routed(talk, tap, 14 + total);
		give(talk, tap, 14 + total);
		if (talk->mirror == MIRROR_SAME)
			give(talk, tap, 14 + total);
		if (talk->mirror == MIRROR_ROUTED)
			give_routed(talk, tap, 14 + total);
	}
	talk->time++;
}

static inline void client_says(struct talk *talk, struct tap *tap, const char *text)
{
	raw_segment(talk, tap, true, talk->client_seq, talk->server_seq, TCP_ACK | TCP_PSH, text,
		strlen(text));
	talk->client_seq += (uint32_t)strlen(text);
}

static inline void server_says(struct talk *talk, struct tap *tap, const char *text)
{
	raw_segment(talk, tap, false, talk->server_seq, talk->client_seq, TCP_ACK | TCP_PSH, text,
		strlen(text));
	talk->server_seq += (uint32_t)strlen(text);
}

static inline void handshake(struct talk *talk, struct tap *tap)
{
	raw_segment(talk, tap, true, talk->client_seq, 0, TCP_SYN, NULL, 0);
	talk->client_seq++;
	raw_segment(
		talk, tap, false, talk->server_seq, talk->client_seq, TCP_SYN | TCP_ACK, NULL, 0);
	talk->server_seq++;
	raw_segment(talk, tap, true, talk->client_seq, talk->server_seq, TCP_ACK, NULL, 0);
}

static inline void goodbye(struct talk *talk, struct tap *tap)
{
	raw_segment(
		talk, tap, true, talk->client_seq, talk->server_seq, TCP_FIN | TCP_ACK, NULL, 0);
	talk->client_seq++;
	raw_segment(
		talk, tap, false, talk->server_seq, talk->client_seq, TCP_FIN | TCP_ACK, NULL, 0);
	talk->server_seq++;
	raw_segment(talk, tap, true, talk->client_seq, talk->server_seq, TCP_ACK, NULL, 0);
}

/* A whole dialogue: greeting, one message, QUIT. */
static inline void deliver_one(struct talk *talk, struct tap *tap)
{
	handshake(talk, tap);
	server_says(talk, tap, "220 mx.example ESMTP\r\n");
	client_says(talk, tap, "HELO pc\r\n");
	server_says(talk, tap, "250 mx.example\r\n");
	client_says(talk, tap, "MAIL FROM:<a@a.example>\r\n");
	server_says(talk, tap, "250 2.1.0 Ok\r\n");
	client_says(talk, tap, "RCPT TO:<b@b.example>\r\n");
	server_says(talk, tap, "550 5.1.1 no such user\r\n");
	client_says(talk, tap, "RCPT TO:<c@b.example>\r\n");
	server_says(talk, tap, "250 2.1.5 Ok\r\n");
	client_says(talk, tap, "DATA\r\n");
	server_says(talk, tap, "354 go on\r\n");
	client_says(talk, tap, "Subject: x\r\n\r\ntext\r\n.\r\n");
	server_says(talk, tap, "250 2.0.0 queued\r\n");
	client_says(talk, tap, "QUIT\r\n");
	server_says(talk, tap, "221 bye\r\n");
	goodbye(talk, tap);
}

#endif
