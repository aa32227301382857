/* Packets made up. Checksums are right unless a shot wants them wrong. */
#include "forge.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"

enum { LINK = 14, IP = 20, TCP = 20, PACKET_MAX = 65535 };

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static uint32_t sum_add(uint32_t sum, const uint8_t *at, size_t size)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		sum += be16(at + i);
	if (size % 2)
		sum += (uint32_t)at[size - 1] << 8;
	return sum;
}

static uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void keep(struct forge *forge, const uint8_t *frame, size_t size, size_t cut)
{
	if (forge->count == forge->room) {
		forge->room = forge->room ? forge->room * 2 : 8;
		forge->packet = reallocarray(forge->packet, forge->room, sizeof(*forge->packet));
		assert(forge->packet);
	}
	struct forge_packet packet = { .time = forge->time,
		.size = (uint32_t)(size - cut),
		.length = (uint32_t)size,
		.data = malloc(size) };
	assert(packet.data && cut < size);
	memcpy(packet.data, frame, size);
	forge->packet[forge->count++] = packet;
	forge->time += 100;
}

/* `payload` in an IP packet: its fragment from `offset` on. */
static void frame_keep(struct forge *forge, int side, const struct shot *shot,
	const uint8_t *payload, size_t size, unsigned offset)
{
	uint8_t frame[LINK + PACKET_MAX] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8 };
	uint8_t *ip = frame + LINK;
	frame[5] = side == FORGE_CLIENT ? 2 : 1;
	frame[11] = side == FORGE_CLIENT ? 1 : 2;
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)(IP + size));
	put16(ip + 4, forge->id);
	put16(ip + 6, offset);
	ip[8] = shot->ttl ? shot->ttl : 64;
	ip[9] = 6;
	memcpy(ip + 12, forge->ip[side], 4);
	memcpy(ip + 16, forge->ip[!side], 4);
	put16(ip + 10, sum_fold(sum_add(0, ip, IP)) ^ (shot->bad_ip_sum ? 0x0101u : 0));
	memcpy(ip + IP, payload, size);
	size += IP;
	for (unsigned i = 0; i < shot->tunnels; i++, size += IP) {
		memmove(ip + IP, ip, size);
		put16(ip + 2, (unsigned)(IP + size));
		ip[9] = 4; /* RFC 2003 */
		memcpy(ip + 12, shot->tunnel, 4);
		put16(ip + 10, 0);
		put16(ip + 10, sum_fold(sum_add(0, ip, IP)));
	}
	keep(forge, frame, LINK + size, shot->cut);
}

static void fragments_keep(
	struct forge *forge, int side, const struct shot *shot, const uint8_t *payload, size_t size)
{
	enum { MORE = 0x2000 };
	size_t step = shot->fragment, count = (size + step - 1) / step;
	for (size_t i = 0; i < count; i++) {
		size_t n = shot->fragments == FRAGMENTS_BACKWARDS ? count - 1 - i : i;
		size_t at = n * step, end = at + step < size ? at + step : size;
		if (shot->fragments == FRAGMENTS_ONE_LOST && n + 1 == count)
			continue;
		if (shot->fragments == FRAGMENTS_OVERLAP && n)
			at -= 8;
		frame_keep(forge, side, shot, payload + at, end - at,
			(unsigned)(at / 8) | (end < size ? MORE : 0u));
	}
}

void forge_shot(struct forge *forge, int side, struct shot shot, const char *text)
{
	uint8_t tcp[PACKET_MAX - IP] = { 0 };
	size_t size = strlen(text), head = TCP + shot.options_size, all = head + size;
	uint8_t pseudo[12] = { [9] = 6 };
	forge->id++;
	if (forge->deaf[side])
		return;
	assert(head % 4 == 0 && head <= 60 && all <= sizeof(tcp));
	put16(tcp, forge->port[side]);
	put16(tcp + 2, forge->port[!side]);
	put32(tcp + 4, forge->seq[side] + (uint32_t)shot.at);
	put32(tcp + 8, shot.no_ack ? 0 : forge->seq[!side] + (uint32_t)shot.ack);
	tcp[12] = (uint8_t)(head / 4 << 4);
	tcp[13] = shot.none ? 0 : shot.flags ? shot.flags : TCP_ACK;
	put16(tcp + 14, shot.window ? shot.window : 65535);
	put16(tcp + 18, shot.urgent);
	if (shot.options_size)
		memcpy(tcp + TCP, shot.options, shot.options_size);
	memcpy(tcp + head, text, size);
	memcpy(pseudo, forge->ip[side], 4);
	memcpy(pseudo + 4, forge->ip[!side], 4);
	put16(pseudo + 10, (unsigned)all);
	put16(tcp + 16,
		sum_fold(sum_add(sum_add(0, pseudo, 12), tcp, all)) ^ (shot.bad_sum ? 0x5555u : 0));
	if (shot.fragment)
		fragments_keep(forge, side, &shot, tcp, all);
	else
		frame_keep(forge, side, &shot, tcp, all, 0);
}

void forge_say(struct forge *forge, int side, const char *text)
{
	forge_shot(forge, side, (struct shot){ .flags = TCP_ACK | TCP_PSH }, text);
	forge->seq[side] += (uint32_t)strlen(text);
}

void forge_acknowledge(struct forge *forge, int side)
{
	forge_shot(forge, side, (struct shot){ 0 }, "");
}

void forge_open(struct forge *forge)
{
	forge_shot(forge, FORGE_CLIENT, (struct shot){ .flags = TCP_SYN, .no_ack = true }, "");
	forge->seq[FORGE_CLIENT]++;
	forge_shot(forge, FORGE_SERVER, (struct shot){ .flags = TCP_SYN | TCP_ACK }, "");
	forge->seq[FORGE_SERVER]++;
	forge_acknowledge(forge, FORGE_CLIENT);
}

void forge_close(struct forge *forge)
{
	for (int side = FORGE_CLIENT; side <= FORGE_SERVER; side++) {
		forge_shot(forge, side, (struct shot){ .flags = TCP_FIN | TCP_ACK }, "");
		forge->seq[side]++;
	}
	forge_acknowledge(forge, FORGE_CLIENT);
}

void forge_wait(struct forge *forge, int64_t microseconds)
{
	forge->time += microseconds;
}

void forge_play(const struct forge *forge, size_t packet, struct tap *tap)
{
	const struct forge_packet *at = &forge->packet[packet];
	tap_packet(tap, &(struct packet){ .time = at->time,
				.link_type = 1,
				.length = at->length,
				.data = bytes_make(at->data, at->size) });
}

bool forge_write(const struct forge *forge, const char *path)
{
	const uint32_t head[] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 };
	FILE *file = fopen(path, "we");
	bool ok = file && fwrite(head, sizeof(head), 1, file) == 1;
	for (size_t i = 0; ok && i < forge->count; i++) {
		const struct forge_packet *at = &forge->packet[i];
		const uint32_t row[] = { (uint32_t)(at->time / SECOND),
			(uint32_t)(at->time % SECOND), at->size, at->length };
		ok = fwrite(row, sizeof(row), 1, file) == 1 &&
		     fwrite(at->data, at->size, 1, file) == 1;
	}
	return file && !fclose(file) && ok;
}

void forge_clear(struct forge *forge)
{
	for (size_t i = 0; i < forge->count; i++)
		free(forge->packet[i].data);
	free(forge->packet);
	forge->packet = NULL;
	forge->count = forge->room = 0;
}
