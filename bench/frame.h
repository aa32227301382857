/* Ethernet frames with IPv4 and TCP or UDP, written as a pcap stream; checksums are right. */
#ifndef MW_BENCH_FRAME_H
#define MW_BENCH_FRAME_H

#include "base/bytes.h"

#define FRAME_MAX 1514
#define FRAME_HEADER 54 /* bytes: Ethernet, IPv4, TCP */

enum { FRAME_FIN = 1, FRAME_SYN = 2, FRAME_PSH = 8, FRAME_ACK = 16 };

struct frame_segment {
	uint32_t source, destination;
	uint16_t source_port, destination_port;
	uint16_t id; /* of the IP packet */
	bool udp;    /* then the rest means nothing */
	uint8_t flags;
	uint32_t seq, ack;
	struct bytes payload;
};

void frame_file(void); /* the header of the file */

/* Makes one; gives its size, at most FRAME_MAX. */
size_t frame_make(const struct frame_segment *segment, uint8_t frame[FRAME_MAX]);
void frame_write(const uint8_t *frame, size_t size, uint64_t microseconds);

#endif
