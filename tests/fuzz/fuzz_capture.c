/* The bytes of a capture file, whole and in slices: both give the same packets, the same counts and
 * the same last word. */
#include <assert.h>
#include <stdlib.h>

#include "wire/capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	struct capture capture;
	struct anomaly_totals totals;
	struct error error;
	uint64_t packets, digest;
	bool clean;
};

static void digest(struct outcome *outcome, const void *at, size_t size)
{
	struct bytes in = bytes_make(at, size);
	const uint8_t *byte;
	while ((byte = bytes_take(&in, 1)))
		outcome->digest = (outcome->digest ^ *byte) * UINT64_C(0x100000001b3);
}

static void keep(struct outcome *outcome, const struct packet *packet)
{
	assert(packet->time >= 0 && packet->time <= CAPTURE_TIME_MAX);
	assert(bytes_size(packet->data) <= CAPTURE_PACKET_MAX);
	assert(packet->length >= bytes_size(packet->data));
	outcome->packets++;
	digest(outcome, &packet->time, sizeof(packet->time));
	digest(outcome, &packet->link_type, sizeof(packet->link_type));
	digest(outcome, &packet->length, sizeof(packet->length));
	digest(outcome, &packet->interface, sizeof(packet->interface));
	digest(outcome, packet->data.at, bytes_size(packet->data));
}

/* `random` 0: all at once; else slices of 1 to 64 bytes, each in memory of its own size. */
static void read_file(struct bytes file, uint32_t random, struct outcome *outcome)
{
	struct anomalies seen = { .total = &outcome->totals };
	size_t there = random ? 0 : bytes_size(file), need = 0;
	uint8_t *copy = NULL;
	for (;;) {
		size_t begin = outcome->capture.offset;
		free(copy);
		copy = malloc(there - begin + !(there - begin));
		struct bytes rest = file, in;
		bytes_take(&rest, begin);
		in = bytes_make(copy, there - begin);
		if (there > begin)
			memcpy(copy, rest.at, there - begin);
		enum capture_step step;
		struct packet packet;
		while ((step = capture_next(&outcome->capture, &in, &packet, &need, "fuzz", &seen,
				&outcome->error)) == CAPTURE_PACKET)
			keep(outcome, &packet);
		assert(outcome->capture.offset == there - bytes_size(in));
		if (step == CAPTURE_BAD)
			break;
		assert(need > bytes_size(in) && need <= CAPTURE_PACKET_MAX + 64);
		if (there == bytes_size(file)) {
			outcome->clean =
				capture_end(&outcome->capture, in, "fuzz", &seen, &outcome->error);
			break;
		}
		random = random * 1664525 + 1013904223;
		there += 1 + (random >> 26);
		if (there > bytes_size(file))
			there = bytes_size(file);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome *whole = calloc(1, sizeof(*whole)), *sliced = calloc(1, sizeof(*sliced));
	assert(whole && sliced);
	capture_init(&whole->capture);
	capture_init(&sliced->capture);
	read_file(bytes_make(data, size), 0, whole);
	read_file(bytes_make(data, size), (uint32_t)size + 1, sliced);
	assert(whole->packets == sliced->packets && whole->digest == sliced->digest);
	assert(whole->clean == sliced->clean);
	assert(!memcmp(&whole->totals, &sliced->totals, sizeof(whole->totals)));
	assert(!strcmp(whole->error.text, sliced->error.text));
	assert(whole->clean || whole->error.text[0]);
	free(whole);
	free(sliced);
	return 0;
}
