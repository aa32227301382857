/* Reads a capture as its callers do, whole or in slices, and keeps what came out of it. */
#ifndef MW_TESTS_READING_H
#define MW_TESTS_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>

#include "made.h"

struct seen_packet {
	struct packet packet;
	char data[64]; /* its first bytes */
};

struct result {
	struct anomaly_totals totals;
	struct error error;
	bool clean; /* the file ended as it should */
	uint64_t offset, dropped;
	size_t count;
	struct seen_packet packet[16];
};

static inline void keep(struct result *result, const struct packet *packet)
{
	struct seen_packet *kept = &result->packet[result->count++];
	size_t size = bytes_size(packet->data);
	assert_true(result->count < COUNT(result->packet));
	kept->packet = *packet;
	kept->packet.data = (struct bytes){ 0 };
	memcpy(kept->data, packet->data.at, size < 63 ? size : 63);
}

/* Reads `file` as a caller does that gets its first `first` bytes at once, then `step` at a time.
 */
static inline void read_sliced(struct bytes file, size_t first, size_t step, struct result *out)
{
	struct capture *capture = malloc(sizeof(*capture));
	struct anomalies seen = { .total = &out->totals };
	struct packet packet;
	struct bytes in = file;
	size_t there = first, size = bytes_size(file), need = 0;
	memset(out, 0, sizeof(*out));
	capture_init(capture);
	for (;;) {
		assert_int_equal(bytes_size(in) + capture->offset, size);
		struct bytes some = in;
		size_t hidden = size - there;
		bytes_limit(&some, bytes_size(some) - hidden);
		struct bytes before = some;
		enum capture_step next =
			capture_next(capture, &some, &packet, &need, "a.pcap", &seen, &out->error);
		bytes_take(&in, bytes_size(before) - bytes_size(some));
		if (next == CAPTURE_BAD)
			break;
		if (next == CAPTURE_PACKET) {
			keep(out, &packet);
			continue;
		}
		assert_true(need > bytes_size(some));
		assert_true(need <= CAPTURE_PACKET_MAX + 64);
		if (there == size) {
			out->clean = capture_end(capture, some, "a.pcap", &seen, &out->error);
			break;
		}
		there = step > size - there ? size : there + step;
	}
	out->offset = capture->offset;
	out->dropped = capture->dropped;
	free(capture);
}

static inline struct result *read_whole(struct bytes file)
{
	static struct result result;
	read_sliced(file, bytes_size(file), 1, &result);
	return &result;
}

static inline void assert_packets(const struct result *a, const struct result *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct packet *left = &a->packet[i].packet, *right = &b->packet[i].packet;
		assert_int_equal(left->time, right->time);
		assert_int_equal(left->length, right->length);
		assert_int_equal(left->interface, right->interface);
		assert_int_equal(left->link_type, right->link_type);
		assert_string_equal(a->packet[i].data, b->packet[i].data);
	}
}

static inline void assert_same(const struct result *a, const struct result *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->clean, b->clean);
	assert_string_equal(a->error.text, b->error.text);
	assert_memory_equal(&a->totals, &b->totals, sizeof(a->totals));
	assert_packets(a, b, a->count);
}

#endif
