/* Frames through link, tunnels, fragments, IP and TCP headers, several in a row (a fragment needs
 * others): each begins with a byte that picks the link type and two of length. */
#include <assert.h>

#include "wire/frame.h"
#include "wire/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_segment(const struct frame *frame, struct anomalies *seen)
{
	struct bytes in = frame->payload, whole = in;
	struct segment segment;
	assert(segment_checksum(in, &frame->ip) || !frame->ip.cut || frame->ip.checksum_wrong);
	if (!segment_decode(&in, &frame->ip, &segment, seen)) {
		assert(anomaly_is(seen, TCP_SHORT) || anomaly_is(seen, TCP_OFFSET));
		return;
	}
	size_t header = bytes_size(whole) - bytes_size(in);
	assert(header >= 20 && header <= 60 && in.end == whole.end);
	assert(header + bytes_size(in) + segment.missing <= frame->ip.length);
	assert(frame->ip.cut || header + bytes_size(in) == frame->ip.length);
	assert(segment.cut == frame->ip.cut && segment.flags < 64);
	assert(segment.scale == 255 || segment.scale <= 14);
}

static void read_frame(uint32_t link_type, struct bytes in, struct fragments *fragments,
	struct anomaly_totals *totals)
{
	struct anomalies seen = { .total = totals };
	struct frame frame;
	bool ok = frame_decode(link_type, in, 0, fragments, &frame, &seen);
	assert(frame.link.vlan[0] < 4096 && frame.link.vlan[1] < 4096);
	assert(frame.link.layers <= LINK_LAYERS_MAX);
	if (!ok)
		return;
	assert(frame.link.ether_type == LINK_IPV4 || frame.link.ether_type == LINK_IPV6);
	assert(frame.payload.at <= frame.payload.end && !frame.ip.fragment);
	assert(bytes_size(frame.payload) <= frame.ip.length);
	assert(frame.ip.cut == (bytes_size(frame.payload) < frame.ip.length));
	assert(!frame.ip.cut || anomaly_is(&seen, PACKET_CUT));
	assert(!frame.tunnelled || frame.link.layers);
	if (frame.ip.protocol == 6)
		read_segment(&frame, &seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t link_types[] = { 1, 0, 12, 14, 101, 108, 113, 228, 229, 276, 105, 127,
		119, 163, 9, 50, 51, 104, 147 };
	struct anomaly_totals totals = { 0 };
	struct fragments fragments;
	struct bytes in = bytes_make(data, size);
	const uint8_t *head;
	bool ok = fragments_new(&fragments);
	assert(ok);
	while ((head = bytes_take(&in, 3)))
		read_frame(link_types[*head % COUNT(link_types)], bytes_split(&in, be16(head + 1)),
			&fragments, &totals);
	fragments_free(&fragments);
	return 0;
}
