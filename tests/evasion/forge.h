/* Makes up TCP packets, right ones and every kind of wrong ones, and keeps them in the order in
 * which a capture would have them: played to a tap, or written as a pcap file. Ethernet, IPv4. The
 * same calls make the same bytes. Memory that cannot be had ends the program. */
#ifndef MW_TESTS_FORGE_H
#define MW_TESTS_FORGE_H

#include "sense/tap.h"
#include "wire/segment.h"

enum { FORGE_CLIENT, FORGE_SERVER };

struct forge { /* one TCP connection under construction */
	struct forge_packet {
		int64_t time; /* microseconds */
		uint32_t size, length;
		uint8_t *data;
	} * packet;
	size_t count, room;
	uint8_t ip[2][4];
	uint16_t port[2];
	uint32_t seq[2]; /* of the next byte of each side */
	int64_t time;
	uint16_t id;  /* of the IP packet */
	bool deaf[2]; /* that side's packets are not captured */
};

struct shot {          /* what is not said is as a packet of an orderly connection has it */
	int32_t at;    /* distance of its sequence number from the side's next byte */
	int32_t ack;   /* the same of what it acknowledges */
	uint8_t flags; /* 0: ACK */
	bool bad_sum, bad_ip_sum, no_ack, none; /* none: really no flags at all */
	uint8_t ttl;
	uint16_t window, urgent;
	const char *options; /* with their padding */
	size_t options_size;
	uint32_t cut;     /* bytes that a short snapshot left out */
	unsigned tunnels; /* IPv4 headers around it, of `tunnel` to somebody */
	uint8_t tunnel[4];
	uint16_t fragment; /* pieces of so many bytes of the IP payload; 0: whole */
	enum {
		FRAGMENTS_PLAIN,
		FRAGMENTS_BACKWARDS,
		FRAGMENTS_OVERLAP,
		FRAGMENTS_ONE_LOST
	} fragments;
};

void forge_shot(struct forge *forge, int side, struct shot shot, const char *text);

/* In order: the side's next byte is behind it. */
void forge_say(struct forge *forge, int side, const char *text);
void forge_acknowledge(struct forge *forge, int side); /* by `side`, of all that the other said */
void forge_open(struct forge *forge);                  /* the handshake */
void forge_close(struct forge *forge);                 /* FIN of both */
void forge_wait(struct forge *forge, int64_t microseconds);

void forge_play(const struct forge *forge, size_t packet, struct tap *tap);
bool forge_write(const struct forge *forge, const char *path); /* as pcap */
void forge_clear(struct forge *forge);                         /* its packets are forgotten */

#endif
