/* Floods for the bench, as a pcap stream on standard output, the same in each run: `traffic syn N`
 * is a flood of N SYNs to port 25 from as many sources; `traffic open N` N clients that complete
 * the handshake and say nothing. Packets are a microsecond apart. */
#include <stdio.h>
#include <stdlib.h>

#include "frame.h"

#define SERVER 0xc0a80019u  /* 192.168.0.25 */
#define CLIENTS 0x0b000000u /* 11.0.0.0 and up */

static void write_segment(struct frame_segment segment, uint64_t number)
{
	uint8_t frame[FRAME_MAX];
	frame_write(frame, frame_make(&segment, frame), number);
}

static void flood(uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		uint32_t source =
			(uint32_t)(i * 2654435761u); /* each once: odd, so a permutation */
		write_segment((struct frame_segment){ .source = source,
				      .destination = SERVER,
				      .source_port = (uint16_t)(1024 + i % 60000),
				      .destination_port = 25,
				      .seq = (uint32_t)i,
				      .flags = FRAME_SYN },
			i);
	}
}

static void open_silent(uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		struct frame_segment client = { .source = CLIENTS + (uint32_t)i,
			.destination = SERVER,
			.source_port = 40000,
			.destination_port = 25,
			.seq = (uint32_t)i,
			.flags = FRAME_SYN };
		struct frame_segment server = { .source = SERVER,
			.destination = client.source,
			.source_port = 25,
			.destination_port = 40000,
			.seq = (uint32_t)i * 7,
			.ack = client.seq + 1,
			.flags = FRAME_SYN | FRAME_ACK };
		write_segment(client, 3 * i);
		write_segment(server, 3 * i + 1);
		client.flags = FRAME_ACK;
		client.seq++;
		client.ack = server.seq + 1;
		write_segment(client, 3 * i + 2);
	}
}

int main(int argc, char **argv)
{
	uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	if (!count || (strcmp(argv[1], "syn") != 0 && strcmp(argv[1], "open") != 0)) {
		fputs("traffic: use: traffic syn|open COUNT\n", stderr);
		return 2;
	}
	frame_file();
	if (argv[1][0] == 's')
		flood(count);
	else
		open_silent(count);
	return ferror(stdout) || fflush(stdout) ? 4 : 0;
}
