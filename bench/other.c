/* Flows of log-normal size with a median of 30 KiB and a tail to 64 MiB. */
#include "other.h"

#define LEFT_MAX ((size_t)64 * 1024 * 1024)

enum { BEGIN, SYN_ACK, ACK, REQUEST, LOAD, LOAD_SECOND, LOAD_ACK, FIN };

enum { CLIENT, SERVER };

static void begin(struct other *other, struct dialogue_maker *maker)
{
	uint64_t random = corpus_random(&maker->seed);
	double size = corpus_log_normal(&maker->seed, 30000, 2);
	*other = (struct other){
		.client = 0x0a000000 + (uint32_t)(random % 50000),
		.server = 0x17000000 + (uint32_t)(random >> 16) % 1000000,
		.seq = { (uint32_t)random, (uint32_t)(random >> 32) },
		.port = (uint16_t)(20000 + (random >> 40) % 40000),
		.server_port = random % 8 ? 443 : 80,
		.udp = random % 5 == 0,
		.left = size < LEFT_MAX ? (size_t)size + 1 : LEFT_MAX,
	};
}

static void send(struct other *other, struct dialogue_maker *maker, int side, uint8_t flags,
	struct bytes payload)
{
	uint8_t frame[FRAME_MAX];
	uint16_t client = other->port, server = other->udp ? 443 : other->server_port;
	struct frame_segment segment = { .source = side ? other->server : other->client,
		.destination = side ? other->client : other->server,
		.source_port = side ? server : client,
		.destination_port = side ? client : server,
		.id = ++other->id,
		.udp = other->udp,
		.flags = flags,
		.seq = other->seq[side],
		.ack = flags & FRAME_ACK ? other->seq[!side] : 0,
		.payload = payload };
	size_t size = frame_make(&segment, frame);
	frame_write(frame, size, maker->time);
	maker->time += 1 + (corpus_random(&maker->seed) >> 40) % 13;
	maker->bytes += size;
	other->seq[side] += (uint32_t)bytes_size(payload) + (flags & FRAME_SYN ? 1 : 0);
}

static void load(struct other *other, struct dialogue_maker *maker, struct bytes noise)
{
	size_t size = other->udp ? 1200 : 1460;
	bytes_split(&noise, corpus_random(&maker->seed) % (1024 * 1024));
	bytes_limit(&noise, size < other->left ? size : other->left);
	other->left -= bytes_size(noise);
	send(other, maker, SERVER, FRAME_ACK, noise);
}

void other_step(struct other *other, struct dialogue_maker *maker, struct bytes noise)
{
	static const struct bytes none;
	struct bytes request = noise;
	bytes_limit(&request, 500);
	switch (other->stage++) {
	case BEGIN:
		begin(other, maker);
		other->stage = other->udp ? REQUEST : SYN_ACK;
		if (!other->udp)
			send(other, maker, CLIENT, FRAME_SYN, none);
		break;
	case SYN_ACK:
		send(other, maker, SERVER, FRAME_SYN | FRAME_ACK, none);
		break;
	case ACK:
		send(other, maker, CLIENT, FRAME_ACK, none);
		break;
	case REQUEST:
		send(other, maker, CLIENT, FRAME_ACK | FRAME_PSH, request);
		break;
	case LOAD:
	case LOAD_SECOND:
		load(other, maker, noise);
		other->stage = other->left ? other->stage : other->udp ? BEGIN : FIN;
		break;
	case LOAD_ACK:
		other->stage = LOAD;
		if (!other->udp)
			send(other, maker, CLIENT, FRAME_ACK, none);
		break;
	default:
		send(other, maker, SERVER, FRAME_ACK | FRAME_FIN, none);
		other->stage = BEGIN;
	}
}
