/* Traffic for the bench, as a pcap stream on standard output, the same in each run: `traffic syn N`
 * is a flood of N SYNs to port 25 from as many sources; `traffic open N` N clients that complete
 * the handshake and say nothing. Packets are a microsecond apart and have right checksums. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVER 0xc0a80019u  /* 192.168.0.25 */
#define CLIENTS 0x0b000000u /* 11.0.0.0 and up */
#define FRAME 54            /* bytes: Ethernet, IPv4, TCP */

enum { SYN = 2, ACK = 16 };

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
	for (size_t i = 0; i < size; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

struct segment {
	uint32_t source, destination;
	uint16_t source_port, destination_port;
	uint32_t seq, ack;
	uint8_t flags;
};

static void write_segment(const struct segment *segment, uint64_t number)
{
	uint32_t header[4] = { (uint32_t)(1767225600 + number / 1000000),
		(uint32_t)(number % 1000000), FRAME, FRAME };
	uint8_t frame[FRAME] = { 0 }, *ip = frame + 14, *tcp = ip + 20;
	put16(frame + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, 40);
	ip[8] = 64;
	ip[9] = 6;
	put32(ip + 12, segment->source);
	put32(ip + 16, segment->destination);
	put16(ip + 10, checksum(ip, 20, 0));
	put16(tcp, segment->source_port);
	put16(tcp + 2, segment->destination_port);
	put32(tcp + 4, segment->seq);
	put32(tcp + 8, segment->ack);
	tcp[12] = 0x50;
	tcp[13] = segment->flags;
	put16(tcp + 14, 65535);
	put16(tcp + 16, checksum(ip + 12, 28, 6 + 20));
	fwrite(header, sizeof(header), 1, stdout);
	fwrite(frame, sizeof(frame), 1, stdout);
}

static void flood(uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		uint32_t source =
			(uint32_t)(i * 2654435761u); /* each once: odd, so a permutation */
		write_segment(&(struct segment){ source, SERVER, (uint16_t)(1024 + i % 60000), 25,
				      (uint32_t)i, 0, SYN },
			i);
	}
}

static void open_silent(uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		uint32_t client = CLIENTS + (uint32_t)i, seq = (uint32_t)i,
			 answer = (uint32_t)i * 7;
		write_segment(&(struct segment){ client, SERVER, 40000, 25, seq, 0, SYN }, 3 * i);
		write_segment(
			&(struct segment){ SERVER, client, 25, 40000, answer, seq + 1, SYN | ACK },
			3 * i + 1);
		write_segment(
			&(struct segment){ client, SERVER, 40000, 25, seq + 1, answer + 1, ACK },
			3 * i + 2);
	}
}

int main(int argc, char **argv)
{
	uint32_t header[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1 };
	uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	if (!count || (strcmp(argv[1], "syn") != 0 && strcmp(argv[1], "open") != 0)) {
		fputs("traffic: use: traffic syn|open COUNT\n", stderr);
		return 2;
	}
	fwrite(header, sizeof(header), 1, stdout);
	if (argv[1][0] == 's')
		flood(count);
	else
		open_silent(count);
	return ferror(stdout) || fflush(stdout) ? 4 : 0;
}
